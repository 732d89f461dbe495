//! Marks against poppler's picture of the same page.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests run an outside judge")]

use super::*;
use crate::pdf::Document;

/// Pixels a point.
const SCALE: usize = 2;

/// Poppler's picture of a page: width, height and which pixels are not white.
fn picture(file: &std::path::Path, page: u64) -> (usize, usize, Vec<bool>) {
    let number = (page + 1).to_string();
    let run = std::process::Command::new("pdftoppm").args(["-r", "144", "-gray", "-f", &number, "-l", &number]).arg(file).output().expect("pdftoppm");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let mut parts = run.stdout.splitn(4, |c| c.is_ascii_whitespace());
    assert_eq!(parts.next(), Some(&b"P5"[..]));
    let mut number = || std::str::from_utf8(parts.next().unwrap()).unwrap().parse::<usize>().unwrap();
    let (width, height) = (number(), number());
    let pixels = &run.stdout[run.stdout.len() - width * height..];
    (width, height, pixels.iter().map(|p| *p < 250).collect())
}

/// What a grid of boxes over the pages says: boxes without ink, those of them called clear, boxes with ink called clear.
#[derive(Default, Debug)]
struct Score {
    blank: usize,
    blank_clear: usize,
    undecidable: usize,
    missed: Vec<String>,
    reasons: std::collections::BTreeSet<&'static str>,
}

fn score(file: &std::path::Path, pages: u64, (w, h): (usize, usize)) -> Score {
    let bytes = std::fs::read(file).unwrap();
    let mut score = Score::default();
    let document = match Document::open(&bytes) {
        Ok(document) => document,
        Err(_) => return score,
    };
    let view = document.latest();
    for index in 0..pages.min(view.page_count().unwrap_or(0)) {
        let Ok(page) = view.page(index) else { continue };
        let (width, height, ink) = picture(file, index);
        let media = page.media_box;
        let (mw, mh) = (media.width(), media.height());
        // From the picture's pixels to default user space.
        let place = |px: f64, py: f64| {
            let (x, y) = (px / SCALE as f64, py / SCALE as f64);
            let (x, y) = match page.rotate {
                0 => (x, mh - y),
                90 => (y, x),
                180 => (mw - x, y),
                _ => (mw - y, mh - x),
            };
            (media.x0 + x, media.y0 + y)
        };
        for top in (0..height.saturating_sub(h)).step_by(h / 2) {
            for left in (0..width.saturating_sub(w)).step_by(w / 2) {
                let inked = (top..top + h).any(|y| ink[y * width + left..y * width + left + w].iter().any(|dark| *dark));
                let (a, b) = (place(left as f64, top as f64), place((left + w) as f64, (top + h) as f64));
                let rect = Rect::new(a.0, a.1, b.0, b.1);
                let (marks, why) = examine(view, &page, rect);
                score.reasons.extend(why);
                match (inked, marks) {
                    (true, Marks::Clear) => score.missed.push(format!("page {index} {rect:?}")),
                    (false, marks) => {
                        score.blank += 1;
                        score.blank_clear += usize::from(marks == Marks::Clear);
                        score.undecidable += usize::from(marks == Marks::Undecidable);
                    }
                    _ => {}
                }
            }
        }
    }
    score
}

#[test]
#[ignore = "reads the documents of a folder"]
fn folder() {
    let folder = std::env::var("MARKS").unwrap();
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).filter(|f| f.extension().is_some_and(|e| e == "pdf")).collect();
    files.sort();
    for file in files {
        let score = score(&file, 2, (80, 40));
        println!(
            "{:40} blank {:5} clear {:5.1}% undecidable {:4} missed {} {:?} {:?}",
            file.file_name().unwrap().to_string_lossy(),
            score.blank,
            100.0 * score.blank_clear as f64 / score.blank.max(1) as f64,
            score.undecidable,
            score.missed.len(),
            score.missed.first(),
            score.reasons
        );
    }
}
