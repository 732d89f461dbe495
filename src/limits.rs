//! The base: budgets. Every reader of untrusted bytes draws on one [`Budget`].
//!
//! Takes limits, gives a counter that says stop. Nothing is allocated from a number in a file alone.

use crate::error::{Error, ErrorKind, Result};
use std::cell::Cell;

/// Deepest nesting of PDF arrays and dictionaries, page trees and name trees.
pub const MAX_DEPTH: u32 = 64;
/// Most bytes that one object may take in memory, once parsed.
pub const MAX_OBJECT_BYTES: usize = 16 << 20;
/// Most objects in one object stream.
pub const MAX_PACKED_OBJECTS: usize = 200_000;
/// Deepest nesting of DER.
pub const MAX_DER_DEPTH: u32 = 32;
/// Most filters in one stream.
pub const MAX_FILTERS: usize = 8;
/// Most bytes one stream may inflate to.
pub const MAX_STREAM_BYTES: u64 = 64 << 20;
/// Most bytes all streams of one document may inflate to.
pub const MAX_DOCUMENT_BYTES: u64 = 256 << 20;
/// Largest ratio of inflated to stored bytes of one stream.
pub const MAX_INFLATE_RATIO: u64 = 1_000;
/// Most revisions in one document.
pub const MAX_REVISIONS: usize = 1_000;

/// What one reading of one document may still use. Shared by reference; not thread-safe by design: one reading, one thread.
#[derive(Debug)]
pub struct Budget {
    steps: Cell<u64>,
    bytes_out: Cell<u64>,
}

impl Budget {
    /// A budget for a document of `len` bytes: steps grow linearly with the size, never below a fixed floor.
    #[must_use]
    pub fn for_len(len: u64) -> Budget {
        Budget { steps: Cell::new(len.saturating_mul(16).saturating_add(4_000_000)), bytes_out: Cell::new(MAX_DOCUMENT_BYTES) }
    }

    /// Takes `n` steps.
    ///
    /// # Errors
    /// [`ErrorKind::LimitReached`] when they are used up.
    pub fn step(&self, n: u64) -> Result<()> {
        take(&self.steps, n, "steps")
    }

    /// Takes `n` decoded bytes, before they are produced.
    ///
    /// # Errors
    /// [`ErrorKind::LimitReached`] when they are used up.
    pub fn bytes_out(&self, n: u64) -> Result<()> {
        take(&self.bytes_out, n, "decoded bytes")
    }
}

fn take(cell: &Cell<u64>, n: u64, what: &'static str) -> Result<()> {
    match cell.get().checked_sub(n) {
        Some(left) => {
            cell.set(left);
            Ok(())
        }
        None => {
            cell.set(0);
            Err(Error::new(ErrorKind::LimitReached).context(what))
        }
    }
}
