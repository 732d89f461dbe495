//! The room `net`: fetching evidence over http and https. An address comes from a certificate, which an attacker may have written: he would have a
//! bank's server ask its own network. So private and loopback addresses are not asked unless allowed, whatever name they hide behind, and no
//! redirect is followed. Off unless somebody makes one of these.

use super::failure::error_of;
use super::runtime::block_on;
use crate::error::{Error, ErrorKind, Result};
use crate::remote::fetch::{Fetch, Fetcher, NamedBy};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Url, redirect, retry};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// Which addresses may be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Those of the public network.
    #[default]
    Public,
    /// Private ones and this machine as well: a bank's own responders, and tests.
    Anywhere,
}

/// How long one fetch may take.
const LONGEST: Duration = Duration::from_secs(10);

/// Fetches lists, responses, certificates and time stamps.
pub struct WebFetcher {
    /// For what certificates name.
    guarded: Client,
    /// For what the caller names.
    open: Client,
    reach: Reach,
}

impl WebFetcher {
    /// A fetcher; nothing is connected yet. https is verified against the bundled roots.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigMalformed`].
    pub fn new(reach: Reach) -> Result<WebFetcher> {
        Ok(WebFetcher { guarded: client(reach)?, open: client(Reach::Anywhere)?, reach })
    }

    fn address(&self, text: &str, named_by: NamedBy) -> Result<Url> {
        let refused = |what: &'static str| Error::new(ErrorKind::InvalidArgument).context(what);
        let url = Url::parse(text).map_err(|_| refused("the address is no URL"))?;
        if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
            return Err(refused("the address is neither http nor https, or carries a login"));
        }
        // A number is not resolved: it is looked at here.
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        if let Ok(address) = host.parse::<IpAddr>()
            && named_by == NamedBy::Certificate
            && !self.reach.allows(address)
        {
            return Err(refused("the address is private, and private ones are not asked"));
        }
        Ok(url)
    }
}

pub(super) fn client(reach: Reach) -> Result<Client> {
    let builder = Client::builder()
        .tls_backend_preconfigured(super::tls::Recipe::new(&super::Options::new("https://localhost"))?.unpinned()?)
        .redirect(redirect::Policy::none())
        .referer(false)
        .retry(retry::never())
        .timeout(LONGEST)
        .dns_resolver(Arc::new(Guarded(reach)))
        .no_proxy();
    builder.build().map_err(|_| Error::new(ErrorKind::ConfigMalformed).context("the fetcher's options cannot be used"))
}

impl Fetcher for WebFetcher {
    fn fetch(&self, fetch: &Fetch<'_>) -> Result<Vec<u8>> {
        let url = self.address(fetch.url, fetch.named_by)?;
        let client = if fetch.named_by == NamedBy::Caller { &self.open } else { &self.guarded };
        let request = match fetch.body {
            None => client.get(url),
            Some((kind, body)) => client.post(url).header(reqwest::header::CONTENT_TYPE, kind).body(body.to_vec()),
        };
        let max = fetch.max_answer;
        let exchange = async move {
            let answer = request.send().await.map_err(|failure| error_of(&failure))?;
            let answer = super::transport::read_answer(answer, max).await?;
            if answer.status != 200 {
                return Err(Error::new(ErrorKind::BadAnswer).context("the answer's status is not 200"));
            }
            Ok(answer.body.to_vec())
        };
        block_on(exchange, &fetch.cancel, fetch.deadline)
    }
}

/// Looks names up, and leaves out what may not be asked. A name that has nothing else has no address.
struct Guarded(Reach);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| reach.allows(address.ip())).collect();
            if allowed.is_empty() {
                return Err(std::io::Error::from(std::io::ErrorKind::PermissionDenied).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

impl Reach {
    pub(super) fn allows(self, address: IpAddr) -> bool {
        self == Reach::Anywhere || is_public(address)
    }
}

/// Whether an address belongs to the public network (RFC 6890). What it is mapped to counts.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            let shared = a == 100 && (64..128).contains(&b);
            let protocol = (a, b, c) == (192, 0, 0) || (a, b) == (198, 18) || (a, b) == (198, 19);
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_broadcast()
                || v4.is_multicast()
                || v4.is_documentation()
                || a == 0
                || a >= 240
                || shared
                || protocol)
        }
        IpAddr::V6(v6) => match v6.to_ipv4() {
            Some(v4) => is_public(IpAddr::V4(v4)),
            None => {
                let [first, second, ..] = v6.segments();
                let translated = first == 0x64 && second == 0xff9b;
                let documentation = first == 0x2001 && second == 0xdb8;
                // Global unicast, less what is carried inside of something else.
                (first & 0xe000) == 0x2000 && !documentation && first != 0x2002 && !(first == 0x2001 && second == 0) && !translated
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancel::CancelToken;
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::time::Instant;

    fn fetch<'a>(url: &'a str, body: Option<(&'static str, &'a [u8])>) -> Fetch<'a> {
        let deadline = Instant::now() + Duration::from_secs(5);
        Fetch { url, named_by: NamedBy::Certificate, body, max_answer: 1_000, deadline, cancel: CancelToken::new() }
    }

    /// Answers one request with that text, and gives what it was asked.
    fn serve(answer: String) -> (String, std::thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/ask", listener.local_addr().unwrap());
        let served = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = vec![0; 4_096];
            let n = stream.read(&mut asked).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8_lossy(&asked[..n]).into_owned()
        });
        (address, served)
    }

    fn text(status: &str, body: &str, more: &str) -> String {
        format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{more}\r\n{body}", body.len())
    }

    #[test]
    fn what_is_fetched_and_what_is_not() {
        let fetcher = WebFetcher::new(Reach::Anywhere).unwrap();
        let (address, served) = serve(text("200 OK", "a list", ""));
        assert_eq!(fetcher.fetch(&fetch(&address, None)).unwrap(), b"a list");
        assert!(served.join().unwrap().starts_with("GET /ask HTTP/1.1\r\n"));
        let (address, served) = serve(text("200 OK", "an answer", ""));
        assert_eq!(fetcher.fetch(&fetch(&address, Some(("application/ocsp-request", b"?")))).unwrap(), b"an answer");
        let asked = served.join().unwrap();
        assert!(asked.starts_with("POST") && asked.contains("content-type: application/ocsp-request"), "{asked}");
        for (answer, kind) in [
            (text("404 Not Found", "", ""), ErrorKind::BadAnswer),
            (text("302 Found", "", "Location: http://127.0.0.1:1/\r\n"), ErrorKind::BadAnswer),
            (text("200 OK", &"x".repeat(1_001), ""), ErrorKind::AnswerTooLarge),
        ] {
            let (address, served) = serve(answer);
            assert_eq!(fetcher.fetch(&fetch(&address, None)).unwrap_err().kind(), kind);
            served.join().unwrap();
        }
    }

    #[test]
    fn nobody_is_sent_into_a_private_network() {
        let fetcher = WebFetcher::new(Reach::Public).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        listener.set_nonblocking(true).unwrap();
        for host in ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "0x7f.1", "localhost"] {
            assert!(fetcher.fetch(&fetch(&format!("http://{host}:{port}/"), None)).is_err(), "{host}");
            assert!(listener.accept().is_err(), "{host} was asked");
        }
        // What the caller names is asked wherever it is; nobody answers here in time.
        let url = format!("http://127.0.0.1:{port}/");
        let named = Fetch { named_by: NamedBy::Caller, ..fetch(&url, None) };
        let named = Fetch { deadline: Instant::now() + Duration::from_millis(500), ..named };
        assert!(fetcher.fetch(&named).is_err() && listener.accept().is_ok());
        for url in ["ftp://a.example/", "file:///etc/passwd", "ldap://a.example/cn", "http://user@a.example/", "no address"] {
            assert_eq!(fetcher.fetch(&fetch(url, None)).unwrap_err().kind(), ErrorKind::InvalidArgument, "{url}");
        }
        for (address, public) in [
            ("10.0.0.1", false),
            ("172.16.0.1", false),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("198.18.0.1", false),
            ("224.0.0.1", false),
            ("240.0.0.1", false),
            ("fe80::1", false),
            ("fd00::1", false),
            ("64:ff9b::7f00:1", false),
            ("2002:7f00:1::", false),
            ("::ffff:10.0.0.1", false),
            ("93.184.216.34", true),
            ("2606:2800:220:1::1", true),
        ] {
            assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
        }
    }
}
