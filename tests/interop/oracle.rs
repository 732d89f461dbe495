//! The reader against others: every object of every document, trailer included, as lopdf and as qpdf read it; page counts as qpdf counts them.
//!
//! Takes the corpus and the broad corpus (a sample; all of it with `THRIVOSIGN_LONG=1`), gives every difference; one that the ledger does not
//! explain fails, and so does an explanation that nothing needs.

use crate::corpus::{Source, bench};
use crate::reading::{Objects, as_lopdf_reads, as_qpdf_reads, as_we_read, differences};
use std::process::Command;
use std::sync::Mutex;
use thrivosign::pdf::Document;

/// Differences that are not ours: reader, what is told of them, and why it is so.
const LEDGER: &[(&str, &str, &str)] = &[
    ("lopdf", "only we have it: the encryption dictionary", "lopdf drops /Encrypt once it has decrypted the document"),
    (
        "qpdf",
        "we do not have it: /XRef",
        "pypdf's cross-reference stream has no entry for itself, as it may; qpdf lists what it reads through",
    ),
];

#[test]
fn every_object_is_read_as_lopdf_and_qpdf_read_it() {
    let Some(bench) = bench() else { return };
    let long = std::env::var("THRIVOSIGN_LONG").is_ok_and(|long| long == "1");
    let mut sources = bench.sources();
    sources.extend(bench.broad().into_iter().enumerate().filter(|(place, _)| long || place % 5 == 1).map(|(_, source)| source));
    let documents = sources.len();
    let queue = Mutex::new(sources.iter());
    let found = Mutex::new((0_usize, Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from).min(8) {
            scope.spawn(|| {
                loop {
                    let Some(source) = queue.lock().unwrap().next() else { break };
                    let (objects, told) = compare(source);
                    let mut found = found.lock().unwrap();
                    found.0 += objects;
                    found.1.extend(told.into_iter().map(|(reader, what)| (reader, format!("{}: {reader}: {what}", source.name()))));
                }
            });
        }
    });
    let (objects, found) = found.into_inner().unwrap();
    println!("{objects} objects in {documents} documents, {} differences, all of them in the ledger", found.len());
    let explains = |(judge, pattern, _): &(&str, &str, &str), (reader, what): &(&str, String)| judge == reader && what.contains(pattern);
    let open: Vec<&String> = found.iter().filter(|told| !LEDGER.iter().any(|entry| explains(entry, told))).map(|(_, what)| what).collect();
    let first: Vec<&&String> = open.iter().take(60).collect();
    assert!(open.is_empty(), "{} differences without a reason:\n{first:#?}", open.len());
    let idle: Vec<&str> = LEDGER.iter().filter(|entry| !found.iter().any(|told| explains(entry, told))).map(|(_, what, _)| *what).collect();
    assert!(idle.is_empty(), "explanations of nothing: {idle:?}");
    assert!(documents >= 100 && objects > 3000, "{objects} objects in {documents} documents");
}

/// Compares one document and says how many objects were compared, and what differs.
fn compare(source: &Source) -> (usize, Vec<(&'static str, String)>) {
    let bytes = std::fs::read(&source.file).expect("the corpus is there");
    let ours = match as_we_read(&bytes, &source.password) {
        Ok(ours) => ours,
        Err(error) => return (0, vec![("we", error)]),
    };
    let mut told = Vec::new();
    for (reader, theirs) in [("lopdf", as_lopdf_reads(&bytes, &source.password)), ("qpdf", as_qpdf_reads(&source.file, &source.password))] {
        match theirs {
            Ok(theirs) => {
                let found = against(&ours, &theirs).into_iter().filter(|what| !leads_nowhere(&ours, what));
                told.extend(found.map(|what| (reader, what)));
            }
            Err(error) => told.push((reader, error)),
        }
    }
    (ours.len(), told)
}

fn against(ours: &Objects, theirs: &Objects) -> Vec<String> {
    let mut told = Vec::new();
    let encrypt = ours.get(&(0, 0)).and_then(|trailer| trailer["/Encrypt"].as_str()).unwrap_or_default();
    for (id, object) in ours {
        match theirs.get(id) {
            Some(other) if id.0 != 0 => differences(object, other, &format!("{} {} ", id.0, id.1), &mut told),
            // What a trailer has for its own section each reader treats in its own way.
            Some(other) => {
                for key in ["/Root", "/Info", "/ID"] {
                    differences(&object[key], &other[key], &format!("trailer {key}"), &mut told);
                }
            }
            None if object.is_null() => {}
            None if format!("{} {} R", id.0, id.1) == encrypt => told.push("only we have it: the encryption dictionary".to_owned()),
            None => told.push(format!("{} {}: only we have it: {}", id.0, id.1, kind(object))),
        }
    }
    let alone = theirs.iter().filter(|(id, object)| !ours.contains_key(id) && !object.is_null());
    told.extend(alone.map(|(id, object)| format!("{} {}: we do not have it: {}", id.0, id.1, kind(object))));
    told
}

/// A reference to an object that is not there is null (ISO 32000-2 7.3.10): qpdf writes null where we keep the reference.
fn leads_nowhere(ours: &Objects, what: &str) -> bool {
    let reference = what.strip_suffix(" against null").and_then(|what| what.rsplit_once(": ")).map(|(_, reference)| reference);
    let mut parts = reference.unwrap_or_default().trim_matches('"').split(' ');
    let number = parts.next().and_then(|number| number.parse().ok());
    let generation = parts.next().and_then(|generation| generation.parse().ok());
    match (number, generation, parts.next()) {
        (Some(number), Some(generation), Some("R")) => ours.get(&(number, generation)).is_none_or(serde_json::Value::is_null),
        _ => false,
    }
}

fn kind(object: &serde_json::Value) -> &str {
    object["stream"]["/Type"].as_str().or(object["/Type"].as_str()).unwrap_or("an object")
}

#[test]
fn pages_are_counted_as_qpdf_counts_them() {
    let Some(bench) = bench() else { return };
    for source in bench.sources() {
        let out = Command::new("qpdf")
            .arg(format!("--password={}", source.password))
            .arg("--show-npages")
            .arg(&source.file)
            .output()
            .expect("qpdf runs");
        let counted: u64 = String::from_utf8_lossy(&out.stdout).trim().parse().unwrap_or_else(|_| panic!("{}: {out:?}", source.name()));
        let bytes = std::fs::read(&source.file).expect("the corpus is there");
        let password = (!source.password.is_empty()).then_some(source.password.as_bytes());
        let document = Document::open_with_password(&bytes, password).expect("opens");
        let view = document.latest();
        assert_eq!(view.page_count().expect("a count"), counted, "{}", source.name());
        // Each page by its index is the page that its number leads back to; one more is not there.
        for index in 0..counted {
            let page = view.page(index).unwrap_or_else(|e| panic!("{} page {index}: {e}", source.name()));
            assert_eq!(view.page_number(page.id).expect("a number"), Some(index + 1), "{}", source.name());
            let same = view.page_of(page.id).expect("a page");
            assert_eq!((page.media_box, page.crop_box, page.rotate), (same.media_box, same.crop_box, same.rotate), "{}", source.name());
        }
        assert!(view.page(counted).is_err(), "{}", source.name());
    }
}
