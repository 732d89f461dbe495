//! `thrivosign`: device-bound PDF signing and verification for ThrivoSign's Server-Signer.

#![forbid(unsafe_code)]

pub mod cancel;
pub mod error;
pub mod limits;
pub mod time;

pub mod appearance;
pub mod cms;
pub mod crypto;
pub mod enroll;
pub mod host;
pub mod inspect;
pub mod journey;
pub mod key;
#[cfg(feature = "net")]
pub mod net;
pub mod pdf;
pub mod pki;
pub mod remote;
pub mod sign;
pub mod verify;

pub use cancel::{CancelToken, Progress};
pub use error::{Error, ErrorKind, Result};
pub use time::Time;
