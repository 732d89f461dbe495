//! A signature in two parts, with a pause between them that may outlive the process.

use crate::algorithm::SignatureAlgorithm;
use crate::call::{guard, now};
use crate::cancel::CallOptions;
use crate::document::Document;
use crate::error::Result;
use crate::identity::SigningIdentity;
use crate::output::{Output, SignedDocument};
use crate::secret::Secret;
use crate::sign::{SignOptions, SignatureRequest, SigningKey};
use crate::waiting::wait;
use std::sync::Arc;
use thrivosign::journey::deferred::{self, Paused};

/// A prepared document that waits for its signature value.
#[derive(uniffi::Object)]
pub struct Prepared(Paused);

#[uniffi::export]
impl Prepared {
    /// What `to_blob` gave for the same key. Without one, it can be completed, as everything is computed again then, but not signed.
    ///
    /// # Errors
    /// `PreparedMalformed`; `InvalidArgument` for an empty key.
    #[uniffi::constructor(default(key = None))]
    pub fn from_blob(blob: Vec<u8>, key: Option<Arc<Secret>>) -> Result<Arc<Prepared>> {
        guard(|| Ok(Arc::new(Prepared(Paused::from_blob(&blob, key.as_ref().map(|key| key.bytes()))?))))
    }

    /// As bytes; with a key, only its holders can change them unnoticed.
    ///
    /// # Errors
    /// `InvalidArgument` for an empty key; `WrongOrder` for a document that came from a blob without a key.
    #[uniffi::method(default(key = None))]
    pub fn to_blob(&self, key: Option<Arc<Secret>>) -> Result<Vec<u8>> {
        guard(|| Ok(self.0.to_blob(key.as_ref().map(|key| key.bytes()))?))
    }

    /// The message for the key: DER of the signed attributes. The key's side digests it.
    ///
    /// # Errors
    /// `WrongOrder` for a document that came from a blob without a key.
    pub fn message(&self) -> Result<Vec<u8>> {
        guard(|| Ok(self.0.message()?))
    }

    /// Digest of the document as it was before, by the algorithm's own digest: compare it with that of what was shown.
    ///
    /// # Errors
    /// As `message`.
    pub fn source_digest(&self) -> Result<Vec<u8>> {
        guard(|| Ok(self.0.source_digest()?.to_vec()))
    }

    /// The algorithm to sign with.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.0.algorithm().into()
    }

    /// Fully qualified name of the field.
    #[must_use]
    pub fn field(&self) -> String {
        self.0.field().to_owned()
    }

    /// Asks a key at hand, once, and checks its answer.
    ///
    /// # Errors
    /// `WrongOrder` for a document that came from a blob without a key; the key's own; `KeySignatureWrong`; `CertificateForeign`;
    /// `Cancelled`, `TimedOut`.
    #[uniffi::method(default(options = None))]
    pub async fn answer(self: Arc<Self>, key: SigningKey, options: Option<CallOptions>) -> Result<Vec<u8>> {
        wait(options, move |call| {
            let keys = key.keys(call);
            self.0.answer(key.core(&keys), call.limits())
        })
        .await
    }

    /// Completes the document with the key's answer. After the call the whole signed document is where `output` says, and the verifier has
    /// accepted it.
    ///
    /// # Errors
    /// `KeySignatureWrong` if document, blob and value do not belong together; `DocumentChanged` if the document is not what was prepared;
    /// otherwise as `sign`. The prepared document stays: it can be completed again, with the same answer.
    #[uniffi::method(default(sign_options = None, options = None))]
    pub fn complete(
        &self,
        value: Vec<u8>,
        document: &Document,
        output: Output,
        sign_options: Option<SignOptions>,
        options: Option<CallOptions>,
    ) -> Result<SignedDocument> {
        let sign_options = sign_options.unwrap_or_default();
        now(options, |call| {
            let (input, opening) = (document.input(call), sign_options.opening()?);
            let raise = opening.raise();
            let (signed, bytes) = output.fill(call, |target| {
                call.watched(|watch| deferred::complete(&self.0, &value, &input, target, opening.core(&raise), call.limits(), watch))
            })?;
            Ok(SignedDocument::new(&signed, bytes))
        })
    }
}

/// Prepares a document. No key is asked.
///
/// # Errors
/// What makes the document or the request unusable (2xx, 3xx); `DocumentChanged` if another document was shown; `Cancelled`, `TimedOut`.
#[uniffi::export(default(sign_options = None, options = None))]
pub fn prepare(
    document: &Document,
    request: SignatureRequest,
    identity: &SigningIdentity,
    sign_options: Option<SignOptions>,
    options: Option<CallOptions>,
) -> Result<Arc<Prepared>> {
    let sign_options = sign_options.unwrap_or_default();
    now(options, |call| {
        let (input, request, opening) = (document.input(call), request.into_core()?, sign_options.opening()?);
        let raise = opening.raise();
        let paused =
            call.watched(|watch| deferred::prepare(&input, &request, identity.core(), opening.core(&raise), call.limits(), watch))?;
        Ok(Arc::new(Prepared(paused)))
    })
}
