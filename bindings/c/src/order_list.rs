//! The C border: several documents that a person is shown together and approves once.

use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::client::thrivosign_client;
use crate::document::thrivosign_document;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard, guard_or};
use crate::orders::{thrivosign_orders, unanswered_in};
use crate::sign_options::{Kept, thrivosign_sign_options};
use crate::signature_request::thrivosign_signature_request;
use crate::signer::{Signer, thrivosign_signer};
use crate::signing_order::thrivosign_signing_order;
use crate::token::{self, Kind, Noun};
use std::ffi::c_char;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use thrivosign::journey::orders::{Order, SigningOrder, SubmitTo, Unanswered};
use thrivosign::journey::{Input, Session};
use thrivosign::sign::SignatureRequest;
use thrivosign::{Error, ErrorKind, Result};

/// Documents that are shown together and approved once.
pub struct thrivosign_order_list(());

impl Noun for thrivosign_order_list {
    type Value = List;
    const KIND: Kind = Kind::OrderList;
}

/// One document, and what becomes of it.
struct Entry {
    id: String,
    document: Arc<Input>,
    target: PathBuf,
    request: SignatureRequest,
    signer: Arc<Signer>,
    consent: Option<String>,
    unanswered: Unanswered,
    options: Kept,
    /// Session, credential and file name, where the service prepares and files it.
    submit_to: Option<(Arc<Session>, String, String)>,
}

/// The documents, and how each ended.
#[derive(Default)]
pub(crate) struct List(Mutex<Listed>);

#[derive(Default)]
struct Listed {
    entries: Vec<Arc<Entry>>,
    outcomes: Vec<Option<Result<Order>>>,
}

impl List {
    fn listed(&self) -> MutexGuard<'_, Listed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// After the call `out` is a list without documents.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_order_list_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: `out` may not be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_order_list_new(out: *mut *mut thrivosign_order_list) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || caller.out(out)?.give(List::default()))
}

/// After the call the list ends with this document; arguments are those of `thrivosign_orders_sign`. Its options say what was shown
/// (`shown_sha256`). Where `client` is there the service prepares and files it, as in `thrivosign_orders_submit`, and `credential_id` and `file_name`
/// are needed.
///
/// Ownership: the list keeps document, signer and client; the rest is copied, and the copy of the password is wiped.
/// Lifetime: arguments are needed only until the function returns; handles may be freed after it.
/// Threads: any; calls that change one object had better not meet.
/// NULL: `client`, `credential_id`, `file_name`, `consent` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_order_list_add(
    self_: *mut thrivosign_order_list,
    id: *const c_char,
    document: *const thrivosign_document,
    target: *const c_char,
    request: *const thrivosign_signature_request,
    signer: *const thrivosign_signer,
    client: *const thrivosign_client,
    credential_id: *const c_char,
    file_name: *const c_char,
    consent: *const c_char,
    ask_again: i32,
    options: *const thrivosign_sign_options,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let submit_to = match caller.handle_opt(client)? {
            Some(client) => Some((client, caller.text(credential_id)?.to_owned(), caller.text(file_name)?.to_owned())),
            None => None,
        };
        let entry = Entry {
            id: caller.text(id)?.to_owned(),
            document: caller.handle(document)?,
            target: PathBuf::from(caller.text(target)?),
            request: caller.handle(request)?.now(),
            signer: caller.handle(signer)?,
            consent: caller.text_opt(consent)?.map(str::to_owned),
            unanswered: unanswered_in(ask_again)?,
            options: caller.order_options(options)?.keep(),
            submit_to,
        };
        entry.signer.key()?;
        if !entry.options.says_what_was_shown() {
            return Err(Error::new(ErrorKind::NullArgument).context("shown_sha256"));
        }
        this.listed().entries.push(Arc::new(entry));
        Ok(())
    })
}

/// Signs all documents of the list, which were shown together and are approved once: every one is prepared before the first key is asked, a key that
/// opens a window is asked within one prompt, and each order carries the digest of the list. After the call each document has an outcome, told by
/// `thrivosign_order_list_outcome`; where a key refuses, those after it are not asked. An error means that a document could not be prepared, and then
/// no key was asked. Called again with the same list it goes on where it stopped.
///
/// Ownership: nothing changes hands; the list keeps the outcomes.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`; code 104 for a second call on one order. Blocks until it is done,
/// cancelled or out of time; a key store of the host's is asked on this very thread. Not for a main thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_orders_sign_all(
    self_: *const thrivosign_orders,
    list: *mut thrivosign_order_list,
    call: *const thrivosign_call,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let list = caller.handle(list)?;
        let call = caller.call(call)?;
        // Held by nobody while the host's key store is asked.
        let entries = list.listed().entries.clone();
        let openings: Vec<_> = entries.iter().map(|entry| entry.options.opening()).collect();
        let raises: Vec<_> = openings.iter().map(|opening| opening.raise()).collect();
        let mut all = Vec::new();
        for ((entry, opening), raise) in entries.iter().zip(&openings).zip(&raises) {
            let submit_to = entry.submit_to.as_ref();
            all.push(SigningOrder {
                options: opening.core(raise),
                consent: entry.consent.as_deref(),
                unanswered: entry.unanswered,
                submit_to: submit_to.map(|(session, credential_id, file_name)| SubmitTo { session, credential_id, file_name }),
                ..SigningOrder::new(&entry.id, &entry.document, &entry.target, &entry.request, entry.signer.key()?)
            });
        }
        let outcomes = call.watched(|limits, watch| this.sign_all(&all, limits, watch))?;
        list.listed().outcomes = outcomes.into_iter().map(Some).collect();
        Ok(())
    })
}

/// After the call `out` is the order of the document at that index, signed. The document's own error if it was not signed: its order, if it has one,
/// stays in the journal and may go on. Told once: afterwards code 105. Code 101 before `thrivosign_orders_sign_all`, and behind the last document.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_signing_order_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any; calls that change one object had better not meet.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_order_list_outcome(
    self_: *mut thrivosign_order_list,
    index: usize,
    out: *mut *mut thrivosign_signing_order,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        let mut listed = this.listed();
        let behind = || Error::new(ErrorKind::InvalidArgument).context("no outcome at that index");
        let outcome = listed.outcomes.get_mut(index).ok_or_else(behind)?.take();
        drop(listed);
        out.give(outcome.ok_or_else(|| Error::new(ErrorKind::AlreadyUsed).context("an outcome is told once"))??)
    })
}

/// After the call `out` is another handle for the same list.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_order_list_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_order_list_ref(
    self_: *const thrivosign_order_list,
    out: *mut *mut thrivosign_order_list,
) -> *mut thrivosign_error {
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
pub unsafe extern "C" fn thrivosign_order_list_free(self_: *mut thrivosign_order_list) {
    guard_or(self_, (), || token::free(self_));
}
