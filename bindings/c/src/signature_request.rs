//! The C border: what a signature shall be: its field, place, texts and time. Checked when it is used.

use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard, guard_or};
use crate::token::{self, Kind, Noun};

use std::ffi::c_char;
use std::sync::{Mutex, PoisonError};
use thrivosign::Time;
use thrivosign::appearance::Text;
use thrivosign::host::clock;
use thrivosign::pdf::Rect;
use thrivosign::sign::{Placement, SignatureRequest};

/// One signature to be made. It is checked when it is used, and may be used again.
pub struct thrivosign_signature_request(());

impl Noun for thrivosign_signature_request {
    type Value = Request;
    const KIND: Kind = Kind::SignatureRequest;
}

/// The request so far.
pub(crate) struct Request(Mutex<Asked>);

/// What was asked for.
pub(crate) struct Asked {
    pub(crate) request: SignatureRequest,
    /// The strokes that the request's handwriting is made of.
    pub(crate) pad: Option<Pad>,
}

/// A pad and the strokes on it.
pub(crate) struct Pad {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) pen: f64,
    pub(crate) strokes: Vec<Vec<(f64, f64)>>,
}

impl Request {
    /// As it is now.
    pub(crate) fn now(&self) -> SignatureRequest {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).request.clone()
    }

    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Asked) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// After the call `out` asks for an invisible signature in a new field, at the time of the machine's clock.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_signature_request_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: `out` may not be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_new(out: *mut *mut thrivosign_signature_request) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let out = caller.out(out)?;
        out.give(Request(Mutex::new(Asked { request: SignatureRequest::new(clock::now()), pad: None })))
    })
}

/// After the call the signature claims this time (`/M`), at which its certificate must be valid: seconds since
/// 1970-01-01T00:00:00Z.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_set_time(
    self_: *mut thrivosign_signature_request,
    unix_time: i64,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        this.change(|asked| asked.request.time = Time::from_unix(unix_time));
        Ok(())
    })
}

/// After the call the signature goes into the field of that name, fully qualified; a signature field of that name is
/// signed in place, otherwise a new one is made.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_set_field(
    self_: *mut thrivosign_signature_request,
    name: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let name = caller.text(name)?;
        this.change(|asked| asked.request.field = Some(name.to_owned()));
        Ok(())
    })
}

/// After the call the signature shows on that page, counted from 1, in the box from (`x0`, `y0`) to (`x1`, `y1`): in
/// units of user space from the lower left corner of the page as a reader sees it.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_set_box(
    self_: *mut thrivosign_signature_request,
    page: u32,
    x0: f64,
    y0: f64,
    x1: f64,
    y1: f64,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        this.change(|asked| asked.request.placement = Placement::Visible { page, rect: Rect::new(x0, y0, x1, y1) });
        Ok(())
    })
}

/// After the call the signature gives this reason (`/Reason`).
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_set_reason(
    self_: *mut thrivosign_signature_request,
    text: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let text = caller.text(text)?;
        this.change(|asked| asked.request.reason = Some(text.to_owned()));
        Ok(())
    })
}

/// After the call the signature names this place (`/Location`).
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_set_location(
    self_: *mut thrivosign_signature_request,
    text: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let text = caller.text(text)?;
        this.change(|asked| asked.request.location = Some(text.to_owned()));
        Ok(())
    })
}

/// After the call the signature gives this contact (`/ContactInfo`).
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_set_contact(
    self_: *mut thrivosign_signature_request,
    text: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let text = caller.text(text)?;
        this.change(|asked| asked.request.contact = Some(text.to_owned()));
        Ok(())
    })
}

/// After the call the signature states this name (`/Name`) beside the certificate's.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_set_name(
    self_: *mut thrivosign_signature_request,
    text: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let text = caller.text(text)?;
        this.change(|asked| asked.request.name = Some(text.to_owned()));
        Ok(())
    })
}

/// After the call a visible signature shows this line below those added before, in place of the usual lines: signer,
/// time, reason and location.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_add_line(
    self_: *mut thrivosign_signature_request,
    text: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let text = caller.text(text)?;
        this.change(|asked| match &mut asked.request.appearance.text {
            Text::Lines(lines) => lines.push(text.to_owned()),
            other => *other = Text::Lines(vec![text.to_owned()]),
        });
        Ok(())
    })
}

/// After the call so many bytes are reserved in `/Contents` beyond what certificates and signature need.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_set_extra_room(
    self_: *mut thrivosign_signature_request,
    bytes: usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        this.change(|asked| asked.request.extra_room = bytes);
        Ok(())
    })
}

/// After the call `out` is another handle for the same request.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_signature_request_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_ref(
    self_: *const thrivosign_signature_request,
    out: *mut *mut thrivosign_signature_request,
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
pub unsafe extern "C" fn thrivosign_signature_request_free(self_: *mut thrivosign_signature_request) {
    guard_or(self_, (), || token::free(self_));
}
