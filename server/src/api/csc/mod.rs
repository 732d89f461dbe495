//! Remote credentials by the CSC API v1.0.4: what a caller may have signed by a key of the vault, and what it takes. One file per noun; paths, fields
//! and texts of refusals are `thrivosign::remote::csc`'s.

mod authorize;
mod credential;
mod factors;
mod info;
mod login;
mod sign;
mod timestamp;

pub(super) use authorize::authorize;
pub(super) use credential::{info as credential_info, list};
pub(super) use factors::{base32, send_otp};
pub(super) use info::info;
pub(super) use login::login;
pub(super) use sign::{extend, sign_hash};
pub(super) use timestamp::timestamp;

use super::{No, Service};
use crate::store::Transaction;
use crate::store::credentials;
use crate::store::remote_credentials::{self, Remote};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use thrivosign::Time;
use thrivosign::remote::csc::refusal;
use zeroize::Zeroizing;

/// The credential, if it is this user's and its key may be used now.
fn usable(tx: &Transaction<'_>, id: &str, user: &str, now: Time) -> Result<Remote, No> {
    let remote = remote_credentials::of_user(tx, id, user)?.ok_or(refusal::CREDENTIAL)?;
    if remote.credential.not_after <= now {
        return Err(refusal::CERTIFICATE_EXPIRED.into());
    }
    if remote.credential.state != credentials::ACTIVATED {
        return Err(refusal::CREDENTIAL.into());
    }
    Ok(remote)
}

/// The activation data of an approved authorisation: the same whenever they are asked for, so that a lost answer costs no second approval, and known
/// to whoever holds the server's key alone.
pub(super) fn sad_of(service: &Service, authorization: &str) -> Result<Zeroizing<String>, No> {
    let mac = Hmac::<Sha256>::new_from_slice(&service.blob_key).map_err(|_| crate::Failure::new("cannot derive activation data"))?;
    let value = mac.chain_update(b"activation data\0").chain_update(authorization.as_bytes()).finalize().into_bytes();
    Ok(Zeroizing::new(crate::random::hex(&value)))
}
