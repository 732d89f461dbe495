//! The pki room, tests only: keys and certificates made on the spot, each field free to be wrong.

use crate::crypto::KnownSignatures;
use crate::pki::algorithm::{PublicKey, SignatureAlgorithm};
use crate::pki::certificate::Certificate;
use crate::pki::der;
use crate::pki::oid;
use crate::pki::path::PathInputs;
use crate::pki::trust::TrustAnchors;
use crate::time::Time;
use const_oid::ObjectIdentifier;
use p256::ecdsa::signature::Signer as _;
use p256::pkcs8::EncodePublicKey;

/// A P-256 key that is the same in every run.
pub(crate) struct Key(p256::ecdsa::SigningKey);

impl Key {
    pub(crate) fn new(seed: u8) -> Key {
        Key(p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap())
    }

    pub(crate) fn public(&self) -> PublicKey {
        PublicKey::from_spki_der(self.0.verifying_key().to_public_key_der().unwrap().as_bytes()).unwrap()
    }

    /// ECDSA with another digest in DER.
    pub(crate) fn sign_by(&self, digest: crate::crypto::DigestAlgorithm, message: &[u8]) -> Vec<u8> {
        use p256::ecdsa::signature::hazmat::PrehashSigner as _;
        let value: p256::ecdsa::Signature = self.0.sign_prehash(&digest.digest(message)).unwrap();
        value.to_der().to_bytes().to_vec()
    }

    /// ECDSA with SHA-256 in DER.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let value: p256::ecdsa::Signature = self.0.sign(message);
        value.to_der().to_bytes().to_vec()
    }
}

pub(crate) fn ecdsa() -> SignatureAlgorithm {
    SignatureAlgorithm::Ecdsa(crate::crypto::DigestAlgorithm::Sha256)
}

pub(crate) fn name(common_name: &str) -> Vec<u8> {
    let pair = der::write(der::SEQUENCE, &[&[6, 3, 0x55, 4, 3], &der::write(0x0c, &[common_name.as_bytes()])]);
    der::write(der::SEQUENCE, &[&der::write(der::SET, &[&pair])])
}

pub(crate) fn at(text: &str) -> Time {
    Time::from_rfc3339(text).unwrap()
}

/// A certificate to be: every field may be changed before [`Draft::issue`].
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) serial: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) not_before: &'static str,
    pub(crate) not_after: &'static str,
    pub(crate) key: PublicKey,
    pub(crate) extensions: Vec<(ObjectIdentifier, bool, Vec<u8>)>,
    pub(crate) algorithm: SignatureAlgorithm,
}

impl Draft {
    /// An end entity that may sign documents.
    pub(crate) fn leaf(subject: &str, key: &Key, issuer: &str) -> Draft {
        Draft {
            serial: vec![1],
            issuer: name(issuer),
            subject: name(subject),
            not_before: "20250101000000Z",
            not_after: "20350101000000Z",
            key: key.public(),
            extensions: vec![(oid::KEY_USAGE, true, vec![3, 2, 6, 0x40])],
            algorithm: ecdsa(),
        }
    }

    /// A CA; `path_len` as in basicConstraints.
    pub(crate) fn ca(subject: &str, key: &Key, issuer: &str, path_len: Option<u8>) -> Draft {
        let limit = path_len.map(|n| vec![2, 1, n]).unwrap_or_default();
        let constraints = der::write(der::SEQUENCE, &[&[1, 1, 0xff], &limit]);
        let extensions = vec![(oid::BASIC_CONSTRAINTS, true, constraints), (oid::KEY_USAGE, true, vec![3, 2, 1, 0x06])];
        Draft { extensions, ..Draft::leaf(subject, key, issuer) }
    }

    pub(crate) fn with(mut self, oid: ObjectIdentifier, critical: bool, value: Vec<u8>) -> Draft {
        self.extensions.retain(|(o, ..)| *o != oid);
        self.extensions.push((oid, critical, value));
        self
    }

    pub(crate) fn without(mut self, oid: ObjectIdentifier) -> Draft {
        self.extensions.retain(|(o, ..)| *o != oid);
        self
    }

    pub(crate) fn valid(mut self, not_before: &'static str, not_after: &'static str) -> Draft {
        (self.not_before, self.not_after) = (not_before, not_after);
        self
    }

    pub(crate) fn with_issuer(mut self, issuer: &str) -> Draft {
        self.issuer = name(issuer);
        self
    }

    pub(crate) fn serial(mut self, serial: u8) -> Draft {
        self.serial = vec![serial];
        self
    }

    pub(crate) fn issue_der(&self, issuer: &Key) -> Vec<u8> {
        let mut list = Vec::new();
        for (oid, critical, value) in &self.extensions {
            let flag: &[u8] = if *critical { &[1, 1, 0xff] } else { &[] };
            list.extend(der::write(der::SEQUENCE, &[&der::write_oid(oid), flag, &der::write(der::OCTET_STRING, &[value])]));
        }
        let extensions = if list.is_empty() { Vec::new() } else { der::write(0xa3, &[&der::write(der::SEQUENCE, &[&list])]) };
        let time = |t: &str| der::write(der::GENERALIZED_TIME, &[t.as_bytes()]);
        let tbs = der::write(
            der::SEQUENCE,
            &[
                &[0xa0, 3, 2, 1, 2],
                &der::write(der::INTEGER, &[&self.serial]),
                &self.algorithm.to_der(),
                &self.issuer,
                &der::write(der::SEQUENCE, &[&time(self.not_before), &time(self.not_after)]),
                &self.subject,
                self.key.spki_der(),
                &extensions,
            ],
        );
        let signature = der::write(der::BIT_STRING, &[&[0], &issuer.sign(&tbs)]);
        der::write(der::SEQUENCE, &[&tbs, &self.algorithm.to_der(), &signature])
    }

    pub(crate) fn issue(&self, issuer: &Key) -> Certificate {
        Certificate::from_der(&self.issue_der(issuer)).unwrap()
    }
}

/// What is found without known signatures, and the same with those that all such questions of this process know.
pub(crate) fn alike<T: PartialEq + std::fmt::Debug>(find: impl Fn(Option<&KnownSignatures>) -> T) -> T {
    static KNOWN: std::sync::LazyLock<KnownSignatures> = std::sync::LazyLock::new(KnownSignatures::new);
    let alone = find(None);
    for _ in 0..2 {
        assert_eq!(find(Some(&KNOWN)), alone);
    }
    alone
}

#[path = "../../tests/certval/ask.rs"]
mod certval;

/// What certval says of a path that was just judged here; the test fails where the two differ and `tests/certval/ledger.tsv` does not say why.
pub(crate) fn second_opinion(
    case: &str,
    valid: bool,
    leaf: &Certificate,
    pool: &[Certificate],
    anchors: &TrustAnchors,
    by: &PathInputs<'_>,
) {
    let question = certval::Question {
        leaf: leaf.der(),
        pool: pool.iter().map(Certificate::der).collect(),
        anchors: anchors.iter().map(Certificate::der).collect(),
        time: by.time.unix(),
        policies: by.policies.iter().map(ToString::to_string).collect(),
        explicit: by.explicit_policy,
        inhibit_any: by.inhibit_any,
        inhibit_mapping: by.inhibit_mapping,
    };
    if let Err(wrong) = certval::agrees(case, valid, &question) {
        panic!("{wrong}");
    }
}

/// Writes a file for an outside judge.
#[expect(clippy::disallowed_methods, reason = "an outside judge reads files")]
pub(crate) fn put(folder: &std::path::Path, name: &str, bytes: &[u8]) {
    std::fs::write(folder.join(name), bytes).unwrap();
}

/// Runs `openssl` in a folder: whether it agreed, and what it said. The test fails without it.
#[expect(clippy::disallowed_types, reason = "a test asks an outside judge")]
pub(crate) fn openssl(folder: &std::path::Path, arguments: &[&str]) -> (bool, String) {
    let done = std::process::Command::new("openssl").current_dir(folder).args(arguments).output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    (done.status.success(), text)
}
