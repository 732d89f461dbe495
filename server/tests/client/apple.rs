//! Tests only: an iPhone whose app has an App Attest credential, with a chain under a root of these tests.

use super::android::{certificate, extension, tlv};
use super::phone::{new_key, sign, spki};
use p256::ecdsa::SigningKey;
use sha2::{Digest, Sha256};
use thrivosign::key::attestation::{AndroidPolicy, ApplePolicy, AttestationPolicy, client_data};
use thrivosign::pki::algorithm::PublicKey;
use thrivosign::pki::certificate::Certificate;

const APP: &str = "ABCDE12345.com.example.bank";
const NONCE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x63, 0x64, 8, 2];

fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    Sha256::digest(parts.concat()).into()
}

/// A CBOR byte string, or with major type 3 a text.
fn string(major: u8, value: &[u8]) -> Vec<u8> {
    let head = match value.len() {
        short @ 0..24 => vec![major << 5 | short as u8],
        long @ 24..256 => vec![major << 5 | 24, long as u8],
        long => vec![major << 5 | 25, (long >> 8) as u8, long as u8],
    };
    [head, value.to_vec()].concat()
}

fn text(value: &str) -> Vec<u8> {
    string(3, value.as_bytes())
}

/// The app on one phone.
pub struct App {
    root: SigningKey,
    credential: SigningKey,
    counter: u32,
}

impl App {
    pub fn new() -> App {
        App { root: new_key(), credential: new_key(), counter: 0 }
    }

    /// The policy that trusts the maker of this phone.
    pub fn policy(&self) -> AttestationPolicy {
        let ca = extension(&[0x55, 0x1d, 0x13], &[0x30, 3, 1, 1, 0xff]);
        let root = certificate(1, "root", &self.root, "root", &self.root, &ca);
        let roots = vec![Certificate::from_der(&root).unwrap()];
        AttestationPolicy::strict(AndroidPolicy::default(), ApplePolicy { roots, apps: vec![APP.to_owned()], ..Default::default() })
    }

    fn hash(key: &SigningKey, challenge: &[u8]) -> [u8; 32] {
        sha256(&[&client_data(challenge, &[PublicKey::from_spki_der(&spki(key)).unwrap()])])
    }

    /// The first statement, for that key of the enclave.
    pub fn attest(&self, key: &SigningKey, challenge: &[u8]) -> Vec<u8> {
        let point = self.credential.verifying_key().to_sec1_point(false);
        let (x, y) = (&point.as_bytes()[1..33], &point.as_bytes()[33..65]);
        let cose = [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21][..], &string(2, x), &[0x22], &string(2, y)].concat();
        let head = [&sha256(&[APP.as_bytes()])[..], &[0x40, 0, 0, 0, 0], b"appattest\0\0\0\0\0\0\0", &[0, 32]].concat();
        let data = [&head, &sha256(&[point.as_bytes()])[..], &cose].concat();
        let nonce = sha256(&[&data, &App::hash(key, challenge)]);
        let stated = extension(NONCE, &tlv(0x30, &[&tlv(0xa1, &[&tlv(4, &[&nonce])])]));
        let leaf = certificate(2, "credential", &self.credential, "root", &self.root, &stated);
        let body = [&[0xa2][..], &text("x5c"), &[0x81], &string(2, &leaf), &text("receipt"), &string(2, b"receipt")].concat();
        [&[0xa3][..], &text("fmt"), &text("apple-appattest"), &text("attStmt"), &body, &text("authData"), &string(2, &data)].concat()
    }

    /// The same credential as it was at first.
    pub fn restored(&self) -> App {
        App { root: self.root.clone(), credential: self.credential.clone(), counter: 0 }
    }

    /// The app with a new credential on the same maker's phone.
    pub fn with_new_credential(&self) -> App {
        App { root: self.root.clone(), credential: new_key(), counter: 0 }
    }

    /// A later statement, for another key.
    pub fn assert(&mut self, key: &SigningKey, challenge: &[u8]) -> Vec<u8> {
        self.counter += 1;
        let data = [&sha256(&[APP.as_bytes()])[..], &[0x40], &self.counter.to_be_bytes()].concat();
        let signature = sign(&self.credential, &sha256(&[&data, &App::hash(key, challenge)]));
        [&[0xa2][..], &text("signature"), &string(2, &signature), &text("authenticatorData"), &string(2, &data)].concat()
    }
}
