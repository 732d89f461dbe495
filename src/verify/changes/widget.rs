//! The verify room, changes: a form field that was not there before. It must be a signature's, with the keys such a field has and no
//! action; where its widget may lie is for the page to say.

use super::claims::Claims;
use super::form::{Inherited, Walk};
use super::{ChangeKind, Found};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::MAX_DEPTH;
use crate::pdf::{Dictionary, Object, ObjectId};
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
const OWN: [&[u8]; 9] = [b"V", b"AP", b"MK", b"DR", b"BS", b"Border", b"Lock", b"SV", b"Kids"];

pub(super) fn added(claims: &mut Claims<'_, '_>, walk: &mut Walk, id: ObjectId, inherited: &Inherited, depth: u32) -> Result<()> {
    if depth > MAX_DEPTH {
        return Err(Error::new(ErrorKind::LimitReached).context("depth of the field tree"));
    }
    let object = claims.new.object(id)?;
    let Object::Dictionary(dict) = &object.object else {
        claims.other("a form field was added that is none", vec![id.to_string()]);
        return Ok(());
    };
    let here = inherited.below(claims.new, dict)?;
    let known = dict.iter().all(|(key, _)| KEYS.contains(&key)) && doubtful(dict).is_none();
    if here.kind.as_deref().is_some_and(|kind| kind != b"Sig") || !known {
        claims.other("a form field was added", vec![id.to_string()]);
        return Ok(());
    }
    let kids = claims.new.get_array(dict, b"Kids")?.unwrap_or_default();
    let value = claims.new.get(dict, b"V")?;
    let mut sound = claims.claim_below(id.number, &[]);
    for key in OWN {
        match dict.get(key) {
            Some(value) if key != b"Kids" => sound &= claims.claim_closure(value, &[id.number], &walk.stop)?,
            Some(Object::Reference(kids)) => sound &= claims.claim_below(kids.number, &[id.number]),
            _ => {}
        }
    }
    if !sound {
        claims.other("a signature field was added over objects of the signed document", vec![id.to_string()]);
        return Ok(());
    }
    note_widget(claims, id, dict);
    // Above named fields it is a group, even if it says what kind they are (ISO 32000-2 12.7.4.1): each of them is judged below.
    if value.is_null() && !is_group(claims, &kids)? && (kids.is_empty() || here.kind.is_some()) && !inherited_value(claims, dict)? {
        claims.other("an empty signature field was added", vec![id.to_string()]);
    } else if !value.is_null() {
        let stamp = value.as_dict().is_some_and(|d| d.is_type(b"DocTimeStamp"));
        let (kind, what) = if stamp {
            (ChangeKind::Ltv, "a document time stamp was added")
        } else {
            (ChangeKind::SignatureAdded, "a signature was added")
        };
        let mut found = Found::new(kind, what, vec![id.to_string()]);
        found.signature = Some(here.name.clone());
        if !stamp {
            found.field = Some(here.name.clone());
        }
        claims.found.push(found);
    }
    for kid in kids.iter().filter_map(Object::as_reference) {
        claims.new.document().budget().step(1)?;
        let kid_object = claims.new.object(kid)?;
        match &kid_object.object {
            // A widget without a name belongs to this field.
            Object::Dictionary(widget) if widget.get(b"T").is_none() => {
                let known = widget.iter().all(|(key, _)| KEYS.contains(&key)) && doubtful(widget).is_none();
                let mut sound = known && claims.claim_below(kid.number, &[]);
                for key in OWN {
                    if let Some(value) = widget.get(key) {
                        sound &= claims.claim_closure(value, &[kid.number], &walk.stop)?;
                    }
                }
                if sound {
                    note_widget(claims, kid, widget);
                } else {
                    claims.other("a widget was added over objects of the signed document", vec![kid.to_string()]);
                }
            }
            _ => added(claims, walk, kid, &here, depth + 1)?,
        }
    }
    Ok(())
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

/// Whether a parent holds the value (a widget that is listed as a field).
fn inherited_value(claims: &Claims<'_, '_>, dict: &Dictionary) -> Result<bool> {
    let parent = claims.new.get_dict(dict, b"Parent")?;
    Ok(match parent {
        Some(parent) => !claims.new.get(&parent, b"V")?.is_null(),
        None => false,
    })
}
