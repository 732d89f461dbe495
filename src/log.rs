//! The base: what a log may hold. Typed fields and no free text: this is the list of what is allowed, so that no token, key, name or text of
//! a document can get into a log, whoever writes the line.

/// How telling an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Something failed that the caller is told of as well.
    Error = 1,
    /// Something went wrong and was mended, or may go wrong later.
    Warn = 2,
    /// A journey ended.
    Info = 3,
    /// One call on the wire.
    Debug = 4,
}

impl Level {
    /// The stable name: `error`, `warn`, `info`, `debug`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warn => "warn",
            Level::Info => "info",
            Level::Debug => "debug",
        }
    }
}

/// One line of a log. What does not apply is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// How telling it is.
    pub level: Level,
    /// What happened: `call`, `sign`, `verify` and so on.
    pub name: &'static str,
    /// The service's operation, by its id in the OpenAPI document; never a path, which holds ids.
    pub operation: Option<&'static str>,
    /// [`ErrorKind::code`](crate::ErrorKind::code).
    pub error_code: Option<i32>,
    /// Status of the answer.
    pub http_status: Option<u16>,
    /// How long it took.
    pub milliseconds: Option<u64>,
    /// Bytes of the document.
    pub bytes: Option<u64>,
    /// Which try of a call it was, from 1.
    pub attempt: Option<u32>,
}

impl Event {
    /// An event of that name with nothing else told.
    #[must_use]
    pub const fn new(level: Level, name: &'static str) -> Event {
        Event { level, name, operation: None, error_code: None, http_status: None, milliseconds: None, bytes: None, attempt: None }
    }
}
