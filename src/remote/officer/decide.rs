//! Room `remote`: `POST /rssp/officer/requests/{requestID}/decision` `[ours]`. Both directions of one call.

use super::super::http::{Method, Request, Response, fill_path};
use super::super::json::{MAX_JSON, Malformed, Members, known, wire_enum};
use super::super::problem::Refusal;
use super::super::schema::{Answer, Content, Field, Kind, Mark, Operation};
use super::{MAX_REASON, REQUEST_ID, id_of_path};
use crate::error::Result;

/// `[ours]`
pub const PATH: &str = "/rssp/officer/requests/{requestID}/decision";
const DECISION: Field = Field::new("decision", Kind::OneOf(Decision::TEXTS), Mark::Ours);
const REASON: Field = Field::new("reason", Kind::Text, Mark::Ours).optional();
const STATE: Field = Field::new("state", Kind::OneOf(&["approved", "rejected"]), Mark::Ours);

wire_enum! {
    /// What the officer decides.
    Decision {
        /// The certificate is issued.
        Approve = "approve",
        /// It is not; the reason is told to whoever asked.
        Reject = "reject",
    }
}

impl Decision {
    /// The state of a request that was decided so.
    #[must_use]
    pub const fn state(self) -> &'static str {
        match self {
            Decision::Approve => "approved",
            Decision::Reject => "rejected",
        }
    }
}

/// The call as data.
pub const OPERATION: Operation = Operation {
    request: Content::Json(&[DECISION, REASON]),
    answers: &[Answer { status: 200, when: "decided so, now or earlier", content: Content::Json(&[REQUEST_ID, STATE]), headers: &[] }],
    ..Operation::new("decideCertificateRequest", Method::Post, PATH, Mark::Ours, "Approves or rejects a request; a rejection says why.")
};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decide {
    /// Which request.
    pub request_id: String,
    /// Yes or no.
    pub decision: Decision,
    /// Why; a rejection has one.
    pub reason: Option<String>,
}

impl Decide {
    /// The client's request.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidArgument`] if the id is none.
    pub fn encode(&self) -> Result<Request> {
        let members = Members::new().with(&DECISION, self.decision.as_str()).with_some(&REASON, self.reason.as_deref());
        Ok(Request::new(Method::Post, fill_path(PATH, &[&self.request_id])?).with_json(&members))
    }

    /// The server's reading.
    ///
    /// # Errors
    /// Not found, or a problem of the kind malformed-request: also for a rejection without a reason.
    pub fn decode(request: &Request) -> Result<Decide, Refusal> {
        let request_id = id_of_path(PATH, request)?;
        let members = Members::parse(request.body.bytes(), MAX_JSON)?;
        let decision = known(&DECISION, Decision::from_text(&members.text(&DECISION)?))?;
        let reason = members.text_opt(&REASON)?.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        if reason.as_ref().is_some_and(|text| text.chars().count() > MAX_REASON) {
            return Err(Malformed::of(&REASON, "too long").into());
        }
        if decision == Decision::Reject && reason.is_none() {
            return Err(Malformed::of(&REASON, "missing").into());
        }
        Ok(Decide { request_id, decision, reason })
    }
}

/// The server's answer.
#[must_use]
pub fn answer(request_id: &str, decision: Decision) -> Response {
    Response::json(200, &Members::new().with(&REQUEST_ID, request_id).with(&STATE, decision.state()))
}

/// The client's reading: that it was decided so.
///
/// # Errors
/// What the service said; [`crate::ErrorKind::BadAnswer`] if it is in any other state.
pub fn decode_answer(response: &Response, decision: Decision) -> Result<()> {
    response.expect(&[200])?;
    let state = Members::parse(&response.body, MAX_JSON)?.text(&STATE)?;
    known(&STATE, (state == decision.state()).then_some(()))?;
    Ok(())
}
