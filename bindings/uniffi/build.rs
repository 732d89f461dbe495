//! Gives the library for Android its SONAME, which older loaders and programs that link it ask for.

#![allow(clippy::disallowed_methods, reason = "a build script is told by its environment")]

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "android") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libthrivosign_uniffi.so");
    }
}
