//! The key room: the encrypted key file, versions 1 and 2. These forms never change; another one gets another version number. Version 2 is version 1 of a key that
//! was made to be backed up, and nothing but the number tells them apart: it is under the check value and the tag, as all in front of them.
//!
//! Takes a passphrase and a private key, gives the bytes of a file, and back. All numbers are big-endian.
//!
//! ```text
//! offset  length  content
//!      0      14  magic "thrivosign-key"
//!     14       2  version, 1; 2 of an exportable key
//!     16       4  Argon2id (RFC 9106, version 0x13) memory in KiB
//!     20       4  Argon2id passes
//!     24       4  Argon2id lanes
//!     28      16  salt
//!     44      16  check value
//!     60      12  nonce
//!     72       1  purpose: 1 authentication, 2 signing
//!     73       1  n, length of the name (1 to 64)
//!     74       n  name, UTF-8
//!                2  s, length of the public key
//!                s  public key, SubjectPublicKeyInfo DER
//!                2  c, length of the ciphertext, tag included
//!                c  AES-256-GCM of the PKCS#8 DER; everything before it is the associated data
//!               32  SHA-256 of everything before
//! ```
//!
//! Argon2id gives 64 bytes: the AES key, then the check key. The check value is the first half of HMAC-SHA-256 under the
//! check key over bytes 0 to 43. So three cases are told apart: the closing hash wrong is damage, found without the
//! passphrase and before any costly work; the hash right and the check value wrong is a wrong passphrase; both right and
//! the tag wrong is a file that somebody changed on purpose, which is damage again. Name, purpose and public key can be
//! read without the passphrase, and are authenticated as soon as the key is opened: a file renamed, or with the public key
//! of another, is damaged. The costs are bounded when read, so that a hostile file cannot ask for 100 GB or a week.

use super::{KeyPurpose, MAX_NAME, Passphrase, check_name};
use crate::crypto::PublicKey;
use crate::error::{Error, ErrorKind, Result};
use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes256Gcm, Nonce};
use argon2::{Algorithm, Argon2, Params, Version};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::ops::RangeInclusive;
use zeroize::Zeroizing;

const MAGIC: &[u8; 14] = b"thrivosign-key";
const VERSION: u16 = 1;
const VERSION_EXPORTABLE: u16 = 2;
const AUTHENTICATION: u8 = 1;
const SIGNING: u8 = 2;
const HASH: usize = 32;
const TAG: usize = 16;
/// Where the check value begins: it covers all before.
const CHECKED: usize = 44;

/// Longest file: an RSA-4096 key is under 4 KiB.
pub(super) const MAX_FILE: usize = 16 << 10;

const MEMORY_KIB: RangeInclusive<u32> = 8..=256 << 10;
const PASSES: RangeInclusive<u32> = 1..=16;
const LANES: RangeInclusive<u32> = 1..=16;

/// What one guess of the passphrase costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cost {
    pub(super) memory_kib: u32,
    pub(super) passes: u32,
    pub(super) lanes: u32,
}

/// 19 MiB, 2 passes, 1 lane: the least that OWASP advises for Argon2id, and bearable on a phone.
pub(super) const COST: Cost = Cost { memory_kib: 19 << 10, passes: 2, lanes: 1 };

/// What can be read without the passphrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clear {
    pub(super) name: String,
    pub(super) purpose: KeyPurpose,
    pub(super) public_key: PublicKey,
    /// Made to be backed up; never of a key that was not.
    pub(super) exportable: bool,
}

/// A whole file, taken apart, its closing hash checked.
pub(super) struct KeyFile<'a> {
    pub(super) clear: Clear,
    cost: Cost,
    salt: &'a [u8],
    check: &'a [u8],
    nonce: [u8; 12],
    /// Everything before the check value.
    checked: &'a [u8],
    /// Everything before the ciphertext.
    associated: &'a [u8],
    ciphertext: &'a [u8],
}

fn damaged(what: &'static str) -> Error {
    Error::new(ErrorKind::KeyFileDamaged).context(what)
}

/// Takes fields off the front of the file.
struct Fields<'a> {
    whole: &'a [u8],
    at: usize,
}

impl<'a> Fields<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8]> {
        let end = self.at.checked_add(len).ok_or_else(|| damaged("a length"))?;
        let field = self.whole.get(self.at..end).ok_or_else(|| damaged("the file is cut short"))?;
        self.at = end;
        Ok(field)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        <[u8; N]>::try_from(self.take(N)?).map_err(|_| damaged("a length"))
    }

    fn so_far(&self) -> &'a [u8] {
        self.whole.get(..self.at).unwrap_or_default()
    }
}

impl<'a> KeyFile<'a> {
    /// Takes a file apart. Costs next to nothing, whatever the file says.
    pub(super) fn read(file: &'a [u8]) -> Result<KeyFile<'a>> {
        if file.len() > MAX_FILE {
            return Err(damaged("the file is too long"));
        }
        let (body, hash) = file.split_last_chunk::<HASH>().ok_or_else(|| damaged("the file is cut short"))?;
        let mut fields = Fields { whole: body, at: 0 };
        if fields.take(MAGIC.len())? != MAGIC {
            return Err(damaged("not a key file"));
        }
        let exportable = match u16::from_be_bytes(fields.array()?) {
            VERSION => false,
            VERSION_EXPORTABLE => true,
            _ => return Err(damaged("another version of the format")),
        };
        if Sha256::digest(body).as_slice() != hash {
            return Err(damaged("the closing hash"));
        }
        let cost = Cost {
            memory_kib: u32::from_be_bytes(fields.array()?),
            passes: u32::from_be_bytes(fields.array()?),
            lanes: u32::from_be_bytes(fields.array()?),
        };
        if !MEMORY_KIB.contains(&cost.memory_kib)
            || !PASSES.contains(&cost.passes)
            || !LANES.contains(&cost.lanes)
            || cost.memory_kib < 8 * cost.lanes
        {
            return Err(damaged("the cost of the passphrase is out of bounds"));
        }
        let salt = fields.take(16)?;
        let checked = fields.so_far();
        let check = fields.take(16)?;
        let nonce = fields.array()?;
        let purpose = match fields.array::<1>()? {
            [AUTHENTICATION] => KeyPurpose::Authentication,
            [SIGNING] => KeyPurpose::Signing,
            _ => return Err(damaged("the purpose")),
        };
        let [len] = fields.array()?;
        let name = std::str::from_utf8(fields.take(len.into())?).map_err(|_| damaged("the name"))?;
        check_name(name).map_err(|_| damaged("the name"))?;
        let len = u16::from_be_bytes(fields.array()?);
        let public_key = PublicKey::from_spki_der(fields.take(len.into())?).map_err(|_| damaged("the public key"))?;
        let len = u16::from_be_bytes(fields.array()?);
        let associated = fields.so_far();
        let ciphertext = fields.take(len.into())?;
        if fields.at != body.len() || ciphertext.len() < TAG {
            return Err(damaged("the ciphertext"));
        }
        let clear = Clear { name: name.to_owned(), purpose, public_key, exportable };
        Ok(KeyFile { clear, cost, salt, check, nonce, checked, associated, ciphertext })
    }

    /// The PKCS#8 DER. Takes the time and memory that one guess of the passphrase is meant to cost.
    pub(super) fn open(&self, passphrase: &Passphrase) -> Result<Zeroizing<Vec<u8>>> {
        let keys = Keys::derive(passphrase, self.salt, self.cost)?;
        keys.check(self.checked)?.verify_truncated_left(self.check).map_err(|_| Error::new(ErrorKind::PassphraseWrong))?;
        let mut buffer = Zeroizing::new(self.ciphertext.to_vec());
        keys.cipher()?
            .decrypt_in_place(&Nonce::from(self.nonce), self.associated, &mut *buffer)
            .map_err(|_| damaged("the content was changed"))?;
        Ok(buffer)
    }
}

/// Random bytes for one file and never another.
pub(super) struct Fresh {
    pub(super) salt: [u8; 16],
    pub(super) nonce: [u8; 12],
}

/// The bytes of a file that holds `pkcs8`.
pub(super) fn seal(clear: &Clear, pkcs8: &[u8], passphrase: &Passphrase, cost: Cost, fresh: &Fresh) -> Result<Vec<u8>> {
    check_name(&clear.name)?;
    let short = |len: usize| u16::try_from(len).map_err(|_| Error::new(ErrorKind::KeyAlgorithmUnsupported));
    let mut file = Vec::new();
    file.extend_from_slice(MAGIC);
    file.extend_from_slice(&if clear.exportable { VERSION_EXPORTABLE } else { VERSION }.to_be_bytes());
    for number in [cost.memory_kib, cost.passes, cost.lanes] {
        file.extend_from_slice(&number.to_be_bytes());
    }
    file.extend_from_slice(&fresh.salt);
    let keys = Keys::derive(passphrase, &fresh.salt, cost)?;
    let check = keys.check(file.get(..CHECKED).unwrap_or_default())?.finalize().into_bytes();
    file.extend_from_slice(check.get(..16).unwrap_or_default());
    file.extend_from_slice(&fresh.nonce);
    file.push(match clear.purpose {
        KeyPurpose::Authentication => AUTHENTICATION,
        KeyPurpose::Signing => SIGNING,
    });
    debug_assert!(clear.name.len() <= MAX_NAME);
    file.push(u8::try_from(clear.name.len()).map_err(|_| Error::new(ErrorKind::InvalidArgument))?);
    file.extend_from_slice(clear.name.as_bytes());
    file.extend_from_slice(&short(clear.public_key.spki_der().len())?.to_be_bytes());
    file.extend_from_slice(clear.public_key.spki_der());
    file.extend_from_slice(&short(pkcs8.len().saturating_add(TAG))?.to_be_bytes());
    // Room for the tag beforehand: the buffer holds the plain key until it is encrypted, and must not be moved.
    let mut buffer = Zeroizing::new(Vec::with_capacity(pkcs8.len().saturating_add(TAG)));
    buffer.extend_from_slice(pkcs8);
    keys.cipher()?
        .encrypt_in_place(&Nonce::from(fresh.nonce), &file, &mut *buffer)
        .map_err(|_| Error::new(ErrorKind::Internal).context("encrypting a key"))?;
    file.extend_from_slice(&buffer);
    let hash = Sha256::digest(&file);
    file.extend_from_slice(&hash);
    Ok(file)
}

/// AES key and check key, side by side.
struct Keys(Zeroizing<[u8; 64]>);

impl Keys {
    fn derive(passphrase: &Passphrase, salt: &[u8], cost: Cost) -> Result<Keys> {
        let mut keys = Zeroizing::new([0; 64]);
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(64)).map_err(|_| damaged("the cost of the passphrase"))?;
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.as_bytes(), salt, &mut *keys)
            .map_err(|_| Error::new(ErrorKind::InvalidArgument).context("the passphrase is too long"))?;
        Ok(Keys(keys))
    }

    fn cipher(&self) -> Result<Aes256Gcm> {
        let (key, _) = self.0.split_at(32);
        Aes256Gcm::new_from_slice(key).map_err(|_| ErrorKind::Internal.into())
    }

    fn check(&self, checked: &[u8]) -> Result<Hmac<Sha256>> {
        let (_, key) = self.0.split_at(32);
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).map_err(|_| Error::new(ErrorKind::Internal))?;
        mac.update(checked);
        Ok(mac)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::KeyAlgorithm;
    use crate::key::software::SoftwareKey;

    /// As cheap as a file may be, so that thousands can be opened.
    const CHEAP: Cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };

    fn sample() -> (Vec<u8>, SoftwareKey, Passphrase) {
        let key = SoftwareKey::generate(KeyAlgorithm::P256).unwrap();
        let public_key = key.public_key().clone();
        let clear = Clear { name: "desk".to_owned(), purpose: KeyPurpose::Signing, public_key, exportable: false };
        let passphrase = Passphrase::new("correct horse");
        (seal(&clear, key.pkcs8(), &passphrase, CHEAP, &Fresh { salt: [1; 16], nonce: [2; 12] }).unwrap(), key, passphrase)
    }

    fn rehash(file: &mut [u8]) {
        let at = file.len() - HASH;
        let hash = Sha256::digest(&file[..at]);
        file[at..].copy_from_slice(&hash);
    }

    fn open(file: &[u8], passphrase: &Passphrase) -> Result<Zeroizing<Vec<u8>>> {
        KeyFile::read(file)?.open(passphrase)
    }

    #[test]
    fn there_and_back() {
        let (file, key, passphrase) = sample();
        assert_eq!(*open(&file, &passphrase).unwrap(), key.pkcs8());
        let clear = KeyFile::read(&file).unwrap().clear;
        assert_eq!((clear.name.as_str(), clear.purpose, &clear.public_key), ("desk", KeyPurpose::Signing, key.public_key()));
        for wrong in ["", "correct hors", "correct horse ", "Correct horse"] {
            assert_eq!(open(&file, &Passphrase::new(wrong)).map(drop).unwrap_err().kind(), ErrorKind::PassphraseWrong);
        }
        assert!(!file.windows(8).any(|window| {
            key.pkcs8().windows(8).any(|secret| secret == window && !key.public_key().spki_der().windows(8).any(|public| public == window))
        }));
    }

    #[test]
    fn the_layout_is_fixed() {
        let (file, key, _) = sample();
        assert_eq!(&file[..16], b"thrivosign-key\0\x01");
        assert_eq!(&file[16..28], &[0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 1]);
        assert_eq!(&file[72..78], b"\x02\x04desk");
        assert_eq!(&file[78..80], &[0, 91]);
        assert_eq!(&file[80..171], key.public_key().spki_der());
        assert_eq!(usize::from(file[171]) << 8 | usize::from(file[172]), key.pkcs8().len() + 16);
        assert_eq!(file.len(), 173 + key.pkcs8().len() + 16 + 32);
    }

    /// A file of version 1 as it was first written: whoever breaks this loses people their keys.
    #[test]
    fn the_first_file_still_opens() {
        use base64ct::Encoding;
        let text = "dGhyaXZvc2lnbi1rZXkAAQAATAAAAAACAAAAAffE6xKVHw6lOjB4yaIB8nA0I+PMMOAbEwzmHZTjCUKVTn/OhJHlZVgFkPEDAgRk\
         ZXNrAFswWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATkwsskPASKF9Odj4BCjOtQ3H8t2DrfMHmzdeAqG6gl59ONe/RV32ijMHqV\
         LDEJ6h1zoSxj7nYCFhjHQnynO9b/AJpKIHRAtzRmXFIfOCBg2dBRp3bV2GuUdFfJYJ92tasCptieeWOzEzfPuuzNTMSwbuU55DW4\
         yYbkRPE067iUrnSmuRqz8MY1fWcYcxGd+yGszze3qr6eHIK3bqm9NBpIlANg/1OtO1JVHbbMKvBdYdmEHg3JgvMrkJBjye6pguZF\
         +minEKqHAHgrEO9eSYR+Qco+d0NkgsJPkQqO9Lb27mIRH88KJbnfbfM4B7rpM52JwQpvGMOsyMdH81U=";
        let file = base64ct::Base64::decode_vec(text).unwrap();
        let parsed = KeyFile::read(&file).unwrap();
        assert_eq!((parsed.clear.name.as_str(), parsed.clear.purpose, parsed.cost), ("desk", KeyPurpose::Signing, COST));
        let key = SoftwareKey::from_owned(parsed.open(&Passphrase::new("correct horse")).unwrap()).unwrap();
        assert_eq!(*key.public_key(), parsed.clear.public_key);
        assert_eq!(parsed.open(&Passphrase::new("correct house")).map(drop).unwrap_err().kind(), ErrorKind::PassphraseWrong);
    }

    #[test]
    fn cut_at_each_length_it_is_damaged() {
        let (file, _, passphrase) = sample();
        for len in 0..file.len() {
            let mut cut = file[..len].to_vec();
            assert_eq!(open(&cut, &passphrase).map(drop).unwrap_err().kind(), ErrorKind::KeyFileDamaged, "{len}");
            if len >= HASH {
                rehash(&mut cut);
                assert!(open(&cut, &passphrase).is_err(), "{len}");
            }
        }
        let mut long = file.clone();
        long.insert(file.len() - HASH, 0);
        rehash(&mut long);
        assert_eq!(open(&long, &passphrase).map(drop).unwrap_err().kind(), ErrorKind::KeyFileDamaged);
    }

    #[test]
    fn with_each_byte_changed_it_is_never_accepted() {
        let (file, _, passphrase) = sample();
        for at in 0..file.len() {
            for change in [1_u8, 0x80] {
                let mut bad = file.clone();
                bad[at] ^= change;
                assert_eq!(open(&bad, &passphrase).map(drop).unwrap_err().kind(), ErrorKind::KeyFileDamaged, "{at}");
                // Somebody who changes the file on purpose repairs the hash.
                rehash(&mut bad);
                if at < file.len() - HASH {
                    let kind = open(&bad, &passphrase).map(drop).unwrap_err().kind();
                    let expected = if (16..60).contains(&at) { ErrorKind::PassphraseWrong } else { ErrorKind::KeyFileDamaged };
                    // Costs out of bounds and costs within are both possible in the first fields.
                    assert!(kind == expected || (at < 28 && kind == ErrorKind::KeyFileDamaged), "{at}: {kind:?}");
                }
            }
        }
    }

    #[test]
    fn hostile_costs_are_refused_before_they_are_paid() {
        let (file, _, passphrase) = sample();
        for (at, value) in [(16, u32::MAX), (16, 257 << 10), (16, 7), (20, 0), (20, 17), (20, u32::MAX), (24, 0), (24, 17), (24, 2)] {
            let mut bad = file.clone();
            bad[at..at + 4].copy_from_slice(&value.to_be_bytes());
            rehash(&mut bad);
            assert_eq!(open(&bad, &passphrase).map(drop).unwrap_err().kind(), ErrorKind::KeyFileDamaged, "{at} {value}");
        }
    }
}
