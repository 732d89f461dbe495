//! `cargo xtask`: the project's own commands.
//!
//! Takes a command line, gives an exit status. Builds with the standard library alone, so that the first command of a
//! newcomer starts at once; what needs the library is built by the step that needs it.

// The project's tool box is an edge by nature: it runs programs, reads files and tells the time.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod android;
mod borders;
mod checks;
#[cfg(feature = "demo")]
mod demo;
mod dist;
mod fuzz;
mod ios;
mod jar;
mod linked;
#[cfg(feature = "mutants")]
mod mutants;
mod place;
mod sheet;
mod steps;
mod tools;

use std::process::ExitCode;

const USAGE: &str = "\
The project's own commands.

usage: cargo xtask <command>

  test [--long]   install what the tests need (Debian, as root; elsewhere say what is missing) and run everything
                  that a change must pass: format, lint, licences, unit and interoperation tests, documentation
                  --long adds what takes more than a minute and guards against rare breakage
  ci [--long]     the same, but a missing tool is a failure instead of a skip (CI=true does the same to `test`)
  web             drives Chromium through the demo's site: that step of the tests alone
  phones [--long] compiles the library for Android and iOS and links it against the names that those systems have: that step of `test` alone
                  (clang, lld and llvm 19; the targets come from rustup); --long adds Android on 32 bits and on Intel's processors
  bindings [--check]
                  writes the C header and the Kotlin and Swift bindings anew, or compares them with what stands in the tree
  appearance-sheet
                  signs every look of a visible signature, has it judged, and draws docs/appearance/sheet.png
  bench [--quick] [--write]
                  measure against references in the same run (several minutes, 5 GB in the cache folder); --write puts
                  the tables into docs/performance.md
  bench borders   the same document verified in Rust, Kotlin and Swift, in turns
  fuzz [--minutes N] [--keep] [TARGET..]
                  builds the fuzz targets (a nightly compiler where there is one; the first time some minutes), runs each for N (10)
                  minutes of processor time and adds to the totals in fuzz/LEDGER.md; --keep brings what was learnt into fuzz/corpus
  mutants [--sample N|all] [--seed S]
                  changes the checks of the verifier one at a time and sees whether a test notices: the next N (40) of all, in the
                  seed's order; a survivor without a reason in docs/evidence/mutants.md fails (a quarter of an hour to compile them)
  demo [--pdf FILE] [--keep]
                  the whole job against a demo server: enrol, sign a loan agreement in two modes, verify, revoke
  with-server -- COMMAND
                  runs the command beside a demo server; THRIVOSIGN_SERVICE, .._TRUST_SERVICES (OCSP, CRLs, /tsa), .._TLS_ROOT,
                  .._TRUST, .._API_KEY, .._USER, .._PASSWORD, .._OUTBOX (one-time codes, a line each), .._DOCUMENT, .._FORM (text
                  fields to fill) and .._SCRATCH tell it what it needs; where THRIVOSIGN_OFFICER is set, the user `officer` (same password) approves certificates;
                  THRIVOSIGN_OFFICE_SERVICE, .._TLS_ROOT, .._API_KEY, .._PASSWORD and .._OUTBOX are of a second server, which has one always
  dist [--prefix DIR] [--profile NAME] [--target TRIPLE]
                  the C library as it is shipped: headers, libraries, manual, pkg-config and CMake package, and its sizes (Linux; two minutes);
                  --target makes it for Linux on another machine (clang, lld 19, a cross compiler; the target comes from rustup)
  arm             the same for Linux on ARM, and the whole job in C with it in an emulator: that step of `test --long` alone
  android         the libraries for apps on Android, four files for Gradle (NDK and cargo-ndk; without, it says what to install)
  jar             the library for servers on the JVM, a jar with the native libraries for Linux inside (Maven; compilers for both machines)
  ios             the library for apps on iOS, ios/ThrivoSignFFI.xcframework (macOS; elsewhere it says what is missing)
  help            this text

Tools and test documents are kept in ${XDG_CACHE_HOME:-~/.cache}/thrivosign, outside the work tree.
";

const DEMO_USAGE: &str = "\
Carries a loan agreement through the whole job against a demo Server-Signer that runs in the same process.

usage: cargo xtask demo [--pdf FILE] [--keep]

  --pdf FILE  sign this document instead of the generated three-page loan agreement
  --keep      keep the data folder (the server's data and the device's keys) and say where it is

Signs twice: in mode submit (the server prepares, the device checks everything and signs), with a visible box, and in
mode device (the device does it all and files the result), invisibly. The signed PDFs and the root certificate to check
them with go to target/demo; the last line names the one with the visible box.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["test"] => checks::everything(place::in_ci(), false),
        ["test", "--long"] => checks::everything(place::in_ci(), true),
        ["ci"] => checks::everything(true, false),
        ["ci", "--long"] => checks::everything(true, true),
        ["web"] => checks::web(place::in_ci()),
        ["arm"] => checks::arm(),
        ["phones"] => checks::phones(place::in_ci(), false),
        ["phones", "--long"] => checks::phones(place::in_ci(), true),
        ["bindings"] => checks::outcome(borders::generate(false)),
        ["bindings", "--check"] => checks::outcome(borders::generate(true)),
        ["appearance-sheet"] => checks::outcome(sheet::draw()),
        ["bench", "borders"] => checks::outcome(borders::rates()),
        ["bench", options @ ..] if options.iter().all(|word| ["--quick", "--write"].contains(word)) => checks::bench(options),
        ["android"] => checks::outcome(android::libraries()),
        ["jar"] => checks::outcome(jar::package()),
        ["ios"] => checks::outcome(ios::framework()),
        ["demo", "--help" | "-h"] => {
            print!("{DEMO_USAGE}");
            ExitCode::SUCCESS
        }
        ["demo", options @ ..] => demonstrate("demo", options),
        ["with-server", "--", words @ ..] if !words.is_empty() => demonstrate("with-server", words),
        ["dist", options @ ..] if !options.iter().any(|word| ["--help", "-h"].contains(word)) => dist::command(options),
        ["fuzz", options @ ..] if !options.iter().any(|word| ["--help", "-h"].contains(word)) => fuzz::command(options),
        ["mutants", options @ ..] if !options.iter().any(|word| ["--help", "-h"].contains(word)) => mutate(options),
        ["help" | "--help" | "-h"] | [_, "--help" | "-h"] => {
            print!("{USAGE}");
            ExitCode::SUCCESS
        }
        _ => {
            eprint!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

#[cfg(feature = "mutants")]
fn mutate(words: &[&str]) -> ExitCode {
    mutants::command(words)
}

#[cfg(not(feature = "mutants"))]
fn mutate(words: &[&str]) -> ExitCode {
    passed_on(place::cargo(&["run", "--quiet", "--package", "xtask", "--features", "mutants", "--", "mutants"]).args(words))
}

#[cfg(feature = "demo")]
fn demonstrate(task: &str, words: &[&str]) -> ExitCode {
    match demo::options(words) {
        _ if task == "with-server" => demo::with_server(words),
        Some(options) => demo::run(&options),
        None => {
            eprint!("{}", DEMO_USAGE);
            ExitCode::from(2)
        }
    }
}

/// The demo links the library and the server, so it is built when it is asked for.
#[cfg(not(feature = "demo"))]
fn demonstrate(task: &str, words: &[&str]) -> ExitCode {
    let mut command = place::cargo(&["run", "--quiet", "--package", "xtask", "--features", "demo", "--", task]);
    if task == "with-server" {
        command.arg("--").args(words).current_dir(std::env::current_dir().unwrap_or_default());
        return passed_on(&mut command);
    }
    // The work tree is the new program's folder; a path is meant from where the person stands.
    let mut path_follows = false;
    let here = std::env::current_dir().unwrap_or_default();
    for word in words {
        match (path_follows, word.strip_prefix("--pdf=")) {
            (true, _) => command.arg(here.join(word)),
            (false, Some(path)) => command.arg("--pdf").arg(here.join(path)),
            (false, None) => command.arg(word),
        };
        path_follows = !path_follows && *word == "--pdf";
    }
    passed_on(&mut command)
}

#[cfg(not(all(feature = "demo", feature = "mutants")))]
fn passed_on(command: &mut std::process::Command) -> ExitCode {
    match command.status() {
        Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)),
        Err(error) => {
            eprintln!("cargo could not be started: {error}");
            ExitCode::FAILURE
        }
    }
}
