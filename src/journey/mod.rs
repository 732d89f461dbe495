//! The room `journey`: orders the stages, keeps sessions, checks its own results.
//!
//! Takes a transport, stores and inputs; gives finished identities and documents. May see every room but `net`; opens no sockets.

mod base_address;
pub mod batch;
pub mod carried;
pub mod chain;
pub mod client_certificate;
pub mod csc;
pub mod damage;
pub mod deferred;
pub mod device;
pub mod enrol;
mod environment;
pub mod extend;
pub mod extract;
pub mod fields;
mod filed;
mod frame;
pub mod host_http;
pub mod in_place;
pub mod input;
pub mod kept;
mod observe;
pub mod officer;
pub mod orders;
pub mod output;
pub mod pace;
pub mod packages;
mod pending;
mod proposal;
mod prover;
mod raise;
pub mod read;
pub mod renew;
mod renewal;
pub mod requests;
pub mod retry;
mod rise;
pub mod session;
pub mod sign;
pub mod signature_image;
mod spoiling;
pub mod stamp;
pub mod submit;
pub mod templates;
pub mod transport;
mod upload;
pub mod verify;
mod waiting;
pub mod webhooks;

#[cfg(test)]
mod carried_tests;
#[cfg(test)]
mod enrol_tests;
#[cfg(all(test, target_os = "linux"))]
mod killed;
#[cfg(test)]
#[allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests are an edge")]
mod provider_tests;
#[cfg(test)]
#[allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests are an edge")]
mod session_tests;
#[cfg(test)]
mod sign_tests;
#[cfg(test)]
#[allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests are an edge")]
mod verify_tests;

pub use environment::Environment;
pub use input::Input;
pub use output::Target;
pub use renewal::TokenProvider;
pub use retry::{Limits, RetryPolicy, Watch};
pub use session::Session;
pub use transport::{Call, Transport};
