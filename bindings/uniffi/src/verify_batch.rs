//! Many documents, one judge: a list, and an outcome for each.

use crate::call::now;
use crate::cancel::CallOptions;
use crate::error::{ErrorDetail, Result, ThrivoSignError};
use crate::report::Report;
use crate::verify::{TrustAnchors, VerifyOptions};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use thrivosign::journey::verify as journey;
use thrivosign::{Error, ErrorKind};

/// What came out for one document.
#[derive(Clone, uniffi::Enum)]
pub enum VerifyOutcome {
    /// It was judged.
    Judged {
        /// What was found out.
        report: Arc<Report>,
    },
    /// The verifier could not run.
    Failed {
        /// Why.
        detail: ErrorDetail,
    },
}

/// Told what came out for each document, on threads of the library, on one at a time.
#[uniffi::export(with_foreign)]
pub trait VerifyListener: Send + Sync {
    /// The document at that place of the list, counted from 0, was judged.
    ///
    /// # Errors
    /// Whatever the app throws stops the whole, what is none of the library's errors as `Cancelled`.
    fn ended(&self, index: i32, outcome: VerifyOutcome) -> Result<(), ThrivoSignError>;
}

/// In what order outcomes are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Order {
    /// That of the list.
    Listed,
    /// As they come.
    AsTheyCome,
}

/// How a batch is worked.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct VerifyBatchOptions {
    /// Documents verified at the same time, from 1; as many as the machine has processors if absent.
    #[uniffi(default = None)]
    pub jobs: Option<i32>,
    /// In what order outcomes are told; that of the list if absent.
    #[uniffi(default = None)]
    pub order: Option<Order>,
}

/// What came out for all of them.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct VerifyBatchSummary {
    /// Every signature clean, and there is one.
    pub clean: i32,
    /// Some signature not clean.
    pub not_clean: i32,
    /// No signature.
    pub unsigned: i32,
    /// Could not be judged, each for a reason of its own.
    pub failed: i32,
    /// Not looked at, because the whole was stopped.
    pub left: i32,
    /// How many certificate chains were validated; what one signer signed needs one.
    pub chains_validated: i32,
    /// What stopped the whole: a cancellation, the end of its time, or what the listener threw.
    pub stopped: Option<ErrorDetail>,
}

/// Verifies every file of a list. After the call each was told exactly once, but for `left` many. A document that cannot be read never stops the
/// others. Progress is told in documents done of documents in all.
///
/// # Errors
/// `InvalidArgument`; what stops the whole is in the summary.
#[uniffi::export(default(batch_options = None, verify_options = None, options = None))]
pub fn verify_batch(
    files: Vec<String>,
    trust: &TrustAnchors,
    listener: Arc<dyn VerifyListener>,
    batch_options: Option<VerifyBatchOptions>,
    verify_options: Option<VerifyOptions>,
    options: Option<CallOptions>,
) -> Result<VerifyBatchSummary> {
    let (how, batch) = (verify_options.unwrap_or_default(), batch_options.unwrap_or_default());
    let files: Vec<PathBuf> = files.into_iter().map(PathBuf::from).collect();
    now(options, |call| {
        let jobs = |jobs: i32| usize::try_from(jobs).ok().and_then(NonZeroUsize::new);
        let wrong = || Error::new(ErrorKind::InvalidArgument).context("jobs count from 1");
        let batch = journey::BatchOptions {
            jobs: batch.jobs.map(|number| jobs(number).ok_or_else(wrong)).transpose()?,
            order: match batch.order {
                None | Some(Order::Listed) => journey::Order::Listed,
                Some(Order::AsTheyCome) => journey::Order::AsTheyCome,
            },
            watch: None,
        };
        let judging = how.judging(trust);
        let summary = call.watched(|watch| {
            let (mut done, total) = (0, files.len() as u64);
            journey::verify_batch(&files, &judging, batch, call.limits(), &mut |index, outcome| {
                let outcome = match outcome {
                    Ok(report) => VerifyOutcome::Judged { report: Report::wrap(report) },
                    Err(error) => VerifyOutcome::Failed { detail: ThrivoSignError::from(error).detail().clone() },
                };
                let heard = call.outside(|| listener.ended(count(index), outcome)).map_err(|error| match error.kind() {
                    // A thing that is none of ours was thrown by a listener and not by a key store.
                    ErrorKind::KeyStoreUnavailable => Error::new(ErrorKind::Cancelled),
                    _ => error,
                });
                done += 1;
                if let Some(watch) = watch {
                    watch(done, total);
                }
                heard
            })
        });
        Ok(VerifyBatchSummary {
            clean: count(summary.clean),
            not_clean: count(summary.not_clean),
            unsigned: count(summary.unsigned),
            failed: count(summary.failed),
            left: count(summary.left),
            chains_validated: count(summary.chains_validated),
            stopped: summary.stopped.map(|error| ThrivoSignError::from(error).detail().clone()),
        })
    })
}

fn count(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
