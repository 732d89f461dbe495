//! Room `remote`: `credentials/info` of the CSC API (11.5): a credential's key, certificates, and what its use takes. Both directions of one call.

use super::super::http::{Method, Request, Response};
use super::super::json::{Malformed, Members, known, wire_enum};
use super::super::problem::Refusal;
use super::super::schema::{Answer, Content, Field, Kind, Mark, Operation, Refusals};
use super::{CLIENT_DATA, CREDENTIAL_ID};
use crate::error::Result;

/// `[csc]`
pub const PATH: &str = "/csc/v1/credentials/info";
/// Most bytes of the answer: a chain of certificates.
pub const MAX_ANSWER: usize = 4 << 20;
const CERTIFICATES_ASKED: Field = Field::new("certificates", Kind::OneOf(WantedCertificates::TEXTS), Mark::Csc).optional();
const CERT_INFO: Field = Field::new("certInfo", Kind::Flag, Mark::Csc).optional();
const AUTH_INFO: Field = Field::new("authInfo", Kind::Flag, Mark::Csc).optional();
const LANG: Field = Field::new("lang", Kind::Text, Mark::Csc).optional();
const REQUEST: &[Field] = &[CREDENTIAL_ID, CERTIFICATES_ASKED, CERT_INFO, AUTH_INFO, LANG, CLIENT_DATA];

const DESCRIPTION: Field = Field::new("description", Kind::Text, Mark::Csc).optional();
const KEY: Field = Field::new("key", Kind::Object(KEY_FIELDS), Mark::Csc);
const KEY_STATUS: Field = Field::new("status", Kind::OneOf(&["enabled", "disabled"]), Mark::Csc);
const ALGO: Field = Field::new("algo", Kind::Texts, Mark::Csc);
const LEN: Field = Field::new("len", Kind::Integer, Mark::Csc);
const CURVE: Field = Field::new("curve", Kind::Text, Mark::Csc).optional();
const KEY_FIELDS: &[Field] = &[KEY_STATUS, ALGO, LEN, CURVE];
const CERT: Field = Field::new("cert", Kind::Object(CERT_FIELDS), Mark::Csc).optional();
const CERT_STATUS: Field = Field::new("status", Kind::OneOf(CertificateState::TEXTS), Mark::Csc).optional();
const CERTIFICATES: Field = Field::new("certificates", Kind::ListOfBytes, Mark::Csc).optional();
const ISSUER: Field = Field::new("issuerDN", Kind::Text, Mark::Csc).optional();
const SERIAL_NUMBER: Field = Field::new("serialNumber", Kind::Text, Mark::Csc).optional();
const SUBJECT: Field = Field::new("subjectDN", Kind::Text, Mark::Csc).optional();
const VALID_FROM: Field = Field::new("validFrom", Kind::Text, Mark::Csc).optional();
const VALID_TO: Field = Field::new("validTo", Kind::Text, Mark::Csc).optional();
const CERT_FIELDS: &[Field] = &[CERT_STATUS, CERTIFICATES, ISSUER, SERIAL_NUMBER, SUBJECT, VALID_FROM, VALID_TO];
const AUTH_MODE: Field = Field::new("authMode", Kind::OneOf(AuthMode::TEXTS), Mark::Csc);
const SCAL: Field = Field::new("SCAL", Kind::OneOf(&["1", "2"]), Mark::Csc).optional();
const PIN: Field = Field::new("PIN", Kind::Object(FACTOR_FIELDS), Mark::Csc).optional();
const OTP: Field = Field::new("OTP", Kind::Object(OTP_FIELDS), Mark::Csc).optional();
const PRESENCE: Field = Field::new("presence", Kind::OneOf(Presence::TEXTS), Mark::Csc);
const OTP_TYPE: Field = Field::new("type", Kind::OneOf(OtpType::TEXTS), Mark::Csc).optional();
const FORMAT: Field = Field::new("format", Kind::OneOf(&["A", "N"]), Mark::Csc).optional();
const LABEL: Field = Field::new("label", Kind::Text, Mark::Csc).optional();
const FACTOR_FIELDS: &[Field] = &[PRESENCE, FORMAT, LABEL];
const OTP_FIELDS: &[Field] = &[PRESENCE, OTP_TYPE, FORMAT, LABEL];
const MULTISIGN: Field = Field::new("multisign", Kind::Integer, Mark::Csc);
const ANSWER: &[Field] = &[DESCRIPTION, KEY, CERT, AUTH_MODE, SCAL, PIN, OTP, MULTISIGN, LANG];

wire_enum! {
    /// Which certificates are wanted.
    WantedCertificates {
        /// None.
        None = "none",
        /// The credential's own.
        Single = "single",
        /// The credential's own and those above it.
        Chain = "chain",
    }
}

wire_enum! {
    /// What a certificate is worth now.
    CertificateState {
        /// It is in its time and not revoked.
        Valid = "valid",
        /// Its time is over.
        Expired = "expired",
        /// Revoked for good.
        Revoked = "revoked",
        /// Not for the moment.
        Suspended = "suspended",
    }
}

wire_enum! {
    /// How the use of the key is authorised.
    AuthMode {
        /// By the service, in a way of its own.
        Implicit = "implicit",
        /// By what the caller sends: PIN, one-time password.
        Explicit = "explicit",
        /// By a page of the service.
        Oauth2Code = "oauth2code",
    }
}

wire_enum! {
    /// Whether something must be sent.
    Presence {
        /// It must.
        True = "true",
        /// It must not.
        False = "false",
        /// It may.
        Optional = "optional",
    }
}

wire_enum! {
    /// Where a one-time password comes from.
    OtpType {
        /// The service sends it when it is asked to (`credentials/sendOTP`).
        Online = "online",
        /// The person's own generator makes it.
        Offline = "offline",
    }
}

/// The call as data.
pub const OPERATION: Operation = Operation {
    request: Content::Json(REQUEST),
    answers: &[Answer { status: 200, when: "always", content: Content::Json(ANSWER), headers: &[] }],
    refusals: Refusals::Published,
    ..Operation::new("cscCredentialInfo", Method::Post, PATH, Mark::Csc, "Describes a remote credential.")
};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskCredential {
    /// Which.
    pub credential_id: String,
    /// Which certificates.
    pub certificates: WantedCertificates,
    /// Whether what stands in the certificate is wanted as text.
    pub cert_info: bool,
    /// Whether what the use takes is wanted.
    pub auth_info: bool,
}

impl AskCredential {
    /// The client's request.
    #[must_use]
    pub fn encode(&self) -> Request {
        let members = Members::new()
            .with(&CREDENTIAL_ID, self.credential_id.as_str())
            .with(&CERTIFICATES_ASKED, self.certificates.as_str())
            .with(&CERT_INFO, self.cert_info)
            .with(&AUTH_INFO, self.auth_info);
        Request::new(Method::Post, PATH).with_json(&members)
    }

    /// The server's reading.
    ///
    /// # Errors
    /// `invalid_request`.
    pub fn decode(request: &Request) -> Result<AskCredential, Refusal> {
        super::read(request, REQUEST, |members| {
            let certificates = members.text_opt(&CERTIFICATES_ASKED)?.and_then(|text| WantedCertificates::from_text(&text));
            Ok(AskCredential {
                credential_id: members.text(&CREDENTIAL_ID)?,
                certificates: certificates.unwrap_or(WantedCertificates::Single),
                cert_info: members.flag_opt(&CERT_INFO)?.unwrap_or_default(),
                auth_info: members.flag_opt(&AUTH_INFO)?.unwrap_or_default(),
            })
        })
    }
}

/// What stands in a certificate, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Its issuer, RFC 4514.
    pub issuer: String,
    /// Its serial number in hexadecimal.
    pub serial_number: String,
    /// Its subject, RFC 4514.
    pub subject: String,
    /// Valid from, `YYYYMMDDHHMMSSZ`.
    pub valid_from: String,
    /// Valid until, in the same form.
    pub valid_to: String,
}

/// A one-time password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtpFacts {
    /// Whether it must be sent.
    pub presence: Presence,
    /// Where it comes from.
    pub kind: Option<OtpType>,
}

/// A remote credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialInfo {
    /// What it is.
    pub description: Option<String>,
    /// Whether the key can be used.
    pub enabled: bool,
    /// What it can do, as object identifiers.
    pub algorithms: Vec<String>,
    /// The size of the key in bits.
    pub key_bits: u64,
    /// Its curve, as an object identifier.
    pub curve: Option<String>,
    /// What the certificate is worth.
    pub certificate_state: Option<CertificateState>,
    /// DER, the credential's own first.
    pub certificates: Vec<Vec<u8>>,
    /// What stands in the certificate.
    pub facts: Option<CertificateFacts>,
    /// How the use is authorised.
    pub auth_mode: AuthMode,
    /// 1, or 2 if activation data are bound to hashes.
    pub scal: u8,
    /// Whether a PIN must be sent.
    pub pin: Option<Presence>,
    /// Whether a one-time password must be sent.
    pub otp: Option<OtpFacts>,
    /// Most signatures of one authorisation.
    pub multisign: u64,
}

impl CredentialInfo {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        let key = Members::new()
            .with(&KEY_STATUS, if self.enabled { "enabled" } else { "disabled" })
            .with_texts(&ALGO, &self.algorithms)
            .with(&LEN, self.key_bits)
            .with_some(&CURVE, self.curve.as_deref());
        let mut cert = Members::new().with_some(&CERT_STATUS, self.certificate_state.map(CertificateState::as_str));
        if !self.certificates.is_empty() {
            cert = cert.with_all_bytes(&CERTIFICATES, &self.certificates);
        }
        if let Some(facts) = &self.facts {
            cert = cert
                .with(&ISSUER, facts.issuer.as_str())
                .with(&SERIAL_NUMBER, facts.serial_number.as_str())
                .with(&SUBJECT, facts.subject.as_str())
                .with(&VALID_FROM, facts.valid_from.as_str())
                .with(&VALID_TO, facts.valid_to.as_str());
        }
        let mut members = Members::new()
            .with_some(&DESCRIPTION, self.description.as_deref())
            .with_object(&KEY, key)
            .with_object(&CERT, cert)
            .with(&AUTH_MODE, self.auth_mode.as_str())
            .with(&SCAL, if self.scal == 2 { "2" } else { "1" });
        if let Some(presence) = self.pin {
            members = members.with_object(&PIN, Members::new().with(&PRESENCE, presence.as_str()).with(&FORMAT, "A").with(&LABEL, "PIN"));
        }
        if let Some(otp) = self.otp {
            let one = Members::new()
                .with(&PRESENCE, otp.presence.as_str())
                .with_some(&OTP_TYPE, otp.kind.map(OtpType::as_str))
                .with(&FORMAT, "N")
                .with(&LABEL, "One-time password");
            members = members.with_object(&OTP, one);
        }
        Response::json(200, &members.with(&MULTISIGN, self.multisign).with(&LANG, "en"))
    }

    /// The client's reading. What a service leaves out is read as the specification has it: SCAL 1, and nothing to be sent.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<CredentialInfo> {
        response.expect(&[200])?;
        let members = Members::parse(&response.body, MAX_ANSWER)?;
        let key = members.object(&KEY)?;
        let cert = members.object_opt(&CERT)?.unwrap_or_default();
        let presence = |of: &Members| -> Result<Presence, Malformed> { known(&PRESENCE, Presence::from_text(&of.text(&PRESENCE)?)) };
        let otp = match members.object_opt(&OTP)? {
            Some(otp) => {
                Some(OtpFacts { presence: presence(&otp)?, kind: otp.text_opt(&OTP_TYPE)?.and_then(|text| OtpType::from_text(&text)) })
            }
            None => None,
        };
        let facts = match cert.text_opt(&SUBJECT)? {
            Some(subject) => Some(CertificateFacts {
                issuer: cert.text_opt(&ISSUER)?.unwrap_or_default(),
                serial_number: cert.text_opt(&SERIAL_NUMBER)?.unwrap_or_default(),
                subject,
                valid_from: cert.text_opt(&VALID_FROM)?.unwrap_or_default(),
                valid_to: cert.text_opt(&VALID_TO)?.unwrap_or_default(),
            }),
            None => None,
        };
        Ok(CredentialInfo {
            description: members.text_opt(&DESCRIPTION)?,
            enabled: key.text(&KEY_STATUS)? == "enabled",
            algorithms: key.texts(&ALGO)?,
            key_bits: key.integer(&LEN)?,
            curve: key.text_opt(&CURVE)?,
            certificate_state: cert.text_opt(&CERT_STATUS)?.and_then(|text| CertificateState::from_text(&text)),
            certificates: cert.all_bytes_opt(&CERTIFICATES)?.unwrap_or_default(),
            facts,
            auth_mode: known(&AUTH_MODE, AuthMode::from_text(&members.text(&AUTH_MODE)?))?,
            scal: if members.text_opt(&SCAL)?.as_deref() == Some("2") { 2 } else { 1 },
            pin: members.object_opt(&PIN)?.map(|pin| presence(&pin)).transpose()?,
            otp,
            multisign: members.integer(&MULTISIGN)?,
        })
    }
}
