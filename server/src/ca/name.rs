//! Names in certificates: takes text as people wrote it, gives X.501 names. Text is a value here, never parsed as a name:
//! a customer called `x, O=Bank` gets exactly that as a common name.

use crate::failure::Failure;
use der::asn1::{Any, SetOfVec};
use der::{Tag, asn1::ObjectIdentifier};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const SERIAL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.5");
const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");

/// Who a certificate is for: what enters the subject, and nothing more.
pub(crate) struct Subject {
    /// The person's or company's name as registered.
    pub(crate) name: String,
    /// ISO 3166-1 alpha-2, if known.
    pub(crate) country: Option<String>,
    /// An opaque customer number; never a national identifier.
    pub(crate) customer: String,
}

impl Subject {
    /// The subject name. Upper bounds are those of X.520 (ub-common-name 64, ub-serial-number 64).
    pub(super) fn to_name(&self) -> Result<Name, Failure> {
        let mut parts = Vec::new();
        if let Some(country) = &self.country {
            if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
                return Err(Failure::new("a country must be two capital letters"));
            }
            parts.push((COUNTRY, Tag::PrintableString, country.as_str()));
        }
        if self.customer.len() > 64 || !self.customer.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err(Failure::new("a customer number must be short and plain"));
        }
        parts.push((SERIAL_NUMBER, Tag::PrintableString, self.customer.as_str()));
        let length = self.name.chars().count();
        if length == 0 || length > 64 || self.name.chars().any(char::is_control) {
            return Err(Failure::new("a common name has 1 to 64 printable characters"));
        }
        parts.push((COMMON_NAME, Tag::Utf8String, self.name.as_str()));
        name(&parts)
    }
}

/// The name of one of our own authorities.
pub(super) fn authority(common_name: &str) -> Result<Name, Failure> {
    name(&[(ORGANIZATION, Tag::Utf8String, "ThrivoSign Demo"), (COMMON_NAME, Tag::Utf8String, common_name)])
}

fn name(parts: &[(ObjectIdentifier, Tag, &str)]) -> Result<Name, Failure> {
    let mut sequence = RdnSequence::default();
    for (oid, tag, text) in parts {
        let value = Any::new(*tag, text.as_bytes()).map_err(Failure::at("cannot encode a name"))?;
        let mut set = SetOfVec::new();
        set.insert(AttributeTypeAndValue { oid: *oid, value }).map_err(Failure::at("cannot encode a name"))?;
        sequence.push(RelativeDistinguishedName::from(set));
    }
    Ok(Name::hazmat_from_rdn_sequence(sequence))
}
