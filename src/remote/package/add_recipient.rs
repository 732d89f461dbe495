//! Room `remote`: `POST /rssp/packages/{packageID}/recipients` `[hub]`: somebody is asked for a signature. Both directions of one call; the answer is
//! [`super::Package`], with the new recipient in it.
//!
//! A recipient is named by the user name to log in with, whether or not there is such a user: the answer tells nobody who is registered.

use super::super::http::{IDEMPOTENCY_KEY, Method, Request, fill_path};
use super::super::json::{MAX_JSON, Malformed, Members};
use super::super::problem::Refusal;
use super::super::request_certificate::{KEY_HEADER, idempotency_key};
use super::super::schema::{Content, Field, Mark, Operation};
use super::{DOCUMENT_ID, FIELD, MADE, MAX_USER, ORDER, PAGE, Place, RECT, USER, line, package_of_path};
use crate::error::Result;

/// `[hub]`
pub const PATH: &str = "/rssp/packages/{packageID}/recipients";
/// Highest order.
pub const MAX_ORDER: u32 = 1_000;
const REQUEST: &[Field] = &[USER, ORDER, DOCUMENT_ID, FIELD, PAGE, RECT];

/// The call as data.
pub const OPERATION: Operation = Operation {
    headers: &[KEY_HEADER],
    request: Content::Json(REQUEST),
    answers: MADE,
    ..Operation::new("addRecipient", Method::Post, PATH, Mark::Hub, "Asks a person for a signature in a document of a package.")
};

/// The request.
#[derive(Clone, Debug, PartialEq)]
pub struct AddRecipient {
    /// Makes the call safe to repeat.
    pub idempotency_key: String,
    /// Into which package.
    pub package_id: String,
    /// The user name.
    pub user: String,
    /// From 1; whoever has a lower one signs before, and those of the same in any order.
    pub order: u32,
    /// What is signed.
    pub document_id: String,
    /// Where.
    pub place: Place,
}

impl AddRecipient {
    /// The client's request.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidArgument`] if the package's id is none.
    pub fn encode(&self) -> Result<Request> {
        let members = Members::new().with(&USER, self.user.as_str()).with(&ORDER, self.order).with(&DOCUMENT_ID, self.document_id.as_str());
        let mut request = Request::new(Method::Post, fill_path(PATH, &[&self.package_id])?).with_json(&self.place.put(members));
        request.headers.set(IDEMPOTENCY_KEY, self.idempotency_key.as_str());
        Ok(request)
    }

    /// The server's reading.
    ///
    /// # Errors
    /// Not found, or a problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<AddRecipient, Refusal> {
        let package_id = package_of_path(PATH, request)?;
        let idempotency_key = idempotency_key(request)?;
        let members = Members::parse(request.body.bytes(), MAX_JSON)?;
        let place = Place::take(&members)?;
        if place.page.is_some() != place.rect.is_some() {
            return Err(Malformed::of(&RECT, "page and rect: both or neither").into());
        }
        let order = members.small(&ORDER)?;
        if !(1..=MAX_ORDER).contains(&order) {
            return Err(Malformed::of(&ORDER, "not from 1 to 1000").into());
        }
        Ok(AddRecipient {
            idempotency_key,
            package_id,
            user: line(&USER, members.text(&USER)?, MAX_USER)?,
            order,
            document_id: members.text(&DOCUMENT_ID)?,
            place,
        })
    }
}
