//! Revocation as strangers see it: openssl's OCSP client and CRL reader, and the library's own judgement of a path.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use base64ct::{Base64, Encoding};
use client::phone::Phone;
use client::trust::{Bench, call, get, openssl, pem};
use client::{Desk, trust};
use serde_json::json;
use std::time::{Duration, Instant};
use thrivosign::host::clock;
use thrivosign::pki::revocation::{Crl, OcspRequest, OcspResponse, Revocation, RevocationData};
use thrivosign::pki::{Certificate, PathFailure, PathInputs, RevocationMode, Role, TrustAnchors, path};

const ISSUING: &str = "/crl/issuing.crl";
const DELTA: &str = "/crl/issuing-delta.crl";
const ROOT: &str = "/crl/root.crl";

/// An enrolled phone and what its certificate stands under.
struct Enrolled {
    desk: Desk,
    token: String,
    phone: Phone,
    credential: String,
    chain: Vec<Certificate>,
    bench: Bench,
}

fn enrolled() -> Enrolled {
    let desk = Desk::open();
    let (token, _) = desk.login();
    let phone = Phone::new("phone-1");
    assert_eq!(phone.register(&desk, &token).status, 201);
    let (credential, chain) = phone.enrol(&desk, &token);
    let bench = Bench::new();
    for (name, der) in ["leaf", "issuing", "root"].iter().zip(&chain) {
        bench.pem(&format!("{name}.pem"), "CERTIFICATE", der);
    }
    let chain = chain.iter().map(|der| Certificate::from_der(der).unwrap()).collect();
    Enrolled { desk, token, phone, credential, chain, bench }
}

impl Enrolled {
    fn revoke(&self, credential: &str, reason: &str) {
        let path = format!("/rssp/certificates/{credential}/revoke");
        assert_eq!(self.desk.authed(&self.token, "POST", &path, &json!({"reason": reason})).status, 200);
    }

    /// What openssl's client hears from the responder by POST.
    fn ocsp(&self, more: &[&str]) -> String {
        let [leaf, issuing, root] = ["leaf.pem", "issuing.pem", "root.pem"].map(|name| self.bench.name(name));
        let url = format!("{}/ocsp", trust::base(&self.desk));
        let fixed = ["-cert", &leaf, "-url", &url, "-CAfile", &root, "-verify_other", &issuing];
        let (_, said) = openssl(&[&["ocsp", "-issuer", &issuing][..], more, &fixed].concat());
        assert!(said.contains("Response verify OK"), "{said}");
        said
    }

    /// What openssl says of the leaf with these lists.
    fn with_lists(&self, lists: &[&[u8]], more: &[&str]) -> (bool, String) {
        let all: String = lists.iter().map(|der| pem("X509 CRL", der)).collect();
        let lists = self.bench.put("lists.pem", all.as_bytes());
        let [leaf, issuing, root] = ["leaf.pem", "issuing.pem", "root.pem"].map(|name| self.bench.name(name));
        let fixed = ["verify", "-crl_check_all", "-CAfile", &root, "-untrusted", &issuing, "-CRLfile", &lists];
        openssl(&[&fixed, more, &[&leaf]].concat())
    }

    fn judge(&self, data: &RevocationData) -> Result<Vec<Revocation>, PathFailure> {
        let mut anchors = TrustAnchors::new();
        anchors.add(self.chain[2].clone());
        let inputs =
            PathInputs { revocation: RevocationMode::Require, data: Some(data), ..PathInputs::at(clock::now().plus(1), Role::Signer) };
        path::validate(&self.chain[0], &self.chain, &anchors, &inputs).map(|valid| valid.revocation)
    }

    /// The library's client: GET if the address is short enough.
    fn ask(&self, nonce: Option<&[u8]>) -> OcspResponse {
        let request = OcspRequest::new(&[(&self.chain[0], &self.chain[1])], nonce).unwrap();
        let url = &self.chain[0].ocsp_urls()[0];
        assert_eq!(*url, format!("{}/ocsp", trust::base(&self.desk)), "the certificate leads to the responder");
        let answer = match request.get_url(url) {
            Some(address) => get(&self.desk, address.strip_prefix(&trust::base(&self.desk)).unwrap()),
            None => call(&self.desk, "POST", "/ocsp", "application/ocsp-request", request.der()),
        };
        let response = OcspResponse::from_der(&answer.body).unwrap();
        request.check_answer(&response).unwrap();
        assert!(nonce.is_none_or(|nonce| response.nonce().is_some_and(|given| given.ends_with(nonce))));
        assert_eq!(response.nonce().is_some(), nonce.is_some());
        response
    }

    fn list(&self, path: &str) -> Crl {
        let crl = Crl::from_der(&get(&self.desk, path).body).unwrap();
        assert!(crl.is_usable());
        crl
    }
}

#[test]
fn openssl_hears_good_then_revoked_within_five_seconds() {
    let mut all = enrolled();
    for more in [&["-nonce"][..], &["-no_nonce"], &["-sha256"], &["-sha384", "-no_nonce"]] {
        let said = all.ocsp(more);
        assert!(said.contains("leaf.pem: good") && !said.contains("WARNING"), "{said}");
    }
    let serial = all.bench.read("leaf.pem").len().to_string();
    let said = all.ocsp(&["-serial", &serial]);
    assert!(said.contains("leaf.pem: good") && said.contains(&format!("{serial}: unknown")), "{said}");
    let before = all.ask(None);
    all.revoke(&all.credential, "keyCompromise");
    let revoked = Instant::now();
    loop {
        let said = all.ocsp(&[]);
        if said.contains("leaf.pem: revoked") {
            assert!(said.contains("Reason: keyCompromise") && said.contains("Revocation Time:"), "{said}");
            break;
        }
        assert!(revoked.elapsed() < Duration::from_secs(5), "{said}");
    }
    assert_ne!(before.der(), all.ask(None).der());
    all.desk.restart();
    assert!(all.ocsp(&[]).contains("leaf.pem: revoked"), "a restart keeps it, at the address of before");
}

#[test]
fn answers_by_get_may_be_cached_for_seconds_and_those_to_a_nonce_never() {
    let all = enrolled();
    let request = OcspRequest::new(&[(&all.chain[0], &all.chain[1])], None).unwrap();
    let text = Base64::encode_string(request.der());
    let escaped = format!("/ocsp/{}", client::encode(&text));
    let plain = format!("/ocsp/{text}");
    for path in [&escaped, &plain] {
        let answer = get(&all.desk, path);
        assert_eq!(answer.header("content-type"), Some("application/ocsp-response"));
        assert_eq!(answer.header("cache-control"), Some("max-age=4, public, no-transform, must-revalidate"));
        for name in ["expires", "last-modified", "etag"] {
            assert!(answer.header(name).is_some_and(|value| !value.is_empty()), "{name}");
        }
        let response = all.bench.put("response.der", &answer.body);
        let [leaf, issuing, root] = ["leaf.pem", "issuing.pem", "root.pem"].map(|name| all.bench.name(name));
        let fixed = ["ocsp", "-respin", &response, "-issuer", &issuing, "-cert", &leaf, "-CAfile", &root, "-verify_other", &issuing];
        let (_, said) = openssl(&fixed);
        assert!(said.contains("Response verify OK") && said.contains("leaf.pem: good"), "{said}");
    }
    let request = OcspRequest::new(&[(&all.chain[0], &all.chain[1])], Some(&[7; 32])).unwrap();
    let answer = call(&all.desk, "POST", "/ocsp", "application/ocsp-request", request.der());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[test]
fn openssl_reads_the_lists_and_finds_the_revoked() {
    let all = enrolled();
    let [complete, delta, root] = [ISSUING, DELTA, ROOT].map(|path| {
        let answer = get(&all.desk, path);
        assert_eq!(answer.header("content-type"), Some("application/pkix-crl"));
        assert!(answer.header("cache-control").is_some_and(|value| value.starts_with("max-age=30,")));
        answer.body
    });
    for (der, issuer) in [(&complete, "issuing.pem"), (&delta, "issuing.pem"), (&root, "root.pem")] {
        let file = all.bench.put("list.crl", der);
        let (good, said) = openssl(&["crl", "-inform", "DER", "-in", &file, "-noout", "-text", "-CAfile", &all.bench.name(issuer)]);
        assert!(good && said.contains("verify OK") && said.contains("No Revoked Certificates"), "{said}");
        assert_eq!(said.contains("X509v3 Freshest CRL"), *der == complete, "{said}");
        assert_eq!(said.contains("X509v3 Delta CRL Indicator: critical"), *der == delta, "{said}");
    }
    let (good, said) = all.with_lists(&[&complete, &root], &[]);
    assert!(good, "{said}");
    all.revoke(&all.credential, "superseded");
    let revoked = Instant::now();
    loop {
        let now = get(&all.desk, ISSUING).body;
        let (good, said) = all.with_lists(&[&now, &root], &[]);
        if !good {
            assert!(said.contains("certificate revoked"), "{said}");
            let file = all.bench.put("list.crl", &now);
            let (_, said) = openssl(&["crl", "-inform", "DER", "-in", &file, "-noout", "-text"]);
            assert!(said.contains("Superseded") && said.matches("Serial Number:").count() == 1, "{said}");
            break;
        }
        assert!(revoked.elapsed() < Duration::from_secs(60), "{said}");
    }
    // Who holds the complete list of before learns it from the delta list alone.
    let delta = get(&all.desk, DELTA).body;
    let (good, said) = all.with_lists(&[&complete, &root, &delta], &["-use_deltas", "-extended_crl"]);
    assert!(!good && said.contains("certificate revoked"), "{said}");
}

#[test]
fn the_librarys_path_needs_the_answers_and_believes_them() {
    let all = enrolled();
    let nothing = RevocationData::default();
    assert!(matches!(all.judge(&nothing), Err(PathFailure::RevocationUnknown)), "{:?}", all.judge(&nothing));
    let by_ocsp = |nonce: Option<&[u8]>| RevocationData { ocsp: vec![all.ask(nonce)], crls: vec![all.list(ROOT)] };
    let by_list = || RevocationData { ocsp: Vec::new(), crls: vec![all.list(ISSUING), all.list(ROOT)] };
    let old = all.list(ISSUING);
    for data in [by_ocsp(None), by_ocsp(Some(&[9; 16])), by_list()] {
        let found = all.judge(&data).unwrap();
        assert!(found.iter().all(|one| matches!(one, Revocation::Good(_))) && found.len() == 2, "{found:?}");
    }
    all.revoke(&all.credential, "cessationOfOperation");
    let by_delta = RevocationData { ocsp: Vec::new(), crls: vec![old, all.list(DELTA), all.list(ROOT)] };
    for data in [by_ocsp(None), by_ocsp(Some(&[9; 16])), by_list(), by_delta] {
        assert!(matches!(all.judge(&data), Err(PathFailure::Revoked { .. })), "{:?}", all.judge(&data));
    }
}

#[test]
fn numbers_rise_with_the_content_and_never_tell_two_lists() {
    let mut all = enrolled();
    let number = |all: &Enrolled, path: &str| u64::from_str_radix(&hex(all.list(path).number().unwrap()), 16).unwrap();
    let first = get(&all.desk, ISSUING).body;
    let one = number(&all, ISSUING);
    assert_eq!(get(&all.desk, ISSUING).body, first, "nothing new, the same list");
    assert_eq!(number(&all, DELTA), one, "complete and delta list of one number");
    all.desk.restart();
    assert_eq!(get(&all.desk, ISSUING).body, first, "over a restart too");
    let (second, _) = all.phone.enrol(&all.desk, &all.token);
    assert_eq!(get(&all.desk, ISSUING).body, first, "an issuance is no revocation");
    all.revoke(&second, "unspecified");
    let two = number(&all, ISSUING);
    assert!(two > one);
    all.revoke(&all.credential, "unspecified");
    let three = number(&all, ISSUING);
    assert!(three > two);
    all.desk.pass(2 * 3600);
    let four = number(&all, ISSUING);
    assert!(four > three, "an old list is renewed");
    let root = number(&all, ROOT);
    assert_eq!(number(&all, ROOT), root);
    all.desk.pass(40 * 86_400);
    assert!(number(&all, ROOT) > root && number(&all, ISSUING) > four);
    // A clock that goes back makes new lists, never an old number again.
    let five = number(&all, ISSUING);
    all.desk.pass(-41 * 86_400);
    assert!(number(&all, ISSUING) > five);
    let file = all.bench.put("list.crl", &get(&all.desk, ISSUING).body);
    let (_, said) = openssl(&["crl", "-inform", "DER", "-in", &file, "-noout", "-text"]);
    assert!(said.matches("Serial Number:").count() == 2 && !said.contains("Reason Code"), "no reason is no extension: {said}");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_folder_of_an_older_server_gets_what_it_lacks() {
    let all = enrolled();
    all.revoke(&all.credential, "keyCompromise");
    let Enrolled { mut desk, token, phone, chain, bench, credential } = all;
    desk.running.take().unwrap().shutdown();
    for name in ["ocsp.key.pem", "ocsp.pem", "tsa.key.pem", "tsa.pem"] {
        std::fs::remove_file(desk.folder.path().join(name)).unwrap();
    }
    let store = rusqlite::Connection::open(desk.folder.path().join("store.db")).unwrap();
    store
        .execute_batch(
            "DROP TABLE signature_images; DROP TABLE crls; DROP TABLE numbers; DROP TABLE services; DROP INDEX credentials_revocation;
             ALTER TABLE credentials DROP COLUMN revocation; ALTER TABLE signatures DROP COLUMN level;
             ALTER TABLE families DROP COLUMN bound_key; DROP TABLE clients; DROP INDEX families_client;
             ALTER TABLE families DROP COLUMN client; ALTER TABLE families DROP COLUMN bound_certificate;
             ALTER TABLE credentials DROP COLUMN level; ALTER TABLE credentials DROP COLUMN attestation;
             ALTER TABLE devices DROP COLUMN attestation; ALTER TABLE devices DROP COLUMN app_key;
             ALTER TABLE devices DROP COLUMN app_counter; DROP TABLE activations; DROP TABLE authorizations; DROP TABLE remote_credentials;
             DROP TABLE package_documents; DROP TABLE recipients; DROP TABLE packages; DROP TABLE templates; DROP TABLE events; DROP TABLE webhooks; ALTER TABLE signatures DROP COLUMN recipient;
             DROP INDEX documents_changed; DROP INDEX once_created; DROP INDEX challenges_expires;
             DROP TABLE certificate_requests; DROP TABLE officers; DROP TABLE officer_acts; ALTER TABLE documents DROP COLUMN removed;
             PRAGMA user_version = 1",
        )
        .unwrap();
    drop(store);
    let all = Enrolled { desk: desk.again(), token, phone, chain, bench, credential };
    assert!(all.ocsp(&[]).contains("leaf.pem: revoked"));
    let data = RevocationData { ocsp: Vec::new(), crls: vec![all.list(ISSUING), all.list(ROOT)] };
    assert!(matches!(all.judge(&data), Err(PathFailure::Revoked { .. })));
}
