//! The text room: runs a page's content for its text (ISO 32000-2 8.3, 9.3, 9.4). Takes a page, gives each shown character with the place
//! it takes in default user space. Paints nothing; what a clip or a layer hides counts as shown.

use super::font::Font;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Budget;
use crate::pdf::content::{Content, Operation};
use crate::pdf::{Dictionary, Matrix, Object, ObjectId, Page, Point, Stream, View};
use std::collections::HashMap;
use std::rc::Rc;

/// Deepest nesting of forms.
const MAX_FORMS: u32 = 8;
/// Deepest nesting of `q`.
const MAX_STATES: usize = 1_000;
/// Most characters of one page.
const MAX_GLYPHS: usize = 500_000;

/// One shown code.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    /// What it means; `None` if nobody says.
    pub(super) text: Option<String>,
    /// Where it begins and ends on its baseline.
    pub(super) start: Point,
    pub(super) end: Point,
    /// From the baseline to its lowest and to its highest reach.
    pub(super) below: Point,
    pub(super) above: Point,
}

#[derive(Clone)]
struct State {
    ctm: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    character: f64,
    word: f64,
    scale: f64,
    leading: f64,
    rise: f64,
}

struct Reader<'d> {
    view: View<'d>,
    budget: Budget,
    fonts: HashMap<ObjectId, Rc<Font>>,
    glyphs: Vec<Glyph>,
}

/// The characters of the page, in the order of its content.
///
/// # Errors
/// [`ErrorKind::PdfDamaged`] if the content is malformed; [`ErrorKind::LimitReached`]; as [`View::stream_data`].
pub(super) fn glyphs(view: View<'_>, page: &Page) -> Result<Vec<Glyph>> {
    let mut bytes = Vec::new();
    let parts = match view.get(&page.dict, b"Contents")? {
        Object::Array(parts) => parts,
        one => vec![one],
    };
    for part in &parts {
        if let Object::Stream(stream) = view.resolve(part)? {
            bytes.extend(view.stream_data(&stream)?);
            bytes.push(b'\n');
        }
    }
    let budget = Budget::for_len(view.document().source().len().max(bytes.len() as u64));
    let mut reader = Reader { view, budget, fonts: HashMap::new(), glyphs: Vec::new() };
    let state = State { ctm: Matrix::IDENTITY, font: None, size: 0.0, character: 0.0, word: 0.0, scale: 1.0, leading: 0.0, rise: 0.0 };
    reader.run(&bytes, &page.resources, state, 0)?;
    Ok(reader.glyphs)
}

fn damaged() -> Error {
    Error::new(ErrorKind::PdfDamaged).context("the content of a page")
}

fn numbers<const N: usize>(operands: &[Object]) -> Result<[f64; N]> {
    let operands = <&[Object; N]>::try_from(operands).map_err(|_| damaged())?;
    let mut found = [0.0; N];
    for (place, operand) in found.iter_mut().zip(operands) {
        *place = operand.as_f64().filter(|n| n.is_finite()).ok_or_else(damaged)?;
    }
    Ok(found)
}

/// Text matrix and line matrix.
struct Text {
    matrix: Matrix,
    line: Matrix,
}

impl Text {
    const START: Text = Text { matrix: Matrix::IDENTITY, line: Matrix::IDENTITY };

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(self.line);
        self.matrix = self.line;
    }
}

impl<'d> Reader<'d> {
    fn run(&mut self, bytes: &[u8], resources: &Dictionary, mut state: State, depth: u32) -> Result<()> {
        let budget = Budget::for_len(bytes.len() as u64);
        let mut content = Content::new(bytes, &budget);
        let fonts = self.view.get_dict(resources, b"Font")?.unwrap_or_default();
        let mut stack: Vec<State> = Vec::new();
        let mut text = Text::START;
        while let Some(Operation { operator, operands }) = content.next_operation()? {
            self.budget.step(1)?;
            let operands = operands.as_slice();
            match operator {
                b"q" if stack.len() < MAX_STATES => stack.push(state.clone()),
                b"q" => return Err(Error::new(ErrorKind::LimitReached).context("graphics states of a page")),
                b"Q" => state = stack.pop().unwrap_or(state),
                b"cm" => state.ctm = Matrix(numbers(operands)?).then(state.ctm),
                b"BT" => text = Text::START,
                b"Tc" => state.character = numbers::<1>(operands)?[0],
                b"Tw" => state.word = numbers::<1>(operands)?[0],
                b"Tz" => state.scale = numbers::<1>(operands)?[0] / 100.0,
                b"TL" => state.leading = numbers::<1>(operands)?[0],
                b"Ts" => state.rise = numbers::<1>(operands)?[0],
                b"Tf" => {
                    let [Object::Name(name), size] = operands else { return Err(damaged()) };
                    state.size = size.as_f64().filter(|n| n.is_finite()).ok_or_else(damaged)?;
                    state.font = fonts.get(name).map(|font| self.font(font)).transpose()?.flatten();
                }
                b"gs" => {
                    let [Object::Name(name)] = operands else { return Err(damaged()) };
                    let states = self.view.get_dict(resources, b"ExtGState")?.unwrap_or_default();
                    let parameters = self.view.get_dict(&states, name)?.unwrap_or_default();
                    if let Some([font, size]) = self.view.get_array(&parameters, b"Font")?.as_deref() {
                        state.size = size.as_f64().filter(|n| n.is_finite()).ok_or_else(damaged)?;
                        state.font = self.font(font)?;
                    }
                }
                b"Td" => numbers(operands).map(|[x, y]| text.next_line(x, y))?,
                b"TD" => {
                    let [x, y] = numbers(operands)?;
                    state.leading = -y;
                    text.next_line(x, y);
                }
                b"Tm" => {
                    let matrix = Matrix(numbers(operands)?);
                    text = Text { matrix, line: matrix };
                }
                b"T*" => text.next_line(0.0, -state.leading),
                b"Tj" => self.show(&state, &mut text, operands)?,
                b"'" => {
                    text.next_line(0.0, -state.leading);
                    self.show(&state, &mut text, operands)?;
                }
                b"\"" => {
                    let [word, character, string] = operands else { return Err(damaged()) };
                    let spacing = [word.clone(), character.clone()];
                    [state.word, state.character] = numbers(&spacing)?;
                    text.next_line(0.0, -state.leading);
                    self.show(&state, &mut text, std::slice::from_ref(string))?;
                }
                b"TJ" => {
                    let [Object::Array(items)] = operands else { return Err(damaged()) };
                    self.show(&state, &mut text, items)?;
                }
                b"Do" => {
                    let [Object::Name(name)] = operands else { return Err(damaged()) };
                    let objects = self.view.get_dict(resources, b"XObject")?.unwrap_or_default();
                    if let Object::Stream(stream) = self.view.get(&objects, name)?
                        && self.view.get(&stream.dict, b"Subtype")?.as_name() == Some(b"Form")
                    {
                        self.form(&stream, resources, state.clone(), depth)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn form(&mut self, form: &Stream, outer: &Dictionary, mut state: State, depth: u32) -> Result<()> {
        if depth >= MAX_FORMS {
            return Err(Error::new(ErrorKind::LimitReached).context("forms inside forms"));
        }
        // Eight levels that each call the next a thousand times must end, too.
        self.budget.step(50)?;
        if let Some(items) = self.view.get_array(&form.dict, b"Matrix")? {
            let items = items.iter().map(|item| self.view.resolve(item)).collect::<Result<Vec<_>>>()?;
            state.ctm = Matrix(numbers(&items)?).then(state.ctm);
        }
        let bytes = self.view.stream_data(form)?;
        self.budget.step(bytes.len() as u64 / 8)?;
        let own = self.view.get_dict(&form.dict, b"Resources")?;
        self.run(&bytes, own.as_ref().unwrap_or(outer), state, depth + 1)
    }

    /// `None` if it is no font.
    fn font(&mut self, font: &Object) -> Result<Option<Rc<Font>>> {
        if let Some(known) = font.as_reference().and_then(|id| self.fonts.get(&id)) {
            return Ok(Some(Rc::clone(known)));
        }
        let Object::Dictionary(dict) = self.view.resolve(font)? else { return Ok(None) };
        let loaded = Rc::new(Font::load(self.view, &dict)?);
        if let Some(id) = font.as_reference() {
            self.fonts.insert(id, Rc::clone(&loaded));
        }
        Ok(Some(loaded))
    }

    /// Strings and the numbers between them (ISO 32000-2 9.4.3, 9.4.4).
    fn show(&mut self, state: &State, text: &mut Text, items: &[Object]) -> Result<()> {
        let Some(font) = &state.font else { return Ok(()) };
        for item in items {
            let bytes = match item {
                Object::String(string) => &string.bytes,
                other => {
                    let back = other.as_f64().filter(|n| n.is_finite()).ok_or_else(damaged)?;
                    text.matrix = Matrix([1.0, 0.0, 0.0, 1.0, -back / 1000.0 * state.size * state.scale, 0.0]).then(text.matrix);
                    continue;
                }
            };
            self.budget.step(bytes.len() as u64)?;
            for shown in font.shown(bytes) {
                let place = text.matrix.then(state.ctm);
                let advance = shown.width * state.size * state.scale;
                let (low, high) = (font.reach.0 * state.size, font.reach.1 * state.size);
                let at = |x: f64, y: f64| place.map((x, y + state.rise)).ok_or_else(damaged);
                let (start, end) = (at(0.0, 0.0)?, at(advance, 0.0)?);
                let from = |(x, y): Point| (x - start.0, y - start.1);
                let (below, above) = (from(at(0.0, low)?), from(at(0.0, high)?));
                if self.glyphs.len() >= MAX_GLYPHS {
                    return Err(Error::new(ErrorKind::LimitReached).context("characters of a page"));
                }
                self.glyphs.push(Glyph { text: shown.text, start, end, below, above });
                let word = if shown.space { state.word } else { 0.0 };
                let next = advance + (state.character + word) * state.scale;
                text.matrix = Matrix([1.0, 0.0, 0.0, 1.0, next, 0.0]).then(text.matrix);
            }
        }
        Ok(())
    }
}
