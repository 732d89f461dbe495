//! The text room: lines. Takes the characters of a page, gives runs of them that stand on one baseline next to each other, whatever their
//! order in the content, with a space where there is a gap.

use super::run::Glyph;
use crate::pdf::{Point, Rect, bounds};

/// A gap of more than this, in heights of a line, is a space.
const SPACE: f64 = 0.13;
/// A gap of more than this ends a line: the next column.
const COLUMN: f64 = 2.5;
/// Characters whose baselines differ by less than this, in heights, stand on one line.
const BASELINE: f64 = 0.2;
/// The same character drawn twice with less than this between, in heights, is drawn bold.
const TWICE: f64 = 0.15;

/// A run of characters.
pub(super) struct Line {
    /// Each character with the box of the code that it is part of; spaces that stand for gaps have none.
    pub(super) characters: Vec<(char, Option<Rect>)>,
}

/// A character seen along its own direction.
struct Placed {
    glyph: Glyph,
    /// Direction of writing in degrees, rounded.
    angle: i32,
    /// Along and across the direction.
    from: f64,
    to: f64,
    across: f64,
    height: f64,
}

fn placed(glyph: Glyph) -> Option<Placed> {
    let (dx, dy) = (glyph.end.0 - glyph.start.0, glyph.end.1 - glyph.start.1);
    let up = (glyph.above.0 - glyph.below.0, glyph.above.1 - glyph.below.1);
    let height = up.0.hypot(up.1);
    // A character without width is written the way that is square to its height.
    let (dx, dy) = if dx.hypot(dy) > height * 1e-3 { (dx, dy) } else { (up.1, -up.0) };
    let length = dx.hypot(dy);
    if !(length > 0.0 && height > 1e-3) {
        return None;
    }
    let (ux, uy) = (dx / length, dy / length);
    let along = |(x, y): Point| x * ux + y * uy;
    let across = glyph.start.1 * ux - glyph.start.0 * uy;
    let angle = uy.atan2(ux).to_degrees().round() as i32;
    let angle = if angle == -180 { 180 } else { angle };
    let (from, to) = (along(glyph.start), along(glyph.end).max(along(glyph.start)));
    Some(Placed { glyph, angle, from, to, across, height })
}

/// All lines of a page.
pub(super) fn lines(glyphs: Vec<Glyph>) -> Vec<Line> {
    let mut all: Vec<Placed> = glyphs.into_iter().filter_map(placed).collect();
    all.sort_by(|a, b| a.angle.cmp(&b.angle).then(b.across.total_cmp(&a.across)));
    let mut lines = Vec::new();
    let mut rest = all.into_iter().peekable();
    while let Some(first) = rest.next() {
        let (angle, mut across, mut height) = (first.angle, first.across, first.height);
        let mut row = vec![first];
        while let Some(next) = rest.next_if(|next| next.angle == angle && across - next.across <= height.min(next.height) * BASELINE) {
            (across, height) = (next.across, next.height);
            row.push(next);
        }
        row.sort_by(|a, b| a.from.total_cmp(&b.from));
        split(row, &mut lines);
    }
    lines
}

/// Cuts a row into its columns.
fn split(row: Vec<Placed>, lines: &mut Vec<Line>) {
    let mut line = Line { characters: Vec::new() };
    let mut before: Option<(f64, f64, f64, Option<String>)> = None;
    for placed in row {
        if let Some((from, to, height, text)) = &before {
            let height = placed.height.min(*height);
            if *text == placed.glyph.text && placed.from - from < height * TWICE && placed.glyph.text.as_deref() != Some(" ") {
                continue;
            }
            let gap = placed.from - to;
            if gap > height * COLUMN {
                lines.push(std::mem::replace(&mut line, Line { characters: Vec::new() }));
            } else if gap > height * SPACE {
                line.characters.push((' ', None));
            }
        }
        let Glyph { start, end, below, above, text } = &placed.glyph;
        let corner = |at: &Point, by: &Point| (at.0 + by.0, at.1 + by.1);
        let rect = bounds([corner(start, below), corner(end, below), corner(start, above), corner(end, above)]);
        let meaning = text.as_deref().unwrap_or("\u{FFFD}");
        line.characters.extend(meaning.chars().map(|c| (c, rect)));
        before = Some((placed.from, placed.to, placed.height, placed.glyph.text));
    }
    lines.push(line);
}
