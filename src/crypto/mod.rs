//! The crypto room (part of the base): digests and signature verification.
//!
//! Takes bytes, keys and algorithm values; gives digests and "this signature is right" or the reason why not. Holds no secret and signs
//! nothing. `ring` digests and verifies where it can, RustCrypto does the rest; without the feature `ring` RustCrypto does everything it has. DER of
//! algorithms and keys is read and written by `pki::algorithm`.

pub mod algorithm;
#[cfg(feature = "ring")]
mod by_ring;
pub mod digest;
pub(crate) mod ecdsa_value;
pub mod known;
pub mod verify;

pub use algorithm::{KeyAlgorithm, PublicKey, SignatureAlgorithm};
pub use digest::{DigestAlgorithm, Hasher};
pub use known::KnownSignatures;
pub use verify::{VerifyFailure, verify, verify_prehash};
