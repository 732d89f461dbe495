//! Room `remote`: JSON objects and form bodies read and written by field constants.
//!
//! Takes bytes from either peer and a size limit, gives typed members or [`Malformed`]; every string is wiped when dropped,
//! since any of them may be a token. Unknown members are ignored, repeated ones take the last value as `serde_json` does.

use super::http;
use super::schema::{Field, Kind};
use super::secret::Secret;
use crate::error::{Error, ErrorKind};
use crate::time::Time;
use base64ct::{Base64, Encoding};
use serde_json::{Map, Value};
use zeroize::{Zeroize, Zeroizing};

/// Most bytes of an ordinary JSON body.
pub const MAX_JSON: usize = 1 << 20;
/// Most characters of a text member.
pub const MAX_TEXT: usize = 8 << 10;
/// Most entries of a list member.
pub const MAX_LIST: usize = 10_000;

/// Why a body could not be read: the field's name and a fixed phrase, nothing that came from the peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The field, or "" for the body as a whole.
    pub field: &'static str,
    /// What is wrong with it.
    pub what: &'static str,
}

impl Malformed {
    pub(crate) const fn of(field: &Field, what: &'static str) -> Malformed {
        Malformed { field: field.name, what }
    }

    pub(crate) const fn body(what: &'static str) -> Malformed {
        Malformed { field: "", what }
    }

    /// One phrase, to be shown to whoever sent the body.
    #[must_use]
    pub fn text(&self) -> String {
        if self.field.is_empty() { self.what.to_owned() } else { format!("{}: {}", self.field, self.what) }
    }
}

impl From<Malformed> for Error {
    fn from(malformed: Malformed) -> Error {
        Error::new(ErrorKind::BadAnswer).context(malformed.text())
    }
}

/// The members of one JSON object or form, wiped when dropped.
#[derive(Default)]
pub(crate) struct Members(Map<String, Value>);

impl Drop for Members {
    fn drop(&mut self) {
        for (_, value) in &mut self.0 {
            wipe(value);
        }
    }
}

/// Depth is bounded by the JSON reader's own limit of 128.
pub(crate) fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(members) => members.iter_mut().for_each(|(_, v)| wipe(v)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl Members {
    pub(crate) fn new() -> Members {
        Members::default()
    }

    pub(crate) fn parse(bytes: &[u8], limit: usize) -> Result<Members, Malformed> {
        if bytes.len() > limit {
            return Err(Malformed::body("the body is too large"));
        }
        match serde_json::from_slice::<Value>(bytes) {
            Ok(Value::Object(members)) => Ok(Members(members)),
            Ok(mut other) => {
                wipe(&mut other);
                Err(Malformed::body("the body is not a JSON object"))
            }
            Err(_) => Err(Malformed::body("the body is not JSON")),
        }
    }

    /// `application/x-www-form-urlencoded`; a name that stands twice is refused.
    pub(crate) fn parse_form(bytes: &[u8]) -> Result<Members, Malformed> {
        if bytes.len() > MAX_JSON {
            return Err(Malformed::body("the body is too large"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| Malformed::body("the form is not UTF-8"))?;
        let mut members = Members::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decode = |part: &str| {
                let spaced = Zeroizing::new(part.replace('+', " "));
                http::percent_decode(&spaced).ok_or(Malformed::body("the form has a broken escape"))
            };
            let (name, value) = (decode(name)?, decode(value)?);
            if members.0.contains_key(&name) {
                return Err(Malformed::body("the form names a field twice"));
            }
            members.0.insert(name, Value::String(value));
        }
        Ok(members)
    }

    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        // The room is taken beforehand: a vector that grows leaves copies of what it held behind.
        let mut out = Vec::with_capacity(size_hint(&self.0));
        // Writing a map of strings into memory has no failing case.
        let _ = serde_json::to_writer(&mut out, &self.0);
        Zeroizing::new(out)
    }

    /// The members as a form.
    pub(crate) fn to_form(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(String::with_capacity(size_hint(&self.0).saturating_mul(3)));
        for (name, value) in &self.0 {
            if let Value::String(text) = value {
                if !out.is_empty() {
                    out.push('&');
                }
                let encoded = Zeroizing::new(http::percent_encode(text));
                out.push_str(&http::percent_encode(name));
                out.push('=');
                out.push_str(&encoded);
            }
        }
        Zeroizing::new(std::mem::take(&mut *out).into_bytes())
    }

    /// A member put in for the given field.
    #[must_use]
    pub(crate) fn with(mut self, field: &Field, value: impl Into<Value>) -> Members {
        self.0.insert(field.name.to_owned(), value.into());
        self
    }

    #[must_use]
    pub(crate) fn with_some(self, field: &Field, value: Option<impl Into<Value>>) -> Members {
        match value {
            Some(value) => self.with(field, value),
            None => self,
        }
    }

    #[must_use]
    pub(crate) fn with_secret(self, field: &Field, value: &Secret) -> Members {
        self.with(field, value.expose())
    }

    #[must_use]
    pub(crate) fn with_bytes(self, field: &Field, value: &[u8]) -> Members {
        self.with(field, Base64::encode_string(value))
    }

    #[must_use]
    pub(crate) fn with_all_bytes(self, field: &Field, values: &[Vec<u8>]) -> Members {
        self.with(field, values.iter().map(|v| Value::String(Base64::encode_string(v))).collect::<Vec<_>>())
    }

    #[must_use]
    pub(crate) fn with_texts<T: AsRef<str>>(self, field: &Field, values: &[T]) -> Members {
        self.with(field, values.iter().map(|v| Value::from(v.as_ref())).collect::<Vec<_>>())
    }

    #[must_use]
    pub(crate) fn with_object(self, field: &Field, value: Members) -> Members {
        let map = value.into_map();
        self.with(field, Value::Object(map))
    }

    #[must_use]
    pub(crate) fn with_objects(self, field: &Field, values: impl IntoIterator<Item = Members>) -> Members {
        self.with(field, values.into_iter().map(|v| Value::Object(v.into_map())).collect::<Vec<_>>())
    }

    pub(crate) fn into_map(mut self) -> Map<String, Value> {
        std::mem::take(&mut self.0)
    }

    /// The member, with `null` taken as missing.
    fn get(&self, field: &Field) -> Option<&Value> {
        self.0.get(field.name).filter(|value| !value.is_null())
    }

    fn need<T>(field: &Field, value: Option<T>) -> Result<T, Malformed> {
        value.ok_or(Malformed::of(field, "missing"))
    }

    fn str_of<'v>(field: &Field, value: &'v Value) -> Result<&'v str, Malformed> {
        let text = value.as_str().ok_or(Malformed::of(field, "not a text"))?;
        if text.chars().count() > MAX_TEXT { Err(Malformed::of(field, "too long")) } else { Ok(text) }
    }

    pub(crate) fn text_opt(&self, field: &Field) -> Result<Option<String>, Malformed> {
        let Some(value) = self.get(field) else { return Ok(None) };
        let text = Self::str_of(field, value)?;
        if let Kind::OneOf(allowed) = field.kind
            && !allowed.contains(&text)
        {
            return Err(Malformed::of(field, "not one of the known values"));
        }
        if matches!(field.kind, Kind::Id) && !http::is_identifier(text) {
            return Err(Malformed::of(field, "not an id"));
        }
        Ok(Some(text.to_owned()))
    }

    pub(crate) fn text(&self, field: &Field) -> Result<String, Malformed> {
        Self::need(field, self.text_opt(field)?)
    }

    pub(crate) fn secret_opt(&self, field: &Field) -> Result<Option<Secret>, Malformed> {
        Ok(self.text_opt(field)?.map(Secret::from))
    }

    pub(crate) fn secret(&self, field: &Field) -> Result<Secret, Malformed> {
        Self::need(field, self.secret_opt(field)?)
    }

    pub(crate) fn integer_opt(&self, field: &Field) -> Result<Option<u64>, Malformed> {
        match self.get(field) {
            None => Ok(None),
            // 2^53 - 1: beyond it other JSON readers round (RFC 8259 6).
            Some(value) => match value.as_u64().filter(|n| *n <= 9_007_199_254_740_991) {
                Some(n) => Ok(Some(n)),
                None => Err(Malformed::of(field, "not a whole number from 0 to 2^53-1")),
            },
        }
    }

    pub(crate) fn integer(&self, field: &Field) -> Result<u64, Malformed> {
        Self::need(field, self.integer_opt(field)?)
    }

    pub(crate) fn small(&self, field: &Field) -> Result<u32, Malformed> {
        u32::try_from(self.integer(field)?).map_err(|_| Malformed::of(field, "too large"))
    }

    pub(crate) fn small_opt(&self, field: &Field) -> Result<Option<u32>, Malformed> {
        self.integer_opt(field)?.map(|n| u32::try_from(n).map_err(|_| Malformed::of(field, "too large"))).transpose()
    }

    pub(crate) fn flag_opt(&self, field: &Field) -> Result<Option<bool>, Malformed> {
        self.get(field).map(|value| value.as_bool().ok_or(Malformed::of(field, "not true or false"))).transpose()
    }

    pub(crate) fn texts_opt(&self, field: &Field) -> Result<Option<Vec<String>>, Malformed> {
        self.list(field)?.map(|items| items.iter().map(|item| Self::str_of(field, item).map(str::to_owned)).collect()).transpose()
    }

    pub(crate) fn texts(&self, field: &Field) -> Result<Vec<String>, Malformed> {
        Self::need(field, self.texts_opt(field)?)
    }

    pub(crate) fn time_opt(&self, field: &Field) -> Result<Option<Time>, Malformed> {
        let wrong = |_| Malformed::of(field, "not an RFC 3339 time");
        // The reader indexes bytes at fixed places, so it is given ASCII only.
        self.text_opt(field)?
            .map(|text| if text.is_ascii() { Time::from_rfc3339(&text).map_err(wrong) } else { Err(Malformed::of(field, "not a time")) })
            .transpose()
    }

    pub(crate) fn time(&self, field: &Field) -> Result<Time, Malformed> {
        Self::need(field, self.time_opt(field)?)
    }

    fn decode_base64(field: &Field, value: &Value) -> Result<Vec<u8>, Malformed> {
        let text = value.as_str().ok_or(Malformed::of(field, "not a text"))?;
        Base64::decode_vec(text).map_err(|_| Malformed::of(field, "not base64"))
    }

    pub(crate) fn bytes_opt(&self, field: &Field) -> Result<Option<Vec<u8>>, Malformed> {
        self.get(field).map(|value| Self::decode_base64(field, value)).transpose()
    }

    pub(crate) fn bytes(&self, field: &Field) -> Result<Vec<u8>, Malformed> {
        Self::need(field, self.bytes_opt(field)?)
    }

    fn list(&self, field: &Field) -> Result<Option<&Vec<Value>>, Malformed> {
        match self.get(field) {
            None => Ok(None),
            Some(Value::Array(items)) if items.len() <= MAX_LIST => Ok(Some(items)),
            Some(Value::Array(_)) => Err(Malformed::of(field, "too many entries")),
            Some(_) => Err(Malformed::of(field, "not a list")),
        }
    }

    pub(crate) fn all_bytes_opt(&self, field: &Field) -> Result<Option<Vec<Vec<u8>>>, Malformed> {
        self.list(field)?.map(|items| items.iter().map(|item| Self::decode_base64(field, item)).collect()).transpose()
    }

    pub(crate) fn all_bytes(&self, field: &Field) -> Result<Vec<Vec<u8>>, Malformed> {
        Self::need(field, self.all_bytes_opt(field)?)
    }

    pub(crate) fn integers<const N: usize>(&self, field: &Field) -> Result<[u64; N], Malformed> {
        let wrong = Malformed::of(field, "not that many whole numbers");
        let items = Self::need(field, self.list(field)?)?;
        let numbers: Vec<u64> = items.iter().map(|n| n.as_u64().ok_or(wrong)).collect::<Result<_, _>>()?;
        numbers.try_into().map_err(|_| wrong)
    }

    pub(crate) fn numbers_opt<const N: usize>(&self, field: &Field) -> Result<Option<[f64; N]>, Malformed> {
        let wrong = Malformed::of(field, "not that many numbers");
        let Some(items) = self.list(field)? else { return Ok(None) };
        let numbers: Vec<f64> = items.iter().map(|n| n.as_f64().filter(|n| n.is_finite()).ok_or(wrong)).collect::<Result<_, _>>()?;
        numbers.try_into().map(Some).map_err(|_| wrong)
    }

    pub(crate) fn object_opt(&self, field: &Field) -> Result<Option<Members>, Malformed> {
        match self.get(field) {
            None => Ok(None),
            Some(Value::Object(members)) => Ok(Some(Members(members.clone()))),
            Some(_) => Err(Malformed::of(field, "not an object")),
        }
    }

    pub(crate) fn object(&self, field: &Field) -> Result<Members, Malformed> {
        Self::need(field, self.object_opt(field)?)
    }

    pub(crate) fn objects(&self, field: &Field) -> Result<Vec<Members>, Malformed> {
        let items = Self::need(field, self.list(field)?)?;
        items
            .iter()
            .map(|item| match item {
                Value::Object(members) => Ok(Members(members.clone())),
                _ => Err(Malformed::of(field, "not a list of objects")),
            })
            .collect()
    }

    /// The text under that name in any case of letters: for error bodies, whose keys the service spells both ways.
    pub(crate) fn text_any_case(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).and_then(|(_, value)| value.as_str())
    }

    pub(crate) fn integer_any_case(&self, name: &str) -> Option<u64> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).and_then(|(_, value)| value.as_u64())
    }
}

fn size_hint(map: &Map<String, Value>) -> usize {
    fn of(value: &Value) -> usize {
        match value {
            // Every character may need an escape of six.
            Value::String(text) if text.len() <= MAX_TEXT => text.len().saturating_mul(6).saturating_add(8),
            Value::String(text) => text.len().saturating_add(64),
            Value::Array(items) => items.iter().map(of).fold(8, usize::saturating_add),
            Value::Object(members) => size_hint(members),
            Value::Null | Value::Bool(_) | Value::Number(_) => 32,
        }
    }
    map.iter().map(|(key, value)| key.len().saturating_add(8).saturating_add(of(value))).fold(8, usize::saturating_add)
}

/// An enum whose values are texts on the wire.
macro_rules! wire_enum {
    ($(#[$doc:meta])* $name:ident { $( $(#[$vdoc:meta])* $value:ident = $text:literal, )* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $( $(#[$vdoc])* $value, )* }

        impl $name {
            /// The texts on the wire, in the order of the values.
            pub const TEXTS: &'static [&'static str] = &[ $( $text, )* ];

            /// The text on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $( $name::$value => $text, )* } }

            /// From the text on the wire; `None` if it is unknown.
            #[must_use]
            pub fn from_text(text: &str) -> Option<$name> { match text { $( $text => Some($name::$value), )* _ => None } }
        }
    };
}
pub(crate) use wire_enum;

/// The value of an enumerated member.
pub(crate) fn known<T>(field: &Field, value: Option<T>) -> Result<T, Malformed> {
    value.ok_or(Malformed::of(field, "not one of the known values"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::schema::Mark;

    const A: Field = Field::new("a", Kind::Text, Mark::Ours);
    const ID: Field = Field::new("id", Kind::Id, Mark::Ours);

    fn parse(text: &str) -> Members {
        Members::parse(text.as_bytes(), MAX_JSON).unwrap()
    }

    #[test]
    fn garbage_is_refused() {
        for garbage in ["", "null", "[]", "7", "{", "{\"a\":}", "<html>", "{}x", "\u{feff}{}"] {
            assert!(Members::parse(garbage.as_bytes(), MAX_JSON).is_err(), "{garbage}");
        }
        assert!(Members::parse(&[0xff, 0xfe], MAX_JSON).is_err());
        assert!(Members::parse(&[b' '; 11], 10).is_err(), "oversize");
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(Members::parse(deep.as_bytes(), MAX_JSON).is_err(), "nesting");
    }

    #[test]
    fn members_have_their_types_or_are_refused() {
        assert!(parse("{}").text(&A).is_err());
        assert!(parse("{\"a\":null}").text_opt(&A).unwrap().is_none());
        assert!(parse("{\"a\":1}").text(&A).is_err());
        assert!(parse(&format!("{{\"a\":\"{}\"}}", "x".repeat(MAX_TEXT + 1))).text(&A).is_err());
        assert!(parse("{\"a\":-1}").integer(&A).is_err());
        assert!(parse("{\"a\":1.5}").integer(&A).is_err());
        assert!(parse("{\"a\":9007199254740992}").integer(&A).is_err());
        assert!(parse("{\"a\":4294967296}").small(&A).is_err());
        assert!(parse("{\"a\":\"%%%\"}").bytes(&A).is_err());
        assert!(parse("{\"a\":[\"AA==\",7]}").all_bytes(&A).is_err());
        assert!(parse("{\"a\":[1,2,3]}").integers::<4>(&A).is_err());
        assert_eq!(parse("{\"a\":[1,2,3,4]}").integers::<4>(&A).unwrap(), [1, 2, 3, 4]);
        assert!(parse("{\"a\":[1,\"x\"]}").numbers_opt::<2>(&A).is_err());
        assert!(parse("{\"a\":[{},7]}").objects(&A).is_err());
        assert!(parse("{\"a\":\"2026-01-0\u{e9}T00:00:00Z\"}").time(&A).is_err());
        assert!(parse("{\"id\":\"../x\"}").text(&ID).is_err());
        let many = format!("{{\"a\":[{}0]}}", "0,".repeat(MAX_LIST));
        assert!(parse(&many).all_bytes(&A).is_err());
    }

    #[test]
    fn forms_go_there_and_back_and_doubles_are_refused() {
        let form = Members::new().with(&A, "p&ss=w ö+rd%").to_form();
        assert_eq!(&*form, b"a=p%26ss%3Dw%20%C3%B6%2Brd%25");
        assert_eq!(Members::parse_form(&form).unwrap().text(&A).unwrap(), "p&ss=w ö+rd%");
        assert_eq!(Members::parse_form(b"a=x+y&").unwrap().text(&A).unwrap(), "x y");
        for wrong in [&b"a=1&a=2"[..], b"a=%", b"a=%f", b"a=%ff", &[0xff]] {
            assert!(Members::parse_form(wrong).is_err());
        }
    }

    #[test]
    fn what_is_told_about_a_bad_body_holds_nothing_of_it() {
        let error = Error::from(parse("{\"a\":[\"TOP\"]}").text(&A).err().unwrap());
        assert_eq!(error.kind(), ErrorKind::BadAnswer);
        assert!(!format!("{error} {error:?}").contains("TOP"));
    }
}
