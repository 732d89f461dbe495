//! The sign room: whole journeys over small documents of every structure, with pdfsig and qpdf as judges, and every refusal.

use super::testing::{Signer, Style, document, judged_by_pdfsig, judged_by_qpdf, now, plain, planned, prepared};
use super::{Placement, Prepared, SignatureRequest, SigningIdentity};
use crate::appearance::Appearance;
use crate::cancel::{CancelToken, Progress};
use crate::crypto::algorithm::SignatureAlgorithm;
use crate::crypto::digest::DigestAlgorithm;
use crate::error::ErrorKind;
use crate::pdf::{Document, Object, Rect};
use crate::pki::certificate::oid;
use crate::pki::testing::{Draft, Key, ecdsa};

const BOX: Rect = Rect { x0: 50.0, y0: 60.0, x1: 250.0, y1: 120.0 };

fn request() -> SignatureRequest {
    SignatureRequest::new(now())
}

fn visible(page: u32) -> SignatureRequest {
    SignatureRequest { placement: Placement::Visible { page, rect: BOX }, ..request() }
}

fn named(field: &str) -> SignatureRequest {
    SignatureRequest { field: Some(field.into()), ..request() }
}

fn kind<T>(result: crate::Result<T>) -> ErrorKind {
    match result {
        Ok(_) => panic!("was not refused"),
        Err(error) => error.kind(),
    }
}

/// Signs, and has every judge look at it.
fn signed(signer: &Signer, file: &[u8], request: &SignatureRequest, signatures: usize) -> Vec<u8> {
    let out = signer.sign(file, request).unwrap();
    assert!(out.starts_with(file), "the input is a prefix");
    judged_by_pdfsig(&out, signatures);
    judged_by_qpdf(&out);
    out
}

/// The full names of all fields, with whether they are signed.
fn fields(file: &[u8]) -> Vec<(String, bool)> {
    let document = Document::open(&file).unwrap();
    let view = document.latest();
    let form = view.get_dict(&view.catalog().unwrap(), b"AcroForm").unwrap().unwrap();
    let mut found = Vec::new();
    let mut open: Vec<(Object, String)> =
        view.get_array(&form, b"Fields").unwrap().unwrap().into_iter().rev().map(|o| (o, String::new())).collect();
    while let Some((object, prefix)) = open.pop() {
        let Object::Dictionary(dict) = view.resolve(&object).unwrap() else { panic!() };
        let Some(partial) = dict.get(b"T").and_then(Object::as_string) else { continue };
        let name = format!("{prefix}{}", crate::pdf::text_string::text(partial));
        match view.get_array(&dict, b"Kids").unwrap() {
            Some(kids) => open.extend(kids.into_iter().rev().map(|kid| (kid, format!("{name}.")))),
            None => found.push((name, dict.get(b"V").is_some())),
        }
    }
    found
}

#[test]
fn every_structure_is_signed_invisible_and_visible_once_and_twice() {
    let signer = Signer::p256();
    for style in [Style::Table, Style::Stream] {
        for first in [request(), visible(2)] {
            let once = signed(&signer, &plain(style), &first, 1);
            let twice = signed(&signer, &once, &visible(1), 2);
            assert_eq!(fields(&twice), [("Signature1".to_owned(), true), ("Signature2".to_owned(), true)]);
        }
    }
}

#[test]
fn rsa_in_both_paddings() {
    let rsa = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"];
    for algorithm in [
        SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256),
        SignatureAlgorithm::RsaPss { digest: DigestAlgorithm::Sha256, salt_len: 32 },
    ] {
        let signer = Signer::openssl(&rsa, algorithm);
        let out = signer.sign(&plain(Style::Table), &request()).unwrap();
        judged_by_qpdf(&out);
        judged_by_pdfsig(&out, 1);
    }
}

#[test]
fn forms_are_extended_where_they_stand() {
    let signer = Signer::p256();
    let text_field = "<</FT/Tx/T(name)/V(x)/Type/Annot/Subtype/Widget/Rect[10 10 100 30]/P 3 0 R/F 4>>";
    let cases = [
        // Direct form with a direct array; page with a direct array.
        document(Style::Table, "/AcroForm<</Fields[7 0 R]/DA(/Helv 0 Tf 0 g)>>", "/Annots[7 0 R]", &[text_field]),
        // Indirect form, direct array, /Annots indirect.
        document(Style::Stream, "/AcroForm 8 0 R", "/Annots 9 0 R", &[text_field, "<</Fields[7 0 R]/NeedAppearances false>>", "[7 0 R]"]),
        // Everything indirect, SigFlags set.
        document(Style::Table, "/AcroForm 8 0 R", "/Annots 9 0 R", &[text_field, "<</Fields 10 0 R/SigFlags 3>>", "[7 0 R]", "[7 0 R]"]),
        // References to what is not there.
        document(Style::Table, "/AcroForm 20 0 R", "/Annots 21 0 R", &[]),
        document(Style::Table, "/AcroForm 8 0 R", "", &["null", "<</Fields 22 0 R>>"]),
    ];
    for (i, file) in cases.into_iter().enumerate() {
        let out = signed(&signer, &file, &visible(1), 1);
        let expected =
            if i < 3 { vec![("name".to_owned(), true), ("Signature1".to_owned(), true)] } else { vec![("Signature1".to_owned(), true)] };
        assert_eq!(fields(&out), expected, "{i}");
        let document = Document::open(&out).unwrap();
        let view = document.latest();
        let form = view.get_dict(&view.catalog().unwrap(), b"AcroForm").unwrap().unwrap();
        assert_eq!(form.get(b"SigFlags").and_then(Object::as_i64), Some(3));
        assert_eq!(form.get(b"DA").is_some(), i == 0);
        let page = view.page(0).unwrap();
        assert_eq!(view.get_array(&page.dict, b"Annots").unwrap().unwrap().len(), if i < 3 { 2 } else { 1 });
    }
}

#[test]
fn dots_build_a_hierarchy_and_find_the_one_that_is_there() {
    let signer = Signer::p256();
    let once = signed(&signer, &plain(Style::Table), &named("loan.parties.Ödön"), 1);
    assert_eq!(fields(&once), [("loan.parties.Ödön".to_owned(), true)]);
    let twice = signed(&signer, &once, &named("loan.parties.bank"), 2);
    let thrice = signed(&signer, &twice, &named("loan.witness"), 3);
    let names: Vec<String> = fields(&thrice).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["loan.parties.Ödön", "loan.parties.bank", "loan.witness"]);
    for taken in ["loan", "loan.parties", "loan.witness", "loan.witness.more"] {
        assert_eq!(kind(signer.sign(&thrice, &named(taken))), ErrorKind::FieldUnusable, "{taken}");
    }
}

#[test]
fn default_names_are_the_next_free_ones() {
    let signer = Signer::p256();
    let mut file = signer.sign(&plain(Style::Table), &named("Signature2")).unwrap();
    for _ in 0..2 {
        file = signer.sign(&file, &request()).unwrap();
    }
    let names: Vec<String> = fields(&file).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["Signature2", "Signature1", "Signature3"]);
}

/// A document with one empty signature field; `more` is added to the field.
fn with_empty_field(more: &str) -> Vec<u8> {
    let field = format!("<</FT/Sig/T(here)/Type/Annot/Subtype/Widget/Rect[300 300 500 380]/P 3 0 R/F 4{more}>>");
    document(Style::Table, "/AcroForm<</Fields[7 0 R]/SigFlags 1>>", "/Annots[7 0 R]/Rotate 90", &[&field])
}

#[test]
fn an_empty_field_is_signed_in_place() {
    let signer = Signer::p256();
    let file = with_empty_field("/Lock<</Type/SigFieldLock/Action/Include/Fields[(name)]>>/TU(sign here)");
    let out = signed(&signer, &file, &named("here"), 1);
    let document = Document::open(&out).unwrap();
    let view = document.latest();
    let Object::Dictionary(field) = view.resolve(&Object::Reference(crate::pdf::ObjectId::new(7, 0))).unwrap() else { panic!() };
    assert_eq!(field.get(b"TU").and_then(Object::as_string), Some(&b"sign here"[..]));
    let look = view.get(&view.get_dict(&field, b"AP").unwrap().unwrap(), b"N").unwrap();
    let text = view.stream_data(look.as_stream().unwrap()).unwrap();
    assert!(text.windows(7).any(|w| w == b"Example"), "{}", String::from_utf8_lossy(&text));
    assert!(look.as_dict().unwrap().get(b"Matrix").is_some(), "the page is rotated");
    let value = view.get_dict(&field, b"V").unwrap().unwrap();
    let Some(Object::Dictionary(reference)) = value.get(b"Reference").and_then(|r| r.as_array()).and_then(|r| r.first()) else { panic!() };
    assert_eq!(reference.get(b"TransformMethod").and_then(Object::as_name), Some(&b"FieldMDP"[..]));
    // The lock holds from now on: a field it names is refused, another is not.
    let locked = with_empty_field("/Lock<</Type/SigFieldLock/Action/All>>");
    let locked = signer.sign(&locked, &named("here")).unwrap();
    assert_eq!(kind(signer.sign(&locked, &named("another"))), ErrorKind::SigningForbidden);
    assert_eq!(kind(signer.sign(&locked, &request())), ErrorKind::SigningForbidden);
    let partly = with_empty_field("/Lock<</Type/SigFieldLock/Action/Include/Fields[(amount)]>>");
    let partly = signer.sign(&partly, &named("here")).unwrap();
    assert_eq!(kind(signer.sign(&partly, &named("amount.x"))), ErrorKind::SigningForbidden);
    signed(&signer, &partly, &named("another"), 2);
}

#[test]
fn seed_values_are_met_or_refused_before_any_key_is_asked() {
    let signer = Signer::p256();
    let with_reason = SignatureRequest { reason: Some("I agree".into()), ..named("here") };
    for met in [
        "/SV<</Ff 2/SubFilter[/adbe.pkcs7.detached/ETSI.CAdES.detached]>>",
        "/SV<</Ff 64/DigestMethod[(SHA384)(SHA256)]>>",
        "/SV<</Ff 8/Reasons[(No)(I agree)]>>",
        "/SV<</SubFilter[/adbe.pkcs7.detached]/Reasons[(Another)]>>",
        "/SV<</Filter/Adobe.PPKLite/Ff 1/MDP<</P 0>>>>",
        "/SV<</Cert<</Ff 32/KeyUsage[(XX1)(X1)(1)(XXXXX0)]>>>>",
        "/SV<</Cert<</Ff 8/SubjectDN[<</CN(Bertha Example)>><</CN(anna example)>>]>>>>",
        "/SV<</Cert<</Ff 8/SubjectDN[<</2.5.4.3(Anna Example)>>]>>>>",
        "/SV<</Cert<</SubjectDN[<</CN(Suggested)>>]>>>>",
    ] {
        assert!(signer.sign(&with_empty_field(met), &with_reason).is_ok(), "{met}");
    }
    for unmet in [
        "/SV<</Ff 2/SubFilter[/adbe.pkcs7.detached]>>",
        "/SV<</Ff 1/Filter/Entrust.PPKEF>>",
        "/SV<</Ff 64/DigestMethod[(SHA512)]>>",
        "/SV<</Ff 8/Reasons[(No)]>>",
        "/SV<</Ff 8/Reasons[(.)]>>",
        "/SV<</MDP<</P 4>>>>",
        "/SV<</MDP<<>>>>",
        "/SV<</TimeStamp<</URL(https://tsa.example)/Ff 1>>>>",
        "/SV<</Ff 32/AddRevInfo true>>",
        "/SV<</Ff 128/LockDocument/true>>",
        "/SV<</Ff 256>>",
        "/SV<</Cert<</Ff 1/Subject[(x)]>>>>",
        "/SV<</Cert<</Ff 32/KeyUsage[(XX1)]>>>>",
        "/SV<</Cert<</Ff 32/KeyUsage[(1111111111)]>>>>",
        "/SV<</Cert<</Ff 32>>>>",
        "/SV<</Cert<</Ff 8/SubjectDN[<</CN(Bertha Example)>>]>>>>",
        "/SV<</Cert<</Ff 8/SubjectDN[<</CN(Anna Example)/O(Other)>><<>>]>>>>",
        "/SV<</Cert<</Ff 4/OID[(1.2.3.4)]>>>>",
        "/SV<</Cert<</Ff 64/URL(https://ca.example)>>>>",
        "/SV 3",
    ] {
        let file = with_empty_field(unmet);
        assert_eq!(kind(planned(&file, &with_reason, &signer.identity)), ErrorKind::FieldUnusable, "{unmet}");
    }
}

#[test]
fn fields_that_cannot_take_a_signature_are_refused() {
    let signer = Signer::p256();
    let text_field = document(Style::Table, "/AcroForm<</Fields[7 0 R]>>", "", &["<</FT/Tx/T(a)>>"]);
    assert_eq!(kind(signer.sign(&text_field, &named("a"))), ErrorKind::FieldUnusable);
    assert_eq!(kind(signer.sign(&text_field, &named("a.b"))), ErrorKind::FieldUnusable);
    let twice = document(Style::Table, "/AcroForm<</Fields[7 0 R 8 0 R]>>", "", &["<</FT/Sig/T(a)>>", "<</FT/Sig/T(a)>>"]);
    assert_eq!(kind(signer.sign(&twice, &named("a"))), ErrorKind::FieldUnusable);
    let direct = document(Style::Table, "/AcroForm<</Fields[<</FT/Sig/T(a)>>]>>", "", &[]);
    assert_eq!(kind(signer.sign(&direct, &named("a"))), ErrorKind::FieldUnusable);
    let widgets = ["<</FT/Sig/T(a)/Kids[8 0 R 8 0 R]>>", "<</Subtype/Widget/Parent 7 0 R/Rect[0 0 9 9]>>"];
    let widgets = document(Style::Table, "/AcroForm<</Fields[7 0 R]>>", "", &widgets);
    assert_eq!(kind(signer.sign(&widgets, &named("a"))), ErrorKind::FieldUnusable);
    // One widget of its own is fine, and so is none; a loop in the tree ends.
    let apart = ["<</FT/Sig/T(a)/Kids[8 0 R]>>", "<</Type/Annot/Subtype/Widget/Parent 7 0 R/Rect[20 20 220 90]/P 3 0 R>>"];
    // Poppler takes a widget with a /Parent for a field of its own and does not inherit /V; without any widget it does not look.
    for file in [
        document(Style::Table, "/AcroForm<</Fields[7 0 R]>>", "/Annots[8 0 R]", &apart),
        document(Style::Table, "/AcroForm<</Fields[7 0 R]>>", "", &["<</FT/Sig/T(a)>>"]),
    ] {
        let out = signer.sign(&file, &named("a")).unwrap();
        judged_by_qpdf(&out);
        let document = Document::open(&out).unwrap();
        let view = document.latest();
        let field = view.object(crate::pdf::ObjectId::new(7, 0)).unwrap();
        assert!(field.object.as_dict().unwrap().get(b"V").is_some());
        let widget = view.object(crate::pdf::ObjectId::new(8, 0)).unwrap();
        let annotation = widget.object.as_dict().filter(|widget| widget.is_type(b"Annot"));
        assert!(annotation.is_none_or(|widget| widget.get(b"AP").is_some()));
    }
    let round = document(Style::Table, "/AcroForm<</Fields[7 0 R]>>", "", &["<</T(a)/Kids[7 0 R]>>"]);
    assert!(signer.sign(&round, &request()).is_ok());
}

#[test]
fn certifications_and_locks_are_obeyed() {
    let signer = Signer::p256();
    let certified = |level: &str| {
        let signature =
            format!("<</Type/Sig/Filter/Adobe.PPKLite/Reference[<</TransformMethod/DocMDP/TransformParams<</V/1.2{level}>>>>]>>");
        document(Style::Table, "/Perms<</DocMDP 7 0 R>>", "", &[&signature])
    };
    for (level, forbidden) in [("/P 1", true), ("/P 2", false), ("/P 3", false), ("", false), ("/P 7", true), ("/P(2)", true)] {
        assert_eq!(
            signer.sign(&certified(level), &request()).err().map(|e| e.kind()),
            forbidden.then_some(ErrorKind::SigningForbidden),
            "{level}"
        );
    }
    let bare = document(Style::Table, "/Perms<</DocMDP 7 0 R>>", "", &["<</Type/Sig>>"]);
    assert_eq!(kind(signer.sign(&bare, &request())), ErrorKind::SigningForbidden);
    let locked = |lock: &str| {
        let first = format!("<</FT/Sig/T(first)/V<</Type/Sig>>/Lock<<{lock}>>>>");
        document(Style::Table, "/AcroForm<</Fields[7 0 R 8 0 R]>>", "", &[&first, "<</FT/Sig/T(second)>>"])
    };
    for (lock, forbidden) in [
        ("/Action/All", true),
        ("/Action/Include/Fields[(second)]", true),
        ("/Action/Exclude/Fields[(second)]", false),
        ("/Action/Include/Fields[(third)]", false),
        ("/Action/Exclude/Fields[(second)]/P 1", true),
    ] {
        assert_eq!(
            signer.sign(&locked(lock), &named("second")).err().map(|e| e.kind()),
            forbidden.then_some(ErrorKind::SigningForbidden),
            "{lock}"
        );
    }
}

#[test]
fn documents_that_cannot_be_signed_are_named() {
    let signer = Signer::p256();
    let sign = |file: &[u8]| kind(signer.sign(file, &request()));
    let no_pages =
        super::testing::build(&["<</Type/Catalog/Pages 2 0 R>>".into(), "<</Type/Pages/Count 0/Kids[]>>".into()], Style::Table, "");
    assert_eq!(sign(&no_pages), ErrorKind::NoPages);
    assert_eq!(sign(b""), ErrorKind::NotPdf);
    assert_eq!(sign(b"hello"), ErrorKind::NotPdf);
    let whole = plain(Style::Table);
    for cut in [100, whole.len() - 30] {
        assert_eq!(sign(&whole[..cut]), ErrorKind::PdfDamaged, "{cut}");
    }
    let mut tail = whole.clone();
    tail.extend_from_slice(b"startxref\n7\n%%EOF\n");
    assert_eq!(sign(&tail), ErrorKind::PdfDamaged);
    for (catalog, page) in
        [("/AcroForm 3", ""), ("/AcroForm<</Fields 3>>", ""), ("", "/Annots 3"), ("/Lang(a)/Lang(b)", ""), ("", "/Tabs/S/Tabs/R")]
    {
        assert_eq!(sign(&document(Style::Table, catalog, page, &[])), ErrorKind::PdfDamaged, "{catalog} {page}");
    }
    let beyond = SignatureRequest { placement: Placement::Visible { page: 3, rect: BOX }, ..request() };
    assert_eq!(kind(signer.sign(&whole, &beyond)), ErrorKind::PageNotFound);
    let outside = Placement::Visible { page: 1, rect: Rect { x1: 700.0, ..BOX } };
    assert_eq!(kind(signer.sign(&whole, &SignatureRequest { placement: outside, ..request() })), ErrorKind::BoxUnusable);
    let odd = SignatureRequest { appearance: Appearance::lines(["\u{4F60}"]), ..visible(1) };
    assert_eq!(kind(signer.sign(&whole, &odd)), ErrorKind::TextUnrepresentable);
}

/// Offsets count from the header (ISO 32000-2 7.5.2), /ByteRange from byte 0: what stands before the header is signed along.
#[test]
fn bytes_before_the_header_are_signed_along() {
    let file = [b"junk\n", &plain(Style::Table)[..]].concat();
    let signed = Signer::p256().sign(&file, &request()).unwrap();
    assert!(signed.starts_with(&file));
    judged_by_pdfsig(&signed, 1);
    judged_by_qpdf(&signed);
}

#[test]
fn identities_that_do_not_fit_are_refused() {
    let (root_key, key) = (Key::new(1), Key::new(2));
    let root = Draft::ca("Root", &root_key, "Root", None).issue(&root_key);
    let leaf = Draft::leaf("Anna", &key, "Root");
    let good = leaf.issue(&root_key);
    let identity = |chain: Vec<_>, algorithm| SigningIdentity::new(chain, algorithm).map(|_| ());
    assert_eq!(kind(identity(vec![], ecdsa())), ErrorKind::ChainBroken);
    assert_eq!(kind(identity(vec![root.clone(), good.clone()], ecdsa())), ErrorKind::ChainBroken);
    assert_eq!(
        kind(identity(vec![good.clone()], SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256))),
        ErrorKind::KeyAlgorithmUnsupported
    );
    assert_eq!(kind(identity(vec![good.clone()], SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha1))), ErrorKind::AlgorithmUnsupported);
    assert_eq!(
        kind(SigningIdentity::for_key(&Key::new(9).public(), std::slice::from_ref(&good), None).map(|_| ())),
        ErrorKind::CertificateForeign
    );
    let found = SigningIdentity::for_key(&key.public(), &[root.clone(), good.clone()], None).unwrap();
    assert_eq!(found.chain(), [good, root]);
    let file = plain(Style::Table);
    let plan = |draft: Draft| {
        let identity = SigningIdentity::new(vec![draft.issue(&root_key)], ecdsa()).unwrap();
        kind(planned(&file, &request(), &identity))
    };
    let again = || Draft::leaf("Anna", &key, "Root");
    assert_eq!(plan(again().valid("20250101000000Z", "20260101000000Z")), ErrorKind::CertificateExpired);
    assert_eq!(plan(again().valid("20270101000000Z", "20350101000000Z")), ErrorKind::CertificateExpired);
    assert_eq!(plan(again().with(oid::KEY_USAGE, true, vec![3, 2, 5, 0x20])), ErrorKind::CertificateUnsuitable);
}

#[test]
fn one_pass_over_the_output_gives_the_same_file_as_two() {
    let signer = Signer::p256();
    let file = plain(Style::Stream);
    let mut out = Vec::new();
    let copied = planned(&file, &request(), &signer.identity).unwrap().copy(&file, &mut out, &Progress::default()).unwrap();
    assert_eq!(out.len() as u64, copied.source_len() + copied.revision().len() as u64);
    assert_eq!(copied.source_digest(), DigestAlgorithm::Sha256.digest(&file));
    let tbs = copied.to_be_signed().unwrap();
    let answer = signer.answer(tbs.message());
    let value = tbs.accept(&answer).unwrap();
    let [_, before, after, rest] = copied.byte_range();
    let signed = copied.patch(&value, &mut out).unwrap();
    judged_by_pdfsig(&out, 1);
    assert_eq!(&out[file.len()..], signed.revision());
    assert_eq!((signed.total_len(), signed.contents().start, signed.contents().end), (out.len() as u64, before, after));
    let (before, after, rest) = (before as usize, after as usize, rest as usize);
    let covered = [&out[..before], &out[after..after + rest]].concat();
    assert_eq!(signed.content_digest(), (DigestAlgorithm::Sha256, &DigestAlgorithm::Sha256.digest(&covered)[..]));
    let prepared = prepared(&file, &request(), &signer.identity).unwrap();
    let mut again = Vec::new();
    prepared.complete(&value, &file, &mut again, &Progress::default()).unwrap();
    assert_eq!(out, again);
}

#[test]
fn signing_pauses_as_a_blob_and_goes_on() {
    let signer = Signer::p256();
    let file = plain(Style::Table);
    let first = prepared(&file, &visible(1), &signer.identity).unwrap();
    let (blob, open) = (first.to_blob(b"key of the caller").unwrap(), first.to_blob_unauthenticated().unwrap());
    let value = signer.answer(first.to_be_signed().unwrap().message());
    drop(first);
    let back = Prepared::from_blob(&blob, b"key of the caller").unwrap();
    assert_eq!(back.to_blob(b"key of the caller").unwrap(), blob);
    let accepted = back.to_be_signed().unwrap().accept(&value).unwrap();
    let mut out = Vec::new();
    back.complete(&accepted, &file, &mut out, &Progress::default()).unwrap();
    judged_by_pdfsig(&out, 1);
    let mut other = Vec::new();
    Prepared::from_blob_unauthenticated(&open).unwrap().complete(&value, &file, &mut other, &Progress::default()).unwrap();
    assert_eq!(out, other);
    assert_eq!(kind(Prepared::from_blob(&blob, b"another key")), ErrorKind::PreparedMalformed);
    assert_eq!(kind(Prepared::from_blob(&blob, b"")), ErrorKind::InvalidArgument);
    assert_eq!(kind(Prepared::from_blob(&open, b"key of the caller")), ErrorKind::PreparedMalformed);
    assert_eq!(kind(Prepared::from_blob_unauthenticated(&blob)), ErrorKind::PreparedMalformed);
    // Every byte counts, and so does every length.
    for i in 0..blob.len() {
        let mut bad = blob.clone();
        bad[i] ^= 0x10;
        assert_eq!(kind(Prepared::from_blob(&bad, b"key of the caller")), ErrorKind::PreparedMalformed, "{i}");
        assert_eq!(kind(Prepared::from_blob(&blob[..i], b"key of the caller")), ErrorKind::PreparedMalformed, "{i}");
    }
}

#[test]
fn a_blob_that_somebody_changed_never_panics_and_never_signs_something_else() {
    let signer = Signer::p256();
    let file = plain(Style::Table);
    let first = prepared(&file, &request(), &signer.identity).unwrap();
    let blob = first.to_blob_unauthenticated().unwrap();
    let value = signer.answer(first.to_be_signed().unwrap().message());
    let reseal = |body: &[u8]| [body, &crate::crypto::digest::sha256(body)].concat();
    let body = &blob[..blob.len() - 32];
    for i in 0..body.len() {
        for flip in [0x01, 0x80] {
            let mut bad = body.to_vec();
            bad[i] ^= flip;
            let Ok(unproven) = Prepared::from_blob_unauthenticated(&reseal(&bad)) else { continue };
            let mut out = Vec::new();
            if unproven.complete(&value, &file, &mut out, &Progress::default()).is_ok() {
                // The request's time, the field's name, the stored digests and certificates above the signer's carry no weight.
                judged_like(&out, &file, first.revision());
            }
        }
        assert!(Prepared::from_blob_unauthenticated(&reseal(&body[..i])).is_err(), "{i}");
    }
}

/// The same file but for what is inside `/Contents`.
fn judged_like(out: &[u8], file: &[u8], revision: &[u8]) {
    assert!(out.starts_with(file) && out.len() == file.len() + revision.len());
    let differs = |(a, b): (&u8, &u8)| a != b && !(a.is_ascii_hexdigit() && *b == b'0');
    assert!(!out[file.len()..].iter().zip(revision).any(differs));
}

#[test]
fn what_changed_meanwhile_is_found_out() {
    let signer = Signer::p256();
    let file = plain(Style::Table);
    let ready = || {
        let prepared = prepared(&file, &request(), &signer.identity).unwrap();
        let tbs = prepared.to_be_signed().unwrap();
        let value = tbs.accept(&signer.answer(tbs.message())).unwrap();
        (prepared, value)
    };
    let complete = |source: &Vec<u8>| {
        let (prepared, value) = ready();
        kind(prepared.complete(&value, source, &mut Vec::new(), &Progress::default()))
    };
    let mut other = file.clone();
    let place = other.windows(7).position(|w| w == b"parties").unwrap();
    other[place] = b'P';
    assert_eq!(complete(&other), ErrorKind::DocumentChanged);
    other.push(b'\n');
    assert_eq!(complete(&other), ErrorKind::DocumentChanged);
    let (first, value) = ready();
    let tbs = first.to_be_signed().unwrap();
    let mut wrong = signer.answer(tbs.message());
    *wrong.last_mut().unwrap() ^= 1;
    assert_eq!(kind(tbs.accept(&wrong)), ErrorKind::KeySignatureWrong);
    assert_eq!(kind(tbs.accept(&Key::new(3).sign(tbs.message()))), ErrorKind::KeySignatureWrong);
    let second = prepared(&file, &named("other"), &signer.identity).unwrap();
    assert_eq!(kind(second.complete(&value, &file, &mut Vec::new(), &Progress::default())), ErrorKind::WrongOrder);
    let cancelled = CancelToken::new();
    cancelled.cancel();
    let progress = Progress::new(cancelled, None);
    assert_eq!(kind(planned(&file, &request(), &signer.identity).unwrap().hash(&file, &progress)), ErrorKind::Cancelled);
    assert_eq!(kind(first.complete(&value, &file, &mut Vec::new(), &progress)), ErrorKind::Cancelled);
}

#[test]
fn texts_are_written_in_full() {
    let signer = Signer::p256();
    let request = SignatureRequest {
        reason: Some("I agree (fully) \\ żółć".into()),
        location: Some("Budapest".into()),
        contact: Some("anna@example.org".into()),
        name: Some("Anna)".into()),
        extra_room: 5000,
        ..request()
    };
    let out = signer.sign(&plain(Style::Table), &request).unwrap();
    let text = judged_by_pdfsig(&out, 1);
    assert!(text.contains("ETSI.CAdES.detached") && text.contains("2026"), "{text}");
    let document = Document::open(&out).unwrap();
    let view = document.latest();
    let form = view.get_dict(&view.catalog().unwrap(), b"AcroForm").unwrap().unwrap();
    let Object::Dictionary(field) = view.resolve(&view.get_array(&form, b"Fields").unwrap().unwrap()[0]).unwrap() else { panic!() };
    let value = view.get_dict(&field, b"V").unwrap().unwrap();
    for (key, expected) in
        [("Reason", request.reason), ("Location", request.location), ("ContactInfo", request.contact), ("Name", request.name)]
    {
        assert_eq!(value.get(key).and_then(Object::as_string).map(crate::pdf::text_string::text), expected, "{key}");
    }
    assert!(value.get(b"Contents").and_then(Object::as_string).unwrap().len() > 5000);
}
