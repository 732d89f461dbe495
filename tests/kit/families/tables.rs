//! Cross-reference sections that show one reader what was signed and another what was not: hybrids, numbers that stand twice, generations,
//! object streams, chains.

use super::super::Family;
use super::super::document::{CONTENT, agreement, find, finish, last_xref, signed as signed_by_the_library};
use super::super::page::{CATALOG, FIELD, FONT, FORM, OTHER, PAGE, PAGES, signed, with};
use super::super::seal::{seal, signature};
use super::super::sections::{closed_by_stream, container, packed, put, row, stream};

const COURIER: &str = "<</Type/Font/Subtype/Type1/BaseFont/Courier>>";

pub(crate) fn families() -> Vec<Family> {
    vec![
        hybrid_signed(),
        hybrid_later(),
        hybrid_carried(),
        number_twice(),
        generations(),
        object_streams(),
        container_replaced(),
        chain(),
        roots(),
        offsets(),
    ]
}

/// `number 1` and its entry in use, for a table.
fn entry(number: u32, at: usize) -> String {
    format!("{number} 1\n{at:010} 00000 n \n")
}

/// Where that object stands in the file, the first time.
fn place(bytes: &[u8], number: u32) -> usize {
    find(bytes, format!("\n{number} 0 obj").as_bytes()).expect("the object") + 1
}

/// The signed revision is a hybrid: `shown` are objects of its stream, `free` those that its table says free of, and its stream lists so
/// many numbers beside.
fn hybrid(shown: &[(u32, &str)], free: &[u32], packed: bool, beside: u32) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let dictionary = signature("");
    let mut table = String::from("0 1\n0000000000 65535 f \n");
    let all = [(1, CATALOG), (2, PAGES), (3, PAGE), (4, CONTENT), (5, FONT), (6, FORM), (10, FIELD), (11, dictionary.as_str()), (13, "7")];
    for (number, body) in all {
        if free.contains(&number) {
            table.push_str(&format!("{number} 1\n0000000000 00000 f \n"));
        } else {
            table.push_str(&entry(number, put(&mut out, number, body)));
        }
    }
    let (mut index, mut rows) = (String::new(), Vec::new());
    if packed {
        table.push_str(&entry(50, put(&mut out, 50, &container(shown, ""))));
    }
    if beside > 0 {
        index.push_str(&format!("1000 {beside} "));
        rows.resize(7 * beside as usize, 0);
        rows.chunks_exact_mut(7).for_each(|row| row[0] = 1);
    }
    for (at, (number, body)) in shown.iter().enumerate() {
        index.push_str(&format!("{number} 1 "));
        rows.extend(if packed { row(2, 50, at) } else { row(1, put(&mut out, *number, body), 0) });
    }
    let at = out.len();
    let dict = format!("/Type/XRef/Size 60/W[1 4 2]/Index[{}]/Root 1 0 R", index.trim_end());
    if beside > 0 {
        put_deflated(&mut out, 51, &dict, &rows);
    } else {
        put(&mut out, 51, &stream(&dict, &rows));
    }
    let xref = out.len();
    out.extend_from_slice(format!("xref\n{table}trailer\n<</Size 60/Root 1 0 R/XRefStm {at}>>\nstartxref\n{xref}\n%%EOF\n").as_bytes());
    seal(out)
}

/// A stream object whose bytes are deflated.
fn put_deflated(out: &mut Vec<u8>, number: u32, dict: &str, data: &[u8]) {
    use std::io::Write as _;
    let mut deflated = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    deflated.write_all(data).expect("into memory");
    let deflated = deflated.finish().expect("into memory");
    out.extend_from_slice(format!("{number} 0 obj\n<<{dict}/Filter/FlateDecode/Length {}>>\nstream\n", deflated.len()).as_bytes());
    out.extend_from_slice(&deflated);
    out.extend_from_slice(b"\nendstream\nendobj\n");
}

fn hybrid_signed() -> Family {
    let annotated = PAGE.replace("10 0 R", "10 0 R 13 0 R");
    let mut family = Family::new(
        "hybrid_conflict",
        "a number is in use in both table and stream of a hybrid: old readers show one text, new readers another",
    )
    .control("free in the table, used in the stream", hybrid(&[(5, FONT)], &[5], false, 0))
    .control("the same in an object stream", hybrid(&[(3, PAGE), (5, FONT)], &[3, 5], true, 0))
    .control("the same in both", hybrid(&[(5, FONT)], &[], false, 0))
    .control("an empty stream", hybrid(&[], &[], false, 0));
    for (name, number, body, packed) in [
        ("another text", 4, OTHER, false),
        ("another font", 5, COURIER, false),
        ("another font in an object stream", 5, COURIER, true),
        ("another page", 3, annotated.as_str(), false),
        ("another page in an object stream", 3, annotated.as_str(), true),
        ("another page tree", 2, "<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>", false),
        ("another catalog", 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Lang(en)>>", false),
        ("another form", 6, "<</Fields[]>>", true),
        ("no field", 10, "null", false),
        ("another number", 13, "8", false),
        ("another number in an object stream", 13, "8", true),
    ] {
        family = family.refused(name, hybrid(&[(number, body)], &[], packed, 0), "hybrid_conflict");
    }
    family.refused("another text behind a million numbers", hybrid(&[(4, OTHER)], &[], false, 1_000_001), "hybrid_conflict")
}

fn hybrid_later() -> Family {
    let base = signed();
    let make = |table: &[(u32, usize)], shown: &[(u32, usize)], mut out: Vec<u8>| {
        let at = out.len();
        let index: String = shown.iter().map(|(n, _)| format!("{n} 1 ")).collect();
        let rows: Vec<u8> = shown.iter().flat_map(|(_, at)| row(1, *at, 0)).collect();
        put(&mut out, 50, &stream(&format!("/Type/XRef/Size 60/W[1 4 2]/Index[{}]/Root 1 0 R", index.trim_end()), &rows));
        let entries: String = table.iter().map(|(n, at)| entry(*n, *at)).collect();
        finish(&base, out, if entries.is_empty() { "0 0\n" } else { &entries }, &format!("/XRefStm {at}"))
    };
    let mut family = Family::new("hybrid_update", "an update whose stream says something else than its table")
        .control("an empty hybrid", make(&[], &[], base.clone()))
        .control("the old object in both", make(&[(4, place(&base, 4))], &[(4, place(&base, 4))], base.clone()));
    for (name, number, body) in [
        ("text", 4, OTHER),
        ("font", 5, COURIER),
        ("form", 6, "<</Fields[]>>"),
        ("page", 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"),
    ] {
        let old = place(&base, number);
        let mut out = base.clone();
        let new = put(&mut out, number, body);
        family = family
            .refused(
                format!("{name}: old in the table, new in the stream"),
                make(&[(number, old)], &[(number, new)], out.clone()),
                "later_change",
            )
            .refused(
                format!("{name}: new in the table, old in the stream"),
                make(&[(number, new)], &[(number, old)], out.clone()),
                "later_change",
            )
            .refused(format!("{name}: new in the stream alone"), make(&[], &[(number, new)], out.clone()), "later_change")
            .refused(format!("{name}: new in both"), make(&[(number, new)], &[(number, new)], out), "later_change");
    }
    family
}

/// Updates of a hybrid that carry its `/XRefStm` along, as many programs write them: some readers look into the stream each time.
fn hybrid_carried() -> Family {
    let base = hybrid(&[(5, FONT)], &[5], false, 0);
    let at = find(&base, b"51 0 obj").expect("the stream");
    let carrying = format!("/XRefStm {at}");
    let again = |bytes: &[u8], entries: &str, trailer: &str| finish(bytes, bytes.to_vec(), entries, trailer);
    let brings = |bytes: &[u8], number: u32, body: &str, trailer: &str| {
        let mut out = bytes.to_vec();
        let new = put(&mut out, number, body);
        finish(bytes, out, &entry(number, new), trailer)
    };
    let once = again(&base, "0 0\n", &carrying);
    // A hybrid of its own in between: it is not this one's stream that is carried on.
    let another = |number: u32, body: &str| {
        let mut out = base.clone();
        let new = put(&mut out, number, body);
        let own = out.len();
        put(&mut out, 52, &stream("/Type/XRef/Size 60/W[1 4 2]/Index[0 0]/Root 1 0 R", b""));
        finish(&base, out, &entry(number, new), &format!("/XRefStm {own}"))
    };
    let mut family = Family::new("hybrid_carried", "an update carries a hybrid's stream along, and says something else than it")
        .control("carried once", once.clone())
        .control("carried by three updates", again(&again(&once, "0 0\n", &carrying), "0 0\n", &carrying))
        .control("carried, and not any more", again(&once, "0 0\n", ""))
        .control("not carried, and again", again(&again(&base, "0 0\n", ""), "0 0\n", &carrying));
    for (name, bytes) in [
        ("another font beside it", brings(&base, 5, COURIER, &carrying)),
        ("another font, and then it", again(&brings(&base, 5, COURIER, ""), "0 0\n", &carrying)),
        ("another font in a hybrid, and then it", again(&another(5, COURIER), "0 0\n", &carrying)),
        ("it, and then another font", brings(&once, 5, COURIER, "")),
        ("another text beside it", brings(&base, 4, OTHER, &carrying)),
        ("the font taken away", again(&base, "5 1\n0000000000 00001 f \n", "")),
    ] {
        family = family.refused(name, bytes, "later_change");
    }
    family
}

fn number_twice() -> Family {
    let base = signed();
    let by_stream = packed();
    let mut family = Family::new("number_twice", "two entries for one number in one section: a reader takes the first or the last")
        .control("twice the same", finish(&base, base.clone(), &entry(4, place(&base, 4)).repeat(2), ""));
    for (name, number, body) in [("text", 4, OTHER), ("font", 5, COURIER), ("page", 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")] {
        let mut out = base.clone();
        let (old, new) = (place(&base, number), put(&mut out, number, body));
        family = family
            .refused(
                format!("{name}: old, then new"),
                finish(&base, out.clone(), &(entry(number, old) + &entry(number, new)), ""),
                "later_change",
            )
            .refused(format!("{name}: new, then old"), finish(&base, out, &(entry(number, new) + &entry(number, old)), ""), "later_change");
    }
    let mut out = by_stream.clone();
    let (old, new) = (place(&by_stream, 4), put(&mut out, 4, OTHER));
    let two = |first: usize, second: usize| closed_by_stream(&by_stream, out.clone(), 32, &[(4, 1, first, 0), (4, 1, second, 0)], "");
    family
        .refused("in a stream: old, then new", two(old, new), "later_change")
        .refused("in a stream: new, then old", two(new, old), "later_change")
        .refused(
            "in a stream: free, then new",
            closed_by_stream(&by_stream, out.clone(), 32, &[(4, 0, 0, 0), (4, 1, new, 0)], ""),
            "later_change",
        )
}

fn generations() -> Family {
    // The page names generation 1 of a number that is not in use.
    let page = PAGE.replace("/Contents 4 0 R", "/Contents[4 0 R 20 1 R 33 0 R]");
    let base = with(&[(3, &page)]);
    let with_object = |head: &str, body: &str, entry: &dyn Fn(usize) -> String| {
        let mut out = base.clone();
        let at = out.len();
        out.extend_from_slice(format!("{head} obj\n{body}\nendobj\n").as_bytes());
        finish(&base, out, &entry(at), "")
    };
    let old = place(&base, 4);
    Family::new("generations", "numbers reused: freed, with another generation, or alive where nothing was when it was signed")
        .control("references to nothing", base.clone())
        .control("an update that names neither", finish(&base, base.clone(), "0 0\n", ""))
        .refused("a generation comes alive", with_object("20 1", OTHER, &|at| format!("20 1\n{at:010} 00001 n \n")), "later_change")
        .refused("a number comes alive", with_object("33 0", OTHER, &|at| format!("33 1\n{at:010} 00000 n \n")), "later_change")
        .refused(
            "a number comes alive as a dictionary",
            with_object("33 0", "<</Type/Font>>", &|at| format!("33 1\n{at:010} 00000 n \n")),
            "later_change",
        )
        .refused("the text is free", finish(&base, base.clone(), "4 1\n0000000000 00001 f \n", ""), "later_change")
        .refused("the text has another generation", with_object("4 1", OTHER, &|at| format!("4 1\n{at:010} 00001 n \n")), "later_change")
        .refused(
            "the text has its old place and another generation",
            finish(&base, base.clone(), &format!("4 1\n{old:010} 00001 n \n"), ""),
            "later_change",
        )
        .refused("the font has another generation", with_object("5 1", COURIER, &|at| format!("5 1\n{at:010} 00001 n \n")), "later_change")
        .refused("object 0", with_object("0 0", OTHER, &|at| format!("0 1\n{at:010} 00000 n \n")), "later_change")
}

/// An update closed by a stream whose objects lie in an object stream.
fn object_streams() -> Family {
    let base = packed();
    let make = |inside: &[(u32, &str)], rows: &[(u32, u8, usize, usize)], extra: &str, info: &str| {
        let mut out = base.clone();
        let at = put(&mut out, 30, &container(inside, extra));
        let mut all = vec![(30, 1, at, 0)];
        all.extend_from_slice(rows);
        closed_by_stream(&base, out, 32, &all, info)
    };
    let page = PAGE.replace("[10 0 R]", "[7 0 R]").replace("595 842", "595 300");
    let mut family = Family::new("object_stream_override", "an update's object stream brings a number anew, or seems to")
        .control("information in an object stream", make(&[(31, "<</Title(Loan)>>")], &[(31, 2, 30, 0)], "", "/Info 31 0 R"));
    for (name, number, body) in [
        ("a font", 5, COURIER),
        ("a page", 3, page.as_str()),
        ("the catalog", 1, "<</Type/Catalog/Pages 2 0 R>>"),
        ("the form", 6, "<</Fields[]>>"),
        ("the field", 7, "<</FT/Sig/T(Bank)>>"),
        ("the text as a number", 4, "7"),
        ("an unused object", 40, "<</Type/Annot>>"),
    ] {
        family = family.refused(name, make(&[(number, body)], &[(number, 2, 30, 0)], "", ""), "later_change");
    }
    for (name, row) in [
        ("another index", (5, 2, 30, 1)),
        ("an index past the end", (5, 2, 30, 7)),
        ("a container that is none", (5, 2, 4, 0)),
        ("a container that is not there", (5, 2, 77, 0)),
        ("a container in itself", (30, 2, 30, 0)),
        ("a type of entry that nobody knows", (5, 7, 30, 0)),
    ] {
        family = family.refused(name, make(&[(5, COURIER), (31, "null")], &[row], "", ""), "later_change");
    }
    family
        .refused(
            "an unlisted object in it",
            make(&[(5, COURIER), (31, "<</Title(Loan)>>")], &[(31, 2, 30, 1)], "", "/Info 31 0 R"),
            "later_change",
        )
        .refused("/Extends to itself", make(&[(5, COURIER)], &[(5, 2, 30, 0)], "/Extends 30 0 R", ""), "later_change")
        .refused("/Extends to what was signed", make(&[(5, COURIER)], &[(5, 2, 30, 0)], "/Extends 20 0 R", ""), "later_change")
}

/// The container of signed objects, replaced in place: no table names them anew.
fn container_replaced() -> Family {
    let base = packed();
    let page = PAGE.replace("[10 0 R]", "[7 0 R]");
    let field = FIELD.replace("11 0 R", "8 0 R");
    let make = |objects: &[(u32, &str)], rows: &[(u32, u8, usize, usize)], extra: &str| {
        let mut out = base.clone();
        let at = put(&mut out, 20, &container(objects, ""));
        let mut all = vec![(20, 1, at, 0)];
        all.extend_from_slice(rows);
        closed_by_stream(&base, out, 32, &all, extra)
    };
    let helvetica = [(3, page.as_str()), (5, FONT), (7, field.as_str())];
    let info = (33, "<</Title(Loan)>>");
    let small = page.replace("595 842", "595 300");
    Family::new(
        "container_replaced",
        "the object stream that holds signed objects is replaced by another: the table still names its number",
    )
    .control("the same objects and information", make(&[helvetica[0], helvetica[1], helvetica[2], info], &[(33, 2, 20, 3)], "/Info 33 0 R"))
    .refused("another font", make(&[helvetica[0], (5, COURIER), helvetica[2]], &[], ""), "later_change")
    .refused(
        "another font and information",
        make(&[helvetica[0], (5, COURIER), helvetica[2], info], &[(33, 2, 20, 3)], "/Info 33 0 R"),
        "later_change",
    )
    .refused("another page", make(&[(3, &small), helvetica[1], helvetica[2]], &[], ""), "later_change")
    .refused("another order", make(&[helvetica[1], helvetica[0], helvetica[2]], &[], ""), "later_change")
    .unreadable("too few", make(&helvetica[..1], &[], ""), "pdf_damaged")
    .unreadable("none", make(&[], &[], ""), "pdf_damaged")
}

/// `/Prev` elsewhere than to the section before.
fn chain() -> Family {
    let original = agreement();
    let base = signed_by_the_library(&original);
    let with_prev = |prev: &str, entries: &str| {
        let mut out = base.clone();
        let at = out.len();
        out.extend_from_slice(
            format!("xref\n{entries}trailer\n<</Size 60/ID[<01><03>]/Root 1 0 R{prev}>>\nstartxref\n{at}\n%%EOF\n").as_bytes(),
        );
        out
    };
    let here = base.len();
    let last = last_xref(&base);
    let all: String = [1_u32, 2, 3, 4, 5, 6, 7, 8]
        .iter()
        .map(|n| entry(*n, super::super::document::find_last(&base, format!("\n{n} 0 obj").as_bytes()).expect("there") + 1))
        .collect();
    let stand: String = all.clone() + &entry(10, super::super::document::find_last(&base, b"\n10 0 obj").map_or(0, |at| at + 1));
    Family::new("prev_elsewhere", "an update whose /Prev passes over the signed section, goes in a circle or leads nowhere")
        .control("an update with the right one", with_prev(&format!("/Prev {last}"), "0 0\n"))
        .control("to the line end before the table", with_prev(&format!("/Prev {}", last - 1), "0 0\n"))
        .unsigned("to the original, the signed section skipped", finish(&original, base.clone(), "0 0\n", ""))
        .refused("to itself", with_prev(&format!("/Prev {here}"), "0 0\n"), "trailing_bytes")
        .refused("to an object", with_prev(&format!("/Prev {}", place(&base, 4)), "0 0\n"), "trailing_bytes")
        .refused("past the end", with_prev("/Prev 99999999", "0 0\n"), "trailing_bytes")
        .refused("negative", with_prev("/Prev -1", "0 0\n"), "trailing_bytes")
        .refused("a real number", with_prev(&format!("/Prev {last}.0"), "0 0\n"), "trailing_bytes")
        .refused("a reference", with_prev("/Prev 4 0 R", "0 0\n"), "trailing_bytes")
        .refused("two less", with_prev(&format!("/Prev {}", last - 2), "0 0\n"), "trailing_bytes")
        .refused("one more", with_prev(&format!("/Prev {}", last + 1), "0 0\n"), "trailing_bytes")
        .unsigned("none, and what was there before", with_prev("", &all))
        .unsigned("0, and what was there before", with_prev("/Prev 0", &stand))
}

fn roots() -> Family {
    // A second catalog, unused when it was signed.
    let other = "<</Type/Catalog/Pages 51 0 R/AcroForm 6 0 R>>";
    let base = with(&[(50, other), (51, "<</Type/Pages/Kids[52 0 R]/Count 1>>"), (52, "<</Type/Page/Parent 51 0 R/MediaBox[0 0 99 99]>>")]);
    let make = |extra: &str| finish(&base, base.clone(), "0 0\n", extra);
    Family::new("root_exchanged", "an update's trailer names another catalog, or two, or hides one")
        .control("an unused catalog", base.clone())
        .control("the same catalog", make("/Root 1 0 R"))
        .refused("another", make("/Root 50 0 R"), "later_change")
        .refused("two", make("/Root 1 0 R/Root 50 0 R"), "later_change")
        .refused("two, the other first", make("/Root 50 0 R/Root 1 0 R"), "later_change")
        .refused("a hidden one", make("/Root 1 0 R/Ro#6ft 50 0 R"), "later_change")
        .refused("a page", make("/Root 3 0 R"), "later_change")
        .refused("none", make("/Root null"), "trailing_bytes")
}

/// Entries that lead beside an object.
fn offsets() -> Family {
    let base = signed();
    let to = |number: u32, at: usize| finish(&base, base.clone(), &entry(number, at), "");
    let text = place(&base, 4);
    let mut family = Family::new("entry_beside_its_object", "an entry that leads beside its object: a reader that repairs finds another")
        .control("to its object", to(4, text));
    for (name, at) in [
        ("one more", text + 1),
        ("to another object", place(&base, 5)),
        ("to the page", place(&base, 3)),
        ("into the text", text + 40),
        ("to the header", 1),
        ("past the end", base.len() + 5000),
    ] {
        family = family.refused(name, to(4, at), "later_change");
    }
    family
        .refused("the font, to the text", to(5, text), "later_change")
        .unreadable("the form, to the page", to(6, place(&base, 3)), "pdf_damaged")
        .refused("of a new number, to the text", to(40, text), "later_change")
        .refused("of the signature, to the font", to(11, place(&base, 5)), "later_change")
}
