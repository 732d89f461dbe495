//! Room `remote`: `GET /.well-known/jwks.json` `[ours]`: the keys that sign events, as a JWK set (RFC 7517 5). Both directions of one call.

use super::super::http::{Method, Request, Response};
use super::super::jose;
use super::super::json::{MAX_JSON, Malformed, Members};
use super::super::schema::{Access, Answer, Content, Field, Kind, Mark, Operation};
use crate::crypto::PublicKey;
use crate::error::{Error, ErrorKind, Result};
use serde_json::Value;

/// `[ours]`
pub const PATH: &str = "/.well-known/jwks.json";
const KTY: Field = Field::new("kty", Kind::Text, Mark::Ours);
const CRV: Field = Field::new("crv", Kind::Text, Mark::Ours).optional();
const X: Field = Field::new("x", Kind::Text, Mark::Ours).optional();
const Y: Field = Field::new("y", Kind::Text, Mark::Ours).optional();
const KID: Field = Field::new("kid", Kind::Text, Mark::Ours);
const ALG: Field = Field::new("alg", Kind::Text, Mark::Ours);
const USE: Field = Field::new("use", Kind::OneOf(&["sig"]), Mark::Ours);
const KEYS: Field = Field::new("keys", Kind::Objects(&[KTY, CRV, X, Y, KID, ALG, USE]), Mark::Ours);

/// The call as data.
pub const OPERATION: Operation = Operation {
    access: Access::Open,
    answers: &[Answer { status: 200, when: "always", content: Content::Json(&[KEYS]), headers: &[] }],
    ..Operation::new("eventKeys", Method::Get, PATH, Mark::Ours, "Gives the public keys that events are signed with, as a JWK set.")
};

/// The client's request.
#[must_use]
pub fn request() -> Request {
    Request::new(Method::Get, PATH)
}

/// The server's answer.
///
/// # Errors
/// [`ErrorKind::KeyAlgorithmUnsupported`] for a kind of key that JOSE has no name for.
pub fn encode(keys: &[PublicKey]) -> Result<Response> {
    let unnamed = || Error::new(ErrorKind::KeyAlgorithmUnsupported);
    let mut all = Vec::new();
    for key in keys {
        let (name, _) = jose::algorithm(key.algorithm()).ok_or_else(unnamed)?;
        let kid = jose::thumbprint(key).ok_or_else(unnamed)?;
        let mut members = jose::jwk(key).ok_or_else(unnamed)?;
        members.extend([("kid", kid.as_str()), ("alg", name), ("use", "sig")].map(|(name, text)| (name.to_owned(), Value::from(text))));
        all.push(Value::Object(members));
    }
    Ok(Response::json(200, &Members::new().with(&KEYS, all)))
}

/// The receiver's reading. A key of a kind that is not known here is left out (RFC 7517 5).
///
/// # Errors
/// What the service said, or [`ErrorKind::BadAnswer`].
pub fn decode(response: &Response) -> Result<Vec<PublicKey>> {
    response.expect(&[200])?;
    let members = Members::parse(&response.body, MAX_JSON)?;
    let keys: Result<Vec<Members>, Malformed> = members.objects(&KEYS);
    Ok(keys?.into_iter().filter_map(|key| jose::from_jwk(&key.into_map()).ok()).collect())
}
