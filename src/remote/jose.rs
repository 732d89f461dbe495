//! Room `remote`: keys and signatures as JSON objects: JWK (RFC 7517, 7518 6, 8037 2), their thumbprints (RFC 7638), and JWS in its compact form
//! (RFC 7515 7.1).
//!
//! Takes public keys and signature values of ours, gives those of JOSE, and the other way round. Public keys alone: an object with a private member
//! is refused, whoever sent it. The algorithm follows from the key; a header only repeats it, so nobody chooses `none` or a MAC.

use super::json::Malformed;
use crate::crypto::{DigestAlgorithm, KeyAlgorithm, PublicKey, SignatureAlgorithm, digest::sha256, ecdsa_value, verify};
use crate::error::{Error, ErrorKind};
use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Map, Value};

/// Members that hold a private or a shared key (RFC 7518 6.2.2, 6.3.2, 6.4.1).
const PRIVATE: &[&str] = &["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A JWS in its compact form, taken apart and not yet believed.
pub(super) struct Compact<'t> {
    /// What was signed (RFC 7515 5.1).
    input: &'t str,
    /// The header's members.
    pub(super) header: Map<String, Value>,
    /// The payload's.
    pub(super) payload: Map<String, Value>,
    value: Vec<u8>,
}

impl<'t> Compact<'t> {
    /// One JWS of that type, both of its parts objects. A header that demands to be understood (`crit`, RFC 7515 4.1.11) is refused: nothing of it
    /// is known here.
    pub(super) fn parse(text: &'t str, kind: &str, max: usize) -> Result<Compact<'t>, Malformed> {
        let wrong = Malformed::body("not a JWS of the type expected");
        let (input, value) = text.rsplit_once('.').filter(|_| text.len() <= max).ok_or(wrong)?;
        let (header, payload) = input.split_once('.').filter(|(_, payload)| !payload.contains('.')).ok_or(wrong)?;
        let object = |part: &str| match serde_json::from_slice(&decode(part)?) {
            Ok(Value::Object(members)) => Ok(members),
            _ => Err(wrong),
        };
        let (header, payload) = (object(header)?, object(payload)?);
        if header.get("typ").and_then(Value::as_str) != Some(kind) || header.contains_key("crit") {
            return Err(wrong);
        }
        Ok(Compact { input, header, payload, value: decode(value)? })
    }

    /// Whether that key signed it, by the algorithm that goes with the key and that the header names.
    pub(super) fn is_signed_by(&self, key: &PublicKey) -> bool {
        let named = self.header.get("alg").and_then(Value::as_str);
        algorithm(key.algorithm()).is_some_and(|(name, _)| Some(name) == named) && holds(key, self.input.as_bytes(), &self.value)
    }
}

/// A JWS that its key has yet to sign.
pub struct UnsignedJws {
    key: PublicKey,
    algorithm: SignatureAlgorithm,
    input: String,
}

impl UnsignedJws {
    /// With these parts; the header's `alg` follows from the key.
    pub(super) fn new(kind: &str, key: &PublicKey, header: (&str, Value), payload: Vec<(&str, Value)>) -> Result<UnsignedJws, Error> {
        let (name, algorithm) = algorithm(key.algorithm()).ok_or_else(|| Error::new(ErrorKind::KeyAlgorithmUnsupported))?;
        let part = |members: Vec<(&str, Value)>| {
            let members: Map<String, Value> = members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            encode(Value::Object(members).to_string().as_bytes())
        };
        let header = part(vec![("typ", kind.into()), ("alg", name.into()), header]);
        Ok(UnsignedJws { key: key.clone(), algorithm, input: format!("{header}.{}", part(payload)) })
    }

    /// What the key signs (RFC 7515 5.1), and by which algorithm.
    #[must_use]
    pub fn message(&self) -> (&[u8], &SignatureAlgorithm) {
        (self.input.as_bytes(), &self.algorithm)
    }

    /// The compact form (RFC 7515 7.1); ECDSA values are taken in DER, as every key store gives them.
    ///
    /// # Errors
    /// [`ErrorKind::KeySignatureWrong`] for a value that has not that form.
    pub fn with_signature(self, value: &[u8]) -> Result<String, Error> {
        let value = to_jws(self.key.algorithm(), value).ok_or_else(|| Error::new(ErrorKind::KeySignatureWrong))?;
        Ok(format!("{}.{}", self.input, encode(&value)))
    }
}

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
fn holds(key: &PublicKey, message: &[u8], value: &[u8]) -> bool {
    let Some((_, algorithm)) = algorithm(key.algorithm()) else { return false };
    match key.algorithm().order_len() {
        Some(order) => ecdsa_value::to_der(value, order).is_ok_and(|value| verify(key, &algorithm, message, &value).is_ok()),
        None => verify(key, &algorithm, message, value).is_ok(),
    }
}
