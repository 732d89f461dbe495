//! Packages, that is agreements that several people sign in order: their owner makes, fills and shares them, a recipient sees what waits, brings the
//! document, and signs it or says no.

use crate::agreement::Submitted;
use crate::cancel::CallOptions;
use crate::client::Client;
use crate::document::Document;
use crate::error::Result;
use crate::identity::Identity;
use crate::key::DeviceKeyStore;
use crate::output::Output;
use crate::package::{PackageDocument, PackageRecipient, PackageView, SigningPackage, order_in, place_in};
use crate::placement::Placement;
use crate::sign::{SignOptions, SignatureRequest, SigningKey};
use crate::waiting::wait;
use std::collections::HashMap;
use std::sync::Arc;
use thrivosign::journey::packages as core;
use thrivosign::journey::submit::Submission;
use thrivosign::{Error, ErrorKind};

/// Who is asked for a signature, and for which.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct AskedSignature {
    /// The name that the person logs in with.
    pub user: String,
    /// The document of the package.
    pub document_id: String,
    /// From 1; whoever has a lower one signs before, and those of the same in any order.
    #[uniffi(default = 1)]
    pub order: i32,
    /// The form field; the recipient's choice if absent.
    #[uniffi(default = None)]
    pub field: Option<String>,
    /// The box, `Visible`; the recipient's choice if absent.
    #[uniffi(default = None)]
    pub placement: Option<Placement>,
}

#[uniffi::export]
impl Client {
    /// The user's packages of that kind, the newest first.
    ///
    /// # Errors
    /// What the service or the network says; so for every function here.
    #[uniffi::method(default(options = None))]
    pub async fn list_packages(&self, view: PackageView, options: Option<CallOptions>) -> Result<Vec<SigningPackage>> {
        let session = self.session();
        wait(options, move |call| Ok(core::list(&session, view.into(), call.limits())?.into_iter().map(SigningPackage::from).collect()))
            .await
    }

    /// Where a package stands.
    ///
    /// # Errors
    /// `RecordNotFound` for one that is not the user's to see.
    #[uniffi::method(default(options = None))]
    pub async fn package_status(&self, package_id: String, options: Option<CallOptions>) -> Result<SigningPackage> {
        let session = self.session();
        wait(options, move |call| Ok(core::status(&session, &package_id, call.limits())?.into())).await
    }

    /// Brings a document of a package to `output`. After the call it is there: the very bytes whose SHA-256 the package named. Gives them where
    /// `output` is memory.
    ///
    /// # Errors
    /// `DocumentChanged` if it is no longer that document: somebody signed it meanwhile. A file or memory is then as it was.
    #[uniffi::method(default(options = None))]
    pub async fn fetch_from_package(
        &self,
        document: PackageDocument,
        output: Output,
        options: Option<CallOptions>,
    ) -> Result<Option<Vec<u8>>> {
        let session = self.session();
        wait(options, move |call| {
            let document = document.into_core()?;
            let fetched =
                output.fill(call, |target| call.watched(|watch| core::fetch_to(&session, &document, target, call.limits(), watch)))?;
            Ok(fetched.1)
        })
        .await
    }

    /// Signs what is asked of the user in a package, where it is asked: as `submit`, but of a document that the service holds. `document` has the
    /// bytes that the person saw; the device checks what the service prepared against them. The key was asked once.
    ///
    /// # Errors
    /// As `submit`; `ServiceRefused` out of turn, `DocumentRefused` in another place than was asked.
    #[expect(clippy::too_many_arguments, reason = "each is another noun; a record for one call would only rename them")]
    #[uniffi::method(default(sign_options = None, options = None))]
    pub async fn sign_in_package(
        &self,
        asked: PackageRecipient,
        document: Arc<Document>,
        output: Output,
        request: SignatureRequest,
        store: Arc<dyn DeviceKeyStore>,
        identity: Arc<Identity>,
        sign_options: Option<SignOptions>,
        options: Option<CallOptions>,
    ) -> Result<Submitted> {
        let session = self.session();
        let key = SigningKey { store, name: identity.signing_key(), identity: identity.signing_identity()? };
        wait(options, move |call| {
            let (sign_options, request, asked) = (sign_options.unwrap_or_default(), request.into_core()?, asked.into_core()?);
            let (input, keys, opening) = (document.input(call), key.keys(call), sign_options.opening()?);
            let raise = opening.raise();
            let submission = Submission {
                credential_id: identity.core().credential_id(),
                // The service has its name.
                file_name: "",
                request: &request,
                key: key.core(&keys),
                options: opening.core(&raise),
            };
            let (done, bytes) = output.fill(call, |target| {
                call.watched(|watch| core::sign_asked(&session, &asked, &input, target, &submission, call.limits(), watch))
            })?;
            Ok(Submitted::new(done, bytes))
        })
        .await
    }

    /// Says no in the user's turn, which ends the package for everybody; everybody reads the reason.
    ///
    /// # Errors
    /// `ServiceRefused` if it is not the user's turn.
    #[uniffi::method(default(options = None))]
    pub async fn decline_package(&self, package_id: String, reason: String, options: Option<CallOptions>) -> Result<SigningPackage> {
        let session = self.session();
        wait(options, move |call| Ok(core::decline(&session, &package_id, &reason, call.limits())?.into())).await
    }

    /// Makes an empty package, which ends by itself after so many seconds, or after a month.
    ///
    /// # Errors
    /// `InvalidArgument` for a negative number.
    #[uniffi::method(default(expires_in = None, options = None))]
    pub async fn create_package(&self, name: String, expires_in: Option<i64>, options: Option<CallOptions>) -> Result<SigningPackage> {
        let session = self.session();
        wait(options, move |call| {
            let wrong = |_| Error::new(ErrorKind::InvalidArgument).context("expires_in");
            let expires_in = expires_in.map(u64::try_from).transpose().map_err(wrong)?;
            Ok(core::create(&session, &name, expires_in, call.limits())?.into())
        })
        .await
    }

    /// Sends a document and puts it into the user's own package, the last of those in the answer. `file_name` has no folders.
    ///
    /// # Errors
    /// `DocumentChanged` if the service stored something else than was sent; `DocumentRefused`.
    #[uniffi::method(default(options = None))]
    pub async fn add_to_package(
        &self,
        package_id: String,
        document: Arc<Document>,
        file_name: String,
        options: Option<CallOptions>,
    ) -> Result<SigningPackage> {
        let session = self.session();
        wait(options, move |call| {
            let input = document.input(call);
            Ok(call.watched(|watch| core::add_document(&session, &package_id, &input, &file_name, call.limits(), watch))?.into())
        })
        .await
    }

    /// Asks a person for a signature in the user's own package.
    ///
    /// # Errors
    /// `ServiceRefused` once the package was shared; `InvalidArgument` for a place that is no box on a page.
    #[uniffi::method(default(options = None))]
    pub async fn assign_in_package(
        &self,
        package_id: String,
        asked: AskedSignature,
        options: Option<CallOptions>,
    ) -> Result<SigningPackage> {
        let session = self.session();
        wait(options, move |call| {
            let place = place_in(asked.field, asked.placement)?;
            let asked = core::Asked { user: &asked.user, order: order_in(asked.order)?, document_id: &asked.document_id, place };
            Ok(core::assign(&session, &package_id, &asked, call.limits())?.into())
        })
        .await
    }

    /// Fills text fields of a document of the user's own draft, by their fully qualified names; line ends are `\n`. All of them have their values after the
    /// call, or after an error none: appended to the document as an update, each drawn.
    ///
    /// # Errors
    /// `DocumentRefused` if a field does not take its value, or somebody has signed: `problem` says why; `ServiceRefused` once the package was shared.
    #[uniffi::method(default(options = None))]
    pub async fn fill_in_package(
        &self,
        package_id: String,
        document_id: String,
        values: HashMap<String, String>,
        options: Option<CallOptions>,
    ) -> Result<SigningPackage> {
        let session = self.session();
        wait(options, move |call| {
            let mut values: Vec<_> = values.iter().map(|(field, text)| (field.as_str(), text.as_str())).collect();
            values.sort_unstable();
            Ok(core::fill(&session, &package_id, &document_id, &values, call.limits())?.into())
        })
        .await
    }

    /// After the call the user's own package can no longer be changed, and the first recipients have their turn.
    ///
    /// # Errors
    /// `ServiceRefused` if a document of it has nobody to sign it.
    #[uniffi::method(default(options = None))]
    pub async fn share_package(&self, package_id: String, options: Option<CallOptions>) -> Result<SigningPackage> {
        let session = self.session();
        wait(options, move |call| Ok(core::share(&session, &package_id, call.limits())?.into())).await
    }

    /// Takes the user's own package back; everybody reads the reason.
    ///
    /// # Errors
    /// `ServiceRefused` if everybody has signed.
    #[uniffi::method(default(options = None))]
    pub async fn cancel_package(&self, package_id: String, reason: String, options: Option<CallOptions>) -> Result<SigningPackage> {
        let session = self.session();
        wait(options, move |call| Ok(core::cancel(&session, &package_id, &reason, call.limits())?.into())).await
    }
}
