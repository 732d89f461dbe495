//! The verify room, changes: trailer and catalog (ISO 32000-2 7.5.5, 7.7.2). Each key has its rule or is OTHER.

use super::claims::{Claims, Delta};
use super::{ChangeKind, Found, dss, form};
use crate::error::Result;
use crate::pdf::{Object, ObjectId};
use crate::verify::structure::doubtful;
use std::collections::BTreeSet;

pub(super) fn compare(claims: &mut Claims<'_, '_>) -> Result<()> {
    let (old, new) = (claims.old.trailer(), claims.new.trailer());
    let Some(root) = old.get(b"Root").and_then(Object::as_reference) else { return Ok(()) };
    if new.get(b"Root") != old.get(b"Root") {
        claims.other("the trailer names another catalog", vec!["/Root".into()]);
        return Ok(());
    }
    if new.get(b"Encrypt") != old.get(b"Encrypt") {
        claims.other("the encryption dictionary was replaced", vec!["/Encrypt".into()]);
    }
    let first = |trailer: &crate::pdf::Dictionary| trailer.get(b"ID").and_then(Object::as_array).and_then(|ids| ids.first().cloned());
    if first(old).is_some() && first(new).is_some() && first(old) != first(new) {
        claims.other("the first file identifier was changed", vec!["/ID".into()]);
    }
    info(claims)?;
    let (a, b) = (claims.old.catalog()?, claims.new.catalog()?);
    if doubtful(&b).is_some() {
        claims.other("the catalog has a doubtful key", vec!["/Root".into()]);
    }
    for (key, _, _) in claims.differences(&a, &b) {
        match key.as_slice() {
            b"AcroForm" | b"DSS" | b"Metadata" | b"Version" | b"Extensions" => {}
            _ => claims.other("a catalog entry was changed", vec![format!("/Root/{}", String::from_utf8_lossy(&key))]),
        }
    }
    if claims.delta(root.number) == Some(Delta::Modified) {
        claims.claim(root.number);
    }
    metadata(claims, root, a.get(b"Metadata"), b.get(b"Metadata"))?;
    for key in ["Version", "Extensions"] {
        version(claims, root, key, a.get(key), b.get(key))?;
    }
    form::compare(claims, root, &a, &b)?;
    dss::compare(claims, root, &a, &b)
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
    if changed {
        claims.found.push(Found::new(ChangeKind::Metadata, "the document information was changed", vec!["/Info".into()]));
    }
    Ok(())
}

fn version(claims: &mut Claims<'_, '_>, root: ObjectId, key: &str, before: Option<&Object>, after: Option<&Object>) -> Result<()> {
    let open = claims.unclaimed().len();
    let all = claims.claim_closure(after.unwrap_or(&Object::Null), &[root.number], &BTreeSet::new())?;
    if before != after || claims.unclaimed().len() != open {
        let kind = if all { ChangeKind::Metadata } else { ChangeKind::Other };
        claims.found.push(Found::new(kind, "a version entry was changed", vec![format!("/Root/{key}")]));
    }
    Ok(())
}

fn metadata(claims: &mut Claims<'_, '_>, root: ObjectId, before: Option<&Object>, after: Option<&Object>) -> Result<()> {
    let mut changed = before != after;
    for id in [before, after].into_iter().flatten().filter_map(Object::as_reference) {
        if claims.delta(id.number).is_some() && claims.claim_below(id.number, &[root.number]) {
            changed = true;
        }
    }
    if changed {
        claims.found.push(Found::new(ChangeKind::Metadata, "the XMP metadata were changed", vec!["/Root/Metadata".into()]));
    }
    Ok(())
}
