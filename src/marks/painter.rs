//! The marks room: runs a content stream without drawing it. Takes operations and resources, stops at the first mark that touches the
//! target (ISO 32000-2 8, 9). Where viewers could disagree about what is painted, it stops with "unclear" instead.

use super::Stop;
use super::font::{self, Font, Spacing};
use super::geometry::{Matrix, Point, Subpath, bounds, fill_touches, flatten, grown, shared, stroke_touches};
use super::paint::{Ink, Space, State, space};
use super::resources::Resources;
use crate::limits::Budget;
use crate::pdf::content::{Content, Operation};
use crate::pdf::{Dictionary, Object, ObjectId, Rect, Stream, View};
use std::collections::HashMap;
use std::rc::Rc;

/// Deepest nesting of forms, patterns and Type 3 glyphs.
const MAX_FORMS: u32 = 8;
/// Deepest nesting of `q`.
const MAX_STATES: usize = 1_000;
/// Most points of one path.
const MAX_POINTS: usize = 1_000_000;

/// One search.
pub(super) struct Painter<'d> {
    view: View<'d>,
    budget: Budget,
    target: Rect,
    fonts: HashMap<ObjectId, Rc<Font>>,
    streams: HashMap<ObjectId, Rc<Vec<u8>>>,
    depth: u32,
}

#[derive(Clone, Copy)]
struct Text {
    matrix: Matrix,
    line: Matrix,
    /// Where the next glyph may begin, along the line.
    at: (f64, f64),
}

#[derive(Default)]
struct Path {
    subpaths: Vec<Subpath>,
    points: usize,
    current: Option<(Point, Point)>,
    clip: bool,
}

/// What one content stream is run with.
struct Run<'r, 'd> {
    resources: &'r Resources<'d>,
    state: State,
    stack: Vec<State>,
    text: Text,
    path: Path,
    compatible: u32,
}

const fn unclear<T>(why: &'static str) -> Result<T, Stop> {
    Err(Stop::Unclear(why))
}

impl<'d> Painter<'d> {
    pub(super) fn new(view: View<'d>, target: Rect) -> Painter<'d> {
        let budget = Budget::for_len(view.document().source().len());
        Painter { view, budget, target, fonts: HashMap::new(), streams: HashMap::new(), depth: 0 }
    }

    /// Runs a content stream.
    pub(super) fn run(&mut self, bytes: &[u8], resources: &Resources<'d>, state: State) -> Result<(), Stop> {
        let text = Text { matrix: Matrix::IDENTITY, line: Matrix::IDENTITY, at: (0.0, 0.0) };
        let mut run = Run { resources, state, stack: Vec::new(), text, path: Path::default(), compatible: 0 };
        // The content's own budget grows with what it inflated to.
        let budget = Budget::for_len(bytes.len() as u64);
        let mut content = Content::new(bytes, &budget);
        while let Some(operation) = content.next_operation()? {
            self.budget.step(1)?;
            self.operation(&mut run, &operation)?;
        }
        Ok(())
    }

    /// A form XObject, or what is built like one, under the state of its caller.
    pub(super) fn form(&mut self, form: &Stream, outer: &Resources<'d>, mut state: State) -> Result<(), Stop> {
        if self.depth >= MAX_FORMS {
            return unclear("forms nested too deep");
        }
        // Eight levels that each call the next a thousand times must end, too.
        self.budget.step(50)?;
        let view = self.view;
        if let Some(matrix) = view.get_array(&form.dict, b"Matrix")? {
            state.ctm = matrix_of(&resolved(view, &matrix)?)?.then(state.ctm);
        }
        let bbox = view.get_array(&form.dict, b"BBox")?.map(|items| resolved(view, &items)).transpose()?;
        let Some(bbox) = bbox.as_deref().and_then(Rect::from_array) else { return unclear("a form without /BBox") };
        let quad = state.ctm.quad(bbox).ok_or(Stop::Unclear("a form off the page"))?;
        let Some(clip) = bounds(quad) else { return Ok(()) };
        state.clip = shared(state.clip, clip);
        if self.aim(&state).is_none() {
            return Ok(());
        }
        let bytes = self.data(form)?;
        // A form without resources uses those of its page (PDF 1.1; ISO 32000-2 7.8.3).
        let own = view.get_dict(&form.dict, b"Resources")?;
        let resources = Resources::new(view, own.unwrap_or_else(|| outer.dict().clone()));
        self.depth += 1;
        let done = self.run(&bytes, &resources, state);
        self.depth -= 1;
        done
    }

    /// The decoded bytes, kept: a glyph's stream is run for each time it is shown.
    fn data(&mut self, stream: &Stream) -> Result<Rc<Vec<u8>>, Stop> {
        if let Some(found) = stream.id.and_then(|id| self.streams.get(&id)) {
            return Ok(Rc::clone(found));
        }
        let bytes = Rc::new(self.view.stream_data(stream)?);
        if let Some(id) = stream.id {
            self.streams.insert(id, Rc::clone(&bytes));
        }
        Ok(bytes)
    }

    /// The part of the target that may be painted at all.
    fn aim(&self, state: &State) -> Option<Rect> {
        let aim = shared(self.target, state.clip);
        (aim.x0 <= aim.x1 && aim.y0 <= aim.y1).then_some(aim)
    }

    fn quad(&self, state: &State, matrix: Matrix, r: Rect, grow: f64) -> Result<(), Stop> {
        let points = matrix.quad(r).ok_or(Stop::Unclear("a coordinate off the page"))?;
        let touched = self.aim(state).is_some_and(|aim| fill_touches(&[Subpath { points, closed: true }], false, grown(aim, grow)));
        if touched { Err(Stop::Touched) } else { Ok(()) }
    }

    fn operation(&mut self, run: &mut Run<'_, 'd>, operation: &Operation<'_>) -> Result<(), Stop> {
        let operands = operation.operands.as_slice();
        match operation.operator {
            b"q" => {
                if run.stack.len() >= MAX_STATES {
                    return unclear("states nested too deep");
                }
                run.stack.push(run.state.clone());
            }
            b"Q" => {
                if let Some(state) = run.stack.pop() {
                    run.state = state;
                }
            }
            b"cm" => run.state.ctm = matrix_of(operands)?.then(run.state.ctm),
            b"w" => run.state.line_width = numbers::<1>(operands)?[0],
            b"j" => run.state.miter_join = numbers::<1>(operands)?[0] == 0.0,
            b"M" => run.state.miter_limit = numbers::<1>(operands)?[0],
            b"J" | b"d" | b"ri" | b"i" => {}
            b"gs" => self.parameters(run, operands)?,
            b"m" | b"l" | b"c" | b"v" | b"y" | b"h" | b"re" => construct(run, operation)?,
            b"n" | b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" => self.paint(run, operation.operator)?,
            b"W" | b"W*" => run.path.clip = true,
            b"g" | b"rg" | b"k" | b"G" | b"RG" | b"K" | b"cs" | b"CS" | b"sc" | b"scn" | b"SC" | b"SCN" => colour(run, operation)?,
            b"sh" => {
                if self.aim(&run.state).is_some() {
                    return Err(Stop::Touched);
                }
            }
            b"Do" => self.object(run, operands)?,
            b"BI" => {
                let mask = operands
                    .first()
                    .and_then(Object::as_dict)
                    .is_some_and(|dict| dict.get(b"IM").or_else(|| dict.get(b"ImageMask")).and_then(Object::as_bool) == Some(true));
                self.image(run, mask)?;
            }
            b"BX" => run.compatible += 1,
            b"EX" => run.compatible = run.compatible.saturating_sub(1),
            b"d1" => run.stack.iter_mut().chain([&mut run.state]).for_each(|state| state.shape = true),
            b"BMC" | b"BDC" | b"EMC" | b"MP" | b"DP" | b"d0" => {}
            b"BT" | b"ET" | b"Tc" | b"Tw" | b"Tz" | b"TL" | b"Tf" | b"Tr" | b"Ts" | b"Td" | b"TD" | b"Tm" | b"T*" | b"Tj" | b"TJ"
            | b"'" | b"\"" => {
                self.text(run, operation)?;
            }
            _ if run.compatible > 0 => {}
            _ => return unclear("an unknown operator"),
        }
        Ok(())
    }

    /// Painting ends the path; a pending clip takes effect behind it (ISO 32000-2 8.5.4).
    fn paint(&mut self, run: &mut Run<'_, 'd>, operator: &[u8]) -> Result<(), Stop> {
        let mut path = std::mem::take(&mut run.path);
        if matches!(operator, b"s" | b"b" | b"b*")
            && let Some(last) = path.subpaths.last_mut()
        {
            last.closed = true;
        }
        let state = &run.state;
        if let Some(aim) = self.aim(state) {
            self.budget.step((path.points as u64).div_ceil(8))?;
            let even_odd = operator.ends_with(b"*");
            let fills = matches!(operator, b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*");
            let strokes = matches!(operator, b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*");
            let miter = state.miter_join.then_some(state.miter_limit.abs().max(1.0));
            if fills && state.fills() && fill_touches(&path.subpaths, even_odd, aim)
                || strokes && state.strokes() && stroke_touches(&path.subpaths, state.half_width(), miter, aim)
            {
                return Err(Stop::Touched);
            }
        }
        if path.clip {
            // An empty clip path leaves nothing; its box is a superset of any other.
            let inside = bounds(path.subpaths.iter().flat_map(|subpath| subpath.points.iter().copied()));
            let nothing = Rect { x0: 1.0, y0: 1.0, x1: 0.0, y1: 0.0 };
            run.state.clip = shared(run.state.clip, inside.unwrap_or(nothing));
        }
        Ok(())
    }

    fn parameters(&mut self, run: &mut Run<'_, 'd>, operands: &[Object]) -> Result<(), Stop> {
        let parameters = run.resources.get(b"ExtGState", name(operands)?)?;
        let Some(parameters) = parameters.as_dict() else { return unclear("a graphics state that does not exist") };
        run.state.apply(run.resources, parameters)?;
        if let Some(font) = self.view.get_array(parameters, b"Font")? {
            let [font, size] = font.as_slice() else { return unclear("a malformed graphics state") };
            run.state.size = finite(size)?;
            run.state.font = Some(self.font(font)?);
        }
        Ok(())
    }

    fn object(&mut self, run: &mut Run<'_, 'd>, operands: &[Object]) -> Result<(), Stop> {
        let Object::Stream(stream) = run.resources.get(b"XObject", name(operands)?)? else {
            return unclear("an XObject that does not exist");
        };
        match self.view.get(&stream.dict, b"Subtype")?.as_name() {
            Some(b"Image") => {
                let mask = self.view.get(&stream.dict, b"ImageMask")?.as_bool() == Some(true);
                self.image(run, mask)
            }
            Some(b"Form") => self.form(&stream, run.resources, run.state.clone()),
            _ => unclear("an XObject of unknown type"),
        }
    }

    /// The unit square under the current matrix (ISO 32000-2 8.9.5); what the picture shows is not looked at.
    fn image(&self, run: &Run<'_, 'd>, mask: bool) -> Result<(), Stop> {
        if mask && !run.state.fills() {
            return Ok(());
        }
        self.quad(&run.state, run.state.ctm, Rect { x0: 0.0, y0: 0.0, x1: 1.0, y1: 1.0 }, 0.0)
    }

    fn font(&mut self, font: &Object) -> Result<Rc<Font>, Stop> {
        if let Some(found) = font.as_reference().and_then(|id| self.fonts.get(&id)) {
            return Ok(Rc::clone(found));
        }
        let resolved = self.view.resolve(font)?;
        let Some(dict) = resolved.as_dict() else { return unclear("a font that does not exist") };
        let loaded = Rc::new(Font::load(self.view, dict)?);
        if let Some(id) = font.as_reference() {
            self.fonts.insert(id, Rc::clone(&loaded));
        }
        Ok(loaded)
    }

    fn text(&mut self, run: &mut Run<'_, 'd>, operation: &Operation<'_>) -> Result<(), Stop> {
        let operands = operation.operands.as_slice();
        let number = || numbers::<1>(operands).map(|[n]| n);
        match operation.operator {
            b"BT" => {
                run.text = Text { matrix: Matrix::IDENTITY, line: Matrix::IDENTITY, at: (0.0, 0.0) };
            }
            b"Tc" => run.state.character_spacing = number()?,
            b"Tw" => run.state.word_spacing = number()?,
            b"Tz" => run.state.scale = number()? / 100.0,
            b"TL" => run.state.leading = number()?,
            b"Ts" => run.state.rise = number()?,
            b"Tr" => run.state.mode = number()? as i64,
            b"Tf" => {
                let [font, size] = operands else { return unclear("a malformed operand") };
                run.state.size = finite(size)?;
                let font = font.as_name().ok_or(Stop::Unclear("a malformed operand"))?;
                run.state.font = match run.resources.entry(b"Font", font)? {
                    Some(font) => Some(self.font(&font)?),
                    // Only showing text with it is unclear.
                    None => None,
                };
            }
            b"Td" => next_line(run, numbers(operands)?),
            b"TD" => {
                let offset = numbers::<2>(operands)?;
                run.state.leading = -offset[1];
                next_line(run, offset);
            }
            b"Tm" => {
                let matrix = matrix_of(operands)?;
                run.text = Text { matrix, line: matrix, at: (0.0, 0.0) };
            }
            b"T*" => next_line(run, [0.0, -run.state.leading]),
            b"Tj" => self.show(run, operands)?,
            b"'" => {
                next_line(run, [0.0, -run.state.leading]);
                self.show(run, operands)?;
            }
            b"\"" => {
                let [word, character, string] = operands else { return unclear("a malformed operand") };
                (run.state.word_spacing, run.state.character_spacing) = (finite(word)?, finite(character)?);
                next_line(run, [0.0, -run.state.leading]);
                self.show(run, std::slice::from_ref(string))?;
            }
            b"TJ" => {
                let [Object::Array(items)] = operands else { return unclear("a malformed operand") };
                self.show(run, items)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Strings and the numbers between them (ISO 32000-2 9.4.3).
    fn show(&mut self, run: &mut Run<'_, 'd>, items: &[Object]) -> Result<(), Stop> {
        let Some(font) = run.state.font.clone() else { return unclear("text without a font") };
        let state = &run.state;
        let spacing = Spacing {
            size: state.size,
            character: state.character_spacing,
            word: state.word_spacing,
            scale: state.scale,
            rise: state.rise,
        };
        for item in items {
            let bytes = match item {
                Object::String(string) => &string.bytes,
                other => {
                    let back = finite(other)? / 1000.0 * spacing.size * spacing.scale;
                    run.text.at = (run.text.at.0 - back, run.text.at.1 - back);
                    continue;
                }
            };
            self.budget.step(1)?;
            self.budget.step((bytes.len() as u64).div_ceil(4))?;
            let glyphs = font.glyphs(bytes);
            if let Some(drawn) = &font.drawn {
                for glyph in glyphs {
                    self.glyph(run, drawn, glyph.code, &spacing)?;
                    let (low, high) = spacing.advance(glyph);
                    run.text.at = (run.text.at.0 + low, run.text.at.1 + high);
                }
                continue;
            }
            let shown = font::run(&font, &glyphs, &spacing, run.text.at);
            run.text.at = shown.next;
            let state = &run.state;
            let (fills, strokes) = match state.mode {
                0 | 4 => (true, false),
                1 | 5 => (false, true),
                2 | 6 => (true, true),
                // Invisible, and clipping alone.
                3 | 7 => (false, false),
                _ => return unclear("an unknown text mode"),
            };
            if let Some(ink) = shown.ink.filter(|_| fills && state.fills() || strokes && state.strokes()) {
                let grow = if strokes { state.half_width() } else { 0.0 };
                self.quad(state, run.text.matrix.then(state.ctm), ink, grow)?;
            }
        }
        Ok(())
    }

    /// One glyph of a Type 3 font: a content stream of its own (ISO 32000-2 9.6.4). The text's mode is not for it (9.3.6).
    fn glyph(&mut self, run: &Run<'_, 'd>, drawn: &font::Drawn, code: u8, spacing: &Spacing) -> Result<(), Stop> {
        let Some(procedure) = drawn.procedures.get(&code) else { return Ok(()) };
        if self.depth >= MAX_FORMS {
            return unclear("glyphs nested too deep");
        }
        if run.text.at.0 != run.text.at.1 {
            return unclear("a drawn glyph behind text of unknown width");
        }
        self.budget.step(20)?;
        let Object::Stream(procedure) = self.view.resolve(procedure)? else { return unclear("a glyph that is no stream") };
        let place = Matrix([spacing.size * spacing.scale, 0.0, 0.0, spacing.size, run.text.at.0, spacing.rise]);
        let mut state = run.state.clone();
        state.ctm = drawn.matrix.then(place).then(run.text.matrix).then(run.state.ctm);
        let bytes = self.data(&procedure)?;
        let dict = drawn.resources.clone().unwrap_or_else(|| run.resources.dict().clone());
        let resources = Resources::new(self.view, dict);
        self.depth += 1;
        let done = self.run(&bytes, &resources, state);
        self.depth -= 1;
        done
    }
}

fn next_line(run: &mut Run<'_, '_>, [x, y]: [f64; 2]) {
    let line = Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(run.text.line);
    run.text = Text { matrix: line, line, at: (0.0, 0.0) };
}

fn construct(run: &mut Run<'_, '_>, operation: &Operation<'_>) -> Result<(), Stop> {
    let operands = operation.operands.as_slice();
    let ctm = run.state.ctm;
    let map = |x: f64, y: f64| ctm.map((x, y)).ok_or(Stop::Unclear("a coordinate off the page"));
    let path = &mut run.path;
    if path.points > MAX_POINTS {
        return unclear("a path of too many points");
    }
    match operation.operator {
        b"m" => {
            let [x, y] = numbers(operands)?;
            let p = map(x, y)?;
            path.subpaths.push(Subpath { points: vec![p], closed: false });
            path.points += 1;
            path.current = Some((p, p));
            return Ok(());
        }
        b"re" => {
            let [x, y, w, h] = numbers(operands)?;
            let points = vec![map(x, y)?, map(x + w, y)?, map(x + w, y + h)?, map(x, y + h)?];
            path.current = points.first().map(|p| (*p, *p));
            path.points += 4;
            path.subpaths.push(Subpath { points, closed: true });
            return Ok(());
        }
        _ => {}
    }
    let Some((start, current)) = path.current else { return unclear("a path without a first point") };
    if operation.operator == b"h" {
        if let Some(last) = path.subpaths.last_mut() {
            last.closed = true;
        }
        path.current = Some((start, start));
        return Ok(());
    }
    // Behind a closed subpath the next one begins at its first point (ISO 32000-2 8.5.2.1).
    if path.subpaths.last().is_none_or(|last| last.closed) {
        path.subpaths.push(Subpath { points: vec![current], closed: false });
        path.points += 1;
    }
    let Some(last) = path.subpaths.last_mut() else { return unclear("a path without a first point") };
    let before = last.points.len();
    match operation.operator {
        b"l" => {
            let [x, y] = numbers(operands)?;
            last.points.push(map(x, y)?);
        }
        b"c" => {
            let [a, b, c, d, e, f] = numbers(operands)?;
            last.points.extend(flatten(current, map(a, b)?, map(c, d)?, map(e, f)?)?);
        }
        b"v" => {
            let [c, d, e, f] = numbers(operands)?;
            last.points.extend(flatten(current, current, map(c, d)?, map(e, f)?)?);
        }
        _ => {
            let [a, b, e, f] = numbers(operands)?;
            let end = map(e, f)?;
            last.points.extend(flatten(current, map(a, b)?, end, end)?);
        }
    }
    path.points += last.points.len() - before;
    path.current = last.points.last().map(|p| (start, *p));
    Ok(())
}

fn colour(run: &mut Run<'_, '_>, operation: &Operation<'_>) -> Result<(), Stop> {
    let operands = operation.operands.as_slice();
    let resources = run.resources;
    let device = |name: &[u8]| -> Result<Ink, Stop> { Ok(Ink { space: space(resources, name)?, white: false }.with(operands)) };
    let fill = operation.operator.first().is_some_and(u8::is_ascii_lowercase);
    let before = if fill { run.state.fill } else { run.state.stroke };
    let mut ink = match operation.operator {
        b"g" | b"G" => device(b"DeviceGray")?,
        b"rg" | b"RG" => device(b"DeviceRGB")?,
        b"k" | b"K" => device(b"DeviceCMYK")?,
        b"cs" | b"CS" => match name(operands)? {
            b"Pattern" => Ink { space: Space::Other, white: false },
            name => Ink { space: space(resources, name)?, white: false },
        },
        _ => before.with(operands),
    };
    // A viewer ignores the colours of a glyph that is a shape alone, or does not: white is what is white for both.
    ink.white &= before.white || !run.state.shape;
    if fill {
        run.state.fill = ink;
    } else {
        run.state.stroke = ink;
    }
    Ok(())
}

fn finite(object: &Object) -> Result<f64, Stop> {
    object.as_f64().filter(|n| n.is_finite()).ok_or(Stop::Unclear("an operand that is no number"))
}

fn numbers<const N: usize>(operands: &[Object]) -> Result<[f64; N], Stop> {
    let operands = <&[Object; N]>::try_from(operands).map_err(|_| Stop::Unclear("a wrong number of operands"))?;
    let mut found = [0.0; N];
    for (place, operand) in found.iter_mut().zip(operands) {
        *place = finite(operand)?;
    }
    Ok(found)
}

pub(super) fn matrix_of(operands: &[Object]) -> Result<Matrix, Stop> {
    numbers(operands).map(Matrix)
}

fn name(operands: &[Object]) -> Result<&[u8], Stop> {
    match operands {
        [Object::Name(name)] => Ok(name),
        _ => unclear("a malformed operand"),
    }
}

/// The items of an array, each resolved.
pub(super) fn resolved(view: View<'_>, items: &[Object]) -> Result<Vec<Object>, Stop> {
    items.iter().map(|item| Ok(view.resolve(item)?)).collect()
}

/// The page's content: its stream, or its streams joined by white space (ISO 32000-2 7.8.2).
pub(super) fn page_content(view: View<'_>, page: &Dictionary) -> Result<Vec<u8>, Stop> {
    let mut bytes = Vec::new();
    let parts = match view.get(page, b"Contents")? {
        Object::Null => return Ok(bytes),
        Object::Array(parts) => parts,
        one => vec![one],
    };
    for part in &parts {
        match view.resolve(part)? {
            Object::Stream(stream) => bytes.extend(view.stream_data(&stream)?),
            Object::Null => {}
            _ => return unclear("content that is no stream"),
        }
        bytes.push(b'\n');
    }
    Ok(bytes)
}
