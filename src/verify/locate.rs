//! The verify room: signature fields of every revision. Takes a document, gives one candidate per signature that ever stood in it, as
//! it stood in the revision that brought it. A signature that is emptied, replaced or overridden later stays a candidate.

use super::report::DocumentFacts;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::MAX_DEPTH;
use crate::pdf::{Dictionary, Document, Object, ObjectId, Span, View};
use std::collections::{BTreeSet, HashSet};

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

/// A terminal or intermediate field met on a walk.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) dict: Dictionary,
    pub(super) is_signature: bool,
    holder: Span,
    compressed: bool,
}

/// Walks the form of one revision and calls `each` for every terminal field (ISO 32000-2 12.7.4).
pub(super) fn walk_fields(view: View<'_>, mut each: impl FnMut(Field) -> Result<()>) -> Result<()> {
    let Some(form) = view.get_dict(&view.catalog()?, b"AcroForm")? else { return Ok(()) };
    let Some(roots) = view.get_array(&form, b"Fields")? else { return Ok(()) };
    let mut seen: HashSet<ObjectId> = HashSet::new();
    // (node, name so far, inherited /FT, depth)
    let mut open: Vec<(Object, String, Option<Vec<u8>>, u32)> = roots.into_iter().rev().map(|o| (o, String::new(), None, 0)).collect();
    while let Some((node, prefix, inherited, depth)) = open.pop() {
        view.document().budget().step(1)?;
        if depth > MAX_DEPTH {
            return Err(Error::new(ErrorKind::LimitReached).context("depth of the field tree"));
        }
        let id = node.as_reference();
        if id.is_some_and(|id| !seen.insert(id)) {
            continue;
        }
        let (object, holder, compressed) = match id {
            Some(id) => {
                let found = view.object(id)?;
                (found.object.clone(), found.span, found.container.is_some())
            }
            None => (node, Span::default(), true),
        };
        let Object::Dictionary(dict) = object else { continue };
        let kind = view.get(&dict, b"FT")?.as_name().map(<[u8]>::to_vec).or(inherited);
        let name = match view.get(&dict, b"T")?.as_string() {
            Some(partial) if prefix.is_empty() => text(partial),
            Some(partial) => format!("{prefix}.{}", text(partial)),
            None => prefix,
        };
        let kids = view.get_array(&dict, b"Kids")?;
        let value_here = dict.get(b"V").is_some();
        if let Some(kids) = kids.filter(|kids| !kids.is_empty()) {
            // Kids without /T are widgets of this field: the field is terminal.
            let mut has_fields = false;
            for kid in &kids {
                if let Object::Dictionary(kid) = view.resolve(kid)?
                    && kid.get(b"T").is_some()
                {
                    has_fields = true;
                }
            }
            if has_fields || !value_here {
                for kid in kids.into_iter().rev() {
                    open.push((kid, name.clone(), kind.clone(), depth + 1));
                }
                if !value_here {
                    continue;
                }
            }
        }
        let is_signature = kind.as_deref() == Some(b"Sig");
        each(Field { name, dict, is_signature, holder, compressed })?;
    }
    Ok(())
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
        _ => bytes.iter().map(|b| char::from(*b)).collect(),
    }
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
    let mut ever_signed: BTreeSet<String> = BTreeSet::new();
    let last = document.revisions().len().saturating_sub(1);
    for revision in 0..=last {
        let view = document.at(revision);
        let mut now: Vec<(String, bool)> = Vec::new();
        let walked = walk_fields(view, |field| {
            if !field.is_signature {
                return Ok(());
            }
            let value = field.dict.get(b"V").cloned().unwrap_or(Object::Null);
            let value_id = value.as_reference();
            let (object, holder, compressed) = match value_id {
                Some(id) => {
                    let found = view.object(id)?;
                    (found.object.clone(), found.span, found.container.is_some())
                }
                None => (value.clone(), field.holder, field.compressed),
            };
            let signed = !matches!(object, Object::Null);
            now.push((field.name.clone(), signed));
            if !signed && value.is_null() {
                return Ok(());
            }
            // A /V that is no dictionary is a failed signature, never "no signature".
            let dict = match object {
                Object::Dictionary(dict) => dict,
                Object::Stream(stream) => stream.dict,
                _ => Dictionary::new(),
            };
            let known = candidates.iter().any(|c| c.field == field.name && c.value_id == value_id && c.dict == dict);
            if !known {
                candidates.push(Candidate {
                    duplicate_key: field.dict.duplicate().is_some(),
                    field: field.name,
                    value_id,
                    dict,
                    holder,
                    compressed,
                    revision,
                    field_dict: field.dict,
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
            facts.empty_fields = now.iter().filter(|(name, signed)| !*signed && !ever_signed.contains(name)).map(|(name, _)| name.clone()).collect();
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
