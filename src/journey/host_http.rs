//! The room `journey`: HTTP that the host does itself, in place of the library's own.
//!
//! Takes the host's client and the service's base address, gives a [`Transport`]. Opens no socket and builds into a library without `net`. What is
//! sent, when, and how often stays the library's; the connection is the host's: TLS, whom it trusts, pins, proxies and client certificates.

use super::base_address::{base, is_path};
use super::transport::{Call, Transport};
use crate::cancel::CancelToken;
use crate::error::{Error, ErrorKind, Result};
use crate::host::wait::monotonic;
use crate::remote::http::{Body, BodySource, Headers, Method, Request, Response, percent_encode};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Most header fields of an answer that are kept.
const MAX_FIELDS: usize = 256;

/// HTTP of the host's own.
pub trait HttpClient: Send + Sync {
    /// Sends the request once and brings the answer; blocks until then. Must check the service's certificate and name, follow no redirect (it would
    /// carry the token to wherever it points), keep no cookies and cache nothing. Any status is an answer.
    ///
    /// # Errors
    /// No answer came: kinds of the edge (6xx), most often [`ErrorKind::ConnectFailed`], [`ErrorKind::ConnectionCut`], [`ErrorKind::TimedOut`] or
    /// [`ErrorKind::TlsFailed`]; which it is decides whether the call is sent again.
    fn send(&self, exchange: &Arc<Exchange>) -> Result<Response>;
}

/// A request on its way, and what it may take.
pub struct Exchange {
    method: Method,
    url: String,
    headers: Headers,
    body: Body,
    deadline: Instant,
    cancel: CancelToken,
    max_answer: u64,
}

/// Shows the method; the address and the header fields hold ids and secrets.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Exchange({} .., {} bytes)", self.method.as_str(), self.body.size())
    }
}

impl Exchange {
    /// The method.
    #[must_use]
    pub const fn method(&self) -> Method {
        self.method
    }

    /// The address, its query included.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The header fields that have to be sent, beside those of the connection itself (`Host`, `Content-Length`).
    #[must_use]
    pub const fn headers(&self) -> &Headers {
        &self.headers
    }

    /// Bytes of the body, which is the `Content-Length`; 0 for a request without one.
    #[must_use]
    pub fn body_size(&self) -> u64 {
        self.body.size()
    }

    /// Fills the front of `buf` with the body from `offset` and says how many bytes; 0 only at its end. May be read more than once.
    ///
    /// # Errors
    /// [`ErrorKind::SourceUnreadable`] or what the document's source says; the exchange has to end then.
    pub fn read_body(&self, offset: u64, buf: &mut [u8]) -> Result<usize> {
        let n = match &self.body {
            Body::Empty => 0,
            Body::Bytes(bytes) => BodySource::read_at(&**bytes, offset, buf)?,
            Body::Source(source) => source.read_at(offset, buf)?,
        };
        if n == 0 && !buf.is_empty() && offset < self.body.size() {
            return Err(Error::new(ErrorKind::SourceUnreadable).context("the document ends early"));
        }
        Ok(n)
    }

    /// Time left until the exchange has to have ended; zero when it is over.
    #[must_use]
    pub fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(monotonic())
    }

    /// Whether the call was cancelled: the exchange had better end, what it brings is not used.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// Most bytes of the answer's body; a longer one is refused, so reading may stop there.
    #[must_use]
    pub const fn max_answer(&self) -> u64 {
        self.max_answer
    }

    fn check(&self) -> Result<()> {
        self.cancel.check()?;
        if self.time_left().is_zero() { Err(Error::new(ErrorKind::TimedOut)) } else { Ok(()) }
    }

    /// What the host brought, if it is an answer that the library takes.
    fn take(&self, mut answer: Response) -> Result<Response> {
        if answer.body.len() as u64 > self.max_answer {
            return Err(Error::new(ErrorKind::AnswerTooLarge));
        }
        if !(200..=599).contains(&answer.status) {
            return Err(Error::new(ErrorKind::BadAnswer).context("the host's HTTP gave a status that ends no exchange"));
        }
        // A field that is none of HTTP's is left out rather than mended.
        let kept = answer.headers.iter().filter(|(name, value)| is_field(name, value)).take(MAX_FIELDS);
        let mut headers = Headers::new();
        kept.for_each(|(name, value)| headers.push(name, value));
        answer.headers = headers;
        Ok(answer)
    }
}

/// Whether that is a header field (RFC 9110 5.1, 5.5).
fn is_field(name: &str, value: &str) -> bool {
    let is_token = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&c);
    !name.is_empty() && name.bytes().all(is_token) && !value.bytes().any(|c| matches!(c, b'\r' | b'\n' | 0))
}

/// Carries requests to one service by HTTP of the host's own.
pub struct HostTransport {
    base: String,
    client: Arc<dyn HttpClient>,
}

impl HostTransport {
    /// A transport to the service at `base_address`, `https://host[:port][/prefix]`; nothing is connected yet. With `dangerous_allow_plain_http` also
    /// `http://`: passwords, tokens and documents then cross the network in the clear.
    ///
    /// # Errors
    /// [`ErrorKind::PlainHttpRefused`]; [`ErrorKind::ConfigMalformed`] for anything else that is no base address.
    pub fn new(base_address: &str, client: Arc<dyn HttpClient>, dangerous_allow_plain_http: bool) -> Result<HostTransport> {
        Ok(HostTransport { base: base(base_address.trim(), dangerous_allow_plain_http)?, client })
    }

    fn address(&self, request: &Request) -> Result<String> {
        let wrong = || Error::new(ErrorKind::InvalidArgument).context("the request's path cannot be used");
        if !request.path.starts_with('/') || !is_path(&request.path) {
            return Err(wrong());
        }
        Ok(format!("{}{}", self.base, request.path))
    }
}

impl Transport for HostTransport {
    fn send(&self, request: Request, call: &Call) -> Result<Response> {
        let mut url = self.address(&request)?;
        for (at, (name, value)) in request.query.iter().enumerate() {
            url.push(if at == 0 { '?' } else { '&' });
            url.push_str(&percent_encode(name));
            url.push('=');
            url.push_str(&percent_encode(value));
        }
        if request.headers.iter().any(|(name, value)| !is_field(name, value)) {
            return Err(Error::new(ErrorKind::InvalidArgument).context("a header field has characters that header fields do not have"));
        }
        let exchange = Arc::new(Exchange {
            method: request.method,
            url,
            headers: request.headers,
            body: request.body,
            deadline: call.deadline,
            cancel: call.cancel.clone(),
            max_answer: call.max_answer,
        });
        exchange.check()?;
        let outcome = self.client.send(&exchange);
        // Whatever it brought: somebody who cancelled is not told of a network that failed.
        call.cancel.check()?;
        exchange.take(outcome?)
    }

    fn url(&self, request: &Request) -> Result<String> {
        self.address(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use zeroize::Zeroizing;

    /// Answers with what it is given, and keeps the address of the last request.
    struct Told(Mutex<(Option<Response>, String)>);

    impl HttpClient for Told {
        fn send(&self, exchange: &Arc<Exchange>) -> Result<Response> {
            let mut told = self.0.lock().unwrap();
            told.1 = format!("{} {}", exchange.method().as_str(), exchange.url());
            told.0.clone().ok_or_else(|| Error::new(ErrorKind::ConnectionCut))
        }
    }

    fn call() -> Call {
        let deadline = monotonic() + Duration::from_secs(60);
        Call { deadline, cancel: CancelToken::new(), idempotent: true, max_answer: 10 }
    }

    fn asked(answer: Option<Response>, request: Request, call: &Call) -> (Result<Response>, String) {
        let told = Arc::new(Told(Mutex::new((answer, String::new()))));
        let transport = HostTransport::new("https://bank.example/api/", told.clone(), false).unwrap();
        let answer = transport.send(request, call);
        let url = told.0.lock().unwrap().1.clone();
        (answer, url)
    }

    #[test]
    fn a_request_goes_where_it_is_sent_and_nowhere_else() {
        let mut request = Request::new(Method::Get, "/rssp/info");
        request.query.push(("a b".to_owned(), "c&d=e".to_owned()));
        let (answer, url) = asked(Some(Response::new(200)), request.clone(), &call());
        assert_eq!((answer.unwrap().status, url.as_str()), (200, "GET https://bank.example/api/rssp/info?a%20b=c%26d%3De"));
        let transport = HostTransport::new("https://bank.example/api", Arc::new(Told(Mutex::default())), false).unwrap();
        assert_eq!(transport.url(&request).unwrap(), "https://bank.example/api/rssp/info", "no query in what a proof names");
        for evil in ["rssp", "/../x", "/a?b", "/a#b", "/a\\b", "/a b", "/ä"] {
            let (answer, url) = asked(Some(Response::new(200)), Request::new(Method::Get, evil), &call());
            assert_eq!((answer.unwrap_err().kind(), url.as_str()), (ErrorKind::InvalidArgument, ""), "{evil}");
        }
        let mut split = Request::new(Method::Get, "/a");
        split.headers.set("X-A", "b\r\nX-B: c");
        assert_eq!(asked(Some(Response::new(200)), split, &call()).0.unwrap_err().kind(), ErrorKind::InvalidArgument);
    }

    #[test]
    fn what_the_host_brings_is_bounded() {
        let ask = |answer: Response| asked(Some(answer), Request::new(Method::Get, "/a"), &call()).0;
        let mut long = Response::new(200);
        long.body = Zeroizing::new(vec![0; 11]);
        assert_eq!(ask(long).unwrap_err().kind(), ErrorKind::AnswerTooLarge);
        for status in [0, 100, 101, 199, 600, u16::MAX] {
            assert_eq!(ask(Response::new(status)).unwrap_err().kind(), ErrorKind::BadAnswer, "{status}");
        }
        let mut odd = Response::new(204);
        odd.headers.push("a b", "c");
        odd.headers.push("X-A", "b\nc");
        odd.headers.push("X-B", "c");
        (0..1000).for_each(|n| odd.headers.push(&format!("N-{n}"), "1"));
        let kept = ask(odd).unwrap();
        assert_eq!((kept.headers.iter().count(), kept.headers.get("x-b")), (MAX_FIELDS, Some("c")));
        assert_eq!((kept.headers.count("a b"), kept.headers.count("X-A")), (0, 0));
    }

    #[test]
    fn a_call_that_is_over_is_not_begun_and_one_that_was_cancelled_brings_nothing() {
        let over = Call { deadline: monotonic(), ..call() };
        let (answer, url) = asked(Some(Response::new(200)), Request::new(Method::Get, "/a"), &over);
        assert_eq!((answer.unwrap_err().kind(), url.as_str()), (ErrorKind::TimedOut, ""));
        let cancelled = call();
        cancelled.cancel.cancel();
        let (answer, url) = asked(None, Request::new(Method::Get, "/a"), &cancelled);
        assert_eq!((answer.unwrap_err().kind(), url.as_str()), (ErrorKind::Cancelled, ""));
        assert_eq!(asked(None, Request::new(Method::Get, "/a"), &call()).0.unwrap_err().kind(), ErrorKind::ConnectionCut);
    }

    #[test]
    fn a_body_is_read_in_pieces_and_never_ends_early_unsaid() {
        struct Short;
        impl BodySource for Short {
            fn size(&self) -> u64 {
                5
            }
            fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize> {
                Ok(if offset < 3 { buf.iter_mut().take(3).map(|to| *to = b'x').count() } else { 0 })
            }
        }
        let exchange = |body: Body| Exchange {
            method: Method::Put,
            url: String::new(),
            headers: Headers::new(),
            body,
            deadline: monotonic(),
            cancel: CancelToken::new(),
            max_answer: 0,
        };
        let mut buf = [0; 4];
        let bytes = exchange(Body::Bytes(Zeroizing::new(b"hello!".to_vec())));
        assert_eq!((bytes.read_body(0, &mut buf).unwrap(), &buf), (4, b"hell"));
        assert_eq!((bytes.read_body(4, &mut buf).unwrap(), &buf[..2]), (2, &b"o!"[..]));
        assert_eq!((bytes.read_body(6, &mut buf).unwrap(), bytes.read_body(u64::MAX, &mut buf).unwrap()), (0, 0));
        let short = exchange(Body::Source(Arc::new(Short)));
        assert_eq!(short.read_body(0, &mut buf).unwrap(), 3);
        assert_eq!(short.read_body(3, &mut buf).unwrap_err().kind(), ErrorKind::SourceUnreadable);
        assert!(!format!("{short:?}").contains("TOP"));
    }
}
