//! Checkpoints: where every chain ended at a time, signed. Takes records and a key, gives a line to put down elsewhere; takes lines, says what of the records
//! is no longer as it was. Each line holds the hash of the line before it, and a time stamp over its signature where an authority gave one.

use super::chain::Trail;
use super::finding::{Finding, Kind};
use super::stamp;
use crate::failure::Failure;
use crate::random;
use base64ct::{Base64, Encoding};
use p256::ecdsa::signature::{Signer, Verifier};
use p256::ecdsa::{DerSignature, SigningKey, VerifyingKey};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use thrivosign::Time;
use thrivosign::crypto::digest::sha256;
use thrivosign::pki::TrustAnchors;

/// What is signed begins with this, so that it is nothing else that this key could be made to sign.
const DOMAIN: &str = "thrivosign audit checkpoint 1";

/// The end of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Head {
    records: usize,
    hash: [u8; 32],
}

/// Where the chains ended.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Checkpoint {
    time: Time,
    /// SHA-256 of the line before; zeros in a file's first.
    previous: [u8; 32],
    heads: BTreeMap<String, Head>,
}

impl Checkpoint {
    /// The ends as they are; no chain may be empty.
    fn of(trail: &Trail, time: Time, previous: [u8; 32]) -> Result<Checkpoint, Failure> {
        let mut heads = BTreeMap::new();
        for (agreement, records) in &trail.0 {
            let last = records.last().ok_or_else(|| Failure::new("an agreement has no audit record"))?;
            heads.insert(agreement.clone(), Head { records: records.len(), hash: last.hash });
        }
        Ok(Checkpoint { time, previous, heads })
    }

    /// SHA-256 over the ends, one line each. A name comes last and with its length, so that none passes for two.
    fn digest(&self) -> [u8; 32] {
        let mut text = String::new();
        for (agreement, head) in &self.heads {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{} {} {} {agreement}", random::hex(&head.hash), head.records, agreement.len());
        }
        sha256(text.as_bytes())
    }

    fn to_be_signed(&self) -> Vec<u8> {
        let [previous, digest] = [self.previous, self.digest()].map(|hash| random::hex(&hash));
        format!("{DOMAIN}\n{}\n{previous}\n{digest}\n", self.time).into_bytes()
    }

    fn line(&self, key: &SigningKey, stamp: impl FnOnce(&[u8]) -> Result<Option<Vec<u8>>, Failure>) -> Result<String, Failure> {
        let signature: DerSignature = key.sign(&self.to_be_signed());
        let token = stamp(signature.as_bytes())?;
        let chains: Vec<Value> = self
            .heads
            .iter()
            .map(|(agreement, head)| json!({ "agreement": agreement, "records": head.records, "hash": random::hex(&head.hash) }))
            .collect();
        let mut line = json!({
            "version": 1,
            "time": self.time.to_string(),
            "previous": random::hex(&self.previous),
            "chains": chains,
            "digest": random::hex(&self.digest()),
            "signature": Base64::encode_string(signature.as_bytes()),
        });
        if let Some(token) = token {
            line["timeStamp"] = Base64::encode_string(&token).into();
        }
        Ok(format!("{line}\n"))
    }

    /// The checkpoint of a line that this key signed, and whether its time stamp proves its time. One that is no time stamp of it makes the line none of ours.
    fn read(line: &[u8], key: &VerifyingKey, trust: Option<&TrustAnchors>) -> Option<(Checkpoint, bool)> {
        let value: Value = serde_json::from_slice(line).ok()?;
        let hash = |value: &Value| random::unhex(value.as_str()?)?.try_into().ok();
        let mut heads = BTreeMap::new();
        for chain in value["chains"].as_array()? {
            let records = usize::try_from(chain["records"].as_u64()?).ok().filter(|records| *records > 0)?;
            let head = Head { records, hash: hash(&chain["hash"])? };
            if heads.insert(chain["agreement"].as_str()?.to_owned(), head).is_some() {
                return None;
            }
        }
        let time = Time::from_rfc3339(value["time"].as_str()?).ok()?;
        let checkpoint = Checkpoint { time, previous: hash(&value["previous"])?, heads };
        let signed = Base64::decode_vec(value["signature"].as_str()?).ok()?;
        let signature = DerSignature::from_bytes(&signed).ok()?;
        let token = match &value["timeStamp"] {
            Value::Null => None,
            token => Some(Base64::decode_vec(token.as_str()?).ok().filter(|token| stamp::is_over(token, &signed))?),
        };
        let proven = token.zip(trust).is_some_and(|(token, trust)| stamp::proves(&token, &signed, time, trust));
        let good = value["version"] == 1
            && hash(&value["digest"]) == Some(checkpoint.digest())
            && key.verify(&checkpoint.to_be_signed(), &signature).is_ok();
        good.then_some((checkpoint, proven))
    }

    /// What of the records is no longer as this checkpoint knows it; `line` is its own place. Records that `Trail::check` finds edited are its
    /// matter: here counts what their chain, made anew, would hide.
    fn compare(&self, trail: &Trail, line: usize) -> Vec<Finding> {
        let finding =
            |kind, agreement: &str, record| Finding { kind, agreement: Some(agreement.to_owned()), record, checkpoint: Some(line) };
        let mut findings = Vec::new();
        for (agreement, head) in &self.heads {
            let records = trail.0.get(agreement).map(Vec::as_slice).unwrap_or_default();
            match records.get(head.records.saturating_sub(1)) {
                _ if records.is_empty() => findings.push(finding(Kind::Gone, agreement, None)),
                None => findings.push(finding(Kind::Cut, agreement, Some(records.len()))),
                Some(record) if record.hash != head.hash => findings.push(finding(Kind::Remade, agreement, Some(head.records))),
                Some(_) => {}
            }
        }
        for (agreement, records) in &trail.0 {
            let known = self.heads.get(agreement).map_or(0, |head| head.records);
            let late = records.iter().zip(1..).skip(known).filter(|(record, _)| record.time < self.time);
            findings.extend(late.map(|(_, place)| finding(Kind::Backdated, agreement, Some(place))));
        }
        findings
    }
}

/// The lines of a file.
#[derive(Default)]
pub struct Checkpoints {
    lines: Vec<Option<Checkpoint>>,
    /// Lines, from 1, whose time is not proven, where somebody is trusted to prove it.
    unproven: Vec<usize>,
    last: [u8; 32],
}

impl Checkpoints {
    /// The checkpoints of a file's bytes. A line that is not of that key, or does not follow the line before it, is no checkpoint and a finding; so is one that
    /// no authority of those that are trusted has stamped, if any are.
    #[must_use]
    pub fn read(text: &[u8], key: &VerifyingKey, trust: Option<&TrustAnchors>) -> Checkpoints {
        let mut all = Checkpoints::default();
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            // A line without its end was torn when it was written.
            let found = line.strip_suffix(b"\n").and_then(|line| Checkpoint::read(line, key, trust));
            let found = found.filter(|(checkpoint, _)| checkpoint.previous == all.last);
            if trust.is_some() && found.as_ref().is_some_and(|(_, proven)| !proven) {
                all.unproven.push(all.lines.len().saturating_add(1));
            }
            all.lines.push(found.map(|(checkpoint, _)| checkpoint));
            all.last = sha256(line);
        }
        all
    }

    /// How many lines.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The line that comes next, of the records as they are. `stamp` gives a time stamp over the signature, or none.
    ///
    /// # Errors
    /// [`Failure`] if an agreement has no record; what `stamp` says.
    pub fn next(
        &self,
        trail: &Trail,
        time: Time,
        key: &SigningKey,
        stamp: impl FnOnce(&[u8]) -> Result<Option<Vec<u8>>, Failure>,
    ) -> Result<String, Failure> {
        Checkpoint::of(trail, time, self.last)?.line(key, stamp)
    }

    /// What of the records is no longer as a checkpoint knows it, and which lines are refused.
    #[must_use]
    pub fn compare(&self, trail: &Trail) -> Vec<Finding> {
        let about = |kind, line| Finding { kind, agreement: None, record: None, checkpoint: Some(line) };
        let judged = self.lines.iter().zip(1..).flat_map(|(checkpoint, line)| match checkpoint {
            Some(checkpoint) => checkpoint.compare(trail, line),
            None => vec![about(Kind::Refused, line)],
        });
        judged.chain(self.unproven.iter().map(|line| about(Kind::Unstamped, *line))).collect()
    }
}
