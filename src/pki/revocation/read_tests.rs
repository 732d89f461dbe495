//! The pki room, tests only: lists and responses that are not what they should be are refused where they are wrong, whole or streamed alike.

use super::testing::*;
use super::{Crl, OcspRequest, OcspResponse};
use crate::crypto::digest::DigestAlgorithm;
use crate::error::{Error, Result};
use crate::pki::algorithm::SignatureAlgorithm;
use crate::pki::certificate::Certificate;
use crate::pki::der;
use crate::pki::oid;
use crate::pki::signatures::Signatures;
use crate::pki::testing::{Draft, Key};

fn key(n: u8) -> Key {
    Key::new(n)
}

fn ca() -> Certificate {
    Draft::ca("CA", &key(2), "Root", None).issue(&key(1))
}

fn leaf() -> Certificate {
    Draft::leaf("Anna", &key(3), "CA").issue(&key(2))
}

/// A list by pieces of that many bytes.
pub(super) fn streamed(bytes: &[u8], piece: usize, certificates: &[Certificate]) -> Result<Crl> {
    let mut rest = bytes;
    let mut source = |buffer: &mut [u8]| {
        let n = piece.min(rest.len()).min(buffer.len());
        let (now, later) = rest.split_at(n);
        buffer[..n].copy_from_slice(now);
        rest = later;
        Ok(n)
    };
    Crl::from_stream(&mut source, certificates)
}

fn what(error: &Error) -> String {
    error.context_text().unwrap_or_default().to_owned()
}

fn list() -> ListDraft {
    ListDraft::new("CA")
}

#[test]
fn lists_that_are_none() {
    let sha384 = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha384);
    let scope = |parts: &[Vec<u8>]| list().scope(parts);
    let flag = |tag: u8| vec![tag, 1, 0xff];
    let raw = |change: fn(&mut Vec<u8>)| {
        let mut bytes = list().entry(EntryDraft::new(4)).der(&key(2));
        change(&mut bytes);
        bytes
    };
    let entry = |entry: EntryDraft| list().entry(entry).der(&key(2));
    let twice = EntryDraft::new(1).reason(1).reason(1);
    let point = |value: &[u8]| scope(&[der::write(0xa0, &[value])]).der(&key(2));
    let many: Vec<u8> = (0..40).flat_map(|_| der::write(0x86, &[b"http://a/"])).collect();
    let cases: Vec<(&str, &str, Vec<u8>)> = vec![
        ("algorithms differ", "signature algorithms differ", ListDraft { outer: sha384, ..list() }.der(&key(2))),
        ("version 3", "version", ListDraft { version: vec![2, 1, 2], ..list() }.der(&key(2))),
        (
            "version 1 with extensions",
            "extensions in a list that is not version 2",
            ListDraft { version: Vec::new(), ..list().number(1) }.der(&key(2)),
        ),
        ("extension twice", "extension repeated", list().number(1).number(1).der(&key(2))),
        ("negative number", "negative integer", list().with(oid::CRL_NUMBER, false, vec![2, 1, 0x80]).der(&key(2))),
        ("number of no integer", "number of the list", list().with(oid::CRL_NUMBER, false, vec![4, 1, 1]).der(&key(2))),
        ("number and more", "bytes after the structure", list().with(oid::CRL_NUMBER, false, vec![2, 1, 1, 5, 0]).der(&key(2))),
        ("users and CAs", "scope of the list", scope(&[flag(0x81), flag(0x82)]).der(&key(2))),
        ("scope in disorder", "scope of the list", scope(&[flag(0x84), flag(0x81)]).der(&key(2))),
        ("flag that is neither", "boolean", scope(&[vec![0x81, 1, 1]]).der(&key(2))),
        ("reasons without count", "reasons", scope(&[vec![0x83, 0]]).der(&key(2))),
        ("reasons too long", "reasons", scope(&[vec![0x83, 4, 0, 1, 1, 1]]).der(&key(2))),
        ("point of another kind", "name of a distribution point", point(&[0xa2, 0])),
        ("point without name", "no name", point(&[0xa0, 0])),
        ("point with too many names", "more names than anybody gives", point(&der::write(0xa0, &[&many]))),
        ("time without seconds", "time", list().times("202605300000Z", None).der(&key(2))),
        ("time with fraction", "time", list().times("20260530000000.5Z", None).der(&key(2))),
        ("time of another zone", "time", list().times("20260530000000+0100", None).der(&key(2))),
        ("no such day", "time", list().times("20260230000000Z", None).der(&key(2))),
        ("serial number not minimal", "integer", entry(EntryDraft { serial: vec![0, 1], ..EntryDraft::new(1) })),
        ("serial number empty", "integer", entry(EntryDraft { serial: Vec::new(), ..EntryDraft::new(1) })),
        ("entry extension twice", "entry extension repeated", entry(twice)),
        ("reason of no number", "reason", entry(EntryDraft::new(1).with(oid::CRL_REASON, false, vec![2, 1, 1]))),
        ("reason too long", "reason", entry(EntryDraft::new(1).with(oid::CRL_REASON, false, vec![10, 2, 1, 1]))),
        ("invalid since nobody knows", "invalidity date", entry(EntryDraft::new(1).with(oid::INVALIDITY_DATE, false, vec![5, 0]))),
        ("entry of nobody", "no name", entry(EntryDraft::new(1).with(oid::CERTIFICATE_ISSUER, true, vec![0x30, 0]))),
        ("cut short", "cut short", raw(|b| b.truncate(b.len() - 1))),
        ("bytes behind", "bytes after the structure", raw(|b| b.push(0))),
        ("no list", "list", vec![4, 0]),
        ("empty", "list", Vec::new()),
    ];
    assert_eq!(cases.len(), 30);
    for (case, expected, bytes) in cases {
        let error = Crl::from_der(&bytes).expect_err(case);
        assert_eq!(what(&error), expected, "{case}");
        for piece in [1, 7, 100_000] {
            assert!(streamed(&bytes, piece, &[leaf()]).is_err(), "{case}, by {piece}");
        }
    }
}

#[test]
fn every_prefix_and_every_flipped_byte_ends() {
    let scope = [full("http://a/"), vec![0x84, 1, 0xff]];
    let bytes = list().number(3).scope(&scope).entry(EntryDraft::new(1).reason(1).of("CA")).entry(EntryDraft::new(2)).der(&key(2));
    let response = AnswerDraft::new(&leaf(), &ca()).by(leaf()).der(&key(2));
    for n in 0..bytes.len() {
        assert!(Crl::from_der(&bytes[..n]).is_err());
        assert!(streamed(&bytes[..n], 50, &[leaf()]).is_err());
        let mut flipped = bytes.clone();
        flipped[n] ^= 0x55;
        let (whole, parts) = (Crl::from_der(&flipped), streamed(&flipped, 50, &[leaf()]));
        // What holds whole holds streamed, and is not what was signed.
        if let Ok(list) = whole {
            assert!(parts.is_ok(), "{n}");
            assert!(!list.is_signed_by(&key(2).public(), &mut Signatures::new(1, None)).unwrap(), "{n}");
        }
    }
    for n in 0..response.len() {
        assert!(OcspResponse::from_der(&response[..n]).is_err());
        let mut flipped = response.clone();
        flipped[n] ^= 0x55;
        let _ = OcspResponse::from_der(&flipped);
    }
}

#[test]
fn responses_that_are_none() {
    let answer = || AnswerDraft::new(&leaf(), &ca());
    let nonce = (oid::OCSP_NONCE, false, vec![4, 1, 1]);
    let outer = |status: &[u8], bytes: &[u8]| der::write(der::SEQUENCE, &[status, bytes]);
    let bytes_of = |kind: &[u8], content: &[u8]| der::write(0xa0, &[&members(&[kind.to_vec(), der::write(der::OCTET_STRING, &[content])])]);
    let basic = || answer().basic(&key(2));
    let kind = || der::write_oid(&oid::OCSP_BASIC);
    let success = [der::ENUMERATED, 1, 0];
    let cases: Vec<(&str, &str, Vec<u8>)> = vec![
        ("success without bytes", "response bytes", outer(&success, &[])),
        ("no success with bytes", "response bytes", outer(&[der::ENUMERATED, 1, 3], &bytes_of(&kind(), &basic()))),
        ("status 4", "response status", outer(&[der::ENUMERATED, 1, 4], &[])),
        ("status of no number", "response status", outer(&[2, 1, 0], &[])),
        ("another type", "response type", outer(&success, &bytes_of(&der::write_oid(&oid::OCSP_NONCE), &basic()))),
        ("bytes behind", "bytes after the structure", [answer().der(&key(2)), vec![0]].concat()),
        (
            "bytes behind the basic response",
            "bytes after the structure",
            outer(&success, &bytes_of(&kind(), &[basic(), vec![5, 0]].concat())),
        ),
        ("responder by nothing", "responder", AnswerDraft { responder: vec![0xa3, 2, 5, 0], ..answer() }.der(&key(2))),
        ("status of another kind", "status", AnswerDraft { says: vec![0x83, 0], ..answer() }.der(&key(2))),
        ("good with content", "status", AnswerDraft { says: vec![0x80, 1, 0], ..answer() }.der(&key(2))),
        ("revoked at no time", "revocation time", AnswerDraft { says: vec![0xa1, 0], ..answer() }.der(&key(2))),
        ("reason too long", "reason", AnswerDraft { says: revoked_by(&[0xa0, 4, 10, 2, 1, 1]), ..answer() }.der(&key(2))),
        ("time with an empty fraction", "time", AnswerDraft { this_update: "20260531000000.Z", ..answer() }.der(&key(2))),
        ("extension twice", "extension repeated", AnswerDraft { extensions: vec![nonce.clone(), nonce], ..answer() }.der(&key(2))),
        ("serial number not minimal", "integer", AnswerDraft { serial: vec![0, 1], ..answer() }.der(&key(2))),
    ];
    for (case, expected, bytes) in cases {
        assert_eq!(what(&OcspResponse::from_der(&bytes).expect_err(case)), expected, "{case}");
    }
}

fn revoked_by(reason: &[u8]) -> Vec<u8> {
    der::write(0xa1, &[&time("20260301000000Z"), reason])
}

#[test]
fn requests_as_the_standard_has_them() {
    let (leaf, ca) = (leaf(), ca());
    let plain = OcspRequest::new(&[(&leaf, &ca)], None).unwrap();
    let address = plain.get_url("http://ocsp.example/").unwrap();
    let text = address.strip_prefix("http://ocsp.example/").unwrap().replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    assert_eq!(<base64ct::Base64 as base64ct::Encoding>::decode_vec(&text).unwrap(), plain.der());
    assert!(text.len() > 60 && !address[20..].contains(['+', '=']) && !address[20..].contains('/'));
    assert_eq!(plain.get_url("http://ocsp.example"), Some(address));
    assert_eq!(plain.get_url(&format!("http://{}.example", "x".repeat(200))), None);
    assert!(OcspRequest::new(&[], None).is_err());
    for wrong in [&[][..], &[0; 129]] {
        assert!(OcspRequest::new(&[(&leaf, &ca)], Some(wrong)).is_err());
    }
}
