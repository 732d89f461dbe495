//! The walls of the house, held by machine: who may name whom, and what every file owes its reader.
//!
//! Takes the source tree, gives every breach with its file and line. The table below is the one of docs/architecture.md;
//! changing it is changing the architecture.

// Tests are an edge: this one reads the source tree.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

#[path = "architecture/declared.rs"]
mod declared;
#[path = "architecture/keys.rs"]
mod keys;
#[path = "architecture/source.rs"]
mod source;

use source::{Token, paths, tokens, without_tests};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Files at the top of `src/` and the room of digests and signature checks: the base, which every room may name.
const BASE: &[&str] = &["cancel", "error", "limits", "log", "switch", "time", "crypto"];

/// Room, and the rooms it may name beside itself and the base. A path narrows to what lies below it.
const MAY_SEE: &[(&str, &[&str])] = &[
    ("cancel", &[]),
    ("error", &[]),
    ("limits", &[]),
    ("log", &[]),
    ("switch", &[]),
    ("time", &[]),
    ("crypto", &[]),
    ("pki", &[]),
    ("key", &["pki::algorithm"]),
    ("pdf", &[]),
    ("text", &["pdf"]),
    ("marks", &["pdf"]),
    ("appearance", &["pdf"]),
    ("cms", &["pki"]),
    ("evidence", &["pdf", "pki", "cms"]),
    ("inspect", &["pdf"]),
    ("sign", &["pdf", "text", "marks", "appearance", "inspect", "cms", "pki", "key", "evidence"]),
    ("verify", &["pdf", "marks", "inspect", "cms", "pki", "evidence"]),
    ("render", &["verify", "inspect"]),
    ("enroll", &["pki", "key"]),
    ("remote", &["pki", "key"]),
    ("host", &[]),
    ("journey", &["pki", "key", "pdf", "appearance", "cms", "evidence", "inspect", "sign", "verify", "enroll", "remote", "host"]),
    ("net", &["remote", "host"]),
];

/// What single files may see beyond their room, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("key/file", "host", "the encrypted-file store takes random bytes and replaces files atomically"),
    ("key/pkcs11", "host::random", "a key on a token gets an identifier of random bytes"),
    ("key/pkcs11", "pki::certificate", "a token may hold a public key in a certificate alone"),
    ("key/attestation/", "pki", "a key attestation is a chain of certificates: names, signatures, validity, anchors"),
    ("key/pkcs12.rs", "pki::certificate", "a PKCS#12 package is a key with its certificates"),
    ("host/file.rs", "pdf::Source", "a file is one of the sources that the PDF room reads from"),
    ("host/append/journal.rs", "pdf::Source", "the file that is appended to is read by position, as a source is"),
];

/// Where clippy's disallowed lists (clock, files, sockets, environment, randomness, threads) may be lifted. Of the key room
/// only its backends, and the contract suite, which asks a store from several threads at once.
const EDGES: &[&str] = &["host/", "net/", "key/contract", "key/file", "key/secret", "key/software", "key/pkcs11"];

/// Words that say nothing about what a module holds.
const EMPTY_NAMES: &[&str] = &["manager", "helper", "helpers", "util", "utils", "common", "misc", "handler", "handlers"];

/// A file longer than this has to say why, in its opening comment, with the words after it.
const LONG: usize = 700;
const WHY_LONG: &str = "Longer than 700 lines because";

/// Names that `lib.rs` re-exports, and the room each comes from.
type Reexports = BTreeMap<String, Vec<String>>;

fn reexports(lib: &str) -> Reexports {
    let all = without_tests(&tokens(lib));
    let mut found = Reexports::new();
    for (at, (_, token)) in all.iter().enumerate() {
        if *token != Token::Word("use".to_owned()) {
            continue;
        }
        // `pub use room::{A, B}` reads as `crate::room::{A, B}`.
        let mut item = vec![(1, Token::Word("crate".to_owned())), (1, Token::PathSeparator)];
        item.extend(all[at + 1..].iter().take_while(|(_, token)| *token != Token::Mark(';')).cloned());
        for named in paths(&item, &[]) {
            if let Some(name) = named.path.last() {
                found.insert(name.clone(), named.path.clone());
            }
        }
    }
    found
}

/// Files that exist for tests alone, as paths below `src/` without the ending: `#[cfg(test)] mod name;` names each.
fn test_modules(file: &str, text: &str) -> Vec<String> {
    let all = tokens(text);
    let kept = without_tests(&all);
    let declared = |tokens: &[(usize, Token)]| -> Vec<String> {
        let name = |window: &[(usize, Token)]| match [&window[0].1, &window[1].1, &window[2].1] {
            [Token::Word(word), Token::Word(name), Token::Mark(';')] if word == "mod" => Some(name.clone()),
            _ => None,
        };
        tokens.windows(3).filter_map(name).collect()
    };
    let product = declared(&kept);
    let stem = file.trim_end_matches(".rs");
    let folder = stem.strip_suffix("/mod").unwrap_or(if stem == "lib" { "" } else { stem });
    let below = |name: String| if folder.is_empty() { name } else { format!("{folder}/{name}") };
    declared(&all).into_iter().filter(|name| !product.contains(name)).map(below).collect()
}

/// The breaches of the wall table in one file of `src/`, `file` being its path below it.
fn wall_breaches(file: &str, text: &str, lib: &Reexports) -> Vec<String> {
    let stem = file.trim_end_matches(".rs");
    let mut module: Vec<String> = stem.split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    let room = module[0].clone();
    if room == "lib" {
        return Vec::new();
    }
    let Some((_, allowed)) = MAY_SEE.iter().find(|(name, _)| *name == room) else {
        return vec![format!("src/{file}:1: the room `{room}` is not in the table")];
    };
    let mut breaches = Vec::new();
    for named in paths(&without_tests(&tokens(text)), &module) {
        let mut path = named.path.clone();
        if let Some(real) = path.first().and_then(|first| lib.get(first)) {
            path = real.clone();
        }
        let Some(target) = path.first() else { continue };
        let within = |grant: &str| {
            let wanted: Vec<&str> = grant.split("::").collect();
            path.len() >= wanted.len() && path.iter().zip(&wanted).all(|(have, want)| have == want)
        };
        let exception = EXCEPTIONS.iter().any(|(place, grant, _)| file.starts_with(place) && within(grant));
        if *target == room || BASE.contains(&target.as_str()) || allowed.iter().any(|grant| within(grant)) || exception {
            continue;
        }
        let path = named.path.join("::");
        breaches.push(format!("src/{file}:{}: `{room}` names `crate::{path}`, but may see only {allowed:?} and the base", named.line));
    }
    breaches
}

/// What a file owes whatever crate it is in.
fn file_breaches(file: &str, text: &str) -> Vec<String> {
    let mut breaches = Vec::new();
    if !text.starts_with("//!") {
        breaches.push(format!("{file}:1: does not open with `//!` (its room, what it takes, gives and may not)"));
    }
    let names = file.trim_end_matches(".rs").split('/');
    for name in names.filter(|name| EMPTY_NAMES.iter().any(|empty| name.split('_').any(|word| word == *empty))) {
        breaches.push(format!("{file}:1: the name `{name}` says nothing about what is inside"));
    }
    let lines = text.lines().count();
    let opening: String = text.lines().take_while(|line| line.starts_with("//!")).collect();
    if lines > LONG && !opening.contains(WHY_LONG) {
        breaches.push(format!("{file}:{LONG}: {lines} lines, and the opening comment has no sentence with \"{WHY_LONG}\""));
    }
    for (line, token) in tokens(text) {
        if token == Token::Word("unsafe".to_owned()) && !["bindings/c/", "bindings/wiping/"].iter().any(|own| file.starts_with(own)) {
            breaches.push(format!("{file}:{line}: `unsafe` outside bindings/c and bindings/wiping"));
        }
    }
    breaches
}

/// Allowances for the disallowed lists outside the edges of the core.
fn allowance_breaches(file: &str, text: &str) -> Vec<String> {
    if EDGES.iter().any(|edge| file.starts_with(edge)) {
        return Vec::new();
    }
    let lifted = |token: &Token| matches!(token, Token::Word(word) if word == "disallowed_methods" || word == "disallowed_types");
    let found = without_tests(&tokens(text)).into_iter().filter(|(_, token)| lifted(token));
    found.map(|(line, _)| format!("src/{file}:{line}: lifts the disallowed lists; only {EDGES:?} may")).collect()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder, as (path below the work tree, text).
fn rust_files(folder: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() && path.file_name().is_none_or(|name| name != "target") {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    found.sort();
    let below = |path: &Path| path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
    found.iter().map(|path| (below(path), fs::read_to_string(path).unwrap())).collect()
}

/// The files of the library that are not for tests alone, as (path below `src/`, text).
fn product_files() -> Vec<(String, String)> {
    let below = |file: &str| file.strip_prefix("src/").unwrap_or(file).to_owned();
    let files: Vec<_> = rust_files("src").into_iter().map(|(file, text)| (below(&file), text)).collect();
    let tests: Vec<String> = files.iter().flat_map(|(file, text)| test_modules(file, text)).collect();
    let for_tests = |file: &str| tests.iter().any(|test| file == format!("{test}.rs") || file.starts_with(&format!("{test}/")));
    files.into_iter().filter(|(file, _)| !for_tests(file)).collect()
}

fn report(breaches: &[String]) {
    assert!(breaches.is_empty(), "{} breaches of docs/architecture.md:\n{}", breaches.len(), breaches.join("\n"));
}

#[test]
fn no_room_names_what_it_may_not_see() {
    let files = product_files();
    assert!(files.len() >= 18, "only {} files found below src/", files.len());
    let lib = reexports(&fs::read_to_string(root().join("src/lib.rs")).unwrap());
    report(&files.iter().flat_map(|(file, text)| wall_breaches(file, text, &lib)).collect::<Vec<_>>());
}

#[test]
fn the_document_shows_the_same_walls() {
    let document = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let rows: Vec<Vec<&str>> =
        document.lines().filter(|line| line.starts_with("| `")).map(|line| line.split('|').map(str::trim).collect()).collect();
    for (room, allowed) in MAY_SEE {
        let row =
            rows.iter().find(|row| row[1] == format!("`{room}`")).unwrap_or_else(|| panic!("docs/architecture.md has no row for `{room}`"));
        let shown: Vec<&str> = row[3].split('`').map(str::trim).filter(|word| !word.is_empty() && *word != "nothing").collect();
        assert_eq!(shown, *allowed, "the row of `{room}` in docs/architecture.md");
    }
}

#[test]
fn the_index_of_standards_names_what_exists() {
    let document = fs::read_to_string(root().join("docs/standards.md")).unwrap();
    let names = document.split('`').skip(1).step_by(2).filter(|name| name.contains(".rs"));
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    for name in names {
        looked_at += 1;
        let (file, test) = name.split_once("::").map_or((name, None), |(file, test)| (file, Some(test)));
        let Ok(text) = fs::read_to_string(root().join(file)) else {
            wrong.push(format!("docs/standards.md: there is no {file}"));
            continue;
        };
        if test.is_some_and(|test| !text.contains(&format!("fn {test}("))) {
            wrong.push(format!("docs/standards.md: there is no {name}"));
        }
    }
    assert!(looked_at > 50, "only {looked_at} names read");
    report(&wrong);
}

#[test]
fn every_file_keeps_the_house_rules() {
    let folders = ["src", "server", "cli", "xtask", "tests", "benches", "samples", "bindings"];
    let files: Vec<_> = folders.iter().flat_map(|folder| rust_files(folder)).collect();
    report(&files.iter().flat_map(|(file, text)| file_breaches(file, text)).collect::<Vec<_>>());
}

#[test]
fn only_edges_reach_clock_files_sockets_and_randomness() {
    report(&product_files().iter().flat_map(|(file, text)| allowance_breaches(file, text)).collect::<Vec<_>>());
}

#[test]
fn the_crate_forbids_unsafe_and_denies_the_disallowed_lists() {
    assert!(fs::read_to_string(root().join("src/lib.rs")).unwrap().contains("#![forbid(unsafe_code)]"));
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for line in ["disallowed_methods = \"deny\"", "disallowed_types = \"deny\"", "overflow-checks = true", "panic = \"unwind\""] {
        assert!(manifest.contains(line), "Cargo.toml has no `{line}`");
    }
    let clippy = fs::read_to_string(root().join("clippy.toml")).unwrap();
    for path in [
        "std::time::SystemTime::now",
        "std::time::Instant::now",
        "std::fs::read",
        "std::fs::File",
        "std::net::TcpStream",
        "std::env::var",
        "std::thread::spawn",
        "getrandom::fill",
    ] {
        assert!(clippy.contains(&format!("path = \"{path}\"")), "clippy.toml does not list {path}");
    }
}

/// Snippets that must fail, each beside one that must pass: the checks above are worth what these show.
mod the_checks_check {
    use super::{allowance_breaches, file_breaches, reexports, test_modules, wall_breaches};

    fn walls(file: &str, text: &str) -> usize {
        let lib = reexports("pub mod pdf;\npub use error::{Error, Result as Res};\npub use sign::prepare;");
        wall_breaches(file, text, &lib).len()
    }

    #[test]
    fn a_path_into_a_forbidden_room() {
        assert_eq!(walls("pdf/xref.rs", "use crate::cms::parse;"), 1);
        assert_eq!(walls("pdf/xref.rs", "use crate::error::Error;\nuse crate::pdf::lexer;"), 0);
        assert_eq!(walls("verify/mod.rs", "fn f() { crate::sign::prepare::go() }"), 1);
        assert_eq!(walls("sign/mod.rs", "fn f() -> crate::verify::Report { loop {} }"), 1);
        assert_eq!(walls("net/mod.rs", "use crate::{remote::http, pdf};"), 1);
        assert_eq!(walls("nowhere/mod.rs", ""), 1);
    }

    #[test]
    fn a_group_a_glob_and_an_alias() {
        assert_eq!(walls("cms/build.rs", "use crate::{error::{Error, ErrorKind}, pki::{self, path}, pdf::{Object, write}};"), 2);
        assert_eq!(walls("pki/csr.rs", "use crate::*;"), 1);
        assert_eq!(walls("pki/csr.rs", "use crate as house;"), 1);
        assert_eq!(walls("enroll/mod.rs", "use crate::{key as k, sign as s};"), 1);
    }

    #[test]
    fn a_way_up_by_super() {
        assert_eq!(walls("pdf/xref.rs", "use super::super::cms::parse;"), 1);
        assert_eq!(walls("pdf/xref.rs", "use super::lexer::Lexer;"), 0);
        assert_eq!(walls("pdf/mod.rs", "use super::sign;"), 1);
        assert_eq!(walls("verify/changes/rules.rs", "use super::super::super::sign::x;\nuse super::super::facts;"), 1);
        assert_eq!(walls("pdf/xref.rs", "mod inner { use super::super::lexer; use super::super::super::cms; }\nuse super::super::pki;"), 2);
    }

    #[test]
    fn a_name_that_the_root_re_exports() {
        assert_eq!(walls("pdf/xref.rs", "use crate::Error;"), 0);
        assert_eq!(walls("verify/mod.rs", "use crate::prepare;"), 1);
        assert_eq!(walls("verify/mod.rs", "use crate::unheard_of;"), 1);
    }

    #[test]
    fn a_grant_that_reaches_only_so_far() {
        assert_eq!(walls("key/mod.rs", "use crate::pki::algorithm::PublicKey;"), 0);
        assert_eq!(walls("key/mod.rs", "use crate::pki::certificate::Certificate;"), 1);
        assert_eq!(walls("key/mod.rs", "use crate::pki;"), 1);
        assert_eq!(walls("key/file.rs", "use crate::host::file;"), 0);
        assert_eq!(walls("key/software.rs", "use crate::host::file;"), 1);
    }

    #[test]
    fn words_in_comments_strings_and_tests_are_no_paths() {
        assert_eq!(
            walls(
                "pdf/xref.rs",
                "// crate::cms\n/* crate::cms /* */ */ const A: &str = \"crate::cms\"; const B: &str = r#\"crate::cms\"#;"
            ),
            0
        );
        assert_eq!(walls("pdf/xref.rs", "#[cfg(test)]\nmod tests { use crate::sign; fn f() {} }"), 0);
        assert_eq!(walls("pdf/xref.rs", "#[cfg(test)]\nmod tests;\nuse crate::sign;"), 1);
        assert_eq!(walls("pdf/xref.rs", "#[cfg(all(test, feature = \"x\"))]\nmod tests { use crate::cms; }\nuse crate::sign;"), 1);
        assert_eq!(walls("pdf/xref.rs", "#[cfg(not(test))]\nuse crate::sign;\n#[cfg(any(test, unix))]\nuse crate::cms;"), 2);
        assert_eq!(walls("pdf/xref.rs", "fn f<'a>(x: &'a str) -> char { '\\'' }\nuse crate::sign;"), 1);
        assert_eq!(walls("pdf/xref.rs", "const Q: char = '\"'; use crate::sign; const R: char = '\"';"), 1);
    }

    #[test]
    fn files_for_tests_alone_are_known_by_their_declaration() {
        let declared = "#[cfg(test)]\nmod tests;\n#[cfg(test)]\npub(crate) mod testing;\nmod path;\npub mod csr { mod inner; }";
        assert_eq!(test_modules("pki/mod.rs", declared), ["pki/tests", "pki/testing"]);
        assert_eq!(test_modules("pki/path.rs", "#[cfg(test)] mod tests;"), ["pki/path/tests"]);
        assert_eq!(test_modules("lib.rs", "mod pki;"), Vec::<String>::new());
    }

    #[test]
    fn lines_are_told() {
        let breaches = wall_breaches("pdf/a.rs", "//! x\n\nuse crate::{\n    error::Error,\n    sign::prepare,\n};", &reexports(""));
        assert_eq!(breaches.len(), 1);
        assert!(breaches[0].starts_with("src/pdf/a.rs:5: `pdf` names `crate::sign::prepare`"), "{}", breaches[0]);
    }

    #[test]
    fn what_a_file_owes() {
        assert_eq!(file_breaches("src/pdf/xref.rs", "//! The room.\n"), Vec::<String>::new());
        assert_eq!(file_breaches("src/pdf/xref.rs", "// The room.\n").len(), 1);
        assert_eq!(file_breaches("src/pdf/xref_util.rs", "//! x").len(), 1);
        assert_eq!(file_breaches("src/common/mod.rs", "//! x").len(), 1);
        assert_eq!(file_breaches("src/pdf/xref.rs", "//! x\nfn f() { unsafe { } }").len(), 1);
        assert_eq!(file_breaches("src/pdf/xref.rs", "//! x\n#![forbid(unsafe_code)] // unsafe\n").len(), 0);
        let long = "\n".repeat(701);
        assert_eq!(file_breaches("src/pdf/xref.rs", &format!("//! x{long}")).len(), 1);
        assert_eq!(file_breaches("src/pdf/xref.rs", &format!("//! Longer than 700 lines because of a table.{long}")).len(), 0);
    }

    #[test]
    fn who_may_reach_the_machine() {
        let lifted = "//! x\n#![allow(clippy::disallowed_methods)]";
        assert_eq!(allowance_breaches("host/clock.rs", lifted).len(), 0);
        assert_eq!(allowance_breaches("key/file.rs", lifted).len(), 0);
        assert_eq!(allowance_breaches("verify/mod.rs", lifted).len(), 1);
        assert_eq!(allowance_breaches("key/mod.rs", lifted).len(), 1);
        assert_eq!(allowance_breaches("pdf/mod.rs", "#[cfg(test)]\n#[allow(clippy::disallowed_methods)]\nmod tests {}").len(), 0);
    }
}
