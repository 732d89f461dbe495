//! A CMS made by hand and put into the kit's page: every field may be changed before it becomes DER. Signed anew after each change, so that
//! what is wrong is wrong alone.

use super::authority::{Key, authority};
use super::der::{SEQUENCE, oid, tlv};
use super::document::find;
use super::page::unsealed;
use super::seal::{Seal, digits, sealed, signature};
use std::sync::OnceLock;
use thrivosign::crypto::{DigestAlgorithm, SignatureAlgorithm};

pub(crate) const DATA: &[u32] = &[1, 2, 840, 113_549, 1, 7, 1];
pub(crate) const SIGNED_DATA: &[u32] = &[1, 2, 840, 113_549, 1, 7, 2];
pub(crate) const TST_INFO: &[u32] = &[1, 2, 840, 113_549, 1, 9, 16, 1, 4];
pub(crate) const CONTENT_TYPE: &[u32] = &[1, 2, 840, 113_549, 1, 9, 3];
pub(crate) const MESSAGE_DIGEST: &[u32] = &[1, 2, 840, 113_549, 1, 9, 4];
pub(crate) const SIGNING_TIME: &[u32] = &[1, 2, 840, 113_549, 1, 9, 5];
pub(crate) const BINDING_V1: &[u32] = &[1, 2, 840, 113_549, 1, 9, 16, 2, 12];
pub(crate) const BINDING_V2: &[u32] = &[1, 2, 840, 113_549, 1, 9, 16, 2, 47];
pub(crate) const PROTECTION: &[u32] = &[1, 2, 840, 113_549, 1, 9, 52];
pub(crate) const MD5: &[u32] = &[1, 2, 840, 113_549, 2, 5];
pub(crate) const RSA_PSS: &[u32] = &[1, 2, 840, 113_549, 1, 1, 10];

pub(crate) fn seq(parts: &[&[u8]]) -> Vec<u8> {
    tlv(SEQUENCE, parts)
}

pub(crate) fn octets(value: &[u8]) -> Vec<u8> {
    tlv(4, &[value])
}

/// An AlgorithmIdentifier without parameters.
pub(crate) fn named(id: &[u32]) -> Vec<u8> {
    seq(&[&oid(id)])
}

pub(crate) fn digest_id(digest: DigestAlgorithm) -> Vec<u8> {
    seq(&[&tlv(6, &[digest.oid().as_bytes()])])
}

/// An issuer as it stands in a certificate of the kit.
pub(crate) fn name(text: &str) -> Vec<u8> {
    seq(&[&tlv(0x31, &[&seq(&[&oid(&[2, 5, 4, 3]), &tlv(0x0c, &[text.as_bytes()])])])])
}

/// The value of signing-certificate(-v2): one certificate by hash, issuer and serial number.
pub(crate) fn binding(algorithm: &[u8], hash: &[u8], issuer: &[u8], serial: &[u8]) -> Vec<u8> {
    let issuer_serial = seq(&[&seq(&[&tlv(0xa4, &[issuer])]), &tlv(2, &[serial])]);
    seq(&[&seq(&[&seq(&[algorithm, &octets(hash), &issuer_serial])])])
}

/// A certificate of the kit's root for that key.
pub(crate) fn issued(spki: &[u8], serial: u8, subject: &str, extensions: &[(&[u32], bool, Vec<u8>)]) -> Vec<u8> {
    let root = Key::new(0x11);
    let algorithm = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256);
    let time = |text: &str| tlv(0x17, &[text.as_bytes()]);
    let mut list = Vec::new();
    for (id, critical, value) in extensions {
        let critical: &[u8] = if *critical { &[1, 1, 0xff] } else { &[] };
        list.extend(seq(&[&oid(id), critical, &octets(value)]));
    }
    let body = seq(&[
        &[0xa0, 3, 2, 1, 2],
        &tlv(2, &[&[serial]]),
        &algorithm.to_der(),
        &name("Attack Kit Root"),
        &seq(&[&time("200101000000Z"), &time("491231235959Z")]),
        &name(subject),
        spki,
        &tlv(0xa3, &[&seq(&[&list])]),
    ]);
    let value = root.sign(&body, &algorithm).expect("signs");
    seq(&[&body, &algorithm.to_der(), &tlv(3, &[&[0], &value])])
}

/// keyUsage nonRepudiation.
pub(crate) fn for_signing() -> (&'static [u32], bool, Vec<u8>) {
    (&[2, 5, 29, 15], true, vec![3, 2, 6, 0x40])
}

pub(crate) fn key_id(id: &[u8]) -> (&'static [u32], bool, Vec<u8>) {
    (&[2, 5, 29, 14], false, octets(id))
}

/// A CMS to be.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) content_type: Vec<u8>,
    pub(crate) content: Option<Vec<u8>>,
    pub(crate) attributes: Option<Vec<(Vec<u8>, Vec<Vec<u8>>)>>,
    pub(crate) sorted: bool,
    pub(crate) digest_algorithm: Vec<u8>,
    pub(crate) digest_list: Option<Vec<u8>>,
    pub(crate) signature_algorithm: Vec<u8>,
    pub(crate) sid: Vec<u8>,
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) unsigned: Vec<u8>,
    pub(crate) copies: usize,
    pub(crate) version: u8,
    pub(crate) signer_version: u8,
    /// Where a NULL stands that does not belong there.
    pub(crate) extra: &'static str,
    /// What the key makes of the message.
    pub(crate) signer: fn(&[u8]) -> Vec<u8>,
    /// In place of what the key makes.
    pub(crate) signature: Option<Vec<u8>>,
    /// The content of the document.
    pub(crate) document: Vec<u8>,
}

/// ECDSA of the kit's signer.
pub(crate) fn by_signer(message: &[u8]) -> Vec<u8> {
    authority().key.sign(message, &SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256)).expect("signs")
}

impl Draft {
    /// Sound, of the kit's signer.
    pub(crate) fn good(document: &[u8]) -> Draft {
        Draft::of(document, authority().chain[0].der(), &SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256).to_der(), by_signer)
    }

    /// Sound, of that certificate.
    pub(crate) fn of(document: &[u8], certificate: &[u8], algorithm: &[u8], signer: fn(&[u8]) -> Vec<u8>) -> Draft {
        let mut draft = Draft {
            content_type: oid(DATA),
            content: None,
            attributes: Some(vec![
                (oid(CONTENT_TYPE), vec![oid(DATA)]),
                (oid(MESSAGE_DIGEST), vec![octets(&DigestAlgorithm::Sha256.digest(document))]),
            ]),
            sorted: true,
            digest_algorithm: digest_id(DigestAlgorithm::Sha256),
            digest_list: None,
            signature_algorithm: algorithm.to_vec(),
            sid: Vec::new(),
            certificates: Vec::new(),
            unsigned: Vec::new(),
            copies: 1,
            version: 1,
            signer_version: 1,
            extra: "",
            signer,
            signature: None,
            document: document.to_vec(),
        };
        draft.name(certificate);
        draft
    }

    /// The signer is that certificate's: in SignerIdentifier, certificates and binding.
    pub(crate) fn name(&mut self, certificate: &[u8]) {
        let read = thrivosign::pki::certificate::Certificate::from_der(certificate).expect("a certificate");
        self.sid = seq(&[read.issuer_der(), &tlv(2, &[read.serial()])]);
        self.certificates = vec![certificate.to_vec()];
        self.set(BINDING_V2, vec![binding(&[], &read.sha256(), read.issuer_der(), read.serial())]);
    }

    pub(crate) fn set(&mut self, id: &[u32], values: Vec<Vec<u8>>) {
        self.remove(id);
        self.add(id, values);
    }

    pub(crate) fn add(&mut self, id: &[u32], values: Vec<Vec<u8>>) {
        self.attributes.as_mut().expect("attributes").push((oid(id), values));
    }

    pub(crate) fn remove(&mut self, id: &[u32]) {
        self.attributes.as_mut().expect("attributes").retain(|(known, _)| *known != oid(id));
    }

    /// The content type, in both places.
    pub(crate) fn kind(&mut self, id: &[u32], version: u8) {
        (self.content_type, self.version) = (oid(id), version);
        self.set(CONTENT_TYPE, vec![oid(id)]);
    }

    /// Content of its own, and the attribute for it.
    pub(crate) fn attach(&mut self, content: Vec<u8>) {
        if self.attributes.is_some() {
            self.set(MESSAGE_DIGEST, vec![octets(&DigestAlgorithm::Sha256.digest(&content))]);
        }
        self.content = Some(content);
    }

    fn null(&self, place: &str) -> &'static [u8] {
        if self.extra == place { &[5, 0] } else { &[] }
    }

    pub(crate) fn attribute_set(&self) -> Vec<u8> {
        let list = self.attributes.as_ref().expect("attributes");
        let value = |values: &[Vec<u8>]| tlv(0x31, &values.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let mut encoded: Vec<Vec<u8>> = list.iter().map(|(id, values)| seq(&[id, &value(values), self.null("attribute")])).collect();
        encoded.sort();
        if !self.sorted {
            encoded.reverse();
        }
        tlv(0x31, &encoded.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        let (message, signed) = match &self.attributes {
            Some(_) => {
                let message = self.attribute_set();
                let implicit = [&[0xa0], &message[1..]].concat();
                (message, implicit)
            }
            None => (self.content.clone().unwrap_or_else(|| self.document.clone()), Vec::new()),
        };
        let value = self.signature.clone().unwrap_or_else(|| (self.signer)(&message));
        let sid = match (self.extra, self.sid.first()) {
            ("signer identifier", Some(&SEQUENCE)) => [&[SEQUENCE, self.sid[1] + 2], &self.sid[2..], &[5, 0]].concat(),
            _ => self.sid.clone(),
        };
        let info = seq(&[
            &[2, 1, self.signer_version],
            &sid,
            &self.digest_algorithm,
            &signed,
            &self.signature_algorithm,
            &octets(&value),
            &self.unsigned,
            self.null("signer"),
        ]);
        let content = self.content.as_ref().map(|c| tlv(0xa0, &[&octets(c), self.null("octets")])).unwrap_or_default();
        let data = seq(&[
            &[2, 1, self.version],
            &tlv(0x31, &[self.digest_list.as_ref().unwrap_or(&self.digest_algorithm)]),
            &seq(&[&self.content_type, &content, self.null("content type")]),
            &tlv(0xa0, &[&self.certificates.concat()]),
            &tlv(0x31, &[&info.repeat(self.copies)]),
            self.null("signed data"),
        ]);
        seq(&[&oid(SIGNED_DATA), &tlv(0xa0, &[&data, self.null("content")]), self.null("whole")])
    }
}

/// Digits in /Contents: room for what is larger than the kit's usual CMS.
const ROOM: usize = 12_000;

/// The kit's page, with that entry of the signature dictionary, sealed by what `contents` makes of the signed bytes.
pub(crate) fn sealed_by(dictionary: &str, contents: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    sealed_behind("", dictionary, contents)
}

/// The same behind something that stands before the header.
pub(crate) fn sealed_behind(junk: &str, dictionary: &str, contents: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let at = dictionary.find("/Contents<").expect("contents") + 10;
    let end = at + dictionary[at..].find('>').expect("an end");
    let dictionary = format!("{}{}{}", &dictionary[..at], "0".repeat(ROOM), &dictionary[end..]);
    let bytes = [junk.as_bytes(), &unsealed(&dictionary, &[], "")].concat();
    let end = bytes.len();
    let mut bytes = sealed(bytes, end, &Seal { cms: &|_| Vec::new(), ..Seal::default() });
    let from = find(&bytes, b"/Contents<").expect("contents") + 9;
    let upto = from + ROOM + 2;
    let value = digits(&contents(&[&bytes[..from], &bytes[upto..]].concat()));
    assert!(value.len() <= ROOM, "{} digits", value.len());
    bytes[from + 1..from + 1 + value.len()].copy_from_slice(value.as_bytes());
    bytes
}

/// The usual dictionary with another sub-filter.
pub(crate) fn dictionary(sub_filter: &str) -> String {
    signature("").replace("ETSI.CAdES.detached", sub_filter)
}

pub(crate) const CADES: &str = "ETSI.CAdES.detached";
pub(crate) const PKCS7: &str = "adbe.pkcs7.detached";
pub(crate) const PKCS7_SHA1: &str = "adbe.pkcs7.sha1";
pub(crate) const X509: &str = "adbe.x509.rsa_sha1";
pub(crate) const RFC3161: &str = "ETSI.RFC3161";

/// A page whose CMS is sound but for `change`.
pub(crate) fn but(sub_filter: &str, change: &dyn Fn(&mut Draft)) -> Vec<u8> {
    sealed_by(&dictionary(sub_filter), &|document| {
        let mut draft = Draft::good(document);
        change(&mut draft);
        draft.der()
    })
}

/// An RSA key, the same in every run.
pub(crate) struct Rsa {
    secret: rsa::PrivateKey,
    pub(crate) spki: Vec<u8>,
}

/// Numbers that are the same in every run: for keys that nobody trusts.
struct Fixed(u64);

impl rsa::rand_core::TryRng for Fixed {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        self.try_next_u64().map(|n| (n >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let n = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Ok(n ^ (n >> 31))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        for chunk in bytes.chunks_mut(8) {
            let n = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&n[..chunk.len()]);
        }
        Ok(())
    }
}

impl rsa::rand_core::TryCryptoRng for Fixed {}

impl Rsa {
    fn new(seed: u64, bits: usize) -> Rsa {
        let secret = rsa::PrivateKey::new(&mut Fixed(seed), bits).expect("a key");
        let public = secret.to_public_key();
        use rsa::traits::PublicKeyParts as _;
        let number = |bytes: &[u8]| {
            let digits: Vec<u8> = bytes.iter().copied().skip_while(|b| *b == 0).collect();
            let zero: &[u8] = if digits.first().is_some_and(|b| *b >= 0x80) { &[0] } else { &[] };
            tlv(2, &[zero, &digits])
        };
        let key = seq(&[&number(&public.n().to_be_bytes()), &number(&public.e().to_be_bytes())]);
        let algorithm = seq(&[&oid(&[1, 2, 840, 113_549, 1, 1, 1]), &[5, 0]]);
        Rsa { secret, spki: seq(&[&algorithm, &tlv(3, &[&[0], &key])]) }
    }

    pub(crate) fn signer() -> &'static Rsa {
        static MADE: OnceLock<Rsa> = OnceLock::new();
        MADE.get_or_init(|| Rsa::new(1, 2048))
    }

    pub(crate) fn other() -> &'static Rsa {
        static MADE: OnceLock<Rsa> = OnceLock::new();
        MADE.get_or_init(|| Rsa::new(2, 2048))
    }

    pub(crate) fn short() -> &'static Rsa {
        static MADE: OnceLock<Rsa> = OnceLock::new();
        MADE.get_or_init(|| Rsa::new(3, 1024))
    }

    /// The key under another name in its certificate.
    pub(crate) fn under(&self, algorithm: &[u8]) -> Vec<u8> {
        let read = thrivosign::crypto::PublicKey::from_spki_der(&self.spki).expect("a key");
        seq(&[algorithm, &tlv(3, &[&[0], read.key_bytes()])])
    }

    pub(crate) fn pkcs1(&self, digest: DigestAlgorithm, message: &[u8]) -> Vec<u8> {
        let padding = match digest {
            DigestAlgorithm::Sha1 => rsa::Pkcs1v15Sign::new::<sha1::Sha1>(),
            DigestAlgorithm::Sha384 => rsa::Pkcs1v15Sign::new::<sha2::Sha384>(),
            DigestAlgorithm::Sha512 => rsa::Pkcs1v15Sign::new::<sha2::Sha512>(),
            _ => rsa::Pkcs1v15Sign::new::<sha2::Sha256>(),
        };
        self.secret.sign(padding, &digest.digest(message)).expect("signs")
    }

    /// The digest without its name, as a lenient reader would take it.
    pub(crate) fn nameless(&self, message: &[u8]) -> Vec<u8> {
        self.secret.sign(rsa::Pkcs1v15Sign::new_unprefixed(), &DigestAlgorithm::Sha256.digest(message)).expect("signs")
    }

    pub(crate) fn pss(&self, digest: DigestAlgorithm, message: &[u8]) -> Vec<u8> {
        let hash = digest.digest(message);
        let mut numbers = Fixed(9);
        match digest {
            DigestAlgorithm::Sha512 => self.secret.sign_with_rng(&mut numbers, rsa::Pss::<sha2::Sha512>::new(), &hash),
            _ => self.secret.sign_with_rng(&mut numbers, rsa::Pss::<sha2::Sha256>::new(), &hash),
        }
        .expect("signs")
    }

    pub(crate) fn certificate(&self, serial: u8) -> Vec<u8> {
        issued(&self.spki, serial, "Attack Kit RSA Signer", &[for_signing()])
    }
}
