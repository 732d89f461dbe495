//! libFuzzer's door to `bodies/xref.rs`, where what must hold is written down.
#![no_main]

#[path = "../bodies/frame.rs"]
#[allow(dead_code, reason = "each target uses its part")]
mod frame;
#[path = "../bodies/xref.rs"]
mod xref;

libfuzzer_sys::fuzz_target!(|data: &[u8]| xref::check(data));
