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
}
