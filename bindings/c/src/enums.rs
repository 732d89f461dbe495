//! The C border: the enumerations that go in and out, as numbers for the header. They are passed as `int32_t` and matched, so that a wrong number
//! is an error; 0 on the way out is what this version of the header has no word for. Values never move.

use thrivosign::enroll::IdentityState;
use thrivosign::error::Turn;
use thrivosign::remote::certificate_challenge::AuthenticationMethod;
use thrivosign::remote::register_device::SecurityLevel;
use thrivosign::remote::request_certificate::CredentialStatus;
use thrivosign::remote::revoke_certificate::RevocationReason;
use thrivosign::{Error, ErrorKind, Result};

/// The error for a number that is none of an enumeration.
pub(crate) fn unknown(what: &'static str) -> Error {
    Error::new(ErrorKind::InvalidArgument).context(what)
}

/// Whose turn it is after an error.
#[repr(C)]
pub enum thrivosign_turn {
    /// The programmer who calls the library.
    Caller = 1,
    /// Whoever made or chose the document.
    Document = 2,
    /// Whoever made the certificate or the signature bytes.
    Peer = 3,
    /// The person or the device that holds the key.
    User = 4,
    /// The Server-Signer or its operator.
    Service = 5,
    /// The network; later may be better.
    Network = 6,
    /// This library.
    Library = 7,
}

pub(crate) fn turn_out(value: Turn) -> i32 {
    use thrivosign_turn as Out;
    let known = match value {
        Turn::Caller => Out::Caller,
        Turn::Document => Out::Document,
        Turn::Peer => Out::Peer,
        Turn::User => Out::User,
        Turn::Service => Out::Service,
        Turn::Network => Out::Network,
        Turn::Library => Out::Library,
        _ => return 0,
    };
    known as i32
}

/// How the person proves who they are.
#[repr(C)]
pub enum thrivosign_authentication_method {
    /// A one-time code by SMS or e-mail.
    Otp = 1,
    /// The passphrase chosen at activation.
    Passphrase = 2,
    /// A time-based code (RFC 6238).
    Totp = 3,
    /// A reference to an identification made elsewhere.
    EkycReference = 4,
}

pub(crate) fn authentication_method_in(value: i32) -> Result<AuthenticationMethod> {
    use thrivosign_authentication_method as In;
    Ok(match value {
        x if x == In::Otp as i32 => AuthenticationMethod::Otp,
        x if x == In::Passphrase as i32 => AuthenticationMethod::Passphrase,
        x if x == In::Totp as i32 => AuthenticationMethod::Totp,
        x if x == In::EkycReference as i32 => AuthenticationMethod::EkycReference,
        _ => return Err(unknown("authentication_method")),
    })
}

/// Why a certificate is revoked (RFC 5280 5.3.1).
#[repr(C)]
pub enum thrivosign_revocation_reason {
    /// None given.
    Unspecified = 1,
    /// The key may be in other hands.
    KeyCompromise = 2,
    /// The person left.
    AffiliationChanged = 3,
    /// Another certificate took its place.
    Superseded = 4,
    /// No longer needed.
    CessationOfOperation = 5,
}

pub(crate) fn revocation_reason_in(value: i32) -> Result<RevocationReason> {
    use thrivosign_revocation_reason as In;
    Ok(match value {
        x if x == In::Unspecified as i32 => RevocationReason::Unspecified,
        x if x == In::KeyCompromise as i32 => RevocationReason::KeyCompromise,
        x if x == In::AffiliationChanged as i32 => RevocationReason::AffiliationChanged,
        x if x == In::Superseded as i32 => RevocationReason::Superseded,
        x if x == In::CessationOfOperation as i32 => RevocationReason::CessationOfOperation,
        _ => return Err(unknown("revocation_reason")),
    })
}

/// Where a certificate stands at the service.
#[repr(C)]
pub enum thrivosign_certificate_state {
    /// Issued, not yet activated; also after its device was deleted.
    New = 1,
    /// May sign.
    Activated = 2,
    /// Revoked for good.
    Cancelled = 3,
}

pub(crate) fn identity_state_out(value: IdentityState) -> i32 {
    use thrivosign_certificate_state as Out;
    let known = match value {
        IdentityState::New => Out::New,
        IdentityState::Activated => Out::Activated,
        IdentityState::Cancelled => Out::Cancelled,
        _ => return 0,
    };
    known as i32
}

pub(crate) fn credential_status_out(value: CredentialStatus) -> i32 {
    identity_state_out(match value {
        CredentialStatus::New => IdentityState::New,
        CredentialStatus::Activated => IdentityState::Activated,
        CredentialStatus::Cancelled => IdentityState::Cancelled,
    })
}

/// What the service could verify of a key's protection; never what was claimed.
#[repr(C)]
pub enum thrivosign_security_level {
    /// A StrongBox secure element.
    Strongbox = 1,
    /// A trusted execution environment.
    Tee = 2,
    /// App Attest vouches for the app, which vouches for the key.
    SecureEnclaveAppAttested = 3,
    /// A hardware security module.
    Hsm = 4,
    /// Nothing could be verified.
    Software = 5,
}

pub(crate) fn security_level_out(value: SecurityLevel) -> i32 {
    use thrivosign_security_level as Out;
    let known = match value {
        SecurityLevel::Strongbox => Out::Strongbox,
        SecurityLevel::Tee => Out::Tee,
        SecurityLevel::SecureEnclaveAppAttested => Out::SecureEnclaveAppAttested,
        SecurityLevel::Hsm => Out::Hsm,
        SecurityLevel::Software => Out::Software,
    };
    known as i32
}
