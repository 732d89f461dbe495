//! Interoperation: real documents, other people's judges.
//!
//! Takes the corpus of `corpus.py`, the signers of `make_ca.py` and the installed judges; gives a verdict that nobody here
//! wrote. Where a tool is missing the tests say so and pass, except in CI, where they fail.

// Tests are an edge: they run programs and read files.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod algorithms;
mod broad;
mod case;
mod conformance;
mod corpus;
mod damaged;
mod encrypted;
mod judges;
mod judges_judged;
mod matrix;
mod oracle;
mod ours;
mod places;
mod pyhanko_signed;
#[path = "../oracle/mod.rs"]
mod reading;
mod sound;
mod verapdf;
mod workers;
