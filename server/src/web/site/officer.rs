//! The registration officer's desk as a page: what waits, with a form for each decision, and people's devices, with a form to revoke each. Takes a visitor and
//! gives the page; takes a form and has the call of the API answer it. It works without a script.

use super::form::fields;
use super::html::Html;
use super::page::{self, Place};
use super::sessions::Visitor;
use super::{OFFICER, Site};
use crate::api::{No, devices_of, waiting_for};
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;
use thrivosign::Error;
use thrivosign::remote::http::Request as Call;
use thrivosign::remote::officer::decide::{Decide, Decision};
use thrivosign::remote::officer::devices::UsersDevice;
use thrivosign::remote::officer::requests::WaitingRequest;
use thrivosign::remote::officer::revoke_device::RevokeDevice;
use thrivosign::remote::problem::{ProblemType, Refusal};
use thrivosign::remote::revoke_certificate::RevocationReason;

const PAGE: &str = include_str!("../../../site/officer.html");
const REQUEST: &str = include_str!("../../../site/officer_request.html");
const DEVICE: &str = include_str!("../../../site/officer_device.html");
const CREDENTIAL: &str = "<li><code>{{id}}</code> {{status}}, until {{until}}</li>\n";
const NOTHING: &str = "<p class=\"card\">No request waits.</p>\n";
const NOBODY: &str = "<p class=\"card\">Nobody has a device.</p>\n";

/// The page.
pub(super) async fn desk(State(site): State<Arc<Site>>, visitor: Visitor) -> Response {
    let (here, user) = (Arc::clone(&site), visitor.user.clone());
    let found = site.service.places().enter(move || Ok::<_, No>((waiting_for(&here.service, &user)?, devices_of(&here.service, &user)?)));
    let (waiting, devices) = match found.await {
        Ok(found) => found,
        Err(no) => return refused(no),
    };
    let csrf = Html::text(visitor.csrf());
    let requests = Html::all(waiting.0.iter().map(|one| request(one, &csrf)));
    let devices = Html::all(devices.0.iter().map(|one| device(one, &csrf)));
    let or = |html: Html, none| if html.is_empty() { Html::ours(none) } else { html };
    let slots = [("requests", &or(requests, NOTHING)), ("devices", &or(devices, NOBODY))];
    page::page(&visitor, Place::Officer, &Html::ours("Registration officer"), &Html::fill(PAGE, &slots))
}

fn request(one: &WaitingRequest, csrf: &Html) -> Html {
    let slots = [
        ("id", &Html::text(&one.request_id)),
        ("name", &Html::text(&one.applicant.name)),
        ("email", &Html::text(&one.applicant.email)),
        ("company", &Html::text(one.applicant.company.as_deref().unwrap_or("none"))),
        ("device", &Html::text(&one.device_name)),
        ("platform", &Html::text(&one.platform)),
        ("level", &Html::text(one.security_level.as_str())),
        ("asked", &Html::text(&one.asked.to_string())),
        ("csrf", csrf),
    ];
    Html::fill(REQUEST, &slots)
}

fn device(one: &UsersDevice, csrf: &Html) -> Html {
    let credentials = Html::all(one.credentials.iter().map(|held| {
        let (id, until) = (Html::text(&held.credential_id), Html::text(&held.not_after.to_string()));
        Html::fill(CREDENTIAL, &[("id", &id), ("status", &Html::text(held.status.as_str())), ("until", &until)])
    }));
    let credentials = if credentials.is_empty() { Html::ours("<li>no certificate</li>") } else { credentials };
    let slots = [
        ("id", &Html::text(&one.device_uuid)),
        ("name", &Html::text(&one.owner.name)),
        ("email", &Html::text(&one.owner.email)),
        ("device", &Html::text(&one.device_name)),
        ("platform", &Html::text(&one.platform)),
        ("level", &Html::text(one.security_level.as_str())),
        ("credentials", &credentials),
        ("csrf", csrf),
    ];
    Html::fill(DEVICE, &slots)
}

/// Approves or rejects.
pub(super) async fn decide(State(site): State<Arc<Site>>, visitor: Visitor, Path(id): Path<String>, form: Request) -> Response {
    let made = |fields: &super::form::Fields| {
        let decision = Decision::from_text(fields.of("decision"))?;
        let reason = Some(fields.of("reason").to_owned()).filter(|text| !text.is_empty());
        Some(Decide { request_id: id, decision, reason }.encode())
    };
    answered(&site, &visitor, form, "decideCertificateRequest", made).await
}

/// Revokes a device, with what was certified on it.
pub(super) async fn revoke(State(site): State<Arc<Site>>, visitor: Visitor, Path(id): Path<String>, form: Request) -> Response {
    let made = |fields: &super::form::Fields| {
        let reason = RevocationReason::from_text(fields.of("reason"))?;
        Some(RevokeDevice { device_uuid: id, reason }.encode())
    };
    answered(&site, &visitor, form, "revokeUsersDevice", made).await
}

async fn answered(
    site: &Arc<Site>,
    visitor: &Visitor,
    form: Request,
    operation: &'static str,
    made: impl FnOnce(&super::form::Fields) -> Option<Result<Call, Error>>,
) -> Response {
    let fields = match fields(site, form.into_body()).await {
        Ok(fields) => fields,
        Err(no) => return page::refused(no),
    };
    if !visitor.meant(fields.of("csrf")) {
        return page::problem(StatusCode::FORBIDDEN, "This was not sent by a page of this site", "Nothing was done.");
    }
    let Some(Ok(call)) = made(&fields) else { return refused(ProblemType::MalformedRequest.into()) };
    let (here, user) = (Arc::clone(site), visitor.user.clone());
    match site.service.places().enter(move || here.call(operation, &user, call, None)).await {
        Ok(_) => page::redirect(OFFICER),
        Err(no) => refused(no),
    }
}

fn refused(no: No) -> Response {
    let kind = match &no {
        No::Refused(refusal) => match &**refusal {
            Refusal::Problem(problem) => Some(problem.kind),
            _ => None,
        },
        _ => None,
    };
    match kind {
        Some(ProblemType::Forbidden) => {
            page::problem(StatusCode::FORBIDDEN, "This is the registration officer's desk", "You were not appointed one.")
        }
        Some(ProblemType::MalformedRequest) => page::problem(StatusCode::BAD_REQUEST, "Nothing was done", "A rejection needs a reason."),
        Some(ProblemType::CredentialState) => page::problem(StatusCode::CONFLICT, "Nothing was done", "The request was decided otherwise."),
        _ => page::refused(no),
    }
}
