//! The user's signature image, kept by the service for the visible signatures that it prepares.

use crate::cancel::CallOptions;
use crate::client::Client;
use crate::error::Result;
use crate::waiting::wait;
use thrivosign::journey::signature_image;

#[uniffi::export]
impl Client {
    /// After the call the service has that picture of the user's, a PNG or JPEG file of at most 512 KiB and 4,000,000 pixels, in place of any other.
    /// `submit` and `signInPackage` show it where the request's `Appearance.image` is the same file.
    ///
    /// # Errors
    /// `InvalidArgument` if it is no such picture; what the service or the network says, so for every function here.
    #[uniffi::method(default(options = None))]
    pub async fn set_signature_image(&self, file: Vec<u8>, options: Option<CallOptions>) -> Result<()> {
        let session = self.session();
        wait(options, move |call| signature_image::set(&session, &file, call.limits()).map(|_| ())).await
    }

    /// The file of the picture that the service has of the user's, checked to be one: for `Appearance.image`, once the person has seen it.
    ///
    /// # Errors
    /// `RecordNotFound` if there is none; `BadAnswer` if what there is is no picture.
    #[uniffi::method(default(options = None))]
    pub async fn signature_image(&self, options: Option<CallOptions>) -> Result<Vec<u8>> {
        let session = self.session();
        wait(options, move |call| signature_image::file(&session, call.limits())).await
    }

    /// After the call the service has no picture of the user's; it is no error if it had none.
    ///
    /// # Errors
    /// What the service or the network says.
    #[uniffi::method(default(options = None))]
    pub async fn remove_signature_image(&self, options: Option<CallOptions>) -> Result<()> {
        let session = self.session();
        wait(options, move |call| signature_image::remove(&session, call.limits())).await
    }
}
