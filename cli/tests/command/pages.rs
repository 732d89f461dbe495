//! What README and the pages show of this command is run: every line of a shell fence that begins with `thrivosign`, in a folder that has the files
//! the pages speak of. A line that needs a service is run where there is none: it must be understood, and say that a service is missing.

use crate::authority::authority;
use crate::bench::Bench;
use crate::documents::agreement;
use crate::extend;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How a line ends other than by 0, and why.
const ENDS: &[(&str, i32, &str)] = &[
    ("sign --key key.pem --cert chain.pem --level b-lta", 1, "signed, and the test's certificates name no responder"),
    ("extend --level b-lta", 1, "the test's certificates name no responder"),
    ("extend --due", 1, "something is due"),
    ("verify --trust root.pem --tsa-trust tsa-root.pem --crls lists/ --revocation require agreement.pdf", 1, "there are no lists"),
    ("verify --policy policy.json", 1, "that policy requires lists, of which there are none"),
    ("verify --trust root.pem --json archive/", 3, "not every document is signed"),
    ("verify --trust roots/ --json archive/", 3, "not every document is signed"),
    ("verify --json --trust root.pem archive/", 3, "not every document is signed"),
    ("chain --trust root.pem --intermediates ca.pem --crls lists/", 1, "there are no lists"),
];
/// What only a service can do.
const ONLINE: &[&str] =
    &["login", "keygen", "device", "enroll", "activate", "sign --remote", "package", "template", "new-credential", "approvals", "approve"];
const PAGES: [&str; 10] = [
    "README.md",
    "docs/start/cli.md",
    "docs/howto/sign.md",
    "docs/howto/extend.md",
    "docs/howto/verify.md",
    "docs/howto/appearance.md",
    "docs/howto/packages.md",
    "docs/howto/remote.md",
    "docs/howto/server.md",
    "docs/howto/est.md",
];

/// A picture of one pixel.
const SEAL: &[u8] = b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90\x77\x53\xde\x00\x00\x00\x0c\x49\x44\x41\x54\x78\x9c\x63\x50\x70\x68\x00\x00\x01\x64\x00\xe1\xc7\x13\xc9\xf6\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The command's lines in each fence of a page, without the prompt, joined where they go on.
fn fences(page: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(root().join(page)).unwrap().replace("\\\n", " ");
    let (mut found, mut inside) = (Vec::new(), false);
    for line in text.lines() {
        if let Some(language) = line.trim().strip_prefix("```") {
            inside = !inside && ["sh", "console"].contains(&language);
            found.push(Vec::new());
        } else if inside {
            let line = line.strip_prefix("$ ").unwrap_or(line).replace("cargo run -p thrivosign-cli --", "thrivosign");
            found.iter_mut().next_back().unwrap().extend(line.strip_prefix("thrivosign ").map(str::to_owned));
        }
    }
    found.retain(|lines: &Vec<String>| !lines.is_empty());
    found
}

/// Everything that the pages name, made by the command itself where it can be.
fn folder() -> (Bench, String) {
    let bench = Bench::with(&[("in.pdf", &agreement()), ("loan.pdf", &agreement()), ("lease.pdf", &agreement())]);
    let (clock, stamper) = extend::authority(&bench);
    let authority = authority();
    for (from, to) in
        [("ec.key", "key.pem"), ("ec.pem", "chain.pem"), ("ec.pem", "signer.pem"), ("root.pem", "root.pem"), ("middle.pem", "ca.pem")]
    {
        fs::copy(authority.at(from), bench.at(to)).unwrap();
    }
    fs::copy(stamper, bench.at("tsa-root.pem")).unwrap();
    for folder in ["roots", "lists", "archive", "contracts"] {
        fs::create_dir(bench.at(folder)).unwrap();
    }
    fs::copy(bench.at("root.pem"), bench.at("roots/root.pem")).unwrap();
    fs::copy(bench.at("tsa-root.pem"), bench.at("roots/tsa.pem")).unwrap();
    bench.sign(&["in.pdf", "agreement.pdf"]).answered(0, 1);
    for name in ["out.pdf", "signed.pdf", "archive/one.pdf"] {
        fs::copy(bench.at("agreement.pdf"), bench.at(name)).unwrap();
    }
    for name in ["archive/two.pdf", "contracts/one.pdf", "contracts/two.pdf"] {
        fs::copy(bench.at("in.pdf"), bench.at(name)).unwrap();
    }
    fs::write(bench.at("contracts.txt"), "contracts/one.pdf\n").unwrap();
    fs::write(bench.at("seal.png"), SEAL).unwrap();
    std::os::unix::fs::symlink(crate::bench::PROGRAM, bench.at("thrivosign")).unwrap();
    (bench, clock)
}

fn run(bench: &Bench, line: &str) -> (Option<i32>, String) {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut shell = Command::new("sh");
    // A pipe's own status is its last program's.
    shell.args(["-c", &format!("thrivosign {line}")]).current_dir(bench.path()).stdin(std::process::Stdio::null());
    shell.env("PATH", format!("{}:{path}", bench.path().display())).env("THRIVOSIGN_PASSPHRASE", "of a test");
    shell.env("THRIVOSIGN_STATE", bench.at("state")).env("XDG_DATA_HOME", bench.path()).env("HOME", bench.path());
    let output = shell.output().unwrap();
    let told = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&told).into_owned())
}

#[test]
fn every_line_that_is_shown_runs() {
    let (mut ran, mut asked, mut wrong) = (0, 0, Vec::new());
    for (page, fence) in PAGES.iter().flat_map(|page| fences(page).into_iter().map(move |fence| (page, fence))) {
        // What a line leaves is there for the next.
        let (bench, clock) = folder();
        for line in fence {
            if ONLINE.iter().any(|needs| line.starts_with(needs)) {
                let line = line.replace(" & ", " ").replace("https://signer.example", "https://127.0.0.1:1");
                let (exit, said) = run(&bench, &line);
                asked += 1;
                if exit == Some(0) && !line.starts_with("keygen") || said.contains("Usage:") || said.contains("panicked") {
                    wrong.push(format!("{page}: {line}: {exit:?} {said}"));
                }
                continue;
            }
            let must = ENDS.iter().find(|(begins, _, _)| line.starts_with(begins)).map_or(0, |(_, end, _)| *end);
            let must = if line.contains('|') { 0 } else { must };
            let (exit, said) = run(&bench, &line.replace("http://tsa.example/tsa", &clock));
            ran += 1;
            if exit != Some(must) || said.contains("Usage:") || said.contains("panicked") {
                wrong.push(format!("{page}: {line}: {exit:?} {said}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(ran >= 30 && asked >= 25, "{ran} lines ran and {asked} were understood");
}

#[test]
fn no_page_shows_the_command_unseen() {
    let (mut folders, mut missing) = (vec![root().join("docs")], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".md") && !PAGES.contains(&name.as_str()) && !fences(&name).is_empty() {
                missing.push(name);
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}
