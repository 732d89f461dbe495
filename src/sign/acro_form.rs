//! The sign room: the interactive form (ISO 32000-2 12.7.3) while fields are added to it. Takes the catalog, gives it back with the form where it
//! stood: in an object of its own, in the catalog, or new.

use super::field::{current, damaged, target};
use crate::error::Result;
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Object, ObjectId};
use std::collections::BTreeMap;

/// The interactive form, wherever it stands (ISO 32000-2 12.7.3).
pub(super) struct Form {
    pub(super) dict: Dictionary,
    place: Place,
    changed: bool,
    /// Fields that this update makes, by full name: groups, and those that end a branch.
    made: BTreeMap<String, (ObjectId, Made)>,
}

/// What a new field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Made {
    Group,
    Terminal,
}

enum Place {
    Indirect(ObjectId),
    InCatalog,
    Absent,
}

impl Form {
    pub(super) fn of(update: &Update<'_>, catalog_id: ObjectId, catalog: &Dictionary) -> Result<Form> {
        let form = |dict: Dictionary, place| Ok(Form { dict, place, changed: false, made: BTreeMap::new() });
        match catalog.get(b"AcroForm") {
            None | Some(Object::Null) => form(Dictionary::new(), Place::Absent),
            Some(Object::Dictionary(dict)) if dict.duplicate().is_none() => form(dict.clone(), Place::InCatalog),
            Some(Object::Reference(id)) => {
                let id = target(update.view(), *id)?;
                if id == catalog_id {
                    return Err(damaged("the form is the catalog"));
                }
                match update.view().object(id)?.object {
                    Object::Null => form(Dictionary::new(), Place::Absent),
                    _ => form(current(update, id)?, Place::Indirect(id)),
                }
            }
            Some(_) => Err(damaged("/AcroForm is no sound dictionary")),
        }
    }

    /// Puts the form where it stands. Gives back whether the catalog itself changed.
    pub(super) fn finish(mut self, update: &mut Update<'_>, catalog: &mut Dictionary) -> Result<bool> {
        // Signatures exist, and the file is only to be appended to (ISO 32000-2 table 225).
        let flags = update.view().get(&self.dict, b"SigFlags")?.as_i64().unwrap_or(0);
        if flags & 3 != 3 {
            self.dict.set(b"SigFlags", flags | 3);
            self.changed = true;
        }
        if !self.changed {
            return Ok(false);
        }
        match self.place {
            Place::Indirect(id) => {
                update.replace(id, self.dict);
                return Ok(false);
            }
            Place::InCatalog => catalog.set(b"AcroForm", self.dict),
            Place::Absent => {
                let id = update.add(self.dict);
                catalog.set(b"AcroForm", Object::Reference(id));
            }
        }
        Ok(true)
    }

    /// Lists a field that stands under no other.
    pub(super) fn append(&mut self, update: &mut Update<'_>, field: ObjectId) -> Result<()> {
        self.changed |= append(update, &mut self.dict, b"Fields", field)?;
        Ok(())
    }

    /// Remembers a new field.
    pub(super) fn remember(&mut self, name: &str, id: ObjectId, made: Made) {
        self.made.insert(name.to_owned(), (id, made));
    }

    /// The deepest new field at or above that name.
    pub(super) fn made_above(&self, name: &str) -> Option<(&str, ObjectId, Made)> {
        let above = |made: &str| name.strip_prefix(made).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        let found = self.made.iter().filter(|(made, _)| above(made)).max_by_key(|(made, _)| made.len());
        found.map(|(name, (id, made))| (name.as_str(), *id, *made))
    }
}

/// Appends a reference to the array under `key`, where it stands: in `holder`, or in an object of its own.
///
/// Gives back whether `holder` itself changed.
pub(super) fn append(update: &mut Update<'_>, holder: &mut Dictionary, key: &'static [u8], item: ObjectId) -> Result<bool> {
    let view = update.view();
    if let Some(Object::Reference(id)) = holder.get(key) {
        let id = target(view, *id)?;
        let value = update.pending(id).cloned().map_or_else(|| view.object(id).map(|found| found.object.clone()), Ok)?;
        match value {
            Object::Array(mut items) => {
                items.push(Object::Reference(item));
                update.replace(id, items);
                return Ok(false);
            }
            Object::Null => {}
            _ => return Err(damaged("an array of references is none")),
        }
        holder.set(key, vec![Object::Reference(item)]);
        return Ok(true);
    }
    let mut items = match holder.get(key) {
        None | Some(Object::Null) => Vec::new(),
        Some(Object::Array(items)) => items.clone(),
        Some(_) => return Err(damaged("an array of references is none")),
    };
    items.push(Object::Reference(item));
    holder.set(key, items);
    Ok(true)
}
