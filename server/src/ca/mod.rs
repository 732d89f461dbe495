//! The demo's certification authority: takes the data folder, subjects and public keys, gives certificates.
//!
//! Root and issuing CA are apart; the root key signs the issuing CA and nothing else here. The TLS certificate hangs under a
//! root of its own, so that no key that speaks for a server can ever speak for a signer. Knows neither HTTP nor the store.

mod authority;
mod key;
mod name;
mod profile;
mod tls;

pub(crate) use authority::Authority;
pub(crate) use name::Subject;
pub(crate) use profile::TrustServices;
pub(crate) use tls::ServerIdentity;
