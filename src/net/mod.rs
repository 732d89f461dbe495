//! The room `net`: the only one that opens sockets.
//!
//! Takes requests, gives answers, over HTTPS and nothing else. May see the base, `remote` and `host`; knows neither documents
//! nor what a call means. TLS is rustls over ring, configured per transport: no process-wide default is set or needed.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this room is where the network, its threads and its time-outs are reached"
)]

mod client_key;
mod failure;
mod fetch;
mod options;
mod pin_updates;
mod pins;
mod push;
mod refusal;
mod runtime;
mod tls;
mod transport;

#[cfg(test)]
mod tests;

pub use fetch::{Reach, WebFetcher};
pub use options::{Options, PinUpdates, Proxy, Roots};
pub use pins::{PinEvent, PinObserver, PinSet};
pub use push::WebPusher;
pub use runtime::shutdown;
pub use transport::HttpsTransport;
