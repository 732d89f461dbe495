//! The key room, PKCS#11: public keys. A token keeps their numbers in attributes; everybody else reads SubjectPublicKeyInfo.
//!
//! Takes attributes of an object, gives a public key. Vendors write points both bare and wrapped into an OCTET STRING; the
//! curve's length tells which.

use crate::crypto::{KeyAlgorithm, PublicKey};
use crate::error::{Error, ErrorKind, Result};
use cryptoki::object::Attribute;
use der::asn1::ObjectIdentifier;
use der::{Decode, Encode};

const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");

/// What CKA_EC_PARAMS says: the curve by its object identifier, or Ed25519 by its name (PKCS#11 3.0).
const EDWARDS_NAME: &[u8] = b"\x13\x0cedwards25519";

fn malformed(what: &'static str) -> Error {
    Error::new(ErrorKind::DerMalformed).context(what)
}

/// DER for CKA_EC_PARAMS of a new key, `None` for keys on no curve.
pub(super) fn ec_params(key: KeyAlgorithm) -> Option<Vec<u8>> {
    let curve = match key {
        KeyAlgorithm::P256 => P256,
        KeyAlgorithm::P384 => P384,
        KeyAlgorithm::P521 => P521,
        KeyAlgorithm::Ed25519 => ED25519,
        _ => return None,
    };
    curve.to_der().ok()
}

/// The public key that the attributes hold, `None` if they hold none.
///
/// # Errors
/// [`ErrorKind::DerMalformed`]; [`ErrorKind::AlgorithmUnsupported`].
pub(super) fn from_attributes(attributes: &[Attribute]) -> Result<Option<PublicKey>> {
    let (mut modulus, mut exponent, mut params, mut point) = (None, None, None, None);
    for attribute in attributes {
        match attribute {
            Attribute::PublicKeyInfo(info) if !info.is_empty() => return PublicKey::from_spki_der(info).map(Some),
            Attribute::Modulus(value) => modulus = Some(value),
            Attribute::PublicExponent(value) => exponent = Some(value),
            Attribute::EcParams(value) => params = Some(value),
            Attribute::EcPoint(value) => point = Some(value),
            _ => {}
        }
    }
    match (modulus, exponent, params, point) {
        (Some(modulus), Some(exponent), ..) if !modulus.is_empty() && !exponent.is_empty() => {
            PublicKey::from_rsa(modulus, exponent).map(Some)
        }
        (_, _, Some(params), Some(point)) if !point.is_empty() => on_curve(params, point).map(Some),
        _ => Ok(None),
    }
}

fn on_curve(params: &[u8], point: &[u8]) -> Result<PublicKey> {
    let curve = if params == EDWARDS_NAME { Ok(ED25519) } else { ObjectIdentifier::from_der(params) };
    let curve = curve.map_err(|_| Error::new(ErrorKind::AlgorithmUnsupported).context("the token's curve parameters"))?;
    let (kind, len) = match curve {
        P256 => (KeyAlgorithm::P256, 65),
        P384 => (KeyAlgorithm::P384, 97),
        P521 => (KeyAlgorithm::P521, 133),
        ED25519 => (KeyAlgorithm::Ed25519, 32),
        _ => return Err(Error::new(ErrorKind::AlgorithmUnsupported).context("the token's curve")),
    };
    // Every wrapping is a header before the point, whose length says what it wraps.
    let bare = match point.len().checked_sub(len) {
        Some(0) => point,
        Some(_) => <&der::asn1::OctetStringRef>::from_der(point).map_err(|_| malformed("the token's point"))?.as_bytes(),
        None => return Err(malformed("the token's point")),
    };
    PublicKey::from_point(kind, bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_bare_and_wrapped() {
        let p256 = ec_params(KeyAlgorithm::P256).unwrap();
        let point = [&[4_u8][..], &[7; 64]].concat();
        let wrapped = [&[4_u8, 65][..], &point].concat();
        let key = |point: &[u8]| from_attributes(&[Attribute::EcParams(p256.clone()), Attribute::EcPoint(point.to_vec())]);
        let bare = key(&point).unwrap().unwrap();
        assert_eq!((bare.algorithm(), bare.key_bytes()), (KeyAlgorithm::P256, &point[..]));
        assert_eq!(key(&wrapped).unwrap().unwrap(), bare);
        for bad in [&point[1..], &wrapped[1..wrapped.len() - 1], &[&wrapped[..], &[0]].concat(), &[5; 65]] {
            assert!(key(bad).is_err(), "{bad:?}");
        }
        assert_eq!(key(&[]).unwrap(), None);
    }

    #[test]
    fn ed25519_by_number_and_by_name() {
        let key = |params: &[u8], point: &[u8]| {
            from_attributes(&[Attribute::EcParams(params.to_vec()), Attribute::EcPoint(point.to_vec())]).unwrap().unwrap()
        };
        let by_number = key(&ec_params(KeyAlgorithm::Ed25519).unwrap(), &[9; 32]);
        assert_eq!(by_number.algorithm(), KeyAlgorithm::Ed25519);
        assert_eq!(key(EDWARDS_NAME, &[&[4, 32][..], &[9; 32]].concat()), by_number);
    }

    #[test]
    fn rsa_numbers() {
        let modulus = [&[0x80_u8][..], &[1; 255]].concat();
        let attributes = |modulus: &[u8]| [Attribute::Modulus(modulus.to_vec()), Attribute::PublicExponent(vec![1, 0, 1])];
        let key = from_attributes(&attributes(&modulus)).unwrap().unwrap();
        assert_eq!(key.algorithm(), KeyAlgorithm::Rsa { bits: 2048 });
        assert_eq!(key.rsa_parts(), (&modulus[..], &[1, 0, 1][..]));
        assert_eq!(from_attributes(&attributes(&[&[0], &modulus[..]].concat())).unwrap().unwrap(), key);
        assert_eq!(from_attributes(&[]).unwrap(), None);
    }
}
