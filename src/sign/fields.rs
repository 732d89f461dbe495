//! The sign room: empty signature fields, prepared before anybody signs: one for each signer, each with its box, its lock and what is asked of
//! its signer. Takes an open document and the fields, gives the revision to append.

use super::acro_form::Form;
use super::field::{catalog_id, current};
use super::form;
use super::new_field::{Content, NewField};
use super::placement::Placement;
use super::plan::sound;
use super::request::{check_lock, check_name};
use super::restriction::FieldLock;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Document, Object};

/// Most fields of one call.
const MAX_FIELDS: usize = 1_000;
/// `/Ff` of the seed values: the reasons are binding (ISO 32000-2 table 237).
const REASONS: i64 = 1 << 3;

/// A signature field to be prepared.
#[derive(Clone, Debug, PartialEq)]
pub struct EmptyField {
    /// Fully qualified name; a dot separates the levels.
    pub name: String,
    /// Where the signature will show.
    pub placement: Placement,
    /// What its signature will lock.
    pub lock: Option<FieldLock>,
    /// The reasons that its signer may give, one of which must be given; empty: any or none.
    pub reasons: Vec<String>,
}

impl EmptyField {
    /// An invisible field of that name that asks nothing.
    #[must_use]
    pub fn new(name: impl Into<String>) -> EmptyField {
        EmptyField { name: name.into(), placement: Placement::Invisible, lock: None, reasons: Vec::new() }
    }

    fn seed(&self) -> Dictionary {
        if self.reasons.is_empty() {
            return Dictionary::new();
        }
        let reasons = self.reasons.iter().map(|reason| Object::text(reason)).collect::<Vec<_>>();
        Dictionary::new().with(b"Type", Object::name("SV")).with(b"Ff", REASONS).with(b"Reasons", reasons)
    }
}

/// The revision that adds those fields, in their order. `random` becomes the second `/ID` string.
///
/// # Errors
/// [`ErrorKind::FieldUnusable`] if a field of that name is there or cannot be; [`ErrorKind::SigningForbidden`] if the document is signed: a new field
/// would be a change of what was signed; [`ErrorKind::InvalidArgument`]; as [`plan`](super::plan()) for the rest.
pub fn add_fields(document: &Document<'_>, fields: &[EmptyField], random: [u8; 16]) -> Result<Vec<u8>> {
    let wrong = |what: &'static str| Err(Error::new(ErrorKind::InvalidArgument).context(what));
    if fields.is_empty() || fields.len() > MAX_FIELDS {
        return wrong("1 to 1,000 fields are added at a time");
    }
    if fields.len() > 1 && fields.iter().any(|field| matches!(field.placement, Placement::NextFree { .. })) {
        return wrong("a field in the next free place is added by itself: the others are not there yet");
    }
    sound(document)?;
    let mut update = Update::new(document.latest())?;
    let view = update.view();
    let id = catalog_id(view)?;
    let mut catalog = current(&update, id)?;
    let mut form = Form::of(&update, id, &catalog)?;
    for field in fields {
        check_name(&field.name)?;
        check_lock(field.lock.as_ref())?;
        if field.reasons.iter().any(|reason| reason.is_empty() || reason.chars().count() > 1_000) {
            return wrong("a reason has 1 to 1,000 characters");
        }
        let mut survey = form::survey(view, &form.dict, Some(&field.name))?;
        survey.permissions.read_catalog(view, &catalog)?;
        if survey.permissions.is_signed() {
            return Err(Error::new(ErrorKind::SigningForbidden).context("fields are added before the first signature"));
        }
        if survey.existing.is_some() {
            return Err(Error::new(ErrorKind::FieldUnusable).context("a field of this name is there"));
        }
        let content = Content::Empty { seed: field.seed() };
        let new = NewField { name: &field.name, placement: &field.placement, lock: field.lock.as_ref(), content };
        new.make(&mut update, &survey, &mut form)?;
    }
    if form.finish(&mut update, &mut catalog)? {
        update.replace(id, catalog);
    }
    Ok(update.finish(random)?.bytes)
}
