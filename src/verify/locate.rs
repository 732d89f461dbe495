//! The verify room: signature fields of every revision. Takes a document, gives one candidate per signature that ever stood in it, as
//! it stood in the revision that brought it. A signature that is emptied, replaced or overridden later stays a candidate.

use super::report::DocumentFacts;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::MAX_DEPTH;
use crate::pdf::{Dictionary, Document, Indirect, Object, ObjectId, Span, View};
use crate::switch::{Check, on};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

/// A signature as its revision brought it.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) field: String,
    pub(super) value_id: Option<ObjectId>,
    pub(super) dict: Dictionary,
    /// Where the object that holds the dictionary stands.
    pub(super) holder: Span,
    /// Whether the dictionary is in an object stream, where its spans are not the file's.
    pub(super) compressed: bool,
    /// First revision in which it is seen, counted from 0.
    pub(super) revision: usize,
    /// The field's own dictionary, for /Lock.
    pub(super) field_dict: Dictionary,
    /// What is wrong with the field itself.
    pub(super) duplicate_key: bool,
}

pub(super) struct Located {
    pub(super) candidates: Vec<Candidate>,
    pub(super) facts: DocumentFacts,
}

/// A terminal or intermediate field met on a walk. Its dictionary stays where it was read: a form may have tens of thousands of fields.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) is_signature: bool,
    node: Node,
}

enum Node {
    Indirect(Rc<Indirect>),
    Direct(Object),
}

impl Node {
    fn dict(&self) -> Option<&Dictionary> {
        let object = match self {
            Node::Indirect(found) => &found.object,
            Node::Direct(object) => object,
        };
        // A stream is no field.
        if let Object::Dictionary(dict) = object { Some(dict) } else { None }
    }

    /// Where the object stands that holds it, and whether that is compressed.
    fn place(&self) -> (Span, bool) {
        match self {
            Node::Indirect(found) => (found.span, found.container.is_some()),
            Node::Direct(_) => (Span::default(), true),
        }
    }
}

impl Field {
    pub(super) fn dict(&self) -> &Dictionary {
        static EMPTY: Dictionary = Dictionary::new();
        self.node.dict().unwrap_or(&EMPTY)
    }
}

/// What is still to be walked: a node, its name so far, its inherited /FT, its depth.
type Open = Vec<(Object, String, Option<Vec<u8>>, u32)>;

/// Walks the form of one revision and calls `each` for every terminal field, and for every node that cannot be read (ISO 32000-2 12.7.4).
pub(super) fn walk_fields(view: View<'_>, mut each: impl FnMut(Result<Field>) -> Result<()>) -> Result<()> {
    let Some(form) = view.get_dict(&view.catalog()?, b"AcroForm")? else { return Ok(()) };
    let Some(roots) = view.get_array(&form, b"Fields")? else { return Ok(()) };
    let mut seen: HashSet<ObjectId> = HashSet::new();
    let mut open: Open = roots.into_iter().rev().map(|o| (o, String::new(), None, 0)).collect();
    while let Some((node, prefix, inherited, depth)) = open.pop() {
        view.document().budget().step(1)?;
        if depth > MAX_DEPTH {
            return Err(Error::new(ErrorKind::LimitReached).context("depth of the field tree"));
        }
        if node.as_reference().is_some_and(|id| !seen.insert(id)) {
            continue;
        }
        match field(view, node, prefix, inherited, depth, &mut open) {
            Ok(None) => {}
            Ok(Some(found)) => each(Ok(found))?,
            Err(error) => each(Err(error))?,
        }
    }
    Ok(())
}

/// The node as a terminal field; if it is none, its kids are to be walked.
fn field(view: View<'_>, node: Object, prefix: String, inherited: Option<Vec<u8>>, depth: u32, open: &mut Open) -> Result<Option<Field>> {
    let node = match node.as_reference() {
        Some(id) => Node::Indirect(view.object(id)?),
        None => Node::Direct(node),
    };
    let Some(dict) = node.dict() else { return Ok(None) };
    let kind = view.get(dict, b"FT")?.as_name().map(<[u8]>::to_vec).or(inherited);
    let name = match view.get(dict, b"T")?.as_string() {
        Some(partial) if prefix.is_empty() => text(partial),
        Some(partial) => format!("{prefix}.{}", text(partial)),
        None => prefix,
    };
    let kids = view.get_array(dict, b"Kids")?;
    let value_here = dict.get(b"V").is_some();
    if let Some(kids) = kids.filter(|kids| !kids.is_empty()) {
        // Kids without /T are widgets of this field: the field is terminal.
        let mut has_fields = false;
        for kid in &kids {
            // One that cannot be read is met again on the walk.
            has_fields |= match view.resolve(kid) {
                Ok(Object::Dictionary(kid)) => kid.get(b"T").is_some(),
                Ok(_) => false,
                Err(error) if error.kind() == ErrorKind::PdfDamaged => true,
                Err(error) => return Err(error),
            };
        }
        if has_fields || !value_here {
            for kid in kids.into_iter().rev() {
                open.push((kid, name.clone(), kind.clone(), depth + 1));
            }
            if !value_here {
                return Ok(None);
            }
        }
    }
    let is_signature = kind.as_deref() == Some(b"Sig");
    Ok(Some(Field { name, is_signature, node }))
}

/// A text string as Unicode (ISO 32000-2 7.9.2.2), for people; what cannot be decoded is replaced.
pub(super) fn text(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|c| u16::from_be_bytes([c[0], c[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        [0xFF, 0xFE, rest @ ..] => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|b| pdf_doc(*b)).collect(),
    }
}

/// PDFDocEncoding (ISO 32000-2 D.3). All of it: an attacker would have a field locked whose name stands in the lock as UTF-16, and fill it.
fn pdf_doc(byte: u8) -> char {
    const LOW: [char; 8] = ['\u{2D8}', '\u{2C7}', '\u{2C6}', '\u{2D9}', '\u{2DD}', '\u{2DB}', '\u{2DA}', '\u{2DC}'];
    #[rustfmt::skip]
    const HIGH: [char; 33] = [
        '\u{2022}', '\u{2020}', '\u{2021}', '\u{2026}', '\u{2014}', '\u{2013}', '\u{192}', '\u{2044}', '\u{2039}', '\u{203A}', '\u{2212}',
        '\u{2030}', '\u{201E}', '\u{201C}', '\u{201D}', '\u{2018}', '\u{2019}', '\u{201A}', '\u{2122}', '\u{FB01}', '\u{FB02}', '\u{141}',
        '\u{152}', '\u{160}', '\u{178}', '\u{17D}', '\u{131}', '\u{142}', '\u{153}', '\u{161}', '\u{17E}', char::REPLACEMENT_CHARACTER, '\u{20AC}',
    ];
    let known = match byte {
        0x18..=0x1F => LOW.get(usize::from(byte - 0x18)),
        0x80..=0xA0 => HIGH.get(usize::from(byte - 0x80)),
        _ => None,
    };
    known.copied().unwrap_or(char::from(byte))
}

pub(super) fn locate(document: &Document<'_>) -> Result<Located> {
    let mut facts = DocumentFacts {
        size: document.source().len(),
        revisions: document.revisions().len(),
        encrypted: document.crypt().is_some(),
        trailing_bytes: super::coverage::trailing_bytes(document)?,
        ..DocumentFacts::default()
    };
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut by_name: HashMap<(String, Option<ObjectId>), Vec<usize>> = HashMap::new();
    let mut ever_signed: BTreeSet<String> = BTreeSet::new();
    let last = document.revisions().len().saturating_sub(1);
    for revision in 0..=last {
        let view = document.at(revision);
        let mut now: Vec<(String, bool)> = Vec::new();
        let walked = walk_fields(view, |field| {
            let field = match field {
                Ok(field) => field,
                // What no reader of an older revision could read hides nothing that stands beside it.
                Err(error) if revision < last && error.kind() == ErrorKind::PdfDamaged => return Ok(()),
                Err(error) => return Err(error),
            };
            if !field.is_signature {
                return Ok(());
            }
            let value = field.dict().get(b"V").cloned().unwrap_or(Object::Null);
            let value_id = value.as_reference();
            let (object, holder, compressed) = match value_id.map(|id| view.object(id)) {
                Some(Ok(found)) => (found.object.clone(), found.span, found.container.is_some()),
                // A value that cannot be read is a failed signature, too.
                Some(Err(error)) if error.kind() == ErrorKind::PdfDamaged => {
                    let at = error.position().unwrap_or_default();
                    (Object::Dictionary(Dictionary::new()), Span { start: at, end: at }, false)
                }
                Some(Err(error)) => return Err(error),
                None => {
                    let (holder, compressed) = field.node.place();
                    (value.clone(), holder, compressed)
                }
            };
            let signed = !matches!(object, Object::Null);
            now.push((field.name.clone(), signed));
            if !signed && value.is_null() {
                return Ok(());
            }
            // A /V that is no dictionary is a failed signature, never "no signature".
            let dict = match object {
                Object::Dictionary(dict) => dict,
                _ if !on(Check::ValueIsDictionary) => return Ok(()),
                Object::Stream(stream) => stream.dict,
                _ => Dictionary::new(),
            };
            if revision < last && !on(Check::EarlierSignatures) {
                return Ok(());
            }
            // By name: ten thousand fields may share one dictionary.
            let namesakes = by_name.entry((field.name.clone(), value_id)).or_default();
            let known = namesakes.iter().any(|at| candidates.get(*at).is_some_and(|c| c.dict == dict));
            if !known {
                namesakes.push(candidates.len());
                candidates.push(Candidate {
                    duplicate_key: field.dict().duplicate().is_some(),
                    field_dict: field.dict().clone(),
                    field: field.name,
                    value_id,
                    dict,
                    holder,
                    compressed,
                    revision,
                });
            }
            Ok(())
        });
        match walked {
            Ok(()) => {}
            // An older revision that cannot be read is judged with the signature that covers it.
            Err(error) if revision < last && error.kind() == ErrorKind::PdfDamaged => continue,
            Err(error) => return Err(error),
        }
        if revision == last {
            facts.signed_fields = now.iter().filter(|(_, signed)| *signed).map(|(name, _)| name.clone()).collect();
            facts.empty_fields =
                now.iter().filter(|(name, signed)| !*signed && !ever_signed.contains(name)).map(|(name, _)| name.clone()).collect();
            let still: HashSet<&String> = facts.signed_fields.iter().collect();
            facts.emptied_fields = ever_signed.iter().filter(|name| !still.contains(name)).cloned().collect();
        }
        ever_signed.extend(now.into_iter().filter(|(_, signed)| *signed).map(|(name, _)| name));
    }
    let view = document.latest();
    let catalog = view.catalog()?;
    if let Some(perms) = view.get_dict(&catalog, b"Perms")? {
        facts.usage_rights = perms.get(b"UR").is_some() || perms.get(b"UR3").is_some();
    }
    if let Some(form) = view.get_dict(&catalog, b"AcroForm")? {
        facts.xfa = form.get(b"XFA").is_some();
    }
    facts.portfolio = catalog.get(b"Collection").is_some();
    Ok(Located { candidates, facts })
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn names_are_read_by_their_mark() {
        let cases: [(&[u8], &str); 9] = [
            (b"Bank", "Bank"),
            (b"a\x84b\x80\x92", "a\u{2014}b\u{2022}\u{2122}"),
            (b"\x18\x1f\x17", "\u{2d8}\u{2dc}\u{17}"),
            (b"\x9e\x9f\xa0\xa1", "\u{17e}\u{fffd}\u{20ac}\u{a1}"),
            (b"\xe9t\xe9", "\u{e9}t\u{e9}"),
            (b"\xfe\xff\x09\x05", "\u{905}"),
            (b"\xff\xfe\x05\x09", "\u{905}"),
            (b"\xef\xbb\xbf\xe0\xa4\x85", "\u{905}"),
            (b"\xfe\xff\x00A\x00", "A"),
        ];
        for (bytes, name) in cases {
            assert_eq!(text(bytes), name, "{bytes:?}");
        }
    }
}
