//! The cms room: revocation data that came along in a signature. Takes the parsed CMS, gives the DER of lists and OCSP responses from the set of revocation
//! information (RFC 5652 10.2.1, RFC 5940) and from Adobe's signed attribute (ISO 32000-2 12.8.3.3.3), untrusted and not read any further.

use super::attributes::REVOCATION_INFO_ARCHIVAL;
use super::parse::SignedData;
use crate::pki::der::{self, DerFault, Reader};
use crate::pki::oid::ObjectIdentifier;

/// Most pieces that are taken from one signature.
const MAX_CARRIED: usize = 64;
/// id-ri-ocsp-response
const OCSP_RESPONSE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.16.2");

/// One piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carried {
    /// A list of revoked certificates.
    List(Vec<u8>),
    /// An OCSP response.
    Response(Vec<u8>),
}

/// What can be read of it; the rest is not there.
pub(super) fn of(data: &SignedData) -> Vec<Carried> {
    let mut found = Vec::new();
    for member in data.crls() {
        match member.first() {
            Some(&der::SEQUENCE) => found.push(Carried::List(member.to_vec())),
            Some(0xa1) => found.extend(response(member).ok().flatten().map(Carried::Response)),
            _ => {}
        }
    }
    for value in data.signed_attribute(&REVOCATION_INFO_ARCHIVAL) {
        // What was read before the fault stands.
        let _ = archival(value, &mut found);
    }
    found.truncate(MAX_CARRIED);
    found
}

/// `[1] OtherRevocationInfoFormat`: its type, then the information.
fn response(member: &[u8]) -> Result<Option<Vec<u8>>, DerFault> {
    let mut inside = Reader::new(member).any()?.inside();
    let format = inside.expect(der::OID, "format of revocation information")?.oid()?;
    Ok((format == OCSP_RESPONSE).then_some(inside.any()?.raw.to_vec()))
}

/// `RevocationInfoArchival`: lists under `[0]`, responses under `[1]`, anything else under `[2]`.
fn archival(value: &[u8], found: &mut Vec<Carried>) -> Result<(), DerFault> {
    let mut parts = Reader::new(value).expect(der::SEQUENCE, "revocation information")?.inside();
    for (tag, kind) in [(0xa0, Carried::List as fn(Vec<u8>) -> Carried), (0xa1, Carried::Response)] {
        let Some(part) = parts.optional(tag)? else { continue };
        let mut members = part.inside().expect(der::SEQUENCE, "revocation information")?.inside();
        while !members.is_empty() && found.len() < MAX_CARRIED {
            found.push(kind(members.any()?.raw.to_vec()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cms::attributes::SignedAttributes;
    use crate::cms::build::signed_data;
    use crate::crypto::digest::DigestAlgorithm;
    use crate::pki::testing::{Draft, Key, ecdsa};

    fn members(bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut reader = Reader::new(bytes).any().unwrap().inside();
        let mut all = Vec::new();
        while !reader.is_empty() {
            all.push(reader.any().unwrap().raw.to_vec());
        }
        all
    }

    fn joined(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
        der::write(tag, &parts.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    /// A signature with a set of revocation information before its signer.
    fn with(set: &[Vec<u8>]) -> SignedData {
        let key = Key::new(2);
        let signer = Draft::leaf("Anna", &key, "Root").issue(&key);
        let attributes = SignedAttributes::for_pades(&[1; 32], DigestAlgorithm::Sha256, &signer);
        let cms = signed_data(&attributes, &ecdsa(), &key.sign(attributes.der()), &[signer], &[]).unwrap();
        let outer = members(&cms);
        let mut inner = members(&members(&outer[1])[0]);
        inner.insert(4, joined(0xa1, set));
        let cms = joined(der::SEQUENCE, &[outer[0].clone(), joined(0xa0, &[joined(der::SEQUENCE, &inner)])]);
        SignedData::parse(&cms).unwrap()
    }

    #[test]
    fn the_set_gives_lists_and_responses_and_passes_over_the_rest() {
        let list = der::write(der::SEQUENCE, &[&[4, 1, 7]]);
        let other = |format: &ObjectIdentifier, what: &[u8]| der::write(0xa1, &[&der::write_oid(format), what]);
        let response = der::write(der::SEQUENCE, &[&[10, 1, 0]]);
        let strange = der::write(der::SEQUENCE, &[&[10, 1, 1]]);
        let set = [list.clone(), other(&OCSP_RESPONSE, &response), other(&REVOCATION_INFO_ARCHIVAL, &strange), der::write(0xa1, &[])];
        assert_eq!(of(&with(&set)), [Carried::List(list.clone()), Carried::Response(response)]);
        // Only what is no list asks for another version (RFC 5652 5.1).
        assert_eq!((with(&set).version_expected, with(std::slice::from_ref(&list)).version_expected), (5, 1));
        assert_eq!(of(&with(&vec![list; 100])).len(), MAX_CARRIED);
    }

    #[test]
    fn an_attribute_is_found_by_its_type() {
        let data = with(&[]);
        assert_eq!(data.signed_attribute(&crate::cms::attributes::MESSAGE_DIGEST), [der::write(der::OCTET_STRING, &[&[1; 32]])]);
        assert!(data.signed_attribute(&REVOCATION_INFO_ARCHIVAL).is_empty());
        assert!(data.unsigned_attribute(&crate::cms::attributes::MESSAGE_DIGEST).is_empty());
    }

    #[test]
    fn what_the_attribute_holds_before_a_fault_stands() {
        let (list, response) = (der::write(der::SEQUENCE, &[]), der::write(der::SEQUENCE, &[&[5, 0]]));
        let part = |tag: u8, inside: &[u8]| der::write(tag, &[&der::write(der::SEQUENCE, &[inside])]);
        let read = |parts: &[&[u8]]| {
            let mut found = Vec::new();
            let whole = archival(&der::write(der::SEQUENCE, parts), &mut found).is_ok();
            (found, whole)
        };
        let (lists, responses) = (part(0xa0, &list), part(0xa1, &response));
        assert_eq!(read(&[&lists, &responses]), (vec![Carried::List(list.clone()), Carried::Response(response.clone())], true));
        assert_eq!(read(&[&responses]), (vec![Carried::Response(response)], true));
        assert_eq!(read(&[&lists, &der::write(0xa1, &[&[4, 0]])]), (vec![Carried::List(list)], false));
        assert_eq!(read(&[]), (Vec::new(), true));
    }
}
