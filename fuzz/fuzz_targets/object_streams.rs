//! libFuzzer's door to `bodies/object_streams.rs`, where what must hold is written down.
#![no_main]

#[path = "../bodies/frame.rs"]
#[allow(dead_code, reason = "each target uses its part")]
mod frame;
#[path = "../bodies/object_streams.rs"]
mod object_streams;

libfuzzer_sys::fuzz_target!(|data: &[u8]| object_streams::check(data));
