//! The verify room: facts, policy, trust and time in; the report out. Pure, and the only place with an opinion. Every field is derived
//! once; the indication comes from the reason table in one function.

use super::chains::Chains;
use super::changes::{ChangeKind, Changes, Found};
use super::counted::counted;
use super::coverage::byte_range;
use super::facts::{Facts, SignatureFacts};
use super::level::Level;
use super::locate::{Candidate, Located};
use super::outcome::{Check, Evidence, EvidenceKind, TimeStatus};
use super::permission::Permissions;
use super::policy::{PolicyFacts, Revocation, TrustFacts, TrustRole};
use super::proven::{self, Court, History, Past, Proven};
use super::reason::{Indication, Reason};
use super::report::{
    ChangeEntry, ContentDigest, Coverage, CryptoFacts, CryptoStatus, Kind, Overall, Permitted, ReasonEntry, Report, SCHEMA,
    SignatureReport, TokenFacts, VERIFIER,
};
use super::stated::Stated;
use super::{VerifyOptions, embedded, level, signer, trust};
use crate::cms::{CmsFacts, CmsFamily, Expect};
use crate::crypto::digest::hex;
use crate::error::{Error, ErrorKind, Result};
use crate::pki::role::Role;
use crate::switch::{Check as Rule, on};
use crate::time::Time;

pub(super) fn judge(
    located: Located,
    facts: Facts,
    stated: Vec<Stated>,
    options: &VerifyOptions<'_>,
    chains: &Chains,
    named: &str,
) -> Result<Report> {
    counted(located.candidates.len(), &facts.signatures, stated.len())?;
    let verified: Vec<bool> =
        facts.signatures.iter().map(|s| s.fault.is_none() && s.cms.as_ref().is_some_and(|c| c.failure.is_none())).collect();
    let fields: Vec<(String, usize)> = located.candidates.iter().map(|c| (c.field.clone(), c.revision)).collect();
    let added_verified = |name: &str, after: usize| {
        let mut matching = fields.iter().zip(&verified).filter(|((field, revision), _)| field == name && *revision > after).peekable();
        matching.peek().is_some() && matching.all(|(_, ok)| *ok)
    };
    let evidence = embedded::at_hand(&facts, options.evidence);
    let (trust, policy) = (options.trust, &options.policy);
    let court = Court { trust, policy, chains, evidence: &evidence, revocation: policy.revocation };
    let alone = Court { trust, policy, chains, evidence: &facts.embedded, revocation: Revocation::Require };
    let history = proven::history(&facts, options.time, &court);
    let asked = Asked { facts: &facts.signatures, history: &history, court: &court, alone: &alone, added_verified: &added_verified };
    let count = located.candidates.len();
    let mut signatures = Vec::new();
    for (((candidate, facts), past), stated) in located.candidates.into_iter().zip(&facts.signatures).zip(&history.signatures).zip(stated) {
        signatures.push(judge_one(candidate, facts, past, stated, &asked));
    }
    // What was located is what was judged: a signature that drops out on the way would be one that nobody checked.
    if signatures.len() != count {
        return Err(Error::new(ErrorKind::Internal).context("signatures located and judged differ"));
    }
    let anchors = |role| options.trust.of_role(role).count();
    let roles = [(TrustRole::Signature, Role::Signer), (TrustRole::TimeStamp, Role::TimeStamping)];
    let policy = PolicyFacts {
        name: options.policy.name.clone(),
        sha256: named.to_owned(),
        revocation: options.policy.revocation,
        time: options.time,
        trust_anchors: options.trust.len(),
        trust: roles.map(|(role, of)| TrustFacts { role, anchors: anchors(of) }).to_vec(),
        algorithms: options.policy.algorithms.clone(),
    };
    let clean = !signatures.is_empty() && signatures.iter().all(|s| s.clean);
    Ok(Report { schema: SCHEMA, verifier: VERIFIER, document: located.facts, policy, signatures, clean })
}

/// What the judgement of each signature is asked with.
struct Asked<'a> {
    facts: &'a [SignatureFacts],
    history: &'a History,
    court: &'a Court<'a>,
    /// The embedded evidence alone, revocation required.
    alone: &'a Court<'a>,
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

fn judge_one(candidate: Candidate, facts: &SignatureFacts, past: &Past, stated: Stated, asked: &Asked<'_>) -> SignatureReport {
    let policy = asked.court.policy;
    let mut reasons = Reasons(Vec::new());
    let crypto = crypto(facts, stated.sub_filter.as_deref(), &mut reasons);
    let coverage = facts.covered.as_ref().map_or(Coverage::Broken, |covered| covered.coverage);
    let revision = facts.covered.as_ref().map_or(candidate.revision, |covered| covered.revision);
    let changes = changes(facts.changes.as_ref(), &stated.permissions, revision, asked.added_verified, &mut reasons);

    let signer = facts.cms.as_ref().and_then(|cms| cms.signer.as_ref());
    let holds = facts.cms.as_ref().filter(|cms| cms.failure.is_none());
    let trusted = match (holds, signer) {
        (Some(cms), Some(signer)) => {
            trust::judge(cms, signer, trust::role(facts.expect), past.since, &asked.history.existence, asked.court)
        }
        _ => trust::unasked(policy, past.since),
    };
    trusted.reasons.into_iter().for_each(|(reason, detail)| reasons.push(reason, None, Some(detail)));
    if let Some(cms) = &facts.cms
        && let Some(what) = [cms.digest_algorithm, cms.content_digest_algorithm]
            .into_iter()
            .find_map(|digest| policy.weak(digest, signer.map(|s| s.public_key().algorithm()), past.since))
        && on(Rule::AlgorithmsAccepted)
    {
        reasons.push(Reason::WeakAlgorithm, None, Some(what.to_owned()));
    }
    let dated = stated.date.as_deref().and_then(Time::from_pdf_date);
    // Whoever writes no /M may say it in the CMS; of a document time stamp the token's own time counts.
    let in_the_cms = facts.cms.as_ref().filter(|_| facts.expect != Some(Expect::TimeStamp)).and_then(|cms| cms.signing_time);
    let (form, deviations) = level::form(facts, dated);
    let level = if form == Level::BB { level::raised(asked.facts, facts, past, asked.history, asked.alone) } else { form };
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
        signer: signer.map(|signer| signer::facts(signer, facts.cms.as_ref().map(|c| c.signing_certificate))),
        claimed_name: stated.name,
        claimed_time: dated.or(in_the_cms),
        reason: stated.reason,
        location: stated.location,
        token: facts.cms.as_ref().and_then(|cms| token(cms, &facts.token_sha256)),
        chain: trusted.chain,
        revocation: trusted.revocation,
        time: time(past, trusted.until, asked.history.existence.now()),
        level,
        deviations,
        overall,
        reasons: reasons.0,
        clean,
    }
}

/// The proof of existence, and the time stamps it rests on: those of the signature itself, then those of the document.
fn time(past: &Past, own: Option<Time>, now: Time) -> TimeStatus {
    let evidence = |proven: &Proven| Evidence {
        kind: EvidenceKind::TimeStamp,
        sha256: hex(&proven.sha256),
        produced_at: proven.stated,
        age: now.unix().saturating_sub(proven.stated.unix()),
        proof_of_existence: None,
    };
    let stamps: Vec<Evidence> = past.stamps.iter().chain(&past.seals).map(evidence).collect();
    let check = match (stamps.is_empty(), past.refused) {
        (false, _) => Check::Ok,
        (true, true) => Check::Failed { reason: Reason::StampRefused.code() },
        (true, false) => Check::NotRequiredByPolicy,
    };
    // By the time stamp that lasts longest; without one as long as the signer's own certificates.
    let lasting = past.stamps.iter().chain(&past.seals).map(|proven| proven.until).max().unwrap_or(own);
    let proof_of_existence = (!stamps.is_empty()).then_some(past.since);
    TimeStatus { proof_of_existence, check, evidence: stamps, provable_until: own.and(lasting) }
}

fn token(cms: &CmsFacts, sha256: &[u8; 32]) -> Option<TokenFacts> {
    let info = cms.time_stamp.as_ref()?;
    Some(TokenFacts {
        time: info.time,
        accuracy: info.accuracy,
        policy: info.policy.to_string(),
        serial: hex(&info.serial),
        sha256: hex(sha256),
    })
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
    let cms = facts.cms.as_ref();
    let content = cms.and_then(|cms| {
        let algorithm = cms.content_digest_algorithm?.name();
        cms.content_digest.as_deref().map(|value| ContentDigest { algorithm, value: hex(value) })
    });
    let to_be_signed = cms.and_then(|cms| cms.to_be_signed_digest.as_deref()).map(hex);
    let signature_value = cms.map(|cms| hex(&cms.signature_value)).filter(|value| !value.is_empty());
    CryptoFacts {
        status,
        reason,
        what,
        signers_seen,
        signers_verified,
        digest_algorithm,
        signature_algorithm,
        content,
        to_be_signed,
        signature_value,
    }
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
        let stated = permissions.judge(&change.entry, &change.fields);
        permitted = match (permitted, stated) {
            (Permitted::No, _) | (_, Permitted::No) => Permitted::No,
            (Permitted::NotStated, _) | (_, Permitted::NotStated) => Permitted::NotStated,
            _ => Permitted::Yes,
        };
        let unverified = !change.signatures.iter().all(|name| added_verified(name, revision));
        let objects = || {
            let told = match change.entry.objects.join(" ") {
                none if none.is_empty() => change.entry.detail.clone(),
                objects => format!("{}: {objects}", change.entry.detail),
            };
            Some(told).filter(|told| told.len() < 400)
        };
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
