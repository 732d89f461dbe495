//! Room `remote`: `POST /credentials/activate/response`: path and labels `[doc]`, JSON names `[ours]`. Both directions of one
//! call, and the bytes the authentication key signs.

use super::canonical::canonical;
use super::http::{Method, Request, Response};
use super::json::{MAX_JSON, Members, known, wire_enum};
use super::problem::{Refusal, published};
use super::request_certificate::CredentialStatus;
use super::schema::{Answer, Content, Field, Kind, Mark, Operation, Refusals};
use super::secret::Secret;
use crate::error::Result;
use zeroize::Zeroizing;

/// `[doc]`
pub const PATH: &str = "/credentials/activate/response";
/// Served too.
pub const PATH_RSSP: &str = "/rssp/credentials/activate/response";
const CREDENTIAL_ID: Field = Field::new("credentialID", Kind::Id, Mark::Ours); // label "Credential Id" [doc]
const DEVICE_UUID: Field = Field::new("deviceUUID", Kind::Id, Mark::Ours); // label "Device UUID" [doc]
pub(super) const SIGN_ALGO: Field = Field::new("signAlgo", Kind::OneOf(SignAlgo::TEXTS), Mark::Ours); // label "Sign Algo" [doc]
const AUTHORIZE_SIGNATURE: Field = Field::new("authorizeSignature", Kind::Bytes, Mark::Ours); // label "authorize Signature" [doc]
const OTP_DECRYPTED: Field = Field::new("otpDecrypted", Kind::Secret, Mark::Ours); // label "otp Decrypted" [doc]
pub(super) const SHA_ALGO: Field = Field::new("shaAlgo", Kind::OneOf(ShaAlgo::TEXTS), Mark::Ours); // label "SHA Algo" [doc]
const REQUEST: &[Field] = &[CREDENTIAL_ID, DEVICE_UUID, SIGN_ALGO, AUTHORIZE_SIGNATURE, OTP_DECRYPTED, SHA_ALGO];
const CHALLENGE: Field = Field::new("challenge", Kind::Id, Mark::Ours); // signed, not sent
const STATUS: Field = Field::new("status", Kind::OneOf(&["New", "Activated", "In use", "Cancelled"]), Mark::Doc);
const ANSWER: &[Field] = &[CREDENTIAL_ID, STATUS];

wire_enum! {
    /// The answer's signature algorithm.
    SignAlgo {
        /// `[doc]` RSA PSS with MGF1 of the same hash and a salt as long as the hash.
        RsassaPss = "RSASSA-PSS",
        /// `[ours]` ECDSA, DER, since phones hold P-256 keys.
        Ecdsa = "ECDSA",
    }
}

wire_enum! {
    /// `[doc]` The answer's hash.
    ShaAlgo {
        /// SHA-256.
        Sha256 = "sha256",
        /// SHA-512.
        Sha512 = "sha512",
    }
}

/// The call as data.
pub const OPERATION: Operation = Operation {
    aliases: &[PATH_RSSP],
    request: Content::Json(REQUEST),
    answers: &[Answer { status: 200, when: "the credential is activated", content: Content::Json(ANSWER), headers: &[] }],
    refusals: Refusals::Published,
    ..Operation::new("activateCredentialResponse", Method::Post, PATH, Mark::Doc, "Ends the activation with the device's signed answer.")
};

/// The request.
pub struct ActivateCredentialResponse {
    /// Which credential.
    pub credential_id: String,
    /// On which device.
    pub device_uuid: String,
    /// The signature's algorithm.
    pub sign_algo: SignAlgo,
    /// A signature of the authentication key over [`ActivateCredentialResponse::to_be_signed`].
    pub authorize_signature: Vec<u8>,
    /// What the person typed.
    pub otp_decrypted: Secret,
    /// The signature's hash.
    pub sha_algo: ShaAlgo,
}

impl ActivateCredentialResponse {
    fn members(&self) -> Members {
        Members::new()
            .with(&CREDENTIAL_ID, self.credential_id.as_str())
            .with(&DEVICE_UUID, self.device_uuid.as_str())
            .with(&SIGN_ALGO, self.sign_algo.as_str())
            .with_secret(&OTP_DECRYPTED, &self.otp_decrypted)
            .with(&SHA_ALGO, self.sha_algo.as_str())
    }

    /// The message the authentication key signs: the UTF-8 bytes of the canonical JSON (RFC 8785) of this request plus
    /// `challenge`, without `authorizeSignature`.
    #[must_use]
    pub fn to_be_signed(&self, challenge: &str) -> Zeroizing<Vec<u8>> {
        canonical(self.members().with(&CHALLENGE, challenge))
    }

    /// The client's request.
    #[must_use]
    pub fn encode(&self) -> Request {
        Request::new(Method::Post, PATH).with_json(&self.members().with_bytes(&AUTHORIZE_SIGNATURE, &self.authorize_signature))
    }

    /// The server's reading.
    ///
    /// # Errors
    /// `invalid_request` in the published shape.
    pub fn decode(request: &Request) -> Result<ActivateCredentialResponse, Refusal> {
        let members = Members::parse(request.body.bytes(), MAX_JSON).map_err(published)?;
        let read = || {
            Ok(ActivateCredentialResponse {
                credential_id: members.text(&CREDENTIAL_ID)?,
                device_uuid: members.text(&DEVICE_UUID)?,
                sign_algo: known(&SIGN_ALGO, SignAlgo::from_text(&members.text(&SIGN_ALGO)?))?,
                authorize_signature: members.bytes(&AUTHORIZE_SIGNATURE)?,
                otp_decrypted: members.secret(&OTP_DECRYPTED)?,
                sha_algo: known(&SHA_ALGO, ShaAlgo::from_text(&members.text(&SHA_ALGO)?))?,
            })
        };
        read().map_err(published)
    }
}

/// The answer. The published page prints only the status 200, so a body is read where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activated {
    /// The credential's state.
    pub status: CredentialStatus,
}

impl Activated {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self, credential_id: &str) -> Response {
        Response::json(200, &Members::new().with(&CREDENTIAL_ID, credential_id).with(&STATUS, self.status.as_str()))
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<Activated> {
        response.expect(&[200])?;
        if response.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Activated { status: CredentialStatus::Activated });
        }
        let members = Members::parse(&response.body, MAX_JSON)?;
        let status = match members.text_opt(&STATUS)? {
            Some(text) => known(&STATUS, CredentialStatus::from_any(&text))?,
            None => CredentialStatus::Activated,
        };
        Ok(Activated { status })
    }
}
