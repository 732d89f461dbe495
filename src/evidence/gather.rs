//! The evidence room: gathering in rounds. Takes what is needed and what was answered, gives what to fetch next, until nothing is missing or nobody
//! is left to ask; then what to embed, and what could not be had and why. It opens no connection: whoever calls it fetches. An answer counts only
//! if the next round needs it no more, so that a wrong one costs its sender's turn and nothing else.

use super::bundle::{Bundle, Item, Kind};
use super::need::{Need, Subject, need};
use crate::cms::SignedData;
use crate::error::{ErrorKind, Result};
use crate::pki::revocation::{OcspMismatch, OcspRequest, OcspResponse, OcspStatus};
use crate::pki::{Certificate, PathFailure, TrustAnchors, each_certificate, each_crl};
use crate::time::Time;
use std::collections::{HashMap, HashSet};

/// Most requests of one gathering.
pub const MAX_FETCHES: usize = 32;
/// Most certificates that are taken from one answer.
const MAX_CERTIFICATES: usize = 16;

/// One thing to fetch.
#[derive(Clone, Debug)]
pub struct Fetch {
    /// What is expected.
    pub kind: Kind,
    /// Where: http or https, as a certificate says; nobody vouches for it.
    pub url: String,
    /// The OCSP request, to be sent as `GET` or `POST`; a plain `GET` for the rest.
    pub request: Option<OcspRequest>,
    /// The certificate that it is for.
    about: [u8; 32],
}

/// Why an address gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It could not be fetched.
    Fetch(ErrorKind),
    /// It answered with something else than was asked for.
    Malformed,
    /// The responder refused to answer.
    Refused(OcspStatus),
    /// The responder does not know the certificate.
    Unknown,
    /// What it says is out of date.
    Stale,
    /// It answered, and the answer proves nothing: not authentic, not fresh, or about something else.
    ProvesNothing,
    /// It was not asked: the requests were used up.
    NotAsked,
}

impl Reason {
    /// Stable, for people and programs: the name of an error of the network, or a word of its own.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Reason::Fetch(kind) => kind.name(),
            Reason::Malformed => "malformed",
            Reason::Refused(status) => status.code(),
            Reason::Unknown => "status_unknown",
            Reason::Stale => "stale",
            Reason::ProvesNothing => "proves_nothing",
            Reason::NotAsked => "not_asked",
        }
    }
}

/// What could not be had.
#[derive(Clone, Debug)]
pub struct Missing {
    /// The certificate that it is about.
    pub certificate: Certificate,
    /// What it is.
    pub lack: Lack,
    /// The addresses that were asked, and what came of it. Empty: the certificate names none.
    pub asked: Vec<(String, Reason)>,
}

/// What is lacking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// The issuer's certificate.
    Issuer,
    /// A statement about revocation.
    Status,
    /// A valid chain.
    Chain(PathFailure),
}

impl Lack {
    /// What is wrong with the chain, where that is what is lacking.
    #[must_use]
    pub const fn failure(self) -> Option<PathFailure> {
        match self {
            Lack::Chain(failure) => Some(failure),
            Lack::Issuer | Lack::Status => None,
        }
    }
}

/// How it came out.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// What the chains rest on, as far as they are complete.
    pub bundle: Bundle,
    /// What could not be had; empty: everything is provable.
    pub missing: Vec<Missing>,
}

/// What was asked: for which certificate, what, and where.
type Asked = ([u8; 32], Kind, String);

/// A gathering under way.
pub struct Gathering<'a> {
    subjects: &'a [Subject],
    anchors: &'a TrustAnchors,
    time: Time,
    held: Bundle,
    asked: HashMap<Asked, Reason>,
    left: usize,
}

impl<'a> Gathering<'a> {
    /// Begins with what is held, which may be anything: the document's store, the token's certificates, a cache.
    #[must_use]
    pub fn new(subjects: &'a [Subject], held: Bundle, anchors: &'a TrustAnchors, time: Time, fetches: usize) -> Gathering<'a> {
        Gathering { subjects, anchors, time, held, asked: HashMap::new(), left: fetches.min(MAX_FETCHES) }
    }

    /// The time at which the next round judges: answers are younger than the question.
    pub const fn look_at(&mut self, time: Time) {
        self.time = time;
    }

    /// What to fetch now: one address for each gap, the certificate's own order, OCSP before lists. Nothing: it is over.
    ///
    /// # Errors
    /// [`ErrorKind::LimitReached`].
    pub fn round(&mut self) -> Result<Vec<Fetch>> {
        let before: HashSet<Asked> = self.asked.keys().cloned().collect();
        let mut round = Vec::new();
        for missing in need(self.subjects, &self.held, self.anchors, self.time)?.missing {
            let next = sources(&missing).into_iter().find(|fetch| !before.contains(&key(fetch)));
            let Some(fetch) = next.filter(|_| self.left > 0) else { continue };
            // One list is about many certificates.
            if self.asked.insert(key(&fetch), Reason::ProvesNothing).is_none() {
                self.left -= 1;
                round.push(fetch);
            }
        }
        Ok(round)
    }

    /// Takes what came of a fetch: the body, or why there is none. Nothing is believed; a bad answer is remembered as such.
    pub fn answer(&mut self, fetch: &Fetch, answer: std::result::Result<&[u8], ErrorKind>) {
        let failed = match answer.map(|body| read(fetch, body)) {
            Err(kind) => Some(Reason::Fetch(kind)),
            Ok(Err(reason)) => Some(reason),
            Ok(Ok(items)) => {
                let short = shortcoming(&items, self.time);
                // A bundle that is full takes no more: the next round says what is still missing.
                items.into_iter().map(|item| self.held.add(item)).find_map(|added| added.err().map(|_| Reason::NotAsked)).or(short)
            }
        };
        if let Some(reason) = failed {
            self.asked.insert(key(fetch), reason);
        }
    }

    /// What was gathered, and what was not.
    ///
    /// # Errors
    /// [`ErrorKind::LimitReached`].
    pub fn finish(self) -> Result<Gathered> {
        let needs = need(self.subjects, &self.held, self.anchors, self.time)?;
        let missing = needs.missing.iter().map(|missing| Missing {
            certificate: missing.of().clone(),
            lack: match missing {
                Need::Issuer { .. } => Lack::Issuer,
                Need::Status { .. } => Lack::Status,
                Need::Chain { failure, .. } => Lack::Chain(*failure),
            },
            asked: sources(missing)
                .into_iter()
                .map(|fetch| (fetch.url.clone(), self.asked.get(&key(&fetch)).copied().unwrap_or(Reason::NotAsked)))
                .collect(),
        });
        Ok(Gathered { missing: missing.collect(), bundle: needs.used })
    }
}

/// A list is the same for whatever certificate it is asked for.
fn key(fetch: &Fetch) -> Asked {
    (if fetch.kind == Kind::Crl { [0; 32] } else { fetch.about }, fetch.kind, fetch.url.clone())
}

/// Where a gap may be closed, in the order in which it is tried.
fn sources(need: &Need) -> Vec<Fetch> {
    let about = need.of().sha256();
    let plain =
        |kind, urls: &[String]| -> Vec<Fetch> { urls.iter().map(|url| Fetch { kind, url: url.clone(), request: None, about }).collect() };
    match need {
        Need::Chain { .. } => Vec::new(),
        Need::Issuer { urls, .. } => plain(Kind::Certificate, urls),
        Need::Status { ocsp, ocsp_urls, crl_urls, .. } => {
            let mut all = plain(Kind::Ocsp, ocsp_urls);
            all.iter_mut().for_each(|fetch| fetch.request.clone_from(ocsp));
            all.extend(plain(Kind::Crl, crl_urls));
            all
        }
    }
}

/// What can be told of an answer without believing it, for whoever has to find out why it is of no use. It has no say in whether it is.
fn shortcoming(items: &[Item], time: Time) -> Option<Reason> {
    items.iter().find_map(|item| match item {
        Item::Ocsp(response) if response.knows_nothing() => Some(Reason::Unknown),
        Item::Ocsp(response) if response.ends().is_some_and(|end| end < time) => Some(Reason::Stale),
        Item::Crl(list) if list.next_update().is_some_and(|end| end < time) => Some(Reason::Stale),
        _ => None,
    })
}

/// What an answer holds, or why it is not what was asked for.
fn read(fetch: &Fetch, body: &[u8]) -> std::result::Result<Vec<Item>, Reason> {
    if fetch.kind != Kind::Ocsp {
        return whole(fetch.kind, body).ok_or(Reason::Malformed);
    }
    let response = OcspResponse::from_der(body).map_err(|_| Reason::Malformed)?;
    match fetch.request.as_ref().map(|request| request.check_answer(&response)) {
        Some(Ok(())) => Ok(vec![Item::Ocsp(response)]),
        Some(Err(OcspMismatch::Refused(status))) => Err(Reason::Refused(status)),
        _ => Err(Reason::Malformed),
    }
}

/// A list, or certificates.
fn whole(kind: Kind, body: &[u8]) -> Option<Vec<Item>> {
    match kind {
        Kind::Ocsp => None,
        Kind::Crl => first(each_crl(body).ok()?.into_iter().flatten().map(Item::Crl).collect(), 1),
        // One certificate, or a certs-only CMS (RFC 5280 4.2.2.1).
        Kind::Certificate => {
            let certificates = match SignedData::parse(body) {
                Ok(bag) => bag.certificates().to_vec(),
                Err(_) => each_certificate(body).ok()?.into_iter().flatten().collect(),
            };
            first(certificates.into_iter().map(Item::Certificate).collect(), MAX_CERTIFICATES)
        }
    }
}

/// Whether what a `GET` brought is of use for a while: certificates, or lists that all say themselves how long, and not until before `time`.
pub(crate) fn lasts(body: &[u8], time: Time) -> bool {
    match whole(Kind::Crl, body) {
        Some(lists) => lists.iter().all(|item| matches!(item, Item::Crl(list) if list.next_update().is_some_and(|end| end >= time))),
        None => whole(Kind::Certificate, body).is_some(),
    }
}

fn first(mut items: Vec<Item>, most: usize) -> Option<Vec<Item>> {
    items.truncate(most);
    if items.is_empty() { None } else { Some(items) }
}

#[cfg(test)]
mod faults;
#[cfg(test)]
pub(crate) mod tests;
