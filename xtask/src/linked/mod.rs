//! The library of Kotlin and Swift, compiled for phones and linked against stubs: what neither an NDK nor a Mac is needed for.
//!
//! Takes a reviewed list of imports for each system (`tests/platforms`), gives an outcome: an import that is not on the list fails and is named, and so
//! does a line that nothing needs any more. Nothing of it is shipped, and none of it runs.

mod elf;
mod imports;
mod macho;

use crate::borders::target;
use crate::place;
use crate::steps::{Outcome, run};
use crate::tools;
use imports::Imports;
use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::process::Command;

const TOOLS: [&str; 6] = ["clang-19", "ld.lld-19", "ld64.lld-19", "llvm-ar-19", "llvm-nm-19", "llvm-readelf-19"];

/// A phone: Rust's name, clang's, and whether it is linked at every change or with `--long` alone.
pub(crate) struct Phone {
    triple: &'static str,
    clang: &'static str,
    system: System,
    is_long: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum System {
    Android,
    Ios,
}

const PHONES: &[Phone] = &[
    Phone { triple: "aarch64-linux-android", clang: "aarch64-linux-android24", system: System::Android, is_long: false },
    Phone { triple: "aarch64-apple-ios", clang: "arm64-apple-ios16.0", system: System::Ios, is_long: false },
    Phone { triple: "armv7-linux-androideabi", clang: "armv7a-linux-androideabi24", system: System::Android, is_long: true },
    Phone { triple: "x86_64-linux-android", clang: "x86_64-linux-android24", system: System::Android, is_long: true },
    Phone { triple: "i686-linux-android", clang: "i686-linux-android24", system: System::Android, is_long: true },
];

/// The library for each phone: compiled, linked, and what came out is what a system takes.
pub(crate) fn for_phones(strict: bool, long: bool) -> Outcome {
    let phones: Vec<&Phone> = PHONES.iter().filter(|phone| long || !phone.is_long).collect();
    if let Err(missing) = make_ready(&phones) {
        return if strict { Outcome::Failed(missing) } else { Outcome::Skipped(missing) };
    }
    let wrong: Vec<String> =
        phones.iter().filter_map(|phone| phone.linked().err().map(|error| format!("{}: {error}", phone.triple))).collect();
    if wrong.is_empty() { Outcome::Passed } else { Outcome::Failed(wrong.join("\n")) }
}

/// clang and lld come with the other tools; Rust's own library for a phone comes from rustup.
fn make_ready(phones: &[&Phone]) -> Result<(), String> {
    let missing: Vec<&str> = TOOLS.into_iter().filter(|name| place::program(name).is_none()).collect();
    if !missing.is_empty() {
        return Err(format!("no {}: apt-get install clang-19 lld-19 llvm-19", missing.join(", ")));
    }
    tools::rust_targets(&phones.iter().map(|phone| phone.triple).collect::<Vec<_>>())
}

impl Phone {
    fn linked(&self) -> Result<(), String> {
        let list = match self.system {
            System::Android => "tests/platforms/android-imports.txt",
            System::Ios => "tests/platforms/ios-imports.txt",
        };
        let text = fs::read_to_string(place::root().join(list)).map_err(|error| format!("{list}: {error}"))?;
        let imports = Imports::parsed(&text, self.triple).map_err(|error| format!("{list}: {error}"))?;
        // Another list, another folder, which cargo is told: it links anew.
        let mut digest = DefaultHasher::new();
        text.hash(&mut digest);
        let folder = target().join("phones").join(format!("{}-{:016x}", self.triple, digest.finish()));
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let found = match self.system {
            System::Android => elf::linked(self, &folder, &imports),
            System::Ios => macho::linked(self, &folder, &imports),
        }?;
        let (strange, idle) = imports.compared(&found);
        let told = [("asks for what is not on the list", strange), ("no longer asks for what is on the list", idle)];
        let told: Vec<String> =
            told.iter().filter(|(_, names)| !names.is_empty()).map(|(what, names)| format!("{what}: {}", names.join(" "))).collect();
        if told.is_empty() {
            println!("{}: linked, {} imports, all of them on the list", self.triple, found.len());
            return Ok(());
        }
        Err(format!("{} ({list})", told.join("; ")))
    }

    /// Builds the library; what comes last is rustc's, for this crate alone. ring's C parts need no header of the system.
    fn build(&self, kind: &str, options: &[String]) -> Result<PathBuf, String> {
        let arguments = ["rustc", "--quiet", "--package", "thrivosign-uniffi", "--lib", "--profile", "linked", "--target", self.triple];
        let mut build = place::cargo(&arguments);
        let name = self.triple.replace('-', "_");
        build.env(format!("CC_{name}"), "clang-19").env(format!("AR_{name}"), "llvm-ar-19");
        // On Intel's processors clang's own headers would ask the system's for `malloc`, which ring never calls.
        let mut flags = format!("--target={} -nostdlibinc -DRING_CORE_NOSTDLIBINC=1 -D__MM_MALLOC_H", self.clang);
        if self.system == System::Ios {
            let headers = macho::headers(&target().join("phones/sdk"))?;
            flags.push_str(&format!(" -isystem {}", headers.display()));
            build.env("SDKROOT", target().join("phones/sdk")).env("IPHONEOS_DEPLOYMENT_TARGET", macho::OLDEST);
        }
        build.env(format!("CFLAGS_{name}"), flags);
        run(build.args(["--crate-type", kind, "--"]).args(options))?;
        Ok(target().join(self.triple).join("linked"))
    }
}

/// Functions of the library, by the header that Swift reads: what it exports, no more and no less.
fn functions() -> Result<BTreeSet<String>, String> {
    const HEADER: &str = "bindings/swift/ThrivoSignFFI.h";
    let text = fs::read_to_string(place::root().join(HEADER)).map_err(|error| format!("{HEADER}: {error}"))?;
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_' && letter != '(');
    let called = words.filter_map(|word| word.split_once('(')).map(|(name, _)| name);
    Ok(called.filter(|name| name.starts_with("uniffi_") || name.starts_with("ffi_")).map(str::to_owned).collect())
}

/// What a program prints; an exit status other than 0 is an error.
fn said(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{name} could not be started: {error}"))?;
    if !output.status.success() {
        return Err(format!("{name} ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim()));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("{name}: {error}"))
}
