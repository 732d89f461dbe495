//! The pki room: path building and validation (RFC 5280 6, RFC 4158).
//!
//! Takes an end entity, a pool, anchors and inputs (time, role, policies, revocation data); gives the chain, or the most telling reason why
//! there is none. Everything in the pool is untrusted: an attacker would send ten thousand certificates, loops of cross-certificates, or a CA
//! that is none. Work is budgeted, and a used-up budget is an outcome of its own. Fetches nothing.

mod failure;
mod inputs;
mod revoked;
mod search;
mod status;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod hostile;
#[cfg(test)]
pub(crate) mod past_cases;
#[cfg(test)]
mod policy_cases;
#[cfg(test)]
pub(crate) mod switches;

use crate::pki::certificate::Certificate;
use crate::pki::oid;
use crate::pki::revocation::Revocation;
use crate::pki::signatures::Signatures;
use crate::pki::trust::TrustAnchors;
use crate::switch::{Check, on};
use crate::time::Time;
use const_oid::ObjectIdentifier;
pub use failure::PathFailure;
pub use inputs::PathInputs;
pub(crate) use revoked::revoked;
use search::Search;

/// Most certificates in a chain, end entity and anchor included.
pub const MAX_CHAIN: usize = 16;
const SIGNATURE_CHECKS: u32 = 100;

/// A valid path.
#[derive(Clone, Debug)]
pub struct PathResult {
    /// From the end entity to the anchor, both included.
    pub chain: Vec<Certificate>,
    /// How revocation came out, for each certificate of the chain but the anchor.
    pub revocation: Vec<Revocation>,
    /// user-constrained-policy-set (RFC 5280 6.1.6); empty when none is left, `anyPolicy` when nothing constrains it.
    pub policies: Vec<ObjectIdentifier>,
}

/// Finds a valid path from `leaf` to one of `anchors`, over certificates of `pool` in any order.
///
/// Of an anchor, name and key count, and the path length, name and policy constraints it carries; its own signature and validity are not checked
/// (RFC 5280 6.1.1 d, RFC 5937). A leaf that is an anchor itself is its own chain. Where a path fails for its policies or for revocation,
/// others are tried.
///
/// # Errors
/// [`PathFailure`]: what is wrong with the chain that comes closest.
pub fn validate(
    leaf: &Certificate,
    pool: &[Certificate],
    anchors: &TrustAnchors,
    inputs: &PathInputs<'_>,
) -> Result<PathResult, PathFailure> {
    validate_within(leaf, pool, anchors, inputs, &mut Signatures::new(SIGNATURE_CHECKS, inputs.known))
}

/// The same, within what is left of a budget; what it takes is taken off.
pub(crate) fn validate_within(
    leaf: &Certificate,
    pool: &[Certificate],
    anchors: &TrustAnchors,
    inputs: &PathInputs<'_>,
    signatures: &mut Signatures<'_>,
) -> Result<PathResult, PathFailure> {
    let own = check_leaf(leaf, inputs);
    if anchors.counts(leaf, inputs.role) {
        let policies = if inputs.policies.is_empty() { vec![oid::ANY_POLICY] } else { inputs.policies.to_vec() };
        return own.map(|()| PathResult { chain: vec![leaf.clone()], revocation: Vec::new(), policies });
    }
    Search::new(pool, anchors, inputs, signatures).run(leaf, own)
}

fn check_leaf(leaf: &Certificate, inputs: &PathInputs<'_>) -> Result<(), PathFailure> {
    check_time(leaf, inputs.time, true)?;
    check_extensions(leaf, Check::PathLeafCritical)?;
    if !inputs.role.suits(leaf) && on(Check::PathSuits) { Err(PathFailure::Unsuitable) } else { Ok(()) }
}

fn check_time(certificate: &Certificate, at: Time, leaf: bool) -> Result<(), PathFailure> {
    let (expired, early) =
        if leaf { (Check::PathLeafExpired, Check::PathLeafNotYetValid) } else { (Check::PathIssuerExpired, Check::PathIssuerNotYetValid) };
    if at > certificate.not_after() && on(expired) {
        Err(PathFailure::Expired { leaf })
    } else if at < certificate.not_before() && on(early) {
        Err(PathFailure::NotYetValid { leaf })
    } else {
        Ok(())
    }
}

fn check_extensions(certificate: &Certificate, check: Check) -> Result<(), PathFailure> {
    if !certificate.unknown_critical_extensions().is_empty() && on(check) { Err(PathFailure::UnknownCriticalExtension) } else { Ok(()) }
}
