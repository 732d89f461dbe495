//! The verify room, changes: pages and their annotation arrays (ISO 32000-2 12.5.2). A page may gain annotations and nothing else; where
//! a signature's new widget lies over marks of the signed page, it hides or adds to what was signed.

use super::Found;
use super::annotation::{self, Place};
use super::claims::{Claims, Delta};
use super::rule::Rule;
use crate::error::Result;
use crate::pdf::{Dictionary, Object, ObjectId, View};
use crate::verify::structure::doubtful;

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
                    let place = place_of(claims, page, Some(id))?;
                    annotation::compare(claims, &place, old, new)?;
                    claims.claim(number);
                }
            }
            _ => {}
        }
    }
    for number in claims.unclaimed() {
        annotation::changed(claims, number)?;
    }
    Ok(())
}

fn place_of(claims: &Claims<'_, '_>, page: ObjectId, array: Option<ObjectId>) -> Result<Place> {
    let pages = claims.pages()?;
    let path = pages.path(page).unwrap_or_else(|| page.to_string());
    Ok(Place { page, array, number: pages.number(page), path: format!("{path}/Annots") })
}

fn page(claims: &mut Claims<'_, '_>, id: ObjectId, old: &Dictionary, new: &Dictionary) -> Result<()> {
    let (number, path) = {
        let pages = claims.pages()?;
        (pages.number(id), pages.path(id))
    };
    if doubtful(new).is_some() && doubtful(old).is_none() {
        claims.report(Found::new(Rule::PageKeyDoubtful).at(path.clone()).object(id).page(number));
    }
    for difference in claims.differences(id.number, old, new)? {
        let (key, before, after) = (difference.key.as_slice(), &difference.before, &difference.after);
        if key == b"Tabs" && before.is_null() && !claims.new_widgets.is_empty() {
            // The order of the tab key, which tagged documents with a widget must state (ISO 14289-1 7.18.3); nothing looks different.
            continue;
        }
        if key == b"Annots" {
            let array = after.as_reference();
            if let Some(array) = array {
                claims.claim_below(array.number, &[id.number]);
            }
            let list = |view: View<'_>, o: &Object| -> Result<Vec<Object>> {
                Ok(match view.resolve(o)? {
                    Object::Array(items) => items,
                    _ => Vec::new(),
                })
            };
            let (before, after) = (list(claims.old, before)?, list(claims.new, after)?);
            let place = place_of(claims, id, array)?;
            annotation::compare(claims, &place, &before, &after)?;
        } else {
            let path = path.as_ref().map(|path| format!("{path}/{}", String::from_utf8_lossy(key)));
            claims.report(Found::new(Rule::PageEntryChanged).at(path).object(id).page(number).values(before, after));
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
