//! The pki room: PEM (RFC 7468).
//!
//! Takes text, gives the decoded blocks of one label. Text around blocks and blocks of other labels are passed over.

use crate::error::{Error, ErrorKind, Result};
use crate::pki::certificate::Certificate;
use crate::pki::der;
use crate::pki::revocation::Crl;

/// Every certificate of a PEM text, in order; or the one certificate of a DER file.
///
/// # Errors
/// [`ErrorKind::PemMalformed`] if there is none, [`ErrorKind::CertificateMalformed`] if one of them is damaged.
pub fn certificates_from_pem(bytes: &[u8]) -> Result<Vec<Certificate>> {
    if bytes.first() == Some(&der::SEQUENCE) {
        return Ok(vec![Certificate::from_der(bytes)?]);
    }
    let blocks = blocks(bytes, "CERTIFICATE")?;
    if blocks.is_empty() {
        return Err(Error::new(ErrorKind::PemMalformed).context("no certificate"));
    }
    blocks.iter().map(|block| Certificate::from_der(block)).collect()
}

/// Every certificate of a PEM text, in order, or the one of a DER file, each read for itself: a damaged one keeps nobody from the others. None
/// in an empty file is fine.
///
/// # Errors
/// [`ErrorKind::PemMalformed`] if the text itself is damaged, or there is some and no certificate in it.
pub fn each_certificate(bytes: &[u8]) -> Result<Vec<Result<Certificate>>> {
    each(bytes, "CERTIFICATE", Certificate::from_der)
}

/// As [`each_certificate`], for lists of revoked certificates.
///
/// # Errors
/// [`ErrorKind::PemMalformed`] if the text itself is damaged.
pub fn each_crl(bytes: &[u8]) -> Result<Vec<Result<Crl>>> {
    each(bytes, "X509 CRL", Crl::from_der)
}

fn each<T>(bytes: &[u8], label: &str, read: fn(&[u8]) -> Result<T>) -> Result<Vec<Result<T>>> {
    if bytes.first() == Some(&der::SEQUENCE) {
        return Ok(vec![read(bytes)]);
    }
    let found = blocks(bytes, label)?;
    if found.is_empty() && !bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::new(ErrorKind::PemMalformed).context("nothing of that kind"));
    }
    Ok(found.iter().map(|block| read(block)).collect())
}

/// The decoded blocks of that label (RFC 7468); text and blocks of other labels are passed over.
pub(crate) fn blocks(bytes: &[u8], label: &str) -> Result<Vec<Vec<u8>>> {
    let wrong = |what: &'static str| Error::new(ErrorKind::PemMalformed).context(what);
    let text = std::str::from_utf8(bytes).map_err(|_| wrong("not text"))?;
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(begin.as_str()) {
        let (body, after) = after.split_once(end.as_str()).ok_or_else(|| wrong("block without end"))?;
        let digits: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        blocks.push(<base64ct::Base64 as base64ct::Encoding>::decode_vec(&digits).map_err(|_| wrong("base64"))?);
        rest = after;
    }
    Ok(blocks)
}
