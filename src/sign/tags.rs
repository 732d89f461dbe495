//! The sign room: tags (ISO 32000-2 14.7, ISO 14289-1 7.18). Takes the update with a new widget in a tagged document, gives the widget its
//! place in what is read aloud: one `Form` element with one object reference at the end of the document, and one entry of the parent
//! tree. A tree that has not the shape it must have is left alone: nothing else of the document is repaired either.

use super::field::{current, target};
use crate::error::{ErrorKind, Result};
use crate::pdf::append::Update;
use crate::pdf::number_tree::{self, Node};
use crate::pdf::{Dictionary, Object, ObjectId, View};

/// With more kids than this an element is not written again for one more.
const MAX_KIDS: usize = 4_096;

/// After the call the update holds the element of `widget`, which is `id` and lies on `page`.
///
/// # Errors
/// Those of reading: [`ErrorKind::SourceUnreadable`], [`ErrorKind::LimitReached`].
pub(super) fn tag(update: &mut Update<'_>, page: ObjectId, id: ObjectId, widget: &mut Dictionary) -> Result<()> {
    let place = match find(update) {
        Ok(Some(place)) => place,
        Err(error) if !matches!(error.kind(), ErrorKind::PdfDamaged | ErrorKind::PdfUnsupported) => return Err(error),
        _ => return Ok(()),
    };
    let Place { root_id, mut root, parent_id, mut branch, key } = place;
    let reference =
        Dictionary::new().with(b"Type", Object::name("OBJR")).with(b"Obj", Object::Reference(id)).with(b"Pg", Object::Reference(page));
    let element = Dictionary::new()
        .with(b"Type", Object::name("StructElem"))
        .with(b"S", Object::name("Form"))
        .with(b"P", Object::Reference(parent_id))
        .with(b"Pg", Object::Reference(page))
        .with(b"K", reference);
    let element = update.add(element);
    widget.set(b"StructParent", key);
    if parent_id == root_id {
        push_kid(update, &mut root, element)?;
    } else {
        let mut parent = current(update, parent_id)?;
        if push_kid(update, &mut parent, element)? {
            update.replace(parent_id, parent);
        }
    }
    // From the leaf upwards; the root may stand inside the tree's root.
    let depth = branch.len();
    for (level, (node_id, node)) in branch.iter_mut().enumerate().rev() {
        let leaf = level + 1 == depth;
        let mut changed = leaf;
        if leaf {
            push_entry(update, node, key, element)?;
        }
        if let Some(Object::Array(limits)) = node.get(b"Limits").map(|limits| update.view().resolve(limits)).transpose()?
            && limits.len() == 2
        {
            node.set(b"Limits", vec![limits[0].clone(), Object::Integer(key)]);
            changed = true;
        }
        match node_id {
            Some(node_id) if changed => update.replace(*node_id, std::mem::take(node)),
            Some(_) => {}
            None => root.set(b"ParentTree", std::mem::take(node)),
        }
    }
    root.set(b"ParentTreeNextKey", key + 1);
    update.replace(root_id, root);
    Ok(())
}

/// Where the new element goes.
struct Place {
    root_id: ObjectId,
    root: Dictionary,
    /// The element above the new one, or the root of the tree.
    parent_id: ObjectId,
    /// The way to the last leaf of the parent tree.
    branch: Vec<Node>,
    /// The new number in the parent tree.
    key: i64,
}

fn find(update: &Update<'_>) -> Result<Option<Place>> {
    let view = update.view();
    let Some(root_id) = view.catalog()?.get(b"StructTreeRoot").and_then(Object::as_reference) else { return Ok(None) };
    let root_id = target(view, root_id)?;
    let root = current(update, root_id)?;
    let Some(parent_id) = parent(view, root_id, &root)? else { return Ok(None) };
    let top = match root.get(b"ParentTree") {
        None | Some(Object::Null) => (None, Dictionary::new().with(b"Nums", Object::Array(Vec::new()))),
        Some(Object::Dictionary(node)) => (None, node.clone()),
        Some(Object::Reference(id)) => {
            let id = target(view, *id)?;
            (Some(id), current(update, id)?)
        }
        Some(_) => return Ok(None),
    };
    let branch = number_tree::last_branch(view, top)?;
    let highest = match branch.last() {
        Some((_, leaf)) => number_tree::highest(view, leaf)?.unwrap_or(-1),
        None => return Ok(None),
    };
    // The catalog of numbers may lag behind; a number must not be used twice.
    let next = view.get(&root, b"ParentTreeNextKey")?.as_i64().unwrap_or(0).max(highest.saturating_add(1)).max(0);
    if next >= i64::from(i32::MAX) {
        return Ok(None);
    }
    Ok(Some(Place { root_id, root, parent_id, branch, key: next }))
}

/// The one element that holds the document, or the root if there are several or it is too long to be written again.
fn parent(view: View<'_>, root_id: ObjectId, root: &Dictionary) -> Result<Option<ObjectId>> {
    let kids = match view.get(root, b"K")? {
        Object::Array(kids) => kids,
        Object::Null => return Ok(Some(root_id)),
        _ => root.get(b"K").cloned().into_iter().collect(),
    };
    if let [Object::Reference(only)] = kids.as_slice() {
        let only = target(view, *only)?;
        let Object::Dictionary(element) = &view.object(only)?.object else { return Ok(None) };
        let long = view.get_array(element, b"K")?.is_some_and(|kids| kids.len() > MAX_KIDS);
        if element.get(b"S").is_some() && !long {
            return Ok(Some(only));
        }
    }
    Ok((kids.len() <= MAX_KIDS).then_some(root_id))
}

/// Appends to `/K`, where it stands; says whether `holder` changed.
fn push_kid(update: &mut Update<'_>, holder: &mut Dictionary, element: ObjectId) -> Result<bool> {
    let view = update.view();
    let kid = holder.get(b"K").cloned().unwrap_or(Object::Null);
    let mut kids = match view.resolve(&kid)? {
        Object::Null => Vec::new(),
        Object::Array(kids) => kids,
        _ => vec![kid.clone()],
    };
    let array = match &kid {
        Object::Reference(id) if matches!(view.resolve(&kid)?, Object::Array(_)) => Some(target(view, *id)?),
        _ => None,
    };
    kids.push(Object::Reference(element));
    match array {
        Some(id) => update.replace(id, kids),
        None => holder.set(b"K", kids),
    }
    Ok(array.is_none())
}

/// Appends a pair to `/Nums`, where it stands.
fn push_entry(update: &mut Update<'_>, leaf: &mut Dictionary, key: i64, element: ObjectId) -> Result<()> {
    let view = update.view();
    let mut numbers = view.get_array(leaf, b"Nums")?.unwrap_or_default();
    numbers.extend([Object::Integer(key), Object::Reference(element)]);
    match leaf.get(b"Nums") {
        Some(Object::Reference(id)) => update.replace(target(view, *id)?, numbers),
        _ => leaf.set(b"Nums", numbers),
    }
    Ok(())
}
