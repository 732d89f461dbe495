//! The room `remote`: the service on the wire, one file per call, pure codecs in both directions.
//!
//! Takes typed calls and gives HTTP requests, takes HTTP answers and gives typed values; the server uses the same files the
//! other way round. May see the base and the types of `pki` and `key`; may not order calls, keep state, read a clock, draw
//! random numbers or open sockets. Each file names its path and fields as constants with the mark of where they come from:
//! `[doc]` published by ThrivoSign, `[csc]` CSC API v1.0.4, `[hub]` SigningHub v4, `[ours]` designed here, replaceable.

pub mod client_certificate;
pub mod content_digest;
pub mod fetch;
pub mod http;
pub mod json;
pub mod openapi;
pub mod pin_document;
pub mod problem;
pub mod proof;
pub mod schema;
pub mod secret;
pub mod transport;

pub mod activate_credential;
pub mod activate_credential_response;
pub mod activate_user;
pub mod audit;
pub mod authorization_response;
pub mod authorization_status;
pub mod authorizations;
pub mod certificate_challenge;
pub mod certificate_request_status;
pub mod complete_signature;
pub mod create_user;
pub mod csc;
pub mod delete_device;
pub mod device_activation_code;
pub mod fetch_agreement;
pub mod info;
pub mod list_certificates;
pub mod login;
pub mod officer;
pub mod package;
pub mod pins;
pub mod register_device;
pub mod remote_credential;
pub mod renew_certificate;
pub mod renewal_challenge;
pub mod request_certificate;
pub mod revoke_certificate;
pub mod revoke_token;
pub mod signature_image;
pub mod start_signature;
pub mod submit_agreement;
pub mod template;
pub mod webhook;

mod canonical;
mod jose;
pub use jose::UnsignedJws;

#[cfg(test)]
mod tests;
