//! The host room: a file of records that only grows. Takes a path and a key, gives what was written, in order; after an append the record is on the
//! disk. Knows nothing of what the records say.
//!
//! ```text
//! "thrivosign records 1\n" | salt, 16 bytes | record ..
//! record: length of what follows the check, 4 bytes big-endian | check, 4 bytes | nonce, 12 bytes | AES-256-GCM of the record, tag of 16 bytes included
//! ```
//!
//! The associated data of a record are salt and number, so that none can be left out, moved or taken from another file unnoticed; the first one is
//! empty and proves the key. The check is the front of SHA-256 over salt, number and length: a changed length is not taken for a record that ends
//! beyond the file. What a killed process or a power cut leaves is a last record that is not whole, or zeros: it was never acknowledged, and is taken
//! away. Anything else that does not open is damage, and nothing is read past it. What an attacker would try: cut records off the end. Who can write
//! the file can do that, and gains an order that has to be approved again.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "this room is files")]

use super::lock::lock;
use super::random;
use super::sink::{Durability, FileSink, sync_folder, unwritable};
use crate::crypto::digest::sha256;
use crate::error::{Error, ErrorKind, Result};
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

const MAGIC: &[u8] = b"thrivosign records 1\n";
const SALT: usize = 16;
const NONCE: usize = 12;
const TAG: usize = 16;
/// Length and check.
const HEAD: usize = 8;
/// Largest record: what a prepared document adds to its file, with room to spare.
pub const MAX_RECORD: usize = 64 << 20;

/// A file of records, held by one process at a time.
pub struct Records {
    path: PathBuf,
    file: File,
    cipher: Aes256Gcm,
    salt: [u8; SALT],
    /// The number of the next record.
    next: u64,
    /// Where it begins.
    end: u64,
    /// Whether an append failed in a way that leaves the end unknown.
    broken: bool,
    /// Held for as long as this lives; never written, so that replacing the records does not let go of it.
    _lock: File,
}

/// What was in the file.
pub type Written = Vec<Zeroizing<Vec<u8>>>;

fn damaged(what: &'static str) -> Error {
    Error::new(ErrorKind::JournalDamaged).context(what)
}

fn unreadable(cause: io::Error) -> Error {
    Error::new(ErrorKind::SourceUnreadable).context("the journal").caused_by(cause)
}

impl Records {
    /// After the call the file exists, in a folder that was made for its owner alone if it was missing, is this process's alone, and ends with a whole record. `key`: 32 random bytes that are kept elsewhere.
    ///
    /// # Errors
    /// [`ErrorKind::JournalDamaged`] if it is damaged, of another version, or the key is another; [`ErrorKind::JournalBusy`] while another holds it;
    /// [`ErrorKind::SourceUnreadable`], [`ErrorKind::OutputUnwritable`].
    pub fn open(path: &Path, key: &[u8; 32]) -> Result<(Records, Written)> {
        if let Some(folder) = path.parent() {
            let mut builder = fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(folder).map_err(unwritable)?;
        }
        let lock = locked(path)?;
        let cipher = Aes256Gcm::new_from_slice(key).map_err(|_| Error::new(ErrorKind::Internal))?;
        if !fs::exists(path).map_err(unreadable)? {
            begin(path, &cipher, &[])?;
        }
        let file = private(path.to_owned(), false)?;
        let mut records = Records { path: path.to_owned(), file, cipher, salt: [0; SALT], next: 0, end: 0, broken: false, _lock: lock };
        let written = records.read()?;
        Ok((records, written))
    }

    fn read(&mut self) -> Result<Written> {
        let size = self.file.seek(SeekFrom::End(0)).map_err(unreadable)?;
        self.file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
        let mut head = [0; MAGIC.len() + SALT];
        // The beginning was renamed into place as a whole: a short one is none of a killed process's.
        self.file.read_exact(&mut head).map_err(|_| damaged("it is not a journal"))?;
        let (magic, salt) = head.split_at(MAGIC.len());
        if magic != MAGIC {
            return Err(damaged("it is not a journal, or one of another version"));
        }
        self.salt.copy_from_slice(salt);
        self.end = head.len() as u64;
        let mut written = Vec::new();
        loop {
            let left = size.saturating_sub(self.end);
            if left == 0 {
                break;
            }
            match self.record(left)? {
                Some(record) => {
                    self.next = self.next.saturating_add(1);
                    written.push(record);
                }
                None => {
                    // Never acknowledged: whoever wrote it was killed first.
                    self.file.set_len(self.end).and_then(|()| self.file.sync_all()).map_err(unwritable)?;
                    break;
                }
            }
        }
        // The first proves the key alone.
        if written.is_empty() || !written.remove(0).is_empty() {
            return Err(damaged("it does not begin as a journal does"));
        }
        self.file.seek(SeekFrom::Start(self.end)).map_err(unreadable)?;
        Ok(written)
    }

    /// The record at `end`, of which `left` bytes are there; `None` if it is the last one and not whole.
    fn record(&mut self, left: u64) -> Result<Option<Zeroizing<Vec<u8>>>> {
        if left < HEAD as u64 {
            return Ok(None);
        }
        let mut head = [0; HEAD];
        self.file.read_exact(&mut head).map_err(unreadable)?;
        let [a, b, c, d, ..] = head;
        let length = u32::from_be_bytes([a, b, c, d]);
        if head != start(&self.bound(), length) {
            // Zeros up to the end are what some file systems leave of a write that never came.
            return if head == [0; HEAD] && self.next > 0 && self.is_empty_on()? { Ok(None) } else { Err(damaged("a record is damaged")) };
        }
        let length = length as usize;
        let whole = (HEAD as u64).saturating_add(length as u64);
        if whole > left {
            return Ok(None);
        }
        let last = whole == left;
        if !(NONCE + TAG..=MAX_RECORD + NONCE + TAG).contains(&length) {
            return Err(damaged("a record has an impossible length"));
        }
        let mut sealed = vec![0; length];
        self.file.read_exact(&mut sealed).map_err(unreadable)?;
        let (nonce, sealed) = sealed.split_at(NONCE);
        let aad = self.bound();
        match <[u8; NONCE]>::try_from(nonce).map(|nonce| self.cipher.decrypt(&Nonce::from(nonce), Payload { msg: sealed, aad: &aad })) {
            Ok(Ok(record)) => {
                self.end = self.end.saturating_add(whole);
                Ok(Some(Zeroizing::new(record)))
            }
            _ if last && self.next > 0 => Ok(None),
            _ if self.next == 0 => Err(damaged("it is damaged, or the key is another")),
            _ => Err(damaged("a record is damaged")),
        }
    }

    fn bound(&self) -> [u8; SALT + 8] {
        bound(&self.salt, self.next)
    }

    /// Whether nothing but zeros is left to read.
    fn is_empty_on(&mut self) -> Result<bool> {
        let mut buffer = [0; 4096];
        loop {
            let n = self.file.read(&mut buffer).map_err(unreadable)?;
            if n == 0 {
                return Ok(true);
            }
            if buffer.iter().take(n).any(|byte| *byte != 0) {
                return Ok(false);
            }
        }
    }

    /// After the call the record is on the disk.
    ///
    /// # Errors
    /// [`ErrorKind::OutputUnwritable`]: the record was not written, and after a failure that leaves the end unknown none is any more until the file
    /// is opened again; [`ErrorKind::LimitReached`] for more than [`MAX_RECORD`] bytes; [`ErrorKind::RandomUnavailable`].
    pub fn append(&mut self, record: &[u8]) -> Result<()> {
        if self.broken {
            return Err(Error::new(ErrorKind::OutputUnwritable).context("an earlier record of the journal failed: open it again"));
        }
        let sealed = seal(&self.cipher, &self.bound(), record)?;
        let written = self.file.write_all(&sealed).and_then(|()| self.file.sync_data());
        if let Err(cause) = written {
            let back =
                self.file.set_len(self.end).and_then(|()| self.file.seek(SeekFrom::Start(self.end))).and_then(|_| self.file.sync_all());
            self.broken = back.is_err();
            return Err(unwritable(cause));
        }
        self.next = self.next.saturating_add(1);
        self.end = self.end.saturating_add(sealed.len() as u64);
        Ok(())
    }

    /// After the call the file holds these records and no others; until then it is the old one.
    ///
    /// # Errors
    /// As [`Records::append`].
    pub fn replace(&mut self, records: &[&[u8]]) -> Result<()> {
        begin(&self.path, &self.cipher, records)?;
        self.file = private(self.path.clone(), false)?;
        (self.next, self.end, self.broken) = (0, 0, false);
        self.read().map(drop)
    }

    /// Bytes in the file.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.end
    }
}

/// The lock beside the file, held for as long as what is returned.
fn locked(path: &Path) -> Result<File> {
    let file = private(path.with_extension("lock"), true)?;
    match lock(&file) {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(Error::new(ErrorKind::JournalBusy)),
        Err(fs::TryLockError::Error(cause)) => Err(unwritable(cause)),
    }
}

fn bound(salt: &[u8; SALT], number: u64) -> [u8; SALT + 8] {
    let mut bound = [0; SALT + 8];
    let (front, back) = bound.split_at_mut(SALT);
    front.copy_from_slice(salt);
    back.copy_from_slice(&number.to_be_bytes());
    bound
}

fn seal(cipher: &Aes256Gcm, bound: &[u8], record: &[u8]) -> Result<Vec<u8>> {
    if record.len() > MAX_RECORD {
        return Err(Error::new(ErrorKind::LimitReached).context("a record of the journal"));
    }
    let nonce = random::bytes::<NONCE>()?;
    let sealed = cipher
        .encrypt(&Nonce::from(nonce), Payload { msg: record, aad: bound })
        .map_err(|_| Error::new(ErrorKind::Internal).context("encrypting a record"))?;
    let length = u32::try_from(NONCE.saturating_add(sealed.len())).map_err(|_| Error::new(ErrorKind::LimitReached))?;
    Ok([&start(bound, length)[..], &nonce, &sealed].concat())
}

/// What stands before a record of that length.
fn start(bound: &[u8], length: u32) -> [u8; HEAD] {
    let length = length.to_be_bytes();
    let check = sha256(&[bound, &length].concat());
    let [a, b, c, d] = length;
    let [e, f, g, h, ..] = check;
    [a, b, c, d, e, f, g, h]
}

/// Writes a file with these records, whole or not at all.
fn begin(path: &Path, cipher: &Aes256Gcm, records: &[&[u8]]) -> Result<()> {
    let salt = random::bytes::<SALT>()?;
    let mut sink = FileSink::create(path, Durability::Fsync)?.private();
    sink.write(MAGIC)?;
    sink.write(&salt)?;
    for (number, record) in (0_u64..).zip(std::iter::once(&&[][..]).chain(records)) {
        sink.write(&seal(cipher, &bound(&salt, number), record)?)?;
    }
    sink.finish()
}

/// Opens a file of the owner's alone for reading and writing.
fn private(path: PathBuf, create: bool) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(create).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path).map_err(unwritable)?;
    if create && let Some(folder) = path.parent() {
        // That a lock survives a power cut is of no use; that the folder can be written is found out here.
        sync_folder(folder).map_err(unwritable)?;
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    fn texts(written: &Written) -> Vec<&[u8]> {
        written.iter().map(|record| record.as_slice()).collect()
    }

    fn three(path: &Path) -> Vec<u64> {
        let (mut records, written) = Records::open(path, &KEY).unwrap();
        assert!(written.is_empty());
        let mut ends = vec![records.size()];
        for text in [&b"one"[..], b"", &[9; 5000]] {
            records.append(text).unwrap();
            ends.push(records.size());
        }
        ends
    }

    #[test]
    fn what_was_written_is_read_and_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("orders");
        three(&path);
        let (mut records, written) = Records::open(&path, &KEY).unwrap();
        assert_eq!(texts(&written), [&b"one"[..], b"", &[9; 5000]]);
        assert_eq!(Records::open(&path, &KEY).err().unwrap().kind(), ErrorKind::JournalBusy);
        records.append(b"four").unwrap();
        records.replace(&[b"a", b"b"]).unwrap();
        records.append(b"c").unwrap();
        drop(records);
        assert_eq!(texts(&Records::open(&path, &KEY).unwrap().1), [b"a", b"b", b"c"]);
        assert_eq!(Records::open(&path, &[8; 32]).err().unwrap().kind(), ErrorKind::JournalDamaged);
    }

    /// Cut off anywhere, the file holds the records that were acknowledged by then, and goes on from there.
    #[test]
    fn a_file_cut_anywhere_holds_what_was_acknowledged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("orders");
        let ends = three(&path);
        let whole = std::fs::read(&path).unwrap();
        let all: [&[u8]; 3] = [b"one", b"", &[9; 5000]];
        for cut in 0..=whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let outcome = Records::open(&path, &KEY);
            let acknowledged = ends.iter().filter(|end| **end <= cut as u64).count();
            if acknowledged == 0 {
                assert_eq!(outcome.err().unwrap().kind(), ErrorKind::JournalDamaged, "{cut}");
                continue;
            }
            let (mut records, written) = outcome.unwrap();
            assert_eq!(texts(&written), all[..acknowledged - 1], "{cut}");
            records.append(b"next").unwrap();
            drop(records);
            assert_eq!(Records::open(&path, &KEY).unwrap().1.last().unwrap().as_slice(), b"next");
        }
    }

    /// A changed byte is damage, or in the last record takes that away, as if it had not been written; it never changes one.
    #[test]
    fn a_changed_byte_is_never_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("orders");
        let ends = three(&path);
        let whole = std::fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 0x40;
            std::fs::write(&path, &changed).unwrap();
            match Records::open(&path, &KEY) {
                Err(error) => assert_eq!(error.kind(), ErrorKind::JournalDamaged, "{at}"),
                Ok((_, written)) => {
                    assert!(at as u64 >= ends[2] + HEAD as u64, "{at}");
                    assert_eq!(texts(&written), [&b"one"[..], b""], "{at}");
                }
            }
        }
        let zeros = [&whole[..], &[0; 9000]].concat();
        std::fs::write(&path, zeros).unwrap();
        assert_eq!(Records::open(&path, &KEY).unwrap().1.len(), 3, "what a power cut leaves");
        // Two records that change places, and one that is left out.
        let piece = |n: usize| &whole[ends[n] as usize..ends[n + 1] as usize];
        let head = &whole[..ends[0] as usize];
        for odd in [[head, piece(1), piece(0), piece(2)].concat(), [head, piece(1), piece(2)].concat()] {
            std::fs::write(&path, odd).unwrap();
            assert_eq!(Records::open(&path, &KEY).err().unwrap().kind(), ErrorKind::JournalDamaged);
        }
    }
}
