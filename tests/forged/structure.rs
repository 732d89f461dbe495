//! The signature dictionary and its range: one thing wrong at a time.

use crate::document::{agreement, body, find, find_last, patched, signed, updated, write};
use crate::{assert_clean, assert_refused};
use thrivosign::verify::{Coverage, Indication};

#[test]
fn the_signed_bytes_changed() {
    let base = signed(&agreement());
    assert_clean("as signed", &base);
    let report = assert_refused("text changed", &patched(&base, b"repays 100", b"repays 900"), "message_digest_mismatch");
    assert_eq!(report.signatures[0].overall.indication, Indication::TotalFailed);
    let contents = find_last(&base, b"/Contents<").expect("contents") + 10;
    let mut forged = base.clone();
    // The last byte of the signature value: found from the end of the padding.
    let end = contents + base[contents..].iter().position(|c| *c == b'>').expect("an end");
    let last = (contents..end).rev().find(|i| base[*i] != b'0').expect("a digit");
    forged[last] = if forged[last] == b'1' { b'2' } else { b'1' };
    let report = crate::report("a flipped value", &forged);
    assert!(!report.clean && report.signatures[0].overall.indication == Indication::TotalFailed, "{report}");
}

#[test]
fn byte_ranges() {
    let base = signed(&agreement());
    let at = find_last(&base, b"/ByteRange").expect("a range");
    let open = at + base[at..].iter().position(|c| *c == b'[').expect("[");
    let close = at + base[at..].iter().position(|c| *c == b']').expect("]");
    let text = String::from_utf8_lossy(&base[open + 1..close]).into_owned();
    let numbers: Vec<i64> = text.split_whitespace().map(|n| n.parse().expect("a number")).collect();
    let width = close - open - 1;
    let put = |range: &str| {
        // What the text takes more, the padding of /Contents gives.
        let text = format!("{range:<width$}");
        let mut bytes = [&base[..=open], text.as_bytes(), &base[close..]].concat();
        let padding = find_last(&bytes, b"000000000000>").expect("padding");
        bytes.drain(padding..padding + text.len() - width);
        bytes
    };
    let [z, a, b, c] = numbers[..] else { panic!("four numbers") };
    assert_clean("the same numbers, other spaces", &signed(&agreement()));
    for (name, range, reason) in [
        ("two numbers", format!("{z} {a}"), "byte_range_malformed"),
        ("three numbers", format!("{z} {a} {b}"), "byte_range_malformed"),
        ("five numbers", format!("{z} {a} {b} {c} 0"), "byte_range_malformed"),
        ("negative", format!("-1 {a} {b} {c}"), "byte_range_malformed"),
        ("reals", "0.0 1. 2.0 3.".to_owned(), "byte_range_malformed"),
        ("names", "/A /B /C /D".to_owned(), "byte_range_malformed"),
        ("empty", String::new(), "byte_range_malformed"),
        ("beyond 2^63", "0 1 9999999999999999999 1".to_owned(), "byte_range_malformed"),
        ("overflow", "0 1 9223372036854775807 9".to_owned(), "byte_range_mismatch"),
        ("not from 0", format!("1 {a} {b} {c}"), "byte_range_mismatch"),
        ("zero coverage", "0 0 0 0".to_owned(), "byte_range_mismatch"),
        ("one byte less before", format!("0 {} {b} {c}", a - 1), "byte_range_mismatch"),
        ("one byte more behind", format!("0 {a} {} {}", b + 1, c - 1), "byte_range_mismatch"),
        ("the second block cut", format!("0 {a} {b} {}", c - 7), "coverage_broken"),
        ("past the end", format!("0 {a} {b} {}", c + 1), "byte_range_mismatch"),
        ("overlapping", format!("0 {} {a} {}", b, b - a + c), "byte_range_mismatch"),
    ] {
        let report = assert_refused(name, &put(&range), reason);
        assert_eq!(report.signatures[0].coverage, Coverage::Broken, "{name}");
    }
}

#[test]
fn contents_and_dictionary() {
    let base = signed(&agreement());
    for (name, from, to, reason) in [
        ("no /Contents", &b"/Contents<"[..], &b"/Kontents<"[..], "contents_malformed"),
        ("no /ByteRange", b"/ByteRange", b"/BiteRange", "byte_range_malformed"),
        ("another format", b"ETSI.CAdES.detached", b"ETSI.CAdES.detoched", "sub_filter_unsupported"),
        ("a space in /Contents", b"/Contents<3", b"/Contents< ", "contents_malformed"),
        ("no digit in /Contents", b"/Contents<3", b"/Contents<x", "contents_malformed"),
    ] {
        let at = find_last(&base, from).expect("there");
        let mut forged = base.clone();
        forged[at..at + to.len()].copy_from_slice(to);
        assert_refused(name, &forged, reason);
    }
    // Something behind the CMS.
    let contents = find_last(&base, b"/Contents<").expect("contents") + 10;
    let end = contents + base[contents..].iter().position(|c| *c == b'>').expect("an end");
    let mut forged = base.clone();
    forged[end - 1] = b'1';
    assert_refused("bytes behind the CMS", &forged, "contents_trailing_bytes");
}

#[test]
fn keys_twice_or_hidden() {
    // The document is signed with the fault in it, on a page that signing does not touch: the fault alone must be enough.
    let two_pages = |second: &str| {
        let one = String::from_utf8_lossy(&agreement()).into_owned();
        let page = body(one.as_bytes(), 3);
        write(&[(1, "<</Type/Catalog/Pages 2 0 R>>"), (2, "<</Type/Pages/Kids[3 0 R 10 0 R]/Count 2>>"), (3, &page), (10, second)], "")
    };
    assert_clean("one key each", &signed(&two_pages("<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>")));
    let twice = two_pages("<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 3 0 R/Contents 1 0 R>>");
    assert_refused("a page's key twice", &signed(&twice), "duplicate_key");
    assert_clean("an ordinary name escaped", &signed(&two_pages("<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/M#61rk 1>>")));
    let hidden = two_pages("<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Cont#65nts 3 0 R>>");
    assert_refused("a standard key hidden", &signed(&hidden), "escaped_key");
    let base = signed(&agreement());
    let at = find(&base, b"/Type/Sig").or_else(|| find(&base, b"/Type /Sig")).expect("the dictionary");
    let mut forged = base.clone();
    // /Filter twice instead of /Type.
    forged[at..at + 9].copy_from_slice(b"/M (2026)");
    assert_refused("a signature's key twice", &forged, "duplicate_key");
}

#[test]
fn a_value_that_is_no_dictionary_is_a_failed_signature() {
    let base = signed(&agreement());
    let field = (10..14).find(|n| body(&base, *n).contains("/FT/Sig")).expect("the field");
    let field_body = body(&base, field);
    let start = field_body.find("/V ").expect("a value");
    let end = start + field_body[start..].find(" R").expect("a reference") + 2;
    let forged = updated(&base, &[(field, &format!("{}/V 5 0 R{}", &field_body[..start], &field_body[end..]))], "");
    let report = crate::report("a font as signature", &forged);
    assert!(!report.clean && report.signatures.len() == 2, "{report}");
}
