//! Text fields of a package's document: filled by its owner before it goes round, shown to who signs, and then left alone.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time, and run the outside judges")]

mod client;

use client::pdf::{small, with_fields};
use client::people::{Person, people};
use client::{Answer, Desk};
use std::process::Command;
use thrivosign::ErrorKind;
use thrivosign::journey::packages::{self, Asked, Package, PackageState, Place};
use thrivosign::journey::templates::{self, RolePlace};
use thrivosign::journey::{Input, Limits};
use thrivosign::remote::package::fill_fields::FillFields;

fn limits() -> Limits {
    Limits::default()
}

/// A draft with the form in it, that Ben is to sign.
fn draft(owner: &Person, pdf: &[u8]) -> Package {
    let package = packages::create(&owner.session, "Lease", None, &limits()).unwrap();
    packages::add_document(&owner.session, &package.package_id, &Input::memory(pdf.to_vec()), "lease.pdf", &limits(), None).unwrap()
}

fn assigned(owner: &Person, package: &Package, user: &str) {
    let place = Place { field: None, page: Some(1), rect: Some([72.0, 72.0, 200.0, 60.0]) };
    let asked = Asked { user, order: 1, document_id: &package.documents[0].document_id, place };
    packages::assign(&owner.session, &package.package_id, &asked, &limits()).unwrap();
}

fn call(package: &Package, key: &str, values: &[(&str, &str)]) -> FillFields {
    FillFields {
        idempotency_key: key.to_owned(),
        package_id: package.package_id.clone(),
        document_id: package.documents[0].document_id.clone(),
        values: values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    }
}

fn judged(program: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, pdf).unwrap();
    let out = Command::new(program).args(arguments).arg(&path).args((program == "pdftotext").then_some("-")).output().unwrap();
    let text = String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned();
    assert!(out.status.success(), "{program}: {text}");
    text
}

fn files(desk: &Desk) -> usize {
    std::fs::read_dir(desk.folder.path().join("documents")).unwrap().count()
}

#[test]
fn a_form_is_filled_shared_and_signed_as_it_is_shown() {
    let (mut desk, people) = people(&["anna", "ben"]);
    let [anna, ben] = &people[..] else { panic!() };
    let package = draft(anna, &with_fields());
    let document = package.documents[0].document_id.clone();
    assigned(anna, &package, "ben");
    let fill = |values: &[(&str, &str)]| packages::fill(&anna.session, &package.package_id, &document, values, &limits());
    let first = fill(&[("tenant", "Somebody Else"), ("rent", "9.00")]).unwrap();
    let second = fill(&[("tenant", "Zo\u{eb} Example"), ("terms", "\u{17B}yrardowska 7, \u{141}\u{F3}d\u{17A}")]).unwrap();
    assert!(first.version < second.version && first.documents[0].sha256 != second.documents[0].sha256);
    assert_eq!(files(&desk), 1, "the one before is gone");
    let shared = packages::share(&anna.session, &package.package_id, &limits()).unwrap();
    assert_eq!(shared.documents, second.documents);
    let seen = ben.fetched(&shared.documents[0]).unwrap();
    assert!(seen.starts_with(&with_fields()));
    let shown = judged("pdftotext", &[], &seen);
    for value in ["Zo\u{eb} Example", "\u{17B}yrardowska 7, \u{141}\u{F3}d\u{17A}", "9.00"] {
        assert!(shown.contains(value), "{value}: {shown}");
    }
    assert!(!shown.contains("Somebody"), "{shown}");
    judged("qpdf", &["--check"], &seen);
    let refused = fill(&[("tenant", "Ben")]).unwrap_err();
    assert_eq!(refused.problem(), Some("package-state"), "it goes round");
    let signed = ben.signs_next(&shared).unwrap();
    assert!(signed.starts_with(&seen));
    assert!(judged("pdfsig", &["-nocert"], &signed).contains("Signature is Valid"));
    assert!(judged("pdftotext", &[], &signed).contains("Zo\u{eb} Example"));
    assert_eq!(packages::status(&anna.session, &package.package_id, &limits()).unwrap().state, PackageState::Completed);
    // After a restart, which sweeps what no record names.
    desk.restart();
    let stands = desk.authed(&anna.token, "GET", &format!("/rssp/agreements/{document}"), &serde_json::Value::Null);
    assert_eq!((stands.body, files(&desk)), (signed, 1));
    let audit = desk.authed(&anna.token, "GET", &format!("/rssp/agreements/{document}/audit"), &serde_json::Value::Null);
    let text = String::from_utf8(audit.body).unwrap();
    assert_eq!(text.matches("fields filled").count(), 2, "{text}");
    assert!(!text.contains("Example"), "a record repeats no values: {text}");
}

#[test]
fn a_field_that_cannot_be_filled_is_named_and_nothing_changes() {
    let (desk, people) = people(&["anna", "ben"]);
    let [anna, ben] = &people[..] else { panic!() };
    let package = draft(anna, &with_fields());
    let refused = |values: &[(&str, &str)]| -> (u16, String, Answer) {
        let answer = anna.send(&desk, &call(&package, values[0].1, values).encode().unwrap());
        (answer.status, answer.problem(), answer)
    };
    let cases = [
        ("nobody", "a", "form-field-unknown"),
        ("number", "b", "form-field-read-only"),
        ("rent", "1234567890", "form-value-too-long"),
        ("tenant", "\u{5C0F}\u{6797}", "form-value-unrepresentable"),
        ("tenant", "two\nlines", "form-value-unrepresentable"),
        ("tenant", "A person whose name is far too long for the box that it is to go in", "form-value-has-no-room"),
    ];
    for (n, (name, value, problem)) in cases.into_iter().enumerate() {
        let mut call = call(&package, &format!("k{n}"), &[("terms", "fine"), (name, value)]);
        let answer = anna.send(&desk, &call.encode().unwrap());
        assert_eq!((answer.status, answer.problem()), (422, problem.to_owned()), "{answer:?}");
        assert_eq!(answer.json()["detail"], format!("field {name}"));
        // To everybody else there is no such package.
        call.idempotency_key = format!("b{n}");
        let answer = ben.send(&desk, &call.encode().unwrap());
        assert_eq!((answer.status, answer.problem()), (404, "package-unknown".to_owned()));
    }
    for (key, values) in [("none", Vec::new()), ("twice", vec![("tenant", "a"), ("tenant", "b")]), ("line", vec![("ten\nant", "a")])] {
        let answer = anna.send(&desk, &call(&package, key, &values).encode().unwrap());
        assert_eq!((answer.status, answer.problem()), (400, "malformed-request".to_owned()), "{key}");
    }
    let stands = packages::status(&anna.session, &package.package_id, &limits()).unwrap();
    assert_eq!(stands, package);
    assert_eq!(files(&desk), 1);
    // Another document is not this package's.
    let other = draft(anna, &small(1));
    let mut stray = call(&package, "stray", &[("tenant", "a")]);
    stray.document_id.clone_from(&other.documents[0].document_id);
    assert_eq!(anna.send(&desk, &stray.encode().unwrap()).problem(), "document-unknown");
    assert_eq!(refused(&[("tenant", "Anna")]).0, 200);
    // Once per key: the second call does no more.
    let once = call(&package, "once", &[("rent", "5.00")]).encode().unwrap();
    let (one, two) = (anna.send(&desk, &once), anna.send(&desk, &once));
    assert_eq!((one.status, &one.body), (200, &two.body));
}

#[test]
fn what_is_signed_is_filled_no_more_and_a_template_stays_empty() {
    let (desk, people) = people(&["anna", "ben"]);
    let [anna, ben] = &people[..] else { panic!() };
    let first = draft(anna, &with_fields());
    assigned(anna, &first, "ben");
    let signed = ben.signs_next(&packages::share(&anna.session, &first.package_id, &limits()).unwrap()).unwrap();
    // Uploaded again, it is a draft's document with a signature in it.
    let again = draft(anna, &signed);
    let error =
        packages::fill(&anna.session, &again.package_id, &again.documents[0].document_id, &[("tenant", "Eve")], &limits()).unwrap_err();
    assert_eq!((error.kind(), error.problem(), error.http_status()), (ErrorKind::DocumentRefused, Some("document-signed"), Some(409)));
    let place = Place { field: None, page: Some(1), rect: Some([72.0, 72.0, 200.0, 60.0]) };
    let places = vec![RolePlace { role: "tenant".to_owned(), order: 1, place }];
    let (input, name) = (Input::memory(with_fields()), "lease.pdf");
    let template = templates::create_of(&anna.session, "Lease", (&input, name), places, &limits(), None).unwrap();
    let leases: Vec<Package> = ["Ben", "Carol"]
        .iter()
        .map(|name| {
            let made = templates::apply(&anna.session, &template.template_id, &[("tenant", "ben")], None, &limits()).unwrap();
            packages::fill(&anna.session, &made.package_id, &made.documents[0].document_id, &[("tenant", name)], &limits()).unwrap()
        })
        .collect();
    for (lease, (mine, other)) in leases.iter().zip([("Ben", "Carol"), ("Carol", "Ben")]) {
        let shared = packages::share(&anna.session, &lease.package_id, &limits()).unwrap();
        let shown = judged("pdftotext", &[], &ben.fetched(&shared.documents[0]).unwrap());
        assert!(shown.contains(mine) && !shown.contains(other), "{shown}");
    }
    let original = desk.authed(&anna.token, "GET", &format!("/rssp/agreements/{}", template.document_id), &serde_json::Value::Null);
    assert_eq!(original.body, with_fields());
}
