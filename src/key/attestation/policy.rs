//! The key room, attestations: what is demanded of one. Data alone; nothing here is read from a clock, a file or a network.

use super::status::StatusList;
use crate::pki::certificate::Certificate;
use crate::pki::protection::ProtectionLevel;

/// What is demanded.
#[derive(Clone, Debug)]
pub struct AttestationPolicy {
    /// Whether keys without any attestation are let in.
    pub admission: Admission,
    /// What is demanded of Android devices.
    pub android: AndroidPolicy,
    /// What is demanded of Apple devices.
    pub apple: ApplePolicy,
}

/// Who is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Admission {
    /// Attested keys alone.
    Strict,
    /// Keys without attestation too (format `none`), as software keys: simulators, emulators, tests. An attestation that is there is judged as
    /// strictly as ever: a wrong proof is worse than none.
    Development,
}

impl AttestationPolicy {
    /// Lets keys without attestation in, and no attested one, since no app is known.
    #[must_use]
    pub fn development() -> AttestationPolicy {
        AttestationPolicy { admission: Admission::Development, android: AndroidPolicy::default(), apple: ApplePolicy::default() }
    }

    /// Attested keys of these apps alone.
    #[must_use]
    pub const fn strict(android: AndroidPolicy, apple: ApplePolicy) -> AttestationPolicy {
        AttestationPolicy { admission: Admission::Strict, android, apple }
    }
}

/// What is demanded of Android Key Attestation. By default: Google's roots, a trusted execution environment, the status list of a day; and no
/// app, so that nothing is let in until one is named.
#[derive(Clone, Debug)]
pub struct AndroidPolicy {
    /// Certificates at which a chain may end.
    pub roots: Vec<Certificate>,
    /// The apps whose keys are let in.
    pub apps: Vec<AndroidApp>,
    /// The least level of both who attests and who keeps the key.
    pub least: ProtectionLevel,
    /// The oldest patch level of the system, as `YYYYMM`.
    pub patch_level: u32,
    /// What is demanded of the status list.
    pub status: StatusDemand,
}

impl Default for AndroidPolicy {
    fn default() -> AndroidPolicy {
        AndroidPolicy {
            roots: super::roots::google(),
            apps: Vec::new(),
            least: ProtectionLevel::Tee,
            patch_level: 0,
            status: StatusDemand::Listed { list: None, max_age: 24 * 60 * 60 },
        }
    }
}

/// An app, by its package and who signed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AndroidApp {
    /// The package's name.
    pub package: String,
    /// SHA-256 of signing certificates; one of them must have signed the app.
    pub signers: Vec<[u8; 32]>,
}

/// What is demanded of Google's list of revoked and suspended certificates.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum StatusDemand {
    /// A list not older than that; without one everything is refused.
    Listed {
        /// The list at hand.
        list: Option<StatusList>,
        /// Its greatest age in seconds.
        max_age: i64,
    },
    /// None: a leaked attestation key is then good for ever.
    Waived,
}

/// What is demanded of Apple's App Attest. By default: Apple's root, released apps; and no app, so that nothing is let in until one is named.
#[derive(Clone, Debug)]
pub struct ApplePolicy {
    /// Certificates at which a chain may end.
    pub roots: Vec<Certificate>,
    /// The apps that are let in, each as `team.bundle`.
    pub apps: Vec<String>,
    /// The environments that are let in.
    pub environments: Vec<AppleEnvironment>,
}

impl Default for ApplePolicy {
    fn default() -> ApplePolicy {
        ApplePolicy { roots: super::roots::apple(), apps: Vec::new(), environments: vec![AppleEnvironment::Production] }
    }
}

/// What an App Attest credential was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AppleEnvironment {
    /// Apps from the store, TestFlight or an enterprise.
    Production,
    /// Apps started from Xcode.
    Development,
}

impl AppleEnvironment {
    /// The AAGUID that authenticator data carries.
    pub(super) const fn aaguid(self) -> &'static [u8; 16] {
        match self {
            AppleEnvironment::Production => b"appattest\0\0\0\0\0\0\0",
            AppleEnvironment::Development => b"appattestdevelop",
        }
    }
}
