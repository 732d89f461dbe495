//! Documents of level B-LT, verified offline by the evidence in them alone: a three-certificate chain, OCSP for the signer and for the time-stamping
//! authority, a list for the authorities above. Beside pyHanko with the same files.
//!
//! Takes a cache folder and the tools, gives documents a second.

use crate::clock::{Clock, TSA};
use crate::small::{self, Rate};
use crate::{Fallible, peers};
use std::fs;
use std::path::Path;
use thrivosign::cancel::Progress;
use thrivosign::evidence::{Bundle, Goal, Item, Kind};
use thrivosign::host::clock;
use thrivosign::journey::extend::Extending;
use thrivosign::journey::sign::{SignOptions, SigningKey, sign};
use thrivosign::journey::stamp::TimeStampAuthority;
use thrivosign::journey::{Input, Limits, Target};
use thrivosign::key::KeyPurpose;
use thrivosign::key::software::{SoftwareKey, SoftwareKeyStore};
use thrivosign::pki::certificate::certificates_from_pem;
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::sign::{SignatureRequest, SigningIdentity};
use thrivosign::verify::{Policy, Revocation, Verifier, VerifyOptions};

/// Different documents: each has a signature and a time stamp of its own.
const DOCUMENTS: usize = 40;

/// Documents a second.
pub(crate) struct Lasting {
    pub(crate) bytes: usize,
    /// Each document for the first time, by a verifier that knows the chains of others of the same signer.
    pub(crate) warm: Rate,
    /// Each for the first time, by a verifier that knows nothing.
    pub(crate) cold: Rate,
    /// The same documents again.
    pub(crate) again: Rate,
    pub(crate) peer: Rate,
}

pub(crate) fn measure(folder: &Path, python: &Path, quick: bool) -> Fallible<Lasting> {
    let pki = peers::levels(python)?;
    let work = folder.join("lasting");
    fs::create_dir_all(&work)?;
    let files = made(&pki, &work)?;
    let trust = TrustAnchors::from_pem(&fs::read(pki.join("root.pem"))?)?;
    let policy = || Policy { revocation: Revocation::Require, ..Policy::default() };
    let verifier =
        || Verifier::new(VerifyOptions { trust: &trust, time: clock::now().plus(1), policy: policy(), password: None, evidence: None });
    let judge = |verifier: &Verifier<'_>, file: &Vec<u8>| -> Fallible<()> {
        let report = verifier.verify(file, &Progress::default())?;
        if report.clean { Ok(()) } else { Err(format!("not clean: {:?}", report.signatures).into()) }
    };
    let all = |verifier: &Verifier<'_>, files: &[Vec<u8>]| files.iter().try_for_each(|file| judge(verifier, file));
    let (mut warm, mut cold, mut again) = (Rate::default(), Rate::default(), Rate::default());
    let (first, rest) = files.split_at(1);
    for _ in 0..if quick { 3 } else { 15 } {
        let known = verifier();
        all(&known, first)?;
        let rounds = |rate: Rate, count: usize| Rate { processor: rate.processor * count as f64, wall: rate.wall * count as f64 };
        warm = warm.best(rounds(small::rate(1, || all(&known, rest))?, rest.len()));
        again = again.best(rounds(small::rate(3, || all(&known, &files))?, files.len()));
        cold = cold.best(rounds(small::rate(1, || files.iter().try_for_each(|file| judge(&verifier(), file)))?, files.len()));
    }
    let peer = peers::pyhanko_lasting(python, &work, &pki, if quick { 1 } else { 3 })?;
    Ok(Lasting { bytes: files.first().map_or(0, Vec::len), warm, cold, again, peer })
}

/// The documents, as files for the peer too.
fn made(pki: &Path, work: &Path) -> Fallible<Vec<Vec<u8>>> {
    let pem = |name: &str| fs::read(pki.join(format!("{name}.pem")));
    let mut evidence = Bundle::default();
    for (name, kind) in [("p256.ocsp", Kind::Ocsp), ("tsa.ocsp", Kind::Ocsp), ("lists/0.crl", Kind::Crl)] {
        evidence.add(Item::from_der(kind, &fs::read(pki.join(name))?)?)?;
    }
    let own = SoftwareKey::from_file(&pem("p256.key")?, None)?;
    let identity = SigningIdentity::for_key(own.public_key(), &certificates_from_pem(&[pem("p256")?, pem("ca")?].concat())?, None)?;
    let store = SoftwareKeyStore::with_key("signer", KeyPurpose::Signing, own)?;
    let (trust, clock) = (TrustAnchors::from_pem(&pem("root")?)?, Clock::new(pki, work)?);
    let authorities = [TimeStampAuthority::new(TSA)];
    let raise = Extending {
        goal: Goal::BLT,
        trust: &trust,
        authorities: &authorities,
        fetcher: Some(&clock),
        evidence: Some(&evidence),
        time: None,
    };
    let options = SignOptions { raise: Some(&raise), ..SignOptions::default() };
    let key = SigningKey { store: &store, name: "signer", identity: &identity };
    let input = Input::open(&pki.join("page.pdf"))?;
    let mut files = Vec::new();
    for number in 0..DOCUMENTS {
        let mut file = Vec::new();
        let request = SignatureRequest::new(clock::now());
        let done = sign(&input, Target::Memory(&mut file), &request, key, options, &Limits::default(), None)?;
        if done.raised().is_none_or(|raised| !raised.reached()) {
            return Err(format!("B-LT is not reached: {:?}", done.raised()).into());
        }
        fs::write(work.join(format!("{number}.pdf")), &file)?;
        files.push(file);
        // No two of the same second: a chain is asked for at the time that is proven.
        std::thread::sleep(std::time::Duration::from_millis(1_000));
    }
    Ok(files)
}
