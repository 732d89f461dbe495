//! The host room: an output that appears whole or not at all.
//!
//! Takes bytes, gives a finished file. The bytes go to a temporary file beside the target; [`FileSink::finish`] makes it
//! durable and renames it over the target, so that a killed process, a full disk or a cancelled call leaves the old file
//! as it was. What a killed process leaves is a file named `.thrivosign-<32 hex digits>.tmp`, which nothing ever reads.

use super::file::FileSource;
use crate::crypto::digest::hex;
use crate::error::{Error, ErrorKind, Result};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const PREFIX: &str = ".thrivosign-";
const SUFFIX: &str = ".tmp";

/// Whether finishing waits for the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// File and folder are flushed to the disk: what was finished survives a power cut.
    Fsync,
    /// The system writes when it likes; still atomic for every other process.
    None,
}

/// An output file in the making. Dropped without [`FileSink::finish`], it leaves nothing behind.
#[derive(Debug)]
pub struct FileSink {
    file: File,
    temporary: Temporary,
    target: PathBuf,
    written: u64,
    durability: Durability,
    #[cfg(unix)]
    mode: u32,
}

/// A file that is removed when dropped, unless it was given up.
#[derive(Debug)]
struct Temporary(Option<PathBuf>);

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // Nobody can be told here; the name says what the file is.
            let _ = fs::remove_file(path);
        }
    }
}

pub(super) fn unwritable(cause: io::Error) -> Error {
    let context = match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => "there is no room for it",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "the folder or file may not be written",
        io::ErrorKind::NotFound => "the folder does not exist",
        _ => "the system refused",
    };
    Error::new(ErrorKind::OutputUnwritable).context(context).caused_by(cause)
}

impl FileSink {
    /// After the call an empty temporary file lies beside `target`; `target` itself is untouched until
    /// [`FileSink::finish`]. A symbolic link is followed: the file it names is replaced and the link stays. The new file
    /// has the permissions of the file it replaces, or 0600.
    ///
    /// # Errors
    /// [`ErrorKind::OutputUnwritable`] if the folder cannot be written or `target` is something else than a file: a
    /// rename over a folder or a device must not even be tried.
    pub fn create(target: &Path, durability: Durability) -> Result<FileSink> {
        let (target, existing) = match fs::symlink_metadata(target) {
            Ok(found) if found.is_symlink() => {
                let real = fs::canonicalize(target).map_err(unwritable)?;
                let meta = fs::metadata(&real).map_err(unwritable)?;
                (real, Some(meta))
            }
            Ok(found) => (target.to_owned(), Some(found)),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => (target.to_owned(), None),
            Err(cause) => return Err(unwritable(cause)),
        };
        if existing.as_ref().is_some_and(|meta| !meta.is_file()) || target.file_name().is_none() {
            return Err(Error::new(ErrorKind::OutputUnwritable).context("the output is not a regular file"));
        }
        let folder = folder_of(&target);
        let (file, temporary) = create_temporary(folder)?;
        Ok(FileSink {
            file,
            temporary: Temporary(Some(temporary)),
            target,
            written: 0,
            durability,
            #[cfg(unix)]
            mode: existing.map_or(0o600, |meta| std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o777),
        })
    }

    /// As [`FileSink::create`], for an output made from `source`.
    ///
    /// # Errors
    /// [`ErrorKind::OutputIsInput`] if both are the same file; otherwise as [`FileSink::create`].
    pub fn create_from(source: &FileSource, target: &Path, durability: Durability) -> Result<FileSink> {
        source.refuse_as_output(target)?;
        FileSink::create(target, durability)
    }

    /// Gives the new file mode 0600, whatever the old one had: for secrets.
    #[must_use]
    pub fn private(self) -> FileSink {
        #[cfg(unix)]
        return FileSink { mode: 0o600, ..self };
        #[cfg(not(unix))]
        self
    }

    /// Appends `bytes`.
    ///
    /// # Errors
    /// [`ErrorKind::OutputUnwritable`]; the sink is then good for nothing but being dropped.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(unwritable)?;
        self.written = self.written.saturating_add(bytes.len() as u64);
        Ok(())
    }

    /// Replaces bytes written before, as a signature is put into its room.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if the range is not wholly written yet; [`ErrorKind::OutputUnwritable`].
    pub fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()> {
        if offset.checked_add(bytes.len() as u64).is_none_or(|end| end > self.written) {
            return Err(Error::new(ErrorKind::InvalidArgument).context("only what was written can be replaced").at(offset));
        }
        pwrite_all(&mut self.file, bytes, offset, self.written).map_err(unwritable)
    }

    /// Bytes written so far: the length of the output.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.written
    }

    /// What was written so far, to be read back and checked before [`FileSink::finish`].
    ///
    /// # Errors
    /// [`ErrorKind::SourceUnreadable`].
    pub fn read_back(&self) -> Result<FileSource> {
        let file = self.file.try_clone().map_err(|cause| Error::new(ErrorKind::SourceUnreadable).caused_by(cause))?;
        FileSource::from_file(file, self.temporary.0.clone().unwrap_or_default())
    }

    /// After the call `target` is the whole new file; with [`Durability::Fsync`] it survives a power cut.
    ///
    /// # Errors
    /// [`ErrorKind::OutputUnwritable`]: the old file is as it was and nothing is left behind. The one exception, said in
    /// the error's context, is a folder that cannot be flushed: the new file is in place then.
    pub fn finish(mut self) -> Result<()> {
        #[cfg(unix)]
        if self.mode != 0o600 {
            let mode = std::os::unix::fs::PermissionsExt::from_mode(self.mode);
            self.file.set_permissions(mode).map_err(unwritable)?;
        }
        if self.durability == Durability::Fsync {
            self.file.sync_all().map_err(unwritable)?;
        }
        if let Some(temporary) = &self.temporary.0 {
            fs::rename(temporary, &self.target).map_err(unwritable)?;
        }
        self.temporary.0 = None;
        if self.durability == Durability::Fsync {
            sync_folder(folder_of(&self.target)).map_err(|cause| {
                Error::new(ErrorKind::OutputUnwritable)
                    .context("the new file is in place, but its folder could not be flushed")
                    .caused_by(cause)
            })?;
        }
        Ok(())
    }
}

/// Whether a file name is one of the temporaries of this room, left by a process that was killed.
#[must_use]
pub(crate) fn is_temporary(name: &str) -> bool {
    name.strip_prefix(PREFIX)
        .and_then(|rest| rest.strip_suffix(SUFFIX))
        .is_some_and(|hex| hex.len() == 32 && hex.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f')))
}

/// Flushes a folder's entries to the disk, where the system can.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // Some file systems know no flushing of folders; there is nothing more to be done on them.
        Err(cause)
            if matches!(cause.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied) =>
        {
            Ok(())
        }
        other => other,
    }
}

pub(super) fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn create_temporary(folder: &Path) -> Result<(File, PathBuf)> {
    let mut options = OpenOptions::new();
    // `create_new`: a name that somebody placed there beforehand, link or file, is never followed or reused.
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let path = folder.join(format!("{PREFIX}{}{SUFFIX}", hex(&super::random::bytes::<16>()?)));
    let file = options.open(&path).map_err(unwritable)?;
    Ok((file, path))
}

#[cfg(unix)]
pub(super) fn pwrite_all(file: &mut File, bytes: &[u8], offset: u64, _: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(not(unix))]
pub(super) fn pwrite_all(file: &mut File, bytes: &[u8], offset: u64, end: u64) -> io::Result<()> {
    use std::io::{Seek, SeekFrom};
    file.seek(SeekFrom::Start(offset))?;
    file.write_all(bytes)?;
    file.seek(SeekFrom::Start(end))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::Source;

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_finished_output_is_whole_and_patched() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("out");
        for durability in [Durability::Fsync, Durability::None] {
            let mut sink = FileSink::create(&target, durability).unwrap();
            sink.write(b"hello ").unwrap();
            sink.write(b"_____!").unwrap();
            sink.write_at(6, b"world").unwrap();
            sink.write(b"\n").unwrap();
            assert_eq!(sink.written(), 13);
            for (offset, bytes) in [(13, &b"x"[..]), (9, b"too long"), (u64::MAX, b"xx")] {
                assert_eq!(sink.write_at(offset, bytes).unwrap_err().kind(), ErrorKind::InvalidArgument);
            }
            let back = sink.read_back().unwrap();
            let mut buf = [0; 20];
            assert_eq!((back.len(), back.read_at(0, &mut buf).unwrap()), (13, 13));
            sink.finish().unwrap();
            assert_eq!(fs::read(&target).unwrap(), b"hello world!\n");
            assert_eq!(names(dir.path()), ["out"]);
        }
    }

    #[test]
    fn dropped_without_finishing_nothing_is_left_and_the_old_file_stands() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("out");
        fs::write(&target, b"old").unwrap();
        let mut sink = FileSink::create(&target, Durability::None).unwrap();
        sink.write(b"new").unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"old");
        let left: Vec<_> = names(dir.path()).into_iter().filter(|name| name != "out").collect();
        assert!(left.len() == 1 && is_temporary(&left[0]), "{left:?}");
        drop(sink);
        assert_eq!(fs::read(&target).unwrap(), b"old");
        assert_eq!(names(dir.path()), ["out"]);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_kept_or_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("out");
        FileSink::create(&target, Durability::None).unwrap().finish().unwrap();
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o7777, 0o600);
        fs::set_permissions(&target, fs::Permissions::from_mode(0o4644)).unwrap();
        FileSink::create(&target, Durability::None).unwrap().finish().unwrap();
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o7777, 0o644);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_and_stays() {
        let dir = tempfile::tempdir().unwrap();
        let (real, link) = (dir.path().join("real"), dir.path().join("link"));
        fs::write(&real, b"old").unwrap();
        std::os::unix::fs::symlink("real", &link).unwrap();
        let mut sink = FileSink::create(&link, Durability::None).unwrap();
        sink.write(b"new").unwrap();
        sink.finish().unwrap();
        assert_eq!(fs::read(&real).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        std::os::unix::fs::symlink("nowhere", dir.path().join("dangling")).unwrap();
        assert_eq!(FileSink::create(&dir.path().join("dangling"), Durability::None).unwrap_err().kind(), ErrorKind::OutputUnwritable);
    }

    #[test]
    fn what_cannot_be_written_is_refused_with_its_cause_and_nothing_is_left() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("folder")).unwrap();
        for target in [dir.path().join("missing/out"), dir.path().join("folder"), dir.path().join("..")] {
            let error = FileSink::create(&target, Durability::None).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::OutputUnwritable, "{}", target.display());
        }
        assert_eq!(names(dir.path()), ["folder"]);
        let error = FileSink::create(&dir.path().join("missing/out"), Durability::None).unwrap_err();
        assert!(std::error::Error::source(&error).is_some());
        #[cfg(target_os = "linux")]
        for device in ["/dev/null", "/dev/full"] {
            // As root a rename would succeed and take the device away from the whole machine.
            assert_eq!(FileSink::create(Path::new(device), Durability::None).unwrap_err().kind(), ErrorKind::OutputUnwritable);
        }
    }

    #[test]
    fn the_input_is_never_the_output() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        fs::write(&path, b"x").unwrap();
        let source = FileSource::open(&path).unwrap();
        assert_eq!(FileSink::create_from(&source, &path, Durability::None).unwrap_err().kind(), ErrorKind::OutputIsInput);
        FileSink::create_from(&source, &dir.path().join("b"), Durability::None).unwrap().finish().unwrap();
        assert_eq!(names(dir.path()), ["a", "b"]);
    }

    #[test]
    fn only_our_own_temporaries_are_recognised() {
        assert!(is_temporary(".thrivosign-00112233445566778899aabbccddeeff.tmp"));
        for name in [
            ".thrivosign-.tmp",
            "a.tmp",
            ".thrivosign-00112233445566778899AABBCCDDEEFF.tmp",
            ".thrivosign-00112233445566778899aabbccddeeff",
        ] {
            assert!(!is_temporary(name), "{name}");
        }
    }

    const CHILD: &str = "THRIVOSIGN_TEST_SINK_CHILD";

    /// Not a test by itself: what the next two start as another process.
    #[cfg(unix)]
    #[test]
    fn child() {
        let Some(job) = std::env::var_os(CHILD) else { return };
        let (job, target) = job.to_str().unwrap().split_once(':').unwrap();
        let mut sink = FileSink::create(Path::new(target), Durability::None).unwrap();
        let outcome = (0..100).try_for_each(|_| sink.write(&[7; 10_000]));
        if job == "die" {
            std::process::abort();
        }
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutputUnwritable);
        assert_eq!(error.context_text(), Some("there is no room for it"));
    }

    #[cfg(unix)]
    fn run_child(job: &str, target: &Path, shell: &str) -> bool {
        std::process::Command::new("sh")
            .args(["-c", &format!("{shell} exec \"$0\" --exact host::sink::tests::child")])
            .arg(std::env::current_exe().unwrap())
            .env(CHILD, format!("{job}:{}", target.display()))
            .output()
            .unwrap()
            .status
            .success()
    }

    #[cfg(unix)]
    #[test]
    fn a_killed_write_leaves_the_old_file_whole() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("out");
        fs::write(&target, b"old").unwrap();
        assert!(!run_child("die", &target, ""));
        assert_eq!(fs::read(&target).unwrap(), b"old");
        let left: Vec<_> = names(dir.path()).into_iter().filter(|name| name != "out").collect();
        assert!(left.len() == 1 && is_temporary(&left[0]), "{left:?}");
    }

    /// A limit on the size of files, its signal ignored, makes writing fail as a full disk does.
    #[cfg(unix)]
    #[test]
    fn without_room_nothing_is_left_and_the_old_file_stands() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("out");
        fs::write(&target, b"old").unwrap();
        assert!(run_child("full", &target, "trap '' XFSZ; ulimit -f 16;"));
        assert_eq!(fs::read(&target).unwrap(), b"old");
        assert_eq!(names(dir.path()), ["out"]);
    }
}
