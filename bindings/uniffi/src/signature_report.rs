//! What was found out about one signature, as records.

use crate::verdict::{
    ChangeKind, Check, Coverage, CryptoStatus, Indication, Permitted, ReasonFamily, SignatureKind, SignatureLevel, SubIndication,
};
use thrivosign::{Time, verify as core};

/// The cryptographic facts.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct CryptoFacts {
    /// How it came out.
    pub status: CryptoStatus,
    /// Code of the reason, unless ok.
    pub reason: Option<String>,
    /// The digest algorithm of the content.
    pub digest_algorithm: Option<String>,
    /// The signature algorithm.
    pub signature_algorithm: Option<String>,
}

/// A later change.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Change {
    /// What kind of change.
    pub kind: ChangeKind,
    /// What it is, in words.
    pub detail: String,
    /// The objects, `N G R`, or a path from the catalog.
    pub objects: Vec<String>,
    /// The pages, counted from 1.
    pub pages: Vec<i64>,
    /// The old value, where it is text.
    pub old: Option<String>,
    /// The new value, where it is text.
    pub new: Option<String>,
}

/// The signer's certificate.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SignerFacts {
    /// Common name, for people.
    pub name: Option<String>,
    /// Subject (RFC 4514).
    pub subject: String,
    /// Issuer (RFC 4514).
    pub issuer: String,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Valid from, in seconds since 1970-01-01T00:00:00Z.
    pub not_before: i64,
    /// Valid to.
    pub not_after: i64,
    /// SHA-256 of the certificate, hexadecimal.
    pub sha256: String,
    /// Certificate policies.
    pub policies: Vec<String>,
    /// Whether the signing-certificate attribute names it: `v2`, `v1`, `missing` or `mismatch`.
    pub signing_certificate_attribute: String,
}

/// How the chain came out.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ChainStatus {
    /// The check.
    pub check: Check,
    /// Subjects from the signer to the anchor, if a chain was found.
    pub certificates: Vec<String>,
    /// The time it was judged at, in seconds since 1970-01-01T00:00:00Z.
    pub judged_at: i64,
}

/// The derived verdict (EN 319 102-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Overall {
    /// The indication.
    pub indication: Indication,
    /// The sub-indication.
    pub sub_indication: Option<SubIndication>,
}

/// One reason why a signature is not clean.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Reason {
    /// The stable code.
    pub code: String,
    /// The check it comes from.
    pub family: ReasonFamily,
    /// What it means.
    pub text: String,
    /// What was seen, without content of the document.
    pub detail: Option<String>,
    /// Byte offset.
    pub offset: Option<i64>,
}

/// Everything about one signature.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SignatureReport {
    /// Fully qualified field name.
    pub field: String,
    /// Signature or time stamp.
    pub kind: SignatureKind,
    /// Format.
    pub sub_filter: Option<String>,
    /// The revision it belongs to, counted from 1.
    pub revision: i64,
    /// The four numbers of the byte range, where it is well formed.
    pub byte_range: Option<Vec<i64>>,
    /// Mathematics and structure.
    pub crypto: CryptoFacts,
    /// What it covers.
    pub coverage: Coverage,
    /// What changed since; the set of kinds, `None` if nothing.
    pub changes: Vec<ChangeKind>,
    /// Each change.
    pub change_details: Vec<Change>,
    /// Whether the signed revision permits the changes.
    pub permitted: Permitted,
    /// Crypto ok, at least its whole revision covered, every change harmless or stated as permitted. Independent of trust.
    pub intact: bool,
    /// The signer.
    pub signer: Option<SignerFacts>,
    /// The time the signer claims, in seconds since 1970-01-01T00:00:00Z.
    pub claimed_time: Option<i64>,
    /// Why, as claimed.
    pub reason: Option<String>,
    /// Where, as claimed.
    pub location: Option<String>,
    /// The chain.
    pub chain: ChainStatus,
    /// Revocation.
    pub revocation: Check,
    /// Proof of existence.
    pub time: Check,
    /// The level really reached.
    pub level: SignatureLevel,
    /// What costs only the level's label.
    pub deviations: Vec<String>,
    /// The verdict.
    pub overall: Overall,
    /// Why it is not clean, most telling first.
    pub reasons: Vec<Reason>,
    /// The word a clerk needs.
    pub clean: bool,
}

fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

impl From<&core::SignatureReport> for SignatureReport {
    fn from(report: &core::SignatureReport) -> SignatureReport {
        let text = |text: &'static str| text.to_owned();
        SignatureReport {
            field: report.field.clone(),
            kind: report.kind.into(),
            sub_filter: report.sub_filter.clone(),
            revision: i64::try_from(report.revision).unwrap_or(i64::MAX),
            byte_range: report.byte_range.map(|range| range.map(number).to_vec()),
            crypto: CryptoFacts {
                status: report.crypto.status.into(),
                reason: report.crypto.reason.map(text),
                digest_algorithm: report.crypto.digest_algorithm.map(text),
                signature_algorithm: report.crypto.signature_algorithm.map(text),
            },
            coverage: report.coverage.into(),
            changes: report.changes.iter().map(|kind| (*kind).into()).collect(),
            change_details: report.change_details.iter().map(Change::from).collect(),
            permitted: report.permitted.into(),
            intact: report.intact,
            signer: report.signer.as_ref().map(SignerFacts::from),
            claimed_time: report.claimed_time.map(Time::unix),
            reason: report.reason.clone(),
            location: report.location.clone(),
            chain: ChainStatus {
                check: (&report.chain.check).into(),
                certificates: report.chain.certificates.clone(),
                judged_at: report.chain.judged_at.unix(),
            },
            revocation: (&report.revocation.check).into(),
            time: (&report.time.check).into(),
            level: report.level.into(),
            deviations: report.deviations.iter().map(|deviation| deviation.text().to_owned()).collect(),
            overall: Overall {
                indication: report.overall.indication.into(),
                sub_indication: report.overall.sub_indication.map(SubIndication::from),
            },
            reasons: report.reasons.iter().map(Reason::from).collect(),
            clean: report.clean,
        }
    }
}

impl From<&core::ChangeEntry> for Change {
    fn from(entry: &core::ChangeEntry) -> Change {
        Change {
            kind: entry.kind.into(),
            detail: entry.detail.clone(),
            objects: entry.objects.clone(),
            pages: entry.pages.iter().map(|page| number(*page)).collect(),
            old: entry.old.clone(),
            new: entry.new.clone(),
        }
    }
}

impl From<&core::SignerFacts> for SignerFacts {
    fn from(facts: &core::SignerFacts) -> SignerFacts {
        SignerFacts {
            name: facts.name.clone(),
            subject: facts.subject.clone(),
            issuer: facts.issuer.clone(),
            serial: facts.serial.clone(),
            not_before: facts.not_before.unix(),
            not_after: facts.not_after.unix(),
            sha256: facts.sha256.clone(),
            policies: facts.policies.clone(),
            signing_certificate_attribute: facts.signing_certificate_attribute.to_owned(),
        }
    }
}

impl From<&core::ReasonEntry> for Reason {
    fn from(entry: &core::ReasonEntry) -> Reason {
        Reason {
            code: entry.code.to_owned(),
            family: entry.family.into(),
            text: entry.text.to_owned(),
            detail: entry.detail.clone(),
            offset: entry.offset.map(number),
        }
    }
}
