//! The verify room: facts, no opinion. Takes the candidates, gives for each what its bytes, its CMS and its mathematics say.

use super::changes::Changes;
use super::coverage::{self, Covered, Fault};
use super::digest::{Wanted, digests};
use super::locate::Located;
use super::reason::Reason;
use super::structure;
use crate::cancel::Progress;
use crate::cms::{CmsFacts, Expect, SignedData};
use crate::crypto::digest::DigestAlgorithm;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::{Document, Object, Span};
use std::collections::BTreeMap;

/// The facts about one candidate, in the order of the candidates.
pub(super) struct SignatureFacts {
    pub(super) covered: std::result::Result<Covered, Fault>,
    /// What is wrong with the structure, beside the coverage.
    pub(super) fault: Option<(Fault, String)>,
    pub(super) expect: Option<Expect>,
    pub(super) cms: Option<CmsFacts>,
    pub(super) changes: Changes,
}

/// A digest over signed ranges that the caller computed itself, while it wrote the file.
pub struct KnownDigest {
    /// Its algorithm.
    pub algorithm: DigestAlgorithm,
    /// Its value.
    pub value: Vec<u8>,
    /// What it leaves out: `/Contents` from `<` to behind `>`.
    pub gap: Span,
    /// One past the last byte it is over.
    pub end: u64,
}

impl KnownDigest {
    fn is_over(&self, covered: &Covered) -> bool {
        self.gap == covered.gap && self.end == covered.end
    }
}

pub(super) struct Facts {
    pub(super) signatures: Vec<SignatureFacts>,
}

/// The kind of signature by `/SubFilter`.
fn expectation(sub_filter: Option<&[u8]>) -> Option<Expect> {
    match sub_filter? {
        b"ETSI.CAdES.detached" => Some(Expect::CadesDetached),
        b"adbe.pkcs7.detached" => Some(Expect::Pkcs7Detached),
        b"adbe.pkcs7.sha1" => Some(Expect::Pkcs7Sha1),
        b"ETSI.RFC3161" => Some(Expect::TimeStamp),
        _ => None,
    }
}

pub(super) fn gather(document: &Document<'_>, located: &Located, known: Option<&KnownDigest>, progress: &Progress<'_>) -> Result<Facts> {
    let mut signatures = Vec::new();
    let mut parsed: Vec<Option<SignedData>> = Vec::new();
    let mut revisions: BTreeMap<usize, Option<Fault>> = BTreeMap::new();
    for candidate in &located.candidates {
        let covered = coverage::cover(document, candidate)?;
        let mut fault = structure::dictionary_faults(candidate).map(|fault| (fault, String::new()));
        let sub_filter = document.at(candidate.revision).get(&candidate.dict, b"SubFilter")?;
        let expect = expectation(sub_filter.as_name());
        let mut data = None;
        if let (Ok(covered), None) = (&covered, &fault) {
            let of_revision = match revisions.get(&covered.revision) {
                Some(known) => *known,
                None => {
                    let found = match structure::revision_faults(document.at(covered.revision)) {
                        Ok(found) => found,
                        Err(error) if error.kind() == ErrorKind::PdfDamaged => Some((Reason::SignedStructureDamaged, error.position())),
                        Err(error) => return Err(error),
                    };
                    revisions.insert(covered.revision, found);
                    found
                }
            };
            fault = of_revision.map(|fault| (fault, String::new()));
            if fault.is_none() {
                let contents = candidate.dict.get(b"Contents").and_then(Object::as_string).unwrap_or_default();
                let at = covered.gap.start;
                match SignedData::parse(contents) {
                    _ if expect.is_none() => fault = Some(((Reason::SubFilterUnsupported, None), String::new())),
                    // Only zero padding may follow: anything else is not signed and could be anything.
                    Ok(parsed) if contents.iter().skip(parsed.consumed()).any(|b| *b != 0) => {
                        fault = Some(((Reason::ContentsTrailing, Some(at)), String::new()));
                    }
                    Ok(parsed) => data = Some(parsed),
                    Err(failure) => fault = Some(((Reason::CmsMalformed, Some(at)), failure.reason.code().to_owned())),
                }
            }
        }
        parsed.push(data);
        signatures.push(SignatureFacts { covered, fault, expect, cms: None, changes: Changes::default() });
    }
    overlaps(&mut signatures);
    check(document, &mut signatures, &parsed, known, progress)?;
    Ok(Facts { signatures })
}

/// Each range against all others: two that end at the same byte cannot both have been signed last.
fn overlaps(signatures: &mut [SignatureFacts]) {
    let ends: Vec<Option<u64>> = signatures.iter().map(|s| s.covered.as_ref().ok().map(|c| c.end)).collect();
    for (i, signature) in signatures.iter_mut().enumerate() {
        let Some(end) = ends[i] else { continue };
        if ends.iter().enumerate().any(|(j, other)| j != i && *other == Some(end)) && signature.fault.is_none() {
            signature.fault = Some(((Reason::RangesOverlap, Some(end)), String::new()));
        }
    }
}

fn check(
    document: &Document<'_>,
    signatures: &mut [SignatureFacts],
    parsed: &[Option<SignedData>],
    handed: Option<&KnownDigest>,
    progress: &Progress<'_>,
) -> Result<()> {
    let handed_for = |covered: &Covered, algorithm: DigestAlgorithm| handed.filter(|k| k.algorithm == algorithm && k.is_over(covered));
    let source = document.source();
    // What the CMS structures ask for, in one pass; a time stamp's imprint may ask for another algorithm, which is computed on demand.
    let mut wanted = Vec::new();
    let mut places = Vec::new();
    for (i, (signature, data)) in signatures.iter().zip(parsed).enumerate() {
        if let (Ok(covered), Some(data), None) = (&signature.covered, data, &signature.fault) {
            let algorithm = if signature.expect == Some(Expect::Pkcs7Sha1) { Some(DigestAlgorithm::Sha1) } else { data.digest_algorithm() };
            if let Some(algorithm) = algorithm.filter(|algorithm| handed_for(covered, *algorithm).is_none()) {
                wanted.push(Wanted { algorithm, gap: covered.gap, end: covered.end });
                places.push(i);
            }
        }
    }
    let made = digests(source, &wanted, progress)?;
    for (i, (signature, data)) in signatures.iter_mut().zip(parsed).enumerate() {
        let (Ok(covered), Some(data), Some(expect), None) = (&signature.covered, data, signature.expect, &signature.fault) else {
            continue;
        };
        let known =
            places.iter().zip(&wanted).zip(&made).find(|((place, _), _)| **place == i).map(|((_, w), digest)| (w.algorithm, digest));
        let covered = *covered;
        let digest = |algorithm: DigestAlgorithm| match known {
            Some((ready, digest)) if ready == algorithm => Ok(digest.clone()),
            _ if handed_for(&covered, algorithm).is_some() => Ok(handed.map(|k| k.value.clone()).unwrap_or_default()),
            _ => {
                let one = [Wanted { algorithm, gap: covered.gap, end: covered.end }];
                digests(source, &one, progress)?.pop().ok_or_else(|| Error::new(ErrorKind::Internal))
            }
        };
        signature.cms = Some(data.check(expect, &digest)?);
    }
    Ok(())
}
