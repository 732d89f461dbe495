//! `/Contents`: what is no plain hexadecimal string of one CMS and zeros. The digest is right wherever it can be.

use super::super::Family;
use super::super::document::CONTENT;
use super::super::document::last_xref;
use super::super::page::{CATALOG, FIELD, FONT, FORM, PAGE, PAGES, roomy, sealed_as, signed};
use super::super::seal::{ROOM, Seal, digits, range, sealed, signature};
use super::super::sections::{put, row, stream};

pub(crate) fn families() -> Vec<Family> {
    vec![missing(), literal(), spaced(), odd(), trailing(), in_a_container()]
}

/// From the CMS: more bytes.
type Bytes<'a> = &'a dyn Fn(&[u8]) -> Vec<u8>;

fn missing() -> Family {
    // The digits stand under another key, so that range and digest are right.
    let elsewhere = |entry: &str| {
        sealed_as(&signature(entry).replace("/Contents<", "/Kontents<"), &[], &Seal { open: "/Kontents<", ..Seal::default() })
    };
    let mut family = Family::new("contents_missing", "no signature value where it belongs, so that a verifier says \"no signature\"")
        .control("as it must be", signed())
        .refused("missing", elsewhere(""), "contents_malformed");
    for (name, entry) in [
        ("null", "/Contents null"),
        ("empty", "/Contents<>"),
        ("an empty literal", "/Contents()"),
        ("a number", "/Contents 0"),
        ("a name", "/Contents/Kontents"),
        ("an array", "/Contents[<00>]"),
        ("a dictionary", "/Contents<</Length 0>>"),
        ("false", "/Contents false"),
        ("a reference to nothing", "/Contents 99 0 R"),
        ("a reference to a number", "/Contents 13 0 R"),
        ("a reference to a stream", "/Contents 14 0 R"),
        ("a reference to its own dictionary", "/Contents 11 0 R"),
    ] {
        family = family.refused(name, elsewhere(entry), "contents_malformed");
    }
    let value = format!("<{}>", "0".repeat(ROOM));
    let dictionary = signature("/Contents 15 0 R").replace(&format!("/Contents<{}>", "0".repeat(ROOM)), "");
    let by_reference = sealed_as(&dictionary, &[(15, &value)], &Seal { open: "15 0 obj\n<", ..Seal::default() });
    family = family.refused("a reference to the value", by_reference, "contents_malformed");
    let short = |entry: &str| {
        sealed_as(
            &signature(&format!("/Kontents<{}>", "0".repeat(ROOM))).replace(&format!("/Contents<{}>", "0".repeat(ROOM)), entry),
            &[],
            &Seal { open: "/Kontents<", ..Seal::default() },
        )
    };
    family.refused("zeros", short("/Contents<0000000000000000>"), "byte_range_mismatch").refused(
        "one byte",
        short("/Contents<30>"),
        "byte_range_mismatch",
    )
}

fn literal() -> Family {
    let dictionary = signature("").replace(&format!("/Contents<{}>", "0".repeat(ROOM)), &format!("/Contents({})", "0".repeat(ROOM)));
    // What is left of the room is a backslash and a line end, which is nothing.
    let filled = |mut text: Vec<u8>| {
        while text.len() + 2 <= ROOM {
            text.extend_from_slice(b"\\\n");
        }
        text
    };
    let octal = |cms: &[u8]| cms.iter().flat_map(|b| format!("\\{b:03o}").into_bytes()).collect::<Vec<u8>>();
    let raw = |cms: &[u8]| {
        cms.iter().flat_map(|b| if b.is_ascii_alphanumeric() { vec![*b] } else { format!("\\{b:03o}").into_bytes() }).collect::<Vec<u8>>()
    };
    let padded = |cms: &[u8]| {
        let mut text = octal(cms);
        while text.len() + 4 <= ROOM {
            text.extend_from_slice(b"\\000");
        }
        text
    };
    let make = |written: &dyn Fn(&[u8]) -> Vec<u8>| sealed_as(&dictionary, &[], &Seal { open: "/Contents(", written, ..Seal::default() });
    Family::new("contents_literal", "the value as a literal string, in which anything can be hidden behind escapes and line ends")
        .control("hexadecimal", signed())
        .refused("octal escapes", make(&|cms| filled(octal(cms))), "contents_malformed")
        .refused("letters as they are", make(&|cms| filled(raw(cms))), "contents_malformed")
        .refused("escaped zeros behind it", make(&padded), "contents_malformed")
}

fn spaced() -> Family {
    let make = |between: &'static str, every: usize| {
        let written = move |cms: &[u8]| {
            let digits = digits(cms);
            digits
                .as_bytes()
                .chunks(every)
                .map(|part| String::from_utf8_lossy(part).into_owned())
                .collect::<Vec<_>>()
                .join(between)
                .into_bytes()
        };
        sealed_as(&roomy(""), &[], &Seal { written: &written, ..Seal::default() })
    };
    let at = |place: usize, what: u8| {
        let mut bytes = signed();
        let a = super::super::document::find_last(&bytes, b"/Contents<").expect("contents") + 10;
        bytes[a + place] = what;
        bytes
    };
    let mut family = Family::new("contents_spaced", "white space among the digits: bytes in the gap that no reader sees")
        .control("none", signed())
        .control(
            "upper-case digits",
            sealed_as(&roomy(""), &[], &Seal { written: &|cms| digits(cms).to_uppercase().into_bytes(), ..Seal::default() }),
        );
    for (name, between, every) in [
        ("a line end behind 64 digits", "\n", 64),
        ("two behind 80", "\r\n", 80),
        ("a space behind each byte", " ", 2),
        ("tabs", "\t", 100),
        ("form feeds", "\u{c}", 300),
        ("zero bytes", "\0", 500),
        ("a space in the middle of a byte", " ", 1001),
        ("many spaces", "                                        ", 400),
    ] {
        family = family.refused(name, make(between, every), "contents_malformed");
    }
    for (name, what) in [("a space in the padding", b' '), ("a line end in the padding", b'\n'), ("a zero byte in the padding", 0)] {
        family = family.refused(name, at(ROOM - 100, what), "contents_malformed");
    }
    family.refused("a space at the end", at(ROOM - 1, b' '), "contents_malformed")
}

fn odd() -> Family {
    let at = |place: usize, what: &[u8]| {
        let mut bytes = signed();
        let a = super::super::document::find_last(&bytes, b"/Contents<").expect("contents") + 10;
        bytes[a + place..a + place + what.len()].copy_from_slice(what);
        bytes
    };
    let one_more = signature("").replacen("/Contents<0", "/Contents<00", 1);
    let one_less = signature("").replacen("/Contents<0", "/Contents<", 1);
    let mut family =
        Family::new("contents_odd", "digits that are none, or too few: each reader skips, stops or fills up, and sees another value")
            .control("even", signed());
    for (name, dictionary) in [("a digit more", one_more), ("a digit less", one_less)] {
        family = family.refused(name, sealed_as(&dictionary, &[], &Seal::default()), "contents_malformed");
    }
    for (name, what) in [
        ("g", &b"g"[..]),
        ("x", b"x"),
        ("0x", b"0x"),
        ("the letter O", b"O"),
        ("a full stop", b"."),
        ("a minus", b"-"),
        ("a comment", b"%comment\n"),
        ("a slash", b"/"),
        ("a bracket", b"("),
        ("a high byte", b"\xff"),
        ("a no-break space", b"\xc2\xa0"),
        ("an escape", b"\\060"),
        ("an escaped digit", b"#30"),
    ] {
        family = family.refused(format!("{name} in the padding"), at(ROOM - 200, what), "contents_malformed");
    }
    family.refused("no digit first", at(0, b"x"), "contents_malformed")
}

fn trailing() -> Family {
    let make = |behind: &dyn Fn(&[u8]) -> Vec<u8>| {
        let written = |cms: &[u8]| digits(&[cms, &behind(cms)].concat()).into_bytes();
        sealed_as(&roomy(""), &[], &Seal { written: &written, ..Seal::default() })
    };
    let mut family =
        Family::new("contents_trailing", "bytes behind the CMS, which nothing signs: room for another signature or anything else")
            .control("zeros", signed())
            .control("a few zeros written", make(&|_| vec![0; 9]));
    let cases: [(&str, Bytes<'_>); 12] = [
        ("one byte", &|_| vec![1]),
        ("ff", &|_| vec![0xff]),
        ("a space", &|_| vec![0x20]),
        ("a line end", &|_| vec![0x0a]),
        ("a null in DER", &|_| vec![5, 0]),
        ("an end of contents, then a byte", &|_| vec![0, 0, 1]),
        ("text", &|_| b"unsigned".to_vec()),
        ("the CMS again", &<[u8]>::to_vec),
        ("half of it again", &|cms| cms[..cms.len() / 2].to_vec()),
        ("behind 10 zeros", &|_| [vec![0; 10], vec![7]].concat()),
        ("behind 500 zeros", &|_| [vec![0; 500], vec![7]].concat()),
        ("an object", &|_| b"\nendobj 4 0 obj".to_vec()),
    ];
    for (name, behind) in cases {
        family = family.refused(name, make(behind), "contents_trailing_bytes");
    }
    let mut last = signed();
    let end = super::super::document::find_last(&last, b"/Contents<").expect("contents") + 10 + ROOM;
    last[end - 1] = b'1';
    family.refused("in the last byte", last, "contents_trailing_bytes")
}

/// The dictionary in an object stream without a filter, so that its digits stand in the file all the same.
fn in_a_container() -> Family {
    let make = |inside: &[(u32, &str)], outside: &[(u32, &str)], shift: bool| {
        let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
        let (mut head, mut bodies) = (String::new(), String::new());
        for (number, body) in inside {
            head.push_str(&format!("{number} {} ", bodies.len()));
            bodies.push_str(&format!("{body} "));
        }
        let mut rows = vec![(0, row(0, 0, 65535))];
        for (number, body) in [(1, CATALOG), (2, PAGES), (3, PAGE), (4, CONTENT), (5, FONT), (6, FORM)].iter().chain(outside) {
            rows.push((*number, row(1, put(&mut out, *number, body), 0)));
        }
        let data = format!("{head}{bodies}");
        let dict = format!("/Type/ObjStm/N {}/First {}/Length {}", inside.len(), head.len(), data.len());
        rows.push((20, row(1, put(&mut out, 20, &format!("<<{dict}>>\nstream\n{data}\nendstream")), 0)));
        rows.extend(inside.iter().enumerate().map(|(index, (number, _))| (*number, row(2, 20, index))));
        let at = out.len();
        rows.push((21, row(1, at, 0)));
        rows.sort_by_key(|(number, _)| *number);
        let index: String = rows.iter().map(|(number, _)| format!("{number} 1 ")).collect();
        let rows: Vec<u8> = rows.into_iter().flat_map(|(_, row)| row).collect();
        put(&mut out, 21, &stream(&format!("/Type/XRef/Size 22/W[1 4 2]/Index[{}]/Root 1 0 R/ID[<01><02>]", index.trim_end()), &rows));
        out.extend_from_slice(format!("startxref\n{at}\n%%EOF\n").as_bytes());
        assert_eq!(last_xref(&out), at);
        let end = out.len();
        // Where the stream's data begins: offsets inside it are smaller by that.
        let base = super::super::document::find(&out, data.as_bytes()).expect("the stream");
        let moved = |[a, b, c]: [usize; 3]| if shift { range([a - base, b - base, c + base]) } else { range([a, b, c]) };
        sealed(out, end, &Seal { range: &moved, ..Seal::default() })
    };
    let dictionary = signature("");
    let direct = FIELD.replace("11 0 R", &dictionary);
    Family::new(
        "contents_in_object_stream",
        "the dictionary in an object stream: its digits can be written twice, once for the range and once for the reader",
    )
    .control("the field in one, the dictionary not", make(&[(10, FIELD)], &[(11, &dictionary)], false))
    .refused("the dictionary in one", make(&[(11, &dictionary)], &[(10, FIELD)], false), "contents_malformed")
    .refused("field and dictionary in one", make(&[(10, FIELD), (11, &dictionary)], &[], false), "contents_malformed")
    .refused("the dictionary in the field in one", make(&[(10, &direct)], &[], false), "contents_malformed")
    .refused("offsets of the stream", make(&[(11, &dictionary)], &[(10, FIELD)], true), "contents_malformed")
}
