//! The key room, attestations: Android Key Attestation judged.
//!
//! Takes certificates, a question and a policy; gives the level at which the key is kept, or the first reason why it is not believed. The chain
//! comes first: until it ends at a root, nothing the extension says is worth reading. What must be enforced by hardware is read from the
//! hardware's list alone, for an attacker who owns the system writes the other one.

use super::Question;
use super::chain::{Chain, TargetValidity};
use super::description::{ApplicationId, Authorizations, KeyDescription};
use super::failure::AttestationFailure;
use super::policy::{AndroidPolicy, StatusDemand};
use super::status::Standing;
use crate::crypto::KeyAlgorithm;
use crate::pki::oid::ObjectIdentifier;
use crate::pki::protection::ProtectionLevel;
use crate::time::Time;

const KEY_DESCRIPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11129.2.1.17");
/// Keymaster 2 to 4.1, KeyMint 1 to 4.
const VERSIONS: [u32; 8] = [1, 2, 3, 4, 100, 200, 300, 400];
const RSA: u32 = 1;
const EC: u32 = 3;
const GENERATED: u32 = 0;
const SIGN: u32 = 2;
const VERIFIED: u32 = 0;

/// The level at which the key in question is kept.
pub(super) fn judge(
    certificates: &[Vec<u8>],
    question: &Question<'_>,
    policy: &AndroidPolicy,
) -> Result<ProtectionLevel, AttestationFailure> {
    let chain = Chain::read(certificates)?;
    chain.walk(&policy.roots, question.time, TargetValidity::Ignored)?;
    check_status(&chain, &policy.status, question.time)?;
    // An attested key that may sign could issue a certificate for any key, with any extension, below its own: so the extension that counts is
    // in the target, and nowhere else.
    if chain.issuers().any(|issuer| issuer.extension(&KEY_DESCRIPTION).is_some()) {
        return Err(AttestationFailure::ExtensionAboveTarget);
    }
    let target = chain.target()?;
    let (_, extension) = target.extension(&KEY_DESCRIPTION).ok_or(AttestationFailure::ExtensionMissing)?;
    let said = KeyDescription::read(extension).map_err(|_| AttestationFailure::ExtensionMalformed)?;
    if !VERSIONS.contains(&said.version) {
        return Err(AttestationFailure::VersionUnknown);
    }
    if said.challenge != question.challenge {
        return Err(AttestationFailure::ChallengeWrong);
    }
    if question.keys != [target.public_key().clone()] {
        return Err(AttestationFailure::KeyWrong);
    }
    let level = check_level(&said, policy.least)?;
    let enforced = if level == ProtectionLevel::Software { &said.software } else { &said.hardware };
    check_key(enforced, target.public_key().algorithm())?;
    if said.software.all_applications || said.hardware.all_applications {
        return Err(AttestationFailure::AllApplications);
    }
    // Software knows nothing of the boot; who admits software has given that up.
    if level != ProtectionLevel::Software {
        check_boot(enforced)?;
    }
    check_patch_level(enforced, policy.patch_level)?;
    // Hardware does not know apps: their id is the verified system's word, and stands in its list.
    check_application(said.software.application.as_ref(), policy)?;
    // Last, since only it depends on how the app asked for the key.
    if enforced.purposes == [SIGN] { Ok(level) } else { Err(AttestationFailure::PurposeWrong) }
}

fn check_status(chain: &Chain, demand: &StatusDemand, now: Time) -> Result<(), AttestationFailure> {
    let StatusDemand::Listed { list, max_age } = demand else { return Ok(()) };
    let list = list.as_ref().ok_or(AttestationFailure::StatusMissing)?;
    if !list.is_fresh(now, *max_age) {
        return Err(AttestationFailure::StatusStale);
    }
    for certificate in chain.iter() {
        match list.of(certificate.serial()) {
            Some(Standing::Revoked) => return Err(AttestationFailure::Revoked),
            Some(Standing::Suspended) => return Err(AttestationFailure::Suspended),
            None => {}
        }
    }
    Ok(())
}

fn check_level(said: &KeyDescription<'_>, least: ProtectionLevel) -> Result<ProtectionLevel, AttestationFailure> {
    if said.attestation_level.min(said.keeper_level) < least {
        return Err(AttestationFailure::LevelTooLow);
    }
    if said.attestation_level == said.keeper_level { Ok(said.keeper_level) } else { Err(AttestationFailure::LevelsDiffer) }
}

/// The key was made where it is kept, and the certificate is for a key of that kind.
fn check_key(enforced: &Authorizations<'_>, key: KeyAlgorithm) -> Result<(), AttestationFailure> {
    if enforced.origin != Some(GENERATED) {
        return Err(AttestationFailure::OriginNotGenerated);
    }
    let kind = match key {
        KeyAlgorithm::P256 => (EC, 256, Some(1)),
        KeyAlgorithm::P384 => (EC, 384, Some(2)),
        KeyAlgorithm::P521 => (EC, 521, Some(3)),
        KeyAlgorithm::Rsa { bits } => (RSA, bits, None),
        _ => return Err(AttestationFailure::KeyKindWrong),
    };
    match (enforced.algorithm, enforced.key_size) {
        (Some(algorithm), Some(size)) if (algorithm, size, enforced.curve) == kind => Ok(()),
        _ => Err(AttestationFailure::KeyKindWrong),
    }
}

fn check_boot(hardware: &Authorizations<'_>) -> Result<(), AttestationFailure> {
    let boot = hardware.root_of_trust.as_ref().ok_or(AttestationFailure::BootStateMissing)?;
    if boot.state != VERIFIED {
        return Err(AttestationFailure::BootNotVerified);
    }
    if boot.locked { Ok(()) } else { Err(AttestationFailure::DeviceUnlocked) }
}

fn check_patch_level(enforced: &Authorizations<'_>, least: u32) -> Result<(), AttestationFailure> {
    match enforced.patch_level {
        None => Err(AttestationFailure::PatchLevelMissing),
        Some(level) if level < least => Err(AttestationFailure::PatchLevelOld),
        Some(_) => Ok(()),
    }
}

/// One package, whose signers the policy all knows: a package that shares the user id could use the key too, and so could whoever added a
/// signer.
fn check_application(said: Option<&ApplicationId<'_>>, policy: &AndroidPolicy) -> Result<(), AttestationFailure> {
    let said = said.ok_or(AttestationFailure::ApplicationMissing)?;
    let [package] = said.packages.as_slice() else { return Err(AttestationFailure::PackageWrong) };
    let app = policy.apps.iter().find(|app| app.package.as_bytes() == *package).ok_or(AttestationFailure::PackageWrong)?;
    let known = |signer: &&[u8]| app.signers.iter().any(|known| known.as_slice() == *signer);
    if !said.signers.is_empty() && said.signers.iter().all(known) { Ok(()) } else { Err(AttestationFailure::SignerWrong) }
}
