//! What the trust services answer: takes questions as bytes, gives answers as bytes. Joins the authority, the time-stamping authority and the
//! store; knows no HTTP.

mod lists;
mod own;
mod place;

pub(crate) use lists::Published;
pub(crate) use place::Place;

use crate::ca::{Authority, Delegate, OcspAnswer, Purpose, Refusal, Responder, Revoked, Standing};
use crate::config::{Clock, Limits, time_of};
use crate::failure::Failure;
use crate::folder::Folder;
use crate::random;
use crate::store::{Store, credentials, services, stamps};
use crate::tsa::TimeStampAuthority;
use std::sync::Arc;
use thrivosign::Time;
use thrivosign::remote::revoke_certificate::RevocationReason;
use x509_cert::ext::pkix::CrlReason;

/// The trust services of a server.
pub(crate) struct Trust {
    pub(crate) store: Arc<Store>,
    pub(crate) authority: Arc<Authority>,
    limits: Limits,
    clock: Clock,
    responder: Responder,
    stamps: TimeStampAuthority,
}

impl Trust {
    /// The services with their keys and certificates, made where they are missing.
    pub(crate) fn open(
        folder: &Folder,
        store: Arc<Store>,
        authority: Arc<Authority>,
        limits: Limits,
        clock: Clock,
        now: Time,
    ) -> Result<Trust, Failure> {
        let delegate = |purpose| {
            let delegate = Delegate::open(folder, &authority, purpose, now)?;
            let serial = random::hex(delegate.certificate.serial());
            // Recorded at each start: a start that was cut short between the file and the store is mended by the next.
            store.transact(|tx| services::record(tx, &serial, delegate.certificate.der(), now))?;
            Ok::<_, Failure>(delegate)
        };
        let responder = Responder::new(delegate(Purpose::Ocsp)?, &authority)?;
        let stamps = TimeStampAuthority::new(delegate(Purpose::TimeStamping)?, &authority)?;
        Ok(Trust { store, authority, limits, clock, responder, stamps })
    }

    /// How much is taken from clients.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The time.
    pub(crate) fn now(&self) -> Time {
        time_of((self.clock)())
    }

    /// DER of the issuing CA's certificate and the root's.
    pub(crate) fn authorities(&self) -> [&[u8]; 2] {
        self.authority.chain()
    }

    /// The response to an OCSP request, of the state of this moment.
    pub(crate) fn ocsp(&self, request: &[u8]) -> OcspAnswer {
        let answered = self.store.transact(|tx| {
            self.responder.answer(request, self.now(), |serial| {
                Ok(match credentials::standing(tx, serial)? {
                    Some(None) => Standing::Good,
                    Some(Some(revoked)) => Standing::Revoked { at: revoked.at, reason: reason(&revoked.reason) },
                    None if services::is_known(tx, serial)? => Standing::Good,
                    None => Standing::Unknown,
                })
            })
        });
        answered.unwrap_or_else(|failure: Failure| {
            tracing::error!(%failure, "failed");
            Refusal::Internal.into()
        })
    }

    /// The response to a request for a time stamp.
    pub(crate) fn stamp(&self, request: &[u8]) -> Vec<u8> {
        // Read within the transaction: two stamps at once must not overtake each other between clock and record.
        let answered = self.store.transact(|tx| {
            let millis = i64::try_from((self.clock)().as_millis()).unwrap_or(i64::MAX);
            self.stamps.answer(request, millis, || stamps::advance(tx, millis))
        });
        answered.unwrap_or_else(|failure: Failure| {
            tracing::error!(%failure, "failed");
            TimeStampAuthority::failed()
        })
    }
}

/// The entry of a list for a recorded revocation.
fn revoked(revocation: &credentials::Revocation) -> Result<Revoked, Failure> {
    let serial = random::unhex(&revocation.serial).ok_or_else(|| Failure::new("a stored serial number is damaged"))?;
    Ok(Revoked { serial, at: revocation.at, reason: reason(&revocation.reason) })
}

fn reason(text: &str) -> Option<CrlReason> {
    match RevocationReason::from_text(text)? {
        RevocationReason::KeyCompromise => Some(CrlReason::KeyCompromise),
        RevocationReason::AffiliationChanged => Some(CrlReason::AffiliationChanged),
        RevocationReason::Superseded => Some(CrlReason::Superseded),
        RevocationReason::CessationOfOperation => Some(CrlReason::CessationOfOperation),
        _ => None,
    }
}
