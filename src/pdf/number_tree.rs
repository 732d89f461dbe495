//! The PDF room: number trees (ISO 32000-2 7.9.7). Takes a root, gives whether a number is in it, and the way to its last leaf, where a
//! higher number goes. Follows one branch; never reads the whole tree.

use super::document::View;
use super::object::{Dictionary, Object, ObjectId};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::MAX_DEPTH;

fn damaged() -> Error {
    Error::new(ErrorKind::PdfDamaged).context("a number tree")
}

/// A node, and the object it is; `None` for a root that stands inside another object.
pub type Node = (Option<ObjectId>, Dictionary);

/// From the root to the last leaf.
///
/// # Errors
/// [`ErrorKind::PdfDamaged`] if a node is none or the tree has no end; as [`View::object`].
pub fn last_branch(view: View<'_>, root: Node) -> Result<Vec<Node>> {
    let mut branch = vec![root];
    loop {
        let node = &branch.last().ok_or_else(damaged)?.1;
        let Some(kids) = view.get_array(node, b"Kids")?.filter(|kids| !kids.is_empty()) else { return Ok(branch) };
        if branch.len() >= MAX_DEPTH as usize {
            return Err(damaged());
        }
        let Some(Object::Reference(id)) = kids.last() else { return Err(damaged()) };
        let Object::Dictionary(kid) = &view.object(*id)?.object else { return Err(damaged()) };
        branch.push((Some(*id), kid.clone()));
    }
}

/// The highest number of a leaf, if it has any.
///
/// # Errors
/// As [`View::object`].
pub fn highest(view: View<'_>, leaf: &Dictionary) -> Result<Option<i64>> {
    let numbers = view.get_array(leaf, b"Nums")?.unwrap_or_default();
    Ok(numbers.chunks(2).filter_map(|pair| pair.first().and_then(Object::as_i64)).max())
}

/// Whether the tree has that number, in any leaf whose limits do not exclude it.
///
/// # Errors
/// As [`last_branch`].
pub fn contains(view: View<'_>, root: &Dictionary, number: i64) -> Result<bool> {
    let mut open = vec![(root.clone(), 0)];
    while let Some((node, depth)) = open.pop() {
        view.document().budget().step(1)?;
        if depth > MAX_DEPTH {
            return Err(damaged());
        }
        let numbers = view.get_array(&node, b"Nums")?.unwrap_or_default();
        view.document().budget().step(numbers.len() as u64 / 8)?;
        if numbers.chunks(2).any(|pair| pair.first().and_then(Object::as_i64) == Some(number)) {
            return Ok(true);
        }
        for kid in view.get_array(&node, b"Kids")?.unwrap_or_default() {
            view.document().budget().step(1)?;
            let Object::Dictionary(kid) = view.resolve(&kid)? else { continue };
            let limits = view.get_array(&kid, b"Limits")?.unwrap_or_default();
            let limit = |at: usize| limits.get(at).and_then(Object::as_i64);
            if limit(0).is_none_or(|low| low <= number) && limit(1).is_none_or(|high| high >= number) {
                open.push((kid, depth + 1));
            }
        }
    }
    Ok(false)
}
