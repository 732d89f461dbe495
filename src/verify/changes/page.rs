//! The verify room, changes: pages and their annotation arrays (ISO 32000-2 12.5.2). A page may gain annotations and nothing else; where
//! a signature's new widget lies over marks of the signed page, it hides or adds to what was signed.

use super::claims::{Claims, Delta};
use super::marks::{Marks, marks_in};
use super::{ChangeKind, Found};
use crate::error::Result;
use crate::pdf::{Dictionary, Object, ObjectId, Rect};
use crate::verify::structure::doubtful;
use std::collections::BTreeSet;

pub(super) fn compare_rest(claims: &mut Claims<'_, '_>) -> Result<()> {
    for number in claims.unclaimed() {
        if claims.delta(number) != Some(Delta::Modified) {
            continue;
        }
        let id = claims.old.id_of(number)?;
        let (a, b) = (claims.old.object(id)?, claims.new.object(id)?);
        match (&a.object, &b.object) {
            (Object::Dictionary(old), Object::Dictionary(new)) if is_page(claims, old)? => page(claims, id, old, new)?,
            (Object::Array(old), Object::Array(new)) => {
                if let Some(page) = annots_of(claims, id)? {
                    annots(claims, page, old, new)?;
                    claims.claim(number);
                }
            }
            _ => {}
        }
    }
    for number in claims.unclaimed() {
        annotation(claims, number)?;
    }
    Ok(())
}

fn page(claims: &mut Claims<'_, '_>, id: ObjectId, old: &Dictionary, new: &Dictionary) -> Result<()> {
    let number = claims.old.page_number(id)?;
    if doubtful(new).is_some() {
        claims.other("a page has a doubtful key", vec![id.to_string()]);
    }
    for (key, before, after) in claims.differences(old, new) {
        if key == b"Tabs" && before.is_null() && !claims.new_widgets.is_empty() {
            // The order of the tab key, which tagged documents with a widget must state (ISO 14289-1 7.18.3); nothing looks different.
            continue;
        }
        if key == b"Annots" {
            if let Some(array) = after.as_reference() {
                claims.claim_below(array.number, &[id.number]);
            }
            let list = |view: crate::pdf::View<'_>, o: &Object| -> Result<Vec<Object>> {
                Ok(match view.resolve(o)? {
                    Object::Array(items) => items,
                    _ => Vec::new(),
                })
            };
            let (before, after) = (list(claims.old, &before)?, list(claims.new, &after)?);
            annots(claims, id, &before, &after)?;
        } else {
            let mut found =
                Found::new(ChangeKind::Other, "a page was changed", vec![id.to_string(), format!("/{}", String::from_utf8_lossy(&key))]);
            found.entry.pages.extend(number);
            claims.found.push(found);
        }
    }
    // Every difference is reported on its own.
    claims.claim(id.number);
    Ok(())
}

/// The page whose `/Annots` this array is, if it is nothing else.
fn annots_of(claims: &Claims<'_, '_>, array: ObjectId) -> Result<Option<ObjectId>> {
    let Some(referrers) = claims.referrers(array.number) else { return Ok(None) };
    let [page] = referrers.as_slice() else { return Ok(None) };
    let id = claims.old.id_of(*page)?;
    let object = claims.old.object(id)?;
    let Object::Dictionary(dict) = &object.object else { return Ok(None) };
    let is_annots = is_page(claims, dict)? && dict.get(b"Annots") == Some(&Object::Reference(array));
    Ok(is_annots.then_some(id))
}

/// Whether the signed revision calls it a page, if need be behind a reference.
fn is_page(claims: &Claims<'_, '_>, dict: &Dictionary) -> Result<bool> {
    Ok(claims.old.get(dict, b"Type")?.as_name() == Some(b"Page"))
}

fn annots(claims: &mut Claims<'_, '_>, page: ObjectId, before: &[Object], after: &[Object]) -> Result<()> {
    let number = claims.old.page_number(page)?;
    // What was there stays, in its order: the order is what lies on top of what.
    let mut rest = after.iter();
    if !before.iter().all(|old| rest.any(|new| new == old)) {
        let mut found = Found::new(ChangeKind::Other, "an annotation was removed or moved", vec![page.to_string()]);
        found.entry.pages.extend(number);
        claims.found.push(found);
    }
    let known: BTreeSet<ObjectId> = before.iter().filter_map(Object::as_reference).collect();
    for item in after {
        let Some(id) = item.as_reference() else {
            if !before.contains(item) {
                claims.found.push(annotated("an annotation was added", page, number));
            }
            continue;
        };
        if known.contains(&id) {
            continue;
        }
        if claims.new_widgets.contains(&id.number) {
            if let Some(what) = covers(claims, page, id)? {
                let mut found = Found::new(ChangeKind::Other, what, vec![id.to_string()]);
                found.entry.pages.extend(number);
                claims.found.push(found);
            }
            continue;
        }
        let stop = BTreeSet::from([page.number]);
        let sound = claims.claim_closure(item, &[page.number], &stop)?;
        let mut found = annotated("an annotation was added", id, number);
        if !sound {
            found.entry.kind = ChangeKind::Other;
        }
        claims.found.push(found);
    }
    Ok(())
}

fn annotated(what: &str, id: ObjectId, page: Option<u64>) -> Found {
    let mut found = Found::new(ChangeKind::Annotated, what, vec![id.to_string()]);
    found.entry.pages.extend(page);
    found
}

/// Why a new widget is not harmless where it lies, if it is not.
fn covers(claims: &Claims<'_, '_>, page: ObjectId, widget: ObjectId) -> Result<Option<&'static str>> {
    let object = claims.new.object(widget)?;
    let Some(dict) = object.object.as_dict() else { return Ok(None) };
    // Hidden or not viewed (ISO 32000-2 table 167).
    let flags = claims.new.get(dict, b"F")?.as_i64().unwrap_or(0);
    if flags & 0b10 != 0 {
        return Ok(None);
    }
    // Not turned or not scaled with the page (ISO 32000-2 table 167, NoZoom and NoRotate): it is not where its rectangle says.
    if flags & 0b1_1000 != 0 {
        return Ok(Some("a signature's place depends on the viewer"));
    }
    if !looks_are_bounded(claims, dict)? {
        return Ok(Some("a signature's look has no bounds"));
    }
    let rect = claims.new.get_array(dict, b"Rect")?.unwrap_or_default();
    let rect = rect.iter().map(|n| claims.new.resolve(n)).collect::<Result<Vec<_>>>()?;
    let Some(rect) = Rect::from_array(&rect) else { return Ok(Some("a signature's box cannot be read")) };
    if rect.width() <= 0.0 && rect.height() <= 0.0 {
        return Ok(None);
    }
    let Ok(page) = claims.old.page_of(page) else { return Ok(Some("a signature was drawn on what is no page")) };
    Ok(match marks_in(claims.old, &page, rect) {
        Marks::Clear => None,
        Marks::Touched => Some("a visible signature was drawn over content of the signed page"),
        Marks::Undecidable => Some("a visible signature was drawn where the signed page cannot be told empty"),
    })
}

/// Every appearance is a form with a box, which viewers clip to and fit into the rectangle (ISO 32000-2 12.5.5). Without one some draw
/// it unclipped, anywhere on the page.
pub(super) fn looks_are_bounded(claims: &Claims<'_, '_>, widget: &Dictionary) -> Result<bool> {
    let view = claims.new;
    let Some(looks) = view.get_dict(widget, b"AP")? else { return Ok(true) };
    let mut forms = Vec::new();
    for (_, look) in looks.iter() {
        match view.resolve(look)? {
            Object::Stream(form) => forms.push(form.dict),
            Object::Dictionary(states) => {
                for (_, state) in states.iter() {
                    if let Object::Stream(form) = view.resolve(state)? {
                        forms.push(form.dict);
                    }
                }
            }
            _ => {}
        }
    }
    for form in forms {
        let corners = view.get_array(&form, b"BBox")?.unwrap_or_default();
        let corners = corners.iter().map(|n| view.resolve(n)).collect::<Result<Vec<_>>>()?;
        if Rect::from_array(&corners).is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// An annotation that was there and changed.
fn annotation(claims: &mut Claims<'_, '_>, number: u32) -> Result<()> {
    let id = claims.old.id_of(number)?;
    let (a, b) = (claims.old.object(id)?, claims.new.object(id)?);
    let (Some(old), Some(new)) = (a.object.as_dict(), b.object.as_dict()) else { return Ok(()) };
    let is_annotation = |d: &Dictionary| d.get(b"Subtype").is_some() && d.get(b"Rect").is_some() && a.object.as_stream().is_none();
    if claims.delta(number) != Some(Delta::Modified) || !is_annotation(old) || !is_annotation(new) || old.get(b"FT").is_some() {
        return Ok(());
    }
    let mut page = None;
    for referrer in claims.referrers(number).unwrap_or_default() {
        page = page.or(claims.old.page_number(claims.old.id_of(referrer)?)?);
    }
    let Some(page) = page else { return Ok(()) };
    let stop = old.get(b"P").and_then(Object::as_reference).map(|p| p.number).into_iter().chain([number]).collect();
    let appearance = new.get(b"AP").cloned().unwrap_or(Object::Null);
    let sound = claims.claim_closure(&appearance, &[number], &stop)?;
    claims.claim(number);
    let mut found = annotated("an annotation was changed", id, Some(page));
    if !sound {
        found.entry.kind = ChangeKind::Other;
    }
    claims.found.push(found);
    Ok(())
}
