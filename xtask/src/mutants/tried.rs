//! Trying mutants: which tests meet which of them, and whether one of those fails when it is chosen.
//!
//! Takes the test programs, gives each mutant's outcome. Tests that do not meet the mutant cannot notice it and do not run; the first that fails
//! is enough. A test that takes longer than a minute by itself is no judge here.

use super::woven::Mutant;
use super::{Outcome, told};
use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A test that takes longer is not asked.
const LONGEST: Duration = Duration::from_secs(60);
/// Tests that are quicker than this run together.
const QUICK: Duration = Duration::from_millis(300);

/// One test, what it takes, and the mutants it meets.
pub(super) struct Judge {
    program: PathBuf,
    test: String,
    took: Duration,
    meets: HashSet<u32>,
}

/// Every test of these programs by itself, with no mutant chosen.
pub(super) fn judges(tree: &Path, programs: &[PathBuf], scratch: &Path) -> Result<Vec<Judge>, String> {
    let mut judges = Vec::new();
    for program in programs {
        let listed = Command::new(program).args(["--list", "--format", "terse"]).current_dir(tree).output().map_err(told)?;
        for test in String::from_utf8_lossy(&listed.stdout).lines().filter_map(|line| line.strip_suffix(": test")) {
            let met = scratch.join("met");
            let _ = std::fs::remove_file(&met);
            let start = Instant::now();
            let mut alone = asked(tree, program, &[test], 0);
            alone.env("THRIVOSIGN_MUTANTS_MET", &met);
            if noticed(alone, LONGEST)? != Some(false) {
                println!("no judge: {test} fails or takes longer than {} s as it is", LONGEST.as_secs());
                continue;
            }
            let numbers = std::fs::read_to_string(&met).unwrap_or_default();
            let meets = numbers.lines().filter_map(|line| line.parse().ok()).collect();
            judges.push(Judge { program: program.clone(), test: test.to_owned(), took: start.elapsed(), meets });
        }
    }
    judges.sort_by_key(|judge| judge.took);
    println!("{} tests judge", judges.len());
    Ok(judges)
}

/// What becomes of that mutant. The tests of its own file come first, then those of the kit and of the forged documents, then what else is quick.
pub(super) fn outcome(tree: &Path, judges: &[Judge], mutant: &Mutant) -> Result<Outcome, String> {
    let mut goes: BTreeMap<(u8, &Path, &str), (Vec<&str>, Duration)> = BTreeMap::new();
    for judge in judges.iter().filter(|judge| judge.meets.contains(&mutant.number)) {
        let is_own = judge.test.starts_with(&module(&mutant.file));
        let (rank, alone) = match (judge.took < QUICK, judge.is_for_all()) {
            (true, _) if is_own => (0, ""),
            (_, true) => (1, ""),
            (true, false) => (2, ""),
            (false, false) => (3, judge.test.as_str()),
        };
        let go = goes.entry((rank, &judge.program, alone)).or_default();
        go.0.push(&judge.test);
        go.1 += judge.took;
    }
    if goes.is_empty() {
        return Ok(Outcome::Unmet);
    }
    for ((_, program, _), (tests, took)) in goes {
        // Several times what it takes, but not for a slow moment.
        match noticed(asked(tree, program, &tests, mutant.number), took * 8 + Duration::from_secs(20))? {
            Some(true) => return Ok(Outcome::Caught),
            Some(false) => {}
            None => return Ok(Outcome::Timeout),
        }
    }
    Ok(Outcome::Missed)
}

/// `src/verify/changes/widget.rs` as its tests begin: `verify::changes::widget::`.
fn module(file: &str) -> String {
    let path = file.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    format!("{}::", path.replace('/', "::"))
}

impl Judge {
    /// One of the kit's or of the forged documents': it notices most.
    fn is_for_all(&self) -> bool {
        let name = self.program.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("kit-") || name.starts_with("forged-")
    }
}

fn asked(tree: &Path, program: &Path, tests: &[&str], number: u32) -> Command {
    let mut command = Command::new(program);
    command.arg("--exact").args(tests).args(["--test-threads", "1"]).current_dir(tree).env("THRIVOSIGN_MUTANT", number.to_string());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// Whether a test failed; nothing when it had to be ended. The first one that fails is enough.
fn noticed(mut command: Command, most: Duration) -> Result<Option<bool>, String> {
    let mut child = command.spawn().map_err(told)?;
    let (failed, ended) = (AtomicBool::new(false), AtomicBool::new(false));
    let told = child.stdout.take();
    std::thread::scope(|scope| {
        let (failed, ended) = (&failed, &ended);
        scope.spawn(move || {
            for line in told.into_iter().flat_map(|told| BufReader::new(told).lines()).map_while(Result::ok) {
                if line.ends_with("FAILED") {
                    failed.store(true, Ordering::Relaxed);
                }
            }
            ended.store(true, Ordering::Relaxed);
        });
        let start = Instant::now();
        let mut over = None;
        while over.is_none() && !failed.load(Ordering::Relaxed) && start.elapsed() <= most {
            // Its threads may outlive what it prints.
            over = child.try_wait().map_err(super::told)?;
            std::thread::sleep(Duration::from_millis(if ended.load(Ordering::Relaxed) { 1 } else { 5 }));
        }
        let _ = child.kill();
        let _ = child.wait();
        Ok(match (over, failed.load(Ordering::Relaxed)) {
            (_, true) => Some(true),
            (Some(status), false) => Some(!status.success()),
            (None, false) => None,
        })
    })
}
