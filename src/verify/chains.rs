//! The verify room: chains that were validated before. Takes a certificate, what came with it and what it is asked by; gives the path or its failure,
//! computed once for the same bytes. Trust and policy are the same for the life of one of these: the verifier that owns it cannot change them.

use crate::crypto::KnownSignatures;
use crate::crypto::digest::{DigestAlgorithm, Hasher};
use crate::pki::certificate::Certificate;
use crate::pki::existence::Existence;
use crate::pki::path::{self, PathFailure, PathInputs, PathResult};
use crate::pki::revocation::{Freshness, RevocationData, RevocationMode};
use crate::pki::role::Role;
use crate::pki::trust::TrustAnchors;
use crate::time::Time;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Most outcomes that are kept; then it begins anew.
const MAX_KEPT: usize = 1_024;

pub(super) type Outcome = Arc<Result<PathResult, PathFailure>>;

/// What a chain is asked by.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    pub(super) role: Role,
    pub(super) time: Time,
    pub(super) revocation: RevocationMode,
    pub(super) freshness: Freshness,
    pub(super) data: &'a RevocationData,
    pub(super) existence: &'a Existence,
}

/// The outcomes, shared by threads.
#[derive(Default)]
pub(super) struct Chains {
    known: Mutex<HashMap<Vec<u8>, Outcome>>,
    computed: AtomicUsize,
    /// Of paths and of what revocation rests on: the time that a document is proven by is its own, the authorities behind it are not.
    pub(super) signatures: KnownSignatures,
}

impl Chains {
    /// As [`path::validate`], which it asks once for each certificate with the same company and the same question.
    pub(super) fn validate(&self, leaf: &Certificate, pool: &[Certificate], trust: &TrustAnchors, asked: &Question<'_>) -> Outcome {
        let key = key(leaf, pool, asked);
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Arc::clone(known);
        }
        let inputs = PathInputs {
            revocation: asked.revocation,
            freshness: asked.freshness,
            data: Some(asked.data),
            existence: Some(asked.existence),
            known: Some(&self.signatures),
            ..PathInputs::at(asked.time, asked.role)
        };
        // Not under the lock: others go on. Two threads may compute the same at first.
        let outcome = Arc::new(path::validate(leaf, pool, trust, &inputs));
        self.computed.fetch_add(1, Ordering::Relaxed);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_KEPT {
            known.clear();
        }
        known.insert(key, Arc::clone(&outcome));
        outcome
    }

    /// How many were computed, not found again.
    pub(super) fn computed(&self) -> usize {
        self.computed.load(Ordering::Relaxed)
    }
}

/// SHA-256 over the certificate and all that may be on its path, each with its length before it, and over what is asked.
fn key(leaf: &Certificate, pool: &[Certificate], asked: &Question<'_>) -> Vec<u8> {
    let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
    for certificate in std::iter::once(leaf).chain(pool) {
        hasher.update(&(certificate.der().len() as u64).to_be_bytes());
        hasher.update(certificate.der());
    }
    hasher.update(&[asked.role as u8, asked.revocation as u8]);
    let moment = |time: Time| time.unix().to_be_bytes();
    hasher.update(&moment(asked.time));
    let lists = asked.data.crls.iter().map(|list| list.sha256());
    for proof in asked.data.ocsp.iter().map(|response| response.sha256()).chain(lists) {
        hasher.update(&proof);
        hasher.update(&moment(asked.existence.of(&proof)));
    }
    hasher.finish()
}
