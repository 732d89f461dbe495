//! Room `remote`: HTTP messages as plain values (RFC 9110).
//!
//! Takes and gives methods, paths, headers and bodies; may not open sockets. Values of headers and bodies may hold tokens and
//! passwords, so they are wiped when dropped and `Debug` shows none of them.

use crate::error::{Error, ErrorKind, Result};
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// `Content-Type`, RFC 9110 8.3.
pub const CONTENT_TYPE: &str = "Content-Type";
/// `Authorization`, RFC 9110 11.6.2.
pub const AUTHORIZATION: &str = "Authorization";
/// `Retry-After`, RFC 9110 10.2.3.
pub const RETRY_AFTER: &str = "Retry-After";
/// `Date`, RFC 9110 6.6.1.
pub const DATE: &str = "Date";
/// `User-Agent`, RFC 9110 10.1.5.
pub const USER_AGENT: &str = "User-Agent";
/// `ETag`, RFC 9110 8.8.3.
pub const ETAG: &str = "ETag";
/// `Range`, RFC 9110 14.2.
pub const RANGE: &str = "Range";
/// `If-Range`, RFC 9110 13.1.5.
pub const IF_RANGE: &str = "If-Range";
/// `Content-Range`, RFC 9110 14.4.
pub const CONTENT_RANGE: &str = "Content-Range";
/// `Content-Digest`, RFC 9530 2.
pub const CONTENT_DIGEST: &str = "Content-Digest";
/// `[ours]` The header that carries the API key unless the environment names another.
pub const API_KEY: &str = "X-API-Key";
/// `[ours]` One id per call, so that both sides' logs can be laid beside each other.
pub const CORRELATION_ID: &str = "X-Correlation-ID";
/// `[ours]` Makes a POST safe to repeat (draft-ietf-httpapi-idempotency-key-header).
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
/// `[ours]` The file name of an uploaded PDF, percent-encoded UTF-8.
pub const FILE_NAME: &str = "X-File-Name";

/// `application/json`.
pub const JSON: &str = "application/json";
/// `application/pdf`.
pub const PDF: &str = "application/pdf";
/// `application/x-www-form-urlencoded`.
pub const FORM: &str = "application/x-www-form-urlencoded";
/// `application/problem+json`, RFC 9457.
pub const PROBLEM: &str = "application/problem+json";

/// The methods the service uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes or does.
    Post,
    /// Sets.
    Put,
    /// Removes.
    Delete,
}

impl Method {
    /// The method as it stands on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }

    /// Whether repeating the call does no more than the first (RFC 9110 9.2.2).
    #[must_use]
    pub const fn is_idempotent(self) -> bool {
        !matches!(self, Method::Post)
    }
}

/// Header fields in order; names are compared without regard to case, values are wiped when dropped.
#[derive(Clone, Default)]
pub struct Headers(Vec<(String, Zeroizing<String>)>);

impl Headers {
    /// No fields.
    #[must_use]
    pub fn new() -> Headers {
        Headers::default()
    }

    /// The value of that field; `None` if it is missing **or stands there twice**: which of two would count is what an
    /// attacker in between likes to choose.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name));
        match (values.next(), values.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }

    /// How many fields have that name.
    #[must_use]
    pub fn count(&self, name: &str) -> usize {
        self.0.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name)).count()
    }

    /// After the call the field stands there once with this value.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.remove(name);
        self.push(name, value);
    }

    /// After the call there is no such field.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
    }

    /// Adds a field, also beside one of the same name: for what came from the wire.
    pub fn push(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), Zeroizing::new(value.into())));
    }

    /// All fields in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// A body that is read while it is sent and may be read again when the call is repeated.
pub trait BodySource: Send + Sync {
    /// Bytes in all; does not change while it is sent.
    fn size(&self) -> u64;

    /// Fills the front of `buf` from `offset` and says how many bytes; 0 only at the end.
    ///
    /// # Errors
    /// [`ErrorKind::SourceUnreadable`] or what the source says.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize>;
}

impl BodySource for Vec<u8> {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|at| self.get(at..)).unwrap_or(&[]);
        let n = rest.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..n), rest.get(..n)) {
            to.copy_from_slice(from);
        }
        Ok(n)
    }
}

/// What goes out.
#[derive(Clone, Default)]
pub enum Body {
    /// Nothing.
    #[default]
    Empty,
    /// Bytes in memory, wiped when dropped.
    Bytes(Zeroizing<Vec<u8>>),
    /// Read while it is sent, its length known beforehand.
    Source(Arc<dyn BodySource>),
}

impl Body {
    /// Length in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        match self {
            Body::Empty => 0,
            Body::Bytes(bytes) => bytes.len() as u64,
            Body::Source(source) => source.size(),
        }
    }

    /// The bytes if they are in memory; a streamed body answers with none.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Body::Bytes(bytes) => bytes,
            Body::Empty | Body::Source(_) => &[],
        }
    }
}

/// A request as the client sends it and the server reads it.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path, percent-encoded, from the first slash; without the query.
    pub path: String,
    /// Query members, not encoded.
    pub query: Vec<(String, String)>,
    /// Header fields. Authentication, correlation id and user agent are added by the session, never by a codec.
    pub headers: Headers,
    /// The body.
    pub body: Body,
}

impl Request {
    /// A request without headers and body.
    #[must_use]
    pub fn new(method: Method, path: impl Into<String>) -> Request {
        Request { method, path: path.into(), query: Vec::new(), headers: Headers::new(), body: Body::Empty }
    }

    /// The same with a JSON body.
    #[must_use]
    pub(crate) fn with_json(mut self, members: &super::json::Members) -> Request {
        self.headers.set(CONTENT_TYPE, JSON);
        self.body = Body::Bytes(members.to_bytes());
        self
    }

    /// The value of a query member; `None` if it is missing or stands there twice.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        let mut values = self.query.iter().filter(|(n, _)| n == name);
        match (values.next(), values.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }
}

/// Shows the method and sizes; paths hold ids, headers and bodies hold secrets.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({} .., {} header fields, {} bytes)", self.method.as_str(), self.headers.0.len(), self.body.size())
    }
}

/// An answer.
#[derive(Clone)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Header fields.
    pub headers: Headers,
    /// The body, wiped when dropped.
    pub body: Zeroizing<Vec<u8>>,
}

impl Response {
    /// An answer without headers and body.
    #[must_use]
    pub fn new(status: u16) -> Response {
        Response { status, headers: Headers::new(), body: Zeroizing::new(Vec::new()) }
    }

    /// An answer with a JSON body that no cache may keep.
    #[must_use]
    pub(crate) fn json(status: u16, members: &super::json::Members) -> Response {
        let mut response = Response::new(status);
        response.headers.set(CONTENT_TYPE, JSON);
        response.headers.set("Cache-Control", "no-store");
        response.body = members.to_bytes();
        response
    }

    /// The status, if it is one of those the call may answer when it succeeds.
    ///
    /// # Errors
    /// What the service said otherwise (see [`super::problem`]).
    pub fn expect(&self, allowed: &[u16]) -> Result<u16> {
        if allowed.contains(&self.status) { Ok(self.status) } else { Err(super::problem::error_of(self)) }
    }

    /// Seconds the service asks to wait. A date is measured against the answer's own `Date`, so that no clock is needed
    /// and a phone whose clock is off waits just as long.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        let value = self.headers.get(RETRY_AFTER)?.trim();
        if !value.is_empty() && value.len() <= 9 && value.bytes().all(|c| c.is_ascii_digit()) {
            return value.parse().ok();
        }
        let at = http_date(value)?;
        let now = self.date()?;
        u64::try_from(at.unix().saturating_sub(now.unix()).max(0)).ok()
    }

    /// The service's own time (`Date`), to learn how far off this device's clock is.
    #[must_use]
    pub fn date(&self) -> Option<crate::time::Time> {
        http_date(self.headers.get(DATE)?)
    }
}

/// Shows the status and sizes only.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({}, {} header fields, {} bytes)", self.status, self.headers.0.len(), self.body.len())
    }
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];

/// A time as IMF-fixdate (RFC 9110 5.6.7): what [`Response::date`] reads.
#[must_use]
pub fn fixdate(time: crate::time::Time) -> String {
    let (year, month, day, hour, minute, second) = time.fields();
    let name = |names: &'static [&'static str], at: i64| usize::try_from(at).ok().and_then(|at| names.get(at)).copied().unwrap_or_default();
    // The first of January 1970 was a Thursday.
    let weekday = name(&DAYS, time.unix().div_euclid(86_400).rem_euclid(7));
    format!("{weekday}, {day:02} {} {year:04} {hour:02}:{minute:02}:{second:02} GMT", name(&MONTHS, month.saturating_sub(1)))
}

/// IMF-fixdate of RFC 9110 5.6.7, `Sun, 06 Nov 1994 08:49:37 GMT`; the two obsolete forms are not read.
fn http_date(text: &str) -> Option<crate::time::Time> {
    let mut parts = text.trim().split_once(", ")?.1.split(' ');
    let (day, month, year, time) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if parts.next()? != "GMT" || parts.next().is_some() || day.len() != 2 || year.len() != 4 || time.len() != 8 || !text.is_ascii() {
        return None;
    }
    let month = MONTHS.iter().position(|m| *m == month)?.checked_add(1)?;
    crate::time::Time::from_rfc3339(&format!("{year}-{month:02}-{day}T{time}Z")).ok()
}

/// Percent-encodes everything but RFC 3986 unreserved characters.
#[must_use]
pub fn percent_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            const HEX: &[u8; 16] = b"0123456789ABCDEF";
            for digit in [byte >> 4, byte & 15] {
                out.push(HEX.get(usize::from(digit)).map_or('0', |c| char::from(*c)));
            }
            let at = out.len().saturating_sub(2);
            out.insert(at, '%');
        }
    }
    out
}

/// Percent-decodes; `None` for a broken escape or bytes that are not UTF-8.
#[must_use]
pub fn percent_decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let high = char::from(bytes.next()?).to_digit(16)?;
            let low = char::from(bytes.next()?).to_digit(16)?;
            out.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

/// Whether the text may stand in a path as an id: 1 to 128 RFC 3986 unreserved characters, and not all dots. A service
/// that answers with the id `..` or `a/b` would otherwise choose the path of the next call.
#[must_use]
pub fn is_identifier(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_' | b'~'))
        && text.bytes().any(|c| c != b'.')
}

/// Puts ids into `{..}` places of a path template, in order.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] if one is not an identifier or their number differs.
pub(crate) fn fill_path(template: &str, ids: &[&str]) -> Result<String> {
    let wrong = || Error::new(ErrorKind::InvalidArgument).context("an id has characters that ids do not have");
    let mut out = String::new();
    let mut ids = ids.iter();
    for segment in template.split('/').skip(1) {
        out.push('/');
        if segment.starts_with('{') {
            let id = ids.next().filter(|id| is_identifier(id)).ok_or_else(wrong)?;
            out.push_str(id);
        } else {
            out.push_str(segment);
        }
    }
    if ids.next().is_some() { Err(wrong()) } else { Ok(out) }
}

/// The ids at the `{..}` places if the path fits the template and each is an identifier.
pub(crate) fn match_path(template: &str, path: &str) -> Option<Vec<String>> {
    let mut ids = Vec::new();
    let mut given = path.split('/');
    for segment in template.split('/') {
        let part = given.next()?;
        if segment.starts_with('{') {
            let id = percent_decode(part)?;
            if !is_identifier(&id) {
                return None;
            }
            ids.push(id);
        } else if segment != part {
            return None;
        }
    }
    if given.next().is_some() { None } else { Some(ids) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_goes_there_and_back() {
        let time = crate::time::Time::from_unix;
        assert_eq!(fixdate(time(784_111_777)), "Sun, 06 Nov 1994 08:49:37 GMT", "RFC 9110 5.6.7");
        assert_eq!(fixdate(time(0)), "Thu, 01 Jan 1970 00:00:00 GMT");
        for unix in (-86_400..4_000_000_000_i64).step_by(12_345_678) {
            assert_eq!(http_date(&fixdate(time(unix))), Some(time(unix)));
        }
    }

    #[test]
    fn paths_go_there_and_back_and_ids_cannot_climb() {
        let path = fill_path("/a/{x}/b/{y}", &["1-2", "Q.~_"]).unwrap();
        assert_eq!(path, "/a/1-2/b/Q.~_");
        assert_eq!(match_path("/a/{x}/b/{y}", &path).unwrap(), ["1-2", "Q.~_"]);
        for evil in ["", ".", "..", "a/b", "a%2fb", "a?b", "a b", "ä", &"x".repeat(129)] {
            assert!(fill_path("/a/{x}", &[evil]).is_err(), "{evil}");
        }
        for evil in ["/a/", "/a/..", "/a/x/y", "/a", "/b/x", "/a/%2e%2E", "/a/%", "/a/%zz", "/a/x%2Fy"] {
            assert!(match_path("/a/{x}", evil).is_none(), "{evil}");
        }
        assert!(fill_path("/a/{x}", &["1", "2"]).is_err());
        assert!(fill_path("/a/{x}", &[]).is_err());
    }

    #[test]
    fn retry_after_in_both_forms_without_a_clock() {
        let mut response = Response::new(503);
        assert_eq!(response.retry_after(), None);
        response.headers.set(RETRY_AFTER, "120");
        assert_eq!(response.retry_after(), Some(120));
        response.headers.set(RETRY_AFTER, "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(response.retry_after(), None, "nothing to measure against");
        response.headers.set(DATE, "Sun, 06 Nov 1994 08:49:07 GMT");
        assert_eq!(response.retry_after(), Some(30));
        response.headers.set(DATE, "Sun, 06 Nov 1994 09:49:07 GMT");
        assert_eq!(response.retry_after(), Some(0), "already past");
        for odd in ["-1", "1.5", "99999999999999999999", "soon", "", "Sun, 06 Nov 1994", "Sun, 0ü Nov 1994 08:49:37 GMT"] {
            response.headers.set(RETRY_AFTER, odd);
            assert_eq!(response.retry_after(), None, "{odd}");
        }
    }

    #[test]
    fn a_header_that_stands_twice_has_no_value() {
        let mut headers = Headers::new();
        headers.push("x-api-key", "a");
        assert_eq!(headers.get(API_KEY), Some("a"));
        headers.push("X-API-KEY", "b");
        assert_eq!(headers.get(API_KEY), None);
        headers.set(API_KEY, "c");
        assert_eq!(headers.get(API_KEY), Some("c"));
    }

    #[test]
    fn debug_shows_no_secret() {
        let mut request = Request::new(Method::Post, "/rssp/devices/TOP-1");
        request.headers.set(AUTHORIZATION, "Bearer TOP-2");
        request.body = Body::Bytes(Zeroizing::new(b"TOP-3".to_vec()));
        let mut response = Response::new(200);
        response.headers.set(ETAG, "TOP-4");
        response.body = Zeroizing::new(b"TOP-5".to_vec());
        let shown = format!("{request:?}{response:?}");
        assert!(!shown.contains("TOP"), "{shown}");
    }

    #[test]
    fn percent_encoding_goes_there_and_back() {
        let text = "Vertrag für Zoë & Söhne/100%.pdf";
        let encoded = percent_encode(text);
        assert!(encoded.bytes().all(|c| c.is_ascii_graphic() && c != b'/'));
        assert_eq!(percent_decode(&encoded).unwrap(), text);
        assert_eq!(percent_encode("/ "), "%2F%20");
        assert!(percent_decode("%ff").is_none());
    }
}
