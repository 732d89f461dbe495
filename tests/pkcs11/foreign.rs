//! Keys that others made: by SoftHSM's own tool, by another program, with a PIN for each use.

use crate::hsm::{Hsm, PIN, alone, run};
use crate::shared::{ECDSA, spec};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, CertificateType, ObjectClass};
use cryptoki::session::Session;
use std::process::Command;
use thrivosign::ErrorKind;
use thrivosign::crypto::{DigestAlgorithm, KeyAlgorithm, PublicKey, SignatureAlgorithm, verify};
use thrivosign::key::{DeviceKeyStore, KeyPurpose, Prompt, Protection, sign_checked};

pub(crate) const RSA: SignatureAlgorithm = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);

/// A key made by OpenSSL and put on the token by SoftHSM's tool.
fn import(hsm: &Hsm, label: &str, id: &str, algorithm: &[&str]) -> PublicKey {
    hsm.openssl(&[&["genpkey", "-out", "foreign.pem"][..], algorithm].concat());
    let public = hsm.openssl(&["pkey", "-in", "foreign.pem", "-pubout", "-outform", "DER"]).stdout;
    let arguments = ["--import", "foreign.pem", "--token", "office", "--label", label, "--id", id, "--pin", PIN];
    run(Command::new("softhsm2-util").args(arguments).current_dir(&hsm.folder));
    PublicKey::from_spki_der(&public).unwrap()
}

fn pair(session: &Session, label: &str, id: &[u8], mechanism: &Mechanism<'_>, public: &[Attribute], private: &[Attribute]) {
    let both = [Attribute::Token(true), Attribute::Label(label.into()), Attribute::Id(id.to_vec())];
    let template = |own: &[Attribute]| [&both[..], own].concat();
    session.generate_key_pair(mechanism, &template(public), &template(private)).unwrap();
}

/// A key that wants the PIN for each use.
pub(crate) fn rsa_for_each_use(session: &Session, label: &str) {
    let public = [Attribute::ModulusBits(2048.into()), Attribute::PublicExponent(vec![1, 0, 1])];
    pair(session, label, &[1], &Mechanism::RsaPkcsKeyPairGen, &public, &ALWAYS);
}

const ALWAYS: [Attribute; 3] = [Attribute::Private(true), Attribute::Sensitive(true), Attribute::AlwaysAuthenticate(true)];

fn p256() -> [Attribute; 1] {
    [Attribute::EcParams(vec![6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7])]
}

#[test]
fn keys_of_other_programs_sign() {
    alone("foreign::keys_of_other_programs_sign", |hsm| {
        hsm.token("office");
        let ec = import(hsm, "from elsewhere", "01", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
        let rsa = import(hsm, "old seal", "02", &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]);
        let store = hsm.open("office");
        for (name, public, algorithm) in [("from elsewhere", &ec, &ECDSA), ("old seal", &rsa, &RSA)] {
            let info = store.info(name).unwrap();
            assert_eq!((&info.public_key, info.purpose, info.protection), (public, KeyPurpose::Signing, Protection::Hsm));
            verify(public, algorithm, b"m", &sign_checked(&store, name, b"m", algorithm).unwrap()).unwrap();
        }
        assert_eq!(store.create("old seal", &spec()).unwrap_err().kind(), ErrorKind::KeyExists);
        let names: Vec<_> = store.list().unwrap().into_iter().map(|key| key.name).collect();
        assert_eq!(names, ["from elsewhere", "old seal"]);
    });
}

#[test]
fn a_public_key_in_a_certificate_alone() {
    alone("foreign::a_public_key_in_a_certificate_alone", |hsm| {
        hsm.token("office");
        let public = import(hsm, "seal", "07", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
        let request = ["req", "-x509", "-key", "foreign.pem", "-subj", "/CN=Seal", "-outform", "DER", "-out", "seal.der"];
        hsm.openssl(&request);
        let store = hsm.open("office");
        let session = hsm.session("office");
        for object in session.find_objects(&[Attribute::Class(ObjectClass::PUBLIC_KEY)]).unwrap() {
            session.destroy_object(object).unwrap();
        }
        let error = store.info("seal").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::KeyNotPermitted);
        assert!(error.context_text().unwrap().contains("CKA_ID"), "{error}");
        assert_eq!(store.list().unwrap(), []);
        let certificate = |id: u8, der: Vec<u8>| {
            let object = [
                Attribute::Class(ObjectClass::CERTIFICATE),
                Attribute::CertificateType(CertificateType::X_509),
                Attribute::Token(true),
                Attribute::Private(false),
                Attribute::Subject(vec![0x30, 0]),
                Attribute::Id(vec![id]),
                Attribute::Value(der),
            ];
            session.create_object(&object).unwrap()
        };
        let der = std::fs::read(hsm.folder.join("seal.der")).unwrap();
        certificate(8, der.clone());
        assert_eq!(store.info("seal").unwrap_err().kind(), ErrorKind::KeyNotPermitted, "another key's certificate");
        let bad = certificate(7, der[1..].to_vec());
        assert_eq!(store.info("seal").unwrap_err().code() / 100, 3, "a broken one is told as such");
        session.destroy_object(bad).unwrap();
        certificate(7, der);
        assert_eq!(store.info("seal").unwrap().public_key, public);
        sign_checked(&store, "seal", b"m", &ECDSA).unwrap();
    });
}

#[test]
fn a_public_key_that_is_not_the_private_ones() {
    alone("foreign::a_public_key_that_is_not_the_private_ones", |hsm| {
        hsm.token("office");
        let store = hsm.open("office");
        let session = hsm.session("office");
        pair(&session, "seal", &[1], &Mechanism::EccKeyPairGen, &p256(), &[]);
        pair(&session, "other", &[2], &Mechanism::EccKeyPairGen, &p256(), &[]);
        let other = store.info("other").unwrap();
        for object in session.find_objects(&[Attribute::Class(ObjectClass::PUBLIC_KEY)]).unwrap() {
            let id = if session.get_attributes(object, &[cryptoki::object::AttributeType::Id]).unwrap() == [Attribute::Id(vec![1])] {
                2
            } else {
                1
            };
            session.update_attributes(object, &[Attribute::Id(vec![id])]).unwrap();
        }
        assert_eq!(store.info("seal").unwrap().public_key, other.public_key);
        assert_eq!(sign_checked(&store, "seal", b"m", &ECDSA).unwrap_err().kind(), ErrorKind::KeySignatureWrong);
    });
}

#[test]
fn names_that_are_not_one_signing_key() {
    alone("foreign::names_that_are_not_one_signing_key", |hsm| {
        hsm.token("office");
        let store = hsm.open("office");
        let session = hsm.session("office");
        for id in [1, 2, 3] {
            pair(&session, "twice", &[id], &Mechanism::EccKeyPairGen, &p256(), &[]);
        }
        pair(&session, "agreement", &[4], &Mechanism::EccKeyPairGen, &p256(), &[Attribute::Sign(false), Attribute::Derive(true)]);
        pair(&session, "", &[5], &Mechanism::EccKeyPairGen, &p256(), &[]);
        pair(&session, "k1", &[6], &Mechanism::EccKeyPairGen, &[Attribute::EcParams(vec![6, 5, 0x2b, 0x81, 4, 0, 0x0a])], &[]);
        pair(&session, "good", &[7], &Mechanism::EccKeyPairGen, &p256(), &[]);
        for name in ["twice", "agreement"] {
            assert_eq!(store.info(name).unwrap_err().kind(), ErrorKind::KeyNotPermitted, "{name}");
            assert_eq!(store.sign(name, b"m", &ECDSA).unwrap_err().kind(), ErrorKind::KeyNotPermitted, "{name}");
            assert_eq!(store.create(name, &spec()).unwrap_err().kind(), ErrorKind::KeyExists, "{name}");
        }
        assert_eq!(store.info("k1").unwrap_err().kind(), ErrorKind::AlgorithmUnsupported);
        let names: Vec<_> = store.list().unwrap().into_iter().map(|key| key.name).collect();
        assert_eq!(names, ["good"]);
    });
}

#[test]
fn a_pin_for_each_use() {
    alone("foreign::a_pin_for_each_use", |hsm| {
        hsm.token("office");
        let store = hsm.open("office");
        let session = hsm.session("office");
        rsa_for_each_use(&session, "seal");
        pair(&session, "curve", &[2], &Mechanism::EccKeyPairGen, &p256(), &ALWAYS);
        let info = store.info("seal").unwrap();
        assert_eq!((info.prompt, info.public_key.algorithm()), (Prompt::None, KeyAlgorithm::Rsa { bits: 2048 }));
        std::thread::scope(|scope| {
            for thread in 0..8_u8 {
                let (store, info) = (&store, &info);
                scope.spawn(move || {
                    for round in 0..10_u8 {
                        let value = store.sign("seal", &[thread, round], &RSA).unwrap();
                        verify(&info.public_key, &RSA, &[thread, round], &value).unwrap();
                    }
                });
            }
        });
        let pss = SignatureAlgorithm::RsaPss { digest: DigestAlgorithm::Sha512, salt_len: 64 };
        sign_checked(&store, "seal", b"m", &pss).unwrap();
        assert_eq!(store.logins(), 1, "the PIN for one use is no login");
        // SoftHSM takes what CKM_ECDSA signs in one piece only, and says so.
        let refused = store.sign("curve", b"m", &ECDSA).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::KeyAlgorithmUnsupported, "{refused}");
        // Nothing of that is left in a session that others get.
        sign_checked(&store, "seal", b"m", &RSA).unwrap();
        assert_eq!(store.logins(), 1);
        // A PIN that was changed is tried once for the use, and never again.
        session.set_pin(&cryptoki::types::AuthPin::new(PIN.into()), &cryptoki::types::AuthPin::new("another-pin".into())).unwrap();
        let first = store.sign("seal", b"m", &RSA).unwrap_err();
        assert!(first.kind() == ErrorKind::PassphraseWrong && first.context_text().unwrap().contains("CKR_PIN_INCORRECT"), "{first}");
        let next = store.sign("seal", b"m", &RSA).unwrap_err();
        assert!(next.kind() == ErrorKind::PassphraseWrong && next.context_text().unwrap().contains("not tried again"), "{next}");
    });
}
