//! Verification: whom to trust, by which rules; gives a report.

use crate::call::{guard, now};
use crate::cancel::CallOptions;
use crate::document::Document;
use crate::error::Result;
use crate::evidence::Evidence;
use crate::inspect::Inspection;
use crate::report::Report;
use crate::secret::Secret;
use std::sync::Arc;
use thrivosign::journey::read::{self, Judging};
use thrivosign::pki::{self, Certificate, certificates_from_pem, trust};
use thrivosign::{Error, Time, verify as core};

/// The certificates the app trusts for signatures. Empty means that nothing is trusted.
#[derive(uniffi::Object)]
pub struct TrustAnchors(trust::TrustAnchors);

#[uniffi::export]
impl TrustAnchors {
    /// Every certificate of a PEM text, or one DER certificate.
    ///
    /// # Errors
    /// `PemMalformed`, `CertificateMalformed`.
    #[uniffi::constructor]
    pub fn from_pem(pem: Vec<u8>) -> Result<Arc<TrustAnchors>> {
        guard(|| Ok(Arc::new(TrustAnchors(trust::TrustAnchors::from_pem(&pem)?))))
    }

    /// Certificates in DER; none is allowed.
    ///
    /// # Errors
    /// `CertificateMalformed`.
    #[uniffi::constructor]
    pub fn from_certificates(certificates: Vec<Vec<u8>>) -> Result<Arc<TrustAnchors>> {
        guard(|| {
            let read = certificates.iter().map(|der| Certificate::from_der(der)).collect::<Result<_, Error>>()?;
            Ok(Arc::new(TrustAnchors(read)))
        })
    }

    /// The same, and beside them every certificate of a PEM text, or one DER certificate, for that use alone.
    ///
    /// # Errors
    /// `PemMalformed`, `CertificateMalformed`.
    pub fn with_role(&self, role: Role, pem: Vec<u8>) -> Result<Arc<TrustAnchors>> {
        guard(|| {
            let mut anchors = self.0.clone();
            certificates_from_pem(&pem)?.into_iter().for_each(|certificate| anchors.add_for(certificate, &[role.into()]));
            Ok(Arc::new(TrustAnchors(anchors)))
        })
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> i32 {
        i32::try_from(self.0.len()).unwrap_or(i32::MAX)
    }
}

impl TrustAnchors {
    pub(crate) fn core(&self) -> &trust::TrustAnchors {
        &self.0
    }
}

/// What the certificate at the end of a path is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Role {
    /// Signs documents.
    Signer,
    /// Makes time stamps (RFC 3161).
    TimeStamping,
    /// Answers about revocation (RFC 6960).
    OcspResponder,
    /// Issues lists of revoked certificates.
    CrlIssuer,
}

impl From<Role> for pki::Role {
    fn from(role: Role) -> pki::Role {
        match role {
            Role::Signer => pki::Role::Signer,
            Role::TimeStamping => pki::Role::TimeStamping,
            Role::OcspResponder => pki::Role::OcspResponder,
            Role::CrlIssuer => pki::Role::CrlIssuer,
        }
    }
}

/// Whether revocation data are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Revocation {
    /// Every certificate below the anchor needs a fresh answer.
    Require,
    /// An answer at hand is judged, none is needed.
    IfAvailable,
    /// Not required.
    Off,
}

/// How a document is judged.
#[derive(Clone, Default, uniffi::Record)]
pub struct VerifyOptions {
    /// The time at which certificates are judged, in seconds since 1970-01-01T00:00:00Z; now, by the machine's clock, if absent.
    #[uniffi(default = None)]
    pub time: Option<i64>,
    /// Whether revocation data are asked for; as the default policy says if absent.
    #[uniffi(default = None)]
    pub revocation: Option<Revocation>,
    /// The document's user or owner password.
    #[uniffi(default = None)]
    pub password: Option<Arc<Secret>>,
    /// Evidence at hand, beside what the document carries.
    #[uniffi(default = None)]
    pub evidence: Option<Arc<Evidence>>,
}

impl VerifyOptions {
    /// As the core takes them.
    pub(crate) fn judging<'a>(&'a self, trust: &'a TrustAnchors) -> Judging<'a> {
        let mut policy = core::Policy::default();
        if let Some(revocation) = self.revocation {
            policy.revocation = match revocation {
                Revocation::Require => core::Revocation::Require,
                Revocation::IfAvailable => core::Revocation::IfAvailable,
                Revocation::Off => core::Revocation::Off,
            };
        }
        Judging {
            trust: &trust.0,
            time: self.time.map(Time::from_unix),
            policy,
            password: self.password.as_ref().map(|secret| secret.bytes()),
            evidence: self.evidence.as_ref().map(|evidence| evidence.core()),
        }
    }
}

/// Verifies every signature of the document. A forged, broken or unsigned document is a report, not an error.
///
/// # Errors
/// That the verifier could not run: `NotPdf`, `PdfDamaged`, `PasswordRequired`, `PasswordWrong`, `LimitReached`, `SourceUnreadable`;
/// `Cancelled`, `TimedOut`.
#[uniffi::export(default(verify_options = None, options = None))]
pub fn verify(
    document: &Document,
    trust: &TrustAnchors,
    verify_options: Option<VerifyOptions>,
    options: Option<CallOptions>,
) -> Result<Arc<Report>> {
    let how = verify_options.unwrap_or_default();
    now(options, |call| {
        let judging = how.judging(trust);
        let input = document.input(call);
        Ok(Report::wrap(call.watched(|watch| read::verify(&input, &judging, call.limits(), watch))?))
    })
}

/// The same by the rules of a policy file alone (JSON, schema `thrivosign-policy-1`): whom to trust, revocation, algorithms, times, evidence. Of the
/// options the password counts, evidence is added to the file's, and the time is for a file that states none; `revocation` says nothing here.
///
/// # Errors
/// As `verify`, and `InvalidArgument` with the place of what is wrong in the file.
#[uniffi::export(default(verify_options = None, options = None))]
pub fn verify_by(
    document: &Document,
    policy: Vec<u8>,
    verify_options: Option<VerifyOptions>,
    options: Option<CallOptions>,
) -> Result<Arc<Report>> {
    let (how, nobody) = (verify_options.unwrap_or_default(), TrustAnchors(trust::TrustAnchors::new()));
    now(options, |call| {
        let (input, beside) = (document.input(call), how.judging(&nobody));
        Ok(Report::wrap(call.watched(|watch| read::verify_by(&input, &policy, &beside, call.limits(), watch))?))
    })
}

/// Facts about a document and markers of what may surprise whoever signs or reads it. Judges nothing.
///
/// # Errors
/// As `verify`.
#[uniffi::export(default(password = None, options = None))]
pub fn inspect(document: &Document, password: Option<Arc<Secret>>, options: Option<CallOptions>) -> Result<Arc<Inspection>> {
    now(options, |call| {
        let password = password.as_ref().map(|secret| secret.bytes());
        Ok(Inspection::wrap(read::inspect(&document.input(call), password, call.limits())?))
    })
}
