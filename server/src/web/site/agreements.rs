//! A user's agreements: the list with states, one with its audit records, a PDF in, a PDF out. Takes a visitor, gives what is his own; anybody else's is
//! not there.

use super::super::front::{refuse, send};
use super::gate::answer;
use super::html::Html;
use super::page::{self, Place};
use super::sessions::Visitor;
use super::{Site, upload, waiting};
use crate::api::No;
use crate::audit;
use crate::failure::Failure;
use crate::random;
use crate::store::audit as records;
use crate::store::documents::{self, Listed};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::json;
use std::sync::Arc;
use thrivosign::remote::audit::AuditRecord;
use thrivosign::remote::content_digest;
use thrivosign::remote::fetch_agreement::FetchAgreement;
use thrivosign::remote::http::{CONTENT_DIGEST, CONTENT_TYPE, FILE_NAME, IDEMPOTENCY_KEY, Method, Request as Call, percent_encode};
use thrivosign::remote::problem::{ProblemType, Refusal};
use thrivosign::remote::submit_agreement::{Agreement, PATH};
use thrivosign::render::{ENGLISH, word};

const LIST: &str = include_str!("../../../site/agreements.html");
const ROW: &str = include_str!("../../../site/agreement_row.html");
const ONE: &str = include_str!("../../../site/agreement.html");
const RECORD: &str = include_str!("../../../site/record.html");
/// How many are listed.
const MOST: u32 = 200;
/// Most bytes that a browser may send: it reads them from a file, but the person waits.
const MOST_BYTES: u64 = 256 << 20;

/// The state of an agreement, in a word for programs and in words for people.
pub(super) fn state(listed: &Listed) -> (&'static str, &'static str) {
    match (listed.waiting, listed.agreement.signatures) {
        (true, _) => ("waiting", "Waiting for the device's signature"),
        (false, 0) => ("unsigned", "Not signed yet"),
        (false, _) => ("signed", "Signed"),
    }
}

/// The visitor's agreements, newest first.
pub(super) fn of(site: &Site, user: &str) -> Result<Vec<Listed>, No> {
    site.service.store.transact(|tx| Ok(documents::list(tx, user, MOST)?))
}

fn number(n: u64) -> Html {
    Html::text(&n.to_string())
}

fn slots(listed: &Listed) -> [(&'static str, Html); 8] {
    let (code, words) = state(listed);
    [
        ("id", Html::text(&listed.agreement.id)),
        ("name", Html::text(&listed.file_name)),
        ("state", Html::ours(code)),
        ("words", Html::ours(words)),
        ("signatures", number(listed.agreement.signatures)),
        ("pages", number(listed.agreement.pages)),
        ("size", number(listed.agreement.size.div_ceil(1024))),
        ("changed", Html::text(&listed.changed.to_string())),
    ]
}

fn fill(template: &'static str, slots: &[(&'static str, Html)]) -> Html {
    Html::fill(template, &slots.iter().map(|(name, html)| (*name, html)).collect::<Vec<_>>())
}

/// The list.
pub(super) async fn list(State(site): State<Arc<Site>>, visitor: Visitor) -> Response {
    let user = visitor.user.clone();
    let here = Arc::clone(&site);
    match site.service.places().enter(move || Ok((of(&here, &user)?, waiting::card(&here, &user)?))).await {
        Ok((listed, waiting)) => {
            let rows = Html::all(listed.iter().map(|listed| fill(ROW, &slots(listed))));
            let none = if listed.is_empty() { Html::ours("<p id=\"none\">There is none yet.</p>") } else { Html::default() };
            let body = Html::fill(LIST, &[("waiting", &waiting), ("rows", &rows), ("none", &none)]);
            page::page(&visitor, Place::Agreements, &Html::ours("My agreements"), &body)
        }
        Err(no) => page::refused(no),
    }
}

/// One of them, with its audit records and what becomes of them when their chain is checked.
pub(super) async fn one(State(site): State<Arc<Site>>, visitor: Visitor, Path(id): Path<String>) -> Response {
    let user = visitor.user.clone();
    let here = Arc::clone(&site);
    let found = site.service.places().enter(move || {
        here.service.store.transact(|tx| {
            let listed = documents::listed(tx, &id, &user)?.ok_or(ProblemType::DocumentUnknown)?;
            Ok::<_, No>((records::list(tx, &id)?, listed))
        })
    });
    match found.await {
        Ok((records, listed)) => {
            let chain = match broken_at(&records) {
                None => Html::ours(
                    "<p class=\"notice clean\">The chain is whole: every record was hashed again and names the one before it.</p>",
                ),
                Some(at) => Html::fill(
                    "<p class=\"notice failed\">The chain is broken at record {{at}}.</p>",
                    &[("at", &Html::text(&at.to_string()))],
                ),
            };
            let mut slots = slots(&listed).to_vec();
            slots.push(("sha256", Html::text(&random::hex(&listed.agreement.sha256))));
            slots.push(("chain", chain));
            slots.push(("records", Html::all(records.iter().map(record))));
            page::page(&visitor, Place::Agreements, &Html::text(&listed.file_name), &fill(ONE, &slots))
        }
        Err(no) => page::refused(no),
    }
}

fn record(record: &AuditRecord) -> Html {
    fill(
        RECORD,
        &[
            ("sequence", number(record.sequence)),
            ("time", Html::text(&record.time.to_string())),
            ("actor", Html::text(&record.actor)),
            ("action", Html::text(&record.action)),
            ("detail", Html::text(record.detail.as_deref().unwrap_or_default())),
            ("hash", Html::text(&random::hex(&record.hash))),
        ],
    )
}

/// The first record that is not what its neighbours and its own hash say.
fn broken_at(records: &[AuditRecord]) -> Option<usize> {
    audit::check("", records).into_iter().find_map(|finding| finding.record)
}

/// The PDF, as a file with its name.
pub(super) async fn download(State(site): State<Arc<Site>>, visitor: Visitor, Path(id): Path<String>) -> Response {
    let here = Arc::clone(&site);
    let found = site.service.places().enter(move || {
        let listed = here.service.store.transact(|tx| documents::listed(tx, &id, &visitor.user).map_err(No::from))?;
        let name = listed.ok_or(ProblemType::DocumentUnknown)?.file_name;
        let asked = FetchAgreement { document_id: id, range: None, if_range: None };
        let request = asked.encode().map_err(Failure::at("a document's id is damaged"))?;
        Ok((name, here.call("fetchAgreement", &visitor.user, request, None)?))
    });
    match found.await {
        Ok((name, reply)) => {
            let mut response = send(reply);
            // Never inline: what is in the PDF is the sender's.
            if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{}", percent_encode(&name))) {
                response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
            }
            response
        }
        Err(no) => page::refused(no),
    }
}

/// Takes a PDF in, as `POST /rssp/agreements` does. The digest is that of what arrived: between the browser and here stands TLS.
pub(super) async fn submit(State(site): State<Arc<Site>>, request: Request) -> Response {
    let received = match upload::receive(&site, request, MOST_BYTES).await {
        Ok(received) => received,
        Err(refused) => return refused,
    };
    let mut call = Call::new(Method::Post, PATH);
    call.headers.set(CONTENT_TYPE, received.header("content-type"));
    call.headers.set(FILE_NAME, received.encoded_name());
    call.headers.set(IDEMPOTENCY_KEY, received.header(IDEMPOTENCY_KEY));
    call.headers.set(CONTENT_DIGEST, content_digest::encode(&received.upload.sha256));
    let here = Arc::clone(&site);
    let stored = site.service.places().go_on(move || {
        let reply = here.call("submitAgreement", &received.visitor.user, call, Some(received.upload))?;
        Ok(Agreement::decode(&reply.response).map_err(Failure::at("an answer of the API cannot be read"))?.document_id)
    });
    match stored.await {
        Ok(id) => {
            let place = json!({ "location": format!("{}/{id}", super::AGREEMENTS) }).to_string();
            answer(StatusCode::CREATED, "application/json", place)
        }
        Err(no) => findings(no),
    }
}

/// A refusal with what the preflight found, in words.
fn findings(no: No) -> Response {
    let No::Refused(refusal) = no else { return send(refuse(no).into()) };
    let Refusal::Problem(problem) = *refusal else { return send(refuse(No::Refused(refusal)).into()) };
    let said: Vec<String> = problem.findings.iter().map(|code| format!("{} [{code}]", word(&ENGLISH, &format!("error.{code}")))).collect();
    let status = StatusCode::from_u16(problem.kind.status()).unwrap_or(StatusCode::BAD_REQUEST);
    answer(
        status,
        "application/problem+json",
        json!({ "type": problem.kind.uri(), "title": problem.kind.title(), "findings": said }).to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use thrivosign::Time;
    use thrivosign::crypto::digest::sha256;

    #[test]
    fn a_chain_is_whole_or_broken_at_a_record() {
        let mut records: Vec<AuditRecord> = Vec::new();
        for sequence in 1..=3 {
            let previous = records.last().map_or([0; 32], |last| last.hash);
            let (actor, action) = ("u".to_owned(), "signed".to_owned());
            let mut record = AuditRecord { sequence, time: Time::from_unix(9), actor, action, detail: None, previous, hash: [0; 32] };
            record.hash = sha256(&record.to_be_hashed());
            records.push(record);
        }
        assert_eq!((broken_at(&records), broken_at(&[])), (None, None));
        let changed = |change: fn(&mut Vec<AuditRecord>)| {
            let mut records = records.clone();
            change(&mut records);
            broken_at(&records)
        };
        assert_eq!(changed(|all| all[1].actor = "x".to_owned()), Some(2));
        assert_eq!(changed(|all| drop(all.remove(0))), Some(1));
        assert_eq!(changed(|all| drop(all.remove(1))), Some(2));
        assert_eq!(changed(|all| all[2].hash = [1; 32]), Some(3));
        assert_eq!(changed(|all| all.swap(1, 2)), Some(2));
    }
}
