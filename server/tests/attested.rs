//! Keys proven to the server: what the strict policy lets in, what it refuses and why, and what the certificate then says.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use client::Desk;
use client::android::Maker;
use client::apple::App;
use client::pdf::small;
use client::phone::{NAME, Phone, csr, new_key, sign};
use p256::pkcs8::EncodePrivateKey;
use serde_json::Value;
use thrivosign::cancel::Progress;
use thrivosign::host::clock;
use thrivosign::journey::sign::{SignOptions, SigningKey, sign as sign_document};
use thrivosign::journey::{Input, Limits, Target};
use thrivosign::key::attestation::digest;
use thrivosign::key::software::{SoftwareKey, SoftwareKeyStore};
use thrivosign::key::{Attestation, KeyPurpose};
use thrivosign::pki::certificate::Certificate;
use thrivosign::pki::protection::DEVELOPMENT_POLICY;
use thrivosign::pki::{DigestAlgorithm, KeyProtection, ProtectionLevel, SignatureAlgorithm, TrustAnchors};
use thrivosign::remote::register_device::{AttestationFormat, RegisterDevice, attestation_challenge};
use thrivosign::remote::request_certificate::{Issuance, RequestCertificate};
use thrivosign::render::{ENGLISH, text};
use thrivosign::sign::{SignatureRequest, SigningIdentity};
use thrivosign::verify::{IssuedFor, Policy, Report, VerifyOptions, verify};

const TEE: u8 = 1;
const STRONGBOX: u8 = 2;
const REFUSED: &str = "urn:thrivosign:problem:attestation-refused";

fn strict(maker: &Maker) -> Desk {
    Desk::open_with(|config| config.attestation = maker.policy(false))
}

/// The registration of a phone whose authentication key is attested, bound to that code.
fn registration(maker: &Maker, phone: &Phone, code: &str, bound_to: &str) -> RegisterDevice {
    let mut call = phone.registration(code);
    let challenge = attestation_challenge(&phone.uuid, &thrivosign::remote::secret::Secret::new(bound_to));
    let attestation = Attestation::new("android-key", maker.attest(&phone.authentication, &challenge, TEE), Vec::new());
    call.attestation_format = AttestationFormat::AndroidKey;
    call.attestation_statement = RegisterDevice::statement_of(&attestation);
    call.proof = sign(&phone.authentication, &call.to_be_signed());
    call
}

fn code(desk: &Desk, token: &str) -> String {
    assert_eq!(desk.authed(token, "POST", "/rssp/devices/activation-code", &Value::Null).status, 204);
    desk.code()
}

/// A desk with the strict policy, a token and a registered phone.
fn registered(maker: &Maker) -> (Desk, String, Phone) {
    let desk = strict(maker);
    let (token, _) = desk.login();
    let phone = Phone::new("phone-1");
    let code = code(&desk, &token);
    let answer = desk.send(&token, &registration(maker, &phone, &code, &code).encode());
    assert_eq!((answer.status, answer.text("securityLevel").as_str()), (201, "tee"), "{answer:?}");
    (desk, token, phone)
}

/// A request whose CSR is bound to one challenge, and whose attestation may be of another key and challenge.
fn request(phone: &Phone, desk: &Desk, challenge: &str, chain: Vec<Vec<u8>>) -> RequestCertificate {
    let mut call = phone.request(&format!("key-{challenge}-{}", chain.len()), csr(&phone.signing, NAME, Some(challenge)), &desk.code());
    call.attestation_format = AttestationFormat::AndroidKey;
    call.attestation_certificates = chain;
    call
}

#[test]
fn an_attested_key_is_certified_and_the_certificate_says_how_it_lives() {
    let maker = Maker::new();
    let (desk, token, phone) = registered(&maker);
    let challenge = phone.challenge(&desk, &token);
    let chain = maker.attest(&phone.signing, challenge.as_bytes(), STRONGBOX);
    let expected = digest(&Attestation::new("android-key", chain.clone(), Vec::new()));
    let call = request(&phone, &desk, &challenge, chain);
    let answer = desk.send(&token, &call.encode());
    let Ok(Issuance::Issued { certificates, .. }) = Issuance::decode(&answer.wire()) else { panic!("{answer:?}") };
    let leaf = Certificate::from_der(&certificates[0]).unwrap();
    let stated = KeyProtection::of(&leaf).unwrap().unwrap();
    assert_eq!(stated, KeyProtection { level: ProtectionLevel::Strongbox, attestation: Some(expected) });
    assert!(leaf.policies().is_empty());
    // The same request again is the same answer; the same proof under another idempotency key is none.
    assert_eq!(desk.send(&token, &call.encode()).status, 201);
    let mut replayed = call;
    replayed.idempotency_key = "another".to_owned();
    let answer = desk.send(&token, &replayed.encode());
    assert_eq!(answer.text("type"), "urn:thrivosign:problem:challenge-refused", "{answer:?}");
}

#[test]
fn without_proof_nothing_is_let_in() {
    let maker = Maker::new();
    let desk = strict(&maker);
    let (token, _) = desk.login();
    let phone = Phone::new("phone-1");
    let refused = |call: &RegisterDevice, why: &str| {
        let answer = desk.send(&token, &call.encode());
        assert_eq!((answer.text("type").as_str(), answer.text("detail").as_str()), (REFUSED, why), "{answer:?}");
    };
    let code = code(&desk, &token);
    refused(&phone.registration(&code), "not_attested");
    // Bound to another code: a chain that was seen once.
    refused(&registration(&maker, &phone, &code, "000000x"), "challenge_wrong");
    // Of another maker.
    refused(&registration(&Maker::new(), &phone, &code, &code), "chain_signature");
    // Of another phone: its chain, this phone's key and proof.
    let other = Phone::new("phone-1");
    let mut call = registration(&maker, &other, &code, &code);
    call.public_key = phone.registration(&code).public_key;
    call.proof = sign(&phone.authentication, &call.to_be_signed());
    refused(&call, "key_wrong");
    // None of these cost the code.
    assert_eq!(desk.send(&token, &registration(&maker, &phone, &code, &code).encode()).status, 201);
}

#[test]
fn requests_that_are_mixed_up_are_refused_each_for_its_reason() {
    let maker = Maker::new();
    let (desk, token, mut phone) = registered(&maker);
    let refused = |call: &RequestCertificate, why: &str| {
        let answer = desk.send(&token, &call.encode());
        assert_eq!((answer.status, answer.text("type").as_str(), answer.text("detail").as_str()), (422, REFUSED, why), "{answer:?}");
    };
    let old = phone.challenge(&desk, &token);
    let challenge = phone.challenge(&desk, &token);
    let bound = challenge.as_bytes();
    let mut none = request(&phone, &desk, &challenge, Vec::new());
    none.attestation_format = AttestationFormat::None;
    refused(&none, "not_attested");
    refused(&request(&phone, &desk, &challenge, Vec::new()), "chain_empty");
    // A proof of another request.
    refused(&request(&phone, &desk, &challenge, maker.attest(&phone.signing, old.as_bytes(), TEE)), "challenge_wrong");
    // A proof of another key: the one in the CSR may be anywhere.
    refused(&request(&phone, &desk, &challenge, maker.attest(&new_key(), bound, TEE)), "key_wrong");
    refused(&request(&phone, &desk, &challenge, maker.attest(&phone.signing, bound, 0)), "level_too_low");
    refused(&request(&phone, &desk, &challenge, Maker::new().attest(&phone.signing, bound, TEE)), "chain_signature");
    let mut extended = maker.attest(&phone.signing, bound, TEE);
    extended.insert(0, extended[0].clone());
    refused(&request(&phone, &desk, &challenge, extended), "chain_authority");
    // A CSR of another key than its signature's, a challenge of another device, a request after five minutes.
    let answer = |call: &RequestCertificate| desk.send(&token, &call.encode()).text("type");
    let mut swapped = request(&phone, &desk, &challenge, maker.attest(&phone.signing, bound, TEE));
    let at = swapped.csr.len() - 1;
    swapped.csr[at] ^= 1;
    assert_eq!(answer(&swapped), "urn:thrivosign:problem:csr-signature-wrong");
    let own = phone.uuid.clone();
    "phone-2".clone_into(&mut phone.uuid);
    let foreign = request(&phone, &desk, &challenge, maker.attest(&phone.signing, bound, TEE));
    assert_eq!(answer(&foreign), "urn:thrivosign:problem:device-unknown");
    phone.uuid = own;
    let late = request(&phone, &desk, &challenge, maker.attest(&phone.signing, bound, TEE));
    desk.pass(301);
    assert_eq!(answer(&late), "urn:thrivosign:problem:challenge-refused");
}

#[test]
fn a_revoked_attestation_key_proves_nothing_any_more() {
    let maker = Maker::new();
    let (desk, token, phone) = registered(&maker);
    let desk = desk.with(|config| config.attestation = maker.policy(true));
    let challenge = phone.challenge(&desk, &token);
    let call = request(&phone, &desk, &challenge, maker.attest(&phone.signing, challenge.as_bytes(), TEE));
    let answer = desk.send(&token, &call.encode());
    assert_eq!((answer.text("type").as_str(), answer.text("detail").as_str()), (REFUSED, "revoked"), "{answer:?}");
}

#[test]
fn development_is_said_in_the_certificate_and_wrong_proofs_are_refused_there_too() {
    let desk = Desk::open();
    let (token, _) = desk.login();
    let phone = Phone::new("phone-1");
    assert_eq!(phone.register(&desk, &token).text("securityLevel"), "software");
    let (_, chain) = phone.enrol(&desk, &token);
    let leaf = Certificate::from_der(&chain[0]).unwrap();
    assert_eq!(KeyProtection::of(&leaf).unwrap(), Some(KeyProtection { level: ProtectionLevel::Software, attestation: None }));
    assert_eq!(leaf.policies(), [DEVELOPMENT_POLICY]);
    let second = Phone { uuid: phone.uuid.clone(), authentication: phone.authentication.clone(), signing: new_key() };
    let challenge = second.challenge(&desk, &token);
    let call = request(&second, &desk, &challenge, Maker::new().attest(&second.signing, challenge.as_bytes(), TEE));
    let answer = desk.send(&token, &call.encode());
    assert_eq!((answer.text("type").as_str(), answer.text("detail").as_str()), (REFUSED, "root_untrusted"), "{answer:?}");
}

/// What the verifier says of a document that this phone signed: the report, and the words of it.
fn told(phone: &Phone, certificates: &[Vec<u8>], later: i64) -> (Report, String) {
    let chain: Vec<Certificate> = certificates.iter().map(|der| Certificate::from_der(der).unwrap()).collect();
    let trust: TrustAnchors = chain.last().cloned().into_iter().collect();
    let identity = SigningIdentity::new(chain, SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256)).unwrap();
    let key = SoftwareKey::from_pkcs8_der(phone.signing.to_pkcs8_der().unwrap().as_bytes()).unwrap();
    let store = SoftwareKeyStore::with_key("anna", KeyPurpose::Signing, key).unwrap();
    let key = SigningKey { store: &store, name: "anna", identity: &identity };
    let mut file = Vec::new();
    let (input, request) = (Input::memory(small(1)), SignatureRequest::new(clock::now()));
    sign_document(&input, Target::Memory(&mut file), &request, key, SignOptions::default(), &Limits::default(), None).unwrap();
    let time = clock::now().plus(later);
    let options = VerifyOptions { trust: &trust, time, policy: Policy::default(), password: None, evidence: None };
    let report = verify(&file, &options, &Progress::default()).unwrap();
    let words = text(&report, &ENGLISH);
    (report, words)
}

#[test]
fn what_was_verified_is_read_back_years_later() {
    let maker = Maker::new();
    let (desk, token, phone) = registered(&maker);
    let challenge = phone.challenge(&desk, &token);
    let chain = maker.attest(&phone.signing, challenge.as_bytes(), STRONGBOX);
    let answer = desk.send(&token, &request(&phone, &desk, &challenge, chain).encode());
    let Ok(Issuance::Issued { certificates, .. }) = Issuance::decode(&answer.wire()) else { panic!("{answer:?}") };
    for later in [1, 5 * 365 * 86_400] {
        let (report, words) = told(&phone, &certificates, later);
        let signer = report.signatures[0].signer.as_ref().unwrap();
        let stated = signer.key_protection.as_ref().unwrap();
        assert_eq!((stated.level, stated.attestation.as_ref().map(String::len), signer.issued_for), ("strongbox", Some(64), None));
        assert!(words.contains("secure element, attested") && !words.contains("Development"), "{words}");
        assert_eq!(report.clean, later == 1);
    }
    let desk = Desk::open();
    let (token, _) = desk.login();
    assert_eq!(phone.register(&desk, &token).status, 201);
    let (_, certificates) = phone.enrol(&desk, &token);
    for later in [1, 5 * 365 * 86_400] {
        let (report, words) = told(&phone, &certificates, later);
        let signer = report.signatures[0].signer.as_ref().unwrap();
        assert_eq!(signer.issued_for, Some(IssuedFor::Development));
        assert_eq!(signer.key_protection.as_ref().map(|stated| (stated.level, stated.attestation.is_none())), Some(("software", true)));
        assert!(words.contains("Development: nothing was proven of the signer's key"), "{words}");
        let json: Value = serde_json::from_str(&report.to_json().unwrap()).unwrap();
        assert_eq!(json["signatures"][0]["signer"]["issued_for"], "development");
        let schema: Value = serde_json::from_str(include_str!("../../docs/schema/report-1.json")).unwrap();
        assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&json));
    }
}

/// The answer to a registration was lost, and the app, which is not sure that its credential is known, made another: later keys are asserted by that
/// one. The first registration once more, by whoever recorded it, brings back neither its credential's counter nor anything else.
#[test]
fn an_app_that_registers_again_is_known_by_its_new_credential() {
    let lost = App::new();
    let desk = Desk::open_with(|config| config.attestation = lost.policy());
    let (token, _) = desk.login();
    let phone = Phone::new("phone-1");
    let code = code(&desk, &token);
    let register = |app: &App| {
        let mut call = phone.registration(&code);
        call.attestation_format = AttestationFormat::AppleAppAttest;
        let challenge = attestation_challenge(&phone.uuid, &thrivosign::remote::secret::Secret::new(&code));
        call.attestation_statement = Some(app.attest(&phone.authentication, &challenge));
        call.proof = sign(&phone.authentication, &call.to_be_signed());
        desk.send(&token, &call.encode()).status
    };
    let certify = |app: &mut App| {
        let phone = Phone { uuid: phone.uuid.clone(), authentication: phone.authentication.clone(), signing: new_key() };
        let challenge = phone.challenge(&desk, &token);
        let mut call = request(&phone, &desk, &challenge, Vec::new());
        call.attestation_format = AttestationFormat::AppleAppAttest;
        call.attestation_statement = Some(app.assert(&phone.signing, challenge.as_bytes()));
        let answer = desk.send(&token, &call.encode());
        (answer.status, answer.text("detail"))
    };
    assert_eq!(register(&lost), 201);
    let mut app = lost.with_new_credential();
    assert_eq!(register(&app), 201);
    assert_eq!(certify(&mut app).0, 201);
    // Sent once more, the same statement does not bring the counter back to where a copy of the credential stands.
    assert_eq!(register(&app.restored()), 201);
    assert_eq!(certify(&mut app.restored()).1, "counter_not_increased");
    assert_eq!(certify(&mut app).0, 201);
}

#[test]
fn an_app_is_attested_once_and_asserts_later_keys() {
    let mut app = App::new();
    let desk = Desk::open_with(|config| config.attestation = app.policy());
    let (token, _) = desk.login();
    let phone = Phone::new("phone-1");
    let code = code(&desk, &token);
    let mut call = phone.registration(&code);
    let challenge = attestation_challenge(&phone.uuid, &thrivosign::remote::secret::Secret::new(&code));
    call.attestation_format = AttestationFormat::AppleAppAttest;
    // Nothing was attested yet that could assert.
    call.attestation_statement = Some(App::new().assert(&phone.authentication, &challenge));
    call.proof = sign(&phone.authentication, &call.to_be_signed());
    assert_eq!(desk.send(&token, &call.encode()).text("detail"), "credential_unknown");
    call.attestation_statement = Some(app.attest(&phone.authentication, &challenge));
    call.proof = sign(&phone.authentication, &call.to_be_signed());
    let answer = desk.send(&token, &call.encode());
    assert_eq!((answer.status, answer.text("securityLevel").as_str()), (201, "secure_enclave_app_attested"), "{answer:?}");

    let challenge = phone.challenge(&desk, &token);
    let ask = |statement: Vec<u8>| {
        let mut call = request(&phone, &desk, &challenge, Vec::new());
        call.attestation_format = AttestationFormat::AppleAppAttest;
        call.attestation_statement = Some(statement);
        desk.send(&token, &call.encode())
    };
    let other = app.assert(&new_key(), challenge.as_bytes());
    assert_eq!(ask(other).text("detail"), "assertion_signature");
    let by_another = App::new().assert(&phone.signing, challenge.as_bytes());
    assert_eq!(ask(by_another).text("detail"), "assertion_signature");
    let statement = app.assert(&phone.signing, challenge.as_bytes());
    let answer = ask(statement);
    let Ok(Issuance::Issued { certificates, .. }) = Issuance::decode(&answer.wire()) else { panic!("{answer:?}") };
    let stated = KeyProtection::of(&Certificate::from_der(&certificates[0]).unwrap()).unwrap().unwrap();
    assert_eq!((stated.level, stated.attestation.is_some()), (ProtectionLevel::SecureEnclaveAppAttested, true));
    // The counter is kept: a copy of the credential that is behind is found out.
    let mut copy = app.restored();
    let next = Phone { uuid: phone.uuid.clone(), authentication: phone.authentication.clone(), signing: new_key() };
    let challenge = next.challenge(&desk, &token);
    let mut call = request(&next, &desk, &challenge, Vec::new());
    call.attestation_format = AttestationFormat::AppleAppAttest;
    call.attestation_statement = Some(copy.assert(&next.signing, challenge.as_bytes()));
    assert_eq!(desk.send(&token, &call.encode()).text("detail"), "counter_not_increased");
}
