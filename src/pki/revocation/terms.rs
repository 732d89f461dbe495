//! The pki room: the extensions of a list of revoked certificates (RFC 5280 5.2).
//!
//! Takes the list's extensions, gives number, scope, and what a delta is based on. A critical extension that nobody here evaluates makes the list
//! unusable.

use super::crl::Head;
use super::points::Scope;
use crate::pki::certificate::time;
use crate::pki::der::{self, DerFault, Tlv};
use crate::pki::oid;
use crate::time::Time;
use const_oid::ObjectIdentifier;

const MAX_EXTENSIONS: usize = 64;

/// What a list says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Terms {
    /// cRLNumber, big-endian without leading zeros.
    pub(super) number: Option<Vec<u8>>,
    /// BaseCRLNumber of a delta list.
    pub(super) base: Option<Vec<u8>>,
    /// authorityKeyIdentifier as it stands.
    pub(super) authority: Option<Vec<u8>>,
    /// Its keyIdentifier.
    pub(super) key_id: Option<Vec<u8>>,
    pub(super) scope: Option<Scope>,
    /// expiredCertsOnCRL (ITU-T X.509): certificates that expired since then stay on the list.
    pub(super) expired_since: Option<Time>,
    pub(super) unknown_critical: bool,
}

/// Whether one number is not larger than another; both as in [`Terms`].
pub(super) fn at_most(a: &[u8], b: &[u8]) -> bool {
    (a.len(), a) <= (b.len(), b)
}

impl Terms {
    /// From the member [0] of the signed part.
    pub(super) fn of(tlv: &Tlv<'_>, head: &Head<'_>) -> Result<Terms, DerFault> {
        if head.version == 0 {
            return Err(tlv.fault("extensions in a list that is not version 2"));
        }
        let mut inside = tlv.inside();
        let list = inside.expect(der::SEQUENCE, "extensions")?;
        inside.finish("extensions")?;
        Terms::read(&list, head.issuer.raw)
    }

    /// From the Extensions; `issuer` is the Name of who issued the list.
    fn read(list: &Tlv<'_>, issuer: &[u8]) -> Result<Terms, DerFault> {
        let mut terms = Terms::default();
        let mut seen: Vec<ObjectIdentifier> = Vec::new();
        let mut extensions = list.inside();
        while !extensions.is_empty() {
            let extension = extensions.expect(der::SEQUENCE, "extension")?;
            let mut reader = extension.inside();
            let oid = reader.expect(der::OID, "extension")?.oid()?;
            let critical = reader.optional(der::BOOLEAN)?.map_or(Ok(false), |b| b.boolean())?;
            let value = reader.expect(der::OCTET_STRING, "extension value")?;
            reader.finish("extension")?;
            if seen.contains(&oid) || seen.len() >= MAX_EXTENSIONS {
                return Err(extension.fault("extension repeated"));
            }
            seen.push(oid);
            let number =
                |what| -> Result<Option<Vec<u8>>, DerFault> { Ok(Some(der::whole(value.value, der::INTEGER, what)?.positive()?.to_vec())) };
            match oid {
                oid::CRL_NUMBER => terms.number = number("number of the list")?,
                oid::DELTA_CRL_INDICATOR => terms.base = number("number of the complete list")?,
                oid::ISSUING_DISTRIBUTION_POINT => terms.scope = Some(Scope::read(value.value, issuer)?),
                oid::EXPIRED_CERTS_ON_CRL => {
                    terms.expired_since = Some(time(&der::whole(value.value, der::GENERALIZED_TIME, "expired certificates")?)?);
                }
                oid::AUTHORITY_KEY_ID => {
                    let identifier = der::whole(value.value, der::SEQUENCE, "authority key identifier")?;
                    terms.key_id = identifier.inside().optional(0x80)?.map(|id| id.value.to_vec());
                    terms.authority = Some(value.value.to_vec());
                }
                // Where a delta list is, or the issuer's certificate: says nothing about what is on this one.
                oid::FRESHEST_CRL | oid::AUTHORITY_INFO_ACCESS => {}
                _ => terms.unknown_critical |= critical,
            }
        }
        Ok(terms)
    }

    pub(super) fn indirect(&self) -> bool {
        self.scope.as_ref().is_some_and(|scope| scope.indirect)
    }
}
