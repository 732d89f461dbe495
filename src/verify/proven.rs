//! The verify room: since when each signature is proven to have existed (EN 319 102-1 5.6.2.3). Takes the facts, trust and evidence; gives times. The
//! newest document time stamp is judged now, each older one at the time that a newer one proves, and so are the time stamps of the signatures: a
//! time stamp whose certificate has expired still counts if another took over before. A time that somebody claims is never one.

use super::chains::{Chains, Question};
use super::facts::{Facts, SignatureFacts};
use super::policy::{Policy, Revocation};
use super::{lasting, trust};
use crate::cms::{CmsFacts, Expect};
use crate::evidence::Bundle;
use crate::pki::existence::Existence;
use crate::pki::revocation::Proof;
use crate::pki::role::Role;
use crate::pki::trust::TrustAnchors;
use crate::switch::{Check, on};
use crate::time::Time;

/// What time stamps are judged by.
pub(super) struct Court<'a> {
    pub(super) trust: &'a TrustAnchors,
    pub(super) policy: &'a Policy,
    pub(super) chains: &'a Chains,
    /// Everything at hand.
    pub(super) evidence: &'a Bundle,
    pub(super) revocation: Revocation,
}

/// A time stamp that holds.
#[derive(Clone)]
pub(super) struct Proven {
    /// The time it proves: its own, unless it is known to have existed before.
    pub(super) at: Time,
    /// SHA-256 of the token.
    pub(super) sha256: [u8; 32],
    /// Its place among the signatures, of a document time stamp.
    pub(super) seal: Option<usize>,
    /// What the authority stated.
    pub(super) stated: Time,
    /// Until when it stays provable by itself, by what is known today.
    pub(super) until: Option<Time>,
    /// The statements about revocation that its chain rests on.
    pub(super) proofs: Vec<Proof>,
}

/// What is proven about one signature.
#[derive(Clone)]
pub(super) struct Past {
    /// Since when it is known to exist: now, if nothing proves more.
    pub(super) since: Time,
    /// Its own time stamps that hold.
    pub(super) stamps: Vec<Proven>,
    /// Whether a time stamp of its own proves nothing.
    pub(super) refused: bool,
    /// The document time stamps over it that hold, the newest first.
    pub(super) seals: Vec<Proven>,
}

/// In the order of the signatures; and since when the evidence is known to exist.
pub(super) struct History {
    pub(super) signatures: Vec<Past>,
    pub(super) existence: Existence,
}

pub(super) fn history(facts: &Facts, now: Time, court: &Court<'_>) -> History {
    let mut history = History {
        signatures: vec![Past { since: now, stamps: Vec::new(), refused: false, seals: Vec::new() }; facts.signatures.len()],
        existence: Existence::at(now),
    };
    let end = |signature: &SignatureFacts| signature.covered.as_ref().map_or(0, |covered| covered.end);
    let mut seals: Vec<usize> = (0..facts.signatures.len()).filter(|at| facts.signatures.get(*at).is_some_and(is_seal)).collect();
    seals.sort_by_key(|at| std::cmp::Reverse(facts.signatures.get(*at).map_or(0, end)));
    for at in seals {
        let (Some(signature), Some(past)) = (facts.signatures.get(at), history.signatures.get(at)) else { continue };
        let Some(cms) = &signature.cms else { continue };
        let sha256 = signature.token_sha256;
        let Some(proven) = stamp(cms, sha256, past.since, &history.existence, court) else { continue };
        let proven = Proven { seal: Some(at), ..proven };
        for (covered, past) in facts.signatures.iter().zip(&mut history.signatures) {
            if covered.covered.is_ok() && end(covered) < end(signature) {
                past.since = past.since.min(proven.at);
                past.seals.push(proven.clone());
            }
        }
        signature.seals.iter().for_each(|item| history.existence.prove(*item, proven.at));
    }
    for (signature, past) in facts.signatures.iter().zip(&mut history.signatures) {
        let known = past.since;
        for token in &signature.stamps {
            match token.cms.as_ref().and_then(|cms| stamp(cms, token.sha256, known, &history.existence, court)) {
                Some(proven) => {
                    past.since = past.since.min(proven.at);
                    past.stamps.push(proven);
                }
                None => past.refused = true,
            }
        }
    }
    history
}

/// Whether it is a document time stamp whose bytes and mathematics hold.
fn is_seal(signature: &SignatureFacts) -> bool {
    let holds = signature.fault.is_none() && signature.cms.as_ref().is_some_and(|cms| cms.failure.is_none());
    holds && signature.covered.is_ok() && signature.expect == Some(Expect::TimeStamp)
}

/// What a token proves that is known to exist since `known`; nothing if anything about it does not hold.
pub(super) fn stamp(cms: &CmsFacts, sha256: [u8; 32], known: Time, existence: &Existence, court: &Court<'_>) -> Option<Proven> {
    let (None, Some(signer), Some(info)) = (&cms.failure, &cms.signer, &cms.time_stamp) else { return None };
    // Made after something that is over it: one of the two clocks lies.
    if info.time > known.plus(court.policy.clock_skew) && on(Check::StampInOrder) {
        return None;
    }
    let key = Some(signer.public_key().algorithm());
    let weak =
        [cms.digest_algorithm, cms.content_digest_algorithm].into_iter().any(|digest| court.policy.weak(digest, key, known).is_some());
    if weak && on(Check::StampAlgorithms) {
        return None;
    }
    let role = if on(Check::StampRole) { Role::TimeStamping } else { Role::Any };
    let asked = Question {
        role,
        time: known,
        revocation: court.revocation,
        freshness: court.policy.freshness,
        data: &court.evidence.revocation,
        existence,
    };
    let pool = trust::pool(cms, court.evidence);
    let outcome = court.chains.validate(signer, &pool, court.trust, &asked);
    let path = match &*outcome {
        Ok(path) => path,
        Err(_) if !on(Check::StampChain) => {
            return Some(Proven { at: info.time.min(known), sha256, seal: None, stated: info.time, until: None, proofs: Vec::new() });
        }
        Err(_) => return None,
    };
    if trust::weak_link(&path.chain, court.policy, known).is_some() && on(Check::StampAlgorithms) {
        return None;
    }
    let until = lasting::end(cms, &path.chain, court.policy);
    Some(Proven { at: info.time.min(known), sha256, seal: None, stated: info.time, until, proofs: trust::proofs(&path.revocation) })
}
