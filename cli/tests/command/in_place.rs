//! Signing a file where it is. A process that ends between any two of its system calls leaves the old file or the signed one, and the next
//! call goes on from either.

use crate::bench::{Bench, PROGRAM, Said, sign_arguments, skip};
use crate::documents::agreement;
use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;

#[test]
fn the_old_bytes_are_the_beginning_and_nothing_is_left_beside() {
    let old = agreement();
    let bench = Bench::with(&[("a.pdf", &old)]);
    bench.sign(&["--in-place", "a.pdf"]).answered(0, 1);
    let once = bench.read("a.pdf");
    assert!(once.starts_with(&old) && once.len() > old.len());
    bench.sign(&["--in-place", "--no-fsync", "a.pdf"]).answered(0, 1);
    assert!(bench.read("a.pdf").starts_with(&once));
    assert_eq!(bench.snapshot().len(), 1);
    let report = bench.report(0, &["a.pdf"]);
    assert_eq!(report["signatures"].as_array().unwrap().len(), 2);
}

#[test]
fn what_cannot_be_signed_is_not_touched() {
    let bench = Bench::with(&[("a.pdf", b"no document")]);
    bench.sign_refused(&["--in-place", "a.pdf"], 201, "not_pdf");
    bench.sign_refused(&["--in-place", "none.pdf"], 213, "source_unreadable");
    bench.run_untouched(sign_arguments(&["--in-place", "a.pdf", "b.pdf"])).refused_without_answer(101, "invalid_argument");
    bench.run_untouched(sign_arguments(&["a.pdf"])).refused_without_answer(101, "invalid_argument");
}

/// The command under strace; its system calls on files are those that count.
fn traced(bench: &Bench, more: &[&str]) -> Command {
    let mut command = bench.in_folder("strace");
    command.args(["-f", "-qq", "-e", "trace=%file,%desc", "-o", "../trace"]).args(more).arg(PROGRAM);
    command.args(["--json"]).args(sign_arguments(&["--in-place", "a.pdf"]));
    command
}

#[test]
fn killed_between_any_two_system_calls_it_is_the_old_file_or_the_new_one() {
    let old = agreement();
    if Command::new("strace").arg("--version").output().is_err() {
        return skip("strace is missing");
    }
    // The document has a folder of its own, so that the trace does not lie beside it.
    let fresh = || {
        let bench = Bench::new();
        std::fs::create_dir(bench.at("in")).unwrap();
        std::fs::write(bench.at("in/a.pdf"), &old).unwrap();
        bench
    };
    let run = |bench: &Bench, more: &[&str]| traced(bench, more).current_dir(bench.at("in")).output().unwrap();
    let bench = fresh();
    let done = run(&bench, &[]);
    if !done.status.success() {
        return skip("strace may not trace here");
    }
    let lines = std::fs::read_to_string(bench.at("trace")).unwrap();
    // Calls are counted by thread; the first one works on the document.
    let main = lines.split_whitespace().next().unwrap().to_owned();
    let calls: Vec<&str> = lines.lines().filter(|line| line.starts_with(&main) && !line.contains("resumed>")).collect();
    // From where the document is opened for writing on; before that nothing is written at all.
    let opened = calls.iter().position(|line| line.contains("a.pdf") && line.contains("O_RDWR"));
    let first = opened.expect("the document is opened for writing");
    let mut seen = BTreeSet::new();
    let name = |line: &str| line.split_whitespace().nth(1).and_then(|call| call.split('(').next()).unwrap_or_default().to_owned();
    for (call, line) in calls.iter().enumerate().skip(first) {
        let bench = fresh();
        // strace counts the calls of each name by themselves.
        let which = calls[..=call].iter().filter(|other| name(other) == name(line)).count();
        let inject = format!("inject={}:signal=SIGKILL:when={which}", name(line));
        let ended = run(&bench, &["-e", &inject]);
        let killed = ended.status.signal() == Some(9) || ended.status.code() == Some(137);
        let found = bench.read("in/a.pdf");
        let signed = found.len() > old.len();
        assert!(found.starts_with(&old), "call {call} {line}: the old bytes are there");
        if signed {
            // The whole of it: any verifier says so, journal or not.
            bench.report(0, &["in/a.pdf"]);
        } else {
            assert!(found == old, "call {call} {line}: a third file");
        }
        let left = std::fs::read_dir(bench.at("in")).unwrap().count() > 1;
        seen.insert((killed, signed, left));
        // The next call goes on from there: a file that was signed is said to be, once.
        let mut next = bench.command();
        next.current_dir(bench.at("in")).arg("--json").args(sign_arguments(&["--in-place", "a.pdf"]));
        let next = Said::of(&next.output().unwrap());
        if signed && left {
            next.refused(104, "wrong_order");
            assert_eq!(bench.read("in/a.pdf"), found);
        } else {
            assert_eq!(next.exit, 0, "call {call} {line}: {}", next.stderr);
        }
        let names: Vec<_> = std::fs::read_dir(bench.at("in")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["a.pdf"], "call {call} {line}: nothing stays beside it");
    }
    // The kills hit every state there is: before the journal, with it, behind the append, and behind its removal.
    for state in [(true, false, false), (true, false, true), (true, true, true), (true, true, false)] {
        assert!(seen.contains(&state), "{state:?} of {seen:?}");
    }
}
