//! The enrol room: from a key to a certificate that may be used.
//!
//! Takes a subject, keys behind their store, messages and certificates of the service; gives the certification request,
//! proofs by the authentication key and the [`Identity`] that is kept. May see `pki`, `key` and the base; knows neither documents nor
//! sockets, and keeps nothing.
//!
//! ```text
//! KeyInfo -> Csr -> (the service) -> Identity (New) -> proof -> (the service) -> Identity (Activated)
//! ```

pub mod identity;
pub mod proof;
pub mod request;

pub use identity::{Identity, IdentityState};
pub use proof::{ProofAlgorithm, proof_holds, prove};
pub use request::{check_issued, request_certificate};

#[cfg(test)]
mod tests;
