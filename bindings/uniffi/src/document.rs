//! A document to read: a file, bytes, or whatever the app reads from.

use crate::call::{Call, guard};
use crate::error::{Result, ThrivoSignError};
use std::path::Path;
use std::sync::Arc;
use thrivosign::journey::Input;
use thrivosign::pdf::Source;
use thrivosign::{Error, ErrorKind};

/// Most bytes that a source is asked for at once.
const MOST: usize = 1 << 20;

/// A document of the app's own. It must give the same bytes each time it is asked, from any thread; if it does not, signing it fails.
#[uniffi::export(with_foreign)]
pub trait DocumentSource: Send + Sync {
    /// The length in bytes; fixed for the life of the document.
    ///
    /// # Errors
    /// `SourceUnreadable`.
    fn length(&self) -> Result<i64, ThrivoSignError>;

    /// At least one and at most `count` bytes at `offset`; none only at the end.
    ///
    /// # Errors
    /// `SourceUnreadable`.
    fn read_at(&self, offset: i64, count: i32) -> Result<Vec<u8>, ThrivoSignError>;
}

/// A document. May be read by any number of calls at once.
#[derive(uniffi::Object)]
pub struct Document(Bytes);

enum Bytes {
    Here(Input),
    Host { source: Arc<dyn DocumentSource>, len: u64 },
}

#[uniffi::export]
impl Document {
    /// A regular file, opened now: whoever replaces it under its name afterwards does not change what is read.
    ///
    /// # Errors
    /// `SourceUnreadable`.
    #[uniffi::constructor]
    pub fn open(path: &str) -> Result<Arc<Document>> {
        guard(|| Ok(Arc::new(Document(Bytes::Here(Input::open(Path::new(path))?)))))
    }

    /// Bytes in memory, copied once. In Kotlin a direct buffer; `Document.fromBytes` there takes a byte array too.
    // A slice and no vector: uniffi reads a vector byte by byte, which costs as much as verifying what is in it.
    #[uniffi::constructor]
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Arc<Document> {
        Arc::new(Document(Bytes::Here(Input::memory(bytes))))
    }

    /// A source of the app's own, asked for its length now.
    ///
    /// # Errors
    /// What the source throws; `SourceUnreadable` for a negative length.
    #[uniffi::constructor]
    pub fn from_source(source: Arc<dyn DocumentSource>) -> Result<Arc<Document>> {
        guard(|| {
            let len = u64::try_from(source.length()?).map_err(|_| Error::new(ErrorKind::SourceUnreadable))?;
            Ok(Arc::new(Document(Bytes::Host { source, len })))
        })
    }

    /// Bytes.
    #[must_use]
    pub fn size(&self) -> i64 {
        let len = match &self.0 {
            Bytes::Here(input) => input.len(),
            Bytes::Host { len, .. } => *len,
        };
        i64::try_from(len).unwrap_or(i64::MAX)
    }
}

impl Document {
    /// The document in one call.
    pub(crate) fn input(&self, call: &Arc<Call>) -> Input {
        match &self.0 {
            Bytes::Here(input) => input.clone(),
            Bytes::Host { source, len } => Input::custom(Arc::new(HostSource { source: source.clone(), len: *len, call: call.clone() })),
        }
    }
}

/// An app's source in one call; each reading is a step outside.
struct HostSource {
    source: Arc<dyn DocumentSource>,
    len: u64,
    call: Arc<Call>,
}

impl Source for HostSource {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize, Error> {
        let unreadable = || Error::new(ErrorKind::SourceUnreadable).at(offset);
        let count = buf.len().min(MOST);
        let (at, most) = (i64::try_from(offset).map_err(|_| unreadable())?, i32::try_from(count).map_err(|_| unreadable())?);
        let read = self.call.outside(|| self.source.read_at(at, most)).map_err(|error| match error.kind() {
            // A thing that is none of ours was thrown by a source and not by a key store.
            ErrorKind::KeyStoreUnavailable => unreadable(),
            _ => error,
        })?;
        buf.get_mut(..count).and_then(|buf| buf.get_mut(..read.len())).ok_or_else(unreadable)?.copy_from_slice(&read);
        Ok(read.len())
    }
}
