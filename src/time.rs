//! The base: time as an input. Nothing here reads a clock; `host::clock` does.
//!
//! Takes and gives seconds since 1970-01-01T00:00:00Z, RFC 3339 text and PDF dates (ISO 32000-2 7.9.4).

use crate::error::{Error, ErrorKind, Result};
use std::fmt;

/// A point in time, in whole seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

const DAY: i64 = 86_400;

impl Time {
    /// From seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_unix(seconds: i64) -> Time {
        Time(seconds)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// That many seconds later (earlier if negative), saturating.
    #[must_use]
    pub const fn plus(self, seconds: i64) -> Time {
        Time(self.0.saturating_add(seconds))
    }

    /// From RFC 3339 text with seconds and `Z` or an offset; fractions of a second are dropped.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for anything else.
    pub fn from_rfc3339(text: &str) -> Result<Time> {
        let wrong = || Error::new(ErrorKind::InvalidArgument).context("a time must look like 2026-01-31T12:00:00Z");
        let b = text.as_bytes();
        if b.len() < 20 || b[4] != b'-' || b[7] != b'-' || !matches!(b[10], b'T' | b't' | b' ') || b[13] != b':' || b[16] != b':' {
            return Err(wrong());
        }
        let field = |range: std::ops::Range<usize>| digits(&b[range]).ok_or_else(wrong);
        let mut rest = &b[19..];
        if rest[0] == b'.' {
            let n = rest[1..].iter().take_while(|c| c.is_ascii_digit()).count();
            if n == 0 {
                return Err(wrong());
            }
            rest = &rest[1 + n..];
        }
        let offset = match rest {
            b"Z" | b"z" => 0,
            [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
                let (h, m) = (digits(&[*h1, *h2]).ok_or_else(wrong)?, digits(&[*m1, *m2]).ok_or_else(wrong)?);
                if h > 23 || m > 59 {
                    return Err(wrong());
                }
                (h * 3600 + m * 60) * if *sign == b'-' { -1 } else { 1 }
            }
            _ => return Err(wrong()),
        };
        civil(field(0..4)?, field(5..7)?, field(8..10)?, field(11..13)?, field(14..16)?, field(17..19)?)
            .map(|t| Time(t - offset))
            .ok_or_else(wrong)
    }

    /// From a PDF date `D:YYYYMMDDHHmmSSOHH'mm'` (ISO 32000-2 7.9.4); everything after the year may be missing.
    /// Without an offset the time is taken as UTC. `None` if it is no date.
    #[must_use]
    pub fn from_pdf_date(text: &[u8]) -> Option<Time> {
        let text = text.strip_prefix(b"D:").unwrap_or(text);
        let n = text.iter().take_while(|c| c.is_ascii_digit()).count().min(14);
        if n < 4 || n % 2 != 0 {
            return None;
        }
        let field = |at: usize, len: usize, default: i64| if n >= at + len { digits(&text[at..at + len]) } else { Some(default) };
        let t = civil(field(0, 4, 0)?, field(4, 2, 1)?, field(6, 2, 1)?, field(8, 2, 0)?, field(10, 2, 0)?, field(12, 2, 0)?)?;
        let rest = &text[n..];
        let offset = match rest.first() {
            None | Some(b'Z' | b'z') => 0,
            Some(sign @ (b'+' | b'-')) => {
                let d: Vec<u8> = rest[1..].iter().copied().filter(u8::is_ascii_digit).collect();
                let h = digits(d.get(0..2)?)?;
                let m = d.get(2..4).map_or(Some(0), digits)?;
                if h > 23 || m > 59 {
                    return None;
                }
                (h * 3600 + m * 60) * if *sign == b'-' { -1 } else { 1 }
            }
            Some(_) => return None,
        };
        Some(Time(t - offset))
    }

    /// As a PDF date in UTC: `D:20260131120000+00'00'`.
    #[must_use]
    pub fn to_pdf_date(self) -> String {
        let (y, mo, d, h, mi, s) = self.fields();
        format!("D:{y:04}{mo:02}{d:02}{h:02}{mi:02}{s:02}+00'00'")
    }

    /// Year, month, day, hour, minute, second in UTC.
    #[must_use]
    pub fn fields(self) -> (i64, i64, i64, i64, i64, i64) {
        let days = self.0.div_euclid(DAY);
        let second = self.0.rem_euclid(DAY);
        // Days to civil date after Howard Hinnant's `civil_from_days`.
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i64::from(month <= 2);
        (year, month, day, second / 3600, second / 60 % 60, second % 60)
    }
}

/// RFC 3339 in UTC: `2026-01-31T12:00:00Z`.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, mo, d, h, mi, s) = self.fields();
        write!(f, "{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}Z")
    }
}

impl serde::Serialize for Time {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

fn digits(b: &[u8]) -> Option<i64> {
    b.iter().try_fold(0_i64, |n, c| c.is_ascii_digit().then(|| n * 10 + i64::from(c - b'0')))
}

fn civil(y: i64, mo: i64, d: i64, h: i64, mi: i64, s: i64) -> Option<i64> {
    let leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    let last = match mo {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=last).contains(&d) || h > 23 || mi > 59 || s > 60 {
        return None;
    }
    let y = if mo <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * (mo + if mo > 2 { -3 } else { 9 }) + 2) / 5 + d - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    Some((era * 146_097 + doe - 719_468) * DAY + h * 3600 + mi * 60 + s)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc3339_goes_there_and_back() {
        for text in ["1970-01-01T00:00:00Z", "2000-02-29T23:59:59Z", "2026-11-23T21:59:06Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z"] {
            assert_eq!(Time::from_rfc3339(text).unwrap().to_string(), text);
        }
        assert_eq!(Time::from_rfc3339("2026-01-01T02:00:00.25+02:00").unwrap().to_string(), "2026-01-01T00:00:00Z");
        for wrong in ["", "2026-02-30T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z", "2026-13-01T00:00:00Z"] {
            assert!(Time::from_rfc3339(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn pdf_dates_in_all_lengths() {
        let full = Time::from_pdf_date(b"D:20260131120000+01'00'").unwrap();
        assert_eq!(full.to_string(), "2026-01-31T11:00:00Z");
        assert_eq!(full.to_pdf_date(), "D:20260131110000+00'00'");
        assert_eq!(Time::from_pdf_date(b"D:2026").unwrap().to_string(), "2026-01-01T00:00:00Z");
        assert_eq!(Time::from_pdf_date(b"20260131").unwrap().to_string(), "2026-01-31T00:00:00Z");
        for wrong in [&b"D:"[..], b"D:202", b"D:20261301", b"yesterday", b"D:20260131120000X"] {
            assert!(Time::from_pdf_date(wrong).is_none(), "{wrong:?}");
        }
    }
}
