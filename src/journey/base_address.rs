//! The room `journey`: the address of a service, read without a URL library: one form, and everything else refused.

use crate::error::{Error, ErrorKind, Result};
use std::net::Ipv6Addr;

/// Most bytes of a base address.
const MAX_ADDRESS: usize = 2048;

/// Segments of characters that stand for themselves (RFC 3986 3.3), none of which climbs.
pub(super) fn is_path(path: &str) -> bool {
    let is_known = |c: u8| c.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@%/".contains(&c);
    path.bytes().all(is_known) && !path.split('/').any(|part| matches!(part, "." | ".."))
}

/// The address without a slash at its end, in the form in which both sides compare it (RFC 3986 6.2.2, 6.2.3): a proof of possession names it.
pub(super) fn base(address: &str, allow_plain_http: bool) -> Result<String> {
    let wrong = |what: &'static str| Error::new(ErrorKind::ConfigMalformed).context(what);
    let (scheme, rest) = address.split_once("://").ok_or_else(|| wrong("the base address is not a URL"))?;
    let usual = match scheme.to_ascii_lowercase().as_str() {
        "https" => ":443",
        "http" if allow_plain_http => ":80",
        "http" => return Err(Error::new(ErrorKind::PlainHttpRefused)),
        _ => return Err(wrong("the base address must begin with https://")),
    };
    let (authority, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    // Credentials in an address end up in logs; a query or fragment would swallow the path of every call.
    if authority.contains('@') {
        return Err(wrong("the base address must not hold a user name or password"));
    }
    let authority = authority.to_ascii_lowercase();
    let authority = authority.strip_suffix(usual).unwrap_or(&authority);
    let prefix = prefix.trim_end_matches('/');
    if address.len() > MAX_ADDRESS || !is_authority(authority) || !is_path(prefix) {
        return Err(wrong("the base address is a host and at most a path"));
    }
    let slash = if prefix.is_empty() { "" } else { "/" };
    Ok(format!("{}://{authority}{slash}{prefix}", scheme.to_ascii_lowercase()))
}

/// A name or address, and at most a port.
fn is_authority(text: &str) -> bool {
    let (host, rest) = match text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        Some((address, rest)) => {
            if address.parse::<Ipv6Addr>().is_err() {
                return false;
            }
            (address, rest)
        }
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let port = rest.is_empty()
        || rest.strip_prefix(':').is_some_and(|port| {
            port.bytes().all(|c| c.is_ascii_digit()) && !port.starts_with('0') && port.parse::<u16>().is_ok_and(|port| port > 0)
        });
    let named = host.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_'));
    port && !host.is_empty() && (named || text.starts_with('['))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_address_is_a_host_and_at_most_a_path() {
        for (given, kept) in [
            ("https://Bank.example", "https://bank.example"),
            ("HTTPS://bank.example:443/", "https://bank.example"),
            ("https://bank.example:8443/rssp//", "https://bank.example:8443/rssp"),
            ("https://[::1]:8443", "https://[::1]:8443"),
            (" https://10.0.0.1/a/b ", "https://10.0.0.1/a/b"),
        ] {
            assert_eq!(base(given.trim(), false).unwrap(), kept);
        }
        for wrong in [
            "bank.example",
            "https://",
            "https:///a",
            "ftp://bank.example",
            "https://u:p@bank.example",
            "https://bank.example?a=b",
            "https://bank.example/#a",
            "https://bank.example/a/../b",
            "https://bank.example:0",
            "https://bank.example:99999",
            "https://bank.example:",
            "https://[::1",
            "https://[bank]",
            "https://bank example",
            "https://bank.example\\evil.example",
            "https://bänk.example",
        ] {
            assert_eq!(base(wrong, false).unwrap_err().kind(), ErrorKind::ConfigMalformed, "{wrong}");
        }
        assert_eq!(base("http://bank.example", false).unwrap_err().kind(), ErrorKind::PlainHttpRefused);
        assert_eq!(base("http://bank.example:80", true).unwrap(), "http://bank.example");
    }
}
