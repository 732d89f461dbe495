//! Random sound documents, signed in random ways: the verifier is content, and lopdf and qpdf read every object as before, but for what a
//! signature is there to change.
//!
//! Seeded: a failure names its seed, and `THRIVOSIGN_SEED=N` runs that one alone. `THRIVOSIGN_LONG=1` runs 3,000 instead of 120.

use crate::authority::{authority, now};
use crate::invented::{Made, document, encrypted, odds, one};
use crate::mutations::Dice;
use crate::reading::{as_lopdf_reads, as_qpdf_reads, as_we_read, unchanged};
use crate::shown::Shown;
use crate::{judges, saved};
use thrivosign::Progress;
use thrivosign::appearance::Appearance;
use thrivosign::pdf::{Document, Page, Rect};
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::sign::{DocMdp, FieldLock, Placement, SignatureRequest, SigningIdentity, plan};
use thrivosign::verify::{Policy, VerifyOptions, verify};

const NAMES: [&str; 9] =
    ["Signature1", "sig", "a.b", "a.b.c", "loan.Käufer", "署名.一", "x y", "\u{1F58B}", "very.deep.name.of.a.field.in.a.large.form"];

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
    request.appearance = Appearance::lines(["Signed", "with a random text"]);
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
fn try_seed(seed: u64, outside: bool, shown: &Shown) -> Result<usize, String> {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    dice.roll();
    let mut made = document(&mut dice);
    if outside && odds(&mut dice, 4) {
        made = encrypted(&mut dice, made);
    }
    shown.keep(&format!("random-{seed}.unsigned"), &made.bytes);
    let trust = TrustAnchors::from_pem(&authority().root).map_err(|error| error.to_string())?;
    let mut fields = made.fields.clone();
    let (mut bytes, mut taken) = (made.bytes.clone(), Vec::new());
    let page = first_page(&made)?;
    for turn in 1..=1 + dice.below(3) {
        let mut request = request(&mut dice, turn, &page, &mut fields);
        // A field is signed once, no name is another's beginning, and what was locked stays empty.
        let below = |one: &str, other: &str| one.starts_with(&format!("{other}."));
        let clash = |name: &String| taken.iter().any(|t: &String| t == name || below(t, name) || below(name, t));
        let barred = |name: &String| clash(name) || made.fields.iter().any(|held| below(name, held) || below(held, name));
        if request.field.as_ref().is_some_and(barred) {
            request.field = None;
        }
        // A field that exists keeps the lock it has.
        if made.locks && request.field.as_deref() == Some("waiting") {
            request.lock = None;
        }
        let out = signed(&made, &bytes, &request).map_err(|error| format!("signature {turn} is refused: {error}: {request:?}"))?;
        shown.add(&format!("random {seed}"), &out);
        if !out.starts_with(&bytes) {
            return Err("the document is no prefix".to_owned());
        }
        let password = (!made.password.is_empty()).then_some(made.password.as_bytes());
        let options = VerifyOptions { trust: &trust, time: now(), policy: Policy::default(), password, evidence: None };
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
        // What locks every field, be it by request or by the field's own lock, is the last signature.
        let locked = request.lock == Some(FieldLock::All) || made.locks && taken.iter().any(|t| t == "waiting");
        if request.certification == Some(DocMdp::NoChanges) || locked {
            break;
        }
        bytes = out;
    }
    Ok(taken.len())
}

#[test]
fn random_documents_signed_in_random_ways_are_clean_and_otherwise_unchanged() {
    let (outside, shown) = (judges(), Shown::new("random"));
    let long = std::env::var("THRIVOSIGN_LONG").is_ok_and(|long| long == "1");
    let seeds: Vec<u64> = match std::env::var("THRIVOSIGN_SEED").ok().and_then(|seed| seed.parse().ok()) {
        Some(seed) => vec![seed],
        None => (1..=if long { 3_000 } else { 120 }).collect(),
    };
    let _ = authority();
    let results: Vec<(u64, Result<usize, String>)> = std::thread::scope(|scope| {
        let half = seeds.len().div_ceil(2).max(1);
        let run = |part: &[u64]| part.iter().map(|seed| (*seed, try_seed(*seed, outside, &shown))).collect::<Vec<_>>();
        let threads: Vec<_> = seeds.chunks(half).map(|part| scope.spawn(move || run(part))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    let wrong: Vec<String> =
        results.iter().filter_map(|(seed, result)| result.as_ref().err().map(|why| format!("seed {seed}: {why}"))).collect();
    let signatures: usize = results.iter().filter_map(|(_, result)| result.as_ref().ok()).sum();
    println!("{} documents, {signatures} signatures", results.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), results.len(), wrong.iter().take(12).cloned().collect::<Vec<_>>().join("\n"));
    shown.judged();
}
