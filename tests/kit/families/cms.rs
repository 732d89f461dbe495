//! The CMS lessons: more than one signer, content that is attached, attributes that are missing. Built by hand; the digest is right.

use super::super::Family;
use super::super::authority::{Key, authority};
use super::super::der::{SEQUENCE, oid, tlv};
use super::super::page::{sealed_as, signed};
use super::super::seal::{Seal, signature};
use thrivosign::cms::SignedAttributes;
use thrivosign::crypto::{DigestAlgorithm, SignatureAlgorithm};

pub(crate) fn families() -> Vec<Family> {
    vec![signers(), attached(), no_attributes()]
}

/// One SignerInfo (RFC 5652 5.3).
fn signer_info(digest: &[u8], key: &Key, attributes: bool) -> Vec<u8> {
    let signer = &authority().chain[0];
    let sha256 = tlv(SEQUENCE, &[&oid(&[2, 16, 840, 1, 101, 3, 4, 2, 1])]);
    let ecdsa = tlv(SEQUENCE, &[&oid(&[1, 2, 840, 10045, 4, 3, 2])]);
    let sid = tlv(SEQUENCE, &[signer.issuer_der(), &tlv(2, &[signer.serial()])]);
    let (signed, value) = if attributes {
        let attributes = SignedAttributes::for_pades(digest, DigestAlgorithm::Sha256, signer);
        let value = key.sign(attributes.der(), &SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256)).expect("signs");
        ([&[0xa0], &attributes.der()[1..]].concat(), value)
    } else {
        (Vec::new(), key.sign_digest(digest))
    };
    tlv(SEQUENCE, &[&[2, 1, 1], &sid, &sha256, &signed, &ecdsa, &tlv(4, &[&value])])
}

/// A ContentInfo with these SignerInfos and this content.
fn signed_data(infos: &[Vec<u8>], content: &[u8]) -> Vec<u8> {
    let sha256 = tlv(SEQUENCE, &[&oid(&[2, 16, 840, 1, 101, 3, 4, 2, 1])]);
    let certificate = authority().chain[0].der();
    let infos: Vec<&[u8]> = infos.iter().map(Vec::as_slice).collect();
    let data = tlv(SEQUENCE, &[&[2, 1, 1], &tlv(0x31, &[&sha256]), content, &tlv(0xa0, &[certificate]), &tlv(0x31, &infos)]);
    tlv(SEQUENCE, &[&oid(&[1, 2, 840, 113_549, 1, 7, 2]), &tlv(0xa0, &[&data])])
}

/// Detached content of a type, or with octets.
fn content(kind: &[u32], octets: Option<&[u8]>) -> Vec<u8> {
    let attached = octets.map(|octets| tlv(0xa0, &[&tlv(4, &[octets])])).unwrap_or_default();
    tlv(SEQUENCE, &[&oid(kind), &attached])
}

/// From the document's digest: SignerInfos, or content.
type Infos<'a> = &'a dyn Fn(&[u8]) -> Vec<Vec<u8>>;
type Bytes<'a> = &'a dyn Fn(&[u8]) -> Vec<u8>;

const DATA: &[u32] = &[1, 2, 840, 113_549, 1, 7, 1];

fn make(sub_filter: &str, cms: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let dictionary = signature("").replace("ETSI.CAdES.detached", sub_filter);
    sealed_as(&dictionary, &[], &Seal { cms, ..Seal::default() })
}

fn signers() -> Family {
    let key = &authority().key;
    let sound = |digest: &[u8]| signer_info(digest, key, true);
    let infos =
        |infos: &dyn Fn(&[u8]) -> Vec<Vec<u8>>| make("ETSI.CAdES.detached", &|digest| signed_data(&infos(digest), &content(DATA, None)));
    let other = Key::new(0x33);
    let mut family = Family::new("signer_infos", "more signers than one, or none: one reader verifies the first, another any")
        .control("one", infos(&|digest| vec![sound(digest)]));
    let cases: [(&str, Infos<'_>); 8] = [
        ("none", &|_| Vec::new()),
        ("twice the same", &|digest| vec![sound(digest), sound(digest)]),
        ("a sound one and one over something else", &|digest| vec![sound(digest), sound(&[0; 32])]),
        ("one over something else and a sound one", &|digest| vec![sound(&[0; 32]), sound(digest)]),
        ("a sound one and another's", &|digest| vec![sound(digest), signer_info(digest, &other, true)]),
        ("another's and a sound one", &|digest| vec![signer_info(digest, &other, true), sound(digest)]),
        ("three", &|digest| vec![sound(digest), sound(&[1; 32]), sound(&[2; 32])]),
        ("with and without attributes", &|digest| vec![sound(digest), signer_info(digest, key, false)]),
    ];
    for (name, of) in cases {
        family = family.refused(name, infos(of), "cms_attributes");
    }
    family
}

fn attached() -> Family {
    let key = &authority().key;
    let with =
        |of: &dyn Fn(&[u8]) -> Vec<u8>| make("ETSI.CAdES.detached", &|digest| signed_data(&[signer_info(digest, key, true)], &of(digest)));
    let mut family = Family::new("attached_content", "the CMS brings content of its own: a reader verifies that instead of the document")
        .control("detached", with(&|_| content(DATA, None)));
    let cases: [(&str, Bytes<'_>); 6] = [
        ("the digest", &|digest| content(DATA, Some(digest))),
        ("nothing", &|_| content(DATA, Some(&[]))),
        ("text", &|_| content(DATA, Some(b"The borrower repays 999 rupees."))),
        ("another type", &|_| content(&[1, 2, 840, 113_549, 1, 7, 5], None)),
        ("a time stamp's type", &|_| content(&[1, 2, 840, 113_549, 1, 9, 16, 1, 4], None)),
        ("another type, attached", &|digest| content(&[1, 2, 840, 113_549, 1, 7, 5], Some(digest))),
    ];
    for (name, of) in cases {
        family = family.refused(name, with(of), "cms_attributes");
    }
    let inside = make("ETSI.CAdES.detached", &|_| {
        let text = b"The borrower repays 999 rupees.";
        signed_data(&[signer_info(&DigestAlgorithm::Sha256.digest(text), key, true)], &content(DATA, Some(text)))
    });
    family.refused("a signature over it", inside, "cms_attributes")
}

fn no_attributes() -> Family {
    let key = &authority().key;
    let bare = |sub_filter: &str| make(sub_filter, &|digest| signed_data(&[signer_info(digest, key, false)], &content(DATA, None)));
    let wrong =
        make("ETSI.CAdES.detached", &|digest| signed_data(&[signer_info(&[digest, &[0]].concat()[1..], key, false)], &content(DATA, None)));
    Family::new("no_signed_attributes", "a PAdES signature without signed attributes: nothing binds it to its signer, and a signature over attributes can be passed off as one over a document")
        .control("with attributes", signed())
        .control("where they may be missing", bare("adbe.pkcs7.detached"))
        .refused("without", bare("ETSI.CAdES.detached"), "cms_attributes")
        .refused("without, over something else", wrong, "cms_attributes")
}
