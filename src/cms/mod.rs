//! The cms room: DER <-> signed data (RFC 5652), as PDF signatures use it.
//!
//! Takes signed attributes and a signature value, gives a ContentInfo; takes a ContentInfo, gives facts. Sees the base and `pki`; knows no
//! PDF, no trust and no time. A fact here is never an opinion about strength or trust.

pub mod attributes;
pub mod build;
pub mod check;
pub mod parse;
pub mod reason;

mod ber;
mod carried;
pub(crate) mod signer;
mod x509;

pub use attributes::SignedAttributes;
pub use carried::Carried;
pub use check::{CmsFacts, Expect, SigningCertificate};
pub use parse::SignedData;
pub use reason::{CmsFailure, CmsFamily, CmsReason};
pub use x509::BareSignature;

#[cfg(test)]
pub(crate) mod matrix;
