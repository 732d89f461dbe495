//! Signing with a key at hand: what is asked for, whose key, how the document is opened.

use crate::cancel::CallOptions;
use crate::document::Document;
use crate::error::Result;
use crate::host_keys::HostKeys;
use crate::identity::SigningIdentity;
use crate::key::DeviceKeyStore;
use crate::output::{Output, SignedDocument};
use crate::secret::Secret;
use crate::waiting::wait;
use std::sync::Arc;
use thrivosign::appearance::Appearance;
use thrivosign::host::clock;
use thrivosign::journey::sign as journey;
use thrivosign::pdf::Rect;
use thrivosign::{Error, ErrorKind, Time, sign as core};

/// Where the signature shows.
#[derive(Clone, Copy, Debug, PartialEq, uniffi::Enum)]
pub enum Placement {
    /// Nowhere. A field that exists keeps the box it has.
    Invisible,
    /// In a box on a page. A field that exists keeps the box it has. In points (1/72 inch unless the page says otherwise) from the lower left
    /// corner of the page as a reader sees it.
    Visible {
        /// The page, counted from 1.
        page: i32,
        /// Left edge.
        x0: f64,
        /// Lower edge.
        y0: f64,
        /// Right edge.
        x1: f64,
        /// Upper edge.
        y1: f64,
    },
}

/// One signature to be made.
#[derive(Clone, Debug, Default, PartialEq, uniffi::Record)]
pub struct SignatureRequest {
    /// Fully qualified name of the field; a signature field of that name is signed in place, otherwise a new one is made. Absent: a new field,
    /// `Signature1` or the next free number.
    #[uniffi(default = None)]
    pub field: Option<String>,
    /// Where it shows; nowhere if absent.
    #[uniffi(default = None)]
    pub placement: Option<Placement>,
    /// Why.
    #[uniffi(default = None)]
    pub reason: Option<String>,
    /// Where.
    #[uniffi(default = None)]
    pub location: Option<String>,
    /// How to reach the signer.
    #[uniffi(default = None)]
    pub contact: Option<String>,
    /// The signer's name; viewers read it from the certificate if absent.
    #[uniffi(default = None)]
    pub name: Option<String>,
    /// The time the signer claims, in seconds since 1970-01-01T00:00:00Z; now, by the machine's clock, if absent.
    #[uniffi(default = None)]
    pub time: Option<i64>,
    /// The lines of a visible signature; if absent: signer, time, and what is given of reason and location.
    #[uniffi(default = None)]
    pub lines: Option<Vec<String>>,
    /// Bytes reserved beyond what certificates and signature need; 0 if absent.
    #[uniffi(default = None)]
    pub extra_room: Option<i32>,
}

impl SignatureRequest {
    pub(crate) fn into_core(self) -> Result<core::SignatureRequest, Error> {
        let wrong = |what: &'static str| Error::new(ErrorKind::InvalidArgument).context(what);
        let placement = match self.placement {
            None | Some(Placement::Invisible) => core::Placement::Invisible,
            Some(Placement::Visible { page, x0, y0, x1, y1 }) => core::Placement::Visible {
                page: u32::try_from(page).map_err(|_| Error::new(ErrorKind::PageNotFound))?,
                rect: Rect::new(x0, y0, x1, y1),
            },
        };
        Ok(core::SignatureRequest {
            field: self.field,
            placement,
            reason: self.reason,
            location: self.location,
            contact: self.contact,
            name: self.name,
            appearance: self.lines.map_or_else(Appearance::default, Appearance::lines),
            extra_room: usize::try_from(self.extra_room.unwrap_or(0)).map_err(|_| wrong("the extra room is negative"))?,
            ..core::SignatureRequest::new(self.time.map_or_else(clock::now, Time::from_unix))
        })
    }
}

/// Whose key signs, and where it lives.
#[derive(Clone, uniffi::Record)]
pub struct SigningKey {
    /// The key store.
    pub store: Arc<dyn DeviceKeyStore>,
    /// The key's name in it.
    pub name: String,
    /// The certificates of that key, and the algorithm.
    pub identity: Arc<SigningIdentity>,
}

impl SigningKey {
    /// The key in one call.
    pub(crate) fn keys(&self, call: &Arc<crate::call::Call>) -> HostKeys {
        HostKeys::new(self.store.clone(), call)
    }

    pub(crate) fn core<'k>(&'k self, keys: &'k HostKeys) -> journey::SigningKey<'k> {
        journey::SigningKey { store: keys, name: &self.name, identity: self.identity.core() }
    }
}

/// How the document is opened and checked.
#[derive(Clone, Default, uniffi::Record)]
pub struct SignOptions {
    /// The document's user or owner password.
    #[uniffi(default = None)]
    pub password: Option<Arc<Secret>>,
    /// Reads the whole finished file again to check it, earlier signatures included, instead of the new revision alone.
    #[uniffi(default = false)]
    pub full_recheck: bool,
    /// SHA-256 of the bytes that the person was shown: another document is not signed.
    #[uniffi(default = None)]
    pub shown: Option<Vec<u8>>,
}

impl SignOptions {
    pub(crate) fn core(&self) -> Result<journey::SignOptions<'_>, Error> {
        let wrong = |_| Error::new(ErrorKind::InvalidArgument).context("a SHA-256 has 32 bytes");
        let shown = self.shown.as_deref().map(|sha256| <[u8; 32]>::try_from(sha256).map_err(wrong)).transpose()?;
        Ok(journey::SignOptions {
            password: self.password.as_ref().map(|secret| secret.bytes()),
            full_recheck: self.full_recheck,
            shown,
            ..journey::SignOptions::default()
        })
    }
}

/// Signs a document. After the call the whole signed document is where `output` says, and the library's verifier has accepted it; the bytes
/// of the document are its front. The key is asked once, last.
///
/// # Errors
/// What makes the document or the request unusable (2xx, 3xx); the key's own (4xx); `OutputIsInput`, `OutputUnwritable`; `DocumentChanged` if
/// another document was shown, or it changed meanwhile; `Cancelled`, `TimedOut`. Nothing was handed over then.
#[uniffi::export(default(sign_options = None, options = None))]
pub async fn sign(
    document: Arc<Document>,
    output: Output,
    request: SignatureRequest,
    key: SigningKey,
    sign_options: Option<SignOptions>,
    options: Option<CallOptions>,
) -> Result<SignedDocument> {
    wait(options, move |call| {
        let (sign_options, request) = (sign_options.unwrap_or_default(), request.into_core()?);
        let (input, keys) = (document.input(call), key.keys(call));
        let (signed, bytes) = output.fill(call, |target| {
            call.watched(|watch| journey::sign(&input, target, &request, key.core(&keys), sign_options.core()?, call.limits(), watch))
        })?;
        Ok(SignedDocument::new(&signed, bytes))
    })
    .await
}
