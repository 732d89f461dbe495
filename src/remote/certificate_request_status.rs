//! Room `remote`: `GET /rssp/certificates/requests/{requestID}` `[ours]`; answers as [`super::request_certificate::Issuance`].

use super::http::{Method, Request, fill_path, match_path};
use super::problem::{ProblemType, Refusal};
use super::request_certificate::ANSWERS;
use super::schema::{Mark, Operation};
use crate::error::Result;

/// `[ours]`
pub const PATH: &str = "/rssp/certificates/requests/{requestID}";

/// The call as data.
pub const OPERATION: Operation = Operation {
    answers: ANSWERS,
    ..Operation::new("certificateRequestStatus", Method::Get, PATH, Mark::Ours, "Says whether a pending request was approved.")
};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateRequestStatus {
    /// The request's id.
    pub request_id: String,
}

impl CertificateRequestStatus {
    /// The client's request.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidArgument`] if the id is none.
    pub fn encode(&self) -> Result<Request> {
        Ok(Request::new(Method::Get, fill_path(PATH, &[&self.request_id])?))
    }

    /// The server's reading.
    ///
    /// # Errors
    /// Not found.
    pub fn decode(request: &Request) -> Result<CertificateRequestStatus, Refusal> {
        match match_path(PATH, &request.path).map(|mut ids| (ids.pop(), ids.pop())) {
            Some((Some(request_id), None)) => Ok(CertificateRequestStatus { request_id }),
            _ => Err(ProblemType::NotFound.into()),
        }
    }
}
