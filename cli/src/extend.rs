//! `thrivosign extend`: raises the signatures of a document to B-T, B-LT or B-LTA, without the signer.

use crate::certificates;
use crate::evidence::Evidence;
use crate::interrupt;
use crate::output::{self, Exit};
use crate::progress::Bar;
use clap::{Args, ValueEnum};
use serde_json::json;
use std::path::PathBuf;
use thrivosign::evidence::gather::{Lack, Missing, Reason};
use thrivosign::host::file::Durability;
use thrivosign::journey::extend::{Extended, Extending, Goal, extend_to};
use thrivosign::journey::stamp::TimeStampAuthority;
use thrivosign::journey::{Input, Limits, Target};
use thrivosign::net::{Reach, WebFetcher};
use thrivosign::remote::fetch::Fetcher;
use thrivosign::{Result, Time};

/// Raises every signature of a document to a level (EN 319 142-1), or keeps it there.
///
/// Neither signer nor key takes part. Time stamps come from the authorities of --tsa, certificates and revocation data from where the certificates
/// say, once --fetch allows it; what is at hand is used first. A level that is not reached is told with why, and the document has what could be had.
#[derive(Args)]
#[command(after_help = "Examples:
  thrivosign extend --level b-lta --tsa http://tsa.example/tsa --fetch public --trust roots/ signed.pdf archived.pdf
  thrivosign extend --level b-lt --trust root.pem --crls lists/ --intermediates ca.pem signed.pdf out.pdf     nothing is fetched
  thrivosign extend --level b-lta --tsa http://tsa.example/tsa --fetch public --trust roots/ archived.pdf again.pdf     another time stamp

Exit codes: 0 the level is reached; 1 it is not, and the output has what could be had; 2 could not run.")]
pub(crate) struct Extend {
    /// How far.
    #[arg(long, value_enum)]
    level: Aim,
    /// A time-stamping authority (RFC 3161), http or https; may be repeated, the first that answers counts.
    #[arg(long, value_name = "URL")]
    tsa: Vec<String>,
    /// Which addresses may be asked; none if not given, and then --tsa is not asked either.
    #[arg(long, value_enum, value_name = "WHERE")]
    fetch: Option<Allowed>,
    /// Certificates to trust, PEM or DER: a file, or a folder of .pem, .crt, .cer, .der; may be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    trust: Vec<PathBuf>,
    /// Certificates to trust for time stamps alone, beside those of --trust; may be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    tsa_trust: Vec<PathBuf>,
    #[command(flatten)]
    evidence: Evidence,
    /// The document's user or owner password; '' is the empty user password.
    #[arg(long, value_name = "PW")]
    password: Option<String>,
    /// The time to judge at, such as 2026-01-31T12:00:00Z; now if not given.
    #[arg(long, value_name = "RFC3339")]
    time: Option<String>,
    /// Does not wait until the output is on the disk.
    #[arg(long)]
    no_fsync: bool,
    /// The signed document.
    #[arg(value_name = "IN")]
    input: PathBuf,
    /// The extended document; it appears whole or not at all.
    #[arg(value_name = "OUT")]
    output: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Aim {
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
enum Allowed {
    /// Those of the public network.
    Public,
    /// Private ones and this machine as well.
    Anywhere,
}

pub(crate) fn run(task: &Extend, json: bool) -> Result<Exit> {
    let input = Input::open(&task.input)?;
    let trust = certificates::anchors_with_authorities(&task.trust, &task.tsa_trust)?;
    let evidence = task.evidence.bundle(json)?;
    let time = task.time.as_deref().map(|text| Time::from_rfc3339(text).map_err(output::about("--time"))).transpose()?;
    let fetcher = match task.fetch {
        None => None,
        Some(Allowed::Public) => Some(WebFetcher::new(Reach::Public)?),
        Some(Allowed::Anywhere) => Some(WebFetcher::new(Reach::Anywhere)?),
    };
    let authorities: Vec<TimeStampAuthority> = task.tsa.iter().map(TimeStampAuthority::new).collect();
    let extending = Extending {
        goal: task.level.into(),
        trust: &trust,
        authorities: &authorities,
        fetcher: fetcher.as_ref().map(|fetcher| fetcher as &dyn Fetcher),
        evidence: Some(&evidence),
        password: task.password.as_deref().map(str::as_bytes),
        time,
    };
    let bar = Bar::new("extending");
    let watch = |done, total| bar.show(done, total);
    let limits = Limits { cancel: interrupt::token(), ..Limits::default() };
    let durability = if task.no_fsync { Durability::None } else { Durability::Fsync };
    let outcome = extend_to(&input, Target::File { path: &task.output, durability }, &extending, &limits, Some(&watch));
    bar.clear();
    told(task, &outcome?, json)
}

fn told(task: &Extend, extended: &Extended, json: bool) -> Result<Exit> {
    let file = task.output.to_string_lossy();
    let levels: Vec<(String, String)> = extended
        .report
        .signatures
        .iter()
        .map(|signature| {
            let level = serde_json::to_value(signature.level).ok().and_then(|level| level.as_str().map(str::to_owned));
            (signature.field.clone(), level.unwrap_or_default())
        })
        .collect();
    if json {
        let answer = json!({
            "schema": "thrivosign-extend-1",
            "file": file,
            "reached": extended.reached,
            "added": extended.revisions.len(),
            "levels": levels.iter().map(|(field, level)| json!({ "field": field, "level": level })).collect::<Vec<_>>(),
            "missing": extended.missing.iter().map(missing).collect::<Vec<_>>(),
            "unanswered": extended.unanswered.iter().map(|one| json!({ "url": one.url, "code": one.code })).collect::<Vec<_>>(),
        });
        output::report(&answer.to_string())?;
    } else {
        for (field, level) in &levels {
            output::report(&format!("{}: {level}", output::printable(field)))?;
        }
        for one in &extended.unanswered {
            output::hint(&format!("no time stamp from {}: {}", output::printable(&one.url), one.code), json);
        }
        for one in &extended.missing {
            output::hint(&in_words(one), json);
        }
        if !extended.reached {
            output::hint("the level is not reached; give the evidence with --crls, --ocsp and --intermediates, or allow --fetch", json);
        }
        output::line(&format!("{}: {} bytes added", output::printable(&file), extended.revisions.len()));
    }
    Ok(if extended.reached { Exit::Clean } else { Exit::NotClean })
}

fn lack(lack: Lack) -> &'static str {
    match lack {
        Lack::Issuer => "issuer",
        Lack::Status => "revocation",
        Lack::Chain(failure) => failure.code(),
    }
}

fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Fetch(kind) => kind.name(),
        Reason::Malformed => "malformed",
        Reason::ProvesNothing => "proves_nothing",
        Reason::NotAsked => "not_asked",
    }
}

fn missing(one: &Missing) -> serde_json::Value {
    let asked: Vec<_> = one.asked.iter().map(|(url, why)| json!({ "url": url, "code": reason(*why) })).collect();
    json!({ "certificate": one.certificate.subject_text(), "lack": lack(one.lack), "asked": asked })
}

fn in_words(one: &Missing) -> String {
    let asked: Vec<String> = one.asked.iter().map(|(url, why)| format!("{} ({})", output::printable(url), reason(*why))).collect();
    let asked = if asked.is_empty() { "it names no address".to_owned() } else { asked.join(", ") };
    format!("missing for {}: {}; {asked}", output::printable(&one.certificate.subject_text()), lack(one.lack))
}
