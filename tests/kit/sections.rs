//! Cross-reference sections and object streams by hand, so that they can name anything.

use super::document::{CONTENT, last_xref};
use super::seal::{seal, signature};

/// An object appended; where it stands.
pub(crate) fn put(out: &mut Vec<u8>, number: u32, body: &str) -> usize {
    let at = out.len();
    out.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    at
}

/// A stream with these bytes.
pub(crate) fn stream(dict: &str, data: &[u8]) -> String {
    let hex: String = data.iter().map(|b| format!("{b:02x}")).collect();
    format!("<<{dict}/Filter/ASCIIHexDecode/Length {}>>\nstream\n{hex}>\nendstream", hex.len() + 1)
}

pub(crate) fn row(kind: u8, a: usize, b: usize) -> Vec<u8> {
    [&[kind][..], &u32::try_from(a).expect("small").to_be_bytes(), &u16::try_from(b).expect("small").to_be_bytes()].concat()
}

/// An update closed by a cross-reference stream of that number: `rows` are number, kind, two fields; with its own row.
pub(crate) fn closed_by_stream(before: &[u8], mut out: Vec<u8>, number: u32, rows: &[(u32, u8, usize, usize)], extra: &str) -> Vec<u8> {
    let (prev, at) = (last_xref(before), out.len());
    let mut index = String::new();
    let mut data = Vec::new();
    // In ascending order (ISO 32000-2 table 17); entries for one number stay in theirs.
    let mut all: Vec<_> = rows.iter().copied().chain([(number, 1, at, 0)]).collect();
    all.sort_by_key(|(number, ..)| *number);
    for (n, kind, a, b) in &all {
        index.push_str(&format!("{n} 1 "));
        data.extend(row(*kind, *a, *b));
    }
    let dict = format!("/Type/XRef/Size 90/W[1 4 2]/Index[{}]/Root 1 0 R/ID[<01><03>]/Prev {prev}{extra}", index.trim_end());
    put(&mut out, number, &stream(&dict, &data));
    out.extend_from_slice(format!("startxref\n{at}\n%%EOF\n").as_bytes());
    out
}

/// A document whose page, content's font and fields lie in object stream 20, closed by a stream, sealed.
pub(crate) fn packed() -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let inside = [
        (3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>/Annots[7 0 R]>>"),
        (5, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"),
        (7, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Bank)/V 8 0 R/Rect[0 0 0 0]/F 132/P 3 0 R>>"),
    ];
    let one = put(&mut out, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>");
    let two = put(&mut out, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
    let four = put(&mut out, 4, CONTENT);
    let six = put(&mut out, 6, "<</Fields[7 0 R]/SigFlags 3>>");
    let eight = put(&mut out, 8, &signature(""));
    let holder = put(&mut out, 20, &container(&inside, ""));
    let at = out.len();
    let rows = [
        row(0, 0, 65535),
        row(1, one, 0),
        row(1, two, 0),
        row(2, 20, 0),
        row(1, four, 0),
        row(2, 20, 1),
        row(1, six, 0),
        row(2, 20, 2),
        row(1, eight, 0),
        row(1, holder, 0),
        row(1, at, 0),
    ];
    put(&mut out, 21, &stream("/Type/XRef/Size 22/W[1 4 2]/Index[0 9 20 2]/Root 1 0 R/ID[<01><02>]", &rows.concat()));
    out.extend_from_slice(format!("startxref\n{at}\n%%EOF\n").as_bytes());
    seal(out)
}

/// An object stream that holds these.
pub(crate) fn container(objects: &[(u32, &str)], extra: &str) -> String {
    let (mut head, mut bodies) = (String::new(), String::new());
    for (number, body) in objects {
        head.push_str(&format!("{number} {} ", bodies.len()));
        bodies.push_str(body);
        bodies.push(' ');
    }
    stream(&format!("/Type/ObjStm/N {}/First {}{extra}", objects.len(), head.len()), format!("{head}{bodies}").as_bytes())
}
