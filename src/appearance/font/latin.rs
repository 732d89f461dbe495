//! The appearance room: the bundled Latin face, for documents that want every font embedded. Takes nothing, gives a TrueType font
//! dictionary in WinAnsiEncoding with Helvetica's widths (ISO 32000-2 9.6.3, 9.8, 9.10.3). The file is Liberation Sans cut down and renamed;
//! its licence and the script that made it stand in `bundled/`.

use super::helvetica;
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Object, ObjectId, Rect};

/// The font program, compressed as a stream of the file has it, and its plain length.
const PROGRAM: &[u8] = include_bytes!("bundled/latin.zlib");
const PLAIN: i64 = 16_880;
const BASE_FONT: &str = "THRIVO+ThrivoSignLatin";

pub(super) fn add(update: &mut Update<'_>) -> ObjectId {
    let flate = || Dictionary::new().with(b"Filter", Object::name("FlateDecode"));
    let program = update.add_stream(flate().with(b"Length1", PLAIN), PROGRAM.to_vec());
    let descriptor = update.add(
        Dictionary::new()
            .with(b"Type", Object::name("FontDescriptor"))
            .with(b"FontName", Object::name(BASE_FONT))
            // No symbols: the letters of the standard Latin set.
            .with(b"Flags", 32)
            .with(b"FontBBox", Rect::new(-203.0, -212.0, 1000.0, 878.0).to_array())
            .with(b"ItalicAngle", 0)
            .with(b"Ascent", 905)
            .with(b"Descent", -212)
            .with(b"CapHeight", 688)
            .with(b"StemV", 80)
            .with(b"FontFile2", Object::reference(program)),
    );
    let map = update.add_stream(Dictionary::new(), to_unicode());
    update.add(
        Dictionary::new()
            .with(b"Type", Object::name("Font"))
            .with(b"Subtype", Object::name("TrueType"))
            .with(b"BaseFont", Object::name(BASE_FONT))
            .with(b"Encoding", Object::name("WinAnsiEncoding"))
            .with(b"FirstChar", 0x20)
            .with(b"LastChar", 0xFF)
            .with(b"Widths", helvetica::WIDTHS.map(|width| Object::Integer(i64::from(width))).to_vec())
            .with(b"FontDescriptor", Object::reference(descriptor))
            .with(b"ToUnicode", Object::reference(map)),
    )
}

/// Latin-1 where the encoding is that, and what stands between.
fn to_unicode() -> Vec<u8> {
    let between: Vec<String> = (0x80_u8..)
        .zip(helvetica::C1)
        .filter(|(_, c)| *c != '\0')
        .map(|(code, c)| format!("<{code:02X}> <{:04X}>\n", u32::from(c)))
        .collect();
    let head = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<00> <FF>\nendcodespacerange\n2 beginbfrange\n<20> <7E> <0020>\n<A0> <FF> <00A0>\nendbfrange\n";
    let tail = "endbfchar\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";
    format!("{head}{} beginbfchar\n{}{tail}", between.len(), between.concat()).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn program() -> Vec<u8> {
        let mut plain = Vec::new();
        flate2::read::ZlibDecoder::new(PROGRAM).read_to_end(&mut plain).unwrap();
        plain
    }

    #[test]
    fn the_bundled_file_is_small_and_as_long_as_said() {
        assert_eq!(program().len(), usize::try_from(PLAIN).unwrap());
        assert!(PROGRAM.len() < 20_000);
    }

    /// A viewer places letters by the widths declared; the program's own must be the same (ISO 19005-1 6.3.6).
    #[cfg(feature = "appearance-full")]
    #[test]
    fn its_letters_have_the_widths_of_helvetica() {
        let font = harfrust::Font::new(program(), 0).unwrap();
        let shaper = harfrust::ShaperFont::new(&font);
        for code in (0x20_u8..=0x7E).chain(0x80..=0xFF) {
            let c = match code {
                0x80..=0x9F => helvetica::C1[usize::from(code) - 0x80],
                _ => char::from(code),
            };
            if c == '\0' {
                continue;
            }
            let glyph = shaper.nominal_glyph(u32::from(c)).unwrap_or_else(|| panic!("{c:?} is not in the file"));
            let width = f64::from(shaper.glyph_h_advance(glyph)) * 1000.0 / 2048.0;
            assert!((width - helvetica::width(&c.to_string())).abs() <= 1.0, "{c:?}: {width}");
        }
    }
}
