//! The pki room: distinguished names.
//!
//! Takes Name DER, gives a form in which equal names are equal bytes (RFC 5280 7.1) and text for people (RFC 4514). The received bytes are
//! never replaced by either.

use crate::crypto::digest::hex;
use crate::pki::attribute_type;
use crate::pki::der::{self, DerFault, Tlv};
use const_oid::ObjectIdentifier;

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// The relative names of a Name in comparable form: attributes in order, strings folded. Names are equal if these are equal; one lies
/// within the subtree of another if the other's list is its beginning (RFC 5280 4.2.1.10).
pub(crate) fn comparable(name: &[u8]) -> Result<Vec<Vec<u8>>, DerFault> {
    relatives(name, &fold)
}

/// The name with its string types made one and nothing else changed; `None` if it cannot be read.
pub(crate) fn untyped_bytes(name: &[u8]) -> Option<Vec<u8>> {
    let untyped = |value: &Tlv<'_>| match value.tag {
        0x0c | 0x13 | 0x16 => der::write(0x0c, &[value.value]),
        _ => value.raw.to_vec(),
    };
    relatives(name, &untyped).ok().map(|relatives| relatives.concat())
}

fn relatives(name: &[u8], form: &dyn Fn(&Tlv<'_>) -> Vec<u8>) -> Result<Vec<Vec<u8>>, DerFault> {
    let mut relatives = Vec::new();
    let mut reader = der::whole(name, der::SEQUENCE, "name")?.inside();
    while !reader.is_empty() {
        let set = reader.expect(der::SET, "relative name")?;
        let mut attributes = Vec::new();
        let mut inside = set.inside();
        while !inside.is_empty() {
            let mut pair = inside.expect(der::SEQUENCE, "name attribute")?.inside();
            let kind = pair.expect(der::OID, "name attribute type")?;
            let value = pair.any()?;
            pair.finish("name attribute")?;
            attributes.push(der::write(der::SEQUENCE, &[kind.raw, &form(&value)]));
        }
        relatives.push(der::write_set(der::SET, attributes));
    }
    Ok(relatives)
}

/// The same as one byte string, for use as a key.
pub(crate) fn comparable_bytes(name: &[u8]) -> Vec<u8> {
    comparable(name).map_or_else(|_| name.to_vec(), |relatives| relatives.concat())
}

/// PrintableString, UTF8String and IA5String compare without regard to case, outer spaces and the length of inner ones; any other type
/// compares by its bytes.
fn fold(value: &Tlv<'_>) -> Vec<u8> {
    let text = match value.tag {
        0x0c | 0x13 | 0x16 => std::str::from_utf8(value.value).ok(),
        _ => None,
    };
    let Some(text) = text else { return value.raw.to_vec() };
    let mut out = String::with_capacity(text.len());
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
    der::write(0x0c, &[out.as_bytes()])
}

/// RFC 4514 text, for people. A name that cannot be read is shown as `#` and hexadecimal digits.
pub(crate) fn text(name: &[u8]) -> String {
    written(name).unwrap_or_else(|| format!("#{}", hex(name.get(..256).unwrap_or(name))))
}

/// The relative names from the last to the first (RFC 4514 2.1), several attributes of one joined by `+` (2.2).
fn written(name: &[u8]) -> Option<String> {
    let mut relatives = Vec::new();
    let mut reader = der::whole(name, der::SEQUENCE, "name").ok()?.inside();
    while !reader.is_empty() {
        let mut relative = String::new();
        let mut inside = reader.expect(der::SET, "relative name").ok()?.inside();
        while !inside.is_empty() {
            let mut pair = inside.expect(der::SEQUENCE, "name attribute").ok()?.inside();
            let kind = pair.expect(der::OID, "name attribute type").ok()?;
            let value = pair.any().ok()?;
            pair.finish("name attribute").ok()?;
            if !relative.is_empty() {
                relative.push('+');
            }
            write_attribute(&kind, &value, &mut relative)?;
        }
        relatives.push(relative);
    }
    relatives.reverse();
    Some(relatives.join(","))
}

/// A type without a word is written as dotted numbers, and its value, like one that is no text, as `#` and its encoding (RFC 4514 2.3, 2.4).
fn write_attribute(kind: &Tlv<'_>, value: &Tlv<'_>, out: &mut String) -> Option<()> {
    if let (Some(word), Some(text)) = (attribute_type::word(kind.value), string(value)) {
        out.push_str(word);
        out.push('=');
        escape(&text, out);
    } else {
        out.push_str(&ObjectIdentifier::from_bytes(kind.value).ok()?.to_string());
        out.push_str("=#");
        out.push_str(&hex(value.raw));
    }
    Some(())
}

/// RFC 4514 2.4: what would end the value or be taken for something else has a backslash before it, a control character is its hexadecimal pair.
fn escape(text: &str, out: &mut String) {
    let last = text.chars().count().saturating_sub(1);
    for (at, c) in text.chars().enumerate() {
        match c {
            '#' if at == 0 => out.push_str("\\#"),
            ' ' if at == 0 || at == last => out.push_str("\\ "),
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => out.extend(['\\', c]),
            '\x00'..='\x1f' | '\x7f' => {
                out.push('\\');
                out.push_str(&hex(&[c as u8]));
            }
            _ => out.push(c),
        }
    }
}

/// The last common name, decoded.
pub(crate) fn common_name(name: &[u8]) -> Option<String> {
    attribute(name, &COMMON_NAME)
}

/// The last attribute of that type as text.
pub(crate) fn attribute(name: &[u8], oid: &ObjectIdentifier) -> Option<String> {
    attributes(name, oid)?.pop()
}

/// Every attribute of that type as text; `None` for a name that cannot be read.
pub(crate) fn attributes(name: &[u8], oid: &ObjectIdentifier) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let mut reader = der::whole(name, der::SEQUENCE, "name").ok()?.inside();
    while !reader.is_empty() {
        let mut inside = reader.expect(der::SET, "relative name").ok()?.inside();
        while !inside.is_empty() {
            let mut pair = inside.expect(der::SEQUENCE, "name attribute").ok()?.inside();
            let kind = pair.expect(der::OID, "name attribute type").ok()?;
            let value = pair.any().ok()?;
            if kind.value == oid.as_bytes() {
                found.extend(string(&value));
            }
        }
    }
    Some(found)
}

/// The text of a DirectoryString or IA5String.
pub(crate) fn string(value: &Tlv<'_>) -> Option<String> {
    match value.tag {
        0x0c | 0x13 | 0x16 | 0x12 => std::str::from_utf8(value.value).ok().map(str::to_owned),
        // TeletexString: read as Latin-1, which is what issuers wrote.
        0x14 => Some(value.value.iter().map(|b| char::from(*b)).collect()),
        0x1e if value.value.len().is_multiple_of(2) => {
            let units: Vec<u16> = value.value.chunks(2).map(|c| c.iter().fold(0, |n, b| (n << 8) | u16::from(*b))).collect();
            String::from_utf16(&units).ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(tag: u8, text: &str) -> Vec<u8> {
        let pair = der::write(der::SEQUENCE, &[&der::write_oid(&COMMON_NAME), &der::write(tag, &[text.as_bytes()])]);
        der::write(der::SEQUENCE, &[&der::write(der::SET, &[&pair])])
    }

    #[test]
    fn comparison_folds_case_spaces_and_string_type() {
        let base = comparable(&name(0x0c, "Anna Example")).unwrap();
        assert_eq!(base, comparable(&name(0x13, "  anna   EXAMPLE ")).unwrap());
        assert_ne!(base, comparable(&name(0x0c, "AnnaExample")).unwrap());
        assert_ne!(base, comparable(&name(0x1e, "Anna Example")).unwrap());
        assert_eq!(common_name(&name(0x0c, "Änne")).unwrap(), "Änne");
        assert_eq!(text(&name(0x0c, "A, B")), "CN=A\\, B");
        assert_eq!(text(&[0x30, 0x01]), "#3001");
    }

    fn pair(oid: &str, tag: u8, value: &[u8]) -> Vec<u8> {
        der::write(der::SEQUENCE, &[&der::write_oid(&ObjectIdentifier::new_unwrap(oid)), &der::write(tag, &[value])])
    }

    fn of(relatives: &[&[Vec<u8>]]) -> Vec<u8> {
        let sets: Vec<Vec<u8>> = relatives.iter().map(|pairs| der::write_set(der::SET, pairs.to_vec())).collect();
        der::write(der::SEQUENCE, &sets.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    #[test]
    fn text_is_what_another_implementation_writes() {
        use x509_cert::der::Decode as _;
        let values: [&[u8]; 9] =
            [b"Anna", b"#1", b" x ", b" ", b"a,b+c;d<e>f\"g\\h", "\u{e4}\u{4f60}\u{597d}".as_bytes(), b"\x01\x7f", b"", b"a#b c"];
        let kinds =
            ["2.5.4.3", "2.5.4.6", "2.5.4.5", "2.5.4.42", "2.5.4.9", "1.2.840.113549.1.9.1", "0.9.2342.19200300.100.1.25", "1.2.3.4.5"];
        for kind in kinds {
            for value in values {
                for tag in [0x0c, 0x13, 0x16, 0x04] {
                    if tag != 0x0c && std::str::from_utf8(value).is_ok_and(|text| !text.is_ascii()) {
                        continue;
                    }
                    let name = of(&[&[pair("2.5.4.6", 0x13, b"DE")], &[pair("2.5.4.10", 0x0c, b"Bank"), pair(kind, tag, value)]]);
                    let theirs = x509_cert::name::Name::from_der(&name).map(|name| name.to_string());
                    // A character that a PrintableString may not have: theirs writes the encoding, a person reads the text here.
                    if theirs.as_ref().is_ok_and(|theirs| theirs.contains("=#")) && tag == 0x13 && attribute_type::named(kind).is_some() {
                        continue;
                    }
                    assert_eq!(Ok(text(&name)), theirs, "{kind} {tag} {value:?}");
                }
            }
        }
        assert_eq!(text(&of(&[])), "");
    }

    #[test]
    fn text_of_older_strings_and_of_organizations() {
        assert_eq!(text(&of(&[&[pair("2.5.4.10", 0x1e, &[0, b'B', 0, 0xe4, 0x4f, 0x60])]])), "O=B\u{e4}\u{4f60}");
        assert_eq!(text(&of(&[&[pair("2.5.4.10", 0x14, &[b'B', 0xe4])]])), "O=B\u{e4}");
        assert_eq!(text(&of(&[&[pair("2.5.4.97", 0x0c, b"PSDDE-BAFIN-1")]])), "ORGANIZATIONIDENTIFIER=PSDDE-BAFIN-1");
        assert_eq!(text(&of(&[&[pair("2.5.4.10", 0x1e, &[0])]])), "2.5.4.10=#1e0100");
    }
}
