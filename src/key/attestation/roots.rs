//! The key room, attestations: the makers' published roots, as data. `roots/README.md` says where each is published. A caller may give others.

use crate::pki::certificate::Certificate;

const GOOGLE_RSA: &[u8] = include_bytes!("roots/google-rsa-2022.der");
const GOOGLE_P384: &[u8] = include_bytes!("roots/google-p384-2025.der");
const APPLE: &[u8] = include_bytes!("roots/apple-app-attestation.der");

/// The roots of Android's hardware attestation: RSA, and P-384 since 2026.
#[must_use]
pub fn google() -> Vec<Certificate> {
    [GOOGLE_RSA, GOOGLE_P384].into_iter().filter_map(|der| Certificate::from_der(der).ok()).collect()
}

/// The root of Apple's App Attest.
#[must_use]
pub fn apple() -> Vec<Certificate> {
    Certificate::from_der(APPLE).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::verify;

    #[test]
    fn the_roots_are_the_published_ones() {
        let all: Vec<Certificate> = google().into_iter().chain(apple()).collect();
        let hex = |certificate: &Certificate| certificate.sha256().iter().map(|b| format!("{b:02x}")).collect::<String>();
        let digests: Vec<String> = all.iter().map(hex).collect();
        assert_eq!(
            digests,
            [
                "cedb1cb6dc896ae5ec797348bce9286753c2b38ee71ce0fbe34a9a1248800dfc",
                "6d9db4ce6c5c0b293166d08986e05774a8776ceb525d9e4329520de12ba4bcc0",
                "1cb9823ba28ba6ad2d33a006941de2ae4f513ef1d4e831b9f7e0fa7b6242c932"
            ]
        );
        for root in &all {
            assert!(root.is_self_issued() && root.is_ca());
            let algorithm = root.signature_algorithm().unwrap();
            assert_eq!(verify(root.public_key(), algorithm, root.tbs_der(), root.signature()), Ok(()));
        }
        assert_eq!(all[0].subject_text(), "SERIALNUMBER=f92009e853b6b045");
    }
}
