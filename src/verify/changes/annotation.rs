//! The verify room, changes: annotations (ISO 32000-2 12.5). Takes the annotation arrays of a page as it was and as it is, gives what was
//! added, changed and removed; a widget of a new signature is none of these if nothing is where it lies.

use super::Found;
use super::claims::{Claims, Delta};
use super::rule::Rule;
use super::widget::looks_are_bounded;
use crate::error::Result;
use crate::marks::{Marks, examine};
use crate::pdf::{Dictionary, Object, ObjectId, Rect};
use std::collections::{BTreeSet, HashMap, HashSet};

/// An annotation array and the page it belongs to.
pub(super) struct Place {
    pub(super) page: ObjectId,
    /// The array's own object, if it has one.
    pub(super) array: Option<ObjectId>,
    pub(super) number: Option<u64>,
    pub(super) path: String,
}

impl Place {
    fn found(&self, rule: Rule, at: usize) -> Found {
        Found::new(rule).at(format!("{}[{at}]", self.path)).page(self.number)
    }

    fn owners(&self) -> Vec<u32> {
        [self.page].into_iter().chain(self.array).map(|id| id.number).collect()
    }
}

pub(super) fn compare(claims: &mut Claims<'_, '_>, place: &Place, before: &[Object], after: &[Object]) -> Result<()> {
    let now: HashSet<ObjectId> = after.iter().filter_map(Object::as_reference).collect();
    let gone = |item: &Object| item.as_reference().is_some_and(|id| !now.contains(&id));
    // What was there stays, in its order: the order is what lies on top of what.
    let mut rest = after.iter();
    let moved = before.iter().enumerate().find(|(_, old)| !gone(old) && !rest.any(|new| new == *old)).map(|(at, _)| at);
    if let Some(at) = moved {
        claims.report(place.found(Rule::AnnotationMoved, at));
    }
    // Listed once more, an annotation is drawn once more, on top of those that lay on it.
    if let Some(at) = repeated(before, after) {
        claims.report(place.found(Rule::AnnotationMoved, at));
    }
    for (at, id) in before.iter().enumerate().filter(|(_, item)| gone(item)).filter_map(|(at, item)| Some((at, item.as_reference()?))) {
        removed(claims, place, at, id)?;
    }
    let known: HashSet<ObjectId> = before.iter().filter_map(Object::as_reference).collect();
    for (at, item) in after.iter().enumerate() {
        claims.new.document().budget().step(1)?;
        let Some(id) = item.as_reference() else {
            if !before.contains(item) {
                claims.report(place.found(Rule::AnnotationAdded, at));
            }
            continue;
        };
        if known.contains(&id) {
            continue;
        }
        if claims.new_widgets.contains(&id.number) {
            if let Some((rule, what)) = covers(claims, place.page, id)? {
                let found = place.found(rule, at).object(id);
                claims.report(if what.is_empty() { found } else { found.more(what) });
            }
            continue;
        }
        let own = claims.claim_closure(item, &place.owners(), &BTreeSet::from([place.page.number]))?;
        claims.report(place.found(Rule::AnnotationAdded, at).object(id).more(subtype(claims, id)?));
        if !own {
            claims.report(place.found(Rule::AnnotationShared, at).object(id));
        }
    }
    Ok(())
}

/// Where something stands that was there before, and stands more often than it did.
fn repeated(before: &[Object], after: &[Object]) -> Option<usize> {
    let mut left: HashMap<ObjectId, usize> = HashMap::new();
    before.iter().filter_map(Object::as_reference).for_each(|id| *left.entry(id).or_default() += 1);
    let mut direct: Vec<&Object> = before.iter().filter(|item| item.as_reference().is_none()).collect();
    after.iter().position(|item| match item.as_reference() {
        Some(id) => left.get_mut(&id).is_some_and(|left| {
            let none = *left == 0;
            *left = left.saturating_sub(1);
            none
        }),
        None => match direct.iter().position(|known| *known == item) {
            Some(known) => {
                direct.remove(known);
                false
            }
            None => before.contains(item),
        },
    })
}

fn subtype(claims: &Claims<'_, '_>, id: ObjectId) -> Result<String> {
    let object = claims.new.object(id)?;
    let kind = object.object.as_dict().and_then(|dict| dict.get(b"Subtype")).and_then(Object::as_name).unwrap_or(b"?");
    Ok(format!("/{}", String::from_utf8_lossy(kind)))
}

/// Taken out of the page. A note may go where notes may change; a form field's widget may not.
fn removed(claims: &mut Claims<'_, '_>, place: &Place, at: usize, id: ObjectId) -> Result<()> {
    let object = claims.old.object(id)?;
    let note = object.object.as_dict().is_some_and(|dict| {
        dict.get(b"Subtype").and_then(Object::as_name).is_some_and(|kind| kind != b"Widget") && dict.get(b"FT").is_none()
    });
    if !note {
        claims.report(place.found(Rule::AnnotationMoved, at).object(id));
        return Ok(());
    }
    if claims.delta(id.number) == Some(Delta::Removed) {
        claims.claim_below(id.number, &place.owners());
    }
    claims.report(place.found(Rule::AnnotationRemoved, at).object(id));
    Ok(())
}

/// Why a new widget is not harmless where it lies, if it is not.
fn covers(claims: &Claims<'_, '_>, page: ObjectId, widget: ObjectId) -> Result<Option<(Rule, String)>> {
    let plain = |rule| Ok(Some((rule, String::new())));
    let object = claims.new.object(widget)?;
    let Some(dict) = object.object.as_dict() else { return Ok(None) };
    // Hidden or not viewed (ISO 32000-2 table 167).
    let flags = claims.new.get(dict, b"F")?.as_i64().unwrap_or(0);
    if flags & 0b10 != 0 {
        return Ok(None);
    }
    // Not turned or not scaled with the page (ISO 32000-2 table 167, NoZoom and NoRotate): it is not where its rectangle says.
    if flags & 0b1_1000 != 0 {
        return plain(Rule::SignaturePlaceFloats);
    }
    if !looks_are_bounded(claims, dict)? {
        return plain(Rule::SignatureLookUnbounded);
    }
    let rect = claims.new.get_array(dict, b"Rect")?.unwrap_or_default();
    let rect = rect.iter().map(|n| claims.new.resolve(n)).collect::<Result<Vec<_>>>()?;
    let Some(rect) = Rect::from_array(&rect) else { return plain(Rule::SignatureBoxUnreadable) };
    if rect.width() <= 0.0 && rect.height() <= 0.0 {
        return Ok(None);
    }
    let Ok(page) = claims.old.page_of(page) else { return plain(Rule::SignatureBoxUnreadable) };
    let bounds = format!("box [{} {} {} {}]", rect.x0, rect.y0, rect.x1, rect.y1);
    Ok(match examine(claims.old, &page, rect) {
        (Marks::Clear, _) => None,
        (Marks::Touched, _) => Some((Rule::SignatureOverMarks, bounds)),
        (Marks::Undecidable, why) => Some((Rule::SignaturePlaceUndecidable, format!("{bounds}, {}", why.unwrap_or("unknown")))),
    })
}

/// An annotation that was there and changed.
pub(super) fn changed(claims: &mut Claims<'_, '_>, number: u32) -> Result<()> {
    let id = claims.old.id_of(number)?;
    let (a, b) = (claims.old.object(id)?, claims.new.object(id)?);
    let (Some(old), Some(new)) = (a.object.as_dict(), b.object.as_dict()) else { return Ok(()) };
    let is_annotation = |d: &Dictionary| d.get(b"Subtype").is_some() && d.get(b"Rect").is_some() && a.object.as_stream().is_none();
    if claims.delta(number) != Some(Delta::Modified) || !is_annotation(old) || !is_annotation(new) || old.get(b"FT").is_some() {
        return Ok(());
    }
    let Some(page) = claims.page_of(id, old)? else { return Ok(()) };
    let stop = old.get(b"P").and_then(Object::as_reference).map(|p| p.number).into_iter().chain([number]).collect();
    let appearance = new.get(b"AP").cloned().unwrap_or(Object::Null);
    let own = claims.claim_closure(&appearance, &[number], &stop)?;
    claims.claim(number);
    claims.report(Found::new(Rule::AnnotationChanged).object(id).page(Some(page)));
    if !own {
        claims.report(Found::new(Rule::AnnotationShared).object(id).page(Some(page)));
    }
    Ok(())
}
