//! What each call means: takes a typed request and who asks, gives a typed answer or a refusal. One file per group of calls; paths,
//! fields and shapes are `thrivosign::remote`'s, memory is the store's. Runs on blocking threads; knows no sockets.

mod admit;
mod info;
mod login;
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
