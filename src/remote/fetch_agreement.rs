//! Room `remote`: `GET /rssp/agreements/{documentID}` `[hub]`: the signed PDF, whole or by ranges (RFC 9110 14). Both
//! directions of one call.
//!
//! A big document is fetched range by range, so that no side holds it; `ETag` says that all ranges are of one version.

use super::content_digest;
use super::http::{
    CONTENT_DIGEST, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_RANGE, Method, PDF, RANGE, Request, Response, fill_path, match_path,
};
use super::json::Malformed;
use super::problem::{ProblemType, Refusal};
use super::schema::{Answer, Content, Field, Kind, Mark, Operation};
use crate::error::Result;
use zeroize::Zeroizing;

/// `[hub]`
pub const PATH: &str = "/rssp/agreements/{documentID}";
const RANGE_FIELD: Field = Field::new(RANGE, Kind::Text, Mark::Ours).optional();
const IF_RANGE_FIELD: Field = Field::new(IF_RANGE, Kind::Text, Mark::Ours).optional();
const ETAG_FIELD: Field = Field::new(ETAG, Kind::Text, Mark::Ours);
const DIGEST_FIELD: Field = Field::new(CONTENT_DIGEST, Kind::Text, Mark::Ours);
const CONTENT_RANGE_FIELD: Field = Field::new(CONTENT_RANGE, Kind::Text, Mark::Ours);
const BODY: Field = Field::new("", Kind::Bytes, Mark::Ours);

/// The call as data.
pub const OPERATION: Operation = Operation {
    headers: &[RANGE_FIELD, IF_RANGE_FIELD],
    answers: &[
        Answer { status: 200, when: "the whole document", content: Content::Pdf, headers: &[ETAG_FIELD, DIGEST_FIELD] },
        Answer {
            status: 206,
            when: "the range asked for",
            content: Content::Pdf,
            headers: &[ETAG_FIELD, DIGEST_FIELD, CONTENT_RANGE_FIELD],
        },
    ],
    ..Operation::new("fetchAgreement", Method::Get, PATH, Mark::Hub, "Gives the signed PDF.")
};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchAgreement {
    /// Which document.
    pub document_id: String,
    /// First and last byte wanted; a missing last means the end.
    pub range: Option<(u64, Option<u64>)>,
    /// The version the range must be of; another version is answered whole.
    pub if_range: Option<String>,
}

impl FetchAgreement {
    /// The client's request.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidArgument`] if the id is none.
    pub fn encode(&self) -> Result<Request> {
        let mut request = Request::new(Method::Get, fill_path(PATH, &[&self.document_id])?);
        if let Some((first, last)) = self.range {
            let last = last.map(|n| n.to_string()).unwrap_or_default();
            request.headers.set(RANGE, format!("bytes={first}-{last}"));
            if let Some(tag) = &self.if_range {
                request.headers.set(IF_RANGE, tag.as_str());
            }
        }
        Ok(request)
    }

    /// The server's reading. Anything but one range from a first byte on is ignored, as RFC 9110 14.2 allows.
    ///
    /// # Errors
    /// Not found.
    pub fn decode(request: &Request) -> Result<FetchAgreement, Refusal> {
        let Some((Some(document_id), None)) = match_path(PATH, &request.path).map(|mut ids| (ids.pop(), ids.pop())) else {
            return Err(ProblemType::DocumentUnknown.into());
        };
        let range = request.headers.get(RANGE).and_then(|value| {
            let (first, last) = value.trim().strip_prefix("bytes=")?.split_once('-')?;
            let first = decimal(first)?;
            if last.is_empty() { Some((first, None)) } else { decimal(last).filter(|n| *n >= first).map(|n| (first, Some(n))) }
        });
        Ok(FetchAgreement { document_id, range, if_range: request.headers.get(IF_RANGE).map(str::to_owned) })
    }
}

fn decimal(text: &str) -> Option<u64> {
    if text.is_empty() || !text.bytes().all(|c| c.is_ascii_digit()) { None } else { text.parse().ok() }
}

/// The answer, whole or a part.
#[derive(Clone)]
pub struct FetchedAgreement {
    /// The version.
    pub etag: String,
    /// SHA-256 of the bytes in this answer (RFC 9530 2), not yet compared.
    pub sha256: Option<[u8; 32]>,
    /// Offset of the first byte.
    pub offset: u64,
    /// Size of the whole document.
    pub total: u64,
    /// The bytes.
    pub bytes: Zeroizing<Vec<u8>>,
}

impl FetchedAgreement {
    /// The server's answer: 200 if the bytes are the whole document, 206 otherwise.
    #[must_use]
    pub fn encode(self) -> Response {
        let size = self.bytes.len() as u64;
        let whole = self.offset == 0 && size == self.total;
        let mut response = Response::new(if whole { 200 } else { 206 });
        response.headers.set(CONTENT_TYPE, PDF);
        response.headers.set(ETAG, self.etag);
        response.headers.set("Accept-Ranges", "bytes");
        response.headers.set("Cache-Control", "no-store");
        if let Some(sha256) = &self.sha256 {
            response.headers.set(CONTENT_DIGEST, content_digest::encode(sha256));
        }
        if !whole {
            let last = self.offset.saturating_add(size).saturating_sub(1);
            response.headers.set(CONTENT_RANGE, format!("bytes {}-{last}/{}", self.offset, self.total));
        }
        response.body = self.bytes;
        response
    }

    /// The client's reading; the caller compares the digest, the version and the offset with what it expects.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: Response) -> Result<FetchedAgreement> {
        let status = response.expect(&[200, 206])?;
        let media_type = response.headers.get(CONTENT_TYPE).and_then(|value| value.split(';').next()).unwrap_or("").trim();
        if !media_type.eq_ignore_ascii_case(PDF) {
            return Err(Malformed::of(&BODY, "the answer is not a PDF").into());
        }
        let etag = response.headers.get(ETAG).ok_or(Malformed::of(&ETAG_FIELD, "missing"))?.to_owned();
        let sha256 = match response.headers.get(CONTENT_DIGEST) {
            Some(value) => Some(content_digest::decode(value).ok_or(Malformed::of(&DIGEST_FIELD, "no sha-256"))?),
            None => None,
        };
        let size = response.body.len() as u64;
        let (offset, total) = if status == 200 {
            (0, size)
        } else {
            let wrong = Malformed::of(&CONTENT_RANGE_FIELD, "not the range of the body");
            let read = |value: &str| {
                let (range, total) = value.trim().strip_prefix("bytes ")?.split_once('/')?;
                let (first, last) = range.split_once('-')?;
                let (first, last, total) = (decimal(first)?, decimal(last)?, decimal(total)?);
                (last < total && last.checked_sub(first)?.checked_add(1)? == size).then_some((first, total))
            };
            response.headers.get(CONTENT_RANGE).and_then(read).ok_or(wrong)?
        };
        Ok(FetchedAgreement { etag, sha256, offset, total, bytes: response.body })
    }
}
