//! Documents, outputs and logs of the host: what the callbacks do wrong is an error with a name, and `destroy` is called once.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests are an edge")]

#[allow(dead_code, unreachable_pub, reason = "shared with the forged documents, which need more of it")]
#[path = "../../../tests/forged/authority.rs"]
mod authority;
#[allow(dead_code, unreachable_pub, reason = "shared with the forged documents, which need more of it")]
#[path = "../../../tests/forged/document.rs"]
mod document;
#[allow(dead_code, reason = "shared with the tests of key stores, which need more of it")]
mod host;

use host::{Host, Misdeed, code, leaf_pem};
use std::ffi::{CStr, c_void};
use std::ptr::{null, null_mut};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;
use thrivosign_c::certificates::{thrivosign_certificates_free, thrivosign_certificates_new_from_pem};
use thrivosign_c::document::*;
use thrivosign_c::log::thrivosign_log_set;
use thrivosign_c::output::*;
use thrivosign_c::report::*;
use thrivosign_c::report_reason::thrivosign_report_signature_change_count;
use thrivosign_c::report_signature::thrivosign_report_signature_intact;
use thrivosign_c::sign::thrivosign_signer_sign;
use thrivosign_c::signature_request::{
    thrivosign_signature_request_free, thrivosign_signature_request_new, thrivosign_signature_request_set_time,
};
use thrivosign_c::signer::{thrivosign_signer_free, thrivosign_signer_new_from_certificates};
use thrivosign_c::trust::{thrivosign_trust_free, thrivosign_trust_new_from_pem};
use thrivosign_c::{
    thrivosign_call, thrivosign_log_callbacks, thrivosign_log_event, thrivosign_output_callbacks, thrivosign_source_callbacks,
};

/// What a document of the host does wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    None,
    ClaimsMore,
    Fails(i32),
    EndsEarly,
    LenFails,
    Changes,
    Slow,
}

/// A host's document, or output, and what became of it.
struct Paper {
    bytes: Vec<u8>,
    fault: Fault,
    written: Mutex<Vec<u8>>,
    reads: AtomicU64,
    destroyed: AtomicU32,
}

impl Paper {
    fn new(fault: Fault) -> Paper {
        Paper { bytes: document::agreement(), fault, written: Mutex::default(), reads: AtomicU64::new(0), destroyed: AtomicU32::new(0) }
    }

    fn context(&self) -> *mut c_void {
        (&raw const *self).cast_mut().cast()
    }

    fn source(&self) -> thrivosign_source_callbacks {
        thrivosign_source_callbacks {
            struct_size: size_of::<thrivosign_source_callbacks>(),
            destroy: Some(destroy),
            context: self.context(),
            len: Some(len),
            read_at: Some(read_at),
        }
    }

    fn output(&self) -> thrivosign_output_callbacks {
        thrivosign_output_callbacks {
            struct_size: size_of::<thrivosign_output_callbacks>(),
            destroy: Some(destroy),
            context: self.context(),
            write: Some(write),
        }
    }
}

fn paper<'p>(context: *mut c_void) -> &'p Paper {
    // SAFETY: the context of `Paper`, which outlives the calls of its test.
    unsafe { &*context.cast::<Paper>() }
}

extern "C" fn destroy(context: *mut c_void) {
    paper(context).destroyed.fetch_add(1, Ordering::SeqCst);
}

extern "C" fn len(context: *mut c_void, len: *mut u64) -> i32 {
    let paper = paper(context);
    // SAFETY: the library passes a place.
    unsafe { *len = paper.bytes.len() as u64 };
    if paper.fault == Fault::LenFails { 1 } else { 0 }
}

extern "C" fn read_at(context: *mut c_void, offset: u64, buffer: *mut u8, capacity: usize, read: *mut usize) -> i32 {
    let paper = paper(context);
    let nth = paper.reads.fetch_add(1, Ordering::SeqCst);
    let from = usize::try_from(offset).unwrap().min(paper.bytes.len());
    let mut part = paper.bytes[from..].iter().take(capacity).copied().collect::<Vec<u8>>();
    let mut told = part.len();
    match paper.fault {
        Fault::ClaimsMore => told = capacity + 1,
        Fault::EndsEarly => told = 0,
        Fault::Fails(number) => return number,
        // Other content each time; the structure stays.
        Fault::Changes => {
            for byte in &mut part {
                if *byte == b'0' {
                    *byte = b'0' + u8::try_from(nth % 10).unwrap();
                }
            }
        }
        Fault::Slow => std::thread::sleep(Duration::from_millis(30)),
        Fault::None | Fault::LenFails => {}
    }
    // SAFETY: the library passes room for `capacity` bytes, and a place.
    unsafe {
        std::ptr::copy_nonoverlapping(part.as_ptr(), buffer, part.len());
        *read = told;
    }
    0
}

extern "C" fn write(context: *mut c_void, data: *const u8, size: usize) -> i32 {
    let paper = paper(context);
    if let Fault::Fails(number) = paper.fault {
        return number;
    }
    // SAFETY: the library passes bytes with their length.
    paper.written.lock().unwrap().extend_from_slice(unsafe { std::slice::from_raw_parts(data, size) });
    0
}

extern "C" fn progress(context: *mut c_void, done: u64, total: u64) {
    assert!(done <= total);
    // SAFETY: the context of the test that passes this function.
    unsafe { &*context.cast::<AtomicU64>() }.fetch_add(1, Ordering::SeqCst);
}

fn call_of(timeout_ms: u64, told: &AtomicU64) -> thrivosign_call {
    thrivosign_call {
        struct_size: size_of::<thrivosign_call>(),
        cancel: null(),
        timeout_ms,
        per_call_timeout_ms: 0,
        progress: Some(progress),
        context: (&raw const *told).cast_mut().cast(),
    }
}

/// Signs from one host's document to another's output.
fn sign(input: &Paper, output: &Paper, call: *const thrivosign_call) -> i32 {
    let host = Host::store(Misdeed::None);
    let pem = leaf_pem();
    let (mut chain, mut signer, mut from, mut to, mut request) = (null_mut(), null_mut(), null_mut(), null_mut(), null_mut());
    // SAFETY: handles, texts that end with NUL, and places on this stack.
    unsafe {
        assert_eq!(code(thrivosign_certificates_new_from_pem(pem.as_ptr(), pem.len(), &raw mut chain)), 0);
        assert_eq!(code(thrivosign_signer_new_from_certificates(chain, host.handle, c"signing".as_ptr(), 0, &raw mut signer)), 0);
        thrivosign_certificates_free(chain);
        assert_eq!(code(thrivosign_document_new_from_callbacks(&input.source(), &raw mut from)), 0);
        assert_eq!(code(thrivosign_output_new_to_callbacks(&output.output(), &raw mut to)), 0);
        assert_eq!(code(thrivosign_signature_request_new(&raw mut request)), 0);
        assert_eq!(code(thrivosign_signature_request_set_time(request, authority::now().unix())), 0);
        let outcome = code(thrivosign_signer_sign(signer, from, to, request, null(), call, null_mut()));
        thrivosign_signature_request_free(request);
        thrivosign_output_free(to);
        thrivosign_document_free(from);
        thrivosign_signer_free(signer);
        assert_eq!((input.destroyed.load(Ordering::SeqCst), output.destroyed.load(Ordering::SeqCst)), (1, 1));
        outcome
    }
}

#[test]
fn a_document_of_the_host_is_signed_to_the_host_and_verified() {
    let (input, output, told) = (Paper::new(Fault::None), Paper::new(Fault::None), AtomicU64::new(0));
    assert_eq!(sign(&input, &output, &call_of(60_000, &told)), 0);
    assert!(told.load(Ordering::SeqCst) > 0, "no progress was told");
    let signed = output.written.into_inner().unwrap();
    assert!(signed.starts_with(&input.bytes) && signed.len() > input.bytes.len());

    let root = &authority::authority().root;
    let (mut document, mut trust, mut report) = (null_mut(), null_mut(), null_mut());
    // SAFETY: handles, bytes with their length, and places on this stack.
    unsafe {
        assert_eq!(code(thrivosign_document_new_from_memory(signed.as_ptr(), signed.len(), &raw mut document)), 0);
        assert_eq!(code(thrivosign_trust_new_from_pem(root.as_ptr(), root.len(), &raw mut trust)), 0);
        assert_eq!(code(thrivosign_document_verify(document, trust, null(), null(), &raw mut report)), 0);
        let (mut clean, mut intact, mut changes, mut count) = (0, 0, 0, 0);
        assert_eq!(code(thrivosign_report_clean(report, &raw mut clean)), 0);
        assert_eq!(code(thrivosign_report_signature_count(report, &raw mut count)), 0);
        assert_eq!(code(thrivosign_report_signature_intact(report, 0, &raw mut intact)), 0);
        assert_eq!(code(thrivosign_report_signature_change_count(report, 0, &raw mut changes)), 0);
        assert_eq!((clean, count, intact, changes), (1, 1, 1, 1));
        assert_eq!(code(thrivosign_report_signature_intact(report, 1, &raw mut intact)), 101, "behind the last");
        thrivosign_report_free(report);
        thrivosign_trust_free(trust);
        thrivosign_document_free(document);
    }
}

#[test]
fn what_a_document_or_output_of_the_host_does_wrong_has_a_name() {
    for (fault, expected) in
        [(Fault::ClaimsMore, 213), (Fault::EndsEarly, 213), (Fault::Fails(-7), 213), (Fault::Fails(99_999), 213), (Fault::Fails(107), 107)]
    {
        let (input, output) = (Paper::new(fault), Paper::new(Fault::None));
        assert_eq!(sign(&input, &output, null()), expected, "{fault:?}");
        assert!(output.written.lock().unwrap().is_empty(), "{fault:?}");
    }
    let (input, output) = (Paper::new(Fault::Changes), Paper::new(Fault::None));
    assert!(matches!(sign(&input, &output, null()), 200..=299), "a document that changes is not signed");
    for (fault, expected) in [(Fault::Fails(1), 214), (Fault::Fails(214), 214)] {
        assert_eq!(sign(&Paper::new(Fault::None), &Paper::new(fault), null()), expected, "{fault:?}");
    }
    let told = AtomicU64::new(0);
    assert_eq!(sign(&Paper::new(Fault::Slow), &Paper::new(Fault::None), &call_of(20, &told)), 607);
}

#[test]
fn a_table_that_is_refused_stays_the_hosts() {
    let paper = Paper::new(Fault::LenFails);
    let (mut document, mut output) = (null_mut(), null_mut());
    let mut source = paper.source();
    let mut sink = paper.output();
    // SAFETY: tables and places on this stack.
    unsafe {
        assert_eq!(code(thrivosign_document_new_from_callbacks(&raw const source, &raw mut document)), 213);
        source.read_at = None;
        assert_eq!(code(thrivosign_document_new_from_callbacks(&raw const source, &raw mut document)), 102);
        source.struct_size = 3;
        assert_eq!(code(thrivosign_document_new_from_callbacks(&raw const source, &raw mut document)), 101);
        assert_eq!(code(thrivosign_document_new_from_callbacks(null(), &raw mut document)), 102);
        assert_eq!(code(thrivosign_document_new_from_callbacks(&raw const source, null_mut())), 101);
        sink.write = None;
        assert_eq!(code(thrivosign_output_new_to_callbacks(&raw const sink, &raw mut output)), 102);
    }
    assert!(document.is_null() && output.is_null());
    assert_eq!(paper.destroyed.load(Ordering::SeqCst), 0);
}

static TOLD: Mutex<Vec<(i64, String, i64, i64)>> = Mutex::new(Vec::new());
static LOG_DESTROYED: AtomicU32 = AtomicU32::new(0);

extern "C" fn log_destroyed(_: *mut c_void) {
    LOG_DESTROYED.fetch_add(1, Ordering::SeqCst);
}

extern "C" fn log_event(_: *mut c_void, event: *const thrivosign_log_event) {
    // SAFETY: the library passes an event whose texts end with NUL.
    let (event, name) = unsafe { (&*event, CStr::from_ptr((*event).name).to_str().unwrap().to_owned()) };
    assert_eq!(event.struct_size, size_of::<thrivosign_log_event>());
    TOLD.lock().unwrap().push((event.level, name, event.error_code, event.bytes));
}

#[test]
fn the_log_tells_a_journey_to_its_callbacks_and_to_none_when_it_is_off() {
    let callbacks = thrivosign_log_callbacks {
        struct_size: size_of::<thrivosign_log_callbacks>(),
        destroy: Some(log_destroyed),
        context: null_mut(),
        event: Some(log_event),
    };
    // SAFETY: a table on this stack.
    unsafe {
        assert_eq!(code(thrivosign_log_set(5, &raw const callbacks)), 101);
        assert_eq!(code(thrivosign_log_set(3, &raw const callbacks)), 0);
    }
    let (input, output) = (Paper::new(Fault::None), Paper::new(Fault::None));
    assert_eq!(sign(&input, &output, null()), 0);
    let size = i64::try_from(input.bytes.len()).unwrap();
    let there = |wanted: &(i64, String, i64, i64)| TOLD.lock().unwrap().contains(wanted);
    assert!(there(&(3, "sign".to_owned(), -1, size)), "{:?}", TOLD.lock().unwrap());
    // SAFETY: NULL switches the log off.
    assert_eq!(code(unsafe { thrivosign_log_set(3, null()) }), 0);
    assert_eq!(LOG_DESTROYED.load(Ordering::SeqCst), 1);
}
