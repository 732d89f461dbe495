//! Options of `thrivosign sign` about what speaks against signing, and how it is told.

use crate::output;
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use thrivosign::inspect::Risk;
use thrivosign::journey::damage::Damage;
use thrivosign::journey::sign::SignOptions;
use thrivosign::journey::{Input, Limits, read};
use thrivosign::sign::{Preflight, PreflightPolicy, SignatureRequest};
use thrivosign::{Error, ErrorKind, Result};

/// What is looked for before a document is signed.
#[derive(Args)]
pub(crate) struct PreflightArgs {
    /// What findings of `inspect` do: report tells them; bank stops at any but mere size, and at whatever could not be looked at.
    #[arg(long, value_name = "POLICY", default_value = "report", value_parser = ["report", "bank"])]
    policy: String,
    /// A finding that does not stop, by its code; may be repeated.
    #[arg(long, value_name = "CODE", value_parser = risk)]
    allow: Vec<Risk>,
}

fn risk(text: &str) -> Result<Risk, String> {
    let known = || Risk::ALL.iter().map(|risk| risk.code()).collect::<Vec<_>>().join(", ");
    Risk::ALL.iter().copied().find(|risk| risk.code() == text).ok_or_else(|| format!("expected one of {}", known()))
}

impl PreflightArgs {
    pub(crate) fn policy(&self) -> Result<PreflightPolicy> {
        let policy = PreflightPolicy::by_name(&self.policy).ok_or_else(|| Error::new(ErrorKind::InvalidArgument).context("--policy"))?;
        Ok(self.allow.iter().fold(policy, |policy, risk| policy.allowing(*risk)))
    }

    /// The policy, where it can stop a document that could be signed.
    pub(crate) fn stopping(&self) -> Result<Option<PreflightPolicy>> {
        Ok(if self.policy == "report" { None } else { Some(self.policy()?) })
    }

    /// Looks the document over, tells what was found, and refuses what the policy stops.
    pub(crate) fn look(
        &self,
        input: &Input,
        request: &SignatureRequest,
        options: SignOptions<'_>,
        limits: &Limits,
        json: bool,
    ) -> Result<Value> {
        let found = read::preflight_request(input, request, options, &self.policy()?, limits);
        let found = found.inspect_err(|error| remedy(error, options, json))?;
        if !json {
            tell(&found);
        }
        found.check()?;
        Ok(json!({ "findings": found.inspection.markers, "not_checked": found.inspection.unchecked }))
    }
}

/// What may help where a document is refused for its damage.
pub(crate) fn remedy(error: &Error, options: SignOptions<'_>, json: bool) {
    if error.kind() == ErrorKind::PdfDamaged && options.damage == Damage::default() {
        output::hint("a damaged document that is neither signed nor encrypted can be signed as a rewrite: --repair", json);
    }
}

/// One line for each kind of finding.
fn tell(found: &Preflight) {
    let mut seen: BTreeMap<Risk, (u64, Option<u64>)> = BTreeMap::new();
    for marker in &found.inspection.markers {
        seen.entry(marker.code).or_insert((found.inspection.counts.get(&marker.code).copied().unwrap_or(1), marker.page));
    }
    for (risk, (count, page)) in seen {
        let times = if count > 1 { format!(", {count} times") } else { String::new() };
        let place = page.map(|page| format!(" (page {page}{times})")).unwrap_or_else(|| times.trim_start_matches(", ").to_owned());
        output::note(&format!("thrivosign: {}: {}{place}. {}", risk.code(), risk.text(), risk.remedy()));
    }
    for part in &found.inspection.unchecked {
        output::note(&format!("thrivosign: not_checked: {}, because {}", part.part, part.why));
    }
}

/// Puts into an answer what was found and what was not looked at, as far as there is any.
pub(crate) fn insert(answer: &mut Value, found: Value) {
    if let (Some(map), Value::Object(found)) = (answer.as_object_mut(), found) {
        map.extend(found.into_iter().filter(|(_, list)| list.as_array().is_some_and(|list| !list.is_empty())));
    }
}
