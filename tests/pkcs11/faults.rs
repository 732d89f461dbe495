//! A module that fails where it is told to, and writes down what it was asked: what SoftHSM by itself never does.

use crate::foreign::{RSA, rsa_for_each_use};
use crate::hsm::{Hsm, PIN, alone, run};
use crate::shared::{ECDSA, spec};
use std::path::Path;
use std::process::Command;
use thrivosign::ErrorKind;
use thrivosign::crypto::verify;
use thrivosign::key::DeviceKeyStore;
use thrivosign::key::pkcs11::TokenChoice;

/// The same SoftHSM behind `faults.c`.
pub(crate) fn faulty(test: &str, body: impl FnOnce(&Hsm, &Faults)) {
    alone(test, |hsm| {
        let module = hsm.folder.join("faults.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pkcs11/faults.c");
        run(Command::new("gcc").args(["-std=gnu99", "-shared", "-fPIC", "-o"]).arg(&module).arg(source).args(["-ldl", "-lpthread"]));
        hsm.token("office");
        body(&Hsm { folder: hsm.folder.clone(), module }, &Faults(hsm));
    });
}

pub(crate) struct Faults<'h>(&'h Hsm);

impl Faults<'_> {
    /// From now on `function` returns `value` so many times.
    pub(crate) fn set(&self, function: &str, value: u64, times: u32) {
        self.0.write("fault", format!("{function} {value:x} {times}").as_bytes());
        self.0.write("calls", b"");
    }

    /// How often the function was called since.
    pub(crate) fn calls(&self, function: &str) -> usize {
        let calls = std::fs::read_to_string(self.0.folder.join("calls")).unwrap();
        calls.lines().filter(|line| *line == function).count()
    }
}

#[test]
fn a_pin_is_tried_once() {
    faulty("faults::a_pin_is_tried_once", |hsm, faults| {
        faults.set("C_Login", 0, 0);
        assert_eq!(hsm.try_open(&TokenChoice::label("office"), "0000").err().unwrap().kind(), ErrorKind::PassphraseWrong);
        assert_eq!(faults.calls("C_Login"), 1);
        for (value, kind, text) in [
            (0xa4, ErrorKind::KeyLocked, "C_Login: CKR_PIN_LOCKED; too many wrong PINs"),
            (0xa3, ErrorKind::KeyLocked, "C_Login: CKR_PIN_EXPIRED; change the PIN"),
            (0x102, ErrorKind::KeyLocked, "C_Login: CKR_USER_PIN_NOT_INITIALIZED"),
            (0x32, ErrorKind::KeyStoreUnavailable, "C_Login: CKR_DEVICE_REMOVED; put the token in"),
            (0x8000_0107, ErrorKind::KeyStoreUnavailable, "C_Login: CKR_VENDOR_DEFINED + 0x107"),
        ] {
            faults.set("C_Login", value, 9);
            let error = hsm.try_open(&TokenChoice::label("office"), PIN).err().unwrap();
            assert!(error.kind() == kind && error.context_text().unwrap().starts_with(text), "{error}");
            assert_eq!(faults.calls("C_Login"), 1, "{error}");
        }
        // At a login that became necessary under way as well, by many threads at once.
        faults.set("C_Login", 0, 0);
        let store = hsm.open("office");
        store.create("seal", &spec()).unwrap();
        hsm.session("office").logout().unwrap();
        faults.set("C_Login", 0xa0, 9);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| assert_eq!(store.sign("seal", b"m", &ECDSA).unwrap_err().kind(), ErrorKind::PassphraseWrong));
            }
        });
        assert_eq!(faults.calls("C_Login"), 1);
    });
}

#[test]
fn what_was_lost_is_made_again_once() {
    faulty("faults::what_was_lost_is_made_again_once", |hsm, faults| {
        let store = hsm.open("office");
        let key = store.create("seal", &spec()).unwrap();
        for function in ["C_SignInit", "C_Sign", "C_FindObjectsInit"] {
            for value in [0x82, 0x60, 0x90, 0xb3, 0xb0, 0x32, 0xe0, 0x190, 0x101] {
                // A fault that does not last is not seen.
                faults.set(function, value, 1);
                match function {
                    "C_FindObjectsInit" => assert_eq!(store.info("seal").unwrap(), key),
                    _ => verify(&key.public_key, &ECDSA, b"m", &store.sign("seal", b"m", &ECDSA).unwrap()).unwrap(),
                }
                // One that lasts is told, after two tries.
                faults.set(function, value, 9);
                let outcome =
                    if function == "C_FindObjectsInit" { store.info("seal").map(drop) } else { store.sign("seal", b"m", &ECDSA).map(drop) };
                outcome.unwrap_err();
                assert!(faults.calls(function) <= 2, "{function} {value:#x}: {}", faults.calls(function));
                faults.set(function, 0, 0);
                store.sign("seal", b"m", &ECDSA).unwrap();
            }
        }
        // In truth SoftHSM was logged in all the time, and says so.
        assert_eq!(store.logins(), 1);
    });
}

#[test]
fn a_modules_own_errors_are_told() {
    faulty("faults::a_modules_own_errors_are_told", |hsm, faults| {
        let store = hsm.open("office");
        store.create("seal", &spec()).unwrap();
        for (value, kind, text) in [
            (0x8000_0042, ErrorKind::KeyStoreUnavailable, "C_Sign: CKR_VENDOR_DEFINED + 0x42"),
            (0x02, ErrorKind::KeyStoreUnavailable, "C_Sign: CKR_HOST_MEMORY"),
            (0x30, ErrorKind::KeyStoreUnavailable, "C_Sign: CKR_DEVICE_ERROR"),
            (0x50, ErrorKind::KeyCancelled, "C_Sign: CKR_FUNCTION_CANCELED"),
            (0x68, ErrorKind::KeyNotPermitted, "C_Sign: CKR_KEY_FUNCTION_NOT_PERMITTED"),
        ] {
            faults.set("C_Sign", value, 9);
            let error = store.sign("seal", b"m", &ECDSA).unwrap_err();
            assert!(error.kind() == kind && error.context_text() == Some(text), "{error}");
            assert!(!error.to_string().contains("seal"));
            assert_eq!((faults.calls("C_Sign"), faults.calls("C_Login")), (1, 0), "{error}");
        }
        faults.set("C_Sign", 0, 0);
        store.sign("seal", b"m", &ECDSA).unwrap();
        assert_eq!(store.logins(), 1);
    });
}

#[test]
fn no_second_signature_for_one_pin() {
    faulty("faults::no_second_signature_for_one_pin", |hsm, faults| {
        let store = hsm.open("office");
        rsa_for_each_use(&hsm.session("office"), "seal");
        store.sign("seal", b"m", &RSA).unwrap();
        for function in ["C_SignUpdate", "C_SignFinal"] {
            for value in [0x32, 0xb3, 0x82, 0x101, 0x190] {
                faults.set(function, value, 1);
                store.sign("seal", b"m", &RSA).unwrap_err();
                assert_eq!((faults.calls("C_SignInit"), faults.calls("C_Login")), (1, 1), "{function} {value:#x}");
                store.sign("seal", b"m", &RSA).unwrap();
            }
        }
        // Before the PIN was asked for, a loss is made good.
        faults.set("C_SignInit", 0xb3, 1);
        store.sign("seal", b"m", &RSA).unwrap();
    });
}

#[test]
fn an_exportable_key_does_not_stay() {
    faulty("faults::an_exportable_key_does_not_stay", |hsm, faults| {
        let store = hsm.open("office");
        hsm.write("fault", b"exportable");
        let error = store.create("seal", &spec()).unwrap_err();
        assert!(error.kind() == ErrorKind::KeyNotPermitted && error.context_text().unwrap().contains("destroyed"), "{error}");
        assert!(hsm.session("office").find_objects(&[]).unwrap().is_empty());
        faults.set("C_GenerateKeyPair", 0x32, 9);
        store.create("seal", &spec()).unwrap_err();
        assert_eq!(faults.calls("C_GenerateKeyPair"), 1, "a key is not made twice");
        faults.set("C_GenerateKeyPair", 0, 0);
        store.create("seal", &spec()).unwrap();
    });
}

#[test]
fn a_token_with_few_sessions() {
    faulty("faults::a_token_with_few_sessions", |hsm, faults| {
        let store = hsm.open("office");
        let key = store.create("seal", &spec()).unwrap();
        // One is open; there are no more.
        faults.set("C_OpenSession", 0xb1, 1_000_000);
        std::thread::scope(|scope| {
            for thread in 0..8_u8 {
                let (store, key) = (&store, &key);
                scope.spawn(move || {
                    for round in 0..20_u8 {
                        let value = store.sign("seal", &[thread, round], &ECDSA).unwrap();
                        verify(&key.public_key, &ECDSA, &[thread, round], &value).unwrap();
                    }
                });
            }
        });
        let error = store.create("other", &spec()).unwrap_err();
        assert!(error.context_text().unwrap().starts_with("C_OpenSession: CKR_SESSION_COUNT; other programs"), "{error}");
    });
}
