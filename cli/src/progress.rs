//! Progress on long work: bytes, on stderr, for a person at a terminal only.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use thrivosign::journey::verify::BatchProgress;

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

/// A bar over files and bytes, drawn anew a few times a second.
pub(crate) struct BatchBar {
    what: &'static str,
    seen: bool,
    drawn: Mutex<Drawn>,
}

struct Drawn {
    last: Instant,
    shown: bool,
}

impl BatchBar {
    const EVERY: Duration = Duration::from_millis(120);
    const WIDTH: u64 = 24;

    pub(crate) fn new(what: &'static str) -> BatchBar {
        BatchBar { what, seen: std::io::stderr().is_terminal(), drawn: Mutex::new(Drawn { last: Instant::now(), shown: false }) }
    }

    /// Shows how far it is; nothing until the first moment is over.
    pub(crate) fn show(&self, progress: BatchProgress) {
        if !self.seen {
            return;
        }
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if drawn.last.elapsed() < BatchBar::EVERY {
            return;
        }
        *drawn = Drawn { last: Instant::now(), shown: true };
        crate::output::again(&line(self.what, progress, BatchBar::WIDTH));
    }

    /// Takes the line away before something else is printed.
    pub(crate) fn clear(&self) {
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if drawn.shown {
            drawn.shown = false;
            crate::output::again("");
        }
    }
}

fn line(what: &str, progress: BatchProgress, width: u64) -> String {
    let BatchProgress { files, files_total, bytes, bytes_total } = progress;
    let filled = (u128::from(bytes) * u128::from(width) / u128::from(bytes_total.max(1))).min(u128::from(width));
    let filled = usize::try_from(filled).unwrap_or(0);
    let bar = format!("{}{}", "#".repeat(filled), ".".repeat(usize::try_from(width).unwrap_or(0).saturating_sub(filled)));
    format!("{what}: [{bar}] {files} of {files_total} files, {} of {} MB", bytes >> 20, bytes_total >> 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_says_how_far_it_is() {
        let at = |files, bytes, bytes_total| line("verifying", BatchProgress { files, files_total: 4, bytes, bytes_total }, 4);
        assert_eq!(at(0, 0, 0), "verifying: [....] 0 of 4 files, 0 of 0 MB");
        assert_eq!(at(2, 3 << 20, 6 << 20), "verifying: [##..] 2 of 4 files, 3 of 6 MB");
        assert_eq!(at(4, u64::MAX, u64::MAX), format!("verifying: [####] 4 of 4 files, {} of {} MB", u64::MAX >> 20, u64::MAX >> 20));
    }
}
