//! The PDF room: encryption (ISO 32000-2 7.6). Takes an `/Encrypt` dictionary and a password, gives strings and streams in the clear.

use super::object::{Dictionary, Object, ObjectId};
use crate::error::{Error, ErrorKind, Result};

/// An unlocked encryption.
pub struct Crypt {
    never: std::convert::Infallible,
}

impl Crypt {
    /// Opens with the password (`None`: the empty user password).
    ///
    /// # Errors
    /// [`ErrorKind::EncryptionUnsupported`].
    pub fn unlock(_encrypt: &Object, _first_id: &[u8], _password: Option<&[u8]>) -> Result<Crypt> {
        Err(Error::new(ErrorKind::EncryptionUnsupported))
    }

    pub(super) fn sparing(self, _keep: Option<ObjectId>) -> Crypt {
        match self.never {}
    }

    pub(super) fn decrypt_strings(&self, _id: ObjectId, _object: &mut Object) -> Result<()> {
        match self.never {}
    }

    pub(super) fn decrypt_stream(&self, _id: ObjectId, _dict: &Dictionary, _stored: Vec<u8>) -> Result<Vec<u8>> {
        match self.never {}
    }

    /// Encrypts the strings of an object that is about to be written.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`].
    pub fn encrypt_strings(&self, _id: ObjectId, _object: &mut Object) -> Result<()> {
        match self.never {}
    }

    /// Encrypts a stream's stored bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`].
    pub fn encrypt_stream(&self, _id: ObjectId, _dict: &Dictionary, _stored: Vec<u8>) -> Result<Vec<u8>> {
        match self.never {}
    }
}
