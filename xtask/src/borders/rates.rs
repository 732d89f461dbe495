//! What the borders cost: the same document, signed and verified in Rust, in Kotlin and in Swift, in the same run, in turns.
//!
//! Takes the work tree, gives a table. A benchmark and no test: nothing fails by a figure.

use super::{swift, target, with_server};
use crate::place;
use crate::steps::run;
use std::process::{Command, Stdio};

/// How often each language has its turn.
const ROUNDS: usize = 3;

/// Documents a second of processor time and by the wall clock.
pub(super) type Rate = (f64, f64);

/// The table, best round of each.
pub(crate) fn rates() -> Result<String, String> {
    run(&mut place::cargo(&["build", "--quiet", "--release", "--package", "thrivosign-uniffi"]))?;
    let mut languages: Vec<(&str, Turn)> = vec![("Rust", rust), ("Kotlin", kotlin)];
    match swift::absent() {
        Some(reason) => println!("Swift is left out: {reason}"),
        None => languages.push(("Swift", swift::rate)),
    }
    let mut best = vec![(0.0_f64, 0.0_f64); languages.len()];
    for round in 1..=ROUNDS {
        for ((name, turn), best) in languages.iter().zip(&mut best) {
            let (processor, wall) = turn()?;
            println!("round {round}, {name}: {processor:.0} documents a second of processor time, {wall:.0} by the wall clock");
            *best = (best.0.max(processor), best.1.max(wall));
        }
    }
    let native = best.first().copied().unwrap_or((f64::NAN, f64::NAN));
    let mut table = String::from("| verify, 104 KB in memory | documents a second | of the native rate |\n| --- | --- | --- |\n");
    for ((name, _), (processor, wall)) in languages.iter().zip(&best) {
        table += &format!(
            "| {name} | {processor:.0} ({wall:.0}) | {:.0} % ({:.0} %) |\n",
            100.0 * processor / native.0,
            100.0 * wall / native.1
        );
    }
    Ok(table)
}

type Turn = fn() -> Result<Rate, String>;

fn rust() -> Result<Rate, String> {
    told(&mut place::cargo(&["bench", "--quiet", "-p", "thrivosign", "--bench", "figures", "--", "rate"]))
}

fn kotlin() -> Result<Rate, String> {
    let mut maven = with_server("mvn");
    maven.args(["-B", "-ntp", "-q", "-f", "android/pom.xml", "-DskipTests", "-Prate", "verify"]);
    maven.arg(format!("-Dbuild.dir={}", target().join("jvm").display()));
    maven.arg(format!("-Dnative.dir={}", target().join("release").display()));
    told(&mut maven)
}

/// The rate that a benchmark prints.
pub(super) fn told(command: &mut Command) -> Result<Rate, String> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        return Err(format!("a benchmark failed: {text}"));
    }
    let line = text.lines().find(|line| line.starts_with("verify, ")).ok_or("a benchmark told no rate")?;
    let numbers: Vec<f64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    // Bytes, and the two rates.
    match numbers.as_slice() {
        [_, processor, wall] => Ok((*processor, *wall)),
        _ => Err(format!("not understood: {line}")),
    }
}
