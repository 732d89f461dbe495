//! Steps: runs them one after the other, tells each with its time, and counts.
//!
//! Takes named pieces of work, gives one closing line and an exit status. Knows nothing of what a step does.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

/// How a step ended.
pub(crate) enum Outcome {
    Passed,
    /// Could not be done here; the reason is told. Never used where a missing tool must be a failure.
    Skipped(String),
    Failed(String),
}

impl From<Result<(), String>> for Outcome {
    fn from(result: Result<(), String>) -> Self {
        result.map_or_else(Outcome::Failed, |()| Outcome::Passed)
    }
}

/// A run of several steps.
pub(crate) struct Steps {
    started: Instant,
    done: Vec<(&'static str, Outcome, Took)>,
}

/// How long a step took: by the clock, and of processor time where the system tells it. Their ratio says what waits and what computes.
struct Took {
    clock: Duration,
    processor: Option<Duration>,
}

impl Steps {
    pub(crate) fn new() -> Self {
        Steps { started: Instant::now(), done: Vec::new() }
    }

    /// Runs one step. Steps after a failed one still run: one run tells everything that is wrong.
    pub(crate) fn step(&mut self, name: &'static str, what: &str, work: impl FnOnce() -> Outcome) {
        println!("\n== {name}: {what}");
        let (start, spent) = (Instant::now(), processor_time());
        let outcome = work();
        let processor = processor_time().zip(spent).map(|(now, then)| now.saturating_sub(then));
        let took = Took { clock: start.elapsed(), processor };
        let word = match &outcome {
            Outcome::Passed => "ok".to_owned(),
            Outcome::Skipped(reason) => format!("SKIPPED: {reason}"),
            Outcome::Failed(reason) => format!("FAILED: {reason}"),
        };
        println!("== {name}: {word} ({})", took.told());
        self.done.push((name, outcome, took));
    }

    /// Whether any step failed so far.
    pub(crate) fn any_failed(&self) -> bool {
        self.done.iter().any(|(_, outcome, _)| matches!(outcome, Outcome::Failed(_)))
    }

    /// The summary and the exit status. The last line is the one that counts the steps.
    pub(crate) fn finish(self) -> ExitCode {
        println!("\n== summary after {}", seconds(self.started.elapsed()));
        let (mut passed, mut failed, mut skipped) = (0, 0, 0);
        for (name, outcome, took) in &self.done {
            let word = match outcome {
                Outcome::Passed => {
                    passed += 1;
                    "ok".to_owned()
                }
                Outcome::Skipped(reason) => {
                    skipped += 1;
                    format!("skipped: {reason}")
                }
                Outcome::Failed(reason) => {
                    failed += 1;
                    format!("FAILED: {reason}")
                }
            };
            println!("{:>9}  {name}: {word}{}", seconds(took.clock), took.processor_told());
        }
        let tail = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
        println!("steps: {passed} passed, {failed} failed{tail}");
        if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// Runs a command with its output shown; an exit status other than 0 is an error that names the program.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{} ended with {status}", name.rsplit('/').next().unwrap_or(&name))),
        Err(error) => Err(format!("{name} could not be started: {error}")),
    }
}

impl Took {
    fn told(&self) -> String {
        format!("{}{}", seconds(self.clock), self.processor_told())
    }

    fn processor_told(&self) -> String {
        self.processor.map(|time| format!(", {} of processor time", seconds(time))).unwrap_or_default()
    }
}

/// Processor time of every program that this one started and that has ended; none where the system has no `/proc`.
fn processor_time() -> Option<Duration> {
    // Linux tells it to programs in hundredths of a second, whatever it counts in itself.
    const TICKS: u64 = 100;
    let told = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program stands in brackets and may hold anything; behind it, the 14th and 15th word are `cutime` and `cstime`.
    let words = told.rsplit_once(')')?.1.split_whitespace().skip(13).take(2);
    let ticks = words.map(|word| word.parse::<u64>().ok()).sum::<Option<u64>>()?;
    Some(Duration::from_millis(ticks * (1000 / TICKS)))
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
