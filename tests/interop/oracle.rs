//! The reader against others: every object of every document of the corpus as lopdf reads it, page counts as qpdf counts them.
//!
//! Takes the corpus, gives every difference; one that the ledger does not explain fails, and so does an explanation that nothing needs.

use crate::corpus::{Source, bench};
use std::collections::BTreeMap;
use std::process::Command;
use thrivosign::pdf::{Dictionary, Document, Object, ObjectId, View, XrefEntry};

/// Differences that are not ours: what is told of them, and why it is so.
const LEDGER: &[(&str, &str)] =
    &[("only we have it: the encryption dictionary", "lopdf drops /Encrypt once it has decrypted the document")];

#[test]
fn every_object_is_read_as_lopdf_reads_it() {
    let Some(bench) = bench() else { return };
    let mut found: Vec<String> = Vec::new();
    let (mut objects, mut documents) = (0, 0);
    for source in bench.sources() {
        let mut differences = Vec::new();
        objects += compare(&source, &mut differences);
        documents += 1;
        found.extend(differences.into_iter().map(|what| format!("{}: {what}", source.name())));
    }
    let explained = |what: &String| LEDGER.iter().any(|(pattern, _)| what.contains(pattern));
    let open: Vec<&String> = found.iter().filter(|what| !explained(what)).collect();
    assert!(open.is_empty(), "{} differences without a reason:\n{open:#?}", open.len());
    let idle: Vec<&str> =
        LEDGER.iter().map(|(pattern, _)| *pattern).filter(|pattern| !found.iter().any(|what| what.contains(pattern))).collect();
    assert!(idle.is_empty(), "explanations of nothing: {idle:?}");
    assert!(documents >= 40 && objects > 1000, "{objects} objects in {documents} documents");
}

/// Compares one document and says how many objects were compared.
fn compare(source: &Source, differences: &mut Vec<String>) -> usize {
    let bytes = std::fs::read(&source.file).expect("the corpus is there");
    let password = (!source.password.is_empty()).then_some(source.password.as_bytes());
    let ours = Document::open_with_password(&bytes, password).unwrap_or_else(|e| panic!("{}: {e}", source.name()));
    let theirs = lopdf::Document::load_mem_with_options(&bytes, lopdf::LoadOptions::with_password(&source.password))
        .unwrap_or_else(|e| panic!("{}: lopdf: {e}", source.name()));
    let view = ours.latest();
    let numbers = (0..ours.revisions().len()).flat_map(|r| ours.sections(r)).map(thrivosign::pdf::Section::numbers_end).max().unwrap_or(0);
    let mut known = BTreeMap::new();
    for number in 0..u32::try_from(numbers).expect("small") {
        match view.entry(number).expect("an entry") {
            Some(XrefEntry::Offset { generation, .. }) => known.insert(number, generation),
            Some(XrefEntry::Compressed { .. }) => known.insert(number, 0),
            _ => None,
        };
    }
    for (id, object) in &theirs.objects {
        let Some(generation) = known.get(&id.0) else {
            differences.push(format!("{} {}: only lopdf has it: {}", id.0, id.1, kind(object)));
            continue;
        };
        if *generation != id.1 {
            differences.push(format!("{} {}: our generation is {generation}", id.0, id.1));
            continue;
        }
        match view.object(ObjectId::new(id.0, id.1)) {
            Ok(found) => {
                if let Some(what) = differ(view, &found.object, object) {
                    differences.push(format!("{} {}: {what}", id.0, id.1));
                }
            }
            Err(error) => differences.push(format!("{} {}: {error}", id.0, id.1)),
        }
    }
    for (number, generation) in &known {
        let object = view.object(ObjectId::new(*number, *generation));
        let absent = !theirs.objects.contains_key(&(*number, *generation));
        match object {
            Ok(found) if absent && !found.object.is_null() => {
                let encrypt = view.trailer().get(b"Encrypt") == Some(&Object::Reference(found.id));
                let kind = found.object.as_dict().and_then(|d| d.get(b"Type")).and_then(Object::as_name).unwrap_or_default();
                let what = if encrypt { "the encryption dictionary".into() } else { String::from_utf8_lossy(kind) };
                differences.push(format!("{number} {generation}: only we have it: {what}"));
            }
            Err(error) => differences.push(format!("{number} {generation}: {error}")),
            Ok(_) => {}
        }
    }
    known.len()
}

fn kind(object: &lopdf::Object) -> String {
    let dict = object.as_dict().ok().or_else(|| object.as_stream().ok().map(|s| &s.dict));
    let name = dict.and_then(|d| d.get(b"Type").ok()).and_then(|o| o.as_name().ok()).unwrap_or_default();
    format!("{} {}", object.enum_variant(), String::from_utf8_lossy(name))
}

/// The first difference of two objects, if there is one.
fn differ(view: View<'_>, ours: &Object, theirs: &lopdf::Object) -> Option<String> {
    use lopdf::Object as Their;
    let told = || Some(format!("ours {ours:?}, lopdf's {theirs:?}").chars().take(300).collect());
    let close = |a: f64, b: f64| (a - b).abs() <= 1e-4 * a.abs().max(1.0);
    match (ours, theirs) {
        (Object::Null, Their::Null) => None,
        (Object::Boolean(a), Their::Boolean(b)) if a == b => None,
        (Object::Integer(a), Their::Integer(b)) if a == b => None,
        (Object::Real(a), Their::Real(b)) if close(*a, f64::from(*b)) => None,
        (Object::Name(a), Their::Name(b)) if a.0 == *b => None,
        (Object::String(a), Their::String(b, _)) if a.bytes == *b => None,
        (Object::Reference(a), Their::Reference(b)) if (a.number, a.generation) == *b => None,
        (Object::Array(a), Their::Array(b)) if a.len() == b.len() => a.iter().zip(b).find_map(|(a, b)| differ(view, a, b)),
        (Object::Dictionary(a), Their::Dictionary(b)) => dictionaries(view, a, b, false),
        (Object::Stream(a), Their::Stream(b)) => dictionaries(view, &a.dict, &b.dict, true).or_else(|| match view.stored_data(a) {
            Ok(stored) if stored == b.content => None,
            Ok(stored) => Some(format!("a stream of {} bytes has {} in lopdf", stored.len(), b.content.len())),
            Err(error) => Some(format!("a stream: {error}")),
        }),
        _ => told(),
    }
}

fn dictionaries(view: View<'_>, ours: &Dictionary, theirs: &lopdf::Dictionary, stream: bool) -> Option<String> {
    // /Length is compared as the number of bytes; a null value is no entry (ISO 32000-2 7.3.7).
    let skip = |key: &[u8]| stream && key == b"Length";
    for (key, value) in ours.iter().filter(|(key, value)| !skip(key) && !value.is_null()) {
        let name = String::from_utf8_lossy(key).into_owned();
        match theirs.get(key) {
            Ok(other) => {
                if let Some(what) = differ(view, value, other) {
                    return Some(format!("/{name}: {what}"));
                }
            }
            Err(_) => return Some(format!("/{name} is not in lopdf's")),
        }
    }
    let more = theirs.iter().find(|(key, value)| !skip(key) && !matches!(value, lopdf::Object::Null) && ours.get(key).is_none());
    more.map(|(key, _)| format!("/{} is in lopdf's alone", String::from_utf8_lossy(key)))
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
