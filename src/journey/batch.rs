//! The room `journey`: many documents, one key. Takes a list and what to do with each, gives an outcome for each as it ends; documents are signed
//! on several threads, and one that fails does not stop the others. What would fail for every one of them, as a key that is locked or a
//! person who says no, stops the whole.

use super::input::Input;
use super::output::Target;
use super::retry::Limits;
use super::sign::{SignOptions, SigningKey, sign};
use crate::cancel::CancelToken;
use crate::error::{Error, ErrorKind, Result};
use crate::host::file::Durability;
use crate::host::workers;
use crate::sign::{SignatureRequest, SignedPdf};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// One document of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchItem {
    /// The document.
    pub input: PathBuf,
    /// Where the signed document goes; its folder is there already.
    pub output: PathBuf,
}

/// How a batch is worked.
#[derive(Clone, Copy, Debug)]
pub struct BatchOptions<'o> {
    /// As for one document.
    pub sign: SignOptions<'o>,
    /// Whether each file is flushed to the disk before the next begins.
    pub durability: Durability,
    /// Documents signed at the same time; `None`: as many as the machine has processors.
    pub jobs: Option<NonZeroUsize>,
}

/// What became of all of them.
#[derive(Debug, Default)]
pub struct BatchSummary {
    /// Signed and in place.
    pub signed: usize,
    /// Failed, each for a reason of its own.
    pub failed: usize,
    /// Not signed, because the whole was stopped.
    pub left: usize,
    /// What stopped the whole: a refusal of the key, a cancellation, or what the listener said.
    pub stopped: Option<Error>,
}

/// Signs every document of `items` as `request` says. `told` hears of each as it ends, with its place in the list, from any of the threads but one
/// at a time; whoever writes that down can go on later with what is missing.
///
/// After the call every document that was told as signed is in place and has passed the library's own verifier.
///
/// # Errors
/// [`ErrorKind::CertificateForeign`] and the key's own before anything is read. A document's own failure is told, and what stops the whole is
/// in the summary.
pub fn sign_batch(
    items: &[BatchItem],
    request: &SignatureRequest,
    key: SigningKey<'_>,
    options: BatchOptions<'_>,
    limits: &Limits,
    told: &mut (dyn FnMut(usize, Result<SignedPdf>) -> Result<()> + Send),
) -> Result<BatchSummary> {
    key.ready()?;
    // Whoever cancels the batch cancels what is under way too; whoever stops it from inside lets that end.
    let (next, stop) = (AtomicUsize::new(0), CancelToken::new());
    let state = Mutex::new((BatchSummary::default(), told));
    let jobs = options.jobs.unwrap_or_else(workers::available).min(NonZeroUsize::new(items.len()).unwrap_or(NonZeroUsize::MIN));
    workers::run(jobs, &|| {
        while !stop.is_cancelled() {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { break };
            let outcome = sign_one(item, request, key, options, limits);
            // A panic of `told` is passed on by the scope; what it poisoned is still whole.
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            let (summary, told) = &mut *state;
            let heard = match outcome {
                Err(error) if stops_all(error.kind()) => Err(error),
                outcome => {
                    *(if outcome.is_ok() { &mut summary.signed } else { &mut summary.failed }) += 1;
                    told(index, outcome)
                }
            };
            if let Err(error) = heard {
                stop.cancel();
                summary.stopped.get_or_insert(error);
            }
        }
    });
    let (mut summary, _) = state.into_inner().unwrap_or_else(PoisonError::into_inner);
    summary.left = items.len().saturating_sub(summary.signed).saturating_sub(summary.failed);
    Ok(summary)
}

fn sign_one(
    item: &BatchItem,
    request: &SignatureRequest,
    key: SigningKey<'_>,
    options: BatchOptions<'_>,
    limits: &Limits,
) -> Result<SignedPdf> {
    let input = Input::open(&item.input)?;
    let target = Target::File { path: &item.output, durability: options.durability };
    sign(&input, target, request, key, options.sign, limits, None)
}

/// Whether the next document would fail alike: it is about the key, the certificate or the call, not about the document.
fn stops_all(kind: ErrorKind) -> bool {
    matches!(kind.code(), 400..=499)
        || matches!(
            kind,
            ErrorKind::Cancelled
                | ErrorKind::TimedOut
                | ErrorKind::CertificateExpired
                | ErrorKind::CertificateUnsuitable
                | ErrorKind::CertificateForeign
                | ErrorKind::RandomUnavailable
                | ErrorKind::Internal
        )
}
