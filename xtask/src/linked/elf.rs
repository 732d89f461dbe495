//! A shared library for Android, linked without an NDK.
//!
//! Takes the listed imports, makes of them libraries with nothing but names, links, and holds the result to what Android's loader asks of a library.
//! Gives the imports that the library has.

use super::imports::{Imports, MARK};
use super::{Phone, functions, said};
use crate::steps::run;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

const LIBRARY: &str = "libthrivosign_uniffi.so";

pub(super) fn linked(phone: &Phone, folder: &Path, imports: &Imports) -> Result<BTreeSet<String>, String> {
    for (library, names) in imports.libraries() {
        stub(phone, folder, library, names)?;
    }
    // An unknown name is left open here: the list, and not the linker, says which they are, all at once.
    let mut options =
        vec!["linker=clang-19".to_owned(), format!("link-arg=--target={}", phone.clang), format!("link-arg=-L{}", folder.display())];
    let flags = [
        "-fuse-ld=lld-19",
        "-nostdlib",
        "-Wl,-z,max-page-size=16384",
        "-Wl,--pack-dyn-relocs=android",
        "-Wl,--unresolved-symbols=ignore-all",
    ];
    options.extend(flags.map(|flag| format!("link-arg={flag}")));
    let library = phone.build("cdylib", &options.iter().map(|option| format!("-C{option}")).collect::<Vec<_>>())?.join(LIBRARY);
    let read = |option: &str| said(Command::new("llvm-readelf-19").args(["--wide", option]).arg(&library));
    let wrong = [of_segments(&read("--program-headers")?), of_entries(&read("--dynamic-table")?)].concat();
    let (found, exported) = symbols(&read("--dyn-symbols")?);
    let wrong = [wrong, of_exports(&exported, &functions()?)].concat();
    if !wrong.is_empty() {
        return Err(wrong.join("; "));
    }
    // What unwinds is part of the library, of the NDK's making; it is listed all the same.
    let inside = imports.libraries().filter(|(library, _)| library.ends_with(".a")).flat_map(|(_, names)| names.iter().cloned());
    let defined = said(Command::new("llvm-nm-19").args(["--defined-only", "--format=just-symbols"]).arg(&library))?;
    let defined: BTreeSet<&str> = defined.lines().collect();
    Ok(found.into_iter().chain(inside.filter(|name| defined.contains(name.as_str()))).collect())
}

/// A library that has those names and nothing behind them.
fn stub(phone: &Phone, folder: &Path, library: &str, names: &BTreeSet<String>) -> Result<(), String> {
    let source = folder.join(format!("{library}.s"));
    // A section for each, of which the linker keeps what is asked for.
    let one =
        |name: &String| format!(".section .data.{name}, \"aw\", %progbits\n.globl {name}\n.type {name}, %function\n{name}:\n.byte 0\n");
    let text: String = names.iter().map(one).collect();
    fs::write(&source, format!("{text}.section .note.GNU-stack, \"\", %progbits\n"))
        .map_err(|error| format!("{}: {error}", source.display()))?;
    let object = source.with_extension("o");
    let clang = || {
        let mut command = Command::new("clang-19");
        command.arg(format!("--target={}", phone.clang));
        command
    };
    run(clang().arg("-c").arg(&source).arg("-o").arg(&object))?;
    let made = folder.join(library);
    if library.ends_with(".a") {
        return run(Command::new("llvm-ar-19").arg("rcs").arg(&made).arg(&object));
    }
    let flags = ["-nostdlib", "-shared", "-fuse-ld=lld-19"];
    run(clang().args(flags).arg(format!("-Wl,-soname,{library}")).arg(&object).arg("-o").arg(&made))
}

/// What is wrong with the segments: pages of 16 KiB, no stack that executes, relocations read-only once they are done.
fn of_segments(told: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let lines = |kind: &'static str| told.lines().map(str::trim).filter(move |line| line.split_whitespace().next() == Some(kind));
    if lines("LOAD").next().is_none() {
        wrong.push("no LOAD segment".to_owned());
    }
    for line in lines("LOAD") {
        let alignment = line.rsplit(' ').next().and_then(|word| u64::from_str_radix(word.trim_start_matches("0x"), 16).ok());
        if alignment.is_none_or(|alignment| alignment < 0x4000) {
            wrong.push(format!("not aligned to 16 KiB: {line}"));
        }
    }
    // Flags stand in columns between the sizes and the alignment.
    let executes = |line: &str| line.split_whitespace().skip(6).any(|word| word.contains('E'));
    match lines("GNU_STACK").next() {
        None => wrong.push("the stack is executable: no GNU_STACK".to_owned()),
        Some(line) if executes(line) => wrong.push(format!("the stack is executable: {line}")),
        Some(_) => {}
    }
    if lines("GNU_RELRO").next().is_none() {
        wrong.push("no GNU_RELRO".to_owned());
    }
    wrong
}

/// What is wrong with the dynamic section: its name, relocations in code, names bound late, libraries that apps have no right to.
fn of_entries(told: &str) -> Vec<String> {
    const PUBLIC: [&str; 4] = ["libc.so", "libm.so", "libdl.so", "liblog.so"];
    let mut wrong = Vec::new();
    let named = |kind: &str| -> Vec<&str> {
        let lines = told.lines().filter(|line| line.contains(kind));
        lines.filter_map(|line| line.split_once('[')?.1.strip_suffix(']')).collect()
    };
    if named("(SONAME)") != [LIBRARY] {
        wrong.push(format!("SONAME is {:?}, not {LIBRARY}", named("(SONAME)")));
    }
    if told.contains("TEXTREL") {
        wrong.push("relocations in code (TEXTREL)".to_owned());
    }
    if !told.lines().any(|line| line.contains("BIND_NOW") || (line.contains("(FLAGS_1)") && line.contains("NOW"))) {
        wrong.push("names are bound late: no BIND_NOW".to_owned());
    }
    wrong.extend(named("(NEEDED)").iter().filter(|name| !PUBLIC.contains(name)).map(|name| format!("needs {name}")));
    wrong
}

/// Names that are asked for, and names that are given.
fn symbols(told: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut asked, mut given) = (BTreeSet::new(), BTreeSet::new());
    for line in told.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [_, _, _, _, binding @ ("GLOBAL" | "WEAK"), _, section, name, ..] = words.as_slice() else { continue };
        let name = name.split('@').next().unwrap_or(name);
        match (*section, *binding) {
            ("UND", "WEAK") => asked.insert(format!("{name}{MARK}")),
            ("UND", _) => asked.insert(name.to_owned()),
            _ => given.insert(name.to_owned()),
        };
    }
    (asked, given)
}

/// The functions of the header, their descriptions (`UNIFFI_META_`), and nothing else: no JNI, nothing of ring's or Rust's.
fn of_exports(exported: &BTreeSet<String>, wanted: &BTreeSet<String>) -> Vec<String> {
    let list = |what: &str, names: Vec<&String>| {
        let names: Vec<&str> = names.into_iter().map(String::as_str).take(20).collect();
        (!names.is_empty()).then(|| format!("{what}: {}", names.join(" ")))
    };
    let too_many = exported.difference(wanted).filter(|name| !name.starts_with("UNIFFI_META_")).collect();
    [list("exports what the header has not", too_many), list("does not export", wanted.difference(exported).collect())]
        .into_iter()
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEGMENTS: &str = "\
  Type           Offset   VirtAddr           PhysAddr           FileSiz  MemSiz   Flg Align
  LOAD           0x000000 0x0000000000000000 0x0000000000000000 0x2ce5fc 0x2ce5fc R   0x4000
  LOAD           0x2ce600 0x00000000002d2600 0x00000000002d2600 0x9a9f10 0x9a9f10 R E 0x4000
  GNU_RELRO      0xc78510 0x0000000000c80510 0x0000000000c80510 0x07e6b0 0x07faf0 R   0x1
  GNU_STACK      0x000000 0x0000000000000000 0x0000000000000000 0x000000 0x000000 RW  0x0
";
    const ENTRIES: &str = "\
  0x0000000000000001 (NEEDED)             Shared library: [libc.so]
  0x000000000000000e (SONAME)             Library soname: [libthrivosign_uniffi.so]
  0x000000000000001e (FLAGS)              BIND_NOW
";

    #[test]
    fn what_android_refuses_is_told() {
        assert_eq!(of_segments(SEGMENTS), Vec::<String>::new());
        assert!(of_segments(&SEGMENTS.replace("R E 0x4000", "R E 0x1000"))[0].contains("16 KiB"));
        assert!(of_segments(&SEGMENTS.replace("RW  0x0", "RWE 0x0"))[0].contains("stack"));
        assert_eq!(of_segments(""), ["no LOAD segment", "the stack is executable: no GNU_STACK", "no GNU_RELRO"]);

        assert_eq!(of_entries(ENTRIES), Vec::<String>::new());
        assert!(of_entries(&ENTRIES.replace("libc.so", "libbinder.so"))[0].contains("needs libbinder.so"));
        assert!(
            of_entries(&ENTRIES.replace("BIND_NOW", "TEXTREL")).join("; ").contains("relocations in code (TEXTREL); names are bound late")
        );
        assert!(of_entries(&ENTRIES.replace("libthrivosign_uniffi", "other"))[0].contains("SONAME"));
    }

    #[test]
    fn a_symbol_is_asked_for_or_given() {
        let told = "     1: 0000000000000000     0 FUNC    GLOBAL DEFAULT   UND abort@LIBC (2)\n\
                    900: 00000000002e0000    12 FUNC    GLOBAL DEFAULT    12 uniffi_a\n\
                      2: 0000000000000000     0 FUNC    WEAK   DEFAULT   UND getrandom\n\
                    901: 00000000002e0000    12 FUNC    LOCAL  DEFAULT    12 inner\n";
        let (asked, given) = symbols(told);
        assert_eq!((asked, &given), (["abort", "getrandom?"].map(str::to_owned).into(), &["uniffi_a".to_owned()].into()));
        assert!(of_exports(&given, &["uniffi_a".to_owned()].into()).is_empty());
        let wrong = of_exports(&["JNI_OnLoad".to_owned(), "UNIFFI_META_A".to_owned()].into(), &given);
        assert_eq!(wrong, ["exports what the header has not: JNI_OnLoad", "does not export: uniffi_a"]);
    }
}
