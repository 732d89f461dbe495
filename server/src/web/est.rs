//! EST over HTTP (RFC 7030, with RFC 8951): takes and gives base64 of DER under the standard's media types. What a request means is [`crate::api`]'s.

use super::body;
use super::front::{Named, address, dressed, headers, refuse, send};
use super::listener::Peer;
use crate::api::{Approach, No, Service, est};
use axum::Router;
use axum::body::Body;
use axum::extract::Request as HttpRequest;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::Response as HttpResponse;
use axum::routing::{get, post};
use base64ct::{Base64, Encoding};
use std::sync::Arc;
use thrivosign::remote::http::{CONTENT_TYPE, Response};
use thrivosign::remote::problem::ProblemType;
use zeroize::Zeroizing;

/// Most bytes of a request: the largest honest one, of an RSA key, has two thousand.
const MOST: usize = 16 << 10;
const PKCS10: &str = "application/pkcs10";
const CERTS_ONLY: &str = "application/pkcs7-mime; smime-type=certs-only";
const ATTRIBUTES: &str = "application/csrattrs";
/// RFC 7030 3.2.3, RFC 7617 2.1.
const BASIC: HeaderValue = HeaderValue::from_static("Basic realm=\"EST\", charset=\"UTF-8\"");

/// All routes.
pub(super) fn est_router(service: &Arc<Service>) -> Router {
    let (first, again, here) = (Arc::clone(service), Arc::clone(service), Arc::clone(service));
    Router::new()
        // Certificates of authorities are for everybody, and so is what a request should look like (RFC 7030 4.1.2, 4.5.1).
        .route(
            "/.well-known/est/cacerts",
            get(async move || named("estCaCerts", send(carried(CERTS_ONLY, &est::authorities(&here)).into()))),
        )
        .route("/.well-known/est/csrattrs", get(async || named("estCsrAttrs", send(carried(ATTRIBUTES, &est::wanted_attributes()).into()))))
        .route(est::ENROLL, post(move |request: HttpRequest| enroll(first, request, false)))
        .route(est::REENROLL, post(move |request: HttpRequest| enroll(again, request, true)))
}

async fn enroll(service: Arc<Service>, request: HttpRequest, again: bool) -> HttpResponse {
    let (parts, mut body) = request.into_parts();
    let answered = certificate(&service, &parts, &mut body, again).await;
    body::discard(body);
    let response = answered.map_or_else(refuse, |der| carried(CERTS_ONLY, &est::certs_only(&[&der])));
    let refused = response.status == 401;
    let mut response = dressed(&service, &parts, response.into());
    if refused {
        response.headers_mut().append(header::WWW_AUTHENTICATE, BASIC);
    }
    named(if again { "estSimpleReenroll" } else { "estSimpleEnroll" }, response)
}

async fn certificate(service: &Arc<Service>, parts: &Parts, body: &mut Body, again: bool) -> Result<Vec<u8>, No> {
    let (headers, odd) = headers(&parts.headers);
    let media = headers.get(CONTENT_TYPE).unwrap_or_default().split(';').next().unwrap_or_default().trim().to_owned();
    let certificate = parts.extensions.get::<Peer>().and_then(|peer| peer.certificate.clone());
    let approach = Approach { headers, url: address(parts), certificate };
    let here = Arc::clone(service);
    let asker = service.places().enter(move || est::admit_asker(&here, &approach)).await?;
    if odd {
        return Err(ProblemType::MalformedRequest.into());
    }
    if !media.eq_ignore_ascii_case(PKCS10) {
        return Err(ProblemType::UnsupportedMediaType.into());
    }
    let text = body::whole(body, MOST, service.limits()).await?;
    let plain: Zeroizing<Vec<u8>> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect::<Vec<u8>>().into();
    let der = std::str::from_utf8(&plain).ok().and_then(|text| Base64::decode_vec(text).ok()).map(Zeroizing::new);
    let der = der.ok_or(ProblemType::CsrMalformed)?;
    let here = Arc::clone(service);
    let now = service.now();
    service.places().go_on(move || est::enroll(&here, asker, &der, again, now)).await
}

/// Base64 in lines, which every reader of it takes.
fn carried(media: &'static str, der: &[u8]) -> Response {
    let text = Base64::encode_string(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    let mut response = Response::new(200);
    response.headers.set(CONTENT_TYPE, media);
    // Older clients look for it (RFC 8951 2.1).
    response.headers.set("Content-Transfer-Encoding", "base64");
    response.headers.set("Cache-Control", "no-store");
    response.body = Zeroizing::new((lines.join("\n") + "\n").into_bytes());
    response
}

fn named(operation: &'static str, mut response: HttpResponse) -> HttpResponse {
    response.extensions_mut().insert(Named(operation));
    response
}
