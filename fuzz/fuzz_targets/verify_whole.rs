//! libFuzzer's door to `bodies/verify_whole.rs`, where what must hold is written down.
#![no_main]

#[path = "../bodies/frame.rs"]
#[allow(dead_code, reason = "each target uses its part")]
mod frame;
#[path = "../bodies/verify_whole.rs"]
mod verify_whole;

libfuzzer_sys::fuzz_target!(|data: &[u8]| verify_whole::check(data));
