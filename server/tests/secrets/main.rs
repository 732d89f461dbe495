//! The canaries of `job`, with the allocator of the C library.

#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types)]
#![cfg(target_os = "linux")]

#[path = "../client/mod.rs"]
mod client;
mod job;
#[path = "../faults/proxy.rs"]
mod proxy;

// Its allocator is this process's, and that of the device.
use thrivosign_c as _;
