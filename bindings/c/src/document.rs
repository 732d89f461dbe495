//! The C border: documents to be read: a file, memory, or whatever the host reads from.

use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard, guard_or};
use crate::token::{self, Kind, Noun};

use crate::table::{Table, answered};
use std::ffi::{c_char, c_void};
use std::path::Path;
use std::sync::Arc;
use thrivosign::journey::Input;
use thrivosign::pdf::Source;
use thrivosign::{Error, ErrorKind, Result};

/// A document to be signed or verified. Nothing of it is read before it is used.
pub struct thrivosign_document(());

impl Noun for thrivosign_document {
    type Value = Input;
    const KIND: Kind = Kind::Document;
}

/// A document of the host's. Each callback answers 0, or a code of `thrivosign_error_kind`; any other number counts as 213.
///
/// Ownership: the library has `context` from the call that takes the struct until it calls `destroy`.
/// Lifetime: the struct is copied; a buffer passed to a callback is good until it returns.
/// Threads: `read_at` is called on the thread of the call that needs it, on several at once if the document is used so, and never under a lock. It must
/// not make blocking calls of a client (code 106).
/// NULL: `destroy` may be NULL; the other callbacks may not.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct thrivosign_source_callbacks {
    /// `sizeof(thrivosign_source_callbacks)`.
    pub struct_size: usize,
    /// Called once, when `context` is no longer needed.
    pub destroy: Option<extern "C" fn(context: *mut c_void)>,
    /// Handed to every callback.
    pub context: *mut c_void,
    /// Says how many bytes the document has; asked once.
    pub len: Option<extern "C" fn(context: *mut c_void, len: *mut u64) -> i32>,
    /// Puts up to `capacity` bytes from `offset` on into `buffer` and says in `read` how many; 0 only at the end. The same place must give
    /// the same bytes each time.
    pub read_at: Option<extern "C" fn(context: *mut c_void, offset: u64, buffer: *mut u8, capacity: usize, read: *mut usize) -> i32>,
}

// SAFETY: `repr(C)`, begins with `struct_size`; zeros are NULL and no callback.
unsafe impl Table for thrivosign_source_callbacks {
    const OPTIONAL: &'static [usize] = &[];
}

/// The callbacks; `destroy` is called when they go.
struct Host(thrivosign_source_callbacks);

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

/// A document behind callbacks, with the length that they told once.
struct HostSource {
    host: Host,
    len: u64,
}

impl HostSource {
    /// # Errors
    /// [`ErrorKind::NullArgument`] without a callback, or what `len` answers; `context` is still the host's then.
    fn new(table: thrivosign_source_callbacks) -> Result<HostSource> {
        let (Some(len), Some(_)) = (table.len, table.read_at) else {
            return Err(Error::new(ErrorKind::NullArgument).context("a required callback"));
        };
        let mut told = 0;
        answered(len(table.context, &raw mut told), ErrorKind::SourceUnreadable)?;
        Ok(HostSource { host: Host(table), len: told })
    }
}

impl Source for HostSource {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize> {
        let Some(read_at) = self.host.0.read_at else { return Err(Error::new(ErrorKind::Internal)) };
        let mut read = 0;
        let code = read_at(self.host.0.context, offset, buf.as_mut_ptr(), buf.len(), &raw mut read);
        answered(code, ErrorKind::SourceUnreadable).map_err(|error| error.at(offset))?;
        if read > buf.len() {
            return Err(Error::new(ErrorKind::SourceUnreadable).context("a callback claims more bytes than there is room for").at(offset));
        }
        Ok(read)
    }
}

/// After the call `out` is the regular file at that path, in UTF-8, opened now: whoever replaces it under its name does
/// not change what is read.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_document_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_document_new_from_path(
    path: *const c_char,
    out: *mut *mut thrivosign_document,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let path = caller.text(path)?;
        let out = caller.out(out)?;
        out.give(Input::open(Path::new(path))?)
    })
}

/// After the call `out` is a copy of these bytes.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_document_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_document_new_from_memory(
    data: *const u8,
    data_size: usize,
    out: *mut *mut thrivosign_document,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let data = caller.document(data, data_size)?;
        let out = caller.out(out)?;
        out.give(Input::memory(data))
    })
}

/// After the call `out` is a document that is read from the host.
///
/// Ownership: on success `context` is the library's until it calls `destroy`; after an error it is still the caller's.
/// The struct is copied. `out` is the caller's, to be freed with `thrivosign_document_free`.
/// Lifetime: `destroy` is called once, when the last handle is freed and the last call on the document has ended.
/// Threads: any, also several at once.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_document_new_from_callbacks(
    callbacks: *const thrivosign_source_callbacks,
    out: *mut *mut thrivosign_document,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let callbacks = caller.table(callbacks)?;
        let out = caller.out(out)?;
        out.give(Input::custom(Arc::new(HostSource::new(callbacks)?)))
    })
}

/// After the call `out` is the number of bytes.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_document_size(self_: *const thrivosign_document, out: *mut u64) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(Source::len(&*this))
    })
}

/// After the call `out` is another handle for the same document.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_document_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_document_ref(
    self_: *const thrivosign_document,
    out: *mut *mut thrivosign_document,
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
pub unsafe extern "C" fn thrivosign_document_free(self_: *mut thrivosign_document) {
    guard_or(self_, (), || token::free(self_));
}
