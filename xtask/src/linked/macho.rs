//! The static library for iOS, and a program's link against it without Apple's SDK.
//!
//! Takes the listed imports, makes of them the texts that stand for Apple's libraries, links all that the header names into one library, and gives the
//! imports which that has.

use super::imports::Imports;
use super::{Phone, functions, said};
use crate::steps::run;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest iOS that is supported.
pub(super) const OLDEST: &str = "16.0";

pub(super) fn linked(phone: &Phone, folder: &Path, imports: &Imports) -> Result<BTreeSet<String>, String> {
    let write = |name: String, text: String| {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display())).map(|()| path)
    };
    let archive = phone.build("staticlib", &[])?.join("libthrivosign_uniffi.a");
    let wanted = functions()?;
    // Roots of what is kept, as an app's calls are.
    let exported = write("exported".to_owned(), wanted.iter().map(|name| format!("_{name}\n")).collect())?;
    let made = folder.join("linked.dylib");
    let mut link = Command::new("ld64.lld-19");
    link.args(["-dylib", "-arch", "arm64", "-platform_version", "ios", OLDEST, OLDEST, "-dead_strip", "-undefined", "dynamic_lookup"]);
    link.arg("-exported_symbols_list").arg(exported).arg("-o").arg(&made).arg(&archive);
    for (library, names) in imports.libraries() {
        link.arg(write(format!("{library}.tbd"), text_stub(library, names))?);
    }
    run(&mut link)?;
    let symbols = |kind: &str| {
        let mut read = Command::new("llvm-nm-19");
        let text = said(read.args(["--extern-only", "--format=just-symbols", kind]).arg(&made))?;
        Ok::<_, String>(text.lines().map(str::to_owned).collect::<BTreeSet<_>>())
    };
    let given = symbols("--defined-only")?;
    let absent: Vec<&str> = wanted.iter().filter(|name| !given.contains(&format!("_{name}"))).map(String::as_str).collect();
    if !absent.is_empty() {
        return Err(format!("the archive lacks {}", absent.join(" ")));
    }
    symbols("--undefined-only")
}

/// What stands for Apple's SDK: one header, which says nothing that clang does not say of itself for such a target.
pub(super) fn headers(sdk: &Path) -> Result<PathBuf, String> {
    let folder = sdk.join("usr/include");
    let told = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(told)?;
    let header = folder.join("TargetConditionals.h");
    // Written once: a build script that watches it would compile ring anew each time.
    if !header.is_file() {
        fs::write(&header, "/* clang defines the names of TargetConditionals.h itself */\n").map_err(told)?;
    }
    Ok(folder)
}

/// The text that a linker takes for a library: where a device has it, and its names.
fn text_stub(library: &str, names: &BTreeSet<String>) -> String {
    let place = match library {
        "libSystem" => "/usr/lib/libSystem.B.dylib".to_owned(),
        library if library.starts_with("lib") => format!("/usr/lib/{library}.dylib"),
        framework => format!("/System/Library/Frameworks/{framework}.framework/{framework}"),
    };
    let names = names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
    format!(
        "--- !tapi-tbd\ntbd-version: 4\ntargets: [ arm64-ios ]\ninstall-name: '{place}'\n\
         exports:\n  - targets: [ arm64-ios ]\n    symbols: [ {names} ]\n...\n"
    )
}
