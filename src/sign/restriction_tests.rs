//! The sign room: certifications and locks as this library writes them, judged by pdfsig, qpdf and its own verifier.

use super::testing::{Signer, Style, document, judged_by_pdfsig, judged_by_qpdf, now, plain};
use super::{DocMdp, FieldLock, SignatureRequest};
use crate::cancel::Progress;
use crate::error::ErrorKind;
use crate::pdf::{Document, Object};
use crate::pki::trust::TrustAnchors;
use crate::verify::{Policy, Report, VerifyOptions, verify};

fn request() -> SignatureRequest {
    SignatureRequest::new(now())
}

fn certifying(level: DocMdp) -> SignatureRequest {
    SignatureRequest { certification: Some(level), ..request() }
}

fn refused(result: crate::Result<Vec<u8>>) -> Option<ErrorKind> {
    result.err().map(|error| error.kind())
}

fn report(signer: &Signer, file: &[u8]) -> Report {
    let trust: TrustAnchors = signer.identity.chain().last().cloned().into_iter().collect();
    let options = VerifyOptions { trust: &trust, time: now(), policy: Policy::default(), password: None, evidence: None };
    verify(&file, &options, &Progress::default()).unwrap()
}

const LEVELS: [DocMdp; 3] = [DocMdp::NoChanges, DocMdp::FormFilling, DocMdp::Annotating];

#[test]
fn a_certification_is_named_in_the_catalog_and_bounds_what_follows() {
    let signer = Signer::p256();
    for style in [Style::Table, Style::Stream] {
        for level in LEVELS {
            let once = signer.sign(&plain(style), &certifying(level)).unwrap();
            judged_by_pdfsig(&once, 1);
            judged_by_qpdf(&once);
            assert!(report(&signer, &once).clean);
            let document = Document::open(&once).unwrap();
            let view = document.latest();
            let perms = view.get_dict(&view.catalog().unwrap(), b"Perms").unwrap().unwrap();
            let signature = view.get_dict(&perms, b"DocMDP").unwrap().unwrap();
            let references = view.get_array(&signature, b"Reference").unwrap().unwrap();
            let parameters = view.get_dict(references[0].as_dict().unwrap(), b"TransformParams").unwrap().unwrap();
            assert_eq!(parameters.get(b"P").and_then(Object::as_i64), Some(level.level()));
            // What may follow: nothing, or approvals; never a second certification.
            let twice = signer.sign(&once, &request());
            if level == DocMdp::NoChanges {
                assert_eq!(refused(twice), Some(ErrorKind::SigningForbidden));
            } else {
                let twice = twice.unwrap();
                judged_by_pdfsig(&twice, 2);
                assert!(report(&signer, &twice).clean);
            }
            assert_eq!(refused(signer.sign(&once, &certifying(level))), Some(ErrorKind::SigningForbidden));
        }
    }
}

#[test]
fn an_approved_document_is_not_certified() {
    let signer = Signer::p256();
    let approved = signer.sign(&plain(Style::Table), &request()).unwrap();
    for level in LEVELS {
        assert_eq!(refused(signer.sign(&approved, &certifying(level))), Some(ErrorKind::SigningForbidden));
    }
}

#[test]
fn permissions_that_stand_already_are_kept() {
    let signer = Signer::p256();
    for (catalog, more) in [("/Perms<</X 5 0 R>>", "null"), ("/Perms 7 0 R", "<</X 5 0 R>>"), ("/Perms 8 0 R", "null")] {
        let file = document(Style::Table, catalog, "", &[more]);
        let out = signer.sign(&file, &certifying(DocMdp::FormFilling)).unwrap();
        judged_by_qpdf(&out);
        assert!(report(&signer, &out).clean, "{catalog}");
        let document = Document::open(&out).unwrap();
        let view = document.latest();
        let perms = view.get_dict(&view.catalog().unwrap(), b"Perms").unwrap().unwrap();
        assert!(perms.get(b"DocMDP").is_some());
        assert_eq!(perms.get(b"X").is_some(), catalog != "/Perms 8 0 R");
    }
    for wrong in ["/Perms 3", "/Perms<</X 1/X 2>>"] {
        let file = document(Style::Table, wrong, "", &[]);
        assert_eq!(refused(signer.sign(&file, &certifying(DocMdp::FormFilling))), Some(ErrorKind::PdfDamaged), "{wrong}");
    }
}

#[test]
fn a_field_may_demand_a_certification() {
    let signer = Signer::p256();
    let field = |seed: &str| {
        let field = format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(here)/F 132/Rect[0 0 0 0]/P 3 0 R/SV<<{seed}>>>>");
        document(Style::Table, "/AcroForm<</Fields[7 0 R]/SigFlags 1>>", "/Annots[7 0 R]", &[&field])
    };
    let here = |certification| SignatureRequest { field: Some("here".into()), certification, ..request() };
    let out = signer.sign(&field("/MDP<</P 2>>"), &here(None)).unwrap();
    judged_by_pdfsig(&out, 1);
    assert_eq!(refused(signer.sign(&out, &certifying(DocMdp::FormFilling))), Some(ErrorKind::SigningForbidden));
    assert!(signer.sign(&field("/MDP<</P 2>>"), &here(Some(DocMdp::FormFilling))).is_ok());
    assert_eq!(refused(signer.sign(&field("/MDP<</P 2>>"), &here(Some(DocMdp::Annotating)))), Some(ErrorKind::FieldUnusable));
    assert_eq!(refused(signer.sign(&field("/MDP<</P 0>>"), &here(Some(DocMdp::Annotating)))), Some(ErrorKind::FieldUnusable));
}

/// A form with two text fields and an empty signature field.
fn form(lock: &str) -> Vec<u8> {
    let widget = |name: &str, kind: &str, extra: &str| {
        format!("<</Type/Annot/Subtype/Widget/FT/{kind}/T({name})/F 4/Rect[0 0 0 0]/P 3 0 R{extra}>>")
    };
    let more = [widget("amount", "Tx", "/V(1)"), widget("note", "Tx", "/V(2)"), widget("here", "Sig", lock)];
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    document(Style::Table, "/AcroForm<</Fields[7 0 R 8 0 R 9 0 R]>>", "/Annots[7 0 R 8 0 R 9 0 R]", &more)
}

#[test]
fn a_lock_is_written_as_asked_and_holds_from_then_on() {
    let signer = Signer::p256();
    let names = || vec!["amount".to_owned(), "Gru\u{df}".to_owned()];
    for (lock, action, count) in
        [(FieldLock::All, "All", 0), (FieldLock::Include(names()), "Include", 2), (FieldLock::Exclude(vec!["note".into()]), "Exclude", 1)]
    {
        for field in [None, Some("here".to_owned())] {
            let request = SignatureRequest { field, lock: Some(lock.clone()), ..request() };
            let out = signer.sign(&form(""), &request).unwrap();
            // pdfsig counts the empty field along.
            if request.field.is_some() {
                judged_by_pdfsig(&out, 1);
            }
            judged_by_qpdf(&out);
            assert!(report(&signer, &out).clean);
            let text = String::from_utf8_lossy(&out).into_owned();
            assert_eq!(text.matches(&format!("/Action/{action}")).count(), 2, "in the field and in the signature");
            assert_eq!(text.matches("/TransformMethod/FieldMDP").count(), 1);
            assert_eq!(text.matches("(amount)").count(), 1 + 2 * usize::from(count == 2));
        }
    }
    // Once somebody has signed, a field that is there gets no lock: the signature's own reference says it, and holds.
    let approved = signer.sign(&form(""), &SignatureRequest::new(now())).unwrap();
    let request = SignatureRequest { field: Some("here".into()), lock: Some(FieldLock::All), ..request() };
    let out = signer.sign(&approved, &request).unwrap();
    let text = String::from_utf8_lossy(&out).into_owned();
    assert_eq!((text.matches("/Action/All").count(), text.matches("/Lock").count()), (1, 0));
    assert!(report(&signer, &out).clean);
    assert_eq!(refused(signer.sign(&out, &SignatureRequest::new(now()))), Some(ErrorKind::SigningForbidden));
    // A lock of the author's is not replaced.
    let own = form("/Lock<</Type/SigFieldLock/Action/All>>");
    assert_eq!(refused(signer.sign(&own, &request)), Some(ErrorKind::FieldUnusable));
    let bad = SignatureRequest { lock: Some(FieldLock::Include(vec!["a..b".into()])), ..request };
    assert_eq!(refused(signer.sign(&form(""), &bad)), Some(ErrorKind::InvalidArgument));
}
