//! The verify room, changes: who claimed which touched object. Rules claim; what nobody claimed is for `sweep`.

use super::Found;
use super::findings::Findings;
use super::history::History;
use super::pages::Pages;
use super::rule::Rule;
use super::same::{moved, same, same_entry};
use crate::error::{ErrorKind, Result};
use crate::pdf::{Dictionary, Document, Indirect, Object, ObjectId, Span, View, XrefEntry};
use crate::switch::{Check, on};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// How a touched object differs from the signed revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delta {
    Added,
    Modified,
    Removed,
}

/// An entry of a dictionary whose value differs.
pub(super) struct Difference {
    pub(super) key: Vec<u8>,
    pub(super) before: Object,
    pub(super) after: Object,
}

pub(super) struct Claims<'d, 'h> {
    /// The signed revision.
    pub(super) old: View<'d>,
    /// The document as it is.
    pub(super) new: View<'d>,
    pub(super) found: Findings,
    pub(super) history: &'h History,
    deltas: BTreeMap<u32, Delta>,
    claimed: BTreeSet<u32>,
    /// Objects from which a touched one can be reached; `None` if that is not known.
    above: Option<BTreeSet<u32>>,
    /// The signed revision's catalog, and those that it had before and that nothing refers to. Writers on PDFHummus make a new one with every update,
    /// and what it names stands in the one before as well. One that something refers to is more than a catalog that was.
    roots: Vec<u32>,
    /// Widgets of signature fields that were added: page annotation arrays may name them.
    pub(super) new_widgets: BTreeSet<u32>,
}

/// Whether every widget refers to it, and it is no part of what a field shows.
fn is_tree(object: &Object) -> bool {
    object.as_dict().is_some_and(|dict| TREE.iter().any(|kind| dict.is_type(kind)))
}

/// The object as a revision had it: null where its table leads beyond its end, to bytes that were not there yet.
fn there(view: View<'_>, id: ObjectId) -> Result<Rc<Indirect>> {
    let beyond = |number: u32| -> Result<bool> {
        Ok(matches!(view.entry(number)?, Some(XrefEntry::Offset { offset, .. }) if offset >= view.limit()))
    };
    match view.object(id) {
        Err(error) if error.kind() == ErrorKind::PdfDamaged => {
            let nothing = match view.entry(id.number)? {
                Some(XrefEntry::Compressed { stream, .. }) => beyond(stream)?,
                _ => beyond(id.number)?,
            };
            if !nothing {
                return Err(error);
            }
            Ok(Rc::new(Indirect { id, object: Object::Null, span: Span::default(), container: None }))
        }
        found => found,
    }
}

/// The most references followed while claiming one closure.
const MAX_CLOSURE: usize = 20_000;
/// Dictionaries of the page tree and the document: every widget refers to its page, none of them is part of what a field shows.
pub(super) const TREE: [&[u8]; 3] = [b"Catalog", b"Pages", b"Page"];

impl<'d, 'h> Claims<'d, 'h> {
    pub(super) fn new(document: &'d Document<'_>, history: &'h History, signed: usize) -> Result<Claims<'d, 'h>> {
        let (old, new) = (document.at(signed), document.latest());
        let (mut deltas, mut trees) = (BTreeMap::new(), BTreeSet::new());
        for number in history.touched_after(signed) {
            let (before, after) = (old.id_of(number)?, new.id_of(number)?);
            let (a, b) = (there(old, before)?, new.object(after)?);
            let delta = match (&a.object, &b.object) {
                (Object::Null, Object::Null) => continue,
                (Object::Null, _) => Delta::Added,
                (_, Object::Null) => Delta::Removed,
                // Not written again with a key twice or hidden: that is the same to us, and not to every viewer.
                (x, y) if before == after && same(old, x, new, y)? => continue,
                _ => Delta::Modified,
            };
            deltas.insert(number, delta);
            if is_tree(&b.object) {
                trees.insert(number);
            }
        }
        let mut claims = Claims {
            old,
            new,
            found: Findings::default(),
            history,
            deltas,
            claimed: BTreeSet::new(),
            above: None,
            roots: Vec::new(),
            new_widgets: BTreeSet::new(),
        };
        claims.above = claims.climb(&trees)?;
        claims.roots = claims.catalogs(document);
        Ok(claims)
    }

    fn catalogs(&self, document: &Document<'_>) -> Vec<u32> {
        let root = |index| document.at(index).trailer().get(b"Root").and_then(Object::as_reference).map(|id| id.number);
        let signed = self.old.revision();
        let mut found: Vec<u32> = root(signed).into_iter().collect();
        for before in (0..signed).rev().filter_map(root) {
            if !found.contains(&before) && self.referrers(before).is_some_and(|r| r.is_empty()) {
                found.push(before);
            }
        }
        found
    }

    /// What may own a part of the catalog in the signed revision.
    pub(super) fn roots(&self) -> Vec<u32> {
        self.roots.clone()
    }

    /// Catalogs, then and now: no closure enters them.
    pub(super) fn all_roots(&self) -> BTreeSet<u32> {
        let now = self.new.trailer().get(b"Root").and_then(Object::as_reference).map(|id| id.number);
        self.roots.iter().copied().chain(now).collect()
    }

    /// Upwards from everything that is touched, but not out of a page: a field is looked at only if something below it changed. `trees` are
    /// the touched ones that are pages, or above them.
    fn climb(&self, trees: &BTreeSet<u32>) -> Result<Option<BTreeSet<u32>>> {
        let mut above: BTreeSet<u32> = self.deltas.keys().copied().collect();
        let mut open: Vec<u32> = above.iter().copied().collect();
        while let Some(number) = open.pop() {
            self.new.document().budget().step(1)?;
            let stops = match self.deltas.contains_key(&number) {
                true => trees.contains(&number),
                false => is_tree(&self.new.object(self.new.id_of(number)?)?.object),
            };
            if stops {
                continue;
            }
            let Some(referrers) = self.history.referrers(number, usize::MAX) else { return Ok(None) };
            open.extend(referrers.into_iter().filter(|referrer| above.insert(*referrer)));
        }
        Ok(Some(above))
    }

    /// Whether the object, or something that it leads to, may be touched.
    pub(super) fn may_differ(&self, number: u32) -> bool {
        self.above.as_ref().is_none_or(|above| above.contains(&number))
    }

    pub(super) fn delta(&self, number: u32) -> Option<Delta> {
        self.deltas.get(&number).copied()
    }

    /// Touched, different, and not claimed.
    pub(super) fn unclaimed(&self) -> Vec<u32> {
        self.deltas.keys().filter(|n| !self.claimed.contains(n)).copied().collect()
    }

    /// Touched, different, and claimed.
    pub(super) fn claimed_changes(&self) -> impl Iterator<Item = u32> {
        self.deltas.keys().filter(|n| self.claimed.contains(n)).copied()
    }

    /// How many objects are claimed: grows when a rule claimed something.
    pub(super) fn claimed(&self) -> usize {
        self.claimed.len()
    }

    /// Objects of the signed revision that refer to `number`; `None` if too many.
    pub(super) fn referrers(&self, number: u32) -> Option<Vec<u32>> {
        self.history.referrers(number, self.old.revision())
    }

    /// Reports a catalog, form or field that may change as such, if the signed revision uses it as something else, too. An attacker would
    /// have a form field signed that is a list of pictures as well, with a name like `/V`, or a catalog whose `/Metadata` a page draws.
    pub(super) fn check_role(&mut self, number: u32, path: &str) -> Result<()> {
        if self.history.stands_elsewhere(number, self.old.revision()) {
            let id = self.new.id_of(number)?;
            self.report(Found::new(Rule::ObjectTwofold).at(path.to_owned()).object(id));
        }
        Ok(())
    }

    /// Claims an object whose place a rule has fully checked.
    pub(super) fn claim(&mut self, number: u32) {
        self.claimed.insert(number);
    }

    /// Claims an object by its place below `owners`: a new one if the signed revision did not refer to its number, a changed one if
    /// there only the owners referred to it. Says whether it could.
    pub(super) fn claim_below(&mut self, number: u32, owners: &[u32]) -> bool {
        let Some(delta) = self.delta(number) else { return true };
        let Some(referrers) = self.referrers(number) else { return false };
        let fits = match delta {
            Delta::Added => referrers.iter().all(|r| owners.contains(r)),
            Delta::Modified | Delta::Removed => !referrers.is_empty() && referrers.iter().all(|r| owners.contains(r)),
        };
        let fits = fits || !on(Check::OnlyReferrer);
        if fits {
            self.claimed.insert(number);
        }
        fits
    }

    /// Claims everything that `object` leads to and that is touched, each below its parent. `stop` are numbers that are not entered
    /// (pages, parents). Says whether all could be claimed.
    pub(super) fn claim_closure(&mut self, object: &Object, owner: &[u32], stop: &BTreeSet<u32>) -> Result<bool> {
        let mut open: Vec<(Object, Vec<u32>)> = vec![(object.clone(), owner.to_vec())];
        let mut seen = BTreeSet::new();
        let mut all = true;
        while let Some((object, owners)) = open.pop() {
            self.new.document().budget().step(1)?;
            match object {
                Object::Reference(id) if !stop.contains(&id.number) => {
                    if seen.len() > MAX_CLOSURE || !seen.insert(id.number) || !self.may_differ(id.number) {
                        continue;
                    }
                    if self.delta(id.number).is_none() {
                        // Not touched itself; what lies below is looked at only if nothing but this place leads there.
                        let own = self.referrers(id.number).is_some_and(|r| !r.is_empty() && r.iter().all(|r| owners.contains(r)));
                        if !own {
                            continue;
                        }
                    } else if !self.claim_below(id.number, &owners) {
                        all = false;
                        continue;
                    }
                    open.push((self.new.object(id)?.object.clone(), vec![id.number]));
                }
                Object::Array(items) => open.extend(items.into_iter().map(|item| (item, owners.clone()))),
                Object::Dictionary(dict) => open.extend(dict.iter().map(|(_, value)| (value.clone(), owners.clone()))),
                Object::Stream(stream) => open.extend(stream.dict.iter().map(|(_, value)| (value.clone(), owners.clone()))),
                _ => {}
            }
        }
        Ok(all)
    }

    pub(super) fn report(&mut self, found: Found) {
        self.found.push(found);
    }

    /// The same of a finding that has nothing but a place.
    pub(super) fn veto(&mut self, rule: Rule, path: impl Into<Option<String>>) {
        self.report(Found::new(rule).at(path));
    }

    /// Where two dictionaries differ. What was only put into an object of its own, or out of one, is no difference; that object is claimed
    /// below `owner`.
    pub(super) fn differences(&mut self, owner: u32, a: &Dictionary, b: &Dictionary) -> Result<Vec<Difference>> {
        let mut found = Vec::new();
        for difference in plain_differences(a, b) {
            let mut numbers = vec![owner];
            let moved = moved(self.old, &difference.before, self.new, &difference.after, &mut numbers, 0)?;
            let claimed = moved && (1..numbers.len()).all(|at| self.claim_below(numbers[at], &numbers[..at]));
            if !claimed {
                found.push(difference);
            }
        }
        Ok(found)
    }

    /// Where the pages of the signed revision are.
    pub(super) fn pages(&self) -> Result<Rc<Pages>> {
        self.history.pages(self.old.document(), self.old.revision())
    }

    /// The page of a widget or an annotation: the one it names, or the one whose annotations name it.
    pub(super) fn page_of(&self, id: ObjectId, widget: &Dictionary) -> Result<Option<u64>> {
        let pages = self.pages()?;
        if let Some(number) = widget.get(b"P").and_then(Object::as_reference).and_then(|page| pages.number(page)) {
            return Ok(Some(number));
        }
        let mut level = vec![id.number];
        for _ in 0..3 {
            let mut next = Vec::new();
            for number in level {
                if let Some(page) = pages.number(ObjectId::new(number, 0)) {
                    return Ok(Some(page));
                }
                next.extend(self.referrers(number).unwrap_or_default());
            }
            level = next;
        }
        Ok(None)
    }
}

/// Where two dictionaries differ as they stand.
pub(super) fn plain_differences(a: &Dictionary, b: &Dictionary) -> Vec<Difference> {
    let mut keys: BTreeSet<&[u8]> = a.iter().map(|(key, _)| key).collect();
    keys.extend(b.iter().map(|(key, _)| key));
    let value = |d: &Dictionary, key: &[u8]| d.get(key).cloned().unwrap_or(Object::Null);
    let found = keys.into_iter().map(|key| Difference { key: key.to_vec(), before: value(a, key), after: value(b, key) });
    found.filter(|difference| !same_entry(&difference.key, &difference.before, &difference.after)).collect()
}
