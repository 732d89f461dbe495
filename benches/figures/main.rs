//! The figures of docs/performance.md, each as a ratio to a reference measured in the same run.
//!
//! Takes a cache folder and the tools of `cargo xtask test`, gives tables. Never a timed test: a loaded machine changes the
//! numbers, hardly the ratios. Peak memory is that of a process of its own that does nothing else.

// A measurement is an edge: it runs programs, reads the clock and writes files.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

#[path = "../../tests/interop/clock.rs"]
mod clock;
mod documents;
mod large;
mod lasting;
mod ours;
mod peers;
mod small;
mod table;
mod verifying;

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    // `cargo bench` adds `--bench`.
    let words: Vec<String> = env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["child", work, input, output, signer] => child(work, Path::new(input), Path::new(output), Path::new(signer)),
        ["lasting"] => only_lasting(),
        ["verifying", rest @ ..] => only_verifying(rest),
        ["again", work, rounds, file, signer] => again(work, rounds, Path::new(file), Path::new(signer)),
        rest => all(rest),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// One piece of work in a process of its own: prints the seconds it took and the process's peak memory in KiB.
fn child(work: &str, input: &Path, output: &Path, signer: &Path) -> Fallible<()> {
    let signer = ours::Signer::load(signer, "p256")?;
    let start = Instant::now();
    match work {
        "sign" => signer.sign(input, output)?,
        "sign-in-place" => signer.sign_in_place(output)?,
        "verify" => signer.verify(output)?,
        _ => return Err("unknown work".into()),
    }
    println!("{} {}", start.elapsed().as_secs_f64(), peak_kib()?);
    Ok(())
}

/// The high-water mark of this process's resident memory.
fn peak_kib() -> Fallible<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM: peak memory is measured on Linux")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}

/// Runs [`child`] and reads its answer.
fn in_child(work: &str, input: &Path, output: &Path, signer: &Path) -> Fallible<(f64, u64)> {
    let done = Command::new(env::current_exe()?).args(["child", work]).args([input, output, signer]).output()?;
    if !done.status.success() {
        return Err(format!("{work}: {}", String::from_utf8_lossy(&done.stderr)).into());
    }
    let told = String::from_utf8(done.stdout)?;
    let (seconds, peak) = told.trim().split_once(' ').ok_or("no answer from the child")?;
    Ok((seconds.parse()?, peak.parse()?))
}

/// The figures of B-LT alone.
fn only_lasting() -> Fallible<()> {
    let mut tables = table::Tables::new();
    tables.lasting(&lasting::measure(&peers::cache()?.join("bench"), &peers::python()?, true)?);
    println!("{}", tables.beside().join("\n"));
    Ok(())
}

/// The figures of verification alone.
fn only_verifying(options: &[&str]) -> Fallible<()> {
    let folder = peers::cache()?.join("bench");
    std::fs::create_dir_all(&folder)?;
    let signer = options.first().map(PathBuf::from).ok_or("the folder of the test signers is missing")?;
    let mut tables = table::Tables::new();
    let path = folder.join("agreement.pdf");
    documents::agreement(&path)?;
    tables.in_memory(&verifying::from_memory(&path, &signer, true)?);
    tables.revised(&verifying::revised(&folder, &signer)?);
    for (name, path) in large::medium(&folder)?.into_iter().filter(|(name, _)| *name == "100 MB") {
        for signatures in [1, 5] {
            tables.hashed(name, &verifying::hashed(&path, &signer, signatures)?);
        }
    }
    println!("{}", tables.beside().join("\n"));
    Ok(())
}

/// One piece of work on the small document again and again, for a profiler to look at.
fn again(work: &str, rounds: &str, file: &Path, signer: &Path) -> Fallible<()> {
    let own = ours::Signer::load(signer, "p256")?;
    let bytes = std::fs::read(file)?;
    let input = thrivosign::journey::Input::memory(bytes.clone());
    let rate = small::rate(rounds.parse()?, || match work {
        "sign" => own.sign_memory(&input).map(|_| ()),
        "floor" => own.floor(&input),
        "verify" => own.verify_memory(&bytes),
        _ => Err("unknown work".into()),
    })?;
    println!("{} {}", rate.processor, rate.wall);
    Ok(())
}

fn all(options: &[&str]) -> Fallible<()> {
    let quick = options.contains(&"--quick");
    let write = options.iter().position(|word| *word == "--write").and_then(|at| options.get(at + 1)).map(PathBuf::from);
    let folder = peers::cache()?.join("bench");
    std::fs::create_dir_all(&folder)?;
    let python = peers::python()?;
    let signer = peers::authority(&python)?;
    let mut tables = table::Tables::new();

    for (name, path) in large::documents(&folder, quick)? {
        println!("signing and verifying {}", path.display());
        tables.large(&name, &large::measure(&path, &signer)?);
    }
    println!("signing and verifying twelve gigabytes, most of them a hole");
    tables.sparse(&large::sparse(&folder, &signer, quick)?);
    for (name, path) in large::medium(&folder)? {
        println!("signing {}", path.display());
        tables.medium(name, &large::measure_medium(&path, &signer)?);
    }

    let path = folder.join("agreement.pdf");
    documents::agreement(&path)?;
    println!("signing and verifying {} again and again", path.display());
    tables.small(&small::measure(&path, &signer, &python, quick)?);

    println!("verifying {} from memory", path.display());
    tables.in_memory(&verifying::from_memory(&path, &signer, quick)?);
    for (name, path) in large::medium(&folder)?.into_iter().filter(|(name, _)| *name == "100 MB") {
        for signatures in [1, 5] {
            println!("verifying {} with {signatures} signatures", path.display());
            tables.hashed(name, &verifying::hashed(&path, &signer, signatures)?);
        }
    }
    println!("verifying documents of level B-LT");
    tables.lasting(&lasting::measure(&folder, &python, quick)?);
    println!("verifying a thousand pages with fifty revisions");
    tables.revised(&verifying::revised(&folder, &signer)?);

    println!("\n{}", tables.text());
    if let Some(target) = write {
        tables.write(&target)?;
        println!("written to {}", target.display());
    }
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// User and system time of this process so far, to the nanosecond (proc_pid_schedstat; the process has one thread).
fn processor_seconds() -> Fallible<f64> {
    let told = std::fs::read_to_string("/proc/self/schedstat")?;
    let nanoseconds: f64 = told.split(' ').next().ok_or("no schedstat: processor time is measured on Linux")?.parse()?;
    Ok(nanoseconds / 1e9)
}
