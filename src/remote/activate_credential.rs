//! Room `remote`: `POST /credentials/activate` `[ours]`; the one-time code goes out of band. Both directions of one call.

use super::http::{Method, Request, Response};
use super::json::{MAX_JSON, Members};
use super::problem::Refusal;
use super::schema::{Answer, Content, Field, Kind, Mark, Operation, Refusals};
use crate::error::Result;

/// `[ours]`, beside the published path of the response.
pub const PATH: &str = "/credentials/activate";
/// Served too.
pub const PATH_RSSP: &str = "/rssp/credentials/activate";
const CREDENTIAL_ID: Field = Field::new("credentialID", Kind::Id, Mark::Ours);
const DEVICE_UUID: Field = Field::new("deviceUUID", Kind::Id, Mark::Ours);
const REQUEST: &[Field] = &[CREDENTIAL_ID, DEVICE_UUID];
const CHALLENGE: Field = Field::new("challenge", Kind::Id, Mark::Ours);
const EXPIRES_IN: Field = Field::new("expiresIn", Kind::Integer, Mark::Ours);
const ANSWER: &[Field] = &[CREDENTIAL_ID, DEVICE_UUID, CHALLENGE, EXPIRES_IN];

/// The call as data.
pub const OPERATION: Operation = Operation {
    aliases: &[PATH_RSSP],
    request: Content::Json(REQUEST),
    answers: &[Answer { status: 200, when: "the one-time code is on its way", content: Content::Json(ANSWER), headers: &[] }],
    refusals: Refusals::Published,
    ..Operation::new("activateCredential", Method::Post, PATH, Mark::Ours, "Begins the activation of a credential.")
};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivateCredential {
    /// Which credential.
    pub credential_id: String,
    /// On which device.
    pub device_uuid: String,
}

impl ActivateCredential {
    /// The client's request.
    #[must_use]
    pub fn encode(&self) -> Request {
        let members = Members::new().with(&CREDENTIAL_ID, self.credential_id.as_str()).with(&DEVICE_UUID, self.device_uuid.as_str());
        Request::new(Method::Post, PATH).with_json(&members)
    }

    /// The server's reading.
    ///
    /// # Errors
    /// A problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<ActivateCredential, Refusal> {
        let members = Members::parse(request.body.bytes(), MAX_JSON)?;
        Ok(ActivateCredential { credential_id: members.text(&CREDENTIAL_ID)?, device_uuid: members.text(&DEVICE_UUID)? })
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivationChallenge {
    /// Which credential.
    pub credential_id: String,
    /// On which device.
    pub device_uuid: String,
    /// Part of what the device signs; good once.
    pub challenge: String,
    /// Seconds it is good for.
    pub expires_in: u64,
}

impl ActivationChallenge {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        let members = Members::new()
            .with(&CREDENTIAL_ID, self.credential_id.as_str())
            .with(&DEVICE_UUID, self.device_uuid.as_str())
            .with(&CHALLENGE, self.challenge.as_str())
            .with(&EXPIRES_IN, self.expires_in);
        Response::json(200, &members)
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<ActivationChallenge> {
        response.expect(&[200])?;
        let members = Members::parse(&response.body, MAX_JSON)?;
        Ok(ActivationChallenge {
            credential_id: members.text(&CREDENTIAL_ID)?,
            device_uuid: members.text(&DEVICE_UUID)?,
            challenge: members.text(&CHALLENGE)?,
            expires_in: members.integer(&EXPIRES_IN)?,
        })
    }
}
