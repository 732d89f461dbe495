//! The room `net`: events pushed to addresses that customers named (RFC 8935 2). Such an address may be meant to reach what only this machine can: private
//! and loopback addresses are not asked unless allowed, whatever name they hide behind, plain http only on this machine, and no redirect is followed.

use super::failure::error_of;
use super::fetch::{Reach, client};
use super::runtime::block_on;
use crate::cancel::CancelToken;
use crate::error::{Error, ErrorKind, Result};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Url};
use std::net::IpAddr;
use std::time::Instant;

/// Most bytes of an answer that are read: its status is all that counts.
const MAX_ANSWER: u64 = 64 << 10;

/// Pushes events.
pub struct WebPusher {
    client: Client,
    reach: Reach,
}

impl WebPusher {
    /// A pusher; nothing is connected yet. https is verified against the bundled roots.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigMalformed`].
    pub fn new(reach: Reach) -> Result<WebPusher> {
        Ok(WebPusher { client: client(reach)?, reach })
    }

    /// Whether events may be pushed there, as far as the address itself tells. What its name leads to is looked at each time.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`]; [`ErrorKind::PlainHttpRefused`].
    pub fn check(&self, address: &str) -> Result<()> {
        self.url(address).map(|_| ())
    }

    fn url(&self, address: &str) -> Result<Url> {
        let refused = |what: &'static str| Error::new(ErrorKind::InvalidArgument).context(what);
        let url = Url::parse(address).map_err(|_| refused("the address is no URL"))?;
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(refused("the address carries a login or a fragment"));
        }
        // A number is not resolved: it is looked at here.
        let number = url.host_str().unwrap_or_default().trim_matches(['[', ']']).parse::<IpAddr>().ok();
        let here = self.reach == Reach::Anywhere && number.is_some_and(|number| number.is_loopback());
        match url.scheme() {
            "https" => {}
            "http" if here => {}
            "http" => return Err(Error::new(ErrorKind::PlainHttpRefused)),
            _ => return Err(refused("the address must begin with https://")),
        }
        if number.is_some_and(|number| !self.reach.allows(number)) || url.host_str() == Some("localhost") && self.reach == Reach::Public {
            return Err(refused("the address is private, and private ones are not asked"));
        }
        Ok(url)
    }

    /// Sends once and gives the status of the answer, whichever it is.
    ///
    /// # Errors
    /// As [`WebPusher::check`]; kinds of the edge (6xx).
    pub fn push(&self, address: &str, media_type: &'static str, body: &[u8], deadline: Instant, cancel: &CancelToken) -> Result<u16> {
        let request = self.client.post(self.url(address)?).header(CONTENT_TYPE, media_type).body(body.to_vec());
        let exchange = async move {
            let answer = request.send().await.map_err(|failure| error_of(&failure))?;
            Ok(super::transport::read_answer(answer, MAX_ANSWER).await?.status)
        };
        block_on(exchange, cancel, deadline)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_go_over_https_to_the_public_and_in_tests_to_this_machine() {
        let (public, anywhere) = (WebPusher::new(Reach::Public).unwrap(), WebPusher::new(Reach::Anywhere).unwrap());
        let kind = |pusher: &WebPusher, address: &str| pusher.check(address).err().map(|error| error.kind());
        assert_eq!(kind(&public, "https://bank.example/hook?a=b"), None);
        for address in ["http://bank.example/hook", "http://127.0.0.1:1/", "http://localhost:1/"] {
            assert_eq!(kind(&public, address), Some(ErrorKind::PlainHttpRefused), "{address}");
        }
        for address in [
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://10.1.2.3/",
            "https://169.254.169.254/latest",
            "https://2130706433/",
            "https://localhost/",
            "https://user@bank.example/",
            "https://bank.example/#x",
            "ftp://bank.example/",
            "file:///etc/passwd",
            "bank.example",
        ] {
            assert_eq!(kind(&public, address), Some(ErrorKind::InvalidArgument), "{address}");
        }
        assert_eq!(kind(&anywhere, "http://127.0.0.1:1/"), None);
        assert_eq!(kind(&anywhere, "http://10.0.0.1/"), Some(ErrorKind::PlainHttpRefused), "plain on this machine alone");
    }
}
