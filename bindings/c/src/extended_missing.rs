//! The C border: what stood in the way of a level: evidence that could not be had, and authorities that gave no time stamp.

use crate::buffer::thrivosign_buffer;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::extended::thrivosign_extended;
use crate::guard::guard;
use crate::nth::nth;

use thrivosign::evidence::gather::Lack;

/// What is lacking for a certificate.
#[repr(C)]
pub enum thrivosign_lack {
    /// Its issuer's certificate.
    Issuer = 1,
    /// A statement about its revocation.
    Status = 2,
    /// A valid chain: `thrivosign_extended_missing_failure` says why.
    Chain = 3,
}

fn lack_out(value: Lack) -> i32 {
    use thrivosign_lack as Out;
    let known = match value {
        Lack::Issuer => Out::Issuer,
        Lack::Status => Out::Status,
        Lack::Chain(_) => Out::Chain,
    };
    known as i32
}

/// After the call `out` is the number of certificates for which evidence could not be had.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extended_missing_count(self_: *const thrivosign_extended, out: *mut usize) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.missing.len())
    })
}

/// After the call `out` holds the subject of that certificate (RFC 4514). `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extended_missing_subject(
    self_: *const thrivosign_extended,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this.missing, index)?.certificate.subject_text().as_bytes())
    })
}

/// After the call `out` holds that certificate, DER. `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extended_missing_certificate(
    self_: *const thrivosign_extended,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this.missing, index)?.certificate.der())
    })
}

/// After the call `out` is what is lacking for that certificate, one of `thrivosign_lack`. `index` counts from 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extended_missing_lack(
    self_: *const thrivosign_extended,
    index: usize,
    out: *mut i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(lack_out(nth(&this.missing, index)?.lack))
    })
}

/// After the call `out` holds the code of what is wrong with that certificate's chain, such as `expired`; NULL where it is not
/// the chain that is lacking. `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extended_missing_failure(
    self_: *const thrivosign_extended,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes_opt(nth(&this.missing, index)?.lack.failure().map(|failure| failure.code().as_bytes()))
    })
}

/// After the call `out` is the number of addresses that could have helped with that certificate; 0: it names none. `index`
/// counts from 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extended_asked_count(
    self_: *const thrivosign_extended,
    index: usize,
    out: *mut usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(nth(&this.missing, index)?.asked.len())
    })
}

/// After the call `out` holds one of the addresses of that certificate. `index` and `position` count from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extended_asked_url(
    self_: *const thrivosign_extended,
    index: usize,
    position: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&nth(&this.missing, index)?.asked, position)?.0.as_bytes())
    })
}

/// After the call `out` holds what came of that address: `malformed`, `status_unknown`, `stale`, `proves_nothing`, `not_asked`, what an OCSP responder
/// refused with (`try_later`, `unauthorized`, ..), or the name of an error of the network. `index` and `position` count from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extended_asked_code(
    self_: *const thrivosign_extended,
    index: usize,
    position: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&nth(&this.missing, index)?.asked, position)?.1.code().as_bytes())
    })
}

/// After the call `out` is the number of authorities that were asked in vain.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extended_unanswered_count(self_: *const thrivosign_extended, out: *mut usize) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.unanswered.len())
    })
}

/// After the call `out` holds the address of that authority. `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extended_unanswered_url(
    self_: *const thrivosign_extended,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this.unanswered, index)?.url.as_bytes())
    })
}

/// After the call `out` holds what was wrong: the name of an error of the network, or the code of an answer of no use. `index`
/// counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extended_unanswered_code(
    self_: *const thrivosign_extended,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this.unanswered, index)?.code.as_bytes())
    })
}
