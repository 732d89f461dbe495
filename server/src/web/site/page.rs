//! What every page has around it: takes a title and a body, gives the whole page.

use super::super::front::refuse;
use super::gate::answer;
use super::html::Html;
use super::sessions::Visitor;
use crate::api::No;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

const FRAME: &str = include_str!("../../../site/frame.html");
const SIGNED_IN: &str = include_str!("../../../site/signed_in.html");
const OFFICER: &str = "<li><a href=\"/site/officer\"{{here}}>Officer</a></li>\n";
const PROBLEM: &str = include_str!("../../../site/problem.html");

/// Where a page stands in the site.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Agreements,
    Device,
    Verify,
    Trust,
    Outbox,
    Officer,
}

/// A page for whoever is signed in.
pub(super) fn page(visitor: &Visitor, place: Place, title: &Html, body: &Html) -> Response {
    let mark = |at| if at == place { Html::ours(" aria-current=\"page\"") } else { Html::default() };
    let officer = if visitor.officer { Html::fill(OFFICER, &[("here", &mark(Place::Officer))]) } else { Html::default() };
    let head = Html::fill(
        SIGNED_IN,
        &[
            ("agreements", &mark(Place::Agreements)),
            ("device", &mark(Place::Device)),
            ("verify", &mark(Place::Verify)),
            ("trust", &mark(Place::Trust)),
            ("outbox", &mark(Place::Outbox)),
            ("officer", &officer),
            ("csrf", &Html::text(visitor.csrf())),
        ],
    );
    framed(StatusCode::OK, Some(visitor), title, &head, body)
}

/// A page for anybody.
pub(super) fn open_page(status: StatusCode, title: &Html, body: &Html) -> Response {
    framed(status, None, title, &Html::default(), body)
}

fn framed(status: StatusCode, visitor: Option<&Visitor>, title: &Html, head: &Html, body: &Html) -> Response {
    let csrf = Html::text(visitor.map_or("", Visitor::csrf));
    let page = Html::fill(FRAME, &[("title", title), ("csrf", &csrf), ("head", head), ("body", body)]);
    answer(status, "text/html; charset=utf-8", page.into_string())
}

/// A page that says why there is none.
pub(super) fn problem(status: StatusCode, title: &str, text: &str) -> Response {
    let (title, text) = (Html::text(title), Html::text(text));
    let body = Html::fill(PROBLEM, &[("title", &title), ("text", &text)]);
    open_page(status, &title, &body)
}

/// The same of a refused call.
pub(super) fn refused(no: No) -> Response {
    let refusal = refuse(no);
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match refusal.status {
        404 => problem(status, "There is no such page", "Perhaps it was somebody else's, or it is gone."),
        503 => problem(status, "The service is busy", "Try again in a moment."),
        _ => problem(status, "This could not be shown", "The service refused or failed. Its log says more."),
    }
}

/// Elsewhere within the site.
pub(super) fn redirect(path: &'static str) -> Response {
    let mut response = answer(StatusCode::SEE_OTHER, "text/plain; charset=utf-8", "");
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_static(path));
    response
}
