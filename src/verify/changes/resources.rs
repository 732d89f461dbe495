//! The verify room, changes: the form's resources `/DR` (ISO 32000-2 12.7.3). Signers add the font of their look there. An addition is
//! harmless as long as nothing that the signed revision shows was waiting for it.

use super::claims::{Claims, Delta};
use super::drawn::{Drawn, by_form};
use crate::error::Result;
use crate::pdf::{Dictionary, Lexer, Object, Token};
use crate::verify::structure::doubtful;
use std::collections::BTreeSet;

/// Whether every entry of the old resources stands in the new ones unchanged: an addition alters no appearance. Claims the additions
/// alone: a font that was there and is another now draws other letters, though its name and number stay.
pub(super) fn grown(claims: &mut Claims<'_, '_>, before: &Object, after: &Object, owner: u32) -> Result<bool> {
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

/// Whether the resources of a form, or one of the lists in them, are an object that changed.
pub(super) fn is_touched(claims: &Claims<'_, '_>, form: &Dictionary) -> Result<bool> {
    let touched = |value: &Object| value.as_reference().is_some_and(|id| claims.delta(id.number).is_some());
    let Some(value) = form.get(b"DR") else { return Ok(false) };
    Ok(touched(value) || claims.new.resolve(value)?.as_dict().is_some_and(|lists| lists.iter().any(|(_, list)| touched(list))))
}

/// Whether no field or note of the signed revision is shown through a name that is new: a viewer that found nothing under that name drew
/// the value in a font of its choice, and now draws it in the attacker's, with other letters for the same codes.
pub(super) fn is_unseen(claims: &Claims<'_, '_>, form: &Dictionary, before: &Object, after: &Object) -> Result<bool> {
    let names = |view: crate::pdf::View<'_>, resources: &Object| -> Result<BTreeSet<Vec<u8>>> {
        let mut names = BTreeSet::new();
        if let Object::Dictionary(resources) = view.resolve(resources)? {
            for (_, category) in resources.iter() {
                if let Object::Dictionary(category) = view.resolve(category)? {
                    names.extend(category.iter().map(|(name, _)| name.to_vec()));
                }
            }
        }
        Ok(names)
    };
    let known = names(claims.old, before)?;
    let added: BTreeSet<Vec<u8>> = names(claims.new, after)?.into_iter().filter(|name| !known.contains(name)).collect();
    if added.is_empty() {
        return Ok(true);
    }
    // A colour space of this name takes the place of the plain ones (ISO 32000-2 8.6.5.6): it is named by none and used by all.
    if DEFAULTS.iter().any(|name| added.contains(*name)) {
        return Ok(false);
    }
    let default = claims.old.get(form, b"DA")?;
    let default = default.as_string().unwrap_or_default();
    let mut unseen = true;
    by_form(claims.old, form, |drawn| {
        unseen &= match drawn {
            Drawn::Look(content) | Drawn::Own(content) => !mentions(content, &added),
            Drawn::Default => !mentions(default, &added),
            Drawn::Unknown => false,
        };
    })?;
    Ok(unseen)
}

/// Whether nothing of the signed revision is drawn by the default appearance that its form did not have yet: white letters would hide a value.
pub(super) fn is_unasked(claims: &Claims<'_, '_>, form: &Dictionary) -> Result<bool> {
    let mut unasked = true;
    by_form(claims.old, form, |drawn| unasked &= !matches!(drawn, Drawn::Default | Drawn::Unknown))?;
    Ok(unasked)
}

const DEFAULTS: [&[u8]; 3] = [b"DefaultGray", b"DefaultRGB", b"DefaultCMYK"];

fn mentions(content: &[u8], names: &BTreeSet<Vec<u8>>) -> bool {
    let mut lexer = Lexer::new(content);
    loop {
        match lexer.next_token() {
            Token::Eof => return false,
            Token::Name { bytes, .. } if names.contains(&*bytes) => return true,
            _ => {}
        }
    }
}
