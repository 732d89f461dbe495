//! Signatures are raised to a level, without the signer and without a key: how far, with what, and what became of it.

use crate::cancel::CallOptions;
use crate::connection::fetcher;
use crate::document::Document;
use crate::error::Result;
use crate::evidence::Evidence;
use crate::output::Output;
use crate::report::Report;
use crate::secret::Secret;
use crate::verify::TrustAnchors;
use crate::waiting::wait;
use std::sync::Arc;
use std::time::Duration;
use thrivosign::evidence::{self, gather};
use thrivosign::journey::extend as journey;
use thrivosign::journey::stamp;
use thrivosign::pki::oid::ObjectIdentifier;
use thrivosign::remote::fetch::Fetcher;
use thrivosign::{Error, ErrorKind, Time};

/// How far signatures are raised (EN 319 142-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Goal {
    /// B-T: a time stamp over every signature.
    BT,
    /// B-LT: and all evidence in the document.
    BLT,
    /// B-LTA: and a document time stamp over all of it; of a document that has one, another.
    BLTA,
}

impl From<Goal> for journey::Goal {
    fn from(goal: Goal) -> journey::Goal {
        match goal {
            Goal::BT => journey::Goal::BT,
            Goal::BLT => journey::Goal::BLT,
            Goal::BLTA => journey::Goal::BLTA,
        }
    }
}

impl From<journey::Goal> for Goal {
    fn from(goal: journey::Goal) -> Goal {
        match goal {
            journey::Goal::BT => Goal::BT,
            journey::Goal::BLT => Goal::BLT,
            journey::Goal::BLTA => Goal::BLTA,
        }
    }
}

/// Which addresses may be asked for time stamps and evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Reach {
    /// None: nothing is fetched, and no authority is asked.
    Off,
    /// Of those that certificates name, those of the public network; an authority, which the app names, may be anywhere.
    PublicNetwork,
    /// Private ones and this machine as well.
    Anywhere,
}

/// A time-stamping authority (RFC 3161), with what it may take.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct TimeStampAuthority {
    /// http or https.
    pub url: String,
    /// The policy that is asked for, as dotted numbers; any if absent.
    #[uniffi(default = None)]
    pub policy: Option<String>,
    /// How often it is asked at most, where asking again may help; twice if absent.
    #[uniffi(default = None)]
    pub tries: Option<i32>,
    /// How long one answer may take, in milliseconds; 10 000 if absent.
    #[uniffi(default = None)]
    pub timeout_ms: Option<i64>,
}

impl TimeStampAuthority {
    fn core(&self) -> Result<stamp::TimeStampAuthority, Error> {
        let wrong = |what: &'static str| Error::new(ErrorKind::InvalidArgument).context(what);
        let mut authority = stamp::TimeStampAuthority::new(self.url.as_str());
        if let Some(policy) = &self.policy {
            authority.policy =
                Some(ObjectIdentifier::new(policy).map_err(|cause| wrong("the policy is no object identifier").caused_by(cause))?);
        }
        if let Some(tries) = self.tries {
            authority.tries = u32::try_from(tries).map_err(|_| wrong("the tries are negative"))?;
        }
        if let Some(milliseconds) = self.timeout_ms {
            authority.patience = Duration::from_millis(u64::try_from(milliseconds).map_err(|_| wrong("a time is negative"))?);
        }
        Ok(authority)
    }
}

/// How far signatures are to be raised, and with what.
#[derive(Clone, uniffi::Record)]
pub struct Extension {
    /// How far.
    pub goal: Goal,
    /// Whom to trust, for signers, responders and time-stamping authorities.
    pub trust: Arc<TrustAnchors>,
    /// Asked one after the other until one answers.
    #[uniffi(default = [])]
    pub authorities: Vec<TimeStampAuthority>,
    /// Which addresses may be asked; none if absent.
    #[uniffi(default = None)]
    pub reach: Option<Reach>,
    /// Evidence at hand, used before anything is fetched.
    #[uniffi(default = None)]
    pub evidence: Option<Arc<Evidence>>,
    /// The time to judge at, in seconds since 1970-01-01T00:00:00Z; now, by the machine's clock, if absent.
    #[uniffi(default = None)]
    pub time: Option<i64>,
}

/// What the core is told, for the length of a call.
pub(crate) struct Means {
    asked: Extension,
    authorities: Vec<stamp::TimeStampAuthority>,
    fetcher: Option<Arc<dyn Fetcher>>,
}

impl Extension {
    /// # Errors
    /// `InvalidArgument` for what is no policy, no number of tries, no time.
    pub(crate) fn means(self) -> Result<Means, Error> {
        let authorities = self.authorities.iter().map(TimeStampAuthority::core).collect::<Result<_, Error>>()?;
        let fetcher = fetcher(self.reach.unwrap_or(Reach::Off))?;
        Ok(Means { asked: self, authorities, fetcher })
    }
}

impl Means {
    /// As the core takes them.
    pub(crate) fn core(&self) -> journey::Extending<'_> {
        journey::Extending {
            goal: self.asked.goal.into(),
            trust: self.asked.trust.core(),
            authorities: &self.authorities,
            fetcher: self.fetcher.as_deref(),
            evidence: self.asked.evidence.as_ref().map(|evidence| evidence.core()),
            time: self.asked.time.map(Time::from_unix),
        }
    }
}

/// What is lacking for a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Lack {
    /// Its issuer's certificate.
    Issuer,
    /// A statement about its revocation.
    Status,
    /// A valid chain.
    Chain,
}

/// An address that gave nothing, and why.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Unanswered {
    /// The address.
    pub url: String,
    /// The name of an error of the network, or the code of an answer of no use.
    pub code: String,
}

impl From<stamp::Unanswered> for Unanswered {
    fn from(one: stamp::Unanswered) -> Unanswered {
        Unanswered { url: one.url, code: one.code }
    }
}

/// Evidence that could not be had.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct MissingEvidence {
    /// The subject of the certificate that it is about (RFC 4514).
    pub subject: String,
    /// That certificate, DER.
    pub certificate: Vec<u8>,
    /// What is lacking.
    pub lack: Lack,
    /// The code of what is wrong with the chain, where that is what is lacking.
    pub failure: Option<String>,
    /// The addresses that could have helped, and what came of them; empty: the certificate names none.
    pub asked: Vec<Unanswered>,
}

impl From<gather::Missing> for MissingEvidence {
    fn from(missing: gather::Missing) -> MissingEvidence {
        MissingEvidence {
            subject: missing.certificate.subject_text(),
            certificate: missing.certificate.der().to_vec(),
            lack: match missing.lack {
                gather::Lack::Issuer => Lack::Issuer,
                gather::Lack::Status => Lack::Status,
                gather::Lack::Chain(_) => Lack::Chain,
            },
            failure: missing.lack.failure().map(|failure| failure.code().to_owned()),
            asked: missing.asked.into_iter().map(|(url, reason)| Unanswered { url, code: reason.code().to_owned() }).collect(),
        }
    }
}

/// How far a signature was raised right after it was made. It stands, whatever the level: `extend` can raise it later.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Raised {
    /// Whether it is where it should be.
    pub reached: bool,
    /// The level that the verifier finds; absent below B-T.
    pub level: Option<Goal>,
    /// Bytes that were appended behind the signature's own revision.
    pub added: i64,
    /// Evidence that could not be had.
    pub missing: Vec<MissingEvidence>,
    /// Authorities that were asked in vain.
    pub unanswered: Vec<Unanswered>,
    /// The name of the error that ended the raising before its end, such as the time of the call.
    pub stopped: Option<String>,
}

impl From<&evidence::Raised> for Raised {
    fn from(raised: &evidence::Raised) -> Raised {
        Raised {
            reached: raised.reached(),
            level: raised.level.map(Goal::from),
            added: i64::try_from(raised.behind).unwrap_or(i64::MAX),
            missing: raised.missing.iter().cloned().map(Into::into).collect(),
            unanswered: raised.unanswered.iter().cloned().map(Into::into).collect(),
            stopped: raised.stopped.map(|kind| kind.name().to_owned()),
        }
    }
}

/// What became of the document.
#[derive(Clone, uniffi::Record)]
pub struct Extended {
    /// Whether every signature is where it should be.
    pub reached: bool,
    /// The level that all signatures have reached; absent if one of them is below B-T.
    pub level: Option<Goal>,
    /// What the verifier says of the result.
    pub report: Arc<Report>,
    /// Bytes that were appended; 0 if there was nothing to do.
    pub added: i64,
    /// Evidence that could not be had.
    pub missing: Vec<MissingEvidence>,
    /// Authorities that were asked in vain.
    pub unanswered: Vec<Unanswered>,
    /// The document, if it was to go to memory.
    pub bytes: Option<Vec<u8>>,
}

impl Extended {
    fn new(extended: journey::Extended, bytes: Option<Vec<u8>>) -> Extended {
        Extended {
            reached: extended.reached,
            level: extended.level.map(Goal::from),
            added: i64::try_from(extended.revisions.len()).unwrap_or(i64::MAX),
            report: Report::wrap(extended.report),
            missing: extended.missing.into_iter().map(Into::into).collect(),
            unanswered: extended.unanswered.into_iter().map(Into::into).collect(),
            bytes,
        }
    }
}

/// Raises the signatures of a document. After the call it is where `output` says, with what was asked for appended, as far as it could be had; its
/// bytes are the front, and the library's verifier finds nothing worse than before. A level that is not reached, an authority that does not
/// answer, evidence that is missing are no errors: the result tells them, and the same call can be made again later.
///
/// # Errors
/// `WrongOrder` for a document without a signature; otherwise what makes the document unusable (2xx), `OutputIsInput`, `OutputUnwritable`,
/// `DocumentChanged`; `InvalidArgument`; `Cancelled`, `TimedOut`. Nothing was handed over then.
#[uniffi::export(default(password = None, options = None))]
pub async fn extend(
    document: Arc<Document>,
    output: Output,
    extension: Extension,
    password: Option<Arc<Secret>>,
    options: Option<CallOptions>,
) -> Result<Extended> {
    wait(options, move |call| {
        let (input, means) = (document.input(call), extension.means()?);
        let (task, password) = (means.core(), password.as_ref().map(|secret| secret.bytes()));
        let (extended, bytes) =
            output.fill(call, |target| call.watched(|watch| journey::extend_to(&input, password, target, &task, call.limits(), watch)))?;
        Ok(Extended::new(extended, bytes))
    })
    .await
}
