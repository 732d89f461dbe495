//! The appearance room: text fitted to a box. Takes lines, the measures of a font, and a width and height; gives a font size and where the
//! lines break. Nothing is cut off: what a person is shown is all that was asked, or an error.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

/// Largest and smallest font size, in points.
const SIZES: (f64, f64) = (12.0, 4.0);
/// Below this size lines are rather broken than made smaller.
pub(super) const COMFORTABLE: f64 = 8.0;
/// Below this size words are rather broken than made smaller.
const READABLE: f64 = 6.0;

/// How tall a font is, in font sizes.
#[derive(Clone, Copy)]
pub(super) struct Reach {
    /// Highest point above the baseline.
    pub(super) above: f64,
    /// Lowest below.
    pub(super) below: f64,
    /// From baseline to baseline.
    pub(super) leading: f64,
}

impl Reach {
    fn height(&self, lines: usize, size: f64) -> f64 {
        size * (self.above + self.below + self.leading * lines.saturating_sub(1) as f64)
    }
}

/// A part of a line that stands on a line of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) line: usize,
    pub(super) range: Range<usize>,
}

/// Text as it fits.
pub(super) struct Fitted {
    pub(super) size: f64,
    pub(super) pieces: Vec<Piece>,
    /// Height from the top of the first line to the bottom of the last, in points.
    pub(super) height: f64,
}

/// What is asked again and again: a word has the same width at every size.
struct Measure<'m> {
    width: &'m dyn Fn(&str) -> f64,
    known: RefCell<HashMap<String, f64>>,
}

impl Measure<'_> {
    fn width(&self, text: &str) -> f64 {
        if let Some(width) = self.known.borrow().get(text) {
            return *width;
        }
        let width = (self.width)(text);
        self.known.borrow_mut().insert(text.to_owned(), width);
        width
    }
}

/// The largest size at which every line fits whole, if that is comfortable to read; otherwise the largest with lines broken at spaces and
/// between ideographs, and inside words where nothing else helps. `None` if the
/// smallest is too large. `measure` gives the width of a text in thousandths of the font size.
pub(super) fn fit(lines: &[String], reach: Reach, measure: &dyn Fn(&str) -> f64, width: f64, room: f64) -> Option<Fitted> {
    let measure = Measure { width: measure, known: RefCell::default() };
    let attempt = |size: f64, inside_words: bool| set(lines, reach, &measure, (width, room), size, inside_words);
    let steps = |from: f64, to: f64| (0..=((from - to) * 4.0) as u32).map(move |i| from - f64::from(i) / 4.0);
    let unbroken = |fitted: &Fitted| fitted.pieces.len() == lines.len();
    steps(SIZES.0, COMFORTABLE)
        .find_map(|size| attempt(size, false).filter(unbroken))
        .or_else(|| steps(SIZES.0, READABLE).find_map(|size| attempt(size, false)))
        .or_else(|| steps(SIZES.0, SIZES.1).find_map(|size| attempt(size, true)))
}

/// The same at that size and no other.
pub(super) fn fit_at(
    lines: &[String],
    reach: Reach,
    measure: &dyn Fn(&str) -> f64,
    (width, room): (f64, f64),
    size: f64,
) -> Option<Fitted> {
    let measure = Measure { width: measure, known: RefCell::default() };
    let attempt = |inside_words| set(lines, reach, &measure, (width, room), size, inside_words);
    attempt(false).or_else(|| attempt(true))
}

fn set(lines: &[String], reach: Reach, measure: &Measure<'_>, (width, room): (f64, f64), size: f64, inside_words: bool) -> Option<Fitted> {
    let limit = width * 1000.0 / size;
    let mut pieces = Vec::new();
    for (line, text) in lines.iter().enumerate() {
        wrap(text, limit, inside_words, measure, |range| pieces.push(Piece { line, range }))?;
    }
    let height = reach.height(pieces.len(), size);
    (height <= room).then_some(Fitted { size, pieces, height })
}

/// Breaks one line; `None` if it cannot be broken to the limit.
fn wrap(text: &str, limit: f64, inside_words: bool, measure: &Measure<'_>, mut out: impl FnMut(Range<usize>)) -> Option<()> {
    let whole = |range: &Range<usize>| measure.width(text.get(range.clone()).unwrap_or_default());
    let mut current: Option<Range<usize>> = None;
    for word in words(text) {
        if let Some(line) = &current {
            let longer = line.start..word.end;
            if whole(&longer) <= limit {
                current = Some(longer);
                continue;
            }
            out(line.clone());
        }
        current = Some(word.clone());
        if whole(&word) <= limit {
            continue;
        }
        if !inside_words {
            return None;
        }
        let mut piece = word.start..word.start;
        for unit in units(text, word) {
            let longer = piece.start..unit.end;
            if whole(&longer) <= limit {
                piece = longer;
                continue;
            }
            if piece.is_empty() || whole(&unit) > limit {
                return None;
            }
            out(piece);
            piece = unit;
        }
        current = Some(piece);
    }
    out(current.unwrap_or(0..0));
    Some(())
}

/// Where a line may end: at spaces, and between ideographs, but not before what closes nor behind what opens.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        if c != ' ' {
            let end = at + c.len_utf8();
            let breaks = before.is_none_or(|before| {
                before == ' ' || (is_ideographic(before) || is_ideographic(c)) && !CLOSING.contains(c) && !OPENING.contains(before)
            });
            match words.last_mut() {
                Some(word) if !breaks => word.end = end,
                _ => words.push(at..end),
            }
        }
        before = Some(c);
    }
    words
}

const CLOSING: &str = "\u{3001}\u{3002}\u{FF0C}\u{FF0E}\u{FF1A}\u{FF1B}\u{FF01}\u{FF1F}\u{FF09}\u{300D}\u{300F}\u{3011}\u{300B}\u{3009}\u{30FC},.:;!?)]}%\u{201D}\u{2019}";
const OPENING: &str = "\u{FF08}\u{300C}\u{300E}\u{3010}\u{300A}\u{3008}([{\u{201C}\u{2018}";

const fn is_ideographic(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{A4CF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

/// What a word may be broken into: characters, with what combines with them.
fn units(text: &str, word: Range<usize>) -> Vec<Range<usize>> {
    let mut units: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.get(word.clone()).unwrap_or_default().char_indices() {
        let (start, end) = (word.start + at, word.start + at + c.len_utf8());
        match units.last_mut() {
            Some(unit) if joins(c) => unit.end = end,
            _ => units.push(start..end),
        }
    }
    units
}

/// Marks of the scripts of this room's fonts, joiners and variation selectors.
const fn joins(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5C7}' | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}'
        | '\u{670}' | '\u{6D6}'..='\u{6ED}' | '\u{8D3}'..='\u{8FF}' | '\u{93A}'..='\u{94F}' | '\u{E31}'..='\u{E4E}' | '\u{1AB0}'..='\u{1AFF}'
        | '\u{1DC0}'..='\u{1DFF}' | '\u{200C}'..='\u{200F}' | '\u{20D0}'..='\u{20FF}' | '\u{3099}' | '\u{309A}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FE20}'..='\u{FE2F}' | '\u{E0100}'..='\u{E01EF}')
}

#[cfg(test)]
mod tests {
    use super::super::font::helvetica;
    use super::*;

    fn lines(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn in_helvetica(lines: &[String], width: f64, room: f64) -> Option<Fitted> {
        fit(lines, helvetica::REACH, &helvetica::width, width, room)
    }

    fn shown<'l>(fitted: &Fitted, lines: &'l [String]) -> Vec<&'l str> {
        fitted.pieces.iter().map(|piece| &lines[piece.line][piece.range.clone()]).collect()
    }

    #[test]
    fn every_fitted_line_stays_inside() {
        let text = lines(&["Signed by Aleksandra Wolkonskaja-Breitenbach", "Reason: I agree to the terms of this loan", "x"]);
        for width in [20.0, 45.0, 90.0, 200.0, 400.0] {
            for room in [6.0, 18.0, 40.0, 90.0] {
                let Some(fitted) = in_helvetica(&text, width, room) else { continue };
                assert!((SIZES.1..=SIZES.0).contains(&fitted.size));
                assert!(fitted.height <= room);
                let pieces = shown(&fitted, &text);
                for line in &pieces {
                    assert!(helvetica::width(line) * fitted.size / 1000.0 <= width);
                }
                let letters = |text: String| text.chars().filter(|c| *c != ' ').count();
                assert_eq!(letters(pieces.concat()), letters(text.concat()), "nothing is cut off");
            }
        }
    }

    #[test]
    fn large_boxes_get_the_largest_size_and_tiny_ones_none() {
        assert_eq!(in_helvetica(&lines(&["Hello"]), 500.0, 100.0).unwrap().size, SIZES.0);
        assert!(in_helvetica(&lines(&["Hello"]), 2.0, 100.0).is_none());
        assert!(in_helvetica(&lines(&["Hello"]), 100.0, 3.0).is_none());
        assert!(in_helvetica(&lines(&["W"]), 3.0, 1000.0).is_none());
    }

    #[test]
    fn words_are_kept_whole_while_readable() {
        let text = lines(&["Donaudampfschifffahrtsgesellschaft AG"]);
        let fitted = in_helvetica(&text, 120.0, 30.0).unwrap();
        assert_eq!(shown(&fitted, &text)[1..], ["AG"]);
        let text = lines(&["Signed by Amina Rivi\u{E8}re-Joseph"]);
        let fitted = in_helvetica(&text, 140.0, 60.0).unwrap();
        assert_eq!(shown(&fitted, &text), text, "rather smaller than broken");
        assert!(fitted.size < SIZES.0 && fitted.size >= COMFORTABLE);
        let breaks = |text: &str| words(text).into_iter().map(|word| text[word].to_owned()).collect::<Vec<_>>();
        assert_eq!(breaks("  a  bc "), ["a", "bc"]);
        assert_eq!(breaks("\u{7B7E}\u{540D}\u{FF1A}Li Wei\u{3002}"), ["\u{7B7E}", "\u{540D}\u{FF1A}", "Li", "Wei\u{3002}"]);
        assert_eq!(units("e\u{301}x", 0..4), [0..3, 3..4]);
    }
}
