//! Keys of remote credentials on a token: SoftHSM, in a process of its own. The key is made there, signs there, and is there after a restart.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files, programs and time")]

mod client;

use base64ct::{Base64, Encoding};
use client::Desk;
use client::remote::{Remote, hash, values};
use serde_json::json;
use std::path::Path;
use std::process::{Command, Stdio};
use thrivosign::remote::remote_credential::SecondFactor;
use thrivosign_server::{Config, VaultChoice};
use zeroize::Zeroizing;

const PIN: &str = "2468-pin";
const MODULES: &[&str] = &["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm.so", "/usr/local/lib/softhsm/libsofthsm2.so"];
/// Set in the process of the test: its folder.
const FOLDER: &str = "THRIVOSIGN_TEST_HSM";
const NAME: &str = "the_key_is_made_and_used_on_the_token";

fn run(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {said}");
    said
}

#[test]
fn the_key_is_made_and_used_on_the_token() {
    let Some(module) = MODULES.iter().map(Path::new).find(|path| path.is_file()) else {
        assert!(!std::env::var("CI").is_ok_and(|ci| ci == "true"), "no SoftHSM 2");
        println!("skipped: no SoftHSM 2");
        return;
    };
    if std::env::var_os(FOLDER).is_some() {
        return on_the_token(module);
    }
    let folder = tempfile::tempdir().unwrap();
    let tokens = folder.path().join("tokens");
    std::fs::create_dir(&tokens).unwrap();
    let settings = folder.path().join("softhsm2.conf");
    let text = format!("directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n", tokens.display());
    std::fs::write(&settings, text).unwrap();
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", NAME, "--nocapture"]).env("SOFTHSM2_CONF", &settings).env(FOLDER, folder.path());
    assert!(run(&mut again).contains("1 passed"));
}

fn on_the_token(module: &Path) {
    run(Command::new("softhsm2-util").args(["--init-token", "--free", "--label", "vault", "--pin", PIN, "--so-pin", "97531-so"]));
    let choice = |config: &mut Config, pin: &str| {
        config.vault = VaultChoice::Token { module: module.to_owned(), label: "vault".to_owned(), pin: Zeroizing::new(pin.to_owned()) };
    };
    let all = Remote::of(Desk::open_with(|config| choice(config, PIN)));
    let made = all.with_pin(SecondFactor::None);
    let sad = all.opened(&made.credential_id, &[hash(b"a")]);
    values(&all.signed(&made.credential_id, &sad, &[hash(b"a")]), &made, &[hash(b"a")]);
    // No digest that the curve does not take whole is signed by another rule than elsewhere.
    let sha512 = Base64::encode_string(&[7; 64]);
    let body = json!({"credentialID": made.credential_id, "numSignatures": 1, "hash": [sha512], "PIN": client::remote::PIN});
    let sad = all.csc("credentials/authorize", &body).text("SAD");
    let body = json!({"credentialID": made.credential_id, "SAD": sad, "hash": [sha512], "signAlgo": "1.2.840.10045.4.3.4"});
    assert_eq!(all.csc("signatures/signHash", &body).status, 200);
    let folder = all.desk.folder.path().join("vault");
    let sealed =
        std::fs::read_dir(folder).unwrap().filter(|file| file.as_ref().unwrap().path().extension().is_some_and(|end| end == "sealed"));
    assert_eq!(sealed.count(), 0, "no key stands in a file");
    let Remote { desk, phone, .. } = all;
    let desk = desk.with(|config| choice(config, PIN));
    let (token, _) = desk.login();
    let all = Remote { desk, token, phone };
    let sad = all.opened(&made.credential_id, &[hash(b"b")]);
    values(&all.signed(&made.credential_id, &sad, &[hash(b"b")]), &made, &[hash(b"b")]);
}
