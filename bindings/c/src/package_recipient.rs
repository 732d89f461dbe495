//! The C border: who signs what in a package, in order.

use crate::buffer::thrivosign_buffer;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::guard;
use crate::nth::nth;
use crate::package::thrivosign_package;
use crate::package_enums::recipient_state_out;
use thrivosign::journey::packages;

/// After the call `out` is the number of signatures that are asked for.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_package_recipient_count(self_: *const thrivosign_package, out: *mut usize) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.recipients.len())
    })
}

/// After the call `out` holds the id of that asking. `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_package_recipient_id(
    self_: *const thrivosign_package,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this.recipients, index)?.recipient_id.as_bytes())
    })
}

/// After the call `out` holds the name that the person logs in with. `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_package_recipient_user(
    self_: *const thrivosign_package,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this.recipients, index)?.user.as_bytes())
    })
}

/// After the call `out` is the person's place in the order: whoever has a lower one signs before. `index` counts from 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_package_recipient_order(
    self_: *const thrivosign_package,
    index: usize,
    out: *mut u32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(nth(&this.recipients, index)?.order)
    })
}

/// After the call `out` holds the id of the document that is signed. `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_package_recipient_document_id(
    self_: *const thrivosign_package,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this.recipients, index)?.document_id.as_bytes())
    })
}

/// After the call `out` holds the form field; NULL if that is the person's choice. `index` counts from 0.
///
/// Ownership: `out`, if not NULL, is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_package_recipient_field(
    self_: *const thrivosign_package,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes_opt(nth(&this.recipients, index)?.place.field.as_deref().map(str::as_bytes))
    })
}

/// After the call `page` is the page of the box, counted from 1, and the edges are in points as a reader sees the page; or all are 0,
/// as that is the person's choice. `index` counts from 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_package_recipient_box(
    self_: *const thrivosign_package,
    index: usize,
    page: *mut u32,
    x0: *mut f64,
    y0: *mut f64,
    x1: *mut f64,
    y1: *mut f64,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let (page, x0, y0, x1, y1) = (caller.out(page)?, caller.out(x0)?, caller.out(y0)?, caller.out(x1)?, caller.out(y1)?);
        let place = &nth(&this.recipients, index)?.place;
        let (number, [left, bottom, width, height]) = place.page.zip(place.rect).unwrap_or_default();
        page.set(number)?;
        x0.set(left)?;
        y0.set(bottom)?;
        x1.set(left + width)?;
        y1.set(bottom + height)
    })
}

/// After the call `out` is one of `thrivosign_recipient_state`. `index` counts from 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_package_recipient_state(
    self_: *const thrivosign_package,
    index: usize,
    out: *mut i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(recipient_state_out(nth(&this.recipients, index)?.state))
    })
}

/// After the call `out` is 1 if it is that person's turn, otherwise 0. `index` counts from 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_package_recipient_has_turn(
    self_: *const thrivosign_package,
    index: usize,
    out: *mut i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(i32::from(nth(&this.recipients, index)?.turn))
    })
}

/// After the call `out` is 1 if that is who asked, otherwise 0. `index` counts from 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_package_recipient_is_you(
    self_: *const thrivosign_package,
    index: usize,
    out: *mut i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(i32::from(nth(&this.recipients, index)?.you))
    })
}

/// After the call `index` is the first recipient who is whoever asked and has the turn. Code 104 if nothing in the package waits for that
/// person.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_package_next(self_: *const thrivosign_package, index: *mut usize) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let index = caller.out(index)?;
        let next = packages::next(&this)?;
        index.set(this.recipients.iter().position(|one| one == next).unwrap_or_default())
    })
}
