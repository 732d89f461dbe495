//! The key room: private key files as people have them, PEM or DER, to one form.
//!
//! Takes PKCS#8 (RFC 5958), SEC1 `EC PRIVATE KEY` (RFC 5915), PKCS#1 `RSA PRIVATE KEY` (RFC 8017 A.1.2) and, with the
//! feature `pkcs12`, encrypted PKCS#8 under PBES2 (RFC 8018 6.2); gives the DER of an unencrypted PKCS#8 structure in
//! memory that is wiped. The bytes may be hostile: every length is checked by the `der` crate, nothing recurses.

use super::Passphrase;
use crate::error::{Error, ErrorKind, Result};
use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{Decode, Encode, Reader, SliceReader, Tagged};
use pkcs8::{PrivateKeyInfoRef, spki::AlgorithmIdentifierRef};
use zeroize::Zeroizing;

/// `rsaEncryption` (RFC 8017 A.1).
pub(super) const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// `id-ecPublicKey` (RFC 5480 2.1.1).
pub(super) const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

const PEM_BEGIN: &[u8] = b"-----BEGIN ";

fn malformed(what: &'static str) -> Error {
    Error::new(ErrorKind::DerMalformed).context(what)
}

/// The PKCS#8 DER of the first private key in `file`; certificates, parameters and text around it are passed over.
pub(super) fn to_pkcs8(file: &[u8], passphrase: Option<&Passphrase>) -> Result<Zeroizing<Vec<u8>>> {
    if file.first() == Some(&0x30) && !contains(file, PEM_BEGIN) {
        return from_der(file, passphrase);
    }
    let mut rest = file;
    let mut seen = false;
    while let Some(at) = find(rest, PEM_BEGIN) {
        let block = rest.get(at..).unwrap_or_default();
        let Some((label, len)) = pem_block(block) else {
            return Err(Error::new(ErrorKind::PemMalformed).context("a PEM block has no end"));
        };
        seen = true;
        let body = block.get(..len).unwrap_or_default();
        match label {
            b"PRIVATE KEY" => return pem_body(body),
            b"EC PRIVATE KEY" => return wrap_sec1(&pem_body(body)?),
            b"RSA PRIVATE KEY" => return wrap_pkcs1(&pem_body(body)?),
            b"ENCRYPTED PRIVATE KEY" => return decrypt(&pem_body(body)?, passphrase),
            _ => rest = block.get(len..).unwrap_or_default(),
        }
    }
    let what = if seen { "the file holds no private key" } else { "the file is neither PEM nor DER" };
    Err(Error::new(ErrorKind::PemMalformed).context(what))
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    find(haystack, needle).is_some()
}

/// Label and length of the block that `text` begins with.
fn pem_block(text: &[u8]) -> Option<(&[u8], usize)> {
    let after = text.get(PEM_BEGIN.len()..)?;
    let label = after.get(..find(after, b"-----")?)?;
    if label.len() > 64 || label.contains(&b'\n') {
        return None;
    }
    let mut end = b"-----END ".to_vec();
    end.extend_from_slice(label);
    end.extend_from_slice(b"-----");
    let len = find(text, &end)?.checked_add(end.len())?;
    Some((label, len))
}

/// The DER inside a PEM block (RFC 7468). Headers as in `Proc-Type: 4,ENCRYPTED` mean OpenSSL's old MD5-based encryption.
fn pem_body(block: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    if contains(block, b"Proc-Type:") {
        return Err(Error::new(ErrorKind::PemMalformed).context("an old PEM encryption; convert it with: openssl pkcs8 -topk8"));
    }
    let text = block.split(|c| *c == b'\n').map(<[u8]>::trim_ascii);
    let mut base64 = Zeroizing::new(Vec::with_capacity(block.len()));
    for line in text.filter(|line| !line.starts_with(b"-----")) {
        base64.extend_from_slice(line);
    }
    let mut der = Zeroizing::new(vec![0_u8; base64.len()]);
    let len = <base64ct::Base64 as base64ct::Encoding>::decode(base64.as_slice(), &mut der)
        .map_err(|_| Error::new(ErrorKind::PemMalformed).context("a PEM block is not base64"))?
        .len();
    der.truncate(len);
    Ok(der)
}

/// Which of the four structures it is, by what follows the outer SEQUENCE.
fn from_der(file: &[u8], passphrase: Option<&Passphrase>) -> Result<Zeroizing<Vec<u8>>> {
    if PrivateKeyInfoRef::from_der(file).is_ok() {
        return Ok(Zeroizing::new(file.to_vec()));
    }
    if pkcs8_rsa_parts(file).is_ok() {
        return wrap_pkcs1(file);
    }
    if ec_curve(file).is_ok() {
        return wrap_sec1(file);
    }
    if let Ok(der::Tag::Sequence) = outer(file).and_then(|mut inner| der::Header::decode(&mut inner).map(|header| header.tag())) {
        return decrypt(file, passphrase);
    }
    Err(malformed("the file is no private key"))
}

fn outer(file: &[u8]) -> der::Result<SliceReader<'_>> {
    let any = der::asn1::AnyRef::from_der(file)?;
    any.tag().assert_eq(der::Tag::Sequence)?;
    SliceReader::new(any.value())
}

/// Checks that it reads as RSAPrivateKey version 0.
fn pkcs8_rsa_parts(file: &[u8]) -> der::Result<()> {
    let mut inner = outer(file)?;
    u8::decode(&mut inner)?;
    for _ in 0..8 {
        der::asn1::UintRef::decode(&mut inner)?;
    }
    inner.finish()
}

/// The curve named in an ECPrivateKey (RFC 5915 3).
fn ec_curve(file: &[u8]) -> der::Result<ObjectIdentifier> {
    let mut inner = outer(file)?;
    u8::decode(&mut inner)?;
    <&OctetStringRef>::decode(&mut inner)?;
    let parameters = der::asn1::ContextSpecific::<ObjectIdentifier>::decode(&mut inner)?;
    if parameters.tag_number != der::TagNumber(0) {
        return Err(der::ErrorKind::TagNumberInvalid.into());
    }
    Ok(parameters.value)
}

fn wrap_sec1(sec1: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let curve = ec_curve(sec1).map_err(|_| malformed("the EC private key names no curve"))?;
    let algorithm = AlgorithmIdentifierRef { oid: EC_PUBLIC_KEY, parameters: Some((&curve).into()) };
    wrap(algorithm, sec1)
}

fn wrap_pkcs1(pkcs1: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let algorithm = AlgorithmIdentifierRef { oid: RSA_ENCRYPTION, parameters: Some(der::asn1::AnyRef::NULL) };
    wrap(algorithm, pkcs1)
}

pub(super) fn wrap(algorithm: AlgorithmIdentifierRef<'_>, private_key: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let wrong = |_| malformed("the private key cannot be wrapped");
    let key = OctetStringRef::new(private_key).map_err(wrong)?;
    PrivateKeyInfoRef::new(algorithm, key).to_der().map(Zeroizing::new).map_err(wrong)
}

#[cfg(not(feature = "pkcs12"))]
fn decrypt(_: &[u8], _: Option<&Passphrase>) -> Result<Zeroizing<Vec<u8>>> {
    Err(Error::new(ErrorKind::KeyAlgorithmUnsupported).context("encrypted key files need the feature pkcs12"))
}

#[cfg(feature = "pkcs12")]
fn decrypt(encrypted: &[u8], passphrase: Option<&Passphrase>) -> Result<Zeroizing<Vec<u8>>> {
    use super::pkcs12::SchemeFault;
    let old =
        || Error::new(ErrorKind::KeyAlgorithmUnsupported).context("an old encryption; convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc");
    let wrong = |_| malformed("the encrypted private key is malformed");
    let mut inner = outer(encrypted).map_err(wrong)?;
    let (scheme, _) = super::pkcs12::bounded_scheme(inner.tlv_bytes().map_err(wrong)?).map_err(|fault| match fault {
        SchemeFault::Malformed => malformed("the encrypted private key's parameters"),
        SchemeFault::Old => old(),
        SchemeFault::Costly => malformed("the encrypted private key asks for too much work"),
    })?;
    let data = <&OctetStringRef>::decode(&mut inner).map_err(wrong)?;
    inner.finish().map_err(wrong)?;
    let passphrase = passphrase
        .ok_or_else(|| Error::new(ErrorKind::PassphraseWrong).context("the key file is encrypted and no passphrase was given"))?;
    let plain = super::pkcs12::decrypt(&scheme, passphrase, data.as_bytes());
    // CBC has no integrity: a wrong passphrase shows as wrong padding or as bytes that are no PKCS#8.
    match plain {
        Err(pkcs5::Error::UnsupportedAlgorithm { .. }) => Err(old()),
        Ok(plain) if PrivateKeyInfoRef::from_der(&plain).is_ok() => Ok(plain),
        _ => Err(ErrorKind::PassphraseWrong.into()),
    }
}
