//! What a device keeps about its certificate, what it keeps while it waits for one, and certificates to sign with.

use crate::algorithm::SignatureAlgorithm;
use crate::call::guard;
use crate::error::Result;
use std::sync::Arc;
use thrivosign::journey::enrol;
use thrivosign::pki::Certificate;
use thrivosign::pki::pem::certificates_from_pem;
use thrivosign::{Error, ErrorKind, enroll, sign};

/// Where a certificate stands at the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum IdentityState {
    /// Issued, not yet activated; also after its device was revoked.
    New,
    /// May sign.
    Activated,
    /// Revoked for good.
    Cancelled,
}

impl From<enroll::IdentityState> for IdentityState {
    fn from(state: enroll::IdentityState) -> IdentityState {
        match state {
            enroll::IdentityState::Activated => IdentityState::Activated,
            enroll::IdentityState::Cancelled => IdentityState::Cancelled,
            _ => IdentityState::New,
        }
    }
}

/// A certificate of this device, with the names of its keys. Nothing in it is secret; it does not change.
#[derive(uniffi::Object)]
pub struct Identity(enroll::Identity);

impl Identity {
    pub(crate) fn wrap(identity: enroll::Identity) -> Arc<Identity> {
        Arc::new(Identity(identity))
    }

    pub(crate) fn core(&self) -> &enroll::Identity {
        &self.0
    }
}

#[uniffi::export]
impl Identity {
    /// From the JSON form.
    ///
    /// # Errors
    /// `ConfigMalformed` for anything that `to_json` does not write, another version included.
    #[uniffi::constructor]
    pub fn from_json(json: &str) -> Result<Arc<Identity>> {
        guard(|| Ok(Identity::wrap(enroll::Identity::from_json(json.as_bytes())?)))
    }

    /// The JSON form, version 1, to be kept by the app.
    ///
    /// # Errors
    /// `Internal`, which should not occur.
    pub fn to_json(&self) -> Result<String> {
        text(self.0.to_json()?)
    }

    /// The certificate's identifier at the service.
    #[must_use]
    pub fn credential_id(&self) -> String {
        self.0.credential_id().to_owned()
    }

    /// The device that holds the keys.
    #[must_use]
    pub fn device_uuid(&self) -> String {
        self.0.device_uuid().to_owned()
    }

    /// The state as last told.
    #[must_use]
    pub fn state(&self) -> IdentityState {
        self.0.state().into()
    }

    /// Name of the signing key in its store.
    #[must_use]
    pub fn signing_key(&self) -> String {
        self.0.signing_key().to_owned()
    }

    /// Name of the authentication key in its store.
    #[must_use]
    pub fn authentication_key(&self) -> String {
        self.0.authentication_key().to_owned()
    }

    /// When the signer's certificate ends, in seconds since 1970-01-01T00:00:00Z: a month before it is time to renew.
    ///
    /// # Errors
    /// `Internal`, which should not occur.
    pub fn not_after(&self) -> Result<i64> {
        Ok(self.0.not_after().ok_or_else(|| Error::new(ErrorKind::Internal))?.unix())
    }

    /// The certificates, DER, the signer's first; never empty.
    #[must_use]
    pub fn certificates(&self) -> Vec<Vec<u8>> {
        self.0.chain().iter().map(|certificate| certificate.der().to_vec()).collect()
    }

    /// The certificates to sign with, under the usual algorithm of that kind of key.
    ///
    /// # Errors
    /// As [`SigningIdentity::from_certificates`].
    pub fn signing_identity(&self) -> Result<Arc<SigningIdentity>> {
        guard(|| SigningIdentity::of_leaf(self.0.chain()))
    }
}

/// A request that waits for an officer's approval. Nothing secret; to be kept by whoever waits, over a restart of the app too.
#[derive(uniffi::Object)]
pub struct PendingRequest(enrol::PendingRequest);

impl PendingRequest {
    pub(crate) fn wrap(pending: enrol::PendingRequest) -> Arc<PendingRequest> {
        Arc::new(PendingRequest(pending))
    }

    pub(crate) fn core(&self) -> &enrol::PendingRequest {
        &self.0
    }
}

#[uniffi::export]
impl PendingRequest {
    /// From the JSON form.
    ///
    /// # Errors
    /// `ConfigMalformed` for anything that `to_json` does not write, another version included.
    #[uniffi::constructor]
    pub fn from_json(json: &str) -> Result<Arc<PendingRequest>> {
        guard(|| Ok(PendingRequest::wrap(enrol::PendingRequest::from_json(json.as_bytes())?)))
    }

    /// The JSON form, version 1, to be kept by the app.
    ///
    /// # Errors
    /// `Internal`, which should not occur.
    pub fn to_json(&self) -> Result<String> {
        text(self.0.to_json()?)
    }

    /// The request's id at the service.
    #[must_use]
    pub fn request_id(&self) -> String {
        self.0.request_id.clone()
    }

    /// Seconds after which to ask again.
    #[must_use]
    pub fn retry_after(&self) -> i64 {
        i64::try_from(self.0.retry_after).unwrap_or(i64::MAX)
    }
}

/// The signer's certificate, its issuers, and the algorithm the key will use.
#[derive(uniffi::Object)]
pub struct SigningIdentity(sign::SigningIdentity);

impl SigningIdentity {
    pub(crate) fn core(&self) -> &sign::SigningIdentity {
        &self.0
    }

    pub(crate) fn of_leaf(certificates: &[Certificate]) -> Result<Arc<SigningIdentity>> {
        let leaf = certificates.first().ok_or_else(|| Error::new(ErrorKind::ChainBroken))?;
        Ok(Arc::new(SigningIdentity(sign::SigningIdentity::for_key(leaf.public_key(), certificates, None)?)))
    }
}

#[uniffi::export]
impl SigningIdentity {
    /// From certificates (DER), the signer's first, its issuers in any order.
    ///
    /// # Errors
    /// `CertificateMalformed`; `ChainBroken` without a certificate; `KeyAlgorithmUnsupported`, `AlgorithmUnsupported` for its key.
    #[uniffi::constructor]
    pub fn from_certificates(certificates: Vec<Vec<u8>>) -> Result<Arc<SigningIdentity>> {
        guard(|| {
            let read = certificates.iter().map(|der| Certificate::from_der(der)).collect::<Result<Vec<_>, Error>>()?;
            SigningIdentity::of_leaf(&read)
        })
    }

    /// From the certificates of a PEM file, the signer's first.
    ///
    /// # Errors
    /// `PemMalformed`; otherwise as `from_certificates`.
    #[uniffi::constructor]
    pub fn from_pem(pem: Vec<u8>) -> Result<Arc<SigningIdentity>> {
        guard(|| SigningIdentity::of_leaf(&certificates_from_pem(&pem)?))
    }

    /// The certificates, DER, the signer's first.
    #[must_use]
    pub fn certificates(&self) -> Vec<Vec<u8>> {
        self.0.chain().iter().map(|certificate| certificate.der().to_vec()).collect()
    }

    /// The algorithm.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.0.algorithm().into()
    }
}

fn text(json: Vec<u8>) -> Result<String> {
    String::from_utf8(json).map_err(|_| ErrorKind::Internal.into())
}
