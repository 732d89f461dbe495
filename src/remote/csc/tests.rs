//! Room `remote`: each call of the CSC API there and back, and answers that no reader may take.

use super::authorize::{Activation, Authorize, Authorized};
use super::credential_info::{AskCredential, CredentialInfo, WantedCertificates};
use super::extend_transaction::{ExtendTransaction, decode_answer};
use super::info::CscInfo;
use super::list_credentials::{CredentialIds, ListCredentials};
use super::refusal;
use super::sign_hash::{SignHash, Signatures};
use super::timestamp::{Timestamp, Timestamped};
use crate::error::ErrorKind;
use crate::remote::authorization_status::AuthorizationState;
use crate::remote::authorizations::{Authorizations, PendingAuthorization};
use crate::remote::problem::raw_json;
use crate::remote::remote_credential::RemoteCredential;
use crate::remote::secret::Secret;

#[test]
fn requests_go_there_and_back() {
    let list = ListCredentials { user_id: None, max_results: Some(2), page_token: Some("next".to_owned()) };
    assert_eq!(ListCredentials::decode(&list.encode()).ok(), Some(list));
    let ask = AskCredential { credential_id: "c/1".to_owned(), certificates: WantedCertificates::Chain, cert_info: true, auth_info: false };
    assert_eq!(AskCredential::decode(&ask.encode()).ok(), Some(ask));
    let asked = Authorize {
        credential_id: "c".to_owned(),
        signatures: 1,
        hashes: Some(vec![vec![7; 32]]),
        pin: Some(Secret::new("p")),
        document_names: vec!["a.pdf".to_owned()],
        later: true,
        ..Authorize::default()
    };
    let back = Authorize::decode(&asked.encode()).ok().unwrap();
    assert!(back.hashes == asked.hashes && back.document_names == asked.document_names && back.later && back.otp.is_none());
    assert_eq!(back.pin.unwrap().expose(), "p");
    // What is of ours stays out of a request that does not need it: others' services never see it.
    let plain = Authorize { credential_id: "c".to_owned(), signatures: 1, ..Authorize::default() };
    assert_eq!(plain.encode().body.bytes(), br#"{"credentialID":"c","numSignatures":1}"#);
    let extend = ExtendTransaction { credential_id: "c".to_owned(), hashes: Some(vec![vec![1; 32]]), sad: Secret::new("s") };
    assert_eq!(ExtendTransaction::decode(&extend.encode()).ok().unwrap().hashes, extend.hashes);
    let sign = SignHash {
        credential_id: "c".to_owned(),
        sad: Secret::new("s"),
        hashes: vec![vec![1; 32]],
        hash_algo: None,
        sign_algo: "1.2.840.10045.4.3.2".to_owned(),
        sign_algo_params: Some(vec![5, 0]),
    };
    let back = SignHash::decode(&sign.encode()).ok().unwrap();
    assert!(back.hashes == sign.hashes && back.sign_algo_params == sign.sign_algo_params && back.sad.expose() == "s");
    let stamp = Timestamp { hash: vec![1; 32], hash_algo: "2.16.840.1.101.3.4.2.1".to_owned(), nonce: Some("00ff".to_owned()) };
    assert_eq!(Timestamp::decode(&stamp.encode()).ok(), Some(stamp));
}

#[test]
fn odd_answers_are_refused() {
    for body in
        ["", "{}", "[]", "null", "<html>", "{\"SAD\":7}", "{\"signatures\":\"x\"}", "{\"state\":\"approved\"}", "{\"timestamp\":\"?\"}"]
    {
        let answer = raw_json(200, body);
        let kinds = [
            CscInfo::decode(&answer).err().map(|error| error.kind()),
            CredentialIds::decode(&answer).err().map(|error| error.kind()),
            CredentialInfo::decode(&answer).err().map(|error| error.kind()),
            Authorized::decode(&answer).err().map(|error| error.kind()),
            Authorized::decode(&raw_json(202, body)).err().map(|error| error.kind()),
            decode_answer(&answer).err().map(|error| error.kind()),
            Signatures::decode(&answer).err().map(|error| error.kind()),
            Timestamped::decode(&answer).err().map(|error| error.kind()),
            Authorizations::decode(&answer).err().map(|error| error.kind()),
            AuthorizationState::decode(&answer).err().map(|error| error.kind()),
            RemoteCredential::decode(&answer).err().map(|error| error.kind()),
        ];
        assert!(kinds.iter().all(|kind| *kind == Some(ErrorKind::BadAnswer)), "{body}: {kinds:?}");
    }
    // Two names for three hashes: the person would say yes to something that has no name.
    let pending = PendingAuthorization {
        authorization_id: "a".to_owned(),
        credential_id: "c".to_owned(),
        challenge: "x".to_owned(),
        description: None,
        document_names: vec!["a.pdf".to_owned(), "b.pdf".to_owned()],
        hashes: vec![vec![1; 32]; 3],
        expires_in: 9,
    };
    assert_eq!(Authorizations::decode(&Authorizations(vec![pending]).encode()).unwrap_err().kind(), ErrorKind::BadAnswer);
}

#[test]
fn refusals_become_errors_that_a_program_can_act_on() {
    let kind = |refused: crate::remote::problem::Refusal| decode_answer(&refused.encode()).err().unwrap().kind();
    assert_eq!(kind(refusal::PIN), ErrorKind::UserAuthenticationFailed);
    assert_eq!(kind(refusal::LOCKED_PIN), ErrorKind::UserAuthenticationLocked);
    assert_eq!(kind(refusal::LOCKED_OTP), ErrorKind::UserAuthenticationLocked);
    assert_eq!(kind(refusal::DECLINED), ErrorKind::AuthorizationDenied);
    assert_eq!(kind(refusal::AUTHENTICATION), ErrorKind::LoginRefused);
    assert_eq!(kind(refusal::SAD_EXPIRED), ErrorKind::ServiceRefused);
    let activation = Activation { sad: Secret::new("s"), expires_in: 7 };
    assert_eq!(decode_answer(&activation.encode()).ok().map(|back| back.expires_in), Some(7));
    // An hour, where nothing is said (CSC API 11.6).
    assert_eq!(decode_answer(&raw_json(200, "{\"SAD\":\"s\"}")).ok().map(|back| back.expires_in), Some(3600));
}
