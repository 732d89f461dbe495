//! libFuzzer's door to `bodies/certificate.rs`, where what must hold is written down.
#![no_main]

#[path = "../bodies/certificate.rs"]
mod certificate;
#[path = "../bodies/issued.rs"]
#[allow(dead_code, reason = "each target uses its part")]
mod issued;

libfuzzer_sys::fuzz_target!(|data: &[u8]| certificate::check(data));
