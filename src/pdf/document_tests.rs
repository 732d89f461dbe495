//! The PDF room, tests only: objects, object streams and revisions, honest and lying.

use super::testing::{CATALOG, Draft, PAGE, PAGES, draft, id, kind, one_page};
use super::{Document, Object, ObjectId};
use crate::error::ErrorKind;

fn object(file: &Draft, number: u32) -> Result<Object, ErrorKind> {
    let document = Document::open(&file.bytes).map_err(|e| e.kind())?;
    let found = document.latest().object(id(number)).map_err(|e| e.kind())?;
    Ok(found.object.clone())
}

/// A file whose objects 10.. stand in object stream 7 as these rows of the cross-reference stream say.
fn packed(dict: &str, data: &str, rows: &[[u64; 3]]) -> Draft {
    let mut file = one_page(&[]);
    file.object(7, &format!("<</Type/ObjStm{dict}/Length {}>>\nstream\n{data}\nendstream", data.len()));
    let at = |n| file.at[&n];
    let mut all = vec![[1, at(1), 0], [1, at(2), 0], [1, at(3), 0], [1, at(7), 0], [1, file.bytes.len() as u64, 0]];
    all.extend_from_slice(rows);
    file.rows(8, &format!("/Root 1 0 R/Size 20/W[1 4 2]/Index[1 3 7 2 10 {}]", rows.len()), &all);
    let xref = file.xref;
    file.tail(xref)
}

#[test]
fn object_streams() {
    let two = [[2, 7, 0], [2, 7, 1]];
    let good = packed("/N 2/First 10", "10 0 11 3 (a)[1 2]", &two);
    assert_eq!(object(&good, 10), Ok(Object::string("a")));
    assert_eq!(object(&good, 11), Ok(Object::Array(vec![Object::Integer(1), Object::Integer(2)])));
    let document = Document::open(&good.bytes).unwrap();
    let found = document.latest().object(id(11)).unwrap();
    assert_eq!((found.container, found.span.start), (Some(7), good.at[&7]));
    // A generation other than 0 does not exist in there (7.5.7).
    assert!(document.latest().object(ObjectId::new(11, 1)).unwrap().object.is_null());
    for (name, dict, data, expected) in [
        ("another number", "/N 2/First 10", "10 0 12 3 (a)[1 2]", ErrorKind::PdfDamaged),
        ("too few", "/N 1/First 10", "10 0 11 3 (a)[1 2]", ErrorKind::PdfDamaged),
        ("/N beyond reason", "/N 4000000000/First 10", "10 0 11 3 (a)[1 2]", ErrorKind::PdfDamaged),
        ("/N of all there is", "/N 18/First 10", "10 0 11 3 (a)[1 2]", ErrorKind::PdfDamaged),
        ("/N negative", "/N -2/First 10", "10 0 11 3 (a)[1 2]", ErrorKind::PdfDamaged),
        ("no /N", "/First 10", "10 0 11 3 (a)[1 2]", ErrorKind::PdfDamaged),
        ("/First beyond the end", "/N 2/First 900", "10 0 11 3 (a)[1 2]", ErrorKind::PdfDamaged),
        ("/First negative", "/N 2/First -9", "10 0 11 3 (a)[1 2]", ErrorKind::PdfDamaged),
        ("/First at 2^63", "/N 2/First 9223372036854775807", "10 0 11 3 (a)[1 2]", ErrorKind::PdfDamaged),
        ("an offset beyond the end", "/N 2/First 12", "10 0 11 9999(a)[1 2]", ErrorKind::PdfDamaged),
        ("an offset at 2^32", "/N 2/First 18", "10 0 11 4294967295(a)[1 2]", ErrorKind::PdfDamaged),
        ("a negative offset", "/N 2/First 10", "10 0 11 -3 (a)[1 2]", ErrorKind::PdfDamaged),
        ("words for numbers", "/N 2/First 10", "10 0 xx 3 (a)[1 2]", ErrorKind::PdfDamaged),
        ("an object that does not end", "/N 2/First 10", "10 0 11 3 (a)[1 2", ErrorKind::PdfDamaged),
        ("another type", "/N 2/First 10", "10 0 11 3 (a)[1 2]", ErrorKind::PdfDamaged),
        ("a bomb of brackets", "/N 2/First 10", &format!("10 0 11 3 (a){}", "[".repeat(10_000)), ErrorKind::LimitReached),
    ] {
        let mut file = packed(dict, data, &two);
        if name == "another type" {
            file.bytes = String::from_utf8_lossy(&file.bytes).replace("/Type/ObjStm", "/Type/XObjec").into_bytes();
        }
        assert_eq!(object(&file, 11), Err(expected), "{name}");
    }
}

#[test]
fn object_streams_that_hold_themselves() {
    // 10 stands in 10, and 11 in 10.
    let itself = packed("/N 1/First 5", "10 0 (a)", &[[2, 10, 0], [2, 10, 0]]);
    assert_eq!(object(&itself, 10), Err(ErrorKind::PdfDamaged));
    assert_eq!(object(&itself, 11), Err(ErrorKind::PdfDamaged));
    // 10 in 11 and 11 in 10; then a stream inside a stream.
    let each_other = packed("/N 1/First 5", "10 0 (a)", &[[2, 11, 0], [2, 10, 0]]);
    assert_eq!(object(&each_other, 10), Err(ErrorKind::PdfDamaged));
    // Its own /N, /First, /Length or /Filter inside itself.
    for dict in
        ["/N 10 0 R/First 5", "/N 1/First 10 0 R", "/N 1/First 5/Filter 10 0 R", "/N 1/First 5/DecodeParms 10 0 R/Filter/FlateDecode"]
    {
        let file = packed(dict, "10 0 1  ", &[[2, 7, 0]]);
        assert!(matches!(object(&file, 10), Err(ErrorKind::LimitReached | ErrorKind::PdfDamaged)), "{dict}: {:?}", object(&file, 10));
    }
    // /Extends is not followed: it says nothing about where an object stands.
    let extends = packed("/N 1/First 5/Extends 7 0 R", "10 0 (a)", &[[2, 7, 0]]);
    assert_eq!(object(&extends, 10), Ok(Object::string("a")));
}

#[test]
fn lengths_that_lie() {
    let file = |length: &str, more: &[(u32, &str)]| {
        let mut file = one_page(&[(4, &format!("<</Length {length}>>\nstream\n0123456789\nendstream"))]);
        for (number, body) in more {
            file.object(*number, body);
        }
        file.whole("")
    };
    let stored = |file: &Draft| -> Result<Vec<u8>, ErrorKind> {
        let document = Document::open(&file.bytes).map_err(|e| e.kind())?;
        let found = document.latest().object(id(4)).map_err(|e| e.kind())?;
        document.latest().stored_data(found.object.as_stream().expect("a stream")).map_err(|e| e.kind())
    };
    assert_eq!(stored(&file("10", &[])), Ok(b"0123456789".to_vec()));
    assert_eq!(stored(&file("5 0 R", &[(5, "6 0 R"), (6, "10")])), Ok(b"0123456789".to_vec()));
    for length in ["9", "12", "-1", "(10)", "10.0", "4000000000", "9223372036854775807", "99 0 R", "null"] {
        assert_eq!(stored(&file(length, &[])), Err(ErrorKind::PdfDamaged), "{length}");
    }
    // Itself, a stream whose /Length is this one, a long way of references.
    assert_eq!(stored(&file("4 0 R", &[])), Err(ErrorKind::LimitReached));
    assert_eq!(stored(&file("5 0 R", &[(5, "<</Length 4 0 R>>\nstream\n\nendstream")])), Err(ErrorKind::LimitReached));
    let long: Vec<(u32, String)> = (5..40).map(|n| (n, format!("{} 0 R", n + 1))).collect();
    let long: Vec<(u32, &str)> = long.iter().map(|(n, body)| (*n, body.as_str())).collect();
    assert_eq!(stored(&file("5 0 R", &long)), Err(ErrorKind::LimitReached));
    let looped = file("5 0 R", &[(5, "6 0 R"), (6, "5 0 R")]);
    assert_eq!(stored(&looped), Err(ErrorKind::LimitReached));
}

/// The data begins behind CR LF, also where the reader's first window of 1,024 bytes ends between the two.
#[test]
fn a_line_end_in_two_windows() {
    for room in 980..1000 {
        let body = format!("<</Length 5/Y({})>>stream\r\n01234endstream", "x".repeat(room));
        let file = one_page(&[(4, &body)]).whole("");
        let document = Document::open(&file.bytes).unwrap();
        let found = document.latest().object(id(4)).unwrap();
        assert_eq!(document.latest().stored_data(found.object.as_stream().unwrap()).unwrap(), b"01234", "{room}");
    }
}

#[test]
fn objects_that_are_not_where_they_should_be() {
    let mut file = one_page(&[(4, "(four)"), (5, "(five)")]);
    let five = file.at[&5];
    file.at.insert(4, five);
    file.at.insert(6, 3);
    file.at.insert(7, 9_999_999_999);
    let file = file.whole("");
    for number in [4, 6, 7] {
        assert_eq!(object(&file, number), Err(ErrorKind::PdfDamaged), "{number}");
    }
    assert_eq!(object(&file, 8), Ok(Object::Null), "no entry");
    let document = Document::open(&file.bytes).unwrap();
    assert!(document.latest().object(ObjectId::new(5, 1)).unwrap().object.is_null(), "another generation");
    for body in ["<</A>>", "<<1 2>>", "[1 2", "(open", ">>", "stream", ""] {
        let file = one_page(&[(4, body)]).whole("");
        assert!(matches!(object(&file, 4), Err(ErrorKind::PdfDamaged) | Ok(Object::Null)), "{body}: {:?}", object(&file, 4));
    }
}

/// An older revision is read as it was: later bytes do not reach into it, later numbers do not shadow it.
#[test]
fn revisions_are_read_as_they_were() {
    let first = one_page(&[(4, "(old)")]).whole("");
    let end = first.bytes.len() as u64;
    let mut second = first.clone();
    second.object(4, "(new)");
    second.object(5, "(added)");
    let second = second.table(&[4, 5], &format!("/Size 6/Root 1 0 R/Prev {}", first.xref));
    let third = second.clone().table(&[], &format!("/Size 6/Root 1 0 R/Prev {}", second.xref));
    let document = Document::open(&third.bytes).unwrap();
    let text = |revision: usize, number| document.at(revision).object(id(number)).unwrap().object.as_string().map(<[u8]>::to_vec);
    assert_eq!(document.revisions().len(), 3);
    assert_eq!((text(0, 4), text(0, 5)), (Some(b"old".to_vec()), None));
    assert_eq!((text(1, 4), text(1, 5)), (Some(b"new".to_vec()), Some(b"added".to_vec())));
    assert_eq!(text(2, 4), Some(b"new".to_vec()));
    let borders: Vec<(u64, u64)> = document.revisions().iter().map(|r| (r.start, r.tail.unwrap().end)).collect();
    assert_eq!(borders, [(0, end), (end, second.bytes.len() as u64), (second.bytes.len() as u64, third.bytes.len() as u64)]);
    assert_eq!(document.at(0).limit(), end);
    // An entry of the first revision that points into the second.
    let mut ahead = one_page(&[]);
    ahead.at.insert(4, end + 20);
    let ahead = ahead.whole("");
    let mut bytes = ahead.bytes.clone();
    bytes.resize(usize::try_from(end).unwrap() + 20, b' ');
    let mut later = Draft { bytes, ..ahead.clone() };
    later.object(4, "(from later)");
    let later = later.table(&[], &format!("/Size 6/Root 1 0 R/Prev {}", ahead.xref));
    let document = Document::open(&later.bytes).unwrap();
    assert_eq!(kind(document.at(0).object(id(4))), Some(ErrorKind::PdfDamaged));
    assert!(document.at(1).object(id(4)).is_ok());
}

#[test]
fn tails() {
    let good = one_page(&[]).whole("");
    let end = |bytes: &Vec<u8>| Document::open(bytes).unwrap().revisions()[0].tail.map(|tail| (tail.eof, tail.end));
    let len = good.bytes.len() as u64;
    assert_eq!(end(&good.bytes), Some((len - 1, len)));
    let text = String::from_utf8(good.bytes).unwrap();
    let with = |from: &str, to: &str| text.replace(from, to).into_bytes();
    assert_eq!(end(&with("%%EOF\n", "%%EOF")), Some((len - 1, len - 1)));
    assert_eq!(end(&with("%%EOF\n", "%%EOF\r\n\r\n")), Some((len - 1, len + 1)));
    assert_eq!(end(&with("%%EOF\n", "%%EOF % more")), Some((len - 1, len - 1)));
    assert_eq!(end(&with("%%EOF\n", "")), None);
    assert_eq!(end(&with("%%EOF\n", "%EOF\n")), None);
    assert_eq!(end(&with("startxref\n", "(x) startxref\n")), None, "something stands between");
}

#[test]
fn no_document_at_all() {
    for (bytes, expected) in [
        (&b""[..], ErrorKind::NotPdf),
        (b"This is a letter.", ErrorKind::NotPdf),
        (b"%PDF", ErrorKind::NotPdf),
        (b"%PDF-1.7\n", ErrorKind::PdfDamaged),
        (b"%PDF-1.7\nstartxref\n", ErrorKind::PdfDamaged),
        (b"%PDF-1.7\nstartxref\n-9\n%%EOF", ErrorKind::PdfDamaged),
        (b"%PDF-1.7\nstartxref\n18446744073709551615\n%%EOF", ErrorKind::PdfDamaged),
        (b"%PDF-1.7\nstartxref\n9223372036854775807\n%%EOF", ErrorKind::PdfDamaged),
        (b"%PDF-1.7\nxref\n0 0\ntrailer\n<</Size 1>>\nstartxref\n9\n%%EOF", ErrorKind::PdfDamaged),
        (b"%PDF-1.7\nxref\n0 0\ntrailer\n[]\nstartxref\n9\n%%EOF", ErrorKind::PdfDamaged),
    ] {
        assert_eq!(kind(Document::open(&bytes.to_vec())), Some(expected), "{}", String::from_utf8_lossy(bytes));
    }
    // A catalog that is not there, is no dictionary, or is itself.
    for body in ["null", "(x)", "1 0 R", "[1 0 R]"] {
        let file = draft(&[(1, body), (2, PAGES), (3, PAGE)]).whole("");
        let document = Document::open(&file.bytes).unwrap();
        assert!(matches!(kind(document.latest().catalog()), Some(ErrorKind::PdfDamaged | ErrorKind::LimitReached)), "{body}");
    }
    assert!(Document::open(&draft(&[(1, CATALOG)]).whole("").bytes).is_ok());
}

/// What sixty updates cost: each object is read once and looked up sixty times, not read sixty times.
#[test]
fn many_revisions_of_many_objects_stay_within_the_steps() {
    const OBJECTS: u32 = 1_000;
    let body = |n: u32| format!("<</Type/Annot/Subtype/Widget/T(field{n})/Rect[{n} 0 100 20]/P 3 0 R/MK<<>>/DA(/F 9 Tf)/Q 0/V({n})/F 4>>");
    let mut file = one_page(&[]);
    (10..10 + OBJECTS).for_each(|n| file.object(n, &body(n)));
    let mut file = file.whole("");
    for revision in 0..60_u32 {
        let (touched, previous) = (10 + revision, file.xref);
        file.object(touched, &body(touched + 5_000));
        file = file.table(&[touched], &format!("/Size {}/Root 1 0 R/Prev {previous}", 10 + OBJECTS));
    }
    let document = Document::open(&file.bytes).unwrap();
    assert_eq!(document.revisions().len(), 61);
    for revision in 0..61_u32 {
        let view = document.at(revision as usize);
        for n in 10..10 + OBJECTS {
            let written = if n < 10 + revision { n + 5_000 } else { n };
            let found = view.object(id(n)).unwrap();
            assert_eq!(found.object.as_dict().and_then(|d| d.get(b"V")), Some(&Object::string(written.to_string())), "{n} in {revision}");
        }
    }
}
