//! Signing with a key at hand: what is asked for, whose key, how the document is opened.

use crate::appearance::Appearance;
use crate::cancel::CallOptions;
use crate::document::Document;
use crate::error::Result;
use crate::extend::{Extension, Means};
use crate::host_keys::HostKeys;
use crate::identity::SigningIdentity;
use crate::key::DeviceKeyStore;
use crate::output::{Output, SignedDocument};
use crate::placement::{DocMdp, FieldLock, Placement};
use crate::preflight::{Damage, PreflightPolicy};
use crate::secret::Secret;
use crate::waiting::wait;
use std::sync::Arc;
use thrivosign::appearance;
use thrivosign::host::clock;
use thrivosign::journey::carried::Carried;
use thrivosign::journey::extend::Extending;
use thrivosign::journey::sign as journey;
use thrivosign::{Error, ErrorKind, Time, sign as core};

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
    /// The lines of a visible signature; if absent: what `appearance` says. Not beside a text there.
    #[uniffi(default = None)]
    pub lines: Option<Vec<String>>,
    /// Bytes reserved beyond what certificates and signature need; 0 if absent.
    #[uniffi(default = None)]
    pub extra_room: Option<i32>,
    /// Makes it a certification, and says what is allowed afterwards; an approval signature if absent.
    #[uniffi(default = None)]
    pub certification: Option<DocMdp>,
    /// Form fields that it locks. A field that exists keeps the lock it has.
    #[uniffi(default = None)]
    pub lock: Option<FieldLock>,
    /// What a visible signature looks like; signer, time, and what is given of reason and location, in a thin frame, if absent.
    #[uniffi(default = None)]
    pub appearance: Option<Appearance>,
}

impl SignatureRequest {
    pub(crate) fn into_core(self) -> Result<core::SignatureRequest, Error> {
        let wrong = |what: &'static str| Error::new(ErrorKind::InvalidArgument).context(what);
        let mut appearance = match self.appearance {
            Some(appearance) => appearance.into_core()?,
            None => appearance::Appearance::default(),
        };
        if let Some(lines) = self.lines {
            if appearance.text != appearance::Text::Usual {
                return Err(wrong("the text is given twice"));
            }
            appearance.text = appearance::Text::Lines(lines);
        }
        Ok(core::SignatureRequest {
            field: self.field,
            placement: self.placement.unwrap_or(Placement::Invisible).into_core()?,
            reason: self.reason,
            location: self.location,
            contact: self.contact,
            name: self.name,
            certification: self.certification.map(Into::into),
            lock: self.lock.map(Into::into),
            appearance,
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
    /// Looks the document over first, and stops with `PreflightRefused` where this policy does; no such look if absent. What was found is in the
    /// result.
    #[uniffi(default = None)]
    pub preflight: Option<PreflightPolicy>,
    /// What becomes of a damaged document; `Append` if absent.
    #[uniffi(default = None)]
    pub damage: Option<Damage>,
    /// How far the signature is raised once it is made, and with what; it stays at B-B if absent. A level that is not reached is no error: the
    /// result tells it, and `extend` can raise it later. Where the service files what it prepared, it raises the signature itself, and the trust
    /// of this is what the level is judged by.
    #[uniffi(default = None)]
    pub extension: Option<Extension>,
    /// Embeds a record of the signing in the document, before it is signed, so that the signature covers it; no record if absent. `SigningForbidden` for
    /// a document that is signed already, `ConformanceForbids` where its standard has no room for one (PDF/A-1, PDF/A-2), `InvalidArgument` for one that
    /// the service prepares.
    #[uniffi(default = None)]
    pub carry: Option<CarriedEvidence>,
}

/// What the record that a signature carries says beside what the library finds out itself: the document's digest, what the preflight found, the key.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct CarriedEvidence {
    /// The text that the person agreed to; whoever has the document can read it.
    #[uniffi(default = None)]
    pub consent: Option<String>,
}

/// The options of one call.
pub(crate) struct Opening<'o> {
    options: journey::SignOptions<'o>,
    policy: Option<core::PreflightPolicy>,
    means: Option<Means>,
}

impl Opening<'_> {
    /// What the signature is raised with, for [`Opening::core`] to point at.
    pub(crate) fn raise(&self) -> Option<Extending<'_>> {
        self.means.as_ref().map(Means::core)
    }

    /// As the core takes them.
    pub(crate) fn core<'a>(&'a self, raise: &'a Option<Extending<'a>>) -> journey::SignOptions<'a> {
        journey::SignOptions { preflight: self.policy.as_ref(), raise: raise.as_ref(), ..self.options }
    }

    /// The policy, if one was given.
    pub(crate) fn policy(&self) -> Option<&core::PreflightPolicy> {
        self.policy.as_ref()
    }
}

impl SignOptions {
    /// # Errors
    /// `InvalidArgument` for what is no SHA-256, no code of a finding, no limit; as [`Extension::means`].
    pub(crate) fn opening(&self) -> Result<Opening<'_>, Error> {
        let wrong = |_| Error::new(ErrorKind::InvalidArgument).context("a SHA-256 has 32 bytes");
        let shown = self.shown.as_deref().map(|sha256| <[u8; 32]>::try_from(sha256).map_err(wrong)).transpose()?;
        let options = journey::SignOptions {
            password: self.password.as_ref().map(|secret| secret.bytes()),
            full_recheck: self.full_recheck,
            shown,
            carry: self.carry.as_ref().map(|carry| Carried { consent: carry.consent.as_deref(), key: None }),
            damage: self.damage.map_or_else(|| Ok(Default::default()), Damage::core)?,
            ..journey::SignOptions::default()
        };
        let policy = self.preflight.as_ref().map(PreflightPolicy::core).transpose()?;
        Ok(Opening { options, policy, means: self.extension.clone().map(Extension::means).transpose()? })
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
        let (input, keys, opening) = (document.input(call), key.keys(call), sign_options.opening()?);
        let raise = opening.raise();
        let (signed, bytes) = output.fill(call, |target| {
            call.watched(|watch| journey::sign(&input, target, &request, key.core(&keys), opening.core(&raise), call.limits(), watch))
        })?;
        Ok(SignedDocument::new(&signed, bytes))
    })
    .await
}
