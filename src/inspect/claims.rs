//! The inspect room: what a document claims to keep. Takes a view, gives PDF/A (ISO 19005), PDF/UA (ISO 14289) and whether it is tagged.
//! A claim is what the metadata say, not whether it is true.

use super::xmp;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::{Object, View};
use serde::Serialize;

const PDFA: &str = "http://www.aiim.org/pdfa/ns/id/";
const PDFUA: &str = "http://www.aiim.org/pdfua/ns/id/";

/// PDF/A, as claimed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PdfA {
    /// The part of ISO 19005, 1 to 9.
    pub part: u8,
    /// The conformance level, upper case: A, B, U; E or F of part 4, which may have none.
    pub level: Option<char>,
}

/// PDF/UA, as claimed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PdfUa {
    /// The part of ISO 14289, 1 to 9.
    pub part: u8,
}

/// What a document claims.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// `pdfaid:part` and `pdfaid:conformance`.
    pub pdfa: Option<PdfA>,
    /// `pdfuaid:part`.
    pub pdfua: Option<PdfUa>,
}

impl std::fmt::Display for PdfA {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PDF/A-{}", self.part)?;
        self.level.iter().try_for_each(|level| write!(f, "{}", level.to_ascii_lowercase()))
    }
}

/// Reads the claims from the document's metadata stream (ISO 32000-2 14.3.2).
///
/// # Errors
/// [`ErrorKind::PdfDamaged`] if there are metadata that cannot be read: they claim nothing. As [`View::object`].
pub fn claims(view: View<'_>) -> Result<Claims> {
    let stream = match view.get(&view.catalog()?, b"Metadata")? {
        Object::Stream(stream) => stream,
        _ => return Ok(Claims::default()),
    };
    let bytes = view.stream_data(&stream)?;
    view.document().budget().step(bytes.len() as u64 / 16)?;
    let unreadable = || Error::new(ErrorKind::PdfDamaged).context("the XMP metadata");
    let wanted = [(PDFA, "part"), (PDFA, "conformance"), (PDFUA, "part")];
    let [part, level, ua] = xmp::properties(&bytes, wanted).ok_or_else(unreadable)?;
    let digit = |text: Option<String>| match text.as_deref().map(str::as_bytes) {
        None => Ok(None),
        Some([digit @ b'1'..=b'9']) => Ok(Some(digit - b'0')),
        Some(_) => Err(unreadable()),
    };
    let level = match level.as_deref().map(str::as_bytes) {
        None | Some([]) => None,
        Some([letter]) if letter.is_ascii_alphabetic() => Some(char::from(letter.to_ascii_uppercase())),
        Some(_) => return Err(unreadable()),
    };
    Ok(Claims { pdfa: digit(part)?.map(|part| PdfA { part, level }), pdfua: digit(ua)?.map(|part| PdfUa { part }) })
}

/// Whether the document says that it is tagged (ISO 32000-2 14.7.1, 14.8): it has a structure tree and `/MarkInfo` says `/Marked`.
///
/// # Errors
/// As [`View::object`].
pub fn is_tagged(view: View<'_>) -> Result<bool> {
    let catalog = view.catalog()?;
    let marked = match view.get_dict(&catalog, b"MarkInfo")? {
        Some(info) => view.get(&info, b"Marked")? == Object::Boolean(true),
        None => false,
    };
    Ok(marked && view.get_dict(&catalog, b"StructTreeRoot")?.is_some())
}
