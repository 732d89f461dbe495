//! The verify room: the rules of a judgement, as data. The report names them.

mod algorithms;
mod file;
mod json;
mod named;

pub use crate::pki::revocation::{Freshness, RevocationMode as Revocation};
pub use algorithms::{AlgorithmRule, Algorithms};
pub use file::PolicyFile;
pub use named::{PolicyFacts, TrustFacts, TrustRole};

use crate::crypto::digest::DigestAlgorithm;
use crate::pki::algorithm::KeyAlgorithm;
use crate::time::Time;
use std::borrow::Cow;

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its name, as the report shows it.
    pub name: Cow<'static, str>,
    /// Revocation.
    pub revocation: Revocation,
    /// How old a statement about revocation may be.
    pub freshness: Freshness,
    /// How much clocks may differ, in seconds: a time stamp of a moment ago may lie ahead of the verifier's clock. What it proves does not.
    pub clock_skew: i64,
    /// Until when which algorithms are accepted.
    pub algorithms: Algorithms,
    /// Risk markers.
    pub risks: RiskSearch,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            name: Cow::Borrowed("default"),
            revocation: Revocation::IfAvailable,
            freshness: Freshness::default(),
            clock_skew: 300,
            algorithms: Algorithms::default(),
            risks: RiskSearch::Look,
        }
    }
}

impl Policy {
    /// When the digest or key ceases to be acceptable, if that is known.
    #[must_use]
    pub fn end(&self, digest: Option<DigestAlgorithm>, key: Option<KeyAlgorithm>) -> Option<Time> {
        self.algorithms.end(digest, key)
    }

    /// What of the digest or key is no longer acceptable at `time`, if anything.
    #[must_use]
    pub fn weak(&self, digest: Option<DigestAlgorithm>, key: Option<KeyAlgorithm>, time: Time) -> Option<&str> {
        self.algorithms.refused(digest, key, time).map(|row| &*row.algorithm)
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
            let earliest = policy.end(Some(digest), key).unwrap();
            assert!(earliest <= at(first), "{what}");
        }
        for key in [rsa(2048), Some(KeyAlgorithm::P256), None] {
            assert_eq!(policy.weak(Some(DigestAlgorithm::Sha256), key, at("2099-01-01T00:00:00Z")), None);
            assert_eq!(policy.end(Some(DigestAlgorithm::Sha256), key), None);
        }
    }
}
