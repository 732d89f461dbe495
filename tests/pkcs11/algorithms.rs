//! What the store signs, judged by OpenSSL; what it makes, read from the token by somebody else.

use crate::hsm::{Hsm, alone};
use cryptoki::object::{Attribute, AttributeType, ObjectClass};
use std::process::Command;
use thrivosign::ErrorKind;
use thrivosign::crypto::{DigestAlgorithm, KeyAlgorithm, SignatureAlgorithm};
use thrivosign::key::contract::{self, Abilities};
use thrivosign::key::{DeviceKeyStore, KeyInfo, KeyPurpose, KeySpec, Protection, sign_checked};

const DIGESTS: [DigestAlgorithm; 3] = [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512];

fn algorithms_of(key: KeyAlgorithm) -> Vec<SignatureAlgorithm> {
    match key {
        KeyAlgorithm::P521 => DIGESTS[1..].iter().map(|digest| SignatureAlgorithm::Ecdsa(*digest)).collect(),
        KeyAlgorithm::Rsa { .. } => {
            let pss = |digest: DigestAlgorithm| SignatureAlgorithm::RsaPss { digest, salt_len: digest.len() as u32 };
            DIGESTS.iter().flat_map(|digest| [SignatureAlgorithm::RsaPkcs1(*digest), pss(*digest)]).collect()
        }
        KeyAlgorithm::Ed25519 => vec![SignatureAlgorithm::Ed25519],
        _ => DIGESTS.iter().map(|digest| SignatureAlgorithm::Ecdsa(*digest)).collect(),
    }
}

/// Whether OpenSSL finds the signature right.
fn openssl_accepts(hsm: &Hsm, key: &KeyInfo, algorithm: &SignatureAlgorithm, message: &[u8], value: &[u8]) -> bool {
    hsm.write("public.der", key.public_key.spki_der());
    hsm.write("message", message);
    hsm.write("value", value);
    let digest = algorithm.digest().map(|digest| format!("-{}", digest.name())).unwrap_or_default();
    let mut arguments = match algorithm {
        SignatureAlgorithm::Ed25519 => {
            vec!["pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "public.der", "-rawin", "-in", "message", "-sigfile", "value"]
        }
        _ => vec!["dgst", &digest, "-keyform", "DER", "-verify", "public.der", "-signature", "value"],
    };
    if matches!(algorithm, SignatureAlgorithm::RsaPss { .. }) {
        arguments.extend(["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]);
    }
    if *algorithm != SignatureAlgorithm::Ed25519 {
        arguments.push("message");
    }
    Command::new("openssl").args(&arguments).current_dir(&hsm.folder).output().unwrap().status.success()
}

#[test]
fn the_contract_of_key_stores_is_kept() {
    alone("algorithms::the_contract_of_key_stores_is_kept", |hsm| {
        hsm.token("office");
        let mut abilities = Abilities::software();
        abilities.protection = Protection::Hsm;
        let kinds = [KeyAlgorithm::P256, KeyAlgorithm::P384, KeyAlgorithm::P521, KeyAlgorithm::Ed25519, KeyAlgorithm::Rsa { bits: 2048 }];
        abilities.algorithms = kinds.iter().map(|kind| (*kind, algorithms_of(*kind))).collect();
        let store = hsm.open("office");
        contract::run(&store, &abilities).unwrap();
        assert_eq!(store.logins(), 1);
    });
}

#[test]
fn openssl_accepts_every_algorithm() {
    alone("algorithms::openssl_accepts_every_algorithm", |hsm| {
        hsm.token("office");
        let store = hsm.open("office");
        let rsa = [2048, 3072, 4096].map(|bits| KeyAlgorithm::Rsa { bits });
        let kinds = [KeyAlgorithm::P256, KeyAlgorithm::P384, KeyAlgorithm::P521, KeyAlgorithm::Ed25519];
        let mut judged = 0;
        for kind in kinds.into_iter().chain(rsa) {
            let key = store.create("seal", &KeySpec::new(kind, KeyPurpose::Signing)).unwrap();
            for algorithm in algorithms_of(kind) {
                let value = sign_checked(&store, "seal", b"an agreement", &algorithm).unwrap();
                assert!(openssl_accepts(hsm, &key, &algorithm, b"an agreement", &value), "{kind} {}", algorithm.name());
                assert!(!openssl_accepts(hsm, &key, &algorithm, b"another agreement", &value), "{kind} {}", algorithm.name());
                judged += 1;
            }
            store.delete("seal").unwrap();
        }
        assert_eq!(judged, 3 + 3 + 2 + 1 + 3 * 6);
    });
}

#[test]
fn keys_stay_on_the_token() {
    alone("algorithms::keys_stay_on_the_token", |hsm| {
        hsm.token("office");
        let store = hsm.open("office");
        store.create("seal", &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Signing)).unwrap();
        store.create("login", &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Authentication)).unwrap();
        let session = hsm.session("office");
        for (name, letter) in [("seal", b'S'), ("login", b'A')] {
            let objects = |class| session.find_objects(&[Attribute::Class(class), Attribute::Label(name.into())]).unwrap();
            let (private, public) = (objects(ObjectClass::PRIVATE_KEY), objects(ObjectClass::PUBLIC_KEY));
            assert_eq!((private.len(), public.len()), (1, 1));
            let wanted = [
                AttributeType::Token,
                AttributeType::Private,
                AttributeType::Sensitive,
                AttributeType::AlwaysSensitive,
                AttributeType::Extractable,
                AttributeType::NeverExtractable,
                AttributeType::Local,
                AttributeType::Sign,
                AttributeType::Decrypt,
                AttributeType::Unwrap,
                AttributeType::Id,
                AttributeType::Value,
            ];
            let attributes = session.get_attributes(private[0], &wanted).unwrap();
            let [Attribute::Id(id)] = &attributes[10..] else { panic!("{attributes:?}: an identifier, and no value") };
            assert_eq!(
                &attributes[..10],
                [
                    Attribute::Token(true),
                    Attribute::Private(true),
                    Attribute::Sensitive(true),
                    Attribute::AlwaysSensitive(true),
                    Attribute::Extractable(false),
                    Attribute::NeverExtractable(true),
                    Attribute::Local(true),
                    Attribute::Sign(true),
                    Attribute::Decrypt(false),
                    Attribute::Unwrap(false),
                ]
            );
            assert_eq!((&id[..4], id.len()), (&[b'T', b'S', 1, letter][..], 20));
            assert_eq!(session.get_attributes(public[0], &[AttributeType::Id]).unwrap(), [Attribute::Id(id.clone())]);
        }
        // Durable: another store, another process's view of it.
        drop((session, store));
        let again = hsm.open("office");
        let purposes: Vec<_> = again.list().unwrap().into_iter().map(|key| (key.name, key.purpose)).collect();
        assert_eq!(purposes, [("login".to_owned(), KeyPurpose::Authentication), ("seal".to_owned(), KeyPurpose::Signing)]);
        again.delete("seal").unwrap();
        let left = hsm.session("office").find_objects(&[Attribute::Label("seal".into())]).unwrap();
        assert!(left.is_empty(), "the public key went with the private one");
    });
}

#[test]
fn what_the_token_cannot_do_is_refused_before_anything_is_made() {
    alone("algorithms::what_the_token_cannot_do_is_refused_before_anything_is_made", |hsm| {
        hsm.token("office");
        let store = hsm.open("office");
        for kind in [KeyAlgorithm::BrainpoolP256r1, KeyAlgorithm::Rsa { bits: 1024 }, KeyAlgorithm::Rsa { bits: 8192 }] {
            let refused = store.create("seal", &KeySpec::new(kind, KeyPurpose::Signing)).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::KeyAlgorithmUnsupported, "{kind}");
        }
        assert!(hsm.session("office").find_objects(&[]).unwrap().is_empty());
    });
}
