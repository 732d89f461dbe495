//! The enrol room: the certification request and the check of what comes back.
//!
//! Takes a signing key behind its store, gives a request that was signed once and checked; takes the issued chain, gives
//! a yes or a named no.

use crate::crypto::verify;
use crate::error::{Error, ErrorKind, Result};
use crate::key::{DeviceKeyStore, KeyInfo, KeyPurpose, sign_as};
use crate::pki::{Certificate, Csr, CsrSubject, CsrToBeSigned};

/// Makes the PKCS#10 request (RFC 2986) for a signing key. The key is asked exactly once, so that the person is prompted
/// once; the signature was checked, which makes the request the key's self-test. `challenge` is bound as challengePassword
/// (RFC 2985 5.4.1).
///
/// # Errors
/// [`ErrorKind::KeyNotPermitted`] for a key that is not for signing, and [`ErrorKind::InvalidArgument`] for a subject or
/// challenge out of bounds, both before the key is asked; [`ErrorKind::KeySignatureWrong`]; otherwise as
/// [`DeviceKeyStore::sign`].
pub fn request_certificate(store: &dyn DeviceKeyStore, key: &KeyInfo, subject: &CsrSubject, challenge: &str) -> Result<Csr> {
    let algorithm = key.preferred_algorithm()?;
    let unsigned = CsrToBeSigned::new(subject, &key.public_key, Some(challenge))?;
    let value = sign_as(store, key, KeyPurpose::Signing, unsigned.to_be_signed(), &algorithm)?;
    unsigned.assemble(&algorithm, &value)
}

/// Checks what the service issued, leaf first. After the call the leaf certifies the key of the request, may sign
/// documents and is no authority, and each certificate was signed by the next. Whether the last one is trusted is another
/// question (`pki::path`).
///
/// # Errors
/// [`ErrorKind::IssuedCertificateRefused`], with what is wrong as context.
pub fn check_issued(csr: &Csr, chain: &[Certificate]) -> Result<()> {
    let refuse = |what: &'static str| Err(Error::new(ErrorKind::IssuedCertificateRefused).context(what));
    let Some(leaf) = chain.first() else {
        return refuse("no certificate was issued");
    };
    if leaf.public_key() != csr.public_key() {
        return refuse("it certifies another key");
    }
    if leaf.is_ca() {
        return refuse("it is a certificate of an authority");
    }
    if !leaf.suits_signing() {
        return refuse("its key usage does not allow document signatures");
    }
    for pair in chain.windows(2) {
        let [certificate, issuer] = pair else { continue };
        if !certificate.names_issuer(issuer) || !issuer.is_ca() {
            return refuse("the chain is not in order");
        }
        let right = certificate
            .signature_algorithm()
            .is_some_and(|algorithm| verify(issuer.public_key(), algorithm, certificate.tbs_der(), certificate.signature()).is_ok());
        if !right {
            return refuse("a signature in the chain is wrong");
        }
    }
    Ok(())
}
