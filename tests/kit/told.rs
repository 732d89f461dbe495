//! What the report tells of each file of the kit: every finding with its rule, object, page, path and values, and each fact that is not what a
//! plain clean signature has. What may surprise the reader of a document, its risks, is no part of the verdict and left out. Takes reports, gives
//! lines; `tests/kit/told.txt` holds them, so that a change of what people are told is seen in review, and one of what an attack is called for, too.

use super::kit::{File, judged};
use serde_json::{Map, Value};
use std::fmt::Write;

/// What is another in each file and says nothing of how it was judged; and what follows from the rest.
const LEFT_OUT: &[&str] =
    &["schema", "verifier", "policy", "size", "byte_range", "content", "to_be_signed", "signature_value", "changes", "risks"];
/// Lists whose items have a line each.
const LISTED: &[&str] = &["signatures", "change_details"];
/// Lists of which the codes alone are told.
const CODES: &[&str] = &["found", "reasons"];

/// Lines of one file; `plain` is the report of a signature that nothing is wrong with and nothing follows.
pub(crate) fn told(file: &File, plain: &Value) -> String {
    let mut lines = String::new();
    match judged(&file.bytes) {
        Err(error) => writeln!(lines, "  no report: {}", error.kind().name()).expect("a string takes it"),
        Ok(report) => object(&mut lines, &value(&report), plain, 1),
    }
    lines
}

pub(crate) fn value(report: &thrivosign::verify::Report) -> Value {
    serde_json::to_value(report).expect("a report is JSON")
}

/// One line of what differs from the plain one, then those of its lists.
fn object(lines: &mut String, value: &Value, plain: &Value, depth: usize) {
    let facts = facts(value, plain);
    if !facts.is_empty() {
        writeln!(lines, "{}{}", "  ".repeat(depth), facts.join(" ")).expect("a string takes it");
    }
    for name in LISTED {
        let first = plain.get(name).and_then(|items| items.get(0)).unwrap_or(&Value::Null);
        for item in value.get(name).and_then(Value::as_array).into_iter().flatten() {
            let before = lines.len();
            object(lines, item, first, depth + 1);
            if lines.len() == before {
                writeln!(lines, "{}plain", "  ".repeat(depth + 1)).expect("a string takes it");
            }
        }
    }
}

/// `key=value` of each leaf that is another in the plain one, or not there.
fn facts(value: &Value, plain: &Value) -> Vec<String> {
    let none = Map::new();
    let mut found = Vec::new();
    for (key, value) in value.as_object().unwrap_or(&none) {
        let plain = plain.get(key).unwrap_or(&Value::Null);
        // The rule says what kind of change it is.
        let follows = key == "clean" || key == "kind" && plain.is_null();
        if value == plain
            || follows
            || value.as_array().is_some_and(Vec::is_empty)
            || LEFT_OUT.contains(&key.as_str())
            || LISTED.contains(&key.as_str())
        {
            continue;
        }
        match value {
            Value::Object(_) => found.extend(facts(value, plain).into_iter().map(|fact| format!("{key}.{fact}"))),
            Value::Array(items) if CODES.contains(&key.as_str()) => found.push(format!("{key}={}", codes(items))),
            Value::String(text) => found.push(format!("{key}={text}")),
            other => found.push(format!("{key}={other}")),
        }
    }
    // What the plain one has and this one lacks.
    let gone = plain.as_object().unwrap_or(&none).keys().filter(|key| value.get(key).is_none() && !LEFT_OUT.contains(&key.as_str()));
    found.extend(gone.map(|key| format!("{key}=-")));
    found
}

fn codes(items: &[Value]) -> String {
    let codes: Vec<String> = items
        .iter()
        .map(|item| match (&item["code"], &item["count"]) {
            (Value::String(code), Value::Null) => code.clone(),
            (code, count) => format!("{}:{count}", code.as_str().unwrap_or_default()),
        })
        .collect();
    codes.join(",")
}
