//! The pki room, tests only: `openssl` reads what the makers make, and judges it as we do; and we read what it makes.

use super::testing::*;
use super::{Crl, OcspRequest, OcspResponse, crls_from_pem};
use crate::pki::certificate::Certificate;
use crate::pki::testing::{Draft, Key, openssl, put};

fn key(n: u8) -> Key {
    Key::new(n)
}

fn pem(label: &str, bytes: &[u8]) -> Vec<u8> {
    let text = <base64ct::Base64 as base64ct::Encoding>::encode_string(bytes);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n")).into_bytes()
}

fn people() -> (Certificate, Certificate, Certificate) {
    let root = Draft::ca("Root", &key(1), "Root", None).issue(&key(1));
    let ca = Draft::ca("CA", &key(2), "Root", None).serial(7).issue(&key(1));
    (root, ca, Draft::leaf("Anna", &key(3), "CA").issue(&key(2)))
}

#[test]
fn openssl_reads_the_lists() {
    let folder = tempfile::tempdir().unwrap();
    let (_, ca, _) = people();
    put(folder.path(), "ca.pem", &pem("CERTIFICATE", ca.der()));
    let list = ListDraft::new("CA").number(3).entry(EntryDraft::new(5).reason(1)).scope(&[full("http://a/"), vec![0x84, 1, 0xff]]);
    let bytes = list.der(&key(2));
    put(folder.path(), "list.der", &bytes);
    let ask = ["crl", "-inform", "DER", "-in", "list.der", "-noout", "-text", "-CAfile", "ca.pem"];
    let (ok, text) = openssl(folder.path(), &ask);
    assert!(ok && text.contains("verify OK"), "{text}");
    for part in ["Serial Number: 05", "Key Compromise", "URI:http://a/", "Indirect CRL"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    put(folder.path(), "other.der", &list.der(&key(4)));
    let (_, text) = openssl(folder.path(), &["crl", "-inform", "DER", "-in", "other.der", "-noout", "-CAfile", "ca.pem"]);
    assert!(text.contains("verify failure"), "{text}");
    assert_eq!(crls_from_pem(&pem("X509 CRL", &bytes)).unwrap(), [Crl::from_der(&bytes).unwrap()]);
    assert!(crls_from_pem(b"nothing").is_err());
}

#[test]
fn openssl_judges_the_answers() {
    let folder = tempfile::tempdir().unwrap();
    let (root, ca, leaf) = people();
    for (name, certificate) in [("root.pem", &root), ("ca.pem", &ca), ("leaf.pem", &leaf)] {
        put(folder.path(), name, &pem("CERTIFICATE", certificate.der()));
    }
    let answer = || AnswerDraft::new(&leaf, &ca);
    let cases = [
        ("leaf.pem: good", answer(), 2, true),
        ("leaf.pem: revoked", AnswerDraft { says: revoked("20260301000000Z", Some(1)), ..answer() }, 2, true),
        ("leaf.pem: unknown", AnswerDraft { says: vec![0x82, 0], ..answer() }, 2, true),
        ("Response Verify Failure", answer(), 5, false),
    ];
    for (expected, draft, signer, good) in cases {
        put(folder.path(), "answer.der", &draft.der(&key(signer)));
        let ask =
            ["ocsp", "-respin", "answer.der", "-issuer", "ca.pem", "-cert", "leaf.pem", "-CAfile", "root.pem", "-verify_other", "ca.pem"];
        let (ok, text) = openssl(folder.path(), &[&ask[..], &["-attime", "1780272000", "-validity_period", "999999999"]].concat());
        assert!(text.contains(expected), "{expected}: {ok} {text}");
        assert_eq!(text.contains("Response verify OK"), good, "{text}");
    }
}

#[test]
fn openssl_reads_the_requests() {
    let folder = tempfile::tempdir().unwrap();
    let (_, ca, leaf) = people();
    put(folder.path(), "ca.pem", &pem("CERTIFICATE", ca.der()));
    put(folder.path(), "leaf.pem", &pem("CERTIFICATE", leaf.der()));
    let request = OcspRequest::new(&[(&leaf, &ca)], Some(&[0xab; 16])).unwrap();
    put(folder.path(), "request.der", request.der());
    let (ok, text) = openssl(folder.path(), &["ocsp", "-reqin", "request.der", "-req_text"]);
    assert!(ok && text.contains("Serial Number: 01") && text.contains("ABABABAB"), "{text}");
    // Without a nonce the same bytes as theirs.
    let make = ["ocsp", "-issuer", "ca.pem", "-cert", "leaf.pem", "-no_nonce", "-reqout", "theirs.der"];
    let (ok, text) = openssl(folder.path(), &make);
    assert!(ok, "{text}");
    #[expect(clippy::disallowed_methods, reason = "an outside judge writes files")]
    let theirs = std::fs::read(folder.path().join("theirs.der")).unwrap();
    assert_eq!(OcspRequest::new(&[(&leaf, &ca)], None).unwrap().der(), theirs);
    assert!(OcspResponse::from_der(&theirs).is_err() && Crl::from_der(&theirs).is_err());
}
