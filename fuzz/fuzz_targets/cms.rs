//! libFuzzer's door to `bodies/cms.rs`, where what must hold is written down.
#![no_main]

#[path = "../bodies/cms.rs"]
mod cms;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cms::check(data));
