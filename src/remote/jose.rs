//! Room `remote`: keys and signatures as JSON objects: JWK (RFC 7517, 7518 6, 8037 2), their thumbprints (RFC 7638), and JWS in its compact form
//! (RFC 7515 7.1).
//!
//! Takes public keys and signature values of ours, gives those of JOSE, and the other way round. Public keys alone: an object with a private member
//! is refused, whoever sent it. The algorithm follows from the key; a header only repeats it, so nobody chooses `none` or a MAC.

use super::json::Malformed;
use crate::crypto::{DigestAlgorithm, KeyAlgorithm, PublicKey, SignatureAlgorithm, digest::sha256, ecdsa_value, verify};
use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Map, Value};

/// Members that hold a private or a shared key (RFC 7518 6.2.2, 6.3.2, 6.4.1).
const PRIVATE: &[&str] = &["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Unpadded base64url (RFC 7515 2).
pub(super) fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// Its reading, of the one form that the bytes have.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, Malformed> {
    Base64UrlUnpadded::decode_vec(text).map_err(|_| Malformed::body("not base64url"))
}

/// The JWS algorithm of a kind of key, by its registered name (RFC 7518 3.1, RFC 8037 3.1); `None` where JOSE has none.
pub(super) fn algorithm(key: KeyAlgorithm) -> Option<(&'static str, SignatureAlgorithm)> {
    use DigestAlgorithm::{Sha256, Sha384, Sha512};
    Some(match key {
        KeyAlgorithm::P256 => ("ES256", SignatureAlgorithm::Ecdsa(Sha256)),
        KeyAlgorithm::P384 => ("ES384", SignatureAlgorithm::Ecdsa(Sha384)),
        KeyAlgorithm::P521 => ("ES512", SignatureAlgorithm::Ecdsa(Sha512)),
        KeyAlgorithm::Rsa { .. } => ("PS256", SignatureAlgorithm::RsaPss { digest: Sha256, salt_len: 32 }),
        KeyAlgorithm::Ed25519 => ("EdDSA", SignatureAlgorithm::Ed25519),
        _ => return None,
    })
}

fn curve(key: KeyAlgorithm) -> Option<&'static str> {
    Some(match key {
        KeyAlgorithm::P256 => "P-256",
        KeyAlgorithm::P384 => "P-384",
        KeyAlgorithm::P521 => "P-521",
        _ => return None,
    })
}

/// The members that a thumbprint takes and no others, in its order (RFC 7638 3.2); `None` for a key that JOSE has no form of.
pub(super) fn jwk(key: &PublicKey) -> Option<Map<String, Value>> {
    let members = |all: &[(&str, &str)]| all.iter().map(|(name, text)| ((*name).to_owned(), Value::from(*text))).collect();
    Some(match key.algorithm() {
        KeyAlgorithm::Ed25519 => members(&[("crv", "Ed25519"), ("kty", "OKP"), ("x", &encode(key.key_bytes()))]),
        KeyAlgorithm::Rsa { .. } => {
            let (n, e) = key.rsa_parts();
            members(&[("e", &encode(e)), ("kty", "RSA"), ("n", &encode(n))])
        }
        kind => {
            let name = curve(kind)?;
            // Uncompressed (SEC 1 2.3.3), as every key that this library makes.
            let (form, point) = key.key_bytes().split_first()?;
            let half = point.len().checked_div(2)?;
            let (x, y) = (point.get(..half)?, point.get(half..)?);
            if *form != 4 || x.len() != y.len() {
                return None;
            }
            members(&[("crv", name), ("kty", "EC"), ("x", &encode(x)), ("y", &encode(y))])
        }
    })
}

/// base64url of SHA-256 over the canonical members (RFC 7638 3.1).
pub(super) fn thumbprint(key: &PublicKey) -> Option<String> {
    // The map keeps its order, and writing texts into memory has no failing case.
    jwk(key).map(|members| encode(&sha256(Value::Object(members).to_string().as_bytes())))
}

/// A public key from its members; any others than private ones are ignored (RFC 7517 4).
pub(super) fn from_jwk(members: &Map<String, Value>) -> Result<PublicKey, Malformed> {
    if PRIVATE.iter().any(|name| members.contains_key(*name)) {
        return Err(Malformed::body("the key is not a public one"));
    }
    let wrong = Malformed::body("the key is not one of those that are accepted");
    let text = |name: &str| members.get(name).and_then(Value::as_str).ok_or(wrong);
    let number = |name: &str| decode(text(name)?).map_err(|_| wrong);
    match text("kty")? {
        "EC" => {
            let kinds = [KeyAlgorithm::P256, KeyAlgorithm::P384, KeyAlgorithm::P521];
            let name = text("crv")?;
            let kind = kinds.into_iter().find(|kind| curve(*kind) == Some(name)).ok_or(wrong)?;
            let (x, y) = (number("x")?, number("y")?);
            // RFC 7518 6.2.1.2: each of the full length, leading zeros included; that both together are is checked with the point.
            if x.len() != y.len() {
                return Err(wrong);
            }
            PublicKey::from_point(kind, &[&[4], &x[..], &y[..]].concat())
        }
        "RSA" => PublicKey::from_rsa(&number("n")?, &number("e")?),
        "OKP" if text("crv")? == "Ed25519" => PublicKey::from_point(KeyAlgorithm::Ed25519, &number("x")?),
        _ => return Err(wrong),
    }
    .map_err(|_| wrong)
}

/// A signature value of ours as JWS has it: for ECDSA the two numbers side by side (RFC 7518 3.4).
pub(super) fn to_jws(key: KeyAlgorithm, value: &[u8]) -> Option<Vec<u8>> {
    match key.order_len() {
        Some(order) => ecdsa_value::to_sides(value, order).ok(),
        None => Some(value.to_vec()),
    }
}

/// Whether a JWS signature value is that key's over the message.
pub(super) fn holds(key: &PublicKey, message: &[u8], value: &[u8]) -> bool {
    let Some((_, algorithm)) = algorithm(key.algorithm()) else { return false };
    match key.algorithm().order_len() {
        Some(order) => ecdsa_value::to_der(value, order).is_ok_and(|value| verify(key, &algorithm, message, &value).is_ok()),
        None => verify(key, &algorithm, message, value).is_ok(),
    }
}
