//! The C border: the user's signature image, kept by the service for the visible signatures that it prepares.

use crate::buffer::thrivosign_buffer;
use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::client::thrivosign_client;
use crate::error::thrivosign_error;
use crate::guard::guard;
use thrivosign::journey::signature_image;
use zeroize::Zeroizing;

/// After the call the service has that picture of the user's, a PNG or JPEG file of at most 512 KiB and 4,000,000 pixels, in place of any other. What
/// is no such picture is code 101, and nothing is sent. `thrivosign_client_submit` and `thrivosign_client_sign_in_package` show it where the request
/// has the same file by `thrivosign_signature_request_set_image`.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_set_signature_image(
    self_: *const thrivosign_client,
    file: *const u8,
    file_size: usize,
    call: *const thrivosign_call,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let file = caller.bytes(file, file_size)?;
        let call = caller.call(call)?;
        signature_image::set(&this, file, call.limits()).map(|_| ())
    })
}

/// After the call `out` holds the file of the picture that the service has of the user's, checked to be one: for
/// `thrivosign_signature_request_set_image`, once the person has seen it. Code 510 if there is none, 610 if what there is is no picture.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_signature_image(
    self_: *const thrivosign_client,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        out.give_owned(Zeroizing::new(signature_image::file(&this, call.limits())?))
    })
}

/// After the call the service has no picture of the user's; it is no error if it had none.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_remove_signature_image(
    self_: *const thrivosign_client,
    call: *const thrivosign_call,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let call = caller.call(call)?;
        signature_image::remove(&this, call.limits())
    })
}
