//! Lies after the signature: the filed document is not the one that was signed. Nothing is written; and the true ones pass.

use crate::bank::{Bank, Wire};
use crate::revision::{gap, with};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use thrivosign::cms::attributes::SignedAttributes;
use thrivosign::cms::build::{signed_data, time_stamp_attribute};
use thrivosign::cms::parse::SignedData;
use thrivosign::crypto::digest::DigestAlgorithm;
use thrivosign::crypto::{KeyAlgorithm, SignatureAlgorithm};
use thrivosign::journey::Input;
use thrivosign::journey::device::{file_document, sign_and_file};
use thrivosign::journey::{Call, Limits, Transport};
use thrivosign::key::software::SoftwareKey;
use thrivosign::pdf::append::Update;
use thrivosign::pdf::{Dictionary, Document, Object, ObjectId};
use thrivosign::pki::certificate::Certificate;
use thrivosign::remote::complete_signature::CompletedSignature;
use thrivosign::remote::fetch_agreement::{FetchAgreement, FetchedAgreement};
use thrivosign::remote::http::{Method, Request};
use thrivosign::remote::start_signature::Level;
use thrivosign::remote::submit_agreement::Agreement;
use thrivosign::{Error, ErrorKind};

const ECDSA: SignatureAlgorithm = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256);

/// Answers with another document, its digest, tag and ranges right.
pub(crate) fn filed(change: impl Fn(Vec<u8>) -> Vec<u8> + Send + Sync + 'static) -> Wire {
    answered(move |mut whole, range| {
        whole = change(whole);
        let total = whole.len() as u64;
        let last = range.1.unwrap_or(u64::MAX).min(total - 1);
        let bytes = whole[usize::try_from(range.0).unwrap()..=usize::try_from(last).unwrap()].to_vec();
        let sha256 = Some(Sha256::digest(&bytes).into());
        FetchedAgreement { etag: "\"1\"".to_owned(), sha256, offset: range.0, total, bytes: bytes.into() }
    })
}

/// Answers for the whole true document and the range asked for.
fn answered(answer: impl Fn(Vec<u8>, (u64, Option<u64>)) -> FetchedAgreement + Send + Sync + 'static) -> Wire {
    Box::new(move |real: &dyn Transport, request: Request, call: &Call| {
        if request.method != Method::Get || !request.path.starts_with("/rssp/agreements/") {
            return real.send(request, call);
        }
        let asked = FetchAgreement::decode(&request).unwrap();
        let mut plain = request;
        plain.headers.remove("Range");
        plain.headers.remove("If-Range");
        let whole = real.send(plain, &Call { max_answer: 1 << 30, ..call.clone() })?;
        Ok(answer(whole.body.to_vec(), asked.range.unwrap()).encode())
    })
}

fn refused(bank: &Bank, name: &str, wire: Wire, reason: &str) {
    let outcome = bank.submit_over(Some(wire), &Limits::default());
    let error = outcome.result.err().unwrap_or_else(|| panic!("{name}: passed"));
    assert_eq!((error.kind(), error.context_text()), (ErrorKind::FiledDocumentRefused, Some(reason)), "{name}: {error}");
    assert_eq!(bank.names(), ["agreement.pdf"], "{name}: something was written");
    assert_eq!(outcome.key_uses, 1);
}

fn accepted(bank: &Bank, name: &str, wire: Wire) -> Vec<u8> {
    let outcome = bank.submit_over(Some(wire), &Limits::default());
    let done = outcome.result.unwrap_or_else(|error| panic!("{name}: {error}"));
    let file = std::fs::read(&bank.output).unwrap();
    assert_eq!((done.size, done.sha256), (file.len() as u64, Sha256::digest(&file).into()));
    file
}

/// Puts another CMS in, made from what stands in the true one.
pub(crate) fn with_cms(change: impl Fn(&SignedAttributes, &[u8]) -> Vec<u8> + Send + Sync + 'static, signer: Certificate) -> Wire {
    filed(move |whole| {
        let [_, start, end, _] = gap(0, &whole).map(|n| usize::try_from(n).unwrap());
        let contents = hex(&whole[start + 1..end - 1]);
        let data = SignedData::parse(&contents).unwrap();
        let digest = Sha256::new().chain_update(&whole[..start]).chain_update(&whole[end..]).finalize();
        let attributes = SignedAttributes::for_pades(&digest, DigestAlgorithm::Sha256, &signer);
        let mut cms = change(&attributes, data.signature_value());
        cms.resize(contents.len(), 0);
        let mut out = whole;
        let digits: String = cms.iter().map(|b| format!("{b:02x}")).collect();
        out[start + 1..end - 1].copy_from_slice(digits.as_bytes());
        out
    })
}

fn hex(digits: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(digits).unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// One more revision.
fn updated(whole: &[u8], change: impl Fn(&mut Update<'_>, Dictionary)) -> Vec<u8> {
    let document = Document::open(&whole).unwrap();
    let mut update = Update::new(document.latest()).unwrap();
    change(&mut update, document.latest().catalog().unwrap());
    [whole, &update.finish([9; 16]).unwrap().bytes].concat()
}

const CATALOG: ObjectId = ObjectId::new(1, 0);

#[test]
fn what_is_true_passes() {
    let bank = Bank::open();
    let plain = accepted(&bank, "as it is", filed(|whole| whole));
    assert!(plain.starts_with(&std::fs::read(&bank.input).unwrap()));
    let (signer, chain) = (bank.signer.chain()[0].clone(), bank.signer.chain().to_vec());
    let leaf_alone = with_cms(move |attributes, value| signed_data(attributes, &ECDSA, value, &chain[..1], &[]).unwrap(), signer);
    accepted(&bank, "the CMS without the issuers", leaf_alone);
    let upper = filed(|whole| {
        let [_, start, end, _] = gap(0, &whole).map(|n| usize::try_from(n).unwrap());
        let mut out = whole;
        out[start..end].make_ascii_uppercase();
        out
    });
    accepted(&bank, "the CMS in capitals", upper);
    let certificate = bank.signer.chain()[1].der().to_vec();
    let with_evidence = filed(move |whole| {
        updated(&whole, |update, catalog| {
            let stream = update.add_stream(Dictionary::new(), certificate.clone());
            let store = Dictionary::new().with(b"Certs", vec![Object::Reference(stream)]);
            update.replace(CATALOG, catalog.with(b"DSS", store));
        })
    });
    let longer = accepted(&bank, "validation data behind the signature", with_evidence);
    assert!(longer.len() > plain.len());
}

#[test]
fn another_document_is_refused() {
    let bank = Bank::open();
    let byte = "a byte of it is not that of the file that was signed";
    refused(&bank, "a byte of the document", filed(|w| with(&w, "(Agreement)", "(agreement)")), byte);
    refused(&bank, "a byte of the revision", filed(|w| with(&w, "/Reason(I agree)", "/Reason(I Agree)")), byte);
    refused(&bank, "a byte of the table", filed(|w| with(&w, "/SigFlags 3", "/SigFlags 1")), byte);
    let bracket = filed(|w| {
        let [_, _, end, _] = gap(0, &w).map(|n| usize::try_from(n).unwrap());
        let mut out = w;
        out[end - 1] = b' ';
        out
    });
    refused(&bank, "the end of /Contents", bracket, byte);
    let shorter = "it is shorter than the file that was signed";
    refused(&bank, "the last byte missing", filed(|w| w[..w.len() - 1].to_vec()), shorter);
    let unsigned = std::fs::read(&bank.input).unwrap();
    refused(&bank, "not signed at all", filed(move |_| unsigned.clone()), shorter);
    let later = "something else than validation data follows the signature";
    refused(&bank, "a byte behind", filed(|w| [&w[..], b"x"].concat()), later);
    refused(&bank, "a comment behind", filed(|w| [&w[..], b"% more\n"].concat()), later);
    refused(&bank, "an object behind", filed(|w| [&w[..], b"99 0 obj\n<</Type/Page>>\nendobj\n"].concat()), later);
    let note = |w: Vec<u8>| updated(&w, |update, catalog| update.replace(CATALOG, catalog.with(b"OpenAction", Dictionary::new())));
    refused(&bank, "a revision that opens something", filed(note), later);
    let page = |w: Vec<u8>| {
        updated(&w, |update, _| {
            let text = b"BT /F1 12 Tf 72 720 Td (You owe me) Tj ET".to_vec();
            update.replace_text(ObjectId::new(3, 0), [b"<</Length 41>>\nstream\n", &text[..], b"\nendstream"].concat());
        })
    };
    refused(&bank, "a revision with another page", filed(page), later);
    let metadata = |w: Vec<u8>| updated(&w, |update, catalog| update.replace(CATALOG, catalog.with(b"Version", Object::name("1.7"))));
    refused(&bank, "a revision that is no validation data", filed(metadata), later);
}

#[test]
fn another_cms_is_refused() {
    let bank = Bank::open();
    let (signer, chain) = (bank.signer.chain()[0].clone(), bank.signer.chain().to_vec());
    let other = Arc::new(SoftwareKey::generate(KeyAlgorithm::P256).unwrap());
    let not_over = "the CMS is not over what was signed";
    let another_key = {
        let (chain, other) = (chain.clone(), Arc::clone(&other));
        move |attributes: &SignedAttributes, _: &[u8]| {
            signed_data(attributes, &ECDSA, &other.sign(attributes.der(), &ECDSA).unwrap(), &chain, &[]).unwrap()
        }
    };
    refused(&bank, "by another key", with_cms(another_key, signer.clone()), not_over);
    let another_signer = {
        let chain = chain.clone();
        move |attributes: &SignedAttributes, value: &[u8]| signed_data(attributes, &ECDSA, value, &chain[1..], &[]).unwrap()
    };
    refused(&bank, "of another signer", with_cms(another_signer, chain[1].clone()), not_over);
    let more = "the CMS carries more than the signature";
    let stamped = {
        let chain = chain.clone();
        move |attributes: &SignedAttributes, value: &[u8]| {
            signed_data(attributes, &ECDSA, value, &chain[..1], &[time_stamp_attribute(&[0x30, 0])]).unwrap()
        }
    };
    refused(&bank, "with an unsigned attribute", with_cms(stamped, signer.clone()), more);
    let stranger = Certificate::from_der(Bank::open().signer.chain()[0].der()).unwrap();
    let crowded = {
        let leaf = chain[0].clone();
        move |attributes: &SignedAttributes, value: &[u8]| {
            signed_data(attributes, &ECDSA, value, &[leaf.clone(), stranger.clone()], &[]).unwrap()
        }
    };
    refused(&bank, "with a stranger's certificate", with_cms(crowded, signer.clone()), more);
    let padded = {
        let chain = chain.clone();
        move |attributes: &SignedAttributes, value: &[u8]| {
            let mut cms = signed_data(attributes, &ECDSA, value, &chain, &[]).unwrap();
            cms.push(1);
            cms
        }
    };
    refused(&bank, "with a byte in its padding", with_cms(padded, signer.clone()), "the CMS has another form");
    refused(&bank, "none", with_cms(|_, _| Vec::new(), signer.clone()), "/Contents holds no CMS");
    let letters = filed(|w| {
        let [_, start, ..] = gap(0, &w).map(|n| usize::try_from(n).unwrap());
        let mut out = w;
        out[start + 9] = b'x';
        out
    });
    refused(&bank, "no hexadecimal", letters, "/Contents is no hexadecimal string");
    // Same signed attributes and value, but the signer is named wrong outside of them: the verifier has the last word.
    let misnamed = with_cms(
        move |attributes, value| {
            let mut cms = signed_data(attributes, &ECDSA, value, &chain, &[]).unwrap();
            let serial = chain[0].serial();
            // In the certificate, in the SignerIdentifier, in the signed attributes.
            let places: Vec<usize> = (0..cms.len() - serial.len()).filter(|at| cms[*at..].starts_with(serial)).collect();
            // Its last byte: with another first one it may be no integer of DER.
            let at = places[1] + serial.len() - 1;
            cms[at] ^= 1;
            cms
        },
        signer,
    );
    refused(&bank, "with another serial number", misnamed, "the signature does not hold in it");
}

#[test]
fn lies_around_the_filed_document() {
    let bank = Bank::open();
    let true_part = |whole: Vec<u8>, change: fn(&mut FetchedAgreement)| {
        let total = whole.len() as u64;
        let mut part = FetchedAgreement { etag: "\"1\"".to_owned(), sha256: None, offset: 0, total, bytes: whole.into() };
        change(&mut part);
        part
    };
    accepted(&bank, "without a digest", answered(move |whole, _| true_part(whole, |_| ())));
    let digest = answered(move |whole, _| true_part(whole, |part| part.sha256 = Some([0; 32])));
    refused(&bank, "its digest", digest, "an answer is not what its digest says");
    let shifted = answered(move |whole, _| {
        true_part(whole, |part| {
            part.bytes.remove(0);
            part.offset = 1;
        })
    });
    refused(&bank, "its range", shifted, "another range than was asked for");
    let dripping = answered(move |whole, _| true_part(whole, |part| part.bytes.truncate(100)));
    refused(&bank, "a range in drops", dripping, "another range than was asked for");
    let level: Wire = Box::new(|real: &dyn Transport, request: Request, call: &Call| {
        let is_put = request.method == Method::Put;
        let response = real.send(request, call)?;
        Ok(if is_put { CompletedSignature { level: Level::BT }.encode() } else { response })
    });
    refused(&bank, "its level", level, "the service claims a higher level than was asked for");
}

#[test]
fn a_big_document_comes_in_parts_of_one_version() {
    let bank = Bank::open();
    let small = std::fs::read(&bank.input).unwrap();
    let big = with_ballast(&small, 9 << 20);
    std::fs::write(&bank.input, &big).unwrap();
    let parts = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&parts);
    let counting: Wire = Box::new(move |real: &dyn Transport, request: Request, call: &Call| {
        counter.fetch_add(usize::from(request.headers.get("Range").is_some()), Ordering::SeqCst);
        real.send(request, call)
    });
    assert!(accepted(&bank, "in three parts", counting).starts_with(&big));
    assert_eq!(parts.load(Ordering::SeqCst), 3);
    let changing: Wire = Box::new(|real: &dyn Transport, request: Request, call: &Call| {
        let second = request.headers.get("If-Range").is_some();
        let mut response = real.send(request, call)?;
        if second {
            response.headers.set("ETag", "\"another\"");
        }
        Ok(response)
    });
    refused(&bank, "another version half-way", changing, "it changed while it was fetched");
}

/// A PDF that is longer by a comment before its cross-reference table.
fn with_ballast(pdf: &[u8], len: usize) -> Vec<u8> {
    let at = pdf.windows(6).position(|w| w == b"\nxref\n").unwrap() + 1;
    let comment = [vec![b'%'; len], b"\n".to_vec()].concat();
    let text = String::from_utf8_lossy(&pdf[at..]).into_owned();
    let old = format!("startxref\n{at}\n");
    assert!(text.contains(&old));
    let tail = text.replace(&old, &format!("startxref\n{}\n", at + comment.len()));
    [&pdf[..at], &comment, tail.as_bytes()].concat()
}

#[test]
fn device_mode_compares_what_was_stored() {
    let bank = Bank::open();
    let input = Input::open(&bank.input).unwrap();
    let request = bank.request();
    let run = |wire: Option<Wire>, name: &str| {
        bank.on_the_wire(wire);
        let before = bank.uses();
        let limits = Limits::default();
        let done = sign_and_file(&bank.session, &input, bank.target(), name, &request, bank.key(), bank.options(), &limits, None).unwrap();
        assert_eq!(bank.uses(), before + 1, "the key is asked once");
        bank.on_the_wire(None);
        done
    };
    let on_answer = |change: fn(&mut Agreement)| -> Option<Wire> {
        Some(Box::new(move |real: &dyn Transport, request: Request, call: &Call| {
            let mut agreement = Agreement::decode(&real.send(request, call)?)?;
            change(&mut agreement);
            Ok(agreement.encode())
        }))
    };
    let done = run(None, "signed.pdf");
    let filed = done.filed.unwrap();
    let file = std::fs::read(&bank.output).unwrap();
    assert_eq!((filed.size, filed.sha256), (file.len() as u64, Sha256::digest(&file).into()));
    let again = Input::open(&bank.output).unwrap();
    let again = file_document(&bank.session, &again, "signed.pdf", &Limits::default(), None).unwrap();
    assert_eq!(again, filed, "the same bytes are filed once");

    let lies: [fn(&mut Agreement); 2] = [|a| a.sha256[0] ^= 1, |a| a.size -= 1];
    for lie in lies {
        let done = run(on_answer(lie), "signed.pdf");
        assert_eq!(done.filed.err().map(|e: Error| e.kind()), Some(ErrorKind::FiledDocumentRefused));
        assert!(bank.output.exists(), "what was signed stays the person's");
    }
    let gone: Wire = Box::new(|_: &dyn Transport, _: Request, _: &Call| Err(Error::new(ErrorKind::ConnectFailed)));
    let done = run(Some(gone), "signed.pdf");
    assert_eq!(done.filed.err().map(|e: Error| e.kind()), Some(ErrorKind::ConnectFailed));
    let later = Input::open(&bank.output).unwrap();
    file_document(&bank.session, &later, "signed.pdf", &Limits::default(), None).unwrap();
}
