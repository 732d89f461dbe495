//! The C border: signing orders that survive the death of the process, in a journal in a folder of the host's.

use crate::buffer::thrivosign_buffer;
use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard, guard_or};
use crate::token::{self, Kind, Noun};

use crate::client::thrivosign_client;
use crate::document::thrivosign_document;
use crate::nth::nth;
use crate::sign_options::thrivosign_sign_options;
use crate::signature_request::thrivosign_signature_request;
use crate::signer::thrivosign_signer;
use crate::signing_order::thrivosign_signing_order;
use std::ffi::c_char;
use std::path::Path;
use thrivosign::journey::orders::{Orders, SigningOrder, SubmitTo, Unanswered};
use thrivosign::{Error, ErrorKind, Result};

/// The signing orders of a device, in a journal that one process has open at a time.
pub struct thrivosign_orders(());

impl Noun for thrivosign_orders {
    type Value = Orders;
    const KIND: Kind = Kind::Orders;
}

/// After the call `out` is the journal of orders in that folder; what was missing is there, for its owner alone. `key` has
/// 32 random bytes and is the host's to keep. Code 110 for a damaged journal or another key, 111 while another process has
/// it open.
///
/// Ownership: the key is copied; the copy is wiped. `out` is the caller's, to be freed with `thrivosign_orders_free`,
/// which lets go of the journal.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_orders_new_in_folder(
    folder: *const c_char,
    key: *const u8,
    key_size: usize,
    out: *mut *mut thrivosign_orders,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let folder = caller.text(folder)?;
        let key = caller.journal_key(key, key_size)?;
        let out = caller.out(out)?;
        out.give(Orders::open(Path::new(folder), key)?)
    })
}

/// After the call `out` is the number of orders in the journal.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_orders_count(self_: *const thrivosign_orders, out: *mut usize) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.list().len())
    })
}

/// After the call `out` is that order as it stands now, the one prepared first at 0. Orders that are made or withdrawn
/// meanwhile move the others.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_signing_order_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_orders_at(
    self_: *const thrivosign_orders,
    index: usize,
    out: *mut *mut thrivosign_signing_order,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give(nth(&this.list(), index)?.clone())
    })
}

/// Signs, or goes on where an earlier call, of whatever process, stopped. `id` is the host's own: document, id and key
/// together name the order. After the call the signed document is at the path `target`, checked. The key was asked at most
/// once, and not at all if it has answered before. `ask_again` is 1 where the person agreed that the key signs the same
/// bytes once more, otherwise 0: then code 518 says that it was asked before and that nobody knows its answer. `consent` is the
/// text that the person agreed to, for the order's evidence record. After any error the order stays where it is, and the
/// next call goes on.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_signing_order_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`; code 104 for a second call on one order. Blocks until it is done,
/// cancelled or out of time; a key store of the host's is asked on this very thread. Not for a main thread.
/// NULL: `consent`, `options`, `call`, `out` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_orders_sign(
    self_: *const thrivosign_orders,
    id: *const c_char,
    document: *const thrivosign_document,
    target: *const c_char,
    request: *const thrivosign_signature_request,
    signer: *const thrivosign_signer,
    consent: *const c_char,
    ask_again: i32,
    options: *const thrivosign_sign_options,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_signing_order,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let id = caller.text(id)?;
        let document = caller.handle(document)?;
        let target = caller.text(target)?;
        let request = caller.handle(request)?;
        let signer = caller.handle(signer)?;
        let consent = caller.text_opt(consent)?;
        let options = caller.order_options(options)?;
        let raise = options.raise();
        let call = caller.call(call)?;
        let out = caller.out_opt(out);
        let request = request.now();
        let order = SigningOrder::new(id, &document, Path::new(target), &request, signer.key()?);
        let (unanswered, in_place_of) = (unanswered_in(ask_again)?, options.in_place_of());
        let order = SigningOrder { options: options.core(&raise), consent, unanswered, in_place_of, ..order };
        out.give(call.watched(|limits, watch| this.sign(&order, limits, watch))?)
    })
}

/// As `thrivosign_orders_sign`, of an order whose document the service prepares and files: afterwards it is filed, under
/// `file_name`, which has no folders. `credential_id` is that of the signer's key at the service.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_signing_order_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`; code 104 for a second call on one order. Blocks until it is done,
/// cancelled or out of time; a key store of the host's is asked on this very thread. Not for a main thread.
/// NULL: `consent`, `options`, `call`, `out` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_orders_submit(
    self_: *const thrivosign_orders,
    client: *const thrivosign_client,
    credential_id: *const c_char,
    file_name: *const c_char,
    id: *const c_char,
    document: *const thrivosign_document,
    target: *const c_char,
    request: *const thrivosign_signature_request,
    signer: *const thrivosign_signer,
    consent: *const c_char,
    ask_again: i32,
    options: *const thrivosign_sign_options,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_signing_order,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let client = caller.handle(client)?;
        let credential_id = caller.text(credential_id)?;
        let file_name = caller.text(file_name)?;
        let id = caller.text(id)?;
        let document = caller.handle(document)?;
        let target = caller.text(target)?;
        let request = caller.handle(request)?;
        let signer = caller.handle(signer)?;
        let consent = caller.text_opt(consent)?;
        let options = caller.order_options(options)?;
        let raise = options.raise();
        let call = caller.call(call)?;
        let out = caller.out_opt(out);
        let request = request.now();
        let order = SigningOrder::new(id, &document, Path::new(target), &request, signer.key()?);
        let submit_to = Some(SubmitTo { session: &client, credential_id, file_name });
        let (unanswered, in_place_of) = (unanswered_in(ask_again)?, options.in_place_of());
        let order = SigningOrder { options: options.core(&raise), consent, submit_to, unanswered, in_place_of, ..order };
        out.give(call.watched(|limits, watch| this.sign(&order, limits, watch))?)
    })
}

pub(crate) fn unanswered_in(ask_again: i32) -> Result<Unanswered> {
    match ask_again {
        0 => Ok(Unanswered::Refuse),
        1 => Ok(Unanswered::AskAgain),
        _ => Err(Error::new(ErrorKind::InvalidArgument).context("ask_again is neither 0 nor 1")),
    }
}

/// After the call `out` holds the evidence record of that order as it stands, in JSON by docs/schema/evidence-1.json: what
/// was shown, found and agreed to, by what key it was signed, what the service said that it stored. Code 510 for a name that
/// the journal does not have.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_orders_evidence(
    self_: *const thrivosign_orders,
    name: *const c_char,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let name = caller.text(name)?;
        let out = caller.out(out)?;
        out.give_bytes(this.evidence(name)?.as_bytes())
    })
}

/// Files a completed order under `file_name`, which has no folders. After the call the service has said that it stored the
/// very bytes of the signed document; an order that is filed already is not filed again. Code 510 for a name that the
/// journal does not have, 104 for an order that is not completed, 212 if another document is at its place.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_signing_order_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call`, `out` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_orders_file(
    self_: *const thrivosign_orders,
    client: *const thrivosign_client,
    name: *const c_char,
    file_name: *const c_char,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_signing_order,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let client = caller.handle(client)?;
        let name = caller.text(name)?;
        let file_name = caller.text(file_name)?;
        let call = caller.call(call)?;
        let out = caller.out_opt(out);
        out.give(call.watched(|limits, watch| this.file(&client, name, file_name, limits, watch))?)
    })
}

/// After the call the journal no longer has that order, whose key has not answered. Code 510 for a name that the journal
/// does not have, 104 once the key has answered.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_orders_withdraw(self_: *const thrivosign_orders, name: *const c_char) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let name = caller.text(name)?;
        this.withdraw(name)
    })
}

/// After the call `out` is another handle for the same journal.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_orders_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_orders_ref(self_: *const thrivosign_orders, out: *mut *mut thrivosign_orders) -> *mut thrivosign_error {
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
pub unsafe extern "C" fn thrivosign_orders_free(self_: *mut thrivosign_orders) {
    guard_or(self_, (), || token::free(self_));
}
