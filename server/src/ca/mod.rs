//! The demo's certification authority: takes the data folder, subjects and public keys, gives certificates, lists of revoked ones and OCSP
//! answers.
//!
//! Root and issuing CA are apart; the root key signs the issuing CA and its own list, nothing else. The TLS certificate hangs under a
//! root of its own, so that no key that speaks for a server can ever speak for a signer. Knows neither HTTP nor the store.

mod authority;
mod crl;
mod delegate;
pub(crate) mod key;
mod name;
mod ocsp;
mod profile;
mod tls;

pub(crate) use authority::Authority;
pub(crate) use crl::Revoked;
pub(crate) use delegate::{Delegate, Purpose};
pub(crate) use name::Subject;
pub(crate) use ocsp::{OcspAnswer, Refusal, Responder, Standing};
pub(crate) use profile::{TrustServices, path};
pub(crate) use tls::{ServerIdentity, pins, rotate};
