//! Room `remote`: how the calls of the CSC API say no: `{error, error_description}` with the texts of the specification's tables (CSC API 10.1 and
//! the end of each call's section).

use super::super::json::Malformed;
use super::super::problem::{ACCESS_DENIED, AUTHENTICATION_ERROR, INVALID_OTP, INVALID_PIN, INVALID_REQUEST, Refusal};
use super::super::schema::{Field, Kind};
use std::borrow::Cow;

/// The text beside a locked PIN.
pub const PIN_LOCKED: &str = "PIN locked";
/// The text beside a locked one-time password.
pub const OTP_LOCKED: &str = "OTP locked";
const MALFORMED: &str = "The request is missing a required parameter, includes an invalid parameter value, includes a parameter more than once, \
                         or is otherwise malformed.";

const fn coded(error: &'static str, text: &'static str) -> Refusal {
    Refusal::Coded { status: 400, error, description: Some(Cow::Borrowed(text)) }
}

/// The body is no JSON object.
pub const BODY: Refusal = coded(INVALID_REQUEST, MALFORMED);
/// The `Authorization` header is not Basic as RFC 7617 has it.
pub const AUTHORIZATION: Refusal = coded(INVALID_REQUEST, "Malformed authorization header.");
/// User name or password is wrong.
pub const AUTHENTICATION: Refusal = coded(AUTHENTICATION_ERROR, "An error occurred during authentication process");
/// The refresh token is unknown, used or revoked.
pub const REFRESH_TOKEN: Refusal = coded(INVALID_REQUEST, "Invalid refresh_token");
/// A user names a user.
pub const USER_ID: Refusal = coded(INVALID_REQUEST, "userID parameter MUST be null");
/// No page begins there.
pub const PAGE_TOKEN: Refusal = coded(INVALID_REQUEST, "Invalid parameter pageToken");
/// There is no such credential of this user, or it cannot do what is asked.
pub const CREDENTIAL: Refusal = coded(INVALID_REQUEST, "Invalid parameter credentialID");
/// None, or as many as the hashes are not.
pub const SIGNATURES: Refusal = coded(INVALID_REQUEST, "Invalid value for parameter numSignatures");
/// More than the credential's `multisign`.
pub const TOO_MANY_SIGNATURES: Refusal = coded(INVALID_REQUEST, "Numbers of signatures is too high");
/// A list of hashes without one.
pub const NO_HASH: Refusal = coded(INVALID_REQUEST, "Empty hash array");
/// The hashes that signatures are to be made of must be named (SCAL 2).
pub const HASHES_MISSING: Refusal = coded(INVALID_REQUEST, "Missing (or invalid type) array parameter hash");
/// A hash that is none of the algorithm's.
pub const HASH_LENGTH: Refusal = coded(INVALID_REQUEST, "Invalid digest value length");
/// A hash that the activation data were not given for, or not any more.
pub const HASH_NOT_AUTHORIZED: Refusal = coded(INVALID_REQUEST, "Hash is not authorized by the SAD");
/// Unknown activation data, or another credential's.
pub const SAD_INVALID: Refusal = coded(INVALID_REQUEST, "Invalid parameter SAD");
/// Activation data whose time is over.
pub const SAD_EXPIRED: Refusal = coded(INVALID_REQUEST, "SAD expired");
/// An algorithm that the key does not have.
pub const SIGN_ALGO: Refusal = coded(INVALID_REQUEST, "Invalid parameter signAlgo");
/// An unknown hash algorithm, or another than the signature's.
pub const HASH_ALGO: Refusal = coded(INVALID_REQUEST, "Invalid parameter hashAlgo");
/// The certificate's time is over.
pub const CERTIFICATE_EXPIRED: Refusal = coded(INVALID_REQUEST, "Signing certificate is expired");
/// The PIN is wrong.
pub const PIN: Refusal = coded(INVALID_PIN, "The PIN is invalid");
/// Too many wrong PINs.
pub const LOCKED_PIN: Refusal = coded(INVALID_PIN, PIN_LOCKED);
/// The one-time password is wrong.
pub const OTP: Refusal = coded(INVALID_OTP, "The OTP is invalid");
/// Too many wrong one-time passwords.
pub const LOCKED_OTP: Refusal = coded(INVALID_OTP, OTP_LOCKED);
/// The person said no.
pub const DECLINED: Refusal = coded(ACCESS_DENIED, "The user declined the request");
/// The person said nothing.
pub const UNANSWERED: Refusal = coded(ACCESS_DENIED, "The user did not answer in time");

/// The refusal of a body: by the field that is wrong and what it should have been.
pub(super) fn of(fields: &[Field], malformed: Malformed) -> Refusal {
    let Some(field) = fields.iter().find(|field| field.name == malformed.field) else { return BODY };
    let kind = match field.kind {
        Kind::Integer => "integer",
        Kind::ListOfBytes | Kind::Texts => "array",
        Kind::Flag => "boolean",
        _ => "string",
    };
    let text = match (malformed.what, field.kind) {
        ("not base64", Kind::ListOfBytes) => "Invalid Base64 hash string parameter".to_owned(),
        ("not base64" | "not one of the known values" | "too long" | "too large" | "too many entries" | "unknown", _) => {
            format!("Invalid parameter {}", field.name)
        }
        _ => format!("Missing (or invalid type) {kind} parameter {}", field.name),
    };
    Refusal::Coded { status: 400, error: INVALID_REQUEST, description: Some(Cow::Owned(text)) }
}
