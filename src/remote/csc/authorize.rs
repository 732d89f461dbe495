//! Room `remote`: `credentials/authorize` of the CSC API (11.6): what the person shows against signature activation data (SAD). Both directions of
//! one call. `[ours]`: `documentNames`, for the person who is asked on a device, and `async`, which answers 202 where a device is asked; without
//! it the call blocks until the device has answered.

use super::super::http::{Method, RETRY_AFTER, Request, Response};
use super::super::json::{MAX_JSON, Members};
use super::super::problem::Refusal;
use super::super::schema::{Answer, Content, Field, Kind, Mark, Operation, Refusals};
use super::super::secret::Secret;
use super::{CLIENT_DATA, CREDENTIAL_ID, EXPIRES_IN, EXPIRES_IN_DEFAULT, SAD, refusal};
use crate::error::Result;

/// `[csc]`
pub const PATH: &str = "/csc/v1/credentials/authorize";
const NUM_SIGNATURES: Field = Field::new("numSignatures", Kind::Integer, Mark::Csc);
const HASH: Field = Field::new("hash", Kind::ListOfBytes, Mark::Csc).optional();
const PIN: Field = Field::new("PIN", Kind::Secret, Mark::Csc).optional();
const OTP: Field = Field::new("OTP", Kind::Secret, Mark::Csc).optional();
const DESCRIPTION: Field = Field::new("description", Kind::Text, Mark::Csc).optional();
const DOCUMENT_NAMES: Field = Field::new("documentNames", Kind::Texts, Mark::Ours).optional();
const ASYNC: Field = Field::new("async", Kind::Flag, Mark::Ours).optional();
const REQUEST: &[Field] = &[CREDENTIAL_ID, NUM_SIGNATURES, HASH, PIN, OTP, DESCRIPTION, CLIENT_DATA, DOCUMENT_NAMES, ASYNC];
const ANSWER: &[Field] = &[SAD, EXPIRES_IN];
const AUTHORIZATION_ID: Field = Field::new("authorizationID", Kind::Id, Mark::Ours);
const RETRY_AFTER_FIELD: Field = Field::new("retryAfter", Kind::Integer, Mark::Ours);
const PENDING: &[Field] = &[AUTHORIZATION_ID, RETRY_AFTER_FIELD];

/// The call as data.
pub const OPERATION: Operation = Operation {
    request: Content::Json(REQUEST),
    answers: &[
        Answer { status: 200, when: "the use of the key is authorised", content: Content::Json(ANSWER), headers: &[] },
        Answer {
            status: 202,
            when: "a device is being asked, and the caller did not want to wait",
            content: Content::Json(PENDING),
            headers: &[],
        },
    ],
    refusals: Refusals::Published,
    ..Operation::new("cscAuthorize", Method::Post, PATH, Mark::Csc, "Authorises signatures with a remote credential.")
};

/// The request.
#[derive(Default)]
pub struct Authorize {
    /// Which credential.
    pub credential_id: String,
    /// How many signatures.
    pub signatures: u64,
    /// What is to be signed; the activation data are good for nothing else.
    pub hashes: Option<Vec<Vec<u8>>>,
    /// The PIN.
    pub pin: Option<Secret>,
    /// The one-time password.
    pub otp: Option<Secret>,
    /// What it is about, for the person.
    pub description: Option<String>,
    /// `[ours]` The names of the documents, in the order of the hashes.
    pub document_names: Vec<String>,
    /// `[ours]` Whether the caller would rather ask again than wait for a device.
    pub later: bool,
}

impl Authorize {
    /// The client's request. Members of ours are left out where they say nothing.
    #[must_use]
    pub fn encode(&self) -> Request {
        let mut members = Members::new().with(&CREDENTIAL_ID, self.credential_id.as_str()).with(&NUM_SIGNATURES, self.signatures);
        if let Some(hashes) = &self.hashes {
            members = members.with_all_bytes(&HASH, hashes);
        }
        for (field, secret) in [(&PIN, &self.pin), (&OTP, &self.otp)] {
            if let Some(secret) = secret {
                members = members.with_secret(field, secret);
            }
        }
        if !self.document_names.is_empty() {
            members = members.with_texts(&DOCUMENT_NAMES, &self.document_names);
        }
        let members = members.with_some(&DESCRIPTION, self.description.as_deref()).with_some(&ASYNC, self.later.then_some(true));
        Request::new(Method::Post, PATH).with_json(&members)
    }

    /// The server's reading: at least one signature, and one to each hash.
    ///
    /// # Errors
    /// `invalid_request`.
    pub fn decode(request: &Request) -> Result<Authorize, Refusal> {
        let asked = super::read(request, REQUEST, |members| {
            Ok(Authorize {
                credential_id: members.text(&CREDENTIAL_ID)?,
                signatures: members.integer(&NUM_SIGNATURES)?,
                hashes: members.all_bytes_opt(&HASH)?,
                pin: members.secret_opt(&PIN)?,
                otp: members.secret_opt(&OTP)?,
                description: members.text_opt(&DESCRIPTION)?,
                document_names: members.texts_opt(&DOCUMENT_NAMES)?.unwrap_or_default(),
                later: members.flag_opt(&ASYNC)?.unwrap_or_default(),
            })
        })?;
        if asked.signatures == 0 {
            return Err(refusal::SIGNATURES);
        }
        match &asked.hashes {
            Some(hashes) if hashes.is_empty() => Err(refusal::NO_HASH),
            Some(hashes) if hashes.len() as u64 != asked.signatures => Err(refusal::SIGNATURES),
            _ => Ok(asked),
        }
    }
}

/// Signature activation data.
pub struct Activation {
    /// The data: whoever has them and a token of the user may sign what they were given for.
    pub sad: Secret,
    /// Seconds that they are good for.
    pub expires_in: u64,
}

impl Activation {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        Response::json(200, &Members::new().with_secret(&SAD, &self.sad).with(&EXPIRES_IN, self.expires_in))
    }

    pub(super) fn read(members: &Members) -> Result<Activation> {
        Ok(Activation { sad: members.secret(&SAD)?, expires_in: members.integer_opt(&EXPIRES_IN)?.unwrap_or(EXPIRES_IN_DEFAULT) })
    }
}

/// The answer.
pub enum Authorized {
    /// The use is authorised.
    Now(Activation),
    /// `[ours]` A device is being asked.
    Pending {
        /// To ask how it went by.
        authorization_id: String,
        /// Seconds to wait before that.
        retry_after: u64,
    },
}

impl Authorized {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        match self {
            Authorized::Now(activation) => activation.encode(),
            Authorized::Pending { authorization_id, retry_after } => {
                let members = Members::new().with(&AUTHORIZATION_ID, authorization_id.as_str()).with(&RETRY_AFTER_FIELD, *retry_after);
                let mut response = Response::json(202, &members);
                response.headers.set(RETRY_AFTER, retry_after.to_string());
                response
            }
        }
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<Authorized> {
        let status = response.expect(&[200, 202])?;
        let members = Members::parse(&response.body, MAX_JSON)?;
        if status == 200 {
            return Ok(Authorized::Now(Activation::read(&members)?));
        }
        Ok(Authorized::Pending { authorization_id: members.text(&AUTHORIZATION_ID)?, retry_after: members.integer(&RETRY_AFTER_FIELD)? })
    }
}
