//! Room `remote`: `POST /rssp/agreements/{documentID}/signatures` `[hub]`. Both directions of one call.
//!
//! The answer is a proposal and nothing more: whoever holds the key rebuilds and checks all of it before signing.

use super::activate_credential_response::ShaAlgo;
use super::http::{IDEMPOTENCY_KEY, Method, Request, Response, fill_path, match_path};
use super::json::{MAX_JSON, Malformed, Members, known, wire_enum};
use super::problem::{ProblemType, Refusal};
use super::request_certificate::{KEY_HEADER, idempotency_key};
use super::schema::{Answer, Content, Field, Kind, Mark, Operation};
use crate::error::Result;

/// `[hub]`
pub const PATH: &str = "/rssp/agreements/{documentID}/signatures";
/// Most bytes of the answer: the revision holds fonts and pictures of the appearance.
pub const MAX_ANSWER: usize = 32 << 20;
const CREDENTIAL_ID: Field = Field::new("credentialID", Kind::Id, Mark::Csc);
const FIELD: Field = Field::new("field", Kind::Text, Mark::Ours).optional();
const PAGE: Field = Field::new("page", Kind::Integer, Mark::Ours).optional();
const RECT: Field = Field::new("rect", Kind::Numbers(4), Mark::Ours).optional();
const REASON: Field = Field::new("reason", Kind::Text, Mark::Hub).optional();
const LOCATION: Field = Field::new("location", Kind::Text, Mark::Hub).optional();
const CONTACT: Field = Field::new("contact", Kind::Text, Mark::Hub).optional();
const APPEARANCE: Field = Field::new("appearance", Kind::Object(APPEARANCE_FIELDS), Mark::Ours).optional();
const TEXT: Field = Field::new("text", Kind::Text, Mark::Ours).optional();
const IMAGE: Field = Field::new("image", Kind::Flag, Mark::Hub).optional();
const APPEARANCE_FIELDS: &[Field] = &[TEXT, IMAGE];
const LEVEL: Field = Field::new("level", Kind::OneOf(Level::TEXTS), Mark::Ours);
const REQUEST: &[Field] = &[CREDENTIAL_ID, FIELD, PAGE, RECT, REASON, LOCATION, CONTACT, APPEARANCE, LEVEL];
const SIGNATURE_ID: Field = Field::new("signatureID", Kind::Id, Mark::Ours);
const STATE: Field = Field::new("state", Kind::OneOf(&[AWAITING]), Mark::Ours);
const AWAITING: &str = "awaiting_signature";
const REVISION: Field = Field::new("revision", Kind::Object(REVISION_FIELDS), Mark::Ours);
const OFFSET: Field = Field::new("offset", Kind::Integer, Mark::Ours);
const BYTES: Field = Field::new("bytes", Kind::Bytes, Mark::Ours);
const REVISION_FIELDS: &[Field] = &[OFFSET, BYTES];
const BYTE_RANGE: Field = Field::new("byteRange", Kind::Integers(4), Mark::Ours);
const SIGNED_ATTRIBUTES: Field = Field::new("signedAttributes", Kind::Bytes, Mark::Ours);
const DIGEST_ALGO: Field = Field::new("digestAlgo", Kind::OneOf(ShaAlgo::TEXTS), Mark::Ours);
const ANSWER: &[Field] = &[SIGNATURE_ID, STATE, REVISION, BYTE_RANGE, SIGNED_ATTRIBUTES, DIGEST_ALGO];

wire_enum! {
    /// The PAdES baseline level wanted, EN 319 142-1 6.
    Level {
        /// The signature.
        BB = "B-B",
        /// With a time stamp.
        BT = "B-T",
        /// With validation data.
        BLt = "B-LT",
        /// With an archive time stamp.
        BLta = "B-LTA",
    }
}

/// The call as data.
pub const OPERATION: Operation = Operation {
    headers: &[KEY_HEADER],
    request: Content::Json(REQUEST),
    answers: &[Answer { status: 201, when: "the document is prepared", content: Content::Json(ANSWER), headers: &[] }],
    ..Operation::new("startSignature", Method::Post, PATH, Mark::Hub, "Prepares a signature in the document.")
};

/// The request.
#[derive(Clone, PartialEq)]
pub struct StartSignature {
    /// Makes the call safe to repeat.
    pub idempotency_key: String,
    /// In which document.
    pub document_id: String,
    /// By which credential.
    pub credential_id: String,
    /// The form field; a new one if missing.
    pub field: Option<String>,
    /// The page of a visible signature, from 1.
    pub page: Option<u32>,
    /// Its box as the page is shown: left, bottom, width, height in points.
    pub rect: Option<[f64; 4]>,
    /// Why the person signs.
    pub reason: Option<String>,
    /// Where.
    pub location: Option<String>,
    /// How to reach them.
    pub contact: Option<String>,
    /// The text shown in the box.
    pub appearance_text: Option<String>,
    /// Whether the user's signature image is shown in it, too.
    pub appearance_image: bool,
    /// The level wanted.
    pub level: Level,
}

impl StartSignature {
    /// The client's request.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidArgument`] if the document's id is none.
    pub fn encode(&self) -> Result<Request> {
        let mut members = Members::new()
            .with(&CREDENTIAL_ID, self.credential_id.as_str())
            .with_some(&FIELD, self.field.as_deref())
            .with_some(&PAGE, self.page)
            .with_some(&RECT, self.rect.map(|rect| rect.to_vec()))
            .with_some(&REASON, self.reason.as_deref())
            .with_some(&LOCATION, self.location.as_deref())
            .with_some(&CONTACT, self.contact.as_deref());
        if self.appearance_text.is_some() || self.appearance_image {
            let image = self.appearance_image.then_some(true);
            members =
                members.with_object(&APPEARANCE, Members::new().with_some(&TEXT, self.appearance_text.as_deref()).with_some(&IMAGE, image));
        }
        let path = fill_path(PATH, &[&self.document_id])?;
        let mut request = Request::new(Method::Post, path).with_json(&members.with(&LEVEL, self.level.as_str()));
        request.headers.set(IDEMPOTENCY_KEY, self.idempotency_key.as_str());
        Ok(request)
    }

    /// The server's reading.
    ///
    /// # Errors
    /// Not found, or a problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<StartSignature, Refusal> {
        let document_id = match match_path(PATH, &request.path).map(|mut ids| (ids.pop(), ids.pop())) {
            Some((Some(id), None)) => id,
            _ => return Err(ProblemType::DocumentUnknown.into()),
        };
        let idempotency_key = idempotency_key(request)?;
        let members = Members::parse(request.body.bytes(), MAX_JSON)?;
        let (appearance_text, appearance_image) = match members.object_opt(&APPEARANCE)? {
            Some(appearance) => (appearance.text_opt(&TEXT)?, appearance.flag_opt(&IMAGE)?.unwrap_or(false)),
            None => (None, false),
        };
        Ok(StartSignature {
            idempotency_key,
            document_id,
            credential_id: members.text(&CREDENTIAL_ID)?,
            field: members.text_opt(&FIELD)?,
            page: members.small_opt(&PAGE)?,
            rect: members.numbers_opt(&RECT)?,
            reason: members.text_opt(&REASON)?,
            location: members.text_opt(&LOCATION)?,
            contact: members.text_opt(&CONTACT)?,
            appearance_text,
            appearance_image,
            level: known(&LEVEL, Level::from_text(&members.text(&LEVEL)?))?,
        })
    }
}

/// The answer: what the server proposes to have signed.
#[derive(Clone, PartialEq, Eq)]
pub struct PreparedSignature {
    /// The signature's id.
    pub signature_id: String,
    /// Where the prepared revision begins: the length of the document that was submitted.
    pub revision_offset: u64,
    /// The prepared revision, `/Contents` all zeros.
    pub revision: Vec<u8>,
    /// The `/ByteRange`.
    pub byte_range: [u64; 4],
    /// The signed attributes, DER with the tag of a SET OF.
    pub signed_attributes: Vec<u8>,
    /// The digest over the byte range.
    pub digest_algo: ShaAlgo,
}

impl PreparedSignature {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        let revision = Members::new().with(&OFFSET, self.revision_offset).with_bytes(&BYTES, &self.revision);
        let members = Members::new()
            .with(&SIGNATURE_ID, self.signature_id.as_str())
            .with(&STATE, AWAITING)
            .with_object(&REVISION, revision)
            .with(&BYTE_RANGE, self.byte_range.to_vec())
            .with_bytes(&SIGNED_ATTRIBUTES, &self.signed_attributes)
            .with(&DIGEST_ALGO, self.digest_algo.as_str());
        Response::json(201, &members)
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<PreparedSignature> {
        response.expect(&[201, 200])?;
        let members = Members::parse(&response.body, MAX_ANSWER)?;
        members.text(&STATE)?;
        let revision = members.object(&REVISION)?;
        let bytes = revision.bytes(&BYTES)?;
        if bytes.is_empty() {
            return Err(Malformed::of(&BYTES, "empty").into());
        }
        Ok(PreparedSignature {
            signature_id: members.text(&SIGNATURE_ID)?,
            revision_offset: revision.integer(&OFFSET)?,
            revision: bytes,
            byte_range: members.integers(&BYTE_RANGE)?,
            signed_attributes: members.bytes(&SIGNED_ATTRIBUTES)?,
            digest_algo: known(&DIGEST_ALGO, ShaAlgo::from_text(&members.text(&DIGEST_ALGO)?))?,
        })
    }
}
