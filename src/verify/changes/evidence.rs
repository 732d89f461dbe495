//! The verify room, changes: validation data that no store names any more, or never did. Writers that raise a document leave the parts of the store before behind.
//! Takes an object that the signed revision did not know; says whether it and all below it are certificates, lists, responses and tokens, and nothing else.

use crate::cms::SignedData;
use crate::error::{ErrorKind, Result};
use crate::pdf::{Dictionary, Object, Stream, View};
use crate::pki::Certificate;
use crate::pki::revocation::{Crl, OcspResponse};
use std::cell::RefCell;
use std::collections::HashMap;

/// Streams of the document as it is that were looked into, by number: one store after the other names the same.
pub(super) type Known = RefCell<HashMap<u32, bool>>;

/// Store, entry, list, stream.
const DEPTH: u32 = 4;
/// Most of one stream that is looked into.
const MOST: usize = 16 << 20;
/// Keys of a store and of an entry in it (ISO 32000-2 tables 261 and 262); entries have digests for keys.
const KEYS: [&[u8]; 9] = [b"Cert", b"CRL", b"OCSP", b"TU", b"TS", b"Certs", b"CRLs", b"OCSPs", b"VRI"];
/// What such a stream may say of itself.
const OF_A_STREAM: [&[u8]; 4] = [b"Length", b"Filter", b"DecodeParms", b"DL"];

/// Whether it is one of these; what cannot be read is none.
pub(super) fn is_evidence(view: View<'_>, number: u32, known: &Known) -> Result<bool> {
    let id = view.id_of(number)?;
    match below(view, &Object::Reference(id), known, 0) {
        Err(error) if error.kind() == ErrorKind::PdfDamaged => Ok(false),
        found => found,
    }
}

fn below(view: View<'_>, object: &Object, known: &Known, depth: u32) -> Result<bool> {
    view.document().budget().step(1)?;
    if depth > DEPTH {
        return Ok(false);
    }
    match object {
        Object::Reference(id) => {
            if let Some(sound) = known.borrow().get(&id.number).copied() {
                return Ok(sound);
            }
            let found = view.object(*id)?;
            let Object::Stream(stream) = &found.object else { return plain(view, &found.object, known, depth) };
            let sound = is_data(view, stream)?;
            known.borrow_mut().insert(id.number, sound);
            Ok(sound)
        }
        direct => plain(view, direct, known, depth),
    }
}

fn plain(view: View<'_>, object: &Object, known: &Known, depth: u32) -> Result<bool> {
    match object {
        Object::Array(items) => each(view, items.iter(), known, depth),
        Object::Dictionary(dict) => {
            let sound = dict.iter().all(|(key, value)| match key {
                b"Type" => matches!(value.as_name(), Some(b"DSS" | b"VRI")),
                key => KEYS.contains(&key) || is_digest(key),
            });
            Ok(sound && !dict.is_empty() && each(view, of_entries(dict), known, depth)?)
        }
        _ => Ok(false),
    }
}

fn of_entries(dict: &Dictionary) -> impl Iterator<Item = &Object> {
    dict.iter().filter(|(key, _)| *key != b"Type" && *key != b"TU").map(|(_, value)| value)
}

fn each<'o>(view: View<'_>, objects: impl Iterator<Item = &'o Object>, known: &Known, depth: u32) -> Result<bool> {
    for object in objects {
        if !below(view, object, known, depth + 1)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The name of an entry: a digest in hexadecimal.
fn is_digest(key: &[u8]) -> bool {
    key.len() == 40 && key.iter().all(u8::is_ascii_hexdigit)
}

fn is_data(view: View<'_>, stream: &Stream) -> Result<bool> {
    if stream.dict.iter().any(|(key, _)| !OF_A_STREAM.contains(&key)) {
        return Ok(false);
    }
    let data = view.stream_data(stream)?;
    let sound = || {
        Certificate::from_der(&data).is_ok()
            || Crl::from_der(&data).is_ok()
            || OcspResponse::from_der(&data).is_ok()
            || SignedData::parse(&data).is_ok()
    };
    Ok(data.len() <= MOST && sound())
}
