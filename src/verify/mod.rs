//! The verify room: bytes, trust, policy, evidence and time in; a report out.
//!
//! Facts first (`locate`, `coverage`, `digest`, `changes`: what is there), then judgement (`judge`: pure), then the report. A forged,
//! broken or unsigned document is a report; an error means that the verifier could not run. No clock, network or randomness is
//! reached from here, nothing is repaired, and what is not recognised is never clean.

mod chains;
mod changes;
mod counted;
mod coverage;
mod deviation;
mod diff;
mod digest;
mod embedded;
mod extract;
mod facts;
mod judge;
mod lasting;
mod level;
mod listed;
mod locate;
mod outcome;
mod permission;
mod place;
mod policy;
mod proven;
mod reason;
mod rehearse;
mod report;
mod risks;
mod signer;
mod stamps;
mod stated;
mod stray;
mod structure;
mod subjects;
mod trust;
mod verifier;

#[cfg(test)]
#[allow(dead_code, reason = "shared with the test target of that name, which needs more of it")]
#[path = "../../tests/kit/kit.rs"]
mod kit;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod switches;
#[cfg(test)]
mod time_tests;

pub use changes::{ChangeKind, Rule as ChangeRule};
pub use deviation::{Deviation, Deviations};
pub use diff::{Diff, DiffEntry, diff};
pub use extract::{SignedRevision, extract_signed_revision};
pub use facts::KnownDigest;
pub use level::Level;
pub use listed::{ClaimedSignature, signatures};
pub use outcome::{ChainStatus, Check, Evidence, EvidenceKind, PathCertificate, RevocationReason, RevocationStatus, Revoked, TimeStatus};
pub use permission::{LockAction, StatedLock, StatedPermissions};
pub use place::{BoxPlace, box_is_harmless};
pub use policy::{AlgorithmRule, Algorithms, Freshness, Policy, PolicyFacts, PolicyFile, Revocation, RiskSearch, TrustFacts, TrustRole};
pub use reason::{Family, Indication, Reason, SubIndication};
pub use rehearse::rehearse;
pub use report::{
    ChangeEntry, ContentDigest, Coverage, CryptoFacts, CryptoStatus, DocumentFacts, IssuedFor, Kind, Overall, Permitted, ProtectionFacts,
    ReasonEntry, Report, SCHEMA, SignatureReport, SignerFacts, TokenFacts, VERIFIER,
};
pub use risks::{RiskFacts, Risks, UncheckedFacts};
pub use subjects::{SignedBy, signed_by};
pub use verifier::Verifier;

use crate::cancel::Progress;
use crate::crypto::digest::hex;
use crate::error::Result;
use crate::evidence::Bundle;
use crate::pdf::{Document, Source};
use crate::pki::trust::TrustAnchors;
use crate::time::Time;

/// What a verification is given besides the document.
pub struct VerifyOptions<'a> {
    /// Whom to trust for signatures.
    pub trust: &'a TrustAnchors,
    /// The time at which certificates are judged.
    pub time: Time,
    /// The rules.
    pub policy: Policy,
    /// The document's user or owner password.
    pub password: Option<&'a [u8]>,
    /// Certificates and revocation data at hand, beside those that the document carries. Untrusted.
    pub evidence: Option<&'a Bundle>,
}

impl VerifyOptions<'_> {
    /// What a report names the policy by beside its name: SHA-256, in hexadecimal, of all that decides beside document and time.
    fn policy_sha256(&self) -> String {
        hex(&PolicyFile::sha256_of(&self.policy, self.trust, self.evidence))
    }
}

/// Verifies every signature of the document.
///
/// After the call the report names, per signature, what was checked and what came out (EN 319 102-1 5; the fields are those of the
/// published schema).
///
/// # Errors
/// [`crate::ErrorKind::NotPdf`], [`crate::ErrorKind::PdfDamaged`], [`crate::ErrorKind::PasswordRequired`],
/// [`crate::ErrorKind::PasswordWrong`], [`crate::ErrorKind::LimitReached`], [`crate::ErrorKind::SourceUnreadable`],
/// [`crate::ErrorKind::Cancelled`]: the verifier could not run.
pub fn verify(source: &dyn Source, options: &VerifyOptions<'_>, progress: &Progress<'_>) -> Result<Report> {
    let document = Document::open_with_password(source, options.password)?;
    verify_document(&document, options, progress)
}

/// Verifies every signature of an opened document.
///
/// # Errors
/// As [`verify`].
pub fn verify_document(document: &Document<'_>, options: &VerifyOptions<'_>, progress: &Progress<'_>) -> Result<Report> {
    verifier::every(document, options, &chains::Chains::default(), &options.policy_sha256(), progress)
}

/// Verifies the newest revision's signature alone, of a document whose bytes the caller has just written and hashed: nothing but what
/// leads to the signature is read again. The report is for the one who signs: it names the policy without its digest.
///
/// # Errors
/// As [`verify`].
pub fn verify_newest(document: &Document<'_>, known: &KnownDigest, options: &VerifyOptions<'_>, progress: &Progress<'_>) -> Result<Report> {
    let mut located = locate::locate(document)?;
    let newest = document.latest().revision();
    located.candidates.retain(|candidate| candidate.revision == newest);
    let mut facts = facts::gather(document, &located, Some(known), progress)?;
    changes::find(document, &mut facts)?;
    let stated = stated::read(document, &located.candidates, &facts.signatures)?;
    embedded::find(document, &mut facts)?;
    judge::judge(located, facts, stated, options, &chains::Chains::default(), "")
}
