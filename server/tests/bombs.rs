//! Uploads and bodies made to wear the server out: nesting, loops, streams that inflate, lengths that lie, bodies without end. Each is refused with 4xx within a
//! second, and the server, a process of its own, needs at most 200 MiB more for all of them. What slow bodies and slow heads get stands in `front.rs`.
//!
//! The second is for a build that is optimised. Without optimisation inflating is ten times slower, and such a build has five.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own processes, sockets, files and time")]
#![cfg(target_os = "linux")]

mod client;

use client::phone::Phone;
use client::process::{Process, demo, hear};
use client::{Answer, Desk, pdf};
use serde_json::json;
use std::fs::File;
use std::process::Stdio;
use std::time::{Duration, Instant};
use thrivosign::crypto::digest::sha256;
use thrivosign::remote::content_digest;

const MIB: usize = 1 << 20;
const LONGEST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 5 } else { 1 });
const MORE_MEMORY_KIB: u64 = 200 << 10;

/// Objects 1, 2, .. in a table, the first of them the catalog; `@` in the trailer is where the table stands.
fn file(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut entries = String::new();
    for (at, body) in objects.iter().enumerate() {
        entries += &format!("{:010} 00000 n \n", out.len());
        out.extend_from_slice(format!("{} 0 obj\n", at + 1).as_bytes());
        out.extend_from_slice(body);
        out.extend_from_slice(b"\nendobj\n");
    }
    let (size, at) = (objects.len() + 1, out.len());
    let trailer = trailer.replace('@', &at.to_string());
    let tail =
        format!("xref\n0 {size}\n0000000000 65535 f \n{entries}trailer\n<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{at}\n%%EOF\n");
    out.extend_from_slice(tail.as_bytes());
    out
}

fn texts(objects: &[&str]) -> Vec<u8> {
    file(&objects.iter().map(|text| text.as_bytes().to_vec()).collect::<Vec<_>>(), "")
}

/// A catalog whose pages stand in `2 0 R`, with this in it.
fn catalog(inside: &str) -> Vec<u8> {
    texts(&[&format!("<</Type/Catalog/Pages 2 0 R{inside}>>"), "<</Type/Pages/Kids[]/Count 0>>"])
}

/// That many zero bytes in the format of zlib, a thousand times smaller at the cost of none.
fn zeros(count: usize) -> Vec<u8> {
    let (mut out, mut held, mut bits) = (vec![0x78, 0x9c], 0_u64, 0_u32);
    let mut put = |code: u32, length: u32, out: &mut Vec<u8>| {
        // Codes stand with their first bit first (RFC 1951 3.1.1).
        held |= u64::from(code.reverse_bits() >> (32 - length)) << bits;
        bits += length;
        while bits >= 8 {
            out.push((held & 0xff) as u8);
            held >>= 8;
            bits -= 8;
        }
    };
    // The last block, of fixed codes: a zero, then "258 bytes like the one before" again and again.
    put(0b110, 3, &mut out);
    put(0x30, 8, &mut out);
    for _ in 0..count / 258 {
        put(0xc5, 8, &mut out);
        put(0, 5, &mut out);
    }
    put(0, 7, &mut out);
    put(0, 7, &mut out);
    let length = 1 + count / 258 * 258;
    out.extend_from_slice(&u32::try_from((length % 65_521) << 16 | 1).unwrap().to_be_bytes());
    out
}

fn stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    [format!("<<{dictionary}/Length {}>>\nstream\n", data.len()).as_bytes(), data, b"\nendstream"].concat()
}

/// A file whose only cross-reference is this stream.
fn by_stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n".to_vec();
    let at = out.len();
    out.extend_from_slice(b"3 0 obj\n");
    out.extend_from_slice(&stream(&format!("/Type/XRef/Root 1 0 R{dictionary}"), data));
    out.extend_from_slice(format!("\nendobj\nstartxref\n{at}\n%%EOF\n").as_bytes());
    out
}

fn with_startxref(text: &str) -> Vec<u8> {
    let mut out = pdf::small(1);
    let at = out.windows(9).rposition(|w| w == b"startxref").unwrap();
    out.truncate(at);
    out.extend_from_slice(format!("startxref\n{text}\n%%EOF\n").as_bytes());
    out
}

/// Trees of pages that never end. Their number is believed at first, as it is written; the page that is to be signed is looked for.
fn trees() -> Vec<(&'static str, Vec<u8>)> {
    let tree = "<</Type/Catalog/Pages 2 0 R>>";
    let doubling: Vec<Vec<u8>> = std::iter::once(tree.as_bytes().to_vec())
        .chain((3..60).map(|next| format!("<</Type/Pages/Count 1/Kids[{next} 0 R {next} 0 R]>>").into_bytes()))
        .collect();
    vec![
        ("pages that are their own", texts(&[tree, "<</Type/Pages/Count 1/Kids[2 0 R]>>"])),
        ("pages that are each other's", texts(&[tree, "<</Type/Pages/Count 1/Kids[3 0 R]>>", "<</Type/Pages/Count 1/Kids[2 0 R]>>"])),
        ("pages that double at each step", file(&doubling, "")),
    ]
}

/// Documents that are none.
fn documents() -> Vec<(&'static str, Vec<u8>)> {
    let tree = "<</Type/Catalog/Pages 2 0 R>>";
    let wide = format!("<</Type/Pages/Count 900000/Kids[{}]>>", "2 0 R ".repeat(900_000));
    let big = zeros(256 * MIB);
    let page =
        [tree, "<</Type/Pages/Count 1/Kids[3 0 R]>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"].map(|text| text.as_bytes().to_vec());
    let references = [tree, "3 0 R", "4 0 R", "2 0 R"];
    vec![
        ("arrays in arrays, a million", catalog(&format!("/A {}", "[".repeat(MIB)))),
        ("arrays in arrays, closed", catalog(&format!("/A {}{}", "[".repeat(100_000), "]".repeat(100_000)))),
        ("dictionaries in dictionaries", catalog(&format!("/A {}", "<</A ".repeat(500_000)))),
        ("both, one in the other", catalog(&format!("/A {}", "[<</A ".repeat(300_000)))),
        ("parentheses in a text", catalog(&format!("/A {}", "(".repeat(4 * MIB)))),
        ("a text that does not end", catalog(&format!("/A <{}", "41".repeat(2 * MIB)))),
        ("pages nine hundred thousand times their own", texts(&[tree, &wide])),
        ("pages behind references in a circle", texts(&references)),
        ("no pages", catalog("")),
        ("a table that is its own predecessor", file(&page, "/Prev @")),
        ("a predecessor beyond the end", file(&page, "/Prev 99999999999")),
        ("a table of four thousand million", {
            b"%PDF-1.7\nxref\n0 4294967295\n0000000000 65535 f \ntrailer\n<</Size 4294967295/Root 1 0 R>>\nstartxref\n9\n%%EOF\n".to_vec()
        }),
        ("a stream of entries that inflates", by_stream("/Size 99999999/W[1 4 2]/Filter/FlateDecode", &big)),
        ("the same twice over", by_stream("/Size 99999999/W[1 4 2]/Filter[/FlateDecode/FlateDecode]", &big)),
        ("the same under a predictor", {
            let parameters = "/DecodeParms<</Predictor 12/Columns 2147483647>>";
            by_stream(&format!("/Size 9/W[1 4 2]/Filter/FlateDecode{parameters}"), &big)
        }),
        ("a thousand filters", by_stream(&format!("/Size 9/W[1 4 2]/Filter[{}]", "/FlateDecode".repeat(1_000)), &zeros(MIB))),
        ("entries wider than any number", by_stream("/Size 9/W[99999999 99999999 99999999]/Filter/FlateDecode", &big)),
        ("an index without end", by_stream("/Size 9/W[1 1 1]/Index[0 2147483647 0 2147483647]/Filter/FlateDecode", &zeros(MIB))),
        ("a start that is no number", with_startxref("abc")),
        ("a start with a million digits", with_startxref(&"9".repeat(MIB))),
        ("a start behind the end", with_startxref("999999999")),
        ("nothing but zeros", [b"%PDF-1.7\n".to_vec(), vec![0; 8 * MIB]].concat()),
        ("nothing but comments", [b"%PDF-1.7\n".to_vec(), b"%\n".repeat(4 * MIB)].concat()),
        ("a number of five million digits", catalog(&format!("/A {}", "1".repeat(5 * MIB)))),
        ("no PDF", b"MZ".repeat(MIB)),
    ]
}

struct Bank {
    process: Process,
    desk: Desk,
    authorization: String,
    credential: String,
}

impl Bank {
    fn open(place: &std::path::Path) -> Bank {
        let data = place.join("data");
        let mut command = demo(&data);
        command.stderr(Stdio::from(File::create(place.join("log")).unwrap()));
        let process = hear(command);
        let key = process.said("API key (shown once): ").unwrap();
        let tls = std::fs::read_to_string(data.join("tls-root.pem")).unwrap();
        let desk = Desk::of_process(tempfile::tempdir().unwrap(), process.address, &tls, &key);
        let (token, _) = desk.login();
        let codes = || std::fs::read_to_string(place.join("data.codes")).unwrap().lines().last().unwrap().to_owned();
        let credential = Phone::new("phone-1").enrol_by(&desk, &token, "Demo User", &codes);
        Bank { process, desk, authorization: format!("Bearer {token}"), credential }
    }

    fn upload(&self, name: &str, bytes: &[u8], more: &[(&str, &str)]) -> Answer {
        let digest = content_digest::encode(&sha256(bytes));
        let key = name.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        let own = [
            ("X-API-Key", self.desk.key.as_str()),
            ("Authorization", &self.authorization),
            ("X-File-Name", "a.pdf"),
            ("Idempotency-Key", &key),
            ("Content-Digest", &digest),
        ];
        self.desk.call("POST", "/rssp/agreements", &[&own[..], more].concat(), bytes)
    }

    /// A call with a body of its own, head and all.
    fn spoken(&self, path: &str, head: &str, body: &[u8]) -> Option<Answer> {
        let start = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-API-Key: {}\r\n", self.desk.key);
        let head = format!("{start}Authorization: {}\r\n{head}\r\n", self.authorization);
        self.desk.raw(&[head.as_bytes(), body].concat())
    }

    /// A figure of the process, in KiB.
    fn memory(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap()
    }
}

/// Takes a name, whether the connection may just end, and the call.
type Refused<'a> = dyn FnMut(&str, bool, &mut dyn FnMut() -> Option<Answer>) + 'a;

/// Bodies that are no bodies. What breaks HTTP itself may get no answer but the end of the connection.
fn bodies(bank: &Bank, refused: &mut Refused<'_>) {
    const USERS: &str = "/rssp/users";
    let json = |body: String| (format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()), body.into_bytes());
    for (name, body) in [
        ("JSON as deep as it is long", "[".repeat(MIB - 1)),
        ("JSON of objects in objects", format!("{{\"name\":{}", "{\"a\":".repeat(200_000))),
        ("JSON of one number", format!("{{\"name\":{}}}", "9".repeat(MIB - 100))),
        ("JSON of one text", format!("{{\"name\":\"{}\"}}", "a".repeat(MIB - 100))),
        ("JSON of one name again and again", format!("{{{}\"name\":1}}", "\"name\":1,".repeat(100_000))),
    ] {
        let (head, body) = json(body);
        refused(name, false, &mut || bank.spoken(USERS, &head, &body));
    }
    let form = "a=b&".repeat(MIB / 5);
    refused("a form of two hundred thousand pairs", false, &mut || {
        let head = format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n", form.len());
        bank.spoken("/rssp/auth/login", &head, form.as_bytes())
    });
    let gzip = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &zeros(64 * MIB)[2..]].concat();
    refused("JSON in gzip", false, &mut || {
        let head = format!("Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n", gzip.len());
        bank.spoken(USERS, &head, &gzip)
    });
    refused("a document in gzip", false, &mut || {
        Some(bank.upload("gzip", &gzip, &[("Content-Type", "application/pdf"), ("Content-Encoding", "gzip")]))
    });
    let parts =
        format!("--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.pdf\"\r\n\r\n{}\r\n", "a".repeat(64)).repeat(20_000);
    refused("a document in twenty thousand parts", false, &mut || {
        Some(bank.upload("parts", parts.as_bytes(), &[("Content-Type", "multipart/form-data; boundary=x")]))
    });
    refused("a length of four gigabytes", false, &mut || {
        let head = "Content-Type: application/pdf\r\nX-File-Name: a.pdf\r\nIdempotency-Key: l\r\nContent-Digest: sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:\r\nContent-Length: 4294967296\r\n";
        bank.spoken("/rssp/agreements", head, b"%PDF-1.7")
    });
    refused("a length beyond any", true, &mut || bank.spoken(USERS, "Content-Length: 99999999999999999999999\r\n", b"{}"));
    let piece = [b"10000\r\n".as_slice(), &[b'a'; 65_536], b"\r\n"].concat();
    refused("chunks without end", false, &mut || bank.spoken(USERS, "Transfer-Encoding: chunked\r\n", &piece.repeat(64)));
    refused("a chunk of all there is", true, &mut || bank.spoken(USERS, "Transfer-Encoding: chunked\r\n", b"FFFFFFFFFFFFFFFFF\r\na"));
    let fields: String = (0..5_000).map(|n| format!("X-{n}: a\r\n")).collect();
    refused("five thousand header fields", true, &mut || bank.spoken(USERS, &fields, b""));
    let query = format!("{USERS}?{}", "a=b&".repeat(10_000));
    refused("a query of ten thousand pairs", true, &mut || bank.spoken(&query, "Content-Length: 0\r\n", b""));
}

#[test]
fn every_bomb_is_refused_in_its_time_and_none_stays_in_memory() {
    let place = tempfile::tempdir().unwrap();
    let bank = Bank::open(place.path());
    let kind = [("Content-Type", "application/pdf")];
    let began = Instant::now();
    assert_eq!(bank.upload("before", &pdf::small(1), &kind).status, 201);
    println!("{:>6} ms  a sound document", began.elapsed().as_millis());
    let rests = bank.memory("VmRSS:");
    let (mut count, mut wrong) = (0, Vec::new());
    let mut refused = |name: &str, may_hang_up: bool, ask: &mut dyn FnMut() -> Option<Answer>| {
        let began = Instant::now();
        let answer = ask();
        let took = began.elapsed();
        let status = answer.as_ref().map_or(0, |answer| answer.status);
        println!("{:>6} ms  {status}  {name}, {} MiB at most", took.as_millis(), bank.memory("VmHWM:") >> 10);
        let fits = (400..500).contains(&status) || answer.is_none() && may_hang_up;
        if !fits || took > LONGEST {
            wrong.push(format!("{name}: {status} after {took:?}"));
        }
        count += 1;
    };
    for (name, bytes) in documents() {
        refused(name, false, &mut || Some(bank.upload(name, &bytes, &kind)));
    }
    for (name, bytes) in trees() {
        let document = bank.upload(name, &bytes, &kind).text("documentID");
        let asked = json!({"credentialID": bank.credential, "level": "B-B", "page": 1, "rect": [72, 72, 200, 60]}).to_string();
        let head =
            format!("Idempotency-Key: tree-{}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n", bytes.len(), asked.len());
        refused(name, false, &mut || bank.spoken(&format!("/rssp/agreements/{document}/signatures"), &head, asked.as_bytes()));
    }
    bodies(&bank, &mut refused);
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count >= 40, "{count}");
    let grown = bank.memory("VmHWM:").saturating_sub(rests);
    println!("{count} bombs, {} MiB more than the {} MiB before at most", grown >> 10, rests >> 10);
    assert!(grown <= MORE_MEMORY_KIB, "{grown} KiB more");
    assert_eq!(bank.upload("after", &pdf::small(1), &kind).status, 201, "whoever comes afterwards is served");
    let log = std::fs::read_to_string(place.path().join("log")).unwrap();
    assert!(!log.contains("\"level\":\"ERROR\"") && !log.contains("panicked"));
    bank.process.kill();
}
