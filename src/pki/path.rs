//! The pki room: path building and validation (RFC 5280 6, RFC 4158).
//!
//! Takes an end entity, a pool, anchors and a time; gives the chain, or the most telling reason why there is none. Everything in the pool
//! is untrusted: an attacker would send ten thousand certificates, loops of cross-certificates, or a CA that is none. Work is budgeted, and
//! a used-up budget is an outcome of its own. Revocation is not looked at.

use crate::crypto::verify::{self, VerifyFailure};
use crate::pki::certificate::Certificate;
use crate::pki::constraints::NameConstraints;
use crate::pki::oid;
use crate::pki::policy;
use crate::pki::trust::TrustAnchors;
use crate::time::Time;
use std::collections::{HashMap, HashSet};
use std::fmt;

/// Most certificates in a chain, end entity and anchor included.
pub const MAX_CHAIN: usize = 16;
const SIGNATURE_CHECKS: u32 = 100;
const PATH_STEPS: u32 = 200_000;
const NAME_COMPARISONS: u32 = 250_000;

/// A valid path.
#[derive(Clone, Debug)]
pub struct PathResult {
    /// From the end entity to the anchor, both included.
    pub chain: Vec<Certificate>,
}

/// Why no path is valid. `leaf` tells the end entity from a CA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PathFailure {
    /// No chain of names leads to an anchor.
    NoChain,
    /// A chain of names leads to an anchor, and a signature in it is wrong.
    BadSignature,
    /// A signature algorithm or key in the chain cannot be verified.
    AlgorithmUnsupported,
    /// A certificate is expired at that time.
    Expired {
        /// Whether it is the end entity's.
        leaf: bool,
    },
    /// A certificate is not valid yet at that time.
    NotYetValid {
        /// Whether it is the end entity's.
        leaf: bool,
    },
    /// An issuer is no CA (RFC 5280 6.1.4 k).
    NotCa,
    /// More intermediate certificates than a CA allows (6.1.4 m), or than [`MAX_CHAIN`].
    PathTooLong,
    /// An issuer's key usage does not allow signing certificates (6.1.4 n).
    KeyUsage,
    /// A critical extension is unknown or cannot be read (6.1.4 o).
    UnknownCriticalExtension,
    /// A name lies outside a CA's name constraints, or the constraints cannot be evaluated (6.1.3 b, c).
    NameConstraint,
    /// A CA demands an explicit policy that the path does not have (6.1.5 g).
    Policy,
    /// The work allowed was used up.
    Budget,
}

impl PathFailure {
    /// The stable code, `snake_case`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            PathFailure::NoChain => "path_no_chain",
            PathFailure::BadSignature => "path_bad_signature",
            PathFailure::AlgorithmUnsupported => "path_algorithm_unsupported",
            PathFailure::Expired { leaf: true } => "path_signer_expired",
            PathFailure::Expired { leaf: false } => "path_ca_expired",
            PathFailure::NotYetValid { leaf: true } => "path_signer_not_yet_valid",
            PathFailure::NotYetValid { leaf: false } => "path_ca_not_yet_valid",
            PathFailure::NotCa => "path_not_ca",
            PathFailure::PathTooLong => "path_too_long",
            PathFailure::KeyUsage => "path_key_usage",
            PathFailure::UnknownCriticalExtension => "path_unknown_critical_extension",
            PathFailure::NameConstraint => "path_name_constraint",
            PathFailure::Policy => "path_policy",
            PathFailure::Budget => "path_budget",
        }
    }
}

impl fmt::Display for PathFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Finds a valid path from `leaf` to one of `anchors` at that time, over certificates of `pool` in any order.
///
/// Of an anchor, name and key count, and the path length and name constraints it carries; its own signature and validity are not checked
/// (RFC 5280 6.1.1 d, RFC 5937). A leaf that is an anchor itself is its own chain.
///
/// # Errors
/// [`PathFailure`]: what is wrong with the chain that comes closest.
pub fn validate(leaf: &Certificate, pool: &[Certificate], anchors: &TrustAnchors, at: Time) -> Result<PathResult, PathFailure> {
    let mut search = Search::new(pool, anchors, at);
    let own = check_leaf(leaf, at);
    if anchors.contains(leaf) {
        return own.map(|()| PathResult { chain: vec![leaf.clone()] });
    }
    if own.is_ok()
        && let Some(chain) = search.extend(&mut vec![leaf])?
    {
        return Ok(PathResult { chain });
    }
    // There is no valid path. Walk again, passing over what is wrong, to tell why: a failure counts only on a chain that ends at an anchor.
    search.tolerant = true;
    search.first = own.err();
    match search.extend(&mut vec![leaf])? {
        Some(_) => Err(search.first.unwrap_or(PathFailure::NoChain)),
        None => Err(search.link_failure.unwrap_or(PathFailure::NoChain)),
    }
}

fn check_leaf(leaf: &Certificate, at: Time) -> Result<(), PathFailure> {
    check_time(leaf, at, true)?;
    check_extensions(leaf)
}

fn check_time(certificate: &Certificate, at: Time, leaf: bool) -> Result<(), PathFailure> {
    if at > certificate.not_after() {
        Err(PathFailure::Expired { leaf })
    } else if at < certificate.not_before() {
        Err(PathFailure::NotYetValid { leaf })
    } else {
        Ok(())
    }
}

fn check_extensions(certificate: &Certificate) -> Result<(), PathFailure> {
    if certificate.unknown_critical_extensions().is_empty() { Ok(()) } else { Err(PathFailure::UnknownCriticalExtension) }
}

struct Search<'a> {
    by_subject: HashMap<&'a [u8], Vec<&'a Certificate>>,
    anchors_by_subject: HashMap<&'a [u8], Vec<&'a Certificate>>,
    at: Time,
    signatures: HashMap<(usize, usize), Result<(), PathFailure>>,
    constraints: HashMap<usize, Result<Option<NameConstraints>, ()>>,
    signature_checks: u32,
    steps: u32,
    names: u32,
    /// Second walk: go on after a failure and remember the first one.
    tolerant: bool,
    first: Option<PathFailure>,
    /// A link by name whose signature does not hold.
    link_failure: Option<PathFailure>,
}

/// Which certificate, for the caches: the address of its bytes, which stays while the search borrows it.
fn identity(certificate: &Certificate) -> usize {
    certificate.der().as_ptr() as usize
}

fn take(left: &mut u32, n: u32) -> Result<(), PathFailure> {
    *left = left.checked_sub(n).ok_or(PathFailure::Budget)?;
    Ok(())
}

impl<'a> Search<'a> {
    fn new(pool: &'a [Certificate], anchors: &'a TrustAnchors, at: Time) -> Search<'a> {
        let mut seen = HashSet::new();
        let mut by_subject: HashMap<&[u8], Vec<&Certificate>> = HashMap::new();
        for certificate in pool {
            if seen.insert(certificate.der()) {
                by_subject.entry(certificate.comparable_subject()).or_default().push(certificate);
            }
        }
        let mut anchors_by_subject: HashMap<&[u8], Vec<&Certificate>> = HashMap::new();
        for anchor in anchors.iter() {
            anchors_by_subject.entry(anchor.comparable_subject()).or_default().push(anchor);
        }
        Search {
            by_subject,
            anchors_by_subject,
            at,
            signatures: HashMap::new(),
            constraints: HashMap::new(),
            signature_checks: SIGNATURE_CHECKS,
            steps: PATH_STEPS,
            names: NAME_COMPARISONS,
            tolerant: false,
            first: None,
            link_failure: None,
        }
    }

    /// Extends a path upwards until an anchor is reached; `Err` only when the budget is used up.
    fn extend(&mut self, path: &mut Vec<&'a Certificate>) -> Result<Option<Vec<Certificate>>, PathFailure> {
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
            if is_anchor {
                match policy::check(path) {
                    Ok(()) => return Ok(Some(path.iter().map(|c| (*c).clone()).collect())),
                    Err(()) if self.tolerant => {
                        self.first = self.first.or(Some(PathFailure::Policy));
                        return Ok(Some(path.iter().map(|c| (*c).clone()).collect()));
                    }
                    Err(()) => {}
                }
            } else if path.len() < MAX_CHAIN {
                if let Some(chain) = self.extend(path)? {
                    return Ok(Some(chain));
                }
            } else {
                self.link_failure = self.link_failure.or(Some(PathFailure::PathTooLong));
            }
            path.pop();
            self.first = before;
        }
        Ok(None)
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
        if let Some(known) = self.signatures.get(&pair) {
            return Ok(*known);
        }
        let done = match subject.signature_algorithm() {
            None => Err(PathFailure::AlgorithmUnsupported),
            Some(algorithm) => {
                take(&mut self.signature_checks, 1)?;
                verify::verify(issuer.public_key(), algorithm, subject.tbs_der(), subject.signature()).map_err(|failure| match failure {
                    VerifyFailure::Unsupported(_) => PathFailure::AlgorithmUnsupported,
                    VerifyFailure::Wrong | VerifyFailure::Malformed(_) => PathFailure::BadSignature,
                })
            }
        };
        self.signatures.insert(pair, done);
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
        if !issuer.is_ca() && (!is_anchor || issuer.has_extensions()) {
            return Err(PathFailure::NotCa);
        }
        if issuer.key_usage().is_some_and(|usage| !usage.key_cert_sign) {
            return Err(PathFailure::KeyUsage);
        }
        let intermediates = below.iter().skip(1).filter(|c| !c.is_self_issued()).count();
        if issuer.path_len().is_some_and(|limit| intermediates as u64 > u64::from(limit)) {
            return Err(PathFailure::PathTooLong);
        }
        if is_anchor {
            return Ok(());
        }
        check_extensions(issuer)?;
        check_time(issuer, self.at, false)
    }

    /// The issuer's name constraints over every certificate below it, self-issued intermediates excepted (6.1.3 b).
    fn name_checks(&mut self, issuer: &'a Certificate, below: &[&'a Certificate]) -> Result<Result<(), PathFailure>, PathFailure> {
        if issuer.extension(&oid::NAME_CONSTRAINTS).is_none() {
            return Ok(Ok(()));
        }
        let key = identity(issuer);
        let parsed = self.constraints.entry(key).or_insert_with(|| NameConstraints::of(issuer));
        let Ok(Some(constraints)) = parsed else { return Ok(Err(PathFailure::NameConstraint)) };
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
