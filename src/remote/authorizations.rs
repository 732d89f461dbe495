//! Room `remote`: `GET /rssp/authorizations` `[ours]`: what waits for this device's approval (SCAL 2), asked by long poll. Both directions of one
//! call.

use super::http::{Method, Request, Response};
use super::json::{Malformed, Members};
use super::problem::{ProblemType, Refusal};
use super::schema::{Answer, Content, Field, Kind, Mark, Operation};
use crate::error::Result;

/// `[ours]`
pub const PATH: &str = "/rssp/authorizations";
/// Most seconds that a server waits.
pub const MAX_WAIT: u64 = 60;
const MAX_BYTES: usize = 8 << 20;
const DEVICE_UUID: Field = Field::new("deviceUUID", Kind::Id, Mark::Ours);
const WAIT: Field = Field::new("wait", Kind::Integer, Mark::Ours).optional();
const QUERY: &[Field] = &[DEVICE_UUID, WAIT];
const AUTHORIZATIONS: Field = Field::new("authorizations", Kind::Objects(ENTRY), Mark::Ours);
pub(super) const AUTHORIZATION_ID: Field = Field::new("authorizationID", Kind::Id, Mark::Ours);
pub(super) const CREDENTIAL_ID: Field = Field::new("credentialID", Kind::Id, Mark::Csc);
pub(super) const CHALLENGE: Field = Field::new("challenge", Kind::Id, Mark::Ours);
const DESCRIPTION: Field = Field::new("description", Kind::Text, Mark::Csc).optional();
const DOCUMENT_NAMES: Field = Field::new("documentNames", Kind::Texts, Mark::Ours);
pub(super) const HASH: Field = Field::new("hash", Kind::ListOfBytes, Mark::Csc);
const EXPIRES_IN: Field = Field::new("expiresIn", Kind::Integer, Mark::Ours);
const ENTRY: &[Field] = &[AUTHORIZATION_ID, CREDENTIAL_ID, CHALLENGE, DESCRIPTION, DOCUMENT_NAMES, HASH, EXPIRES_IN];
const ANSWER: &[Field] = &[AUTHORIZATIONS];

/// The call as data.
pub const OPERATION: Operation = Operation {
    query: QUERY,
    answers: &[Answer { status: 200, when: "something waits, or the time to wait is over", content: Content::Json(ANSWER), headers: &[] }],
    ..Operation::new("listAuthorizations", Method::Get, PATH, Mark::Ours, "Says which remote signatures wait for the device's approval.")
};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListAuthorizations {
    /// For which device.
    pub device_uuid: String,
    /// Seconds to wait for something; 0 answers at once.
    pub wait: u64,
}

impl ListAuthorizations {
    /// The client's request.
    #[must_use]
    pub fn encode(&self) -> Request {
        let mut request = Request::new(Method::Get, PATH);
        request.query.push((DEVICE_UUID.name.to_owned(), self.device_uuid.clone()));
        request.query.push((WAIT.name.to_owned(), self.wait.to_string()));
        request
    }

    /// The server's reading; longer waits are cut.
    ///
    /// # Errors
    /// A problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<ListAuthorizations, Refusal> {
        let device_uuid = request.query(DEVICE_UUID.name).filter(|text| super::http::is_identifier(text));
        let device_uuid = device_uuid.ok_or(Malformed::of(&DEVICE_UUID, "not an id"))?.to_owned();
        let wait = match request.query(WAIT.name) {
            Some(text) => text.parse::<u64>().map_err(|_| Malformed::of(&WAIT, "not a number of seconds"))?,
            None if request.query.iter().any(|(name, _)| name == WAIT.name) => return Err(ProblemType::MalformedRequest.into()),
            None => 0,
        };
        Ok(ListAuthorizations { device_uuid, wait: wait.min(MAX_WAIT) })
    }
}

/// A remote signature that waits for a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingAuthorization {
    /// Its id.
    pub authorization_id: String,
    /// With which credential.
    pub credential_id: String,
    /// What the answer is signed over, with the rest.
    pub challenge: String,
    /// What it is about.
    pub description: Option<String>,
    /// The names of the documents, as the caller said; none, or in the order of the hashes.
    pub document_names: Vec<String>,
    /// What will be signed.
    pub hashes: Vec<Vec<u8>>,
    /// Seconds that are left to answer.
    pub expires_in: u64,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorizations(pub Vec<PendingAuthorization>);

impl Authorizations {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        let entries = self.0.iter().map(|pending| {
            Members::new()
                .with(&AUTHORIZATION_ID, pending.authorization_id.as_str())
                .with(&CREDENTIAL_ID, pending.credential_id.as_str())
                .with(&CHALLENGE, pending.challenge.as_str())
                .with_some(&DESCRIPTION, pending.description.as_deref())
                .with_texts(&DOCUMENT_NAMES, &pending.document_names)
                .with_all_bytes(&HASH, &pending.hashes)
                .with(&EXPIRES_IN, pending.expires_in)
        });
        Response::json(200, &Members::new().with_objects(&AUTHORIZATIONS, entries))
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<Authorizations> {
        response.expect(&[200])?;
        let members = Members::parse(&response.body, MAX_BYTES)?;
        let one = |entry: Members| -> Result<PendingAuthorization, Malformed> {
            let pending = PendingAuthorization {
                authorization_id: entry.text(&AUTHORIZATION_ID)?,
                credential_id: entry.text(&CREDENTIAL_ID)?,
                challenge: entry.text(&CHALLENGE)?,
                description: entry.text_opt(&DESCRIPTION)?,
                document_names: entry.texts(&DOCUMENT_NAMES)?,
                hashes: entry.all_bytes(&HASH)?,
                expires_in: entry.integer(&EXPIRES_IN)?,
            };
            // A person who approves two names must not thereby sign a third document.
            if !pending.document_names.is_empty() && pending.document_names.len() != pending.hashes.len() {
                return Err(Malformed::of(&DOCUMENT_NAMES, "not as many as hashes"));
            }
            Ok(pending)
        };
        Ok(Authorizations(members.objects(&AUTHORIZATIONS)?.into_iter().map(one).collect::<Result<_, _>>()?))
    }
}
