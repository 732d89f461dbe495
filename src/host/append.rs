//! The host room: a file that is appended to in place, under a journal.
//!
//! Takes a path and the bytes to append, gives the old file or the new one, never a third, whenever the process ends. Before the one write
//! a journal beside the file holds what is going to be appended; [`AppendFile::open`] and [`recover`] read it after a crash and take back
//! only what it proves to be ours.

mod journal;

pub use journal::Recovery;

use super::file::{FileSource, sync_folder};
use super::lock::lock;
use super::sink::{Durability, folder_of, pwrite_all, unwritable};
use crate::error::{Error, ErrorKind, Result};
use journal::Journal;
use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A file open for one append. While it is open no other [`AppendFile`] of any process can be opened on it.
#[derive(Debug)]
pub struct AppendFile {
    file: File,
    path: PathBuf,
    len: u64,
    modified: Option<SystemTime>,
    recovery: Recovery,
}

impl AppendFile {
    /// After the call the file is open for reading and appending, its length is fixed, and what an interrupted append left is settled.
    /// A symbolic link is followed.
    ///
    /// # Errors
    /// [`ErrorKind::SourceUnreadable`] if it is missing or not a regular file; [`ErrorKind::OutputUnwritable`] if it may not be written, or
    /// another process is appending to it.
    pub fn open(path: &Path) -> Result<AppendFile> {
        let unreadable = |cause| Error::new(ErrorKind::SourceUnreadable).caused_by(cause);
        let path = fs::canonicalize(path).map_err(unreadable)?;
        // Looked at before opening, because opening a named pipe waits for its other end, perhaps for ever.
        if !fs::metadata(&path).map_err(unreadable)?.is_file() {
            return Err(Error::new(ErrorKind::SourceUnreadable).context("not a regular file"));
        }
        let file = OpenOptions::new().read(true).write(true).open(&path).map_err(unwritable)?;
        match lock(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::new(ErrorKind::OutputUnwritable).context("another process is appending to it"));
            }
            // Some file systems know no locks; there the journal, which only one process can create, is the lock.
            Err(TryLockError::Error(_)) => {}
        }
        let recovery = journal::settle(&file, &path)?;
        let meta = file.metadata().map_err(unreadable)?;
        Ok(AppendFile { len: meta.len(), modified: meta.modified().ok(), file, path, recovery })
    }

    /// What an interrupted append had left, and what became of it.
    #[must_use]
    pub const fn recovery(&self) -> Recovery {
        self.recovery
    }

    /// The file's bytes as they are.
    ///
    /// # Errors
    /// [`ErrorKind::SourceUnreadable`].
    pub fn source(&self) -> Result<FileSource> {
        let file = self.file.try_clone().map_err(|cause| Error::new(ErrorKind::SourceUnreadable).caused_by(cause))?;
        FileSource::from_file(file, self.path.clone())
    }

    /// After the call the file is its old bytes and `tail`; with [`Durability::Fsync`] that survives a power cut.
    ///
    /// # Errors
    /// [`ErrorKind::DocumentChanged`] if the file was written or replaced since it was opened; [`ErrorKind::OutputUnwritable`]: the file is as it
    /// was. The one exception, said in the error's context, is a journal that cannot be removed: the new file is in place then.
    pub fn append(mut self, tail: &[u8], durability: Durability) -> Result<()> {
        self.unchanged()?;
        let journal = Journal::write(&self.file, &self.path, self.len, tail, durability)?;
        let written = pwrite_all(&mut self.file, tail, self.len, self.len).and_then(|()| match durability {
            Durability::Fsync => self.file.sync_all(),
            Durability::None => Ok(()),
        });
        if let Err(cause) = written {
            // A full disk, most likely: back to the old file. The journal stays if that fails too, and settles it later.
            if self.file.set_len(self.len).is_ok() {
                journal.remove(durability)?;
            }
            return Err(unwritable(cause));
        }
        journal.remove(durability)
    }

    /// The name still leads to this file, and nobody wrote to it.
    fn unchanged(&self) -> Result<()> {
        let changed = || Error::new(ErrorKind::DocumentChanged);
        let own = self.file.metadata().map_err(|cause| changed().caused_by(cause))?;
        let named = fs::metadata(&self.path).map_err(|cause| changed().caused_by(cause))?;
        if own.len() != self.len || own.modified().ok() != self.modified || !same(&own, &named) {
            return Err(changed());
        }
        Ok(())
    }
}

/// The lock goes at once. A process that was forked meanwhile, and has not begun its own program yet, would keep it otherwise.
impl Drop for AppendFile {
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

#[cfg(unix)]
fn same(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    a.dev() == b.dev() && a.ino() == b.ino()
}

#[cfg(not(unix))]
fn same(a: &Metadata, b: &Metadata) -> bool {
    a.len() == b.len() && a.modified().ok() == b.modified().ok()
}

/// Settles what an interrupted append left beside the file, if anything.
///
/// # Errors
/// As [`AppendFile::open`].
pub fn recover(path: &Path) -> Result<Recovery> {
    Ok(AppendFile::open(path)?.recovery)
}

/// Flushes the folder that holds `path`.
fn sync_parent(path: &Path) -> std::io::Result<()> {
    sync_folder(folder_of(path))
}

#[cfg(test)]
mod tests;
