//! Outputs that cannot be written: the file appears whole or not at all, and nothing else is left.

use crate::authority::authority;
use crate::bench::{Bench, PROGRAM, Said, sign_arguments, skip};
use crate::documents::{agreement, padded};
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;

const UNWRITABLE: (i64, &str) = (214, "output_unwritable");
const SAME: (i64, &str) = (215, "output_is_input");

fn bench() -> Bench {
    Bench::with(&[("in.pdf", &agreement())])
}

#[test]
fn the_input_is_never_the_output() {
    let bench = bench();
    symlink("in.pdf", bench.at("soft.pdf")).unwrap();
    symlink(bench.at("soft.pdf"), bench.at("softer.pdf")).unwrap();
    fs::hard_link(bench.at("in.pdf"), bench.at("hard.pdf")).unwrap();
    fs::create_dir(bench.at("sub")).unwrap();
    for output in ["in.pdf", "./in.pdf", "sub/../in.pdf", "soft.pdf", "softer.pdf", "hard.pdf"] {
        bench.sign_refused(&["in.pdf", output], SAME.0, SAME.1);
        bench.sign_refused(&[output, "in.pdf"], SAME.0, SAME.1);
    }
}

/// Nor is it one of the files that the signer is read from.
#[test]
fn the_key_is_never_the_output() {
    let bench = bench();
    for name in ["ec.key", "ec.pem", "ec.p12", "right.txt"] {
        fs::copy(authority().at(name), bench.at(name)).unwrap();
    }
    symlink("ec.key", bench.at("soft.pdf")).unwrap();
    let pair = ["sign", "--key", "ec.key", "--cert", "ec.pem", "in.pdf"];
    let p12 = ["sign", "--p12", "ec.p12", "--passphrase-file", "right.txt", "in.pdf"];
    for (signer, output) in [(pair, "ec.key"), (pair, "soft.pdf"), (pair, "ec.pem"), (p12, "ec.p12"), (p12, "right.txt")] {
        eprintln!("output: {output}");
        bench.run_untouched(signer.iter().chain([&output])).refused_without_answer(SAME.0, SAME.1);
    }
    bench.run(p12.iter().chain([&"out.pdf"])).answered(0, 1);
}

#[test]
fn places_that_cannot_be_written() {
    let bench = bench();
    fs::create_dir(bench.at("folder")).unwrap();
    symlink("nowhere/out.pdf", bench.at("dangling.pdf")).unwrap();
    let long = "x".repeat(300);
    let outputs = [
        "missing/out.pdf",
        "folder",
        "folder/",
        ".",
        "..",
        "in.pdf/out.pdf",
        "dangling.pdf",
        "/proc/out.pdf",
        "/dev/full",
        "/dev/null",
        &long,
    ];
    for output in outputs {
        eprintln!("output: {output:?}");
        bench.sign_refused(&["in.pdf", output], UNWRITABLE.0, UNWRITABLE.1);
    }
    assert_eq!(fs::read_dir(bench.at("folder")).unwrap().count(), 0);
}

#[test]
fn an_existing_output_is_replaced_whole_and_a_link_stays() {
    let bench = bench();
    fs::write(bench.at("out.pdf"), "old").unwrap();
    symlink("out.pdf", bench.at("link.pdf")).unwrap();
    bench.sign(&["in.pdf", "link.pdf"]).answered(0, 1);
    assert!(fs::symlink_metadata(bench.at("link.pdf")).unwrap().is_symlink());
    bench.report(0, &["out.pdf"]);
    assert_eq!(bench.snapshot().len(), 3);
    // What was refused leaves the old output as it is.
    bench.sign_refused(&["--visible", "9,10,10,100,50", "in.pdf", "out.pdf"], 209, "page_not_found");
}

/// A limit on the size of files, its signal ignored, is met while the copy is written, as a full disk is.
#[test]
fn no_room_while_writing() {
    let big = padded(3_000_000);
    let bench = Bench::with(&[("in.pdf", &big), ("out.pdf", b"old")]);
    let before = bench.snapshot();
    // From no room at all to room for all but the update (units of 512 bytes).
    for blocks in [0, 1, 100, 2000, big.len() / 512] {
        let mut shell = bench.in_folder("sh");
        shell.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" --json \"$@\""), PROGRAM]);
        let said = Said::of(&shell.args(sign_arguments(&["in.pdf", "out.pdf"])).output().unwrap());
        said.refused_without_answer(UNWRITABLE.0, UNWRITABLE.1);
        assert_eq!(said.context(), "there is no room for it");
        assert!(bench.snapshot() == before, "{blocks}: {:?}", bench.snapshot().keys());
    }
}

/// Runs a script as root among file systems of its own: the working folder is the bench's, and its folder `place` is listed
/// into `names` afterwards.
fn among_own_mounts(bench: &Bench, prepare: &str, arguments: Vec<OsString>) -> Option<Said> {
    let can = bench.in_folder("unshare").args(["-m", "sh", "-c", "mount -t tmpfs -o size=64k none ."]).output();
    if !can.is_ok_and(|tried| tried.status.success()) {
        skip("file systems can be mounted by root only");
        return None;
    }
    let script = format!("set -e; {prepare}; \"$0\" --json \"$@\" && code=0 || code=$?; ls -A place >names; exit $code");
    let mut own = bench.in_folder("unshare");
    own.args(["-m", "sh", "-c", &script, PROGRAM]).args(arguments);
    Some(Said::of(&own.output().unwrap()))
}

fn names(bench: &Bench) -> Vec<String> {
    String::from_utf8(bench.read("names")).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn a_disk_that_is_full() {
    let big = padded(600_000);
    // Too small for a name, for the copy, for the update behind it; and one that holds it all.
    for (kib, fits) in [(4, false), (200, false), (592, false), (2000, true)] {
        let bench = Bench::with(&[("in.pdf", &big)]);
        fs::create_dir(bench.at("place")).unwrap();
        let prepare = format!("mount -t tmpfs -o size={kib}k none place; printf old >place/out.pdf");
        let prepare = format!("{prepare}; trap 'cp place/out.pdf after.pdf' EXIT");
        let Some(said) = among_own_mounts(&bench, &prepare, sign_arguments(&["in.pdf", "place/out.pdf"])) else { return };
        assert_eq!(names(&bench), ["out.pdf"], "{kib} KiB");
        if fits {
            said.answered(0, 1);
            bench.report(0, &["after.pdf"]);
        } else {
            said.refused_without_answer(UNWRITABLE.0, UNWRITABLE.1);
            assert_eq!(said.context(), "there is no room for it");
            assert_eq!(bench.read("after.pdf"), b"old");
        }
        assert_eq!(bench.read("in.pdf"), big);
    }
}

#[test]
fn a_folder_that_is_read_only() {
    let bench = bench();
    fs::create_dir(bench.at("place")).unwrap();
    fs::write(bench.at("place/out.pdf"), "old").unwrap();
    let prepare = "mount --bind place place; mount -o remount,bind,ro place";
    for output in ["place/out.pdf", "place/new.pdf"] {
        let Some(said) = among_own_mounts(&bench, prepare, sign_arguments(&["in.pdf", output])) else { return };
        said.refused_without_answer(UNWRITABLE.0, UNWRITABLE.1);
        assert_eq!(said.context(), "the folder or file may not be written");
        assert_eq!(names(&bench), ["out.pdf"]);
        assert_eq!(bench.read("place/out.pdf"), b"old");
    }
    // A document in such a folder can be read, verified, and signed into another one.
    fs::copy(bench.at("in.pdf"), bench.at("place/in.pdf")).unwrap();
    let Some(said) = among_own_mounts(&bench, prepare, sign_arguments(&["place/in.pdf", "out.pdf"])) else { return };
    said.answered(0, 1);
    bench.report(0, &["out.pdf"]);
}

/// As for an ordinary user: permission bits bind whoever is not root.
#[test]
fn a_folder_without_permission() {
    let bench = bench();
    let shell = "chmod 0755 . && mkdir place && chmod 0555 place && chown nobody place && mkdir own && cp \"$@\" own && chown -R nobody own && chmod -R u=rwX own";
    let files = ["ec.key", "ec.pem"].map(|name| authority().at(name));
    let made = bench.in_folder("sh").args(["-c", shell, "sh"]).args(&files).output().unwrap();
    if !made.status.success() {
        return skip("only root can act as another user");
    }
    // The program may lie where another user cannot reach it.
    fs::copy(PROGRAM, bench.at("own/thrivosign")).unwrap();
    let mut other = bench.in_folder("setpriv");
    other.args(["--reuid=65534", "--regid=65534", "--clear-groups", "own/thrivosign", "--json", "sign"]);
    other.args(["--key", "own/ec.key", "--cert", "own/ec.pem", "in.pdf", "place/out.pdf"]);
    let Ok(output) = other.output() else { return skip("setpriv is not installed") };
    let said = Said::of(&output);
    said.refused_without_answer(UNWRITABLE.0, UNWRITABLE.1);
    assert_eq!(said.context(), "the folder or file may not be written");
    assert_eq!(fs::read_dir(bench.at("place")).unwrap().count(), 0);
}
