//! What an operator's tools are told, and that it names nobody.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use client::{Answer, Desk, USER, read_answer};
use serde_json::Value;
use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

fn desk() -> Desk {
    Desk::open_with(|config| config.operator_listen = Some(([127, 0, 0, 1], 0).into()))
}

fn ask(desk: &Desk, path: &str) -> Answer {
    let mut stream = TcpStream::connect(desk.running.as_ref().unwrap().operator_address().unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
    read_answer(&mut stream).unwrap()
}

fn metrics(desk: &Desk) -> String {
    let answer = ask(desk, "/metrics");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/plain; version=0.0.4; charset=utf-8")));
    String::from_utf8(answer.body).unwrap()
}

#[test]
fn calls_are_counted_and_nobody_is_named() {
    let desk = desk();
    let (token, refresh) = desk.login();
    for _ in 0..3 {
        desk.authed(&token, "GET", "/rssp/certificates", &Value::Null);
    }
    desk.keyed("GET", "/rssp/certificates", b"");
    desk.keyed("GET", "/anna@example.org/none", b"");
    let text = metrics(&desk);
    for line in [
        "thrivosign_calls_total{operation=\"login\",status=\"200\"} 1",
        "thrivosign_calls_total{operation=\"listCertificates\",status=\"200\"} 3",
        "thrivosign_calls_total{operation=\"listCertificates\",status=\"401\"} 1",
        "thrivosign_calls_total{operation=\"none\",status=\"404\"} 1",
        "thrivosign_call_seconds_count 6",
        "thrivosign_call_seconds_bucket{le=\"+Inf\"} 6",
    ] {
        assert!(text.lines().any(|one| one == line), "{line} is missing in {text}");
    }
    for secret in [USER, "anna", &token, &refresh, &desk.key] {
        assert!(!text.contains(secret), "{text}");
    }
    // Every line is a comment or a sample of the exposition format.
    for line in text.lines().filter(|line| !line.starts_with("# HELP ") && !line.starts_with("# TYPE ")) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(value.parse::<f64>().is_ok() && name.starts_with("thrivosign_"), "{line}");
    }
    // The tools' own questions are not counted as calls of the service.
    assert!(metrics(&desk).contains("thrivosign_call_seconds_count 6"));
}

#[test]
fn who_cannot_write_is_alive_and_not_ready() {
    let desk = desk();
    assert_eq!((ask(&desk, "/health").status, ask(&desk, "/ready").status), (200, 200));
    let store = rusqlite::Connection::open(desk.folder.path().join("store.db")).unwrap();
    store.execute_batch("BEGIN IMMEDIATE").unwrap();
    let answer = ask(&desk, "/ready");
    assert_eq!((answer.status, answer.header("retry-after"), ask(&desk, "/health").status), (503, Some("5"), 200));
    store.execute_batch("ROLLBACK").unwrap();
    assert_eq!(ask(&desk, "/ready").status, 200);
    // On no other listener, and nothing else on this one.
    assert_eq!(ask(&desk, "/rssp/info").status, 404);
    for path in ["/health", "/ready", "/metrics"] {
        assert_eq!(desk.keyed("GET", path, b"").status, 404, "{path}");
    }
    assert!(Desk::open().running.as_ref().unwrap().operator_address().is_none(), "off unless it is asked for");
}
