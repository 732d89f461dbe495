//! The PDF room: objects in, bytes out (ISO 32000-2 7.3). What is written reads back equal.

use super::lexer::{is_delimiter, is_space};
use super::object::{Dictionary, Object, ObjectId, PdfString, StreamData};
use std::io::Write;

/// Appends the object. A stream's data must be in memory; one that is still in a document is written as its dictionary alone.
pub fn write_object(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(true) => out.extend_from_slice(b"true"),
        Object::Boolean(false) => out.extend_from_slice(b"false"),
        Object::Integer(n) => print(out, format_args!("{n}")),
        Object::Real(r) => write_real(out, *r),
        Object::String(string) => write_string(out, string),
        Object::Name(name) => write_name(out, name),
        Object::Reference(id) => print(out, format_args!("{} {} R", id.number, id.generation)),
        Object::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b' ');
                }
                write_object(out, item);
            }
            out.push(b']');
        }
        Object::Dictionary(dict) => write_dictionary(out, dict),
        Object::Stream(stream) => {
            write_dictionary(out, &stream.dict);
            if let StreamData::Bytes(bytes) = &stream.data {
                out.extend_from_slice(b"\nstream\n");
                out.extend_from_slice(bytes);
                out.extend_from_slice(b"\nendstream");
            }
        }
    }
}

/// Appends a dictionary.
pub fn write_dictionary(out: &mut Vec<u8>, dict: &Dictionary) {
    out.extend_from_slice(b"<<");
    for (key, value) in dict.iter() {
        write_name(out, key);
        let mut text = Vec::new();
        write_object(&mut text, value);
        if text.first().is_some_and(|c| !is_delimiter(*c)) {
            out.push(b' ');
        }
        out.extend_from_slice(&text);
    }
    out.extend_from_slice(b">>");
}

/// Appends `N G obj`, the object, `endobj`.
pub fn write_indirect(out: &mut Vec<u8>, id: ObjectId, object: &Object) {
    print(out, format_args!("{} {} obj\n", id.number, id.generation));
    write_object(out, object);
    out.extend_from_slice(b"\nendobj\n");
}

/// Appends formatted text; writing to memory does not fail.
pub(super) fn print(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

fn write_real(out: &mut Vec<u8>, r: f64) {
    // Display never uses an exponent, which PDF does not know; it has a sign for -0. A real stays one: an object that is written anew because
    // of another entry is the same object to whoever compares revisions.
    let start = out.len();
    print(out, format_args!("{}", if r.is_finite() && r != 0.0 { r } else { 0.0 }));
    if !out[start..].contains(&b'.') {
        out.extend_from_slice(b".0");
    }
}

fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for c in name {
        if (b'!'..=b'~').contains(c) && *c != b'#' && !is_delimiter(*c) && !is_space(*c) {
            out.push(*c);
        } else {
            print(out, format_args!("#{c:02X}"));
        }
    }
}

fn write_string(out: &mut Vec<u8>, string: &PdfString) {
    if string.hex {
        out.push(b'<');
        write_hex(out, &string.bytes);
        out.push(b'>');
        return;
    }
    out.push(b'(');
    for c in &string.bytes {
        match c {
            b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', *c]),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\n' => out.extend_from_slice(b"\\n"),
            _ => out.push(*c),
        }
    }
    out.push(b')');
}

/// Appends lower-case hexadecimal digits.
pub fn write_hex(out: &mut Vec<u8>, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.reserve(bytes.len() * 2);
    for b in bytes {
        out.push(DIGITS[usize::from(b >> 4)]);
        out.push(DIGITS[usize::from(b & 15)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Budget;
    use crate::pdf::Parser;

    #[test]
    fn what_is_written_reads_back_equal() {
        let text = b"<</A [1 -2.5 0.0001 true false null (a\\(\\)\\\\\\r\\n\xFF) <00ff> /B#20C 3 0 R]/D <<>>/E /F/G(x)>>";
        let budget = Budget::for_len(0);
        let object = Parser::new(text, 0, &budget).object().unwrap();
        let mut out = Vec::new();
        write_object(&mut out, &object);
        assert_eq!(Parser::new(&out, 0, &budget).object().unwrap(), object, "{}", String::from_utf8_lossy(&out));
    }

    #[test]
    fn reals_are_written_as_pdf_has_them() {
        for (real, text) in
            [(-0.0, "0.0"), (0.0, "0.0"), (4.0, "4.0"), (-0.5, "-0.5"), (1e-7, "0.0000001"), (f64::NAN, "0.0"), (f64::INFINITY, "0.0")]
        {
            let mut out = Vec::new();
            write_object(&mut out, &Object::Real(real));
            assert_eq!(String::from_utf8_lossy(&out), text);
        }
    }
}
