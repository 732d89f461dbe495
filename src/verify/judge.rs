//! The verify room: facts, policy, trust and time in; the report out. Pure, and the only place with an opinion. Every field is derived
//! once; the indication comes from the reason table in one function.

use super::VerifyOptions;
use super::changes::{ChangeKind, Found};
use super::coverage::byte_range;
use super::facts::{Facts, SignatureFacts};
use super::locate::{Candidate, Located, text};
use super::permission::{self, Permissions};
use super::policy::Revocation;
use super::reason::{Indication, Reason};
use super::report::{
    ChainStatus, ChangeEntry, Check, Coverage, CryptoFacts, CryptoStatus, Kind, Level, Overall, Permitted, PolicyFacts, ReasonEntry,
    Report, SCHEMA, SignatureReport, SignerFacts,
};
use crate::cms::{CmsFamily, Expect, SigningCertificate};
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::Document;
use crate::pki::certificate::Certificate;
use crate::pki::path::{self, PathFailure};
use crate::time::Time;

pub(super) fn judge(document: &Document<'_>, located: Located, facts: Facts, options: &VerifyOptions<'_>) -> Result<Report> {
    let verified: Vec<bool> =
        facts.signatures.iter().map(|s| s.fault.is_none() && s.cms.as_ref().is_some_and(|c| c.failure.is_none())).collect();
    let fields: Vec<(String, usize)> = located.candidates.iter().map(|c| (c.field.clone(), c.revision)).collect();
    let added_verified = |name: &str, after: usize| {
        let mut matching = fields.iter().zip(&verified).filter(|((field, revision), _)| field == name && *revision > after).peekable();
        matching.peek().is_some() && matching.all(|(_, ok)| *ok)
    };
    let mut signatures = Vec::new();
    let count = located.candidates.len();
    for (candidate, facts) in located.candidates.into_iter().zip(facts.signatures) {
        signatures.push(judge_one(document, &candidate, facts, options, &added_verified)?);
    }
    // What was located is what was judged: a signature that drops out on the way would be one that nobody checked.
    if signatures.len() != count {
        return Err(Error::new(ErrorKind::Internal).context("signatures located and judged differ"));
    }
    let policy = PolicyFacts {
        name: options.policy.name,
        revocation: options.policy.revocation,
        time: options.time,
        trust_anchors: options.trust.len(),
    };
    let clean = !signatures.is_empty() && signatures.iter().all(|s| s.clean);
    Ok(Report { schema: SCHEMA, document: located.facts, policy, signatures, clean })
}

struct Reasons(Vec<ReasonEntry>);

impl Reasons {
    fn push(&mut self, reason: Reason, offset: Option<u64>, detail: Option<String>) {
        self.0.push(ReasonEntry { code: reason.code(), family: reason.family(), text: reason.text(), detail, offset, reason });
    }

    /// The indication of EN 319 102-1 5.1.3: a failure beats what is undecided, and of equals the first found tells most.
    fn overall(&self) -> Overall {
        for wanted in [Indication::TotalFailed, Indication::Indeterminate] {
            if let Some(entry) = self.0.iter().find(|entry| entry.reason.indication() == wanted) {
                return Overall { indication: wanted, sub_indication: entry.reason.sub_indication() };
            }
        }
        Overall { indication: Indication::TotalPassed, sub_indication: None }
    }
}

fn judge_one(
    document: &Document<'_>,
    candidate: &Candidate,
    facts: SignatureFacts,
    options: &VerifyOptions<'_>,
    added_verified: &dyn Fn(&str, usize) -> bool,
) -> Result<SignatureReport> {
    let mut reasons = Reasons(Vec::new());
    let crypto = crypto(&facts, &mut reasons);
    let coverage = facts.covered.as_ref().map_or(Coverage::Broken, |covered| covered.coverage);
    let revision = facts.covered.as_ref().map_or(candidate.revision, |covered| covered.revision);
    let view = document.at(revision);
    let permissions = if facts.covered.is_ok() { permission::stated(view, candidate)? } else { Permissions::default() };
    let changes = changes(&facts.changes.entries, facts.changes.undecided, &permissions, revision, added_verified, &mut reasons);

    let signer = facts.cms.as_ref().and_then(|cms| cms.signer.as_ref());
    let chain = chain(&facts, signer, options, &mut reasons);
    if let Some(cms) = &facts.cms
        && let Some(what) = options.policy.weak(cms.digest_algorithm, signer.map(|s| s.public_key().algorithm()), options.time)
    {
        reasons.push(Reason::WeakAlgorithm, None, Some(what.to_owned()));
    }
    let revocation = match options.policy.revocation {
        Revocation::Off => Check::NotRequiredByPolicy,
        Revocation::IfAvailable => Check::NotChecked,
        Revocation::Require => {
            reasons.push(Reason::RevocationNotChecked, None, None);
            Check::NotChecked
        }
    };
    let dictionary = |key: &str| document.at(candidate.revision).get(&candidate.dict, key);
    let claimed = |key: &str| -> Result<Option<String>> { Ok(dictionary(key)?.as_string().map(text)) };
    let (level, deviations) = level(&facts, dictionary("M")?.as_string());
    let crypto_ok = crypto.status == CryptoStatus::Ok;
    let overall = reasons.overall();
    let intact = crypto_ok && coverage != Coverage::Broken && changes.harmless_or_permitted;
    let clean =
        overall.indication == Indication::TotalPassed && coverage != Coverage::Broken && crypto_ok && changes.clean && reasons.0.is_empty();
    Ok(SignatureReport {
        field: candidate.field.clone(),
        kind: if facts.expect == Some(Expect::TimeStamp) { Kind::DocumentTimestamp } else { Kind::Signature },
        sub_filter: dictionary("SubFilter")?.as_name().map(|n| String::from_utf8_lossy(n).into_owned()),
        revision: revision + 1,
        byte_range: byte_range(candidate),
        crypto,
        coverage,
        changes: changes.kinds,
        change_details: changes.details,
        permitted: changes.permitted,
        intact,
        signer: signer.map(|signer| signer_facts(signer, facts.cms.as_ref().map(|c| c.signing_certificate))),
        claimed_time: dictionary("M")?.as_string().and_then(Time::from_pdf_date),
        reason: claimed("Reason")?,
        location: claimed("Location")?,
        chain,
        revocation,
        time: Check::NotRequiredByPolicy,
        level,
        deviations,
        overall,
        reasons: reasons.0,
        clean,
    })
}

fn crypto(facts: &SignatureFacts, reasons: &mut Reasons) -> CryptoFacts {
    let algorithms =
        facts.cms.as_ref().map(|cms| (cms.digest_algorithm.map(|d| d.name()), cms.signature_algorithm.as_ref().map(|s| s.name())));
    let (digest_algorithm, signature_algorithm) = algorithms.unwrap_or_default();
    if let Some(((reason, offset), detail)) = &facts.fault {
        reasons.push(*reason, *offset, Some(detail.clone()).filter(|d| !d.is_empty()));
    }
    if let Err((reason, offset)) = &facts.covered {
        reasons.push(*reason, *offset, None);
    }
    if let Some(failure) = facts.cms.as_ref().and_then(|cms| cms.failure.as_ref()) {
        let reason = match failure.reason.family() {
            CmsFamily::Format => Reason::CmsAttributes,
            CmsFamily::Hash => Reason::DigestMismatch,
            CmsFamily::Signature => Reason::SignatureWrong,
            CmsFamily::NoSigningCertificate => Reason::SignerMissing,
            CmsFamily::Unsupported => Reason::AlgorithmUnsupported,
        };
        let detail = if failure.detail.is_empty() {
            failure.reason.code().to_owned()
        } else {
            format!("{}: {}", failure.reason.code(), failure.detail)
        };
        reasons.push(reason, None, Some(detail));
    }
    let first = reasons.0.first().map(|entry| entry.reason);
    let status = match first {
        None if facts.cms.is_some() => CryptoStatus::Ok,
        Some(Reason::AlgorithmUnsupported | Reason::SubFilterUnsupported) => CryptoStatus::Unsupported,
        _ => CryptoStatus::Failed,
    };
    CryptoFacts { status, reason: first.map(Reason::code), digest_algorithm, signature_algorithm }
}

struct JudgedChanges {
    kinds: Vec<ChangeKind>,
    details: Vec<ChangeEntry>,
    permitted: Permitted,
    harmless_or_permitted: bool,
    clean: bool,
}

fn changes(
    found: &[Found],
    undecided: bool,
    permissions: &Permissions,
    revision: usize,
    added_verified: &dyn Fn(&str, usize) -> bool,
    reasons: &mut Reasons,
) -> JudgedChanges {
    let mut kinds: Vec<ChangeKind> = found.iter().map(|f| f.entry.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut permitted = if permissions.level.is_some() { Permitted::Yes } else { Permitted::NotStated };
    let (mut harmless_or_permitted, mut clean) = (true, true);
    if !found.is_empty() {
        permitted = Permitted::Yes;
    }
    for change in found {
        let stated = permissions.judge(&change.entry, change.field.as_deref());
        permitted = match (permitted, stated) {
            (Permitted::No, _) | (_, Permitted::No) => Permitted::No,
            (Permitted::NotStated, _) | (_, Permitted::NotStated) => Permitted::NotStated,
            _ => Permitted::Yes,
        };
        let unverified = change.signature.as_ref().is_some_and(|name| !added_verified(name, revision));
        let objects = || Some(format!("{}: {}", change.entry.detail, change.entry.objects.join(" "))).filter(|s| s.len() < 400);
        if unverified {
            reasons.push(Reason::AddedSignatureUnverified, None, objects());
        }
        let filled = change.entry.kind == ChangeKind::FormFilled && stated == Permitted::Yes;
        let harmless = match change.entry.kind {
            ChangeKind::None | ChangeKind::Ltv | ChangeKind::Metadata | ChangeKind::SignatureAdded => !unverified,
            _ => false,
        };
        if stated == Permitted::No {
            reasons.push(Reason::ForbiddenChange, None, objects());
        } else if change.entry.kind == ChangeKind::TrailingBytes {
            reasons.push(Reason::TrailingBytes, None, objects());
        } else if !harmless && !unverified && !filled {
            reasons.push(Reason::LaterChange, None, objects());
        }
        harmless_or_permitted &= stated != Permitted::No && (harmless || stated == Permitted::Yes) && !unverified;
        clean &= stated != Permitted::No && (harmless || filled);
    }
    if undecided {
        reasons.push(Reason::ChangesUndecided, None, None);
        harmless_or_permitted = false;
        clean = false;
    }
    if kinds.is_empty() {
        kinds.push(ChangeKind::None);
    }
    JudgedChanges { kinds, details: found.iter().map(|f| f.entry.clone()).collect(), permitted, harmless_or_permitted, clean }
}

fn chain(facts: &SignatureFacts, signer: Option<&Certificate>, options: &VerifyOptions<'_>, reasons: &mut Reasons) -> ChainStatus {
    let judged_at = options.time;
    let none = |check| ChainStatus { check, certificates: Vec::new(), judged_at };
    let (Some(cms), Some(signer)) = (&facts.cms, signer) else { return none(Check::NotChecked) };
    if cms.failure.is_some() {
        return none(Check::NotChecked);
    }
    let found = match path::validate(signer, &cms.pool, options.trust, options.time) {
        Ok(found) => found,
        Err(failure) => {
            let reason = match failure {
                PathFailure::NoChain => Reason::NoChain,
                PathFailure::Expired { .. } => Reason::ChainExpired,
                PathFailure::NotYetValid { .. } => Reason::ChainNotYetValid,
                _ => Reason::ChainFailure,
            };
            reasons.push(reason, None, Some(failure.code().to_owned()));
            return none(Check::Failed { reason: reason.code() });
        }
    };
    let certificates = found.chain.iter().map(Certificate::subject_text).collect();
    let suits = if facts.expect == Some(Expect::TimeStamp) { signer.suits_time_stamping() } else { signer.suits_signing() };
    if !suits {
        reasons.push(Reason::SignerUnsuitable, None, None);
        return ChainStatus { check: Check::Failed { reason: Reason::SignerUnsuitable.code() }, certificates, judged_at };
    }
    // A weak link anywhere below the anchor is a weak signature.
    let weak = found.chain.iter().take(found.chain.len().saturating_sub(1)).find_map(|certificate| {
        let digest = certificate.signature_algorithm().and_then(|a| a.digest());
        options.policy.weak(digest, Some(certificate.public_key().algorithm()), options.time)
    });
    if let Some(what) = weak {
        reasons.push(Reason::WeakAlgorithm, None, Some(format!("chain: {what}")));
    }
    ChainStatus { check: Check::Ok, certificates, judged_at }
}

fn signer_facts(signer: &Certificate, bound: Option<SigningCertificate>) -> SignerFacts {
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    SignerFacts {
        name: signer.common_name(),
        subject: signer.subject_text(),
        issuer: signer.issuer_text(),
        serial: hex(signer.serial()),
        not_before: signer.not_before(),
        not_after: signer.not_after(),
        sha256: hex(&signer.sha256()),
        policies: signer.policies().iter().map(ToString::to_string).collect(),
        signing_certificate_attribute: match bound {
            Some(SigningCertificate::V2) => "v2",
            Some(SigningCertificate::V1) => "v1",
            Some(SigningCertificate::Mismatch) => "mismatch",
            Some(SigningCertificate::Missing) | None => "missing",
        },
    }
}

/// The level really reached (EN 319 142-1 6.3); what costs only the label is listed.
fn level(facts: &SignatureFacts, date: Option<&[u8]>) -> (Level, Vec<String>) {
    let mut deviations = Vec::new();
    let Some(cms) = facts.cms.as_ref().filter(|c| c.failure.is_none()) else { return (Level::PlainCms, deviations) };
    match facts.expect {
        Some(Expect::TimeStamp) => return (Level::DocumentTimestamp, deviations),
        Some(Expect::CadesDetached) => {}
        _ => deviations.push("the sub-filter is not ETSI.CAdES.detached".to_owned()),
    }
    let mut note = |wrong: bool, what: &str| {
        if wrong {
            deviations.push(what.to_owned());
        }
    };
    note(!cms.has_signed_attributes, "there are no signed attributes");
    note(cms.has_signing_time, "there is a signing-time attribute");
    note(cms.signing_certificate != SigningCertificate::V2, "the signing-certificate-v2 attribute is missing");
    note(cms.was_ber, "the CMS is not in DER");
    note(date.and_then(Time::from_pdf_date).is_none(), "/M is missing or no date");
    if deviations.is_empty() { (Level::BB, deviations) } else { (Level::PlainCms, deviations) }
}
