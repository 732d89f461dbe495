//! The text room: what the codes of simple fonts mean (ISO 32000-2 9.6.5, Annex D). Takes a font dictionary's `/Encoding`, gives a
//! character for each of 256 codes as far as encoding and glyph names say. Font programs are not opened: an encoding that only they
//! know is taken for the standard one.

use super::names::meaning;
use crate::error::Result;
use crate::pdf::{Dictionary, Object, View};

#[rustfmt::skip]
const WIN_ANSI: [&str; 8] = [
    "\u{20AC}\u{2022}\u{201A}\u{192}\u{201E}\u{2026}\u{2020}\u{2021}\u{2C6}\u{2030}\u{160}\u{2039}\u{152}\u{2022}\u{17D}\u{2022}",
    "\u{2022}\u{2018}\u{2019}\u{201C}\u{201D}\u{2022}\u{2013}\u{2014}\u{2DC}\u{2122}\u{161}\u{203A}\u{153}\u{2022}\u{17E}\u{178}",
    "\u{A0}\u{A1}\u{A2}\u{A3}\u{A4}\u{A5}\u{A6}\u{A7}\u{A8}\u{A9}\u{AA}\u{AB}\u{AC}\u{AD}\u{AE}\u{AF}",
    "\u{B0}\u{B1}\u{B2}\u{B3}\u{B4}\u{B5}\u{B6}\u{B7}\u{B8}\u{B9}\u{BA}\u{BB}\u{BC}\u{BD}\u{BE}\u{BF}",
    "\u{C0}\u{C1}\u{C2}\u{C3}\u{C4}\u{C5}\u{C6}\u{C7}\u{C8}\u{C9}\u{CA}\u{CB}\u{CC}\u{CD}\u{CE}\u{CF}",
    "\u{D0}\u{D1}\u{D2}\u{D3}\u{D4}\u{D5}\u{D6}\u{D7}\u{D8}\u{D9}\u{DA}\u{DB}\u{DC}\u{DD}\u{DE}\u{DF}",
    "\u{E0}\u{E1}\u{E2}\u{E3}\u{E4}\u{E5}\u{E6}\u{E7}\u{E8}\u{E9}\u{EA}\u{EB}\u{EC}\u{ED}\u{EE}\u{EF}",
    "\u{F0}\u{F1}\u{F2}\u{F3}\u{F4}\u{F5}\u{F6}\u{F7}\u{F8}\u{F9}\u{FA}\u{FB}\u{FC}\u{FD}\u{FE}\u{FF}",
];

#[rustfmt::skip]
const MAC_ROMAN: [&str; 8] = [
    "\u{C4}\u{C5}\u{C7}\u{C9}\u{D1}\u{D6}\u{DC}\u{E1}\u{E0}\u{E2}\u{E4}\u{E3}\u{E5}\u{E7}\u{E9}\u{E8}",
    "\u{EA}\u{EB}\u{ED}\u{EC}\u{EE}\u{EF}\u{F1}\u{F3}\u{F2}\u{F4}\u{F6}\u{F5}\u{FA}\u{F9}\u{FB}\u{FC}",
    "\u{2020}\u{B0}\u{A2}\u{A3}\u{A7}\u{2022}\u{B6}\u{DF}\u{AE}\u{A9}\u{2122}\u{B4}\u{A8}\u{2260}\u{C6}\u{D8}",
    "\u{221E}\u{B1}\u{2264}\u{2265}\u{A5}\u{B5}\u{2202}\u{2211}\u{220F}\u{3C0}\u{222B}\u{AA}\u{BA}\u{3A9}\u{E6}\u{F8}",
    "\u{BF}\u{A1}\u{AC}\u{221A}\u{192}\u{2248}\u{2206}\u{AB}\u{BB}\u{2026}\u{A0}\u{C0}\u{C3}\u{D5}\u{152}\u{153}",
    "\u{2013}\u{2014}\u{201C}\u{201D}\u{2018}\u{2019}\u{F7}\u{25CA}\u{FF}\u{178}\u{2044}\u{20AC}\u{2039}\u{203A}\u{FB01}\u{FB02}",
    "\u{2021}\u{B7}\u{201A}\u{201E}\u{2030}\u{C2}\u{CA}\u{C1}\u{CB}\u{C8}\u{CD}\u{CE}\u{CF}\u{CC}\u{D3}\u{D4}",
    "\u{F8FF}\u{D2}\u{DA}\u{DB}\u{D9}\u{131}\u{2C6}\u{2DC}\u{AF}\u{2D8}\u{2D9}\u{2DA}\u{B8}\u{2DD}\u{2DB}\u{2C7}",
];

#[rustfmt::skip]
const STANDARD: [&str; 8] = [
    "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}",
    "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}",
    "\u{FFFD}\u{A1}\u{A2}\u{A3}\u{2044}\u{A5}\u{192}\u{A7}\u{A4}'\u{201C}\u{AB}\u{2039}\u{203A}\u{FB01}\u{FB02}",
    "\u{FFFD}\u{2013}\u{2020}\u{2021}\u{B7}\u{FFFD}\u{B6}\u{2022}\u{201A}\u{201E}\u{201D}\u{BB}\u{2026}\u{2030}\u{FFFD}\u{BF}",
    "\u{FFFD}`\u{B4}\u{2C6}\u{2DC}\u{AF}\u{2D8}\u{2D9}\u{A8}\u{FFFD}\u{2DA}\u{B8}\u{FFFD}\u{2DD}\u{2DB}\u{2C7}",
    "\u{2014}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}",
    "\u{FFFD}\u{C6}\u{FFFD}\u{AA}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{141}\u{D8}\u{152}\u{BA}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}",
    "\u{FFFD}\u{E6}\u{FFFD}\u{FFFD}\u{FFFD}\u{131}\u{FFFD}\u{FFFD}\u{142}\u{F8}\u{153}\u{DF}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}",
];

/// The meaning of a code; `None` if nobody says.
pub(super) type Meanings = Vec<Option<String>>;

/// The meanings of a simple font's codes.
pub(super) fn meanings(view: View<'_>, font: &Dictionary) -> Result<Meanings> {
    let encoding = view.get(font, b"Encoding")?;
    let base = match &encoding {
        Object::Name(name) => Some(name.to_vec()),
        Object::Dictionary(dict) => view.get(dict, b"BaseEncoding")?.as_name().map(<[u8]>::to_vec),
        _ => None,
    };
    let (upper, standard) = match base.as_deref() {
        Some(b"WinAnsiEncoding") => (&WIN_ANSI, false),
        Some(b"MacRomanEncoding") => (&MAC_ROMAN, false),
        _ => (&STANDARD, true),
    };
    let mut meanings: Meanings = (0_u8..128).map(|code| (32..127).contains(&code).then(|| char::from(code).to_string())).collect();
    if standard {
        for (code, sign) in [(39_usize, '\u{2019}'), (96, '\u{2018}')] {
            if let Some(slot) = meanings.get_mut(code) {
                *slot = Some(sign.to_string());
            }
        }
    }
    meanings.extend(upper.iter().flat_map(|row| row.chars()).map(|c| (c != char::REPLACEMENT_CHARACTER).then(|| c.to_string())));
    if let Object::Dictionary(dict) = &encoding {
        let mut code = 0_usize;
        for item in view.get_array(dict, b"Differences")?.unwrap_or_default() {
            view.document().budget().step(1)?;
            match view.resolve(&item)? {
                Object::Integer(n) => code = usize::try_from(n).unwrap_or(usize::MAX),
                Object::Name(name) => {
                    if let Some(slot) = meanings.get_mut(code) {
                        *slot = std::str::from_utf8(&name).ok().and_then(meaning);
                    }
                    code = code.saturating_add(1);
                }
                _ => {}
            }
        }
    }
    Ok(meanings)
}
