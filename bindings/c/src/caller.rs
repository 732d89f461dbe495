//! The C border: what comes in. Takes pointers and numbers of the C side, gives slices, texts and values, or an error. The only place where
//! arguments are dereferenced; a handle never is.

use crate::token::{self, Noun};
use std::ffi::{CStr, c_char};
use std::ptr;
use std::sync::Arc;
use thrivosign::key::Passphrase;
use thrivosign::remote::secret::Secret;
use thrivosign::{Error, ErrorKind, Result};
use zeroize::Zeroizing;

/// Most bytes of an argument other than a document: no PEM text, blob or message is nearly as long.
const MAX_BYTES: usize = 64 << 20;
/// Most bytes of a document in memory: more than any address space of today.
#[cfg(target_pointer_width = "64")]
const MAX_DOCUMENT: usize = 1 << 46;
#[cfg(not(target_pointer_width = "64"))]
const MAX_DOCUMENT: usize = isize::MAX as usize;

/// Whoever calls, and vouches for the pointers of this call.
pub(crate) struct Caller(());

impl Caller {
    /// The caller of the function at hand.
    ///
    /// # Safety
    /// Every pointer that is given to the value's methods, unless it is NULL, is one that the C side passed to the function at hand: readable,
    /// or writable for an output, as the header says, until the function returns.
    pub(crate) const unsafe fn new() -> Caller {
        Caller(())
    }

    /// The object behind a handle.
    ///
    /// # Errors
    /// As [`token::find`].
    pub(crate) fn handle<N: Noun>(&self, pointer: *const N) -> Result<Arc<N::Value>> {
        token::find(pointer)
    }

    /// The object behind a handle that may be NULL.
    ///
    /// # Errors
    /// As [`token::find`], but for NULL.
    pub(crate) fn handle_opt<N: Noun>(&self, pointer: *const N) -> Result<Option<Arc<N::Value>>> {
        if pointer.is_null() { Ok(None) } else { token::find(pointer).map(Some) }
    }

    /// A text that ends with NUL.
    ///
    /// # Errors
    /// [`ErrorKind::NullArgument`], [`ErrorKind::InvalidUtf8`].
    pub(crate) fn text(&self, pointer: *const c_char) -> Result<&str> {
        self.text_opt(pointer)?.ok_or_else(|| Error::new(ErrorKind::NullArgument))
    }

    /// A text that ends with NUL, or none.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidUtf8`].
    pub(crate) fn text_opt(&self, pointer: *const c_char) -> Result<Option<&str>> {
        if pointer.is_null() {
            return Ok(None);
        }
        // SAFETY: not NULL, and the caller vouched for it: a text with a NUL at its end that stays during the call.
        let text = unsafe { CStr::from_ptr(pointer) };
        text.to_str().map(Some).map_err(|_| Error::new(ErrorKind::InvalidUtf8))
    }

    /// A secret text that ends with NUL; the copy is wiped, the caller's own is the caller's.
    ///
    /// # Errors
    /// As [`Caller::text`].
    pub(crate) fn secret(&self, pointer: *const c_char) -> Result<Secret> {
        self.text(pointer).map(Secret::new)
    }

    /// A secret text, or none.
    ///
    /// # Errors
    /// As [`Caller::text_opt`].
    pub(crate) fn secret_opt(&self, pointer: *const c_char) -> Result<Option<Secret>> {
        Ok(self.text_opt(pointer)?.map(Secret::new))
    }

    /// A passphrase that ends with NUL; the copy is wiped.
    ///
    /// # Errors
    /// As [`Caller::text`].
    pub(crate) fn passphrase(&self, pointer: *const c_char) -> Result<Passphrase> {
        Ok(Passphrase::from_bytes(Zeroizing::new(self.text(pointer)?.as_bytes().to_vec())))
    }

    /// A passphrase, or none.
    ///
    /// # Errors
    /// As [`Caller::text_opt`].
    pub(crate) fn passphrase_opt(&self, pointer: *const c_char) -> Result<Option<Passphrase>> {
        if pointer.is_null() { Ok(None) } else { self.passphrase(pointer).map(Some) }
    }

    /// Bytes; NULL with length 0 is none.
    ///
    /// # Errors
    /// [`ErrorKind::NullArgument`]; [`ErrorKind::InvalidArgument`] for a length that no such argument has.
    pub(crate) fn bytes(&self, pointer: *const u8, len: usize) -> Result<&[u8]> {
        self.slice(pointer, len, MAX_BYTES)
    }

    /// Bytes, or none for NULL with length 0.
    ///
    /// # Errors
    /// As [`Caller::bytes`].
    pub(crate) fn bytes_opt(&self, pointer: *const u8, len: usize) -> Result<Option<&[u8]>> {
        if pointer.is_null() && len == 0 { Ok(None) } else { self.bytes(pointer, len).map(Some) }
    }

    /// The key of a journal.
    ///
    /// # Errors
    /// As [`Caller::bytes`]; [`ErrorKind::InvalidArgument`] for another length.
    pub(crate) fn journal_key(&self, pointer: *const u8, len: usize) -> Result<&[u8; 32]> {
        let wrong = |_| Error::new(ErrorKind::InvalidArgument).context("the journal's key has 32 bytes");
        self.bytes(pointer, len)?.try_into().map_err(wrong)
    }

    /// A document's bytes.
    ///
    /// # Errors
    /// As [`Caller::bytes`].
    pub(crate) fn document(&self, pointer: *const u8, len: usize) -> Result<&[u8]> {
        self.slice(pointer, len, MAX_DOCUMENT)
    }

    /// Points, each a pair of numbers.
    ///
    /// # Errors
    /// As [`Caller::bytes`].
    pub(crate) fn points(&self, pointer: *const f64, count: usize) -> Result<Vec<(f64, f64)>> {
        // As bytes, because the C side promises no alignment.
        let size = count.saturating_mul(2 * size_of::<f64>());
        let (pairs, _) = self.bytes(pointer.cast(), size)?.as_chunks::<{ size_of::<f64>() }>();
        let numbers: Vec<f64> = pairs.iter().copied().map(f64::from_ne_bytes).collect();
        Ok(numbers.as_chunks::<2>().0.iter().map(|[x, y]| (*x, *y)).collect())
    }

    fn slice(&self, pointer: *const u8, len: usize, max: usize) -> Result<&[u8]> {
        if len > max {
            return Err(Error::new(ErrorKind::InvalidArgument).context("a length out of all proportion"));
        }
        if pointer.is_null() {
            return if len == 0 { Ok(&[]) } else { Err(Error::new(ErrorKind::NullArgument)) };
        }
        // SAFETY: not NULL, and the caller vouched for so many readable bytes that stay as they are during the call.
        Ok(unsafe { std::slice::from_raw_parts(pointer, len) })
    }

    /// A value behind a pointer, copied; `None` for NULL.
    pub(crate) fn value<T: Copy>(&self, pointer: *const T) -> Option<T> {
        if pointer.is_null() {
            return None;
        }
        // SAFETY: not NULL, and the caller vouched for it; its alignment is not taken for granted.
        Some(unsafe { ptr::read_unaligned(pointer) })
    }

    /// The place for an output.
    ///
    /// # Errors
    /// [`ErrorKind::NullArgument`].
    pub(crate) fn out<T>(&self, pointer: *mut T) -> Result<Out<T>> {
        if pointer.is_null() { Err(Error::new(ErrorKind::NullArgument)) } else { Ok(Out(pointer)) }
    }

    /// The place for an output that nobody needs to want.
    pub(crate) fn out_opt<T>(&self, pointer: *mut T) -> Out<T> {
        Out(pointer)
    }
}

/// The place for an output. Dropped without a value, it is as it was.
#[must_use]
pub(crate) struct Out<T>(*mut T);

impl<T> Out<T> {
    /// After the call the C side has the value.
    #[expect(clippy::unnecessary_wraps, reason = "it is what the functions end with")]
    pub(crate) fn set(self, value: T) -> Result<()> {
        if !self.0.is_null() {
            // SAFETY: not NULL; only a `Caller` makes this value, and its maker vouched for the pointer. Alignment is not taken for granted.
            unsafe { ptr::write_unaligned(self.0, value) };
        }
        Ok(())
    }
}

impl<N: Noun> Out<*mut N> {
    /// After the call the C side owns a handle for the value, unless it did not want one.
    pub(crate) fn give(self, value: N::Value) -> Result<()> {
        if self.0.is_null() { Ok(()) } else { self.set(token::create(value)) }
    }

    /// The same for a value that may be missing: NULL then.
    pub(crate) fn give_opt(self, value: Option<N::Value>) -> Result<()> {
        match value {
            Some(value) => self.give(value),
            None => self.set(ptr::null_mut()),
        }
    }
}
