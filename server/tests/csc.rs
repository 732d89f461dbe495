//! Remote credentials by the CSC API v1.0.4: what each call answers, what it refuses and in which words, and that no key signs what its owner has not
//! agreed to.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files, threads and time")]

mod client;

use base64ct::{Base64, Encoding};
use client::phone::{Phone, new_key};
use client::remote::{PIN, Remote, SHA256_ECDSA, authorization, hash, values};
use client::{Answer, Desk, PASSWORD, USER};
use serde_json::{Value, json};
use thrivosign::remote::authorization_response::Decision;
use thrivosign::remote::remote_credential::{Control, SecondFactor};
use thrivosign::remote::secret::Secret;

/// The refusal's code and its text.
fn refusal(answer: &Answer) -> (u16, String, String) {
    (answer.status, answer.text("error"), answer.text("error_description"))
}

#[track_caller]
fn refuses(answer: &Answer, error: &str, description: &str) {
    assert_eq!(refusal(answer), (400, error.to_owned(), description.to_owned()));
}

#[test]
fn a_pin_opens_the_key_for_the_named_hashes_once() {
    let all = Remote::new();
    let made = all.with_pin(SecondFactor::None);
    let id = made.credential_id.as_str();
    let (a, b, c) = (hash(b"a"), hash(b"b"), hash(b"c"));
    let sad = all.opened(id, &[a, b]);
    refuses(&all.signed(id, &sad, &[c]), "invalid_request", "Hash is not authorized by the SAD");
    refuses(&all.signed(id, &sad, &[a, a]), "invalid_request", "Hash is not authorized by the SAD");
    values(&all.signed(id, &sad, &[b]), &made, &[b]);
    refuses(&all.signed(id, &sad, &[b]), "invalid_request", "Hash is not authorized by the SAD");
    // What is left goes on under new data, and under no others.
    let extend = |sad: &str, hashes: &[[u8; 32]]| {
        let mut body = authorization(id, hashes, json!({"SAD": sad}));
        body.as_object_mut().unwrap().remove("numSignatures");
        all.csc("credentials/extendTransaction", &body)
    };
    refuses(&extend(&sad, &[c]), "invalid_request", "Hash is not authorized by the SAD");
    let answer = extend(&sad, &[a]);
    assert_eq!((answer.status, answer.json()["expiresIn"].as_u64()), (200, Some(300)));
    let next = answer.text("SAD");
    refuses(&all.signed(id, &sad, &[a]), "invalid_request", "Invalid parameter SAD");
    all.desk.pass(299);
    values(&all.signed(id, &next, &[a]), &made, &[a]);
    refuses(&extend(&next, &[a]), "invalid_request", "Invalid parameter SAD");
    all.desk.pass(1);
    refuses(&all.signed(id, &next, &[a]), "invalid_request", "SAD expired");
    // Data without hashes are good for so many, whichever they are (SCAL 1).
    let body = json!({"credentialID": id, "numSignatures": 2, "PIN": PIN});
    let free = all.csc("credentials/authorize", &body).text("SAD");
    refuses(&all.signed(id, &free, &[a, b, c]), "invalid_request", "Hash is not authorized by the SAD");
    values(&all.signed(id, &free, &[a, c]), &made, &[a, c]);
    refuses(&all.signed(id, &free, &[a]), "invalid_request", "Hash is not authorized by the SAD");
    // Another credential of the same user.
    let other = all.with_pin(SecondFactor::None);
    let sad = all.opened(id, &[a]);
    refuses(&all.signed(&other.credential_id, &sad, &[a]), "invalid_request", "Invalid parameter SAD");
}

#[test]
fn wrong_pins_and_codes_are_counted_and_locked() {
    let all = Remote::new();
    let made = all.with_pin(SecondFactor::Sms);
    let id = made.credential_id.as_str();
    let ask = |pin: &str, otp: &str| all.csc("credentials/authorize", &authorization(id, &[hash(b"a")], json!({"PIN": pin, "OTP": otp})));
    assert_eq!(all.csc("credentials/sendOTP", &json!({"credentialID": id})).status, 204);
    let code = all.desk.code();
    for _ in 0..4 {
        refuses(&ask("wrong", &code), "invalid_pin", "The PIN is invalid");
    }
    assert_eq!(ask(PIN, &code).status, 200, "a right PIN and a right code");
    refuses(&ask(PIN, &code), "invalid_otp", "The OTP is invalid");
    for _ in 0..3 {
        refuses(&ask(PIN, "000000"), "invalid_otp", "The OTP is invalid");
    }
    refuses(&ask(PIN, "000000"), "invalid_otp", "OTP locked");
    refuses(&all.csc("credentials/sendOTP", &json!({"credentialID": id})), "invalid_otp", "OTP locked");
    for _ in 0..4 {
        refuses(&ask("wrong", ""), "invalid_pin", "The PIN is invalid");
    }
    refuses(&ask("wrong", ""), "invalid_pin", "PIN locked");
    refuses(&ask(PIN, &code), "invalid_pin", "PIN locked");
    all.desk.pass(901);
    assert_eq!(all.csc("credentials/sendOTP", &json!({"credentialID": id})).status, 204);
    let late = all.desk.code();
    all.desk.pass(301);
    refuses(&ask(PIN, &late), "invalid_otp", "The OTP is invalid");
    // A code for one credential opens no other.
    let other = all.with_pin(SecondFactor::Sms);
    assert_eq!(all.csc("credentials/sendOTP", &json!({"credentialID": other.credential_id})).status, 204);
    refuses(&ask(PIN, &all.desk.code()), "invalid_otp", "The OTP is invalid");
}

#[test]
fn a_generators_code_is_good_once() {
    let all = Remote::new();
    let made = all.with_pin(SecondFactor::Totp);
    let id = made.credential_id.as_str();
    let secret = made.totp_secret.unwrap();
    assert_eq!(secret.expose().len(), 32);
    let at = || {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64;
        now + all.desk.offset.load(std::sync::atomic::Ordering::SeqCst)
    };
    let ask = |otp: &str| all.csc("credentials/authorize", &authorization(id, &[hash(b"a")], json!({"PIN": PIN, "OTP": otp})));
    refuses(&all.csc("credentials/sendOTP", &json!({"credentialID": id})), "invalid_request", "Invalid parameter credentialID");
    // Well within a step of the generator, so that none begins between the code and its use.
    all.desk.pass(40 - at() % 30);
    let Some(code) = oathtool(secret.expose(), at()) else { return };
    assert_eq!(ask(&code).status, 200);
    refuses(&ask(&code), "invalid_otp", "The OTP is invalid");
    all.desk.pass(60);
    let code = oathtool(secret.expose(), at() - 30).unwrap();
    assert_eq!(ask(&code).status, 200, "a generator half a minute behind");
    all.desk.pass(120);
    refuses(&ask(&oathtool(secret.expose(), at() - 61).unwrap()), "invalid_otp", "The OTP is invalid");
    // The secret is told once, and stands nowhere in the clear.
    let store = std::fs::read(all.desk.folder.path().join("store.db")).unwrap();
    let wal = std::fs::read(all.desk.folder.path().join("store.db-wal")).unwrap_or_default();
    assert!([store, wal].iter().all(|bytes| !bytes.windows(32).any(|window| window == secret.expose().as_bytes())));
}

/// What a generator shows at that time: Python's, not ours.
fn oathtool(secret: &str, at: i64) -> Option<String> {
    let script = "import base64,hashlib,hmac,struct,sys
mac=hmac.new(base64.b32decode(sys.argv[1]),struct.pack('>Q',int(sys.argv[2])//30),hashlib.sha1).digest()
at=mac[-1]&15
print('%06d'%((struct.unpack('>I',mac[at:at+4])[0]&0x7fffffff)%1000000))";
    let output = std::process::Command::new("python3").args(["-c", script, secret, &at.to_string()]).output();
    let Ok(output) = output else {
        assert!(!std::env::var("CI").is_ok_and(|ci| ci == "true"), "no python3");
        return None;
    };
    Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
}

#[test]
fn the_phone_approves_exactly_what_is_signed() {
    let all = Remote::new();
    let made = all.with_phone();
    let id = made.credential_id.as_str();
    let hashes = [hash(b"a"), hash(b"b")];
    let more = json!({"description": "two letters", "documentNames": ["a.pdf", "b.pdf"]});
    assert!(all.waiting(0).is_empty());
    let sad = std::thread::scope(|scope| {
        // Blocks as the CSC API has it, while the phone polls and answers.
        let asking = scope.spawn(|| all.csc("credentials/authorize", &authorization(id, &hashes, more)));
        let began = std::time::Instant::now();
        let pending = all.waiting(30);
        assert!(began.elapsed().as_secs() < 10, "a waiting phone is told at once");
        let [pending] = &pending[..] else { panic!("{pending:?}") };
        assert_eq!((pending.credential_id.as_str(), pending.description.as_deref()), (id, Some("two letters")));
        assert!(pending.document_names == ["a.pdf", "b.pdf"] && pending.hashes == hashes.map(|hash| hash.to_vec()));
        // Another key; another decision's signature; another hash.
        assert_eq!(all.answer(pending, Decision::Approve, &new_key()).problem(), "device-proof-wrong");
        let mut other = pending.clone();
        other.hashes[1] = hash(b"c").to_vec();
        assert_eq!(all.says(&other, Decision::Approve).problem(), "device-proof-wrong");
        assert_eq!(all.says(pending, Decision::Approve).status, 200);
        assert_eq!(all.says(pending, Decision::Approve).status, 200, "the same again");
        assert_eq!(all.says(pending, Decision::Decline).problem(), "signing-conflict");
        let answer = asking.join().unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.text("SAD")
    });
    assert!(all.waiting(0).is_empty());
    refuses(&all.signed(id, &sad, &[hash(b"c")]), "invalid_request", "Hash is not authorized by the SAD");
    values(&all.signed(id, &sad, &hashes), &made, &hashes);
    refuses(&all.signed(id, &sad, &hashes), "invalid_request", "Hash is not authorized by the SAD");
}

#[test]
fn without_waiting_the_answer_is_asked_for() {
    let all = Remote::new();
    let made = all.with_phone();
    let id = made.credential_id.as_str();
    let ask = || {
        let answer = all.csc("credentials/authorize", &authorization(id, &[hash(b"a")], json!({"async": true})));
        assert_eq!((answer.status, answer.header("retry-after")), (202, Some("2")), "{answer:?}");
        format!("/rssp/authorizations/{}", answer.text("authorizationID"))
    };
    let state = |path: &str| all.desk.authed(&all.token, "GET", path, &Value::Null);
    let yes = ask();
    assert_eq!(state(&yes).text("state"), "pending");
    assert_eq!(all.says(&all.waiting(0)[0], Decision::Approve).status, 200);
    let (first, second) = (state(&yes), state(&yes));
    assert_eq!((first.text("state"), first.text("SAD")), ("approved".to_owned(), second.text("SAD")), "a lost answer is told again");
    values(&all.signed(id, &first.text("SAD"), &[hash(b"a")]), &made, &[hash(b"a")]);
    refuses(&all.signed(id, &state(&yes).text("SAD"), &[hash(b"a")]), "invalid_request", "Hash is not authorized by the SAD");
    let no = ask();
    assert_eq!(all.says(&all.waiting(0)[0], Decision::Decline).status, 200);
    assert_eq!((state(&no).text("state"), state(&no).json()["SAD"].clone()), ("declined".to_owned(), Value::Null));
    let late = ask();
    let pending = all.waiting(0).remove(0);
    all.desk.pass(180);
    assert_eq!(state(&late).text("state"), "expired");
    assert_eq!(all.says(&pending, Decision::Approve).problem(), "signing-conflict");
    all.desk.pass(200);
    assert_eq!(state(&yes).text("state"), "expired");
    // Asked by somebody else, there is no such thing.
    assert_eq!(state("/rssp/authorizations/auth-0").problem(), "not-found");
    // Nobody is asked twenty-one times.
    let asked: Vec<u16> =
        (0..21).map(|n: u8| all.csc("credentials/authorize", &authorization(id, &[hash(&[n])], json!({"async": true}))).status).collect();
    assert!(asked[..20].iter().all(|status| *status == 202) && asked[20] == 429, "{asked:?}");
}

#[test]
fn declining_and_silence_end_a_call_that_waits() {
    let all = Remote::new();
    let made = all.with_phone();
    let ask = || all.csc("credentials/authorize", &authorization(&made.credential_id, &[hash(b"a")], json!({})));
    std::thread::scope(|scope| {
        let asking = scope.spawn(ask);
        assert_eq!(all.says(&all.waiting(30)[0], Decision::Decline).status, 200);
        refuses(&asking.join().unwrap(), "access_denied", "The user declined the request");
        let asking = scope.spawn(ask);
        assert_eq!(all.waiting(30).len(), 1);
        all.desk.pass(180);
        refuses(&asking.join().unwrap(), "access_denied", "The user did not answer in time");
    });
    // A poll that finds nothing ends when it was asked to.
    let began = std::time::Instant::now();
    assert!(all.waiting(2).is_empty());
    assert!((2..6).contains(&began.elapsed().as_secs()));
}

#[test]
fn each_refusal_has_the_words_of_the_specification() {
    let all = Remote::new();
    let pin = all.with_pin(SecondFactor::None).credential_id;
    let phone = all.with_phone().credential_id;
    let sad = all.opened(&pin, &[hash(b"a")]);
    let one = Base64::encode_string(&hash(b"a"));
    let short = Base64::encode_string(b"short");
    let text = |kind: &str, name: &str| format!("Missing (or invalid type) {kind} parameter {name}");
    let malformed = "The request is missing a required parameter, includes an invalid parameter value, includes a parameter more than once, or is otherwise malformed.";
    let cases: Vec<(&str, Value, String)> = vec![
        ("credentials/list", json!([1]), malformed.to_owned()),
        ("credentials/list", json!({"userID": "usr-1"}), "userID parameter MUST be null".to_owned()),
        ("credentials/list", json!({"maxResults": "x"}), text("integer", "maxResults")),
        ("credentials/list", json!({"pageToken": "none"}), "Invalid parameter pageToken".to_owned()),
        ("credentials/info", json!({}), text("string", "credentialID")),
        ("credentials/info", json!({"credentialID": 7}), text("string", "credentialID")),
        ("credentials/info", json!({"credentialID": "none"}), "Invalid parameter credentialID".to_owned()),
        ("credentials/info", json!({"credentialID": pin, "certificates": "some"}), "Invalid parameter certificates".to_owned()),
        ("credentials/info", json!({"credentialID": pin, "certInfo": "yes"}), text("boolean", "certInfo")),
        ("credentials/authorize", json!({"numSignatures": 1}), text("string", "credentialID")),
        ("credentials/authorize", json!({"credentialID": pin}), text("integer", "numSignatures")),
        ("credentials/authorize", json!({"credentialID": pin, "numSignatures": "1"}), text("integer", "numSignatures")),
        ("credentials/authorize", json!({"credentialID": pin, "numSignatures": 0}), "Invalid value for parameter numSignatures".to_owned()),
        ("credentials/authorize", json!({"credentialID": pin, "numSignatures": 26}), "Numbers of signatures is too high".to_owned()),
        ("credentials/authorize", json!({"credentialID": pin, "numSignatures": 1, "hash": one}), text("array", "hash")),
        ("credentials/authorize", json!({"credentialID": pin, "numSignatures": 1, "hash": []}), "Empty hash array".to_owned()),
        (
            "credentials/authorize",
            json!({"credentialID": pin, "numSignatures": 2, "hash": [one]}),
            "Invalid value for parameter numSignatures".to_owned(),
        ),
        (
            "credentials/authorize",
            json!({"credentialID": pin, "numSignatures": 1, "hash": ["?"]}),
            "Invalid Base64 hash string parameter".to_owned(),
        ),
        (
            "credentials/authorize",
            json!({"credentialID": pin, "numSignatures": 1, "hash": [short]}),
            "Invalid digest value length".to_owned(),
        ),
        ("credentials/authorize", json!({"credentialID": "none", "numSignatures": 1}), "Invalid parameter credentialID".to_owned()),
        ("credentials/authorize", json!({"credentialID": phone, "numSignatures": 1}), text("array", "hash")),
        ("credentials/extendTransaction", json!({"credentialID": pin}), text("string", "SAD")),
        ("credentials/extendTransaction", json!({"credentialID": pin, "SAD": "none"}), "Invalid parameter SAD".to_owned()),
        ("credentials/extendTransaction", json!({"credentialID": pin, "SAD": sad}), text("array", "hash")),
        ("credentials/sendOTP", json!({}), text("string", "credentialID")),
        ("credentials/sendOTP", json!({"credentialID": pin}), "Invalid parameter credentialID".to_owned()),
        ("signatures/signHash", json!({"credentialID": pin, "hash": [one], "signAlgo": SHA256_ECDSA}), text("string", "SAD")),
        ("signatures/signHash", json!({"credentialID": pin, "SAD": sad, "signAlgo": SHA256_ECDSA}), text("array", "hash")),
        (
            "signatures/signHash",
            json!({"credentialID": pin, "SAD": sad, "hash": [], "signAlgo": SHA256_ECDSA}),
            "Empty hash array".to_owned(),
        ),
        ("signatures/signHash", json!({"credentialID": pin, "SAD": sad, "hash": [one]}), text("string", "signAlgo")),
        (
            "signatures/signHash",
            json!({"credentialID": pin, "SAD": sad, "hash": [one], "signAlgo": "1.2.840.113549.1.1.11"}),
            "Invalid parameter signAlgo".to_owned(),
        ),
        (
            "signatures/signHash",
            json!({"credentialID": pin, "SAD": sad, "hash": [one], "signAlgo": SHA256_ECDSA, "hashAlgo": "2.16.840.1.101.3.4.2.3"}),
            "Invalid parameter hashAlgo".to_owned(),
        ),
        (
            "signatures/signHash",
            json!({"credentialID": pin, "SAD": sad, "hash": [short], "signAlgo": SHA256_ECDSA}),
            "Invalid digest value length".to_owned(),
        ),
        (
            "signatures/signHash",
            json!({"credentialID": pin, "SAD": "none", "hash": [one], "signAlgo": SHA256_ECDSA}),
            "Invalid parameter SAD".to_owned(),
        ),
        ("signatures/timestamp", json!({"hashAlgo": "2.16.840.1.101.3.4.2.1"}), text("string", "hash")),
        ("signatures/timestamp", json!({"hash": one}), text("string", "hashAlgo")),
        ("signatures/timestamp", json!({"hash": one, "hashAlgo": "1.3.14.3.2.26"}), "Invalid parameter hashAlgo".to_owned()),
        ("signatures/timestamp", json!({"hash": short, "hashAlgo": "2.16.840.1.101.3.4.2.1"}), "Invalid digest value length".to_owned()),
        (
            "signatures/timestamp",
            json!({"hash": one, "hashAlgo": "2.16.840.1.101.3.4.2.1", "nonce": "x"}),
            "Invalid parameter nonce".to_owned(),
        ),
        ("auth/revoke", json!({}), text("string", "token")),
        ("auth/revoke", json!({"token": "t", "token_type_hint": "cookie"}), "Invalid parameter token_type_hint".to_owned()),
    ];
    for (call, body, description) in cases {
        let answer = all.csc(call, &body);
        assert_eq!(refusal(&answer), (400, "invalid_request".to_owned(), description), "{call} {body}");
    }
    // Nothing of that has used anything up.
    assert_eq!(all.signed(&pin, &sad, &[hash(b"a")]).status, 200);
}

#[test]
fn list_and_info_tell_what_the_use_takes() {
    let all = Remote::new();
    assert_eq!(all.csc("credentials/list", &json!({})).json(), json!({"credentialIDs": []}));
    let mut made =
        [all.with_pin(SecondFactor::Sms).credential_id, all.with_phone().credential_id, all.with_pin(SecondFactor::Totp).credential_id];
    let (pin, phone) = (made[0].clone(), made[1].clone());
    made.sort();
    let first = all.csc("credentials/list", &json!({"maxResults": 2})).json();
    assert_eq!(first["credentialIDs"], json!(made[..2]));
    let second = all.csc("credentials/list", &json!({"maxResults": 2, "pageToken": first["nextPageToken"]})).json();
    assert_eq!(second, json!({"credentialIDs": made[2..]}));
    let info = |id: &str, more: Value| {
        let mut body = json!({"credentialID": id});
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        let answer = all.csc("credentials/info", &body);
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    };
    let plain = info(&pin, json!({}));
    assert_eq!(plain["key"]["status"], "enabled");
    assert_eq!((plain["key"]["len"].as_u64(), plain["key"]["curve"].as_str()), (Some(256), Some("1.2.840.10045.3.1.7")));
    assert!(plain["key"]["algo"].as_array().unwrap().contains(&json!(SHA256_ECDSA)));
    assert_eq!(plain["cert"]["certificates"].as_array().unwrap().len(), 1);
    assert!(plain.get("PIN").is_none() && plain.get("OTP").is_none() && plain["cert"].get("subjectDN").is_none());
    let whole = info(&pin, json!({"certificates": "chain", "certInfo": true, "authInfo": true}));
    assert_eq!(whole["cert"]["certificates"].as_array().unwrap().len(), 3);
    assert_eq!((whole["authMode"].as_str(), whole["SCAL"].as_str()), (Some("explicit"), Some("1")));
    assert_eq!((whole["PIN"]["presence"].as_str(), whole["OTP"]["type"].as_str()), (Some("true"), Some("online")));
    assert!(whole["cert"]["subjectDN"].as_str().unwrap().contains("CN=Anna Schmidt") && whole["cert"]["status"] == "valid");
    for name in ["validFrom", "validTo"] {
        let time = whole["cert"][name].as_str().unwrap();
        assert!(time.len() == 15 && time.ends_with('Z') && time[..14].bytes().all(|digit| digit.is_ascii_digit()), "{time}");
    }
    let none = info(&phone, json!({"certificates": "none", "authInfo": true}));
    assert_eq!((none["SCAL"].as_str(), none["authMode"].as_str()), (Some("2"), Some("implicit")));
    assert!(none["cert"].get("certificates").is_none() && none.get("PIN").is_none());
    // A lost phone disables what it approved, a revocation what it revoked.
    assert_eq!(all.phone.delete(&all.desk, &all.token).status, 204);
    assert_eq!(info(&phone, json!({}))["key"]["status"], "disabled");
    refuses(
        &all.csc("credentials/authorize", &authorization(&phone, &[hash(b"a")], json!({}))),
        "invalid_request",
        "Invalid parameter credentialID",
    );
    let revoke = format!("/rssp/certificates/{pin}/revoke");
    assert_eq!(all.desk.authed(&all.token, "POST", &revoke, &json!({"reason": "superseded"})).status, 200);
    assert_eq!(info(&pin, json!({}))["cert"]["status"], "revoked");
    all.desk.pass(366 * 86_400);
    let (token, _) = all.desk.login();
    let late = all.desk.authed(&token, "POST", "/csc/v1/credentials/info", &json!({"credentialID": phone})).json();
    assert_eq!((late["cert"]["status"].as_str(), late["key"]["status"].as_str()), (Some("expired"), Some("disabled")));
    let late = all.desk.authed(&token, "POST", "/csc/v1/credentials/authorize", &authorization(&phone, &[hash(b"a")], json!({})));
    refuses(&late, "invalid_request", "Signing certificate is expired");
}

#[test]
fn logins_of_the_csc_api_give_the_same_tokens() {
    let desk = Desk::open();
    let basic = |user: &str, password: &str| format!("Basic {}", Base64::encode_string(format!("{user}:{password}").as_bytes()));
    let login = |authorization: Option<&str>, body: &Value| {
        let mut headers = vec![("X-API-Key", desk.key.as_str()), ("Content-Type", "application/json")];
        headers.extend(authorization.map(|value| ("Authorization", value)));
        desk.call("POST", "/csc/v1/auth/login", &headers, &serde_json::to_vec(body).unwrap())
    };
    let short = login(Some(&basic(USER, PASSWORD)), &json!({}));
    assert_eq!((short.status, short.json()["expires_in"].as_u64(), short.json().get("refresh_token").is_none()), (200, Some(86_399), true));
    let long = login(Some(&basic(USER, PASSWORD)), &json!({"rememberMe": true}));
    let again = login(None, &json!({"refresh_token": long.text("refresh_token")}));
    assert_eq!(again.status, 200, "{again:?}");
    let list = |token: &str| desk.authed(token, "POST", "/csc/v1/credentials/list", &json!({})).status;
    assert_eq!((list(&short.text("access_token")), list(&again.text("access_token"))), (200, 200));
    refuses(&login(Some(&basic(USER, "wrong")), &json!({})), "authentication_error", "An error occurred during authentication process");
    refuses(&login(Some("Basic ?"), &json!({})), "invalid_request", "Malformed authorization header.");
    refuses(&login(None, &json!({})), "invalid_request", "Malformed authorization header.");
    refuses(&login(None, &json!({"refresh_token": "none"})), "invalid_request", "Invalid refresh_token");
    assert_eq!(
        desk.authed(&again.text("access_token"), "POST", "/csc/v1/auth/revoke", &json!({"token": again.text("access_token")})).status,
        204
    );
    assert_eq!(list(&again.text("access_token")), 401);
}

#[test]
fn what_is_asked_for_twice_is_made_once_and_for_its_user_alone() {
    let all = Remote::new();
    let order = all.order("key-1", Control::Sent { pin: Secret::new(PIN), otp: SecondFactor::Totp }).encode();
    let first = all.desk.send(&all.token, &order);
    let again = all.desk.send(&all.token, &order);
    assert_eq!((first.status, again.status, first.text("credentialID")), (201, 201, again.text("credentialID")));
    assert!(!first.text("totpSecret").is_empty() && again.json().get("totpSecret").is_none(), "a generator's secret is told once");
    let files = std::fs::read_dir(all.desk.folder.path().join("vault"))
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_str().unwrap().ends_with(".sealed"));
    assert_eq!(files.count(), 1);
    let short = all.order("key-2", Control::Sent { pin: Secret::new("12345"), otp: SecondFactor::None });
    assert_eq!(all.desk.send(&all.token, &short.encode()).problem(), "malformed-request");
    let mut wrong = all.order("key-3", Control::Device);
    wrong.value = Secret::new("000000");
    assert_eq!(all.desk.send(&all.token, &wrong.encode()).problem(), "user-authentication-failed");
    let mut foreign = all.order("key-4", Control::Device);
    foreign.device_uuid = Phone::new("phone-2").uuid;
    assert_eq!(all.desk.send(&all.token, &foreign.encode()).problem(), "device-unknown");
    // The key outlives the server.
    let id = first.text("credentialID");
    let Remote { mut desk, phone, .. } = all;
    desk.restart();
    let (token, _) = desk.login();
    let all = Remote { desk, token, phone };
    assert_eq!(all.csc("credentials/info", &json!({"credentialID": id})).json()["key"]["status"], "enabled");
}
