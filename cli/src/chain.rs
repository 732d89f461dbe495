//! `thrivosign chain`: whether a certificate has a valid path to a trust anchor (RFC 5280 6), and if not, why.

use crate::certificates;
use crate::evidence::Asked;
use crate::interrupt;
use crate::output::{self, Exit};
use crate::raise::{self, Allowed};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::path::PathBuf;
use thrivosign::evidence::{Bundle, Item};
use thrivosign::host::{clock, file};
use thrivosign::journey::Limits;
use thrivosign::journey::chain::evidence;
use thrivosign::pki::oid::ObjectIdentifier;
use thrivosign::pki::path::{self, PathFailure, PathInputs, PathResult};
use thrivosign::pki::revocation::{Revocation, RevocationData};
use thrivosign::pki::{Certificate, Role, TrustAnchors, each_certificate};
use thrivosign::{Error, ErrorKind, Result, Time};

/// Largest file with the certificate in question.
const MAX_FILE: usize = 64 << 20;

/// Finds a valid path from a certificate to a trust anchor, and tells it; or why there is none.
///
/// RFC 5280 section 6, policies by the graph of RFC 9618. No network is used unless --fetch says so. An intermediate certificate or a list that
/// cannot be read is named on stderr and left out.
#[derive(Args)]
#[command(after_help = "Examples:
  thrivosign chain --trust root.pem --intermediates chain.pem leaf.pem
  thrivosign chain --trust roots/ --intermediates chain.pem --crls lists/ --revocation require --role tsa --json tsa.pem
  thrivosign chain --trust root.pem --fetch public --revocation require leaf.pem     what is missing is asked for
  thrivosign chain --trust root.pem --policy 1.2.3.4 --explicit-policy --time 2026-01-31T12:00:00Z leaf.pem

Exit codes: 0 there is a valid path; 1 there is none, or the certificate cannot be read; 2 could not run.")]
pub(crate) struct Chain {
    /// Certificates to trust, PEM or DER: a file, or a folder of .pem, .crt, .cer, .der; may be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    trust: Vec<PathBuf>,
    /// Certificates that may be on the path, PEM or DER, in any order; may be repeated, and a file may be empty.
    #[arg(long, value_name = "FILE")]
    intermediates: Vec<PathBuf>,
    /// Lists of revoked certificates: a folder of .crl, .der, .pem, or a file; may be repeated, and a folder may be empty.
    #[arg(long, value_name = "DIR|FILE")]
    crls: Vec<PathBuf>,
    /// Which addresses that certificates name may be asked for issuers, OCSP responses and lists; none if not given.
    #[arg(long, value_enum, value_name = "WHERE")]
    fetch: Option<Allowed>,
    /// A folder in which fetched lists and certificates are kept for an hour at most, a list never beyond its own end; made if missing. At most 1,000
    /// files and 200 MB.
    #[arg(long, value_name = "DIR", requires = "fetch")]
    cache: Option<PathBuf>,
    /// The time to judge at, such as 2026-01-31T12:00:00Z; now if not given.
    #[arg(long, value_name = "RFC3339")]
    time: Option<String>,
    /// Whether each certificate below the anchor needs a fresh revocation statement.
    #[arg(long, value_enum, default_value_t = Asked::IfAvailable)]
    revocation: Asked,
    /// What the certificate is used for.
    #[arg(long, value_enum, default_value_t = Use::Signer)]
    role: Use,
    /// A certificate policy that is acceptable (user-initial-policy-set); may be repeated, any policy if not given.
    #[arg(long, value_name = "OID")]
    policy: Vec<String>,
    /// Some acceptable policy has to be valid along the whole path.
    #[arg(long)]
    explicit_policy: bool,
    /// anyPolicy stands for no policy.
    #[arg(long)]
    inhibit_any: bool,
    /// Policies are not mapped to others.
    #[arg(long)]
    inhibit_mapping: bool,
    /// The certificate, PEM or DER. Others behind it in the same file may be on the path.
    #[arg(value_name = "LEAF")]
    leaf: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Use {
    /// Signing documents.
    Signer,
    /// Making time stamps.
    Tsa,
    /// Answering about revocation.
    Ocsp,
    /// Whatever it is: key usage and purposes are not looked at.
    Any,
}

impl From<Use> for Role {
    fn from(wanted: Use) -> Role {
        match wanted {
            Use::Signer => Role::Signer,
            Use::Tsa => Role::TimeStamping,
            Use::Ocsp => Role::OcspResponder,
            Use::Any => Role::Any,
        }
    }
}

pub(crate) fn run(task: &Chain, json: bool) -> Result<Exit> {
    let trust = certificates::anchors(&task.trust)?;
    let time = task.time.as_deref().map_or_else(|| Ok(clock::now()), |text| Time::from_rfc3339(text).map_err(output::about("--time")))?;
    let policies = policies(&task.policy)?;
    let mut pool = Vec::new();
    for path in &task.intermediates {
        pool.extend(certificates::readable(path, json).map_err(output::about("--intermediates"))?);
    }
    let mut data = RevocationData::default();
    for source in &task.crls {
        data.crls.extend(certificates::lists(source, json).map_err(output::about("--crls"))?);
    }
    let mut inside = match each_certificate(&file::read_small(&task.leaf, MAX_FILE)?) {
        Ok(each) => each.into_iter(),
        Err(error) => return told(task, &no_path(error.kind().name(), error.kind().text()), time, json),
    };
    let leaf = match inside.next().unwrap_or_else(|| Err(Error::new(ErrorKind::PemMalformed).context("no certificate"))) {
        Ok(leaf) => leaf,
        Err(error) => return told(task, &no_path(error.kind().name(), error.kind().text()), time, json),
    };
    pool.extend(inside.filter_map(Result::ok));
    let mut time = time;
    if let Some(allowed) = task.fetch {
        let asked_at = task.time.as_ref().map(|_| time);
        let found = fetched(task, allowed, &leaf, (&pool, &data), &trust, asked_at, json)?;
        pool.extend(found.certificates);
        data.ocsp.extend(found.revocation.ocsp);
        data.crls.extend(found.revocation.crls);
        // What was said is younger than the question.
        time = asked_at.unwrap_or_else(clock::now);
    }
    let inputs = PathInputs {
        policies: &policies,
        explicit_policy: task.explicit_policy,
        inhibit_any: task.inhibit_any,
        inhibit_mapping: task.inhibit_mapping,
        revocation: task.revocation.into(),
        data: Some(&data),
        ..PathInputs::at(time, task.role.into())
    };
    let outcome = match path::validate(&leaf, &pool, &trust, &inputs) {
        Ok(found) => path_of(&found),
        Err(failure) => failed(failure),
    };
    told(task, &outcome, time, json)
}

/// What is missing, asked for. Who gave nothing is named on stderr.
fn fetched(
    task: &Chain,
    allowed: Allowed,
    leaf: &Certificate,
    (pool, data): (&[Certificate], &RevocationData),
    trust: &TrustAnchors,
    time: Option<Time>,
    json: bool,
) -> Result<Bundle> {
    let mut held = Bundle::default();
    let certificates = pool.iter().cloned().map(Item::Certificate);
    certificates.chain(data.crls.iter().cloned().map(Item::Crl)).try_for_each(|item| held.add(item).map(drop))?;
    let limits = Limits { cancel: interrupt::token(), ..Limits::default() };
    let gathered = evidence(leaf, task.role.into(), held, trust, &*allowed.fetcher(task.cache.as_deref())?, time, &limits)?;
    raise::hints(&gathered.missing, &[], json);
    Ok(gathered.bundle)
}

fn policies(texts: &[String]) -> Result<Vec<ObjectIdentifier>> {
    let wrong = |_| Error::new(ErrorKind::InvalidArgument).context("--policy: no object identifier, such as 1.2.3.4");
    texts.iter().map(|text| ObjectIdentifier::new(text).map_err(wrong)).collect()
}

fn no_path(code: &str, text: &str) -> Value {
    json!({ "valid": false, "code": code, "text": text })
}

fn failed(failure: PathFailure) -> Value {
    no_path(failure.code(), failure.text())
}

fn path_of(found: &PathResult) -> Value {
    let revocation = |position: usize| match found.revocation.get(position) {
        Some(Revocation::Good(_)) => Value::from("good"),
        Some(Revocation::Exempt) => Value::from("exempt"),
        Some(Revocation::NotAsked) => Value::from("not_asked"),
        None => Value::Null,
    };
    let chain: Vec<Value> =
        found.chain.iter().enumerate().map(|(position, certificate)| of_certificate(certificate, revocation(position))).collect();
    let policies: Vec<String> = found.policies.iter().map(ToString::to_string).collect();
    json!({ "valid": true, "chain": chain, "policies": policies })
}

/// `revocation` is null for the anchor, which nobody revokes.
fn of_certificate(certificate: &Certificate, revocation: Value) -> Value {
    let sha256: String = certificate.sha256().iter().map(|byte| format!("{byte:02x}")).collect();
    json!({
        "subject": certificate.subject_text(),
        "issuer": certificate.issuer_text(),
        "not_before": certificate.not_before().to_string(),
        "not_after": certificate.not_after().to_string(),
        "sha256": sha256,
        "revocation": revocation,
    })
}

fn told(task: &Chain, outcome: &Value, time: Time, json: bool) -> Result<Exit> {
    let valid = outcome["valid"] == true;
    let name = task.leaf.to_string_lossy();
    if json {
        let mut line = json!({ "schema": "thrivosign-chain-1", "file": name, "time": time.to_string() });
        if let (Some(line), Some(outcome)) = (line.as_object_mut(), outcome.as_object()) {
            line.extend(outcome.clone());
        }
        output::report(&line.to_string())?;
    } else {
        output::report(&format!("{}: {}", output::printable(&name), in_words(outcome)))?;
    }
    Ok(if valid { Exit::Clean } else { Exit::NotClean })
}

fn in_words(outcome: &Value) -> String {
    let text = |value: &Value| output::printable(value.as_str().unwrap_or_default());
    let Some(chain) = outcome["chain"].as_array() else {
        return format!("no valid path: {} [{}]", text(&outcome["text"]), text(&outcome["code"]));
    };
    let mut words = String::from("valid path");
    for certificate in chain {
        let revocation = certificate["revocation"].as_str().map(|known| format!(", revocation {known}")).unwrap_or_default();
        words.push_str(&format!("\n  {}{revocation}", text(&certificate["subject"])));
    }
    words
}
