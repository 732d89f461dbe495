//! What the borders cost: a signed document of 104 KB verified in Kotlin and in Swift, each time beside the same document in Rust, in turns.
//!
//! Takes the work tree, gives a table. A benchmark and no test: nothing fails by a figure.

use super::{swift, target, with_server};
use crate::place;
use crate::steps::run;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How often each language has its turn.
const ROUNDS: usize = 3;

/// The table: best round of each. Outside of a demo server it starts one and goes on there.
pub(crate) fn rates() -> Result<(), String> {
    let (Some(scratch), Some(trust)) = (std::env::var_os("THRIVOSIGN_SCRATCH"), std::env::var_os("THRIVOSIGN_TRUST")) else {
        return run(with_server("cargo").args(["xtask", "bench", "borders"]));
    };
    run(&mut place::cargo(&["build", "--quiet", "--release", "--package", "thrivosign-uniffi", "--lib", "--example", "verify_rate"]))?;
    let mut languages: Vec<(&str, Turn)> = vec![("Kotlin", kotlin)];
    match swift::absent() {
        Some(reason) => println!("Swift is left out: {reason}"),
        None => languages.push(("Swift", swift::rate)),
    }
    let mut table =
        String::from("| verify, 104 KB, from memory, one thread | documents a second | in Rust | ratio |\n| --- | --- | --- | --- |\n");
    for (name, turn) in languages {
        let file = PathBuf::from(&scratch).join(format!("rate-{name}.pdf"));
        let (mut theirs, mut ours) = (0.0_f64, 0.0_f64);
        for round in 1..=ROUNDS {
            theirs = theirs.max(turn(&file)?);
            ours = ours.max(rust(&file, Path::new(&trust))?);
            println!("round {round}: {name} {theirs:.0}, Rust {ours:.0} documents a second");
        }
        table += &format!("| {name} | {theirs:.0} | {ours:.0} | **{:.2}** |\n", theirs / ours);
    }
    println!("\n{table}");
    Ok(())
}

/// Measures, and leaves the document that it measured with in that file.
type Turn = fn(&Path) -> Result<f64, String>;

fn rust(file: &Path, trust: &Path) -> Result<f64, String> {
    told(Command::new(target().join("release/examples/verify_rate")).arg(file).arg(trust))
}

fn kotlin(file: &Path) -> Result<f64, String> {
    let mut maven = Command::new("mvn");
    maven.args(["-B", "-ntp", "-f", "android/pom.xml", "-pl", "lib", "-Dtest=FiguresTest", "test"]).current_dir(place::root());
    maven.arg(format!("-Dbuild.dir={}", target().join("jvm").display()));
    maven.arg(format!("-Dnative.dir={}", target().join("release").display()));
    told(maven.env("THRIVOSIGN_KEEP", file))
}

/// The rate that a benchmark prints: the number before `documents`.
pub(super) fn told(command: &mut Command) -> Result<f64, String> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let words: Vec<&str> = text.split_whitespace().collect();
    let rate = words.windows(2).find(|pair| pair[1].starts_with("documents")).and_then(|pair| pair[0].parse().ok());
    rate.filter(|_| output.status.success()).ok_or_else(|| format!("a benchmark told no rate:\n{text}"))
}
