//! What is no PDF, or a damaged or hostile one, through all three commands; and what is no file at all.

use crate::authority::authority;
use crate::bench::{Bench, PROGRAM, Said, sign_arguments, skip};
use crate::documents as pdf;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;

/// What a command says of a document.
#[derive(Clone, Copy)]
enum Says {
    /// The error, its code and name.
    Error(i64, &'static str),
    /// An answer with this exit code.
    Answer(i32),
}
use Says::{Answer, Error};

const NOT_PDF: Says = Error(201, "not_pdf");
const DAMAGED: Says = Error(202, "pdf_damaged");
const LIMIT: Says = Error(204, "limit_reached");
const UNREADABLE: Says = Error(213, "source_unreadable");

/// `sign`, `verify` and `inspect` of one file, which stays as it is and alone.
fn hold(name: &str, bytes: &[u8], [sign, verify, inspect]: [Says; 3]) {
    eprintln!("document: {name}");
    let bench = Bench::with(&[("in.pdf", bytes)]);
    let before = bench.snapshot();
    let said = bench.run(sign_arguments(&["in.pdf", "out.pdf"]));
    match sign {
        Error(code, name) => {
            said.refused_without_answer(code, name);
            assert!(bench.snapshot() == before, "{name}: the folder changed");
        }
        Answer(exit) => {
            said.answered(exit, 1);
            assert!(bench.read("out.pdf").starts_with(bytes));
            bench.report(0, &["out.pdf"]);
            fs::remove_file(bench.at("out.pdf")).unwrap();
        }
    }
    for (command, says) in [("verify", verify), ("inspect", inspect)] {
        let said = bench.run_untouched([command, "in.pdf"]);
        match says {
            Error(code, name) => said.refused_in_its_line(code, name),
            Answer(exit) => drop(said.answered(exit, 1).lines[0]["file"].as_str().filter(|file| *file == "in.pdf").unwrap()),
        }
    }
}

#[test]
fn what_is_no_pdf() {
    hold("empty", b"", [NOT_PDF; 3]);
    hold("text", b"Dear Sir or Madam,\nplease find enclosed the agreement.\n", [NOT_PDF; 3]);
    hold("zeros", &[0; 5000], [NOT_PDF; 3]);
    hold("a header alone", b"%PDF-1.7\n", [DAMAGED; 3]);
    hold("another format", b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0word/document.xml", [NOT_PDF; 3]);
}

#[test]
fn truncated() {
    let whole = pdf::agreement();
    for part in 1..8 {
        hold(&format!("{part} tenths"), &whole[..whole.len() * part / 10], [DAMAGED; 3]);
    }
    // Cut in the table or behind it: every object is there, and what is appended names them all.
    for part in 8..10 {
        hold(&format!("{part} tenths"), &whole[..whole.len() * part / 10], [Answer(0), DAMAGED, DAMAGED]);
    }
    // What is lost is only the word that says the end; everything can be reached.
    hold("without its last line", &whole[..whole.len() - 6], [Answer(0), Answer(3), Answer(0)]);
}

#[test]
fn without_pages() {
    hold("no pages", &pdf::without_pages(), [Error(205, "no_pages"), Answer(3), Answer(0)]);
}

#[test]
fn nested_arrays() {
    for depth in [10_000, 1_000_000] {
        hold("in the page", &pdf::nested_in_page(depth), [LIMIT, Answer(3), Answer(0)]);
        hold("in the catalog", &pdf::nested_in_catalog(depth), [LIMIT; 3]);
        hold("in the trailer", &pdf::nested_in_trailer(depth), [LIMIT; 3]);
    }
    // What was not looked at is named.
    let bench = Bench::with(&[("in.pdf", &pdf::nested_in_page(10_000))]);
    let said = bench.run(["inspect", "in.pdf"]);
    assert!(!said.lines[0]["unchecked"].as_array().unwrap().is_empty());
}

/// A stack of 128 KiB for the whole command.
#[test]
fn nested_arrays_on_a_small_stack() {
    let documents = [pdf::nested_in_page(10_000), pdf::nested_in_catalog(10_000), pdf::nested_in_trailer(10_000), pdf::agreement()];
    for (number, bytes) in documents.iter().enumerate() {
        let bench = Bench::with(&[("in.pdf", bytes)]);
        let small = |arguments: Vec<OsString>| {
            let mut shell = bench.in_folder("sh");
            shell.args(["-c", "ulimit -s 128 && exec \"$0\" --json \"$@\"", PROGRAM]).args(arguments);
            Said::of(&shell.output().unwrap())
        };
        for command in ["verify", "inspect"] {
            let said = small(vec![command.into(), "in.pdf".into()]);
            assert_eq!(said.lines.len(), 1);
            assert_ne!(said.exit, 1);
        }
        let signed = small(sign_arguments(&["in.pdf", "out.pdf"]));
        if number < 3 {
            signed.refused_without_answer(204, "limit_reached");
        } else {
            signed.answered(0, 1);
        }
    }
}

#[test]
fn cross_reference_loops() {
    // Signed all the same: every object is there once and where the table says; the update needs no /Prev.
    hold("a table that names itself", &pdf::xref_loop(), [Answer(0), DAMAGED, DAMAGED]);
    hold("two tables that name each other", &pdf::xref_loop_of_two(), [Answer(0), DAMAGED, DAMAGED]);
}

#[test]
fn numbers_of_objects_that_are_not_there() {
    hold("/Size in a table", &pdf::huge_size(), [DAMAGED, Answer(3), Answer(0)]);
    hold("/Size in a stream", &pdf::huge_size_of_stream(), [DAMAGED, Answer(3), Answer(0)]);
}

#[test]
fn what_is_no_file() {
    let bench = Bench::new();
    fs::create_dir(bench.at("folder")).unwrap();
    std::os::unix::fs::symlink("nowhere", bench.at("dangling")).unwrap();
    std::os::unix::fs::symlink("round", bench.at("round")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(bench.at("pipe")).status().unwrap();
    assert!(made.success());
    let Error(code, name) = UNREADABLE else { unreachable!() };
    for input in ["missing.pdf", "folder", "dangling", "round", "pipe", "missing/in.pdf", "/dev/null"] {
        eprintln!("input: {input:?}");
        bench.sign_refused(&[input, "out.pdf"], code, name);
        for command in ["verify", "inspect"] {
            bench.run_untouched([command, input]).refused_in_its_line(code, name);
        }
    }
}

#[test]
fn names_that_are_not_text() {
    let bench = Bench::new();
    let name = OsString::from_vec(b"Agreement \xff\xfe\x1b[31m.pdf".to_vec());
    let signed = OsString::from_vec(b"signed \xff.pdf".to_vec());
    if fs::write(bench.at(&name), pdf::agreement()).is_err() {
        return skip("this file system takes no such names");
    }
    let mut arguments = sign_arguments(&[]);
    arguments.extend([name.clone(), signed.clone()]);
    let said = bench.run(arguments);
    said.answered(0, 1);
    assert_eq!(said.lines[0]["output"], "signed \u{fffd}.pdf");
    assert!(bench.read(&signed).starts_with(&bench.read(&name)));
    assert_eq!(bench.snapshot().len(), 2);
    let trust = authority().at("root.pem").into_os_string();
    bench.run_untouched(["verify".into(), "--trust".into(), trust, signed]).answered(0, 1);
    bench.run_untouched(["inspect".into(), name.clone()]).answered(0, 1);
    // For people: nothing in a name reaches the terminal as a command to it.
    let shown = bench.command().arg("inspect").arg(&name).output().unwrap();
    assert!(shown.status.success() && !shown.stdout.contains(&0x1b));
    let missing = OsString::from_vec(b"\x1b[2J\xff".to_vec());
    bench.run_untouched(["verify".into(), missing.clone()]).refused_in_its_line(213, "source_unreadable");
    let shown = bench.command().arg("verify").arg(missing).output().unwrap();
    assert!(shown.status.code() == Some(2) && !shown.stderr.contains(&0x1b) && !shown.stderr.is_empty());
}

/// The three ends of a damaged document: the update undoes it, it is written anew because that was asked for, it is refused.
#[test]
fn damage_is_told() {
    let whole = pdf::agreement();
    let cut = &whole[..whole.len() * 9 / 10];
    let page = find(&whole, b"3 0 obj");
    let end = page + find(&whole[page..], b"endobj") + 7;
    let table = find(&whole, b"\nxref") + 1;
    let doubtful = [&whole[..table], &whole[page..end]].concat();
    let bench = Bench::with(&[("cut.pdf", cut), ("doubtful.pdf", &doubtful)]);
    let said = bench.run(sign_arguments(&["cut.pdf", "out.pdf"]));
    assert_eq!(said.answered(0, 1).lines[0]["repair"], "appended");
    assert!(bench.read("out.pdf").starts_with(cut));
    bench.run(sign_arguments(&["doubtful.pdf", "no.pdf"])).refused_without_answer(202, "pdf_damaged");
    let mut asked = sign_arguments(&["doubtful.pdf", "anew.pdf"]);
    asked.push("--repair".into());
    let said = bench.run(asked);
    assert_eq!(said.answered(0, 1).lines[0]["repair"], "rewritten");
    bench.report(0, &["anew.pdf"]);
    assert!(!bench.read("anew.pdf").starts_with(&doubtful));
}

fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).position(|w| w == what).unwrap()
}
