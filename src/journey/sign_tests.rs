//! The room `journey`: signing from file to file, and what is left behind when it fails.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests look at the folder")]

use super::damage::Damage;
use super::deferred::{self, Paused};
use super::fields::add_fields;
use super::input::Input;
use super::output::Target;
use super::retry::Limits;
use super::sign::{SignOptions, SigningKey, check, sign};
use crate::cancel::{CancelToken, Progress};
use crate::crypto::algorithm::{KeyAlgorithm, PublicKey, SignatureAlgorithm};
use crate::error::{Error, ErrorKind, Result};
use crate::host::file::Durability;
use crate::inspect::Risk;
use crate::key::software::{SoftwareKey, SoftwareKeyStore};
use crate::key::{Attestation, DeviceKeyStore, KeyInfo, KeyPurpose, KeySpec};
use crate::pdf::recover::Repair;
use crate::pdf::{Document, Rect, Source};
use crate::pki::certificate::Certificate;
use crate::pki::testing::{Draft, Key};
use crate::pki::trust::TrustAnchors;
use crate::sign::testing::{Style, document, now, plain};
use crate::sign::{EmptyField, Placement, PreflightPolicy, SignatureRequest, SignedPdf, SigningIdentity};
use crate::verify::{Policy, VerifyOptions, verify};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// A key store that counts and may lie.
pub(super) struct Counting {
    inner: SoftwareKeyStore,
    uses: AtomicUsize,
    lie: bool,
    /// Cancelled while the prompt stands.
    pub(super) gives_up: Option<CancelToken>,
}

impl DeviceKeyStore for Counting {
    fn create(&self, name: &str, spec: &KeySpec) -> Result<KeyInfo> {
        self.inner.create(name, spec)
    }
    fn info(&self, name: &str) -> Result<KeyInfo> {
        self.inner.info(name)
    }
    fn sign(&self, name: &str, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>> {
        self.uses.fetch_add(1, Ordering::SeqCst);
        let message = if self.lie { &message[1..] } else { message };
        if let Some(token) = &self.gives_up {
            token.cancel();
        }
        self.inner.sign(name, message, algorithm)
    }
    fn attest(&self, name: &str, challenge: &[u8]) -> Result<Attestation> {
        self.inner.attest(name, challenge)
    }
    fn delete(&self, name: &str) -> Result<()> {
        self.inner.delete(name)
    }
    fn list(&self) -> Result<Vec<KeyInfo>> {
        self.inner.list()
    }
}

pub(super) struct Person {
    pub(super) store: Counting,
    pub(super) identity: SigningIdentity,
    root: Certificate,
}

fn certified(key: &PublicKey, draft: impl Fn(Draft) -> Draft) -> (SigningIdentity, Certificate) {
    let root_key = Key::new(1);
    let root = Draft::ca("Root", &root_key, "Root", None).issue(&root_key);
    let mut leaf = draft(Draft::leaf("Anna Example", &Key::new(2), "Root").serial(9));
    leaf.key = key.clone();
    (SigningIdentity::for_key(key, &[root.clone(), leaf.issue(&root_key)], None).unwrap(), root)
}

/// The identity of that key, under the root of every person.
pub(super) fn identity_of(key: &PublicKey) -> SigningIdentity {
    certified(key, |draft| draft).0
}

pub(super) fn person() -> Person {
    let key = SoftwareKey::generate(KeyAlgorithm::P256).unwrap();
    let (identity, root) = certified(key.public_key(), |draft| draft);
    let inner = SoftwareKeyStore::with_key("sign", KeyPurpose::Signing, key).unwrap();
    Person { store: Counting { inner, uses: AtomicUsize::new(0), lie: false, gives_up: None }, identity, root }
}

impl Person {
    pub(super) fn key(&self) -> SigningKey<'_> {
        SigningKey { store: &self.store, name: "sign", identity: &self.identity }
    }

    pub(super) fn uses(&self) -> usize {
        self.store.uses.load(Ordering::SeqCst)
    }

    pub(super) fn clean(&self, file: &[u8], signatures: usize) {
        let trust: TrustAnchors = [self.root.clone()].into_iter().collect();
        let options = VerifyOptions { trust: &trust, time: now(), policy: Policy::default(), password: None, evidence: None };
        let report = verify(&file, &options, &Progress::default()).unwrap();
        assert!(report.clean && report.signatures.len() == signatures, "{}", report.to_json().unwrap());
    }
}

pub(super) fn visible() -> SignatureRequest {
    SignatureRequest {
        placement: Placement::Visible { page: 1, rect: Rect::new(300.0, 60.0, 550.0, 120.0) },
        reason: Some("I agree".into()),
        ..SignatureRequest::new(now())
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn in_memory(input: &Input, key: SigningKey<'_>, options: SignOptions<'_>) -> Result<(Vec<u8>, SignedPdf)> {
    let mut out = Vec::new();
    let signed = sign(input, Target::Memory(&mut out), &visible(), key, options, &Limits::default(), None)?;
    Ok((out, signed))
}

#[test]
fn from_file_to_file_and_clean() {
    let person = person();
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("in.pdf"), folder.path().join("out.pdf"));
    for style in [Style::Table, Style::Stream] {
        std::fs::write(&input, plain(style)).unwrap();
        for request in [SignatureRequest::new(now()), visible()] {
            for full_recheck in [false, true] {
                let options = SignOptions { full_recheck, ..SignOptions::default() };
                let target = Target::File { path: &output, durability: Durability::None };
                sign(&Input::open(&input).unwrap(), target, &request, person.key(), options, &Limits::default(), None).unwrap();
                person.clean(&std::fs::read(&output).unwrap(), 1);
            }
        }
        let (twice, _) = in_memory(&Input::open(&output).unwrap(), person.key(), SignOptions::default()).unwrap();
        let trust: TrustAnchors = [person.root.clone()].into_iter().collect();
        let options = VerifyOptions { trust: &trust, time: now(), policy: Policy::default(), password: None, evidence: None };
        assert_eq!(verify(&twice, &options, &Progress::default()).unwrap().signatures.len(), 2);
    }
    assert_eq!(names(folder.path()), ["in.pdf", "out.pdf"]);
    assert_eq!(person.uses(), 10);
}

#[test]
fn what_fails_leaves_the_old_output_and_asks_no_key() {
    let mut person = person();
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("in.pdf"), folder.path().join("out.pdf"));
    std::fs::write(&output, b"old").unwrap();
    let run = |person: &Person, identity: &SigningIdentity, file: &[u8], target: &Path, limits: &Limits| {
        std::fs::write(&input, file).unwrap();
        let source = Input::open(&input).unwrap();
        let key = SigningKey { store: &person.store, name: "sign", identity };
        let outcome = sign(&source, Target::file(target), &visible(), key, SignOptions::default(), limits, None);
        let error = outcome.err().map(|e: Error| e.kind());
        assert_eq!(names(folder.path()), ["in.pdf", "out.pdf"]);
        assert_eq!(std::fs::read(&output).unwrap(), b"old");
        assert_eq!(std::fs::read(&input).unwrap(), file);
        error
    };
    let good = plain(Style::Table);
    let quiet = Limits::default();
    let public = person.store.info("sign").unwrap().public_key;
    let expired = certified(&public, |draft| draft.valid("20200101000000Z", "20210101000000Z")).0;
    let foreign = certified(&Key::new(7).public(), |draft| draft).0;
    assert_eq!(run(&person, &person.identity, b"no PDF", &output, &quiet), Some(ErrorKind::NotPdf));
    assert_eq!(run(&person, &person.identity, &good[..200], &output, &quiet), Some(ErrorKind::PdfDamaged));
    assert_eq!(run(&person, &expired, &good, &output, &quiet), Some(ErrorKind::CertificateExpired));
    assert_eq!(run(&person, &foreign, &good, &output, &quiet), Some(ErrorKind::CertificateForeign));
    assert_eq!(run(&person, &person.identity, &good, &input, &quiet), Some(ErrorKind::OutputIsInput));
    let missing = folder.path().join("missing/out.pdf");
    assert_eq!(run(&person, &person.identity, &good, &missing, &quiet), Some(ErrorKind::OutputUnwritable));
    let token = CancelToken::new();
    token.cancel();
    assert_eq!(run(&person, &person.identity, &good, &output, &Limits { cancel: token, ..Limits::default() }), Some(ErrorKind::Cancelled));
    let over = Limits { until: Some(crate::host::wait::monotonic()), ..Limits::default() };
    assert_eq!(run(&person, &person.identity, &good, &output, &over), Some(ErrorKind::TimedOut));
    let forbidden = document(Style::Table, "/Perms<</DocMDP 7 0 R>>", "", &["<</Type/Sig>>"]);
    assert_eq!(run(&person, &person.identity, &forbidden, &output, &quiet), Some(ErrorKind::SigningForbidden));
    assert_eq!(person.uses(), 0, "no key was asked");
    person.store.lie = true;
    assert_eq!(run(&person, &person.identity, &good, &output, &quiet), Some(ErrorKind::KeySignatureWrong));
    assert_eq!(person.uses(), 1);
}

#[test]
fn a_finished_file_that_differs_in_one_byte_does_not_pass_the_check() {
    let person = person();
    let file = plain(Style::Table);
    let (out, signed) = in_memory(&Input::memory(file), person.key(), SignOptions::default()).unwrap();
    let run = |bytes: &Vec<u8>, full_recheck| {
        let options = SignOptions { full_recheck, ..SignOptions::default() };
        check(bytes, &signed, now(), &person.identity, options, &Progress::default()).err().map(|e| e.kind())
    };
    assert_eq!(run(&out, false), None);
    assert_eq!(run(&out, true), None);
    // In the new revision's own structure the quick check sees it, in the old bytes the full one.
    let mut bad = out.clone();
    let inside = usize::try_from(signed.contents().start).unwrap() + 700;
    bad[inside] = if bad[inside] == b'1' { b'2' } else { b'1' };
    assert_eq!(run(&bad, false), Some(ErrorKind::CheckFailed));
    let mut bad = out.clone();
    let place = bad.windows(7).position(|w| w == b"parties").unwrap();
    bad[place] = b'P';
    assert_eq!(run(&bad, true), Some(ErrorKind::CheckFailed));
    assert_eq!(run(&[&out[..], b"more"].concat(), false), Some(ErrorKind::CheckFailed));
    assert_eq!(run(&out[..out.len() - 9].to_vec(), false), Some(ErrorKind::CheckFailed));
    // A signature for another certificate.
    let other = certified(&Key::new(7).public(), |draft| draft).0;
    assert_eq!(
        check(&out, &signed, now(), &other, SignOptions::default(), &Progress::default()).unwrap_err().kind(),
        ErrorKind::CheckFailed
    );
}

#[test]
fn only_the_document_that_was_shown_is_signed() {
    let person = person();
    let file = plain(Style::Table);
    let shown = crate::crypto::digest::sha256(&file);
    let run = |person: &Person, identity: &SigningIdentity, shown| {
        let options = SignOptions { shown: Some(shown), ..SignOptions::default() };
        let key = SigningKey { store: &person.store, name: "sign", identity };
        in_memory(&Input::memory(file.clone()), key, options).err().map(|e| e.kind())
    };
    // With the identity's own digest, and with another one beside it.
    let chain = person.identity.chain().to_vec();
    let other = SigningIdentity::new(chain, SignatureAlgorithm::Ecdsa(crate::crypto::digest::DigestAlgorithm::Sha512)).unwrap();
    for identity in [&person.identity, &other] {
        let before = person.uses();
        assert_eq!(run(&person, identity, crate::crypto::digest::sha256(b"another")), Some(ErrorKind::DocumentChanged));
        assert_eq!(person.uses(), before, "no key was asked");
        assert_eq!(run(&person, identity, shown), None);
    }
}

/// A source of a careless host: another document from the reading with that number on.
struct Fickle {
    pages: [Vec<u8>; 2],
    from: u64,
    read: AtomicU64,
}

impl Source for Fickle {
    fn len(&self) -> u64 {
        self.pages[0].len() as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize> {
        let before = self.read.fetch_add(u64::from(offset == 0), Ordering::SeqCst);
        self.pages[usize::from(before >= self.from)].as_slice().read_at(offset, buf)
    }
}

#[test]
fn every_way_in_and_out_gives_the_same_document_or_nothing() {
    let person = person();
    let file = plain(Style::Table);
    let folder = tempfile::tempdir().unwrap();
    let (path, output) = (folder.path().join("in.pdf"), folder.path().join("out.pdf"));
    std::fs::write(&path, &file).unwrap();
    let steady = || Fickle { pages: [file.clone(), file.clone()], from: u64::MAX, read: 0.into() };
    for input in [Input::open(&path).unwrap(), Input::memory(file.clone()), Input::custom(Arc::new(steady()))] {
        let mut memory = b"old".to_vec();
        let mut stream = Vec::new();
        let mut write = |bytes: &[u8]| {
            stream.extend_from_slice(bytes);
            Ok(())
        };
        for target in [Target::file(&output), Target::Memory(&mut memory), Target::Stream(&mut write)] {
            sign(&input, target, &visible(), person.key(), SignOptions::default(), &Limits::default(), None).unwrap();
        }
        for signed in [&std::fs::read(&output).unwrap(), &memory, &stream] {
            assert!(signed.starts_with(&file));
            person.clean(signed, 1);
        }
    }
    // A document that is exchanged between any two readings is never handed over as signed.
    let mut other = file.clone();
    let place = other.windows(7).position(|w| w == b"parties").unwrap();
    other[place] = b'P';
    let mut refused = 0;
    for from in 0..12 {
        let mut memory = b"old".to_vec();
        let fickle = Fickle { pages: [file.clone(), other.clone()], from, read: 0.into() };
        let input = Input::custom(Arc::new(fickle));
        match sign(&input, Target::Memory(&mut memory), &visible(), person.key(), SignOptions::default(), &Limits::default(), None) {
            Ok(_) => person.clean(&memory, 1),
            Err(error) => {
                assert!(matches!(error.kind(), ErrorKind::DocumentChanged | ErrorKind::CheckFailed), "{error}");
                assert_eq!(memory, b"old");
                refused += 1;
            }
        }
    }
    assert!(refused > 0, "no exchange was between two readings");
    // A host that cannot write.
    let mut full = |_: &[u8]| Err(Error::new(ErrorKind::OutputUnwritable));
    let input = Input::memory(file);
    let outcome = sign(&input, Target::Stream(&mut full), &visible(), person.key(), SignOptions::default(), &Limits::default(), None);
    assert_eq!(outcome.err().map(|error| error.kind()), Some(ErrorKind::OutputUnwritable));
}

#[test]
fn a_pause_may_outlive_the_process() {
    let person = person();
    let file = plain(Style::Stream);
    let input = Input::memory(file.clone());
    let limits = Limits::default();
    let options = SignOptions::default;
    for key in [Some(&b"a key of 32 bytes, or nearly so.."[..]), None] {
        let before = person.uses();
        let paused = deferred::prepare(&input, &visible(), &person.identity, options(), &limits, None).unwrap();
        let blob = paused.to_blob(key).unwrap();
        assert_eq!(person.uses(), before, "preparing asks no key");
        let value = paused.answer(person.key(), &limits).unwrap();
        drop(paused);
        let again = || Paused::from_blob(&blob, key).unwrap();
        assert_eq!(again().message().err().map(|e| e.kind()), key.is_none().then_some(ErrorKind::WrongOrder));
        let mut out = Vec::new();
        deferred::complete(&again(), &value, &input, Target::Memory(&mut out), options(), &limits, None).unwrap();
        person.clean(&out, 1);
        assert!(out.starts_with(&file));
        // Another document, another value, a cancelled call: nothing comes out.
        let fails = |value: &[u8], input: &Input, limits: &Limits| {
            let mut out = b"old".to_vec();
            let outcome = deferred::complete(&again(), value, input, Target::Memory(&mut out), options(), limits, None);
            assert_eq!(out, b"old");
            outcome.err().map(|error| error.kind())
        };
        let mut other = file.clone();
        let place = other.windows(7).position(|w| w == b"parties").unwrap();
        other[place] = b'P';
        let changed = if key.is_some() { ErrorKind::DocumentChanged } else { ErrorKind::KeySignatureWrong };
        assert_eq!(fails(&value, &Input::memory(other), &limits), Some(changed));
        assert_eq!(fails(&value[1..], &input, &limits), Some(ErrorKind::KeySignatureWrong));
        let cancelled = Limits::default();
        cancelled.cancel.cancel();
        assert_eq!(fails(&value, &input, &cancelled), Some(ErrorKind::Cancelled));
        let mut bad = blob.clone();
        bad[60] ^= 1;
        assert_eq!(Paused::from_blob(&bad, key).err().map(|error| error.kind()), Some(ErrorKind::PreparedMalformed));
    }
}

#[test]
fn who_gave_up_while_the_key_was_asked_gets_no_signature() {
    let mut person = person();
    let limits = Limits::default();
    person.store.gives_up = Some(limits.cancel.clone());
    let mut out = b"old".to_vec();
    let input = Input::memory(plain(Style::Table));
    let outcome = sign(&input, Target::Memory(&mut out), &visible(), person.key(), SignOptions::default(), &limits, None);
    assert_eq!((outcome.err().map(|error| error.kind()), out.as_slice()), (Some(ErrorKind::Cancelled), &b"old"[..]));
    assert_eq!(person.uses(), 1);
}

/// What was found comes with the signature if somebody looked, and no finding is invented where nobody did.
#[test]
fn the_findings_come_with_the_signature() {
    let person = person();
    let input = Input::memory(plain(Style::Table));
    let (_, unasked) = in_memory(&input, person.key(), SignOptions::default()).unwrap();
    assert!(unasked.preflight().is_none());
    let report = PreflightPolicy::report();
    let options = SignOptions { preflight: Some(&report), ..SignOptions::default() };
    let (_, signed) = in_memory(&input, person.key(), options).unwrap();
    let found = signed.preflight().unwrap();
    assert!(found.inspection.has(Risk::FontNotEmbedded) && found.stops.is_empty());
}

/// Fields go wherever a document can go, the same bytes each time.
#[test]
fn fields_are_added_in_memory_to_a_host_and_to_a_file() {
    let fields = [EmptyField::new("borrower")];
    let file = plain(Style::Table);
    let input = Input::memory(file.clone());
    let add = |target: Target<'_>| add_fields(&input, target, &fields, None, &Limits::default(), None).unwrap();
    let (mut memory, mut host) = (b"old".to_vec(), Vec::new());
    let size = add(Target::Memory(&mut memory));
    assert_eq!(size, memory.len() as u64);
    assert!(memory.starts_with(&file) && memory.len() > file.len());
    let mut write = |bytes: &[u8]| {
        host.extend_from_slice(bytes);
        Ok(())
    };
    assert_eq!(add(Target::Stream(&mut write)), size);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fields.pdf");
    assert_eq!(add(Target::file(&path)), size);
    for bytes in [memory, host, std::fs::read(path).unwrap()] {
        let seen = crate::inspect::inspect(&Document::open(&bytes).unwrap()).unwrap();
        assert!(seen.signature_fields.iter().any(|field| field.name == "borrower" && !field.signed));
    }
}

/// Damage by every option: nothing is asked of the key for a document that is refused, and what comes out says what was done.
#[test]
fn damage_is_undone_rewritten_or_refused() {
    let person = person();
    let whole = plain(Style::Table);
    let table = whole.windows(5).rposition(|w| w == b"\nxref").unwrap() + 1;
    let cut = whole[..table].to_vec();
    let doubtful = [&whole[..table], b"words that belong to nothing\n"].concat();
    let rewrite = Damage::Rewrite { limit: 1 << 20 };
    let run = |file: &[u8], options: SignOptions<'_>| {
        let before = person.uses();
        let outcome = in_memory(&Input::memory(file.to_vec()), person.key(), options);
        assert_eq!(person.uses() - before, usize::from(outcome.is_ok()));
        outcome.map(|(out, signed)| {
            person.clean(&out, 1);
            (out, signed.repair())
        })
    };
    let with = |damage| SignOptions { damage, ..SignOptions::default() };
    let refused = |outcome: Result<(Vec<u8>, Repair)>| outcome.err().map(|error| error.kind());

    assert_eq!(run(&whole, SignOptions::default()).unwrap().1, Repair::None);
    for damage in [Damage::Append, rewrite] {
        let (out, repair) = run(&cut, with(damage)).unwrap();
        assert!(repair == Repair::Appended && out.starts_with(&cut));
    }
    for (file, damage) in [(&cut, Damage::Refuse), (&doubtful, Damage::Refuse), (&doubtful, Damage::Append)] {
        assert_eq!(refused(run(file, with(damage))), Some(ErrorKind::PdfDamaged));
    }
    let (out, repair) = run(&doubtful, with(rewrite)).unwrap();
    assert!(repair == Repair::Rewritten && !out.starts_with(&doubtful));
    assert_eq!(refused(run(&doubtful, with(Damage::Rewrite { limit: 10 }))), Some(ErrorKind::LimitReached));

    // What was shown is what was given, whatever it is made into.
    for (file, damage) in [(&cut, Damage::Append), (&doubtful, rewrite)] {
        let shown = |of: &[u8]| SignOptions { shown: Some(crate::crypto::digest::sha256(of)), ..with(damage) };
        assert!(run(file, shown(file)).is_ok());
        let before = person.uses();
        assert_eq!(refused(run(file, shown(&whole))), Some(ErrorKind::DocumentChanged));
        assert_eq!(person.uses(), before);
    }
    // A policy that minds damage sees it through every repair.
    let policy =
        Risk::ALL.iter().filter(|risk| **risk != Risk::DamagedStructure).fold(PreflightPolicy::bank(), |p, risk| p.allowing(*risk));
    for (file, damage) in [(&cut, Damage::Append), (&doubtful, rewrite)] {
        assert_eq!(refused(run(file, SignOptions { preflight: Some(&policy), ..with(damage) })), Some(ErrorKind::PreflightRefused));
    }
    assert!(run(&whole, SignOptions { preflight: Some(&policy), ..SignOptions::default() }).is_ok());

    // A signed document is never repaired: cut behind its signature, it stays refused.
    let (signed, _) = run(&whole, SignOptions::default()).unwrap();
    let table = signed.windows(5).rposition(|w| w == b"\nxref").unwrap() + 1;
    for damage in [Damage::Append, rewrite] {
        assert_eq!(refused(run(&signed[..table], with(damage))), Some(ErrorKind::PdfDamaged));
    }
}
