//! The operator's tasks on a data folder as a whole: `backup` copies it, `restore` copies it back, `check` says whether store, documents and audit records are
//! whole. For a server that is not running. A copy appears whole or not at all, is never written over, and has the server's private keys in it.

use crate::audit::{Trail, store_of};
use crate::failure::Failure;
use crate::folder::{Folder, LOCK, private, private_folder, sync_folder};
use crate::random;
use crate::store::{self, documents};
use sha2::{Digest, Sha256};
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

/// The SHA-256 of every file of a backup, in the form of `sha256sum`.
const SUMS: &str = "SHA256SUMS";
/// What belongs to a process that has the folder open, or to the backup itself.
const LEFT_OUT: [&str; 4] = [LOCK, "store.db-wal", "store.db-shm", SUMS];

/// Copies the data folder to a new folder; gives the number of files.
///
/// # Errors
/// [`Failure`] if the data folder is in use or has no store, or there is something at `out` already.
pub fn backup(data: &Path, out: &Path) -> Result<usize, Failure> {
    let _folder = open(data)?;
    store::settle(&store_of(data))?;
    in_full(out, |part| {
        let sums = copy(data, part)?;
        write(&part.join(SUMS), sums.as_bytes())?;
        Ok(sums.lines().count())
    })
}

/// Copies a backup to a new data folder; gives the number of files.
///
/// # Errors
/// [`Failure`] if the backup is not file for file what it was when it was made, or there is something at `data` already.
pub fn restore(backup: &Path, data: &Path) -> Result<usize, Failure> {
    let sums = fs::read_to_string(backup.join(SUMS)).map_err(Failure::at("cannot read the backup's SHA256SUMS"))?;
    in_full(data, |part| {
        // Of the bytes that were copied: what is checked is what stands there afterwards.
        if copy(backup, part)? != sums {
            return Err(Failure::new("the backup is damaged: `sha256sum -c SHA256SUMS` in it says where"));
        }
        Ok(sums.lines().count())
    })
}

/// What is not whole in a data folder or a backup; a line each.
///
/// # Errors
/// [`Failure`] if the folder is in use, has no store, or its store cannot be read at all.
pub fn check(data: &Path) -> Result<Vec<String>, Failure> {
    let folder = open(data)?;
    let mut findings = Vec::new();
    let (damage, agreements) = store::inspect(&store_of(data), documents::all)?;
    findings.extend(damage.into_iter().map(|text| format!("store: {text}")));
    for agreement in agreements {
        let is = hash(&folder.file("documents").join(&agreement.file));
        let wrong = match is {
            Err(error) => format!("cannot be read ({})", error.kind()),
            Ok(is) if is != agreement.sha256 => "is not what the store knows".to_owned(),
            Ok(_) => continue,
        };
        findings.push(format!("document {} {wrong}", agreement.id.escape_debug()));
    }
    findings.extend(Trail::read(&store_of(data))?.check().iter().map(|finding| format!("audit: {finding}")));
    Ok(findings)
}

/// Holds a folder that is there: a wrong name makes none.
fn open(data: &Path) -> Result<Folder, Failure> {
    if store_of(data).is_file() { Folder::open(data) } else { Err(Failure::new("the data folder has no store")) }
}

/// Does the work in a folder beside the target, which takes the target's name when all of it is on the disk.
fn in_full<T>(target: &Path, work: impl FnOnce(&Path) -> Result<T, Failure>) -> Result<T, Failure> {
    let doing = "cannot make the copy";
    if target.symlink_metadata().is_ok() {
        return Err(Failure::new("there is something of that name already; it is not written over"));
    }
    let mut name = target.file_name().map(OsString::from).ok_or_else(|| Failure::new("the copy needs a name"))?;
    name.push(".part");
    let part = target.with_file_name(name);
    fs::create_dir(&part).map_err(Failure::at("cannot make the copy's folder, NAME.part"))?;
    let place = || -> Result<T, Failure> {
        private_folder(&part).map_err(Failure::at(doing))?;
        let value = work(&part)?;
        // By its lock a folder is known as the server's.
        write(&part.join(LOCK), b"")?;
        sync_folder(&part).and_then(|()| fs::rename(&part, target)).map_err(Failure::at(doing))?;
        Ok(value)
    };
    place().inspect_err(|_| drop(fs::remove_dir_all(&part)))
}

/// Copies the files, each to a new one of its owner alone; gives their SHA-256.
fn copy(from: &Path, to: &Path) -> Result<String, Failure> {
    let doing = "cannot copy a file";
    let mut sums = String::new();
    for name in names(from)? {
        let target = to.join(&name);
        if let Some(parent) = target.parent().filter(|parent| !parent.is_dir()) {
            fs::create_dir(parent).and_then(|()| private_folder(parent)).map_err(Failure::at(doing))?;
        }
        let mut hasher = Sha256::new();
        let mut sink = create(&target)?;
        pieces(&from.join(&name), |piece| {
            hasher.update(piece);
            sink.write_all(piece)
        })
        .and_then(|()| sink.sync_all())
        .map_err(Failure::at(doing))?;
        sums += &format!("{}  {name}\n", random::hex(&hasher.finalize()));
    }
    let documents = to.join("documents");
    if documents.is_dir() {
        sync_folder(&documents).map_err(Failure::at(doing))?
    }
    Ok(sums)
}

/// The folder's files and those of the folders in it, in order, with `/` between names.
fn names(root: &Path) -> Result<Vec<String>, Failure> {
    let doing = "cannot read a folder";
    let mut found = Vec::new();
    let mut open = vec![String::new()];
    while let Some(inner) = open.pop() {
        for entry in fs::read_dir(root.join(&inner)).map_err(Failure::at(doing))? {
            let entry = entry.map_err(Failure::at(doing))?;
            let kind = entry.file_type().map_err(Failure::at(doing))?;
            let name = entry.file_name();
            match name.to_str().filter(|name| !name.contains(['\n', '\\'])) {
                Some(name) if inner.is_empty() && LEFT_OUT.contains(&name) => {}
                Some(name) if kind.is_file() => found.push(format!("{inner}{name}")),
                Some(name) if kind.is_dir() && inner.is_empty() => open.push(format!("{name}/")),
                // A link would bring in what is not the folder's.
                _ => return Err(Failure::new("there is something in the folder that no server put there")),
            }
        }
    }
    found.sort();
    Ok(found)
}

fn create(path: &Path) -> Result<File, Failure> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    private(&mut options);
    options.open(path).map_err(Failure::at("cannot make a file of the copy"))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = create(path)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(Failure::at("cannot write a file of the copy"))
}

fn hash(path: &Path) -> io::Result<[u8; 32]> {
    let mut hasher = Sha256::new();
    pieces(path, |piece| {
        hasher.update(piece);
        Ok(())
    })?;
    Ok(hasher.finalize().into())
}

/// A document may be larger than memory should be.
fn pieces(path: &Path, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut file = File::open(path)?;
    let mut piece = vec![0; 64 << 10];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(()),
            n => take(piece.get(..n).unwrap_or_default())?,
        }
    }
}
