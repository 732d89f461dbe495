//! The pki room: the search for a path. Takes what `validate` takes; walks upwards from the end entity over names, signatures and the rules
//! of RFC 5280 6.1.4, and gives the first path that holds, or what is wrong with the one that comes closest. One budget for everything.

use super::status::{self, Status};
use super::{MAX_CHAIN, PathFailure, PathInputs, PathResult, check_extensions, check_time};
use crate::crypto::verify::VerifyFailure;
use crate::pki::certificate::Certificate;
use crate::pki::constraints::NameConstraints;
use crate::pki::oid;
use crate::pki::policy;
use crate::pki::signatures::Signatures;
use crate::pki::trust::TrustAnchors;
use crate::switch::{Check, on};
use crate::time::Time;
use std::collections::{HashMap, HashSet};

const PATH_STEPS: u32 = 200_000;
const NAME_COMPARISONS: u32 = 250_000;

pub(super) struct Search<'a, 'b> {
    pool: &'a [Certificate],
    inputs: &'a PathInputs<'a>,
    by_subject: HashMap<&'a [u8], Vec<&'a Certificate>>,
    anchors_by_subject: HashMap<&'a [u8], Vec<&'a Certificate>>,
    links: HashMap<(usize, usize), Result<(), PathFailure>>,
    constraints: HashMap<usize, Result<Option<NameConstraints>, ()>>,
    /// By certificate, issuer, anchor, and the control time that those above have left.
    statuses: HashMap<(usize, usize, usize, Time), Status>,
    signatures: &'a mut Signatures<'b>,
    steps: u32,
    names: u32,
    /// Second walk: go on after a failure and remember the first one.
    tolerant: bool,
    first: Option<PathFailure>,
    /// A link by name whose signature does not hold.
    link_failure: Option<PathFailure>,
    /// What failed of a path on which everything else holds.
    closest: Option<PathFailure>,
}

/// Which certificate, for the caches: the address of its bytes, which stays while the search borrows it.
fn identity(certificate: &Certificate) -> usize {
    certificate.der().as_ptr() as usize
}

fn take(left: &mut u32, n: u32) -> Result<(), PathFailure> {
    *left = left.checked_sub(n).ok_or(PathFailure::Budget)?;
    Ok(())
}

/// Of two failures of paths that hold otherwise, the one that tells more: a revocation is a fact, the rest may be for want of data.
fn weight(failure: PathFailure) -> u8 {
    match failure {
        PathFailure::Revoked { .. } => 2,
        PathFailure::RevocationUnknown => 1,
        _ => 0,
    }
}

impl<'a, 'b> Search<'a, 'b> {
    pub(super) fn new(
        pool: &'a [Certificate],
        anchors: &'a TrustAnchors,
        inputs: &'a PathInputs<'a>,
        signatures: &'a mut Signatures<'b>,
    ) -> Search<'a, 'b> {
        let mut seen = HashSet::new();
        let mut by_subject: HashMap<&[u8], Vec<&Certificate>> = HashMap::new();
        for certificate in pool {
            if seen.insert(certificate.der()) {
                by_subject.entry(certificate.comparable_subject()).or_default().push(certificate);
            }
        }
        let mut anchors_by_subject: HashMap<&[u8], Vec<&Certificate>> = HashMap::new();
        for anchor in anchors.of_role(inputs.role) {
            anchors_by_subject.entry(anchor.comparable_subject()).or_default().push(anchor);
        }
        Search {
            pool,
            inputs,
            by_subject,
            anchors_by_subject,
            links: HashMap::new(),
            constraints: HashMap::new(),
            statuses: HashMap::new(),
            signatures,
            steps: PATH_STEPS,
            names: NAME_COMPARISONS,
            tolerant: false,
            first: None,
            link_failure: None,
            closest: None,
        }
    }

    /// `own` is what the end entity says of itself.
    pub(super) fn run(mut self, leaf: &'a Certificate, own: Result<(), PathFailure>) -> Result<PathResult, PathFailure> {
        if own.is_ok()
            && let Some(found) = self.extend(&mut vec![leaf])?
        {
            return Ok(found);
        }
        if let Some(failure) = self.closest {
            return Err(failure);
        }
        // There is no valid path. Walk again, passing over what is wrong, to tell why: a failure counts only on a chain that ends at an anchor.
        self.tolerant = true;
        self.first = own.err();
        match self.extend(&mut vec![leaf])? {
            Some(_) => Err(self.first.unwrap_or(PathFailure::NoChain)),
            None => Err(self.link_failure.unwrap_or(PathFailure::NoChain)),
        }
    }

    /// Extends a path upwards until an anchor is reached; `Err` only when the budget is used up. No deeper than [`MAX_CHAIN`].
    fn extend(&mut self, path: &mut Vec<&'a Certificate>) -> Result<Option<PathResult>, PathFailure> {
        take(&mut self.steps, 1)?;
        let Some(current) = path.last().copied() else { return Ok(None) };
        for (issuer, is_anchor) in self.issuers(current) {
            take(&mut self.steps, 1)?;
            take(&mut self.names, 1)?;
            // A name and key that is in the path already makes a loop, whatever certificate carries it (RFC 4158 2.4.1).
            let loops = path.iter().any(|c| c.comparable_subject() == issuer.comparable_subject() && c.public_key() == issuer.public_key());
            if loops && !is_anchor {
                continue;
            }
            if let Err(failure) = self.signed_by(current, issuer)? {
                self.link_failure = self.link_failure.or(Some(failure));
                continue;
            }
            let before = self.first;
            if let Err(failure) = self.check_issuer(issuer, is_anchor, path)? {
                if !self.tolerant {
                    continue;
                }
                self.first = self.first.or(Some(failure));
            }
            path.push(issuer);
            let found = if is_anchor {
                self.whole(path)?
            } else if path.len() < MAX_CHAIN {
                self.extend(path)?
            } else {
                self.link_failure = self.link_failure.or(Some(PathFailure::PathTooLong));
                None
            };
            if found.is_some() {
                return Ok(found);
            }
            path.pop();
            self.first = before;
        }
        Ok(None)
    }

    /// What is judged of a path that has reached an anchor: its policies, then revocation. In the second walk it passes, whatever they say.
    fn whole(&mut self, path: &[&'a Certificate]) -> Result<Option<PathResult>, PathFailure> {
        take(&mut self.steps, policy::weight(path))?;
        let chain: Vec<Certificate> = path.iter().map(|c| (*c).clone()).collect();
        let policies = match policy::check(path, self.inputs) {
            Ok(policies) => policies,
            Err(()) => return Ok(self.fails(PathFailure::Policy, chain)),
        };
        // From the anchor down: what is known of a CA tells what its statements are worth.
        let mut control = status::control(self.inputs);
        let mut revocation = Vec::new();
        let mut failure = None;
        for position in (0..path.len().saturating_sub(1)).rev() {
            let known = self.status(path, &chain, position, control)?;
            control = known.control;
            match known.outcome {
                Ok(known) => revocation.push(known),
                Err(found) if failure.is_none_or(|other| weight(found) >= weight(other)) => failure = Some(found),
                Err(_) => {}
            }
        }
        if let Some(failure) = failure {
            return Ok(self.fails(failure, chain));
        }
        revocation.reverse();
        Ok(Some(PathResult { chain, revocation, policies }))
    }

    fn fails(&mut self, failure: PathFailure, chain: Vec<Certificate>) -> Option<PathResult> {
        if self.tolerant {
            self.first = self.first.or(Some(failure));
            return Some(PathResult { chain, revocation: Vec::new(), policies: Vec::new() });
        }
        if self.closest.is_none_or(|known| weight(failure) > weight(known)) {
            self.closest = Some(failure);
        }
        None
    }

    /// Revocation of one certificate of a path; asked once for the same certificate, issuer and anchor.
    fn status(&mut self, path: &[&'a Certificate], chain: &[Certificate], position: usize, control: Time) -> Result<Status, PathFailure> {
        let (Some(certificate), Some(issuer), Some(above)) = (path.get(position), path.get(position + 1), chain.get(position + 1..)) else {
            return Ok(Status { outcome: Err(PathFailure::RevocationUnknown), control });
        };
        let key = (identity(certificate), identity(issuer), path.last().map_or(0, |anchor| identity(anchor)), control);
        if let Some(known) = self.statuses.get(&key) {
            return Ok(known.clone());
        }
        if status::asks(self.inputs) {
            self.signatures.take(1)?;
        }
        let known = status::of(certificate, position == 0, above, self.pool, self.inputs, control, self.signatures)?;
        self.statuses.insert(key, known.clone());
        Ok(known)
    }

    /// Anchors first, then the pool; those whose key identifier fits before those without one, and those where it differs last (a hint
    /// only, RFC 5280 4.2.1.1).
    fn issuers(&self, current: &Certificate) -> Vec<(&'a Certificate, bool)> {
        let name = current.comparable_issuer();
        let rank = |c: &Certificate| match (current.authority_key_id(), c.subject_key_id()) {
            (Some(wanted), Some(has)) if wanted == has => 0,
            (Some(_), Some(_)) => 2,
            _ => 1,
        };
        let mut pool: Vec<&'a Certificate> = self.by_subject.get(name).cloned().unwrap_or_default();
        pool.sort_by_key(|c| rank(c));
        let mut anchors: Vec<&'a Certificate> = self.anchors_by_subject.get(name).cloned().unwrap_or_default();
        anchors.sort_by_key(|c| rank(c));
        anchors.into_iter().map(|c| (c, true)).chain(pool.into_iter().map(|c| (c, false))).collect()
    }

    /// The signature of one certificate under the key of another; each pair is computed once.
    fn signed_by(&mut self, subject: &Certificate, issuer: &Certificate) -> Result<Result<(), PathFailure>, PathFailure> {
        let pair = (identity(subject), identity(issuer));
        if let Some(known) = self.links.get(&pair) {
            return Ok(*known);
        }
        let done = match subject.signature_algorithm() {
            None => Err(PathFailure::AlgorithmUnsupported),
            Some(algorithm) => {
                let computed = self.signatures.verify(issuer.public_key(), algorithm, subject.tbs_der(), subject.signature())?;
                computed.map_err(|failure| match failure {
                    VerifyFailure::Unsupported(_) => PathFailure::AlgorithmUnsupported,
                    VerifyFailure::Wrong | VerifyFailure::Malformed(_) => PathFailure::BadSignature,
                })
            }
        };
        let done = done.or_else(|failure| if on(Check::PathSignature) { Err(failure) } else { Ok(()) });
        self.links.insert(pair, done);
        Ok(done)
    }

    /// What RFC 5280 6.1.4 asks of an issuer, given what lies below it.
    fn check_issuer(
        &mut self,
        issuer: &'a Certificate,
        is_anchor: bool,
        below: &[&'a Certificate],
    ) -> Result<Result<(), PathFailure>, PathFailure> {
        match self.plain_checks(issuer, is_anchor, below) {
            Ok(()) => self.name_checks(issuer, below),
            Err(failure) => Ok(Err(failure)),
        }
    }

    fn plain_checks(&self, issuer: &Certificate, is_anchor: bool, below: &[&Certificate]) -> Result<(), PathFailure> {
        // An anchor in the old version 1 form says nothing about being a CA; one that says it is none issues nothing.
        if !issuer.is_ca() && (!is_anchor || issuer.has_extensions()) && on(Check::PathIssuerIsCa) {
            return Err(PathFailure::NotCa);
        }
        if issuer.key_usage().is_some_and(|usage| !usage.key_cert_sign) && on(Check::PathIssuerSigns) {
            return Err(PathFailure::KeyUsage);
        }
        let intermediates = below.iter().skip(1).filter(|c| !c.is_self_issued()).count();
        if issuer.path_len().is_some_and(|limit| intermediates as u64 > u64::from(limit)) && on(Check::PathLength) {
            return Err(PathFailure::PathTooLong);
        }
        if is_anchor {
            return Ok(());
        }
        check_extensions(issuer, Check::PathIssuerCritical)?;
        check_time(issuer, self.inputs.time, false)
    }

    /// The issuer's name constraints over every certificate below it, self-issued intermediates excepted (6.1.3 b).
    fn name_checks(&mut self, issuer: &'a Certificate, below: &[&'a Certificate]) -> Result<Result<(), PathFailure>, PathFailure> {
        if issuer.extension(&oid::NAME_CONSTRAINTS).is_none() {
            return Ok(Ok(()));
        }
        let key = identity(issuer);
        let parsed = self.constraints.entry(key).or_insert_with(|| NameConstraints::of(issuer));
        let Ok(Some(constraints)) = parsed else {
            return Ok(if on(Check::PathConstraintsRead) { Err(PathFailure::NameConstraint) } else { Ok(()) });
        };
        for (position, certificate) in below.iter().enumerate() {
            if position > 0 && certificate.is_self_issued() {
                continue;
            }
            match constraints.allow(certificate, &mut self.names) {
                Some(true) => {}
                Some(false) => return Ok(Err(PathFailure::NameConstraint)),
                None => return Err(PathFailure::Budget),
            }
        }
        Ok(Ok(()))
    }
}
