//! The evidence room, tests only: gathering against services that answer, fail, lie and never end.

use super::*;
use crate::crypto::digest::sha256;
use crate::evidence::need::tests::pki;
use crate::pki::revocation::testing::{AnswerDraft, ListDraft, NOW};
use crate::pki::testing::{Draft, Key, at};
use crate::pki::{Role, der, oid};

/// With addresses of that host: `ocsp`, `issuer` and `crl`.
pub(crate) fn access(draft: Draft, host: &str) -> Draft {
    let url = |what: &str| der::write(0x86, &[format!("http://{host}/{what}").as_bytes()]);
    let one = |method: &const_oid::ObjectIdentifier, what: &str| der::write(der::SEQUENCE, &[&der::write_oid(method), &url(what)]);
    let access = der::write(der::SEQUENCE, &[&one(&oid::AD_OCSP, "ocsp"), &one(&oid::AD_CA_ISSUERS, "issuer")]);
    let point = der::write(der::SEQUENCE, &[&der::write(0xa0, &[&der::write(0xa0, &[&url("crl")])])]);
    draft.with(oid::AUTHORITY_INFO_ACCESS, false, access).with(oid::CRL_DISTRIBUTION_POINTS, false, der::write(der::SEQUENCE, &[&point]))
}

/// Asks until it is over; gives every address that was asked.
pub(super) fn gathered(fetches: usize, answer: &dyn Fn(&Fetch) -> std::result::Result<Vec<u8>, ErrorKind>) -> (Gathered, Vec<String>) {
    let pki = pki();
    let subjects = [Subject { certificate: pki.leaf.clone(), role: Role::Signer }];
    let mut gathering = Gathering::new(&subjects, Bundle::default(), &pki.anchors, at(NOW), fetches);
    let mut asked = Vec::new();
    loop {
        let round = gathering.round().unwrap();
        if round.is_empty() {
            return (gathering.finish().unwrap(), asked);
        }
        for fetch in round {
            asked.push(fetch.url.clone());
            let body = answer(&fetch);
            gathering.answer(&fetch, body.as_deref().map_err(|kind| *kind));
        }
    }
}

pub(super) fn served(url: &str) -> Vec<u8> {
    let pki = pki();
    match url {
        "http://ca/issuer" => pki.ca.der().to_vec(),
        "http://ca/ocsp" => AnswerDraft::new(&pki.leaf, &pki.ca).der(&Key::new(2)),
        "http://ca/crl" => ListDraft::new("CA").der(&Key::new(2)),
        "http://root/ocsp" => AnswerDraft::new(&pki.ca, &pki.root).der(&Key::new(1)),
        "http://root/crl" => ListDraft::new("Root").der(&Key::new(1)),
        other => panic!("{other}"),
    }
}

#[test]
fn all_is_had_in_two_rounds() {
    let (found, asked) = gathered(8, &|fetch| Ok(served(&fetch.url)));
    assert!(found.missing.is_empty(), "{:?}", found.missing);
    assert_eq!(asked, ["http://ca/issuer", "http://ca/ocsp", "http://root/ocsp"]);
    assert_eq!((found.bundle.certificates.len(), found.bundle.revocation.ocsp.len(), found.bundle.revocation.crls.len()), (3, 2, 0));
}

#[test]
fn where_one_address_fails_the_next_is_asked() {
    let down = |fetch: &Fetch| match fetch.url.as_str() {
        "http://ca/ocsp" => Err(ErrorKind::TimedOut),
        // Signed by a stranger, about another certificate, or no answer at all.
        "http://root/ocsp" => Ok(AnswerDraft::new(&pki().ca, &pki().root).der(&Key::new(9))),
        url => Ok(served(url)),
    };
    let (found, asked) = gathered(8, &down);
    assert!(found.missing.is_empty(), "{:?}", found.missing);
    assert_eq!(asked, ["http://ca/issuer", "http://ca/ocsp", "http://root/ocsp", "http://ca/crl", "http://root/crl"]);
    assert_eq!((found.bundle.revocation.ocsp.len(), found.bundle.revocation.crls.len()), (0, 2));
}

#[test]
fn what_could_not_be_had_is_told_with_why() {
    let lie = |fetch: &Fetch| match fetch.url.as_str() {
        "http://ca/ocsp" => Ok(AnswerDraft::new(&pki().ca, &pki().root).der(&Key::new(1))),
        "http://ca/crl" => Ok(ListDraft::new("CA").times("20250101000000Z", Some("20250201000000Z")).der(&Key::new(2))),
        url => Ok(served(url)),
    };
    let (found, _) = gathered(8, &lie);
    let [missing] = found.missing.as_slice() else { panic!("{:?}", found.missing) };
    assert_eq!((missing.lack, missing.certificate.common_name().as_deref()), (Lack::Status, Some("Leaf")));
    let reasons = [("http://ca/ocsp".to_owned(), Reason::Malformed), ("http://ca/crl".to_owned(), Reason::Stale)];
    assert_eq!(missing.asked, reasons);
    assert_eq!(found.bundle.len(), 4, "what is complete is kept");

    let (found, asked) = gathered(8, &|_| Err(ErrorKind::TimedOut));
    assert_eq!(asked, ["http://ca/issuer"]);
    assert_eq!(
        (found.missing[0].lack, &found.missing[0].asked),
        (Lack::Issuer, &vec![("http://ca/issuer".to_owned(), Reason::Fetch(ErrorKind::TimedOut))])
    );

    let (found, asked) = gathered(2, &|fetch| Ok(served(&fetch.url)));
    assert_eq!((asked.len(), found.missing.len()), (2, 1));
    assert!(found.missing[0].asked.iter().all(|(_, reason)| *reason == Reason::NotAsked));
}

#[test]
fn who_sends_ever_new_issuers_is_not_asked_without_end() {
    // Each answer is a certificate that names yet another issuer.
    let endless = |fetch: &Fetch| {
        let host = fetch.url.trim_start_matches("http://").trim_end_matches("/issuer").to_owned();
        let subject = if host == "ca" { "CA".to_owned() } else { host };
        let next = format!("x{}", sha256(subject.as_bytes())[0]);
        Ok(access(Draft::ca(&subject, &Key::new(2), &next, None), &next).issue_der(&Key::new(2)))
    };
    let (found, asked) = gathered(usize::MAX, &endless);
    assert!(asked.len() <= MAX_FETCHES && !found.missing.is_empty());
}

#[test]
fn a_bag_of_certificates_is_an_answer_too() {
    use crate::pki::testing::{openssl, put};
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "ca.der", pki().ca.der());
    for arguments in [
        &["x509", "-inform", "DER", "-in", "ca.der", "-out", "ca.pem"][..],
        &["crl2pkcs7", "-nocrl", "-certfile", "ca.pem", "-outform", "DER", "-out", "ca.p7c"],
    ] {
        let done = openssl(folder.path(), arguments);
        assert!(done.0, "{}", done.1);
    }
    #[expect(clippy::disallowed_methods, reason = "an outside judge writes files")]
    let bag = std::fs::read(folder.path().join("ca.p7c")).unwrap();
    let (found, _) = gathered(8, &|fetch| Ok(if fetch.url == "http://ca/issuer" { bag.clone() } else { served(&fetch.url) }));
    assert!(found.missing.is_empty(), "{:?}", found.missing);
}
