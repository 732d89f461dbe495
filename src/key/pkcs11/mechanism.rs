//! The key room, PKCS#11: which mechanisms a token has, and which of them makes a signature.
//!
//! Takes the token's list and one of our algorithms, gives the mechanism and what it is to be given. The token hashes where
//! it can; where it only signs digests the message is hashed here, never by the caller.

use crate::crypto::{DigestAlgorithm, KeyAlgorithm, SignatureAlgorithm};
use crate::error::{Error, ErrorKind, Result};
use cryptoki::context::Pkcs11;
use cryptoki::error::Error as ModuleError;
use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::slot::Slot;
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// What a token can do.
#[derive(Default)]
pub(super) struct Mechanisms {
    list: Vec<MechanismType>,
    /// Key sizes in bits that key generation takes, where the token says so.
    rsa_bits: Option<RangeInclusive<usize>>,
    ec_bits: Option<RangeInclusive<usize>>,
}

/// A signature as the token makes it.
#[derive(Debug)]
pub(super) struct Plan<'m> {
    pub(super) mechanism: Mechanism<'static>,
    /// The message, its digest, or its DigestInfo.
    pub(super) data: Cow<'m, [u8]>,
}

pub(super) fn unsupported(what: &'static str) -> Error {
    Error::new(ErrorKind::KeyAlgorithmUnsupported).context(what)
}

impl Mechanisms {
    pub(super) fn of(module: &Pkcs11, slot: Slot) -> Result<Mechanisms, ModuleError> {
        let list = module.get_mechanism_list(slot)?;
        let bits = |mechanism| {
            let info = module.get_mechanism_info(slot, mechanism).ok()?;
            // Zeros are what some tokens say instead of nothing.
            (list.contains(&mechanism) && info.max_key_size() > 0).then(|| info.min_key_size()..=info.max_key_size())
        };
        let (rsa_bits, ec_bits) = (bits(MechanismType::RSA_PKCS_KEY_PAIR_GEN), bits(MechanismType::ECC_KEY_PAIR_GEN));
        Ok(Mechanisms { list, rsa_bits, ec_bits })
    }

    fn has(&self, mechanism: MechanismType) -> bool {
        self.list.contains(&mechanism)
    }

    /// The mechanism that makes a key of that kind, refused before anything is made: the kind, its size, and that the token
    /// then signs with it as this library does.
    pub(super) fn generation(&self, key: KeyAlgorithm) -> Result<Mechanism<'static>> {
        let fits = |bits: &Option<RangeInclusive<usize>>, size: usize| bits.as_ref().is_none_or(|bits| bits.contains(&size));
        let (mechanism, size_fits) = match key {
            KeyAlgorithm::P256 => (Mechanism::EccKeyPairGen, fits(&self.ec_bits, 256)),
            KeyAlgorithm::P384 => (Mechanism::EccKeyPairGen, fits(&self.ec_bits, 384)),
            KeyAlgorithm::P521 => (Mechanism::EccKeyPairGen, fits(&self.ec_bits, 521)),
            KeyAlgorithm::Rsa { bits } if (2048..=4096).contains(&bits) && bits % 256 == 0 => {
                (Mechanism::RsaPkcsKeyPairGen, fits(&self.rsa_bits, bits as usize))
            }
            KeyAlgorithm::Ed25519 => (Mechanism::EccEdwardsKeyPairGen, true),
            _ => return Err(unsupported("keys of tokens are P-256, P-384, P-521, Ed25519 or RSA of 2048 to 4096 bits")),
        };
        if !self.has(mechanism.mechanism_type()) || !size_fits {
            return Err(unsupported("the token makes no keys of this kind and size"));
        }
        let signing = SignatureAlgorithm::preferred_for(key).ok_or_else(|| unsupported("there is no algorithm for such a key"))?;
        self.plan(&signing, key, &[])?;
        Ok(mechanism)
    }

    /// How the token signs the message with a key of that kind.
    pub(super) fn plan<'m>(&self, algorithm: &SignatureAlgorithm, key: KeyAlgorithm, message: &'m [u8]) -> Result<Plan<'m>> {
        if !algorithm.fits(key) {
            return Err(unsupported("the algorithm is for another kind of key"));
        }
        if algorithm.digest() == Some(DigestAlgorithm::Sha1) {
            // Never again a SHA-1 signature, whatever is asked.
            return Err(unsupported("nothing is signed with SHA-1"));
        }
        let whole = |mechanism| Plan { mechanism, data: Cow::Borrowed(message) };
        let (combined, raw) = match algorithm {
            SignatureAlgorithm::Ecdsa(digest) => {
                let row = row(*digest)?;
                if key == KeyAlgorithm::P521 && *digest == DigestAlgorithm::Sha256 {
                    return Err(unsupported("P-521 signs with SHA-384 or SHA-512"));
                }
                let mut hash = digest.digest(message);
                // The leftmost bits count (FIPS 186-5 6.4.1); some tokens refuse a longer digest.
                hash.truncate(key.order_len().unwrap_or_default());
                (whole(row.ecdsa), Plan { mechanism: Mechanism::Ecdsa, data: hash.into() })
            }
            SignatureAlgorithm::RsaPkcs1(digest) => {
                let row = row(*digest)?;
                let info = [row.digest_info, &digest.digest(message)].concat();
                (whole(row.rsa_pkcs1), Plan { mechanism: Mechanism::RsaPkcs, data: info.into() })
            }
            SignatureAlgorithm::RsaPss { digest, salt_len } => {
                if usize::try_from(*salt_len) != Ok(digest.len()) {
                    return Err(unsupported("the PSS salt is as long as the digest"));
                }
                let row = row(*digest)?;
                (whole(row.rsa_pss), Plan { mechanism: Mechanism::RsaPkcsPss(row.pss), data: digest.digest(message).into() })
            }
            SignatureAlgorithm::Ed25519 => {
                let pure = || whole(Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Pure)));
                (pure(), pure())
            }
        };
        [combined, raw]
            .into_iter()
            .find(|plan| self.has(plan.mechanism.mechanism_type()))
            .ok_or_else(|| unsupported("the token has no mechanism for this algorithm"))
    }
}

/// A digest's column in the tables of mechanisms.
struct Row {
    ecdsa: Mechanism<'static>,
    rsa_pkcs1: Mechanism<'static>,
    rsa_pss: Mechanism<'static>,
    pss: PkcsPssParams,
    /// DER of DigestInfo up to the digest (RFC 8017 9.2, note 1).
    digest_info: &'static [u8],
}

fn row(digest: DigestAlgorithm) -> Result<Row> {
    let pss = |hash_alg, mgf| PkcsPssParams { hash_alg, mgf, s_len: (digest.len() as u64).into() };
    match digest {
        DigestAlgorithm::Sha256 => {
            let pss = pss(MechanismType::SHA256, PkcsMgfType::MGF1_SHA256);
            Ok(Row {
                ecdsa: Mechanism::EcdsaSha256,
                rsa_pkcs1: Mechanism::Sha256RsaPkcs,
                rsa_pss: Mechanism::Sha256RsaPkcsPss(pss),
                pss,
                digest_info: &[0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20],
            })
        }
        DigestAlgorithm::Sha384 => {
            let pss = pss(MechanismType::SHA384, PkcsMgfType::MGF1_SHA384);
            Ok(Row {
                ecdsa: Mechanism::EcdsaSha384,
                rsa_pkcs1: Mechanism::Sha384RsaPkcs,
                rsa_pss: Mechanism::Sha384RsaPkcsPss(pss),
                pss,
                digest_info: &[0x30, 0x41, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2, 5, 0, 4, 0x30],
            })
        }
        DigestAlgorithm::Sha512 => {
            let pss = pss(MechanismType::SHA512, PkcsMgfType::MGF1_SHA512);
            Ok(Row {
                ecdsa: Mechanism::EcdsaSha512,
                rsa_pkcs1: Mechanism::Sha512RsaPkcs,
                rsa_pss: Mechanism::Sha512RsaPkcsPss(pss),
                pss,
                digest_info: &[0x30, 0x51, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3, 5, 0, 4, 0x40],
            })
        }
        _ => Err(unsupported("keys of tokens sign with SHA-256, SHA-384 or SHA-512")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind::KeyAlgorithmUnsupported;

    const SHA256: DigestAlgorithm = DigestAlgorithm::Sha256;
    const RSA: KeyAlgorithm = KeyAlgorithm::Rsa { bits: 3072 };

    fn having(list: &[MechanismType]) -> Mechanisms {
        Mechanisms { list: list.to_vec(), ..Mechanisms::default() }
    }

    #[test]
    fn the_token_hashes_where_it_can() {
        let both = having(&[MechanismType::ECDSA, MechanismType::ECDSA_SHA256]);
        let plan = both.plan(&SignatureAlgorithm::Ecdsa(SHA256), KeyAlgorithm::P256, b"m").unwrap();
        assert_eq!((plan.mechanism.mechanism_type(), &*plan.data), (MechanismType::ECDSA_SHA256, &b"m"[..]));
        let raw = having(&[MechanismType::ECDSA, MechanismType::RSA_PKCS, MechanismType::RSA_PKCS_PSS]);
        let plan = raw.plan(&SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha512), KeyAlgorithm::P256, b"m").unwrap();
        assert_eq!(*plan.data, DigestAlgorithm::Sha512.digest(b"m")[..32]);
        let plan = raw.plan(&SignatureAlgorithm::RsaPkcs1(SHA256), RSA, b"m").unwrap();
        assert_eq!((plan.mechanism.mechanism_type(), plan.data.len()), (MechanismType::RSA_PKCS, 19 + 32));
        let plan = raw.plan(&SignatureAlgorithm::RsaPss { digest: SHA256, salt_len: 32 }, RSA, b"m").unwrap();
        assert_eq!((plan.mechanism.mechanism_type(), plan.data.len()), (MechanismType::RSA_PKCS_PSS, 32));
    }

    #[test]
    fn what_no_token_of_ours_signs() {
        let all = having(&[MechanismType::ECDSA, MechanismType::RSA_PKCS, MechanismType::RSA_PKCS_PSS, MechanismType::EDDSA]);
        for (algorithm, key) in [
            (SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha1), KeyAlgorithm::P256),
            (SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha1), RSA),
            (SignatureAlgorithm::Ecdsa(SHA256), KeyAlgorithm::P521),
            (SignatureAlgorithm::Ecdsa(SHA256), RSA),
            (SignatureAlgorithm::Ed25519, KeyAlgorithm::P256),
            (SignatureAlgorithm::RsaPss { digest: SHA256, salt_len: 20 }, RSA),
        ] {
            assert_eq!(all.plan(&algorithm, key, b"m").unwrap_err().kind(), KeyAlgorithmUnsupported, "{algorithm:?}");
        }
    }

    #[test]
    fn a_key_that_could_not_sign_is_not_made() {
        // Makes keys and signs with none of them; signs and makes none; makes smaller ones.
        let refused = |mechanisms: &Mechanisms, key| assert_eq!(mechanisms.generation(key).unwrap_err().kind(), KeyAlgorithmUnsupported);
        refused(&having(&[MechanismType::ECC_KEY_PAIR_GEN]), KeyAlgorithm::P256);
        refused(&having(&[MechanismType::ECDSA]), KeyAlgorithm::P256);
        let small = Mechanisms { ec_bits: Some(256..=256), ..having(&[MechanismType::ECC_KEY_PAIR_GEN, MechanismType::ECDSA]) };
        refused(&small, KeyAlgorithm::P384);
        small.generation(KeyAlgorithm::P256).unwrap();
        let rsa = having(&[MechanismType::RSA_PKCS_KEY_PAIR_GEN, MechanismType::RSA_PKCS]);
        rsa.generation(RSA).unwrap();
        for bits in [1024, 2047, 8192] {
            refused(&rsa, KeyAlgorithm::Rsa { bits });
        }
    }
}
