//! Whose signature it is: the certificate that the SignerIdentifier names and the signing-certificate attribute binds (RFC 5035).

use super::super::Family;
use super::super::authority::{Key, authority};
use super::super::cms_draft::*;
use super::super::der::{oid, tlv};
use thrivosign::crypto::DigestAlgorithm;
use thrivosign::pki::certificate::Certificate;

const MISSING: &str = "signing_certificate_missing";

pub(crate) fn families() -> Vec<Family> {
    vec![unbound(), hashes(), names(), swapped(), identifiers(), ambiguous(), versions(), unsuitable()]
}

fn signer() -> &'static Certificate {
    &authority().chain[0]
}

fn bound(id: &'static [u32], algorithm: &[u8], hash: &[u8], issuer: &[u8], serial: &[u8]) -> Vec<u8> {
    let value = binding(algorithm, hash, issuer, serial);
    but(CADES, &|d| {
        d.remove(BINDING_V2);
        d.set(id, vec![value.clone()]);
    })
}

fn unbound() -> Family {
    let value = |value: Vec<u8>| but(CADES, &|d| d.set(BINDING_V2, vec![value.clone()]));
    Family::new("cms_unbound", "nothing that is signed says whose certificate it is")
        .control("bound", but(CADES, &|_| ()))
        .control("old kind, where one certificate answers", but(PKCS7, &|d| d.remove(BINDING_V2)))
        .refused("no attribute", but(CADES, &|d| d.remove(BINDING_V2)), MISSING)
        .refused(
            "another attribute of that length",
            but(CADES, &|d| d.attributes.as_mut().expect("some").last_mut().expect("one").0 = oid(&[1, 2, 840, 113_549, 1, 9, 16, 2, 48])),
            MISSING,
        )
        .refused("a list without certificate", value(seq(&[&seq(&[])])), MISSING)
        .refused("no list", value(seq(&[])), MISSING)
        .refused("no sequence", value(octets(&signer().sha256())), MISSING)
        .refused("a certificate without hash", value(seq(&[&seq(&[&seq(&[])])])), MISSING)
        .refused("no certificate beside it", but(CADES, &|d| d.certificates.clear()), MISSING)
        .refused("a certificate that is none", but(CADES, &|d| d.certificates = vec![seq(&[])]), MISSING)
}

fn hashes() -> Family {
    let (issuer, serial) = (signer().issuer_der(), signer().serial());
    let of = |digest: DigestAlgorithm| digest.digest(signer().der());
    let sha512 = digest_id(DigestAlgorithm::Sha512);
    let id = |hash: &[u8]| seq(&[&octets(hash)]);
    let list = |first: &[u8], second: &[u8]| {
        let value = seq(&[&seq(&[&id(first), &id(second)])]);
        but(CADES, &|d| d.set(BINDING_V2, vec![value.clone()]))
    };
    let both = |v1: Vec<u8>, v2: Vec<u8>| {
        but(PKCS7, &|d| {
            d.set(BINDING_V1, vec![binding(&[], &v1, issuer, serial)]);
            d.set(BINDING_V2, vec![binding(&[], &v2, issuer, serial)]);
        })
    };
    let (sha1, sha256) = (of(DigestAlgorithm::Sha1), signer().sha256());
    Family::new("cms_binding_hash", "the certificate is not the one that was hashed")
        .control("by SHA-512", bound(BINDING_V2, &sha512, &of(DigestAlgorithm::Sha512), issuer, serial))
        .control("the first of two", list(&sha256, &[9; 32]))
        .control("old and new", both(sha1.clone(), sha256.to_vec()))
        .refused("another", bound(BINDING_V2, &[], &[0; 32], issuer, serial), MISSING)
        .refused("another by SHA-512", bound(BINDING_V2, &sha512, &[0; 64], issuer, serial), MISSING)
        .refused("by another algorithm than it says", bound(BINDING_V2, &[], &sha1, issuer, serial), MISSING)
        .refused("by an unknown algorithm", bound(BINDING_V2, &named(MD5), &[0; 16], issuer, serial), MISSING)
        .refused("its beginning", bound(BINDING_V2, &[], &sha256[..16], issuer, serial), MISSING)
        .refused("the second of two", list(&[9; 32], &sha256), MISSING)
        .refused("old form, another", bound(BINDING_V1, &[], &[0; 20], issuer, serial), MISSING)
        .refused("old form, by SHA-256", bound(BINDING_V1, &[], &sha256, issuer, serial), MISSING)
        .refused("the old one another", both(vec![0; 20], sha256.to_vec()), MISSING)
        .refused("the new one another", both(sha1, vec![0; 32]), MISSING)
}

fn names() -> Family {
    let sha256 = signer().sha256();
    let (issuer, serial) = (signer().issuer_der(), signer().serial());
    let raw = |issuer_serial: Vec<u8>| {
        let value = seq(&[&seq(&[&seq(&[&octets(&sha256), &issuer_serial])])]);
        but(CADES, &|d| d.set(BINDING_V2, vec![value.clone()]))
    };
    let number = tlv(2, &[serial]);
    let directory = tlv(0xa4, &[issuer]);
    Family::new("cms_binding_name", "the hash is right, and issuer or serial number are another's")
        .control("both", bound(BINDING_V2, &[], &sha256, issuer, serial))
        .control("none, which is allowed", raw(Vec::new()))
        .refused("another serial number", bound(BINDING_V2, &[], &sha256, issuer, &[9]), MISSING)
        .refused("another issuer", bound(BINDING_V2, &[], &sha256, &name("Other"), serial), MISSING)
        .refused("the subject as issuer", bound(BINDING_V2, &[], &sha256, &name("Attack Kit Signer"), serial), MISSING)
        .refused("two issuers", raw(seq(&[&seq(&[&directory, &directory]), &number])), MISSING)
        .refused("no issuer", raw(seq(&[&seq(&[]), &number])), MISSING)
        .refused("an address as issuer", raw(seq(&[&seq(&[&tlv(0x82, &[b"bank.example"])]), &number])), MISSING)
        .refused("no serial number", raw(seq(&[&seq(&[&directory])])), MISSING)
        .refused(
            "old form, another serial number",
            bound(BINDING_V1, &[], &DigestAlgorithm::Sha1.digest(signer().der()), issuer, &[9]),
            MISSING,
        )
}

/// Certificates of the same root with the signer's own key and number: as good as his, if nobody looks.
fn swapped() -> Family {
    let spki = authority().key.public_key().spki_der();
    let twin = issued(spki, 2, "Another Person", &[for_signing()]);
    let with_id = |subject: &str| issued(spki, 2, subject, &[for_signing(), key_id(&[1, 2, 3])]);
    let by_id = |found: Vec<u8>| {
        but(CADES, &|d| {
            d.name(&with_id("Attack Kit Signer"));
            d.sid = vec![0x80, 3, 1, 2, 3];
            (d.version, d.signer_version) = (3, 3);
            d.certificates = vec![found.clone()];
        })
    };
    let authority = issued(spki, 2, "Another Authority", &[(&[2, 5, 29, 19], true, vec![0x30, 3, 1, 1, 0xff]), for_signing()]);
    let only = |sub_filter: &str, found: &[u8]| but(sub_filter, &|d| d.certificates = vec![found.to_vec()]);
    Family::new("cms_swapped_certificate", "another certificate of the same key, issuer and number says that somebody else signed")
        .control("the signer's", but(CADES, &|_| ()))
        .control("the signer's behind another", but(CADES, &|d| d.certificates.insert(0, twin.clone())))
        .control("by key identifier", by_id(with_id("Attack Kit Signer")))
        .refused("another person's", only(CADES, &twin), MISSING)
        .refused("another person's, old kind", only(PKCS7, &twin), MISSING)
        .refused("an authority's", only(CADES, &authority), MISSING)
        .refused("an authority's, old kind", only(PKCS7, &authority), MISSING)
        .refused("another person's, by key identifier", by_id(with_id("Another Person")), MISSING)
        .refused("two of others", but(CADES, &|d| d.certificates = vec![twin.clone(), authority.clone()]), MISSING)
        .refused(
            "a flipped bit in the name",
            but(CADES, &|d| {
                let at = d.certificates[0].windows(6).position(|w| w == b"Signer").expect("a name");
                d.certificates[0][at] ^= 0x20;
            }),
            MISSING,
        )
}

fn identifiers() -> Family {
    let sid = |issuer: Vec<u8>, serial: &[u8]| {
        let sid = seq(&[&issuer, &tlv(2, &[serial])]);
        but(CADES, &|d| d.sid.clone_from(&sid))
    };
    let by_id = |id: &[u8], sub_filter: &str| {
        let sid = tlv(0x80, &[id]);
        but(sub_filter, &|d| {
            d.name(&issued(authority().key.public_key().spki_der(), 2, "Attack Kit Signer", &[for_signing(), key_id(&[1, 2, 3])]));
            d.sid.clone_from(&sid);
            (d.version, d.signer_version) = (3, 3);
        })
    };
    let printable = seq(&[&tlv(0x31, &[&seq(&[&oid(&[2, 5, 4, 3]), &tlv(0x13, &[b"Attack Kit Root"])])])]);
    Family::new("cms_signer_identifier", "what is not signed names another signer than what is")
        .control("issuer and number", sid(name("Attack Kit Root"), &[2]))
        .control("the issuer in another kind of string", sid(printable, &[2]))
        .control("key identifier", by_id(&[1, 2, 3], CADES))
        .refused("another issuer", sid(name("Other"), &[2]), MISSING)
        .refused("the issuer in other letters", sid(name("attack kit root"), &[2]), MISSING)
        .refused("the issuer with a space more", sid(name("Attack Kit Root "), &[2]), MISSING)
        .refused("another number", sid(name("Attack Kit Root"), &[3]), MISSING)
        .refused("another key identifier", by_id(&[1, 2, 4], CADES), MISSING)
        .refused("its beginning", by_id(&[1, 2], CADES), MISSING)
        .refused("another key identifier, old kind", by_id(&[9], PKCS7), MISSING)
}

/// Two certificates that answer, and nothing that is signed tells which one is meant.
fn ambiguous() -> Family {
    let spki = authority().key.public_key().spki_der();
    let twin = issued(spki, 2, "Another Person", &[for_signing()]);
    let other_key = issued(Key::new(0x44).public_key().spki_der(), 2, "Another Key", &[for_signing()]);
    let unbound = |certificates: &dyn Fn(Vec<u8>) -> Vec<Vec<u8>>| {
        but(PKCS7, &|d| {
            d.remove(BINDING_V2);
            d.certificates = certificates(d.certificates[0].clone());
        })
    };
    let bare = |certificates: &dyn Fn(Vec<u8>) -> Vec<Vec<u8>>| {
        but(PKCS7, &|d| {
            d.attributes = None;
            d.certificates = certificates(d.certificates[0].clone());
        })
    };
    Family::new("cms_ambiguous_certificate", "two certificates of one issuer and number, and nothing binds either")
        .control("one", unbound(&|own| vec![own]))
        .control("the same twice", unbound(&|own| vec![own.clone(), own]))
        .control("one, no attributes", bare(&|own| vec![own]))
        .refused("own first", unbound(&|own| vec![own, twin.clone()]), MISSING)
        .refused("own last", unbound(&|own| vec![twin.clone(), own]), MISSING)
        .refused("own between", unbound(&|own| vec![twin.clone(), own, other_key.clone()]), MISSING)
        .refused("another key's first", unbound(&|own| vec![other_key.clone(), own]), MISSING)
        .refused("own first, no attributes", bare(&|own| vec![own, twin.clone()]), MISSING)
        .refused("own last, no attributes", bare(&|own| vec![other_key.clone(), own]), MISSING)
        .refused("another number alone", unbound(&|_| vec![issued(spki, 7, "Attack Kit Signer", &[for_signing()])]), MISSING)
}

fn versions() -> Family {
    let with = |version: u8, signer_version: u8| but(CADES, &|d| (d.version, d.signer_version) = (version, signer_version));
    let by_key = |sub_filter: &str, version: u8| {
        but(sub_filter, &|d| {
            d.name(&issued(authority().key.public_key().spki_der(), 2, "Attack Kit Signer", &[for_signing(), key_id(&[1, 2, 3])]));
            d.sid = tlv(0x80, &[&[1, 2, 3]]);
            (d.version, d.signer_version) = (version, 3);
        })
    };
    Family::new("cms_versions", "version numbers that do not belong to what is there: readers choose their way by them")
        .control("1 and 1", with(1, 1))
        .control("3 and 3, by key identifier", by_key(CADES, 3))
        .control("1 and 3, by key identifier, as older signers wrote it", by_key(PKCS7, 1))
        .refused("1 and 3, by key identifier, PAdES", by_key(CADES, 1), "cms_attributes")
        .refused("4 and 3, by key identifier", by_key(PKCS7, 4), "cms_attributes")
        .all_refused(
            [
                ("0", with(0, 1)),
                ("3", with(3, 1)),
                ("4", with(4, 1)),
                ("5", with(5, 1)),
                ("signer 0", with(1, 0)),
                ("signer 3", with(1, 3)),
                ("3 and 3", with(3, 3)),
            ],
            "cms_attributes",
        )
        .refused("9", with(9, 1), "cms_malformed")
}

/// A certificate for something else, used to sign a document.
fn unsuitable() -> Family {
    let with = |extensions: &[(&[u32], bool, Vec<u8>)]| {
        let certificate = issued(authority().key.public_key().spki_der(), 4, "Attack Kit Server", extensions);
        but(CADES, &|d| d.name(&certificate))
    };
    let usage = |bits: &[u8]| -> (&[u32], bool, Vec<u8>) { (&[2, 5, 29, 15], true, bits.to_vec()) };
    let purpose = |last: u32| -> (&[u32], bool, Vec<u8>) { (&[2, 5, 29, 37], false, seq(&[&oid(&[1, 3, 6, 1, 5, 5, 7, 3, last])])) };
    Family::new("signer_unsuitable", "a key for servers, time stamps or answers about revocation signs a document")
        .control("for documents", with(&[for_signing(), purpose(36)]))
        .control("for anything that is signed", with(&[for_signing()]))
        .all_refused(
            [
                ("key encipherment", with(&[usage(&[3, 2, 5, 0x20])])),
                ("key agreement", with(&[usage(&[3, 2, 3, 8])])),
                ("lists of revocation", with(&[usage(&[3, 2, 1, 2])])),
                ("a server", with(&[for_signing(), purpose(1)])),
                ("code", with(&[for_signing(), purpose(3)])),
                ("time stamps", with(&[for_signing(), purpose(8)])),
                ("answers about revocation", with(&[for_signing(), purpose(9)])),
            ],
            "signer_unsuitable",
        )
}
