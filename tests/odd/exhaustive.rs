//! Twelve small signed documents, exhaustively: every byte flipped, cut at every offset, everything appended. Nothing of it is clean, but
//! for what changes nothing: a digit of `/Contents` in the other case, a cut that leaves an earlier signed revision, one line end more.
//!
//! The documents carry no certificate that nothing uses: such a one could be changed without anybody caring. `THRIVOSIGN_LONG=1`
//! (`cargo xtask test --long`) flips every bit; otherwise one bit of each byte, and one cut in three.

use crate::authority::{authority, now};
use crate::document::{body, signed, signed_as, updated};
use crate::paper::{Paper, Style, catalog_with, page_with, paper, with};
use crate::seal::{seal, signature};
use crate::{judged, judged_at};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use thrivosign::pdf::{Document, Rect};
use thrivosign::sign::{DocMdp, FieldLock, Placement, SignatureRequest};

struct Signed {
    name: &'static str,
    bytes: Vec<u8>,
}

fn styled(style: Style, filter: &'static str, packed: &[&[u32]]) -> Paper {
    let mut p = with(&[(6, "<</Kind(hidden)>>")]);
    p.style = style;
    p.filter = filter;
    p.packed = packed.iter().map(|list| list.to_vec()).collect();
    p
}

fn changed(change: impl Fn(&mut Paper)) -> Vec<u8> {
    let mut p = paper();
    change(&mut p);
    p.write()
}

fn twelve() -> Vec<Signed> {
    let ask = || SignatureRequest::new(now());
    let certified = |bytes: &[u8], level| signed_as(bytes, &SignatureRequest { certification: Some(level), ..ask() });
    let text = "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(100)/Rect[300 400 400 420]/F 4/P 3 0 R>>";
    let field = "<</Type/Annot/Subtype/Widget/FT/Sig/T(sig)/Rect[300 600 480 660]/F 4/P 3 0 R/Lock<</Action/Include/Fields[(a)]>>>>";
    let form = |keys: &str, field: &str| {
        let mut p = page_with("/Annots[6 0 R]", &[(6, field)]);
        p.put(1, &format!("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]{keys}>>>>"));
        p.write()
    };
    let by_hand = {
        let objects = [
            (6, "<</Fields[7 0 R]/SigFlags 3>>".to_owned()),
            (7, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Bank)/V 8 0 R/Rect[0 0 0 0]/F 132/P 3 0 R>>".to_owned()),
            (8, signature("").replace("ETSI.CAdES.detached", "adbe.pkcs7.detached")),
        ];
        let objects: Vec<(u32, &str)> = objects.iter().map(|(n, body)| (*n, body.as_str())).collect();
        let mut p = catalog_with("/AcroForm 6 0 R", &objects);
        p.put(3, &body(&paper().write(), 3).replace(">>>>>>", ">>>>/Annots[7 0 R]>>"));
        seal(p.write())
    };
    let list = [
        ("a table", signed(&paper().write())),
        ("a cross-reference stream", signed(&styled(Style::Stream, "Flate", &[]).write())),
        ("object streams and a predictor", signed(&styled(Style::Stream, "Predictor", &[&[1, 2, 3, 5], &[6]]).write())),
        ("a hybrid", signed(&styled(Style::Hybrid, "", &[&[6]]).write())),
        ("two signatures", signed(&signed(&paper().write()))),
        ("certified, no changes", certified(&paper().write(), DocMdp::NoChanges)),
        ("certified, a form, signed again", signed(&certified(&form("/DA(/Helv 0 Tf 0 g)", text), DocMdp::FormFilling))),
        ("a prepared field with a lock, visible", {
            let request = SignatureRequest { field: Some("sig".to_owned()), ..ask() };
            signed_as(&form("", field), &request)
        }),
        ("a lock over all, visible", {
            let placement = Placement::Visible { page: 1, rect: Rect::new(60.0, 60.0, 200.0, 120.0) };
            signed_as(&form("", text), &SignatureRequest { placement, lock: Some(FieldLock::All), ..ask() })
        }),
        (
            "CR for a line end, a line of junk before the header",
            signed(&changed(|p| {
                p.eol = "\r";
                p.entry_end = " \r";
                p.junk = b"junk\r".to_vec();
                p.from_header = true;
            })),
        ),
        ("updated before it was signed", signed(&updated(&paper().write(), &[(6, "<</Title(A)>>")], "/Info 6 0 R"))),
        ("adbe.pkcs7.detached, the whole file one revision", by_hand),
    ];
    list.into_iter().map(|(name, bytes)| Signed { name, bytes }).collect()
}

/// The digits of the newest `/Contents`: those of an older one are signed by the newer signature.
fn digits(bytes: &[u8]) -> Range<usize> {
    let mut found = 0..0;
    let mut at = 0;
    while let Some(next) = crate::document::find(&bytes[at..], b"/Contents<") {
        let start = at + next + b"/Contents<".len();
        let end = start + bytes[start..].iter().position(|c| *c == b'>').expect("an end");
        // Not the /Contents of a page, `/Contents<<`.
        if end - start > 100 {
            found = start..end;
        }
        at = start;
    }
    found
}

fn long() -> bool {
    std::env::var("THRIVOSIGN_LONG").is_ok_and(|long| long == "1")
}

/// Does the work of each document on one of as many threads as there are cores, which adds up what it judged; tells all that is wrong.
fn each(what: &str, work: impl Fn(&Signed, &AtomicUsize) -> Vec<String> + Sync) {
    let judged_in_all = AtomicUsize::new(0);
    let documents = twelve();
    assert_eq!(documents.len(), 12);
    for document in &documents {
        let report = judged(&document.bytes).unwrap_or_else(|e| panic!("{}: {e}", document.name));
        assert!(report.clean, "{}:\n{report}", document.name);
    }
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let wrong = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(document) = documents.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = work(document, &judged_in_all);
                    wrong.lock().expect("no panic").extend(found.into_iter().map(|what| format!("{}: {what}", document.name)));
                }
            });
        }
    });
    println!("{what}: {} judged", judged_in_all.load(Ordering::Relaxed));
    let wrong = wrong.into_inner().expect("no panic");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
}

/// Every flip leaves `/Contents` with the same value, and then the same report, or it is not clean.
#[test]
fn every_byte_flipped() {
    each("flips", |Signed { bytes, .. }, judged| {
        let digits = digits(bytes);
        assert!(digits.len() > 100);
        // At one time, so that two reports can be compared.
        let time = now();
        let original = judged_at(bytes, time).and_then(|r| r.to_json()).expect("a report");
        let mut wrong = Vec::new();
        let mut forged = bytes.clone();
        for at in 0..bytes.len() {
            let bits = if long() { 0..8 } else { at % 8..at % 8 + 1 };
            for bit in bits {
                judged.fetch_add(1, Ordering::Relaxed);
                forged[at] = bytes[at] ^ (1 << bit);
                let same = digits.contains(&at) && forged[at].eq_ignore_ascii_case(&bytes[at]);
                match judged_at(&forged, time) {
                    Ok(report) if same && report.to_json().is_ok_and(|json| json == original) => {}
                    Err(error) if same => wrong.push(format!("byte {at}, bit {bit}: {error}")),
                    Ok(_) if same => wrong.push(format!("byte {at}, bit {bit}: another report of the same value")),
                    Ok(report) if report.clean => wrong.push(format!("byte {at}, bit {bit}: clean")),
                    _ => {}
                }
            }
            forged[at] = bytes[at];
        }
        wrong
    });
}

/// A cut is clean only where an earlier signed revision ends, with or without the line end behind its `%%EOF`.
#[test]
fn every_cut() {
    each("cuts", |Signed { bytes, .. }, count| {
        let document = Document::open(bytes).expect("opens");
        let ends: Vec<usize> = document.revisions().iter().map(|r| usize::try_from(r.tail.expect("a tail").end).expect("small")).collect();
        let mut wrong = Vec::new();
        for len in (0..bytes.len()).step_by(if long() { 1 } else { 3 }).chain(ends.iter().flat_map(|e| [e.saturating_sub(1), *e, e + 1])) {
            let Some(cut) = bytes.get(..len) else { continue };
            count.fetch_add(1, Ordering::Relaxed);
            let border = ends.iter().any(|end| len == *end || len + 1 == *end || len == end + 1);
            if len != bytes.len() && !border && judged(cut).is_ok_and(|report| report.clean) {
                wrong.push(format!("cut at {len} of {}", bytes.len()));
            }
        }
        wrong
    });
}

/// What is put behind the end is never clean, but for one line end.
#[test]
fn everything_appended() {
    let update = "9 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n";
    let junk: Vec<Vec<u8>> = [
        " ",
        "\t",
        "\0",
        "\u{c}",
        "0",
        "%",
        "%%",
        "%%EOF",
        "%%EOF\n",
        "\n%%EOF\n",
        "\n\n",
        "\r\r",
        "\n\r",
        "\r\n\n",
        "\r\n\r\n",
        "\n ",
        " \n",
        "\n%\n",
        "xref\n0 0\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n",
        "startxref\n0\n%%EOF\n",
        "trailer\n<</Root 9 0 R>>\n",
        update,
        "%PDF-1.7\n",
        "endstream\n",
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .chain((0..=255_u8).map(|byte| vec![byte]))
    .chain([vec![0; 4096], vec![b'\n'; 4096], vec![b' '; 70_000]])
    .collect();
    each("tails", |Signed { bytes, .. }, count| {
        let own = {
            let start = crate::document::find_last(bytes, b"startxref").expect("a startxref");
            [bytes[start..].to_vec(), [update.as_bytes(), &bytes[start..]].concat()]
        };
        let mut wrong = Vec::new();
        for tail in junk.iter().chain(&own) {
            count.fetch_add(1, Ordering::Relaxed);
            let longer = [bytes.as_slice(), tail].concat();
            let tolerated = matches!(tail.as_slice(), b"\n" | b"\r" | b"\r\n");
            match judged(&longer) {
                Ok(report) if tolerated && !report.clean => wrong.push(format!("one line end {tail:?} is refused:\n{report}")),
                Err(error) if tolerated => wrong.push(format!("one line end {tail:?}: {error}")),
                Ok(report) if !tolerated && report.clean => {
                    wrong.push(format!("clean with {:?} behind it", String::from_utf8_lossy(&tail[..tail.len().min(60)])));
                }
                _ => {}
            }
        }
        wrong
    });
    let _ = authority();
}
