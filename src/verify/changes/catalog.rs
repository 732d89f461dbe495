//! The verify room, changes: the catalog (ISO 32000-2 7.7.2). Each key has its rule or is OTHER.

use super::Found;
use super::claims::{Claims, Delta};
use super::rule::Rule;
use super::{dss, form};
use crate::error::Result;
use crate::pdf::Object;
use crate::verify::structure::doubtful;
use std::collections::BTreeSet;

/// Keys of a developer extensions dictionary (ISO 32000-2 table 49).
const EXTENSION_KEYS: [&[u8]; 5] = [b"Type", b"BaseVersion", b"ExtensionLevel", b"ExtensionRevision", b"URL"];

pub(super) fn compare(claims: &mut Claims<'_, '_>) -> Result<()> {
    let Some(root) = claims.old.trailer().get(b"Root").and_then(Object::as_reference) else { return Ok(()) };
    let (a, b) = (claims.old.catalog()?, claims.new.catalog()?);
    if doubtful(&b).is_some() {
        claims.veto(Rule::CatalogKeyDoubtful, "/Root".to_owned());
    }
    for difference in claims.differences(root.number, &a, &b)? {
        match difference.key.as_slice() {
            b"AcroForm" | b"DSS" | b"Metadata" | b"Version" | b"Extensions" => {}
            key => {
                let path = format!("/Root/{}", String::from_utf8_lossy(key));
                claims.report(Found::new(Rule::CatalogEntryChanged).at(path).values(&difference.before, &difference.after));
            }
        }
    }
    if claims.delta(root.number) == Some(Delta::Modified) {
        claims.claim(root.number);
    }
    metadata(claims, a.get(b"Metadata"), b.get(b"Metadata"))?;
    for key in ["Version", "Extensions"] {
        version(claims, key, a.get(key), b.get(key))?;
    }
    form::compare(claims, root, &a, &b)?;
    dss::compare(claims, &a, &b)?;
    // Whatever changed above is named by it.
    if claims.claimed() > 0 { claims.check_role(root.number, "/Root") } else { Ok(()) }
}

fn version(claims: &mut Claims<'_, '_>, key: &str, before: Option<&Object>, after: Option<&Object>) -> Result<()> {
    let (claimed, roots) = (claims.claimed(), claims.roots());
    let after = after.unwrap_or(&Object::Null);
    let all = claims.claim_closure(after, &roots, &BTreeSet::new())?;
    if before.unwrap_or(&Object::Null) == after && claims.claimed() == claimed {
        return Ok(());
    }
    let path = format!("/Root/{key}");
    claims.report(Found::new(Rule::VersionChanged).at(path.clone()).values(before.unwrap_or(&Object::Null), after));
    let value = claims.new.resolve(after)?;
    let sound = if key == "Version" { matches!(value, Object::Name(_) | Object::Null) } else { extensions(claims, &value)? };
    if !(all && sound) {
        claims.veto(Rule::VersionForeign, path);
    }
    Ok(())
}

/// Whether it is a dictionary of developer extensions, or of arrays of them.
fn extensions(claims: &Claims<'_, '_>, value: &Object) -> Result<bool> {
    let dict = match value {
        Object::Null => return Ok(true),
        Object::Dictionary(dict) => dict,
        _ => return Ok(false),
    };
    for (key, value) in dict.iter() {
        let items = match claims.new.resolve(value)? {
            Object::Array(items) => items,
            other => vec![other],
        };
        for item in items {
            let sound = match claims.new.resolve(&item)? {
                Object::Dictionary(extension) => extension
                    .iter()
                    .all(|(key, value)| EXTENSION_KEYS.contains(&key) && value.as_dict().is_none() && value.as_array().is_none()),
                Object::Name(_) => key == b"Type",
                _ => false,
            };
            if !sound {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

fn metadata(claims: &mut Claims<'_, '_>, before: Option<&Object>, after: Option<&Object>) -> Result<()> {
    let (mut changed, roots) = (before != after, claims.roots());
    for id in [before, after].into_iter().flatten().filter_map(Object::as_reference) {
        if claims.delta(id.number).is_some() && claims.claim_below(id.number, &roots) {
            changed = true;
        }
    }
    if changed {
        claims.report(Found::new(Rule::XmpChanged).at("/Root/Metadata".to_owned()));
        // A stream whose data stand in another file (ISO 32000-2 table 5) is shown as that file is then.
        let sound = match after.map_or(Ok(Object::Null), |after| claims.new.resolve(after))? {
            Object::Stream(stream) => stream.dict.is_type(b"Metadata") && stream.dict.get(b"F").is_none(),
            Object::Null => true,
            _ => false,
        };
        if !sound {
            claims.veto(Rule::XmpForeign, "/Root/Metadata".to_owned());
        }
    }
    Ok(())
}
