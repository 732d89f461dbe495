//! The C border: one request that the host's own HTTP carries, and the answer that it brings.

use crate::buffer::thrivosign_buffer;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::guard;
use crate::nth::nth;
use crate::token::{self, Kind, Noun};
use std::ffi::c_char;
use std::sync::{Arc, Mutex, PoisonError};
use thrivosign::journey::host_http::Exchange;
use thrivosign::remote::http::Response;
use thrivosign::{Error, ErrorKind, Result};
use zeroize::Zeroizing;

/// Most bytes of the body that are given at once.
const PIECE: usize = 64 << 10;
/// Most header fields that a callback adds.
const MAX_FIELDS: usize = 1024;

/// A request on its way through the host's own HTTP, and its answer. The library makes it, hands it to the callback, and takes it back when the
/// callback returns.
pub struct thrivosign_http_exchange(());

impl Noun for thrivosign_http_exchange {
    type Value = Carried;
    const KIND: Kind = Kind::HttpExchange;
}

/// The request, and the answer so far.
pub(crate) struct Carried {
    asked: Arc<Exchange>,
    answer: Mutex<Response>,
}

impl Carried {
    fn change<T>(&self, change: impl FnOnce(&mut Response) -> Result<T>) -> Result<T> {
        change(&mut self.answer.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// An exchange for one call of the callback; the handle ends with the value.
pub(crate) struct Lent(*mut thrivosign_http_exchange);

impl Lent {
    pub(crate) fn new(asked: Arc<Exchange>) -> Lent {
        // No status yet: one that no service sends.
        Lent(token::create(Carried { asked, answer: Mutex::new(Response::new(0)) }))
    }

    pub(crate) const fn handle(&self) -> *mut thrivosign_http_exchange {
        self.0
    }

    /// The answer.
    ///
    /// # Errors
    /// [`ErrorKind::BadAnswer`] without a status.
    pub(crate) fn answer(self) -> Result<Response> {
        let carried = token::find(self.0)?;
        let answer = carried.change(|answer| Ok(std::mem::replace(answer, Response::new(0))))?;
        if answer.status == 0 {
            return Err(Error::new(ErrorKind::BadAnswer).context("a callback set no status"));
        }
        Ok(answer)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        token::free(self.0);
    }
}

/// After the call `out` holds the method, such as `POST`.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: the exchange is good until the callback returns; outputs stay good until they are freed.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_http_exchange_method(
    self_: *const thrivosign_http_exchange,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        caller.out(out)?.give_bytes(this.asked.method().as_str().as_bytes())
    })
}

/// After the call `out` holds the address, its query included.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: the exchange is good until the callback returns; outputs stay good until they are freed.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_http_exchange_url(
    self_: *const thrivosign_http_exchange,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        caller.out(out)?.give_bytes(this.asked.url().as_bytes())
    })
}

/// After the call `out` is the number of header fields that have to be sent, beside those of the connection itself (`Host`, `Content-Length`).
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: the exchange is good until the callback returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_http_exchange_header_count(
    self_: *const thrivosign_http_exchange,
    out: *mut usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        caller.out(out)?.set(this.asked.headers().iter().count())
    })
}

/// After the call `name` and `value` hold the header field at that index, counted from 0. Values are secrets: they hold the token and the API key.
///
/// Ownership: outputs are the caller's, to be freed with `thrivosign_buffer_free`, which wipes them.
/// Lifetime: the exchange is good until the callback returns; outputs stay good until they are freed.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_http_exchange_header(
    self_: *const thrivosign_http_exchange,
    index: usize,
    name: *mut *mut thrivosign_buffer,
    value: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let (name, value) = (caller.out(name)?, caller.out(value)?);
        let fields: Vec<_> = this.asked.headers().iter().collect();
        let field = nth(&fields, index)?;
        name.give_bytes(field.0.as_bytes())?;
        value.give_bytes(field.1.as_bytes())
    })
}

/// After the call `out` is the size of the body in bytes, which is the `Content-Length`; 0 for a request without one.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: the exchange is good until the callback returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_http_exchange_body_size(
    self_: *const thrivosign_http_exchange,
    out: *mut u64,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        caller.out(out)?.set(this.asked.body_size())
    })
}

/// After the call `out` holds the next bytes of the body from `offset`, at most 64 KiB; none only at its end. The body may be read more than once. An
/// error says that the document cannot be read: the exchange has to end then.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`, which wipes it.
/// Lifetime: the exchange is good until the callback returns; outputs stay good until they are freed.
/// Threads: any, also several at once on one `self`; a document of the host's is read on the thread that calls.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_http_exchange_body(
    self_: *const thrivosign_http_exchange,
    offset: u64,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        let left = this.asked.body_size().saturating_sub(offset);
        let wanted = usize::try_from(left).map_or(PIECE, |left| left.min(PIECE));
        // Room for the NUL behind them: growing would leave a copy that is not wiped.
        let mut piece = Zeroizing::new(Vec::with_capacity(wanted.saturating_add(1)));
        piece.resize(wanted, 0);
        let read = this.asked.read_body(offset, &mut piece)?;
        piece.truncate(read);
        out.give_owned(piece)
    })
}

/// After the call `out` is the time, in milliseconds, after which the exchange has to have ended; 0 when it is over.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: the exchange is good until the callback returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_http_exchange_time_left(
    self_: *const thrivosign_http_exchange,
    out: *mut u64,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        caller.out(out)?.set(u64::try_from(this.asked.time_left().as_millis()).unwrap_or(u64::MAX))
    })
}

/// After the call `out` is 1 if the call was cancelled: the exchange had better end, what it brings is not used. Otherwise 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: the exchange is good until the callback returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_http_exchange_is_cancelled(
    self_: *const thrivosign_http_exchange,
    out: *mut i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        caller.out(out)?.set(i32::from(this.asked.is_cancelled()))
    })
}

/// After the call the answer has that status, such as 200. Its header fields and body so far are gone: they were of an answer before (1xx).
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: the exchange is good until the callback returns.
/// Threads: that of the callback.
/// NULL: `self` may not be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_http_exchange_set_status(self_: *mut thrivosign_http_exchange, status: u32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let status = u16::try_from(status).ok().filter(|status| (100..=599).contains(status));
        let status = status.ok_or_else(|| Error::new(ErrorKind::InvalidArgument).context("no status of HTTP"))?;
        this.change(|answer| {
            *answer = Response::new(status);
            Ok(())
        })
    })
}

/// After the call the answer has this header field too. The status is set before.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: the exchange is good until the callback returns.
/// Threads: that of the callback.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_http_exchange_add_header(
    self_: *mut thrivosign_http_exchange,
    name: *const c_char,
    value: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let (name, value) = (caller.text(name)?, caller.text(value)?);
        this.change(|answer| {
            if answer.headers.iter().count() >= MAX_FIELDS {
                return Err(Error::new(ErrorKind::AnswerTooLarge).context("header fields"));
            }
            answer.headers.push(name, value);
            Ok(())
        })
    })
}

/// After the call the answer's body ends with these bytes. Code 612 for more than this answer may have: reading had better stop there.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: the exchange is good until the callback returns.
/// Threads: that of the callback.
/// NULL: `data` may be NULL if `data_size` is 0; `self` may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_http_exchange_append(
    self_: *mut thrivosign_http_exchange,
    data: *const u8,
    data_size: usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let data = caller.bytes(data, data_size)?;
        this.change(|answer| {
            if (answer.body.len() as u64).saturating_add(data.len() as u64) > this.asked.max_answer() {
                return Err(Error::new(ErrorKind::AnswerTooLarge));
            }
            answer.body.extend_from_slice(data);
            Ok(())
        })
    })
}
