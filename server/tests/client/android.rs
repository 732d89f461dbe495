//! Tests only: an Android phone as its maker ships it, with a chain under a root of these tests.

use super::phone::{new_key, spki};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use thrivosign::Time;
use thrivosign::key::attestation::{AndroidApp, AndroidPolicy, ApplePolicy, AttestationPolicy, StatusDemand, StatusList};
use thrivosign::pki::ProtectionLevel;
use thrivosign::pki::certificate::Certificate;

const PACKAGE: &str = "com.example.bank";
const SIGNER: [u8; 32] = [5; 32];

pub(super) fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let length = match body.len() {
        short @ 0..0x80 => vec![short as u8],
        long => vec![0x82, (long >> 8) as u8, long as u8],
    };
    // Lengths from 128 to 255 have a shorter form, which DER demands.
    let length = if length.len() == 3 && length[1] == 0 { vec![0x81, length[2]] } else { length };
    [&[tag][..], &length, &body].concat()
}

fn name(text: &str) -> Vec<u8> {
    let pair = tlv(0x30, &[&[6, 3, 0x55, 4, 3], &tlv(0x0c, &[text.as_bytes()])]);
    tlv(0x30, &[&tlv(0x31, &[&pair])])
}

pub(super) fn extension(oid: &[u8], value: &[u8]) -> Vec<u8> {
    tlv(0x30, &[&tlv(6, &[oid]), &tlv(4, &[value])])
}

pub(super) fn certificate(serial: u8, subject: &str, key: &SigningKey, issuer: &str, by: &SigningKey, extension: &[u8]) -> Vec<u8> {
    let algorithm = tlv(0x30, &[&[6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]]);
    let validity = tlv(0x30, &[&tlv(0x18, &[b"20000101000000Z"]), &tlv(0x18, &[b"20600101000000Z"])]);
    let extensions = tlv(0xa3, &[&tlv(0x30, &[extension])]);
    let parts = [&[0xa0, 3, 2, 1, 2, 2, 1, serial][..], &algorithm, &name(issuer), &validity, &name(subject), &spki(key), &extensions];
    let body = tlv(0x30, &parts);
    let signature: Signature = by.sign(&body);
    tlv(0x30, &[&body, &algorithm, &tlv(3, &[&[0], signature.to_der().as_bytes()])])
}

/// What makes phones: a root and a key that attests.
pub struct Maker {
    root: SigningKey,
    batch: SigningKey,
}

impl Maker {
    pub fn new() -> Maker {
        Maker { root: new_key(), batch: new_key() }
    }

    fn ca() -> Vec<u8> {
        extension(&[0x55, 0x1d, 0x13], &[0x30, 3, 1, 1, 0xff])
    }

    /// The policy that trusts this maker, with a status list that names nothing, or the certificate that attests.
    pub fn policy(&self, revoked: bool) -> AttestationPolicy {
        let root = certificate(1, "root", &self.root, "root", &self.root, &Maker::ca());
        let json = if revoked { &br#"{"entries":{"2":{"status":"REVOKED"}}}"#[..] } else { br#"{"entries":{}}"# };
        let android = AndroidPolicy {
            roots: vec![Certificate::from_der(&root).unwrap()],
            apps: vec![AndroidApp { package: PACKAGE.to_owned(), signers: vec![SIGNER] }],
            least: ProtectionLevel::Tee,
            patch_level: 202_601,
            status: StatusDemand::Listed { list: Some(StatusList::from_json(json, Time::from_unix(0)).unwrap()), max_age: i64::MAX },
        };
        AttestationPolicy::strict(android, ApplePolicy::default())
    }

    /// The chain of a key in a phone's StrongBox (2), execution environment (1) or nowhere (0).
    pub fn attest(&self, key: &SigningKey, challenge: &[u8], level: u8) -> Vec<Vec<u8>> {
        let package = tlv(0x30, &[&tlv(4, &[PACKAGE.as_bytes()]), &[2, 1, 1]]);
        let app = tlv(0x30, &[&tlv(0x31, &[&package]), &tlv(0x31, &[&tlv(4, &[&SIGNER])])]);
        let tagged = |tag: &[u8], element: &[u8]| [tag, &tlv(0, &[element])[1..]].concat();
        let software = tlv(0x30, &[&tagged(&[0xbf, 0x85, 0x45], &tlv(4, &[&app]))]);
        let boot = tlv(0x30, &[&tlv(4, &[&[7; 32]]), &[1, 1, 0xff, 10, 1, 0]]);
        let hardware = tlv(
            0x30,
            &[
                &tagged(&[0xa1], &tlv(0x31, &[&[2, 1, 2]])),
                &tagged(&[0xa2], &[2, 1, 3]),
                &tagged(&[0xa3], &[2, 2, 1, 0]),
                &tagged(&[0xaa], &[2, 1, 1]),
                &tagged(&[0xbf, 0x85, 0x3e], &[2, 1, 0]),
                &tagged(&[0xbf, 0x85, 0x40], &boot),
                &tagged(&[0xbf, 0x85, 0x42], &[2, 3, 3, 0x17, 0x6d]),
            ],
        );
        let said = tlv(0x30, &[&[2, 1, 100, 10, 1, level, 2, 1, 100, 10, 1, level], &tlv(4, &[challenge]), &[4, 0], &software, &hardware]);
        let description = extension(&[0x2b, 6, 1, 4, 1, 0xd6, 0x79, 2, 1, 17], &said);
        let target = certificate(1, "Android Keystore Key", key, "batch", &self.batch, &description);
        vec![target, certificate(2, "batch", &self.batch, "root", &self.root, &Maker::ca())]
    }
}
