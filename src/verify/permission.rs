//! The verify room: what the signed revision says about later changes (ISO 32000-2 12.8.2.2 DocMDP, 12.8.2.4 FieldMDP, 12.7.5.5 Lock).
//! Always read from the signed revision: a permission weakened later counts for nothing.

use super::changes::ChangeKind;
use super::locate::{Candidate, text, walk_fields};
use super::report::{ChangeEntry, Permitted};
use crate::error::Result;
use crate::pdf::{Dictionary, Object, View};

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
        if field.is_signature
            && let Some(value) = view.get_dict(&field.dict, b"V")?
        {
            found.read_references(view, &value)?;
            found.read_lock(view, &field.dict)?;
        }
        Ok(())
    })?;
    Ok(found)
}

impl Permissions {
    fn restrict(&mut self, level: i64) {
        // An unknown level is read as the strictest one.
        let level = if (1..=3).contains(&level) { level } else { 1 };
        self.level = Some(self.level.map_or(level, |known| known.min(level)));
    }

    fn read_references(&mut self, view: View<'_>, signature: &Dictionary) -> Result<()> {
        for reference in view.get_array(signature, b"Reference")?.unwrap_or_default().iter().take(64) {
            let Object::Dictionary(reference) = view.resolve(reference)? else { continue };
            let params = view.get_dict(&reference, b"TransformParams")?.unwrap_or_default();
            match view.get(&reference, b"TransformMethod")?.as_name() {
                Some(b"DocMDP") => self.restrict(view.get(&params, b"P")?.as_i64().unwrap_or(2)),
                Some(b"FieldMDP") => self.read_action(view, &params)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn read_lock(&mut self, view: View<'_>, field: &Dictionary) -> Result<()> {
        if let Some(lock) = view.get_dict(field, b"Lock")? {
            self.read_action(view, &lock)?;
            if let Some(level) = view.get(&lock, b"P")?.as_i64() {
                self.restrict(level);
            }
        }
        Ok(())
    }

    fn read_action(&mut self, view: View<'_>, dict: &Dictionary) -> Result<()> {
        let names = view.get_array(dict, b"Fields")?.unwrap_or_default();
        let names =
            names.iter().map(|n| Ok(view.resolve(n)?.as_string().map(text).unwrap_or_default())).collect::<Result<Vec<String>>>()?;
        self.locks.push(match view.get(dict, b"Action")?.as_name() {
            Some(b"Include") => Lock::Include(names),
            Some(b"Exclude") => Lock::Exclude(names),
            _ => Lock::All,
        });
        Ok(())
    }

    /// Whether this change is permitted; `field` is the one that was filled in, or made to be signed.
    pub(super) fn judge(&self, change: &ChangeEntry, field: Option<&str>) -> Permitted {
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
                if field.is_some_and(|name| self.locks.iter().any(|lock| lock.covers(name))) =>
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
