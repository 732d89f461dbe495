//! The `cms` crate reads what we write: an oracle that nobody here wrote (docs/adr/0003).
//!
//! Takes a document signed through the public API; the crate must find in its /Contents what was put there.

// Tests are an edge: they run programs and read files.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, dead_code)]

#[path = "forged/authority.rs"]
mod authority;
#[path = "forged/document.rs"]
mod document;

use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier};
use der::{Decode, Encode};
use thrivosign::pdf::{Document, Object};

#[test]
fn the_crate_reads_what_we_write() {
    let signed = document::signed(&document::agreement());
    let opened = Document::open(&signed).expect("opens");
    let view = opened.latest();
    let form = view.get_dict(&view.catalog().expect("a catalog"), b"AcroForm").expect("reads").expect("a form");
    let fields = view.get_array(&form, b"Fields").expect("reads").expect("fields");
    let field = view.resolve(fields.last().expect("a field")).expect("reads");
    let value = view.get_dict(field.as_dict().expect("a dictionary"), b"V").expect("reads").expect("a signature");
    let contents = value.get(b"Contents").and_then(Object::as_string).expect("contents");
    let ours = thrivosign::cms::SignedData::parse(contents).expect("we read it");

    let info = ContentInfo::from_der(&contents[..ours.consumed()]).expect("a ContentInfo");
    let theirs: SignedData = info.content.decode_as().expect("SignedData");
    let again = info.to_der().expect("encodes");
    assert_eq!(again, contents[..ours.consumed()], "what we write is the crate's DER too");
    assert_eq!(theirs.digest_algorithms.len(), 1);
    assert!(theirs.encap_content_info.econtent.is_none());
    let signer = theirs.signer_infos.0.get(0).expect("a signer");
    let attributes = signer.signed_attrs.as_ref().expect("signed attributes").to_der().expect("encodes");
    assert_eq!(Some(attributes), ours.signed_attributes_message(), "the message that was signed");
    assert_eq!(signer.signature.as_bytes(), ours.signature_value());
    let leaf = &authority::authority().chain[0];
    let SignerIdentifier::IssuerAndSerialNumber(named) = &signer.sid else { panic!("issuer and serial number") };
    assert_eq!(named.issuer.to_der().expect("encodes"), leaf.issuer_der());
    assert_eq!(named.serial_number.as_bytes(), leaf.serial());
    assert_eq!(theirs.certificates.expect("certificates").0.len(), authority::authority().chain.len());
}
