//! `thrivosign`: device-bound PDF signing and verification for ThrivoSign's Server-Signer.

#![forbid(unsafe_code)]

// The attack kit (`tests/kit`) knows the library from outside, and is compiled into its unit tests too.
#[cfg(test)]
extern crate self as thrivosign;

pub mod cancel;
pub mod error;
pub mod limits;
pub mod log;
mod switch;
pub mod text;
pub mod time;

pub mod appearance;
pub mod cms;
pub mod crypto;
pub mod enroll;
pub mod evidence;
pub mod host;
pub mod inspect;
pub mod journey;
pub mod key;
mod marks;
#[cfg(feature = "net")]
pub mod net;
pub mod pdf;
pub mod pki;
pub mod remote;
pub mod render;
pub mod sign;
pub mod verify;

/// Names of the features that this build has, sorted.
pub const FEATURES: &[&str] = &[
    #[cfg(feature = "appearance-full")]
    "appearance-full",
    #[cfg(feature = "encrypted-pdf")]
    "encrypted-pdf",
    #[cfg(feature = "net")]
    "net",
    #[cfg(feature = "pkcs11")]
    "pkcs11",
    #[cfg(feature = "pkcs12")]
    "pkcs12",
    #[cfg(feature = "ring")]
    "ring",
];

/// The version of the library (Semantic Versioning).
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

pub use cancel::{CancelToken, Progress};
pub use error::{Error, ErrorKind, Result};
pub use time::Time;
