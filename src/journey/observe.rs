//! The room `journey`: what a log is told of a journey: its name, how long it took, the size of the document and how it ended.

use super::input::Input;
use crate::error::{Error, ErrorKind, Result, Turn};
use crate::host;
use crate::log::{Event, Level};
use crate::pdf::Source;

/// Runs the journey and tells the log.
pub(super) fn observe<T>(name: &'static str, input: &Input, journey: impl FnOnce() -> Result<T>) -> Result<T> {
    let began = host::wait::monotonic();
    let outcome = journey();
    let error = outcome.as_ref().err();
    let level = level_of(error);
    host::log::tell(level, || Event {
        error_code: error.map(Error::code),
        milliseconds: u64::try_from(host::wait::monotonic().saturating_duration_since(began).as_millis()).ok(),
        bytes: Some(Source::len(input)),
        ..Event::new(level, name)
    });
    outcome
}

/// A person who cancels is no failure.
pub(super) fn level_of(error: Option<&Error>) -> Level {
    match error.map(Error::kind) {
        None | Some(ErrorKind::Cancelled | ErrorKind::KeyCancelled) => Level::Info,
        Some(kind) if kind.turn() == Turn::Library => Level::Error,
        Some(_) => Level::Warn,
    }
}
