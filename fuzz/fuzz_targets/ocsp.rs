//! libFuzzer's door to `bodies/ocsp.rs`, where what must hold is written down.
#![no_main]

#[path = "../bodies/issued.rs"]
#[allow(dead_code, reason = "each target uses its part")]
mod issued;
#[path = "../bodies/ocsp.rs"]
mod ocsp;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ocsp::check(data));
