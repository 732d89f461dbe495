//! Verifying: takes any PDF, gives the library's own page about it. The page stands in a frame without rights, as what is said in it was written by
//! whoever wrote the document. One document takes a processor for a while, so that few are verified at once, each for so long.

use super::super::front::{refuse, send};
use super::gate::answer;
use super::html::Html;
use super::page::{self, Place};
use super::sessions::Visitor;
use super::{Site, upload};
use crate::api::No;
use crate::failure::Failure;
use crate::store::documents;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use base64ct::{Base64, Encoding};
use serde_json::json;
use std::path::Path as FilePath;
use std::sync::Arc;
use std::time::{Duration, Instant};
use thrivosign::Progress;
use thrivosign::crypto::digest::sha256;
use thrivosign::host::file::FileSource;
use thrivosign::pki::TrustAnchors;
use thrivosign::remote::http::percent_decode;
use thrivosign::remote::problem::ProblemType;
use thrivosign::render::{ENGLISH, html, html_failure};
use thrivosign::verify::{Policy, VerifyOptions, verify as verify_pdf};
use tokio::time::timeout;

const PAGE: &str = include_str!("../../../site/verify.html");
/// Most bytes of a document.
const MOST: u64 = 64 << 20;
/// How long one waits for its turn, and then how long it may take.
const PATIENCE: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_secs(30);

/// The page that asks for a document.
pub(super) async fn ask(visitor: Visitor) -> Response {
    page::page(&visitor, Place::Verify, &Html::ours("Verify a PDF"), &Html::ours(PAGE))
}

/// Verifies what comes in; the report is kept for this session until its next one. The document is not kept.
pub(super) async fn verify(State(site): State<Arc<Site>>, request: Request) -> Response {
    let received = match upload::receive(&site, request, MOST).await {
        Ok(received) => received,
        Err(refused) => return refused,
    };
    let name = percent_decode(received.encoded_name()).unwrap_or_default();
    let (visitor, upload) = (received.visitor, received.upload);
    let made = judged(&site, name, move |judge| judge(upload.path())).await;
    let kept = made.and_then(|report| Ok(site.sessions.keep_report(&visitor.key, report)?));
    match kept {
        Ok(Some(id)) => answer(StatusCode::OK, "application/json", json!({ "report": format!("/site/verify/{id}") }).to_string()),
        Ok(None) => send(refuse(ProblemType::TooLarge.into()).into()),
        Err(no) => send(refuse(no).into()),
    }
}

/// The report of that id.
pub(super) async fn report(State(site): State<Arc<Site>>, visitor: Visitor, Path(id): Path<String>) -> Response {
    match site.sessions.report(&visitor.key, &id) {
        Some(report) => shown(report),
        None => page::refused(ProblemType::NotFound.into()),
    }
}

/// The report about an agreement of the visitor's, as it stands now.
pub(super) async fn agreement(State(site): State<Arc<Site>>, visitor: Visitor, Path(id): Path<String>) -> Response {
    let here = Arc::clone(&site);
    let found = site.service.places().enter(move || {
        let listed = here.service.store.transact(|tx| documents::listed(tx, &id, &visitor.user).map_err(No::from))?;
        Ok(listed.ok_or(ProblemType::DocumentUnknown)?)
    });
    let made = match found.await {
        Ok(listed) => {
            let path = site.service.documents().join(&listed.agreement.file);
            judged(&site, listed.file_name, move |judge| judge(&path)).await
        }
        Err(no) => Err(no),
    };
    made.map_or_else(page::refused, shown)
}

/// The page about a document, made when its turn has come.
async fn judged(
    site: &Arc<Site>,
    name: String,
    with: impl FnOnce(&dyn Fn(&FilePath) -> Result<String, Failure>) -> Result<String, Failure> + Send + 'static,
) -> Result<String, No> {
    let turn = timeout(PATIENCE, Arc::clone(&site.verifying).acquire_owned()).await;
    let turn = turn.map_err(|_| ProblemType::Unavailable)?.map_err(|_| Failure::new("the site is ending"))?;
    let here = Arc::clone(site);
    let work = move || {
        // Held until the work is done, not until the browser has gone.
        let _turn = turn;
        Ok(with(&|path| judge(&here, path, &name))?)
    };
    site.service.places().go_on(work).await
}

fn judge(site: &Site, path: &FilePath, name: &str) -> Result<String, Failure> {
    let trust = TrustAnchors::from_pem(site.service.authority.root_pem().as_bytes()).map_err(Failure::at("the root cannot be read"))?;
    let source = FileSource::open(path).map_err(Failure::at("a document cannot be read"))?;
    let options = VerifyOptions { trust: &trust, time: site.service.now(), policy: Policy::default(), password: None, evidence: None };
    let began = Instant::now();
    let over = || began.elapsed() >= LONGEST;
    let name = Some(name).filter(|name| !name.is_empty());
    Ok(match verify_pdf(&source, &options, &Progress::default().until(&over)) {
        Ok(report) => html(&report, name, &ENGLISH),
        Err(error) => html_failure(&error, name, &ENGLISH),
    })
}

/// The library's page with the rights that it needs: its own style. It is alone in its origin, even where somebody opens it by itself.
fn shown(report: String) -> Response {
    // The style stands before anything that was taken from the document, but for its escaped name.
    let style = report.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>")).map_or("", |(style, _)| style);
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox",
        Base64::encode_string(&sha256(style.as_bytes()))
    );
    let mut response = answer(StatusCode::OK, "text/html; charset=utf-8", report);
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
