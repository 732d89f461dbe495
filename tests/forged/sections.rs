//! Trailers that lead elsewhere, and what takes long to read. What a section can name wrongly is in the attack kit (`tests/kit`).

use crate::document::{agreement, body, finish, signed, write};
use crate::{assert_clean, assert_refused, judged};

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

/// Many entries for one place: named in time that grows with the file alone.
#[test]
fn one_place_for_twenty_thousand_numbers() {
    let base = signed(&agreement());
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
