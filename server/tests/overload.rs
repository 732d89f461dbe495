//! Too much at once: a call that is being worked on already, and more calls than the server can do. Both are told so at once, and nobody waits unseen.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, threads and time")]

mod client;

use client::phone::{NAME, Phone, csr};
use client::{Answer, Desk, PASSWORD, Stream, USER, encode, read_answer};
use std::io::Write;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};
use thrivosign::journey::{Environment, Limits, Session};
use thrivosign::net::{HttpsTransport, Options, Roots};
use thrivosign::remote::certificate_challenge::AuthenticationMethod;
use thrivosign::remote::http::Request;
use thrivosign::remote::schema::Access;
use thrivosign::remote::secret::Secret;

/// A customer with a device, and a request for a certificate that takes long: a passphrase is weighed for it.
fn slow_request() -> (Desk, String, Request) {
    let desk = Desk::open();
    let (token, _) = desk.login();
    let phone = Phone::new("phone-1");
    assert_eq!(phone.register(&desk, &token).status, 201);
    let challenge = phone.ask_challenge(&desk, &token, AuthenticationMethod::Passphrase).text("challenge");
    let mut call = phone.request("once", csr(&phone.signing, NAME, Some(&challenge)), PASSWORD);
    call.method = AuthenticationMethod::Passphrase;
    (desk, token, call.encode())
}

/// A connection that is open already, so that what is measured is the answer.
fn open(desk: &Desk) -> Stream {
    let mut stream = desk.connect();
    stream.write_all(b"GET /rssp/info HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    assert_eq!(read_answer(&mut stream).unwrap().status, 200);
    stream
}

/// Sends the same bytes over so many connections at once.
fn at_once(desk: &Desk, count: usize, bytes: &[u8]) -> Vec<(Answer, Duration)> {
    let streams: Vec<Stream> = (0..count).map(|_| open(desk)).collect();
    let start = Barrier::new(count);
    let ask = |mut stream: Stream| {
        start.wait();
        let began = Instant::now();
        stream.write_all(bytes).unwrap();
        (read_answer(&mut stream).expect("an answer"), began.elapsed())
    };
    std::thread::scope(|scope| {
        let callers: Vec<_> = streams.into_iter().map(|stream| scope.spawn(|| ask(stream))).collect();
        callers.into_iter().map(|caller| caller.join().unwrap()).collect()
    })
}

fn bytes(desk: &Desk, token: &str, request: &Request) -> Vec<u8> {
    let mut head = format!("{} {} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {}\r\n", request.method.as_str(), request.path, desk.key);
    head += &format!("Authorization: Bearer {token}\r\nContent-Length: {}\r\n", request.body.bytes().len());
    for (name, value) in request.headers.iter() {
        head += &format!("{name}: {value}\r\n");
    }
    [format!("{head}\r\n").as_bytes(), request.body.bytes()].concat()
}

#[test]
fn a_call_that_is_being_worked_on_is_told_to_wait_and_done_once() {
    let (desk, token, request) = slow_request();
    let answers = at_once(&desk, 6, &bytes(&desk, &token, &request));
    let issued: Vec<&Answer> = answers.iter().map(|(answer, _)| answer).filter(|answer| answer.status == 201).collect();
    let busy: Vec<&Answer> = answers.iter().map(|(answer, _)| answer).filter(|answer| answer.status == 409).collect();
    assert!(!issued.is_empty() && !busy.is_empty() && issued.len() + busy.len() == answers.len(), "{answers:?}");
    for answer in &busy {
        assert_eq!((answer.problem().as_str(), answer.header("retry-after")), ("idempotency-in-flight", Some("1")), "{answer:?}");
    }
    let later = desk.send(&token, &request);
    assert!(later.status == 201 && issued.iter().all(|answer| answer.body == later.body));
    let list = desk.authed(&token, "GET", "/rssp/certificates", &serde_json::Value::Null).json();
    assert_eq!(list["credentials"].as_array().unwrap().len(), 1);
}

/// To a program it is as if it had asked alone.
#[test]
fn the_library_waits_for_a_call_that_is_being_worked_on() {
    let (desk, token, request) = slow_request();
    let mut options = Options::new(format!("https://localhost:{}", desk.address().port()));
    options.roots = Roots::from_pem(desk.running.as_ref().unwrap().tls_root_pem().as_bytes()).unwrap();
    let session = Session::new(Arc::new(HttpsTransport::new(&options).unwrap()), Environment::new(Secret::new(&desk.key))).unwrap();
    session.login(USER, Secret::new(PASSWORD), &Limits::default()).unwrap();
    let start = Barrier::new(4);
    let ask = || {
        start.wait();
        let answer = session.send(Access::Token, request.clone(), 1 << 20, &Limits::default()).unwrap();
        assert_eq!(answer.status, 201);
        answer.body.to_vec()
    };
    let bodies: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let callers: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
        callers.into_iter().map(|caller| caller.join().unwrap()).collect()
    });
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    assert_eq!(desk.send(&token, &request).body, bodies[0]);
}

#[test]
fn more_than_the_server_can_do_is_refused_at_once_and_soon_all_is_well() {
    const CALLERS: usize = 24;
    let desk = Desk::open_with(|config| config.limits.calls = 2);
    let form = format!("grant_type=password&username={}&password={}&scope=password", encode(USER), encode(PASSWORD));
    let head = format!("POST /rssp/auth/login HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {}\r\n", desk.key);
    let login = format!("{head}Content-Length: {}\r\n\r\n{form}", form.len());
    let answers = at_once(&desk, CALLERS, login.as_bytes());
    let (done, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|(answer, _)| answer.status == 200);
    assert!(!done.is_empty() && refused.len() >= CALLERS / 4, "{answers:?}");
    for (answer, _) in &refused {
        assert_eq!((answer.status, answer.problem().as_str()), (503, "unavailable"), "{answer:?}");
        assert_eq!(answer.header("retry-after"), Some("1"));
    }
    let mut took: Vec<Duration> = refused.iter().map(|(_, took)| *took).collect();
    took.sort_unstable();
    println!(
        "{} let in, {} refused, in {:?} at most, half of them in {:?}",
        done.len(),
        took.len(),
        took[took.len() - 1],
        took[took.len() / 2]
    );
    // The threads of this test have the same processors: one of them may come late to its own answer, not half of them.
    assert!(took[took.len() / 2] < Duration::from_millis(50), "{took:?}");
    // Whoever comes afterwards is served.
    desk.login();
}
