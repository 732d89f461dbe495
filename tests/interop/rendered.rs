//! What was signed is what is seen: of every file called clean that has more revisions than a signature covers, poppler's picture of the
//! signed revision and of the whole file are the same, but for the boxes of later signatures and of fields whose filling is permitted.
//!
//! Takes the attack kit's controls and the sound documents (a sample; all of them, all pages, with `THRIVOSIGN_LONG=1`).

use crate::corpus::bench;
use crate::kit::{Must, authority, families};
use crate::{judges, ours};
use std::path::Path;
use thrivosign::pdf::{Document, Object, ObjectId, Page, Rect, View};
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::verify::{ChangeKind, Policy, Report, SignatureReport, VerifyOptions, verify};
use thrivosign::{Progress, Time};

/// Pages of a file that are looked at in a sample.
const PAGES: u64 = 2;

fn long() -> bool {
    std::env::var("THRIVOSIGN_LONG").is_ok_and(|long| long == "1")
}

#[test]
fn controls_of_the_kit_look_as_they_were_signed() {
    if std::process::Command::new("pdftoppm").arg("-v").output().is_err() {
        assert!(!std::env::var("CI").is_ok_and(|ci| ci == "true"), "pdftoppm is not installed");
        return;
    }
    let trust = TrustAnchors::from_pem(&authority::authority().root).unwrap();
    let controls = families::all().iter().flat_map(|family| family.files.iter().map(move |file| (family.name, file)));
    let step = if long() { 1 } else { 3 };
    let scratch = tempfile::tempdir().unwrap();
    let (mut compared, mut wrong) = (0, Vec::new());
    for (family, file) in controls.filter(|(_, file)| file.must == Must::BeClean).step_by(step) {
        let told = compare(&file.bytes, &trust, authority::now(), "", scratch.path());
        compared += told.compared;
        wrong.extend(told.wrong.into_iter().map(|what| format!("{family} / {}: {what}", file.name)));
    }
    assert!(wrong.is_empty(), "{} pages differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared >= 10, "only {compared} pages were compared");
}

#[test]
fn sound_documents_look_as_they_were_signed() {
    let Some(bench) = bench() else { return };
    let (folder, files) = bench.sound();
    let trust = ours::trust(&folder.join("root.pem"));
    let step = if long() { 1 } else { 6 };
    let scratch = tempfile::tempdir().unwrap();
    let (mut compared, mut wrong) = (0, Vec::new());
    for (file, password) in files.iter().step_by(step) {
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let told = compare(&bytes, &trust, thrivosign::host::clock::now(), password, scratch.path());
        compared += told.compared;
        wrong.extend(told.wrong.into_iter().map(|what| format!("{file}: {what}")));
    }
    assert!(wrong.is_empty(), "{} pages differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared >= 10, "only {compared} pages were compared");
}

#[derive(Default)]
struct Told {
    compared: usize,
    wrong: Vec<String>,
}

fn compare(bytes: &[u8], trust: &TrustAnchors, time: Time, password: &str, scratch: &Path) -> Told {
    let mut told = Told::default();
    let bytes = bytes.to_vec();
    let document = Document::open_with_password(&bytes, Some(password.as_bytes())).unwrap();
    let options = VerifyOptions { trust, time, policy: Policy::default(), password: Some(password.as_bytes()), evidence: None };
    let report: Report = verify(&bytes, &options, &Progress::default()).unwrap();
    // Of a report that is not clean nothing is promised.
    if !report.clean {
        return told;
    }
    let whole = scratch.join("whole.pdf");
    std::fs::write(&whole, &bytes).unwrap();
    for signature in report.signatures.iter().filter(|signature| signature.changes != [ChangeKind::None]) {
        let Some([_, _, from, length]) = signature.byte_range else { continue };
        let signed = scratch.join("signed.pdf");
        std::fs::write(&signed, &bytes[..usize::try_from(from + length).unwrap()]).unwrap();
        let view = document.latest();
        let pages = view.page_count().unwrap();
        for index in 0..if long() { pages } else { pages.min(PAGES) } {
            let page = view.page(index).unwrap();
            let boxes = masked(view, &page, signature);
            let number = u32::try_from(index + 1).unwrap();
            let (Ok(before), Ok(after)) = (judges::render(&signed, number, password), judges::render(&whole, number, password)) else {
                told.wrong.push(format!("page {number} is not drawn"));
                continue;
            };
            told.compared += 1;
            if (before.width, before.height) != (after.width, after.height) {
                told.wrong.push(format!("page {number} has another size"));
            }
            let stray = after.changed_outside(&before, &boxes);
            if stray > 0 {
                told.wrong.push(format!("field {}, page {number}: {stray} pixels changed outside of {boxes:?}", signature.field));
            }
        }
    }
    told
}

/// The boxes of fields that were signed or filled, as they are seen.
fn masked(view: View<'_>, page: &Page, signature: &SignatureReport) -> Vec<[f64; 4]> {
    let named = signature
        .change_details
        .iter()
        .filter(|change| [ChangeKind::SignatureAdded, ChangeKind::Ltv, ChangeKind::FormFilled].contains(&change.kind));
    let mut boxes = Vec::new();
    for object in named.flat_map(|change| &change.objects) {
        let mut words = object.split(' ').map(|word| word.parse::<u32>().unwrap_or(0));
        let id = ObjectId { number: words.next().unwrap_or(0), generation: u16::try_from(words.next().unwrap_or(0)).unwrap() };
        let mut open = vec![Object::Reference(id)];
        while let Some(field) = open.pop() {
            let Ok(Object::Dictionary(field)) = view.resolve(&field) else { continue };
            open.extend(view.get_array(&field, b"Kids").unwrap().unwrap_or_default());
            let corners = view.get_array(&field, b"Rect").unwrap().unwrap_or_default();
            boxes.extend(Rect::from_array(&corners).map(|rect| as_seen(rect, page)));
        }
    }
    boxes
}

/// From default user space to the lower left corner of the displayed page.
fn as_seen(rect: Rect, page: &Page) -> [f64; 4] {
    let crop = page.crop_box;
    let point = |x: f64, y: f64| match page.rotate {
        90 => (y - crop.y0, crop.x1 - x),
        180 => (crop.x1 - x, crop.y1 - y),
        270 => (crop.y1 - y, x - crop.x0),
        _ => (x - crop.x0, y - crop.y0),
    };
    let ((xa, ya), (xb, yb)) = (point(rect.x0, rect.y0), point(rect.x1, rect.y1));
    [xa.min(xb), ya.min(yb), (xa - xb).abs(), (ya - yb).abs()]
}
