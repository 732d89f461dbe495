//! The room `journey`: a document is read and judged, with the machine's clock where no time is given. Takes a document, gives a report or facts.

use super::damage::looked_over;
use super::input::Input;
use super::observe::observe;
use super::pace::HostPace;
use super::retry::{Limits, Watch};
use super::sign::SignOptions;
use super::spoiling::spoiling;
use crate::error::{Error, ErrorKind, Result};
use crate::evidence::Bundle;
use crate::host::clock;
use crate::inspect::{self, Inspection};
use crate::pdf::Document;
use crate::pki::trust::TrustAnchors;
use crate::sign::{self, Preflight, PreflightPolicy, SignatureRequest};
use crate::time::Time;
use crate::verify::{self, ClaimedSignature, Diff, Policy, PolicyFile, Report, VerifyOptions};

/// How a document is judged.
pub struct Judging<'a> {
    /// Whom to trust for signatures.
    pub trust: &'a TrustAnchors,
    /// The time at which certificates are judged; `None`: now, by the machine's clock.
    pub time: Option<Time>,
    /// The rules.
    pub policy: Policy,
    /// The document's user or owner password.
    pub password: Option<&'a [u8]>,
    /// Certificates and revocation data at hand, beside those that the document carries. Untrusted.
    pub evidence: Option<&'a Bundle>,
}

/// Verifies every signature, as [`verify::verify`] does.
///
/// # Errors
/// As [`verify::verify`]; [`crate::ErrorKind::TimedOut`].
pub fn verify(input: &Input, judging: &Judging<'_>, limits: &Limits, watch: Watch<'_>) -> Result<Report> {
    let options = VerifyOptions {
        trust: judging.trust,
        time: judging.time.unwrap_or_else(clock::now),
        policy: judging.policy.clone(),
        password: judging.password,
        evidence: judging.evidence,
    };
    observe("verify", input, || limits.run(&HostPace, watch, |progress| verify::verify(input, &options, progress)))
}

/// The same by the rules of a policy file (docs/schema/policy-1.json), which says whom to trust, too. Of `beside` the password counts, the evidence is
/// added to the file's, and the time is for a file that states none.
///
/// # Errors
/// As [`verify()`], and as [`PolicyFile::from_json`]; [`ErrorKind::InvalidArgument`] for a time where the file states one.
pub fn verify_by(input: &Input, policy: &[u8], beside: &Judging<'_>, limits: &Limits, watch: Watch<'_>) -> Result<Report> {
    let mut rules = PolicyFile::from_json(policy)?;
    if rules.time.is_some() && beside.time.is_some() {
        return Err(Error::new(ErrorKind::InvalidArgument).context("the policy file states a time; leave one of them out"));
    }
    beside.evidence.map_or(Ok(()), |evidence| rules.evidence.merge(evidence))?;
    let judging = Judging {
        trust: &rules.trust,
        time: rules.time.or(beside.time),
        policy: rules.policy,
        password: beside.password,
        evidence: Some(&rules.evidence),
    };
    verify(input, &judging, limits, watch)
}

/// Facts and risk markers, as [`inspect::inspect`] gives them.
///
/// # Errors
/// As [`inspect::inspect`] and of opening; [`crate::ErrorKind::Cancelled`], [`crate::ErrorKind::TimedOut`] before it begins.
pub fn inspect(input: &Input, password: Option<&[u8]>, limits: &Limits) -> Result<Inspection> {
    observe("inspect", input, || limits.run(&HostPace, None, |_| inspect::inspect(&Document::open_with_password(input, password)?)))
}

/// What speaks against a signature in the field of that name, or in a new one, as [`preflight`](crate::sign::preflight()) finds it; nothing is
/// refused. Of `options` the password and what becomes of damage count: a damaged document is looked over as it would be signed.
///
/// # Errors
/// As [`inspect()`].
pub fn preflight(
    input: &Input,
    field: Option<&str>,
    options: SignOptions<'_>,
    policy: &PreflightPolicy,
    limits: &Limits,
) -> Result<Preflight> {
    observe("preflight", input, || {
        limits.run(&HostPace, None, |_| looked_over(input, options, policy, |document| sign::preflight(document, field, policy)))
    })
}

/// The same for the signature of that request, its box included: over what the page shows it would make verifiers call earlier signatures
/// no longer clean, which is found as [`Risk::SpoilsEarlierSignature`](crate::inspect::Risk::SpoilsEarlierSignature).
///
/// # Errors
/// As [`preflight()`], and as [`Placement::resolve`](crate::sign::Placement::resolve) if the document has a signature.
pub fn preflight_request(
    input: &Input,
    request: &SignatureRequest,
    options: SignOptions<'_>,
    policy: &PreflightPolicy,
    limits: &Limits,
) -> Result<Preflight> {
    observe("preflight", input, || {
        limits.run(&HostPace, None, |_| looked_over(input, options, policy, |document| spoiling(document, request, policy)))
    })
}

/// What changed since signature `index`, counted from 0 in the order of the report, as [`verify::diff`] finds it.
///
/// # Errors
/// As [`verify::diff`] and of opening; [`crate::ErrorKind::Cancelled`], [`crate::ErrorKind::TimedOut`] before it begins.
pub fn diff(input: &Input, index: usize, password: Option<&[u8]>, limits: &Limits) -> Result<Diff> {
    observe("diff", input, || limits.run(&HostPace, None, |_| verify::diff(&Document::open_with_password(input, password)?, index)))
}

/// Every signature as it presents itself, as [`verify::signatures`] lists them; nothing is verified.
///
/// # Errors
/// As [`verify::signatures`] and of opening; [`crate::ErrorKind::Cancelled`], [`crate::ErrorKind::TimedOut`] before it begins.
pub fn signatures(input: &Input, password: Option<&[u8]>, limits: &Limits) -> Result<Vec<ClaimedSignature>> {
    observe("signatures", input, || limits.run(&HostPace, None, |_| verify::signatures(&Document::open_with_password(input, password)?)))
}
