//! The C border: what a certificate is asked for with.

use crate::caller::Caller;
use crate::challenge::thrivosign_challenge;
use crate::table::Table;
use std::ffi::c_char;
use std::mem::offset_of;
use std::sync::Arc;
use thrivosign::Result;
use thrivosign::journey::enrol::{CertificateOrder, Subject};
use thrivosign::key::{DeviceKeyStore, KeyInfo};
use thrivosign::remote::certificate_challenge::{AuthenticationMethod, Challenge};
use thrivosign::remote::secret::Secret;

/// What a certificate is asked for with. Unused members are NULL.
///
/// Ownership: everything stays the caller's; texts are copied.
/// Lifetime: needed only until the function returns.
/// Threads: any.
/// NULL: `country`, `serial_number` and `profile` may be NULL.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct thrivosign_certificate_order {
    /// `sizeof(thrivosign_certificate_order)`.
    pub struct_size: usize,
    /// The registered device.
    pub device_uuid: *const c_char,
    /// Name of the key that proves and answers.
    pub authentication_key: *const c_char,
    /// Name of the key to be certified.
    pub signing_key: *const c_char,
    /// The challenge of `thrivosign_client_ask_challenge`.
    pub challenge: *const thrivosign_challenge,
    /// The person's name; the service has the last word on the subject.
    pub subject_name: *const c_char,
    /// ISO 3166 two-letter country.
    pub country: *const c_char,
    /// An opaque customer id, never a national one.
    pub serial_number: *const c_char,
    /// The certificate profile wanted.
    pub profile: *const c_char,
}

// SAFETY: `repr(C)`, begins with `struct_size`; zeros are NULL.
unsafe impl Table for thrivosign_certificate_order {
    const OPTIONAL: &'static [usize] = &[
        offset_of!(thrivosign_certificate_order, country),
        offset_of!(thrivosign_certificate_order, serial_number),
        offset_of!(thrivosign_certificate_order, profile),
    ];
}

/// The struct's members as values.
pub(crate) struct Parts<'c> {
    device_uuid: &'c str,
    authentication_key: KeyInfo,
    signing_key: KeyInfo,
    challenge: Arc<Challenge>,
    subject: Subject,
    profile: Option<String>,
}

impl thrivosign_certificate_order {
    /// The members, with the facts of both keys.
    ///
    /// # Errors
    /// As [`Caller::text`] and [`Caller::handle`]; the key store's.
    pub(crate) fn parts<'c>(&self, caller: &'c Caller, store: &dyn DeviceKeyStore) -> Result<Parts<'c>> {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let subject = Subject {
            name: caller.text(self.subject_name)?.to_owned(),
            country: owned(caller.text_opt(self.country)?),
            serial_number: owned(caller.text_opt(self.serial_number)?),
        };
        let (authentication_key, signing_key) = (caller.text(self.authentication_key)?, caller.text(self.signing_key)?);
        Ok(Parts {
            device_uuid: caller.text(self.device_uuid)?,
            challenge: caller.handle(self.challenge)?,
            subject,
            profile: owned(caller.text_opt(self.profile)?),
            authentication_key: store.info(authentication_key)?,
            signing_key: store.info(signing_key)?,
        })
    }
}

impl Parts<'_> {
    /// The core's order.
    pub(crate) fn order(&self, method: AuthenticationMethod, value: Secret) -> CertificateOrder<'_> {
        CertificateOrder {
            device_uuid: self.device_uuid,
            authentication_key: &self.authentication_key,
            signing_key: &self.signing_key,
            subject: &self.subject,
            challenge: &self.challenge.challenge,
            method,
            value,
            profile: self.profile.clone(),
        }
    }
}
