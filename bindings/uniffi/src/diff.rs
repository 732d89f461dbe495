//! What changed since a signature, the document as its signer saw it, and signatures as they present themselves.

use crate::call::now;
use crate::cancel::CallOptions;
use crate::document::Document;
use crate::error::Result;
use crate::output::Output;
use crate::secret::Secret;
use crate::signature_report::Change;
use crate::verdict::{ChangeKind, Permitted, SignatureKind};
use crate::words::Words;
use std::sync::Arc;
use thrivosign::journey::{extract, read};
use thrivosign::{Error, ErrorKind, render, verify as core};

/// One change, and whether the signed revision states that it may be made.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct DiffEntry {
    /// The change.
    pub change: Change,
    /// Whether it may be made.
    pub permitted: Permitted,
}

/// What changed since one signature.
#[derive(uniffi::Object)]
pub struct Diff(core::Diff);

#[uniffi::export]
impl Diff {
    /// As one line of JSON, by the published schema.
    ///
    /// # Errors
    /// `Internal`, which should not occur.
    pub fn json(&self) -> Result<String> {
        serde_json::to_string(&self.0).map_err(|_| ErrorKind::Internal.into())
    }

    /// As text for people; in English without words.
    #[uniffi::method(default(words = None))]
    #[must_use]
    pub fn text(&self, words: Option<Arc<Words>>) -> String {
        render::text_diff(&self.0, Words::of(words.as_ref()))
    }

    /// The field of the signature.
    #[must_use]
    pub fn field(&self) -> String {
        self.0.field.clone()
    }

    /// The revision that the signature covers, counted from 1.
    #[must_use]
    pub fn revision(&self) -> i64 {
        count(self.0.revision)
    }

    /// How many revisions the document has.
    #[must_use]
    pub fn revisions(&self) -> i64 {
        count(self.0.revisions)
    }

    /// The kinds of change, `None` if there is none.
    #[must_use]
    pub fn changes(&self) -> Vec<ChangeKind> {
        self.0.changes.iter().map(|kind| ChangeKind::from(*kind)).collect()
    }

    /// Each change.
    #[must_use]
    pub fn entries(&self) -> Vec<DiffEntry> {
        let entry = |entry: &core::DiffEntry| DiffEntry { change: (&entry.change).into(), permitted: entry.permitted.into() };
        self.0.change_details.iter().map(entry).collect()
    }

    /// Whether the changes could not be read to the end, so that there may be more.
    #[must_use]
    pub fn undecided(&self) -> bool {
        self.0.undecided
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn number(index: i32) -> Result<usize, Error> {
    usize::try_from(index).map_err(|_| Error::new(ErrorKind::InvalidArgument).context("signatures count from 0"))
}

/// What changed since a signature, counted from 0 in the order of the report: the same findings, by the same rules. The signature itself is not
/// verified.
///
/// # Errors
/// `InvalidArgument` if there is no such signature; `PdfDamaged` if it covers no revision; otherwise as `verify`.
#[uniffi::export(default(password = None, options = None))]
pub fn diff(document: &Document, index: i32, password: Option<Arc<Secret>>, options: Option<CallOptions>) -> Result<Arc<Diff>> {
    now(options, |call| {
        let password = password.as_ref().map(|secret| secret.bytes());
        Ok(Arc::new(Diff(read::diff(&document.input(call), number(index)?, password, call.limits())?)))
    })
}

/// What was handed over.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Extracted {
    /// The field of the signature.
    pub field: String,
    /// The revision that it covers, counted from 1.
    pub revision: i64,
    /// Bytes.
    pub size: i64,
    /// The document, if it was to go to memory.
    pub bytes: Option<Vec<u8>>,
}

/// Hands over the document as the signer of a signature saw it, counted from 0 in the order of the report. After the call it is where `output` says:
/// exactly the bytes up to the end of the revision that the signature covers. Whether the signature is worth anything is not said.
///
/// # Errors
/// As `diff`; `OutputIsInput`, `OutputUnwritable`; `Cancelled`, `TimedOut`.
#[uniffi::export(default(password = None, options = None))]
pub fn extract_signed_revision(
    document: &Document,
    index: i32,
    output: Output,
    password: Option<Arc<Secret>>,
    options: Option<CallOptions>,
) -> Result<Extracted> {
    now(options, |call| {
        let (input, index) = (document.input(call), number(index)?);
        let password = password.as_ref().map(|secret| secret.bytes());
        let (done, bytes) = output.fill(call, |target| {
            call.watched(|watch| extract::extract_signed_revision(&input, index, password, target, call.limits(), watch))
        })?;
        let size = i64::try_from(done.size).unwrap_or(i64::MAX);
        Ok(Extracted { field: done.field, revision: count(done.revision), size, bytes })
    })
}

/// What somebody wrote into a document; nobody has checked it.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct ClaimedSignature {
    /// Fully qualified name of its field.
    pub field: String,
    /// Signature or document time stamp, by what it says.
    pub kind: SignatureKind,
    /// Its format.
    pub sub_filter: Option<String>,
    /// Who it says signed. Anybody can write any name.
    pub claimed_signer: Option<String>,
    /// When it says that it was made, in seconds since 1970-01-01T00:00:00Z.
    pub claimed_time: Option<i64>,
    /// The revision that brought it, counted from 1.
    pub revision: i64,
    /// The page of its widget, counted from 1, where one was found.
    pub page: Option<i64>,
    /// The widget's rectangle: left, bottom, right, top in the page's user space, in points; absent if it has no area.
    pub rect: Option<Vec<f64>>,
}

/// Every signature as it presents itself, in the order of the report, without any cryptography: for programs whose viewer hides them.
///
/// # Errors
/// As `verify`.
#[uniffi::export(default(password = None, options = None))]
pub fn signatures(document: &Document, password: Option<Arc<Secret>>, options: Option<CallOptions>) -> Result<Vec<ClaimedSignature>> {
    now(options, |call| {
        let password = password.as_ref().map(|secret| secret.bytes());
        let found = read::signatures(&document.input(call), password, call.limits())?;
        let claimed = |one: core::ClaimedSignature| ClaimedSignature {
            field: one.field,
            kind: one.kind.into(),
            sub_filter: one.sub_filter,
            claimed_signer: one.claimed_signer,
            claimed_time: one.claimed_time.map(|time| time.unix()),
            revision: count(one.revision),
            page: one.page.map(|page| i64::try_from(page).unwrap_or(i64::MAX)),
            rect: one.rect.map(Vec::from),
        };
        Ok(found.into_iter().map(claimed).collect())
    })
}
