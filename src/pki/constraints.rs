//! The pki room: name constraints (RFC 5280 4.2.1.10).
//!
//! Takes a CA's constraints and a certificate below it, says whether every name of the certificate is allowed. A kind of name that is
//! constrained and cannot be compared here is not allowed: it fails closed.

use crate::pki::certificate::Certificate;
use crate::pki::der::{self, DerFault, Reader, Tlv};
use crate::pki::name;
use crate::pki::oid;
use crate::switch::{Check, on};
use const_oid::ObjectIdentifier;

const EMAIL: u8 = 0x81;
const DNS: u8 = 0x82;
const DIRECTORY: u8 = 0xa4;
const URI: u8 = 0x86;
const IP: u8 = 0x87;
const EMAIL_ADDRESS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.1");

/// The subtrees of one CA.
pub(crate) struct NameConstraints {
    permitted: Vec<GeneralName>,
    excluded: Vec<GeneralName>,
}

/// A GeneralName: its tag and its value; of a directory name the relative names in comparable form.
struct GeneralName {
    tag: u8,
    value: Vec<u8>,
    relatives: Vec<Vec<u8>>,
}

impl GeneralName {
    fn read(tlv: &Tlv<'_>) -> Result<GeneralName, DerFault> {
        let relatives = if tlv.tag == DIRECTORY { name::comparable(tlv.value)? } else { Vec::new() };
        Ok(GeneralName { tag: tlv.tag, value: tlv.value.to_vec(), relatives })
    }
}

impl NameConstraints {
    /// The constraints of a CA, `None` if it has none.
    pub(crate) fn of(issuer: &Certificate) -> Result<Option<NameConstraints>, ()> {
        match issuer.extension(&oid::NAME_CONSTRAINTS) {
            None => Ok(None),
            Some((_, value)) => read(value).map(Some).map_err(drop),
        }
    }

    /// Whether every name of the certificate is allowed; `None` when the comparisons are used up. Names that cannot be read are not allowed.
    pub(crate) fn allow(&self, certificate: &Certificate, left: &mut u32) -> Option<bool> {
        let Ok(names) = names_of(certificate) else { return Some(false) };
        for name in &names {
            *left = left.checked_sub(1)?;
            let mut constrained = false;
            let mut permitted = false;
            for base in self.permitted.iter().filter(|base| base.tag == name.tag) {
                *left = left.checked_sub(1)?;
                constrained = true;
                permitted = permitted || within(name, base) == Some(true);
            }
            if constrained && !permitted && on(Check::PathNamePermitted) {
                return Some(false);
            }
            for base in self.excluded.iter().filter(|base| base.tag == name.tag) {
                *left = left.checked_sub(1)?;
                let excluded = within(name, base) != Some(false) && on(Check::PathNameExcluded);
                if excluded || (covers_wildcard(name, base) && on(Check::PathWildcard)) {
                    return Some(false);
                }
            }
        }
        Some(true)
    }
}

fn read(value: &[u8]) -> Result<NameConstraints, DerFault> {
    let tlv = der::whole(value, der::SEQUENCE, "name constraints")?;
    let mut reader = tlv.inside();
    let permitted = subtrees(reader.optional(0xa0)?)?;
    let excluded = subtrees(reader.optional(0xa1)?)?;
    reader.finish("name constraints")?;
    Ok(NameConstraints { permitted, excluded })
}

fn subtrees(list: Option<Tlv<'_>>) -> Result<Vec<GeneralName>, DerFault> {
    let mut bases = Vec::new();
    let Some(list) = list else { return Ok(bases) };
    let mut reader = list.inside();
    while !reader.is_empty() {
        let mut subtree = reader.expect(der::SEQUENCE, "subtree")?.inside();
        bases.push(GeneralName::read(&subtree.any()?)?);
        // RFC 5280 4.2.1.10: minimum is zero and left out, maximum absent.
        subtree.finish("subtree with minimum or maximum")?;
    }
    Ok(bases)
}

/// The subject, the alternative names, and every e-mail address in the subject.
fn names_of(certificate: &Certificate) -> Result<Vec<GeneralName>, DerFault> {
    let mut names = Vec::new();
    if let Some((_, value)) = certificate.extension(&oid::SUBJECT_ALT_NAME) {
        let mut reader: Reader<'_> = der::whole(value, der::SEQUENCE, "alternative names")?.inside();
        while !reader.is_empty() {
            names.push(GeneralName::read(&reader.any()?)?);
        }
    }
    let subject = certificate.subject_der();
    let relatives = name::comparable(subject)?;
    if !relatives.is_empty() {
        for address in name::attributes(subject, &EMAIL_ADDRESS).unwrap_or_default().into_iter().filter(|_| on(Check::PathSubjectAddress)) {
            names.push(GeneralName { tag: EMAIL, value: address.into_bytes(), relatives: Vec::new() });
        }
        names.push(GeneralName { tag: DIRECTORY, value: subject.to_vec(), relatives });
    }
    Ok(names)
}

/// Whether a name lies in a subtree of the same kind; `None` if that cannot be told.
fn within(name: &GeneralName, base: &GeneralName) -> Option<bool> {
    match name.tag {
        DIRECTORY => Some(name.relatives.starts_with(&base.relatives)),
        EMAIL => email_within(text(name)?, text(base)?),
        DNS => Some(host_within(&text(name)?.to_ascii_lowercase(), &text(base)?.to_ascii_lowercase(), true)),
        URI => uri_within(text(name)?, text(base)?),
        IP => ip_within(&name.value, &base.value),
        _ => None,
    }
}

fn text(name: &GeneralName) -> Option<&str> {
    std::str::from_utf8(&name.value).ok().filter(|t| t.is_ascii())
}

/// `example.com` holds itself and, for DNS names, everything below; `.example.com` only what is below.
fn host_within(host: &str, base: &str, subdomains: bool) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    if base.is_empty() {
        return true;
    }
    if base.starts_with('.') {
        return host.len() > base.len() && host.ends_with(base);
    }
    host == base || (subdomains && host.strip_suffix(base).is_some_and(|rest| rest.ends_with('.')))
}

/// A wildcard name may stand for an excluded host below it.
fn covers_wildcard(name: &GeneralName, base: &GeneralName) -> bool {
    match (name.tag, text(name), text(base)) {
        (DNS, Some(name), Some(base)) => {
            name.strip_prefix("*.").is_some_and(|parent| host_within(&base.to_ascii_lowercase(), &parent.to_ascii_lowercase(), true))
        }
        _ => false,
    }
}

/// A mailbox, all mailboxes of a host, or of all hosts below a domain. The part before `@` keeps its case.
fn email_within(name: &str, base: &str) -> Option<bool> {
    let (mailbox, host) = name.rsplit_once('@')?;
    let host = host.to_ascii_lowercase();
    Some(match base.rsplit_once('@') {
        Some((wanted, at)) => mailbox == wanted && host == at.to_ascii_lowercase(),
        None => host_within(&host, &base.to_ascii_lowercase(), false),
    })
}

/// The host of a URI; one without a host name cannot be told.
fn uri_within(name: &str, base: &str) -> Option<bool> {
    let (_, rest) = name.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    if host.starts_with('[') {
        return None;
    }
    let host = host.split(':').next()?.to_ascii_lowercase();
    if host.is_empty() || host.parse::<std::net::Ipv4Addr>().is_ok() {
        return None;
    }
    Some(host_within(&host, &base.to_ascii_lowercase(), false))
}

/// Address and mask, 8 or 32 bytes.
fn ip_within(name: &[u8], base: &[u8]) -> Option<bool> {
    if !matches!(name.len(), 4 | 16) || !matches!(base.len(), 8 | 32) {
        return None;
    }
    if base.len() != name.len() * 2 {
        return Some(false);
    }
    let (address, mask) = base.split_at(name.len());
    Some(name.iter().zip(address).zip(mask).all(|((n, a), m)| n & m == a & m))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_mailboxes_addresses() {
        assert!(host_within("a.example.com", "example.com", true));
        assert!(host_within("example.com", "example.com", true));
        assert!(!host_within("badexample.com", "example.com", true));
        assert!(!host_within("example.com", ".example.com", true));
        assert!(host_within("a.example.com", ".example.com", false));
        assert_eq!(email_within("Anna@Example.com", "example.COM"), Some(true));
        assert_eq!(email_within("Anna@mail.example.com", "example.com"), Some(false));
        assert_eq!(email_within("Anna@mail.example.com", ".example.com"), Some(true));
        assert_eq!(email_within("anna@example.com", "Anna@example.com"), Some(false));
        assert_eq!(email_within("nobody", "example.com"), None);
        assert_eq!(uri_within("https://u@host.example.com:443/x", ".example.com"), Some(true));
        assert_eq!(uri_within("https://10.0.0.1/", ".example.com"), None);
        assert_eq!(uri_within("urn:x", ".example.com"), None);
        assert_eq!(ip_within(&[10, 1, 2, 3], &[10, 0, 0, 0, 255, 0, 0, 0]), Some(true));
        assert_eq!(ip_within(&[11, 1, 2, 3], &[10, 0, 0, 0, 255, 0, 0, 0]), Some(false));
        assert_eq!(ip_within(&[1; 16], &[10, 0, 0, 0, 255, 0, 0, 0]), Some(false));
        assert_eq!(ip_within(&[1; 5], &[10, 0, 0, 0, 255, 0, 0, 0]), None);
    }
}
