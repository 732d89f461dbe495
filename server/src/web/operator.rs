//! What an operator's tools ask, on a plain listener of its own and on no other: whether the process lives, whether it can serve, what it has counted.

use super::front::Named;
use crate::api::{No, Service};
use crate::metrics::Metrics;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use std::sync::Arc;
use tokio::sync::watch;

const PLAIN: &str = "text/plain; charset=utf-8";
const PROMETHEUS: &str = "text/plain; version=0.0.4; charset=utf-8";
/// Seconds after which whoever was told "not ready" asks again.
const AGAIN: &str = "5";

/// All routes.
pub(crate) fn operator_router(service: &Arc<Service>, metrics: &Arc<Metrics>, stop: watch::Receiver<bool>) -> Router {
    let (service, metrics) = (Arc::clone(service), Arc::clone(metrics));
    Router::new()
        .route("/health", get(async || say("health", StatusCode::OK, PLAIN, "ok\n".to_owned())))
        .route("/ready", get(move || ready(Arc::clone(&service), stop.clone())))
        .route("/metrics", get(move || async move { say("metrics", StatusCode::OK, PROMETHEUS, metrics.text()) }))
}

/// Ready is who is not about to end and can write to its store.
async fn ready(service: Arc<Service>, stop: watch::Receiver<bool>) -> Response {
    let ending = *stop.borrow();
    let here = Arc::clone(&service);
    let writes = service.places().go_on(move || here.store.transact(|tx| Ok::<_, No>(tx.execute("UPDATE numbers SET crl = crl", [])?)));
    if ending || writes.await.is_err() {
        let mut response = say("ready", StatusCode::SERVICE_UNAVAILABLE, PLAIN, "not ready\n".to_owned());
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(AGAIN));
        return response;
    }
    say("ready", StatusCode::OK, PLAIN, "ready\n".to_owned())
}

fn say(operation: &'static str, status: StatusCode, media: &'static str, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.extensions_mut().insert(Named(operation));
    response
}
