//! The key room, attestations: Google's list of revoked and suspended attestation certificates.
//!
//! Takes the JSON of <https://android.googleapis.com/attestation/status> and when it was fetched; answers for serial numbers. Fetches nothing.

use crate::crypto::digest::hex;
use crate::error::{Error, ErrorKind, Result};
use crate::time::Time;
use serde::Deserialize;
use std::collections::HashMap;

/// Largest list that is read, in bytes; the published one has less than one megabyte.
pub const MAX_STATUS_LIST: usize = 32 << 20;

/// What the list says of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Revoked,
    Suspended,
}

/// The list, and the time at which it was fetched.
#[derive(Clone, Debug)]
pub struct StatusList {
    fetched: Time,
    entries: HashMap<String, Standing>,
}

#[derive(Deserialize)]
struct Wire {
    entries: HashMap<String, Entry>,
}

#[derive(Deserialize)]
struct Entry {
    status: String,
}

impl StatusList {
    /// Reads the list. A status that is not known counts as revoked.
    ///
    /// # Errors
    /// [`ErrorKind::BadAnswer`] for anything but such a list, a serial number that is none among them: the entry would never match.
    pub fn from_json(json: &[u8], fetched: Time) -> Result<StatusList> {
        let bad = || Error::new(ErrorKind::BadAnswer).context("not a list of attestation certificates' status");
        if json.len() > MAX_STATUS_LIST {
            return Err(bad());
        }
        let wire: Wire = serde_json::from_slice(json).map_err(|_| bad())?;
        let mut entries = HashMap::new();
        for (serial, entry) in wire.entries {
            if serial.is_empty() || !serial.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(bad());
            }
            let standing = if entry.status == "SUSPENDED" { Standing::Suspended } else { Standing::Revoked };
            // Two spellings of one number: the worse counts.
            let known = entries.entry(serial.trim_start_matches('0').to_ascii_lowercase()).or_insert(standing);
            if standing == Standing::Revoked {
                *known = standing;
            }
        }
        Ok(StatusList { fetched, entries })
    }

    /// Whether it is at most that old, and not from the future.
    pub(super) fn is_fresh(&self, now: Time, max_age: i64) -> bool {
        (0..=max_age).contains(&now.unix().saturating_sub(self.fetched.unix()))
    }

    /// What it says of a serial number, given by its bytes.
    pub(super) fn of(&self, serial: &[u8]) -> Option<Standing> {
        let digits = hex(serial);
        self.entries.get(digits.trim_start_matches('0')).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_example_is_read() {
        let json = br#"{"entries":{"2c8cdddfd5e03bfc":{"status":"REVOKED","expires":"2020-11-13","reason":"KEY_COMPROMISE","comment":"x"},
            "0C8966fcb2fbb0d7a":{"status":"SUSPENDED","reason":"SOFTWARE_FLAW"},"5":{"status":"SOMETHING_NEW"}}}"#;
        let list = StatusList::from_json(json, Time::from_unix(1000)).unwrap();
        assert_eq!(list.of(&[0x2c, 0x8c, 0xdd, 0xdf, 0xd5, 0xe0, 0x3b, 0xfc]), Some(Standing::Revoked));
        assert_eq!(list.of(&[0, 0xc8, 0x96, 0x6f, 0xcb, 0x2f, 0xbb, 0x0d, 0x7a]), Some(Standing::Suspended));
        assert_eq!((list.of(&[5]), list.of(&[1])), (Some(Standing::Revoked), None));
        let fresh = [999, 1000, 1060, 1061].map(|now| list.is_fresh(Time::from_unix(now), 60));
        assert_eq!(fresh, [false, true, true, false]);
    }

    #[test]
    fn anything_else_is_no_list() {
        for bad in [
            &b""[..],
            b"[]",
            b"{}",
            b"{\"entries\":[]}",
            b"{\"entries\":{\"1\":{}}}",
            b"{\"entries\":{\"xyz\":{\"status\":\"REVOKED\"}}}",
            b"{\"entries\":{\"\":{\"status\":\"REVOKED\"}}}",
            b"{\"entries\":{},\"entries\":{\"1\":{\"status\":\"REVOKED\"}}}",
            b"{\"entries\":{}}trailing",
        ] {
            assert!(StatusList::from_json(bad, Time::from_unix(0)).is_err(), "{}", String::from_utf8_lossy(bad));
        }
    }
}
