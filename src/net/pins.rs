//! The room `net`: pins: which public keys the service may have, beside what the roots say. Checked after the validation of the
//! certificate, against its leaf; never instead of it.

use crate::crypto::DigestAlgorithm;
use crate::error::{Error, ErrorKind, Result};
use crate::remote::pin_document::{PinDocument, digest};
use crate::time::Time;
use std::fmt;
use std::sync::Arc;

/// Something about the pins that somebody should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PinEvent {
    /// The service's key is not among the pins; `refused` says whether that ended the connection.
    Mismatch {
        /// Whether the connection was refused.
        refused: bool,
    },
    /// The pins are past their date and no longer enforced.
    Expired,
    /// Newer pins took their place, those of the document of that serial; it is worth keeping.
    Updated {
        /// The document's serial.
        serial: u64,
    },
    /// A document of pins was refused, fetched or kept; the pins are as they were.
    UpdateRefused,
}

/// Called on the network thread, never under a lock; must not block.
pub type PinObserver = Arc<dyn Fn(PinEvent) + Send + Sync>;

/// The pins of an environment.
#[derive(Clone, Debug)]
pub struct PinSet {
    pins: Vec<[u8; 32]>,
    not_after: Option<Time>,
    report_only: bool,
    serial: u64,
}

impl PinSet {
    /// Pins: SHA-256 over the SubjectPublicKeyInfo (RFC 7469 2.4), base64, with or without `sha256/` before it. At least two
    /// different ones, so that losing one key does not lock every device out. Past `not_after` they are reported, not enforced.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigMalformed`] for fewer than two or one that is not a SHA-256.
    pub fn new(pins: &[&str], not_after: Option<Time>) -> Result<PinSet> {
        let wrong = |what: &'static str| Error::new(ErrorKind::ConfigMalformed).context(what);
        let mut read: Vec<[u8; 32]> = Vec::new();
        for pin in pins {
            let bytes = digest(pin).ok_or_else(|| wrong("a pin is not a SHA-256 in base64"))?;
            if !read.contains(&bytes) {
                read.push(bytes);
            }
        }
        if read.len() < 2 {
            return Err(wrong("a pin set needs a backup pin"));
        }
        Ok(PinSet { pins: read, not_after, report_only: false, serial: 0 })
    }

    /// The same, only reported: to try pins out before they can lock anybody out.
    #[must_use]
    pub fn report_only(mut self) -> PinSet {
        self.report_only = true;
        self
    }

    /// The same, as those of the document of that serial ([`crate::remote::pin_document`]): no older one takes their place. 0 without this.
    #[must_use]
    pub fn of_serial(mut self, serial: u64) -> PinSet {
        self.serial = serial;
        self
    }

    /// The serial of the document that these pins are those of.
    #[must_use]
    pub fn serial(&self) -> u64 {
        self.serial
    }

    /// Whether they are past their date at that time.
    pub(super) fn are_over(&self, now: Time) -> bool {
        self.not_after.is_some_and(|end| now > end)
    }

    /// What stands in the document, enforced or reported as these are.
    pub(super) fn replaced_by(&self, document: &PinDocument) -> PinSet {
        PinSet { pins: document.pins.clone(), not_after: Some(document.expires), report_only: self.report_only, serial: document.serial }
    }

    /// Whether these are the document's pins.
    pub(super) fn are_of(&self, document: &PinDocument) -> bool {
        self.serial == document.serial && self.pins == document.pins && self.not_after == Some(document.expires)
    }

    /// What to do about this key at that time: the event to tell, if any, and whether to go on.
    pub(super) fn check(&self, spki_der: &[u8], now: Time) -> (Option<PinEvent>, bool) {
        if self.are_over(now) {
            return (Some(PinEvent::Expired), true);
        }
        let digest = DigestAlgorithm::Sha256.digest(spki_der);
        if self.pins.iter().any(|pin| pin[..] == digest[..]) {
            return (None, true);
        }
        (Some(PinEvent::Mismatch { refused: !self.report_only }), self.report_only)
    }
}

/// Put into the TLS error so that it can be told from all others.
#[derive(Debug)]
pub(super) struct PinMismatch;

impl fmt::Display for PinMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no pin fits")
    }
}

impl std::error::Error for PinMismatch {}

#[cfg(test)]
mod tests {
    use super::*;
    use base64ct::{Base64, Encoding};

    fn pin(byte: u8) -> String {
        Base64::encode_string(&DigestAlgorithm::Sha256.digest(&[byte]))
    }

    #[test]
    fn a_backup_pin_is_required_and_every_pin_a_sha256() {
        let (one, two) = (pin(1), pin(2));
        assert!(PinSet::new(&[&one, &format!("sha256/{two}")], None).is_ok());
        for pins in [&[][..], &[&*one], &[&*one, &*one], &[&*one, "AAAA"], &[&*one, "%"], &[&*one, ""]] {
            assert_eq!(PinSet::new(pins, None).unwrap_err().kind(), ErrorKind::ConfigMalformed, "{pins:?}");
        }
    }

    #[test]
    fn pins_are_enforced_until_their_date_and_then_reported() {
        let end = Time::from_unix(1000);
        let pins = PinSet::new(&[&pin(1), &pin(2)], Some(end)).unwrap();
        assert_eq!(pins.check(&[2], end), (None, true));
        assert_eq!(pins.check(&[3], end), (Some(PinEvent::Mismatch { refused: true }), false));
        assert_eq!(pins.check(&[3], end.plus(1)), (Some(PinEvent::Expired), true));
        assert_eq!(pins.report_only().check(&[3], end), (Some(PinEvent::Mismatch { refused: false }), true));
    }
}
