//! The lines of `docs/howto/packages.md` that curl is to be given, as they stand there, against a server.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests run programs and read files")]

mod client;

use client::pdf::with_fields;
use client::people::people;
use std::process::Command;
use thrivosign::journey::Limits;
use thrivosign::journey::packages::{self, PackageState, Show};

#[test]
fn what_the_page_shows_is_what_runs() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/howto/packages.md");
    let page = std::fs::read_to_string(page).unwrap();
    let mut blocks: Vec<&str> = page.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 4);
    // Ben looks in between.
    blocks.insert(1, "touch shared; until [ -e looked ]; do sleep 0.1; done\n");
    let (desk, people) = people(&["anna", "ben"]);
    let [anna, ben] = &people[..] else { panic!() };
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("loan.pdf"), with_fields()).unwrap();
    std::fs::write(folder.path().join("ca.pem"), desk.running.as_ref().unwrap().tls_root_pem()).unwrap();
    let child = Command::new("bash")
        .args(["-eu", "-o", "pipefail", "-c", &blocks.concat()])
        .current_dir(folder.path())
        .env("SERVICE", format!("https://localhost:{}", desk.address().port()))
        .env("CA", "ca.pem")
        .env("API_KEY", &desk.key)
        .env("TOKEN", &anna.token)
        .env("HOOK", "http://127.0.0.1:1/hook")
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let began = std::time::Instant::now();
    while !folder.path().join("shared").exists() && began.elapsed().as_secs() < 30 {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let waiting = packages::list(&ben.session, Show::Waiting, &Limits::default());
    std::fs::write(folder.path().join("looked"), b"").unwrap();
    let output = child.wait_with_output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    let waiting = waiting.unwrap();
    assert_eq!(waiting.len(), 1, "{said}");
    assert_eq!(waiting[0].recipients[0].place.rect, Some([72.0, 72.0, 200.0, 60.0]));
    let done = packages::status(&anna.session, &waiting[0].package_id, &Limits::default()).unwrap();
    assert_eq!((done.state, done.reason.as_deref()), (PackageState::Cancelled, Some("Another offer")));
    let made = packages::list(&anna.session, Show::Owned, &Limits::default()).unwrap();
    let cast: Vec<&str> = made[0].recipients.iter().map(|one| one.user.as_str()).collect();
    assert_eq!((made.len(), made[0].name.as_str(), cast), (2, "Lease", vec!["ben", "anna"]));
}
