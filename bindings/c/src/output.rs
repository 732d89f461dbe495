//! The C border: where signed documents go: a file, memory, or whatever the host writes to.

use crate::buffer::thrivosign_buffer;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard, guard_or};
use crate::token::{self, Kind, Noun};

use crate::table::{Table, answered};
use std::ffi::{c_char, c_void};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use thrivosign::host::file::Durability;
use thrivosign::journey::Target;
use thrivosign::{Error, ErrorKind, Result};
use zeroize::Zeroizing;

/// Where a signed document goes.
pub struct thrivosign_output(());

impl Noun for thrivosign_output {
    type Value = Place;
    const KIND: Kind = Kind::Output;
}

/// Whether a finished file is flushed to the disk.
#[repr(C)]
pub enum thrivosign_durability {
    /// File and folder are flushed: what was finished survives a power cut.
    Fsync = 0,
    /// The system writes when it likes; still all or nothing for every other process.
    None = 1,
}

pub(crate) fn durability_in(value: i32) -> Result<Durability> {
    Ok(match value {
        x if x == thrivosign_durability::Fsync as i32 => Durability::Fsync,
        x if x == thrivosign_durability::None as i32 => Durability::None,
        _ => return Err(Error::new(ErrorKind::InvalidArgument).context("durability")),
    })
}

/// An output of the host's. `write` answers 0, or a code of `thrivosign_error_kind`; any other number counts as 214.
///
/// Ownership: the library has `context` from the call that takes the struct until it calls `destroy`.
/// Lifetime: the struct is copied; bytes passed to `write` are good until it returns.
/// Threads: `write` is called on the thread of the call that signs, never under a lock.
/// NULL: `destroy` may be NULL; `write` may not.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct thrivosign_output_callbacks {
    /// `sizeof(thrivosign_output_callbacks)`.
    pub struct_size: usize,
    /// Called once, when `context` is no longer needed.
    pub destroy: Option<extern "C" fn(context: *mut c_void)>,
    /// Handed to every callback.
    pub context: *mut c_void,
    /// Takes the next bytes of the document. It is first called when the signature was made and checked; if the call that signs fails all the
    /// same, what was written is to be thrown away.
    pub write: Option<extern "C" fn(context: *mut c_void, data: *const u8, size: usize) -> i32>,
}

// SAFETY: `repr(C)`, begins with `struct_size`; zeros are NULL and no callback.
unsafe impl Table for thrivosign_output_callbacks {
    const OPTIONAL: &'static [usize] = &[];
}

/// The callbacks; `destroy` is called when they go.
pub(crate) struct Host(thrivosign_output_callbacks);

// SAFETY: the header asks for callbacks that bear being called on any thread; `context` goes nowhere but back to them.
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
    fn write(&self, bytes: &[u8]) -> Result<()> {
        let Some(write) = self.0.write else { return Err(Error::new(ErrorKind::Internal)) };
        answered(write(self.0.context, bytes.as_ptr(), bytes.len()), ErrorKind::OutputUnwritable)
    }
}

/// A place of one of the three kinds.
pub(crate) enum Place {
    File(PathBuf, Durability),
    /// The last document that went there, until it is taken.
    Memory(Mutex<Option<Vec<u8>>>),
    Host(Host),
}

impl Place {
    /// Runs a journey that fills this place.
    ///
    /// # Errors
    /// The journey's.
    pub(crate) fn filled<T>(&self, journey: impl FnOnce(Target<'_>) -> Result<T>) -> Result<T> {
        match self {
            Place::File(path, durability) => journey(Target::File { path, durability: *durability }),
            Place::Memory(held) => {
                let mut bytes = Vec::new();
                let done = journey(Target::Memory(&mut bytes))?;
                *held.lock().unwrap_or_else(PoisonError::into_inner) = Some(bytes);
                Ok(done)
            }
            Place::Host(host) => journey(Target::Stream(&mut |bytes| host.write(bytes))),
        }
    }

    fn take(&self) -> Result<Vec<u8>> {
        let taken = match self {
            Place::Memory(held) => held.lock().unwrap_or_else(PoisonError::into_inner).take(),
            Place::File(..) | Place::Host(_) => None,
        };
        taken.ok_or_else(|| Error::new(ErrorKind::WrongOrder).context("no document went to this memory since the last was taken"))
    }
}

/// After the call `out` is an output that replaces the file at that path, in UTF-8, as a whole or not at all.
/// `durability` is one of `thrivosign_durability`. Nothing is written yet.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_output_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_output_new_to_path(
    path: *const c_char,
    durability: i32,
    out: *mut *mut thrivosign_output,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let path = caller.text(path)?;
        let out = caller.out(out)?;
        out.give(Place::File(Path::new(path).to_owned(), durability_in(durability)?))
    })
}

/// After the call `out` is an output whose document is taken with `thrivosign_output_take`.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_output_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: `out` may not be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_output_new_to_memory(out: *mut *mut thrivosign_output) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let out = caller.out(out)?;
        out.give(Place::Memory(Mutex::default()))
    })
}

/// After the call `out` is an output that is written to the host.
///
/// Ownership: on success `context` is the library's until it calls `destroy`; after an error it is still the caller's.
/// The struct is copied. `out` is the caller's, to be freed with `thrivosign_output_free`.
/// Lifetime: `destroy` is called once, when the last handle is freed and the last call on the output has ended.
/// Threads: any, also several at once.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_output_new_to_callbacks(
    callbacks: *const thrivosign_output_callbacks,
    out: *mut *mut thrivosign_output,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let callbacks = caller.table(callbacks)?;
        let out = caller.out(out)?;
        if callbacks.write.is_none() {
            return Err(Error::new(ErrorKind::NullArgument).context("a required callback"));
        }
        out.give(Place::Host(Host(callbacks)))
    })
}

/// After the call `out` holds the document that last went to an output in memory, and the output is empty. Code 104 if
/// there is none.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_output_take(
    self_: *const thrivosign_output,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_owned(Zeroizing::new(this.take()?))
    })
}

/// After the call `out` is another handle for the same output.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_output_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_output_ref(self_: *const thrivosign_output, out: *mut *mut thrivosign_output) -> *mut thrivosign_error {
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
pub unsafe extern "C" fn thrivosign_output_free(self_: *mut thrivosign_output) {
    guard_or(self_, (), || token::free(self_));
}
