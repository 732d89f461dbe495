//! The sign room: a revision that somebody else prepared. Takes the device's own document, the bytes that are to be appended, and what was
//! asked for; gives a [`Prepared`] if, and only if, the revision does what was asked and nothing else. The device never signs blind.
//!
//! Byte for byte what [`plan`](super::plan()) builds is accepted at once. Anything else must pass an allow-list, per object and key: what is
//! not named there is refused. `structure` sees to it that every byte belongs to an object that the cross-reference section names;
//! `objects` that every object is one of: catalog, form, array of fields, array of annotations, page, ancestor of the field, field,
//! widget, signature dictionary, appearance; and that it differs from the document only where the request says so; `look` that a visible
//! signature shows the lines asked for.

mod look;
mod objects;
mod structure;

use super::hollow::Hollow;
use super::plan::{Plan, plan};
use super::prepared::Prepared;
use super::request::SignatureRequest;
use crate::cancel::Progress;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::{Document, Object, Source, Span};
use crate::sign::SigningIdentity;
use crate::time::Time;

/// How far `/M` may be from the device's trusted time, in seconds.
pub const MAX_CLOCK_SKEW: i64 = 600;
/// Largest revision that is looked at.
const MAX_REVISION: usize = 16 << 20;

fn refused(what: &'static str) -> Error {
    Error::new(ErrorKind::PreparedRevisionRefused).context(what)
}

/// Checks `revision`, which `/M` apart must do exactly what `request` says, with `request.time` as the trusted time, and hashes
/// `document` and `revision`. `password` is the one that `document` was opened with.
///
/// # Errors
/// [`ErrorKind::PreparedRevisionRefused`], naming what is not as asked. As [`plan`](super::plan()) and [`Plan::hash`] where the request cannot be
/// met by anybody.
pub fn check(
    document: &Document<'_>,
    password: Option<&[u8]>,
    revision: &[u8],
    request: &SignatureRequest,
    identity: &SigningIdentity,
    progress: &Progress<'_>,
) -> Result<Prepared> {
    if revision.len() > MAX_REVISION {
        return Err(refused("the revision is larger than any that was asked for"));
    }
    // What cannot be built here is not signed either, whoever built it.
    let own = plan(document, request, identity, [0; 16])?;
    let joined = Joined { document: document.source(), revision };
    let file = Document::open_with_password(&joined, password).map_err(|error| refused("it cannot be read").caused_by(error))?;
    let checked = same(document, &file, revision, request, identity).and_then(|same| match same {
        Some(plan) => Ok(plan),
        None => {
            let objects = structure::check(document, &file, revision)?;
            let found = objects::check(document, &file, password, &objects, request, identity, &own)?;
            Ok(Plan {
                hollow: Hollow { source_len: document.source().len(), update: revision.to_vec(), contents: found.contents },
                field: own.field.clone(),
                identity: identity.clone(),
                time: found.time,
                repair: document.repair(),
                preflight: None,
            })
        }
    });
    // Whatever was wrong with bytes of the service, nothing was signed, and it is the service's doing.
    let plan = checked.map_err(|error| match error.kind() {
        ErrorKind::PreparedRevisionRefused | ErrorKind::Cancelled | ErrorKind::SourceUnreadable => error,
        _ => refused("it cannot be read").caused_by(error),
    })?;
    plan.hash(document.source(), progress)
}

/// The plan this device would make at the revision's time with its second `/ID`, if it is the same byte for byte.
fn same(
    document: &Document<'_>,
    file: &Document<'_>,
    revision: &[u8],
    request: &SignatureRequest,
    identity: &SigningIdentity,
) -> Result<Option<Plan>> {
    let date = revision.windows(5).position(|w| w == b"/M(D:").and_then(|at| revision.get(at + 3..at + 26));
    let Some(time) = date.and_then(Time::from_pdf_date).filter(|time| near(*time, request.time)) else { return Ok(None) };
    let id = match file.latest().trailer().get(b"ID") {
        Some(Object::Array(ids)) => ids.get(1).and_then(Object::as_string).and_then(|id| <[u8; 16]>::try_from(id).ok()),
        _ => None,
    };
    let Some(id) = id else { return Ok(None) };
    let own = plan(document, &SignatureRequest { time, ..request.clone() }, identity, id)?;
    Ok((own.hollow.update == revision).then_some(own))
}

fn near(time: Time, trusted: Time) -> bool {
    time.unix().checked_sub(trusted.unix()).is_some_and(|skew| skew.abs() <= MAX_CLOCK_SKEW)
}

/// The document with the revision behind it.
struct Joined<'j> {
    document: &'j dyn Source,
    revision: &'j [u8],
}

impl Source for Joined<'_> {
    fn len(&self) -> u64 {
        self.document.len().saturating_add(self.revision.len() as u64)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize> {
        match offset.checked_sub(self.document.len()) {
            Some(behind) => self.revision.read_at(behind, buf),
            None => {
                let left = usize::try_from(self.document.len() - offset).unwrap_or(usize::MAX).min(buf.len());
                self.document.read_at(offset, buf.get_mut(..left).unwrap_or_default())
            }
        }
    }
}

/// What the allow-list found.
struct Found {
    contents: Span,
    time: Time,
}
