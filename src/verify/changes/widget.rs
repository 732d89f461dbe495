//! The verify room, changes: a form field that was not there before. It must be a signature's, with the keys such a field has and no
//! action; where its widget may lie is for the page to say.

use super::Found;
use super::claims::Claims;
use super::form::{Inherited, Walk};
use super::rule::Rule;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::MAX_DEPTH;
use crate::pdf::{Dictionary, Object, ObjectId, Rect};
use crate::switch::{Check, on};
use crate::verify::structure::doubtful;

/// Keys of a signature field merged with its widget (ISO 32000-2 tables 166, 168, 191, 226, 233). No /A, no /AA: a new field brings no action.
const KEYS: [&[u8]; 34] = [
    b"Type",
    b"Subtype",
    b"FT",
    b"T",
    b"TU",
    b"TM",
    b"V",
    b"Ff",
    b"Rect",
    b"P",
    b"AP",
    b"AS",
    b"MK",
    b"DA",
    b"DR",
    b"BS",
    b"Border",
    b"Lock",
    b"SV",
    b"Parent",
    b"Kids",
    b"M",
    b"NM",
    b"F",
    b"H",
    b"Q",
    b"C",
    b"Contents",
    b"Lang",
    b"Name",
    b"DS",
    b"BM",
    b"ca",
    b"StructParent",
];
/// Those of them that lead to objects of the field's own.
const OWN: [&[u8]; 8] = [b"V", b"AP", b"MK", b"DR", b"BS", b"Border", b"Lock", b"SV"];

pub(super) fn added(
    claims: &mut Claims<'_, '_>,
    walk: &mut Walk,
    id: ObjectId,
    path: String,
    inherited: &Inherited,
    depth: u32,
) -> Result<()> {
    if depth > MAX_DEPTH {
        return Err(Error::new(ErrorKind::LimitReached).context("depth of the field tree"));
    }
    let object = claims.new.object(id)?;
    let Object::Dictionary(dict) = &object.object else {
        claims.report(Found::new(Rule::FieldAdded).at(path).object(id));
        return Ok(());
    };
    let mut here = inherited.below(claims.new, id, dict)?;
    let kids = claims.new.get_array(dict, b"Kids")?.unwrap_or_default();
    let value = claims.new.get(dict, b"V")?;
    let group = value.is_null() && is_group(claims, &kids)?;
    let page = claims.page_of(id, dict)?;
    let found = |rule| Found::new(rule).at(path.clone()).object(id).page(page);
    let known = dict.iter().all(|(key, value)| KEYS.contains(&key) || is_default(dict, key, value)) && doubtful(dict).is_none();
    let signature = here.kind.as_deref() == Some(b"Sig") || (group && here.kind.is_none());
    if !(known && signature && has_its_parent(claims, dict, inherited)?) {
        claims.report(found(Rule::FieldAdded));
        return Ok(());
    }
    if !claim_own(claims, walk, id, dict)? {
        claims.report(found(Rule::SignatureFieldShared));
        return Ok(());
    }
    note_widget(claims, id, dict);
    if !value.is_null() {
        let stamp = is_stamp(claims, &value)? && (is_invisible(claims, dict)? || !on(Check::StampIsStamp));
        let rule = if stamp { Rule::TimestampAdded } else { Rule::SignatureAdded };
        let mut found = found(rule).more(&here.name).signature(&here.name);
        if !stamp {
            found = found.field(&here.name);
        }
        claims.report(found);
        here.signed_now = true;
    } else if group || inherited.signed_now || is_signed_now(claims, dict)? {
        // Above named fields it is a group, even if it says what kind they are (ISO 32000-2 12.7.4.1): each of them is judged below. Below a
        // signature that was just made it is one of its widgets.
    } else if is_signed(claims, dict, inherited)? {
        // An attacker would let the signature that is there, and verifies, show whatever he likes in a second place.
        claims.report(found(Rule::SignatureWidgetAdded));
    } else {
        claims.report(found(Rule::EmptySignatureAdded));
    }
    here.path = format!("{path}/Kids");
    for (at, kid) in kids.iter().enumerate() {
        claims.new.document().budget().step(1)?;
        let path = format!("{}[{at}]", here.path);
        let Some(kid) = kid.as_reference() else {
            claims.report(Found::new(Rule::FieldInPlaceChanged).at(path));
            continue;
        };
        let kid_object = claims.new.object(kid)?;
        match &kid_object.object {
            // A widget without a name belongs to this field.
            Object::Dictionary(widget) if widget.get(b"T").is_none() && widget.get(b"V").is_none() && widget.get(b"Kids").is_none() => {
                let known = widget.iter().all(|(key, _)| KEYS.contains(&key)) && doubtful(widget).is_none();
                let kind = widget.get(b"FT").is_none_or(|kind| kind.as_name() == Some(b"Sig"));
                let parent = widget.get(b"Parent").is_none_or(|parent| parent.as_reference() == Some(id));
                if known && kind && parent && claim_own(claims, walk, kid, widget)? {
                    note_widget(claims, kid, widget);
                } else {
                    claims.report(Found::new(Rule::SignatureFieldShared).at(path).object(kid));
                }
            }
            _ => added(claims, walk, kid, path, &here, depth + 1)?,
        }
    }
    Ok(())
}

/// Whether it is the value once more, as that to which the field is reset (ISO 32000-2 table 226). An attacker would name another signature there, or what is shown
/// after a reset: it must be the very object that is judged as the signature.
fn is_default(dict: &Dictionary, key: &[u8], value: &Object) -> bool {
    key == b"DV" && value.as_reference().is_some() && dict.get(b"V") == Some(value)
}

/// Claims the field and what is its own.
fn claim_own(claims: &mut Claims<'_, '_>, walk: &Walk, id: ObjectId, dict: &Dictionary) -> Result<bool> {
    let mut own = claims.claim_below(id.number, &[]);
    for value in OWN.iter().filter_map(|key| dict.get(key)) {
        own &= claims.claim_closure(value, &[id.number], &walk.stop)?;
    }
    if let Some(Object::Reference(kids)) = dict.get(b"Kids") {
        own &= claims.claim_below(kids.number, &[id.number]);
    }
    Ok(own)
}

/// Whether the parent it names is the one that lists it. A widget that the form lists beside its field occurs; then that field must have
/// been signed just now.
fn has_its_parent(claims: &Claims<'_, '_>, dict: &Dictionary, inherited: &Inherited) -> Result<bool> {
    Ok(match (dict.get(b"Parent"), inherited.parent) {
        (None, _) => true,
        (Some(named), Some(parent)) => named.as_reference() == Some(parent),
        (Some(_), None) => is_signed_now(claims, dict)? || is_signed(claims, dict, inherited)?,
    })
}

/// Whether its parent got its value after the signed revision.
fn is_signed_now(claims: &Claims<'_, '_>, dict: &Dictionary) -> Result<bool> {
    let Some(parent) = dict.get(b"Parent").and_then(Object::as_reference) else { return Ok(false) };
    let value = |view: crate::pdf::View<'_>| -> Result<bool> {
        let object = view.object(view.id_of(parent.number)?)?;
        Ok(match object.object.as_dict() {
            Some(field) => !view.get(field, b"V")?.is_null(),
            None => false,
        })
    };
    Ok(value(claims.new)? && !value(claims.old)?)
}

/// Whether a parent holds a signature.
fn is_signed(claims: &Claims<'_, '_>, dict: &Dictionary, inherited: &Inherited) -> Result<bool> {
    let named = claims.new.get_dict(dict, b"Parent")?;
    let parent = match (named, inherited.parent) {
        (Some(parent), _) => parent,
        (None, Some(id)) => claims.new.object(id)?.object.as_dict().cloned().unwrap_or_default(),
        (None, None) => return Ok(false),
    };
    Ok(!claims.new.get(&parent, b"V")?.is_null())
}

/// Whether every kid is a field of its own.
fn is_group(claims: &Claims<'_, '_>, kids: &[Object]) -> Result<bool> {
    for kid in kids {
        claims.new.document().budget().step(1)?;
        if claims.new.resolve(kid)?.as_dict().is_none_or(|kid| kid.get(b"T").is_none()) {
            return Ok(false);
        }
    }
    Ok(!kids.is_empty())
}

fn note_widget(claims: &mut Claims<'_, '_>, id: ObjectId, dict: &Dictionary) {
    if dict.get(b"Rect").is_some() || dict.get(b"Subtype").and_then(Object::as_name) == Some(b"Widget") {
        claims.new_widgets.insert(id.number);
    }
}

/// Whether the value is a time stamp. The sub-filter says so, for it says how it is verified; an attacker would call a signature a time
/// stamp to add it where only those are permitted.
pub(super) fn is_stamp(claims: &Claims<'_, '_>, value: &Object) -> Result<bool> {
    let Some(value) = value.as_dict() else { return Ok(false) };
    if !on(Check::StampIsStamp) {
        return Ok(value.is_type(b"DocTimeStamp"));
    }
    let named = value.get(b"Type").is_none() || value.is_type(b"DocTimeStamp");
    Ok(named && claims.new.get(value, b"SubFilter")?.as_name() == Some(b"ETSI.RFC3161"))
}

/// Whether none of its widgets has an area, however far below: what is seen is more than a time stamp. An attacker would put the widget that
/// is seen a level deeper, or sign an empty field whose widget is a kid.
pub(super) fn is_invisible(claims: &Claims<'_, '_>, field: &Dictionary) -> Result<bool> {
    let view = claims.new;
    let mut open = vec![(field.clone(), 0)];
    while let Some((widget, depth)) = open.pop() {
        view.document().budget().step(1)?;
        let hidden = view.get(&widget, b"F")?.as_i64().unwrap_or(0) & 0b10 != 0;
        let corners = view.get_array(&widget, b"Rect")?.unwrap_or_default();
        let corners = corners.iter().map(|n| view.resolve(n)).collect::<Result<Vec<_>>>()?;
        let kids = view.get_array(&widget, b"Kids")?.unwrap_or_default();
        let seen = !hidden && Rect::from_array(&corners).is_some_and(|rect| !rect.is_empty());
        if seen || (depth > MAX_DEPTH && !kids.is_empty()) {
            return Ok(false);
        }
        for kid in kids {
            open.extend(view.resolve(&kid)?.as_dict().cloned().map(|kid| (kid, depth + 1)));
        }
    }
    Ok(true)
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
