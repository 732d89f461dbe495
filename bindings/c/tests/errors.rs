//! Errors and buffers as a C program sees them: typed facts, polite answers where there is none, texts that end with NUL.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests are an edge")]

use std::ffi::{CStr, c_char};
use std::ptr::{null, null_mut};
use std::thread;
use thrivosign::ErrorKind;
use thrivosign_c::buffer::{thrivosign_buffer_data, thrivosign_buffer_free, thrivosign_buffer_ref, thrivosign_buffer_size};
use thrivosign_c::document::{thrivosign_document_free, thrivosign_document_new_from_memory};
use thrivosign_c::error::*;
use thrivosign_c::identity::{thrivosign_identity, thrivosign_identity_new_from_json};
use thrivosign_c::inspection::{thrivosign_document_inspect, thrivosign_inspection_free, thrivosign_inspection_version};
use thrivosign_c::library::{thrivosign_has_feature, thrivosign_version};

fn text(pointer: *const c_char) -> Option<String> {
    // SAFETY: NULL, or a text of the library that ends with NUL.
    (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) }.to_str().unwrap().to_owned())
}

#[test]
fn every_code_has_its_texts_and_no_other_number_has() {
    // SAFETY: numbers alone.
    unsafe {
        for kind in ErrorKind::ALL {
            assert_eq!(text(thrivosign_error_code_name(kind.code())).as_deref(), Some(kind.name()));
            assert_eq!(text(thrivosign_error_code_text(kind.code())).as_deref(), Some(kind.text()));
            assert_eq!(text(thrivosign_error_code_next_step(kind.code())).as_deref(), Some(kind.next_step()));
        }
        assert_eq!(text(thrivosign_error_code_name(0)).as_deref(), Some("ok"));
        for number in [-1, 1, 100, 999, i32::MIN, i32::MAX] {
            assert_eq!(text(thrivosign_error_code_name(number)), None);
        }
    }
}

#[test]
fn an_error_tells_what_it_knows_and_leaves_the_rest_as_it_was() {
    // SAFETY: handles, NULL, and places on this stack.
    unsafe {
        let mut identity = null_mut::<thrivosign_identity>();
        let json = b"{\"version\":1, nonsense";
        let error = thrivosign_identity_new_from_json(json.as_ptr(), json.len(), &raw mut identity);
        assert_eq!(thrivosign_error_code(error), ErrorKind::ConfigMalformed.code());
        assert_eq!(text(thrivosign_error_name(error)).as_deref(), Some("config_malformed"));
        let message = text(thrivosign_error_message(error)).unwrap();
        assert!(message.starts_with(ErrorKind::ConfigMalformed.text()) && !message.contains("nonsense"), "{message}");
        assert_eq!(text(thrivosign_error_next_step(error)).as_deref(), Some(ErrorKind::ConfigMalformed.next_step()));
        assert_eq!((thrivosign_error_turn(error), thrivosign_error_retryable(error)), (1, 0));
        let (mut position, mut status, mut wait, mut tries) = (7_u64, 7_i32, 7_u64, 7_u32);
        assert_eq!(thrivosign_error_position(error, &raw mut position), 1);
        assert!(position > 7, "the place of the nonsense");
        assert_eq!(thrivosign_error_http_status(error, &raw mut status), 0);
        assert_eq!(thrivosign_error_retry_after(error, &raw mut wait), 0);
        assert_eq!(thrivosign_error_tries_left(error, &raw mut tries), 0);
        assert_eq!((status, wait, tries), (7, 7, 7));
        assert_eq!(text(thrivosign_error_problem(error)), None);
        assert_eq!(thrivosign_error_position(error, null_mut()), 0);
        thrivosign_error_free(error);

        // What was freed, and NULL.
        assert_eq!(thrivosign_error_code(error), ErrorKind::AlreadyUsed.code());
        assert_eq!(text(thrivosign_error_message(error)), None);
        thrivosign_error_free(error);
        assert_eq!(thrivosign_error_code(null()), 0);
        assert_eq!(text(thrivosign_error_message(null())), None);
        assert_eq!(thrivosign_error_position(null(), &raw mut position), 0);
        thrivosign_error_free(null_mut());
    }
}

#[test]
fn a_buffer_ends_with_nul_and_lives_until_its_last_handle() {
    let body = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n";
    let (at, second) = (body.len(), body.find("2 0 obj").unwrap());
    let table = format!("xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n{second:010} 00000 n \n");
    let pdf = format!("{body}{table}trailer<</Size 3/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n");
    // SAFETY: handles, bytes with their length, and places on this stack.
    unsafe {
        let (mut document, mut inspection, mut buffer, mut other) = (null_mut(), null_mut(), null_mut(), null_mut());
        assert_eq!(thrivosign_error_code(thrivosign_document_new_from_memory(pdf.as_ptr(), pdf.len(), &raw mut document)), 0);
        let error = thrivosign_document_inspect(document, null(), 0, null(), &raw mut inspection);
        assert_eq!(thrivosign_error_code(error), 0, "{:?}", text(thrivosign_error_message(error)));
        assert_eq!(thrivosign_error_code(thrivosign_inspection_version(inspection, &raw mut buffer)), 0);
        assert_eq!(thrivosign_error_code(thrivosign_buffer_ref(buffer, &raw mut other)), 0);
        thrivosign_buffer_free(buffer);
        assert!(thrivosign_buffer_data(buffer).is_null());
        assert_eq!(thrivosign_buffer_size(other), 3);
        assert_eq!(text(thrivosign_buffer_data(other).cast()).as_deref(), Some("1.4"));
        thrivosign_buffer_free(other);
        thrivosign_inspection_free(inspection);
        thrivosign_document_free(document);
    }
}

#[test]
fn handles_that_are_freed_under_the_feet_of_other_threads_are_errors_and_nothing_worse() {
    let pdf = b"no PDF at all";
    for _ in 0..200 {
        let mut document = null_mut();
        // SAFETY: bytes with their length, a place on this stack.
        assert_eq!(code_of(unsafe { thrivosign_document_new_from_memory(pdf.as_ptr(), pdf.len(), &raw mut document) }), 0);
        let token = document.addr();
        thread::scope(|scope| {
            for number in 0..4 {
                scope.spawn(move || {
                    let mut inspection = null_mut();
                    // SAFETY: a handle, or one that was freed meanwhile, which is what is tried.
                    unsafe {
                        if number == 3 {
                            return thrivosign_document_free(std::ptr::without_provenance_mut(token));
                        }
                        let error =
                            thrivosign_document_inspect(std::ptr::without_provenance(token), null(), 0, null(), &raw mut inspection);
                        let code = code_of(error);
                        assert!(matches!(code, 201 | 105), "{code}");
                    }
                });
            }
        });
    }
}

fn code_of(error: *mut thrivosign_error) -> i32 {
    // SAFETY: a handle that this caller owns, or NULL.
    unsafe {
        let code = thrivosign_error_code(error);
        thrivosign_error_free(error);
        code
    }
}

#[test]
fn the_library_says_what_it_is() {
    // SAFETY: texts that end with NUL, or NULL.
    unsafe {
        assert_eq!(text(thrivosign_version()).as_deref(), Some(env!("CARGO_PKG_VERSION")));
        for feature in [c"net", c"ring", c"encrypted-pdf", c"pkcs11", c"pkcs12"] {
            assert_eq!(thrivosign_has_feature(feature.as_ptr()), 1, "{feature:?}");
        }
        for other in [c"", c"inject", c"NET"] {
            assert_eq!(thrivosign_has_feature(other.as_ptr()), 0, "{other:?}");
        }
        assert_eq!(thrivosign_has_feature(null()), 0);
    }
}
