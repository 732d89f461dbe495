//! The verify room, changes: what no rule claimed. Takes the claims, reports each touched object that is left, with its place; but for those that show nothing and
//! cannot come to show anything.

use super::Found;
use super::claims::{Claims, Delta, TREE};
use super::evidence;
use super::rule::Rule;
use crate::crypto::digest::sha256;
use crate::error::Result;
use crate::pdf::{Object, Stream, View};
use crate::verify::structure::doubtful;
use std::collections::{BTreeMap, BTreeSet};

/// SHA-256 of streams' data.
type Drawn = BTreeSet<[u8; 32]>;
/// The most objects that are looked at on the way up from one unclaimed object.
const MAX_CLIMB: usize = 200;
/// The most unclaimed objects whose place is named.
const MAX_PLACED: usize = 100;

impl Claims<'_, '_> {
    /// Reports what nobody claimed.
    pub(super) fn sweep(&mut self) -> Result<()> {
        let (mut placed, mut drawn) = (0, None);
        for number in self.unclaimed() {
            let delta = self.delta(number);
            let id = self.new.id_of(number)?;
            let object = self.new.object(id)?;
            let kind = object.object.as_dict().and_then(|d| d.get(b"Type")).and_then(Object::as_name).unwrap_or_default().to_vec();
            if self.is_harmless(number, delta, &object.object, &kind, &mut drawn)? {
                continue;
            }
            // Metadata that a writer made and then made again before it was done: no page can hold them.
            let unnamed = self.referrers(number).is_some_and(|r| r.is_empty()) && !self.history.is_live(number);
            let rule = match delta {
                Some(Delta::Added) if kind == b"Metadata" && unnamed => Rule::StrayMetadata,
                Some(Delta::Added) => Rule::ObjectAdded,
                Some(Delta::Removed) => Rule::ObjectRemoved,
                _ => Rule::ObjectChanged,
            };
            let mut found = Found::new(rule).object(id);
            if !kind.is_empty() {
                found = found.more(format!("/{}", String::from_utf8_lossy(&kind)));
            }
            placed += 1;
            if placed <= MAX_PLACED {
                let (path, page) = self.place(number)?;
                found = found.at(path).page(page);
            }
            self.report(found);
        }
        Ok(())
    }

    /// Whether an object that nobody claimed shows nothing and cannot come to show anything.
    fn is_harmless(&self, number: u32, delta: Option<Delta>, object: &Object, kind: &[u8], drawn: &mut Option<Drawn>) -> Result<bool> {
        // Containers hold objects, they are none; unless the signed revision refers to their number, which would make them content.
        let unknown_then = self.referrers(number).is_some_and(|r| r.is_empty());
        if self.history.is_container(number) && (kind == b"XRef" || kind == b"ObjStm") && unknown_then {
            return Ok(true);
        }
        if delta != Some(Delta::Added) {
            return Ok(false);
        }
        // The look of a field that was filled again, the metadata before the last. A page or catalog is none of these, and a reader
        // that rebuilds a file looks for them.
        if self.history.is_left_over(number) && unknown_then && !TREE.contains(&kind) {
            return Ok(true);
        }
        // Writers of the iText family leave the fonts of a look that they did not draw after all. A font that nothing names draws
        // nothing; should a later update name it, it is there that something changes.
        if kind == b"Font" && object.as_stream().is_none() && unknown_then && !self.history.is_live(number) {
            return Ok(true);
        }
        // Writers on PoDoFo make information about the document that no trailer names.
        if unknown_then && !self.history.is_live(number) && is_information(object) {
            return Ok(true);
        }
        // iText leaves the drawing of a filled field behind once more, as data that nothing names.
        if let Object::Stream(stream) = object
            && unknown_then
            && !self.history.is_live(number)
            && is_bare(stream)
        {
            let digest = sha256(&self.new.stored_data(stream)?);
            let drawn = match drawn {
                Some(drawn) => drawn,
                none => none.insert(self.drawn()?),
            };
            return Ok(drawn.contains(&digest) || evidence::is_evidence(self.new, number, self.history.evidence())?);
        }
        // Some writers make a cross-reference stream and then use a table. Should a reader come by it, it leads to the same catalog.
        if kind == b"XRef" && object.as_stream().is_some_and(|s| s.dict.get(b"Root") == self.new.trailer().get(b"Root")) && unknown_then {
            return Ok(true);
        }
        // Writers that raise a document, pyHanko and EU DSS among them, leave validation data behind that no store names.
        Ok(unknown_then
            && (evidence::is_evidence(self.new, number, self.history.evidence())? || self.is_length_of_evidence(number, object)?))
    }

    /// The data of every stream that changed and that a rule has claimed: what is shown, and judged, already.
    fn drawn(&self) -> Result<Drawn> {
        let mut drawn = Drawn::new();
        for number in self.claimed_changes() {
            let object = self.new.object(self.new.id_of(number)?)?;
            if let Object::Stream(stream) = &object.object {
                drawn.insert(sha256(&self.new.stored_data(stream)?));
            }
        }
        Ok(drawn)
    }

    /// Whether it is a number that nothing but such data name, as their length. What else a number might stand for, an attacker would have to change, too.
    fn is_length_of_evidence(&self, number: u32, object: &Object) -> Result<bool> {
        if !matches!(object, Object::Integer(_)) {
            return Ok(false);
        }
        let Some(referrers) = self.history.referrers(number, usize::MAX) else { return Ok(false) };
        for referrer in &referrers {
            let holder = self.new.object(self.new.id_of(*referrer)?)?;
            let left = self.delta(*referrer) == Some(Delta::Added) && holder.object.as_stream().is_some();
            if !(left && evidence::is_evidence(self.new, *referrer, self.history.evidence())?) {
                return Ok(false);
            }
        }
        Ok(!referrers.is_empty())
    }

    /// The path that leads to an object from the catalog or the trailer, and the page on the way, for people.
    fn place(&self, number: u32) -> Result<(Option<String>, Option<u64>)> {
        let pages = self.pages()?;
        let root = self.new.trailer().get(b"Root").and_then(Object::as_reference).map_or(0, |id| id.number);
        // Up, breadth first, remembering whence; then down by the keys.
        let mut whence: BTreeMap<u32, u32> = BTreeMap::new();
        let mut level = vec![number];
        let mut top = None;
        while top.is_none() && !level.is_empty() && whence.len() < MAX_CLIMB {
            let mut next = Vec::new();
            for n in level {
                self.new.document().budget().step(1)?;
                let id = self.new.id_of(n)?;
                if n == root || pages.number(id).is_some() || pages.is_node(n) {
                    top = Some(n);
                    break;
                }
                for referrer in self.history.referrers(n, usize::MAX).unwrap_or_default() {
                    if referrer != number && !whence.contains_key(&referrer) {
                        whence.insert(referrer, n);
                        next.push(referrer);
                    }
                }
            }
            level = next;
        }
        let Some(top) = top else { return Ok((None, None)) };
        let id = self.new.id_of(top)?;
        let mut path = if top == root { "/Root".to_owned() } else { pages.path(id).unwrap_or_else(|| "/Root/Pages".to_owned()) };
        let mut at = top;
        while let Some(below) = whence.get(&at).copied().filter(|_| at != number) {
            let mut step = key_of(self.new, at, below)?;
            if step.is_none() {
                step = key_of(self.old, at, below)?;
            }
            let Some(step) = step else { return Ok((None, pages.number(id))) };
            path.push_str(&step);
            at = below;
        }
        Ok((Some(path), pages.number(id)))
    }
}

/// Keys of the document information (ISO 32000-2 table 349).
const INFORMATION: [&[u8]; 9] =
    [b"Title", b"Author", b"Subject", b"Keywords", b"Creator", b"Producer", b"CreationDate", b"ModDate", b"Trapped"];

/// Whether it is information about a document and nothing else: texts, dates and names that lead nowhere.
fn is_information(object: &Object) -> bool {
    let plain = |value: &Object| matches!(value, Object::String(_) | Object::Name(_));
    object.as_stream().is_none()
        && object.as_dict().is_some_and(|dict| {
            !dict.is_empty() && doubtful(dict).is_none() && dict.iter().all(|(key, value)| INFORMATION.contains(&key) && plain(value))
        })
}

/// Whether a stream says nothing of what its data are.
fn is_bare(stream: &Stream) -> bool {
    stream.dict.iter().all(|(key, _)| matches!(key, b"Length" | b"Filter" | b"DecodeParms"))
}

/// The keys by which one object leads to another.
fn key_of(view: View<'_>, from: u32, to: u32) -> Result<Option<String>> {
    fn within(object: &Object, to: u32, depth: u32) -> Option<String> {
        let dict = match object {
            Object::Reference(id) if id.number == to => return Some(String::new()),
            Object::Array(items) if depth > 0 => {
                return items.iter().enumerate().find_map(|(at, item)| Some(format!("[{at}]{}", within(item, to, depth - 1)?)));
            }
            Object::Dictionary(dict) if depth > 0 => dict,
            Object::Stream(stream) if depth > 0 => &stream.dict,
            _ => return None,
        };
        dict.iter().find_map(|(key, value)| Some(format!("/{}{}", String::from_utf8_lossy(key), within(value, to, depth - 1)?)))
    }
    // What cannot be read has no keys.
    Ok(match view.object(view.id_of(from)?) {
        Ok(object) => within(&object.object, to, 16),
        Err(_) => None,
    })
}
