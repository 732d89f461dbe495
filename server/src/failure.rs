//! Why the server could not start or do its own part: takes the cause, gives a text for the operator. Never sent to a client.

use std::fmt;

/// The server's own failure: what it was doing, and the cause.
#[derive(Debug)]
pub struct Failure {
    doing: &'static str,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Failure {
    /// A failure while doing that.
    #[must_use]
    pub fn new(doing: &'static str) -> Failure {
        Failure { doing, source: None }
    }

    /// Adds the cause.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Failure {
        self.source = Some(source.into());
        self
    }

    /// For `map_err`: wraps any cause.
    pub(crate) fn at<E: Into<Box<dyn std::error::Error + Send + Sync>>>(doing: &'static str) -> impl FnOnce(E) -> Failure {
        move |source| Failure::new(doing).because(source)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.doing)?;
        match &self.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
