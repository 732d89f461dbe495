//! `thrivosign extend`: raises the signatures of a document to B-T, B-LT or B-LTA, without the signer.

use crate::output::{self, Exit};
use crate::progress::Bar;
use crate::raise::{self, Aim, RaiseArgs};
use crate::{due, interrupt};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};
use thrivosign::host::clock;
use thrivosign::host::file::Durability;
use thrivosign::journey::extend::{Extended, Extending, extend_to};
use thrivosign::journey::{Input, Limits, Target};
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
  thrivosign extend --due archive/ --within 180 --trust roots/     which documents need one

Exit codes: 0 the level is reached, or nothing is due; 1 it is not, and the output has what could be had, or something is due; 2 could not run.")]
pub(crate) struct Extend {
    /// How far.
    #[arg(long, value_enum, required_unless_present = "due")]
    level: Option<Aim>,
    /// Tells which documents need another time stamp, and before when, the most urgent first; changes nothing. A folder means all PDF files in it;
    /// may be repeated.
    #[arg(long, value_name = "FILE|DIR", conflicts_with_all = ["level", "input", "tsa", "fetch", "no_fsync"])]
    due: Vec<PathBuf>,
    /// With --due: how many days ahead.
    #[arg(long, value_name = "DAYS", default_value_t = 90, requires = "due")]
    within: u32,
    #[command(flatten)]
    means: RaiseArgs,
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
    #[arg(value_name = "IN", required_unless_present = "due")]
    input: Option<PathBuf>,
    /// The extended document; it appears whole or not at all.
    #[arg(value_name = "OUT", required_unless_present = "due")]
    output: Option<PathBuf>,
}

pub(crate) fn run(task: &Extend, json: bool) -> Result<Exit> {
    let time = task.time.as_deref().map(|text| Time::from_rfc3339(text).map_err(output::about("--time"))).transpose()?;
    let means = task.means.means(None, json)?;
    let password = task.password.as_deref().map(str::as_bytes);
    let (Some(level), Some(input), Some(output)) = (task.level, &task.input, &task.output) else {
        return due::run(&task.due, &means, password, time.unwrap_or_else(clock::now), task.within, json);
    };
    let input = Input::open(input)?;
    let extending = Extending { time, ..means.extending(level.into()) };
    let bar = Bar::new("extending");
    let watch = |done, total| bar.show(done, total);
    let limits = Limits { cancel: interrupt::token(), ..Limits::default() };
    let durability = if task.no_fsync { Durability::None } else { Durability::Fsync };
    let outcome = extend_to(&input, password, Target::File { path: output, durability }, &extending, &limits, Some(&watch));
    bar.clear();
    told(output, &outcome?, json)
}

fn told(output: &Path, extended: &Extended, json: bool) -> Result<Exit> {
    let file = output.to_string_lossy();
    let levels: Vec<(&str, &str)> =
        extended.report.signatures.iter().map(|signature| (signature.field.as_str(), signature.level.name())).collect();
    if json {
        let answer = json!({
            "schema": "thrivosign-extend-1",
            "file": file,
            "reached": extended.reached,
            "added": extended.revisions.len(),
            "levels": levels.iter().map(|(field, level)| json!({ "field": field, "level": level })).collect::<Vec<_>>(),
            "missing": raise::missing(&extended.missing),
            "unanswered": raise::unanswered(&extended.unanswered),
        });
        output::report(&answer.to_string())?;
    } else {
        for (field, level) in &levels {
            output::report(&format!("{}: {level}", output::printable(field)))?;
        }
        raise::hints(&extended.missing, &extended.unanswered, json);
        if !extended.reached {
            output::hint("the level is not reached; give the evidence with --crls, --ocsp and --intermediates, or allow --fetch", json);
        }
        output::line(&format!("{}: {} bytes added", output::printable(&file), extended.revisions.len()));
    }
    Ok(if extended.reached { Exit::Clean } else { Exit::NotClean })
}
