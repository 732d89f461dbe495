//! The pki room: revocation data, and what they say about a certificate (RFC 5280 6.3, RFC 6960).
//!
//! Takes responses and lists at hand, all of them untrusted; gives findings, each with the proof it rests on. "No answer" is not "good".

pub mod crl;
pub mod ocsp;

mod answers;
mod crl_stream;
mod entry;
mod inquiry;
mod lists;
mod points;
mod request;
mod single;
mod terms;

use crate::pki::certificate::Certificate;
use crate::pki::path::PathFailure;
use crate::pki::signatures::Signatures;
use crate::time::Time;
use inquiry::Inquiry;
use serde::Serialize;

pub use crl::{Crl, crls_from_pem};
pub use crl_stream::Source as CrlSource;
pub use ocsp::{OcspResponse, OcspStatus};
pub use request::{OcspMismatch, OcspRequest};

/// How old a statement may be. Whatever it says itself, it does not speak before its thisUpdate and after its nextUpdate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// How long an OCSP answer without nextUpdate speaks, in seconds after its thisUpdate.
    pub ocsp_age: i64,
    /// How long any statement speaks, in seconds after its thisUpdate; `None`: as long as it says.
    pub max_age: Option<i64>,
}

impl Default for Freshness {
    fn default() -> Freshness {
        Freshness { ocsp_age: 24 * 60 * 60, max_age: None }
    }
}

/// Whether revocation data are asked for. `Off` is *not required by policy*, never *not checked*.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationMode {
    /// Every certificate below the anchor needs a fresh answer.
    Require,
    /// An answer at hand is judged, none is needed.
    #[default]
    IfAvailable,
    /// Not required.
    Off,
}

/// Revocation data at hand: parsed, not checked. In any order; what is about other certificates does no harm.
#[derive(Clone, Debug, Default)]
pub struct RevocationData {
    /// OCSP responses.
    pub ocsp: Vec<OcspResponse>,
    /// Lists of revoked certificates, complete, partitioned, indirect and delta.
    pub crls: Vec<Crl>,
}

/// CRLReason (RFC 5280 5.3.1). `removeFromCRL` is no status and never told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the standard's own names")]
pub enum RevocationReason {
    Unspecified,
    KeyCompromise,
    CaCompromise,
    AffiliationChanged,
    Superseded,
    CessationOfOperation,
    CertificateHold,
    PrivilegeWithdrawn,
    AaCompromise,
}

impl RevocationReason {
    /// From the number of CRLReason; `None` for removeFromCRL and what no standard names.
    pub(crate) const fn from_code(code: u8) -> Option<RevocationReason> {
        Some(match code {
            0 => RevocationReason::Unspecified,
            1 => RevocationReason::KeyCompromise,
            2 => RevocationReason::CaCompromise,
            3 => RevocationReason::AffiliationChanged,
            4 => RevocationReason::Superseded,
            5 => RevocationReason::CessationOfOperation,
            6 => RevocationReason::CertificateHold,
            9 => RevocationReason::PrivilegeWithdrawn,
            10 => RevocationReason::AaCompromise,
            _ => return None,
        })
    }
}

/// What an authentic statement says of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateStatus {
    /// Not revoked.
    Good,
    /// Revoked (or on hold) since that time.
    Revoked {
        /// revocationDate, or invalidityDate where it is earlier.
        at: Time,
        /// Why, if stated.
        reason: Option<RevocationReason>,
    },
}

/// What kind of statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofKind {
    /// An OCSP response.
    Ocsp,
    /// A list; with a delta list the complete one.
    Crl,
}

/// Where a finding comes from.
#[derive(Clone, Debug)]
pub struct Proof {
    /// OCSP or CRL.
    pub kind: ProofKind,
    /// SHA-256 of the response's or list's DER as it came.
    pub sha256: [u8; 32],
    /// SHA-256 of the further lists that it takes: the delta list, or those for the other reasons.
    pub further: Vec<[u8; 32]>,
    /// producedAt, or thisUpdate of a list.
    pub produced_at: Time,
    /// thisUpdate; of several lists the latest.
    pub this_update: Time,
    /// nextUpdate; of several lists for several reasons the earliest, of a delta list and its complete one that of the delta. Without one an OCSP answer is as fresh as its age allows.
    pub next_update: Option<Time>,
    /// The path of who signed it: from the signer to the anchor. The first is the issuing CA itself unless it delegated.
    pub signer: Vec<Certificate>,
}

impl Proof {
    /// Whether it still speaks at that time: not before thisUpdate and not after nextUpdate. A list without nextUpdate never does; an OCSP answer
    /// without one does for a day.
    #[must_use]
    pub fn is_fresh_at(&self, time: Time) -> bool {
        self.is_fresh_by(&Freshness::default(), time)
    }

    /// The same by other terms.
    #[must_use]
    pub fn is_fresh_by(&self, terms: &Freshness, time: Time) -> bool {
        let young = terms.max_age.is_none_or(|age| time <= self.this_update.plus(age));
        match self.next_update {
            _ if time < self.this_update || !young => false,
            Some(next) => time <= next,
            None => self.kind == ProofKind::Ocsp && time <= self.this_update.plus(terms.ocsp_age),
        }
    }
}

/// One authentic statement.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What it says.
    pub status: CertificateStatus,
    /// Where it comes from.
    pub proof: Proof,
}

/// How revocation of one certificate of a path came out.
#[derive(Clone, Debug)]
pub enum Revocation {
    /// A fresh, authentic statement says that it is not revoked.
    Good(Proof),
    /// The policy does not ask, or lets the absence of a statement pass.
    NotAsked,
    /// Nobody is asked about such a certificate: id-pkix-ocsp-nocheck on a delegated responder (RFC 6960 4.2.2.2.1), or
    /// id-etsi-ext-valassured-ST-certs (EN 319 412-1).
    Exempt,
}

/// Every authentic statement about `certificate` among `data`, fresh or not, the most recent first.
///
/// `issuer` is the path above the certificate, from its issuer to the anchor. Who signed a statement is proven by a path of its own, over
/// `pool`, to that same anchor (RFC 5280 6.3.3 f); `judged_at` tells the time at which that path has to be valid: now, or when the statement is
/// proven to have existed. The proof that it is given has no signer yet. `signatures` is what the budget has left, shared with the path.
///
/// # Errors
/// [`PathFailure::Budget`] when they are used up: what the rest says is not known.
pub(crate) fn findings(
    certificate: &Certificate,
    issuer: &[Certificate],
    pool: &[Certificate],
    data: &RevocationData,
    judged_at: &dyn Fn(&Proof) -> Time,
    signatures: &mut Signatures<'_>,
) -> Result<Vec<Finding>, PathFailure> {
    Inquiry { pool, data, judged_at, signatures, asked: Vec::new() }.about(certificate, issuer)
}

#[cfg(test)]
mod judge_tests;
#[cfg(test)]
mod matrix_rows;
#[cfg(test)]
pub(crate) mod matrix_tests;
#[cfg(test)]
mod read_tests;
#[cfg(test)]
mod said_tests;
#[cfg(test)]
pub(crate) mod testing;
