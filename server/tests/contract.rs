//! The contract: `openapi.yaml` is what the codecs say, the running server answers each of its operations with declared statuses and shapes,
//! and nothing that it does not declare.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use crate::client::phone::plain_signature;
use base64ct::{Base64, Encoding};
use client::officer::{OFFICER, approving};
use client::phone::{NAME, Phone, csr};
use client::{Answer, Desk, PASSWORD, USER, encode, pdf, phone};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use thrivosign::key::Attestation;
use thrivosign::remote::activate_credential::ActivationChallenge;
use thrivosign::remote::activate_credential_response::{ShaAlgo, SignAlgo};
use thrivosign::remote::authorization_response::{AnswerAuthorization, Decision};
use thrivosign::remote::authorizations::Authorizations;
use thrivosign::remote::content_digest;
use thrivosign::remote::remote_credential::{Control, RequestRemoteCredential, SecondFactor};
use thrivosign::remote::renew_certificate::RenewCertificate;
use thrivosign::remote::renewal_challenge;
use thrivosign::remote::secret::Secret;
use thrivosign_server::pins::Publication;

fn document() -> Value {
    thrivosign::remote::openapi::document()
}

#[test]
fn the_committed_contract_is_what_the_codecs_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.yaml");
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let generated = thrivosign_server::openapi();
    assert!(committed == generated, "openapi.yaml has drifted: run `cargo run -p thrivosign-server -- openapi > server/openapi.yaml`");
}

/// A server whose operator has published pins.
fn with_pins() -> Desk {
    let mut desk = Desk::open();
    desk.running.take().unwrap().shutdown();
    let key = desk.folder.path().join("update.pem");
    let arguments = ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out"];
    assert!(Command::new("openssl").args(arguments).arg(&key).output().unwrap().status.success());
    let what = Publication { key: &key, passphrase: None, host: "localhost", days: 90, serial: None, also: &[] };
    thrivosign_server::pins::publish(desk.folder.path(), &what).unwrap();
    desk.again()
}

/// Each operation of the document: path, method, what it says.
fn operations() -> Vec<(String, String, Value)> {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    let of = |(path, item): (&String, &Value)| {
        let item = item.as_object().unwrap().clone();
        item.into_iter().map(|(method, said)| (path.clone(), method.to_uppercase(), said)).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of).collect()
}

/// Checks an answer against what the operation declares for its status.
fn check(path: &str, said: &Value, answer: &Answer) {
    let status = answer.status.to_string();
    let declared = said["responses"].get(&status);
    assert!(declared.is_some() || answer.status >= 400, "{path}: status {status} is not declared");
    let declared = declared.unwrap_or(&said["responses"]["default"]);
    for (name, header) in declared["headers"].as_object().into_iter().flatten() {
        assert!(header["required"] != true || answer.header(name).is_some(), "{path}: {name} is missing");
    }
    let Some(content) = declared["content"].as_object() else {
        assert!(answer.body.is_empty(), "{path}: a body where none is declared");
        return;
    };
    let given = answer.header("content-type").unwrap_or_default();
    let media = content.get(given).unwrap_or_else(|| panic!("{path}: {given} is not declared for {status}"));
    if given.ends_with("json") {
        let mut schema = media["schema"].clone();
        schema["components"] = document()["components"].clone();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let errors: Vec<String> = validator.iter_errors(&answer.json()).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{path}: {errors:?}");
        if given == "application/problem+json" {
            let known = &document()["components"]["schemas"]["ProblemType"]["enum"];
            assert!(known.as_array().unwrap().contains(&answer.json()["type"]), "{path}: {}", answer.json());
            assert_eq!(answer.json()["status"], answer.status, "{path}");
        }
    }
}

#[test]
fn every_operation_is_routed_and_refuses_in_its_shape() {
    let desk = with_pins();
    let (token, _) = desk.login();
    let authorization = format!("Bearer {token}");
    for (template, method, said) in operations() {
        let path: String =
            template.split('/').map(|part| if part.starts_with('{') { "none-0" } else { part }).collect::<Vec<_>>().join("/");
        let open = said["security"].as_array().unwrap().is_empty();
        let bare = desk.call(&method, &path, &[], b"");
        if open {
            assert_eq!(bare.status, 200, "{path}");
        } else {
            assert_eq!(bare.status, 401, "{method} {path}");
        }
        check(&path, &said, &bare);
        let needs_token = said["security"][0].get("token").is_some();
        let keyed = desk.call(&method, &path, &[("X-API-Key", &desk.key)], b"");
        assert_eq!(keyed.status == 401, needs_token && !open, "{method} {path}");
        check(&path, &said, &keyed);
        for body in [&b""[..], b"{}", b"garbage", b"[1]", b"{\"credentialID\": 7}"] {
            let answer = desk.call(&method, &path, &[("X-API-Key", &desk.key), ("Authorization", &authorization)], body);
            assert!(
                answer.status != 405 && answer.status < 500 || answer.text("Message") == "Record not found",
                "{method} {path} {answer:?}"
            );
            assert!(answer.status != 404 || answer.problem() != "not-found" || path.contains("none-0"), "{method} {path} is not routed");
            // Some calls of the CSC API need no member: an object without them is a request.
            let needs = said["requestBody"]["content"]["application/json"]["schema"]["required"].as_array();
            let fits = needs.is_some_and(Vec::is_empty) && (body.is_empty() || body.starts_with(b"{"));
            if said["requestBody"].is_object() && !fits {
                assert!(answer.status >= 400, "{method} {path} takes garbage");
            }
            check(&path, &said, &answer);
        }
    }
}

#[test]
fn undeclared_paths_and_methods_do_not_exist() {
    let desk = Desk::open_with(|config| config.demo = false);
    let (token, _) = desk.login();
    let authorization = format!("Bearer {token}");
    let headers = [("X-API-Key", desk.key.as_str()), ("Authorization", authorization.as_str())];
    let declared: BTreeSet<(String, String)> = operations().into_iter().map(|(path, method, _)| (path, method)).collect();
    let paths: BTreeSet<String> = declared.iter().map(|(path, _)| path.clone()).collect();
    let mut tried = 0;
    for template in &paths {
        let path: String = template.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect::<Vec<_>>().join("/");
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
            // `/rssp/devices/{deviceUUID}` also stands for `/rssp/devices/activation-code`, so that fixed paths may have more methods.
            if declared.contains(&(template.clone(), method.to_owned())) {
                continue;
            }
            let answer = desk.call(method, &path, &headers, b"");
            assert!(matches!(answer.status, 404 | 405), "{method} {path}: {}", answer.status);
            tried += 1;
        }
        for near in [format!("{path}/"), format!("{path}/x/y/z"), format!("/x{path}"), path.to_uppercase()] {
            let answer = desk.call("GET", &near, &headers, b"");
            assert_eq!(answer.status, 404, "{near}");
        }
    }
    assert!(tried > 60);
    for path in ["/", "/desk/outbox", "/admin", "/metrics", "/debug", "/openapi.yaml", "/.well-known/est/serverkeygen"] {
        assert_eq!(desk.call("GET", path, &headers, b"").status, 404, "{path}");
    }
}

/// In its last month a certificate is renewed. Gives a token of that time.
fn renew(desk: &Desk, phone: &Phone, credential: &str, held: &mut dyn FnMut(&str, Answer) -> Answer) -> String {
    desk.pass(340 * 86_400);
    let (token, _) = desk.login();
    let challenge = held("renewalChallenge", desk.send(&token, &renewal_challenge::request(credential).unwrap())).text("challenge");
    let mut call = RenewCertificate {
        idempotency_key: "renewal".to_owned(),
        credential_id: credential.to_owned(),
        csr: csr(&phone::new_key(), NAME, Some(&challenge)),
        attestation: Attestation::new("none", Vec::new(), Vec::new()),
        sign_algo: SignAlgo::Ecdsa,
        sha_algo: ShaAlgo::Sha256,
        proof: Vec::new(),
    };
    call.proof = phone::sign(&phone.authentication, &call.to_be_signed());
    held("renewCertificate", desk.send(&token, &call.encode().unwrap()));
    token
}

/// The calls of remote credentials: one that a PIN opens, with a code, and one that the phone approves.
fn remote(desk: &Desk, token: &str, phone: &Phone, held: &mut dyn FnMut(&str, Answer) -> Answer) {
    let hash = Base64::encode_string(&[7; 32]);
    let csc = |call: &str, body: Value| desk.authed(token, "POST", &format!("/csc/v1/{call}"), &body);
    held("cscInfo", desk.call("POST", "/csc/v1/info", &[], b"{}"));
    let basic = format!("Basic {}", Base64::encode_string(format!("{USER}:{PASSWORD}").as_bytes()));
    held(
        "cscLogin",
        desk.call("POST", "/csc/v1/auth/login", &[("X-API-Key", &desk.key), ("Authorization", &basic)], b"{\"rememberMe\":true}"),
    );
    let mut made = |control| {
        let challenge = phone.challenge(desk, token);
        let order = RequestRemoteCredential {
            idempotency_key: challenge.clone(),
            device_uuid: phone.uuid.clone(),
            challenge,
            method: thrivosign::remote::certificate_challenge::AuthenticationMethod::Otp,
            value: Secret::new(desk.code()),
            control,
        };
        held("requestRemoteCredential", desk.send(token, &order.encode())).text("credentialID")
    };
    let by_phone = made(Control::Device);
    let id = made(Control::Sent { pin: Secret::new("246810"), otp: SecondFactor::Sms });
    held("cscListCredentials", csc("credentials/list", json!({"maxResults": 1})));
    held(
        "cscCredentialInfo",
        csc("credentials/info", json!({"credentialID": id, "certificates": "chain", "certInfo": true, "authInfo": true})),
    );
    held("cscSendOtp", csc("credentials/sendOTP", json!({"credentialID": id})));
    let body = json!({"credentialID": id, "numSignatures": 1, "hash": [hash], "PIN": "246810", "OTP": desk.code()});
    let sad = held("cscAuthorize", csc("credentials/authorize", body)).text("SAD");
    let sad = held("cscExtendTransaction", csc("credentials/extendTransaction", json!({"credentialID": id, "SAD": sad, "hash": [hash]})))
        .text("SAD");
    held(
        "cscSignHash",
        csc("signatures/signHash", json!({"credentialID": id, "SAD": sad, "hash": [hash], "signAlgo": "1.2.840.10045.4.3.2"})),
    );
    held("cscTimestamp", csc("signatures/timestamp", json!({"hash": hash, "hashAlgo": "2.16.840.1.101.3.4.2.1", "nonce": "00ff"})));
    let body = json!({"credentialID": by_phone, "numSignatures": 1, "hash": [hash], "documentNames": ["a.pdf"], "async": true});
    let asked = held("cscAuthorize", csc("credentials/authorize", body)).text("authorizationID");
    let list = format!("/rssp/authorizations?deviceUUID={}&wait=1", phone.uuid);
    let waiting = held("listAuthorizations", desk.authed(token, "GET", &list, &Value::Null));
    let pending = Authorizations::decode(&waiting.wire()).unwrap().0.remove(0);
    let mut answer = AnswerAuthorization {
        authorization_id: asked.clone(),
        decision: Decision::Approve,
        sign_algo: SignAlgo::Ecdsa,
        sha_algo: ShaAlgo::Sha256,
        authorize_signature: Vec::new(),
    };
    answer.authorize_signature = phone::sign(&phone.authentication, &answer.to_be_signed(&pending));
    held("answerAuthorization", desk.send(token, &answer.encode().unwrap()));
    held("authorizationStatus", desk.authed(token, "GET", &format!("/rssp/authorizations/{asked}"), &Value::Null));
}

/// A package of one document that its maker signs, one that is declined, and one that is taken back.
fn package(
    desk: &Desk,
    token: &str,
    upload: &dyn Fn(&str) -> String,
    (phone, credential): (&Phone, &str),
    held: &mut dyn FnMut(&str, Answer) -> Answer,
) {
    let post = |path: &str, key: &str, body: &Value| {
        let authorization = format!("Bearer {token}");
        let headers = [("X-API-Key", desk.key.as_str()), ("Authorization", authorization.as_str()), ("Idempotency-Key", key)];
        desk.call("POST", path, &headers, if body.is_null() { Vec::new() } else { body.to_string().into_bytes() }.as_slice())
    };
    for end in ["sign", "decline", "cancel"] {
        let made = held("createPackage", post("/rssp/packages", end, &json!({"name": "Loan", "expiresIn": 600})));
        let path = format!("/rssp/packages/{}", made.text("packageID"));
        let document = upload(end);
        held("addPackageDocument", desk.authed(token, "PUT", &format!("{path}/documents/{document}"), &Value::Null));
        let asked = json!({"user": USER, "order": 1, "documentID": document, "page": 1, "rect": [72, 72, 200, 60]});
        held("addRecipient", post(&format!("{path}/recipients"), end, &asked));
        let values = json!({"fields": [{"name": "tenant", "value": "Anna"}]});
        held("fillPackageFields", post(&format!("{path}/documents/{document}/fields"), end, &values));
        held("sharePackage", post(&format!("{path}/share"), end, &Value::Null));
        match end {
            "decline" => drop(held("declinePackage", post(&format!("{path}/decline"), end, &json!({"reason": "no"})))),
            "cancel" => drop(held("cancelPackage", post(&format!("{path}/cancel"), end, &json!({"reason": "no"})))),
            _ => {
                let start = json!({"credentialID": credential, "level": "B-B", "page": 1, "rect": [72, 72, 200, 60]});
                let begun = held("startSignature", post(&format!("/rssp/agreements/{document}/signatures"), end, &start));
                let prepared = thrivosign::remote::start_signature::PreparedSignature::decode(&begun.wire()).unwrap();
                let value = Base64::encode_string(&phone::sign(&phone.signing, &prepared.signed_attributes));
                let path = format!("/rssp/agreements/{document}/signatures/{}", prepared.signature_id);
                held("completeSignature", desk.authed(token, "PUT", &path, &json!({"signature": value, "signAlgo": "ecdsa-sha256"})));
            }
        }
        held("packageStatus", desk.authed(token, "GET", &path, &Value::Null));
    }
    let asked = json!({"name": "Lease", "documentID": upload("template"), "places": [{"role": "tenant", "order": 1, "page": 1, "rect": [72, 72, 200, 60]}]});
    let path = format!("/rssp/templates/{}", held("createTemplate", post("/rssp/templates", "template", &asked)).text("templateID"));
    held("listTemplates", desk.authed(token, "GET", "/rssp/templates", &Value::Null));
    held("useTemplate", post(&format!("{path}/packages"), "use", &json!({"recipients": [{"role": "tenant", "user": USER}]})));
    held("removeTemplate", desk.authed(token, "DELETE", &path, &Value::Null));
    let list = held("listPackages", desk.authed(token, "GET", "/rssp/packages?show=received", &Value::Null)).json();
    let states: Vec<&str> = list["packages"].as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["cancelled", "declined", "completed"]);
}

/// Walks through the service once and holds each answer to the document.
#[test]
fn answers_have_the_declared_statuses_and_shapes() {
    let desk = with_pins();
    let all = operations();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut held = |id: &str, answer: Answer| {
        let (path, _, said) = all.iter().find(|(_, _, said)| said["operationId"] == id).expect("a declared operation");
        assert!(answer.status < 300, "{id}: {answer:?}");
        check(path, said, &answer);
        seen.insert(id.to_owned());
        answer
    };
    held("info", desk.call("GET", "/rssp/info", &[], b""));
    held("pins", desk.call("GET", "/rssp/pins", &[], b""));
    held("eventKeys", desk.call("GET", "/.well-known/jwks.json", &[], b""));
    let form = format!("grant_type=password&username={}&password={}&scope=password", encode(USER), encode(PASSWORD));
    let token = held("login", desk.keyed("POST", "/rssp/auth/login", form.as_bytes())).text("access_token");
    let user = json!({"name": "Ravi", "email": "ravi@example.org", "mobile": "+230 5251 0001", "kind": "individual"});
    let id = held("createUser", desk.keyed("POST", "/rssp/users", user.to_string().as_bytes())).text("userID");
    let ended = json!({"code": desk.code_of("+230 5251 0001"), "passphrase": "a passphrase of mine"});
    held("activateUser", desk.keyed("POST", &format!("/rssp/users/{id}/activate"), ended.to_string().as_bytes()));
    let phone = Phone::new("phone-1");
    held("sendDeviceActivationCode", desk.authed(&token, "POST", "/rssp/devices/activation-code", &Value::Null));
    held("registerDevice", desk.send(&token, &phone.registration(&desk.code()).encode()));
    let challenge = phone.ask_challenge(&desk, &token, thrivosign::remote::certificate_challenge::AuthenticationMethod::Otp);
    let challenge = held("certificateChallenge", challenge).text("challenge");
    let request = phone.request("k", csr(&phone.signing, NAME, Some(&challenge)), &desk.code());
    let credential = held("requestCertificate", desk.send(&token, &request.encode())).text("credentialID");
    for id in ["activateCredential", "activateCredentialAlias1"] {
        let mut call = thrivosign::remote::activate_credential::ActivateCredential {
            credential_id: credential.clone(),
            device_uuid: phone.uuid.clone(),
        }
        .encode();
        if id.ends_with("Alias1") {
            call.path = format!("/rssp{}", call.path);
        }
        let begun = held(id, desk.send(&token, &call));
        let challenge = ActivationChallenge::decode(&begun.wire()).unwrap().challenge;
        let mut call = phone.activation(&credential, &challenge, &desk.code(), &phone.authentication).encode();
        if id.ends_with("Alias1") {
            call.path = format!("/rssp{}", call.path);
        }
        held(&id.replace("activateCredential", "activateCredentialResponse"), desk.send(&token, &call));
        if !id.ends_with("Alias1") {
            // Back to New, and once more by the other spelling.
            held("deleteDevice", phone.delete(&desk, &token));
            assert_eq!(phone.register(&desk, &token).status, 201);
        }
    }
    held("listCertificates", desk.authed(&token, "GET", "/rssp/certificates", &Value::Null));
    let bytes = pdf::with_fields();
    let authorization = format!("Bearer {token}");
    let digest = content_digest::encode(&Sha256::digest(&bytes).into());
    let headers = [
        ("X-API-Key", desk.key.as_str()),
        ("Authorization", authorization.as_str()),
        ("Content-Type", "application/pdf"),
        ("X-File-Name", "a.pdf"),
        ("Idempotency-Key", "k"),
        ("Content-Digest", digest.as_str()),
    ];
    let id = held("submitAgreement", desk.call("POST", "/rssp/agreements", &headers, &bytes)).text("documentID");
    let upload = |key: &str| {
        let mut headers = headers;
        headers[4] = ("Idempotency-Key", key);
        desk.call("POST", "/rssp/agreements", &headers, &bytes).text("documentID")
    };
    let image = json!({"image": Base64::encode_string(&pdf::png(2, 1, [9, 9, 9]))});
    held("setSignatureImage", desk.authed(&token, "PUT", "/rssp/users/me/signature-image", &image));
    held("signatureImage", desk.authed(&token, "GET", "/rssp/users/me/signature-image", &Value::Null));
    held("removeSignatureImage", desk.authed(&token, "DELETE", "/rssp/users/me/signature-image", &Value::Null));
    let hook = json!({"url": "http://127.0.0.1:1/hook"});
    held("setWebhook", desk.authed(&token, "PUT", "/rssp/webhook", &hook));
    package(&desk, &token, &upload, (&phone, &credential), &mut held);
    held("webhookStatus", desk.authed(&token, "GET", "/rssp/webhook", &Value::Null));
    held("removeWebhook", desk.authed(&token, "DELETE", "/rssp/webhook", &Value::Null));
    held("fetchAgreement", desk.authed(&token, "GET", &format!("/rssp/agreements/{id}"), &Value::Null));
    held("auditAgreement", desk.authed(&token, "GET", &format!("/rssp/agreements/{id}/audit"), &Value::Null));
    let start = plain_signature("k".to_owned(), id.clone(), credential.clone());
    let begun = held("startSignature", desk.send(&token, &start.encode().unwrap()));
    let prepared = thrivosign::remote::start_signature::PreparedSignature::decode(&begun.wire()).unwrap();
    let complete = thrivosign::remote::complete_signature::CompleteSignature {
        document_id: id.clone(),
        signature_id: prepared.signature_id,
        signature: phone::sign(&phone.signing, &prepared.signed_attributes),
        sign_algo: "ecdsa-sha256".to_owned(),
    };
    held("completeSignature", desk.send(&token, &complete.encode().unwrap()));
    let signed = desk.authed(&token, "GET", &format!("/rssp/agreements/{id}"), &Value::Null).body;
    let digest = content_digest::encode(&Sha256::digest(&signed).into());
    let mut filing = headers;
    filing[5] = ("Content-Digest", digest.as_str());
    held("fileAgreement", desk.call("POST", "/rssp/agreements/filed", &filing, &signed));
    let revoke = format!("/rssp/certificates/{credential}/revoke");
    remote(&desk, &token, &phone, &mut held);
    let token = renew(&desk, &phone, &credential, &mut held);
    held("revokeCertificate", desk.authed(&token, "POST", &revoke, &json!({"reason": "superseded"})));
    held("revokeToken", desk.authed(&token, "POST", "/rssp/auth/revoke", &json!({"token": token})));
    let (token, _) = desk.login();
    held("revokeTokenAlias1", desk.authed(&token, "POST", "/csc/v1/auth/revoke", &json!({"token": token})));
    officer(&mut held);
    let missing: Vec<&str> = all.iter().filter_map(|(_, _, said)| said["operationId"].as_str()).filter(|id| !seen.contains(*id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// What waits on a server that has a registration officer, and what the officer does.
fn officer(held: &mut dyn FnMut(&str, Answer) -> Answer) {
    let desk = Desk::open_with(approving);
    let ((anna, _), (olga, _)) = (desk.login(), desk.login_as(OFFICER, PASSWORD));
    let phone = Phone::new("phone-1");
    assert_eq!(phone.register(&desk, &anna).status, 201);
    let challenge = phone.challenge(&desk, &anna);
    let request = phone.request("k", csr(&phone.signing, NAME, Some(&challenge)), &desk.code());
    let id = held("requestCertificate", desk.send(&anna, &request.encode())).text("requestID");
    let path = format!("/rssp/certificates/requests/{id}");
    assert_eq!(held("certificateRequestStatus", desk.authed(&anna, "GET", &path, &Value::Null)).status, 202);
    held("listCertificateRequests", desk.authed(&olga, "GET", "/rssp/officer/requests", &Value::Null));
    let decision = format!("/rssp/officer/requests/{id}/decision");
    held("decideCertificateRequest", desk.authed(&olga, "POST", &decision, &json!({"decision": "approve"})));
    assert_eq!(held("certificateRequestStatus", desk.authed(&anna, "GET", &path, &Value::Null)).status, 201);
    held("listUsersDevices", desk.authed(&olga, "GET", "/rssp/officer/devices", &Value::Null));
    held("revokeUsersDevice", desk.authed(&olga, "POST", "/rssp/officer/devices/phone-1/revoke", &json!({"reason": "keyCompromise"})));
}
