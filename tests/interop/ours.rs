//! The library as the other tests here see it: sign a file, verify a file.
//!
//! Takes paths, gives files and reports, through the public API alone.

use crate::corpus::Bench;
use std::path::Path;
use thrivosign::Result;
use thrivosign::cancel::Progress;
use thrivosign::crypto::{DigestAlgorithm, SignatureAlgorithm};
use thrivosign::host::clock;
use thrivosign::host::file::{Durability, FileSource};
use thrivosign::journey::carried::Carried;
use thrivosign::journey::damage::Damage;
use thrivosign::journey::sign::{self, SignOptions, SigningKey};
use thrivosign::journey::{Input, Limits, Target};
use thrivosign::key::KeyPurpose;
use thrivosign::key::software::{SoftwareKey, SoftwareKeyStore};
use thrivosign::pdf::Rect;
use thrivosign::pki::certificate::certificates_from_pem;
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::sign::{Placement, PreflightPolicy, SignatureRequest, SignedPdf, SigningIdentity};
use thrivosign::verify::{self, Policy, Report, VerifyOptions};

pub(crate) type Trust = TrustAnchors;

/// The root in that file as the only anchor.
pub(crate) fn trust(root: &Path) -> Trust {
    TrustAnchors::from_pem(&std::fs::read(root).unwrap()).unwrap()
}

/// Verifies with the given anchors, now, by the default policy.
pub(crate) fn verify(file: &Path, trust: &Trust, password: &str) -> std::result::Result<Report, String> {
    let run = || -> Result<Report> {
        let source = FileSource::open(file)?;
        let options =
            VerifyOptions { trust, time: clock::now(), policy: Policy::default(), password: Some(password.as_bytes()), evidence: None };
        verify::verify(&source, &options, &Progress::default())
    };
    run().map_err(|error| error.to_string())
}

/// Why a report is not clean, in codes.
pub(crate) fn reasons(report: &Report) -> String {
    let one = |reason: &thrivosign::verify::ReasonEntry| match &reason.detail {
        Some(detail) => format!("{} ({detail})", reason.code),
        None => reason.code.to_owned(),
    };
    let each = report.signatures.iter().map(|signature| {
        let codes: Vec<String> = signature.reasons.iter().map(one).collect();
        let changes: Vec<&str> = signature.change_details.iter().map(|change| change.detail.as_str()).collect();
        format!("{}: {:?} {:?} [{}] {changes:?}", signature.field, signature.overall.indication, signature.changes, codes.join(", "))
    });
    each.collect::<Vec<_>>().join("; ")
}

/// Signs one file into another with a test signer (`p256`, `rsa`, or `rsa-pss`: the same key, the other padding), in a box on page 1 as a reader sees it or invisibly.
pub(crate) fn sign(
    bench: &Bench,
    signer: &str,
    field: Option<&str>,
    place: Option<[f64; 4]>,
    password: &str,
    input: &Path,
    output: &Path,
) -> Result<()> {
    let rect = |[x, y, width, height]: [f64; 4]| Rect::new(x, y, x + width, y + height);
    let placement = place.map_or(Placement::Invisible, |place| Placement::Visible { page: 1, rect: rect(place) });
    sign_at(bench, signer, field, placement, password, input, output)
}

/// The same wherever it is to show.
pub(crate) fn sign_at(
    bench: &Bench,
    signer: &str,
    field: Option<&str>,
    placement: Placement,
    password: &str,
    input: &Path,
    output: &Path,
) -> Result<()> {
    let options = SignOptions { password: Some(password.as_bytes()), ..SignOptions::default() };
    sign_with(bench, signer, field, placement, options, input, output).map(drop)
}

/// Signs a damaged file invisibly.
pub(crate) fn sign_damaged(
    bench: &Bench,
    signer: &str,
    field: Option<&str>,
    damage: Damage,
    password: &str,
    input: &Path,
    output: &Path,
) -> Result<SignedPdf> {
    let options = SignOptions { password: Some(password.as_bytes()), damage, ..SignOptions::default() };
    sign_with(bench, signer, field, Placement::Invisible, options, input, output)
}

/// Signs invisibly, with a record of the signing in the document.
pub(crate) fn sign_carrying(bench: &Bench, signer: &str, consent: &str, input: &Path, output: &Path) -> Result<SignedPdf> {
    let policy = PreflightPolicy::report();
    let carry = Some(Carried { consent: Some(consent), key: None });
    let options = SignOptions { carry, preflight: Some(&policy), ..SignOptions::default() };
    sign_with(bench, signer, None, Placement::Invisible, options, input, output)
}

fn sign_with(
    bench: &Bench,
    signer: &str,
    field: Option<&str>,
    placement: Placement,
    options: SignOptions<'_>,
    input: &Path,
    output: &Path,
) -> Result<SignedPdf> {
    let (signer, algorithm) = match signer {
        "rsa-pss" => ("rsa", Some(SignatureAlgorithm::RsaPss { digest: DigestAlgorithm::Sha256, salt_len: 32 })),
        other => (other, None),
    };
    let read = |ending: &str| std::fs::read(bench.authority.join(format!("{signer}.{ending}.pem"))).unwrap();
    let key = SoftwareKey::from_file(&read("key"), None)?;
    let identity = SigningIdentity::for_key(key.public_key(), &certificates_from_pem(&read("chain"))?, algorithm)?;
    let store = SoftwareKeyStore::with_key(signer, KeyPurpose::Signing, key)?;
    let key = SigningKey { store: &store, name: signer, identity: &identity };
    let mut request = SignatureRequest::new(clock::now());
    request.field = field.map(ToOwned::to_owned);
    request.reason = Some("I accept the loan agreement".to_owned());
    request.placement = placement;
    let target = Target::File { path: output, durability: Durability::None };
    sign::sign(&Input::open(input)?, target, &request, key, options, &Limits::default(), None)
}
