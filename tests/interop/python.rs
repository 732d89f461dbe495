//! The Python environment of the judges, which `cargo xtask test` makes in the cache folder. Gives paths.

use std::env;
use std::path::{Path, PathBuf};

/// The cache folder, and the interpreter in it.
pub(crate) fn python() -> Result<(PathBuf, PathBuf), String> {
    let base = env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let cache = base.or_else(home).ok_or("no home folder")?.join("thrivosign");
    let python = cache.join("venv/bin/python");
    if python.is_file() { Ok((cache, python)) } else { Err("no Python environment".to_owned()) }
}

/// A script of this folder.
pub(crate) fn script_path(script: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop").join(script)
}
