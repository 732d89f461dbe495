//! The PDF room: the rows of one cross-reference stream (ISO 32000-2 7.5.8.3). Takes its stored bytes, gives the row at a place of the
//! decoded data. A small stream is held decoded; of a large one only places are held at which inflating can go on, and what was
//! decoded last. It may not judge what a row says.

use super::filter;
use super::object::{Dictionary, Span};
use super::source::Source;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{Budget, MAX_STREAM_BYTES};
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};
use std::cell::RefCell;

/// Longest row: three fields of eight bytes.
pub(super) const MAX_ROW: usize = 24;
/// A stream that says it decodes to less than this is held whole.
const HELD: u64 = 1 << 20;
/// Decoded bytes between two places at which inflating can go on. Each place costs some 43 KiB. The tests see to it that there are several.
const SPACING: u64 = if cfg!(test) { 1 << 20 } else { 8 << 20 };
/// Decoded bytes that are kept together, and how many such pieces are kept.
const WINDOW: u64 = 64 << 10;
const WINDOWS: usize = 4;
/// After this many jumps the reader is one who looks here and there: from then on the decoded rows are held whole, as many as one stream
/// may have, so that a document with a million objects in no order is not read a million times.
const MAX_JUMPS: u32 = 64;
const INPUT: usize = 8 << 10;
const OUTPUT: usize = 32 << 10;
/// Longest line of a predictor that is undone in passing.
const MAX_LINE: usize = 4 << 10;

/// The decoded rows.
#[derive(Debug)]
pub(super) struct Rows {
    row: usize,
    form: Form,
}

#[derive(Debug)]
enum Form {
    Held(Vec<u8>),
    Windowed(Box<Windowed>),
}

struct Windowed {
    data: Span,
    /// Bytes of all rows.
    len: u64,
    /// A multiple of a row's length.
    window: u64,
    /// Where inflating can go on, in the order of the data; the first is its beginning.
    places: Vec<Decoder>,
    recent: RefCell<Recent>,
}

#[derive(Default)]
struct Recent {
    /// Start and bytes, the last used in front.
    windows: Vec<(u64, Vec<u8>)>,
    /// Behind the window that was made last: what follows needs no jump.
    running: Option<Running>,
    jumps: u32,
    /// Everything, once there were too many jumps.
    all: Option<Vec<u8>>,
}

/// A decoder and what it gave last.
struct Running {
    decoder: Decoder,
    chunk: Vec<u8>,
}

impl std::fmt::Debug for Windowed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Windowed").field("len", &self.len).field("places", &self.places.len()).finish_non_exhaustive()
    }
}

impl Rows {
    /// Decodes the stream once, all of it: damage anywhere refuses it. `expected` are the bytes that it says its rows have, which
    /// decides only how they are kept.
    ///
    /// # Errors
    /// [`ErrorKind::PdfDamaged`], [`ErrorKind::PdfUnsupported`], [`ErrorKind::LimitReached`], [`ErrorKind::SourceUnreadable`].
    pub(super) fn read(source: &dyn Source, dict: &Dictionary, data: Span, row: usize, expected: u64, budget: &Budget) -> Result<Rows> {
        if expected > HELD
            && let Some(coding) = filter::simple(dict)?
            && coding.png.is_none_or(|png| png.line <= MAX_LINE)
        {
            return Ok(Rows { row, form: Form::Windowed(Box::new(Windowed::survey(source, data, coding, row, budget)?)) });
        }
        let stored = filter::read_stored(source, data)?;
        Ok(Rows { row, form: Form::Held(filter::decode(dict, &stored, budget)?) })
    }

    /// The row that begins at byte `at` of the decoded data, its bytes in front; `None` past the end. `at` is a multiple of a row's length.
    ///
    /// # Errors
    /// [`ErrorKind::LimitReached`], [`ErrorKind::SourceUnreadable`]; [`ErrorKind::PdfDamaged`] if the source changed.
    pub(super) fn at(&self, source: &dyn Source, at: u64, budget: &Budget) -> Result<Option<[u8; MAX_ROW]>> {
        match &self.form {
            Form::Held(bytes) => Ok(row_of(bytes, at, self.row)),
            Form::Windowed(windowed) if at.saturating_add(self.row as u64) > windowed.len => Ok(None),
            Form::Windowed(windowed) => windowed.row(source, at, self.row, budget),
        }
    }

    #[cfg(test)]
    fn jumps(&self) -> Option<(u32, bool)> {
        match &self.form {
            Form::Held(_) => None,
            Form::Windowed(windowed) => Some((windowed.recent.borrow().jumps, windowed.recent.borrow().all.is_some())),
        }
    }
}

fn row_of(bytes: &[u8], at: u64, len: usize) -> Option<[u8; MAX_ROW]> {
    let at = usize::try_from(at).ok()?;
    let found = bytes.get(at..at.checked_add(len)?)?;
    let mut row = [0; MAX_ROW];
    row.get_mut(..len)?.copy_from_slice(found);
    Some(row)
}

impl Windowed {
    fn survey(source: &dyn Source, data: Span, coding: filter::Simple, row: usize, budget: &Budget) -> Result<Windowed> {
        if data.end > source.len() {
            return Err(Error::new(ErrorKind::PdfDamaged).context("a stream is longer than the file").at(data.start));
        }
        let cap = if coding.flate { filter::cap(data.len()) } else { MAX_STREAM_BYTES };
        let mut decoder = Decoder::new(source, data, coding)?;
        let mut places = vec![decoder.clone()];
        loop {
            if places.last().is_some_and(|last| decoder.out.saturating_sub(last.out) >= SPACING) {
                places.push(decoder.clone());
            }
            let before = decoder.inflated;
            let given = decoder.chunk(source, data.end)?.len() as u64;
            if decoder.inflated > cap {
                return Err(Error::new(ErrorKind::LimitReached).context("a stream inflates too much"));
            }
            let inflated = decoder.inflated.saturating_sub(before);
            match coding {
                filter::Simple { flate: false, .. } => budget.step(given / 8 + 1)?,
                filter::Simple { png: None, .. } => budget.bytes_out(inflated)?,
                filter::Simple { png: Some(_), .. } => budget.bytes_out(inflated.saturating_add(given))?,
            }
            if decoder.ended {
                break;
            }
        }
        let window = WINDOW - WINDOW % (row as u64).max(1);
        Ok(Windowed { data, len: decoder.out, window, places, recent: RefCell::default() })
    }

    fn row(&self, source: &dyn Source, at: u64, row: usize, budget: &Budget) -> Result<Option<[u8; MAX_ROW]>> {
        let mut recent = self.recent.borrow_mut();
        if let Some(all) = &recent.all {
            return Ok(row_of(all, at, row));
        }
        let start = at - at % self.window;
        let found = match recent.windows.iter().position(|(held, _)| *held == start) {
            Some(found) => found,
            None if recent.jumps >= MAX_JUMPS => {
                let first = self.places.first().cloned().map(|decoder| Running { decoder, chunk: Vec::new() });
                let (all, _) = self.decode(source, first, 0, self.len, budget)?;
                let found = row_of(&all, at, row);
                *recent = Recent { all: Some(all), ..Recent::default() };
                return Ok(found);
            }
            None => {
                let from = self.nearest(&mut recent, start);
                let end = self.len.min(start.saturating_add(self.window));
                let (bytes, running) = self.decode(source, from, start, end, budget)?;
                recent.running = running;
                recent.windows.truncate(WINDOWS - 1);
                recent.windows.push((start, bytes));
                recent.windows.len() - 1
            }
        };
        if let Some(used) = recent.windows.get_mut(..=found) {
            used.rotate_right(1);
        }
        Ok(recent.windows.first().and_then(|(start, bytes)| row_of(bytes, at - start, row)))
    }

    /// The place from which the way to `start` is shortest.
    fn nearest(&self, recent: &mut Recent, start: u64) -> Option<Running> {
        let place = self.places.iter().take_while(|place| place.out <= start).last()?;
        match recent.running.take() {
            Some(running) if running.start() <= start && running.start() >= place.out => Some(running),
            _ => {
                recent.jumps += 1;
                Some(Running { decoder: place.clone(), chunk: Vec::new() })
            }
        }
    }

    /// The decoded bytes from `start` to `end`, and where it can go on behind them.
    fn decode(
        &self,
        source: &dyn Source,
        from: Option<Running>,
        start: u64,
        end: u64,
        budget: &Budget,
    ) -> Result<(Vec<u8>, Option<Running>)> {
        let mut bytes = Vec::new();
        let Some(mut running) = from else { return Ok((bytes, None)) };
        loop {
            let first = running.start();
            let part = |at: u64| usize::try_from(at.saturating_sub(first)).unwrap_or(usize::MAX).min(running.chunk.len());
            bytes.extend_from_slice(running.chunk.get(part(start)..part(end)).unwrap_or_default());
            if running.decoder.out >= end || running.decoder.ended {
                return Ok((bytes, Some(running)));
            }
            running.chunk = running.decoder.chunk(source, self.data.end)?;
            budget.step(running.chunk.len() as u64 / 8 + 1)?;
        }
    }
}

impl Running {
    fn start(&self) -> u64 {
        self.decoder.out.saturating_sub(self.chunk.len() as u64)
    }
}

/// Inflates and undoes the predictor, a piece at a time; a copy of it goes on from where it was taken.
#[derive(Clone)]
struct Decoder {
    /// None where the stream is stored as it is.
    inflate: Option<Box<InflateState>>,
    /// Position in the source.
    input: u64,
    inflated: u64,
    png: Option<(filter::Png, Lines)>,
    /// Bytes given so far.
    out: u64,
    ended: bool,
}

/// The line above, and the tag and bytes of this one.
#[derive(Clone, Default)]
struct Lines {
    above: Vec<u8>,
    line: Vec<u8>,
}

impl Decoder {
    fn new(source: &dyn Source, data: Span, coding: filter::Simple) -> Result<Decoder> {
        let head = source.read_range(data.start, usize::try_from(data.len()).unwrap_or(2).min(2))?;
        let header = if coding.flate { head.len() - filter::deflated(&head)?.len() } else { 0 };
        Ok(Decoder {
            inflate: coding.flate.then(|| InflateState::new_boxed(DataFormat::Raw)),
            input: data.start + header as u64,
            inflated: 0,
            png: coding.png.map(|png| (png, Lines { above: vec![0; png.line], line: Vec::new() })),
            out: 0,
            ended: head.is_empty(),
        })
    }

    /// The next decoded bytes; none is not yet the end. Reads the source up to `end`. As everywhere a stream that breaks off gives what
    /// it has.
    fn chunk(&mut self, source: &dyn Source, end: u64) -> Result<Vec<u8>> {
        if self.ended {
            return Ok(Vec::new());
        }
        let left = usize::try_from(end.saturating_sub(self.input)).unwrap_or(usize::MAX);
        let mut bytes = source.read_range(self.input, left.min(INPUT))?;
        let mut consumed = bytes.len();
        self.ended = bytes.is_empty();
        if let Some(state) = &mut self.inflate {
            let input = std::mem::replace(&mut bytes, vec![0; OUTPUT]);
            let done = inflate(state, &input, &mut bytes, MZFlush::None);
            bytes.truncate(done.bytes_written);
            consumed = done.bytes_consumed;
            match done.status {
                Ok(MZStatus::StreamEnd) => self.ended = true,
                Ok(_) | Err(MZError::Buf) => self.ended = done.bytes_consumed == 0 && done.bytes_written == 0,
                Err(_) => return Err(Error::new(ErrorKind::PdfDamaged).context("a Flate stream is damaged")),
            }
        }
        self.input = self.input.saturating_add(consumed as u64);
        self.inflated = self.inflated.saturating_add(bytes.len() as u64);
        if let Some((png, lines)) = &mut self.png {
            bytes = lines.undo(*png, &bytes, self.ended)?;
        }
        self.out = self.out.saturating_add(bytes.len() as u64);
        Ok(bytes)
    }
}

impl Lines {
    fn undo(&mut self, png: filter::Png, mut bytes: &[u8], last: bool) -> Result<Vec<u8>> {
        let mut out = Vec::with_capacity(bytes.len());
        loop {
            let (part, rest) = bytes.split_at(bytes.len().min(png.line + 1 - self.line.len()));
            self.line.extend_from_slice(part);
            bytes = rest;
            if self.line.len() <= png.line && !last {
                return Ok(out);
            }
            let Some((kind, line)) = self.line.split_first_mut() else { return Ok(out) };
            filter::undo_line(*kind, line, &self.above, png.pixel)?;
            out.extend_from_slice(line);
            self.above.clear();
            self.above.extend_from_slice(line);
            self.line.clear();
        }
    }
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
