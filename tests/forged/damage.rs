//! Damage to what is signed, or to what never was a document (every flip, cut and addition: `tests/odd/exhaustive.rs`).

use crate::authority::{authority, now};
use crate::document::{agreement, signed};
use crate::judged;
use thrivosign::ErrorKind;
use thrivosign::pdf::Document;
use thrivosign::sign::{SignatureRequest, SigningIdentity, plan};

/// A signed document that lost its end is not signed again as if nobody had: the other party's signature would be buried.
#[test]
fn a_cut_document_is_not_signed() {
    let base = signed(&agreement());
    let identity = SigningIdentity::for_key(authority().key.public_key(), &authority().chain, None).expect("an identity");
    let kind = |bytes: &[u8]| {
        let bytes = bytes.to_vec();
        let document = Document::open(&bytes).expect("opens");
        plan(&document, &SignatureRequest::new(now()), &identity, [1; 16]).err().map(|e| e.kind())
    };
    assert_eq!(kind(&base[..base.len() - 100]), Some(ErrorKind::PdfDamaged));
    assert_eq!(kind(&[base.as_slice(), b"\r\n--boundary--\r\n"].concat()), None);
    assert_eq!(kind(&base), None);
}

/// What is no document, or none that can be read: a named error, never a panic.
#[test]
fn bad_input_has_its_own_error() {
    let nested = [
        b"%PDF-1.7\n1 0 obj\n".to_vec(),
        vec![b'['; 10_000],
        b"\nendobj\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<</Size 2/Root 1 0 R>>\nstartxref\n".to_vec(),
    ]
    .concat();
    let xref = nested.len() - b"xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<</Size 2/Root 1 0 R>>\nstartxref\n".len();
    let nested = [nested, format!("{xref}\n%%EOF\n").into_bytes()].concat();
    let looped = {
        let text = "%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF\n";
        text.as_bytes().to_vec()
    };
    let cases = [
        ("empty", Vec::new(), ErrorKind::NotPdf),
        ("text", b"This is no PDF.".to_vec(), ErrorKind::NotPdf),
        ("a header alone", b"%PDF-1.7\n".to_vec(), ErrorKind::PdfDamaged),
        ("an xref loop", looped, ErrorKind::PdfDamaged),
        ("nested arrays", nested, ErrorKind::LimitReached),
    ];
    let _ = authority();
    for (name, bytes, kind) in cases {
        let small = std::thread::Builder::new().stack_size(128 << 10);
        let got = small.spawn(move || judged(&bytes).map(|r| r.clean).map_err(|e| e.kind())).expect("a thread").join().expect("no panic");
        assert_eq!(got, Err(kind), "{name}");
    }
}
