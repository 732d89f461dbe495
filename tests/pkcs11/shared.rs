//! What is the whole process's: one module, one login for a token, a pool of sessions, and PINs that are tried once.

use crate::hsm::{PIN, SO_PIN, alone};
use cryptoki::session::UserType;
use cryptoki::types::AuthPin;
use thrivosign::ErrorKind;
use thrivosign::crypto::{DigestAlgorithm, KeyAlgorithm, SignatureAlgorithm, verify};
use thrivosign::key::pkcs11::{Pkcs11KeyStore, TokenChoice};
use thrivosign::key::{DeviceKeyStore, KeyPurpose, KeySpec, Passphrase};

pub(crate) const ECDSA: SignatureAlgorithm = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256);

pub(crate) fn spec() -> KeySpec {
    KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Signing)
}

#[test]
fn eight_threads_and_one_login() {
    alone("shared::eight_threads_and_one_login", |hsm| {
        hsm.token("office");
        let store = hsm.open("office");
        let key = store.create("seal", &spec()).unwrap();
        std::thread::scope(|scope| {
            for thread in 0..8_u8 {
                let (store, key) = (&store, &key);
                scope.spawn(move || {
                    for round in 0..100_u8 {
                        let value = store.sign("seal", &[thread, round], &ECDSA).unwrap();
                        verify(&key.public_key, &ECDSA, &[thread, round], &value).unwrap();
                        if round % 10 == 0 {
                            let name = format!("{thread}-{round}");
                            store.create(&name, &spec()).unwrap();
                            store.delete(&name).unwrap();
                        }
                    }
                });
            }
        });
        assert_eq!(store.logins(), 1);
        assert_eq!(store.list().unwrap(), [key]);
        let open = hsm.other().get_token_info(hsm.slot("office")).unwrap().session_count();
        assert!(open.is_none_or(|open| open <= 16), "{open:?} sessions");
    });
}

#[test]
fn one_name_is_one_key() {
    alone("shared::one_name_is_one_key", |hsm| {
        hsm.token("office");
        let stores = [hsm.open("office"), hsm.open("office")];
        let made: Vec<_> = std::thread::scope(|scope| {
            let make = |at: usize| {
                let store = &stores[at % 2];
                scope.spawn(move || store.create("seal", &spec()))
            };
            let threads: Vec<_> = (0..8).map(make).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(made.iter().filter(|result| result.is_ok()).count(), 1);
        assert!(made.iter().filter_map(|result| result.as_ref().err()).all(|error| error.kind() == ErrorKind::KeyExists));
    });
}

#[test]
fn several_tokens() {
    alone("shared::several_tokens", |hsm| {
        for label in ["office", "branch", "twin"] {
            hsm.token(label);
        }
        let (office, branch) = (hsm.open("office"), hsm.open("branch"));
        let (a, b) = (office.create("seal", &spec()).unwrap(), branch.create("seal", &spec()).unwrap());
        assert_ne!(a.public_key, b.public_key);
        std::thread::scope(|scope| {
            for (store, key) in [(&office, &a), (&branch, &b)].repeat(4) {
                scope.spawn(move || {
                    for round in 0..50_u8 {
                        verify(&key.public_key, &ECDSA, &[round], &store.sign("seal", &[round], &ECDSA).unwrap()).unwrap();
                    }
                });
            }
        });
        assert_eq!((office.logins(), branch.logins()), (1, 1));
        // By its serial number it is the same token, and the same login.
        let same = hsm.try_open(&TokenChoice::serial(&hsm.serial("office")), PIN).unwrap();
        assert_eq!((same.info("seal").unwrap(), same.logins()), (a, 1));
        let crossed = TokenChoice::label("branch").and_serial(&hsm.serial("office"));
        for choice in [TokenChoice::label("attic"), crossed, TokenChoice::serial("0000")] {
            let error = hsm.try_open(&choice, PIN).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::KeyStoreUnavailable);
            assert!(error.context_text().unwrap().contains("no token"), "{error}");
        }
        // A twin: another token gets the label of one that is there.
        hsm.other().init_token(hsm.slot("twin"), &AuthPin::new(SO_PIN.into()), "branch").unwrap();
        assert_eq!(hsm.try_open(&TokenChoice::label("branch"), PIN).err().unwrap().kind(), ErrorKind::InvalidArgument);
        branch.sign("seal", b"m", &ECDSA).unwrap();
    });
}

#[test]
fn no_module() {
    alone("shared::no_module", |hsm| {
        let text = hsm.write("text.so", b"no module");
        let libraries = ["/usr/lib/x86_64-linux-gnu/libz.so.1", "/usr/lib/aarch64-linux-gnu/libz.so.1"];
        let foreign = libraries.iter().map(std::path::PathBuf::from).filter(|path| path.is_file());
        for path in [hsm.folder.join("absent.so"), text, hsm.folder.clone()].into_iter().chain(foreign) {
            let error = Pkcs11KeyStore::open(&path, &TokenChoice::label("office"), Passphrase::new(PIN)).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::KeyStoreUnavailable);
            assert!(error.context_text().unwrap().contains("module"), "{error}");
        }
    });
}

#[test]
fn a_wrong_pin_is_told() {
    alone("shared::a_wrong_pin_is_told", |hsm| {
        hsm.token("office");
        let choice = TokenChoice::label("office");
        let kind = |pin: &str| hsm.try_open(&choice, pin).err().unwrap().kind();
        assert_eq!(kind("0000"), ErrorKind::PassphraseWrong);
        assert_eq!(kind(""), ErrorKind::InvalidArgument);
        let error = hsm.try_open(&choice, "secret-wrong-pin").err().unwrap();
        assert!(error.context_text().unwrap().starts_with("C_Login: CKR_PIN_INCORRECT"), "{error}");
        assert!(!format!("{error} {error:?}").contains("secret-wrong-pin"));
        let store = hsm.open("office");
        store.create("seal", &spec()).unwrap();
        // The token is open now and would take any PIN: a store with another one is refused all the same.
        assert_eq!(kind("0000"), ErrorKind::PassphraseWrong);
        store.sign("seal", b"m", &ECDSA).unwrap();
        assert_eq!(store.logins(), 1);
    });
}

#[test]
fn a_second_store_logs_nobody_out() {
    alone("shared::a_second_store_logs_nobody_out", |hsm| {
        hsm.token("office");
        let first = hsm.open("office");
        first.create("seal", &spec()).unwrap();
        let second = hsm.open("office");
        second.sign("seal", b"m", &ECDSA).unwrap();
        drop(second);
        first.sign("seal", b"m", &ECDSA).unwrap();
        assert_eq!(first.logins(), 1);
        // With the last session of the process the login ends, by the standard: a new store logs in anew.
        drop(first);
        assert_eq!(hsm.try_open(&TokenChoice::label("office"), "0000").err().unwrap().kind(), ErrorKind::PassphraseWrong);
        assert_eq!(hsm.open("office").logins(), 1);
    });
}

#[test]
fn a_refused_pin_is_not_tried_again() {
    alone("shared::a_refused_pin_is_not_tried_again", |hsm| {
        hsm.token("office");
        let store = hsm.open("office");
        store.create("seal", &spec()).unwrap();
        let other = hsm.session("office");
        other.set_pin(&AuthPin::new(PIN.into()), &AuthPin::new("another-pin".into())).unwrap();
        // Logged in still, nothing is lost.
        store.sign("seal", b"m", &ECDSA).unwrap();
        other.logout().unwrap();
        let first = store.sign("seal", b"m", &ECDSA).unwrap_err();
        assert_eq!(first.kind(), ErrorKind::PassphraseWrong);
        assert!(first.context_text().unwrap().starts_with("C_Login: CKR_PIN_INCORRECT"), "{first}");
        for _ in 0..5 {
            let next = store.sign("seal", b"m", &ECDSA).unwrap_err();
            assert_eq!(next.kind(), ErrorKind::PassphraseWrong);
            assert!(next.context_text().unwrap().contains("not tried again"), "{next}");
        }
        // Somebody else's login is as good as ours.
        other.login(UserType::User, Some(&AuthPin::new("another-pin".into()))).unwrap();
        store.sign("seal", b"m", &ECDSA).unwrap();
        other.logout().unwrap();
        let again = hsm.try_open(&TokenChoice::label("office"), "another-pin").unwrap();
        again.sign("seal", b"m", &ECDSA).unwrap();
        store.sign("seal", b"m", &ECDSA).unwrap();
        assert_eq!(store.logins(), 2);
    });
}
