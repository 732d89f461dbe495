//! The demo Server-Signer: what `thrivosign` talks to in demos and tests, with its own authorities and store.
//!
//! Rooms: [`Config`] -> [`Server::start`] -> [`Running`]; inside, `web` (HTTP) -> `api` (what each call means) -> `store` (memory),
//! `ca` (certificates), `vault` (keys of remote credentials), `desk` (outbox). In a demo `web::site` shows pages to a browser
//! and has the same `api` do what they ask for. Beside it, on a plain listener, `web` -> `trust` (OCSP, lists, time stamps) -> `ca`, `tsa`, `store`. Shapes on the wire are `thrivosign::remote`'s.
//! Without a server: `api_key`, `client`, `officer`, `pins`, `audit`, `backup` (the operator's tasks) -> `store`, `ca`.

#![forbid(unsafe_code)]
// A server is an edge by nature: it owns a data folder, a clock, a listener and threads.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod api;
pub mod api_key;
mod asn1;
mod attestation_policy;
pub mod audit;
pub mod backup;
mod ca;
pub mod client;
mod client_certificate;
mod config;
mod desk;
mod failure;
mod folder;
mod lan;
mod metrics;
pub mod officer;
mod openapi;
pub mod pins;
mod random;
mod rounds;
mod start;
mod store;
mod trust;
mod tsa;
mod vault;
mod web;

pub use attestation_policy::strict_policy;
pub use client_certificate::ClientName;
pub use config::{Binding, CERTIFICATE_DAYS, ClientAuthorities, Clock, Config, Limits, SeedUser, system_clock};
pub use desk::Outbox;
pub use failure::Failure;
pub use lan::address as lan_address;
pub use openapi::openapi;
pub use random::password as random_password;
pub use start::{Asked, Running, Server};
pub use vault::VaultChoice;
