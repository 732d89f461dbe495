//! Templates: used again and again, each time with other people, and nobody else's to see or to use.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use crate::client::phone::plain_signature;
use client::pdf::small;
use client::people::{Person, people};
use client::{Answer, Desk};
use sha2::{Digest, Sha256};
use thrivosign::journey::Limits;
use thrivosign::journey::packages::{self, PackageState, Place};
use thrivosign::journey::templates::{self, RolePlace, Template};
use thrivosign::remote::content_digest;
use thrivosign::remote::template::apply::ApplyTemplate;
use thrivosign::remote::template::create::CreateTemplate;

fn limits() -> Limits {
    Limits::default()
}

fn uploaded(desk: &Desk, person: &Person, pdf: &[u8]) -> String {
    let authorization = format!("Bearer {}", person.token);
    let hash: [u8; 32] = Sha256::digest(pdf).into();
    let (digest, key) = (content_digest::encode(&hash), format!("up-{}", person.name));
    let headers = [
        ("X-API-Key", desk.key.as_str()),
        ("Authorization", &authorization),
        ("Content-Type", "application/pdf"),
        ("X-File-Name", "lease.pdf"),
        ("Idempotency-Key", &key),
        ("Content-Digest", &digest),
    ];
    desk.call("POST", "/rssp/agreements", &headers, pdf).text("documentID")
}

fn places() -> Vec<RolePlace> {
    let at = |x: f64| Place { field: None, page: Some(1), rect: Some([x, 72.0, 150.0, 48.0]) };
    vec![
        RolePlace { role: "tenant".to_owned(), order: 1, place: at(72.0) },
        RolePlace { role: "bank".to_owned(), order: 2, place: at(300.0) },
    ]
}

fn made(desk: &Desk, person: &Person, pdf: &[u8]) -> Template {
    templates::create(&person.session, "Lease", &uploaded(desk, person, pdf), places(), &limits()).unwrap()
}

fn refused(answer: &Answer) -> (u16, String) {
    (answer.status, answer.problem())
}

#[test]
fn one_template_makes_many_packages_and_each_goes_its_own_way() {
    let (mut desk, people) = people(&["anna", "ben"]);
    let [anna, ben] = &people[..] else { panic!() };
    let pdf = small(1);
    let template = made(&desk, anna, &pdf);
    assert_eq!(templates::list(&anna.session, &limits()).unwrap(), std::slice::from_ref(&template));
    let cast = [("bank", "anna"), ("tenant", "ben")];
    let first = templates::apply(&anna.session, &template.template_id, &cast, Some(600), &limits()).unwrap();
    let cast = [("tenant", "carol"), ("bank", "anna")];
    let second = templates::apply(&anna.session, &template.template_id, &cast, None, &limits()).unwrap();
    assert_eq!((first.state, first.name.as_str(), first.documents[0].file_name.as_str()), (PackageState::Draft, "Lease", "lease.pdf"));
    assert_ne!(first.documents[0].document_id, second.documents[0].document_id);
    let names: Vec<_> = first.recipients.iter().map(|one| (one.user.as_str(), one.order, one.place.clone())).collect();
    assert_eq!(names, [("ben", 1, places()[0].place.clone()), ("anna", 2, places()[1].place.clone())]);
    let shared = packages::share(&anna.session, &first.package_id, &limits()).unwrap();
    assert_eq!(ben.fetched(&shared.documents[0]).unwrap(), pdf);
    ben.signs_next(&shared).unwrap();
    let signed = anna.signs_next(&shared).unwrap();
    let done = packages::status(&anna.session, &first.package_id, &limits()).unwrap();
    assert_eq!((done.state, done.documents[0].signatures), (PackageState::Completed, 2));
    assert!(signed.starts_with(&pdf));
    // The other one, and the template, have the bytes of before; so after a restart, which sweeps what no record names.
    desk.restart();
    let fetch = |document: &str| desk.authed(&anna.token, "GET", &format!("/rssp/agreements/{document}"), &serde_json::Value::Null).body;
    assert_eq!(fetch(&second.documents[0].document_id), pdf);
    assert_eq!(fetch(&template.document_id), pdf);
    assert_eq!(fetch(&done.documents[0].document_id), signed);
}

#[test]
fn a_template_is_nothing_else_and_nobody_elses() {
    let (desk, people) = people(&["anna", "ben"]);
    let [anna, ben] = &people[..] else { panic!() };
    let template = made(&desk, anna, &small(1));
    let again = CreateTemplate {
        idempotency_key: "k".to_owned(),
        name: "Twice".to_owned(),
        document_id: template.document_id.clone(),
        places: places(),
    };
    assert_eq!(refused(&anna.send(&desk, &again.encode())), (409, "package-state".to_owned()));
    assert_eq!(refused(&ben.send(&desk, &again.encode())), (404, "document-unknown".to_owned()));
    let package = packages::create(&anna.session, "Other", None, &limits()).unwrap();
    let put = format!("/rssp/packages/{}/documents/{}", package.package_id, template.document_id);
    assert_eq!(refused(&desk.authed(&anna.token, "PUT", &put, &serde_json::Value::Null)), (409, "package-state".to_owned()));
    let start = plain_signature("s".to_owned(), template.document_id.clone(), anna.credential.clone());
    assert_eq!(refused(&anna.send(&desk, &start.encode().unwrap())), (409, "package-state".to_owned()), "it is copied, not signed");
    let apply = |key: &str, cast: &[(&str, &str)]| ApplyTemplate {
        idempotency_key: key.to_owned(),
        template_id: template.template_id.clone(),
        recipients: cast.iter().map(|(role, user)| ((*role).to_owned(), (*user).to_owned())).collect(),
        expires_in: None,
    };
    let both = [("tenant", "ben"), ("bank", "anna")];
    for cast in [&both[..1], &[both[0], both[1], ("guest", "ben")], &[both[0], both[0], both[1]]] {
        assert_eq!(refused(&anna.send(&desk, &apply("c", cast).encode().unwrap())), (422, "package-incomplete".to_owned()), "{cast:?}");
    }
    assert_eq!(refused(&ben.send(&desk, &apply("k", &both).encode().unwrap())), (404, "template-unknown".to_owned()));
    assert!(templates::list(&ben.session, &limits()).unwrap().is_empty());
    assert_eq!(templates::remove(&ben.session, &template.template_id, &limits()).unwrap_err().problem(), Some("template-unknown"));
    // Once per key.
    let use_it = apply("once", &both).encode().unwrap();
    let (first, second) = (anna.send(&desk, &use_it), anna.send(&desk, &use_it));
    assert_eq!((first.status, second.status), (201, 201), "{first:?}");
    assert_eq!(first.body, second.body);
    assert_eq!(std::fs::read_dir(desk.folder.path().join("documents")).unwrap().count(), 2, "the agreement and one copy");
    templates::remove(&anna.session, &template.template_id, &limits()).unwrap();
    assert_eq!(anna.send(&desk, &start.encode().unwrap()).status, 201, "an agreement again");
    let off = [RolePlace { role: "r".to_owned(), order: 1, place: Place { field: None, page: Some(9), rect: Some([1.0, 1.0, 9.0, 9.0]) } }];
    let error = templates::create(&anna.session, "Off", &template.document_id, off.to_vec(), &limits()).unwrap_err();
    assert_eq!(error.problem(), Some("field-refused"));
}
