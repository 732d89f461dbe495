//! A plain HTTPS client for the tests: takes raw bytes and gives raw bytes, so that a test can send what no honest client would.

#![allow(dead_code, missing_docs, unreachable_pub)]

pub mod android;
pub mod apple;
pub mod browser;
pub mod enrolled;
pub mod keys;
pub mod office;
pub mod officer;
pub mod pdf;
pub mod people;
pub mod phone;
pub mod process;
pub mod remote;
pub mod trust;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use thrivosign_server::{Config, Running, SeedUser, Server};
use zeroize::Zeroizing;

pub const USER: &str = "anna@example.org";
pub const PASSWORD: &str = "correct horse battery";
pub const MOBILE: &str = "+491701234567";

pub type Stream = StreamOwned<ClientConnection, TcpStream>;

/// An answer as it came over the wire.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// As the codecs read it.
    pub fn wire(&self) -> thrivosign::remote::http::Response {
        let mut response = thrivosign::remote::http::Response::new(self.status);
        for (name, value) in &self.headers {
            response.headers.push(name, value.as_str());
        }
        response.body = Zeroizing::new(self.body.clone());
        response
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub fn text(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_default().to_owned()
    }

    /// The last part of a problem's type.
    pub fn problem(&self) -> String {
        self.text("type").rsplit(':').next().unwrap_or_default().to_owned()
    }
}

/// A server under test with a clock that the test moves.
pub struct Desk {
    pub running: Option<Running>,
    pub folder: tempfile::TempDir,
    pub key: String,
    pub offset: Arc<AtomicI64>,
    tls: Arc<ClientConfig>,
    address: SocketAddr,
}

impl Desk {
    pub fn open() -> Desk {
        Desk::open_with(|_| {})
    }

    pub fn open_with(change: impl Fn(&mut Config)) -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let offset = Arc::new(AtomicI64::new(0));
        let running = start(folder.path(), &offset, &change);
        let key = running.api_key().unwrap().to_owned();
        Desk { tls: tls(running.tls_root_pem()), address: running.address(), running: Some(running), folder, key, offset }
    }

    /// A client of a server that runs as a process of its own.
    pub fn of_process(folder: tempfile::TempDir, address: SocketAddr, root_pem: &str, key: &str) -> Desk {
        Desk { running: None, folder, key: key.to_owned(), offset: Arc::default(), tls: tls(root_pem), address }
    }

    /// Ends the server and starts another on the same folder.
    pub fn restart(&mut self) {
        self.running.take().unwrap().shutdown();
        let running = start(self.folder.path(), &self.offset, &|_| {});
        assert!(running.api_key().is_none() && !running.made_seed_user(), "a second start makes nothing anew");
        self.tls = tls(running.tls_root_pem());
        self.address = running.address();
        self.running = Some(running);
    }

    /// Starts the server again after it was ended.
    #[must_use]
    pub fn again(self) -> Desk {
        self.with(|_| {})
    }

    /// Starts the server again with another setting.
    #[must_use]
    pub fn with(mut self, change: impl Fn(&mut Config)) -> Desk {
        if let Some(running) = self.running.take() {
            running.shutdown();
        }
        let running = start(self.folder.path(), &self.offset, &change);
        self.tls = tls(running.tls_root_pem());
        self.address = running.address();
        self.running = Some(running);
        self
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The server of the same folder listens elsewhere now.
    pub fn move_to(&mut self, address: SocketAddr) {
        self.address = address;
    }

    /// Lets time pass for the server.
    pub fn pass(&self, seconds: i64) {
        self.offset.fetch_add(seconds, Ordering::SeqCst);
    }

    pub fn connect(&self) -> Stream {
        self.reach().unwrap()
    }

    /// The same of a server that may have no room.
    pub fn try_connect(&self) -> Option<Stream> {
        self.reach().ok()
    }

    fn reach(&self) -> std::io::Result<Stream> {
        let tcp = TcpStream::connect(self.address)?;
        tcp.set_read_timeout(Some(Duration::from_secs(20)))?;
        let name = ServerName::try_from("localhost").unwrap();
        Ok(StreamOwned::new(ClientConnection::new(Arc::clone(&self.tls), name).unwrap(), tcp))
    }

    /// Sends the bytes and reads one answer; nothing if the server is gone before it is whole.
    pub fn raw(&self, bytes: &[u8]) -> Option<Answer> {
        let mut stream = self.reach().ok()?;
        // A server that has answered may stop reading.
        let _ = stream.write_all(bytes).and_then(|()| stream.flush());
        read_answer(&mut stream)
    }

    pub fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.try_call(method, path, headers, body).expect("an answer")
    }

    /// The same of a server that may go at any moment.
    pub fn try_call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Option<Answer> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() || method == "POST" || method == "PUT" {
            request += &format!("Content-Length: {}\r\n", body.len());
        }
        let mut bytes = (request + "\r\n").into_bytes();
        bytes.extend_from_slice(body);
        self.raw(&bytes)
    }

    /// With the API key.
    pub fn keyed(&self, method: &str, path: &str, body: &[u8]) -> Answer {
        self.call(method, path, &[("X-API-Key", &self.key)], body)
    }

    /// With the API key and a token.
    pub fn authed(&self, token: &str, method: &str, path: &str, body: &Value) -> Answer {
        let bytes = if body.is_null() { Vec::new() } else { serde_json::to_vec(body).unwrap() };
        let authorization = format!("Bearer {token}");
        let headers = [("X-API-Key", self.key.as_str()), ("Authorization", &authorization), ("Content-Type", "application/json")];
        self.call(method, path, &headers, &bytes)
    }

    /// Sends what the codecs made, with the API key and a token.
    pub fn send(&self, token: &str, request: &thrivosign::remote::http::Request) -> Answer {
        self.try_send(token, request).expect("an answer")
    }

    /// The same to a server that may go at any moment.
    pub fn try_send(&self, token: &str, request: &thrivosign::remote::http::Request) -> Option<Answer> {
        let authorization = format!("Bearer {token}");
        let mut headers = vec![("X-API-Key", self.key.as_str()), ("Authorization", &authorization)];
        headers.extend(request.headers.iter());
        self.try_call(request.method.as_str(), &request.path, &headers, request.body.bytes())
    }

    /// Logs the seed user in.
    pub fn login(&self) -> (String, String) {
        self.login_as(USER, PASSWORD)
    }

    pub fn login_as(&self, user: &str, password: &str) -> (String, String) {
        let form = format!("grant_type=password&username={}&password={}&scope=password", encode(user), encode(password));
        let answer = self.keyed("POST", "/rssp/auth/login", form.as_bytes());
        assert_eq!(answer.status, 200, "{answer:?}");
        (answer.text("access_token"), answer.text("refresh_token"))
    }

    pub fn refresh(&self, token: &str) -> Answer {
        self.keyed("POST", "/rssp/auth/login", format!("grant_type=refresh_token&refresh_token={token}").as_bytes())
    }

    /// The newest one-time code sent to the seed user.
    pub fn code(&self) -> String {
        self.code_of(MOBILE)
    }

    pub fn code_of(&self, mobile: &str) -> String {
        self.running.as_ref().unwrap().outbox().unwrap().latest_code(mobile).expect("a code was sent").to_string()
    }
}

pub fn encode(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn start(folder: &std::path::Path, offset: &Arc<AtomicI64>, change: &dyn Fn(&mut Config)) -> Running {
    for _ in 0..100 {
        match Server::start(config(folder, offset, change)) {
            // Another test's child has the folder's lock for a moment, between fork and exec.
            Err(failure) if failure.to_string().contains("another server") => std::thread::sleep(Duration::from_millis(20)),
            started => return started.unwrap(),
        }
    }
    panic!("the data folder stays in use")
}

fn config(folder: &std::path::Path, offset: &Arc<AtomicI64>, change: &dyn Fn(&mut Config)) -> Config {
    let mut config = Config::new(folder);
    config.demo = true;
    config.seed = Some(SeedUser {
        username: USER.to_owned(),
        password: Zeroizing::new(PASSWORD.to_owned()),
        name: "Anna Schmidt".to_owned(),
        mobile: MOBILE.to_owned(),
        email: USER.to_owned(),
        country: Some("DE".to_owned()),
    });
    let offset = Arc::clone(offset);
    config.clock = Arc::new(move || {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let offset = offset.load(Ordering::SeqCst);
        let seconds = Duration::from_secs(offset.unsigned_abs());
        if offset < 0 { now - seconds } else { now + seconds }
    });
    change(&mut config);
    config
}

fn tls(root_pem: &str) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(root_pem.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

/// Reads one answer by its length or chunks; `None` if the connection ends before one is whole.
pub fn read_answer(stream: &mut impl Read) -> Option<Answer> {
    let mut bytes = Vec::new();
    let mut more = |bytes: &mut Vec<u8>| {
        let mut piece = [0_u8; 16 << 10];
        match stream.read(&mut piece) {
            Ok(n) if n > 0 => {
                bytes.extend_from_slice(&piece[..n]);
                true
            }
            _ => false,
        }
    };
    let head = loop {
        if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break at;
        }
        if !more(&mut bytes) {
            return None;
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).unwrap();
    let mut lines = text.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines.filter_map(|l| l.split_once(": ").map(|(n, v)| (n.to_owned(), v.to_owned()))).collect();
    let find = |name: &str| headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.clone());
    let mut body = bytes.split_off(head + 4);
    if find("transfer-encoding").is_some() {
        while !body.ends_with(b"0\r\n\r\n") {
            if !more(&mut body) {
                return None;
            }
        }
        body = dechunk(&body);
    } else {
        let length: usize = find("content-length").and_then(|l| l.parse().ok()).unwrap_or(0);
        while body.len() < length {
            if !more(&mut body) {
                return None;
            }
        }
    }
    Some(Answer { status, headers, body })
}

fn dechunk(mut rest: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(at) = rest.windows(2).position(|w| w == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..at]).unwrap(), 16).unwrap();
        if size == 0 {
            break;
        }
        out.extend_from_slice(&rest[at + 2..at + 2 + size]);
        rest = &rest[at + 2 + size + 2..];
    }
    out
}
