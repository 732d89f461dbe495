//! libFuzzer's door to `bodies/tokenizer.rs`, where what must hold is written down.
#![no_main]

#[path = "../bodies/tokenizer.rs"]
mod tokenizer;

libfuzzer_sys::fuzz_target!(|data: &[u8]| tokenizer::check(data));
