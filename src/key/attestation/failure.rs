//! The key room, attestations: why one is refused. One case a reason, each with a stable name; nothing of the attestation itself.

macro_rules! failures { ($($(#[doc = $doc:literal])+ $name:ident = $code:literal;)*) => {
    /// Why an attestation is refused.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum AttestationFailure { $($(#[doc = $doc])+ $name,)* }

    impl AttestationFailure {
        /// Every reason.
        pub const ALL: &'static [AttestationFailure] = &[$(AttestationFailure::$name,)*];

        /// The stable name.
        #[must_use]
        pub const fn code(self) -> &'static str {
            match self { $(AttestationFailure::$name => $code,)* }
        }
    }
} }

failures! {
    /// There is none, and the policy demands one.
    NotAttested = "not_attested";
    /// Neither `android-key` nor `apple-appattest` nor `none`.
    FormatUnknown = "format_unknown";
    /// Parts that this format does not have.
    PartsUnexpected = "parts_unexpected";

    /// No certificate at all, or a chain of the target alone that names another issuer than a root.
    ChainEmpty = "chain_empty";
    /// More certificates than any platform issues.
    ChainTooLong = "chain_too_long";
    /// A certificate or statement larger than any platform makes.
    TooLarge = "too_large";
    /// A certificate that cannot be read.
    CertificateMalformed = "certificate_malformed";
    /// A certificate does not name the next one as its issuer.
    ChainNames = "chain_names";
    /// A signature in the chain is wrong, or by an algorithm that proves nothing (SHA-1, unknown).
    ChainSignature = "chain_signature";
    /// An issuer that is no CA, or may not issue that deep.
    ChainAuthority = "chain_authority";
    /// A certificate with a critical extension that nobody here evaluates.
    ChainCriticalExtension = "chain_critical_extension";
    /// A certificate above the target has expired; for Apple, the target too.
    ChainExpired = "chain_expired";
    /// A certificate above the target is not valid yet; for Apple, the target too.
    ChainNotYetValid = "chain_not_yet_valid";
    /// The chain does not end at one of the policy's roots.
    RootUntrusted = "root_untrusted";

    /// The policy demands Google's status list, and none is at hand.
    StatusMissing = "status_missing";
    /// The status list is older than the policy allows, or from the future.
    StatusStale = "status_stale";
    /// The status list says that a certificate of the chain is revoked.
    Revoked = "revoked";
    /// The status list says that a certificate of the chain is suspended.
    Suspended = "suspended";

    /// The target has no attestation extension.
    ExtensionMissing = "extension_missing";
    /// A certificate above the target has one: an attested key was used to issue a made-up certificate.
    ExtensionAboveTarget = "extension_above_target";
    /// The extension's content is not what its schema says.
    ExtensionMalformed = "extension_malformed";
    /// A version of the schema that is not known.
    VersionUnknown = "version_unknown";
    /// Bound to another challenge.
    ChallengeWrong = "challenge_wrong";
    /// Another key than the one that is to be proven.
    KeyWrong = "key_wrong";
    /// Attested by, or kept in, software, or in less than the policy demands.
    LevelTooLow = "level_too_low";
    /// Who attests and who keeps the key are not of the same level.
    LevelsDiffer = "levels_differ";
    /// Not generated where it is kept: imported, derived, or not said.
    OriginNotGenerated = "origin_not_generated";
    /// The attested algorithm, size or curve is not the key's.
    KeyKindWrong = "key_kind_wrong";
    /// For every app of the device.
    AllApplications = "all_applications";
    /// Hardware says nothing of how the device was booted.
    BootStateMissing = "boot_state_missing";
    /// The device did not boot a system verified by its maker's key.
    BootNotVerified = "boot_not_verified";
    /// The boot loader is unlocked.
    DeviceUnlocked = "device_unlocked";
    /// Hardware says nothing of the patch level.
    PatchLevelMissing = "patch_level_missing";
    /// The system lacks security patches that the policy demands.
    PatchLevelOld = "patch_level_old";
    /// Nothing is said of the app.
    ApplicationMissing = "application_missing";
    /// Another app's package, or beside other packages of one user id.
    PackageWrong = "package_wrong";
    /// An app of that name, signed by somebody else.
    SignerWrong = "signer_wrong";
    /// May do something else than sign, or not even that.
    PurposeWrong = "purpose_wrong";

    /// The statement is not the CBOR it should be.
    StatementMalformed = "statement_malformed";
    /// The statement names another format.
    StatementFormat = "statement_format";
    /// The authenticator data is not what its schema says.
    AuthenticatorDataMalformed = "authenticator_data_malformed";
    /// The certificate has no nonce.
    NonceMissing = "nonce_missing";
    /// The nonce is over other data: another challenge, another key, another statement.
    NonceWrong = "nonce_wrong";
    /// Another app.
    AppWrong = "app_wrong";
    /// Made for another environment, such as that of apps under development.
    EnvironmentWrong = "environment_wrong";
    /// The credential's id is not the digest of its key, or its key not the certificate's.
    CredentialWrong = "credential_wrong";
    /// A new credential that was used before.
    CounterNotZero = "counter_not_zero";
    /// An assertion that is not newer than the last one: replayed, or by a copy.
    CounterNotIncreased = "counter_not_increased";
    /// An assertion of a credential that was never attested.
    CredentialUnknown = "credential_unknown";
    /// The assertion's signature is not by the known credential.
    AssertionSignature = "assertion_signature";
}

#[cfg(test)]
mod tests {
    use super::AttestationFailure;
    use std::collections::HashSet;

    #[test]
    fn names_of_reasons_are_unique() {
        let codes: HashSet<&str> = AttestationFailure::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), AttestationFailure::ALL.len());
    }
}
