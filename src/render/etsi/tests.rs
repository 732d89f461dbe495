//! The render room, tests only: the ETSI report of documents that are sound, unsigned, forged and hostile. What its schema says of it is tested with
//! the schema itself, in the tests of interoperation.

use super::{etsi, etsi_failure};
use crate::cancel::Progress;
use crate::error::{Error, ErrorKind};
use crate::pki::trust::TrustAnchors;
use crate::sign::SignatureRequest;
use crate::sign::testing::{Signer, Style, now, plain};
use crate::verify::{Policy, Report, VerifyOptions, verify};

fn judged(file: &[u8], signer: Option<&Signer>) -> Report {
    let trust: TrustAnchors = signer.iter().filter_map(|signer| signer.identity.chain().last().cloned()).collect();
    let options = VerifyOptions { trust: &trust, time: now(), policy: Policy::default(), password: None, evidence: None };
    verify(&file, &options, &Progress::default()).unwrap()
}

fn signed(signer: &Signer, reason: &str) -> Vec<u8> {
    let request = SignatureRequest { reason: Some(reason.to_owned()), ..SignatureRequest::new(now()) };
    signer.sign(&plain(Style::Table), &request).unwrap()
}

/// The values of an attribute, in the order of the document.
fn values<'a>(xml: &'a str, attribute: &str) -> Vec<&'a str> {
    let mark = format!(" {attribute}=\"");
    xml.match_indices(&mark).filter_map(|(at, _)| xml.get(at + mark.len()..)?.split('"').next()).collect()
}

#[test]
fn a_signature_is_told_with_what_it_rests_on() {
    let signer = Signer::p256();
    let report = judged(&signed(&signer, "I agree"), Some(&signer));
    let xml = etsi(&report);
    assert_eq!(xml, etsi(&report));
    for part in [
        "<vr:MainIndication>urn:etsi:019102:mainindication:total-passed</vr:MainIndication>",
        "<vr:SignatureValidationProcessID>urn:etsi:019102:validationprocess:Basic</vr:SignatureValidationProcessID>",
        "<vr:ReasonElement>I agree</vr:ReasonElement>",
        "<vr:SubFilterElement>ETSI.CAdES.detached</vr:SubFilterElement>",
        "<vr:Algorithm>http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256</vr:Algorithm>",
        "<vr:SecureAlgorithm>true</vr:SecureAlgorithm>",
        "<vr:ObjectType>urn:etsi:019102:validationObject:signedData</vr:ObjectType>",
        "<vr:Type>urn:thrivosign:report:clean</vr:Type>",
    ] {
        assert!(xml.contains(part), "{part}\n{xml}");
    }
    let (ids, references) = (values(&xml, "id"), values(&xml, "VOReference"));
    assert!(references.len() >= 5);
    for id in references {
        assert_eq!(ids.iter().filter(|known| **known == id).count(), 1, "{id}");
    }
}

#[test]
fn nothing_written_in_a_document_becomes_markup() {
    let signer = Signer::p256();
    let evil = "]]></vr:ReasonElement><vr:MainIndication>&x;\u{1b}\u{202e}";
    let xml = etsi(&judged(&signed(&signer, evil), None));
    let escaped = "]]&#x3E;&#x3C;/vr:ReasonElement&#x3E;&#x3C;vr:MainIndication&#x3E;&#x26;x;";
    assert!(xml.contains(escaped) && !xml.contains(['\u{1b}', '\u{202e}']), "{xml}");
    assert!(xml.contains("urn:etsi:019102:mainindication:indeterminate") && xml.contains(":NO_CERTIFICATE_CHAIN_FOUND<"), "{xml}");
}

#[test]
fn what_was_not_signed_or_not_judged_is_told_apart() {
    let unsigned = etsi(&judged(&plain(Style::Table), None));
    assert!(unsigned.contains("noSignatureFound") && !unsigned.contains("ValidationObject"), "{unsigned}");
    let failed = etsi_failure(&Error::new(ErrorKind::NotPdf), now());
    assert!(failed.contains("mainindication:indeterminate") && failed.contains(ErrorKind::NotPdf.name()), "{failed}");
}
