//! The PDF room: where an encrypted stream of a damaged file ends (ISO 32000-2 7.6.3). Takes a document read with what its `endstream`
//! tells, gives the right lengths, or the doubt that remains.
//!
//! In a stream that is not encrypted it matters little whether the line end before `endstream` belongs to the data. Ciphertext may end in
//! any byte: one that is taken for a line end, or a line end that is taken for data, would be content that was never there. So the end has
//! to be told by what is decrypted: AES by whole blocks and their padding, RC4 by the end and the checksum of what is deflated in it.

use super::super::crypt::Cipherment;
use super::super::document::Document;
use super::super::filter;
use super::super::object::{Object, Span, Stream, StreamData};
use super::super::xref::XrefEntry;
use super::scan::{Doubt, Kind, Scan};
use crate::error::{ErrorKind, Result};

const BLOCK: u64 = 16;

/// Puts the lengths of `scan` right that were found before anything could be decrypted; gives the first of which no right one can be told.
///
/// # Errors
/// [`ErrorKind::LimitReached`], [`ErrorKind::SourceUnreadable`], [`ErrorKind::EncryptionUnsupported`].
pub(super) fn settle(document: &Document<'_>, scan: &mut Scan) -> Result<Option<Doubt>> {
    let mut doubt = None;
    for found in scan.objects.iter_mut().filter(|found| found.length.is_some() && found.kind != Kind::CrossReferences) {
        let entry = XrefEntry::Offset { offset: found.offset, generation: found.id.generation };
        let told = match document.latest().object_by_entry(found.id, entry) {
            Ok(read) => read.object.as_stream().map(|stream| length(document, stream)).transpose(),
            Err(error) => Err(error),
        };
        match told {
            Ok(Some(Some(length))) => found.length = Some(length),
            Err(error) if error.kind() != ErrorKind::PdfDamaged => return Err(error),
            _ => {
                doubt.get_or_insert(("the end of an encrypted stream cannot be told", found.offset));
            }
        }
    }
    Ok(doubt)
}

fn length(document: &Document<'_>, stream: &Stream) -> Result<Option<u64>> {
    let (StreamData::At(span), Some(crypt)) = (&stream.data, document.crypt()) else { return Ok(None) };
    let cipherment = crypt.cipherment(&stream.dict)?;
    if cipherment == Cipherment::Clear {
        return Ok(Some(span.len()));
    }
    let line_end = match document.source().read_range(span.end, 2)?.as_slice() {
        b"\r\n" => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    };
    for length in span.len()..=span.len() + line_end {
        if cipherment == Cipherment::Blocks && !length.is_multiple_of(BLOCK) {
            continue;
        }
        let data = StreamData::At(Span { start: span.start, end: span.start.saturating_add(length) });
        let plain = match document.latest().stored_data(&Stream { data, ..stream.clone() }) {
            // No padding: these are not all the blocks, or not only they.
            Err(error) if error.kind() == ErrorKind::PdfDamaged => continue,
            other => other?,
        };
        let ends = match cipherment {
            Cipherment::Blocks => true,
            _ => is_deflated(stream) && filter::flate_end(&plain, document.budget())?.is_some(),
        };
        if ends || line_end == 0 {
            return Ok(Some(length));
        }
    }
    Ok(None)
}

/// Whether what is decrypted is deflated and nothing else.
fn is_deflated(stream: &Stream) -> bool {
    let first = match stream.dict.get(b"Filter") {
        Some(Object::Array(filters)) => filters.first(),
        other => other,
    };
    first.and_then(Object::as_name) == Some(b"FlateDecode")
}
