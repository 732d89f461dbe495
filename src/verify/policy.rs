//! The verify room: the rules of a judgement, as data. The report names them.

use crate::crypto::digest::DigestAlgorithm;
use crate::pki::algorithm::KeyAlgorithm;
pub use crate::pki::revocation::RevocationMode as Revocation;
use crate::time::Time;
use serde::Serialize;

/// Whether a report says what may surprise the reader of the document ([`Risks`](super::Risks)). No part of the verdict; looking takes about a
/// quarter of the time of a verification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RiskSearch {
    /// It does.
    #[default]
    Look,
    /// It says that nobody looked.
    Leave,
}

/// The rules.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its name, as the report shows it.
    pub name: &'static str,
    /// Revocation.
    pub revocation: Revocation,
    /// Risk markers.
    pub risks: RiskSearch,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy { name: "default", revocation: Revocation::IfAvailable, risks: RiskSearch::Look }
    }
}

/// One row of the algorithm table: acceptable until that time (ETSI TS 119 312).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AlgorithmRule {
    /// The digest, or the kind and size of key.
    pub algorithm: &'static str,
    /// From then on it is no longer accepted.
    pub until: Time,
    #[serde(skip)]
    matches: Weak,
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weak {
    Digest(DigestAlgorithm),
    RsaBelow(u32),
}

impl AlgorithmRule {
    const fn new(algorithm: &'static str, unix: i64, matches: Weak) -> AlgorithmRule {
        AlgorithmRule { algorithm, until: Time::from_unix(unix), matches }
    }

    fn is_about(&self, digest: Option<DigestAlgorithm>, key: Option<KeyAlgorithm>) -> bool {
        match self.matches {
            Weak::Digest(weak) => digest == Some(weak),
            Weak::RsaBelow(limit) => matches!(key, Some(KeyAlgorithm::Rsa { bits }) if bits < limit),
        }
    }
}

/// The table, the strictest row of a kind first.
const ALGORITHMS: &[AlgorithmRule] = &[
    AlgorithmRule::new("sha1", 1_483_228_800, Weak::Digest(DigestAlgorithm::Sha1)), // 2017-01-01
    AlgorithmRule::new("rsa below 1900 bits", 1_388_534_400, Weak::RsaBelow(1900)), // 2014-01-01
    AlgorithmRule::new("rsa below 2048 bits", 1_609_459_200, Weak::RsaBelow(2048)), // 2021-01-01
];

impl Policy {
    /// The dated table of algorithms that the policy goes by.
    #[must_use]
    pub const fn algorithms(&self) -> &'static [AlgorithmRule] {
        ALGORITHMS
    }

    /// What of the digest or key is no longer acceptable at `time`, if anything.
    #[must_use]
    pub fn weak(&self, digest: Option<DigestAlgorithm>, key: Option<KeyAlgorithm>, time: Time) -> Option<&'static str> {
        self.algorithms().iter().find(|row| time >= row.until && row.is_about(digest, key)).map(|row| row.algorithm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_dates() {
        let policy = Policy::default();
        let rsa = |bits| Some(KeyAlgorithm::Rsa { bits });
        let at = |text: &str| Time::from_rfc3339(text).unwrap();
        for (digest, key, last, first, what) in [
            (DigestAlgorithm::Sha1, rsa(2048), "2016-12-31T23:59:59Z", "2017-01-01T00:00:00Z", "sha1"),
            (DigestAlgorithm::Sha256, rsa(1899), "2013-12-31T23:59:59Z", "2014-01-01T00:00:00Z", "rsa below 1900 bits"),
            (DigestAlgorithm::Sha256, rsa(1900), "2020-12-31T23:59:59Z", "2021-01-01T00:00:00Z", "rsa below 2048 bits"),
        ] {
            assert_eq!(policy.weak(Some(digest), key, at(last)), None, "{what}");
            assert_eq!(policy.weak(Some(digest), key, at(first)), Some(what));
        }
        for key in [rsa(2048), Some(KeyAlgorithm::P256), None] {
            assert_eq!(policy.weak(Some(DigestAlgorithm::Sha256), key, at("2099-01-01T00:00:00Z")), None);
        }
    }
}
