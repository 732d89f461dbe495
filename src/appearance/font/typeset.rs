//! The appearance room: text set in an OpenType font. Takes lines, gives glyphs in the order in which they stand on the page: directions by the
//! Unicode bidirectional algorithm (UAX 9), forms and places by shaping, script by script. Each glyph keeps the characters it stands for.

use super::opentype::OpenType;
use super::sfnt::Sfnt;
use super::subset::Subset;
use crate::appearance::canvas::{Area, Canvas, number};
use crate::appearance::constraints::Constraints;
use crate::appearance::fit::{Fitted, Reach};
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Object, ObjectId, PdfString};
use harfrust::{Buffer, ClusterLevel, Direction, ShapeOptions, ShaperFont, unicode};
use std::ops::Range;
use unicode_bidi::{BidiInfo, Level};

/// A glyph as it stands; measures in thousandths of the font size.
pub(super) struct Glyph {
    pub(super) id: u16,
    pub(super) text: String,
    /// What the font says, before kerning.
    pub(super) natural: f64,
    advance: f64,
    right: f64,
    up: f64,
}

/// Glyphs from left to right, and whether the text can be told from each glyph alone.
struct Set {
    glyphs: Vec<Glyph>,
    exact: bool,
    /// Whether something runs from right to left.
    turned: bool,
}

/// A font and what of it was shown.
pub(in super::super) struct Setter {
    font: OpenType,
    subset: Subset,
}

impl Setter {
    pub(super) fn new(font: OpenType) -> Setter {
        Setter { subset: Subset::new(&font), font }
    }

    pub(super) fn check(&self, line: &str) -> Result<()> {
        // What turns letters around by command shows another text than it says; line ends are the caller's to make.
        if let Some(c) = line.chars().find(|c| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2028}' | '\u{2029}')) {
            return Err(super::lacks(c));
        }
        self.set(line, 0..line.len()).map(|_| ())
    }

    pub(super) fn width(&self, text: &str) -> f64 {
        self.set(text, 0..text.len()).map_or(f64::INFINITY, |set| set.glyphs.iter().map(|glyph| glyph.advance).sum())
    }

    pub(super) fn reach(&self) -> Reach {
        let program = self.font.program();
        let Some(measures) = Sfnt::open(&program.file, program.index).and_then(|sfnt| sfnt.measures()) else {
            return super::helvetica::REACH;
        };
        let (above, below) = (measures.ascent / measures.units, -measures.descent / measures.units);
        let (above, below) = (above.clamp(0.7, 2.0), below.clamp(0.15, 1.5));
        Reach { above, below, leading: (above + below).max(1.18) }
    }

    /// Lines of a paragraph from right to left end at the right.
    pub(super) fn show(&mut self, canvas: &mut Canvas, lines: &[String], fitted: &Fitted, area: Area, first: f64) -> Result<()> {
        let leading = fitted.size * self.reach().leading;
        for (i, piece) in fitted.pieces.iter().enumerate() {
            let Some(line) = lines.get(piece.line).filter(|_| !piece.range.is_empty()) else { continue };
            let set = self.set(line, piece.range.clone())?;
            let width = set.glyphs.iter().map(|glyph| glyph.advance).sum::<f64>() * fitted.size / 1000.0;
            let left = if base(line).is_rtl() { area.x + area.width - width } else { area.x };
            let said = line.get(piece.range.clone()).unwrap_or_default();
            self.write_set(canvas, &set, said, (left, first - leading * i as f64), fitted.size)?;
        }
        Ok(())
    }

    /// Writes a part of a line, which begins at that point.
    pub(super) fn write(&mut self, canvas: &mut Canvas, line: &str, part: Range<usize>, at: (f64, f64), size: f64) -> Result<()> {
        let set = self.set(line, part.clone())?;
        self.write_set(canvas, &set, line.get(part).unwrap_or_default(), at, size)
    }

    fn write_set(&mut self, canvas: &mut Canvas, set: &Set, said: &str, (x, y): (f64, f64), size: f64) -> Result<()> {
        canvas.numbers(&[1.0, 0.0, 0.0, 1.0, x, y], b"Tm");
        let codes = set.glyphs.iter().map(|glyph| self.subset.cid(glyph)).collect::<Result<Vec<_>>>()?;
        // Readers take glyphs from left to right and turn them around themselves, and some of them do it to /ActualText as well.
        let exact = set.turned || set.exact && set.glyphs.iter().zip(&codes).all(|(glyph, cid)| self.subset.says(*cid) == glyph.text);
        if !exact {
            let said = Dictionary::new().with(b"ActualText", Object::text(said));
            canvas.operator(&[Object::name("Span"), Object::Dictionary(said)], b"BDC");
        }
        self.line(canvas, &set.glyphs, &codes, size);
        if !exact {
            canvas.operator(&[], b"EMC");
        }
        Ok(())
    }

    fn line(&self, canvas: &mut Canvas, glyphs: &[Glyph], cids: &[u16], size: f64) {
        let mut items: Vec<Object> = Vec::new();
        let mut codes: Vec<u8> = Vec::new();
        let mut rise = 0.0;
        // Where the reader's pen is, and where it ought to be.
        let (mut pen, mut wanted) = (0.0, 0.0);
        for (glyph, cid) in glyphs.iter().zip(cids) {
            if (glyph.up - rise).abs() > 0.5 {
                flush(canvas, &mut items, &mut codes);
                rise = glyph.up;
                canvas.numbers(&[rise * size / 1000.0], b"Ts");
            }
            let back: f64 = pen - (wanted + glyph.right);
            if back.abs() >= 0.5 {
                if !codes.is_empty() {
                    items.push(hexadecimal(&mut codes));
                }
                items.push(number(back));
                pen -= back;
            }
            codes.extend_from_slice(&cid.to_be_bytes());
            pen += self.subset.declared(*cid);
            wanted += glyph.advance;
        }
        flush(canvas, &mut items, &mut codes);
        if rise != 0.0 {
            canvas.numbers(&[0.0], b"Ts");
        }
    }

    pub(super) fn add(&self, update: &mut Update<'_>, constraints: &Constraints) -> Result<ObjectId> {
        self.subset.add(update, self.font.program(), constraints)
    }

    /// The glyphs of a part of a line, in visual order.
    fn set(&self, line: &str, part: Range<usize>) -> Result<Set> {
        let mut set = Set { glyphs: Vec::new(), exact: true, turned: false };
        if part.is_empty() {
            return Ok(set);
        }
        let bidi = BidiInfo::new(line, None);
        let paragraph = bidi.paragraphs.first().filter(|paragraph| paragraph.range.len() == line.len());
        let paragraph = paragraph.ok_or_else(|| Error::new(ErrorKind::TextUnrepresentable))?;
        let (levels, runs) = bidi.visual_runs(paragraph, part);
        set.turned = runs.iter().any(|run| levels.get(run.start).is_some_and(Level::is_rtl));
        for run in runs {
            let level = levels.get(run.start).copied().unwrap_or(paragraph.level);
            let mut parts = by_script(line, run);
            if level.is_rtl() {
                parts.reverse();
            }
            for part in parts {
                self.shape(line.get(part).unwrap_or_default(), level, &mut set)?;
            }
        }
        Ok(set)
    }

    fn shape(&self, text: &str, level: Level, set: &mut Set) -> Result<()> {
        let unreadable = || Error::new(ErrorKind::InvalidArgument).context("the font cannot be read");
        let program = self.font.program();
        let shaper = ShaperFont::new(&program.font);
        let scale = 1000.0 / f64::from(program.font.units_per_em().max(1));
        let mut buffer = Buffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(if level.is_rtl() { Direction::RightToLeft } else { Direction::LeftToRight });
        buffer.set_cluster_level(ClusterLevel::MonotoneCharacters);
        harfrust::shape(&shaper, &mut buffer, ShapeOptions::new()).map_err(|error| unreadable().caused_by(error.to_string()))?;
        let (infos, places) = (buffer.glyph_infos(), buffer.glyph_positions());
        let cluster = |i: usize| infos.get(i).and_then(|info| usize::try_from(info.cluster).ok()).unwrap_or(text.len());
        if let Some(missing) = infos.iter().filter(|info| info.glyph_id == 0).map(|info| info.cluster).min() {
            let c = usize::try_from(missing).ok().and_then(|at| text.get(at..)).and_then(|rest| rest.chars().next());
            return Err(super::lacks(c.unwrap_or(char::REPLACEMENT_CHARACTER)));
        }
        let mut at = 0;
        while at < infos.len() {
            let start = cluster(at);
            let same = (at..infos.len()).take_while(|i| cluster(*i) == start).count();
            // The next cluster of the text stands behind this one, or before it from right to left.
            let end = if level.is_rtl() { at.checked_sub(1).map(cluster) } else { Some(cluster(at + same)) }.unwrap_or(text.len());
            let said = text.get(start..end).unwrap_or_default();
            let mut shares: Vec<String> = if said.chars().count() == same {
                said.chars().map(String::from).collect()
            } else {
                // More glyphs than characters: the first stands for all.
                set.exact &= same == 1;
                std::iter::once(said.to_owned()).chain(std::iter::repeat_n(String::new(), same - 1)).collect()
            };
            if level.is_rtl() {
                shares.reverse();
            }
            for (i, share) in (at..at + same).zip(shares) {
                let (Some(info), Some(place)) = (infos.get(i), places.get(i)) else { return Err(unreadable()) };
                set.glyphs.push(Glyph {
                    id: u16::try_from(info.glyph_id).map_err(|_| unreadable())?,
                    text: share,
                    natural: f64::from(shaper.glyph_h_advance(info.glyph_id.into())) * scale,
                    advance: f64::from(place.x_advance) * scale,
                    right: f64::from(place.x_offset) * scale,
                    up: f64::from(place.y_offset) * scale,
                });
            }
            at += same;
        }
        Ok(())
    }
}

/// The direction of a line, by its first letter that has one.
fn base(line: &str) -> Level {
    BidiInfo::new(line, None).paragraphs.first().map_or_else(Level::ltr, |paragraph| paragraph.level)
}

/// Parts of one script each; what belongs to every script goes with what stands before it.
fn by_script(line: &str, run: Range<usize>) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut script = None;
    for (at, c) in line.get(run.clone()).unwrap_or_default().char_indices() {
        let end = run.start + at + c.len_utf8();
        let tag = unicode::script(u32::from(c)).tag().to_be_bytes();
        let own = (!matches!(&tag, b"Zyyy" | b"Zinh" | b"Zzzz")).then_some(tag);
        match parts.last_mut() {
            Some(part) if own.is_none() || script.is_none() || own == script => part.end = end,
            _ => parts.push(run.start + at..end),
        }
        script = own.or(script);
    }
    parts
}

fn hexadecimal(codes: &mut Vec<u8>) -> Object {
    Object::String(PdfString { bytes: std::mem::take(codes), hex: true })
}

fn flush(canvas: &mut Canvas, items: &mut Vec<Object>, codes: &mut Vec<u8>) {
    if !codes.is_empty() {
        items.push(hexadecimal(codes));
    }
    if !items.is_empty() {
        canvas.operator(&[Object::Array(std::mem::take(items))], b"TJ");
    }
}
