//! What Kotlin and Swift bindings of thrivosign are generated from: records, objects and the traits that an app implements, over the public
//! journeys of the core. Translates and nothing else; knows neither documents nor certificates nor policy.
//!
//! Calls that wait for the network or a person are `async` and run on threads of their own (`waiting`); all others run on the caller's.

#![forbid(unsafe_code)]
#![allow(clippy::result_large_err, reason = "an error crosses the border by value, its facts with it")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "the border to an app: its threads and its clock")]

mod agreement;
mod algorithm;
mod appearance;
mod authorizations;
mod batch;
mod call;
mod cancel;
mod client;
#[cfg_attr(not(feature = "net"), path = "no_connection.rs")]
mod connection;
mod contract;
mod credential;
mod deferred;
mod device;
mod diff;
mod document;
mod enrol;
mod environment;
mod error;
mod evidence;
mod extend;
mod fields;
mod file_key_store;
mod host_keys;
mod http_transport;
mod identity;
mod in_place;
mod inspect;
mod key;
mod log;
mod officer;
mod orders;
mod output;
mod package;
mod packages;
mod placement;
mod preflight;
mod remote_key_store;
mod renew;
mod report;
mod requests;
mod secret;
mod sign;
mod signature_image;
mod signature_report;
mod software_key_store;
mod token_provider;
mod verdict;
mod verify;
mod verify_batch;
mod waiting;
mod words;

pub use agreement::{Agreement, DeviceSigned, Filing, Submitted};
pub use algorithm::{DigestAlgorithm, KeyAlgorithm, SignatureAlgorithm};
pub use appearance::{Appearance, AppearanceFont, AppearanceText, Arrangement, Frame, Ink, InkPoint};
pub use authorizations::{Decision, PendingAuthorization};
pub use batch::{BatchItem, BatchListener, BatchOptions, BatchOutcome, BatchSummary, sign_batch};
pub use cancel::{CallOptions, CancelToken, ProgressListener};
pub use client::Client;
pub use contract::key_store_breach;
pub use credential::{Credential, RevocationReason};
pub use deferred::{Prepared, prepare};
pub use device::{Device, DeviceStatus, RegisteredDevice, SecurityLevel};
pub use diff::{ClaimedSignature, Diff, DiffEntry, Extracted, diff, extract_signed_revision, signatures};
pub use document::{Document, DocumentSource};
pub use enrol::{ActivationChallenge, AuthenticationMethod, CertificateOrder, Challenge, Requested, Subject, device_attestation_challenge};
pub use environment::{ClientCertificate, Environment, PinObserver, Pins, Proxy, RetryPolicy};
pub use error::{ErrorDetail, ThrivoSignError, Turn, error_kinds};
pub use evidence::Evidence;
pub use extend::{Extended, Extension, Goal, Lack, MissingEvidence, Raised, Reach, TimeStampAuthority, Unanswered, extend};
pub use fields::{EmptyField, FieldsAdded, add_fields};
pub use file_key_store::FileKeyStore;
pub use http_transport::{HttpAnswer, HttpExchange, HttpHeader, HttpTransport};
pub use identity::{Identity, IdentityState, PendingRequest, SigningIdentity};
pub use in_place::{Recovery, recover_in_place, sign_in_place};
pub use inspect::{Encryption, Inspection, InspectionFacts, Marker, MarkerCount, SignatureField, Unchecked};
pub use key::{Attestation, DeviceKeyStore, KeyInfo, KeyPurpose, KeySpec, Prompt, Protection};
pub use log::{LogEvent, LogLevel, LogSink, set_log};
pub use officer::{Applicant, DeviceCredential, UsersDevice, WaitingRequest};
pub use orders::{Approval, OrderMode, OrderOutcome, OrderRequest, OrderState, Orders, SigningOrder, SubmitTo};
pub use output::{DocumentSink, Durability, Output, SignedDocument};
pub use package::{PackageDocument, PackageRecipient, PackageState, PackageView, RecipientState, SigningPackage};
pub use packages::AskedSignature;
pub use placement::{DocMdp, FieldLock, Placement};
pub use preflight::{Damage, Preflight, PreflightPolicy, PreflightRules, Repair, preflight};
pub use remote_key_store::{
    FactorSource, RemoteCredential, RemoteKeyStore, RemoteOrder, SecondFactor, ShownFactors, WantedCode, WantedFactors,
};
pub use report::{DocumentFacts, PolicyFacts, Report};
pub use requests::{OpenRequest, RequestState, Requests};
pub use secret::Secret;
pub use sign::{CarriedEvidence, SignOptions, SignatureRequest, SigningKey, sign};
pub use signature_report::{ChainStatus, Change, CryptoFacts, Overall, Reason, SignatureReport, SignerFacts};
pub use software_key_store::SoftwareKeyStore;
pub use token_provider::{ProvidedTokens, TokenProvider};
pub use verdict::{
    ChangeKind, Check, Coverage, CryptoStatus, Indication, Permitted, ReasonFamily, SignatureKind, SignatureLevel, SubIndication,
};
pub use verify::{Revocation, Role, TrustAnchors, VerifyOptions, inspect, verify};
pub use verify_batch::{Order, VerifyBatchOptions, VerifyBatchSummary, VerifyListener, VerifyOutcome, verify_batch};
pub use words::{Words, all_words, html_failure};

uniffi::setup_scaffolding!("thrivosign");

/// The version of the library (Semantic Versioning).
#[uniffi::export]
#[must_use]
pub fn version() -> String {
    thrivosign::VERSION.to_owned()
}

/// Names of the features that this build has, sorted.
#[uniffi::export]
#[must_use]
pub fn features() -> Vec<String> {
    thrivosign::FEATURES.iter().map(|name| (*name).to_owned()).collect()
}

/// After the call every network call in flight ends with `Cancelled`, the network thread with the last of them, and threads that wait for
/// work at once. The next call starts what it needs. For tests and for hosts that unload the library.
#[uniffi::export]
pub fn shutdown() {
    connection::shutdown();
    waiting::send_home();
}

/// Of the whole library: what it frees is wiped.
#[global_allocator]
static ALLOCATOR: thrivosign_wiping::Wiping = thrivosign_wiping::Wiping;
