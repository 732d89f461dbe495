//! The record that a signature carries: what it says, that the signature covers it, and that nothing is asked of the key where it may not be.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests are an edge")]

use super::carried::Carried;
use super::deferred::{complete, prepare};
use super::input::Input;
use super::orders::{Orders, SigningOrder};
use super::output::Target;
use super::retry::Limits;
use super::sign::{SignOptions, sign};
use super::sign_tests::{person, visible};
use crate::crypto::digest::sha256;
use crate::error::{ErrorKind, Result};
use crate::key::DeviceKeyStore;
use crate::pdf::{Document, Object, name_tree};
use crate::sign::PreflightPolicy;
use crate::sign::testing::{Style, plain};
use serde_json::{Value, json};

/// The record in a signed document, by the schema.
fn record(pdf: &[u8]) -> Value {
    let document = Document::open(&pdf).unwrap();
    let view = document.latest();
    let names = view.get_dict(&view.catalog().unwrap(), b"Names").unwrap().unwrap();
    let tree = view.get_dict(&names, b"EmbeddedFiles").unwrap().unwrap();
    let names = name_tree::names(view, &tree).unwrap();
    let specification = view.resolve(&names[&b"thrivosign-evidence.json"[..]]).unwrap();
    let files = view.get_dict(specification.as_dict().unwrap(), b"EF").unwrap().unwrap();
    let Object::Stream(stream) = view.get(&files, b"UF").unwrap() else { panic!("no file") };
    let record = serde_json::from_slice(&view.stream_data(&stream).unwrap()).unwrap();
    let schema = serde_json::from_str(include_str!("../../docs/schema/evidence-1.json")).unwrap();
    let errors: Vec<String> = jsonschema::validator_for(&schema).unwrap().iter_errors(&record).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}\n{record:#}");
    record
}

fn signed(file: &[u8], change: &dyn Fn(SignOptions<'_>) -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    let policy = PreflightPolicy::report();
    let carry = Some(Carried { consent: Some("I agree to \u{a7} 14."), key: None });
    change(SignOptions { carry, shown: Some(sha256(file)), preflight: Some(&policy), ..SignOptions::default() })
}

#[test]
fn the_record_says_what_was_shown_found_and_agreed_to_and_is_signed_along() {
    let person = person();
    for style in [Style::Table, Style::Stream] {
        let file = plain(style);
        let at_once = |options: SignOptions<'_>| {
            let mut out = Vec::new();
            sign(&Input::memory(file.clone()), Target::Memory(&mut out), &visible(), person.key(), options, &Limits::default(), None)?;
            Ok(out)
        };
        let in_two_parts = |options: SignOptions<'_>| {
            let (input, limits, mut out) = (Input::memory(file.clone()), Limits::default(), Vec::new());
            let paused = prepare(&input, &visible(), &person.identity, options, &limits, None)?;
            let value = paused.answer(person.key(), &limits)?;
            complete(&paused, &value, &input, Target::Memory(&mut out), options, &limits, None)?;
            Ok(out)
        };
        for (way, at_hand) in [(&at_once as &dyn Fn(SignOptions<'_>) -> Result<Vec<u8>>, true), (&in_two_parts, false)] {
            let out = signed(&file, way).unwrap();
            person.clean(&out, 1);
            let record = record(&out);
            let hex: String = sha256(&file).iter().map(|b| format!("{b:02x}")).collect();
            assert_eq!(record["document"], json!({ "sha256": hex, "size": file.len(), "shown": true }));
            assert_eq!((&record["consent"], &record["preflight"]["policy"]), (&json!("I agree to \u{a7} 14."), &json!("report")));
            assert_eq!(record["order"], Value::Null);
            // What is prepared for a key elsewhere says nothing of it.
            assert_eq!(record["key"]["protection"], if at_hand { json!("software") } else { Value::Null });
            // Changed by one letter, it is no longer what was signed.
            let at = out.windows(8).rposition(|window| window == b"I agree ").unwrap();
            let mut forged = out.clone();
            forged[at] = b'U';
            assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| person.clean(&forged, 1))).is_err());
        }
    }
}

#[test]
fn no_key_is_asked_where_the_document_may_carry_nothing() {
    let person = person();
    let at_once = |file: &[u8], options: SignOptions<'_>| {
        let mut out = Vec::new();
        sign(&Input::memory(file.to_vec()), Target::Memory(&mut out), &visible(), person.key(), options, &Limits::default(), None)?;
        Ok(out)
    };
    let once = at_once(&plain(Style::Table), SignOptions::default()).unwrap();
    let before = person.uses();
    let refused = signed(&once, &|options| at_once(&once, options)).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::SigningForbidden);
    let file = plain(Style::Table);
    let other = crate::key::software::SoftwareKeyStore::new();
    let spec = crate::key::KeySpec::new(crate::crypto::KeyAlgorithm::P256, crate::key::KeyPurpose::Signing);
    let other = other.create("other", &spec).unwrap();
    let long = "x".repeat((64 << 10) + 1);
    let wrong = |carry| at_once(&file, SignOptions { carry: Some(carry), ..SignOptions::default() }).unwrap_err().kind();
    assert_eq!(wrong(Carried { consent: None, key: Some(&other) }), ErrorKind::CertificateForeign);
    assert_eq!(wrong(Carried { consent: Some(&long), key: None }), ErrorKind::InvalidArgument);
    assert_eq!(person.uses(), before, "nobody was asked");
}

#[test]
fn an_order_carries_its_own_consent() {
    let (person, folder) = (person(), tempfile::tempdir().unwrap());
    let orders = Orders::open(&folder.path().join("orders"), &[3; 32]).unwrap();
    let (target, input, request) = (folder.path().join("out.pdf"), Input::memory(plain(Style::Table)), visible());
    let options = SignOptions { carry: Some(Carried::default()), ..SignOptions::default() };
    let order = SigningOrder { options, consent: Some("I agree."), ..SigningOrder::new("loan", &input, &target, &request, person.key()) };
    let done = orders.sign(&order, &Limits::default(), None).unwrap();
    let out = std::fs::read(&target).unwrap();
    person.clean(&out, 1);
    let (carried, kept): (Value, Value) = (record(&out), serde_json::from_str(&orders.evidence(&done.name).unwrap()).unwrap());
    for part in ["document", "consent", "key"] {
        assert_eq!(carried[part], kept[part], "{part}");
    }
}
