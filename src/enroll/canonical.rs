//! The enrol room: canonical JSON (RFC 8785), the bytes that are signed where JSON is signed.
//!
//! Takes a JSON value, gives its one canonical form. Fractions are refused: nothing signed here has any, and their
//! canonical form is where implementations differ.

use crate::error::{Error, ErrorKind, Result};
use serde_json::Value;

/// Deepest nesting.
const MAX_DEPTH: u32 = 16;
/// Integers beyond this are not exact in the number type of JSON (RFC 8785 3.2.2.3).
const MAX_INTEGER: i64 = 9_007_199_254_740_991;

/// The canonical form, UTF-8: no white space, members sorted by the UTF-16 code units of their names, the shortest escapes.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] for fractions, integers beyond 2^53 - 1, and more than 16 levels.
pub fn canonical_json(value: &Value) -> Result<Vec<u8>> {
    let mut out = String::new();
    write(&mut out, value, MAX_DEPTH)?;
    Ok(out.into_bytes())
}

fn write(out: &mut String, value: &Value, depth: u32) -> Result<()> {
    let refuse = |what: &'static str| Error::new(ErrorKind::InvalidArgument).context(what);
    let depth = depth.checked_sub(1).ok_or_else(|| refuse("canonical JSON is nested too deep"))?;
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => {
            let integer = number.as_i64().filter(|n| (-MAX_INTEGER..=MAX_INTEGER).contains(n));
            out.push_str(&integer.ok_or_else(|| refuse("canonical JSON takes integers only"))?.to_string());
        }
        Value::String(text) => string(out, text),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(out, item, depth)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            // UTF-8 order is not UTF-16 order: U+E000 to U+FFFF stand after the surrogates (RFC 8785 3.2.3).
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (at, (name, item)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                string(out, name);
                out.push(':');
                write(out, item, depth)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

/// RFC 8785 3.2.2.2: two-letter escapes where there are any, `\u00xx` for other controls, all else as it is.
fn string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1f}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(json: &str) -> Result<String> {
        canonical_json(&serde_json::from_str(json).unwrap()).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    /// RFC 8785 3.2.3, its own example of sorting.
    #[test]
    fn members_are_sorted_as_in_the_rfc() {
        let input = r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#;
        let text = canonical(input).unwrap();
        let order: Vec<_> = ["Carriage Return", "One", "Control", "Latin Small", "Euro Sign", "Emoji", "Hebrew"]
            .iter()
            .map(|value| text.find(value).unwrap())
            .collect();
        assert!(order.is_sorted(), "{text}");
    }

    /// RFC 8785 3.2.2 and 3.2.4, without its numbers.
    #[test]
    fn strings_and_literals_as_in_the_rfc() {
        let input = r#"{ "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false], "n": [ 0, -0, -7, 9007199254740991 ] }"#;
        assert!(canonical(input).is_err(), "-0 is a fraction to the parser and refused");
        let input = input.replace(" -0,", "");
        assert_eq!(
            canonical(&input).unwrap(),
            "{\"literals\":[null,true,false],\"n\":[0,-7,9007199254740991],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"
        );
    }

    #[test]
    fn what_has_no_safe_form_is_refused() {
        for bad in ["1.5", "1e3", "9007199254740992", "-9007199254740992", "18446744073709551615", &("[".repeat(17) + &"]".repeat(17))] {
            assert_eq!(canonical(bad).unwrap_err().kind(), ErrorKind::InvalidArgument, "{bad}");
        }
        assert!(canonical(&("[".repeat(16) + &"]".repeat(16))).is_ok());
    }
}
