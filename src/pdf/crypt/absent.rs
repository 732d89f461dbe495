//! The PDF room: a build without `encrypted-pdf`. No encryption can be unlocked, so there is no value of this type.

use super::{Cipherment, Direction, Filter, Permissions};
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::object::{Dictionary, ObjectId};

pub(super) enum Cipher {}

impl Cipher {
    pub(super) fn unlock(_encrypt: &Dictionary, _first_id: &[u8], _password: Option<&[u8]>) -> Result<Cipher> {
        Err(Error::new(ErrorKind::EncryptionUnsupported).context("this build reads no encrypted documents"))
    }

    pub(super) fn apply(&self, _filter: Filter<'_>, _id: ObjectId, _bytes: Vec<u8>, _direction: Direction) -> Result<Vec<u8>> {
        match *self {}
    }

    pub(super) fn cipherment(&self, _filter: Filter<'_>) -> Result<Cipherment> {
        match *self {}
    }

    pub(super) fn encrypts_metadata(&self) -> bool {
        match *self {}
    }

    pub(super) fn is_owner(&self) -> bool {
        match *self {}
    }

    pub(super) fn permissions(&self) -> Permissions {
        match *self {}
    }

    pub(super) fn method(&self) -> String {
        match *self {}
    }
}
