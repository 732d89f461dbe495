//! The C border: structs of the caller that may grow. Takes a pointer to a struct that says its own size, gives a whole struct of this
//! version: what an older caller's struct lacks is zero, and what a newer one has beyond is refused unless it is zero.

use crate::caller::Caller;
use std::mem::{MaybeUninit, size_of};
use thrivosign::{Error, ErrorKind, Result};

/// No struct of any version is larger.
const MAX_SIZE: usize = 4096;

/// A struct that begins with `size_t struct_size`.
///
/// # Safety
/// The struct is `repr(C)`, begins with a `usize`, and all zeros are a valid value.
pub(crate) unsafe trait Table: Copy {
    /// Where each member after the required ones begins.
    const OPTIONAL: &'static [usize];
}

impl Caller {
    /// The caller's struct.
    ///
    /// # Errors
    /// [`ErrorKind::NullArgument`]; [`ErrorKind::InvalidArgument`] for a size that no version of the struct has, and for members of a later
    /// version that are not zero.
    pub(crate) fn table<T: Table>(&self, pointer: *const T) -> Result<T> {
        let wrong = |what: &'static str| Error::new(ErrorKind::InvalidArgument).context(what);
        let size = self.value(pointer.cast::<usize>()).ok_or_else(|| Error::new(ErrorKind::NullArgument))?;
        if size > MAX_SIZE || (size < size_of::<T>() && !T::OPTIONAL.contains(&size)) {
            return Err(wrong("struct_size"));
        }
        let bytes = self.bytes(pointer.cast::<u8>(), size)?;
        if bytes.iter().skip(size_of::<T>()).any(|byte| *byte != 0) {
            return Err(wrong("a member that this version does not know"));
        }
        let mut table = MaybeUninit::<T>::zeroed();
        let known = size.min(size_of::<T>());
        // SAFETY: both sides have `known` bytes, and zeros are a valid value of every member that is not copied.
        unsafe {
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), table.as_mut_ptr().cast::<u8>(), known);
            Ok(table.assume_init())
        }
    }

    /// The caller's struct, or `None` for NULL.
    ///
    /// # Errors
    /// As [`Caller::table`].
    pub(crate) fn table_opt<T: Table>(&self, pointer: *const T) -> Result<Option<T>> {
        if pointer.is_null() { Ok(None) } else { self.table(pointer).map(Some) }
    }
}

/// What a callback answered: 0 is well, a code of the error table is that error, and any other number is `otherwise`.
///
/// # Errors
/// The error it told.
pub(crate) fn answered(code: i32, otherwise: ErrorKind) -> Result<()> {
    if code == 0 {
        return Ok(());
    }
    let kind = ErrorKind::ALL.iter().copied().find(|kind| kind.code() == code);
    Err(Error::new(kind.unwrap_or(otherwise)).context("told by the host's callback"))
}
