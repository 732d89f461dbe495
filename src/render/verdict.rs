//! The render room: which of the few verdicts a reader meets first. Takes a report, gives a name for what it says; decides nothing that the
//! report has not decided.

use crate::verify::{Check, CryptoStatus, Indication, Kind, Report, SignatureReport};

/// The first word of a page, from the report's own fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    /// Clean, as the report has it.
    Clean,
    /// There is no signature.
    Unsigned,
    /// Passed, and changed since.
    Changed,
    /// What is at hand does not decide.
    Undecided,
    /// Broken.
    Failed,
}

impl Verdict {
    pub(super) fn of(signature: &SignatureReport) -> Verdict {
        match signature.overall.indication {
            _ if signature.clean => Verdict::Clean,
            Indication::TotalFailed => Verdict::Failed,
            Indication::Indeterminate => Verdict::Undecided,
            Indication::TotalPassed => Verdict::Changed,
        }
    }

    /// The gravest of all signatures.
    pub(super) fn of_document(report: &Report) -> Verdict {
        match report.signatures.iter().map(Verdict::of).max() {
            None => Verdict::Unsigned,
            Some(_) if report.clean => Verdict::Clean,
            // A report that is not clean never looks so.
            Some(worst) => worst.max(Verdict::Changed),
        }
    }

    /// The name in codes of words and in the page's style.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Verdict::Clean => "clean",
            Verdict::Unsigned => "unsigned",
            Verdict::Changed => "changed",
            Verdict::Undecided => "undecided",
            Verdict::Failed => "failed",
        }
    }
}

/// Who signed, and whether that is confirmed: a certificate that nobody vouches for can have any name.
pub(super) fn who(signature: &SignatureReport) -> (&'static str, Option<&str>) {
    let confirmed = signature.crypto.status == CryptoStatus::Ok && signature.chain.check == Check::Ok;
    let label = match (signature.kind, confirmed) {
        (Kind::Signature, true) => "label.signed_by",
        (Kind::Signature, false) => "label.claims_signed_by",
        (Kind::DocumentTimestamp, true) => "label.stamped_by",
        (Kind::DocumentTimestamp, false) => "label.claims_stamped_by",
    };
    let name = signature.signer.as_ref().map(|signer| signer.name.as_deref().unwrap_or(&signer.subject));
    (label, name.or(signature.claimed_name.as_deref()))
}

/// When, and on whose word.
pub(super) fn when(signature: &SignatureReport) -> (&'static str, Option<crate::time::Time>) {
    let confirmed = signature.crypto.status == CryptoStatus::Ok && signature.chain.check == Check::Ok;
    match (&signature.token, signature.time.proof_of_existence) {
        (Some(token), _) if confirmed => ("label.time_stamped", Some(token.time)),
        (_, Some(proven)) => ("label.time_proven", Some(proven)),
        (Some(token), None) => ("label.time_claimed", Some(token.time)),
        (None, None) => ("label.time_claimed", signature.claimed_time),
    }
}
