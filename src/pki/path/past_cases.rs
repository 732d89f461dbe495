//! The pki room, tests only: validation in the past (EN 319 102-1 5.6.2) as a table. What was signed is proven to have existed on 2026-06-01; it is
//! judged years later, from statements each of which is known to exist since a time of its own.

use super::{PathFailure, PathInputs, validate};
use crate::pki::certificate::Certificate;
use crate::pki::existence::Existence;
use crate::pki::oid;
use crate::pki::revocation::testing::{AnswerDraft, EntryDraft, ListDraft, by_name, revoked};
use crate::pki::revocation::{Revocation, RevocationData, RevocationMode};
use crate::pki::role::Role;
use crate::pki::testing::{Draft, Key, alike, at};
use crate::pki::trust::TrustAnchors;
use crate::switch::{Check, without};
use crate::time::Time;

/// Root (anchor), a CA until 2030, the signer until 2027, a responder until July 2026.
pub(crate) struct Past {
    ca: Certificate,
    leaf: Certificate,
    responder: Certificate,
    anchors: TrustAnchors,
    data: RevocationData,
    existence: Existence,
}

const SIGNED: &str = "2026-06-01T00:00:00Z";

impl Past {
    fn new(now: &str) -> Past {
        let root = Draft::ca("Root", &Key::new(1), "Root", None).issue(&Key::new(1));
        let purposes = crate::pki::der::write(crate::pki::der::SEQUENCE, &[&crate::pki::der::write_oid(&oid::KP_OCSP_SIGNING)]);
        let responder = Draft::leaf("Responder", &Key::new(4), "CA")
            .valid("20260501000000Z", "20260701000000Z")
            .with(oid::KEY_USAGE, true, vec![3, 2, 7, 0x80])
            .with(oid::EXTENDED_KEY_USAGE, false, purposes)
            .with(oid::OCSP_NOCHECK, false, vec![5, 0]);
        Past {
            ca: Draft::ca("CA", &Key::new(2), "Root", None).serial(2).valid("20250101000000Z", "20300101000000Z").issue(&Key::new(1)),
            leaf: Draft::leaf("Anna", &Key::new(3), "CA").serial(3).valid("20250101000000Z", "20270101000000Z").issue(&Key::new(2)),
            responder: responder.issue(&Key::new(2)),
            anchors: TrustAnchors::from_iter([root]),
            data: RevocationData::default(),
            existence: Existence::at(at(now)),
        }
    }

    /// The root's list about the CA, of the day of signing.
    fn ca_listed(self, since: &str) -> Past {
        self.list(1, "Root", ("20260530000000Z", "20260630000000Z"), None, since)
    }

    /// The CA's list about the signer, of the day of signing.
    fn leaf_listed(self, since: &str) -> Past {
        self.list(2, "CA", ("20260530000000Z", "20260630000000Z"), None, since)
    }

    /// A list, perhaps with one entry `(serial, date)`, known since a time; empty: known now.
    fn list(mut self, key: u8, issuer: &str, times: (&'static str, &'static str), entry: Option<(u8, &'static str)>, since: &str) -> Past {
        let mut draft = ListDraft::new(issuer).times(times.0, Some(times.1));
        if let Some((serial, date)) = entry {
            draft = draft.entry(EntryDraft { at: date, ..EntryDraft::new(serial) });
        }
        let list = draft.issue(&Key::new(key));
        if !since.is_empty() {
            self.existence.prove(list.sha256(), at(since));
        }
        self.data.crls.push(list);
        self
    }

    /// The responder's answer about the signer.
    fn answered(mut self, times: (&'static str, &'static str), says: Option<&str>, since: &str) -> Past {
        let mut draft = AnswerDraft { this_update: times.0, next_update: Some(times.1), ..AnswerDraft::new(&self.leaf, &self.ca) };
        if let Some(date) = says {
            draft.says = revoked(date, None);
        }
        draft.responder = by_name("Responder");
        let answer = draft.by(self.responder.clone()).issue(&Key::new(4));
        if !since.is_empty() {
            self.existence.prove(answer.sha256(), at(since));
        }
        self.data.ocsp.push(answer);
        self
    }

    fn judge(&self, signed: Time) -> Result<usize, PathFailure> {
        let pool = [self.ca.clone()];
        alike(|known| {
            let inputs = PathInputs {
                revocation: RevocationMode::Require,
                data: Some(&self.data),
                existence: Some(&self.existence),
                known,
                ..PathInputs::at(signed, Role::Signer)
            };
            validate(&self.leaf, &pool, &self.anchors, &inputs)
                .map(|found| found.revocation.iter().filter(|one| matches!(one, Revocation::Good(_))).count())
        })
    }
}

/// What a path and its statements say, and what comes of it.
pub(crate) type Row = (&'static str, Past, Result<usize, PathFailure>);

pub(crate) fn rows() -> Vec<Row> {
    let (early, later) = (("20260530000000Z", "20260607000000Z"), ("20260610000000Z", "20260617000000Z"));
    let (n26, n29, n33) = ("2026-06-15T00:00:00Z", "2029-01-01T00:00:00Z", "2033-01-01T00:00:00Z");
    let stamped = "2026-06-20T00:00:00Z";
    let unknown = Err(PathFailure::RevocationUnknown);
    let gone = |leaf| Err(PathFailure::Revoked { leaf });
    vec![
        ("lists of that day, all archived", Past::new(n33).ca_listed(stamped).leaf_listed(stamped), Ok(2)),
        ("lists of that day, still at hand while the CA is valid", Past::new(n29).ca_listed("").leaf_listed(""), Ok(2)),
        ("lists of that day, after the CA has expired", Past::new(n33).ca_listed("").leaf_listed(""), unknown),
        ("the list of the CA archived, that of the signer not", Past::new(n33).ca_listed(stamped).leaf_listed(""), unknown),
        ("the anchor's own list needs no archive", Past::new(n33).ca_listed("").leaf_listed(stamped), Ok(2)),
        ("archived after the CA had expired", Past::new(n33).ca_listed(stamped).leaf_listed("2030-02-01T00:00:00Z"), unknown),
        ("archived on the CA's last day", Past::new(n33).ca_listed(stamped).leaf_listed("2030-01-01T00:00:00Z"), Ok(2)),
        ("no list about the CA", Past::new(n33).leaf_listed(stamped), unknown),
        ("no list about the signer", Past::new(n33).ca_listed(stamped), unknown),
        ("an answer of that day, archived", Past::new(n33).ca_listed(stamped).answered(early, None, stamped), Ok(2)),
        ("an answer made after signing", Past::new(n33).ca_listed(stamped).answered(later, None, stamped), Ok(2)),
        ("an answer at hand while the responder is valid", Past::new(n26).ca_listed("").answered(early, None, ""), Ok(2)),
        ("an answer at hand after the responder has expired", Past::new(n29).ca_listed("").answered(early, None, ""), unknown),
        (
            "an answer archived after the responder had expired",
            Past::new(n33).ca_listed(stamped).answered(early, None, "2026-08-01T00:00:00Z"),
            unknown,
        ),
        (
            "an answer that had run out before signing",
            Past::new(n33).ca_listed(stamped).answered(("20260501000000Z", "20260508000000Z"), None, stamped),
            unknown,
        ),
        (
            "revoked after signing",
            Past::new(n33).ca_listed(stamped).answered(later, Some("20260605000000Z"), stamped).leaf_listed(stamped),
            Ok(2),
        ),
        (
            "revoked after signing, and nothing says good",
            Past::new(n33).ca_listed(stamped).answered(later, Some("20260605000000Z"), stamped),
            unknown,
        ),
        ("revoked before signing", Past::new(n33).ca_listed(stamped).answered(later, Some("20260505000000Z"), stamped), gone(true)),
        (
            "revoked before signing, and an older list knows nothing of it",
            Past::new(n33).ca_listed(stamped).leaf_listed(stamped).answered(later, Some("20260520000000Z"), stamped),
            gone(true),
        ),
        (
            "a list that still knows the signer after signing",
            Past::new(n33).ca_listed(stamped).list(2, "CA", ("20261201000000Z", "20270101000000Z"), None, n29),
            Ok(2),
        ),
        (
            "a list made after the signer had expired",
            Past::new(n33).ca_listed(stamped).list(2, "CA", ("20270201000000Z", "20270301000000Z"), None, n29),
            unknown,
        ),
        (
            "the CA is revoked later, what it said is archived before",
            Past::new(n33).ca_listed(stamped).leaf_listed(stamped).list(
                1,
                "Root",
                ("20280301000000Z", "20280401000000Z"),
                Some((2, "20280215000000Z")),
                "",
            ),
            Ok(2),
        ),
        (
            "the CA is revoked later, what it said is archived after",
            Past::new(n33).ca_listed(stamped).leaf_listed("2028-02-20T00:00:00Z").list(
                1,
                "Root",
                ("20280301000000Z", "20280401000000Z"),
                Some((2, "20280215000000Z")),
                "",
            ),
            unknown,
        ),
        (
            "the CA is revoked before signing",
            Past::new(n33).ca_listed(stamped).leaf_listed(stamped).list(
                1,
                "Root",
                ("20280301000000Z", "20280401000000Z"),
                Some((2, "20260515000000Z")),
                "",
            ),
            gone(false),
        ),
        (
            "CA and signer are revoked before signing",
            Past::new(n33).answered(later, Some("20260520000000Z"), stamped).list(
                1,
                "Root",
                ("20280301000000Z", "20280401000000Z"),
                Some((2, "20260515000000Z")),
                "",
            ),
            gone(true),
        ),
    ]
}

/// The rows in words, for the one table of all scenarios.
pub(crate) fn told() -> Vec<(&'static str, String)> {
    let outcome = |row: Row| match row.2 {
        Ok(_) => (row.0, "valid".to_owned()),
        Err(failure) => (row.0, failure.code().to_owned()),
    };
    rows().into_iter().map(outcome).collect()
}

#[test]
fn what_was_signed_then_is_judged_later() {
    let cases = rows();
    assert_eq!(cases.len(), 25);
    for (what, past, expected) in &cases {
        assert_eq!(past.judge(at(SIGNED)), *expected, "{what}");
    }
}

#[test]
fn certificates_are_judged_at_the_time_of_signing() {
    let past = || Past::new("2033-01-01T00:00:00Z").ca_listed("2026-06-20T00:00:00Z").leaf_listed("2026-06-20T00:00:00Z");
    let cases = [
        ("2024-12-31T00:00:00Z", Err(PathFailure::NotYetValid { leaf: true })),
        ("2027-01-02T00:00:00Z", Err(PathFailure::Expired { leaf: true })),
        ("2026-06-29T00:00:00Z", Ok(2)),
    ];
    for (signed, expected) in cases {
        assert_eq!(past().judge(at(signed)), expected, "{signed}");
    }
}

#[test]
fn without_the_control_time_a_stolen_key_speaks() {
    let past = Past::new("2033-01-01T00:00:00Z").ca_listed("2026-06-20T00:00:00Z").leaf_listed("2028-02-20T00:00:00Z").list(
        1,
        "Root",
        ("20280301000000Z", "20280401000000Z"),
        Some((2, "20280215000000Z")),
        "",
    );
    assert_eq!(past.judge(at(SIGNED)).err(), Some(PathFailure::RevocationUnknown));
    assert_eq!(without(&[Check::PathStatementInTime], || past.judge(at(SIGNED))), Ok(2));
}
