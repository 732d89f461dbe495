//! Room `remote`: `GET /rssp/officer/devices` `[ours]`. Both directions of one call.

use super::super::http::{Method, Request, Response};
use super::super::json::{Malformed, Members, known};
use super::super::register_device::SecurityLevel;
use super::super::request_certificate::CredentialStatus;
use super::super::schema::{Answer, Content, Field, Kind, Mark, Operation};
use super::{Applicant, COMPANY, DEVICE_NAME, DEVICE_UUID, EMAIL, NAME, PLATFORM, SECURITY_LEVEL, USER_ID};
use crate::error::Result;
use crate::time::Time;

/// `[ours]`
pub const PATH: &str = "/rssp/officer/devices";
const MAX_BYTES: usize = 8 << 20;
const CREDENTIAL_ID: Field = Field::new("credentialID", Kind::Id, Mark::Ours);
const STATUS: Field = Field::new("status", Kind::OneOf(CredentialStatus::TEXTS), Mark::Doc);
const NOT_AFTER: Field = Field::new("notAfter", Kind::Time, Mark::Ours);
const CREDENTIALS: Field = Field::new("credentials", Kind::Objects(&[CREDENTIAL_ID, STATUS, NOT_AFTER]), Mark::Ours);
const ENTRY: &[Field] = &[DEVICE_UUID, USER_ID, NAME, EMAIL, COMPANY, DEVICE_NAME, PLATFORM, SECURITY_LEVEL, CREDENTIALS];
const DEVICES: Field = Field::new("devices", Kind::Objects(ENTRY), Mark::Ours);

/// The call as data.
pub const OPERATION: Operation = Operation {
    answers: &[Answer { status: 200, when: "always", content: Content::Json(&[DEVICES]), headers: &[] }],
    ..Operation::new("listUsersDevices", Method::Get, PATH, Mark::Ours, "Lists the devices of this officer's people that are not revoked.")
};

/// The client's request.
#[must_use]
pub fn request() -> Request {
    Request::new(Method::Get, PATH)
}

/// What was certified on a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceCredential {
    /// Its id.
    pub credential_id: String,
    /// Its state.
    pub status: CredentialStatus,
    /// Valid until.
    pub not_after: Time,
}

/// A device of somebody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsersDevice {
    /// Its id.
    pub device_uuid: String,
    /// Whose it is.
    pub owner: Applicant,
    /// Its name, which the user gave it.
    pub device_name: String,
    /// Its platform, as it said itself.
    pub platform: String,
    /// Where its authentication key lives, as far as was verified.
    pub security_level: SecurityLevel,
    /// What was certified on it.
    pub credentials: Vec<DeviceCredential>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsersDevices(pub Vec<UsersDevice>);

impl UsersDevices {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        let entries = self.0.iter().map(|one| {
            let credentials = one.credentials.iter().map(|credential| {
                Members::new()
                    .with(&CREDENTIAL_ID, credential.credential_id.as_str())
                    .with(&STATUS, credential.status.as_str())
                    .with(&NOT_AFTER, credential.not_after.to_string())
            });
            Members::new()
                .with(&DEVICE_UUID, one.device_uuid.as_str())
                .with(&USER_ID, one.owner.user_id.as_str())
                .with(&NAME, one.owner.name.as_str())
                .with(&EMAIL, one.owner.email.as_str())
                .with_some(&COMPANY, one.owner.company.as_deref())
                .with(&DEVICE_NAME, one.device_name.as_str())
                .with(&PLATFORM, one.platform.as_str())
                .with(&SECURITY_LEVEL, one.security_level.as_str())
                .with_objects(&CREDENTIALS, credentials)
        });
        Response::json(200, &Members::new().with_objects(&DEVICES, entries))
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<UsersDevices> {
        response.expect(&[200])?;
        let members = Members::parse(&response.body, MAX_BYTES)?;
        let credential = |entry: Members| -> Result<DeviceCredential, Malformed> {
            Ok(DeviceCredential {
                credential_id: entry.text(&CREDENTIAL_ID)?,
                status: known(&STATUS, CredentialStatus::from_any(&entry.text(&STATUS)?))?,
                not_after: entry.time(&NOT_AFTER)?,
            })
        };
        let one = |entry: Members| -> Result<UsersDevice, Malformed> {
            Ok(UsersDevice {
                device_uuid: entry.text(&DEVICE_UUID)?,
                owner: Applicant {
                    user_id: entry.text(&USER_ID)?,
                    name: entry.text(&NAME)?,
                    email: entry.text(&EMAIL)?,
                    company: entry.text_opt(&COMPANY)?,
                },
                device_name: entry.text(&DEVICE_NAME)?,
                platform: entry.text(&PLATFORM)?,
                security_level: known(&SECURITY_LEVEL, SecurityLevel::from_text(&entry.text(&SECURITY_LEVEL)?))?,
                credentials: entry.objects(&CREDENTIALS)?.into_iter().map(credential).collect::<Result<_, _>>()?,
            })
        };
        Ok(UsersDevices(members.objects(&DEVICES)?.into_iter().map(one).collect::<Result<_, _>>()?))
    }
}
