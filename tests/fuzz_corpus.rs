//! The fuzz targets on ordinary ground: every file of `fuzz/corpus` and everything the fuzzer ever found runs through the body of its target.
//!
//! Takes the committed corpus, expects what the bodies assert, within time and on a small stack. No nightly compiler is needed for it.

// Tests are an edge: this one reads files, starts threads and looks at the clock.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

#[path = "forged/authority.rs"]
mod authority;
#[path = "../fuzz/bodies/frame.rs"]
mod frame;
#[path = "../fuzz/bodies/object_streams.rs"]
mod object_streams;
#[path = "../fuzz/bodies/revisions.rs"]
mod revisions;
#[path = "../fuzz/bodies/sign_verify.rs"]
mod sign_verify;
#[path = "../fuzz/bodies/tokenizer.rs"]
mod tokenizer;
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

/// The corpus stays small enough to live in the tree.
#[test]
fn corpus_is_small() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let files =
        std::fs::read_dir(root).expect("there").flat_map(|target| std::fs::read_dir(target.expect("listed").path()).expect("a folder"));
    let bytes: u64 = files.map(|file| file.expect("listed").metadata().expect("its size").len()).sum();
    assert!(bytes < 1 << 20, "{bytes} bytes");
}
