//! What each call means: takes a typed request and who asks, gives a typed answer or a refusal. One file per group of calls; paths,
//! fields and shapes are `thrivosign::remote`'s, memory is the store's. Runs on blocking threads; knows no sockets.

mod activation;
mod admit;
mod certificates;
mod codes;
mod devices;
mod info;
mod keys;
mod login;
mod once;
mod service;

pub(crate) use admit::{Caller, admit};
pub(crate) use service::Service;

use crate::failure::Failure;
use crate::web::{Reply, Upload};
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
}

/// Answers a call.
pub(crate) type Call = fn(&Service, Visit) -> Result<Reply, No>;

/// An operation and what answers it.
pub(crate) struct Route {
    pub(crate) operation: &'static Operation,
    pub(crate) call: Call,
}

/// Every call the server answers.
pub(crate) const ROUTES: &[Route] = &[
    Route { operation: &remote::info::OPERATION, call: info::info },
    Route { operation: &remote::login::OPERATION, call: login::login },
    Route { operation: &remote::revoke_token::OPERATION, call: login::revoke },
    Route { operation: &remote::device_activation_code::OPERATION, call: devices::activation_code },
    Route { operation: &remote::register_device::OPERATION, call: devices::register },
    Route { operation: &remote::delete_device::OPERATION, call: devices::delete },
    Route { operation: &remote::certificate_challenge::OPERATION, call: certificates::challenge },
    Route { operation: &remote::request_certificate::OPERATION, call: certificates::request },
    Route { operation: &remote::list_certificates::OPERATION, call: certificates::list },
    Route { operation: &remote::certificate_request_status::OPERATION, call: certificates::request_status },
    Route { operation: &remote::revoke_certificate::OPERATION, call: certificates::revoke },
    Route { operation: &remote::activate_credential::OPERATION, call: activation::begin },
    Route { operation: &remote::activate_credential_response::OPERATION, call: activation::complete },
];

/// Why there is no answer: the client is refused, or the server itself failed.
pub(crate) enum No {
    Refused(Box<Refusal>),
    Failed(Failure),
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
