//! `cargo xtask jar`: the library for servers on the JVM, one jar with the native library for Linux inside, on x86-64 and on ARM.
//!
//! Takes Maven, and for the other machine's library its Rust target and a C compiler for it; says what to install where they are missing. The form of
//! the folder with the natives is JNA's.

use crate::borders::target;
use crate::place;
use crate::steps::run;
use std::env::consts::ARCH;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const LIBRARY: &str = "libthrivosign_uniffi.so";
/// Rust's name of a machine, JNA's name of its folder, and the compiler that links for it elsewhere.
const MACHINES: [(&str, &str, &str); 2] =
    [("x86_64", "linux-x86-64", "x86_64-linux-gnu-gcc"), ("aarch64", "linux-aarch64", "aarch64-linux-gnu-gcc")];

/// Builds both libraries as they are shipped, and the jar.
pub(crate) fn package() -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Err("the libraries inside are for Linux and are built there".to_owned());
    }
    let missing = missing(|name| place::program(name).is_some());
    if !missing.is_empty() {
        return Err(missing.join("\n"));
    }
    let natives = target().join("jvm/natives");
    for (machine, folder, compiler) in MACHINES {
        let triple = format!("{machine}-unknown-linux-gnu");
        let mut build = place::cargo(&["rustc", "--profile", "phone", "--package", "thrivosign-uniffi", "--lib", "--crate-type", "cdylib"]);
        build.args(["--target", &triple]);
        if machine != ARCH {
            build.env(format!("CARGO_TARGET_{}_UNKNOWN_LINUX_GNU_LINKER", machine.to_uppercase()), compiler);
            build.env(format!("CC_{machine}_unknown_linux_gnu"), compiler);
        }
        run(&mut build)?;
        let size = put(&target().join(&triple).join("phone").join(LIBRARY), &natives.join(folder))?;
        println!("{triple}: {size} bytes");
    }
    let mut maven = Command::new("mvn");
    maven.args(["-B", "-ntp", "-q", "-f", "android/pom.xml", "-pl", "../bindings/kotlin", "-am", "-DskipTests", "package"]);
    maven.arg(format!("-Dbuild.dir={}", target().join("jvm").display())).current_dir(place::root());
    run(&mut maven)?;
    println!("{}", target().join("jvm/thrivosign-jvm").display());
    Ok(())
}

/// For the tests: the library of this machine as it is built for development, without its symbols.
pub(crate) fn development(built: &Path) -> Result<(), String> {
    let folder = MACHINES
        .iter()
        .find(|(machine, ..)| *machine == ARCH)
        .map(|(_, folder, _)| *folder)
        .ok_or("no folder of JNA's for this machine")?;
    let natives = target().join("jvm/natives");
    put(&built.join(LIBRARY), &natives.join(folder))?;
    run(Command::new("strip").arg(natives.join(folder).join(LIBRARY)))
}

/// What has to be installed first, a line each.
fn missing(has: impl Fn(&str) -> bool) -> Vec<String> {
    let mut lines = Vec::new();
    if !has("mvn") || !has("javac") {
        lines.push("no Maven or no Java compiler: apt-get install maven openjdk-17-jdk-headless".to_owned());
    }
    for (machine, _, compiler) in MACHINES.iter().filter(|(machine, _, compiler)| *machine != ARCH && !has(compiler)) {
        let package = compiler.trim_end_matches("-gcc");
        lines.push(format!(
            "no {compiler}: apt-get install gcc-{package} libc6-dev-{}-cross && rustup target add {machine}-unknown-linux-gnu",
            if *machine == "aarch64" { "arm64" } else { "amd64" }
        ));
    }
    lines
}

/// Copies a library into a folder. Gives its size.
fn put(library: &Path, folder: &Path) -> Result<u64, String> {
    let told = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    fs::create_dir_all(folder).map_err(|error| told(folder, error))?;
    let to: PathBuf = folder.join(LIBRARY);
    let _ = fs::remove_file(&to);
    fs::copy(library, &to).map_err(|error| told(library, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_the_way_to_get_it() {
        assert!(missing(|_| true).is_empty());
        let all = missing(|_| false).join("\n");
        assert!(all.contains("apt-get install maven") && all.contains("rustup target add"), "{all}");
    }
}
