//! The pki room: lists too large to hold (RFC 5280 5).
//!
//! Takes the bytes of a list as they come, and the certificates to look for; gives a list that knows what it says about those and nothing of others.
//! Its signed part is hashed on the way; one window is all that is held, whatever the list claims.

use super::crl::{Body, Crl, Head, Parts};
use super::entry::{self, Entry, Said};
use super::terms::Terms;
use crate::crypto::digest::{DigestAlgorithm, Hasher};
use crate::error::{Error, ErrorKind, Result};
use crate::pki::algorithm::{self, SignatureAlgorithm};
use crate::pki::certificate::Certificate;
use crate::pki::der::{self, Reader};
use crate::pki::name;
use crate::switch::{Check, on};
use std::collections::HashMap;
use std::sync::OnceLock;

/// Most bytes of one element: an entry, the issuer's name, the extensions, the signature.
const MAX_ELEMENT: usize = 256 << 10;
const CHUNK: usize = 64 << 10;

/// Where the bytes come from: fills the beginning of what it is given, 0 at the end.
pub type Source<'a> = dyn FnMut(&mut [u8]) -> Result<usize> + 'a;

struct Window<'a, 's> {
    source: &'a mut Source<'s>,
    bytes: Vec<u8>,
    start: usize,
    /// How many bytes were taken.
    at: u64,
    ended: bool,
    whole: Hasher,
    signed: Signed,
}

/// The digest of the signed part: its algorithm stands in its midst.
enum Signed {
    Outside,
    /// Begun, with no algorithm yet.
    Before(Vec<u8>),
    Running(Box<Hasher>),
    /// The algorithm signs no digest, or none that is computed here.
    Without,
}

impl Window<'_, '_> {
    fn fault(&self, what: &'static str) -> Error {
        Error::new(ErrorKind::DerMalformed).context(what).at(self.at)
    }

    /// At least `n` bytes, if there are as many.
    fn fill(&mut self, n: usize) -> Result<&[u8]> {
        while self.bytes.len() - self.start < n && !self.ended {
            self.bytes.drain(..self.start);
            self.start = 0;
            let old = self.bytes.len();
            self.bytes.resize(old + CHUNK, 0);
            let got = (self.source)(self.bytes.get_mut(old..).unwrap_or_default())?.min(CHUNK);
            self.bytes.truncate(old + got);
            self.ended = got == 0;
        }
        Ok(self.bytes.get(self.start..).unwrap_or_default())
    }

    /// Tag, length of the header, length of the value of the next element.
    fn header(&mut self) -> Result<(u8, usize, usize)> {
        let bytes = self.fill(6)?;
        der::header(bytes).map_err(|what| self.fault(what))
    }

    /// The next `n` bytes.
    fn take(&mut self, n: usize) -> Result<&[u8]> {
        if self.fill(n)?.len() < n {
            return Err(self.fault("cut short"));
        }
        let taken = self.bytes.get(self.start..self.start + n).unwrap_or_default();
        self.whole.update(taken);
        match &mut self.signed {
            Signed::Before(kept) => kept.extend_from_slice(taken),
            Signed::Running(hasher) => hasher.update(taken),
            Signed::Outside | Signed::Without => {}
        }
        self.start += n;
        self.at += n as u64;
        Ok(taken)
    }

    /// The header of an element that is read in parts: where it ends.
    fn enter(&mut self, what: &'static str) -> Result<u64> {
        let (tag, header, len) = self.header()?;
        if tag != der::SEQUENCE {
            return Err(self.fault(what));
        }
        self.take(header)?;
        Ok(self.at + len as u64)
    }

    /// A whole element that ends at `end` at the latest.
    fn element(&mut self, end: u64) -> Result<&[u8]> {
        let (_, header, len) = self.header()?;
        let all = header.saturating_add(len);
        if all > MAX_ELEMENT || self.at + all as u64 > end {
            return Err(self.fault("element too long"));
        }
        self.take(all)
    }
}

/// Who is looked for, by serial number.
struct Wanted<'a> {
    certificates: &'a [Certificate],
    by_serial: HashMap<&'a [u8], Vec<usize>>,
    /// For each: what a complete list says so, and what a delta list does.
    said: Vec<(Said, Said)>,
    unknown_critical: bool,
    foreign: bool,
}

impl Crl {
    /// Reads a list of any length in a window of fixed size; it says something about `certificates` alone. Use it as any other list.
    ///
    /// # Errors
    /// As [`Crl::from_der`], what the source says, and [`ErrorKind::AlgorithmUnsupported`] for Ed25519, which signs the list itself.
    pub fn from_stream(source: &mut Source<'_>, certificates: &[Certificate]) -> Result<Crl> {
        let whole = Hasher::new(DigestAlgorithm::Sha256);
        let mut window = Window { source, bytes: Vec::new(), start: 0, at: 0, ended: false, whole, signed: Signed::Outside };
        let outer_end = window.enter("list")?;
        window.signed = Signed::Before(Vec::new());
        let tbs_end = window.enter("signed part")?;
        let head_bytes = head(&mut window, tbs_end)?;
        let head = Head::read(&mut Reader::new(&head_bytes))?;
        let algorithm = algorithm::signature_algorithm(head.algorithm.raw, None).ok();
        window.signed = begin(std::mem::replace(&mut window.signed, Signed::Without), algorithm.as_ref());

        let comparable_issuer = name::comparable_bytes(head.issuer.raw);
        let mut wanted = Wanted::new(certificates);
        if window.at < tbs_end && window.header()?.0 == der::SEQUENCE {
            let end = window.enter("entries")?;
            if end > tbs_end {
                return Err(window.fault("element too long"));
            }
            wanted.read_entries(&mut window, end, &comparable_issuer)?;
        }
        let terms = if window.at < tbs_end {
            let bytes = window.element(tbs_end)?;
            Terms::of(&der::whole(bytes, 0xa0, "extensions")?, &head)?
        } else {
            Terms::default()
        };
        if window.at != tbs_end {
            return Err(window.fault("signed part"));
        }
        let digest = match std::mem::replace(&mut window.signed, Signed::Outside) {
            Signed::Running(hasher) => hasher.finish(),
            _ if algorithm.is_some() => {
                return Err(Error::new(ErrorKind::AlgorithmUnsupported).context("a list that is streamed and not signed over a digest"));
            }
            _ => Vec::new(),
        };
        // RFC 5280 5.1.1.2: an attacker must not be able to swap the outer, unsigned one.
        if window.element(outer_end)? != head.algorithm.raw {
            return Err(window.fault("signature algorithms differ"));
        }
        let signature = der::whole(window.element(outer_end)?, der::BIT_STRING, "signature")?.bit_bytes()?.to_vec();
        if window.at != outer_end || !window.fill(1)?.is_empty() {
            return Err(window.fault("bytes after the structure"));
        }
        let usable = wanted.usable(&terms);
        let said = wanted.said(terms.base.is_some());
        Ok(Crl::from_parts(Parts {
            body: Body::Streamed { digest, said },
            issuer: head.issuer.raw.to_vec(),
            comparable_issuer,
            algorithm,
            signature,
            this_update: head.this_update,
            next_update: head.next_update,
            terms,
            usable,
            sha256: OnceLock::from(<[u8; 32]>::try_from(window.whole.finish()).unwrap_or_default()),
        }))
    }
}

/// The elements before the entries: up to thisUpdate, and nextUpdate if it is there.
fn head(window: &mut Window<'_, '_>, end: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut times = 0;
    // Version, algorithm, issuer and two times at most.
    for _ in 0..5 {
        if window.at >= end {
            break;
        }
        let is_time = matches!(window.header()?.0, der::UTC_TIME | der::GENERALIZED_TIME);
        if times > 0 && !is_time {
            break;
        }
        times += u32::from(is_time);
        bytes.extend_from_slice(window.element(end)?);
        if times == 2 {
            break;
        }
    }
    let mut rest = Reader::new(&bytes);
    Head::read(&mut rest)?;
    rest.finish("signed part")?;
    Ok(bytes)
}

/// Hashes on, with what was signed before the algorithm was known.
fn begin(signed: Signed, algorithm: Option<&SignatureAlgorithm>) -> Signed {
    match (signed, algorithm.and_then(SignatureAlgorithm::digest)) {
        (Signed::Before(kept), Some(digest)) => {
            let mut hasher = Box::new(Hasher::new(digest));
            hasher.update(&kept);
            Signed::Running(hasher)
        }
        _ => Signed::Without,
    }
}

impl<'a> Wanted<'a> {
    fn new(certificates: &'a [Certificate]) -> Wanted<'a> {
        let mut by_serial: HashMap<&[u8], Vec<usize>> = HashMap::new();
        for (index, certificate) in certificates.iter().enumerate() {
            by_serial.entry(certificate.serial()).or_default().push(index);
        }
        let said = vec![(Said::Nothing, Said::Nothing); certificates.len()];
        Wanted { certificates, by_serial, said, unknown_critical: false, foreign: false }
    }

    fn read_entries(&mut self, window: &mut Window<'_, '_>, end: u64, list_issuer: &[u8]) -> Result<()> {
        let mut carried: Option<Vec<u8>> = None;
        while window.at < end {
            let bytes = window.element(end)?;
            let tlv = der::whole(bytes, der::SEQUENCE, "entry")?;
            if entry::is_other(&tlv, |serial| self.by_serial.contains_key(serial))? {
                continue;
            }
            let entry = Entry::read(&tlv)?;
            self.unknown_critical |= entry.unknown_critical;
            self.foreign |= entry.issuer.is_some();
            if let Some(names) = &entry.issuer {
                carried = Some(names.raw.to_vec());
            }
            let names = carried.as_deref().map(|names| der::whole(names, der::SEQUENCE, "certificate issuer")).transpose()?;
            for index in self.by_serial.get(entry.serial).into_iter().flatten() {
                let (Some(certificate), Some(said)) = (self.certificates.get(*index), self.said.get_mut(*index)) else { continue };
                if said.0 == Said::Nothing && entry::is_about(names.as_ref(), list_issuer, certificate) {
                    *said = (entry.said(false), entry.said(true));
                }
            }
        }
        Ok(())
    }

    fn usable(&self, terms: &Terms) -> bool {
        let critical = terms.unknown_critical && on(Check::ListCritical);
        let entries = self.unknown_critical && on(Check::ListEntryCritical);
        let foreign = self.foreign && !terms.indirect() && on(Check::ListEntryForeign);
        !critical && !entries && !foreign
    }

    fn said(self, delta: bool) -> Vec<(Certificate, Said)> {
        let of = |(complete, on_delta): (Said, Said)| if delta { on_delta } else { complete };
        self.certificates.iter().cloned().zip(self.said.into_iter().map(of)).collect()
    }
}
