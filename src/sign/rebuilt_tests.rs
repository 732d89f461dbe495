//! The sign room: foreign revisions. Each lie is one byte range away from a revision that passes, and each must be refused for its reason.

use super::contents::Draft;
use super::field;
use super::rebuilt::check;
use super::testing::{Signer, Style, document, judged_by_pdfsig, now, plain, planned};
use super::{Placement, Prepared, SignatureRequest};
use crate::appearance::{Appearance, Frame, Link};
use crate::cancel::Progress;
use crate::error::{ErrorKind, Result};
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Document, Object, ObjectId, Rect};

fn asked() -> SignatureRequest {
    SignatureRequest {
        placement: Placement::Visible { page: 1, rect: Rect::new(50.0, 60.0, 250.0, 120.0) },
        reason: Some("I agree".into()),
        location: Some("Budapest".into()),
        ..SignatureRequest::new(now())
    }
}

fn examine(file: &[u8], revision: &[u8], request: &SignatureRequest) -> Result<Prepared> {
    let document = Document::open(&file).unwrap();
    check(&document, None, revision, request, &Signer::p256().identity, &Progress::default())
}

fn revision(file: &[u8], request: &SignatureRequest) -> Vec<u8> {
    planned(file, request, &Signer::p256().identity).unwrap().revision().to_vec()
}

/// The same bytes with one range replaced by another of the same length.
fn with(revision: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len(), "{from} {to}");
    let at = revision.windows(from.len()).position(|w| w == from.as_bytes()).unwrap_or_else(|| panic!("there is no {from}"));
    let mut out = revision.to_vec();
    out[at..at + to.len()].copy_from_slice(to.as_bytes());
    out
}

/// What another program may write: not the same bytes, the same meaning.
fn foreign(revision: &[u8]) -> Vec<u8> {
    with(revision, "/F 132/", "/F   4/")
}

fn refusal(file: &[u8], revision: &[u8], request: &SignatureRequest) -> String {
    match examine(file, revision, request) {
        Ok(_) => panic!("was not refused"),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::PreparedRevisionRefused, "{error}");
            error.context_text().unwrap_or_default().to_owned()
        }
    }
}

#[test]
fn what_was_asked_passes_and_goes_on_like_our_own() {
    let signer = Signer::p256();
    for style in [Style::Table, Style::Stream] {
        let file = plain(style);
        for request in [asked(), SignatureRequest::new(now()), SignatureRequest { field: Some("a.b.c".into()), ..asked() }] {
            let own = revision(&file, &request);
            for bytes in [own.clone(), foreign(&own)] {
                let prepared = examine(&file, &bytes, &request).unwrap();
                let tbs = prepared.to_be_signed().unwrap();
                let value = tbs.accept(&signer.answer(tbs.message())).unwrap();
                let mut out = Vec::new();
                prepared.complete(&value, &file, &mut out, &Progress::default()).unwrap();
                judged_by_pdfsig(&out, 1);
            }
        }
    }
}

#[test]
fn fields_that_exist_pass_in_place_and_below_their_ancestors() {
    let empty = "<</FT/Sig/T(here)/Type/Annot/Subtype/Widget/Rect[300 300 500 380]/P 3 0 R/F 4/Lock<</Type/SigFieldLock/Action/Include/Fields[(x)]>>>>";
    let group = "<</T(group)/Kids 9 0 R>>";
    let file = document(Style::Table, "/AcroForm<</Fields[7 0 R 8 0 R]>>", "/Annots 10 0 R", &[empty, group, "[]", "[7 0 R]"]);
    for name in ["here", "group.one", "group.one.two"] {
        let request = SignatureRequest { field: Some(name.into()), ..asked() };
        let own = revision(&file, &request);
        examine(&file, &own, &request).unwrap();
        // A time written in another way keeps the fast path out.
        let other = with(&own, "+00'00')", "Z      )");
        examine(&file, &other, &request).unwrap();
        assert!(!refusal(&file, &with(&other, "I agree", "I deny!"), &request).is_empty());
    }
    let request = SignatureRequest { field: Some("here".into()), ..asked() };
    let own = with(&revision(&file, &request), "+00'00')", "Z      )");
    assert_eq!(refusal(&file, &with(&own, "/Rect[300 300", "/Rect[310 300"), &request), "the field changes");
    assert_eq!(refusal(&file, &with(&own, "/Action/Include/Fields[(x)]", "/Action/Include/Fields[(y)]"), &request), "the field changes");
    let at = own.windows(15).rposition(|w| w == b"/Fields[(x)]/Ac").unwrap();
    let mut bad = own;
    bad[at + 9] = b'y';
    assert_eq!(refusal(&file, &bad, &request), "the lock of the signature dictionary");
}

#[test]
fn lies_are_refused_each_for_its_reason() {
    let file = plain(Style::Table);
    let request = asked();
    let good = foreign(&revision(&file, &request));
    examine(&file, &good, &request).unwrap();
    let text = String::from_utf8_lossy(&good).into_owned();
    let after = |marker: &str, len: usize| {
        let at = text.find(marker).unwrap();
        text[at..at + len].to_owned()
    };
    let next_digit = |s: &str| {
        let mut bytes = s.as_bytes().to_vec();
        let last = bytes.last_mut().unwrap();
        *last = if *last == b'9' { b'8' } else { *last + 1 };
        String::from_utf8(bytes).unwrap()
    };
    let byte_range = after("/ByteRange[0 ", 16);
    let prev = after("/Prev ", 9);
    let startxref = after("startxref\n", 13);
    let reference = after("/V ", 8);
    let cases: Vec<(String, String, &str)> = vec![
        ("/Pages 2 0 R".into(), "/Pages 4 0 R".into(), "the catalog changes"),
        ("/SigFlags 3".into(), "/SigFlags 1".into(), "/SigFlags"),
        ("/Contents 5 0 R".into(), "/Contents 6 0 R".into(), "the page changes"),
        ("/MediaBox[0 0 612 792]".into(), "/MediaBox[0 0 612 702]".into(), "the page changes"),
        ("/Type/Page/Parent".into(), "/Type/Page/parent".into(), "the page changes"),
        ("/F   4/".into(), "/F   2/".into(), "the widget's flags"),
        ("/F   4/".into(), "/#46 4/".into(), "a dictionary has a key twice or in disguise"),
        ("/F   4/".into(), "/Ff  4/".into(), "the field has a key that is not allowed"),
        ("/Rect[50 60 250 120]".into(), "/Rect[50 60 251 120]".into(), "the widget's box"),
        ("/P 3 0 R".into(), "/P 4 0 R".into(), "the widget's page"),
        ("/T(Signature1)".into(), "/T(Signature9)".into(), "the field is missing"),
        ("/FT/Sig".into(), "/FT/Btn".into(), "the field is no signature widget"),
        (reference, "/V 6 0 R".into(), "the signature dictionary is no new object"),
        ("ETSI.CAdES.detached".into(), "adbe.pkcs7.detached".into(), "the signature dictionary's type, filter or subfilter"),
        ("(I agree)".into(), "(I deny!)".into(), "a text of the signature dictionary"),
        ("/Location(Budapest)".into(), "/Loqation(Budapest)".into(), "a text of the signature dictionary"),
        ("/M(D:20261123120000".into(), "/M(D:20261123121001".into(), "its time is more than ten minutes from now"),
        ("/M(D:20261123120000".into(), "/M(D:20261123114959".into(), "its time is more than ten minutes from now"),
        (byte_range.clone(), next_digit(&byte_range), "/ByteRange leaves out something"),
        ("<0000".into(), "<0001".into(), "/Contents is not an empty room"),
        ("<0000".into(), "<000 ".into(), "/Contents is not an empty room"),
        ("]         ".into(), "]%        ".into(), "it cannot be read"),
        ("]         ".into(), "]%%EOF\n   ".into(), "it has a comment"),
        ("]         ".into(), "]/M(D:2)  ".into(), "a dictionary has a key twice or in disguise"),
        ("]         ".into(), "]/Prop 1  ".into(), "the signature dictionary has a key that is not allowed"),
        ("(Signed by Anna Example)".into(), "(Signed by Anne Example)".into(), "the appearance shows other words"),
        ("BaseFont/Helvetica".into(), "BaseFont/Helvetixa".into(), "the appearance's fonts"),
        ("/BBox[0 0 200 60]".into(), "/BBox[0 0 100 60]".into(), "the appearance's box"),
        ("/Subtype/Form".into(), "/Subtype/FOrm".into(), "the appearance"),
        ("0 G\n".into(), "B*  ".into(), "the appearance does more than show text"),
        (prev.clone(), next_digit(&prev), "it cannot be read"),
        ("/Size 12".into(), "/Size 13".into(), "its /Size is wrong"),
        ("/Root 1 0 R".into(), "/Root 3 0 R".into(), "its trailer names another catalog, info or encryption"),
        ("/ID[<00".into(), "/ID[<01".into(), "its /ID is another document's"),
        (startxref.clone(), next_digit(&startxref), "it cannot be read"),
        ("%%EOF".into(), "%%EOG".into(), "its end is malformed"),
    ];
    for (from, to, reason) in cases {
        let context = refusal(&file, &with(&good, &from, &to), &request);
        // The words of the reason, where the structure gives no earlier one.
        assert!(context == reason || (reason == "it cannot be read" && !context.is_empty()), "{from} -> {to}: {context}");
    }
}

#[test]
fn bytes_that_belong_to_nothing_are_refused() {
    let file = plain(Style::Table);
    let request = asked();
    let good = foreign(&revision(&file, &request));
    for (junk, at_end) in
        [(&b"\n"[..], true), (b"x", true), (b"%%EOF\n", true), (b"startxref\n5\n%%EOF\n", true), (b"x", false), (b"% \n", false)]
    {
        let bytes = if at_end { [&good, junk].concat() } else { [junk, &good].concat() };
        refusal(&file, &bytes, &request);
    }
    refusal(&file, &[], &request);
    refusal(&file, &vec![b' '; 17 << 20], &request);
    // Every cut, every single byte turned: refused, or the same meaning; never a panic, never another file than asked.
    let step = 7;
    for cut in (0..good.len()).step_by(step) {
        refusal(&file, &good[..cut], &request);
    }
    for at in (0..good.len()).step_by(step) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x04;
        let _ = examine(&file, &bytes, &request);
    }
    // A request that the revision was not made for.
    for other in [
        SignatureRequest { reason: None, ..asked() },
        SignatureRequest { name: Some("Anna".into()), ..asked() },
        SignatureRequest { field: Some("other".into()), ..asked() },
        SignatureRequest { placement: Placement::Invisible, ..asked() },
        SignatureRequest { placement: Placement::Visible { page: 2, rect: Rect::new(50.0, 60.0, 250.0, 120.0) }, ..asked() },
        SignatureRequest { appearance: Appearance::lines(["something else"]), ..asked() },
        // The words would be the same; the rest is missing.
        SignatureRequest {
            appearance: Appearance { link: Some(Link::new("https://v.example/1").unwrap()), ..Appearance::default() },
            ..asked()
        },
        SignatureRequest { appearance: Appearance { frame: Frame::None, ..Appearance::default() }, ..asked() },
        SignatureRequest { time: now().plus(601), ..asked() },
    ] {
        refusal(&file, &good, &other);
    }
    examine(&file, &good, &SignatureRequest { time: now().plus(600), ..asked() }).unwrap();
    // Made for another certificate chain it may be too small.
    let mut other_file = file.clone();
    other_file.extend_from_slice(b"\n");
    refusal(&other_file, &good, &request);
}

/// A revision with all that was asked for, and more.
fn with_more(file: &[u8], request: &SignatureRequest, more: impl Fn(&mut Update<'_>)) -> Vec<u8> {
    let signer = Signer::p256();
    let document = Document::open(&file).unwrap();
    let mut update = Update::new(document.latest()).unwrap();
    let signature = update.reserve();
    let placed = field::place(&mut update, request, &signer.identity, signature).unwrap();
    let draft = Draft::new(&update, signature, request, &signer.identity, &placed).unwrap();
    update.replace_text(signature, draft.text.clone());
    more(&mut update);
    let mut appended = update.finish([1; 16]).unwrap();
    let body = appended.bodies[&signature];
    draft.fix(&mut appended.bytes, file.len() as u64, body).unwrap();
    appended.bytes
}

fn changed(update: &Update<'_>, number: u32) -> Dictionary {
    update.pending(ObjectId::new(number, 0)).unwrap().as_dict().unwrap().clone()
}

type Rider = fn(&mut Update<'_>);

#[test]
fn riders_are_refused() {
    for style in [Style::Table, Style::Stream] {
        let file = plain(style);
        let request = asked();
        examine(&file, &with_more(&file, &request, |_| ()), &request).unwrap();
        let riders: [(&str, Rider); 8] = [
            (
                "it brings an object that nobody asked for",
                (|u| {
                    let _ = u.add(Dictionary::new());
                }),
            ),
            (
                "it brings an object that nobody asked for",
                (|u| {
                    let _ = u.add_stream(Dictionary::new(), b"q Q".to_vec());
                }),
            ),
            (
                "it brings an object that nobody asked for",
                (|u| u.replace(ObjectId::new(6, 0), Dictionary::new().with(b"Type", Object::name("Font")))),
            ),
            ("it brings an object that nobody asked for", (|u| u.replace(ObjectId::new(4, 0), Dictionary::new()))),
            ("it removes an object", (|u| u.replace(ObjectId::new(4, 0), Object::Null))),
            (
                "the catalog changes",
                (|u| {
                    let changed = changed(u, 1).with(b"OpenAction", Dictionary::new());
                    u.replace(ObjectId::new(1, 0), changed);
                }),
            ),
            (
                "the page changes",
                (|u| {
                    let changed = changed(u, 3).with(b"Rotate", 90);
                    u.replace(ObjectId::new(3, 0), changed);
                }),
            ),
            (
                "an array of fields or annotations changes by more than the new field",
                (|u| {
                    let mut changed = changed(u, 3);
                    let mut annotations = changed.get(b"Annots").unwrap().as_array().unwrap().to_vec();
                    annotations.push(Object::Reference(ObjectId::new(5, 0)));
                    changed.set(b"Annots", annotations);
                    u.replace(ObjectId::new(3, 0), changed);
                }),
            ),
        ];
        for (reason, rider) in riders {
            assert_eq!(refusal(&file, &with_more(&file, &request, rider), &request), reason);
        }
    }
}

#[test]
fn a_room_too_small_is_found_before_the_key_is_asked() {
    let file = plain(Style::Table);
    let request = SignatureRequest::new(now());
    let own = foreign(&revision(&file, &request));
    // Half the room, the range moved with it, the rest a hole of white space behind: all offsets stay.
    let text = String::from_utf8_lossy(&own).into_owned();
    let (open, close) = (text.find('<').map(|_| text.find("<0000").unwrap()).unwrap(), text.find("00>>>").unwrap() + 2);
    let half = open + 1 + (close - open) / 4 * 2;
    let mut bytes = own;
    bytes[half] = b'>';
    bytes[half + 1..=close].fill(b' ');
    let base = file.len();
    let total = base + bytes.len();
    let range = format!("[0 {} {} {}]", base + open, base + half + 1, total - base - half - 1);
    let at = text.find("/ByteRange[").unwrap() + 10;
    let until = text.find("/Contents<").unwrap();
    bytes[at..until].fill(b' ');
    bytes[at..at + range.len()].copy_from_slice(range.as_bytes());
    let prepared = examine(&file, &bytes, &request).unwrap();
    assert_eq!(prepared.to_be_signed().err().map(|e| e.kind()), Some(ErrorKind::SignatureRoomExceeded));
}
