//! Room `remote`: `POST /rssp/certificates` `[ours]` and its answers, 201 issued or 202 pending. Both directions of one call.

use super::certificate_challenge::AuthenticationMethod;
use super::http::{IDEMPOTENCY_KEY, Method, RETRY_AFTER, Request, Response};
use super::json::{MAX_JSON, Malformed, Members, known, wire_enum};
use super::problem::{ProblemType, Refusal};
use super::register_device::AttestationFormat;
use super::schema::{Answer, Content, Field, Kind, Mark, Operation};
use super::secret::Secret;
use crate::error::Result;
use crate::key::Attestation;

/// `[ours]`
pub const PATH: &str = "/rssp/certificates";
const DEVICE_UUID: Field = Field::new("deviceUUID", Kind::Id, Mark::Ours);
pub(super) const CSR: Field = Field::new("csr", Kind::Bytes, Mark::Ours);
const USER_AUTHENTICATION: Field = Field::new("userAuthentication", Kind::Object(AUTHENTICATION_FIELDS), Mark::Ours);
const METHOD: Field = Field::new("method", Kind::OneOf(AuthenticationMethod::TEXTS), Mark::Ours);
const VALUE: Field = Field::new("value", Kind::Secret, Mark::Ours);
const IDENTITY: Field = Field::new("identity", Kind::Object(IDENTITY_FIELDS), Mark::Ours).optional();
const AUTHENTICATION_FIELDS: &[Field] = &[METHOD, VALUE, IDENTITY];
const NAME: Field = Field::new("name", Kind::Text, Mark::Ours).optional();
const COUNTRY: Field = Field::new("country", Kind::Text, Mark::Ours).optional();
const SERIAL_NUMBER: Field = Field::new("serialNumber", Kind::Text, Mark::Ours).optional();
const IDENTITY_FIELDS: &[Field] = &[NAME, COUNTRY, SERIAL_NUMBER];
pub(super) const KEY_ATTESTATION: Field = Field::new("keyAttestation", Kind::Object(ATTESTATION_FIELDS), Mark::Ours);
pub(super) const FORMAT: Field = Field::new("format", Kind::OneOf(AttestationFormat::TEXTS), Mark::Ours);
pub(super) const CERTIFICATES: Field = Field::new("certificates", Kind::ListOfBytes, Mark::Ours);
pub(super) const STATEMENT: Field = Field::new("statement", Kind::Bytes, Mark::Ours).optional();
const ATTESTATION_FIELDS: &[Field] = &[FORMAT, CERTIFICATES, STATEMENT];
const PROFILE: Field = Field::new("profile", Kind::Text, Mark::Ours).optional();
const REQUEST: &[Field] = &[DEVICE_UUID, CSR, USER_AUTHENTICATION, KEY_ATTESTATION, PROFILE];

const CREDENTIAL_ID: Field = Field::new("credentialID", Kind::Id, Mark::Ours);
const STATUS: Field = Field::new("status", Kind::OneOf(&["New", "Activated", "In use", "Cancelled"]), Mark::Doc);
const ISSUED: &[Field] = &[CREDENTIAL_ID, STATUS, CERTIFICATES];
const REQUEST_ID: Field = Field::new("requestID", Kind::Id, Mark::Ours);
const PENDING_STATUS: Field = Field::new("status", Kind::OneOf(&[PENDING_TEXT]), Mark::Ours);
const PENDING_TEXT: &str = "pending";
const RETRY_AFTER_FIELD: Field = Field::new("retryAfter", Kind::Integer, Mark::Ours);
const PENDING: &[Field] = &[REQUEST_ID, PENDING_STATUS, RETRY_AFTER_FIELD];
pub(crate) const KEY_HEADER: Field = Field::new(IDEMPOTENCY_KEY, Kind::Id, Mark::Ours);

wire_enum! {
    /// `[doc]` The states of a credential; `Activated` is also printed `In use`.
    CredentialStatus {
        /// Issued, not yet activated, or its device was revoked.
        New = "New",
        /// May sign.
        Activated = "Activated",
        /// Revoked; final.
        Cancelled = "Cancelled",
    }
}

impl CredentialStatus {
    /// From any spelling the service prints.
    #[must_use]
    pub fn from_any(text: &str) -> Option<CredentialStatus> {
        if text == "In use" { Some(CredentialStatus::Activated) } else { CredentialStatus::from_text(text) }
    }
}

pub(crate) const ANSWERS: &[Answer] = &[
    Answer { status: 201, when: "the certificate is issued", content: Content::Json(ISSUED), headers: &[] },
    Answer { status: 202, when: "a registration officer must approve", content: Content::Json(PENDING), headers: &[] },
];

/// The call as data.
pub const OPERATION: Operation = Operation {
    headers: &[KEY_HEADER],
    request: Content::Json(REQUEST),
    answers: ANSWERS,
    ..Operation::new("requestCertificate", Method::Post, PATH, Mark::Ours, "Asks for a certificate for a key that never leaves the device.")
};

/// What the user says of themselves; the server has the last word on the subject.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct StatedIdentity {
    /// Name.
    pub name: Option<String>,
    /// ISO 3166 two-letter country.
    pub country: Option<String>,
    /// An opaque customer id, never a national one.
    pub serial_number: Option<String>,
}

/// The request.
pub struct RequestCertificate {
    /// Makes the call safe to repeat.
    pub idempotency_key: String,
    /// The device that asks.
    pub device_uuid: String,
    /// PKCS#10 DER; its `challengePassword` is the challenge.
    pub csr: Vec<u8>,
    /// How the user proves who they are.
    pub method: AuthenticationMethod,
    /// The proof: the one-time code, the passphrase, the reference.
    pub value: Secret,
    /// What the user says of themselves.
    pub identity: Option<StatedIdentity>,
    /// The form of the key's attestation.
    pub attestation_format: AttestationFormat,
    /// The attestation's certificates, leaf first.
    pub attestation_certificates: Vec<Vec<u8>>,
    /// The attestation's statement, where the form has one.
    pub attestation_statement: Option<Vec<u8>>,
    /// The certificate profile wanted.
    pub profile: Option<String>,
}

impl RequestCertificate {
    /// The key's attestation.
    #[must_use]
    pub fn attestation(&self) -> Attestation {
        let statement = self.attestation_statement.clone().unwrap_or_default();
        Attestation::new(self.attestation_format.as_str(), self.attestation_certificates.clone(), statement)
    }

    /// The client's request.
    #[must_use]
    pub fn encode(&self) -> Request {
        let mut authentication = Members::new().with(&METHOD, self.method.as_str()).with_secret(&VALUE, &self.value);
        if let Some(identity) = &self.identity {
            let stated = Members::new()
                .with_some(&NAME, identity.name.as_deref())
                .with_some(&COUNTRY, identity.country.as_deref())
                .with_some(&SERIAL_NUMBER, identity.serial_number.as_deref());
            authentication = authentication.with_object(&IDENTITY, stated);
        }
        let mut attestation =
            Members::new().with(&FORMAT, self.attestation_format.as_str()).with_all_bytes(&CERTIFICATES, &self.attestation_certificates);
        if let Some(statement) = &self.attestation_statement {
            attestation = attestation.with_bytes(&STATEMENT, statement);
        }
        let members = Members::new()
            .with(&DEVICE_UUID, self.device_uuid.as_str())
            .with_bytes(&CSR, &self.csr)
            .with_object(&USER_AUTHENTICATION, authentication)
            .with_object(&KEY_ATTESTATION, attestation)
            .with_some(&PROFILE, self.profile.as_deref());
        let mut request = Request::new(Method::Post, PATH).with_json(&members);
        request.headers.set(IDEMPOTENCY_KEY, self.idempotency_key.as_str());
        request
    }

    /// The server's reading.
    ///
    /// # Errors
    /// A problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<RequestCertificate, Refusal> {
        let idempotency_key = idempotency_key(request)?;
        let members = Members::parse(request.body.bytes(), MAX_JSON)?;
        let authentication = members.object(&USER_AUTHENTICATION)?;
        let attestation = members.object(&KEY_ATTESTATION)?;
        let identity = match authentication.object_opt(&IDENTITY)? {
            Some(stated) => Some(StatedIdentity {
                name: stated.text_opt(&NAME)?,
                country: stated.text_opt(&COUNTRY)?,
                serial_number: stated.text_opt(&SERIAL_NUMBER)?,
            }),
            None => None,
        };
        Ok(RequestCertificate {
            idempotency_key,
            device_uuid: members.text(&DEVICE_UUID)?,
            csr: members.bytes(&CSR)?,
            method: known(&METHOD, AuthenticationMethod::from_text(&authentication.text(&METHOD)?))?,
            value: authentication.secret(&VALUE)?,
            identity,
            attestation_format: known(&FORMAT, AttestationFormat::from_text(&attestation.text(&FORMAT)?))?,
            attestation_certificates: attestation.all_bytes_opt(&CERTIFICATES)?.unwrap_or_default(),
            attestation_statement: attestation.bytes_opt(&STATEMENT)?,
            profile: members.text_opt(&PROFILE)?,
        })
    }
}

/// The `Idempotency-Key` of a call that must have one.
pub(crate) fn idempotency_key(request: &Request) -> Result<String, Refusal> {
    match request.headers.get(IDEMPOTENCY_KEY) {
        Some(key) if super::http::is_identifier(key) => Ok(key.to_owned()),
        Some(_) => Err(Malformed::of(&KEY_HEADER, "not an id").into()),
        None => Err(Malformed::of(&KEY_HEADER, "missing").into()),
    }
}

/// The answer, of this call and of [`super::certificate_request_status`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Issuance {
    /// The certificate is there.
    Issued {
        /// The credential's id.
        credential_id: String,
        /// Its state, `New` at first.
        status: CredentialStatus,
        /// Leaf first, DER.
        certificates: Vec<Vec<u8>>,
    },
    /// A registration officer must approve.
    Pending {
        /// The request's id.
        request_id: String,
        /// Seconds after which to ask again.
        retry_after: u64,
    },
}

impl Issuance {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        match self {
            Issuance::Issued { credential_id, status, certificates } => {
                let members = Members::new()
                    .with(&CREDENTIAL_ID, credential_id.as_str())
                    .with(&STATUS, status.as_str())
                    .with_all_bytes(&CERTIFICATES, certificates);
                Response::json(201, &members)
            }
            Issuance::Pending { request_id, retry_after } => {
                let members = Members::new()
                    .with(&REQUEST_ID, request_id.as_str())
                    .with(&PENDING_STATUS, PENDING_TEXT)
                    .with(&RETRY_AFTER_FIELD, *retry_after);
                let mut response = Response::json(202, &members);
                response.headers.set(RETRY_AFTER, retry_after.to_string());
                response
            }
        }
    }

    /// The client's reading. Whether the certificates belong to the request is checked by the enrolment, not here.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<Issuance> {
        let status = response.expect(&[200, 201, 202])?;
        let members = Members::parse(&response.body, MAX_JSON)?;
        if status == 202 {
            members.text(&PENDING_STATUS)?;
            return Ok(Issuance::Pending { request_id: members.text(&REQUEST_ID)?, retry_after: members.integer(&RETRY_AFTER_FIELD)? });
        }
        let certificates = members.all_bytes(&CERTIFICATES)?;
        if certificates.is_empty() {
            return Err(Malformed::of(&CERTIFICATES, "empty").into());
        }
        Ok(Issuance::Issued {
            credential_id: members.text(&CREDENTIAL_ID)?,
            status: known(&STATUS, CredentialStatus::from_any(&members.text(&STATUS)?))?,
            certificates,
        })
    }
}

/// The refusals that belong to this call, for the contract.
pub const REFUSALS: &[ProblemType] = &[
    ProblemType::ChallengeRefused,
    ProblemType::UserAuthenticationFailed,
    ProblemType::UserAuthenticationLocked,
    ProblemType::CsrMalformed,
    ProblemType::CsrSignatureWrong,
    ProblemType::KeyTooWeak,
    ProblemType::KeyTaken,
    ProblemType::KeyMisused,
    ProblemType::AttestationRefused,
    ProblemType::SubjectRefused,
    ProblemType::DeviceUnknown,
];
