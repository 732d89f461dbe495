//! The verify room, changes: the form (ISO 32000-2 12.7.3) and the walk over its fields. Fields are matched by object; one that was there
//! may be filled or signed (`field`), one that is new must be a signature's (`widget`).

use super::claims::{Claims, Delta, Difference};
use super::rule::Rule;
use super::{Found, field, resources, widget};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::MAX_DEPTH;
use crate::pdf::text_string::text;
use crate::pdf::{Dictionary, Object, ObjectId, View};
use crate::verify::structure::doubtful;
use std::collections::{BTreeSet, HashSet};

const PATH: &str = "/Root/AcroForm";

pub(super) fn compare(claims: &mut Claims<'_, '_>, root: ObjectId, a: &Dictionary, b: &Dictionary) -> Result<()> {
    let (old, new) = (claims.old.get_dict(a, b"AcroForm")?, claims.new.get_dict(b, b"AcroForm")?);
    let Some(new) = new else {
        if old.is_some() {
            claims.veto(Rule::FormRemoved, PATH.to_owned());
        }
        return Ok(());
    };
    let fresh = old.is_none();
    let old = old.unwrap_or_default();
    let owner = b.get(b"AcroForm").and_then(Object::as_reference).map_or(root.number, |id| id.number);
    claims.claim_below(owner, &claims.roots());
    if owner != root.number && a.get(b"AcroForm") != b.get(b"AcroForm") && !fresh && claims.delta(owner) != Some(Delta::Added) {
        claims.veto(Rule::FormReplaced, PATH.to_owned());
    }
    if owner != root.number && claims.delta(owner) == Some(Delta::Modified) {
        claims.check_role(owner, PATH)?;
    }
    if doubtful(&new).is_some() {
        claims.veto(Rule::FormKeyDoubtful, PATH.to_owned());
    }
    let mut differences = claims.differences(owner, &old, &new)?;
    // A list of fonts that is an object of its own grows where the form itself stays as it is.
    if differences.iter().all(|difference| difference.key != b"DR") && resources::is_touched(claims, &new)? {
        let value = |form: &Dictionary| form.get(b"DR").cloned().unwrap_or(Object::Null);
        differences.push(Difference { key: b"DR".to_vec(), before: value(&old), after: value(&new) });
    }
    for difference in differences {
        let path = format!("{PATH}/{}", String::from_utf8_lossy(&difference.key));
        let (before, after) = (&difference.before, &difference.after);
        let rule = match difference.key.as_slice() {
            b"Fields" => continue,
            b"SigFlags" => {
                let (x, y) = (before.as_i64().unwrap_or(0), claims.new.resolve(after)?.as_i64().unwrap_or(-1));
                ((0..=3).contains(&y) && x & y == x).then_some(()).map_or(Some(Rule::FormEntryChanged), |()| None)
            }
            b"DA" if before.is_null() && matches!(after, Object::String(_)) && resources::is_unasked(claims, &old)? => None,
            b"DR" => {
                let grown = resources::grown(claims, before, after, owner)?;
                if grown && resources::is_unseen(claims, &old, before, after)? { None } else { Some(Rule::FormResourcesChanged) }
            }
            // Fields that are not there have no appearance to lose.
            b"NeedAppearances" if fresh && *after == Object::Boolean(false) => None,
            _ => Some(Rule::FormEntryChanged),
        };
        if let Some(rule) = rule {
            claims.report(Found::new(rule).at(path).values(before, after));
        }
    }
    if let Some(id) = new.get(b"Fields").and_then(Object::as_reference) {
        claims.claim_below(id.number, &[owner]);
    }
    let (before, after) = (claims.old.get_array(&old, b"Fields")?, claims.new.get_array(&new, b"Fields")?);
    let mut walk = Walk { seen: BTreeSet::new(), locked: Vec::new(), stop: claims.all_roots() };
    let top = Inherited { path: format!("{PATH}/Fields"), ..Inherited::default() };
    walk.kids(claims, &before.unwrap_or_default(), &after.unwrap_or_default(), &top, 0)?;
    if !claims.found.have_a_signature() {
        for (id, path) in walk.locked {
            claims.report(Found::new(Rule::FieldLocked).at(path).object(id));
        }
    }
    Ok(())
}

/// What a field takes from its parents.
#[derive(Clone, Default)]
pub(super) struct Inherited {
    /// The field that holds these; `None` for the form itself.
    pub(super) parent: Option<ObjectId>,
    /// The path of the array that holds the field.
    pub(super) path: String,
    pub(super) name: String,
    pub(super) kind: Option<Vec<u8>>,
    pub(super) flags: i64,
    /// Whether the parent's value changed.
    pub(super) filled: bool,
    /// Whether the parent is a signature field that was empty and is signed: its widgets may get their look.
    pub(super) signed_now: bool,
}

impl Inherited {
    /// With what `dict` itself says.
    pub(super) fn below(&self, view: View<'_>, id: ObjectId, dict: &Dictionary) -> Result<Inherited> {
        let name = match view.get(dict, b"T")?.as_string() {
            Some(partial) if self.name.is_empty() => text(partial),
            Some(partial) => format!("{}.{}", self.name, text(partial)),
            None => self.name.clone(),
        };
        let kind = view.get(dict, b"FT")?.as_name().map(<[u8]>::to_vec).or_else(|| self.kind.clone());
        let flags = view.get(dict, b"Ff")?.as_i64().unwrap_or(self.flags);
        Ok(Inherited { parent: Some(id), path: String::new(), name, kind, flags, filled: self.filled, signed_now: self.signed_now })
    }
}

pub(super) struct Walk {
    seen: BTreeSet<u32>,
    /// Fields that became read-only, which only a signature may do to them.
    pub(super) locked: Vec<(ObjectId, String)>,
    /// Numbers that no closure may enter.
    pub(super) stop: BTreeSet<u32>,
}

impl Walk {
    /// The fields of one array. Only those are looked at below which something may have changed: a thousand fields under fifty
    /// signatures are otherwise fifty thousand comparisons.
    pub(super) fn kids(
        &mut self,
        claims: &mut Claims<'_, '_>,
        before: &[Object],
        after: &[Object],
        inherited: &Inherited,
        depth: u32,
    ) -> Result<()> {
        if depth > MAX_DEPTH {
            return Err(Error::new(ErrorKind::LimitReached).context("depth of the field tree"));
        }
        claims.new.document().budget().step(after.len() as u64 / 8)?;
        let place = |at: usize| format!("{}[{at}]", inherited.path);
        let unchanged = before == after;
        let kept: HashSet<ObjectId> = if unchanged { HashSet::new() } else { before.iter().filter_map(Object::as_reference).collect() };
        if !unchanged {
            let now: HashSet<ObjectId> = after.iter().filter_map(Object::as_reference).collect();
            for (at, gone) in before.iter().enumerate().filter_map(|(at, item)| Some((at, item.as_reference()?))) {
                if !now.contains(&gone) {
                    claims.report(Found::new(Rule::FieldRemoved).at(place(at)).object(gone));
                }
            }
            let direct = |list: &[Object]| list.iter().filter(|o| o.as_reference().is_none()).cloned().collect::<Vec<_>>();
            if direct(before) != direct(after) {
                claims.veto(Rule::FieldInPlaceChanged, inherited.path.clone());
            }
        }
        let mut taken = None;
        for (at, id) in after.iter().enumerate().filter_map(|(at, item)| Some((at, item.as_reference()?))) {
            let was_there = unchanged || kept.contains(&id);
            if was_there && !claims.may_differ(id.number) {
                continue;
            }
            claims.new.document().budget().step(1)?;
            if !self.seen.insert(id.number) {
                continue;
            }
            if was_there {
                field::compare(claims, self, id, place(at), inherited, depth)?;
                continue;
            }
            let names = match &mut taken {
                Some(names) => &*names,
                none => &*none.insert(names_of(claims.old, before)?),
            };
            let name = claims.new.object(id)?.object.as_dict().map_or(Ok(Object::Null), |dict| claims.new.get(dict, b"T"))?;
            if name.as_string().is_some_and(|name| names.contains(&text(name))) {
                // Two fields of one name are one field to viewers (ISO 32000-2 12.7.4.2), and one line to whoever reads a list of signatures.
                claims.report(Found::new(Rule::FieldNameTaken).at(place(at)).object(id).values(&Object::Null, &name));
            }
            widget::added(claims, self, id, place(at), inherited, depth)?;
        }
        Ok(())
    }
}

/// The partial names of fields.
fn names_of(view: View<'_>, fields: &[Object]) -> Result<HashSet<String>> {
    let mut names = HashSet::new();
    for item in fields {
        view.document().budget().step(1)?;
        // What cannot be read has no name.
        if let Ok(Object::Dictionary(field)) = view.resolve(item)
            && let Some(name) = view.get(&field, b"T")?.as_string()
        {
            names.insert(text(name));
        }
    }
    Ok(names)
}
