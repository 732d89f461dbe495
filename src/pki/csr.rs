//! The pki room: certification requests (PKCS#10, RFC 2986).
//!
//! Takes a subject and a public key, gives the bytes the device's key signs, then the request. Two steps, since the key lives elsewhere; a
//! request exists only after its signature was checked, which makes it the key's self-test.

use crate::crypto::verify;
use crate::error::{Error, ErrorKind, Result};
use crate::pki::algorithm::{self, PublicKey, SignatureAlgorithm};
use crate::pki::der::{self, DerFault, Tlv};
use crate::pki::name;
use const_oid::ObjectIdentifier;
use std::fmt;
use std::ops::Range;

/// challengePassword (RFC 2985 5.4.1): binds the request to a challenge of the service.
pub const CHALLENGE_PASSWORD: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.7");

/// Upper bound of RFC 2985's DirectoryString {pkcs-9-ub-challengePassword}.
const MAX_CHALLENGE: usize = 255;

const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
/// From country to common name, whatever order they are given in.
const RANK: [ObjectIdentifier; 7] = [
    COUNTRY,
    ObjectIdentifier::new_unwrap("2.5.4.10"),
    ObjectIdentifier::new_unwrap("2.5.4.11"),
    ObjectIdentifier::new_unwrap("2.5.4.5"),
    ObjectIdentifier::new_unwrap("2.5.4.4"),
    ObjectIdentifier::new_unwrap("2.5.4.42"),
    ObjectIdentifier::new_unwrap("2.5.4.3"),
];

/// The subject of a request, attributes in the usual order from country to common name.
#[derive(Clone, Default)]
pub struct CsrSubject(Vec<(ObjectIdentifier, u8, String)>);

impl CsrSubject {
    /// A subject with that common name.
    #[must_use]
    pub fn new(common_name: &str) -> CsrSubject {
        CsrSubject::default().with("2.5.4.3", 0x0c, common_name)
    }

    /// Adds the two-letter country.
    #[must_use]
    pub fn country(self, country: &str) -> CsrSubject {
        self.with("2.5.4.6", 0x13, country)
    }

    /// Adds the organisation.
    #[must_use]
    pub fn organization(self, organization: &str) -> CsrSubject {
        self.with("2.5.4.10", 0x0c, organization)
    }

    /// Adds the organisational unit.
    #[must_use]
    pub fn organizational_unit(self, unit: &str) -> CsrSubject {
        self.with("2.5.4.11", 0x0c, unit)
    }

    /// Adds the serial number attribute, an identifier of the person.
    #[must_use]
    pub fn serial_number(self, serial: &str) -> CsrSubject {
        self.with("2.5.4.5", 0x13, serial)
    }

    /// Adds the given name.
    #[must_use]
    pub fn given_name(self, name: &str) -> CsrSubject {
        self.with("2.5.4.42", 0x0c, name)
    }

    /// Adds the surname.
    #[must_use]
    pub fn surname(self, name: &str) -> CsrSubject {
        self.with("2.5.4.4", 0x0c, name)
    }

    fn with(mut self, oid: &'static str, tag: u8, value: &str) -> CsrSubject {
        self.0.push((ObjectIdentifier::new_unwrap(oid), tag, value.to_owned()));
        self.0.sort_by_key(|(oid, ..)| RANK.iter().position(|r| *r == *oid));
        self
    }

    /// The Name DER.
    fn to_der(&self) -> Result<Vec<u8>> {
        let wrong = |what: &'static str| Err(Error::new(ErrorKind::InvalidArgument).context(what));
        let mut relatives = Vec::new();
        for (oid, tag, value) in &self.0 {
            if value.trim().is_empty() || value.chars().count() > 64 || value.chars().any(char::is_control) {
                return wrong("a subject attribute is empty, longer than 64 characters, or has control characters");
            }
            let printable = |c: char| c.is_ascii_alphanumeric() || " '()+,-./:=?".contains(c);
            if *tag == 0x13 && !value.chars().all(printable) {
                return wrong("country and serial number take printable characters only");
            }
            if *oid == COUNTRY && value.len() != 2 {
                return wrong("the country is a code of two letters");
            }
            let pair = der::write(der::SEQUENCE, &[&der::write_oid(oid), &der::write(*tag, &[value.as_bytes()])]);
            relatives.extend(der::write(der::SET, &[&pair]));
        }
        Ok(der::write(der::SEQUENCE, &[&relatives]))
    }
}

/// CertificationRequestInfo, complete but for the signature.
pub struct CsrToBeSigned {
    info: Vec<u8>,
    public_key: PublicKey,
}

impl CsrToBeSigned {
    /// Builds the part that the key signs. With a challenge, it becomes the challengePassword attribute.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for subject attributes or a challenge outside their bounds.
    pub fn new(subject: &CsrSubject, public_key: &PublicKey, challenge: Option<&str>) -> Result<CsrToBeSigned> {
        let mut attributes = Vec::new();
        if let Some(challenge) = challenge {
            if challenge.is_empty() || challenge.len() > MAX_CHALLENGE {
                return Err(Error::new(ErrorKind::InvalidArgument).context("the challenge has 1 to 255 bytes"));
            }
            let value = der::write(der::SET, &[&der::write(0x0c, &[challenge.as_bytes()])]);
            attributes = der::write(der::SEQUENCE, &[&der::write_oid(&CHALLENGE_PASSWORD), &value]);
        }
        let info = der::write(
            der::SEQUENCE,
            &[&der::write_unsigned(&[0]), &subject.to_der()?, public_key.spki_der(), &der::write(0xa0, &[&attributes])],
        );
        Ok(CsrToBeSigned { info, public_key: public_key.clone() })
    }

    /// The message the key signs.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        &self.info
    }

    /// Adds the signature. The request exists only if the signature is right.
    ///
    /// # Errors
    /// [`ErrorKind::KeySignatureWrong`] if the signature does not verify under the public key.
    pub fn assemble(&self, algorithm: &SignatureAlgorithm, signature: &[u8]) -> Result<Csr> {
        verify::verify(&self.public_key, algorithm, &self.info, signature)
            .map_err(|_| Error::new(ErrorKind::KeySignatureWrong).context("certification request"))?;
        let bits = der::write(der::BIT_STRING, &[&[0], signature]);
        Csr::from_der(&der::write(der::SEQUENCE, &[&self.info, &algorithm.to_der(), &bits]))
    }
}

/// A certification request whose signature was checked: whoever made it holds the key.
#[derive(Clone)]
pub struct Csr {
    der: Vec<u8>,
    subject: Range<usize>,
    public_key: PublicKey,
    challenge: Option<String>,
    algorithm: SignatureAlgorithm,
}

impl Csr {
    /// From DER; the signature is checked.
    ///
    /// # Errors
    /// [`ErrorKind::CsrMalformed`] for the structure or a wrong signature, [`ErrorKind::AlgorithmUnsupported`] for the key or algorithm.
    pub fn from_der(bytes: &[u8]) -> Result<Csr> {
        let malformed = |fault: DerFault| fault.error(ErrorKind::CsrMalformed);
        let (info, algorithm, signature) = parts(bytes).map_err(malformed)?;
        let mut reader = info.inside();
        let version = reader.expect(der::INTEGER, "version").and_then(|v| v.small()).map_err(malformed)?;
        if version != 0 {
            return Err(malformed(info.fault("version")));
        }
        let subject = reader.expect(der::SEQUENCE, "subject").map_err(malformed)?;
        let key = reader.expect(der::SEQUENCE, "public key").map_err(malformed)?;
        let attributes = reader.expect(0xa0, "attributes").map_err(malformed)?;
        reader.finish("request").map_err(malformed)?;
        let public_key = PublicKey::from_spki_der(key.raw)?;
        let algorithm = algorithm::signature_algorithm(algorithm.raw, None)?;
        verify::verify(&public_key, &algorithm, info.raw, signature)
            .map_err(|_| Error::new(ErrorKind::CsrMalformed).context("signature"))?;
        Ok(Csr {
            subject: subject.range_in(bytes),
            challenge: challenge(&attributes).map_err(malformed)?,
            der: bytes.to_vec(),
            public_key,
            algorithm,
        })
    }

    /// From one PEM block `CERTIFICATE REQUEST`, or DER.
    ///
    /// # Errors
    /// [`ErrorKind::PemMalformed`], or as [`Csr::from_der`].
    pub fn from_pem(bytes: &[u8]) -> Result<Csr> {
        if bytes.first() == Some(&der::SEQUENCE) {
            return Csr::from_der(bytes);
        }
        match crate::pki::pem::blocks(bytes, "CERTIFICATE REQUEST")?.as_slice() {
            [block] => Csr::from_der(block),
            _ => Err(Error::new(ErrorKind::PemMalformed).context("exactly one certification request is needed")),
        }
    }

    /// The request as received or assembled.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The subject, Name DER.
    #[must_use]
    pub fn subject_der(&self) -> &[u8] {
        self.der.get(self.subject.clone()).unwrap_or_default()
    }

    /// The subject as RFC 4514 text, for people only.
    #[must_use]
    pub fn subject_text(&self) -> String {
        name::text(self.subject_der())
    }

    /// The subject's common name.
    #[must_use]
    pub fn common_name(&self) -> Option<String> {
        name::common_name(self.subject_der())
    }

    /// The last attribute of that type in the subject, as text.
    #[must_use]
    pub fn subject_attribute(&self, oid: &ObjectIdentifier) -> Option<String> {
        name::attribute(self.subject_der(), oid)
    }

    /// The key to be certified.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The challengePassword.
    #[must_use]
    pub fn challenge_password(&self) -> Option<&str> {
        self.challenge.as_deref()
    }

    /// The algorithm of the request's signature.
    #[must_use]
    pub fn signature_algorithm(&self) -> &SignatureAlgorithm {
        &self.algorithm
    }
}

/// Names neither subject nor challenge.
impl fmt::Debug for Csr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Csr({})", self.public_key.algorithm())
    }
}

fn parts(bytes: &[u8]) -> Result<(Tlv<'_>, Tlv<'_>, &[u8]), DerFault> {
    let mut reader = der::whole(bytes, der::SEQUENCE, "request")?.inside();
    let info = reader.expect(der::SEQUENCE, "request info")?;
    let algorithm = reader.expect(der::SEQUENCE, "signature algorithm")?;
    let signature = reader.expect(der::BIT_STRING, "signature")?.bit_bytes()?;
    reader.finish("request")?;
    Ok((info, algorithm, signature))
}

/// The value of challengePassword; twice or with several values is refused, since two readers would pick different ones.
fn challenge(attributes: &Tlv<'_>) -> Result<Option<String>, DerFault> {
    let mut found = None;
    let mut reader = attributes.inside();
    while !reader.is_empty() {
        let attribute = reader.expect(der::SEQUENCE, "attribute")?;
        let mut inside = attribute.inside();
        let kind = inside.expect(der::OID, "attribute type")?;
        let values = inside.expect(der::SET, "attribute values")?;
        inside.finish("attribute")?;
        if kind.value == CHALLENGE_PASSWORD.as_bytes() {
            let mut inside = values.inside();
            let value = inside.any()?;
            inside.finish("challenge password with several values")?;
            let text = name::string(&value).filter(|t| t.len() <= MAX_CHALLENGE).ok_or_else(|| value.fault("challenge password"))?;
            if found.replace(text).is_some() {
                return Err(attribute.fault("challenge password repeated"));
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::testing::{Key, ecdsa, openssl, put};

    fn request(challenge: Option<&str>) -> (Key, CsrToBeSigned) {
        let key = Key::new(7);
        let subject = CsrSubject::new("Anna Example").organization("Bank").country("DE").serial_number("4711");
        let unsigned = CsrToBeSigned::new(&subject, &key.public(), challenge).unwrap();
        (key, unsigned)
    }

    #[test]
    fn two_steps_make_a_request_that_openssl_accepts() {
        let (key, unsigned) = request(Some("the-challenge"));
        let csr = unsigned.assemble(&ecdsa(), &key.sign(unsigned.to_be_signed())).unwrap();
        assert_eq!(csr.subject_text(), "CN=Anna Example,SERIALNUMBER=4711,O=Bank,C=DE");
        assert_eq!(csr.common_name().as_deref(), Some("Anna Example"));
        assert_eq!(csr.challenge_password(), Some("the-challenge"));
        assert_eq!(csr.public_key(), &key.public());
        assert!(der::check_der(csr.der()).is_ok());
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "csr.der", csr.der());
        let (ok, text) = openssl(folder.path(), &["req", "-in", "csr.der", "-inform", "DER", "-verify", "-noout", "-text"]);
        assert!(ok && text.contains("the-challenge") && text.contains("CN = Anna Example"), "{text}");
    }

    #[test]
    fn a_wrong_signature_makes_no_request() {
        let (key, unsigned) = request(None);
        let foreign = Key::new(8).sign(unsigned.to_be_signed());
        assert_eq!(unsigned.assemble(&ecdsa(), &foreign).unwrap_err().kind(), ErrorKind::KeySignatureWrong);
        let good = unsigned.assemble(&ecdsa(), &key.sign(unsigned.to_be_signed())).unwrap();
        assert_eq!(good.challenge_password(), None);
        for at in 0..good.der().len() {
            let mut bad = good.der().to_vec();
            bad[at] ^= 1;
            assert!(Csr::from_der(&bad).is_err(), "byte {at}");
        }
        for cut in 0..good.der().len() {
            assert!(Csr::from_der(&good.der()[..cut]).is_err());
        }
    }

    #[test]
    fn bounds_of_subject_and_challenge() {
        let key = Key::new(7).public();
        let long = "x".repeat(65);
        for subject in [CsrSubject::new(""), CsrSubject::new(&long), CsrSubject::new("a\nb"), CsrSubject::new("a").country("Germany")] {
            assert!(CsrToBeSigned::new(&subject, &key, None).is_err());
        }
        assert!(CsrToBeSigned::new(&CsrSubject::new("a"), &key, Some("")).is_err());
        assert!(CsrToBeSigned::new(&CsrSubject::new("a"), &key, Some(&"x".repeat(256))).is_err());
    }

    #[test]
    fn a_challenge_given_twice_is_refused() {
        let (key, unsigned) = request(Some("one"));
        let info = der::whole(unsigned.to_be_signed(), der::SEQUENCE, "info").unwrap();
        let mut reader = info.inside();
        let head: Vec<u8> = (0..3).flat_map(|_| reader.any().unwrap().raw.to_vec()).collect();
        let attributes = reader.any().unwrap();
        let twice = der::write(der::SEQUENCE, &[&head, &der::write(0xa0, &[attributes.value, attributes.value])]);
        let bits = der::write(der::BIT_STRING, &[&[0], &key.sign(&twice)]);
        let csr = der::write(der::SEQUENCE, &[&twice, &ecdsa().to_der(), &bits]);
        assert_eq!(Csr::from_der(&csr).unwrap_err().context_text(), Some("challenge password repeated"));
    }
}
