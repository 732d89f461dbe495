//! By what `verify` judges: the options, or a policy file that says everything at once. Takes what was asked, gives the rules; decides nothing else.

use super::Verify;
use crate::certificates;
use crate::output;
use std::path::Path;
use thrivosign::host::file;
use thrivosign::verify::{Policy, PolicyFile};
use thrivosign::{Error, ErrorKind, Result, Time};

/// The rules of the file, or of the options. Evidence given beside a file is added: it is untrusted, and the report's digest tells it.
pub(super) fn effective(task: &Verify, json: bool) -> Result<PolicyFile> {
    let given = task.evidence.bundle(json)?;
    let time = task.time.as_deref().map(Time::from_rfc3339).transpose().map_err(output::about("--time"))?;
    let Some(path) = &task.policy else {
        let trust = certificates::anchors_with_authorities(&task.trust, &task.tsa_trust)?;
        let policy = Policy { revocation: task.revocation.into(), ..Policy::default() };
        return Ok(PolicyFile { policy, trust, time, evidence: given });
    };
    let mut rules = read(path).map_err(output::about("--policy"))?;
    if rules.time.is_some() && time.is_some() {
        return Err(Error::new(ErrorKind::InvalidArgument).context("--time: the policy file states a time; leave one of them out"));
    }
    rules.time = rules.time.or(time);
    rules.evidence.merge(&given)?;
    Ok(rules)
}

fn read(path: &Path) -> Result<PolicyFile> {
    PolicyFile::from_json(&file::read_small(path, PolicyFile::MAX_BYTES)?)
}
