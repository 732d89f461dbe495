//! The C border: many documents: a list; one key that signs them, and an outcome for each as it ends.

use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{Depth, NO_SELF, guard, guard_or};
use crate::output::durability_in;
use crate::sign_options::thrivosign_sign_options;
use crate::signature_request::thrivosign_signature_request;
use crate::signed::thrivosign_signed;
use crate::signer::thrivosign_signer;
use crate::table::{Table, answered};
use crate::token::{self, Kind, Noun};

use std::ffi::{c_char, c_void};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::ptr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use thrivosign::crypto::SignatureAlgorithm;
use thrivosign::host::file::Durability;
use thrivosign::journey::batch::{BatchItem, BatchOptions, sign_batch};
use thrivosign::journey::sign::SigningKey;
use thrivosign::key::{Attestation, DeviceKeyStore, KeyInfo, KeySpec};
use thrivosign::sign::SignedPdf;
use thrivosign::{Error, ErrorKind, Result};

/// Documents to be signed with one key, or verified, and how they are worked.
pub struct thrivosign_batch(());

impl Noun for thrivosign_batch {
    type Value = Batch;
    const KIND: Kind = Kind::Batch;
}

/// The list so far.
pub(crate) struct Batch(Mutex<Listed>);

#[derive(Clone)]
struct Listed {
    items: Vec<BatchItem>,
    durability: Durability,
    jobs: Option<NonZeroUsize>,
}

impl Batch {
    /// What is to be read, and by how many at the same time.
    pub(crate) fn inputs(&self) -> (Vec<PathBuf>, Option<NonZeroUsize>) {
        let listed = self.listed();
        (listed.items.iter().map(|item| item.input.clone()).collect(), listed.jobs)
    }

    fn listed(&self) -> MutexGuard<'_, Listed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Told what became of each document of a batch.
///
/// Ownership: everything stays the caller's. The handles that `ended` gets are the library's and end when it returns; another handle (`_ref`) of
/// what was signed may be kept.
/// Lifetime: the struct is read when the call begins; `context` is used until it returns.
/// Threads: `ended` is called on threads of the call's own, on one at a time, and never under a lock of a handle.
/// NULL: `ended` may not be NULL.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct thrivosign_batch_listener {
    /// `sizeof(thrivosign_batch_listener)`.
    pub struct_size: usize,
    /// Handed to the callback.
    pub context: *mut c_void,
    /// A document ended. `index` is its place in the list, counted from 0; `made` is the signature, or NULL, and then `error` says why there is
    /// none. Answers 0, or a code of `thrivosign_error_kind`, which stops the whole; any other number counts as 107.
    pub ended:
        Option<extern "C" fn(context: *mut c_void, index: usize, made: *const thrivosign_signed, error: *const thrivosign_error) -> i32>,
}

// SAFETY: `repr(C)`, begins with `struct_size`; zeros are NULL and no callback.
unsafe impl Table for thrivosign_batch_listener {
    const OPTIONAL: &'static [usize] = &[];
}

/// The callback of one call, and how deep in callbacks that call is: its threads do not know.
struct Listener(thrivosign_batch_listener, Depth);

// SAFETY: the header says that the callback comes on other threads than the caller's; `context` goes nowhere but back to it.
unsafe impl Send for Listener {}
// SAFETY: as above, on one of them at a time.
unsafe impl Sync for Listener {}

impl Listener {
    fn tell(&self, index: usize, outcome: Result<SignedPdf>) -> Result<()> {
        let Some(ended) = self.0.ended else { return Ok(()) };
        let (made, error) = match outcome {
            Ok(made) => (token::create::<thrivosign_signed>(made), ptr::null_mut()),
            Err(error) => (ptr::null_mut(), thrivosign_error::hand_out(error)),
        };
        let answer = self.1.within(|| ended(self.0.context, index, made, error));
        token::free(made);
        token::free(error);
        answered(answer, ErrorKind::Cancelled)
    }
}

/// A key store on the threads of a batch: what it calls of the host is as deep in callbacks as the batch is.
struct Nested<'s> {
    store: &'s dyn DeviceKeyStore,
    depth: Depth,
}

impl DeviceKeyStore for Nested<'_> {
    fn create(&self, name: &str, spec: &KeySpec) -> Result<KeyInfo> {
        self.depth.within(|| self.store.create(name, spec))
    }

    fn info(&self, name: &str) -> Result<KeyInfo> {
        self.depth.within(|| self.store.info(name))
    }

    fn sign(&self, name: &str, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>> {
        self.depth.within(|| self.store.sign(name, message, algorithm))
    }

    fn attest(&self, name: &str, challenge: &[u8]) -> Result<Attestation> {
        self.depth.within(|| self.store.attest(name, challenge))
    }

    fn delete(&self, name: &str) -> Result<()> {
        self.depth.within(|| self.store.delete(name))
    }

    fn list(&self) -> Result<Vec<KeyInfo>> {
        self.depth.within(|| self.store.list())
    }
}

/// After the call `out` is an empty list. Each finished file is flushed to the disk, and as many documents are signed
/// at the same time as the machine has processors.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_batch_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: `out` may not be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_batch_new(out: *mut *mut thrivosign_batch) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let out = caller.out(out)?;
        out.give(Batch(Mutex::new(Listed { items: Vec::new(), durability: Durability::Fsync, jobs: None })))
    })
}

/// After the call the list has one document more: that at `input`, and where the signed document goes, in a folder that
/// is there already. Both are paths in UTF-8, and not the same file. `output` is for signing alone: what is verified
/// needs none, and a signature without one fails with code 214.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: `output` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_batch_add(
    self_: *mut thrivosign_batch,
    input: *const c_char,
    output: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let output = caller.text_opt(output)?.unwrap_or_default();
        let item = BatchItem { input: PathBuf::from(caller.text(input)?), output: PathBuf::from(output) };
        this.listed().items.push(item);
        Ok(())
    })
}

/// After the call so many documents are signed at the same time; 0: as many as the machine has processors. A key store
/// of the host's is asked on so many threads at once.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_batch_set_jobs(self_: *mut thrivosign_batch, jobs: u32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let jobs = usize::try_from(jobs).map_err(|_| Error::new(ErrorKind::InvalidArgument))?;
        this.listed().jobs = NonZeroUsize::new(jobs);
        Ok(())
    })
}

/// After the call finished files are flushed to the disk or not: `durability` is one of `thrivosign_durability`.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_batch_set_durability(self_: *mut thrivosign_batch, durability: i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let durability = durability_in(durability)?;
        this.listed().durability = durability;
        Ok(())
    })
}

/// After the call every document that was told as signed is in place and has passed the library's own verifier;
/// `signed_count`, `failed_count` and `left_count` are how many of the list were signed, failed each for a reason of
/// its own, or were left because the whole was stopped; `stopped` is what stopped it, or NULL. A document that fails
/// does not stop the others; what would fail for every one of them does: a refusal of the key, a certificate that is of
/// no use, cancelling, the time of `call`, an answer of `ended`. Progress is told in documents done of documents in
/// all. Code 310 and the key's own before anything is read.
///
/// Ownership: `stopped` is the caller's, to be freed with `thrivosign_error_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; `listener`,
/// the progress report and a key store of the host's are called on threads that last as long as the call. Not for a
/// main thread.
/// NULL: `options`, `listener`, `call`, `signed_count`, `failed_count`, `left_count` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signer_sign_batch(
    self_: *const thrivosign_signer,
    batch: *const thrivosign_batch,
    request: *const thrivosign_signature_request,
    options: *const thrivosign_sign_options,
    listener: *const thrivosign_batch_listener,
    call: *const thrivosign_call,
    signed_count: *mut usize,
    failed_count: *mut usize,
    left_count: *mut usize,
    stopped: *mut *mut thrivosign_error,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let listed = caller.handle(batch)?.listed().clone();
        let request = caller.handle(request)?.now();
        let options = caller.sign_options(options)?;
        let raise = options.raise();
        let depth = Depth::here();
        let listener = caller.table_opt(listener)?.map(|listener| Listener(listener, depth));
        if listener.as_ref().is_some_and(|listener| listener.0.ended.is_none()) {
            return Err(Error::new(ErrorKind::NullArgument).context("a required callback"));
        }
        let call = caller.call(call)?;
        let signed_count = caller.out_opt(signed_count);
        let failed_count = caller.out_opt(failed_count);
        let left_count = caller.out_opt(left_count);
        let stopped = caller.out(stopped)?;
        let how = BatchOptions { sign: options.core(&raise), durability: listed.durability, jobs: listed.jobs };
        let key = this.key()?;
        let store = Nested { store: key.store, depth };
        let key = SigningKey { store: &store, ..key };
        let summary = call.watched(|limits, watch| {
            let (mut done, total) = (0, listed.items.len() as u64);
            sign_batch(&listed.items, &request, key, how, limits, &mut |index, outcome| {
                let heard = listener.as_ref().map_or(Ok(()), |listener| listener.tell(index, outcome));
                done += 1;
                if let Some(watch) = watch {
                    watch(done, total);
                }
                heard
            })
        })?;
        signed_count.set(summary.signed)?;
        failed_count.set(summary.failed)?;
        left_count.set(summary.left)?;
        stopped.set(summary.stopped.map_or(ptr::null_mut(), thrivosign_error::hand_out))
    })
}

/// After the call `out` is another handle for the same list.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_batch_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_batch_ref(self_: *const thrivosign_batch, out: *mut *mut thrivosign_batch) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || caller.out(out)?.set(token::share(self_)?))
}

/// After the call the handle stands for nothing; a handle that was freed already does no harm.
///
/// Ownership: takes the handle back.
/// Lifetime: calls in flight on another thread end as if nothing had happened.
/// Threads: any, also during calls on the same handle.
/// NULL: `self` may be NULL; then nothing is done.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_batch_free(self_: *mut thrivosign_batch) {
    guard_or(self_, (), || token::free(self_));
}
