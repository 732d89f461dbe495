//! The verify room, changes: validation data that no store names any more, or never did. Writers that raise a document leave the parts of the store before behind.
//! Takes an object that the signed revision did not know; says whether it and all below it are certificates, lists, responses and tokens, and nothing else.

use crate::cms::SignedData;
use crate::error::{ErrorKind, Result};
use crate::pdf::{Dictionary, Object, Stream, View};
use crate::pki::Certificate;
use crate::pki::revocation::{Crl, OcspResponse};

/// Store, entry, list, stream.
const DEPTH: u32 = 4;
/// Most of one stream that is looked into.
const MOST: usize = 16 << 20;
/// Keys of a store and of an entry in it (ISO 32000-2 tables 261 and 262); entries have digests for keys.
const KEYS: [&[u8]; 9] = [b"Cert", b"CRL", b"OCSP", b"TU", b"TS", b"Certs", b"CRLs", b"OCSPs", b"VRI"];
/// What such a stream may say of itself.
const OF_A_STREAM: [&[u8]; 4] = [b"Length", b"Filter", b"DecodeParms", b"DL"];

/// Whether it is one of these; what cannot be read is none.
pub(super) fn is_evidence(view: View<'_>, object: &Object) -> Result<bool> {
    match below(view, object, 0) {
        Err(error) if error.kind() == ErrorKind::PdfDamaged => Ok(false),
        found => found,
    }
}

fn below(view: View<'_>, object: &Object, depth: u32) -> Result<bool> {
    view.document().budget().step(1)?;
    if depth > DEPTH {
        return Ok(false);
    }
    match object {
        Object::Stream(stream) => is_data(view, stream),
        Object::Array(items) => each(view, items.iter(), depth),
        Object::Dictionary(dict) => {
            let sound = dict.iter().all(|(key, value)| match key {
                b"Type" => matches!(value.as_name(), Some(b"DSS" | b"VRI")),
                key => KEYS.contains(&key) || is_digest(key),
            });
            Ok(sound && !dict.is_empty() && each(view, of_entries(dict), depth)?)
        }
        _ => Ok(false),
    }
}

fn of_entries(dict: &Dictionary) -> impl Iterator<Item = &Object> {
    dict.iter().filter(|(key, _)| *key != b"Type" && *key != b"TU").map(|(_, value)| value)
}

fn each<'o>(view: View<'_>, objects: impl Iterator<Item = &'o Object>, depth: u32) -> Result<bool> {
    for object in objects {
        let sound = match object {
            Object::Reference(id) => below(view, &view.object(*id)?.object, depth + 1)?,
            direct => below(view, direct, depth + 1)?,
        };
        if !sound {
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
