//! A document of 500 MB (in every run, 120 MB) through mode `submit`: sent, prepared, signed and fetched again, and the server, a process of its own, needs at most
//! 64 MiB more for it. The document is never whole in this program either.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own processes, sockets, files and time")]
#![cfg(target_os = "linux")]

mod client;

use crate::client::phone::plain_signature;
use client::phone::{Phone, sign};
use client::process::{demo, hear};
use client::{Answer, Desk, read_answer};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Write};
use std::process::Stdio;
use std::time::Instant;
use thrivosign::remote::complete_signature::CompleteSignature;
use thrivosign::remote::content_digest;
use thrivosign::remote::start_signature::PreparedSignature;

const PIECE: usize = 1 << 20;
const MORE_MEMORY_KIB: u64 = 64 << 10;

/// A document in three parts, of which the middle one is that many pieces of filling.
struct Large {
    head: Vec<u8>,
    pieces: usize,
    tail: Vec<u8>,
}

impl Large {
    fn new(pieces: usize) -> Large {
        let mut head = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut offsets = Vec::new();
        for (at, object) in [
            "<</Type/Catalog/Pages 2 0 R/PieceInfo 4 0 R>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>",
            "<</Filling 5 0 R>>",
        ]
        .iter()
        .enumerate()
        {
            offsets.push(head.len());
            head.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", at + 1).as_bytes());
        }
        offsets.push(head.len());
        head.extend_from_slice(format!("5 0 obj\n<</Length {}>>\nstream\n", pieces * PIECE).as_bytes());
        let mut tail = b"\nendstream\nendobj\n".to_vec();
        let at = head.len() + pieces * PIECE + tail.len();
        let entries: String = offsets.iter().map(|offset| format!("{offset:010} 00000 n \n")).collect();
        let end = format!("xref\n0 6\n0000000000 65535 f \n{entries}trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n");
        tail.extend_from_slice(end.as_bytes());
        Large { head, pieces, tail }
    }

    fn size(&self) -> usize {
        self.head.len() + self.pieces * PIECE + self.tail.len()
    }

    /// Gives its bytes, a piece at a time.
    fn each(&self, mut take: impl FnMut(&[u8])) {
        let piece = vec![b'.'; PIECE];
        take(&self.head);
        (0..self.pieces).for_each(|_| take(&piece));
        take(&self.tail);
    }

    fn digest(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        self.each(|piece| hasher.update(piece));
        hasher.finalize().into()
    }
}

struct Bank {
    desk: Desk,
    token: String,
    phone: Phone,
    credential: String,
}

impl Bank {
    fn head(&self, method: &str, path: &str, more: &str) -> Vec<u8> {
        let start = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-API-Key: {}\r\n", self.desk.key);
        format!("{start}Authorization: Bearer {}\r\n{more}\r\n", self.token).into_bytes()
    }

    fn submit(&self, document: &Large, name: &str) -> String {
        let digest = content_digest::encode(&document.digest());
        let more = format!(
            "Content-Type: application/pdf\r\nX-File-Name: a.pdf\r\nIdempotency-Key: {name}\r\nContent-Digest: {digest}\r\nContent-Length: {}\r\n",
            document.size()
        );
        let mut stream = self.desk.connect();
        stream.sock.set_read_timeout(Some(std::time::Duration::from_secs(300))).unwrap();
        stream.write_all(&self.head("POST", "/rssp/agreements", &more)).unwrap();
        document.each(|piece| stream.write_all(piece).unwrap());
        stream.flush().unwrap();
        let answer: Answer = read_answer(&mut stream).expect("an answer");
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.text("documentID")
    }

    fn sign(&self, document_id: &str, name: &str) {
        let wanted = plain_signature(name.to_owned(), document_id.to_owned(), self.credential.clone());
        let begun = self.patient(&wanted.encode().unwrap());
        let prepared = PreparedSignature::decode(&begun.wire()).unwrap();
        let call = CompleteSignature {
            document_id: document_id.to_owned(),
            signature_id: prepared.signature_id,
            signature: sign(&self.phone.signing, &prepared.signed_attributes),
            sign_algo: "ecdsa-sha256".to_owned(),
        };
        assert_eq!(self.patient(&call.encode().unwrap()).text("state"), "completed");
    }

    /// A call that may take its time.
    fn patient(&self, request: &thrivosign::remote::http::Request) -> Answer {
        let mut more = format!("Content-Length: {}\r\n", request.body.bytes().len());
        for (name, value) in request.headers.iter() {
            more += &format!("{name}: {value}\r\n");
        }
        let mut stream = self.desk.connect();
        stream.sock.set_read_timeout(Some(std::time::Duration::from_secs(300))).unwrap();
        stream.write_all(&self.head(request.method.as_str(), &request.path, &more)).unwrap();
        stream.write_all(request.body.bytes()).unwrap();
        let answer = read_answer(&mut stream).expect("an answer");
        assert!(matches!(answer.status, 200 | 201), "{answer:?}");
        answer
    }

    /// Fetches the document: it is what was sent, and something after it.
    fn fetch(&self, document_id: &str, sent: &Large) {
        let mut stream = self.desk.connect();
        stream.sock.set_read_timeout(Some(std::time::Duration::from_secs(300))).unwrap();
        stream.write_all(&self.head("GET", &format!("/rssp/agreements/{document_id}"), "")).unwrap();
        let mut bytes = vec![0; 64 << 10];
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut one = [0];
            stream.read_exact(&mut one).unwrap();
            head.push(one[0]);
        }
        assert!(head.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&head));
        let (mut hasher, mut left, mut after) = (Sha256::new(), sent.size(), 0);
        while let Ok(n @ 1..) = stream.read(&mut bytes) {
            let own = n.min(left);
            hasher.update(&bytes[..own]);
            left -= own;
            after += n - own;
        }
        assert_eq!((left, <[u8; 32]>::from(hasher.finalize())), (0, sent.digest()), "the first bytes are what was sent");
        assert!(after > 4_000, "{after} bytes of a signature");
    }
}

#[test]
fn a_document_of_any_size_takes_as_little_memory() {
    let long = std::env::var("THRIVOSIGN_LONG").is_ok_and(|long| long == "1");
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let mut command = demo(&data);
    command.stderr(Stdio::from(File::create(place.path().join("log")).unwrap()));
    let process = hear(command);
    let key = process.said("API key (shown once): ").unwrap();
    let tls = std::fs::read_to_string(data.join("tls-root.pem")).unwrap();
    let desk = Desk::of_process(tempfile::tempdir().unwrap(), process.address, &tls, &key);
    let (token, _) = desk.login();
    let phone = Phone::new("phone-1");
    let codes = || std::fs::read_to_string(data.with_extension("codes")).unwrap().lines().last().unwrap().to_owned();
    let credential = phone.enrol_by(&desk, &token, "Demo User", &codes);
    let bank = Bank { desk, token, phone, credential };
    let memory = |name: &str| -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", process.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap()
    };
    // A small one first: what any session needs is not this one's.
    let small = Large::new(1);
    let id = bank.submit(&small, "small");
    bank.sign(&id, "small");
    bank.fetch(&id, &small);
    // From here on the high-water mark counts anew.
    std::fs::write(format!("/proc/{}/clear_refs", process.child.id()), "5").unwrap();
    let before = memory("VmRSS:");
    let large = Large::new(if long { 477 } else { 115 });
    assert!(large.size() > if long { 500_000_000 } else { 120_000_000 });
    let began = Instant::now();
    let id = bank.submit(&large, "large");
    let sent = began.elapsed();
    bank.sign(&id, "large");
    let signed = began.elapsed();
    bank.fetch(&id, &large);
    let more = memory("VmHWM:").saturating_sub(before);
    println!(
        "{} bytes: sent in {sent:?}, signed after {signed:?}, fetched after {:?}; {more} KiB on top of {before} KiB",
        large.size(),
        began.elapsed()
    );
    assert!(more <= MORE_MEMORY_KIB, "{more} KiB more");
    process.kill();
}
