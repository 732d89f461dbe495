//! The figures of docs/performance.md, each as a ratio to a reference measured in the same run.
//!
//! Takes a cache folder and the tools of `cargo xtask test`, gives tables. Never a timed test: a loaded machine changes the
//! numbers, hardly the ratios. Peak memory is that of a process of its own that does nothing else.

// A measurement is an edge: it runs programs, reads the clock and writes files.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod documents;
mod ours;
mod peers;
mod table;

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

fn all(options: &[&str]) -> Fallible<()> {
    let quick = options.contains(&"--quick");
    let write = options.iter().position(|word| *word == "--write").and_then(|at| options.get(at + 1)).map(PathBuf::from);
    let folder = peers::cache()?.join("bench");
    std::fs::create_dir_all(&folder)?;
    let python = peers::python()?;
    let signer = peers::authority(&python)?;
    let mut tables = table::Tables::new();

    let (bytes, objects) = if quick { (50_000_000, 250_000) } else { (1_000_000_000, 5_000_000) };
    let big = [
        ("few big streams", folder.join(format!("streams-{bytes}.pdf"))),
        ("many small objects", folder.join(format!("objects-{objects}.pdf"))),
    ];
    for (name, path) in &big {
        if !path.is_file() {
            println!("making {}", path.display());
            let part = path.with_extension("part");
            if name.starts_with("few") {
                documents::big_streams(&part, bytes)?
            } else {
                documents::small_objects(&part, objects)?
            }
            std::fs::rename(part, path)?;
        }
        println!("signing and verifying {}", path.display());
        tables.large(name, &measure_large(path, &signer)?);
    }

    let small = folder.join("agreement.pdf");
    documents::agreement(&small)?;
    println!("signing and verifying {} again and again", small.display());
    tables.small(&measure_small(&small, &signer, &python, quick)?);

    println!("\n{}", tables.text());
    if let Some(target) = write {
        tables.write(&target)?;
        println!("written to {}", target.display());
    }
    Ok(())
}

/// One large document: medians of rounds in which the work and its reference take turns.
struct Large {
    bytes: u64,
    /// `sha256sum` and then `cp`, the reference of signing.
    reference: f64,
    /// `sha256sum` alone, the reference of verifying.
    hash: f64,
    sign: f64,
    sign_peak_kib: u64,
    verify: f64,
    verify_peak_kib: u64,
}

fn measure_large(path: &Path, signer: &Path) -> Fallible<Large> {
    const ROUNDS: usize = 3;
    let (copy, signed) = (path.with_extension("copy"), path.with_extension("signed"));
    let (mut hashes, mut references, mut signs, mut verifies) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut sign_peak_kib, mut verify_peak_kib) = (0, 0);
    peers::sha256sum(path)?; // into the page cache
    for _ in 0..ROUNDS {
        let hash = peers::sha256sum(path)?;
        references.push(hash + peers::copy(path, &copy)?);
        hashes.push(hash);
        std::fs::remove_file(&copy)?;
        let (seconds, peak) = in_child("sign", path, &signed, signer)?;
        signs.push(seconds);
        sign_peak_kib = sign_peak_kib.max(peak);
        let (seconds, peak) = in_child("verify", path, &signed, signer)?;
        verifies.push(seconds);
        verify_peak_kib = verify_peak_kib.max(peak);
        std::fs::remove_file(&signed)?;
    }
    Ok(Large {
        bytes: std::fs::metadata(path)?.len(),
        reference: median(references),
        hash: median(hashes),
        sign: median(signs),
        sign_peak_kib,
        verify: median(verifies),
        verify_peak_kib,
    })
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// One thread, file to file without fsync.
struct Small {
    bytes: u64,
    sign: Rate,
    verify: Rate,
    peer: peers::PyHanko,
}

/// Documents a second: of processor time, which other people's load changes little, and by the clock on the wall.
#[derive(Clone, Copy, Default)]
struct Rate {
    processor: f64,
    wall: f64,
}

fn measure_small(path: &Path, signer: &Path, python: &Path, quick: bool) -> Fallible<Small> {
    let signed = path.with_extension("signed.pdf");
    let own = ours::Signer::load(signer, "p256")?;
    let rounds = if quick { 300 } else { 3_000 };
    let (mut sign, mut verify) = (Rate::default(), Rate::default());
    for _ in 0..3 {
        sign = sign.best(rate(rounds, || own.sign(path, &signed))?);
        verify = verify.best(rate(rounds, || own.verify(&signed))?);
    }
    let peer = peers::pyhanko(python, path, signer, if quick { 10 } else { 100 })?;
    Ok(Small { bytes: std::fs::metadata(path)?.len(), sign, verify, peer })
}

impl Rate {
    fn best(self, other: Rate) -> Rate {
        Rate { processor: self.processor.max(other.processor), wall: self.wall.max(other.wall) }
    }
}

fn rate(rounds: u32, mut work: impl FnMut() -> Fallible<()>) -> Fallible<Rate> {
    let (processor, wall) = (processor_seconds()?, Instant::now());
    for _ in 0..rounds {
        work()?;
    }
    let rounds = f64::from(rounds);
    Ok(Rate { processor: rounds / (processor_seconds()? - processor), wall: rounds / wall.elapsed().as_secs_f64() })
}

/// User and system time of this process so far, to the nanosecond (proc_pid_schedstat; the process has one thread).
fn processor_seconds() -> Fallible<f64> {
    let told = std::fs::read_to_string("/proc/self/schedstat")?;
    let nanoseconds: f64 = told.split(' ').next().ok_or("no schedstat: processor time is measured on Linux")?.parse()?;
    Ok(nanoseconds / 1e9)
}
