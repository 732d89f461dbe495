//! The evidence room, tests only: everything that may go wrong where evidence is asked for, as one table. Each fault has a name of its own in what is told;
//! whatever it is, the next address is asked, and what others said is kept. Those of time-stamping authorities are in `server/tests/extend.rs`.

use super::tests::{gathered, served};
use super::*;
use crate::evidence::need::tests::pki;
use crate::pki::revocation::testing::{AnswerDraft, EntryDraft, ListDraft};
use crate::pki::testing::Key;

type Answer = std::result::Result<Vec<u8>, ErrorKind>;

/// An OCSPResponse that is a refusal.
fn refusal(status: u8) -> Vec<u8> {
    vec![0x30, 3, 10, 1, status]
}

fn faults() -> Vec<(&'static str, &'static str, Answer, &'static str)> {
    let pki = pki();
    let answer = || AnswerDraft::new(&pki.leaf, &pki.ca);
    let list = || ListDraft::new("CA");
    let old = ("20250101000000Z", "20250201000000Z");
    let (ocsp, crl) = ("http://ca/ocsp", "http://ca/crl");
    let (own, stranger) = (Key::new(2), Key::new(9));
    vec![
        ("OCSP: down", ocsp, Err(ErrorKind::ConnectFailed), "connect_failed"),
        ("OCSP: slow", ocsp, Err(ErrorKind::TimedOut), "timed_out"),
        ("OCSP: 404", ocsp, Err(ErrorKind::BadAnswer), "bad_answer"),
        ("OCSP: huge", ocsp, Err(ErrorKind::AnswerTooLarge), "answer_too_large"),
        ("OCSP: no response", ocsp, Ok(b"<html>".to_vec()), "malformed"),
        ("OCSP: nothing", ocsp, Ok(Vec::new()), "malformed"),
        ("OCSP: unknown", ocsp, Ok(AnswerDraft { says: vec![0x82, 0], ..answer() }.der(&own)), "status_unknown"),
        ("OCSP: tryLater", ocsp, Ok(refusal(3)), "try_later"),
        ("OCSP: unauthorised", ocsp, Ok(refusal(6)), "unauthorized"),
        ("OCSP: malformedRequest", ocsp, Ok(refusal(1)), "malformed_request"),
        ("OCSP: internalError", ocsp, Ok(refusal(2)), "internal_error"),
        ("OCSP: sigRequired", ocsp, Ok(refusal(5)), "sig_required"),
        ("OCSP: stale", ocsp, Ok(AnswerDraft { this_update: old.0, next_update: Some(old.1), ..answer() }.der(&own)), "stale"),
        (
            "OCSP: of tomorrow",
            ocsp,
            Ok(AnswerDraft { this_update: "20270101000000Z", next_update: Some("20270102000000Z"), ..answer() }.der(&own)),
            "proves_nothing",
        ),
        ("OCSP: signed by a stranger", ocsp, Ok(answer().der(&stranger)), "proves_nothing"),
        ("OCSP: about another certificate", ocsp, Ok(AnswerDraft { serial: vec![99], ..answer() }.der(&own)), "malformed"),
        ("CRL: down", crl, Err(ErrorKind::ConnectFailed), "connect_failed"),
        ("CRL: slow", crl, Err(ErrorKind::TimedOut), "timed_out"),
        ("CRL: 404", crl, Err(ErrorKind::BadAnswer), "bad_answer"),
        ("CRL: huge", crl, Err(ErrorKind::AnswerTooLarge), "answer_too_large"),
        ("CRL: no list", crl, Ok(b"<html>".to_vec()), "malformed"),
        ("CRL: expired", crl, Ok(list().times(old.0, Some(old.1)).der(&own)), "stale"),
        ("CRL: signed by a stranger", crl, Ok(list().der(&stranger)), "proves_nothing"),
        ("CRL: of another issuer", crl, Ok(ListDraft::new("Other").entry(EntryDraft::new(1)).der(&own)), "proves_nothing"),
    ]
}

#[test]
fn every_fault_has_a_name_and_loses_nothing() {
    let faults = faults();
    assert_eq!(faults.len(), 24);
    for (what, at, fault, code) in &faults {
        // The other source does not answer, so that the fault is told; then it does, and nothing is missing.
        for other in [Err(ErrorKind::ConnectFailed), Ok(())] {
            let (found, asked) = gathered(8, &|fetch| match fetch.url.as_str() {
                url if url == *at => fault.clone(),
                url @ ("http://ca/ocsp" | "http://ca/crl") => other.map(|()| served(url)),
                url => Ok(served(url)),
            });
            // What was said of the CA is kept whatever became of the leaf.
            assert_eq!(
                found.bundle.revocation.ocsp.len() + found.bundle.revocation.crls.len(),
                if other.is_ok() { 2 } else { 1 },
                "{what}"
            );
            if other.is_ok() {
                assert!(found.missing.is_empty(), "{what}: {:?}", found.missing);
                continue;
            }
            let [missing] = found.missing.as_slice() else { panic!("{what}: {:?}", found.missing) };
            let told = missing.asked.iter().find(|(url, _)| url == at).map(|(_, reason)| reason.code());
            assert_eq!((missing.lack, told), (Lack::Status, Some(*code)), "{what}");
            assert!(asked.iter().any(|url| url == at), "{what}");
        }
    }
}
