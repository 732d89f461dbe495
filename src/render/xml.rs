//! The render room: XML 1.0 as text. Takes names and namespaces of our own and text of anybody's; gives a document without a DTD in which no text
//! becomes markup. What XML 1.0 forbids stands as U+FFFD; what is invisible or obeyed by a terminal stands as a character reference.

use std::fmt::Write;

/// A document in the making.
pub(super) struct Xml {
    out: String,
    depth: usize,
}

impl Xml {
    pub(super) fn new() -> Xml {
        Xml { out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(), depth: 0 }
    }

    /// An element with elements inside; one without any is written closed.
    pub(super) fn element(&mut self, name: &'static str, attributes: &[(&'static str, &str)], inside: impl FnOnce(&mut Xml)) {
        self.begin(name, attributes);
        let before = self.out.len();
        self.out.push('\n');
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        if self.out.len() == before + 1 {
            self.out.truncate(before.saturating_sub(1));
            self.out.push_str("/>\n");
        } else {
            self.indent();
            self.end(name);
        }
    }

    /// An element with elements inside and no attributes.
    pub(super) fn group(&mut self, name: &'static str, inside: impl FnOnce(&mut Xml)) {
        self.element(name, &[], inside);
    }

    /// The same, or nothing at all where nothing is inside.
    pub(super) fn optional(&mut self, name: &'static str, inside: impl FnOnce(&mut Xml)) {
        let before = self.out.len();
        self.begin(name, &[]);
        self.out.push('\n');
        let begun = self.out.len();
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        if self.out.len() == begun {
            self.out.truncate(before);
        } else {
            self.indent();
            self.end(name);
        }
    }

    /// An element without content.
    pub(super) fn empty(&mut self, name: &'static str, attributes: &[(&'static str, &str)]) {
        self.element(name, attributes, |_| {});
    }

    /// An element with text.
    pub(super) fn text(&mut self, name: &'static str, value: &str) {
        self.text_with(name, &[], value);
    }

    pub(super) fn text_with(&mut self, name: &'static str, attributes: &[(&'static str, &str)], value: &str) {
        self.begin(name, attributes);
        escape(&mut self.out, value);
        self.end(name);
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    fn begin(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.indent();
        self.out.push('<');
        self.out.push_str(name);
        for (name, value) in attributes {
            // Writing to a string does not fail.
            let _ = write!(self.out, " {name}=\"");
            escape(&mut self.out, value);
            self.out.push('"');
        }
        self.out.push('>');
    }

    fn end(&mut self, name: &str) {
        // Writing to a string does not fail.
        let _ = writeln!(self.out, "</{name}>");
    }

    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n("  ", self.depth));
    }
}

/// As character data or as the value of a quoted attribute: a parser gives back the same text, line ends included.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        let referred = match c {
            '&' | '<' | '>' | '"' | '\'' | '\t' | '\n' | '\r' | '\u{7f}'..='\u{9f}' => true,
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                out.push('\u{fffd}');
                continue;
            }
            // Line and paragraph separators, marks of direction (UAX 9), what has no width.
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => true,
            _ => false,
        };
        if referred {
            // Writing to a string does not fail.
            let _ = write!(out, "&#x{:X};", u32::from(c));
        } else {
            out.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text_and_comes_back_as_it_was() {
        let mut xml = Xml::new();
        xml.element("a", &[("b", "\"><x y='")], |xml| {
            xml.text("c", "]]></c><!-- &amp; \u{202e}\r\n");
            xml.text("d", "\0\u{b}\u{1b}\u{ffff}é\u{9b}");
            xml.empty("e", &[("f", "1")]);
            xml.text("g", "");
            xml.optional("h", |_| {});
            xml.optional("i", |xml| xml.empty("j", &[]));
        });
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a b=\"&#x22;&#x3E;&#x3C;x y=&#x27;\">\n  \
            <c>]]&#x3E;&#x3C;/c&#x3E;&#x3C;!-- &#x26;amp; &#x202E;&#xD;&#xA;</c>\n  <d>\u{fffd}\u{fffd}\u{fffd}\u{fffd}é&#x9B;</d>\n  \
            <e f=\"1\"/>\n  <g></g>\n  <i>\n    <j/>\n  </i>\n</a>\n";
        assert_eq!(xml.finish(), expected);
    }
}
