//! Room `remote`: round trips of every call in both directions, each body laid beside the published contract; odd answers,
//! garbage and oversize.

use super::activate_credential::{ActivateCredential, ActivationChallenge};
use super::activate_credential_response::{ActivateCredentialResponse, Activated, ShaAlgo, SignAlgo};
use super::audit::{Audit, AuditAgreement, AuditRecord};
use super::certificate_challenge::{AuthenticationMethod, CertificateChallenge, Challenge};
use super::certificate_request_status::CertificateRequestStatus;
use super::complete_signature::{CompleteSignature, CompletedSignature};
use super::delete_device::DeleteDevice;
use super::fetch_agreement::{FetchAgreement, FetchedAgreement};
use super::http::*;
use super::info::Info;
use super::list_certificates::{Credential, Credentials};
use super::login::{Grant, Login, Tokens};
use super::problem::{Problem, ProblemType, Refusal, raw_json};
use super::register_device::{AttestationFormat, DeviceStatus, RegisterDevice, RegisteredDevice, SecurityLevel};
use super::request_certificate::{CredentialStatus, Issuance, RequestCertificate, StatedIdentity};
use super::revoke_certificate::{RevocationReason, RevokeCertificate};
use super::revoke_token::{RevokeToken, TokenKind};
use super::schema::{Content, Operation, object_schema};
use super::start_signature::{Level, PreparedSignature, StartSignature};
use super::submit_agreement::{Agreement, SubmitAgreement, Upload};
use super::*;
use crate::error::{ErrorKind, Result};
use crate::time::Time;
use serde_json::Value;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The body is what the contract says of this operation's request.
fn request_fits(operation: &Operation, request: &Request) {
    assert_eq!(request.method, operation.method);
    assert!(match_path(operation.path, &request.path).is_some(), "{} is not {}", request.path, operation.path);
    for field in operation.headers.iter().filter(|field| field.required) {
        assert!(request.headers.get(field.name).is_some(), "{} lacks {}", operation.id, field.name);
    }
    match operation.request {
        Content::Json(fields) => {
            assert_eq!(request.headers.get(CONTENT_TYPE), Some(JSON));
            schema_fits(&object_schema(fields), request.body.bytes());
        }
        Content::None => assert_eq!(request.body.size(), 0),
        Content::Form(_) | Content::Pdf => {}
    }
}

fn response_fits(operation: &Operation, response: &Response) {
    let answer = operation.answers.iter().find(|answer| answer.status == response.status).expect("a status of the contract");
    if let Content::Json(fields) = answer.content {
        schema_fits(&object_schema(fields), &response.body);
    }
    for field in answer.headers.iter().filter(|field| field.required) {
        assert!(response.headers.get(field.name).is_some(), "{} lacks {}", operation.id, field.name);
    }
}

fn schema_fits(schema: &Value, body: &[u8]) {
    let value: Value = serde_json::from_slice(body).unwrap();
    if let Err(error) = jsonschema::validate(schema, &value) {
        panic!("{error}");
    }
    // And nothing beside it: a member the schema does not name would be missing from the contract.
    for name in value.as_object().unwrap().keys() {
        assert!(schema["properties"].get(name).is_some(), "{name} is not in the contract");
    }
}

/// Bodies a reader must answer with an error, whatever it expects.
fn hostile() -> Vec<Vec<u8>> {
    let mut bodies: Vec<Vec<u8>> =
        ["", "{}", "[]", "null", "<html>", "{\"status\":\"Activated\"}", "{\"state\":7}", "\u{0}", "{\"records\":{}}"]
            .iter()
            .map(|body| body.as_bytes().to_vec())
            .collect();
    bodies.push(vec![0xff; 64]);
    bodies.push(format!("{{\"x\":{}", "[".repeat(200_000)).into_bytes());
    bodies.push(vec![b' '; 33 << 20]);
    bodies
}

fn refuses_garbage<T>(status: u16, decode: impl Fn(&Response) -> Result<T>) {
    for body in hostile() {
        let mut response = Response::new(status);
        response.body = Zeroizing::new(body);
        let error = decode(&response).err().expect("garbage was taken for an answer");
        assert_eq!(error.kind(), ErrorKind::BadAnswer);
    }
    for (odd, kind) in [(302, ErrorKind::BadAnswer), (500, ErrorKind::ServiceUnavailable), (404, ErrorKind::RecordNotFound)] {
        assert_eq!(decode(&raw_json(odd, "{}")).err().unwrap().kind(), kind);
    }
    let problem = Problem::new(ProblemType::DeviceUnknown).encode();
    assert_eq!(decode(&problem).err().unwrap().kind(), ErrorKind::DeviceRefused);
}

fn refuses_garbage_request<T>(request: &Request, decode: impl Fn(&Request) -> Result<T, Refusal>) {
    for body in hostile() {
        let mut request = request.clone();
        request.body = Body::Bytes(Zeroizing::new(body));
        let refusal = decode(&request).err().expect("garbage was taken for a request");
        assert!(matches!(refusal.encode().status, 400 | 413), "{refusal:?}");
    }
}

#[test]
fn info_goes_there_and_back() {
    let info = Info { name: "S".into(), version: "1".into(), build: "b".into(), time: Time::from_unix(0) };
    request_fits(&info::OPERATION, &info::request());
    response_fits(&info::OPERATION, &info.encode());
    assert_eq!(Info::decode(&info.encode()).unwrap(), info);
    refuses_garbage(200, Info::decode);
}

#[test]
fn login_fits_the_contract() {
    let login = Login { grant: Grant::Password { username: "u".into(), password: "p".into() }, client: None };
    request_fits(&login::OPERATION, &login.encode());
    let tokens = Tokens { access_token: "a".into(), token_type: "bearer".into(), expires_in: 86_399, refresh_token: None };
    response_fits(&login::OPERATION, &tokens.encode());
    refuses_garbage(200, |response| Tokens::decode(response).map(|_| ()));
}

#[test]
fn revoke_token_goes_there_and_back() {
    let request = RevokeToken { token: "t".into(), kind: Some(TokenKind::Refresh) }.encode();
    request_fits(&revoke_token::OPERATION, &request);
    let back = RevokeToken::decode(&request).ok().unwrap();
    assert_eq!((back.token.expose(), back.kind), ("t", Some(TokenKind::Refresh)));
    revoke_token::decode_done(&revoke_token::done()).unwrap();
    refuses_garbage_request(&request, RevokeToken::decode);
}

fn device() -> RegisterDevice {
    RegisterDevice {
        activation_code: "123456".into(),
        device_uuid: "d-1".into(),
        name: "Zoë's phone".into(),
        platform: "android".into(),
        public_key: vec![1, 2, 3],
        attestation_format: AttestationFormat::None,
        attestation_statement: None,
        sign_algo: "ecdsa-sha256".into(),
        proof: vec![4, 5],
    }
}

#[test]
fn register_device_goes_there_and_back_with_its_proof() {
    let request = device().encode();
    request_fits(&register_device::OPERATION, &request);
    let back = RegisterDevice::decode(&request).ok().unwrap();
    assert_eq!(back.activation_code.expose(), "123456");
    assert_eq!((&*back.device_uuid, &*back.public_key, &*back.proof), ("d-1", &[1_u8, 2, 3][..], &[4_u8, 5][..]));
    let signed = String::from_utf8(back.to_be_signed().to_vec()).unwrap();
    let expected = r#"{"activationCode":"123456","attestation":{"format":"none"},"deviceUUID":"d-1","name":"Zoë's phone","platform":"android","publicKey":"AQID","signAlgo":"ecdsa-sha256"}"#;
    assert_eq!(signed, expected);
    assert_eq!(*back.to_be_signed(), *device().to_be_signed());
    let answer = RegisteredDevice { device_uuid: "d-1".into(), status: DeviceStatus::Active, security_level: SecurityLevel::Software };
    response_fits(&register_device::OPERATION, &answer.encode());
    assert_eq!(RegisteredDevice::decode(&answer.encode()).unwrap(), answer);
    refuses_garbage(201, RegisteredDevice::decode);
    refuses_garbage_request(&request, RegisterDevice::decode);
}

#[test]
fn device_calls_without_bodies() {
    request_fits(&device_activation_code::OPERATION, &device_activation_code::request());
    device_activation_code::decode_done(&device_activation_code::done()).unwrap();
    let call = DeleteDevice { device_uuid: "d-1".into() };
    request_fits(&delete_device::OPERATION, &call.encode().unwrap());
    assert_eq!(DeleteDevice::decode(&call.encode().unwrap()).unwrap(), call);
    delete_device::decode_done(&delete_device::done()).unwrap();
    let evil = DeleteDevice { device_uuid: "../users".into() };
    assert_eq!(evil.encode().err().unwrap().kind(), ErrorKind::InvalidArgument);
}

#[test]
fn certificate_challenge_goes_there_and_back() {
    let call = CertificateChallenge { device_uuid: "d".into(), method: AuthenticationMethod::Otp };
    request_fits(&certificate_challenge::OPERATION, &call.encode());
    assert_eq!(CertificateChallenge::decode(&call.encode()).unwrap(), call);
    let answer = Challenge { challenge: "c-1".into(), expires_in: 300, sent_to: Some("•••42".into()) };
    response_fits(&certificate_challenge::OPERATION, &answer.encode());
    assert_eq!(Challenge::decode(&answer.encode()).unwrap(), answer);
    refuses_garbage(200, Challenge::decode);
    refuses_garbage_request(&call.encode(), CertificateChallenge::decode);
}

#[test]
fn request_certificate_goes_there_and_back() {
    let call = RequestCertificate {
        idempotency_key: "k-1".into(),
        device_uuid: "d".into(),
        csr: vec![0x30, 0],
        method: AuthenticationMethod::Otp,
        value: "654321".into(),
        identity: Some(StatedIdentity { name: Some("N".into()), country: Some("CH".into()), serial_number: None }),
        attestation_format: AttestationFormat::AndroidKey,
        attestation_certificates: vec![vec![1], vec![2]],
        attestation_statement: Some(vec![3]),
        profile: Some("signing".into()),
    };
    let request = call.encode();
    request_fits(&request_certificate::OPERATION, &request);
    let back = RequestCertificate::decode(&request).ok().unwrap();
    assert_eq!((back.value.expose(), &*back.idempotency_key), ("654321", "k-1"));
    assert!(back.identity == call.identity && back.csr == call.csr && back.attestation_certificates == call.attestation_certificates);
    refuses_garbage_request(&request, RequestCertificate::decode);
    let mut without = request;
    without.headers = Headers::new();
    assert!(RequestCertificate::decode(&without).is_err(), "no Idempotency-Key");

    let issued = Issuance::Issued { credential_id: "c".into(), status: CredentialStatus::New, certificates: vec![vec![0x30]] };
    let pending = Issuance::Pending { request_id: "r".into(), retry_after: 60 };
    for answer in [issued, pending] {
        response_fits(&request_certificate::OPERATION, &answer.encode());
        assert_eq!(Issuance::decode(&answer.encode()).unwrap(), answer);
    }
    for status in [201, 202] {
        refuses_garbage(status, Issuance::decode);
    }
    let empty = raw_json(201, r#"{"credentialID":"c","status":"New","certificates":[]}"#);
    assert_eq!(Issuance::decode(&empty).err().unwrap().kind(), ErrorKind::BadAnswer);
    let status = CertificateRequestStatus { request_id: "r".into() };
    request_fits(&certificate_request_status::OPERATION, &status.encode().unwrap());
    assert_eq!(CertificateRequestStatus::decode(&status.encode().unwrap()).unwrap(), status);
}

#[test]
fn activation_goes_there_and_back() {
    let call = ActivateCredential { credential_id: "c".into(), device_uuid: "d".into() };
    request_fits(&activate_credential::OPERATION, &call.encode());
    assert_eq!(ActivateCredential::decode(&call.encode()).unwrap(), call);
    refuses_garbage_request(&call.encode(), ActivateCredential::decode);
    let challenge = ActivationChallenge { credential_id: "c".into(), device_uuid: "d".into(), challenge: "x".into(), expires_in: 300 };
    response_fits(&activate_credential::OPERATION, &challenge.encode());
    assert_eq!(ActivationChallenge::decode(&challenge.encode()).unwrap(), challenge);
    refuses_garbage(200, ActivationChallenge::decode);

    let answer = ActivateCredentialResponse {
        credential_id: "c".into(),
        device_uuid: "d".into(),
        sign_algo: SignAlgo::RsassaPss,
        authorize_signature: vec![9],
        otp_decrypted: "77".into(),
        sha_algo: ShaAlgo::Sha256,
    };
    let request = answer.encode();
    request_fits(&activate_credential_response::OPERATION, &request);
    let back = ActivateCredentialResponse::decode(&request).ok().unwrap();
    assert_eq!((back.otp_decrypted.expose(), &*back.authorize_signature), ("77", &[9_u8][..]));
    let expected =
        r#"{"challenge":"x","credentialID":"c","deviceUUID":"d","otpDecrypted":"77","shaAlgo":"sha256","signAlgo":"RSASSA-PSS"}"#;
    assert_eq!(std::str::from_utf8(&back.to_be_signed("x")).unwrap(), expected);
    for body in hostile() {
        let mut request = request.clone();
        request.body = Body::Bytes(Zeroizing::new(body));
        assert_eq!(ActivateCredentialResponse::decode(&request).err(), Some(Refusal::INVALID_REQUEST));
    }

    let activated = Activated { status: CredentialStatus::Activated };
    response_fits(&activate_credential_response::OPERATION, &activated.encode("c"));
    for body in ["", "{}", r#"{"status":"Activated"}"#, r#"{"status":"In use"}"#] {
        assert_eq!(Activated::decode(&raw_json(200, body)).unwrap(), activated, "{body}");
    }
    assert_eq!(Activated::decode(&raw_json(200, "<html>")).err().unwrap().kind(), ErrorKind::BadAnswer);
    assert_eq!(Activated::decode(&Refusal::DENIED.encode()).err().unwrap().kind(), ErrorKind::AuthorizationDenied);
    assert_eq!(Activated::decode(&Refusal::NOT_FOUND.encode()).err().unwrap().kind(), ErrorKind::RecordNotFound);
}

#[test]
fn list_and_revoke_go_there_and_back() {
    let credential = Credential {
        credential_id: "c".into(),
        status: CredentialStatus::Activated,
        device_uuid: Some("d".into()),
        subject: "CN=N".into(),
        serial_number: "0a".into(),
        not_before: Time::from_unix(0),
        not_after: Time::from_unix(86_400),
        renew_from: None,
        certificates: vec![vec![0x30]],
    };
    let list = Credentials(vec![credential.clone(), Credential { device_uuid: None, renew_from: Some(Time::from_unix(1)), ..credential }]);
    request_fits(&list_certificates::OPERATION, &list_certificates::request());
    response_fits(&list_certificates::OPERATION, &list.encode());
    assert!(Credentials::decode(&list.encode()).ok().unwrap() == list);
    refuses_garbage(200, |response| Credentials::decode(response).map(|_| ()));

    let call = RevokeCertificate { credential_id: "c".into(), reason: RevocationReason::KeyCompromise };
    request_fits(&revoke_certificate::OPERATION, &call.encode().unwrap());
    assert_eq!(RevokeCertificate::decode(&call.encode().unwrap()).unwrap(), call);
    refuses_garbage_request(&call.encode().unwrap(), RevokeCertificate::decode);
    response_fits(&revoke_certificate::OPERATION, &revoke_certificate::answer("c"));
    revoke_certificate::decode_answer(&revoke_certificate::answer("c")).unwrap();
    let still = raw_json(200, r#"{"credentialID":"c","status":"Activated"}"#);
    assert!(revoke_certificate::decode_answer(&still).is_err(), "a certificate that is not revoked was taken for revoked");
    refuses_garbage(200, revoke_certificate::decode_answer);
}

#[test]
fn agreements_go_up_and_names_cannot_leave_their_folder() {
    for (upload, operation) in [(Upload::Submit, &submit_agreement::OPERATION), (Upload::File, &submit_agreement::OPERATION_FILED)] {
        let head = SubmitAgreement { upload, file_name: "Darlehen für Zoë.pdf".into(), idempotency_key: "k".into(), sha256: [7; 32] };
        let request = head.encode(Arc::new(b"%PDF-".to_vec()));
        request_fits(operation, &request);
        assert_eq!(request.body.size(), 5);
        assert!(SubmitAgreement::decode_head(&request).ok().unwrap() == head);
        for (name, value) in [
            (FILE_NAME, "..%2f..%2fetc"),
            (FILE_NAME, ""),
            (FILE_NAME, "a%0d%0aX: y"),
            (FILE_NAME, "a%5cb"),
            (FILE_NAME, "%ff"),
            (CONTENT_TYPE, "text/plain"),
            (CONTENT_DIGEST, "sha-256=:AAAA:"),
            (IDEMPOTENCY_KEY, "a b"),
        ] {
            let mut request = request.clone();
            request.headers.set(name, value);
            assert!(SubmitAgreement::decode_head(&request).is_err(), "{name}: {value}");
        }
    }
    let answer = Agreement { document_id: "a".into(), sha256: [0xab; 32], size: 5, pages: 3, signatures: 0 };
    response_fits(&submit_agreement::OPERATION, &answer.encode());
    assert_eq!(Agreement::decode(&answer.encode()).unwrap(), answer);
    refuses_garbage(201, Agreement::decode);
}

#[test]
fn signatures_start_and_complete() {
    let full = StartSignature {
        idempotency_key: "k".into(),
        document_id: "a".into(),
        credential_id: "c".into(),
        field: Some("form.sig".into()),
        page: Some(3),
        rect: Some([10.5, 20.0, 200.0, 50.0]),
        reason: Some("r".into()),
        location: Some("l".into()),
        contact: Some("m".into()),
        appearance_text: Some("t".into()),
        appearance_image: true,
        level: Level::BB,
    };
    let bare = StartSignature {
        field: None,
        page: None,
        rect: None,
        reason: None,
        location: None,
        contact: None,
        appearance_text: None,
        appearance_image: false,
        ..full.clone()
    };
    for call in [full, bare] {
        let request = call.encode().unwrap();
        request_fits(&start_signature::OPERATION, &request);
        assert!(StartSignature::decode(&request).ok().unwrap() == call);
        refuses_garbage_request(&request, StartSignature::decode);
    }
    let prepared = PreparedSignature {
        signature_id: "s".into(),
        revision_offset: 1000,
        revision: vec![0; 3 << 20],
        byte_range: [0, 1100, 2000, 50],
        signed_attributes: vec![0x31, 0],
        digest_algo: ShaAlgo::Sha256,
    };
    response_fits(&start_signature::OPERATION, &prepared.encode());
    assert!(PreparedSignature::decode(&prepared.encode()).ok().unwrap() == prepared);
    refuses_garbage(201, |response| PreparedSignature::decode(response).map(|_| ()));

    let call =
        CompleteSignature { document_id: "a".into(), signature_id: "s".into(), signature: vec![1], sign_algo: "ecdsa-sha256".into() };
    let request = call.encode().unwrap();
    request_fits(&complete_signature::OPERATION, &request);
    assert!(CompleteSignature::decode(&request).ok().unwrap() == call);
    refuses_garbage_request(&request, CompleteSignature::decode);
    let answer = CompletedSignature { level: Level::BLta };
    response_fits(&complete_signature::OPERATION, &answer.encode());
    assert_eq!(CompletedSignature::decode(&answer.encode()).unwrap(), answer);
    refuses_garbage(200, CompletedSignature::decode);
}

#[test]
fn agreements_come_down_whole_and_by_ranges() {
    for (range, if_range) in [(None, None), (Some((5, None)), None), (Some((5, Some(9))), Some("\"v1\"".to_owned()))] {
        let call = FetchAgreement { document_id: "a".into(), range, if_range };
        let request = call.encode().unwrap();
        request_fits(&fetch_agreement::OPERATION, &request);
        assert_eq!(FetchAgreement::decode(&request).unwrap(), call);
    }
    for odd in ["bytes=9-5", "bytes=-5", "bytes=1-2,4-5", "chars=1-2", "bytes=+1-2", "bytes=99999999999999999999-"] {
        let mut request = Request::new(Method::Get, "/rssp/agreements/a");
        request.headers.set(RANGE, odd);
        assert_eq!(FetchAgreement::decode(&request).unwrap().range, None, "{odd}");
    }
    let answer = |offset, total, size: usize| FetchedAgreement {
        etag: "\"v1\"".into(),
        sha256: Some([1; 32]),
        offset,
        total,
        bytes: Zeroizing::new(vec![7; size]),
    };
    for (fetched, status) in [(answer(0, 10, 10), 200), (answer(0, 10, 5), 206), (answer(5, 10, 5), 206)] {
        let response = fetched.clone().encode();
        assert_eq!(response.status, status);
        response_fits(&fetch_agreement::OPERATION, &response);
        let back = FetchedAgreement::decode(response).ok().unwrap();
        assert_eq!((back.offset, back.total, back.bytes.len()), (fetched.offset, fetched.total, fetched.bytes.len()));
    }
    let good = answer(5, 10, 5).encode();
    for (name, value) in [
        (CONTENT_RANGE, "bytes 5-9/9"),
        (CONTENT_RANGE, "bytes 5-8/10"),
        (CONTENT_RANGE, "bytes 9-5/10"),
        (CONTENT_RANGE, "bytes 5-9/*"),
        (CONTENT_RANGE, "5-9/10"),
        (CONTENT_RANGE, "bytes 0-18446744073709551615/18446744073709551615"),
        (CONTENT_TYPE, "text/html"),
        (CONTENT_DIGEST, "md5=:AA==:"),
    ] {
        let mut response = good.clone();
        response.headers.set(name, value);
        assert_eq!(FetchedAgreement::decode(response).err().unwrap().kind(), ErrorKind::BadAnswer, "{name}: {value}");
    }
}

#[test]
fn audit_goes_there_and_back_and_a_gap_is_refused() {
    let record = |sequence: u64, previous: [u8; 32]| AuditRecord {
        sequence,
        time: Time::from_unix(0),
        actor: "u-1".into(),
        action: "submitted".into(),
        detail: None,
        previous,
        hash: [u8::try_from(sequence).unwrap(); 32],
    };
    let call = AuditAgreement { document_id: "a".into() };
    request_fits(&audit::OPERATION, &call.encode().unwrap());
    assert_eq!(AuditAgreement::decode(&call.encode().unwrap()).unwrap(), call);
    let good = Audit(vec![record(1, [0; 32]), record(2, [1; 32])]);
    response_fits(&audit::OPERATION, &good.encode());
    assert!(Audit::decode(&good.encode()).ok().unwrap() == good);
    let hashed = String::from_utf8(good.0[1].to_be_hashed()).unwrap();
    let zeros = "01".repeat(32);
    assert_eq!(
        hashed,
        format!(r#"{{"action":"submitted","actor":"u-1","previous":"{zeros}","sequence":2,"time":"1970-01-01T00:00:00Z"}}"#)
    );
    for broken in [vec![record(1, [9; 32])], vec![record(2, [0; 32])], vec![record(1, [0; 32]), record(3, [1; 32])]] {
        assert!(Audit::decode(&Audit(broken).encode()).is_err());
    }
    refuses_garbage(200, |response| Audit::decode(response).map(|_| ()));
}

#[test]
fn the_contract_names_every_call_once() {
    let document = openapi::document();
    assert_eq!(document, openapi::document());
    let mut ids = std::collections::HashSet::new();
    let mut count = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            count += 1;
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{path}");
            assert!(matches!(operation["x-source"].as_str(), Some("doc" | "csc" | "hub" | "ours")), "{path}");
            assert!(operation["responses"]["default"].is_object(), "{path}");
        }
    }
    let aliases: usize = openapi::OPERATIONS.iter().map(|operation| operation.aliases.len()).sum();
    assert_eq!(count, openapi::OPERATIONS.len() + aliases, "two calls share a method and path");
    assert_eq!(document["paths"]["/credentials/activate/response"]["post"]["x-source"], "doc");
    assert!(document["paths"]["/rssp/credentials/activate/response"]["post"].is_object());
    assert_eq!(
        document["paths"]["/rssp/auth/login"]["post"]["security"],
        serde_json::json!([{"apiKey": []}, {"apiKey": [], "mutualTls": []}])
    );
}

#[test]
fn a_request_is_known_by_its_operation_whatever_ids_stand_in_it() {
    let id = |method, path: &str| openapi::operation_id(&Request::new(method, path));
    assert_eq!(id(Method::Get, "/rssp/certificates"), Some("listCertificates"));
    assert_eq!(id(Method::Post, certificate_challenge::PATH), Some(certificate_challenge::OPERATION.id));
    assert_eq!(id(Method::Get, "/rssp/agreements/some-secret-id"), Some(fetch_agreement::OPERATION.id));
    assert_eq!(id(Method::Put, "/rssp/agreements/d/signatures/s"), Some(complete_signature::OPERATION.id));
    assert_eq!(id(Method::Get, "/elsewhere"), None);
    for operation in openapi::OPERATIONS {
        let path = operation.path.replace("{", "").replace("}", "");
        assert!(id(operation.method, path.split('?').next().unwrap()).is_some(), "{}", operation.path);
    }
}
