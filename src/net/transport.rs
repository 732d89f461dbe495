//! The room `net`: the HTTPS transport. Sends a request once and brings the answer, within its deadline, its size and its
//! cancellation; retries and tokens are the session's.

use super::failure::error_of;
use super::options::Options;
use super::pin_updates::UpdatedPins;
use super::pins::PinSet;
use super::refusal::is_refused;
use super::runtime::block_on;
use super::tls::Recipe;
use crate::error::{Error, ErrorKind, Result};
use crate::remote::http::{Body, BodySource, Headers, Method, Request, Response};
use crate::remote::json::MAX_JSON;
use crate::remote::pins as pins_call;
use crate::remote::transport::{Call, Transport};
use futures_core::Stream;
use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Url, redirect, retry};
use rustls::ClientConfig;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::sync::{Arc, PoisonError, RwLock};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use zeroize::Zeroizing;

/// Bytes read from a streamed body at a time.
const CHUNK: usize = 64 << 10;

/// Carries requests to one service over HTTPS.
pub struct HttpsTransport {
    base: Url,
    connector: Connector,
    /// Replaced as a whole when the pins change: connections that stand were made under the old ones.
    client: RwLock<Client>,
    pins: Option<UpdatedPins>,
    /// The pins of the options, where no key may replace them.
    first: Option<PinSet>,
}

/// How clients are made.
struct Connector {
    tls: Recipe,
    proxy: Option<reqwest::Proxy>,
    https_only: bool,
}

impl Connector {
    fn new(options: &Options) -> Result<Connector> {
        let proxy = match &options.proxy {
            None => None,
            Some(proxy) => {
                let set = reqwest::Proxy::all(&proxy.address).map_err(|_| wrong("the proxy's address is not a URL"))?;
                Some(match &proxy.login {
                    Some((name, password)) => set.basic_auth(name, password.expose()),
                    None => set,
                })
            }
        };
        Ok(Connector { tls: Recipe::new(options)?, proxy, https_only: !options.dangerous_allow_plain_http })
    }

    fn client(&self, tls: ClientConfig) -> Result<Client> {
        let mut builder = Client::builder()
            .tls_backend_preconfigured(tls)
            .https_only(self.https_only)
            // A redirect would carry the token to wherever it points.
            .redirect(redirect::Policy::none())
            .referer(false)
            .retry(retry::never())
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(4)
            .no_proxy();
        if let Some(proxy) = &self.proxy {
            builder = builder.proxy(proxy.clone());
        }
        builder.build().map_err(|_| wrong("the connection's options cannot be used"))
    }
}

fn wrong(what: &'static str) -> Error {
    Error::new(ErrorKind::ConfigMalformed).context(what)
}

impl HttpsTransport {
    /// A transport; nothing is connected yet.
    ///
    /// # Errors
    /// [`ErrorKind::PlainHttpRefused`], before any socket is opened; [`ErrorKind::ConfigMalformed`].
    pub fn new(options: &Options) -> Result<HttpsTransport> {
        let base = options.base()?;
        let connector = Connector::new(options)?;
        let pins = UpdatedPins::new(options, base.host_str().unwrap_or_default())?;
        let first = pins.as_ref().map_or_else(|| options.pins.clone(), |pins| Some(pins.now()));
        let client = RwLock::new(connector.client(connector.tls.pinned(first.clone())?)?);
        Ok(HttpsTransport { base, connector, client, pins, first })
    }

    /// The client of the pins in force.
    fn client(&self) -> Client {
        self.client.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The service's key is not among the pins. That is an attack, or the device slept while the key changed: the service is asked for its newest
    /// pins, once in a while, over a connection that only the roots vouch for and that carries nothing of ours. Whether other pins are now in force.
    fn is_rescued(&self, before: u64, call: &Call) -> bool {
        let Some(pins) = &self.pins else { return false };
        pins.serial() > before || (pins.may_try() && self.update_pins(call).is_ok_and(|newer| newer)) || pins.serial() > before
    }

    /// A connection that broke may be one that the service closed on the client's certificate. Behind a proxy it stays what it is.
    fn is_client_refused(&self, call: &Call) -> bool {
        let pins = || self.pins.as_ref().map(UpdatedPins::now).or_else(|| self.first.clone());
        let config = || self.connector.tls.pinned(pins()).ok();
        self.connector.tls.shows() && self.connector.proxy.is_none() && config().is_some_and(|config| is_refused(config, &self.base, call))
    }

    /// The address of a request under the base address.
    fn address(&self, request: &Request) -> Result<Url> {
        let wrong = || Error::new(ErrorKind::InvalidArgument).context("the request's path cannot be used");
        if !request.path.starts_with('/') || request.path.contains(['?', '#', '\\']) || request.path.split('/').any(|part| part == "..") {
            return Err(wrong());
        }
        let mut url = self.base.clone();
        let prefix = self.base.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{prefix}{}", request.path));
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&request.query);
        }
        Ok(url)
    }

    async fn exchange(&self, client: &Client, request: &Request, call: &Call) -> Result<Response> {
        let url = self.address(request)?;
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut builder = client.request(method, url).headers(header_map(&request.headers)?);
        let mut feed = None;
        match &request.body {
            Body::Empty => {}
            // The copy that is handed over is the network library's; it is not wiped. So is the TLS library's buffer.
            Body::Bytes(bytes) => builder = builder.body(bytes.to_vec()),
            Body::Source(source) => {
                let (sender, receiver) = mpsc::channel(2);
                builder = builder.header(CONTENT_LENGTH, source.size()).body(reqwest::Body::wrap_stream(Chunks(receiver)));
                feed = Some(feed_body(source.clone(), sender));
            }
        }
        // On the network's thread, where a connection that breaks raises no signal, and never on the caller's.
        let max = call.max_answer;
        let answer = tokio::spawn(async move { read_answer(builder.send().await.map_err(|failure| error_of(&failure))?, max).await });
        answer_and_feed(Ending(answer), feed).await
    }
}

/// A task that ends when nobody waits for it any more.
struct Ending<T>(JoinHandle<T>);

impl<T> Drop for Ending<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Future for Ending<Result<Response>> {
    type Output = Result<Response>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<Response>> {
        Pin::new(&mut self.0).poll(context).map(|done| done.unwrap_or_else(|_| Err(Error::new(ErrorKind::Internal))))
    }
}

impl Transport for HttpsTransport {
    fn send(&self, request: Request, call: &Call) -> Result<Response> {
        if self.pins.as_ref().is_some_and(|pins| pins.are_over() && pins.may_try()) {
            // What comes of it is the observer's to hear; the call itself goes on either way.
            drop(self.update_pins(call));
        }
        let before = self.pins.as_ref().map_or(0, UpdatedPins::serial);
        let once = || block_on(self.exchange(&self.client(), &request, call), &call.cancel, call.deadline);
        match once() {
            // The handshake failed, so nothing of the request was sent.
            Err(error) if error.kind() == ErrorKind::TlsPinMismatch && self.is_rescued(before, call) => once(),
            Err(error) if error.kind() == ErrorKind::ConnectionCut && self.is_client_refused(call) => {
                Err(Error::new(ErrorKind::TlsClientRefused).caused_by(error))
            }
            outcome => outcome,
        }
    }

    fn update_pins(&self, call: &Call) -> Result<bool> {
        let Some(pins) = &self.pins else {
            return Err(Error::new(ErrorKind::PinUpdateRefused).context("the environment names no key that signs pins"));
        };
        let client = self.connector.client(self.connector.tls.unpinned()?)?;
        let call = Call { max_answer: MAX_JSON as u64, idempotent: true, ..call.clone() };
        let answer = block_on(self.exchange(&client, &pins_call::request(), &call), &call.cancel, call.deadline)?;
        pins.take_up(&pins_call::decode(&answer)?, |set| {
            let client = self.connector.client(self.connector.tls.pinned(Some(set))?)?;
            *self.client.write().unwrap_or_else(PoisonError::into_inner) = client;
            Ok(())
        })
    }

    fn pin_document(&self) -> Option<String> {
        self.pins.as_ref()?.document()
    }

    fn url(&self, request: &Request) -> Result<String> {
        let mut url = self.address(request)?;
        url.set_query(None);
        Ok(url.into())
    }
}

fn header_map(headers: &Headers) -> Result<HeaderMap> {
    let wrong = || Error::new(ErrorKind::InvalidArgument).context("a header field has characters that header fields do not have");
    let mut map = HeaderMap::new();
    for (name, value) in headers.iter() {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
        let mut value = HeaderValue::from_str(value).map_err(|_| wrong())?;
        value.set_sensitive(true);
        map.append(name, value);
    }
    Ok(map)
}

/// Chunks on their way from the caller's thread to the network's.
struct Chunks(mpsc::Receiver<io::Result<Vec<u8>>>);

impl Stream for Chunks {
    type Item = io::Result<Vec<u8>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Vec<u8>>>> {
        self.0.poll_recv(context)
    }
}

/// Reads the source on the caller's own thread (it may be a callback of the caller's) and hands the chunks over. A source that
/// ends early or fails ends the request: a body shorter than announced must never look finished.
async fn feed_body(source: Arc<dyn BodySource>, sender: mpsc::Sender<io::Result<Vec<u8>>>) -> Result<()> {
    let size = source.size();
    let mut offset = 0_u64;
    while offset < size {
        let Ok(permit) = sender.reserve().await else {
            // The service answered before it had everything; its answer says why.
            return Ok(());
        };
        let wanted = usize::try_from(size.saturating_sub(offset)).map_or(CHUNK, |left| left.min(CHUNK));
        let mut chunk = vec![0; wanted];
        let failure = match source.read_at(offset, &mut chunk) {
            Ok(n) if n > 0 && n <= wanted => {
                chunk.truncate(n);
                offset = offset.saturating_add(n as u64);
                permit.send(Ok(chunk));
                continue;
            }
            Ok(_) => Error::new(ErrorKind::SourceUnreadable).context("the document ends early"),
            Err(error) => error,
        };
        permit.send(Err(io::Error::other("the body's source failed")));
        return Err(failure);
    }
    Ok(())
}

async fn answer_and_feed(
    answer: impl Future<Output = Result<Response>>,
    feed: Option<impl Future<Output = Result<()>>>,
) -> Result<Response> {
    let mut answer = pin!(answer);
    let Some(feed) = feed else {
        return answer.await;
    };
    let mut feed = pin!(feed);
    let mut fed = false;
    poll_fn(|context| {
        if !fed && let Poll::Ready(done) = feed.as_mut().poll(context) {
            fed = true;
            if let Err(error) = done {
                return Poll::Ready(Err(error));
            }
        }
        answer.as_mut().poll(context)
    })
    .await
}

/// The body is counted while it comes in; nothing is allocated from an announced length alone.
pub(super) async fn read_answer(mut answer: reqwest::Response, max: u64) -> Result<Response> {
    let too_large = || Error::new(ErrorKind::AnswerTooLarge);
    if answer.content_length().is_some_and(|length| length > max) {
        return Err(too_large());
    }
    let mut response = Response::new(answer.status().as_u16());
    for (name, value) in answer.headers() {
        // A value that is not text is none of ours; it is left out rather than mended.
        if let Ok(value) = value.to_str() {
            response.headers.push(name.as_str(), value);
        }
    }
    let mut body = Zeroizing::new(Vec::new());
    while let Some(chunk) = answer.chunk().await.map_err(|failure| error_of(&failure))? {
        if (body.len() as u64).saturating_add(chunk.len() as u64) > max {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    response.body = body;
    Ok(response)
}
