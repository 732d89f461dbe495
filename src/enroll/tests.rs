//! Tests of the enrol room: the whole way with keys in memory, and each refusal.

use super::*;
use crate::crypto::{KeyAlgorithm, SignatureAlgorithm};
use crate::error::{ErrorKind, Result};
use crate::key::software::SoftwareKeyStore;
use crate::key::{Attestation, DeviceKeyStore, KeyInfo, KeyPurpose, KeySpec};
use crate::pki::testing::{Draft, Key, name};
use crate::pki::{Certificate, Csr, CsrSubject};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts how often a key was asked, and may break what it answers.
#[derive(Default)]
struct Counting {
    inner: SoftwareKeyStore,
    asked: AtomicUsize,
    breaks: bool,
}

impl DeviceKeyStore for Counting {
    fn create(&self, name: &str, spec: &KeySpec) -> Result<KeyInfo> {
        self.inner.create(name, spec)
    }
    fn info(&self, name: &str) -> Result<KeyInfo> {
        self.inner.info(name)
    }
    fn sign(&self, name: &str, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.inner.sign(name, if self.breaks { b"else" } else { message }, algorithm)
    }
    fn attest(&self, name: &str, challenge: &[u8]) -> Result<Attestation> {
        self.inner.attest(name, challenge)
    }
    fn delete(&self, name: &str) -> Result<()> {
        self.inner.delete(name)
    }
    fn list(&self) -> Result<Vec<KeyInfo>> {
        self.inner.list()
    }
}

impl Counting {
    fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }
}

fn keys(algorithm: KeyAlgorithm) -> (Counting, KeyInfo, KeyInfo) {
    let store = Counting::default();
    let signing = store.create("signing", &KeySpec::new(algorithm, KeyPurpose::Signing)).unwrap();
    let authentication = store.create("authentication", &KeySpec::new(algorithm, KeyPurpose::Authentication)).unwrap();
    (store, signing, authentication)
}

fn issue(csr: &Csr) -> Vec<Certificate> {
    let (root, issuing) = (Key::new(1), Key::new(2));
    let root_certificate = Certificate::from_der(&Draft::ca("root", &root, "root", None).issue_der(&root)).unwrap();
    let issuing_certificate = Certificate::from_der(&Draft::ca("issuing", &issuing, "root", Some(0)).issue_der(&root)).unwrap();
    let mut leaf = Draft::leaf("Anna", &Key::new(3), "issuing");
    leaf.key = csr.public_key().clone();
    vec![Certificate::from_der(&leaf.issue_der(&issuing)).unwrap(), issuing_certificate, root_certificate]
}

#[test]
fn the_whole_way() {
    for algorithm in [KeyAlgorithm::P256, KeyAlgorithm::P384, KeyAlgorithm::Rsa { bits: 2048 }] {
        let (store, signing, authentication) = keys(algorithm);
        let csr = request_certificate(&store, &signing, &CsrSubject::new("Anna"), "challenge-1").unwrap();
        assert_eq!(store.asked(), 1, "one prompt");
        assert_eq!((csr.challenge_password(), csr.public_key()), (Some("challenge-1"), &signing.public_key));
        let chain = issue(&csr);
        check_issued(&csr, &chain).unwrap();
        check_issued(&csr, &chain[..1]).unwrap();
        let identity = Identity::new("credential", "device", "signing", "authentication", chain).unwrap();
        assert_eq!(identity.state(), IdentityState::New);

        let labels = ProofAlgorithm::for_key(algorithm).unwrap();
        let value = prove(&store, &authentication, b"answer").unwrap();
        assert_eq!(store.asked(), 1, "one prompt");
        let holds =
            |key: &KeyInfo, message: &[u8], sha_algo: &str| proof_holds(&key.public_key, labels.sign_algo(), sha_algo, message, &value);
        assert!(holds(&authentication, b"answer", labels.sha_algo()));
        assert!(!holds(&signing, b"answer", labels.sha_algo()));
        assert!(!holds(&authentication, b"another", labels.sha_algo()));
        assert!(!holds(&authentication, b"answer", if labels.sha_algo() == "sha256" { "sha512" } else { "sha256" }));

        let identity = identity.in_state(IdentityState::Activated).unwrap();
        let again = Identity::from_json(&identity.to_json().unwrap()).unwrap();
        assert_eq!((again.credential_id(), again.device_uuid(), again.state()), ("credential", "device", IdentityState::Activated));
        assert_eq!((again.signing_key(), again.authentication_key()), ("signing", "authentication"));
        assert_eq!(again.chain().len(), 3);
        assert_eq!(again.certificate().unwrap().der(), identity.certificate().unwrap().der());
    }
}

#[test]
fn the_two_keys_are_never_mixed() {
    let (store, signing, authentication) = keys(KeyAlgorithm::P256);
    let refused = request_certificate(&store, &authentication, &CsrSubject::new("Anna"), "c").map(drop).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::KeyNotPermitted);
    let refused = prove(&store, &signing, b"answer").map(drop).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::KeyNotPermitted);
    assert_eq!(store.asked(), 0, "no key was asked");
}

#[test]
fn a_broken_key_makes_neither_request_nor_answer() {
    let (mut store, signing, authentication) = keys(KeyAlgorithm::P256);
    store.breaks = true;
    let refused = request_certificate(&store, &signing, &CsrSubject::new("Anna"), "c").map(drop).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::KeySignatureWrong);
    assert_eq!(prove(&store, &authentication, b"answer").map(drop).unwrap_err().kind(), ErrorKind::KeySignatureWrong);
    for subject in [CsrSubject::new(""), CsrSubject::new("Anna").country("Germany")] {
        store.asked();
        assert_eq!(request_certificate(&store, &signing, &subject, "c").map(drop).unwrap_err().kind(), ErrorKind::InvalidArgument);
        assert_eq!(store.asked(), 0, "no key was asked");
    }
}

#[test]
fn the_labels_of_the_service_for_algorithms() {
    for (sign_algo, sha_algo, name) in [
        ("ECDSA", "sha256", "ecdsa-sha256"),
        ("ECDSA", "sha512", "ecdsa-sha512"),
        ("RSASSA-PSS", "sha256", "rsa-pss-sha256"),
        ("RSASSA-PSS", "sha512", "rsa-pss-sha512"),
    ] {
        let algorithm = ProofAlgorithm::from_labels(sign_algo, sha_algo).unwrap();
        assert_eq!((algorithm.sign_algo(), algorithm.sha_algo(), algorithm.signature().name()), (sign_algo, sha_algo, name));
    }
    for (sign_algo, sha_algo) in [("ECDSA", "sha1"), ("ecdsa", "sha256"), ("RSASSA-PKCS1", "sha256"), ("none", "sha256"), ("", "")] {
        assert_eq!(ProofAlgorithm::from_labels(sign_algo, sha_algo), None);
    }
    assert_eq!(ProofAlgorithm::for_key(KeyAlgorithm::Ed25519).unwrap_err().kind(), ErrorKind::KeyAlgorithmUnsupported);
}

#[test]
fn what_was_not_asked_for_is_refused() {
    let (store, signing, _) = keys(KeyAlgorithm::P256);
    let csr = request_certificate(&store, &signing, &CsrSubject::new("Anna"), "c").unwrap();
    let good = issue(&csr);
    let (issuing, other) = (Key::new(2), Key::new(9));
    let leaf = |change: &dyn Fn(&mut Draft), issuer: &Key| {
        let mut draft = Draft::leaf("Anna", &other, "issuing");
        draft.key = csr.public_key().clone();
        change(&mut draft);
        Certificate::from_der(&draft.issue_der(issuer)).unwrap()
    };
    let with = |first: Certificate| vec![first, good[1].clone(), good[2].clone()];
    let no_ca = Certificate::from_der(&Draft::leaf("issuing", &issuing, "root").issue_der(&Key::new(1))).unwrap();
    let mut authority = Draft::ca("Anna", &other, "issuing", None);
    authority.key = csr.public_key().clone();
    let authority = Certificate::from_der(&authority.issue_der(&issuing)).unwrap();
    let encipherment = crate::pki::certificate::oid::KEY_USAGE;
    for (what, chain) in [
        ("nothing", vec![]),
        ("another key", with(leaf(&|draft| draft.key = other.public(), &issuing))),
        ("an authority", with(authority)),
        ("another usage", with(leaf(&|draft| draft.extensions = vec![(encipherment, true, vec![3, 2, 5, 0x20])], &issuing))),
        ("a foreign signature", with(leaf(&|_| {}, &other))),
        ("another issuer", with(leaf(&|draft| draft.issuer = name("else"), &issuing))),
        ("out of order", vec![good[0].clone(), good[2].clone(), good[1].clone()]),
        ("an issuer that is none", vec![good[0].clone(), no_ca]),
    ] {
        assert_eq!(check_issued(&csr, &chain).unwrap_err().kind(), ErrorKind::IssuedCertificateRefused, "{what}");
    }
    check_issued(&csr, &with(leaf(&|_| {}, &issuing))).unwrap();
}

#[test]
fn identities_that_cannot_be_are_refused() {
    let (store, signing, _) = keys(KeyAlgorithm::P256);
    let csr = request_certificate(&store, &signing, &CsrSubject::new("Anna"), "c").unwrap();
    let chain = issue(&csr);
    let long = "x".repeat(257);
    for (credential, device, signing, authentication, chain) in [
        ("", "d", "s", "a", chain.clone()),
        ("c", "d\n", "s", "a", chain.clone()),
        (&long, "d", "s", "a", chain.clone()),
        ("c", "d", "", "a", chain.clone()),
        ("c", "d", "s", "s", chain.clone()),
        ("c", "d", "s", "a", vec![]),
        ("c", "d", "s", "a", vec![chain[0].clone(); 17]),
    ] {
        assert_eq!(Identity::new(credential, device, signing, authentication, chain).unwrap_err().kind(), ErrorKind::InvalidArgument);
    }
    let identity = Identity::new("c", "d", "s", "a", chain).unwrap().in_state(IdentityState::Cancelled).unwrap();
    assert_eq!(identity.clone().in_state(IdentityState::Activated).unwrap_err().kind(), ErrorKind::WrongOrder);
    let json = String::from_utf8(identity.to_json().unwrap()).unwrap();
    Identity::from_json(json.as_bytes()).unwrap();
    for (from, to) in [
        ("\"version\": 1", "\"version\": 2"),
        ("\"Cancelled\"", "\"Lost\""),
        ("\"signingKey\"", "\"signingkey\""),
        ("\"s\"", "\"a\""),
        ("\"version\"", "\"more\": 1, \"version\""),
        ("MII", "MIJ"),
        ("MII", "!"),
    ] {
        let bad = json.replacen(from, to, 1);
        assert_ne!(bad, json, "{from}");
        assert_eq!(Identity::from_json(bad.as_bytes()).unwrap_err().kind(), ErrorKind::ConfigMalformed, "{from} -> {to}");
    }
    for len in 0..json.len() {
        assert!(Identity::from_json(&json.as_bytes()[..len]).is_err(), "{len}");
    }
    let deep = "[".repeat(100_000);
    assert_eq!(Identity::from_json(deep.as_bytes()).unwrap_err().kind(), ErrorKind::ConfigMalformed);
}

#[test]
fn the_words_of_the_service_for_states() {
    for state in [IdentityState::New, IdentityState::Activated, IdentityState::Cancelled] {
        assert_eq!(IdentityState::from_name(state.name()), Some(state));
    }
    assert_eq!(IdentityState::from_name("In use"), Some(IdentityState::Activated));
    assert_eq!(IdentityState::from_name("new"), None);
}
