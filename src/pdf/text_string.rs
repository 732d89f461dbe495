//! The room `pdf`: text strings (ISO 32000-2 7.9.2.2). Takes the bytes of a string, gives characters; of what is none, U+FFFD.

/// What PDFDocEncoding (ISO 32000-2 D.3) has at 0x18 to 0x1F. All of it: an attacker would have a field locked whose name stands in the lock as UTF-16, and
/// fill it.
const ACCENTS: [char; 8] = ['\u{2D8}', '\u{2C7}', '\u{2C6}', '\u{2D9}', '\u{2DD}', '\u{2DB}', '\u{2DA}', '\u{2DC}'];
/// What it has at 0x80 to 0xA0; 0x9F is nothing.
const UPPER: [char; 33] = [
    '\u{2022}', '\u{2020}', '\u{2021}', '\u{2026}', '\u{2014}', '\u{2013}', '\u{192}', '\u{2044}', '\u{2039}', '\u{203A}', '\u{2212}',
    '\u{2030}', '\u{201E}', '\u{201C}', '\u{201D}', '\u{2018}', '\u{2019}', '\u{201A}', '\u{2122}', '\u{FB01}', '\u{FB02}', '\u{141}',
    '\u{152}', '\u{160}', '\u{178}', '\u{17D}', '\u{131}', '\u{142}', '\u{153}', '\u{161}', '\u{17E}', '\u{9F}', '\u{20AC}',
];

/// The characters: UTF-16 and UTF-8 by their marks, PDFDocEncoding without one. UTF-16 of the other order is no text string, and is read as what its
/// writer meant. A sign that PDFDocEncoding does not have is the control character of its number.
pub(crate) fn text(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|byte| sign(*byte)).collect(),
    }
}

fn sign(byte: u8) -> char {
    let table = |table: &[char], from: u8| byte.checked_sub(from).and_then(|at| table.get(usize::from(at)).copied());
    table(&ACCENTS, 0x18).or_else(|| table(&UPPER, 0x80)).unwrap_or(char::from(byte))
}

fn utf16(bytes: &[u8], order: fn([u8; 2]) -> u16) -> String {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut read: String =
        char::decode_utf16(pairs.iter().copied().map(order)).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    if !rest.is_empty() {
        read.push(char::REPLACEMENT_CHARACTER);
    }
    read
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn text_strings_in_every_encoding() {
        for (bytes, characters) in [
            (&b"Sig\xE9"[..], "Sig\u{E9}"),
            (b"\xFE\xFF\x00S\x20\xAC", "S\u{20AC}"),
            (b"\xFF\xFES\x00\xAC\x20", "S\u{20AC}"),
            (b"\xFE\xFF\xD8\x3D\xDE\x00", "\u{1F600}"),
            (b"\xFE\xFF\xD8\x3D\x00a", "\u{FFFD}a"),
            (b"\xFE\xFF\x00a\x00", "a\u{FFFD}"),
            (b"\xEF\xBB\xBF\xE2\x82\xAC", "\u{20AC}"),
            (b"\xEF\xBB\xBF\xFF", "\u{FFFD}"),
            (b"\xA0 \x80\x8D\x9E\xA1\xFF", "\u{20AC} \u{2022}\u{201C}\u{17E}\u{A1}\u{FF}"),
            (b"\x17\x18\x1F ", "\u{17}\u{2D8}\u{2DC} "),
            (b"\x7F\x9F\xAD", "\u{7F}\u{9F}\u{AD}"),
            (b"", ""),
        ] {
            assert_eq!(text(bytes), characters);
        }
    }

    #[test]
    fn no_two_signs_are_one() {
        let signs: std::collections::BTreeSet<String> = (0..=255_u8).map(|byte| text(&[byte])).collect();
        assert_eq!(signs.len(), 256);
    }
}
