//! What raises signatures to B-T, B-LT and B-LTA, as options of `sign` and `extend`: time-stamping authorities, trust, evidence, and what may be fetched.
//! Takes options; gives what the library asks for, and tells what was missing.

use crate::certificates;
use crate::evidence::Evidence;
use crate::output;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use thrivosign::evidence::gather::{Lack, Missing};
use thrivosign::evidence::{Bundle, Goal, Unanswered};
use thrivosign::host::shelf::Bounds;
use thrivosign::journey::extend::Extending;
use thrivosign::journey::kept::{KeptFetcher, USUAL_AGE};
use thrivosign::journey::stamp::TimeStampAuthority;
use thrivosign::net::{Reach, WebFetcher};
use thrivosign::pki::certificate::Certificate;
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::remote::fetch::Fetcher;
use thrivosign::{Error, ErrorKind, Result};

/// With what.
#[derive(Args)]
pub(crate) struct RaiseArgs {
    /// A time-stamping authority (RFC 3161), http or https; may be repeated, the first that answers counts.
    #[arg(long, value_name = "URL")]
    tsa: Vec<String>,
    /// Which addresses may be asked; none if not given, and then --tsa is not asked either.
    #[arg(long, value_enum, value_name = "WHERE")]
    fetch: Option<Allowed>,
    /// A folder in which fetched lists and certificates are kept for an hour at most, a list never beyond its own end; made if missing. At most 1,000
    /// files and 200 MB.
    #[arg(long, value_name = "DIR", requires = "fetch")]
    cache: Option<PathBuf>,
    /// Certificates to trust, PEM or DER: a file, or a folder of .pem, .crt, .cer, .der; may be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    trust: Vec<PathBuf>,
    /// Certificates to trust for time stamps alone, beside those of --trust; may be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    tsa_trust: Vec<PathBuf>,
    #[command(flatten)]
    evidence: Evidence,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Aim {
    /// A time stamp over every signature.
    #[value(name = "b-t")]
    BT,
    /// And all evidence in the document.
    BLt,
    /// And a document time stamp over all of it.
    BLta,
}

impl From<Aim> for Goal {
    fn from(aim: Aim) -> Goal {
        match aim {
            Aim::BT => Goal::BT,
            Aim::BLt => Goal::BLT,
            Aim::BLta => Goal::BLTA,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Allowed {
    /// Those of the public network.
    Public,
    /// Private ones and this machine as well.
    Anywhere,
}

impl Allowed {
    /// Who asks those, and no others.
    pub(crate) fn fetcher(self, cache: Option<&Path>) -> Result<Box<dyn Fetcher>> {
        let fetcher = WebFetcher::new(match self {
            Allowed::Public => Reach::Public,
            Allowed::Anywhere => Reach::Anywhere,
        })?;
        Ok(match cache {
            None => Box::new(fetcher),
            Some(folder) => Box::new(KeptFetcher::new(fetcher, folder, USUAL_AGE, Bounds::default())?),
        })
    }
}

/// The options, read.
pub(crate) struct Means {
    trust: TrustAnchors,
    evidence: Bundle,
    fetcher: Option<Box<dyn Fetcher>>,
    authorities: Vec<TimeStampAuthority>,
}

impl RaiseArgs {
    /// Whether one of them was given.
    pub(crate) fn is_given(&self) -> bool {
        !self.tsa.is_empty() || self.fetch.is_some() || !self.trust.is_empty() || !self.tsa_trust.is_empty() || self.evidence.is_given()
    }

    /// Reads files and folders. `own`: the certificates of who signs, whose root is trusted where no trust is given.
    pub(crate) fn means(&self, own: Option<&[Certificate]>, json: bool) -> Result<Means> {
        let mut trust = certificates::anchors_with_authorities(&self.trust, &self.tsa_trust)?;
        if let Some(own) = own.filter(|_| self.trust.is_empty()) {
            // Never the signer's own certificate: a path that begins at its end proves everything.
            let root = own.last().filter(|last| own.len() > 1 && last.is_self_issued());
            let root = root.ok_or_else(|| Error::new(ErrorKind::InvalidArgument).context("the signer's chain has no root: add --trust"))?;
            trust.add(root.clone());
        }
        let fetcher = self.fetch.map(|allowed| allowed.fetcher(self.cache.as_deref())).transpose()?;
        let authorities = self.tsa.iter().map(TimeStampAuthority::new).collect();
        Ok(Means { trust, evidence: self.evidence.bundle(json)?, fetcher, authorities })
    }
}

impl Means {
    /// What documents are judged by.
    pub(crate) fn trusted(&self) -> (&TrustAnchors, &Bundle) {
        (&self.trust, &self.evidence)
    }

    /// What the library is told, now.
    pub(crate) fn extending(&self, goal: Goal) -> Extending<'_> {
        Extending {
            goal,
            trust: &self.trust,
            authorities: &self.authorities,
            fetcher: self.fetcher.as_deref(),
            evidence: Some(&self.evidence),
            time: None,
        }
    }
}

/// A level by its name.
pub(crate) fn level(level: Option<Goal>) -> &'static str {
    level.map_or("B-B", Goal::name)
}

/// For the answer.
pub(crate) fn missing(list: &[Missing]) -> Vec<Value> {
    let one = |one: &Missing| {
        let asked: Vec<_> = one.asked.iter().map(|(url, why)| json!({ "url": url, "code": why.code() })).collect();
        json!({ "certificate": one.certificate.subject_text(), "lack": lack(one.lack), "asked": asked })
    };
    list.iter().map(one).collect()
}

/// For the answer.
pub(crate) fn unanswered(list: &[Unanswered]) -> Vec<Value> {
    list.iter().map(|one| json!({ "url": one.url, "code": one.code })).collect()
}

/// For a person.
pub(crate) fn hints(missing: &[Missing], unanswered: &[Unanswered], json: bool) {
    for one in unanswered {
        output::hint(&format!("no time stamp from {}: {}", output::printable(&one.url), one.code), json);
    }
    for one in missing {
        output::hint(&in_words(one), json);
    }
}

fn lack(lack: Lack) -> &'static str {
    match lack {
        Lack::Issuer => "issuer",
        Lack::Status => "revocation",
        Lack::Chain(failure) => failure.code(),
    }
}

fn in_words(one: &Missing) -> String {
    let asked: Vec<String> = one.asked.iter().map(|(url, why)| format!("{} ({})", output::printable(url), why.code())).collect();
    let asked = if asked.is_empty() { "it names no address".to_owned() } else { asked.join(", ") };
    format!("missing for {}: {}; {asked}", output::printable(&one.certificate.subject_text()), lack(one.lack))
}
