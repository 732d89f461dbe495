//! The site of a demo, for a person's browser on this machine: sign in, own agreements, verify a PDF, trust services, outbox. Takes requests, gives pages
//! of `server/site`; what is done is done by the calls of [`crate::api`] and by the library. It exists in a demo alone.

mod agreements;
mod calls;
mod device;
mod events;
mod form;
mod gate;
mod health;
mod html;
mod officer;
mod outbox;
mod page;
mod sessions;
mod sign_in;
mod trust;
mod upload;
mod verify;
mod waiting;

pub(super) use gate::is_local;

use super::body::Upload;
use super::front::Reply;
use crate::api::{Caller, No, ROUTES, Service, Visit};
use crate::failure::Failure;
use axum::Router;
use axum::http::StatusCode;
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post};
use health::Health;
use sessions::Sessions;
use std::sync::Arc;
use thrivosign::remote::http::Request;
use tokio::sync::{Semaphore, watch};

const SIGN_IN: &str = "/site/sign-in";
const SIGN_OUT: &str = "/site/sign-out";
const AGREEMENTS: &str = "/site/agreements";
const OFFICER: &str = "/site/officer";
/// Most streams of events at once: each holds a connection.
const STREAMS: usize = 24;
/// How many documents are verified, and how many passwords tried, at once: either takes a processor, or 19 MiB, for a while.
const WORK: usize = 2;

/// The scripts; those of PDF.js are Mozilla's (Apache License 2.0, `server/site/pdfjs/LICENSE`), and shown pages are all they are for.
const SCRIPTS: [(&str, &str); 7] = [
    ("site.js", include_str!("../../../site/site.js")),
    ("der.js", include_str!("../../../site/der.js")),
    ("device.js", include_str!("../../../site/device.js")),
    ("this_browser.js", include_str!("../../../site/this_browser.js")),
    ("place.js", include_str!("../../../site/place.js")),
    ("pdfjs/pdf.min.mjs", include_str!("../../../site/pdfjs/pdf.min.mjs")),
    ("pdfjs/pdf.worker.min.mjs", include_str!("../../../site/pdfjs/pdf.worker.min.mjs")),
];

/// What the pages share.
pub(super) struct Site {
    service: Arc<Service>,
    sessions: Sessions,
    health: Health,
    streams: Arc<Semaphore>,
    verifying: Arc<Semaphore>,
    passwords: Arc<Semaphore>,
    stop: watch::Receiver<bool>,
}

/// All pages.
pub(super) fn site(service: &Arc<Service>, stop: watch::Receiver<bool>) -> Router {
    let site = Arc::new(Site {
        service: Arc::clone(service),
        sessions: Sessions::default(),
        health: Health::default(),
        streams: Arc::new(Semaphore::new(STREAMS)),
        verifying: Arc::new(Semaphore::new(WORK)),
        passwords: Arc::new(Semaphore::new(WORK)),
        stop,
    });
    let scripts = SCRIPTS.iter().fold(Router::new(), |router, (name, text)| {
        router.route(&format!("/site/{name}"), get(async || asset("text/javascript; charset=utf-8", text)))
    });
    scripts
        .merge(calls::calls())
        .route("/", get(async || page::redirect(AGREEMENTS)))
        .route("/site", get(async || page::redirect(AGREEMENTS)))
        .route("/site/site.css", get(async || asset("text/css; charset=utf-8", include_str!("../../../site/site.css"))))
        .route("/site/icon.svg", get(async || asset("image/svg+xml", include_str!("../../../site/icon.svg"))))
        .route(SIGN_IN, get(sign_in::ask).post(sign_in::sign_in))
        .route(SIGN_OUT, post(sign_in::sign_out))
        .route(AGREEMENTS, get(agreements::list).post(agreements::submit))
        .route("/site/agreements/{id}", get(agreements::one))
        .route("/site/agreements/{id}/sign", get(device::place))
        .route("/site/agreements/{id}/pdf", get(agreements::download))
        .route("/site/agreements/{id}/report", get(verify::agreement))
        .route("/site/device", get(device::this_browser))
        .route("/site/events", get(events::events))
        .route("/site/verify", get(verify::ask).post(verify::verify))
        .route("/site/verify/{id}", get(verify::report))
        .route("/site/trust", get(trust::trust))
        .route("/site/outbox", get(outbox::outbox))
        .route(OFFICER, get(officer::desk))
        .route("/site/officer/requests/{id}", post(officer::decide))
        .route("/site/officer/devices/{id}", post(officer::revoke))
        .with_state(site)
        .layer(middleware::from_fn(gate::gate))
}

fn asset(media: &'static str, text: &'static str) -> Response {
    gate::answer(StatusCode::OK, media, text)
}

impl Site {
    /// Has a call of the API answered for that user, by the very code that answers it there.
    fn call(&self, operation: &str, user: &str, request: Request, upload: Option<Upload>) -> Result<Reply, No> {
        let route = ROUTES.iter().find(|route| route.operation.id == operation).ok_or_else(|| Failure::new("there is no such call"))?;
        (route.head)(&request)?;
        (route.call)(&self.service, Visit { request, caller: Caller::of_user(user), upload, now: self.service.now(), waited: None })
    }
}
