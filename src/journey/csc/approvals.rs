//! The room `journey`: approvals on the device (SCAL 2). Takes a session and the device's authentication key; gives what waits, and takes the person's
//! yes or no to exactly that.

use crate::enroll::{ProofAlgorithm, prove};
use crate::error::{Error, ErrorKind, Result};
use crate::journey::retry::Limits;
use crate::journey::session::Session;
use crate::key::DeviceKeyStore;
use crate::remote::activate_credential_response::{ShaAlgo, SignAlgo};
pub use crate::remote::authorization_response::Decision;
use crate::remote::authorization_response::{AnswerAuthorization, decode_answer};
pub use crate::remote::authorizations::PendingAuthorization;
use crate::remote::authorizations::{Authorizations, ListAuthorizations, MAX_WAIT};
use crate::remote::schema::Access;
use std::time::Duration;

/// Most bytes of a list.
const MAX_LIST: u64 = 8 << 20;
/// Most bytes of an answer.
const MAX_ANSWER: u64 = 1 << 20;
/// How much longer than it is asked to wait a service may take.
const SLACK: Duration = Duration::from_secs(15);

/// What waits for that device, oldest first. The service holds the call back for up to `wait` where there is nothing (it may cut that short).
///
/// # Errors
/// What the service or the network says.
pub fn waiting(session: &Session, device_uuid: &str, wait: Duration, limits: &Limits) -> Result<Vec<PendingAuthorization>> {
    let wait = wait.as_secs().min(MAX_WAIT);
    let patient = Limits { per_call: limits.per_call.max(Duration::from_secs(wait).saturating_add(SLACK)), ..limits.clone() };
    let request = ListAuthorizations { device_uuid: device_uuid.to_owned(), wait }.encode();
    Ok(Authorizations::decode(&session.send(Access::Token, request, MAX_LIST, &patient)?)?.0)
}

/// After the call the service has the person's decision about `pending`, signed by the device's authentication key over its hashes.
///
/// # Errors
/// [`ErrorKind::SigningConflict`] if it was decided otherwise or too late; [`ErrorKind::KeyNotPermitted`] and the key's own; otherwise what the
/// service or the network says.
pub fn answer(
    session: &Session,
    store: &dyn DeviceKeyStore,
    authentication_key: &str,
    pending: &PendingAuthorization,
    decision: Decision,
    limits: &Limits,
) -> Result<()> {
    let key = store.info(authentication_key)?;
    let algorithm = ProofAlgorithm::for_key(key.public_key.algorithm())?;
    let unnamed = || Error::new(ErrorKind::KeyAlgorithmUnsupported);
    let mut call = AnswerAuthorization {
        authorization_id: pending.authorization_id.clone(),
        decision,
        sign_algo: SignAlgo::from_text(algorithm.sign_algo()).ok_or_else(unnamed)?,
        sha_algo: ShaAlgo::from_text(algorithm.sha_algo()).ok_or_else(unnamed)?,
        authorize_signature: Vec::new(),
    };
    call.authorize_signature = prove(store, &key, &call.to_be_signed(pending))?;
    decode_answer(&session.send(Access::Token, call.encode()?, MAX_ANSWER, limits)?)
}
