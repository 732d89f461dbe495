//! The sign room: the look of a foreign visible signature. Accepted is what this device draws itself, or a form XObject that does nothing but
//! show the same words, in the same order, in one of the standard Latin fonts.

use super::refused;
use crate::error::Result;
use crate::pdf::{Dictionary, Lexer, Object, ObjectId, Token, View};

const FONTS: [&[u8]; 12] = [
    b"Helvetica",
    b"Helvetica-Bold",
    b"Helvetica-Oblique",
    b"Helvetica-BoldOblique",
    b"Times-Roman",
    b"Times-Bold",
    b"Times-Italic",
    b"Times-BoldItalic",
    b"Courier",
    b"Courier-Bold",
    b"Courier-Oblique",
    b"Courier-BoldOblique",
];
/// Text, its place, lines and colours. No painting of other objects, no clipping, no text mode that hides, no marked content.
const OPERATORS: [&[u8]; 24] = [
    b"q", b"Q", b"BT", b"ET", b"Tf", b"Td", b"TD", b"Tm", b"T*", b"TL", b"Tc", b"Tw", b"Tj", b"TJ", b"'", b"g", b"G", b"rg", b"RG", b"w",
    b"re", b"S", b"m", b"l",
];
const MAX_TOKENS: usize = 20_000;

/// The objects that the look is made of.
pub(super) fn check(theirs: View<'_>, look: ObjectId, own: View<'_>, own_look: ObjectId, lines: &[String]) -> Result<Vec<ObjectId>> {
    let mut used = vec![look];
    let wrong = || refused("the appearance");
    let found = theirs.object(look)?;
    let stream = found.object.as_stream().ok_or_else(wrong)?;
    let keys: [&[u8]; 9] = [b"Type", b"Subtype", b"FormType", b"BBox", b"Matrix", b"Resources", b"Length", b"Filter", b"DecodeParms"];
    only(&stream.dict, &keys)?;
    if stream.dict.get(b"Subtype").and_then(Object::as_name) != Some(b"Form") {
        return Err(wrong());
    }
    for key in [&b"Filter"[..], b"DecodeParms", b"Length", b"Type", b"FormType"] {
        if stream.dict.get(key).is_some_and(|value| value.as_reference().is_some()) {
            return Err(wrong());
        }
    }
    let content = theirs.stream_data(stream)?;
    let fonts = fonts(theirs, &stream.dict, &mut used)?;
    let mine = own.object(own_look)?;
    let mine = mine.object.as_stream().ok_or_else(wrong)?;
    // Box and matrix decide what of it is seen (ISO 32000-2 12.5.5).
    for key in [&b"BBox"[..], b"Matrix"] {
        if stream.dict.get(key) != mine.dict.get(key) {
            return Err(refused("the appearance's box"));
        }
    }
    let same_fonts = fonts.iter().all(|(name, base)| name == b"Helv" && base == b"Helvetica");
    if content == own.stream_data(mine)? && same_fonts && fonts.len() == 1 {
        return Ok(used);
    }
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let names: Vec<Vec<u8>> = fonts.into_iter().map(|(name, _)| name).collect();
    if words(&shown(&content, &names)?) == words(&lines.join(" ")) { Ok(used) } else { Err(refused("the appearance shows other words")) }
}

fn only(dict: &Dictionary, keys: &[&[u8]]) -> Result<()> {
    let sound = dict.duplicate().is_none() && dict.entries().all(|entry| !entry.escaped && keys.contains(&&*entry.key));
    if sound { Ok(()) } else { Err(refused("the appearance has a key that is not allowed")) }
}

/// A dictionary in place or in an object of its own.
fn held(view: View<'_>, value: Option<&Object>, used: &mut Vec<ObjectId>) -> Result<Dictionary> {
    match value {
        None => Ok(Dictionary::new()),
        Some(Object::Dictionary(dict)) => Ok(dict.clone()),
        Some(Object::Reference(id)) => match &view.object(*id)?.object {
            Object::Dictionary(dict) => {
                if !used.contains(id) {
                    used.push(*id);
                }
                Ok(dict.clone())
            }
            _ => Err(refused("the appearance's resources")),
        },
        Some(_) => Err(refused("the appearance's resources")),
    }
}

/// Name and base font of each.
fn fonts(view: View<'_>, look: &Dictionary, used: &mut Vec<ObjectId>) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
    let resources = held(view, look.get(b"Resources"), used)?;
    only(&resources, &[b"Font", b"ProcSet"])?;
    if resources.get(b"ProcSet").is_some_and(|set| !set.as_array().is_some_and(|set| set.iter().all(|name| name.as_name().is_some()))) {
        return Err(refused("the appearance's resources"));
    }
    let list = held(view, resources.get(b"Font"), used)?;
    let mut fonts = Vec::new();
    if list.duplicate().is_some() {
        return Err(refused("the appearance's fonts"));
    }
    for (name, font) in list.iter() {
        let font = held(view, Some(font), used)?;
        only(&font, &[b"Type", b"Subtype", b"BaseFont", b"Encoding", b"Name"])?;
        let value = |key: &[u8]| font.get(key).and_then(Object::as_name);
        let base = value(b"BaseFont").filter(|base| FONTS.contains(base));
        let encoding = font.get(b"Encoding").is_none() || matches!(value(b"Encoding"), Some(b"WinAnsiEncoding" | b"StandardEncoding"));
        match base {
            Some(base) if value(b"Type") == Some(b"Font") && value(b"Subtype") == Some(b"Type1") && encoding => {
                fonts.push((name.to_vec(), base.to_vec()));
            }
            _ => return Err(refused("the appearance's fonts")),
        }
    }
    Ok(fonts)
}

/// The text that a content stream of allowed operators shows, in ASCII; pieces are separated by a space unless one array holds them.
fn shown(content: &[u8], fonts: &[Vec<u8>]) -> Result<String> {
    let wrong = || refused("the appearance does more than show text");
    let mut lexer = Lexer::new(content);
    let mut text = String::new();
    let mut operands: Vec<Token<'_>> = Vec::new();
    let mut end = 0;
    for _ in 0..MAX_TOKENS {
        let token = lexer.next_token();
        let start = if token == Token::Eof { content.len() } else { lexer.token_start() };
        if content.get(end..start).is_none_or(|gap| gap.contains(&b'%')) {
            return Err(wrong());
        }
        end = lexer.position();
        match token {
            Token::Eof => return if operands.is_empty() { Ok(text) } else { Err(wrong()) },
            Token::Keyword(operator) => {
                if !OPERATORS.contains(&operator) {
                    return Err(wrong());
                }
                if operator == b"Tf"
                    && !matches!(operands.first(), Some(Token::Name { bytes, .. }) if fonts.iter().any(|font| **font == **bytes))
                {
                    return Err(wrong());
                }
                if matches!(operator, b"Tj" | b"TJ" | b"'") {
                    text.push(' ');
                    for operand in &operands {
                        if let Token::String { bytes, .. } = operand {
                            text.push_str(std::str::from_utf8(bytes).ok().filter(|piece| piece.is_ascii()).ok_or_else(wrong)?);
                        }
                    }
                } else if operands.iter().any(|operand| matches!(operand, Token::String { .. })) {
                    return Err(wrong());
                }
                operands.clear();
            }
            Token::Invalid | Token::DictOpen | Token::DictClose => return Err(wrong()),
            token => operands.push(token),
        }
    }
    Err(wrong())
}
