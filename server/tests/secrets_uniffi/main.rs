//! The canaries of the tests of secrets, with the allocator of the library behind Kotlin and Swift.

#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types)]
#![cfg(target_os = "linux")]

#[path = "../client/mod.rs"]
mod client;
#[path = "../secrets/job.rs"]
mod job;
#[path = "../faults/proxy.rs"]
mod proxy;

// Its allocator is this process's, and that of the device.
use thrivosign_uniffi as _;
