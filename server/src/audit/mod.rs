//! The operator's tasks on audit records: `verify` says whether the chains are whole, `checkpoint` signs where they end, so that a later
//! `verify` finds what a chain cannot show by itself: an end cut off, or a chain made anew by whoever owns the database. Reading changes nothing and
//! needs no server to stop; a checkpoint takes the data folder of a server that is not running.

mod chain;
mod checkpoint;
mod finding;
mod stamp;

pub use chain::Trail;
pub(crate) use chain::check;
pub use checkpoint::Checkpoints;
pub use finding::{Finding, Kind};
pub use stamp::Authority;

use crate::ca::key;
use crate::config::{system_clock, time_of};
use crate::failure::Failure;
use crate::folder::Folder;
use p256::ecdsa::{SigningKey, VerifyingKey};
use p256::pkcs8::{DecodePublicKey, EncodePublicKey, LineEnding};
use serde_json::{Value, json};
use std::fmt;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use thrivosign::host::file;
use thrivosign::pki::TrustAnchors;

/// The key that signs checkpoints, and nothing else: no certificate names it.
const KEY: &str = "audit.key.pem";
/// Largest file of a public key.
const MAX_KEY: usize = 64 << 10;
/// Largest file of checkpoints.
const MAX_CHECKPOINTS: usize = 256 << 20;

/// Where the store of that data folder stands.
#[must_use]
pub fn store_of(data: &Path) -> PathBuf {
    data.join("store.db")
}

/// What a checkpoint was made of.
pub struct Made {
    /// How many agreements it names.
    pub agreements: usize,
    /// How many checkpoints the file has with it.
    pub lines: usize,
}

/// PEM of the public half of the key for checkpoints, which is made if there is none yet.
///
/// # Errors
/// [`Failure`] if the folder is in use or damaged.
pub fn key(data: &Path) -> Result<String, Failure> {
    public_pem(&key::open_or_make(&Folder::open(data)?, KEY)?)
}

fn public_pem(key: &SigningKey) -> Result<String, Failure> {
    key.verifying_key().to_public_key_pem(LineEnding::LF).map_err(Failure::at("cannot encode a key"))
}

/// Adds a line to the file of checkpoints, which is made if it is missing, stamped by that authority if one is named. Nothing in the file is ever written over.
///
/// # Errors
/// [`Failure`] if the folder is in use, damaged or has no store, or the records are not whole, also as the file's earlier lines know them: what is
/// signed is only what was found good. If the authority gives no time stamp, nothing is written.
pub fn checkpoint(data: &Path, out: &Path, authority: Option<&Authority>) -> Result<Made, Failure> {
    if !store_of(data).is_file() {
        return Err(Failure::new("the data folder has no store"));
    }
    let folder = Folder::open(data)?;
    let signer = key::open_or_make(&folder, KEY)?;
    let trail = Trail::read(&store_of(data))?;
    let earlier = if out.exists() { read_checkpoints(out, signer.verifying_key(), None)? } else { Checkpoints::default() };
    if !trail.check().is_empty() || !earlier.compare(&trail).is_empty() {
        return Err(Failure::new("the audit records are not whole, `audit verify` says where; no checkpoint is made of them"));
    }
    let now = time_of(system_clock()());
    let line = earlier.next(&trail, now, &signer, |signature| authority.map(|authority| authority.stamp(signature, now)).transpose())?;
    let doing = "cannot write the checkpoint";
    let mut file = OpenOptions::new().create(true).append(true).open(out).map_err(Failure::at(doing))?;
    // One write: a reader beside this sees a line whole, or a torn one that is refused.
    file.write_all(line.as_bytes()).and_then(|()| file.sync_all()).map_err(Failure::at(doing))?;
    Ok(Made { agreements: trail.agreements(), lines: earlier.len().saturating_add(1) })
}

fn read_checkpoints(path: &Path, key: &VerifyingKey, trust: Option<&TrustAnchors>) -> Result<Checkpoints, Failure> {
    let text = file::read_small(path, MAX_CHECKPOINTS).map_err(Failure::at("cannot read the checkpoints"))?;
    Ok(Checkpoints::read(&text, key, trust))
}

/// The roots of a time-stamping authority, from a file of certificates (PEM).
///
/// # Errors
/// [`Failure`] if the file cannot be read or has none.
pub fn trusted(path: &Path) -> Result<TrustAnchors, Failure> {
    let doing = "cannot read whom to trust about time stamps";
    let pem = file::read_small(path, MAX_KEY).map_err(Failure::at(doing))?;
    TrustAnchors::from_pem(&pem).map_err(Failure::at(doing))
}

/// What was looked at, and what was found.
pub struct Report {
    /// The records.
    pub trail: Trail,
    /// How many checkpoints they were compared with.
    pub checkpoints: usize,
    /// Nothing, if all is whole.
    pub findings: Vec<Finding>,
}

impl Report {
    /// As `--json` gives it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "whole": self.findings.is_empty(),
            "agreements": self.trail.agreements(),
            "records": self.trail.records(),
            "checkpoints": self.checkpoints,
            "findings": self.findings.iter().map(Finding::to_json).collect::<Vec<_>>(),
        })
    }
}

impl fmt::Display for Report {
    /// What was looked at, in a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (records, agreements) = (self.trail.records(), self.trail.agreements());
        let findings = self.findings.len();
        write!(f, "{records} records of {agreements} agreements, {} checkpoints: {findings} findings", self.checkpoints)
    }
}

/// Checks the records of a store (`store.db`, or a copy of it), and compares them with the checkpoints in a file if it is named together with that of the
/// public half (PEM) of the key that signed them. That key comes from where it was put down, not from the data folder: who owns that can sign. With `stamped` each
/// checkpoint needs a time stamp of an authority below one of these roots.
///
/// # Errors
/// [`Failure`] if a file cannot be read.
pub fn verify(store: &Path, checkpoints: Option<(&Path, &Path)>, stamped: Option<&TrustAnchors>) -> Result<Report, Failure> {
    let trail = Trail::read(store)?;
    let mut findings = trail.check();
    let mut count = 0;
    if let Some((path, key)) = checkpoints {
        let doing = "cannot read the key for checkpoints";
        let pem = file::read_small(key, MAX_KEY).map_err(Failure::at(doing))?;
        let pem = std::str::from_utf8(&pem).map_err(Failure::at(doing))?;
        let key = VerifyingKey::from_public_key_pem(pem).map_err(Failure::at(doing))?;
        let known = read_checkpoints(path, &key, stamped)?;
        if known.is_empty() {
            // It would pass everything.
            return Err(Failure::new("the file of checkpoints has none"));
        }
        count = known.len();
        findings.extend(known.compare(&trail));
    }
    Ok(Report { trail, checkpoints: count, findings })
}
