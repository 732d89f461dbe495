//! What the appearance room promises, some of it judged by poppler's picture.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests run an outside judge")]

use super::*;
use crate::error::ErrorKind;
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Document, Object, Rect};

/// A font is read in a build that can set it, and refused by name in one that cannot.
#[test]
fn a_font_is_read_or_refused_by_name() {
    let refused = |font: crate::error::Result<Font>| font.err().map(|error| (error.kind(), error.to_string()));
    if crate::FEATURES.contains(&"appearance-full") {
        assert!(Font::bundled().is_ok());
        assert_eq!(refused(Font::read(b"no font", 0)).map(|(kind, _)| kind), Some(ErrorKind::InvalidArgument));
    } else {
        for (kind, text) in [Font::bundled(), Font::read(b"no font", 0)].into_iter().filter_map(refused) {
            assert!(kind == ErrorKind::TextUnrepresentable && text.contains("appearance-full"), "{text}");
        }
        assert!(Font::bundled().is_err() && Font::read(b"no font", 0).is_err());
    }
}

/// One page of 300 x 200 with that `/Rotate`.
pub(super) fn page(rotate: i64) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for object in [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Rotate {rotate}>>"),
    ] {
        offsets.push(bytes.len());
        bytes.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", offsets.len()).as_bytes());
    }
    let xref = bytes.len();
    bytes.extend_from_slice(b"xref\n0 4\n0000000000 65535 f \n");
    for offset in offsets {
        bytes.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    bytes.extend_from_slice(format!("trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n").as_bytes());
    bytes
}

/// The page with a widget of that rectangle and look.
fn with_widget(rotate: i64, rect: Rect, appearance: &Appearance) -> Vec<u8> {
    with_look(rotate, rect, appearance, Constraints::default())
}

pub(super) fn with_look(rotate: i64, rect: Rect, appearance: &Appearance, constraints: Constraints) -> Vec<u8> {
    let original = page(rotate);
    let document = Document::open(&original).unwrap();
    let view = document.latest();
    let mut update = Update::new(view).unwrap();
    let form = within(appearance, constraints).build(&mut update, rect.width(), rect.height(), rotate).unwrap();
    let widget = update.add(
        Dictionary::new()
            .with(b"Type", Object::name("Annot"))
            .with(b"Subtype", Object::name("Widget"))
            .with(b"FT", Object::name("Sig"))
            .with(b"F", 132)
            .with(b"Rect", rect.to_array())
            .with(b"AP", Dictionary::new().with(b"N", Object::reference(form))),
    );
    let page = view.page(0).unwrap();
    update.replace(page.id, page.dict.with(b"Annots", vec![Object::reference(widget)]));
    let appended = update.finish([7; 16]).unwrap();
    [original.as_slice(), &appended.bytes].concat()
}

fn look(appearance: &Appearance) -> Look<'_> {
    within(appearance, Constraints::default())
}

fn within(appearance: &Appearance, constraints: Constraints) -> Look<'_> {
    let Text::Lines(lines) = &appearance.text else { panic!("the words are decided elsewhere") };
    Look::new(appearance, lines.clone(), constraints)
}

pub(super) fn loan() -> Appearance {
    Appearance::lines([
        "Signed by Zo\u{EB} \u{160}imkov\u{E1}-Ba\u{F1}uelos",
        "Date: 2026-11-23 22:45 UTC",
        "Reason: I agree to the terms of the loan (\u{20AC} 5,000)",
        "Location: Z\u{FC}rich",
    ])
}

#[test]
fn the_matrix_maps_the_box_onto_the_rectangle() {
    for (rotate, turned) in [(0, false), (90, true), (180, false), (270, true), (-90, true), (450, true)] {
        let bytes = with_widget(rotate, Rect::new(20.0, 30.0, 200.0, 90.0), &loan());
        let document = Document::open(&bytes).unwrap();
        let view = document.latest();
        let page = view.page(0).unwrap();
        let widget = view.resolve(&page.dict.get(b"Annots").unwrap().as_array().unwrap()[0]).unwrap();
        let look = view.get_dict(widget.as_dict().unwrap(), b"AP").unwrap().unwrap();
        let form = view.get_dict(&look, b"N").unwrap().unwrap();
        let bbox = Rect::from_array(form.get(b"BBox").unwrap().as_array().unwrap()).unwrap();
        assert_eq!((bbox.width(), bbox.height()), if turned { (60.0, 180.0) } else { (180.0, 60.0) });
        let m: Vec<f64> = match form.get(b"Matrix") {
            Some(matrix) => matrix.as_array().unwrap().iter().map(|n| n.as_f64().unwrap()).collect(),
            None => vec![1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
        };
        let map = |x: f64, y: f64| (m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]);
        let (a, b) = (map(bbox.x0, bbox.y0), map(bbox.x1, bbox.y1));
        assert_eq!(Rect::new(a.0, a.1, b.0, b.1), Rect::new(0.0, 0.0, 180.0, 60.0), "rotate {rotate}");
    }
}

#[test]
fn what_cannot_be_shown_is_refused() {
    let kind = |appearance: &Appearance, w: f64, h: f64, rotate: i64| look(appearance).check(w, h, rotate).unwrap_err().kind();
    let loan = loan();
    assert_eq!(kind(&loan, 0.0, 50.0, 0), ErrorKind::BoxUnusable);
    assert_eq!(kind(&loan, f64::NAN, 50.0, 0), ErrorKind::BoxUnusable);
    assert_eq!(kind(&loan, f64::INFINITY, 50.0, 0), ErrorKind::BoxUnusable);
    assert_eq!(kind(&loan, 30.0, 10.0, 0), ErrorKind::BoxUnusable);
    assert_eq!(kind(&loan, 100.0, 50.0, 45), ErrorKind::InvalidArgument);
    assert_eq!(kind(&Appearance::lines(["\u{4F60}\u{597D}"]), 100.0, 50.0, 0), ErrorKind::TextUnrepresentable);
    assert_eq!(kind(&Appearance::lines(["x"; 33]), 100.0, 500.0, 0), ErrorKind::InvalidArgument);
    assert_eq!(kind(&Appearance::lines(["x".repeat(1001)]), 100.0, 500.0, 0), ErrorKind::InvalidArgument);
    assert!(look(&Appearance::lines(Vec::<String>::new())).check(10.0, 10.0, 0).is_ok());
    // A quarter turn swaps the sides that the text has.
    assert!(look(&Appearance::lines(["Signed by A. Person"])).check(20.0, 150.0, 90).is_ok());
}

/// What a program of poppler's prints about the file.
pub(super) fn outside(program: &str, options: &[&str], bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.pdf");
    std::fs::write(&file, bytes).unwrap();
    let mut command = std::process::Command::new(program);
    command.args(options).arg(&file);
    if program == "pdftotext" {
        command.arg("-");
    }
    let run = command.output().expect("poppler-utils");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

/// Renders the page with poppler and says which pixels of its grey picture are dark; 2 pixels a point.
fn render(bytes: &[u8]) -> (usize, usize, Vec<bool>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.pdf");
    std::fs::write(&file, bytes).unwrap();
    let run = std::process::Command::new("pdftoppm").args(["-r", "144", "-gray"]).arg(&file).output().expect("pdftoppm (poppler-utils)");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let picture = run.stdout;
    let mut parts = picture.splitn(4, |c| c.is_ascii_whitespace());
    assert_eq!(parts.next(), Some(&b"P5"[..]));
    let mut number = || std::str::from_utf8(parts.next().unwrap()).unwrap().parse::<usize>().unwrap();
    let (width, height) = (number(), number());
    let pixels = &picture[picture.len() - width * height..];
    (width, height, pixels.iter().map(|p| *p < 128).collect())
}

#[test]
fn rendered_text_reads_upright_inside_its_box_on_every_rotation() {
    let rect = Rect::new(40.0, 50.0, 220.0, 110.0);
    // A letter that is heavy at its left and bottom tells the orientation.
    let letters = Appearance { frame: Frame::None, ..Appearance::lines(["LLLLLLLLLLLL"]) };
    for rotate in [0, 90, 180, 270] {
        let (width, height, dark) = render(&with_widget(rotate, rect, &letters));
        // The rectangle as shown, y down.
        let (x0, y0, x1, y1) = match rotate {
            0 => (rect.x0, 200.0 - rect.y1, rect.x1, 200.0 - rect.y0),
            90 => (rect.y0, rect.x0, rect.y1, rect.x1),
            180 => (300.0 - rect.x1, rect.y0, 300.0 - rect.x0, rect.y1),
            _ => (200.0 - rect.y1, 300.0 - rect.x1, 200.0 - rect.y0, 300.0 - rect.x0),
        };
        assert_eq!((width, height), if rotate % 180 == 0 { (600, 400) } else { (400, 600) });
        let ink: Vec<(usize, usize)> = (0..width * height).filter(|i| dark[*i]).map(|i| (i % width, i / width)).collect();
        assert!(ink.len() > 200, "rotate {rotate}: the text is there");
        for (x, y) in &ink {
            let (x, y) = (*x as f64 / 2.0, *y as f64 / 2.0);
            assert!(x >= x0 && x <= x1 && y >= y0 && y <= y1, "rotate {rotate}: ink at {x}, {y} is outside the box");
        }
        // The lowest rows hold the feet of the letters: far more ink than the topmost, if the text stands upright.
        let top = ink.iter().map(|p| p.1).min().unwrap();
        let bottom = ink.iter().map(|p| p.1).max().unwrap();
        let near = |row: usize| ink.iter().filter(|p| p.1.abs_diff(row) <= 1).count();
        assert!(near(bottom) > 2 * near(top), "rotate {rotate}: {} ink below, {} above", near(bottom), near(top));
    }
}

#[test]
fn rendered_text_never_leaves_its_box() {
    for (w, h) in [(180.0, 60.0), (90.0, 40.0), (60.0, 90.0), (250.0, 30.0), (140.0, 25.0)] {
        let rect = Rect::new(20.0, 20.0, 20.0 + w, 20.0 + h);
        if look(&loan()).check(w, h, 0).is_err() {
            continue;
        }
        // Behind the frame there is the clip to the box; a second page without clip would show what was cut. The ink may not touch it.
        let bare = Appearance { frame: Frame::None, ..loan() };
        let (width, _, dark) = render(&with_widget(0, rect, &bare));
        let at = |x: f64, y: f64| dark[((200.0 - y) * 2.0) as usize * width + (x * 2.0) as usize];
        for i in 0..(w * 2.0) as usize {
            let x = rect.x0 + i as f64 / 2.0;
            assert!(!at(x, rect.y0 + 0.5) && !at(x, rect.y1 - 0.5), "{w} x {h}: ink at the upper or lower edge");
        }
        for i in 1..(h * 2.0) as usize {
            let y = rect.y0 + i as f64 / 2.0;
            assert!(!at(rect.x0 + 0.25, y) && !at(rect.x1 - 0.5, y), "{w} x {h}: ink at the left or right edge");
        }
    }
}
