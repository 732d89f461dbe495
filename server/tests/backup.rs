//! A data folder that is copied and comes back: the same server, and nothing written over, nothing damaged taken for whole.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own processes, files and sockets")]

mod client;

use client::Desk;
use client::pdf::small;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::process::Command;
use thrivosign::crypto::digest::sha256;
use thrivosign::remote::content_digest;

fn task(data: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_thrivosign-server")).arg("--data").arg(data).args(arguments).output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap())
}

fn document(data: &Path) -> PathBuf {
    std::fs::read_dir(data.join("documents")).unwrap().next().unwrap().unwrap().path()
}

#[test]
fn a_backup_comes_back_as_the_same_server_and_damage_is_found() {
    let mut desk = Desk::open();
    let (token, _) = desk.login();
    let (api_key, pdf) = (desk.key.clone(), small(1));
    let (authorization, digest) = (format!("Bearer {token}"), content_digest::encode(&sha256(&pdf)));
    let headers = [
        ("X-API-Key", api_key.as_str()),
        ("Authorization", authorization.as_str()),
        ("Content-Type", "application/pdf"),
        ("X-File-Name", "loan.pdf"),
        ("Idempotency-Key", "k"),
        ("Content-Digest", digest.as_str()),
    ];
    let id = desk.call("POST", "/rssp/agreements", &headers, &pdf).text("documentID");
    let data = desk.folder.path().to_path_buf();
    let place = tempfile::tempdir().unwrap();
    let kept = place.path().join("kept");
    let name = kept.to_str().unwrap();
    for arguments in [&["backup", name][..], &["check"]] {
        let (good, said) = task(&data, arguments);
        assert!(!good && said.contains("another server uses"), "{said}");
    }
    desk.running.take().unwrap().shutdown();

    let (good, said) = task(&data, &["backup", name]);
    assert!(good && said.contains("files copied"), "{said}");
    let (good, said) = task(&data, &["backup", name]);
    assert!(!good && said.contains("not written over"), "{said}");
    for folder in [&data, &kept] {
        assert_eq!(task(folder, &["check"]), (true, "whole\n".to_owned()));
    }
    for file in ["store.db", "ca-root.pem", "tsa.key.pem"] {
        assert!(std::fs::read(kept.join(file)).unwrap() == std::fs::read(data.join(file)).unwrap(), "{file}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let modes = [mode(&kept), mode(&kept.join("documents")), mode(&kept.join("tsa.key.pem")), mode(&document(&kept))];
        assert_eq!(modes, [0o700, 0o700, 0o600, 0o600]);
    }
    let (good, said) = task(&data, &["restore", name]);
    assert!(!good && said.contains("not written over"), "{said}");

    // A link in the folder would bring in what is not its own.
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/etc/hostname", data.join("documents/link")).unwrap();
        let (good, said) = task(&data, &["backup", place.path().join("other").to_str().unwrap()]);
        assert!(!good && said.contains("no server put there"), "{said}");
        std::fs::remove_file(data.join("documents/link")).unwrap();
    }

    // The folder is lost. What comes back knows the token, the key, and the document.
    for entry in std::fs::read_dir(&data).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { std::fs::remove_dir_all(path).unwrap() } else { std::fs::remove_file(path).unwrap() }
    }
    std::fs::remove_dir(&data).unwrap();
    assert!(task(&data, &["restore", name]).0);
    assert!(!data.join("SHA256SUMS").exists());
    let mut desk = desk.again();
    let answer = desk.call("GET", &format!("/rssp/agreements/{id}"), &headers[..2], b"");
    assert!(answer.status == 200 && answer.body == pdf);
    desk.running.take().unwrap().shutdown();
    assert_eq!(task(&data, &["check"]), (true, "whole\n".to_owned()));

    // A bit that fell over, in the backup and in the folder.
    for file in [kept.join("tsa.key.pem"), kept.join("store.db"), document(&kept)] {
        let bytes = std::fs::read(&file).unwrap();
        let mut changed = bytes.clone();
        *changed.last_mut().unwrap() ^= 1;
        std::fs::write(&file, changed).unwrap();
        let target = place.path().join("again");
        let (good, said) = task(&target, &["restore", name]);
        assert!(!good && said.contains("the backup is damaged"), "{said}");
        assert!(std::fs::read_dir(place.path()).unwrap().count() == 1, "nothing half done stays");
        std::fs::write(&file, bytes).unwrap();
    }
    std::fs::write(document(&data), b"%PDF-1.7").unwrap();
    let store = Connection::open(data.join("store.db")).unwrap();
    store.execute_batch("DROP TRIGGER audit_stands; UPDATE audit SET actor = 'x'").unwrap();
    store.execute_batch("PRAGMA foreign_keys = OFF; UPDATE documents SET user_id = 'nobody'").unwrap();
    drop(store);
    let (good, said) = task(&data, &["check"]);
    assert!(
        !good && said.contains(&format!("document {id} is not what")) && said.contains(&format!("audit: {id} record 1 edited")),
        "{said}"
    );
    assert!(said.contains("store: foreign_key_check: users"), "{said}");
    std::fs::remove_file(document(&data)).unwrap();
    assert!(task(&data, &["check"]).1.contains(&format!("document {id} cannot be read")));
    assert!(!task(&place.path().join("none"), &["check"]).0 && !place.path().join("none").exists());
}
