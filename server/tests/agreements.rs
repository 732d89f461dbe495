//! Agreements over the wire: upload, filing, fetching by ranges, audit, and what is refused.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use client::pdf::small;
use client::{Answer, Desk};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::io::Write;
use thrivosign::remote::audit::Audit;
use thrivosign::remote::content_digest;

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn upload_to(desk: &Desk, token: &str, path: &str, key: &str, pdf: &[u8], change: &[(&str, &str)]) -> Answer {
    let authorization = format!("Bearer {token}");
    let digest = content_digest::encode(&sha256(pdf));
    let mut headers = vec![
        ("X-API-Key", desk.key.as_str()),
        ("Authorization", authorization.as_str()),
        ("Content-Type", "application/pdf"),
        ("X-File-Name", "loan%20agreement.pdf"),
        ("Idempotency-Key", key),
        ("Content-Digest", digest.as_str()),
    ];
    for (name, value) in change {
        headers.retain(|(n, _)| n != name);
        if !value.is_empty() {
            headers.push((name, value));
        }
    }
    desk.call("POST", path, &headers, pdf)
}

fn upload(desk: &Desk, token: &str, key: &str, pdf: &[u8]) -> Answer {
    upload_to(desk, token, "/rssp/agreements", key, pdf, &[])
}

fn fetch(desk: &Desk, token: &str, id: &str, more: &[(&str, &str)]) -> Answer {
    let authorization = format!("Bearer {token}");
    let mut headers = vec![("X-API-Key", desk.key.as_str()), ("Authorization", authorization.as_str())];
    headers.extend(more);
    desk.call("GET", &format!("/rssp/agreements/{id}"), &headers, b"")
}

/// The files in the folder of documents.
fn files(desk: &Desk) -> usize {
    std::fs::read_dir(desk.folder.path().join("documents")).unwrap().count()
}

#[test]
fn an_uploaded_agreement_comes_back_byte_for_byte() {
    let mut desk = Desk::open();
    let (token, _) = desk.login();
    let pdf = small(3);
    let answer = upload(&desk, &token, "k1", &pdf);
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(answer.text("sha256"), hex(&sha256(&pdf)));
    let facts = answer.json();
    assert_eq!((facts["size"].as_u64(), facts["pages"].as_u64(), facts["signatures"].as_u64()), (Some(pdf.len() as u64), Some(3), Some(0)));
    let id = answer.text("documentID");
    desk.restart();
    let whole = fetch(&desk, &token, &id, &[]);
    assert_eq!((whole.status, &whole.body), (200, &pdf));
    assert_eq!(whole.header("content-type"), Some("application/pdf"));
    assert_eq!(whole.header("content-digest"), Some(content_digest::encode(&sha256(&pdf)).as_str()));
    let etag = whole.header("etag").unwrap().to_owned();
    assert_eq!(etag, format!("\"{}\"", hex(&sha256(&pdf))));
    let len = pdf.len();
    for (range, from, to) in [
        ("bytes=0-9".to_owned(), 0, 10),
        ("bytes=10-".to_owned(), 10, len),
        (format!("bytes={}-{}", len - 5, len + 100), len - 5, len),
        ("bytes=7-7".to_owned(), 7, 8),
    ] {
        let part = fetch(&desk, &token, &id, &[("Range", &range), ("If-Range", &etag)]);
        assert_eq!((part.status, part.body.as_slice()), (206, &pdf[from..to]), "{range}");
        assert_eq!(part.header("content-range"), Some(format!("bytes {from}-{}/{len}", to - 1).as_str()));
        assert_eq!(part.header("content-digest"), Some(content_digest::encode(&sha256(&pdf[from..to])).as_str()));
        assert_eq!(part.header("etag"), Some(etag.as_str()));
    }
    let stale = fetch(&desk, &token, &id, &[("Range", "bytes=0-9"), ("If-Range", "\"old\"")]);
    assert_eq!((stale.status, stale.body.len()), (200, len), "another version: the whole document");
    let beyond = fetch(&desk, &token, &id, &[("Range", &format!("bytes={len}-"))]);
    assert_eq!((beyond.status, beyond.problem().as_str()), (416, "range-not-satisfiable"));
    assert_eq!(beyond.header("content-range"), Some(format!("bytes */{len}").as_str()));
    for odd in ["bytes=5-1", "bytes=a-b", "lines=1-2", "bytes=-5", "bytes=99999999999999999999-"] {
        assert_eq!(fetch(&desk, &token, &id, &[("Range", odd)]).status, 200, "{odd}: a range not understood is ignored");
    }
}

#[test]
fn what_is_not_the_announced_pdf_is_refused_and_leaves_nothing() {
    let desk = Desk::open();
    let (token, _) = desk.login();
    let pdf = small(1);
    let refused = |pdf: &[u8], change: &[(&str, &str)]| {
        let answer = upload_to(&desk, &token, "/rssp/agreements", "k", pdf, change);
        (answer.status, answer.problem())
    };
    let other = content_digest::encode(&sha256(b"other"));
    assert_eq!(refused(&pdf, &[("Content-Digest", &other)]), (400, "digest-mismatch".to_owned()));
    for (header, value, status) in [
        ("Content-Digest", "", 400),
        ("Content-Digest", "md5=:AA==:", 400),
        ("Content-Type", "text/plain", 415),
        ("X-File-Name", "", 400),
        ("X-File-Name", "..%2F..%2Fetc%2Fpasswd", 400),
        ("X-File-Name", "a%0d%0ab", 400),
        ("Idempotency-Key", "", 400),
        ("Idempotency-Key", "a b", 400),
    ] {
        assert_eq!(refused(&pdf, &[(header, value)]).0, status, "{header}: {value}");
    }
    for wrong in [&b"garbage"[..], b"", b"<html></html>", &pdf[..pdf.len() / 2]] {
        let (status, problem) = refused(wrong, &[]);
        assert!(matches!(status, 400 | 422), "{status} {problem}");
    }
    assert_eq!(refused(&small(0), &[]), (422, "document-refused".to_owned()));
    assert_eq!(files(&desk), 0, "nothing is left of refused uploads");
}

#[test]
fn a_document_over_the_limit_is_refused_announced_or_not() {
    let desk = Desk::open_with(|config| config.limits.document = 100_000);
    let (token, _) = desk.login();
    let big = vec![b'x'; 300_000];
    let answer = upload(&desk, &token, "k", &big);
    assert_eq!((answer.status, answer.problem().as_str()), (413, "document-too-large"));
    let mut chunked = format!(
        "POST /rssp/agreements HTTP/1.1\r\nHost: h\r\nX-API-Key: {}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/pdf\r\n\
         X-File-Name: a.pdf\r\nIdempotency-Key: k\r\nContent-Digest: {}\r\nTransfer-Encoding: chunked\r\n\r\n",
        desk.key,
        content_digest::encode(&sha256(&big))
    )
    .into_bytes();
    for piece in big.chunks(50_000) {
        chunked.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
        chunked.extend_from_slice(piece);
        chunked.extend_from_slice(b"\r\n");
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    assert_eq!(desk.raw(&chunked).expect("an answer").status, 413);
    assert_eq!(files(&desk), 0);
    assert_eq!(upload(&desk, &token, "k2", &small(1)).status, 201);
}

#[test]
fn an_upload_cut_in_the_middle_leaves_nothing() {
    let desk = Desk::open();
    let (token, _) = desk.login();
    let head = format!(
        "POST /rssp/agreements HTTP/1.1\r\nHost: h\r\nX-API-Key: {}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/pdf\r\n\
         X-File-Name: a.pdf\r\nIdempotency-Key: k\r\nContent-Digest: {}\r\nContent-Length: 5000000\r\n\r\n",
        desk.key,
        content_digest::encode(&[0; 32])
    );
    let mut stream = desk.connect();
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&vec![b'x'; 1 << 20]).unwrap();
    stream.flush().unwrap();
    let began = std::time::Instant::now();
    while files(&desk) == 0 {
        assert!(began.elapsed().as_secs() < 10, "the upload never began");
    }
    drop(stream);
    while files(&desk) > 0 {
        assert!(began.elapsed().as_secs() < 10, "the cut upload is still there");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

#[test]
fn files_that_no_record_names_are_swept_at_the_start() {
    let mut desk = Desk::open();
    let (token, _) = desk.login();
    let id = upload(&desk, &token, "k", &small(1)).text("documentID");
    let stray = desk.folder.path().join("documents/up-1.part");
    std::fs::write(&stray, b"half an upload").unwrap();
    desk.restart();
    assert!(!stray.exists());
    assert_eq!(fetch(&desk, &token, &id, &[]).status, 200);
}

#[test]
fn one_idempotency_key_is_one_document() {
    let desk = Desk::open();
    let (token, _) = desk.login();
    let pdf = small(1);
    let first = upload(&desk, &token, "k", &pdf);
    let again = upload(&desk, &token, "k", &pdf);
    assert_eq!((first.status, again.status, &first.body), (201, 201, &again.body));
    let other = upload(&desk, &token, "k", &small(2));
    assert_eq!((other.status, other.problem().as_str()), (422, "idempotency-conflict"));
    assert_ne!(upload(&desk, &token, "k2", &pdf).text("documentID"), first.text("documentID"));
    assert_eq!(files(&desk), 2);
}

#[test]
fn what_was_not_signed_here_is_not_filed() {
    let desk = Desk::open();
    let (token, _) = desk.login();
    let answer = upload_to(&desk, &token, "/rssp/agreements/filed", "k", &small(1), &[]);
    assert_eq!((answer.status, answer.problem().as_str()), (422, "filed-signature-refused"), "{answer:?}");
    assert_eq!(files(&desk), 0);
}

#[test]
fn audit_records_chain_and_belong_to_their_owner() {
    let desk = Desk::open();
    let (token, _) = desk.login();
    let id = upload(&desk, &token, "k", &small(1)).text("documentID");
    let answer = desk.authed(&token, "GET", &format!("/rssp/agreements/{id}/audit"), &Value::Null);
    let records = Audit::decode(&answer.wire()).unwrap().0;
    assert_eq!(records.len(), 1);
    assert_eq!((records[0].action.as_str(), records[0].previous), ("submitted", [0; 32]));
    assert_eq!(records[0].hash, sha256(&records[0].to_be_hashed()));
    let text = String::from_utf8(answer.body).unwrap();
    assert!(!text.contains("loan") && !text.contains("Anna"), "no names in the records");
    let desk = desk.with(|config| {
        if let Some(seed) = &mut config.seed {
            seed.username = "ben".to_owned();
        }
    });
    let (ben, _) = desk.login_as("ben", client::PASSWORD);
    for path in ["", "/audit"] {
        let answer = desk.authed(&ben, "GET", &format!("/rssp/agreements/{id}{path}"), &Value::Null);
        assert_eq!((answer.status, answer.problem().as_str()), (404, "document-unknown"));
    }
    for odd in ["..%2f..%2fstore.db", "doc-0", "%00"] {
        assert_eq!(fetch(&desk, &ben, odd, &[]).status, 404, "{odd}");
    }
}
