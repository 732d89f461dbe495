//! Time stamps of checkpoints (RFC 3161): takes a signature and an authority, gives a token; takes a token, says whether it proves the time of a checkpoint. Whoever
//! owns the data folder has the key that signs checkpoints: he cannot date one back that another authority has stamped.

use crate::failure::Failure;
use thrivosign::Time;
use thrivosign::crypto::digest::{DigestAlgorithm, sha256};
use thrivosign::evidence::Token;
use thrivosign::evidence::token::MAX_ANSWER;
use thrivosign::journey::Limits;
use thrivosign::journey::stamp::{Stamping, TimeStampAuthority};
use thrivosign::net::{Reach, WebFetcher};
use thrivosign::pki::path::{PathInputs, validate};
use thrivosign::pki::{Role, TrustAnchors};

/// How much the authority's clock may differ from that of the server, in seconds.
const CLOCK_SKEW: u64 = 300;

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
        let fetcher = WebFetcher::new(Reach::Anywhere).map_err(Failure::at(doing))?;
        let (authorities, limits) = ([TimeStampAuthority::new(&self.url)], Limits::default());
        let stamping = Stamping { authorities: &authorities, fetcher: Some(&fetcher), trust: &self.trust, time, limits: &limits };
        let mut unanswered = Vec::new();
        let token = stamping.token((DigestAlgorithm::Sha256, &sha256(signature)), MAX_ANSWER, &mut unanswered);
        let why = || unanswered.first().map(|unanswered| unanswered.code.clone()).unwrap_or_default();
        token.map_err(Failure::at(doing))?.map(|token| token.der).ok_or_else(|| Failure::new(doing).because(why()))
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
