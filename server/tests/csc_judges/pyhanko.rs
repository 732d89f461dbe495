//! pyHanko's CSC signer through our server.

use crate::client::pdf::small;
use crate::client::remote::PIN;
use crate::client::remote::Remote;
use crate::client::trust::python;
use crate::{is_clean, missing};
use std::path::Path;
use std::process::Command;
use thrivosign::remote::authorization_response::Decision;
use thrivosign::remote::remote_credential::SecondFactor;

/// pyHanko signs with that credential.
fn signs(all: &Remote, python: &Path, credential: &str, pin: &str) {
    let running = all.desk.running.as_ref().unwrap();
    let place = tempfile::tempdir().unwrap();
    let (root, input, output) = (place.path().join("root.pem"), place.path().join("a.pdf"), place.path().join("b.pdf"));
    std::fs::write(&root, running.tls_root_pem()).unwrap();
    std::fs::write(&input, small(1)).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/csc_judges/pyhanko_signs.py");
    let said = Command::new(python)
        .arg(script)
        .arg(running.base())
        .arg(&root)
        .args([&all.desk.key, &all.token, credential, pin])
        .args([&input, &output])
        .output()
        .unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    is_clean(&output, running.root_pem());
}

#[test]
fn pyhanko_signs_with_a_pin() {
    let Some(python) = python() else { return missing("the Python of the judges") };
    let all = Remote::new();
    let made = all.with_pin(SecondFactor::None);
    signs(&all, &python, &made.credential_id, PIN);
}

#[test]
fn pyhanko_waits_for_the_phone() {
    let Some(python) = python() else { return missing("the Python of the judges") };
    let all = Remote::new();
    let made = all.with_phone();
    std::thread::scope(|scope| {
        let signing = scope.spawn(|| signs(&all, &python, &made.credential_id, ""));
        let waiting = all.waiting(60);
        assert_eq!(waiting[0].description.as_deref(), Some("pyHanko"));
        assert_eq!(all.says(&waiting[0], Decision::Approve).status, 200);
        signing.join().unwrap();
    });
}
