//! The verify room, changes: one finding, built up from its rule. Takes places and values, gives an entry of the report. Values are shown
//! only where they are short and plain: never a stream, never a whole structure.

use super::rule::Rule;
use crate::pdf::text_string::text;
use crate::pdf::{Object, ObjectId};
use crate::verify::report::ChangeEntry;

/// Characters of a value that are shown.
const MAX_SHOWN: usize = 120;
/// Items of an array that are shown.
const MAX_ITEMS: usize = 8;

/// A change, with what the judge needs beside the report.
#[derive(Clone, Debug)]
pub(in crate::verify) struct Found {
    pub(in crate::verify) entry: ChangeEntry,
    /// The form fields that were filled, or made to be signed: a lock may cover one of them.
    pub(in crate::verify) fields: Vec<String>,
    /// The fields whose signatures were added.
    pub(in crate::verify) signatures: Vec<String>,
    rule: Rule,
}

impl Found {
    pub(super) fn new(rule: Rule) -> Found {
        let entry = ChangeEntry {
            kind: rule.kind(),
            rule: rule.code(),
            detail: rule.text().to_owned(),
            path: None,
            objects: Vec::new(),
            pages: Vec::new(),
            old: None,
            new: None,
        };
        Found { entry, fields: Vec::new(), signatures: Vec::new(), rule }
    }

    pub(super) fn rule(&self) -> Rule {
        self.rule
    }

    /// Whether its rule counts.
    pub(super) fn counts(&self) -> bool {
        self.rule.counts()
    }

    /// What is known beyond the rule.
    pub(super) fn more(mut self, what: impl AsRef<str>) -> Found {
        self.entry.detail = format!("{}: {}", self.entry.detail, what.as_ref());
        self
    }

    /// The path from the catalog or the trailer.
    pub(super) fn at(mut self, path: impl Into<Option<String>>) -> Found {
        self.entry.path = path.into();
        self
    }

    pub(super) fn object(mut self, id: ObjectId) -> Found {
        self.entry.objects.push(id.to_string());
        self
    }

    /// Counted from 1.
    pub(super) fn page(mut self, page: Option<u64>) -> Found {
        self.entry.pages.extend(page);
        self
    }

    pub(super) fn values(mut self, old: &Object, new: &Object) -> Found {
        (self.entry.old, self.entry.new) = (shown(old), shown(new));
        self
    }

    pub(super) fn field(mut self, name: &str) -> Found {
        self.fields.push(name.to_owned());
        self
    }

    pub(super) fn signature(mut self, name: &str) -> Found {
        self.signatures.push(name.to_owned());
        self
    }
}

/// A string, name, number or short array of them as text; nothing else.
pub(super) fn shown(object: &Object) -> Option<String> {
    let whole = match object {
        Object::String(string) => text(&string.bytes),
        Object::Name(name) => String::from_utf8_lossy(name).into_owned(),
        Object::Integer(n) => n.to_string(),
        Object::Real(n) => n.to_string(),
        Object::Boolean(b) => b.to_string(),
        Object::Reference(id) => id.to_string(),
        Object::Array(items) if items.len() <= MAX_ITEMS && items.iter().all(|item| item.as_array().is_none()) => {
            let items: Option<Vec<String>> = items.iter().map(shown).collect();
            format!("[{}]", items?.join(" "))
        }
        _ => return None,
    };
    Some(match whole.char_indices().nth(MAX_SHOWN) {
        Some((at, _)) => format!("{}\u{2026}", &whole[..at]),
        None => whole,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_short_and_plain() {
        assert_eq!(shown(&Object::string("100")).as_deref(), Some("100"));
        assert_eq!(shown(&Object::name("Yes")).as_deref(), Some("Yes"));
        assert_eq!(shown(&Object::Array(vec![Object::Integer(0), Object::Real(1.5)])).as_deref(), Some("[0 1.5]"));
        assert_eq!(shown(&Object::string("x".repeat(500))).map(|s| s.chars().count()), Some(MAX_SHOWN + 1));
        assert_eq!(shown(&Object::Null), None);
        assert_eq!(shown(&Object::Array(vec![Object::Integer(0); 9])), None);
        assert_eq!(shown(&Object::Dictionary(crate::pdf::Dictionary::new())), None);
    }
}
