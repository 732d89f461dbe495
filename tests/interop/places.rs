//! Where words stand: what the library finds against what poppler's `pdftotext` says, on the first page of every document.
//!
//! Takes the corpus; asks for each word that stands on the page once. Then signs: beside a text, and twice in the next free place.

use crate::corpus::{Source, bench};
use crate::judges;
use crate::ours;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use thrivosign::host::file::FileSource;
use thrivosign::pdf::{Document, Rect};
use thrivosign::sign::{Anchor, Placement, Size};

/// How far the corner of a word may be off, in points: programs take the heights of fonts from different places.
const CLOSE: f64 = 4.0;
/// The share of words that must be found where poppler finds them.
const RATE: f64 = 0.99;

/// A word, and its box from the lower left corner of the page as it is shown.
struct Word {
    text: String,
    rect: Rect,
}

/// Turned by a quarter, the page is as high as it is wide in the file.
fn turned(source: &Source) -> bool {
    let file = FileSource::open(&source.file).unwrap();
    let document = Document::open_with_password(&file, Some(source.password.as_bytes())).unwrap();
    document.latest().page(0).unwrap().rotate % 180 == 90
}

/// poppler's words of page 1.
fn words(source: &Source) -> Vec<Word> {
    let mut command = Command::new("pdftotext");
    if !source.password.is_empty() {
        command.args(["-upw", &source.password]);
    }
    let output = command.args(["-bbox", "-cropbox", "-f", "1", "-l", "1"]).arg(&source.file).arg("-").output().unwrap();
    assert!(output.status.success(), "pdftotext: {}", source.name());
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let number = |line: &str, key: &str| -> f64 {
        let at = line.find(&format!("{key}=\"")).unwrap() + key.len() + 2;
        line[at..].split('"').next().unwrap().parse().unwrap()
    };
    let side = if turned(source) { "width" } else { "height" };
    let height = told.lines().find(|line| line.contains("<page ")).map(|line| number(line, side)).unwrap();
    let mut found = Vec::new();
    for line in told.lines().filter(|line| line.contains("<word ")) {
        let text = line.split('>').nth(1).unwrap().trim_end_matches("</word");
        let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&");
        let (low, high) = (height - number(line, "yMax"), height - number(line, "yMin"));
        found.push(Word { text, rect: Rect::new(number(line, "xMin"), low, number(line, "xMax"), high) });
    }
    found
}

fn anchor(text: &str, offset: (f64, f64), size: Size) -> Placement {
    Placement::Anchor(Anchor { text: text.to_owned(), page: Some(1), occurrence: None, offset, size })
}

#[test]
fn words_are_where_poppler_sees_them() {
    let Some(bench) = bench() else { return };
    let (mut all, mut agreed, mut missing) = (0_u32, 0_u32, Vec::new());
    let mut table = String::new();
    for source in bench.sources() {
        let words = words(&source);
        let file = FileSource::open(&source.file).unwrap();
        let document = Document::open_with_password(&file, Some(source.password.as_bytes())).unwrap();
        let (mut asked, mut right) = (0_u32, 0_u32);
        for (at, word) in words.iter().enumerate() {
            let once = words.iter().enumerate().all(|(other, w)| other == at || !w.text.contains(&word.text));
            if !once || word.text.chars().count() < 4 {
                continue;
            }
            asked += 1;
            let placed = anchor(&word.text, (0.0, 0.0), Size { width: 1.0, height: 1.0 }).resolve(document.latest());
            match placed {
                Ok(Placement::Visible { rect, .. }) => {
                    let close = (rect.x0 - word.rect.x0).abs() < CLOSE && (rect.y0 - word.rect.y0).abs() < CLOSE;
                    right += u32::from(close);
                    if !close {
                        missing.push(format!("{}: {:?} at {rect:?}, poppler {:?}", source.name(), word.text, word.rect));
                    }
                }
                Ok(other) => panic!("{other:?}"),
                Err(error) => missing.push(format!("{}: {:?}: {error}", source.name(), word.text)),
            }
        }
        (all, agreed) = (all + asked, agreed + right);
        table.push_str(&format!("{:40} {right:4} of {asked}\n", source.name()));
    }
    let rate = f64::from(agreed) / f64::from(all);
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "\n{table}words found where poppler finds them: {agreed} of {all}, {:.2} %", rate * 100.0);
    for line in missing.iter().take(40) {
        let _ = writeln!(out, "  {line}");
    }
    assert!(all > 2_000 && rate >= RATE, "{:.2} % of {all}", rate * 100.0);
}

/// The box lies where it was asked for, and what was written stays in sight, for readers and for our own verifier.
#[test]
fn boxes_beside_a_text_and_in_the_next_free_place() {
    let Some(bench) = bench() else { return };
    let trust = ours::trust(&bench.root());
    let scratch = tempfile::tempdir().unwrap();
    let size = Size { width: 120.0, height: 40.0 };
    let mut complaints = Vec::new();
    for name in
        ["lo-agreement", "tex-14", "rl-rotated-270", "pike-crop-box", "pike-rotated-90", "qpdf-rotated-90", "pike-inherited-rotated-180"]
    {
        let source = bench.sources().into_iter().find(|source| source.name() == name).unwrap();
        let title = words(&source).into_iter().find(|word| word.text.chars().count() > 6).unwrap();
        let mut input = source.file.clone();
        let free = Placement::NextFree { page: Some(1), size };
        for (turn, placement) in [free.clone(), free].into_iter().enumerate() {
            let output = scratch.path().join(format!("{name}-{turn}.pdf"));
            ours::sign_at(bench, "p256", Some(&format!("Signature{}", turn + 1)), placement, "", &input, &output).unwrap();
            check(&source, &input, &output, turn + 1, &trust, &mut complaints);
            input = output;
        }
        if turned(&source) || name.ends_with("180") {
            continue;
        }
        // Above the title: the box begins where the text does.
        let output = scratch.path().join(format!("{name}-anchor.pdf"));
        let placement = anchor(&title.text, (0.0, 2.0 + title.rect.height()), Size { width: 110.0, height: 24.0 });
        ours::sign_at(bench, "p256", Some("Signature1"), placement, "", &source.file, &output).unwrap();
        check(&source, &source.file, &output, 1, &trust, &mut complaints);
        let (old, new) = (judges::render(&source.file, 1, "").unwrap(), judges::render(&output, 1, "").unwrap());
        let (x, y) = (title.rect.x0, title.rect.y1 + 2.0);
        let outside = new.changed_outside(&old, &[[x - 3.0, y - 3.0, 116.0, 30.0]]);
        if outside > 0 {
            complaints.push(format!("{name}: {outside} pixels beside the box at {:?}", title.text));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

fn check(source: &Source, before: &Path, after: &Path, signatures: usize, trust: &ours::Trust, complaints: &mut Vec<String>) {
    let report = ours::verify(after, trust, "").unwrap();
    if !report.clean || report.signatures.len() != signatures {
        complaints.push(format!("{}: {}", source.name(), ours::reasons(&report)));
    }
    let (old, new) = (judges::render(before, 1, "").unwrap(), judges::render(after, 1, "").unwrap());
    // Whatever was dark stays dark: nothing is covered.
    let covered = (0..old.grey.len()).filter(|at| old.grey[*at] < 200 && new.grey[*at] > old.grey[*at].saturating_add(20)).count();
    let added = (0..old.grey.len()).filter(|at| old.grey[*at] != new.grey[*at]).count();
    if covered > 0 || added < 50 {
        complaints.push(format!("{}: {covered} pixels covered, {added} changed", source.name()));
    }
}
