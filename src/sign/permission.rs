//! The sign room: what earlier signatures forbid (ISO 32000-2 12.8.2.2 DocMDP, 12.8.2.4 FieldMDP, 12.7.5.5 Lock). The strictest
//! statement holds, and one that cannot be read counts as the strictest.

use crate::error::{Error, ErrorKind, Result};
use crate::pdf::text_string::text;
use crate::pdf::{Dictionary, Object, View};

/// What is stated.
#[derive(Debug, Default)]
pub(super) struct Permissions {
    level: Option<i64>,
    locks: Vec<Lock>,
    /// Whether there is a signature already.
    signed: bool,
}

#[derive(Debug)]
struct Lock {
    action: Action,
    names: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    All,
    Include,
    Exclude,
}

impl Permissions {
    /// Takes in the certification that the catalog names.
    pub(super) fn read_catalog(&mut self, view: View<'_>, catalog: &Dictionary) -> Result<()> {
        let Some(perms) = view.get_dict(catalog, b"Perms")? else { return Ok(()) };
        match view.get(&perms, b"DocMDP")? {
            Object::Null => Ok(()),
            Object::Dictionary(signature) => {
                let before = self.level.take();
                self.read_signature(view, &signature)?;
                // A certification without a readable level is no permission.
                let level = self.level.unwrap_or(1);
                self.level = Some(before.map_or(level, |before| before.min(level)));
                Ok(())
            }
            _ => {
                self.level = Some(1);
                Ok(())
            }
        }
    }

    /// Takes in the references of a signature dictionary.
    pub(super) fn read_signature(&mut self, view: View<'_>, signature: &Dictionary) -> Result<()> {
        self.signed = true;
        for reference in view.get_array(signature, b"Reference")?.unwrap_or_default().iter().take(64) {
            let Object::Dictionary(reference) = view.resolve(reference)? else { continue };
            let parameters = view.get_dict(&reference, b"TransformParams")?.unwrap_or_default();
            match view.get(&reference, b"TransformMethod")?.as_name() {
                // Absent means 2 (ISO 32000-2 table 257).
                Some(b"DocMDP") => self.restrict(match view.get(&parameters, b"P")? {
                    Object::Null => 2,
                    other => other.as_i64().unwrap_or(1),
                }),
                Some(b"FieldMDP") => self.read_action(view, &parameters)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Takes in the `/Lock` of a field that is signed.
    pub(super) fn read_lock(&mut self, view: View<'_>, field: &Dictionary) -> Result<()> {
        let Some(lock) = view.get_dict(field, b"Lock")? else { return Ok(()) };
        self.read_action(view, &lock)?;
        match view.get(&lock, b"P")? {
            Object::Null => {}
            level => self.restrict(level.as_i64().unwrap_or(1)),
        }
        Ok(())
    }

    /// Whether a certification may be made: it is the first signature or none (ISO 32000-2 12.8.1).
    ///
    /// # Errors
    /// [`ErrorKind::SigningForbidden`].
    pub(super) fn check_first(&self) -> Result<()> {
        if self.signed || self.level.is_some() {
            return Err(Error::new(ErrorKind::SigningForbidden).context("only the first signature can certify a document"));
        }
        Ok(())
    }

    /// Whether there is a signature already.
    pub(super) const fn is_signed(&self) -> bool {
        self.signed
    }

    fn restrict(&mut self, level: i64) {
        let level = if (1..=3).contains(&level) { level } else { 1 };
        self.level = Some(self.level.map_or(level, |known| known.min(level)));
    }

    fn read_action(&mut self, view: View<'_>, dict: &Dictionary) -> Result<()> {
        let mut names = Vec::new();
        for name in view.get_array(dict, b"Fields")?.unwrap_or_default() {
            view.document().budget().step(1)?;
            names.extend(view.resolve(&name)?.as_string().map(text));
        }
        let action = match view.get(dict, b"Action")?.as_name() {
            Some(b"Include") => Action::Include,
            Some(b"Exclude") => Action::Exclude,
            _ => Action::All,
        };
        self.locks.push(Lock { action, names });
        Ok(())
    }

    /// Whether one more signature may be made in the field of that name, be it there or new: a new field that a lock covers is a change of
    /// what it locks.
    ///
    /// # Errors
    /// [`ErrorKind::SigningForbidden`].
    pub(super) fn check(&self, field: &str) -> Result<()> {
        if self.level == Some(1) {
            return Err(Error::new(ErrorKind::SigningForbidden).context("no changes are allowed after the certification"));
        }
        let named = |lock: &Lock, field: &str| {
            lock.names.iter().any(|n| field == n || field.strip_prefix(n.as_str()).is_some_and(|rest| rest.starts_with('.')))
        };
        let locked = |field: &str| {
            self.locks.iter().any(|lock| match lock.action {
                Action::All => true,
                Action::Include => named(lock, field),
                Action::Exclude => !named(lock, field),
            })
        };
        if locked(field) {
            return Err(Error::new(ErrorKind::SigningForbidden).context("an earlier signature locks the field"));
        }
        Ok(())
    }
}
