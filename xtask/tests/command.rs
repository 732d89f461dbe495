//! The `thrivosign` command does the whole job against an embedded demo server, step by step as a person would type it: login, keygen,
//! device, enroll, activate, sign in both modes, list, revoke. Here and not beside the command, because only this crate may see both.

#![cfg(feature = "demo")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests run programs and read files")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use thrivosign_server::{Config, Running, SeedUser, Server};

const MOBILE: &str = "+230 5000 0001";

/// The command, built by the same run of cargo; alone, it is built here.
fn program() -> PathBuf {
    let tests = std::env::current_exe().expect("a path");
    let program = tests.parent().and_then(Path::parent).expect("the target folder").join("thrivosign");
    if !program.exists() {
        let built = Command::new(env!("CARGO")).args(["build", "--quiet", "-p", "thrivosign-cli"]).status().expect("cargo runs");
        assert!(built.success());
    }
    program
}

struct Desk {
    server: Running,
    folder: PathBuf,
    program: PathBuf,
}

impl Desk {
    fn open() -> Desk {
        let folder = std::env::temp_dir().join(format!("thrivosign-command-{}", std::process::id()));
        std::fs::create_dir(&folder).expect("a folder");
        let password = thrivosign_server::random_password().expect("a password");
        std::fs::write(folder.join("password"), password.as_bytes()).expect("written");
        std::fs::write(folder.join("passphrase"), "a passphrase for the keys").expect("written");
        let mut config = Config::new(folder.join("server"));
        config.demo = true;
        config.seed = Some(SeedUser {
            username: "anna@example.com".to_owned(),
            password,
            name: "Anna Schmidt".to_owned(),
            mobile: MOBILE.to_owned(),
            email: "anna@example.com".to_owned(),
            country: Some("DE".to_owned()),
        });
        let server = Server::start(config).expect("the server starts");
        std::fs::write(folder.join("api-key"), server.api_key().expect("the first start tells it")).expect("written");
        std::fs::write(folder.join("tls.pem"), server.tls_root_pem()).expect("written");
        std::fs::write(folder.join("root.pem"), server.root_pem()).expect("written");
        Desk { server, folder, program: program() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(&self.folder).args(arguments).env("THRIVOSIGN_STATE", self.folder.join("state"));
        command.env("XDG_DATA_HOME", &self.folder).stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> String {
        said(arguments, self.command(arguments).output().expect("runs"))
    }

    /// A command that sends a code and asks for it: the code comes from the outbox, once there is a new one.
    fn run_with_code(&self, arguments: &[&str]) -> String {
        let outbox = self.server.outbox().expect("the demo has one");
        let before = outbox.latest_code(MOBILE).map(|code| code.to_string());
        let mut child =
            self.command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
        let until = Instant::now() + Duration::from_secs(30);
        let code = loop {
            let now = outbox.latest_code(MOBILE).map(|code| code.to_string());
            if let Some(code) = now.filter(|code| Some(code) != before.as_ref()) {
                break code;
            }
            let over = child.try_wait().expect("can be asked").is_some() || Instant::now() > until;
            assert!(!over, "{arguments:?}: {}", String::from_utf8_lossy(&child.wait_with_output().expect("ends").stderr));
            std::thread::sleep(Duration::from_millis(10));
        };
        writeln!(child.stdin.take().expect("a pipe"), "{code}").expect("it listens");
        said(arguments, child.wait_with_output().expect("ends"))
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn said(arguments: &[&str], output: Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{arguments:?}: {text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// One page, one line.
fn agreement() -> Vec<u8> {
    let content = "BT /F1 12 Tf 72 720 Td (The borrower repays 100 rupees.) Tj ET";
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>".to_owned(),
        format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let (mut text, mut table) = ("%PDF-1.7\n".to_owned(), "0000000000 65535 f \n".to_owned());
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", text.len()));
        text.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let xref = text.len();
    text.push_str(&format!("xref\n0 6\n{table}trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n"));
    text.into_bytes()
}

/// The first identifier of that kind in what was said.
fn id(said: &str, kind: &str) -> String {
    let start = said.find(kind).unwrap_or_else(|| panic!("no {kind} in {said}"));
    said[start..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}

/// Packages from both sides, which here are one person's: one is signed, one declined, one taken back.
fn packages(desk: &Desk) {
    for end in ["sign", "decline", "cancel"] {
        let package = id(&desk.run(&["--json", "package", "create", "Loan 4711", "--days", "3"]), "pkg-");
        let document = id(&desk.run(&["--json", "package", "add", &package, "in.pdf"]), "doc-");
        desk.run(&["package", "assign", &package, &document, "anna@example.com", "--visible", "1,72,72,200,60"]);
        assert!(!desk.run(&["package", "list", "--show", "waiting"]).contains(&package));
        desk.run(&["package", "share", &package]);
        assert!(desk.run(&["package", "list", "--show", "waiting"]).contains(&package));
        let out = format!("{end}-fetched.pdf");
        desk.run(&["package", "fetch", &package, &document, &out]);
        assert_eq!(std::fs::read(desk.folder.join(&out)).expect("fetched"), agreement());
        let said = match end {
            "sign" => {
                let sign = ["sign", "--remote", "--package", &package, "--passphrase-file", "passphrase", &out, "in-turn.pdf"];
                desk.run(&sign);
                let again = desk.command(&sign).output().expect("runs");
                assert!(!again.status.success(), "nothing waits any more");
                assert!(desk.run(&["verify", "--trust", "root.pem", "in-turn.pdf"]).contains("Signature 1: clean ("));
                desk.run(&["package", "status", &package])
            }
            no => desk.run(&["package", no, &package, "--reason", "The rate is wrong"]),
        };
        let state = match end {
            "sign" => "completed",
            "decline" => "declined: The rate is wrong",
            _ => "cancelled: The rate is wrong",
        };
        assert!(said.contains(state), "{said}");
    }
}

#[test]
fn the_whole_job_by_hand() {
    let desk = Desk::open();
    std::fs::write(desk.folder.join("in.pdf"), agreement()).expect("written");
    let service = desk.server.base();
    let login = ["login", "--service", &service, "--ca", "tls.pem", "--user", "anna@example.com", "--api-key-file", "api-key"];
    desk.run(&[&login[..], &["--password-file", "password"]].concat());
    desk.run(&["keygen", "--passphrase-file", "passphrase"]);
    desk.run_with_code(&["device", "--passphrase-file", "passphrase"]);
    desk.run_with_code(&["enroll", "--passphrase-file", "passphrase", "--name", "Anna Schmidt", "--country", "DE"]);
    desk.run_with_code(&["activate", "--passphrase-file", "passphrase"]);
    for mode in ["submit", "device"] {
        let (remote, out) = (format!("--remote={mode}"), format!("{mode}.pdf"));
        desk.run(&["sign", &remote, "--passphrase-file", "passphrase", "--reason", "I accept", "in.pdf", &out]);
        let verdict = desk.run(&["verify", "--trust", "root.pem", &out]);
        assert!(verdict.contains("Signature 1: clean (") && verdict.contains(": TOTAL_PASSED"), "{mode}: {verdict}");
    }
    packages(&desk);
    let listed = desk.run(&["--json", "list"]);
    assert!(listed.contains("Activated"), "{listed}");
    let start = listed.find("cred-").expect("an identifier");
    let id: String = listed[start..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    desk.run(&["revoke", &id]);
    assert!(desk.run(&["--json", "list"]).contains("Cancelled"));
    // A revoked certificate signs nothing any more.
    let refused =
        desk.command(&["sign", "--remote=submit", "--passphrase-file", "passphrase", "in.pdf", "late.pdf"]).output().expect("runs");
    assert!(!refused.status.success() && !desk.folder.join("late.pdf").exists());
}
