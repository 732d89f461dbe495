//! The PDF room: a damaged document written anew. Takes its bytes and a limit, gives another file with the objects that its catalog and
//! its information lead to. Nothing is left of the old bytes, so that this is only for whoever asked for it, and never for a signed
//! document: signatures are over bytes.

use super::super::append::write_table;
use super::super::object::{Dictionary, Object, ObjectId, StreamData};
use super::super::revision::Layout;
use super::super::source::Source;
use super::super::write::{print, write_indirect};
use super::super::xref::XrefEntry;
use super::reading::Reading;
use super::scan::Scan;
use super::{mentions_signature, refused};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Budget;
use std::collections::BTreeMap;

fn too_large() -> Error {
    Error::new(ErrorKind::LimitReached).context("bytes of a document to be written anew")
}

/// After the call the bytes are a sound document of one revision, with a cross-reference table; of an object that is there twice they
/// have the last copy, and numbers and generations are kept. Of more than `limit` bytes nothing is read.
///
/// # Errors
/// [`ErrorKind::PdfDamaged`] if it is signed or encrypted, if its catalog cannot be told, or if an object that is needed cannot be read;
/// [`ErrorKind::NotPdf`], [`ErrorKind::NoPages`], [`ErrorKind::LimitReached`], [`ErrorKind::SourceUnreadable`].
pub fn rewrite(source: &dyn Source, limit: u64) -> Result<Vec<u8>> {
    if source.len() > limit {
        return Err(too_large());
    }
    let budget = Budget::for_len(source.len());
    let header = Layout::header(source)?;
    let mut scan = Scan::of(source, header, &budget)?;
    if scan.signed || mentions_signature(source, &budget)? {
        return Err(refused(("it is or was signed; a signed document is never written anew", 0)));
    }
    let reading = Reading::of(source, header, &mut scan, None)?;
    if reading.is_encrypted() {
        return Err(refused(("an encrypted document is not written anew", 0)));
    }
    let document = reading.by_choice(&scan, None)?;
    let view = document.latest();
    view.page(0)?;
    let mut bytes = version(source, header)?;
    let mut entries: BTreeMap<u32, XrefEntry> = BTreeMap::new();
    let mut trailer = Dictionary::new();
    let mut open: Vec<ObjectId> = Vec::new();
    for key in ["Info", "Root"] {
        if let Some(id) = view.trailer().get(key).and_then(Object::as_reference) {
            trailer.set(key, Object::Reference(id));
            open.push(id);
        }
    }
    while let Some(id) = open.pop() {
        document.budget().step(1)?;
        if entries.contains_key(&id.number) {
            continue;
        }
        let mut object = view.object(id)?.object.clone();
        if object.is_null() {
            continue;
        }
        if let Object::Stream(stream) = &mut object {
            let stored = view.stored_data(stream)?;
            stream.dict.set(b"Length", i64::try_from(stored.len()).map_err(|_| too_large())?);
            stream.data = StreamData::Bytes(stored);
        }
        references(&object, &mut open);
        entries.insert(id.number, XrefEntry::Offset { offset: bytes.len() as u64, generation: id.generation });
        write_indirect(&mut bytes, id, &object);
        if bytes.len() as u64 > limit.saturating_mul(2) {
            return Err(too_large());
        }
    }
    let size = entries.keys().max().map_or(1, |number| number.saturating_add(1));
    for number in 0..size {
        entries.entry(number).or_insert(XrefEntry::Free);
    }
    if let Object::Array(ids) = view.get(view.trailer(), b"ID")?
        && let [first @ Object::String(_), Object::String(_)] = ids.as_slice()
    {
        trailer.set(b"ID", vec![first.clone(), first.clone()]);
    }
    trailer.set(b"Size", i64::from(size));
    let xref = bytes.len();
    write_table(&mut bytes, &entries, &trailer);
    print(&mut bytes, format_args!("startxref\n{xref}\n%%EOF\n"));
    Ok(bytes)
}

/// The header as it was, if it has a version, and the comment that says that the file is binary (ISO 32000-2 7.5.2).
fn version(source: &dyn Source, header: u64) -> Result<Vec<u8>> {
    let head = source.read_range(header, 8)?;
    let known = matches!(head.as_slice(), [.., a, b'.', b] if a.is_ascii_digit() && b.is_ascii_digit());
    let mut bytes = if known { head } else { b"%PDF-1.7".to_vec() };
    bytes.extend_from_slice(b"\n%\xE2\xE3\xCF\xD3\n");
    Ok(bytes)
}

/// Every reference in the object, by an explicit stack.
fn references(object: &Object, into: &mut Vec<ObjectId>) {
    let mut open = vec![object];
    while let Some(object) = open.pop() {
        match object {
            Object::Reference(id) => into.push(*id),
            Object::Array(items) => open.extend(items),
            Object::Dictionary(dict) => open.extend(dict.iter().map(|(_, value)| value)),
            Object::Stream(stream) => open.extend(stream.dict.iter().map(|(_, value)| value)),
            _ => {}
        }
    }
}
