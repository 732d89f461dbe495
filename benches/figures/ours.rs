//! The library's side of a measurement: a file signed into a file, a file verified.
//!
//! Takes paths, gives nothing but success. What is measured is the journey an application calls: opening, one pass of
//! reading, hashing and writing, the key, the library's own check of the finished file, the rename. Only the key and its
//! certificates are loaded before, as a process that signs many documents would.

use crate::Fallible;
use std::path::Path;
use thrivosign::cancel::Progress;
use thrivosign::crypto::digest::{DigestAlgorithm, Hasher};
use thrivosign::host::clock;
use thrivosign::host::file::{Durability, FileSource};
use thrivosign::journey::in_place::sign_in_place;
use thrivosign::journey::sign::{SignOptions, SigningKey, sign};
use thrivosign::journey::{Input, Limits, Target};
use thrivosign::key::software::{SoftwareKey, SoftwareKeyStore};
use thrivosign::key::{DeviceKeyStore, KeyPurpose};
use thrivosign::pdf::Source;
use thrivosign::pki::certificate::certificates_from_pem;
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::sign::{DocMdp, SignatureRequest, SigningIdentity};
use thrivosign::verify::{Policy, Report, Verifier, VerifyOptions, verify};

const KEY: &str = "signer";

pub(crate) struct Signer {
    store: SoftwareKeyStore,
    identity: SigningIdentity,
    trust: TrustAnchors,
}

impl Signer {
    pub(crate) fn load(folder: &Path, name: &str) -> Fallible<Signer> {
        let read = |file: String| std::fs::read(folder.join(file));
        let key = SoftwareKey::from_file(&read(format!("{name}.key.pem"))?, None)?;
        let chain = certificates_from_pem(&read(format!("{name}.chain.pem"))?)?;
        let identity = SigningIdentity::for_key(key.public_key(), &chain, None)?;
        let store = SoftwareKeyStore::with_key(KEY, KeyPurpose::Signing, key)?;
        Ok(Signer { store, identity, trust: TrustAnchors::from_pem(&read("root.pem".to_owned())?)? })
    }

    /// Without fsync, as the peers do.
    pub(crate) fn sign(&self, input: &Path, output: &Path) -> Fallible<()> {
        let key = SigningKey { store: &self.store, name: KEY, identity: &self.identity };
        let target = Target::File { path: output, durability: Durability::None };
        let request = SignatureRequest::new(clock::now());
        sign(&Input::open(input)?, target, &request, key, SignOptions::default(), &Limits::default(), None)?;
        Ok(())
    }

    /// The same as a certification.
    pub(crate) fn certify(&self, input: &Path, output: &Path, level: DocMdp) -> Fallible<()> {
        let key = SigningKey { store: &self.store, name: KEY, identity: &self.identity };
        let target = Target::File { path: output, durability: Durability::None };
        let request = SignatureRequest { certification: Some(level), ..SignatureRequest::new(clock::now()) };
        sign(&Input::open(input)?, target, &request, key, SignOptions::default(), &Limits::default(), None)?;
        Ok(())
    }

    /// The same in memory; gives the length of the signed document.
    pub(crate) fn sign_memory(&self, input: &Input) -> Fallible<usize> {
        let key = SigningKey { store: &self.store, name: KEY, identity: &self.identity };
        let mut out = Vec::new();
        let request = SignatureRequest::new(clock::now());
        sign(input, Target::Memory(&mut out), &request, key, SignOptions::default(), &Limits::default(), None)?;
        Ok(out.len())
    }

    /// What no signature can do without: the document copied and hashed, and one answer of the key.
    pub(crate) fn floor(&self, input: &Input) -> Fallible<()> {
        let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
        let document = input.read_range(0, usize::try_from(Source::len(input))?)?;
        hasher.update(&document);
        std::hint::black_box(self.store.sign(KEY, &hasher.finish(), self.identity.algorithm())?);
        std::hint::black_box(document);
        Ok(())
    }

    /// The file itself gets the signature.
    pub(crate) fn sign_in_place(&self, file: &Path) -> Fallible<()> {
        let key = SigningKey { store: &self.store, name: KEY, identity: &self.identity };
        let request = SignatureRequest::new(clock::now());
        sign_in_place(file, Durability::None, &request, key, SignOptions::default(), &Limits::default(), None)?;
        Ok(())
    }

    /// Certificates that go into a signature.
    pub(crate) fn certificates(&self) -> usize {
        self.identity.chain().len()
    }

    /// The whole report; not clean is a failure of the measurement.
    pub(crate) fn verify(&self, file: &Path) -> Fallible<()> {
        self.judge(&FileSource::open(file)?)
    }

    /// The same from memory.
    pub(crate) fn verify_memory(&self, document: &[u8]) -> Fallible<()> {
        self.judge(&document)
    }

    /// One for many documents.
    pub(crate) fn verifier(&self) -> Verifier<'_> {
        Verifier::new(self.options())
    }

    fn judge(&self, source: &dyn Source) -> Fallible<()> {
        clean(verify(source, &self.options(), &Progress::default())?)
    }

    fn options(&self) -> VerifyOptions<'_> {
        VerifyOptions { trust: &self.trust, time: clock::now(), policy: Policy::default(), password: None, evidence: None }
    }
}

/// Not clean is a failure of the measurement.
pub(crate) fn clean(report: Report) -> Fallible<()> {
    if report.clean { Ok(()) } else { Err(format!("not clean: {:?}", report.signatures).into()) }
}
