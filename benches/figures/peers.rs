//! The references: `sha256sum` and `cp` for large files, pyHanko for small ones.
//!
//! Takes files, gives seconds or documents a second. May not be faster or slower than what a person would type.

use crate::Fallible;
use crate::small::Rate;
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// pyHanko's documents a second.
pub(crate) struct PyHanko {
    pub(crate) version: String,
    pub(crate) sign: Rate,
    pub(crate) verify: Rate,
}

/// Where tools and measured documents are kept.
pub(crate) fn cache() -> Fallible<PathBuf> {
    let base = env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    Ok(base.or_else(home).ok_or("no home folder")?.join("thrivosign"))
}

/// The Python environment that `cargo xtask test` makes.
pub(crate) fn python() -> Fallible<PathBuf> {
    let python = cache()?.join("venv/bin/python");
    if python.is_file() { Ok(python) } else { Err("no Python environment; `cargo xtask test` makes it".into()) }
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn output(command: &mut Command) -> Fallible<String> {
    let done = command.output()?;
    if done.status.success() { Ok(String::from_utf8(done.stdout)?) } else { Err(String::from_utf8_lossy(&done.stderr).into()) }
}

/// The folder with the test signers.
pub(crate) fn authority(python: &Path) -> Fallible<PathBuf> {
    let told = output(Command::new(python).arg(script("tests/interop/make_ca.py")))?;
    Ok(told.lines().last().ok_or("make_ca.py named no folder")?.into())
}

/// The folder of what `levels.py` makes.
pub(crate) fn levels(python: &Path) -> Fallible<PathBuf> {
    let told = output(Command::new(python).arg(script("tests/interop/levels.py")))?;
    Ok(told.lines().last().ok_or("levels.py named no folder")?.into())
}

/// pyHanko over the files `*.pdf` of a folder, with what is in them alone.
pub(crate) fn pyhanko_lasting(python: &Path, folder: &Path, pki: &Path, rounds: u32) -> Fallible<Rate> {
    let mut command = Command::new(python);
    command.arg(script("benches/figures/pyhanko_lasting.py")).args([folder, pki]).arg(rounds.to_string());
    let told: serde_json::Value = serde_json::from_str(&output(&mut command)?)?;
    let number = |clock: &str| told[clock].as_f64().ok_or("pyHanko's answer is not understood");
    Ok(Rate { processor: number("processor")?, wall: number("wall")? })
}

fn timed(command: &mut Command) -> Fallible<f64> {
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).status()?;
    if status.success() { Ok(start.elapsed().as_secs_f64()) } else { Err(format!("{command:?} failed").into()) }
}

pub(crate) fn sha256sum(file: &Path) -> Fallible<f64> {
    timed(Command::new("sha256sum").arg(file))
}

/// `--reflink=never`: a file system that only shares blocks would make the reference no work at all.
pub(crate) fn copy(file: &Path, target: &Path) -> Fallible<f64> {
    timed(Command::new("cp").arg("--reflink=never").args([file, target]))
}

pub(crate) fn pyhanko(python: &Path, file: &Path, signer: &Path, rounds: u32) -> Fallible<PyHanko> {
    let mut command = Command::new(python);
    command.arg(script("benches/figures/pyhanko_peer.py")).arg(file);
    command.args(["p256.key.pem", "p256.chain.pem", "root.pem"].map(|name| signer.join(name))).arg(rounds.to_string());
    let told: serde_json::Value = serde_json::from_str(&output(&mut command)?)?;
    let number = |what: &str, clock: &str| told[what][clock].as_f64().ok_or("pyHanko's answer is not understood");
    let rate = |what: &str| Ok::<_, &str>(Rate { processor: number(what, "processor")?, wall: number(what, "wall")? });
    Ok(PyHanko { version: told["version"].as_str().unwrap_or("?").to_owned(), sign: rate("sign")?, verify: rate("verify")? })
}
