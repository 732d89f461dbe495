//! The PDF room, tests only: cross-reference sections and the chain that they make, honest and lying.

use super::append::Update;
use super::testing::{CATALOG, Draft, PAGE, PAGES, draft, entry, id, kind, one_page};
use super::{Document, SectionKind, XrefEntry};
use crate::error::ErrorKind;

const ROOT: &str = "/Root 1 0 R";

/// Catalog, page tree and page behind a cross-reference stream with that dictionary.
fn stream(dict: &str) -> Draft {
    let mut draft = one_page(&[]);
    let at = |draft: &Draft, n| draft.at.get(&n).copied().unwrap();
    let rows = [[0, 0, 65535], [1, at(&draft, 1), 0], [1, at(&draft, 2), 0], [1, at(&draft, 3), 0], [1, draft.bytes.len() as u64, 0]];
    draft.rows(4, &format!("{ROOT}{dict}"), &rows);
    let xref = draft.xref;
    draft.tail(xref)
}

#[test]
fn entries_of_nineteen_and_twenty_bytes() {
    let good = one_page(&[]).whole("");
    for (from, to) in [(" \n", "\r\n"), (" \n", " \r"), (" \n", "\n"), (" \n", "\r")] {
        let text = String::from_utf8(good.bytes.clone()).unwrap();
        let mut text = text.replace(&format!("f{from}"), &format!("f{to}")).replace(&format!("n{from}"), &format!("n{to}"));
        if to == "\r" {
            // One run: behind a CR alone nothing else may look like the second half of a line end.
            text = text.replace("\r1 1\n", "\r").replace("\r2 1\n", "\r").replace("\r3 1\n", "\r").replace("0 1\n", "0 4\n");
        }
        let bytes = text.into_bytes();
        let document = Document::open(&bytes).unwrap();
        assert_eq!(document.latest().page_count().unwrap(), 1, "{to:?}");
    }
    // Some of one length and some of the other, as an editor leaves them: told apart one by one.
    let one = String::from_utf8(good.bytes.clone()).unwrap().replacen("n \n", "n\n", 1).into_bytes();
    assert_eq!(Document::open(&one).unwrap().latest().page_count().unwrap(), 1);
    let wrong = String::from_utf8(good.bytes).unwrap().replacen("n \n", "nx\n", 1).into_bytes();
    assert_eq!(kind(Document::open(&wrong)), Some(ErrorKind::PdfDamaged));
}

#[test]
fn chains_that_loop_or_lead_forward() {
    let at = one_page(&[]).bytes.len();
    let to_itself = one_page(&[]).whole(&format!("/Prev {at}"));
    assert_eq!(to_itself.error(), Some(ErrorKind::PdfDamaged));
    // Three sections whose oldest names the newest.
    let first = one_page(&[]).whole("/Prev 99999");
    let second = first.clone().table(&[], &format!("/Size 4{ROOT}/Prev {}", first.xref));
    let third = second.clone().table(&[], &format!("/Size 4{ROOT}/Prev {}", second.xref));
    assert_eq!(third.error(), Some(ErrorKind::PdfDamaged), "past the end");
    let newest = format!("{:05}", third.xref);
    let looped = String::from_utf8(third.bytes.clone()).unwrap().replace("/Prev 99999", &format!("/Prev {newest}"));
    assert_eq!(kind(Document::open(&looped.into_bytes())), Some(ErrorKind::PdfDamaged), "a loop");
    // The newest section in the middle of the file, /Prev behind it and an older one behind that: not the order of revisions.
    let mut forward = first.clone();
    let middle = forward.bytes.len();
    forward.text(&format!("xref\n0 0\ntrailer\n<</Size 4{ROOT}/Prev 88888>>\n"));
    let last = forward.bytes.len();
    let good = format!("xref\n0 0\ntrailer\n<</Size 4{ROOT}/Prev {}>>\n", first.xref);
    forward.text(&good);
    let bytes = String::from_utf8(forward.tail(middle as u64).bytes)
        .unwrap()
        .replace("88888", &format!("{last:05}"))
        .replace("/Prev 99999", "/Prev 00000")
        .into_bytes();
    let document = Document::open(&bytes).unwrap();
    assert!(document.has_dead_tail() && document.revisions().len() == 1, "forward: what stood before is still judged");
    for value in ["-1", "(x)", "1.5", "9223372036854775807"] {
        assert_eq!(one_page(&[]).whole(&format!("/Prev {value}")).error(), Some(ErrorKind::PdfDamaged), "{value}");
    }
    assert_eq!(one_page(&[]).whole("/Prev null").error(), None);
}

#[test]
fn a_thousand_revisions_and_one_more() {
    let mut file = one_page(&[]).whole("");
    for n in 2..=1001 {
        let prev = file.xref;
        file = file.table(&[], &format!("/Size 4{ROOT}/Prev {prev}"));
        match (n, Document::open(&file.bytes)) {
            (1000, Ok(document)) => assert_eq!(document.revisions().len(), 1000),
            (1000, Err(error)) => panic!("{error}"),
            (1001, opened) => assert_eq!(kind(opened), Some(ErrorKind::LimitReached)),
            _ => {}
        }
    }
}

/// Nothing is allocated and no loop is run from a number alone; the numbers of new objects would come from there, so signing refuses.
#[test]
fn sizes_and_counts_beyond_reason() {
    let huge = one_page(&[]).table(&[1, 2, 3], &format!("/Size 4000000000{ROOT}"));
    let huge_stream = stream("/W[1 4 2]/Size 4000000000");
    for file in [huge, huge_stream] {
        let document = Document::open(&file.bytes).unwrap();
        assert_eq!(document.latest().page(0).unwrap().id, id(3));
        assert!(document.latest().entry(3_999_999_999).is_err() || document.latest().entry(3_999_999_999).unwrap().is_none());
        assert_eq!(kind(Update::new(document.latest())), Some(ErrorKind::PdfDamaged));
        for section in document.sections(0) {
            let mut seen = 0;
            let _ = section.for_each(&file.bytes, document.budget(), |_, _| {
                seen += 1;
                Ok(())
            });
            assert!(seen < 10, "{seen}");
        }
    }
    let text = String::from_utf8(one_page(&[]).whole("").bytes).unwrap();
    for count in ["4000000000", "99999999999", "429496729"] {
        let bytes = text.replace("xref\n0 1\n", &format!("xref\n0 {count}\n")).into_bytes();
        assert_eq!(kind(Document::open(&bytes)), Some(ErrorKind::PdfDamaged), "{count}");
    }
}

#[test]
fn widths_and_index_that_lie() {
    assert_eq!(stream("/W[1 4 2]/Size 5").error(), None);
    for dict in [
        "/W[1 4 2]",
        "/W[1 4 2]/Size -5",
        "/W[1 4 2]/Size 5000000000",
        "/Size 5",
        "/W[1 4]/Size 5",
        "/W[1 0 2]/Size 5",
        "/W[1 -4 2]/Size 5",
        "/W[1 9 2]/Size 5",
        "/W[1 4294967296 2]/Size 5",
        "/W[1 (4) 2]/Size 5",
        "/W 3/Size 5",
        "/W[1 4 2]/Size 5/Index[0]",
        "/W[1 4 2]/Size 5/Index[0 5 9]",
        "/W[1 4 2]/Size 5/Index[-1 5]",
        "/W[1 4 2]/Size 5/Index[0 -5]",
        "/W[1 4 2]/Size 5/Index 7",
        "/W[1 4 2]/Size 5/Index[0 5000000000]",
        "/W[1 4 2]/Size 5/Filter/FlateDecode",
        "/W[1 4 2]/Size 5/Filter/DCTDecode",
    ] {
        let file = stream(dict);
        let found = Document::open(&file.bytes).and_then(|document| document.latest().catalog());
        assert!(matches!(kind(found), Some(ErrorKind::PdfDamaged | ErrorKind::PdfUnsupported)), "{dict}");
    }
    // More rows told than there are: those that are there are read, the others are an error and not a guess.
    let short = stream("/W[1 4 2]/Size 9");
    assert!(Document::open(&short.bytes).unwrap().latest().catalog().is_ok());
    assert_eq!(kind(entry(&short.bytes, 7)), Some(ErrorKind::PdfDamaged));
    // Numbers at the end of their range.
    let edge = stream("/W[1 4 2]/Size 5/Index[4294967295 5]");
    assert_eq!(entry(&edge.bytes, 0).unwrap(), None);
}

#[test]
fn kinds_of_entries() {
    let mut file = one_page(&[]);
    let rows = [[0, 0, 65535], [1, file.at[&1], 0], [3, 7, 7], [2, 4_000_000, 1]];
    file.rows(4, &format!("{ROOT}/Size 4/W[1 4 2]"), &rows);
    let xref = file.xref;
    let file = file.tail(xref);
    assert_eq!(entry(&file.bytes, 1).unwrap(), Some(XrefEntry::Offset { offset: 9, generation: 0 }));
    assert_eq!(entry(&file.bytes, 2).unwrap(), Some(XrefEntry::Free), "a type of later standards is a null object");
    assert_eq!(entry(&file.bytes, 3).unwrap(), Some(XrefEntry::Compressed { stream: 4_000_000, index: 1 }));
    assert_eq!(kind(Document::open(&file.bytes).unwrap().latest().object(id(3))), Some(ErrorKind::PdfDamaged));
    assert_eq!(entry(&file.bytes, 4).unwrap(), None);
}

#[test]
fn one_byte_off() {
    let good = one_page(&[]).whole("");
    let startxref = |at: u64| {
        let mut file = one_page(&[]).whole("");
        let len = file.bytes.len() - format!("{}\n%%EOF\n", good.xref).len();
        file.bytes.truncate(len);
        file.text(&format!("{at}\n%%EOF\n"));
        file
    };
    assert_eq!(startxref(good.xref).error(), None);
    assert_eq!(startxref(good.xref + 1).error(), Some(ErrorKind::PdfDamaged));
    // White space before the word is passed (the line end of `endobj`), anything else is not.
    assert_eq!(startxref(good.xref - 1).error(), None);
    assert_eq!(startxref(good.xref - 2).error(), Some(ErrorKind::PdfDamaged));
    // The same in an entry.
    for (shift, fits) in [(-1_i64, true), (1, false), (-2, false)] {
        let mut file = one_page(&[]);
        let at = file.at.get_mut(&3).unwrap();
        *at = at.checked_add_signed(shift).unwrap();
        let file = file.whole("");
        let document = Document::open(&file.bytes).unwrap();
        assert_eq!(document.latest().object(id(3)).is_ok(), fits, "{shift}");
    }
}

#[test]
fn words_that_lead_nowhere() {
    let good = one_page(&[]).whole("");
    let dead = |count: usize| {
        let mut file = good.clone();
        file.text(&"startxref\n7\n%%EOF\n".repeat(count));
        file
    };
    let few = dead(60);
    let document = Document::open(&few.bytes).unwrap();
    assert!(document.has_dead_tail());
    assert_eq!(document.revisions()[0].tail.unwrap().end, good.bytes.len() as u64);
    assert_eq!(dead(64).error(), Some(ErrorKind::PdfDamaged));
    assert_eq!(dead(100_000).error(), Some(ErrorKind::PdfDamaged));
    // Words in strings, streams and comments are no borders.
    let text =
        "(startxref 9 %%EOF)\nendobj\n9 0 obj\n<</Length 22>>\nstream\nstartxref\n0\n%%EOF\nxref\nendstream\n% startxref 5 %%EOF trailer";
    let quoted = one_page(&[(8, text)]).whole("");
    let document = Document::open(&quoted.bytes).unwrap();
    assert_eq!(document.revisions().len(), 1);
    assert!(!document.has_dead_tail());
}

#[test]
fn offsets_from_zero_and_from_the_header() {
    let plain = one_page(&[]).whole("").bytes;
    let from_header = [b"\x00junk\xFF\n".to_vec(), plain.clone()].concat();
    let document = Document::open(&from_header).unwrap();
    assert_eq!((document.header_offset(), document.base()), (7, 7));
    assert_eq!(document.latest().page(0).unwrap().id, id(3));
    let mut shifted = draft(&[]);
    shifted.bytes.splice(0..0, b"\x00junk\xFF\n".iter().copied());
    for (number, body) in [(1, CATALOG), (2, PAGES), (3, PAGE)] {
        shifted.object(number, body);
    }
    let from_zero = shifted.whole("");
    let document = Document::open(&from_zero.bytes).unwrap();
    assert_eq!((document.header_offset(), document.base()), (7, 0));
    assert_eq!(document.latest().page(0).unwrap().id, id(3));
    // 1,019 bytes before it and the header still ends within the first 1,024.
    for (junk, opens) in [(1019, true), (1020, false)] {
        let bytes = [vec![b'.'; junk], plain.clone()].concat();
        assert_eq!(Document::open(&bytes).is_ok(), opens, "{junk}");
    }
}

fn hybrid(table_says: &str) -> Draft {
    let mut file = one_page(&[(5, "<</Shown/by(the table)>>")]);
    let packed = "6 0 <</Hidden true>>";
    file.object(7, &format!("<</Type/ObjStm/N 1/First 4/Length {}>>\nstream\n{packed}\nendstream", packed.len()));
    let held = file.at[&7];
    file.rows(8, "/Size 9/W[1 4 2]/Index[6 1]", &[[2, 7, 0]]);
    let stream = file.xref;
    file.xref = file.bytes.len() as u64;
    let at = |n: u32| file.at[&n];
    let text = format!(
        "xref\n0 4\n0000000000 65535 f \n{:010} 00000 n \n{:010} 00000 n \n{:010} 00000 n \n5 3\n{:010} 00000 n \n{table_says}{held:010} 00000 n \n\
         trailer\n<</Size 9{ROOT}/XRefStm {stream}>>\n",
        at(1),
        at(2),
        at(3),
        at(5)
    );
    file.text(&text);
    let xref = file.xref;
    file.tail(xref)
}

#[test]
fn hybrids() {
    let normal = hybrid("0000000000 00000 f \n");
    let document = Document::open(&normal.bytes).unwrap();
    assert_eq!(document.revisions().len(), 1);
    let revision = &document.revisions()[0];
    assert!(revision.hybrid && revision.kind == SectionKind::Table);
    assert_eq!(document.latest().entry(6).unwrap(), Some(XrefEntry::Compressed { stream: 7, index: 0 }));
    assert!(document.latest().object(id(6)).unwrap().object.as_dict().unwrap().get("Hidden").is_some());
    assert_eq!(document.latest().entry(0).unwrap(), Some(XrefEntry::Free));
    // In use in both: the table is searched first; that the two disagree is for the verifier to say.
    let text = format!("{:010} 00000 n \n", one_page(&[]).bytes.len());
    let both = hybrid(&text);
    let document = Document::open(&both.bytes).unwrap();
    assert!(matches!(document.latest().entry(6).unwrap(), Some(XrefEntry::Offset { .. })));
    // /XRefStm that leads to a table, to itself, or nowhere.
    for at in ["9", "0000", "99999999", "-4", "(x)"] {
        let text = String::from_utf8_lossy(&normal.bytes).into_owned();
        assert!(text.contains("/XRefStm"));
        let file = one_page(&[]).whole(&format!("/XRefStm {at}"));
        let expected = if at == "0000" { None } else { Some(ErrorKind::PdfDamaged) };
        assert_eq!(file.error(), expected, "{at}");
    }
}

/// A linearised file: the section of the first page stands before the main one, and both are one revision (Annex F.3).
#[test]
fn linearised() {
    let mut file = draft(&[(4, "<</Linearized 1/L 999/H[0 0]/O 3/E 0/N 1/T 0>>")]);
    let first = file.bytes.len();
    let head = |main: usize, three: u64, four: u64| {
        format!("xref\n3 2\n{three:010} 00000 n \n{four:010} 00000 n \ntrailer\n<</Size 5{ROOT}/Prev {main:05}>>\nstartxref\n0\n%%EOF\n")
    };
    let four = file.at[&4];
    let three = (first + head(0, 0, 0).len()) as u64;
    let mut rest = draft(&[]);
    rest.bytes = vec![b' '; usize::try_from(three).unwrap()];
    for (number, body) in [(3, PAGE), (1, CATALOG), (2, PAGES)] {
        rest.object(number, body);
    }
    let main = rest.bytes.len();
    file.text(&head(main, three, four));
    file.bytes.extend_from_slice(&rest.bytes[usize::try_from(three).unwrap()..]);
    let (one, two) = (rest.at[&1], rest.at[&2]);
    file.text(&format!("xref\n0 3\n0000000000 65535 f \n{one:010} 00000 n \n{two:010} 00000 n \ntrailer\n<</Size 3>>\n"));
    let file = file.tail(first as u64);
    let document = Document::open(&file.bytes).unwrap();
    assert_eq!(document.revisions().len(), 1);
    assert_eq!(document.revisions()[0].xref, first as u64);
    assert_eq!(document.revisions()[0].tail.unwrap().end, file.bytes.len() as u64);
    assert_eq!(document.latest().page(0).unwrap().id, id(3));
    let len = file.bytes.len();
    let updated = file.table(&[], &format!("/Size 5{ROOT}/Prev {first}"));
    let document = Document::open(&updated.bytes).unwrap();
    assert_eq!(document.revisions().len(), 2);
    assert_eq!(document.revisions()[1].start, len as u64);
    assert_eq!(document.latest().page(0).unwrap().id, id(3));
}
