//! The evidence room, tests only: what is missing, for chains of every kind.

use super::*;
use crate::evidence::gather::tests::access;
use crate::pki::revocation::testing::{AnswerDraft, EntryDraft, ListDraft, NOW};
use crate::pki::testing::{Draft, Key, at};

/// Root 1, CA 2 below it, leaf 3 below that.
pub(crate) struct Pki {
    pub(crate) root: Certificate,
    pub(crate) ca: Certificate,
    pub(crate) leaf: Certificate,
    pub(crate) responder: Draft,
    pub(crate) anchors: TrustAnchors,
}

pub(crate) fn pki() -> Pki {
    let (root_key, ca_key) = (Key::new(1), Key::new(2));
    let root = Draft::ca("Root", &root_key, "Root", None).issue(&root_key);
    let ca = access(Draft::ca("CA", &ca_key, "Root", None).serial(5), "root").issue(&root_key);
    let leaf = access(Draft::leaf("Leaf", &Key::new(3), "CA").serial(7), "ca").issue(&ca_key);
    let responder = access(Draft::leaf("Responder", &Key::new(4), "CA").serial(9), "ca")
        .with(oid::KEY_USAGE, true, vec![3, 2, 7, 0x80])
        .with(oid::EXTENDED_KEY_USAGE, false, [&[0x30, 10][..], &[6, 8], oid::KP_OCSP_SIGNING.as_bytes()].concat());
    let anchors = [root.clone()].into_iter().collect();
    Pki { root, ca, leaf, responder, anchors }
}

fn bundle(items: &[Item]) -> Bundle {
    let mut bundle = Bundle::default();
    items.iter().for_each(|item| assert!(bundle.add(item.clone()).unwrap()));
    bundle
}

fn needs(pki: &Pki, held: &[Item]) -> Needs {
    let subject = Subject { certificate: pki.leaf.clone(), role: Role::Signer };
    need(&[subject], &bundle(held), &pki.anchors, at(NOW)).unwrap()
}

/// In short: what is missing, and of whom.
fn short(needs: &Needs) -> Vec<String> {
    let name = |one: &Need| one.of().common_name().unwrap();
    let of = |one: &Need| match one {
        Need::Issuer { urls, .. } => format!("issuer of {}: {}", name(one), urls.join(" ")),
        Need::Status { ocsp, ocsp_urls, crl_urls, .. } => {
            assert_eq!(ocsp.is_some(), !ocsp_urls.is_empty());
            format!("status of {}: {}", name(one), [&ocsp_urls[..], crl_urls].concat().join(" "))
        }
        Need::Chain { failure, .. } => format!("chain of {}: {}", name(one), failure.code()),
    };
    needs.missing.iter().map(of).collect()
}

#[test]
fn each_gap_is_named_with_where_to_ask() {
    let pki = pki();
    let ca_key = Key::new(2);
    let (ca, leaf_list) = (Item::Certificate(pki.ca.clone()), Item::Crl(ListDraft::new("CA").issue(&ca_key)));
    let root_list = Item::Crl(ListDraft::new("Root").issue(&Key::new(1)));
    let answer = Item::Ocsp(AnswerDraft::new(&pki.leaf, &pki.ca).issue(&ca_key));
    let by_leaf = "status of Leaf: http://ca/ocsp http://ca/crl";
    let by_ca = "status of CA: http://root/ocsp http://root/crl";
    let old = Item::Crl(ListDraft::new("CA").times("20260101000000Z", Some("20260201000000Z")).issue(&ca_key));
    let forged = Item::Crl(ListDraft::new("CA").issue(&Key::new(9)));
    let cases = [
        ("nothing", vec![], vec!["issuer of Leaf: http://ca/issuer"], 0),
        ("the CA", vec![ca.clone()], vec![by_leaf, by_ca], 3),
        ("its list", vec![ca.clone(), leaf_list.clone()], vec![by_ca], 4),
        ("an answer", vec![ca.clone(), answer.clone()], vec![by_ca], 4),
        ("everything", vec![ca.clone(), answer.clone(), root_list.clone()], vec![], 5),
        // The answer is as good and more recent; the list is not needed too.
        ("more than everything", vec![ca.clone(), answer, leaf_list, root_list], vec![], 5),
        ("an old list", vec![ca.clone(), old], vec![by_leaf, by_ca], 3),
        ("a forged list", vec![ca, forged], vec![by_leaf, by_ca], 3),
    ];
    for (what, held, missing, used) in cases {
        let found = needs(&pki, &held);
        assert_eq!(short(&found), missing, "{what}");
        assert_eq!(found.used.len(), used, "{what}");
    }
}

#[test]
fn who_answers_needs_proof_too_unless_nobody_is_asked() {
    let pki = pki();
    let (root_key, ca_key, responder_key) = (Key::new(1), Key::new(2), Key::new(4));
    let root_list = Item::Crl(ListDraft::new("Root").issue(&root_key));
    let of = |responder: Certificate, more: Option<ListDraft>| {
        let answer = Item::Ocsp(AnswerDraft::new(&pki.leaf, &pki.ca).by(responder).issue(&responder_key));
        let mut held = vec![Item::Certificate(pki.ca.clone()), root_list.clone(), answer];
        held.extend(more.map(|list| Item::Crl(list.issue(&ca_key))));
        needs(&pki, &held)
    };
    let exempt = pki.responder.clone().with(oid::OCSP_NOCHECK, false, vec![5, 0]).issue(&ca_key);
    let found = of(exempt.clone(), None);
    assert_eq!(short(&found), [""; 0]);
    assert!(found.used.certificates.contains(&exempt) && found.used.len() == 6);

    let plain = pki.responder.issue(&ca_key);
    // A responder would answer for itself: its own address is not asked.
    assert_eq!(short(&of(plain.clone(), None)), ["status of Leaf: http://ca/ocsp http://ca/crl", "status of Responder: http://ca/crl"]);
    let found = of(plain.clone(), Some(ListDraft::new("CA")));
    assert_eq!((short(&found), found.used.len()), (Vec::new(), 7));
    let revoked = of(plain, Some(ListDraft::new("CA").entry(EntryDraft::new(9))));
    assert!(revoked.missing.is_empty() && revoked.used.revocation.ocsp.is_empty(), "the list proves the leaf; the answer is nobody's");
}

#[test]
fn anchors_and_short_lived_certificates_need_nothing() {
    let mut pki = pki();
    pki.anchors.add(pki.ca.clone());
    let short_lived = Draft::leaf("Short", &Key::new(3), "CA").with(oid::VALIDITY_ASSURED_SHORT_TERM, false, vec![5, 0]);
    pki.leaf = short_lived.issue(&Key::new(2));
    let found = needs(&pki, &[]);
    assert_eq!((short(&found), found.used.len()), (Vec::new(), 2));
    pki.leaf = pki.ca.clone();
    let subject = Subject { certificate: pki.root.clone(), role: Role::Any };
    assert!(need(&[subject], &Bundle::default(), &pki.anchors, at(NOW)).unwrap().missing.is_empty());
}

#[test]
fn a_chain_that_nothing_helps_is_named() {
    let mut pki = pki();
    let ca_key = Key::new(2);
    let foreign = Key::new(8);
    let stranger = Draft::ca("Stranger", &foreign, "Stranger", None).issue(&foreign);
    pki.leaf = Draft::leaf("Old", &Key::new(3), "CA").valid("20200101000000Z", "20210101000000Z").issue(&ca_key);
    assert_eq!(
        short(&needs(&pki, &[Item::Certificate(pki.ca.clone())])),
        [format!("chain of Old: {}", PathFailure::Expired { leaf: true }.code())]
    );
    pki.leaf = Draft::leaf("Foreign", &Key::new(3), "Stranger").issue(&foreign);
    assert!(short(&needs(&pki, &[Item::Certificate(stranger)]))[0].starts_with("chain of Foreign"));
    // A CA of the same name with another key issued nothing here.
    let namesake = Draft::ca("CA", &Key::new(7), "Root", None).issue(&Key::new(1));
    pki.leaf = super::tests::pki().leaf;
    assert_eq!(short(&needs(&pki, &[Item::Certificate(namesake)])), ["issuer of Leaf: http://ca/issuer"]);
}

#[test]
fn chains_without_end_are_stopped() {
    let pki = pki();
    let mut held = Bundle::default();
    for n in 0..500_u16 {
        let namesake = Draft { serial: vec![1, (n >> 8) as u8, n as u8], ..Draft::ca("CA", &Key::new(7), "Root", None) };
        held.add(Item::Certificate(namesake.issue(&Key::new(1)))).unwrap();
    }
    let subject = Subject { certificate: pki.leaf.clone(), role: Role::Signer };
    assert_eq!(need(&[subject], &held, &pki.anchors, at(NOW)).unwrap_err().kind(), ErrorKind::LimitReached);
    let many: Vec<Subject> = (0..=MAX_SUBJECTS).map(|_| Subject { certificate: pki.root.clone(), role: Role::Any }).collect();
    assert_eq!(need(&many, &Bundle::default(), &pki.anchors, at(NOW)).unwrap_err().kind(), ErrorKind::LimitReached);
}
