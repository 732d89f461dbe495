//! The host room: the machine itself. The only rooms that reach clock, files and randomness are this one, `net` and the
//! key-store backends; everything else takes them as arguments, so that the same input gives the same output.
//!
//! Takes paths and buffers, gives time, random bytes, a document source and an atomic output. May see the base and the
//! `Source` trait it implements; knows no policy.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "this room is where the machine is reached")]

pub mod append;
pub mod clock;
pub mod file;
pub mod lock;
pub mod log;
pub mod random;
pub mod records;
pub mod shelf;
mod sink;
pub mod wait;
pub mod workers;
