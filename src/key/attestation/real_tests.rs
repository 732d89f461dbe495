//! The key room, attestations, tests only: what real phones said. `tests/vectors/attestation/README.md` has the origins.

use super::*;
use crate::crypto::digest::sha256;
use crate::pki::certificate::{Certificate, certificates_from_pem};
use crate::pki::testing::at;
use AttestationFailure as F;
use base64ct::{Base64, Encoding as _};

/// What a real phone says, up to Google's root. The published keys may verify as well as sign, which is the last thing that is looked at: that
/// they are refused for it shows that all else holds.
#[test]
fn real_phones_are_believed_up_to_the_purpose_of_the_published_keys() {
    let samples: [(&[u8], &[u8], ProtectionLevel); 2] = [
        (
            include_bytes!("../../../tests/vectors/attestation/pixel9a-tee.pem"),
            b"6417f92c-daef-4cc1-8828-5bb39338ffd5",
            ProtectionLevel::Tee,
        ),
        (
            include_bytes!("../../../tests/vectors/attestation/pixel9a-strongbox.pem"),
            b"90578e1d-f5bf-4ccf-a27f-a4f4d89ee21f",
            ProtectionLevel::Strongbox,
        ),
    ];
    let signer = *b"\x10\x39\x38\xee\x45\x37\xe5\x9e\x8e\xe7\x92\xf6\x54\x50\x4f\xb8\x34\x6f\xc6\xb3\x46\xd0\xbb\xc4\x41\x5f\xc3\x39\xfc\xfc\x8e\xc1";
    for (pem, challenge, level) in samples {
        let chain = certificates_from_pem(pem).unwrap();
        let keys = [chain[0].public_key().clone()];
        let ders: Vec<Vec<u8>> = chain.iter().map(|certificate: &Certificate| certificate.der().to_vec()).collect();
        let attestation = Attestation::new("android-key", ders, Vec::new());
        let app = AndroidApp { package: "com.google.android.attestation".to_owned(), signers: vec![signer] };
        let android =
            AndroidPolicy { apps: vec![app], least: level, patch_level: 202_512, status: StatusDemand::Waived, ..Default::default() };
        let judge = |android: AndroidPolicy, challenge: &[u8], time: &str| {
            let policy = AttestationPolicy::strict(android, ApplePolicy::default());
            verify(&attestation, &Question { challenge, keys: &keys, app: None, time: at(time) }, &policy).map(|key| key.level)
        };
        let day = "2026-02-24T00:00:00Z";
        assert_eq!(judge(android.clone(), challenge, day), Err(F::PurposeWrong));
        assert_eq!(judge(android.clone(), b"another", day), Err(F::ChallengeWrong));
        assert_eq!(judge(android.clone(), challenge, "2026-04-01T00:00:00Z"), Err(F::ChainExpired));
        assert_eq!(judge(AndroidPolicy { patch_level: 202_703, ..android.clone() }, challenge, day), Err(F::PatchLevelOld));
        assert_eq!(judge(AndroidPolicy { roots: roots::apple(), ..android }, challenge, day), Err(F::RootUntrusted));
    }
}

/// A real phone's attestation and first assertion, up to Apple's root. What they speak for is that app's own data.
#[test]
fn a_real_phone_is_believed() {
    let sample: serde_json::Value = serde_json::from_slice(include_bytes!("../../../tests/vectors/attestation/ios-14.4.json")).unwrap();
    let part = |name: &str| Base64::decode_vec(sample[name].as_str().unwrap()).unwrap();
    let hash = sha256(&part("clientData"));
    let policy = ApplePolicy {
        apps: vec![sample["app"].as_str().unwrap().to_owned()],
        environments: vec![AppleEnvironment::Development],
        ..Default::default()
    };
    let (first, then) = (part("attestation"), part("assertion"));
    let (Ok(apple::Statement::Attestation(first)), Ok(apple::Statement::Assertion(then))) =
        (apple::Statement::read(&first), apple::Statement::read(&then))
    else {
        panic!("not read");
    };
    let day = at("2021-01-23T12:13:36Z");
    let key = apple::attested(&first, &hash, day, &policy).unwrap();
    assert_eq!(sha256(key.public_key.key_bytes()).to_vec(), part("keyId"));
    assert_eq!(apple::asserted(&then, &hash, &key, &policy).unwrap().counter, 1);
    let released = ApplePolicy { environments: vec![AppleEnvironment::Production], ..policy.clone() };
    assert_eq!(apple::attested(&first, &hash, day, &released), Err(F::EnvironmentWrong));
    assert_eq!(apple::attested(&first, &[0; 32], day, &policy), Err(F::NonceWrong));
    assert_eq!(apple::attested(&first, &hash, at("2021-02-23T12:13:36Z"), &policy), Err(F::ChainExpired));
    assert_eq!(apple::asserted(&then, &[0; 32], &key, &policy), Err(F::AssertionSignature));
}
