//! The C border: how callbacks of the host give bytes back. Takes pieces under a limit, gives them to whoever called the callback. There is no
//! buffer that a careless callback could write behind, and no length that it could lie about.

use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::guard;
use crate::token::{self, Kind, Noun};

use std::sync::{Mutex, PoisonError};
use thrivosign::{Error, ErrorKind, Result};

/// Where a callback of the host puts its answer. The library makes it, hands it to the callback, and takes it back when the callback returns.
pub struct thrivosign_sink(());

impl Noun for thrivosign_sink {
    type Value = Mutex<Pieces>;
    const KIND: Kind = Kind::Sink;
}

/// What a callback gave so far.
#[derive(Default)]
pub(crate) struct Pieces {
    pieces: Vec<Vec<u8>>,
    size: usize,
    overflowed: bool,
}

/// Most bytes that one callback gives.
const MAX_SIZE: usize = 1 << 20;
/// Most pieces that one callback gives.
const MAX_PIECES: usize = 10_000;

impl Pieces {
    fn append(&mut self, piece: &[u8]) -> Result<()> {
        let size = self.size.saturating_add(piece.len());
        if size > MAX_SIZE || self.pieces.len() >= MAX_PIECES {
            self.overflowed = true;
            return Err(Error::new(ErrorKind::LimitReached).context("what a callback gives"));
        }
        self.size = size;
        self.pieces.push(piece.to_vec());
        Ok(())
    }
}

/// A sink for one call of a callback; the handle ends with the value.
pub(crate) struct Lent(*mut thrivosign_sink);

impl Lent {
    pub(crate) fn new() -> Lent {
        Lent(token::create(Mutex::default()))
    }

    pub(crate) fn handle(&self) -> *mut thrivosign_sink {
        self.0
    }

    /// What was appended, piece by piece. The handle is good for nothing afterwards.
    ///
    /// # Errors
    /// [`ErrorKind::KeyStoreUnavailable`] if it was too much, whatever the callback answered.
    pub(crate) fn pieces(self) -> Result<Vec<Vec<u8>>> {
        let sink = token::find(self.0)?;
        let pieces = std::mem::take(&mut *sink.lock().unwrap_or_else(PoisonError::into_inner));
        if pieces.overflowed {
            return Err(Error::new(ErrorKind::KeyStoreUnavailable).context("a callback gave too much"));
        }
        Ok(pieces.pieces)
    }

    /// What was appended, in one.
    ///
    /// # Errors
    /// As [`Lent::pieces`].
    pub(crate) fn whole(self) -> Result<Vec<u8>> {
        Ok(self.pieces()?.concat())
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        token::free(self.0);
    }
}

/// After the call the callback's answer holds these bytes too. Where one value is asked for, pieces are joined; where
/// several are, each call appends one of them. A callback gives at most 1 MiB.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: the sink is good until the callback returns; afterwards the call is an error.
/// Threads: that of the callback.
/// NULL: `data` may be NULL if `data_size` is 0; `self` may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_sink_append(self_: *mut thrivosign_sink, data: *const u8, data_size: usize) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let data = caller.bytes(data, data_size)?;
        this.lock().unwrap_or_else(PoisonError::into_inner).append(data)
    })
}
