//! The commands that need a service, against one: the whole job from login to logout, requests that wait for an officer, and runs that are killed while
//! something is under way. What a person would read off a phone is read from the server's outbox.

use crate::bench::PROGRAM;
use crate::documents::agreement;
use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use thrivosign::journey::{Environment, Limits, Session, officer};
use thrivosign::net::{HttpsTransport, Options, Roots};
use thrivosign::remote::secret::Secret;
use thrivosign_server::{Config, Running, SeedUser, Server};
use zeroize::Zeroizing;

const USER: &str = "anna@example.org";
const MOBILE: &str = "+491700000000";
const PASSWORD: &str = "correct horse battery staple";
const OFFICER: &str = "officer";

fn person(username: &str, name: &str, mobile: &str) -> SeedUser {
    SeedUser {
        username: username.to_owned(),
        password: Zeroizing::new(PASSWORD.to_owned()),
        name: name.to_owned(),
        mobile: mobile.to_owned(),
        email: username.to_owned(),
        country: Some("DE".to_owned()),
    }
}

/// A server, and the folder of somebody who works with it.
struct Desk {
    server: Running,
    folder: tempfile::TempDir,
}

impl Desk {
    /// Logged in, with keys and a registered device.
    fn open(officer_approves: bool) -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::new(folder.path().join("server"));
        config.demo = true;
        config.certificate_days = 20;
        config.limits.codes = 1_000;
        config.officer_approves = officer_approves;
        config.officer = officer_approves.then(|| person(OFFICER, "Olga Officer", "+491700000001"));
        config.seed = Some(person(USER, "Anna Schmidt", MOBILE));
        let server = Server::start(config).unwrap();
        let desk = Desk { server, folder };
        std::fs::write(desk.at("tls.pem"), desk.server.tls_root_pem()).unwrap();
        std::fs::write(desk.at("root.pem"), desk.server.root_pem()).unwrap();
        std::fs::write(desk.at("in.pdf"), agreement()).unwrap();
        let base = desk.server.base();
        assert_eq!(desk.done(&["login", "--service", &base, "--ca", "tls.pem", "--user", USER])["user"], USER);
        assert_eq!(desk.done(&["keygen"])["keys"][1]["name"], "signing");
        assert!(desk.typed(&["device", "--name", "Anna's"])["device"].is_string());
        desk
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn codes(&self) -> usize {
        self.server.outbox().unwrap().len()
    }

    fn start(&self, words: &[&str]) -> Child {
        let mut command = Command::new(PROGRAM);
        command.arg("--json").args(words).current_dir(self.folder.path());
        command.env("THRIVOSIGN_STATE", self.at("state")).env("THRIVOSIGN_PASSPHRASE", "of a test").env("THRIVOSIGN_PASSWORD", PASSWORD);
        command.env("THRIVOSIGN_API_KEY", self.server.api_key().unwrap());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Waits until the command has had one more code sent, which is not typed yet.
    fn until_asked(&self, words: &[&str]) -> Child {
        let (sent, mut child, begun) = (self.codes(), self.start(words), Instant::now());
        while self.codes() == sent {
            assert!(child.try_wait().unwrap().is_none(), "{words:?} ended without a code");
            assert!(begun.elapsed() < Duration::from_secs(60), "{words:?} had no code sent");
            std::thread::sleep(Duration::from_millis(5));
        }
        child
    }

    fn type_code(&self, child: &mut Child) {
        let code = self.server.outbox().unwrap().latest_code(MOBILE).unwrap();
        writeln!(child.stdin.as_mut().unwrap(), "{}", code.as_str()).unwrap();
    }

    /// What the command answered; it had nothing to read.
    fn done(&self, words: &[&str]) -> Value {
        answer(words, &ended(self.start(words)))
    }

    /// The same for one that has a code sent.
    fn typed(&self, words: &[&str]) -> Value {
        let mut child = self.until_asked(words);
        self.type_code(&mut child);
        answer(words, &ended(child))
    }

    /// Why the command could not run, with nothing to read.
    fn refused(&self, words: &[&str]) -> (i64, String) {
        why(words, &ended(self.start(words)))
    }

    fn states(&self) -> Vec<String> {
        let output = ended(self.start(&["list"]));
        let lines = String::from_utf8(output.stdout).unwrap();
        lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["state"].as_str().unwrap().to_owned()).collect()
    }

    fn officer(&self) -> Session {
        let mut options = Options::new(self.server.base());
        options.roots = Roots::from_pem(self.server.tls_root_pem().as_bytes()).unwrap();
        let environment = Environment::new(Secret::new(self.server.api_key().unwrap()));
        let session = Session::new(Arc::new(HttpsTransport::new(&options).unwrap()), environment).unwrap();
        session.login(OFFICER, Secret::new(PASSWORD), &Limits::default()).unwrap();
        session
    }
}

fn ended(child: Child) -> Output {
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("panicked"), "{said}");
    output
}

fn answer(words: &[&str], output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn why(words: &[&str], output: &Output) -> (i64, String) {
    assert_eq!(output.status.code(), Some(2), "{words:?}: {}", String::from_utf8_lossy(&output.stdout));
    let told: Value = serde_json::from_slice(&output.stderr).unwrap();
    (told["error"]["code"].as_i64().unwrap(), told["error"]["context"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn the_whole_job_from_login_to_logout() {
    let desk = Desk::open(false);
    let enrolled = desk.typed(&["enroll", "--name", "Anna Schmidt", "--country", "DE"]);
    assert_eq!(enrolled["state"], "New", "{enrolled}");
    let refused = desk.refused(&["sign", "--remote=submit", "in.pdf", "early.pdf"]);
    assert_eq!(refused, (104, "the credential is not activated".to_owned()));
    assert_eq!(desk.typed(&["activate"])["state"], "Activated");
    for mode in ["submit", "device"] {
        let out = format!("{mode}.pdf");
        let signed = desk.done(&["sign", &format!("--remote={mode}"), "in.pdf", &out]);
        assert_eq!(signed["remote"]["mode"], mode, "{signed}");
        let report = desk.done(&["verify", "--trust", "root.pem", &out]);
        assert!(report["signatures"][0]["clean"] == true && report["signatures"].as_array().unwrap().len() == 1, "{report}");
    }
    // In its last month from the first day: renewed under another key, without a code.
    let codes = desk.codes();
    assert_eq!(desk.done(&["renew"])["state"], "Activated");
    assert_eq!((desk.codes(), desk.states()), (codes, vec!["Activated".to_owned(), "Activated".to_owned()]));
    let old = enrolled["credential"].as_str().unwrap();
    assert_eq!(desk.done(&["revoke", "--reason", "superseded", old])["state"], "Cancelled");
    let again = desk.done(&["sign", "--remote=submit", "in.pdf", "renewed.pdf"]);
    assert!(again["remote"]["credential"] != *old, "{again}");
    desk.done(&["logout"]);
    assert_eq!(desk.refused(&["list"]).0, 503);
}

#[test]
fn a_request_that_waits_for_an_officer_is_gone_on_with() {
    let desk = Desk::open(true);
    let (words, limits) = (["enroll", "--name", "Anna Schmidt"], Limits::default());
    let mut child = desk.until_asked(&words);
    desk.type_code(&mut child);
    let (code, context) = why(&words, &ended(child));
    assert!(code == 516 && context.contains("the same command goes on"), "{code} {context}");
    let codes = desk.codes();
    assert_eq!(desk.refused(&words).0, 516);
    let waited = Instant::now();
    assert_eq!(desk.refused(&["enroll", "--name", "Anna Schmidt", "--wait", "1"]).0, 516);
    assert!(waited.elapsed() >= Duration::from_secs(1));

    let olga = desk.officer();
    let waiting = officer::waiting(&olga, &limits).unwrap();
    assert_eq!(waiting.len(), 1, "asked for once");
    officer::approve(&olga, &waiting[0].request_id, &limits).unwrap();
    assert_eq!(desk.done(&words)["state"], "New");
    assert_eq!((desk.codes(), desk.states()), (codes, vec!["New".to_owned()]));

    // Killed while it waits: the next run has the certificate that was approved meanwhile.
    assert_eq!(desk.done(&["keygen", "--name", "second"])["keys"][1]["name"], "second");
    let second = ["enroll", "--name", "Anna Schmidt", "--key", "second", "--wait", "600"];
    let mut child = desk.until_asked(&second);
    desk.type_code(&mut child);
    let begun = Instant::now();
    let waiting = loop {
        assert!(begun.elapsed() < Duration::from_secs(60));
        match officer::waiting(&olga, &limits).unwrap().pop() {
            Some(waiting) => break waiting,
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    };
    child.kill().unwrap();
    child.wait().unwrap();
    officer::approve(&olga, &waiting.request_id, &limits).unwrap();
    assert_eq!(desk.done(&second)["state"], "New");
    assert_eq!(desk.states().len(), 2);
}

#[test]
fn a_run_that_ends_before_the_code_is_typed_has_none_sent_anew() {
    let desk = Desk::open(false);
    let words = ["enroll", "--name", "Anna Schmidt"];
    let mut child = desk.until_asked(&words);
    // The service has sent the code; the command has heard so once its journal has more than a beginning.
    let begun = Instant::now();
    while std::fs::metadata(desk.at("state/requests.tsj")).map_or(0, |journal| journal.len()) < 100 {
        assert!(begun.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let codes = desk.codes();
    let mut child = desk.start(&words);
    desk.type_code(&mut child);
    assert_eq!(answer(&words, &ended(child))["state"], "New");
    assert_eq!((desk.codes(), desk.states().len()), (codes, 1));
}
