//! Lies before the signature: each one byte range, or one object, away from an answer that passes. The key is never asked.
//! A lie inside the revision comes with byte range and signed attributes that fit it: what refuses it is the look at the revision alone.

use crate::bank::{Bank, Wire};
use crate::revision::{Parts, gap, other_digit, with};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use thrivosign::appearance::{Appearance, Frame, Link, Text};
use thrivosign::cms::attributes::SignedAttributes;
use thrivosign::crypto::digest::DigestAlgorithm;
use thrivosign::journey::Input;
use thrivosign::journey::sign::SignOptions;
use thrivosign::journey::submit::{Submission, submit};
use thrivosign::journey::{Call, Limits, Transport};
use thrivosign::pdf::Rect;
use thrivosign::pki::certificate::Certificate;
use thrivosign::remote::activate_credential_response::ShaAlgo;
use thrivosign::remote::http::{Method, Request};
use thrivosign::remote::start_signature::PreparedSignature;
use thrivosign::remote::submit_agreement::Agreement;
use thrivosign::sign::{Placement, SignatureRequest};
use thrivosign::{Error, ErrorKind, Time};

fn attributes(pdf: &[u8], revision: &[u8], signer: &Certificate) -> Vec<u8> {
    let [_, start, end, _] = gap(pdf.len(), revision).map(|n| usize::try_from(n).unwrap());
    let file = [pdf, revision].concat();
    let digest = Sha256::new().chain_update(&file[..start]).chain_update(&file[end..]).finalize();
    SignedAttributes::for_pades(&digest, DigestAlgorithm::Sha256, signer).der().to_vec()
}

/// Changes the upload's answer.
fn on_upload(change: impl Fn(&mut Agreement) + Send + Sync + 'static) -> Wire {
    Box::new(move |real: &dyn Transport, request: Request, call: &Call| {
        let is_upload = request.method == Method::Post && request.path == "/rssp/agreements";
        let response = real.send(request, call)?;
        if !is_upload {
            return Ok(response);
        }
        let mut agreement = Agreement::decode(&response)?;
        change(&mut agreement);
        Ok(agreement.encode())
    })
}

/// Changes the answer to the start of a signature.
fn on_start(change: impl Fn(&mut PreparedSignature) + Send + Sync + 'static) -> Wire {
    Box::new(move |real: &dyn Transport, request: Request, call: &Call| {
        let is_start = request.method == Method::Post && request.path.ends_with("/signatures");
        let response = real.send(request, call)?;
        if !is_start {
            return Ok(response);
        }
        let mut prepared = PreparedSignature::decode(&response)?;
        change(&mut prepared);
        Ok(prepared.encode())
    })
}

/// Changes the revision, and all that the answer says of it along.
fn in_revision(bank: &Bank, change: impl Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static) -> Wire {
    let pdf = std::fs::read(&bank.input).unwrap();
    let signer = bank.signer.chain()[0].clone();
    on_start(move |prepared| {
        prepared.revision = change(&prepared.revision);
        prepared.byte_range = gap(pdf.len(), &prepared.revision);
        prepared.signed_attributes = attributes(&pdf, &prepared.revision, &signer);
    })
}

/// Changes its objects.
fn in_parts(bank: &Bank, change: impl Fn(&mut Parts) + Send + Sync + 'static) -> Wire {
    let base = std::fs::read(&bank.input).unwrap().len();
    in_revision(bank, move |revision| {
        let mut parts = Parts::of(base, revision);
        change(&mut parts);
        parts.bytes()
    })
}

/// Lies of each test below, each of another name, each told and refused before the key was asked.
const AROUND: usize = 12;
const IN_BYTES: usize = 19;
const IN_TIME: usize = 5;
const IN_OBJECTS: usize = 14;
const _: () = assert!(AROUND + IN_BYTES + IN_TIME + IN_OBJECTS >= 40);

/// One more lie, refused without a use of the key.
fn caught(bank: &Bank, name: &str, wire: Wire) -> Error {
    let outcome = bank.submit_over(Some(wire), &Limits::default());
    let error = outcome.result.err().unwrap_or_else(|| panic!("{name}: was signed"));
    assert_eq!(error.kind(), ErrorKind::PreparedRevisionRefused, "{name}: {error}");
    assert_eq!(outcome.key_uses, 0, "{name}: the key was asked");
    assert_eq!(bank.names(), ["agreement.pdf"], "{name}: something was written");
    assert!(bank.lies.lock().unwrap().insert(name.to_owned()), "{name}: told twice");
    error
}

fn refused(bank: &Bank, name: &str, wire: Wire, reason: &str) {
    assert_eq!(caught(bank, name, wire).context_text(), Some(reason), "{name}");
}

/// How many were told, and that the key was asked for none of them.
fn counted(bank: &Bank, before: usize) -> usize {
    assert_eq!(bank.uses(), before, "no lie was worth a use of the key");
    bank.lies.lock().unwrap().len()
}

fn accepted(bank: &Bank, name: &str, wire: Option<Wire>) {
    let outcome = bank.submit_over(wire, &Limits::default());
    outcome.result.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!((outcome.key_uses, bank.names()), (1, vec!["agreement.pdf".to_owned(), "signed.pdf".to_owned()]), "{name}");
}

#[test]
fn what_is_true_passes_through_the_same_hands() {
    let bank = Bank::open();
    accepted(&bank, "nothing in between", None);
    accepted(&bank, "an upload's answer taken apart", Some(on_upload(|_| ())));
    accepted(&bank, "a start's answer taken apart", Some(on_start(|_| ())));
    accepted(&bank, "a revision taken apart", Some(in_parts(&bank, |_| ())));
}

#[test]
fn lies_about_the_upload_and_around_the_revision() {
    let bank = Bank::open();
    let before = bank.uses();
    let other_bytes = "the service stored other bytes than were sent";
    refused(&bank, "sha256", on_upload(|a| a.sha256[31] ^= 1), other_bytes);
    refused(&bank, "size", on_upload(|a| a.size += 1), "the service stored another number of bytes than were sent");
    let offset = "the revision is for a document of another length";
    refused(&bank, "offset", on_start(|p| p.revision_offset -= 1), offset);
    let range = "the byte range is not that of the prepared file";
    refused(&bank, "byteRange shifted", on_start(|p| p.byte_range[1] += 2), range);
    refused(&bank, "byteRange shorter", on_start(|p| p.byte_range[3] -= 1), range);
    let digest = "the digest algorithm is not that of the certificate's key";
    refused(&bank, "digestAlgo", on_start(|p| p.digest_algo = ShaAlgo::Sha512), digest);
    let attributes_wrong = "the signed attributes are not those of the prepared file";
    for at in [0_usize, 40, 100] {
        refused(&bank, &format!("signedAttributes, byte {at}"), on_start(move |p| p.signed_attributes[at] ^= 1), attributes_wrong);
    }
    refused(&bank, "signedAttributes, one byte more", on_start(|p| p.signed_attributes.push(0)), attributes_wrong);
    let (pdf, other) = (std::fs::read(&bank.input).unwrap(), bank.signer.chain()[1].clone());
    let for_another = on_start(move |p| p.signed_attributes = attributes(&pdf, &p.revision, &other));
    refused(&bank, "signedAttributes for another certificate", for_another, attributes_wrong);
    // Attributes over another document: the blind signature that a lying service is after.
    let signer = bank.signer.chain()[0].clone();
    let blind = on_start(move |p| {
        p.signed_attributes = SignedAttributes::for_pades(&[7; 32], DigestAlgorithm::Sha256, &signer).der().to_vec();
    });
    refused(&bank, "signedAttributes over another document", blind, attributes_wrong);
    assert_eq!(counted(&bank, before), AROUND);
}

#[test]
fn lies_by_one_byte_range_of_the_revision() {
    let bank = Bank::open();
    let before = bank.uses();
    let lie = |name: &'static str, from: &'static str, to: &'static str, reason: &str| {
        refused(&bank, name, in_revision(&bank, move |revision| with(revision, from, to)), reason);
    };
    lie("another catalog entry", "/Pages 2 0 R", "/Pages 3 0 R", "the catalog changes");
    lie("another page content", "/Contents 3 0 R", "/Contents 8 0 R", "the page changes");
    lie("the page turned", "/MediaBox[0 0 612 792]", "/MediaBox[0 0 612 791]", "the page changes");
    lie("the widget moved", "/Rect[72 72 272 132]", "/Rect[72 72 272 131]", "the widget's box");
    lie("the widget on another page", "/P 4 0 R", "/P 5 0 R", "the widget's page");
    lie("the widget hidden", "/F 132/", "/F 134/", "the widget's flags");
    lie("another field name", "/T(Signature1)", "/T(Signature2)", "the field is missing");
    lie("another reason", "/Reason(I agree)", "/Reason(I doubt)", "a text of the signature dictionary");
    lie("another reason shown", "(Reason: I agree)", "(Reason: I doubt)", "the appearance shows other words");
    lie("another name shown", "(Signed by Anna Schmidt)", "(Signed by Anna Schmied)", "the appearance shows other words");
    let form = "the signature dictionary's type, filter or subfilter";
    lie("another kind of signature", "ETSI.CAdES.detached", "adbe.pkcs7.detached", form);
    lie("/Contents filled", "/Contents<000000", "/Contents<308201", "/Contents is not an empty room");
    lie("/Contents odd", "/Contents<000000", "/Contents<00 000", "/Contents is not an empty room");
    let range = |place: isize| in_revision(&bank, move |revision| other_digit(revision, "/ByteRange[0 ", place));
    refused(&bank, "/ByteRange shifted", range(3), "/ByteRange leaves out something");
    refused(
        &bank,
        "/ByteRange from the middle",
        in_revision(&bank, |r| with(r, "/ByteRange[0", "/ByteRange[1")),
        "/ByteRange leaves out something",
    );
    let xref = in_revision(&bank, |revision| other_digit(revision, "trailer\n", -20));
    caught(&bank, "an offset of the table off by one", xref);
    for (name, marker, place) in [("startxref", "startxref\n", 3), ("/Prev", "/Prev ", 2)] {
        caught(&bank, name, in_revision(&bank, move |r| other_digit(r, marker, place)));
    }
    refused(&bank, "bytes behind the end", in_revision(&bank, |r| [r, b"%"].concat()), "its end is malformed");
    assert_eq!(counted(&bank, before), IN_BYTES);
}

#[test]
fn a_time_ten_minutes_off_is_a_lie() {
    let bank = Bank::open();
    let before = bank.uses();
    let at = |seconds: i64| {
        in_revision(&bank, move |revision| {
            let (year, month, day, hour, minute, second) = Time::plus(thrivosign::host::clock::now(), seconds).fields();
            let text = format!("/M(D:{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}");
            let at = revision.windows(5).position(|w| w == b"/M(D:").unwrap();
            let old = String::from_utf8(revision[at..at + text.len()].to_vec()).unwrap();
            with(revision, &old, &text)
        })
    };
    for seconds in [-86_400, -660, 610, 660, 86_400] {
        refused(&bank, &format!("/M {seconds} seconds off"), at(seconds), "its time is more than ten minutes from now");
    }
    assert_eq!(counted(&bank, before), IN_TIME);
}

#[test]
fn lies_by_one_object_more() {
    let bank = Bank::open();
    let before = bank.uses();
    let lie = |name: &str, reason: &str, change: fn(&mut Parts)| refused(&bank, name, in_parts(&bank, change), reason);
    lie("an action on opening", "the catalog changes", |parts| {
        parts.insert(1, "/OpenAction<</S/URI/URI(https://example.org)>>");
    });
    lie("an action of the page", "the page changes", |parts| parts.insert(4, "/AA<</O<</S/JavaScript/JS(1)>>>>"));
    lie("page content replaced", "it brings an object that nobody asked for", |parts| {
        parts.put(3, "<</Length 41>>\nstream\nBT /F1 12 Tf 72 720 Td (You owe me) Tj ET\n\nendstream");
    });
    lie("an object nobody asked for", "it brings an object that nobody asked for", |parts| {
        parts.add("<</Type/Metadata>>");
    });
    lie("an object of the document removed", "it removes an object", |parts| parts.put(3, "null"));
    lie("another page annotated", "it brings an object that nobody asked for", |parts| {
        parts.put(5, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 3 0 R/Annots[7 0 R]>>");
    });
    lie("a trailer key", "its trailer has a key that is not allowed", |parts| {
        parts.trailer = parts.trailer.replace("/Size", "/Unasked 9/Size");
    });
    lie("another root", "its trailer names another catalog, info or encryption", |parts| {
        parts.trailer = parts.trailer.replace("/Root 1 0 R", "/Root 4 0 R");
    });
    let fields = "an array of fields or annotations changes by more than the new field";
    lie("a second field", fields, |parts| {
        let field = parts.add("<</Type/Annot/Subtype/Widget/FT/Sig/T(Other)/V 6 0 R/F 132/Rect[0 0 0 0]/P 4 0 R>>");
        let form = parts.holding("/SigFlags 3");
        let body = parts.object(form);
        *body = body.replace("/Fields[7 0 R]", &format!("/Fields[7 0 R {field} 0 R]"));
    });
    lie("a second annotation", fields, |parts| {
        let note = parts.add("<</Type/Annot/Subtype/Square/Rect[0 0 600 700]/IC[1 1 1]>>");
        let body = parts.object(4);
        *body = body.replace("/Annots[7 0 R]", &format!("/Annots[7 0 R {note} 0 R]"));
    });
    lie("a certification", "the signature dictionary has a key that is not allowed", |parts| {
        let signature = parts.holding("/Type/Sig/");
        parts.insert(signature, "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</P 3>>>>]");
    });
    lie("a calculated form", "the form changes", |parts| {
        let form = parts.holding("/SigFlags 3");
        parts.insert(form, "/NeedAppearances true");
    });
    lie("a group in the box", "the appearance has a key that is not allowed", |parts| {
        let look = parts.holding("/Subtype/Form");
        let body = parts.object(look);
        *body = body.replacen("/Resources<<", "/Group<</S/Transparency>>/Resources<<", 1);
    });
    lie("a lock on the field", "the field has a key that is not allowed", |parts| {
        parts.insert(7, "/Lock<</Type/SigFieldLock/Action/All>>");
    });
    assert_eq!(counted(&bank, before), IN_OBJECTS);
}

#[test]
fn a_document_exchanged_underneath_is_not_signed() {
    let bank = Bank::open();
    let path = Arc::new(bank.input.clone());
    let exchanging = {
        let path = Arc::clone(&path);
        on_upload(move |_| {
            let pdf = std::fs::read(&*path).unwrap();
            std::fs::write(&*path, with(&pdf, "(Agreement)", "(Something)")).unwrap();
        })
    };
    let outcome = bank.submit_over(Some(exchanging), &Limits::default());
    assert_eq!(outcome.result.err().map(|e| e.kind()), Some(ErrorKind::DocumentChanged));
    assert_eq!((outcome.key_uses, bank.names()), (0, vec!["agreement.pdf".to_owned()]));
}

#[test]
fn what_cannot_be_sent_or_was_not_shown_never_leaves_the_device() {
    let bank = Bank::open();
    let told = bank.session.service_time().unwrap();
    assert!((told.unix() - thrivosign::host::clock::now().unix()).abs() < 60, "the server's clock is learnt from its answers");
    let pdf = std::fs::read(&bank.input).unwrap();
    let input = Input::open(&bank.input).unwrap();
    let run = |change: &dyn Fn(&mut SignatureRequest), shown: Option<[u8; 32]>| {
        let silence: Wire = Box::new(|_: &dyn Transport, request: Request, _: &Call| panic!("sent {}", request.path));
        bank.on_the_wire(Some(silence));
        let mut request = bank.request();
        change(&mut request);
        let submission = Submission {
            credential_id: bank.identity.credential_id(),
            file_name: "agreement.pdf",
            request: &request,
            key: bank.key(),
            options: SignOptions { shown, ..bank.options() },
        };
        let before = bank.uses();
        let result = submit(&bank.session, &input, bank.target(), &submission, &Limits::default(), None);
        assert_eq!((bank.uses(), bank.names()), (before, vec!["agreement.pdf".to_owned()]));
        result.err().map(|error| error.kind())
    };
    assert_eq!(run(&|_| (), Some([0; 32])), Some(ErrorKind::DocumentChanged));
    assert_eq!(run(&|r| r.name = Some("Anna".to_owned()), None), Some(ErrorKind::InvalidArgument));
    assert_eq!(run(&|r| r.appearance = Appearance::lines(["a\nb"]), None), Some(ErrorKind::InvalidArgument));
    // The service draws words alone: a code that it left out would be missed by nobody.
    assert_eq!(run(&|r| r.appearance.link = Link::new("https://v.example/1").ok(), None), Some(ErrorKind::InvalidArgument));
    assert_eq!(run(&|r| r.appearance.frame = Frame::None, None), Some(ErrorKind::InvalidArgument));
    let page = Placement::Visible { page: 3, rect: Rect::new(72.0, 72.0, 272.0, 132.0) };
    assert_eq!(run(&|r| r.placement = page.clone(), None), Some(ErrorKind::PageNotFound));
    assert_eq!(run(&|r| r.time = Time::from_unix(0), None), Some(ErrorKind::CertificateExpired));

    // What was shown is signed, invisibly and with words of its own too.
    bank.on_the_wire(None);
    let shown = Some(Sha256::digest(&pdf).into());
    let edges = Placement::Visible { page: 2, rect: Rect::new(300.1, 0.1, 612.0, 60.3) };
    let filled = Text::Templates(vec!["{name}, for the bank".to_owned(), "At: {location}".to_owned(), "{serial}".to_owned()]);
    let looks = [
        (Placement::Invisible, Appearance::default()),
        (edges.clone(), Appearance::lines(["Anna, for the bank", "at her desk"])),
        (edges, Appearance { text: filled, ..Appearance::default() }),
    ];
    for (placement, appearance) in looks {
        let request = SignatureRequest { placement, appearance, field: Some("bank.desk".to_owned()), ..bank.request() };
        let submission = Submission {
            credential_id: bank.identity.credential_id(),
            file_name: "agreement.pdf",
            request: &request,
            key: bank.key(),
            options: SignOptions { shown, ..bank.options() },
        };
        let done = submit(&bank.session, &input, bank.target(), &submission, &Limits::default(), None).unwrap();
        assert_eq!(done.signed.field(), "bank.desk");
    }
}
