//! The verify room: the report, as data that serialises to the published schema (`docs/schema/report-1.json`). Never one boolean.

use super::changes::ChangeKind;
use super::deviation::Deviations;
use super::level::Level;
use super::outcome::{ChainStatus, RevocationStatus, TimeStatus};
use super::permission::StatedPermissions;
use super::policy::PolicyFacts;
use super::reason::{Family, Indication, Reason, SubIndication};
use super::risks::Risks;
use crate::time::Time;
use serde::{Serialize, Serializer};

/// Name and version of the schema; fields are added, never moved.
pub const SCHEMA: &str = "thrivosign-report-1";
/// Name and version of what verified.
pub const VERIFIER: &str = concat!("thrivosign ", env!("CARGO_PKG_VERSION"));

/// Everything that was found out about one document.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The schema's name and version.
    pub schema: &'static str,
    /// Name and version of the verifier.
    pub verifier: &'static str,
    /// The document as a whole.
    pub document: DocumentFacts,
    /// The rules it was judged by.
    pub policy: PolicyFacts,
    /// One entry per signature and document time stamp, oldest first.
    pub signatures: Vec<SignatureReport>,
    /// Whether there is a signature and every one is clean.
    pub clean: bool,
}

/// The document as a whole.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DocumentFacts {
    /// Bytes.
    pub size: u64,
    /// Revisions.
    pub revisions: usize,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// Names of signature fields with a signature.
    pub signed_fields: Vec<String>,
    /// Names of signature fields without one.
    pub empty_fields: Vec<String>,
    /// Names of signature fields that had one in an earlier revision.
    pub emptied_fields: Vec<String>,
    /// Whether a usage-rights signature stands in `/Perms`.
    pub usage_rights: bool,
    /// Whether the form carries XFA.
    pub xfa: bool,
    /// Whether the document is a portfolio.
    pub portfolio: bool,
    /// Bytes behind the last revision, a tolerated line end not counted.
    pub trailing_bytes: u64,
    /// What may surprise the reader of the document. No part of the verdict.
    pub risks: Risks,
}

/// Signature or time stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A signature.
    Signature,
    /// A document time stamp (ISO 32000-2 12.8.5).
    DocumentTimestamp,
}

/// How the mathematics and the structure came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CryptoStatus {
    /// Both hold.
    Ok,
    /// One fails.
    Failed,
    /// The algorithm or format is not supported.
    Unsupported,
}

/// The cryptographic facts.
#[derive(Clone, Debug, Serialize)]
pub struct CryptoFacts {
    /// How it came out.
    pub status: CryptoStatus,
    /// Code of the reason, unless ok.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// What is not supported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// How many signers the signature names, as far as it could be read. Ok means exactly one.
    pub signers_seen: usize,
    /// How many signature values were computed and found right. Ok means exactly one.
    pub signers_verified: usize,
    /// The digest algorithm of the content.
    pub digest_algorithm: Option<&'static str>,
    /// The signature algorithm.
    pub signature_algorithm: Option<&'static str>,
    /// The digest over the signed ranges as computed, so that an auditor finds the document again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<ContentDigest>,
    /// The digest of the data to be signed (EN 319 102-1 4.2), hexadecimal, under `digest_algorithm`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_be_signed: Option<String>,
    /// The signature value, hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature_value: Option<String>,
}

/// A digest of what was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContentDigest {
    /// Its algorithm.
    pub algorithm: &'static str,
    /// Hexadecimal.
    pub value: String,
}

/// What the signed range covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// The whole file.
    WholeFile,
    /// The whole of its revision; later ones follow.
    WholeRevision,
    /// Anything else.
    Broken,
}

impl Coverage {
    /// Its name, as the report has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Coverage::WholeFile => "WHOLE_FILE",
            Coverage::WholeRevision => "WHOLE_REVISION",
            Coverage::Broken => "BROKEN",
        }
    }
}

impl Serialize for Coverage {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// A later change.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeEntry {
    /// What kind of change.
    pub kind: ChangeKind,
    /// The rule that found it: a stable name (`docs/codes.md`).
    pub rule: &'static str,
    /// What it is, in words.
    pub detail: String,
    /// Where it is: the path from the catalog or the trailer, such as `/Root/AcroForm/Fields[2]/V`, if one leads there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The objects, `N G R`.
    pub objects: Vec<String>,
    /// The pages, counted from 1.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<u64>,
    /// The old value, where it is text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// The new value, where it is text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
}

/// What the signed revision says about later changes (DocMDP, FieldMDP, Lock).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Permitted {
    /// It states that they may be made.
    Yes,
    /// It states that they may not.
    No,
    /// It states nothing.
    NotStated,
}

/// The signer's certificate.
#[derive(Clone, Debug, Serialize)]
pub struct SignerFacts {
    /// Common name, for people.
    pub name: Option<String>,
    /// Subject (RFC 4514).
    pub subject: String,
    /// Issuer (RFC 4514).
    pub issuer: String,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Valid from.
    pub not_before: Time,
    /// Valid to.
    pub not_after: Time,
    /// SHA-256 of the certificate, hexadecimal.
    pub sha256: String,
    /// Certificate policies.
    pub policies: Vec<String>,
    /// Kind and size of the key, such as `p256` or `rsa-3072`.
    pub public_key: String,
    /// Whether the signing-certificate attribute names it: `v2`, `v1`, `missing` or `mismatch`.
    pub signing_certificate_attribute: &'static str,
    /// Where its key lives, as the issuer states it; worth what the issuer is worth. Absent where it states nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_protection: Option<ProtectionFacts>,
    /// What the certificate was issued for, where that is not business.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_for: Option<IssuedFor>,
}

/// What the issuer states of a signer's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProtectionFacts {
    /// `software`, `tee`, `strongbox`, `secure_enclave_app_attested`, or `unreadable`.
    pub level: &'static str,
    /// SHA-256 of the attestation that the issuer verified, hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attestation: Option<String>,
}

/// What a certificate was issued for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IssuedFor {
    /// Development: nothing was proven of the key.
    Development,
}

/// The derived verdict (EN 319 102-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Overall {
    /// The indication.
    pub indication: Indication,
    /// The sub-indication.
    pub sub_indication: Option<SubIndication>,
}

/// One reason, with where it was seen.
#[derive(Clone, Debug, Serialize)]
pub struct ReasonEntry {
    /// The stable code.
    pub code: &'static str,
    /// The check it comes from.
    pub family: Family,
    /// What it means.
    pub text: &'static str,
    /// What was seen, without content of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Byte offset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    #[serde(skip)]
    pub(super) reason: Reason,
}

/// What a time-stamp token says. It is believed only where the crypto and the chain of its signature are ok.
#[derive(Clone, Debug, Serialize)]
pub struct TokenFacts {
    /// The time that the authority states, fractions of a second dropped.
    pub time: Time,
    /// The accuracy in seconds, if stated.
    pub accuracy: Option<u32>,
    /// The authority's policy.
    pub policy: String,
    /// The token's serial number, hexadecimal.
    pub serial: String,
    /// SHA-256 of the token, hexadecimal: what evidence names it by.
    pub sha256: String,
}

/// Everything about one signature.
#[derive(Clone, Debug, Serialize)]
pub struct SignatureReport {
    /// Fully qualified field name.
    pub field: String,
    /// Signature or time stamp.
    pub kind: Kind,
    /// `/SubFilter`.
    pub sub_filter: Option<String>,
    /// The revision it belongs to, counted from 1.
    pub revision: usize,
    /// `/ByteRange`, where it is well formed.
    pub byte_range: Option<[u64; 4]>,
    /// Mathematics and structure.
    pub crypto: CryptoFacts,
    /// What it covers.
    pub coverage: Coverage,
    /// What changed since; the set of kinds, `NONE` if nothing.
    pub changes: Vec<ChangeKind>,
    /// Each change.
    pub change_details: Vec<ChangeEntry>,
    /// Whether the signed revision permits the changes.
    pub permitted: Permitted,
    /// What the signed revision states about changes.
    pub permissions: StatedPermissions,
    /// Crypto ok, at least its whole revision covered, every change harmless or stated as permitted. Independent of trust.
    pub intact: bool,
    /// The signer.
    pub signer: Option<SignerFacts>,
    /// `/Name`, as claimed: the certificate says who it is.
    pub claimed_name: Option<String>,
    /// The time in `/M`, or without one that of the CMS's signing-time attribute, as claimed.
    pub claimed_time: Option<Time>,
    /// `/Reason`, as claimed.
    pub reason: Option<String>,
    /// `/Location`, as claimed.
    pub location: Option<String>,
    /// What the token says, of a document time stamp.
    pub token: Option<TokenFacts>,
    /// The chain.
    pub chain: ChainStatus,
    /// Revocation.
    pub revocation: RevocationStatus,
    /// Proof of existence.
    pub time: TimeStatus,
    /// The level really reached.
    pub level: Level,
    /// What costs only the level's label.
    #[serde(flatten)]
    pub deviations: Deviations,
    /// The verdict.
    pub overall: Overall,
    /// Why it is not clean, most telling first.
    pub reasons: Vec<ReasonEntry>,
    /// The word a clerk needs.
    pub clean: bool,
}

impl Report {
    /// As one line of JSON.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Internal`] if it does not serialise, which no report does.
    pub fn to_json(&self) -> crate::Result<String> {
        serde_json::to_string(self).map_err(|e| crate::Error::new(crate::ErrorKind::Internal).caused_by(e))
    }
}
