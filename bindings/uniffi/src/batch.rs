//! Many documents, one key: a list, and an outcome for each as it ends.

use crate::cancel::CallOptions;
use crate::error::{ErrorDetail, Result, ThrivoSignError};
use crate::output::{Durability, SignedDocument};
use crate::sign::{SignOptions, SignatureRequest, SigningKey};
use crate::waiting::wait;
use std::num::NonZeroUsize;
use std::sync::Arc;
use thrivosign::journey::batch;
use thrivosign::{Error, ErrorKind};

/// One document of a batch.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct BatchItem {
    /// The path of the document.
    pub input: String,
    /// Where the signed document goes; its folder is there already.
    pub output: String,
}

/// What became of one document.
#[allow(clippy::large_enum_variant, reason = "an outcome crosses the border by value, its facts with it")]
#[derive(Clone, uniffi::Enum)]
pub enum BatchOutcome {
    /// It is in place and has passed the library's own verifier.
    Signed {
        /// The signature.
        document: SignedDocument,
    },
    /// It failed, for a reason of its own.
    Failed {
        /// Why.
        detail: ErrorDetail,
    },
}

/// Told what became of each document, on threads of the library, on one at a time.
#[uniffi::export(with_foreign)]
pub trait BatchListener: Send + Sync {
    /// The document at that place of the list, counted from 0, ended.
    ///
    /// # Errors
    /// Whatever the app throws stops the whole, what is none of the library's errors as `Cancelled`; documents under way end.
    fn ended(&self, index: i32, outcome: BatchOutcome) -> Result<(), ThrivoSignError>;
}

/// What became of all of them.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct BatchSummary {
    /// Signed and in place.
    pub signed: i32,
    /// Failed, each for a reason of its own.
    pub failed: i32,
    /// Not signed, because the whole was stopped.
    pub left: i32,
    /// What stopped the whole: a refusal of the key, a cancellation, or what the listener threw.
    pub stopped: Option<ErrorDetail>,
}

/// How a batch is worked.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct BatchOptions {
    /// Whether each file is flushed to the disk before the next begins; it is if absent.
    #[uniffi(default = None)]
    pub durability: Option<Durability>,
    /// Documents signed at the same time, from 1; as many as the machine has processors if absent. A key store of the app's is asked on so many
    /// threads at once.
    #[uniffi(default = None)]
    pub jobs: Option<i32>,
}

/// Signs every document of a list with one key. After the call every document that was told as signed is in place and has passed the library's own
/// verifier. A document that fails does not stop the others; what would fail for every one of them does, as a key that is locked, and is in
/// the summary. Progress is told in documents done of documents in all.
///
/// # Errors
/// `CertificateForeign` and the key's own before anything is read; `InvalidArgument`; `Cancelled` where a key store does not come back.
#[uniffi::export(default(listener = None, batch_options = None, sign_options = None, options = None))]
pub async fn sign_batch(
    items: Vec<BatchItem>,
    request: SignatureRequest,
    key: SigningKey,
    listener: Option<Arc<dyn BatchListener>>,
    batch_options: Option<BatchOptions>,
    sign_options: Option<SignOptions>,
    options: Option<CallOptions>,
) -> Result<BatchSummary> {
    wait(options, move |call| {
        let (opening, request, keys) = (sign_options.unwrap_or_default(), request.into_core()?, key.keys(call));
        let (opening, how) = (opening.opening()?, batch_options.unwrap_or_default());
        let raise = opening.raise();
        let items: Vec<batch::BatchItem> =
            items.into_iter().map(|item| batch::BatchItem { input: item.input.into(), output: item.output.into() }).collect();
        let jobs = |jobs: i32| usize::try_from(jobs).ok().and_then(NonZeroUsize::new);
        let wrong = || Error::new(ErrorKind::InvalidArgument).context("jobs count from 1");
        let how = batch::BatchOptions {
            sign: opening.core(&raise),
            durability: Durability::kept(how.durability),
            jobs: how.jobs.map(|number| jobs(number).ok_or_else(wrong)).transpose()?,
        };
        let summary = call.watched(|watch| {
            let (mut done, total) = (0, items.len() as u64);
            batch::sign_batch(&items, &request, key.core(&keys), how, call.limits(), &mut |index, outcome| {
                let heard = listener.as_ref().map_or(Ok(()), |listener| {
                    let outcome = match outcome {
                        Ok(signed) => BatchOutcome::Signed { document: SignedDocument::new(&signed, None) },
                        Err(error) => BatchOutcome::Failed { detail: ThrivoSignError::from(error).detail().clone() },
                    };
                    call.outside(|| listener.ended(count(index), outcome)).map_err(|error| match error.kind() {
                        // A thing that is none of ours was thrown by a listener and not by a key store.
                        ErrorKind::KeyStoreUnavailable => Error::new(ErrorKind::Cancelled),
                        _ => error,
                    })
                });
                done += 1;
                if let Some(watch) = watch {
                    watch(done, total);
                }
                heard
            })
        })?;
        Ok(BatchSummary {
            signed: count(summary.signed),
            failed: count(summary.failed),
            left: count(summary.left),
            stopped: summary.stopped.map(|error| ThrivoSignError::from(error).detail().clone()),
        })
    })
    .await
}

fn count(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
