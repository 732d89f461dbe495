//! What a verification found out: an object that is asked for what is wanted, so that nobody pays for what is not.

use crate::error::Result;
use crate::signature_report::SignatureReport;
use crate::verify::Revocation;
use crate::words::Words;
use std::sync::Arc;
use thrivosign::{render, verify as core};

/// The document as a whole.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct DocumentFacts {
    /// Bytes.
    pub size: i64,
    /// Revisions.
    pub revisions: i64,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// Names of signature fields with a signature.
    pub signed_fields: Vec<String>,
    /// Names of signature fields without one.
    pub empty_fields: Vec<String>,
    /// Names of signature fields that had one in an earlier revision.
    pub emptied_fields: Vec<String>,
    /// Whether there is a usage-rights signature.
    pub usage_rights: bool,
    /// Whether the form carries XFA.
    pub xfa: bool,
    /// Whether the document is a portfolio.
    pub portfolio: bool,
    /// Bytes behind the last revision, a tolerated line end not counted.
    pub trailing_bytes: i64,
}

/// The rules it was judged by.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PolicyFacts {
    /// Name of the policy.
    pub name: String,
    /// Whether revocation was asked for.
    pub revocation: Revocation,
    /// The time at which certificates were judged, in seconds since 1970-01-01T00:00:00Z.
    pub time: i64,
    /// How many trust anchors were given.
    pub trust_anchors: i64,
}

/// Everything that was found out about one document. Never one boolean.
#[derive(uniffi::Object)]
pub struct Report(core::Report);

impl Report {
    pub(crate) fn wrap(report: core::Report) -> Arc<Report> {
        Arc::new(Report(report))
    }
}

fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[uniffi::export]
impl Report {
    /// As one line of JSON, by the published schema.
    ///
    /// # Errors
    /// `Internal`, which should not occur.
    pub fn json(&self) -> Result<String> {
        Ok(self.0.to_json()?)
    }

    /// As text for people; in English without words.
    #[uniffi::method(default(words = None))]
    #[must_use]
    pub fn text(&self, words: Option<Arc<Words>>) -> String {
        render::text(&self.0, Words::of(words.as_ref()))
    }

    /// As one HTML page, which stands alone and opens nothing, whatever is written in the document. `name` is what the document is called; it is
    /// shown as somebody's text. In English without words.
    #[uniffi::method(default(name = None, words = None))]
    #[must_use]
    pub fn html(&self, name: Option<String>, words: Option<Arc<Words>>) -> String {
        render::html(&self.0, name.as_deref(), Words::of(words.as_ref()))
    }

    /// As XML by ETSI TS 119 102-2.
    #[must_use]
    pub fn etsi(&self) -> String {
        render::etsi(&self.0)
    }

    /// Whether there is a signature and every one is clean.
    #[must_use]
    pub fn clean(&self) -> bool {
        self.0.clean
    }

    /// The schema's name and version.
    #[must_use]
    pub fn schema(&self) -> String {
        self.0.schema.to_owned()
    }

    /// The document as a whole.
    #[must_use]
    pub fn document(&self) -> DocumentFacts {
        let facts = &self.0.document;
        DocumentFacts {
            size: number(facts.size),
            revisions: count(facts.revisions),
            encrypted: facts.encrypted,
            signed_fields: facts.signed_fields.clone(),
            empty_fields: facts.empty_fields.clone(),
            emptied_fields: facts.emptied_fields.clone(),
            usage_rights: facts.usage_rights,
            xfa: facts.xfa,
            portfolio: facts.portfolio,
            trailing_bytes: number(facts.trailing_bytes),
        }
    }

    /// The rules it was judged by.
    #[must_use]
    pub fn policy(&self) -> PolicyFacts {
        let policy = &self.0.policy;
        PolicyFacts {
            name: policy.name.clone().into_owned(),
            revocation: match policy.revocation {
                core::Revocation::Require => Revocation::Require,
                core::Revocation::IfAvailable => Revocation::IfAvailable,
                core::Revocation::Off => Revocation::Off,
            },
            time: policy.time.unix(),
            trust_anchors: count(policy.trust_anchors),
        }
    }

    /// How many signatures and document time stamps there are.
    #[must_use]
    pub fn signature_count(&self) -> i32 {
        i32::try_from(self.0.signatures.len()).unwrap_or(i32::MAX)
    }

    /// One entry per signature and document time stamp, oldest first.
    #[must_use]
    pub fn signatures(&self) -> Vec<SignatureReport> {
        self.0.signatures.iter().map(SignatureReport::from).collect()
    }
}
