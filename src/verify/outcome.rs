//! The verify room: how the checks behind the mathematics came out (chain, revocation, time), each with what it rested on. *Ok*, *not required
//! by policy* and *not checked* are three values that no code can take for each other.

pub use crate::pki::revocation::RevocationReason;
use crate::time::Time;
use serde::Serialize;

/// How a check came out. *Not required by policy* and *not checked* are two different things.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Check {
    /// It passed.
    Ok,
    /// It failed.
    Failed {
        /// Code of the reason.
        reason: &'static str,
    },
    /// The policy does not ask for it.
    NotRequiredByPolicy,
    /// Something before it failed, or there is no evidence.
    NotChecked,
}

/// What kind of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// An OCSP response (RFC 6960).
    Ocsp,
    /// A certificate revocation list (RFC 5280 5).
    Crl,
    /// A time-stamp token (RFC 3161).
    TimeStamp,
}

/// A piece of evidence that a check rested on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// What it is.
    pub kind: EvidenceKind,
    /// SHA-256 of its DER, hexadecimal.
    pub sha256: String,
    /// When it was made: `producedAt`, `thisUpdate` or `genTime`.
    pub produced_at: Time,
    /// How old it was when it was judged, in seconds.
    pub age: i64,
    /// Since when a time stamp proves that it existed; nothing if it is only known to be there now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof_of_existence: Option<Time>,
}

/// A certificate that was revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Revoked {
    /// The certificate.
    pub certificate: PathCertificate,
    /// Since when.
    pub at: Time,
    /// Why, if stated (RFC 5280 5.3.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<RevocationReason>,
}

/// A certificate of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PathCertificate {
    /// Subject (RFC 4514).
    pub subject: String,
    /// SHA-256 of the certificate, hexadecimal.
    pub sha256: String,
    /// Valid from.
    pub not_before: Time,
    /// Valid to.
    pub not_after: Time,
}

/// How the chain came out (RFC 5280 6).
#[derive(Clone, Debug, Serialize)]
pub struct ChainStatus {
    /// The check.
    #[serde(flatten)]
    pub check: Check,
    /// Subjects from the signer to the anchor, if a chain was found.
    pub certificates: Vec<String>,
    /// The same certificates, so that an auditor finds them again.
    pub path: Vec<PathCertificate>,
    /// The time it was judged at.
    pub judged_at: Time,
}

/// How revocation came out.
#[derive(Clone, Debug, Serialize)]
pub struct RevocationStatus {
    /// The check.
    #[serde(flatten)]
    pub check: Check,
    /// What it rested on.
    pub evidence: Vec<Evidence>,
    /// What was revoked, where that is why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Revoked>,
}

/// How the proof of existence came out (EN 319 102-1 5.6).
#[derive(Clone, Debug, Serialize)]
pub struct TimeStatus {
    /// The check.
    #[serde(flatten)]
    pub check: Check,
    /// The time at which the signature is proven to have existed. A time that somebody claims is never one.
    pub proof_of_existence: Option<Time>,
    /// What it rested on.
    pub evidence: Vec<Evidence>,
    /// Until when the signature stays provable without another time stamp over it, by what is known today: certificates end, algorithms have dates.
    /// Nothing if its chain is not valid.
    pub provable_until: Option<Time>,
}
