//! The signer's certificate is revoked, and the document has said so: what becomes of the list in later stores.

use super::super::Family;
use super::super::authority::Key;
use super::super::cms_draft::{name, seq};
use super::super::der::tlv;
use super::super::document::updated;
use super::super::page::{CATALOG, with};
use super::super::seal::countersigned;
use super::super::sections::stream;
use thrivosign::crypto::{DigestAlgorithm, SignatureAlgorithm};

pub(crate) fn families() -> Vec<Family> {
    vec![list_replaced()]
}

/// A list of the kit's root (RFC 5280 5.1), of these serial numbers; the signer has 2.
fn list(gone: &[u8]) -> String {
    let algorithm = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256);
    let time = |text: &str| tlv(0x17, &[text.as_bytes()]);
    let entries: Vec<u8> = gone.iter().flat_map(|serial| seq(&[&tlv(2, &[&[*serial]]), &time("260201000000Z")])).collect();
    let head = [&[2, 1, 1][..], &algorithm.to_der(), &name("Attack Kit Root"), &time("260531000000Z"), &time("260701000000Z")].concat();
    let body = seq(&[&head, &seq(&[&entries])]);
    let value = Key::new(0x11).sign(&body, &algorithm).expect("signs");
    stream("", &seq(&[&body, &algorithm.to_der(), &tlv(3, &[&[0], &value])]))
}

fn list_replaced() -> Family {
    let catalog = CATALOG.replace("/AcroForm", "/DSS 30 0 R/AcroForm");
    let signed = |first: &str| with(&[(1, &catalog), (30, "<</CRLs[31 0 R]>>"), (31, first)]);
    let (revoked, other, sound) = (list(&[2]), list(&[7]), list(&[9]));
    let base = signed(&revoked);
    let later = |objects: &[(u32, &str)]| updated(&base, objects, "");
    Family::new("revocation_replaced", "a later store without the list that revokes the signer, which the signed revision holds")
        .control("a list of somebody else", signed(&other))
        .control("and then another", updated(&signed(&other), &[(30, "<</CRLs[32 0 R]>>"), (32, &sound)], ""))
        .all_refused(
            [
                ("as it was signed", base.clone()),
                ("another list", later(&[(30, "<</CRLs[32 0 R]>>"), (32, &sound)])),
                ("another list in its place", later(&[(31, &sound)])),
                ("no list", later(&[(30, "<</CRLs[]>>")])),
                ("another list, and a second signature over it", countersigned(&later(&[(31, &sound)]), "", "", &[])),
            ],
            "certificate_revoked",
        )
}
