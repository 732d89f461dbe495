//! The data folder: takes a path, gives files that appear whole or not at all, and keeps a second server out.

use crate::failure::Failure;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use thrivosign::host;
use thrivosign::host::file::{Durability, FileSink};

/// The file by which a folder is known as a server's, and kept to one of them.
pub(crate) const LOCK: &str = "lock";

/// The data folder, held by this process alone.
pub(crate) struct Folder {
    path: PathBuf,
    /// Held for its lock: two servers on one folder would issue the same certificate twice.
    _lock: File,
}

impl Folder {
    /// Makes the folder if it is missing (mode 0700) and takes its lock. A folder that holds other things is refused: its mode would
    /// be changed, and what is swept in it at the start would not be ours.
    pub(crate) fn open(path: &Path) -> Result<Folder, Failure> {
        fs::create_dir_all(path).map_err(Failure::at("cannot make the data folder"))?;
        let ours = path.join(LOCK).is_file();
        let mut entries = fs::read_dir(path).map_err(Failure::at("cannot read the data folder"))?;
        if !ours && entries.next().is_some() {
            return Err(Failure::new("the data folder holds other things; name an empty or a new one"));
        }
        own_mode(path, 0o700).map_err(Failure::at("cannot restrict the data folder to its owner"))?;
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).read(true).write(true);
        private(&mut options);
        let lock = options.open(path.join(LOCK)).map_err(Failure::at("cannot open the data folder's lock"))?;
        host::lock::lock(&lock).map_err(|error| match error {
            fs::TryLockError::WouldBlock => Failure::new("another server uses this data folder"),
            fs::TryLockError::Error(error) => Failure::new("cannot lock the data folder").because(error),
        })?;
        Ok(Folder { path: path.to_path_buf(), _lock: lock })
    }

    /// The path of a file in the folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// A folder inside the folder, made if missing.
    pub(crate) fn inner(&self, name: &str) -> Result<PathBuf, Failure> {
        let path = self.path.join(name);
        fs::create_dir_all(&path).map_err(Failure::at("cannot make a folder in the data folder"))?;
        own_mode(&path, 0o700).map_err(Failure::at("cannot restrict a folder to its owner"))?;
        Ok(path)
    }

    /// The file's bytes, or `None` if there is no such file.
    pub(crate) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Failure> {
        match fs::read(self.path.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Failure::new("cannot read a file in the data folder").because(error)),
        }
    }

    /// Writes the file whole or not at all, readable by its owner alone (mode 0600), and syncs it.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let write = || -> thrivosign::Result<()> {
            let mut sink = FileSink::create(&self.path.join(name), Durability::Fsync)?.private();
            sink.write(bytes)?;
            sink.finish()
        };
        write().map_err(Failure::at("cannot write a file in the data folder"))
    }
}

/// Makes a rename in that folder durable.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}

/// The folder belongs to its owner alone.
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    own_mode(path, 0o700)
}

/// New files of these options belong to their owner alone.
#[cfg(unix)]
pub(crate) fn private(options: &mut OpenOptions) {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
}

#[cfg(not(unix))]
pub(crate) fn private(_: &mut OpenOptions) {}

#[cfg(unix)]
fn own_mode(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode))
}

#[cfg(not(unix))]
fn own_mode(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_per_folder_and_private_files() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        assert!(Folder::open(place.path()).is_err(), "a second holder is refused");
        assert!(folder.read("x").unwrap().is_none());
        folder.write("x", b"1").unwrap();
        folder.write("x", b"22").unwrap();
        assert_eq!(folder.read("x").unwrap().unwrap(), b"22");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(folder.file("x")).unwrap().permissions().mode() & 0o777, 0o600);
            assert_eq!(fs::metadata(place.path()).unwrap().permissions().mode() & 0o777, 0o700);
        }
        drop(folder);
        assert!(Folder::open(place.path()).is_ok(), "the lock goes with its holder");
        let other = tempfile::tempdir().unwrap();
        fs::write(other.path().join("letter.txt"), b"mine").unwrap();
        assert!(Folder::open(other.path()).is_err(), "somebody else's folder is left alone");
        assert_eq!(fs::read_dir(other.path()).unwrap().count(), 1);
    }
}
