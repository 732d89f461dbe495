//! A device that signs what a server prepares believes nothing: real exchanges with a real demo server, altered or broken in between.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod bank;
#[path = "../client/mod.rs"]
mod client;
mod filed;
mod levels;
mod network;
mod prepared;
mod revision;
