//! Room `remote`: `POST /rssp/certificates/challenge` `[ours]`. Both directions of one call.

use super::http::{Method, Request, Response};
use super::json::{MAX_JSON, Members, known, wire_enum};
use super::problem::Refusal;
use super::schema::{Answer, Content, Field, Kind, Mark, Operation};
use crate::error::Result;

/// `[ours]`
pub const PATH: &str = "/rssp/certificates/challenge";
const DEVICE_UUID: Field = Field::new("deviceUUID", Kind::Id, Mark::Ours);
const USER_AUTHENTICATION: Field = Field::new("userAuthentication", Kind::Object(AUTHENTICATION_FIELDS), Mark::Ours);
const METHOD: Field = Field::new("method", Kind::OneOf(AuthenticationMethod::TEXTS), Mark::Ours);
const AUTHENTICATION_FIELDS: &[Field] = &[METHOD];
const REQUEST: &[Field] = &[DEVICE_UUID, USER_AUTHENTICATION];
const CHALLENGE: Field = Field::new("challenge", Kind::Id, Mark::Ours);
const EXPIRES_IN: Field = Field::new("expiresIn", Kind::Integer, Mark::Ours);
const SENT_TO: Field = Field::new("sentTo", Kind::Text, Mark::Ours).optional();
const ANSWER: &[Field] = &[CHALLENGE, EXPIRES_IN, SENT_TO];
pub(super) const ANSWERS: &[Answer] = &[Answer { status: 200, when: "always", content: Content::Json(ANSWER), headers: &[] }];

wire_enum! {
    /// How the user proves who they are.
    AuthenticationMethod {
        /// A one-time code by SMS or e-mail.
        Otp = "otp",
        /// The passphrase chosen at activation.
        Passphrase = "passphrase",
        /// A time-based code, RFC 6238.
        Totp = "totp",
        /// A reference to an identification made elsewhere.
        EkycReference = "ekyc_reference",
    }
}

/// The call as data.
pub const OPERATION: Operation = Operation {
    request: Content::Json(REQUEST),
    answers: ANSWERS,
    ..Operation::new("certificateChallenge", Method::Post, PATH, Mark::Ours, "Gives a challenge for a certification request.")
};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateChallenge {
    /// The device that will ask.
    pub device_uuid: String,
    /// How the user will prove who they are.
    pub method: AuthenticationMethod,
}

impl CertificateChallenge {
    /// The client's request.
    #[must_use]
    pub fn encode(&self) -> Request {
        let members = Members::new()
            .with(&DEVICE_UUID, self.device_uuid.as_str())
            .with_object(&USER_AUTHENTICATION, Members::new().with(&METHOD, self.method.as_str()));
        Request::new(Method::Post, PATH).with_json(&members)
    }

    /// The server's reading.
    ///
    /// # Errors
    /// A problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<CertificateChallenge, Refusal> {
        let members = Members::parse(request.body.bytes(), MAX_JSON)?;
        let method = members.object(&USER_AUTHENTICATION)?.text(&METHOD)?;
        Ok(CertificateChallenge {
            device_uuid: members.text(&DEVICE_UUID)?,
            method: known(&METHOD, AuthenticationMethod::from_text(&method))?,
        })
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Goes into the request's `challengePassword`; good once. Characters of a PrintableString-safe subset.
    pub challenge: String,
    /// Seconds it is good for.
    pub expires_in: u64,
    /// Where the one-time code went, masked, for people.
    pub sent_to: Option<String>,
}

impl Challenge {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        let members = Members::new()
            .with(&CHALLENGE, self.challenge.as_str())
            .with(&EXPIRES_IN, self.expires_in)
            .with_some(&SENT_TO, self.sent_to.as_deref());
        Response::json(200, &members)
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<Challenge> {
        response.expect(&[200])?;
        let members = Members::parse(&response.body, MAX_JSON)?;
        Ok(Challenge {
            challenge: members.text(&CHALLENGE)?,
            expires_in: members.integer(&EXPIRES_IN)?,
            sent_to: members.text_opt(&SENT_TO)?,
        })
    }
}
