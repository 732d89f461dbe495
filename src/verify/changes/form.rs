//! The verify room, changes: the form and its fields (ISO 32000-2 12.7). Fields are matched by object; one that was there may be filled or
//! signed, one that is new must be a signature's.

use super::claims::{Claims, Delta};
use super::{ChangeKind, Found, page, widget};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::MAX_DEPTH;
use crate::pdf::{Dictionary, Object, ObjectId, Rect, View};
use crate::verify::locate::text;
use crate::verify::structure::doubtful;
use std::collections::BTreeSet;

/// What a field may change when its value does.
const FILL_KEYS: [&[u8]; 8] = [b"V", b"AS", b"AP", b"I", b"M", b"RV", b"MK", b"DA"];
/// What a signature field may change when it is signed.
const SIGN_KEYS: [&[u8]; 8] = [b"V", b"AP", b"F", b"M", b"AS", b"MK", b"DA", b"Lock"];

pub(super) fn compare(claims: &mut Claims<'_, '_>, root: ObjectId, a: &Dictionary, b: &Dictionary) -> Result<()> {
    let (old, new) = (claims.old.get_dict(a, b"AcroForm")?, claims.new.get_dict(b, b"AcroForm")?);
    let Some(new) = new else {
        if old.is_some() {
            claims.other("the form was removed", vec!["/Root/AcroForm".into()]);
        }
        return Ok(());
    };
    let fresh = old.is_none();
    let old = old.unwrap_or_default();
    let owner = b.get(b"AcroForm").and_then(Object::as_reference).map_or(root.number, |id| id.number);
    claims.claim_below(owner, &[root.number]);
    if owner != root.number && a.get(b"AcroForm") != b.get(b"AcroForm") && !fresh && claims.delta(owner) != Some(Delta::Added) {
        claims.other("the form was replaced by an object that was there before", vec!["/Root/AcroForm".into()]);
    }
    if doubtful(&new).is_some() {
        claims.other("the form has a doubtful key", vec!["/Root/AcroForm".into()]);
    }
    for (key, before, after) in claims.differences(&old, &new) {
        let path = format!("/Root/AcroForm/{}", String::from_utf8_lossy(&key));
        let harmless = match key.as_slice() {
            b"Fields" => true,
            b"SigFlags" => {
                let (x, y) = (before.as_i64().unwrap_or(0), claims.new.resolve(&after)?.as_i64().unwrap_or(-1));
                (0..=3).contains(&y) && x & y == x
            }
            b"DA" => before.is_null() && matches!(after, Object::String(_)),
            b"DR" => grown(claims, &before, &after, owner)?,
            // Fields that are not there have no appearance to lose.
            b"NeedAppearances" => fresh && after == Object::Boolean(false),
            _ => false,
        };
        if !harmless {
            claims.other("the form was changed", vec![path]);
        }
    }
    if let Some(id) = new.get(b"Fields").and_then(Object::as_reference) {
        claims.claim_below(id.number, &[owner]);
    }
    let (before, after) = (claims.old.get_array(&old, b"Fields")?, claims.new.get_array(&new, b"Fields")?);
    let mut walk = Walk { seen: BTreeSet::new(), locked: Vec::new(), stop: BTreeSet::from([root.number]) };
    walk.kids(claims, &before.unwrap_or_default(), &after.unwrap_or_default(), &Inherited::default(), 0)?;
    if !claims.found.iter().any(|found| found.signature.is_some()) {
        for id in walk.locked {
            claims.other("a form field was locked without a signature", vec![id.to_string()]);
        }
    }
    Ok(())
}

/// Whether every entry of the old resources stands in the new ones unchanged: an addition alters no appearance. Claims the additions
/// alone: a font that was there and is another now draws other letters, though its name and number stay.
fn grown(claims: &mut Claims<'_, '_>, before: &Object, after: &Object, owner: u32) -> Result<bool> {
    let (old, new) = (claims.old.resolve(before)?, claims.new.resolve(after)?);
    let Some(new) = new.as_dict() else { return Ok(false) };
    let empty = Dictionary::new();
    let old = match &old {
        Object::Null => &empty,
        Object::Dictionary(old) => old,
        _ => return Ok(false),
    };
    if doubtful(new).is_some() || old.iter().any(|(category, _)| new.get(category).is_none()) {
        return Ok(false);
    }
    let mut sound = true;
    let mut place = vec![owner];
    if let Some(id) = after.as_reference() {
        sound &= claims.claim_below(id.number, &place);
        place = vec![id.number];
    }
    for (category, value) in new.iter() {
        let (a, b) = (claims.old.get(old, category)?, claims.new.resolve(value)?);
        let mut below = place.clone();
        if let Some(id) = value.as_reference() {
            sound &= claims.claim_below(id.number, &place);
            below = vec![id.number];
        }
        match (&a, &b) {
            (Object::Null | Object::Dictionary(_), Object::Dictionary(b)) => {
                let a = a.as_dict().unwrap_or(&empty);
                sound &= b.duplicate().is_none() && a.iter().all(|(name, value)| b.get(name) == Some(value));
                for (_, added) in b.iter().filter(|(name, _)| a.get(name).is_none()) {
                    // A new name for an old object does not make its change an addition.
                    let old = added.as_reference().and_then(|id| claims.delta(id.number)).is_some_and(|delta| delta != Delta::Added);
                    sound &= !old && claims.claim_closure(added, &below, &BTreeSet::new())?;
                }
            }
            (Object::Null, Object::Array(_)) => {}
            _ => sound &= a == b,
        }
    }
    Ok(sound)
}

/// Annotation flags (ISO 32000-2 table 167) under which a widget comes to be seen, or to lie elsewhere.
fn moves_or_shows(before: &Object, after: &Object) -> bool {
    const INVISIBLE_HIDDEN_NO_VIEW: i64 = 0b10_0011;
    const NO_ZOOM_NO_ROTATE: i64 = 0b1_1000;
    let (a, b) = (before.as_i64().unwrap_or(0), after.as_i64().unwrap_or(i64::MAX));
    (a & !b & INVISIBLE_HIDDEN_NO_VIEW) != 0 || (a ^ b) & NO_ZOOM_NO_ROTATE != 0
}

/// Whether the widget has no area.
fn is_invisible(claims: &Claims<'_, '_>, widget: &Dictionary) -> Result<bool> {
    let corners = claims.old.get_array(widget, b"Rect")?.unwrap_or_default();
    let corners = corners.iter().map(|n| claims.old.resolve(n)).collect::<Result<Vec<_>>>()?;
    Ok(Rect::from_array(&corners).is_none_or(Rect::is_empty))
}

/// Field flags (ISO 32000-2 table 227) that differ in nothing but ReadOnly being set.
fn only_locked(before: &Object, after: &Object) -> bool {
    after.as_i64() == Some(before.as_i64().unwrap_or(0) | 1)
}

/// What a field takes from its parents.
#[derive(Clone, Default)]
pub(super) struct Inherited {
    pub(super) name: String,
    pub(super) kind: Option<Vec<u8>>,
    /// Whether the parent's value changed.
    filled: bool,
    /// Whether the parent is a signature field that was empty and is signed: its widgets may get their look.
    signed_now: bool,
}

impl Inherited {
    /// With what `dict` itself says.
    pub(super) fn below(&self, view: View<'_>, dict: &Dictionary) -> Result<Inherited> {
        let name = match view.get(dict, b"T")?.as_string() {
            Some(partial) if self.name.is_empty() => text(partial),
            Some(partial) => format!("{}.{}", self.name, text(partial)),
            None => self.name.clone(),
        };
        let kind = view.get(dict, b"FT")?.as_name().map(<[u8]>::to_vec).or_else(|| self.kind.clone());
        Ok(Inherited { name, kind, filled: self.filled, signed_now: self.signed_now })
    }
}

pub(super) struct Walk {
    seen: BTreeSet<u32>,
    /// Fields that became read-only, which only a signature may do to them.
    locked: Vec<ObjectId>,
    /// Numbers that no closure may enter.
    pub(super) stop: BTreeSet<u32>,
}

impl Walk {
    fn kids(&mut self, claims: &mut Claims<'_, '_>, before: &[Object], after: &[Object], inherited: &Inherited, depth: u32) -> Result<()> {
        if depth > MAX_DEPTH {
            return Err(Error::new(ErrorKind::LimitReached).context("depth of the field tree"));
        }
        let kept: BTreeSet<ObjectId> = before.iter().filter_map(Object::as_reference).collect();
        let now: BTreeSet<ObjectId> = after.iter().filter_map(Object::as_reference).collect();
        for gone in kept.difference(&now) {
            claims.other("a form field was removed", vec![gone.to_string()]);
        }
        let direct = |list: &[Object]| list.iter().filter(|o| o.as_reference().is_none()).cloned().collect::<Vec<_>>();
        if direct(before) != direct(after) {
            claims.other("a form field was changed", vec!["/Root/AcroForm/Fields".into()]);
        }
        for id in after.iter().filter_map(Object::as_reference) {
            claims.new.document().budget().step(1)?;
            if !self.seen.insert(id.number) {
                continue;
            }
            if kept.contains(&id) {
                self.field(claims, id, inherited, depth)?;
            } else {
                widget::added(claims, self, id, inherited, depth)?;
            }
        }
        Ok(())
    }

    /// A field that was there before.
    fn field(&mut self, claims: &mut Claims<'_, '_>, id: ObjectId, inherited: &Inherited, depth: u32) -> Result<()> {
        let (a, b) = (claims.old.object(id)?, claims.new.object(id)?);
        let (Object::Dictionary(a), Object::Dictionary(b)) = (&a.object, &b.object) else {
            // A number that was free and is a field of the signed form all the same: it comes alive now.
            return Ok(());
        };
        let mut here = inherited.below(claims.old, a)?;
        let differences = claims.differences(a, b);
        let signing = here.kind.as_deref() == Some(b"Sig");
        let old_value = claims.old.get(a, b"V")?;
        let new_value = claims.new.get(b, b"V")?;
        let signed_now = signing && (here.signed_now || old_value.is_null() && !new_value.is_null());
        let allowed: &[&[u8]] = if signed_now {
            &SIGN_KEYS
        } else if signing {
            &[]
        } else {
            &FILL_KEYS
        };
        let mut sound = true;
        if doubtful(b).is_some() && doubtful(a).is_none() {
            // One viewer shows the first value, another the second.
            sound = false;
            claims.other("a form field has a doubtful key", vec![id.to_string()]);
        }
        let mut changed = false;
        for (key, before_value, after_value) in &differences {
            if key == b"Kids" {
                continue;
            }
            let fits = match key.as_slice() {
                // Hidden in the signed revision, seen now; or no longer where its rectangle is: not what the signer was shown.
                b"F" => allowed.contains(&&b"F"[..]) && (!moves_or_shows(before_value, after_value) || is_invisible(claims, a)?),
                // Ff: a signature that locks fields makes them read-only; nothing looks different.
                b"Ff" => only_locked(before_value, after_value),
                other => allowed.contains(&other),
            };
            if key == b"Ff" && fits {
                self.locked.push(id);
                continue;
            }
            changed = true;
            if !fits {
                sound = false;
                claims.other("a form field was changed", vec![id.to_string(), format!("/{}", String::from_utf8_lossy(key))]);
            }
        }
        // Values behind references: the object of a value or an appearance may be touched where the field itself is not.
        let before = claims.unclaimed().len();
        if !signing || signed_now {
            for key in [&b"V"[..], b"AP", b"RV", b"Lock"] {
                if let Some(value) = b.get(key)
                    && (key != b"Lock" || a.get(key).is_none())
                {
                    sound &= claims.claim_closure(value, &[id.number], &self.stop)?;
                }
            }
        }
        changed |= claims.unclaimed().len() != before;
        let value_changed = old_value != new_value || differences.iter().any(|(key, _, _)| key == b"AS");
        if claims.delta(id.number) == Some(Delta::Modified) {
            // Every difference is reported on its own.
            claims.claim(id.number);
        }
        if signed_now && !page::looks_are_bounded(claims, b)? {
            sound = false;
            claims.other("a signature's look has no bounds", vec![id.to_string()]);
        }
        if changed && sound {
            if here.signed_now {
                // The parent's signature is the change; this is one of its widgets.
            } else if signed_now {
                let kind = if new_value.as_dict().is_some_and(|d| d.is_type(b"DocTimeStamp")) {
                    ChangeKind::Ltv
                } else {
                    ChangeKind::SignatureAdded
                };
                let mut found = Found::new(kind, "an empty field was signed", vec![id.to_string()]);
                found.signature = Some(here.name.clone());
                claims.found.push(found);
            } else if value_changed || here.filled {
                let shown = |o: &Object| o.as_string().map(text).or_else(|| o.as_name().map(|n| String::from_utf8_lossy(n).into_owned()));
                let mut found = Found::new(ChangeKind::FormFilled, format!("field {}", here.name), vec![id.to_string()]);
                (found.entry.old, found.entry.new) = (shown(&old_value), shown(&new_value));
                found.field = Some(here.name.clone());
                claims.found.push(found);
            } else {
                // An appearance that changes without its value shows something else than the form holds.
                claims.other("a field's appearance was changed, not its value", vec![id.to_string()]);
            }
        }
        here.filled |= value_changed;
        here.signed_now |= signed_now;
        let (kids_before, kids_after) = (claims.old.get_array(a, b"Kids")?, claims.new.get_array(b, b"Kids")?);
        if kids_before.is_some() || kids_after.is_some() {
            if let Some(kids) = b.get(b"Kids").and_then(Object::as_reference) {
                claims.claim_below(kids.number, &[id.number]);
            }
            self.kids(claims, &kids_before.unwrap_or_default(), &kids_after.unwrap_or_default(), &here, depth + 1)?;
        }
        Ok(())
    }
}
