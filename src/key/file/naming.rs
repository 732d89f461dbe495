//! The key room: names of keys and of their files. Takes one, gives the other; no name leads out of its folder.

use crate::key::check_name;

const PREFIX: &str = "key-";
const SUFFIX: &str = ".tskey";

/// `key-<name>.tskey`, where everything but lower-case letters, digits, `-` and `_` stands as `%` and two hex digits: no
/// name reaches outside the folder, is a device name, or meets another one where upper and lower case are the same.
pub(super) fn file_name(name: &str) -> String {
    let mut out = String::from(PREFIX);
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02x}")),
        }
    }
    out.push_str(SUFFIX);
    out
}

/// The key's name, if the file can be one of ours.
pub(super) fn key_name(file: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = file.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    let name = String::from_utf8(bytes).ok()?;
    (check_name(&name).is_ok() && file_name(&name) == file).then_some(name)
}
