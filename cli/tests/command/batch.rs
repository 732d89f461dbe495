//! Many documents with one key: every one is signed or named, a second call goes on, and what concerns the key stops the whole.

use crate::bench::{Bench, sign_arguments, signer_arguments};
use crate::documents::agreement;
use std::fs;

/// A folder with three agreements, one of them deeper down, one file that is no PDF, and one that is none of ours.
fn many() -> Bench {
    let bench = Bench::new();
    fs::create_dir_all(bench.at("in/deep")).unwrap();
    for name in ["in/a.pdf", "in/b.PDF", "in/deep/c.pdf"] {
        fs::write(bench.at(name), agreement()).unwrap();
    }
    fs::write(bench.at("in/bad,\"name.pdf"), b"no document").unwrap();
    fs::write(bench.at("in/readme.txt"), b"none of ours").unwrap();
    bench
}

fn counts(line: &serde_json::Value) -> [i64; 5] {
    ["documents", "signed_before", "signed", "failed", "left"].map(|key| line[key].as_i64().unwrap())
}

#[test]
fn a_folder_is_signed_and_a_second_call_goes_on() {
    let bench = many();
    let said = bench.run(sign_arguments(&["--jobs", "2", "in", "out"]));
    assert_eq!(said.exit, 1, "{}", said.stderr);
    assert_eq!(counts(&said.lines[0]), [4, 0, 3, 1, 0]);
    assert_eq!(said.errors.len(), 1);
    for name in ["a.pdf", "b.PDF", "deep/c.pdf"] {
        assert!(bench.read(format!("out/{name}")).starts_with(&agreement()));
        bench.report(0, &[&format!("out/{name}")]);
    }
    let table = String::from_utf8(bench.read("out/results.csv")).unwrap();
    assert_eq!(table.lines().count(), 5);
    assert!(table.contains("\"in/bad,\"\"name.pdf\""), "{table}");
    assert_eq!(table.matches(",signed,").count(), 3);
    assert!(table.contains(",failed,201,"));
    // Only what is missing: the bad one is mended, one signed document was lost.
    fs::write(bench.at("in/bad,\"name.pdf"), agreement()).unwrap();
    fs::remove_file(bench.at("out/a.pdf")).unwrap();
    let before = bench.read("out/deep/c.pdf");
    let said = bench.run(sign_arguments(&["in", "out"]));
    assert_eq!(counts(&said.answered(0, 1).lines[0]), [4, 2, 2, 0, 0]);
    assert_eq!(bench.read("out/deep/c.pdf"), before, "what was signed is not signed again");
    assert_eq!(counts(&bench.run(sign_arguments(&["in", "out"])).lines[0]), [4, 4, 0, 0, 0]);
}

#[test]
fn the_table_tells_what_was_repaired() {
    let bench = Bench::new();
    fs::create_dir_all(bench.at("in")).unwrap();
    let whole = agreement();
    let at = whole.windows(9).rposition(|w| w == b"startxref").unwrap();
    fs::write(bench.at("in/damaged.pdf"), [&whole[..at], b"startxref\n7\n%%EOF\n"].concat()).unwrap();
    fs::write(bench.at("in/sound.pdf"), &whole).unwrap();
    let said = bench.run(sign_arguments(&["in", "out"]));
    said.answered(0, 1);
    assert_eq!((counts(&said.lines[0]), said.lines[0]["repaired"].as_i64()), ([2, 0, 2, 0, 0], Some(1)));
    let table = String::from_utf8(bench.read("out/results.csv")).unwrap();
    let told: Vec<&str> = table.lines().skip(1).map(|line| line.rsplit(',').nth(1).unwrap()).collect();
    assert_eq!(told.iter().filter(|repair| **repair == "appended").count(), 1, "{table}");
    assert_eq!(told.iter().filter(|repair| **repair == "none").count(), 1, "{table}");
}

#[test]
fn a_list_names_its_files_from_where_it_stands() {
    let bench = many();
    fs::write(bench.at("in/list.txt"), "a.pdf\ndeep/c.pdf\n\nnone.pdf\n").unwrap();
    let said = bench.run(sign_arguments(&["--list", "--results", "table.csv", "in/list.txt", "out"]));
    assert_eq!((said.exit, counts(&said.lines[0])), (1, [3, 0, 2, 1, 0]));
    assert!(bench.at("out/a.pdf").exists() && bench.at("out/c.pdf").exists() && bench.at("table.csv").exists());
    // Two of one name would overwrite each other.
    fs::write(bench.at("in/deep/a.pdf"), agreement()).unwrap();
    fs::write(bench.at("in/list.txt"), "a.pdf\ndeep/a.pdf\n").unwrap();
    bench.run(sign_arguments(&["--list", "in/list.txt", "other"])).refused(101, "invalid_argument");
}

#[test]
fn what_concerns_the_key_stops_the_whole_and_says_what_is_left() {
    let bench = many();
    let said = bench.run(signer_arguments("expired.key", "expired.pem", &["in", "out"]));
    said.refused(308, "certificate_expired");
    assert_eq!(counts(&said.lines[0])[2..], [0, 0, 4]);
    assert_eq!(
        fs::read_dir(bench.at("out"))
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|e| e == "pdf"))
            .count(),
        0
    );
}

#[test]
fn odd_calls_are_named() {
    let bench = many();
    bench.run(sign_arguments(&["--jobs", "2", "in/a.pdf", "out"])).refused(101, "invalid_argument");
    bench.run(sign_arguments(&["--jobs", "0", "in", "out"])).refused(101, "invalid_argument");
    bench.run(sign_arguments(&["--list", "in/none.txt", "out"])).refused(213, "source_unreadable");
    fs::create_dir(bench.at("empty")).unwrap();
    bench.run(sign_arguments(&["empty", "out"])).refused(213, "source_unreadable");
    // The output folder inside the input folder: what was signed is not signed again.
    let said = bench.run(sign_arguments(&["in", "in/out"]));
    assert_eq!(counts(&said.lines[0]), [4, 0, 3, 1, 0]);
    let said = bench.run(sign_arguments(&["in", "in/out"]));
    assert_eq!(counts(&said.lines[0]), [4, 3, 0, 1, 0]);
}
