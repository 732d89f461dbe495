//! Marks against poppler's picture of the same page.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests run an outside judge")]

use super::*;

/// Pixels a point.
const SCALE: usize = 2;

/// Poppler's picture of a page: width, height and which pixels are not white.
fn picture(file: &std::path::Path, page: u64) -> (usize, usize, Vec<bool>) {
    let number = (page + 1).to_string();
    let run = std::process::Command::new("pdftoppm")
        .args(["-r", "144", "-gray", "-f", &number, "-l", &number])
        .arg(file)
        .output()
        .expect("pdftoppm");
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
    /// The same for boxes with nothing within 6 points.
    apart: usize,
    apart_clear: usize,
    first_false: Option<String>,
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
                let margin = 6 * SCALE;
                let apart = (top.saturating_sub(margin)..(top + h + margin).min(height)).all(|y| {
                    let row = y * width;
                    !ink[row + left.saturating_sub(margin)..row + (left + w + margin).min(width)].iter().any(|dark| *dark)
                });
                let (a, b) = (place(left as f64, top as f64), place((left + w) as f64, (top + h) as f64));
                let rect = Rect::new(a.0, a.1, b.0, b.1);
                let (marks, why) = examine(view, &page, rect);
                score.reasons.extend(why);
                match (inked, marks) {
                    (true, Marks::Clear) => score.missed.push(format!("page {index} {rect:?}")),
                    (false, marks) => {
                        score.blank += 1;
                        score.blank_clear += usize::from(marks == Marks::Clear);
                        score.apart += usize::from(apart);
                        score.apart_clear += usize::from(apart && marks == Marks::Clear);
                        if apart && marks != Marks::Clear {
                            score.first_false.get_or_insert_with(|| format!("page {index} {rect:?}"));
                        }
                        score.undecidable += usize::from(marks == Marks::Undecidable);
                    }
                    _ => {}
                }
            }
        }
    }
    score
}

/// A page as PostScript for Ghostscript: text in several fonts and sizes, turned and set in columns, lines, curves, a frame, grey.
const POSTSCRIPT: &str = "%!PS\n<</PageSize [300 200]>> setpagedevice\n/Helvetica findfont 11 scalefont setfont 20 175 moveto (Personal Loan Agreement) show\n\
    /Times-Italic findfont 8 scalefont setfont 20 160 moveto (The Borrower repays in 24 equal instalments.) show\n\
    200 150 moveto gsave 60 rotate (turned) show grestore\n0.7 setgray 20 120 60 20 rectfill 0 setgray 2 setlinewidth 100 60 80 70 rectstroke\n\
    0.2 setlinewidth 20 20 moveto 80 110 120 -40 190 40 curveto stroke 250 60 20 0 360 arc fill\nshowpage\n";

#[test]
fn no_box_with_ink_is_clear_and_few_blank_ones_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let run = |program: &str, arguments: &[&std::ffi::OsStr]| {
        let done = std::process::Command::new(program).args(arguments).output().unwrap_or_else(|_| panic!("{program}"));
        assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
    };
    std::fs::write(at("page.ps"), POSTSCRIPT).unwrap();
    let output = format!("-sOutputFile={}", at("gs.pdf").display());
    run(
        "gs",
        &[
            "-q".as_ref(),
            "-dBATCH".as_ref(),
            "-dNOPAUSE".as_ref(),
            "-sDEVICE=pdfwrite".as_ref(),
            output.as_ref(),
            at("page.ps").as_os_str(),
        ],
    );
    run("pdftocairo", &["-pdf".as_ref(), at("gs.pdf").as_os_str(), at("cairo.pdf").as_os_str()]);
    let own = "BT /F 12 Tf 20 170 Td (Signed at Port Louis) Tj 0 -30 Td (Wide: WWWWWWWW) Tj /C 9 Tf 1 0 0.3 1 150 100 Tm (slanted text) Tj ET 3 w 1 j\n\
        30 40 m 60 90 l 90 40 l S q 200 20 60 40 re W n 0 0 300 200 re f Q 0.5 w 280 10 m 280 190 l s";
    std::fs::write(at("own.pdf"), page(own.as_bytes(), "", "", &[])).unwrap();
    std::fs::write(at("turned.pdf"), page(own.as_bytes(), "/Rotate 90", "", &[])).unwrap();
    for name in ["gs.pdf", "cairo.pdf", "own.pdf", "turned.pdf"] {
        let score = score(&at(name), 1, (40, 20));
        assert!(score.missed.is_empty(), "{name}: {:?}", score.missed);
        assert!(score.apart > 100 && score.apart_clear * 100 >= score.apart * 95, "{name}: {score:?}");
    }
}

/// Ink that only a reader finds who knows how viewers paint: a mitre at a point that is there twice, colours that a glyph or a function of
/// the device overrules, an annotation that stays upright, a map that writes downwards, and a curve whose middle alone is on the page.
#[test]
fn ink_that_hides_from_a_hasty_reader_is_found() {
    let font = b"<</Type/Font/Subtype/Type3/FontBBox[0 0 100 100]/FontMatrix[.01 0 0 .01 0 0]/FirstChar 97/LastChar 97/Widths[100]/CharProcs<</a 6 0 R>>\
        /Encoding<</Type/Encoding/Differences[97/a]>>/Resources<<>>>>";
    let glyph = stream("", b"100 0 0 0 100 100 d1 1 g 0 0 100 100 re f");
    let function = stream("/FunctionType 4/Domain[0 1]/Range[0 1]", b"{1 exch sub}");
    let stamp = stream("/Type/XObject/Subtype/Form/BBox[0 0 80 20]", b"0 0 80 20 re f");
    let upright = "/Rotate 90/Annots[<</Type/Annot/Subtype/Stamp/F 20/Rect[100 100 180 120]/AP<</N 5 0 R>>>>]";
    let downwards = b"<</Type/Font/Subtype/Type0/BaseFont/Helvetica/Encoding 7 0 R/DescendantFonts[6 0 R]>>";
    let letters = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Helvetica/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>\
        /FontDescriptor<</Type/FontDescriptor/FontName/Helvetica/Flags 4/FontBBox[0 0 1 1]>>>>";
    let map = stream(
        "/Type/CMap/CMapName/X",
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /WMode 1 def 1 begincodespacerange <0000> <FFFF>\
          endcodespacerange 1 begincidrange <0000> <FFFF> 0 endcidrange endcmap",
    );
    let pages = [
        ("twice", page(b"10 w 250 130 m 100 105 l 100 105 l 250 80 l S", "", "", &[])),
        ("closed", page(b"10 w 100 105 m 250 130 l 250 80 l 100 105 l h S", "", "", &[])),
        ("shape", page(b"0 g BT /T 50 Tf 50 50 Td (a) Tj ET", "", "", &[font, &glyph])),
        ("transfer", page(b"/G gs 1 g 50 50 100 100 re f", "", "/ExtGState<</G<</TR 5 0 R>>>>", &[&function])),
        ("upright", page(b"", upright, "", &[&stamp])),
        ("downwards", page(b"BT /T 40 Tf 100 150 Td <00410042> Tj ET", "", "", &[downwards, letters, &map])),
        ("large", page(b"-1000000 100 m -300000 300000 300000 -299800 1000000 100 c S", "", "", &[])),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in pages {
        let file = folder.path().join(name);
        std::fs::write(&file, &bytes).unwrap();
        let (_, _, ink) = picture(&file, 0);
        assert!(ink.iter().filter(|dark| **dark).count() > 500, "{name}: nothing to find");
        let score = score(&file, 1, (20, 20));
        assert!(score.missed.is_empty(), "{name}: {:?}", score.missed);
    }
}

/// The corpus of other people's documents, where `cargo xtask test` has made it: no box with ink may be called clear, and blank boxes
/// with room around them are to be told blank.
#[test]
fn marks_of_the_corpus() {
    let Some(folder) = std::env::var_os("THRIVOSIGN_CORPUS") else {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "THRIVOSIGN_CORPUS is not set");
        println!("skipped: THRIVOSIGN_CORPUS is not set; `cargo xtask test` sets it");
        return;
    };
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).filter(|f| f.extension().is_some_and(|e| e == "pdf")).collect();
    files.sort();
    let (mut apart, mut apart_clear) = (0, 0);
    for file in &files {
        let score = score(file, 1, (80, 40));
        assert!(score.missed.is_empty(), "{}: ink under {:?}", file.display(), score.missed);
        (apart, apart_clear) = (apart + score.apart, apart_clear + score.apart_clear);
    }
    println!("{} documents, {apart} blank boxes, {apart_clear} told blank", files.len());
    assert!(files.len() >= 40 && apart > 1_000 && apart_clear * 100 >= apart * 95, "{apart_clear} of {apart}");
}
