//! What becomes an object without being named by any table of the update: because an old table leads there, or because it looks like one to
//! a reader that rebuilds the file; and updates written so that some readers do rebuild it.

use super::super::Family;
use super::super::document::{CONTENT, find, find_last, finish, last_xref};
use super::super::page::{CATALOG, FIELD, FONT, FORM, OTHER, PAGE, PAGES, signed, unsealed};
use super::super::seal::{countersigned, seal, signature};
use super::super::sections::{container, put, row, stream as hexed};
use super::deed::stream;

const LATER: &str = "later_change";
const TRAILING: &str = "trailing_bytes";

pub(crate) fn families() -> Vec<Family> {
    vec![places_beyond(), heads_within(), base_twofold(), tables_untidy(), streams_untidy(), ends_untidy()]
}

/// Metadata that say nothing.
const XMP: &str = "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>";

/// The same with that text in a comment.
fn saying(text: &str) -> String {
    format!("{}{text}--></x:xmpmeta>", XMP.replace("/>", "><!--"))
}

fn object(number: u32, body: &str) -> String {
    format!("{number} 0 obj\n{body}\nendobj\n")
}

fn entry(number: u32, at: usize) -> String {
    format!("{number} 1\n{at:010} 00000 n \n")
}

/// Signed, with the entry of object `number` leading `distance` bytes behind the end; and that place.
fn leading(number: u32, distance: usize, others: &[(u32, &str)]) -> (Vec<u8>, usize) {
    let mut bytes = unsealed(&signature(""), others, "");
    let old = find(&bytes, format!("\n{number} 0 obj").as_bytes()).expect("the object") + 1;
    let goal = bytes.len() + distance;
    let at = find(&bytes, format!("{old:010} 00000 n").as_bytes()).expect("its entry");
    bytes[at..at + 10].copy_from_slice(format!("{goal:010}").as_bytes());
    (seal(bytes), goal)
}

/// An update that brings metadata with `text` in them, at that place of the file.
fn with_metadata(base: &[u8], goal: usize, text: &str) -> Vec<u8> {
    let mut out = base.to_vec();
    let catalog = put(&mut out, 1, &CATALOG.replace("/AcroForm", "/Metadata 30 0 R/AcroForm"));
    let at = out.len();
    let head = "30 0 obj\n<</Type/Metadata/Subtype/XML/Length 0000>>\nstream\n";
    let opened = XMP.replace("/>", "><!--");
    let data = format!("{opened}{}{text}--></x:xmpmeta>", "\n".repeat(goal - at - head.len() - opened.len()));
    out.extend_from_slice(format!("{}{data}\nendstream\nendobj\n", head.replace("0000", &format!("{:04}", data.len()))).as_bytes());
    finish(base, out, &(entry(1, catalog) + &entry(30, at)), "")
}

/// The same as it must be: metadata, and nothing else.
fn plain(base: &[u8], metadata: &str) -> Vec<u8> {
    let mut out = base.to_vec();
    let catalog = put(&mut out, 1, &CATALOG.replace("/AcroForm", "/Metadata 30 0 R/AcroForm"));
    let at = put(&mut out, 30, metadata);
    finish(base, out, &(entry(1, catalog) + &entry(30, at)), "")
}

/// Every viewer that was tried shows the old text by rebuilding the file, and the new one once there is something at that place.
fn places_beyond() -> Family {
    let mut family = Family::new(
        "places_beyond_the_end",
        "a signed table leads behind the signed bytes, where an update puts another object without naming it",
    );
    let (text, goal) = leading(4, 3000, &[]);
    let xml = stream("/Type/Metadata/Subtype/XML", XMP);
    family = family
        .control("nothing is there", text.clone())
        .control("an update that brings nothing there", plain(&text, &xml))
        .control("an update that ends there", plain(&leading(4, 300_000, &[]).0, &xml))
        .refused("a text, in metadata", with_metadata(&text, goal, &object(4, OTHER)), LATER)
        .refused("the same text, in metadata", with_metadata(&text, goal, &object(4, CONTENT)), LATER)
        .refused(
            "a text, and a second signature",
            {
                let (text, goal) = leading(4, 3000, &[]);
                countersigned(&with_metadata(&text, goal, &object(4, OTHER)), "", "", &[])
            },
            LATER,
        );
    let font = "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>";
    let (base, goal) = leading(5, 3000, &[]);
    family = family.refused("a font, in metadata", with_metadata(&base, goal, &object(5, font)), LATER);
    // On one line, a comment hides all of it.
    let in_comment = {
        let mut out = base.clone();
        out.extend_from_slice(format!("%{}5 0 obj {font} endobj\n", "x".repeat(goal - base.len() - 1)).as_bytes());
        finish(&base, out, "0 0\n", "")
    };
    family = family.refused("a font, in a comment", in_comment, LATER);
    // It begins in the signed bytes and ends in the update's.
    let (begun, goal) = begun();
    family = family.control("a text that only begins", begun.clone()).refused(
        "a text that begins in a signed comment and ends in metadata",
        with_metadata(&begun, goal, &format!("{SHOWN}\nendstream\nendobj\n")),
        LATER,
    );
    // The object stream that holds the font stands there; the font itself is named by no place at all.
    let holder = container(&[(5, font)], "");
    let (packed, goal) = packed_beyond(3000);
    family.control("an object stream that is not there", packed.clone()).refused(
        "an object stream",
        with_metadata(&packed, goal, &object(20, &holder)),
        LATER,
    )
}

const SHOWN: &str = "BT /F1 12 Tf 72 720 Td (The borrower repays 999 rupees.) Tj ET";

/// Signed: the page's text begins in the comment before `startxref`, and is longer than the file; and where its last line has to stand.
fn begun() -> (Vec<u8>, usize) {
    let mut bytes = unsealed(&signature(""), &[], "");
    let old = find(&bytes, b"\n4 0 obj").expect("the text") + 1;
    let comment = "%4 0 obj<</Length 3000>>stream\n";
    let at = find_last(&bytes, b"startxref").expect("the end");
    bytes.splice(at..at, comment.bytes());
    let entry = find(&bytes, format!("{old:010} 00000 n").as_bytes()).expect("its entry");
    bytes[entry..entry + 10].copy_from_slice(format!("{:010}", at + 1).as_bytes());
    (seal(bytes), at + comment.len() + 3000 - SHOWN.len())
}

/// Signed: the font lies in object stream 20, which leads behind the end.
fn packed_beyond(distance: usize) -> (Vec<u8>, usize) {
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let dictionary = signature("");
    let mut places = [0; 22];
    for (number, body) in [(1, CATALOG), (2, PAGES), (3, PAGE), (4, CONTENT), (6, FORM), (10, FIELD), (11, dictionary.as_str()), (12, FONT)]
    {
        places[number as usize] = put(&mut out, number, body);
    }
    let at = out.len();
    let table = |goal: usize| {
        let mut rows = Vec::new();
        for (number, place) in places.iter().enumerate() {
            rows.extend(match number {
                5 => row(2, 20, 0),
                20 => row(1, goal, 0),
                21 => row(1, at, 0),
                _ => row(u8::from(*place > 0), *place, 0),
            });
        }
        let mut end = out.clone();
        put(&mut end, 21, &hexed("/Type/XRef/Size 22/W[1 4 2]/Root 1 0 R/ID[<01><02>]", &rows));
        end.extend_from_slice(format!("startxref\n{at}\n%%EOF\n").as_bytes());
        end
    };
    let goal = table(0).len() + distance;
    (seal(table(goal)), goal)
}

/// A reader that rebuilds a file takes the last thing that looks like an object of that number.
fn heads_within() -> Family {
    let base = signed();
    let metadata = |text: &str| plain(&base, &stream("/Type/Metadata/Subtype/XML", &saying(text)));
    let behind = |text: &str| {
        let out = [&base[..], text.as_bytes()].concat();
        finish(&base, out, "0 0\n", "")
    };
    let mut family =
        Family::new("heads_within", "an object in the middle of metadata, a string or a comment, for readers that rebuild the file")
            .control("metadata that speak of objects", metadata("4 obj, 12 objects, obj 4 0, 4 0 endobj, 4 0 R obj"))
            .control("a comment that does", behind("% 4 0 R is no obj\n"));
    for (name, body) in [("a text", OTHER), ("the same text", CONTENT)] {
        family = family.refused(format!("{name} in metadata"), metadata(&format!("\n{}", object(4, body))), LATER);
    }
    let font = "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Symbol>>endobj";
    for (name, bytes) in [
        ("a font in metadata", metadata(font)),
        ("a font behind white space", metadata(&font.replacen(' ', "\r\n\t", 2))),
        ("a font behind much white space", metadata(&font.replacen(' ', &" ".repeat(3000), 1))),
        ("a font behind comments", metadata(&font.replacen(' ', " % 1\n%2\n", 2))),
        ("a font glued to its head", metadata(&font.replacen(" obj", "obj", 1))),
        ("a font in a comment", behind(&format!("%{font}\n"))),
        ("a font in a comment on its last line", behind(&format!("% one\n%\n% {font}\n"))),
        ("a font in a string", finish(&base, base.clone(), "0 0\n", &format!("/Note({font})"))),
        ("a font at a border of the search", metadata(&format!("{}{font}", " ".repeat((64 << 10) - 300)))),
    ] {
        family = family.refused(name, bytes, LATER);
    }
    family
}

/// Behind junk, offsets count from the file's first byte to some readers and from the header to others.
fn base_twofold() -> Family {
    let junk = format!("%{}\n", "j".repeat(898));
    // The other section is one line by tokens, so that it is a comment to us.
    let make = |second: &str| {
        let dictionary = signature("");
        let whole = unsealed(&dictionary, &[], "");
        let at = last_xref(&whole);
        let mut table = String::from("xref\n0 15\n0000000000 65535 f \n");
        for number in 1..15 {
            match find(&whole, format!("\n{number} 0 obj").as_bytes()) {
                Some(place) => table += &format!("{:010} 00000 n \n", place + 1 + junk.len()),
                None => table += "0000000000 00000 f \n",
            }
        }
        table += "trailer\n<</Size 15/Root 1 0 R/ID[<01><02>]>>\n";
        let start = at + junk.len();
        let pad = start + junk.len() - (start + table.len());
        let end = format!("{table}%{}{second}\nstartxref\n{start}\n%%EOF\n", "p".repeat(pad - 1));
        seal([junk.as_bytes(), &whole[..at], end.as_bytes()].concat())
    };
    Family::new(
        "base_twofold",
        "a section by offsets from the file's first byte, another by offsets from its header: two readers, two documents",
    )
    .control("one section", make("pp"))
    .unreadable("another table", make("xref 0 1 0000000000 65535 f  trailer <</Size 15/Root 1 0 R>>"), "pdf_damaged")
}

/// The signed revision holds another text in the middle of a stream: it waits for a reader that rebuilds the file. So many spaces stand before
/// its table.
fn waiting(spaces: usize) -> Vec<u8> {
    let mut bytes = unsealed(&signature(""), &[(14, &stream("", &format!("\n{}", object(4, OTHER))))], "");
    let table = last_xref(&bytes);
    let named = format!("startxref\n{table}");
    let at = find_last(&bytes, named.as_bytes()).expect("the end");
    bytes.splice(at..at + named.len(), format!("startxref\n{}", table + spaces).into_bytes());
    bytes.splice(table..table, vec![b' '; spaces]);
    seal(bytes)
}

/// An update that brings metadata, its catalog written so.
fn headed(base: &[u8], catalog: &dyn Fn(String) -> String, table: &dyn Fn(String) -> String, end: &dyn Fn(String) -> String) -> Vec<u8> {
    let mut out = base.to_vec();
    let one = out.len();
    out.extend_from_slice(catalog(object(1, &CATALOG.replace("/AcroForm", "/Metadata 30 0 R/AcroForm"))).as_bytes());
    let thirty = put(&mut out, 30, &stream("/Type/Metadata/Subtype/XML", XMP));
    let xref = out.len();
    out.extend_from_slice(table(format!("xref\n{}{}", entry(1, one), entry(30, thirty))).as_bytes());
    let prev = last_xref(base);
    let trailer = format!("trailer\n<</Size 60/ID[<01><03>]/Prev {prev}/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n");
    out.extend_from_slice(end(trailer).as_bytes());
    out
}

fn same(text: String) -> String {
    text
}

/// How an update's table is written.
fn tables_untidy() -> Family {
    let base = waiting(0);
    let make = |change: &dyn Fn(String) -> String| headed(&base, &same, change, &same);
    let one = |from: &'static str, to: &'static str| make(&move |table| table.replacen(from, to, 1));
    let mut family =
        Family::new("tables_untidy", "an update whose table some readers cannot read: they rebuild the file, and find what it hides")
            .control("as it must be", make(&same))
            .control("line ends of one character", make(&|table| table.replace(" n \n", " n\n")))
            .control("line ends of three characters", make(&|table| table.replace(" n \n", " n \r\n")))
            .control("subsections with spaces and zeros", one("30 1\n", "0030   0001 \n"))
            .control("a subsection of nothing", one("xref\n", "xref\n0 0\n"));
    for (name, bytes) in [
        ("a digit more", make(&|table| table.replace(" 00000 n", "700000 n"))),
        ("a letter between", make(&|table| table.replace(" 00000 n", "x00000 n"))),
        ("a digit before n", make(&|table| table.replace("00000 n", "000000n"))),
        ("a letter before n", make(&|table| table.replace("00000 n", "00000xn"))),
    ] {
        family = family.unreadable(name, bytes, "pdf_damaged");
    }
    let more = make(&|table| format!("{}0000000000 00000 fxx", table.replacen("30 1\n", "30 2\n", 1)));
    family.refused("letters in place of a line end", more, LATER).all_refused(
        [
            ("no space behind xref", one("xref\n", "xref")),
            ("a comment behind xref", one("xref\n", "xref%\n")),
            ("a comment in a subsection's head", one("30 1\n", "30%\n1\n")),
            ("signs in a subsection's head", one("30 1\n", "+30 +1\n")),
            ("a subsection beyond all numbers", one("xref\n", "xref\n4000000000 0\n")),
        ],
        TRAILING,
    )
}

/// How an update's cross-reference stream is written, and the object stream that holds its catalog.
fn streams_untidy() -> Family {
    let base = waiting(0);
    let catalog = CATALOG.replace("/AcroForm", "/Metadata 30 0 R/AcroForm");
    let make = |head: &str, more: &str, index: &str, between: Vec<u8>, size: &str| {
        let mut out = base.clone();
        let xml = put(&mut out, 30, &stream("/Type/Metadata/Subtype/XML", XMP));
        let count = head.split_whitespace().count() / 2;
        let holder = hexed(&format!("/Type/ObjStm/N {count}/First {}", head.len()), format!("{head}{catalog}{more}").as_bytes());
        let holder = put(&mut out, 31, &holder);
        let at = out.len();
        let rows = [row(2, 31, 0), between, row(1, xml, 0), row(1, holder, 0), row(1, at, 0)].concat();
        let prev = last_xref(&base);
        put(
            &mut out,
            32,
            &hexed(&format!("/Type/XRef/Size {size}/W[1 4 2]/Index[1 1{index} 30 3]/Root 1 0 R/ID[<01><03>]/Prev {prev}"), &rows),
        );
        out.extend_from_slice(format!("startxref\n{at}\n%%EOF\n").as_bytes());
        out
    };
    let with = |index: &str, between: Vec<u8>, size: &str| make("1 0 ", "", index, between, size);
    let held = |head: &str| make(head, " null", "", Vec::new(), "90");
    Family::new("streams_untidy", "an update whose streams some readers cannot read: they rebuild the file, and find what it hides")
        .control("as it must be", with("", Vec::new(), "90"))
        .control("a free number more", with(" 20 1", row(0, 0, 1), "90"))
        .control("a run of nothing", with(" 99 0", Vec::new(), "90"))
        .control("zeros in the object stream's head", make("0001 000 ", "", "", Vec::new(), "90"))
        .refused("a type of entry that nobody knows", with(" 20 1", row(9, 77, 0), "90"), LATER)
        .refused("a run beyond all numbers", with(" 4000000000 0", Vec::new(), "90"), LATER)
        .refused("more objects than any reader takes", with("", Vec::new(), "2147483647"), LATER)
        .refused("a number twice in the object stream", held("1 0 1 0 "), LATER)
        .refused("a number twice in the object stream, the other elsewhere", held(&format!("1 0 1 {} ", catalog.len() + 1)), LATER)
}

/// How an update begins its objects and how it ends.
fn ends_untidy() -> Family {
    let base = waiting(0);
    let make = |change: &dyn Fn(String) -> String| headed(&base, &same, &same, change);
    let behind = |text: &'static str| make(&move |end| end.replacen("startxref\n", &format!("startxref\n{text}"), 1));
    let shifted = |n: usize| headed(&base, &same, &move |table| format!("{}{table}", " ".repeat(n)), &same);
    let catalog = |head: &'static str| headed(&base, &move |object| object.replacen("1 0 obj", head, 1), &same, &same);
    let prev = |spaces: usize, less: usize| {
        let base = waiting(spaces);
        let last = last_xref(&base);
        headed(&base, &same, &same, &move |end| end.replacen(&format!("/Prev {last}"), &format!("/Prev {}", last - less), 1))
    };
    Family::new("ends_untidy", "an update whose end some readers cannot read: they rebuild the file, and find what it hides")
        .control("as it must be", make(&same))
        .control("zeros before the number", behind("0000"))
        .control("spaces before the number", behind("    "))
        .control("a comment behind the trailer", make(&|end| end.replacen("startxref", "%\nstartxref", 1)))
        .control("a space before the table", shifted(1))
        .control("/Prev to the space before the table", prev(1, 1))
        .control("zeros in an object's head", catalog("0001 0000 obj"))
        .refused("a sign before the number", behind("+"), TRAILING)
        .refused("a comment before the number", behind("%\n"), TRAILING)
        .refused("an end far away", make(&|end| end.replacen("\n%%EOF", &format!("{}\n%%EOF", " ".repeat(1100)), 1)), LATER)
        .refused("/XRefStm 0", make(&|end| end.replacen("/Root", "/XRefStm 0/Root", 1)), LATER)
        .refused("two spaces before the table", shifted(2), LATER)
        .refused("forty spaces before the table", shifted(40), LATER)
        .refused("/Prev to two spaces before the table", prev(2, 2), LATER)
        .refused("/Prev to forty spaces before the table", prev(40, 40), LATER)
        .unreadable("a comment in an object's head", catalog("1%\n0 obj"), "pdf_damaged")
        .unreadable("a comment behind an object's numbers", catalog("1 0%\nobj"), "pdf_damaged")
}
