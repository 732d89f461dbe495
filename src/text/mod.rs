//! The text room: where words stand on a page. Takes a page, gives the places of a text or of all text, in default user space.
//!
//! Read are simple fonts (standard encodings, `/Differences`, `/ToUnicode`), composite fonts with two-byte codes, forms inside the
//! content, every text matrix. Not read are font programs, vertical writing, annotations, pictures, and the files' own maps of codes:
//! such text matches nothing, and [`Search::unread`] says that there was some. Every page is bounded by its own budget.

mod cmap;
mod encoding;
mod font;
mod line;
mod metrics;
mod names;
mod run;
#[cfg(test)]
mod tests;

use crate::error::Result;
use crate::pdf::{Page, Rect, View};
use line::Line;

/// The text of one page.
pub struct PageText {
    lines: Vec<Line>,
    crop: Rect,
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// The boxes around each place of the text, from the top of the page as it lies in user space, then from the left.
    pub places: Vec<Rect>,
    /// Whether the page shows characters of which nobody says what they mean.
    pub unread: bool,
}

impl PageText {
    /// Reads the page.
    ///
    /// # Errors
    /// [`PdfDamaged`](crate::ErrorKind::PdfDamaged) if its content is malformed; [`LimitReached`](crate::ErrorKind::LimitReached);
    /// [`PdfUnsupported`](crate::ErrorKind::PdfUnsupported) for an inline image whose end cannot be told; as [`View::stream_data`].
    pub fn read(view: View<'_>, page: &Page) -> Result<PageText> {
        Ok(PageText { lines: line::lines(run::glyphs(view, page)?), crop: page.crop_box })
    }

    /// Finds a text on the page as it is shown: within a line, whatever the gaps between words, ligatures taken apart, letter case as it is.
    /// A text in a script from right to left is found as well.
    #[must_use]
    pub fn find(&self, text: &str) -> Search {
        let wanted: Vec<char> = plain(text.chars().map(|c| (c, ()))).into_iter().map(|(c, ())| c).collect();
        let mut search = Search::default();
        let backwards = wanted.iter().any(|c| matches!(u32::from(*c), 0x590..=0x8FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF));
        for line in &self.lines {
            let line = plain(line.characters.iter().copied());
            search.unread |= line.iter().any(|(c, _)| *c == char::REPLACEMENT_CHARACTER);
            let mut at = 0;
            while let Some(window) = line.get(at..at + wanted.len()).filter(|window| !window.is_empty()) {
                let matches = |wanted: &mut dyn Iterator<Item = &char>| window.iter().map(|(c, _)| c).eq(wanted);
                let found = matches(&mut wanted.iter()) || (backwards && matches(&mut wanted.iter().rev()));
                let boxes = window.iter().filter_map(|(_, rect)| *rect);
                let around = boxes.reduce(union).filter(|rect| found && self.shows(*rect));
                search.places.extend(around);
                at += if around.is_some() { wanted.len() } else { 1 };
            }
        }
        search.places.sort_by(|a, b| b.y1.total_cmp(&a.y1).then(a.x0.total_cmp(&b.x0)));
        search
    }

    /// Boxes around everything written, a line each.
    #[must_use]
    pub fn written(&self) -> Vec<Rect> {
        let ink = |line: &Line| line.characters.iter().filter(|(c, _)| !c.is_whitespace()).filter_map(|(_, rect)| *rect).reduce(union);
        self.lines.iter().filter_map(ink).filter(|rect| self.shows(*rect)).collect()
    }

    /// Whether its middle is on the visible part of the page.
    fn shows(&self, rect: Rect) -> bool {
        let (x, y) = (f64::midpoint(rect.x0, rect.x1), f64::midpoint(rect.y0, rect.y1));
        self.crop.contains(Rect { x0: x, y0: y, x1: x, y1: y })
    }
}

fn union(a: Rect, b: Rect) -> Rect {
    Rect { x0: a.x0.min(b.x0), y0: a.y0.min(b.y0), x1: a.x1.max(b.x1), y1: a.y1.max(b.y1) }
}

/// One space for every run of white space, none at the ends; ligatures taken apart; no soft hyphens.
fn plain<T: Copy>(text: impl Iterator<Item = (char, T)>) -> Vec<(char, T)> {
    let mut out: Vec<(char, T)> = Vec::new();
    for (c, place) in text {
        match c {
            '\u{FB00}' => out.extend(['f', 'f'].map(|c| (c, place))),
            '\u{FB01}' => out.extend(['f', 'i'].map(|c| (c, place))),
            '\u{FB02}' => out.extend(['f', 'l'].map(|c| (c, place))),
            '\u{FB03}' => out.extend(['f', 'f', 'i'].map(|c| (c, place))),
            '\u{FB04}' => out.extend(['f', 'f', 'l'].map(|c| (c, place))),
            '\u{AD}' => {}
            c if c.is_whitespace() => {
                if out.last().is_some_and(|(last, _)| *last != ' ') {
                    out.push((' ', place));
                }
            }
            c => out.push((c, place)),
        }
    }
    if out.last().is_some_and(|(last, _)| *last == ' ') {
        out.pop();
    }
    out
}
