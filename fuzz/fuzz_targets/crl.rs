//! libFuzzer's door to `bodies/crl.rs`, where what must hold is written down.
#![no_main]

#[path = "../bodies/crl.rs"]
mod crl;
#[path = "../bodies/issued.rs"]
#[allow(dead_code, reason = "each target uses its part")]
mod issued;

libfuzzer_sys::fuzz_target!(|data: &[u8]| crl::check(data));
