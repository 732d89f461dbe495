//! The access matrix, made of the contract itself: each operation against whoever may not call it. A new operation is in it without a word here.
//!
//! The standard's door beside them is not in the contract's document, which is made of field tables: what comes and goes there is DER by RFC 7030. It stands in
//! the matrix by name.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use base64ct::{Base64, Encoding};
use client::phone::{NAME, csr};
use client::remote::{Remote, authorization, hash};
use client::{Answer, Desk, pdf};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use thrivosign::remote::certificate_challenge::AuthenticationMethod;

/// An operation of the contract.
struct Operation {
    id: String,
    method: String,
    path: String,
    /// By how many means the caller is admitted: none, API key, API key and token.
    keyed: bool,
    token: bool,
    /// Whether it refuses in a published shape.
    published: bool,
}

fn operations() -> Vec<Operation> {
    let document = thrivosign::remote::openapi::document();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, said) in item.as_object().unwrap() {
            let first = said["security"].get(0).cloned().unwrap_or_default();
            all.push(Operation {
                id: said["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
                keyed: first.get("apiKey").is_some(),
                token: first.get("token").is_some(),
                published: said["responses"]["default"]["content"].get("application/json").is_some(),
            });
        }
    }
    assert!(all.len() >= 36, "{}", all.len());
    all
}

/// What of RFC 7030 is not for everybody.
const EST: [&str; 2] = ["/.well-known/est/simpleenroll", "/.well-known/est/simplereenroll"];

/// The calls by that standard, where they are made with a token.
fn est() -> impl Iterator<Item = Operation> {
    EST.into_iter().map(|path| Operation {
        id: path.to_owned(),
        method: "POST".to_owned(),
        path: path.to_owned(),
        keyed: true,
        token: true,
        published: false,
    })
}

impl Operation {
    /// The path with those ids, in their order.
    fn at(&self, ids: &BTreeMap<&str, String>) -> String {
        let fill = |part: &str| part.strip_prefix('{').and_then(|name| ids.get(name.trim_end_matches('}'))).cloned();
        self.path.split('/').map(|part| fill(part).unwrap_or_else(|| part.to_owned())).collect::<Vec<_>>().join("/")
    }

    fn call(&self, desk: &Desk, path: &str, headers: &[(&str, &str)]) -> Answer {
        desk.call(&self.method, path, headers, b"")
    }
}

/// Who it is, what is shown, and whether the token is what is wrong.
type Row<'a> = (&'a str, Vec<(&'a str, &'a str)>, bool);

/// What a refusal says, whoever is refused: status, media type, body.
type Shape = (u16, String, Vec<u8>);

fn shape(answer: &Answer) -> Shape {
    (answer.status, answer.header("content-type").unwrap_or_default().to_owned(), answer.body.clone())
}

#[test]
fn who_shows_nothing_or_something_else_is_refused_alike_everywhere() {
    let all = Remote::new();
    let ids = BTreeMap::from(
        ["documentID", "signatureID", "credentialID", "deviceUUID", "requestID", "authorizationID", "packageID", "templateID"]
            .map(|name| (name, "x-1".to_owned())),
    );
    let desk = &all.desk;
    let (ended, _) = desk.login();
    assert_eq!(desk.authed(&ended, "POST", "/rssp/auth/revoke", &json!({"token": ended})).status, 204);
    let (_, refresh) = desk.login();
    let (old, _) = desk.login();
    let key = desk.key.as_str();
    let bearer = |token: &str| format!("Bearer {token}");
    let wrong_key = format!("{}x", &key[..key.len() - 1]);
    let (ended, refresh, live, basic) = (bearer(&ended), bearer(&refresh), bearer(&all.token), "Basic YTpi".to_owned());
    let (invented, bound) = (bearer("none"), format!("DPoP {}", all.token));
    let rows: Vec<Row<'_>> = vec![
        ("nothing", vec![], false),
        ("an empty API key", vec![("X-API-Key", "")], false),
        ("another API key", vec![("X-API-Key", &wrong_key)], false),
        ("two API keys", vec![("X-API-Key", key), ("X-API-Key", key)], false),
        ("a token without the API key", vec![("Authorization", &live)], false),
        ("a token and another API key", vec![("X-API-Key", &wrong_key), ("Authorization", &live)], false),
        ("the API key alone", vec![("X-API-Key", key)], true),
        ("an invented token", vec![("X-API-Key", key), ("Authorization", &invented)], true),
        ("a token that was revoked", vec![("X-API-Key", key), ("Authorization", &ended)], true),
        ("a refresh token", vec![("X-API-Key", key), ("Authorization", &refresh)], true),
        ("another scheme", vec![("X-API-Key", key), ("Authorization", &basic)], true),
        ("a plain token as a bound one", vec![("X-API-Key", key), ("Authorization", &bound)], true),
        ("two tokens", vec![("X-API-Key", key), ("Authorization", &live), ("Authorization", &live)], true),
    ];
    let mut told = 0;
    let mut shapes: BTreeMap<(bool, bool), BTreeSet<Shape>> = BTreeMap::new();
    for operation in operations().into_iter().chain(est()) {
        for (who, headers, by_token) in &rows {
            // To the standard that scheme is none other: it is weighed below.
            let weighed = *who == "another scheme" && EST.contains(&operation.path.as_str());
            if !operation.keyed || *by_token && !operation.token || weighed {
                continue;
            }
            let answer = operation.call(desk, &operation.at(&ids), headers);
            assert_eq!(answer.status, 401, "{} takes {who}: {answer:?}", operation.id);
            assert!(answer.header("www-authenticate").is_some(), "{} {who}", operation.id);
            shapes.entry((operation.published, *by_token)).or_default().insert(shape(&answer));
            told += 1;
        }
    }
    desk.pass(86_400);
    let old = bearer(&old);
    for operation in operations().into_iter().chain(est()).filter(|operation| operation.token) {
        let answer = operation.call(desk, &operation.at(&ids), &[("X-API-Key", key), ("Authorization", &old)]);
        shapes.entry((operation.published, true)).or_default().insert(shape(&answer));
        told += 1;
    }
    // One shape for strangers and one for tokens, in either spelling: nobody learns what was wrong, or where.
    assert!(shapes.len() == 4 && shapes.values().all(|found| found.len() == 1), "{shapes:?}");
    assert!(told > 350, "{told}");
}

/// A name and a password are shown to the standard's door alone: whichever of them is wrong, there is one answer, and a right pair opens nothing of
/// another's.
#[test]
fn the_standards_door_refuses_alike_too() {
    let all = Remote::new();
    let basic = |text: &str| format!("Basic {}", Base64::encode_string(text.as_bytes()));
    let right = basic(&format!("{}:{}", client::USER, client::PASSWORD));
    let ask = |desk: &Desk, path: &str, authorization: &str, csr: &[u8]| {
        let headers = [("X-API-Key", desk.key.as_str()), ("Authorization", authorization), ("Content-Type", "application/pkcs10")];
        desk.call("POST", path, &headers, Base64::encode_string(csr).as_bytes())
    };
    let mut shapes = BTreeSet::new();
    for path in EST {
        for key in [&[][..], &[("X-API-Key", "")], &[("X-API-Key", "tsk_00_aa")]] {
            let headers = [key, &[("Authorization", right.as_str()), ("Content-Type", "application/pkcs10")]].concat();
            let answer = all.desk.call("POST", path, &headers, b"");
            assert_eq!((answer.status, answer.problem().as_str()), (401, "api-key-refused"), "{path} {key:?}");
        }
        let known = format!("{}:wrong", client::USER);
        for wrong in [known.as_str(), "nobody@example.org:wrong", "nobody@example.org:", ":", "no colon"] {
            let sound = csr(&all.phone.signing, NAME, Some("invented"));
            let answer = ask(&all.desk, path, &basic(wrong), &sound);
            assert_eq!(answer.status, 401, "{path} {wrong}");
            shapes.insert(shape(&answer));
        }
    }
    assert_eq!(shapes.len(), 1, "{shapes:?}");

    // Anna's challenges, of either kind, and Ben, who is who he says.
    let sent = all.phone.ask_challenge(&all.desk, &all.token, AuthenticationMethod::Otp).text("challenge");
    let code = all.desk.code();
    let challenge = all.phone.ask_challenge(&all.desk, &all.token, AuthenticationMethod::Passphrase).text("challenge");
    let key = all.phone.signing.clone();
    let desk = all.desk.with(|config| {
        if let Some(seed) = &mut config.seed {
            seed.username = "ben".to_owned();
        }
    });
    let (ben, _) = desk.login_as("ben", client::PASSWORD);
    let (by_token, by_password) = (format!("Bearer {ben}"), basic(&format!("ben:{}", client::PASSWORD)));
    for path in EST {
        for (authorization, hers, nobodys) in
            [(&by_token, format!("{sent}:{code}"), format!("invented:{code}")), (&by_password, challenge.clone(), "invented".to_owned())]
        {
            let [hers, nobodys] = [hers, nobodys].map(|said| ask(&desk, path, authorization, &csr(&key, NAME, Some(&said))));
            assert_eq!((hers.status, hers.problem().as_str()), (422, "challenge-refused"), "{path}");
            assert_eq!(shape(&hers), shape(&nobodys), "{path} tells Ben that there is such a challenge");
        }
    }
    // And they still do for Anna: nothing of hers was used up.
    assert_eq!(ask(&desk, EST[0], &right, &csr(&key, NAME, Some(&challenge))).status, 200);
}

#[test]
fn what_is_anothers_is_as_if_it_were_not_there() {
    let all = Remote::new();
    let id = all.with_phone().credential_id;
    let asked = all.csc("credentials/authorize", &authorization(&id, &[hash(b"a")], json!({"async": true}))).text("authorizationID");
    let pin = all.with_pin(thrivosign::remote::remote_credential::SecondFactor::Sms).credential_id;
    let bearer = format!("Bearer {}", all.token);
    let bytes = pdf::small(1);
    let digest = thrivosign::remote::content_digest::encode(&hash(&bytes));
    let upload = [
        ("X-API-Key", all.desk.key.as_str()),
        ("Authorization", &bearer),
        ("Content-Type", "application/pdf"),
        ("X-File-Name", "a.pdf"),
        ("Idempotency-Key", "k"),
        ("Content-Digest", &digest),
    ];
    let document = all.desk.call("POST", "/rssp/agreements", &upload, &bytes).text("documentID");
    assert!(!document.is_empty() && !asked.is_empty());
    let made = all.desk.call("POST", "/rssp/packages", &[upload[0], upload[1], upload[4]], br#"{"name":"Loan"}"#).text("packageID");
    assert_eq!(all.desk.authed(&all.token, "PUT", &format!("/rssp/packages/{made}/documents/{document}"), &Value::Null).status, 200);
    let mut again = upload;
    again[4].1 = "k2";
    let copied = all.desk.call("POST", "/rssp/agreements", &again, &bytes).text("documentID");
    let body = json!({"name": "Lease", "documentID": copied, "places": [{"role": "tenant", "order": 1}]}).to_string();
    let template = all.desk.call("POST", "/rssp/templates", &[upload[0], upload[1], upload[4]], body.as_bytes()).text("templateID");
    assert!(!template.is_empty());
    let phone = all.phone.uuid.clone();
    let desk = all.desk.with(|config| {
        if let Some(seed) = &mut config.seed {
            seed.username = "ben".to_owned();
        }
    });
    let (ben, _) = desk.login_as("ben", client::PASSWORD);
    let ids = |named: [&str; 6]| {
        let names = ["documentID", "credentialID", "deviceUUID", "authorizationID", "packageID", "templateID"];
        let mut ids: BTreeMap<&str, String> = names.into_iter().zip(named.map(str::to_owned)).collect();
        ids.extend(["signatureID", "requestID"].map(|name| (name, "x-1".to_owned())));
        ids
    };
    let theirs = ids([&document, &id, &phone, &asked, &made, &template]);
    let nobodys = ids(["doc-0", "rcred-0", "phone-0", "auth-0", "pkg-0", "tpl-0"]);
    // Bodies that are in order: what is refused is the id.
    let body = |operation: &Operation, ids: &BTreeMap<&str, String>| match operation.id.as_str() {
        "startSignature" => json!({"credentialID": ids["credentialID"], "level": "B-B"}),
        "completeSignature" => json!({"signature": "AA==", "signAlgo": "ecdsa-sha256"}),
        "decideCertificateRequest" => json!({"decision": "approve"}),
        "revokeUsersDevice" => json!({"reason": "superseded"}),
        "revokeCertificate" => json!({"reason": "superseded"}),
        "answerAuthorization" => json!({"decision": "approve", "signAlgo": "ECDSA", "shaAlgo": "sha256", "authorizeSignature": "AA=="}),
        "certificateChallenge" => json!({"deviceUUID": ids["deviceUUID"], "method": "otp", "userAuthentication": {"method": "otp"}}),
        "activateCredential" | "activateCredentialAlias1" => json!({"credentialID": ids["credentialID"], "deviceUUID": ids["deviceUUID"]}),
        "cscCredentialInfo" | "cscSendOtp" => json!({"credentialID": ids["credentialID"]}),
        "cscAuthorize" => {
            json!({"credentialID": ids["credentialID"], "numSignatures": 1, "hash": ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="], "PIN": client::remote::PIN})
        }
        "cscExtendTransaction" => json!({"credentialID": ids["credentialID"], "SAD": "x"}),
        "cscSignHash" => json!({
            "credentialID": ids["credentialID"], "SAD": "x", "hash": ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="], "signAlgo": "1.2.840.10045.4.3.2"
        }),
        "listAuthorizations" => json!({}),
        "addRecipient" => json!({"user": "ben", "order": 1, "documentID": ids["documentID"]}),
        "createTemplate" => json!({"name": "Lease", "documentID": ids["documentID"], "places": [{"role": "tenant", "order": 1}]}),
        "useTemplate" => json!({"recipients": [{"role": "tenant", "user": "ben"}]}),
        "declinePackage" | "cancelPackage" => json!({"reason": "mine"}),
        _ => Value::Null,
    };
    let mut compared = BTreeSet::new();
    for operation in operations().iter().filter(|operation| operation.token) {
        let ask = |ids: &BTreeMap<&str, String>| {
            let mut path = operation.at(ids);
            if operation.id == "listAuthorizations" {
                path += &format!("?deviceUUID={}", ids["deviceUUID"]);
            }
            let (authorization, body) = (format!("Bearer {ben}"), body(operation, ids));
            let headers = [("X-API-Key", desk.key.as_str()), ("Authorization", &authorization), ("Idempotency-Key", "k")];
            let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
            desk.call(&operation.method, &path, &headers, &body)
        };
        let names_something = operation.path.contains('{') || !body(operation, &theirs).is_null();
        if !names_something {
            continue;
        }
        let (real, none) = (ask(&theirs), ask(&nobodys));
        assert!(real.status >= 400, "{} lets Ben in: {real:?}", operation.id);
        assert_eq!(shape(&real), shape(&none), "{} tells Ben that there is such a thing", operation.id);
        compared.insert(operation.id.clone());
    }
    assert!(compared.len() >= 18, "{compared:?}");
    for credential in [&id, &pin] {
        let body = json!({"credentialID": credential});
        let answer = desk.authed(&ben, "POST", "/csc/v1/credentials/sendOTP", &body);
        assert_eq!(answer.text("error_description"), "Invalid parameter credentialID");
    }
    // And nothing of Anna's has changed.
    let (anna, _) = desk.login();
    assert_eq!(desk.authed(&anna, "GET", &format!("/rssp/agreements/{document}"), &Value::Null).body, bytes);
    assert_eq!(desk.authed(&anna, "GET", &format!("/rssp/authorizations/{asked}"), &Value::Null).text("state"), "pending");
    let list = desk.authed(&anna, "GET", "/rssp/certificates", &Value::Null).json();
    assert!(list["credentials"].as_array().unwrap().iter().all(|entry| entry["status"] == "Activated"), "{list}");
}
