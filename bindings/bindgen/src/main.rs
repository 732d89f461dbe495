//! Writes the C header and the Kotlin and Swift bindings. `--check` compares with what is there instead of writing.

#![allow(clippy::disallowed_methods, reason = "a command is an edge: it reads and writes files")]

mod bindings;
mod header;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["header"] => header::run(false),
        ["header", "--check"] => header::run(true),
        ["bindings", library] => bindings::run(library, false),
        ["bindings", "--check", library] => bindings::run(library, true),
        _ => Err("usage: thrivosign-bindgen header [--check] | bindings [--check] LIBRARY".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
