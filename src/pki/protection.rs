//! The pki room: where a certified key lives, as the issuer could verify it, and how a certificate says so.
//!
//! Takes and gives values and DER; what was verified, and by whom, is said by who uses them. The identifiers stand under the arc that is kept
//! for examples (RFC 5612); an issuer with an arc of its own replaces them.
//!
//! ```text
//! KeyProtection ::= SEQUENCE {
//!     level        ENUMERATED { software(0), tee(1), strongbox(2), secureEnclaveAppAttested(3) },
//!     attestation  OCTET STRING (SIZE(32)) OPTIONAL }    -- SHA-256 of the attestation that was verified
//! ```

use crate::error::{ErrorKind, Result};
use crate::pki::certificate::Certificate;
use crate::pki::der::{self, DerFault};
use const_oid::ObjectIdentifier;

/// The extension that says where the certified key lives. Not critical.
pub const KEY_PROTECTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.2986.2");
/// The policy under which certificates are issued for development: nothing was proven of the key.
pub const DEVELOPMENT_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.2986.1");

/// Where a private key lives, as far as an attestation proved it; never what was claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ProtectionLevel {
    /// Nothing was proven: as good as the process's own memory.
    Software,
    /// A trusted execution environment.
    Tee,
    /// A secure element beside the processor (Android StrongBox).
    Strongbox,
    /// Apple's App Attest vouches for the app, and the app for a key in the Secure Enclave.
    SecureEnclaveAppAttested,
}

impl ProtectionLevel {
    /// Every level, in the order of their numbers in a certificate.
    pub const ALL: [ProtectionLevel; 4] =
        [ProtectionLevel::Software, ProtectionLevel::Tee, ProtectionLevel::Strongbox, ProtectionLevel::SecureEnclaveAppAttested];

    /// The stable name: `software`, `tee`, `strongbox`, `secure_enclave_app_attested`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ProtectionLevel::Software => "software",
            ProtectionLevel::Tee => "tee",
            ProtectionLevel::Strongbox => "strongbox",
            ProtectionLevel::SecureEnclaveAppAttested => "secure_enclave_app_attested",
        }
    }

    const fn number(self) -> u8 {
        match self {
            ProtectionLevel::Software => 0,
            ProtectionLevel::Tee => 1,
            ProtectionLevel::Strongbox => 2,
            ProtectionLevel::SecureEnclaveAppAttested => 3,
        }
    }
}

/// What an issuer states of the key it certifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyProtection {
    /// Where the key lives.
    pub level: ProtectionLevel,
    /// SHA-256 of the attestation that was verified, if there was one.
    pub attestation: Option<[u8; 32]>,
}

impl KeyProtection {
    /// The extension's content.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let attestation = self.attestation.map(|digest| der::write(der::OCTET_STRING, &[&digest])).unwrap_or_default();
        der::write(der::SEQUENCE, &[&der::write(der::ENUMERATED, &[&[self.level.number()]]), &attestation])
    }

    /// What the certificate's issuer states, if it states anything.
    ///
    /// # Errors
    /// [`ErrorKind::CertificateMalformed`] for an extension of another form, or a level that is not known.
    pub fn of(certificate: &Certificate) -> Result<Option<KeyProtection>> {
        let Some((_, value)) = certificate.extension(&KEY_PROTECTION) else { return Ok(None) };
        read(value).map(Some).map_err(|fault| fault.error(ErrorKind::CertificateMalformed))
    }
}

fn read(bytes: &[u8]) -> std::result::Result<KeyProtection, DerFault> {
    let mut reader = der::whole(bytes, der::SEQUENCE, "key protection")?.inside();
    let level = reader.expect(der::ENUMERATED, "protection level")?;
    let known = ProtectionLevel::ALL.into_iter().find(|known| level.value == [known.number()]);
    let attestation = match reader.optional(der::OCTET_STRING)? {
        Some(digest) => Some(digest.value.try_into().map_err(|_| digest.fault("attestation digest"))?),
        None => None,
    };
    reader.finish("key protection")?;
    Ok(KeyProtection { level: known.ok_or_else(|| level.fault("protection level"))?, attestation })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::testing::{Draft, Key};

    #[test]
    fn what_is_written_is_read_back_and_nothing_else() {
        let key = Key::new(1);
        let plain = Draft::leaf("a", &key, "a");
        let stated = |value: Vec<u8>| KeyProtection::of(&plain.clone().with(KEY_PROTECTION, false, value).issue(&key));
        assert_eq!(KeyProtection::of(&plain.issue(&key)).unwrap(), None);
        for level in ProtectionLevel::ALL {
            for attestation in [None, Some([7; 32])] {
                let all = KeyProtection { level, attestation };
                assert!(der::check_der(&all.to_der()).is_ok());
                assert_eq!(stated(all.to_der()).unwrap(), Some(all));
            }
        }
        assert_eq!(KeyProtection { level: ProtectionLevel::Tee, attestation: None }.to_der(), [0x30, 3, 10, 1, 1]);
        let long = der::write(der::SEQUENCE, &[&[10, 1, 1], &der::write(der::OCTET_STRING, &[&[7; 33]])]);
        for bad in
            [&[][..], &[0x30, 0], &[0x30, 3, 10, 1, 4], &[0x30, 3, 2, 1, 1], &[0x30, 5, 10, 1, 1, 5, 0], &[0x30, 4, 10, 2, 0, 1], &long]
        {
            assert!(stated(bad.to_vec()).is_err(), "{bad:02x?}");
        }
    }
}
