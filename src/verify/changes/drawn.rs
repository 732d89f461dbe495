//! The verify room, changes: what is drawn with what the form holds (ISO 32000-2 12.7.3, 12.7.4.3). Takes a revision and its form, gives every look without
//! resources of its own, and every default appearance by which a viewer draws a value anew: of fields, of their widgets, and of notes on the pages.

use crate::error::{ErrorKind, Result};
use crate::limits::MAX_DEPTH;
use crate::pdf::{Dictionary, Object, ObjectId, View};
use crate::verify::locate::walk_fields;
use std::collections::HashSet;

/// Longest look that is searched.
const MAX_LOOK: usize = 1 << 20;

/// What may name an entry of the form's resources.
pub(super) enum Drawn<'a> {
    /// Content.
    Look(&'a [u8]),
    /// A default appearance of its own, or one of a field above.
    Own(&'a [u8]),
    /// By the form's default appearance.
    Default,
    /// Nobody knows.
    Unknown,
}

/// Calls `each` for all that is drawn so.
pub(super) fn by_form(view: View<'_>, form: &Dictionary, mut each: impl FnMut(Drawn<'_>)) -> Result<()> {
    let redrawn = view.get(form, b"NeedAppearances")? == Object::Boolean(true);
    walk_fields(view, |field| {
        let field = match field {
            Ok(field) if field.is_signature => return Ok(()),
            Ok(field) => field,
            // What a damaged field shows nobody knows.
            Err(error) if error.kind() == ErrorKind::PdfDamaged => {
                each(Drawn::Unknown);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        // What is seen of a field is its widgets: itself, or its kids.
        let field = field.dict();
        match view.get_array(field, b"Kids")?.filter(|kids| !kids.is_empty()) {
            None => of_one(view, field, None, redrawn, &mut each),
            Some(kids) => kids.iter().try_for_each(|kid| {
                view.document().budget().step(1)?;
                match view.resolve(kid)? {
                    Object::Dictionary(kid) => of_one(view, &kid, Some(field), redrawn, &mut each),
                    _ => Ok(()),
                }
            }),
        }
    })?;
    let mut open: Vec<(ObjectId, u32)> =
        view.catalog()?.get(b"Pages").and_then(Object::as_reference).map(|root| (root, 0)).into_iter().collect();
    let mut seen = HashSet::new();
    while let Some((id, depth)) = open.pop() {
        view.document().budget().step(1)?;
        if depth > MAX_DEPTH || !seen.insert(id) {
            continue;
        }
        let object = view.object(id)?;
        let Object::Dictionary(node) = &object.object else { continue };
        for annotation in view.get_array(node, b"Annots")?.unwrap_or_default() {
            view.document().budget().step(1)?;
            if let Object::Dictionary(annotation) = view.resolve(&annotation)?
                && inherited(view, &annotation, b"FT")?.as_name() != Some(b"Sig")
            {
                of_one(view, &annotation, None, redrawn, &mut each)?;
            }
        }
        let kids = view.get_array(node, b"Kids")?.unwrap_or_default();
        open.extend(kids.iter().filter_map(Object::as_reference).map(|kid| (kid, depth + 1)));
    }
    Ok(())
}

/// A widget, with the field that lists it, or a note.
fn of_one(view: View<'_>, dict: &Dictionary, field: Option<&Dictionary>, redrawn: bool, each: &mut impl FnMut(Drawn<'_>)) -> Result<()> {
    let looks = view.get_dict(dict, b"AP")?;
    let normal = looks.as_ref().map_or(Ok(Object::Null), |looks| view.get(looks, b"N"))?;
    let mut states = vec![normal.clone()];
    if let Object::Dictionary(by_name) = &normal {
        states = by_name.iter().map(|(_, state)| view.resolve(state)).collect::<Result<_>>()?;
    }
    for state in &states {
        // A look without resources of its own is drawn with those of the form by some viewers.
        if let Object::Stream(look) = state
            && view.get_dict(&look.dict, b"Resources")?.is_none()
        {
            let drawn = view.stream_data(look)?;
            each(if drawn.len() <= MAX_LOOK { Drawn::Look(&drawn) } else { Drawn::Unknown });
        }
    }
    let entry = |key: &[u8]| match (inherited(view, dict, key)?, field) {
        (Object::Null, Some(field)) => inherited(view, field, key),
        (found, _) => Ok(found),
    };
    let note = view.get(dict, b"Subtype")?.as_name() == Some(b"FreeText");
    if (redrawn && !note || looks.is_none()) && (note || !entry(b"V")?.is_null()) {
        match entry(b"DA")?.as_string() {
            Some(own) => each(Drawn::Own(own)),
            None => each(Drawn::Default),
        }
    }
    Ok(())
}

/// The entry of a widget, or of the nearest field above it.
fn inherited(view: View<'_>, widget: &Dictionary, key: &[u8]) -> Result<Object> {
    let mut node = widget.clone();
    for _ in 0..MAX_DEPTH {
        let value = view.get(&node, key)?;
        if !value.is_null() {
            return Ok(value);
        }
        match view.get_dict(&node, b"Parent")? {
            Some(parent) => node = parent,
            None => break,
        }
    }
    Ok(Object::Null)
}
