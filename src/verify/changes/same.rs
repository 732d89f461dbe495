//! The verify room, changes: when two values are the same. Takes values of two revisions, gives yes or no. Stricter than equality: what
//! one viewer could read otherwise than another (a key twice, a standard key behind an escape) is never the same as what is plain.

use crate::error::Result;
use crate::limits::MAX_DEPTH;
use crate::pdf::{Dictionary, Object, View};
use crate::switch::{Check, on};
use crate::verify::structure::doubtful;

/// Whether two objects say the same to every viewer; streams by their stored bytes.
pub(super) fn same(old: View<'_>, a: &Object, new: View<'_>, b: &Object) -> Result<bool> {
    match (a, b) {
        (Object::Stream(x), Object::Stream(y)) => {
            Ok(same_dictionary(&x.dict, &y.dict, &[b"Length"]) && old.stored_data(x)? == new.stored_data(y)?)
        }
        (a, b) => Ok(same_value(a, b)),
    }
}

/// The same for values without streams, references by their numbers.
pub(super) fn same_value(a: &Object, b: &Object) -> bool {
    match (a, b) {
        (Object::Dictionary(x), Object::Dictionary(y)) => same_dictionary(x, y, &[]),
        (Object::Array(x), Object::Array(y)) => x.len() == y.len() && x.iter().zip(y).all(|(a, b)| same_value(a, b)),
        (a, b) => a == b,
    }
}

fn same_dictionary(a: &Dictionary, b: &Dictionary, but: &[&[u8]]) -> bool {
    // An attacker would sign a key that stands twice with one value, and later change the second: one viewer takes the first, another the
    // last.
    if on(Check::KeysTwiceDiffer) && (a.duplicate().is_some() || b.duplicate().is_some()) {
        let (x, y) = (a.entries(), b.entries());
        return a.len() == b.len() && x.zip(y).all(|(x, y)| x.key == y.key && x.escaped == y.escaped && same_value(&x.value, &y.value));
    }
    if doubtful(b).is_some() && doubtful(a).is_none() {
        return false;
    }
    let counted = |dict: &Dictionary| dict.iter().filter(|(key, value)| !value.is_null() && !but.contains(key)).count();
    counted(a) == counted(b)
        && a.iter()
            .filter(|(key, value)| !value.is_null() && !but.contains(key))
            .all(|(key, value)| b.get(key).is_some_and(|other| same_entry(key, value, other)))
}

/// Keys of boxes and matrices, whose numbers may be integers or reals (ISO 32000-2 7.3.3, 7.9.5): a writer that puts down 612 for 612.0 has
/// changed nothing. Of no other key: where an integer is asked for, `/Rotate 90.0` turns no page, and `/Rotate 90` does.
const BOXES: [&[u8]; 8] = [b"MediaBox", b"CropBox", b"BleedBox", b"TrimBox", b"ArtBox", b"Rect", b"BBox", b"Matrix"];

/// The same for the values of one key.
pub(super) fn same_entry(key: &[u8], a: &Object, b: &Object) -> bool {
    if let (true, Object::Array(x), Object::Array(y)) = (BOXES.contains(&key), a, b) {
        let alike = |(a, b): (&Object, &Object)| a.as_f64().is_some() && a.as_f64() == b.as_f64() || same_value(a, b);
        return x.len() == y.len() && x.iter().zip(y).all(alike);
    }
    same_value(a, b)
}

/// Whether a value was only put elsewhere: into an object of its own, out of one, or into another. Dictionaries that are known by their
/// number (a layer that is switched off by its reference, a field, a page) are the same only where they stand; a direct one has no number to
/// be known by.
pub(super) fn moved(old: View<'_>, a: &Object, new: View<'_>, b: &Object, numbers: &mut Vec<u32>, depth: u32) -> Result<bool> {
    new.document().budget().step(1)?;
    if a == b && !matches!(a, Object::Dictionary(_) | Object::Array(_)) {
        return Ok(true);
    }
    if depth > MAX_DEPTH / 4 {
        return Ok(false);
    }
    let (x, y) = (old.resolve(a)?, new.resolve(b)?);
    numbers.extend(b.as_reference().map(|id| id.number));
    match (&x, &y) {
        (Object::Dictionary(x), Object::Dictionary(y)) => {
            let anonymous =
                a.as_reference().is_none() || x.get(b"Type").and_then(Object::as_name).is_some_and(|kind| ANONYMOUS.contains(&kind));
            if !anonymous || x.len() != y.len() || x.duplicate().is_some() || doubtful(y).is_some() {
                return Ok(false);
            }
            for (key, value) in x.iter() {
                let Some(other) = y.get(key) else { return Ok(false) };
                if !moved(old, value, new, other, numbers, depth + 1)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Object::Array(x), Object::Array(y)) => {
            if x.len() != y.len() {
                return Ok(false);
            }
            for (value, other) in x.iter().zip(y) {
                if !moved(old, value, new, other, numbers, depth + 1)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Object::Stream(_), _) | (_, Object::Stream(_)) => same(old, &x, new, &y),
        (x, y) => Ok(x == y),
    }
}

/// Dictionaries that nothing tells apart by their number.
const ANONYMOUS: [&[u8]; 4] = [b"Font", b"FontDescriptor", b"ExtGState", b"Encoding"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Budget;
    use crate::pdf::Parser;

    fn value(text: &str) -> Object {
        Parser::new(text.as_bytes(), 0, &Budget::for_len(0)).object().unwrap()
    }

    #[test]
    fn a_key_that_stands_twice_is_the_same_only_as_it_stands() {
        let twice = value("<</F<</A 1/A 1>>>>");
        assert!(same_value(&twice, &value("<</F<</A 1/A 1>>>>")));
        for other in ["<</F<</A 1/A 2>>>>", "<</F<</A 1/B 2>>>>", "<</F<</A 1>>>>", "<</F<</A 1/#41 1>>>>"] {
            assert!(!same_value(&twice, &value(other)), "{other}");
            assert!(!same_value(&value(other), &twice), "{other}");
        }
    }

    #[test]
    fn order_and_nulls_are_nothing_and_hidden_keys_are_something() {
        assert!(same_value(&value("<</A 1/B[2(x)]>>"), &value("<</B[2<78>]/A 1/C null>>")));
        assert!(!same_value(&value("<</Contents 1>>"), &value("<</Cont#65nts 1>>")));
        assert!(same_value(&value("<</Font1 1>>"), &value("<</Fon#741 1>>")));
        assert!(!same_value(&value("[1 2]"), &value("[2 1]")));
    }

    #[test]
    fn boxes_are_numbers_of_either_kind_and_nothing_else_is() {
        let page = value("<</MediaBox[0 0 612.0 792.00]/Rotate 90.0>>");
        assert!(same_value(&page, &value("<</MediaBox[0.0 0 612 792]/Rotate 90.0>>")));
        assert!(!same_value(&page, &value("<</MediaBox[0.0 0 612 792]/Rotate 90>>")));
        assert!(!same_value(&page, &value("<</MediaBox[0 0 612 792.5]/Rotate 90.0>>")));
        assert!(!same_value(&page, &value("<</MediaBox[0 0 612]/Rotate 90.0>>")));
        assert!(!same_value(&value("<</Size[2.0]>>"), &value("<</Size[2]>>")));
    }
}
