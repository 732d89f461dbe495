//! A certificate's successor, under a new key that the device's authentication key vouches for.

use crate::cancel::CallOptions;
use crate::client::Client;
use crate::enrol::{Challenge, Requested};
use crate::error::Result;
use crate::host_keys::HostKeys;
use crate::identity::Identity;
use crate::key::{DeviceKeyStore, KeyInfo};
use crate::waiting::wait;
use std::sync::Arc;
use thrivosign::journey::renew as journey;

#[uniffi::export]
impl Client {
    /// A challenge for one renewal of the identity's certificate; no code is sent. `Credential.renewFrom` says from when there is one, as a rule a
    /// month before `Identity.notAfter`.
    ///
    /// # Errors
    /// `ServiceRefused` if it is not yet time, or too late; otherwise what the service or the network says.
    #[uniffi::method(default(options = None))]
    pub async fn ask_renewal_challenge(&self, identity: Arc<Identity>, options: Option<CallOptions>) -> Result<Challenge> {
        let session = self.session();
        wait(options, move |call| Ok(journey::ask_challenge(&session, identity.core(), call.limits())?.into())).await
    }

    /// Renews the identity's certificate under that signing key, which must be another than the identity's. The identity that is issued may sign at
    /// once; the old one goes on until its certificate ends. Both keys were asked once.
    ///
    /// # Errors
    /// `KeyNotPermitted` for keys in the wrong role, or the key that is to be replaced; `ChallengeRefused`; `ServiceRefused` if it is too late;
    /// `CertificateRefused` with the problem's name; `IssuedCertificateRefused` if what came back is not for this key; otherwise what the key store,
    /// the service or the network says.
    #[uniffi::method(default(options = None))]
    pub async fn renew_certificate(
        &self,
        store: Arc<dyn DeviceKeyStore>,
        identity: Arc<Identity>,
        signing_key: KeyInfo,
        challenge: String,
        options: Option<CallOptions>,
    ) -> Result<Requested> {
        let session = self.session();
        wait(options, move |call| {
            let (keys, key) = (HostKeys::new(store, call), signing_key.try_into()?);
            Ok(journey::renew(&session, &keys, identity.core(), &key, &challenge, call.limits())?.into())
        })
        .await
    }
}
