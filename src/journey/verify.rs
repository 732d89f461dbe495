//! The room `journey`: many documents, one judge. Takes a list, gives an outcome for each, in the list's order or as they come; documents are
//! verified on several threads, which share what they have in common. One that cannot be read, or makes the verifier fail, never stops the
//! others.

use super::input::Input;
use super::observe::observe;
use super::pace::HostPace;
use super::read::Judging;
use super::retry::Limits;
use crate::cancel::CancelToken;
use crate::error::{Error, ErrorKind, Result};
use crate::host::{clock, file, workers};
use crate::verify::{Report, Verifier, VerifyOptions};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// In what order outcomes are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// That of the list. At most sixteen outcomes for each thread wait for one before them.
    #[default]
    Listed,
    /// As they come.
    AsTheyCome,
}

/// How far a batch is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BatchProgress {
    /// Documents that are done.
    pub files: usize,
    /// Documents in all.
    pub files_total: usize,
    /// Bytes of documents that are done, or that were read of those under way.
    pub bytes: u64,
    /// Bytes in all, as the file system had it at the beginning.
    pub bytes_total: u64,
}

/// How a batch is worked.
#[derive(Clone, Copy, Default)]
pub struct BatchOptions<'o> {
    /// Documents verified at the same time; `None`: as many as the machine has processors.
    pub jobs: Option<NonZeroUsize>,
    /// In what order outcomes are told.
    pub order: Order,
    /// Told how far it is, from any of the threads.
    pub watch: Option<&'o (dyn Fn(BatchProgress) + Sync)>,
}

/// What became of all of them.
#[derive(Debug, Default)]
pub struct BatchSummary {
    /// Every signature clean, and there is one.
    pub clean: usize,
    /// Some signature not clean.
    pub not_clean: usize,
    /// No signature.
    pub unsigned: usize,
    /// Could not be judged, each for a reason of its own.
    pub failed: usize,
    /// Not looked at, because the whole was stopped.
    pub left: usize,
    /// How many certificate chains were validated; what one signer signed needs one.
    pub chains_validated: usize,
    /// What stopped the whole: a cancellation, the end of its time, or what the listener said.
    pub stopped: Option<Error>,
}

/// Most outcomes for each thread that wait for their turn.
const WAITING: usize = 16;

/// Verifies every file of `files`. `told` hears of each outcome with its place in the list, from any of the threads but one at a time; it
/// stops the whole by an error.
///
/// After the call each file was told exactly once, but for `left` many. One that was being read when the whole was stopped is told so and is
/// the last. The trust, time, policy and password of `judging` hold for
/// all of them; without a time it is that of the call.
pub fn verify_batch(
    files: &[PathBuf],
    judging: &Judging<'_>,
    options: BatchOptions<'_>,
    limits: &Limits,
    told: &mut (dyn FnMut(usize, Result<Report>) -> Result<()> + Send),
) -> BatchSummary {
    let sizes: Vec<u64> = files.iter().map(|path| file::size_hint(path)).collect();
    let open = |index: usize| files.get(index).ok_or_else(|| Error::new(ErrorKind::Internal)).and_then(|path| Input::open(path));
    verify_each(&sizes, &open, judging, options, limits, told)
}

/// As [`verify_batch`], of documents that the host opens: one for each of `sizes`, which count for the progress alone. `open` is asked from any
/// of the threads, once for each document, when its turn comes.
pub fn verify_each(
    sizes: &[u64],
    open: &(dyn Fn(usize) -> Result<Input> + Sync),
    judging: &Judging<'_>,
    options: BatchOptions<'_>,
    limits: &Limits,
    told: &mut (dyn FnMut(usize, Result<Report>) -> Result<()> + Send),
) -> BatchSummary {
    let how = VerifyOptions {
        trust: judging.trust,
        time: judging.time.unwrap_or_else(clock::now),
        policy: judging.policy.clone(),
        password: judging.password,
        evidence: judging.evidence,
    };
    let verifier = Verifier::new(how);
    let jobs = options.jobs.unwrap_or_else(workers::available).min(NonZeroUsize::new(sizes.len()).unwrap_or(NonZeroUsize::MIN));
    let watched = Watched {
        files: AtomicUsize::new(0),
        bytes: AtomicU64::new(0),
        files_total: sizes.len(),
        bytes_total: sizes.iter().fold(0, |sum, size| sum.saturating_add(*size)),
        watch: options.watch,
    };
    let (next, stop) = (AtomicUsize::new(0), CancelToken::new());
    let teller = Teller {
        state: Mutex::new(State { summary: BatchSummary::default(), told, waiting: BTreeMap::new(), due: 0, ended: None }),
        moved: Condvar::new(),
        stop: &stop,
        order: options.order,
        most: WAITING.saturating_mul(jobs.get()),
    };
    workers::run(jobs, &|| {
        while !stop.is_cancelled() {
            // Asked before an index is taken, so that none of those that were begun waits for one that was not.
            if let Err(error) = limits.check(&HostPace) {
                teller.ending(error);
                break;
            }
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(size) = sizes.get(index) else { break };
            let outcome = one(index, *size, open, &verifier, limits, &watched);
            teller.take(index, outcome);
        }
    });
    let state = teller.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut summary = state.summary;
    let done = summary.clean + summary.not_clean + summary.unsigned + summary.failed;
    summary.left = sizes.len().saturating_sub(done);
    if summary.left > 0 {
        summary.stopped = summary.stopped.or(state.ended);
    }
    summary.chains_validated = verifier.chains_validated();
    summary
}

/// Verifies one document. A failure of the verifier itself is that document's outcome, not the end of the batch.
fn one(
    index: usize,
    size: u64,
    open: &(dyn Fn(usize) -> Result<Input> + Sync),
    verifier: &Verifier<'_>,
    limits: &Limits,
    watched: &Watched<'_>,
) -> Result<Report> {
    let read = AtomicU64::new(0);
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let input = open(index)?;
        let watch = |done: u64, _: u64| {
            let done = done.min(size);
            let before = read.fetch_max(done, Ordering::Relaxed);
            watched.add(0, done.saturating_sub(before));
        };
        observe("verify", &input, || limits.run(&HostPace, Some(&watch), |progress| verifier.verify(&input, progress)))
    }));
    // What was not read for a verdict counts as done all the same.
    watched.add(1, size.saturating_sub(read.into_inner()));
    outcome.unwrap_or_else(|_| Err(Error::new(ErrorKind::Panicked)))
}

struct Watched<'o> {
    files: AtomicUsize,
    bytes: AtomicU64,
    files_total: usize,
    bytes_total: u64,
    watch: Option<&'o (dyn Fn(BatchProgress) + Sync)>,
}

impl Watched<'_> {
    fn add(&self, files: usize, bytes: u64) {
        let files = self.files.fetch_add(files, Ordering::Relaxed).saturating_add(files);
        let bytes = self.bytes.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        if let Some(watch) = self.watch {
            watch(BatchProgress { files, files_total: self.files_total, bytes, bytes_total: self.bytes_total });
        }
    }
}

type Told<'t> = &'t mut (dyn FnMut(usize, Result<Report>) -> Result<()> + Send);

struct State<'t> {
    summary: BatchSummary,
    told: Told<'t>,
    /// Outcomes whose turn has not come.
    waiting: BTreeMap<usize, Result<Report>>,
    /// The next to be told.
    due: usize,
    /// Why no other document is begun.
    ended: Option<Error>,
}

/// Hands outcomes on, one at a time.
struct Teller<'t, 's> {
    state: Mutex<State<'t>>,
    moved: Condvar,
    stop: &'s CancelToken,
    order: Order,
    most: usize,
}

impl<'t> Teller<'t, '_> {
    fn lock(&self) -> MutexGuard<'_, State<'t>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells what is due. Whoever is far ahead waits for whoever is behind, who never does.
    fn take(&self, index: usize, outcome: Result<Report>) {
        let mut state = self.lock();
        if self.order == Order::AsTheyCome {
            return self.tell(&mut state, index, outcome);
        }
        state.waiting.insert(index, outcome);
        loop {
            let due = state.due;
            let Some(outcome) = state.waiting.remove(&due) else { break };
            state.due += 1;
            self.tell(&mut state, due, outcome);
        }
        self.moved.notify_all();
        while state.waiting.len() > self.most && state.due < index && state.ended.is_none() && !self.stop.is_cancelled() {
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn tell(&self, state: &mut State<'t>, index: usize, outcome: Result<Report>) {
        if self.stop.is_cancelled() {
            return;
        }
        let summary = &mut state.summary;
        let counter = match &outcome {
            Ok(report) if report.signatures.is_empty() => &mut summary.unsigned,
            Ok(report) if report.clean => &mut summary.clean,
            Ok(_) => &mut summary.not_clean,
            Err(_) => &mut summary.failed,
        };
        *counter += 1;
        // What was under way when the whole was stopped is told so, and is the last.
        let cut = outcome.as_ref().err().map(Error::kind).filter(|kind| matches!(kind, ErrorKind::Cancelled | ErrorKind::TimedOut));
        // Should `told` panic, nobody may wait for this thread for ever.
        let wake = Wake(self);
        if let Err(error) = (state.told)(index, outcome).and_then(|()| cut.map_or(Ok(()), |kind| Err(Error::new(kind)))) {
            self.stop.cancel();
            state.summary.stopped.get_or_insert(error);
        }
        std::mem::forget(wake);
    }

    /// Nothing more is begun; what is under way is told yet, as far as there is none missing before it.
    fn ending(&self, error: Error) {
        self.lock().ended.get_or_insert(error);
        self.moved.notify_all();
    }
}

/// Dropped only by a panic.
struct Wake<'a, 't, 's>(&'a Teller<'t, 's>);

impl Drop for Wake<'_, '_, '_> {
    fn drop(&mut self) {
        self.0.stop.cancel();
        self.0.moved.notify_all();
    }
}
