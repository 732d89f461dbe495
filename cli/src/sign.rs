//! `thrivosign sign`: one document, one signature, by a key at hand.

use crate::output::{self, Exit};
use crate::progress::Bar;
use crate::{interrupt, secret};
use clap::{ArgGroup, Args};
use serde_json::json;
use std::path::{Path, PathBuf};
use thrivosign::crypto::algorithm::SignatureAlgorithm;
use thrivosign::crypto::digest::DigestAlgorithm;
use thrivosign::host::clock;
use thrivosign::host::file::{self, Durability, FileSource};
use thrivosign::journey::sign::{SignOptions, SigningKey, sign_file};
use thrivosign::key::software::{SoftwareKey, SoftwareKeyStore};
use thrivosign::key::{KeyPurpose, pkcs12};
use thrivosign::pdf::Rect;
use thrivosign::pki::certificate::{Certificate, certificates_from_pem};
use thrivosign::sign::{Placement, SignatureRequest, SigningIdentity};
use thrivosign::{Error, ErrorKind, Progress, Result};

/// Largest file of certificates.
const MAX_CERTIFICATES: usize = 4 << 20;
const NAME: &str = "signing key";

/// Signs a document (PAdES B-B).
#[derive(Args)]
#[command(group(ArgGroup::new("signer").required(true).args(["key", "p12"])))]
pub(crate) struct Sign {
    /// A private key file (PKCS#8, SEC1 or PKCS#1). A test and migration aid: use a key store for anything else.
    #[arg(long, value_name = "PKCS8.pem", requires = "cert")]
    key: Option<PathBuf>,
    /// The certificate of that key and its issuers.
    #[arg(long, value_name = "CHAIN.pem", requires = "key")]
    cert: Option<PathBuf>,
    /// A PKCS#12 file with key and certificates. A test and migration aid as well.
    #[arg(long, value_name = "FILE")]
    p12: Option<PathBuf>,
    /// File with the passphrase of the key; otherwise THRIVOSIGN_PASSPHRASE, or it is asked for.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// ecdsa, rsa-pkcs1 or rsa-pss, with -sha256, -sha384 or -sha512 if wanted.
    #[arg(long, value_parser = algorithm)]
    algorithm: Option<SignatureAlgorithm>,
    /// Name of the signature field; a dot separates the levels. An empty one is signed in place.
    #[arg(long)]
    field: Option<String>,
    /// Why it is signed.
    #[arg(long)]
    reason: Option<String>,
    /// Where it is signed.
    #[arg(long)]
    location: Option<String>,
    /// How to reach the signer.
    #[arg(long)]
    contact: Option<String>,
    /// The signer's name, if another than the certificate's is to be shown.
    #[arg(long)]
    name: Option<String>,
    /// A visible box: page from 1, then left, bottom, width and height in points on the page as it is shown.
    #[arg(long, value_name = "PAGE,X,Y,W,H", value_parser = visible, allow_hyphen_values = true)]
    visible: Option<Placement>,
    /// A line of the visible box instead of the usual ones; may be repeated.
    #[arg(long, value_name = "LINE")]
    text: Vec<String>,
    /// The document's user or owner password; '' is the empty user password.
    #[arg(long, value_name = "PW")]
    password: Option<String>,
    /// Does not wait until the disk has the file.
    #[arg(long)]
    no_fsync: bool,
    /// Reads the whole finished file again to check it.
    #[arg(long)]
    full_recheck: bool,
    /// The document.
    #[arg(value_name = "IN")]
    input: PathBuf,
    /// The signed document; it appears whole or not at all.
    #[arg(value_name = "OUT")]
    output: PathBuf,
}

fn visible(text: &str) -> Result<Placement, String> {
    let wrong = || "expected PAGE,X,Y,W,H, such as 1,50,50,200,60".to_owned();
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    let [page, rest @ ..] = parts.as_slice() else { return Err(wrong()) };
    let page = page.parse().map_err(|_| wrong())?;
    let numbers = rest.iter().map(|part| part.parse::<f64>().ok().filter(|n| n.is_finite())).collect::<Option<Vec<f64>>>();
    match numbers.as_deref() {
        Some([x, y, w, h]) if *w > 0.0 && *h > 0.0 => Ok(Placement::Visible { page, rect: Rect::new(*x, *y, x + w, y + h) }),
        _ => Err(wrong()),
    }
}

fn algorithm(text: &str) -> Result<SignatureAlgorithm, String> {
    let digests = [("-sha256", DigestAlgorithm::Sha256), ("-sha384", DigestAlgorithm::Sha384), ("-sha512", DigestAlgorithm::Sha512)];
    let found = digests.iter().find_map(|(suffix, digest)| text.strip_suffix(suffix).map(|kind| (kind, *digest)));
    let (kind, digest) = found.unwrap_or((text, DigestAlgorithm::Sha256));
    match kind {
        "ecdsa" => Ok(SignatureAlgorithm::Ecdsa(digest)),
        "rsa-pkcs1" => Ok(SignatureAlgorithm::RsaPkcs1(digest)),
        "rsa-pss" => Ok(SignatureAlgorithm::RsaPss { digest, salt_len: u32::try_from(digest.len()).unwrap_or(32) }),
        "ed25519" if found.is_none() => Ok(SignatureAlgorithm::Ed25519),
        _ => Err("expected ecdsa, rsa-pkcs1 or rsa-pss, and -sha256, -sha384 or -sha512 if wanted".to_owned()),
    }
}

pub(crate) fn run(task: Sign, json: bool) -> Result<Exit> {
    output::hint("signing with a key from a file is a test and migration aid; such a key can be copied", json);
    let (key, certificates) = signer(&task)?;
    let identity = SigningIdentity::for_key(key.public_key(), &certificates, task.algorithm.clone())?;
    let store = SoftwareKeyStore::with_key(NAME, KeyPurpose::Signing, key)?;
    let source = FileSource::open(&task.input)?;
    let request = SignatureRequest {
        field: task.field,
        placement: task.visible.unwrap_or(Placement::Invisible),
        reason: task.reason,
        location: task.location,
        contact: task.contact,
        name: task.name,
        lines: (!task.text.is_empty()).then_some(task.text),
        ..SignatureRequest::new(clock::now())
    };
    let options = SignOptions {
        password: task.password.as_ref().map(String::as_bytes),
        durability: if task.no_fsync { Durability::None } else { Durability::Fsync },
        full_recheck: task.full_recheck,
        ..SignOptions::default()
    };
    let bar = Bar::new("signing");
    let report = |done, total| bar.show(done, total);
    let progress = Progress::new(interrupt::token(), Some(&report));
    let signing = SigningKey { store: &store, name: NAME, identity: &identity };
    let outcome = sign_file(&source, &task.output, &request, signing, options, &progress);
    bar.clear();
    let signed = outcome?;
    let (digest, value) = signed.content_digest();
    if json {
        let answer = json!({
            "schema": "thrivosign-sign-1",
            "input": task.input.to_string_lossy(),
            "output": task.output.to_string_lossy(),
            "field": signed.field(),
            "level": "B-B",
            "time": request.time.to_string(),
            "source_size": signed.source_len(),
            "size": signed.total_len(),
            "signature_algorithm": identity.algorithm().name(),
            "digest_algorithm": digest.name(),
            "digest": value.iter().map(|b| format!("{b:02x}")).collect::<String>(),
        });
        output::line(&answer.to_string());
    } else {
        let name = output::printable(&task.output.to_string_lossy());
        output::line(&format!("signed: {name}, field {}, {} bytes", output::printable(signed.field()), signed.total_len()));
    }
    Ok(Exit::Clean)
}

fn signer(task: &Sign) -> Result<(SoftwareKey, Vec<Certificate>)> {
    let passphrase_file = task.passphrase_file.as_deref();
    match (&task.key, &task.cert, &task.p12) {
        (Some(key), Some(cert), None) => {
            let certificates = certificates_from_pem(&file::read_small(cert, MAX_CERTIFICATES)?)?;
            Ok((private_key(key, passphrase_file)?, certificates))
        }
        (None, None, Some(p12)) => {
            let bytes = file::read_secret_file(p12)?;
            pkcs12::open(&bytes, &secret::passphrase(passphrase_file, "Passphrase of the PKCS#12 file")?)
        }
        _ => Err(Error::new(ErrorKind::InvalidArgument).context("--key with --cert, or --p12")),
    }
}

/// The passphrase is asked for only if the file needs one.
fn private_key(path: &Path, passphrase_file: Option<&Path>) -> Result<SoftwareKey> {
    let bytes = file::read_secret_file(path)?;
    match SoftwareKey::from_file(&bytes, None) {
        Err(error) if error.kind() == ErrorKind::PassphraseWrong => {
            SoftwareKey::from_file(&bytes, Some(&secret::passphrase(passphrase_file, "Passphrase of the key")?))
        }
        other => other,
    }
}
