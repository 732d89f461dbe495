//! Enrolment over the wire: devices, challenges, certificates, activation, revocation, and everything that is refused on the way.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use client::phone::{NAME, Phone, csr, new_key, openssl_csr, sign, spki};
use client::{Desk, MOBILE};
use serde_json::{Value, json};
use thrivosign::pki::certificate::{Certificate, certificates_from_pem};
use thrivosign::remote::activate_credential::ActivationChallenge;
use thrivosign::remote::activate_credential_response::ShaAlgo;
use thrivosign::remote::certificate_challenge::AuthenticationMethod;
use thrivosign::remote::request_certificate::StatedIdentity;
use thrivosign::remote::secret::Secret;

/// A desk, a token and a registered phone.
fn registered() -> (Desk, String, Phone) {
    let desk = Desk::open();
    let (token, _) = desk.login();
    let phone = Phone::new("phone-1");
    assert_eq!(phone.register(&desk, &token).status, 201);
    (desk, token, phone)
}

/// Another user with a login.
fn second_user(config: &mut thrivosign_server::Config) {
    if let Some(seed) = &mut config.seed {
        seed.username = "ben".to_owned();
        seed.name = "Ben Roth".to_owned();
        seed.mobile = "+4930999".to_owned();
    }
}

#[test]
fn the_whole_way_to_an_activated_credential() {
    let (mut desk, token, phone) = registered();
    let (credential, chain) = phone.enrol(&desk, &token);
    assert_eq!(chain.len(), 3);
    let leaf = Certificate::from_der(&chain[0]).unwrap();
    assert_eq!(leaf.public_key().spki_der(), spki(&phone.signing));
    assert_eq!(leaf.common_name().as_deref(), Some(NAME));
    assert!(leaf.suits_signing() && !leaf.is_ca());
    let root = certificates_from_pem(desk.running.as_ref().unwrap().root_pem().as_bytes()).unwrap();
    assert_eq!(root[0].der(), chain[2]);
    assert_eq!(Phone::state(&desk, &token, &credential), "New");
    let done = phone.activate(&desk, &token, &credential);
    assert_eq!((done.status, done.text("status").as_str()), (200, "Activated"), "{done:?}");
    assert_eq!(Phone::state(&desk, &token, &credential), "Activated");
    desk.restart();
    assert_eq!(Phone::state(&desk, &token, &credential), "Activated", "a restart keeps it");

    let revoke = format!("/rssp/certificates/{credential}/revoke");
    for _ in 0..2 {
        let answer = desk.authed(&token, "POST", &revoke, &json!({"reason": "superseded"}));
        assert_eq!((answer.status, answer.text("status").as_str()), (200, "Cancelled"));
    }
    assert_eq!(Phone::state(&desk, &token, &credential), "Cancelled");
    assert_eq!(phone.begin_activation(&desk, &token, &credential).status, 400, "cancelled for good");
    let answer = desk.authed(&token, "POST", "/rssp/certificates/cred-0/revoke", &json!({"reason": "superseded"}));
    assert_eq!((answer.status, answer.problem().as_str()), (404, "credential-unknown"));
    assert_eq!(desk.authed(&token, "POST", &revoke, &json!({"reason": "bored"})).status, 400);
}

#[test]
fn a_device_registers_by_code_and_proof() {
    let desk = Desk::open();
    let (token, _) = desk.login();
    let phone = Phone::new("phone-1");
    let sent = desk.authed(&token, "POST", "/rssp/devices/activation-code", &Value::Null);
    assert_eq!(sent.status, 204);
    let code = desk.code();

    let mut unsigned = phone.registration(&code);
    unsigned.proof = sign(&new_key(), &unsigned.to_be_signed());
    let mut altered = phone.registration(&code);
    altered.name = "another".to_owned();
    let mut odd = phone.registration(&code);
    odd.sign_algo = "none".to_owned();
    for call in [unsigned, altered, odd] {
        let answer = desk.send(&token, &call.encode());
        assert_eq!((answer.status, answer.problem().as_str()), (422, "device-proof-wrong"));
    }
    let mut nameless = phone.registration(&code);
    nameless.device_uuid = "../x".to_owned();
    nameless.proof = sign(&phone.authentication, &nameless.to_be_signed());
    assert_eq!(desk.send(&token, &nameless.encode()).status, 400);

    let wrong = if code == "000000" { "000001" } else { "000000" };
    let answer = desk.send(&token, &phone.registration(wrong).encode());
    assert_eq!((answer.status, answer.problem().as_str()), (403, "activation-code-refused"));
    assert_eq!(answer.json()["triesLeft"], 4);
    let call = phone.registration(&code);
    let first = desk.send(&token, &call.encode());
    assert_eq!((first.status, first.text("securityLevel").as_str()), (201, "software"), "{first:?}");
    let again = desk.send(&token, &call.encode());
    assert_eq!((again.status, again.body), (201, first.body), "a lost answer is given again");

    let other = Phone::new("phone-2");
    let answer = desk.send(&token, &other.registration(&code).encode());
    assert_eq!(answer.problem(), "activation-code-refused", "a code serves once");
    let impostor = Phone::new("phone-1");
    let answer = impostor.register(&desk, &token);
    assert_eq!((answer.status, answer.problem().as_str()), (409, "device-taken"));
    let mut twin = Phone::new("phone-3");
    twin.authentication = phone.authentication.clone();
    assert_eq!(twin.register(&desk, &token).problem(), "device-taken", "one key, one device");
}

#[test]
fn activation_codes_expire_and_lock() {
    let desk = Desk::open();
    let (token, _) = desk.login();
    let phone = Phone::new("phone-1");
    let send = |desk: &Desk| desk.authed(&token, "POST", "/rssp/devices/activation-code", &Value::Null);
    assert_eq!(send(&desk).status, 204);
    let old = desk.code();
    desk.pass(301);
    assert_eq!(desk.send(&token, &phone.registration(&old).encode()).problem(), "activation-code-refused");
    assert_eq!(send(&desk).status, 204);
    let code = desk.code();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for left in [3, 2, 1] {
        let answer = desk.send(&token, &phone.registration(wrong).encode());
        assert_eq!(answer.json()["triesLeft"], left);
    }
    for given in [wrong, &code, &code] {
        let answer = desk.send(&token, &phone.registration(given).encode());
        assert_eq!((answer.status, answer.problem().as_str()), (423, "user-authentication-locked"));
        assert!(answer.header("retry-after").is_some());
    }
    assert_eq!(send(&desk).status, 423, "no new code while locked");
    desk.pass(901);
    assert_eq!(phone.register(&desk, &token).status, 201);
}

#[test]
fn sending_codes_is_limited() {
    let desk = Desk::open();
    let (token, _) = desk.login();
    let send = || desk.authed(&token, "POST", "/rssp/devices/activation-code", &Value::Null).status;
    for _ in 0..20 {
        assert_eq!(send(), 204);
    }
    assert_eq!(send(), 429);
    desk.pass(3601);
    assert_eq!(send(), 204);
}

#[test]
fn a_challenge_is_for_this_device_this_user_and_once() {
    let (desk, token, phone) = registered();
    let stranger = Phone::new("phone-9");
    let answer = stranger.ask_challenge(&desk, &token, AuthenticationMethod::Otp);
    assert_eq!((answer.status, answer.problem().as_str()), (404, "device-unknown"));
    assert_eq!(phone.ask_challenge(&desk, &token, AuthenticationMethod::Totp).status, 400);

    let challenge = phone.challenge(&desk, &token);
    let refused = |key: &str, csr: Vec<u8>, code: &str| {
        let answer = desk.send(&token, &phone.request(key, csr, code).encode());
        assert_eq!((answer.status, answer.problem().as_str()), (422, "challenge-refused"), "{key}");
    };
    let code = desk.code();
    refused("k1", csr(&phone.signing, NAME, None), &code);
    refused("k2", csr(&phone.signing, NAME, Some("made-up")), &code);
    let good = csr(&phone.signing, NAME, Some(&challenge));
    assert_eq!(desk.send(&token, &phone.request("k3", good, &code).encode()).status, 201);
    refused("k4", csr(&new_key(), NAME, Some(&challenge)), &code);
    let late = phone.challenge(&desk, &token);
    let code = desk.code();
    desk.pass(601);
    refused("k5", csr(&new_key(), NAME, Some(&late)), &code);
}

#[test]
fn codes_for_certificates_lock_after_five_tries() {
    let (desk, token, phone) = registered();
    let challenge = phone.challenge(&desk, &token);
    let code = desk.code();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let ask = |n: u32, code: &str| {
        let csr = csr(&phone.signing, NAME, Some(&challenge));
        desk.send(&token, &phone.request(&format!("k{n}"), csr, code).encode())
    };
    for n in 0..4_u32 {
        let answer = ask(n, wrong);
        assert_eq!((answer.status, answer.problem().as_str()), (403, "user-authentication-failed"));
        assert_eq!(answer.json()["triesLeft"], 4 - n);
    }
    assert_eq!(ask(5, wrong).status, 423);
    assert_eq!(ask(6, &code).status, 423, "the right code comes too late");
    assert_eq!(phone.ask_challenge(&desk, &token, AuthenticationMethod::Otp).status, 423);
    desk.pass(901);
    phone.enrol(&desk, &token);
}

#[test]
fn a_passphrase_authenticates_as_well() {
    let (desk, token, phone) = registered();
    let answer = phone.ask_challenge(&desk, &token, AuthenticationMethod::Passphrase);
    let challenge = answer.text("challenge");
    assert!(answer.json()["sentTo"].is_null());
    let mut call = phone.request("k1", csr(&phone.signing, NAME, Some(&challenge)), "wrong");
    call.method = AuthenticationMethod::Passphrase;
    assert_eq!(desk.send(&token, &call.encode()).problem(), "user-authentication-failed");
    call.idempotency_key = "k2".to_owned();
    call.method = AuthenticationMethod::Otp;
    assert_eq!(desk.send(&token, &call.encode()).problem(), "challenge-refused", "the method is the challenge's");
    call.idempotency_key = "k3".to_owned();
    call.method = AuthenticationMethod::Passphrase;
    call.value = Secret::new(client::PASSWORD);
    assert_eq!(desk.send(&token, &call.encode()).status, 201);
}

#[test]
fn the_same_request_under_one_idempotency_key_is_done_once() {
    let (desk, token, phone) = registered();
    let challenge = phone.challenge(&desk, &token);
    let call = phone.request("once", csr(&phone.signing, NAME, Some(&challenge)), &desk.code());
    let first = desk.send(&token, &call.encode());
    let again = desk.send(&token, &call.encode());
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.body, again.body);
    let mut other = call;
    other.value = Secret::new("other");
    let answer = desk.send(&token, &other.encode());
    assert_eq!((answer.status, answer.problem().as_str()), (422, "idempotency-conflict"));
    let list = desk.authed(&token, "GET", "/rssp/certificates", &Value::Null).json();
    assert_eq!(list["credentials"].as_array().unwrap().len(), 1);
}

#[test]
fn requests_that_do_not_prove_their_key_are_refused() {
    let (desk, token, phone) = registered();
    let challenge = phone.challenge(&desk, &token);
    let code = desk.code();
    let good = csr(&phone.signing, NAME, Some(&challenge));
    let mut key = 0;
    let mut ask = |csr: Vec<u8>| {
        key += 1;
        let answer = desk.send(&token, &phone.request(&format!("k{key}"), csr, &code).encode());
        (answer.status, answer.problem())
    };
    let mut wrong = good.clone();
    *wrong.last_mut().unwrap() ^= 1;
    assert_eq!(ask(wrong), (422, "csr-signature-wrong".to_owned()));
    // Each byte of the request is under its signature or part of its frame.
    for at in (0..good.len()).step_by(7) {
        let mut wrong = good.clone();
        wrong[at] ^= 0x40;
        let (status, problem) = ask(wrong);
        assert!(status == 422 && matches!(problem.as_str(), "csr-signature-wrong" | "csr-malformed" | "key-too-weak"), "{at} {problem}");
    }
    assert_eq!(ask(good[..good.len() - 1].to_vec()), (422, "csr-malformed".to_owned()));
    assert_eq!(ask(b"garbage".to_vec()), (422, "csr-malformed".to_owned()));
    assert_eq!(ask(csr(&phone.authentication, NAME, Some(&challenge))), (422, "key-misused".to_owned()));
    for name in ["Ben Roth", "Anna Schmidt ", "anna schmidt"] {
        assert_eq!(ask(csr(&phone.signing, name, Some(&challenge))), (422, "subject-refused".to_owned()));
    }
    assert_eq!(ask(good).0, 201, "none of it used up the challenge or the code");
    let mut call = phone.request("stated", csr(&new_key(), NAME, Some(&phone.challenge(&desk, &token))), &desk.code());
    call.identity = Some(StatedIdentity { name: None, country: Some("FR".to_owned()), serial_number: None });
    assert_eq!(desk.send(&token, &call.encode()).problem(), "subject-refused");
}

#[test]
fn requests_made_by_openssl_with_strong_and_weak_keys() {
    let (desk, token, phone) = registered();
    let folder = tempfile::tempdir().unwrap();
    let mut n = 0;
    let mut ask = |key: &[&str]| {
        n += 1;
        let challenge = phone.challenge(&desk, &token);
        let csr = openssl_csr(folder.path(), key, &challenge);
        let answer = desk.send(&token, &phone.request(&format!("k{n}"), csr, &desk.code()).encode());
        (answer.status, answer.problem())
    };
    for strong in [
        &["-newkey", "rsa:3072", "-sha256"][..],
        &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-sha256"],
        &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-sha384"],
    ] {
        assert_eq!(ask(strong), (201, String::new()), "{strong:?}");
    }
    for weak in [
        &["-newkey", "rsa:2048", "-sha256"][..],
        &["-newkey", "rsa:1024", "-sha256"],
        &["-newkey", "rsa:3072", "-sha1"],
        &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp256k1", "-sha256"],
        &["-newkey", "ed25519"],
    ] {
        assert_eq!(ask(weak), (422, "key-too-weak".to_owned()), "{weak:?}");
    }
}

#[test]
fn users_do_not_see_or_take_each_others_things() {
    let (desk, token, phone) = registered();
    let (credential, _) = phone.enrol(&desk, &token);
    let desk = desk.with(second_user);
    let (ben, _) = desk.login_as("ben", client::PASSWORD);
    let bens = Phone::new("bens");
    let register = |phone: &Phone| {
        assert_eq!(desk.authed(&ben, "POST", "/rssp/devices/activation-code", &Value::Null).status, 204);
        desk.send(&ben, &phone.registration(&desk.code_of("+4930999")).encode())
    };
    assert_eq!(register(&Phone::new("phone-1")).problem(), "device-taken");
    assert_eq!(register(&bens).status, 201);
    assert_eq!(phone.ask_challenge(&desk, &ben, AuthenticationMethod::Otp).problem(), "device-unknown");
    assert_eq!(phone.delete(&desk, &ben).status, 404);
    assert_eq!(Phone::state(&desk, &ben, &credential), "");
    let revoke = format!("/rssp/certificates/{credential}/revoke");
    assert_eq!(desk.authed(&ben, "POST", &revoke, &json!({"reason": "superseded"})).status, 404);
    assert_eq!(phone.begin_activation(&desk, &ben, &credential).text("Message"), "Record not found");
    // Anna's key, certified for Ben: everything Anna signed could be laid at Ben's door.
    let challenge = bens.challenge(&desk, &ben);
    let stolen = csr(&phone.signing, "Ben Roth", Some(&challenge));
    let answer = desk.send(&ben, &bens.request("k", stolen, &desk.code_of("+4930999")).encode());
    assert_eq!((answer.status, answer.problem().as_str()), (409, "key-taken"));
    // Anna's challenge, used by Ben.
    let (token, _) = desk.login();
    let annas = phone.challenge(&desk, &token);
    let call = bens.request("k2", csr(&bens.signing, "Ben Roth", Some(&annas)), &desk.code_of(MOBILE));
    assert_eq!(desk.send(&ben, &call.encode()).problem(), "challenge-refused");
    assert_eq!(Phone::state(&desk, &token, &credential), "New");
}

#[test]
fn activation_takes_the_devices_signature_and_the_persons_code() {
    let (desk, token, phone) = registered();
    let (credential, _) = phone.enrol(&desk, &token);
    let denied = |answer: &client::Answer| {
        assert_eq!(answer.status, 400, "{answer:?}");
        assert_eq!(answer.text("Message"), "Request authorization denied");
    };
    let missing = |answer: &client::Answer| {
        assert_eq!((answer.status, answer.text("Message").as_str()), (504, "Record not found"));
    };
    missing(&phone.begin_activation(&desk, &token, "cred-0"));
    missing(&Phone::new("phone-9").begin_activation(&desk, &token, &credential));
    denied(&desk.send(&token, &phone.activation(&credential, "none", "000000", &phone.authentication).encode()));

    let begun = phone.begin_activation(&desk, &token, &credential);
    let challenge = ActivationChallenge::decode(&begun.wire()).unwrap().challenge;
    let code = desk.code();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    denied(&desk.send(&token, &phone.activation(&credential, &challenge, wrong, &phone.authentication).encode()));
    denied(&desk.send(&token, &phone.activation(&credential, &challenge, &code, &phone.signing).encode()));
    denied(&desk.send(&token, &phone.activation(&credential, "another", &code, &phone.authentication).encode()));
    let mut altered = phone.activation(&credential, &challenge, &code, &phone.authentication);
    altered.sha_algo = ShaAlgo::Sha512;
    denied(&desk.send(&token, &altered.encode()));
    missing(&desk.send(&token, &phone.activation("cred-0", &challenge, &code, &phone.authentication).encode()));
    assert_eq!(Phone::state(&desk, &token, &credential), "New");

    let good = phone.activation(&credential, &challenge, &code, &phone.authentication).encode();
    // The other published spelling.
    let mut rssp = good.clone();
    rssp.path = format!("/rssp{}", good.path);
    let answer = desk.send(&token, &rssp);
    assert_eq!((answer.status, answer.text("status").as_str()), (200, "Activated"));
    denied(&desk.send(&token, &good));
    denied(&phone.begin_activation(&desk, &token, &credential));
}

#[test]
fn activation_codes_lock_and_expire_too() {
    let (desk, token, phone) = registered();
    let (credential, _) = phone.enrol(&desk, &token);
    let begin = |desk: &Desk| {
        let begun = phone.begin_activation(desk, &token, &credential);
        (ActivationChallenge::decode(&begun.wire()).unwrap().challenge, desk.code())
    };
    let (challenge, code) = begin(&desk);
    desk.pass(301);
    let send = |challenge: &str, code: &str| {
        desk.send(&token, &phone.activation(&credential, challenge, code, &phone.authentication).encode()).status
    };
    assert_eq!(send(&challenge, &code), 400);
    let (challenge, code) = begin(&desk);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        assert_eq!(send(&challenge, wrong), 400);
    }
    assert_eq!(send(&challenge, &code), 400, "locked: the right code comes too late");
    assert_eq!(phone.begin_activation(&desk, &token, &credential).status, 423);
    desk.pass(901);
    assert_eq!(phone.activate(&desk, &token, &credential).status, 200);
}

#[test]
fn a_revoked_device_sends_its_credentials_back_to_new() {
    let (desk, token, phone) = registered();
    let (credential, _) = phone.enrol(&desk, &token);
    assert_eq!(phone.activate(&desk, &token, &credential).status, 200);
    assert_eq!(phone.delete(&desk, &token).status, 204);
    assert_eq!(phone.delete(&desk, &token).status, 404);
    assert_eq!(Phone::state(&desk, &token, &credential), "New");
    assert_eq!(phone.begin_activation(&desk, &token, &credential).status, 504, "the device is gone");
    assert_eq!(phone.ask_challenge(&desk, &token, AuthenticationMethod::Otp).status, 404);
    let mut again = Phone::new("phone-1");
    again.signing = phone.signing.clone();
    assert_eq!(again.register(&desk, &token).status, 201, "registered anew with another key");
    assert_eq!(again.activate(&desk, &token, &credential).status, 200);
    assert_eq!(Phone::state(&desk, &token, &credential), "Activated");
}

#[test]
fn a_compromised_key_is_never_certified_again() {
    let (desk, token, phone) = registered();
    let (credential, _) = phone.enrol(&desk, &token);
    let revoke = format!("/rssp/certificates/{credential}/revoke");
    assert_eq!(desk.authed(&token, "POST", &revoke, &json!({"reason": "keyCompromise"})).status, 200);
    let challenge = phone.challenge(&desk, &token);
    let call = phone.request("k", csr(&phone.signing, NAME, Some(&challenge)), &desk.code());
    assert_eq!(desk.send(&token, &call.encode()).problem(), "key-too-weak");
}

#[test]
fn without_a_gateway_nothing_pretends_to_send_codes() {
    let desk = Desk::open_with(|config| config.demo = false);
    let (token, _) = desk.login();
    let answer = desk.authed(&token, "POST", "/rssp/devices/activation-code", &Value::Null);
    assert_eq!((answer.status, answer.problem().as_str()), (503, "unavailable"));
}

#[test]
fn calls_of_users_need_a_token() {
    let desk = Desk::open();
    for (method, path) in [
        ("POST", "/rssp/devices"),
        ("DELETE", "/rssp/devices/x"),
        ("GET", "/rssp/certificates"),
        ("POST", "/rssp/certificates"),
        ("POST", "/credentials/activate"),
        ("POST", "/rssp/credentials/activate/response"),
    ] {
        for token in ["", "x"] {
            assert_eq!(desk.authed(token, method, path, &json!({})).status, 401, "{method} {path}");
        }
    }
    let (token, _) = desk.login();
    for body in [json!({}), json!([]), json!({"deviceUUID": 5}), json!({"deviceUUID": "a", "csr": "!!"})] {
        for path in ["/rssp/devices", "/rssp/certificates", "/rssp/certificates/challenge", "/credentials/activate"] {
            let answer = desk.authed(&token, "POST", path, &body);
            assert_eq!(answer.status, 400, "{path} {body} {answer:?}");
        }
    }
}
