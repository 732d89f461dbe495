//! Interoperation: real documents, other people's judges.
//!
//! Takes the corpus of `corpus.py`, the signers of `make_ca.py` and the installed judges; gives a verdict that nobody here
//! wrote. Where a tool is missing the tests say so and pass, except in CI, where they fail.

// Tests are an edge: they run programs and read files.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod algorithms;
mod broad;
mod carried;
mod case;
mod clock;
mod conformance;
mod corpus;
mod damaged;
mod dss;
mod encrypted;
mod etsi;
mod eu_dss;
mod judges;
mod judges_judged;
#[allow(dead_code, reason = "shared with the test target of that name, which needs more of it")]
#[path = "../kit/kit.rs"]
mod kit;
mod kit_judged;
mod levels;
mod matrix;
mod oracle;
mod ours;
mod pkits;
mod places;
mod pyhanko_signed;
mod python;
#[path = "../oracle/mod.rs"]
mod reading;
mod rendered;
mod revocation;
mod sound;
mod verapdf;
mod with_certomancer;
mod workers;
#[path = "../kit/written.rs"]
mod written;
