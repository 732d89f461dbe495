//! Every vector of Project Wycheproof for the algorithms that are verified, by ring and by RustCrypto, in whatever build the test is.
//!
//! Takes the vectors from the crate of that name, expects what they say; each disagreement stands in [`LEDGER`] with its reason. With ring
//! built in, a digest that was computed apart goes to RustCrypto, so that both are asked; without it (`--no-default-features`, a step of
//! `cargo xtask test`) RustCrypto does everything.

use std::collections::BTreeMap;
use thrivosign::ErrorKind;
use thrivosign::crypto::{DigestAlgorithm, PublicKey, SignatureAlgorithm, verify, verify_prehash};
use wycheproof::rsa_pss_verify::TestGroup as PssGroup;
use wycheproof::{HashFunction, Mgf, TestResult, ecdsa, eddsa, rsa_pkcs1_verify, rsa_pss_verify};

/// What is decided otherwise than "valid is valid, invalid is invalid", and why. The first word is the flag that the vector carries.
const LEDGER: [(&str, bool, &str); 1] = [
    // flag, whether it is accepted here, why
    (
        "MissingNull",
        false,
        "acceptable to Wycheproof; RFC 8017 9.2 note 1 wants the NULL, and a second form of a signature is one too many",
    ),
];

const FULL: bool = cfg!(feature = "algorithms-full");

#[derive(Default)]
struct Count {
    valid: usize,
    invalid: usize,
    ledger: usize,
}

fn digest(hash: HashFunction) -> Option<DigestAlgorithm> {
    let name = match hash {
        HashFunction::Sha1 => "sha1",
        HashFunction::Sha2_224 => "sha224",
        HashFunction::Sha2_256 => "sha256",
        HashFunction::Sha2_384 => "sha384",
        HashFunction::Sha2_512 => "sha512",
        HashFunction::Sha2_512_256 => "sha512-256",
        HashFunction::Sha3_224 => "sha3-224",
        HashFunction::Sha3_256 => "sha3-256",
        HashFunction::Sha3_384 => "sha3-384",
        HashFunction::Sha3_512 => "sha3-512",
        _ => return None,
    };
    DigestAlgorithm::ALL.iter().copied().find(|d| d.name() == name)
}

/// One vector, by every way there is.
fn one(count: &mut Count, key: &PublicKey, algorithm: &SignatureAlgorithm, v: (&[u8], &[u8], TestResult), flags: &str, name: &str) {
    let (message, value, result) = v;
    let listed = LEDGER.iter().find(|(flag, ..)| flags.split_whitespace().any(|f| f == *flag) && result == TestResult::Acceptable);
    let good = match (result, listed) {
        (TestResult::Valid, _) => true,
        (TestResult::Invalid, _) => false,
        (TestResult::Acceptable, Some((_, accepted, _))) => *accepted,
        (TestResult::Acceptable, None) => panic!("{name}: acceptable, and not in the ledger: {flags}"),
    };
    match result {
        TestResult::Valid => count.valid += 1,
        TestResult::Invalid => count.invalid += 1,
        TestResult::Acceptable => count.ledger += 1,
    }
    assert_eq!(verify(key, algorithm, message, value).is_ok(), good, "{name} {flags}");
    // Without ring both are the same.
    if cfg!(feature = "ring")
        && let Some(digest) = algorithm.digest()
    {
        assert_eq!(verify_prehash(key, algorithm, &digest.digest(message), value).is_ok(), good, "{name} {flags}, over the digest");
    }
}

fn flags(flags: &[impl std::fmt::Debug]) -> String {
    flags.iter().map(|f| format!("{f:?} ")).collect()
}

/// Vectors of each algorithm, so that none drops out unseen.
fn expect(found: &BTreeMap<String, Count>, sets: usize, vectors: usize) {
    for (name, count) in found {
        println!("{name}: {} valid, {} invalid, {} in the ledger", count.valid, count.invalid, count.ledger);
    }
    let all: usize = found.values().map(|c| c.valid + c.invalid + c.ledger).sum();
    println!("{} sets, {all} vectors", found.len());
    assert_eq!((found.len(), all), (sets, vectors));
}

/// The sets whose signatures are in DER, as certificates and CMS carry them.
fn der_sets(prefix: &'static str) -> impl Iterator<Item = (ecdsa::TestName, String)> {
    let named = ecdsa::TestName::all().into_iter().map(|set| (set, format!("{set:?}")));
    named.filter(move |(_, name)| name.starts_with(prefix) && !name.ends_with("P1363") && !name.ends_with("Bitcoin"))
}

/// Every set of one curve; those with a digest that is not verified are left out by name.
fn curve(prefix: &'static str, full: (usize, usize), core: (usize, usize)) {
    let mut found: BTreeMap<String, Count> = BTreeMap::new();
    for (set, name) in der_sets(prefix) {
        for group in ecdsa::TestSet::load(set).unwrap().test_groups {
            let key = match PublicKey::from_spki_der(&group.der) {
                Ok(key) => key,
                Err(error) => {
                    assert!(error.kind() == ErrorKind::AlgorithmUnsupported && !FULL && name.contains("Brainpool"), "{name}: {error}");
                    continue;
                }
            };
            let Some(digest) = digest(group.hash) else {
                assert!(name.contains("Shake") || (!FULL && name.contains("Sha3")), "{name}");
                continue;
            };
            let count = found.entry(name.clone()).or_default();
            for t in group.tests {
                let case = format!("{name} {}: {}", t.tc_id, t.comment);
                one(count, &key, &SignatureAlgorithm::Ecdsa(digest), (&t.msg, &t.sig, t.result), &flags(&t.flags), &case);
            }
        }
    }
    let (sets, vectors) = if FULL { full } else { core };
    expect(&found, sets, vectors);
}

#[test]
fn every_vector_of_ecdsa_p256() {
    curve("EcdsaSecp256r1", (4, 2068), (2, 1038));
}

#[test]
fn every_vector_of_ecdsa_p384() {
    curve("EcdsaSecp384r1", (5, 2558), (3, 1518));
}

#[test]
fn every_vector_of_ecdsa_p521() {
    curve("EcdsaSecp521r1", (2, 1076), (1, 542));
}

#[test]
fn every_vector_of_ecdsa_brainpool_256() {
    curve("EcdsaBrainpool256r1", (2, 968), (0, 0));
}

#[test]
fn every_vector_of_ecdsa_brainpool_384() {
    curve("EcdsaBrainpool384r1", (2, 1032), (0, 0));
}

/// Curves that are not verified are refused as such, key by key.
#[test]
fn other_curves_are_unsupported() {
    let ours = ["Secp256r1", "Secp384r1", "Secp521r1", "Brainpool256r1", "Brainpool384r1"];
    let mut refused = 0;
    for (set, name) in der_sets("Ecdsa").filter(|(_, name)| !ours.iter().any(|curve| name.starts_with(&format!("Ecdsa{curve}")))) {
        for group in ecdsa::TestSet::load(set).unwrap().test_groups {
            let error = PublicKey::from_spki_der(&group.der).expect_err(&name);
            assert_eq!(error.kind(), ErrorKind::AlgorithmUnsupported, "{name}");
            refused += 1;
        }
    }
    assert!(refused > 1000, "{refused}");
}

#[test]
fn every_vector_of_ed25519() {
    let mut found: BTreeMap<String, Count> = BTreeMap::new();
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups {
        let key = PublicKey::from_spki_der(&group.der).unwrap();
        let count = found.entry("ed25519".to_owned()).or_default();
        for t in group.tests {
            let case = format!("{}: {}", t.tc_id, t.comment);
            one(count, &key, &SignatureAlgorithm::Ed25519, (&t.msg, &t.sig, t.result), &flags(&t.flags), &case);
        }
    }
    expect(&found, 1, 151);
}

#[test]
fn every_vector_of_rsa_pkcs1() {
    let mut found: BTreeMap<String, Count> = BTreeMap::new();
    for set in rsa_pkcs1_verify::TestName::all() {
        let name = format!("{set:?}");
        for group in rsa_pkcs1_verify::TestSet::load(set).unwrap().test_groups {
            let key = PublicKey::from_spki_der(&group.der).unwrap();
            let Some(digest) = digest(group.hash) else {
                assert!(name.ends_with("Sha512_224") || !FULL, "{name}");
                continue;
            };
            let count = found.entry(name.clone()).or_default();
            for t in group.tests {
                let case = format!("{name} {}: {}", t.tc_id, t.comment);
                one(count, &key, &SignatureAlgorithm::RsaPkcs1(digest), (&t.msg, &t.sig, t.result), &flags(&t.flags), &case);
            }
        }
    }
    if FULL { expect(&found, 23, 5944) } else { expect(&found, 12, 3106) }
}

/// What of PSS is verified: MGF1 with the digest of the message (RFC 8017 8.1 recommends it, and all of CMS's profiles want it).
fn pss(group: &PssGroup) -> Option<SignatureAlgorithm> {
    let digest = digest(group.hash)?;
    let same = group.mgf == Mgf::Mgf1 && group.mgf_hash == Some(group.hash);
    same.then(|| SignatureAlgorithm::RsaPss { digest, salt_len: u32::try_from(group.salt_size).unwrap() })
}

#[test]
fn every_vector_of_rsa_pss() {
    let mut found: BTreeMap<String, Count> = BTreeMap::new();
    for set in rsa_pss_verify::TestName::all() {
        let name = format!("{set:?}");
        for group in rsa_pss_verify::TestSet::load(set).unwrap().test_groups {
            let Some(algorithm) = pss(&group) else {
                // A key that is bound to such parameters is unsupported as well.
                assert!(PublicKey::from_spki_der(&group.der).is_err() || !name.ends_with("WithParams"), "{name}");
                continue;
            };
            let key = PublicKey::from_spki_der(&group.der).unwrap();
            let count = found.entry(name.clone()).or_default();
            for t in group.tests {
                let case = format!("{name} {}: {}", t.tc_id, t.comment);
                one(count, &key, &algorithm, (&t.msg, &t.sig, t.result), &flags(&t.flags), &case);
            }
        }
    }
    if FULL { expect(&found, 18, 2091) } else { expect(&found, 17, 1964) }
}
