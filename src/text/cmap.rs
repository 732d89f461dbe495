//! The text room: maps from codes to Unicode (ISO 32000-2 9.10.3). Takes a `/ToUnicode` stream's bytes, gives what each code means. Reads
//! `bfchar` and `bfrange` and passes over the rest; a map that is too large is cut off there, and its other codes have no meaning.

use crate::error::Result;
use crate::limits::Budget;
use crate::pdf::{Lexer, Token};
use std::collections::HashMap;

/// Most codes of one map.
const MAX_CODES: usize = 70_000;
/// Longest text of one code, in bytes of UTF-16.
const MAX_TEXT: usize = 64;

/// What codes mean.
#[derive(Default)]
pub(super) struct ToUnicode {
    codes: HashMap<u32, String>,
}

#[derive(Clone, Copy, PartialEq)]
enum Section {
    None,
    Characters,
    Ranges,
}

impl ToUnicode {
    pub(super) fn get(&self, code: u32) -> Option<&String> {
        self.codes.get(&code)
    }

    pub(super) fn read(bytes: &[u8], budget: &Budget) -> Result<ToUnicode> {
        let mut map = ToUnicode::default();
        let mut lexer = Lexer::new(bytes);
        let mut section = Section::None;
        // The strings of an entry so far; a list of texts for a range, while it is open.
        let mut entry: Vec<Vec<u8>> = Vec::new();
        let mut list: Option<u32> = None;
        while map.codes.len() < MAX_CODES {
            budget.step(1)?;
            match lexer.next_token() {
                Token::Eof => break,
                Token::Keyword(b"beginbfchar") => (section, list) = (Section::Characters, None),
                Token::Keyword(b"beginbfrange") => (section, list) = (Section::Ranges, None),
                Token::Keyword(b"endbfchar" | b"endbfrange") => {
                    section = Section::None;
                    entry.clear();
                }
                Token::ArrayOpen if section == Section::Ranges && entry.len() == 2 => list = entry.first().and_then(|code| number(code)),
                Token::ArrayClose => {
                    list = None;
                    entry.clear();
                }
                Token::String { bytes, .. } if section != Section::None => {
                    if let Some(code) = &mut list {
                        map.put(*code, &bytes, 0);
                        *code = code.saturating_add(1);
                        continue;
                    }
                    entry.push(bytes);
                    match (section, entry.as_slice()) {
                        (Section::Characters, [code, text]) => {
                            if let Some(code) = number(code) {
                                map.put(code, text, 0);
                            }
                            entry.clear();
                        }
                        (Section::Ranges, [first, last, text]) => {
                            if let (Some(first), Some(last)) = (number(first), number(last)) {
                                budget.step(u64::from(last.saturating_sub(first)))?;
                                for step in 0..=last.saturating_sub(first).min(0xFFFF) {
                                    map.put(first.saturating_add(step), text, step);
                                }
                            }
                            entry.clear();
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        Ok(map)
    }

    /// The text is UTF-16; its last unit is raised by `step`.
    fn put(&mut self, code: u32, text: &[u8], step: u32) {
        if text.len() > MAX_TEXT || self.codes.len() >= MAX_CODES {
            return;
        }
        let mut units: Vec<u16> = match text {
            // Some producers leave out the upper byte.
            [one] => vec![u16::from(*one)],
            _ => text.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect(),
        };
        if let Some(last) = units.last_mut() {
            *last = last.wrapping_add(u16::try_from(step).unwrap_or(0));
        }
        let text: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).filter(|c| *c != '\0').collect();
        self.codes.insert(code, text);
    }
}

/// A code of up to four bytes.
fn number(code: &[u8]) -> Option<u32> {
    (1..=4).contains(&code.len()).then(|| code.iter().fold(0, |n, byte| n << 8 | u32::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_ranges_and_lists() {
        let text = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n\
            1 begincodespacerange <0000> <FFFF> endcodespacerange\n\
            2 beginbfchar <0003> <0020> <0010> <D83DDE00> endbfchar\n\
            3 beginbfrange <0020> <0022> <0041> <0030> <0031> [<00660069> <0062>] <40> <40> <7A> endbfrange endcmap";
        let map = ToUnicode::read(text, &Budget::for_len(0)).unwrap();
        let says = |code| map.get(code).map(String::as_str);
        assert_eq!([says(3), says(0x10), says(0x20), says(0x22)], [Some(" "), Some("\u{1F600}"), Some("A"), Some("C")]);
        assert_eq!([says(0x30), says(0x31), says(0x40), says(0x23)], [Some("fi"), Some("b"), Some("z"), None]);
    }

    #[test]
    fn hostile_maps_end() {
        let budget = || Budget::for_len(0);
        let wide = ToUnicode::read(b"1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange", &budget());
        assert!(wide.is_err(), "more steps than there are");
        let many = b"<0000> <FFFF> <0041> ".repeat(100);
        let many = [b"100 beginbfrange ".as_slice(), &many].concat();
        assert!(ToUnicode::read(&many, &budget()).is_err_and(|e| e.kind() == crate::ErrorKind::LimitReached));
        let long = [b"1 beginbfchar <01> <".as_slice(), &b"0041".repeat(50_000), b"> endbfchar"].concat();
        assert_eq!(ToUnicode::read(&long, &budget()).unwrap().get(1), None);
        for text in
            [&b"beginbfchar <01"[..], b"beginbfchar (a) endbfchar", b"beginbfrange <01> <02> [", b"]]]", b"beginbfrange <02> <01> <41>"]
        {
            assert!(ToUnicode::read(text, &budget()).is_ok());
        }
    }
}
