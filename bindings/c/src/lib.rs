//! The C ABI of thrivosign: include/thrivosign.h as Rust. Takes pointers and numbers, gives handles and errors; converts, and decides nothing.
//!
//! One noun of the header, one file. Every function is a literal `extern "C"` item, because cbindgen sees no others, and runs inside one guard
//! (`guard`); arguments are read by one value that vouches for them (`caller`); handles are tokens that are never dereferenced (`token`). The
//! rules that hold for all of it are in docs/abi.md.

#![allow(non_camel_case_types, reason = "the names are those of the header")]
#![allow(
    clippy::missing_safety_doc,
    reason = "what a caller promises is said in the words of the header: Ownership, Lifetime, Threads, NULL"
)]

pub mod activation;
pub mod agreement;
pub mod attestation;
pub mod authorization_list;
pub mod authorizations;
pub mod batch;
pub mod batch_verify;
pub mod buffer;
pub mod call;
mod caller;
pub mod cancel;
pub mod certificate_order;
pub mod certificates;
pub mod challenge;
pub mod client;
#[cfg_attr(not(feature = "net"), path = "no_connection.rs")]
mod connection;
pub mod credential_list;
pub mod diff;
pub mod document;
pub mod empty_fields;
pub mod enrolment;
pub mod enums;
pub mod environment;
pub mod environment_certificate;
pub mod environment_pins;
pub mod error;
pub mod error_kind;
pub mod evidence;
pub mod extended;
pub mod extended_missing;
pub mod extension;
pub mod factors;
pub mod field_values;
mod guard;
pub mod host_key_store;
pub mod http_client;
pub mod http_exchange;
pub mod identity;
pub mod in_place;
#[cfg(feature = "inject")]
pub mod inject;
pub mod inspection;
pub mod inspection_risk;
pub mod key_backup;
pub mod key_enums;
pub mod key_info;
pub mod key_list;
pub mod key_store;
pub mod library;
pub mod log;
mod nth;
pub mod officer;
pub mod order_list;
pub mod orders;
pub mod output;
pub mod package;
pub mod package_document;
pub mod package_enums;
pub mod package_list;
pub mod package_making;
pub mod package_recipient;
pub mod packages;
pub mod pending_request;
pub mod pin_observer;
pub mod preflight;
pub mod prepared;
pub mod remote_keys;
pub mod renewal;
pub mod report;
pub mod report_enums;
pub mod report_reason;
pub mod report_shown;
pub mod report_signature;
pub mod report_signer;
pub mod request_steps;
pub mod requests;
mod settings;
pub mod sign;
pub mod sign_options;
pub mod signature_images;
pub mod signature_list;
pub mod signature_look;
pub mod signature_place;
pub mod signature_request;
pub mod signed;
pub mod signer;
pub mod signing_order;
pub mod sink;
pub mod software_keys;
mod store;
pub mod submitted;
mod table;
mod token;
pub mod token_provider;
pub mod trust;
pub mod users_device_list;
pub mod verify_options;
pub mod waiting_request_list;
pub mod words;

pub use batch::thrivosign_batch_listener;
pub use batch_verify::thrivosign_verify_listener;
pub use call::thrivosign_call;
pub use certificate_order::thrivosign_certificate_order;
pub use document::thrivosign_source_callbacks;
pub use factors::thrivosign_factor_callbacks;
pub use host_key_store::thrivosign_key_store_callbacks;
pub use http_client::thrivosign_http_callbacks;
pub use log::thrivosign_log_callbacks;
pub use log::thrivosign_log_event;
pub use output::thrivosign_output_callbacks;
pub use pin_observer::thrivosign_pin_callbacks;
pub use sign_options::thrivosign_sign_options;
pub use token_provider::thrivosign_token_callbacks;
pub use verify_options::thrivosign_verify_options;

/// Of the whole library: what it frees is wiped.
#[global_allocator]
static ALLOCATOR: thrivosign_wiping::Wiping = thrivosign_wiping::Wiping;
