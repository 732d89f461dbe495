//! Progress on long work: bytes, on stderr, for a person at a terminal only.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};

/// Below this many bytes the work is done before anybody could read a line.
const LONG: u64 = 32 << 20;

/// One line that is written over and over.
pub(crate) struct Bar {
    what: &'static str,
    seen: bool,
    shown: AtomicU64,
}

impl Bar {
    pub(crate) fn new(what: &'static str) -> Bar {
        Bar { what, seen: std::io::stderr().is_terminal(), shown: AtomicU64::new(u64::MAX) }
    }

    /// Shows a new percentage.
    pub(crate) fn show(&self, done: u64, total: u64) {
        if !self.seen || total < LONG {
            return;
        }
        let percent = done.saturating_mul(100) / total.max(1);
        if self.shown.swap(percent, Ordering::Relaxed) != percent {
            let _ = write!(std::io::stderr().lock(), "\r{}: {} of {} MB ({percent} %)", self.what, done >> 20, total >> 20);
        }
    }

    /// Takes the line away.
    pub(crate) fn clear(&self) {
        if self.shown.load(Ordering::Relaxed) != u64::MAX {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
        }
    }
}
