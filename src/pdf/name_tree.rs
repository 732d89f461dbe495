//! The PDF room: name trees (ISO 32000-2 7.9.6). Takes a root, gives its names in order; a tree that names something twice, has no end or is huge is
//! damaged.

use super::document::View;
use super::object::{Dictionary, Object, ObjectId};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::MAX_DEPTH;
use std::collections::{BTreeMap, HashSet};

/// Most names that are read.
const MAX_NAMES: usize = 10_000;

fn damaged() -> Error {
    Error::new(ErrorKind::PdfDamaged).context("a name tree")
}

/// Every name of the tree with its value, as it stands there.
///
/// # Errors
/// [`ErrorKind::PdfDamaged`]; [`ErrorKind::LimitReached`] for more than 10,000 names; as [`View::object`].
pub fn names(view: View<'_>, root: &Dictionary) -> Result<BTreeMap<Vec<u8>, Object>> {
    let mut found = BTreeMap::new();
    let mut seen: HashSet<ObjectId> = HashSet::new();
    let mut open = vec![(root.clone(), 0)];
    while let Some((node, depth)) = open.pop() {
        view.document().budget().step(1)?;
        if depth > MAX_DEPTH {
            return Err(damaged());
        }
        for pair in view.get_array(&node, b"Names")?.unwrap_or_default().chunks(2) {
            view.document().budget().step(1)?;
            let [name, value] = pair else { return Err(damaged()) };
            let name = view.resolve(name)?.as_string().ok_or_else(damaged)?.to_vec();
            if found.insert(name, value.clone()).is_some() {
                return Err(damaged());
            }
            if found.len() > MAX_NAMES {
                return Err(Error::new(ErrorKind::LimitReached).context("names of a tree"));
            }
        }
        for kid in view.get_array(&node, b"Kids")?.unwrap_or_default() {
            view.document().budget().step(1)?;
            if kid.as_reference().is_some_and(|id| !seen.insert(id)) {
                return Err(damaged());
            }
            let Object::Dictionary(kid) = view.resolve(&kid)? else { return Err(damaged()) };
            open.push((kid, depth + 1));
        }
    }
    Ok(found)
}
