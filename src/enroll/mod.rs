//! The enrol room: from a key to a certificate that may be used.
//!
//! Takes a subject, keys behind their store and the service's answers as values; gives the certification request, the
//! activation answer and the [`Identity`] that is kept. May see `pki`, `key` and the base; knows neither documents nor
//! sockets, and keeps nothing.
//!
//! ```text
//! KeyInfo -> Csr -> (the service) -> Identity (New) -> ActivationAnswer -> (the service) -> Identity (Activated)
//! ```

pub mod activation;
pub mod canonical;
pub mod identity;
pub mod request;

pub use activation::{ActivationAnswer, ActivationChallenge, answer_activation};
pub use identity::{Identity, IdentityState};
pub use request::{check_issued, request_certificate};

#[cfg(test)]
mod tests;
