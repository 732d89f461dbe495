//! Gives the shared library its SONAME: the ABI number, which a program that was linked against it asks for.

#![allow(clippy::disallowed_methods, reason = "a build script is told by its environment")]

/// The ABI number; the library says the same with `thrivosign_abi_version`.
const ABI: &str = include_str!("abi_version");

fn main() {
    println!("cargo:rerun-if-changed=abi_version");
    // For the ledger of struct layouts.
    println!("cargo:rustc-env=THRIVOSIGN_TARGET={}", std::env::var("TARGET").unwrap_or_default());
    // Other systems name a library's version elsewhere: macOS in the install name, Windows in the file name.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libthrivosign.so.{}", ABI.trim());
    }
}
