//! The fuzz targets on ordinary ground: every file of `fuzz/corpus` and everything the fuzzer ever found runs through the body of its target.
//!
//! Takes the committed corpus, expects what the bodies assert, within time and on a small stack. No nightly compiler is needed for it.

// Tests are an edge: this one reads files, starts threads and looks at the clock.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

#[path = "forged/authority.rs"]
mod authority;
#[path = "../fuzz/bodies/certificate.rs"]
mod certificate;
#[path = "../fuzz/bodies/cms.rs"]
mod cms;
#[path = "../fuzz/bodies/crl.rs"]
mod crl;
#[path = "../fuzz/bodies/frame.rs"]
mod frame;
#[path = "../fuzz/bodies/issued.rs"]
mod issued;
#[path = "../fuzz/bodies/object_streams.rs"]
mod object_streams;
#[path = "../fuzz/bodies/ocsp.rs"]
mod ocsp;
#[path = "../fuzz/bodies/revisions.rs"]
mod revisions;
#[path = "../fuzz/bodies/sign_verify.rs"]
mod sign_verify;
#[path = "../fuzz/bodies/tokenizer.rs"]
mod tokenizer;
#[path = "../fuzz/bodies/tst.rs"]
mod tst;
#[path = "../fuzz/bodies/verify_whole.rs"]
mod verify_whole;
#[path = "../fuzz/bodies/xref.rs"]
mod xref;

use std::path::Path;
use std::time::{Duration, Instant};

/// Each file, on a stack as a host may have it.
fn replay(target: &str, check: fn(&[u8]), at_least: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).expect("the corpus is committed").map(|entry| entry.expect("listed").path()).collect();
    files.sort();
    assert!(files.len() >= at_least, "only {} files in {}", files.len(), folder.display());
    for file in files {
        let data = std::fs::read(&file).expect("readable");
        let started = Instant::now();
        let small = std::thread::Builder::new().stack_size(256 << 10);
        let ended = small.spawn(move || check(&data)).expect("a thread").join();
        assert!(ended.is_ok(), "{}", file.display());
        assert!(started.elapsed() < Duration::from_secs(10), "{} takes {:?}", file.display(), started.elapsed());
    }
}

#[test]
fn tokenizer_holds() {
    replay("tokenizer", tokenizer::check, 6);
}

#[test]
fn xref_holds() {
    replay("xref", xref::check, 5);
}

#[test]
fn object_streams_hold() {
    replay("object_streams", object_streams::check, 4);
}

#[test]
fn revisions_hold() {
    replay("revisions", revisions::check, 10);
}

#[test]
fn sign_verify_holds() {
    // The authority is made on the usual stack: it runs openssl.
    let _ = authority::authority();
    replay("sign_verify", sign_verify::check, 20);
}

#[test]
fn cms_holds() {
    replay("cms", cms::check, 100);
}

#[test]
fn verify_whole_holds() {
    replay("verify_whole", verify_whole::check, 10);
}

#[test]
fn certificates_hold() {
    replay("certificate", certificate::check, 8);
}

#[test]
fn crls_hold() {
    replay("crl", crl::check, 20);
}

#[test]
fn ocsp_holds() {
    replay("ocsp", ocsp::check, 20);
}

#[test]
fn time_stamp_tokens_hold() {
    replay("tst", tst::check, 15);
}

/// A fuzzer without a compiler of its own: every file of the corpus with a few bytes changed, cut out or doubled, the same in every run; more
/// of them with `THRIVOSIGN_LONG=1`.
fn mutated(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let long = std::env::var_os("THRIVOSIGN_LONG").is_some_and(|long| long != "0");
    let mut state = 1_u64;
    let mut below = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % n.max(1)
    };
    let mut files: Vec<_> = std::fs::read_dir(&folder).expect("there").map(|entry| entry.expect("listed").path()).collect();
    files.sort();
    for file in files {
        let seed = std::fs::read(&file).expect("readable");
        for _ in 0..if long { 2_000 } else { 20 } {
            let mut data = seed.clone();
            for _ in 0..=below(3) {
                let (at, len) = (below(data.len()), 1 + below(9));
                let end = (at + len).min(data.len());
                match below(5) {
                    0 => drop(data.drain(at..end)),
                    1 => drop(data.splice(at..at, data[at..end].to_vec()).count()),
                    2 => data.iter_mut().skip(at).take(1).for_each(|b| *b = [0, 1, 0x7f, 0x80, 0xff, 0x30, 0xa0][len % 7]),
                    3 => data.iter_mut().skip(at).take(1).for_each(|b| *b = b.wrapping_add(if len % 2 == 0 { 1 } else { 255 })),
                    _ => data.iter_mut().skip(at).take(1).for_each(|b| *b ^= 1 << (len % 8)),
                }
            }
            let started = Instant::now();
            check(&data);
            assert!(started.elapsed() < Duration::from_secs(10), "{} changed takes {:?}", file.display(), started.elapsed());
        }
    }
}

#[test]
fn cms_holds_with_bytes_changed() {
    mutated("cms", cms::check);
}

#[test]
fn evidence_holds_with_bytes_changed() {
    mutated("certificate", certificate::check);
    mutated("crl", crl::check);
    mutated("ocsp", ocsp::check);
    mutated("tst", tst::check);
}

#[test]
fn verify_whole_holds_with_bytes_changed() {
    mutated("verify_whole", verify_whole::check);
}

/// The corpus stays small enough to live in the tree.
#[test]
fn corpus_is_small() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let files =
        std::fs::read_dir(root).expect("there").flat_map(|target| std::fs::read_dir(target.expect("listed").path()).expect("a folder"));
    let bytes: u64 = files.map(|file| file.expect("listed").metadata().expect("its size").len()).sum();
    assert!(bytes < 1 << 20, "{bytes} bytes");
}
