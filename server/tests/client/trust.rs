//! The trust services as a stranger sees them: plain HTTP, and what openssl says of the answers.

use super::{Answer, Desk, read_answer};
use std::io::Write;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The trust services' base address.
pub fn base(desk: &Desk) -> String {
    desk.running.as_ref().unwrap().trust_base().to_owned()
}

/// Sends the bytes to the plain listener and reads one answer.
pub fn raw(desk: &Desk, bytes: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(base(desk).strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // A server that has answered may stop reading.
    let _ = stream.write_all(bytes).and_then(|()| stream.flush());
    read_answer(&mut stream)
}

pub fn call(desk: &Desk, method: &str, path: &str, media: &str, body: &[u8]) -> Answer {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {media}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    raw(desk, &[head.as_bytes(), body].concat()).expect("an answer")
}

pub fn get(desk: &Desk, path: &str) -> Answer {
    let answer = raw(desk, format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes()).expect("an answer");
    assert_eq!(answer.status, 200, "{path}");
    answer
}

pub fn openssl(arguments: &[&str]) -> (bool, String) {
    let output = Command::new("openssl").args(arguments).output().expect("openssl is installed");
    (output.status.success(), format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
}

/// A folder for what openssl reads and writes.
pub struct Bench(pub tempfile::TempDir);

impl Bench {
    pub fn new() -> Bench {
        Bench(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn name(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    pub fn put(&self, name: &str, bytes: &[u8]) -> String {
        std::fs::write(self.path(name), bytes).unwrap();
        self.name(name)
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// A certificate or list as PEM.
    pub fn pem(&self, name: &str, label: &str, der: &[u8]) -> String {
        self.put(name, pem(label, der).as_bytes())
    }
}

pub fn pem(label: &str, der: &[u8]) -> String {
    let text = <base64ct::Base64 as base64ct::Encoding>::encode_string(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// The Python with pyHanko of the interoperability tests, if `cargo xtask test` has made it.
pub fn python() -> Option<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")))?;
    Some(cache.join("thrivosign/venv/bin/python")).filter(|python| python.is_file())
}
