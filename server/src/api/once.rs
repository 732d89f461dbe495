//! Idempotency keys as the calls use them: the same call under the same key gets the same answer and is done once; while it is being worked on, another one
//! is told to ask again.

use super::{No, Service};
use crate::store::Transaction;
use crate::store::once::{self, Answer, Key, Seen};
use crate::web::Reply;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Mutex, MutexGuard, PoisonError};
use thrivosign::Time;
use thrivosign::remote::http::Response;
use thrivosign::remote::problem::{Problem, ProblemType};
use zeroize::Zeroizing;

/// Seconds after which whoever asks for what is being done asks again.
const AGAIN: u64 = 1;

/// Which calls are being worked on, and what each asks. One process has the data folder, so this is all there is; what a crash leaves behind is nothing.
#[derive(Default)]
pub(super) struct InFlight(Mutex<HashMap<[u8; 32], [u8; 32]>>);

impl InFlight {
    fn calls(&self) -> MutexGuard<'_, HashMap<[u8; 32], [u8; 32]>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds the call until what is given back is dropped.
    fn begin(&self, key: Key<'_>) -> Result<Held<'_>, No> {
        let mut hasher = Sha256::new();
        for part in [key.user, key.operation, key.key] {
            // None of them can have such a byte: where one ends is without doubt.
            hasher.update(part.as_bytes());
            hasher.update([0]);
        }
        let call: [u8; 32] = hasher.finalize().into();
        match self.calls().entry(call) {
            Entry::Occupied(other) if *other.get() != key.request => Err(ProblemType::IdempotencyConflict.into()),
            Entry::Occupied(_) => Err(Problem { retry_after: Some(AGAIN), ..Problem::new(ProblemType::IdempotencyInFlight) }.into()),
            Entry::Vacant(free) => {
                free.insert(key.request);
                Ok(Held { all: self, call })
            }
        }
    }
}

/// A call that is being worked on.
struct Held<'a> {
    all: &'a InFlight,
    call: [u8; 32],
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.all.calls().remove(&self.call);
    }
}

/// A call under its key. While it is there, nobody else works on the same.
pub(super) struct Once<'a> {
    key: Key<'a>,
    now: Time,
    _held: Held<'a>,
}

impl<'a> Once<'a> {
    /// The call that asks that, by its bytes; refused while it is being worked on.
    pub(super) fn of(
        service: &'a Service,
        (user, operation, key): (&'a str, &'a str, &'a str),
        asked: &[u8],
        now: Time,
    ) -> Result<Once<'a>, No> {
        let key = Key { user, operation, key, request: Sha256::digest(asked).into() };
        Ok(Once { _held: service.in_flight.begin(key)?, key, now })
    }

    /// The answer given before, if there is one; another call under the same key is refused.
    pub(super) fn answered(&self, tx: &Transaction<'_>) -> Result<Option<Reply>, No> {
        match once::seen(tx, self.key, self.now)? {
            Seen::Never => Ok(None),
            Seen::Other => Err(ProblemType::IdempotencyConflict.into()),
            Seen::Same(answer) => {
                let mut response = Response::new(answer.status);
                for (name, value) in answer.headers.lines().filter_map(|line| line.split_once(": ")) {
                    response.headers.push(name, value);
                }
                response.body = Zeroizing::new(answer.body);
                Ok(Some(response.into()))
            }
        }
    }

    /// Keeps the answer, in the transaction that did what was asked.
    pub(super) fn keep(&self, tx: &Transaction<'_>, response: &Response) -> Result<(), No> {
        let headers: Vec<String> = response.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let answer = Answer { status: response.status, headers: headers.join("\n"), body: response.body.to_vec() };
        Ok(once::keep(tx, self.key, &answer, self.now)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use thrivosign::remote::problem::Refusal;

    #[test]
    fn while_a_call_is_worked_on_the_same_is_told_to_wait_and_another_is_refused() {
        let all = InFlight::default();
        let key = Key { user: "u", operation: "issue", key: "k", request: [1; 32] };
        let said = |key| match all.begin(key) {
            Ok(_) => None,
            Err(No::Refused(refusal)) => match *refusal {
                Refusal::Problem(problem) => Some((problem.kind, problem.retry_after)),
                other => panic!("{other:?}"),
            },
            Err(_) => panic!("no refusal"),
        };
        let held = all.begin(key).ok();
        assert_eq!(said(key), Some((ProblemType::IdempotencyInFlight, Some(AGAIN))));
        assert_eq!(said(Key { request: [2; 32], ..key }), Some((ProblemType::IdempotencyConflict, None)));
        for other in [Key { user: "v", ..key }, Key { operation: "renew", ..key }, Key { key: "l", ..key }] {
            assert_eq!(said(other), None);
        }
        drop(held);
        assert_eq!(said(key), None);
        assert!(all.calls().is_empty());
    }
}
