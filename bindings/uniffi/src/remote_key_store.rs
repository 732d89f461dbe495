//! Keys that the service holds (mode `remote`, CSC API): a key store like the others. What is signed is hashed here; the service gets the hash, and its
//! answer is checked under the credential's certificate.

use crate::algorithm::SignatureAlgorithm;
use crate::call::{Call, guard};
use crate::cancel::CallOptions;
use crate::client::Client;
use crate::enrol::AuthenticationMethod;
use crate::error::{Result, ThrivoSignError};
use crate::identity::SigningIdentity;
use crate::key::{Attestation, DeviceKeyStore, KeyInfo, KeySpec};
use crate::secret::Secret;
use crate::waiting::wait;
use std::sync::Arc;
use thrivosign::Error;
use thrivosign::journey::csc::{self, credential};
use thrivosign::key::DeviceKeyStore as _;
use thrivosign::remote::csc::credential_info::OtpType;

/// What the service wants to be shown before it uses a key.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct WantedFactors {
    /// Of which credential.
    pub credential_id: String,
    /// Whether it wants a PIN.
    pub pin: bool,
    /// Whether it wants a one-time code beside it.
    pub code: WantedCode,
}

/// The one-time code that the service wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum WantedCode {
    /// None.
    Nothing,
    /// One that has just been sent.
    Sent,
    /// One that the person's generator makes.
    Generated,
}

/// What the person shows.
#[derive(Clone, uniffi::Record)]
pub struct ShownFactors {
    /// The PIN.
    #[uniffi(default = None)]
    pub pin: Option<Arc<Secret>>,
    /// The one-time code.
    #[uniffi(default = None)]
    pub code: Option<Arc<Secret>>,
}

/// Asks the person. Called on the thread that signs, once for each signature, and not at all for a credential that a device approves.
#[uniffi::export(with_foreign)]
pub trait FactorSource: Send + Sync {
    /// What the person shows.
    ///
    /// # Errors
    /// `KeyCancelled` if they would not.
    fn ask(&self, wanted: WantedFactors) -> Result<ShownFactors, ThrivoSignError>;
}

/// The app's source as the core asks it.
struct Asked(Arc<dyn FactorSource>);

impl csc::Factors for Asked {
    fn ask(&self, wanted: &csc::Wanted) -> Result<csc::Shown, Error> {
        let code = match wanted.otp {
            None => WantedCode::Nothing,
            Some(OtpType::Online) => WantedCode::Sent,
            Some(OtpType::Offline) => WantedCode::Generated,
        };
        let wanted = WantedFactors { credential_id: wanted.credential_id.clone(), pin: wanted.pin, code };
        let shown = self.0.ask(wanted)?;
        let core = |secret: Option<Arc<Secret>>| secret.map(|secret| secret.to_core()).transpose();
        Ok(csc::Shown { pin: core(shown.pin)?, otp: core(shown.code)? })
    }
}

/// The user's credentials at the service as keys; a key's name is the credential's id. Its calls talk to the service and may wait for the person: call
/// it from a worker thread.
#[derive(uniffi::Object)]
pub struct RemoteKeyStore {
    store: csc::CscKeyStore,
    /// Its limits hold for every question to the service, which is asked in the middle of another call or of none.
    call: Arc<Call>,
}

impl RemoteKeyStore {
    fn asking<T>(&self, question: impl FnOnce() -> Result<T>) -> Result<T> {
        self.call.run(|_| question())
    }
}

#[uniffi::export]
impl RemoteKeyStore {
    /// A store over that session, which must be logged in when a key is used. `description` and `document_name` are what a device that is asked for its
    /// approval shows. `options` hold for everything that the store asks the service: its time for each call is for how long a person is waited for,
    /// and its time for the whole counts from now.
    ///
    /// # Errors
    /// `InvalidArgument` for a negative time.
    #[uniffi::constructor(default(description = None, document_name = None, options = None))]
    pub fn new(
        client: Arc<Client>,
        factors: Arc<dyn FactorSource>,
        description: Option<String>,
        document_name: Option<String>,
        options: Option<CallOptions>,
    ) -> Result<Arc<RemoteKeyStore>> {
        guard(|| {
            let call = Call::begin(options)?;
            let about = csc::About { description, document_name };
            let store = csc::CscKeyStore::new(client.session(), Arc::new(Asked(factors)), about, call.limits().clone());
            Ok(Arc::new(RemoteKeyStore { store, call }))
        })
    }

    /// Whose signature it will be: the credential's certificates, under the usual algorithm of that kind of key.
    ///
    /// # Errors
    /// `KeyNotFound`; what the service or the network says.
    pub fn identity(&self, credential_id: &str) -> Result<Arc<SigningIdentity>> {
        self.asking(|| SigningIdentity::of_leaf(&self.store.certificates(credential_id)?))
    }
}

#[uniffi::export]
impl DeviceKeyStore for RemoteKeyStore {
    fn create(&self, name: String, spec: KeySpec) -> Result<KeyInfo, ThrivoSignError> {
        self.asking(|| Ok(self.store.create(&name, &spec.into())?.into()))
    }

    fn info(&self, name: String) -> Result<KeyInfo, ThrivoSignError> {
        self.asking(|| Ok(self.store.info(&name)?.into()))
    }

    fn sign(&self, name: String, message: Vec<u8>, algorithm: SignatureAlgorithm) -> Result<Vec<u8>, ThrivoSignError> {
        self.asking(|| Ok(self.store.sign(&name, &message, &algorithm.try_into()?)?))
    }

    fn attest(&self, name: String, challenge: Vec<u8>) -> Result<Attestation, ThrivoSignError> {
        self.asking(|| Ok(self.store.attest(&name, &challenge)?.into()))
    }

    fn delete(&self, name: String) -> Result<(), ThrivoSignError> {
        self.asking(|| Ok(self.store.delete(&name)?))
    }

    fn list(&self) -> Result<Vec<KeyInfo>, ThrivoSignError> {
        self.asking(|| Ok(self.store.list()?.into_iter().map(KeyInfo::from).collect()))
    }
}

/// What is asked beside a remote credential's PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SecondFactor {
    /// Nothing.
    Nothing,
    /// A code that is sent to the person's phone.
    Sms,
    /// A code that the person's generator makes (RFC 6238).
    Totp,
}

/// Who asks for a remote credential, and how its key is to be used.
#[derive(Clone, uniffi::Record)]
pub struct RemoteOrder {
    /// The registered device; it approves each signature where there is no PIN.
    pub device_uuid: String,
    /// The challenge of `askChallenge`.
    pub challenge: String,
    /// How the person proves who they are.
    pub method: AuthenticationMethod,
    /// The proof: the one-time code, the passphrase.
    pub value: Arc<Secret>,
    /// The new credential's PIN, at least six characters, which each signature takes; without one the device approves each signature.
    #[uniffi(default = None)]
    pub pin: Option<Arc<Secret>>,
    /// What each signature takes beside the PIN.
    #[uniffi(default = None)]
    pub second_factor: Option<SecondFactor>,
}

/// A remote credential that was made.
#[derive(Clone, uniffi::Record)]
pub struct RemoteCredential {
    /// Its id, which is the key's name in a `RemoteKeyStore`.
    pub credential_id: String,
    /// The certificates, DER, its own first.
    pub certificates: Vec<Vec<u8>>,
    /// The secret of the person's generator, told this once, under `Totp`.
    pub totp_secret: Option<Arc<Secret>>,
}

#[uniffi::export]
impl Client {
    /// After the call the service has a new key of the user's, which it keeps, with a certificate that leads to an issuer.
    ///
    /// # Errors
    /// `InvalidArgument` for a second factor without a PIN; `IssuedCertificateRefused` if what came back is no chain; otherwise what the service or
    /// the network says.
    #[uniffi::method(default(options = None))]
    pub async fn request_remote_credential(&self, order: RemoteOrder, options: Option<CallOptions>) -> Result<RemoteCredential> {
        let session = self.session();
        wait(options, move |call: &Arc<Call>| {
            let otp = match order.second_factor {
                None | Some(SecondFactor::Nothing) => credential::SecondFactor::None,
                Some(SecondFactor::Sms) => credential::SecondFactor::Sms,
                Some(SecondFactor::Totp) => credential::SecondFactor::Totp,
            };
            let core = credential::RemoteOrder {
                device_uuid: &order.device_uuid,
                challenge: &order.challenge,
                method: order.method.into(),
                value: order.value.to_core()?,
                control: credential::Control::of(order.pin.map(|pin| pin.to_core()).transpose()?, otp)?,
            };
            let made = credential::request(&session, core, call.limits())?;
            Ok(RemoteCredential {
                credential_id: made.credential_id,
                certificates: made.certificates,
                totp_secret: made.totp_secret.map(|secret| Secret::wrap(secret.expose())),
            })
        })
        .await
    }
}
