//! The trust services over plain HTTP: takes their requests, gives their answers with the headers that caches go by (RFC 5019 6). There is
//! nothing else on this listener: no login, no cookie, no query.

use super::body;
use super::front::{Named, frame, refuse, send};
use super::places::Places;
use crate::api::No;
use crate::ca::{OcspAnswer, path};
use crate::failure::Failure;
use crate::metrics::Metrics;
use crate::random;
use crate::trust::{Published, Trust};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post};
use base64ct::{Base64, Encoding};
use std::sync::Arc;
use thrivosign::Time;
use thrivosign::crypto::digest::sha256;
use thrivosign::remote::http::percent_decode;
use thrivosign::remote::problem::ProblemType;

/// Most bytes of a request: the largest honest one has a few hundred.
const MOST: usize = 16 << 10;
/// How long a cache may keep an OCSP answer and a list, in seconds: a revocation is seen within 5 and 60.
const OCSP_AGE: u32 = 4;
const LIST_AGE: u32 = 30;

const OCSP_REQUEST: &str = "application/ocsp-request";
const OCSP_RESPONSE: &str = "application/ocsp-response";
const STAMP_REQUEST: &str = "application/timestamp-query";
const STAMP_RESPONSE: &str = "application/timestamp-reply";
const LIST: &str = "application/pkix-crl";
const CERTIFICATE: &str = "application/pkix-cert";

/// The services, and places of their own for their work: who floods them does not crowd the API out.
struct Door {
    trust: Arc<Trust>,
    places: Places,
}

/// All routes.
pub(crate) fn trust_router(trust: &Arc<Trust>, metrics: &Arc<Metrics>) -> Router {
    let door = Arc::new(Door { trust: Arc::clone(trust), places: Places::new(trust.limits().calls) });
    let with = || Arc::clone(&door);
    let certificate = |of: fn(&Trust) -> &[u8]| {
        let door = with();
        get(move || async move { answer(CERTIFICATE, of(&door.trust).to_vec(), "ca", &[("cache-control", "max-age=86400".to_owned())]) })
    };
    let list = |of: fn(&Trust) -> Result<Published, Failure>| {
        let door = with();
        get(move || lists(door, of))
    };
    let (asked, asked_get, stamps) = (with(), with(), with());
    Router::new()
        .route(path::OCSP, post(move |request: Request| ocsp(asked, request)))
        .route("/ocsp/{*request}", get(move |request: Request| ocsp_get(asked_get, request)))
        .route(path::TSA, post(move |request: Request| stamp(stamps, request)))
        .route(path::ROOT_CRL, list(Trust::root_list))
        .route(path::ISSUING_CRL, list(|trust| trust.issuing_list(false)))
        .route(path::DELTA_CRL, list(|trust| trust.issuing_list(true)))
        .route(path::ISSUING, certificate(|trust| trust.authorities()[0]))
        .route(path::ROOT, certificate(|trust| trust.authorities()[1]))
        .fallback(async |request: Request| nowhere(request, StatusCode::NOT_FOUND))
        .method_not_allowed_fallback(async |request: Request| nowhere(request, StatusCode::METHOD_NOT_ALLOWED))
        .layer(middleware::from_fn_with_state(Arc::clone(metrics), frame))
}

async fn ocsp(door: Arc<Door>, request: Request) -> Response {
    match question(&door.trust, request, OCSP_REQUEST).await {
        Ok(asked) => status(door, asked).await,
        Err(no) => send(refuse(no).into()),
    }
}

/// RFC 6960 A.1: the request in base64 after the path, whose slashes clients escape or not.
async fn ocsp_get(door: Arc<Door>, request: Request) -> Response {
    let text = request.uri().path().strip_prefix("/ocsp/").and_then(percent_decode);
    // What is no base64 is no request either, and is told so as such.
    let asked = text.filter(|text| text.len() <= MOST).and_then(|text| Base64::decode_vec(&text).ok());
    status(door, asked.unwrap_or_default()).await
}

async fn status(door: Arc<Door>, asked: Vec<u8>) -> Response {
    let trust = Arc::clone(&door.trust);
    let found = door.places.enter(move || Ok(trust.ocsp(&asked))).await;
    let OcspAnswer { der, fresh } = match found {
        Ok(found) => found,
        Err(no) => return send(refuse(no).into()),
    };
    let headers = match fresh {
        Some((since, until)) => vec![
            ("cache-control", format!("max-age={OCSP_AGE}, public, no-transform, must-revalidate")),
            ("last-modified", http_date(since)),
            ("expires", http_date(until)),
            ("etag", format!("\"{}\"", random::hex(&sha256(&der)))),
        ],
        None => vec![("cache-control", "no-store".to_owned())],
    };
    answer(OCSP_RESPONSE, der, "ocsp", &headers)
}

async fn stamp(door: Arc<Door>, request: Request) -> Response {
    let answered = match question(&door.trust, request, STAMP_REQUEST).await {
        Ok(asked) => {
            let trust = Arc::clone(&door.trust);
            door.places.enter(move || Ok(trust.stamp(&asked))).await
        }
        Err(no) => Err(no),
    };
    match answered {
        Ok(der) => answer(STAMP_RESPONSE, der, "tsa", &[("cache-control", "no-store".to_owned())]),
        Err(no) => send(refuse(no).into()),
    }
}

async fn lists(door: Arc<Door>, of: fn(&Trust) -> Result<Published, Failure>) -> Response {
    let trust = Arc::clone(&door.trust);
    match door.places.enter(move || Ok(of(&trust)?)).await {
        Ok(Published { der, number, this_update }) => {
            let headers = [
                ("cache-control", format!("max-age={LIST_AGE}, public, no-transform, must-revalidate")),
                ("last-modified", http_date(this_update)),
                ("etag", format!("\"{number}\"")),
            ];
            answer(LIST, der, "crl", &headers)
        }
        Err(no) => send(refuse(no).into()),
    }
}

/// The body of a POST of that type.
async fn question(trust: &Trust, request: Request, media: &str) -> Result<Vec<u8>, No> {
    let (parts, mut body) = request.into_parts();
    let given = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let given = given.split(';').next().unwrap_or_default().trim();
    let read = if given.eq_ignore_ascii_case(media) {
        body::whole(&mut body, MOST, trust.limits()).await
    } else {
        Err(ProblemType::UnsupportedMediaType.into())
    };
    body::discard(body);
    Ok(read?.to_vec())
}

fn answer(media: &'static str, der: Vec<u8>, operation: &'static str, headers: &[(&'static str, String)]) -> Response {
    let mut response = Response::new(Body::from(der));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response.extensions_mut().insert(Named(operation));
    response
}

fn nowhere(request: Request, status: StatusCode) -> Response {
    body::discard(request.into_body());
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// IMF-fixdate (RFC 9110 5.6.7).
fn http_date(at: Time) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (year, month, day, hour, minute, second) = at.fields();
    let named = |list: &[&'static str], at: i64| usize::try_from(at).ok().and_then(|at| list.get(at).copied()).unwrap_or_default();
    let weekday = named(&DAYS, at.unix().div_euclid(86_400).rem_euclid(7));
    format!("{weekday}, {day:02} {} {year:04} {hour:02}:{minute:02}:{second:02} GMT", named(&MONTHS, month - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_http() {
        assert_eq!(http_date(Time::from_unix(784_111_777)), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(http_date(Time::from_unix(0)), "Thu, 01 Jan 1970 00:00:00 GMT");
    }
}
