//! Signed attributes that are missing, doubled, wrong or written in another way than DER (RFC 5652 5.3 and 11).

use super::super::Family;
use super::super::cms_draft::*;
use super::super::der::{oid, tlv};
use thrivosign::crypto::{DigestAlgorithm, SignatureAlgorithm};

pub(crate) fn families() -> Vec<Family> {
    vec![content_type(), message_digest(), other_digest(), encoding(), protection(), twice()]
}

const UNKNOWN: &[u32] = &[1, 2, 3, 4];

fn sound() -> Vec<u8> {
    but(CADES, &|_| ())
}

fn content_type() -> Family {
    let mut family = Family::new("cms_content_type", "the signature does not say of what kind its content is, or says something else")
        .control("id-data", sound())
        .control("old kind", but(PKCS7, &|_| ()));
    for sub_filter in [CADES, PKCS7] {
        let cases: [(&str, &dyn Fn(&mut Draft)); 6] = [
            ("missing", &|d| d.remove(CONTENT_TYPE)),
            ("a time stamp's", &|d| d.set(CONTENT_TYPE, vec![oid(TST_INFO)])),
            ("two values", &|d| d.set(CONTENT_TYPE, vec![oid(DATA), oid(TST_INFO)])),
            ("no value", &|d| d.set(CONTENT_TYPE, Vec::new())),
            ("no identifier", &|d| d.set(CONTENT_TYPE, vec![vec![5, 0]])),
            ("twice", &|d| d.add(CONTENT_TYPE, vec![oid(TST_INFO)])),
        ];
        for (name, change) in cases {
            family = family.refused(format!("{name}, {sub_filter}"), but(sub_filter, change), "cms_attributes");
        }
    }
    family
}

fn message_digest() -> Family {
    let mut family = Family::new("cms_message_digest", "the digest is missing, or there are several to choose from")
        .control("one", sound())
        .control("old kind", but(PKCS7, &|d| d.set(SIGNING_TIME, vec![tlv(0x17, &[b"260601120000Z"])])));
    for sub_filter in [CADES, PKCS7] {
        let cases: [(&str, &dyn Fn(&mut Draft)); 6] = [
            ("missing", &|d| d.remove(MESSAGE_DIGEST)),
            ("twice", &|d| d.add(MESSAGE_DIGEST, vec![octets(&[0xff; 32])])),
            ("two values", &|d| {
                let good = octets(&DigestAlgorithm::Sha256.digest(&d.document));
                d.set(MESSAGE_DIGEST, vec![good, octets(&[0xff; 32])]);
            }),
            ("no value", &|d| d.set(MESSAGE_DIGEST, Vec::new())),
            ("a text", &|d| d.set(MESSAGE_DIGEST, vec![tlv(0x0c, &[&DigestAlgorithm::Sha256.digest(&d.document)])])),
            ("no attributes at all", &|d| d.attributes = Some(Vec::new())),
        ];
        for (name, change) in cases {
            family = family.refused(format!("{name}, {sub_filter}"), but(sub_filter, change), "cms_attributes");
        }
    }
    family
}

fn other_digest() -> Family {
    let mut family =
        Family::new("cms_other_digest", "a true signature over the digest of something else").control("the document's", sound());
    for sub_filter in [CADES, PKCS7] {
        let cases: [(&str, &dyn Fn(&Draft) -> Vec<u8>); 5] = [
            ("of other content", &|_| DigestAlgorithm::Sha256.digest(b"The borrower repays 1 rupee.")),
            ("its beginning", &|d| DigestAlgorithm::Sha256.digest(&d.document)[..16].to_vec()),
            ("nothing", &|_| Vec::new()),
            ("by another algorithm", &|d| DigestAlgorithm::Sha512.digest(&d.document)),
            ("of the document without its end", &|d| DigestAlgorithm::Sha256.digest(&d.document[..d.document.len() - 1])),
        ];
        for (name, digest) in cases {
            let made = but(sub_filter, &|d| d.set(MESSAGE_DIGEST, vec![octets(&digest(d))]));
            family = family.refused(format!("{name}, {sub_filter}"), made, "message_digest_mismatch");
        }
    }
    family
}

fn encoding() -> Family {
    let with = |values: Vec<Vec<u8>>| but(CADES, &|d| d.set(UNKNOWN, values.clone()));
    // The attributes under a longer length than they need, in lengths that nobody has to know.
    let longer = sealed_by(&dictionary(PKCS7), &|document| {
        let draft = Draft::good(document);
        let (der, set) = (draft.der(), draft.attribute_set());
        let at = der.windows(set.len() - 1).position(|w| w == &set[1..]).expect("attributes") - 1;
        let long = [&[0xa0, 0x82, 0, set[2]], &set[3..]].concat();
        open_ended(&[&der[..at], &long, &der[at + set.len()..]].concat(), 1)
    });
    Family::new("cms_attribute_encoding", "attributes that one reader signs as they stand and another as they should be")
        .control("DER", with(vec![vec![1, 1, 0xff]]))
        .refused("out of order", but(CADES, &|d| d.sorted = false), "cms_attributes")
        .refused("a boolean of BER", with(vec![vec![1, 1, 1]]), "cms_attributes")
        .refused("a string in pieces", with(vec![vec![0x24, 3, 4, 1, 7]]), "cms_attributes")
        .refused("values out of order", with(vec![vec![2, 1, 2], vec![2, 1, 1]]), "cms_attributes")
        .refused("an integer with a zero before", with(vec![vec![2, 2, 0, 1]]), "cms_attributes")
        .refused("a NULL with a value", with(vec![vec![5, 1, 0]]), "cms_attributes")
        .refused("a longer length than needed", longer, "cms_attributes")
        .refused("a member too many", but(CADES, &|d| d.extra = "attribute"), "cms_attributes")
        .refused("too many", but(CADES, &|d| (0..140).for_each(|n| d.add(UNKNOWN, vec![vec![2, 1, n % 100]]))), "cms_attributes")
}

/// The lengths around the SignerInfo's members made indefinite, after `more` bytes came into the attributes.
fn open_ended(bytes: &[u8], more: usize) -> Vec<u8> {
    fn size(bytes: &[u8]) -> Option<usize> {
        let (header, len) = match bytes.get(1)? {
            n if *n < 0x80 => (2, usize::from(*n)),
            n => {
                let digits = usize::from(n & 0x7f);
                (2 + digits, bytes.get(2..2 + digits)?.iter().fold(0, |len, b| len << 8 | usize::from(*b)))
            }
        };
        (header + len <= bytes.len()).then_some(header + len)
    }
    fn walk(bytes: &[u8], depth: usize, more: usize) -> Vec<u8> {
        let header = if bytes[1] < 0x80 { 2 } else { 2 + usize::from(bytes[1] & 0x7f) };
        let mut out = vec![bytes[0], 0x80];
        let mut rest = &bytes[header..];
        if depth == 4 {
            out.extend(rest);
        } else {
            while let Some(size) = size(rest).filter(|size| size + more < rest.len()) {
                out.extend(&rest[..size]);
                rest = &rest[size..];
            }
            out.extend(walk(rest, depth + 1, more));
        }
        out.extend([0, 0]);
        out
    }
    walk(bytes, 0, more)
}

fn protection() -> Family {
    let ecdsa = |tag: u8, digest| [&[tag], &SignatureAlgorithm::Ecdsa(digest).to_der()[1..]].concat();
    let with = |value: Vec<u8>| but(CADES, &|d| d.set(PROTECTION, vec![value.clone()]));
    let (sha256, sha512) = (DigestAlgorithm::Sha256, DigestAlgorithm::Sha512);
    let good = seq(&[&digest_id(sha256), &ecdsa(0xa1, sha256)]);
    Family::new("cms_algorithm_protection", "the signed algorithms are not those that are used (RFC 6211)")
        .control("those that are used", with(good.clone()))
        .all_refused(
            [
                ("another digest", with(seq(&[&digest_id(sha512), &ecdsa(0xa1, sha256)]))),
                ("another signature", with(seq(&[&digest_id(sha256), &ecdsa(0xa1, sha512)]))),
                ("a MAC", with(seq(&[&digest_id(sha256), &ecdsa(0xa2, sha256)]))),
                ("no signature", with(seq(&[&digest_id(sha256)]))),
                ("nothing", with(seq(&[]))),
                ("no sequence", with(vec![2, 1, 1])),
                ("something behind", with(seq(&[&digest_id(sha256), &ecdsa(0xa1, sha256), &[5, 0]]))),
                ("an unknown digest", with(seq(&[&named(MD5), &ecdsa(0xa1, sha256)]))),
                ("twice", but(CADES, &|d| [0, 1].into_iter().for_each(|_| d.add(PROTECTION, vec![good.clone()])))),
                ("two values", but(CADES, &|d| d.set(PROTECTION, vec![good.clone(), good.clone()]))),
            ],
            "cms_attributes",
        )
}

fn twice() -> Family {
    let time = |year: &str| tlv(0x17, &[format!("{year}0601120000Z").as_bytes()]);
    let good =
        |d: &Draft| d.attributes.as_ref().expect("attributes").iter().find(|(id, _)| *id == oid(BINDING_V2)).expect("there").1[0].clone();
    let other = || binding(&[], &[0xff; 32], &name("Attack Kit Root"), &[2]);
    let timed = |change: &dyn Fn(&mut Draft)| but(PKCS7, change);
    Family::new("cms_attributes_twice", "of two values one reader takes the first and another the last")
        .control("once", timed(&|d| d.set(SIGNING_TIME, vec![time("25")])))
        .all_refused(
            [
                ("two times", timed(&|d| [time("25"), time("26")].into_iter().for_each(|t| d.add(SIGNING_TIME, vec![t])))),
                ("a time with two values", timed(&|d| d.set(SIGNING_TIME, vec![time("25"), time("26")]))),
                ("a time with no value", timed(&|d| d.set(SIGNING_TIME, Vec::new()))),
                ("two bindings", but(CADES, &|d| d.add(BINDING_V2, vec![other()]))),
                ("the same binding twice", but(CADES, &|d| d.add(BINDING_V2, vec![good(d)]))),
                ("a binding with two values", but(CADES, &|d| d.set(BINDING_V2, vec![good(d), other()]))),
                ("a binding with no value", but(CADES, &|d| d.set(BINDING_V2, Vec::new()))),
            ],
            "cms_attributes",
        )
}
