//! Documents by hand: written, updated and signed with every byte known.

use super::authority::{authority, now};
use thrivosign::Progress;
use thrivosign::pdf::Document;
use thrivosign::sign::{Placement, SignatureRequest, SigningIdentity, plan};

/// A document from objects numbered as given, with a table.
pub(crate) fn write(objects: &[(u32, &str)], trailer: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut offsets = Vec::new();
    for (number, body) in objects {
        offsets.push((*number, bytes.len()));
        bytes.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    }
    let size = objects.iter().map(|(n, _)| n + 1).max().unwrap_or(1);
    let xref = bytes.len();
    bytes.extend_from_slice(format!("xref\n0 {size}\n0000000000 65535 f \n").as_bytes());
    for number in 1..size {
        match offsets.iter().find(|(n, _)| *n == number) {
            Some((_, at)) => bytes.extend_from_slice(format!("{at:010} 00000 n \n").as_bytes()),
            None => bytes.extend_from_slice(b"0000000000 00000 f \n"),
        }
    }
    bytes.extend_from_slice(format!("trailer\n<</Size {size}/Root 1 0 R/ID[<01><02>]{trailer}>>\nstartxref\n{xref}\n%%EOF\n").as_bytes());
    bytes
}

pub(crate) const CONTENT: &str = "<</Length 64>>\nstream\nBT /F1 12 Tf 72 720 Td (The borrower repays 100 rupees.) Tj ET  \nendstream";

/// One page with a line of text, a text field, an image-free appearance, an unused object 9, and a reference to object 33 that is not there.
pub(crate) fn agreement() -> Vec<u8> {
    write(
        &[
            (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>"),
            (2, "<</Type/Pages/Kids[3 0 R]/Count 1>>"),
            (3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents[4 0 R 33 0 R]/Resources<</Font<</F1 5 0 R>>>>/Annots[7 0 R]>>"),
            (4, CONTENT),
            (5, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"),
            (6, "<</Fields[7 0 R]/DA(/Helv 0 Tf 0 g)/DR<</Font<</Helv 5 0 R>>>>>>"),
            (7, "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(100)/Rect[300 400 400 420]/F 4/AP<</N 8 0 R>>>>"),
            (8, "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Length 25>>\nstream\nBT /Helv 9 Tf (100) Tj ET\nendstream"),
            (9, "<</Length 53>>\nstream\nBT /F1 12 Tf 72 720 Td (The borrower repays 1.) Tj ET\nendstream"),
        ],
        "",
    )
}

/// Signed invisibly, or where `request` says.
pub(crate) fn signed_as(bytes: &[u8], request: &SignatureRequest) -> Vec<u8> {
    let source = bytes.to_vec();
    let document = Document::open(&source).expect("opens");
    let identity = SigningIdentity::for_key(authority().key.public_key(), &authority().chain, None).expect("an identity");
    let plan = plan(&document, request, &identity, [7; 16]).expect("a plan");
    let mut out = Vec::new();
    let prepared = plan.copy(&source, &mut out, &Progress::default()).expect("copies");
    let to_be_signed = prepared.to_be_signed().expect("attributes");
    let value = authority().key.sign(to_be_signed.message(), to_be_signed.algorithm()).expect("signs");
    let value = to_be_signed.accept(&value).expect("a right value");
    prepared.patch(&value, &mut out).expect("patches");
    out
}

pub(crate) fn signed(bytes: &[u8]) -> Vec<u8> {
    signed_as(bytes, &SignatureRequest::new(now()))
}

pub(crate) fn signed_visibly(bytes: &[u8], page: u32, rect: [f64; 4]) -> Vec<u8> {
    let [x, y, w, h] = rect;
    let rect = thrivosign::pdf::Rect::new(x, y, x + w, y + h);
    signed_as(bytes, &SignatureRequest { placement: Placement::Visible { page, rect }, ..SignatureRequest::new(now()) })
}

/// The offset in the last `startxref`.
pub(crate) fn last_xref(bytes: &[u8]) -> usize {
    let at = find_last(bytes, b"startxref").expect("startxref");
    let text = std::str::from_utf8(&bytes[at + 9..]).expect("text");
    text.split_whitespace().next().expect("a number").parse().expect("a number")
}

pub(crate) fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|w| w == what)
}

pub(crate) fn find_last(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|w| w == what)
}

/// Replaces text by text of the same length, wherever it stands.
pub(crate) fn patched(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = find(bytes, from).unwrap_or_else(|| panic!("{} is not there", String::from_utf8_lossy(from)));
    let mut bytes = bytes.to_vec();
    bytes[at..at + from.len()].copy_from_slice(to);
    bytes
}

/// The document with one more revision: these objects, a table, a trailer with `extra`.
pub(crate) fn updated(bytes: &[u8], objects: &[(u32, &str)], extra: &str) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let mut entries = String::new();
    for (number, body) in objects {
        entries.push_str(&format!("{number} 1\n{:010} 00000 n \n", out.len()));
        out.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    }
    finish(bytes, out, &entries, extra)
}

/// Closes an update whose table entries are given.
pub(crate) fn finish(before: &[u8], mut out: Vec<u8>, entries: &str, extra: &str) -> Vec<u8> {
    let (prev, xref) = (last_xref(before), out.len());
    let extra = if extra.contains("/Root") { extra.to_owned() } else { format!("/Root 1 0 R{extra}") };
    out.extend_from_slice(
        format!("xref\n{entries}trailer\n<</Size 60/ID[<01><03>]/Prev {prev}{extra}>>\nstartxref\n{xref}\n%%EOF\n").as_bytes(),
    );
    out
}

/// The body of an object of the signed file, as text.
pub(crate) fn body(bytes: &[u8], number: u32) -> String {
    let head = format!("\n{number} 0 obj\n");
    let at = find_last(bytes, head.as_bytes()).expect("the object") + head.len();
    let end = at + find(&bytes[at..], b"\nendobj").expect("endobj");
    String::from_utf8_lossy(&bytes[at..end]).into_owned()
}
