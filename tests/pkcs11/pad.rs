//! A token with a pad, which SoftHSM behind `faults.c` plays: the person types the PIN, and this process has none.

use crate::faults::{Faults, faulty};
use crate::foreign::{RSA, rsa_for_each_use};
use crate::hsm::{Hsm, PIN};
use crate::shared::{ECDSA, spec};
use thrivosign::crypto::verify;
use thrivosign::key::pkcs11::{Pkcs11KeyStore, TokenChoice};
use thrivosign::key::{DeviceKeyStore, Prompt};
use thrivosign::{Error, ErrorKind, Result};

fn by_pad(hsm: &Hsm) -> Result<Pkcs11KeyStore> {
    Pkcs11KeyStore::open_by_pad(&hsm.module, &TokenChoice::label("office"))
}

/// From now on somebody types that.
fn types(hsm: &Hsm, faults: &Faults, pin: &str) {
    hsm.write("pad", pin.as_bytes());
    faults.set("C_Login", 0, 0);
}

fn told(error: &Error) -> (ErrorKind, &str) {
    (error.kind(), error.context_text().unwrap_or_default())
}

#[test]
fn the_person_types_and_the_store_signs() {
    faulty("pad::the_person_types_and_the_store_signs", |hsm, faults| {
        types(hsm, faults, PIN);
        let store = by_pad(hsm).unwrap();
        let key = store.create("seal", &spec()).unwrap();
        verify(&key.public_key, &ECDSA, b"m", &store.sign("seal", b"m", &ECDSA).unwrap()).unwrap();
        // A second store shares the login, and nobody is asked.
        by_pad(hsm).unwrap().sign("seal", b"m", &ECDSA).unwrap();
        assert_eq!((faults.calls("C_Login"), faults.calls("given"), store.logins(), key.prompt), (1, 0, 1, Prompt::None));
        // After a login that was lost the person is asked again, once for all threads.
        hsm.session("office").logout().unwrap();
        faults.set("C_Login", 0, 0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| store.sign("seal", b"m", &ECDSA).unwrap());
            }
        });
        assert_eq!((faults.calls("given"), store.logins()), (0, 2));
    });
}

#[test]
fn a_key_for_each_use_has_the_person_asked_each_time() {
    faulty("pad::a_key_for_each_use_has_the_person_asked_each_time", |hsm, faults| {
        types(hsm, faults, PIN);
        let store = by_pad(hsm).unwrap();
        rsa_for_each_use(&hsm.session("office"), "seal");
        assert_eq!(store.info("seal").unwrap().prompt, Prompt::PerUse);
        assert_eq!(store.list().unwrap()[0].prompt, Prompt::PerUse);
        faults.set("C_Login", 0, 0);
        for asked in 1..4 {
            store.sign("seal", b"m", &RSA).unwrap();
            assert_eq!((faults.calls("C_Login"), faults.calls("given")), (asked, 0));
        }
    });
}

#[test]
fn what_was_typed_wrong_is_not_asked_for_again() {
    faulty("pad::what_was_typed_wrong_is_not_asked_for_again", |hsm, faults| {
        types(hsm, faults, PIN);
        let store = by_pad(hsm).unwrap();
        store.create("seal", &spec()).unwrap();
        hsm.session("office").logout().unwrap();
        types(hsm, faults, "0000");
        for _ in 0..3 {
            assert_eq!(store.sign("seal", b"m", &ECDSA).unwrap_err().kind(), ErrorKind::PassphraseWrong);
        }
        assert_eq!(faults.calls("C_Login"), 1, "a card locks after three");
        // To open it anew is to ask anew, for the stores that are open as well.
        types(hsm, faults, PIN);
        by_pad(hsm).unwrap();
        store.sign("seal", b"m", &ECDSA).unwrap();
        // Whoever says no is not taken for somebody who typed wrong.
        hsm.session("office").logout().unwrap();
        faults.set("C_Login", 0x50, 1);
        assert_eq!(store.sign("seal", b"m", &ECDSA).unwrap_err().kind(), ErrorKind::KeyCancelled);
        assert_eq!(faults.calls("C_Login"), 1);
        store.sign("seal", b"m", &ECDSA).unwrap();
    });
}

#[test]
fn no_pad_and_no_pin_is_no_login() {
    faulty("pad::no_pad_and_no_pin_is_no_login", |hsm, faults| {
        faults.set("C_Login", 0, 0);
        let error = by_pad(hsm).err().unwrap();
        assert!(told(&error).0 == ErrorKind::KeyStoreUnavailable && told(&error).1.contains("no pad"), "{error}");
        assert_eq!(faults.calls("C_Login"), 0, "a module without a pad is never called without a PIN");
        // Neither way is let into a login of the other: a pad that is not asked proves nothing, and a PIN cannot be compared.
        types(hsm, faults, PIN);
        let held = hsm.open("office");
        assert_eq!(by_pad(hsm).err().unwrap().kind(), ErrorKind::PassphraseWrong);
        drop(held);
        let typed = by_pad(hsm).unwrap();
        assert_eq!(hsm.try_open(&TokenChoice::label("office"), PIN).err().unwrap().kind(), ErrorKind::PassphraseWrong);
        // A reader without a pad, after the one that had it.
        std::fs::remove_file(hsm.folder.join("pad")).unwrap();
        hsm.session("office").logout().unwrap();
        faults.set("C_Login", 0, 0);
        let error = typed.list().unwrap_err();
        assert!(told(&error).1.contains("no pad"), "{error}");
        assert_eq!(faults.calls("no pad"), 0);
    });
}
