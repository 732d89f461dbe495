//! `cargo xtask mutants`: changes the checks of the verifier one at a time and sees whether a test notices.
//!
//! Takes how many and a seed, gives an exit status: a mutant that survives and has no reason in `docs/evidence/mutants.md` fails. cargo-mutants
//! lists the mutants of [`FILES`]; all of them are compiled into one program, which is told at its start which one to be (compiling each by
//! itself takes minutes, trying it a second). The seed puts them in an order, and each run takes the next, so that runs add up: what was found
//! out is kept in the cache folder for as long as neither the checks nor the tests that judge them change.

mod built;
mod tried;
mod woven;

use crate::place;
use crate::tools;
use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use woven::Mutant;

/// Lists them; installed by this command.
const CARGO_MUTANTS: (&str, &str) = ("cargo-mutants", "27.1.0");
/// Coverage, structure, changes, marks, judgement, and the CMS.
const FILES: &[&str] = &[
    "src/verify/{coverage,locate,stray,structure,facts,judge,permission,counted,digest}.rs",
    "src/verify/changes/**/*.rs",
    "src/marks/*.rs",
    "src/cms/{attributes,ber,carried,check,parse,signer,x509}.rs",
];
/// Folders whose content decides about outcomes.
const DECIDING: &[&str] = &["src/verify", "src/cms", "src/marks", "src/pdf", "tests/kit", "tests/forged"];
const REASONS: &str = "docs/evidence/mutants.md";

/// What became of a mutant.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Outcome {
    Caught,
    Missed,
    /// No test comes to the place.
    Unmet,
    Timeout,
    Unviable,
}

impl Outcome {
    const ALL: [Outcome; 5] = [Outcome::Caught, Outcome::Timeout, Outcome::Missed, Outcome::Unmet, Outcome::Unviable];

    fn word(self) -> &'static str {
        match self {
            Outcome::Caught => "caught",
            Outcome::Missed => "missed",
            Outcome::Unmet => "met by no test",
            Outcome::Timeout => "never ended",
            Outcome::Unviable => "do not compile",
        }
    }
}

/// `--sample N`: so many mutants more (40), in the order of `--seed S` (1); `--sample all`.
pub(crate) fn command(words: &[&str]) -> ExitCode {
    let (mut sample, mut seed) = (40, 1);
    for pair in words.chunks(2) {
        match (pair[0], pair.get(1).map(|text| (*text, text.parse::<u64>()))) {
            ("--sample", Some(("all", _))) => sample = usize::MAX,
            ("--sample", Some((_, Ok(number)))) => sample = usize::try_from(number).unwrap_or(usize::MAX),
            ("--seed", Some((_, Ok(number)))) => seed = number,
            _ => {
                eprintln!("usage: cargo xtask mutants [--sample N|all] [--seed S]");
                return ExitCode::from(2);
            }
        }
    }
    match mutate(sample, seed) {
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
    let digest = built::copy(&tree, DECIDING)?;
    let state = place::cache().join("mutants").join(format!("{digest:016x}"));
    fs::create_dir_all(&state).map_err(told)?;
    let all = list()?;
    let mut known = known(&state);
    let mut next: Vec<&Mutant> = all.iter().filter(|mutant| !known.contains_key(&mutant.name)).collect();
    next.sort_by_key(|mutant| fnv(fnv(0xCBF2_9CE4_8422_2325, &seed.to_le_bytes()), mutant.name.as_bytes()));
    next.truncate(sample);
    if !next.is_empty() {
        let programs = built::build(&tree, &all)?;
        let keep = Mutex::new(fs::OpenOptions::new().append(true).create(true).open(state.join("outcomes")).map_err(told)?);
        let judges = tried::judges(&tree, &programs.paths, &state)?;
        let (at, told_last) = (AtomicUsize::new(0), Mutex::new(()));
        let work = || -> Result<(), String> {
            while let Some(mutant) = next.get(at.fetch_add(1, Ordering::Relaxed)) {
                let outcome = match programs.unviable.contains(&mutant.number) {
                    true => Outcome::Unviable,
                    false => tried::outcome(&tree, &judges, mutant)?,
                };
                let _one = told_last.lock();
                println!("{}: {}", mutant.name, outcome.word());
                let mut keep = keep.lock().map_err(|_| "a worker ended early".to_owned())?;
                writeln!(keep, "{}\t{}", outcome.word(), mutant.name).map_err(told)?;
            }
            Ok(())
        };
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            let started: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
            started.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|_| Err("a worker ended early".to_owned())))
        })?;
        known = self::known(&state);
    }
    tell(&all, &known)
}

fn told(error: std::io::Error) -> String {
    error.to_string()
}

/// Every mutant of the checks, by what cargo-mutants lists.
fn list() -> Result<Vec<Mutant>, String> {
    let mut command = Command::new(tools::cargo_tool_path(CARGO_MUTANTS));
    command.arg("mutants").arg("--dir").arg(place::root()).args(["--package", "thrivosign", "--no-config"]);
    command.args(FILES.iter().flat_map(|glob| ["--file", *glob])).args(["--list", "--json", "--colors", "never"]);
    let said = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().map_err(told)?;
    let listed: Vec<serde_json::Value> = serde_json::from_slice(&said.stdout).map_err(|error| format!("cargo-mutants --list: {error}"))?;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let at = |value: &serde_json::Value| {
        let number = |name: &str| value[name].as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or_default();
        proc_macro2::LineColumn { line: number("line"), column: number("column").saturating_sub(1) }
    };
    let mutants = listed.iter().zip(1..).map(|(one, number)| Mutant {
        number,
        name: text(&one["name"]),
        file: text(&one["file"]),
        kind: text(&one["genre"]),
        replacement: text(&one["replacement"]),
        from: at(&one["span"]["start"]),
        to: at(&one["span"]["end"]),
    });
    Ok(mutants.collect())
}

/// Each mutant's outcome so far.
fn known(state: &Path) -> HashMap<String, Outcome> {
    let kept = fs::read_to_string(state.join("outcomes")).unwrap_or_default();
    let parsed = kept.lines().filter_map(|line| {
        let (word, name) = line.split_once('\t')?;
        Some((name.to_owned(), Outcome::ALL.into_iter().find(|outcome| outcome.word() == word)?))
    });
    parsed.collect()
}

/// The counts, and every survivor that has no reason.
fn tell(all: &[Mutant], known: &HashMap<String, Outcome>) -> Result<(), String> {
    let count = |outcome| known.values().filter(|known| **known == outcome).count();
    let counts = Outcome::ALL.map(|outcome| format!("{} {}", count(outcome), outcome.word()));
    println!("{} of {} mutants tried: {}", known.len(), all.len(), counts.join(", "));
    let reasons = fs::read_to_string(place::root().join(REASONS)).map_err(|error| format!("{REASONS}: {error}"))?;
    let survived = |outcome: &Outcome| matches!(outcome, Outcome::Missed | Outcome::Unmet);
    let mut survivors: Vec<&String> = known.iter().filter(|(_, outcome)| survived(outcome)).map(|(name, _)| name).collect();
    survivors.sort();
    let unexplained: Vec<&str> =
        survivors.iter().map(|name| name.as_str()).filter(|name| !reasons.contains(&format!("`{}`", placeless(name)))).collect();
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
