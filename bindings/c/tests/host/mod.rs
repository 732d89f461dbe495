//! A key store of a host that behaves, or does one thing wrong.

use crate::authority::authority;
use std::ffi::{CStr, CString, c_char, c_void};
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::Duration;
use thrivosign::crypto::KeyAlgorithm;
use thrivosign::crypto::{DigestAlgorithm, SignatureAlgorithm};
use thrivosign::key::software::SoftwareKey;
use thrivosign_c::cancel::thrivosign_cancel_is_cancelled;
use thrivosign_c::error::{thrivosign_error, thrivosign_error_code, thrivosign_error_free};
use thrivosign_c::key_info::thrivosign_key_info_free;
use thrivosign_c::key_store::{
    thrivosign_key_store, thrivosign_key_store_free, thrivosign_key_store_info, thrivosign_key_store_new_from_callbacks,
    thrivosign_key_store_sign,
};
use thrivosign_c::sink::{thrivosign_sink, thrivosign_sink_append};
use thrivosign_c::thrivosign_key_store_callbacks;

/// What a store does wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Misdeed {
    #[default]
    None,
    Garbage,
    Nothing,
    TooLong,
    AnotherKey,
    AnotherMessage,
    Answers(i32),
    Overflows,
    NoKey,
    WrongProtection,
    WrongPurpose,
    AuthenticationKey,
    ForeignKey,
    Reenters,
    ReentersForEver,
    KeepsSink,
    Waits,
    WaitsForCancel,
}

/// What the callbacks know and note.
#[derive(Default)]
pub struct State {
    pub misdeed: Misdeed,
    pub own: AtomicUsize,
    pub kept: AtomicUsize,
    pub cancel: AtomicUsize,
    pub waiting: AtomicBool,
    pub go: AtomicBool,
    pub destroyed: AtomicU32,
}

/// A store behind callbacks; freed when dropped.
pub struct Host {
    pub handle: *mut thrivosign_key_store,
    state: Arc<State>,
}

/// A text with its NUL.
pub fn c(text: &str) -> CString {
    CString::new(text).unwrap()
}

/// The code of an error, which is freed.
pub fn code(error: *mut thrivosign_error) -> i32 {
    // SAFETY: a handle that this caller owns, or NULL.
    unsafe {
        let code = thrivosign_error_code(error);
        thrivosign_error_free(error);
        code
    }
}

/// The certificate that goes with the test's key.
pub fn leaf_pem() -> Vec<u8> {
    authority().chain[0].der().to_vec()
}

/// The whole table; the context holds one count of the state.
pub fn table(state: &Arc<State>) -> thrivosign_key_store_callbacks {
    thrivosign_key_store_callbacks {
        struct_size: size_of::<thrivosign_key_store_callbacks>(),
        destroy: Some(destroy),
        context: Arc::into_raw(state.clone()).cast_mut().cast(),
        info: Some(info),
        sign: Some(sign),
        create: Some(create),
        remove: Some(remove),
        list: Some(list),
        attest: None,
    }
}

impl Host {
    pub fn store(misdeed: Misdeed) -> Host {
        Host::sized(misdeed, size_of::<thrivosign_key_store_callbacks>(), 0).expect("a table of this version")
    }

    /// With a table that claims another size; what is beyond this version's members is `beyond`.
    pub fn sized(misdeed: Misdeed, size: usize, beyond: u8) -> Result<Host, i32> {
        #[repr(C)]
        struct Longer {
            known: thrivosign_key_store_callbacks,
            beyond: [u8; 64],
        }
        let state = Arc::new(State { misdeed, ..State::default() });
        let mut longer = Longer { known: table(&state), beyond: [beyond; 64] };
        longer.known.struct_size = size;
        let mut handle = null_mut();
        // SAFETY: as long as the size that it claims, or the size is refused before more is read; the place is on this stack.
        let outcome = code(unsafe { thrivosign_key_store_new_from_callbacks((&raw const longer).cast(), &raw mut handle) });
        if outcome != 0 {
            assert!(handle.is_null() && state.destroyed.load(Ordering::SeqCst) == 0);
            // SAFETY: the count that `table` made, which nobody took over.
            drop(unsafe { Arc::from_raw(longer.known.context.cast::<State>()) });
            return Err(outcome);
        }
        state.own.store(handle.addr(), Ordering::SeqCst);
        Ok(Host { handle, state })
    }

    pub fn state(&self) -> Arc<State> {
        self.state.clone()
    }

    pub fn kept(&self) -> usize {
        self.state.kept.load(Ordering::SeqCst)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // SAFETY: a handle that this value owns.
        unsafe { thrivosign_key_store_free(self.handle) };
        if self.state.misdeed != Misdeed::Waits {
            assert_eq!(self.state.destroyed.load(Ordering::SeqCst), 1, "{:?}", self.state.misdeed);
        }
    }
}

extern "C" fn destroy(context: *mut c_void) {
    // SAFETY: the count that `table` made.
    let state = unsafe { Arc::from_raw(context.cast::<State>()) };
    state.destroyed.fetch_add(1, Ordering::SeqCst);
}

fn state<'s>(context: *mut c_void) -> &'s State {
    // SAFETY: the context of `table`, which lives until `destroy`.
    unsafe { &*context.cast::<State>() }
}

fn is_signing(name: *const c_char) -> bool {
    // SAFETY: the library passes a text that ends with NUL.
    let name = unsafe { CStr::from_ptr(name) };
    name == c"signing"
}

fn append(sink: *mut thrivosign_sink, bytes: &[u8]) -> i32 {
    // SAFETY: a sink of this callback, and bytes with their length.
    code(unsafe { thrivosign_sink_append(sink, bytes.as_ptr(), bytes.len()) })
}

extern "C" fn info(
    context: *mut c_void,
    name: *const c_char,
    key: *mut thrivosign_sink,
    protection: *mut i32,
    purpose: *mut i32,
    prompt: *mut i32,
) -> i32 {
    if !is_signing(name) {
        return 401;
    }
    let misdeed = state(context).misdeed;
    let foreign;
    let spki: &[u8] = match misdeed {
        Misdeed::NoKey => b"\x30\x03\x02\x01\x00",
        Misdeed::ForeignKey => {
            foreign = SoftwareKey::generate(KeyAlgorithm::P256).unwrap();
            foreign.public_key().spki_der()
        }
        _ => authority().key.public_key().spki_der(),
    };
    // In pieces, which are joined.
    let (front, back) = spki.split_at(3);
    match append(key, front) {
        0 => assert_eq!(append(key, back), 0),
        // Too deep in callbacks.
        told => return told,
    }
    // SAFETY: the library passes three places.
    unsafe {
        *protection = if misdeed == Misdeed::WrongProtection { 77 } else { 5 };
        *purpose = match misdeed {
            Misdeed::WrongPurpose => -1,
            Misdeed::AuthenticationKey => 1,
            _ => 2,
        };
        *prompt = 3;
    }
    0
}

extern "C" fn sign(
    context: *mut c_void,
    name: *const c_char,
    message: *const u8,
    size: usize,
    algorithm: i32,
    value: *mut thrivosign_sink,
) -> i32 {
    let state = state(context);
    assert_eq!(algorithm, 1, "ECDSA with SHA-256");
    // SAFETY: the library passes a message with its length.
    let message = unsafe { std::slice::from_raw_parts(message, size) };
    let ecdsa = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256);
    let right = authority().key.sign(message, &ecdsa).unwrap();
    let own = std::ptr::without_provenance_mut::<thrivosign_key_store>(state.own.load(Ordering::SeqCst));
    match state.misdeed {
        Misdeed::Garbage => append(value, b"\x30\x06\x02\x01\x01\x02\x01\x01"),
        Misdeed::Nothing => 0,
        Misdeed::TooLong => append(value, &right) + append(value, &[0; 100_000]),
        Misdeed::AnotherKey => append(value, &SoftwareKey::generate(KeyAlgorithm::P256).unwrap().sign(message, &ecdsa).unwrap()),
        Misdeed::AnotherMessage => append(value, &authority().key.sign(b"another message", &ecdsa).unwrap()),
        Misdeed::Answers(number) => number,
        Misdeed::Overflows => {
            let piece = [0; 1 << 19];
            let told = [append(value, &piece), append(value, &piece), append(value, &piece)];
            assert_eq!(told, [0, 0, 204], "the limit is told");
            // A callback that does not care.
            0
        }
        Misdeed::Reenters => {
            let mut facts = null_mut();
            // SAFETY: a handle, a text that ends with NUL, a place on this stack.
            unsafe {
                assert_eq!(code(thrivosign_key_store_info(own, c"signing".as_ptr(), &raw mut facts)), 0);
                thrivosign_key_info_free(facts);
            }
            append(value, &right)
        }
        Misdeed::ReentersForEver => {
            let mut out = null_mut();
            // SAFETY: a handle, a text that ends with NUL, bytes with their length, a place on this stack.
            code(unsafe { thrivosign_key_store_sign(own, name, message.as_ptr(), message.len(), 0, &raw mut out) })
        }
        Misdeed::KeepsSink => {
            state.kept.store(value.addr(), Ordering::SeqCst);
            append(value, &right)
        }
        Misdeed::Waits => {
            state.waiting.store(true, Ordering::SeqCst);
            while !state.go.load(Ordering::SeqCst) {
                sleep(Duration::from_millis(1));
            }
            append(value, &right)
        }
        Misdeed::WaitsForCancel => {
            state.waiting.store(true, Ordering::SeqCst);
            let token = std::ptr::without_provenance(state.cancel.load(Ordering::SeqCst));
            let mut cancelled = 0;
            while cancelled == 0 {
                sleep(Duration::from_millis(1));
                // SAFETY: a handle and a place on this stack.
                assert_eq!(code(unsafe { thrivosign_cancel_is_cancelled(token, &raw mut cancelled) }), 0);
            }
            402
        }
        _ => append(value, &right),
    }
}

extern "C" fn create(_: *mut c_void, _: *const c_char, _: i32, _: i32, _: i32, _: *const u8, _: usize) -> i32 {
    407
}

extern "C" fn remove(_: *mut c_void, name: *const c_char) -> i32 {
    if is_signing(name) { 0 } else { 401 }
}

extern "C" fn list(_: *mut c_void, names: *mut thrivosign_sink) -> i32 {
    append(names, b"signing")
}
