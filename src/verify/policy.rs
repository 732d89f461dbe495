//! The verify room: the rules of a judgement, as data. The report names them.

use crate::crypto::digest::DigestAlgorithm;
use crate::pki::algorithm::KeyAlgorithm;
use crate::time::Time;
use serde::Serialize;

/// Whether revocation data are asked for. `Off` is *not required by policy*, never *not checked*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Revocation {
    /// Every certificate below the anchor needs a fresh answer.
    Require,
    /// An answer at hand is judged, none is needed.
    IfAvailable,
    /// Not required.
    Off,
}

/// The rules.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its name, as the report shows it.
    pub name: &'static str,
    /// Revocation.
    pub revocation: Revocation,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy { name: "default", revocation: Revocation::Off }
    }
}

/// One row of the algorithm table: acceptable until that time (ETSI TS 119 312).
struct Until {
    what: &'static str,
    until: i64,
}

const SHA1: Until = Until { what: "sha1", until: 1_483_228_800 }; // 2017-01-01
const RSA_BELOW_1900: Until = Until { what: "rsa below 1900 bits", until: 1_388_534_400 }; // 2014-01-01
const RSA_BELOW_2048: Until = Until { what: "rsa below 2048 bits", until: 1_609_459_200 }; // 2021-01-01

impl Policy {
    /// What of the digest or key is no longer acceptable at `time`, if anything.
    #[must_use]
    pub fn weak(&self, digest: Option<DigestAlgorithm>, key: Option<KeyAlgorithm>, time: Time) -> Option<&'static str> {
        let late = |row: &Until| (time.unix() >= row.until).then_some(row.what);
        let by_digest = digest.filter(|d| *d == DigestAlgorithm::Sha1).and_then(|_| late(&SHA1));
        let by_key = match key {
            Some(KeyAlgorithm::Rsa { bits }) if bits < 1900 => late(&RSA_BELOW_1900),
            Some(KeyAlgorithm::Rsa { bits }) if bits < 2048 => late(&RSA_BELOW_2048),
            _ => None,
        };
        by_digest.or(by_key)
    }
}
