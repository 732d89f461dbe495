//! The key room: what every key store must do, as a suite that runs against any of them.
//!
//! Takes a store without keys of the names it uses, gives the first breach as text. For whoever writes a backend: the
//! stores of this library run it in their tests, and so can a host that brings its own. It asks the person as often as
//! the store asks per use, about 20 times.

#![allow(clippy::disallowed_methods, reason = "a store must bear being used from several threads")]

use super::{DeviceKeyStore, KeyInfo, KeyPurpose, KeySpec, Protection, sign_as, sign_checked};
use crate::crypto::{DigestAlgorithm, KeyAlgorithm, SignatureAlgorithm, verify};
use crate::error::{ErrorKind, Result as KeyResult};

/// What the store is expected to be able to do.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Abilities {
    /// Kinds of key it makes, each with the algorithms such a key must do.
    pub algorithms: Vec<(KeyAlgorithm, Vec<SignatureAlgorithm>)>,
    /// Whether it attests keys; if not, [`ErrorKind::AttestationUnavailable`] is expected.
    pub attests: bool,
    /// The protection it must report.
    pub protection: Protection,
}

impl Abilities {
    /// A software store with P-256 keys.
    #[must_use]
    pub fn software() -> Abilities {
        let p256 = (KeyAlgorithm::P256, vec![SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256)]);
        Abilities { algorithms: vec![p256], attests: false, protection: Protection::Software }
    }

    /// Adds a kind of key and the algorithms it must do.
    #[must_use]
    pub fn and(mut self, key: KeyAlgorithm, algorithms: &[SignatureAlgorithm]) -> Abilities {
        self.algorithms.push((key, algorithms.to_vec()));
        self
    }
}

/// The first breach of the contract, or that a call failed which must not.
type Outcome = std::result::Result<(), String>;

fn must<T>(what: &str, result: KeyResult<T>) -> std::result::Result<T, String> {
    result.map_err(|error| format!("{what}: {}", error.kind().name()))
}

fn refuses<T>(what: &str, result: KeyResult<T>, kind: ErrorKind) -> Outcome {
    match result {
        Ok(_) => Err(format!("{what}: went well, expected {}", kind.name())),
        Err(error) if error.kind() == kind => Ok(()),
        Err(error) => Err(format!("{what}: {}, expected {}", error.kind().name(), kind.name())),
    }
}

fn holds(what: &str, condition: bool) -> Outcome {
    if condition { Ok(()) } else { Err(what.to_owned()) }
}

/// Runs the whole suite. After the call no key of the suite is left, if the store keeps the contract.
///
/// # Errors
/// What the store did and what it should have done.
pub fn run(store: &dyn DeviceKeyStore, abilities: &Abilities) -> Outcome {
    for name in ["contract", "contract-2", "CONTRACT"] {
        refuses("info of a name never used", store.info(name), ErrorKind::KeyNotFound)?;
    }
    unknown_keys(store)?;
    bad_names(store)?;
    for (algorithm, signatures) in &abilities.algorithms {
        for purpose in [KeyPurpose::Signing, KeyPurpose::Authentication] {
            life_of_a_key(store, abilities, *algorithm, purpose, signatures)?;
        }
    }
    let Some((algorithm, signatures)) = abilities.algorithms.first() else {
        return Err("the store makes no kind of key".to_owned());
    };
    names_are_apart(store, *algorithm)?;
    if let Some(signature) = signatures.first() {
        many_at_once(store, *algorithm, signature)?;
    }
    unknown_keys(store)?;
    holds("list is as before", !must("list", store.list())?.iter().any(|info| info.name.eq_ignore_ascii_case("contract")))
}

/// Runs the part of the suite that a store can keep whose keys are made elsewhere, such as a service's: `name` is a key of it that stands there,
/// `contract` none. It asks the person about 20 times.
///
/// # Errors
/// As [`run`].
pub fn run_on(store: &dyn DeviceKeyStore, name: &str, abilities: &Abilities) -> Outcome {
    unknown_keys(store)?;
    bad_names(store)?;
    let key = must("info", store.info(name))?;
    holds("the key's name", key.name == name)?;
    holds("the protection is reported as it is", key.protection == abilities.protection)?;
    let Some((algorithm, signatures)) = abilities.algorithms.first() else {
        return Err("the store has no kind of key".to_owned());
    };
    holds("the key's kind", key.public_key.algorithm() == *algorithm)?;
    let listed = must("list", store.list())?;
    holds("list has the key once", listed.iter().filter(|info| **info == key).count() == 1)?;
    holds("list is sorted", listed.is_sorted_by(|a, b| a.name < b.name))?;
    let spec = KeySpec::new(*algorithm, key.purpose);
    refuses("create over a key", store.create(name, &spec), ErrorKind::KeyExists)?;
    refuses("create", store.create("contract", &spec), ErrorKind::KeyNotPermitted)?;
    for signature in signatures {
        signs(store, &key, signature)?;
    }
    wrong_algorithms(store, &key)?;
    refuses("attest", store.attest(name, b"challenge"), ErrorKind::AttestationUnavailable)?;
    refuses("delete", store.delete(name), ErrorKind::KeyNotPermitted)?;
    holds("a refused delete leaves the key", must("info", store.info(name))? == key)?;
    match signatures.first() {
        Some(signature) => at_once(store, &key, signature),
        None => Ok(()),
    }
}

fn unknown_keys(store: &dyn DeviceKeyStore) -> Outcome {
    let algorithm = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256);
    refuses("sign with no key", store.sign("contract", b"message", &algorithm), ErrorKind::KeyNotFound)?;
    // Signing never creates a key.
    refuses("info after signing with no key", store.info("contract"), ErrorKind::KeyNotFound)?;
    refuses("attest no key", store.attest("contract", b"challenge"), ErrorKind::KeyNotFound)?;
    refuses("delete no key", store.delete("contract"), ErrorKind::KeyNotFound)
}

fn bad_names(store: &dyn DeviceKeyStore) -> Outcome {
    let spec = KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Signing);
    for name in ["", "with\nline end", "with\0zero", &"x".repeat(65)] {
        refuses("create under a name that is none", store.create(name, &spec), ErrorKind::InvalidArgument)?;
    }
    Ok(())
}

fn life_of_a_key(
    store: &dyn DeviceKeyStore,
    abilities: &Abilities,
    algorithm: KeyAlgorithm,
    purpose: KeyPurpose,
    signatures: &[SignatureAlgorithm],
) -> Outcome {
    let spec = KeySpec::new(algorithm, purpose);
    let made = must("create", store.create("contract", &spec))?;
    holds("the new key's name", made.name == "contract")?;
    holds("the new key's kind is the one asked for", made.public_key.algorithm() == algorithm)?;
    holds("the new key's purpose is the one asked for", made.purpose == purpose)?;
    holds("the protection is reported as it is", made.protection == abilities.protection)?;
    holds("info answers as create did", must("info", store.info("contract"))? == made)?;
    holds("list has the key once", must("list", store.list())?.iter().filter(|info| **info == made).count() == 1)?;

    refuses("create over a key", store.create("contract", &spec), ErrorKind::KeyExists)?;
    holds("a refused create leaves the key", must("info", store.info("contract"))? == made)?;

    for signature in signatures {
        signs(store, &made, signature)?;
    }
    wrong_algorithms(store, &made)?;

    let other = if purpose == KeyPurpose::Signing { KeyPurpose::Authentication } else { KeyPurpose::Signing };
    if let Some(signature) = signatures.first() {
        refuses("use for the other purpose", sign_as(store, &made, other, b"message", signature), ErrorKind::KeyNotPermitted)?;
    }
    match store.attest("contract", b"challenge") {
        Ok(attestation) => {
            holds("attests as said", abilities.attests)?;
            holds("the attestation holds something", !attestation.certificates.is_empty() || !attestation.statement.is_empty())?;
        }
        Err(error) => holds("attests as said", !abilities.attests && error.kind() == ErrorKind::AttestationUnavailable)?,
    }

    must("delete", store.delete("contract"))?;
    refuses("info after delete", store.info("contract"), ErrorKind::KeyNotFound)?;
    if let Some(signature) = signatures.first() {
        refuses("sign after delete", store.sign("contract", b"message", signature), ErrorKind::KeyNotFound)?;
    }
    let again = must("create after delete", store.create("contract", &spec))?;
    holds("a key made anew is another key", again.public_key != made.public_key)?;
    must("delete", store.delete("contract"))
}

fn signs(store: &dyn DeviceKeyStore, key: &KeyInfo, algorithm: &SignatureAlgorithm) -> Outcome {
    let long = vec![0x5a; 100_000];
    for message in [&b""[..], b"message", &long] {
        let value = must(algorithm.name(), store.sign(&key.name, message, algorithm))?;
        verify(&key.public_key, algorithm, message, &value).map_err(|_| format!("{}: the signature is wrong", algorithm.name()))?;
        let mut other = message.to_vec();
        other.push(0);
        holds("a signature holds for its message alone", verify(&key.public_key, algorithm, &other, &value).is_err())?;
    }
    must("a checked signature", sign_checked(store, &key.name, b"message", algorithm)).map(drop)
}

fn wrong_algorithms(store: &dyn DeviceKeyStore, key: &KeyInfo) -> Outcome {
    let sha256 = DigestAlgorithm::Sha256;
    let all = [
        SignatureAlgorithm::Ecdsa(sha256),
        SignatureAlgorithm::RsaPkcs1(sha256),
        SignatureAlgorithm::RsaPss { digest: sha256, salt_len: 32 },
        SignatureAlgorithm::Ed25519,
    ];
    for algorithm in all.iter().filter(|algorithm| !algorithm.fits(key.public_key.algorithm())) {
        refuses("an algorithm for another kind of key", store.sign(&key.name, b"message", algorithm), ErrorKind::KeyAlgorithmUnsupported)?;
    }
    for algorithm in [SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha1), SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha1)] {
        refuses("SHA-1", store.sign(&key.name, b"message", &algorithm), ErrorKind::KeyAlgorithmUnsupported)?;
    }
    Ok(())
}

fn names_are_apart(store: &dyn DeviceKeyStore, algorithm: KeyAlgorithm) -> Outcome {
    let names = ["contract", "CONTRACT", "../contract", "contract/..", "cön tract%2f", ".", "..", "con", "contract\\2"];
    let mut made: Vec<KeyInfo> = Vec::new();
    for name in names {
        made.push(must("create under an odd name", store.create(name, &KeySpec::new(algorithm, KeyPurpose::Signing)))?);
    }
    for key in &made {
        holds("names are kept apart", must("info", store.info(&key.name))? == *key)?;
    }
    let listed = must("list", store.list())?;
    holds("list has them all", made.iter().all(|key| listed.contains(key)))?;
    holds("list is sorted", listed.is_sorted_by(|a, b| a.name < b.name))?;
    for key in &made {
        must("delete", store.delete(&key.name))?;
    }
    Ok(())
}

fn many_at_once(store: &dyn DeviceKeyStore, algorithm: KeyAlgorithm, signature: &SignatureAlgorithm) -> Outcome {
    let key = must("create", store.create("contract", &KeySpec::new(algorithm, KeyPurpose::Signing)))?;
    at_once(store, &key, signature)?;
    must("delete", store.delete("contract"))
}

fn at_once(store: &dyn DeviceKeyStore, key: &KeyInfo, signature: &SignatureAlgorithm) -> Outcome {
    let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4_u8)
            .map(|thread| {
                scope.spawn(move || {
                    for round in 0..4 {
                        let message = [thread, round];
                        let value = must("sign from several threads", store.sign(&key.name, &message, signature))?;
                        verify(&key.public_key, signature, &message, &value)
                            .map_err(|_| "signatures of several threads are mixed up".to_owned())?;
                    }
                    Ok(())
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err("the store panicked".to_owned()))).collect()
    });
    outcomes.into_iter().collect()
}
