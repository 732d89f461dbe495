//! Room `remote`: `DELETE /rssp/devices/{deviceUUID}`: path `[ours]`, behaviour `[doc]`: its credentials go back to `New`.

use super::http::{Method, Request, Response, fill_path, match_path};
use super::problem::{ProblemType, Refusal};
use super::schema::{Answer, Content, Mark, Operation};
use crate::error::Result;

/// Path `[ours]`.
pub const PATH: &str = "/rssp/devices/{deviceUUID}";

/// The call as data.
pub const OPERATION: Operation = Operation {
    answers: &[Answer { status: 204, when: "the device is gone; its credentials are back at New", content: Content::None, headers: &[] }],
    ..Operation::new("deleteDevice", Method::Delete, PATH, Mark::Doc, "Revokes a device.")
};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeleteDevice {
    /// The device's id.
    pub device_uuid: String,
}

impl DeleteDevice {
    /// The client's request.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidArgument`] if the id is none.
    pub fn encode(&self) -> Result<Request> {
        Ok(Request::new(Method::Delete, fill_path(PATH, &[&self.device_uuid])?))
    }

    /// The server's reading.
    ///
    /// # Errors
    /// Not found.
    pub fn decode(request: &Request) -> Result<DeleteDevice, Refusal> {
        match match_path(PATH, &request.path).map(|mut ids| (ids.pop(), ids.pop())) {
            Some((Some(device_uuid), None)) => Ok(DeleteDevice { device_uuid }),
            _ => Err(ProblemType::DeviceUnknown.into()),
        }
    }
}

/// The server's answer.
#[must_use]
pub fn done() -> Response {
    Response::new(204)
}

/// The client's reading.
///
/// # Errors
/// What the service said.
pub fn decode_done(response: &Response) -> Result<()> {
    response.expect(&[204]).map(|_| ())
}
