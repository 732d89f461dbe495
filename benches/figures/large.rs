//! Large documents: a gigabyte in three forms, twelve of which most are a hole, and what lies between.
//!
//! Takes paths and a signer, gives seconds, references measured in the same rounds, and the peak memory of processes of their own.

use crate::documents::{self, References};
use crate::{Fallible, in_child, median, ours, peers};
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Makes a document if it is not there yet.
fn made(path: &Path, make: impl FnOnce(&Path) -> std::io::Result<()>) -> Fallible<()> {
    if !path.is_file() {
        println!("making {}", path.display());
        let part = path.with_extension("part");
        make(&part)?;
        std::fs::rename(part, path)?;
    }
    Ok(())
}

pub(crate) fn documents(folder: &Path, quick: bool) -> Fallible<Vec<(String, PathBuf)>> {
    let (bytes, objects) = if quick { (50_000_000, 250_000) } else { (1_000_000_000, 5_000_000) };
    let streams = folder.join(format!("streams-{bytes}.pdf"));
    made(&streams, |part| documents::big_streams(part, bytes))?;
    let table = folder.join(format!("objects-{objects}.pdf"));
    made(&table, |part| documents::small_objects(part, objects, References::Table))?;
    let stream = folder.join(format!("objects-stream-{objects}.pdf"));
    made(&stream, |part| documents::small_objects(part, objects, References::Stream))?;
    Ok(vec![
        ("few big streams".to_owned(), streams),
        ("many small objects, table".to_owned(), table),
        ("many small objects, xref stream".to_owned(), stream),
    ])
}

/// A document beyond what a table can tell.
pub(crate) struct Sparse {
    pub(crate) bytes: u64,
    pub(crate) sign: f64,
    pub(crate) sign_peak_kib: u64,
    pub(crate) verify: f64,
    pub(crate) verify_peak_kib: u64,
}

/// Signed in place and verified.
pub(crate) fn sparse(folder: &Path, signer: &Path, quick: bool) -> Fallible<Sparse> {
    let path = folder.join("sparse.pdf");
    documents::sparse(&path, if quick { 100_000_000 } else { 12_000_000_000 })?;
    let (sign, sign_peak_kib) = in_child("sign-in-place", &path, &path, signer)?;
    let (verify, verify_peak_kib) = in_child("verify", &path, &path, signer)?;
    let bytes = std::fs::metadata(&path)?.len();
    std::fs::remove_file(&path)?;
    Ok(Sparse { bytes, sign, sign_peak_kib, verify, verify_peak_kib })
}

pub(crate) fn medium(folder: &Path) -> Fallible<Vec<(&'static str, PathBuf)>> {
    let mut found = Vec::new();
    for (name, bytes) in [("10 MB", 10_000_000), ("100 MB", 100_000_000)] {
        let path = folder.join(format!("streams-{bytes}.pdf"));
        made(&path, |part| documents::big_streams(part, bytes))?;
        found.push((name, path));
    }
    Ok(found)
}

/// Seconds to sign from file to file, and to read, hash and write the same bytes in the same process.
pub(crate) struct Medium {
    pub(crate) sign: f64,
    pub(crate) floor: f64,
}

pub(crate) fn measure_medium(path: &Path, signer: &Path) -> Fallible<Medium> {
    const ROUNDS: usize = 9;
    let own = ours::Signer::load(signer, "p256")?;
    let out = path.with_extension("signed");
    let (mut signs, mut floors) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        copy_hashing(path, &out)?;
        floors.push(start.elapsed().as_secs_f64());
        std::fs::remove_file(&out)?;
        let start = Instant::now();
        own.sign(path, &out)?;
        signs.push(start.elapsed().as_secs_f64());
        std::fs::remove_file(&out)?;
    }
    Ok(Medium { sign: median(signs), floor: median(floors) })
}

fn copy_hashing(input: &Path, output: &Path) -> Fallible<()> {
    use thrivosign::crypto::digest::{DigestAlgorithm, Hasher};
    let (mut input, mut output) = (File::open(input)?, File::create(output)?);
    let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
    let mut buffer = vec![0; 256 << 10];
    loop {
        let read = input.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
        output.write_all(&buffer[..read])?;
    }
    std::hint::black_box(hasher.finish());
    Ok(())
}

/// One large document: medians of rounds in which the work and its reference take turns.
pub(crate) struct Large {
    pub(crate) bytes: u64,
    /// `sha256sum` and then `cp`, the reference of signing.
    pub(crate) reference: f64,
    /// `sha256sum` alone, the reference of verifying.
    pub(crate) hash: f64,
    pub(crate) sign: f64,
    pub(crate) sign_peak_kib: u64,
    pub(crate) in_place: f64,
    pub(crate) in_place_peak_kib: u64,
    pub(crate) verify: f64,
    pub(crate) verify_peak_kib: u64,
}

pub(crate) fn measure(path: &Path, signer: &Path) -> Fallible<Large> {
    const ROUNDS: usize = 3;
    let (copy, signed) = (path.with_extension("copy"), path.with_extension("signed"));
    let (mut hashes, mut references, mut signs, mut verifies) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut in_places = Vec::new();
    let (mut sign_peak_kib, mut verify_peak_kib, mut in_place_peak_kib) = (0, 0, 0);
    peers::sha256sum(path)?; // into the page cache
    for _ in 0..ROUNDS {
        let hash = peers::sha256sum(path)?;
        references.push(hash + peers::copy(path, &copy)?);
        hashes.push(hash);
        let (seconds, peak) = in_child("sign-in-place", path, &copy, signer)?;
        in_places.push(seconds);
        in_place_peak_kib = in_place_peak_kib.max(peak);
        std::fs::remove_file(&copy)?;
        let (seconds, peak) = in_child("sign", path, &signed, signer)?;
        signs.push(seconds);
        sign_peak_kib = sign_peak_kib.max(peak);
        let (seconds, peak) = in_child("verify", path, &signed, signer)?;
        verifies.push(seconds);
        verify_peak_kib = verify_peak_kib.max(peak);
        std::fs::remove_file(&signed)?;
    }
    Ok(Large {
        bytes: std::fs::metadata(path)?.len(),
        reference: median(references),
        hash: median(hashes),
        sign: median(signs),
        sign_peak_kib,
        in_place: median(in_places),
        in_place_peak_kib,
        verify: median(verifies),
        verify_peak_kib,
    })
}
