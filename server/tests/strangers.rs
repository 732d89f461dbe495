//! The plain listener and those who knock wrongly: garbage, too much, too little, the wrong method. There is always an answer, the server
//! always lives on, and nothing of the service is there.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use base64ct::{Base64, Encoding};
use client::Desk;
use client::trust::{Bench, base, call, get, openssl, raw};
use thrivosign::pki::Certificate;
use thrivosign::pki::revocation::{OcspRequest, OcspResponse, OcspStatus};

const OCSP: &str = "application/ocsp-request";
const QUERY: &str = "application/timestamp-query";

fn ocsp_status(body: &[u8]) -> OcspStatus {
    OcspResponse::from_der(body).unwrap().status()
}

/// A request about a certificate of the issuing CA.
fn request(desk: &Desk, nonce: Option<&[u8]>) -> Vec<u8> {
    let [issuing, tsa] = [get(desk, "/ca/issuing.cer").body, std::fs::read(desk.folder.path().join("tsa.pem")).unwrap()];
    let tsa = thrivosign::pki::certificates_from_pem(&tsa).unwrap();
    OcspRequest::new(&[(&tsa[0], &Certificate::from_der(&issuing).unwrap())], nonce).unwrap().der().to_vec()
}

fn query(bench: &Bench) -> Vec<u8> {
    let (data, out) = (bench.put("data", b"x"), bench.name("query.tsq"));
    assert!(openssl(&["ts", "-query", "-data", &data, "-sha256", "-cert", "-out", &out]).0);
    bench.read("query.tsq")
}

#[test]
fn nothing_but_the_trust_services_is_there() {
    let desk = Desk::open();
    for (method, path, status) in [
        ("GET", "/", 404),
        ("GET", "/rssp/info", 404),
        ("POST", "/rssp/auth/login", 404),
        ("GET", "/desk/outbox", 404),
        ("GET", "/ca", 404),
        ("GET", "/ca/../ca-root.key.pem", 404),
        ("GET", "/crl/%2e%2e/store.db", 404),
        ("GET", "/ocsp", 405),
        ("GET", "/tsa", 405),
        ("PUT", "/ocsp", 405),
        ("DELETE", "/crl/root.crl", 405),
        ("POST", "/ca/root.cer", 405),
        ("POST", "/ocsp/AAAA", 405),
    ] {
        let answer = call(&desk, method, path, OCSP, b"");
        assert_eq!((answer.status, answer.body.len()), (status, 0), "{method} {path}");
        assert_eq!(answer.header("allow").is_some(), status == 405, "{method} {path}");
    }
    for path in ["/ocsp", "/tsa", "/crl/root.crl", "/ca/root.cer"] {
        assert_ne!(desk.keyed("GET", path, b"").status, 200, "and they are nowhere else");
    }
}

#[test]
fn ca_certificates_are_given_out_as_der() {
    let desk = Desk::open();
    let root = thrivosign::pki::certificates_from_pem(desk.running.as_ref().unwrap().root_pem().as_bytes()).unwrap();
    let answer = get(&desk, "/ca/root.cer");
    assert_eq!((answer.body.as_slice(), answer.header("content-type")), (root[0].der(), Some("application/pkix-cert")));
    let issuing = Certificate::from_der(&get(&desk, "/ca/issuing.cer").body).unwrap();
    assert!(issuing.names_issuer(&root[0]));
    assert_eq!(issuing.ca_issuer_urls(), [format!("{}/ca/root.cer", base(&desk))]);
    assert_eq!(issuing.crl_urls(), [format!("{}/crl/root.crl", base(&desk))]);
}

#[test]
fn ocsp_answers_whatever_comes() {
    let desk = Desk::open();
    let good = request(&desk, None);
    let ask = |bytes: &[u8]| {
        let answer = call(&desk, "POST", "/ocsp", OCSP, bytes);
        assert_eq!(answer.status, 200);
        ocsp_status(&answer.body)
    };
    assert_eq!(ask(&good), OcspStatus::Successful);
    for end in 0..good.len() {
        assert_eq!(ask(&good[..end]), OcspStatus::MalformedRequest, "cut off at {end}");
    }
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 0xff;
        // Another serial number is not known; another name or key is another CA.
        let status = ask(&bytes);
        assert!(matches!(status, OcspStatus::MalformedRequest | OcspStatus::Unauthorized | OcspStatus::Successful), "{at}: {status:?}");
    }
    assert_eq!(ask(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]), OcspStatus::MalformedRequest);
    assert_eq!(ask(&[0x30; 16_000]), OcspStatus::MalformedRequest);
    // RFC 9654: a nonce has 1 to 128 bytes.
    let with_nonce = |len: usize| {
        let request = request(&desk, Some(&vec![1; len]));
        call(&desk, "POST", "/ocsp", OCSP, &request).body
    };
    for len in [1, 32, 128] {
        let response = OcspResponse::from_der(&with_nonce(len)).unwrap();
        assert!(response.nonce().is_some_and(|nonce| nonce.ends_with(&vec![1; len])), "{len}");
    }
    let mut bytes = request(&desk, Some(&[1]));
    bytes.truncate(bytes.len() - 1);
    let nonce = bytes.len() - 1;
    bytes[nonce] = 0;
    // The lengths of everything around it, each shorter by one.
    let around: Vec<usize> = (0..bytes.len() - 1)
        .filter(|at| matches!(bytes[*at], 0x30 | 0xa2 | 0x04) && usize::from(bytes[at + 1]) == bytes.len() + 1 - (at + 2))
        .collect();
    for at in around {
        bytes[at + 1] -= 1;
    }
    assert_eq!(ask(&bytes), OcspStatus::MalformedRequest, "an empty nonce");

    for text in ["AAAA", "%%%", "%FF%FE", "====", &"A".repeat(8000), &"/".repeat(100), &"%2F".repeat(100)] {
        let answer = get(&desk, &format!("/ocsp/{text}"));
        assert_eq!(ocsp_status(&answer.body), OcspStatus::MalformedRequest, "{text}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    let answer = get(&desk, &format!("/ocsp/{}", client::encode(&Base64::encode_string(&good))));
    assert_eq!(ocsp_status(&answer.body), OcspStatus::Successful);
}

#[test]
fn another_cas_certificates_are_not_answered() {
    let desk = Desk::open();
    let [root, issuing] = ["root", "issuing"].map(|name| Certificate::from_der(&get(&desk, &format!("/ca/{name}.cer")).body).unwrap());
    let tsa = thrivosign::pki::certificates_from_pem(&std::fs::read(desk.folder.path().join("tsa.pem")).unwrap()).unwrap();
    let ask = |list: &[(&Certificate, &Certificate)]| {
        let request = OcspRequest::new(list, None).unwrap();
        OcspResponse::from_der(&call(&desk, "POST", "/ocsp", OCSP, request.der()).body).unwrap()
    };
    assert_eq!(ask(&[(&issuing, &root)]).status(), OcspStatus::Unauthorized, "the root speaks by its list");
    let both = ask(&[(&issuing, &root), (&tsa[0], &issuing)]);
    assert_eq!(both.status(), OcspStatus::Successful);
    assert!(both.is_about(&tsa[0], &issuing) && both.is_about(&issuing, &root), "each is answered, the foreign one as unknown");
    let many: Vec<_> = std::iter::repeat_n((&tsa[0], &issuing), 65).collect();
    assert_eq!(ask(&many).status(), OcspStatus::MalformedRequest);
    assert_eq!(ask(&many[1..]).status(), OcspStatus::Successful);
}

#[test]
fn the_stamping_authority_answers_whatever_comes() {
    let (desk, bench) = (Desk::open(), Bench::new());
    let good = query(&bench);
    let granted = |bytes: &[u8]| {
        let answer = call(&desk, "POST", "/tsa", QUERY, bytes);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/timestamp-reply")));
        // PKIStatus: SEQUENCE, SEQUENCE, INTEGER.
        let at = answer.body.windows(2).position(|pair| pair == [2, 1]).unwrap();
        answer.body[at + 2] == 0
    };
    assert!(granted(&good));
    for end in 0..good.len() {
        assert!(!granted(&good[..end]), "cut off at {end}");
    }
    for at in 0..6 {
        let mut bytes = good.clone();
        bytes[at] ^= 0xff;
        assert!(!granted(&bytes), "{at}");
    }
    assert!(!granted(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]) && !granted(&[0x30; 16_000]) && granted(&good));
}

#[test]
fn too_much_and_the_wrong_kind_are_refused() {
    let desk = Desk::open();
    for (path, media) in [("/ocsp", OCSP), ("/tsa", QUERY)] {
        assert_eq!(call(&desk, "POST", path, media, &vec![0x30; 17 << 10]).status, 413, "{path}");
        let claimed = format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {media}\r\nContent-Length: 99999999999\r\n\r\n");
        assert_eq!(raw(&desk, claimed.as_bytes()).unwrap().status, 413, "{path}");
        for wrong in ["text/plain", "application/json", ""] {
            assert_eq!(call(&desk, "POST", path, wrong, b"0").status, 415, "{path} {wrong}");
        }
        let with_parameter = format!("{media}; charset=binary");
        assert_eq!(call(&desk, "POST", path, &with_parameter, b"0").status, 200);
    }
    let long = format!("GET /ocsp/{} HTTP/1.1\r\nHost: x\r\n\r\n", "A".repeat(70_000));
    assert!(raw(&desk, long.as_bytes()).is_none_or(|answer| answer.status >= 400));
    for garbage in [&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..], b"\0\0\0\0\r\n\r\n", b"GET\r\n\r\n", b""] {
        assert!(raw_end(&desk, garbage), "{garbage:?}");
    }
    assert_eq!(get(&desk, "/crl/issuing.crl").status, 200, "the server lives on");
}

/// Sends garbage and no more; whether the connection ended, with an answer or without.
fn raw_end(desk: &Desk, bytes: &[u8]) -> bool {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(base(desk).strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
    let _ = stream.write_all(bytes);
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Ok(_) => answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"),
        Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
    }
}
