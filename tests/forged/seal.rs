//! Signatures put into documents written by hand, so that a dictionary, its references and its place can be anything.

use crate::authority::authority;
use crate::document::{body, find, find_last, updated};
use thrivosign::cms::SignedAttributes;
use thrivosign::cms::build::signed_data;
use thrivosign::crypto::{DigestAlgorithm, SignatureAlgorithm};

const RANGE: &str = "/ByteRange[0 1111111111 1111111111 1111111111]";
const ROOM: usize = 4000;

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
pub(crate) fn seal_to(mut bytes: Vec<u8>, end: usize) -> Vec<u8> {
    let at = find_last(&bytes, RANGE.as_bytes()).expect("a dictionary to seal");
    let a = at + find(&bytes[at..], b"/Contents<").expect("contents") + 9;
    let b = a + ROOM + 2;
    let range = format!("/ByteRange[0 {a} {b} {}", end - b);
    let range = format!("{range:width$}]", width = RANGE.len() - 1);
    bytes[at..at + RANGE.len()].copy_from_slice(range.as_bytes());
    let digest = DigestAlgorithm::Sha256.digest(&[&bytes[..a], &bytes[b..end]].concat());
    let (key, chain) = (&authority().key, &authority().chain);
    let attributes = SignedAttributes::for_pades(&digest, DigestAlgorithm::Sha256, &chain[0]);
    let algorithm = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256);
    let value = key.sign(attributes.der(), &algorithm).expect("signs");
    let cms: String = signed_data(&attributes, &algorithm, &value, chain).expect("a CMS").iter().map(|b| format!("{b:02x}")).collect();
    bytes[a + 1..a + 1 + cms.len()].copy_from_slice(cms.as_bytes());
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
