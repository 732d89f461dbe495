//! Cross-reference sections that show one reader what was signed and another what was not: hybrids, streams, containers, entries twice.

use crate::document::{CONTENT, agreement, body, finish, last_xref, signed, updated, write};
use crate::seal::{countersigned, seal, signature};
use crate::{assert_clean, assert_refused, judged, report};

const OTHER: &str = "<</Length 64>>\nstream\nBT /F1 12 Tf 72 720 Td (The borrower repays 999 rupees.) Tj ET  \nendstream";

/// An object appended; where it stands.
fn put(out: &mut Vec<u8>, number: u32, body: &str) -> usize {
    let at = out.len();
    out.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    at
}

/// A stream with these bytes.
fn stream(dict: &str, data: &[u8]) -> String {
    let hex: String = data.iter().map(|b| format!("{b:02x}")).collect();
    format!("<<{dict}/Filter/ASCIIHexDecode/Length {}>>\nstream\n{hex}>\nendstream", hex.len() + 1)
}

fn row(kind: u8, a: usize, b: usize) -> Vec<u8> {
    [&[kind][..], &u32::try_from(a).expect("small").to_be_bytes(), &u16::try_from(b).expect("small").to_be_bytes()].concat()
}

/// An update closed by a cross-reference stream of that number: `rows` are number, kind, two fields; with its own row.
fn closed_by_stream(before: &[u8], mut out: Vec<u8>, number: u32, rows: &[(u32, u8, usize, usize)], extra: &str) -> Vec<u8> {
    let (prev, at) = (last_xref(before), out.len());
    let mut index = String::new();
    let mut data = Vec::new();
    for (n, kind, a, b) in rows.iter().chain([&(number, 1, at, 0)]) {
        index.push_str(&format!("{n} 1 "));
        data.extend(row(*kind, *a, *b));
    }
    let dict = format!("/Type/XRef/Size 90/W[1 4 2]/Index[{}]/Root 1 0 R/ID[<01><03>]/Prev {prev}{extra}", index.trim_end());
    put(&mut out, number, &stream(&dict, &data));
    out.extend_from_slice(format!("startxref\n{at}\n%%EOF\n").as_bytes());
    out
}

/// A document whose page, content's font and fields lie in object stream 20, closed by a stream, sealed.
fn packed() -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let inside = [
        (3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>/Annots[7 0 R]>>"),
        (5, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"),
        (7, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Bank)/V 8 0 R/Rect[0 0 0 0]/F 132/P 3 0 R>>"),
    ];
    let one = put(&mut out, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>");
    let two = put(&mut out, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
    let four = put(&mut out, 4, CONTENT);
    let six = put(&mut out, 6, "<</Fields[7 0 R]/SigFlags 3>>");
    let eight = put(&mut out, 8, &signature(""));
    let holder = put(&mut out, 20, &container(&inside, ""));
    let at = out.len();
    let rows = [
        row(0, 0, 65535),
        row(1, one, 0),
        row(1, two, 0),
        row(2, 20, 0),
        row(1, four, 0),
        row(2, 20, 1),
        row(1, six, 0),
        row(2, 20, 2),
        row(1, eight, 0),
        row(1, holder, 0),
        row(1, at, 0),
    ];
    put(&mut out, 21, &stream("/Type/XRef/Size 22/W[1 4 2]/Index[0 9 20 2]/Root 1 0 R/ID[<01><02>]", &rows.concat()));
    out.extend_from_slice(format!("startxref\n{at}\n%%EOF\n").as_bytes());
    seal(out)
}

/// An object stream that holds these.
fn container(objects: &[(u32, &str)], extra: &str) -> String {
    let (mut head, mut bodies) = (String::new(), String::new());
    for (number, body) in objects {
        head.push_str(&format!("{number} {} ", bodies.len()));
        bodies.push_str(body);
        bodies.push(' ');
    }
    stream(&format!("/Type/ObjStm/N {}/First {}{extra}", objects.len(), head.len()), format!("{head}{bodies}").as_bytes())
}

#[test]
fn updates_by_stream() {
    let base = packed();
    assert_clean("packed", &base);
    let mut out = base.clone();
    let at = put(&mut out, 30, &container(&[(31, "<</Title(Loan)>>")], ""));
    let control = closed_by_stream(&base, out, 32, &[(30, 1, at, 0), (31, 2, 30, 0)], "/Info 31 0 R");
    assert_clean("information in an object stream", &control);

    let font = "<</Type/Font/Subtype/Type1/BaseFont/Courier>>";
    let mut out = base.clone();
    let at = put(&mut out, 30, &container(&[(5, font)], ""));
    assert_refused("a font in a new container", &closed_by_stream(&base, out, 32, &[(30, 1, at, 0), (5, 2, 30, 0)], ""), "later_change");

    // The container in place: no table names object 5 anew. With a bystander that makes the new stream a container of the update's own.
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>/Annots[7 0 R]>>";
    let field = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Bank)/V 8 0 R/Rect[0 0 0 0]/F 132/P 3 0 R>>";
    let whole = |font: &str| container(&[(3, page), (5, font), (7, field), (33, "<</Title(Loan)>>")], "");
    for (name, font, clean) in [("as it was", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", true), ("another font", font, false)] {
        for bystander in [true, false] {
            let mut out = base.clone();
            let at = put(&mut out, 20, &whole(font));
            let mut rows = vec![(20, 1, at, 0)];
            if bystander {
                rows.push((33, 2, 20, 3));
            }
            let forged = closed_by_stream(&base, out, 32, &rows, if bystander { "/Info 33 0 R" } else { "" });
            if clean && bystander {
                assert_clean(name, &forged);
            } else {
                assert!(!judged(&forged).is_ok_and(|report| report.clean), "{name} {bystander}");
            }
        }
    }
    // The wrong number at the index, an index past the end, a container that extends itself.
    for (name, rows) in
        [("another index", (5, 2, 30, 1)), ("past the end", (5, 2, 30, 7)), ("no container", (5, 2, 4, 0)), ("itself", (30, 2, 30, 0))]
    {
        let mut out = base.clone();
        let at = put(&mut out, 30, &container(&[(5, font), (31, "null")], "/Extends 30 0 R"));
        let forged = closed_by_stream(&base, out, 32, &[(30, 1, at, 0), rows], "");
        assert!(!judged(&forged).is_ok_and(|report| report.clean), "{name}");
    }
}

#[test]
fn one_number_twice_in_a_section() {
    let base = signed(&agreement());
    let old = crate::document::find(&base, b"\n4 0 obj").expect("object 4") + 1;
    let entries = |first: usize, second: usize| format!("4 1\n{first:010} 00000 n \n4 1\n{second:010} 00000 n \n");
    assert_clean("twice the same", &finish(&base, base.clone(), &entries(old, old), ""));
    let mut out = base.clone();
    let new = put(&mut out, 4, OTHER);
    assert_refused("old, then new", &finish(&base, out.clone(), &entries(old, new), ""), "later_change");
    assert_refused("new, then old", &finish(&base, out, &entries(new, old), ""), "later_change");
    let base = packed();
    let old = crate::document::find(&base, b"\n4 0 obj").expect("object 4") + 1;
    let mut out = base.clone();
    let new = put(&mut out, 4, OTHER);
    let forged = closed_by_stream(&base, out, 32, &[(4, 1, old, 0), (4, 1, new, 0)], "");
    assert_refused("twice in a stream", &forged, "later_change");
}

#[test]
fn hybrid_updates() {
    let base = signed(&agreement());
    // In the table and in the stream, or in one of them.
    let hybrid = |table: Option<usize>, stream_row: Option<usize>, mut out: Vec<u8>, extra: &str| {
        let at = out.len();
        let rows: Vec<u8> = stream_row.map(|to| row(1, to, 0)).unwrap_or_default();
        let index = if stream_row.is_some() { "4 1" } else { "" };
        put(&mut out, 50, &stream(&format!("/Type/XRef/Size 60/W[1 4 2]/Index[{index}]/Root 1 0 R"), &rows));
        let entries = table.map(|to| format!("4 1\n{to:010} 00000 n \n")).unwrap_or_else(|| "0 0\n".to_owned());
        finish(&base, out, &entries, &format!("/XRefStm {at}{extra}"))
    };
    let old = crate::document::find(&base, b"\n4 0 obj").expect("object 4") + 1;
    assert_clean("an empty hybrid", &hybrid(None, None, base.clone(), ""));
    assert_clean("the same in both", &hybrid(Some(old), Some(old), base.clone(), ""));
    let mut out = base.clone();
    let new = put(&mut out, 4, OTHER);
    for (name, table, in_stream) in [
        ("old in the table, new in the stream", Some(old), Some(new)),
        ("new in the table, old in the stream", Some(new), Some(old)),
        ("new in the stream alone", None, Some(new)),
        ("new in both", Some(new), Some(new)),
    ] {
        assert_refused(name, &hybrid(table, in_stream, out.clone(), ""), "later_change");
    }
}

#[test]
fn trailers() {
    // A second catalog, unused when it was signed.
    let other = "<</Type/Catalog/Pages 51 0 R>>";
    let shadow = String::from_utf8_lossy(&agreement()).into_owned();
    let objects: Vec<(u32, String)> = (1..10).map(|n| (n, body(shadow.as_bytes(), n))).collect();
    let mut objects: Vec<(u32, &str)> = objects.iter().map(|(n, o)| (*n, o.as_str())).collect();
    objects.extend([(50, other), (51, "<</Type/Pages/Kids[52 0 R]/Count 1>>"), (52, "<</Type/Page/Parent 51 0 R/MediaBox[0 0 99 99]>>")]);
    let base = signed(&write(&objects, ""));
    assert_clean("an unused catalog", &base);
    for (name, trailer) in [
        ("two catalogs", "/Root 1 0 R/Root 50 0 R"),
        ("two catalogs, the other first", "/Root 50 0 R/Root 1 0 R"),
        ("a hidden key", "/Root 1 0 R/Ro#6ft 50 0 R"),
        ("the other catalog", "/Root 50 0 R"),
        ("the catalog as information", "/Root 1 0 R/Info 1 0 R/Encrypt 50 0 R"),
    ] {
        let forged = finish(&base, base.clone(), "0 0\n", trailer);
        assert!(!judged(&forged).is_ok_and(|report| report.clean), "{name}");
    }
    // /Prev past the signed revision, to the original.
    let original = agreement();
    let skipped = finish(&original, base.clone(), "0 0\n", "");
    assert!(!judged(&skipped).is_ok_and(|report| report.clean), "the signed section skipped");
    let form = base.len() - 1;
    let at = |what: &[u8]| crate::document::find_last(&base[..form], what).expect("there") + 1;
    let repeated: String = [(1_u32, at(b"\n1 0 obj")), (6, at(b"\n6 0 obj")), (53, at(b"\n53 0 obj")), (54, at(b"\n54 0 obj"))]
        .iter()
        .map(|(n, at)| format!("{n} 1\n{at:010} 00000 n \n"))
        .collect();
    let skipped = finish(&original, base.clone(), &repeated, "");
    let seen = judged(&skipped).expect("a report");
    assert!(!seen.clean && seen.signatures.len() == 1, "the signed section's objects without it: {seen}");
    assert!(!judged(&skipped).is_ok_and(|report| report.clean), "the signed section skipped, its objects repeated");
    // startxref into a string or a stream of the signed part.
    for inside in [&b"repays"[..], b"/Contents<"] {
        let at = crate::document::find_last(&base, inside).expect("there");
        let forged = [base.as_slice(), format!("startxref\n{at}\n%%EOF\n").as_bytes()].concat();
        assert!(!judged(&forged).is_ok_and(|report| report.clean));
    }
    // The signed part twice, a second header.
    let twice = [base.clone(), base.clone()].concat();
    assert!(!judged(&twice).is_ok_and(|report| report.clean), "twice");
    assert_refused("a second header", &[base.as_slice(), b"%PDF-1.7\n"].concat(), "trailing_bytes");
}

#[test]
fn numbers_and_generations() {
    let base = signed(&agreement());
    for (name, entries) in [
        ("freed", "4 1\n0000000000 00001 f \n".to_owned()),
        ("another generation", format!("4 1\n{:010} 00001 n \n", crate::document::find(&base, b"\n4 0 obj").expect("4") + 1)),
    ] {
        let forged = finish(&base, base.clone(), &entries, "");
        assert!(!judged(&forged).is_ok_and(|report| report.clean), "{name}");
    }
    // A page that names generation 1 of a number: dead when signed.
    let page = |base: &[u8]| body(base, 3).replace("33 0 R", "9 1 R");
    let objects: Vec<(u32, String)> = (1..10).map(|n| (n, if n == 3 { page(&agreement()) } else { body(&agreement(), n) })).collect();
    let objects: Vec<(u32, &str)> = objects.iter().map(|(n, o)| (*n, o.as_str())).collect();
    let base = signed(&write(&objects, ""));
    assert_clean("a dead generation", &base);
    let mut out = base.clone();
    let at = out.len();
    out.extend_from_slice(format!("9 1 obj\n{OTHER}\nendobj\n").as_bytes());
    assert_refused("a generation comes alive", &finish(&base, out, &format!("9 1\n{at:010} 00001 n \n"), ""), "later_change");
    // Object 0, and many entries for one place.
    let mut out = base.clone();
    let at = put(&mut out, 0, OTHER);
    let forged = finish(&base, out, &format!("0 1\n{at:010} 00000 n \n"), "");
    assert!(!judged(&forged).is_ok_and(|report| report.clean), "object 0");
    let mut entries = String::from("100 20000\n");
    let place = crate::document::find(&base, b"\n4 0 obj").expect("4") + 1;
    for _ in 0..20_000 {
        entries.push_str(&format!("{place:010} 00000 n \n"));
    }
    let started = std::time::Instant::now();
    let forged = finish(&base, base.clone(), &entries, "");
    assert!(!judged(&forged).is_ok_and(|report| report.clean), "one place for all");
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

#[test]
fn a_signature_dictionary_overridden() {
    let base = countersigned(&signed(&agreement()), "", "", &[]);
    assert_clean("two signatures", &base);
    let first = (10..14).find(|n| body(&base, *n).contains("/FT/Sig")).expect("the field");
    let dictionary = (10..14).find(|n| body(&base, *n).contains("/ByteRange")).expect("the dictionary");
    let other = body(&base, 41);
    let forged = updated(&base, &[(dictionary, &other)], "");
    assert_refused("another's signature in its place", &forged, "later_change");
    let swapped = body(&base, first).replace(&format!("/V {dictionary} 0 R"), "/V 41 0 R");
    assert_ne!(swapped, body(&base, first));
    assert_refused("two fields with one value", &updated(&base, &[(first, &swapped)], ""), "later_change");
    let report = report("removed", &updated(&base, &[(dictionary, "null")], ""));
    assert!(!report.clean && report.signatures.len() >= 2 && !report.signatures[0].clean, "{report}");
}
