//! The crypto room: digests.
//!
//! Takes bytes, gives digest values. SHA-1 exists only to read old signatures; whether it still counts is judged elsewhere. What every
//! signature of today needs is computed by ring, where it is built in: where a processor has no instructions for SHA-256, twice as fast.

#[cfg(feature = "ring")]
use super::by_ring::{Sha256, Sha384, Sha512};
use const_oid::ObjectIdentifier;
use sha2::Digest;
#[cfg(not(feature = "ring"))]
use sha2::{Sha256, Sha384, Sha512};

/// One row for each algorithm: everything that depends on it, so that none can be half there.
macro_rules! algorithms {
    ($( $(#[cfg($built:meta)])? $name:ident($hash:ty) = $label:literal, $len:literal, $oid:literal, $doc:literal; )*) => {
        /// A digest algorithm that the library computes. SHA-3 and the rarer members of SHA-2 come with the feature `algorithms-full`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum DigestAlgorithm { $( $(#[cfg($built)])? #[doc = $doc] $name, )* }

        impl DigestAlgorithm {
            /// Every algorithm of this build.
            pub const ALL: &'static [DigestAlgorithm] = &[ $( $(#[cfg($built)])? DigestAlgorithm::$name, )* ];

            /// Length of the digest in bytes.
            #[must_use]
            #[expect(clippy::len_without_is_empty, reason = "a digest is never empty")]
            pub const fn len(self) -> usize { match self { $( $(#[cfg($built)])? DigestAlgorithm::$name => $len, )* } }

            /// The stable name, e.g. `sha256`.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $( $(#[cfg($built)])? DigestAlgorithm::$name => $label, )* } }

            /// The names of ECDSA, RSASSA-PKCS1-v1_5 and RSASSA-PSS with this digest.
            pub(crate) const fn signature_names(self) -> [&'static str; 3] {
                match self { $(
                    $(#[cfg($built)])?
                    DigestAlgorithm::$name => [concat!("ecdsa-", $label), concat!("rsa-pkcs1-", $label), concat!("rsa-pss-", $label)],
                )* }
            }

            /// The object identifier (RFC 8017 B.1; NIST's register for SHA-3).
            #[must_use]
            pub const fn oid(self) -> ObjectIdentifier {
                match self { $( $(#[cfg($built)])? DigestAlgorithm::$name => ObjectIdentifier::new_unwrap($oid), )* }
            }

            /// The digest of `message`.
            #[must_use]
            pub fn digest(self, message: &[u8]) -> Vec<u8> {
                match self { $( $(#[cfg($built)])? DigestAlgorithm::$name => <[u8]>::to_vec(<$hash>::digest(message).as_ref()), )* }
            }
        }

        #[derive(Clone)]
        enum State { $( $(#[cfg($built)])? $name($hash), )* }

        impl Hasher {
            /// Starts over no bytes.
            #[must_use]
            pub fn new(algorithm: DigestAlgorithm) -> Hasher {
                Hasher(match algorithm { $( $(#[cfg($built)])? DigestAlgorithm::$name => State::$name(<$hash>::new()), )* })
            }

            /// The algorithm.
            #[must_use]
            pub fn algorithm(&self) -> DigestAlgorithm {
                match self.0 { $( $(#[cfg($built)])? State::$name(_) => DigestAlgorithm::$name, )* }
            }

            /// Adds bytes.
            pub fn update(&mut self, bytes: &[u8]) {
                match &mut self.0 { $( $(#[cfg($built)])? State::$name(h) => h.update(bytes), )* }
            }

            /// The digest of all bytes added.
            #[must_use]
            pub fn finish(self) -> Vec<u8> {
                match self.0 { $( $(#[cfg($built)])? State::$name(h) => <[u8]>::to_vec(h.finalize().as_ref()), )* }
            }
        }
    };
}

algorithms! {
    Sha1(sha1::Sha1) = "sha1", 20, "1.3.14.3.2.26", "SHA-1 (FIPS 180-4), for old signatures only.";
    Sha256(Sha256) = "sha256", 32, "2.16.840.1.101.3.4.2.1", "SHA-256.";
    Sha384(Sha384) = "sha384", 48, "2.16.840.1.101.3.4.2.2", "SHA-384.";
    Sha512(Sha512) = "sha512", 64, "2.16.840.1.101.3.4.2.3", "SHA-512.";
    #[cfg(feature = "algorithms-full")]
    Sha224(sha2::Sha224) = "sha224", 28, "2.16.840.1.101.3.4.2.4", "SHA-224.";
    #[cfg(feature = "algorithms-full")]
    Sha512_256(sha2::Sha512_256) = "sha512-256", 32, "2.16.840.1.101.3.4.2.6", "SHA-512/256.";
    #[cfg(feature = "algorithms-full")]
    Sha3_224(sha3::Sha3_224) = "sha3-224", 28, "2.16.840.1.101.3.4.2.7", "SHA3-224 (FIPS 202).";
    #[cfg(feature = "algorithms-full")]
    Sha3_256(sha3::Sha3_256) = "sha3-256", 32, "2.16.840.1.101.3.4.2.8", "SHA3-256.";
    #[cfg(feature = "algorithms-full")]
    Sha3_384(sha3::Sha3_384) = "sha3-384", 48, "2.16.840.1.101.3.4.2.9", "SHA3-384.";
    #[cfg(feature = "algorithms-full")]
    Sha3_512(sha3::Sha3_512) = "sha3-512", 64, "2.16.840.1.101.3.4.2.10", "SHA3-512.";
}

impl DigestAlgorithm {
    /// The algorithm of that object identifier, `None` if it is not one of ours.
    #[must_use]
    pub fn from_oid(oid: &ObjectIdentifier) -> Option<DigestAlgorithm> {
        DigestAlgorithm::from_oid_bytes(oid.as_bytes())
    }

    /// The algorithm of the value bytes of an object identifier, `None` if it is not one of ours.
    #[must_use]
    pub fn from_oid_bytes(oid: &[u8]) -> Option<DigestAlgorithm> {
        DigestAlgorithm::ALL.iter().copied().find(|a| a.oid().as_bytes() == oid)
    }
}

/// A digest being computed. A clone continues on its own: nested signed ranges share their prefix.
#[derive(Clone)]
pub struct Hasher(State);

/// SHA-256 as an array, the form in which it is kept.
#[must_use]
pub fn sha256(message: &[u8]) -> [u8; 32] {
    let mut value = [0; 32];
    value.copy_from_slice(Sha256::digest(message).as_ref());
    value
}

/// A digest as text: two lower-case hexadecimal digits a byte.
#[must_use]
pub fn hex(value: &[u8]) -> String {
    let digit = |value: u8| char::from(value + if value < 10 { b'0' } else { b'a' - 10 });
    value.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4 and FIPS 202 examples: the digest of `abc`.
    #[test]
    fn known_answers() {
        let cases = [
            (DigestAlgorithm::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (DigestAlgorithm::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (DigestAlgorithm::Sha384, "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"),
            (
                DigestAlgorithm::Sha512,
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            ),
        ];
        #[cfg(feature = "algorithms-full")]
        let cases = [
            &cases[..],
            &[
                (DigestAlgorithm::Sha224, "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
                (DigestAlgorithm::Sha512_256, "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"),
                (DigestAlgorithm::Sha3_224, "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf"),
                (DigestAlgorithm::Sha3_256, "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
                (
                    DigestAlgorithm::Sha3_384,
                    "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25",
                ),
                (
                    DigestAlgorithm::Sha3_512,
                    "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0",
                ),
            ],
        ]
        .concat();
        assert_eq!(cases.len(), DigestAlgorithm::ALL.len());
        for (algorithm, expected) in cases {
            assert_eq!(hex(&algorithm.digest(b"abc")), expected);
            let mut hasher = Hasher::new(algorithm);
            hasher.update(b"a");
            let branch = hasher.clone();
            hasher.update(b"bc");
            assert_eq!(hex(&hasher.finish()), expected);
            assert_eq!(branch.finish(), algorithm.digest(b"a"));
            assert_eq!(algorithm.len(), expected.len() / 2);
            assert_eq!(DigestAlgorithm::from_oid(&algorithm.oid()), Some(algorithm));
        }
    }
}
