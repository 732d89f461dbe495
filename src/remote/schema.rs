//! Room `remote`: what each call looks like, as data. The codecs read and write by these fields, and the OpenAPI document is
//! made from them, so that the two cannot differ.

use super::http::Method;
use serde_json::{Map, Value, json};

/// Where a line of the contract comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Published by ThrivoSign: kept to the letter.
    Doc,
    /// Cloud Signature Consortium API v1.0.4: names and semantics kept.
    Csc,
    /// SigningHub v4: shape kept.
    Hub,
    /// Designed here, replaceable.
    Ours,
}

impl Mark {
    /// The mark as it stands in the contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Mark::Doc => "doc",
            Mark::Csc => "csc",
            Mark::Hub => "hub",
            Mark::Ours => "ours",
        }
    }
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Text.
    Text,
    /// Text that is never logged.
    Secret,
    /// Text fit for a path: RFC 3986 unreserved characters, at most 128.
    Id,
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// A whole number from 0 to 2^53-1.
    Integer,
    /// True or false.
    Flag,
    /// RFC 3339 time.
    Time,
    /// Bytes in base64 (RFC 4648 4, padded).
    Bytes,
    /// A list of texts.
    Texts,
    /// A list of byte strings in base64.
    ListOfBytes,
    /// Exactly that many whole numbers.
    Integers(u8),
    /// Exactly that many numbers.
    Numbers(u8),
    /// An object.
    Object(&'static [Field]),
    /// A list of objects.
    Objects(&'static [Field]),
}

/// One field of a body, a header or a query.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The name on the wire.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
    /// Where the name comes from.
    pub mark: Mark,
}

impl Field {
    /// A required field.
    #[must_use]
    pub const fn new(name: &'static str, kind: Kind, mark: Mark) -> Field {
        Field { name, kind, required: true, mark }
    }

    /// The same, optional.
    #[must_use]
    pub const fn optional(mut self) -> Field {
        self.required = false;
        self
    }

    fn schema(&self) -> Value {
        let mut schema = match self.kind {
            Kind::Text => json!({"type": "string"}),
            Kind::Secret => json!({"type": "string", "format": "password"}),
            Kind::Id => json!({"type": "string", "pattern": "^[A-Za-z0-9._~-]{1,128}$"}),
            Kind::OneOf(texts) => json!({"type": "string", "enum": texts}),
            Kind::Integer => json!({"type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_991_u64}),
            Kind::Flag => json!({"type": "boolean"}),
            Kind::Time => json!({"type": "string", "format": "date-time"}),
            Kind::Bytes => json!({"type": "string", "contentEncoding": "base64"}),
            Kind::Texts => json!({"type": "array", "items": {"type": "string"}}),
            Kind::ListOfBytes => json!({"type": "array", "items": {"type": "string", "contentEncoding": "base64"}}),
            Kind::Integers(n) => json!({"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": n, "maxItems": n}),
            Kind::Numbers(n) => json!({"type": "array", "items": {"type": "number"}, "minItems": n, "maxItems": n}),
            Kind::Object(fields) => object_schema(fields),
            Kind::Objects(fields) => json!({"type": "array", "items": object_schema(fields)}),
        };
        if let Value::Object(map) = &mut schema {
            map.insert("x-source".to_owned(), json!(self.mark.as_str()));
        }
        schema
    }
}

/// JSON Schema (2020-12, as OpenAPI 3.1 uses it) of an object with these fields.
#[must_use]
pub fn object_schema(fields: &[Field]) -> Value {
    let properties: Map<String, Value> = fields.iter().map(|field| (field.name.to_owned(), field.schema())).collect();
    let required: Vec<&str> = fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    json!({"type": "object", "properties": properties, "required": required})
}

/// What a body is.
#[derive(Clone, Copy, Debug)]
pub enum Content {
    /// Nothing.
    None,
    /// A JSON object.
    Json(&'static [Field]),
    /// A form; JSON of the same names is accepted too.
    Form(&'static [Field]),
    /// The raw bytes of a PDF.
    Pdf,
}

/// One way a call may succeed.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// When it is given.
    pub when: &'static str,
    /// The body.
    pub content: Content,
    /// Header fields of note.
    pub headers: &'static [Field],
}

/// What a caller must show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    Open,
    /// The API key.
    ApiKey,
    /// The API key and a token.
    Token,
}

/// How a call says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusals {
    /// The published shapes: `{error, error_description}` and `{Message}`.
    Published,
    /// RFC 9457.
    Problem,
}

/// One call of the contract.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// Its name in the OpenAPI document.
    pub id: &'static str,
    /// The method.
    pub method: Method,
    /// The path template.
    pub path: &'static str,
    /// Other spellings of the same path that are served too.
    pub aliases: &'static [&'static str],
    /// Where the call comes from.
    pub mark: Mark,
    /// One sentence.
    pub summary: &'static str,
    /// What a caller must show.
    pub access: Access,
    /// Query members.
    pub query: &'static [Field],
    /// Header fields of the request.
    pub headers: &'static [Field],
    /// The request's body.
    pub request: Content,
    /// The answers of success.
    pub answers: &'static [Answer],
    /// The shape of refusals.
    pub refusals: Refusals,
}

impl Operation {
    /// An operation that needs a token, without query, headers and body, whose refusals are RFC 9457 problems.
    #[must_use]
    pub const fn new(id: &'static str, method: Method, path: &'static str, mark: Mark, summary: &'static str) -> Operation {
        Operation {
            id,
            method,
            path,
            aliases: &[],
            mark,
            summary,
            access: Access::Token,
            query: &[],
            headers: &[],
            request: Content::None,
            answers: &[],
            refusals: Refusals::Problem,
        }
    }
}
