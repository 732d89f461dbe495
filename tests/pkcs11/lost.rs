//! What is lost under way: logins, sessions, handles, the module, the token.

use crate::hsm::alone;
use crate::shared::{ECDSA, spec};
use cryptoki::object::{Attribute, ObjectClass};
use thrivosign::ErrorKind;
use thrivosign::crypto::verify;
use thrivosign::key::DeviceKeyStore;
use thrivosign::key::pkcs11::TokenChoice;

#[test]
fn logged_out_by_somebody_else() {
    alone("lost::logged_out_by_somebody_else", |hsm| {
        hsm.token("office");
        let store = hsm.open("office");
        let key = store.create("seal", &spec()).unwrap();
        store.sign("seal", b"m", &ECDSA).unwrap();
        let other = hsm.session("office");
        for times in 2..5 {
            other.logout().unwrap();
            // Each of them meets the loss first, once: signing by a kept handle, a search, a list.
            match times {
                2 => verify(&key.public_key, &ECDSA, b"m", &store.sign("seal", b"m", &ECDSA).unwrap()).unwrap(),
                3 => assert_eq!(store.info("seal").unwrap(), key),
                _ => assert_eq!(store.list().unwrap(), std::slice::from_ref(&key)),
            }
            assert_eq!(store.logins(), times);
        }
        other.logout().unwrap();
        assert_eq!(store.info("absent").unwrap_err().kind(), ErrorKind::KeyNotFound);
    });
}

#[test]
fn all_sessions_closed_by_a_reset() {
    alone("lost::all_sessions_closed_by_a_reset", |hsm| {
        hsm.token("office");
        let store = hsm.open("office");
        let key = store.create("seal", &spec()).unwrap();
        store.sign("seal", b"m", &ECDSA).unwrap();
        hsm.other().finalize().unwrap();
        // Whoever is first starts the module again; the others find it running.
        std::thread::scope(|scope| {
            for thread in 0..8_u8 {
                let (store, key) = (&store, &key);
                scope.spawn(move || verify(&key.public_key, &ECDSA, &[thread], &store.sign("seal", &[thread], &ECDSA).unwrap()).unwrap());
            }
        });
        assert_eq!(store.logins(), 2);
    });
}

#[test]
fn the_module_finalised_and_used_by_somebody_else() {
    alone("lost::the_module_finalised_and_used_by_somebody_else", |hsm| {
        hsm.token("office");
        hsm.token("branch");
        let store = hsm.open("office");
        let key = store.create("seal", &spec()).unwrap();
        store.sign("seal", b"m", &ECDSA).unwrap();
        for round in 0..3 {
            hsm.other().finalize().unwrap();
            // Their sessions now have the numbers that ours had, on another token, or on this one without a login.
            let module = hsm.other();
            let label = if round == 1 { "branch" } else { "office" };
            let theirs: Vec<_> = (0..4).map(|_| module.open_ro_session(hsm.slot(label)).unwrap()).collect();
            assert_eq!(store.info("seal").unwrap(), key);
            verify(&key.public_key, &ECDSA, b"m", &store.sign("seal", b"m", &ECDSA).unwrap()).unwrap();
            assert!(theirs.iter().all(|session| session.get_session_info().is_ok()), "none of theirs was closed");
        }
        // Before anything is asked, by a new store too.
        hsm.other().finalize().unwrap();
        assert_eq!(hsm.open("branch").list().unwrap(), []);
        assert_eq!(hsm.open("office").info("seal").unwrap(), key);
    });
}

#[test]
fn a_key_deleted_elsewhere_is_gone_here() {
    alone("lost::a_key_deleted_elsewhere_is_gone_here", |hsm| {
        hsm.token("office");
        let store = hsm.open("office");
        store.create("seal", &spec()).unwrap();
        store.sign("seal", b"m", &ECDSA).unwrap();
        let other = hsm.session("office");
        for object in other.find_objects(&[Attribute::Class(ObjectClass::PRIVATE_KEY)]).unwrap() {
            other.destroy_object(object).unwrap();
        }
        for _ in 0..3 {
            assert_eq!(store.sign("seal", b"m", &ECDSA).unwrap_err().kind(), ErrorKind::KeyNotFound);
        }
        let made = store.create("seal", &spec()).unwrap();
        verify(&made.public_key, &ECDSA, b"m", &store.sign("seal", b"m", &ECDSA).unwrap()).unwrap();
        assert_eq!(store.logins(), 1);
    });
}

#[test]
fn a_token_that_is_gone_or_new() {
    alone("lost::a_token_that_is_gone_or_new", |hsm| {
        hsm.token("office");
        let store = hsm.open("office");
        store.create("seal", &spec()).unwrap();
        store.sign("seal", b"m", &ECDSA).unwrap();
        // Unplugged, and the module noticed.
        let tokens = hsm.folder.join("tokens");
        let away = hsm.folder.join("away");
        std::fs::rename(&tokens, &away).unwrap();
        std::fs::create_dir(&tokens).unwrap();
        hsm.other().finalize().unwrap();
        for _ in 0..2 {
            let error = store.sign("seal", b"m", &ECDSA).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::KeyStoreUnavailable, "{error}");
            assert!(error.context_text().unwrap().contains("put it in"), "{error}");
        }
        // Back again.
        std::fs::remove_dir(&tokens).unwrap();
        std::fs::rename(&away, &tokens).unwrap();
        hsm.other().finalize().unwrap();
        store.sign("seal", b"m", &ECDSA).unwrap();
        // Another token of the same label in its place never gets this one's PIN.
        std::fs::remove_dir_all(&tokens).unwrap();
        std::fs::create_dir(&tokens).unwrap();
        hsm.token("office");
        hsm.other().finalize().unwrap();
        assert_eq!(store.sign("seal", b"m", &ECDSA).unwrap_err().kind(), ErrorKind::KeyStoreUnavailable);
        let fresh = hsm.try_open(&TokenChoice::label("office"), crate::hsm::PIN).unwrap();
        assert_eq!(fresh.sign("seal", b"m", &ECDSA).unwrap_err().kind(), ErrorKind::KeyNotFound);
    });
}
