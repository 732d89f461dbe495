//! The host room: the journal of one append. Takes the file as it is and the bytes to come, gives proof of what is ours.
//!
//! ```text
//! "thrivosign append 1\n" | length before | length of the tail | SHA-256 of the last bytes before | the tail | SHA-256 of all that
//! ```
//!
//! Numbers are 8 bytes, big-endian. The tail itself is kept, so that even half of it can be told from somebody else's bytes. A journal
//! that is not whole was written by a process that had not begun to append.

use super::sync_parent;
use crate::crypto::digest::{hex, sha256};
use crate::error::{Error, ErrorKind, Result};
use crate::host::sink::{Durability, unwritable};
use crate::pdf::Source;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const MAGIC: &[u8] = b"thrivosign append 1\n";
/// How many of the file's last bytes tie the journal to it.
const BOUND: u64 = 4096;
const DIGEST: usize = 32;
/// Longest file name that still has room for what a journal's name adds, in bytes: most file systems end at 255.
const MAX_NAME: usize = 200;
/// Largest tail: what a plan can hold in memory, with room to spare.
const MAX_TAIL: u64 = 1 << 30;

/// What an interrupted append had left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// Nothing: there was no journal.
    Nothing,
    /// Nothing was appended yet, or the journal is about another file: the file was left alone and the journal removed.
    NotBegun,
    /// A part was appended: it was taken back, the file is the old one.
    TakenBack,
    /// All of it was appended: the file is the new one.
    Completed,
}

/// A journal that lies beside a file.
pub(super) struct Journal(PathBuf);

fn place(path: &Path) -> PathBuf {
    let own = path.file_name().unwrap_or_default();
    let mut name = std::ffi::OsString::from(".");
    if own.len() <= MAX_NAME {
        name.push(own);
    } else {
        name.push(hex(&sha256(own.as_encoded_bytes())));
    }
    name.push(".thrivosign-journal");
    path.with_file_name(name)
}

/// The digest of what stands before `len`.
fn bound(source: &dyn Source, len: u64) -> Result<[u8; DIGEST]> {
    let from = len.saturating_sub(BOUND);
    Ok(sha256(&source.read_range(from, usize::try_from(len.saturating_sub(from)).unwrap_or(0))?))
}

impl Journal {
    /// After the call the journal lies beside the file, whole.
    pub(super) fn write(file: &File, path: &Path, len: u64, tail: &[u8], durability: Durability) -> Result<Journal> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&len.to_be_bytes());
        bytes.extend_from_slice(&(tail.len() as u64).to_be_bytes());
        bytes.extend_from_slice(&bound(&Held(file), len)?);
        bytes.extend_from_slice(tail);
        bytes.extend_from_slice(&sha256(&bytes));
        let place = place(path);
        let mut options = OpenOptions::new();
        // `create_new`: a link that somebody placed there beforehand is never followed.
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut out = options.open(&place).map_err(|cause| match cause.kind() {
            io::ErrorKind::AlreadyExists => Error::new(ErrorKind::OutputUnwritable).context("another process is appending to it"),
            _ => unwritable(cause),
        })?;
        let journal = Journal(place);
        let written = out.write_all(&bytes).and_then(|()| match durability {
            Durability::Fsync => out.sync_all().and_then(|()| sync_parent(&journal.0)),
            Durability::None => Ok(()),
        });
        if let Err(cause) = written {
            // Nothing was appended; a half-written journal says the same.
            let _ = fs::remove_file(&journal.0);
            return Err(unwritable(cause));
        }
        Ok(journal)
    }

    pub(super) fn remove(self, durability: Durability) -> Result<()> {
        let removed = fs::remove_file(&self.0).and_then(|()| match durability {
            Durability::Fsync => sync_parent(&self.0),
            Durability::None => Ok(()),
        });
        removed.map_err(|cause| {
            Error::new(ErrorKind::OutputUnwritable)
                .context("the new file is in place, but its journal could not be removed")
                .caused_by(cause)
        })
    }
}

/// What a whole journal says.
struct Entry {
    len: u64,
    bound: [u8; DIGEST],
    tail: Vec<u8>,
}

fn parse(bytes: &[u8]) -> Option<Entry> {
    let (body, digest) = bytes.split_last_chunk::<DIGEST>()?;
    if sha256(body) != *digest {
        return None;
    }
    let rest = body.strip_prefix(MAGIC)?;
    let (len, rest) = rest.split_first_chunk::<8>()?;
    let (tail_len, rest) = rest.split_first_chunk::<8>()?;
    let (bound, tail) = rest.split_first_chunk::<DIGEST>()?;
    (u64::from_be_bytes(*tail_len) == tail.len() as u64).then(|| Entry {
        len: u64::from_be_bytes(*len),
        bound: *bound,
        tail: tail.to_vec(),
    })
}

/// Reads the journal beside `path`, if there is one, and leaves the old file or the new one, and no journal.
pub(super) fn settle(file: &File, path: &Path) -> Result<Recovery> {
    let place = place(path);
    let bytes = match read(&place)? {
        Some(bytes) => bytes,
        None => return Ok(Recovery::Nothing),
    };
    let recovery = match parse(&bytes) {
        Some(entry) => apply(file, &entry)?,
        None => Recovery::NotBegun,
    };
    // What was settled is on the disk before the proof goes.
    file.sync_all().and_then(|()| fs::remove_file(&place)).and_then(|()| sync_parent(&place)).map_err(unwritable)?;
    Ok(recovery)
}

fn read(place: &Path) -> Result<Option<Vec<u8>>> {
    let meta = match fs::symlink_metadata(place) {
        Ok(meta) => meta,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(unwritable(cause)),
    };
    if !meta.is_file() || meta.len() > MAX_TAIL {
        return Err(Error::new(ErrorKind::OutputUnwritable).context("what lies at the journal's place is no journal"));
    }
    fs::read(place).map(Some).map_err(unwritable)
}

fn apply(file: &File, entry: &Entry) -> Result<Recovery> {
    let held = Held(file);
    let Some(appended) = held.len().checked_sub(entry.len) else { return Ok(Recovery::NotBegun) };
    // Another file was put under this name meanwhile: none of our business.
    if appended == 0 || appended > entry.tail.len() as u64 || bound(&held, entry.len)? != entry.bound {
        return Ok(Recovery::NotBegun);
    }
    let found = held.read_range(entry.len, usize::try_from(appended).unwrap_or(0))?;
    if found == entry.tail {
        return Ok(Recovery::Completed);
    }
    // After a power cut, blocks that were not written yet read as zeros.
    let ours = found.iter().zip(&entry.tail).all(|(found, ours)| found == ours || *found == 0);
    if !ours {
        return Ok(Recovery::NotBegun);
    }
    file.set_len(entry.len).map_err(unwritable)?;
    Ok(Recovery::TakenBack)
}

/// The open file as a source.
struct Held<'f>(&'f File);

impl Source for Held<'_> {
    fn len(&self) -> u64 {
        self.0.metadata().map_or(0, |meta| meta.len())
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize> {
        crate::host::file::pread(self.0, buf, offset).map_err(|cause| Error::new(ErrorKind::SourceUnreadable).at(offset).caused_by(cause))
    }
}
