//! Where a finished document goes: a file, bytes, or whatever the app writes to.

use crate::call::Call;
use crate::error::{Result, ThrivoSignError};
use crate::extend::Raised;
use crate::preflight::{Preflight, Repair};
use std::path::Path;
use std::sync::Arc;
use thrivosign::host::file;
use thrivosign::journey::Target;
use thrivosign::sign::SignedPdf;
use thrivosign::{Error, ErrorKind};

/// Whether a file is flushed to the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Durability {
    /// It survives a loss of power.
    Fsync,
    /// It is there when the call ends, and the system flushes it when it likes.
    None,
}

impl Durability {
    /// What was asked for; nothing is `Fsync`.
    pub(crate) fn kept(asked: Option<Durability>) -> file::Durability {
        match asked {
            None | Some(Durability::Fsync) => file::Durability::Fsync,
            Some(Durability::None) => file::Durability::None,
        }
    }
}

/// Takes a finished document, in order, on a thread of the library. If the call fails, what it got is to be thrown away.
#[uniffi::export(with_foreign)]
pub trait DocumentSink: Send + Sync {
    /// The next bytes.
    ///
    /// # Errors
    /// `OutputUnwritable`; ends the call.
    fn write(&self, bytes: Vec<u8>) -> Result<(), ThrivoSignError>;
}

/// Where the document goes. Whatever fails, a file is as it was.
#[derive(Clone, uniffi::Enum)]
pub enum Output {
    /// A file, which is replaced as a whole; not the one that is read.
    File {
        /// Its path.
        path: String,
        /// Whether it is flushed to the disk; `Fsync` if absent.
        #[uniffi(default = None)]
        durability: Option<Durability>,
    },
    /// Bytes, in the result.
    Memory,
    /// The app's own.
    Host {
        /// Gets the document once the signature was made and checked.
        sink: Arc<dyn DocumentSink>,
    },
}

/// A document that was signed and checked.
#[derive(Clone, uniffi::Record)]
pub struct SignedDocument {
    /// Fully qualified name of the signature's field.
    pub field: String,
    /// Length of the document as it was before; it is the front of the signed one, unless it was written anew.
    pub source_size: i64,
    /// Length of the signed document.
    pub size: i64,
    /// The document, if it was to go to memory.
    pub bytes: Option<Vec<u8>>,
    /// What was done about the document's damage.
    pub repair: Repair,
    /// What was found when the document was looked over before it was signed; absent where no policy asked for that look.
    pub preflight: Option<Preflight>,
    /// How far the signature was raised once it was made; absent where no level was asked for.
    pub raised: Option<Raised>,
}

impl SignedDocument {
    pub(crate) fn new(signed: &SignedPdf, bytes: Option<Vec<u8>>) -> SignedDocument {
        let size = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        SignedDocument {
            field: signed.field().to_owned(),
            source_size: size(signed.source_len()),
            size: size(signed.file_len()),
            bytes,
            repair: signed.repair().into(),
            preflight: signed.preflight().map(|found| (&**found).into()),
            raised: signed.raised().map(|raised| (&**raised).into()),
        }
    }
}

impl Output {
    /// Runs the work with a place to put the document; gives it back if that is memory.
    pub(crate) fn fill<T>(
        &self,
        call: &Arc<Call>,
        work: impl FnOnce(Target<'_>) -> Result<T, Error>,
    ) -> Result<(T, Option<Vec<u8>>), Error> {
        match self {
            Output::File { path, durability } => {
                Ok((work(Target::File { path: Path::new(path), durability: Durability::kept(*durability) })?, None))
            }
            Output::Memory => {
                let mut bytes = Vec::new();
                let done = work(Target::Memory(&mut bytes))?;
                Ok((done, Some(bytes)))
            }
            Output::Host { sink } => {
                let mut write = |bytes: &[u8]| {
                    call.outside(|| sink.write(bytes.to_vec())).map_err(|error| match error.kind() {
                        // A thing that is none of ours was thrown by a sink and not by a key store.
                        ErrorKind::KeyStoreUnavailable => Error::new(ErrorKind::OutputUnwritable),
                        _ => error,
                    })
                };
                Ok((work(Target::Stream(&mut write))?, None))
            }
        }
    }
}
