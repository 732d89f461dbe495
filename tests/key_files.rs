//! The encrypted key store as its users have it: files of every version that was ever written stay readable, several processes at once do each other no harm, and a file
//! of another version or a damaged one is told, left alone, and stops no other key.
//!
//! `tests/vectors/key-files` has a folder for each version, written by the first program that wrote it; its README says how.

// Tests are an edge: they run programs and read files.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use thrivosign::ErrorKind;
use thrivosign::crypto::digest::sha256;
use thrivosign::crypto::{DigestAlgorithm, KeyAlgorithm, SignatureAlgorithm, verify};
use thrivosign::key::file::FileKeyStore;
use thrivosign::key::{DeviceKeyStore, KeyInfo, KeyPurpose, KeySpec, Passphrase};

const ECDSA: SignatureAlgorithm = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256);
/// Of every file under `tests/vectors/key-files`.
const PASSPHRASE: &str = "correct horse \u{e4}";
/// What each of its folders holds.
const KEYS: [(&str, KeyPurpose); 2] = [("Anna's key", KeyPurpose::Signing), ("authentication", KeyPurpose::Authentication)];
/// Version 2 is that of keys that were made to be backed up.
const EXPORTABLE: u16 = 2;
/// Set to a version's folder, which must not be there yet, the test of versions writes it.
const WRITE: &str = "THRIVOSIGN_WRITE_KEY_FILES";
/// Set to a folder, `child` is one of several processes at work in it.
const FOLDER: &str = "THRIVOSIGN_KEY_FILES_FOLDER";
const NUMBER: &str = "THRIVOSIGN_KEY_FILES_NUMBER";
const PROCESSES: usize = 4;

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/key-files")
}

fn spec(purpose: KeyPurpose) -> KeySpec {
    KeySpec::new(KeyAlgorithm::P256, purpose)
}

fn unlocked(folder: &Path) -> FileKeyStore {
    let store = FileKeyStore::open(folder).unwrap();
    store.unlock(Passphrase::new(PASSPHRASE)).unwrap();
    store
}

fn signs(store: &FileKeyStore, info: &KeyInfo) {
    let value = store.sign(&info.name, b"message", &ECDSA).unwrap();
    verify(&info.public_key, &ECDSA, b"message", &value).unwrap();
}

/// The key files of a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "tskey"));
    files.sort();
    files
}

/// What a file says of its version.
fn version(file: &Path) -> u16 {
    let bytes = fs::read(file).unwrap();
    u16::from_be_bytes([bytes[14], bytes[15]])
}

fn copied(from: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in files(from) {
        fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
    }
    folder
}

/// Whoever breaks this loses people their keys.
#[test]
fn files_of_every_version_are_read() {
    if let Some(name) = std::env::var_os(WRITE) {
        let folder = vectors().join(name);
        fs::create_dir(&folder).expect("what was written once is never written again");
        let store = unlocked(&folder);
        for (name, purpose) in KEYS {
            match store.create(name, &spec(purpose)) {
                Ok(_) if folder.ends_with("v2") => {
                    store.delete(name).unwrap();
                    store.create_exportable(name, &spec(purpose)).unwrap();
                }
                made => drop(made.unwrap()),
            }
        }
        fs::remove_file(folder.join(".lock")).unwrap();
    }
    let new = tempfile::tempdir().unwrap();
    let store = unlocked(new.path());
    store.create("a", &spec(KeyPurpose::Signing)).unwrap();
    store.create_exportable("b", &spec(KeyPurpose::Signing)).unwrap();
    let [today, exportable] = [0, 1].map(|which| version(&files(new.path())[which]));
    assert_eq!((today, exportable), (1, EXPORTABLE));
    let mut seen = Vec::new();
    for entry in fs::read_dir(vectors()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let number: u16 = entry.file_name().unwrap().to_str().unwrap().strip_prefix('v').unwrap().parse().unwrap();
        assert!(files(&entry).iter().all(|file| version(file) == number), "{}", entry.display());
        let folder = copied(&entry);
        let before: Vec<Vec<u8>> = files(folder.path()).iter().map(|file| fs::read(file).unwrap()).collect();
        let locked = FileKeyStore::open(folder.path()).unwrap();
        assert_eq!(locked.unlock(Passphrase::new("correct horse")).unwrap_err().kind(), ErrorKind::PassphraseWrong);
        let store = unlocked(folder.path());
        let found: Vec<(String, KeyPurpose)> = store.list().unwrap().into_iter().map(|info| (info.name, info.purpose)).collect();
        assert_eq!(found, KEYS.map(|(name, purpose)| (name.to_owned(), purpose)));
        store.list().unwrap().iter().for_each(|info| signs(&store, info));
        assert!(files(folder.path()).iter().map(|file| fs::read(file).unwrap()).eq(before), "to read is not to write");
        // And they go on in today's version.
        let keys = store.list().unwrap();
        store.change_passphrase(Passphrase::new("another")).unwrap();
        keys.iter().for_each(|info| signs(&store, info));
        let expected = if number == EXPORTABLE { exportable } else { today };
        assert!(files(folder.path()).iter().all(|file| version(file) == expected), "a passphrase changes nothing else");
        seen.push(number);
    }
    seen.sort_unstable();
    assert_eq!(seen, (1..=exportable).collect::<Vec<_>>(), "tests/vectors/key-files/README.md says how a version gets its files");
}

/// One of several processes.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let number = std::env::var(NUMBER).unwrap();
    let store = unlocked(&folder);
    // All of them want this one; one gets it, and all can use it.
    match store.create("shared", &spec(KeyPurpose::Signing)) {
        Ok(_) => fs::write(folder.join(format!("won-{number}")), b"").unwrap(),
        Err(error) => assert_eq!(error.kind(), ErrorKind::KeyExists),
    }
    signs(&store, &store.info("shared").unwrap());
    let own = store.create(&format!("own-{number}"), &spec(KeyPurpose::Signing)).unwrap();
    store.create("passing", &spec(KeyPurpose::Signing)).map_or_else(|error| assert_eq!(error.kind(), ErrorKind::KeyExists), drop);
    // Somebody else may have deleted it first, or may be at it.
    store.delete("passing").map_or_else(|error| assert_eq!(error.kind(), ErrorKind::KeyNotFound), drop);
    signs(&store, &own);
    assert!(store.list().unwrap().contains(&own));
}

#[test]
fn several_processes_at_once_do_each_other_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let start = |number: usize| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "child", "--nocapture"]).env(FOLDER, folder.path()).env(NUMBER, number.to_string());
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    for process in (0..PROCESSES).map(start).collect::<Vec<_>>() {
        let done = process.wait_with_output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
    let won = (0..PROCESSES).filter(|number| folder.path().join(format!("won-{number}")).exists()).count();
    assert_eq!(won, 1, "one key of one name");
    let store = unlocked(folder.path());
    let keys = store.list().unwrap();
    assert!(keys.iter().filter(|info| info.name != "passing").count() == PROCESSES + 1, "{keys:?}");
    keys.iter().for_each(|info| signs(&store, info));
    assert!(store.damaged().unwrap().is_empty());
    let names = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(!names.into_iter().any(|name| name.ends_with(".tmp")), "nothing half-written is left");
}

/// A file of the future, and one that is damaged, wherever: it is told, nothing is written over it, and the other keys go on.
#[test]
fn what_cannot_be_read_is_told_and_left_alone() {
    let folder = copied(&vectors().join("v1"));
    let (odd, other) = (files(folder.path())[0].clone(), KEYS[1].0);
    let sound = fs::read(&odd).unwrap();
    let mut bad: Vec<Vec<u8>> = [0_u16, 3, 4, 0x100, u16::MAX]
        .map(|number| {
            let mut file = sound.clone();
            file[14..16].copy_from_slice(&number.to_be_bytes());
            // Whoever writes another version writes its hash too.
            let at = file.len() - 32;
            let hash = sha256(&file[..at]);
            file[at..].copy_from_slice(&hash);
            file
        })
        .to_vec();
    let versions = bad.len();
    bad.extend((0..sound.len()).map(|at| {
        let mut file = sound.clone();
        file[at] ^= 0x20;
        file
    }));
    let store = unlocked(folder.path());
    let keys = store.list().unwrap();
    for (which, file) in bad.iter().enumerate() {
        fs::write(&odd, file).unwrap();
        let name = KEYS[0].0;
        assert_eq!(store.info(name).unwrap_err().kind(), ErrorKind::KeyFileDamaged, "{which}");
        assert_eq!(store.sign(name, b"message", &ECDSA).unwrap_err().kind(), ErrorKind::KeyFileDamaged, "{which}");
        assert_eq!(store.damaged().unwrap(), [name], "{which}");
        assert_eq!(store.list().unwrap(), keys[1..], "{which}");
        assert_eq!(store.create(name, &spec(KeyPurpose::Signing)).unwrap_err().kind(), ErrorKind::KeyExists, "{which}");
        if which < versions {
            // Nothing is changed of one key that cannot be done to all.
            let before = fs::read(folder.path().join("key-authentication.tskey")).unwrap();
            assert!(store.change_passphrase(Passphrase::new("another")).is_err(), "{which}");
            assert_eq!(fs::read(folder.path().join("key-authentication.tskey")).unwrap(), before, "{which}");
        }
        assert_eq!(fs::read(&odd).unwrap(), *file, "{which}: it is left alone");
        signs(&store, &store.info(other).unwrap());
    }
    fs::write(&odd, &sound).unwrap();
    keys.iter().for_each(|info| signs(&store, info));
}

#[test]
fn a_backup_is_given_of_keys_that_were_made_for_it_alone() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = unlocked(here.path());
    let (own, seal) =
        (store.create("own", &spec(KeyPurpose::Signing)).unwrap(), store.create_exportable("seal", &spec(KeyPurpose::Signing)).unwrap());
    let copy = Passphrase::new("another");
    assert_eq!(store.backup("own", &copy).unwrap_err().kind(), ErrorKind::KeyNotPermitted);
    assert_eq!(store.backup("none", &copy).unwrap_err().kind(), ErrorKind::KeyNotFound);
    assert_eq!(store.backup("seal", &Passphrase::new("")).unwrap_err().kind(), ErrorKind::InvalidArgument);
    let backup = store.backup("seal", &copy).unwrap();
    store.lock();
    assert_eq!(store.backup("seal", &copy).unwrap_err().kind(), ErrorKind::KeyLocked);
    assert_eq!(store.create_exportable("c", &spec(KeyPurpose::Signing)).unwrap_err().kind(), ErrorKind::KeyLocked);
    store.unlock(Passphrase::new(PASSPHRASE)).unwrap();

    // Elsewhere, under that store's own passphrase.
    let other = unlocked(there.path());
    assert_eq!(other.restore(&backup, &Passphrase::new(PASSPHRASE)).unwrap_err().kind(), ErrorKind::PassphraseWrong);
    assert_eq!(other.restore(&backup, &copy).unwrap(), seal);
    assert_eq!(other.restore(&backup, &copy).unwrap_err().kind(), ErrorKind::KeyExists);
    other.change_passphrase(Passphrase::new("third")).unwrap();
    signs(&other, &seal);
    other.delete("seal").unwrap();
    assert_eq!(other.restore(&other_backup(&store, &copy), &copy).unwrap(), seal, "as often as it takes");
    signs(&store, &own);

    // What an attacker would try: to have the file of a key say that it was made for it. The one of a stolen file is no backup either.
    let place = here.path().join("key-own.tskey");
    let sound = fs::read(&place).unwrap();
    assert_eq!(other.restore(&sound, &Passphrase::new(PASSPHRASE)).unwrap_err().kind(), ErrorKind::KeyNotPermitted);
    let mut changed = sound.clone();
    changed[15] = 2;
    let at = changed.len() - 32;
    let hash = sha256(&changed[..at]);
    changed[at..].copy_from_slice(&hash);
    fs::write(&place, &changed).unwrap();
    assert_eq!(store.backup("own", &copy).unwrap_err().kind(), ErrorKind::PassphraseWrong, "the number is under the check value");
    assert_eq!(other.restore(&changed, &Passphrase::new(PASSPHRASE)).unwrap_err().kind(), ErrorKind::PassphraseWrong);
    for at in 0..backup.len() {
        let mut bad = backup.clone();
        bad[at] ^= 0x20;
        assert_eq!(other.restore(&bad, &copy).unwrap_err().kind(), ErrorKind::KeyFileDamaged, "{at}");
    }
}

fn other_backup(store: &FileKeyStore, passphrase: &Passphrase) -> Vec<u8> {
    let (first, second) = (store.backup("seal", passphrase).unwrap(), store.backup("seal", passphrase).unwrap());
    assert_ne!(first, second, "a salt is used once");
    second
}
