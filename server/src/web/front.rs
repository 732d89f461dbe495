//! The front: takes each HTTP request, admits or refuses its sender, reads its body, has the call answered on a blocking thread, and
//! sends the answer. Every route comes from [`ROUTES`]; in a demo there are the pages of the site beside them.

use super::body;
use super::est::est_router;
use super::listener::Peer;
use super::log::Line;
use super::site::{is_local, site};
use crate::api::{Approach, Caller, No, ROUTES, Route, Service, Visit, admit};
use crate::desk::outbox_page;
use crate::metrics::Metrics;
use crate::random;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request as HttpRequest, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response as HttpResponse;
use axum::routing::{MethodFilter, get, on};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;
use std::time::{Duration, Instant};
use thrivosign::remote::http::{self, CORRELATION_ID, Headers, Method, Request, Response, percent_decode};
use thrivosign::remote::problem::{INVALID_TOKEN, ProblemType, Refusal};
use thrivosign::remote::proof::{ALGORITHMS, DPOP, DPOP_NONCE, INVALID_DPOP_PROOF, USE_DPOP_NONCE};
use thrivosign::remote::schema::Content;
use tokio::sync::watch;
use zeroize::Zeroizing;

/// Most bytes of a body that is no PDF.
const SMALL_BODY: usize = thrivosign::remote::json::MAX_JSON;
const WWW_AUTHENTICATE: &str = "WWW-Authenticate";
const BEARER_CHALLENGE: &str = "Bearer";
const REQUEST_ID: &str = "x-request-id";
/// How long a call waits at most before it looks again: what it waits for may end by the clock.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// An answer: a response, whose body may stand in a file.
pub(crate) struct Reply {
    pub(crate) response: Response,
    pub(crate) file: Option<FileBody>,
}

/// A part of a file as a body.
pub(crate) struct FileBody {
    pub(crate) file: File,
    pub(crate) start: u64,
    pub(crate) len: u64,
}

impl From<Response> for Reply {
    fn from(response: Response) -> Reply {
        Reply { response, file: None }
    }
}

/// Which operation answered, for the log.
#[derive(Clone, Copy)]
pub(super) struct Named(pub(super) &'static str);

/// All routes.
pub(crate) fn router(service: &Arc<Service>, metrics: &Arc<Metrics>, stop: watch::Receiver<bool>) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        let filter = match route.operation.method {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
            Method::Put => MethodFilter::PUT,
            Method::Delete => MethodFilter::DELETE,
        };
        for path in std::iter::once(&route.operation.path).chain(route.operation.aliases) {
            let service = Arc::clone(service);
            let stop = stop.clone();
            router = router.route(path, on(filter, move |request: HttpRequest| call(service, route, request, stop)));
        }
    }
    let nowhere = |kind: ProblemType| {
        let service = Arc::clone(service);
        move |request: HttpRequest| nowhere(service, kind, request)
    };
    router = router.merge(est_router(service));
    router = router.fallback(nowhere(ProblemType::NotFound)).method_not_allowed_fallback(nowhere(ProblemType::MethodNotAllowed));
    if service.outbox().is_some() {
        let pages = site(service, stop);
        let service = Arc::clone(service);
        router = router.route("/desk/outbox", get(move |request: HttpRequest| desk(service, request)));
        router = router.merge(pages);
    }
    router.layer(middleware::from_fn_with_state(Arc::clone(metrics), frame))
}

/// Around every request: its id, its line in the log, its count, and headers that every answer has.
pub(super) async fn frame(State(metrics): State<Arc<Metrics>>, mut request: HttpRequest, next: Next) -> HttpResponse {
    let began = Instant::now();
    let id = random::id("").unwrap_or_default();
    // A correlation id is repeated and logged, so it must be short and plain; anything else is replaced.
    let correlation = request.headers().get(CORRELATION_ID).and_then(|value| value.to_str().ok());
    let correlation = correlation.filter(|text| text.len() <= 64 && http::is_identifier(text)).unwrap_or(&id).to_owned();
    request.extensions_mut().insert(Named(""));
    let mut response = next.run(request).await;
    let operation = response.extensions().get::<Named>().map_or("none", |named| named.0);
    metrics.count(operation, response.status().as_u16(), began.elapsed());
    Line { request: &id, correlation: &correlation, operation, status: response.status().as_u16(), took: began.elapsed() }.write();
    let headers = response.headers_mut();
    for (name, value) in [(REQUEST_ID, id.as_str()), (CORRELATION_ID, &correlation), ("x-content-type-options", "nosniff")] {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
    response
}

/// One call, from its route to its answer.
async fn call(service: Arc<Service>, route: &'static Route, request: HttpRequest, stop: watch::Receiver<bool>) -> HttpResponse {
    let (parts, mut body) = request.into_parts();
    let reply = answer(&service, route, &parts, &mut body, stop).await.unwrap_or_else(|no| {
        let mut response = refuse(no);
        if response.status == 401 && parts.headers.contains_key(header::AUTHORIZATION) {
            name_the_error(&mut response);
        }
        response.into()
    });
    body::discard(body);
    let mut response = dressed(&service, &parts, reply);
    response.extensions_mut().insert(Named(route.operation.id));
    response
}

/// An answer with what every call's has.
pub(super) fn dressed(service: &Service, parts: &Parts, mut reply: Reply) -> HttpResponse {
    // By the clock that judges proofs and challenges, not another one of this machine.
    reply.response.headers.set(http::DATE, http::fixdate(service.now()));
    if parts.headers.contains_key(DPOP)
        && let Ok(nonce) = service.proofs.nonce(service.now())
    {
        // The next proof's, before it is asked for (RFC 9449 8.2).
        reply.response.headers.set(DPOP_NONCE, nonce);
    }
    send(reply)
}

async fn answer(
    service: &Arc<Service>,
    route: &'static Route,
    parts: &Parts,
    body: &mut Body,
    stop: watch::Receiver<bool>,
) -> Result<Reply, No> {
    let operation = route.operation;
    let (headers, odd) = headers(&parts.headers);
    let admitted = {
        let here = Arc::clone(service);
        let certificate = parts.extensions.get::<Peer>().and_then(|peer| peer.certificate.clone());
        let approach = Approach { headers: headers.clone(), url: address(parts), certificate };
        service.places().enter(move || admit(&here, operation, &approach)).await?
    };
    if odd {
        return Err(ProblemType::MalformedRequest.into());
    }
    let mut request = Request::new(operation.method, parts.uri.path());
    request.query = query(parts.uri.query().unwrap_or_default())?;
    request.headers = headers;
    let mut upload = None;
    match operation.request {
        Content::Pdf => {
            (route.head)(&request)?;
            upload = Some(body::to_file(body, service.documents(), service.limits()).await?);
        }
        _ => {
            let bytes = body::whole(body, SMALL_BODY, service.limits()).await?;
            if !bytes.is_empty() {
                request.body = http::Body::Bytes(bytes);
            }
        }
    }
    if route.waits {
        return patiently(service, route, &request, &admitted, stop).await;
    }
    let visit = Visit { request, caller: admitted, upload, now: service.now(), waited: None };
    visited(service, route, visit).await
}

async fn visited(service: &Arc<Service>, route: &'static Route, visit: Visit) -> Result<Reply, No> {
    let here = Arc::clone(service);
    service.places().go_on(move || (route.call)(&here, visit)).await
}

/// Asks a call that waits for something again, whenever something has changed: no thread waits with it. When the server ends, it has waited for ever.
async fn patiently(
    service: &Arc<Service>,
    route: &'static Route,
    request: &Request,
    caller: &Caller,
    mut stop: watch::Receiver<bool>,
) -> Result<Reply, No> {
    let began = Instant::now();
    let mut changes = service.hear_changes();
    let mut waited: Option<(String, Duration)> = None;
    loop {
        changes.borrow_and_update();
        let last = waited.as_ref().is_some_and(|(_, waited)| *waited == Duration::MAX);
        let visit = Visit { request: request.clone(), caller: caller.clone(), upload: None, now: service.now(), waited };
        let on = match visited(service, route, visit).await {
            Err(No::Wait(on)) if !last => on,
            done => return done,
        };
        tokio::select! {
            _ = changes.changed() => {}
            () = tokio::time::sleep(LOOK_AGAIN) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
        waited = Some((on, if *stop.borrow() { Duration::MAX } else { began.elapsed() }));
    }
}

/// What stands at no route. Strangers learn nothing about which paths exist: they are refused first.
async fn nowhere(service: Arc<Service>, kind: ProblemType, request: HttpRequest) -> HttpResponse {
    let (parts, body) = request.into_parts();
    body::discard(body);
    let (headers, _) = headers(&parts.headers);
    let here = Arc::clone(&service);
    let admitted = service.places().enter(move || here.check_api_key(&headers)).await;
    send(refuse(admitted.map_or_else(|no| no, |_| kind.into())).into())
}

/// The outbox of the demo, for browsers on this machine.
async fn desk(service: Arc<Service>, request: HttpRequest) -> HttpResponse {
    match service.outbox() {
        Some(outbox) if is_local(&request) => {
            let mut response = HttpResponse::new(Body::from(outbox_page(outbox)));
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
            headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response.extensions_mut().insert(Named("desk"));
            response
        }
        _ => send(refuse(ProblemType::NotFound.into()).into()),
    }
}

/// The address of a request, without its query. The service itself is spoken to by TLS alone.
pub(super) fn address(parts: &Parts) -> String {
    let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    format!("https://{host}{}", parts.uri.path())
}

/// Header fields as text, and whether there were others. A request with such is refused rather than read without them: two readers
/// must not see two requests.
pub(super) fn headers(map: &HeaderMap) -> (Headers, bool) {
    let mut headers = Headers::new();
    let mut odd = false;
    for (name, value) in map {
        match value.to_str() {
            Ok(value) => headers.push(name.as_str(), value),
            Err(_) => odd = true,
        }
    }
    (headers, odd)
}

pub(super) fn query(text: &str) -> Result<Vec<(String, String)>, No> {
    let decode = |part: &str| percent_decode(&part.replace('+', " ")).ok_or(No::from(ProblemType::MalformedRequest));
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name)?, decode(value)?))
        })
        .collect()
}

/// The answer to a refused call. The operator's failures are logged, and the client learns only that there was one.
pub(super) fn refuse(no: No) -> Response {
    let refusal = match no {
        No::Refused(refusal) => *refusal,
        // Only a server that ends stops a call from waiting.
        No::Wait(_) => ProblemType::Unavailable.into(),
        No::Failed(failure) => {
            tracing::error!(%failure, "failed");
            Refusal::from(ProblemType::Internal)
        }
    };
    let mut response = refusal.encode();
    if response.status == 401 {
        response.headers.set(WWW_AUTHENTICATE, challenge(&refusal));
    }
    response
}

/// A token that was shown and is not taken is named as such (RFC 6750 3.1, RFC 8705 3); to whoever showed none there is nothing to say of it.
fn name_the_error(response: &mut Response) {
    if response.headers.get(WWW_AUTHENTICATE) == Some(BEARER_CHALLENGE) {
        response.headers.set(WWW_AUTHENTICATE, format!("{BEARER_CHALLENGE} error=\"{INVALID_TOKEN}\""));
    }
}

/// What a client is to show (RFC 6750 3, RFC 9449 7.1).
fn challenge(refusal: &Refusal) -> String {
    let error = match refusal {
        Refusal::Problem(problem) if problem.kind == ProblemType::ProofNonceRequired => USE_DPOP_NONCE,
        Refusal::Problem(problem) if problem.kind == ProblemType::ProofRefused => INVALID_DPOP_PROOF,
        _ => return BEARER_CHALLENGE.to_owned(),
    };
    format!("{DPOP} error=\"{error}\", algs=\"{}\"", ALGORITHMS.join(" "))
}

pub(super) fn send(reply: Reply) -> HttpResponse {
    let Reply { mut response, file } = reply;
    let body = match file {
        Some(file) => {
            response.headers.set("Content-Length", file.len.to_string());
            Body::from_stream(stream(file))
        }
        None => Body::from(std::mem::replace(&mut response.body, Zeroizing::new(Vec::new())).to_vec()),
    };
    let mut out = HttpResponse::new(body);
    *out.status_mut() = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in response.headers.iter() {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            out.headers_mut().append(name, value);
        }
    }
    out
}

/// A part of a file, read piece by piece as the client takes it.
fn stream(body: FileBody) -> impl futures_util::Stream<Item = std::io::Result<bytes::Bytes>> {
    const PIECE: u64 = 128 << 10;
    futures_util::stream::try_unfold(body, |mut body| async move {
        if body.len == 0 {
            return Ok(None);
        }
        let read = tokio::task::spawn_blocking(move || -> std::io::Result<_> {
            let n = body.len.min(PIECE);
            let mut piece = vec![0_u8; usize::try_from(n).unwrap_or_default()];
            body.file.seek(SeekFrom::Start(body.start))?;
            body.file.read_exact(&mut piece)?;
            body.start = body.start.saturating_add(n);
            body.len = body.len.saturating_sub(n);
            Ok((bytes::Bytes::from(piece), body))
        });
        read.await.map_err(std::io::Error::other)?.map(Some)
    })
}
