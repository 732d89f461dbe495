//! The pki room: DER in, facts out.
//!
//! Takes DER and a time, gives certificates, requests and path results. Sees only the base; opens no socket, reads no clock, knows no PDF.

pub mod algorithm;
pub mod certificate;
pub mod csr;
pub mod trust;

pub(crate) mod der;
pub(crate) mod name;

pub use algorithm::{DigestAlgorithm, KeyAlgorithm, PublicKey, SignatureAlgorithm};
pub use certificate::{Certificate, KeyUsage, certificates_from_pem};
pub use csr::{Csr, CsrSubject, CsrToBeSigned};
pub use trust::TrustAnchors;

#[cfg(test)]
pub(crate) mod testing;
