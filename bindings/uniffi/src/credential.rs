//! A certificate at the service: how it is listed, and why it is revoked.

use crate::identity::IdentityState;
use thrivosign::Time;
use thrivosign::remote::{list_certificates, request_certificate, revoke_certificate};

/// One credential of the user, as the service lists it.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Credential {
    /// Its id.
    pub credential_id: String,
    /// Its state.
    pub state: IdentityState,
    /// The device it is activated on, if it is.
    pub device_uuid: Option<String>,
    /// The certificate's subject, RFC 4514, for people.
    pub subject: String,
    /// The certificate's serial number, hexadecimal.
    pub serial_number: String,
    /// Valid from, in seconds since 1970-01-01T00:00:00Z.
    pub not_before: i64,
    /// Valid until.
    pub not_after: i64,
    /// From when a renewal is accepted.
    pub renew_from: Option<i64>,
    /// The certificates, DER, the signer's first.
    pub certificates: Vec<Vec<u8>>,
}

impl From<request_certificate::CredentialStatus> for IdentityState {
    fn from(status: request_certificate::CredentialStatus) -> IdentityState {
        use request_certificate::CredentialStatus as Status;
        match status {
            Status::New => IdentityState::New,
            Status::Activated => IdentityState::Activated,
            Status::Cancelled => IdentityState::Cancelled,
        }
    }
}

impl From<list_certificates::Credential> for Credential {
    fn from(credential: list_certificates::Credential) -> Credential {
        Credential {
            credential_id: credential.credential_id,
            state: credential.status.into(),
            device_uuid: credential.device_uuid,
            subject: credential.subject,
            serial_number: credential.serial_number,
            not_before: credential.not_before.unix(),
            not_after: credential.not_after.unix(),
            renew_from: credential.renew_from.map(Time::unix),
            certificates: credential.certificates,
        }
    }
}

/// Why a certificate is revoked, in the words of RFC 5280 5.3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum RevocationReason {
    /// None given.
    Unspecified,
    /// The key may be in other hands.
    KeyCompromise,
    /// The person left.
    AffiliationChanged,
    /// Another certificate took its place.
    Superseded,
    /// No longer needed.
    CessationOfOperation,
}

impl From<RevocationReason> for revoke_certificate::RevocationReason {
    fn from(reason: RevocationReason) -> revoke_certificate::RevocationReason {
        match reason {
            RevocationReason::Unspecified => revoke_certificate::RevocationReason::Unspecified,
            RevocationReason::KeyCompromise => revoke_certificate::RevocationReason::KeyCompromise,
            RevocationReason::AffiliationChanged => revoke_certificate::RevocationReason::AffiliationChanged,
            RevocationReason::Superseded => revoke_certificate::RevocationReason::Superseded,
            RevocationReason::CessationOfOperation => revoke_certificate::RevocationReason::CessationOfOperation,
        }
    }
}
