//! Room `remote`: `GET /rssp/certificates` `[ours]`. The CSC `credentials/list` gives ids alone; states, devices and the
//! renew-from date need this call. Both directions of one call.

use super::http::{Method, Request, Response};
use super::json::{Malformed, Members, known};
use super::request_certificate::CredentialStatus;
use super::schema::{Answer, Content, Field, Kind, Mark, Operation};
use crate::error::Result;
use crate::time::Time;

/// `[ours]`
pub const PATH: &str = "/rssp/certificates";
const MAX_BYTES: usize = 8 << 20;
const CREDENTIALS: Field = Field::new("credentials", Kind::Objects(ENTRY), Mark::Ours);
const CREDENTIAL_ID: Field = Field::new("credentialID", Kind::Id, Mark::Csc);
const STATUS: Field = Field::new("status", Kind::OneOf(&["New", "Activated", "In use", "Cancelled"]), Mark::Doc);
const DEVICE_UUID: Field = Field::new("deviceUUID", Kind::Id, Mark::Ours).optional();
const SUBJECT: Field = Field::new("subject", Kind::Text, Mark::Ours);
const SERIAL_NUMBER: Field = Field::new("serialNumber", Kind::Text, Mark::Ours);
const NOT_BEFORE: Field = Field::new("notBefore", Kind::Time, Mark::Ours);
const NOT_AFTER: Field = Field::new("notAfter", Kind::Time, Mark::Ours);
const RENEW_FROM: Field = Field::new("renewFrom", Kind::Time, Mark::Ours).optional();
const CERTIFICATES: Field = Field::new("certificates", Kind::ListOfBytes, Mark::Ours);
const ENTRY: &[Field] = &[CREDENTIAL_ID, STATUS, DEVICE_UUID, SUBJECT, SERIAL_NUMBER, NOT_BEFORE, NOT_AFTER, RENEW_FROM, CERTIFICATES];
const ANSWER: &[Field] = &[CREDENTIALS];

/// The call as data.
pub const OPERATION: Operation = Operation {
    answers: &[Answer { status: 200, when: "always", content: Content::Json(ANSWER), headers: &[] }],
    ..Operation::new("listCertificates", Method::Get, PATH, Mark::Ours, "Lists the user's credentials.")
};

/// The client's request.
#[must_use]
pub fn request() -> Request {
    Request::new(Method::Get, PATH)
}

/// One credential of the user.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// Its id.
    pub credential_id: String,
    /// Its state.
    pub status: CredentialStatus,
    /// The device it is activated on, if it is.
    pub device_uuid: Option<String>,
    /// The certificate's subject, RFC 4514, for people.
    pub subject: String,
    /// The certificate's serial number, hex.
    pub serial_number: String,
    /// Valid from.
    pub not_before: Time,
    /// Valid until.
    pub not_after: Time,
    /// From when a renewal is accepted.
    pub renew_from: Option<Time>,
    /// Leaf first, DER.
    pub certificates: Vec<Vec<u8>>,
}

/// The answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials(pub Vec<Credential>);

impl Credentials {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        let entries = self.0.iter().map(|credential| {
            Members::new()
                .with(&CREDENTIAL_ID, credential.credential_id.as_str())
                .with(&STATUS, credential.status.as_str())
                .with_some(&DEVICE_UUID, credential.device_uuid.as_deref())
                .with(&SUBJECT, credential.subject.as_str())
                .with(&SERIAL_NUMBER, credential.serial_number.as_str())
                .with(&NOT_BEFORE, credential.not_before.to_string())
                .with(&NOT_AFTER, credential.not_after.to_string())
                .with_some(&RENEW_FROM, credential.renew_from.map(|time| time.to_string()))
                .with_all_bytes(&CERTIFICATES, &credential.certificates)
        });
        Response::json(200, &Members::new().with_objects(&CREDENTIALS, entries))
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<Credentials> {
        response.expect(&[200])?;
        let members = Members::parse(&response.body, MAX_BYTES)?;
        let one = |entry: Members| -> Result<Credential, Malformed> {
            Ok(Credential {
                credential_id: entry.text(&CREDENTIAL_ID)?,
                status: known(&STATUS, CredentialStatus::from_any(&entry.text(&STATUS)?))?,
                device_uuid: entry.text_opt(&DEVICE_UUID)?,
                subject: entry.text(&SUBJECT)?,
                serial_number: entry.text(&SERIAL_NUMBER)?,
                not_before: entry.time(&NOT_BEFORE)?,
                not_after: entry.time(&NOT_AFTER)?,
                renew_from: entry.time_opt(&RENEW_FROM)?,
                certificates: entry.all_bytes(&CERTIFICATES)?,
            })
        };
        Ok(Credentials(members.objects(&CREDENTIALS)?.into_iter().map(one).collect::<Result<_, _>>()?))
    }
}
