//! The PDF room: the standard security handler (ISO 32000-2 7.6.4). Takes the `/Encrypt` dictionary and a password, gives a cipher per
//! crypt filter. lopdf derives the key and runs RC4 and AES; it is driven by a stub document that holds nothing but `/Encrypt`
//! and `/ID`. What lopdf would guess (an unknown filter as RC4, no method as no encryption) is refused here instead.

use super::{Cipherment, Direction, Filter, Permissions};
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::object::{Dictionary, Object, ObjectId};
use lopdf::encryption::crypt_filters::{Aes128CryptFilter, Aes256CryptFilter, CryptFilter, IdentityCryptFilter, Rc4CryptFilter};
use lopdf::encryption::{DecryptionError, PasswordAlgorithm};
use zeroize::Zeroizing;

pub(super) struct Cipher {
    key: Zeroizing<Vec<u8>>,
    named: Vec<(Vec<u8>, Method)>,
    strings: Method,
    streams: Method,
    embedded: Method,
    encrypt_metadata: bool,
    owner: bool,
    permissions: Permissions,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    Identity,
    Rc4,
    Aes128,
    Aes256,
}

impl Method {
    const fn filter(self) -> &'static dyn CryptFilter {
        match self {
            Method::Identity => &IdentityCryptFilter,
            Method::Rc4 => &Rc4CryptFilter,
            Method::Aes128 => &Aes128CryptFilter,
            Method::Aes256 => &Aes256CryptFilter,
        }
    }
}

fn unsupported(what: &'static str) -> Error {
    Error::new(ErrorKind::EncryptionUnsupported).context(what)
}

fn malformed() -> Error {
    Error::new(ErrorKind::PdfDamaged).context("the /Encrypt dictionary is malformed")
}

impl Cipher {
    pub(super) fn unlock(encrypt: &Dictionary, first_id: &[u8], password: Option<&[u8]>) -> Result<Cipher> {
        if encrypt.get(b"Filter").and_then(Object::as_name) != Some(b"Standard") {
            return Err(unsupported("a security handler other than Standard"));
        }
        let number = |key: &str| encrypt.get(key).and_then(Object::as_i64);
        let (version, revision) = (number("V").unwrap_or(0), number("R").ok_or_else(malformed)?);
        match (version, revision) {
            (1 | 2, 2 | 3) | (4, 4) | (5, 5 | 6) => {}
            _ => return Err(unsupported("this version of the standard security handler")),
        }
        let named = if version >= 4 { filters(encrypt)? } else { Vec::new() };
        let method = |key: &str, default: Method| match encrypt.get(key) {
            _ if version < 4 => Ok(Method::Rc4),
            None | Some(Object::Null) => Ok(default),
            Some(name) => lookup(&named, name.as_name().ok_or_else(malformed)?),
        };
        let strings = method("StrF", Method::Identity)?;
        let streams = method("StmF", Method::Identity)?;
        let embedded = method("EFF", streams)?;
        let document = stub(encrypt, version, revision, first_id);
        let algorithm = PasswordAlgorithm::try_from(&document).map_err(|_| malformed())?;
        let (key, owner) = derive(&document, &algorithm, revision, password)?;
        // /P is a signed 32-bit number; some writers print it unsigned.
        let bits = number("P").ok_or_else(malformed)? as u32;
        let encrypt_metadata = version < 4 || encrypt.get(b"EncryptMetadata").and_then(Object::as_bool).unwrap_or(true);
        Ok(Cipher { key, named, strings, streams, embedded, encrypt_metadata, owner, permissions: Permissions { bits, revision } })
    }

    pub(super) fn apply(&self, filter: Filter<'_>, id: ObjectId, bytes: Vec<u8>, direction: Direction) -> Result<Vec<u8>> {
        let method = self.method_of(filter)?;
        if method == Method::Identity {
            return Ok(bytes);
        }
        let failed = |_: DecryptionError| match direction {
            Direction::Encrypt => Error::new(ErrorKind::Internal).context("encryption"),
            Direction::Decrypt => Error::new(ErrorKind::PdfDamaged).context("encrypted data is malformed"),
        };
        let cipher = method.filter();
        let key = Zeroizing::new(cipher.compute_key(&self.key, (id.number, id.generation)).map_err(failed)?);
        match direction {
            Direction::Encrypt => cipher.encrypt(&key, &bytes),
            Direction::Decrypt => cipher.decrypt(&key, &bytes),
        }
        .map_err(failed)
    }

    fn method_of(&self, filter: Filter<'_>) -> Result<Method> {
        Ok(match filter {
            Filter::String => self.strings,
            Filter::Stream => self.streams,
            Filter::EmbeddedFile => self.embedded,
            Filter::Named(name) => lookup(&self.named, name)?,
        })
    }

    pub(super) fn cipherment(&self, filter: Filter<'_>) -> Result<Cipherment> {
        Ok(match self.method_of(filter)? {
            Method::Identity => Cipherment::Clear,
            Method::Rc4 => Cipherment::Bytes,
            Method::Aes128 | Method::Aes256 => Cipherment::Blocks,
        })
    }

    pub(super) const fn encrypts_metadata(&self) -> bool {
        self.encrypt_metadata
    }

    pub(super) const fn is_owner(&self) -> bool {
        self.owner
    }

    pub(super) const fn permissions(&self) -> Permissions {
        self.permissions
    }

    pub(super) fn method(&self) -> String {
        match self.streams {
            Method::Identity => "identity".to_owned(),
            Method::Rc4 => format!("rc4-{}", self.key.len() * 8),
            Method::Aes128 => "aes-128".to_owned(),
            Method::Aes256 => "aes-256".to_owned(),
        }
    }
}

/// `/CF`. A filter of unknown method is listed nowhere, so that using it is refused while merely having it is not.
fn filters(encrypt: &Dictionary) -> Result<Vec<(Vec<u8>, Method)>> {
    let mut named = Vec::new();
    let Some(filters) = encrypt.get(b"CF") else { return Ok(named) };
    for (name, filter) in filters.as_dict().ok_or_else(malformed)?.iter() {
        let method = match filter.as_dict().and_then(|dict| dict.get(b"CFM")).and_then(Object::as_name) {
            Some(b"V2") => Method::Rc4,
            Some(b"AESV2") => Method::Aes128,
            Some(b"AESV3") => Method::Aes256,
            _ => continue,
        };
        named.push((name.to_vec(), method));
    }
    Ok(named)
}

fn lookup(named: &[(Vec<u8>, Method)], name: &[u8]) -> Result<Method> {
    if name == b"Identity" {
        return Ok(Method::Identity);
    }
    named.iter().find(|(known, _)| known == name).map(|(_, method)| *method).ok_or_else(|| unsupported("a crypt filter"))
}

/// What lopdf derives the key from, and nothing else.
fn stub(encrypt: &Dictionary, version: i64, revision: i64, first_id: &[u8]) -> lopdf::Document {
    let mut dict = lopdf::Dictionary::new();
    dict.set("Filter", lopdf::Object::Name(b"Standard".to_vec()));
    dict.set("V", version);
    dict.set("R", revision);
    for key in ["O", "U", "OE", "UE", "Perms"] {
        if let Some(bytes) = encrypt.get(key).and_then(Object::as_string) {
            // Some writers pad /O and /U with zeros to the length that a later revision has.
            let length = if revision <= 4 { bytes.len().min(32) } else { bytes.len() };
            dict.set(key, lopdf::Object::String(bytes[..length].to_vec(), lopdf::StringFormat::Hexadecimal));
        }
    }
    if let Some(p) = encrypt.get(b"P").and_then(Object::as_i64) {
        dict.set("P", p);
    }
    if let Some(flag) = encrypt.get(b"EncryptMetadata").and_then(Object::as_bool) {
        dict.set("EncryptMetadata", flag);
    }
    // Only version 2 has a choice; elsewhere writers put bits, bytes or nonsense.
    if let (2, Some(length)) = (version, encrypt.get(b"Length").and_then(Object::as_i64)) {
        dict.set("Length", length);
    }
    let mut document = lopdf::Document::new();
    document.objects.insert((1, 0), lopdf::Object::Dictionary(dict));
    document.trailer.set("Encrypt", lopdf::Object::Reference((1, 0)));
    let id = lopdf::Object::String(first_id.to_vec(), lopdf::StringFormat::Hexadecimal);
    document.trailer.set("ID", lopdf::Object::Array(vec![id.clone(), id]));
    document
}

/// The file key, and whether the password was the owner's.
fn derive(
    document: &lopdf::Document,
    algorithm: &PasswordAlgorithm,
    revision: i64,
    password: Option<&[u8]>,
) -> Result<(Zeroizing<Vec<u8>>, bool)> {
    for candidate in spellings(algorithm, revision, password.unwrap_or_default()) {
        let owner = algorithm.authenticate_owner_password(document, &*candidate).is_ok();
        if !owner && algorithm.authenticate_user_password(document, &*candidate).is_err() {
            continue;
        }
        let resolved = algorithm.resolve_password_for_key_derivation(document, &*candidate).map(Zeroizing::new).map_err(|_| malformed())?;
        // A right password that yields no key: /Perms contradicts /P (7.6.4.4.11), somebody changed the permissions.
        let key = algorithm.compute_file_encryption_key(document, &*resolved).map(Zeroizing::new).map_err(|_| malformed())?;
        return Ok((key, owner));
    }
    Err(Error::new(if password.is_some() { ErrorKind::PasswordWrong } else { ErrorKind::PasswordRequired }))
}

/// The password as the revision spells it (PDFDocEncoding up to 4, SASLprep from 5 on), and as given, since not all writers convert.
fn spellings(algorithm: &PasswordAlgorithm, revision: i64, password: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    let mut spellings = vec![Zeroizing::new(password.to_vec())];
    let text = std::str::from_utf8(password).ok().filter(|text| !text.is_ascii());
    if let Some(text) = text
        && let Ok(spelt) = algorithm.sanitize_password(text).map(Zeroizing::new)
        // PDFDocEncoding drops what it lacks; a password of such characters must not turn into the empty one.
        && (revision > 4 || spelt.len() == text.chars().count())
    {
        spellings.insert(0, spelt);
    }
    spellings
}
