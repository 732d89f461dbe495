//! Who is signed in: takes the value of a cookie, gives the session. In memory alone, so that a restart signs everybody out; values are kept hashed.
//!
//! What an attacker would try: guess a value (256 random bits), have a victim use one that he knows (a new one is drawn at each sign-in), keep a stolen
//! one (it ends by idleness, by age, and at sign-out), or fill the memory (the oldest of too many sessions end).

use crate::failure::Failure;
use crate::random;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use subtle::ConstantTimeEq;
use thrivosign::Time;
use thrivosign::crypto::digest::sha256;
use zeroize::Zeroizing;

/// How long a session lasts unused, and at all, in seconds.
const IDLE: i64 = 15 * 60;
const LONGEST: i64 = 2 * 3600;
/// Most sessions at once.
const MOST: usize = 100;
/// Most bytes of a report that is kept to be shown.
const MOST_OF_REPORT: usize = 2 << 20;

/// The name of a session inside the server: never the cookie's value.
pub(super) type Key = [u8; 32];

struct Session {
    user: String,
    officer: bool,
    csrf: Zeroizing<String>,
    began: i64,
    used: i64,
    report: Option<(String, String)>,
}

impl Session {
    fn is_over(&self, now: i64) -> bool {
        // A clock that was set back must not lengthen a session.
        now < self.began || now >= self.began.saturating_add(LONGEST) || now >= self.used.saturating_add(IDLE)
    }
}

/// Who visits, as a session says.
#[derive(Clone)]
pub(super) struct Visitor {
    pub(super) key: Key,
    pub(super) user: String,
    /// Whether the pages show the way to the officer's desk; the desk itself asks anew.
    pub(super) officer: bool,
    csrf: Zeroizing<String>,
}

impl Visitor {
    /// What every form and every fetch that changes something carries.
    pub(super) fn csrf(&self) -> &str {
        &self.csrf
    }

    /// Whether a request with that value was sent by one of our own pages.
    pub(super) fn meant(&self, shown: &str) -> bool {
        self.csrf.as_bytes().ct_eq(shown.as_bytes()).into()
    }
}

/// All sessions.
#[derive(Default)]
pub(super) struct Sessions(Mutex<HashMap<Key, Session>>);

impl Sessions {
    fn with<T>(&self, work: impl FnOnce(&mut HashMap<Key, Session>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins a session; gives the cookie's value.
    pub(super) fn begin(&self, user: &str, officer: bool, now: Time) -> Result<Zeroizing<String>, Failure> {
        let (value, csrf, now) = (random::token()?, random::token()?, now.unix());
        self.with(|all| {
            all.retain(|_, session| !session.is_over(now));
            while all.len() >= MOST {
                let Some(oldest) = all.iter().min_by_key(|(_, session)| session.used).map(|(key, _)| *key) else { break };
                all.remove(&oldest);
            }
            all.insert(sha256(value.as_bytes()), Session { user: user.to_owned(), officer, csrf, began: now, used: now, report: None });
        });
        Ok(value)
    }

    /// The session of that cookie, which is thereby used.
    pub(super) fn of_cookie(&self, value: &str, now: Time) -> Option<Visitor> {
        let key = sha256(value.as_bytes());
        self.with(|all| {
            let session = all.get_mut(&key).filter(|session| !session.is_over(now.unix()))?;
            session.used = now.unix();
            Some(Visitor { key, user: session.user.clone(), officer: session.officer, csrf: session.csrf.clone() })
        })
    }

    /// Whether the session goes on; being asked does not lengthen it.
    pub(super) fn goes_on(&self, key: &Key, now: Time) -> bool {
        self.with(|all| all.get(key).is_some_and(|session| !session.is_over(now.unix())))
    }

    /// Ends the session of that cookie.
    pub(super) fn end(&self, value: &str) {
        self.with(|all| all.remove(&sha256(value.as_bytes())));
    }

    /// Keeps a report to be shown to this session, in place of the one before; gives its id. `None` if it is too large to be kept.
    pub(super) fn keep_report(&self, key: &Key, report: String) -> Result<Option<String>, Failure> {
        if report.len() > MOST_OF_REPORT {
            return Ok(None);
        }
        let id = random::id("rep-")?;
        self.with(|all| all.get_mut(key).map(|session| session.report = Some((id.clone(), report))));
        Ok(Some(id))
    }

    /// The report of that id, if it is this session's.
    pub(super) fn report(&self, key: &Key, id: &str) -> Option<String> {
        self.with(|all| all.get(key)?.report.as_ref().filter(|(kept, _)| kept == id).map(|(_, report)| report.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_unix(1_000_000 + seconds)
    }

    #[test]
    fn sessions_end_by_idleness_by_age_and_by_the_clock() {
        let sessions = Sessions::default();
        let value = sessions.begin("u", false, at(0)).unwrap();
        assert!(sessions.of_cookie("x", at(0)).is_none() && sessions.of_cookie("", at(0)).is_none());
        let visitor = sessions.of_cookie(&value, at(IDLE - 1)).unwrap();
        assert!(visitor.meant(visitor.csrf()) && !visitor.meant("") && !visitor.meant(&value));
        assert!(sessions.goes_on(&visitor.key, at(2 * IDLE - 2)) && sessions.of_cookie(&value, at(-1)).is_none());
        assert!(sessions.of_cookie(&value, at(2 * IDLE - 1)).is_none(), "idle");
        let value = sessions.begin("u", false, at(0)).unwrap();
        for minute in 0..120 {
            assert!(sessions.of_cookie(&value, at(minute * 60)).is_some());
        }
        assert!(sessions.of_cookie(&value, at(LONGEST)).is_none(), "old");
    }

    #[test]
    fn the_longest_unused_of_too_many_ends() {
        let sessions = Sessions::default();
        let values: Vec<_> = (0..MOST).map(|n| sessions.begin("u", false, at(i64::try_from(n).unwrap())).unwrap()).collect();
        assert!(sessions.of_cookie(&values[0], at(200)).is_some());
        let newest = sessions.begin("v", false, at(201)).unwrap();
        assert!(sessions.of_cookie(&values[1], at(201)).is_none());
        assert!([&values[0], &values[2], &newest].iter().all(|value| sessions.of_cookie(value, at(201)).is_some()));
        sessions.end(&newest);
        assert!(sessions.of_cookie(&newest, at(201)).is_none());
    }

    #[test]
    fn a_report_is_its_sessions_own_and_bounded() {
        let sessions = Sessions::default();
        let [a, b] = ["a", "b"].map(|user| sessions.of_cookie(&sessions.begin(user, false, at(0)).unwrap(), at(0)).unwrap().key);
        let first = sessions.keep_report(&a, "1".to_owned()).unwrap().unwrap();
        assert_eq!((sessions.report(&a, &first).as_deref(), sessions.report(&b, &first)), (Some("1"), None));
        let second = sessions.keep_report(&a, "2".to_owned()).unwrap().unwrap();
        assert_eq!((sessions.report(&a, &first), sessions.report(&a, &second).as_deref()), (None, Some("2")));
        assert!(sessions.keep_report(&a, "x".repeat(MOST_OF_REPORT + 1)).unwrap().is_none());
    }
}
