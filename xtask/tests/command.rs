//! The `thrivosign` command does the whole job against an embedded demo server, step by step as a person would type it: login, keygen,
//! device, enroll, activate, sign in both modes, list, revoke. Here and not beside the command, because only this crate may see both.

#![cfg(feature = "demo")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests run programs and read files")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use thrivosign_server::{Binding, ClientAuthorities, Config, Running, SeedUser, Server, client};

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
    /// `before` may do something to the folder while the server is down, and change how it goes on.
    fn open(name: &str, before: impl FnOnce(&Path, &mut Config)) -> Desk {
        let folder = std::env::temp_dir().join(format!("thrivosign-command-{name}-{}", std::process::id()));
        std::fs::create_dir(&folder).expect("a folder");
        let password = thrivosign_server::random_password().expect("a password");
        std::fs::write(folder.join("password"), password.as_bytes()).expect("written");
        std::fs::write(folder.join("passphrase"), "a passphrase for the keys").expect("written");
        let config = || {
            let mut config = Config::new(folder.join("server"));
            config.demo = true;
            config
        };
        let mut first = config();
        first.seed = Some(SeedUser {
            username: "anna@example.com".to_owned(),
            password,
            name: "Anna Schmidt".to_owned(),
            mobile: MOBILE.to_owned(),
            email: "anna@example.com".to_owned(),
            country: Some("DE".to_owned()),
        });
        let server = Server::start(first).expect("the server starts");
        std::fs::write(folder.join("api-key"), server.api_key().expect("the first start tells it")).expect("written");
        server.shutdown();
        let mut second = config();
        before(&folder, &mut second);
        let server = Server::start(second).expect("the server starts again");
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

/// A template is made, used twice and deleted; what was made of it stays.
fn templates(desk: &Desk) {
    let create = ["template", "create", "Lease", "in.pdf", "--role", "tenant=1,1,72,72,200,60", "--role", "bank=2"];
    let made = desk.run(&create);
    let template = id(&made, "tpl-");
    assert!(made.contains("1. tenant  on page 1") && made.contains("2. bank"), "{made}");
    assert_eq!(id(&desk.run(&["--json", "template", "list"]), "tpl-"), template);
    let cast = ["tenant=anna@example.com", "bank=ben@example.com"];
    let packages: Vec<String> =
        (0..2).map(|_| id(&desk.run(&[&["--json", "template", "use", &template, "--days", "3"][..], &cast].concat()), "pkg-")).collect();
    assert_ne!(packages[0], packages[1]);
    let short = desk.command(&["template", "use", &template, cast[0]]).output().expect("runs");
    assert!(!short.status.success(), "a role has nobody");
    assert!(desk.run(&["package", "share", &packages[0]]).contains("1. anna@example.com"));
    assert!(desk.run(&["package", "list", "--show", "waiting"]).contains(&packages[0]));
    assert!(desk.run(&["--json", "template", "delete", &template]).contains(&template));
    assert!(!desk.run(&["template", "list"]).contains("tpl-"));
    assert!(desk.run(&["package", "status", &packages[1]]).contains("draft"));
    desk.run(&["package", "cancel", &packages[0], "--reason", "Only an example"]);
}

/// Events go to one address, then to another, then nowhere.
fn webhooks(desk: &Desk) {
    let none = desk.command(&["webhook", "status"]).output().expect("runs");
    assert!(!none.status.success() && String::from_utf8_lossy(&none.stderr).contains("webhook-unknown"));
    let refused = desk.command(&["webhook", "set", "http://bank.example/hook"]).output().expect("runs");
    assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("webhook-refused"));
    assert!(desk.run(&["webhook", "add", "http://127.0.0.1:1/first"]).contains("http://127.0.0.1:1/first  0 events wait"));
    desk.run(&["webhook", "set", "http://127.0.0.1:1/second"]);
    let said = desk.run(&["--json", "webhook", "list"]);
    assert!(said.contains(r#""url":"http://127.0.0.1:1/second""#) && said.contains(r#""pending":0"#), "{said}");
    assert_eq!(desk.run(&["webhook", "remove"]).trim(), "removed");
    assert!(!desk.command(&["webhook", "status"]).output().expect("runs").status.success());
}

/// The signature carries a record of itself, where this device makes the update.
fn carried(desk: &Desk) {
    std::fs::write(desk.folder.join("consent.txt"), "I agree to all of it.\n").expect("written");
    let sign = |mode: &str, input: &str| {
        let remote = format!("--remote={mode}");
        let all =
            ["sign", &remote, "--passphrase-file", "passphrase", "--carry-evidence", "--consent-file", "consent.txt", input, "carried.pdf"];
        desk.command(&all).output().expect("runs")
    };
    assert!(sign("device", "in.pdf").status.success());
    let pdf = std::fs::read(desk.folder.join("carried.pdf")).expect("read");
    let holds = |words: &[u8]| pdf.windows(words.len()).any(|window| window == words);
    assert!(holds(b"thrivosign-evidence-1") && holds(b"I agree to all of it."));
    assert!(desk.run(&["verify", "--trust", "root.pem", "carried.pdf"]).contains("Signature 1: clean ("));
    for (mode, input, why) in [("submit", "in.pdf", "invalid_argument"), ("device", "device.pdf", "before the first signature")] {
        let refused = sign(mode, input);
        let text = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && (text.contains(why) || text.contains("carries no record")), "{mode}: {text}");
    }
}

#[test]
fn the_whole_job_by_hand() {
    let desk = Desk::open("user", |_, _| {});
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
    carried(&desk);
    packages(&desk);
    templates(&desk);
    webhooks(&desk);
    // Its time has not come: nothing is lost by asking.
    let early = desk.command(&["renew", "--passphrase-file", "passphrase"]).output().expect("runs");
    let text = String::from_utf8_lossy(&early.stderr).into_owned();
    assert!(!early.status.success() && text.contains("credential-state"), "{text}");
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

fn openssl(folder: &Path, line: &str) {
    let output = Command::new("openssl").current_dir(folder).args(line.split(' ')).output().expect("openssl runs");
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Authority and certificate by openssl, the key with a passphrase; the office acts for Anna's account.
#[test]
fn a_back_office_needs_no_user_and_no_password() {
    let desk = Desk::open("office", |folder, config| {
        const P256: &str = "-newkey ec -pkeyopt ec_paramgen_curve:P-256";
        std::fs::write(folder.join("ext.cnf"), "extendedKeyUsage=clientAuth\n").expect("written");
        std::fs::write(folder.join("key-passphrase"), "of the desk's key\n").expect("written");
        openssl(folder, &format!("req -x509 -nodes {P256} -days 30 -subj /CN=Authority -keyout ca.key -out ca.pem"));
        let sealed = "-aes-256-cbc -pass file:key-passphrase";
        openssl(folder, &format!("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 {sealed} -out desk.key"));
        openssl(folder, "req -new -key desk.key -passin file:key-passphrase -subj /CN=Desk -out desk.csr");
        openssl(folder, "x509 -req -in desk.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile ext.cnf -out desk.pem");
        let name = client::subject_of(&folder.join("desk.pem")).expect("a subject");
        client::register(&folder.join("server"), "loan-desk", "anna@example.com", &name).expect("registered");
        let roots_pem = std::fs::read(folder.join("ca.pem")).expect("made");
        config.client_authorities = Some(ClientAuthorities { roots_pem, binding: Binding::Clients });
    });
    std::fs::write(desk.folder.join("in.pdf"), agreement()).expect("written");
    let service = desk.server.base();
    let shown = ["--client-cert", "desk.pem", "--client-key", "desk.key", "--client-key-passphrase-file", "key-passphrase"];
    let login = ["login", "--service", &service, "--ca", "tls.pem", "--api-key-file", "api-key"];
    let fails = |arguments: &[&str], said: &str| {
        let output = desk.command(arguments).output().expect("runs");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && text.contains(said), "{arguments:?}: {text}");
    };
    fails(&[&login[..], &["--client-id", "loan-desk"]].concat(), "--client-cert");
    fails(&[&login[..], &shown[..4], &["--client-id", "loan-desk"]].concat(), "passphrase");
    fails(&[&login[..], &["--client-cert", "ca.pem"], &shown[2..], &["--client-id", "loan-desk"]].concat(), "--client-cert");
    let said = desk.run(&[&["--json"], &login[..], &shown, &["--client-id", "loan-desk"]].concat());
    assert!(said.contains(r#""client":"loan-desk""#), "{said}");
    desk.run(&["keygen", "--passphrase-file", "passphrase"]);
    desk.run_with_code(&["device", "--passphrase-file", "passphrase"]);
    desk.run_with_code(&["enroll", "--passphrase-file", "passphrase", "--name", "Anna Schmidt", "--country", "DE"]);
    desk.run_with_code(&["activate", "--passphrase-file", "passphrase"]);
    desk.run(&["sign", "--remote=submit", "--passphrase-file", "passphrase", "in.pdf", "out.pdf"]);
    let verdict = desk.run(&["verify", "--trust", "root.pem", "out.pdf"]);
    assert!(verdict.contains("Signature 1: clean ("), "{verdict}");
    // The files are read for each command: without them nothing goes.
    std::fs::rename(desk.folder.join("desk.pem"), desk.folder.join("away.pem")).expect("renamed");
    fails(&["list"], "--client-cert");
    std::fs::rename(desk.folder.join("away.pem"), desk.folder.join("desk.pem")).expect("renamed");
    assert!(desk.run(&["--json", "list"]).contains("Activated"));
    // Anna herself, over the same connection.
    desk.run(&["login", "--api-key-file", "api-key", "--user", "anna@example.com", "--password-file", "password"]);
    assert!(desk.run(&["--json", "list"]).contains("Activated"));
}
