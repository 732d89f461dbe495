//! What a document is and what about it may surprise, as records.

use crate::error::Result;
use std::sync::Arc;
use thrivosign::{ErrorKind, inspect as core};

/// How a document is encrypted, and what its author allows to users.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Encryption {
    /// Cipher and key length.
    pub method: String,
    /// Revision of the standard security handler.
    pub revision: i64,
    /// Whether it was opened with the owner's password.
    pub owner: bool,
    /// Printing.
    pub print: bool,
    /// Changing content.
    pub modify: bool,
    /// Copying.
    pub copy: bool,
    /// Annotating.
    pub annotate: bool,
    /// Filling in and signing existing fields.
    pub fill_forms: bool,
    /// Making new fields, signature fields among them.
    pub create_fields: bool,
}

/// A field for a signature.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SignatureField {
    /// The full name, its parts joined by dots.
    pub name: String,
    /// The page of its widget, counted from 1, where it was found.
    pub page: Option<i64>,
    /// Whether there is a value.
    pub signed: bool,
    /// Format of the value.
    pub sub_filter: Option<String>,
    /// Whether its widget has an area.
    pub visible: bool,
    /// The object.
    pub object: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Marker {
    /// Stable code of its kind.
    pub code: String,
    /// The object it is about.
    pub object: Option<String>,
    /// The page it is on, counted from 1.
    pub page: Option<i64>,
    /// What it means, in one sentence without a full stop.
    pub text: String,
    /// What to do about it.
    pub remedy: String,
}

/// How many findings of a kind there are.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct MarkerCount {
    /// Stable code of the kind.
    pub code: String,
    /// How many.
    pub count: i64,
}

/// What was not looked at.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Unchecked {
    /// The part of the document.
    pub part: String,
    /// Why.
    pub why: String,
    /// The first page concerned, counted from 1.
    pub page: Option<i64>,
}

/// Facts about a document.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct InspectionFacts {
    /// The PDF version.
    pub version: String,
    /// Bytes.
    pub size: i64,
    /// Pages.
    pub pages: i64,
    /// The encryption, if there is one.
    pub encryption: Option<Encryption>,
    /// Revisions.
    pub revisions: i64,
    /// The signature fields, signed and empty.
    pub signature_fields: Vec<SignatureField>,
    /// Form fields other than signatures.
    pub form_fields: i64,
    /// The level of a certification: 1 no changes, 2 forms and signatures, 3 also annotations.
    pub certification: Option<i64>,
    /// Whether there are usage rights.
    pub usage_rights: bool,
    /// Whether there is an XFA form.
    pub xfa: bool,
    /// Whether it is a portfolio.
    pub portfolio: bool,
    /// The first markers of each kind.
    pub markers: Vec<Marker>,
    /// How many there are of each kind.
    pub counts: Vec<MarkerCount>,
    /// What was not looked at, or only in part.
    pub unchecked: Vec<Unchecked>,
}

/// What was found out about one document.
#[derive(uniffi::Object)]
pub struct Inspection(core::Inspection);

impl Inspection {
    pub(crate) fn wrap(inspection: core::Inspection) -> Arc<Inspection> {
        Arc::new(Inspection(inspection))
    }
}

fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[uniffi::export]
impl Inspection {
    /// As one line of JSON.
    ///
    /// # Errors
    /// `Internal`, which should not occur.
    pub fn json(&self) -> Result<String> {
        serde_json::to_string(&self.0).map_err(|_| ErrorKind::Internal.into())
    }

    /// Whether there is a marker of the kind with that code.
    ///
    /// # Errors
    /// `InvalidArgument` for a code that does not exist.
    pub fn has(&self, code: &str) -> Result<bool> {
        let risk = core::Risk::ALL.iter().find(|risk| risk.code() == code).ok_or(ErrorKind::InvalidArgument)?;
        Ok(self.0.has(*risk))
    }

    /// All of it.
    #[must_use]
    pub fn facts(&self) -> InspectionFacts {
        self.0.clone().into()
    }
}

impl From<core::Inspection> for InspectionFacts {
    fn from(facts: core::Inspection) -> InspectionFacts {
        InspectionFacts {
            version: facts.version,
            size: number(facts.size),
            pages: number(facts.pages),
            encryption: facts.encryption.map(|encryption| Encryption {
                method: encryption.method,
                revision: encryption.revision,
                owner: encryption.owner,
                print: encryption.print,
                modify: encryption.modify,
                copy: encryption.copy,
                annotate: encryption.annotate,
                fill_forms: encryption.fill_forms,
                create_fields: encryption.create_fields,
            }),
            revisions: number(facts.revisions.len() as u64),
            signature_fields: facts
                .signature_fields
                .into_iter()
                .map(|field| SignatureField {
                    name: field.name,
                    page: field.page.map(number),
                    signed: field.signed,
                    sub_filter: field.sub_filter,
                    visible: field.visible,
                    object: field.object,
                })
                .collect(),
            form_fields: number(facts.form_fields),
            certification: facts.certification,
            usage_rights: facts.usage_rights,
            xfa: facts.xfa,
            portfolio: facts.portfolio,
            markers: facts
                .markers
                .into_iter()
                .map(|marker| Marker {
                    code: marker.code.code().to_owned(),
                    object: marker.object,
                    page: marker.page.map(number),
                    text: marker.text.to_owned(),
                    remedy: marker.remedy.to_owned(),
                })
                .collect(),
            counts: facts.counts.into_iter().map(|(risk, n)| MarkerCount { code: risk.code().to_owned(), count: number(n) }).collect(),
            unchecked: facts
                .unchecked
                .into_iter()
                .map(|part| Unchecked { part: part.part.to_owned(), why: part.why.to_owned(), page: part.page.map(number) })
                .collect(),
        }
    }
}
