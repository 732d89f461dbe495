//! Signing over the wire: submit mode from preparation to the filed document, device mode's filing, and what is refused.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use client::pdf::small;
use client::phone::{Phone, openssl_csr, sign};
use client::{Answer, Desk};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::process::Command;
use thrivosign::crypto::digest::DigestAlgorithm;
use thrivosign::pdf::Document;
use thrivosign::pki::algorithm::SignatureAlgorithm;
use thrivosign::pki::certificate::Certificate;
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::remote::audit::Audit;
use thrivosign::remote::complete_signature::CompleteSignature;
use thrivosign::remote::content_digest;
use thrivosign::remote::start_signature::{Level, PreparedSignature, StartSignature};
use thrivosign::sign::{SignatureRequest, SigningIdentity, prepare};
use thrivosign::verify::{Policy, Report, VerifyOptions, verify};
use thrivosign::{Progress, Time};

struct Bench {
    desk: Desk,
    token: String,
    phone: Phone,
    credential: String,
    chain: Vec<Vec<u8>>,
}

/// A desk with an activated credential.
fn bench() -> Bench {
    let desk = Desk::open();
    let (token, _) = desk.login();
    let phone = Phone::new("phone-1");
    assert_eq!(phone.register(&desk, &token).status, 201);
    let (credential, chain) = phone.enrol(&desk, &token);
    assert_eq!(phone.activate(&desk, &token, &credential).status, 200);
    Bench { desk, token, phone, credential, chain }
}

impl Bench {
    fn upload(&self, path: &str, pdf: &[u8]) -> Answer {
        let authorization = format!("Bearer {}", self.token);
        let sha256 = Sha256::digest(pdf);
        let digest = content_digest::encode(&sha256.into());
        let key: String = sha256.iter().map(|b| format!("{b:02x}")).collect();
        let headers = [
            ("X-API-Key", self.desk.key.as_str()),
            ("Authorization", &authorization),
            ("Content-Type", "application/pdf"),
            ("X-File-Name", "a.pdf"),
            ("Idempotency-Key", &key),
            ("Content-Digest", &digest),
        ];
        self.desk.call("POST", path, &headers, pdf)
    }

    fn submitted(&self, pdf: &[u8]) -> String {
        let answer = self.upload("/rssp/agreements", pdf);
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.text("documentID")
    }

    fn wanted(&self, document: &str, key: &str) -> StartSignature {
        StartSignature {
            idempotency_key: key.to_owned(),
            document_id: document.to_owned(),
            credential_id: self.credential.clone(),
            field: None,
            page: None,
            rect: None,
            reason: Some("I agree".to_owned()),
            location: None,
            contact: None,
            appearance_text: None,
            appearance_image: false,
            level: Level::BB,
        }
    }

    fn start(&self, wanted: &StartSignature) -> PreparedSignature {
        let answer = self.desk.send(&self.token, &wanted.encode().unwrap());
        assert_eq!(answer.status, 201, "{answer:?}");
        PreparedSignature::decode(&answer.wire()).unwrap()
    }

    fn put(&self, document: &str, id: &str, signature: Vec<u8>, algorithm: &str) -> Answer {
        let call =
            CompleteSignature { document_id: document.to_owned(), signature_id: id.to_owned(), signature, sign_algo: algorithm.to_owned() };
        self.desk.send(&self.token, &call.encode().unwrap())
    }

    fn sign(&self, document: &str, prepared: &PreparedSignature) -> Answer {
        let value = sign(&self.phone.signing, &prepared.signed_attributes);
        self.put(document, &prepared.signature_id, value, "ecdsa-sha256")
    }

    fn fetch(&self, document: &str) -> Vec<u8> {
        let answer = self.desk.authed(&self.token, "GET", &format!("/rssp/agreements/{document}"), &Value::Null);
        assert_eq!(answer.status, 200);
        answer.body
    }

    fn report(&self, pdf: &[u8]) -> Report {
        let root = self.desk.running.as_ref().unwrap().root_pem().to_owned();
        let trust = TrustAnchors::from_pem(root.as_bytes()).unwrap();
        let options = VerifyOptions { trust: &trust, time: now(), policy: Policy::default(), password: None, evidence: None };
        verify(&pdf.to_vec(), &options, &Progress::default()).unwrap()
    }

    /// Signed on the device, as device mode does.
    fn signed_here(&self, pdf: &[u8], phone: &Phone) -> Vec<u8> {
        let chain: Vec<Certificate> = self.chain.iter().map(|der| Certificate::from_der(der).unwrap()).collect();
        let identity = SigningIdentity::new(chain, SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256)).unwrap();
        let source = pdf.to_vec();
        let document = Document::open(&source).unwrap();
        let prepared = prepare(&document, &SignatureRequest::new(now()), &identity, [7; 16], &Progress::default()).unwrap();
        let unsigned = prepared.to_be_signed().unwrap();
        let value = unsigned.accept(&sign(&phone.signing, unsigned.message())).unwrap();
        let mut out = Vec::new();
        prepared.complete(&value, &source, &mut out, &Progress::default()).unwrap();
        out
    }
}

fn now() -> Time {
    thrivosign::host::clock::now()
}

#[test]
fn submit_mode_files_a_document_that_outside_judges_accept() {
    let mut bench = bench();
    let pdf = small(3);
    let document = bench.submitted(&pdf);
    let mut wanted = bench.wanted(&document, "s1");
    wanted.page = Some(2);
    wanted.rect = Some([72.0, 72.0, 200.0, 60.0]);
    let prepared = bench.start(&wanted);
    assert_eq!(prepared.revision_offset, pdf.len() as u64);
    let again = bench.start(&wanted);
    assert!(again == prepared, "the same call gets the same answer");
    assert_eq!(bench.fetch(&document), pdf, "prepared is not signed");
    bench.desk.restart();
    let done = bench.sign(&document, &prepared);
    assert_eq!((done.status, done.text("state").as_str(), done.text("level").as_str()), (200, "completed", "B-B"), "{done:?}");
    let signed = bench.fetch(&document);
    assert!(signed.starts_with(&pdf) && signed.len() == pdf.len() + prepared.revision.len());
    let report = bench.report(&signed);
    assert!(report.clean && report.signatures.len() == 1);
    assert_eq!(report.signatures[0].reason.as_deref(), Some("I agree"));

    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("signed.pdf");
    std::fs::write(&file, &signed).unwrap();
    let output = Command::new("pdfsig").arg(&file).output().expect("pdfsig is installed");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("Signature is Valid.") && said.contains("Total document signed"), "{said}");
    let output = Command::new("qpdf").arg("--check").arg(&file).output().expect("qpdf is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let audit = bench.desk.authed(&bench.token, "GET", &format!("/rssp/agreements/{document}/audit"), &Value::Null);
    let records = Audit::decode(&audit.wire()).unwrap().0;
    let actions: Vec<&str> = records.iter().map(|record| record.action.as_str()).collect();
    assert_eq!(actions, ["submitted", "prepared", "signed"]);
    for record in &records {
        assert_eq!(record.hash, <[u8; 32]>::from(Sha256::digest(record.to_be_hashed())));
    }
    assert_eq!(std::fs::read_dir(bench.desk.folder.path().join("documents")).unwrap().count(), 1, "the version before is gone");
}

#[test]
fn submit_mode_takes_rsa_3072_made_and_used_by_openssl() {
    let mut bench = bench();
    let place = tempfile::tempdir().unwrap();
    let challenge = bench.phone.challenge(&bench.desk, &bench.token);
    let csr = openssl_csr(place.path(), &["-newkey", "rsa:3072", "-sha256"], &challenge);
    let request = bench.phone.request("rsa", csr, &bench.desk.code());
    bench.credential = bench.desk.send(&bench.token, &request.encode()).text("credentialID");
    assert_eq!(bench.phone.activate(&bench.desk, &bench.token, &bench.credential).status, 200);
    let document = bench.submitted(&small(1));
    let prepared = bench.start(&bench.wanted(&document, "s1"));
    let message = place.path().join("message");
    std::fs::write(&message, &prepared.signed_attributes).unwrap();
    let mut openssl = Command::new("openssl");
    openssl.args(["dgst", "-sha256", "-sign"]).arg(place.path().join("key.pem")).arg(&message);
    let value = openssl.output().expect("openssl is installed").stdout;
    assert_eq!(value.len(), 384);
    let answer = bench.put(&document, &prepared.signature_id, value, "rsa-pkcs1-sha256");
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(bench.report(&bench.fetch(&document)).clean);
}

#[test]
fn a_completed_signature_answers_the_same_value_alone() {
    let bench = bench();
    let document = bench.submitted(&small(1));
    let prepared = bench.start(&bench.wanted(&document, "s1"));
    let value = sign(&bench.phone.signing, &prepared.signed_attributes);
    let put = |value: &[u8], algorithm: &str| bench.put(&document, &prepared.signature_id, value.to_vec(), algorithm);
    let other = sign(&bench.phone.authentication, &prepared.signed_attributes);
    let foreign = sign(&bench.phone.signing, b"something else");
    for wrong in [&other[..], &foreign, &value[..value.len() - 1], b""] {
        let answer = put(wrong, "ecdsa-sha256");
        assert_eq!((answer.status, answer.problem().as_str()), (422, "signature-wrong"));
    }
    for algorithm in ["ecdsa-sha512", "rsa-pkcs1-sha256", "none"] {
        assert_eq!(put(&value, algorithm).problem(), "signature-wrong", "{algorithm}");
    }
    let first = put(&value, "ecdsa-sha256");
    let again = put(&value, "ecdsa-sha256");
    assert_eq!((first.status, again.status, &first.body), (200, 200, &again.body));
    let answer = put(&other, "ecdsa-sha256");
    assert_eq!((answer.status, answer.problem().as_str()), (409, "signing-conflict"));
    let unknown = bench.put(&document, "sig-0", value.clone(), "ecdsa-sha256");
    assert_eq!((unknown.status, unknown.problem().as_str()), (404, "signature-unknown"));
    assert_eq!(bench.put("doc-0", &prepared.signature_id, value, "ecdsa-sha256").problem(), "document-unknown");
}

#[test]
fn of_two_prepared_signatures_only_one_follows_the_document() {
    let bench = bench();
    let document = bench.submitted(&small(1));
    let (one, two) = (bench.start(&bench.wanted(&document, "s1")), bench.start(&bench.wanted(&document, "s2")));
    assert_eq!(bench.sign(&document, &two).status, 200);
    let late = bench.sign(&document, &one);
    assert_eq!((late.status, late.problem().as_str()), (409, "signing-conflict"));
    let third = bench.start(&bench.wanted(&document, "s3"));
    assert_eq!(bench.sign(&document, &third).status, 200, "a second signature over the first");
    let report = bench.report(&bench.fetch(&document));
    assert!(report.clean && report.signatures.len() == 2);
}

#[test]
fn what_cannot_be_prepared_is_refused_before_any_key_is_asked() {
    let bench = bench();
    let document = bench.submitted(&small(1));
    // Each its own idempotency key: with one key for two requests the service would answer for that.
    let asked = std::cell::Cell::new(0);
    let refused = |change: &dyn Fn(&mut StartSignature)| {
        asked.set(asked.get() + 1);
        let mut wanted = bench.wanted(&document, &format!("k{}", asked.get()));
        change(&mut wanted);
        let answer = bench.desk.send(&bench.token, &wanted.encode().unwrap());
        (answer.status, answer.problem())
    };
    let of = |status: u16, problem: &str| (status, problem.to_owned());
    assert_eq!(refused(&|w| w.page = Some(1)), of(400, "malformed-request"));
    let page = |page, rect| refused(&|w: &mut StartSignature| (w.page, w.rect) = (Some(page), Some(rect)));
    assert_eq!(page(9, [10.0, 10.0, 100.0, 50.0]), of(422, "field-refused"));
    assert_eq!(page(0, [10.0, 10.0, 100.0, 50.0]), of(422, "field-refused"));
    assert_eq!(page(1, [10.0, 10.0, 9999.0, 50.0]), of(422, "field-refused"));
    assert_eq!(page(1, [10.0, 10.0, 0.0, 50.0]), of(422, "field-refused"));
    assert_eq!(page(1, [1e308, 1e308, 1e308, 1e308]), of(422, "field-refused"));
    assert_eq!(refused(&|w| w.field = Some("a..b".to_owned())), of(422, "field-refused"));
    assert_eq!(refused(&|w| w.credential_id = "cred-0".to_owned()), of(404, "credential-unknown"));
    assert_eq!(refused(&|w| w.document_id = "doc-0".to_owned()), of(404, "document-unknown"));
}

#[test]
fn only_an_activated_credential_signs() {
    let bench = bench();
    let document = bench.submitted(&small(1));
    let prepared = bench.start(&bench.wanted(&document, "s1"));
    let revoke = format!("/rssp/certificates/{}/revoke", bench.credential);
    assert_eq!(bench.desk.authed(&bench.token, "POST", &revoke, &json!({"reason": "superseded"})).status, 200);
    let late = bench.sign(&document, &prepared);
    assert_eq!((late.status, late.problem().as_str()), (409, "credential-state"), "revoked between preparing and completing");
    let answer = bench.desk.send(&bench.token, &bench.wanted(&document, "s2").encode().unwrap());
    assert_eq!((answer.status, answer.problem().as_str()), (409, "credential-state"));
    let (fresh, _) = Phone::new("phone-1").enrol(&bench.desk, &bench.token);
    let mut wanted = bench.wanted(&document, "s3");
    wanted.credential_id = fresh;
    assert_eq!(bench.desk.send(&bench.token, &wanted.encode().unwrap()).problem(), "credential-state", "New does not sign");
}

#[test]
fn device_mode_files_what_is_clean_and_the_users_own() {
    let bench = bench();
    let pdf = small(2);
    let signed = bench.signed_here(&pdf, &bench.phone);
    let answer = bench.upload("/rssp/agreements/filed", &signed);
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!((answer.json()["signatures"].as_u64(), answer.json()["pages"].as_u64()), (Some(1), Some(2)));
    assert_eq!(bench.fetch(&answer.text("documentID")), signed);

    let refused = |pdf: &[u8]| {
        let answer = bench.upload("/rssp/agreements/filed", pdf);
        (answer.status, answer.problem())
    };
    let mut altered = signed.clone();
    let at = altered.windows(9).position(|w| w == b"Agreement").unwrap();
    altered[at] = b'a';
    assert_eq!(refused(&altered), (422, "filed-signature-refused".to_owned()));
    let mut more = signed.clone();
    more.extend_from_slice(b"% one more comment\n");
    assert_eq!(refused(&more), (422, "filed-signature-refused".to_owned()));

    // Another server's credential: its root is not ours.
    let other = self::bench();
    let foreign = other.signed_here(&pdf, &other.phone);
    assert_eq!(refused(&foreign), (422, "filed-signature-refused".to_owned()));
    // Behind the other party's signature, which our root does not know, this user's may stand; before it, it may not.
    let both = bench.signed_here(&foreign, &bench.phone);
    assert_eq!(bench.upload("/rssp/agreements/filed", &both).status, 201);
    let reversed = other.signed_here(&signed, &other.phone);
    assert_eq!(refused(&reversed), (422, "filed-signature-refused".to_owned()));
    // Another user of this server.
    let desk = bench.desk.with(|config| {
        if let Some(seed) = &mut config.seed {
            seed.username = "ben".to_owned();
        }
    });
    let (ben, _) = desk.login_as("ben", client::PASSWORD);
    let bens = Bench { desk, token: ben, phone: bench.phone, credential: bench.credential, chain: bench.chain };
    let answer = bens.upload("/rssp/agreements/filed", &signed);
    assert_eq!((answer.status, answer.problem().as_str()), (422, "filed-signature-refused"));
    assert_eq!(answer.json()["findings"], json!(["signer_not_this_user"]));
}
