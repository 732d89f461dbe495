//! Room `remote`: remote credentials as the Cloud Signature Consortium's API v1.0.4.0 has them, one file per call. `[csc]`: names, shapes and
//! the texts of refusals are kept; what is added to them says `[ours]` beside it.

pub mod algorithm;
pub mod authorize;
pub mod credential_info;
pub mod extend_transaction;
pub mod info;
pub mod list_credentials;
pub mod login;
pub mod refusal;
pub mod send_otp;
pub mod sign_hash;
pub mod timestamp;

use super::http::Request;
use super::json::{MAX_JSON, Malformed, Members};
use super::problem::Refusal;
use super::schema::{Field, Kind, Mark};

/// The version of the specification, as `info` says it.
pub const SPECS: &str = "1.0.4.0";
/// CSC API 11.5: which credential. No [`Kind::Id`]: it is an opaque text, and stands in no path.
const CREDENTIAL_ID: Field = Field::new("credentialID", Kind::Text, Mark::Csc);
/// CSC API 10.1: whatever the caller wants to say to this service.
const CLIENT_DATA: Field = Field::new("clientData", Kind::Text, Mark::Csc).optional();
/// CSC API 11.6: the signature activation data.
const SAD: Field = Field::new("SAD", Kind::Secret, Mark::Csc);
/// CSC API 11.6: seconds that the signature activation data are good for; an hour if nothing is said.
const EXPIRES_IN: Field = Field::new("expiresIn", Kind::Integer, Mark::Csc).optional();
/// What a missing `expiresIn` means.
const EXPIRES_IN_DEFAULT: u64 = 3600;

/// Reads the body of a request with those fields. No body is an empty one: several calls need no member.
pub(super) fn read<T>(
    request: &Request,
    fields: &'static [Field],
    read: impl FnOnce(&Members) -> Result<T, Malformed>,
) -> Result<T, Refusal> {
    let bytes = request.body.bytes();
    let members = if bytes.is_empty() { Ok(Members::new()) } else { Members::parse(bytes, MAX_JSON) };
    members.and_then(|members| read(&members)).map_err(|malformed| refusal::of(fields, malformed))
}

#[cfg(test)]
mod tests;
