//! A PIN that is a canary: once its store is closed it is in no memory of the process, nor what it was made of on the way to the module. The process has the allocator
//! of the libraries for hosts; it is looked into from outside.

use crate::hsm::{SO_PIN, alone, run};
use crate::memory::{Needles, search};
use crate::shared::{ECDSA, spec};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use thrivosign::ErrorKind;
use thrivosign::key::pkcs11::{Pkcs11KeyStore, TokenChoice};
use thrivosign::key::{DeviceKeyStore, Passphrase};
use zeroize::Zeroizing;

const CHILD: &str = "THRIVOSIGN_TEST_PIN";

/// The program that signs. The PIN comes by the pipe, and goes into no buffer of the standard library's.
#[test]
fn child() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let mut told = Zeroizing::new(Vec::with_capacity(4096));
    File::open("/proc/self/fd/0").unwrap().read_to_end(&mut told).unwrap();
    let [module, pin, held] = std::str::from_utf8(&told).unwrap().lines().collect::<Vec<_>>()[..] else { panic!("other lines") };
    Box::leak(held.to_owned().into_boxed_str());
    let open = |pin: &str| Pkcs11KeyStore::open(module.as_ref(), &TokenChoice::label("office"), Passphrase::new(pin));
    // A wrong one is refused by the token, in an error that is printed.
    let error = open(&format!("{pin}wrong")).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::PassphraseWrong);
    assert!(!format!("{error} {error:?}").contains(pin));
    let store = open(pin).unwrap();
    store.create("seal", &spec()).unwrap();
    store.sign("seal", b"message", &ECDSA).unwrap();
    drop((store, told));
    println!("\nclosed");
    // Until it is ended.
    std::thread::sleep(Duration::from_secs(60));
}

#[test]
fn no_pin_is_left_when_its_store_is_closed() {
    alone("pin::no_pin_is_left_when_its_store_is_closed", |hsm| {
        let word = || {
            let mut bytes = [0; 12];
            File::open("/dev/urandom").unwrap().read_exact(&mut bytes).unwrap();
            bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        };
        let (pin, held) = (word(), word());
        run(Command::new("softhsm2-util").args(["--init-token", "--free", "--label", "office", "--pin", &pin, "--so-pin", SO_PIN]));
        let mut signer = Command::new(std::env::current_exe().unwrap());
        signer.args(["--exact", "pin::child", "--nocapture"]).env(CHILD, "1").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut signer = signer.spawn().unwrap();
        let lines = format!("{}\n{pin}\n{held}", hsm.module.display());
        signer.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
        let said = BufReader::new(signer.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(said.into_iter().any(|line| line == "closed"), "it did not come to its end");
        let (needles, until) = (Needles::new(&[("PIN", &pin), ("held", &held)]), Instant::now() + Duration::from_secs(10));
        let left = loop {
            let (kept, left): (Vec<_>, Vec<_>) = search(signer.id(), &needles).into_iter().partition(|hit| hit.starts_with("held"));
            assert!(!kept.is_empty(), "a secret that is held is found");
            if left.is_empty() || Instant::now() > until {
                break left;
            }
            std::thread::sleep(Duration::from_millis(50));
        };
        signer.kill().unwrap();
        signer.wait().unwrap();
        assert!(left.is_empty(), "left in memory: {left:#?}");
    });
}
