//! The `thrivosign-server` command as a process: what it prints once, what it never logs, and that a kill loses nothing it has answered.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own processes, sockets and files")]

mod client;

use client::Desk;
use client::office::{CLIENT, FOR_CLIENTS, P256, SUBJECT, authority, issue};
use client::phone::{Phone, csr};
use client::process::{Process, begin, begin_with, command};
use client::trust::Bench;
use serde_json::Value;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use thrivosign::ErrorKind;
use thrivosign::journey::{Environment, Limits, Session, client_certificate};
use thrivosign::net::{HttpsTransport, Options, Roots};
use thrivosign::remote::login::Client;
use thrivosign::remote::request_certificate::Issuance;
use thrivosign::remote::secret::Secret;

/// The newest code on the outbox page.
fn code(desk: &Desk) -> String {
    let page = String::from_utf8(desk.call("GET", "/desk/outbox", &[], b"").body).unwrap();
    let (_, rest) = page.split_once("<b>").expect("a code on the page");
    rest.split_once("</b>").unwrap().0.to_owned()
}

const NAME: &str = "Demo User";

#[test]
fn a_kill_loses_nothing_that_was_answered_and_the_log_tells_no_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let process = begin(&data);
    let key = process.said("API key (shown once): ").expect("the key is printed once");
    assert!(process.said("WARNING: --demo.").is_some() && process.said("in a browser: https://localhost:").is_some(), "{:?}", process.said);
    let root = std::fs::read_to_string(data.join("tls-root.pem")).unwrap();
    let mut desk = Desk::of_process(folder, process.address, &root, &key);
    let (token, refresh) = desk.login();
    let phone = Phone::new("phone-1");
    assert_eq!(desk.authed(&token, "POST", "/rssp/devices/activation-code", &Value::Null).status, 204);
    let activation = code(&desk);
    let codes = || std::fs::read_to_string(data.with_extension("codes")).unwrap();
    assert_eq!(codes().lines().last(), Some(activation.as_str()), "whoever has the answer finds the code in the file");
    assert_eq!(desk.send(&token, &phone.registration(&activation).encode()).status, 201);
    let challenge = phone.challenge(&desk, &token);
    let otp = code(&desk);
    let request = phone.request("k", csr(&phone.signing, NAME, Some(&challenge)), &otp);
    let issued = desk.send(&token, &request.encode());
    let Ok(Issuance::Issued { credential_id, .. }) = Issuance::decode(&issued.wire()) else { panic!("{issued:?}") };
    let second = {
        let mut second = command(&data);
        second.args(["--listen", "127.0.0.1:0"]).output().unwrap()
    };
    assert!(!second.status.success(), "one server per folder");
    assert!(String::from_utf8_lossy(&second.stderr).contains("another server uses this data folder"));

    // Killed in the middle of writing: eight clients log in as fast as they can.
    let address = process.address;
    let count = Arc::new(AtomicUsize::new(0));
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let (root, key, count) = (root.clone(), key.clone(), Arc::clone(&count));
            std::thread::spawn(move || {
                let desk = Desk::of_process(tempfile::tempdir().unwrap(), address, &root, &key);
                let mut answered = Vec::new();
                while let Ok(pair) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| desk.login())) {
                    answered.push(pair.1);
                    count.fetch_add(1, Ordering::Relaxed);
                }
                answered
            })
        })
        .collect();
    let late = Instant::now() + Duration::from_secs(60);
    while count.load(Ordering::Relaxed) < 8 && Instant::now() < late {
        std::thread::sleep(Duration::from_millis(10));
    }
    let log = process.kill();
    let answered: Vec<String> = writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect();
    assert!(answered.len() > 3, "the writers were at work");

    let process = begin(&data);
    assert!(process.said("API key").is_none() && process.said("user ").is_none(), "nothing is made anew");
    assert_eq!(std::fs::read_to_string(data.join("tls-root.pem")).unwrap(), root);
    desk = Desk::of_process(desk.folder, process.address, &root, &key);
    assert_eq!(Phone::state(&desk, &token, &credential_id), "New");
    for token in answered.iter().rev().take(20) {
        assert_eq!(desk.refresh(token).status, 200, "a token that was handed out is known after the kill");
    }
    let log = log + &process.kill();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("each line of the log is JSON")).collect();
    let calls: Vec<&Value> = lines.iter().map(|line| &line["fields"]).filter(|fields| fields["message"] == "call").collect();
    assert!(calls.len() > 8 && calls.iter().all(|call| call["status"].is_u64() && call["request"].is_string()), "{calls:?}");
    assert!(calls.iter().any(|call| call["operation"] == "requestCertificate"));
    for secret in [&key, &token, &refresh, &activation, &otp, &challenge, &credential_id] {
        assert!(!log.contains(secret.as_str()), "{secret} is in the log");
    }
    for secret in [client::PASSWORD, client::USER, NAME, "phone-1", "+10000000000"] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

#[cfg(unix)]
#[test]
fn asked_to_end_it_ends_well() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = begin(folder.path());
    assert!(process.said("trust services: ").is_some_and(|said| said.starts_with("http://127.0.0.1:") && said.contains("/tsa")));
    let status = Command::new("kill").args(["-TERM", &process.child.id().to_string()]).status().unwrap();
    assert!(status.success());
    assert!(process.child.wait().unwrap().success());
}

#[test]
fn the_operators_tasks() {
    let folder = tempfile::tempdir().unwrap();
    let task = |arguments: &[&str]| {
        let output = command(folder.path()).args(arguments).output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (good, key, _) = task(&["new-api-key"]);
    assert!(good && key.starts_with("tsk_"));
    let id = key.split('_').nth(1).unwrap();
    assert!(task(&["revoke-api-key", id]).0);
    let (good, _, said) = task(&["revoke-api-key", id]);
    assert!(!good && said.contains("no such API key"));
    let (good, said, _) = task(&["openapi"]);
    assert!(good && said.trim_end() == thrivosign_server::openapi().trim_end());
    let (good, _, said) = task(&["--listen", "256.0.0.1:1"]);
    assert!(!good && said.contains("--listen"));
    let (good, _, said) = task(&["--trust-services", "https://x"]);
    assert!(!good && said.contains("http://"));
}

/// A back office is registered, logs in by its certificate, is removed, and is not let in any more.
#[test]
fn a_back_office_comes_and_goes() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let bench = Bench::new();
    authority(&bench, "ca");
    issue(&bench, "desk", "ca", SUBJECT, P256, "30", FOR_CLIENTS);
    issue(&bench, "nameless", "ca", "/", P256, "30", FOR_CLIENTS);
    let task = |arguments: &[&str]| {
        let output = command(&data).args(arguments).output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    let first = begin(&data);
    let key = first.said("API key (shown once): ").unwrap();
    first.kill();
    let root = std::fs::read(data.join("tls-root.pem")).unwrap();
    let login = || {
        let process = begin_with(&data, &["--client-ca", &bench.name("ca.pem")]);
        let mut options = Options::new(format!("https://localhost:{}", process.address.port()));
        options.roots = Roots::from_pem(&root).unwrap();
        options.client_certificate = Some(client_certificate::of_file(&bench.read("desk.pem"), &bench.read("desk.key"), None).unwrap());
        let mut environment = Environment::new(Secret::new(&key));
        environment.client = Some(Client { id: CLIENT.to_owned(), secret: None });
        let session = Session::new(Arc::new(HttpsTransport::new(&options).unwrap()), environment).unwrap();
        let outcome = session.login_client(&Limits::default()).map_err(|error| error.kind());
        process.kill();
        outcome
    };
    assert_eq!(login(), Err(ErrorKind::LoginRefused), "nobody is registered yet");
    let certificate = bench.name("desk.pem");
    let (good, said) = task(&["new-client", CLIENT, "--user", "nobody@example.org", "--certificate", &certificate]);
    assert!(!good && said.contains("no such user"), "{said}");
    let (good, said) = task(&["new-client", CLIENT, "--user", client::USER, "--certificate", &bench.name("nameless.pem")]);
    assert!(!good && said.contains("no subject"), "{said}");
    let (good, said) = task(&["new-client", CLIENT, "--user", client::USER]);
    assert!(!good && said.contains("--san-dns"), "{said}");
    assert!(task(&["new-client", CLIENT, "--user", client::USER, "--certificate", &certificate]).0);
    assert_eq!(login(), Ok(()));
    assert!(task(&["remove-client", CLIENT]).0);
    let (good, said) = task(&["remove-client", CLIENT]);
    assert!(!good && said.contains("no such client"), "{said}");
    assert_eq!(login(), Err(ErrorKind::LoginRefused));
    let (good, said) = task(&["--bind-users"]);
    assert!(!good && said.contains("--client-ca"), "{said}");
}

/// Phones of the local network get the service under a certificate for its address and a password drawn at each start; pages and codes stay here.
#[test]
fn a_demo_for_the_local_network() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let began = |more: &[&str]| begin_with(&data, &[more, &["--lan", "127.0.0.2"]].concat());
    let lan = |process: &Process| process.said("for phones of the local network: ").expect("its address");
    let password = |process: &Process| process.said(&format!("user {}, password (shown once): ", client::USER)).expect("a password");
    let first = began(&[]);
    let (key, drawn, base) = (first.said("API key (shown once): ").unwrap(), password(&first), lan(&first));
    assert!(base.starts_with("https://127.0.0.2:") && drawn != client::PASSWORD, "{base}");
    let trust = first.said("trust services: ").unwrap();
    assert!(trust.starts_with("http://127.0.0.2:"), "{trust}");
    let root = data.join("tls-root.pem");
    let curl = |base: &str, path: &str, more: &[&str]| {
        let mut command = Command::new("curl");
        command.args(["-sS", "-o", "/dev/null", "-w", "%{http_code}", "--cacert"]).arg(&root).args(more).arg(format!("{base}{path}"));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let login = |base: &str, password: &str| {
        let (key, user, password) = (format!("X-API-Key: {key}"), format!("username={}", client::USER), format!("password={password}"));
        let form = ["grant_type=password", "scope=password", &user, &password].map(|field| ["--data-urlencode", field]).concat();
        curl(base, "/rssp/auth/login", &[&["-H", key.as_str()], form.as_slice()].concat())
    };
    assert_eq!(login(&base, &drawn), "200");
    assert_eq!(login(&base, client::PASSWORD), "400", "what somebody thought of is no password here");
    let here = format!("https://127.0.0.1:{}", first.address.port());
    for path in ["/site", "/desk/outbox"] {
        assert_eq!(curl(&here, path, &["-L"]), "200", "{path}");
        assert_eq!(curl(&base, path, &[]), "404", "{path}");
    }
    first.kill();
    let second = began(&[]);
    let again = password(&second);
    assert_ne!(again, drawn);
    assert_eq!((login(&lan(&second), &drawn), login(&lan(&second), &again)), ("400".to_owned(), "200".to_owned()));
    second.kill();

    for (arguments, said) in [
        (&["--lan", "127.0.0.2"][..], "--demo"),
        (&["--demo", "--lan", "8.8.8.8"], "local network alone"),
        (&["--demo", "--lan", "::"], "local network alone"),
        (&["--demo", "--listen", "0.0.0.0:0"], "--lan"),
    ] {
        let output = command(&data).args(arguments).output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && text.contains(said), "{arguments:?}: {text}");
    }
}
