//! Room `remote`: `POST /rssp/devices` `[ours]`. Both directions of one call, and the bytes the device's proof signs.

use super::canonical::canonical;
use super::http::{Method, Request, Response};
use super::json::{MAX_JSON, Members, known, wire_enum};
use super::problem::Refusal;
use super::schema::{Answer, Content, Field, Kind, Mark, Operation};
use super::secret::Secret;
use crate::crypto::digest::{DigestAlgorithm, Hasher};
use crate::error::Result;
use crate::key::Attestation;
use crate::pki::der::Reader;
use zeroize::Zeroizing;

/// `[ours]`
pub const PATH: &str = "/rssp/devices";
const ACTIVATION_CODE: Field = Field::new("activationCode", Kind::Secret, Mark::Ours);
const DEVICE_UUID: Field = Field::new("deviceUUID", Kind::Id, Mark::Ours);
const NAME: Field = Field::new("name", Kind::Text, Mark::Ours);
const PLATFORM: Field = Field::new("platform", Kind::Text, Mark::Ours);
const PUBLIC_KEY: Field = Field::new("publicKey", Kind::Bytes, Mark::Ours);
const ATTESTATION: Field = Field::new("attestation", Kind::Object(ATTESTATION_FIELDS), Mark::Ours);
const FORMAT: Field = Field::new("format", Kind::OneOf(AttestationFormat::TEXTS), Mark::Ours);
const STATEMENT: Field = Field::new("statement", Kind::Bytes, Mark::Ours).optional();
const ATTESTATION_FIELDS: &[Field] = &[FORMAT, STATEMENT];
const SIGN_ALGO: Field = Field::new("signAlgo", Kind::Text, Mark::Ours);
const PROOF: Field = Field::new("proof", Kind::Bytes, Mark::Ours);
const REQUEST: &[Field] = &[ACTIVATION_CODE, DEVICE_UUID, NAME, PLATFORM, PUBLIC_KEY, ATTESTATION, SIGN_ALGO, PROOF];
const STATUS: Field = Field::new("status", Kind::OneOf(DeviceStatus::TEXTS), Mark::Ours);
const SECURITY_LEVEL: Field = Field::new("securityLevel", Kind::OneOf(SecurityLevel::TEXTS), Mark::Ours);
const ANSWER: &[Field] = &[DEVICE_UUID, STATUS, SECURITY_LEVEL];

wire_enum! {
    /// The form of a key attestation.
    AttestationFormat {
        /// Android key attestation: a certificate chain.
        AndroidKey = "android-key",
        /// Apple App Attest: a CBOR statement.
        AppleAppAttest = "apple-appattest",
        /// None.
        None = "none",
    }
}

wire_enum! {
    /// A device's state.
    DeviceStatus {
        /// Registered.
        Active = "active",
        /// Deleted or blocked.
        Revoked = "revoked",
    }
}

wire_enum! {
    /// What the server could verify of a key's protection; never what was claimed.
    SecurityLevel {
        /// A StrongBox secure element.
        Strongbox = "strongbox",
        /// A trusted execution environment.
        Tee = "tee",
        /// App Attest vouches for the app, which vouches for the key.
        SecureEnclaveAppAttested = "secure_enclave_app_attested",
        /// A hardware security module.
        Hsm = "hsm",
        /// Nothing could be verified.
        Software = "software",
    }
}

/// The call as data.
pub const OPERATION: Operation = Operation {
    request: Content::Json(REQUEST),
    answers: &[Answer { status: 201, when: "the device is registered", content: Content::Json(ANSWER), headers: &[] }],
    ..Operation::new("registerDevice", Method::Post, PATH, Mark::Ours, "Registers a device with its authentication key.")
};

/// The request.
pub struct RegisterDevice {
    /// What came by SMS.
    pub activation_code: Secret,
    /// The device's own id.
    pub device_uuid: String,
    /// A name for people.
    pub name: String,
    /// `android`, `ios`, `linux` and so on.
    pub platform: String,
    /// The authentication key, SubjectPublicKeyInfo DER.
    pub public_key: Vec<u8>,
    /// The form of the attestation.
    pub attestation_format: AttestationFormat,
    /// The attestation.
    pub attestation_statement: Option<Vec<u8>>,
    /// The proof's algorithm, by the names of `pki::algorithm`, such as `ecdsa-sha256`.
    pub sign_algo: String,
    /// A signature of the authentication key over [`RegisterDevice::to_be_signed`].
    pub proof: Vec<u8>,
}

/// What the authentication key's attestation is bound to: the activation code, which is good once and for minutes, and the device. SHA-256 of
/// `thrivosign-device-1`, then device id and code, each after its length in four bytes, most significant first.
#[must_use]
pub fn attestation_challenge(device_uuid: &str, activation_code: &Secret) -> [u8; 32] {
    let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
    hasher.update(b"thrivosign-device-1");
    for part in [device_uuid, activation_code.expose()] {
        hasher.update(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finish().try_into().unwrap_or_default()
}

impl RegisterDevice {
    /// The attestation in this call's form: of a chain, the certificates one behind the other in the one statement there is.
    #[must_use]
    pub fn statement_of(attestation: &Attestation) -> Option<Vec<u8>> {
        let statement = [attestation.certificates.concat(), attestation.statement.clone()].concat();
        (!statement.is_empty()).then_some(statement)
    }

    /// The attestation, its chain taken apart.
    ///
    /// # Errors
    /// [`crate::ErrorKind::DerMalformed`] if the chain is no sequence of DER.
    pub fn attestation(&self) -> Result<Attestation> {
        let statement = self.attestation_statement.clone().unwrap_or_default();
        let (certificates, statement) = match self.attestation_format {
            AttestationFormat::AndroidKey => (apart(&statement)?, Vec::new()),
            _ => (Vec::new(), statement),
        };
        Ok(Attestation::new(self.attestation_format.as_str(), certificates, statement))
    }

    fn members(&self) -> Members {
        let attestation = Members::new().with(&FORMAT, self.attestation_format.as_str());
        let attestation = match &self.attestation_statement {
            Some(statement) => attestation.with_bytes(&STATEMENT, statement),
            None => attestation,
        };
        Members::new()
            .with_secret(&ACTIVATION_CODE, &self.activation_code)
            .with(&DEVICE_UUID, self.device_uuid.as_str())
            .with(&NAME, self.name.as_str())
            .with(&PLATFORM, self.platform.as_str())
            .with_bytes(&PUBLIC_KEY, &self.public_key)
            .with_object(&ATTESTATION, attestation)
            .with(&SIGN_ALGO, self.sign_algo.as_str())
    }

    /// The message of the proof: the canonical JSON (RFC 8785) of the request without `proof`. It holds the activation code,
    /// which is good once, so that a proof cannot be used again.
    #[must_use]
    pub fn to_be_signed(&self) -> Zeroizing<Vec<u8>> {
        canonical(self.members())
    }

    /// The client's request.
    #[must_use]
    pub fn encode(&self) -> Request {
        Request::new(Method::Post, PATH).with_json(&self.members().with_bytes(&PROOF, &self.proof))
    }

    /// The server's reading.
    ///
    /// # Errors
    /// A problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<RegisterDevice, Refusal> {
        let members = Members::parse(request.body.bytes(), MAX_JSON)?;
        let attestation = members.object(&ATTESTATION)?;
        Ok(RegisterDevice {
            activation_code: members.secret(&ACTIVATION_CODE)?,
            device_uuid: members.text(&DEVICE_UUID)?,
            name: members.text(&NAME)?,
            platform: members.text(&PLATFORM)?,
            public_key: members.bytes(&PUBLIC_KEY)?,
            attestation_format: known(&FORMAT, AttestationFormat::from_text(&attestation.text(&FORMAT)?))?,
            attestation_statement: attestation.bytes_opt(&STATEMENT)?,
            sign_algo: members.text(&SIGN_ALGO)?,
            proof: members.bytes(&PROOF)?,
        })
    }
}

/// The DER values that stand one behind the other.
fn apart(bytes: &[u8]) -> Result<Vec<Vec<u8>>> {
    let mut reader = Reader::new(bytes);
    let mut values = Vec::new();
    while !reader.is_empty() {
        values.push(reader.any()?.raw.to_vec());
    }
    Ok(values)
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredDevice {
    /// The device's id.
    pub device_uuid: String,
    /// Its state.
    pub status: DeviceStatus,
    /// What the server could verify.
    pub security_level: SecurityLevel,
}

impl RegisteredDevice {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        let members = Members::new()
            .with(&DEVICE_UUID, self.device_uuid.as_str())
            .with(&STATUS, self.status.as_str())
            .with(&SECURITY_LEVEL, self.security_level.as_str());
        Response::json(201, &members)
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<RegisteredDevice> {
        response.expect(&[201, 200])?;
        let members = Members::parse(&response.body, MAX_JSON)?;
        Ok(RegisteredDevice {
            device_uuid: members.text(&DEVICE_UUID)?,
            status: known(&STATUS, DeviceStatus::from_text(&members.text(&STATUS)?))?,
            security_level: known(&SECURITY_LEVEL, SecurityLevel::from_text(&members.text(&SECURITY_LEVEL)?))?,
        })
    }
}
