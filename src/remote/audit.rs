//! Room `remote`: `GET /rssp/agreements/{documentID}/audit` `[hub]`: hash-chained records. Both directions of one call, and
//! the bytes each record's hash is made of.

use super::canonical::canonical;
use super::http::{Method, Request, Response, fill_path, match_path};
use super::json::{Malformed, Members};
use super::problem::{ProblemType, Refusal};
use super::schema::{Answer, Content, Field, Kind, Mark, Operation};
use super::submit_agreement::{hex, unhex};
use crate::error::Result;
use crate::time::Time;

/// `[hub]`
pub const PATH: &str = "/rssp/agreements/{documentID}/audit";
const MAX_BYTES: usize = 8 << 20;
const RECORDS: Field = Field::new("records", Kind::Objects(RECORD), Mark::Ours);
const SEQUENCE: Field = Field::new("sequence", Kind::Integer, Mark::Ours);
const TIME: Field = Field::new("time", Kind::Time, Mark::Ours);
const ACTOR: Field = Field::new("actor", Kind::Text, Mark::Ours);
const ACTION: Field = Field::new("action", Kind::Text, Mark::Ours);
const DETAIL: Field = Field::new("detail", Kind::Text, Mark::Ours).optional();
const PREVIOUS: Field = Field::new("previous", Kind::Text, Mark::Ours);
const HASH: Field = Field::new("hash", Kind::Text, Mark::Ours);
const RECORD: &[Field] = &[SEQUENCE, TIME, ACTOR, ACTION, DETAIL, PREVIOUS, HASH];
const ANSWER: &[Field] = &[RECORDS];

/// The call as data.
pub const OPERATION: Operation = Operation {
    answers: &[Answer { status: 200, when: "always", content: Content::Json(ANSWER), headers: &[] }],
    ..Operation::new("auditAgreement", Method::Get, PATH, Mark::Hub, "Gives the document's hash-chained audit records.")
};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditAgreement {
    /// Which document.
    pub document_id: String,
}

impl AuditAgreement {
    /// The client's request.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidArgument`] if the id is none.
    pub fn encode(&self) -> Result<Request> {
        Ok(Request::new(Method::Get, fill_path(PATH, &[&self.document_id])?))
    }

    /// The server's reading.
    ///
    /// # Errors
    /// Not found.
    pub fn decode(request: &Request) -> Result<AuditAgreement, Refusal> {
        match match_path(PATH, &request.path).map(|mut ids| (ids.pop(), ids.pop())) {
            Some((Some(document_id), None)) => Ok(AuditAgreement { document_id }),
            _ => Err(ProblemType::DocumentUnknown.into()),
        }
    }
}

/// One record.
#[derive(Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its number, from 1 without gaps.
    pub sequence: u64,
    /// When.
    pub time: Time,
    /// Who, by an opaque id.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// More of it.
    pub detail: Option<String>,
    /// The hash of the record before; all zeros in the first.
    pub previous: [u8; 32],
    /// SHA-256 of [`AuditRecord::to_be_hashed`].
    pub hash: [u8; 32],
}

impl AuditRecord {
    fn members(&self) -> Members {
        Members::new()
            .with(&SEQUENCE, self.sequence)
            .with(&TIME, self.time.to_string())
            .with(&ACTOR, self.actor.as_str())
            .with(&ACTION, self.action.as_str())
            .with_some(&DETAIL, self.detail.as_deref())
            .with(&PREVIOUS, hex(&self.previous))
    }

    /// The canonical JSON (RFC 8785) of the record without `hash`; it holds the hash of the record before.
    #[must_use]
    pub fn to_be_hashed(&self) -> Vec<u8> {
        canonical(self.members()).to_vec()
    }
}

/// The answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Audit(pub Vec<AuditRecord>);

impl Audit {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        let records = self.0.iter().map(|record| record.members().with(&HASH, hex(&record.hash)));
        Response::json(200, &Members::new().with_objects(&RECORDS, records))
    }

    /// The client's reading: numbers without gaps, each record naming the one before. The hashes themselves are compared by
    /// whoever hashes [`AuditRecord::to_be_hashed`].
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<Audit> {
        response.expect(&[200])?;
        let members = Members::parse(&response.body, MAX_BYTES)?;
        let sha256 = |record: &Members, field: &Field| unhex(&record.text(field)?).ok_or(Malformed::of(field, "not a SHA-256 in hex"));
        let mut records: Vec<AuditRecord> = Vec::new();
        for record in members.objects(&RECORDS)? {
            let record = AuditRecord {
                sequence: record.integer(&SEQUENCE)?,
                time: record.time(&TIME)?,
                actor: record.text(&ACTOR)?,
                action: record.text(&ACTION)?,
                detail: record.text_opt(&DETAIL)?,
                previous: sha256(&record, &PREVIOUS)?,
                hash: sha256(&record, &HASH)?,
            };
            let (sequence, previous) = records.last().map_or((1, [0; 32]), |last| (last.sequence.saturating_add(1), last.hash));
            if record.sequence != sequence || record.previous != previous {
                return Err(Malformed::of(&PREVIOUS, "the chain of records is broken").into());
            }
            records.push(record);
        }
        Ok(Audit(records))
    }
}
