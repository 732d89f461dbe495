//! The ABI's ledger: what the header declares, what the library exports, and what tests/abi says was promised, are the same; and the error codes
//! of the header are those of the core's one table. Codes, symbols and layouts never move: whoever changes them changes the ledger on purpose.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests are an edge: they run programs and read files")]

mod header;

use std::collections::BTreeSet;
use std::process::Command;
use thrivosign::ErrorKind;

fn ledger(file: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(header::root().join("tests/abi").join(file)).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

/// Names of both sets that are in one of them only.
fn differences(a: &BTreeSet<String>, b: &BTreeSet<String>) -> Vec<String> {
    a.symmetric_difference(b).cloned().collect()
}

fn declared() -> BTreeSet<String> {
    header::functions().into_iter().map(|function| function.name).collect()
}

#[test]
fn the_header_declares_what_the_ledger_promises() {
    let rows = ledger("symbols.txt");
    let promised: BTreeSet<String> = rows.iter().map(|row| row[0].clone()).collect();
    assert_eq!(promised.len(), rows.len(), "a symbol stands twice");
    assert_eq!(differences(&declared(), &promised), Vec::<String>::new(), "tests/abi/symbols.txt and include/thrivosign.h");
    let version = |text: &str| text.split('.').count() == 3 && text.split('.').all(|part| part.parse::<u32>().is_ok());
    for row in rows {
        let [_, since, deprecated] = &row[..] else { panic!("a row has three columns: {row:?}") };
        assert!(version(since), "{row:?}");
        assert!(deprecated == "-" || version(deprecated), "{row:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_library_exports_what_the_header_declares() {
    let beside = std::env::current_exe().unwrap();
    let library = beside.parent().unwrap().join("libthrivosign_c.so");
    let listed = Command::new("nm").args(["-D", "--defined-only"]).arg(&library).output().expect("nm runs");
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let listed = String::from_utf8(listed.stdout).unwrap();
    let exported = listed.lines().filter_map(|line| line.split_whitespace().nth(2)).map(str::to_owned);
    let exported: BTreeSet<String> = exported.filter(|name| !name.starts_with("thrivosign_test_")).collect();
    assert_eq!(differences(&declared(), &exported), Vec::<String>::new(), "include/thrivosign.h and {}", library.display());

    let dynamic = Command::new("readelf").arg("-d").arg(&library).output().expect("readelf runs");
    let dynamic = String::from_utf8(dynamic.stdout).unwrap();
    // SAFETY: the function takes nothing.
    let abi = unsafe { thrivosign_c::library::thrivosign_abi_version() };
    assert!(dynamic.contains(&format!("[libthrivosign.so.{abi}]")), "the SONAME is the ABI number: {dynamic}");
    assert!(header::text().contains(&format!("#define THRIVOSIGN_ABI_VERSION {abi}\n")));
}

/// The size, the alignment and where each member begins.
macro_rules! layout {
    ($name:ident: $($member:ident)*) => {
        vec![
            stringify!($name).to_owned(),
            size_of::<thrivosign_c::$name>().to_string(),
            align_of::<thrivosign_c::$name>().to_string(),
            [$(format!("{}:{}", stringify!($member), std::mem::offset_of!(thrivosign_c::$name, $member))),*].join(","),
        ]
    };
}

#[test]
fn structs_have_the_layout_that_was_promised_for_this_target() {
    let built = vec![
        layout!(thrivosign_batch_listener: struct_size context ended),
        layout!(thrivosign_call: struct_size cancel timeout_ms per_call_timeout_ms progress context),
        layout!(thrivosign_certificate_order: struct_size device_uuid authentication_key signing_key challenge subject_name country serial_number profile),
        layout!(thrivosign_factor_callbacks: struct_size destroy context ask),
        layout!(thrivosign_http_callbacks: struct_size destroy context send),
        layout!(thrivosign_key_store_callbacks: struct_size destroy context info sign create remove list attest),
        layout!(thrivosign_log_callbacks: struct_size destroy context event),
        layout!(thrivosign_log_event: struct_size level name operation error_code http_status milliseconds bytes attempt),
        layout!(thrivosign_output_callbacks: struct_size destroy context write),
        layout!(thrivosign_pin_callbacks: struct_size destroy context observed),
        layout!(thrivosign_sign_options: struct_size password password_size shown_sha256 full_recheck preflight damage rewrite_limit extension carry_evidence consent in_place_of),
        layout!(thrivosign_source_callbacks: struct_size destroy context len read_at),
        layout!(thrivosign_token_callbacks: struct_size destroy context tokens),
        layout!(thrivosign_verify_listener: struct_size context ended),
        layout!(thrivosign_verify_options: struct_size password password_size unix_time revocation evidence),
    ];
    let target = env!("THRIVOSIGN_TARGET");
    let promised: Vec<Vec<String>> = ledger("layout.txt")
        .into_iter()
        .filter(|row| row[0].split(',').any(|named| named == target))
        .map(|row| row[1..].to_vec())
        .collect();
    assert_eq!(promised, built, "tests/abi/layout.txt for {target}");
    // Every struct with members in the header is in the ledger.
    let structs = header::text().matches("typedef struct thrivosign_").count();
    let opaque = header::text().lines().filter(|line| line.starts_with("typedef struct") && line.ends_with(';')).count();
    assert_eq!(structs - opaque, built.len());
}

#[test]
fn the_headers_error_codes_are_those_of_the_table() {
    let header = header::text();
    let listed = header.split("typedef enum thrivosign_error_kind {").nth(1).unwrap().split('}').next().unwrap();
    let listed: BTreeSet<String> = listed.split(',').map(|entry| entry.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let table = ErrorKind::ALL.iter().map(|kind| format!("THRIVOSIGN_ERROR_KIND_{} = {}", kind.name().to_uppercase(), kind.code()));
    let table: BTreeSet<String> = table.chain(["THRIVOSIGN_ERROR_KIND_OK = 0".to_owned()]).collect();
    assert_eq!(differences(&listed, &table), Vec::<String>::new());
}

#[test]
fn every_item_of_the_header_says_ownership_lifetime_threads_and_null() {
    let header = std::fs::read_to_string(header::root().join("include/thrivosign.h")).unwrap();
    for function in header::functions() {
        // The comment that ends right before the declaration.
        let at = header.rfind(&format!("{}(", function.name)).unwrap();
        let comment = header[..at].rsplit("/**").next().unwrap();
        let places: Vec<Option<usize>> =
            ["\n * Ownership: ", "\n * Lifetime: ", "\n * Threads: ", "\n * NULL: "].iter().map(|word| comment.find(word)).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{}: {comment}", function.name);
    }
}
