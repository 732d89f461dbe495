//! The sign room, tests only: what is put into a document security store is there once, is harmless to the signatures, and other judges read it.

use super::*;
use crate::cancel::Progress;
use crate::evidence::{Dss, Item, VriKey};
use crate::pdf::{Object, ObjectId};
use crate::pki::TrustAnchors;
use crate::pki::revocation::testing::{AnswerDraft, ListDraft};
use crate::pki::testing::Key;
use crate::sign::testing::{Signer, Style, document, judged_by_qpdf, now, plain};
use crate::sign::{DocMdp, SignatureRequest};
use crate::verify::{ChangeKind, Policy, Report, VerifyOptions, verify};

pub(crate) fn judged(file: &[u8], signer: &Signer) -> Report {
    let mut trust = TrustAnchors::new();
    signer.identity.chain().iter().skip(1).for_each(|root| trust.add(root.clone()));
    let options = VerifyOptions { trust: &trust, time: now(), policy: Policy::default(), password: None, evidence: None };
    verify(&file.to_vec(), &options, &Progress::default()).unwrap()
}

/// The bytes of the newest signature's `/Contents`.
pub(crate) fn contents(file: &[u8]) -> Vec<u8> {
    let end = file.windows(3).rposition(|w| w == b"0>>" || w == b"00>").unwrap();
    let start = file[..end].iter().rposition(|c| *c == b'<').unwrap() + 1;
    let stop = start + file[start..].iter().position(|c| *c == b'>').unwrap();
    file[start..stop].chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// What a signer of the tests would have embedded.
pub(crate) fn evidence(signer: &Signer, serial: u8) -> Bundle {
    let [leaf, root] = signer.identity.chain() else { panic!() };
    let key = Key::new(1);
    let mut bundle = Bundle::default();
    let answer = AnswerDraft::new(leaf, root).issue(&key);
    let list = ListDraft::new("Root").number(serial).issue(&key);
    for item in [Item::Certificate(leaf.clone()), Item::Certificate(root.clone()), Item::Ocsp(answer), Item::Crl(list)] {
        assert!(bundle.add(item).unwrap());
    }
    bundle
}

fn added(file: &[u8], additions: &Additions) -> Option<Vec<u8>> {
    let source = file.to_vec();
    let document = Document::open(&source).unwrap();
    let update = add_evidence(&document, additions, [7; 16]).unwrap()?;
    Some([file, &update].concat())
}

fn store(file: &[u8]) -> Dss {
    let source = file.to_vec();
    let dss = crate::evidence::dss::read(Document::open(&source).unwrap().latest()).unwrap().unwrap();
    assert_eq!(dss.faulty, 0, "{:?}", dss.faults);
    dss
}

#[test]
fn what_is_added_is_harmless_and_there_once() {
    let signer = Signer::p256();
    for style in [Style::Table, Style::Stream] {
        for certification in [None, Some(DocMdp::NoChanges)] {
            let request = SignatureRequest { certification, ..SignatureRequest::new(now()) };
            let signed = signer.sign(&plain(style), &request).unwrap();
            let key = VriKey::of_contents(&contents(&signed));
            let bundle = evidence(&signer, 1);
            let additions = Additions { bundle: Bundle::default(), vri: vec![Vri::new(key.clone(), bundle.clone())] };
            let once = added(&signed, &additions).unwrap();
            assert!(once.starts_with(&signed));
            judged_by_qpdf(&once);
            assert!(judged_by_pdfsig_later(&once).contains("Signature is Valid"));
            let report = judged(&once, &signer);
            let signature = &report.signatures[0];
            assert!(signature.intact && signature.clean, "{:?}", signature.change_details);
            assert!(signature.changes.iter().all(|kind| matches!(kind, ChangeKind::Ltv | ChangeKind::Metadata)), "{:?}", signature.changes);
            let dss = store(&once);
            assert_eq!((dss.bundle.len(), dss.vri.len()), (4, 1));
            assert!(bundle.items().all(|item| dss.lists(&item) && dss.of_contents(&contents(&signed)).unwrap().bundle.contains(&item)));
            assert!(added(&once, &additions).is_none(), "nothing is added twice");
            assert!(added(&once, &Additions { bundle, vri: Vec::new() }).is_none());

            // A newer list: one stream more, and what was there keeps its number.
            let newer = Additions { bundle: Bundle::default(), vri: vec![Vri::new(key, evidence(&signer, 2))] };
            let twice = added(&once, &newer).unwrap();
            let update = String::from_utf8_lossy(&twice[once.len()..]).into_owned();
            assert_eq!(update.matches("\nstream").count(), if style == Style::Table { 1 } else { 2 }, "{update}");
            let again = store(&twice);
            assert_eq!((again.bundle.len(), again.vri.len(), again.vri[0].bundle.len()), (5, 1, 5));
            for item in dss.bundle.items() {
                assert_eq!(again.object_of(&item), dss.object_of(&item));
            }
            let report = judged(&twice, &signer);
            assert!(report.signatures[0].clean, "{:?}", report.signatures[0].change_details);
            judged_by_qpdf(&twice);
        }
    }
}

/// What pdfsig says where a revision follows the signed one.
fn judged_by_pdfsig_later(file: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    crate::pki::testing::put(folder.path(), "a.pdf", file);
    #[expect(clippy::disallowed_types, reason = "a test asks an outside judge")]
    let out = std::process::Command::new("pdfsig").arg("-nocert").arg(folder.path().join("a.pdf")).output().unwrap();
    String::from_utf8_lossy(&out.stdout).into_owned()
}

#[test]
fn a_store_is_extended_wherever_it_stands() {
    let signer = Signer::p256();
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let leaf = signer.identity.chain()[0].der();
    let stream = format!("<</Filter/ASCIIHexDecode/Length {}>>\nstream\n{}>\nendstream", leaf.len() * 2 + 1, hex(leaf));
    let key = VriKey::of_contents(b"whatever");
    let lower = key.as_str().to_lowercase();
    let cases = [
        ("/DSS 8 0 R", "<</Certs 9 0 R/VRI 10 0 R>>"),
        ("/DSS<</Certs[7 0 R]/VRI 10 0 R>>", "null"),
        ("/DSS 8 0 R", "<</Certs[7 0 R]/VRI<</K<</Cert[7 0 R]>>>>>>"),
        // Named for a signature alone, and not for the document.
        ("/DSS<</VRI 10 0 R>>", "null"),
    ];
    for (catalog, object) in cases {
        let object = object.replace("/K", &format!("/{}", key.as_str()));
        let vri = format!("<</{lower}<</Cert 9 0 R>>>>");
        let file = document(Style::Table, catalog, "", &[&stream, &object, "[7 0 R]", &vri]);
        let bundle = evidence(&signer, 1);
        let additions = Additions { bundle: bundle.clone(), vri: vec![Vri::new(key.clone(), bundle)] };
        let after = added(&file, &additions).unwrap();
        let dss = store(&after);
        assert_eq!((dss.bundle.len(), dss.vri.len(), dss.vri[0].bundle.len()), (4, 1, 4), "{catalog}");
        assert_eq!(dss.object_of(&Item::Certificate(signer.identity.chain()[0].clone())), Some(ObjectId::new(7, 0)));
        assert!(dss.bundle.items().all(|item| dss.lists(&item)));
        assert!(added(&after, &additions).is_none(), "{catalog}");
        // An array behind a reference may be another's: it stays as it was.
        let source = after.clone();
        let document = Document::open(&source).unwrap();
        assert_eq!(
            document.latest().object(ObjectId::new(9, 0)).unwrap().object,
            Object::Array(vec![Object::Reference(ObjectId::new(7, 0))])
        );
        judged_by_qpdf(&after);
    }
}

#[test]
fn what_stands_in_the_stores_place_is_refused() {
    let signer = Signer::p256();
    let additions = Additions { bundle: evidence(&signer, 1), vri: Vec::new() };
    for catalog in ["/DSS[]", "/DSS 1 0 R", "/DSS<</Certs 3>>", "/DSS<</Certs[]/Certs[]>>", "/DSS 5 0 R"] {
        let file = document(Style::Table, catalog, "", &[]);
        let error = add_evidence(&Document::open(&file).unwrap(), &additions, [7; 16]).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::PdfDamaged, "{catalog}");
    }
    assert!(added(&plain(Style::Table), &Additions::default()).is_none(), "nothing is nothing");
}

#[test]
fn what_a_document_before_pdf_2_uses_is_declared() {
    let signer = Signer::p256();
    let additions = Additions { bundle: evidence(&signer, 1), vri: Vec::new() };
    let declared = |file: &[u8]| -> Vec<(String, Option<i64>)> {
        let source = added(file, &additions).unwrap();
        let document = Document::open(&source).unwrap();
        let view = document.latest();
        let dict = view.get_dict(&view.catalog().unwrap(), b"Extensions").unwrap().unwrap_or_default();
        let level = |value: &Object| value.as_dict().and_then(|dict| dict.get(b"ExtensionLevel")?.as_i64());
        dict.iter().map(|(key, value)| (String::from_utf8_lossy(key).into_owned(), level(value))).collect()
    };
    let says = |list: &[(&str, i64)]| list.iter().map(|(key, level)| ((*key).to_owned(), Some(*level))).collect::<Vec<_>>();
    let of = |catalog: &str| document(Style::Table, catalog, "", &["<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>>>"]);
    assert_eq!(declared(&of("")), says(&[("ADBE", 5), ("ESIC", 1)]));
    assert_eq!(declared(&of("/Extensions 7 0 R")), says(&[("ADBE", 8), ("ESIC", 1)]));
    assert_eq!(
        declared(&of("/Extensions<</ADBE<</BaseVersion/1.7/ExtensionLevel 3>>/X<</ExtensionLevel 9>>>>")),
        says(&[("ADBE", 5), ("X", 9), ("ESIC", 1)])
    );
    assert_eq!(declared(&of("/Version/2.0")), []);
    let two = [b"%PDF-2.0", &plain(Style::Table)[8..]].concat();
    assert_eq!(declared(&two), []);
}

#[test]
fn when_and_under_which_token_it_was_put_there_is_kept() {
    let signer = Signer::p256();
    let key = VriKey::of_contents(b"whatever");
    let vri = Vri { updated: Some(now()), time_stamp: Some(b"token".to_vec()), ..Vri::new(key.clone(), evidence(&signer, 1)) };
    let additions = Additions { bundle: Bundle::default(), vri: vec![vri.clone()] };
    let once = added(&plain(Style::Table), &additions).unwrap();
    assert_eq!((store(&once).vri[0].updated, store(&once).vri[0].time_stamp.as_deref()), (Some(now()), Some(&b"token"[..])));
    assert!(added(&once, &additions).is_none());
    // What is there is not replaced.
    let newer = Vri { time_stamp: Some(b"other".to_vec()), ..Vri::new(key, evidence(&signer, 2)) };
    let twice = added(&once, &Additions { bundle: Bundle::default(), vri: vec![newer] }).unwrap();
    assert_eq!((store(&twice).vri[0].bundle.len(), store(&twice).vri[0].time_stamp.as_deref()), (5, Some(&b"token"[..])));
}

#[cfg(feature = "encrypted-pdf")]
#[test]
fn in_an_encrypted_document_the_store_is_encrypted() {
    let folder = tempfile::tempdir().unwrap();
    crate::pki::testing::put(folder.path(), "a.pdf", &plain(Style::Stream));
    #[expect(clippy::disallowed_types, reason = "a test asks an outside judge")]
    let done = std::process::Command::new("qpdf")
        .current_dir(folder.path())
        .args(["--encrypt", "", "owner", "256", "--", "a.pdf", "b.pdf"])
        .output()
        .unwrap();
    assert!(done.status.success());
    #[expect(clippy::disallowed_methods, reason = "an outside judge writes files")]
    let file = std::fs::read(folder.path().join("b.pdf")).unwrap();
    let signer = Signer::p256();
    let bundle = evidence(&signer, 1);
    let after = added(&file, &Additions { bundle: bundle.clone(), vri: Vec::new() }).unwrap();
    judged_by_qpdf(&after);
    assert!(bundle.items().all(|item| store(&after).lists(&item)));
    assert!(bundle.items().all(|item| !after.windows(item.der().len()).any(|window| window == item.der())));
}
