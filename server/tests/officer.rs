//! The registration officer: requests wait for a decision, the client waits with them and goes on after a kill; rejections, lost devices, whose people an
//! officer sees, the page, and the other doors.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use base64ct::{Base64, Encoding};
use client::browser::{Browser, ORIGIN, text};
use client::officer::{OFFICER, approving};
use client::phone::{NAME, Phone, csr};
use client::{Answer, Desk, MOBILE, PASSWORD, USER, encode};
use p256::ecdsa::SigningKey;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};
use thrivosign::cancel::CancelToken;
use thrivosign::crypto::KeyAlgorithm;
use thrivosign::enroll::Identity;
use thrivosign::journey::enrol::{self, CertificateOrder, Device, Requested, Subject};
use thrivosign::journey::requests::{RequestState, Requests};
use thrivosign::journey::{Environment, Limits, Session, officer};
use thrivosign::key::software::SoftwareKeyStore;
use thrivosign::key::{DeviceKeyStore, KeyPurpose, KeySpec};
use thrivosign::net::{HttpsTransport, Options, Roots};
use thrivosign::remote::certificate_challenge::AuthenticationMethod;
use thrivosign::remote::request_certificate::Issuance;
use thrivosign::remote::revoke_certificate::RevocationReason;
use thrivosign::remote::secret::Secret;
use thrivosign::{Error, ErrorKind, Time};
use thrivosign_server::audit::{Checkpoints, Kind, Trail};

fn session(desk: &Desk, user: &str) -> Session {
    let mut options = Options::new(format!("https://localhost:{}", desk.address().port()));
    options.roots = Roots::from_pem(desk.running.as_ref().unwrap().tls_root_pem().as_bytes()).unwrap();
    let environment = Environment::new(Secret::new(desk.key.as_str()));
    let session = Session::new(Arc::new(HttpsTransport::new(&options).unwrap()), environment).unwrap();
    session.login(user, Secret::new(PASSWORD), &Limits::default()).unwrap();
    session
}

/// Asks for a certificate over the wire; gives the answer.
fn ask(desk: &Desk, token: &str, phone: &Phone, key: &str) -> Answer {
    let challenge = phone.challenge(desk, token);
    desk.send(token, &phone.request(key, csr(&phone.signing, NAME, Some(&challenge)), &desk.code()).encode())
}

fn pending(desk: &Desk, token: &str, phone: &Phone) -> String {
    assert_eq!(phone.register(desk, token).status, 201);
    let answer = ask(desk, token, phone, "key-1");
    assert_eq!((answer.status, answer.text("status").as_str()), (202, "pending"), "{answer:?}");
    assert!(answer.header("retry-after").is_some());
    answer.text("requestID")
}

fn decide(desk: &Desk, token: &str, id: &str, body: &Value) -> Answer {
    desk.authed(token, "POST", &format!("/rssp/officer/requests/{id}/decision"), body)
}

fn status(desk: &Desk, token: &str, id: &str) -> Answer {
    desk.authed(token, "GET", &format!("/rssp/certificates/requests/{id}"), &Value::Null)
}

/// Everything up to the request that waits, by the library and its journal.
fn ordered(desk: &Desk, session: &Session, requests: &Requests, store: &SoftwareKeyStore) -> Requested {
    let limits = Limits::default();
    let code = || Secret::new(desk.code());
    let authentication = store.create("authentication", &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Authentication)).unwrap();
    let device = Device { uuid: "device-1".to_owned(), name: "Anna's phone".to_owned(), platform: "test".to_owned() };
    enrol::send_device_code(session, &limits).unwrap();
    enrol::register_device(session, store, &authentication, &device, code(), &limits).unwrap();
    let challenge = requests.challenge(session, "signing", &device.uuid, AuthenticationMethod::Otp, &limits).unwrap();
    let signing = requests.key(store, "signing", &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Signing)).unwrap();
    let order = CertificateOrder {
        device_uuid: &device.uuid,
        authentication_key: &authentication,
        signing_key: &signing,
        subject: &Subject { name: NAME.to_owned(), country: Some("DE".to_owned()), serial_number: None },
        challenge: &challenge.challenge,
        method: AuthenticationMethod::Otp,
        value: code(),
        profile: None,
    };
    requests.order(session, store, order, &limits).unwrap()
}

#[test]
fn the_client_waits_is_cancelled_killed_and_goes_on_when_the_officer_has_approved() {
    let desk = Desk::open_with(approving);
    let (anna, office) = (session(&desk, USER), session(&desk, OFFICER));
    let (store, folder) = (SoftwareKeyStore::new(), tempfile::tempdir().unwrap());
    let open = || Requests::open(folder.path(), &[7; 32]).unwrap();
    let limits = Limits::default();
    let requests = open();
    let Requested::Pending(waiting) = ordered(&desk, &anna, &requests, &store) else { panic!("issued") };

    // Waiting ends at once when it is cancelled, and at the journey's end; the request stays.
    let cancel = CancelToken::new();
    let limited = Limits { cancel: cancel.clone(), ..Limits::default() };
    let ended = std::thread::scope(|scope| {
        let waits = scope.spawn(|| enrol::wait(&anna, waiting.clone(), &limited).map(|_| ()));
        std::thread::sleep(Duration::from_millis(500));
        let began = Instant::now();
        cancel.cancel();
        (waits.join().unwrap(), began.elapsed())
    });
    assert!(ended.0.is_err_and(|error| error.kind() == ErrorKind::Cancelled) && ended.1 < Duration::from_secs(2), "{:?}", ended.1);
    let soon = Limits { until: Some(Instant::now() + Duration::from_millis(700)), ..Limits::default() };
    assert_eq!(requests.wait(&anna, "signing", &soon).err().map(|error: Error| error.kind()), Some(ErrorKind::TimedOut));

    // The process is gone, and the server was away too.
    drop(requests);
    let desk = desk.with(approving);
    let (anna, office_again) = (session(&desk, USER), session(&desk, OFFICER));
    drop(office);
    let requests = open();
    assert_eq!(requests.list()[0].state, RequestState::Pending);
    let queue = officer::waiting(&office_again, &limits).unwrap();
    let [one] = &queue[..] else { panic!("{queue:?}") };
    assert_eq!(
        (one.applicant.name.as_str(), one.device_name.as_str(), one.request_id.as_str()),
        (NAME, "Anna's phone", waiting.request_id.as_str())
    );
    let issued: Option<Identity> = std::thread::scope(|scope| {
        let waits = scope.spawn(|| requests.wait(&anna, "signing", &limits).unwrap());
        std::thread::sleep(Duration::from_millis(500));
        officer::approve(&office_again, &one.request_id, &limits).unwrap();
        waits.join().unwrap()
    });
    officer::approve(&office_again, &one.request_id, &limits).unwrap();
    let identity = issued.expect("the request was there");
    let challenge = enrol::begin_activation(&anna, &identity, &limits).unwrap();
    enrol::finish_activation(&anna, &store, &identity, &challenge, Secret::new(desk.code()), &limits).unwrap();
    assert!(officer::waiting(&office_again, &limits).unwrap().is_empty());
    assert_eq!(enrol::list_credentials(&anna, &limits).unwrap().len(), 1, "one key, one certificate");
    let refused = officer::reject(&office_again, &one.request_id, "too late", &limits).unwrap_err();
    assert_eq!(refused.http_status(), Some(409));

    // The phone is lost.
    let devices = officer::users_devices(&office_again, &limits).unwrap();
    assert_eq!((devices.len(), devices[0].credentials.len()), (1, 1));
    for _ in 0..2 {
        officer::revoke_device(&office_again, "device-1", RevocationReason::KeyCompromise, &limits).unwrap();
    }
    assert!(officer::users_devices(&office_again, &limits).unwrap().is_empty());
    assert!(enrol::list_credentials(&anna, &limits).is_err(), "whoever has the phone is logged in no longer");
    let anna = session(&desk, USER);
    let left = enrol::list_credentials(&anna, &limits).unwrap();
    assert!(left.iter().all(|one| one.status.as_str() == "Cancelled"), "for good");
}

#[test]
fn a_rejection_says_why_and_a_decision_stands() {
    let desk = Desk::open_with(approving);
    let (anna, _) = desk.login();
    let (office, _) = desk.login_as(OFFICER, PASSWORD);
    let phone = Phone::new("phone-1");
    let id = pending(&desk, &anna, &phone);
    assert_eq!(Issuance::decode(&status(&desk, &anna, &id).wire()).unwrap(), Issuance::Pending { request_id: id.clone(), retry_after: 5 });
    for body in [json!({"decision": "reject"}), json!({"decision": "reject", "reason": " "}), json!({"decision": "maybe"})] {
        assert_eq!(decide(&desk, &office, &id, &body).problem(), "malformed-request", "{body}");
    }
    let no = json!({"decision": "reject", "reason": "Come to the counter with your passport."});
    for _ in 0..2 {
        assert_eq!(decide(&desk, &office, &id, &no).text("state"), "rejected");
    }
    for other in [json!({"decision": "approve"}), json!({"decision": "reject", "reason": "Another one."})] {
        assert_eq!(decide(&desk, &office, &id, &other).problem(), "credential-state", "{other}");
    }
    let told = status(&desk, &anna, &id);
    assert_eq!((told.status, told.problem().as_str()), (403, "request-rejected"));
    assert_eq!(told.text("detail"), "Come to the counter with your passport.");
    assert_eq!(desk.authed(&anna, "GET", "/rssp/certificates", &Value::Null).json(), json!({"credentials": []}));

    // A queue is read by people: five of one user, and no more.
    for n in 0..5 {
        assert_eq!(ask(&desk, &anna, &phone, &format!("more-{n}")).status, 202);
    }
    let refused = ask(&desk, &anna, &phone, "too-many");
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("3600")));

    // What nobody decides on does not wait for ever: then there is room again.
    desk.pass(31 * 86_400);
    let (anna, _) = desk.login();
    let (office, _) = desk.login_as(OFFICER, PASSWORD);
    assert_eq!(desk.authed(&office, "GET", "/rssp/officer/requests", &Value::Null).json(), json!({"requests": []}));
    for n in 0..2 {
        assert_eq!(ask(&desk, &anna, &phone, &format!("later-{n}")).status, 202);
    }

    // What waits for a revoked device waits in vain; and approving what was asked before is refused once the device is gone.
    let queue = desk.authed(&office, "GET", "/rssp/officer/requests", &Value::Null).json();
    let [first, second] = [0, 1].map(|at| queue["requests"][at]["requestID"].as_str().unwrap().to_owned());
    assert_eq!(phone.delete(&desk, &anna).status, 204);
    assert_eq!(decide(&desk, &office, &first, &json!({"decision": "approve"})).problem(), "device-unknown");
    let gone = desk.authed(&office, "POST", "/rssp/officer/devices/phone-1/revoke", &json!({"reason": "keyCompromise"}));
    assert_eq!(gone.status, 204);
    assert_eq!(status(&desk, &desk.login().0, &second).problem(), "request-rejected");
    the_record_is_a_chain(&desk);
}

/// What was decided is told by a chain, in which whoever owns the database changes nothing unnoticed.
fn the_record_is_a_chain(desk: &Desk) {
    let store = desk.folder.path().join("store.db");
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let trail = Trail::read(&store).unwrap();
    let acts: Vec<&str> = trail.0["officers"].iter().map(|record| record.action.as_str()).collect();
    assert_eq!(acts, ["appointed", "rejected"]);
    let why = trail.0["officers"][1].detail.as_deref().unwrap();
    assert!(why.contains(r#""detail":"Come to the counter with your passport.""#), "{why}");
    let line = Checkpoints::default().next(&trail, Time::from_unix(0), &key, |_| Ok(None)).unwrap();
    let heads = Checkpoints::read(line.as_bytes(), key.verifying_key(), None);
    let found = |sql: &str| {
        let mut owner = rusqlite::Connection::open(&store).unwrap();
        owner.execute_batch("DROP TRIGGER IF EXISTS officer_acts_stay; DROP TRIGGER IF EXISTS officer_acts_stand").unwrap();
        let change = owner.transaction().unwrap();
        change.execute_batch(sql).unwrap();
        change.commit().unwrap();
        let trail = Trail::read(&store).unwrap();
        let all = [trail.check(), heads.compare(&trail)].concat();
        assert!(all.iter().all(|finding| finding.agreement.as_deref() == Some("officers")));
        all.iter().map(|finding| (finding.kind, finding.record)).collect::<Vec<_>>()
    };
    assert_eq!(found(""), []);
    assert_eq!(found("UPDATE officer_acts SET action = 'approved' WHERE seq = 2"), [(Kind::Edited, Some(2))]);
    assert_eq!(found("UPDATE officer_acts SET action = 'rejected' WHERE seq = 2"), []);
    assert_eq!(found("DELETE FROM officer_acts WHERE seq = 2"), [(Kind::Cut, Some(1))]);
    assert_eq!(found("DELETE FROM officer_acts"), [(Kind::Gone, None)]);
}

/// A user who registered with a company, with that one's phone and a request that waits.
fn employee(desk: &Desk, company: &str, mobile: &str) -> (String, String) {
    let email = format!("{company}@example.org");
    let body = json!({"name": NAME, "email": email, "mobile": mobile, "kind": "company_admin", "company": company});
    let made = desk.keyed("POST", "/rssp/users", body.to_string().as_bytes());
    let id = made.text("userID");
    let body = json!({"code": desk.code_of(mobile), "passphrase": PASSWORD});
    assert_eq!(desk.keyed("POST", &format!("/rssp/users/{id}/activate"), body.to_string().as_bytes()).status, 200, "{made:?}");
    let (token, _) = desk.login_as(&email, PASSWORD);
    let phone = Phone::new(&format!("phone-{company}"));
    assert_eq!(desk.authed(&token, "POST", "/rssp/devices/activation-code", &Value::Null).status, 204);
    assert_eq!(desk.send(&token, &phone.registration(&desk.code_of(mobile)).encode()).status, 201);
    let challenge = phone.challenge(desk, &token);
    let asked = phone.request("k", csr(&phone.signing, NAME, Some(&challenge)), &desk.code_of(mobile));
    (email, desk.send(&token, &asked.encode()).text("requestID"))
}

#[test]
fn an_officer_is_appointed_and_sees_whom_the_office_is_for() {
    let mut desk = Desk::open_with(approving);
    let (anna, _) = desk.login();
    let own = pending(&desk, &anna, &Phone::new("phone-1"));
    let (banker, at_bank) = employee(&desk, "bank", "+230 5251 0001");
    let (_, at_shop) = employee(&desk, "shop", "+230 5251 0002");
    let (token, _) = desk.login_as(&banker, PASSWORD);
    // Whatever somebody registers as, he is no officer by it.
    let paths = [("GET", "/rssp/officer/requests"), ("GET", "/rssp/officer/devices")];
    let is_none = |desk: &Desk, token: &str| {
        paths.iter().all(|(method, path)| desk.authed(token, method, path, &Value::Null).problem() == "forbidden")
            && decide(desk, token, &own, &json!({"decision": "approve"})).problem() == "forbidden"
            && desk.authed(token, "POST", "/rssp/officer/devices/phone-1/revoke", &json!({"reason": "keyCompromise"})).problem()
                == "forbidden"
    };
    assert!(is_none(&desk, &token) && is_none(&desk, &anna));

    desk.running.take().unwrap().shutdown();
    let data = desk.folder.path().to_owned();
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_thrivosign-server"));
        command.arg("--data").arg(&data).args(arguments).output().unwrap().status.success()
    };
    assert!(run(&["appoint-officer", USER, "--company", "shop"]) && run(&["appoint-officer", &banker, "--company", "bank"]));
    assert!(!run(&["appoint-officer", "nobody"]) && !run(&["dismiss-officer", "nobody"]));
    let mut desk = desk.with(approving);
    let ids = |desk: &Desk, token: &str| {
        let json = desk.authed(token, "GET", "/rssp/officer/requests", &Value::Null).json();
        let all = json["requests"].as_array().unwrap().iter();
        all.map(|one| one["requestID"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (anna, _) = desk.login();
    let (banker_token, _) = desk.login_as(&banker, PASSWORD);
    let (office, _) = desk.login_as(OFFICER, PASSWORD);
    assert_eq!(ids(&desk, &anna), [at_shop.as_str()], "the shop's people alone");
    assert!(ids(&desk, &banker_token).is_empty(), "nobody decides on himself");
    assert_eq!(ids(&desk, &office), [own.clone(), at_bank.clone(), at_shop]);
    // What is another's is as if it were not there.
    for id in [&own, &at_bank, "req-0"] {
        let answer = decide(&desk, &anna, id, &json!({"decision": "approve"}));
        assert_eq!((answer.status, answer.problem().as_str()), (404, "not-found"), "{id}");
    }
    for device in ["phone-1", "phone-bank", "phone-0"] {
        let answer = desk.authed(&anna, "POST", &format!("/rssp/officer/devices/{device}/revoke"), &json!({"reason": "superseded"}));
        assert_eq!((answer.status, answer.problem().as_str()), (404, "device-unknown"), "{device}");
    }
    assert_eq!(status(&desk, &banker_token, &own).problem(), "not-found", "another's request");

    desk.running.take().unwrap().shutdown();
    assert!(run(&["dismiss-officer", USER]) && !run(&["dismiss-officer", USER]));
    let desk = desk.with(approving);
    assert!(is_none(&desk, &desk.login().0));
}

#[test]
fn the_page_decides_for_its_officer_and_for_nobody_else() {
    let desk = Desk::open_with(approving);
    let (anna, _) = desk.login();
    let phone = Phone::new("phone-1");
    assert_eq!(desk.authed(&anna, "POST", "/rssp/devices/activation-code", &Value::Null).status, 204);
    let mut call = phone.registration(&desk.code_of(MOBILE));
    call.name = "\"><script>alert(1)</script>".to_owned();
    call.proof = client::phone::sign(&phone.authentication, &call.to_be_signed());
    assert_eq!(desk.send(&anna, &call.encode()).status, 201);
    let [first, second] = ["a", "b"].map(|key| ask(&desk, &anna, &phone, key).text("requestID"));

    let officer = Browser::open(&desk, OFFICER);
    let page = officer.page("/site/officer");
    assert!(
        page.contains(&first) && page.contains(&second) && page.contains(NAME) && page.contains("aria-current=\"page\">Officer"),
        "{page}"
    );
    assert!(!page.contains("<script>alert") && page.contains("&lt;script&gt;"), "{page}");
    let send = |browser: &Browser<'_>, path: &str, csrf: &str, rest: &str, origin: (&str, &str)| {
        let body = format!("csrf={}&{rest}", encode(csrf));
        browser.desk.call("POST", path, &[origin, ("Cookie", &browser.cookie)], body.as_bytes())
    };
    let (to_first, to_second) = (format!("/site/officer/requests/{first}"), format!("/site/officer/requests/{second}"));
    let elsewhere = ("Origin", "https://evil.example");
    let yes = "decision=approve";
    assert_eq!(send(&officer, &to_first, "", yes, ORIGIN).status, 403);
    assert_eq!(send(&officer, &to_first, &officer.csrf, yes, elsewhere).status, 403);
    let user = Browser::open(&desk, USER);
    assert_eq!((user.get("/site/officer").status, send(&user, &to_first, &user.csrf, yes, ORIGIN).status), (403, 403));
    assert_eq!(send(&officer, &to_first, &user.csrf, yes, ORIGIN).status, 403, "another session's token");
    assert_eq!(desk.call("POST", &to_first, &[ORIGIN], yes.as_bytes()).status, 401);
    assert_eq!(status(&desk, &anna, &first).status, 202, "nothing was done");

    let done = send(&officer, &to_first, &officer.csrf, yes, ORIGIN);
    assert_eq!((done.status, done.header("location")), (303, Some("/site/officer")), "{done:?}");
    assert_eq!(status(&desk, &anna, &first).status, 201);
    assert_eq!(send(&officer, &to_first, &officer.csrf, "decision=reject&reason=no", ORIGIN).status, 409);
    assert_eq!(send(&officer, &to_second, &officer.csrf, "decision=reject&reason=", ORIGIN).status, 400);
    assert_eq!(send(&officer, &to_second, &officer.csrf, "decision=reject&reason=not+you%21", ORIGIN).status, 303);
    assert_eq!(status(&desk, &anna, &second).text("detail"), "not you!");
    let page = officer.page("/site/officer");
    assert!(page.contains("No request waits.") && page.contains("New, until "), "{page}");
    assert_eq!(send(&officer, "/site/officer/devices/phone-1", &officer.csrf, "reason=keyCompromise", ORIGIN).status, 303);
    assert!(text(&officer.get("/site/officer")).contains("Nobody has a device."));
}

#[test]
fn there_is_no_door_beside() {
    let desk = Desk::open_with(approving);
    let (anna, _) = desk.login();
    let phone = Phone::new("phone-1");
    assert_eq!(phone.register(&desk, &anna).status, 201);
    let challenge = phone.challenge(&desk, &anna);
    let authorization = format!("Bearer {anna}");
    let said = format!("{challenge}:{}", desk.code());
    let request = Base64::encode_string(&csr(&phone.signing, NAME, Some(&said)));
    let headers = [("X-API-Key", desk.key.as_str()), ("Authorization", &authorization), ("Content-Type", "application/pkcs10")];
    let est = desk.call("POST", "/.well-known/est/simpleenroll", &headers, request.as_bytes());
    assert_eq!((est.status, est.problem().as_str()), (403, "forbidden"), "{est:?}");
    let again = desk.call("POST", "/.well-known/est/simplereenroll", &headers, request.as_bytes());
    assert_eq!(again.problem(), "credential-unknown", "a renewal needs what is renewed: {again:?}");
    let body = json!({
        "deviceUUID": "phone-1", "challenge": challenge, "userAuthentication": {"method": "otp", "value": desk.code()}, "SCAL": "2"
    });
    let headers = [("X-API-Key", desk.key.as_str()), ("Authorization", &authorization), ("Idempotency-Key", "k")];
    let remote = desk.call("POST", "/rssp/credentials", &headers, body.to_string().as_bytes());
    assert_eq!((remote.status, remote.problem().as_str()), (403, "forbidden"), "{remote:?}");
}
