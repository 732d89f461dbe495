//! What each call means: takes a typed request and who asks, gives a typed answer or a refusal. One file per group of calls; paths,
//! fields and shapes are `thrivosign::remote`'s, memory is the store's. Runs on blocking threads; knows no sockets.

mod activation;
mod admit;
mod agreements;
mod approvals;
mod attest;
mod authentication;
mod certificates;
mod codes;
mod csc;
mod devices;
pub(crate) mod est;
mod info;
mod keys;
mod login;
mod officer;
mod once;
mod packages;
mod pins;
mod proofs;
mod remote_credential;
mod renewal;
mod retention;
mod service;
mod signature_images;
mod signatures;
mod templates;
mod users;
mod webhooks;

pub(crate) use admit::{Approach, Caller, admit};
pub(crate) use login::with_password;
pub(crate) use officer::{devices_of, waiting_for};
pub(crate) use packages::end_due as end_due_packages;
pub(crate) use retention::remove_due as remove_due_agreements;
pub(crate) use service::{Rules, Service};
pub(crate) use webhooks::{Events, next_event, send_event};

use crate::failure::Failure;
use crate::web::{Reply, Upload};
use std::time::Duration;
use thrivosign::Time;
use thrivosign::remote;
use thrivosign::remote::http::Request;
use thrivosign::remote::problem::{Problem, ProblemType, Refusal};
use thrivosign::remote::schema::Operation;

/// A call as it reaches its room.
pub(crate) struct Visit {
    pub(crate) request: Request,
    pub(crate) caller: Caller,
    /// The body, where it is a PDF.
    pub(crate) upload: Option<Upload>,
    pub(crate) now: Time,
    /// What the call said it waits for, and how long it has: only where it was made to wait before.
    pub(crate) waited: Option<(String, Duration)>,
}

/// Answers a call.
pub(crate) type Call = fn(&Service, Visit) -> Result<Reply, No>;

/// An operation and what answers it.
pub(crate) struct Route {
    pub(crate) operation: &'static Operation,
    pub(crate) call: Call,
    /// Looks at the head of a request whose body is a PDF, so that a hopeless upload is refused before it is sent.
    pub(crate) head: fn(&Request) -> Result<(), No>,
    /// Whether it may say [`No::Wait`].
    pub(crate) waits: bool,
}

const fn route(operation: &'static Operation, call: Call) -> Route {
    Route { operation, call, head: |_| Ok(()), waits: false }
}

const fn waiting(operation: &'static Operation, call: Call) -> Route {
    Route { waits: true, ..route(operation, call) }
}

/// Every call the server answers.
pub(crate) const ROUTES: &[Route] = &[
    route(&remote::info::OPERATION, info::info),
    route(&remote::pins::OPERATION, pins::pins),
    route(&remote::login::OPERATION, login::login),
    route(&remote::revoke_token::OPERATION, login::revoke),
    route(&remote::create_user::OPERATION, users::create),
    route(&remote::activate_user::OPERATION, users::activate),
    route(&remote::device_activation_code::OPERATION, devices::activation_code),
    route(&remote::register_device::OPERATION, devices::register),
    route(&remote::delete_device::OPERATION, devices::delete),
    route(&remote::certificate_challenge::OPERATION, certificates::challenge),
    route(&remote::request_certificate::OPERATION, certificates::request),
    route(&remote::list_certificates::OPERATION, certificates::list),
    route(&remote::certificate_request_status::OPERATION, officer::status),
    route(&remote::renewal_challenge::OPERATION, renewal::challenge),
    route(&remote::renew_certificate::OPERATION, renewal::renew),
    route(&remote::revoke_certificate::OPERATION, certificates::revoke),
    route(&remote::officer::requests::OPERATION, officer::list),
    route(&remote::officer::decide::OPERATION, officer::decide),
    route(&remote::officer::devices::OPERATION, officer::list_devices),
    route(&remote::officer::revoke_device::OPERATION, officer::revoke_device),
    route(&remote::activate_credential::OPERATION, activation::begin),
    route(&remote::activate_credential_response::OPERATION, activation::complete),
    Route { head: agreements::head, ..route(&remote::submit_agreement::OPERATION, agreements::submit) },
    Route { head: agreements::head, ..route(&remote::submit_agreement::OPERATION_FILED, agreements::submit) },
    route(&remote::start_signature::OPERATION, signatures::start),
    route(&remote::complete_signature::OPERATION, signatures::complete),
    route(&remote::fetch_agreement::OPERATION, agreements::fetch),
    route(&remote::audit::OPERATION, agreements::audit),
    route(&remote::package::create::OPERATION, packages::create),
    route(&remote::package::list::OPERATION, packages::list),
    route(&remote::package::status::OPERATION, packages::status),
    route(&remote::package::add_document::OPERATION, packages::add_document),
    route(&remote::package::add_recipient::OPERATION, packages::add_recipient),
    route(&remote::package::fill_fields::OPERATION, packages::fill_fields),
    route(&remote::package::share::OPERATION, packages::share),
    route(&remote::package::decline::OPERATION, packages::decline),
    route(&remote::package::cancel::OPERATION, packages::cancel),
    route(&remote::template::create::OPERATION, templates::create),
    route(&remote::template::list::OPERATION, templates::list),
    route(&remote::template::apply::OPERATION, templates::apply),
    route(&remote::template::remove::OPERATION, templates::remove),
    route(&remote::signature_image::set::OPERATION, signature_images::set),
    route(&remote::signature_image::get::OPERATION, signature_images::get),
    route(&remote::signature_image::remove::OPERATION, signature_images::remove),
    route(&remote::webhook::set::OPERATION, webhooks::set),
    route(&remote::webhook::status::OPERATION, webhooks::status),
    route(&remote::webhook::remove::OPERATION, webhooks::remove),
    route(&remote::webhook::keys::OPERATION, webhooks::keys),
    route(&remote::remote_credential::OPERATION, remote_credential::request),
    waiting(&remote::authorizations::OPERATION, approvals::list),
    route(&remote::authorization_status::OPERATION, approvals::status),
    route(&remote::authorization_response::OPERATION, approvals::answer),
    route(&remote::csc::info::OPERATION, csc::info),
    route(&remote::csc::login::OPERATION, csc::login),
    route(&remote::csc::list_credentials::OPERATION, csc::list),
    route(&remote::csc::credential_info::OPERATION, csc::credential_info),
    waiting(&remote::csc::authorize::OPERATION, csc::authorize),
    route(&remote::csc::extend_transaction::OPERATION, csc::extend),
    route(&remote::csc::send_otp::OPERATION, csc::send_otp),
    route(&remote::csc::sign_hash::OPERATION, csc::sign_hash),
    route(&remote::csc::timestamp::OPERATION, csc::timestamp),
];

/// Why there is no answer: the client is refused, the server itself failed, or there is none yet.
pub(crate) enum No {
    Refused(Box<Refusal>),
    Failed(Failure),
    /// Ask again once something has changed, and say this then.
    Wait(String),
}

impl From<Failure> for No {
    fn from(failure: Failure) -> No {
        No::Failed(failure)
    }
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> No {
        No::Refused(Box::new(refusal))
    }
}

impl From<ProblemType> for No {
    fn from(kind: ProblemType) -> No {
        Refusal::from(kind).into()
    }
}

impl From<Problem> for No {
    fn from(problem: Problem) -> No {
        Refusal::from(problem).into()
    }
}
