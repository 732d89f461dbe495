//! The appearance room: the part of an OpenType font that a look shows, embedded as a composite font with Identity-H (ISO 32000-2 9.7, 9.9).
//! Takes glyphs as they are shown, gives codes for them and in the end the font dictionary. A glyph that stands for two texts gets two
//! codes, so that `/ToUnicode` gives back exactly what was written (9.10.3).

use super::opentype::{OpenType, Program};
use super::sfnt::Sfnt;
use super::typeset::Glyph;
use crate::appearance::constraints::{Constraints, Transparency};
use crate::appearance::deflate::deflated;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Object, ObjectId, Rect};
use std::collections::BTreeMap;
use std::fmt::Write;
use subsetter::GlyphRemapper;

/// Most codes of one look.
const MAX_CODES: usize = 20_000;

/// What was shown: by code, beginning with 1, the glyph, its text and its declared width.
pub(super) struct Subset {
    /// Whether a code is the glyph's number in the program, as with CFF outlines: then a glyph has one code, whatever it stands for.
    fixed: bool,
    codes: BTreeMap<(u16, String), u16>,
    shown: Vec<Shown>,
}

struct Shown {
    glyph: u16,
    text: String,
    width: f64,
}

impl Subset {
    pub(super) fn new(font: &OpenType) -> Subset {
        let program = font.program();
        let fixed = Sfnt::open(&program.file, program.index).is_some_and(|sfnt| sfnt.table(*b"glyf").is_none());
        Subset { fixed, codes: BTreeMap::new(), shown: Vec::new() }
    }

    /// The code for a glyph with its text.
    pub(super) fn cid(&mut self, glyph: &Glyph) -> Result<u16> {
        let key = (glyph.id, if self.fixed { String::new() } else { glyph.text.clone() });
        if let Some(cid) = self.codes.get(&key) {
            return Ok(*cid);
        }
        if self.shown.len() >= MAX_CODES {
            return Err(Error::new(ErrorKind::InvalidArgument).context("too much text for a visible signature"));
        }
        self.shown.push(Shown { glyph: glyph.id, text: glyph.text.clone(), width: glyph.natural.round() });
        let cid = u16::try_from(self.shown.len()).map_err(|_| ErrorKind::Internal)?;
        self.codes.insert(key, cid);
        Ok(cid)
    }

    /// The text that `/ToUnicode` will give for that code.
    pub(super) fn says(&self, cid: u16) -> &str {
        usize::from(cid).checked_sub(1).and_then(|i| self.shown.get(i)).map_or("", |shown| &shown.text)
    }

    /// The width that the font dictionary will declare for that code.
    pub(super) fn declared(&self, cid: u16) -> f64 {
        usize::from(cid).checked_sub(1).and_then(|i| self.shown.get(i)).map_or(0.0, |shown| shown.width)
    }

    pub(super) fn add(&self, update: &mut Update<'_>, program: &Program, constraints: &Constraints) -> Result<ObjectId> {
        let unusable = |what: &'static str| Error::new(ErrorKind::InvalidArgument).context(what);
        let mut mapper = GlyphRemapper::new();
        let glyphs: Vec<u16> = self.shown.iter().map(|shown| mapper.remap(shown.glyph)).collect();
        let cut = subsetter::subset(&program.file, program.index, &mapper)
            .map_err(|error| unusable("the font cannot be cut down").caused_by(error.to_string()))?;
        let sfnt = Sfnt::open(&cut, 0).ok_or_else(|| unusable("the font cannot be cut down"))?;
        let measures = Sfnt::open(&program.file, program.index).and_then(|sfnt| sfnt.measures()).ok_or(ErrorKind::Internal)?;
        let thousandths = |units: f64| (units * 1000.0 / measures.units).round();
        let [x0, y0, x1, y1] = measures.bbox.map(thousandths);
        let name = format!("{}+Signature", self.tag());
        let mut descriptor = Dictionary::new()
            .with(b"Type", Object::name("FontDescriptor"))
            .with(b"FontName", Object::name(&name))
            // Codes are glyphs, not letters: a symbolic font.
            .with(b"Flags", 4)
            .with(b"FontBBox", Rect::new(x0, y0, x1, y1).to_array())
            .with(b"ItalicAngle", 0)
            .with(b"Ascent", thousandths(measures.ascent) as i64)
            .with(b"Descent", thousandths(measures.descent) as i64)
            .with(b"CapHeight", thousandths(measures.ascent) as i64)
            .with(b"StemV", 80);
        let flate = || Dictionary::new().with(b"Filter", Object::name("FlateDecode"));
        let mut descendant = Dictionary::new();
        match sfnt.table(*b"CFF ") {
            Some(cff) => {
                descendant.set(b"Subtype", Object::name("CIDFontType0"));
                let file = update.add_stream(flate().with(b"Subtype", Object::name("CIDFontType0C")), deflated(cff)?);
                descriptor.set(b"FontFile3", Object::reference(file));
            }
            None => {
                descendant.set(b"Subtype", Object::name("CIDFontType2"));
                let length = i64::try_from(cut.len()).map_err(|_| ErrorKind::Internal)?;
                let file = update.add_stream(flate().with(b"Length1", length), deflated(&cut)?);
                descriptor.set(b"FontFile2", Object::reference(file));
                let identical = glyphs.iter().zip(1_u16..).all(|(glyph, cid)| *glyph == cid);
                let map = if identical {
                    Object::name("Identity")
                } else {
                    let map: Vec<u8> = std::iter::once(&0).chain(&glyphs).flat_map(|glyph| glyph.to_be_bytes()).collect();
                    Object::reference(update.add_stream(flate(), deflated(&map)?))
                };
                descendant.set(b"CIDToGIDMap", map);
            }
        }
        // PDF/A-1 asks for the list of codes (ISO 19005-1 6.3.5), later parts and PDF/UA for an exact one or none. The program has more
        // glyphs than are shown: those that others are composed of.
        if constraints.transparency == Transparency::Forbidden {
            let codes = sfnt.glyphs().unwrap_or(0).max(self.shown.len() + 1);
            let mut set = vec![0xFF_u8; codes / 8];
            if !codes.is_multiple_of(8) {
                set.push(!(0xFF_u8 >> (codes % 8)));
            }
            let set = update.add_stream(Dictionary::new(), set);
            descriptor.set(b"CIDSet", Object::reference(set));
        }
        let descriptor = update.add(descriptor);
        let widths = self.shown.iter().map(|shown| Object::Integer(shown.width as i64)).collect::<Vec<_>>();
        let system = Dictionary::new()
            .with(b"Registry", Object::string(*b"Adobe"))
            .with(b"Ordering", Object::string(*b"Identity"))
            .with(b"Supplement", 0);
        let descendant = update.add(
            descendant
                .with(b"Type", Object::name("Font"))
                .with(b"BaseFont", Object::name(&name))
                .with(b"CIDSystemInfo", Object::Dictionary(system))
                .with(b"FontDescriptor", Object::reference(descriptor))
                .with(b"DW", 1000)
                .with(b"W", vec![Object::Integer(1), Object::Array(widths)]),
        );
        let map = update.add_stream(flate(), deflated(&self.to_unicode())?);
        Ok(update.add(
            Dictionary::new()
                .with(b"Type", Object::name("Font"))
                .with(b"Subtype", Object::name("Type0"))
                .with(b"BaseFont", Object::name(&name))
                .with(b"Encoding", Object::name("Identity-H"))
                .with(b"DescendantFonts", vec![Object::reference(descendant)])
                .with(b"ToUnicode", Object::reference(map)),
        ))
    }

    /// Six letters that differ where the subset does (ISO 32000-2 9.9.2).
    fn tag(&self) -> String {
        let seed =
            self.shown.iter().fold(0xCBF2_9CE4_8422_2325_u64, |hash, shown| (hash ^ u64::from(shown.glyph)).wrapping_mul(0x0100_0000_01B3));
        (0..6_u32).map(|i| char::from(b'A' + u8::try_from(seed / 26_u64.pow(i) % 26).unwrap_or(0))).collect()
    }

    fn to_unicode(&self) -> Vec<u8> {
        let mut out = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
        );
        let entries: Vec<(u16, &str)> = (1_u16..).zip(self.shown.iter().map(|shown| shown.text.as_str())).collect();
        for part in entries.chunks(100) {
            _ = writeln!(out, "{} beginbfchar", part.len());
            for (cid, text) in part {
                // A glyph that adds to the one before it says nothing of its own.
                let text = if text.is_empty() { "\u{200B}" } else { text };
                let units: String = text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
                _ = writeln!(out, "<{cid:04X}> <{units}>");
            }
            out.push_str("endbfchar\n");
        }
        out.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
        out.into_bytes()
    }
}
