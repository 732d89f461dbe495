//! The pki room: lists of revoked certificates (RFC 5280 5).
//!
//! Takes DER, gives what the list says of itself, and of a serial number. Entries are looked for in the bytes as received; none is held apart from
//! them. Whether a list is authentic is not said here. One too large to hold is read in `crl_stream`.

use super::entry::{self, Entry, Said};
use super::points::Scope;
use super::terms::Terms;
use crate::crypto::digest::sha256;
use crate::error::{Error, ErrorKind, Result};
use crate::pki::algorithm::{self, PublicKey, SignatureAlgorithm};
use crate::pki::certificate::{self, Certificate};
use crate::pki::der::{self, DerFault, Reader, Tlv};
use crate::pki::name;
use crate::pki::path::PathFailure;
use crate::pki::pem;
use crate::pki::signatures::Signatures;
use crate::switch::{Check, on};
use crate::time::Time;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A list. Cheap to clone; equal when the DER is equal.
#[derive(Clone)]
pub struct Crl(Arc<Parts>);

pub(super) struct Parts {
    pub(super) body: Body,
    pub(super) issuer: Vec<u8>,
    pub(super) comparable_issuer: Vec<u8>,
    pub(super) algorithm: Option<SignatureAlgorithm>,
    pub(super) signature: Vec<u8>,
    pub(super) this_update: Time,
    pub(super) next_update: Option<Time>,
    pub(super) terms: Terms,
    pub(super) usable: bool,
    pub(super) sha256: OnceLock<[u8; 32]>,
}

/// What is kept of the list itself.
pub(super) enum Body {
    /// All of it; of the entries the encodings, one after the other.
    Whole { der: Box<[u8]>, tbs: Range<usize>, entries: Range<usize> },
    /// The digest of the signed part, and what it says about those that were asked about.
    Streamed { digest: Vec<u8>, said: Vec<(Certificate, Said)> },
}

/// What stands before the entries.
pub(super) struct Head<'a> {
    pub(super) version: u32,
    pub(super) algorithm: Tlv<'a>,
    pub(super) issuer: Tlv<'a>,
    pub(super) this_update: Time,
    pub(super) next_update: Option<Time>,
}

impl<'a> Head<'a> {
    pub(super) fn read(reader: &mut Reader<'a>) -> std::result::Result<Head<'a>, DerFault> {
        let version = reader.optional(der::INTEGER)?.map_or(Ok(0), |n| n.small())?;
        if version > 1 {
            return Err(reader.fault("version"));
        }
        let algorithm = reader.expect(der::SEQUENCE, "inner signature algorithm")?;
        let issuer = reader.expect(der::SEQUENCE, "issuer")?;
        name::comparable(issuer.raw)?;
        let this_update = certificate::time(&reader.any()?)?;
        let next_update = match reader.peek() {
            Some(der::UTC_TIME | der::GENERALIZED_TIME) => Some(certificate::time(&reader.any()?)?),
            _ => None,
        };
        Ok(Head { version, algorithm, issuer, this_update, next_update })
    }
}

impl Crl {
    /// From DER, kept as received. What is well-formed and has a critical extension that nobody here evaluates is read; [`Crl::is_usable`] tells.
    ///
    /// # Errors
    /// [`ErrorKind::DerMalformed`] with the byte position, also for bytes after the list, a repeated extension, or inner and outer signature
    /// algorithm that differ (RFC 5280 5.1.1.2).
    pub fn from_der(bytes: &[u8]) -> Result<Crl> {
        read(bytes).map(|parts| Crl(Arc::new(parts))).map_err(|fault| fault.error(ErrorKind::DerMalformed))
    }

    pub(super) fn from_parts(parts: Parts) -> Crl {
        Crl(Arc::new(parts))
    }

    /// The list as received; empty if it was streamed ([`Crl::from_stream`]).
    #[must_use]
    pub fn der(&self) -> &[u8] {
        match &self.0.body {
            Body::Whole { der, .. } => der,
            Body::Streamed { .. } => &[],
        }
    }

    /// SHA-256 of the list.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        *self.0.sha256.get_or_init(|| sha256(self.der()))
    }

    /// Who issued it, Name DER.
    #[must_use]
    pub fn issuer_der(&self) -> &[u8] {
        &self.0.issuer
    }

    /// When it was issued.
    #[must_use]
    pub fn this_update(&self) -> Time {
        self.0.this_update
    }

    /// When the next one is issued at the latest.
    #[must_use]
    pub fn next_update(&self) -> Option<Time> {
        self.0.next_update
    }

    /// cRLNumber, big-endian.
    #[must_use]
    pub fn number(&self) -> Option<&[u8]> {
        self.0.terms.number.as_deref()
    }

    /// Whether it holds only what changed since a complete list.
    #[must_use]
    pub fn is_delta(&self) -> bool {
        self.0.terms.base.is_some()
    }

    /// Whether it may be used at all: it has no critical extension that nobody here evaluates, of its own or of an entry (RFC 5280 5.2, 5.3).
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.0.usable
    }

    pub(super) fn comparable_issuer(&self) -> &[u8] {
        &self.0.comparable_issuer
    }

    pub(super) fn terms(&self) -> &Terms {
        &self.0.terms
    }

    pub(super) fn scope(&self) -> Option<&Scope> {
        self.0.terms.scope.as_ref()
    }

    /// Whether it is signed by that key. An algorithm that is not supported signs nothing.
    pub(super) fn is_signed_by(&self, key: &PublicKey, signatures: &mut Signatures<'_>) -> std::result::Result<bool, PathFailure> {
        let Some(algorithm) = &self.0.algorithm else { return Ok(false) };
        let done = match &self.0.body {
            Body::Whole { der, tbs, .. } => {
                signatures.verify(key, algorithm, der.get(tbs.clone()).unwrap_or_default(), &self.0.signature)?
            }
            Body::Streamed { digest, .. } => signatures.verify_prehash(key, algorithm, digest, &self.0.signature)?,
        };
        Ok(done.is_ok())
    }

    /// What it says about a certificate.
    pub(super) fn says(&self, certificate: &Certificate) -> Said {
        let (der, entries) = match &self.0.body {
            Body::Whole { der, entries, .. } => (der, entries),
            Body::Streamed { said, .. } => {
                return said.iter().find(|(one, _)| one == certificate).map_or(Said::NotAsked, |(_, said)| *said);
            }
        };
        let mut entries = Reader::new(der.get(entries.clone()).unwrap_or_default());
        let mut carried = None;
        // That every entry can be read was seen when the list was read.
        while let Ok(tlv) = entries.any() {
            if entry::is_other(&tlv, |serial| serial == certificate.serial()) == Ok(true) {
                continue;
            }
            let Ok(entry) = Entry::read(&tlv) else { continue };
            carried = entry.issuer.or(carried);
            if entry.serial == certificate.serial() && entry::is_about(carried.as_ref(), &self.0.comparable_issuer, certificate) {
                return entry.said(self.is_delta());
            }
        }
        Said::Nothing
    }
}

impl PartialEq for Crl {
    fn eq(&self, other: &Crl) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.sha256() == other.sha256()
    }
}

impl Eq for Crl {}

impl fmt::Debug for Crl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Crl({}, {} bytes)", self.0.this_update, self.der().len())
    }
}

/// Every list of a PEM text, in order; or the one list of a DER file.
///
/// # Errors
/// [`ErrorKind::PemMalformed`] if there is none, [`ErrorKind::DerMalformed`] if one of them is damaged.
pub fn crls_from_pem(bytes: &[u8]) -> Result<Vec<Crl>> {
    let lists: Vec<Crl> = pem::each_crl(bytes)?.into_iter().collect::<Result<_>>()?;
    if lists.is_empty() { Err(Error::new(ErrorKind::PemMalformed).context("no list")) } else { Ok(lists) }
}

fn read(bytes: &[u8]) -> std::result::Result<Parts, DerFault> {
    let mut outer = der::whole(bytes, der::SEQUENCE, "list")?.inside();
    let tbs = outer.expect(der::SEQUENCE, "signed part")?;
    let outer_algorithm = outer.expect(der::SEQUENCE, "signature algorithm")?;
    let signature = outer.expect(der::BIT_STRING, "signature")?;
    outer.finish("list")?;

    let mut reader = tbs.inside();
    let head = Head::read(&mut reader)?;
    // RFC 5280 5.1.1.2: an attacker must not be able to swap the outer, unsigned one.
    if head.algorithm.raw != outer_algorithm.raw {
        return Err(outer_algorithm.fault("signature algorithms differ"));
    }
    let entries = reader.optional(der::SEQUENCE)?;
    let extensions = reader.optional(0xa0)?;
    reader.finish("signed part")?;
    let terms = extensions.map_or(Ok(Terms::default()), |tlv| Terms::of(&tlv, &head))?;
    let mut usable = !(terms.unknown_critical && on(Check::ListCritical));
    if let Some(list) = &entries {
        let mut each = list.inside();
        while !each.is_empty() {
            let entry = Entry::read(&each.expect(der::SEQUENCE, "entry")?)?;
            usable &= fits(&entry, &terms);
        }
    }
    let entries = entries.map_or(0..0, |list| der::range_of(list.value, bytes));
    Ok(Parts {
        issuer: head.issuer.raw.to_vec(),
        comparable_issuer: name::comparable_bytes(head.issuer.raw),
        algorithm: algorithm::signature_algorithm(outer_algorithm.raw, None).ok(),
        signature: signature.bit_bytes()?.to_vec(),
        this_update: head.this_update,
        next_update: head.next_update,
        terms,
        usable,
        sha256: OnceLock::new(),
        body: Body::Whole { tbs: tbs.range_in(bytes), entries, der: bytes.into() },
    })
}

/// Whether an entry can be used in a list of those terms: only an indirect one has entries of other issuers (RFC 5280 5.3.3).
fn fits(entry: &Entry<'_>, terms: &Terms) -> bool {
    let critical = entry.unknown_critical && on(Check::ListEntryCritical);
    let foreign = entry.issuer.is_some() && !terms.indirect() && on(Check::ListEntryForeign);
    !critical && !foreign
}
