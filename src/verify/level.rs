//! The verify room: the level really reached (EN 319 142-1 6). Takes facts and what is proven; gives the level and what costs only the label. A
//! level is never taken from what a document carries, only from what that proves: B-LT needs a second judgement, ten years later, without network
//! and on the embedded evidence alone.

use super::chains::Question;
use super::deviation::{Deviation, Deviations};
use super::facts::SignatureFacts;
use super::proven::{Court, History, Past, Proven, stamp};
use super::trust;
use crate::cms::{Expect, SigningCertificate};
use crate::evidence::Goal;
use crate::pki::existence::Existence;
use crate::pki::revocation::Proof;
use crate::pki::role::Role;
use crate::time::Time;
use serde::{Serialize, Serializer};

/// Ten years, in seconds.
const LATER: i64 = 10 * 365 * 24 * 60 * 60;

/// The level really reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of EN 319 142-1")]
pub enum Level {
    BB,
    BT,
    BLT,
    BLTA,
    PlainCms,
    DocumentTimestamp,
}

impl Level {
    /// Its name, as the report has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Level::BB => "B-B",
            Level::BT => Goal::BT.name(),
            Level::BLT => Goal::BLT.name(),
            Level::BLTA => Goal::BLTA.name(),
            Level::PlainCms => "plain CMS",
            Level::DocumentTimestamp => "document time stamp",
        }
    }

    /// How far it is above B-B; nothing if it is not.
    #[must_use]
    pub const fn goal(self) -> Option<Goal> {
        match self {
            Level::BT => Some(Goal::BT),
            Level::BLT => Some(Goal::BLT),
            Level::BLTA => Some(Goal::BLTA),
            Level::BB | Level::PlainCms | Level::DocumentTimestamp => None,
        }
    }
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// The label by the form of the signature alone.
pub(super) fn form(facts: &SignatureFacts, dated: Option<Time>) -> (Level, Deviations) {
    let mut deviations = Deviations::default();
    let Some(cms) = facts.cms.as_ref().filter(|c| c.failure.is_none()) else { return (Level::PlainCms, deviations) };
    if facts.expect == Some(Expect::TimeStamp) {
        return (Level::DocumentTimestamp, deviations);
    }
    deviations.note(facts.expect != Some(Expect::CadesDetached), Deviation::SubFilter);
    deviations.note(!cms.has_signed_attributes, Deviation::NoSignedAttributes);
    deviations.note(cms.has_signing_time, Deviation::SigningTime);
    deviations.note(cms.signing_certificate != SigningCertificate::V2, Deviation::NotV2);
    deviations.note(cms.was_ber, Deviation::Ber);
    deviations.note(dated.is_none(), Deviation::NoDate);
    if deviations.is_empty() { (Level::BB, deviations) } else { (Level::PlainCms, deviations) }
}

/// How much further than B-B it really goes. `court` holds the embedded evidence alone, with revocation required.
pub(super) fn raised(all: &[SignatureFacts], facts: &SignatureFacts, past: &Past, history: &History, court: &Court<'_>) -> Level {
    if past.stamps.is_empty() && past.seals.is_empty() {
        return Level::BB;
    }
    let Some(proofs) = later(all, facts, past, history, court) else { return Level::BT };
    // A document time stamp over all that the judgement rests on keeps it provable when its signers' certificates are gone.
    let archived = |proof: &Proof| {
        let items = std::iter::once(&proof.sha256).chain(&proof.further);
        items.into_iter().all(|item| history.existence.proven(item).is_some())
    };
    if !past.seals.is_empty() && proofs.iter().all(archived) { Level::BLTA } else { Level::BLT }
}

/// The second judgement: what it rests on, if it passes. What the document carries is taken to exist since a time stamp over it, or since it was
/// made; the time stamp by which the signature is proven is judged at its own time.
fn later(all: &[SignatureFacts], facts: &SignatureFacts, past: &Past, history: &History, court: &Court<'_>) -> Option<Vec<Proof>> {
    let now = history.existence.now();
    let mut existence = Existence::at(now.plus(LATER));
    let data = &court.evidence.revocation;
    let made = data.ocsp.iter().filter_map(|response| Some((response.sha256(), response.produced_at()?)));
    for (item, made) in made.chain(data.crls.iter().map(|list| (list.sha256(), list.this_update()))) {
        existence.prove(item, history.existence.proven(&item).unwrap_or(made));
    }
    let cms = facts.cms.as_ref()?;
    let signer = cms.signer.as_ref()?;
    let question = Question {
        role: Role::Signer,
        time: past.since,
        revocation: court.revocation,
        freshness: court.policy.freshness,
        data,
        existence: &existence,
    };
    let outcome = court.chains.validate(signer, &trust::pool(cms, court.evidence), court.trust, &question);
    let mut proofs = trust::proofs(&outcome.as_ref().as_ref().ok()?.revocation);
    let own = facts.stamps.iter().filter_map(|token| token.cms.as_ref().map(|cms| (cms, token.sha256)));
    let proven: Option<Proven> =
        own.filter_map(|(cms, sha256)| stamp(cms, sha256, cms.time_stamp.as_ref()?.time, &existence, court)).next().or_else(|| {
            let seal = past.seals.iter().find(|seal| seal.at == past.since)?;
            let cms = all.get(seal.seal?)?.cms.as_ref()?;
            stamp(cms, seal.sha256, seal.stated, &existence, court)
        });
    proofs.extend(proven?.proofs);
    Some(proofs)
}
