//! libFuzzer's door to `bodies/revisions.rs`, where what must hold is written down.
#![no_main]

#[path = "../bodies/frame.rs"]
#[allow(dead_code, reason = "each target uses its part")]
mod frame;
#[path = "../bodies/revisions.rs"]
mod revisions;

libfuzzer_sys::fuzz_target!(|data: &[u8]| revisions::check(data));
