//! The room `journey`: a document to be read: a file, memory, or whatever the host reads from. Takes it once, gives bytes by position to any
//! number of threads; a copy of the value is the same document.

use crate::error::Result;
use crate::host::file::FileSource;
use crate::pdf::Source;
use crate::remote::http::BodySource;
use std::path::Path;
use std::sync::Arc;

/// A document; cheap to clone.
#[derive(Clone)]
pub struct Input(Bytes);

#[derive(Clone)]
enum Bytes {
    File(Arc<FileSource>),
    Memory(Arc<[u8]>),
    Custom(Arc<dyn Source + Send + Sync>),
}

impl Input {
    /// A regular file, opened now: whoever replaces it under its name afterwards does not change what is read.
    ///
    /// # Errors
    /// [`ErrorKind::SourceUnreadable`](crate::ErrorKind::SourceUnreadable).
    pub fn open(path: &Path) -> Result<Input> {
        Ok(Input::from(FileSource::open(path)?))
    }

    /// Bytes in memory.
    #[must_use]
    pub fn memory(bytes: impl Into<Arc<[u8]>>) -> Input {
        Input(Bytes::Memory(bytes.into()))
    }

    /// A source of the host's own. It must give the same bytes each time it is asked, from any thread; if it does not, signing it fails.
    #[must_use]
    pub fn custom(source: Arc<dyn Source + Send + Sync>) -> Input {
        Input(Bytes::Custom(source))
    }

    /// Refuses to be written over.
    ///
    /// # Errors
    /// [`ErrorKind::OutputIsInput`](crate::ErrorKind::OutputIsInput) if `target` is the file that is read.
    pub(super) fn refuse_as_output(&self, target: &Path) -> Result<()> {
        match &self.0 {
            Bytes::File(file) => file.refuse_as_output(target),
            Bytes::Memory(_) | Bytes::Custom(_) => Ok(()),
        }
    }

    /// The bytes, where they are in memory and nobody can change them.
    pub(super) fn in_memory(&self) -> Option<&[u8]> {
        match &self.0 {
            Bytes::Memory(bytes) => Some(bytes),
            Bytes::File(_) | Bytes::Custom(_) => None,
        }
    }
}

impl From<FileSource> for Input {
    fn from(file: FileSource) -> Input {
        Input(Bytes::File(Arc::new(file)))
    }
}

impl Source for Input {
    fn len(&self) -> u64 {
        match &self.0 {
            Bytes::File(file) => file.len(),
            Bytes::Memory(bytes) => Source::len(&**bytes),
            Bytes::Custom(source) => source.len(),
        }
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize> {
        match &self.0 {
            Bytes::File(file) => Source::read_at(&**file, offset, buf),
            Bytes::Memory(bytes) => bytes.read_at(offset, buf),
            Bytes::Custom(source) => source.read_at(offset, buf),
        }
    }

    fn held(&self, offset: u64, len: usize) -> Option<&[u8]> {
        match &self.0 {
            Bytes::File(_) => None,
            Bytes::Memory(bytes) => bytes.held(offset, len),
            Bytes::Custom(source) => source.held(offset, len),
        }
    }
}

/// On its way to the service: read while it is sent, and again if it has to be sent again.
impl BodySource for Input {
    fn size(&self) -> u64 {
        Source::len(self)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize> {
        Source::read_at(self, offset, buf)
    }
}
