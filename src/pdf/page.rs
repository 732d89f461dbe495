//! The PDF room: pages and what they inherit (ISO 32000-2 7.7.3). Walks the page tree by `/Count`, so that page 3 of a million costs
//! no more than page 3 of five.

use super::document::View;
use super::object::{Dictionary, Object, ObjectId};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::MAX_DEPTH;
use std::collections::HashSet;

/// A rectangle in default user space, lower left and upper right corner in order (ISO 32000-2 7.9.5).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left.
    pub x0: f64,
    /// Bottom.
    pub y0: f64,
    /// Right.
    pub x1: f64,
    /// Top.
    pub y1: f64,
}

impl Rect {
    /// From two opposite corners in any order.
    #[must_use]
    pub fn new(xa: f64, ya: f64, xb: f64, yb: f64) -> Rect {
        Rect { x0: xa.min(xb), y0: ya.min(yb), x1: xa.max(xb), y1: ya.max(yb) }
    }

    /// From an array of four numbers.
    #[must_use]
    pub fn from_array(items: &[Object]) -> Option<Rect> {
        let n = |i: usize| items.get(i).and_then(Object::as_f64).filter(|n| n.is_finite());
        (items.len() == 4).then_some(())?;
        Some(Rect::new(n(0)?, n(1)?, n(2)?, n(3)?))
    }

    /// As an array of four numbers; whole numbers as integers.
    #[must_use]
    pub fn to_array(self) -> Object {
        let number = |n: f64| if n.fract() == 0.0 && n.abs() < 1e9 { Object::Integer(n as i64) } else { Object::Real(n) };
        Object::Array(vec![number(self.x0), number(self.y0), number(self.x1), number(self.y1)])
    }

    /// Width.
    #[must_use]
    pub fn width(self) -> f64 {
        self.x1 - self.x0
    }

    /// Height.
    #[must_use]
    pub fn height(self) -> f64 {
        self.y1 - self.y0
    }

    /// Whether it has no area.
    #[must_use]
    pub fn is_empty(self) -> bool {
        !(self.width() > 0.0 && self.height() > 0.0)
    }

    /// The part inside both; empty if there is none.
    #[must_use]
    pub fn intersection(self, other: Rect) -> Rect {
        let (x0, y0) = (self.x0.max(other.x0), self.y0.max(other.y0));
        Rect { x0, y0, x1: self.x1.min(other.x1).max(x0), y1: self.y1.min(other.y1).max(y0) }
    }

    /// Whether `other` lies inside.
    #[must_use]
    pub fn contains(self, other: Rect) -> bool {
        self.x0 <= other.x0 && self.y0 <= other.y0 && self.x1 >= other.x1 && self.y1 >= other.y1
    }
}

/// A page with what it inherits.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its object.
    pub id: ObjectId,
    /// Its dictionary as it stands, without what it inherits.
    pub dict: Dictionary,
    /// `/MediaBox`.
    pub media_box: Rect,
    /// `/CropBox`, or the media box.
    pub crop_box: Rect,
    /// `/Rotate` as 0, 90, 180 or 270.
    pub rotate: i64,
    /// `/Resources`, resolved.
    pub resources: Dictionary,
    /// `/UserUnit`.
    pub user_unit: f64,
}

const INHERITED: [&[u8]; 4] = [b"Resources", b"MediaBox", b"CropBox", b"Rotate"];

impl View<'_> {
    /// The number of pages that the page tree's root claims; 0 if it has none or claims nothing sensible.
    ///
    /// # Errors
    /// As [`View::object`].
    pub fn page_count(&self) -> Result<u64> {
        let Some(root) = self.get_dict(&self.catalog()?, b"Pages")? else { return Ok(0) };
        Ok(match self.get(&root, b"Count")?.as_i64() {
            Some(n) => u64::try_from(n).unwrap_or(0),
            None => 0,
        })
    }

    /// The page of that index, counted from 0.
    ///
    /// # Errors
    /// [`ErrorKind::PageNotFound`], [`ErrorKind::NoPages`]; as [`View::object`].
    pub fn page(&self, index: u64) -> Result<Page> {
        let catalog = self.catalog()?;
        let Some(root) = catalog.get(b"Pages").and_then(Object::as_reference) else { return Err(Error::new(ErrorKind::NoPages)) };
        let mut inherited = Dictionary::new();
        let mut node = root;
        let mut left = index;
        let mut seen = HashSet::new();
        'descend: for _ in 0..MAX_DEPTH {
            if !seen.insert(node) {
                return Err(Error::new(ErrorKind::PdfDamaged).context("the page tree is a loop"));
            }
            let Object::Dictionary(dict) = self.resolve(&Object::Reference(node))? else {
                return Err(Error::new(if node == root { ErrorKind::NoPages } else { ErrorKind::PdfDamaged }).context("the page tree"));
            };
            for key in INHERITED {
                if let Some(value) = dict.get(key) {
                    inherited.set(key, value.clone());
                }
            }
            let Some(kids) = self.get_array(&dict, b"Kids")? else {
                // A leaf: reached with pages still to pass means that the counts above lied.
                return if left == 0 && node != root {
                    self.make_page(node, dict, &inherited)
                } else {
                    Err(Error::new(ErrorKind::PageNotFound))
                };
            };
            for kid in &kids {
                let Some(id) = kid.as_reference() else { continue };
                self.document().budget().step(1)?;
                let Object::Dictionary(kid) = self.resolve(&Object::Reference(id))? else { continue };
                let pages = match kid.get(b"Kids") {
                    None => 1,
                    Some(_) => self.get(&kid, b"Count")?.as_i64().and_then(|n| u64::try_from(n).ok()).unwrap_or(0),
                };
                if left < pages {
                    node = id;
                    continue 'descend;
                }
                left -= pages;
            }
            return Err(Error::new(if node == root && index == 0 { ErrorKind::NoPages } else { ErrorKind::PageNotFound }));
        }
        Err(Error::new(ErrorKind::LimitReached).context("the page tree's depth"))
    }

    /// The page of that object, with what it inherits through `/Parent`.
    ///
    /// # Errors
    /// [`ErrorKind::PageNotFound`] if it is no page; [`ErrorKind::PdfDamaged`] for a loop; as [`View::object`].
    pub fn page_of(&self, id: ObjectId) -> Result<Page> {
        let Object::Dictionary(dict) = self.resolve(&Object::Reference(id))? else { return Err(Error::new(ErrorKind::PageNotFound)) };
        let mut inherited = Dictionary::new();
        let mut node = dict.clone();
        for _ in 0..MAX_DEPTH {
            for key in INHERITED {
                if inherited.get(key).is_none()
                    && let Some(value) = node.get(key)
                {
                    inherited.set(key, value.clone());
                }
            }
            match self.get(&node, b"Parent")? {
                Object::Dictionary(parent) => node = parent,
                _ => return self.make_page(id, dict, &inherited),
            }
        }
        Err(Error::new(ErrorKind::PdfDamaged).context("the page tree is a loop"))
    }

    /// The page's number, counted from 1; `None` if the page tree does not lead to it.
    ///
    /// # Errors
    /// As [`View::object`].
    pub fn page_number(&self, id: ObjectId) -> Result<Option<u64>> {
        let mut number = 1_u64;
        let mut child = id;
        for _ in 0..MAX_DEPTH {
            let Object::Dictionary(dict) = self.resolve(&Object::Reference(child))? else { return Ok(None) };
            let Some(parent) = dict.get(b"Parent").and_then(Object::as_reference) else { return Ok((child != id).then_some(number)) };
            let Object::Dictionary(holder) = self.resolve(&Object::Reference(parent))? else { return Ok(None) };
            let kids = self.get_array(&holder, b"Kids")?.unwrap_or_default();
            let mut found = false;
            for kid in kids.iter().filter_map(Object::as_reference) {
                self.document().budget().step(1)?;
                if kid == child {
                    found = true;
                    break;
                }
                let Object::Dictionary(kid) = self.resolve(&Object::Reference(kid))? else { continue };
                let pages = if kid.get(b"Kids").is_some() {
                    self.get(&kid, b"Count")?.as_i64().and_then(|n| u64::try_from(n).ok())
                } else {
                    Some(1)
                };
                number = number.saturating_add(pages.unwrap_or(0));
            }
            if !found {
                return Ok(None);
            }
            child = parent;
        }
        Ok(None)
    }

    fn make_page(&self, id: ObjectId, dict: Dictionary, inherited: &Dictionary) -> Result<Page> {
        let rect = |key: &[u8]| -> Result<Option<Rect>> {
            let Some(items) = self.get_array(inherited, key)? else { return Ok(None) };
            let items = items.iter().map(|item| self.resolve(item)).collect::<Result<Vec<_>>>()?;
            Ok(Rect::from_array(&items).filter(|r| !r.is_empty()))
        };
        // US Letter is what viewers assume where the required box is missing.
        let media_box = rect(b"MediaBox")?.unwrap_or(Rect::new(0.0, 0.0, 612.0, 792.0));
        let crop_box = rect(b"CropBox")?.map_or(media_box, |crop| crop.intersection(media_box));
        let crop_box = if crop_box.is_empty() { media_box } else { crop_box };
        let rotate = self.get(inherited, b"Rotate")?.as_i64().unwrap_or(0).rem_euclid(360) / 90 * 90;
        let resources = self.get_dict(inherited, b"Resources")?.unwrap_or_default();
        // The value first and the question after: asked of an `Option`, the compiler compares the number of one that has none.
        let unit = self.get(&dict, b"UserUnit")?.as_f64().unwrap_or(1.0);
        let user_unit = if unit.is_finite() && unit > 0.0 { unit } else { 1.0 };
        Ok(Page { id, dict, media_box, crop_box, rotate, resources, user_unit })
    }
}
