//! Room `remote`: `POST /rssp/packages/{packageID}/documents/{documentID}/fields` `[hub]`: values of the text fields of a package's document, while the
//! package is a draft and nobody has signed. Both directions of one call; the answer is [`super::Package`], with the document as it then stands.

use super::super::http::{IDEMPOTENCY_KEY, Method, Request, fill_path, match_path};
use super::super::json::{MAX_JSON, Malformed, Members};
use super::super::problem::{ProblemType, Refusal};
use super::super::request_certificate::{KEY_HEADER, idempotency_key};
use super::super::schema::{Content, Field, Kind, Mark, Operation};
use super::{CHANGED, line};
use crate::error::Result;

/// `[hub]`
pub const PATH: &str = "/rssp/packages/{packageID}/documents/{documentID}/fields";
/// Most fields of a call.
pub const MAX_FIELDS: usize = 200;
/// Most characters of a field's name in full.
const MAX_FIELD_NAME: usize = 500;
const NAME: Field = Field::new("name", Kind::Text, Mark::Ours);
const VALUE: Field = Field::new("value", Kind::Text, Mark::Ours);
const FIELDS: Field = Field::new("fields", Kind::Objects(&[NAME, VALUE]), Mark::Ours);
const REQUEST: &[Field] = &[FIELDS];

/// The call as data.
pub const OPERATION: Operation = Operation {
    headers: &[KEY_HEADER],
    request: Content::Json(REQUEST),
    answers: CHANGED,
    ..Operation::new(
        "fillPackageFields",
        Method::Post,
        PATH,
        Mark::Hub,
        "Fills text fields of a document of a package: all that are named, or none.",
    )
};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FillFields {
    /// Makes the call safe to repeat.
    pub idempotency_key: String,
    /// Which package.
    pub package_id: String,
    /// Which document of it.
    pub document_id: String,
    /// Each field's fully qualified name, and its value; line ends are `\n`.
    pub values: Vec<(String, String)>,
}

impl FillFields {
    /// The client's request.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidArgument`] if an id is none.
    pub fn encode(&self) -> Result<Request> {
        let values = self.values.iter().map(|(name, value)| Members::new().with(&NAME, name.as_str()).with(&VALUE, value.as_str()));
        let members = Members::new().with_objects(&FIELDS, values);
        let mut request = Request::new(Method::Post, fill_path(PATH, &[&self.package_id, &self.document_id])?).with_json(&members);
        request.headers.set(IDEMPOTENCY_KEY, self.idempotency_key.as_str());
        Ok(request)
    }

    /// The server's reading.
    ///
    /// # Errors
    /// Not found, or a problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<FillFields, Refusal> {
        let ids = match_path(PATH, &request.path).and_then(|ids| <[String; 2]>::try_from(ids).ok());
        let [package_id, document_id] = ids.ok_or(ProblemType::PackageUnknown)?;
        let idempotency_key = idempotency_key(request)?;
        let members = Members::parse(request.body.bytes(), MAX_JSON)?;
        let one = |entry: Members| Ok((line(&NAME, entry.text(&NAME)?, MAX_FIELD_NAME)?, entry.text(&VALUE)?));
        let values: Vec<(String, String)> = members.objects(&FIELDS)?.into_iter().map(one).collect::<Result<_, Malformed>>()?;
        let twice = values.iter().enumerate().any(|(at, (name, _))| values.iter().take(at).any(|(other, _)| other == name));
        if twice || !(1..=MAX_FIELDS).contains(&values.len()) {
            return Err(Malformed::of(&FIELDS, "not from 1 to 200, each once").into());
        }
        Ok(FillFields { idempotency_key, package_id, document_id, values })
    }
}
