//! The room `net`, tests only: connections cut in the middle of each exchange, garbage, and answers without end.

use super::server::*;
use crate::error::{Error, ErrorKind, Result};
use crate::remote::http::{Body, BodySource, Method, Request};
use crate::remote::transport::Transport;
use std::io::{Read, Write};
use std::sync::Arc;

fn kind(server: &Server) -> ErrorKind {
    server.transport().send(get(), &call()).unwrap_err().kind()
}

/// Reads a request, says this much, and is gone without ending TLS.
fn cut_after(said: &'static [u8]) -> Server {
    Server::tls(good_leaf(), move |tls| {
        read_request(tls);
        let _ = tls.write_all(said);
        let _ = tls.flush();
        let _ = tls.sock.shutdown(std::net::Shutdown::Both);
    })
}

#[test]
fn a_connection_cut_anywhere_is_said_to_be_cut() {
    // Before and in the middle of the handshake.
    assert_eq!(kind(&Server::raw(drop)), ErrorKind::ConnectionCut);
    let half = Server::raw(|mut stream| {
        let _ = stream.read(&mut [0; 64]);
        let _ = stream.write_all(&[0x16, 3, 3, 0, 0x7a, 2]);
        let _ = stream.shutdown(std::net::Shutdown::Both);
    });
    assert_eq!(kind(&half), ErrorKind::ConnectionCut);
    // After the request, in the head, in a body of known length, in a chunk, between chunks.
    for said in [
        &b""[..],
        b"HTTP/1.1 2",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n123",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n",
        // Of unknown length: without TLS's own end nobody can tell a cut from an end.
        b"HTTP/1.1 200 OK\r\n\r\n12345",
    ] {
        assert_eq!(kind(&cut_after(said)), ErrorKind::ConnectionCut, "{}", String::from_utf8_lossy(said));
    }
}

#[test]
fn a_proper_end_in_the_middle_of_the_length_is_a_cut_too() {
    for said in ["HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n123", ""]
    {
        assert_eq!(kind(&Server::saying(said)), ErrorKind::ConnectionCut, "{said}");
    }
}

#[test]
fn a_connection_cut_during_an_upload_is_said_to_be_cut() {
    let server = Server::tls(good_leaf(), |tls| {
        let _ = read_head(tls);
        let _ = tls.sock.shutdown(std::net::Shutdown::Both);
    });
    let mut request = Request::new(Method::Post, "/rssp/agreements");
    request.body = Body::Source(Arc::new(vec![7_u8; 32 << 20]));
    let error = server.transport().send(request, &call()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionCut);
}

#[test]
fn garbage_is_said_to_be_garbage() {
    for said in [
        "garbage\r\n\r\n",
        "HTTP/9.9 200 OK\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n12",
        "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n12",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n12",
    ] {
        assert_eq!(kind(&Server::saying(said)), ErrorKind::BadAnswer, "{said}");
    }
    let not_tls = Server::raw(|mut stream| {
        let _ = stream.write_all(b"220 mail.example ESMTP\r\n");
        let _ = stream.read(&mut [0; 1024]);
    });
    assert_eq!(kind(&not_tls), ErrorKind::TlsFailed);
    let plain = Server::raw(|mut stream| {
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(&answer("400 Bad Request", b"use http"));
        let _ = stream.read(&mut [0; 1024]);
    });
    assert_eq!(kind(&plain), ErrorKind::TlsFailed);
}

#[test]
fn an_answer_without_end_is_cut_off() {
    // Announced too large: not even begun.
    assert_eq!(kind(&Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n")), ErrorKind::AnswerTooLarge);
    let endless = Server::tls(good_leaf(), |tls| {
        read_request(tls);
        let _ = tls.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        let mut chunk = b"8000\r\n".to_vec();
        chunk.extend(vec![b'x'; 0x8000]);
        chunk.extend(b"\r\n");
        while tls.write_all(&chunk).is_ok() {}
    });
    assert_eq!(kind(&endless), ErrorKind::AnswerTooLarge);
    let at_the_limit = Server::saying(answer("200 OK", &vec![b'x'; 1 << 20]));
    assert_eq!(at_the_limit.transport().send(get(), &call()).unwrap().body.len(), 1 << 20);
    let head = Server::tls(good_leaf(), |tls| {
        read_request(tls);
        let _ = tls.write_all(b"HTTP/1.1 200 OK\r\nX: ");
        while tls.write_all(&[b'x'; 4096]).is_ok() {}
    });
    assert_eq!(kind(&head), ErrorKind::BadAnswer);
}

/// A source that says it is longer than it is, or fails.
struct Broken {
    fails: bool,
}

impl BodySource for Broken {
    fn size(&self) -> u64 {
        1 << 20
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize> {
        match offset {
            // More than the connection's buffers hold, so that it fails in the middle of the exchange.
            0..=700_000 => Ok(buf.len().min(10_000)),
            _ if self.fails => Err(Error::new(ErrorKind::DocumentChanged)),
            _ => Ok(0),
        }
    }
}

#[test]
fn a_source_that_fails_never_looks_like_a_whole_body() {
    for (fails, expected) in [(true, ErrorKind::DocumentChanged), (false, ErrorKind::SourceUnreadable)] {
        let (told, heard) = std::sync::mpsc::channel();
        let server = Server::tls(good_leaf(), move |tls| {
            let _ = told.send(read_request(tls).is_some());
        });
        let mut request = Request::new(Method::Post, "/rssp/agreements");
        request.body = Body::Source(Arc::new(Broken { fails }));
        assert_eq!(server.transport().send(request, &call()).unwrap_err().kind(), expected);
        assert!(!heard.recv().unwrap(), "the server had a whole request");
    }
}

#[test]
fn an_answer_before_the_upload_is_over_is_heard() {
    let server = Server::tls(good_leaf(), |tls| {
        let _ = read_head(tls);
        let _ = tls.write_all(&answer("413 Content Too Large", b"{}"));
        let _ = tls.flush();
        // Goes on reading for a while, as a polite server does.
        let mut buf = vec![0; 64 << 10];
        while matches!(tls.read(&mut buf), Ok(n) if n > 0) {}
    });
    let mut request = Request::new(Method::Post, "/rssp/agreements");
    request.body = Body::Source(Arc::new(vec![7_u8; 8 << 20]));
    assert_eq!(server.transport().send(request, &call()).unwrap().status, 413);
}
