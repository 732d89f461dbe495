//! The device's calls of the API for a browser that is a device: takes a request of one of our pages under `/site/api`, gives the API's own answer. The
//! session stands in for the token, and there are no others than a device makes.

use super::super::body;
use super::super::front::{Reply, query, refuse, send};
use super::sessions::Visitor;
use super::{Site, gate};
use crate::api::{No, ROUTES, Route};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use std::sync::Arc;
use thrivosign::remote::http::{Body, IDEMPOTENCY_KEY, Request as Call};
use thrivosign::remote::json::MAX_JSON;

/// Where the paths of the API stand for our pages.
pub(super) const HERE: &str = "/site/api";
/// What a device calls, from its registration to a signature, and to the approval of one.
const CALLS: [&str; 12] = [
    "sendDeviceActivationCode",
    "registerDevice",
    "deleteDevice",
    "certificateChallenge",
    "requestCertificate",
    "certificateRequestStatus",
    "activateCredential",
    "activateCredentialResponse",
    "startSignature",
    "completeSignature",
    "listAuthorizations",
    "answerAuthorization",
];

/// A route for each of them.
pub(super) fn calls() -> Router<Arc<Site>> {
    let mut router = Router::new();
    for route in ROUTES.iter().filter(|route| CALLS.contains(&route.operation.id)) {
        let method = route.operation.method.as_str().parse().ok().and_then(|method: Method| MethodFilter::try_from(method).ok());
        let Some(method) = method else { continue };
        let path = format!("{HERE}{}", route.operation.path);
        router = router.route(&path, on(method, move |State(site): State<Arc<Site>>, request: Request| call(site, route, request)));
    }
    router
}

async fn call(site: Arc<Site>, route: &'static Route, request: Request) -> Response {
    let (mut parts, mut body) = request.into_parts();
    let asked = async {
        // Even what changes nothing: only a script of ours has a use for it.
        let visitor = gate::meaning(&site, &mut parts).await?;
        let bytes = body::whole(&mut body, MAX_JSON, site.service.limits()).await.map_err(|no| send(refuse(no).into()))?;
        Ok((visitor, bytes))
    }
    .await;
    body::discard(body);
    let (visitor, bytes) = match asked {
        Ok(asked) => asked,
        Err(refused) => return refused,
    };
    let mut call = Call::new(route.operation.method, parts.uri.path().strip_prefix(HERE).unwrap_or_default());
    if !bytes.is_empty() {
        call.body = Body::Bytes(bytes);
    }
    if let Some(key) = parts.headers.get(IDEMPOTENCY_KEY).and_then(|value| value.to_str().ok()) {
        call.headers.set(IDEMPOTENCY_KEY, key);
    }
    match query(parts.uri.query().unwrap_or_default()) {
        Ok(members) => call.query = members,
        Err(no) => return send(refuse(no).into()),
    }
    let answered = made(site, route, visitor, call).await;
    send(answered.unwrap_or_else(|no| refuse(no).into()))
}

async fn made(site: Arc<Site>, route: &'static Route, visitor: Visitor, call: Call) -> Result<Reply, No> {
    let here = Arc::clone(&site);
    site.service.places().enter(move || here.call(route.operation.id, &visitor.user, call, None)).await
}
