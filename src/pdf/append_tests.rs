//! The PDF room, tests only: what is appended reads back, here, in lopdf and in qpdf.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests run an outside judge")]

use super::append::Update;
use super::testing::{Draft, id, kind, one_page};
use super::{Dictionary, Document, Object, SectionKind};
use crate::error::ErrorKind;
use std::process::Command;

fn table() -> Draft {
    one_page(&[(4, "(old)")]).whole("/ID[<0102><0304>]/Info 3 0 R/Unknown 7")
}

fn stream() -> Draft {
    let mut file = one_page(&[(4, "(old)")]);
    let mut rows = vec![[0, 0, 65535]];
    rows.extend((1..=4).map(|n| [1, file.at[&n], 0]));
    rows.push([1, file.bytes.len() as u64, 0]);
    file.rows(5, "/Root 1 0 R/Size 6/W[1 4 2]/ID[<0102><0304>]", &rows);
    let xref = file.xref;
    file.tail(xref)
}

fn hybrid() -> Draft {
    let mut file = one_page(&[(4, "(old)")]);
    let held = "6 0 (hidden)";
    file.object(7, &format!("<</Type/ObjStm/N 1/First 4/Length {}>>\nstream\n{held}\nendstream", held.len()));
    file.rows(8, "/Size 9/W[1 4 2]/Index[6 1]", &[[2, 7, 0]]);
    let at = file.xref;
    let numbers: Vec<u32> = file.at.keys().copied().collect();
    file.table(&numbers, &format!("/Size 9/Root 1 0 R/XRefStm {at}"))
}

/// The document with object 4 replaced, a new dictionary and a new stream.
fn updated(file: &[u8]) -> (Vec<u8>, u32) {
    let source = file.to_vec();
    let document = Document::open(&source).unwrap();
    let mut update = Update::new(document.latest()).unwrap();
    update.replace(id(4), Object::string("new (\\) \r\n"));
    let stream = update.add_stream(Dictionary::new().with(b"Length", 99_i64), b"data endstream".to_vec());
    let dict = update.add(Dictionary::new().with(b"To", Object::Reference(stream)).with(b"A b#", vec![Object::Real(-0.5), Object::Null]));
    let appended = update.finish([7; 16]).unwrap();
    // A body is where it is said to be.
    for (id, at) in &appended.bodies {
        let from = usize::try_from(*at).unwrap() - source.len();
        let head = format!("{} {} obj\n", id.number, id.generation);
        assert!(appended.bytes[..from].ends_with(head.as_bytes()));
    }
    ([source, appended.bytes].concat(), dict.number)
}

fn read_back(bytes: &Vec<u8>, number: u32, kind: SectionKind) {
    let document = Document::open(bytes).unwrap();
    let newest = document.revisions().last().unwrap();
    assert_eq!((newest.kind, newest.hybrid), (kind, false));
    assert_eq!(newest.tail.unwrap().end, bytes.len() as u64);
    let view = document.latest();
    assert_eq!(view.object(id(4)).unwrap().object.as_string(), Some(&b"new (\\) \r\n"[..]));
    let dict = view.object(id(number)).unwrap();
    let dict = dict.object.as_dict().unwrap();
    assert_eq!(dict.get("A b#").unwrap().as_array().unwrap().len(), 2);
    let Object::Stream(held) = view.get(dict, "To").unwrap() else { panic!("a stream") };
    assert_eq!(view.stream_data(&held).unwrap(), b"data endstream");
    assert_eq!(view.page_count().unwrap(), 1);
    // lopdf reads the same, strictly.
    let theirs = lopdf::Document::load_mem_with_options(bytes, lopdf::LoadOptions { strict: true, ..Default::default() }).unwrap();
    assert_eq!(theirs.get_object((4, 0)).unwrap().as_str().unwrap(), b"new (\\) \r\n");
    let stream = theirs.get_object((held.id.unwrap().number, 0)).unwrap().as_stream().unwrap();
    assert_eq!(stream.content, b"data endstream");
    assert_eq!(theirs.get_pages().len(), 1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, bytes).unwrap();
    let Ok(out) = Command::new("qpdf").arg("--check").arg(&path).output() else {
        assert!(!std::env::var("CI").is_ok_and(|ci| ci == "true"), "qpdf is missing");
        return;
    };
    let text = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert!(out.status.success() && !text.contains("WARNING"), "{text}");
}

#[test]
fn the_style_is_copied_and_others_read_it() {
    for (file, kind) in [(table(), SectionKind::Table), (stream(), SectionKind::Stream), (hybrid(), SectionKind::Table)] {
        let (once, number) = updated(&file.bytes);
        assert!(once.starts_with(&file.bytes));
        read_back(&once, number, kind);
        let (twice, number) = updated(&once);
        read_back(&twice, number, kind);
        assert_eq!(Document::open(&twice).unwrap().revisions().len(), 3);
    }
    // What a hybrid hid stays to be seen, through the older section.
    let (bytes, _) = updated(&hybrid().bytes);
    assert_eq!(Document::open(&bytes).unwrap().latest().object(id(6)).unwrap().object.as_string(), Some(&b"hidden"[..]));
}

#[test]
fn the_trailer_takes_over_what_it_must() {
    let (bytes, _) = updated(&table().bytes);
    let document = Document::open(&bytes).unwrap();
    let trailer = document.latest().trailer();
    let ids = trailer.get("ID").unwrap().as_array().unwrap();
    assert_eq!(ids[0].as_string(), Some(&[1, 2][..]));
    assert_eq!(ids[1].as_string(), Some(&[7; 16][..]));
    assert_eq!(trailer.get("Info"), Some(&Object::Reference(id(3))));
    assert_eq!(trailer.get("Unknown"), None);
    assert_eq!(trailer.get("Prev").and_then(Object::as_i64), i64::try_from(table().xref).ok());
    let (bytes, _) = updated(&one_page(&[(4, "(old)")]).whole("").bytes);
    let document = Document::open(&bytes).unwrap();
    let ids = document.latest().trailer().get("ID").unwrap().as_array().unwrap().to_vec();
    assert_eq!(ids[0], ids[1], "there was none");
}

#[test]
fn numbers_are_new_whatever_size_says() {
    // /Size 2 although numbers up to 4 are in use.
    let file = one_page(&[(4, "(old)")]).table(&[1, 2, 3, 4], "/Size 2/Root 1 0 R");
    let (bytes, number) = updated(&file.bytes);
    assert_eq!(number, 6);
    let document = Document::open(&bytes).unwrap();
    assert_eq!(document.latest().page_count().unwrap(), 1);
    for (size, fits) in [("8388607", true), ("8388608", false), ("4000000000", false)] {
        let file = one_page(&[]).table(&[1, 2, 3], &format!("/Size {size}/Root 1 0 R"));
        let document = Document::open(&file.bytes).unwrap();
        let expected = if fits { None } else { Some(ErrorKind::PdfDamaged) };
        assert_eq!(kind(Update::new(document.latest())), expected, "{size}");
    }
}

#[test]
fn a_line_end_comes_first_and_offsets_count_from_the_header() {
    let mut bytes = table().bytes;
    assert_eq!(bytes.pop(), Some(b'\n'));
    let (out, number) = updated(&bytes);
    assert_eq!(out[bytes.len()], b'\n');
    read_back(&out, number, SectionKind::Table);
    for file in [table(), stream()] {
        let junk = [b"junk\n".to_vec(), file.bytes].concat();
        let (out, number) = updated(&junk);
        let document = Document::open(&out).unwrap();
        assert_eq!((document.base(), document.revisions().len()), (5, 2));
        assert!(document.latest().object(id(number)).unwrap().object.as_dict().is_some());
    }
}

#[test]
fn a_reserved_number_must_be_filled() {
    let file = table();
    let document = Document::open(&file.bytes).unwrap();
    let mut update = Update::new(document.latest()).unwrap();
    let reserved = update.reserve();
    assert_eq!(reserved, id(5));
    assert_eq!(kind(update.finish([0; 16])), Some(ErrorKind::Internal));
}
