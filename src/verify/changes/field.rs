//! The verify room, changes: a form field that was there before. It may be filled, with the look of its new value, or be signed if it was an
//! empty signature field. Its place, name, kind, flags and actions stay.

use super::Found;
use super::claims::{Claims, Delta};
use super::form::{Inherited, Walk};
use super::rule::Rule;
use super::same::same_value;
use super::widget::{self, is_stamp, looks_are_bounded};
use crate::error::Result;
use crate::pdf::{Dictionary, Object, ObjectId, Rect};
use crate::verify::structure::doubtful;

/// What a field may change when its value does.
const FILL_KEYS: [&[u8]; 8] = [b"V", b"AS", b"AP", b"I", b"M", b"RV", b"MK", b"DA"];
/// What a signature field may change when it is signed.
const SIGN_KEYS: [&[u8]; 8] = [b"V", b"AP", b"F", b"M", b"AS", b"MK", b"DA", b"Lock"];
/// A button without a value of its own (ISO 32000-2 table 229, Pushbutton).
const PUSHBUTTON: i64 = 1 << 16;

pub(super) fn compare(
    claims: &mut Claims<'_, '_>,
    walk: &mut Walk,
    id: ObjectId,
    path: String,
    inherited: &Inherited,
    depth: u32,
) -> Result<()> {
    let (a, b) = (claims.old.object(id)?, claims.new.object(id)?);
    let (Object::Dictionary(a), Object::Dictionary(b)) = (&a.object, &b.object) else {
        // A number that was free and is a field of the signed form all the same: it comes alive now.
        return Ok(());
    };
    let mut here = inherited.below(claims.old, id, a)?;
    let signing = here.kind.as_deref() == Some(b"Sig");
    let (old_value, new_value) = (claims.old.get(a, b"V")?, claims.new.get(b, b"V")?);
    let signed_now = signing && (here.signed_now || old_value.is_null() && !new_value.is_null());
    let allowed: &[&[u8]] = match (signed_now, signing) {
        (true, _) => &SIGN_KEYS,
        (false, true) => &[],
        (false, false) => &FILL_KEYS,
    };
    if doubtful(b).is_some() && doubtful(a).is_none() {
        // One viewer shows the first value, another the second.
        claims.report(Found::new(Rule::FieldKeyDoubtful).at(path.clone()).object(id));
    }
    let mut changed = false;
    for difference in claims.differences(id.number, a, b)? {
        let (key, before, after) = (difference.key.as_slice(), &difference.before, &difference.after);
        let rule = match key {
            b"Kids" => continue,
            // A signature that locks fields makes them read-only; nothing looks different.
            b"Ff" if only_locked(here.flags, after) => {
                walk.locked.push((id, format!("{path}/Ff")));
                continue;
            }
            // Hidden in the signed revision, seen now; or no longer where its rectangle is: not what the signer was shown.
            b"F" if allowed.contains(&key) => {
                // The flags may be a number of their own: hidden is hidden.
                let flags = claims.old.resolve(before)?;
                (moves_or_shows(&flags, after) && !is_invisible(claims, a)?).then_some(Rule::FieldShown)
            }
            _ => (!allowed.contains(&key)).then_some(Rule::FieldEntryChanged),
        };
        match rule {
            None => changed = true,
            Some(rule) => {
                let path = format!("{path}/{}", String::from_utf8_lossy(key));
                let page = claims.page_of(id, a)?;
                claims.report(Found::new(rule).at(path).object(id).page(page).values(before, after));
            }
        }
    }
    // Values behind references: the object of a value or an appearance may be touched where the field itself is not.
    let claimed = claims.claimed();
    let mut own = true;
    if !signing || signed_now {
        for key in [&b"V"[..], b"AP", b"RV", b"Lock"] {
            if let Some(value) = b.get(key)
                && (key != b"Lock" || a.get(key).is_none())
            {
                own &= claims.claim_closure(value, &[id.number], &walk.stop)?;
            }
        }
    }
    changed |= claims.claimed() != claimed;
    let value_changed = !same_value(&old_value, &new_value);
    let modified = claims.delta(id.number) == Some(Delta::Modified);
    if modified {
        // Every difference is reported on its own.
        claims.claim(id.number);
    }
    if modified || changed {
        claims.check_role(id.number, &path)?;
    }
    if !own {
        claims.report(Found::new(Rule::FieldLookShared).at(path.clone()).object(id));
    }
    if changed {
        let page = claims.page_of(id, a)?;
        if !looks_are_bounded(claims, b)? {
            let rule = if signed_now { Rule::SignatureLookUnbounded } else { Rule::FieldLookUnbounded };
            claims.report(Found::new(rule).at(format!("{path}/AP")).object(id).page(page));
        }
        let found = |rule| Found::new(rule).object(id).page(page);
        let button = here.kind.as_deref() == Some(b"Btn") && here.flags & PUSHBUTTON != 0;
        if here.signed_now {
            // The parent's signature is the change; this is one of its widgets.
        } else if signed_now {
            let stamp = is_stamp(claims, &new_value)? && widget::is_invisible(claims, b)?;
            let rule = if stamp { Rule::TimestampAdded } else { Rule::FieldSigned };
            claims.report(found(rule).at(format!("{path}/V")).more(&here.name).signature(&here.name));
        } else if (value_changed || here.filled) && !button {
            let filled = found(Rule::FieldFilled).at(format!("{path}/V")).more(&here.name).field(&here.name);
            claims.report(filled.values(&old_value, &new_value));
        } else {
            // An appearance that changes without its value shows something else than the form holds.
            claims.report(found(Rule::FieldLookChanged).at(format!("{path}/AP")));
        }
    }
    here.filled |= value_changed;
    here.signed_now |= signed_now;
    here.path = format!("{path}/Kids");
    let (kids_before, kids_after) = (claims.old.get_array(a, b"Kids")?, claims.new.get_array(b, b"Kids")?);
    if kids_before.is_some() || kids_after.is_some() {
        if let Some(kids) = b.get(b"Kids").and_then(Object::as_reference) {
            claims.claim_below(kids.number, &[id.number]);
        }
        walk.kids(claims, &kids_before.unwrap_or_default(), &kids_after.unwrap_or_default(), &here, depth + 1)?;
    }
    Ok(())
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

/// Field flags (ISO 32000-2 table 227) that differ in nothing but ReadOnly being set. `before` are those that hold, be they a parent's or a number of their own:
/// an attacker would lock a password field and thereby make it show its text.
fn only_locked(before: i64, after: &Object) -> bool {
    after.as_i64() == Some(before | 1)
}
