//! Room `remote`: how the service says no, in three shapes: `{error, error_description}` `[doc]`, `{Message}` `[doc]` and
//! `application/problem+json` (RFC 9457) `[ours]`.
//!
//! Takes an answer, gives an [`Error`] whose kind a program can act on; for the server, takes a [`Refusal`] and gives the
//! answer. Texts of the service never reach an error: they may hold names or tokens.

use super::csc::refusal::{OTP_LOCKED, PIN_LOCKED};
use super::http::{CONTENT_TYPE, JSON, PROBLEM, RETRY_AFTER, Response};
use super::json::{Malformed, Members};
use super::proof::{INVALID_DPOP_PROOF, USE_DPOP_NONCE};
use super::schema::{Field, Kind, Mark};
use crate::error::{Error, ErrorKind};
use serde_json::Value;
use std::borrow::Cow;

/// `[doc]` OAuth 2 error code, RFC 6749 5.2.
pub const ERROR: Field = Field::new("error", Kind::Text, Mark::Doc);
/// `[doc]` Text for people.
pub const ERROR_DESCRIPTION: Field = Field::new("error_description", Kind::Text, Mark::Doc).optional();
/// `[doc]` The other shape.
pub const MESSAGE: Field = Field::new("Message", Kind::Text, Mark::Doc);
/// `[doc]` With status 400: an authorisation failure.
pub const MESSAGE_DENIED: &str = "Request authorization denied";
/// `[doc]` With status 504: not found, and never a gateway time-out.
pub const MESSAGE_NOT_FOUND: &str = "Record not found";
/// `[doc]` Wrong user name or password, with status 400.
pub const INCORRECT_CREDENTIALS: &str = "incorrect_credentials";
/// `[doc]` The text beside it.
pub const INCORRECT_CREDENTIALS_TEXT: &str = "The user email or password is incorrect";
/// `[doc]` The request lacks something, with status 400.
pub const INVALID_REQUEST: &str = "invalid_request";
/// `[doc]` The client id or secret is wrong, with status 400.
pub const INVALID_CLIENT: &str = "invalid_client";
/// `[csc]` User name or password is wrong (CSC API 11.2), with status 400.
pub const AUTHENTICATION_ERROR: &str = "authentication_error";
/// `[csc]` The PIN is wrong or locked (CSC API 11.6), with status 400.
pub const INVALID_PIN: &str = "invalid_pin";
/// `[csc]` The one-time password is wrong or locked (CSC API 11.6), with status 400.
pub const INVALID_OTP: &str = "invalid_otp";
/// `[csc]` The person declined, or did not answer in time (CSC API 10.1), with status 400.
pub const ACCESS_DENIED: &str = "access_denied";
/// `[csc]` Not now (CSC API 10.1), with status 503.
pub const TEMPORARILY_UNAVAILABLE: &str = "temporarily_unavailable";
/// `[ours]` The refresh token is unknown, used or revoked (RFC 6749 5.2), with status 400.
pub const INVALID_GRANT: &str = "invalid_grant";
/// `[ours]` The access token is missing, unknown or expired (RFC 6750 3.1), with status 401.
pub const INVALID_TOKEN: &str = "invalid_token";
/// `[ours]` The API key is missing, wrong or revoked, with status 401.
pub const INVALID_API_KEY: &str = "invalid_api_key";

/// RFC 9457 3.1.1.
pub const TYPE: Field = Field::new("type", Kind::Text, Mark::Ours);
/// RFC 9457 3.1.3.
pub const TITLE: Field = Field::new("title", Kind::Text, Mark::Ours);
/// RFC 9457 3.1.2.
pub const STATUS: Field = Field::new("status", Kind::Integer, Mark::Ours);
/// RFC 9457 3.1.4.
pub const DETAIL: Field = Field::new("detail", Kind::Text, Mark::Ours).optional();
/// `[ours]` Tries left before a lock.
pub const TRIES_LEFT: Field = Field::new("triesLeft", Kind::Integer, Mark::Ours).optional();
/// `[ours]` Codes of what the preflight found.
pub const FINDINGS: Field = Field::new("findings", Kind::Texts, Mark::Ours).optional();
/// The fields of a problem.
pub const PROBLEM_FIELDS: &[Field] = &[TYPE, TITLE, STATUS, DETAIL, TRIES_LEFT, FINDINGS];
/// The fields of the first published shape.
pub const ERROR_FIELDS: &[Field] = &[ERROR, ERROR_DESCRIPTION];
/// The fields of the second published shape.
pub const MESSAGE_FIELDS: &[Field] = &[MESSAGE];

/// What every `type` starts with.
pub const TYPE_PREFIX: &str = "urn:thrivosign:problem:";

macro_rules! problem_types {
    ($( $name:ident = $text:literal, $status:literal, $kind:ident, $title:literal; )*) => {
        /// The stable `type` of a problem. `[ours]`
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ProblemType { $( #[doc = $title] $name, )* }

        impl ProblemType {
            /// Every type.
            pub const ALL: &'static [ProblemType] = &[ $( ProblemType::$name, )* ];
            /// The full `type` (RFC 9457 3.1.1).
            #[must_use]
            pub const fn uri(self) -> &'static str { match self { $( ProblemType::$name => concat!("urn:thrivosign:problem:", $text), )* } }
            /// The last part of the `type`.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $( ProblemType::$name => $text, )* } }
            /// The status it is sent with.
            #[must_use]
            pub const fn status(self) -> u16 { match self { $( ProblemType::$name => $status, )* } }
            /// The kind of error it becomes for the client.
            #[must_use]
            pub const fn kind(self) -> ErrorKind { match self { $( ProblemType::$name => ErrorKind::$kind, )* } }
            /// A text for people that is the same every time (RFC 9457 3.1.3).
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $( ProblemType::$name => $title, )* } }
        }
    };
}

problem_types! {
    MalformedRequest = "malformed-request", 400, ServiceRefused, "The request cannot be understood.";
    ApiKeyRefused = "api-key-refused", 401, ApiKeyRefused, "The API key is missing, wrong or revoked.";
    TokenRefused = "token-refused", 401, LoginRequired, "The access token is missing, unknown or expired.";
    ProofNonceRequired = "proof-nonce-required", 401, ServiceRefused, "The proof of possession lacks the nonce of this answer (RFC 9449 9).";
    ProofRefused = "proof-refused", 401, ServiceRefused, "The proof of possession is malformed, of another call, used before or out of time.";
    Forbidden = "forbidden", 403, AuthorizationDenied, "This user may not do this.";
    NotFound = "not-found", 404, RecordNotFound, "There is no such record.";
    MethodNotAllowed = "method-not-allowed", 405, ServiceRefused, "The path does not have this method.";
    RequestTimeout = "request-timeout", 408, TimedOut, "The request did not arrive in time.";
    IdempotencyConflict = "idempotency-conflict", 422, ServiceRefused, "The idempotency key was used with another request.";
    IdempotencyInFlight = "idempotency-in-flight", 409, ServiceUnavailable, "The same call is being worked on; ask again.";
    TooLarge = "too-large", 413, ServiceRefused, "The request is larger than allowed.";
    UnsupportedMediaType = "unsupported-media-type", 415, ServiceRefused, "The content type is not the one asked for.";
    RangeNotSatisfiable = "range-not-satisfiable", 416, ServiceRefused, "The range is outside the document.";
    RateLimited = "rate-limited", 429, RateLimited, "Too many requests.";
    Internal = "internal", 500, ServiceUnavailable, "The service failed.";
    Unavailable = "unavailable", 503, ServiceUnavailable, "The service is unavailable.";
    ActivationCodeRefused = "activation-code-refused", 403, UserAuthenticationFailed, "The device activation code is wrong or expired.";
    DeviceUnknown = "device-unknown", 404, DeviceRefused, "The device is not registered to this user.";
    DeviceTaken = "device-taken", 409, DeviceRefused, "The device is registered with another key or to another user.";
    DeviceProofWrong = "device-proof-wrong", 422, DeviceRefused, "The device's proof is not a signature of its key.";
    DeviceRefused = "device-refused", 403, DeviceRefused, "The policy does not admit this device.";
    ChallengeRefused = "challenge-refused", 422, ChallengeRefused, "The challenge is unknown, used or expired.";
    UserAuthenticationFailed = "user-authentication-failed", 403, UserAuthenticationFailed, "The user authentication failed.";
    UserAuthenticationLocked = "user-authentication-locked", 423, UserAuthenticationLocked, "Too many wrong tries.";
    UserTaken = "user-taken", 409, ServiceRefused, "There is an account for this address.";
    CsrMalformed = "csr-malformed", 422, CertificateRefused, "The certification request is malformed.";
    CsrSignatureWrong = "csr-signature-wrong", 422, CertificateRefused, "The certification request's signature is wrong.";
    KeyTooWeak = "key-too-weak", 422, CertificateRefused, "The key's algorithm or size is not accepted.";
    KeyTaken = "key-taken", 409, CertificateRefused, "The key is already certified for another user.";
    KeyMisused = "key-misused", 422, CertificateRefused, "The authentication key may not be certified for signing.";
    AttestationRefused = "attestation-refused", 422, CertificateRefused, "The key attestation's chain, challenge or level is not acceptable.";
    SubjectRefused = "subject-refused", 422, CertificateRefused, "The subject is not this user's.";
    RequestRejected = "request-rejected", 403, CertificateRefused, "The registration officer rejected the request.";
    CredentialUnknown = "credential-unknown", 404, RecordNotFound, "There is no such credential.";
    CredentialState = "credential-state", 409, ServiceRefused, "The credential's state does not allow this.";
    NotPdf = "not-pdf", 400, DocumentRefused, "The body is not a PDF.";
    DigestMismatch = "digest-mismatch", 400, DocumentRefused, "The body does not have the digest that was announced.";
    DocumentTooLarge = "document-too-large", 413, DocumentRefused, "The document is larger than allowed.";
    DocumentRefused = "document-refused", 422, DocumentRefused, "The preflight refuses the document.";
    DocumentEncrypted = "document-encrypted", 422, DocumentRefused, "The document is encrypted and its password was not given.";
    DocumentUnknown = "document-unknown", 404, RecordNotFound, "There is no such agreement.";
    FieldRefused = "field-refused", 422, DocumentRefused, "The field, page or box cannot take this signature.";
    SignatureUnknown = "signature-unknown", 404, RecordNotFound, "There is no such signature.";
    SigningConflict = "signing-conflict", 409, SigningConflict, "The signature is in another state or was completed with another value.";
    SignatureWrong = "signature-wrong", 422, SigningConflict, "The signature value does not match the key and the attributes.";
    PackageUnknown = "package-unknown", 404, RecordNotFound, "There is no such package.";
    PackageState = "package-state", 409, ServiceRefused, "The package's state does not allow this.";
    PackageIncomplete = "package-incomplete", 422, ServiceRefused, "The package has no recipient, or a document that nobody is to sign.";
    PackageFull = "package-full", 422, ServiceRefused, "The package has as many documents or recipients as it may.";
    SignatureImageUnknown = "signature-image-unknown", 404, RecordNotFound, "The user has no signature image.";
    SignatureImageRefused = "signature-image-refused", 422, ServiceRefused, "The signature image is no PNG or JPEG, is damaged or has too many pixels.";
    FormFieldUnknown = "form-field-unknown", 422, DocumentRefused, "The document has no form field of this name.";
    FormFieldNotText = "form-field-not-text", 422, DocumentRefused, "The form field is none of plain text.";
    FormFieldReadOnly = "form-field-read-only", 422, DocumentRefused, "The form field is not to be changed.";
    FormValueTooLong = "form-value-too-long", 422, DocumentRefused, "The form field takes fewer characters.";
    FormValueUnrepresentable = "form-value-unrepresentable", 422, DocumentRefused, "The value has a character that the form field cannot show.";
    FormValueHasNoRoom = "form-value-has-no-room", 422, DocumentRefused, "The form field's box has no room for all of the value.";
    DocumentSigned = "document-signed", 409, DocumentRefused, "The document is signed or certified and can no longer be filled.";
    NotYourTurn = "not-your-turn", 409, ServiceRefused, "It is not this user's turn to sign or to decline.";
    TemplateUnknown = "template-unknown", 404, RecordNotFound, "There is no such template.";
    WebhookUnknown = "webhook-unknown", 404, RecordNotFound, "There is no webhook.";
    WebhookRefused = "webhook-refused", 422, ServiceRefused, "Events are not sent to this address.";
    FiledSignatureRefused = "filed-signature-refused", 422, DocumentRefused, "The filed document is not cleanly signed by this user's credential.";
}

impl ProblemType {
    /// From the full `type`.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<ProblemType> {
        ProblemType::ALL.iter().copied().find(|known| known.uri() == uri)
    }
}

/// A problem as the server states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which.
    pub kind: ProblemType,
    /// What exactly, for people; no secrets.
    pub detail: Option<String>,
    /// Tries left before a lock.
    pub tries_left: Option<u32>,
    /// Seconds to wait, sent as `Retry-After`.
    pub retry_after: Option<u64>,
    /// Codes of what the preflight found.
    pub findings: Vec<String>,
}

impl Problem {
    /// A problem with nothing added.
    #[must_use]
    pub const fn new(kind: ProblemType) -> Problem {
        Problem { kind, detail: None, tries_left: None, retry_after: None, findings: Vec::new() }
    }

    /// Says more.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Problem {
        self.detail = Some(detail.into());
        self
    }

    /// The answer that states it.
    #[must_use]
    pub fn encode(&self) -> Response {
        let mut members = Members::new()
            .with(&TYPE, self.kind.uri())
            .with(&TITLE, self.kind.title())
            .with(&STATUS, self.kind.status())
            .with_some(&DETAIL, self.detail.as_deref())
            .with_some(&TRIES_LEFT, self.tries_left);
        if !self.findings.is_empty() {
            members = members.with(&FINDINGS, self.findings.iter().map(|f| Value::from(f.as_str())).collect::<Vec<_>>());
        }
        let mut response = Response::json(self.kind.status(), &members);
        response.headers.set(CONTENT_TYPE, PROBLEM);
        if let Some(seconds) = self.retry_after {
            response.headers.set(RETRY_AFTER, seconds.to_string());
        }
        response
    }
}

impl From<ProblemType> for Problem {
    fn from(kind: ProblemType) -> Problem {
        Problem::new(kind)
    }
}

/// How the server refuses a call: in a published shape where the call is published, as a problem otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `[doc]` `{error, error_description}`.
    Coded {
        /// Status.
        status: u16,
        /// Error code.
        error: &'static str,
        /// Text for people.
        description: Option<Cow<'static, str>>,
    },
    /// `[doc]` `{Message}`.
    Message {
        /// Status.
        status: u16,
        /// Text.
        message: &'static str,
    },
    /// `[ours]` RFC 9457.
    Problem(Problem),
}

impl Refusal {
    /// `[doc]` 400, authorisation denied.
    pub const DENIED: Refusal = Refusal::Message { status: 400, message: MESSAGE_DENIED };
    /// `[doc]` 504, not found.
    pub const NOT_FOUND: Refusal = Refusal::Message { status: 504, message: MESSAGE_NOT_FOUND };
    /// `[doc]` 400, the request lacks something.
    pub const INVALID_REQUEST: Refusal = Refusal::Coded { status: 400, error: INVALID_REQUEST, description: None };
    /// `[doc]` 400, client id or secret wrong.
    pub const INVALID_CLIENT: Refusal = Refusal::Coded { status: 400, error: INVALID_CLIENT, description: None };
    /// `[doc]` 400, user name or password wrong.
    pub const INCORRECT_CREDENTIALS: Refusal =
        Refusal::Coded { status: 400, error: INCORRECT_CREDENTIALS, description: Some(Cow::Borrowed(INCORRECT_CREDENTIALS_TEXT)) };
    /// `[ours]` 400, refresh token refused.
    pub const INVALID_GRANT: Refusal = Refusal::Coded { status: 400, error: INVALID_GRANT, description: None };

    /// The answer that states it.
    #[must_use]
    pub fn encode(&self) -> Response {
        match self {
            Refusal::Coded { status, error, description } => {
                Response::json(*status, &Members::new().with(&ERROR, *error).with_some(&ERROR_DESCRIPTION, description.as_deref()))
            }
            Refusal::Message { status, message } => Response::json(*status, &Members::new().with(&MESSAGE, *message)),
            Refusal::Problem(problem) => problem.encode(),
        }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Refusal {
        Refusal::Problem(problem)
    }
}

impl From<ProblemType> for Refusal {
    fn from(kind: ProblemType) -> Refusal {
        Refusal::Problem(Problem::new(kind))
    }
}

impl From<Malformed> for Refusal {
    fn from(malformed: Malformed) -> Refusal {
        let kind = if malformed.what == "the body is too large" { ProblemType::TooLarge } else { ProblemType::MalformedRequest };
        Refusal::Problem(Problem::new(kind).detail(malformed.text()))
    }
}

/// A refusal in the published shape for calls that are published: whatever was malformed is `invalid_request`.
pub(crate) fn published(_: Malformed) -> Refusal {
    Refusal::INVALID_REQUEST
}

/// Most bytes of a refusal that are looked at.
const MAX_REFUSAL: usize = 64 << 10;

/// The error that a refusal is for the client. The kind follows, in this order: a known problem type, the two oddities, a
/// known error code, the status.
#[must_use]
pub fn error_of(response: &Response) -> Error {
    let retry_after = response.retry_after();
    let finish = |kind: ErrorKind, problem: Option<&str>, tries: Option<u32>| {
        let mut error = Error::new(kind).with_http_status(response.status);
        if let Some(problem) = problem {
            error = error.with_problem(problem);
        }
        if let Some(tries) = tries {
            error = error.with_tries_left(tries);
        }
        match retry_after {
            Some(seconds) => error.with_retry_after(seconds),
            None => error,
        }
    };
    let by_status = kind_of_status(response.status);
    let Ok(members) = Members::parse(&response.body, MAX_REFUSAL) else {
        return finish(by_status, None, None);
    };
    if let Some(uri) = members.text_any_case(TYPE.name) {
        let tries = members.integer_any_case(TRIES_LEFT.name).and_then(|n| u32::try_from(n).ok());
        return match ProblemType::from_uri(uri) {
            Some(known) if (400..600).contains(&response.status) => finish(known.kind(), Some(known.name()), tries),
            _ => finish(by_status, None, tries),
        };
    }
    if let Some(message) = members.text_any_case(MESSAGE.name) {
        let message = message.trim().trim_end_matches('.');
        return match response.status {
            400 if message.eq_ignore_ascii_case(MESSAGE_DENIED) => finish(ErrorKind::AuthorizationDenied, None, None),
            504 if message.eq_ignore_ascii_case(MESSAGE_NOT_FOUND) => finish(ErrorKind::RecordNotFound, None, None),
            _ => finish(by_status, None, None),
        };
    }
    if let Some(code) = members.text_any_case(ERROR.name) {
        // Only known codes are repeated: an error's text holds nothing of the peer's choosing.
        let known = [
            (INCORRECT_CREDENTIALS, ErrorKind::LoginRefused),
            (INVALID_CLIENT, ErrorKind::LoginRefused),
            (AUTHENTICATION_ERROR, ErrorKind::LoginRefused),
            (INVALID_PIN, ErrorKind::UserAuthenticationFailed),
            (INVALID_OTP, ErrorKind::UserAuthenticationFailed),
            (ACCESS_DENIED, ErrorKind::AuthorizationDenied),
            (INVALID_GRANT, ErrorKind::LoginRequired),
            (INVALID_TOKEN, ErrorKind::LoginRequired),
            (INVALID_API_KEY, ErrorKind::ApiKeyRefused),
            (INVALID_REQUEST, ErrorKind::ServiceRefused),
            (USE_DPOP_NONCE, ErrorKind::ServiceRefused),
            (INVALID_DPOP_PROOF, ErrorKind::ServiceRefused),
        ];
        let found = known.iter().find(|(text, _)| text.eq_ignore_ascii_case(code)).filter(|_| (400..500).contains(&response.status));
        if let Some((text, kind)) = found {
            let locked = || members.text_any_case(ERROR_DESCRIPTION.name).is_some_and(|text| matches!(text, PIN_LOCKED | OTP_LOCKED));
            let kind = match kind {
                ErrorKind::UserAuthenticationFailed if locked() => ErrorKind::UserAuthenticationLocked,
                other => *other,
            };
            return finish(kind, Some(text), None);
        }
    }
    finish(by_status, None, None)
}

/// Whether the service asks for a proof of possession with its nonce (RFC 9449 8, 9), by its body or by its challenge.
#[must_use]
pub fn asks_for_nonce(response: &Response) -> bool {
    let challenged = || response.headers.get("WWW-Authenticate").is_some_and(|value| value.contains(USE_DPOP_NONCE));
    let said = || {
        let Ok(members) = Members::parse(&response.body, MAX_REFUSAL) else { return false };
        members.text_any_case(ERROR.name) == Some(USE_DPOP_NONCE)
            || members.text_any_case(TYPE.name) == Some(ProblemType::ProofNonceRequired.uri())
    };
    matches!(response.status, 400 | 401) && (challenged() || said())
}

fn kind_of_status(status: u16) -> ErrorKind {
    match status {
        401 => ErrorKind::LoginRequired,
        403 => ErrorKind::AuthorizationDenied,
        404 | 410 => ErrorKind::RecordNotFound,
        408 => ErrorKind::TimedOut,
        425 | 429 => ErrorKind::RateLimited,
        500 | 502..=504 => ErrorKind::ServiceUnavailable,
        400..=499 | 501 | 505..=599 => ErrorKind::ServiceRefused,
        _ => ErrorKind::BadAnswer,
    }
}

/// Whether this answer may be followed by another try (RFC 9110 15.5, 15.6): 408, 425, 429, 500, 502, 503, 504, except the
/// 504 that means not-found; and the 409 of [`is_in_flight`].
#[must_use]
pub fn is_retryable(response: &Response) -> bool {
    let by_status = matches!(response.status, 408 | 425 | 429 | 500 | 502 | 503 | 504);
    by_status && error_of(response).kind() != ErrorKind::RecordNotFound || is_in_flight(response)
}

/// Whether the service is still at work on the same call: its answer comes later, under the same idempotency key.
#[must_use]
pub fn is_in_flight(response: &Response) -> bool {
    response.status == 409 && error_of(response).problem() == Some(ProblemType::IdempotencyInFlight.name())
}

/// A JSON answer of the given type, for tests and for servers that relay: plain bytes.
#[must_use]
pub fn raw_json(status: u16, body: &str) -> Response {
    let mut response = Response::new(status);
    response.headers.set(CONTENT_TYPE, JSON);
    response.body = zeroize::Zeroizing::new(body.as_bytes().to_vec());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(status: u16, body: &str) -> ErrorKind {
        error_of(&raw_json(status, body)).kind()
    }

    #[test]
    fn both_published_shapes_are_read_with_keys_in_any_case() {
        for body in [
            r#"{"error":"incorrect_credentials","error_description":"The user email or password is incorrect"}"#,
            r#"{"Error":"incorrect_credentials"}"#,
            r#"{"ERROR":"Incorrect_Credentials"}"#,
        ] {
            let error = error_of(&raw_json(400, body));
            assert_eq!(error.kind(), ErrorKind::LoginRefused);
            assert_eq!(error.problem(), Some("incorrect_credentials"));
            assert_eq!(error.http_status(), Some(400));
        }
        assert_eq!(kind(400, r#"{"error":"invalid_request"}"#), ErrorKind::ServiceRefused);
        assert_eq!(kind(400, r#"{"error":"invalid_client"}"#), ErrorKind::LoginRefused);
        assert_eq!(kind(403, r#"{"error":"x","error_description":"y"}"#), ErrorKind::AuthorizationDenied);
        assert_eq!(kind(401, r#"{"error":"invalid_api_key"}"#), ErrorKind::ApiKeyRefused);
    }

    #[test]
    fn the_two_oddities_are_what_they_mean() {
        for key in ["Message", "message", "MESSAGE"] {
            let denied = format!("{{\"{key}\":\"Request authorization denied\"}}");
            let missing = format!("{{\"{key}\":\"Record not found\"}}");
            assert_eq!(kind(400, &denied), ErrorKind::AuthorizationDenied);
            assert_eq!(kind(504, &missing), ErrorKind::RecordNotFound);
            assert!(!is_retryable(&raw_json(504, &missing)));
            assert!(!error_of(&raw_json(504, &missing)).kind().retryable());
        }
        // The same words under another status mean what the status says; a 504 without them is a gateway's.
        assert_eq!(kind(504, r#"{"Message":"Request authorization denied"}"#), ErrorKind::ServiceUnavailable);
        assert_eq!(kind(400, r#"{"Message":"Record not found"}"#), ErrorKind::ServiceRefused);
        for gateway in ["<html>Gateway Time-out</html>", "", "{}", r#"{"Message":"Endpoint request timed out"}"#] {
            assert!(is_retryable(&raw_json(504, gateway)), "{gateway}");
        }
    }

    #[test]
    fn of_all_conflicts_one_means_wait() {
        let conflict = |kind: ProblemType| Problem::new(kind).encode();
        assert!(is_retryable(&conflict(ProblemType::IdempotencyInFlight)));
        for other in [ProblemType::SigningConflict, ProblemType::IdempotencyConflict, ProblemType::UserTaken] {
            assert!(!is_retryable(&conflict(other)), "{other:?}");
        }
        let mut elsewhere = conflict(ProblemType::IdempotencyInFlight);
        elsewhere.status = 403;
        assert!(!is_retryable(&elsewhere) && !is_retryable(&raw_json(409, "{}")));
    }

    #[test]
    fn every_problem_type_goes_there_and_back() {
        for known in ProblemType::ALL {
            assert!(known.uri().starts_with(TYPE_PREFIX));
            assert_eq!(ProblemType::from_uri(known.uri()), Some(*known));
            let problem = Problem { tries_left: Some(3), retry_after: Some(9), ..Problem::new(*known).detail("d") };
            let response = problem.encode();
            assert_eq!(response.headers.get(CONTENT_TYPE), Some(PROBLEM));
            let error = error_of(&response);
            assert_eq!((error.kind(), error.problem()), (known.kind(), Some(known.name())));
            assert_eq!((error.tries_left(), error.retry_after(), error.http_status()), (Some(3), Some(9), Some(known.status())));
        }
        let uris: std::collections::HashSet<_> = ProblemType::ALL.iter().map(|t| t.uri()).collect();
        assert_eq!(uris.len(), ProblemType::ALL.len());
    }

    #[test]
    fn refusals_go_there_and_back() {
        for (refusal, kind) in [
            (Refusal::DENIED, ErrorKind::AuthorizationDenied),
            (Refusal::NOT_FOUND, ErrorKind::RecordNotFound),
            (Refusal::INVALID_REQUEST, ErrorKind::ServiceRefused),
            (Refusal::INVALID_CLIENT, ErrorKind::LoginRefused),
            (Refusal::INCORRECT_CREDENTIALS, ErrorKind::LoginRefused),
            (Refusal::INVALID_GRANT, ErrorKind::LoginRequired),
            (ProblemType::KeyTaken.into(), ErrorKind::CertificateRefused),
        ] {
            assert_eq!(error_of(&refusal.encode()).kind(), kind, "{refusal:?}");
        }
        let doc: serde_json::Value = serde_json::from_slice(&Refusal::INCORRECT_CREDENTIALS.encode().body).unwrap();
        assert_eq!(
            doc,
            serde_json::json!({"error": "incorrect_credentials", "error_description": "The user email or password is incorrect"})
        );
    }

    #[test]
    fn an_error_repeats_nothing_of_the_peers_choosing() {
        for body in [
            r#"{"error":"TOP"}"#,
            r#"{"Message":"TOP"}"#,
            r#"{"type":"urn:thrivosign:problem:TOP","detail":"TOP","title":"TOP"}"#,
            r#"{"type":"urn:thrivosign:problem:forbidden","detail":"TOP","findings":["TOP"]}"#,
            "TOP",
        ] {
            let error = error_of(&raw_json(418, body));
            assert!(!format!("{error}{error:?}").contains("TOP"), "{error:?}");
        }
    }

    #[test]
    fn garbage_and_odd_statuses_follow_the_status() {
        for (status, expected) in [
            (100, ErrorKind::BadAnswer),
            (204, ErrorKind::BadAnswer),
            (302, ErrorKind::BadAnswer),
            (401, ErrorKind::LoginRequired),
            (404, ErrorKind::RecordNotFound),
            (418, ErrorKind::ServiceRefused),
            (429, ErrorKind::RateLimited),
            (500, ErrorKind::ServiceUnavailable),
            (504, ErrorKind::ServiceUnavailable),
            (999, ErrorKind::BadAnswer),
        ] {
            for body in ["", "[]", "\u{0}", "{\"error\":7}", "{\"type\":\"urn:x\"}"] {
                assert_eq!(kind(status, body), expected, "{status} {body}");
            }
        }
        // A success that claims to be a problem is no success and no refusal either.
        assert_eq!(kind(200, r#"{"type":"urn:thrivosign:problem:forbidden"}"#), ErrorKind::BadAnswer);
        assert_eq!(kind(200, r#"{"error":"invalid_token"}"#), ErrorKind::BadAnswer);
    }
}
