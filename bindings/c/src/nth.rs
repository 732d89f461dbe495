//! The C border: lists. Takes an index of the C side, gives the element or an error.

use thrivosign::{Error, ErrorKind, Result};

/// The element at an index of the C side.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] behind the last one.
pub(crate) fn nth<T>(list: &[T], index: usize) -> Result<&T> {
    list.get(index).ok_or_else(|| Error::new(ErrorKind::InvalidArgument).context("an index behind the last"))
}
