//! The verify room: the policy as a file (`docs/schema/policy-1.json`): trust by role, revocation, algorithms with their dates, times and, if wanted,
//! the time to judge at and evidence: all that decides beside the document. Takes JSON, gives rules, and the other way round in one canonical form: the
//! same rules are the same bytes.

use super::algorithms::{About, AlgorithmRule, Algorithms, DIGESTS, KEYS};
use super::json::{Node, Tree};
use super::{Freshness, Policy, Revocation, RiskSearch};
use crate::crypto::digest::sha256;
use crate::error::{Error, ErrorKind, Result};
use crate::evidence::bundle::MAX_ITEMS;
use crate::evidence::{Bundle, Item, Kind};
use crate::pki::certificate::Certificate;
use crate::pki::pem::certificates_from_pem;
use crate::pki::role::Role;
use crate::pki::trust::TrustAnchors;
use crate::time::Time;
use base64ct::{Base64, Encoding};
use serde_json::{Value, json};
use std::borrow::Cow;

const SCHEMA: &str = "thrivosign-policy-1";
const MAX_ANCHORS: usize = 10_000;
const MAX_ROWS: usize = 200;
const MAX_NAME: usize = 100;
const DAY: i64 = 24 * 60 * 60;
const YEARS: i64 = 100 * 366 * DAY;

const MODES: &[(&str, Revocation)] =
    &[("require", Revocation::Require), ("if_available", Revocation::IfAvailable), ("off", Revocation::Off)];
const RISKS: &[(&str, RiskSearch)] = &[("look", RiskSearch::Look), ("leave", RiskSearch::Leave)];
const ROLES: &[(&str, Role)] = &[
    ("signature", Role::Signer),
    ("time_stamp", Role::TimeStamping),
    ("ocsp", Role::OcspResponder),
    ("crl", Role::CrlIssuer),
    ("any", Role::Any),
];
const EVIDENCE: [(&str, Kind); 3] = [("certificates", Kind::Certificate), ("ocsp", Kind::Ocsp), ("crls", Kind::Crl)];

/// Everything that decides a verification beside the document.
#[derive(Clone, Debug)]
pub struct PolicyFile {
    /// The rules.
    pub policy: Policy,
    /// Whom to trust, for what.
    pub trust: TrustAnchors,
    /// The time to judge at; `None`: whoever verifies says it.
    pub time: Option<Time>,
    /// Certificates and revocation data at hand. Untrusted.
    pub evidence: Bundle,
}

impl PolicyFile {
    /// Largest file: evidence of the largest size, in base64.
    pub const MAX_BYTES: usize = 96 << 20;

    /// From a policy file.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] with the place of what is wrong (a JSON pointer) and what to do; [`ErrorKind::LimitReached`] for a file or
    /// evidence that is too large.
    pub fn from_json(bytes: &[u8]) -> Result<PolicyFile> {
        if bytes.len() > PolicyFile::MAX_BYTES {
            return Err(Error::new(ErrorKind::LimitReached).context("bytes of a policy file"));
        }
        let tree: Tree = serde_json::from_slice(bytes).map_err(|error| {
            let place = format!("the file: is no JSON at line {}, column {}", error.line(), error.column());
            Error::new(ErrorKind::InvalidArgument).context(place).caused_by(error)
        })?;
        read(&Node::root(&tree))
    }

    /// As a policy file, in canonical form: the same rules give the same bytes.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(&self.policy, &self.trust, self.time, Some(&self.evidence))
    }

    /// SHA-256 of the canonical form without the time: what a report names the policy by.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        PolicyFile::sha256_of(&self.policy, &self.trust, Some(&self.evidence))
    }

    pub(in crate::verify) fn sha256_of(policy: &Policy, trust: &TrustAnchors, evidence: Option<&Bundle>) -> [u8; 32] {
        sha256(written(policy, trust, None, evidence).as_bytes())
    }
}

fn read(root: &Node<'_>) -> Result<PolicyFile> {
    let all = root.members(&["schema", "name", "time", "trust", "revocation", "times", "algorithms", "risks", "evidence"])?;
    all.get("schema")?.one_of(&[(SCHEMA, ())])?;
    let name = all.get("name")?;
    let text = name.text()?;
    if text.is_empty() || text.chars().count() > MAX_NAME || text.chars().any(char::is_control) {
        return Err(name.wrong(&format!("must have 1 to {MAX_NAME} characters, none of them a control")));
    }
    let times = all.get("times")?.members(&["clock_skew", "ocsp_age", "max_age"])?;
    let seconds = |name: &str, most: i64| times.get(name)?.number(0, most);
    let max_age = times.maybe("max_age").map(|age| age.number(0, YEARS)).transpose()?;
    let policy = Policy {
        name: Cow::Owned(text.to_owned()),
        revocation: all.get("revocation")?.one_of(MODES)?,
        freshness: Freshness { ocsp_age: seconds("ocsp_age", YEARS)?, max_age },
        clock_skew: seconds("clock_skew", DAY)?,
        algorithms: Algorithms::new(all.get("algorithms")?.list(MAX_ROWS)?.iter().map(row).collect::<Result<_>>()?),
        risks: all.get("risks")?.one_of(RISKS)?,
    };
    let mut trust = TrustAnchors::new();
    for anchor in all.get("trust")?.list(MAX_ANCHORS)? {
        add_anchor(&anchor, &mut trust)?;
    }
    let mut evidence = Bundle::default();
    if let Some(given) = all.maybe("evidence") {
        let given = given.members(&EVIDENCE.map(|(name, _)| name))?;
        for (name, kind) in EVIDENCE {
            let list = given.maybe(name).map(|list| list.list(MAX_ITEMS)).transpose()?;
            for one in list.unwrap_or_default() {
                let item = Item::from_der(kind, &der(&one)?).map_err(|error| one.wrong("cannot be read: leave it out").caused_by(error))?;
                evidence.add(item)?;
            }
        }
    }
    let time = all.maybe("time").map(|time| at(&time)).transpose()?;
    Ok(PolicyFile { policy, trust, time, evidence })
}

fn at(node: &Node<'_>) -> Result<Time> {
    let wrong = |error: Error| node.wrong("must be a time such as 2026-01-31T12:00:00Z").caused_by(error);
    Time::from_rfc3339(node.text()?).map_err(wrong)
}

/// Base64, line ends and blanks allowed.
fn der(node: &Node<'_>) -> Result<Vec<u8>> {
    let text: String = node.text()?.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    Base64::decode_vec(&text).map_err(|_| node.wrong("must be DER in base64"))
}

fn add_anchor(node: &Node<'_>, trust: &mut TrustAnchors) -> Result<()> {
    let members = node.members(&["certificate", "for"])?;
    let one = members.get("certificate")?;
    let certificate = certificate(&one)?;
    match members.maybe("for") {
        None => trust.add(certificate),
        Some(uses) => {
            let roles: Vec<Role> = uses.list(ROLES.len())?.iter().map(|role| role.one_of(ROLES)).collect::<Result<_>>()?;
            if roles.is_empty() {
                return Err(uses.wrong("is empty: say what for, or remove it to trust the certificate for everything"));
            }
            trust.add_for(certificate, &roles);
        }
    }
    Ok(())
}

/// One certificate, PEM or the base64 of its DER.
fn certificate(node: &Node<'_>) -> Result<Certificate> {
    let wrong = |error: Error| node.wrong("must be one certificate, PEM or DER in base64").caused_by(error);
    if !node.text()?.contains("-----BEGIN") {
        return Certificate::from_der(&der(node)?).map_err(wrong);
    }
    let mut found = certificates_from_pem(node.text()?.as_bytes()).map_err(wrong)?;
    match (found.pop(), found.is_empty()) {
        (Some(one), true) => Ok(one),
        _ => Err(wrong(Error::new(ErrorKind::InvalidArgument))),
    }
}

fn row(node: &Node<'_>) -> Result<AlgorithmRule> {
    let members = node.members(&["digest", "key", "below_bits", "until"])?;
    let until = at(&members.get("until")?)?;
    let known = |node: &Node<'_>, names: &[&'static str]| node.one_of(&names.iter().map(|name| (*name, *name)).collect::<Vec<_>>());
    let about = match (members.maybe("digest"), members.maybe("key"), members.maybe("below_bits")) {
        (Some(digest), None, None) => About::Digest(known(&digest, DIGESTS)?),
        (None, Some(key), None) => About::Key(known(&key, KEYS)?),
        (None, Some(key), Some(bits)) if known(&key, KEYS)? == "rsa" => {
            About::RsaBelow(u32::try_from(bits.number(1, 1 << 16)?).map_err(|error| bits.wrong("is too large").caused_by(error))?)
        }
        _ => return Err(node.wrong("must have either a digest, or a key; below_bits goes with the key rsa alone")),
    };
    Ok(AlgorithmRule::of(about, until))
}

fn word<T: PartialEq + Copy>(words: &[(&'static str, T)], value: T) -> &'static str {
    words.iter().find(|(_, known)| *known == value).map_or("", |(word, _)| word)
}

fn written(policy: &Policy, trust: &TrustAnchors, time: Option<Time>, evidence: Option<&Bundle>) -> String {
    let mut times = vec![("clock_skew", json!(policy.clock_skew)), ("ocsp_age", json!(policy.freshness.ocsp_age))];
    times.extend(policy.freshness.max_age.map(|age| ("max_age", json!(age))));
    let anchors = trust.uses().map(|(certificate, uses)| {
        let mut members = vec![("certificate", json!(Base64::encode_string(certificate.der())))];
        // In the order of the table, each once.
        let roles = uses.map(|uses| ROLES.iter().filter(|(_, role)| uses.contains(role)).map(|(word, _)| json!(word)).collect());
        members.extend(roles.map(|roles| ("for", Value::Array(roles))));
        line(&members)
    });
    let rows = policy.algorithms.iter().map(|rule| {
        let mut members = match rule.about {
            About::Digest(name) => vec![("digest", json!(name))],
            About::Key(name) => vec![("key", json!(name))],
            About::RsaBelow(bits) => vec![("key", json!("rsa")), ("below_bits", json!(bits))],
        };
        members.push(("until", json!(rule.until)));
        line(&members)
    });
    let mut members = vec![("schema", json!(SCHEMA).to_string()), ("name", json!(policy.name).to_string())];
    members.extend(time.map(|time| ("time", json!(time).to_string())));
    members.push(("revocation", json!(word(MODES, policy.revocation)).to_string()));
    members.push(("times", line(&times)));
    members.push(("algorithms", lines(rows)));
    members.push(("risks", json!(word(RISKS, policy.risks)).to_string()));
    members.push(("trust", lines(anchors)));
    if let Some(evidence) = evidence.filter(|evidence| !evidence.is_empty()) {
        let of = |kind: Kind| {
            let items = evidence.items().filter(move |item| item.kind() == kind);
            items.map(|item| json!(Base64::encode_string(item.der())).to_string())
        };
        let lists = EVIDENCE.iter().map(|(name, kind)| format!("{}: {}", json!(name), lines(of(*kind))));
        members.push(("evidence", format!("{{\n{}\n}}", lists.collect::<Vec<_>>().join(",\n"))));
    }
    let members: Vec<String> = members.into_iter().map(|(name, value)| format!("{}: {value}", json!(name))).collect();
    format!("{{\n{}\n}}\n", members.join(",\n"))
}

/// An object in one line.
fn line(members: &[(&str, Value)]) -> String {
    let members: Vec<String> = members.iter().map(|(name, value)| format!("{}: {value}", json!(name))).collect();
    format!("{{{}}}", members.join(", "))
}

/// An array, one member in each line.
fn lines(values: impl Iterator<Item = String>) -> String {
    let values: Vec<String> = values.collect();
    if values.is_empty() { "[]".to_owned() } else { format!("[\n{}\n]", values.join(",\n")) }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
