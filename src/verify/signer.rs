//! The verify room: what a signer's certificate says, for the report. Takes the certificate, gives facts; whether its issuer is believed is said
//! elsewhere.

use super::report::{IssuedFor, ProtectionFacts, SignerFacts};
use crate::cms::SigningCertificate;
use crate::crypto::digest::hex;
use crate::pki::certificate::Certificate;
use crate::pki::protection::{DEVELOPMENT_POLICY, KeyProtection};

pub(super) fn facts(signer: &Certificate, bound: Option<SigningCertificate>) -> SignerFacts {
    SignerFacts {
        name: signer.common_name(),
        subject: signer.subject_text(),
        issuer: signer.issuer_text(),
        serial: hex(signer.serial()),
        not_before: signer.not_before(),
        not_after: signer.not_after(),
        sha256: hex(&signer.sha256()),
        policies: signer.policies().iter().map(ToString::to_string).collect(),
        public_key: signer.public_key().algorithm().to_string(),
        signing_certificate_attribute: match bound {
            Some(SigningCertificate::V2) => "v2",
            Some(SigningCertificate::V1) => "v1",
            Some(SigningCertificate::Mismatch) => "mismatch",
            Some(SigningCertificate::Missing) | None => "missing",
        },
        key_protection: protection(signer),
        issued_for: signer.policies().contains(&DEVELOPMENT_POLICY).then_some(IssuedFor::Development),
    }
}

/// What the issuer states of the key. A statement that cannot be read is told, since silence would read as "states nothing".
fn protection(signer: &Certificate) -> Option<ProtectionFacts> {
    match KeyProtection::of(signer) {
        Ok(None) => None,
        Ok(Some(stated)) => {
            Some(ProtectionFacts { level: stated.level.name(), attestation: stated.attestation.map(|digest| hex(&digest)) })
        }
        Err(_) => Some(ProtectionFacts { level: "unreadable", attestation: None }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::oid;
    use crate::pki::protection::{KEY_PROTECTION, ProtectionLevel};
    use crate::pki::testing::{Draft, Key};

    #[test]
    fn what_the_issuer_states_of_the_key_is_told() {
        let key = Key::new(1);
        let told = |draft: Draft| {
            let facts = facts(&draft.issue(&key), None);
            (facts.key_protection.map(|p| (p.level, p.attestation)), facts.issued_for)
        };
        let plain = || Draft::leaf("a", &key, "a");
        assert_eq!(told(plain()), (None, None));
        let stated = KeyProtection { level: ProtectionLevel::Strongbox, attestation: Some([0xab; 32]) };
        assert_eq!(told(plain().with(KEY_PROTECTION, false, stated.to_der())), (Some(("strongbox", Some("ab".repeat(32)))), None));
        assert_eq!(told(plain().with(KEY_PROTECTION, false, vec![5, 0])), (Some(("unreadable", None)), None));
        // 1.3.6.1.4.1.32473.2986.1
        let policy = vec![0x30, 14, 0x30, 12, 6, 10, 0x2b, 6, 1, 4, 1, 0x81, 0xfd, 0x59, 0x97, 0x2a];
        let mut policy = [policy, vec![1]].concat();
        for at in [1, 3, 5] {
            policy[at] += 1;
        }
        assert_eq!(told(plain().with(oid::CERTIFICATE_POLICIES, false, policy)), (None, Some(IssuedFor::Development)));
    }
}
