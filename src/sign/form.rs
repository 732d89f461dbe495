//! The sign room: the form as it stands. Takes a view, gives in one walk of the field tree (ISO 32000-2 12.7.4) what a new signature must
//! know: the field of that name or its nearest ancestor, which default names are taken, and what earlier signatures forbid.

use super::permission::Permissions;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::MAX_DEPTH;
use crate::pdf::text_string::text;
use crate::pdf::{Dictionary, Object, ObjectId, View};
use std::collections::{BTreeSet, HashSet};

/// A field met on the walk.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) id: ObjectId,
    pub(super) dict: Dictionary,
    /// Fully qualified name.
    pub(super) name: String,
    /// `/FT`, its own or inherited.
    pub(super) kind: Option<Vec<u8>>,
}

/// What one walk found.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// The field of the name that was asked for.
    pub(super) existing: Option<Node>,
    /// The deepest field above that name.
    pub(super) ancestor: Option<Node>,
    /// N of every top field called `SignatureN`.
    taken: BTreeSet<u64>,
    pub(super) permissions: Permissions,
}

impl Survey {
    /// The first default name that no field has.
    pub(super) fn free_name(&self) -> String {
        let free = (1..).find(|n| !self.taken.contains(n)).unwrap_or(1);
        format!("Signature{free}")
    }
}

/// Walks the whole form.
pub(super) fn survey(view: View<'_>, form: &Dictionary, wanted: Option<&str>) -> Result<Survey> {
    let mut survey = Survey::default();
    let roots = match view.get(form, b"Fields")? {
        Object::Null => return Ok(survey),
        Object::Array(roots) => roots,
        _ => return Err(Error::new(ErrorKind::PdfDamaged).context("/Fields is no array")),
    };
    let mut seen: HashSet<ObjectId> = HashSet::new();
    let mut open: Vec<(Object, String, Option<Vec<u8>>, u32)> =
        roots.into_iter().rev().map(|root| (root, String::new(), None, 0)).collect();
    while let Some((object, prefix, inherited, depth)) = open.pop() {
        view.document().budget().step(1)?;
        if depth > MAX_DEPTH {
            return Err(Error::new(ErrorKind::LimitReached).context("depth of the field tree"));
        }
        let id = object.as_reference();
        if id.is_some_and(|id| !seen.insert(id)) {
            continue;
        }
        let Object::Dictionary(dict) = view.resolve(&object)? else { continue };
        let kind = view.get(&dict, b"FT")?.as_name().map(<[u8]>::to_vec).or(inherited);
        let kids = view.get_array(&dict, b"Kids")?.unwrap_or_default();
        let name = match view.get(&dict, b"T")?.as_string() {
            Some(partial) if prefix.is_empty() => text(partial),
            Some(partial) => format!("{prefix}.{}", text(partial)),
            None => prefix,
        };
        if dict.get(b"T").is_some() {
            meet(&mut survey, view, wanted, id, &dict, &name, kind.as_deref())?;
        }
        for kid in kids.into_iter().rev() {
            open.push((kid, name.clone(), kind.clone(), depth + 1));
        }
    }
    Ok(survey)
}

fn meet(
    survey: &mut Survey,
    view: View<'_>,
    wanted: Option<&str>,
    id: Option<ObjectId>,
    dict: &Dictionary,
    name: &str,
    kind: Option<&[u8]>,
) -> Result<()> {
    if let Some(digits) = name.strip_prefix("Signature")
        && let Ok(n) = digits.split('.').next().unwrap_or_default().parse()
    {
        survey.taken.insert(n);
    }
    if kind == Some(b"Sig")
        && let Some(value) = view.get_dict(dict, b"V")?
    {
        survey.permissions.read_signature(view, &value)?;
        survey.permissions.read_lock(view, dict)?;
    }
    let Some(wanted) = wanted else { return Ok(()) };
    let is_ancestor = wanted.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
    if name != wanted && !is_ancestor {
        return Ok(());
    }
    let unusable = |what: &'static str| Err(Error::new(ErrorKind::FieldUnusable).context(what));
    let Some(id) = id else { return unusable("the field is not an object of its own") };
    let node = Node { id, dict: dict.clone(), name: name.to_owned(), kind: kind.map(<[u8]>::to_vec) };
    if name == wanted {
        if survey.existing.replace(node).is_some() {
            return unusable("two fields have this name");
        }
    } else {
        match &survey.ancestor {
            Some(other) if other.name.len() > name.len() => {}
            Some(other) if other.name.len() == name.len() => return unusable("two fields above it have the same name"),
            _ => survey.ancestor = Some(node),
        }
    }
    Ok(())
}

/// Whether a field has fields below it, not only widgets.
pub(super) fn is_group(view: View<'_>, field: &Dictionary) -> Result<bool> {
    for kid in view.get_array(field, b"Kids")?.unwrap_or_default() {
        if let Object::Dictionary(kid) = view.resolve(&kid)?
            && kid.get(b"T").is_some()
        {
            return Ok(true);
        }
    }
    Ok(false)
}
