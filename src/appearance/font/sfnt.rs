//! The appearance room: the tables of an OpenType file (ISO/IEC 14496-22) as far as PDF asks for what shaping does not: its kind, box, heights,
//! and whether its maker allows embedding. Every read is checked; nothing is believed beyond that.

/// One font of a file.
#[derive(Clone, Copy)]
pub(super) struct Sfnt<'f> {
    file: &'f [u8],
    /// The table directory.
    directory: &'f [u8],
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_be_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_be_bytes)
}

fn i16_at(bytes: &[u8], at: usize) -> Option<f64> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(|b| f64::from(i16::from_be_bytes(b)))
}

/// What the numbers of a PDF font descriptor come from, in units of the font.
pub(super) struct Measures {
    pub(super) units: f64,
    pub(super) bbox: [f64; 4],
    pub(super) ascent: f64,
    pub(super) descent: f64,
}

impl<'f> Sfnt<'f> {
    /// The font of that number in a file, which may be a collection.
    pub(super) fn open(file: &'f [u8], index: u32) -> Option<Sfnt<'f>> {
        let start = if file.starts_with(b"ttcf") {
            if index >= u32_at(file, 8)? {
                return None;
            }
            usize::try_from(u32_at(file, 12 + usize::try_from(index).ok()?.checked_mul(4)?)?).ok()?
        } else if index == 0 {
            0
        } else {
            return None;
        };
        let count = usize::from(u16_at(file, start.checked_add(4)?)?);
        let directory = file.get(start.checked_add(12)?..start.checked_add(12 + count * 16)?)?;
        Some(Sfnt { file, directory })
    }

    pub(super) fn table(&self, tag: [u8; 4]) -> Option<&'f [u8]> {
        let record = self.directory.chunks_exact(16).find(|record| record.starts_with(&tag))?;
        let (offset, length) = (usize::try_from(u32_at(record, 8)?).ok()?, usize::try_from(u32_at(record, 12)?).ok()?);
        self.file.get(offset..offset.checked_add(length)?)
    }

    /// Whether the maker forbids what is done here: embedding at all, or a subset, or outlines (OS/2 fsType). Without the table nothing is
    /// forbidden.
    pub(super) fn forbids_embedding(&self) -> bool {
        let kind = self.table(*b"OS/2").and_then(|os2| u16_at(os2, 8)).unwrap_or(0);
        kind & 0x000F == 0x0002 || kind & 0x0300 != 0
    }

    /// How many glyphs it has.
    pub(super) fn glyphs(&self) -> Option<usize> {
        self.table(*b"maxp").and_then(|maxp| u16_at(maxp, 4)).map(usize::from)
    }

    pub(super) fn measures(&self) -> Option<Measures> {
        let (head, hhea) = (self.table(*b"head")?, self.table(*b"hhea")?);
        let units = f64::from(u16_at(head, 18)?);
        if !(16.0..=16_384.0).contains(&units) {
            return None;
        }
        let bbox = [i16_at(head, 36)?, i16_at(head, 38)?, i16_at(head, 40)?, i16_at(head, 42)?];
        Some(Measures { units, bbox, ascent: i16_at(hhea, 4)?, descent: i16_at(hhea, 6)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_directories_are_no_fonts() {
        let wide = include_bytes!("bundled/wide.ttf");
        assert!(Sfnt::open(wide, 0).unwrap().measures().is_some());
        assert!(Sfnt::open(wide, 1).is_none());
        for len in 0..300 {
            if let Some(font) = Sfnt::open(&wide[..len], 0) {
                assert!(font.table(*b"glyf").is_none());
            }
        }
        assert!(Sfnt::open(b"ttcf\0\x01\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 0).is_none());
    }

    #[test]
    fn the_makers_word_is_heeded() {
        let mut file = include_bytes!("bundled/wide.ttf").to_vec();
        let at = file.windows(4).position(|w| w == b"OS/2").unwrap();
        let table = usize::try_from(u32_at(&file, at + 8).unwrap()).unwrap();
        for (kind, forbidden) in [(0, false), (2, true), (4, false), (8, false), (0x0104, true), (0x0200, true)] {
            file[table + 8..table + 10].copy_from_slice(&u16::to_be_bytes(kind));
            assert_eq!(Sfnt::open(&file, 0).unwrap().forbids_embedding(), forbidden, "{kind:#x}");
        }
    }
}
