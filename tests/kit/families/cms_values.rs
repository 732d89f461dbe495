//! Algorithms and signature values: what goes together, what is too weak, what is no signature at all.

use super::super::Family;
use super::super::authority::{Key, authority};
use super::super::cms_draft::*;
use super::super::der::{oid, tlv};
use DigestAlgorithm::{Sha1, Sha256, Sha384, Sha512};
use thrivosign::crypto::{DigestAlgorithm, SignatureAlgorithm};

pub(crate) fn families() -> Vec<Family> {
    vec![announced(), disagreeing(), pss_parameters(), values(), rsa_values(), weak(), keys(), members()]
}

/// A page of the RSA signer, of a key under that name.
fn rsa(spki: &[u8], algorithm: &[u8], signer: fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let certificate = issued(spki, 5, "Attack Kit RSA Signer", &[for_signing()]);
    sealed_by(&dictionary(CADES), &|document| Draft::of(document, &certificate, algorithm, signer).der())
}

fn pkcs1_256(message: &[u8]) -> Vec<u8> {
    Rsa::signer().pkcs1(Sha256, message)
}

fn pss_256(message: &[u8]) -> Vec<u8> {
    Rsa::signer().pss(Sha256, message)
}

const PKCS1: SignatureAlgorithm = SignatureAlgorithm::RsaPkcs1(Sha256);
const PSS: SignatureAlgorithm = SignatureAlgorithm::RsaPss { digest: Sha256, salt_len: 32 };

fn announced() -> Family {
    let with = |list: Vec<u8>| but(CADES, &|d| d.digest_list = Some(list.clone()));
    let good = digest_id(Sha256);
    Family::new("cms_digest_announced", "the outer list announces another digest than the signer uses")
        .control("the same", with(good.clone()))
        .control("none", with(Vec::new()))
        .all_refused(
            [
                ("SHA-512", with(digest_id(Sha512))),
                ("SHA-1", with(digest_id(Sha1))),
                ("MD5", with(named(MD5))),
                ("unknown", with(named(&[1, 2, 3]))),
                ("one more", with([good.clone(), digest_id(Sha512)].concat())),
                ("one before", with([named(MD5), good.clone()].concat())),
                ("with parameters", with(seq(&[&good[2..], &[2, 1, 1]]))),
            ],
            "cms_attributes",
        )
}

fn disagreeing() -> Family {
    let ecdsa = |digest: DigestAlgorithm| {
        but(CADES, &|d| {
            d.signature_algorithm = SignatureAlgorithm::Ecdsa(digest).to_der();
            d.signature = Some(authority().key.sign_digest(&digest.digest(&d.attribute_set())));
        })
    };
    let spki = &Rsa::signer().spki;
    let pss512 = SignatureAlgorithm::RsaPss { digest: Sha512, salt_len: 64 };
    Family::new("cms_digests_disagree", "digestAlgorithm and signatureAlgorithm name different digests, and each is used where it stands")
        .control("agree", ecdsa(Sha256))
        .control("agree, RSA", rsa(spki, &PKCS1.to_der(), pkcs1_256))
        .control("agree, PSS", rsa(spki, &PSS.to_der(), pss_256))
        .refused("SHA-384", ecdsa(Sha384), "cms_attributes")
        .refused("SHA-512", ecdsa(Sha512), "cms_attributes")
        .refused("SHA-1", ecdsa(Sha1), "cms_attributes")
        .refused(
            "RSA with SHA-1",
            rsa(spki, &SignatureAlgorithm::RsaPkcs1(Sha1).to_der(), |m| Rsa::signer().pkcs1(Sha1, m)),
            "cms_attributes",
        )
        .refused(
            "RSA with SHA-384",
            rsa(spki, &SignatureAlgorithm::RsaPkcs1(Sha384).to_der(), |m| Rsa::signer().pkcs1(Sha384, m)),
            "cms_attributes",
        )
        .refused(
            "RSA with SHA-512",
            rsa(spki, &SignatureAlgorithm::RsaPkcs1(Sha512).to_der(), |m| Rsa::signer().pkcs1(Sha512, m)),
            "cms_attributes",
        )
        .refused("PSS with SHA-512", rsa(spki, &pss512.to_der(), |m| Rsa::signer().pss(Sha512, m)), "cms_attributes")
}

fn pss_parameters() -> Family {
    let spki = &Rsa::signer().spki;
    let mgf1 = |digest| tlv(0xa1, &[&seq(&[&oid(&[1, 2, 840, 113_549, 1, 1, 8]), &digest_id(digest)])]);
    let hash = tlv(0xa0, &[&digest_id(Sha256)]);
    let salt = |n: u8| vec![0xa2, 3, 2, 1, n];
    let page = |parts: &[&[u8]]| rsa(spki, &seq(&[&oid(RSA_PSS), &seq(parts)]), pss_256);
    let good = mgf1(Sha256);
    Family::new("cms_pss_parameters", "parameters of RSASSA-PSS that are not those of the signature, or go together with none")
        .control("those of the signature", page(&[&hash, &good, &salt(32)]))
        .refused("a mask by SHA-1", page(&[&hash, &mgf1(Sha1), &salt(32)]), "cms_attributes")
        .refused("a mask by SHA-512", page(&[&hash, &mgf1(Sha512), &salt(32)]), "cms_attributes")
        .refused("the mask left out", page(&[&hash, &salt(32)]), "cms_attributes")
        .refused("another trailer", page(&[&hash, &good, &salt(32), &[0xa3, 3, 2, 1, 2]]), "cms_attributes")
        .refused("no parameters", rsa(spki, &named(RSA_PSS), pss_256), "cms_attributes")
        .refused("NULL for parameters", rsa(spki, &seq(&[&oid(RSA_PSS), &[5, 0]]), pss_256), "cms_attributes")
        .refused("a salt of 20", page(&[&hash, &good]), "signature_wrong")
        .refused("a salt of 0", page(&[&hash, &good, &salt(0)]), "signature_wrong")
        .refused("a salt below 0", page(&[&hash, &good, &salt(0xff)]), "cms_attributes")
        .refused("a salt beyond the key", page(&[&hash, &good, &[0xa2, 4, 2, 2, 1, 0]]), "signature_wrong")
        .refused("PKCS#1 inside", rsa(spki, &PSS.to_der(), pkcs1_256), "signature_wrong")
}

fn values() -> Family {
    let value = |make: &dyn Fn(&Draft) -> Vec<u8>| but(CADES, &|d| d.signature = Some(make(d)));
    let good = |d: &Draft| by_signer(&d.attribute_set());
    let bare = |make: &dyn Fn(&Draft) -> Vec<u8>| {
        but(PKCS7, &|d| {
            d.attributes = None;
            d.signature = Some(make(d));
        })
    };
    let stranger = |message: &[u8]| Key::new(0x55).sign(message, &SignatureAlgorithm::Ecdsa(Sha256)).expect("signs");
    Family::new("cms_signature_value", "a signature over something else, of somebody else, or none")
        .control("sound", value(&good))
        .control("sound, no attributes", bare(&|d| by_signer(&d.document)))
        .all_refused(
            [
                ("of another key", value(&|d| stranger(&d.attribute_set()))),
                ("over the document", value(&|d| by_signer(&d.document))),
                ("over nothing", value(&|_| by_signer(b""))),
                ("under the implicit tag", value(&|d| by_signer(&[&[0xa0], &d.attribute_set()[1..]].concat()))),
                ("over the attributes without their head", value(&|d| by_signer(&d.attribute_set()[3..]))),
                ("over the digest alone", value(&|d| by_signer(&Sha256.digest(&d.document)))),
                ("empty", value(&|_| Vec::new())),
                ("a byte behind", value(&|d| [good(d), vec![0]].concat())),
                ("cut", value(&|d| good(d)[..60].to_vec())),
                ("zeros", value(&|_| vec![0x30, 6, 2, 1, 0, 2, 1, 0])),
                ("ones", value(&|_| vec![0x30, 6, 2, 1, 1, 2, 1, 1])),
                ("a longer length than needed", value(&|d| [&[0x30, 0x81], &good(d)[1..]].concat())),
                ("r alone", value(&|_| vec![0x30, 3, 2, 1, 1])),
                ("no attributes, over nothing", bare(&|_| by_signer(b""))),
                ("no attributes, over the digest", bare(&|d| by_signer(&Sha256.digest(&d.document)))),
                ("no attributes, of another key", bare(&|d| stranger(&d.document))),
            ],
            "signature_wrong",
        )
}

fn rsa_values() -> Family {
    let key = Rsa::signer();
    let of = |signer: fn(&[u8]) -> Vec<u8>| rsa(&key.spki, &PKCS1.to_der(), signer);
    let only_pss = |algorithm: &SignatureAlgorithm, name: &[u8], signer| rsa(&key.under(name), &algorithm.to_der(), signer);
    let pss512 = SignatureAlgorithm::RsaPss { digest: Sha512, salt_len: 64 }.to_der();
    Family::new("cms_rsa_value", "RSA values of another length, padding or use")
        .control("PKCS#1", of(pkcs1_256))
        .control("a PSS key makes PSS", only_pss(&PSS, &named(RSA_PSS), pss_256))
        .refused("a zero before", of(|m| [vec![0], pkcs1_256(m)].concat()), "signature_wrong")
        .refused("a zero behind", of(|m| [pkcs1_256(m), vec![0]].concat()), "signature_wrong")
        .refused("its first byte left out", of(|m| pkcs1_256(m)[1..].to_vec()), "signature_wrong")
        .refused("zero", of(|_| vec![0; 256]), "signature_wrong")
        .refused("one", of(|_| [vec![0; 255], vec![1]].concat()), "signature_wrong")
        .refused("the digest without its name", of(|m| Rsa::signer().nameless(m)), "signature_wrong")
        .refused("another digest inside", of(|m| Rsa::signer().pkcs1(Sha512, m)), "signature_wrong")
        .refused("PSS called PKCS#1", of(pss_256), "signature_wrong")
        .refused("of another key", of(|m| Rsa::other().pkcs1(Sha256, m)), "signature_wrong")
        .refused("a PSS key makes PKCS#1", only_pss(&PKCS1, &named(RSA_PSS), pkcs1_256), "algorithm_unsupported")
        .refused("a PSS key for SHA-512 makes SHA-256", only_pss(&PSS, &pss512, pss_256), "algorithm_unsupported")
}

fn weak() -> Family {
    let sha1 = |sub_filter: &str| {
        but(sub_filter, &|d| {
            d.digest_algorithm = digest_id(Sha1);
            d.set(MESSAGE_DIGEST, vec![octets(&Sha1.digest(&d.document))]);
            d.signature_algorithm = SignatureAlgorithm::Ecdsa(Sha1).to_der();
            d.signature = Some(authority().key.sign_digest(&Sha1.digest(&d.attribute_set())));
        })
    };
    let attached = |attributes: bool, digest: fn(&[u8]) -> Vec<u8>| {
        but(PKCS7_SHA1, &|d| {
            if !attributes {
                d.attributes = None;
            }
            d.attach(digest(&d.document));
        })
    };
    let right: fn(&[u8]) -> Vec<u8> = |document| Sha1.digest(document);
    let short = |m: &[u8]| Rsa::short().pkcs1(Sha256, m);
    let md5_rsa = seq(&[&oid(&[1, 2, 840, 113_549, 1, 1, 4]), &[5, 0]]);
    Family::new("cms_weak", "digests and keys that can be forged by now")
        .control("SHA-256", but(CADES, &|_| ()))
        .refused("SHA-1", sha1(CADES), "weak_algorithm")
        .refused("SHA-1, old kind", sha1(PKCS7), "weak_algorithm")
        .refused("SHA-1 attached, SHA-256 around it", attached(true, right), "weak_algorithm")
        .refused("SHA-1 attached, nothing around it", attached(false, right), "weak_algorithm")
        .refused("SHA-1 of something else attached", attached(true, |_| Sha1.digest(b"other")), "message_digest_mismatch")
        .refused(
            "SHA-1 of something else attached, nothing around it",
            attached(false, |_| Sha1.digest(b"other")),
            "message_digest_mismatch",
        )
        .refused("SHA-256 attached in its place", attached(true, |document| Sha256.digest(document)), "message_digest_mismatch")
        .refused("nothing attached", but(PKCS7_SHA1, &|_| ()), "cms_attributes")
        .refused("RSA with 1024 bits", rsa(&Rsa::short().spki, &PKCS1.to_der(), short), "weak_algorithm")
        .refused("digest MD5", but(CADES, &|d| d.digest_algorithm = named(MD5)), "signature_wrong")
        .refused("RSA with MD5", rsa(&Rsa::signer().spki, &md5_rsa, pkcs1_256), "signature_wrong")
}

fn keys() -> Family {
    let page = |spki: &[u8], algorithm: &[u8], value: Vec<u8>| {
        let certificate = issued(spki, 6, "Attack Kit Other Signer", &[for_signing()]);
        sealed_by(&dictionary(CADES), &|document| {
            let mut draft = Draft::of(document, &certificate, algorithm, by_signer);
            if !value.is_empty() {
                draft.signature = Some(value.clone());
            }
            draft.der()
        })
    };
    let ecdsa = SignatureAlgorithm::Ecdsa(Sha256).to_der();
    let own = authority().key.public_key();
    let point = tlv(3, &[&[0], own.key_bytes()]);
    let on = |parameters: &[u8]| seq(&[&seq(&[&oid(&[1, 2, 840, 10045, 2, 1]), parameters]), &point]);
    let edwards = |point: [u8; 32]| seq(&[&named(&[1, 3, 101, 112]), &tlv(3, &[&[0], &point])]);
    let mut neutral = [0; 32];
    neutral[0] = 1;
    // With the neutral point R = A and s = 0 hold over every message.
    let value = [neutral, [0; 32]].concat();
    let ed25519 = SignatureAlgorithm::Ed25519.to_der();
    let mut order_2 = [0xff; 32];
    (order_2[0], order_2[31]) = (0xec, 0x7f);
    Family::new("cms_keys", "keys on curves of the forger's choice, or so small that anything fits")
        .control("a curve by name", page(own.spki_der(), &ecdsa, Vec::new()))
        .refused("a curve spelt out", page(&on(&seq(&[&[2, 1, 1]])), &ecdsa, Vec::new()), "signature_wrong")
        .refused("no curve", page(&on(&[]), &ecdsa, Vec::new()), "algorithm_unsupported")
        .refused("a curve that is not known", page(&on(&oid(&[1, 3, 132, 0, 10])), &ecdsa, Vec::new()), "algorithm_unsupported")
        .refused("the inherited curve", page(&on(&[5, 0]), &ecdsa, Vec::new()), "algorithm_unsupported")
        .refused("Ed25519, the neutral point", page(&edwards(neutral), &ed25519, value.clone()), "signature_wrong")
        .refused("Ed25519, a point of order 2", page(&edwards(order_2), &ed25519, value.clone()), "signature_wrong")
        .refused("Ed25519 with a value of ECDSA", page(&edwards([9; 32]), &ed25519, Vec::new()), "signature_wrong")
        .refused("ECDSA called Ed25519", page(own.spki_der(), &ed25519, value), "algorithm_unsupported")
        .refused("ECDSA called RSA", page(own.spki_der(), &PKCS1.to_der(), Vec::new()), "algorithm_unsupported")
        .refused("an unknown algorithm", page(own.spki_der(), &named(&[1, 2, 3]), Vec::new()), "algorithm_unsupported")
}

/// Members that a structure does not have: what a reader passes over, nobody checks.
fn members() -> Family {
    let with = |place: &'static str| but(CADES, &|d| d.extra = place);
    let other = sealed_by(&dictionary(CADES), &|document| {
        let mut der = Draft::good(document).der();
        let at = der.windows(11).position(|w| w == oid(SIGNED_DATA)).expect("a type");
        der[at + 10] = 3;
        der
    });
    let mut family =
        Family::new("cms_members", "structures with members that do not belong there, or under another name").control("none", with(""));
    for place in ["whole", "content", "signed data", "content type", "signer identifier", "signer"] {
        family = family.refused(place, with(place), "cms_malformed");
    }
    family
        .refused("under another name", other, "cms_malformed")
        .refused("cut", sealed_by(&dictionary(CADES), &|document| Draft::good(document).der()[..400].to_vec()), "cms_malformed")
        .refused("nothing", sealed_by(&dictionary(CADES), &|_| Vec::new()), "cms_malformed")
        .refused("an empty sequence", sealed_by(&dictionary(CADES), &|_| seq(&[])), "cms_malformed")
}
