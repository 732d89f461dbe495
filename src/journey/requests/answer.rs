//! The room `journey`: what the service says of a request that an earlier process made. Takes a session and the request; gives the certificate, if there is
//! one; tells a refusal from an answer that never came.

use crate::error::{Error, ErrorKind, Result};
use crate::host::clock;
use crate::journey::enrol::{PendingRequest, list_credentials};
use crate::journey::retry::Limits;
use crate::journey::session::Session;
use crate::pki::Certificate;
use crate::remote::list_certificates::Credential;
use crate::remote::request_certificate::{CredentialStatus, Issuance};

/// The service has decided: sending the same again is of no use.
pub(super) fn is_refusal(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::UserAuthenticationFailed
            | ErrorKind::UserAuthenticationLocked
            | ErrorKind::AuthorizationDenied
            | ErrorKind::ChallengeRefused
            | ErrorKind::CertificateRefused
            | ErrorKind::DeviceRefused
            | ErrorKind::RecordNotFound
            | ErrorKind::IssuedCertificateRefused
            | ErrorKind::ServiceRefused
    )
}

/// The certificate that the service has issued to that request's key, if it has.
pub(super) fn issued(session: &Session, pending: &PendingRequest, limits: &Limits) -> Result<Option<Issuance>> {
    let key = pending.csr.public_key();
    let is_ours = |der: &Vec<u8>| Certificate::from_der(der).is_ok_and(|leaf| leaf.public_key() == key);
    let mut all = list_credentials(session, limits)?.into_iter();
    // A key may have had one before, which is revoked or has ended.
    let now = session.service_time().unwrap_or_else(clock::now);
    let is_good = |one: &Credential| one.status != CredentialStatus::Cancelled && one.not_after > now;
    let found = all.find(|one| is_good(one) && one.certificates.first().is_some_and(is_ours));
    Ok(found.map(|one| Issuance::Issued { credential_id: one.credential_id, status: one.status, certificates: one.certificates }))
}
