//! Idempotency keys as the calls use them: the same call under the same key gets the same answer and is done once.

use super::No;
use crate::store::once::{self, Answer, Key, Seen};
use crate::web::Reply;
use rusqlite::Transaction;
use sha2::{Digest, Sha256};
use thrivosign::Time;
use thrivosign::remote::http::Response;
use thrivosign::remote::problem::ProblemType;
use zeroize::Zeroizing;

/// A call under its key.
pub(super) struct Once<'a> {
    key: Key<'a>,
    now: Time,
}

impl<'a> Once<'a> {
    /// The call that asks that, by its bytes.
    pub(super) fn of(user: &'a str, operation: &'a str, key: &'a str, asked: &[u8], now: Time) -> Once<'a> {
        Once { key: Key { user, operation, key, request: Sha256::digest(asked).into() }, now }
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
