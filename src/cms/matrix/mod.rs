//! The cms room, tests only: a CMS made by hand, each field free to be wrong.
//!
//! `cases` and `tokens` have one signature for every check, which fails that check alone; `legal` what is odd and must pass; `ber` what older signers
//! wrote; `limits` what is large, cut or flipped.

mod ber;
mod cases;
mod legal;
mod limits;
mod tokens;

use crate::cms::attributes as id;
use crate::cms::check::{CmsFacts, Expect};
use crate::cms::parse::SignedData;
use crate::cms::reason::CmsReason;
use crate::crypto::digest::DigestAlgorithm;
use crate::pki::algorithm::PublicKey;
use crate::pki::certificate::Certificate;
use crate::pki::der;
use crate::pki::oid;
use crate::pki::testing::{Draft, Key, ecdsa, openssl, put};
use const_oid::ObjectIdentifier;
use std::sync::OnceLock;

/// How many time-stamp tokens the matrix has, each refused by one check.
pub(crate) fn turned_tokens() -> usize {
    tokens::turned()
}

const CONTENT: &[u8] = b"the signed ranges of a document";
const MD5: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.5");

fn seq(parts: &[&[u8]]) -> Vec<u8> {
    der::write(der::SEQUENCE, parts)
}

fn algorithm(oid: &ObjectIdentifier) -> Vec<u8> {
    seq(&[&der::write_oid(oid)])
}

fn octets(value: &[u8]) -> Vec<u8> {
    der::write(der::OCTET_STRING, &[value])
}

/// signing-certificate(-v2) with an optional hash algorithm.
fn ess(hash_algorithm: &[u8], hash: &[u8], issuer: &[u8], serial: &[u8]) -> Vec<u8> {
    let names = seq(&[&der::write(0xa4, &[issuer])]);
    let issuer_serial = seq(&[&names, &der::write(der::INTEGER, &[serial])]);
    seq(&[&seq(&[&seq(&[hash_algorithm, &octets(hash), &issuer_serial])])])
}

/// A CMS to be; every field may be changed before [`Cms::der`].
struct Cms {
    key: Key,
    signer: Certificate,
    content_type: ObjectIdentifier,
    content: Option<Vec<u8>>,
    attributes: Option<Vec<(ObjectIdentifier, Vec<Vec<u8>>)>>,
    sorted: bool,
    digest_algorithm: Vec<u8>,
    signature_algorithm: Vec<u8>,
    sid: Vec<u8>,
    signature: Option<Vec<u8>>,
    certificates: Vec<Vec<u8>>,
    unsigned: Option<Vec<u8>>,
    copies: usize,
    version: u8,
    signer_version: u8,
    digest_list: Option<Vec<u8>>,
    /// Where a member stands that does not belong there.
    extra: &'static str,
}

impl Cms {
    fn with(signer: Certificate, key: Key) -> Cms {
        let attributes = vec![
            (id::CONTENT_TYPE, vec![der::write_oid(&id::ID_DATA)]),
            (id::MESSAGE_DIGEST, vec![octets(&DigestAlgorithm::Sha256.digest(CONTENT))]),
            (id::SIGNING_CERTIFICATE_V2, vec![ess(&[], &signer.sha256(), signer.issuer_der(), signer.serial())]),
        ];
        Cms {
            sid: seq(&[signer.issuer_der(), &der::write(der::INTEGER, &[signer.serial()])]),
            certificates: vec![signer.der().to_vec()],
            content_type: id::ID_DATA,
            content: None,
            attributes: Some(attributes),
            sorted: true,
            digest_algorithm: algorithm(&DigestAlgorithm::Sha256.oid()),
            signature_algorithm: ecdsa().to_der(),
            signature: None,
            unsigned: None,
            copies: 1,
            version: 1,
            signer_version: 1,
            digest_list: None,
            extra: "",
            key,
            signer,
        }
    }

    fn good() -> Cms {
        let key = Key::new(3);
        Cms::with(Draft::leaf("Anna", &key, "CA").issue(&Key::new(2)), key)
    }

    /// A good time-stamp token over [`CONTENT`].
    fn token() -> Cms {
        let key = Key::new(5);
        let purposes = seq(&[&der::write_oid(&oid::KP_TIME_STAMPING)]);
        let mut cms = Cms::with(Draft::leaf("TSA", &key, "CA").with(oid::EXTENDED_KEY_USAGE, true, purposes).issue(&Key::new(2)), key);
        cms.content_type = id::ID_TST_INFO;
        cms.version = 3;
        cms.stamp(tst_info(&DigestAlgorithm::Sha256.oid(), &DigestAlgorithm::Sha256.digest(CONTENT)));
        cms
    }

    fn stamp(&mut self, content: Vec<u8>) {
        self.set(id::CONTENT_TYPE, vec![der::write_oid(&id::ID_TST_INFO)]);
        self.set(id::MESSAGE_DIGEST, vec![octets(&DigestAlgorithm::Sha256.digest(&content))]);
        self.content = Some(content);
    }

    fn set(&mut self, oid: ObjectIdentifier, values: Vec<Vec<u8>>) {
        let list = self.attributes.as_mut().unwrap();
        list.retain(|(o, _)| *o != oid);
        list.push((oid, values));
    }

    fn remove(&mut self, oid: ObjectIdentifier) {
        self.attributes.as_mut().unwrap().retain(|(o, _)| *o != oid);
    }

    /// A NULL, if it is there that one should be too many.
    fn extra(&self, place: &str) -> &'static [u8] {
        if self.extra == place { &[5, 0] } else { &[] }
    }

    fn attribute_set(&self) -> Vec<u8> {
        let list = self.attributes.as_ref().unwrap();
        let extra = self.extra("attribute");
        let mut encoded: Vec<Vec<u8>> = list
            .iter()
            .map(|(o, v)| seq(&[&der::write_oid(o), &der::write(der::SET, &v.iter().map(Vec::as_slice).collect::<Vec<_>>()), extra]))
            .collect();
        encoded.sort();
        if !self.sorted {
            encoded.reverse();
        }
        der::write(der::SET, &encoded.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    fn der(&self) -> Vec<u8> {
        let (message, signed) = match &self.attributes {
            Some(_) => {
                let message = self.attribute_set();
                let mut implicit = message.clone();
                implicit[0] = 0xa0;
                (message, implicit)
            }
            None => (self.content.clone().unwrap_or_else(|| CONTENT.to_vec()), Vec::new()),
        };
        let signature = self.signature.clone().unwrap_or_else(|| self.key.sign(&message));
        let unsigned = self.unsigned.clone().unwrap_or_default();
        let mut sid = self.sid.clone();
        if self.extra == "signer identifier" {
            sid = seq(&[der::whole(&sid, der::SEQUENCE, "sid").unwrap().value, &[5, 0]]);
        }
        let info = seq(&[
            &[2, 1, self.signer_version],
            &sid,
            &self.digest_algorithm,
            &signed,
            &self.signature_algorithm,
            &octets(&signature),
            &unsigned,
            self.extra("SignerInfo"),
        ]);
        let content = self.content.as_ref().map(|c| der::write(0xa0, &[&octets(c), self.extra("octets")])).unwrap_or_default();
        let certificates = der::write(0xa0, &self.certificates.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let data = seq(&[
            &[2, 1, self.version],
            &der::write(der::SET, &[self.digest_list.as_ref().unwrap_or(&self.digest_algorithm)]),
            &seq(&[&der::write_oid(&self.content_type), &content, self.extra("encapsulated content")]),
            &certificates,
            &der::write(der::SET, &[&info.repeat(self.copies)]),
            self.extra("SignedData"),
        ]);
        seq(&[&der::write_oid(&id::ID_SIGNED_DATA), &der::write(0xa0, &[&data, self.extra("content")]), self.extra("ContentInfo")])
    }
}

fn tst_info(digest: &ObjectIdentifier, imprint: &[u8]) -> Vec<u8> {
    let imprint = seq(&[&algorithm(digest), &octets(imprint)]);
    seq(&[&[2, 1, 1], &[6, 2, 0x2a, 3], &imprint, &[2, 1, 9], &der::write(der::GENERALIZED_TIME, &[b"20260601120000.25Z"])])
}

fn facts(bytes: &[u8], expect: Expect) -> Result<CmsFacts, CmsReason> {
    let data = SignedData::parse(bytes).map_err(|f| f.reason)?;
    Ok(data.check(expect, &|d| Ok(d.digest(CONTENT))).unwrap())
}

fn judge(bytes: &[u8], expect: Expect) -> Result<(), CmsReason> {
    match facts(bytes, expect)?.failure {
        None => Ok(()),
        Some(failure) => Err(failure.reason),
    }
}

/// A key that openssl keeps, for what [`Key`] does not make.
struct Foreign {
    folder: tempfile::TempDir,
    public: PublicKey,
}

impl Foreign {
    fn new(arguments: &[&str]) -> Foreign {
        let folder = tempfile::tempdir().unwrap();
        let (ok, text) = openssl(folder.path(), &[&["genpkey"], arguments, &["-out", "key.pem"]].concat());
        assert!(ok, "{text}");
        let (ok, text) = openssl(folder.path(), &["pkey", "-in", "key.pem", "-pubout"]);
        assert!(ok, "{text}");
        Foreign { public: PublicKey::from_pem(text.as_bytes()).unwrap(), folder }
    }

    fn rsa() -> &'static Foreign {
        static MADE: OnceLock<Foreign> = OnceLock::new();
        MADE.get_or_init(|| Foreign::new(&["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]))
    }

    fn sign(&self, message: &[u8], arguments: &[&str]) -> Vec<u8> {
        let own = tempfile::tempdir_in(self.folder.path()).unwrap();
        put(own.path(), "message", message);
        let base = ["pkeyutl", "-sign", "-inkey", "../key.pem", "-rawin", "-in", "message", "-out", "value"];
        let (ok, text) = openssl(own.path(), &[&base[..], arguments].concat());
        assert!(ok, "{text}");
        #[expect(clippy::disallowed_methods, reason = "an outside judge writes files")]
        std::fs::read(own.path().join("value")).unwrap()
    }

    /// A CMS of a signer with that key in his certificate, whose signature openssl still has to make: [`Cms::signed_by`].
    fn cms(key: PublicKey, algorithm: &[u8]) -> Cms {
        let mut draft = Draft::leaf("Anna", &Key::new(3), "CA");
        draft.key = key;
        let mut cms = Cms::with(draft.issue(&Key::new(2)), Key::new(3));
        cms.signature_algorithm = algorithm.to_vec();
        cms
    }
}

impl Cms {
    fn signed_by(&mut self, key: &Foreign, arguments: &[&str]) {
        self.signature = Some(key.sign(&self.attribute_set(), arguments));
    }
}

/// What openssl calls RSASSA-PSS with SHA-256.
const PSS: [&str; 6] = ["-digest", "sha256", "-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:32"];
