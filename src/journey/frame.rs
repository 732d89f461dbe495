//! The room `journey`: how a journal's record is laid out: the length of its head, the head in JSON, and the bytes that go with it. Takes both, gives one
//! record, and the other way round; knows nothing of what they say.

use crate::error::{Error, ErrorKind, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

pub(super) fn damaged() -> Error {
    Error::new(ErrorKind::JournalDamaged).context("a record makes no sense")
}

pub(super) fn framed(head: &impl Serialize, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let head = Zeroizing::new(serde_json::to_vec(head).map_err(|_| Error::new(ErrorKind::Internal))?);
    let length = u32::try_from(head.len()).map_err(|_| Error::new(ErrorKind::LimitReached))?;
    Ok(Zeroizing::new([&length.to_be_bytes()[..], &head, bytes].concat()))
}

/// # Errors
/// [`ErrorKind::JournalDamaged`] for what [`framed`] does not make.
pub(super) fn unframed<T: DeserializeOwned>(record: &[u8]) -> Result<(T, &[u8])> {
    let (length, rest) = record.split_first_chunk::<4>().ok_or_else(damaged)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| damaged())?;
    let (head, bytes) = rest.split_at_checked(length).ok_or_else(damaged)?;
    Ok((serde_json::from_slice(head).map_err(|_| damaged())?, bytes))
}
