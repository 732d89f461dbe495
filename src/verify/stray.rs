//! The verify room: signatures that only a page knows. Takes a document and the candidates of its form, adds one candidate for every
//! signature widget of the newest revision that the form does not list. Some viewers show them as signatures, so a broken one must
//! not be passed over in silence.

use super::locate::{Candidate, Located};
use crate::error::{ErrorKind, Result};
use crate::limits::MAX_DEPTH;
use crate::pdf::text_string::text;
use crate::pdf::{Dictionary, Document, Object, ObjectId, View};
use crate::switch::{Check, on};
use std::collections::HashSet;

pub(super) fn add(document: &Document<'_>, located: &mut Located) -> Result<()> {
    let view = document.latest();
    let Some(root) = view.catalog()?.get(b"Pages").and_then(Object::as_reference) else { return Ok(()) };
    let mut open = vec![(root, 0)];
    let mut seen: HashSet<ObjectId> = HashSet::new();
    while let Some((id, depth)) = open.pop() {
        document.budget().step(1)?;
        // A tree that is too deep is a fault of the signed revision, or a change.
        if depth > MAX_DEPTH || !seen.insert(id) {
            continue;
        }
        match node(view, id, located) {
            Ok(kids) => open.extend(kids.into_iter().map(|kid| (kid, depth + 1))),
            // What cannot be read shows nothing; whether it must be read is judged elsewhere.
            Err(error) if matches!(error.kind(), ErrorKind::PdfDamaged | ErrorKind::LimitReached) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Looks at one node's annotations and gives its kids.
fn node(view: View<'_>, id: ObjectId, located: &mut Located) -> Result<Vec<ObjectId>> {
    let object = view.object(id)?;
    let Object::Dictionary(dict) = &object.object else { return Ok(Vec::new()) };
    for annotation in view.get_array(dict, b"Annots")?.unwrap_or_default() {
        view.document().budget().step(1)?;
        if let Err(error) = widget(view, &annotation, located)
            && !matches!(error.kind(), ErrorKind::PdfDamaged | ErrorKind::LimitReached)
        {
            return Err(error);
        }
    }
    Ok(view.get_array(dict, b"Kids")?.unwrap_or_default().iter().filter_map(Object::as_reference).collect())
}

fn widget(view: View<'_>, annotation: &Object, located: &mut Located) -> Result<()> {
    let Object::Dictionary(dict) = view.resolve(annotation)? else { return Ok(()) };
    if inherited(view, &dict, b"FT")?.and_then(|kind| view.resolve(&kind).ok()).as_ref().and_then(Object::as_name) != Some(b"Sig") {
        return Ok(());
    }
    let Some(value) = inherited(view, &dict, b"V")? else { return Ok(()) };
    let value_id = value.as_reference();
    let (object, holder, compressed) = match value_id.or(annotation.as_reference()) {
        Some(id) => {
            let found = view.object(id)?;
            (if value_id.is_some() { found.object.clone() } else { value }, found.span, found.container.is_some())
        }
        None => (value, crate::pdf::Span::default(), true),
    };
    let found = match object {
        Object::Null => return Ok(()),
        Object::Dictionary(found) => found,
        Object::Stream(stream) => stream.dict,
        _ => Dictionary::new(),
    };
    if located.candidates.iter().any(|known| known.value_id == value_id && known.dict == found) || !on(Check::StraySignatures) {
        return Ok(());
    }
    // The revision that brought it: the first in which the widget leads to this value.
    let document = view.document();
    let revision = (0..view.revision()).find(|index| {
        let then = document.at(*index);
        let read = || -> Result<bool> {
            let Object::Dictionary(dict) = then.resolve(annotation)? else { return Ok(false) };
            let Some(value) = inherited(then, &dict, b"V")? else { return Ok(false) };
            Ok(then.resolve(&value)?.as_dict() == Some(&found))
        };
        read().unwrap_or(false)
    });
    let name = inherited(view, &dict, b"T")?.map(|name| view.resolve(&name)).transpose()?;
    let field = name.as_ref().and_then(Object::as_string).map(text).unwrap_or_default();
    located.facts.signed_fields.push(field.clone());
    located.candidates.push(Candidate {
        field,
        value_id,
        dict: found,
        holder,
        compressed,
        revision: revision.unwrap_or(view.revision()),
        duplicate_key: dict.duplicate().is_some(),
        field_dict: dict,
    });
    Ok(())
}

/// The entry as it stands, from the widget or the nearest field above it.
fn inherited(view: View<'_>, widget: &Dictionary, key: &[u8]) -> Result<Option<Object>> {
    let mut node = widget.clone();
    for _ in 0..MAX_DEPTH {
        if let Some(value) = node.get(key) {
            return Ok(Some(value.clone()));
        }
        match view.get_dict(&node, b"Parent")? {
            Some(parent) => node = parent,
            None => break,
        }
    }
    Ok(None)
}
