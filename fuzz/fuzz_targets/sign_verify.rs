//! libFuzzer's door to `bodies/sign_verify.rs`, where what must hold is written down.
#![no_main]

#[path = "../../tests/forged/authority.rs"]
mod authority;
#[path = "../bodies/frame.rs"]
#[allow(dead_code, reason = "each target uses its part")]
mod frame;
#[path = "../bodies/sign_verify.rs"]
mod sign_verify;

libfuzzer_sys::fuzz_target!(|data: &[u8]| sign_verify::check(data));
