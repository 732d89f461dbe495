//! The pki room: the content of time-stamp tokens (RFC 3161 2.4.2).
//!
//! Takes TSTInfo DER, gives its facts. The token's signature and the authority's certificate are checked with the CMS around it; whether
//! the time is believed is judged elsewhere.

use crate::crypto::digest::DigestAlgorithm;
use crate::error::{ErrorKind, Result};
use crate::pki::algorithm;
use crate::pki::der::{self, DerFault, Tlv};
use crate::time::Time;
use const_oid::ObjectIdentifier;

/// What a time-stamp token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TstInfo {
    /// The authority's policy.
    pub policy: ObjectIdentifier,
    /// The algorithm of the imprint, `None` if it is not one this library computes.
    pub imprint_algorithm: Option<DigestAlgorithm>,
    /// The digest that was stamped.
    pub imprint: Vec<u8>,
    /// The token's serial number, as it stands in the token.
    pub serial: Vec<u8>,
    /// The time, fractions of a second dropped.
    pub time: Time,
    /// The accuracy, rounded up to seconds; `None` if none is given.
    pub accuracy: Option<u32>,
    /// Whether tokens of this authority are strictly ordered.
    pub ordering: bool,
    /// The nonce of the request.
    pub nonce: Option<Vec<u8>>,
}

impl TstInfo {
    /// From DER.
    ///
    /// # Errors
    /// [`ErrorKind::DerMalformed`] with the byte position; a critical extension is refused too, since none is known.
    pub fn from_der(bytes: &[u8]) -> Result<TstInfo> {
        read(bytes).map_err(|fault| fault.error(ErrorKind::DerMalformed))
    }
}

fn read(bytes: &[u8]) -> Result<TstInfo, DerFault> {
    let mut reader = der::whole(bytes, der::SEQUENCE, "TSTInfo")?.inside();
    if reader.expect(der::INTEGER, "version")?.small()? != 1 {
        return Err(reader.fault("version"));
    }
    let policy = reader.expect(der::OID, "policy")?.oid()?;
    let mut imprint = reader.expect(der::SEQUENCE, "imprint")?.inside();
    let imprint_algorithm = algorithm::digest_algorithm(imprint.expect(der::SEQUENCE, "imprint algorithm")?.raw).ok();
    let hashed = imprint.expect(der::OCTET_STRING, "imprint")?.value.to_vec();
    imprint.finish("imprint")?;
    let serial = reader.expect(der::INTEGER, "serial number")?.integer()?.to_vec();
    let time = gen_time(&reader.expect(der::GENERALIZED_TIME, "time")?)?;
    let accuracy = reader.optional(der::SEQUENCE)?.map(|tlv| accuracy(&tlv)).transpose()?;
    let ordering = reader.optional(der::BOOLEAN)?.map_or(Ok(false), |b| b.boolean())?;
    let nonce = reader.optional(der::INTEGER)?.map(|n| n.integer().map(<[u8]>::to_vec)).transpose()?;
    reader.optional(0xa0)?;
    if let Some(extensions) = reader.optional(0xa1)? {
        let mut list = extensions.inside();
        while !list.is_empty() {
            let extension = list.expect(der::SEQUENCE, "extension")?;
            let mut inside = extension.inside();
            inside.expect(der::OID, "extension")?;
            if inside.optional(der::BOOLEAN)?.map_or(Ok(false), |b| b.boolean())? {
                return Err(extension.fault("critical extension"));
            }
        }
    }
    reader.finish("TSTInfo")?;
    Ok(TstInfo { policy, imprint_algorithm, imprint: hashed, serial, time, accuracy, ordering, nonce })
}

/// GeneralizedTime with seconds, an optional fraction, and `Z` (RFC 3161 2.4.2). The fraction is dropped: the second that had begun.
pub(super) fn gen_time(tlv: &Tlv<'_>) -> Result<Time, DerFault> {
    let text = std::str::from_utf8(tlv.value).map_err(|_| tlv.fault("time"))?;
    let whole = text.strip_suffix('Z').ok_or_else(|| tlv.fault("time"))?;
    let whole = match whole.split_once('.') {
        None => whole,
        Some((whole, fraction)) if fraction.bytes().all(|b| b.is_ascii_digit()) && !fraction.is_empty() && fraction.len() <= 9 => whole,
        Some(_) => return Err(tlv.fault("time")),
    };
    let whole = format!("{whole}Z");
    crate::pki::certificate::time(&Tlv { value: whole.as_bytes(), ..*tlv })
}

/// Accuracy: seconds, [0] milliseconds, [1] microseconds; rounded up.
fn accuracy(tlv: &Tlv<'_>) -> Result<u32, DerFault> {
    let mut reader = tlv.inside();
    let mut seconds = reader.optional(der::INTEGER)?.map_or(Ok(0), |n| n.small())?;
    let mut part = false;
    for tag in [0x80, 0x81] {
        if let Some(n) = reader.optional(tag)? {
            part |= n.value.iter().any(|b| *b != 0);
        }
    }
    reader.finish("accuracy")?;
    if part {
        seconds = seconds.saturating_add(1);
    }
    Ok(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(time: &str, tail: &[u8]) -> Vec<u8> {
        let algorithm = algorithm::digest_to_der(DigestAlgorithm::Sha256);
        let imprint = der::write(der::SEQUENCE, &[&algorithm, &der::write(der::OCTET_STRING, &[&[7; 32]])]);
        let time = der::write(der::GENERALIZED_TIME, &[time.as_bytes()]);
        der::write(der::SEQUENCE, &[&[2, 1, 1], &[6, 2, 0x2a, 3], &imprint, &[2, 1, 9], &time, tail])
    }

    #[test]
    fn all_members_are_read() {
        let tail = [&[0x30, 6, 2, 1, 1, 0x80, 1, 5][..], &[1, 1, 0xff], &[2, 2, 0, 0x80]].concat();
        let found = TstInfo::from_der(&info("20260601120000.5Z", &tail)).unwrap();
        assert_eq!(found.time.to_string(), "2026-06-01T12:00:00Z");
        assert_eq!((found.accuracy, found.ordering, found.nonce), (Some(2), true, Some(vec![0, 0x80])));
        assert_eq!((found.imprint_algorithm, found.imprint.len()), (Some(DigestAlgorithm::Sha256), 32));
    }

    #[test]
    fn what_is_refused() {
        for time in ["20260601120000", "20260601120000.Z", "20260601120000.x5Z", "20261301120000Z", "260601120000Z", "20260601120000+0100"]
        {
            assert!(TstInfo::from_der(&info(time, &[])).is_err(), "{time}");
        }
        let extension = |critical: &[u8]| {
            let one = der::write(der::SEQUENCE, &[&[6, 1, 0x2a], critical, &[4, 0]]);
            der::write(0xa1, &[&one])
        };
        assert!(TstInfo::from_der(&info("20260601120000Z", &extension(&[]))).is_ok());
        assert!(TstInfo::from_der(&info("20260601120000Z", &extension(&[1, 1, 0xff]))).is_err());
        assert!(TstInfo::from_der(&info("20260601120000Z", &[4, 0])).is_err());
    }
}
