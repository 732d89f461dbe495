//! The C border: a key store of the host's, behind a table of callbacks. Takes what the host answers, believes no size and no number of it, and
//! gives the core's trait.

use crate::key_enums::{key_algorithm_out, key_purpose_in, key_purpose_out, prompt_in, prompt_out, protection_in, signature_algorithm_out};
use crate::sink::{Lent, thrivosign_sink};
use crate::table::{Table, answered};
use std::ffi::{CString, c_char, c_void};
use std::mem::offset_of;
use thrivosign::crypto::{PublicKey, SignatureAlgorithm};
use thrivosign::key::{Attestation, DeviceKeyStore, KeyInfo, KeySpec, check_name};
use thrivosign::{Error, ErrorKind, Result};

/// A key store of the host's. Each callback answers 0, or a code of `thrivosign_error_kind` that says what went wrong (401 to 412); any other
/// number counts as 410. Bytes are given by `thrivosign_sink_append`, which cannot be overflowed. What comes back is checked: a wrong signature
/// is refused before it is used. A callback may call the library, but it must not throw through it.
///
/// Ownership: the library has `context` from the call that takes the struct until it calls `destroy`; texts and bytes passed to a callback stay the
/// library's.
/// Lifetime: the struct is copied; what is passed to a callback is good until it returns.
/// Threads: callbacks are called on the thread of the call that needs them, on several at once if the store is used so, and never under a lock.
/// NULL: `destroy`, `create`, `remove`, `list` and `attest` may be NULL: they are not supported then. `info` and `sign` may not.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct thrivosign_key_store_callbacks {
    /// `sizeof(thrivosign_key_store_callbacks)`.
    pub struct_size: usize,
    /// Called once, when `context` is no longer needed.
    pub destroy: Option<extern "C" fn(context: *mut c_void)>,
    /// Handed to every callback.
    pub context: *mut c_void,
    /// Says what there is to know of a key, without asking the person. `public_key` takes the SubjectPublicKeyInfo (DER); `protection`, `purpose`
    /// and `prompt` take values of the enumerations of these names, and are 0 before.
    pub info: Option<
        extern "C" fn(
            context: *mut c_void,
            name: *const c_char,
            public_key: *mut thrivosign_sink,
            protection: *mut i32,
            purpose: *mut i32,
            prompt: *mut i32,
        ) -> i32,
    >,
    /// Signs the message, not a digest of it, with one of `thrivosign_signature_algorithm`. May wait for the person; never makes a key.
    pub sign: Option<
        extern "C" fn(
            context: *mut c_void,
            name: *const c_char,
            message: *const u8,
            message_size: usize,
            algorithm: i32,
            signature: *mut thrivosign_sink,
        ) -> i32,
    >,
    /// Makes a key that cannot be exported; `algorithm`, `purpose` and `prompt` are of `thrivosign_key_algorithm`, `thrivosign_key_purpose` and
    /// `thrivosign_prompt`. `challenge`, if it is not NULL, is to be bound into the key's attestation.
    pub create: Option<
        extern "C" fn(
            context: *mut c_void,
            name: *const c_char,
            algorithm: i32,
            purpose: i32,
            prompt: i32,
            challenge: *const u8,
            challenge_size: usize,
        ) -> i32,
    >,
    /// Deletes a key.
    pub remove: Option<extern "C" fn(context: *mut c_void, name: *const c_char) -> i32>,
    /// Lists the keys: appends each name, in UTF-8 without a NUL, to `names`.
    pub list: Option<extern "C" fn(context: *mut c_void, names: *mut thrivosign_sink) -> i32>,
    /// Attests a key: appends the format's name to `format`, each certificate (DER), the key's own first, to `certificates`, and the platform's
    /// own statement, if there is one, to `statement`.
    pub attest: Option<
        extern "C" fn(
            context: *mut c_void,
            name: *const c_char,
            challenge: *const u8,
            challenge_size: usize,
            format: *mut thrivosign_sink,
            certificates: *mut thrivosign_sink,
            statement: *mut thrivosign_sink,
        ) -> i32,
    >,
}

// SAFETY: `repr(C)`, begins with `struct_size`; zeros are NULL and no callback.
unsafe impl Table for thrivosign_key_store_callbacks {
    const OPTIONAL: &'static [usize] = &[
        offset_of!(thrivosign_key_store_callbacks, create),
        offset_of!(thrivosign_key_store_callbacks, remove),
        offset_of!(thrivosign_key_store_callbacks, list),
        offset_of!(thrivosign_key_store_callbacks, attest),
    ];
}

/// A store behind callbacks.
pub(crate) struct HostKeyStore(thrivosign_key_store_callbacks);

// SAFETY: the header asks for callbacks that bear being called on any thread and on several; `context` goes nowhere but back to them.
unsafe impl Send for HostKeyStore {}
// SAFETY: as above.
unsafe impl Sync for HostKeyStore {}

impl Drop for HostKeyStore {
    fn drop(&mut self) {
        if let Some(destroy) = self.0.destroy {
            destroy(self.0.context);
        }
    }
}

/// For a callback that the host does not have.
fn missing(kind: ErrorKind) -> Error {
    Error::new(kind).context("the host's key store does not support this")
}

/// For an answer that makes no sense.
fn odd(what: &'static str) -> Error {
    Error::new(ErrorKind::KeyStoreUnavailable).context(what)
}

fn outcome(code: i32) -> Result<()> {
    answered(code, ErrorKind::KeyStoreUnavailable)
}

fn c_name(name: &str) -> Result<CString> {
    check_name(name)?;
    CString::new(name).map_err(|_| Error::new(ErrorKind::InvalidArgument))
}

fn text(bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|_| odd("a callback gave a text that is not UTF-8"))
}

impl HostKeyStore {
    /// # Errors
    /// [`ErrorKind::NullArgument`] without `info` or `sign`; `context` is still the host's then.
    pub(crate) fn new(table: thrivosign_key_store_callbacks) -> Result<HostKeyStore> {
        if table.info.is_none() || table.sign.is_none() {
            return Err(Error::new(ErrorKind::NullArgument).context("a required callback"));
        }
        Ok(HostKeyStore(table))
    }
}

impl DeviceKeyStore for HostKeyStore {
    fn create(&self, name: &str, spec: &KeySpec) -> Result<KeyInfo> {
        let create = self.0.create.ok_or_else(|| missing(ErrorKind::KeyAlgorithmUnsupported))?;
        let c = c_name(name)?;
        let challenge = spec.attestation_challenge.as_deref();
        outcome(create(
            self.0.context,
            c.as_ptr(),
            key_algorithm_out(spec.algorithm),
            key_purpose_out(spec.purpose),
            prompt_out(spec.prompt),
            challenge.map_or(std::ptr::null(), <[u8]>::as_ptr),
            challenge.map_or(0, <[u8]>::len),
        ))?;
        self.info(name)
    }

    fn info(&self, name: &str) -> Result<KeyInfo> {
        let info = self.0.info.ok_or_else(|| missing(ErrorKind::KeyStoreUnavailable))?;
        let c = c_name(name)?;
        let key = Lent::new();
        let (mut protection, mut purpose, mut prompt) = (0, 0, 0);
        outcome(info(self.0.context, c.as_ptr(), key.handle(), &raw mut protection, &raw mut purpose, &raw mut prompt))?;
        let key = PublicKey::from_spki_der(&key.whole()?).map_err(|cause| odd("a callback gave no public key").caused_by(cause))?;
        let wrong = |cause: Error| odd("a callback gave a number that is none of the enumeration").caused_by(cause);
        let protection = protection_in(protection).map_err(wrong)?;
        Ok(KeyInfo::new(name, key, protection, key_purpose_in(purpose).map_err(wrong)?, prompt_in(prompt).map_err(wrong)?))
    }

    fn sign(&self, name: &str, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>> {
        let sign = self.0.sign.ok_or_else(|| missing(ErrorKind::KeyStoreUnavailable))?;
        let number = signature_algorithm_out(algorithm);
        if number == 0 {
            return Err(missing(ErrorKind::KeyAlgorithmUnsupported));
        }
        let (c, value) = (c_name(name)?, Lent::new());
        outcome(sign(self.0.context, c.as_ptr(), message.as_ptr(), message.len(), number, value.handle()))?;
        value.whole()
    }

    fn attest(&self, name: &str, challenge: &[u8]) -> Result<Attestation> {
        let attest = self.0.attest.ok_or_else(|| missing(ErrorKind::AttestationUnavailable))?;
        let c = c_name(name)?;
        let (format, certificates, statement) = (Lent::new(), Lent::new(), Lent::new());
        let (bytes, size) = (challenge.as_ptr(), challenge.len());
        outcome(attest(self.0.context, c.as_ptr(), bytes, size, format.handle(), certificates.handle(), statement.handle()))?;
        Ok(Attestation::new(&text(format.whole()?)?, certificates.pieces()?, statement.whole()?))
    }

    fn delete(&self, name: &str) -> Result<()> {
        let remove = self.0.remove.ok_or_else(|| missing(ErrorKind::KeyNotPermitted))?;
        outcome(remove(self.0.context, c_name(name)?.as_ptr()))
    }

    fn list(&self) -> Result<Vec<KeyInfo>> {
        let list = self.0.list.ok_or_else(|| missing(ErrorKind::KeyStoreUnavailable))?;
        let names = Lent::new();
        outcome(list(self.0.context, names.handle()))?;
        let mut names = names.pieces()?.into_iter().map(text).collect::<Result<Vec<String>>>()?;
        names.sort();
        names.iter().map(|name| self.info(name)).collect()
    }
}
