//! Proofs of possession (DPoP, RFC 9449): a token that was given to a key is of no use without it, and no proof counts twice.

#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types)]

mod client;

use client::{Answer, Desk, PASSWORD, USER, encode};
use std::sync::Arc;
use thrivosign::crypto::KeyAlgorithm;
use thrivosign::journey::{Environment, Limits, Session};
use thrivosign::key::software::{SoftwareKey, SoftwareKeyStore};
use thrivosign::key::{DeviceKeyStore, KeyPurpose, KeySpec};
use thrivosign::net::{HttpsTransport, Options, Roots};
use thrivosign::remote::proof::{Claims, token_hash};
use thrivosign::remote::secret::Secret;
use thrivosign::{ErrorKind, Time};

const LIST: &str = "/rssp/certificates";
const LOGIN: &str = "/rssp/auth/login";

/// A client that makes its proofs by hand, so that each can be spoilt.
struct Thief {
    desk: Desk,
    key: SoftwareKey,
    nonce: String,
    made: std::cell::Cell<u32>,
}

fn now(desk: &Desk) -> Time {
    let unix = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    Time::from_unix(i64::try_from(unix).unwrap()).plus(desk.offset.load(std::sync::atomic::Ordering::SeqCst))
}

impl Thief {
    fn new() -> Thief {
        let mut thief =
            Thief { desk: Desk::open(), key: SoftwareKey::generate(KeyAlgorithm::P256).unwrap(), nonce: String::new(), made: 0.into() };
        thief.learn();
        thief
    }

    fn learn(&mut self) {
        let answer = self.login(&self.proof(&self.key, Claims { nonce: None, ..self.claims("POST", LOGIN) }), &password());
        assert_eq!((answer.status, answer.text("error").as_str()), (400, "use_dpop_nonce"));
        self.nonce = answer.header("DPoP-Nonce").unwrap().to_owned();
    }

    fn claims(&self, method: &str, path: &str) -> Claims {
        self.made.set(self.made.get() + 1);
        Claims {
            id: format!("id-{}", self.made.get()),
            method: method.to_owned(),
            url: format!("https://localhost{path}"),
            at: now(&self.desk),
            token_hash: None,
            nonce: Some(self.nonce.clone()),
        }
    }

    fn proof(&self, key: &SoftwareKey, claims: Claims) -> String {
        let unsigned = claims.unsigned(key.public_key()).unwrap();
        let (message, algorithm) = unsigned.message();
        let value = key.sign(message, algorithm).unwrap();
        unsigned.with_signature(&value).unwrap()
    }

    fn login(&self, proof: &str, form: &str) -> Answer {
        self.desk.call("POST", LOGIN, &[("X-API-Key", &self.desk.key), ("DPoP", proof)], form.as_bytes())
    }

    /// Access and refresh token, given to the key.
    fn bound(&self) -> (String, String) {
        let answer = self.login(&self.proof(&self.key, self.claims("POST", LOGIN)), &password());
        assert_eq!((answer.status, answer.text("token_type").as_str()), (200, "DPoP"), "{answer:?}");
        (answer.text("access_token"), answer.text("refresh_token"))
    }

    fn list(&self, scheme: &str, token: &str, proof: Option<&str>) -> Answer {
        let authorization = format!("{scheme} {token}");
        let mut headers = vec![("X-API-Key", self.desk.key.as_str()), ("Authorization", &authorization)];
        headers.extend(proof.map(|proof| ("DPoP", proof)));
        self.desk.call("GET", LIST, &headers, b"")
    }

    fn with(&self, token: &str) -> Claims {
        Claims { token_hash: Some(token_hash(token)), ..self.claims("GET", LIST) }
    }
}

fn password() -> String {
    format!("grant_type=password&username={}&password={}&scope=password", encode(USER), encode(PASSWORD))
}

#[test]
fn a_stolen_token_is_of_no_use() {
    let thief = Thief::new();
    let (token, refresh) = thief.bound();
    let good = || thief.proof(&thief.key, thief.with(&token));
    let answer = thief.list("DPoP", &token, Some(&good()));
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.header("DPoP-Nonce").is_some());
    assert_eq!(thief.list("dpop", &token, Some(&good())).status, 200, "a scheme has no case");

    let other = SoftwareKey::generate(KeyAlgorithm::P256).unwrap();
    let refused = |answer: &Answer| {
        assert_eq!((answer.status, answer.problem().as_str()), (401, "token-refused"), "{answer:?}");
    };
    refused(&thief.list("Bearer", &token, None));
    refused(&thief.list("Bearer", &token, Some(&good())));
    refused(&thief.list("DPoP", &token, None));
    refused(&thief.list("DPoP", &token, Some(&thief.proof(&other, thief.with(&token)))));
    refused(&thief.list("DPoP", &token, Some(&thief.proof(&thief.key, thief.with("another token")))));
    refused(&thief.list("DPoP", &token, Some(&thief.proof(&thief.key, thief.claims("GET", LIST)))));
    refused(&thief.list("DPoP", &refresh, Some(&thief.proof(&thief.key, thief.with(&refresh)))));

    // The refresh token neither.
    let form = format!("grant_type=refresh_token&refresh_token={refresh}");
    for answer in [thief.desk.refresh(&refresh), thief.login(&thief.proof(&other, thief.claims("POST", LOGIN)), &form)] {
        assert_eq!((answer.status, answer.text("error").as_str()), (400, "invalid_grant"));
    }
    let answer = thief.login(&thief.proof(&thief.key, thief.claims("POST", LOGIN)), &form);
    assert_eq!((answer.status, answer.text("token_type").as_str()), (200, "DPoP"), "{answer:?}");
    assert_eq!(thief.list("DPoP", &token, Some(&good())).status, 200, "the attempts ended nothing");

    // And a plain token is not raised by a proof of somebody's.
    let (plain, _) = thief.desk.login();
    assert_eq!(thief.list("Bearer", &plain, None).status, 200);
    refused(&thief.list("DPoP", &plain, Some(&thief.proof(&thief.key, thief.with(&plain)))));
}

#[test]
fn a_proof_is_of_one_call_at_one_time() {
    let mut thief = Thief::new();
    let (token, _) = thief.bound();
    let judge = |thief: &Thief, claims: Claims| thief.list("DPoP", &token, Some(&thief.proof(&thief.key, claims))).problem();
    assert_eq!(judge(&thief, thief.with(&token)), "");
    let day = 24 * 60 * 60;
    let wrong: [(&str, Claims); 7] = [
        ("method", Claims { method: "POST".to_owned(), ..thief.with(&token) }),
        ("path", Claims { url: format!("https://localhost{LOGIN}"), ..thief.with(&token) }),
        ("host", Claims { url: format!("https://sign.example{LIST}"), ..thief.with(&token) }),
        ("scheme", Claims { url: format!("http://localhost{LIST}"), ..thief.with(&token) }),
        ("yesterday", Claims { at: now(&thief.desk).plus(-day), ..thief.with(&token) }),
        ("tomorrow", Claims { at: now(&thief.desk).plus(day), ..thief.with(&token) }),
        ("ten minutes ago", Claims { at: now(&thief.desk).plus(-600), ..thief.with(&token) }),
    ];
    for (what, claims) in wrong {
        assert_eq!(judge(&thief, claims), "proof-refused", "{what}");
    }
    for nonce in [None, Some("n-0".to_owned())] {
        let answer = thief.list("DPoP", &token, Some(&thief.proof(&thief.key, Claims { nonce, ..thief.with(&token) })));
        assert_eq!((answer.status, answer.problem().as_str()), (401, "proof-nonce-required"));
        assert!(answer.header("WWW-Authenticate").unwrap().starts_with("DPoP error=\"use_dpop_nonce\""));
        assert_eq!(answer.header("DPoP-Nonce"), Some(thief.nonce.as_str()));
    }
    let two = [thief.proof(&thief.key, thief.with(&token)), thief.proof(&thief.key, thief.with(&token))];
    let authorization = format!("DPoP {token}");
    let headers = [("X-API-Key", thief.desk.key.as_str()), ("Authorization", &authorization), ("DPoP", &two[0]), ("DPoP", &two[1])];
    assert_eq!(thief.desk.call("GET", LIST, &headers, b"").problem(), "proof-refused", "two proofs");
    assert_eq!(thief.list("DPoP", &token, Some("x.y.z")).problem(), "proof-refused");

    // The nonce before is good for a while; one that is older is not, and the one of a server that was ended neither.
    thief.desk.pass(200);
    assert_eq!(judge(&thief, thief.with(&token)), "");
    thief.desk.pass(200);
    assert_eq!(judge(&thief, thief.with(&token)), "proof-nonce-required");
    thief.learn();
    assert_eq!(judge(&thief, thief.with(&token)), "");
    thief.desk.restart();
    assert_eq!(judge(&thief, thief.with(&token)), "proof-nonce-required");
}

/// Ten thousand replays, over a connection that stays: none is accepted.
#[test]
fn no_proof_counts_twice() {
    use std::io::Write;
    let thief = Thief::new();
    let (token, _) = thief.bound();
    let proof = thief.proof(&thief.key, thief.with(&token));
    assert_eq!(thief.list("DPoP", &token, Some(&proof)).status, 200);
    let key = &thief.desk.key;
    let request =
        format!("GET {LIST} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {key}\r\nAuthorization: DPoP {token}\r\nDPoP: {proof}\r\n\r\n")
            .into_bytes();
    let (mut refused, mut accepted) = (0, 0);
    let mut stream = thief.desk.connect();
    for _ in 0..10_000 {
        stream.write_all(&request).and_then(|()| stream.flush()).unwrap();
        let answer = client::read_answer(&mut stream).unwrap();
        match answer.status {
            401 if answer.problem() == "proof-refused" => refused += 1,
            _ => accepted += 1,
        }
    }
    assert_eq!((refused, accepted), (10_000, 0));
    assert_eq!(thief.list("DPoP", &token, Some(&thief.proof(&thief.key, thief.with(&token)))).status, 200);
}

fn session(desk: &Desk) -> Session {
    let mut options = Options::new(format!("https://localhost:{}", desk.address().port()));
    options.roots = Roots::from_pem(desk.running.as_ref().unwrap().tls_root_pem().as_bytes()).unwrap();
    Session::new(Arc::new(HttpsTransport::new(&options).unwrap()), Environment::new(Secret::new(desk.key.as_str()))).unwrap()
}

fn prove(session: &Session, kind: KeyAlgorithm) {
    let store = Arc::new(SoftwareKeyStore::new());
    store.create("login", &KeySpec::new(kind, KeyPurpose::Authentication)).unwrap();
    session.prove_with(store, "login").unwrap();
}

fn listed(session: &Session) -> thrivosign::Result<()> {
    thrivosign::journey::enrol::list_credentials(session, &Limits::default()).map(drop)
}

#[test]
fn the_client_proves_with_every_kind_of_key() {
    let desk = Desk::open();
    for kind in [KeyAlgorithm::P256, KeyAlgorithm::P384, KeyAlgorithm::P521, KeyAlgorithm::Rsa { bits: 2048 }, KeyAlgorithm::Ed25519] {
        let session = session(&desk);
        prove(&session, kind);
        session.login(USER, PASSWORD.into(), &Limits::default()).unwrap();
        assert!(session.is_bound(), "{kind}");
        listed(&session).unwrap();
        // The refresh, by the token as an app keeps it.
        let kept = session.refresh_token().unwrap();
        session.resume(kept, &Limits::default()).unwrap();
        listed(&session).unwrap();
        session.logout(&Limits::default()).unwrap();
    }
}

/// The server's clock against the device's: to the device the server is a day off, and the other way round.
#[test]
fn a_clock_that_is_a_day_off_locks_nobody_out() {
    for off in [-24 * 60 * 60, 24 * 60 * 60, 0] {
        let desk = Desk::open_with(|_| {});
        desk.pass(off);
        let session = session(&desk);
        prove(&session, KeyAlgorithm::P256);
        session.login(USER, PASSWORD.into(), &Limits::default()).unwrap();
        listed(&session).unwrap();
        // Nonces come and go.
        for _ in 0..3 {
            desk.pass(400);
            listed(&session).unwrap();
        }
    }
}

#[test]
fn a_session_that_goes_on_is_bound_at_its_next_refresh() {
    let desk = Desk::open();
    let session = session(&desk);
    session.login(USER, PASSWORD.into(), &Limits::default()).unwrap();
    assert!(!session.is_bound());
    let stolen = session.refresh_token().unwrap();
    prove(&session, KeyAlgorithm::P256);
    let kept = session.refresh_token().unwrap();
    session.resume(kept, &Limits::default()).unwrap();
    assert!(session.is_bound());
    listed(&session).unwrap();
    let thief = self::session(&desk);
    assert_eq!(thief.resume(stolen, &Limits::default()).unwrap_err().kind(), ErrorKind::LoginRequired);
    listed(&session).unwrap();
}
