//! Room `remote`: `GET /rssp/officer/requests` `[ours]`. Both directions of one call.

use super::super::http::{Method, Request, Response};
use super::super::json::{Malformed, Members, known};
use super::super::register_device::SecurityLevel;
use super::super::schema::{Answer, Content, Field, Kind, Mark, Operation};
use super::{Applicant, COMPANY, DEVICE_NAME, DEVICE_UUID, EMAIL, NAME, PLATFORM, REQUEST_ID, SECURITY_LEVEL, USER_ID};
use crate::error::Result;
use crate::time::Time;

/// `[ours]`
pub const PATH: &str = "/rssp/officer/requests";
const MAX_BYTES: usize = 8 << 20;
const ASKED: Field = Field::new("asked", Kind::Time, Mark::Ours);
const ENTRY: &[Field] = &[REQUEST_ID, USER_ID, NAME, EMAIL, COMPANY, DEVICE_UUID, DEVICE_NAME, PLATFORM, SECURITY_LEVEL, ASKED];
const REQUESTS: Field = Field::new("requests", Kind::Objects(ENTRY), Mark::Ours);

/// The call as data.
pub const OPERATION: Operation = Operation {
    answers: &[Answer { status: 200, when: "always", content: Content::Json(&[REQUESTS]), headers: &[] }],
    ..Operation::new(
        "listCertificateRequests",
        Method::Get,
        PATH,
        Mark::Ours,
        "Lists the requests that wait for this officer, oldest first.",
    )
};

/// The client's request.
#[must_use]
pub fn request() -> Request {
    Request::new(Method::Get, PATH)
}

/// A request for a certificate that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingRequest {
    /// Its id.
    pub request_id: String,
    /// Who asks.
    pub applicant: Applicant,
    /// The device that the key is on.
    pub device_uuid: String,
    /// Its name, which the user gave it.
    pub device_name: String,
    /// Its platform, as it said itself.
    pub platform: String,
    /// Where the key lives, as far as was verified.
    pub security_level: SecurityLevel,
    /// When it came.
    pub asked: Time,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingRequests(pub Vec<WaitingRequest>);

impl WaitingRequests {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        let entries = self.0.iter().map(|one| {
            Members::new()
                .with(&REQUEST_ID, one.request_id.as_str())
                .with(&USER_ID, one.applicant.user_id.as_str())
                .with(&NAME, one.applicant.name.as_str())
                .with(&EMAIL, one.applicant.email.as_str())
                .with_some(&COMPANY, one.applicant.company.as_deref())
                .with(&DEVICE_UUID, one.device_uuid.as_str())
                .with(&DEVICE_NAME, one.device_name.as_str())
                .with(&PLATFORM, one.platform.as_str())
                .with(&SECURITY_LEVEL, one.security_level.as_str())
                .with(&ASKED, one.asked.to_string())
        });
        Response::json(200, &Members::new().with_objects(&REQUESTS, entries))
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<WaitingRequests> {
        response.expect(&[200])?;
        let members = Members::parse(&response.body, MAX_BYTES)?;
        let one = |entry: Members| -> Result<WaitingRequest, Malformed> {
            Ok(WaitingRequest {
                request_id: entry.text(&REQUEST_ID)?,
                applicant: Applicant {
                    user_id: entry.text(&USER_ID)?,
                    name: entry.text(&NAME)?,
                    email: entry.text(&EMAIL)?,
                    company: entry.text_opt(&COMPANY)?,
                },
                device_uuid: entry.text(&DEVICE_UUID)?,
                device_name: entry.text(&DEVICE_NAME)?,
                platform: entry.text(&PLATFORM)?,
                security_level: known(&SECURITY_LEVEL, SecurityLevel::from_text(&entry.text(&SECURITY_LEVEL)?))?,
                asked: entry.time(&ASKED)?,
            })
        };
        Ok(WaitingRequests(members.objects(&REQUESTS)?.into_iter().map(one).collect::<Result<_, _>>()?))
    }
}
