//! `cargo xtask dist`: the library as C and C++ programs find it: headers, shared and static library, pkg-config and CMake package, licences.
//!
//! Takes a prefix and a cargo profile, gives a folder that can be moved anywhere. The version is Cargo's and the ABI number that of
//! bindings/c/abi_version: nothing is written down twice.

mod manual;
mod sizes;

use crate::borders::target;
use crate::place;
use crate::steps::run;
use crate::tools;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const PKG_CONFIG: &str = include_str!("thrivosign.pc.in");
const CMAKE: &str = include_str!("thrivosignConfig.cmake.in");
const CMAKE_VERSION: &str = include_str!("thrivosignConfigVersion.cmake.in");

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The profile of what is shipped.
pub(crate) const SHIPPED: &str = "dist";

/// Where the library was put, and for what machine.
pub(crate) struct Installed {
    pub(crate) prefix: PathBuf,
    triple: String,
}

/// Machines that it is made for elsewhere as well, and the C compiler for each.
pub(crate) const ELSEWHERE: [(&str, &str); 2] =
    [("aarch64-unknown-linux-gnu", "aarch64-linux-gnu-gcc"), ("x86_64-unknown-linux-gnu", "x86_64-linux-gnu-gcc")];

/// `cargo xtask dist [--prefix DIR] [--profile NAME] [--target TRIPLE]`.
pub(crate) fn command(options: &[&str]) -> ExitCode {
    let (mut prefix, mut profile, mut machine) = (None, SHIPPED, None);
    for pair in options.chunks(2) {
        match pair {
            ["--prefix", folder] => prefix = Some(*folder),
            ["--profile", name] => profile = *name,
            ["--target", triple] if ELSEWHERE.iter().any(|(known, _)| known == triple) => machine = Some(*triple),
            _ => {
                eprintln!(
                    "usage: cargo xtask dist [--prefix DIR] [--profile NAME] [--target {}]",
                    ELSEWHERE.map(|(triple, _)| triple).join("|")
                );
                return ExitCode::from(2);
            }
        }
    }
    let here = std::env::current_dir().unwrap_or_default();
    match install(prefix.map(|prefix| here.join(prefix)), profile, machine) {
        // A library that is larger than it should be works all the same: whoever installs it is told, the tests are what fails.
        Ok(installed) => {
            if let Err(larger) = within_budget(&installed, profile) {
                println!("{larger}");
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Says the sizes of the library and of its parts, and whether it may be shipped.
pub(crate) fn within_budget(installed: &Installed, profile: &str) -> Result<(), String> {
    println!("installed in {} (profile {profile})", installed.prefix.display());
    let larger = sizes::told(&installed.prefix.join("lib"), &installed.triple)?;
    if profile == SHIPPED && !larger.is_empty() { Err(larger.join("; ")) } else { Ok(()) }
}

/// Builds the library, for this machine or for another one, and lays it out; without a prefix in `dist/<triple>` of the target folder.
pub(crate) fn install(prefix: Option<PathBuf>, profile: &str, machine: Option<&str>) -> Result<Installed, String> {
    if !cfg!(target_os = "linux") {
        return Err("the layout with a SONAME is that of Linux; elsewhere build bindings/c with cargo".to_owned());
    }
    let target = target();
    let here = triple()?;
    let machine = machine.filter(|machine| *machine != here);
    let triple = machine.map_or(here, str::to_owned);
    let prefix = prefix.unwrap_or_else(|| target.join("dist").join(&triple));
    // cargo names the folder of the profile `dev` otherwise.
    let built = machine.map_or_else(|| target.clone(), |machine| target.join(machine));
    let built = built.join(if profile == "dev" { "debug" } else { profile });
    let native = build(&built, profile, machine)?;
    let abi =
        fs::read_to_string(place::root().join("bindings/c/abi_version")).map_err(|error| format!("bindings/c/abi_version: {error}"))?;
    let names = Names { abi: abi.trim(), native: &native };
    lay_out(&prefix, &built, &names)?;
    Ok(Installed { prefix, triple })
}

/// What the templates need to know.
struct Names<'n> {
    abi: &'n str,
    /// Libraries of the system that the static library needs, as linker options.
    native: &'n str,
}

impl Names<'_> {
    fn filled(&self, template: &str) -> String {
        let mut parts = VERSION.split('.');
        let mut part = || parts.next().unwrap_or_default();
        template
            .replace("@VERSION@", VERSION)
            .replace("@MAJOR@", part())
            .replace("@MINOR@", part())
            .replace("@ABI@", self.abi)
            .replace("@NATIVE@", self.native)
            .replace("@NATIVE_LIST@", &self.native.split_whitespace().collect::<Vec<_>>().join(";"))
            .replace("@POINTER@", &size_of::<usize>().to_string())
    }
}

/// Builds both libraries in one go. Gives the libraries of the system that the static one needs.
fn build(built: &Path, profile: &str, machine: Option<&str>) -> Result<String, String> {
    // cargo would not optimise across crates if it had to make the Rust library as well, which needs no shipping.
    let kinds = ["--crate-type", "cdylib", "--crate-type", "staticlib"];
    let mut command = place::cargo(&["rustc", "--package", "thrivosign-c", "--lib", "--profile", profile]);
    command.args(kinds);
    if let Some((triple, compiler)) = ELSEWHERE.iter().find(|(triple, _)| Some(*triple) == machine) {
        tools::rust_targets(&[triple])?;
        // clang finds the other machine's C library where Debian's cross compiler has it, and lld makes one of functions that became the same code.
        let missing: Vec<&str> = [compiler, "clang-19", "ld.lld-19"].into_iter().filter(|name| place::program(name).is_none()).collect();
        if !missing.is_empty() {
            return Err(format!("no {}: apt-get install clang-19 lld-19 gcc-aarch64-linux-gnu libc6-dev-arm64-cross", missing.join(", ")));
        }
        command.args(["--target", triple]).env(format!("CC_{}", triple.replace('-', "_")), compiler);
    }
    let told_in = built.join("native-static-libs");
    // A file of its own, and never a device: rustc replaces what is there.
    command.arg("--").arg("--print").arg(format!("native-static-libs={}", told_in.display()));
    if profile == SHIPPED {
        command.env("CARGO_ENCODED_RUSTFLAGS", without_paths());
        // Where Rust's own lld links, functions that became the same code are one; nothing of Rust compares their addresses.
        if machine.is_some() || cfg!(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu")) {
            command.args(["-C", "link-arg=-Wl,--icf=all", "-C", "link-arg=-Wl,-O2"]);
        }
    }
    if let Some(triple) = machine {
        let name = triple.replace("-unknown", "");
        command.args(["-C", "linker=clang-19", "-C", &format!("link-arg=--target={name}"), "-C", "link-arg=-fuse-ld=lld-19"]);
    }
    run(&mut command)?;
    let native = fs::read_to_string(&told_in).map_err(|error| told(&told_in, &error))?;
    Ok(native.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Options that keep this machine's folders out of what is shipped: panics name source files.
fn without_paths() -> String {
    let sources = place::cargo_home().join("registry/src");
    let registries = sources.read_dir().into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let folders = registries.map(|folder| format!("{}/=", folder.display())).chain([format!("{}/=", place::root().display())]);
    folders.map(|map| format!("--remap-path-prefix={map}")).collect::<Vec<_>>().join("\u{1f}")
}

fn lay_out(prefix: &Path, built: &Path, names: &Names<'_>) -> Result<(), String> {
    let root = place::root();
    let folder = |name: &str| {
        let path = prefix.join(name);
        fs::create_dir_all(&path).map_err(|error| told(&path, &error)).map(|()| path)
    };
    let (include, lib, doc) = (folder("include")?, folder("lib")?, folder("share/doc/thrivosign")?);
    let (pkg_config, cmake) = (folder("lib/pkgconfig")?, folder("lib/cmake/thrivosign")?);

    for header in ["thrivosign.h", "thrivosign.hpp"] {
        copy(&root.join("include").join(header), &include.join(header))?;
    }
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        copy(&root.join(licence), &doc.join(licence))?;
    }
    let header = root.join("include/thrivosign.h");
    let text = fs::read_to_string(&header).map_err(|error| told(&header, &error))?;
    let page = doc.join("manual.html");
    fs::write(&page, manual::page(&text, VERSION)).map_err(|error| told(&page, &error))?;
    let real = format!("libthrivosign.so.{VERSION}");
    copy(&built.join("libthrivosign_c.so"), &lib.join(&real))?;
    copy(&built.join("libthrivosign_c.a"), &lib.join("libthrivosign.a"))?;
    let soname = format!("libthrivosign.so.{}", names.abi);
    link(&real, &lib.join(&soname))?;
    link(&soname, &lib.join("libthrivosign.so"))?;

    let write = |path: PathBuf, template: &str| fs::write(&path, names.filled(template)).map_err(|error| told(&path, &error));
    write(pkg_config.join("thrivosign.pc"), PKG_CONFIG)?;
    write(cmake.join("thrivosignConfig.cmake"), CMAKE)?;
    write(cmake.join("thrivosignConfigVersion.cmake"), CMAKE_VERSION)
}

/// Replaces the file: a program that runs with the old one keeps it.
fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let _ = fs::remove_file(to);
    fs::copy(from, to).map(drop).map_err(|error| told(from, &error))
}

#[cfg(unix)]
fn link(target: &str, name: &Path) -> Result<(), String> {
    let _ = fs::remove_file(name);
    std::os::unix::fs::symlink(target, name).map_err(|error| told(name, &error))
}

#[cfg(not(unix))]
fn link(_target: &str, name: &Path) -> Result<(), String> {
    Err(format!("{}: no symbolic links here", name.display()))
}

/// The triple of this machine.
fn triple() -> Result<String, String> {
    let said = said(Command::new("rustc").arg("-vV"))?;
    let line = said.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned).ok_or_else(|| "rustc names no host".to_owned())
}

fn said(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{}: {error}", command.get_program().to_string_lossy()))?;
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}

fn told(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
