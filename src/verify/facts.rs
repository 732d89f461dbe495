//! The verify room: facts, no opinion. Takes the candidates, gives for each what its bytes, its CMS and its mathematics say.

use super::changes::Changes;
use super::coverage::{self, Covered, Fault};
use super::digest::{Wanted, digests};
use super::locate::{Candidate, Located};
use super::reason::Reason;
use super::stamps::{self, Stamp};
use super::structure;
use crate::cancel::Progress;
use crate::cms::parse::MAX_CERTIFICATES;
use crate::cms::{BareSignature, CmsFacts, CmsFailure, CmsReason, Expect, SignedData};
use crate::crypto::KnownSignatures;
use crate::crypto::digest::DigestAlgorithm;
use crate::error::{Error, ErrorKind, Result};
use crate::evidence::Bundle;
use crate::pdf::{Document, Object, Span};
use crate::switch::{Check, on};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The facts about one candidate, in the order of the candidates.
pub(super) struct SignatureFacts {
    pub(super) covered: std::result::Result<Covered, Fault>,
    /// What is wrong with the structure, beside the coverage.
    pub(super) fault: Option<(Fault, String)>,
    pub(super) expect: Option<Expect>,
    pub(super) cms: Option<CmsFacts>,
    /// What followed; none where nothing could be compared.
    pub(super) changes: Option<Changes>,
    /// The time stamps in its unsigned attributes.
    pub(super) stamps: Vec<Stamp>,
    /// Of a document time stamp: SHA-256 of its token.
    pub(super) token_sha256: [u8; 32],
    /// Of a document time stamp: SHA-256 of each piece of evidence in the document when it was made.
    pub(super) seals: Vec<[u8; 32]>,
}

impl SignatureFacts {
    /// What it covers, and nothing more.
    pub(super) fn of(covered: std::result::Result<Covered, Fault>) -> SignatureFacts {
        let (stamps, seals) = (Vec::new(), Vec::new());
        SignatureFacts { covered, fault: None, expect: None, cms: None, changes: None, stamps, token_sha256: [0; 32], seals }
    }
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
    /// The signature that was verified when the key gave it: the same key, algorithm, message and value are not computed once more.
    pub signature: Arc<KnownSignatures>,
}

impl KnownDigest {
    fn is_over(&self, covered: &Covered) -> bool {
        self.gap == covered.gap && self.end == covered.end
    }
}

pub(super) struct Facts {
    pub(super) signatures: Vec<SignatureFacts>,
    /// The evidence that the document carries.
    pub(super) embedded: Bundle,
    /// Lists and responses that stood in the store when something was signed, and that it no longer has.
    pub(super) earlier: Bundle,
}

/// What /Contents holds.
enum Parsed {
    Cms(SignedData),
    /// With the certificates of /Cert.
    Bare(BareSignature, Vec<Vec<u8>>),
}

impl Parsed {
    fn read(
        expect: Expect,
        contents: &[u8],
        certificates: impl FnOnce() -> Result<Vec<Vec<u8>>>,
    ) -> Result<std::result::Result<Parsed, CmsFailure>> {
        Ok(match expect {
            Expect::X509RsaSha1 => match BareSignature::parse(contents) {
                Ok(bare) => Ok(Parsed::Bare(bare, certificates()?)),
                Err(failure) => Err(failure),
            },
            _ => SignedData::parse(contents).map(Parsed::Cms),
        })
    }

    fn consumed(&self) -> usize {
        match self {
            Parsed::Cms(data) => data.consumed(),
            Parsed::Bare(bare, _) => bare.consumed(),
        }
    }

    /// The digest that will be asked for first.
    fn digest_algorithm(&self, expect: Option<Expect>) -> Option<DigestAlgorithm> {
        match self {
            Parsed::Cms(data) if expect != Some(Expect::Pkcs7Sha1) => data.digest_algorithm(),
            _ => Some(DigestAlgorithm::Sha1),
        }
    }
}

/// /Cert: a string, or an array of strings, the signer's first (ISO 32000-2 table 255). A member of another kind counts as unreadable.
fn certificates(document: &Document<'_>, candidate: &Candidate) -> Result<Vec<Vec<u8>>> {
    let view = document.at(candidate.revision);
    let string = |object: &Object| -> Result<Vec<u8>> {
        document.budget().step(1)?;
        Ok(view.resolve(object)?.as_string().map(<[u8]>::to_vec).unwrap_or_default())
    };
    match view.get(&candidate.dict, b"Cert")? {
        Object::Array(members) => members.iter().take(MAX_CERTIFICATES + 1).map(string).collect(),
        Object::Null => Ok(Vec::new()),
        one => Ok(vec![string(&one)?]),
    }
}

pub(super) fn gather(document: &Document<'_>, located: &Located, known: Option<&KnownDigest>, progress: &Progress<'_>) -> Result<Facts> {
    let mut signatures = Vec::new();
    let mut parsed: Vec<Option<Parsed>> = Vec::new();
    let mut revisions: BTreeMap<usize, Option<Fault>> = BTreeMap::new();
    for candidate in &located.candidates {
        let covered = coverage::cover(document, candidate)?;
        let mut fault = structure::dictionary_faults(candidate).map(|fault| (fault, String::new()));
        let sub_filter = document.at(candidate.revision).get(&candidate.dict, b"SubFilter")?;
        let mut expect = sub_filter.as_name().and_then(Expect::of_sub_filter);
        if expect.is_none() && !on(Check::SubFilterKnown) {
            expect = Some(Expect::CadesDetached);
        }
        let (mut data, mut token_sha256) = (None, [0; 32]);
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
                let read = expect.map(|kind| Parsed::read(kind, contents, || certificates(document, candidate))).transpose()?;
                match read {
                    None => {
                        let missing = if sub_filter.is_null() { "/SubFilter is missing" } else { "" };
                        fault = Some(((Reason::SubFilterUnsupported, None), missing.to_owned()));
                    }
                    // Only zero padding may follow: anything else is not signed and could be anything.
                    Some(Ok(parsed)) if contents.iter().skip(parsed.consumed()).any(|b| *b != 0) && on(Check::NothingBehindCms) => {
                        fault = Some(((Reason::ContentsTrailing, Some(at)), String::new()));
                    }
                    Some(Ok(parsed)) => {
                        if expect == Some(Expect::TimeStamp) {
                            token_sha256 = stamps::sha256(contents.get(..parsed.consumed()).unwrap_or_default());
                        }
                        data = Some(parsed);
                    }
                    Some(Err(failure)) => fault = Some(((Reason::CmsMalformed, Some(at)), failure.reason.code().to_owned())),
                }
            }
        }
        parsed.push(data);
        signatures.push(SignatureFacts { fault, expect, token_sha256, ..SignatureFacts::of(covered) });
    }
    overlaps(&mut signatures);
    check(document, &mut signatures, &parsed, known, progress)?;
    Ok(Facts { signatures, embedded: Bundle::default(), earlier: Bundle::default() })
}

/// Each range against all others: two that end at the same byte cannot both have been signed last.
fn overlaps(signatures: &mut [SignatureFacts]) {
    let ends: Vec<Option<u64>> = signatures.iter().map(|s| s.covered.as_ref().ok().map(|c| c.end)).collect();
    for (i, signature) in signatures.iter_mut().enumerate() {
        let Some(end) = ends[i] else { continue };
        let shared = ends.iter().enumerate().any(|(j, other)| j != i && *other == Some(end));
        if shared && signature.fault.is_none() && on(Check::RangesNest) {
            signature.fault = Some(((Reason::RangesOverlap, Some(end)), String::new()));
        }
    }
}

fn check(
    document: &Document<'_>,
    signatures: &mut [SignatureFacts],
    parsed: &[Option<Parsed>],
    handed: Option<&KnownDigest>,
    progress: &Progress<'_>,
) -> Result<()> {
    let handed_for = |covered: &Covered, algorithm: DigestAlgorithm| handed.filter(|k| k.algorithm == algorithm && k.is_over(covered));
    let source = document.source();
    // What the CMS structures ask for, in one pass; a time stamp's imprint may ask for another algorithm, which is computed on demand.
    let mut wanted = Vec::new();
    let mut places = Vec::new();
    for (i, (signature, data)) in signatures.iter().zip(parsed).enumerate() {
        if let (Ok(covered), Some(data), None) = (&signature.covered, data, &signature.fault)
            && let Some(algorithm) = data.digest_algorithm(signature.expect)
            && handed_for(covered, algorithm).is_none()
        {
            wanted.push(Wanted { algorithm, gap: covered.gap, end: covered.end });
            places.push(i);
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
        let mut cms = match data {
            Parsed::Cms(data) => data.check_knowing(expect, &digest, handed.map(|known| &*known.signature))?,
            Parsed::Bare(bare, certificates) => bare.check(certificates, &digest)?,
        };
        // Where the content itself is what the key signed, content that begins as an attribute set could be the attributes of a signature
        // over something else, lifted from there. No PDF begins so by itself.
        let bare = cms.failure.is_none() && !cms.has_signed_attributes && expect != Expect::Pkcs7Sha1;
        if bare && source.read_range(0, 1)?.first() == Some(&0x31) && on(Check::ContentIsNoAttributes) {
            cms.failure = Some(CmsFailure::new(CmsReason::ContentIsAttributes, ""));
        }
        signature.cms = Some(cms);
    }
    Ok(())
}
