//! Approvals on the device (SCAL 2): which signatures with keys of the service wait for it, and the person's yes or no to one.

use crate::cancel::CallOptions;
use crate::client::Client;
use crate::error::Result;
use crate::host_keys::HostKeys;
use crate::key::DeviceKeyStore;
use crate::waiting::wait;
use std::sync::Arc;
use std::time::Duration;
use thrivosign::journey::csc::approvals;
use thrivosign::{Error, ErrorKind};

/// A remote signature that waits for a device, as the service told it: only what was told can be answered. What it says is shown to the person.
#[derive(uniffi::Object)]
pub struct PendingAuthorization(approvals::PendingAuthorization);

#[uniffi::export]
impl PendingAuthorization {
    /// Its id.
    #[must_use]
    pub fn authorization_id(&self) -> String {
        self.0.authorization_id.clone()
    }

    /// The credential that would sign.
    #[must_use]
    pub fn credential_id(&self) -> String {
        self.0.credential_id.clone()
    }

    /// What it is about, in the words of whoever asks.
    #[must_use]
    pub fn description(&self) -> Option<String> {
        self.0.description.clone()
    }

    /// The names of the documents, in the words of whoever asks: none, or one for each of `hashes`, in their order.
    #[must_use]
    pub fn document_names(&self) -> Vec<String> {
        self.0.document_names.clone()
    }

    /// What would be signed, one for each document: what the yes is to.
    #[must_use]
    pub fn hashes(&self) -> Vec<Vec<u8>> {
        self.0.hashes.clone()
    }

    /// Seconds that an answer is taken, counted from when this was told.
    #[must_use]
    pub fn expires_in(&self) -> i64 {
        i64::try_from(self.0.expires_in).unwrap_or(i64::MAX)
    }
}

/// What the person says to a remote signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Decision {
    /// Yes, to all of it.
    Approve,
    /// No.
    Decline,
}

impl From<Decision> for approvals::Decision {
    fn from(decision: Decision) -> approvals::Decision {
        match decision {
            Decision::Approve => approvals::Decision::Approve,
            Decision::Decline => approvals::Decision::Decline,
        }
    }
}

#[uniffi::export]
impl Client {
    /// The remote signatures that wait for that device of the user's, the oldest first. Where there are none, the service holds the call back for up to
    /// `wait_seconds`, at most 60, whatever `options` say of one exchange.
    ///
    /// # Errors
    /// `DeviceRefused` for a device that is not the user's; `InvalidArgument` for a negative number; otherwise what the service or the network says.
    #[uniffi::method(default(wait_seconds = 0, options = None))]
    pub async fn waiting_authorizations(
        &self,
        device_uuid: String,
        wait_seconds: i64,
        options: Option<CallOptions>,
    ) -> Result<Vec<Arc<PendingAuthorization>>> {
        let session = self.session();
        wait(options, move |call| {
            let wrong = |_| Error::new(ErrorKind::InvalidArgument).context("wait_seconds");
            let seconds = Duration::from_secs(u64::try_from(wait_seconds).map_err(wrong)?);
            let waiting = approvals::waiting(&session, &device_uuid, seconds, call.limits())?;
            Ok(waiting.into_iter().map(|one| Arc::new(PendingAuthorization(one))).collect())
        })
        .await
    }

    /// After the call the service has the person's decision about `pending`, signed by the device's authentication key, which is asked once, over its very
    /// hashes. To be called once the person has seen what it says.
    ///
    /// # Errors
    /// `SigningConflict` if it was decided otherwise, or too late; `KeyNotPermitted` for another kind of key; otherwise what the key store, the service
    /// or the network says.
    #[uniffi::method(default(options = None))]
    pub async fn answer_authorization(
        &self,
        store: Arc<dyn DeviceKeyStore>,
        authentication_key: String,
        pending: Arc<PendingAuthorization>,
        decision: Decision,
        options: Option<CallOptions>,
    ) -> Result<()> {
        let session = self.session();
        wait(options, move |call| {
            let keys = HostKeys::new(store, call);
            approvals::answer(&session, &keys, &authentication_key, &pending.0, decision.into(), call.limits())
        })
        .await
    }
}
