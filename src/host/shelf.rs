//! The host room: a folder of answers that may be lost. Takes 32-byte names and bytes, gives the bytes back while they are there, young enough and
//! whole; what is more than its bounds goes, the oldest first. Knows nothing of what the bytes say.
//!
//! A file is the SHA-256 of the bytes and the bytes; another process may read, replace and remove at any time. What an attacker who can write the
//! folder would try: other bytes under a name. He is no more than whoever answers on the network; nothing here is believed for where it lay.

use super::file::read_small;
use super::sink::{Durability, FileSink, is_temporary, unwritable};
use crate::crypto::digest::{hex, sha256};
use crate::error::Result;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const SUFFIX: &str = ".kept";
const DIGEST: usize = 32;
/// What a killed process has left lies no longer.
const LEFT_BEHIND: Duration = Duration::from_secs(3_600);

/// What a folder may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Files.
    pub files: usize,
    /// Bytes of all of them.
    pub bytes: u64,
}

impl Default for Bounds {
    /// 1,000 files, 200 MB.
    fn default() -> Bounds {
        Bounds { files: 1_000, bytes: 200_000_000 }
    }
}

/// The folder.
pub struct Shelf {
    folder: PathBuf,
    bounds: Bounds,
}

impl Shelf {
    /// After the call the folder exists, made for its owner alone if it was missing.
    ///
    /// # Errors
    /// [`ErrorKind::OutputUnwritable`](crate::ErrorKind::OutputUnwritable).
    pub fn open(folder: &Path, bounds: Bounds) -> Result<Shelf> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(unwritable)?;
        Ok(Shelf { folder: folder.to_owned(), bounds })
    }

    fn place(&self, name: &[u8; 32]) -> PathBuf {
        self.folder.join(hex(name) + SUFFIX)
    }

    /// What was put there at most `age` ago and has at most `most` bytes. A file of the future is of a clock that was wrong: it is not given.
    #[must_use]
    pub fn get(&self, name: &[u8; 32], age: Duration, most: u64) -> Option<Vec<u8>> {
        let path = self.place(name);
        let written = fs::metadata(&path).ok()?.modified().ok()?;
        if SystemTime::now().duration_since(written).ok()? > age {
            return None;
        }
        let cap = usize::try_from(most).unwrap_or(usize::MAX).saturating_add(DIGEST);
        let mut all = read_small(&path, cap).ok()?;
        let bytes = all.split_off(DIGEST.min(all.len()));
        (sha256(&bytes).as_slice() == all.as_slice()).then_some(bytes)
    }

    /// Puts bytes there, and takes away what is too much. After the call they can be had, or the folder is as it was. More bytes than the folder may
    /// hold are left out.
    ///
    /// # Errors
    /// [`ErrorKind::OutputUnwritable`](crate::ErrorKind::OutputUnwritable).
    pub fn put(&self, name: &[u8; 32], bytes: &[u8]) -> Result<()> {
        if bytes.len() as u64 > self.bounds.bytes || self.bounds.files == 0 {
            return Ok(());
        }
        let mut sink = FileSink::create(&self.place(name), Durability::None)?.private();
        sink.write(&sha256(bytes))?;
        sink.write(bytes)?;
        sink.finish()?;
        self.tidy()
    }

    fn tidy(&self) -> Result<()> {
        let mut kept = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(unwritable)?.filter_map(std::io::Result::ok) {
            let (name, Ok(meta)) = (entry.file_name(), entry.metadata()) else { continue };
            let (name, written) = (name.to_string_lossy().into_owned(), meta.modified().unwrap_or(SystemTime::UNIX_EPOCH));
            if name.ends_with(SUFFIX) && meta.is_file() {
                kept.push((written, meta.len().saturating_sub(DIGEST as u64), entry.path()));
            } else if is_temporary(&name) && written.elapsed().is_ok_and(|age| age > LEFT_BEHIND) {
                let _another_process_was_first = fs::remove_file(entry.path());
            }
        }
        kept.sort();
        let (mut files, mut bytes) = (kept.len(), kept.iter().map(|(_, len, _)| *len).fold(0, u64::saturating_add));
        for (_, len, path) in kept {
            if files <= self.bounds.files && bytes <= self.bounds.bytes {
                break;
            }
            let _another_process_was_first = fs::remove_file(path);
            (files, bytes) = (files.saturating_sub(1), bytes.saturating_sub(len));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;

    const HOUR: Duration = Duration::from_secs(3_600);

    fn dated(path: &Path, ago: Duration) {
        File::options().write(true).open(path).unwrap().set_modified(SystemTime::now() - ago).unwrap();
    }

    #[test]
    fn what_is_young_and_whole_is_given_back() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(&folder.path().join("a/b"), Bounds::default()).unwrap();
        let get = |age, most| shelf.get(&[1; 32], age, most);
        assert_eq!(get(HOUR, 10), None);
        shelf.put(&[1; 32], b"bytes").unwrap();
        assert_eq!(get(HOUR, 5).unwrap(), b"bytes");
        assert_eq!(get(HOUR, 4), None);
        assert_eq!(shelf.get(&[2; 32], HOUR, 10), None);
        dated(&shelf.place(&[1; 32]), HOUR * 2);
        assert_eq!((get(HOUR, 5), get(HOUR * 3, 5)), (None, Some(b"bytes".to_vec())));
        let file = File::options().write(true).open(shelf.place(&[1; 32])).unwrap();
        file.set_modified(SystemTime::now() + HOUR).unwrap();
        assert_eq!(get(HOUR, 5), None);
        shelf.put(&[1; 32], b"").unwrap();
        assert_eq!(get(HOUR, 5).unwrap(), b"");
        #[cfg(unix)]
        for (path, wanted) in [(shelf.folder.clone(), 0o700), (shelf.place(&[1; 32]), 0o600)] {
            let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions());
            assert_eq!(mode & 0o777, wanted);
        }
    }

    #[test]
    fn what_is_damaged_is_not_given() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(folder.path(), Bounds::default()).unwrap();
        shelf.put(&[1; 32], b"bytes").unwrap();
        let whole = fs::read(shelf.place(&[1; 32])).unwrap();
        for at in 0..whole.len() {
            let mut bad = whole.clone();
            bad[at] ^= 1;
            fs::write(shelf.place(&[1; 32]), &bad).unwrap();
            assert_eq!(shelf.get(&[1; 32], HOUR, 100), None, "{at}");
            fs::write(shelf.place(&[1; 32]), &whole[..at]).unwrap();
            assert_eq!(shelf.get(&[1; 32], HOUR, 100), None, "{at}");
        }
        fs::write(shelf.place(&[1; 32]), &whole).unwrap();
        assert!(shelf.get(&[1; 32], HOUR, 100).is_some());
    }

    #[test]
    fn the_oldest_go_first() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(folder.path(), Bounds { files: 3, bytes: 10 }).unwrap();
        fs::write(folder.path().join("of somebody else"), vec![0; 100]).unwrap();
        for n in 1..=4_u8 {
            shelf.put(&[n; 32], b"1").unwrap();
            if n < 4 {
                dated(&shelf.place(&[n; 32]), HOUR - Duration::from_secs(u64::from(n)));
            }
        }
        let there = |wanted: &[u8]| {
            for n in 1..=7_u8 {
                assert_eq!(shelf.get(&[n; 32], HOUR, 100).is_some(), wanted.contains(&n), "{n}");
            }
        };
        there(&[2, 3, 4]);
        shelf.put(&[5; 32], &[0; 9]).unwrap();
        there(&[4, 5]);
        // What would fill the folder alone, and more than that.
        shelf.put(&[6; 32], &[0; 10]).unwrap();
        shelf.put(&[7; 32], &[0; 11]).unwrap();
        there(&[6]);
        assert!(folder.path().join("of somebody else").is_file());
    }
}
