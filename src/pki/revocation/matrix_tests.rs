//! The pki room, tests only: the matrix of checks and revocation data. Each row is wrong in one thing, and what it says does not count for that;
//! with that check off it does, so the check alone is what refuses it.

use super::matrix_rows::{Row, answer_rows, list_rows, responder};
use super::testing::*;
use super::{OcspMismatch, OcspRequest, RevocationData};
use crate::pki::certificate::Certificate;
use crate::pki::der;
use crate::pki::oid;
use crate::pki::path::switches;
use crate::pki::testing::{Draft, Key, put};
use crate::switch::{Check, without};
use std::collections::HashSet;

/// The usual keys: 1 the root's, 2 the CA's, 3 the leaf's, 4 another issuer of lists or a responder.
pub(super) fn key(n: u8) -> Key {
    Key::new(n)
}

pub(super) struct World {
    pub(super) leaf: Draft,
    pub(super) ca: Draft,
    pub(super) pool: Vec<Certificate>,
    pub(super) data: RevocationData,
}

impl World {
    pub(super) fn new() -> World {
        let ca = Draft::ca("CA", &key(2), "Root", None).serial(7);
        World { leaf: Draft::leaf("Anna", &key(3), "CA"), ca, pool: Vec::new(), data: RevocationData::default() }
    }

    pub(super) fn certificate(&self) -> Certificate {
        self.leaf.issue(&key(2))
    }

    pub(super) fn authority(&self) -> Certificate {
        self.ca.issue(&key(1))
    }

    pub(super) fn lists(mut self, lists: &[(&ListDraft, u8)]) -> World {
        self.data.crls = lists.iter().map(|(list, signer)| list.issue(&key(*signer))).collect();
        self
    }

    pub(super) fn answer(mut self, signer: u8, change: impl FnOnce(&mut AnswerDraft)) -> World {
        let mut draft = AnswerDraft::new(&self.certificate(), &self.authority());
        change(&mut draft);
        self.data.ocsp = vec![draft.issue(&key(signer))];
        self
    }

    pub(super) fn points(mut self, parts: &[Vec<u8>]) -> World {
        self.leaf = self.leaf.with(oid::CRL_DISTRIBUTION_POINTS, false, members(&[members(parts)]));
        self
    }

    pub(super) fn pool(mut self, certificate: Certificate) -> World {
        self.pool.push(certificate);
        self
    }

    pub(super) fn says(&self) -> &'static str {
        let root = Draft::ca("Root", &key(1), "Root", None).issue(&key(1));
        said(&self.certificate(), &[self.authority(), root], &self.pool, &self.data)
    }
}

fn rows() -> Vec<Row> {
    list_rows().into_iter().chain(answer_rows()).collect()
}

/// How many lists the matrix has, and how many responses.
pub(crate) fn turned() -> (usize, usize) {
    (list_rows().len(), answer_rows().len())
}

#[test]
fn with_a_check_off_what_is_wrong_counts() {
    assert_eq!(World::new().lists(&[(&ListDraft::new("CA"), 2)]).says(), "good");
    assert_eq!(World::new().answer(2, |_| {}).says(), "good");
    let (mut seen, mut wrong) = (HashSet::new(), Vec::new());
    let rows = rows();
    for (what, check, with, off, world) in &rows {
        // Lists are read when they are made: what reading refuses is read again without the check.
        let again = || {
            let data = RevocationData {
                crls: world.data.crls.iter().map(|list| super::Crl::from_der(list.der()).unwrap()).collect(),
                ocsp: world.data.ocsp.clone(),
            };
            World { leaf: world.leaf.clone(), ca: world.ca.clone(), pool: world.pool.clone(), data }.says()
        };
        let found = (again(), without(&[*check], again));
        if found != (*with, *off) {
            wrong.push(format!("{what}, {check:?}: {found:?} instead of {:?}", (with, off)));
        }
        seen.insert(*check);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let requests = [Check::AnswerNonce, Check::AnswerSuccessful, Check::AnswerComplete];
    let missing: Vec<_> = Check::REVOCATION.iter().filter(|check| !seen.contains(check) && !requests.contains(check)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(rows.len(), 56);
}

#[test]
fn what_is_no_answer_to_a_request() {
    let world = World::new();
    let (certificate, issuer) = (world.certificate(), world.authority());
    let nonce = |value: &[u8]| vec![(oid::OCSP_NONCE, false, der::write(der::OCTET_STRING, &[value]))];
    let answer = || AnswerDraft::new(&certificate, &issuer);
    let request = OcspRequest::new(&[(&certificate, &issuer)], Some(&[1; 16])).unwrap();
    let cases = [
        ("another nonce", Check::AnswerNonce, OcspMismatch::OtherNonce, AnswerDraft { extensions: nonce(&[2; 16]), ..answer() }),
        ("another serial number", Check::AnswerComplete, OcspMismatch::NotAnswered, AnswerDraft { serial: vec![2], ..answer() }),
        ("another issuer", Check::AnswerComplete, OcspMismatch::NotAnswered, AnswerDraft { name_hash: vec![2; 20], ..answer() }),
    ];
    for (what, check, mismatch, draft) in cases {
        let response = draft.issue(&key(2));
        assert_eq!(request.check_answer(&response), Err(mismatch), "{what}");
        assert_eq!(without(&[check], || request.check_answer(&response)), Ok(()), "{what}");
    }
    for (code, status) in [(1, "malformed_request"), (2, "internal_error"), (3, "try_later"), (5, "sig_required"), (6, "unauthorized")] {
        let response = AnswerDraft { status: code, ..answer() }.issue(&key(2));
        assert_eq!(response.status().code(), status);
        assert_eq!(request.check_answer(&response), Err(OcspMismatch::Refused(response.status())));
        // Without the check it still answers nothing.
        assert_eq!(without(&[Check::AnswerSuccessful], || request.check_answer(&response)), Err(OcspMismatch::NotAnswered));
    }
    for sound in [answer(), AnswerDraft { extensions: nonce(&[1; 16]), ..answer() }] {
        assert_eq!(request.check_answer(&sound.issue(&key(2))), Ok(()));
    }
    let without_nonce = OcspRequest::new(&[(&certificate, &issuer)], None).unwrap();
    let unasked = AnswerDraft { extensions: nonce(&[2; 16]), ..answer() }.issue(&key(2));
    assert_eq!(without_nonce.check_answer(&unasked), Err(OcspMismatch::OtherNonce));
}

/// What the fuzz targets `certificate`, `crl` and `ocsp` begin with: `THRIVOSIGN_SEEDS=DIR cargo test -p thrivosign --all-features evidence_seeds -- --ignored`
/// fills the three folders of DIR. Of the cases, those that the CA or the root really signed and that speak in the target's own world are left out there.
#[test]
#[ignore = "writes seeds into folders"]
#[expect(clippy::disallowed_methods, reason = "a test reads its folder from the environment")]
fn evidence_seeds() {
    let base = std::path::PathBuf::from(std::env::var_os("THRIVOSIGN_SEEDS").unwrap());
    let write = |kind: &str, title: &str, bytes: &[u8]| put(&base.join(kind), title, bytes);
    let world = World::new();
    let (certificate, issuer) = (world.certificate(), world.authority());
    let answer = || AnswerDraft::new(&certificate, &issuer);
    write("certificate", "good-root", Draft::ca("Root", &key(1), "Root", None).issue(&key(1)).der());
    write("certificate", "good-ca", issuer.der());
    write("certificate", "good-leaf", certificate.der());
    write("crl", "good-0", &ListDraft::new("CA").number(3).der(&key(2)));
    write("crl", "good-1", &ListDraft::new("CA").number(4).entry(EntryDraft::new(1).reason(1)).der(&key(2)));
    write("ocsp", "good-0", &answer().der(&key(2)));
    write("ocsp", "good-1", &AnswerDraft { says: revoked("20260301000000Z", Some(1)), ..answer() }.der(&key(2)));
    write("ocsp", "good-2", &answer().by(responder().issue(&key(2))).der(&key(4)));
    let mut seen = HashSet::new();
    let mut rest = |kind: &str, bytes: &[u8]| {
        if seen.insert(bytes.to_vec()) {
            write(kind, &format!("case-{:03}", seen.len()), bytes);
        }
    };
    switches::certificates().iter().for_each(|der| rest("certificate", der));
    for (.., world) in rows() {
        world.pool.iter().for_each(|one| rest("certificate", one.der()));
        world.data.crls.iter().for_each(|one| rest("crl", one.der()));
        world.data.ocsp.iter().for_each(|one| rest("ocsp", one.der()));
    }
}
