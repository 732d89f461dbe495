//! What a signature may touch, and nothing else: every object of the document before, compared with the document after, as one reader reads both.

use super::{Objects, differences};
use serde_json::Value;

/// Where a change may be, which key, and why it is there. What was appended to an array is a change of that key.
const EXPLAINED: &[(&str, &[&str], &str)] = &[
    ("catalog", &["/AcroForm", "/AcroForm/Fields", "/AcroForm/SigFlags"], "the form that holds the signature"),
    ("catalog", &["/Perms"], "what a certification allows"),
    ("form", &["/Fields", "/SigFlags"], "the same where the form is an object"),
    ("page", &["/Annots", "/Tabs"], "the widget's place; the order of the tab key, where PDF/UA asks for one"),
    ("array", &[""], "the list of fields or of kids, where it is an object"),
    ("field", &["/V", "/Kids", "/AP", "/Lock"], "the field that is signed, or the one above it"),
    ("tags", &["/K", "/ParentTreeNextKey", "/Nums", "/Limits", "/Kids"], "the widget's structure element, in a tagged document"),
];

/// Every difference that is not among those explained; empty is right.
pub(crate) fn unchanged(before: &Objects, after: &Objects) -> Vec<String> {
    let empty = Value::Null;
    let trailer = before.get(&(0, 0)).unwrap_or(&empty);
    let root = trailer["/Root"].as_str().unwrap_or_default();
    let held =
        |reference: &str| before.iter().find(|((number, generation), _)| format!("{number} {generation} R") == reference).map(|(_, v)| v);
    let form = held(root).and_then(|catalog| catalog["/AcroForm"].as_str()).unwrap_or_default();
    let tree = held(root).and_then(|catalog| catalog["/StructTreeRoot"].as_str()).and_then(held);
    let parents = tree.and_then(|tree| tree["/ParentTree"].as_str());
    let mut found = Vec::new();
    for (id, old) in before {
        let reference = format!("{} {} R", id.0, id.1);
        let Some(new) = after.get(id) else {
            // A cross-reference stream is read through, not from.
            if old["stream"]["/Type"] != "/XRef" {
                found.push(format!("{reference} is gone"));
            }
            continue;
        };
        if id.0 == 0 {
            // Of a trailer only this is the document's; the rest describes its own section.
            for (key, old, new) in ["/Root", "/Info", "/Encrypt"].map(|key| (key, &old[key], &new[key])).into_iter().chain([(
                "/ID[0]",
                &old["/ID"][0],
                &new["/ID"][0],
            )]) {
                if !old.is_null() {
                    differences(old, new, &format!("trailer {key}"), &mut found);
                }
            }
            continue;
        }
        let role = match old {
            _ if reference == root => "catalog",
            _ if reference == form => "form",
            Value::Object(map) if map.get("/Type").is_some_and(|kind| kind == "/Page") => "page",
            Value::Object(map)
                if ["/FT", "/T", "/Kids"].iter().any(|key| map.contains_key(*key))
                    && map.get("/Type").is_none_or(|kind| kind == "/Annot") =>
            {
                "field"
            }
            Value::Object(map) if map.get("/Subtype").is_some_and(|kind| kind == "/Widget") => "field",
            Value::Object(map) if ["/StructTreeRoot", "/StructElem"].iter().any(|kind| map.get("/Type").is_some_and(|own| own == kind)) => {
                "tags"
            }
            Value::Object(map) if map.contains_key("/S") && map.contains_key("/P") && map.contains_key("/K") => "tags",
            Value::Object(_) if Some(reference.as_str()) == parents => "tags",
            Value::Array(_) => "array",
            _ => "other",
        };
        let mut changes = Vec::new();
        compare(old, new, "", &mut changes);
        for (path, what) in changes {
            let explained = EXPLAINED.iter().any(|(place, keys, _)| *place == role && keys.contains(&path.as_str()));
            if !explained {
                found.push(format!("{reference} ({role}) {path}: {what}"));
            }
        }
    }
    found
}

/// The paths that differ; what was only appended to an array is one change of the array, and a whole new value one of its key.
fn compare(old: &Value, new: &Value, path: &str, found: &mut Vec<(String, String)>) {
    let told = |found: &mut Vec<(String, String)>, what: &str| {
        let mut list = Vec::new();
        differences(old, new, "", &mut list);
        list.truncate(2);
        found.push((path.to_owned(), format!("{what} {}", list.join("; "))));
    };
    match (old, new) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let (a, b) = (a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null));
                compare(a, b, &format!("{path}{key}"), found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                compare(a, b, &format!("{path}[{index}]"), found);
            }
        }
        (Value::Array(a), Value::Array(b)) if b.starts_with(a) => told(found, "appended"),
        (Value::Array(_), Value::Array(_)) => found.push((format!("{path}[]"), "an array that was rewritten".to_owned())),
        _ => {
            let mut list = Vec::new();
            differences(old, new, "", &mut list);
            if !list.is_empty() {
                told(found, "");
            }
        }
    }
}

#[test]
fn what_no_signature_changes_is_seen() {
    use serde_json::json;
    let page = json!({"/Type": "/Page", "/Annots": ["8 0 R"], "/MediaBox": [0, 0, 595, 842]});
    let before: Objects = [
        ((0, 0), json!({"/Root": "1 0 R", "/ID": ["b:01", "b:02"], "/Size": 5})),
        ((1, 0), json!({"/Type": "/Catalog", "/AcroForm": {"/Fields": []}})),
        ((3, 0), page),
        ((4, 0), json!({"stream": {}, "data": "64 bytes, ab"})),
    ]
    .into();
    let told = |change: &dyn Fn(&mut Objects)| {
        let mut after = before.clone();
        change(&mut after);
        unchanged(&before, &after).len()
    };
    assert_eq!(told(&|_| {}), 0);
    assert_eq!(told(&|o| o.get_mut(&(3, 0)).expect("a page")["/Annots"] = json!(["8 0 R", "9 0 R"])), 0);
    assert_eq!(told(&|o| o.get_mut(&(1, 0)).expect("a catalog")["/AcroForm"]["/Fields"] = json!(["9 0 R"])), 0);
    assert_eq!(told(&|o| o.get_mut(&(0, 0)).expect("a trailer")["/ID"][1] = json!("b:03")), 0);

    assert_eq!(told(&|o| o.get_mut(&(0, 0)).expect("a trailer")["/ID"][0] = json!("b:03")), 1);
    assert_eq!(told(&|o| o.get_mut(&(3, 0)).expect("a page")["/Annots"] = json!(["9 0 R", "8 0 R"])), 1);
    assert_eq!(told(&|o| o.get_mut(&(3, 0)).expect("a page")["/Rotate"] = json!(90)), 1);
    assert_eq!(told(&|o| o.get_mut(&(1, 0)).expect("a catalog")["/OpenAction"] = json!("9 0 R")), 1);
    assert_eq!(told(&|o| o.get_mut(&(4, 0)).expect("a stream")["data"] = json!("64 bytes, ac")), 1);
    assert_eq!(told(&|o| drop(o.remove(&(4, 0)))), 1);
}
