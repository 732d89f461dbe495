//! The text room: fonts as far as places of characters need them (ISO 32000-2 9.6 to 9.10). Takes a font dictionary, gives for a shown string
//! its characters and their widths. Font programs are not opened; where neither `/ToUnicode` nor the encoding says what a code means,
//! the character is unknown, and matches nothing.

use super::cmap::ToUnicode;
use super::encoding::{Meanings, meanings};
use super::metrics::Standard;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::{Dictionary, Object, View};
use std::collections::HashMap;

/// One code as shown.
pub(super) struct Shown {
    /// What it means; `None` if nobody says.
    pub(super) text: Option<String>,
    /// Its advance in font sizes.
    pub(super) width: f64,
    /// Whether word spacing applies.
    pub(super) space: bool,
}

enum Kind {
    Simple {
        meanings: Meanings,
        first: i64,
        widths: Option<Vec<f64>>,
        missing: f64,
        standard: Standard,
    },
    /// Codes of two bytes, which are the numbers of glyphs or, in `unicode`, characters.
    Composite {
        widths: HashMap<u32, f64>,
        default: f64,
        unicode: bool,
    },
    /// Nobody says where one code ends.
    Unknown,
}

pub(super) struct Font {
    kind: Kind,
    to_unicode: ToUnicode,
    /// Lowest and highest reach around the baseline, in font sizes.
    pub(super) reach: (f64, f64),
}

fn number(object: &Object) -> Option<f64> {
    object.as_f64().filter(|n| n.is_finite() && n.abs() < 1e6)
}

fn numbers(view: View<'_>, dict: &Dictionary, key: &[u8]) -> Result<Option<Vec<f64>>> {
    let Some(items) = view.get_array(dict, key)? else { return Ok(None) };
    items.iter().map(|item| Ok(number(&view.resolve(item)?).unwrap_or(0.0))).collect::<Result<Vec<_>>>().map(Some)
}

impl Font {
    pub(super) fn load(view: View<'_>, dict: &Dictionary) -> Result<Font> {
        let to_unicode = match view.get(dict, b"ToUnicode")? {
            Object::Stream(stream) => ToUnicode::read(&view.stream_data(&stream)?, view.document().budget())?,
            _ => ToUnicode::default(),
        };
        let subtype = view.get(dict, b"Subtype")?;
        if subtype.as_name() == Some(b"Type0") {
            return composite(view, dict, to_unicode);
        }
        // Widths of a Type 3 font are in its own space (ISO 32000-2 9.6.4).
        let scale = match subtype.as_name() {
            Some(b"Type3") => numbers(view, dict, b"FontMatrix")?.and_then(|matrix| matrix.first().copied()).unwrap_or(0.001),
            _ => 0.001,
        };
        let descriptor = view.get_dict(dict, b"FontDescriptor")?.unwrap_or_default();
        let kind = Kind::Simple {
            meanings: meanings(view, dict)?,
            first: view.get(dict, b"FirstChar")?.as_i64().unwrap_or(0),
            widths: numbers(view, dict, b"Widths")?.map(|widths| widths.into_iter().map(|width| width * scale).collect()),
            missing: number(&view.get(&descriptor, b"MissingWidth")?).unwrap_or(0.0) * scale,
            standard: Standard::named(view.get(dict, b"BaseFont")?.as_name().unwrap_or_default()),
        };
        Ok(Font { kind, to_unicode, reach: reach(view, &descriptor)? })
    }

    pub(super) fn shown(&self, bytes: &[u8]) -> Vec<Shown> {
        match &self.kind {
            Kind::Simple { meanings, first, widths, missing, standard } => {
                let one = |code: u8| {
                    let meant = || meanings.get(usize::from(code)).cloned().flatten();
                    let text = self.to_unicode.get(u32::from(code)).cloned().or_else(meant);
                    let width = match widths {
                        Some(widths) => {
                            usize::try_from(i64::from(code) - first).ok().and_then(|at| widths.get(at)).copied().unwrap_or(*missing)
                        }
                        None => text.as_deref().and_then(|text| text.chars().next()).map_or(0.5, |c| standard.width(c)),
                    };
                    Shown { text, width, space: code == 32 }
                };
                bytes.iter().map(|code| one(*code)).collect()
            }
            Kind::Composite { widths, default, unicode } => {
                let one = |pair: &[u8]| {
                    let code = pair.iter().fold(0, |n, byte| n << 8 | u32::from(*byte));
                    let own = || char::from_u32(code).filter(|_| *unicode).map(String::from);
                    let text = self.to_unicode.get(code).cloned().or_else(own);
                    Shown { text, width: widths.get(&code).copied().unwrap_or(*default), space: false }
                };
                bytes.chunks(2).map(one).collect()
            }
            Kind::Unknown => bytes.iter().map(|_| Shown { text: None, width: 0.5, space: false }).collect(),
        }
    }
}

/// By the descriptor, where it says something sensible.
fn reach(view: View<'_>, descriptor: &Dictionary) -> Result<(f64, f64)> {
    let height = |key: &[u8]| -> Result<Option<f64>> { Ok(number(&view.get(descriptor, key)?).map(|n| n / 1000.0).filter(|n| *n != 0.0)) };
    let below = height(b"Descent")?.map_or(-0.25, |n| if n > 0.0 { -n } else { n });
    Ok((below.max(-0.4), height(b"Ascent")?.unwrap_or(0.9).clamp(0.3, 1.05)))
}

fn composite(view: View<'_>, dict: &Dictionary, to_unicode: ToUnicode) -> Result<Font> {
    let damaged = || Error::new(ErrorKind::PdfDamaged).context("a composite font");
    let descendants = view.get_array(dict, b"DescendantFonts")?.unwrap_or_default();
    let descendant = descendants.first().map(|font| view.resolve(font)).transpose()?;
    let descendant = descendant.as_ref().and_then(Object::as_dict).ok_or_else(damaged)?;
    let descriptor = view.get_dict(descendant, b"FontDescriptor")?.unwrap_or_default();
    let reach = reach(view, &descriptor)?;
    let kind = match view.get(dict, b"Encoding")?.as_name() {
        Some(name) if name == b"Identity-H" || name.ends_with(b"UCS2-H") || name.ends_with(b"UTF16-H") => Kind::Composite {
            // Widths are told by glyph, which is not the character.
            widths: if name == b"Identity-H" { cid_widths(view, descendant)? } else { HashMap::new() },
            default: number(&view.get(descendant, b"DW")?).unwrap_or(1000.0) / 1000.0,
            unicode: name != b"Identity-H",
        },
        // Vertical writing, and maps of the file's own.
        _ => Kind::Unknown,
    };
    Ok(Font { kind, to_unicode, reach })
}

/// `/W` (ISO 32000-2 9.7.4.3); what is malformed ends it.
fn cid_widths(view: View<'_>, descendant: &Dictionary) -> Result<HashMap<u32, f64>> {
    let budget = view.document().budget();
    let mut widths = HashMap::new();
    let items = view.get_array(descendant, b"W")?.unwrap_or_default();
    let mut items = items.iter();
    while let (Some(first), Some(second)) = (items.next(), items.next()) {
        budget.step(1)?;
        let Some(first) = view.resolve(first)?.as_i64().and_then(|n| u16::try_from(n).ok()) else { break };
        match view.resolve(second)? {
            Object::Array(list) => {
                for (cid, width) in (u32::from(first)..).zip(&list) {
                    budget.step(1)?;
                    widths.insert(cid, number(&view.resolve(width)?).unwrap_or(0.0) / 1000.0);
                }
            }
            last => {
                let (Some(last), Some(width)) = (last.as_i64().and_then(|n| u16::try_from(n).ok()), items.next()) else { break };
                let width = number(&view.resolve(width)?).unwrap_or(0.0) / 1000.0;
                budget.step(u64::from(last.saturating_sub(first)))?;
                widths.extend((first..=last).map(|cid| (u32::from(cid), width)));
            }
        }
    }
    Ok(widths)
}
