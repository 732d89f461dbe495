//! Every object of a document as others read it: lopdf, and qpdf through its JSON. One form for all three readers, one comparison.
//!
//! Takes a document, gives a map from object to value: names as `/Name`, strings as `b:` and hexadecimal digits or (qpdf's) `u:` and text,
//! references as `1 0 R`, streams as their dictionary without /Length and the digest of their stored bytes. Shared by the tests of several
//! folders.

mod unchanged;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use thrivosign::pdf::{Dictionary, Document, Object, ObjectId, Section, View, XrefEntry};

pub(crate) use unchanged::unchanged;

pub(crate) type Objects = BTreeMap<(u32, u16), Value>;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn name(bytes: &[u8]) -> Value {
    Value::String(format!("/{}", String::from_utf8_lossy(bytes)))
}

fn string(bytes: &[u8]) -> Value {
    Value::String(format!("b:{}", hex(bytes)))
}

fn real(number: f64) -> Value {
    // Written 1.0 or 1: the same number.
    json!(number)
}

fn stream(dict: Value, data: &[u8]) -> Value {
    let mut dict = dict;
    if let Some(map) = dict.as_object_mut() {
        map.remove("/Length");
    }
    json!({"stream": dict, "data": format!("{} bytes, {}", data.len(), hex(&Sha256::digest(data)))})
}

/// What lopdf reads, and its trailer under number 0.
pub(crate) fn as_lopdf_reads(bytes: &[u8], password: &str) -> Result<Objects, String> {
    let options = lopdf::LoadOptions::with_password(password);
    let document = lopdf::Document::load_mem_with_options(bytes, options).map_err(|error| format!("lopdf: {error}"))?;
    let mut objects: Objects = document.objects.iter().map(|(id, object)| (*id, from_lopdf(object))).collect();
    objects.insert((0, 0), from_lopdf(&lopdf::Object::Dictionary(document.trailer.clone())));
    Ok(objects)
}

fn from_lopdf(object: &lopdf::Object) -> Value {
    use lopdf::Object as Their;
    let dictionary = |dict: &lopdf::Dictionary| -> Value {
        let entry = |(key, value): (&Vec<u8>, &Their)| (format!("/{}", String::from_utf8_lossy(key)), from_lopdf(value));
        Value::Object(dict.iter().map(entry).collect())
    };
    match object {
        Their::Null => Value::Null,
        Their::Boolean(yes) => Value::Bool(*yes),
        Their::Integer(n) => json!(n),
        Their::Real(r) => real(f64::from(*r)),
        Their::Name(bytes) => name(bytes),
        Their::String(bytes, _) => string(bytes),
        Their::Array(items) => Value::Array(items.iter().map(from_lopdf).collect()),
        Their::Dictionary(dict) => dictionary(dict),
        Their::Stream(found) => stream(dictionary(&found.dict), &found.content),
        Their::Reference((number, generation)) => Value::String(format!("{number} {generation} R")),
    }
}

/// What qpdf reads, and its trailer under number 0.
pub(crate) fn as_qpdf_reads(file: &Path, password: &str) -> Result<Objects, String> {
    let output = Command::new("qpdf")
        .arg(format!("--password={password}"))
        .args(["--warning-exit-0", "--no-warn", "--json=2", "--json-key=qpdf", "--json-stream-data=inline", "--decode-level=none"])
        .arg(file)
        .output()
        .map_err(|error| format!("qpdf: {error}"))?;
    let told: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("qpdf's JSON: {error}: {}", String::from_utf8_lossy(&output.stderr)))?;
    let listed = told["qpdf"][1].as_object().ok_or("qpdf lists no objects")?;
    let mut objects = Objects::new();
    for (key, held) in listed {
        let mut words = key.trim_start_matches("obj:").split(' ');
        let id = match (words.next().and_then(|n| n.parse().ok()), words.next().and_then(|n| n.parse().ok())) {
            (Some(number), Some(generation)) => (number, generation),
            _ if key == "trailer" => (0, 0),
            _ => return Err(format!("qpdf names an object {key}")),
        };
        let value = match held.get("stream") {
            Some(found) => {
                use base64ct::{Base64, Encoding};
                let data = Base64::decode_vec(found["data"].as_str().unwrap_or_default()).map_err(|error| format!("{key}: {error}"))?;
                stream(found["dict"].clone(), &data)
            }
            None => held["value"].clone(),
        };
        objects.insert(id, value);
    }
    Ok(objects)
}

/// What this library reads, and its trailer under number 0.
pub(crate) fn as_we_read(bytes: &[u8], password: &str) -> Result<Objects, String> {
    let password = (!password.is_empty()).then_some(password.as_bytes());
    let document = Document::open_with_password(&bytes, password).map_err(|error| error.to_string())?;
    let view = document.latest();
    let numbers = (0..document.revisions().len()).flat_map(|r| document.sections(r)).map(Section::numbers_end).max().unwrap_or(0);
    let mut objects = Objects::new();
    for number in 0..u32::try_from(numbers).map_err(|error| error.to_string())? {
        let told = |error: thrivosign::Error| format!("object {number}: {error}");
        let id = match view.entry(number).map_err(told)? {
            Some(XrefEntry::Offset { generation, .. }) => ObjectId::new(number, generation),
            Some(XrefEntry::Compressed { .. }) => ObjectId::new(number, 0),
            _ => continue,
        };
        let found = view.object(id).map_err(told)?;
        objects.insert((number, id.generation), ours(view, &found.object)?);
    }
    objects.insert((0, 0), dictionary(view, view.trailer())?);
    Ok(objects)
}

fn dictionary(view: View<'_>, dict: &Dictionary) -> Result<Value, String> {
    let mut map = Map::new();
    for (key, value) in dict.iter() {
        map.insert(format!("/{}", String::from_utf8_lossy(key)), ours(view, value)?);
    }
    Ok(Value::Object(map))
}

fn ours(view: View<'_>, object: &Object) -> Result<Value, String> {
    Ok(match object {
        Object::Null => Value::Null,
        Object::Boolean(yes) => Value::Bool(*yes),
        Object::Integer(n) => json!(n),
        Object::Real(r) => real(*r),
        Object::Name(found) => name(found),
        Object::String(found) => string(&found.bytes),
        Object::Array(items) => Value::Array(items.iter().map(|item| ours(view, item)).collect::<Result<_, _>>()?),
        Object::Dictionary(dict) => dictionary(view, dict)?,
        Object::Stream(found) => {
            stream(dictionary(view, &found.dict)?, &view.stored_data(found).map_err(|error| format!("a stream: {error}"))?)
        }
        Object::Reference(id) => Value::String(format!("{} {} R", id.number, id.generation)),
    })
}

/// Every place where two values differ, as paths with both values. A null value is no entry (ISO 32000-2 7.3.7).
pub(crate) fn differences(one: &Value, other: &Value, path: &str, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let (a, b) = (a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null));
                differences(a, b, &format!("{path}{key}"), found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                differences(a, b, &format!("{path}[{index}]"), found);
            }
        }
        _ if same(one, other) => {}
        _ => {
            let short = |value: &Value| value.to_string().chars().take(120).collect::<String>();
            found.push(format!("{path}: {} against {}", short(one), short(other)));
        }
    }
}

fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN));
            (a - b).abs() <= 1e-4 * a.abs().max(1.0)
        }
        (Value::String(a), Value::String(b)) if a != b => match (a.strip_prefix("b:"), b.strip_prefix("u:")) {
            (Some(digits), Some(text)) => decoded(digits).is_some_and(|said| said == text),
            _ => false,
        },
        _ => one == other,
    }
}

/// A text string (ISO 32000-2 7.9.2.2) as qpdf decodes it.
fn decoded(digits: &str) -> Option<String> {
    let byte = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    let bytes = (0..digits.len()).step_by(2).map(byte).collect::<Option<Vec<u8>>>()?;
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return Some(String::from_utf8_lossy(rest).into_owned());
    }
    let pairs = |rest: &[u8], read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks(2).map(|pair| read([pair[0], pair.get(1).copied().unwrap_or(0)])).collect();
        Some(String::from_utf16_lossy(&units))
    };
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return pairs(rest, u16::from_be_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return pairs(rest, u16::from_le_bytes);
    }
    // PDFDocEncoding (annex D.3) where it is not Latin-1.
    const LOW: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    const HIGH: [char; 33] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚', '™', 'ﬁ', 'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž',
        'ı', 'ł', 'œ', 'š', 'ž', '\u{FFFD}', '€',
    ];
    let letter = |b: &u8| match b {
        0x18..=0x1F => LOW[usize::from(*b - 0x18)],
        0x80..=0xA0 => HIGH[usize::from(*b - 0x80)],
        _ => char::from(*b),
    };
    Some(bytes.iter().map(letter).collect())
}
