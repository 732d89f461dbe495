//! The generator of the C header: takes the source of `bindings/c`, gives include/thrivosign.h. cbindgen writes it; what is changed
//! afterwards is what C89 and C++98 do not take, and the name `self`, which Rust keeps for itself.

use cbindgen::{Builder, Config, DocumentationStyle, EnumConfig, Language, RenameRule, Style};
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Of the feature `inject`, which no shipped library has.
const TESTS: [&str; 3] = ["thrivosign_test_inject", "thrivosign_test_handle", "thrivosign_test_hollow"];

/// Writes the header, or compares it with the one that is there.
///
/// # Errors
/// What went wrong, or that the header is another.
pub(crate) fn run(check: bool) -> Result<(), String> {
    let path = Path::new(ROOT).join("include").join("thrivosign.h");
    let header = header()?;
    if !check {
        let folder = path.parent().ok_or("the header has no folder")?;
        fs::create_dir_all(folder).map_err(|error| format!("include: {error}"))?;
        return fs::write(&path, header).map_err(|error| format!("include/thrivosign.h: {error}"));
    }
    let committed = fs::read_to_string(&path).map_err(|error| format!("include/thrivosign.h: {error}"))?;
    if committed == header {
        return Ok(());
    }
    Err("include/thrivosign.h is not what the source says; run `cargo run -p thrivosign-bindgen -- header`".to_owned())
}

fn header() -> Result<String, String> {
    let source = Path::new(ROOT).join("bindings").join("c");
    let abi = fs::read_to_string(source.join("abi_version")).map_err(|error| format!("abi_version: {error}"))?;
    let config = Config {
        language: Language::C,
        cpp_compat: true,
        usize_is_size_t: true,
        no_includes: true,
        sys_includes: vec!["stddef.h".to_owned(), "stdint.h".to_owned()],
        include_guard: Some("THRIVOSIGN_H".to_owned()),
        style: Style::Both,
        documentation_style: DocumentationStyle::Doxy,
        line_length: 120,
        header: Some(preamble().to_owned()),
        after_includes: Some(macros(abi.trim())),
        enumeration: EnumConfig { rename_variants: RenameRule::QualifiedScreamingSnakeCase, ..EnumConfig::default() },
        function: cbindgen::FunctionConfig { must_use: Some("THRIVOSIGN_NODISCARD".to_owned()), ..cbindgen::FunctionConfig::default() },
        export: cbindgen::ExportConfig {
            include: enumerations(&source)?,
            exclude: TESTS.map(str::to_owned).to_vec(),
            ..cbindgen::ExportConfig::default()
        },
        ..Config::default()
    };
    let bindings = Builder::new().with_config(config).with_crate(&source).generate().map_err(|error| format!("cbindgen: {error}"))?;
    let mut text = Vec::new();
    bindings.write(&mut text);
    Ok(older_languages(&String::from_utf8(text).map_err(|error| error.to_string())?))
}

/// The enumerations: no function names them, as numbers go in and out, so that cbindgen would leave them out.
fn enumerations(source: &Path) -> Result<Vec<String>, String> {
    let folder = source.join("src");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .map_err(|error| format!("bindings/c/src: {error}"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())?;
    files.sort();
    let mut names = Vec::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs")) {
        let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
        let named = text.lines().filter_map(|line| line.strip_prefix("pub enum ")).filter_map(|rest| rest.split(' ').next());
        names.extend(named.map(str::to_owned));
    }
    Ok(names)
}

fn preamble() -> &'static str {
    "/*
 * thrivosign: device-bound PDF signing and verification. Generated from bindings/c; do not edit.
 *
 * A function gives NULL if it went well, otherwise an error that the caller frees; outputs are then as they were. Every handle is freed with the
 * function of its type. Texts are UTF-8 and end with NUL. Each item says, in this order, what is true after the call, and then Ownership,
 * Lifetime, Threads and NULL. What holds for all of them is in docs/abi.md.
 */"
}

/// The macros of the header; the version is the workspace's.
fn macros(abi: &str) -> String {
    format!(
        "
/** The version of this header; that of the library is told by thrivosign_version(). */
#define THRIVOSIGN_VERSION \"{}\"
#define THRIVOSIGN_VERSION_MAJOR {}
#define THRIVOSIGN_VERSION_MINOR {}
#define THRIVOSIGN_VERSION_PATCH {}
/** The ABI number of this header; that of the library is told by thrivosign_abi_version(). */
#define THRIVOSIGN_ABI_VERSION {abi}

/** An error that is not looked at is a mistake; compilers that can, say so. */
#ifndef THRIVOSIGN_NODISCARD
#if defined(__cplusplus) && __cplusplus >= 201703L
#define THRIVOSIGN_NODISCARD [[nodiscard]]
#elif defined(__GNUC__) || defined(__clang__)
#define THRIVOSIGN_NODISCARD __attribute__((warn_unused_result))
#else
#define THRIVOSIGN_NODISCARD
#endif
#endif
",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_VERSION_MAJOR"),
        env!("CARGO_PKG_VERSION_MINOR"),
        env!("CARGO_PKG_VERSION_PATCH"),
    )
}

/// C89 and C++98 know neither a comma behind the last enumerator nor comments that begin with two slashes.
fn older_languages(header: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in header.lines() {
        if line.trim_start().starts_with('}') {
            // The enumerator before may have lost its comma to nothing but a closing brace.
            if let Some(last) = lines.iter_mut().rev().find(|line| !line.trim().is_empty())
                && last.ends_with(',')
            {
                last.pop();
            }
        }
        let line = match line.split_once("// ") {
            Some((code, comment)) if code.starts_with(['#', '}']) => format!("{} /* {comment} */", code.trim_end()),
            _ => line.to_owned(),
        };
        lines.push(line.replace("self_", "self"));
    }
    lines.push(String::new());
    lines.join("\n")
}
