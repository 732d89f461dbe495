//! The cms room: writing signed data.
//!
//! Takes signed attributes, the signature value and the certificates, gives a ContentInfo in DER (RFC 5652 3 and 5). Signs nothing and
//! checks no signature: that was done when the key answered.

use crate::cms::attributes::{self, SignedAttributes};
use crate::crypto::algorithm::{KeyAlgorithm, SignatureAlgorithm};
use crate::crypto::digest::DigestAlgorithm;
use crate::error::{Error, ErrorKind, Result};
use crate::pki::algorithm::digest_to_der;
use crate::pki::certificate::Certificate;
use crate::pki::der;

/// ContentInfo DER of a detached signature over id-data (EN 319 142-1 6.3): the signer's and the chain's certificates, one SignerInfo, no content. Unsigned
/// attributes, each the DER of one Attribute, are such as a time-stamp token over the signature value.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] if the signature algorithm's digest is not that of the attributes.
pub fn signed_data(
    attributes: &SignedAttributes,
    algorithm: &SignatureAlgorithm,
    signature: &[u8],
    chain: &[Certificate],
    unsigned: &[Vec<u8>],
) -> Result<Vec<u8>> {
    let content = der::write(der::SEQUENCE, &[&der::write_oid(&attributes::ID_DATA)]);
    write(1, &content, attributes, algorithm, signature, chain, unsigned)
}

/// ContentInfo DER of a time-stamp token: the TSTInfo is attached, version 3 (RFC 3161 2.4.2, RFC 5652 5.1).
///
/// # Errors
/// As [`signed_data`].
pub fn time_stamp_token(
    tst_info: &[u8],
    attributes: &SignedAttributes,
    algorithm: &SignatureAlgorithm,
    signature: &[u8],
    chain: &[Certificate],
) -> Result<Vec<u8>> {
    let octets = der::write(der::OCTET_STRING, &[tst_info]);
    let content = der::write(der::SEQUENCE, &[&der::write_oid(&attributes::ID_TST_INFO), &der::write(0xa0, &[&octets])]);
    write(3, &content, attributes, algorithm, signature, chain, &[])
}

/// The unsigned attribute that carries a time-stamp token over the signature value (RFC 3161 appendix A).
#[must_use]
pub fn time_stamp_attribute(token: &[u8]) -> Vec<u8> {
    der::write(der::SEQUENCE, &[&der::write_oid(&attributes::TIME_STAMP_TOKEN), &der::write(der::SET, &[token])])
}

/// An upper bound for the length of [`signed_data`] with that chain and no unsigned attributes, before anything is signed: so that the room in the document is known
/// before the key is asked. The signer's certificate comes first in `chain`.
#[must_use]
pub fn estimate(chain: &[Certificate], key: KeyAlgorithm) -> usize {
    let signature = match key {
        KeyAlgorithm::P256 | KeyAlgorithm::BrainpoolP256r1 => 72,
        KeyAlgorithm::P384 | KeyAlgorithm::BrainpoolP384r1 => 104,
        KeyAlgorithm::P521 => 139,
        KeyAlgorithm::Rsa { bits } => usize::try_from(bits.div_ceil(8)).unwrap_or(1024),
        KeyAlgorithm::Ed25519 => 64,
        KeyAlgorithm::Unsupported(_) => 1024,
    };
    let certificates: usize = chain.iter().map(|c| c.der().len()).sum();
    let attributes = chain.first().map_or(0, |signer| SignedAttributes::for_pades(&[0; 64], DigestAlgorithm::Sha512, signer).der().len());
    let issuer = chain.first().map_or(0, |signer| signer.issuer_der().len().saturating_add(signer.serial().len()));
    // Headers, versions and object identifiers of every level, with the longest algorithm identifier (PSS).
    const FRAME: usize = 256;
    signature.saturating_add(certificates).saturating_add(attributes).saturating_add(issuer).saturating_add(FRAME)
}

fn write(
    version: u8,
    content: &[u8],
    attributes: &SignedAttributes,
    algorithm: &SignatureAlgorithm,
    signature: &[u8],
    chain: &[Certificate],
    unsigned: &[Vec<u8>],
) -> Result<Vec<u8>> {
    // RFC 8419 3.1: Ed25519 in CMS goes with SHA-512 over content and attributes' messageDigest.
    let expected = algorithm.digest().unwrap_or(DigestAlgorithm::Sha512);
    if expected != attributes.digest() {
        return Err(Error::new(ErrorKind::InvalidArgument).context("the signature algorithm's digest is not that of the signed attributes"));
    }
    let digest = digest_to_der(attributes.digest());
    let signer = attributes.signer();
    let sid = der::write(der::SEQUENCE, &[signer.issuer_der(), &der::write(der::INTEGER, &[signer.serial()])]);
    // The attributes go in as they were signed, under the implicit tag [0] instead of SET (RFC 5652 5.3).
    let mut signed = attributes.der().to_vec();
    if let Some(tag) = signed.first_mut() {
        *tag = 0xa0;
    }
    let unsigned = if unsigned.is_empty() { Vec::new() } else { der::write_set(0xa1, unsigned.to_vec()) };
    let signer_info = der::write(
        der::SEQUENCE,
        &[&der::write_unsigned(&[1]), &sid, &digest, &signed, &algorithm.to_der(), &der::write(der::OCTET_STRING, &[signature]), &unsigned],
    );
    let mut certificates: Vec<Vec<u8>> = vec![signer.der().to_vec()];
    for certificate in chain {
        if !certificates.iter().any(|c| c == certificate.der()) {
            certificates.push(certificate.der().to_vec());
        }
    }
    let signed_data = der::write(
        der::SEQUENCE,
        &[
            &der::write_unsigned(&[version]),
            &der::write(der::SET, &[&digest]),
            content,
            &der::write_set(0xa0, certificates),
            &der::write(der::SET, &[&signer_info]),
        ],
    );
    Ok(der::write(der::SEQUENCE, &[&der::write_oid(&attributes::ID_SIGNED_DATA), &der::write(0xa0, &[&signed_data])]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::testing::{Draft, Key, ecdsa, openssl, put};

    #[test]
    fn openssl_accepts_what_is_built() {
        let (root_key, key) = (Key::new(1), Key::new(2));
        let root = Draft::ca("Root", &root_key, "Root", None).issue(&root_key);
        let signer = Draft::leaf("Anna", &key, "Root").with(crate::pki::oid::KEY_USAGE, true, vec![3, 2, 6, 0xc0]).issue(&root_key);
        let content = b"the signed ranges of a document";
        let attributes = SignedAttributes::for_pades(&DigestAlgorithm::Sha256.digest(content), DigestAlgorithm::Sha256, &signer);
        assert!(der::check_der(attributes.der()).is_ok());
        let chain = [signer.clone(), root.clone()];
        let cms = signed_data(&attributes, &ecdsa(), &key.sign(attributes.der()), &chain, &[]).unwrap();
        assert!(der::check_der(&cms).is_ok());
        let bound = estimate(&chain, KeyAlgorithm::P256);
        assert!(bound >= cms.len() && bound <= cms.len() + 300, "{bound} for {}", cms.len());

        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, bytes: &[u8]| put(folder.path(), name, bytes);
        put("cms.der", &cms);
        put("content", content);
        put("root.der", root.der());
        let (ok, text) = openssl(folder.path(), &["x509", "-inform", "DER", "-in", "root.der", "-out", "root.pem"]);
        assert!(ok, "{text}");
        let verify = ["cms", "-verify", "-purpose", "any", "-cades", "-binary", "-content", "content", "-inform", "DER", "-in", "cms.der"];
        let (ok, text) = openssl(folder.path(), &[&verify[..], &["-CAfile", "root.pem", "-out", "out"]].concat());
        assert!(ok, "{text}");
        put("content", b"the signed ranges of a documenT");
        let (ok, _) = openssl(folder.path(), &[&verify[..], &["-CAfile", "root.pem", "-out", "out"]].concat());
        assert!(!ok, "openssl must notice the change, else this test shows nothing");
    }

    #[test]
    fn the_digest_of_the_signature_is_that_of_the_attributes() {
        let key = Key::new(2);
        let signer = Draft::leaf("Anna", &key, "Root").issue(&key);
        let attributes = SignedAttributes::for_pades(&[0; 48], DigestAlgorithm::Sha384, &signer);
        let refused = signed_data(&attributes, &ecdsa(), &[0; 70], &[signer], &[]).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidArgument);
    }
}
