//! Room `remote`: `POST /rssp/packages/{packageID}/share` `[hub]`: the owner is done, and the first recipients have their turn. Both directions of one call; the answer is
//! [`super::Package`].

use super::super::http::{IDEMPOTENCY_KEY, Method, Request, fill_path};
use super::super::problem::Refusal;
use super::super::request_certificate::{KEY_HEADER, idempotency_key};
use super::super::schema::{Mark, Operation};
use super::{CHANGED, package_of_path};
use crate::error::Result;

/// `[hub]`
pub const PATH: &str = "/rssp/packages/{packageID}/share";

/// The call as data.
pub const OPERATION: Operation = Operation {
    headers: &[KEY_HEADER],
    answers: CHANGED,
    ..Operation::new("sharePackage", Method::Post, PATH, Mark::Hub, "Processes a package and shares it with its recipients.")
};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharePackage {
    /// Makes the call safe to repeat.
    pub idempotency_key: String,
    /// Which package.
    pub package_id: String,
}

impl SharePackage {
    /// The client's request.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidArgument`] if the id is none.
    pub fn encode(&self) -> Result<Request> {
        let mut request = Request::new(Method::Post, fill_path(PATH, &[&self.package_id])?);
        request.headers.set(IDEMPOTENCY_KEY, self.idempotency_key.as_str());
        Ok(request)
    }

    /// The server's reading.
    ///
    /// # Errors
    /// Not found, or a problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<SharePackage, Refusal> {
        let package_id = package_of_path(PATH, request)?;
        Ok(SharePackage { idempotency_key: idempotency_key(request)?, package_id })
    }
}
