//! Key stores of the host that misbehave: each one costs an error with a name, never more; and tables of other versions of the header.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests are an edge: they start threads and read files")]

#[allow(dead_code, unreachable_pub, reason = "shared with the forged documents, which need more of it")]
#[path = "../../../tests/forged/authority.rs"]
mod authority;
#[allow(dead_code, unreachable_pub, reason = "shared with the forged documents, which need more of it")]
#[path = "../../../tests/forged/document.rs"]
mod document;
mod host;

use host::{Host, Misdeed, c, code};
use std::ptr::{null, null_mut};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;
use thrivosign_c::buffer::{thrivosign_buffer_data, thrivosign_buffer_free, thrivosign_buffer_size};
use thrivosign_c::cancel::{thrivosign_cancel_cancel, thrivosign_cancel_free, thrivosign_cancel_new};
use thrivosign_c::certificates::{thrivosign_certificates_free, thrivosign_certificates_new_from_pem};
use thrivosign_c::document::{thrivosign_document_free, thrivosign_document_new_from_memory};
use thrivosign_c::key_info::thrivosign_key_info_free;
use thrivosign_c::key_store::*;
use thrivosign_c::output::{thrivosign_output_free, thrivosign_output_new_to_memory, thrivosign_output_take};
use thrivosign_c::sign::thrivosign_signer_sign;
use thrivosign_c::signature_request::{
    thrivosign_signature_request_free, thrivosign_signature_request_new, thrivosign_signature_request_set_time,
};
use thrivosign_c::signer::{thrivosign_signer_free, thrivosign_signer_new_from_certificates};
use thrivosign_c::sink::{thrivosign_sink, thrivosign_sink_append};
use thrivosign_c::{thrivosign_call, thrivosign_key_store_callbacks};

/// Signs the test's document with a store, as a program would; gives the code and the signed document.
fn sign_with(store: *const thrivosign_key_store, call: *const thrivosign_call) -> (i32, Option<Vec<u8>>) {
    let pem = host::leaf_pem();
    let bytes = document::agreement();
    let (mut chain, mut signer, mut input, mut output, mut request) = (null_mut(), null_mut(), null_mut(), null_mut(), null_mut());
    // SAFETY: handles are handles or NULL, texts end with NUL, and every pointer is to something on this stack.
    unsafe {
        assert_eq!(code(thrivosign_certificates_new_from_pem(pem.as_ptr(), pem.len(), &raw mut chain)), 0);
        let made = code(thrivosign_signer_new_from_certificates(chain, store, c"signing".as_ptr(), 0, &raw mut signer));
        thrivosign_certificates_free(chain);
        if made != 0 {
            return (made, None);
        }
        assert_eq!(code(thrivosign_document_new_from_memory(bytes.as_ptr(), bytes.len(), &raw mut input)), 0);
        assert_eq!(code(thrivosign_output_new_to_memory(&raw mut output)), 0);
        assert_eq!(code(thrivosign_signature_request_new(&raw mut request)), 0);
        assert_eq!(code(thrivosign_signature_request_set_time(request, authority::now().unix())), 0);
        let outcome = code(thrivosign_signer_sign(signer, input, output, request, null(), call, null_mut()));
        let mut taken = null_mut();
        let there = code(thrivosign_output_take(output, &raw mut taken));
        assert_eq!(there == 0, outcome == 0, "a document comes out exactly when signing went well");
        let signed =
            (there == 0).then(|| std::slice::from_raw_parts(thrivosign_buffer_data(taken), thrivosign_buffer_size(taken)).to_vec());
        thrivosign_buffer_free(taken);
        thrivosign_signature_request_free(request);
        thrivosign_output_free(output);
        thrivosign_document_free(input);
        thrivosign_signer_free(signer);
        (outcome, signed)
    }
}

#[test]
fn every_misdeed_of_a_store_is_an_error_with_a_name() {
    let (outcome, signed) = sign_with(Host::store(Misdeed::None).handle, null());
    assert_eq!(outcome, 0);
    let (signed, source) = (signed.unwrap(), document::agreement());
    assert!(signed.starts_with(&source) && signed.len() > source.len());
    for (misdeed, expected) in [
        (Misdeed::Garbage, 405),
        (Misdeed::Nothing, 405),
        (Misdeed::TooLong, 405),
        (Misdeed::AnotherKey, 405),
        (Misdeed::AnotherMessage, 405),
        (Misdeed::Answers(402), 402),
        (Misdeed::Answers(403), 403),
        (Misdeed::Answers(404), 404),
        (Misdeed::Answers(12_345), 410),
        (Misdeed::Answers(-1), 410),
        (Misdeed::Answers(i32::MIN), 410),
        (Misdeed::Overflows, 410),
        (Misdeed::NoKey, 410),
        (Misdeed::WrongProtection, 410),
        (Misdeed::WrongPurpose, 410),
        (Misdeed::AuthenticationKey, 406),
        (Misdeed::ForeignKey, 310),
    ] {
        let host = Host::store(misdeed);
        let (outcome, _) = sign_with(host.handle, null());
        assert_eq!(outcome, expected, "{misdeed:?}");
        drop(host);
    }
}

#[test]
fn a_callback_may_call_the_library_and_not_without_end() {
    let host = Host::store(Misdeed::Reenters);
    assert_eq!(sign_with(host.handle, null()).0, 0);
    let host = Host::store(Misdeed::ReentersForEver);
    assert_eq!(sign_with(host.handle, null()).0, 106);
}

#[test]
fn a_sink_that_was_kept_is_no_sink_any_more() {
    let host = Host::store(Misdeed::KeepsSink);
    assert_eq!(sign_with(host.handle, null()).0, 0);
    let kept = host.kept();
    // SAFETY: a handle that is no longer one is what is tried.
    assert_eq!(code(unsafe { thrivosign_sink_append(kept as *mut thrivosign_sink, b"late".as_ptr(), 4) }), 105);
}

#[test]
fn a_store_that_is_freed_while_it_signs_goes_when_it_is_done() {
    let host = Host::store(Misdeed::Waits);
    let (handle, state) = (host.handle.addr(), host.state());
    let signing = thread::spawn(move || sign_with(std::ptr::without_provenance(handle), null()).0);
    while !state.waiting.load(Ordering::SeqCst) {
        thread::sleep(Duration::from_millis(1));
    }
    drop(host);
    assert_eq!(state.destroyed.load(Ordering::SeqCst), 0, "a call is still in it");
    state.go.store(true, Ordering::SeqCst);
    assert_eq!(signing.join().unwrap(), 0);
    assert_eq!(state.destroyed.load(Ordering::SeqCst), 1);
}

#[test]
fn a_store_that_waits_for_a_person_hears_of_the_cancellation() {
    let mut cancel = null_mut();
    // SAFETY: a place on this stack.
    assert_eq!(code(unsafe { thrivosign_cancel_new(&raw mut cancel) }), 0);
    let host = Host::store(Misdeed::WaitsForCancel);
    let state = host.state();
    state.cancel.store(cancel.addr(), Ordering::SeqCst);
    let (store, token) = (host.handle.addr(), cancel.addr());
    let signing = thread::spawn(move || {
        let call = thrivosign_call {
            struct_size: size_of::<thrivosign_call>(),
            cancel: std::ptr::without_provenance(token),
            timeout_ms: 0,
            per_call_timeout_ms: 0,
            progress: None,
            context: null_mut(),
        };
        sign_with(std::ptr::without_provenance(store), &raw const call).0
    });
    while !state.waiting.load(Ordering::SeqCst) {
        thread::sleep(Duration::from_millis(1));
    }
    // SAFETY: handles.
    unsafe {
        assert_eq!(code(thrivosign_cancel_cancel(cancel)), 0);
        assert!(matches!(signing.join().unwrap(), 107 | 402));
        thrivosign_cancel_free(cancel);
    }
}

#[test]
fn tables_of_older_and_newer_headers_and_of_no_header() {
    let whole = size_of::<thrivosign_key_store_callbacks>();
    let create = std::mem::offset_of!(thrivosign_key_store_callbacks, create);
    // A header from before `create` was there.
    let older = Host::sized(Misdeed::None, create, 0);
    let older = older.unwrap();
    assert_eq!(sign_with(older.handle, null()).0, 0);
    // SAFETY: handles, texts that end with NUL, places on this stack.
    unsafe {
        let mut info = null_mut();
        let made = thrivosign_key_store_create(older.handle, c"another".as_ptr(), 1, 2, 3, null(), 0, &raw mut info);
        assert_eq!(code(made), 411, "what an older table lacks is not supported");
        let mut list = null_mut();
        assert_eq!(code(thrivosign_key_store_list(older.handle, &raw mut list)), 410);
        assert_eq!(code(thrivosign_key_store_delete(older.handle, c"signing".as_ptr())), 406);
        let mut attestation = null_mut();
        assert_eq!(code(thrivosign_key_store_attest(older.handle, c"signing".as_ptr(), b"x".as_ptr(), 1, &raw mut attestation)), 412);
    }
    drop(older);
    // A newer one: what this library does not know must not be asked for.
    drop(Host::sized(Misdeed::None, whole + 16, 0).unwrap());
    assert_eq!(Host::sized(Misdeed::None, whole + 16, 1).err(), Some(101));
    for size in [0, 1, 8, create - 8, create + 1, whole - 1, 4097, usize::MAX] {
        assert_eq!(Host::sized(Misdeed::None, size, 0).err(), Some(101), "{size}");
    }
}

#[test]
fn a_table_without_its_required_callbacks_is_refused_and_stays_the_hosts() {
    let state = Arc::new(host::State::default());
    let mut table = host::table(&state);
    table.sign = None;
    let mut out = null_mut();
    // SAFETY: a table and a place on this stack.
    unsafe {
        assert_eq!(code(thrivosign_key_store_new_from_callbacks(&raw const table, &raw mut out)), 102);
        assert!(out.is_null());
        assert_eq!(state.destroyed.load(Ordering::SeqCst), 0);
        // The context was never taken over.
        drop(Arc::from_raw(table.context.cast::<host::State>()));
    }
    assert_eq!(Arc::strong_count(&state), 1);
}

#[test]
fn a_host_store_makes_lists_and_deletes() {
    let host = Host::store(Misdeed::None);
    // SAFETY: handles, texts that end with NUL, places on this stack.
    unsafe {
        let mut info = null_mut();
        assert_eq!(code(thrivosign_key_store_create(host.handle, c"signing".as_ptr(), 1, 2, 1, null(), 0, &raw mut info)), 407);
        assert_eq!(code(thrivosign_key_store_info(host.handle, c"signing".as_ptr(), &raw mut info)), 0);
        thrivosign_key_info_free(info);
        assert_eq!(code(thrivosign_key_store_info(host.handle, c"other".as_ptr(), &raw mut info)), 401);
        assert_eq!(code(thrivosign_key_store_info(host.handle, c"".as_ptr(), &raw mut info)), 101);
        assert_eq!(code(thrivosign_c::software_keys::thrivosign_key_store_unlock(host.handle, c"x".as_ptr())), 104);
        let mut list = null_mut();
        assert_eq!(code(thrivosign_key_store_list(host.handle, &raw mut list)), 0);
        let mut count = 0;
        assert_eq!(code(thrivosign_c::key_list::thrivosign_key_list_count(list, &raw mut count)), 0);
        assert_eq!(count, 1);
        thrivosign_c::key_list::thrivosign_key_list_free(list);
        assert_eq!(code(thrivosign_key_store_delete(host.handle, c("signing").as_ptr())), 0);
    }
}
