//! Room `remote`: `PUT /rssp/packages/{packageID}/documents/{documentID}` `[hub]`: an uploaded agreement becomes part of a package. Both directions of
//! one call; the answer is [`super::Package`]. Doing it again does no more.

use super::super::http::{Method, Request, fill_path, match_path};
use super::super::problem::{ProblemType, Refusal};
use super::super::schema::{Mark, Operation};
use super::CHANGED;
use crate::error::Result;

/// `[hub]`
pub const PATH: &str = "/rssp/packages/{packageID}/documents/{documentID}";

/// The call as data.
pub const OPERATION: Operation = Operation {
    answers: CHANGED,
    ..Operation::new("addPackageDocument", Method::Put, PATH, Mark::Hub, "Puts an agreement of the user's into a package of the user's.")
};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddDocument {
    /// Into which package.
    pub package_id: String,
    /// Which agreement.
    pub document_id: String,
}

impl AddDocument {
    /// The client's request.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidArgument`] if an id is none.
    pub fn encode(&self) -> Result<Request> {
        Ok(Request::new(Method::Put, fill_path(PATH, &[&self.package_id, &self.document_id])?))
    }

    /// The server's reading.
    ///
    /// # Errors
    /// Not found.
    pub fn decode(request: &Request) -> Result<AddDocument, Refusal> {
        let ids = match_path(PATH, &request.path).and_then(|ids| <[String; 2]>::try_from(ids).ok());
        let [package_id, document_id] = ids.ok_or(ProblemType::PackageUnknown)?;
        Ok(AddDocument { package_id, document_id })
    }
}
