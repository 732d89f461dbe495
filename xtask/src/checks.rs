//! `cargo xtask test` and `ci`: everything a change must pass, in the order of what fails soonest. And `bench`.
//!
//! Takes switches, gives an exit status. What a test checks is the test's own business; this file only runs them.

use crate::borders;
use crate::linked;
use crate::place;
use crate::steps::{Outcome, Steps, run};
use crate::tools::{self, CARGO_DENY};
use std::process::{Command, ExitCode};

/// The step whose library is for phones.
const LINKED: &str = "the library for Android and iOS, linked against the names that those systems have";

/// The step on another processor.
const ON_ARM: &str = "the C library as it is shipped for Linux on ARM: the whole job in C, in an emulator";

fn all_features(arguments: &[&str]) -> Command {
    let mut command = place::cargo(arguments);
    command.args(["--workspace", "--all-features"]);
    command
}

pub(crate) fn everything(strict: bool, long: bool) -> ExitCode {
    let mut steps = Steps::new();
    let ready = |missing: Vec<String>| match missing.join("; ") {
        list if list.is_empty() => Outcome::Passed,
        list if strict => Outcome::Failed(format!("missing: {list}")),
        list => Outcome::Skipped(format!("what needs these is skipped: {list}")),
    };
    steps.step("packages", "what the tests need of the system", || ready(tools::system_packages().err().into_iter().collect()));
    if steps.any_failed() {
        return steps.finish();
    }
    // Mostly fetched and unpacked, while the compiler computes.
    let others = std::thread::spawn(tools::make_ready);

    steps.step("format", "cargo fmt --all --check", || run(&mut place::cargo(&["fmt", "--all", "--check"])).into());
    steps.step("lint", "cargo clippy, warnings denied", || {
        run(all_features(&["clippy", "--all-targets", "--quiet"]).args(["--", "-D", "warnings"])).into()
    });
    steps.step("pure Rust", "the library without ring and without the network, warnings denied", || {
        let arguments = ["clippy", "-p", "thrivosign", "--lib", "--no-default-features", "--quiet", "--", "-D", "warnings"];
        run(&mut place::cargo(&arguments)).into()
    });
    steps.step("pure Rust vectors", "every vector of Wycheproof without ring", || {
        let features = ["--no-default-features", "--features", "algorithms-full", "--quiet"];
        run(place::cargo(&["test", "-p", "thrivosign", "--test", "wycheproof"]).args(features)).into()
    });
    steps.step("tools", "judges and producers that the tests call, made ready beside the steps before", || {
        ready(others.join().unwrap_or_else(|_| vec!["the tools: making them ready was broken off".to_owned()]))
    });
    if steps.any_failed() {
        return steps.finish();
    }
    steps.step("licences", "cargo deny: licences, bans, sources, and advisories where their database is at hand", licences);
    steps.step("corpus", "documents made by other people's programs", corpus);
    steps.step("tests", "cargo test, all crates, the outside judges among them", || {
        let mut command = all_features(&["test", "--no-fail-fast"]);
        // The tests turn their own skips into failures by this.
        command.env("CI", if strict { "true" } else { "false" });
        command.env("THRIVOSIGN_LONG", if long { "1" } else { "0" });
        let certval = tools::certval_path();
        if certval.is_file() {
            command.env("THRIVOSIGN_CERTVAL", certval);
        }
        if let Some(folder) = corpus_folder() {
            command.env("THRIVOSIGN_CORPUS", folder);
        }
        run(&mut command).into()
    });
    steps.step("generated", "the C header and the bindings are those of the source", borders::drift);
    steps.step("told and called", "public declarations of the wrappers have comments, and Swift's are called by tests", || {
        let script = |name: &str| run(Command::new("python3").arg(name).current_dir(place::root()));
        script("android/documented.py").and_then(|()| script("ios/called.py")).into()
    });
    steps.step("C and C++", "the tests of tests/c with an installed development build", || borders::c_and_cpp(strict));
    // Rust's own library for a phone comes from rustup alone, which not every machine that tests can reach: there it is skipped, with its reason.
    steps.step("phones", LINKED, || linked::for_phones(strict && long, long));
    if long {
        steps.step("mutants", "two hundred more changes to the verifier's checks, each of which a test must notice", || {
            let words = ["run", "--quiet", "--package", "xtask", "--features", "mutants", "--", "mutants", "--sample", "200"];
            run(&mut place::cargo(&words)).into()
        });
        steps.step("shipped", "the C library as it is shipped: its size, and the same tests", || borders::shipped(strict));
        steps.step("ARM", ON_ARM, || borders::arm().into());
        steps.step("instrumented", "the C library under AddressSanitizer itself", || borders::instrumented(strict));
    }
    steps.step("JVM", "Kotlin and Java do the whole job", || borders::jvm(strict, long));
    steps.step("Swift", "Swift does the whole job, on Linux", || borders::swift(long));
    steps.step("web", "the demo's site in a browser: by clicks and keyboard, accessible, on a phone's width", || borders::web(strict));
    steps.step("documentation", "cargo doc, warnings denied", || {
        run(all_features(&["doc", "--no-deps", "--quiet"]).env("RUSTDOCFLAGS", "-D warnings")).into()
    });
    steps.finish()
}

/// `cargo xtask web`: that step alone, with what it needs of npm.
pub(crate) fn web(strict: bool) -> ExitCode {
    let mut steps = Steps::new();
    steps.step("web", "the demo's site in a browser", || {
        if let Err(missing) = tools::node_packages() {
            println!("missing: {missing}");
        }
        borders::web(strict)
    });
    steps.finish()
}

/// `cargo xtask phones`: that step alone.
pub(crate) fn phones(strict: bool, long: bool) -> ExitCode {
    let mut steps = Steps::new();
    steps.step("phones", LINKED, || linked::for_phones(strict, long));
    steps.finish()
}

/// `cargo xtask arm`: that step alone.
pub(crate) fn arm() -> ExitCode {
    let mut steps = Steps::new();
    steps.step("ARM", ON_ARM, || borders::arm().into());
    steps.finish()
}

/// `cargo xtask bench`: the figures, optimised as a release is.
pub(crate) fn bench(options: &[&str]) -> ExitCode {
    let mut command = place::cargo(&["bench", "-p", "thrivosign", "--bench", "figures", "--"]);
    for option in options {
        command.arg(option);
        if *option == "--write" {
            command.arg(place::root().join("docs/performance.md"));
        }
    }
    outcome(run(&mut command))
}

/// The exit status of a command that is one step.
pub(crate) fn outcome(result: Result<(), String>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn licences() -> Outcome {
    let path = tools::cargo_tool_path(CARGO_DENY);
    if !path.is_file() {
        return Outcome::Skipped(format!("no {} {}", CARGO_DENY.0, CARGO_DENY.1));
    }
    let deny = |kinds: &[&str]| {
        let mut command = Command::new(&path);
        command
            .current_dir(place::root())
            .args(["--workspace", "--all-features", "--offline", "check", "--hide-inclusion-graph"])
            .args(kinds);
        command
    };
    if let Err(error) = run(&mut deny(&["licenses", "bans", "sources"])) {
        return Outcome::Failed(error);
    }
    // The database is a git repository that not every machine can reach; `cargo deny fetch` brings it where it can.
    let at_hand = place::cargo_home()
        .join("advisory-dbs")
        .read_dir()
        .is_ok_and(|mut entries| entries.any(|entry| entry.is_ok_and(|entry| entry.path().is_dir())));
    if at_hand {
        return run(&mut deny(&["advisories"])).into();
    }
    println!("advisories: not checked, no database on this machine (`cargo deny fetch` brings it)");
    Outcome::Passed
}

fn corpus() -> Outcome {
    if !place::python().is_file() {
        return Outcome::Skipped("no Python environment".to_owned());
    }
    run(&mut corpus_script()).into()
}

fn corpus_script() -> Command {
    let mut script = Command::new(place::python());
    script.arg("tests/interop/corpus.py").current_dir(place::root());
    script
}

/// Where the corpus is: the last line of its script, which makes it once.
fn corpus_folder() -> Option<String> {
    let said = corpus_script().output().ok().filter(|said| said.status.success())?;
    String::from_utf8(said.stdout).ok()?.lines().last().map(str::to_owned)
}
