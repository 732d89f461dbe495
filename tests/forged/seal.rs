//! Signatures put into documents written by hand, so that a dictionary, its references and its place can be anything.

use super::authority::authority;
use super::document::{body, find, find_last, updated};
use std::ops::Range;
use thrivosign::cms::SignedAttributes;
use thrivosign::cms::build::signed_data;
use thrivosign::crypto::{DigestAlgorithm, SignatureAlgorithm};

pub(crate) const RANGE: &str = "/ByteRange[0 1111111111 1111111111 1111111111]";
pub(crate) const ROOM: usize = 4000;

/// A signature dictionary to be sealed, with `extra` entries.
pub(crate) fn signature(extra: &str) -> String {
    format!(
        "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:20260101000000Z){RANGE}/Contents<{}>{extra}>>",
        "0".repeat(ROOM)
    )
}

/// The last unsealed signature dictionary of the file, sealed over everything up to the file's end.
pub(crate) fn seal(bytes: Vec<u8>) -> Vec<u8> {
    let end = bytes.len();
    seal_to(bytes, end)
}

/// The same over everything up to `end`.
pub(crate) fn seal_to(bytes: Vec<u8>, end: usize) -> Vec<u8> {
    sealed(bytes, end, &Seal::default())
}

/// What is put into a dictionary of [`signature`]: each part may be another than the sound one.
pub(crate) struct Seal<'a> {
    /// Stands right before the digits, its last character being the first of the gap.
    pub(crate) open: &'a str,
    /// From where the gap begins and ends and how much follows: the entry in place of `/ByteRange[0 1111111111 ..]` and the spaces
    /// behind it.
    pub(crate) range: &'a dyn Fn([usize; 3]) -> String,
    /// From the same: what is signed.
    pub(crate) signed: &'a dyn Fn([usize; 3]) -> Vec<Range<usize>>,
    /// From the digest: the CMS.
    pub(crate) cms: &'a dyn Fn(&[u8]) -> Vec<u8>,
    /// From the CMS: what stands behind the opening bracket.
    pub(crate) written: &'a dyn Fn(&[u8]) -> Vec<u8>,
}

impl Default for Seal<'_> {
    fn default() -> Self {
        Seal { open: "/Contents<", range: &range, signed: &around, cms: &cms, written: &|cms| digits(cms).into_bytes() }
    }
}

/// The entry as it must be.
pub(crate) fn range([a, b, c]: [usize; 3]) -> String {
    format!("/ByteRange[0 {a} {b} {c}]")
}

/// All but the gap.
pub(crate) fn around([a, b, c]: [usize; 3]) -> Vec<Range<usize>> {
    vec![0..a, b..b + c]
}

/// The CMS of a sound signature over that SHA-256 digest.
pub(crate) fn cms(digest: &[u8]) -> Vec<u8> {
    let (key, chain) = (&authority().key, &authority().chain);
    let attributes = SignedAttributes::for_pades(digest, DigestAlgorithm::Sha256, &chain[0]);
    let algorithm = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256);
    let value = key.sign(attributes.der(), &algorithm).expect("signs");
    signed_data(&attributes, &algorithm, &value, chain, &[]).expect("a CMS")
}

pub(crate) fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The last unsealed signature dictionary of the file, sealed up to `end` as `how` says.
pub(crate) fn sealed(mut bytes: Vec<u8>, end: usize, how: &Seal<'_>) -> Vec<u8> {
    let at = find_last(&bytes, RANGE.as_bytes()).expect("a dictionary to seal");
    let room = RANGE.len() + bytes[at + RANGE.len()..].iter().take_while(|c| **c == b' ').count();
    let a = at + find(&bytes[at..], how.open.as_bytes()).expect("contents") + how.open.len() - 1;
    let b = a + bytes[a..].iter().position(|c| matches!(c, b'>' | b')')).expect("an end") + 1;
    let place = [a, b, end - b];
    let range = format!("{:room$}", (how.range)(place));
    assert_eq!(range.len(), room, "{range} needs more room");
    bytes[at..at + room].copy_from_slice(range.as_bytes());
    let signed: Vec<u8> = (how.signed)(place).into_iter().flat_map(|part| bytes[part].to_vec()).collect();
    let written = (how.written)(&(how.cms)(&DigestAlgorithm::Sha256.digest(&signed)));
    assert!(written.len() <= b - a - 2, "{} bytes need more room", written.len());
    bytes[a + 1..a + 1 + written.len()].copy_from_slice(&written);
    bytes
}

/// One more revision with an invisible signature in field 40, dictionary 41, of the form in object 6; `field` and `extra` are added to
/// them, `objects` ride along.
pub(crate) fn countersigned(base: &[u8], field: &str, extra: &str, objects: &[(u32, &str)]) -> Vec<u8> {
    let form = body(base, 6);
    let at = form.find("/Fields[").expect("fields") + 8;
    let form = format!("{}40 0 R {}", &form[..at], &form[at..]);
    let widget = format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Second)/V 41 0 R/Rect[0 0 0 0]/F 132/P 3 0 R{field}>>");
    let dictionary = signature(extra);
    let mut all: Vec<(u32, &str)> = vec![(6, &form), (40, &widget), (41, &dictionary)];
    all.extend_from_slice(objects);
    seal(updated(base, &all, ""))
}
