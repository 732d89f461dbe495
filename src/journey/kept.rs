//! The room `journey`: what was fetched lately is not fetched again. Takes whoever fetches and a folder, is one who fetches. Off unless somebody makes
//! one of these.
//!
//! Lists of revoked certificates and certificates are kept, by their address: what a `GET` brings. Answers about one certificate and time stamps are of
//! the moment and are asked for each time. Nothing is believed because it was kept: it is judged as what the network brings. What an attacker would
//! try: have an old list last. A list is given again until its own nextUpdate at most, and never longer than the age that was asked for.

use crate::error::Result;
use crate::evidence::gather::lasts;
use crate::host::clock;
use crate::host::shelf::{Bounds, Shelf};
use crate::remote::fetch::{Fetch, Fetcher};
use std::path::Path;
use std::time::Duration;

/// How old what is kept may be, unless somebody says otherwise: an hour.
pub const USUAL_AGE: Duration = Duration::from_secs(3_600);

/// Fetches, and keeps. Several processes may share a folder.
pub struct KeptFetcher<F> {
    inner: F,
    shelf: Shelf,
    age: Duration,
}

impl<F: Fetcher> KeptFetcher<F> {
    /// After the call the folder exists; it never holds more than `bounds` say.
    ///
    /// # Errors
    /// [`ErrorKind::OutputUnwritable`](crate::ErrorKind::OutputUnwritable).
    pub fn new(inner: F, folder: &Path, age: Duration, bounds: Bounds) -> Result<KeptFetcher<F>> {
        Ok(KeptFetcher { inner, shelf: Shelf::open(folder, bounds)?, age })
    }
}

impl<F: Fetcher> Fetcher for KeptFetcher<F> {
    fn fetch(&self, fetch: &Fetch<'_>) -> Result<Vec<u8>> {
        if fetch.body.is_some() {
            return self.inner.fetch(fetch);
        }
        let name = crate::crypto::digest::sha256(fetch.url.as_bytes());
        if let Some(kept) = self.shelf.get(&name, self.age, fetch.max_answer)
            && lasts(&kept, clock::now())
        {
            return Ok(kept);
        }
        let fetched = self.inner.fetch(fetch)?;
        if lasts(&fetched, clock::now()) {
            // A folder that is full or gone takes nothing away from who has the answer.
            let _not_kept = self.shelf.put(&name, &fetched);
        }
        Ok(fetched)
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests are an edge")]
mod tests {
    use super::*;
    use crate::cancel::CancelToken;
    use crate::error::{Error, ErrorKind};
    use crate::host::wait::monotonic;
    use crate::pki::revocation::testing::ListDraft;
    use crate::pki::testing::{Draft, Key};
    use crate::remote::fetch::NamedBy;
    use crate::time::Time;
    use std::sync::Mutex;

    /// Brings what it is told to, and counts.
    struct Network(Mutex<(Vec<u8>, u32)>);

    impl Fetcher for &Network {
        fn fetch(&self, _: &Fetch<'_>) -> Result<Vec<u8>> {
            let mut state = self.0.lock().unwrap();
            state.1 += 1;
            if state.0.is_empty() { Err(Error::new(ErrorKind::BadAnswer)) } else { Ok(state.0.clone()) }
        }
    }

    fn root() -> Vec<u8> {
        Draft::ca("Root", &Key::new(1), "Root", None).issue_der(&Key::new(1))
    }

    fn list_until(time: Time) -> Vec<u8> {
        let (y, mo, d, h, mi, s) = time.fields();
        let end = Box::leak(format!("{y:04}{mo:02}{d:02}{h:02}{mi:02}{s:02}Z").into_boxed_str());
        ListDraft::new("Root").times("20260101000000Z", Some(end)).issue(&Key::new(1)).der().to_vec()
    }

    #[test]
    fn lists_and_certificates_are_fetched_once_and_answers_each_time() {
        let folder = tempfile::tempdir().unwrap();
        let network = Network(Mutex::new((Vec::new(), 0)));
        let made = |age| KeptFetcher::new(&network, folder.path(), age, Bounds::default()).unwrap();
        let fetcher = made(USUAL_AGE);
        let ask = |fetcher: &dyn Fetcher, url: &str, body: Option<(&'static str, &[u8])>| {
            let deadline = monotonic() + Duration::from_secs(5);
            fetcher.fetch(&Fetch { url, named_by: NamedBy::Certificate, body, max_answer: 1 << 20, deadline, cancel: CancelToken::new() })
        };
        let bring = |bytes: &[u8]| *network.0.lock().unwrap() = (bytes.to_vec(), 0);
        let asked = || network.0.lock().unwrap().1;
        let now = clock::now();
        // Kept, by another of these as well, and by its own address alone.
        for (url, body) in [("http://a/list", list_until(now.plus(600))), ("http://a/ca", root())] {
            bring(&body);
            assert_eq!(ask(&fetcher, url, None).unwrap(), body);
            assert_eq!(ask(&made(USUAL_AGE), url, None).unwrap(), body);
            assert_eq!((ask(&fetcher, &format!("{url}2"), None).unwrap(), asked()), (body.clone(), 2));
            // Too old for who asks.
            assert_eq!((ask(&made(Duration::ZERO), url, None).unwrap(), asked()), (body.clone(), 3));
            // Who asks with a body asks somebody.
            ask(&fetcher, url, Some(("application/ocsp-request", b"?"))).unwrap();
            assert_eq!(asked(), 4);
        }
        // Not kept: a list that is over, nonsense, no answer.
        for (n, body) in [list_until(now.plus(-600)), b"nonsense".to_vec(), Vec::new()].iter().enumerate() {
            bring(body);
            let url = format!("http://b/{n}");
            for _ in 0..2 {
                assert_eq!(ask(&fetcher, &url, None).ok().unwrap_or_default(), *body);
            }
            assert_eq!(asked(), 2, "{n}");
        }
        // A list that ends while it is kept.
        bring(&list_until(now.plus(1)));
        let url = "http://c/list";
        ask(&fetcher, url, None).unwrap();
        while clock::now() <= now.plus(1) {
            std::thread::sleep(Duration::from_millis(50));
        }
        ask(&fetcher, url, None).unwrap();
        assert_eq!(asked(), 2);
        // The folder is gone: the answer is there all the same.
        bring(&root());
        std::fs::remove_dir_all(folder.path()).unwrap();
        assert_eq!(ask(&fetcher, "http://d/ca", None).unwrap(), root());
    }
}
