//! The verify room, changes: the document security store (ISO 32000-2 12.8.4.3). It may grow; nothing else may ride along. Single answers
//! and certificates may go when they are replaced (EN 319 142-1 5.4.2); a whole part of the store may not.

use super::Found;
use super::claims::Claims;
use super::rule::Rule;
use crate::error::Result;
use crate::pdf::{Dictionary, Object};
use crate::verify::structure::doubtful;

const PATH: &str = "/Root/DSS";
const LISTS: [&str; 3] = ["Certs", "OCSPs", "CRLs"];
const VRI_LISTS: [&str; 3] = ["Cert", "OCSP", "CRL"];

pub(super) fn compare(claims: &mut Claims<'_, '_>, a: &Dictionary, b: &Dictionary) -> Result<()> {
    let old = claims.old.get_dict(a, b"DSS")?;
    let Some(after) = b.get(b"DSS") else {
        if old.is_some() {
            claims.veto(Rule::DssRemoved, PATH.to_owned());
        }
        return Ok(());
    };
    let claimed = claims.claimed();
    let (roots, stop) = (claims.roots(), claims.all_roots());
    let all = claims.claim_closure(after, &roots, &stop)?;
    if claims.claimed() == claimed && all && a.get(b"DSS") == b.get(b"DSS") {
        return Ok(());
    }
    claims.report(Found::new(Rule::DssGrown).at(PATH.to_owned()));
    if !all {
        claims.veto(Rule::DssForeign, PATH.to_owned());
        return Ok(());
    }
    if let Some(path) = foreign(claims, after)? {
        claims.veto(Rule::DssForeign, path);
    }
    let old = old.unwrap_or_default();
    let new = claims.new.get_dict(b, b"DSS")?.unwrap_or_default();
    let lost = |old: &Dictionary, new: &Dictionary| {
        // What it calls itself is no part of it, and some writers leave that out.
        old.iter().find(|(key, _)| *key != b"Type" && new.get(key).is_none()).map(|(key, _)| String::from_utf8_lossy(key).into_owned())
    };
    let lists = lost(&old, &new).map(|key| format!("{PATH}/{key}"));
    let entries = match (claims.old.get_dict(&old, b"VRI")?, claims.new.get_dict(&new, b"VRI")?) {
        (Some(old), Some(new)) => lost(&old, &new).map(|key| format!("{PATH}/VRI/{key}")),
        _ => None,
    };
    if let Some(path) = lists.or(entries) {
        claims.veto(Rule::DssRemoved, path);
    }
    Ok(())
}

/// The path of something in the store that is none of its business. What may stand there is listed key by key.
fn foreign(claims: &Claims<'_, '_>, after: &Object) -> Result<Option<String>> {
    let view = claims.new;
    let Object::Dictionary(store) = view.resolve(after)? else { return Ok(Some(PATH.to_owned())) };
    if doubtful(&store).is_some() {
        return Ok(Some(PATH.to_owned()));
    }
    for (key, value) in store.iter() {
        let name = String::from_utf8_lossy(key);
        let path = format!("{PATH}/{name}");
        let sound = match key {
            b"Type" => matches!(value, Object::Name(_)),
            b"VRI" => {
                if let Some(key) = foreign_entry(claims, value)? {
                    return Ok(Some(format!("{path}{key}")));
                }
                true
            }
            _ => LISTS.contains(&&*name) && streams(claims, value)?,
        };
        if !sound {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

fn foreign_entry(claims: &Claims<'_, '_>, value: &Object) -> Result<Option<String>> {
    let view = claims.new;
    let Object::Dictionary(entries) = view.resolve(value)? else { return Ok(Some(String::new())) };
    for (key, value) in entries.iter() {
        view.document().budget().step(1)?;
        let path = format!("/{}", String::from_utf8_lossy(key));
        if key == b"Type" && matches!(value, Object::Name(_)) {
            continue;
        }
        let Object::Dictionary(entry) = view.resolve(value)? else { return Ok(Some(path)) };
        for (key, value) in entry.iter() {
            let name = String::from_utf8_lossy(key);
            let sound = match key {
                b"Type" => matches!(value, Object::Name(_)),
                b"TU" => matches!(view.resolve(value)?, Object::String(_)),
                b"TS" => is_stream(claims, value)?,
                _ => VRI_LISTS.contains(&&*name) && streams(claims, value)?,
            };
            if !sound {
                return Ok(Some(format!("{path}/{name}")));
            }
        }
    }
    Ok(None)
}

/// A list of streams, each an object of its own.
fn streams(claims: &Claims<'_, '_>, value: &Object) -> Result<bool> {
    let Object::Array(items) = claims.new.resolve(value)? else { return Ok(false) };
    for item in &items {
        claims.new.document().budget().step(1)?;
        if !is_stream(claims, item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A stream with data of its own, or one that was there before: what was signed along is nobody's addition.
fn is_stream(claims: &Claims<'_, '_>, value: &Object) -> Result<bool> {
    let Some(id) = value.as_reference() else { return Ok(false) };
    if claims.delta(id.number).is_none() {
        return Ok(true);
    }
    let object = claims.new.object(id)?;
    Ok(object.object.as_stream().is_some_and(|stream| stream.dict.iter().all(|(key, _)| STREAM_KEYS.contains(&key))))
}

/// Validation data are plain streams: one that says it is an XObject or a font waits for another use.
const STREAM_KEYS: [&[u8]; 6] = [b"Length", b"Filter", b"DecodeParms", b"DL", b"Type", b"Name"];
