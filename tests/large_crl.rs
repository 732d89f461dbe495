//! A list of 100 MB is searched in a window: what it says is right, and the peak of memory stays below 16 MiB. One test, so that the peak is its own.

use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::pkcs8::EncodePublicKey;
use thrivosign::Time;
use thrivosign::crypto::digest::{DigestAlgorithm, Hasher};
use thrivosign::pki::path::{PathFailure, PathInputs, validate};
use thrivosign::pki::revocation::{Crl, RevocationData, RevocationMode};
use thrivosign::pki::{Certificate, Role, TrustAnchors};

const ENTRIES: u64 = 2_900_000;
const ECDSA_SHA256: &[u8] = &[0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];

fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let digits: Vec<u8> = body.len().to_be_bytes().into_iter().skip_while(|b| *b == 0).collect();
    let length = if body.len() < 0x80 {
        vec![u8::try_from(body.len()).unwrap()]
    } else {
        [&[0x80 | u8::try_from(digits.len()).unwrap()], &digits[..]].concat()
    };
    [&[tag], &length[..], &body].concat()
}

/// Tag and four bytes of length, for a body that is not made.
fn long(tag: u8, len: u64) -> Vec<u8> {
    [&[tag, 0x84][..], &u32::try_from(len).unwrap().to_be_bytes()].concat()
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).unwrap()
}

fn sign(key: &SigningKey, digest: &[u8]) -> Vec<u8> {
    let value: p256::ecdsa::Signature = key.sign_prehash(digest).unwrap();
    tlv(3, &[&[0], value.to_der().as_bytes()])
}

fn name(text: &str) -> Vec<u8> {
    tlv(0x30, &[&tlv(0x31, &[&tlv(0x30, &[&[6, 3, 0x55, 4, 3], &tlv(0x0c, &[text.as_bytes()])])])])
}

fn certificate(subject: &str, serial: &[u8], public: u8, ca: bool) -> Certificate {
    let time = |text: &str| tlv(0x18, &[text.as_bytes()]);
    let extension = tlv(0x30, &[&[6, 3, 0x55, 0x1d, 0x13, 1, 1, 0xff], &tlv(4, &[&tlv(0x30, &[&[1, 1, 0xff]])])]);
    let extensions = if ca { tlv(0xa3, &[&tlv(0x30, &[&extension])]) } else { Vec::new() };
    let spki = key(public).verifying_key().to_public_key_der().unwrap();
    let validity = tlv(0x30, &[&time("20250101000000Z"), &time("20350101000000Z")]);
    let parts =
        [&[0xa0, 3, 2, 1, 2], &tlv(2, &[serial])[..], ECDSA_SHA256, &name("Root"), &validity, &name(subject), spki.as_bytes(), &extensions];
    let tbs = tlv(0x30, &parts);
    let signature = sign(&key(1), &DigestAlgorithm::Sha256.digest(&tbs));
    Certificate::from_der(&tlv(0x30, &[&tbs, ECDSA_SHA256, &signature])).unwrap()
}

/// Every entry is as long as every other: a serial number of 16 bytes and a time.
fn entries() -> impl Iterator<Item = Vec<u8>> {
    let model = tlv(0x30, &[&tlv(2, &[&[0x40; 16]]), &tlv(0x17, &[b"260301000000Z"])]);
    (0..ENTRIES).map(move |n| {
        let mut one = model.clone();
        one[12..20].copy_from_slice(&n.to_be_bytes());
        one
    })
}

/// The list, piece by piece, to whoever wants it.
struct List {
    head: Vec<u8>,
    tail: Vec<u8>,
    total: u64,
}

impl List {
    fn new() -> List {
        let utc = |text: &str| tlv(0x17, &[text.as_bytes()]);
        let fixed = [&[2, 1, 1][..], ECDSA_SHA256, &name("Root"), &utc("260530000000Z"), &utc("260630000000Z")].concat();
        let all = ENTRIES * 35;
        let tbs_len = fixed.len() as u64 + 6 + all;
        let tbs = [&long(0x30, tbs_len), &fixed[..], &long(0x30, all)].concat();
        let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
        hasher.update(&tbs);
        entries().for_each(|one| hasher.update(&one));
        let tail = [ECDSA_SHA256, &sign(&key(1), &hasher.finish())].concat();
        let body = tbs_len + 6 + tail.len() as u64;
        List { head: [&long(0x30, body), &tbs[..]].concat(), tail, total: body + 6 }
    }

    fn read(&self, certificates: &[Certificate]) -> Crl {
        let mut pieces = std::iter::once(self.head.clone()).chain(entries()).chain(std::iter::once(self.tail.clone()));
        let mut rest = Vec::new();
        let mut source = |buffer: &mut [u8]| {
            while rest.len() < buffer.len() {
                let Some(piece) = pieces.next() else { break };
                rest.extend(piece);
            }
            let n = rest.len().min(buffer.len());
            buffer[..n].copy_from_slice(&rest[..n]);
            rest.drain(..n);
            Ok(n)
        };
        Crl::from_stream(&mut source, certificates).unwrap()
    }
}

/// The peak so far in KiB; none where the system does not tell.
#[expect(clippy::disallowed_methods, reason = "a test asks the system what was used")]
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[test]
fn a_list_of_100_mb_is_searched_in_16_mib() {
    let list = List::new();
    assert!(list.total >= 100_000_000, "{}", list.total);
    let root = certificate("Root", &[1], 1, true);
    let revoked = certificate("Anna", &[&[0x40; 8][..], &(ENTRIES - 7).to_be_bytes()].concat(), 2, false);
    let good = certificate("Berta", &[0x41], 3, false);
    let before = peak();
    let read = list.read(&[revoked.clone(), good.clone()]);
    let after = peak();
    let data = RevocationData { crls: vec![read], ocsp: Vec::new() };
    let time = Time::from_rfc3339("2026-06-01T00:00:00Z").unwrap();
    let inputs = PathInputs { revocation: RevocationMode::Require, data: Some(&data), ..PathInputs::at(time, Role::Any) };
    let anchors = TrustAnchors::from_iter([root]);
    let judge = |leaf: &Certificate| validate(leaf, &[], &anchors, &inputs).map(|found| found.chain.len());
    assert_eq!(judge(&revoked), Err(PathFailure::Revoked { leaf: true }));
    assert_eq!(judge(&good), Ok(2));
    if let (Some(before), Some(after)) = (before, after) {
        println!("{} bytes, {ENTRIES} entries: {} KiB at the peak, {} KiB of it before", list.total, after, before);
        assert!(after - before < 16 * 1024, "{before} {after}");
    }
}
