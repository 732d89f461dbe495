//! Enrolment, from a new device to an identity that may sign: one call for each step that a person may stand between.

use crate::call::guard;
use crate::cancel::CallOptions;
use crate::client::Client;
use crate::credential::{Credential, RevocationReason};
use crate::device::{Device, RegisteredDevice};
use crate::error::Result;
use crate::host_keys::HostKeys;
use crate::identity::{Identity, PendingRequest};
use crate::key::{DeviceKeyStore, KeyInfo};
use crate::secret::Secret;
use crate::waiting::wait;
use std::sync::Arc;
use thrivosign::Error;
use thrivosign::enroll;
use thrivosign::journey::enrol as journey;
use thrivosign::remote::{activate_credential, certificate_challenge, register_device};

/// How a person proves who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum AuthenticationMethod {
    /// A one-time code by SMS or e-mail.
    Otp,
    /// The passphrase chosen at activation.
    Passphrase,
    /// A time-based code, RFC 6238.
    Totp,
    /// A reference to an identification made elsewhere.
    EkycReference,
}

impl From<AuthenticationMethod> for certificate_challenge::AuthenticationMethod {
    fn from(method: AuthenticationMethod) -> certificate_challenge::AuthenticationMethod {
        match method {
            AuthenticationMethod::Otp => certificate_challenge::AuthenticationMethod::Otp,
            AuthenticationMethod::Passphrase => certificate_challenge::AuthenticationMethod::Passphrase,
            AuthenticationMethod::Totp => certificate_challenge::AuthenticationMethod::Totp,
            AuthenticationMethod::EkycReference => certificate_challenge::AuthenticationMethod::EkycReference,
        }
    }
}

/// A challenge for one request of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Challenge {
    /// Good once.
    pub challenge: String,
    /// Seconds it is good for.
    pub expires_in: i64,
    /// Where the one-time code went, masked, for people.
    pub sent_to: Option<String>,
}

impl From<certificate_challenge::Challenge> for Challenge {
    fn from(told: certificate_challenge::Challenge) -> Challenge {
        Challenge { challenge: told.challenge, expires_in: seconds(told.expires_in), sent_to: told.sent_to }
    }
}

/// Who asks for a certificate; the service has the last word on the subject.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Subject {
    /// Name.
    pub name: String,
    /// ISO 3166 two-letter country.
    #[uniffi(default = None)]
    pub country: Option<String>,
    /// An opaque customer id, never a national one.
    #[uniffi(default = None)]
    pub serial_number: Option<String>,
}

/// What a certificate is asked for with.
#[derive(Clone, uniffi::Record)]
pub struct CertificateOrder {
    /// The registered device.
    pub device_uuid: String,
    /// The key that proves and answers, as its store knows it.
    pub authentication_key: KeyInfo,
    /// The key to be certified, as its store knows it.
    pub signing_key: KeyInfo,
    /// Who asks.
    pub subject: Subject,
    /// The challenge of `ask_challenge`.
    pub challenge: String,
    /// How the person proves who they are.
    pub method: AuthenticationMethod,
    /// The proof: the one-time code, the passphrase, the reference.
    pub value: Arc<Secret>,
    /// The certificate profile wanted.
    #[uniffi(default = None)]
    pub profile: Option<String>,
}

impl CertificateOrder {
    /// Lends the core's form of it to one call.
    pub(crate) fn lend<T>(self, call: impl FnOnce(journey::CertificateOrder<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let Subject { name, country, serial_number } = self.subject;
        call(journey::CertificateOrder {
            device_uuid: &self.device_uuid,
            authentication_key: &self.authentication_key.try_into()?,
            signing_key: &self.signing_key.try_into()?,
            subject: &journey::Subject { name, country, serial_number },
            challenge: &self.challenge,
            method: self.method.into(),
            value: self.value.to_core()?,
            profile: self.profile,
        })
    }
}

/// How a request for a certificate stands.
#[derive(Clone, uniffi::Enum)]
pub enum Requested {
    /// The certificate is there and checked; the identity is in the state the service told, `New` at first.
    Issued {
        /// What the device keeps.
        identity: Arc<Identity>,
    },
    /// An officer must approve; ask again with `ask_again`.
    Pending {
        /// What the device keeps meanwhile.
        request: Arc<PendingRequest>,
    },
}

impl From<journey::Requested> for Requested {
    fn from(requested: journey::Requested) -> Requested {
        match requested {
            journey::Requested::Issued(identity) => Requested::Issued { identity: Identity::wrap(identity) },
            journey::Requested::Pending(pending) => Requested::Pending { request: PendingRequest::wrap(pending) },
        }
    }
}

/// What an activation is answered with.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ActivationChallenge {
    /// Which credential.
    pub credential_id: String,
    /// On which device.
    pub device_uuid: String,
    /// Part of what the device signs; good once.
    pub challenge: String,
    /// Seconds it is good for.
    pub expires_in: i64,
}

fn seconds(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// What the attestation of an authentication key is bound to: the device and the activation code that was sent to the person. For `KeySpec`, where the
/// service takes only devices whose key is proven; 32 bytes.
///
/// # Errors
/// `InvalidUtf8` for a code that is no text.
#[uniffi::export]
pub fn device_attestation_challenge(device_uuid: &str, activation_code: Arc<Secret>) -> Result<Vec<u8>> {
    guard(|| Ok(register_device::attestation_challenge(device_uuid, &activation_code.to_core()?).to_vec()))
}

#[uniffi::export]
impl Client {
    /// After the call a device activation code is on its way to the user.
    ///
    /// # Errors
    /// What the service or the network says.
    #[uniffi::method(default(options = None))]
    pub async fn send_device_code(&self, options: Option<CallOptions>) -> Result<()> {
        let session = self.session();
        wait(options, move |call| journey::send_device_code(&session, call.limits())).await
    }

    /// After the call the device is registered with its authentication key, which was asked once.
    ///
    /// # Errors
    /// `KeyNotPermitted` for another kind of key; `UserAuthenticationFailed` for a wrong code; `DeviceRefused`; otherwise what the key store,
    /// the service or the network says.
    #[uniffi::method(default(options = None))]
    pub async fn register_device(
        &self,
        store: Arc<dyn DeviceKeyStore>,
        authentication_key: KeyInfo,
        device: Device,
        activation_code: Arc<Secret>,
        options: Option<CallOptions>,
    ) -> Result<RegisteredDevice> {
        let session = self.session();
        wait(options, move |call| {
            let device = journey::Device { uuid: device.uuid, name: device.name, platform: device.platform };
            let (keys, key) = (HostKeys::new(store, call), authentication_key.try_into()?);
            Ok(journey::register_device(&session, &keys, &key, &device, activation_code.to_core()?, call.limits())?.into())
        })
        .await
    }

    /// After the call the service no longer knows the device, and its credentials are back at `New`.
    ///
    /// # Errors
    /// What the service or the network says.
    #[uniffi::method(default(options = None))]
    pub async fn delete_device(&self, device_uuid: String, options: Option<CallOptions>) -> Result<()> {
        let session = self.session();
        wait(options, move |call| journey::delete_device(&session, &device_uuid, call.limits())).await
    }

    /// A challenge for one request; where the method is a one-time code, the code is on its way.
    ///
    /// # Errors
    /// What the service or the network says.
    #[uniffi::method(default(options = None))]
    pub async fn ask_challenge(
        &self,
        device_uuid: String,
        method: AuthenticationMethod,
        options: Option<CallOptions>,
    ) -> Result<Challenge> {
        let session = self.session();
        wait(options, move |call| Ok(journey::ask_challenge(&session, &device_uuid, method.into(), call.limits())?.into())).await
    }

    /// Requests the certificate. The signing key was asked once; its signature was checked before anything was sent.
    ///
    /// # Errors
    /// `KeyNotPermitted` for keys in the wrong role; `UserAuthenticationFailed` with the tries left; `ChallengeRefused`; `CertificateRefused`
    /// with the problem's name; `IssuedCertificateRefused` if what came back is not for this key; otherwise what the key store, the service or
    /// the network says.
    #[uniffi::method(default(options = None))]
    pub async fn order_certificate(
        &self,
        store: Arc<dyn DeviceKeyStore>,
        order: CertificateOrder,
        options: Option<CallOptions>,
    ) -> Result<Requested> {
        let session = self.session();
        wait(options, move |call| {
            let keys = HostKeys::new(store, call);
            Ok(order.lend(|order| journey::order_certificate(&session, &keys, order, call.limits()))?.into())
        })
        .await
    }

    /// Asks whether a pending request was approved.
    ///
    /// # Errors
    /// `CertificateRefused` if it was rejected; otherwise as `order_certificate`.
    #[uniffi::method(default(options = None))]
    pub async fn ask_again(&self, request: Arc<PendingRequest>, options: Option<CallOptions>) -> Result<Requested> {
        let session = self.session();
        wait(options, move |call| Ok(journey::ask_again(&session, request.core().clone(), call.limits())?.into())).await
    }

    /// Begins the activation; a one-time code is on its way to the person.
    ///
    /// # Errors
    /// `BadAnswer` if the challenge is for another credential or device; what the service or the network says.
    #[uniffi::method(default(options = None))]
    pub async fn begin_activation(&self, identity: Arc<Identity>, options: Option<CallOptions>) -> Result<ActivationChallenge> {
        let session = self.session();
        wait(options, move |call| {
            let told = journey::begin_activation(&session, identity.core(), call.limits())?;
            Ok(ActivationChallenge {
                credential_id: told.credential_id,
                device_uuid: told.device_uuid,
                challenge: told.challenge,
                expires_in: seconds(told.expires_in),
            })
        })
        .await
    }

    /// Ends the activation with the code that the person typed. After the call the identity returned is in the state the service told. The
    /// authentication key was asked once. If the answer is lost, `learn_state` says how it ended.
    ///
    /// # Errors
    /// `AuthorizationDenied` for a wrong code; `RecordNotFound` for an unknown credential; `KeyNotPermitted`; otherwise what the key store, the
    /// service or the network says.
    #[uniffi::method(default(options = None))]
    pub async fn finish_activation(
        &self,
        store: Arc<dyn DeviceKeyStore>,
        identity: Arc<Identity>,
        challenge: ActivationChallenge,
        code: Arc<Secret>,
        options: Option<CallOptions>,
    ) -> Result<Arc<Identity>> {
        let session = self.session();
        wait(options, move |call| {
            let challenge = activate_credential::ActivationChallenge {
                credential_id: challenge.credential_id,
                device_uuid: challenge.device_uuid,
                challenge: challenge.challenge,
                expires_in: u64::try_from(challenge.expires_in).unwrap_or(0),
            };
            let (keys, identity) = (HostKeys::new(store, call), identity.core());
            Ok(Identity::wrap(journey::finish_activation(&session, &keys, identity, &challenge, code.to_core()?, call.limits())?))
        })
        .await
    }

    /// All credentials of the user.
    ///
    /// # Errors
    /// What the service or the network says.
    #[uniffi::method(default(options = None))]
    pub async fn list_credentials(&self, options: Option<CallOptions>) -> Result<Vec<Credential>> {
        let session = self.session();
        wait(options, move |call| Ok(journey::list_credentials(&session, call.limits())?.into_iter().map(Credential::from).collect())).await
    }

    /// The same identity in the state that the service tells now.
    ///
    /// # Errors
    /// `RecordNotFound` if the service has no such credential; `IssuedCertificateRefused` if it lists another certificate under its id;
    /// otherwise what the service or the network says.
    #[uniffi::method(default(options = None))]
    pub async fn learn_state(&self, identity: Arc<Identity>, options: Option<CallOptions>) -> Result<Arc<Identity>> {
        let session = self.session();
        wait(options, move |call| {
            let learned: enroll::Identity = journey::learn_state(&session, identity.core(), call.limits())?;
            Ok(Identity::wrap(learned))
        })
        .await
    }

    /// After the call the certificate is revoked for good; revoking it again is no error.
    ///
    /// # Errors
    /// What the service or the network says.
    #[uniffi::method(default(options = None))]
    pub async fn revoke(&self, credential_id: String, reason: RevocationReason, options: Option<CallOptions>) -> Result<()> {
        let session = self.session();
        wait(options, move |call| journey::revoke(&session, &credential_id, reason.into(), call.limits())).await
    }
}
