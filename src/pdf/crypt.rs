//! The PDF room: encryption (ISO 32000-2 7.6). Takes an `/Encrypt` dictionary and a password, gives strings and streams in the clear
//! and takes them back encrypted. Key derivation and ciphers are lopdf's (feature `encrypted-pdf`); what they apply to is decided here.
//!
//! Never touched: cross-reference streams, the `/Encrypt` dictionary, a signature's `/Contents` (7.6.2), a `/Metadata` stream that is
//! declared to be in the clear, and what stands inside object streams (the container is encrypted, not each string in it).

#[cfg(feature = "encrypted-pdf")]
mod standard;
#[cfg(not(feature = "encrypted-pdf"))]
#[path = "crypt/absent.rs"]
mod standard;

use super::object::{Dictionary, Object, ObjectId};
use crate::error::Result;
use standard::Cipher;

/// Which crypt filter a piece of data is under.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "encrypted-pdf"), allow(dead_code, reason = "nothing is ever unlocked"))]
enum Filter<'a> {
    String,
    Stream,
    EmbeddedFile,
    Named(&'a [u8]),
}

/// What a cipher does to the length of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cipherment {
    /// Not encrypted.
    Clear,
    /// RC4: as many bytes as there were.
    #[cfg_attr(not(feature = "encrypted-pdf"), expect(dead_code, reason = "a build that reads no encrypted document meets no cipher"))]
    Bytes,
    /// AES: whole blocks of sixteen, the last of them padded.
    Blocks,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Encrypt,
    Decrypt,
}

/// What the document's author allows whoever opens it with the user password (ISO 32000-2 table 22). The owner may do everything;
/// nothing but good manners keeps a program to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permissions {
    bits: u32,
    revision: i64,
}

impl Permissions {
    /// `/P` as it stands.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.bits
    }

    const fn has(self, position: u32) -> bool {
        self.bits >> (position - 1) & 1 == 1
    }

    /// Bit 3: print.
    #[must_use]
    pub const fn print(self) -> bool {
        self.has(3)
    }

    /// Bit 4: modify the contents in ways that no other bit covers.
    #[must_use]
    pub const fn modify(self) -> bool {
        self.has(4)
    }

    /// Bit 5: copy text and graphics.
    #[must_use]
    pub const fn copy(self) -> bool {
        self.has(5)
    }

    /// Bit 6: add annotations and fill in form fields; with bit 4 also make form fields.
    #[must_use]
    pub const fn annotate(self) -> bool {
        self.has(6)
    }

    /// Bit 9, or bit 6: fill in existing form fields, and sign those that are for signatures.
    #[must_use]
    pub const fn fill_forms(self) -> bool {
        self.annotate() || self.revision > 2 && self.has(9)
    }

    /// Bits 4 and 6: make new form fields, signature fields among them.
    #[must_use]
    pub const fn create_fields(self) -> bool {
        self.modify() && self.annotate()
    }

    /// Bit 11: insert, turn and delete pages.
    #[must_use]
    pub const fn assemble(self) -> bool {
        self.modify() || self.revision > 2 && self.has(11)
    }
}

/// An unlocked encryption. The key is wiped when it is dropped.
pub struct Crypt {
    cipher: Cipher,
    keep: Option<ObjectId>,
}

impl Crypt {
    /// Opens with the user or owner password; `None` tries the empty one.
    ///
    /// # Errors
    /// [`ErrorKind::PasswordWrong`]; [`ErrorKind::PasswordRequired`] if none was given and the empty one does not open;
    /// [`ErrorKind::EncryptionUnsupported`] for anything but the standard security handler with RC4 or AES;
    /// [`ErrorKind::PdfDamaged`] if the dictionary is malformed.
    ///
    /// [`ErrorKind::PasswordWrong`]: crate::ErrorKind::PasswordWrong
    /// [`ErrorKind::PasswordRequired`]: crate::ErrorKind::PasswordRequired
    /// [`ErrorKind::EncryptionUnsupported`]: crate::ErrorKind::EncryptionUnsupported
    /// [`ErrorKind::PdfDamaged`]: crate::ErrorKind::PdfDamaged
    pub fn unlock(encrypt: &Object, first_id: &[u8], password: Option<&[u8]>) -> Result<Crypt> {
        static NONE: Dictionary = Dictionary::new();
        let cipher = Cipher::unlock(encrypt.as_dict().unwrap_or(&NONE), first_id, password)?;
        Ok(Crypt { cipher, keep: None })
    }

    /// The same, leaving object `keep` alone: the `/Encrypt` dictionary itself.
    pub(super) fn sparing(self, keep: Option<ObjectId>) -> Crypt {
        Crypt { keep, ..self }
    }

    /// Whether the password given was the owner's.
    #[must_use]
    pub fn is_owner(&self) -> bool {
        self.cipher.is_owner()
    }

    /// What the user password allows.
    #[must_use]
    pub fn permissions(&self) -> Permissions {
        self.cipher.permissions()
    }

    /// Cipher and key length of the streams, such as `aes-256`; `identity` if they are not encrypted.
    #[must_use]
    pub fn method(&self) -> String {
        self.cipher.method()
    }

    /// `/R`: 2 to 4 are MD5 with RC4 or AES-128, 5 and 6 are AES-256.
    #[must_use]
    pub fn revision(&self) -> i64 {
        self.cipher.permissions().revision
    }

    pub(super) fn decrypt_strings(&self, id: ObjectId, object: &mut Object) -> Result<()> {
        self.strings(id, object, Direction::Decrypt)
    }

    pub(super) fn decrypt_stream(&self, id: ObjectId, dict: &Dictionary, stored: Vec<u8>) -> Result<Vec<u8>> {
        self.stream(id, dict, stored, Direction::Decrypt)
    }

    /// Encrypts the strings of an object that is about to be written under that number.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`](crate::ErrorKind::Internal).
    pub fn encrypt_strings(&self, id: ObjectId, object: &mut Object) -> Result<()> {
        self.strings(id, object, Direction::Encrypt)
    }

    /// Encrypts a stream's stored bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`](crate::ErrorKind::Internal).
    pub fn encrypt_stream(&self, id: ObjectId, dict: &Dictionary, stored: Vec<u8>) -> Result<Vec<u8>> {
        self.stream(id, dict, stored, Direction::Encrypt)
    }

    /// Every string of the object, by an explicit stack: the parser bounds the depth, and this keeps a host's small stack out of it.
    fn strings(&self, id: ObjectId, object: &mut Object, direction: Direction) -> Result<()> {
        if self.keep == Some(id) || object.as_stream().is_some_and(|stream| stream.dict.is_type(b"XRef")) {
            return Ok(());
        }
        let mut open = vec![object];
        while let Some(object) = open.pop() {
            match object {
                Object::String(string) => {
                    string.bytes = self.cipher.apply(Filter::String, id, std::mem::take(&mut string.bytes), direction)?;
                }
                Object::Array(items) => open.extend(items),
                Object::Dictionary(dict) => open.extend(encrypted_values(dict)),
                Object::Stream(stream) => open.extend(encrypted_values(&mut stream.dict)),
                _ => {}
            }
        }
        Ok(())
    }

    fn stream(&self, id: ObjectId, dict: &Dictionary, stored: Vec<u8>, direction: Direction) -> Result<Vec<u8>> {
        match self.filter_of(dict) {
            Some(filter) => self.cipher.apply(filter, id, stored, direction),
            None => Ok(stored),
        }
    }

    /// What a stream with that dictionary is under; `None`: nothing.
    fn filter_of<'a>(&self, dict: &'a Dictionary) -> Option<Filter<'a>> {
        if dict.is_type(b"XRef") {
            return None;
        }
        match crypt_filter(dict) {
            Some(name) => Some(Filter::Named(name)),
            None if dict.is_type(b"Metadata") && !self.cipher.encrypts_metadata() => None,
            None if dict.is_type(b"EmbeddedFile") => Some(Filter::EmbeddedFile),
            None => Some(Filter::Stream),
        }
    }

    /// What the cipher does to the length of a stream with that dictionary.
    ///
    /// # Errors
    /// [`ErrorKind::EncryptionUnsupported`](crate::ErrorKind::EncryptionUnsupported).
    pub(super) fn cipherment(&self, dict: &Dictionary) -> Result<Cipherment> {
        self.filter_of(dict).map_or(Ok(Cipherment::Clear), |filter| self.cipher.cipherment(filter))
    }
}

/// The values whose strings are under encryption: all but the `/Contents` of a signature, which the digest leaves out and which every
/// reader must find as it stands (ISO 32000-2 7.6.2).
fn encrypted_values(dict: &mut Dictionary) -> impl Iterator<Item = &mut Object> {
    let signature = dict.get(b"ByteRange").is_some();
    let spared: Vec<bool> = dict.iter().map(|(key, _)| signature && key == b"Contents").collect();
    dict.values_mut().zip(spared).filter(|(_, spared)| !spared).map(|(value, _)| value)
}

/// The filter that a stream names for itself: `/Crypt` as its first filter, with `/Identity` if it names none (7.4.10).
fn crypt_filter(dict: &Dictionary) -> Option<&[u8]> {
    let first = |key: &[u8]| match dict.get(key) {
        Some(Object::Array(items)) => items.first(),
        other => other,
    };
    (first(b"Filter").and_then(Object::as_name) == Some(b"Crypt")).then_some(())?;
    let name = first(b"DecodeParms").and_then(Object::as_dict).and_then(|parms| parms.get(b"Name")).and_then(Object::as_name);
    Some(name.unwrap_or(b"Identity"))
}

#[cfg(all(test, feature = "encrypted-pdf"))]
mod tests;
