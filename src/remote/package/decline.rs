//! Room `remote`: `POST /rssp/packages/{packageID}/decline` `[hub]`: a recipient whose turn it is says no, which ends it. Both directions of one call; the answer is
//! [`super::Package`].

use super::super::http::{IDEMPOTENCY_KEY, Method, Request, fill_path};
use super::super::json::{MAX_JSON, Members};
use super::super::problem::Refusal;
use super::super::request_certificate::{KEY_HEADER, idempotency_key};
use super::super::schema::{Content, Field, Mark, Operation};
use super::{CHANGED, MAX_REASON, REASON, line, package_of_path};
use crate::error::Result;

/// `[hub]`
pub const PATH: &str = "/rssp/packages/{packageID}/decline";
const REQUEST: &[Field] = &[REASON];

/// The call as data.
pub const OPERATION: Operation = Operation {
    headers: &[KEY_HEADER],
    request: Content::Json(REQUEST),
    answers: CHANGED,
    ..Operation::new("declinePackage", Method::Post, PATH, Mark::Hub, "Declines to sign, with a reason; the package ends by it.")
};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclinePackage {
    /// Makes the call safe to repeat.
    pub idempotency_key: String,
    /// Which package.
    pub package_id: String,
    /// Why; its owner and its recipients read it.
    pub reason: String,
}

impl DeclinePackage {
    /// The client's request.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidArgument`] if the id is none.
    pub fn encode(&self) -> Result<Request> {
        let members = Members::new().with(&REASON, self.reason.as_str());
        let mut request = Request::new(Method::Post, fill_path(PATH, &[&self.package_id])?).with_json(&members);
        request.headers.set(IDEMPOTENCY_KEY, self.idempotency_key.as_str());
        Ok(request)
    }

    /// The server's reading.
    ///
    /// # Errors
    /// Not found, or a problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<DeclinePackage, Refusal> {
        let package_id = package_of_path(PATH, request)?;
        let idempotency_key = idempotency_key(request)?;
        let members = Members::parse(request.body.bytes(), MAX_JSON)?;
        Ok(DeclinePackage { idempotency_key, package_id, reason: line(&REASON, members.text(&REASON)?, MAX_REASON)? })
    }
}
