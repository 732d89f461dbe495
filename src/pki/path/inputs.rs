//! The pki room: what a path is judged by (RFC 5280 6.1.1). Takes and gives nothing but data; the time is the caller's, there is no clock.

use crate::crypto::KnownSignatures;
use crate::pki::existence::Existence;
use crate::pki::revocation::{Freshness, RevocationData, RevocationMode};
use crate::pki::role::Role;
use crate::time::Time;
use const_oid::ObjectIdentifier;

/// What a path is judged by (RFC 5280 6.1.1).
#[derive(Clone, Copy, Debug)]
pub struct PathInputs<'a> {
    /// The time of interest.
    pub time: Time,
    /// What the end entity is used for; anchors of that role count.
    pub role: Role,
    /// user-initial-policy-set; empty: any policy.
    pub policies: &'a [ObjectIdentifier],
    /// initial-explicit-policy
    pub explicit_policy: bool,
    /// initial-any-policy-inhibit
    pub inhibit_any: bool,
    /// initial-policy-mapping-inhibit
    pub inhibit_mapping: bool,
    /// Whether revocation is looked at.
    pub revocation: RevocationMode,
    /// How old what is said of certificates may be.
    pub freshness: Freshness,
    /// Responses and lists at hand.
    pub data: Option<&'a RevocationData>,
    /// Set where `time` is one at which what was signed is proven to have existed (EN 319 102-1 5.6.2.2): a statement made later then counts too, and
    /// who made a statement is judged at the time since which the statement is known to exist. Without it, `time` is the time for everything.
    pub existence: Option<&'a Existence>,
    /// Signatures that earlier questions found to hold, for many questions about the same authorities. The outcome is the same without.
    pub known: Option<&'a KnownSignatures>,
}

impl PathInputs<'_> {
    /// At that time, for that use, any policy, revocation off.
    #[must_use]
    pub const fn at(time: Time, role: Role) -> PathInputs<'static> {
        PathInputs {
            time,
            role,
            policies: &[],
            explicit_policy: false,
            inhibit_any: false,
            inhibit_mapping: false,
            revocation: RevocationMode::Off,
            freshness: Freshness { ocsp_age: 24 * 60 * 60, max_age: None },
            data: None,
            existence: None,
            known: None,
        }
    }
}
