//! The room `journey`: a time-stamp token from the first authority that gives one of use (RFC 3161). Takes a digest, authorities and whoever
//! fetches; gives a token that answers, is of now, and whose authority is trusted. Each that gives none is remembered with why.

use super::pace::{HostPace, Pace};
use super::retry::Limits;
use crate::crypto::digest::DigestAlgorithm;
use crate::error::{ErrorKind, Result};
use crate::evidence::token::{MAX_ANSWER, QUERY_TYPE};
use crate::evidence::{Token, TokenFault, TokenRequest};
use crate::host::random;
use crate::pki::oid::ObjectIdentifier;
use crate::pki::path::{self, PathInputs};
use crate::pki::role::Role;
use crate::pki::trust::TrustAnchors;
use crate::remote::fetch::{Fetch, Fetcher, NamedBy};
use crate::time::Time;
use std::time::{Duration, Instant};

pub use crate::evidence::Unanswered;

/// How much an authority's clock may differ from the caller's, in seconds.
const CLOCK_SKEW: i64 = 300;

/// A time-stamping authority (RFC 3161), with what it may take.
#[derive(Clone, Debug)]
pub struct TimeStampAuthority {
    /// http or https; the caller names it, so that it may be anywhere.
    pub url: String,
    /// The policy that is asked for; any if none.
    pub policy: Option<ObjectIdentifier>,
    /// How often it is asked before the next one, where asking again may help.
    pub tries: u32,
    /// How long one answer may take.
    pub patience: Duration,
}

impl TimeStampAuthority {
    /// Any policy, two tries, ten seconds.
    #[must_use]
    pub fn new(url: impl Into<String>) -> TimeStampAuthority {
        TimeStampAuthority { url: url.into(), policy: None, tries: 2, patience: Duration::from_secs(10) }
    }
}

/// Who is asked for a token, and by what it is judged.
pub struct Stamping<'a> {
    /// Asked in this order.
    pub authorities: &'a [TimeStampAuthority],
    /// Who fetches; nobody is asked without.
    pub fetcher: Option<&'a dyn Fetcher>,
    /// Whom to trust.
    pub trust: &'a TrustAnchors,
    /// Now, by the caller's clock.
    pub time: Time,
    /// Of all together.
    pub limits: &'a Limits,
}

/// What came of one try.
enum Try {
    Token(Token),
    /// It would say the same again.
    Refused(String),
    /// Another try may go better.
    Failed(String),
}

impl Stamping<'_> {
    /// A token over that digest (RFC 3161 2.4.2) of at most `room` bytes: of now within five minutes, its authority trusted. `None` if no authority gave one, which
    /// is no error; `unanswered` has then grown by each with its reason.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`], [`ErrorKind::TimedOut`] of the journey itself.
    pub fn token(&self, digest: (DigestAlgorithm, &[u8]), room: usize, unanswered: &mut Vec<Unanswered>) -> Result<Option<Token>> {
        for authority in self.authorities {
            let mut tries = authority.tries.max(1);
            let code = loop {
                self.limits.check(&HostPace)?;
                tries -= 1;
                match self.one(authority, digest, room)? {
                    Try::Token(token) => return Ok(Some(token)),
                    Try::Refused(code) => break code,
                    Try::Failed(code) if tries == 0 => break code,
                    Try::Failed(_) => {}
                }
            };
            unanswered.push(Unanswered { url: authority.url.clone(), code });
        }
        Ok(None)
    }

    fn one(&self, authority: &TimeStampAuthority, (algorithm, imprint): (DigestAlgorithm, &[u8]), room: usize) -> Result<Try> {
        let Some(fetcher) = self.fetcher else { return Ok(Try::Refused("fetching_is_off".to_owned())) };
        // Another nonce for each try: an answer that was held back answers nothing.
        let request = TokenRequest::new(algorithm, imprint, random::bytes()?, authority.policy);
        let query = request.der();
        let fetch = Fetch {
            url: &authority.url,
            named_by: NamedBy::Caller,
            body: Some((QUERY_TYPE, &query)),
            max_answer: MAX_ANSWER as u64,
            deadline: deadline(self.limits, authority.patience),
            cancel: self.limits.cancel.clone(),
        };
        let body = match fetcher.fetch(&fetch) {
            Ok(body) => body,
            Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
            Err(error) if matches!(error.kind(), ErrorKind::InvalidArgument | ErrorKind::AnswerTooLarge) => {
                return Ok(Try::Refused(error.kind().name().to_owned()));
            }
            Err(error) => return Ok(Try::Failed(error.kind().name().to_owned())),
        };
        Ok(match request.answer(&body) {
            Ok(token) => self.judged(token, room),
            Err(fault @ (TokenFault::Malformed | TokenFault::Nonce)) => Try::Failed(fault.code()),
            Err(fault) if fault.passes() => Try::Failed(fault.code()),
            Err(fault) => Try::Refused(fault.code()),
        })
    }

    /// Of use is a token of now, of somebody who is trusted, and that fits: another authority may do better.
    fn judged(&self, token: Token, room: usize) -> Try {
        let off = token.time.unix().abs_diff(self.time.unix()) > CLOCK_SKEW.unsigned_abs();
        let inputs = PathInputs::at(self.time, Role::TimeStamping);
        let refused = if off {
            "time_stamp_of_another_time".to_owned()
        } else if token.der.len() > room {
            ErrorKind::SignatureRoomExceeded.name().to_owned()
        } else if let Err(failure) = path::validate(&token.signer, &token.certificates, self.trust, &inputs) {
            failure.code().to_owned()
        } else {
            return Try::Token(token);
        };
        Try::Refused(refused)
    }
}

/// The end of one call: after so long, and not after the journey's own.
pub(super) fn deadline(limits: &Limits, patience: Duration) -> Instant {
    let soon = HostPace.now() + patience;
    limits.until.map_or(soon, |until| until.min(soon))
}
