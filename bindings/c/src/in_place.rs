//! The C border: a file that is signed where it is, under a journal.

use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard};
use crate::output::durability_in;
use crate::sign_options::thrivosign_sign_options;
use crate::signature_request::thrivosign_signature_request;
use crate::signed::thrivosign_signed;
use crate::signer::thrivosign_signer;

use std::ffi::c_char;
use std::path::Path;
use thrivosign::journey::in_place::{self, Recovery};

/// What an interrupted signature in place had left, and what became of it.
#[repr(C)]
pub enum thrivosign_recovery {
    /// There was nothing.
    Nothing = 1,
    /// The file had not been changed yet.
    NotBegun = 2,
    /// What was half written was taken back: the file is the old one.
    TakenBack = 3,
    /// Everything had been written: the file is the signed one.
    Completed = 4,
}

fn recovery_out(value: Recovery) -> i32 {
    use thrivosign_recovery as Out;
    let known = match value {
        Recovery::Nothing => Out::Nothing,
        Recovery::NotBegun => Out::NotBegun,
        Recovery::TakenBack => Out::TakenBack,
        Recovery::Completed => Out::Completed,
    };
    known as i32
}

/// After the call the file at that path, in UTF-8, is its old bytes and one more revision, which the library's own
/// verifier has accepted. Until the last step it is not touched; a process that ends at any moment leaves the old file
/// or the signed one, and at most a journal beside it, which the next call or `thrivosign_in_place_recover` settles.
/// The key was asked once, last. `durability` is one of `thrivosign_durability`. Code 212 also if somebody wrote to the
/// file meanwhile; code 214 if the file or its folder may not be written, or another process is signing it; code 104
/// once, if an interrupted call turns out to have signed it.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_signed_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; a key store of
/// the host's is asked on this very thread. Not for a main thread.
/// NULL: `options`, `call`, `out` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signer_sign_in_place(
    self_: *const thrivosign_signer,
    path: *const c_char,
    durability: i32,
    request: *const thrivosign_signature_request,
    options: *const thrivosign_sign_options,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_signed,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let path = Path::new(caller.text(path)?);
        let durability = durability_in(durability)?;
        let request = caller.handle(request)?.now();
        let options = caller.sign_options(options)?;
        let raise = options.raise();
        let call = caller.call(call)?;
        let out = caller.out_opt(out);
        let key = this.key()?;
        out.give(
            call.watched(|limits, watch| in_place::sign_in_place(path, durability, &request, key, options.core(&raise), limits, watch))?,
        )
    })
}

/// After the call the file at that path is the old one or the signed one, there is no journal beside it, and `out` is
/// what became of it, one of `thrivosign_recovery`.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_in_place_recover(path: *const c_char, out: *mut i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let path = Path::new(caller.text(path)?);
        let out = caller.out(out)?;
        out.set(recovery_out(in_place::recover(path)?))
    })
}
