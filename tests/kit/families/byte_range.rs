//! `/ByteRange`: what is no range, and ranges that leave out something else than `/Contents`. Where the digest can be right, it is.

use super::super::Family;
use super::super::page::{roomy, sealed_as};
use super::super::seal::{Seal, around, range};

/// From the sound numbers (where the gap begins and ends, how much follows): a text.
type Text<'a> = &'a dyn Fn([usize; 3]) -> String;
/// The same of numbers beyond 64 bits.
type Wide<'a> = &'a dyn Fn([u128; 3]) -> String;

/// Sealed soundly but for the text of the range.
fn ranged(text: Text<'_>) -> Vec<u8> {
    sealed_as(&roomy(""), &[], &Seal { range: text, ..Seal::default() })
}

pub(crate) fn families() -> Vec<Family> {
    vec![no_array(), count(), kinds(), bounds(), start(), overlapping(), moved()]
}

fn control(family: Family) -> Family {
    family.control("four numbers", ranged(&range))
}

fn no_array() -> Family {
    let mut family =
        control(Family::new("byte_range_no_array", "no range, or something else in its place, so that a verifier finds nothing to check"));
    for (name, entry) in [
        ("missing", ""),
        ("null", "/ByteRange null"),
        ("a number", "/ByteRange 4"),
        ("a name", "/ByteRange/All"),
        ("a string", "/ByteRange(0 1 2 3)"),
        ("true", "/ByteRange true"),
        ("a dictionary", "/ByteRange<</Type/ByteRange>>"),
        ("an array by reference", "/ByteRange 12 0 R"),
        ("a number by reference", "/ByteRange 13 0 R"),
        ("a reference to nothing", "/ByteRange 99 0 R"),
        ("an array in an array", "/ByteRange[[0 1 2 3]]"),
    ] {
        family = family.refused(name, ranged(&|_| entry.to_owned()), "byte_range_malformed");
    }
    let other = |key: &str| ranged(&|place| range(place).replace("/ByteRange", key));
    family = family.refused("another case", other("/Byterange"), "byte_range_malformed");
    family.refused("a range by another name", other("/BitRange"), "byte_range_malformed")
}

fn count() -> Family {
    let mut family =
        control(Family::new("byte_range_count", "more or fewer numbers than four: some readers take the first ones, some the last ones"));
    let cases: [(&str, Text<'_>); 10] = [
        ("none", &|_| String::new()),
        ("one", &|_| "0".into()),
        ("two", &|[a, ..]| format!("0 {a}")),
        ("three", &|[a, b, _]| format!("0 {a} {b}")),
        ("five", &|[a, b, c]| format!("0 {a} {b} {c} 0")),
        ("six, an empty third part", &|[a, b, c]| format!("0 {a} {b} {c} {} 0", b + c)),
        ("six, the third part over", &|[a, b, c]| format!("0 {a} {b} {c} 0 {a}")),
        ("eight", &|[a, b, c]| format!("0 {a} {b} {c} 0 {a} {b} {c}")),
        ("a null behind", &|[a, b, c]| format!("0 {a} {b} {c} null")),
        ("a name behind", &|[a, b, c]| format!("0 {a} {b} {c}/End")),
    ];
    for (name, numbers) in cases {
        family = family.refused(name, ranged(&|place| format!("/ByteRange[{}]", numbers(place))), "byte_range_malformed");
    }
    let cut: [(&str, Text<'_>); 2] = [
        ("the first part in two", &|[a, b, c]| format!("0 10 10 {} {b} {c}", a - 10)),
        ("the second part in two", &|[a, b, c]| format!("0 {a} {b} 10 {} {}", b + 10, c - 10)),
    ];
    for (name, numbers) in cut {
        family = family.refused(name, ranged(&|place| format!("/ByteRange[{}]", numbers(place))), "byte_range_malformed");
    }
    family
}

fn kinds() -> Family {
    let mut family =
        control(Family::new("byte_range_kinds", "numbers that are no integers: readers round, cut or skip them, each in its way"));
    let cases: [(&str, Text<'_>); 12] = [
        ("reals", &|[a, b, c]| format!("0.0 {a}.0 {b}.0 {c}.0")),
        ("one real", &|[a, b, c]| format!("0 {a}.0 {b} {c}")),
        ("a point at the end", &|[a, b, c]| format!("0 {a} {b} {c}.")),
        ("a real that rounds down", &|[a, b, c]| format!("0 {a} {b}.4 {c}")),
        ("strings", &|[a, b, c]| format!("(0)({a})({b})({c})")),
        ("hexadecimal strings", &|[a, b, c]| format!("<00><{a:x}><{b:x}><{c:x}>")),
        ("names", &|[a, b, c]| format!("/0/{a}/{b}/{c}")),
        ("a name", &|[a, b, c]| format!("/0 {a} {b} {c}")),
        ("a null", &|[a, b, c]| format!("null {a} {b} {c}")),
        ("false", &|[a, b, c]| format!("false {a} {b} {c}")),
        ("a reference", &|[a, b, c]| format!("0 {a} {b} {c} 0 R")),
        ("references", &|_| "13 0 R 13 0 R 13 0 R 13 0 R".into()),
    ];
    for (name, numbers) in cases {
        family = family.refused(name, ranged(&|place| format!("/ByteRange[{}]", numbers(place))), "byte_range_malformed");
    }
    let cases: [(&str, Text<'_>); 2] =
        [("an exponent", &|[a, b, c]| format!("0 {a} {b} {c}e0")), ("another base", &|[a, b, c]| format!("0 16#{a:x} {b} {c}"))];
    for (name, numbers) in cases {
        family = family.refused(name, ranged(&|place| format!("/ByteRange[{}]", numbers(place))), "signature_dictionary_malformed");
    }
    family
}

fn bounds() -> Family {
    let mut family = control(Family::new(
        "byte_range_bounds",
        "numbers beyond what a machine's word holds, or below zero: sums that wrap around to something right",
    ));
    let wide = 1_u128 << 64;
    let cases: [(&str, &'static str, Wide<'_>); 14] = [
        ("a negative start", "byte_range_malformed", &|[a, b, c]| format!("-1 {a} {b} {c}")),
        ("a negative length", "byte_range_malformed", &|[_, b, c]| format!("0 -1 {b} {c}")),
        ("all negative", "byte_range_malformed", &|[a, b, c]| format!("-0 -{a} -{b} -{c}")),
        ("a negative second part", "byte_range_malformed", &|[a, b, c]| format!("0 {a} {b} -{c}")),
        ("2^63", "byte_range_malformed", &|[a, _, c]| format!("0 {a} 9223372036854775808 {c}")),
        ("2^63 as a length", "byte_range_malformed", &|[a, b, _]| format!("0 {a} {b} 9223372036854775808")),
        ("2^64 more", "byte_range_malformed", &|[a, b, c]| format!("0 {} {b} {c}", a + wide)),
        ("2^64 more behind", "byte_range_malformed", &|[a, b, c]| format!("0 {a} {} {c}", b + wide)),
        ("2^64 at the start", "byte_range_malformed", &|[a, b, c]| format!("{wide} {a} {b} {c}")),
        ("200 digits", "byte_range_malformed", &|[a, b, _]| format!("0 {a} {b} {}", "9".repeat(150))),
        ("2^32 more", "byte_range_mismatch", &|[a, b, c]| format!("0 {} {b} {c}", a + (1 << 32))),
        ("2^32 more behind", "byte_range_mismatch", &|[a, b, c]| format!("0 {a} {b} {}", c + (1 << 32))),
        ("a sum of 2^63", "byte_range_mismatch", &|[a, b, _]| format!("0 {a} {b} 9223372036854775807")),
        ("nothing but 0", "byte_range_mismatch", &|_| "0 0 0 0".into()),
    ];
    for (name, reason, numbers) in cases {
        let text = |place: [usize; 3]| format!("/ByteRange[{}]", numbers(place.map(|n| n as u128)));
        family = family.refused(name, ranged(&text), reason);
    }
    family
}

fn start() -> Family {
    let mut family = control(Family::new(
        "byte_range_start",
        "a range that does not begin with the file's first byte: the header, or all before the dictionary, is free",
    ));
    for first in [1, 2, 8, 9, 15, 16, 100, 1000] {
        let text = |[a, b, c]: [usize; 3]| format!("/ByteRange[{first} {a} {b} {c}]");
        family = family.refused(format!("from {first}, signed from 0"), ranged(&text), "byte_range_mismatch");
    }
    for first in [1, 15, 100] {
        let text = |[a, b, c]: [usize; 3]| format!("/ByteRange[{first} {} {b} {c}]", a - first);
        let signed = |[a, b, c]: [usize; 3]| vec![first..a, b..b + c];
        let seal = Seal { range: &text, signed: &signed, ..Seal::default() };
        family = family.refused(format!("from {first}, signed so"), sealed_as(&roomy(""), &[], &seal), "byte_range_mismatch");
    }
    family
}

fn overlapping() -> Family {
    let mut family = control(Family::new(
        "byte_range_overlap",
        "parts that overlap, touch, stand in the wrong order or are empty: no gap, or all of it",
    ));
    let cases: [(&str, &'static str, Text<'_>); 12] = [
        ("the parts touch", "byte_range_mismatch", &|[a, b, c]| format!("0 {a} {a} {}", b + c - a)),
        ("the parts touch behind the gap", "byte_range_mismatch", &|[_, b, c]| format!("0 {b} {b} {c}")),
        ("the parts overlap", "byte_range_mismatch", &|[a, b, c]| format!("0 {b} {a} {}", b + c - a)),
        ("twice the whole", "byte_range_mismatch", &|[_, b, c]| format!("0 {} 0 {}", b + c, b + c)),
        ("twice the first part", "byte_range_mismatch", &|[a, ..]| format!("0 {a} 0 {a}")),
        ("the second part first", "byte_range_mismatch", &|[a, b, c]| format!("{b} {c} 0 {a}")),
        ("no first part", "byte_range_mismatch", &|[_, b, c]| format!("0 0 {b} {c}")),
        ("one byte before", "byte_range_mismatch", &|[_, b, c]| format!("0 1 {b} {c}")),
        ("no second part", "coverage_broken", &|[a, b, _]| format!("0 {a} {b} 0")),
        ("one byte behind", "coverage_broken", &|[a, b, _]| format!("0 {a} {b} 1")),
        ("no part at all", "byte_range_mismatch", &|[a, b, _]| format!("{a} 0 {b} 0")),
        ("the second part begins at the end", "byte_range_mismatch", &|[a, b, c]| format!("0 {a} {} 0", b + c)),
    ];
    for (name, reason, numbers) in cases {
        family = family.refused(name, ranged(&|place| format!("/ByteRange[{}]", numbers(place))), reason);
    }
    family
}

/// The gap a few bytes wider or elsewhere, the digest over what the range says.
fn moved() -> Family {
    let mut family = Family::new("gap_moved", "what is left out is not /Contents alone: bytes beside it are free to change")
        .control("exact", sealed_as(&roomy(""), &[], &Seal::default()));
    for (before, behind) in [
        (1_isize, 0_isize),
        (9, 0),
        (10, 0),
        (100, 0),
        (0, 1),
        (0, 2),
        (0, 9),
        (0, 100),
        (1, 1),
        (9, 2),
        (-1, 0),
        (0, -1),
        (-1, -1),
        (-50, 0),
        (0, -50),
        (-3000, 0),
    ] {
        let shift = |[a, b, c]: [usize; 3]| {
            let b = b.checked_add_signed(behind).expect("inside");
            [a.checked_add_signed(-before).expect("inside"), b, c.checked_add_signed(-behind).expect("inside")]
        };
        let text = |place: [usize; 3]| range(shift(place));
        // What would have to be signed holds the signature itself if the gap is too narrow: there the digest cannot be right.
        let signed = |place: [usize; 3]| if before >= 0 && behind >= 0 { around(shift(place)) } else { around(place) };
        let seal = Seal { range: &text, signed: &signed, ..Seal::default() };
        family = family.refused(format!("{before} more before, {behind} behind"), sealed_as(&roomy(""), &[], &seal), "byte_range_mismatch");
    }
    family
}
