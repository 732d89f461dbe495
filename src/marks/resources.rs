//! The marks room: the resources of one content stream (ISO 32000-2 7.8.3), each category resolved once.

use super::Stop;
use crate::pdf::{Dictionary, Object, View};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

pub(super) struct Resources<'d> {
    view: View<'d>,
    dict: Dictionary,
    categories: RefCell<HashMap<&'static [u8], Rc<Dictionary>>>,
}

impl<'d> Resources<'d> {
    pub(super) fn new(view: View<'d>, dict: Dictionary) -> Resources<'d> {
        Resources { view, dict, categories: RefCell::default() }
    }

    pub(super) const fn view(&self) -> View<'d> {
        self.view
    }

    pub(super) const fn dict(&self) -> &Dictionary {
        &self.dict
    }

    fn category(&self, category: &'static [u8]) -> Result<Rc<Dictionary>, Stop> {
        if let Some(found) = self.categories.borrow().get(category) {
            return Ok(Rc::clone(found));
        }
        let found = Rc::new(self.view.get_dict(&self.dict, category)?.unwrap_or_default());
        self.categories.borrow_mut().insert(category, Rc::clone(&found));
        Ok(found)
    }

    /// The entry as it stands, which may be a reference.
    pub(super) fn entry(&self, category: &'static [u8], name: &[u8]) -> Result<Option<Object>, Stop> {
        Ok(self.category(category)?.get(name).cloned())
    }

    /// The entry resolved; null if there is none.
    pub(super) fn get(&self, category: &'static [u8], name: &[u8]) -> Result<Object, Stop> {
        Ok(self.view.get(&*self.category(category)?, name)?)
    }

    /// Whether a device colour space means something else here (ISO 32000-2 8.6.5.6). In doubt it does.
    pub(super) fn redefines(&self, name: &[u8]) -> bool {
        self.category(b"ColorSpace").map_or(true, |spaces| spaces.get(name).is_some())
    }
}
