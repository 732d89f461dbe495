//! Kinds of signature beside PAdES: without CMS, time stamps of a document, BER, and what /SubFilter says of it.

use super::super::Family;
use super::super::authority::authority;
use super::super::cms_draft::*;
use super::super::der::{oid, tlv};
use super::super::seal::{digits, signature};
use DigestAlgorithm::{Sha1, Sha256, Sha512};
use thrivosign::crypto::DigestAlgorithm;

pub(crate) fn families() -> Vec<Family> {
    vec![
        bare_values(),
        bare_certificates(),
        sub_filters(),
        content_types(),
        content_as_attributes(),
        tokens(),
        stamps(),
        authorities(),
        ber(),
    ]
}

/// adbe.x509.rsa_sha1 with that /Cert.
fn bare(certificates: &str, contents: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    sealed_by(&signature(&format!("/Cert {certificates}")).replace(CADES, X509), contents)
}

fn string(der: &[u8]) -> String {
    format!("<{}>", digits(der))
}

fn own() -> String {
    string(&Rsa::signer().certificate(5))
}

fn bare_values() -> Family {
    let of = |make: &dyn Fn(&[u8]) -> Vec<u8>| bare(&own(), &|document| make(document));
    let good = |document: &[u8]| Rsa::signer().pkcs1(Sha256, document);
    Family::new("bare_value", "a signature without CMS: nothing around the value says what it is over")
        .control("SHA-256", of(&|document| octets(&good(document))))
        .control("SHA-512", of(&|document| octets(&Rsa::signer().pkcs1(Sha512, document))))
        .refused("SHA-1", of(&|document| octets(&Rsa::signer().pkcs1(Sha1, document))), "weak_algorithm")
        .refused("over something else", of(&|_| octets(&good(b"other"))), "signature_wrong")
        .refused("over the digest", of(&|document| octets(&good(&Sha256.digest(document)))), "signature_wrong")
        .refused("of another key", of(&|document| octets(&Rsa::other().pkcs1(Sha256, document))), "signature_wrong")
        .refused("PSS", of(&|document| octets(&Rsa::signer().pss(Sha256, document))), "signature_wrong")
        .refused("the digest without its name", of(&|document| octets(&Rsa::signer().nameless(document))), "signature_wrong")
        .refused("too short", of(&|document| octets(&good(document)[1..])), "signature_wrong")
        .refused("not wrapped", of(&good), "cms_malformed")
        .refused("in a bit string", of(&|document| tlv(3, &[&good(document)])), "cms_malformed")
        .refused("something behind", of(&|document| [octets(&good(document)), vec![1]].concat()), "contents_trailing_bytes")
        .refused("a CMS", of(&|document| Draft::good(document).der()), "cms_malformed")
}

fn bare_certificates() -> Family {
    let of = |certificates: &str| bare(certificates, &|document| octets(&Rsa::signer().pkcs1(Sha256, document)));
    let other = string(&issued(&Rsa::other().spki, 7, "Another Person", &[for_signing()]));
    let elliptic = string(authority().chain[0].der());
    let missing = "signing_certificate_missing";
    Family::new("bare_certificates", "the first of /Cert is the signer's, and no other takes its place")
        .control("a string", of(&own()))
        .control("an array", of(&format!("[{}]", own())))
        .control("an array with others behind", of(&format!("[{}{other}{elliptic}]", own())))
        .refused("another's first", of(&format!("[{other}{}]", own())), "signature_wrong")
        .refused("another's alone", of(&other), "signature_wrong")
        .refused("one that is none first", of(&format!("[<3000>{}]", own())), missing)
        .refused("a number first", of(&format!("[7 {}]", own())), missing)
        .refused("nothing first", of(&format!("[null {}]", own())), missing)
        .refused("an empty array", of("[]"), missing)
        .refused("null", of("null"), missing)
        .refused("a name", of("/Anna"), missing)
        .refused("an elliptic key", of(&elliptic), "algorithm_unsupported")
}

fn sub_filters() -> Family {
    let with = |entry: &str| {
        sealed_by(&dictionary(CADES).replace("/SubFilter/ETSI.CAdES.detached", entry), &|document| Draft::good(document).der())
    };
    let unsupported = "sub_filter_unsupported";
    Family::new("sub_filter_kinds", "what the signature calls itself decides how it is read: never a guess, and never silence")
        .control("CAdES", with("/SubFilter/ETSI.CAdES.detached"))
        .control("old kind", with("/SubFilter/adbe.pkcs7.detached"))
        .control("with an escape, which is legal in a value", with("/SubFilter/ETSI.CAdES.#64etached"))
        .refused("missing", with(""), unsupported)
        .refused("unknown", with("/SubFilter/ETSI.PAdES.attached"), unsupported)
        .refused("in other letters", with("/SubFilter/etsi.cades.detached"), unsupported)
        .refused("a string", with("/SubFilter(ETSI.CAdES.detached)"), unsupported)
        .refused("an array", with("/SubFilter[/ETSI.CAdES.detached]"), unsupported)
        .refused("null", with("/SubFilter null"), unsupported)
        .refused("empty", with("/SubFilter/ "), unsupported)
        .refused("a value without CMS", with("/SubFilter/adbe.x509.rsa_sha1"), "cms_malformed")
        .refused("a time stamp", with("/SubFilter/ETSI.RFC3161"), "cms_attributes")
}

fn content_types() -> Family {
    Family::new("cms_content_kind", "the structure says of itself that it is something else, and is signed soundly as that")
        .control("data", but(CADES, &|_| ()))
        .refused("a time stamp's", but(CADES, &|d| d.kind(TST_INFO, 3)), "cms_attributes")
        .refused("a time stamp's, old kind", but(PKCS7, &|d| d.kind(TST_INFO, 3)), "cms_attributes")
        .refused("signed data", but(CADES, &|d| d.kind(SIGNED_DATA, 3)), "cms_attributes")
        .refused("unknown", but(CADES, &|d| d.kind(&[1, 2, 3], 3)), "cms_attributes")
        .refused(
            "content attached",
            but(CADES, &|d| d.content = Some(d.document.clone().into_iter().take(900).collect())),
            "cms_attributes",
        )
        .refused(
            "content attached, old kind",
            but(PKCS7, &|d| d.content = Some(b"The borrower repays 1 rupee.".to_vec())),
            "cms_attributes",
        )
        .refused("content attached and signed", but(PKCS7, &|d| d.attach(b"The borrower repays 1 rupee.".to_vec())), "cms_attributes")
}

/// Where the key signed the content itself, the content could be what it signed as attributes elsewhere: those begin with the tag of a set.
fn content_as_attributes() -> Family {
    let without = |junk: &str| {
        sealed_behind(junk, &dictionary(PKCS7), &|document| {
            let mut draft = Draft::good(document);
            draft.attributes = None;
            draft.der()
        })
    };
    let with = |junk: &str| sealed_behind(junk, &dictionary(CADES), &|document| Draft::good(document).der());
    let bare = |junk: &str| {
        let dictionary = signature(&format!("/Cert {}", own())).replace(CADES, X509);
        sealed_behind(junk, &dictionary, &|document| octets(&Rsa::signer().pkcs1(Sha256, document)))
    };
    Family::new("content_as_attributes", "signed attributes of something else, passed off as a document that was signed without attributes")
        .control("another character before the header", without("0\n"))
        .control("another character before the header, no CMS", bare("0\n"))
        .control("that character, and attributes", with("1\n"))
        .refused("that character", without("1\n"), "cms_attributes")
        .refused("that character, and more", without("1 0 obj\n"), "cms_attributes")
        .refused("that character, no CMS", bare("1\n"), "cms_attributes")
}

/// id-kp-timeStamping
const STAMPING: &[u32] = &[1, 3, 6, 1, 5, 5, 7, 3, 8];

/// A certificate for the kit's key with that extKeyUsage.
fn stamper(purposes: Option<(bool, &[&[u32]])>) -> Vec<u8> {
    let mut extensions = vec![for_signing()];
    if let Some((critical, purposes)) = purposes {
        let list: Vec<u8> = purposes.iter().flat_map(|id| oid(id)).collect();
        extensions.push((&[2, 5, 29, 37], critical, seq(&[&list])));
    }
    issued(authority().key.public_key().spki_der(), 8, "Attack Kit Time", &extensions)
}

/// TSTInfo with that imprint, and `tail` behind its members.
fn info(version: u8, digest: &[u8], imprint: &[u8], time: &str, tail: &[u8]) -> Vec<u8> {
    let imprint = seq(&[digest, &octets(imprint)]);
    seq(&[&[2, 1, version], &oid(&[1, 2, 3]), &imprint, &[2, 1, 9], &tlv(0x18, &[time.as_bytes()]), tail])
}

/// A page with a time stamp of the document: what its content is, whose it is, what else is wrong.
fn stamped(dictionary: &str, by: &[u8], content: &dyn Fn(&[u8]) -> Vec<u8>, change: &dyn Fn(&mut Draft)) -> Vec<u8> {
    sealed_by(dictionary, &|document| {
        let mut draft = Draft::good(document);
        draft.name(by);
        draft.kind(TST_INFO, 3);
        draft.attach(content(document));
        change(&mut draft);
        draft.der()
    })
}

fn typed() -> String {
    dictionary(RFC3161).replace("/Type/Sig", "/Type/DocTimeStamp")
}

fn sound(document: &[u8]) -> Vec<u8> {
    info(1, &digest_id(Sha256), &Sha256.digest(document), "20260601120000Z", &[])
}

fn tokens() -> Family {
    let by = stamper(Some((true, &[STAMPING])));
    let of = |content: &dyn Fn(&[u8]) -> Vec<u8>| stamped(&typed(), &by, content, &|_| ());
    let hash = |document: &[u8]| Sha256.digest(document);
    let sha256 = digest_id(Sha256);
    let critical = tlv(0xa1, &[&seq(&[&oid(&[1, 2, 3]), &[1, 1, 0xff], &octets(&[])])]);
    let malformed = |version, time: &'static str, tail: &[u8]| of(&|document| info(version, &sha256, &hash(document), time, tail));
    Family::new("stamp_content", "a time stamp over something else, or whose content cannot be read")
        .control("over the document", of(&sound))
        .control("without /Type", stamped(&dictionary(RFC3161).replace("/Type/Sig", ""), &by, &sound, &|_| ()))
        .control("with a fraction", of(&|document| info(1, &sha256, &hash(document), "20260601120000.5Z", &[])))
        .refused("over something else", of(&|_| info(1, &sha256, &[7; 32], "20260601120000Z", &[])), "message_digest_mismatch")
        .refused(
            "by another digest than it says",
            of(&|document| info(1, &digest_id(Sha512), &hash(document), "20260601120000Z", &[])),
            "message_digest_mismatch",
        )
        .refused("by MD5", of(&|_| info(1, &named(MD5), &[7; 16], "20260601120000Z", &[])), "algorithm_unsupported")
        .refused("by SHA-1", of(&|document| info(1, &digest_id(Sha1), &Sha1.digest(document), "20260601120000Z", &[])), "weak_algorithm")
        .refused("no content to speak of", of(&|_| seq(&[])), "cms_attributes")
        .refused("version 2", malformed(2, "20260601120000Z", &[]), "cms_attributes")
        .refused("a critical extension", malformed(1, "20260601120000Z", &critical), "cms_attributes")
        .refused("something behind", malformed(1, "20260601120000Z", &octets(&[])), "cms_attributes")
        .refused("a local time", malformed(1, "20260601120000", &[]), "cms_attributes")
        .refused("a time with an offset", malformed(1, "20260601120000+0100", &[]), "cms_attributes")
}

fn stamps() -> Family {
    let by = stamper(Some((true, &[STAMPING])));
    let but = |change: &dyn Fn(&mut Draft)| stamped(&typed(), &by, &sound, change);
    Family::new("stamp_structure", "a time stamp whose CMS is not that of one")
        .control("sound", but(&|_| ()))
        .refused(
            "no content",
            but(&|d| {
                d.content = None;
                d.set(MESSAGE_DIGEST, vec![octets(&Sha256.digest(&d.document))]);
            }),
            "cms_attributes",
        )
        .refused("content that is data", but(&|d| d.kind(DATA, 1)), "cms_attributes")
        .refused("no attributes", but(&|d| d.attributes = None), "cms_attributes")
        .refused(
            "a binding to another",
            but(&|d| d.set(BINDING_V2, vec![binding(&[], &[0; 32], &name("Attack Kit Root"), &[8])])),
            "signing_certificate_missing",
        )
        .refused("no binding", but(&|d| d.remove(BINDING_V2)), "signing_certificate_missing")
        .refused("two signers", but(&|d| d.copies = 2), "cms_attributes")
        .refused("version 1", but(&|d| d.version = 1), "cms_attributes")
        .refused("another digest signed", but(&|d| d.set(MESSAGE_DIGEST, vec![octets(&[0; 32])])), "message_digest_mismatch")
        .refused("signed over something else", but(&|d| d.signature = Some(by_signer(b"other"))), "signature_wrong")
        .refused("octets with something behind", but(&|d| d.extra = "octets"), "cms_malformed")
}

fn authorities() -> Family {
    let of = |purposes| stamped(&typed(), &stamper(purposes), &sound, &|_| ());
    let signing: &[u32] = &[1, 3, 6, 1, 5, 5, 7, 3, 36];
    Family::new("stamp_authority", "a time stamp of somebody who is no authority for time stamps")
        .control("the sole purpose, critical", of(Some((true, &[STAMPING]))))
        .all_refused(
            [
                ("no purpose", of(None)),
                ("not critical", of(Some((false, &[STAMPING])))),
                ("another purpose", of(Some((true, &[&[1, 3, 6, 1, 5, 5, 7, 3, 9]])))),
                ("any purpose", of(Some((true, &[&[2, 5, 29, 37, 0]])))),
                ("one purpose more", of(Some((true, &[STAMPING, signing])))),
                ("for documents", of(Some((true, &[signing])))),
            ],
            "signing_certificate_missing",
        )
}

/// The whole structure in indefinite lengths, but for what was signed or hashed.
fn open_ended(tlv: &[u8], depth: usize) -> Vec<u8> {
    let header = if tlv[1] < 0x80 { 2 } else { 2 + usize::from(tlv[1] & 0x7f) };
    let mut rest = &tlv[header..];
    if tlv[0] & 0x20 == 0 || depth > 3 {
        return tlv.to_vec();
    }
    let mut out = vec![tlv[0], 0x80];
    while let [_, first, more @ ..] = rest {
        let digits = if *first < 0x80 { 0 } else { usize::from(first & 0x7f) };
        let len = if digits == 0 { usize::from(*first) } else { more[..digits].iter().fold(0, |len, b| len << 8 | usize::from(*b)) };
        let (member, behind) = rest.split_at(2 + digits + len);
        out.extend(open_ended(member, depth + 1));
        rest = behind;
    }
    out.extend([0, 0]);
    out
}

fn ber() -> Family {
    let of = |sub_filter: &str, change: &dyn Fn(Vec<u8>) -> Vec<u8>| {
        sealed_by(&dictionary(sub_filter), &|document| change(open_ended(&Draft::good(document).der(), 0)))
    };
    // An attribute that nobody knows; what is not signed stays as it came.
    let attributes = tlv(0xa1, &[&seq(&[&oid(&[1, 3, 6, 1, 4, 1, 99]), &tlv(0x31, &[&seq(&[&octets(b"unsigned")])])])]);
    let unsigned = |attributes: &[u8]| {
        sealed_by(&dictionary(PKCS7), &|document| {
            let mut draft = Draft::good(document);
            draft.unsigned = attributes.to_vec();
            open_ended(&draft.der(), 0)
        })
    };
    Family::new("cms_ber", "BER as older signers wrote it: where it ends is not where its length says")
        .control("whole", of(PKCS7, &|ber| ber))
        .control("whole, PAdES", of(CADES, &|ber| ber))
        .control("unsigned attributes with open ends", unsigned(&open_ended(&attributes, 0)))
        .control("unsigned attributes of a definite length", unsigned(&attributes))
        .refused("another member for the end", of(PKCS7, &|ber| [&ber[..ber.len() - 2], &[7]].concat()), "cms_malformed")
        .refused(
            "half an end",
            of(PKCS7, &|mut ber| {
                let at = ber.len() - 1;
                ber[at] = 1;
                ber
            }),
            "cms_malformed",
        )
        .refused("something behind the end", of(PKCS7, &|ber| [ber, vec![0, 0, 7]].concat()), "contents_trailing_bytes")
        .refused("another value behind the end", of(CADES, &|ber| [ber, seq(&[])].concat()), "contents_trailing_bytes")
        .refused("an end too early", of(PKCS7, &|ber| [&ber[..2], &[0, 0], &ber[2..]].concat()), "cms_malformed")
        .refused("an end in the middle", of(PKCS7, &|ber| [&ber[..15], &[0, 0], &ber[15..]].concat()), "cms_malformed")
        .refused("nested beyond measure", of(PKCS7, &|_| [0x30, 0x80].repeat(2000)), "cms_malformed")
}
