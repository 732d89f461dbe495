//! The C border: bytes that go out. Takes bytes, gives a handle that owns them.

use crate::caller::{Caller, Out};
use crate::error::thrivosign_error;
use crate::guard::{guard, guard_or};
use crate::token::{self, Kind, Noun};
use thrivosign::Result;
use zeroize::Zeroizing;

/// Bytes that the library made: a document, a text, a signature value. Wiped when they go.
pub struct thrivosign_buffer(());

impl Noun for thrivosign_buffer {
    type Value = Zeroizing<Vec<u8>>;
    const KIND: Kind = Kind::Buffer;
}

impl Out<*mut thrivosign_buffer> {
    /// After the call the C side owns these bytes.
    pub(crate) fn give_bytes(self, bytes: &[u8]) -> Result<()> {
        // One piece from the start: growing would leave a copy that is not wiped.
        let mut copy = Zeroizing::new(Vec::with_capacity(bytes.len().saturating_add(1)));
        copy.extend_from_slice(bytes);
        self.give_owned(copy)
    }

    /// The same without a copy.
    pub(crate) fn give_owned(self, mut bytes: Zeroizing<Vec<u8>>) -> Result<()> {
        bytes.push(0);
        self.give(bytes)
    }

    /// The same for bytes that may be missing: NULL then.
    pub(crate) fn give_bytes_opt(self, bytes: Option<&[u8]>) -> Result<()> {
        match bytes {
            Some(bytes) => self.give_bytes(bytes),
            None => self.set(std::ptr::null_mut()),
        }
    }
}

/// The bytes. One NUL stands behind them, so that a text can be used as a C string.
///
/// Ownership: the bytes stay the buffer's.
/// Lifetime: good until the last handle of the buffer is freed.
/// Threads: any, also several at once on one `self`.
/// NULL: `self` may be NULL: the answer is NULL, as for what is no buffer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_buffer_data(self_: *const thrivosign_buffer) -> *const u8 {
    guard_or(self_, std::ptr::null(), || token::find(self_).map_or(std::ptr::null(), |bytes| bytes.as_ptr()))
}

/// How many bytes there are, without the NUL behind them.
///
/// Ownership: nothing changes hands.
/// Lifetime: what is returned is a copy.
/// Threads: any, also several at once on one `self`.
/// NULL: `self` may be NULL: the answer is 0, as for what is no buffer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_buffer_size(self_: *const thrivosign_buffer) -> usize {
    guard_or(self_, 0, || token::find(self_).map_or(0, |bytes| bytes.len().saturating_sub(1)))
}

/// After the call `out` is another handle for the same buffer.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_buffer_ref(self_: *const thrivosign_buffer, out: *mut *mut thrivosign_buffer) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || caller.out(out)?.set(token::share(self_)?))
}

/// After the call the handle stands for nothing; a handle that was freed already does no harm.
///
/// Ownership: takes the handle back.
/// Lifetime: the bytes are gone with the last handle.
/// Threads: any, also during calls on the same handle.
/// NULL: `self` may be NULL; then nothing is done.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_buffer_free(self_: *mut thrivosign_buffer) {
    guard_or(self_, (), || token::free(self_));
}
