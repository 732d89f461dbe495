//! The appearance room: one look, laid out and written. Takes an appearance with its words decided and the widget's box, gives the form
//! XObject. Everything is computed before the first object is written, so that a look that does not fit leaves nothing behind.

use super::canvas::{Area, Canvas, GRAY, Tone, number};
use super::deflate::deflated;
use super::fit::{self, Fitted};
use super::font::{self, Face};
use super::image::calibrated_gray;
use super::{Appearance, Arrangement, Constraints, Frame};
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Object, ObjectId, Rect};

/// Most lines of one appearance, and most characters of one line.
const MAX_LINES: usize = 32;
const MAX_CHARACTERS: usize = 1_000;
/// Largest side of a box: the largest page that viewers show (ISO 32000-1 Annex C).
const MAX_SIDE: f64 = 14_400.0;
const BORDER: f64 = 0.5;
/// Content beyond this is compressed.
const PLAIN: usize = 2_000;
/// The resource name of the picture.
const PICTURE: &str = "Im";

/// A look with its words decided.
#[derive(Clone, Debug)]
pub struct Look<'a> {
    /// The lines, top to bottom; long ones are broken at spaces.
    pub lines: Vec<String>,
    appearance: &'a Appearance,
    constraints: Constraints,
}

/// What is written, and the font that it needs.
struct Written {
    content: Vec<u8>,
    face: Option<Face>,
}

/// Where the parts of a look stand.
#[derive(Default)]
struct Places {
    drawing: Option<Area>,
    code: Option<Area>,
    text: Option<(Area, Fitted)>,
}

impl<'a> Look<'a> {
    /// `appearance` with these words in place of its own, within what the document allows.
    #[must_use]
    pub const fn new(appearance: &'a Appearance, lines: Vec<String>, constraints: Constraints) -> Look<'a> {
        Look { lines, appearance, constraints }
    }

    /// Checks that all can be shown in a box of that size, without writing anything.
    ///
    /// # Errors
    /// As [`Look::build`].
    pub fn check(&self, width: f64, height: f64, rotate: i64) -> Result<()> {
        self.write(reading_box(width, height, rotate)?).map(|_| ())
    }

    /// Adds the appearance for a widget whose `/Rect` is `width` x `height` default user space units, on a page with that `/Rotate`.
    /// After the call the update holds the form XObject, and its font and picture, under the id returned; it belongs into the widget's
    /// `/AP << /N .. >>`.
    ///
    /// All text is shown, at 4 to 12 points, black on whatever lies beneath. Transparency is used for a picture's alpha alone, and only
    /// where the constraints allow it.
    ///
    /// # Errors
    /// [`ErrorKind::BoxUnusable`] if the box has no area or cannot hold the text at 4 points or the QR code at half a point a module;
    /// [`ErrorKind::TextUnrepresentable`] if the font lacks a character, named by its number; [`ErrorKind::InvalidArgument`] for more
    /// than 32 lines, a line of more than 1,000 characters, or a rotation that is no multiple of 90;
    /// [`ErrorKind::ConformanceForbids`] for a picture whose colours the constraints forbid.
    pub fn build(&self, update: &mut Update<'_>, width: f64, height: f64, rotate: i64) -> Result<ObjectId> {
        let (w, h) = reading_box(width, height, rotate)?;
        let Written { content, face } = self.write((w, h))?;
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
        let mut resources = Dictionary::new();
        if let Some(face) = face {
            let font = face.add(update, &self.constraints)?;
            resources.set(b"Font", Dictionary::new().with(font::NAME, Object::reference(font)));
        }
        if let Some(image) = &self.appearance.image {
            let image = image.add(update, &self.constraints)?;
            resources.set(b"XObject", Dictionary::new().with(PICTURE, Object::reference(image)));
        }
        if !self.constraints.colours.device_gray() {
            resources.set(b"ColorSpace", Dictionary::new().with(GRAY, calibrated_gray()));
        }
        form.set(b"Resources", resources);
        if content.len() <= PLAIN {
            return Ok(update.add_stream(form, content));
        }
        let content = deflated(&content)?;
        Ok(update.add_stream(form.with(b"Filter", Object::name("FlateDecode")), content))
    }

    /// The content stream: frame, picture, handwriting, code, text.
    fn write(&self, (w, h): (f64, f64)) -> Result<Written> {
        if self.lines.len() > MAX_LINES || self.lines.iter().any(|line| line.chars().count() > MAX_CHARACTERS) {
            return Err(Error::new(ErrorKind::InvalidArgument).context("too much text for a visible signature"));
        }
        let appearance = self.appearance;
        let lines: Vec<String> = self.lines.iter().flat_map(|line| line.split('\n')).map(str::to_owned).collect();
        let mut face = (!lines.is_empty()).then(|| Face::new(&appearance.font));
        if let Some(face) = &face {
            lines.iter().try_for_each(|line| face.check(line))?;
        }
        let margin = if w.min(h) > 24.0 { 3.0 } else { 1.0 };
        let places = self.places(Area { x: 0.0, y: 0.0, width: w, height: h }.inset(margin), face.as_ref(), &lines)?;
        let mut canvas = Canvas::new(self.constraints.colours);
        if appearance.frame == Frame::Thin {
            // Half a line inside the edge, so that the clip to /BBox leaves all of it.
            canvas.line(BORDER);
            canvas.numbers(&[BORDER / 2.0, BORDER / 2.0, w - BORDER, h - BORDER], b"re");
            canvas.operator(&[], b"S");
        }
        if let Some(area) = places.drawing {
            if let Some(image) = &appearance.image {
                image.check(&self.constraints)?;
                let Area { x, y, width, height } = area.fitted(image.aspect());
                canvas.operator(&[], b"q");
                canvas.numbers(&[width, 0.0, 0.0, height, x, y], b"cm");
                canvas.operator(&[Object::name(PICTURE)], b"Do");
                canvas.operator(&[], b"Q");
            }
            if let Some(ink) = &appearance.ink {
                canvas.operator(&[], b"q");
                ink.draw(&mut canvas, area.fitted(ink.aspect()));
                canvas.operator(&[], b"Q");
            }
        }
        if let (Some(link), Some(area)) = (&appearance.link, places.code) {
            link.draw(&mut canvas, area)?;
        }
        if let (Some(face), Some((area, fitted))) = (&mut face, places.text) {
            canvas.operator(&[], b"BT");
            canvas.fill(Tone::Black);
            canvas.operator(&[Object::name(font::NAME), number(fitted.size)], b"Tf");
            face.show(&mut canvas, &lines, &fitted, area)?;
            canvas.operator(&[], b"ET");
        }
        Ok(Written { content: canvas.finish(), face })
    }

    /// Along the longer side of the box, or along the other where that alone leaves the text comfortable to read.
    fn places(&self, area: Area, face: Option<&Face>, lines: &[String]) -> Result<Places> {
        let (first, second) = if area.width >= area.height { (Axis::Columns, Axis::Rows) } else { (Axis::Rows, Axis::Columns) };
        let Some(face) = face else { return Ok(self.split(area, first, false).0) };
        let fitted = |axis| {
            let (mut places, area) = self.split(area, axis, true);
            let fitted = fit::fit(lines, face.reach(), &|text| face.width(text), area.width, area.height)?;
            let size = fitted.size;
            places.text = Some((area, fitted));
            Some((size, places))
        };
        let size = |found: &Option<(f64, Places)>| found.as_ref().map_or(0.0, |(size, _)| *size);
        let mut better = fitted(first);
        let alone = self.appearance.link.is_none() && !self.stands_beside();
        if size(&better) < fit::COMFORTABLE && !alone {
            let other = fitted(second);
            if size(&other) > size(&better) {
                better = other;
            }
        }
        let (_, places) = better.ok_or_else(|| Error::new(ErrorKind::BoxUnusable).context("the text does not fit the box"))?;
        Ok(places)
    }

    fn stands_beside(&self) -> bool {
        let appearance = self.appearance;
        (appearance.image.is_some() || appearance.ink.is_some()) && appearance.arrangement == Arrangement::Beside
    }

    /// The parts along one axis: drawing, text, code. What is left over is the text's.
    fn split(&self, area: Area, axis: Axis, text: bool) -> (Places, Area) {
        let appearance = self.appearance;
        let aspects =
            appearance.image.as_ref().map(|image| image.aspect()).into_iter().chain(appearance.ink.as_ref().map(|ink| ink.aspect()));
        let aspect = aspects.reduce(f64::max);
        let mut places = Places::default();
        let mut rest = area;
        if appearance.link.is_some() {
            let most = if text || aspect.is_some() { axis.length(rest) * 0.5 } else { axis.length(rest) };
            let side = axis.breadth(rest).min(most);
            let (left, code) = axis.cut(rest, -side);
            places.code = Some(code.fitted(1.0));
            rest = left;
        }
        match aspect {
            Some(_) if !text => places.drawing = Some(rest),
            Some(_) if !self.stands_beside() => places.drawing = Some(rest),
            Some(aspect) => {
                let natural = match axis {
                    Axis::Columns => rest.height * aspect,
                    Axis::Rows => rest.width / aspect,
                };
                let (left, drawing) = axis.cut(rest, natural.min(axis.length(rest) * 0.45));
                places.drawing = Some(drawing);
                rest = left;
            }
            None => {}
        }
        (places, rest)
    }
}

/// Along which the parts stand.
#[derive(Clone, Copy)]
enum Axis {
    Columns,
    Rows,
}

impl Axis {
    /// Between parts.
    const GAP: f64 = 3.0;

    const fn length(self, area: Area) -> f64 {
        match self {
            Axis::Columns => area.width,
            Axis::Rows => area.height,
        }
    }

    const fn breadth(self, area: Area) -> f64 {
        match self {
            Axis::Columns => area.height,
            Axis::Rows => area.width,
        }
    }

    /// Cuts so much off the beginning (left, upper), or off the end if negative: what is left, and what was cut off.
    fn cut(self, area: Area, size: f64) -> (Area, Area) {
        let Area { x, y, width, height } = area;
        let (part, rest) = (size.abs(), (self.length(area) - size.abs() - Self::GAP).max(0.0));
        match (self, size >= 0.0) {
            (Axis::Columns, true) => (Area { x: x + part + Self::GAP, width: rest, ..area }, Area { width: part, ..area }),
            (Axis::Columns, false) => (Area { width: rest, ..area }, Area { x: x + width - part, width: part, ..area }),
            (Axis::Rows, true) => (Area { height: rest, ..area }, Area { y: y + height - part, height: part, ..area }),
            (Axis::Rows, false) => (Area { y: y + part + Self::GAP, height: rest, ..area }, Area { height: part, ..area }),
        }
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
