//! What changes on the site of a demo by itself: states as a device signs, the stream of them, the trust services' health.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use client::browser::Browser;
use client::pdf::small;
use client::phone::{Phone, sign};
use client::{Desk, MOBILE, USER};
use std::io::{Read, Write};
use std::time::{Duration, Instant};
use thrivosign::remote::complete_signature::CompleteSignature;
use thrivosign::remote::start_signature::{Level, PreparedSignature, StartSignature};

/// Reads a stream until that text came; gives all that came.
fn read_until(stream: &mut client::Stream, wanted: &str) -> String {
    let (mut came, mut piece, began) = (String::new(), [0_u8; 4096], Instant::now());
    while !came.contains(wanted) {
        let n = stream.read(&mut piece).unwrap();
        assert!(n > 0 && began.elapsed() < Duration::from_secs(20), "{wanted} in {came}");
        came.push_str(std::str::from_utf8(&piece[..n]).unwrap());
    }
    came
}

#[test]
fn live_states_come_by_themselves_and_end_with_the_session() {
    let desk = Desk::open();
    let browser = Browser::open(&desk, USER);
    let ask = format!("GET /site/events HTTP/1.1\r\nHost: localhost\r\nCookie: {}\r\n\r\n", browser.cookie);
    let mut stream = desk.connect();
    stream.write_all(ask.as_bytes()).unwrap();
    let head = read_until(&mut stream, "event: outbox\ndata: []");
    assert!(head.contains("content-type: text/event-stream") && head.contains("event: agreements\ndata: []"), "{head}");
    let one = browser.upload("a.pdf", &small(1), "k");
    let came = read_until(&mut stream, "\"state\":\"unsigned\"");
    assert!(came.contains(one.rsplit('/').next().unwrap()) && !came.contains("event: outbox"), "only what changed: {came}");
    let (token, _) = desk.login();
    assert_eq!(Phone::new("phone-1").register(&desk, &token).status, 201);
    let came = read_until(&mut stream, MOBILE);
    assert!(came.contains(&desk.code()) && !came.contains("event: agreements"), "{came}");
    desk.pass(15 * 60);
    read_until(&mut stream, "0\r\n\r\n");
}

#[test]
fn streams_are_few_and_end_with_the_server() {
    let mut desk = Desk::open();
    let cookie = Browser::open(&desk, USER).cookie;
    let ask = format!("GET /site/events HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n");
    let mut streams = Vec::new();
    for _ in 0..24 {
        let mut stream = desk.connect();
        stream.write_all(ask.as_bytes()).unwrap();
        read_until(&mut stream, "event: outbox");
        streams.push(stream);
    }
    assert_eq!(desk.raw(ask.as_bytes()).unwrap().status, 503);
    streams.pop();
    let began = Instant::now();
    // The place of one that is gone is free again.
    loop {
        let mut stream = desk.connect();
        stream.write_all(ask.as_bytes()).unwrap();
        if read_until(&mut stream, "\r\n\r\n").starts_with("HTTP/1.1 200") {
            streams.push(stream);
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "its place stays taken");
        std::thread::sleep(Duration::from_millis(50));
    }
    let began = Instant::now();
    desk.running.take().unwrap().shutdown();
    assert!(began.elapsed() < Duration::from_secs(8), "streams do not hold up the end");
    drop(streams);
}

#[test]
fn the_trust_page_asks_the_services_themselves() {
    let desk = Desk::open();
    let browser = Browser::open(&desk, USER);
    let page = browser.page("/site/trust");
    assert_eq!(page.matches(">answers<").count(), 6, "{page}");
    assert_eq!(page.matches("not since the server began").count(), 0);
    assert!(page.contains(&format!("{}/tsa", desk.running.as_ref().unwrap().trust_base())));
    // Certificates name an address where nobody answers.
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}", socket.local_addr().unwrap());
    drop(socket);
    let desk = Desk::open_with(|config| config.trust_services = Some(nobody.clone()));
    let page = Browser::open(&desk, USER).page("/site/trust");
    assert_eq!(page.matches("does not answer as it should").count(), 6, "{page}");
    assert_eq!(page.matches("not since the server began").count(), 6, "{page}");
}

#[test]
fn an_agreement_waits_for_its_device_and_is_signed() {
    let desk = Desk::open();
    let browser = Browser::open(&desk, USER);
    let one = browser.upload("a.pdf", &small(1), "k");
    let document_id = one.rsplit('/').next().unwrap().to_owned();
    let (token, _) = desk.login();
    let phone = Phone::new("phone-1");
    assert_eq!(phone.register(&desk, &token).status, 201);
    let (credential_id, _) = phone.enrol(&desk, &token);
    assert_eq!(phone.activate(&desk, &token, &credential_id).status, 200);
    let wanted = StartSignature {
        idempotency_key: "s".to_owned(),
        document_id: document_id.clone(),
        credential_id,
        field: None,
        page: None,
        rect: None,
        reason: Some("I agree".to_owned()),
        location: None,
        contact: None,
        appearance_text: None,
        appearance_image: false,
        level: Level::BB,
    };
    let prepared = PreparedSignature::decode(&desk.send(&token, &wanted.encode().unwrap()).wire()).unwrap();
    assert!(browser.page("/site/agreements").contains("Waiting for the device's signature"));
    let signature = sign(&phone.signing, &prepared.signed_attributes);
    let call = CompleteSignature { document_id, signature_id: prepared.signature_id, signature, sign_algo: "ecdsa-sha256".to_owned() };
    assert_eq!(desk.send(&token, &call.encode().unwrap()).status, 200);
    let page = browser.page(&one);
    assert!(page.contains(">Signed<") && page.contains("The chain is whole"), "{page}");
    for action in ["submitted", "prepared", "signed"] {
        assert!(page.contains(&format!("<strong>{action}</strong>")), "{action}");
    }
    let report = browser.page(&format!("{one}/report"));
    assert!(report.contains("verdict clean"), "the library's own report, by this server's root");
}
