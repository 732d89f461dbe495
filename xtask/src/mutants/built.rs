//! The copy of the tree in which the mutants are woven, and the test programs that are made of it.
//!
//! Takes the mutants, gives the programs and the mutants that do not compile. Compiles as often as it takes until what is left out is all
//! that does not.

use super::woven::{self, Mutant};
use super::{fnv, told};
use crate::place;
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Test targets of the library whose tests must notice.
const TARGETS: [&str; 5] = ["--lib", "--test=forged", "--test=kit", "--test=cms_oracle", "--test=wycheproof"];
/// What says in a woven program which mutant is chosen; and, for `0`, which could be.
const CHOOSER: &str = r#"
/// Which of these mutants is chosen, or none.
#[doc(hidden)]
#[allow(clippy::all, missing_docs)]
pub fn mutant(numbers: &[u32]) -> u32 {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
    static CHOSEN: OnceLock<u32> = OnceLock::new();
    static MET: [AtomicBool; 1 << 13] = [const { AtomicBool::new(false) }; 1 << 13];
    let chosen = *CHOSEN.get_or_init(|| std::env::var("THRIVOSIGN_MUTANT").ok().and_then(|text| text.parse().ok()).unwrap_or(u32::MAX));
    if chosen == 0 {
        for number in numbers {
            if !MET[*number as usize].swap(true, Relaxed) {
                use std::io::Write as _;
                let name = std::env::var_os("THRIVOSIGN_MUTANTS_MET").unwrap_or_default();
                let file = std::fs::OpenOptions::new().append(true).create(true).open(name);
                let _ = file.and_then(|mut file| file.write_all(format!("{number}\n").as_bytes()));
            }
        }
    }
    if numbers.contains(&chosen) { chosen } else { 0 }
}
"#;

pub(super) struct Programs {
    pub(super) paths: Vec<PathBuf>,
    pub(super) unviable: HashSet<u32>,
}

/// The tree's files in a place of their own, written only where they differ, so that what is unchanged is not compiled again. Gives a digest
/// of those that decide.
pub(super) fn copy(tree: &Path, deciding: &[&str]) -> Result<u64, String> {
    let listed =
        Command::new("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(place::root()).output();
    let listed = listed.map_err(|error| format!("git ls-files: {error}"))?.stdout;
    let mut files: Vec<String> =
        String::from_utf8_lossy(&listed).split('\0').filter(|name| !name.is_empty()).map(ToOwned::to_owned).collect();
    files.sort();
    let mut digest = 0xCBF2_9CE4_8422_2325;
    let kept: HashSet<PathBuf> = files.iter().map(|name| tree.join(name)).collect();
    for name in &files {
        // Deleted, but not yet by git.
        let Ok(bytes) = fs::read(place::root().join(name)) else { continue };
        if deciding.iter().any(|folder| name.starts_with(folder)) {
            digest = fnv(fnv(digest, name.as_bytes()), &bytes);
        }
        write(&tree.join(name), &bytes)?;
    }
    for folder in deciding {
        remove_others(&tree.join(folder), &kept)?;
    }
    Ok(digest)
}

fn write(to: &Path, bytes: &[u8]) -> Result<(), String> {
    if fs::read(to).is_ok_and(|have| have == bytes) {
        return Ok(());
    }
    fs::create_dir_all(to.parent().unwrap_or(to)).map_err(told)?;
    fs::write(to, bytes).map_err(told)
}

fn remove_others(folder: &Path, kept: &HashSet<PathBuf>) -> Result<(), String> {
    for entry in fs::read_dir(folder).map_err(told)?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            remove_others(&path, kept)?;
        } else if !kept.contains(&path) {
            fs::remove_file(&path).map_err(told)?;
        }
    }
    Ok(())
}

/// Weaves all of them into the copy and compiles it.
pub(super) fn build(tree: &Path, mutants: &[Mutant]) -> Result<Programs, String> {
    let library = fs::read_to_string(place::root().join("src/lib.rs")).map_err(told)?;
    write(&tree.join("src/lib.rs"), (library + CHOOSER).as_bytes())?;
    let mut unviable = HashSet::new();
    loop {
        let texts = weave(tree, mutants, &mut unviable)?;
        println!("compiling {} mutants", mutants.len() - unviable.len());
        let messages = cargo(tree, &["check", "--lib"])?;
        let before = unviable.len();
        let mut elsewhere = Vec::new();
        for (file, place, said) in messages.iter().filter_map(error_of) {
            let blamed = texts.get(&file).map(|text| woven::marked_around(text, place)).unwrap_or_default();
            if blamed.is_empty() {
                elsewhere.push(format!("{file}: {said}"));
            }
            unviable.extend(blamed);
        }
        if unviable.len() == before {
            match elsewhere.is_empty() {
                true => break,
                false => return Err(format!("the woven library does not compile: {}", elsewhere.join("\n"))),
            }
        }
    }
    let mut words = vec!["test", "--no-run"];
    words.extend(TARGETS);
    let messages = cargo(tree, &words)?;
    let of_a_test = |message: &&serde_json::Value| message["profile"]["test"] == true;
    let paths: Vec<PathBuf> =
        messages.iter().filter(of_a_test).filter_map(|message| message["executable"].as_str()).map(PathBuf::from).collect();
    if paths.len() != TARGETS.len() {
        let said: Vec<String> = messages.iter().filter_map(error_of).map(|(file, _, said)| format!("{file}: {said}")).collect();
        return Err(format!("{} of {} test programs were made: {}", paths.len(), TARGETS.len(), said.join("\n")));
    }
    Ok(Programs { paths, unviable })
}

fn weave(tree: &Path, mutants: &[Mutant], unviable: &mut HashSet<u32>) -> Result<BTreeMap<String, String>, String> {
    let mut files: BTreeMap<&str, Vec<&Mutant>> = BTreeMap::new();
    for mutant in mutants.iter().filter(|mutant| !unviable.contains(&mutant.number)) {
        files.entry(&mutant.file).or_default().push(mutant);
    }
    let mut texts = BTreeMap::new();
    for (file, mutants) in files {
        let source = fs::read_to_string(place::root().join(file)).map_err(told)?;
        let (text, left) = woven::weave(&source, &mutants).map_err(|error| format!("{file}: {error}"))?;
        unviable.extend(left);
        write(&tree.join(file), text.as_bytes())?;
        texts.insert(file.to_owned(), text);
    }
    Ok(texts)
}

/// What cargo says, a message a line. The target folder is the copy's own. Optimised: it is compiled once and run thousands of times.
fn cargo(tree: &Path, words: &[&str]) -> Result<Vec<serde_json::Value>, String> {
    let mut command = Command::new("cargo");
    command.args(words).args(["--package", "thrivosign", "--all-features", "--message-format", "json", "--quiet"]);
    command.current_dir(tree).env_remove("CARGO_TARGET_DIR").env("CARGO_INCREMENTAL", "0");
    command.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_PROFILE_DEV_OPT_LEVEL", if words.contains(&"check") { "0" } else { "3" });
    let said = command.stdin(Stdio::null()).stderr(Stdio::null()).output().map_err(told)?;
    Ok(String::from_utf8_lossy(&said.stdout).lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

/// The file, the place in bytes and the text of an error message.
fn error_of(message: &serde_json::Value) -> Option<(String, usize, String)> {
    let told = &message["message"];
    if told["level"] != "error" {
        return None;
    }
    let span = told["spans"].as_array()?.iter().find(|span| span["is_primary"] == true)?;
    let place = usize::try_from(span["byte_start"].as_u64()?).ok()?;
    Some((span["file_name"].as_str()?.to_owned(), place, told["message"].as_str()?.to_owned()))
}
