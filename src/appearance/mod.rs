//! The appearance room: what a visible signature looks like. Takes text and a box, gives a form XObject in an update
//! (ISO 32000-2 12.5.5, 12.7.5.5). Knows no certificate: whoever calls decides what the lines say.
//!
//! How the three boxes relate (12.5.5): a viewer maps the form's `/BBox` through its `/Matrix`, takes the upright box around the
//! result, and stretches that onto the widget's `/Rect`. Here the `/BBox` is the box as the *reader* sees it, `[0 0 w h]` with w along
//! the text; the `/Matrix` turns it by the page's `/Rotate` and shifts it back to the origin, so that the upright box has exactly
//! the size of the `/Rect` and nothing is stretched. On a page shown turned clockwise, text turned counter-clockwise reads upright.

mod constraints;
mod fit;
mod helvetica;
mod template;

pub use constraints::{Colours, Constraints, FontEmbedding, Transparency};
pub use template::{Values, fill};

use crate::error::{Error, ErrorKind, Result};
use crate::pdf::append::Update;
use crate::pdf::write::write_object;
use crate::pdf::{Dictionary, Object, ObjectId, Rect};

/// Most lines of one appearance, and most characters of one line.
const MAX_LINES: usize = 32;
const MAX_CHARACTERS: usize = 1_000;
/// Largest side of a box: the largest page that viewers show (ISO 32000-1 Annex C).
const MAX_SIDE: f64 = 14_400.0;
const BORDER: f64 = 0.5;

/// What a visible signature is asked to look like. The default: the usual lines in a thin frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Appearance {
    /// Its text.
    pub text: Text,
    /// What stands around it.
    pub frame: Frame,
}

impl Appearance {
    /// Those lines, word by word, in a thin frame.
    #[must_use]
    pub fn lines<T: Into<String>>(lines: impl IntoIterator<Item = T>) -> Appearance {
        Appearance { text: Text::Lines(lines.into_iter().map(Into::into).collect()), ..Appearance::default() }
    }

    /// Whether it is text in a thin frame, in the standard font: what a service that is told the lines alone can draw.
    #[must_use]
    pub fn is_text_alone(&self) -> bool {
        *self == Appearance { text: self.text.clone(), ..Appearance::default() }
    }
}

/// The text of a visible signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Text {
    /// Signer, time, and what is given of reason and location.
    #[default]
    Usual,
    /// These lines as they are; none of them: no text.
    Lines(Vec<String>),
    /// These lines with their placeholders filled: see [`fill`].
    Templates(Vec<String>),
}

/// What stands around a look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Frame {
    /// A line of half a point along the edge of the box.
    #[default]
    Thin,
    /// Nothing.
    None,
}

/// A look with its words decided.
#[derive(Clone, Debug)]
pub struct Look<'a> {
    /// The lines, top to bottom; long ones are broken at spaces.
    pub lines: Vec<String>,
    appearance: &'a Appearance,
    constraints: Constraints,
}

impl<'a> Look<'a> {
    /// `appearance` with these words in place of its own.
    #[must_use]
    pub const fn new(appearance: &'a Appearance, lines: Vec<String>, constraints: Constraints) -> Look<'a> {
        Look { lines, appearance, constraints }
    }

    /// Checks that all can be shown in a box of that size, without writing anything.
    ///
    /// # Errors
    /// As [`Look::build`].
    pub fn check(&self, width: f64, height: f64, rotate: i64) -> Result<()> {
        content(self, reading_box(width, height, rotate)?).map(|_| ())
    }

    /// Adds the appearance for a widget whose `/Rect` is `width` x `height` default user space units, on a page with that `/Rotate`.
    /// After the call the update holds the form XObject, and its font, under the id returned; it belongs into the widget's
    /// `/AP << /N .. >>`.
    ///
    /// All text is shown, at 4 to 12 points. It is black on whatever lies beneath; no transparency is used.
    ///
    /// # Errors
    /// [`ErrorKind::BoxUnusable`] if the box has no area or cannot hold the text at 4 points; [`ErrorKind::TextUnrepresentable`] if
    /// Helvetica's encoding lacks a character; [`ErrorKind::InvalidArgument`] for more than 32 lines, a line of more than 1,000
    /// characters, or a rotation that is no multiple of 90.
    pub fn build(&self, update: &mut Update<'_>, width: f64, height: f64, rotate: i64) -> Result<ObjectId> {
        let look = self;
        let (w, h) = reading_box(width, height, rotate)?;
        let content = content(look, (w, h))?;
        let font = update.add(
            Dictionary::new()
                .with(b"Type", Object::name("Font"))
                .with(b"Subtype", Object::name("Type1"))
                .with(b"BaseFont", Object::name("Helvetica"))
                .with(b"Encoding", Object::name("WinAnsiEncoding")),
        );
        let matrix = match rotate.rem_euclid(360) {
            90 => [0.0, 1.0, -1.0, 0.0, h, 0.0],
            180 => [-1.0, 0.0, 0.0, -1.0, w, h],
            270 => [0.0, -1.0, 1.0, 0.0, 0.0, w],
            _ => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
        };
        let mut form = Dictionary::new()
            .with(b"Type", Object::name("XObject"))
            .with(b"Subtype", Object::name("Form"))
            .with(b"BBox", Rect::new(0.0, 0.0, w, h).to_array());
        if rotate.rem_euclid(360) != 0 {
            form.set(b"Matrix", matrix.map(number).to_vec());
        }
        let fonts = Dictionary::new().with(b"Font", Dictionary::new().with(b"Helv", Object::reference(font)));
        Ok(update.add_stream(form.with(b"Resources", fonts), content))
    }
}

/// The box as the reader sees it: on a page turned by a quarter its width is the rectangle's height.
fn reading_box(width: f64, height: f64, rotate: i64) -> Result<(f64, f64)> {
    if rotate % 90 != 0 {
        return Err(Error::new(ErrorKind::InvalidArgument).context("a rotation is a multiple of 90"));
    }
    if ![width, height].iter().all(|side| (1.0..=MAX_SIDE).contains(side)) {
        return Err(Error::new(ErrorKind::BoxUnusable));
    }
    Ok(if rotate.rem_euclid(180) == 90 { (height, width) } else { (width, height) })
}

fn number(n: f64) -> Object {
    let n = (n * 1000.0).round() / 1000.0;
    if n.fract() == 0.0 { Object::Integer(n as i64) } else { Object::Real(n) }
}

/// The content stream: frame, then text.
fn content(look: &Look<'_>, (w, h): (f64, f64)) -> Result<Vec<u8>> {
    if look.lines.len() > MAX_LINES || look.lines.iter().any(|line| line.chars().count() > MAX_CHARACTERS) {
        return Err(Error::new(ErrorKind::InvalidArgument).context("too much text for a visible signature"));
    }
    let mut out = Vec::new();
    if look.appearance.frame == Frame::Thin {
        // Half a line inside the edge, so that the clip to /BBox leaves all of it.
        let inset = BORDER / 2.0;
        operator(&mut out, &[number(BORDER)], b"w");
        operator(&mut out, &[Object::Integer(0)], b"G");
        operator(&mut out, &[number(inset), number(inset), number(w - BORDER), number(h - BORDER)], b"re");
        operator(&mut out, &[], b"S");
    }
    if look.lines.is_empty() {
        return Ok(out);
    }
    let lines = look.lines.iter().flat_map(|line| line.split('\n')).map(helvetica::encode).collect::<Result<Vec<_>>>()?;
    let margin = if w.min(h) > 24.0 { 3.0 } else { 1.0 };
    let fitted = fit::fit(&lines, w - 2.0 * margin, h - 2.0 * margin)
        .ok_or_else(|| Error::new(ErrorKind::BoxUnusable).context("the text does not fit the box"))?;
    let first = h - (h - fitted.height()) / 2.0 - fitted.size * helvetica::ABOVE / 1000.0;
    operator(&mut out, &[], b"BT");
    operator(&mut out, &[Object::Integer(0)], b"g");
    operator(&mut out, &[Object::name("Helv"), number(fitted.size)], b"Tf");
    operator(&mut out, &[number(fitted.size * fit::LEADING)], b"TL");
    operator(&mut out, &[number(margin), number(first)], b"Td");
    for (i, line) in fitted.lines.into_iter().enumerate() {
        if i > 0 {
            operator(&mut out, &[], b"T*");
        }
        operator(&mut out, &[Object::string(line)], b"Tj");
    }
    operator(&mut out, &[], b"ET");
    Ok(out)
}

fn operator(out: &mut Vec<u8>, operands: &[Object], name: &[u8]) {
    for operand in operands {
        write_object(out, operand);
        out.push(b' ');
    }
    out.extend_from_slice(name);
    out.push(b'\n');
}

#[cfg(test)]
mod tests;
