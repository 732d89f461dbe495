//! The listener: takes a bound socket, what is spoken on it, and the router, gives nothing back until it is told to stop.
//!
//! What an attacker would try: open many connections, be slow in the handshake or in the headers, keep connections idle. Each is
//! bounded by a time-out or by the number of connections; further clients wait in the system's queue.

use crate::client_certificate::ClientCertificate;
use crate::config::Limits;
use axum::Router;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// Most bytes of a request's headers.
const HEADER_BYTES: usize = 32 << 10;

/// Who is at the other end; put into each request.
#[derive(Clone)]
pub(crate) struct Peer {
    pub(crate) address: IpAddr,
    /// What it showed of itself, verified.
    pub(crate) certificate: Option<Arc<ClientCertificate>>,
}

/// What is spoken below HTTP.
#[derive(Clone)]
pub(crate) enum Wire {
    /// TLS: the service.
    Tls(TlsAcceptor),
    /// Nothing: the trust services, whose answers are signed.
    Plain,
}

/// What the listener works with.
pub(crate) struct Listening {
    pub(crate) socket: TcpListener,
    pub(crate) wire: Wire,
    pub(crate) limits: Limits,
    pub(crate) stop: watch::Receiver<bool>,
}

/// Serves until `stop` turns true, then lets open calls end for a while.
pub(crate) async fn serve(listening: Listening, router: Router) {
    let Listening { socket, wire, limits, mut stop } = listening;
    let room = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = async { (Arc::clone(&room).acquire_owned().await, socket.accept().await) } => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let (Ok(permit), accepted) = accepted else { break };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(_) => {
                // Out of descriptors, most likely: ending the server would help the attacker.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let (wire, router, limits) = (wire.clone(), router.clone(), limits.clone());
        let watcher = graceful.watcher();
        tokio::spawn(async move {
            connection(stream, peer, wire, router, &limits, watcher).await;
            drop(permit);
        });
    }
    drop(socket);
    // Calls that do not end in time are cut off by the end of the runtime.
    let _ = tokio::time::timeout(limits.shutdown, graceful.shutdown()).await;
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    wire: Wire,
    router: Router,
    limits: &Limits,
    watcher: hyper_util::server::graceful::Watcher,
) {
    // Answers are small; waiting to fill packets would only delay them.
    let _ = stream.set_nodelay(true);
    match wire {
        Wire::Plain => carry(stream, Peer { address: peer.ip(), certificate: None }, router, limits, watcher).await,
        Wire::Tls(acceptor) => match tokio::time::timeout(limits.handshake, acceptor.accept(stream).into_fallible()).await {
            Ok(Ok(stream)) => {
                let shown = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
                let certificate = shown.and_then(|der| ClientCertificate::from_der(der)).map(Arc::new);
                carry(stream, Peer { address: peer.ip(), certificate }, router, limits, watcher).await;
            }
            Ok(Err((_, stream))) => let_the_alert_arrive(stream).await,
            Err(_) => {}
        },
    }
}

/// With TLS 1.3 a client whose certificate is refused has sent its first request already. Closed with that unread, the connection is reset, and the
/// client never learns why.
async fn let_the_alert_arrive(mut stream: TcpStream) {
    const LONGEST: Duration = Duration::from_secs(1);
    const MOST: usize = 64 << 10;
    let _ = stream.shutdown().await;
    let drain = async {
        let (mut read, mut piece) = (0_usize, [0_u8; 4096]);
        while let Ok(n @ 1..) = stream.read(&mut piece).await {
            read = read.saturating_add(n);
            if read > MOST {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(LONGEST, drain).await;
}

async fn carry(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: Peer,
    router: Router,
    limits: &Limits,
    watcher: hyper_util::server::graceful::Watcher,
) {
    let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(peer.clone());
        router.clone().oneshot(request)
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.headers)
        .max_header_size(HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    // How a connection ends is the client's business; what it asked is logged by the front.
    let _ = tokio::time::timeout(limits.connection, watcher.watch(connection)).await;
}
