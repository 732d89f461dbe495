//! Empty signature fields, prepared before anybody signs, one for each signer to come.

use crate::call::now;
use crate::cancel::CallOptions;
use crate::document::Document;
use crate::error::Result;
use crate::output::Output;
use crate::placement::{FieldLock, Placement};
use crate::secret::Secret;
use std::sync::Arc;
use thrivosign::journey::fields;
use thrivosign::{Error, sign as core};

/// A signature field to be prepared.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct EmptyField {
    /// Fully qualified name; a dot separates the levels.
    pub name: String,
    /// Where the signature will show; nowhere if absent.
    #[uniffi(default = None)]
    pub placement: Option<Placement>,
    /// What its signature will lock.
    #[uniffi(default = None)]
    pub lock: Option<FieldLock>,
    /// The reasons that its signer may give, one of which must be given; empty: any or none.
    #[uniffi(default = [])]
    pub reasons: Vec<String>,
}

impl EmptyField {
    fn into_core(self) -> Result<core::EmptyField, Error> {
        Ok(core::EmptyField {
            placement: self.placement.unwrap_or(Placement::Invisible).into_core()?,
            lock: self.lock.map(Into::into),
            reasons: self.reasons,
            ..core::EmptyField::new(self.name)
        })
    }
}

/// A document that got fields.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FieldsAdded {
    /// Length of the document.
    pub size: i64,
    /// The document, if it was to go to memory.
    pub bytes: Option<Vec<u8>>,
}

/// Adds fields to a document. After the call the whole document with them is where `output` says, appended as one revision; the bytes of the
/// document are its front.
///
/// # Errors
/// `FieldUnusable` if a field of such a name is there or cannot be; `SigningForbidden` if the document is signed: a new field would be a change of
/// what was signed; otherwise what makes the document unusable (2xx), `OutputIsInput`, `OutputUnwritable`; `Cancelled`, `TimedOut`.
#[uniffi::export(default(password = None, options = None))]
pub fn add_fields(
    document: &Document,
    output: Output,
    fields: Vec<EmptyField>,
    password: Option<Arc<Secret>>,
    options: Option<CallOptions>,
) -> Result<FieldsAdded> {
    now(options, |call| {
        let fields = fields.into_iter().map(EmptyField::into_core).collect::<Result<Vec<_>, Error>>()?;
        let password = password.as_ref().map(|secret| secret.bytes());
        let input = document.input(call);
        let (size, bytes) = output
            .fill(call, |target| call.watched(|watch| fields::add_fields(&input, target, &fields, password, call.limits(), watch)))?;
        Ok(FieldsAdded { size: i64::try_from(size).unwrap_or(i64::MAX), bytes })
    })
}
