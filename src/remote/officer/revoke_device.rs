//! Room `remote`: `POST /rssp/officer/devices/{deviceUUID}/revoke` `[ours]`. Both directions of one call.

use super::super::http::{Method, Request, Response, fill_path};
use super::super::json::{MAX_JSON, Members, known};
use super::super::problem::Refusal;
use super::super::revoke_certificate::RevocationReason;
use super::super::schema::{Answer, Content, Field, Kind, Mark, Operation};
use super::id_of_path;
use crate::error::Result;

/// `[ours]`
pub const PATH: &str = "/rssp/officer/devices/{deviceUUID}/revoke";
const REASON: Field = Field::new("reason", Kind::OneOf(RevocationReason::TEXTS), Mark::Ours);

/// The call as data.
pub const OPERATION: Operation = Operation {
    request: Content::Json(&[REASON]),
    answers: &[Answer {
        status: 204,
        when: "the device and its credentials are revoked, now or earlier",
        content: Content::None,
        headers: &[],
    }],
    ..Operation::new(
        "revokeUsersDevice",
        Method::Post,
        PATH,
        Mark::Ours,
        "Revokes a device, for good what was certified on it, and the logins of its owner.",
    )
};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokeDevice {
    /// Which device.
    pub device_uuid: String,
    /// Why, as certificate revocation lists say it.
    pub reason: RevocationReason,
}

impl RevokeDevice {
    /// The client's request.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidArgument`] if the id is none.
    pub fn encode(&self) -> Result<Request> {
        let path = fill_path(PATH, &[&self.device_uuid])?;
        Ok(Request::new(Method::Post, path).with_json(&Members::new().with(&REASON, self.reason.as_str())))
    }

    /// The server's reading.
    ///
    /// # Errors
    /// Not found, or a problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<RevokeDevice, Refusal> {
        let device_uuid = id_of_path(PATH, request)?;
        let members = Members::parse(request.body.bytes(), MAX_JSON)?;
        Ok(RevokeDevice { device_uuid, reason: known(&REASON, RevocationReason::from_text(&members.text(&REASON)?))? })
    }
}

/// The server's answer.
#[must_use]
pub fn done() -> Response {
    Response::new(204)
}

/// The client's reading: that it is revoked.
///
/// # Errors
/// What the service said.
pub fn decode_done(response: &Response) -> Result<()> {
    response.expect(&[204])?;
    Ok(())
}
