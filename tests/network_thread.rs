//! The network thread through the public API: ended, and started again by the next call. A process of its own, because every
//! transport of a process shares that thread.

// Tests are an edge: this one opens a socket to find a port where nobody listens.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::time::{Duration, Instant};
use thrivosign::net::{HttpsTransport, Options, shutdown};
use thrivosign::remote::http::{Method, Request};
use thrivosign::remote::transport::{Call, Transport};
use thrivosign::{CancelToken, ErrorKind};

#[test]
fn the_network_thread_ends_and_starts_again() {
    // One after the other: both end the thread that they share.
    ends_and_starts_again();
    a_call_in_flight_ends_with_the_network_thread();
}

fn ends_and_starts_again() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let transport = HttpsTransport::new(&Options::new(format!("https://127.0.0.1:{port}"))).unwrap();
    shutdown();
    for _ in 0..3 {
        let call =
            Call { deadline: Instant::now() + Duration::from_secs(30), cancel: CancelToken::new(), idempotent: true, max_answer: 1000 };
        let error = transport.send(Request::new(Method::Get, "/rssp/info"), &call).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectFailed);
        shutdown();
    }
}

fn a_call_in_flight_ends_with_the_network_thread() {
    // Takes the connection and says nothing.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let transport = HttpsTransport::new(&Options::new(format!("https://127.0.0.1:{port}"))).unwrap();
    let waiting = std::thread::spawn(move || {
        let call =
            Call { deadline: Instant::now() + Duration::from_secs(5), cancel: CancelToken::new(), idempotent: true, max_answer: 1000 };
        transport.send(Request::new(Method::Get, "/rssp/info"), &call).map(|response| response.status)
    });
    let _connection = listener.accept().unwrap();
    shutdown();
    assert_eq!(waiting.join().expect("no panic").unwrap_err().kind(), ErrorKind::Cancelled);
}
