//! The verify room: facts, policy, trust and time in; the report out. Pure, and the only place with an opinion. Every field is derived
//! once; the indication comes from the reason table in one function.

use super::VerifyOptions;
use super::chains::Chains;
use super::changes::{ChangeKind, Changes, Found};
use super::counted::counted;
use super::coverage::byte_range;
use super::deviation::{Deviation, Deviations};
use super::facts::{Facts, SignatureFacts};
use super::locate::{Candidate, Located};
use super::outcome::{ChainStatus, Check, PathCertificate, RevocationStatus, TimeStatus};
use super::permission::Permissions;
use super::policy::Revocation;
use super::reason::{Indication, Reason};
use super::report::{
    ChangeEntry, Coverage, CryptoFacts, CryptoStatus, Kind, Level, Overall, Permitted, PolicyFacts, ReasonEntry, Report, SCHEMA,
    SignatureReport, SignerFacts, TokenFacts, TrustFacts, TrustRole, VERIFIER,
};
use super::stated::Stated;
use crate::cms::{CmsFacts, CmsFamily, Expect, SigningCertificate};
use crate::error::{Error, ErrorKind, Result};
use crate::pki::certificate::Certificate;
use crate::pki::path::PathFailure;
use crate::switch::{Check as Rule, on};
use crate::time::Time;

pub(super) fn judge(located: Located, facts: Facts, stated: Vec<Stated>, options: &VerifyOptions<'_>, chains: &Chains) -> Result<Report> {
    counted(located.candidates.len(), &facts.signatures, stated.len())?;
    let verified: Vec<bool> =
        facts.signatures.iter().map(|s| s.fault.is_none() && s.cms.as_ref().is_some_and(|c| c.failure.is_none())).collect();
    let fields: Vec<(String, usize)> = located.candidates.iter().map(|c| (c.field.clone(), c.revision)).collect();
    let added_verified = |name: &str, after: usize| {
        let mut matching = fields.iter().zip(&verified).filter(|((field, revision), _)| field == name && *revision > after).peekable();
        matching.peek().is_some() && matching.all(|(_, ok)| *ok)
    };
    let mut signatures = Vec::new();
    let count = located.candidates.len();
    for ((candidate, facts), stated) in located.candidates.into_iter().zip(facts.signatures).zip(stated) {
        let asked = Asked { options, chains, added_verified: &added_verified };
        signatures.push(judge_one(candidate, &facts, stated, &asked));
    }
    // What was located is what was judged: a signature that drops out on the way would be one that nobody checked.
    if signatures.len() != count {
        return Err(Error::new(ErrorKind::Internal).context("signatures located and judged differ"));
    }
    let anchors = options.trust.len();
    let policy = PolicyFacts {
        name: options.policy.name,
        revocation: options.policy.revocation,
        time: options.time,
        trust_anchors: anchors,
        // One set is trusted for both.
        trust: [TrustRole::Signature, TrustRole::TimeStamp].map(|role| TrustFacts { role, anchors }).to_vec(),
        algorithms: options.policy.algorithms(),
    };
    let clean = !signatures.is_empty() && signatures.iter().all(|s| s.clean);
    Ok(Report { schema: SCHEMA, verifier: VERIFIER, document: located.facts, policy, signatures, clean })
}

/// What the judgement of each signature is asked with.
struct Asked<'a> {
    options: &'a VerifyOptions<'a>,
    chains: &'a Chains,
    added_verified: &'a dyn Fn(&str, usize) -> bool,
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

fn judge_one(candidate: Candidate, facts: &SignatureFacts, stated: Stated, asked: &Asked<'_>) -> SignatureReport {
    let options = asked.options;
    let mut reasons = Reasons(Vec::new());
    let crypto = crypto(facts, stated.sub_filter.as_deref(), &mut reasons);
    let coverage = facts.covered.as_ref().map_or(Coverage::Broken, |covered| covered.coverage);
    let revision = facts.covered.as_ref().map_or(candidate.revision, |covered| covered.revision);
    let changes = changes(facts.changes.as_ref(), &stated.permissions, revision, asked.added_verified, &mut reasons);

    let signer = facts.cms.as_ref().and_then(|cms| cms.signer.as_ref());
    let chain = chain(facts, signer, asked, &mut reasons);
    if let Some(cms) = &facts.cms
        && let Some(what) = [cms.digest_algorithm, cms.content_digest_algorithm]
            .into_iter()
            .find_map(|digest| options.policy.weak(digest, signer.map(|s| s.public_key().algorithm()), options.time))
        && on(Rule::AlgorithmsAccepted)
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
    let claimed_time = stated.date.as_deref().and_then(Time::from_pdf_date);
    let (level, deviations) = level(facts, claimed_time);
    let crypto_ok = crypto.status == CryptoStatus::Ok;
    let overall = reasons.overall();
    let intact = crypto_ok && coverage != Coverage::Broken && changes.harmless_or_permitted;
    let clean =
        overall.indication == Indication::TotalPassed && coverage != Coverage::Broken && crypto_ok && changes.clean && reasons.0.is_empty();
    SignatureReport {
        byte_range: byte_range(&candidate),
        field: candidate.field,
        kind: if facts.expect == Some(Expect::TimeStamp) { Kind::DocumentTimestamp } else { Kind::Signature },
        sub_filter: stated.sub_filter,
        revision: revision + 1,
        crypto,
        coverage,
        changes: changes.kinds,
        change_details: changes.details,
        permitted: changes.permitted,
        permissions: stated.permissions.facts(),
        intact,
        signer: signer.map(|signer| signer_facts(signer, facts.cms.as_ref().map(|c| c.signing_certificate))),
        claimed_name: stated.name,
        claimed_time,
        reason: stated.reason,
        location: stated.location,
        token: facts.cms.as_ref().and_then(token),
        chain,
        revocation: RevocationStatus::without_evidence(revocation),
        time: TimeStatus::without_evidence(Check::NotRequiredByPolicy),
        level,
        deviations,
        overall,
        reasons: reasons.0,
        clean,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn token(cms: &CmsFacts) -> Option<TokenFacts> {
    let info = cms.time_stamp.as_ref()?;
    Some(TokenFacts { time: info.time, accuracy: info.accuracy, policy: info.policy.to_string(), serial: hex(&info.serial) })
}

fn crypto(facts: &SignatureFacts, sub_filter: Option<&str>, reasons: &mut Reasons) -> CryptoFacts {
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
    let first = reasons.0.first();
    let (status, what) = match first.map(|entry| entry.reason) {
        None if facts.cms.is_some() => (CryptoStatus::Ok, None),
        Some(Reason::AlgorithmUnsupported) => (CryptoStatus::Unsupported, first.and_then(|entry| entry.detail.clone())),
        Some(Reason::SubFilterUnsupported) => (CryptoStatus::Unsupported, sub_filter.map(str::to_owned)),
        _ => (CryptoStatus::Failed, None),
    };
    let (signers_seen, signers_verified) = facts.cms.as_ref().map_or((0, 0), |cms| (cms.signers_seen, cms.signers_verified));
    let reason = first.map(|entry| entry.reason.code());
    CryptoFacts { status, reason, what, signers_seen, signers_verified, digest_algorithm, signature_algorithm }
}

struct JudgedChanges {
    kinds: Vec<ChangeKind>,
    details: Vec<ChangeEntry>,
    permitted: Permitted,
    harmless_or_permitted: bool,
    clean: bool,
}

fn changes(
    compared: Option<&Changes>,
    permissions: &Permissions,
    revision: usize,
    added_verified: &dyn Fn(&str, usize) -> bool,
    reasons: &mut Reasons,
) -> JudgedChanges {
    let found: &[Found] = compared.map_or(&[], |changes| &changes.entries);
    let undecided = compared.is_some_and(|changes| changes.undecided);
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

fn chain(facts: &SignatureFacts, signer: Option<&Certificate>, asked: &Asked<'_>, reasons: &mut Reasons) -> ChainStatus {
    let options = asked.options;
    let judged_at = options.time;
    let none = |check| ChainStatus { check, certificates: Vec::new(), path: Vec::new(), judged_at };
    let (Some(cms), Some(signer)) = (&facts.cms, signer) else { return none(Check::NotChecked) };
    if cms.failure.is_some() {
        return none(Check::NotChecked);
    }
    let outcome = asked.chains.validate(signer, &cms.pool, options.trust, options.time);
    let found = match &*outcome {
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
    let path: Vec<PathCertificate> = found.chain.iter().map(path_certificate).collect();
    let certificates = path.iter().map(|certificate| certificate.subject.clone()).collect();
    let suits = if facts.expect == Some(Expect::TimeStamp) { signer.suits_time_stamping() } else { signer.suits_signing() };
    if !suits && on(Rule::SignerSuits) {
        reasons.push(Reason::SignerUnsuitable, None, None);
        return ChainStatus { check: Check::Failed { reason: Reason::SignerUnsuitable.code() }, certificates, path, judged_at };
    }
    // A weak link anywhere below the anchor is a weak signature.
    let weak = found.chain.iter().take(found.chain.len().saturating_sub(1)).find_map(|certificate| {
        let digest = certificate.signature_algorithm().and_then(|a| a.digest());
        options.policy.weak(digest, Some(certificate.public_key().algorithm()), options.time)
    });
    if let Some(what) = weak {
        reasons.push(Reason::WeakAlgorithm, None, Some(format!("chain: {what}")));
    }
    ChainStatus { check: Check::Ok, certificates, path, judged_at }
}

fn path_certificate(certificate: &Certificate) -> PathCertificate {
    PathCertificate {
        subject: certificate.subject_text(),
        sha256: hex(&certificate.sha256()),
        not_before: certificate.not_before(),
        not_after: certificate.not_after(),
    }
}

fn signer_facts(signer: &Certificate, bound: Option<SigningCertificate>) -> SignerFacts {
    SignerFacts {
        name: signer.common_name(),
        subject: signer.subject_text(),
        issuer: signer.issuer_text(),
        serial: hex(signer.serial()),
        not_before: signer.not_before(),
        not_after: signer.not_after(),
        sha256: hex(&signer.sha256()),
        policies: signer.policies().iter().map(ToString::to_string).collect(),
        public_key: signer.public_key().algorithm().to_string(),
        signing_certificate_attribute: match bound {
            Some(SigningCertificate::V2) => "v2",
            Some(SigningCertificate::V1) => "v1",
            Some(SigningCertificate::Mismatch) => "mismatch",
            Some(SigningCertificate::Missing) | None => "missing",
        },
    }
}

/// The level really reached (EN 319 142-1 6.3); what costs only the label is listed.
fn level(facts: &SignatureFacts, claimed_time: Option<Time>) -> (Level, Deviations) {
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
    deviations.note(claimed_time.is_none(), Deviation::NoDate);
    if deviations.is_empty() { (Level::BB, deviations) } else { (Level::PlainCms, deviations) }
}
