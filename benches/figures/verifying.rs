//! Verification: one small document from memory on one thread and on two, a large one with one signature and with five, and a long one
//! with fifty revisions.
//!
//! Takes paths and a signer, gives rates and seconds; large ones beside `sha256sum` of the same file in the same rounds.

use crate::small::{self, Rate};
use crate::{Fallible, documents, in_child, median, ours, peers};
use std::fs;
use std::path::Path;
use std::time::Instant;
use thrivosign::cancel::Progress;
use thrivosign::crypto::digest::DigestAlgorithm;
use thrivosign::sign::DocMdp;

/// Threads whose rate together is compared with that of one.
const THREADS: usize = 2;

/// The small document: documents a second.
pub(crate) struct FromMemory {
    /// By one verifier, as a service or a batch keeps it: the signer's chain is validated once.
    pub(crate) one: Rate,
    /// Each by a verifier of its own.
    pub(crate) alone: Rate,
    /// Hashing it alone.
    pub(crate) hash: Rate,
    /// Of [`THREADS`] threads together, as multiples of one in the same round.
    pub(crate) speedup: f64,
}

pub(crate) fn from_memory(path: &Path, signer: &Path, quick: bool) -> Fallible<FromMemory> {
    let own = ours::Signer::load(signer, "p256")?;
    let signed = path.with_extension("signed.pdf");
    own.sign(path, &signed)?;
    let bytes = fs::read(&signed)?;
    let rounds = if quick { 500 } else { 5_000 };
    let (mut one, mut alone, mut hash, mut speedup) = (Rate::default(), Rate::default(), Rate::default(), 0.0_f64);
    for _ in 0..5 {
        let judge = own.verifier();
        let here = small::rate(rounds, || ours::clean(judge.verify(&bytes, &Progress::default())?))?;
        one = one.best(here);
        alone = alone.best(small::rate(rounds, || own.verify_memory(&bytes))?);
        hash = hash.best(small::rate(rounds, || {
            std::hint::black_box(DigestAlgorithm::Sha256.digest(&bytes));
            Ok(())
        })?);
        let together = small::together(THREADS, rounds, &|| ours::clean(judge.verify(&bytes, &Progress::default())?))?;
        speedup = speedup.max(together / here.wall);
    }
    Ok(FromMemory { one, alone, hash, speedup })
}

/// The large document: seconds, and those of `sha256sum`.
pub(crate) struct Hashed {
    pub(crate) signatures: usize,
    pub(crate) verify: f64,
    pub(crate) hash: f64,
    pub(crate) peak_kib: u64,
}

pub(crate) fn hashed(path: &Path, signer: &Path, signatures: usize) -> Fallible<Hashed> {
    const ROUNDS: usize = 9;
    let own = ours::Signer::load(signer, "p256")?;
    let file = path.with_extension(format!("signed-{signatures}"));
    own.sign(path, &file)?;
    for _ in 1..signatures {
        own.sign_in_place(&file)?;
    }
    let (mut verifies, mut hashes, mut peak_kib) = (Vec::new(), Vec::new(), 0);
    peers::sha256sum(&file)?; // into the page cache
    for _ in 0..ROUNDS {
        hashes.push(peers::sha256sum(&file)?);
        let (seconds, peak) = in_child("verify", path, &file, signer)?;
        verifies.push(seconds);
        peak_kib = peak_kib.max(peak);
    }
    fs::remove_file(&file)?;
    Ok(Hashed { signatures, verify: median(verifies), hash: median(hashes), peak_kib })
}

/// The long document: seconds with fifty revisions that each fill a field, and with fifty signatures.
pub(crate) struct Revised {
    pub(crate) filled: f64,
    pub(crate) filled_peak_kib: u64,
    pub(crate) signed: f64,
}

pub(crate) fn revised(folder: &Path, signer: &Path) -> Fallible<Revised> {
    const PAGES: usize = 1_000;
    const REVISIONS: usize = 50;
    const ROUNDS: usize = 5;
    let own = ours::Signer::load(signer, "p256")?;
    let (form, file, many) = (folder.join("form.pdf"), folder.join("form-filled.pdf"), folder.join("form-signed.pdf"));
    documents::form(&form, PAGES)?;
    own.certify(&form, &file, DocMdp::FormFilling)?;
    for number in 0..REVISIONS {
        documents::fill(&file, number * PAGES / REVISIONS)?;
    }
    own.sign(&form, &many)?;
    for _ in 1..REVISIONS {
        own.sign_in_place(&many)?;
    }
    let (mut filled, mut signed, mut filled_peak_kib) = (Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        let (seconds, peak) = in_child("verify", &form, &file, signer)?;
        filled.push(seconds);
        filled_peak_kib = filled_peak_kib.max(peak);
        let start = Instant::now();
        own.verify(&many)?;
        signed.push(start.elapsed().as_secs_f64());
    }
    for path in [form, file, many] {
        fs::remove_file(path)?;
    }
    Ok(Revised { filled: median(filled), filled_peak_kib, signed: median(signed) })
}
