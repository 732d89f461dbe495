//! The appearance room: Helvetica, one of the standard 14 fonts (ISO 32000-2 9.6.2.2). Takes text, gives its WinAnsiEncoding bytes
//! (Annex D.2) and widths from Adobe's metrics. May not draw.

use crate::appearance::fit::Reach;
use crate::error::Result;
use crate::pdf::{Dictionary, Object};

/// Advance widths of codes 0x20 to 0xFF in thousandths of the font size.
#[rustfmt::skip]
pub(super) const WIDTHS: [u16; 224] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, 350,
    556, 350, 222, 556, 333, 1000, 556, 556, 333, 1000, 667, 333, 1000, 350, 611, 350,
    350, 222, 222, 333, 333, 350, 556, 1000, 333, 1000, 500, 333, 944, 350, 500, 667,
    278, 333, 556, 556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737, 333,
    400, 584, 333, 333, 333, 556, 537, 278, 333, 333, 365, 556, 834, 834, 834, 611,
    667, 667, 667, 667, 667, 667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278,
    722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611,
    556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500,
];

/// What WinAnsiEncoding has at 0x80 to 0x9F; NUL where it has nothing.
pub(super) const C1: [char; 32] = [
    '\u{20AC}', '\0', '\u{201A}', '\u{0192}', '\u{201E}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{02C6}', '\u{2030}', '\u{0160}',
    '\u{2039}', '\u{0152}', '\0', '\u{017D}', '\0', '\0', '\u{2018}', '\u{2019}', '\u{201C}', '\u{201D}', '\u{2022}', '\u{2013}',
    '\u{2014}', '\u{02DC}', '\u{2122}', '\u{0161}', '\u{203A}', '\u{0153}', '\0', '\u{017E}', '\u{0178}',
];

/// Highest point above and lowest below the baseline that any glyph of the encoding reaches: accents on capitals rise above the nominal
/// ascender.
pub(in super::super) const REACH: Reach = Reach { above: 0.931, below: 0.225, leading: 1.18 };

fn code(c: char) -> Option<u8> {
    match u32::from(c) {
        code @ (0x20..=0x7E | 0xA0..=0xFF) => u8::try_from(code).ok(),
        _ if c == '\0' => None,
        _ => C1.iter().position(|known| *known == c).and_then(|i| u8::try_from(i + 0x80).ok()),
    }
}

/// # Errors
/// [`ErrorKind::TextUnrepresentable`](crate::error::ErrorKind::TextUnrepresentable) for a character that the encoding lacks, control
/// characters among them.
pub(in super::super) fn encode(text: &str) -> Result<Vec<u8>> {
    text.chars().map(|c| code(c).ok_or_else(|| super::lacks(c))).collect()
}

/// The font dictionary: the name is all that viewers need.
pub(super) fn named() -> Dictionary {
    Dictionary::new()
        .with(b"Type", Object::name("Font"))
        .with(b"Subtype", Object::name("Type1"))
        .with(b"BaseFont", Object::name("Helvetica"))
        .with(b"Encoding", Object::name("WinAnsiEncoding"))
}

/// The width of a text in thousandths of the font size.
pub(in super::super) fn width(text: &str) -> f64 {
    let of = |c: char| code(c).and_then(|code| WIDTHS.get(usize::from(code) - 0x20)).copied().unwrap_or(1000);
    text.chars().map(|c| f64::from(of(c))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn western_text_is_encoded_and_the_rest_refused() {
        assert_eq!(encode("Zo\u{EB} \u{20AC} \u{2013} \u{161}").unwrap(), b"Zo\xEB \x80 \x96 \x9A");
        for missing in ["\u{141}ukasz", "\u{5F20}", "a\u{301}", "\t", "\u{7F}", "\u{81}", "\0", "\u{1F58B}"] {
            assert_eq!(encode(missing).unwrap_err().kind(), ErrorKind::TextUnrepresentable, "{missing:?}");
        }
        assert!(encode("ok \u{141}").unwrap_err().to_string().contains("U+0141"));
        {}
    }

    #[test]
    fn widths_are_those_of_the_metrics_file() {
        // AFM: H 722, e 556, l 222, l 222, o 556.
        assert_eq!(width("Hello"), 2278.0);
        assert_eq!(width("\u{20AC}"), 556.0);
    }
}
