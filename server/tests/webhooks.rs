//! Webhooks: what a bank's back office gets told of its packages, signed and at least once, and where a customer may not send this server.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, threads and time")]

mod client;

use base64ct::{Base64UrlUnpadded, Encoding};
use client::pdf::small;
use client::people::{Person, people};
use client::{Answer, Desk};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use thrivosign::journey::packages::{self, Asked, Package, PackageState, Place};
use thrivosign::journey::{Input, Limits};
use thrivosign::remote::webhook::event::{Event, EventKind};
use thrivosign::remote::webhook::keys;

/// A back office that takes events: what it got, and how it answers, which the test may change.
struct Office {
    url: String,
    got: Receiver<String>,
    answer: Arc<Mutex<String>>,
}

const TAKEN: &str = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

impl Office {
    fn open() -> Office {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook?tenant=7", listener.local_addr().unwrap());
        let answer = Arc::new(Mutex::new(TAKEN.to_owned()));
        let (sender, got) = channel();
        let answering = Arc::clone(&answer);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
                let mut asked = Vec::new();
                let mut piece = [0; 4_096];
                while !whole(&asked) {
                    match stream.read(&mut piece) {
                        Ok(n) if n > 0 => asked.extend_from_slice(&piece[..n]),
                        _ => break,
                    }
                }
                let text = answering.lock().unwrap().clone();
                // Told before it is answered: what the test then changes is for the next one.
                if sender.send(String::from_utf8(asked).unwrap()).is_err() {
                    return;
                }
                let _ = stream.write_all(text.as_bytes());
            }
        });
        Office { url, got, answer }
    }

    fn answers(&self, text: &str) {
        *self.answer.lock().unwrap() = text.to_owned();
    }

    /// The next request.
    fn next(&self) -> String {
        self.got.recv_timeout(Duration::from_secs(20)).expect("an event comes")
    }

    /// The next event, checked as a receiver does.
    fn event(&self, desk: &Desk) -> Event {
        let request = self.next();
        let (head, token) = request.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST /hook?tenant=7 HTTP/1.1\r\n"), "{head}");
        assert!(head.to_ascii_lowercase().contains("content-type: application/secevent+jwt"), "{head}");
        let published = desk.call("GET", "/.well-known/jwks.json", &[], b"");
        assert!(holds(token, &published.json()), "by other code than the library's");
        Event::open(token, &self.url, &keys::decode(&published.wire()).unwrap()).unwrap()
    }

    fn nothing_comes(&self) {
        assert!(self.got.recv_timeout(Duration::from_millis(1_500)).is_err());
    }
}

fn whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).and_then(|n| n.parse::<usize>().ok());
    length.is_none_or(|length| body.len() >= length)
}

/// ES256 (RFC 7518 3.4) under the key that the header names.
fn holds(token: &str, set: &Value) -> bool {
    let part = |at: usize| Base64UrlUnpadded::decode_vec(token.split('.').nth(at).unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&part(0)).unwrap();
    assert_eq!((&header["alg"], &header["typ"]), (&json!("ES256"), &json!("secevent+jwt")));
    let key = set["keys"].as_array().unwrap().iter().find(|key| key["kid"] == header["kid"]).expect("a published key");
    let number = |name: &str| Base64UrlUnpadded::decode_vec(key[name].as_str().unwrap()).unwrap();
    let point = [&[4], &number("x")[..], &number("y")].concat();
    let signed = token.rsplit_once('.').unwrap().0;
    VerifyingKey::from_sec1_bytes(&point).unwrap().verify(signed.as_bytes(), &Signature::from_slice(&part(2)).unwrap()).is_ok()
}

fn hooked(desk: &Desk, person: &Person, url: &str) -> Answer {
    desk.authed(&person.token, "PUT", "/rssp/webhook", &json!({"url": url}))
}

fn state(desk: &Desk, person: &Person) -> Value {
    desk.authed(&person.token, "GET", "/rssp/webhook", &Value::Null).json()
}

/// Waits until nothing is pending.
fn settled(desk: &Desk, person: &Person) {
    let began = Instant::now();
    while state(desk, person)["pending"] != 0 {
        assert!(began.elapsed() < Duration::from_secs(20), "{}", state(desk, person));
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn shared(owner: &Person, signer: &str) -> Package {
    let limits = Limits::default();
    let id = packages::create(&owner.session, "Loan", Some(3_600), &limits).unwrap().package_id;
    let package = packages::add_document(&owner.session, &id, &Input::memory(small(1)), "a.pdf", &limits, None).unwrap();
    let asked = Asked { user: signer, order: 1, document_id: &package.documents[0].document_id, place: Place::default() };
    packages::assign(&owner.session, &id, &asked, &limits).unwrap();
    packages::share(&owner.session, &id, &limits).unwrap()
}

#[test]
fn the_owner_hears_of_each_step_in_its_order() {
    let (desk, people) = people(&["anna", "ben"]);
    let [anna, ben] = &people[..] else { panic!() };
    let office = Office::open();
    let set = hooked(&desk, anna, &office.url);
    assert_eq!((set.status, set.json()), (200, json!({"url": office.url, "pending": 0, "failed": 0})));
    let package = shared(anna, "ben");
    let first = office.event(&desk);
    assert_eq!((first.kind, &first.package_id, first.state), (EventKind::Shared, &package.package_id, PackageState::Shared));
    assert_eq!((first.version, &first.recipient_id), (package.version, &None));
    ben.signs_next(&package).unwrap();
    let (second, third) = (office.event(&desk), office.event(&desk));
    assert_eq!((second.kind, second.state), (EventKind::Signed, PackageState::Shared));
    assert_eq!(second.recipient_id.as_deref(), Some(package.recipients[0].recipient_id.as_str()));
    assert_eq!((third.kind, third.state), (EventKind::Completed, PackageState::Completed));
    assert!(first.version < second.version && second.version < third.version && second.id != third.id);
    settled(&desk, anna);
    // Ended by the clock alone: nobody asks for the package.
    let package = shared(anna, "ben");
    assert_eq!(office.event(&desk).kind, EventKind::Shared);
    desk.pass(3_700);
    let last = office.event(&desk);
    assert_eq!((last.kind, last.package_id, last.state), (EventKind::Expired, package.package_id, PackageState::Expired));
    // The webhook is the owner's: to Ben it is not there, and it hears nothing of his.
    assert_eq!(desk.authed(&ben.token, "GET", "/rssp/webhook", &Value::Null).problem(), "webhook-unknown");
    shared(ben, "anna");
    assert_eq!(desk.authed(&anna.token, "DELETE", "/rssp/webhook", &Value::Null).status, 204);
    shared(anna, "ben");
    office.nothing_comes();
}

#[test]
fn what_was_not_taken_comes_again_and_a_redirect_leads_nowhere() {
    let (desk, people) = people(&["anna", "ben"]);
    let [anna, _] = &people[..] else { panic!() };
    let (office, elsewhere) = (Office::open(), Office::open());
    assert_eq!(hooked(&desk, anna, &office.url).status, 200);
    let failures = [
        "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(),
        format!("HTTP/1.1 307 Temporary Redirect\r\nLocation: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", elsewhere.url),
        String::new(),
    ];
    office.answers(&failures[0]);
    shared(anna, "ben");
    let first = office.event(&desk);
    office.nothing_comes();
    for (tries, failure) in failures[1..].iter().enumerate() {
        office.answers(failure);
        desk.pass(15 << tries);
        assert_eq!(office.event(&desk), first, "the very same event");
    }
    assert_eq!(state(&desk, anna)["pending"], 1);
    assert_eq!(state(&desk, anna)["failed"], 3);
    office.answers(TAKEN);
    // The next one does not overtake it.
    shared(anna, "ben");
    office.nothing_comes();
    desk.pass(60);
    assert_eq!(office.event(&desk), first);
    assert_ne!(office.event(&desk).id, first.id);
    settled(&desk, anna);
    assert!(elsewhere.got.try_recv().is_err(), "nobody was sent on");
}

#[test]
fn events_outlive_the_server_and_no_call_waits_for_them() {
    let (mut desk, people) = people(&["anna", "ben"]);
    let [anna, _] = &people[..] else { panic!() };
    // It takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    assert_eq!(hooked(&desk, anna, &format!("http://{}/hook", silent.local_addr().unwrap())).status, 200);
    let began = Instant::now();
    shared(anna, "ben");
    let (stream, _) = silent.accept().unwrap();
    shared(anna, "ben");
    assert!(began.elapsed() < Duration::from_secs(8), "a silent address holds nobody up");
    let office = Office::open();
    assert_eq!(hooked(&desk, anna, &office.url).json()["pending"], 2);
    drop(stream);
    let (first, second) = (office.event(&desk), office.event(&desk));
    assert_ne!(first.id, second.id);
    let published = desk.call("GET", "/.well-known/jwks.json", &[], b"").body;
    settled(&desk, anna);
    office.answers("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    shared(anna, "ben");
    let third = office.event(&desk);
    desk.restart();
    office.answers(TAKEN);
    desk.pass(60);
    assert_eq!(office.event(&desk), third);
    assert_eq!(desk.call("GET", "/.well-known/jwks.json", &[], b"").body, published, "the key stays");
}

#[test]
fn nobody_has_the_server_ask_its_own_network() {
    let (desk, people) = people(&["anna"]);
    let refused = |desk: &Desk, token: &str, url: &str| {
        let answer = desk.authed(token, "PUT", "/rssp/webhook", &json!({"url": url}));
        (answer.status, answer.problem())
    };
    for url in ["http://10.0.0.1/", "http://bank.example/", "ftp://bank.example/", "https://a:b@bank.example/", "bank"] {
        assert_eq!(refused(&desk, &people[0].token, url), (422, "webhook-refused".to_owned()), "{url}");
    }
    assert_eq!(refused(&desk, &people[0].token, "https://bank.example/\r\nX: y").1, "malformed-request");
    let desk = desk.with(|config| config.demo = false);
    let (token, _) = desk.login_as("anna", client::PASSWORD);
    for url in
        ["http://127.0.0.1:1/", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/", "https://localhost/", "https://0x7f.1/"]
    {
        assert_eq!(refused(&desk, &token, url), (422, "webhook-refused".to_owned()), "{url}");
    }
    assert_eq!(refused(&desk, &token, "https://bank.example/hook").0, 200);
}
