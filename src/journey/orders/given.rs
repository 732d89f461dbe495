//! The room `journey`: what a host gives to the journal: orders, each with its document and key, and lists of them. Takes and gives values; decides nothing.

use super::entry::OrderMode;
use crate::crypto::PublicKey;
use crate::crypto::digest::{DigestAlgorithm, Hasher, hex};
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::journey::input::Input;
use crate::journey::session::Session;
use crate::journey::sign::{SignOptions, SigningKey};
use crate::sign::SignatureRequest;
use std::path::Path;

/// Most documents of one approval: more than a person can have looked at.
pub(super) const MAX_LIST: usize = 1000;

/// What to do about a key that was asked for this order before without its answer being known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unanswered {
    /// Ends with [`ErrorKind::OrderUnanswered`].
    #[default]
    Refuse,
    /// The person was asked and agrees: the key is asked once more, over the same bytes.
    AskAgain,
}

/// The service that prepares and files an order's document.
#[derive(Clone, Copy)]
pub struct SubmitTo<'s> {
    /// The person's session.
    pub session: &'s Session,
    /// The credential at the service that belongs to the key.
    pub credential_id: &'s str,
    /// The file's name for the service; no folders.
    pub file_name: &'s str,
}

/// What is to be signed, once.
#[derive(Clone, Copy)]
pub struct SigningOrder<'o> {
    /// The host's own id: document, id and key together name the order for ever.
    pub id: &'o str,
    /// The document.
    pub input: &'o Input,
    /// Where the signed document goes; not the input's own file.
    pub target: &'o Path,
    /// What is asked for.
    pub request: &'o SignatureRequest,
    /// Whose key signs.
    pub key: SigningKey<'o>,
    /// How the document is opened, checked and raised.
    pub options: SignOptions<'o>,
    /// The text that the person agreed to, for the order's evidence record.
    pub consent: Option<&'o str>,
    /// Who prepares the document; `None`: this device.
    pub submit_to: Option<SubmitTo<'o>>,
    /// Whether the key may be asked where it was asked before.
    pub unanswered: Unanswered,
    /// The name of an order of the same id and document that was prepared for a key which is no more: this order takes its place. Where that key has
    /// answered, its answer counts, and this order's key is not asked.
    pub in_place_of: Option<&'o str>,
}

impl<'o> SigningOrder<'o> {
    /// An order for this device to prepare, of a key that may be asked once.
    #[must_use]
    pub fn new(id: &'o str, input: &'o Input, target: &'o Path, request: &'o SignatureRequest, key: SigningKey<'o>) -> SigningOrder<'o> {
        let (options, unanswered) = (SignOptions::default(), Unanswered::Refuse);
        SigningOrder { id, input, target, request, key, options, consent: None, submit_to: None, unanswered, in_place_of: None }
    }

    pub(super) fn mode(&self) -> OrderMode {
        if self.submit_to.is_some() { OrderMode::Submit } else { OrderMode::Device }
    }
}

/// Names an ordered list of documents by their SHA-256 digests: SHA-256 over `thrivosign list 1`, a zero byte, and the digests one after the other.
#[must_use]
pub fn list_digest(documents: &[[u8; 32]]) -> [u8; 32] {
    let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
    hasher.update(b"thrivosign list 1\0");
    for document in documents {
        hasher.update(document);
    }
    hasher.finish().try_into().unwrap_or_default()
}

/// The order's name, each part of a length that is known or last.
pub(super) fn name_of(document: &[u8; 32], id: &str, key: &PublicKey) -> String {
    let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
    for part in [&b"thrivosign order 1\0"[..], document, &key.sha256(), id.as_bytes()] {
        hasher.update(part);
    }
    hex(&hasher.finish())
}
