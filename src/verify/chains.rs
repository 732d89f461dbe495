//! The verify room: chains that were validated before. Takes a certificate and what came with it, gives the path or its failure, computed once
//! for the same bytes. Trust, time and policy are the same for the life of one of these: the verifier that owns it cannot change them.

use crate::crypto::digest::{DigestAlgorithm, Hasher};
use crate::pki::certificate::Certificate;
use crate::pki::path::{self, PathFailure, PathInputs, PathResult};
use crate::pki::role::Role;
use crate::pki::trust::TrustAnchors;
use crate::time::Time;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Most outcomes that are kept; then it begins anew.
const MAX_KEPT: usize = 1_024;

type Outcome = Arc<Result<PathResult, PathFailure>>;

/// The outcomes, shared by threads.
#[derive(Default)]
pub(super) struct Chains {
    known: Mutex<HashMap<Vec<u8>, Outcome>>,
    computed: AtomicUsize,
}

impl Chains {
    /// As [`path::validate`], which it asks once for each certificate with the same company.
    pub(super) fn validate(&self, leaf: &Certificate, pool: &[Certificate], trust: &TrustAnchors, time: Time) -> Outcome {
        let key = key(leaf, pool);
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Arc::clone(known);
        }
        // Not under the lock: others go on. Two threads may compute the same at first.
        let outcome = Arc::new(path::validate(leaf, pool, trust, &PathInputs::at(time, Role::Any)));
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

/// SHA-256 over the certificate and all that may be on its path, each with its length before it.
fn key(leaf: &Certificate, pool: &[Certificate]) -> Vec<u8> {
    let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
    for certificate in std::iter::once(leaf).chain(pool) {
        hasher.update(&(certificate.der().len() as u64).to_be_bytes());
        hasher.update(certificate.der());
    }
    hasher.finish()
}
