//! The pki room, tests only: the rows of `matrix_tests.rs`.

use super::matrix_tests::{World, key};
use super::testing::*;
use crate::crypto::digest::DigestAlgorithm;
use crate::pki::der;
use crate::pki::oid;
use crate::pki::testing::{Draft, name};
use crate::switch::Check;

fn list() -> ListDraft {
    ListDraft::new("CA")
}

pub(super) fn responder() -> Draft {
    let purpose = der::write(der::SEQUENCE, &[&der::write_oid(&oid::KP_OCSP_SIGNING)]);
    Draft::leaf("Responder", &key(4), "CA")
        .serial(9)
        .with(oid::KEY_USAGE, true, vec![3, 2, 7, 0x80])
        .with(oid::EXTENDED_KEY_USAGE, false, purpose)
        .with(oid::OCSP_NOCHECK, false, vec![5, 0])
}

/// Good by delegation, with that certificate signed by that key.
fn delegated(draft: Draft, signer: u8) -> World {
    let certificate = draft.issue(&key(signer));
    World::new().answer(4, |answer| {
        answer.responder = der::write(0xa1, &[certificate.subject_der()]);
        answer.certificates.push(certificate);
    })
}

/// Another issuer of lists, by its own certificate from the root.
fn lister(usage: u8) -> Draft {
    Draft::leaf("CA", &key(4), "Root").serial(8).with(oid::KEY_USAGE, true, vec![3, 2, 1, usage])
}

/// What is wrong, the check that finds it, what is said with the check and without, and the data.
pub(super) type Row = (&'static str, Check, &'static str, &'static str, World);

fn flag(tag: u8) -> Vec<u8> {
    vec![tag, 1, 0xff]
}

fn indirect(parts: &[Vec<u8>]) -> Vec<Vec<u8>> {
    [parts, &[flag(0x84)]].concat()
}

fn issuer_of_lists(name: &str) -> Vec<u8> {
    der::write(0xa2, &[&directory(name)])
}

pub(super) fn list_rows() -> Vec<Row> {
    use Check as C;
    let base = || list().number(3);
    let delta = || list().number(5).delta(2).times("20260531000000Z", Some("20260607000000Z"));
    let taken_off = || delta().entry(EntryDraft::new(1).reason(8));
    let held = || base().entry(EntryDraft::new(1).reason(6));
    let users = || flag(0x81);
    let expired = || {
        let mut world = World::new();
        world.leaf = world.leaf.valid("20250101000000Z", "20260101000000Z");
        world
    };
    let some = |bits: u8| der::write(0x83, &[&[0, bits]]);
    let identifier = |n: u8| der::write(der::SEQUENCE, &[&[0x80, 1, n]]);
    vec![
        ("critical extension", C::ListCritical, "nothing", "good", World::new().lists(&[(&list().with(UNKNOWN, true, vec![5, 0]), 2)])),
        (
            "critical extension of an entry",
            C::ListEntryCritical,
            "nothing",
            "good",
            World::new().lists(&[(&list().entry(EntryDraft::new(2).with(UNKNOWN, true, vec![5, 0])), 2)]),
        ),
        (
            "entry of another issuer",
            C::ListEntryForeign,
            "nothing",
            "good",
            World::new().lists(&[(&list().entry(EntryDraft::new(2).of("Other")), 2)]),
        ),
        (
            "same serial number of another issuer",
            C::ListEntryIssuer,
            "good",
            "revoked",
            World::new().lists(&[(&list().scope(&indirect(&[])).entry(EntryDraft::new(1).of("Other")), 2)]),
        ),
        (
            "issuer carried on from an entry before",
            C::ListEntryIssuer,
            "good",
            "revoked",
            World::new().lists(&[(&list().scope(&indirect(&[])).entry(EntryDraft::new(6).of("Other")).entry(EntryDraft::new(1)), 2)]),
        ),
        (
            "taken off a complete list",
            C::ListRemoved,
            "revoked",
            "good",
            World::new().lists(&[(&list().entry(EntryDraft::new(1).reason(8)), 2)]),
        ),
        ("attribute certificates", C::ListAttributes, "nothing", "good", World::new().lists(&[(&list().scope(&[flag(0x85)]), 2)])),
        ("CAs alone", C::ListCas, "nothing", "good", World::new().lists(&[(&list().scope(&[flag(0x82)]), 2)])),
        ("end entities alone", C::ListUsers, "nothing", "good", {
            let mut world = World::new().lists(&[(&list().scope(&[users()]), 2)]);
            world.leaf = Draft::ca("Sub", &key(3), "CA", None);
            world
        }),
        (
            "another point",
            C::ListPointName,
            "nothing",
            "good",
            World::new().points(&[full("http://a/")]).lists(&[(&list().scope(&[full("http://b/")]), 2)]),
        ),
        (
            "another relative point",
            C::ListPointName,
            "nothing",
            "good",
            World::new()
                .points(&[full("http://a/")])
                .lists(&[(&list().scope(&[der::write(0xa0, &[&der::write(0xa1, &[name("b").get(4..).unwrap_or_default()])])]), 2)]),
        ),
        (
            "a point of which nobody knows",
            C::ListPointName,
            "nothing",
            "good",
            World::new().lists(&[(&list().scope(&[full("http://b/")]), 2)]),
        ),
        ("another issuer", C::ListIssuer, "nothing", "good", World::new().lists(&[(&ListDraft::new("Root"), 1)])),
        (
            "not indirect",
            C::ListIndirect,
            "nothing",
            "good",
            World::new()
                .points(&[full("http://a/"), issuer_of_lists("Root")])
                .lists(&[(&ListDraft::new("Root").scope(&[full("http://a/")]), 1)]),
        ),
        (
            "indirect, of another",
            C::ListPointIssuer,
            "nothing",
            "good",
            World::new()
                .points(&[full("http://a/"), issuer_of_lists("Third")])
                .lists(&[(&ListDraft::new("Root").scope(&indirect(&[full("http://a/")])), 1)]),
        ),
        ("a delta list alone", C::ListComplete, "nothing", "good", World::new().lists(&[(&delta(), 2)])),
        ("expired before", C::ListKeepsExpired, "nothing", "good", expired().lists(&[(&list(), 2)])),
        ("some reasons", C::ListReasons, "nothing", "good", World::new().lists(&[(&list().scope(&[some(0x60)]), 2)])),
        (
            "some reasons, on two lists",
            C::ListReasons,
            "nothing",
            "good",
            World::new().lists(&[(&list().scope(&[some(0x60)]), 2), (&list().scope(&[some(0x18)]), 2)]),
        ),
        (
            "some reasons at the point",
            C::ListReasons,
            "nothing",
            "good",
            World::new().points(&[full("http://a/"), der::write(0x81, &[&[0, 0x60]])]).lists(&[(&list().scope(&[full("http://a/")]), 2)]),
        ),
        (
            "delta of another issuer",
            C::DeltaIssuer,
            "hold",
            "good",
            World::new().lists(&[
                (&held().scope(&indirect(&[])), 2),
                (&ListDraft { issuer: name("Other"), ..delta().scope(&indirect(&[])).entry(EntryDraft::new(1).reason(8).of("CA")) }, 2),
            ]),
        ),
        ("delta of another scope", C::DeltaScope, "hold", "good", World::new().lists(&[(&held(), 2), (&taken_off().scope(&[users()]), 2)])),
        (
            "delta of another key",
            C::DeltaAuthority,
            "hold",
            "good",
            World::new().lists(&[(&held(), 2), (&taken_off().with(oid::AUTHORITY_KEY_ID, false, identifier(1)), 2)]),
        ),
        ("delta on a later list", C::DeltaBase, "hold", "good", {
            let late = list().number(5).delta(4).times("20260531000000Z", Some("20260607000000Z")).entry(EntryDraft::new(1).reason(8));
            World::new().lists(&[(&held(), 2), (&late, 2)])
        }),
        ("delta older than the list", C::DeltaNumber, "hold", "good", {
            let old = list().number(3).delta(2).times("20260531000000Z", Some("20260607000000Z")).entry(EntryDraft::new(1).reason(8));
            World::new().lists(&[(&held(), 2), (&old, 2)])
        }),
        ("delta signed by another", C::DeltaSignature, "hold", "good", World::new().lists(&[(&held(), 2), (&taken_off(), 4)])),
        ("issuer may not sign lists", C::ListSignerSuits, "nothing", "good", {
            let mut world = World::new().lists(&[(&list(), 2)]);
            world.ca = world.ca.with(oid::KEY_USAGE, true, vec![3, 2, 2, 0x04]);
            world
        }),
        ("other issuer may not sign lists", C::ListSignerSuits, "nothing", "good", {
            World::new().lists(&[(&list(), 4)]).pool(lister(0x04).issue(&key(1)))
        }),
        ("signed by nobody", C::ListSignature, "nothing", "good", World::new().lists(&[(&list(), 5)])),
        ("issuer expired", C::ListPathValid, "nothing", "good", {
            let mut world = World::new().lists(&[(&list(), 2)]);
            world.ca = world.ca.valid("20250101000000Z", "20260501000000Z");
            world
        }),
        ("issuer not valid yet", C::ListPathValid, "nothing", "good", {
            let mut world = World::new().lists(&[(&list(), 2)]);
            world.ca = world.ca.valid("20270101000000Z", "20280501000000Z");
            world
        }),
        ("other issuer without a path", C::ListSignerPath, "nothing", "good", {
            World::new().lists(&[(&list(), 4)]).pool(lister(0x02).issue(&key(5)))
        }),
        ("other issuer expired", C::ListSignerPath, "nothing", "good", {
            World::new().lists(&[(&list(), 4)]).pool(lister(0x02).valid("20250101000000Z", "20260501000000Z").issue(&key(1)))
        }),
        ("other issuer revoked", C::ListSignerRevoked, "nothing", "good", {
            let own = ListDraft::new("Root").entry(EntryDraft::new(8));
            World::new().lists(&[(&list(), 4), (&own, 1)]).pool(lister(0x02).issue(&key(1)))
        }),
        ("other issuer on hold", C::ListSignerRevoked, "nothing", "good", {
            let own = ListDraft::new("Root").entry(EntryDraft::new(8).reason(6));
            World::new().lists(&[(&list(), 4), (&own, 1)]).pool(lister(0x02).issue(&key(1)))
        }),
    ]
}

pub(super) fn answer_rows() -> Vec<Row> {
    use Check as C;
    let plain = |change: fn(&mut AnswerDraft)| World::new().answer(2, change);
    let unchecked = || responder().without(oid::OCSP_NOCHECK);
    let any = der::write(der::SEQUENCE, &[&der::write_oid(&oid::ANY_EXTENDED_KEY_USAGE)]);
    let with_list = |world: World, list: ListDraft| {
        let mut world = world;
        // Only about the responder.
        world.data.crls = vec![list.scope(&[full("http://r/")]).issue(&key(2))];
        world
    };
    let pointed = || unchecked().with(oid::CRL_DISTRIBUTION_POINTS, false, members(&[members(&[full("http://r/")])]));
    vec![
        ("critical extension", C::AnswerCritical, "nothing", "good", plain(|a| a.extensions.push((UNKNOWN, true, vec![5, 0])))),
        (
            "critical extension of the answer",
            C::AnswerSingleCritical,
            "nothing",
            "good",
            plain(|a| a.single_extensions.push((UNKNOWN, true, vec![5, 0]))),
        ),
        ("another serial number", C::AnswerSerial, "nothing", "good", plain(|a| a.serial = vec![2])),
        ("another issuer", C::AnswerIssuerName, "nothing", "good", plain(|a| a.name_hash = DigestAlgorithm::Sha1.digest(&name("Other")))),
        (
            "another key",
            C::AnswerIssuerKey,
            "nothing",
            "good",
            plain(|a| a.key_hash = DigestAlgorithm::Sha1.digest(key(4).public().key_bytes())),
        ),
        ("responder named otherwise", C::AnswerResponder, "nothing", "good", plain(|a| a.responder = by_name("Other"))),
        ("responder of another key", C::AnswerResponder, "nothing", "good", plain(|a| a.responder = by_key(&key(4)))),
        ("signed by nobody", C::AnswerSignature, "nothing", "good", World::new().answer(5, |_| {})),
        ("issuer expired", C::AnswerPathValid, "nothing", "good", {
            let mut world = World::new();
            world.ca = world.ca.valid("20250101000000Z", "20260501000000Z");
            world.answer(2, |_| {})
        }),
        ("expired before", C::AnswerKeepsExpired, "nothing", "good", {
            let mut world = World::new();
            world.leaf = world.leaf.valid("20250101000000Z", "20260101000000Z");
            world.answer(2, |_| {})
        }),
        ("delegated without purpose", C::AnswererSuits, "nothing", "good", delegated(responder().without(oid::EXTENDED_KEY_USAGE), 2)),
        (
            "delegated for anything",
            C::AnswererSuits,
            "nothing",
            "good",
            delegated(responder().with(oid::EXTENDED_KEY_USAGE, false, any), 2),
        ),
        (
            "delegated to a key that does not sign",
            C::AnswererSuits,
            "nothing",
            "good",
            delegated(responder().with(oid::KEY_USAGE, true, vec![3, 2, 5, 0x20]), 2),
        ),
        ("delegated by another name", C::AnswererIssuer, "nothing", "good", delegated(Draft { issuer: name("Root"), ..responder() }, 2)),
        ("delegated by another key", C::AnswererSignature, "nothing", "good", delegated(responder(), 5)),
        (
            "delegated with a critical extension",
            C::AnswererCritical,
            "nothing",
            "good",
            delegated(responder().with(UNKNOWN, true, vec![5, 0]), 2),
        ),
        (
            "delegated too early",
            C::AnswererNotYetValid,
            "nothing",
            "good",
            delegated(responder().valid("20260701000000Z", "20270101000000Z"), 2),
        ),
        (
            "delegation expired",
            C::AnswererExpired,
            "nothing",
            "good",
            delegated(responder().valid("20250101000000Z", "20260501000000Z"), 2),
        ),
        (
            "delegation revoked",
            C::AnswererRevoked,
            "nothing",
            "revoked",
            with_list(
                {
                    let certificate = pointed().issue(&key(2));
                    World::new().answer(4, |answer| {
                        *answer = AnswerDraft {
                            says: revoked("20260401000000Z", Some(1)),
                            ..AnswerDraft::new(&World::new().certificate(), &World::new().authority())
                        }
                        .by(certificate);
                    })
                },
                ListDraft::new("CA").entry(EntryDraft::new(9)),
            ),
        ),
        ("delegation that nobody vouches for", C::AnswererAssured, "nothing", "good", delegated(unchecked(), 2)),
        (
            "delegation that an old list vouches for",
            C::AnswererAssured,
            "nothing",
            "good",
            with_list(delegated(pointed(), 2), ListDraft::new("CA").times("20260401000000Z", Some("20260501000000Z"))),
        ),
    ]
}
