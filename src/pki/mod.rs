//! The pki room: DER in, facts out.
//!
//! Takes DER and a time, gives certificates, requests and path results. Sees only the base; opens no socket, reads no clock, knows no PDF.

pub mod algorithm;
pub mod certificate;
pub mod csr;
pub mod existence;
pub mod oid;
pub mod path;
pub mod pem;
pub mod protection;
pub mod revocation;
pub mod role;
pub mod timestamp;
pub mod trust;

pub(crate) mod attribute_type;
pub(crate) mod constraints;
pub(crate) mod der;
pub(crate) mod name;
pub(crate) mod policy;
pub(crate) mod signatures;

pub use algorithm::{DigestAlgorithm, KeyAlgorithm, PublicKey, SignatureAlgorithm};
pub use certificate::{Certificate, KeyUsage};
pub use csr::{Csr, CsrSubject, CsrToBeSigned};
pub use existence::Existence;
pub use path::{PathFailure, PathInputs, PathResult};
pub use pem::{certificates_from_pem, each_certificate, each_crl};
pub use protection::{KeyProtection, ProtectionLevel};
pub use revocation::{RevocationData, RevocationMode};
pub use role::Role;
pub use timestamp::TstInfo;
pub use trust::TrustAnchors;

#[cfg(test)]
mod path_tests;
#[cfg(test)]
pub(crate) mod testing;
