//! `cargo xtask fuzz`: builds the fuzz targets, runs them, and keeps the ledger's totals.
//!
//! Takes minutes and a target, gives an exit status: a finding fails. What a target asserts stands in `fuzz/bodies`. A nightly compiler is
//! used where there is one; the working corpus and what is built stay in the cache folder.

use crate::place;
use crate::steps::run;
use crate::tools::{self, CARGO_FUZZ};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

const TARGETS: [&str; 11] =
    ["tokenizer", "xref", "object_streams", "revisions", "sign_verify", "cms", "verify_whole", "certificate", "crl", "ocsp", "tst"];

/// A run that takes longer for one input, or more memory, is a finding.
const LIMITS: [&str; 3] = ["-timeout=10", "-rss_limit_mb=1536", "-max_len=8192"];

/// `--minutes N` of processor time for each target (10), `--keep` to bring what was learnt into the committed corpus, names of targets.
pub(crate) fn command(words: &[&str]) -> ExitCode {
    let (mut minutes, mut keep, mut targets) = (10, false, Vec::new());
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "--minutes" => match words.next().and_then(|text| text.parse().ok()) {
                Some(number) => minutes = number,
                None => return usage("--minutes takes a number"),
            },
            "--keep" => keep = true,
            name if TARGETS.contains(&name) => targets.push(name),
            other => return usage(&format!("{other} is no target; there are {}", TARGETS.join(", "))),
        }
    }
    if targets.is_empty() {
        targets = TARGETS.to_vec();
    }
    let outcome = build().and_then(|()| targets.iter().try_for_each(|target| fuzz(target, minutes, keep)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn usage(what: &str) -> ExitCode {
    eprintln!("{what}\nusage: cargo xtask fuzz [--minutes N] [--keep] [TARGET..]");
    ExitCode::from(2)
}

fn cache() -> PathBuf {
    place::cache().join("fuzz")
}

fn build() -> Result<(), String> {
    tools::cargo_tool(CARGO_FUZZ)?;
    let listed = Command::new("rustup").args(["toolchain", "list"]).output();
    let nightly = listed.is_ok_and(|said| String::from_utf8_lossy(&said.stdout).lines().any(|line| line.starts_with("nightly")));
    let program = tools::cargo_tool_path(CARGO_FUZZ);
    let mut command = if nightly { Command::new("rustup") } else { Command::new(&program) };
    if nightly {
        command.args(["run", "nightly"]).arg(&program);
    } else {
        // Stable, with the flags of nightly.
        command.env("RUSTC_BOOTSTRAP", "1");
    }
    // The first build takes some minutes: everything below is instrumented anew.
    command.args(["fuzz", "build", "--fuzz-dir", "fuzz", "--target-dir"]).arg(cache().join("target")).current_dir(place::root());
    for name in ["CARGO", "RUSTUP_TOOLCHAIN", "RUSTC", "RUSTDOC", "CARGO_TARGET_DIR"] {
        command.env_remove(name);
    }
    run(&mut command)
}

fn binary(target: &str) -> Result<PathBuf, String> {
    // One folder a host triple.
    let built = fs::read_dir(cache().join("target")).map_err(|error| error.to_string())?;
    let places = built.flatten().map(|entry| entry.path().join("release").join(target));
    places.into_iter().find(|path| path.is_file()).ok_or_else(|| format!("{target} was not built"))
}

/// Processor seconds of all programs that this one has started and that have ended.
fn spent() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    // cutime and cstime, the 16th and 17th field of proc(5), in hundredths of a second.
    let ticks = |field: usize| fields.get(field - 3).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(16) + ticks(17)) / 100.0
}

fn fuzz(target: &str, minutes: u64, keep: bool) -> Result<(), String> {
    let told = |error: std::io::Error| error.to_string();
    let program = binary(target)?;
    let committed = place::root().join("fuzz/corpus").join(target);
    let (working, findings, log) = (cache().join("corpus").join(target), cache().join("findings"), cache().join(format!("{target}.log")));
    fs::create_dir_all(&working).map_err(told)?;
    fs::create_dir_all(&findings).map_err(told)?;
    let (before, wanted) = (spent(), (minutes * 60) as f64);
    let (mut executed, mut features) = (0, 0);
    // Its clock is the wall's; on a busy machine it takes several goes until the time was really had.
    while spent() - before < wanted {
        let left = (wanted - (spent() - before)).ceil().max(10.0);
        println!("{target}: {left} s");
        let output = fs::File::create(&log).map_err(told)?;
        let status = Command::new(&program)
            .args(LIMITS)
            .arg(format!("-max_total_time={left}"))
            .arg("-print_final_stats=1")
            .arg(format!("-dict={}", place::root().join("fuzz/pdf.dict").display()))
            .arg(format!("-artifact_prefix={}/{target}-", findings.display()))
            .args([&working, &committed])
            .stdout(Stdio::null())
            .stderr(output)
            .status()
            .map_err(told)?;
        let said = String::from_utf8_lossy(&fs::read(&log).map_err(told)?).into_owned();
        executed += number_behind(&said, "stat::number_of_executed_units:");
        features = number_behind(&said, " ft: ").max(features);
        if !status.success() {
            return Err(format!("{target}: a finding; see {} and {}", log.display(), findings.display()));
        }
    }
    note(target, (spent() - before) / 60.0, executed, features)?;
    if keep { keep_corpus(&program, &working, &committed) } else { Ok(()) }
}

/// The number behind the last of these words.
fn number_behind(text: &str, word: &str) -> u64 {
    let rest = text.rfind(word).map_or("", |at| &text[at + word.len()..]);
    rest.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Adds to the target's totals in the ledger: `| target | minutes | runs | features |`, the first line of that target; what follows are findings.
fn note(target: &str, minutes: f64, executed: u64, features: u64) -> Result<(), String> {
    let path = place::root().join("fuzz/LEDGER.md");
    let ledger = fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let start = format!("| {target} |");
    let mut found = false;
    let lines = ledger.lines().map(|line| {
        if found || !line.starts_with(&start) {
            return line.to_owned();
        }
        found = true;
        let old: Vec<f64> = line.split('|').skip(2).map(|cell| cell.trim().replace(',', "").parse().unwrap_or(0.0)).collect();
        let total = |cell: usize| old.get(cell).copied().unwrap_or(0.0);
        format!("{start} {:.1} | {} | {} |", total(0) + minutes, total(1) as u64 + executed, features.max(total(2) as u64))
    });
    let text = lines.collect::<Vec<_>>().join("\n") + "\n";
    if !found {
        return Err(format!("fuzz/LEDGER.md has no line for {target}"));
    }
    fs::write(&path, text).map_err(|error| error.to_string())
}

/// Brings the few files that reach what the committed ones do not into the committed corpus: one for each piece of code, not for each count.
fn keep_corpus(program: &Path, working: &Path, committed: &Path) -> Result<(), String> {
    run(Command::new(program).args(["-merge=1", "-use_counters=0"]).args([committed, working]).stderr(Stdio::null()))
}
