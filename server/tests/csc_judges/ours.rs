//! Our client through our server.

use crate::client::pdf::small;
use crate::client::remote::Remote;
use crate::{Person, is_clean, session};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use thrivosign::crypto::{DigestAlgorithm, KeyAlgorithm, SignatureAlgorithm};
use thrivosign::host::file::Durability;
use thrivosign::journey::csc::{About, CscKeyStore, approvals, credential};
use thrivosign::journey::sign::{SignOptions, SigningKey, sign};
use thrivosign::journey::{Input, Limits, Target};
use thrivosign::key::contract::{self, Abilities};
use thrivosign::key::software::{SoftwareKey, SoftwareKeyStore};
use thrivosign::key::{DeviceKeyStore, KeyPurpose};
use thrivosign::remote::certificate_challenge::AuthenticationMethod;
use thrivosign::remote::csc::credential_info::OtpType;
use thrivosign::remote::remote_credential::{Control, SecondFactor};
use thrivosign::remote::secret::Secret;
use thrivosign::sign::SignatureRequest;
use thrivosign::{Error, ErrorKind};

fn limits() -> Limits {
    Limits { per_call: Duration::from_secs(60), ..Limits::default() }
}

fn store(all: &Remote, person: &Arc<Person>, about: About) -> CscKeyStore {
    CscKeyStore::new(session(&all.desk), Arc::clone(person) as _, about, limits())
}

/// Signs a small PDF, and has it judged.
fn signs(all: &Remote, store: &CscKeyStore, id: &str) -> Result<(), Error> {
    let place = tempfile::tempdir().unwrap();
    let (input, output) = (place.path().join("a.pdf"), place.path().join("b.pdf"));
    std::fs::write(&input, small(2)).unwrap();
    let identity = store.identity(id, None)?;
    let key = SigningKey { store, name: id, identity: &identity };
    let target = Target::File { path: &output, durability: Durability::None };
    let request = SignatureRequest::new(thrivosign::host::clock::now());
    sign(&Input::open(&input)?, target, &request, key, SignOptions::default(), &limits(), None)?;
    is_clean(&output, all.desk.running.as_ref().unwrap().root_pem());
    Ok(())
}

#[test]
fn a_remote_key_keeps_the_contract_of_key_stores() {
    let all = Remote::new();
    let made = all.with_pin(SecondFactor::None);
    all.with_pin(SecondFactor::None);
    let person = Arc::new(Person::default());
    let store = store(&all, &person, About::default());
    let mut abilities = Abilities::software();
    let digests = [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512];
    abilities.algorithms = vec![(KeyAlgorithm::P256, digests.map(SignatureAlgorithm::Ecdsa).to_vec())];
    contract::run_on(&store, &made.credential_id, &abilities).unwrap();
    assert_eq!(person.asked.load(Ordering::SeqCst), 3 * 4 + 16);
}

#[test]
fn a_document_is_signed_with_pin_and_code() {
    let all = Remote::new();
    let made = all.with_pin(SecondFactor::Sms);
    let session = session(&all.desk);
    let desk = Arc::new(all.desk);
    let person = Arc::new(Person { codes: Some(Arc::clone(&desk)), ..Person::default() });
    let store = CscKeyStore::new(session, Arc::clone(&person) as _, About::default(), limits());
    let identity = store.identity(&made.credential_id, None).unwrap();
    let place = tempfile::tempdir().unwrap();
    let (input, output) = (place.path().join("a.pdf"), place.path().join("b.pdf"));
    std::fs::write(&input, small(2)).unwrap();
    let key = SigningKey { store: &store, name: &made.credential_id, identity: &identity };
    let target = Target::File { path: &output, durability: Durability::None };
    let request = SignatureRequest::new(thrivosign::host::clock::now());
    sign(&Input::open(&input).unwrap(), target, &request, key, SignOptions::default(), &limits(), None).unwrap();
    is_clean(&output, desk.running.as_ref().unwrap().root_pem());
    let wanted = person.last.lock().unwrap().clone().unwrap();
    assert!(wanted.pin && wanted.otp == Some(OtpType::Online) && person.asked.load(Ordering::SeqCst) == 1);
}

/// The phone's authentication key as the library's own key store has it.
fn phone_key(all: &Remote) -> SoftwareKeyStore {
    use p256::pkcs8::EncodePrivateKey;
    let key = SoftwareKey::from_pkcs8_der(all.phone.authentication.to_pkcs8_der().unwrap().as_bytes()).unwrap();
    SoftwareKeyStore::with_key("authentication", KeyPurpose::Authentication, key).unwrap()
}

#[test]
fn a_document_is_signed_when_the_phone_says_yes() {
    let all = Remote::new();
    let made = all.with_phone();
    let about = About { description: Some("the loan".to_owned()), document_name: Some("a.pdf".to_owned()) };
    let store = store(&all, &Arc::new(Person::default()), about);
    let (phone, keys) = (session(&all.desk), phone_key(&all));
    let answer = |decision| {
        let waiting = approvals::waiting(&phone, &all.phone.uuid, Duration::from_secs(20), &Limits::default()).unwrap();
        let [pending] = &waiting[..] else { panic!("{waiting:?}") };
        assert_eq!((pending.document_names.clone(), pending.description.as_deref()), (vec!["a.pdf".to_owned()], Some("the loan")));
        approvals::answer(&phone, &keys, "authentication", pending, decision, &Limits::default()).unwrap();
    };
    std::thread::scope(|scope| {
        let signing = scope.spawn(|| signs(&all, &store, &made.credential_id));
        answer(approvals::Decision::Approve);
        signing.join().unwrap().unwrap();
        let signing = scope.spawn(|| signs(&all, &store, &made.credential_id));
        answer(approvals::Decision::Decline);
        assert_eq!(signing.join().unwrap().unwrap_err().kind(), ErrorKind::KeyCancelled);
    });
}

#[test]
fn a_credential_is_made_by_the_library() {
    let all = Remote::new();
    let session = session(&all.desk);
    let challenge = all.phone.challenge(&all.desk, &all.token);
    let order = credential::RemoteOrder {
        device_uuid: &all.phone.uuid,
        challenge: &challenge,
        method: AuthenticationMethod::Otp,
        value: Secret::new(all.desk.code()),
        control: Control::Sent { pin: Secret::new(crate::client::remote::PIN), otp: SecondFactor::None },
    };
    let made = credential::request(&session, order, &limits()).unwrap();
    let store = store(&all, &Arc::new(Person::default()), About::default());
    assert_eq!(store.list().unwrap().len(), 1);
    signs(&all, &store, &made.credential_id).unwrap();
    assert_eq!(store.info("none").unwrap_err().kind(), ErrorKind::KeyNotFound);
}
