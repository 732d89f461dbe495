//! The appearance room: an OpenType font file that a caller chose, or the one bundled with the feature. Takes bytes, gives a font that may be
//! embedded. Shaping and subsetting are other crates' work; what they get has passed the checks here.

use super::sfnt::Sfnt;
use crate::error::{Error, ErrorKind, Result};
use std::fmt;
use std::sync::Arc;

/// Largest font file; the collections of Chinese, Japanese and Korean have about 30 MiB.
const MAX_FILE: usize = 48 << 20;
/// Latin, Greek, Cyrillic, Hebrew and Vietnamese, 134 KiB: Liberation Sans cut down and renamed (`bundled/LICENSE`).
const WIDE: &[u8] = include_bytes!("bundled/wide.ttf");

/// A font file (TrueType or CFF outlines), checked.
#[derive(Clone)]
pub struct OpenType(Arc<Program>);

pub(super) struct Program {
    pub(super) file: Vec<u8>,
    pub(super) index: u32,
    pub(super) font: harfrust::Font,
}

impl OpenType {
    /// The font of that number in a `.ttf`, `.otf` or `.ttc` file; 0 if the file holds one.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if it is no such file, has no such font, is over 48 MiB, has outlines of another kind than TrueType
    /// or CFF, or forbids embedding or subsetting (OS/2 fsType).
    pub fn read(file: Vec<u8>, index: u32) -> Result<OpenType> {
        let wrong = |what: &'static str| Error::new(ErrorKind::InvalidArgument).context(what);
        if file.len() > MAX_FILE {
            return Err(wrong("a font file has at most 48 MiB"));
        }
        let sfnt = Sfnt::open(&file, index).ok_or_else(|| wrong("no OpenType font file, or no font of that number in it"))?;
        if sfnt.forbids_embedding() {
            return Err(wrong("the font's maker forbids to embed it or a part of it"));
        }
        if sfnt.measures().is_none() || sfnt.table(*b"glyf").is_none() && sfnt.table(*b"CFF ").is_none() {
            return Err(wrong("the font has no TrueType or CFF outlines"));
        }
        let font = harfrust::Font::new(file.clone(), index).ok_or_else(|| wrong("the font cannot be read"))?;
        Ok(OpenType(Arc::new(Program { file, index, font })))
    }

    /// The bundled font: Latin, Greek, Cyrillic, Hebrew, Vietnamese. Arabic, Chinese and others want a font of the caller's.
    ///
    /// # Errors
    /// None in practice; the file passes the same checks as any.
    pub fn bundled() -> Result<OpenType> {
        OpenType::read(WIDE.to_vec(), 0)
    }

    pub(super) fn program(&self) -> &Program {
        &self.0
    }
}

impl PartialEq for OpenType {
    fn eq(&self, other: &OpenType) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || (self.0.index == other.0.index && self.0.file == other.0.file)
    }
}

impl Eq for OpenType {}

impl fmt::Debug for OpenType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenType").field("bytes", &self.0.file.len()).field("index", &self.0.index).finish()
    }
}
