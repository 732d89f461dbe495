//! What stands behind the last revision, before the header, or looks like an end where none is. Borders come from the cross-reference
//! chain and exact offsets, never from a scan for `%%EOF`.

use super::super::Family;
use super::super::document::{CONTENT, find, finish, last_xref, updated, write};
use super::super::page::{OTHER, PAGE, objects, signed, with};
use super::super::seal::{seal, seal_to, signature};
use super::super::sections::put;

pub(crate) fn families() -> Vec<Family> {
    vec![
        objects_behind(),
        junk_behind(),
        stub_section(),
        wrong_start(),
        trailer_only(),
        false_end(),
        end_in_update(),
        linearised_late(),
        junk_before(),
        cut(),
    ]
}

fn plus(what: &[u8]) -> Vec<u8> {
    [signed().as_slice(), what].concat()
}

fn object(number: u32, body: &str) -> String {
    format!("{number} 0 obj\n{body}\nendobj\n")
}

fn objects_behind() -> Family {
    let annotated = PAGE.replace("10 0 R", "10 0 R 14 0 R");
    let mut family = Family::new(
        "objects_behind_the_end",
        "objects behind the last %%EOF without a table: a reader that repairs takes the last of each number",
    )
    .control("a line end", plus(b"\n"))
    .control("a carriage return and a line feed", plus(b"\r\n"));
    for (name, number, body) in [
        ("another text", 4, OTHER),
        ("the same text", 4, CONTENT),
        ("another font", 5, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>"),
        ("another page", 3, annotated.as_str()),
        ("another catalog", 1, "<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(1)>>>>"),
        ("another form", 6, "<</Fields[]>>"),
        ("no field", 10, "null"),
        ("no signature", 11, "null"),
        ("a new object", 40, "<</Type/Annot/Subtype/FreeText/Rect[0 0 9 9]/Contents(paid)>>"),
        ("an object stream", 40, "<</Type/ObjStm/N 0/First 0/Length 0>>\nstream\n\nendstream"),
        ("a cross-reference stream that nothing names", 40, "<</Type/XRef/Size 1/W[1 4 2]/Root 1 0 R/Length 0>>\nstream\n\nendstream"),
    ] {
        family = family.refused(name, plus(object(number, body).as_bytes()), "trailing_bytes");
        if number == 4 && body == OTHER {
            family = family.refused("another text, and %%EOF", plus(format!("{}%%EOF\n", object(4, OTHER)).as_bytes()), "trailing_bytes");
            family = family.refused("another text behind a line end", plus(format!("\n{}", object(4, OTHER)).as_bytes()), "trailing_bytes");
        }
    }
    family
}

fn junk_behind() -> Family {
    Family::new("junk_behind_the_end", "bytes behind the last revision: of no revision, signed by nobody")
        .control("none", signed())
        .control("a line end", plus(b"\n"))
        .control("a carriage return", plus(b"\r"))
        .all_refused(
            [
                ("two line ends", plus(b"\n\n")),
                ("a space", plus(b" ")),
                ("a zero byte", plus(b"\0")),
                ("512 zero bytes", plus(&[0; 512])),
                ("a letter", plus(b"x")),
                ("a comment", plus(b"% nothing\n")),
                ("another %%EOF", plus(b"%%EOF\n")),
                ("a second header", plus(b"%PDF-1.7\n")),
                ("an endobj", plus(b"endobj\n")),
                ("markup", plus(b"<html><body>paid</body></html>\n")),
                ("an archive", plus(b"PK\x03\x04\x14\0\0\0")),
                ("a mail's border", plus(b"\r\n--boundary--\r\n")),
            ],
            "trailing_bytes",
        )
}

/// An update whose table says nothing of what it brings.
fn stub_section() -> Family {
    let base = signed();
    let make = |objects: &[(u32, &str)], entries: &str, extra: &str| {
        let mut out = base.clone();
        for (number, body) in objects {
            put(&mut out, *number, body);
        }
        finish(&base, out, entries, extra)
    };
    let annotated = PAGE.replace("10 0 R", "10 0 R 14 0 R");
    let old = find(&base, b"\n4 0 obj").expect("the text") + 1;
    let same = format!("4 1\n{old:010} 00000 n \n");
    let mut family =
        Family::new("update_with_empty_table", "an update whose table is empty or a stub: readers that scan find its objects all the same")
            .control("an update that brings nothing", make(&[], "0 0\n", ""))
            .control("the head of the free list", make(&[], "0 1\n0000000000 65535 f \n", ""))
            .control("an entry as it was", make(&[], &same, ""))
            .control("information that is listed", updated(&base, &[(20, "<</Title(Loan)>>")], "/Info 20 0 R"));
    for (name, number, body) in [
        ("another text", 4, OTHER),
        ("the same text", 4, CONTENT),
        ("another font", 5, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>"),
        ("another page", 3, annotated.as_str()),
        ("another catalog", 1, "<</Type/Catalog/Pages 2 0 R>>"),
        ("no field", 10, "null"),
        ("no signature", 11, "null"),
        ("an unused object", 40, "<</Type/Annot/Subtype/FreeText/Rect[0 0 9 9]>>"),
    ] {
        family = family.refused(format!("{name}, an empty table"), make(&[(number, body)], "0 0\n", ""), "later_change");
    }
    family
        .refused("another text, the head of the free list alone", make(&[(4, OTHER)], "0 1\n0000000000 65535 f \n", ""), "later_change")
        .refused("another text, an entry for the old one", make(&[(4, OTHER)], &same, ""), "later_change")
        .refused(
            "another text, another object listed",
            make(&[(4, OTHER)], &format!("5 1\n{:010} 00000 n \n", find(&base, b"\n5 0 obj").expect("5") + 1), ""),
            "later_change",
        )
        .refused("a text freed", make(&[], "4 1\n0000000000 00001 f \n", ""), "later_change")
        .refused("a field freed", make(&[], "10 1\n0000000000 00001 f \n", ""), "later_change")
        .refused("text that is no object", finish(&base, plus(b"hello\n"), "0 0\n", ""), "later_change")
}

/// A whole update but for its last number.
fn wrong_start() -> Family {
    let base = signed();
    let update = updated(&base, &[(4, OTHER)], "");
    let at = super::super::document::find_last(&update, b"startxref\n").expect("startxref") + 10;
    let right = last_xref(&update);
    let to = |text: &str| [&update[..at], text.as_bytes(), b"\n%%EOF\n"].concat();
    let mut family =
        Family::new("startxref_wrong", "an update whose startxref leads nowhere: readers that repair find its table by a scan")
            .control("an update with the right one", updated(&base, &[(20, "<</Title(Loan)>>")], "/Info 20 0 R"));
    for (name, text) in [
        ("two less", (right - 2).to_string()),
        ("one more", (right + 1).to_string()),
        ("four more", (right + 4).to_string()),
        ("ten less", (right - 10).to_string()),
        ("to the old table", last_xref(&base).to_string()),
        ("to an object", (find(&base, b"\n4 0 obj").expect("4") + 1).to_string()),
        ("to the trailer", super::super::document::find_last(&update, b"trailer").expect("a trailer").to_string()),
        ("0", "0".to_owned()),
        ("past the end", (update.len() + 100).to_string()),
        ("negative", format!("-{right}")),
        ("a real number", format!("{right}.5")),
        ("a name", "/xref".to_owned()),
        ("nothing", String::new()),
        ("2^64 more", (right as u128 + (1 << 64)).to_string()),
    ] {
        family = family.refused(name, to(&text), "trailing_bytes");
    }
    family.refused("no startxref", update[..at - 10].to_vec(), "trailing_bytes").refused(
        "no number and no %%EOF",
        update[..at].to_vec(),
        "trailing_bytes",
    )
}

fn trailer_only() -> Family {
    let base = signed();
    let prev = last_xref(&base);
    Family::new("trailer_only", "a trailer without a table: readers that repair take the last one's /Root")
        .control("none", base.clone())
        .all_refused(
            [
                ("the same catalog", plus(format!("trailer\n<</Size 60/Root 1 0 R/Prev {prev}>>\n").as_bytes())),
                (
                    "another catalog",
                    plus(format!("{}trailer\n<</Size 60/Root 40 0 R>>\n%%EOF\n", object(40, "<</Type/Catalog/Pages 2 0 R>>")).as_bytes()),
                ),
                (
                    "with a startxref to it",
                    plus(format!("trailer\n<</Size 60/Root 1 0 R/Prev {prev}>>\nstartxref\n{}\n%%EOF\n", base.len()).as_bytes()),
                ),
                ("encrypted", plus(b"trailer\n<</Size 60/Root 1 0 R/Encrypt 40 0 R>>\n%%EOF\n")),
                ("an empty one", plus(b"trailer\n<<>>\n%%EOF\n")),
                (
                    "a table without a trailer",
                    plus(format!("xref\n4 1\n0000000009 00000 n \nstartxref\n{}\n%%EOF\n", base.len()).as_bytes()),
                ),
                (
                    "a table without a startxref",
                    plus(format!("xref\n0 0\ntrailer\n<</Size 60/Root 1 0 R/Prev {prev}>>\n%%EOF\n").as_bytes()),
                ),
            ],
            "trailing_bytes",
        )
}

/// What looks like an end stands in a string, a stream or a comment of the signed revision, and the range goes just there.
fn false_end() -> Family {
    let end = "startxref\n9\n%%EOF\n";
    let dictionary = signature("");
    let make = |last: &str, upto: Option<&str>| {
        let mut all = objects(&dictionary, &[]);
        all.retain(|(n, _)| *n != 14);
        all.push((14, last));
        let bytes = write(&all, "");
        let whole = bytes.len();
        let to = upto.map_or(whole, |what| find(&bytes, what.as_bytes()).expect("there") + what.len());
        seal_to(bytes, to)
    };
    let in_stream = format!("<</Length {}>>\nstream\n{end}\nendstream", end.len());
    let in_string = format!("<</Note({end})>>");
    let in_comment = format!("<</Note 1>>\n%{}", end.replace('\n', " "));
    let whole = "trailer\n<</Size 1/Root 1 0 R>>\nstartxref\n9\n%%EOF\n";
    let in_trailer = format!("<</Length {}>>\nstream\n{whole}\nendstream", whole.len());
    let mut family = Family::new(
        "false_end_in_the_file",
        "%%EOF in a string, a stream or a comment: a reader that scans takes it for the end of a revision",
    );
    for (what, body) in
        [("a stream", &in_stream), ("a string", &in_string), ("a comment", &in_comment), ("a stream with a trailer", &in_trailer)]
    {
        family = family.control(format!("{what}, signed whole"), make(body, None));
    }
    family
        .refused("up to the one in a stream", make(&in_stream, Some(end)), "coverage_broken")
        .refused("up to the one in a string", make(&in_string, Some(end)), "coverage_broken")
        .refused("up to the one in a comment", make(&in_comment, Some("%startxref 9 %%EOF ")), "coverage_broken")
        .refused("up to the trailer in a stream", make(&in_trailer, Some(whole)), "coverage_broken")
        .refused("within the one in a stream", make(&in_stream, Some("startxref\n9\n%%EOF")), "coverage_broken")
}

/// The same in an update's trailer or objects: not the end of what was signed, and not of the update either.
fn end_in_update() -> Family {
    let base = signed();
    let note = |text: &str| format!("/Note({text})");
    let end = format!("startxref\n{}\n%%EOF\n", last_xref(&base));
    let strings = [end.clone(), "%%EOF".to_owned(), "trailer\n<</Size 4>>".to_owned(), "xref\n0 0\n".to_owned()];
    let mut family =
        Family::new("false_end_in_an_update", "%%EOF inside an update's trailer: a reader that scans takes the update for something else");
    for (name, text) in ["startxref", "an end", "a trailer", "a table"].iter().zip(&strings) {
        family = family.control(
            format!("{name} in the trailer, information"),
            updated(&base, &[(20, "<</Title(Loan)>>")], &format!("/Info 20 0 R{}", note(text))),
        );
        family = family.refused(format!("{name} in the trailer, another text"), updated(&base, &[(4, OTHER)], &note(text)), "later_change");
        let stream = format!("<</Length {}>>\nstream\n{text}\nendstream", text.len());
        family =
            family.refused(format!("{name} in a stream, another text"), updated(&base, &[(4, OTHER), (40, &stream)], ""), "later_change");
        let string = format!("({text})");
        family =
            family.refused(format!("{name} in a string, another text"), updated(&base, &[(4, OTHER), (40, &string)], ""), "later_change");
    }
    let comment = OTHER.replace("endstream", &format!("endstream\n%{}", end.replace('\n', " ")));
    family.refused("in a comment, another text", updated(&base, &[(4, &comment)], ""), "later_change")
}

fn linearised_late() -> Family {
    let base = signed();
    let dictionary = |len: usize| format!("<</Linearized 1/L {len}/H[0 0]/O 3/E {len}/N 1/T {len}>>");
    let len = base.len();
    let listed = |body: &str| updated(&base, &[(40, body)], "");
    Family::new("linearised_late", "a linearisation dictionary behind the file: a reader that looks for one believes its offsets")
        .control("one that is signed along", with(&[(40, &dictionary(9_999))]))
        .refused("behind the end", plus(object(40, &dictionary(len)).as_bytes()), "trailing_bytes")
        .refused("behind the end, of number 1", plus(object(1, &dictionary(len)).as_bytes()), "trailing_bytes")
        .refused("behind the end, an end of its own", plus(format!("{}%%EOF\n", object(40, &dictionary(len))).as_bytes()), "trailing_bytes")
        .refused("behind a second header", plus(format!("%PDF-1.7\n{}", object(40, &dictionary(len))).as_bytes()), "trailing_bytes")
        .refused("in an update", listed(&dictionary(len)), "later_change")
        .refused("in an update, the length of the whole", listed(&dictionary(len + 400)), "later_change")
        .refused(
            "in an update that does not list it",
            finish(&base, plus(object(40, &dictionary(len)).as_bytes()), "0 0\n", ""),
            "later_change",
        )
}

fn junk_before() -> Family {
    let base = signed();
    let before = |what: &[u8]| [what, base.as_slice()].concat();
    let dictionary = signature("");
    // Signed with the junk, the offsets counting from the header as readers allow.
    let all = write(&objects(&dictionary, &[]), "");
    let signed_along = seal([&b"junk\n"[..], &all].concat());
    Family::new(
        "junk_before_the_header",
        "bytes before the header: the signed range begins with the file's first byte, and so does the file",
    )
    .control("none", base.clone())
    .control("signed along", signed_along)
    .all_refused(
        [
            ("a line end", before(b"\n")),
            ("a space", before(b" ")),
            ("a zero byte", before(b"\0")),
            ("a mark of byte order", before(b"\xef\xbb\xbf")),
            ("a comment", before(b"% hello\n")),
            ("a script's first line", before(b"#!/bin/sh\n")),
            ("a program's first bytes", before(b"MZ\x90\0")),
            ("markup", before(b"<html><body>paid</body></html>")),
            ("1,000 spaces", before(&[b' '; 1000])),
        ],
        "byte_range_mismatch",
    )
    .unreadable("a second header", before(b"%PDF-1.4\n"), "pdf_damaged")
    .unreadable("a second header and an object", before(format!("%PDF-1.4\n{}", object(4, OTHER)).as_bytes()), "pdf_damaged")
    .unreadable("more than a header may be away", before(&[b' '; 2000]), "not_pdf")
}

/// Cut within the last revision.
fn cut() -> Family {
    let base = signed();
    let twice = super::super::seal::countersigned(&base, "", "", &[]);
    let upto = |what: &[u8]| twice[..super::super::document::find_last(&twice, what).expect("there")].to_vec();
    Family::new("cut_within_an_update", "the newest revision is cut: what it said, and who had signed it, is gone")
        .control("whole", twice.clone())
        .control("cut where the first revision ends", twice[..base.len()].to_vec())
        .all_refused(
            [
                ("before the last number", upto(b"\n%%EOF")),
                ("before startxref", upto(b"startxref")),
                ("before the trailer", upto(b"trailer")),
                ("before the table", upto(b"xref\n6 1")),
                ("within the signature", upto(b"/Contents<")),
                ("one object", twice[..base.len() + 60].to_vec()),
                ("three bytes", twice[..base.len() + 3].to_vec()),
            ],
            "trailing_bytes",
        )
}
