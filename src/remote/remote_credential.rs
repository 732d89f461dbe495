//! Room `remote`: `POST /rssp/credentials` `[ours]`: a certificate for a key that the service makes and keeps, to sign with by the CSC API. Both
//! directions of one call. The user is authenticated as for a key of a device: by the challenge of `POST /rssp/certificates/challenge`.

use super::certificate_challenge::AuthenticationMethod;
use super::http::{Method, Request, Response};
use super::json::{MAX_JSON, Malformed, Members, known, wire_enum};
use super::problem::Refusal;
use super::request_certificate::{KEY_HEADER, idempotency_key};
use super::schema::{Answer, Content, Field, Kind, Mark, Operation};
use super::secret::Secret;
use crate::error::{Error, ErrorKind, Result};

/// `[ours]`
pub const PATH: &str = "/rssp/credentials";
const DEVICE_UUID: Field = Field::new("deviceUUID", Kind::Id, Mark::Ours);
const CHALLENGE: Field = Field::new("challenge", Kind::Id, Mark::Ours);
const METHOD: Field = Field::new("method", Kind::OneOf(AuthenticationMethod::TEXTS), Mark::Ours);
const VALUE: Field = Field::new("value", Kind::Secret, Mark::Ours);
const AUTHENTICATION_FIELDS: &[Field] = &[METHOD, VALUE];
const USER_AUTHENTICATION: Field = Field::new("userAuthentication", Kind::Object(AUTHENTICATION_FIELDS), Mark::Ours);
const SCAL: Field = Field::new("SCAL", Kind::OneOf(&["1", "2"]), Mark::Csc);
const PIN: Field = Field::new("PIN", Kind::Secret, Mark::Csc).optional();
const OTP: Field = Field::new("OTP", Kind::OneOf(SecondFactor::TEXTS), Mark::Ours).optional();
const REQUEST: &[Field] = &[DEVICE_UUID, CHALLENGE, USER_AUTHENTICATION, SCAL, PIN, OTP];
const CREDENTIAL_ID: Field = Field::new("credentialID", Kind::Id, Mark::Csc);
const CERTIFICATES: Field = Field::new("certificates", Kind::ListOfBytes, Mark::Ours);
const TOTP_SECRET: Field = Field::new("totpSecret", Kind::Secret, Mark::Ours).optional();
const ANSWER: &[Field] = &[CREDENTIAL_ID, CERTIFICATES, TOTP_SECRET];

wire_enum! {
    /// What is asked beside a PIN (SCAL 1).
    SecondFactor {
        /// Nothing.
        None = "none",
        /// A code that is sent to the person's phone.
        Sms = "sms",
        /// A code that the person's generator makes (RFC 6238: HMAC-SHA-1, six digits, thirty seconds).
        Totp = "totp",
    }
}

/// The call as data.
pub const OPERATION: Operation = Operation {
    headers: &[KEY_HEADER],
    request: Content::Json(REQUEST),
    answers: &[Answer { status: 201, when: "the key is made and certified", content: Content::Json(ANSWER), headers: &[] }],
    ..Operation::new("requestRemoteCredential", Method::Post, PATH, Mark::Ours, "Makes a key at the service and certifies it for the user.")
};

/// How the use of a remote key is authorised.
pub enum Control {
    /// SCAL 1: by what the caller sends.
    Sent {
        /// The PIN, at least six characters.
        pin: Secret,
        /// What beside it.
        otp: SecondFactor,
    },
    /// SCAL 2: by the device, for named hashes.
    Device,
}

impl Control {
    /// By that PIN and what goes beside it; without a PIN by the device.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for a second factor without a PIN: the device approves without.
    pub fn of(pin: Option<Secret>, otp: SecondFactor) -> Result<Control> {
        match pin {
            Some(pin) => Ok(Control::Sent { pin, otp }),
            None if otp == SecondFactor::None => Ok(Control::Device),
            None => Err(Error::new(ErrorKind::InvalidArgument).context("a second factor goes with a PIN; the device approves without")),
        }
    }
}

/// The request.
pub struct RequestRemoteCredential {
    /// Makes the call safe to repeat.
    pub idempotency_key: String,
    /// The device that asks, and that approves signatures.
    pub device_uuid: String,
    /// The challenge.
    pub challenge: String,
    /// How the user is authenticated.
    pub method: AuthenticationMethod,
    /// By what.
    pub value: Secret,
    /// How the use of the key is authorised.
    pub control: Control,
}

impl RequestRemoteCredential {
    /// The client's request.
    #[must_use]
    pub fn encode(&self) -> Request {
        let authentication = Members::new().with(&METHOD, self.method.as_str()).with_secret(&VALUE, &self.value);
        let members = Members::new()
            .with(&DEVICE_UUID, self.device_uuid.as_str())
            .with(&CHALLENGE, self.challenge.as_str())
            .with_object(&USER_AUTHENTICATION, authentication);
        let members = match &self.control {
            Control::Sent { pin, otp } => members.with(&SCAL, "1").with_secret(&PIN, pin).with(&OTP, otp.as_str()),
            Control::Device => members.with(&SCAL, "2"),
        };
        let mut request = Request::new(Method::Post, PATH).with_json(&members);
        request.headers.set(KEY_HEADER.name, self.idempotency_key.as_str());
        request
    }

    /// The server's reading. A PIN or one-time password for SCAL 2 would protect nothing, and is refused.
    ///
    /// # Errors
    /// A problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<RequestRemoteCredential, Refusal> {
        let idempotency_key = idempotency_key(request)?;
        let members = Members::parse(request.body.bytes(), MAX_JSON)?;
        let authentication = members.object(&USER_AUTHENTICATION)?;
        let otp = members.text_opt(&OTP)?.and_then(|text| SecondFactor::from_text(&text));
        let control = match (members.text(&SCAL)?.as_str(), members.secret_opt(&PIN)?) {
            ("1", Some(pin)) => Control::Sent { pin, otp: otp.unwrap_or(SecondFactor::None) },
            ("1", None) => return Err(Malformed::of(&PIN, "missing").into()),
            (_, Some(_)) => return Err(Malformed::of(&PIN, "of no use with SCAL 2").into()),
            (_, None) if otp.is_some_and(|otp| otp != SecondFactor::None) => {
                return Err(Malformed::of(&OTP, "of no use with SCAL 2").into());
            }
            (_, None) => Control::Device,
        };
        Ok(RequestRemoteCredential {
            idempotency_key,
            device_uuid: members.text(&DEVICE_UUID)?,
            challenge: members.text(&CHALLENGE)?,
            method: known(&METHOD, AuthenticationMethod::from_text(&authentication.text(&METHOD)?))?,
            value: authentication.secret(&VALUE)?,
            control,
        })
    }
}

/// The answer.
pub struct RemoteCredential {
    /// The credential's id.
    pub credential_id: String,
    /// Leaf first, DER.
    pub certificates: Vec<Vec<u8>>,
    /// The generator's secret in base32 (RFC 4648 6), told once.
    pub totp_secret: Option<Secret>,
}

impl RemoteCredential {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        let members = Members::new().with(&CREDENTIAL_ID, self.credential_id.as_str()).with_all_bytes(&CERTIFICATES, &self.certificates);
        let members = match &self.totp_secret {
            Some(secret) => members.with_secret(&TOTP_SECRET, secret),
            None => members,
        };
        Response::json(201, &members)
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<RemoteCredential> {
        response.expect(&[201, 200])?;
        let members = Members::parse(&response.body, MAX_JSON)?;
        Ok(RemoteCredential {
            credential_id: members.text(&CREDENTIAL_ID)?,
            certificates: members.all_bytes(&CERTIFICATES)?,
            totp_secret: members.secret_opt(&TOTP_SECRET)?,
        })
    }
}
