//! The room `journey`: tests of the session and its retries, on a service and a clock made of plain values.

use super::environment::Environment;
use super::pace::Pace;
use super::retry::{Limits, RetryPolicy};
use super::session::Session;
use super::transport::{Call, Transport};
use crate::cancel::CancelToken;
use crate::error::{Error, ErrorKind, Result};
use crate::remote::http::{
    API_KEY, AUTHORIZATION, CORRELATION_ID, Headers, IDEMPOTENCY_KEY, Method, RETRY_AFTER, Request, Response, USER_AGENT,
};
use crate::remote::login::{self, Grant, Login, Tokens};
use crate::remote::problem::{Problem, ProblemType, Refusal, raw_json};
use crate::remote::schema::Access;
use crate::remote::secret::Secret;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, Instant};

/// A clock that moves only when told or waited on.
pub(super) struct TestPace {
    start: Instant,
    millis: AtomicU64,
    waits: Mutex<Vec<u64>>,
    draws: AtomicU64,
}

impl TestPace {
    pub(super) fn new() -> Arc<TestPace> {
        Arc::new(TestPace { start: Instant::now(), millis: AtomicU64::new(0), waits: Mutex::default(), draws: AtomicU64::new(1) })
    }

    pub(super) fn pass(&self, seconds: u64) {
        self.millis.fetch_add(seconds * 1000, SeqCst);
    }
}

impl Pace for TestPace {
    fn now(&self) -> Instant {
        self.start + Duration::from_millis(self.millis.load(SeqCst))
    }

    fn wait(&self, until: Instant, cancel: &CancelToken) -> Result<()> {
        cancel.check()?;
        let left = until.saturating_duration_since(self.now()).as_millis() as u64;
        self.waits.lock().unwrap().push(left);
        self.millis.fetch_add(left, SeqCst);
        Ok(())
    }

    fn random(&self, buf: &mut [u8]) -> Result<()> {
        let mut n = self.draws.fetch_add(1, SeqCst).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for byte in buf {
            n = n.rotate_left(9).wrapping_mul(5);
            *byte = n as u8;
        }
        Ok(())
    }
}

type Answer = Box<dyn Fn(&Request, &Call) -> Result<Response> + Send + Sync>;

/// A service that answers as told and remembers what it was asked.
pub(super) struct Service {
    answer: Answer,
    pub(super) asked: Mutex<Vec<Request>>,
}

impl Transport for Service {
    fn send(&self, request: Request, call: &Call) -> Result<Response> {
        self.asked.lock().unwrap().push(request.clone());
        (self.answer)(&request, call)
    }

    fn url(&self, request: &Request) -> Result<String> {
        Ok(format!("https://sign.example{}", request.path))
    }
}

fn service(answer: impl Fn(&Request, &Call) -> Result<Response> + Send + Sync + 'static) -> Arc<Service> {
    Arc::new(Service { answer: Box::new(answer), asked: Mutex::default() })
}

/// A script of answers, one a call.
pub(super) fn script(answers: Vec<Result<Response>>) -> Arc<Service> {
    let answers = Mutex::new(VecDeque::from(answers));
    service(move |_, _| answers.lock().unwrap().pop_front().expect("the session sends more than it should"))
}

pub(super) fn session(service: &Arc<Service>, pace: &Arc<TestPace>) -> Session {
    Session::with_pace(service.clone(), Environment::new("key-1".into()), pace.clone()).unwrap()
}

pub(super) fn tokens(access: &str, refresh: Option<&str>, expires_in: u64) -> Response {
    Tokens { access_token: access.into(), token_type: login::BEARER.into(), expires_in, refresh_token: refresh.map(Secret::from) }.encode()
}

pub(super) fn ok() -> Result<Response> {
    Ok(raw_json(200, "{}"))
}

pub(super) fn get() -> Request {
    Request::new(Method::Get, "/rssp/certificates")
}

pub(super) fn cut() -> Result<Response> {
    Err(Error::new(ErrorKind::ConnectionCut))
}

pub(super) fn unauthorised() -> Response {
    Problem::new(ProblemType::TokenRefused).encode()
}

pub(super) fn header(headers: &Headers, name: &str) -> String {
    headers.get(name).unwrap_or_default().to_owned()
}

#[test]
fn a_call_shows_key_token_agent_and_a_fresh_id() {
    let service = script(vec![Ok(tokens("a1", Some("r1"), 3600)), ok(), ok(), ok()]);
    let mut environment = Environment::new("key-1".into());
    environment.user_agent_suffix = Some("Bank/7".to_owned());
    environment.api_key_header = "X-Their-Key".to_owned();
    let session = Session::with_pace(service.clone(), environment, TestPace::new()).unwrap();
    let limits = Limits::default();
    assert_eq!(session.send(Access::Token, get(), 99, &limits).unwrap_err().kind(), ErrorKind::LoginRequired);
    session.login("u", "p".into(), &limits).unwrap();
    session.send(Access::Token, get(), 99, &limits).unwrap();
    session.send(Access::Token, get(), 99, &limits).unwrap();
    session.send(Access::Open, get(), 99, &limits).unwrap();
    let asked = service.asked.lock().unwrap();
    assert_eq!(header(&asked[0].headers, "X-Their-Key"), "key-1");
    assert!(asked[0].headers.get(AUTHORIZATION).is_none());
    assert_eq!(header(&asked[1].headers, AUTHORIZATION), "Bearer a1");
    assert!(header(&asked[1].headers, USER_AGENT).ends_with(" Bank/7"));
    let ids: Vec<String> = asked.iter().map(|request| header(&request.headers, CORRELATION_ID)).collect();
    assert!(ids.iter().all(|id| id.len() == 32));
    assert!(ids[0] != ids[1] && ids[1] != ids[2]);
    let open = &asked[3].headers;
    assert!(open.get(AUTHORIZATION).is_none() && open.get("X-Their-Key").is_none(), "info shows no key");
}

#[test]
fn what_a_header_cannot_carry_is_refused_beforehand() {
    for (key, name, suffix) in [
        ("a\r\nX: y", API_KEY, None),
        ("", API_KEY, None),
        ("k", "", None),
        ("k", "X: y", None),
        ("k", "authorization", None),
        ("k", API_KEY, Some("a\r\nX: y")),
    ] {
        let mut environment = Environment::new(key.into());
        environment.api_key_header = name.to_owned();
        environment.user_agent_suffix = suffix.map(str::to_owned);
        let error = Session::new(script(Vec::new()), environment).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::ConfigMalformed);
    }
}

#[test]
fn a_refused_login_is_sent_once() {
    let service = script(vec![Ok(Refusal::INCORRECT_CREDENTIALS.encode())]);
    let session = session(&service, &TestPace::new());
    let error = session.login("u", "p".into(), &Limits::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LoginRefused);
    assert!(!session.is_logged_in());
    // A login whose answer is lost is not sent again by itself either: each is a try.
    let service = script(vec![cut()]);
    assert_eq!(
        self::session(&service, &TestPace::new()).login("u", "p".into(), &Limits::default()).unwrap_err().kind(),
        ErrorKind::ConnectionCut
    );
}

#[test]
fn tokens_are_refreshed_ahead_of_expiry_and_rotate() {
    let pace = TestPace::new();
    let service = script(vec![
        Ok(tokens("a1", Some("r1"), 86_399)),
        ok(),
        Ok(tokens("a2", Some("r2"), 86_399)),
        ok(),
        Ok(tokens("a3", None, 86_399)),
        ok(),
        ok(),
    ]);
    let session = session(&service, &pace);
    let limits = Limits::default();
    session.login("u", "p".into(), &limits).unwrap();
    pace.pass(86_399 - 301);
    session.send(Access::Token, get(), 99, &limits).unwrap();
    pace.pass(2);
    session.send(Access::Token, get(), 99, &limits).unwrap();
    pace.pass(86_399);
    session.send(Access::Token, get(), 99, &limits).unwrap();
    // The third answer had no refresh token: the second stays.
    assert_eq!(session.refresh_token().unwrap().expose(), "r2");
    session.send(Access::Token, get(), 99, &limits).unwrap();
    let asked = service.asked.lock().unwrap();
    let sent: Vec<String> = asked.iter().map(|request| header(&request.headers, AUTHORIZATION)).collect();
    assert_eq!(sent, ["", "Bearer a1", "", "Bearer a2", "", "Bearer a3", "Bearer a3"]);
    let refreshed = |at: usize| match Login::decode(&asked[at]).ok().unwrap().grant {
        Grant::Refresh { refresh_token } => refresh_token.expose().to_owned(),
        _ => panic!("no refresh"),
    };
    assert_eq!((refreshed(2), refreshed(4)), ("r1".to_owned(), "r2".to_owned()));
}

#[test]
fn a_refresh_whose_answer_is_lost_is_sent_again_with_the_same_token() {
    let pace = TestPace::new();
    let service = script(vec![Ok(tokens("a1", Some("r1"), 100)), cut(), Ok(tokens("a2", Some("r2"), 100)), ok()]);
    let session = session(&service, &pace);
    session.login("u", "p".into(), &Limits::default()).unwrap();
    pace.pass(200);
    session.send(Access::Token, get(), 99, &Limits::default()).unwrap();
    let asked = service.asked.lock().unwrap();
    assert_eq!(asked[1].body.bytes(), asked[2].body.bytes());
}

#[test]
fn after_401_one_refresh_and_one_more_try_even_for_a_post() {
    let post = || Request::new(Method::Post, "/rssp/devices/activation-code");
    let service = script(vec![Ok(tokens("a1", Some("r1"), 9999)), Ok(unauthorised()), Ok(tokens("a2", Some("r2"), 9999)), ok()]);
    let session = session(&service, &TestPace::new());
    session.login("u", "p".into(), &Limits::default()).unwrap();
    assert_eq!(session.send(Access::Token, post(), 99, &Limits::default()).unwrap().status, 200);
    assert_eq!(header(&service.asked.lock().unwrap()[3].headers, AUTHORIZATION), "Bearer a2");

    // Once: a second 401 is the answer.
    let service =
        script(vec![Ok(tokens("a1", Some("r1"), 9999)), Ok(unauthorised()), Ok(tokens("a2", Some("r2"), 9999)), Ok(unauthorised())]);
    let session = self::session(&service, &TestPace::new());
    session.login("u", "p".into(), &Limits::default()).unwrap();
    assert_eq!(session.send(Access::Token, post(), 99, &Limits::default()).unwrap().status, 401);

    // A refused API key is no matter of tokens.
    let refused = Problem::new(ProblemType::ApiKeyRefused).encode();
    let service = script(vec![Ok(tokens("a1", Some("r1"), 9999)), Ok(refused)]);
    let session = self::session(&service, &TestPace::new());
    session.login("u", "p".into(), &Limits::default()).unwrap();
    assert_eq!(session.send(Access::Token, post(), 99, &Limits::default()).unwrap().status, 401);
}

#[test]
fn a_revoked_refresh_token_ends_the_session() {
    let pace = TestPace::new();
    let service = script(vec![Ok(tokens("a1", Some("r1"), 100)), Ok(Refusal::INVALID_GRANT.encode())]);
    let session = session(&service, &pace);
    session.login("u", "p".into(), &Limits::default()).unwrap();
    pace.pass(200);
    assert_eq!(session.send(Access::Token, get(), 99, &Limits::default()).unwrap_err().kind(), ErrorKind::LoginRequired);
    assert!(!session.is_logged_in());
}

#[test]
fn a_failed_refresh_ahead_of_expiry_does_not_stop_work() {
    let pace = TestPace::new();
    let down = || Ok(raw_json(400, "{}"));
    let service = script(vec![Ok(tokens("a1", Some("r1"), 1000)), down(), ok(), ok(), Ok(tokens("a2", None, 1000)), ok()]);
    let session = session(&service, &pace);
    session.login("u", "p".into(), &Limits::default()).unwrap();
    pace.pass(950);
    session.send(Access::Token, get(), 99, &Limits::default()).unwrap();
    session.send(Access::Token, get(), 99, &Limits::default()).unwrap();
    pace.pass(31);
    session.send(Access::Token, get(), 99, &Limits::default()).unwrap();
    let last = header(&service.asked.lock().unwrap()[5].headers, AUTHORIZATION);
    assert_eq!(last, "Bearer a2");
}

#[test]
fn sixteen_threads_share_one_refresh() {
    for expired_by in [Some(200), None] {
        let pace = TestPace::new();
        let refreshes = Arc::new(AtomicU64::new(0));
        let counted = refreshes.clone();
        let service = service(move |request, _| {
            if request.path == login::PATH {
                return match Login::decode(request).ok().unwrap().grant {
                    Grant::Refresh { refresh_token } => {
                        assert_eq!(refresh_token.expose(), "r1");
                        counted.fetch_add(1, SeqCst);
                        std::thread::sleep(Duration::from_millis(100));
                        Ok(tokens("a2", Some("r2"), 100_000))
                    }
                    _ => Ok(tokens("a1", Some("r1"), 100)),
                };
            }
            if header(&request.headers, AUTHORIZATION) == "Bearer a2" { ok() } else { Ok(unauthorised()) }
        });
        let session = session(&service, &pace);
        session.login("u", "p".into(), &Limits::default()).unwrap();
        if let Some(seconds) = expired_by {
            pace.pass(seconds);
        }
        let barrier = Barrier::new(16);
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    barrier.wait();
                    assert_eq!(session.send(Access::Token, get(), 99, &Limits::default()).unwrap().status, 200);
                });
            }
        });
        assert_eq!(refreshes.load(SeqCst), 1, "expired: {expired_by:?}");
    }
}

#[test]
fn sixteen_threads_share_one_failed_refresh() {
    let pace = TestPace::new();
    let refreshes = Arc::new(AtomicU64::new(0));
    let counted = refreshes.clone();
    let service = service(move |request, _| match Login::decode(request).ok().unwrap().grant {
        Grant::Refresh { .. } => {
            counted.fetch_add(1, SeqCst);
            std::thread::sleep(Duration::from_millis(600));
            Ok(raw_json(418, "{}"))
        }
        _ => Ok(tokens("a1", Some("r1"), 100)),
    });
    let session = session(&service, &pace);
    session.login("u", "p".into(), &Limits::default()).unwrap();
    pace.pass(200);
    let barrier = Barrier::new(16);
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                barrier.wait();
                assert_eq!(session.send(Access::Token, get(), 99, &Limits::default()).unwrap_err().kind(), ErrorKind::ServiceRefused);
            });
        }
    });
    assert_eq!(refreshes.load(SeqCst), 1);
}

#[test]
fn waiting_for_another_threads_refresh_can_be_cancelled() {
    let pace = TestPace::new();
    let (entered, release) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let (inside, let_go) = (entered.clone(), release.clone());
    let service = service(move |request, _| {
        if request.path != login::PATH {
            return ok();
        }
        match Login::decode(request).ok().unwrap().grant {
            Grant::Refresh { .. } => {
                inside.wait();
                let_go.wait();
                Ok(tokens("a2", Some("r2"), 100_000))
            }
            _ => Ok(tokens("a1", Some("r1"), 100)),
        }
    });
    let session = session(&service, &pace);
    session.login("u", "p".into(), &Limits::default()).unwrap();
    pace.pass(200);
    let limits = Limits::default();
    std::thread::scope(|scope| {
        let leader = scope.spawn(|| session.send(Access::Token, get(), 99, &Limits::default()).map(|response| response.status));
        entered.wait();
        let waiter = scope.spawn(|| session.send(Access::Token, get(), 99, &limits).map(|response| response.status));
        std::thread::sleep(Duration::from_millis(50));
        limits.cancel.cancel();
        assert_eq!(waiter.join().unwrap().unwrap_err().kind(), ErrorKind::Cancelled);
        release.wait();
        assert_eq!(leader.join().unwrap().unwrap(), 200);
    });
}

#[test]
fn a_cancelled_refresh_leaves_its_turn_to_the_next() {
    let pace = TestPace::new();
    let service =
        script(vec![Ok(tokens("a1", Some("r1"), 100)), Err(Error::new(ErrorKind::Cancelled)), Ok(tokens("a2", Some("r2"), 100)), ok()]);
    let session = session(&service, &pace);
    session.login("u", "p".into(), &Limits::default()).unwrap();
    pace.pass(200);
    assert_eq!(session.send(Access::Token, get(), 99, &Limits::default()).unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(session.send(Access::Token, get(), 99, &Limits::default()).unwrap().status, 200);
}

#[test]
fn idempotent_calls_are_sent_again_and_others_never() {
    let keyed = || {
        let mut request = Request::new(Method::Post, "/rssp/certificates");
        request.headers.set(IDEMPOTENCY_KEY, "k");
        request
    };
    let plain = || Request::new(Method::Post, "/rssp/devices");
    for failure in [408, 425, 429, 500, 502, 503, 504] {
        for (request, sent) in [(get(), 3), (keyed(), 3), (plain(), 1)] {
            let service = script(vec![Ok(raw_json(failure, "{}")), Ok(raw_json(failure, "")), ok()]);
            let response = session(&service, &TestPace::new()).send(Access::ApiKey, request, 99, &Limits::default()).unwrap();
            assert_eq!(service.asked.lock().unwrap().len(), sent, "{failure}");
            assert_eq!(response.status, if sent == 3 { 200 } else { failure });
        }
    }
    for kind in [ErrorKind::ConnectFailed, ErrorKind::ConnectionCut] {
        let service = script(vec![Err(Error::new(kind)), ok()]);
        session(&service, &TestPace::new()).send(Access::ApiKey, keyed(), 99, &Limits::default()).unwrap();
        let service = script(vec![Err(Error::new(kind))]);
        let error = session(&service, &TestPace::new()).send(Access::ApiKey, plain(), 99, &Limits::default()).unwrap_err();
        assert_eq!(error.kind(), kind);
    }
    for kind in [ErrorKind::TlsUnknownCa, ErrorKind::TlsPinMismatch, ErrorKind::AnswerTooLarge, ErrorKind::BadAnswer, ErrorKind::TimedOut] {
        let service = script(vec![Err(Error::new(kind))]);
        let error = session(&service, &TestPace::new()).send(Access::ApiKey, get(), 99, &Limits::default()).unwrap_err();
        assert_eq!(error.kind(), kind);
    }
}

#[test]
fn what_is_being_worked_on_is_asked_for_until_it_is_there() {
    let busy = || Ok(Problem { retry_after: Some(1), ..Problem::new(ProblemType::IdempotencyInFlight) }.encode());
    let keyed = || {
        let mut request = Request::new(Method::Post, "/rssp/certificates");
        request.headers.set(IDEMPOTENCY_KEY, "k");
        request
    };
    let asked = |answers: Vec<Result<Response>>, request: Request, tries: u32| {
        let (service, pace) = (script(answers), TestPace::new());
        let mut environment = Environment::new("key-1".into());
        environment.retry = RetryPolicy { tries, ..RetryPolicy::default() };
        let session = Session::with_pace(service.clone(), environment, pace.clone()).unwrap();
        let status = session.send(Access::ApiKey, request, 99, &Limits::default()).unwrap().status;
        (status, service.asked.lock().unwrap().len())
    };
    // More often than there are tries, which are still all there for what fails afterwards.
    let mut answers: Vec<_> = (0..9).map(|_| busy()).collect();
    answers.extend([Ok(raw_json(503, "{}")), Ok(raw_json(503, "{}")), Ok(raw_json(503, "{}")), ok()]);
    assert_eq!(asked(answers, keyed(), 4), (200, 13));
    assert_eq!(asked(vec![busy()], keyed(), 1), (409, 1), "who wants one try gets one");
    assert_eq!(asked(vec![busy()], Request::new(Method::Post, "/rssp/devices"), 4), (409, 1));
    // A service that says so for ever holds nobody for longer than a call may take.
    let (status, times) = asked((0..99).map(|_| busy()).collect(), keyed(), 4);
    assert!(status == 409 && (25..=34).contains(&times), "{times}");
}

#[test]
fn the_504_that_means_not_found_is_never_sent_again() {
    let service = script(vec![Ok(Refusal::NOT_FOUND.encode())]);
    let response = session(&service, &TestPace::new()).send(Access::ApiKey, get(), 99, &Limits::default()).unwrap();
    assert_eq!(crate::remote::problem::error_of(&response).kind(), ErrorKind::RecordNotFound);
}

#[test]
fn pauses_grow_with_full_jitter_and_honour_retry_after() {
    let pace = TestPace::new();
    let service = script(vec![Ok(raw_json(503, "{}")), Ok(raw_json(503, "{}")), Ok(raw_json(503, "{}")), Ok(raw_json(503, "{}"))]);
    let response = session(&service, &pace).send(Access::ApiKey, get(), 99, &Limits::default()).unwrap();
    assert_eq!(response.status, 503, "four tries and the last answer");
    let waits = pace.waits.lock().unwrap().clone();
    assert_eq!(waits.len(), 3);
    assert!(waits[0] <= 250 && waits[1] <= 500 && waits[2] <= 1000, "{waits:?}");

    let slow = |seconds: &str| {
        let mut response = raw_json(429, "{}");
        response.headers.set(RETRY_AFTER, seconds);
        response
    };
    let pace = TestPace::new();
    let service = script(vec![Ok(slow("7")), ok()]);
    session(&service, &pace).send(Access::ApiKey, get(), 99, &Limits::default()).unwrap();
    let waits = pace.waits.lock().unwrap().clone();
    assert_eq!(waits, [7000]);

    // Longer than the call may take: given back with the time to wait, not slept through.
    let service = script(vec![Ok(slow("3600"))]);
    let response = session(&service, &TestPace::new()).send(Access::ApiKey, get(), 99, &Limits::default()).unwrap();
    let error = crate::remote::problem::error_of(&response);
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::RateLimited, Some(3600)));
}

#[test]
fn a_journeys_end_and_its_cancellation_are_heeded() {
    let pace = TestPace::new();
    let until = pace.now() + Duration::from_secs(5);
    let limits = Limits { until: Some(until), ..Limits::default() };
    let seen = Arc::new(Mutex::new(None));
    let told = seen.clone();
    let service = service(move |_, call| {
        *told.lock().unwrap() = Some(call.deadline);
        ok()
    });
    let session = session(&service, &pace);
    session.send(Access::ApiKey, get(), 99, &limits).unwrap();
    assert_eq!(*seen.lock().unwrap(), Some(until), "a call may not outlast its journey");
    pace.pass(6);
    assert_eq!(session.send(Access::ApiKey, get(), 99, &limits).unwrap_err().kind(), ErrorKind::TimedOut);
    let limits = Limits::default();
    limits.cancel.cancel();
    assert_eq!(session.send(Access::ApiKey, get(), 99, &limits).unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(service.asked.lock().unwrap().len(), 1);
}

#[test]
fn no_retries_when_the_policy_says_so() {
    let service = script(vec![Ok(raw_json(503, "{}"))]);
    let mut environment = Environment::new("k".into());
    environment.retry = RetryPolicy { tries: 1, ..RetryPolicy::default() };
    let session = Session::with_pace(service, environment, TestPace::new()).unwrap();
    assert_eq!(session.send(Access::ApiKey, get(), 99, &Limits::default()).unwrap().status, 503);
}

#[test]
fn logout_forgets_here_whatever_the_service_says() {
    let service = script(vec![Ok(tokens("a1", Some("r1"), 9999)), Ok(raw_json(418, "{}"))]);
    let session = session(&service, &TestPace::new());
    session.login("u", "p".into(), &Limits::default()).unwrap();
    assert!(session.logout(&Limits::default()).is_err());
    assert!(!session.is_logged_in() && session.refresh_token().is_none());
    session.logout(&Limits::default()).unwrap();
    let body: serde_json::Value = serde_json::from_slice(service.asked.lock().unwrap()[1].body.bytes()).unwrap();
    assert_eq!(body, serde_json::json!({"token": "r1", "token_type_hint": "refresh_token"}));
}
