//! The front door: admission, caps, time-outs, ids, and answers to those who knock wrongly.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use client::{Desk, read_answer};
use std::io::{Read, Write};
use std::time::{Duration, Instant};

#[test]
fn everybody_may_ask_what_the_service_is() {
    let desk = Desk::open();
    let answer = desk.call("GET", "/rssp/info", &[], b"");
    assert_eq!(answer.status, 200);
    assert!(answer.text("time").ends_with('Z') && !answer.text("version").is_empty());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
}

#[test]
fn without_the_api_key_there_is_401_and_nothing_else() {
    let desk = Desk::open();
    let almost = format!("{}A", desk.key);
    for key in ["", "x", "tsk_00_aa", &almost, &desk.key[..desk.key.len() - 1]] {
        for (method, path) in [
            ("POST", "/rssp/auth/login"),
            ("GET", "/nowhere"),
            ("DELETE", "/rssp/auth/login"),
            ("POST", "/rssp/certificates"),
            ("POST", "/rssp/agreements"),
        ] {
            let answer = desk.call(method, path, &[("X-API-Key", key), ("Authorization", "Bearer x")], b"{garbage");
            assert_eq!(answer.status, 401, "{method} {path}");
        }
    }
    // Two keys are as good as none: it must not depend on who reads which.
    let answer = desk.call("GET", "/nowhere", &[("X-API-Key", &desk.key), ("X-API-Key", "x")], b"");
    assert_eq!(answer.status, 401);
    assert_eq!(desk.keyed("POST", "/rssp/auth/login", b"").text("error"), "invalid_request");
}

#[test]
fn unknown_paths_and_methods_are_named_as_such() {
    let desk = Desk::open();
    let answer = desk.keyed("GET", "/nowhere", b"");
    assert_eq!((answer.status, answer.problem().as_str()), (404, "not-found"));
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let answer = desk.keyed("GET", "/rssp/auth/login", b"");
    assert_eq!((answer.status, answer.problem().as_str()), (405, "method-not-allowed"));
    assert_eq!(desk.keyed("GET", "/rssp/../rssp/info", b"").status, 404);
    assert_eq!(desk.keyed("GET", "/rssp/info/", b"").status, 404);
}

#[test]
fn every_answer_carries_its_ids() {
    let desk = Desk::open();
    let answer = desk.call("GET", "/rssp/info", &[("X-Correlation-ID", "my-id-7")], b"");
    assert_eq!(answer.header("x-correlation-id"), Some("my-id-7"));
    assert_eq!(answer.header("x-request-id").map(str::len), Some(32));
    for wrong in ["a b", "<x>", &"a".repeat(65), "Anna Schmidt"] {
        let answer = desk.call("GET", "/rssp/info", &[("X-Correlation-ID", wrong)], b"");
        assert_eq!(answer.header("x-correlation-id"), answer.header("x-request-id"), "{wrong}");
    }
}

#[test]
fn bodies_too_large_are_refused_announced_or_not() {
    let desk = Desk::open();
    let body = vec![b'a'; 3 << 20];
    let answer = desk.keyed("POST", "/rssp/auth/login", &body);
    assert_eq!(answer.status, 413);
    let mut chunked =
        format!("POST /rssp/auth/login HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {}\r\nTransfer-Encoding: chunked\r\n\r\n", desk.key)
            .into_bytes();
    for piece in body.chunks(64 << 10) {
        chunked.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
        chunked.extend_from_slice(piece);
        chunked.extend_from_slice(b"\r\n");
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    assert_eq!(desk.raw(&chunked).expect("an answer").status, 413);
    let huge =
        format!("POST /rssp/auth/login HTTP/1.1\r\nHost: h\r\nX-API-Key: {}\r\nContent-Length: 18446744073709551615\r\n\r\n", desk.key);
    assert!(desk.raw(huge.as_bytes()).is_none_or(|answer| (400..500).contains(&answer.status)));
}

#[test]
fn garbage_is_refused_politely() {
    let desk = Desk::open();
    for body in [&b"{"[..], b"{}", b"[]", b"\xff\xfe", b"grant_type=password", b"grant_type=x&username=a&password=b", b"%zz=1"] {
        let answer = desk.keyed("POST", "/rssp/auth/login", body);
        assert_eq!((answer.status, answer.text("error").as_str()), (400, "invalid_request"), "{body:?}");
    }
    let answer = desk.raw(b"NONSENSE\r\n\r\n");
    assert!(answer.is_none_or(|answer| answer.status == 400));
    let mut long = b"GET /rssp/info HTTP/1.1\r\nHost: h\r\nX-Long: ".to_vec();
    long.extend(std::iter::repeat_n(b'a', 100 << 10));
    long.extend_from_slice(b"\r\n\r\n");
    assert!(desk.raw(&long).is_none_or(|answer| answer.status == 431));
    assert_eq!(desk.call("GET", "/rssp/info", &[("X-Odd", "\u{e9}")], b"").status, 400);
    assert_eq!(desk.call("POST", "/rssp/auth/login", &[("X-Odd", "\u{e9}")], b"").status, 401, "even so the key comes first");
    assert_eq!(desk.call("GET", "/rssp/info", &[], b"").status, 200, "the server goes on");
}

#[test]
fn slow_headers_and_idle_connections_are_cut_off() {
    let desk = Desk::open_with(|config| {
        config.limits.headers = Duration::from_millis(700);
        config.limits.handshake = Duration::from_millis(700);
    });
    let began = Instant::now();
    let mut slow = desk.connect();
    slow.write_all(b"GET /rssp/info HTTP/1.1\r\nHost: localhost\r\n").unwrap();
    let mut piece = [0_u8; 100];
    loop {
        // One header byte now and then must not keep the connection.
        let sent = slow.write_all(b"a").and_then(|()| slow.flush());
        slow.sock.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        match slow.read(&mut piece) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {}
            Err(_) => break,
        }
        if sent.is_err() {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(10), "the slow client is still served");
    }
    let mut idle = desk.connect();
    idle.write_all(b"GET /rssp/info HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    assert_eq!(read_answer(&mut idle).unwrap().status, 200);
    let began = Instant::now();
    assert!(matches!(idle.read(&mut piece), Ok(0) | Err(_)));
    assert!(began.elapsed() < Duration::from_secs(10), "an idle connection is closed");
    let mut silent = std::net::TcpStream::connect(desk.address()).unwrap();
    silent.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    assert!(matches!(silent.read(&mut piece), Ok(0)), "who never shakes hands is cut off");
}

#[test]
fn no_connection_lasts_for_ever() {
    let desk = Desk::open_with(|config| config.limits.connection = Duration::from_millis(500));
    let mut stream = desk.connect();
    let began = Instant::now();
    let request = b"GET /rssp/info HTTP/1.1\r\nHost: localhost\r\n\r\n";
    while stream.write_all(request).is_ok() && read_answer(&mut stream).is_some() {
        assert!(began.elapsed() < Duration::from_secs(10), "a busy connection is served without end");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_body_that_stops_is_given_up() {
    let desk = Desk::open_with(|config| config.limits.body_pause = Duration::from_millis(300));
    let head = format!("POST /rssp/auth/login HTTP/1.1\r\nHost: h\r\nX-API-Key: {}\r\nContent-Length: 100\r\n\r\nabc", desk.key);
    assert_eq!(desk.raw(head.as_bytes()).expect("an answer").status, 408);
}

#[test]
fn connections_beyond_the_limit_wait_their_turn() {
    let desk = Desk::open_with(|config| {
        config.limits.connections = 2;
        config.limits.headers = Duration::from_secs(1);
    });
    let mut held: Vec<_> = (0..2).map(|_| desk.connect()).collect();
    for stream in &mut held {
        stream.write_all(b"GET /rssp/info HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        assert_eq!(read_answer(stream).unwrap().status, 200);
    }
    let began = Instant::now();
    assert_eq!(desk.call("GET", "/rssp/info", &[], b"").status, 200, "served once an idle connection was closed");
    assert!(began.elapsed() >= Duration::from_millis(300), "not before");
}

#[test]
fn shutdown_lets_the_open_call_end() {
    let mut desk = Desk::open();
    let mut stream = desk.connect();
    let head = format!("POST /rssp/auth/login HTTP/1.1\r\nHost: h\r\nX-API-Key: {}\r\nContent-Length: 2\r\n\r\n", desk.key);
    stream.write_all(head.as_bytes()).unwrap();
    stream.flush().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let running = desk.running.take().unwrap();
    let ending = std::thread::spawn(move || running.shutdown());
    std::thread::sleep(Duration::from_millis(200));
    stream.write_all(b"{}").unwrap();
    assert_eq!(read_answer(&mut stream).expect("the answer to the open call").status, 400);
    ending.join().unwrap();
    assert!(std::net::TcpStream::connect(desk.address()).is_err(), "nobody listens any more");
}

#[test]
fn the_outbox_exists_only_in_a_demo_and_only_for_this_machine() {
    let desk = Desk::open();
    let page = desk.call("GET", "/desk/outbox", &[], b"");
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    let rebound = desk.raw(b"GET /desk/outbox HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n").unwrap();
    assert_eq!(rebound.status, 404);
    let plain = Desk::open_with(|config| config.demo = false);
    assert_eq!(plain.keyed("GET", "/desk/outbox", b"").status, 404);
    assert!(plain.running.as_ref().unwrap().outbox().is_none());
}
