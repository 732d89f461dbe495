//! The verify room: until when which algorithms are accepted (ETSI TS 119 312), as data. Takes rows, or none for the table of this library; gives the
//! row that refuses a digest or key at a time.

use crate::crypto::digest::DigestAlgorithm;
use crate::pki::algorithm::KeyAlgorithm;
use crate::time::Time;
use serde::Serialize;
use std::borrow::Cow;

/// Digests that a row can be about, whether this build computes them or not: a policy means the same in every build.
pub(super) const DIGESTS: &[&str] =
    &["sha1", "sha224", "sha256", "sha384", "sha512", "sha512-256", "sha3-224", "sha3-256", "sha3-384", "sha3-512"];
/// Kinds of key that a row can be about, beside RSA below a size.
pub(super) const KEYS: &[&str] = &["rsa", "p256", "p384", "p521", "brainpoolP256r1", "brainpoolP384r1", "ed25519"];

/// One row of the algorithm table: acceptable until that time (ETSI TS 119 312).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AlgorithmRule {
    /// The digest, or the kind and size of key.
    pub algorithm: Cow<'static, str>,
    /// From then on it is no longer accepted.
    pub until: Time,
    #[serde(skip)]
    pub(super) about: About,
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    Digest(&'static str),
    Key(&'static str),
    RsaBelow(u32),
}

impl AlgorithmRule {
    const fn new(algorithm: &'static str, unix: i64, about: About) -> AlgorithmRule {
        AlgorithmRule { algorithm: Cow::Borrowed(algorithm), until: Time::from_unix(unix), about }
    }

    pub(super) fn of(about: About, until: Time) -> AlgorithmRule {
        let algorithm = match about {
            About::Digest(name) | About::Key(name) => Cow::Borrowed(name),
            About::RsaBelow(bits) => Cow::Owned(format!("rsa below {bits} bits")),
        };
        AlgorithmRule { algorithm, until, about }
    }

    fn is_about(&self, digest: Option<DigestAlgorithm>, key: Option<KeyAlgorithm>) -> bool {
        match self.about {
            About::Digest(name) => digest.is_some_and(|digest| digest.name() == name),
            About::Key(name) => key.is_some_and(|key| key.name() == name),
            About::RsaBelow(limit) => matches!(key, Some(KeyAlgorithm::Rsa { bits }) if bits < limit),
        }
    }
}

/// The table of this library, the strictest row of a kind first.
const ALGORITHMS: &[AlgorithmRule] = &[
    AlgorithmRule::new("sha1", 1_483_228_800, About::Digest("sha1")), // 2017-01-01
    AlgorithmRule::new("rsa below 1900 bits", 1_388_534_400, About::RsaBelow(1900)), // 2014-01-01
    AlgorithmRule::new("rsa below 2048 bits", 1_609_459_200, About::RsaBelow(2048)), // 2021-01-01
];

/// The dated table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Algorithms(Cow<'static, [AlgorithmRule]>);

impl Default for Algorithms {
    fn default() -> Algorithms {
        Algorithms(Cow::Borrowed(ALGORITHMS))
    }
}

impl Algorithms {
    pub(super) fn new(rows: Vec<AlgorithmRule>) -> Algorithms {
        Algorithms(Cow::Owned(rows))
    }

    /// The rows.
    pub fn iter(&self) -> impl Iterator<Item = &AlgorithmRule> {
        self.0.iter()
    }

    /// The row by which the digest or key is no longer acceptable at `time`, if any.
    pub(super) fn refused(&self, digest: Option<DigestAlgorithm>, key: Option<KeyAlgorithm>, time: Time) -> Option<&AlgorithmRule> {
        self.0.iter().find(|row| time >= row.until && row.is_about(digest, key))
    }

    /// When the digest or key ceases to be acceptable, if that is known.
    pub(super) fn end(&self, digest: Option<DigestAlgorithm>, key: Option<KeyAlgorithm>) -> Option<Time> {
        self.0.iter().filter(|row| row.is_about(digest, key)).map(|row| row.until).min()
    }
}
