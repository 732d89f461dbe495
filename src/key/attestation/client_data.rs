//! The key room, attestations: what an app has the App Attest service speak for.
//!
//! App Attest vouches for an app and a key of its own; keys that the app made in the Secure Enclave are bound by standing, with the challenge,
//! in the data whose digest the statement covers. Takes challenge and keys, gives those bytes. The form is made for apps to write without a
//! library: after the label each part follows its length in four bytes, most significant first.
//!
//! ```text
//! "thrivosign-app-attest-1"  len(challenge) challenge  len(key) key  [len(key) key ..]      keys: SubjectPublicKeyInfo, DER
//! ```

use super::Question;
use crate::crypto::PublicKey;
use crate::crypto::digest::sha256;

const LABEL: &[u8] = b"thrivosign-app-attest-1";

/// The data for that challenge and those keys, in that order.
#[must_use]
pub fn client_data(challenge: &[u8], keys: &[PublicKey]) -> Vec<u8> {
    let mut out = LABEL.to_vec();
    for part in std::iter::once(challenge).chain(keys.iter().map(PublicKey::spki_der)) {
        out.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        out.extend_from_slice(part);
    }
    out
}

/// clientDataHash of the question.
pub(super) fn hash(question: &Question<'_>) -> [u8; 32] {
    sha256(&client_data(question.challenge, question.keys))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::testing::Key;

    #[test]
    fn the_form_is_as_written_and_no_two_questions_share_it() {
        let [one, two] = [1, 2].map(|seed| Key::new(seed).public());
        let data = client_data(b"abc", std::slice::from_ref(&one));
        let expected = [LABEL, &[0, 0, 0, 3], b"abc", &[0, 0, 0, 91], one.spki_der()].concat();
        assert_eq!(data, expected);
        let both = client_data(b"abc", &[one.clone(), two.clone()]);
        assert!(both != client_data(b"abc", &[two, one]) && both != data);
    }

    /// The same figures stand in the tests of who writes it on phones: ios/linux/apple/Tests/EnclaveTests/AppAttestTests.swift.
    #[test]
    fn the_digest_is_the_one_that_phones_send() {
        let head =
            [0x30, 0x59, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7, 3, 0x42, 0];
        // The generator of the curve: 32 bytes and 32 bytes.
        let generator = [
            0x6b17_d1f2_e12c_4247_f8bc_e6e5_63a4_40f2_u128,
            0x7703_7d81_2deb_33a0_f4a1_3945_d898_c296,
            0x4fe3_42e2_fe1a_7f9b_8ee7_eb4a_7c0f_9e16,
            0x2bce_3357_6b31_5ece_cbb6_4068_37bf_51f5,
        ];
        let spki = [&head[..], &[4], &generator.map(u128::to_be_bytes).concat()].concat();
        let key = PublicKey::from_spki_der(&spki).unwrap();
        let digest: String = sha256(&client_data(b"abc", &[key])).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, "c32204e519bb8f61a50875e1cafc25f205af6922962bbd23f9e65a6c03b60d0f");
    }
}
