//! Whether the trust services answer: asks each at the address that certificates name, as a verifier would, and looks at what it says. Takes the service,
//! gives when each last answered and what is wrong with it now. Asked at most every few seconds, however often the page is loaded.

use crate::api::Service;
use crate::ca::path;
use crate::failure::Failure;
use crate::random;
use std::collections::HashMap;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use thrivosign::crypto::digest::{DigestAlgorithm, sha256};
use thrivosign::evidence::TokenRequest;
use thrivosign::net::{Reach, WebFetcher};
use thrivosign::pki::path::validate;
use thrivosign::pki::revocation::{Crl, OcspRequest, OcspResponse, OcspStatus};
use thrivosign::pki::{Certificate, PathInputs, Role, TrustAnchors};
use thrivosign::remote::fetch::{Fetch, Fetcher, NamedBy};
use thrivosign::{CancelToken, Time};
use tokio::sync::{Mutex, oneshot};

/// How long an answer is taken for the present one.
const FRESH: Duration = Duration::from_secs(5);
/// How long a service may take.
const LONGEST: Duration = Duration::from_secs(3);
/// Most bytes of an answer.
const MOST: u64 = 8 << 20;
/// How much a stamp may differ from our own clock, in seconds.
const SKEW: u64 = 300;

/// The services, in the order of the page.
const SERVICES: [(&str, &str, Ask); 6] = [
    ("Time stamps (RFC 3161)", path::TSA, stamp),
    ("Status of certificates (OCSP)", path::OCSP, status),
    ("Revoked certificates (CRL of the issuing CA)", path::ISSUING_CRL, list),
    ("Revoked CAs (CRL of the root)", path::ROOT_CRL, list),
    ("Certificate of the issuing CA", path::ISSUING, certificate),
    ("Certificate of the root", path::ROOT, certificate),
];

type Ask = fn(&Asking<'_>) -> Result<String, String>;

/// What is known of one service.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) name: &'static str,
    pub(super) url: String,
    /// What it said, or what is wrong.
    pub(super) said: Result<String, String>,
    /// How long it took.
    pub(super) took: Duration,
    /// When it last answered as it should, if it did since the server began.
    pub(super) last: Option<Time>,
}

struct Memory {
    at: Option<Instant>,
    known: Vec<Known>,
    asked: Time,
    last: HashMap<&'static str, Time>,
}

/// What was found last.
pub(super) struct Health(Mutex<Memory>);

impl Default for Health {
    fn default() -> Health {
        Health(Mutex::new(Memory { at: None, known: Vec::new(), asked: Time::from_unix(0), last: HashMap::new() }))
    }
}

impl Health {
    /// Asks all services, unless that was done just now; whoever comes meanwhile waits for the same answers. Gives when they were asked, too.
    pub(super) async fn ask(&self, service: &Arc<Service>) -> Result<(Vec<Known>, Time), Failure> {
        let mut memory = self.0.lock().await;
        if memory.at.is_some_and(|at| at.elapsed() < FRESH) {
            return Ok((memory.known.clone(), memory.asked));
        }
        let now = service.now();
        let asked = SERVICES.map(|(name, path, ask)| {
            let (service, (tell, told)) = (Arc::clone(service), oneshot::channel());
            // A thread of its own: the library's network waits, and may not do so on a runtime's.
            let started = thread::Builder::new().name("thrivosign-health".to_owned()).spawn(move || {
                let (url, began) = (service.authority.services().at(path), Instant::now());
                let said = ask(&Asking { service: &service, url: &url, now });
                // Whoever asked may have gone.
                let _ = tell.send(Known { name, url, said, took: began.elapsed(), last: None });
            });
            started.map(|_| told)
        });
        let mut known = Vec::new();
        for one in asked {
            let told = one.map_err(Failure::at("cannot start a thread"))?;
            let mut one = told.await.map_err(Failure::at("asking a trust service broke off"))?;
            if one.said.is_ok() {
                memory.last.insert(one.name, now);
            }
            one.last = memory.last.get(one.name).copied();
            known.push(one);
        }
        (memory.at, memory.known, memory.asked) = (Some(Instant::now()), known.clone(), now);
        Ok((known, now))
    }
}

struct Asking<'a> {
    service: &'a Service,
    url: &'a str,
    now: Time,
}

impl Asking<'_> {
    fn fetch(&self, body: Option<(&'static str, &[u8])>) -> Result<Vec<u8>, String> {
        // Its own certificates name it, and the operator said where it is: it may be this machine.
        let fetcher = WebFetcher::new(Reach::Anywhere).map_err(code)?;
        let fetch = Fetch {
            url: self.url,
            named_by: NamedBy::Caller,
            body,
            max_answer: MOST,
            deadline: Instant::now() + LONGEST,
            cancel: CancelToken::new(),
        };
        fetcher.fetch(&fetch).map_err(code)
    }

    fn chain(&self) -> Result<[Certificate; 2], String> {
        let [issuing, root] = self.service.trust.authorities().map(Certificate::from_der);
        Ok([issuing.map_err(code)?, root.map_err(code)?])
    }

    fn token(&self) -> Result<thrivosign::evidence::Token, String> {
        let nonce = random::bytes::<16>().map_err(|failure| failure.to_string())?;
        let request = TokenRequest::new(DigestAlgorithm::Sha256, &sha256(&nonce), nonce, None);
        request.answer(&self.fetch(Some(("application/timestamp-query", &request.der())))?).map_err(|fault| fault.code())
    }
}

fn code(error: thrivosign::Error) -> String {
    error.kind().name().to_owned()
}

fn stamp(asking: &Asking<'_>) -> Result<String, String> {
    let token = asking.token()?;
    let mut trust = TrustAnchors::new();
    trust.add(asking.chain()?[1].clone());
    let inputs = PathInputs::at(asking.now, Role::TimeStamping);
    validate(&token.signer, &token.certificates, &trust, &inputs).map_err(|failure| failure.code().to_owned())?;
    if token.time.unix().abs_diff(asking.now.unix()) > SKEW {
        return Err("time_stamp_of_another_time".to_owned());
    }
    Ok(format!("stamped {}", token.time))
}

/// Asks about a certificate that is good: the issuing CA's own time-stamping authority, as it names itself in a stamp.
fn status(asking: &Asking<'_>) -> Result<String, String> {
    let stamping = Asking { url: &asking.service.trust.tsa(), ..*asking };
    let (subject, [issuing, _]) = (stamping.token()?.signer, asking.chain()?);
    let nonce = random::bytes::<16>().map_err(|failure| failure.to_string())?;
    let request = OcspRequest::new(&[(&subject, &issuing)], Some(&nonce)).map_err(code)?;
    let response = OcspResponse::from_der(&asking.fetch(Some(("application/ocsp-request", request.der())))?).map_err(code)?;
    if response.status() != OcspStatus::Successful || !response.is_about(&subject, &issuing) {
        return Err("no_answer_about_the_certificate".to_owned());
    }
    request.check_answer(&response).map_err(|_| "answer_to_another_question".to_owned())?;
    Ok(response.produced_at().map(|at| format!("answered {at}")).unwrap_or_default())
}

fn list(asking: &Asking<'_>) -> Result<String, String> {
    let list = Crl::from_der(&asking.fetch(None)?).map_err(code)?;
    let issuer = asking.chain()?.iter().any(|issuer| issuer.subject_der() == list.issuer_der());
    let current = list.this_update() <= asking.now && list.next_update().is_some_and(|next| asking.now < next);
    match (issuer && list.is_usable(), current, list.next_update()) {
        (true, true, Some(next)) => Ok(format!("of {}, next by {next}", list.this_update())),
        (true, ..) => Err("list_out_of_date".to_owned()),
        _ => Err("list_of_another_issuer".to_owned()),
    }
}

fn certificate(asking: &Asking<'_>) -> Result<String, String> {
    let found = Certificate::from_der(&asking.fetch(None)?).map_err(code)?;
    let ours = asking.chain()?.iter().any(|ours| ours.der() == found.der());
    if ours { Ok(format!("valid until {}", found.not_after())) } else { Err("another_certificate".to_owned()) }
}
