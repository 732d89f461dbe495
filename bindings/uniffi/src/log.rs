//! The log: typed fields and no free text, so that no token, key, name or text of a document can get into one.

use crate::error::{Result, ThrivoSignError};
use std::sync::Arc;
use thrivosign::host;
use thrivosign::log::{Event, Level};

/// How telling an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum LogLevel {
    /// Something failed that the caller is told of as well.
    Error,
    /// Something went wrong and was mended, or may go wrong later.
    Warn,
    /// A journey ended.
    Info,
    /// One call on the wire.
    Debug,
}

/// One line of a log; what does not apply is absent. These fields are all that a log may hold.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct LogEvent {
    /// How telling it is.
    pub level: LogLevel,
    /// What happened: `call`, `sign`, `verify` and so on.
    pub name: String,
    /// The service's operation, by its id in the OpenAPI document.
    pub operation: Option<String>,
    /// The stable number of the error's kind.
    pub error_code: Option<i32>,
    /// Status of the answer.
    pub http_status: Option<i32>,
    /// How long it took.
    pub milliseconds: Option<i64>,
    /// Bytes of the document.
    pub bytes: Option<i64>,
    /// Which try of a call it was, from 1.
    pub attempt: Option<i32>,
}

/// Told of each event on the thread where it happens; must not block. What it throws is dropped.
#[uniffi::export(with_foreign)]
pub trait LogSink: Send + Sync {
    /// An event.
    ///
    /// # Errors
    /// Whatever the app throws; it changes nothing.
    fn log(&self, event: LogEvent) -> Result<(), ThrivoSignError>;
}

impl From<&Event> for LogEvent {
    fn from(event: &Event) -> LogEvent {
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        LogEvent {
            level: match event.level {
                Level::Error => LogLevel::Error,
                Level::Warn => LogLevel::Warn,
                Level::Info => LogLevel::Info,
                Level::Debug => LogLevel::Debug,
            },
            name: event.name.to_owned(),
            operation: event.operation.map(str::to_owned),
            error_code: event.error_code,
            http_status: event.http_status.map(i32::from),
            milliseconds: event.milliseconds.map(number),
            bytes: event.bytes.map(number),
            attempt: event.attempt.map(|attempt| i32::try_from(attempt).unwrap_or(i32::MAX)),
        }
    }
}

/// After the call events up to `level` go to `sink`, and no longer to the one before; absent, the log is off, as at first. One for the whole
/// process.
#[uniffi::export]
pub fn set_log(level: LogLevel, sink: Option<Arc<dyn LogSink>>) {
    let level = match level {
        LogLevel::Error => Level::Error,
        LogLevel::Warn => Level::Warn,
        LogLevel::Info => Level::Info,
        LogLevel::Debug => Level::Debug,
    };
    host::log::set(
        level,
        sink.map(|sink| -> host::log::Sink {
            // What a sink throws changes nothing.
            Arc::new(move |event| drop(sink.log(event.into())))
        }),
    );
}
