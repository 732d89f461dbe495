//! Tests of attachments: what stands in the document, whom it is refused, and what qpdf, pdfsig and pdfdetach make of it.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests are an edge: they run programs")]

use super::attachment::Attachment;
use super::testing::{Signer, Style, document, judged_by_pdfsig, judged_by_qpdf, now, plain};
use super::{DocMdp, SignatureRequest, plan_with};
use crate::cancel::Progress;
use crate::error::{ErrorKind, Result};
use crate::pdf::{Dictionary, name_tree};
use crate::pdf::{Document, Object};
use std::process::Command;

fn request() -> SignatureRequest {
    SignatureRequest::new(now())
}

const CONTENT: &[u8] = b"{\"schema\":\"thrivosign-evidence-1\"}";

fn record() -> Attachment {
    Attachment {
        name: "evidence.json".to_owned(),
        media_type: "application/json".to_owned(),
        description: "What was shown, found and agreed to".to_owned(),
        bytes: CONTENT.to_vec(),
    }
}

fn signed(file: &[u8], attachment: &Attachment, request: &SignatureRequest) -> Result<Vec<u8>> {
    let signer = Signer::p256();
    let source = file.to_vec();
    let plan = plan_with(&Document::open(&source)?, request, &signer.identity, Some(attachment), [7; 16])?;
    let prepared = plan.hash(&source, &Progress::default())?;
    let tbs = prepared.to_be_signed()?;
    let value = tbs.accept(&signer.answer(tbs.message()))?;
    let mut out = Vec::new();
    prepared.complete(&value, &source, &mut out, &Progress::default())?;
    Ok(out)
}

/// The file specifications by name, and how many files the catalog is associated with.
fn files(pdf: &[u8]) -> (Vec<(String, Dictionary)>, usize) {
    let document = Document::open(&pdf).unwrap();
    let view = document.latest();
    let catalog = view.catalog().unwrap();
    let names = view.get_dict(&catalog, b"Names").unwrap().unwrap();
    let tree = view.get_dict(&names, b"EmbeddedFiles").unwrap().unwrap();
    let specification = |value: &Object| view.resolve(value).unwrap().as_dict().unwrap().clone();
    let found = name_tree::names(view, &tree).unwrap();
    let found = found.iter().map(|(name, value)| (String::from_utf8_lossy(name).into_owned(), specification(value))).collect();
    (found, view.get_array(&catalog, b"AF").unwrap().unwrap_or_default().len())
}

#[test]
fn the_file_is_signed_along_and_outside_readers_find_it() {
    for style in [Style::Table, Style::Stream] {
        let out = signed(&plain(style), &record(), &request()).unwrap();
        let (found, associated) = files(&out);
        assert_eq!((found.len(), found[0].0.as_str(), associated), (1, "evidence.json", 1));
        assert_eq!(found[0].1.get(b"AFRelationship").and_then(Object::as_name), Some(&b"Data"[..]));
        judged_by_qpdf(&out);
        judged_by_pdfsig(&out, 1);
        let folder = tempfile::tempdir().unwrap();
        let (path, got) = (folder.path().join("a.pdf"), folder.path().join("got.json"));
        std::fs::write(&path, &out).unwrap();
        let listed = Command::new("pdfdetach").arg("-list").arg(&path).output().unwrap();
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        assert!(listed.contains("1 embedded files") && listed.contains("evidence.json"), "{listed}");
        let saved = Command::new("pdfdetach").args(["-save", "1", "-o"]).arg(&got).arg(&path).status().unwrap();
        assert!(saved.success());
        assert_eq!(std::fs::read(got).unwrap(), CONTENT);
    }
}

#[test]
fn files_that_are_there_stay_in_the_order_of_their_names() {
    let leaf = "<</Names[(evidence.json) 9 0 R(zebra.txt) 9 0 R]/Limits[(evidence.json)(zebra.txt)]>>";
    let specification = "<</Type/Filespec/F(a)/UF(a)>>";
    for names in ["/Names<</Dests 9 0 R/EmbeddedFiles<</Kids[8 0 R]>>>>/AF[9 0 R]", "/Names 7 0 R"] {
        let held = "<</EmbeddedFiles<</Names[(evidence.json) 9 0 R(zebra.txt) 9 0 R]>>>>";
        let file = document(Style::Table, names, "", &[held, leaf, specification]);
        let (found, associated) = files(&signed(&file, &record(), &request()).unwrap());
        assert_eq!(found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["evidence-2.json", "evidence.json", "zebra.txt"]);
        assert_eq!(associated, if names.contains("AF") { 2 } else { 1 });
    }
    // A tree that never ends, and one that names a file twice.
    for tree in ["<</Kids[8 0 R]>>", "<</Names[(a) 9 0 R(a) 9 0 R]>>"] {
        let file = document(Style::Table, "/Names<</EmbeddedFiles 8 0 R>>", "", &["null", tree, specification]);
        assert_eq!(signed(&file, &record(), &request()).unwrap_err().kind(), ErrorKind::PdfDamaged, "{tree}");
    }
}

#[test]
fn a_signed_document_is_given_no_file() {
    let signer = Signer::p256();
    let certified = SignatureRequest { certification: Some(DocMdp::Annotating), ..request() };
    for first in [request(), certified] {
        let once = signer.sign(&plain(Style::Table), &first).unwrap();
        let refused = signed(&once, &record(), &request()).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::SigningForbidden);
        assert!(refused.to_string().contains("before the first signature"), "{refused}");
    }
    let certifying = SignatureRequest { certification: Some(DocMdp::NoChanges), ..request() };
    judged_by_pdfsig(&signed(&plain(Style::Table), &record(), &certifying).unwrap(), 1);
}

#[test]
fn what_claims_pdf_a_decides_by_its_part() {
    let claim = |part: &str, level: &str| {
        let xmp = format!(
            "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
             xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' \
             xmlns:pdfaid='http://www.aiim.org/pdfa/ns/id/' pdfaid:part='{part}'{level}/></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
        );
        let stream = format!("<</Type/Metadata/Subtype/XML/Length {}>>\nstream\n{xmp}\nendstream", xmp.len());
        let file = document(Style::Table, "/Metadata 7 0 R", "", &[&stream]);
        signed(&file, &record(), &request()).map(drop).map_err(|error| error.kind())
    };
    let level = |level: &str| format!(" pdfaid:conformance='{level}'");
    for (part, of, allowed) in
        [("1", level("B"), false), ("2", level("B"), false), ("3", level("B"), true), ("4", String::new(), false), ("4", level("F"), true)]
    {
        assert_eq!(claim(part, &of), if allowed { Ok(()) } else { Err(ErrorKind::ConformanceForbids) }, "PDF/A-{part}{of}");
    }
}

#[test]
fn names_and_types_that_no_file_has_are_refused() {
    let kind = |change: &dyn Fn(&mut Attachment)| {
        let mut attachment = record();
        change(&mut attachment);
        signed(&plain(Style::Table), &attachment, &request()).err().map(|error| error.kind())
    };
    assert_eq!(kind(&|_| {}), None);
    for name in ["", "a/b", "..", "a\\b", "c:d", "a\nb", "\u{fc}.json", &"x".repeat(201)] {
        assert_eq!(kind(&|a| a.name = name.to_owned()), Some(ErrorKind::InvalidArgument), "{name}");
    }
    for media in ["", "json", "a/", "a/b c", "a/b/c"] {
        assert_eq!(kind(&|a| a.media_type = media.to_owned()), Some(ErrorKind::InvalidArgument), "{media}");
    }
    assert_eq!(kind(&|a| a.description.clear()), Some(ErrorKind::InvalidArgument));
    assert_eq!(kind(&|a| a.bytes = vec![0; (16 << 20) + 1]), Some(ErrorKind::InvalidArgument));
}
