//! The kit's own page: one line of text, one signature in field 10, dictionary 11; every object can be another, the seal comes last.

use super::document::{CONTENT, write};
use super::seal::{Seal, seal, sealed, signature};

pub(crate) const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>";
pub(crate) const PAGES: &str = "<</Type/Pages/Kids[3 0 R]/Count 1>>";
pub(crate) const PAGE: &str =
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>/Annots[10 0 R]>>";
pub(crate) const FONT: &str = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";
pub(crate) const FORM: &str = "<</Fields[10 0 R]/SigFlags 3>>";
pub(crate) const FIELD: &str = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Bank)/V 11 0 R/Rect[0 0 0 0]/F 132/P 3 0 R>>";
/// Another text than the one that is signed.
pub(crate) const OTHER: &str = "<</Length 64>>\nstream\nBT /F1 12 Tf 72 720 Td (The borrower repays 999 rupees.) Tj ET  \nendstream";

/// The page's objects in the order in which they are written, those of `others` in place of them or behind them.
pub(crate) fn objects<'a>(dictionary: &'a str, others: &[(u32, &'a str)]) -> Vec<(u32, &'a str)> {
    let mut all = vec![
        (1, CATALOG),
        (2, PAGES),
        (3, PAGE),
        (4, CONTENT),
        (5, FONT),
        (6, FORM),
        (10, FIELD),
        (11, dictionary),
        (12, "[0 1 2 3]"),
        (13, "7"),
        (14, "<</Length 3>>\nstream\nabc\nendstream"),
    ];
    for (number, body) in others {
        match all.iter_mut().find(|(known, _)| known == number) {
            Some(known) => known.1 = body,
            None => all.push((*number, body)),
        }
    }
    all
}

/// Not sealed yet.
pub(crate) fn unsealed(dictionary: &str, others: &[(u32, &str)], trailer: &str) -> Vec<u8> {
    write(&objects(dictionary, others), trailer)
}

/// Signed soundly, with these objects.
pub(crate) fn with(others: &[(u32, &str)]) -> Vec<u8> {
    seal(unsealed(&signature(""), others, ""))
}

/// Signed soundly.
pub(crate) fn signed() -> Vec<u8> {
    with(&[])
}

/// Sealed as `how` says.
pub(crate) fn sealed_as(dictionary: &str, others: &[(u32, &str)], how: &Seal<'_>) -> Vec<u8> {
    let bytes = unsealed(dictionary, others, "");
    let end = bytes.len();
    sealed(bytes, end, how)
}

/// A dictionary with room for a longer range.
pub(crate) fn roomy(extra: &str) -> String {
    signature(extra).replace("]/Contents", &format!("]{}/Contents", " ".repeat(200)))
}

/// A dictionary with more in it, before its end.
pub(crate) fn more(dictionary: &str, entries: &str) -> String {
    format!("{}{entries}>>", dictionary.strip_suffix(">>").expect("a dictionary"))
}
