//! The PKCS#11 key store on SoftHSM 2, with OpenSSL as the judge of what it signs.
//!
//! Takes tokens made anew for each test; each test is a process of its own, since a module and its login are the whole process's. Where
//! SoftHSM or OpenSSL is missing the tests say so and pass, except in CI, where they fail.

// Tests are an edge: they run programs and read files.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod algorithms;
mod batch;
mod faults;
mod foreign;
mod hsm;
mod lost;
#[cfg(target_os = "linux")]
#[path = "../../server/tests/secrets/memory.rs"]
mod memory;
mod pad;
#[cfg(target_os = "linux")]
mod pin;
mod shared;

/// That of the libraries for hosts: what is freed is wiped.
#[global_allocator]
static ALLOCATOR: thrivosign_wiping::Wiping = thrivosign_wiping::Wiping;
