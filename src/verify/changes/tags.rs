//! The verify room, changes: the structure tree (ISO 32000-2 14.7). A signature's new widget in a tagged document brings one structure
//! element with one object reference and one entry of the parent tree; these are part of the signature. Anything else there is OTHER:
//! what a reader aloud says is content, too.

use super::claims::{Claims, Delta, Difference, plain_differences};
use crate::error::Result;
use crate::pdf::{Dictionary, Object, ObjectId, number_tree};
use crate::verify::structure::doubtful;
use std::collections::BTreeMap;

/// New elements, each with its number in the parent tree if its widget names one.
type Elements = BTreeMap<u32, Option<i64>>;

/// Keys of an element for a widget (ISO 32000-2 table 355): no /ActualText, /Alt or /E, which speak in the place of what is seen.
const ELEMENT_KEYS: [&[u8]; 8] = [b"Type", b"S", b"P", b"K", b"Pg", b"ID", b"T", b"Lang"];
const REFERENCE_KEYS: [&[u8]; 3] = [b"Type", b"Obj", b"Pg"];

/// Claims what belongs to the new widgets.
pub(super) fn compare(claims: &mut Claims<'_, '_>) -> Result<()> {
    if claims.new_widgets.is_empty() {
        return Ok(());
    }
    let mut elements = Elements::new();
    for number in claims.unclaimed() {
        if claims.delta(number) != Some(Delta::Added) {
            continue;
        }
        let Some(key) = element(claims, number)? else { continue };
        // A number that is taken would lead from marked content to the new element in place of its own.
        let free = match key {
            Some(key) => !elements.values().any(|other| *other == Some(key)) && !is_taken(claims, key)?,
            None => true,
        };
        if free && claims.claim_below(number, &[]) {
            elements.insert(number, key);
        }
    }
    if elements.is_empty() {
        return Ok(());
    }
    for number in claims.unclaimed() {
        if claims.delta(number) == Some(Delta::Modified) && only_grew(claims, number, &elements)? {
            claims.claim(number);
        }
    }
    Ok(())
}

/// Whether the signed revision uses that number, for a page's content or for another object.
fn is_taken(claims: &Claims<'_, '_>, key: i64) -> Result<bool> {
    let root = claims.old.get_dict(&claims.old.catalog()?, b"StructTreeRoot")?.unwrap_or_default();
    match claims.old.get_dict(&root, b"ParentTree")? {
        Some(tree) => number_tree::contains(claims.old, &tree, key),
        None => Ok(false),
    }
}

/// If it is a new element that holds nothing but a reference to a new widget: the number that the widget names.
fn element(claims: &mut Claims<'_, '_>, number: u32) -> Result<Option<Option<i64>>> {
    let object = claims.new.object(ObjectId::new(number, 0))?;
    let Object::Dictionary(dict) = &object.object else { return Ok(None) };
    let known = dict.iter().all(|(key, _)| ELEMENT_KEYS.contains(&key)) && doubtful(dict).is_none();
    if !known || dict.get(b"S").and_then(Object::as_name) != Some(b"Form") || dict.get(b"P").is_none() {
        return Ok(None);
    }
    let mut kid = dict.get(b"K").cloned().unwrap_or(Object::Null);
    if let Object::Array(items) = claims.new.resolve(&kid)? {
        let [only] = items.as_slice() else { return Ok(None) };
        kid = only.clone();
    }
    let reference = claims.new.resolve(&kid)?;
    let Some(reference) = reference.as_dict() else { return Ok(None) };
    let known = reference.is_type(b"OBJR") && reference.iter().all(|(key, _)| REFERENCE_KEYS.contains(&key));
    let widget = reference.get(b"Obj").and_then(Object::as_reference).filter(|id| claims.new_widgets.contains(&id.number));
    let Some(widget) = widget else { return Ok(None) };
    // The reference may be an object of its own.
    let own = kid.as_reference().is_none_or(|id| claims.claim_below(id.number, &[]));
    let object = claims.new.object(widget)?;
    let key = object.object.as_dict().and_then(|widget| widget.get(b"StructParent")).and_then(Object::as_i64);
    Ok((known && own).then_some(key))
}

/// Whether an object of the tree gained nothing but the new elements.
fn only_grew(claims: &Claims<'_, '_>, number: u32, elements: &Elements) -> Result<bool> {
    let id = ObjectId::new(number, 0);
    let (old, new) = (claims.old.object(id)?, claims.new.object(id)?);
    match (&old.object, &new.object) {
        (Object::Dictionary(a), Object::Dictionary(b)) => dictionary_grew(claims, a, b, elements),
        // The array of a node, which only that node refers to.
        (Object::Array(a), Object::Array(b)) => {
            let Some(holders) = claims.referrers(number) else { return Ok(false) };
            let [holder] = holders.as_slice() else { return Ok(false) };
            let holder = claims.old.object(ObjectId::new(*holder, 0))?;
            let Some(holder) = holder.object.as_dict() else { return Ok(false) };
            let here = Some(&Object::Reference(id));
            Ok(if holder.get(b"Nums") == here {
                entries_grew(a, b, elements)
            } else {
                is_structure(holder) && holder.get(b"K") == here && kids_grew(a, b, elements)
            })
        }
        _ => Ok(false),
    }
}

/// The root or an element of the tree.
fn is_structure(dict: &Dictionary) -> bool {
    dict.is_type(b"StructTreeRoot")
        || dict.is_type(b"StructElem")
        || (dict.get(b"S").is_some() && dict.get(b"P").is_some() && dict.get(b"Type").is_none())
}

fn dictionary_grew(claims: &Claims<'_, '_>, a: &Dictionary, b: &Dictionary, elements: &Elements) -> Result<bool> {
    if doubtful(b).is_some() {
        return Ok(false);
    }
    let list = |object: &Object| match object {
        Object::Null => Vec::new(),
        Object::Array(items) => items.clone(),
        other => vec![other.clone()],
    };
    let node = a.get(b"Nums").is_some() && a.get(b"S").is_none();
    for Difference { key, before, after } in plain_differences(a, b) {
        let fits = match key.as_slice() {
            b"K" => is_structure(a) && kids_grew(&list(&before), &list(&after), elements),
            b"ParentTreeNextKey" => {
                let count = |n: &Object| n.as_i64().unwrap_or(0);
                a.is_type(b"StructTreeRoot") && count(&after) >= count(&before)
            }
            // A tree of one direct node.
            b"ParentTree" => match (&before, &after) {
                (Object::Dictionary(x), Object::Dictionary(y)) if a.is_type(b"StructTreeRoot") => dictionary_grew(claims, x, y, elements)?,
                _ => false,
            },
            b"Nums" => node && entries_grew(&list(&before), &list(&after), elements),
            b"Limits" => (node || a.get(b"Kids").is_some()) && a.get(b"S").is_none() && limits_grew(claims, &before, &after)?,
            _ => false,
        };
        if !fits {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The lower limit stays and the upper one goes beyond every number of the signed revision: no number that was found is lost.
fn limits_grew(claims: &Claims<'_, '_>, before: &Object, after: &Object) -> Result<bool> {
    let (Some([low, high]), Some([new_low, new_high])) = (before.as_array(), after.as_array()) else { return Ok(false) };
    let root = claims.old.get_dict(&claims.old.catalog()?, b"StructTreeRoot")?.unwrap_or_default();
    let Some(tree) = claims.old.get_dict(&root, b"ParentTree")? else { return Ok(false) };
    let branch = number_tree::last_branch(claims.old, (None, tree))?;
    let highest = branch.last().map(|(_, leaf)| number_tree::highest(claims.old, leaf)).transpose()?.flatten();
    let grew = high.as_i64().max(highest) < new_high.as_i64();
    Ok(low == new_low && grew)
}

/// Every kid stays in its order; the others are new elements.
fn kids_grew(before: &[Object], after: &[Object], elements: &Elements) -> bool {
    let mut old = before.iter().peekable();
    for kid in after {
        if old.peek() == Some(&kid) {
            old.next();
        } else if !kid.as_reference().is_some_and(|id| elements.contains_key(&id.number)) {
            return false;
        }
    }
    old.next().is_none()
}

/// The same of a number tree's pairs.
fn entries_grew(before: &[Object], after: &[Object], elements: &Elements) -> bool {
    let mut old = before.chunks(2).peekable();
    for pair in after.chunks(2) {
        if old.peek() == Some(&pair) {
            old.next();
        } else {
            let key = pair.first().and_then(Object::as_i64);
            let element = pair.get(1).and_then(Object::as_reference).and_then(|id| elements.get(&id.number));
            if key.is_none() || element != Some(&key) {
                return false;
            }
        }
    }
    old.next().is_none()
}
