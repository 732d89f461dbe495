//! The room `journey`, tests only: sessions whose tokens are the host's own to get.

use super::renewal::TokenProvider;
use super::retry::Limits;
use super::session_tests::{TestPace, cut, get, header, ok, script, session, unauthorised};
use crate::error::{Error, ErrorKind, Result};
use crate::remote::http::AUTHORIZATION;
use crate::remote::login::{BEARER, Tokens};
use crate::remote::problem::raw_json;
use crate::remote::schema::Access;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

/// The app's back end, which gives these and counts how often it was asked.
struct BackEnd {
    given: Mutex<VecDeque<Result<(&'static str, &'static str)>>>,
    asked: Mutex<usize>,
}

impl BackEnd {
    fn new(given: Vec<Result<(&'static str, &'static str)>>) -> Arc<BackEnd> {
        Arc::new(BackEnd { given: Mutex::new(given.into()), asked: Mutex::default() })
    }

    fn asked(&self) -> usize {
        *self.asked.lock().unwrap()
    }
}

impl TokenProvider for BackEnd {
    fn tokens(&self, limits: &Limits) -> Result<Tokens> {
        limits.cancel.check()?;
        *self.asked.lock().unwrap() += 1;
        let (token, kind) = self.given.lock().unwrap().pop_front().expect("the back end is asked too often")?;
        Ok(Tokens { access_token: token.into(), token_type: kind.to_owned(), expires_in: 3600, refresh_token: Some("left alone".into()) })
    }
}

#[test]
fn the_next_token_is_asked_for_ahead_of_its_end_and_after_a_refusal() {
    let (service, pace) = (script(vec![ok(), ok(), Ok(unauthorised()), ok(), Ok(raw_json(204, ""))]), TestPace::new());
    let session = session(&service, &pace);
    let limits = Limits::default();
    let back_end = BackEnd::new(vec![Ok(("t1", BEARER)), Ok(("t2", BEARER)), Ok(("t3", BEARER))]);
    session.provide_with(back_end.clone(), &limits).unwrap();
    assert!(session.is_logged_in() && session.refresh_token().is_none());
    session.send(Access::Token, get(), 99, &limits).unwrap();
    assert_eq!(back_end.asked(), 1);
    pace.pass(3400);
    session.send(Access::Token, get(), 99, &limits).unwrap();
    assert_eq!(back_end.asked(), 2);
    // Refused before its time, as after a revocation: asked once more, sent once more.
    assert_eq!(session.send(Access::Token, get(), 99, &limits).unwrap().status, 200);
    assert_eq!(back_end.asked(), 3);
    session.logout(&limits).unwrap();
    assert!(!session.is_logged_in());
    let shown: Vec<String> = service.asked.lock().unwrap().iter().map(|request| header(&request.headers, AUTHORIZATION)).collect();
    assert_eq!(shown, ["Bearer t1", "Bearer t2", "Bearer t2", "Bearer t3", "Bearer t3"]);
    assert!(service.asked.lock().unwrap().iter().all(|request| !request.path.ends_with("login")), "nobody logs in here");
}

#[test]
fn what_the_provider_says_is_heard() {
    let (service, pace) = (script(vec![ok()]), TestPace::new());
    let session = session(&service, &pace);
    let limits = Limits::default();
    let cut = || Err(cut().unwrap_err());
    let back_end = BackEnd::new(vec![cut(), Ok(("t1", BEARER)), cut(), cut(), Err(Error::new(ErrorKind::LoginRequired))]);
    assert_eq!(session.provide_with(back_end.clone(), &limits).unwrap_err().kind(), ErrorKind::ConnectionCut);
    assert!(!session.is_logged_in());
    session.provide_with(back_end.clone(), &limits).unwrap();
    // Ahead of its end the token at hand still does; past it the provider's error is the call's, and the next call asks again.
    pace.pass(3400);
    session.send(Access::Token, get(), 99, &limits).unwrap();
    pace.pass(300);
    assert_eq!(session.send(Access::Token, get(), 99, &limits).unwrap_err().kind(), ErrorKind::ConnectionCut);
    assert!(session.is_logged_in());
    assert_eq!(session.send(Access::Token, get(), 99, &limits).unwrap_err().kind(), ErrorKind::LoginRequired);
    assert!(!session.is_logged_in());
    assert_eq!(back_end.asked(), 5);
}

#[test]
fn a_bound_token_needs_a_key_to_prove_with() {
    let session = session(&script(Vec::new()), &TestPace::new());
    let back_end = BackEnd::new(vec![Ok(("t1", "DPoP"))]);
    assert_eq!(session.provide_with(back_end, &Limits::default()).unwrap_err().kind(), ErrorKind::BadAnswer);
    assert!(!session.is_logged_in());
}
