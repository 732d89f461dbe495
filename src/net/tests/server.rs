//! The room `net`, tests only: a TLS server of one thread a connection that does what the test says, and its certificates.

use crate::cancel::CancelToken;
use crate::net::{HttpsTransport, Options, Roots};
use crate::pki::testing::{Draft, Key, name};
use crate::remote::http::{Method, Request};
use crate::remote::transport::Call;
use base64ct::{Base64, Encoding};
use const_oid::ObjectIdentifier;
use p256::pkcs8::EncodePrivateKey;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

const SUBJECT_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");
pub(super) const ROOT: u8 = 1;
pub(super) const OTHER_ROOT: u8 = 2;
pub(super) const SERVER: u8 = 3;

pub(super) fn root(seed: u8) -> Vec<u8> {
    Draft::ca("Root", &Key::new(seed), "Root", None).issue_der(&Key::new(seed))
}

/// A server certificate for `localhost`, issued by the root.
pub(super) fn leaf(not_before: &'static str, not_after: &'static str) -> Vec<u8> {
    leaf_of(SERVER, not_before, not_after)
}

fn leaf_of(seed: u8, not_before: &'static str, not_after: &'static str) -> Vec<u8> {
    let alt_name = b"\x30\x0b\x82\x09localhost".to_vec();
    let draft = Draft::leaf("localhost", &Key::new(seed), "Root").with(SUBJECT_ALT_NAME, false, alt_name);
    draft.valid(not_before, not_after).issue_der(&Key::new(ROOT))
}

/// The pin of the key of that seed.
pub(super) fn pin(seed: u8) -> String {
    Base64::encode_string(&Key::new(seed).public().sha256())
}

pub(super) fn good_leaf() -> Vec<u8> {
    leaf(FROM, UNTIL)
}

const FROM: &str = "20250101000000Z";
const UNTIL: &str = "20350101000000Z";

/// Self-signed and with the CA flag, as `openssl req -x509` makes them.
pub(super) fn self_signed() -> Vec<u8> {
    let alt_name = b"\x30\x0b\x82\x09localhost".to_vec();
    let key = Key::new(SERVER);
    let mut draft = Draft::ca("localhost", &key, "localhost", None).with(SUBJECT_ALT_NAME, false, alt_name);
    draft.subject = name("localhost");
    draft.issue_der(&key)
}

fn config(certificate: Vec<u8>, seed: u8) -> Arc<ServerConfig> {
    let key = p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap().to_pkcs8_der().unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.as_bytes().to_vec()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(certificate)], key)
        .unwrap();
    Arc::new(config)
}

pub(super) type Tls = StreamOwned<ServerConnection, TcpStream>;

/// A server that runs until the test process ends.
pub(super) struct Server {
    pub(super) port: u16,
    /// Connections taken.
    pub(super) connections: Arc<AtomicUsize>,
}

impl Server {
    /// Does `act` with the raw connection.
    pub(super) fn raw(act: impl Fn(TcpStream) + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let (counted, act) = (connections.clone(), Arc::new(act));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { continue };
                counted.fetch_add(1, SeqCst);
                let act = act.clone();
                std::thread::spawn(move || act(stream));
            }
        });
        Server { port, connections }
    }

    /// Does `act` with the TLS connection, under that certificate.
    pub(super) fn tls(certificate: Vec<u8>, act: impl Fn(&mut Tls) + Send + Sync + 'static) -> Server {
        Server::speaking(config(certificate, SERVER), act)
    }

    /// The same under a good certificate of another key.
    pub(super) fn with_key(seed: u8, act: impl Fn(&mut Tls) + Send + Sync + 'static) -> Server {
        Server::speaking(config(leaf_of(seed, FROM, UNTIL), seed), act)
    }

    fn speaking(config: Arc<ServerConfig>, act: impl Fn(&mut Tls) + Send + Sync + 'static) -> Server {
        Server::raw(move |stream| {
            let connection = ServerConnection::new(config.clone()).unwrap();
            act(&mut StreamOwned::new(connection, stream));
        })
    }

    /// Reads a request, writes these bytes, ends the connection properly.
    pub(super) fn saying(answer: impl Into<Vec<u8>>) -> Server {
        let answer = answer.into();
        Server::tls(good_leaf(), move |tls| {
            if read_request(tls).is_some() {
                let _ = tls.write_all(&answer);
                close(tls);
            }
        })
    }

    pub(super) fn options(&self) -> Options {
        Options { roots: Roots::Given(vec![root(ROOT)]), ..Options::new(format!("https://localhost:{}", self.port)) }
    }

    pub(super) fn transport(&self) -> HttpsTransport {
        HttpsTransport::new(&self.options()).unwrap()
    }
}

/// Ends TLS with its alert and the connection after it.
pub(super) fn close(tls: &mut Tls) {
    tls.conn.send_close_notify();
    let _ = tls.flush();
    let _ = tls.sock.shutdown(std::net::Shutdown::Write);
    // Reading on lets the other side have all that was sent.
    let mut rest = [0; 1024];
    while matches!(tls.sock.read(&mut rest), Ok(n) if n > 0) {}
}

/// Head and body of one request; `None` if the connection ended before.
pub(super) fn read_request(stream: &mut impl Read) -> Option<(String, Vec<u8>)> {
    let mut all = read_head(stream)?;
    let end = all.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
    let head = String::from_utf8(all[..end].to_vec()).ok()?;
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:").map(|n| n.trim().to_owned()));
    let length: usize = length.map_or(0, |n| n.parse().unwrap());
    let mut buf = vec![0; 64 << 10];
    while all.len() < end + length {
        match stream.read(&mut buf) {
            Ok(n) if n > 0 => all.extend_from_slice(&buf[..n]),
            _ => return None,
        }
    }
    Some((head, all[end..].to_vec()))
}

/// All bytes up to and perhaps beyond the end of the head.
pub(super) fn read_head(stream: &mut impl Read) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    let mut buf = vec![0; 4096];
    while !all.windows(4).any(|w| w == b"\r\n\r\n") {
        match stream.read(&mut buf) {
            Ok(n) if n > 0 => all.extend_from_slice(&buf[..n]),
            _ => return None,
        }
    }
    Some(all)
}

pub(super) fn answer(status: &str, body: &[u8]) -> Vec<u8> {
    let mut all = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nX-Told: yes\r\n\r\n", body.len()).into_bytes();
    all.extend_from_slice(body);
    all
}

pub(super) fn get() -> Request {
    Request::new(Method::Get, "/rssp/info")
}

pub(super) fn call() -> Call {
    call_within(Duration::from_secs(60))
}

pub(super) fn call_within(time: Duration) -> Call {
    Call { deadline: Instant::now() + time, cancel: CancelToken::new(), idempotent: true, max_answer: 1 << 20 }
}
