//! The verify room: what the signed revision says about later changes (ISO 32000-2 12.8.2.2 DocMDP, 12.8.2.4 FieldMDP, 12.7.5.5 Lock).
//! Always read from the signed revision: a permission weakened later counts for nothing.

use super::changes::ChangeKind;
use super::locate::{Candidate, walk_fields};
use super::report::{ChangeEntry, Permitted};
use crate::error::{ErrorKind, Result};
use crate::pdf::text_string::text;
use crate::pdf::{Dictionary, Object, View};
use crate::switch::{Check, on};
use serde::Serialize;

/// The stated permissions.
#[derive(Debug, Default)]
pub(super) struct Permissions {
    /// The strictest DocMDP level stated: 1, 2 or 3.
    pub(super) level: Option<i64>,
    /// FieldMDP and Lock dictionaries: which fields may no longer change.
    locks: Vec<Lock>,
}

#[derive(Debug)]
enum Lock {
    All,
    Include(Vec<String>),
    Exclude(Vec<String>),
}

impl Lock {
    fn covers(&self, field: &str) -> bool {
        let names =
            |list: &[String]| list.iter().any(|n| field == n || field.strip_prefix(n.as_str()).is_some_and(|rest| rest.starts_with('.')));
        match self {
            Lock::All => true,
            Lock::Include(list) => names(list),
            Lock::Exclude(list) => !names(list),
        }
    }
}

/// The most references of one signature dictionary that are read.
const MAX_REFERENCES: usize = 64;

/// A stated level; what is there but no integer is read as an unknown level, which is the strictest.
fn level(value: &Object) -> Option<i64> {
    if on(Check::LevelIsInteger) { (!value.is_null()).then(|| value.as_i64().unwrap_or(0)) } else { value.as_i64() }
}

/// What `candidate`'s revision states, by itself and by the signatures before it.
pub(super) fn stated(view: View<'_>, candidate: &Candidate) -> Result<Permissions> {
    let mut found = Permissions::default();
    let catalog = view.catalog()?;
    if let Some(perms) = view.get_dict(&catalog, b"Perms")?
        && let Some(signature) = view.get_dict(&perms, b"DocMDP")?
    {
        found.read_references(view, &signature)?;
    }
    found.read_references(view, &candidate.dict)?;
    found.read_lock(view, &candidate.field_dict)?;
    // Locks of every signature that this one covers hold on.
    walk_fields(view, |field| {
        let Some(field) = readable(field.map(Some))? else { return Ok(()) };
        if field.is_signature
            && let Some(value) = readable(view.get_dict(field.dict(), b"V"))?
        {
            found.read_references(view, &value)?;
            found.read_lock(view, field.dict())?;
        }
        Ok(())
    })?;
    Ok(found)
}

/// What cannot be read states nothing: a value is a failed signature of its own, a field a fault of the signed revision.
fn readable<T>(value: Result<Option<T>>) -> Result<Option<T>> {
    match value {
        Err(error) if error.kind() == ErrorKind::PdfDamaged => Ok(None),
        value => value,
    }
}

/// What the signed revision states about later changes, by its DocMDP, FieldMDP and Lock dictionaries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StatedPermissions {
    /// The strictest DocMDP level: 1 no changes, 2 forms and signatures, 3 also annotations; none if nothing is certified or locked so.
    pub doc_mdp: Option<i64>,
    /// Which fields may no longer change: the first hundred locks that differ.
    pub locks: Vec<StatedLock>,
}

/// Most locks that a report lists: a thousand signatures with a lock each would make a million lines.
const MAX_LISTED: usize = 100;

/// One FieldMDP or Lock dictionary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatedLock {
    /// Whether `fields` are those that may not change, or the only ones that may.
    pub action: LockAction,
    /// Names of fields; empty where all are locked.
    pub fields: Vec<String>,
}

/// Which fields a lock is about (ISO 32000-2 table 258).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of the standard")]
pub enum LockAction {
    All,
    Include,
    Exclude,
}

impl Permissions {
    /// As the report shows them, each lock once.
    pub(super) fn facts(&self) -> StatedPermissions {
        let mut locks: Vec<StatedLock> = Vec::new();
        for lock in &self.locks {
            let (action, fields) = match lock {
                Lock::All => (LockAction::All, Vec::new()),
                Lock::Include(fields) => (LockAction::Include, fields.clone()),
                Lock::Exclude(fields) => (LockAction::Exclude, fields.clone()),
            };
            let stated = StatedLock { action, fields };
            if locks.len() < MAX_LISTED && !locks.contains(&stated) {
                locks.push(stated);
            }
        }
        StatedPermissions { doc_mdp: self.level, locks }
    }

    fn restrict(&mut self, level: i64) {
        // An unknown level is read as the strictest one.
        let level = if (1..=3).contains(&level) { level } else { 1 };
        self.level = Some(self.level.map_or(level, |known| known.min(level)));
    }

    fn read_references(&mut self, view: View<'_>, signature: &Dictionary) -> Result<()> {
        let references = view.get_array(signature, b"Reference")?.unwrap_or_default();
        if references.len() > MAX_REFERENCES {
            // The one that forbids may stand behind those that are read.
            self.restrict(1);
        }
        for reference in references.iter().take(MAX_REFERENCES) {
            let Object::Dictionary(reference) = view.resolve(reference)? else { continue };
            let params = view.get_dict(&reference, b"TransformParams")?.unwrap_or_default();
            match view.get(&reference, b"TransformMethod")?.as_name() {
                Some(b"DocMDP") => self.restrict(level(&view.get(&params, b"P")?).unwrap_or(2)),
                Some(b"FieldMDP") => self.read_action(view, &params)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn read_lock(&mut self, view: View<'_>, field: &Dictionary) -> Result<()> {
        if let Some(lock) = view.get_dict(field, b"Lock")? {
            self.read_action(view, &lock)?;
            if let Some(level) = level(&view.get(&lock, b"P")?) {
                self.restrict(level);
            }
        }
        Ok(())
    }

    fn read_action(&mut self, view: View<'_>, dict: &Dictionary) -> Result<()> {
        let named = view.get_array(dict, b"Fields")?;
        let (mut names, mut sound) = (Vec::new(), named.is_some());
        for name in named.unwrap_or_default() {
            match view.resolve(&name)?.as_string() {
                Some(name) => names.push(text(name)),
                None => sound = false,
            }
        }
        self.locks.push(match view.get(dict, b"Action")?.as_name() {
            // A list that names no field locks none, and permits nothing, either.
            Some(b"Include") if sound && names.is_empty() => return Ok(()),
            // What cannot be read may be the name of any field: read as the strictest, it is no permission.
            Some(b"Include") if sound => Lock::Include(names),
            Some(b"Exclude") => Lock::Exclude(names),
            _ => Lock::All,
        });
        Ok(())
    }

    /// Whether this change is permitted; `fields` are those that were filled in, or made to be signed.
    pub(super) fn judge(&self, change: &ChangeEntry, fields: &[String]) -> Permitted {
        let by_level = |least: i64| match self.level {
            Some(level) if level >= least => Permitted::Yes,
            Some(_) => Permitted::No,
            None => Permitted::NotStated,
        };
        match change.kind {
            // Validation data and time stamps are permitted at every level (ISO 32000-2 table 257); metadata ride along with them.
            ChangeKind::None | ChangeKind::Ltv => Permitted::Yes,
            ChangeKind::Metadata => Permitted::NotStated,
            // A new field under a lock counts as a change of what is locked, and an empty one that is signed does not, as pyHanko has it.
            ChangeKind::SignatureAdded | ChangeKind::FormFilled
                if fields.iter().any(|name| self.locks.iter().any(|lock| lock.covers(name))) =>
            {
                Permitted::No
            }
            ChangeKind::FormFilled if self.level.is_none() && !self.locks.is_empty() => Permitted::Yes,
            ChangeKind::SignatureAdded | ChangeKind::FormFilled => by_level(2),
            ChangeKind::Annotated => by_level(3),
            ChangeKind::Other | ChangeKind::TrailingBytes => {
                if self.level.is_some() {
                    Permitted::No
                } else {
                    Permitted::NotStated
                }
            }
        }
    }
}
