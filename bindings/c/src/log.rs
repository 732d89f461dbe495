//! The C border: the log. Takes the core's typed events, hands them to the host's callback; there is no free text in them.

use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard};
use crate::table::Table;
use std::ffi::{CString, c_char, c_void};
use std::mem::size_of;
use std::ptr;
use std::sync::Arc;
use thrivosign::host::log;
use thrivosign::log::{Event, Level};
use thrivosign::{Error, ErrorKind, Result};

/// How telling an event of the log is.
#[repr(C)]
pub enum thrivosign_log_level {
    /// Something failed that the caller is told of as well.
    Error = 1,
    /// Something went wrong and was mended, or may go wrong later.
    Warn = 2,
    /// A journey ended.
    Info = 3,
    /// One exchange with the service.
    Debug = 4,
}

/// One event. Its members are all that a log may hold: no token, key, name or text of a document is among them. A number that does not apply
/// is -1.
///
/// Ownership: the library's.
/// Lifetime: until the callback returns, texts included.
/// Threads: that of the callback.
/// NULL: `operation` is NULL where it does not apply.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct thrivosign_log_event {
    /// Bytes of the struct as the library knows it; a later version may have more members at the end.
    pub struct_size: usize,
    /// One of `thrivosign_log_level`.
    pub level: i64,
    /// What happened: `call`, `sign`, `verify` and so on.
    pub name: *const c_char,
    /// The service's operation, by its id in the service's API description.
    pub operation: *const c_char,
    /// One of `thrivosign_error_kind`.
    pub error_code: i64,
    /// The HTTP status of the answer.
    pub http_status: i64,
    /// How long it took.
    pub milliseconds: i64,
    /// Bytes of the document.
    pub bytes: i64,
    /// Which try of a call it was, from 1.
    pub attempt: i64,
}

/// The host's log.
///
/// Ownership: the library has `context` from the call that takes the struct until it calls `destroy`.
/// Lifetime: the struct is copied.
/// Threads: `event` is called on the thread where the event happens, on several at once, never under a lock, and must not block.
/// NULL: `destroy` may be NULL; `event` may not.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct thrivosign_log_callbacks {
    /// `sizeof(thrivosign_log_callbacks)`.
    pub struct_size: usize,
    /// Called once, when `context` is no longer needed.
    pub destroy: Option<extern "C" fn(context: *mut c_void)>,
    /// Handed to every callback.
    pub context: *mut c_void,
    /// Told an event.
    pub event: Option<extern "C" fn(context: *mut c_void, event: *const thrivosign_log_event)>,
}

// SAFETY: `repr(C)`, begins with `struct_size`; zeros are NULL and no callback.
unsafe impl Table for thrivosign_log_callbacks {
    const OPTIONAL: &'static [usize] = &[];
}

/// The callbacks; `destroy` is called when they go.
struct Host(thrivosign_log_callbacks);

// SAFETY: the header asks for callbacks that bear being called on any thread and on several; `context` goes nowhere but back to them.
unsafe impl Send for Host {}
// SAFETY: as above.
unsafe impl Sync for Host {}

impl Drop for Host {
    fn drop(&mut self) {
        if let Some(destroy) = self.0.destroy {
            destroy(self.0.context);
        }
    }
}

impl Host {
    fn tell(&self, event: &Event) {
        let Some(callback) = self.0.event else { return };
        // The names are the library's own, without NULs.
        let name = CString::new(event.name).unwrap_or_default();
        let operation = event.operation.map(|text| CString::new(text).unwrap_or_default());
        let number = |value: Option<u64>| value.and_then(|value| i64::try_from(value).ok()).unwrap_or(-1);
        let told = thrivosign_log_event {
            struct_size: size_of::<thrivosign_log_event>(),
            level: event.level as i64,
            name: name.as_ptr(),
            operation: operation.as_ref().map_or(ptr::null(), |text| text.as_ptr()),
            error_code: event.error_code.map_or(-1, i64::from),
            http_status: number(event.http_status.map(u64::from)),
            milliseconds: number(event.milliseconds),
            bytes: number(event.bytes),
            attempt: number(event.attempt.map(u64::from)),
        };
        callback(self.0.context, &raw const told);
    }
}

fn level_in(value: i32) -> Result<Level> {
    Ok(match value {
        x if x == thrivosign_log_level::Error as i32 => Level::Error,
        x if x == thrivosign_log_level::Warn as i32 => Level::Warn,
        x if x == thrivosign_log_level::Info as i32 => Level::Info,
        x if x == thrivosign_log_level::Debug as i32 => Level::Debug,
        _ => return Err(Error::new(ErrorKind::InvalidArgument).context("level")),
    })
}

/// After the call events up to `level`, one of `thrivosign_log_level`, go to these callbacks and no longer to those
/// before; NULL switches the log off. There is one log for the whole process. An event that is being told meanwhile may
/// still reach the callbacks before.
///
/// Ownership: on success `context` is the library's until it calls `destroy`; after an error it is still the caller's.
/// The struct is copied.
/// Lifetime: `destroy` is called once, when other callbacks took the place and the last event was told.
/// Threads: any, also several at once.
/// NULL: `callbacks` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_log_set(level: i32, callbacks: *const thrivosign_log_callbacks) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let callbacks = caller.table_opt(callbacks)?;
        let level = level_in(level)?;
        if callbacks.is_some_and(|callbacks| callbacks.event.is_none()) {
            return Err(Error::new(ErrorKind::NullArgument).context("a required callback"));
        }
        log::set(
            level,
            callbacks.map(|callbacks| {
                let host = Host(callbacks);
                Arc::new(move |event: &Event| host.tell(event)) as log::Sink
            }),
        );
        Ok(())
    })
}
