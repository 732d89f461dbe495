//! The sign room: what a signature field demands of the signer's certificate (ISO 32000-2 12.7.5.5, the certificate seed value dictionary).
//! Takes the seed values and an identity; a demand that is not met, or that cannot be checked, is refused before any key is asked.

use super::identity::SigningIdentity;
use super::seed::unmet;
use crate::error::Result;
use crate::pdf::{Dictionary, Object, View};
use crate::pki::attribute_type;
use crate::pki::certificate::Certificate;
use const_oid::ObjectIdentifier;

/// The bits of its `/Ff`.
const SUBJECT: i64 = 1;
const ISSUER: i64 = 1 << 1;
const OID: i64 = 1 << 2;
const SUBJECT_DN: i64 = 1 << 3;
const KEY_USAGE: i64 = 1 << 5;

/// Its bit, its key, what is said when no item meets it, and how one does.
type Demand<'d> = (i64, &'d [u8], &'static str, &'d dyn Fn(&Object) -> Result<bool>);

/// # Errors
/// [`ErrorKind::FieldUnusable`](crate::ErrorKind::FieldUnusable), naming the demand.
pub(super) fn check(view: View<'_>, seed: &Dictionary, identity: &SigningIdentity) -> Result<()> {
    let Some(wanted) = view.get_dict(seed, b"Cert")? else { return Ok(()) };
    let flags = match view.get(&wanted, b"Ff")? {
        Object::Null => 0,
        flags => flags.as_i64().ok_or_else(|| unmet("its seed values cannot be read"))?,
    };
    if flags & !(SUBJECT | ISSUER | OID | SUBJECT_DN | KEY_USAGE) != 0 {
        return Err(unmet("it requires properties of the certificate that are not checked"));
    }
    let leaf = identity.leaf()?;
    let demands: [Demand<'_>; 5] = [
        (SUBJECT, b"Subject", "it requires another certificate", &|item| Ok(is(item, leaf))),
        (ISSUER, b"Issuer", "it requires another issuer", &|item| {
            Ok(identity.chain().iter().skip(1).any(|certificate| is(item, certificate)))
        }),
        (OID, b"OID", "it requires a certificate under another policy", &|item| Ok(has_policy(item, leaf))),
        (SUBJECT_DN, b"SubjectDN", "it requires another subject", &|item| has_subject(view, item, leaf)),
        (KEY_USAGE, b"KeyUsage", "it requires another key usage", &|item| Ok(has_usage(item, leaf))),
    ];
    for (bit, key, what, meets) in demands {
        if flags & bit == 0 {
            continue;
        }
        let mut met = false;
        for item in view.get_array(&wanted, key)?.unwrap_or_default() {
            view.document().budget().step(1)?;
            met |= meets(&view.resolve(&item)?)?;
        }
        if !met {
            return Err(unmet(what));
        }
    }
    Ok(())
}

fn is(item: &Object, certificate: &Certificate) -> bool {
    item.as_string() == Some(certificate.der())
}

fn has_policy(item: &Object, leaf: &Certificate) -> bool {
    let oid = item.as_string().and_then(|text| std::str::from_utf8(text).ok()).and_then(|text| text.parse::<ObjectIdentifier>().ok());
    oid.is_some_and(|oid| leaf.policies().contains(&oid))
}

/// Every attribute of one dictionary stands in the subject; names are those of RFC 4519 or dotted numbers.
fn has_subject(view: View<'_>, item: &Object, leaf: &Certificate) -> Result<bool> {
    let Object::Dictionary(attributes) = item else { return Ok(false) };
    for (name, value) in attributes.iter() {
        let value = view.resolve(value)?;
        let Some(value) = value.as_string().map(crate::pdf::text_string::text) else { return Ok(false) };
        let name = std::str::from_utf8(name).ok();
        let oid = name.and_then(attribute_type::named);
        if !oid.is_some_and(|oid| leaf.subject_has(&oid, &value)) {
            return Ok(false);
        }
    }
    Ok(!attributes.is_empty())
}

/// One character a bit of the key usage (RFC 5280 4.2.1.3): 1 set, 0 not set, X or missing either.
fn has_usage(item: &Object, leaf: &Certificate) -> bool {
    let Some(wanted) = item.as_string() else { return false };
    let usage = leaf.key_usage().unwrap_or_default();
    let bits = [
        usage.digital_signature,
        usage.content_commitment,
        usage.key_encipherment,
        usage.data_encipherment,
        usage.key_agreement,
        usage.key_cert_sign,
        usage.crl_sign,
        usage.encipher_only,
        usage.decipher_only,
    ];
    wanted.len() <= bits.len()
        && wanted.iter().zip(bits).all(|(wanted, set)| match wanted {
            b'0' => !set,
            b'1' => set,
            b'X' | b'x' => true,
            _ => false,
        })
}
