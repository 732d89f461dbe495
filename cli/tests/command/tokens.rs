//! A key on a token: one document, many, and what is refused before the token is asked.

use crate::authority::authority;
use crate::bench::{Bench, Said, skip};
use crate::documents::agreement;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

const MODULES: &[&str] = &["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm.so", "/usr/local/lib/softhsm/libsofthsm2.so"];

/// A folder with a document and a token that holds the authority's `ec.key`; `None` where SoftHSM is missing.
fn bench() -> Option<(Bench, &'static str)> {
    let Some(module) = MODULES.iter().find(|path| Path::new(path).is_file()) else {
        skip("no SoftHSM 2");
        return None;
    };
    let bench = Bench::with(&[("in.pdf", &agreement()), ("pin", b"2468\n"), ("wrong", b"0000\n")]);
    fs::create_dir(bench.at("tokens")).unwrap();
    let settings = format!("directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n", bench.at("tokens").display());
    fs::write(bench.at("softhsm2.conf"), settings).unwrap();
    let tool = |arguments: &[&str]| {
        let mut command = bench.in_folder("softhsm2-util");
        let output = command.args(arguments).env("SOFTHSM2_CONF", bench.at("softhsm2.conf")).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    tool(&["--init-token", "--free", "--label", "office", "--pin", "2468", "--so-pin", "13579"]);
    let convert = ["pkcs8", "-topk8", "-nocrypt", "-out", "key.p8", "-in"];
    assert!(Command::new("openssl").args(convert).arg(authority().at("ec.key")).current_dir(bench.path()).status().unwrap().success());
    tool(&["--import", "key.p8", "--token", "office", "--label", "seal", "--id", "01", "--pin", "2468"]);
    Some((bench, module))
}

fn sign_by(bench: &Bench, module: &str, token: &str, key: &str, pin: &[&str]) -> Said {
    let cert: OsString = authority().at("ec.pem").into();
    let mut command = bench.command();
    command.args(["--json", "sign", "--pkcs11", module, "--token", token, "--key", key]).args(pin).arg("--cert").arg(cert);
    // For faults.c, where that is the module.
    command
        .env("THRIVOSIGN_TEST_MODULE", MODULES.iter().find(|path| Path::new(path).is_file()).unwrap())
        .env("THRIVOSIGN_TEST_HSM", bench.path());
    Said::of(&command.args(["in.pdf", "out.pdf"]).env("SOFTHSM2_CONF", bench.at("softhsm2.conf")).output().unwrap())
}

fn sign(bench: &Bench, module: &str, token: &str, key: &str, pin: &str) -> Said {
    sign_by(bench, module, token, key, &["--pin-file", pin])
}

/// A token whose PIN is typed on it; SoftHSM behind `faults.c` has what is typed in a file.
#[test]
fn a_pin_that_is_typed_on_the_token() {
    let Some((bench, _)) = bench() else { return };
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/pkcs11/faults.c");
    let mut gcc = bench.in_folder("gcc");
    gcc.args(["-std=gnu99", "-shared", "-fPIC", "-o", "pad.so"]).arg(source).args(["-ldl", "-lpthread"]);
    assert!(gcc.status().unwrap().success());
    let module = bench.at("pad.so");
    let module = module.to_str().unwrap();
    sign_by(&bench, module, "office", "seal", &["--pin-pad"]).refused_without_answer(410, "key_store_unavailable");
    fs::write(bench.at("pad"), "0000").unwrap();
    sign_by(&bench, module, "office", "seal", &["--pin-pad"]).refused_without_answer(408, "passphrase_wrong");
    assert!(!bench.at("out.pdf").exists());
    fs::write(bench.at("pad"), "2468").unwrap();
    sign_by(&bench, module, "office", "seal", &["--pin-pad"]).answered(0, 1);
    bench.verify(&["out.pdf"]).answered(0, 1);
    let calls = fs::read_to_string(bench.at("calls")).unwrap();
    assert!(calls.lines().filter(|line| *line == "C_Login").count() == 2 && !calls.contains("given"), "{calls}");
}

#[test]
fn a_document_signed_with_a_token() {
    let Some((bench, module)) = bench() else { return };
    let said = sign(&bench, module, "office", "seal", "pin");
    said.answered(0, 1);
    assert!(!said.stderr.contains("migration aid"), "{}", said.stderr);
    bench.verify(&["out.pdf"]).answered(0, 1);
}

#[test]
fn what_a_token_refuses() {
    let Some((bench, module)) = bench() else { return };
    for (token, key, pin, code, name) in [
        ("office", "seal", "wrong", 408, "passphrase_wrong"),
        ("attic", "seal", "pin", 410, "key_store_unavailable"),
        ("office", "absent", "pin", 401, "key_not_found"),
    ] {
        sign(&bench, module, token, key, pin).refused_without_answer(code, name);
        assert!(!bench.at("out.pdf").exists());
    }
    sign(&bench, "absent.so", "office", "seal", "pin").refused_without_answer(410, "key_store_unavailable");
}
