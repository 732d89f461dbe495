//! The verify room, changes: where pages are. Takes the page tree of one revision, gives for an object its page's number and its path from
//! the catalog. The tree is walked once, whatever the number of signatures.

use crate::error::Result;
use crate::limits::MAX_DEPTH;
use crate::pdf::{Object, ObjectId, View};
use std::collections::{BTreeSet, HashMap};

/// The most nodes that are looked at: beyond, findings name no page.
const MAX_NODES: usize = 200_000;

struct Place {
    parent: u32,
    index: usize,
    /// Counted from 1; `None` for a node of the tree.
    page: Option<u64>,
}

#[derive(Default)]
pub(super) struct Pages {
    places: HashMap<u32, Place>,
    /// The nodes above the pages: as long as no revision touches them, the tree is the same.
    nodes: BTreeSet<u32>,
}

impl Pages {
    pub(super) fn read(view: View<'_>) -> Result<Pages> {
        let mut pages = Pages::default();
        let Some(root) = view.catalog()?.get(b"Pages").and_then(Object::as_reference) else { return Ok(pages) };
        let mut next = 1;
        let mut open = vec![(root, 0)];
        while let Some((id, depth)) = open.pop() {
            view.document().budget().step(1)?;
            // A node that cannot be read names no page; whether it must be read is judged elsewhere.
            let Ok(found) = view.object(id) else { continue };
            let Some(dict) = found.object.as_dict() else { continue };
            let kids = view.get_array(dict, b"Kids").ok().flatten();
            let Some(kids) = kids.filter(|_| depth <= MAX_DEPTH) else {
                if let Some(place) = pages.places.get_mut(&id.number) {
                    place.page = Some(next);
                    next += 1;
                }
                continue;
            };
            pages.nodes.insert(id.number);
            pages.nodes.extend(dict.get(b"Kids").and_then(Object::as_reference).map(|array| array.number));
            for (index, kid) in kids.iter().enumerate().rev() {
                if let Some(kid) = kid.as_reference()
                    && pages.places.len() < MAX_NODES
                    && kid != root
                    && !pages.places.contains_key(&kid.number)
                {
                    pages.places.insert(kid.number, Place { parent: id.number, index, page: None });
                    open.push((kid, depth + 1));
                }
            }
        }
        Ok(pages)
    }

    /// Whether a revision that touches these numbers has the same tree.
    pub(super) fn is_untouched_by(&self, touched: &BTreeSet<u32>) -> bool {
        self.nodes.iter().all(|node| !touched.contains(node))
    }

    pub(super) fn is_node(&self, number: u32) -> bool {
        self.nodes.contains(&number)
    }

    /// The page's number, counted from 1.
    pub(super) fn number(&self, page: ObjectId) -> Option<u64> {
        self.places.get(&page.number).and_then(|place| place.page)
    }

    /// The page's path from the catalog.
    pub(super) fn path(&self, page: ObjectId) -> Option<String> {
        let mut steps = Vec::new();
        let mut at = page.number;
        while let Some(place) = self.places.get(&at).filter(|_| steps.len() <= MAX_DEPTH as usize) {
            steps.push(format!("/Kids[{}]", place.index));
            at = place.parent;
        }
        (!steps.is_empty()).then(|| format!("/Root/Pages{}", steps.into_iter().rev().collect::<String>()))
    }
}
