//! The sign room: prepared fields, signed one after the other, judged by pdfsig and qpdf.

use super::testing::{Signer, Style, document, judged_by_pdfsig, judged_by_qpdf, now, plain};
use super::{DocMdp, EmptyField, FieldLock, Placement, SignatureRequest, Size, add_fields};
use crate::error::ErrorKind;
use crate::inspect::{Inspection, inspect};
use crate::pdf::{Document, Rect};

fn added(file: &[u8], fields: &[EmptyField]) -> crate::Result<Vec<u8>> {
    let revision = add_fields(&Document::open(&file)?, fields, [3; 16])?;
    Ok([file, &revision].concat())
}

fn refused(file: &[u8], fields: &[EmptyField]) -> ErrorKind {
    added(file, fields).unwrap_err().kind()
}

fn inspected(file: &[u8]) -> Inspection {
    inspect(&Document::open(&file).unwrap()).unwrap()
}

fn boxed(name: &str, page: u32, x: f64) -> EmptyField {
    EmptyField { placement: Placement::Visible { page, rect: Rect::new(x, 60.0, x + 150.0, 110.0) }, ..EmptyField::new(name) }
}

fn here(name: &str) -> SignatureRequest {
    SignatureRequest { field: Some(name.into()), ..SignatureRequest::new(now()) }
}

#[test]
fn a_field_for_each_signer_is_signed_in_any_order() {
    let signer = Signer::p256();
    let names = ["loan.borrower", "loan.bank.first", "loan.bank.second", "Gr\u{fc}\u{df}e", "witness"];
    let fields: Vec<EmptyField> =
        names.iter().zip(0_u8..).map(|(name, n)| boxed(name, 1 + u32::from(n % 2), 20.0 + 20.0 * f64::from(n))).collect();
    for style in [Style::Table, Style::Stream] {
        let mut file = added(&plain(style), &fields).unwrap();
        assert!(file.starts_with(&plain(style)));
        judged_by_qpdf(&file);
        let found = inspected(&file);
        let listed: Vec<(&str, bool, bool, Option<u64>)> =
            found.signature_fields.iter().map(|f| (f.name.as_str(), f.signed, f.visible, f.page)).collect();
        for (name, n) in names.iter().zip(0_u64..) {
            assert!(listed.contains(&(*name, false, true, Some(1 + n % 2))), "{name}: {listed:?}");
        }
        assert_eq!(listed.len(), names.len());
        for name in names.iter().rev() {
            file = signer.sign(&file, &here(name)).unwrap();
        }
        judged_by_pdfsig(&file, names.len());
        judged_by_qpdf(&file);
        assert!(inspected(&file).signature_fields.iter().all(|field| field.signed));
    }
}

#[test]
fn what_a_field_asks_is_asked_of_its_signer() {
    let signer = Signer::p256();
    let reasons = vec!["I agree".to_owned(), "I have read it".to_owned()];
    let asking = EmptyField { reasons, lock: Some(FieldLock::All), ..EmptyField::new("here") };
    let file = added(&plain(Style::Table), &[asking]).unwrap();
    assert_eq!(signer.sign(&file, &here("here")).unwrap_err().kind(), ErrorKind::FieldUnusable);
    let signed = signer.sign(&file, &SignatureRequest { reason: Some("I agree".into()), ..here("here") }).unwrap();
    judged_by_pdfsig(&signed, 1);
    assert_eq!(String::from_utf8_lossy(&signed).matches("/TransformMethod/FieldMDP").count(), 1);
}

#[test]
fn fields_go_below_groups_and_never_in_each_others_place() {
    let group = document(Style::Table, "/AcroForm<</Fields[7 0 R]>>", "", &["<</T(loan)/Kids[]>>"]);
    let file = added(&group, &[EmptyField::new("loan.a"), EmptyField::new("loan.b.c"), EmptyField::new("loan.b.d")]).unwrap();
    judged_by_qpdf(&file);
    let names: Vec<String> = inspected(&file).signature_fields.into_iter().map(|field| field.name).collect();
    assert_eq!(names, ["loan.a", "loan.b.c", "loan.b.d"]);
    for pair in [["a", "a"], ["a", "a.b"], ["a.b", "a"], ["a.b.c", "a.b"]] {
        assert_eq!(refused(&plain(Style::Table), &pair.map(EmptyField::new)), ErrorKind::FieldUnusable, "{pair:?}");
    }
    let text = document(Style::Table, "/AcroForm<</Fields[7 0 R]>>", "", &["<</FT/Tx/T(a)>>"]);
    for name in ["a", "a.b"] {
        assert_eq!(refused(&text, &[EmptyField::new(name)]), ErrorKind::FieldUnusable, "{name}");
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let signer = Signer::p256();
    let file = plain(Style::Table);
    assert_eq!(refused(&file, &[]), ErrorKind::InvalidArgument);
    for name in ["", "a..b", "a\u{7}"] {
        assert_eq!(refused(&file, &[EmptyField::new(name)]), ErrorKind::InvalidArgument, "{name:?}");
    }
    let next = |name: &str| EmptyField {
        placement: Placement::NextFree { page: None, size: Size { width: 90.0, height: 30.0 } },
        ..EmptyField::new(name)
    };
    assert!(added(&file, &[next("a")]).is_ok());
    assert_eq!(refused(&file, &[next("a"), next("b")]), ErrorKind::InvalidArgument);
    assert_eq!(refused(&file, &[boxed("a", 3, 20.0)]), ErrorKind::PageNotFound);
    assert_eq!(refused(&file, &[boxed("a", 1, 600.0)]), ErrorKind::BoxUnusable);
    let silent = EmptyField { reasons: vec![String::new()], ..EmptyField::new("a") };
    assert_eq!(refused(&file, &[silent]), ErrorKind::InvalidArgument);
    // What was signed is not added to.
    let signed = signer.sign(&file, &SignatureRequest::new(now())).unwrap();
    assert_eq!(refused(&signed, &[EmptyField::new("a")]), ErrorKind::SigningForbidden);
    let certified = SignatureRequest { certification: Some(DocMdp::FormFilling), ..SignatureRequest::new(now()) };
    assert_eq!(refused(&signer.sign(&file, &certified).unwrap(), &[EmptyField::new("a")]), ErrorKind::SigningForbidden);
}
