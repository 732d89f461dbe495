//! The C border: one signing order as it stood when it was asked for.

use crate::buffer::thrivosign_buffer;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{guard, guard_or};
use crate::nth::nth;
use crate::token::{self, Kind, Noun};

use thrivosign::journey::orders::{Order, OrderMode, OrderState};

/// A signing order as it stood when it was asked for.
pub struct thrivosign_signing_order(());

impl Noun for thrivosign_signing_order {
    type Value = Order;
    const KIND: Kind = Kind::SigningOrder;
}

/// How far a signing order has come.
#[repr(C)]
pub enum thrivosign_signing_order_step {
    /// Prepared; the key was not asked, or said no.
    Prepared = 1,
    /// The key was asked, and nobody knows what it answered: the process ended meanwhile.
    Unanswered = 2,
    /// The key has answered; the document is still to be completed. No key is asked any more.
    Answered = 3,
    /// The signed document is where it should be, and still to be filed.
    Completed = 4,
    /// The service has it.
    Filed = 5,
}

fn state_out(state: &OrderState) -> i32 {
    use thrivosign_signing_order_step as Out;
    let known = match state {
        OrderState::Prepared => Out::Prepared,
        OrderState::Unanswered => Out::Unanswered,
        OrderState::Answered => Out::Answered,
        OrderState::Completed { .. } => Out::Completed,
        OrderState::Filed { .. } => Out::Filed,
        _ => return 0,
    };
    known as i32
}

/// Who prepares and files an order's document.
#[repr(C)]
pub enum thrivosign_signing_order_way {
    /// This device.
    Device = 1,
    /// The service.
    Submit = 2,
}

fn mode_out(mode: OrderMode) -> i32 {
    use thrivosign_signing_order_way as Out;
    let known = match mode {
        OrderMode::Device => Out::Device,
        OrderMode::Submit => Out::Submit,
        _ => return 0,
    };
    known as i32
}

/// After the call `out` holds the order's name in the journal: what the calls of `thrivosign_orders` take.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signing_order_name(
    self_: *const thrivosign_signing_order,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(this.name.as_bytes())
    })
}

/// After the call `out` holds the host's own id.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signing_order_id(
    self_: *const thrivosign_signing_order,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(this.id.as_bytes())
    })
}

/// After the call `out` holds the path where the signed document goes.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signing_order_target(
    self_: *const thrivosign_signing_order,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(this.target.as_os_str().as_encoded_bytes())
    })
}

/// After the call `unix_time` is when it was prepared: seconds since 1970-01-01T00:00:00Z.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signing_order_prepared_at(
    self_: *const thrivosign_signing_order,
    unix_time: *mut i64,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let unix_time = caller.out(unix_time)?;
        unix_time.set(this.prepared_at.unix())
    })
}

/// After the call `out` is one of `thrivosign_signing_order_way`.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signing_order_mode(self_: *const thrivosign_signing_order, out: *mut i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(mode_out(this.mode))
    })
}

/// After the call `out` is one of `thrivosign_signing_order_step`.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signing_order_state(self_: *const thrivosign_signing_order, out: *mut i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(state_out(&this.state))
    })
}

/// After the call `out` holds SHA-256 of the signed document, 32 bytes; NULL before it is completed.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signing_order_sha256(
    self_: *const thrivosign_signing_order,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes_opt(match &this.state {
            OrderState::Completed { sha256 } | OrderState::Filed { sha256, .. } => Some(&sha256[..]),
            _ => None,
        })
    })
}

/// After the call `out` holds the service's id of the agreement; NULL before it is filed.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signing_order_document_id(
    self_: *const thrivosign_signing_order,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes_opt(match &this.state {
            OrderState::Filed { document_id, .. } => Some(document_id.as_bytes()),
            _ => None,
        })
    })
}

/// After the call `out` holds SHA-256 of the public key that it was prepared for, 32 bytes; NULL in a journal of a version that did not keep it.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signing_order_public_key(
    self_: *const thrivosign_signing_order,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes_opt(this.public_key.as_ref().map(|digest| &digest[..]))
    })
}

/// After the call `out` is the number of orders whose place this one has taken (`in_place_of` of `thrivosign_sign_options`).
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signing_order_in_place_of_count(
    self_: *const thrivosign_signing_order,
    out: *mut usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.in_place_of.len())
    })
}

/// After the call `out` holds the name of that order, the earliest at 0; the journal no longer has it.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signing_order_in_place_of(
    self_: *const thrivosign_signing_order,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this.in_place_of, index)?.as_bytes())
    })
}

/// After the call `out` is another handle for the same order.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_signing_order_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signing_order_ref(
    self_: *const thrivosign_signing_order,
    out: *mut *mut thrivosign_signing_order,
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
pub unsafe extern "C" fn thrivosign_signing_order_free(self_: *mut thrivosign_signing_order) {
    guard_or(self_, (), || token::free(self_));
}
