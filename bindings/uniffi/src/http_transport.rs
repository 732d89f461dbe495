//! HTTP of the app's own, in place of the library's. Takes the app's transport, gives the core's trait.

use crate::call::Call;
use crate::error::{Result, ThrivoSignError};
use std::sync::Arc;
use thrivosign::journey::host_http::{self, Exchange};
use thrivosign::remote::http::Response;
use thrivosign::{Error, ErrorKind};
use zeroize::Zeroizing;

/// Most bytes of the body that are given at once.
const PIECE: u64 = 1 << 20;

/// A header field.
#[derive(Clone, uniffi::Record)]
pub struct HttpHeader {
    /// Its name; case does not matter.
    pub name: String,
    /// Its value. Those of a request are secrets: they hold the token and the API key.
    pub value: String,
}

/// What the service answered.
#[derive(Clone, uniffi::Record)]
pub struct HttpAnswer {
    /// The status, whichever it is, such as 200.
    pub status: i32,
    /// The header fields.
    pub headers: Vec<HttpHeader>,
    /// The body; at most `HttpExchange.maxAnswer` bytes.
    pub body: Vec<u8>,
}

/// A request on its way through HTTP of the app's own.
#[derive(uniffi::Object)]
pub struct HttpExchange(Arc<Exchange>);

#[uniffi::export]
impl HttpExchange {
    /// The method, such as `POST`.
    #[must_use]
    pub fn method(&self) -> String {
        self.0.method().as_str().to_owned()
    }

    /// The address, its query included.
    #[must_use]
    pub fn url(&self) -> String {
        self.0.url().to_owned()
    }

    /// The header fields that have to be sent, beside those of the connection itself (`Host`, `Content-Length`).
    #[must_use]
    pub fn headers(&self) -> Vec<HttpHeader> {
        self.0.headers().iter().map(|(name, value)| HttpHeader { name: name.to_owned(), value: value.to_owned() }).collect()
    }

    /// Bytes of the body, which is the `Content-Length`; 0 for a request without one.
    #[must_use]
    pub fn body_size(&self) -> i64 {
        i64::try_from(self.0.body_size()).unwrap_or(i64::MAX)
    }

    /// The next bytes of the body from `offset`, at most `most` of them and at most 1 MiB; none only at its end. May be read more than once.
    ///
    /// # Errors
    /// `InvalidArgument` for a number below 0 or none to read; `SourceUnreadable` or what the document's source throws: the exchange has to end then.
    pub fn body(&self, offset: i64, most: i32) -> Result<Vec<u8>> {
        let wrong = || Error::new(ErrorKind::InvalidArgument).context("which bytes of the body");
        let offset = u64::try_from(offset).map_err(|_| wrong())?;
        let most = u64::try_from(most).ok().filter(|most| *most > 0).ok_or_else(wrong)?;
        let left = self.0.body_size().saturating_sub(offset).min(most).min(PIECE);
        let mut piece = vec![0; usize::try_from(left).unwrap_or_default()];
        let read = self.0.read_body(offset, &mut piece)?;
        piece.truncate(read);
        Ok(piece)
    }

    /// Milliseconds after which the exchange has to have ended; 0 when it is over.
    #[must_use]
    pub fn time_left_ms(&self) -> i64 {
        i64::try_from(self.0.time_left().as_millis()).unwrap_or(i64::MAX)
    }

    /// Whether the call was cancelled: the exchange had better end, what it brings is not used.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Most bytes of the answer's body; a longer one is refused, so reading may stop there.
    #[must_use]
    pub fn max_answer(&self) -> i64 {
        i64::try_from(self.0.max_answer()).unwrap_or(i64::MAX)
    }
}

/// HTTP of the app's own. The connection is the app's: it checks the service's certificate and name, heeds pins and proxies, follows no redirect (that
/// would carry the token to wherever it points), keeps no cookies and caches nothing.
#[uniffi::export(with_foreign)]
pub trait HttpTransport: Send + Sync {
    /// Sends the request once and gives the answer; blocks until then, and no longer than the exchange has time. Called on a thread of the library's
    /// that may block, on several at once.
    ///
    /// # Errors
    /// No answer came: `ConnectFailed`, `ConnectionCut`, `TimedOut` or `TlsFailed`, by which the library decides whether it calls again; anything else
    /// ends the call.
    fn send(&self, exchange: Arc<HttpExchange>) -> Result<HttpAnswer, ThrivoSignError>;
}

/// The app's transport as the core asks it. Each question is a step outside in the call at hand: whoever cancels that is let go at once, however long the
/// app's own code takes.
pub(crate) struct Carrying(pub(crate) Arc<dyn HttpTransport>);

impl host_http::HttpClient for Carrying {
    fn send(&self, exchange: &Arc<Exchange>) -> Result<Response, Error> {
        let call = Call::at_hand().ok_or_else(|| Error::new(ErrorKind::Internal).context("an exchange outside any call"))?;
        let given = call.outside(|| self.0.send(Arc::new(HttpExchange(exchange.clone()))))?;
        let mut response = Response::new(u16::try_from(given.status).unwrap_or_default());
        for field in given.headers {
            response.headers.push(&field.name, field.value);
        }
        response.body = Zeroizing::new(given.body);
        Ok(response)
    }
}
