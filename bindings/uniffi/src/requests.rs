//! Certificate requests and renewals that survive the death of the process: a journal in a folder of the app's.

use crate::call::guard;
use crate::cancel::CallOptions;
use crate::client::Client;
use crate::enrol::{AuthenticationMethod, CertificateOrder, Challenge, Requested};
use crate::error::Result;
use crate::host_keys::{HostKeys, KeptKeys};
use crate::identity::Identity;
use crate::key::{DeviceKeyStore, KeyInfo, KeySpec};
use crate::secret::Secret;
use crate::waiting::wait;
use std::path::Path;
use std::sync::Arc;
use thrivosign::journey::requests;
use thrivosign::{Error, ErrorKind};

/// How far a certificate request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum RequestState {
    /// A challenge was asked for, or the key was made; nothing was signed, or the service refused what was.
    Begun,
    /// Signed by the key; whether the service has it is not known.
    Made,
    /// A registration officer must approve.
    Pending,
    /// The certificate is there.
    Issued,
}

/// A certificate request that is open.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct OpenRequest {
    /// Name of the key to be certified.
    pub signing_key: String,
    /// How far it has come.
    pub state: RequestState,
}

impl TryFrom<requests::OpenRequest> for OpenRequest {
    type Error = Error;

    fn try_from(open: requests::OpenRequest) -> Result<OpenRequest, Error> {
        let state = match open.state {
            requests::RequestState::Begun => RequestState::Begun,
            requests::RequestState::Made => RequestState::Made,
            requests::RequestState::Pending => RequestState::Pending,
            requests::RequestState::Issued => RequestState::Issued,
            _ => return Err(Error::new(ErrorKind::Internal)),
        };
        Ok(OpenRequest { signing_key: open.signing_key, state })
    }
}

/// The certificate requests of a device, in a journal that one process has open at a time. A request is named by its signing key. Closing the object
/// lets go of the journal once its last call has ended; the requests stay.
#[derive(uniffi::Object)]
pub struct Requests(Arc<requests::Requests>);

#[uniffi::export]
impl Requests {
    /// After the call the journal in that folder is open; what was missing is there, for its owner alone. `key`: 32 random bytes that are kept in the
    /// platform's secret storage. Folder and key may be those of `Orders`.
    ///
    /// # Errors
    /// `InvalidArgument` for a key of another length; `JournalDamaged`, also for another key; `JournalBusy`; `SourceUnreadable`,
    /// `OutputUnwritable`.
    #[uniffi::constructor]
    pub fn open(folder: &str, key: Arc<Secret>) -> Result<Arc<Requests>> {
        guard(|| Ok(Arc::new(Requests(Arc::new(requests::Requests::open(Path::new(folder), key.journal_key()?)?)))))
    }

    /// Every request that was not closed, by the name of its key: to be looked at when the app starts.
    ///
    /// # Errors
    /// None that an app could cause.
    pub fn list(&self) -> Result<Vec<OpenRequest>> {
        guard(|| self.0.list().into_iter().map(|open| Ok(open.try_into()?)).collect())
    }

    /// A challenge for the request of that key: the one that an earlier process was given, if it is good for a while yet, so that no second code is
    /// sent.
    ///
    /// # Errors
    /// As `Client.ask_challenge`; `WrongOrder` while another call is at work, or if the key has signed its request: `resume`.
    #[uniffi::method(default(options = None))]
    pub async fn challenge(
        &self,
        client: Arc<Client>,
        signing_key: String,
        device_uuid: String,
        method: AuthenticationMethod,
        options: Option<CallOptions>,
    ) -> Result<Challenge> {
        let (requests, session) = (self.0.clone(), client.session());
        wait(options, move |call| Ok(requests.challenge(&session, &signing_key, &device_uuid, method.into(), call.limits())?.into())).await
    }

    /// The same for a renewal of the identity's certificate.
    ///
    /// # Errors
    /// As `Client.ask_renewal_challenge`, and `challenge`.
    #[uniffi::method(default(options = None))]
    pub async fn renewal_challenge(
        &self,
        client: Arc<Client>,
        signing_key: String,
        identity: Arc<Identity>,
        options: Option<CallOptions>,
    ) -> Result<Challenge> {
        let (requests, session) = (self.0.clone(), client.session());
        wait(options, move |call| Ok(requests.renewal_challenge(&session, &signing_key, identity.core(), call.limits())?.into())).await
    }

    /// The signing key of a request: made now, or by an earlier process that got no further. One that was made to attest another challenge, and has no
    /// certificate, makes room for a new one.
    ///
    /// # Errors
    /// `KeyExists` for a key that was not made here, or is certified; otherwise what the store says.
    #[uniffi::method(default(options = None))]
    pub async fn key(&self, store: Arc<dyn DeviceKeyStore>, name: String, spec: KeySpec, options: Option<CallOptions>) -> Result<KeyInfo> {
        let requests = self.0.clone();
        wait(options, move |call| Ok(requests.key(&HostKeys::new(store, call), &name, &spec.into())?.into())).await
    }

    /// Requests the certificate, as `Client.order_certificate` does, or goes on with an earlier request of the same key. What the person typed is in
    /// the journal, sealed, until the service has answered.
    ///
    /// # Errors
    /// As `Client.order_certificate`: after an error of the network or the login the request stays, and `resume` goes on; a refusal ends it, and the
    /// next one is by the same key. `WrongOrder` while another call is at work, or while a request of another key of that name is open.
    #[uniffi::method(default(options = None))]
    pub async fn order(
        &self,
        client: Arc<Client>,
        store: Arc<dyn DeviceKeyStore>,
        order: CertificateOrder,
        options: Option<CallOptions>,
    ) -> Result<Requested> {
        let (requests, session) = (self.0.clone(), client.session());
        wait(options, move |call| {
            let keys = KeptKeys::new(store, call);
            Ok(order.lend(|order| requests.order(&session, &keys, order, call.limits()))?.into())
        })
        .await
    }

    /// Renews the identity's certificate, as `Client.renew_certificate` does, or goes on with an earlier renewal under the same key.
    ///
    /// # Errors
    /// As `Client.renew_certificate`, and `order`.
    #[uniffi::method(default(options = None))]
    pub async fn renew(
        &self,
        client: Arc<Client>,
        store: Arc<dyn DeviceKeyStore>,
        identity: Arc<Identity>,
        signing_key: KeyInfo,
        challenge: String,
        options: Option<CallOptions>,
    ) -> Result<Requested> {
        let (requests, session) = (self.0.clone(), client.session());
        wait(options, move |call| {
            let (keys, key) = (KeptKeys::new(store, call), signing_key.try_into()?);
            Ok(requests.renew(&session, &keys, identity.core(), &key, &challenge, call.limits())?.into())
        })
        .await
    }

    /// Goes on where an earlier process stopped; no key is asked, and nothing is typed. Nothing where nothing was signed yet. Once the app has kept the
    /// identity, it closes the request.
    ///
    /// # Errors
    /// What the service or the network says; after a refusal the key has no request any more. `WrongOrder` while another call is at work.
    #[uniffi::method(default(options = None))]
    pub async fn resume(&self, client: Arc<Client>, signing_key: String, options: Option<CallOptions>) -> Result<Option<Requested>> {
        let (requests, session) = (self.0.clone(), client.session());
        wait(options, move |call| Ok(requests.resume(&session, &signing_key, call.limits())?.map(Requested::from))).await
    }

    /// After the call the journal no longer has that request: the app has the identity, or gave up. What the service has issued it has issued: whoever
    /// gives up a request that was made resumes it first, and revokes what comes of it.
    ///
    /// # Errors
    /// `RecordNotFound`; `WrongOrder` while another call is at work; `OutputUnwritable`.
    pub fn close_request(&self, signing_key: &str) -> Result<()> {
        guard(|| Ok(self.0.close(signing_key)?))
    }
}
