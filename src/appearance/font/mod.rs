//! The appearance room: fonts. Takes the caller's choice and what the document asks for, gives a face: what it can show, how wide, how to show
//! it, and the font dictionary (ISO 32000-2 9.5). A face is only put into a file that shows text in it.

pub(super) mod helvetica;
mod latin;
#[cfg(feature = "appearance-full")]
mod opentype;
#[cfg(feature = "appearance-full")]
mod sfnt;
#[cfg(feature = "appearance-full")]
mod subset;
#[cfg(feature = "appearance-full")]
mod typeset;

#[cfg(feature = "appearance-full")]
pub use opentype::OpenType;

use super::canvas::{Area, Canvas, number};
use super::constraints::{Constraints, FontEmbedding};
use super::fit::{Fitted, Reach};
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::append::Update;
use crate::pdf::{Object, ObjectId};
use std::ops::Range;

/// The font of a visible signature's text, or of a field's value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Font {
    /// Helvetica, for the languages of western Europe (WinAnsiEncoding). It is named, or a face of its measures is embedded where the
    /// document asks for that.
    #[default]
    Standard,
    /// That font, shaped and embedded as a subset.
    #[cfg(feature = "appearance-full")]
    OpenType(OpenType),
}

impl Font {
    /// The font of that number in a TrueType or OpenType file; 0 if the file holds one.
    ///
    /// # Errors
    /// [`ErrorKind::TextUnrepresentable`] in a build without the feature `appearance-full`, which names it; otherwise
    /// [`ErrorKind::InvalidArgument`] as `OpenType::read` says.
    pub fn read(file: &[u8], index: u32) -> Result<Font> {
        #[cfg(feature = "appearance-full")]
        return Ok(Font::OpenType(OpenType::read(file.to_vec(), index)?));
        #[cfg(not(feature = "appearance-full"))]
        {
            let _ = (file, index);
            Err(unshaped())
        }
    }

    /// The bundled font: Latin, Greek, Cyrillic, Hebrew, Vietnamese.
    ///
    /// # Errors
    /// [`ErrorKind::TextUnrepresentable`] in a build without the feature `appearance-full`, which names it.
    pub fn bundled() -> Result<Font> {
        #[cfg(feature = "appearance-full")]
        return Ok(Font::OpenType(OpenType::bundled()?));
        #[cfg(not(feature = "appearance-full"))]
        Err(unshaped())
    }
}

/// What a build that cannot set a font says to whoever chooses one.
#[cfg(not(feature = "appearance-full"))]
fn unshaped() -> Error {
    Error::new(ErrorKind::TextUnrepresentable).context("this build lacks appearance-full: it has no font but the standard one")
}

/// A character that the font lacks, named by its number: the text itself is nobody's but the caller's.
fn lacks(c: char) -> Error {
    Error::new(ErrorKind::TextUnrepresentable).context(format!("the font has no U+{:04X}", u32::from(c)))
}

/// A font ready to be set.
pub(super) enum Face {
    Helvetica,
    #[cfg(feature = "appearance-full")]
    Shaped(typeset::Setter),
}

/// The resource name of the font.
pub(super) const NAME: &str = "Helv";

impl Face {
    pub(super) fn new(font: &Font) -> Face {
        match font {
            Font::Standard => Face::Helvetica,
            #[cfg(feature = "appearance-full")]
            Font::OpenType(font) => Face::Shaped(typeset::Setter::new(font.clone())),
        }
    }

    /// # Errors
    /// [`ErrorKind::TextUnrepresentable`], naming the first character that the font lacks.
    pub(super) fn check(&self, line: &str) -> Result<()> {
        match self {
            Face::Helvetica => helvetica::encode(line).map(|_| ()),
            #[cfg(feature = "appearance-full")]
            Face::Shaped(setter) => setter.check(line),
        }
    }

    /// In thousandths of the font size.
    pub(super) fn width(&self, text: &str) -> f64 {
        match self {
            Face::Helvetica => helvetica::width(text),
            #[cfg(feature = "appearance-full")]
            Face::Shaped(setter) => setter.width(text),
        }
    }

    pub(super) fn reach(&self) -> Reach {
        match self {
            Face::Helvetica => helvetica::REACH,
            #[cfg(feature = "appearance-full")]
            Face::Shaped(setter) => setter.reach(),
        }
    }

    /// Writes the text, in the middle of the area's height.
    pub(super) fn show(&mut self, canvas: &mut Canvas, lines: &[String], fitted: &Fitted, area: Area) -> Result<()> {
        let reach = self.reach();
        let first = area.y + area.height - (area.height - fitted.height) / 2.0 - fitted.size * reach.above;
        match self {
            Face::Helvetica => {
                canvas.numbers(&[fitted.size * reach.leading], b"TL");
                canvas.numbers(&[area.x, first], b"Td");
                for (i, piece) in fitted.pieces.iter().enumerate() {
                    if i > 0 {
                        canvas.operator(&[], b"T*");
                    }
                    let text = lines.get(piece.line).and_then(|line| line.get(piece.range.clone())).unwrap_or_default();
                    canvas.operator(&[Object::string(helvetica::encode(text)?)], b"Tj");
                }
                Ok(())
            }
            #[cfg(feature = "appearance-full")]
            Face::Shaped(setter) => setter.show(canvas, lines, fitted, area, first),
        }
    }

    /// Writes a part of a line, which begins at that point, in that size.
    pub(super) fn write(&mut self, canvas: &mut Canvas, line: &str, part: Range<usize>, (x, y): (f64, f64), size: f64) -> Result<()> {
        canvas.operator(&[Object::name(NAME), number(size)], b"Tf");
        match self {
            Face::Helvetica => {
                canvas.numbers(&[1.0, 0.0, 0.0, 1.0, x, y], b"Tm");
                canvas.operator(&[Object::string(helvetica::encode(line.get(part).unwrap_or_default())?)], b"Tj");
                Ok(())
            }
            #[cfg(feature = "appearance-full")]
            Face::Shaped(setter) => setter.write(canvas, line, part, (x, y), size),
        }
    }

    /// Adds the font dictionary for what was shown.
    pub(super) fn add(&self, update: &mut Update<'_>, constraints: &Constraints) -> Result<ObjectId> {
        match self {
            Face::Helvetica => Ok(match constraints.fonts {
                FontEmbedding::Optional => update.add(helvetica::named()),
                FontEmbedding::Required => latin::add(update),
            }),
            #[cfg(feature = "appearance-full")]
            Face::Shaped(setter) => setter.add(update, constraints),
        }
    }
}
