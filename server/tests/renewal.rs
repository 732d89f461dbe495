//! Renewal: in a certificate's last month its device asks for the next one, for a new key, and nobody is sent a code; and what a thief of the token, another
//! device, a used challenge and an old key get.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use client::enrolled::enrol;
use client::phone::{NAME, Phone, csr, new_key, sign};
use client::{Answer, Desk, PASSWORD, USER};
use p256::ecdsa::SigningKey;
use std::sync::Arc;
use thrivosign::ErrorKind;
use thrivosign::crypto::KeyAlgorithm;
use thrivosign::enroll::IdentityState;
use thrivosign::journey::enrol::{Requested, list_credentials};
use thrivosign::journey::renew::{ask_challenge, renew};
use thrivosign::journey::{Environment, Limits, Session};
use thrivosign::key::software::SoftwareKeyStore;
use thrivosign::key::{Attestation, DeviceKeyStore, KeyPurpose, KeySpec};
use thrivosign::net::{HttpsTransport, Options, Roots};
use thrivosign::remote::activate_credential_response::{ShaAlgo, SignAlgo};
use thrivosign::remote::renew_certificate::RenewCertificate;
use thrivosign::remote::renewal_challenge;
use thrivosign::remote::request_certificate::{CredentialStatus, Issuance};
use thrivosign::remote::secret::Secret;

const DAY: i64 = 86_400;

fn session(desk: &Desk) -> Session {
    let mut options = Options::new(format!("https://localhost:{}", desk.address().port()));
    options.roots = Roots::from_pem(desk.running.as_ref().unwrap().tls_root_pem().as_bytes()).unwrap();
    let session = Session::new(Arc::new(HttpsTransport::new(&options).unwrap()), Environment::new(Secret::new(desk.key.as_str()))).unwrap();
    session.login(USER, Secret::new(PASSWORD), &Limits::default()).unwrap();
    session
}

#[test]
fn the_library_renews_and_both_are_good_until_the_old_one_ends() {
    let desk = Desk::open();
    let (store, limits) = (SoftwareKeyStore::new(), Limits::default());
    let identity = enrol(&desk, &session(&desk), &store);
    let next = store.create("signing-next", &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Signing)).unwrap();
    let early = ask_challenge(&session(&desk), &identity, &limits).unwrap_err();
    assert_eq!(early.kind(), ErrorKind::ServiceRefused, "not before its last month");

    desk.pass(340 * DAY);
    let session = session(&desk);
    let challenge = ask_challenge(&session, &identity, &limits).unwrap().challenge;
    let wrong =
        |key: &str| renew(&session, &store, &identity, &store.info(key).unwrap(), &challenge, &limits).map(drop).unwrap_err().kind();
    assert_eq!((wrong("signing"), wrong("authentication")), (ErrorKind::KeyNotPermitted, ErrorKind::KeyNotPermitted));
    let codes = desk.code();
    let Requested::Issued(renewed) = renew(&session, &store, &identity, &next, &challenge, &limits).unwrap() else { panic!("pending") };
    assert_eq!(desk.code(), codes, "no code was sent");
    assert_eq!(
        (renewed.state(), renewed.signing_key(), renewed.device_uuid()),
        (IdentityState::Activated, "signing-next", identity.device_uuid())
    );
    let [old, new] = [&identity, &renewed].map(|identity| identity.certificate().unwrap());
    assert_eq!(old.subject_der(), new.subject_der());
    assert_ne!(old.public_key(), new.public_key());
    let listed = list_credentials(&session, &limits).unwrap();
    assert_eq!(listed.iter().map(|credential| credential.status).collect::<Vec<_>>(), [CredentialStatus::Activated; 2]);

    desk.pass(40 * DAY);
    let session = self::session(&desk);
    let late = ask_challenge(&session, &identity, &limits).unwrap_err();
    assert_eq!(late.kind(), ErrorKind::ServiceRefused, "what has ended is not renewed");
}

#[test]
fn certificates_of_a_short_life_are_renewed_at_once() {
    let desk = Desk::open_with(|config| config.certificate_days = 20);
    let (store, limits) = (SoftwareKeyStore::new(), Limits::default());
    let session = session(&desk);
    let identity = enrol(&desk, &session, &store);
    let life = identity.not_after().unwrap().unix() - session.service_time().unwrap().unix();
    assert!((19 * DAY..=20 * DAY).contains(&life), "{life}");
    let from = list_credentials(&session, &limits).unwrap()[0].renew_from.unwrap();
    assert!(from < session.service_time().unwrap(), "it may be renewed now");
    ask_challenge(&session, &identity, &limits).unwrap();
}

struct Bench {
    desk: Desk,
    token: String,
    phone: Phone,
    credential: String,
}

impl Bench {
    /// A credential in its last month.
    fn open() -> Bench {
        let desk = Desk::open();
        let (token, _) = desk.login();
        let phone = Phone::new("phone-1");
        assert_eq!(phone.register(&desk, &token).status, 201);
        let (credential, _) = phone.enrol(&desk, &token);
        assert_eq!(phone.activate(&desk, &token, &credential).status, 200);
        desk.pass(340 * DAY);
        let (token, _) = desk.login();
        Bench { desk, token, phone, credential }
    }

    fn challenge(&self) -> String {
        let answer = self.desk.send(&self.token, &renewal_challenge::request(&self.credential).unwrap());
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.text("challenge")
    }

    fn call(&self, csr: Vec<u8>, by: &SigningKey) -> RenewCertificate {
        let mut call = RenewCertificate {
            idempotency_key: "renewal-1".to_owned(),
            credential_id: self.credential.clone(),
            csr,
            attestation: Attestation::new("none", Vec::new(), Vec::new()),
            sign_algo: SignAlgo::Ecdsa,
            sha_algo: ShaAlgo::Sha256,
            proof: Vec::new(),
        };
        call.proof = sign(by, &call.to_be_signed());
        call
    }

    fn ask(&self, call: &RenewCertificate) -> Answer {
        self.desk.send(&self.token, &call.encode().unwrap())
    }

    /// Sent under that challenge, for that key, with that name, signed by that key.
    fn asked(&self, challenge: &str, key: &SigningKey, name: &str, by: &SigningKey) -> String {
        self.ask(&self.call(csr(key, name, Some(challenge)), by)).problem()
    }
}

#[test]
fn only_the_devices_own_key_renews_and_only_under_a_new_one() {
    let bench = Bench::open();
    let (challenge, own) = (bench.challenge(), &bench.phone.authentication);
    assert_eq!(bench.asked(&challenge, &new_key(), NAME, &new_key()), "device-proof-wrong", "a stolen token is not enough");
    assert_eq!(bench.asked(&challenge, &new_key(), NAME, &bench.phone.signing), "device-proof-wrong", "nor is the old key");
    assert_eq!(bench.asked("no-challenge", &new_key(), NAME, own), "challenge-refused");
    assert_eq!(
        bench.asked(&bench.phone.challenge(&bench.desk, &bench.token), &new_key(), NAME, own),
        "challenge-refused",
        "one for a request"
    );
    assert_eq!(bench.asked(&challenge, &bench.phone.signing, NAME, own), "key-taken", "the same key again");
    assert_eq!(bench.asked(&challenge, own, NAME, own), "key-misused");
    assert_eq!(bench.asked(&challenge, &new_key(), "Somebody Else", own), "subject-refused");
    let mut changed = bench.call(csr(&new_key(), NAME, Some(&challenge)), own);
    changed.csr = csr(&new_key(), NAME, Some(&challenge));
    assert_eq!(bench.ask(&changed).problem(), "device-proof-wrong", "another request under the same proof");

    let call = bench.call(csr(&new_key(), NAME, Some(&challenge)), own);
    let done = bench.ask(&call);
    let Ok(Issuance::Issued { credential_id, status, .. }) = Issuance::decode(&done.wire()) else { panic!("{done:?}") };
    assert_eq!((status, credential_id == bench.credential), (CredentialStatus::Activated, false));
    assert_eq!(bench.ask(&call).body, done.body, "the answer was lost: the same again");
    let mut other = bench.call(csr(&new_key(), NAME, Some(&challenge)), own);
    assert_eq!(bench.ask(&other).problem(), "idempotency-conflict");
    other.idempotency_key = "renewal-2".to_owned();
    assert_eq!(bench.ask(&other).problem(), "challenge-refused", "a challenge is good once");

    let late = bench.challenge();
    bench.desk.pass(301);
    assert_eq!(bench.asked_as(&late, "renewal-3"), "challenge-refused", "and for five minutes");
}

impl Bench {
    fn asked_as(&self, challenge: &str, key: &str) -> String {
        let mut call = self.call(csr(&new_key(), NAME, Some(challenge)), &self.phone.authentication);
        call.idempotency_key = key.to_owned();
        self.ask(&call).problem()
    }
}

#[test]
fn what_is_revoked_is_not_renewed() {
    let bench = Bench::open();
    let challenge = bench.challenge();
    assert_eq!(bench.desk.authed(&bench.token, "DELETE", "/rssp/devices/phone-1", &serde_json::Value::Null).status, 204);
    assert_eq!(bench.asked_as(&challenge, "r"), "credential-state", "its device is gone, and it is New again");

    let bench = Bench::open();
    let challenge = bench.challenge();
    let revoke = format!("/rssp/certificates/{}/revoke", bench.credential);
    assert_eq!(bench.desk.authed(&bench.token, "POST", &revoke, &serde_json::json!({"reason": "keyCompromise"})).status, 200);
    assert_eq!(bench.asked_as(&challenge, "r"), "credential-state");
}
