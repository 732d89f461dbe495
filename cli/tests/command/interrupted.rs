//! Ctrl-C, and a request to terminate, while a big document is signed: nothing is left. A killed process leaves the old file.

use crate::bench::{Bench, PROGRAM, Said, sign_arguments};
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Big enough that signing it takes a while; most of it is a hole, so that making it does not.
const BIG: usize = 300 << 20;

/// A sound document with a stream of [`BIG`] zeros.
fn big(path: &Path) {
    let objects = [
        "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
        "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n",
        "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>\nendobj\n",
    ];
    let mut head = "%PDF-1.7\n".to_owned();
    let mut table = "xref\n0 5\n0000000000 65535 f \n".to_owned();
    for object in objects {
        table.push_str(&format!("{:010} 00000 n \n", head.len()));
        head.push_str(object);
    }
    table.push_str(&format!("{:010} 00000 n \n", head.len()));
    head.push_str(&format!("4 0 obj\n<</Length {BIG}>>\nstream\n"));
    let mut file = File::create(path).unwrap();
    file.write_all(head.as_bytes()).unwrap();
    file.seek(SeekFrom::Current(BIG.try_into().unwrap())).unwrap();
    let end = "\nendstream\nendobj\n";
    let xref = head.len() + BIG + end.len();
    write!(file, "{end}{table}trailer\n<</Size 5/Root 1 0 R/ID[<01><02>]>>\nstartxref\n{xref}\n%%EOF\n").unwrap();
}

/// Names in the folder beside the two that belong there.
fn left(bench: &Bench) -> Vec<String> {
    let names = fs::read_dir(bench.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != "in.pdf" && name != "out.pdf").collect()
}

/// Starts signing, and waits until some megabytes of the output are written.
fn begun(bench: &Bench) -> Child {
    let mut command = bench.command();
    command.arg("--json").args(sign_arguments(&["in.pdf", "out.pdf"])).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let written = left(bench).first().and_then(|name| fs::metadata(bench.at(name)).ok()).map_or(0, |meta| meta.len());
        if written > 4 << 20 {
            return child;
        }
        assert!(child.try_wait().unwrap().is_none(), "ended before it could be interrupted");
        assert!(Instant::now() < until, "does not begin");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn signal(child: &Child, name: &str) {
    // The shell's own `kill`: the program of that name is not everywhere.
    assert!(Command::new("sh").args(["-c", "kill -s \"$0\" \"$1\"", name, &child.id().to_string()]).status().unwrap().success());
}

fn bench() -> Bench {
    let bench = Bench::with(&[("out.pdf", b"old")]);
    big(&bench.at("in.pdf"));
    bench
}

#[test]
fn a_big_document_is_sound() {
    let bench = bench();
    let mut signing = sign_arguments(&["in.pdf", "out.pdf"]);
    signing.insert(1, "--no-fsync".into());
    bench.run(signing).answered(0, 1);
    assert!(left(&bench).is_empty());
    let said = Said::of(&bench.command().args(["--json", "verify", "out.pdf"]).output().unwrap());
    assert_eq!(said.answered(1, 1).lines[0]["signatures"][0]["intact"], true);
}

#[test]
fn interrupted_while_signing() {
    let bench = bench();
    let len = fs::metadata(bench.at("in.pdf")).unwrap().len();
    for name in ["INT", "TERM"] {
        let child = begun(&bench);
        signal(&child, name);
        let asked = Instant::now();
        Said::of(&child.wait_with_output().unwrap()).refused_without_answer(107, "cancelled");
        assert!(asked.elapsed() < Duration::from_secs(20), "{name}: {:?}", asked.elapsed());
        assert_eq!((left(&bench), bench.read("out.pdf")), (vec![], b"old".to_vec()), "{name}");
        assert_eq!(fs::metadata(bench.at("in.pdf")).unwrap().len(), len);
    }
}

/// Nothing can be tidied up then, but neither is the old output harmed nor half a new one seen under its name.
#[test]
fn killed_while_signing() {
    let bench = bench();
    let mut child = begun(&bench);
    signal(&child, "KILL");
    assert!(!child.wait().unwrap().success());
    assert_eq!(bench.read("out.pdf"), b"old");
    let [only] = left(&bench).try_into().expect("one temporary");
    assert!(only.starts_with(".thrivosign-") && only.ends_with(".tmp"), "{only}");
}

/// Verifying stops between two blocks as well; the file that was cut short still has its line.
#[cfg(target_os = "linux")]
#[test]
fn interrupted_while_verifying() {
    let bench = bench();
    let mut signing = sign_arguments(&["in.pdf", "out.pdf"]);
    signing.insert(1, "--no-fsync".into());
    bench.run(signing).answered(0, 1);
    let mut command = Command::new(PROGRAM);
    command.args(["--json", "verify", "out.pdf", "out.pdf", "out.pdf"]).current_dir(bench.path());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Signals are caught from before the first file is opened.
    let opened = format!("/proc/{}/fd", child.id());
    let until = Instant::now() + Duration::from_secs(60);
    let reads = || {
        fs::read_dir(&opened).is_ok_and(|fds| fds.flatten().any(|fd| fs::read_link(fd.path()).is_ok_and(|path| path.ends_with("out.pdf"))))
    };
    while !reads() {
        assert!(child.try_wait().unwrap().is_none() && Instant::now() < until, "does not begin");
        std::thread::sleep(Duration::from_millis(1));
    }
    signal(&child, "INT");
    let said = Said::of(&child.wait_with_output().unwrap());
    said.refused(107, "cancelled");
    assert_eq!(said.lines.last(), said.errors.last());
    // The file that was being read has its line; those behind it were not begun.
    assert!(said.lines.len() < 3 && said.lines.iter().all(|line| line["file"] == "out.pdf"));
}
