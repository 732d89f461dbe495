//! Room `remote`: proofs of possession, DPoP (RFC 9449): whoever shows a token shows, call by call, that they hold the key it was given to. Both
//! directions of the header field `DPoP`.
//!
//! Takes what one call is (method, address, time, token, the service's nonce) and gives what the key signs; takes a header field and gives what it
//! says, its signature checked. Whether it speaks of this very call, and for the first time, is the server's to compare: [`Proof::is_of`] and `jti`.

use super::http::{Headers, Method};
use super::jose::{self, UnsignedJws};
use super::json::Malformed;
use crate::crypto::PublicKey;
use crate::crypto::digest::sha256;
use crate::error::{Error, ErrorKind, Result};
use crate::time::Time;
use serde_json::{Map, Value};

/// The header field that carries a proof, and the scheme of tokens that need one (RFC 9449 4.1, 7.1).
pub const DPOP: &str = "DPoP";
/// The header field by which the service gives the nonce for the next proofs (RFC 9449 8).
pub const DPOP_NONCE: &str = "DPoP-Nonce";
/// The error code that asks for a proof with the nonce (RFC 9449 8).
pub const USE_DPOP_NONCE: &str = "use_dpop_nonce";
/// The error code for a proof that is none (RFC 9449 5).
pub const INVALID_DPOP_PROOF: &str = "invalid_dpop_proof";
/// The JWS algorithms of proofs.
pub const ALGORITHMS: &[&str] = &["ES256", "ES384", "ES512", "PS256", "EdDSA"];

const TYPE: &str = "dpop+jwt";
/// Most bytes of a proof: twice what an RSA key of 8192 bits takes.
const MAX_PROOF: usize = 8 << 10;
/// Most bytes of an id or a nonce.
const MAX_TEXT: usize = 512;

/// What one proof says (RFC 9449 4.2).
#[derive(Clone, PartialEq, Eq)]
pub struct Claims {
    /// `jti`: an id of its own, at least 96 random bits.
    pub id: String,
    /// `htm`: the method.
    pub method: String,
    /// `htu`: the address, without query and fragment.
    pub url: String,
    /// `iat`: when it was made.
    pub at: Time,
    /// `ath`: [`token_hash`] of the access token it goes with.
    pub token_hash: Option<String>,
    /// `nonce`: the service's.
    pub nonce: Option<String>,
}

/// base64url of SHA-256 over the token (RFC 9449 4.2).
#[must_use]
pub fn token_hash(token: &str) -> String {
    jose::encode(&sha256(token.as_bytes()))
}

/// By what a token names the key it was given to: its thumbprint (RFC 9449 6.1, RFC 7638). `None` for a kind of key that makes no proofs.
#[must_use]
pub fn thumbprint(key: &PublicKey) -> Option<String> {
    jose::algorithm(key.algorithm()).and_then(|_| jose::thumbprint(key))
}

impl Claims {
    /// The proof of these claims that this key has yet to sign.
    ///
    /// # Errors
    /// [`ErrorKind::KeyAlgorithmUnsupported`] for a kind of key that JOSE has no name for.
    pub fn unsigned(&self, key: &PublicKey) -> Result<UnsignedJws> {
        let jwk = jose::jwk(key).ok_or_else(|| Error::new(ErrorKind::KeyAlgorithmUnsupported))?;
        let mut members = vec![
            ("jti", self.id.as_str().into()),
            ("htm", self.method.as_str().into()),
            ("htu", self.url.as_str().into()),
            ("iat", self.at.unix().into()),
        ];
        members.extend(self.token_hash.as_deref().map(|hash| ("ath", hash.into())));
        members.extend(self.nonce.as_deref().map(|nonce| ("nonce", nonce.into())));
        UnsignedJws::new(TYPE, key, ("jwk", Value::Object(jwk)), members)
    }
}

/// A proof whose signature holds under the key that it names itself.
pub struct Proof {
    /// What it says.
    pub claims: Claims,
    /// By whom.
    pub key: PublicKey,
}

impl Proof {
    /// The proof among a request's header fields; `None` without one. The checks of RFC 9449 4.3 that need nothing but the proof: one field,
    /// one JWS, its type, an algorithm that goes with the key, no private key, every claim, and the signature.
    ///
    /// # Errors
    /// [`Malformed`], for the refusal [`INVALID_DPOP_PROOF`].
    pub fn read(headers: &Headers) -> std::result::Result<Option<Proof>, Malformed> {
        match (headers.count(DPOP), headers.get(DPOP)) {
            (0, _) => Ok(None),
            (_, Some(text)) => Proof::from_compact(text.trim()).map(Some),
            _ => Err(Malformed::body("more than one proof")),
        }
    }

    fn from_compact(text: &str) -> std::result::Result<Proof, Malformed> {
        let wrong = Malformed::body("the proof is malformed");
        let jws = jose::Compact::parse(text, TYPE, MAX_PROOF)?;
        let (header, payload) = (&jws.header, &jws.payload);
        let text_of = |members: &Map<String, Value>, name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
        let key = match header.get("jwk") {
            Some(Value::Object(members)) => jose::from_jwk(members)?,
            _ => return Err(wrong),
        };
        if !jws.is_signed_by(&key) {
            return Err(Malformed::body("the proof's signature is wrong"));
        }
        let short = |name: &str| text_of(payload, name).filter(|text| !text.is_empty() && text.len() <= MAX_TEXT);
        let claims = Claims {
            id: short("jti").ok_or(wrong)?,
            method: short("htm").ok_or(wrong)?,
            url: text_of(payload, "htu").ok_or(wrong)?,
            at: Time::from_unix(payload.get("iat").and_then(Value::as_i64).ok_or(wrong)?),
            token_hash: text_of(payload, "ath"),
            nonce: text_of(payload, "nonce"),
        };
        // A claim that is there in another form is not a claim that is missing.
        let odd = |name: &str, read: &Option<String>| payload.contains_key(name) && read.is_none();
        if odd("ath", &claims.token_hash) || odd("nonce", &claims.nonce) {
            return Err(wrong);
        }
        Ok(Proof { claims, key })
    }

    /// Whether it was made for a call of that method to that address (RFC 9449 4.3, 8 and 9: query and fragment do not count, nor do upper case
    /// in the scheme and the host, or the usual port).
    #[must_use]
    pub fn is_of(&self, method: Method, url: &str) -> bool {
        self.claims.method == method.as_str() && normal(&self.claims.url).is_some_and(|named| Some(named) == normal(url))
    }

    /// By what tokens name its key.
    #[must_use]
    pub fn thumbprint(&self) -> Option<String> {
        thumbprint(&self.key)
    }
}

/// Scheme, authority and path (RFC 3986 6.2.2.1, 6.2.3); `None` for what is no address of HTTP.
fn normal(url: &str) -> Option<(String, String, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let usual = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let rest = rest.split(['?', '#']).next()?;
    let (authority, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
    // What stands before an @ would name another host to a careless reader.
    if authority.is_empty() || authority.contains('@') {
        return None;
    }
    let authority = authority.to_ascii_lowercase();
    let authority = authority.strip_suffix(usual).unwrap_or(&authority).to_owned();
    Some((scheme, authority, path))
}

#[cfg(test)]
mod tests;
