//! The demo's customer: a session with the server and a device with its key store, as a banking app would have them.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use thrivosign::crypto::KeyAlgorithm;
use thrivosign::enroll::Identity;
use thrivosign::journey::enrol::{self, CertificateOrder, Device, Requested, Subject};
use thrivosign::journey::sign::SigningKey;
use thrivosign::journey::{Environment, Limits, Session};
use thrivosign::key::file::FileKeyStore;
use thrivosign::key::{DeviceKeyStore, KeyInfo, KeyPurpose, KeySpec, Passphrase};
use thrivosign::net::{HttpsTransport, Options, Roots};
use thrivosign::remote::certificate_challenge::AuthenticationMethod;
use thrivosign::remote::secret::Secret;
use thrivosign::sign::SigningIdentity;
use thrivosign_server::Running;

pub(super) const USER: &str = "anna@example.org";
pub(super) const NAME: &str = "Anna Schmidt";
pub(super) const MOBILE: &str = "+491700000000";
/// Of the key store, which a demo makes and throws away: no secret.
pub(super) const PASSWORD_OF_STORE: &str = "a passphrase that only the demo uses";

/// Why the demo ended early.
pub(super) struct Failed(String);

impl Failed {
    pub(super) fn told(what: &str) -> Failed {
        Failed(what.to_owned())
    }
}

impl<E: std::error::Error> From<E> for Failed {
    fn from(error: E) -> Failed {
        Failed(error.to_string())
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person with a device.
pub(super) struct Customer<'s> {
    server: &'s Running,
    pub(super) session: Session,
    store: FileKeyStore,
    device: Device,
    pub(super) limits: Limits,
}

impl Customer<'_> {
    /// Trusts the server's own root and no other; the key store is new and unlocked.
    pub(super) fn new<'s>(server: &'s Running, folder: &Path) -> Result<Customer<'s>, Failed> {
        let mut options = Options::new(server.base());
        options.roots = Roots::from_pem(server.tls_root_pem().as_bytes())?;
        let api_key = server.api_key().ok_or_else(|| Failed::told("the server made no API key"))?;
        let session = Session::new(Arc::new(HttpsTransport::new(&options)?), Environment::new(Secret::new(api_key)))?;
        let store = FileKeyStore::open(folder)?;
        store.unlock(Passphrase::new(PASSWORD_OF_STORE))?;
        let device = Device { uuid: "demo-device".to_owned(), name: "Anna's device".to_owned(), platform: std::env::consts::OS.to_owned() };
        Ok(Customer { server, session, store, device, limits: Limits::default() })
    }

    /// The newest code in the outbox: what the person would read off the phone.
    fn code(&self) -> Result<Secret, Failed> {
        let code = self.server.outbox().and_then(|outbox| outbox.latest_code(MOBILE));
        Ok(Secret::new(code.ok_or_else(|| Failed::told("no code was sent"))?.as_str()))
    }

    /// Makes the authentication key and registers the device with it.
    pub(super) fn register(&self) -> Result<KeyInfo, Failed> {
        let key = self.store.create("authentication", &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Authentication))?;
        enrol::send_device_code(&self.session, &self.limits)?;
        enrol::register_device(&self.session, &self.store, &key, &self.device, self.code()?, &self.limits)?;
        Ok(key)
    }

    /// Makes a signing key of that name and has it certified.
    pub(super) fn certificate(&self, name: &str, authentication: &KeyInfo) -> Result<Identity, Failed> {
        let key = self.store.create(name, &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Signing))?;
        let challenge = enrol::ask_challenge(&self.session, &self.device.uuid, AuthenticationMethod::Otp, &self.limits)?;
        let order = CertificateOrder {
            device_uuid: &self.device.uuid,
            authentication_key: authentication,
            signing_key: &key,
            subject: &Subject { name: NAME.to_owned(), country: Some("DE".to_owned()), serial_number: None },
            challenge: &challenge.challenge,
            method: AuthenticationMethod::Otp,
            value: self.code()?,
            profile: None,
        };
        match enrol::order_certificate(&self.session, &self.store, order, &self.limits)? {
            Requested::Issued(identity) => Ok(identity),
            Requested::Pending(_) => Err(Failed::told("the certificate waits for an officer")),
        }
    }

    /// Answers the activation's challenge.
    pub(super) fn activate(&self, identity: &Identity) -> Result<Identity, Failed> {
        let challenge = enrol::begin_activation(&self.session, identity, &self.limits)?;
        Ok(enrol::finish_activation(&self.session, &self.store, identity, &challenge, self.code()?, &self.limits)?)
    }

    /// The certificates to sign with.
    pub(super) fn signer(&self, identity: &Identity) -> Result<SigningIdentity, Failed> {
        let key = self.store.info(identity.signing_key())?;
        Ok(SigningIdentity::for_key(&key.public_key, identity.chain(), None)?)
    }

    /// The key to sign with.
    pub(super) fn key<'k>(&'k self, identity: &'k Identity, signer: &'k SigningIdentity) -> SigningKey<'k> {
        SigningKey { store: &self.store, name: identity.signing_key(), identity: signer }
    }
}
