//! Signing in and out: takes a name and a password, gives a session. Passwords are checked and guessing is locked as for the API, by the same code and
//! the same count.

use super::form::fields;
use super::gate::{self, Guest};
use super::html::Html;
use super::sessions::Visitor;
use super::{AGREEMENTS, SIGN_IN, Site, page};
use crate::api::{No, with_password};
use crate::failure::Failure;
use crate::store::officers;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;
use std::time::Duration;
use thrivosign::remote::problem::{ProblemType, Refusal};
use thrivosign::remote::secret::Secret;
use tokio::time::timeout;
use zeroize::Zeroizing;

const FORM: &str = include_str!("../../../site/sign_in.html");
const COMPLAINT: &str = "<p class=\"notice failed\" id=\"complaint\" role=\"alert\">{{text}}</p>";
/// How long somebody waits while other passwords are tried.
const PATIENCE: Duration = Duration::from_secs(10);

/// The form.
pub(super) async fn ask() -> Response {
    form(StatusCode::OK, "", None)
}

fn form(status: StatusCode, username: &str, complaint: Option<&str>) -> Response {
    let guest = Guest::new();
    let described = if complaint.is_some() { Html::ours(" aria-describedby=\"complaint\"") } else { Html::default() };
    let complaint = complaint.map(|text| Html::fill(COMPLAINT, &[("text", &Html::text(text))])).unwrap_or_default();
    let slots =
        [("complaint", &complaint), ("described", &described), ("username", &Html::text(username)), ("csrf", &Html::text(guest.value()))];
    let mut response = page::open_page(status, &Html::ours("Sign in"), &Html::fill(FORM, &slots));
    guest.remember(&mut response);
    response
}

/// Takes the form. A session begins under a new value, whatever the browser had before.
pub(super) async fn sign_in(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let fields = match fields(&site, body).await {
        Ok(fields) => fields,
        Err(no) => return page::refused(no),
    };
    if !Guest::meant(&parts.headers, fields.of("csrf")) {
        return form(StatusCode::FORBIDDEN, "", Some("This form was too old. Please sign in again."));
    }
    let username = fields.of("username").to_owned();
    match session(&site, &username, Secret::new(fields.of("password"))).await {
        Ok(value) => {
            if let Some(before) = gate::session_cookie(&parts.headers) {
                site.sessions.end(before);
            }
            let mut response = page::redirect(AGREEMENTS);
            gate::let_in(&mut response, &value);
            response
        }
        Err(No::Refused(refusal)) => match *refusal {
            Refusal::Coded { status: 403, .. } => {
                form(StatusCode::FORBIDDEN, &username, Some("Too many wrong tries. Wait a few minutes, then try again."))
            }
            Refusal::Problem(problem) if problem.kind == ProblemType::Unavailable => page::refused(problem.into()),
            _ => form(StatusCode::BAD_REQUEST, &username, Some("The name or the password is wrong.")),
        },
        Err(failed) => page::refused(failed),
    }
}

async fn session(site: &Arc<Site>, username: &str, password: Secret) -> Result<Zeroizing<String>, No> {
    let turn = timeout(PATIENCE, Arc::clone(&site.passwords).acquire_owned()).await;
    let turn = turn.map_err(|_| ProblemType::Unavailable)?.map_err(|_| Failure::new("the site is ending"))?;
    let (here, username) = (Arc::clone(site), username.to_owned());
    let work = move || {
        let now = here.service.now();
        let user = with_password(&here.service, &username, &password, now, |_, user| Ok(user.id.clone()))?;
        drop(turn);
        let officer = here.service.store.transact(|tx| officers::find(tx, &user))?.is_some();
        Ok(here.sessions.begin(&user, officer, now)?)
    };
    site.service.places().enter(work).await
}

/// Ends the session.
pub(super) async fn sign_out(State(site): State<Arc<Site>>, visitor: Visitor, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match fields(&site, body).await {
        Ok(fields) if visitor.meant(fields.of("csrf")) => {
            if let Some(value) = gate::session_cookie(&parts.headers) {
                site.sessions.end(value);
            }
            let mut response = page::redirect(SIGN_IN);
            gate::let_out(&mut response);
            response
        }
        Ok(_) => page::problem(StatusCode::FORBIDDEN, "This was not sent by a page of this site", "You are still signed in."),
        Err(no) => page::refused(no),
    }
}
