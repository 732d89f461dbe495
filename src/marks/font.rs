//! The marks room: how far text reaches, by the widths that its font declares (ISO 32000-2 9.2.4, 9.6, 9.7). Takes a font dictionary,
//! gives for each shown string its glyphs' advances as a range. Font programs are not opened; where no exact width is declared the
//! range is wide enough for whatever a viewer puts there.

use super::Stop;
use super::geometry::Matrix;
use crate::pdf::{Dictionary, Object, Rect, View};
use std::collections::HashMap;

/// Widths of codes 0x20 to 0x7E over all styles of Helvetica and Times, narrowest and widest, in thousandths.
#[rustfmt::skip]
const STANDARD: [(u16, u16); 95] = [
    (250, 278), (278, 389), (355, 555), (500, 556), (500, 556), (833, 1000), (667, 833), (180, 333), (333, 333), (333, 333),
    (389, 500), (564, 675), (250, 278), (333, 333), (250, 278), (278, 278), (500, 556), (500, 556), (500, 556), (500, 556),
    (500, 556), (500, 556), (500, 556), (500, 556), (500, 556), (500, 556), (278, 333), (278, 333), (564, 675), (564, 675),
    (564, 675), (444, 611), (832, 1015), (611, 722), (611, 722), (667, 722), (722, 722), (611, 667), (556, 667), (722, 778),
    (722, 778), (278, 389), (389, 556), (667, 778), (556, 667), (833, 944), (667, 722), (722, 778), (556, 667), (722, 778),
    (611, 722), (500, 667), (556, 667), (722, 722), (611, 722), (833, 1000), (611, 722), (556, 722), (556, 667), (278, 389),
    (278, 278), (278, 389), (422, 584), (500, 556), (222, 333), (444, 556), (500, 611), (444, 556), (500, 611), (444, 556),
    (278, 333), (500, 611), (500, 611), (222, 278), (222, 333), (444, 556), (222, 278), (722, 889), (500, 611), (500, 611),
    (500, 611), (500, 611), (333, 444), (389, 556), (278, 333), (500, 611), (444, 556), (667, 778), (444, 556), (444, 556),
    (389, 500), (334, 480), (200, 280), (334, 480), (520, 584),
];
/// What any glyph of the standard 14 fonts has.
const ANY: (f64, f64) = (0.0, 1.042);

/// One glyph (or one byte, where codes have no known length): advance from `low` to `high`, in font sizes.
#[derive(Clone, Copy)]
pub(super) struct Glyph {
    pub(super) code: u8,
    pub(super) low: f64,
    pub(super) high: f64,
    /// Whether word spacing applies: surely, surely not, or who knows.
    pub(super) space: Option<bool>,
}

enum Widths {
    Simple {
        first: i64,
        widths: Vec<f64>,
        missing: f64,
    },
    Courier,
    Standard,
    Unknown,
    /// Two-byte codes that are the CIDs.
    Identity {
        default: f64,
        widths: HashMap<u16, f64>,
    },
    /// Codes of a fixed or unknown length that stand for CIDs nobody looks up here.
    Mapped {
        low: f64,
        high: f64,
        step: usize,
    },
}

/// A Type 3 font's glyphs, which are content streams (ISO 32000-2 9.6.4).
pub(super) struct Drawn {
    pub(super) matrix: Matrix,
    /// By code.
    pub(super) procedures: HashMap<u8, Object>,
    pub(super) resources: Option<Dictionary>,
}

/// A font as far as marks need it.
pub(super) struct Font {
    widths: Widths,
    /// Lowest and highest reach around the baseline, in font sizes.
    pub(super) reach: (f64, f64),
    pub(super) drawn: Option<Drawn>,
}

impl Font {
    pub(super) fn load(view: View<'_>, dict: &Dictionary) -> Result<Font, Stop> {
        let subtype = view.get(dict, b"Subtype")?;
        match subtype.as_name() {
            Some(b"Type0") => composite(view, dict),
            Some(b"Type3") => drawn(view, dict),
            Some(b"Type1" | b"MMType1" | b"TrueType") => simple(view, dict),
            _ => Err(Stop::Unclear("a font of unknown type")),
        }
    }

    pub(super) fn glyphs(&self, bytes: &[u8]) -> Vec<Glyph> {
        let one = |code: u8, low: f64, high: f64| Glyph { code, low, high, space: Some(code == 32) };
        match &self.widths {
            Widths::Simple { first, widths, missing } => {
                let width =
                    |code: &u8| usize::try_from(i64::from(*code) - first).ok().and_then(|i| widths.get(i)).copied().unwrap_or(*missing);
                bytes.iter().map(|code| one(*code, width(code), width(code))).collect()
            }
            Widths::Courier => bytes.iter().map(|code| one(*code, 0.6, 0.6)).collect(),
            Widths::Unknown => bytes.iter().map(|code| one(*code, ANY.0, ANY.1)).collect(),
            Widths::Standard => bytes
                .iter()
                .map(|code| match usize::from(*code).checked_sub(0x20).and_then(|i| STANDARD.get(i)) {
                    Some((low, high)) => one(*code, f64::from(*low) / 1000.0, f64::from(*high) / 1000.0),
                    None => one(*code, ANY.0, ANY.1),
                })
                .collect(),
            Widths::Identity { default, widths } => bytes
                .chunks(2)
                .map(|pair| {
                    let code = pair.iter().fold(0_u16, |n, b| n * 256 + u16::from(*b));
                    let width = widths.get(&code).copied().unwrap_or(*default);
                    Glyph { code: 0, low: width, high: width, space: Some(false) }
                })
                .collect(),
            Widths::Mapped { low, high, step } => bytes
                .chunks(*step)
                .map(|_| Glyph { code: 0, low: low.min(0.0), high: *high, space: if *step == 1 { None } else { Some(false) } })
                .collect(),
        }
    }
}

fn number(object: &Object) -> Option<f64> {
    object.as_f64().filter(|n| n.is_finite() && n.abs() < 1e6)
}

fn numbers(view: View<'_>, dict: &Dictionary, key: &[u8]) -> Result<Option<Vec<f64>>, Stop> {
    let Some(items) = view.get_array(dict, key)? else { return Ok(None) };
    let items: Option<Vec<f64>> = items.iter().map(|item| view.resolve(item).ok().as_ref().and_then(number)).collect();
    items.map(Some).ok_or(Stop::Unclear("a font with an array that holds no numbers"))
}

/// By the descriptor's box and heights, never less than what letters with accents usually take.
fn reach(view: View<'_>, descriptor: Option<&Dictionary>) -> Result<(f64, f64), Stop> {
    let mut reach = (-0.3, 1.0);
    let Some(descriptor) = descriptor else { return Ok(reach) };
    let bbox = numbers(view, descriptor, b"FontBBox")?.unwrap_or_default();
    let height = |key: &str| view.get(descriptor, key).ok().as_ref().and_then(number);
    for n in [bbox.get(1).copied(), bbox.get(3).copied(), height("Ascent"), height("Descent")].into_iter().flatten() {
        reach = (f64::min(reach.0, n / 1000.0), f64::max(reach.1, n / 1000.0));
    }
    Ok(reach)
}

fn simple(view: View<'_>, dict: &Dictionary) -> Result<Font, Stop> {
    let descriptor = view.get_dict(dict, b"FontDescriptor")?;
    let reach = reach(view, descriptor.as_ref())?;
    let widths = match numbers(view, dict, b"Widths")? {
        Some(widths) => {
            let missing = descriptor.as_ref().map_or(Ok(Object::Null), |d| view.get(d, b"MissingWidth"))?;
            Widths::Simple {
                first: view.get(dict, b"FirstChar")?.as_i64().unwrap_or(0),
                widths: widths.into_iter().map(|w| w / 1000.0).collect(),
                missing: number(&missing).unwrap_or(0.0) / 1000.0,
            }
        }
        None => {
            let name = view.get(dict, b"BaseFont")?;
            let name = name.as_name().unwrap_or_default();
            let encoding = view.get(dict, b"Encoding")?;
            let plain =
                matches!(encoding.as_name(), Some(b"WinAnsiEncoding" | b"MacRomanEncoding" | b"StandardEncoding")) || encoding.is_null();
            match name {
                name if name.starts_with(b"Courier") => Widths::Courier,
                name if plain && (name.starts_with(b"Helvetica") || name.starts_with(b"Times") || name.starts_with(b"Arial")) => {
                    Widths::Standard
                }
                _ => Widths::Unknown,
            }
        }
    };
    Ok(Font { widths, reach, drawn: None })
}

fn composite(view: View<'_>, dict: &Dictionary) -> Result<Font, Stop> {
    let descendants = view.get_array(dict, b"DescendantFonts")?.unwrap_or_default();
    let descendant = descendants.first().map(|d| view.resolve(d)).transpose()?;
    let descendant = descendant.as_ref().and_then(Object::as_dict).ok_or(Stop::Unclear("a composite font without its descendant"))?;
    let descriptor = view.get_dict(descendant, b"FontDescriptor")?;
    let reach = reach(view, descriptor.as_ref())?;
    let default = number(&view.get(descendant, b"DW")?).unwrap_or(1000.0) / 1000.0;
    let widths = cid_widths(view, descendant)?;
    let encoding = view.get(dict, b"Encoding")?;
    let widths = match encoding.as_name() {
        Some(b"Identity-H") => Widths::Identity { default, widths },
        Some(name) if name.ends_with(b"V") => return Err(Stop::Unclear("vertical writing")),
        name => {
            if let Object::Stream(map) = &encoding
                && (view.get(&map.dict, b"WMode")?.as_i64().unwrap_or(0) != 0 || sets_vertical(&view.stream_data(map)?))
            {
                return Err(Stop::Unclear("vertical writing"));
            }
            let all = || widths.values().copied().chain([default]);
            let named = |part: &[u8]| name.is_some_and(|name| name.windows(part.len()).any(|w| w == part));
            Widths::Mapped {
                low: all().fold(f64::INFINITY, f64::min),
                high: all().fold(0.0, f64::max),
                step: if named(b"UCS2") || named(b"UTF16") { 2 } else { 1 },
            }
        }
    };
    Ok(Font { widths, reach, drawn: None })
}

/// Whether a character map sets another mode of writing than 0: viewers read that, whatever the stream's dictionary says.
fn sets_vertical(map: &[u8]) -> bool {
    const KEY: &[u8] = b"/WMode";
    let behind = |at: usize| map.get(at + KEY.len()..).unwrap_or_default().trim_ascii_start();
    let mut keys = map.windows(KEY.len()).enumerate().filter(|(_, part)| *part == KEY);
    keys.any(|(at, _)| !behind(at).starts_with(b"0"))
}

/// `/W` (ISO 32000-2 9.7.4.3).
fn cid_widths(view: View<'_>, descendant: &Dictionary) -> Result<HashMap<u16, f64>, Stop> {
    let malformed = || Stop::Unclear("a font with malformed widths");
    let mut widths = HashMap::new();
    let items = view.get_array(descendant, b"W")?.unwrap_or_default();
    let mut items = items.iter();
    while let Some(first) = items.next() {
        let first = first.as_i64().and_then(|n| u16::try_from(n).ok()).ok_or_else(malformed)?;
        match view.resolve(items.next().ok_or_else(malformed)?)? {
            Object::Array(list) => {
                for (i, width) in list.iter().enumerate() {
                    let cid = u16::try_from(usize::from(first) + i).map_err(|_| malformed())?;
                    widths.insert(cid, number(&view.resolve(width)?).ok_or_else(malformed)? / 1000.0);
                }
            }
            last => {
                let last = last.as_i64().and_then(|n| u16::try_from(n).ok()).ok_or_else(malformed)?;
                let width = number(&view.resolve(items.next().ok_or_else(malformed)?)?).ok_or_else(malformed)? / 1000.0;
                view.document().budget().step(u64::from(last.saturating_sub(first)).div_ceil(16))?;
                widths.extend((first..=last).map(|cid| (cid, width)));
            }
        }
    }
    Ok(widths)
}

fn drawn(view: View<'_>, dict: &Dictionary) -> Result<Font, Stop> {
    let matrix = numbers(view, dict, b"FontMatrix")?
        .and_then(|m| <[f64; 6]>::try_from(m).ok())
        .ok_or(Stop::Unclear("a Type 3 font without matrix"))?;
    let widths = numbers(view, dict, b"Widths")?.ok_or(Stop::Unclear("a Type 3 font without widths"))?;
    let procedures = view.get_dict(dict, b"CharProcs")?.unwrap_or_default();
    let encoding = view.get_dict(dict, b"Encoding")?.unwrap_or_default();
    let mut by_code = HashMap::new();
    let mut code = 0_i64;
    for item in view.get_array(&encoding, b"Differences")?.unwrap_or_default() {
        match item {
            Object::Integer(n) => code = n,
            Object::Name(name) => {
                if let (Ok(code), Some(procedure)) = (u8::try_from(code), procedures.get(name)) {
                    by_code.insert(code, procedure.clone());
                }
                code = code.saturating_add(1);
            }
            _ => return Err(Stop::Unclear("a malformed encoding")),
        }
    }
    Ok(Font {
        // Widths are in glyph space; a turned or slanted matrix moves text in ways that no real font does.
        widths: Widths::Simple {
            first: view.get(dict, b"FirstChar")?.as_i64().unwrap_or(0),
            widths: widths.into_iter().map(|w| w * matrix[0]).collect(),
            missing: 0.0,
        },
        reach: (0.0, 0.0),
        drawn: Some(Drawn { matrix: Matrix(matrix), procedures: by_code, resources: view.get_dict(dict, b"Resources")? }),
    })
}

/// The box that a run of glyphs fills in text space, and where the next one begins, given where this one may begin.
pub(super) struct Run {
    pub(super) ink: Option<Rect>,
    pub(super) next: (f64, f64),
}

/// What text state spreads glyphs by (ISO 32000-2 9.3).
#[derive(Clone, Copy)]
pub(super) struct Spacing {
    pub(super) size: f64,
    pub(super) character: f64,
    pub(super) word: f64,
    pub(super) scale: f64,
    pub(super) rise: f64,
}

impl Spacing {
    /// The range of one glyph's displacement.
    pub(super) fn advance(&self, glyph: Glyph) -> (f64, f64) {
        let at = |width: f64, word: f64| (width * self.size + self.character + word) * self.scale;
        let word = match glyph.space {
            Some(true) => (self.word, self.word),
            Some(false) => (0.0, 0.0),
            None => (self.word.min(0.0), self.word.max(0.0)),
        };
        let ends = [at(glyph.low, word.0), at(glyph.low, word.1), at(glyph.high, word.0), at(glyph.high, word.1)];
        (ends.iter().copied().fold(f64::INFINITY, f64::min), ends.iter().copied().fold(f64::NEG_INFINITY, f64::max))
    }
}

/// Glyphs lean out of their advance: italics, accents without width.
const LEAN: f64 = 0.25;

/// The glyphs from `at` on.
pub(super) fn run(font: &Font, glyphs: &[Glyph], spacing: &Spacing, at: (f64, f64)) -> Run {
    let mut next = at;
    let mut sides: Option<(f64, f64)> = None;
    let em = spacing.size * spacing.scale;
    for glyph in glyphs {
        // A glyph without width still has a shape, on either side.
        let (before, behind) = if glyph.high <= 0.0 { (-1.0, 1.0) } else { (-LEAN, glyph.high + LEAN) };
        let ends = [next.0 + before * em, next.0 + behind * em, next.1 + before * em, next.1 + behind * em];
        let (low, high) = sides.unwrap_or((f64::INFINITY, f64::NEG_INFINITY));
        sides = Some((ends.iter().copied().fold(low, f64::min), ends.iter().copied().fold(high, f64::max)));
        let (short, long) = spacing.advance(*glyph);
        next = (next.0 + short, next.1 + long);
    }
    let (below, above) = (spacing.rise + font.reach.0 * spacing.size, spacing.rise + font.reach.1 * spacing.size);
    Run { ink: sides.map(|(left, right)| Rect::new(left, below, right, above)), next }
}
