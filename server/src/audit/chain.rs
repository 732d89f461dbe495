//! Every agreement's audit records, and those of what officers did: takes them as they stand in a store, says where a chain is not whole. Believes nothing of the database, whose owner is
//! whom this is against.

use super::finding::{Finding, Kind};
use crate::failure::Failure;
use crate::store::audit;
use std::collections::BTreeMap;
use std::path::Path;
use thrivosign::crypto::digest::sha256;
use thrivosign::remote::audit::AuditRecord;

/// The records by agreement, each agreement's in order; those of officers by the word `officers`.
#[derive(Clone, Default)]
pub struct Trail(pub BTreeMap<String, Vec<AuditRecord>>);

impl Trail {
    /// The records of that store, which is only read, at one moment, also beside a running server.
    ///
    /// # Errors
    /// [`Failure`] if there is no store of that name, or it is none.
    pub fn read(store: &Path) -> Result<Trail, Failure> {
        audit::read_all(store).map(Trail)
    }

    /// How many agreements.
    #[must_use]
    pub fn agreements(&self) -> usize {
        self.0.keys().filter(|name| *name != audit::OFFICERS).count()
    }

    /// How many records.
    #[must_use]
    pub fn records(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// What is not whole.
    #[must_use]
    pub fn check(&self) -> Vec<Finding> {
        self.0.iter().flat_map(|(agreement, records)| check(agreement, records)).collect()
    }
}

/// Each record is judged against the one that stands before it, so that one deed is one finding or two, and not one for each record after it.
pub(crate) fn check(agreement: &str, records: &[AuditRecord]) -> Vec<Finding> {
    let finding = |kind, record| Finding { kind, agreement: Some(agreement.to_owned()), record, checkpoint: None };
    if records.is_empty() {
        return vec![finding(Kind::Empty, None)];
    }
    let mut findings = Vec::new();
    let (mut number, mut previous) = (0_u64, [0; 32]);
    for (record, place) in records.iter().zip(1..) {
        if number.checked_add(1) != Some(record.sequence) {
            findings.push(finding(Kind::Misnumbered, Some(place)));
        }
        if record.previous != previous {
            findings.push(finding(Kind::Unlinked, Some(place)));
        }
        if sha256(&record.to_be_hashed()) != record.hash {
            findings.push(finding(Kind::Edited, Some(place)));
        }
        (number, previous) = (record.sequence, record.hash);
    }
    findings
}
