//! One structured line per call: its id, the operation, status, sizes and time. Never a path, query, header, name or body: ids in
//! paths and names in bodies are the customers'.

use std::time::Duration;

/// What is said about a call.
pub(super) struct Line<'a> {
    pub(super) request: &'a str,
    pub(super) correlation: &'a str,
    pub(super) operation: &'a str,
    pub(super) status: u16,
    pub(super) took: Duration,
}

impl Line<'_> {
    pub(super) fn write(&self) {
        let ms = u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(
            request = self.request,
            correlation = self.correlation,
            operation = self.operation,
            status = self.status,
            ms,
            "call"
        );
    }
}
