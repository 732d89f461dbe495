//! The C border: key stores: the encrypted folder, memory, a token, the service's keys, and the host's own behind a table of callbacks. Gives the core's trait to journeys.

use crate::attestation::thrivosign_attestation;
use crate::buffer::thrivosign_buffer;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard, guard_or};
use crate::host_key_store::{HostKeyStore, thrivosign_key_store_callbacks};
use crate::key_enums::{key_spec_in, signature_algorithm_in};
use crate::key_info::thrivosign_key_info;
use crate::key_list::thrivosign_key_list;
use crate::store::Store;
use crate::token::{self, Kind, Noun};
use std::ffi::c_char;
use std::path::Path;
use thrivosign::key::file::FileKeyStore;
use thrivosign::key::pkcs11::{Pkcs11KeyStore, TokenChoice};
use thrivosign::key::sign_as;
use thrivosign::key::software::SoftwareKeyStore;
use thrivosign::{Error, ErrorKind, Result};

/// Private keys of a device: in an encrypted folder, in memory, on a token with a PKCS#11 module, at the service, or wherever the host
/// keeps them.
pub struct thrivosign_key_store(());

impl Noun for thrivosign_key_store {
    type Value = Store;
    const KIND: Kind = Kind::KeyStore;
}

/// After the call `out` is the key store in that folder, locked; a folder that was missing is there, for its owner alone
/// (0700). Keys lie in files encrypted with AES-256-GCM under Argon2id.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_key_store_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_new_in_folder(
    folder: *const c_char,
    out: *mut *mut thrivosign_key_store,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let folder = caller.text(folder)?;
        let out = caller.out(out)?;
        out.give(Store::Folder(FileKeyStore::open(Path::new(folder))?))
    })
}

/// After the call `out` is an empty key store in memory, whose keys go with it.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_key_store_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: `out` may not be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_new_in_memory(out: *mut *mut thrivosign_key_store) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let out = caller.out(out)?;
        out.give(Store::Memory(SoftwareKeyStore::new()))
    })
}

/// After the call `out` is the key store on a token (HSM, smart card) with a PKCS#11 module, which is loaded if this process
/// has not got it. The token is the one of that label, of that serial number, or of both. It is logged in to with the PIN,
/// once; stores of one token share that login. A wrong PIN is tried once and never again: tokens lock after a few. Keys are
/// named by their label (CKA_LABEL) and never leave the token; those made by other programs can be used.
///
/// Ownership: the PIN is copied; the copy is wiped with the store. `out` is the caller's, to be freed with
/// `thrivosign_key_store_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments. The module stays loaded.
/// Threads: any, also several at once.
/// NULL: one of `label` and `serial` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_new_on_token(
    module: *const c_char,
    label: *const c_char,
    serial: *const c_char,
    pin: *const c_char,
    out: *mut *mut thrivosign_key_store,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let module = caller.text(module)?;
        let token = token_choice(caller.text_opt(label)?, caller.text_opt(serial)?)?;
        let pin = caller.passphrase(pin)?;
        let out = caller.out(out)?;
        out.give(Store::Token(Pkcs11KeyStore::open(Path::new(module), &token, pin)?))
    })
}

/// As `thrivosign_key_store_new_on_token`, for a token on which the person types the PIN, on its reader's pad or at its sensor: the PIN is never in
/// this process. The call waits until it is typed. The person is asked again after a reset of the token, and at each use of a key that wants that;
/// after a wrong PIN (code 408) only by opening the store anew. Code 410 for a token without such a pad.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_key_store_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments. The module stays loaded.
/// Threads: any, also several at once. Blocks until the person has typed; not for a main thread.
/// NULL: one of `label` and `serial` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_new_on_token_with_pad(
    module: *const c_char,
    label: *const c_char,
    serial: *const c_char,
    out: *mut *mut thrivosign_key_store,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let module = caller.text(module)?;
        let token = token_choice(caller.text_opt(label)?, caller.text_opt(serial)?)?;
        let out = caller.out(out)?;
        out.give(Store::Token(Pkcs11KeyStore::open_by_pad(Path::new(module), &token)?))
    })
}

fn token_choice(label: Option<&str>, serial: Option<&str>) -> Result<TokenChoice> {
    Ok(match (label, serial) {
        (Some(label), None) => TokenChoice::label(label),
        (None, Some(serial)) => TokenChoice::serial(serial),
        (Some(label), Some(serial)) => TokenChoice::label(label).and_serial(serial),
        (None, None) => return Err(Error::new(ErrorKind::NullArgument).context("label or serial")),
    })
}

/// After the call `out` is a key store that asks the host. What the host answers is checked: a signature against the
/// public key, a size against its limit.
///
/// Ownership: on success `context` is the library's until it calls `destroy`; after an error it is still the caller's.
/// The struct is copied. `out` is the caller's, to be freed with `thrivosign_key_store_free`.
/// Lifetime: `destroy` is called once, when the last handle is freed and the last call on the store has ended.
/// Threads: any, also several at once.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_new_from_callbacks(
    callbacks: *const thrivosign_key_store_callbacks,
    out: *mut *mut thrivosign_key_store,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let callbacks = caller.table(callbacks)?;
        let out = caller.out(out)?;
        out.give(Store::Host(HostKeyStore::new(callbacks)?))
    })
}

/// After the call a new key of that name exists and is durable; it cannot be exported. `algorithm`, `purpose` and
/// `prompt` are of `thrivosign_key_algorithm`, `thrivosign_key_purpose` and `thrivosign_prompt`; `challenge` is bound
/// into the key's attestation on platforms that attest at creation.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_key_info_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. A store of the host's is called on this very thread and may wait for
/// a person.
/// NULL: `challenge`, `out` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_create(
    self_: *const thrivosign_key_store,
    name: *const c_char,
    algorithm: i32,
    purpose: i32,
    prompt: i32,
    challenge: *const u8,
    challenge_size: usize,
    out: *mut *mut thrivosign_key_info,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let name = caller.text(name)?;
        let challenge = caller.bytes_opt(challenge, challenge_size)?;
        let out = caller.out_opt(out);
        let spec = key_spec_in(algorithm, purpose, prompt, challenge)?;
        out.give(this.keys().create(name, &spec)?)
    })
}

/// After the call `out` holds what the store says about that key.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_key_info_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. A store of the host's is called on this very thread and may wait for
/// a person.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_info(
    self_: *const thrivosign_key_store,
    name: *const c_char,
    out: *mut *mut thrivosign_key_info,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let name = caller.text(name)?;
        let out = caller.out(out)?;
        out.give(this.keys().info(name)?)
    })
}

/// After the call `out` holds that key's signature over the message, which was checked against the public key.
/// `algorithm` is of `thrivosign_signature_algorithm`, or 0 for the usual one. Documents are signed with
/// `thrivosign_signer_sign`.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. A store of the host's is called on this very thread and may wait for
/// a person.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_sign(
    self_: *const thrivosign_key_store,
    name: *const c_char,
    message: *const u8,
    message_size: usize,
    algorithm: i32,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let name = caller.text(name)?;
        let message = caller.bytes(message, message_size)?;
        let out = caller.out(out)?;
        let info = this.keys().info(name)?;
        let algorithm = match signature_algorithm_in(algorithm)? {
            Some(algorithm) => algorithm,
            None => info.preferred_algorithm()?,
        };
        let value = sign_as(this.keys(), &info, info.purpose, message, &algorithm)?;
        out.give_bytes(&value)
    })
}

/// After the call `out` holds the platform's proof, over that challenge, of where the key lives.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_attestation_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. A store of the host's is called on this very thread and may wait for
/// a person.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_attest(
    self_: *const thrivosign_key_store,
    name: *const c_char,
    challenge: *const u8,
    challenge_size: usize,
    out: *mut *mut thrivosign_attestation,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let name = caller.text(name)?;
        let challenge = caller.bytes(challenge, challenge_size)?;
        let out = caller.out(out)?;
        out.give(this.keys().attest(name, challenge)?)
    })
}

/// After the call no key of that name exists.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`. A store of the host's is called on this very thread and may wait for
/// a person.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_delete(self_: *const thrivosign_key_store, name: *const c_char) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let name = caller.text(name)?;
        this.keys().delete(name)
    })
}

/// After the call `out` holds all keys, sorted by name.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_key_list_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. A store of the host's is called on this very thread and may wait for
/// a person.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_list(
    self_: *const thrivosign_key_store,
    out: *mut *mut thrivosign_key_list,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give(this.keys().list()?)
    })
}

/// After the call `out` is another handle for the same key store.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_key_store_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_ref(
    self_: *const thrivosign_key_store,
    out: *mut *mut thrivosign_key_store,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || caller.out(out)?.set(token::share(self_)?))
}

/// After the call the handle stands for nothing; a handle that was freed already does no harm.
///
/// Ownership: takes the handle back.
/// Lifetime: calls in flight on another thread end as if nothing had happened.
/// Threads: any, also during calls on the same handle.
/// NULL: `self` may be NULL; then nothing is done.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_free(self_: *mut thrivosign_key_store) {
    guard_or(self_, (), || token::free(self_));
}
