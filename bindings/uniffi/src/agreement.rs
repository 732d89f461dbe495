//! Documents that are signed and filed with the service: mode `device`, and mode `submit`.

use crate::cancel::CallOptions;
use crate::client::Client;
use crate::document::Document;
use crate::error::{ErrorDetail, Result, ThrivoSignError};
use crate::identity::Identity;
use crate::key::DeviceKeyStore;
use crate::output::{Output, SignedDocument};
use crate::sign::{SignOptions, SignatureRequest, SigningKey};
use crate::waiting::wait;
use std::sync::Arc;
use thrivosign::journey::{device, submit};
use thrivosign::remote::submit_agreement;

/// A document at the service.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Agreement {
    /// The document's id.
    pub document_id: String,
    /// SHA-256 of what was stored.
    pub sha256: Vec<u8>,
    /// Its size in bytes.
    pub size: i64,
    /// Its pages.
    pub pages: i64,
    /// Signatures in it.
    pub signatures: i64,
}

impl From<submit_agreement::Agreement> for Agreement {
    fn from(agreement: submit_agreement::Agreement) -> Agreement {
        Agreement {
            document_id: agreement.document_id,
            sha256: agreement.sha256.to_vec(),
            size: i64::try_from(agreement.size).unwrap_or(i64::MAX),
            pages: agreement.pages.into(),
            signatures: agreement.signatures.into(),
        }
    }
}

/// What became of the filing.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Filing {
    /// The service stored these very bytes.
    Filed {
        /// As the service knows it.
        agreement: Agreement,
    },
    /// It did not; `file_document` may be called with the output again, without another signature.
    Failed {
        /// Why.
        detail: ErrorDetail,
    },
}

/// A document that is signed, whatever became of its filing.
#[derive(Clone, uniffi::Record)]
pub struct DeviceSigned {
    /// The signature; the document is handed over.
    pub signed: SignedDocument,
    /// What became of the filing.
    pub filing: Filing,
}

/// A document that the service prepared and filed, and that the device signed and checked.
#[derive(Clone, uniffi::Record)]
pub struct Submitted {
    /// The document at the service.
    pub document_id: String,
    /// The signature at the service.
    pub signature_id: String,
    /// The signature; the document is handed over.
    pub signed: SignedDocument,
    /// Length of the output: that of the signed file, and of validation data that the service added behind.
    pub size: i64,
    /// SHA-256 of the output.
    pub sha256: Vec<u8>,
}

impl Submitted {
    pub(crate) fn new(done: submit::Submitted, bytes: Option<Vec<u8>>) -> Submitted {
        Submitted {
            document_id: done.document_id,
            signature_id: done.signature_id,
            signed: SignedDocument::new(&done.signed, bytes),
            size: i64::try_from(done.size).unwrap_or(i64::MAX),
            sha256: done.sha256.to_vec(),
        }
    }
}

#[uniffi::export]
impl Client {
    /// Signs as `sign` does, then files the result. After the call the document is where `output` says and has passed the library's own
    /// verifier; the key was asked once, before anything was sent. `file_name` has no folders.
    ///
    /// # Errors
    /// As `sign`: nothing was handed over and nothing was sent. What goes wrong with the filing is in the result.
    #[expect(clippy::too_many_arguments, reason = "each is another noun; a record for one call would only rename them")]
    #[uniffi::method(default(sign_options = None, options = None))]
    pub async fn sign_and_file(
        &self,
        document: Arc<Document>,
        output: Output,
        file_name: String,
        request: SignatureRequest,
        key: SigningKey,
        sign_options: Option<SignOptions>,
        options: Option<CallOptions>,
    ) -> Result<DeviceSigned> {
        let session = self.session();
        wait(options, move |call| {
            let (sign_options, request) = (sign_options.unwrap_or_default(), request.into_core()?);
            let (input, keys, limits, opening) = (document.input(call), key.keys(call), call.limits(), sign_options.opening()?);
            let raise = opening.raise();
            let (done, bytes) = output.fill(call, |target| {
                let (key, how) = (key.core(&keys), opening.core(&raise));
                call.watched(|watch| device::sign_and_file(&session, &input, target, &file_name, &request, key, how, limits, watch))
            })?;
            let filing = match done.filed {
                Ok(agreement) => Filing::Filed { agreement: agreement.into() },
                Err(error) => Filing::Failed { detail: ThrivoSignError::from(error).detail().clone() },
            };
            Ok(DeviceSigned { signed: SignedDocument::new(&done.signed, bytes), filing })
        })
        .await
    }

    /// Files a signed document. After the call the service has said that it stored these very bytes; filing the same bytes again is answered
    /// as the first time.
    ///
    /// # Errors
    /// `FiledDocumentRefused` if the service says that it stored something else; `DocumentRefused` if it does not take the document; otherwise
    /// what the service or the network says.
    #[uniffi::method(default(options = None))]
    pub async fn file_document(&self, document: Arc<Document>, file_name: String, options: Option<CallOptions>) -> Result<Agreement> {
        let session = self.session();
        wait(options, move |call| {
            let input = document.input(call);
            Ok(call.watched(|watch| device::file_document(&session, &input, &file_name, call.limits(), watch))?.into())
        })
        .await
    }

    /// Has the document prepared by the service, checks what came back, signs it with the identity's key and brings the filed document to
    /// `output`. After the call it is there: the document's bytes, the revision that was asked for, this device's signature, and behind them
    /// nothing but validation data; it has passed the library's own verifier. The key was asked once.
    ///
    /// # Errors
    /// `PreparedRevisionRefused` if what the service stored or prepared is not what was asked: the key was not used. `FiledDocumentRefused` if
    /// what it filed is not what was signed. As `sign`, before anything is sent; `InvalidArgument` for a request that this mode cannot carry.
    /// Otherwise what the service or the network says. In every case the output is as it was.
    #[expect(clippy::too_many_arguments, reason = "each is another noun; a record for one call would only rename them")]
    #[uniffi::method(default(sign_options = None, options = None))]
    pub async fn submit(
        &self,
        document: Arc<Document>,
        output: Output,
        file_name: String,
        request: SignatureRequest,
        store: Arc<dyn DeviceKeyStore>,
        identity: Arc<Identity>,
        sign_options: Option<SignOptions>,
        options: Option<CallOptions>,
    ) -> Result<Submitted> {
        let session = self.session();
        let key = SigningKey { store, name: identity.signing_key(), identity: identity.signing_identity()? };
        wait(options, move |call| {
            let (sign_options, request) = (sign_options.unwrap_or_default(), request.into_core()?);
            let (input, keys, opening) = (document.input(call), key.keys(call), sign_options.opening()?);
            let raise = opening.raise();
            let submission = submit::Submission {
                credential_id: identity.core().credential_id(),
                file_name: &file_name,
                request: &request,
                key: key.core(&keys),
                options: opening.core(&raise),
            };
            let (done, bytes) = output
                .fill(call, |target| call.watched(|watch| submit::submit(&session, &input, target, &submission, call.limits(), watch)))?;
            Ok(Submitted::new(done, bytes))
        })
        .await
    }
}
