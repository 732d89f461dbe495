//! The room `net`, tests only: what is carried, and what is refused, each refusal with its own kind.

use super::server::*;
use crate::error::ErrorKind;
use crate::net::{HttpsTransport, Options, PinEvent, PinSet, Proxy, Roots};
use crate::remote::http::{Body, Method, Request};
use crate::remote::transport::Transport;
use crate::time::Time;
use base64ct::{Base64, Encoding};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use zeroize::Zeroizing;

fn kind_with(options: &Options) -> ErrorKind {
    HttpsTransport::new(options).unwrap().send(get(), &call()).unwrap_err().kind()
}

/// Answers with the head it was sent, a line feed and the length of the body.
fn echo() -> Server {
    Server::tls(good_leaf(), |tls| {
        while let Some((head, body)) = read_request(tls) {
            let told = format!("{head}\n{}", body.len());
            if tls.write_all(&answer("200 OK", told.as_bytes())).is_err() {
                return;
            }
        }
    })
}

#[test]
fn a_request_goes_out_as_it_was_made_and_its_answer_comes_back() {
    let server = echo();
    let transport =
        HttpsTransport::new(&Options { base_address: format!("https://localhost:{}/pre/fix/", server.port), ..server.options() }).unwrap();
    let mut request = Request::new(Method::Post, "/rssp/devices/a-1");
    request.query = vec![("q".to_owned(), "a&b=c ü".to_owned())];
    request.headers.set("X-API-Key", "secret");
    request.body = Body::Bytes(Zeroizing::new(b"12345".to_vec()));
    let response = transport.send(request, &call()).unwrap();
    assert_eq!((response.status, response.headers.get("x-told")), (200, Some("yes")));
    let told = String::from_utf8(response.body.to_vec()).unwrap();
    assert!(told.starts_with("POST /pre/fix/rssp/devices/a-1?q=a%26b%3Dc+%C3%BC HTTP/1.1\r\n"), "{told}");
    assert!(told.contains("x-api-key: secret\r\n") && told.ends_with("\n5"), "{told}");
    // A second call goes over the same connection.
    transport.send(get(), &call()).unwrap();
    assert_eq!(server.connections.load(SeqCst), 1);
}

#[test]
fn a_streamed_body_arrives_whole_with_its_length() {
    let server = echo();
    let mut request = Request::new(Method::Post, "/rssp/agreements");
    request.body = Body::Source(Arc::new(vec![7_u8; 3_000_001]));
    let response = server.transport().send(request, &call()).unwrap();
    let told = String::from_utf8(response.body.to_vec()).unwrap();
    assert!(told.ends_with("\n3000001") && told.contains("content-length: 3000001\r\n") && !told.contains("chunked"), "{told}");
}

#[test]
fn plain_http_is_refused_before_any_socket_is_opened() {
    let server = Server::raw(|_| {});
    for address in [format!("http://127.0.0.1:{}", server.port), "HTTP://localhost".to_owned()] {
        let error = HttpsTransport::new(&Options::new(address)).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::PlainHttpRefused);
    }
    assert_eq!(server.connections.load(SeqCst), 0);
    let plain = Server::raw(|mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(&answer("200 OK", b"x"));
    });
    let mut options = Options::new(format!("http://127.0.0.1:{}", plain.port));
    options.dangerous_allow_plain_http = true;
    assert_eq!(HttpsTransport::new(&options).unwrap().send(get(), &call()).unwrap().status, 200);
}

#[test]
fn what_is_no_base_address_is_refused() {
    for address in ["", "localhost", "ftp://a", "https://", "https://u@a", "https://u:p@a", "https://a?x", "https://a#x", "file:///etc"] {
        let error = HttpsTransport::new(&Options::new(address)).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::ConfigMalformed, "{address}");
        assert!(!error.to_string().contains("u:p"));
    }
    for roots in [Roots::Given(Vec::new()), Roots::Given(vec![vec![1, 2]])] {
        let options = Options { roots, ..Options::new("https://a") };
        assert_eq!(HttpsTransport::new(&options).err().unwrap().kind(), ErrorKind::ConfigMalformed);
    }
    for pem in ["", "no", "-----BEGIN CERTIFICATE-----\n%%\n-----END CERTIFICATE-----\n"] {
        assert_eq!(Roots::from_pem(pem.as_bytes()).err().unwrap().kind(), ErrorKind::PemMalformed);
    }
    let proxy = Some(Proxy { address: "no address".to_owned(), login: None });
    assert_eq!(HttpsTransport::new(&Options { proxy, ..Options::new("https://a") }).err().unwrap().kind(), ErrorKind::ConfigMalformed);
    HttpsTransport::new(&Options::new("https://a")).unwrap();
}

#[test]
fn an_unknown_authority_is_refused() {
    let server = Server::saying(answer("200 OK", b""));
    // The other root has the same name and another key.
    assert_eq!(kind_with(&Options { roots: Roots::Given(vec![root(OTHER_ROOT)]), ..server.options() }), ErrorKind::TlsUnknownCa);
    assert_eq!(kind_with(&Options { roots: Roots::Bundled, ..server.options() }), ErrorKind::TlsUnknownCa);
    let alone = Server::tls(self_signed(), |tls| drop(read_request(tls)));
    assert_eq!(kind_with(&alone.options()), ErrorKind::TlsUnknownCa);
}

#[test]
fn another_host_is_refused() {
    let server = Server::saying(answer("200 OK", b""));
    let options = Options { base_address: format!("https://127.0.0.1:{}", server.port), ..server.options() };
    assert_eq!(kind_with(&options), ErrorKind::TlsWrongHost);
}

#[test]
fn an_expired_or_future_certificate_is_refused() {
    for (from, until) in [("20200101000000Z", "20210101000000Z"), ("20990101000000Z", "20991231000000Z")] {
        let server = Server::tls(leaf(from, until), |tls| drop(read_request(tls)));
        assert_eq!(kind_with(&server.options()), ErrorKind::TlsCertificateExpired, "{from}");
    }
}

#[test]
fn a_wrong_pin_is_refused_and_a_right_one_is_not_enough() {
    let server = Server::saying(answer("200 OK", b""));
    let seen: Arc<Mutex<Vec<PinEvent>>> = Arc::default();
    let with = |pins: PinSet| {
        let seen = seen.clone();
        Options { pins: Some(pins), pin_observer: Some(Arc::new(move |event| seen.lock().unwrap().push(event))), ..server.options() }
    };
    let wrong = || PinSet::new(&[&pin(8), &pin(9)], Some(Time::from_unix(4_000_000_000))).unwrap();
    let right = PinSet::new(&[&pin(8), &pin(SERVER)], None).unwrap();
    assert_eq!(kind_with(&with(wrong())), ErrorKind::TlsPinMismatch);
    assert_eq!(seen.lock().unwrap().pop(), Some(PinEvent::Mismatch { refused: true }));
    let send = |options: &Options| HttpsTransport::new(options).unwrap().send(get(), &call()).unwrap().status;
    assert_eq!(send(&with(right.clone())), 200);
    assert_eq!(seen.lock().unwrap().pop(), None);
    assert_eq!(send(&with(wrong().report_only())), 200);
    assert_eq!(seen.lock().unwrap().pop(), Some(PinEvent::Mismatch { refused: false }));
    assert_eq!(send(&with(PinSet::new(&[&pin(8), &pin(9)], Some(Time::from_unix(1))).unwrap())), 200);
    assert_eq!(seen.lock().unwrap().pop(), Some(PinEvent::Expired));
    // The pin of the root does not stand for the leaf's, and no pin for validation.
    assert_eq!(kind_with(&with(PinSet::new(&[&pin(ROOT), &pin(9)], None).unwrap())), ErrorKind::TlsPinMismatch);
    let unknown = Options { roots: Roots::Given(vec![root(OTHER_ROOT)]), ..with(right) };
    assert_eq!(kind_with(&unknown), ErrorKind::TlsUnknownCa);
}

#[test]
fn nobody_there_is_its_own_error() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_eq!(kind_with(&Options::new(format!("https://127.0.0.1:{port}"))), ErrorKind::ConnectFailed);
    assert_eq!(kind_with(&Options::new("https://nobody.invalid")), ErrorKind::ConnectFailed);
}

#[test]
fn a_redirect_is_an_answer_and_is_not_followed() {
    let target = Server::saying(answer("200 OK", b""));
    let server = Server::saying(format!("HTTP/1.1 302 Found\r\nLocation: https://localhost:{}/\r\nContent-Length: 0\r\n\r\n", target.port));
    assert_eq!(server.transport().send(get(), &call()).unwrap().status, 302);
    assert_eq!(target.connections.load(SeqCst), 0);
}

#[test]
fn what_cannot_stand_in_a_request_is_refused() {
    let server = Server::saying(answer("200 OK", b""));
    let transport = server.transport();
    for path in ["", "rssp", "/a?b", "/a#b", "/a/../b", "/a\\b"] {
        assert_eq!(transport.send(Request::new(Method::Get, path), &call()).unwrap_err().kind(), ErrorKind::InvalidArgument, "{path}");
    }
    for (name, value) in [("X-A", "a\r\nX-B: c"), ("X A", "b"), ("", "b"), ("X-A", "\u{0}")] {
        let mut request = get();
        request.headers.set(name, value);
        assert_eq!(transport.send(request, &call()).unwrap_err().kind(), ErrorKind::InvalidArgument, "{name}");
    }
    assert_eq!(server.connections.load(SeqCst), 0);
}

#[test]
fn a_call_from_inside_a_runtime_is_an_error_not_a_panic() {
    let server = Server::saying(answer("200 OK", b""));
    let transport = server.transport();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let error = runtime.block_on(async { transport.send(get(), &call()).unwrap_err() });
    assert_eq!(error.kind(), ErrorKind::Reentrant);
}

/// Asks for a name and password and then lets through.
fn proxy_to(port: u16) -> Server {
    Server::raw(move |mut client| {
        let Some((head, _)) = read_request(&mut client) else { return };
        let login = Base64::encode_string(b"name:word");
        let right = head.starts_with("CONNECT ") && head.to_ascii_lowercase().contains("proxy-authorization") && head.contains(&login);
        if !right {
            let _ = client.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
            return;
        }
        let _ = client.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        let mut server = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let (mut client_in, mut server_out) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        std::thread::spawn(move || std::io::copy(&mut client_in, &mut server_out));
        let mut buf = [0; 4096];
        while let Ok(n) = server.read(&mut buf) {
            if n == 0 || client.write_all(&buf[..n]).is_err() {
                return;
            }
        }
    })
}

#[test]
fn a_proxy_is_asked_to_connect_and_tls_stays_end_to_end() {
    let server = Server::saying(answer("200 OK", b"through"));
    let proxy = proxy_to(server.port);
    let options = |password: &str, roots| Options {
        proxy: Some(Proxy { address: format!("http://127.0.0.1:{}", proxy.port), login: Some(("name".to_owned(), password.into())) }),
        roots,
        ..server.options()
    };
    let good = HttpsTransport::new(&options("word", Roots::Given(vec![root(ROOT)]))).unwrap();
    assert_eq!(&*good.send(get(), &call()).unwrap().body, b"through");
    assert_eq!(kind_with(&options("word", Roots::Given(vec![root(OTHER_ROOT)]))), ErrorKind::TlsUnknownCa);
    assert_eq!(kind_with(&options("wrong", Roots::Given(vec![root(ROOT)]))), ErrorKind::ConnectFailed);
    assert_eq!(proxy.connections.load(SeqCst), 3);
}

#[test]
fn time_over_before_it_began() {
    let server = Server::saying(answer("200 OK", b""));
    let error = server.transport().send(get(), &call_within(Duration::ZERO)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
}
