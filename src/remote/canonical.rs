//! Room `remote`: canonical JSON (RFC 8785) of the few shapes that are signed or hash-chained: objects of texts and whole
//! numbers. Takes members, gives bytes that both sides make alike; signs nothing.

use super::json::Members;
use serde_json::Value;
use zeroize::Zeroizing;

/// The canonical bytes. Names are sorted by UTF-16 code units (RFC 8785 3.2.3); texts are escaped as `serde_json` does, which
/// is what RFC 8785 3.2.2.2 asks; numbers here are whole and below 2^53, whose ECMAScript form is their decimal digits.
pub(crate) fn canonical(members: Members) -> Zeroizing<Vec<u8>> {
    let value = Wiped(Value::Object(members.into_map()));
    let mut out = Zeroizing::new(Vec::with_capacity(4096));
    write(&mut out, &value.0);
    out
}

struct Wiped(Value);

impl Drop for Wiped {
    fn drop(&mut self) {
        super::json::wipe(&mut self.0);
    }
}

fn write(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push(b'{');
            for (at, (name, member)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                leaf(out, &Value::String(name.clone()));
                out.push(b':');
                write(out, member);
            }
            out.push(b'}');
        }
        Value::Array(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write(out, item);
            }
            out.push(b']');
        }
        other => leaf(out, other),
    }
}

fn leaf(out: &mut Vec<u8>, value: &Value) {
    // Writing a text or a number into memory has no failing case.
    let _ = serde_json::to_writer(out, value);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::json::MAX_JSON;

    #[test]
    fn names_are_sorted_and_texts_escaped_as_rfc_8785_asks() {
        // The names of RFC 8785 3.2.3 and the text of 3.2.2, without its numbers.
        let input = r#"{"\u20ac":"Euro","\r":"CR","\ufb33":"Dalet","1":"One","\ud83d\ude00":"Smiley","\u0080":"Control","\u00f6":"o",
            "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"}"#;
        let out = canonical(Members::parse(input.as_bytes(), MAX_JSON).unwrap());
        let expected = "{\"\\r\":\"CR\",\"1\":\"One\",\"string\":\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\",\"\u{80}\":\"Control\",\"\u{f6}\":\"o\",\
            \"\u{20ac}\":\"Euro\",\"\u{1f600}\":\"Smiley\",\"\u{fb33}\":\"Dalet\"}";
        assert_eq!(std::str::from_utf8(&out).unwrap(), expected);
    }
}
