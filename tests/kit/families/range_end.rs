//! Where the signed range ends, and what it must hold: the whole of one revision, its dictionary and its cross-reference sections.

use super::super::Family;
use super::super::document::{CONTENT, find, find_last, finish, last_xref, updated, write};
use super::super::page::{CATALOG, FIELD, FONT, FORM, OTHER, PAGE, PAGES, roomy, sealed_as, signed, unsealed};
use super::super::seal::{Seal, around, range, seal, seal_to, sealed, signature};
use super::super::sections::{put, row, stream};

pub(crate) fn families() -> Vec<Family> {
    vec![
        short(),
        long(),
        tail(),
        later_update(),
        activated(),
        gap_with_objects(),
        second_block_moved(),
        sections_outside(),
        sections_inside(),
    ]
}

fn short() -> Family {
    let whole = unsealed(&signature(""), &[], "");
    let to = |end: usize| seal_to(whole.clone(), end);
    let place = |what: &[u8]| find_last(&whole, what).expect("there");
    let behind_gap = find(&whole, b"0>>>\nendobj").expect("the gap's end") + 2;
    Family::new("range_end_short", "the range stops before the revision does: what follows can be exchanged")
        .control("to the end", to(whole.len()))
        .control("to %%EOF", to(whole.len() - 1))
        .all_refused(
            [
                ("within %%EOF", to(whole.len() - 2)),
                ("before %%EOF", to(place(b"%%EOF"))),
                ("before the line end", to(place(b"\n%%EOF"))),
                ("within the offset", to(place(b"\n%%EOF") - 2)),
                ("before startxref", to(place(b"startxref"))),
                ("within the trailer", to(place(b"/Root"))),
                ("before the trailer", to(place(b"trailer"))),
                ("within the table", to(place(b"xref\n0 ") + 40)),
                ("before the table", to(place(b"xref\n0 "))),
                ("before the last object", to(place(b"14 0 obj"))),
                ("behind the dictionary", to(place(b"14 0 obj") - 1)),
                ("within the dictionary", to(behind_gap + 1)),
                ("right behind the gap", to(behind_gap)),
            ],
            "coverage_broken",
        )
}

fn long() -> Family {
    let claim = |more: usize| {
        let text = move |[a, b, c]: [usize; 3]| range([a, b, c + more]);
        sealed_as(&roomy(""), &[], &Seal { range: &text, ..Seal::default() })
    };
    let mut family = Family::new("range_end_beyond", "the range ends behind the file: readers cut it, each somewhere else")
        .control("at the end", signed());
    for more in [1, 2, 16, 100, 4096, 1 << 20, 1 << 31, 1 << 40] {
        family = family.refused(format!("{more} bytes more"), claim(more), "byte_range_mismatch");
    }
    family
}

fn tail() -> Family {
    let behind = |what: &[u8]| seal([unsealed(&signature(""), &[], "").as_slice(), what].concat());
    Family::new("range_tail", "something behind %%EOF is signed along: it belongs to no revision, and one reader opens it as the document")
        .control("one more line end", behind(b"\n"))
        .control("spaces and line ends", behind(b"  \r\n\0 \t"))
        .control("as many as may be", behind(&[b' '; 63]))
        .all_refused(
            [
                ("too many spaces", behind(&[b' '; 100])),
                ("a letter", behind(b"x")),
                ("a comment", behind(b"% a comment\n")),
                ("another %%EOF", behind(b"%%EOF\n")),
                ("a second header", behind(b"%PDF-1.7\n")),
                ("an object", behind(b"4 0 obj\nnull\nendobj\n")),
                ("another text", behind(format!("4 0 obj\n{OTHER}\nendobj\n").as_bytes())),
                ("a trailer", behind(b"trailer\n<</Root 1 0 R>>\n")),
                ("a startxref that leads nowhere", behind(b"startxref\n99999999\n%%EOF\n")),
                ("a startxref without a number", behind(b"startxref\n%%EOF\n")),
                ("a script", behind(b"<script>alert(1)</script>")),
                ("a zip's directory", behind(b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")),
            ],
            "coverage_broken",
        )
}

/// The dictionary stands in the first revision, its range goes to the end of a later one.
fn later_update() -> Family {
    let base = unsealed(&signature(""), &[], "");
    let mut family = Family::new(
        "range_over_later_update",
        "a range that goes past the revision which brought the dictionary: what came in between was not shown to the signer",
    )
    .control("signed, then updated", updated(&seal(base.clone()), &[(20, "<</Title(Loan)>>")], "/Info 20 0 R"));
    let catalog = CATALOG.replace(">>", "/Lang(en)>>");
    for (name, objects, extra) in [
        ("an empty update", vec![], ""),
        ("information", vec![(20, "<</Title(Loan)>>")], "/Info 20 0 R"),
        ("another text", vec![(4, OTHER)], ""),
        ("the same text", vec![(4, CONTENT)], ""),
        ("the field again", vec![(10, FIELD)], ""),
        ("another catalog", vec![(1, catalog.as_str())], ""),
        ("an unused object", vec![(30, "null")], ""),
    ] {
        family = family.refused(name, seal(updated(&base, &objects, extra)), "outside_own_revision");
    }
    let twice = updated(&updated(&base, &[], ""), &[(20, "<</Title(Loan)>>")], "/Info 20 0 R");
    family.refused("two updates", seal(twice), "outside_own_revision")
}

/// The dictionary is signed as part of the first revision, but only a later one makes a field of it.
fn activated() -> Family {
    let empty = FIELD.replace("/V 11 0 R", "");
    let none = FORM.replace("10 0 R", "");
    let page = PAGE.replace("10 0 R", "");
    let base = |objects: &[(u32, &str)]| seal(unsealed(&signature(""), objects, ""));
    let unused = base(&[(10, &empty)]);
    let no_field = base(&[(6, &none), (3, &page)]);
    let form = base(&[(1, "<</Type/Catalog/Pages 2 0 R>>"), (3, &page)]);
    Family::new(
        "signature_activated_later",
        "a signature that lay unused in the signed revision becomes a field's value by an update that it does not cover",
    )
    .control("used from the start", signed())
    .all_refused(
        [
            ("the value", updated(&unused, &[(10, FIELD)], "")),
            ("the field", updated(&no_field, &[(6, FORM)], "")),
            ("the field and its widget", updated(&no_field, &[(6, FORM), (3, PAGE)], "")),
            ("the form", updated(&form, &[(1, CATALOG)], "")),
        ],
        "outside_own_revision",
    )
}

/// Objects between the two parts, which nothing signs.
fn gap_with_objects() -> Family {
    let dictionary = roomy("");
    let make = |before: &[u32], behind: &[u32]| {
        let body = |number: u32| match number {
            1 => CATALOG,
            2 => PAGES,
            3 => PAGE,
            4 => CONTENT,
            5 => FONT,
            6 => FORM,
            10 => FIELD,
            _ => "<</Length 3>>\nstream\nabc\nendstream",
        };
        let all = [1, 2, 3, 4, 5, 6, 10, 14];
        let rest = all.iter().filter(|n| !before.contains(n) && !behind.contains(n));
        let mut objects: Vec<(u32, &str)> = rest.chain(before).map(|n| (*n, body(*n))).collect();
        objects.push((11, &dictionary));
        objects.extend(behind.iter().chain(&[15]).map(|n| (*n, body(*n))));
        let bytes = write(&objects, "");
        let end = bytes.len();
        let first = before.first().map(|n| find(&bytes, format!("\n{n} 0 obj").as_bytes()).expect("there") + 1);
        let next = find(&bytes, b"\n15 0 obj").expect("there") + 1;
        let shift = move |[a, b, _]: [usize; 3]| {
            let b = if behind.is_empty() { b } else { next };
            [first.unwrap_or(a), b, end - b]
        };
        // The range itself lies in the gap where objects before the dictionary do.
        sealed(bytes, end, &Seal { range: &|place| range(shift(place)), signed: &|place| around(shift(place)), ..Seal::default() })
    };
    let mut family = Family::new("gap_with_objects", "objects in the gap: they are read through the table and signed by nobody")
        .control("none", make(&[], &[]));
    for number in [1, 2, 3, 4, 5, 6, 10, 14] {
        family = family.refused(format!("object {number} behind the value"), make(&[], &[number]), "byte_range_mismatch");
    }
    for number in [1, 3, 4, 10] {
        family = family.refused(format!("object {number} before it"), make(&[number], &[]), "byte_range_mismatch");
    }
    family
        .refused("all of them behind it", make(&[], &[1, 2, 3, 4, 5, 6, 10]), "byte_range_mismatch")
        .refused("all of them before it", make(&[1, 2, 3, 4, 5, 6, 10], &[]), "byte_range_mismatch")
        .refused("on both sides", make(&[3], &[4]), "byte_range_mismatch")
}

/// Signature wrapping: the second part moves to the end, where it is hashed as before; in its place come others' objects and table.
fn second_block_moved() -> Family {
    let dictionary = roomy("");
    let make = |objects: &[(u32, &str)], close: &str, prev: bool| {
        let bytes = unsealed(&dictionary, &[], "");
        let gap = find(&bytes, b"/Contents<").expect("contents") + 9;
        let b = gap + bytes[gap..].iter().position(|c| *c == b'>').expect("an end") + 1;
        let (xref, second) = (last_xref(&bytes), bytes[b..].to_vec());
        // The moved part still says where the table is: the new table goes there.
        let mut out = bytes[..xref].to_vec();
        let table_at = out.len();
        let mut place = table_at + 1200;
        let (mut entries, mut bodies) = (String::new(), String::new());
        let own = find(&out, b"\n11 0 obj").expect("the dictionary") + 1;
        for number in [1_u32, 2, 3, 4, 5, 6, 10] {
            let known = find(&out, format!("\n{number} 0 obj").as_bytes()).expect("there") + 1;
            let at = match objects.iter().find(|(n, _)| *n == number) {
                None => known,
                Some((_, body)) => {
                    let text = format!("{number} 0 obj\n{body}\nendobj\n");
                    bodies.push_str(&text);
                    place += text.len();
                    place - text.len()
                }
            };
            entries.push_str(&format!("{number} 1\n{at:010} 00000 n \n"));
        }
        entries.push_str(&format!("11 1\n{own:010} 00000 n \n"));
        let prev = if prev { "/Prev 0" } else { "" };
        out.extend_from_slice(
            format!("xref\n0 1\n0000000000 65535 f \n{entries}trailer\n<</Size 20/Root 1 0 R{prev}>>\nstartxref\n{table_at}\n%%EOF\n")
                .as_bytes(),
        );
        out.resize(table_at + 1200, b' ');
        out.extend_from_slice(bodies.as_bytes());
        out.extend_from_slice(close.as_bytes());
        let moved = out.len();
        out.extend_from_slice(&second);
        let end = out.len();
        let shift = |[a, _, _]: [usize; 3]| [a, moved, end - moved];
        sealed(out, end, &Seal { range: &|place| range(shift(place)), signed: &|place| around(shift(place)), ..Seal::default() })
    };
    let annotated = PAGE.replace("10 0 R", "10 0 R 14 0 R");
    Family::new("second_block_moved", "the signed second part is moved to the file's end, others' objects and table take its place")
        .control("not moved", sealed_as(&dictionary, &[], &Seal::default()))
        .all_refused(
            [
                ("another text", make(&[(4, OTHER)], "", false)),
                ("another text, a bracket before the moved part", make(&[(4, OTHER)], "<00>", false)),
                ("another font", make(&[(5, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>")], "", false)),
                ("another page", make(&[(3, &annotated)], "", false)),
                ("nothing but the table", make(&[], "", false)),
                ("an empty /Prev", make(&[(4, OTHER)], "", true)),
                ("a comment before the moved part", make(&[(4, OTHER)], "%", false)),
            ],
            "byte_range_mismatch",
        )
        .unreadable("another catalog", make(&[(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Lang(en)>>")], "", false), "pdf_damaged")
}

/// A hybrid whose stream lies behind what is signed: whoever appends it decides what new readers see.
fn sections_outside() -> Family {
    let make = |rows: &[(u32, Option<&str>)], behind: &str, inside: bool| {
        let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
        let mut entries = String::new();
        for (number, body) in [(1, "<</Type/Catalog/Pages 2 0 R>>"), (2, PAGES), (3, PAGE), (4, CONTENT), (5, FONT)] {
            entries.push_str(&format!("{number} 1\n{:010} 00000 n \n", put(&mut out, number, body)));
        }
        let xref_stream = |out: &mut Vec<u8>| {
            let mut index = String::new();
            let mut data = Vec::new();
            for (number, body) in rows {
                index.push_str(&format!("{number} 1 "));
                data.extend(body.map_or_else(|| row(0, 0, 0), |body| row(1, put(out, *number, body), 0)));
            }
            let at = out.len();
            put(out, 50, &stream(&format!("/Type/XRef/Size 60/W[1 4 2]/Index[{}]/Root 1 0 R", index.trim_end()), &data));
            at
        };
        let early = if inside { Some(xref_stream(&mut out)) } else { None };
        let xref = out.len();
        let place = early.map_or("0000099999".to_owned(), |at| format!("{at:010}"));
        out.extend_from_slice(
            format!(
                "xref\n0 1\n0000000000 65535 f \n{entries}trailer\n<</Size 60/Root 1 0 R/XRefStm {place}>>\nstartxref\n{xref}\n%%EOF\n"
            )
            .as_bytes(),
        );
        let form = [(1, CATALOG), (6, FORM), (10, FIELD)];
        let dictionary = signature("");
        let mut signed = updated(&out, &[form[0], form[1], form[2], (11, &dictionary)], "");
        if !inside {
            let digits = format!("{:010}", signed.len() + behind.len());
            let at = find(&signed, b"0000099999").expect("the place");
            // Objects that the stream names come first.
            let bodies: usize = rows.iter().filter_map(|(n, b)| b.map(|b| format!("{n} 0 obj\n{b}\nendobj\n").len())).sum();
            let digits = format!("{:010}", digits.parse::<usize>().expect("a number") + bodies);
            signed[at..at + 10].copy_from_slice(digits.as_bytes());
        }
        let end = signed.len();
        let mut signed = seal_to(signed, end);
        if !inside {
            signed.extend_from_slice(behind.as_bytes());
            xref_stream(&mut signed);
        }
        signed
    };
    Family::new(
        "sections_behind_the_range",
        "a cross-reference section of the signed revision lies behind what is signed: whoever appends it decides what is read",
    )
    .control("a hybrid whose stream lies inside", make(&[(14, Some("null"))], "", true))
    .all_refused(
        [
            ("an empty stream", make(&[], "", false)),
            ("an unused object", make(&[(14, Some("null"))], "", false)),
            ("a free entry", make(&[(14, None)], "", false)),
            ("behind white space", make(&[(14, None)], "\n\n", false)),
            ("behind a comment", make(&[(14, None)], "% xref\n", false)),
        ],
        "outside_own_revision",
    )
}

/// A section that lies ready in the signed bytes, to be named by an update.
fn sections_inside() -> Family {
    let make = |rows: &[(u32, &str)], prepared: bool, hybrid: bool| {
        let mut holder = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
        let mut entries = Vec::new();
        let dictionary = signature("");
        for (number, body) in
            [(1, CATALOG), (2, PAGES), (3, PAGE), (4, CONTENT), (5, FONT), (6, FORM), (10, FIELD), (11, dictionary.as_str())]
        {
            entries.push((number, put(&mut holder, number, body)));
        }
        let ready = |out: &mut Vec<u8>| {
            let (mut index, mut data) = (String::new(), Vec::new());
            for (number, body) in rows {
                index.push_str(&format!("{number} 1 "));
                data.extend(row(1, put(out, *number, body), 0));
            }
            let at = out.len();
            put(out, 50, &stream(&format!("/Type/XRef/Size 60/W[1 4 2]/Index[{}]/Root 1 0 R", index.trim_end()), &data));
            at
        };
        let early = prepared.then(|| ready(&mut holder));
        let xref = holder.len();
        let table: String = entries.iter().map(|(n, at)| format!("{n} 1\n{at:010} 00000 n \n")).collect();
        holder.extend_from_slice(
            format!("xref\n0 1\n0000000000 65535 f \n{table}trailer\n<</Size 60/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n").as_bytes(),
        );
        let base = seal(holder);
        let mut out = base.clone();
        let at = early.unwrap_or_else(|| ready(&mut out));
        finish(&base, out, "0 0\n", &if hybrid { format!("/XRefStm {at}") } else { String::new() })
    };
    Family::new("sections_in_the_range", "a section lies ready in the signed bytes, and an update that holds nothing else makes it count")
        .control("an update with an empty stream of its own", make(&[], false, true))
        .control("one that lies there and is not named", make(&[], true, false))
        .all_refused(
            [
                ("empty", make(&[], true, true)),
                ("another text", make(&[(4, OTHER)], true, true)),
                ("another font", make(&[(5, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>")], true, true)),
                ("an unused object", make(&[(30, "null")], true, true)),
            ],
            "coverage_broken",
        )
}
