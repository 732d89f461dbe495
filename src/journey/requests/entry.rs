//! The room `journey`: what the journal says of a certificate request. Takes records in order and gives each request as it stands; takes a request and
//! gives its record. Each record is the whole of one request, so that the last one counts.

use crate::enroll::Identity;
use crate::error::Result;
use crate::journey::frame::{damaged, framed, unframed};
use crate::journey::pending::PendingRequest;
use crate::key::KeyInfo;
use crate::remote::certificate_challenge::Challenge;
use crate::remote::http::{Body, CONTENT_TYPE, IDEMPOTENCY_KEY, JSON, Method, Request};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// A challenge that the service gave, for whom it is asking anew.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    /// What it was asked for.
    pub(super) of: String,
    pub(super) text: String,
    /// By this device's clock.
    pub(super) until: i64,
    pub(super) sent_to: Option<String>,
}

impl Kept {
    pub(super) fn new(of: String, challenge: &Challenge, now: Time) -> Kept {
        let until = now.unix().saturating_add(i64::try_from(challenge.expires_in).unwrap_or(0));
        Kept { of, text: challenge.challenge.clone(), until, sent_to: challenge.sent_to.clone() }
    }

    /// The challenge, if it was asked for that and is good for a while yet.
    pub(super) fn good(&self, of: &str, now: Time, margin: i64) -> Option<Challenge> {
        let left = self.until.saturating_sub(now.unix());
        let expires_in = u64::try_from(left).ok().filter(|_| self.of == of && left >= margin)?;
        Some(Challenge { challenge: self.text.clone(), expires_in, sent_to: self.sent_to.clone() })
    }
}

/// For whom the key was made: the challenge that it attests, if there was one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MadeFor(pub(super) Option<Vec<u8>>);

/// A request that was signed.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) path: String,
    pub(super) idempotency_key: String,
    /// It holds what the person typed: it is in the journal until there is an answer.
    pub(super) body: Zeroizing<Vec<u8>>,
}

impl Call {
    pub(super) fn of(request: &Request) -> Call {
        let idempotency_key = request.headers.get(IDEMPOTENCY_KEY).unwrap_or_default().to_owned();
        Call { path: request.path.clone(), idempotency_key, body: Zeroizing::new(request.body.bytes().to_vec()) }
    }

    pub(super) fn request(&self) -> Request {
        let mut request = Request::new(Method::Post, self.path.as_str());
        request.headers.set(CONTENT_TYPE, JSON);
        request.headers.set(IDEMPOTENCY_KEY, self.idempotency_key.as_str());
        request.body = Body::Bytes(self.body.clone());
        request
    }
}

#[derive(Clone)]
pub(super) enum Stage {
    Begun,
    Made { pending: PendingRequest, call: Call },
    Pending(PendingRequest),
    Issued(Identity),
}

/// A request as far as it came.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) challenge: Option<Kept>,
    pub(super) made_for: Option<MadeFor>,
    pub(super) stage: Stage,
}

impl Held {
    pub(super) const BEGUN: Held = Held { challenge: None, made_for: None, stage: Stage::Begun };

    /// Whether the request is of that very key, as far as one was signed.
    pub(super) fn is_of(&self, key: &KeyInfo) -> bool {
        match &self.stage {
            Stage::Begun => true,
            Stage::Made { pending, .. } | Stage::Pending(pending) => *pending.csr.public_key() == key.public_key,
            Stage::Issued(identity) => identity.certificate().is_some_and(|leaf| *leaf.public_key() == key.public_key),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Written {
    Begun,
    Made { pending: Value, path: String, idempotency_key: String },
    Pending(Value),
    Issued(Value),
    Closed,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    key: String,
    challenge: Option<Kept>,
    made_for: Option<MadeFor>,
    stage: Written,
}

fn value(json: &[u8]) -> Result<Value> {
    serde_json::from_slice(json).map_err(|_| damaged())
}

/// The record of a request; of one that is closed with `None`.
pub(super) fn record(key: &str, held: Option<&Held>) -> Result<Zeroizing<Vec<u8>>> {
    let mut bytes: &[u8] = &[];
    let stage = match held.map(|held| &held.stage) {
        None => Written::Closed,
        Some(Stage::Begun) => Written::Begun,
        Some(Stage::Made { pending, call }) => {
            bytes = &call.body;
            Written::Made { pending: value(&pending.to_json()?)?, path: call.path.clone(), idempotency_key: call.idempotency_key.clone() }
        }
        Some(Stage::Pending(pending)) => Written::Pending(value(&pending.to_json()?)?),
        Some(Stage::Issued(identity)) => Written::Issued(value(&identity.to_json()?)?),
    };
    let (challenge, made_for) = held.map(|held| (held.challenge.clone(), held.made_for.clone())).unwrap_or_default();
    framed(&Head { key: key.to_owned(), challenge, made_for, stage }, bytes)
}

/// Takes one more record into account.
///
/// # Errors
/// [`JournalDamaged`](crate::error::ErrorKind::JournalDamaged).
pub(super) fn apply(all: &mut BTreeMap<String, Held>, record: &[u8]) -> Result<()> {
    let (Head { key, challenge, made_for, stage }, bytes) = unframed(record)?;
    let pending = |json: Value| PendingRequest::from_json(json.to_string().as_bytes()).map_err(|cause| damaged().caused_by(cause));
    let stage = match stage {
        Written::Closed => {
            all.remove(&key);
            return Ok(());
        }
        Written::Begun => Stage::Begun,
        Written::Made { pending: json, path, idempotency_key } => {
            Stage::Made { pending: pending(json)?, call: Call { path, idempotency_key, body: Zeroizing::new(bytes.to_vec()) } }
        }
        Written::Pending(json) => Stage::Pending(pending(json)?),
        Written::Issued(json) => {
            Stage::Issued(Identity::from_json(json.to_string().as_bytes()).map_err(|cause| damaged().caused_by(cause))?)
        }
    };
    all.insert(key, Held { challenge, made_for, stage });
    Ok(())
}
