//! Enrolment by RFC 7030: the lines of `docs/howto/est.md` as they stand there, and that no rule of the service's own enrolment can be gone round by this door.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests run programs, own sockets and read files")]

mod client;

use base64ct::{Base64, Encoding};
use client::phone::{NAME, Phone, csr, new_key, openssl_csr};
use client::{Answer, Desk, PASSWORD, USER};
use p256::ecdsa::SigningKey;
use serde_json::{Value, json};
use std::process::Command;
use thrivosign::key::attestation::{AndroidPolicy, ApplePolicy, AttestationPolicy};
use thrivosign::pki::{Certificate, KeyProtection, ProtectionLevel};
use thrivosign::remote::certificate_challenge::AuthenticationMethod::{self, Otp, Passphrase};
use thrivosign_server::Config;

const ENROLL: &str = "/.well-known/est/simpleenroll";
const REENROLL: &str = "/.well-known/est/simplereenroll";

struct Bench {
    desk: Desk,
    token: String,
    phone: Phone,
}

impl Bench {
    fn new(change: impl Fn(&mut Config)) -> Bench {
        let desk = Desk::open_with(change);
        let (token, _) = desk.login();
        let phone = Phone::new("phone-1");
        assert_eq!(phone.register(&desk, &token).status, 201);
        Bench { desk, token, phone }
    }

    fn challenge(&self, method: AuthenticationMethod) -> String {
        self.phone.ask_challenge(&self.desk, &self.token, method).text("challenge")
    }

    fn post(&self, path: &str, authorization: &str, csr: &[u8]) -> Answer {
        let headers = [("X-API-Key", self.desk.key.as_str()), ("Authorization", authorization), ("Content-Type", "application/pkcs10")];
        self.desk.call("POST", path, &headers, Base64::encode_string(csr).as_bytes())
    }

    fn by_password(&self, path: &str, csr: &[u8]) -> Answer {
        self.post(path, &basic(USER, PASSWORD), csr)
    }

    fn by_token(&self, path: &str, csr: &[u8]) -> Answer {
        self.post(path, &format!("Bearer {}", self.token), csr)
    }

    /// The states of the user's credentials.
    fn states(&self) -> Vec<String> {
        let list = self.desk.authed(&self.token, "GET", "/rssp/certificates", &Value::Null).json();
        list["credentials"].as_array().unwrap().iter().map(|one| one["status"].as_str().unwrap().to_owned()).collect()
    }
}

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", Base64::encode_string(format!("{user}:{password}").as_bytes()))
}

fn request(key: &SigningKey, challenge: &str) -> Vec<u8> {
    csr(key, NAME, Some(challenge))
}

fn refused(answer: &Answer) -> (u16, String) {
    (answer.status, answer.problem())
}

#[test]
fn what_the_page_shows_is_what_runs() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/howto/est.md");
    let page = std::fs::read_to_string(page).unwrap();
    let blocks: Vec<&str> = page.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 3);
    let bench = Bench::new(|_| {});
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ca.pem"), bench.desk.running.as_ref().unwrap().tls_root_pem()).unwrap();
    let output = Command::new("bash")
        .args(["-eu", "-o", "pipefail", "-c", &blocks.concat()])
        .current_dir(folder.path())
        .env("SERVICE", format!("https://localhost:{}", bench.desk.address().port()))
        .envs([("CA", "ca.pem"), ("API_KEY", &bench.desk.key), ("TOKEN", &bench.token), ("DEVICE", "phone-1")])
        .envs([("LOGIN", USER), ("PASSWORD", PASSWORD), ("NAME", NAME)])
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    assert!(
        said.contains("certificate.pem: OK") && said.contains("next-certificate.pem: OK") && said.contains("challengePassword"),
        "{said}"
    );
    let authorities = std::fs::read_to_string(folder.path().join("authorities.pem")).unwrap();
    let root = bench.desk.running.as_ref().unwrap().root_pem().replace(['\r', '\n'], "");
    assert!(authorities.replace(['\r', '\n'], "").contains(&root) && authorities.matches("BEGIN CERTIFICATE").count() == 2);
    assert_eq!(bench.states(), ["New", "New"], "nothing signs before the device has activated it");
}

#[test]
fn a_code_behind_the_challenge_does_for_who_comes_with_a_token() {
    let bench = Bench::new(|_| {});
    let challenge = bench.challenge(Otp);
    let code = bench.desk.code();
    let wrong = if code == "000000" { "111111" } else { "000000" };
    let with = |said: &str| bench.by_token(ENROLL, &request(&bench.phone.signing, said));
    assert_eq!(refused(&with(&challenge)), (422, "challenge-refused".to_owned()), "a token alone is nobody's authentication");
    let answer = with(&format!("{challenge}:{wrong}"));
    assert_eq!(
        (answer.status, answer.problem().as_str(), answer.json()["triesLeft"].as_u64()),
        (403, "user-authentication-failed", Some(4))
    );
    let said = format!("{challenge}:{code}");
    assert_eq!(with(&said).status, 200);
    assert_eq!(refused(&with(&said)), (422, "challenge-refused".to_owned()), "used up");
    assert_eq!(bench.states(), ["New"]);
    // The activation is the service's own; only then does it count as in use.
    let list = bench.desk.authed(&bench.token, "GET", "/rssp/certificates", &Value::Null).json();
    let id = list["credentials"][0]["credentialID"].as_str().unwrap().to_owned();
    assert_eq!(bench.phone.activate(&bench.desk, &bench.token, &id).status, 200);
    assert_eq!(bench.states(), ["Activated"]);
}

#[test]
fn the_door_knows_who_asks() {
    let bench = Bench::new(|_| {});
    let body = request(&bench.phone.signing, &bench.challenge(Passphrase));
    let text = Base64::encode_string(&body);
    let basic_header = basic(USER, PASSWORD);
    for headers in [
        &[("Content-Type", "application/pkcs10"), ("Authorization", basic_header.as_str())][..],
        &[("X-API-Key", "tsk_00_aa"), ("Authorization", basic_header.as_str())],
        &[("X-API-Key", bench.desk.key.as_str())],
        &[("X-API-Key", bench.desk.key.as_str()), ("Authorization", "Bearer x")],
        &[("X-API-Key", bench.desk.key.as_str()), ("Authorization", "Basic x")],
    ] {
        let answer = bench.desk.call("POST", ENROLL, headers, text.as_bytes());
        assert_eq!(answer.status, 401, "{headers:?}");
        let asked: Vec<_> = answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("www-authenticate")).collect();
        assert!(asked.iter().any(|(_, value)| value.starts_with("Basic realm=")), "{asked:?}");
    }
    for (media, body, wanted) in [
        ("application/pkcs7-mime", text.as_str(), (415, "unsupported-media-type")),
        ("application/pkcs10", "%%%", (422, "csr-malformed")),
        ("application/pkcs10", "", (422, "csr-malformed")),
        ("application/pkcs10", "AAAA", (422, "csr-malformed")),
    ] {
        let headers = [("X-API-Key", bench.desk.key.as_str()), ("Authorization", basic_header.as_str()), ("Content-Type", media)];
        let answer = bench.desk.call("POST", ENROLL, &headers, body.as_bytes());
        assert_eq!((answer.status, answer.problem().as_str()), wanted, "{media} {body}");
    }
    assert_eq!(bench.desk.keyed("GET", ENROLL, b"").status, 405);
    // Guessing is locked after five, and a name that nobody has is told nothing else.
    for user in [USER, "nobody@example.org"] {
        let guess = || bench.post(ENROLL, &basic(user, "wrong"), &body);
        for _ in 0..5 {
            assert_eq!(guess().status, 401, "{user}");
        }
        let locked = guess();
        assert_eq!((locked.status, locked.problem().as_str()), (423, "user-authentication-locked"), "{user}");
        assert!(locked.header("retry-after").is_some());
    }
    assert_eq!(bench.by_password(ENROLL, &body).status, 423, "the right one too");
    bench.desk.pass(901);
    let fresh = request(&bench.phone.signing, &bench.challenge(Passphrase));
    assert_eq!(bench.by_password(ENROLL, &fresh).status, 200);
}

#[test]
fn no_rule_of_the_own_enrolment_is_gone_round() {
    let bench = Bench::new(|_| {});
    let key = &bench.phone.signing;
    let refused = |csr: &[u8]| self::refused(&bench.by_password(ENROLL, csr));
    let of = |status: u16, problem: &str| (status, problem.to_owned());
    // No challenge, an invented one, one for a code, one of a renewal's path: none of them names this user and device for this.
    assert_eq!(refused(&csr(key, NAME, None)), of(422, "challenge-refused"));
    assert_eq!(refused(&request(key, "invented")), of(422, "challenge-refused"));
    let sent = bench.challenge(Otp);
    assert_eq!(refused(&request(key, &sent)), of(422, "challenge-refused"));
    assert_eq!(refused(&request(key, &format!("{sent}:{}", bench.desk.code()))), of(422, "challenge-refused"));
    let challenge = bench.challenge(Passphrase);
    // A passphrase has no place in a request.
    let told = bench.by_token(ENROLL, &request(key, &format!("{challenge}:{PASSWORD}")));
    assert_eq!(self::refused(&told), of(422, "challenge-refused"));
    assert_eq!(refused(&csr(key, "Somebody Else", Some(&challenge))), of(422, "subject-refused"));
    assert_eq!(refused(&request(&bench.phone.authentication, &challenge)), of(422, "key-misused"));
    let place = tempfile::tempdir().unwrap();
    let weak = openssl_csr(place.path(), &["-newkey", "rsa:1024", "-sha256"], &challenge);
    assert_eq!(refused(&weak), of(422, "key-too-weak"));
    let mut broken = request(key, &challenge);
    *broken.last_mut().unwrap() ^= 1;
    assert_eq!(refused(&broken).0, 422);
    assert_eq!(self::refused(&bench.by_password(REENROLL, &request(key, &challenge))), of(404, "credential-unknown"), "nothing to renew");
    assert!(bench.states().is_empty());

    // None of that has used the challenge up.
    let answer = bench.by_password(ENROLL, &request(key, &challenge));
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("application/pkcs7-mime; smime-type=certs-only"));
    let again = bench.by_password(REENROLL, &request(key, &bench.challenge(Passphrase)));
    assert_eq!(self::refused(&again), of(409, "key-taken"), "a new key each time");
    assert_eq!(bench.by_password(REENROLL, &request(&new_key(), &bench.challenge(Passphrase))).status, 200);

    // A device that was revoked gets nothing, and another user's challenge is nobody's.
    let challenge = bench.challenge(Passphrase);
    assert_eq!(bench.phone.delete(&bench.desk, &bench.token).status, 204);
    assert_eq!(refused(&request(&new_key(), &challenge)), of(404, "device-unknown"));
}

/// What the certificate says of its key is what was proven of it: nothing. Where that is not enough, nobody is let in.
#[test]
fn a_policy_that_wants_proof_of_the_key_lets_nobody_in() {
    let bench = Bench::new(|_| {});
    let challenge = bench.challenge(Passphrase);
    assert_eq!(bench.by_password(ENROLL, &request(&bench.phone.signing, &challenge)).status, 200);
    let list = bench.desk.authed(&bench.token, "GET", "/rssp/certificates", &json!(null)).json();
    let der = Base64::decode_vec(list["credentials"][0]["certificates"][0].as_str().unwrap()).unwrap();
    let stated = KeyProtection::of(&Certificate::from_der(&der).unwrap()).unwrap();
    assert_eq!(stated, Some(KeyProtection { level: ProtectionLevel::Software, attestation: None }));

    let strict = |config: &mut Config| config.attestation = AttestationPolicy::strict(AndroidPolicy::default(), ApplePolicy::default());
    let challenge = bench.challenge(Passphrase);
    let Bench { desk, token, phone } = bench;
    let bench = Bench { desk: desk.with(strict), token, phone };
    let answer = bench.by_password(ENROLL, &request(&new_key(), &challenge));
    assert_eq!(refused(&answer), (422, "attestation-refused".to_owned()));
    assert_eq!(bench.by_password(REENROLL, &request(&new_key(), &challenge)).problem(), "attestation-refused");
}
