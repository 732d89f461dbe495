//! The gate of the site: takes every request for it, lets through what comes from this machine and, where it changes something, from our own pages; gives
//! every answer its headers.
//!
//! What an attacker would try from a page elsewhere: have its name resolve to this machine (the host must be a local one), send a form with the victim's
//! cookie (`SameSite`, the origin, and a token that only our pages know), put a page of ours into a frame, or have markup of his run in one.

use super::super::body;
use super::super::front::{Named, refuse, send};
use super::super::listener::Peer;
use super::Site;
use super::page;
use super::sessions::Visitor;
use crate::random;
use axum::body::Body;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;
use subtle::ConstantTimeEq;
use thrivosign::remote::problem::ProblemType;
use zeroize::Zeroizing;

/// Of the session. `__Host-`: with TLS alone, for this host alone, and not to be planted from a neighbouring one.
const SESSION: &str = "__Host-thrivosign";
/// Of whoever has the sign-in page before him.
const GUEST: &str = "__Host-thrivosign-guest";
/// What a fetch carries that changes something.
const CSRF: &str = "x-csrf-token";

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// What every answer of the site carries, unless it has its own.
const HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", POLICY),
    ("cache-control", "no-store"),
    // Not `no-referrer`: with it a form is sent with the origin `null`.
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
];

/// Around every request for the site.
pub(super) async fn gate(request: Request, next: Next) -> Response {
    let mut response = if !is_local(&request) {
        body::discard(request.into_body());
        send(refuse(ProblemType::NotFound.into()).into())
    } else if !matches!(*request.method(), Method::GET | Method::HEAD) && !is_ours(request.headers()) {
        body::discard(request.into_body());
        page::problem(StatusCode::FORBIDDEN, "This was not sent by a page of this site", "Nothing was done.")
    } else {
        next.run(request).await
    };
    for (name, value) in HEADERS {
        let framed = *name == "x-frame-options" && response.headers().contains_key(header::CONTENT_SECURITY_POLICY);
        if !response.headers().contains_key(*name) && !framed {
            response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
    }
    response.extensions_mut().insert(Named("site"));
    response
}

/// Whether it comes from this machine and means it: a page elsewhere that has its name resolve to this machine (DNS rebinding) sends its own name as
/// the host.
pub(in crate::web) fn is_local(request: &Request) -> bool {
    let peer = request.extensions().get::<Peer>().is_some_and(|peer| peer.address.is_loopback());
    let host = host(request.headers());
    let host = host.rsplit_once(':').map_or(host, |(name, _)| name);
    peer && matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

fn host(headers: &HeaderMap) -> &str {
    headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default()
}

/// Whether a browser says that one of our own pages sent it. What says nothing of the kind is no browser, and not ours.
fn is_ours(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("null"));
    let origin = text(header::ORIGIN).map(|origin| origin.strip_prefix("https://") == Some(host(headers)));
    let site = text(HeaderName::from_static("sec-fetch-site")).map(|site| site == "same-origin");
    match (origin, site) {
        (None, None) => false,
        (origin, site) => origin.unwrap_or(true) && site.unwrap_or(true),
    }
}

fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value)
}

fn set_cookie(response: &mut Response, name: &str, value: &str, seconds: u32) {
    // HttpOnly: no script reads it. Strict: no other site sends it, be it by a link.
    let line = Zeroizing::new(format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={seconds}"));
    if let Ok(mut line) = HeaderValue::from_str(&line) {
        line.set_sensitive(true);
        response.headers_mut().append(header::SET_COOKIE, line);
    }
}

/// The value of the session's cookie.
pub(super) fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, SESSION)
}

/// Gives the browser its session; it forgets it at its own end.
pub(super) fn let_in(response: &mut Response, value: &str) {
    set_cookie(response, SESSION, value, 2 * 3600);
    set_cookie(response, GUEST, "", 0);
}

/// Takes the session from the browser.
pub(super) fn let_out(response: &mut Response) {
    set_cookie(response, SESSION, "", 0);
}

/// What the sign-in form carries: the same value as a cookie that only this host can set. Nothing is remembered of guests.
pub(super) struct Guest(Zeroizing<String>);

impl Guest {
    /// A new one.
    pub(super) fn new() -> Guest {
        Guest(random::token().unwrap_or_default())
    }

    pub(super) fn value(&self) -> &str {
        &self.0
    }

    pub(super) fn remember(&self, response: &mut Response) {
        set_cookie(response, GUEST, &self.0, 900);
    }

    /// Whether the form that carries that value is the one that was given out with the cookie.
    pub(super) fn meant(headers: &HeaderMap, shown: &str) -> bool {
        cookie(headers, GUEST).is_some_and(|value| !value.is_empty() && bool::from(value.as_bytes().ct_eq(shown.as_bytes())))
    }
}

impl FromRequestParts<Arc<Site>> for Visitor {
    type Rejection = Response;

    /// Whoever is not signed in is sent to do so, if a browser shows the answer and no script reads it.
    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Visitor, Response> {
        let visitor = session_cookie(&parts.headers).and_then(|value| site.sessions.of_cookie(value, site.service.now()));
        visitor.ok_or_else(|| {
            let path = parts.uri.path();
            let page = parts.method == Method::GET && !path.ends_with("/events") && !path.starts_with(super::calls::HERE)
                || path == super::SIGN_OUT;
            if page { page::redirect(super::SIGN_IN) } else { send(refuse(ProblemType::TokenRefused.into()).into()) }
        })
    }
}

/// The visitor of a fetch that changes something, which carries the token of our pages.
pub(super) async fn meaning(site: &Arc<Site>, parts: &mut Parts) -> Result<Visitor, Response> {
    let visitor = Visitor::from_request_parts(parts, site).await?;
    let shown = parts.headers.get(CSRF).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if visitor.meant(shown) { Ok(visitor) } else { Err(send(refuse(ProblemType::Forbidden.into()).into())) }
}

/// A body of ours.
pub(super) fn answer(status: StatusCode, media: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(*name, HeaderValue::from_static(value));
        }
        map
    }

    #[test]
    fn only_our_own_pages_may_change_something() {
        let ours = [("host", "localhost:1"), ("origin", "https://localhost:1"), ("sec-fetch-site", "same-origin")];
        assert!(is_ours(&headers(&ours)) && is_ours(&headers(&ours[..2])) && is_ours(&headers(&[ours[0], ours[2]])));
        assert!(!is_ours(&headers(&ours[..1])), "neither is said");
        for origin in ["null", "http://localhost:1", "https://localhost:2", "https://localhost:1.evil.example", "https://evil.example", ""]
        {
            assert!(!is_ours(&headers(&[ours[0], ("origin", origin)])), "{origin}");
            assert!(!is_ours(&headers(&[ours[0], ("origin", origin), ours[2]])), "{origin}");
        }
        for site in ["same-site", "cross-site", "none"] {
            assert!(!is_ours(&headers(&[ours[0], ours[1], ("sec-fetch-site", site)])), "{site}");
        }
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let map = headers(&[("cookie", "a=1; x__Host-thrivosign=2;__Host-thrivosign=3"), ("cookie", "__Host-thrivosign-guest=4")]);
        assert_eq!((session_cookie(&map), cookie(&map, GUEST), cookie(&map, "b")), (Some("3"), Some("4"), None));
        assert!(Guest::meant(&map, "4") && !Guest::meant(&map, "3") && !Guest::meant(&headers(&[]), ""));
    }
}
