//! The appearance room: what a filled text field looks like (ISO 32000-2 12.7.4.3). Takes the value, how its field wants it set, and the widget's
//! box; gives a form XObject in an update. All of the value is shown, or it is an error: what a signer does not see, the signer has not agreed to.

use super::Constraints;
use super::canvas::{Canvas, GRAY, Tone, number};
use super::fit::{self, Fitted, Reach};
use super::font::{self, Face, Font, helvetica};
use super::image::calibrated_gray;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Object, ObjectId, Rect};
use std::ops::Range;

/// Between the edge and the text, in points.
const MARGIN: f64 = 2.0;
/// Largest and smallest size where the field leaves it to whoever fills it, in points.
const SIZES: (f64, f64) = (12.0, 4.0);
/// What the author of a field reckons with who gives it a size: capitals and descenders.
const TIGHT: Reach = Reach { above: 0.718, below: 0.207, leading: 1.15 };

/// Where lines stand (ISO 32000-2 12.7.4.3, `/Q`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// At the left.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// At the right.
    Right,
}

/// How a value runs through its box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flow {
    /// One line.
    #[default]
    Line,
    /// As many as there is room for, broken at spaces.
    Lines,
    /// Each character in a cell of its own; so many cells.
    Cells(u32),
}

/// A value as its field wants it set. Colours are one (grey), three (RGB) or four (CMYK) numbers from 0 to 1; none: no colour given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldText<'a> {
    /// The value.
    pub text: &'a str,
    /// Font size in points; 0: what fits.
    pub size: f64,
    /// Where lines stand.
    pub align: Align,
    /// How it runs.
    pub flow: Flow,
    /// Of the text; otherwise black.
    pub colour: Vec<f64>,
    /// Behind it.
    pub background: Vec<f64>,
    /// Around it.
    pub border: Vec<f64>,
    /// Width of the line around it.
    pub border_width: f64,
    /// By how many degrees the box is turned on its page, counter-clockwise.
    pub rotate: i64,
    /// For a value with a character that Helvetica in WinAnsiEncoding lacks; any other is set in that.
    pub other: Font,
}

/// A part of a line and where it begins.
struct Set {
    x: f64,
    y: f64,
    line: usize,
    part: Range<usize>,
}

impl FieldText<'_> {
    /// Adds the appearance for a widget whose `/Rect` is `width` x `height`. It belongs into the widget's `/AP << /N .. >>`.
    ///
    /// # Errors
    /// [`ErrorKind::BoxUnusable`] if the value does not fit; [`ErrorKind::TextUnrepresentable`] for a character that Helvetica in WinAnsiEncoding
    /// and the other font lack, a line end in a field of one line among them.
    pub fn build(&self, update: &mut Update<'_>, width: f64, height: f64, constraints: &Constraints) -> Result<ObjectId> {
        let (w, h) = if self.rotate.rem_euclid(180) == 90 { (height, width) } else { (width, height) };
        let lines: Vec<String> = match self.flow {
            Flow::Lines => self.text.split('\n').map(str::to_owned).collect(),
            Flow::Line | Flow::Cells(_) => vec![self.text.to_owned()],
        };
        let standard = lines.iter().all(|line| helvetica::encode(line).is_ok());
        let mut face = Face::new(if standard { &Font::Standard } else { &self.other });
        let (size, set) = self.set(&face, &lines, (w, h))?;
        let mut canvas = Canvas::new(constraints.colours);
        self.ground(&mut canvas, (w, h), constraints);
        canvas.operator(&[Object::name("Tx")], b"BMC");
        if !self.text.is_empty() {
            canvas.operator(&[], b"q");
            canvas.operator(&[], b"BT");
            if !paint(&mut canvas, &self.colour, [b"g", b"rg", b"k"], constraints) {
                canvas.fill(Tone::Black);
            }
            for set in set {
                let line = lines.get(set.line).map_or("", String::as_str);
                face.write(&mut canvas, line, set.part, (set.x, set.y), size)?;
            }
            canvas.operator(&[], b"ET");
            canvas.operator(&[], b"Q");
        }
        canvas.operator(&[], b"EMC");
        let mut resources = Dictionary::new();
        if !self.text.is_empty() {
            let font = face.add(update, constraints)?;
            resources.set(b"Font", Dictionary::new().with(font::NAME, Object::reference(font)));
        }
        if !constraints.colours.device_gray() {
            resources.set(b"ColorSpace", Dictionary::new().with(GRAY, calibrated_gray()));
        }
        let mut form = Dictionary::new()
            .with(b"Type", Object::name("XObject"))
            .with(b"Subtype", Object::name("Form"))
            .with(b"BBox", Rect::new(0.0, 0.0, w, h).to_array())
            .with(b"Resources", resources);
        let matrix = match self.rotate.rem_euclid(360) {
            90 => Some([0.0, 1.0, -1.0, 0.0, h, 0.0]),
            180 => Some([-1.0, 0.0, 0.0, -1.0, w, h]),
            270 => Some([0.0, -1.0, 1.0, 0.0, 0.0, w]),
            _ => None,
        };
        if let Some(matrix) = matrix {
            form.set(b"Matrix", matrix.map(number).to_vec());
        }
        Ok(update.add_stream(form, canvas.finish()))
    }

    /// The size, and the lines in it.
    fn set(&self, face: &Face, lines: &[String], (w, h): (f64, f64)) -> Result<(f64, Vec<Set>)> {
        for line in lines {
            face.check(line)?;
        }
        let small = || Error::new(ErrorKind::BoxUnusable).context("the value does not fit its field");
        let edge = self.edge();
        let (inner, room) = (w - 2.0 * (edge + MARGIN), h - 2.0 * edge);
        let reach = if self.size > 0.0 { TIGHT } else { face.reach() };
        let alone = |fits: &dyn Fn(f64) -> bool| {
            let steps = (0..=((SIZES.0 - SIZES.1) * 4.0) as u32).map(|step| SIZES.0 - f64::from(step) / 4.0);
            let mut sizes = steps.take_while(|_| self.size <= 0.0).chain((self.size > 0.0).then_some(self.size));
            sizes.find(|size| (reach.above + reach.below) * size <= room && fits(*size)).ok_or_else(small)
        };
        let middle = |size: f64| (h - (reach.above + reach.below) * size) / 2.0 + reach.below * size;
        let wide = |text: &str, size: f64| face.width(text) * size / 1000.0;
        let line = lines.first().map_or("", String::as_str);
        match self.flow {
            Flow::Line => {
                let size = alone(&|size| wide(line, size) <= inner)?;
                let x = self.start(edge + MARGIN, inner, wide(line, size));
                Ok((size, vec![Set { x, y: middle(size), line: 0, part: 0..line.len() }]))
            }
            Flow::Cells(cells) => {
                let cell = (w - 2.0 * edge) / f64::from(cells.max(1));
                let letters: Vec<Range<usize>> = line.char_indices().map(|(at, c)| at..at + c.len_utf8()).collect();
                let letter = |part: &Range<usize>, size: f64| wide(line.get(part.clone()).unwrap_or_default(), size);
                let size = alone(&|size| letters.iter().all(|part| letter(part, size) <= cell))?;
                let free = f64::from(cells) - letters.len() as f64;
                let first = match self.align {
                    Align::Left => 0.0,
                    Align::Centre => (free / 2.0).floor(),
                    Align::Right => free,
                };
                let place = |(at, part): (usize, Range<usize>)| Set {
                    x: edge + cell * (first + at as f64) + (cell - letter(&part, size)) / 2.0,
                    y: middle(size),
                    line: 0,
                    part,
                };
                Ok((size, letters.into_iter().enumerate().map(place).collect()))
            }
            Flow::Lines => {
                let area = (inner, room - 2.0 * MARGIN);
                let fitted: Option<Fitted> = match self.size {
                    size if size > 0.0 => fit::fit_at(lines, reach, &|text| face.width(text), area, size),
                    _ => fit::fit(lines, reach, &|text| face.width(text), area.0, area.1),
                };
                let fitted = fitted.ok_or_else(small)?;
                let size = fitted.size;
                let top = h - edge - MARGIN - reach.above * size;
                let place = |(at, piece): (usize, &fit::Piece)| {
                    let text = lines.get(piece.line).and_then(|line| line.get(piece.range.clone())).unwrap_or_default();
                    let x = self.start(edge + MARGIN, inner, wide(text, size));
                    Set { x, y: top - reach.leading * size * at as f64, line: piece.line, part: piece.range.clone() }
                };
                Ok((size, fitted.pieces.iter().enumerate().map(place).collect()))
            }
        }
    }

    fn start(&self, left: f64, room: f64, width: f64) -> f64 {
        match self.align {
            Align::Left => left,
            Align::Centre => left + (room - width) / 2.0,
            Align::Right => left + room - width,
        }
    }

    /// How much the line around it takes on each side.
    fn edge(&self) -> f64 {
        if self.border.is_empty() { 0.0 } else { self.border_width.max(0.0) }
    }

    fn ground(&self, canvas: &mut Canvas, (w, h): (f64, f64), constraints: &Constraints) {
        if paint(canvas, &self.background, [b"g", b"rg", b"k"], constraints) {
            canvas.numbers(&[0.0, 0.0, w, h], b"re");
            canvas.operator(&[], b"f");
        }
        let line = self.edge();
        if line > 0.0 && paint(canvas, &self.border, [b"G", b"RG", b"K"], constraints) {
            canvas.numbers(&[line], b"w");
            canvas.numbers(&[line / 2.0, line / 2.0, w - line, h - line], b"re");
            canvas.operator(&[], b"S");
        }
    }
}

/// Chooses the colour, if there is one and the document's claims allow it.
fn paint(canvas: &mut Canvas, colour: &[f64], [gray, rgb, cmyk]: [&[u8]; 3], constraints: &Constraints) -> bool {
    let operator = match colour.len() {
        1 if constraints.colours.device_gray() => gray,
        3 if constraints.colours.device_rgb() => rgb,
        4 if constraints.colours.device_cmyk() => cmyk,
        _ => return false,
    };
    canvas.numbers(colour, operator);
    true
}
