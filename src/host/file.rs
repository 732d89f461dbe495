//! The host room: files read by position, and small files read whole under a cap.
//!
//! Takes paths, gives [`FileSource`] and bytes. Opens regular files only where a document is meant: a pipe would block
//! and has no positions. The atomic output is [`FileSink`].

pub use super::sink::{Durability, FileSink};
pub(crate) use super::sink::{is_temporary, sync_folder};

use crate::error::{Error, ErrorKind, Result};
use crate::pdf::Source;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Largest secret file that [`read_secret_file`] takes: a PKCS#12 file with a long chain stays far below.
pub const MAX_SECRET_FILE: usize = 1 << 20;

/// A document in a file, read by position: several readers may share it, and nothing of it is held in memory.
///
/// The length is the one at opening. A file that shrinks later answers short reads, which the reader above reports.
#[derive(Debug)]
pub struct FileSource {
    file: File,
    len: u64,
    path: PathBuf,
}

impl FileSource {
    /// After the call the file is open for reading and its length is fixed.
    ///
    /// # Errors
    /// [`ErrorKind::SourceUnreadable`] if it is missing, forbidden, or not a regular file.
    pub fn open(path: &Path) -> Result<FileSource> {
        let unreadable = |cause: io::Error| Error::new(ErrorKind::SourceUnreadable).caused_by(cause);
        // Looked at before opening, because opening a named pipe waits for its writer, perhaps for ever.
        if !fs::metadata(path).map_err(unreadable)?.is_file() {
            return Err(Error::new(ErrorKind::SourceUnreadable).context("not a regular file"));
        }
        FileSource::from_file(File::open(path).map_err(unreadable)?, path.to_owned())
    }

    pub(super) fn from_file(file: File, path: PathBuf) -> Result<FileSource> {
        let meta = file.metadata().map_err(|cause| Error::new(ErrorKind::SourceUnreadable).caused_by(cause))?;
        if !meta.is_file() {
            return Err(Error::new(ErrorKind::SourceUnreadable).context("not a regular file"));
        }
        Ok(FileSource { file, len: meta.len(), path })
    }

    /// Refuses an output path that names this very file, through whatever links: writing it would eat the input.
    ///
    /// # Errors
    /// [`ErrorKind::OutputIsInput`]; [`ErrorKind::OutputUnwritable`] if the path exists and cannot be looked at.
    pub fn refuse_as_output(&self, target: &Path) -> Result<()> {
        let found = match fs::metadata(target) {
            Ok(found) => found,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(cause) => return Err(Error::new(ErrorKind::OutputUnwritable).caused_by(cause)),
        };
        let own = self.file.metadata().map_err(|cause| Error::new(ErrorKind::SourceUnreadable).caused_by(cause))?;
        if same_file(&own, &self.path, &found, target) { Err(Error::new(ErrorKind::OutputIsInput)) } else { Ok(()) }
    }
}

/// The length is the one at opening; errors carry the offset.
impl Source for FileSource {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize> {
        loop {
            match pread(&self.file, buf, offset) {
                Ok(n) => return Ok(n),
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                Err(cause) => return Err(Error::new(ErrorKind::SourceUnreadable).at(offset).caused_by(cause)),
            }
        }
    }
}

#[cfg(unix)]
pub(super) fn pread(file: &File, buf: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buf, offset)
}

#[cfg(windows)]
pub(super) fn pread(file: &File, buf: &mut [u8], offset: u64) -> io::Result<usize> {
    match std::os::windows::fs::FileExt::seek_read(file, buf, offset) {
        // ERROR_HANDLE_EOF: a read that starts behind the end.
        Err(cause) if cause.raw_os_error() == Some(38) => Ok(0),
        other => other,
    }
}

#[cfg(unix)]
fn same_file(a: &Metadata, _: &Path, b: &Metadata, _: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    a.dev() == b.dev() && a.ino() == b.ino()
}

#[cfg(not(unix))]
fn same_file(_: &Metadata, a: &Path, _: &Metadata, b: &Path) -> bool {
    matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}

/// The length of a regular file; 0 for what is none or cannot be looked at. For a progress bar: nothing may rest on it.
#[must_use]
pub fn size_hint(path: &Path) -> u64 {
    fs::metadata(path).ok().filter(Metadata::is_file).map_or(0, |meta| meta.len())
}

/// Reads a whole file of at most `cap` bytes; pipes are welcome.
///
/// # Errors
/// [`ErrorKind::SourceUnreadable`] if it cannot be read; [`ErrorKind::LimitReached`] if it has more than `cap` bytes.
pub fn read_small(path: &Path, cap: usize) -> Result<Vec<u8>> {
    Ok(std::mem::take(&mut *read_capped(path, cap)?))
}

/// Reads a whole file of at most [`MAX_SECRET_FILE`] bytes into memory that is wiped when dropped; no copy of it stays
/// elsewhere in this process.
///
/// # Errors
/// As [`read_small`].
pub fn read_secret_file(path: &Path) -> Result<Zeroizing<Vec<u8>>> {
    read_capped(path, MAX_SECRET_FILE)
}

fn read_capped(path: &Path, cap: usize) -> Result<Zeroizing<Vec<u8>>> {
    let unreadable = |cause: io::Error| Error::new(ErrorKind::SourceUnreadable).caused_by(cause);
    let mut file = File::open(path).map_err(unreadable)?;
    let meta = file.metadata().map_err(unreadable)?;
    if meta.is_dir() {
        return Err(Error::new(ErrorKind::SourceUnreadable).context("not a regular file"));
    }
    // One buffer, never grown: growing would leave an unwiped copy of a secret behind. One byte more than expected
    // tells a file that is too large. A special file (/proc, a pipe) says length 0, so it gets the whole cap.
    let expected = usize::try_from(meta.len()).unwrap_or(usize::MAX).min(cap);
    let expected = if meta.is_file() && expected > 0 { expected } else { cap };
    let mut buf = Zeroizing::new(vec![0_u8; expected.saturating_add(1)]);
    let mut filled = 0;
    while let Some(free) = buf.get_mut(filled..).filter(|free| !free.is_empty()) {
        match file.read(free) {
            Ok(0) => {
                buf.truncate(filled);
                return Ok(buf);
            }
            Ok(n) => filled = filled.saturating_add(n),
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(cause) => return Err(unreadable(cause)),
        }
    }
    if expected < cap {
        return Err(Error::new(ErrorKind::SourceUnreadable).context("the file grew while it was read"));
    }
    Err(Error::new(ErrorKind::LimitReached).context("the file is larger than it may be"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_reads_by_position() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        fs::write(&path, b"0123456789").unwrap();
        let source = FileSource::open(&path).unwrap();
        assert_eq!((source.len(), source.is_empty()), (10, false));
        let mut buf = [0; 4];
        assert_eq!(source.read_at(3, &mut buf).unwrap(), 4);
        assert_eq!(&buf, b"3456");
        assert_eq!(source.read_at(8, &mut buf).unwrap(), 2);
        assert_eq!(source.read_at(10, &mut buf).unwrap(), 0);
        assert_eq!(source.read_at(1 << 40, &mut buf).unwrap(), 0);
    }

    #[test]
    fn what_is_no_regular_file_is_unreadable_and_never_blocks() {
        let dir = tempfile::tempdir().unwrap();
        for path in [dir.path().to_owned(), dir.path().join("missing")] {
            assert_eq!(FileSource::open(&path).unwrap_err().kind(), ErrorKind::SourceUnreadable);
            assert_eq!(read_small(&path, 10).unwrap_err().kind(), ErrorKind::SourceUnreadable);
        }
        #[cfg(unix)]
        {
            let pipe = dir.path().join("pipe");
            assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
            assert_eq!(FileSource::open(&pipe).unwrap_err().kind(), ErrorKind::SourceUnreadable);
        }
    }

    #[test]
    fn the_same_file_is_found_through_links() {
        let dir = tempfile::tempdir().unwrap();
        let (path, other) = (dir.path().join("a"), dir.path().join("b"));
        fs::write(&path, b"x").unwrap();
        fs::write(&other, b"x").unwrap();
        let source = FileSource::open(&path).unwrap();
        assert_eq!(source.refuse_as_output(&path).unwrap_err().kind(), ErrorKind::OutputIsInput);
        source.refuse_as_output(&other).unwrap();
        source.refuse_as_output(&dir.path().join("new")).unwrap();
        #[cfg(unix)]
        {
            let (soft, hard) = (dir.path().join("soft"), dir.path().join("hard"));
            std::os::unix::fs::symlink(&path, &soft).unwrap();
            fs::hard_link(&path, &hard).unwrap();
            for link in [soft, hard] {
                assert_eq!(source.refuse_as_output(&link).unwrap_err().kind(), ErrorKind::OutputIsInput);
            }
        }
    }

    #[test]
    fn small_files_are_capped() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        for len in [0, 1, 9, 10] {
            fs::write(&path, vec![7; len]).unwrap();
            assert_eq!(read_small(&path, 10).unwrap(), vec![7; len]);
            assert_eq!(*read_secret_file(&path).unwrap(), vec![7; len]);
        }
        for len in [11, 100] {
            fs::write(&path, vec![7; len]).unwrap();
            assert_eq!(read_small(&path, 10).unwrap_err().kind(), ErrorKind::LimitReached);
        }
        #[cfg(target_os = "linux")]
        assert_eq!(read_small(Path::new("/dev/zero"), 10).unwrap_err().kind(), ErrorKind::LimitReached);
    }
}
