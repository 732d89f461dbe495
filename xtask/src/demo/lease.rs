//! A document with a form, for tests that fill one: a lease of one page, whose text fields are `tenant`, `rent` (of nine characters) and `number`, which
//! nobody may change.

use super::pdf::{file, font, reference, string};
use thrivosign::pdf::{Dictionary, Object, Rect, Stream, StreamData};

const CONTENT: &[u8] = b"BT /Helv 14 Tf 72 720 Td (Lease) Tj ET\n";
/// May not be changed (ISO 32000-2 12.7.4.1).
const READ_ONLY: i64 = 1;

fn field(name: &str, bottom: f64, more: Dictionary) -> Object {
    let look = [(b"Type".as_slice(), "Annot"), (b"Subtype", "Widget"), (b"FT", "Tx")];
    let dict = look.into_iter().fold(more, |dict, (key, value)| dict.with(key, Object::name(value)));
    let dict = dict.with(b"T", string(name)).with(b"F", 4).with(b"P", reference(4)).with(b"DA", string("/Helv 10 Tf 0 g"));
    Object::Dictionary(dict.with(b"Rect", Rect::new(72.0, bottom, 272.0, bottom + 20.0).to_array()))
}

/// The lease as a PDF 1.7.
pub(super) fn lease() -> Vec<u8> {
    let fields: Vec<Object> = (6..9).map(reference).collect();
    let fonts = Dictionary::new().with(b"Font", Dictionary::new().with(b"Helv", reference(3)));
    let form = Dictionary::new().with(b"Fields", fields.clone()).with(b"DR", fonts.clone());
    let catalogue = Dictionary::new().with(b"Type", Object::name("Catalog")).with(b"Pages", reference(2)).with(b"AcroForm", form);
    let pages = Dictionary::new().with(b"Type", Object::name("Pages")).with(b"Count", 1).with(b"Kids", vec![reference(4)]);
    let page = Dictionary::new()
        .with(b"Type", Object::name("Page"))
        .with(b"Parent", reference(2))
        .with(b"MediaBox", Rect::new(0.0, 0.0, 595.0, 842.0).to_array())
        .with(b"Resources", fonts)
        .with(b"Contents", reference(5))
        .with(b"Annots", fields);
    let dict = Dictionary::new().with(b"Length", i64::try_from(CONTENT.len()).unwrap_or(0));
    let objects = [
        Object::Dictionary(catalogue),
        Object::Dictionary(pages),
        font("Helvetica"),
        Object::Dictionary(page),
        Object::from(Stream { dict, data: StreamData::Bytes(CONTENT.to_vec()), id: None }),
        field("tenant", 600.0, Dictionary::new()),
        field("rent", 560.0, Dictionary::new().with(b"MaxLen", 9)),
        field("number", 520.0, Dictionary::new().with(b"Ff", READ_ONLY).with(b"V", string("4711"))),
    ];
    file(&objects, None)
}
