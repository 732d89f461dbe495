//! A root and a signer under it, the same in every run: keys from fixed numbers, deterministic ECDSA (RFC 6979), one fixed time. Nobody
//! trusts this root but the kit.

use super::der::{SEQUENCE, oid, tlv};
use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use p256::pkcs8::EncodePublicKey as _;
use std::sync::OnceLock;
use thrivosign::Time;
use thrivosign::crypto::{PublicKey, SignatureAlgorithm};
use thrivosign::pki::certificate::Certificate;

/// A P-256 key.
pub(crate) struct Key {
    secret: SigningKey,
    public: PublicKey,
}

impl Key {
    pub(crate) fn new(seed: u8) -> Key {
        let secret = SigningKey::from_slice(&[seed; 32]).expect("a number below the order");
        let spki = secret.verifying_key().to_public_key_der().expect("a public key");
        let public = PublicKey::from_spki_der(spki.as_bytes()).expect("a public key");
        Key { secret, public }
    }

    pub(crate) fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// ECDSA with SHA-256 in DER, whatever is asked for.
    pub(crate) fn sign(&self, message: &[u8], _: &SignatureAlgorithm) -> Option<Vec<u8>> {
        let value: p256::ecdsa::Signature = self.secret.sign(message);
        Some(value.to_der().as_bytes().to_vec())
    }

    /// The same over what was digested already.
    pub(crate) fn sign_digest(&self, digest: &[u8]) -> Vec<u8> {
        let value: p256::ecdsa::Signature = self.secret.sign_prehash(digest).expect("a digest");
        value.to_der().as_bytes().to_vec()
    }
}

pub(crate) struct Authority {
    /// The root's certificate, PEM.
    pub(crate) root: Vec<u8>,
    /// The signer's certificate alone: one that nothing uses could be changed without anybody caring.
    pub(crate) chain: Vec<Certificate>,
    pub(crate) key: Key,
}

/// The time of every signature and every verdict of the kit.
pub(crate) fn now() -> Time {
    Time::from_rfc3339("2026-06-01T12:00:00Z").expect("a time")
}

pub(crate) fn authority() -> &'static Authority {
    static MADE: OnceLock<Authority> = OnceLock::new();
    MADE.get_or_init(|| {
        let (root_key, key) = (Key::new(0x11), Key::new(0x22));
        let ca: &[(&[u32], &[u8])] = &[(&[2, 5, 29, 19], &[0x30, 3, 1, 1, 0xff]), (&[2, 5, 29, 15], &[3, 2, 1, 6])];
        let root = certificate("Attack Kit Root", &root_key, 1, "Attack Kit Root", &root_key, ca);
        let leaf = certificate("Attack Kit Signer", &key, 2, "Attack Kit Root", &root_key, &[(&[2, 5, 29, 15], &[3, 2, 6, 0x40])]);
        Authority { root: pem(&root), chain: vec![Certificate::from_der(&leaf).expect("a certificate")], key }
    })
}

/// A certificate of the kit's root (RFC 5280 4.1) with these critical extensions, valid from 2020 to 2049.
pub(crate) fn certificate(subject: &str, key: &Key, serial: u8, issuer: &str, by: &Key, extensions: &[(&[u32], &[u8])]) -> Vec<u8> {
    let algorithm = tlv(SEQUENCE, &[&oid(&[1, 2, 840, 10045, 4, 3, 2])]);
    let name = |text: &str| tlv(SEQUENCE, &[&tlv(0x31, &[&tlv(SEQUENCE, &[&oid(&[2, 5, 4, 3]), &tlv(0x0c, &[text.as_bytes()])])])]);
    let time = |text: &str| tlv(0x17, &[text.as_bytes()]);
    let mut list = Vec::new();
    for (id, value) in extensions {
        list.extend(tlv(SEQUENCE, &[&oid(id), &[1, 1, 0xff], &tlv(4, &[value])]));
    }
    let body = tlv(
        SEQUENCE,
        &[
            &[0xa0, 3, 2, 1, 2],
            &tlv(2, &[&[serial]]),
            &algorithm,
            &name(issuer),
            &tlv(SEQUENCE, &[&time("200101000000Z"), &time("491231235959Z")]),
            &name(subject),
            key.public.spki_der(),
            &tlv(0xa3, &[&tlv(SEQUENCE, &[&list])]),
        ],
    );
    let value: p256::ecdsa::Signature = by.secret.sign(&body);
    tlv(SEQUENCE, &[&body, &algorithm, &tlv(3, &[&[0], value.to_der().as_bytes()])])
}

fn pem(der: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = b"-----BEGIN CERTIFICATE-----\n".to_vec();
    for line in der.chunks(48) {
        for group in line.chunks(3) {
            let n = group.iter().chain([&0; 3]).take(3).fold(0_usize, |n, b| n << 8 | usize::from(*b));
            let digits = [n >> 18, n >> 12 & 63, n >> 6 & 63, n & 63].map(|i| DIGITS[i]);
            text.extend_from_slice(&digits[..=group.len()]);
            text.extend(std::iter::repeat_n(b'=', 3 - group.len()));
        }
        text.push(b'\n');
    }
    text.extend_from_slice(b"-----END CERTIFICATE-----\n");
    text
}
