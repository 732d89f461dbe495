//! Time stamps as strangers see them: openssl asks, verifies and reads; what is refused, with the failure that RFC 3161 names for it.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use client::Desk;
use client::trust::{Bench, call, get, openssl};
use std::time::{SystemTime, UNIX_EPOCH};
use thrivosign::cms::SignedData;
use thrivosign::pki::{Certificate, TstInfo};

const QUERY: &str = "application/timestamp-query";

struct Desk3161 {
    desk: Desk,
    bench: Bench,
}

fn open() -> Desk3161 {
    let all = Desk3161 { desk: Desk::open(), bench: Bench::new() };
    all.bench.put("data", b"a loan agreement");
    all.bench.put("other", b"another loan agreement");
    for name in ["root", "issuing"] {
        all.bench.pem(&format!("{name}.pem"), "CERTIFICATE", &get(&all.desk, &format!("/ca/{name}.cer")).body);
    }
    all
}

impl Desk3161 {
    /// A request made by openssl.
    fn query(&self, more: &[&str]) -> Vec<u8> {
        let (data, out) = (self.bench.name("data"), self.bench.name("query.tsq"));
        let (good, said) = openssl(&[&["ts", "-query", "-data", &data, "-out", &out][..], more].concat());
        assert!(good, "{said}");
        self.bench.read("query.tsq")
    }

    fn stamp(&self, query: &[u8]) -> Vec<u8> {
        let answer = call(&self.desk, "POST", "/tsa", QUERY, query);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/timestamp-reply")));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        answer.body
    }

    /// What openssl reads in the response.
    fn read(&self, response: &[u8]) -> String {
        openssl(&["ts", "-reply", "-in", &self.bench.put("reply.tsr", response), "-text"]).1
    }

    /// What openssl says of the response to the query of before.
    fn verify(&self, response: &[u8], against: &[&str]) -> String {
        let reply = self.bench.put("reply.tsr", response);
        let [root, issuing] = ["root.pem", "issuing.pem"].map(|name| self.bench.name(name));
        openssl(&[&["ts", "-verify", "-in", &reply, "-CAfile", &root, "-untrusted", &issuing][..], against].concat()).1
    }

    fn info(&self, response: &[u8]) -> TstInfo {
        TstInfo::from_der(token(response).content().expect("attached")).unwrap()
    }
}

/// The token of a granted response.
fn token(response: &[u8]) -> SignedData {
    let at = response.windows(9).position(|bytes| bytes == [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01]).unwrap();
    let start = (2..=5).map(|back| at - back).find(|start| SignedData::parse(&response[*start..]).is_ok()).unwrap();
    SignedData::parse(&response[start..]).unwrap()
}

#[test]
fn openssl_verifies_every_kind_of_stamp() {
    let all = open();
    let (data, other) = (all.bench.name("data"), all.bench.name("other"));
    for digest in ["-sha256", "-sha384", "-sha512"] {
        for more in [&["-cert"][..], &["-cert", "-no_nonce"]] {
            let query = all.query(&[&[digest][..], more].concat());
            let response = all.stamp(&query);
            let asked = all.bench.put("asked.tsq", &query);
            assert!(all.verify(&response, &["-queryfile", &asked]).contains("Verification: OK"), "{}", all.read(&response));
            assert!(all.verify(&response, &["-data", &data]).contains("Verification: OK"));
            assert!(all.verify(&response, &["-data", &other]).contains("message imprint mismatch"));
            let found = token(&response);
            assert_eq!(found.certificates().len(), 2);
            assert!(found.certificates().iter().any(Certificate::suits_time_stamping));
        }
    }
    // Without certificates in it, the verifier brings the authority's own.
    let response = all.stamp(&all.query(&["-sha256"]));
    assert!(token(&response).certificates().is_empty());
    let chain = ["tsa", "issuing"].map(|name| match name {
        "tsa" => std::fs::read(all.desk.folder.path().join("tsa.pem")).unwrap(),
        _ => all.bench.read("issuing.pem"),
    });
    all.bench.put("issuing.pem", &chain.concat());
    let said = all.verify(&response, &["-data", &data]);
    assert!(said.contains("Verification: OK"), "{said}");
}

#[test]
fn a_stamp_tells_time_accuracy_policy_and_nonce() {
    let all = open();
    let began = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let query = all.query(&["-sha256", "-cert", "-tspolicy", "1.3.6.1.4.1.32473.3161.1"]);
    let mut serials = Vec::new();
    let mut fine = 0;
    for _ in 0..8 {
        let response = all.stamp(&query);
        let info = all.info(&response);
        assert!(info.time.unix().unsigned_abs() >= began && info.time.unix().unsigned_abs() <= began + 60);
        assert_eq!((info.accuracy, info.ordering, info.policy.to_string().as_str()), (Some(1), false, "1.3.6.1.4.1.32473.3161.1"));
        assert!(info.nonce.as_ref().is_some_and(|nonce| query.windows(nonce.len()).any(|bytes| bytes == nonce)));
        serials.push(info.serial);
        let text = all.read(&response);
        assert!(text.contains("Status: Granted.") && text.contains("Accuracy: 0x01 seconds"), "{text}");
        let content = token(&response).content().unwrap().to_vec();
        // YYYYMMDDHHMMSS.fff: one stamp in a thousand falls on a whole second.
        fine += usize::from(content.windows(2).any(|pair| pair[0] == b'.' && pair[1].is_ascii_digit()));
    }
    assert!(fine >= 6, "{fine} of 8 have fractions");
    assert!(serials.iter().all(|serial| serial.len() >= 14));
    serials.sort();
    serials.dedup();
    assert_eq!(serials.len(), 8);
}

#[test]
fn what_is_not_stamped_is_told_why() {
    let all = open();
    let plain = all.query(&["-sha256", "-no_nonce"]);
    // 30 len, version, imprint: an element more at the end.
    let with = |tail: &[u8]| {
        let mut query = plain.clone();
        query.extend_from_slice(tail);
        query[1] += u8::try_from(tail.len()).unwrap();
        query
    };
    let extension = |critical: &[u8]| {
        let inside = [&[0x06, 0x03, 0x2a, 0x03, 0x04][..], critical, &[0x04, 0x02, 0x05, 0x00]].concat();
        let len = u8::try_from(inside.len()).unwrap();
        with(&[&[0xa0, len + 2, 0x30, len][..], &inside].concat())
    };
    let mut version = plain.clone();
    version[4] = 2;
    let mut short = plain.clone();
    let at = short.len() - 34;
    short[at + 1] -= 1;
    short.pop();
    short[1] -= 1;
    let imprint = 6;
    short[imprint] -= 1;
    for (query, failure) in [
        (all.query(&["-sha1"]), "unrecognized or unsupported algorithm identifier"),
        (all.query(&["-sha224"]), "unrecognized or unsupported algorithm identifier"),
        (all.query(&["-sha3-256"]), "unrecognized or unsupported algorithm identifier"),
        (all.query(&["-sha256", "-tspolicy", "1.2.3.4"]), "the requested TSA policy is not supported by the TSA"),
        (extension(&[0x01, 0x01, 0xff]), "the requested extension is not supported by the TSA"),
        (extension(&[]), "the requested extension is not supported by the TSA"),
        (version, "transaction not permitted or supported"),
        (short, "the data submitted has the wrong format"),
        (plain[..plain.len() - 1].to_vec(), "the data submitted has the wrong format"),
        (with(&[0x05, 0x00]), "the data submitted has the wrong format"),
        (Vec::new(), "the data submitted has the wrong format"),
    ] {
        let text = all.read(&all.stamp(&query));
        assert!(text.contains("Status: Rejected.") && text.contains(failure) && text.contains("Not included"), "{failure}: {text}");
    }
    assert!(all.read(&all.stamp(&plain)).contains("Status: Granted."), "the control");
}

#[test]
fn a_clock_that_steps_back_stamps_nothing() {
    let mut all = open();
    let query = all.query(&["-sha256", "-cert"]);
    let status = |all: &Desk3161| {
        let text = all.read(&all.stamp(&query));
        let refused = text.contains("Status: Rejected.") && text.contains("the TSA's time source is not available");
        assert!(refused != text.contains("Status: Granted."), "{text}");
        !refused
    };
    assert!(status(&all));
    all.desk.pass(-30);
    assert!(!status(&all));
    all.desk.restart();
    assert!(!status(&all), "it is remembered over a restart");
    all.desk.pass(31);
    assert!(status(&all));
    // Past the certificate's end no time is stamped either.
    all.desk.pass(6 * 365 * 86_400);
    assert!(!status(&all));
    all.desk.restart();
    assert!(status(&all), "a start renews the certificate");
    let found = token(&all.stamp(&query));
    let renewed = found.certificates().iter().find(|one| one.suits_time_stamping()).unwrap().clone();
    let stored = std::fs::read(all.desk.folder.path().join("tsa.pem")).unwrap();
    assert_eq!(thrivosign::pki::certificates_from_pem(&stored).unwrap(), [renewed]);
}
