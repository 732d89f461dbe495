//! `cargo xtask mutants`: changes the checks of the verifier one at a time and sees whether a test notices (cargo-mutants).
//!
//! Takes how many and a seed, gives an exit status: a mutant that survives and has no reason in `docs/evidence/mutants.md` fails. The mutants of
//! [`FILES`] are dealt out to shards, the seed puts these in an order, and each run takes the next, so that runs add up. They are made in a copy of the tree in the cache
//! folder; what was found out there is kept for as long as neither the checks nor the tests that judge them change.

use crate::place;
use crate::tools::{self, CARGO_MUTANTS};
use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// Coverage, structure, changes, marks, judgement, and the CMS.
const FILES: &[&str] = &[
    "src/verify/{coverage,locate,stray,structure,facts,judge,permission,counted,digest}.rs",
    "src/verify/changes/**/*.rs",
    "src/marks/*.rs",
    "src/cms/{attributes,ber,carried,check,parse,signer,x509}.rs",
];
/// What must notice: the library's own tests of both rooms (but for the matrix of switches, which takes longer than all others), the forged
/// documents, the attack kit.
const JUDGES: &[&str] = &[
    "--lib",
    "--test",
    "forged",
    "--test",
    "kit",
    "--",
    "--skip",
    "with_a_check_off",
    "verify::",
    "cms::",
    "certified::",
    "damage::",
    "fields::",
    "tags::",
    "every_file",
    "a_refused_range",
];
/// Folders whose content decides about outcomes.
const DECIDING: &[&str] = &["src/verify", "src/cms", "tests/kit", "tests/forged"];
const REASONS: &str = "docs/evidence/mutants.md";
const OUTCOMES: [&str; 4] = ["caught", "missed", "timeout", "unviable"];

/// `--sample N`: about so many mutants more (40), in the order of `--seed S` (1).
pub(crate) fn command(words: &[&str]) -> ExitCode {
    let (mut sample, mut seed) = (40, 1);
    for pair in words.chunks(2) {
        match (pair[0], pair.get(1).and_then(|text| text.parse().ok())) {
            ("--sample", Some(number)) => sample = number,
            ("--seed", Some(number)) => seed = number,
            _ => {
                eprintln!("usage: cargo xtask mutants [--sample N] [--seed S]");
                return ExitCode::from(2);
            }
        }
    }
    match mutate(usize::try_from(sample).unwrap_or(usize::MAX), seed) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Tries so many more, and tells of all that were tried.
pub(crate) fn mutate(sample: usize, seed: u64) -> Result<(), String> {
    tools::cargo_tool(CARGO_MUTANTS)?;
    let tree = place::cache().join("mutants/tree");
    let digest = copy(&tree)?;
    let state = place::cache().join("mutants").join(format!("{digest:016x}"));
    fs::create_dir_all(&state).map_err(told)?;
    let all = list(&tree)?;
    let mut known = take_in(&state)?;
    // One shard in every run: each takes every so-manieth mutant, from all files alike.
    let shards = all.len().div_ceil(sample.max(1));
    let mut order: Vec<usize> = (0..shards).collect();
    order.sort_by_key(|shard| fnv(fnv(0xCBF2_9CE4_8422_2325, &seed.to_le_bytes()), &shard.to_le_bytes()));
    let next = order.into_iter().find(|shard| all.iter().skip(*shard).step_by(shards).any(|name| !known.contains_key(name)));
    if let Some(shard) = next {
        println!("shard {shard} of {shards}: {} mutants were tried before, of {}", known.len(), all.len());
        let mut command = cargo_mutants(&tree);
        command.args(["--in-place", "--all-features", "--iterate", "--sharding", "round-robin", "--shard", &format!("{shard}/{shards}")]);
        // A mutant that loops is ended after the time that the unchanged code takes, several times over, but not for a slow moment.
        command.args(["--minimum-test-timeout", "300", "--colors", "never", "--output"]).arg(&state).arg("--").args(JUDGES);
        // Statuses 2 and 3 say that some survived or took too long; that is told below.
        let status = command.status().map_err(told)?;
        if !matches!(status.code(), Some(0 | 2 | 3)) {
            return Err(format!("cargo-mutants: {status}; see {}", state.join("mutants.out/log").display()));
        }
        known = take_in(&state)?;
    }
    tell(&all, &known)
}

fn told(error: std::io::Error) -> String {
    error.to_string()
}

fn cargo_mutants(tree: &Path) -> Command {
    let mut command = Command::new(tools::cargo_tool_path(CARGO_MUTANTS));
    command.arg("mutants").arg("--dir").arg(tree).args(["--package", "thrivosign", "--no-config"]);
    command.args(FILES.iter().flat_map(|glob| ["--file", *glob]));
    // Compiling takes longer than testing: only what changed, and as quickly as can be. The target folder is the copy's own.
    command
        .env("CARGO_INCREMENTAL", "1")
        .env("CARGO_PROFILE_DEV_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env_remove("CARGO_TARGET_DIR")
        .stdin(Stdio::null());
    command
}

/// Every mutant's name: file, line, column, what is replaced.
fn list(tree: &Path) -> Result<Vec<String>, String> {
    let said = cargo_mutants(tree).args(["--list", "--colors", "never"]).stderr(Stdio::inherit()).output().map_err(told)?;
    let names: Vec<String> = String::from_utf8_lossy(&said.stdout).lines().map(ToOwned::to_owned).collect();
    if said.status.success() && !names.is_empty() { Ok(names) } else { Err("cargo-mutants lists no mutants".to_owned()) }
}

/// The tree's files in a place of their own, written only where they differ, so that what is unchanged is not compiled again. Gives a digest
/// of those that decide.
fn copy(tree: &Path) -> Result<u64, String> {
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
        if DECIDING.iter().any(|folder| name.starts_with(folder)) {
            digest = fnv(fnv(digest, name.as_bytes()), &bytes);
        }
        let to = tree.join(name);
        if fs::read(&to).is_ok_and(|have| have == bytes) {
            continue;
        }
        fs::create_dir_all(to.parent().unwrap_or(tree)).map_err(told)?;
        fs::write(&to, bytes).map_err(told)?;
    }
    for folder in DECIDING {
        remove_others(&tree.join(folder), &kept)?;
    }
    Ok(digest)
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

/// Moves what cargo-mutants has found out, be it ended or not, into the state; gives each mutant's outcome.
fn take_in(state: &Path) -> Result<HashMap<String, &'static str>, String> {
    let mut known = HashMap::new();
    for outcome in OUTCOMES {
        let (fresh, kept) = (state.join("mutants.out").join(format!("{outcome}.txt")), state.join(format!("{outcome}.txt")));
        let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
        let text = read(&kept) + &read(&fresh);
        let mut names: Vec<&str> = text.lines().collect();
        names.sort_unstable();
        names.dedup();
        fs::write(&kept, names.iter().map(|name| format!("{name}\n")).collect::<String>()).map_err(told)?;
        known.extend(names.into_iter().map(|name| (name.to_owned(), outcome)));
    }
    Ok(known)
}

/// The counts, and every survivor that has no reason.
fn tell(all: &[String], known: &HashMap<String, &'static str>) -> Result<(), String> {
    let count = |outcome| known.values().filter(|known| **known == outcome).count();
    let counts = OUTCOMES.map(|outcome| format!("{} {outcome}", count(outcome)));
    println!("{} of {} mutants tried: {}", known.len(), all.len(), counts.join(", "));
    let reasons = fs::read_to_string(place::root().join(REASONS)).map_err(|error| format!("{REASONS}: {error}"))?;
    let mut missed: Vec<&String> = known.iter().filter(|(_, outcome)| **outcome == "missed").map(|(name, _)| name).collect();
    missed.sort();
    let unexplained: Vec<&str> =
        missed.iter().map(|name| name.as_str()).filter(|name| !reasons.contains(&format!("`{}`", placeless(name)))).collect();
    match unexplained.as_slice() {
        [] => Ok(()),
        names => Err(format!("{} survivors without a reason in {REASONS}:\n{}", names.len(), names.join("\n"))),
    }
}

/// The name without line and column, which any edit moves: `src/verify/coverage.rs: replace > with >= in cover`.
fn placeless(name: &str) -> String {
    let mut parts = name.splitn(4, ':');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(file), Some(_), Some(_), Some(what)) => format!("{file}:{what}"),
        _ => name.to_owned(),
    }
}

/// FNV-1a: an order that looks like none, and a name for a content; nobody is kept from making another of the same.
fn fnv(seed: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(seed, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3))
}
