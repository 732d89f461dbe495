//! The room `journey`: what a registration officer does, for a back office. Takes the session of an officer; gives what waits, and the service's word that a
//! decision stands. Each call is one step that a person stands behind; who an officer is, and for whom, is the service's to say.

use super::enrol::send;
use super::retry::Limits;
use super::session::Session;
use crate::error::Result;
use crate::remote::officer::decide::{self, Decide, Decision};
use crate::remote::officer::devices::{self, UsersDevice, UsersDevices};
use crate::remote::officer::requests::{self, WaitingRequest, WaitingRequests};
use crate::remote::officer::revoke_device::{self, RevokeDevice};
use crate::remote::revoke_certificate::RevocationReason;

/// Most bytes of an answer, and of a list.
const MAX_ANSWER: u64 = 1 << 20;
const MAX_LIST: u64 = 8 << 20;

/// The requests for certificates that wait for this officer, oldest first.
///
/// # Errors
/// [`AuthorizationDenied`](crate::ErrorKind::AuthorizationDenied) for whoever is no officer; what the service or the network says.
pub fn waiting(session: &Session, limits: &Limits) -> Result<Vec<WaitingRequest>> {
    Ok(WaitingRequests::decode(&send(session, requests::request(), MAX_LIST, limits)?)?.0)
}

/// After the call the certificate is issued. The same again is no error.
///
/// # Errors
/// [`ServiceRefused`](crate::ErrorKind::ServiceRefused) if it was rejected before; otherwise as [`waiting`].
pub fn approve(session: &Session, request_id: &str, limits: &Limits) -> Result<()> {
    decided(session, Decide { request_id: request_id.to_owned(), decision: Decision::Approve, reason: None }, limits)
}

/// After the call the request is refused for good, and whoever asked is told why. The same again is no error.
///
/// # Errors
/// [`ServiceRefused`](crate::ErrorKind::ServiceRefused) if it was approved before, or without a reason; otherwise as [`waiting`].
pub fn reject(session: &Session, request_id: &str, reason: &str, limits: &Limits) -> Result<()> {
    let reason = Some(reason.to_owned());
    decided(session, Decide { request_id: request_id.to_owned(), decision: Decision::Reject, reason }, limits)
}

fn decided(session: &Session, call: Decide, limits: &Limits) -> Result<()> {
    decide::decode_answer(&send(session, call.encode()?, MAX_ANSWER, limits)?, call.decision)
}

/// The devices of this officer's people, with what was certified on them.
///
/// # Errors
/// As [`waiting`].
pub fn users_devices(session: &Session, limits: &Limits) -> Result<Vec<UsersDevice>> {
    Ok(UsersDevices::decode(&send(session, devices::request(), MAX_LIST, limits)?)?.0)
}

/// After the call the device is revoked, its certificates are for good, and its owner has to log in anew. The same again is no error.
///
/// # Errors
/// [`DeviceRefused`](crate::ErrorKind::DeviceRefused) for a device of nobody this officer answers for; otherwise as [`waiting`].
pub fn revoke_device(session: &Session, device_uuid: &str, reason: RevocationReason, limits: &Limits) -> Result<()> {
    let call = RevokeDevice { device_uuid: device_uuid.to_owned(), reason };
    revoke_device::decode_done(&send(session, call.encode()?, MAX_ANSWER, limits)?)
}
