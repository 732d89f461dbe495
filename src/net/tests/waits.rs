//! The room `net`, tests only: a slow service at every step, cancelled and timed out. No test measures speed; each would last a
//! minute if the cancellation were not heard.

use super::server::*;
use crate::error::{ErrorKind, Result};
use crate::remote::http::{Body, BodySource, Method, Request};
use crate::remote::transport::Transport;
use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// A service that stands still at one step, and says so.
fn stand_still(step: &'static str) -> (Server, Receiver<()>) {
    let (tell, told) = channel();
    let still = move || {
        let _ = tell.send(());
        std::thread::sleep(Duration::from_secs(90));
    };
    let server = match step {
        "handshake" => Server::raw(move |stream| {
            still();
            drop(stream);
        }),
        _ => Server::tls(good_leaf(), move |tls| {
            if step == "upload" {
                let _ = tls.read(&mut [0; 10]);
                return still();
            }
            read_request(tls);
            let said: &[u8] = match step {
                "answer" => b"",
                "head" => b"HTTP/1.1 200 OK\r\nConte",
                _ => b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345",
            };
            let _ = tls.write_all(said);
            let _ = tls.flush();
            still();
        }),
    };
    (server, told)
}

const STEPS: [&str; 5] = ["handshake", "upload", "answer", "head", "body"];

fn request(step: &str) -> Request {
    if step != "upload" {
        return get();
    }
    let mut request = Request::new(Method::Post, "/rssp/agreements");
    request.body = Body::Source(Arc::new(vec![7_u8; 64 << 20]));
    request
}

#[test]
fn every_wait_can_be_cancelled() {
    for step in STEPS {
        let (server, told) = stand_still(step);
        let transport = server.transport();
        let call = call();
        let cancel = call.cancel.clone();
        let waiting = std::thread::spawn(move || transport.send(request(step), &call).map(|response| response.status));
        told.recv().unwrap();
        std::thread::sleep(Duration::from_millis(50));
        let began = Instant::now();
        cancel.cancel();
        assert_eq!(waiting.join().unwrap().unwrap_err().kind(), ErrorKind::Cancelled, "{step}");
        assert!(began.elapsed() < Duration::from_secs(10), "{step}");
    }
}

#[test]
fn every_wait_ends_at_its_deadline() {
    for step in STEPS {
        let (server, _told) = stand_still(step);
        let error = server.transport().send(request(step), &call_within(Duration::from_millis(400))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut, "{step}");
        assert!(error.kind().retryable());
    }
}

#[test]
fn a_service_that_drips_does_not_outlast_the_deadline() {
    let server = Server::tls(good_leaf(), |tls| {
        read_request(tls);
        let _ = tls.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        while tls.write_all(b"x").is_ok() && tls.flush().is_ok() {
            std::thread::sleep(Duration::from_millis(10));
        }
    });
    let error = server.transport().send(get(), &call_within(Duration::from_millis(500))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
}

#[test]
fn a_cancelled_token_opens_no_connection() {
    let server = Server::raw(|_| {});
    let call = call();
    call.cancel.cancel();
    assert_eq!(server.transport().send(get(), &call).unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(server.connections.load(std::sync::atomic::Ordering::SeqCst), 0);
}

/// A source that is a callback of the caller's and calls back into the library.
struct CallsBack(crate::net::HttpsTransport);

impl BodySource for CallsBack {
    fn size(&self) -> u64 {
        10
    }

    fn read_at(&self, _: u64, _: &mut [u8]) -> Result<usize> {
        self.0.send(get(), &call()).map(|_| 1)
    }
}

#[test]
fn a_source_that_calls_back_gets_an_error_and_no_deadlock() {
    let server = Server::saying(answer("200 OK", b""));
    let mut request = Request::new(Method::Post, "/rssp/agreements");
    request.body = Body::Source(Arc::new(CallsBack(server.transport())));
    assert_eq!(server.transport().send(request, &call()).unwrap_err().kind(), ErrorKind::Reentrant);
}

#[test]
fn sixteen_threads_call_at_once() {
    let server = Server::tls(good_leaf(), |tls| {
        while let Some((head, _)) = read_request(tls) {
            std::thread::sleep(Duration::from_millis(20));
            if tls.write_all(&answer("200 OK", head.as_bytes())).is_err() {
                return;
            }
        }
    });
    let transport = server.transport();
    std::thread::scope(|scope| {
        for n in 0..16 {
            let transport = &transport;
            scope.spawn(move || {
                let response = transport.send(Request::new(Method::Get, format!("/n/{n}")), &call()).unwrap();
                let told = String::from_utf8(response.body.to_vec()).unwrap();
                assert!(told.starts_with(&format!("GET /n/{n} ")), "{told}");
            });
        }
    });
}
