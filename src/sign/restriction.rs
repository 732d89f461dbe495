//! The sign room: what a signature forbids from then on (ISO 32000-2 12.8.2.2 DocMDP, 12.8.2.4 FieldMDP, 12.7.5.5 Lock). Takes what is asked,
//! gives the signature references and the catalog's `/Perms`. What earlier signatures forbid is read elsewhere, in `permission`.

use super::field::{current, damaged, target};
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::append::Update;
use crate::pdf::text_string::text;
use crate::pdf::{Dictionary, Object, ObjectId, View};

/// What a certification signature allows afterwards: `/P` of the DocMDP transform (ISO 32000-2 table 257).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DocMdp {
    /// 1: nothing but validation data. No further signature either.
    NoChanges,
    /// 2: forms are filled in and signed.
    FormFilling,
    /// 3: annotations too.
    Annotating,
}

impl DocMdp {
    /// The number that stands in the document.
    #[must_use]
    pub const fn level(self) -> i64 {
        match self {
            DocMdp::NoChanges => 1,
            DocMdp::FormFilling => 2,
            DocMdp::Annotating => 3,
        }
    }

    /// From that number.
    #[must_use]
    pub const fn from_level(level: i64) -> Option<DocMdp> {
        match level {
            1 => Some(DocMdp::NoChanges),
            2 => Some(DocMdp::FormFilling),
            3 => Some(DocMdp::Annotating),
            _ => None,
        }
    }
}

/// Form fields that may no longer change once the signature is there: FieldMDP and `/Lock` (ISO 32000-2 table 236, 258).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldLock {
    /// All of them.
    All,
    /// Those of these fully qualified names, and what is below them.
    Include(Vec<String>),
    /// All but those.
    Exclude(Vec<String>),
}

impl FieldLock {
    pub(super) fn names(&self) -> &[String] {
        match self {
            FieldLock::All => &[],
            FieldLock::Include(names) | FieldLock::Exclude(names) => names,
        }
    }

    /// As the `/Lock` of a field.
    pub(super) fn to_dictionary(&self) -> Dictionary {
        let action = match self {
            FieldLock::All => "All",
            FieldLock::Include(_) => "Include",
            FieldLock::Exclude(_) => "Exclude",
        };
        let dict = Dictionary::new().with(b"Type", Object::name("SigFieldLock")).with(b"Action", Object::name(action));
        match self {
            FieldLock::All => dict,
            _ => dict.with(b"Fields", self.names().iter().map(|name| Object::text(name)).collect::<Vec<_>>()),
        }
    }
}

/// `/Reference` of the signature dictionary; empty where the signature forbids nothing.
pub(super) fn references(view: View<'_>, certification: Option<DocMdp>, lock: Option<&Dictionary>) -> Result<Vec<Object>> {
    let mut references = Vec::new();
    if let Some(level) = certification {
        let parameters =
            Dictionary::new().with(b"Type", Object::name("TransformParams")).with(b"V", Object::name("1.2")).with(b"P", level.level());
        references.push(reference(view, "DocMDP", parameters));
    }
    if let Some(lock) = lock {
        references.push(reference(view, "FieldMDP", lock_parameters(view, lock)?));
    }
    Ok(references)
}

fn reference(view: View<'_>, method: &str, parameters: Dictionary) -> Object {
    let root = view.trailer().get(b"Root").cloned().unwrap_or(Object::Null);
    let dict = Dictionary::new()
        .with(b"Type", Object::name("SigRef"))
        .with(b"TransformMethod", Object::name(method))
        .with(b"TransformParams", parameters)
        .with(b"Data", root);
    Object::Dictionary(dict)
}

/// The `/Lock` as parameters of a FieldMDP transform (ISO 32000-2 table 258): the same action over the same names.
pub(super) fn lock_parameters(view: View<'_>, lock: &Dictionary) -> Result<Dictionary> {
    let action = match view.get(lock, b"Action")? {
        Object::Name(name) if [&b"All"[..], b"Include", b"Exclude"].contains(&&*name) => Object::Name(name),
        _ => return Err(Error::new(ErrorKind::FieldUnusable).context("its lock cannot be read")),
    };
    let mut parameters = Dictionary::new().with(b"Type", Object::name("TransformParams")).with(b"V", Object::name("1.2"));
    if action.as_name() != Some(b"All") {
        let names = view.get_array(lock, b"Fields")?.unwrap_or_default();
        let names = names.iter().map(|name| Ok(Object::text(&text(view.resolve(name)?.as_string().unwrap_or_default()))));
        parameters.set(b"Fields", names.collect::<Result<Vec<_>>>()?);
    }
    parameters.set(b"Action", action);
    Ok(parameters)
}

/// Names the signature as the document's certification: `/Perms /DocMDP` of the catalog. Gives back whether the catalog itself changed.
pub(super) fn certify(update: &mut Update<'_>, catalog: &mut Dictionary, signature: ObjectId) -> Result<bool> {
    let view = update.view();
    let perms = catalog.get(b"Perms").cloned().unwrap_or(Object::Null);
    if view.resolve(&perms)?.is_null() {
        // Not at the number of a reference that leads nowhere: new objects may take it.
        catalog.set(b"Perms", Dictionary::new().with(b"DocMDP", Object::Reference(signature)));
        return Ok(true);
    }
    match perms {
        Object::Dictionary(mut perms) if perms.duplicate().is_none() => {
            perms.set(b"DocMDP", Object::Reference(signature));
            catalog.set(b"Perms", perms);
            Ok(true)
        }
        Object::Reference(id) => {
            let id = target(view, id)?;
            let mut perms = current(update, id)?;
            perms.set(b"DocMDP", Object::Reference(signature));
            update.replace(id, perms);
            Ok(false)
        }
        _ => Err(damaged("/Perms is no sound dictionary")),
    }
}
