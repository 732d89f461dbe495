//! Where things are: the work tree, the cache folder, the programs.
//!
//! Takes the environment, gives paths and ready-made commands. May not install or change anything.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the work tree.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Where tools and test documents are kept between runs.
pub(crate) fn cache() -> PathBuf {
    let base = env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    base.or_else(home).unwrap_or_else(|| root().join("target")).join("thrivosign")
}

/// Cargo's own folder.
pub(crate) fn cargo_home() -> PathBuf {
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo"));
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(home).unwrap_or_default()
}

/// The Python of the project's own virtual environment.
pub(crate) fn python() -> PathBuf {
    cache().join("venv/bin/python")
}

/// The folder with what drives a browser.
pub(crate) fn node() -> PathBuf {
    cache().join("web")
}

/// The folder with the Debian that has Swift.
pub(crate) fn swift() -> PathBuf {
    cache().join("swift-trixie")
}

/// Whether that folder was filled to the end: the archive of the packages is emptied last.
pub(crate) fn has_swift() -> bool {
    let archive = swift().join("var/cache/apt/archives");
    let left = archive
        .read_dir()
        .is_ok_and(|mut entries| entries.any(|entry| entry.is_ok_and(|e| e.path().extension().is_some_and(|x| x == "deb"))));
    swift().join("usr/libexec/swift/bin/swift-driver").exists() && !left
}

/// Whether a missing tool has to be a failure.
pub(crate) fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

/// A program of this name on the search path.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// `cargo` in the work tree, with an environment like that of a shell. What `cargo run` sets for this program would make
/// build scripts that watch those variables (ring's does) run again at every change between the two.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        let set_by_cargo = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"];
        if set_by_cargo.iter().any(|prefix| text.starts_with(prefix)) || text == "OUT_DIR" {
            command.env_remove(&name);
        }
    }
    command.current_dir(root()).args(arguments);
    command
}
