//! Time stamps of checkpoints (RFC 3161): takes a signature and an authority, gives a token; takes a token, says whether it proves the time of a checkpoint. Whoever
//! owns the data folder has the key that signs checkpoints: he cannot date one back that another authority has stamped.

use crate::failure::Failure;
use crate::random;
use std::time::{Duration, Instant};
use thrivosign::crypto::digest::{DigestAlgorithm, sha256};
use thrivosign::evidence::token::{MAX_ANSWER, QUERY_TYPE};
use thrivosign::evidence::{Token, TokenRequest};
use thrivosign::net::{Reach, WebFetcher};
use thrivosign::pki::path::{PathInputs, validate};
use thrivosign::pki::{Role, TrustAnchors};
use thrivosign::remote::fetch::{Fetch, Fetcher, NamedBy};
use thrivosign::{CancelToken, Time};

/// How much the authority's clock may differ from that of the server, in seconds.
const CLOCK_SKEW: u64 = 300;
/// How long it may take to answer.
const LONGEST: Duration = Duration::from_secs(20);

/// A time-stamping authority, and whom to trust about it.
pub struct Authority {
    /// http or https; the operator names it, so that it may be anywhere.
    pub url: String,
    /// The roots that its certificate must lead to.
    pub trust: TrustAnchors,
}

impl Authority {
    /// A token over that signature, of this time, from an authority that is trusted.
    pub(super) fn stamp(&self, signature: &[u8], time: Time) -> Result<Vec<u8>, Failure> {
        let doing = "no time stamp came";
        let imprint = sha256(signature);
        let request = TokenRequest::new(DigestAlgorithm::Sha256, &imprint, random::bytes()?, None);
        let query = request.der();
        let fetch = Fetch {
            url: &self.url,
            named_by: NamedBy::Caller,
            body: Some((QUERY_TYPE, &query)),
            max_answer: MAX_ANSWER as u64,
            deadline: Instant::now() + LONGEST,
            cancel: CancelToken::new(),
        };
        let answer = WebFetcher::new(Reach::Anywhere).and_then(|fetcher| fetcher.fetch(&fetch)).map_err(Failure::at(doing))?;
        let token = request.answer(&answer).map_err(|fault| Failure::new(doing).because(fault.code()))?;
        if proves(&token.der, signature, time, &self.trust) {
            Ok(token.der)
        } else {
            Err(Failure::new("the time stamp is of another time, or its authority is not trusted"))
        }
    }
}

/// Whether that is a token over that signature, by any authority.
pub(super) fn is_over(token: &[u8], signature: &[u8]) -> bool {
    Token::over(token, DigestAlgorithm::Sha256, &sha256(signature)).is_ok()
}

/// Whether the token is over that signature, by an authority that was trusted when it made it, and of about that time.
pub(super) fn proves(token: &[u8], signature: &[u8], time: Time, trust: &TrustAnchors) -> bool {
    let Ok(token) = Token::over(token, DigestAlgorithm::Sha256, &sha256(signature)) else { return false };
    let trusted = validate(&token.signer, &token.certificates, trust, &PathInputs::at(token.time, Role::TimeStamping)).is_ok();
    trusted && token.time.unix().abs_diff(time.unix()) <= CLOCK_SKEW
}
