//! Odd numbers: sizes that say too little or too much, entries of other lengths, generations at their end, numbers twice or padded
//! (ISO 32000-2 7.3.10, 7.5.4, 7.5.5, 7.5.8).

use crate::document::{find, find_last, last_xref, updated};
use crate::paper::{Paper, Style, page_with, paper, with};
use crate::{Case, all, case};

fn changed(change: impl Fn(&mut Paper)) -> Vec<u8> {
    let mut paper = paper();
    change(&mut paper);
    paper.write()
}

/// With other text behind the table's last entry, which moves nothing that an offset names.
fn behind_the_table(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = find_last(bytes, from.as_bytes()).expect("it is there");
    assert!(at >= last_xref(bytes));
    [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
}

fn entry(bytes: &[u8], number: u32) -> String {
    let at = find(bytes, format!("\n{number} 0 obj").as_bytes()).expect("an object") + 1;
    format!("{at:010} 00000 n \n")
}

#[test]
fn sizes_and_entries() {
    let plain = paper().write();
    let size = |to: &str| behind_the_table(&plain, "/Size 6", to);
    let stream_size = |to: &str| {
        let bytes = changed(|p| p.style = Style::Stream);
        behind_the_table(&bytes, "/Size 7", to)
    };
    let cases: Vec<Case> = vec![
        case("entries of 21 bytes", changed(|p| p.entry_end = " \r\n")),
        case("entries of 21 bytes, two spaces", changed(|p| p.entry_end = "  \n")),
        case("/Size too small", size("/Size 3")),
        case("/Size 0", size("/Size 0")),
        case("/Size too large", size("/Size 5000")),
        case("no /Size", size("")),
        case("/Size too large in a stream", stream_size("/Size 9")),
        case("/Prev 0", size("/Size 6/Prev 0")),
        case("/Prev null", size("/Size 6/Prev null")),
        case("a number twice in a table", behind_the_table(&plain, "trailer", &format!("3 1\n{}trailer", entry(&plain, 3)))),
        case("an empty subsection at the end", behind_the_table(&plain, "trailer", "9 0\ntrailer")),
        case("a subsection for the first half behind that for the second", {
            let rest: String = [3, 4, 5].into_iter().map(|number| entry(&plain, number)).collect();
            let first: String = [1, 2].into_iter().map(|number| entry(&plain, number)).collect();
            let at = last_xref(&plain);
            let tail = find(&plain[at..], b"trailer").expect("a trailer") + at;
            let table = format!("xref\n3 3\n{rest}0 3\n0000000000 65535 f \n{first}");
            [&plain[..at], table.as_bytes(), &plain[tail..]].concat()
        }),
        case("spaces behind the counts of a subsection", behind_the_table(&plain, "0 6\n", "0 6 \n")),
        case("the first subsection on the line of xref", behind_the_table(&plain, "xref\n0 6", "xref 0 6")),
        case("zeros before the number of startxref", {
            let at = find_last(&plain, b"startxref\n").expect("it is there") + 10;
            [&plain[..at], b"000", &plain[at..]].concat()
        }),
    ];
    all(&cases, 15);
}

#[test]
fn generations_and_references() {
    let at_the_end = |generation: u16| {
        let mut p = page_with("", &[]);
        let text = String::from_utf8_lossy(&p.objects[&3].1).replace("5 0 R", &format!("5 {generation} R"));
        p.put(3, &text);
        p.objects.get_mut(&5).expect("a font").0 = generation;
        p.write()
    };
    let reference = |to: &str| with(&[(2, &format!("<</Type/Pages/Kids[{to}]/Count 1>>"))]).write();
    let field = "<</Type/Annot/Subtype/Widget/FT/Sig/T(here)/Rect[0 0 0 0]/F 132/P 3 0 R>>";
    let form = |packed: &[u32]| {
        let mut p = page_with("/Annots[7 0 R]", &[(6, "<</Fields[7 0 R]>>"), (7, field)]);
        p.put(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>");
        (p.style, p.packed) = (Style::Stream, vec![packed.to_vec()]);
        p.write()
    };
    let many = (0..200).fold(paper().write(), |bytes, n| updated(&bytes, &[(6, &format!("<</Title({n})>>"))], "/Info 6 0 R"));
    let cases: Vec<Case> = vec![
        case("generation 65535", at_the_end(65_535)),
        case("generation 65534", at_the_end(65_534)),
        case("a padded reference", reference("0003 00000 R")),
        case("a reference over three lines", reference("3\r\n0 % of the page\nR")),
        case("pages that are references all through", {
            let mut p = with(&[(2, "<</Type 8 0 R/Kids 6 0 R/Count 7 0 R>>"), (6, "[3 0 R]"), (7, "1"), (8, "/Pages")]);
            p.put(9, "<</Unused 2 0 R>>");
            p.write()
        }),
        case("form, field and pages packed", form(&[1, 2, 3, 5, 6, 7])).field("here"),
        case("the field packed alone", form(&[7])).field("here"),
        case("two hundred revisions", many),
    ];
    all(&cases, 8);
}
