//! The command as its users meet it: the built binary, real files, exit codes, lines of JSON. Takes bad input of every kind; proves for each
//! that the error is named, that the input is untouched, that nothing is left in the folder, and that nothing panicked.

// Shells, links, signals and limits of unix.
#![cfg(unix)]
// Tests are an edge: they run programs and read files.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod authority;
mod batch;
mod bench;
mod certomancer;
mod chain;
mod damaged;
mod documents;
mod encrypted;
mod extend;
mod fields;
mod in_place;
mod interrupted;
mod looks;
mod many;
mod output;
mod pages;
mod policy;
mod policy_file;
mod requests;
mod revisions;
mod schema;
mod service;
mod signers;
mod tokens;
mod verdicts;
