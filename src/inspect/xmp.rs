//! The inspect room: XMP metadata (ISO 16684-1), as far as simple properties of the document go. Takes the bytes of a metadata stream and
//! the properties wanted, gives their values. Reads the part of XML that XMP needs, once from front to end: what has a document type,
//! an entity of its own, or is not well-formed in any way that matters here is unreadable as a whole, never half understood.

use crate::limits::MAX_DEPTH;
use std::borrow::Cow;

/// Largest metadata that are read, in bytes.
pub(super) const MAX_BYTES: usize = 4 << 20;
/// Most attributes of one element, and most namespaces in scope.
const MAX_NAMES: usize = 128;
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// A property: namespace and name.
pub(super) type Property = (&'static str, &'static str);

/// The values of `wanted` in that order, `None` where the document has none. `None` for the whole if the metadata cannot be read or
/// give one property two values.
pub(super) fn properties<const N: usize>(bytes: &[u8], wanted: [Property; N]) -> Option<[Option<String>; N]> {
    if bytes.len() > MAX_BYTES {
        return None;
    }
    let text = decoded(bytes)?;
    let mut reader = Reader { rest: &text, open: Vec::new(), spaces: Vec::new(), wanted, found: [const { None }; N], ended: false };
    while reader.step()? {}
    Some(reader.found)
}

/// UTF-8, or UTF-16 as its byte order mark says.
fn decoded(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let units = |rest: &[u8], read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.as_chunks::<2>().0.iter().map(|pair| read(*pair)).collect();
        String::from_utf16(&units).ok().map(Cow::Owned)
    };
    match bytes {
        [0xFE, 0xFF, rest @ ..] => units(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => units(rest, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => std::str::from_utf8(rest).ok().map(Cow::Borrowed),
        _ => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
    }
}

/// An element that is open.
struct Element<'t> {
    /// As written, prefix included.
    tag: &'t str,
    kind: Kind,
    /// How many namespaces were in scope outside it.
    spaces: usize,
}

#[derive(Clone, PartialEq)]
enum Kind {
    Rdf,
    /// `rdf:Description` right below `rdf:RDF`: what it says is about the document.
    Description,
    /// A wanted property, by its place, with its text so far.
    Wanted(usize, String),
    Other,
}

struct Reader<'t, const N: usize> {
    rest: &'t str,
    open: Vec<Element<'t>>,
    /// Prefixes in scope and what they stand for; the empty prefix for the default.
    spaces: Vec<(&'t str, Cow<'t, str>)>,
    wanted: [Property; N],
    found: [Option<String>; N],
    /// The outermost element was closed.
    ended: bool,
}

impl<'t, const N: usize> Reader<'t, N> {
    /// Reads on to behind the next mark-up. `Some(false)` at the end, `None` if it is malformed.
    fn step(&mut self) -> Option<bool> {
        let Some(at) = self.rest.find('<') else {
            return (self.ended && self.rest.trim_matches(['\0', '\u{feff}', ' ', '\t', '\r', '\n']).is_empty()).then_some(false);
        };
        let (before, rest) = self.rest.split_at(at);
        self.text(before, true)?;
        if let Some(rest) = rest.strip_prefix("<!--") {
            self.rest = rest.split_once("-->")?.1;
        } else if let Some(rest) = rest.strip_prefix("<?") {
            self.rest = rest.split_once("?>")?.1;
        } else if let Some(rest) = rest.strip_prefix("<![CDATA[") {
            let (data, rest) = rest.split_once("]]>")?;
            self.rest = rest;
            self.text(data, false)?;
        } else if let Some(rest) = rest.strip_prefix("</") {
            let (tag, rest) = rest.split_once('>')?;
            self.rest = rest;
            self.close(tag.trim_end())?;
        } else if rest.starts_with("<!") {
            return None;
        } else {
            self.rest = rest.get(1..)?;
            self.element()?;
        }
        Some(true)
    }

    fn text(&mut self, text: &str, escaped: bool) -> Option<()> {
        match self.open.last_mut().map(|element| &mut element.kind) {
            Some(Kind::Wanted(_, value)) => value.push_str(&if escaped { unescaped(text)? } else { Cow::Borrowed(text) }),
            Some(_) => {}
            None => return text.trim_start_matches('\u{feff}').trim().is_empty().then_some(()),
        }
        Some(())
    }

    /// Behind `<`: name, attributes, `>` or `/>`.
    fn element(&mut self) -> Option<()> {
        if self.ended || self.open.len() >= MAX_DEPTH as usize {
            return None;
        }
        let tag = self.name()?;
        let spaces = self.spaces.len();
        let mut attributes: Vec<(&'t str, Cow<'t, str>)> = Vec::new();
        let empty = loop {
            let before = self.rest.len();
            self.rest = self.rest.trim_start();
            if let Some(rest) = self.rest.strip_prefix("/>") {
                self.rest = rest;
                break true;
            }
            if let Some(rest) = self.rest.strip_prefix('>') {
                self.rest = rest;
                break false;
            }
            if before == self.rest.len() || attributes.len() >= MAX_NAMES || self.spaces.len() >= MAX_NAMES {
                return None;
            }
            let name = self.name()?;
            let rest = self.rest.trim_start().strip_prefix('=')?.trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let (value, rest) = rest.get(1..)?.split_once(quote)?;
            self.rest = rest;
            let value = if value.contains('<') { None } else { unescaped(value) }?;
            match name.strip_prefix("xmlns") {
                Some("") => self.spaces.push(("", value)),
                Some(prefix) if prefix.starts_with(':') => self.spaces.push((prefix.get(1..)?, value)),
                _ if attributes.iter().any(|(known, _)| *known == name) => return None,
                _ => attributes.push((name, value)),
            }
        };
        let kind = self.kind(tag)?;
        if kind == Kind::Description {
            for (name, value) in attributes {
                if let Some(place) = self.place(self.resolved(name, false)?) {
                    self.keep(place, value.into_owned())?;
                }
            }
        }
        self.open.push(Element { tag, kind, spaces });
        if empty { self.close(tag) } else { Some(()) }
    }

    /// What an element is where it stands.
    fn kind(&self, tag: &'t str) -> Option<Kind> {
        let name = self.resolved(tag, true)?;
        Some(match self.open.last().map(|element| &element.kind) {
            // A simple property has no elements inside.
            Some(Kind::Wanted(..)) => return None,
            Some(Kind::Rdf) if name == (RDF, "Description") => Kind::Description,
            Some(Kind::Description) => self.place(name).map_or(Kind::Other, |place| Kind::Wanted(place, String::new())),
            _ if name == (RDF, "RDF") => Kind::Rdf,
            _ => Kind::Other,
        })
    }

    fn close(&mut self, tag: &str) -> Option<()> {
        let element = self.open.pop().filter(|element| element.tag == tag)?;
        self.spaces.truncate(element.spaces);
        self.ended = self.open.is_empty();
        match element.kind {
            Kind::Wanted(place, value) => self.keep(place, value),
            _ => Some(()),
        }
    }

    fn keep(&mut self, place: usize, value: String) -> Option<()> {
        let slot = self.found.get_mut(place)?;
        let value = value.trim().to_owned();
        if slot.as_ref().is_some_and(|known| *known != value) {
            return None;
        }
        *slot = Some(value);
        Some(())
    }

    fn place(&self, name: (&str, &str)) -> Option<usize> {
        self.wanted.iter().position(|wanted| *wanted == name)
    }

    /// Up to what ends a name.
    fn name(&mut self) -> Option<&'t str> {
        let end = self.rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '/' | '>' | '<' | '"' | '\'' | '&'))?;
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!name.is_empty()).then_some(name)
    }

    /// Namespace and local name; an attribute without a prefix has no namespace.
    fn resolved<'s>(&'s self, name: &'t str, element: bool) -> Option<(&'s str, &'t str)> {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        match self.spaces.iter().rev().find(|(known, _)| *known == prefix) {
            _ if prefix.is_empty() && !element => Some(("", local)),
            Some((_, space)) => Some((space, local)),
            None if prefix.is_empty() => Some(("", local)),
            None => (prefix == "xml").then_some((XML, local)),
        }
    }
}

/// With the five entities and the numbered characters of XML in place.
fn unescaped(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('&') {
        return Some(Cow::Borrowed(text));
    }
    let mut out = String::new();
    let mut parts = text.split('&');
    out.push_str(parts.next()?);
    for part in parts {
        let (entity, rest) = part.split_once(';')?;
        out.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let number = entity.strip_prefix('#')?;
                let number = number.strip_prefix('x').map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok())?;
                char::from_u32(number)?
            }
        });
        out.push_str(rest);
    }
    Some(Cow::Owned(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NS: &str = "http://example.org/n/";
    const HEAD: &str = r#"<?xpacket begin="" id="W5"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:n="http://example.org/n/">"#;
    const TAIL: &str = "</rdf:RDF></x:xmpmeta>\n   \n<?xpacket end=\"w\"?>\0";

    fn read(body: &str) -> Option<[Option<String>; 2]> {
        properties(format!("{HEAD}{body}{TAIL}").as_bytes(), [(NS, "part"), (NS, "level")])
    }

    fn found(part: &str, level: &str) -> Option<[Option<String>; 2]> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Some([some(part), some(level)])
    }

    #[test]
    fn elements_and_attributes_by_namespace() {
        let in_description = |inside: &str| read(&format!(r#"<rdf:Description rdf:about="">{inside}</rdf:Description>"#));
        assert_eq!(in_description("<n:part> 2 </n:part><n:level><![CDATA[B]]></n:level>"), found("2", "B"));
        assert_eq!(in_description(r#"<m:part xmlns:m="http://example.org/n/">&#50;<!-- a < b --></m:part>"#), found("2", ""));
        assert_eq!(in_description(r#"<part xmlns="http://example.org/n/">2</part>"#), found("2", ""));
        assert_eq!(read(r#"<rdf:Description n:part='2' n:level = "&#x42;" part="9"/>"#), found("2", "B"));
        assert_eq!(read(r#"<rdf:Description n:part="2"/><rdf:Description n:level="B" n:part="2"/>"#), found("2", "B"));
        assert_eq!(in_description("<n:other><n:part>2</n:part></n:other>"), found("", ""), "a field of a structure");
        assert_eq!(in_description(r#"<n:part xmlns:n="http://example.org/m/">2</n:part>"#), found("", ""), "another namespace");
        assert_eq!(in_description("<n:a><rdf:Description n:part='2'/></n:a>"), found("", ""), "not about the document");
        assert_eq!(read("<n:part>2</n:part>"), found("", ""));
        let sixteen: Vec<u8> =
            format!("\u{feff}{HEAD}<rdf:Description n:part='2'/>{TAIL}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(properties(&sixteen, [(NS, "part")]), Some([Some("2".to_owned())]));
    }

    #[test]
    fn what_is_not_well_formed_says_nothing() {
        let wrapped = |inside: &str| format!("<rdf:Description>{inside}<n:part>2</n:part></rdf:Description>");
        assert_eq!(read(&wrapped("")), found("2", ""));
        for inside in [
            "<n:a b=c></n:a>",
            "<n:a></n:b>",
            "<n:a",
            "<n:a x='1' x='2'/>",
            "<n:a x='<'/>",
            "<n:a x='1'y='2'/>",
            "<m:a/>",
            "<n:part>3</n:part>",
            "<n:part><n:b/></n:part>",
            "<n:part>&eleven;</n:part>",
            "<n:part>&#xD800;</n:part>",
            "<!DOCTYPE a [<!ENTITY e 'x'>]>",
            "<!-- ",
            "<? ",
            "<![CDATA[",
            "</rdf:Description><rdf:Description",
        ] {
            assert_eq!(read(&wrapped(inside)), None, "{inside}");
        }
        for whole in ["", "text", "<a/><b/>", "<a/>text", "<a>", "</a>", "<>", "\u{feff}<", "<a xmlns:rdf='"] {
            assert_eq!(properties(whole.as_bytes(), [(NS, "part")]), None, "{whole}");
        }
        assert_eq!(properties(b"<a>\xFF</a>", [(NS, "part")]), None);
    }

    /// Depth, names and size are bounded, whatever the file brings.
    #[test]
    fn hostile_metadata_end_soon() {
        let deep = "<n:a>".repeat(100_000);
        assert_eq!(read(&deep), None);
        let wide: String = (0..100_000).map(|n| format!(" a{n}='1'")).collect();
        assert_eq!(read(&format!("<n:a{wide}/>")), None);
        let spaces: String = (0..100_000).map(|n| format!(" xmlns:a{n}='1'")).collect();
        assert_eq!(read(&format!("<n:a{spaces}/>")), None);
        assert_eq!(properties(&vec![b' '; MAX_BYTES + 1], [(NS, "part")]), None);
        let many = "<n:a x='1'>&</n:a>".repeat(200_000);
        assert_eq!(read(&format!("<rdf:Description n:part='2'>{many}</rdf:Description>")), found("2", ""));
    }

    /// Every prefix of sound metadata, and every byte changed: read or not, never worse.
    #[test]
    fn cut_and_changed_metadata() {
        let whole = format!("{HEAD}<rdf:Description rdf:about='' n:part=\"2\"><n:level>B</n:level></rdf:Description>{TAIL}").into_bytes();
        for at in 0..whole.len() {
            let _ = properties(&whole[..at], [(NS, "part"), (NS, "level")]);
            for byte in [b'<', b'>', b'/', b'&', b'"', b':', 0xC3] {
                let mut changed = whole.clone();
                changed[at] = byte;
                let _ = properties(&changed, [(NS, "part"), (NS, "level")]);
            }
        }
    }
}
