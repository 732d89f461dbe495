//! Random sound documents, signed in random ways: the verifier is content, and lopdf and qpdf read every object as before, but for what a
//! signature is there to change.
//!
//! Seeded: a failure names its seed, and `THRIVOSIGN_SEED=N` runs that one alone. `THRIVOSIGN_LONG=1` runs 3,000 instead of 120.

use crate::authority::{authority, now};
use crate::mutations::Dice;
use crate::paper::{CONTENT, Paper, Runs, Style, paper};
use crate::reading::{as_lopdf_reads, as_qpdf_reads, as_we_read, unchanged};
use crate::{judges, saved};
use std::process::Command;
use thrivosign::Progress;
use thrivosign::pdf::{Document, Page, Rect};
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::sign::{DocMdp, FieldLock, Placement, SignatureRequest, SigningIdentity, plan};
use thrivosign::verify::{Policy, VerifyOptions, verify};

/// One of these.
fn one<'a, T>(dice: &mut Dice, list: &'a [T]) -> &'a T {
    &list[dice.below(list.len())]
}

fn odds(dice: &mut Dice, one_in: usize) -> bool {
    dice.below(one_in) == 0
}

const NAMES: [&str; 9] =
    ["Signature1", "sig", "a.b", "a.b.c", "loan.Käufer", "署名.一", "x y", "\u{1F58B}", "very.deep.name.of.a.field.in.a.large.form"];

/// A document, and the empty signature fields in it.
struct Made {
    bytes: Vec<u8>,
    fields: Vec<&'static str>,
    password: &'static str,
    /// Signing `waiting` locks every other field.
    locks: bool,
}

fn document(dice: &mut Dice) -> Made {
    let mut p: Paper = paper();
    p.style = *one(dice, &[Style::Table, Style::Stream, Style::Hybrid]);
    let (eol, entry_end) = *one(dice, &[("\n", " \n"), ("\r", " \r"), ("\r\n", "\r\n"), ("\n", "\r\n")]);
    p.eol = eol;
    p.entry_end = entry_end;
    p.after_trailer = *one(dice, &["\n", " ", "\r\n", ""]);
    p.end = *one(dice, &["\n", "", "\r\n", "\r", "\n\n \n"]);
    p.between = *one(dice, &["", "\n", "% 9 0 obj\n", "   \n\n"]);
    p.filter = *one(dice, &["", "Flate", "Predictor", "Hex"]);
    p.widths = *one(dice, &[[1, 4, 2], [1, 3, 2], [2, 8, 3], [1, 5, 4]]);
    p.backwards = odds(dice, 3);
    p.id = !odds(dice, 6);
    p.head = one(dice, &[&b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"[..], b"%PDF-1.4\n", b"%PDF-2.0\n%\xFF\xFF\xFF\xFF\n", b"%PDF-1.0\n"]).to_vec();
    if p.style != Style::Table && p.head.starts_with(b"%PDF-1.0") {
        p.head = b"%PDF-1.5\n".to_vec();
    }

    // Where the page's keys are: in it, above it, apart.
    let rotate = 90 * dice.below(4);
    let first = *one(dice, &["/MediaBox[0 0 595 842]", "/MediaBox[10 20 612.5 802]", "/MediaBox[595 842 0 0]", "/MediaBox 20 0 R"]);
    let crop = *one(dice, &["", "/CropBox[15 25 580 790]", "/CropBox[-50 -50 9000 9000]"]);
    let unit = *one(dice, &["", "", "/UserUnit 1.5"]);
    let (above, own) = if odds(dice, 2) {
        (format!("{first}/Rotate {rotate}"), format!("{crop}{unit}"))
    } else {
        (String::new(), format!("{first}{crop}{unit}/Rotate {rotate}"))
    };
    p.put(20, "[0 0 600 800]");
    let contents = *one(dice, &["4 0 R", "[4 0 R]", "[4 0 R 19 0 R]", "21 0 R"]);
    p.put(19, "<</Length 1>>\nstream\n \nendstream");
    p.put(21, "[4 0 R]");
    p.put(4, CONTENT);

    // Annotations and form.
    let mut locks = false;
    let mut fields = Vec::new();
    let (mut annotations, mut roots) = (Vec::new(), Vec::new());
    if odds(dice, 3) {
        p.put(30, "<</Type/Annot/Subtype/Link/Rect[1 1 9 9]/Border[0 0 0]/Dest[3 0 R/Fit]>>");
        annotations.push("30 0 R");
    }
    if odds(dice, 3) {
        p.put(
            31,
            "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(100)/Rect[300 400 400 420]/F 4/DA(/F1 9 Tf 0 g)/AP<</N 32 0 R>>/P 3 0 R>>",
        );
        p.put(32, "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</F1 5 0 R>>>>/Length 24>>\nstream\nBT /F1 9 Tf (100) Tj ET \nendstream");
        annotations.push("31 0 R");
        roots.push("31 0 R");
    }
    if odds(dice, 2) {
        let more = *one(
            dice,
            &["", "/Lock<</Type/SigFieldLock/Action/All>>", "/F 4/MK<<>>", "/SV<</Type/SV/SubFilter[/ETSI.CAdES.detached]/Ff 2>>"],
        );
        locks = more.starts_with("/Lock");
        let rect = *one(dice, &["0 0 0 0", "300 600 480 660"]);
        p.put(33, &format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(waiting)/Rect[{rect}]/P 3 0 R{more}>>"));
        annotations.push("33 0 R");
        roots.push("33 0 R");
        fields.push("waiting");
    }
    if odds(dice, 4) {
        p.put(34, "<</T(a)/Kids[35 0 R]>>");
        p.put(35, "<</Type/Annot/Subtype/Widget/Parent 34 0 R/FT/Sig/T(b)/Rect[0 0 0 0]/F 132/P 3 0 R>>");
        annotations.push("35 0 R");
        roots.push("34 0 R");
        fields.push("a.b");
    }
    let mut page = format!("<</Type/Page/Parent 2 0 R/Contents {contents}/Resources<</Font<</F1 5 0 R>>>>{own}");
    if !annotations.is_empty() || odds(dice, 4) {
        let list = annotations.join(" ");
        if odds(dice, 2) {
            p.put(36, &format!("[{list}]"));
            page.push_str("/Annots 36 0 R");
        } else {
            page.push_str(&format!("/Annots[{list}]"));
        }
    }
    page.push_str(one::<&str>(dice, &["", "/Trans null", "/StructParents 7", "/PieceInfo<<>>"]));
    p.put(3, &format!("{page}>>"));
    let mut catalog = "<</Type/Catalog/Pages 2 0 R".to_owned();
    if !roots.is_empty() || odds(dice, 4) {
        let list = roots.join(" ");
        let held = match dice.below(3) {
            0 => format!("<</Fields[{list}]>>"),
            1 => {
                p.put(37, &format!("[{list}]"));
                "<</Fields 37 0 R/DA(/F1 0 Tf 0 g)/DR<</Font<</F1 5 0 R>>>>>>".to_owned()
            }
            _ => format!("<</Fields[{list}]/SigFlags 0/DA(/F1 0 Tf 0 g)>>"),
        };
        if odds(dice, 2) {
            p.put(38, &held);
            catalog.push_str("/AcroForm 38 0 R");
        } else {
            catalog.push_str(&format!("/AcroForm{held}"));
        }
    }
    catalog.push_str(one::<&str>(
        dice,
        &["", "/Lang(fr)", "/PageMode/UseNone/ViewerPreferences<</DisplayDocTitle true>>", "/Outlines 9999 0 R", "/Version/1.7"],
    ));
    p.put(1, &format!("{catalog}>>"));

    // The tree, and pages without content beside the one.
    let more = dice.below(4);
    for n in 0..more {
        let number = 50 + u32::try_from(n).expect("small");
        p.put(number, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Resources<<>>>>");
    }
    let kids: String = (0..more).map(|n| format!(" {} 0 R", 50 + n)).collect();
    p.put(2, &format!("<</Type/Pages/Kids[3 0 R{kids}]/Count {}{above}>>", more + 1));
    if odds(dice, 2) {
        p.put(40, "<</Title(\\376\\377\\000A)/Producer(A \\(random\\) writer)/CreationDate(D:20260101000000Z)>>");
        p.trailer.push_str("/Info 40 0 R");
    }
    if p.style != Style::Table {
        // In a hybrid old readers must find the pages.
        let needed: &[u32] = if p.style == Style::Hybrid { &[1, 2, 3, 5, 20, 21] } else { &[] };
        let movable: Vec<u32> = p
            .objects
            .iter()
            .filter(|(n, (_, body))| !needed.contains(n) && !body.windows(6).any(|w| w == b"stream"))
            .map(|(n, _)| *n)
            .collect();
        let share = dice.below(movable.len() + 1);
        p.packed = movable[..share].chunks(1 + dice.below(12)).map(<[u32]>::to_vec).collect();
    }
    p.runs = *one(dice, &[Runs::Whole, Runs::Gaps]);
    Made { bytes: p.write(), fields, password: "", locks }
}

/// The document, encrypted by qpdf in one of its ways.
fn encrypted(dice: &mut Dice, made: Made) -> Made {
    let (options, password): (&[&str], &str) = *one(
        dice,
        &[
            (&["", "owner", "40"][..], ""),
            (&["user", "owner", "128", "--use-aes=n"][..], "user"),
            (&["user", "owner", "128", "--use-aes=y"][..], "owner"),
            (&["", "owner", "256"][..], ""),
            (&["user", "owner", "256", "--cleartext-metadata"][..], "user"),
        ],
    );
    let (from, to) = (saved(&made.bytes), saved(b""));
    let packed = *one(dice, &["--object-streams=generate", "--object-streams=disable"]);
    let out = Command::new("qpdf")
        .args(["--warning-exit-0", "--allow-weak-crypto", packed, "--encrypt"])
        .args(options)
        .arg("--")
        .args([from.path(), to.path()])
        .output()
        .expect("qpdf runs");
    assert!(out.status.success(), "qpdf: {}", String::from_utf8_lossy(&out.stderr));
    Made { bytes: std::fs::read(to.path()).expect("qpdf wrote it"), password, ..made }
}

/// A box of user space as a reader of the page sees it.
fn seen(page: &Page, [x0, y0, x1, y1]: [f64; 4]) -> Rect {
    let (w, h) = (page.crop_box.width(), page.crop_box.height());
    let corner = |x: f64, y: f64| {
        let (x, y) = (x - page.crop_box.x0, y - page.crop_box.y0);
        match page.rotate {
            90 => (y, w - x),
            180 => (w - x, h - y),
            270 => (h - y, x),
            _ => (x, y),
        }
    };
    let ((a, b), (c, d)) = (corner(x0, y0), corner(x1, y1));
    Rect::new(a.min(c), b.min(d), a.max(c), b.max(d))
}

fn request(dice: &mut Dice, turn: usize, page: &Page, fields: &mut Vec<&'static str>) -> SignatureRequest {
    let mut request = SignatureRequest::new(now());
    if odds(dice, 3) && !fields.is_empty() {
        request.field = Some(fields.remove(dice.below(fields.len())).to_owned());
    } else if odds(dice, 2) {
        request.field = Some((*one(dice, &NAMES)).to_owned());
    }
    if odds(dice, 2) {
        // Free of content and of one another, in user space; asked for as a reader sees it.
        let (x, y) = [(60.0, 60.0), (320.0, 60.0), (60.0, 240.0)][turn - 1];
        let (w, h) = (120.0 + dice.below(80) as f64, 40.0 + dice.below(90) as f64 / 2.0);
        request.placement = Placement::Visible { page: 1, rect: seen(page, [x, y, x + w, y + h]) };
    }
    let texts = ["", "I agree", "(\\nested)) paren", "日本語の理由 \u{1F58B}", "ÄÖÜ€ß"];
    let mut text = |one_in| odds(dice, one_in).then(|| (*one(dice, &texts)).to_owned()).filter(|text| !text.is_empty());
    (request.reason, request.location, request.contact, request.name) = (text(2), text(3), text(5), text(5));
    // What the standard font lacks cannot be shown.
    request.lines = Some(vec!["Signed".to_owned(), "with a random text".to_owned()]);
    request.extra_room = dice.below(3) * 700;
    if turn == 1 && odds(dice, 4) {
        request.certification = Some(*one(dice, &[DocMdp::NoChanges, DocMdp::FormFilling, DocMdp::Annotating]));
    }
    if odds(dice, 6) {
        request.lock = Some(one(dice, &[FieldLock::All, FieldLock::Include(vec!["amount".to_owned()])]).clone());
    }
    request
}

fn signed(made: &Made, bytes: &[u8], request: &SignatureRequest) -> thrivosign::Result<Vec<u8>> {
    let password = (!made.password.is_empty()).then_some(made.password.as_bytes());
    let document = Document::open_with_password(&bytes, password)?;
    let identity = SigningIdentity::for_key(authority().key.public_key(), &authority().chain, None)?;
    let plan = plan(&document, request, &identity, [9; 16])?;
    let mut out = Vec::new();
    let prepared = plan.copy(&bytes, &mut out, &Progress::default())?;
    let to_be_signed = prepared.to_be_signed()?;
    let value = authority().key.sign(to_be_signed.message(), to_be_signed.algorithm())?;
    let value = to_be_signed.accept(&value)?;
    prepared.patch(&value, &mut out)?;
    Ok(out)
}

fn first_page(made: &Made) -> Result<Page, String> {
    let password = (!made.password.is_empty()).then_some(made.password.as_bytes());
    let document = Document::open_with_password(&made.bytes, password).map_err(|error| format!("does not open: {error}"))?;
    document.latest().page(0).map_err(|error| format!("has no page: {error}"))
}

/// One document and its signatures; what is wrong with it.
fn try_seed(seed: u64, outside: bool) -> Result<usize, String> {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    dice.roll();
    let mut made = document(&mut dice);
    if outside && odds(&mut dice, 4) {
        made = encrypted(&mut dice, made);
    }
    keep(seed, 0, &made.bytes);
    let trust = TrustAnchors::from_pem(&authority().root).map_err(|error| error.to_string())?;
    let mut fields = made.fields.clone();
    let (mut bytes, mut taken) = (made.bytes.clone(), Vec::new());
    let page = first_page(&made)?;
    let mut all_locked = false;
    for turn in 1..=1 + dice.below(3) {
        let mut request = request(&mut dice, turn, &page, &mut fields);
        // A field is signed once, no name is another's beginning, and what was locked stays empty.
        let below = |one: &str, other: &str| one.starts_with(&format!("{other}."));
        let clash = |name: &String| taken.iter().any(|t: &String| t == name || below(t, name) || below(name, t));
        let locked = all_locked || made.locks && taken.iter().any(|t| t == "waiting");
        let barred =
            |name: &String| clash(name) || made.fields.iter().any(|held| below(name, held) || below(held, name) || locked && held == name);
        if request.field.as_ref().is_some_and(barred) {
            request.field = None;
        }
        // A field that exists keeps the lock it has.
        if made.locks && request.field.as_deref() == Some("waiting") {
            request.lock = None;
        }
        let out = signed(&made, &bytes, &request).map_err(|error| format!("signature {turn} is refused: {error}: {request:?}"))?;
        keep(seed, turn, &out);
        if !out.starts_with(&bytes) {
            return Err("the document is no prefix".to_owned());
        }
        let password = (!made.password.is_empty()).then_some(made.password.as_bytes());
        let options = VerifyOptions { trust: &trust, time: now(), policy: Policy::default(), password };
        let report = verify(&out, &options, &Progress::default()).map_err(|error| format!("is not judged: {error}"))?;
        if !report.clean || report.signatures.len() != turn {
            return Err(format!("not clean after {turn} signatures:\n{report}"));
        }
        let told = |reader: &'static str| move |error: String| format!("{reader} after {turn} signatures: {error}");
        let mut changes = unchanged(&as_we_read(&bytes, made.password)?, &as_we_read(&out, made.password).map_err(told("we"))?);
        changes.extend(unchanged(
            &as_lopdf_reads(&bytes, made.password).map_err(told("lopdf, before"))?,
            &as_lopdf_reads(&out, made.password).map_err(told("lopdf"))?,
        ));
        if outside {
            let (before, after) = (saved(&bytes), saved(&out));
            changes.extend(unchanged(
                &as_qpdf_reads(before.path(), made.password).map_err(told("qpdf, before"))?,
                &as_qpdf_reads(after.path(), made.password).map_err(told("qpdf"))?,
            ));
        }
        if !changes.is_empty() {
            return Err(format!("signature {turn} changed what it may not: {changes:#?}"));
        }
        taken.clone_from(&report.document.signed_fields);
        all_locked |= request.lock == Some(FieldLock::All);
        if request.certification == Some(DocMdp::NoChanges) {
            break;
        }
        bytes = out;
    }
    Ok(taken.len())
}

/// For whoever looks into a failure.
fn keep(seed: u64, turn: usize, bytes: &[u8]) {
    if let Ok(folder) = std::env::var("THRIVOSIGN_ODD_KEEP") {
        std::fs::write(format!("{folder}/random-{seed}-{turn}.pdf"), bytes).expect("written");
    }
}

#[test]
fn random_documents_signed_in_random_ways_are_clean_and_otherwise_unchanged() {
    let outside = judges();
    let long = std::env::var("THRIVOSIGN_LONG").is_ok_and(|long| long == "1");
    let seeds: Vec<u64> = match std::env::var("THRIVOSIGN_SEED").ok().and_then(|seed| seed.parse().ok()) {
        Some(seed) => vec![seed],
        None => (1..=if long { 3_000 } else { 120 }).collect(),
    };
    let _ = authority();
    let results: Vec<(u64, Result<usize, String>)> = std::thread::scope(|scope| {
        let half = seeds.len().div_ceil(2).max(1);
        let run = |part: &[u64]| part.iter().map(|seed| (*seed, try_seed(*seed, outside))).collect::<Vec<_>>();
        let threads: Vec<_> = seeds.chunks(half).map(|part| scope.spawn(move || run(part))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    let wrong: Vec<String> =
        results.iter().filter_map(|(seed, result)| result.as_ref().err().map(|why| format!("seed {seed}: {why}"))).collect();
    let signatures: usize = results.iter().filter_map(|(_, result)| result.as_ref().ok()).sum();
    println!("{} documents, {signatures} signatures", results.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), results.len(), wrong.iter().take(12).cloned().collect::<Vec<_>>().join("\n"));
}
