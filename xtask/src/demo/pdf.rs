//! What a PDF of the demo is written with: objects, a cross-reference table, a trailer. No clock, so that the same bytes come out each time.

use thrivosign::pdf::write::write_object;
use thrivosign::pdf::{Dictionary, Object, ObjectId, PdfString};

/// A reference to the object of that number.
pub(super) fn reference(number: usize) -> Object {
    Object::Reference(ObjectId::new(u32::try_from(number).unwrap_or(u32::MAX), 0))
}

/// A text.
pub(super) fn string(text: &str) -> Object {
    Object::String(PdfString { bytes: text.as_bytes().to_vec(), hex: false })
}

/// One of the standard fonts.
pub(super) fn font(name: &str) -> Object {
    let dict = Dictionary::new().with(b"Type", Object::name("Font")).with(b"Subtype", Object::name("Type1"));
    Object::Dictionary(dict.with(b"BaseFont", Object::name(name)).with(b"Encoding", Object::name("WinAnsiEncoding")))
}

/// A PDF 1.7 of these objects, from number 1 on; the first is the catalogue, and that one tells of the document, if any does.
pub(super) fn file(objects: &[Object], info: Option<usize>) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut offsets = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n", n + 1).as_bytes());
        write_object(&mut out, object);
        out.extend_from_slice(b"\nendobj\n");
    }
    let xref = out.len();
    let size = objects.len() + 1;
    out.extend_from_slice(format!("xref\n0 {size}\n0000000000 65535 f \n").as_bytes());
    for offset in offsets {
        out.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    let trailer = Dictionary::new().with(b"Size", i64::try_from(size).unwrap_or(0)).with(b"Root", reference(1));
    let trailer = match info {
        Some(number) => trailer.with(b"Info", reference(number)),
        None => trailer,
    };
    out.extend_from_slice(b"trailer\n");
    write_object(&mut out, &Object::Dictionary(trailer));
    out.extend_from_slice(format!("\nstartxref\n{xref}\n%%EOF\n").as_bytes());
    out
}
