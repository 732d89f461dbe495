//! The host room: appending in place, and what is found after every way of being interrupted.

use super::{AppendFile, Recovery, recover};
use crate::error::ErrorKind;
use crate::host::sink::Durability;
use crate::pdf::Source;
use std::fs;
use std::path::{Path, PathBuf};

const OLD: &[u8] = b"what was there before";
const TAIL: &[u8] = b", and what comes behind it";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.pdf"), OLD).unwrap();
        Folder(folder)
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("a.pdf")
    }

    fn journal(&self) -> PathBuf {
        self.0.path().join(".a.pdf.thrivosign-journal")
    }

    fn names(&self) -> usize {
        fs::read_dir(self.0.path()).unwrap().count()
    }
}

/// The journal of an append that was interrupted right before its write.
fn a_journal(folder: &Folder) -> Vec<u8> {
    let file = AppendFile::open(&folder.file()).unwrap();
    drop(super::journal::Journal::write(&file.file, &file.path, file.len, TAIL, Durability::None).unwrap());
    fs::read(folder.journal()).unwrap()
}

fn content(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap()
}

#[test]
fn the_new_file_is_the_old_one_and_the_tail() {
    for durability in [Durability::Fsync, Durability::None] {
        let folder = Folder::new();
        let file = AppendFile::open(&folder.file()).unwrap();
        assert_eq!(file.recovery(), Recovery::Nothing);
        assert_eq!(file.source().unwrap().read_range(0, 100).unwrap(), OLD);
        file.append(TAIL, durability).unwrap();
        assert_eq!(content(&folder.file()), [OLD, TAIL].concat());
        assert_eq!(folder.names(), 1, "no journal stays");
    }
}

#[test]
fn whatever_part_was_written_is_taken_back_and_the_whole_stays() {
    for part in 0..=TAIL.len() {
        let folder = Folder::new();
        a_journal(&folder);
        fs::write(folder.file(), [OLD, &TAIL[..part]].concat()).unwrap();
        let whole = part == TAIL.len();
        let expected = match part {
            0 => Recovery::NotBegun,
            _ if whole => Recovery::Completed,
            _ => Recovery::TakenBack,
        };
        assert_eq!(recover(&folder.file()).unwrap(), expected, "{part}");
        assert_eq!(content(&folder.file()), if whole { [OLD, TAIL].concat() } else { OLD.to_vec() });
        assert_eq!(folder.names(), 1);
        assert_eq!(recover(&folder.file()).unwrap(), Recovery::Nothing);
    }
    // A power cut may leave the length without the bytes.
    let folder = Folder::new();
    a_journal(&folder);
    let mut holes = [OLD, TAIL].concat();
    holes[OLD.len() + 3..].fill(0);
    fs::write(folder.file(), holes).unwrap();
    assert_eq!(recover(&folder.file()).unwrap(), Recovery::TakenBack);
    assert_eq!(content(&folder.file()), OLD);
}

#[test]
fn what_is_not_ours_is_left_alone() {
    let theirs: [Vec<u8>; 5] = [
        [OLD, b", what somebody else wrote"].concat(),
        [OLD, TAIL, b" and more"].concat(),
        [b"another text altogether".as_slice(), TAIL].concat(),
        OLD[..5].to_vec(),
        Vec::new(),
    ];
    for bytes in theirs {
        let folder = Folder::new();
        a_journal(&folder);
        fs::write(folder.file(), &bytes).unwrap();
        assert_eq!(recover(&folder.file()).unwrap(), Recovery::NotBegun);
        assert_eq!(content(&folder.file()), bytes);
        assert_eq!(folder.names(), 1, "a journal that proves nothing goes");
    }
}

#[test]
fn a_journal_that_is_not_whole_proves_nothing() {
    let whole = a_journal(&Folder::new());
    let mut broken: Vec<Vec<u8>> = (0..whole.len()).map(|cut| whole[..cut].to_vec()).collect();
    broken.extend((0..whole.len()).map(|at| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    }));
    let folder = Folder::new();
    let half = [OLD, &TAIL[..4]].concat();
    for journal in broken {
        fs::write(folder.file(), &half).unwrap();
        fs::write(folder.journal(), journal).unwrap();
        assert_eq!(recover(&folder.file()).unwrap(), Recovery::NotBegun);
        assert_eq!(content(&folder.file()), half);
    }
}

#[test]
fn a_file_that_changed_meanwhile_is_not_appended_to() {
    let written = Folder::new();
    let file = AppendFile::open(&written.file()).unwrap();
    fs::write(written.file(), [OLD, b"!"].concat()).unwrap();
    assert_eq!(file.append(TAIL, Durability::None).unwrap_err().kind(), ErrorKind::DocumentChanged);
    assert_eq!(content(&written.file()), [OLD, b"!"].concat());
    let replaced = Folder::new();
    let file = AppendFile::open(&replaced.file()).unwrap();
    let other = replaced.0.path().join("b.pdf");
    fs::write(&other, OLD).unwrap();
    fs::rename(&other, replaced.file()).unwrap();
    assert_eq!(file.append(TAIL, Durability::None).unwrap_err().kind(), ErrorKind::DocumentChanged);
    assert_eq!(content(&replaced.file()), OLD);
    let gone = Folder::new();
    let file = AppendFile::open(&gone.file()).unwrap();
    fs::remove_file(gone.file()).unwrap();
    assert_eq!(file.append(TAIL, Durability::None).unwrap_err().kind(), ErrorKind::DocumentChanged);
}

#[test]
fn two_at_once_are_one_too_many() {
    let folder = Folder::new();
    let first = AppendFile::open(&folder.file()).unwrap();
    assert_eq!(AppendFile::open(&folder.file()).unwrap_err().kind(), ErrorKind::OutputUnwritable);
    first.append(TAIL, Durability::None).unwrap();
    AppendFile::open(&folder.file()).unwrap().append(TAIL, Durability::None).unwrap();
    assert_eq!(content(&folder.file()), [OLD, TAIL, TAIL].concat());
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_what_is_no_file_is_refused() {
    let folder = Folder::new();
    let link = folder.0.path().join("link.pdf");
    std::os::unix::fs::symlink(folder.file(), &link).unwrap();
    AppendFile::open(&link).unwrap().append(TAIL, Durability::None).unwrap();
    assert_eq!(content(&folder.file()), [OLD, TAIL].concat());
    assert_eq!(AppendFile::open(folder.0.path()).unwrap_err().kind(), ErrorKind::SourceUnreadable);
    assert_eq!(AppendFile::open(&folder.0.path().join("none")).unwrap_err().kind(), ErrorKind::SourceUnreadable);
    // A link at the journal's place is not written through.
    let elsewhere = folder.0.path().join("elsewhere");
    std::os::unix::fs::symlink(&elsewhere, folder.journal()).unwrap();
    assert_eq!(AppendFile::open(&folder.file()).unwrap_err().kind(), ErrorKind::OutputUnwritable);
    assert!(!elsewhere.exists());
}

#[test]
fn a_long_name_has_a_journal_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x".repeat(250));
    fs::write(&path, OLD).unwrap();
    AppendFile::open(&path).unwrap().append(TAIL, Durability::Fsync).unwrap();
    assert_eq!(content(&path), [OLD, TAIL].concat());
}
