//! The verify room, changes: the trailer (ISO 32000-2 7.5.5) and the document information that it names.

use super::Found;
use super::claims::{Claims, Delta};
use super::rule::Rule;
use crate::error::Result;
use crate::pdf::{Dictionary, Object};
use std::collections::BTreeSet;

/// Whether the catalog is still the one that was signed, so that it can be compared.
pub(super) fn compare(claims: &mut Claims<'_, '_>) -> Result<bool> {
    let (old, new) = (claims.old.trailer(), claims.new.trailer());
    if old.get(b"Root").and_then(Object::as_reference).is_none() {
        return Ok(false);
    }
    if new.get(b"Root") != old.get(b"Root") && !is_successor(claims)? {
        claims.report(Found::new(Rule::OtherCatalog).at("/Root".to_owned()).values(root(old), root(new)));
        return Ok(false);
    }
    if new.get(b"Encrypt") != old.get(b"Encrypt") {
        claims.veto(Rule::EncryptionReplaced, "/Encrypt".to_owned());
    }
    let first = |trailer: &Dictionary| trailer.get(b"ID").and_then(Object::as_array).and_then(|ids| ids.first().cloned());
    // It is to stay (ISO 32000-2 14.4), and some writers change it. Where a document is encrypted the key hangs on it; elsewhere nothing that is shown.
    let encrypted = old.get(b"Encrypt").is_some() || new.get(b"Encrypt").is_some();
    if encrypted && first(old).is_some() && first(new).is_some() && first(old) != first(new) {
        claims.veto(Rule::FileIdChanged, "/ID[0]".to_owned());
    }
    size(claims, old, new);
    info(claims)?;
    Ok(true)
}

/// Whether the catalog is one that was written anew under another number, as writers on PDFHummus do with every update; then it is compared entry by entry
/// with the one that was signed. An attacker would name a catalog that the signed revision holds already and nobody was shown, or one that
/// it refers to from elsewhere: it must be new, and the old one must be as it was.
fn is_successor(claims: &mut Claims<'_, '_>) -> Result<bool> {
    let number = |trailer: &Dictionary| trailer.get(b"Root").and_then(Object::as_reference).map(|id| id.number);
    let (Some(before), Some(after)) = (number(claims.old.trailer()), number(claims.new.trailer())) else { return Ok(false) };
    let id = claims.new.id_of(after)?;
    let is_catalog = claims.new.trailer().get(b"Root").and_then(Object::as_reference) == Some(id)
        && matches!(&claims.new.object(id)?.object, Object::Dictionary(dict) if dict.is_type(b"Catalog"));
    let fresh = claims.delta(after) == Some(Delta::Added) && claims.referrers(after).is_some_and(|r| r.is_empty());
    let successor = is_catalog && fresh && claims.delta(before).is_none();
    if successor {
        claims.claim(after);
    }
    Ok(successor)
}

fn root(trailer: &Dictionary) -> &Object {
    trailer.get(b"Root").unwrap_or(&Object::Null)
}

/// Numbers from /Size on count as missing (ISO 32000-2 table 15): lowered, it hides objects from the viewers that obey it.
fn size(claims: &mut Claims<'_, '_>, old: &Dictionary, new: &Dictionary) {
    let size = |trailer: &Dictionary| trailer.get(b"Size").and_then(Object::as_i64);
    let (before, after) = (size(old), size(new));
    let document = claims.old.document();
    let needed =
        (0..=claims.old.revision()).flat_map(|index| document.sections(index)).map(|section| section.numbers_end()).max().unwrap_or(0);
    let enough = after.is_some_and(|after| u64::try_from(after).is_ok_and(|after| after >= needed));
    if !enough && after < before {
        let shown = |value: Option<i64>| value.map_or(Object::Null, Object::Integer);
        claims.report(Found::new(Rule::SizeLowered).at("/Size".to_owned()).values(&shown(before), &shown(after)));
    }
}

/// The document information dictionary; only the trailer refers to it.
fn info(claims: &mut Claims<'_, '_>) -> Result<()> {
    let (before, after) = (claims.old.trailer().get(b"Info").cloned(), claims.new.trailer().get(b"Info").cloned());
    let mut changed = before != after;
    // The trailer also names the catalog and the encryption: called /Info, these would pass for information about the document.
    let taken: BTreeSet<u32> = [claims.old.trailer(), claims.new.trailer()]
        .into_iter()
        .flat_map(|trailer| [trailer.get(b"Root"), trailer.get(b"Encrypt")])
        .filter_map(|value| value.and_then(Object::as_reference).map(|id| id.number))
        .collect();
    for id in [&before, &after].into_iter().flatten().filter_map(Object::as_reference) {
        if claims.delta(id.number).is_some() && !taken.contains(&id.number) && claims.referrers(id.number).is_some_and(|r| r.is_empty()) {
            claims.claim(id.number);
            changed = true;
        }
    }
    let now = claims.new.get(claims.new.trailer(), b"Info")?;
    let mut plain = true;
    if let (Object::Dictionary(info), Some(Object::Reference(id))) = (&now, &after) {
        for (_, value) in info.iter() {
            // Text, dates, names: whatever else stands there is not about the document.
            plain &= matches!(
                claims.new.resolve(value)?,
                Object::Null | Object::String(_) | Object::Name(_) | Object::Boolean(_) | Object::Integer(_) | Object::Real(_)
            );
            let before = claims.claimed();
            plain &= claims.claim_closure(value, &[id.number], &taken)?;
            changed |= claims.claimed() != before;
        }
    }
    if changed {
        claims.report(Found::new(Rule::InfoChanged).at("/Info".to_owned()));
        if !plain || matches!(now, Object::Stream(_)) {
            claims.veto(Rule::InfoForeign, "/Info".to_owned());
        }
    }
    Ok(())
}
