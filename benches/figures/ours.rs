//! The library's side of a measurement: a file signed into a file, a file verified.
//!
//! Takes paths, gives nothing but success. Everything an application does for a document is inside the measured calls; only
//! the key and its certificates are loaded before, as a process that signs many documents would.

use crate::Fallible;
use std::path::Path;
use thrivosign::cancel::Progress;
use thrivosign::host::clock;
use thrivosign::host::file::{Durability, FileSink, FileSource};
use thrivosign::key::software::SoftwareKey;
use thrivosign::pdf::Document;
use thrivosign::pki::certificate::certificates_from_pem;
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::sign::{Output, SignatureRequest, SigningIdentity, plan};
use thrivosign::verify::{Policy, VerifyOptions, verify};

pub(crate) struct Signer {
    key: SoftwareKey,
    identity: SigningIdentity,
    trust: TrustAnchors,
}

struct Sink(FileSink);

impl Output for Sink {
    fn write(&mut self, bytes: &[u8]) -> thrivosign::Result<()> {
        self.0.write(bytes)
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> thrivosign::Result<()> {
        self.0.write_at(offset, bytes)
    }
}

impl Signer {
    pub(crate) fn load(folder: &Path, name: &str) -> Fallible<Signer> {
        let read = |file: String| std::fs::read(folder.join(file));
        let key = SoftwareKey::from_file(&read(format!("{name}.key.pem"))?, None)?;
        let chain = certificates_from_pem(&read(format!("{name}.chain.pem"))?)?;
        let identity = SigningIdentity::for_key(key.public_key(), &chain, None)?;
        Ok(Signer { key, identity, trust: TrustAnchors::from_pem(&read("root.pem".to_owned())?)? })
    }

    /// One pass: read, hash, copy; then the signature; no fsync.
    pub(crate) fn sign(&self, input: &Path, output: &Path) -> Fallible<()> {
        let source = FileSource::open(input)?;
        let document = Document::open(&source)?;
        let request = SignatureRequest::new(clock::now());
        let mut sink = Sink(FileSink::create_from(&source, output, Durability::None)?);
        let random = thrivosign::host::random::bytes()?;
        let prepared = plan(&document, &request, &self.identity, random)?.copy(&source, &mut sink, &Progress::default())?;
        let to_be_signed = prepared.to_be_signed()?;
        let value = to_be_signed.accept(&self.key.sign(to_be_signed.message(), to_be_signed.algorithm())?)?;
        prepared.patch(&value, &mut sink)?;
        sink.0.finish()?;
        Ok(())
    }

    /// The whole report; not clean is a failure of the measurement.
    pub(crate) fn verify(&self, file: &Path) -> Fallible<()> {
        let source = FileSource::open(file)?;
        let options = VerifyOptions { trust: &self.trust, time: clock::now(), policy: Policy::default(), password: None };
        let report = verify(&source, &options, &Progress::default())?;
        if report.clean { Ok(()) } else { Err(format!("not clean: {:?}", report.signatures).into()) }
    }
}
