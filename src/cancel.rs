//! The base: cancellation and progress as arguments.
//!
//! A token is cheap to clone and may be cancelled from any thread; long work asks it between chunks.

use crate::error::{Error, ErrorKind, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Says stop to whoever holds a clone of it.
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// A token nobody has cancelled.
    #[must_use]
    pub fn new() -> CancelToken {
        CancelToken::default()
    }

    /// After the call every holder sees the cancellation; it cannot be taken back.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether it was cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// # Errors
    /// [`ErrorKind::Cancelled`] once it was cancelled.
    pub fn check(&self) -> Result<()> {
        if self.is_cancelled() { Err(Error::new(ErrorKind::Cancelled)) } else { Ok(()) }
    }
}

/// What long work reports to and asks: bytes done of bytes in all, and whether to stop.
#[derive(Clone, Default)]
pub struct Progress<'a> {
    cancel: CancelToken,
    report: Option<&'a (dyn Fn(u64, u64) + Sync)>,
    over: Option<&'a (dyn Fn() -> bool + Sync)>,
}

impl<'a> Progress<'a> {
    /// Reports to `report(done, total)`, stops when `cancel` says so.
    #[must_use]
    pub fn new(cancel: CancelToken, report: Option<&'a (dyn Fn(u64, u64) + Sync)>) -> Progress<'a> {
        Progress { cancel, report, over: None }
    }

    /// The same, ended also when `over` says that the time is up.
    #[must_use]
    pub fn until(self, over: &'a (dyn Fn() -> bool + Sync)) -> Progress<'a> {
        Progress { over: Some(over), ..self }
    }

    /// The same without the reports: it ends when this one does.
    #[must_use]
    pub fn silent(&self) -> Progress<'a> {
        Progress { report: None, ..self.clone() }
    }

    /// The same without an end of its time: for what must not be lost once it exists. Cancelling still ends it.
    #[must_use]
    pub fn unhurried(&self) -> Progress<'a> {
        Progress { over: None, ..self.clone() }
    }

    /// Asked between steps, and before anything that cannot be taken back.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`] once the token was cancelled; [`ErrorKind::TimedOut`] once the time is up.
    pub fn check(&self) -> Result<()> {
        self.cancel.check()?;
        if self.over.is_some_and(|over| over()) { Err(Error::new(ErrorKind::TimedOut)) } else { Ok(()) }
    }

    /// Called between chunks.
    ///
    /// # Errors
    /// As [`Progress::check`].
    pub fn advance(&self, done: u64, total: u64) -> Result<()> {
        self.check()?;
        if let Some(report) = self.report {
            report(done, total);
        }
        Ok(())
    }
}
