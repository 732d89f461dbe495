//! Room `remote`: the pins of a service as a document that its operator signs (a JWS, RFC 7515, of type `pins+jwt`): what takes the place of the pins
//! that an app was built with. Both directions.
//!
//! Takes the document's text and the update keys that the app was built with, gives what it says once one of them signed it. It says for which host
//! it is, or one service's document would open another's; it counts up, or an old one would bring back a key that was given up; and it ends.

use super::jose::{self, Compact, UnsignedJws};
use crate::crypto::PublicKey;
use crate::error::{Error, ErrorKind, Result};
use crate::time::Time;
use base64ct::{Base64, Encoding};
use serde_json::Value;

const TYPE: &str = "pins+jwt";
/// Most bytes of a document.
const MAX_DOCUMENT: usize = 16 << 10;
/// Fewest and most pins: one for the key in use, one for the key that comes after it.
const COUNT: std::ops::RangeInclusive<usize> = 2..=16;
/// Longest validity, in seconds: 400 days.
pub const LONGEST: i64 = 400 * 86_400;
/// Largest serial that every reader of JSON keeps whole (RFC 8259 6).
const MAX_SERIAL: u64 = (1 << 53) - 1;
const MAX_HOST: usize = 255;

/// What a document of pins says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinDocument {
    /// `serial`: counts up from 1 with each document of a host.
    pub serial: u64,
    /// `host`: the host of the service's address, in lower case.
    pub host: String,
    /// `pins`: SHA-256 over the SubjectPublicKeyInfo of each key that the service may have (RFC 7469 2.4).
    pub pins: Vec<[u8; 32]>,
    /// `iat`: when it was made.
    pub issued: Time,
    /// `exp`: until when its pins are enforced.
    pub expires: Time,
}

impl PinDocument {
    /// What the text says, if one of these keys signed it. Whether it is for this host, newer than what is held and not yet at its end is the
    /// reader's to compare.
    ///
    /// # Errors
    /// [`ErrorKind::PinUpdateRefused`].
    pub fn read(text: &str, keys: &[PublicKey]) -> Result<PinDocument> {
        let malformed = || refused("the document is malformed");
        let jws = Compact::parse(text.trim(), TYPE, MAX_DOCUMENT).map_err(|_| malformed())?;
        // The header only says which of the known keys it was; a key of its own it cannot bring.
        let named = jws.header.get("kid").and_then(Value::as_str).ok_or_else(malformed)?;
        let key =
            keys.iter().find(|key| jose::thumbprint(key).as_deref() == Some(named)).ok_or_else(|| refused("an unknown key signed it"))?;
        if !jws.is_signed_by(key) {
            return Err(refused("its signature is wrong"));
        }
        let member = |name: &str| jws.payload.get(name).ok_or_else(malformed);
        let time = |name: &str| member(name)?.as_i64().map(Time::from_unix).ok_or_else(malformed);
        let pins = member("pins")?.as_array().ok_or_else(malformed)?.iter().take(COUNT.end().saturating_add(1));
        let document = PinDocument {
            serial: member("serial")?.as_u64().ok_or_else(malformed)?,
            host: member("host")?.as_str().ok_or_else(malformed)?.to_owned(),
            pins: pins.map(|pin| pin.as_str().and_then(digest).ok_or_else(malformed)).collect::<Result<_>>()?,
            issued: time("iat")?,
            expires: time("exp")?,
        };
        document.check()?;
        Ok(document)
    }

    /// The document that this key has yet to sign.
    ///
    /// # Errors
    /// [`ErrorKind::PinUpdateRefused`] for what no reader would take; [`ErrorKind::KeyAlgorithmUnsupported`] for a kind of key without a JOSE form.
    pub fn unsigned(&self, key: &PublicKey) -> Result<UnsignedJws> {
        self.check()?;
        let named = jose::thumbprint(key).ok_or_else(|| Error::new(ErrorKind::KeyAlgorithmUnsupported))?;
        let pins: Vec<Value> = self.pins.iter().map(|pin| Base64::encode_string(pin).into()).collect();
        let payload = vec![
            ("serial", self.serial.into()),
            ("host", self.host.as_str().into()),
            ("pins", pins.into()),
            ("iat", self.issued.unix().into()),
            ("exp", self.expires.unix().into()),
        ];
        UnsignedJws::new(TYPE, key, ("kid", named.into()), payload)
    }

    fn check(&self) -> Result<()> {
        if self.serial == 0 || self.serial > MAX_SERIAL {
            return Err(refused("its serial is out of range"));
        }
        if self.host.is_empty() || self.host.len() > MAX_HOST || self.host != self.host.to_ascii_lowercase() {
            return Err(refused("its host is none"));
        }
        let repeated = self.pins.iter().enumerate().any(|(at, pin)| self.pins.iter().skip(at.saturating_add(1)).any(|other| other == pin));
        if !COUNT.contains(&self.pins.len()) || repeated {
            return Err(refused("it needs two to sixteen different pins"));
        }
        let lasts = self.expires.unix().checked_sub(self.issued.unix());
        if lasts.is_none_or(|seconds| seconds <= 0 || seconds > LONGEST) {
            return Err(refused("it lasts longer than 400 days, or not at all"));
        }
        Ok(())
    }
}

/// The SHA-256 of a pin's text: base64, with or without `sha256/` before it.
pub(crate) fn digest(text: &str) -> Option<[u8; 32]> {
    let text = text.trim();
    Base64::decode_vec(text.strip_prefix("sha256/").unwrap_or(text)).ok()?.try_into().ok()
}

fn refused(what: &'static str) -> Error {
    Error::new(ErrorKind::PinUpdateRefused).context(what)
}

#[cfg(test)]
mod tests;
