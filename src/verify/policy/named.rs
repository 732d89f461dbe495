//! The verify room: the rules as a report names them. Takes what a verification was given, gives what a reader has to know of it.

use super::{Algorithms, Revocation};
use crate::time::Time;
use serde::Serialize;
use std::borrow::Cow;

/// The rules, named.
#[derive(Clone, Debug, Serialize)]
pub struct PolicyFacts {
    /// Name of the policy.
    pub name: Cow<'static, str>,
    /// SHA-256 of its file in canonical form without the time, hexadecimal: everything beside document and time that decided.
    pub sha256: String,
    /// Whether revocation is asked for.
    pub revocation: Revocation,
    /// The time at which certificates were judged.
    pub time: Time,
    /// How many trust anchors were given.
    pub trust_anchors: usize,
    /// How many of them count for which role.
    pub trust: Vec<TrustFacts>,
    /// Until when which algorithms are accepted; what is not listed has no end yet.
    pub algorithms: Algorithms,
}

/// What a trust anchor is trusted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TrustRole {
    /// To issue certificates of signers.
    Signature,
    /// To issue certificates of time-stamping authorities.
    TimeStamp,
}

/// The anchors of one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TrustFacts {
    /// What they are trusted for.
    pub role: TrustRole,
    /// How many there are.
    pub anchors: usize,
}
