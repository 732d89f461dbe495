//! The verify room, changes: who claimed which touched object. Rules claim; `sweep` reports what nobody claimed.

use super::delta::{History, same};
use super::{ChangeKind, Found};
use crate::error::Result;
use crate::pdf::{Dictionary, Document, Object, View};
use crate::verify::structure::doubtful;
use std::collections::{BTreeMap, BTreeSet};

/// How a touched object differs from the signed revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delta {
    Added,
    Modified,
    Removed,
}

pub(super) struct Claims<'d, 'h> {
    /// The signed revision.
    pub(super) old: View<'d>,
    /// The document as it is.
    pub(super) new: View<'d>,
    pub(super) found: Vec<Found>,
    history: &'h History,
    deltas: BTreeMap<u32, Delta>,
    claimed: BTreeSet<u32>,
    /// Widgets of signature fields that were added: page annotation arrays may name them.
    pub(super) new_widgets: BTreeSet<u32>,
}

fn doubted(object: &Object) -> bool {
    object.as_dict().is_some_and(|dict| doubtful(dict).is_some())
}

/// The most references followed while claiming one closure.
const MAX_CLOSURE: usize = 20_000;

impl<'d, 'h> Claims<'d, 'h> {
    pub(super) fn new(document: &'d Document<'_>, history: &'h History, signed: usize) -> Result<Claims<'d, 'h>> {
        let (old, new) = (document.at(signed), document.latest());
        let mut deltas = BTreeMap::new();
        for number in history.touched_after(signed) {
            let (before, after) = (old.id_of(number)?, new.id_of(number)?);
            let (a, b) = (old.object(before)?, new.object(after)?);
            let delta = match (&a.object, &b.object) {
                (Object::Null, Object::Null) => continue,
                (Object::Null, _) => Delta::Added,
                (_, Object::Null) => Delta::Removed,
                // Written again with a key twice or hidden: equal to us, not to every viewer.
                (x, y) if before == after && (doubted(x) || !doubted(y)) && same(old, x, new, y)? => continue,
                _ => Delta::Modified,
            };
            deltas.insert(number, delta);
        }
        Ok(Claims { old, new, found: Vec::new(), history, deltas, claimed: BTreeSet::new(), new_widgets: BTreeSet::new() })
    }

    pub(super) fn delta(&self, number: u32) -> Option<Delta> {
        self.deltas.get(&number).copied()
    }

    /// Touched, different, and not claimed.
    pub(super) fn unclaimed(&self) -> Vec<u32> {
        self.deltas.keys().filter(|n| !self.claimed.contains(n)).copied().collect()
    }

    /// Objects of the signed revision that refer to `number`; `None` if too many.
    pub(super) fn referrers(&self, number: u32) -> Option<Vec<u32>> {
        self.history.referrers(number, self.old.revision())
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
                    if seen.len() > MAX_CLOSURE || !seen.insert(id.number) {
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

    pub(super) fn other(&mut self, detail: impl Into<String>, objects: Vec<String>) {
        self.found.push(Found::new(ChangeKind::Other, detail, objects));
    }

    /// Keys whose values differ between two dictionaries, with both values as they stand.
    pub(super) fn differences(&self, a: &Dictionary, b: &Dictionary) -> Vec<(Vec<u8>, Object, Object)> {
        let mut keys: BTreeSet<&[u8]> = a.iter().map(|(key, _)| key).collect();
        keys.extend(b.iter().map(|(key, _)| key));
        let value = |d: &Dictionary, key: &[u8]| d.get(key).cloned().unwrap_or(Object::Null);
        keys.into_iter().map(|key| (key.to_vec(), value(a, key), value(b, key))).filter(|(_, x, y)| x != y).collect()
    }

    /// Reports what nobody claimed.
    pub(super) fn sweep(&mut self) -> Result<()> {
        for number in self.unclaimed() {
            let delta = self.delta(number);
            let id = self.new.id_of(number)?;
            let object = self.new.object(id)?;
            let dict = object.object.as_dict();
            let kind = dict.and_then(|d| d.get(b"Type")).and_then(Object::as_name).unwrap_or_default().to_vec();
            // Containers hold objects, they are none; unless the signed revision refers to their number, which would make them content.
            let container = self.history.is_container(number) && (kind == b"XRef" || kind == b"ObjStm");
            if container && self.referrers(number).is_some_and(|r| r.is_empty()) {
                continue;
            }
            // The look of a field that was filled again, the metadata before the last. A page or catalog is none of these, and a reader
            // that rebuilds a file looks for them.
            let tree = [&b"Catalog"[..], b"Pages", b"Page"].contains(&kind.as_slice());
            let unknown_then = self.referrers(number).is_some_and(|r| r.is_empty());
            if delta == Some(Delta::Added) && self.history.is_left_over(number) && unknown_then && !tree {
                continue;
            }
            // Writers of the iText family leave the fonts of a look that they did not draw after all. A font that nothing names draws
            // nothing; should a later update name it, it is there that something changes.
            let font = kind == b"Font" && object.object.as_stream().is_none();
            if delta == Some(Delta::Added) && font && unknown_then && !self.history.is_live(number) {
                continue;
            }
            // Metadata that a writer made and then made again before it was done: no page can hold them.
            if delta == Some(Delta::Added) && kind == b"Metadata" && unknown_then && !self.history.is_live(number) {
                self.found.push(Found::new(ChangeKind::Metadata, "metadata were added", vec![id.to_string()]));
                continue;
            }
            // pyHanko leaves validation data behind that no store names.
            if kind == b"VRI" && delta == Some(Delta::Added) && object.object.as_stream().is_none() && self.history.is_orphan(number) {
                continue;
            }
            let what = match delta {
                Some(Delta::Added) => "an object was added",
                Some(Delta::Removed) => "an object was removed",
                _ => "an object was changed",
            };
            let kind = if kind.is_empty() { String::new() } else { format!(" (/{})", String::from_utf8_lossy(&kind)) };
            let mut found = Found::new(ChangeKind::Other, format!("{what}{kind}"), vec![id.to_string()]);
            if let Some(page) = self.page_near(number)? {
                found.entry.pages.push(page);
            }
            self.found.push(found);
        }
        Ok(())
    }

    /// The number of a page that refers to `number`, for people.
    fn page_near(&self, number: u32) -> Result<Option<u64>> {
        let mut level = vec![number];
        for _ in 0..3 {
            let mut next = Vec::new();
            for n in &level {
                if let Some(page) = self.old.page_number(self.old.id_of(*n)?)? {
                    return Ok(Some(page));
                }
                next.extend(self.referrers(*n).unwrap_or_default());
            }
            level = next;
        }
        Ok(None)
    }
}
