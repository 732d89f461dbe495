//! Room `remote`: `POST /rssp/agreements` `[hub]` and `POST /rssp/agreements/filed` `[ours]`: raw PDFs going up. Both take the
//! same head and give the same answer, so they share this file.
//!
//! The PDF itself is streamed; the head is decoded before it, and the server compares the digest at the end.

use super::content_digest;
use super::http::{Body, BodySource, CONTENT_DIGEST, CONTENT_TYPE, FILE_NAME, IDEMPOTENCY_KEY, Method, PDF, Request, Response};
use super::http::{percent_decode, percent_encode};
use super::json::{MAX_JSON, Malformed, Members};
use super::problem::{ProblemType, Refusal};
use super::request_certificate::{KEY_HEADER, idempotency_key};
use super::schema::{Answer, Content, Field, Kind, Mark, Operation};
use crate::error::Result;
use std::sync::Arc;

/// `[hub]` A PDF that the server is to prepare for signing.
pub const PATH: &str = "/rssp/agreements";
/// `[ours]` A finished PDF that the device signed by itself.
pub const PATH_FILED: &str = "/rssp/agreements/filed";
const FILE_NAME_FIELD: Field = Field::new(FILE_NAME, Kind::Text, Mark::Ours);
const DIGEST_FIELD: Field = Field::new(CONTENT_DIGEST, Kind::Text, Mark::Ours);
const HEADERS: &[Field] = &[FILE_NAME_FIELD, KEY_HEADER, DIGEST_FIELD];
const DOCUMENT_ID: Field = Field::new("documentID", Kind::Id, Mark::Hub);
const SHA256: Field = Field::new("sha256", Kind::Text, Mark::Ours);
const SIZE: Field = Field::new("size", Kind::Integer, Mark::Ours);
const PAGES: Field = Field::new("pages", Kind::Integer, Mark::Ours);
const SIGNATURES: Field = Field::new("signatures", Kind::Integer, Mark::Ours);
const ANSWER: &[Field] = &[DOCUMENT_ID, SHA256, SIZE, PAGES, SIGNATURES];
/// Most bytes of a file name.
const MAX_FILE_NAME: usize = 255;

/// The call as data.
pub const OPERATION: Operation = Operation {
    headers: HEADERS,
    request: Content::Pdf,
    answers: &[Answer { status: 201, when: "the PDF is stored", content: Content::Json(ANSWER), headers: &[] }],
    ..Operation::new("submitAgreement", Method::Post, PATH, Mark::Hub, "Submits a PDF to be prepared for signing.")
};
/// The second call as data.
pub const OPERATION_FILED: Operation = Operation {
    headers: HEADERS,
    request: Content::Pdf,
    answers: &[Answer { status: 201, when: "the signed PDF is stored", content: Content::Json(ANSWER), headers: &[] }],
    ..Operation::new("fileAgreement", Method::Post, PATH_FILED, Mark::Ours, "Files a PDF that the device has signed by itself.")
};

/// Which of the two calls it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upload {
    /// To be prepared for signing.
    Submit,
    /// Signed already.
    File,
}

/// Everything of the request but the PDF.
#[derive(Clone, PartialEq, Eq)]
pub struct SubmitAgreement {
    /// Which of the two calls.
    pub upload: Upload,
    /// The file's name; no folders.
    pub file_name: String,
    /// Makes the call safe to repeat.
    pub idempotency_key: String,
    /// SHA-256 of the PDF.
    pub sha256: [u8; 32],
}

impl SubmitAgreement {
    /// The client's request; `pdf` is read while it is sent.
    #[must_use]
    pub fn encode(&self, pdf: Arc<dyn BodySource>) -> Request {
        let path = match self.upload {
            Upload::Submit => PATH,
            Upload::File => PATH_FILED,
        };
        let mut request = Request::new(Method::Post, path);
        request.headers.set(CONTENT_TYPE, PDF);
        request.headers.set(FILE_NAME, percent_encode(&self.file_name));
        request.headers.set(IDEMPOTENCY_KEY, self.idempotency_key.as_str());
        request.headers.set(CONTENT_DIGEST, content_digest::encode(&self.sha256));
        request.body = Body::Source(pdf);
        request
    }

    /// The server's reading of the head; the body is left to the caller.
    ///
    /// # Errors
    /// unsupported-media-type, malformed-request, or not-found.
    pub fn decode_head(request: &Request) -> Result<SubmitAgreement, Refusal> {
        let upload = match request.path.as_str() {
            PATH => Upload::Submit,
            PATH_FILED => Upload::File,
            _ => return Err(ProblemType::NotFound.into()),
        };
        let media_type = request.headers.get(CONTENT_TYPE).and_then(|value| value.split(';').next()).unwrap_or("").trim();
        if !media_type.eq_ignore_ascii_case(PDF) {
            return Err(ProblemType::UnsupportedMediaType.into());
        }
        let name = request.headers.get(FILE_NAME).ok_or(Malformed::of(&FILE_NAME_FIELD, "missing"))?;
        // A name with folders or control characters could leave the folder it is put in, or forge a header or a log line.
        let fit = |name: &String| {
            !name.is_empty() && name.len() <= MAX_FILE_NAME && !name.contains(|c: char| c.is_control() || c == '/' || c == '\\')
        };
        let file_name = percent_decode(name).filter(fit).ok_or(Malformed::of(&FILE_NAME_FIELD, "not a file name"))?;
        let digest = request.headers.get(CONTENT_DIGEST).ok_or(Malformed::of(&DIGEST_FIELD, "missing"))?;
        let sha256 = content_digest::decode(digest).ok_or(Malformed::of(&DIGEST_FIELD, "no sha-256"))?;
        Ok(SubmitAgreement { upload, file_name, idempotency_key: idempotency_key(request)?, sha256 })
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// The document's id.
    pub document_id: String,
    /// SHA-256 of what was stored.
    pub sha256: [u8; 32],
    /// Its size in bytes.
    pub size: u64,
    /// Its pages.
    pub pages: u32,
    /// Signatures in it.
    pub signatures: u32,
}

impl Agreement {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        let members = Members::new()
            .with(&DOCUMENT_ID, self.document_id.as_str())
            .with(&SHA256, hex(&self.sha256))
            .with(&SIZE, self.size)
            .with(&PAGES, self.pages)
            .with(&SIGNATURES, self.signatures);
        Response::json(201, &members)
    }

    /// The client's reading; the caller compares `sha256` and `size` with what was sent.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<Agreement> {
        response.expect(&[201, 200])?;
        let members = Members::parse(&response.body, MAX_JSON)?;
        Ok(Agreement {
            document_id: members.text(&DOCUMENT_ID)?,
            sha256: unhex(&members.text(&SHA256)?).ok_or(Malformed::of(&SHA256, "not a SHA-256 in hex"))?,
            size: members.integer(&SIZE)?,
            pages: members.small(&PAGES)?,
            signatures: members.small(&SIGNATURES)?,
        })
    }
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).filter_map(|d| char::from_digit(u32::from(d), 16)).collect()
}

/// A SHA-256 from 64 hex digits.
pub(crate) fn unhex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 {
        return None;
    }
    let digits: Vec<u8> = text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks_exact(2).filter_map(|pair| if let [h, l] = pair { Some(h << 4 | l) } else { None }).collect();
    bytes.try_into().ok()
}
