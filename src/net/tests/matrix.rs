//! The room `net`, tests only: servers that an attacker or a careless operator could put up, made by openssl, each refused with its own kind before
//! a byte of a request leaves; and the good one beside them, which is not.

use super::server::*;
use crate::error::{ErrorKind, Result};
use crate::net::{HttpsTransport, Options, Proxy, Roots};
use crate::pki::testing::{openssl, put};
use crate::remote::transport::Transport;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::Ordering::SeqCst;

const SAN: &str = "subjectAltName=DNS:localhost\n";
const EC: &[&str] = &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
const RSA: &[&str] = &["-newkey", "rsa:2048"];
const WEAK_RSA: &[&str] = &["-newkey", "rsa:1024"];

fn run(folder: &Path, arguments: &[&[&str]]) {
    let (well, said) = openssl(folder, &arguments.concat());
    assert!(well, "{said}");
}

/// A root in `root.pem`.
fn authority(folder: &Path, name: &str) -> Vec<u8> {
    let files = ["-keyout", "root.key", "-out", "root.pem"];
    run(folder, &[&["req", "-x509", "-nodes", "-days", "30", "-subj", name], RSA, &files]);
    std::fs::read(folder.join("root.pem")).unwrap()
}

/// A server's certificate for `localhost` in `leaf.pem`, with a key of that kind, these extensions and the root's signature by that digest.
fn leaf_of(folder: &Path, key: &[&str], extensions: &str, digest: &str) {
    run(folder, &[&["req", "-new", "-nodes", "-subj", "/CN=localhost", "-keyout", "leaf.key", "-out", "leaf.csr"], key]);
    put(folder, "leaf.cnf", extensions.as_bytes());
    let sign = ["x509", "-req", "-in", "leaf.csr", "-CA", "root.pem", "-CAkey", "root.key", "-days", "30", "-extfile", "leaf.cnf"];
    run(folder, &[&sign, &["-out", "leaf.pem", digest]]);
}

/// `openssl s_server` with that certificate, until it is dropped.
struct Foreign {
    process: Child,
    port: u16,
}

impl Foreign {
    fn new(folder: &Path, more: &[&str]) -> Foreign {
        let mut command = Command::new("openssl");
        command
            .current_dir(folder)
            .args(["s_server", "-accept", "127.0.0.1:0", "-cert", "leaf.pem", "-key", "leaf.key", "-www"])
            .args(more);
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap()).lines().map_while(std::io::Result::ok);
        let port = said.find_map(|line| line.strip_prefix("ACCEPT ")?.rsplit(':').next()?.parse().ok()).expect("it listens");
        // It says more than a pipe holds.
        std::thread::spawn(move || said.count());
        Foreign { process, port }
    }

    fn answer(&self, root_pem: &[u8]) -> Result<u16> {
        let roots = Roots::from_pem(root_pem).unwrap();
        let options = Options { roots, ..Options::new(format!("https://localhost:{}", self.port)) };
        HttpsTransport::new(&options).unwrap().send(get(), &call()).map(|answer| answer.status)
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn kind(folder: &Path, root: &[u8], more: &[&str]) -> Option<ErrorKind> {
    Foreign::new(folder, more)
        .answer(root)
        .map_or_else(|error| Some(error.kind()), |status| if status == 200 { None } else { panic!("{status}") })
}

#[test]
fn old_versions_of_tls_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let root = authority(folder.path(), "/CN=Root");
    leaf_of(folder.path(), RSA, SAN, "-sha256");
    let seen = |more: &[&str]| kind(folder.path(), &root, more);
    assert_eq!(seen(&["-tls1_3"]), None);
    assert_eq!(seen(&["-tls1_2"]), None);
    // Without this openssl would refuse itself.
    let old = ["-cipher", "ALL@SECLEVEL=0"];
    assert_eq!(seen(&[&["-tls1_1"], &old[..]].concat()), Some(ErrorKind::TlsFailed));
    assert_eq!(seen(&[&["-tls1"], &old[..]].concat()), Some(ErrorKind::TlsFailed));
    // TLS 1.2 with what is left of SSL: no forward secrecy, CBC with SHA-1.
    assert_eq!(seen(&["-tls1_2", "-cipher", "AES128-SHA"]), Some(ErrorKind::TlsFailed));
    assert_eq!(seen(&["-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA"]), Some(ErrorKind::TlsFailed));
}

#[test]
fn certificates_that_say_the_wrong_thing_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let root = authority(folder.path(), "/CN=Root");
    let with = |key: &[&str], extensions: &str, digest: &str| {
        leaf_of(folder.path(), key, extensions, digest);
        kind(folder.path(), &root, &[])
    };
    let server = format!("{SAN}extendedKeyUsage=serverAuth\n");
    for (key, extensions) in [(EC, SAN), (RSA, SAN), (EC, &server)] {
        assert_eq!(with(key, extensions, "-sha256"), None, "{extensions}");
    }
    // The common name says `localhost`, which counts for nothing (RFC 9525 2).
    assert_eq!(with(EC, "basicConstraints=CA:false\n", "-sha256"), Some(ErrorKind::TlsWrongHost));
    for other in ["DNS:localhost.example", "DNS:*", "IP:127.0.0.1", "email:localhost"] {
        assert_eq!(with(EC, &format!("subjectAltName={other}\n"), "-sha256"), Some(ErrorKind::TlsWrongHost), "{other}");
    }
    for use_alone in ["clientAuth", "timeStamping", "emailProtection"] {
        assert_eq!(with(EC, &format!("{SAN}extendedKeyUsage={use_alone}\n"), "-sha256"), Some(ErrorKind::TlsFailed), "{use_alone}");
    }
}

#[test]
fn weak_signatures_and_keys_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let root = authority(folder.path(), "/CN=Root");
    let weak = ["-cipher", "DEFAULT@SECLEVEL=0"];
    for digest in ["-sha1", "-md5"] {
        leaf_of(folder.path(), EC, SAN, digest);
        assert_eq!(kind(folder.path(), &root, &weak), Some(ErrorKind::TlsFailed), "{digest}");
    }
    leaf_of(folder.path(), WEAK_RSA, SAN, "-sha256");
    for version in ["-tls1_2", "-tls1_3"] {
        assert_eq!(kind(folder.path(), &root, &[&[version], &weak[..]].concat()), Some(ErrorKind::TlsFailed), "{version}");
    }
    leaf_of(folder.path(), RSA, SAN, "-sha256");
    assert_eq!(kind(folder.path(), &root, &weak), None);
}

const CHILD: &str = "THRIVOSIGN_MACHINE_CHILD";

/// What the machine says of authorities and proxies, by file and by environment: set for this process alone.
#[test]
fn child() {
    let Ok(port) = std::env::var(CHILD) else { return };
    let address = format!("https://localhost:{port}");
    for roots in [Roots::Bundled, Roots::Given(vec![root(ROOT)])] {
        let options = Options { roots, ..Options::new(&address) };
        let error = HttpsTransport::new(&options).unwrap().send(get(), &call()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TlsUnknownCa);
    }
    println!("refused twice");
}

/// An authority that a person or an attacker put into the machine's store vouches for nothing, and no proxy is taken from the environment.
#[test]
fn what_the_machine_trusts_is_not_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let own = authority(folder.path(), "/CN=Installed by somebody");
    leaf_of(folder.path(), EC, SAN, "-sha256");
    let server = Foreign::new(folder.path(), &[]);
    assert_eq!(server.answer(&own).ok(), Some(200), "it is a good server for whom that root is given");
    let proxy = Server::raw(drop);
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "net::tests::matrix::child", "--nocapture"]).env(CHILD, server.port.to_string());
    command.env("SSL_CERT_FILE", folder.path().join("root.pem")).env("SSL_CERT_DIR", folder.path());
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        command.env(name, format!("http://127.0.0.1:{}", proxy.port));
    }
    let done = command.env_remove("NO_PROXY").env_remove("no_proxy").output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && said.contains("refused twice"), "{said}");
    assert_eq!(proxy.connections.load(SeqCst), 0);
}

/// A redirect is an answer like any other: neither the plain listener that it points to nor anybody else hears of the token.
#[test]
fn a_redirect_to_plain_http_is_not_followed() {
    let plain = Server::raw(|mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(&answer("200 OK", b""));
    });
    for status in ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let location = format!("http://localhost:{}/rssp/info", plain.port);
        let server = Server::saying(format!("HTTP/1.1 {status}\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"));
        // Not even where plain http is allowed.
        for dangerous_allow_plain_http in [false, true] {
            let transport = HttpsTransport::new(&Options { dangerous_allow_plain_http, ..server.options() }).unwrap();
            let mut request = get();
            request.headers.set("Authorization", "Bearer token");
            let answer = transport.send(request, &call()).unwrap();
            assert_eq!(Some(answer.status.to_string().as_str()), status.split(' ').next());
        }
    }
    assert_eq!(plain.connections.load(SeqCst), 0);
}

/// A proxy that refuses is a way that is closed; a service that answers 401 is there. One of them asks for another password of the other kind.
#[test]
fn a_proxy_that_refuses_is_told_apart_from_a_service_that_refuses() {
    let refusing = Server::saying(answer("401 Unauthorized", b"{}"));
    let closed = |status: &'static str| {
        Server::raw(move |mut stream| {
            if let Some((head, _)) = read_request(&mut stream) {
                // To whoever only carries, no header of the service is shown.
                assert!(head.starts_with("CONNECT localhost:") && !head.to_ascii_lowercase().contains("bearer"), "{head}");
                let _ = stream.write_all(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").as_bytes());
            }
        })
    };
    let through = |proxy: Option<&Server>| {
        let proxy = proxy
            .map(|proxy| Proxy { address: format!("http://127.0.0.1:{}", proxy.port), login: Some(("name".to_owned(), "wrong".into())) });
        let mut request = get();
        request.headers.set("Authorization", "Bearer token");
        HttpsTransport::new(&Options { proxy, ..refusing.options() }).unwrap().send(request, &call())
    };
    assert_eq!(through(None).unwrap().status, 401);
    for status in ["407 Proxy Authentication Required", "401 Unauthorized", "403 Forbidden", "502 Bad Gateway"] {
        assert_eq!(through(Some(&closed(status))).unwrap_err().kind(), ErrorKind::ConnectFailed, "{status}");
    }
    assert_eq!(refusing.connections.load(SeqCst), 1, "nothing went past a proxy that refused");
}
