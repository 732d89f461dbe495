//! libFuzzer's door to `bodies/tst.rs`, where what must hold is written down.
#![no_main]

#[path = "../bodies/issued.rs"]
#[allow(dead_code, reason = "each target uses its part")]
mod issued;
#[path = "../bodies/tst.rs"]
mod tst;

libfuzzer_sys::fuzz_target!(|data: &[u8]| tst::check(data));
