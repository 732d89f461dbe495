//! The key room, attestations: KeyDescription, the extension in which Android says what a key is (source.android.com, "Key and ID attestation").
//!
//! Takes the extension's DER, gives what it says, what hardware enforces apart from what software says. Judges nothing. Its tags have numbers
//! up to 724, so the DER reader, which takes single bytes, is not enough; a tag that stands twice is refused, since two readers would believe
//! different ones. Tags that are not needed are passed over.

use crate::pki::der::{self, DerFault, Reader, Tlv};
use crate::pki::protection::ProtectionLevel;

const PURPOSE: u32 = 1;
const ALGORITHM: u32 = 2;
const KEY_SIZE: u32 = 3;
const EC_CURVE: u32 = 10;
const ALL_APPLICATIONS: u32 = 600;
const ORIGIN: u32 = 702;
const ROOT_OF_TRUST: u32 = 704;
const OS_PATCH_LEVEL: u32 = 706;
const APPLICATION_ID: u32 = 709;
/// More tags than the schema has; more elements of a set than anybody writes.
const MAX_TAGS: usize = 96;
const MAX_ELEMENTS: usize = 64;

/// What the extension says.
pub(super) struct KeyDescription<'a> {
    pub(super) version: u32,
    /// Who attests.
    pub(super) attestation_level: ProtectionLevel,
    /// Who keeps the key.
    pub(super) keeper_level: ProtectionLevel,
    pub(super) challenge: &'a [u8],
    /// What the system says, which is as good as the system.
    pub(super) software: Authorizations<'a>,
    /// What the hardware enforces.
    pub(super) hardware: Authorizations<'a>,
}

/// An AuthorizationList, as far as it is judged.
#[derive(Default)]
pub(super) struct Authorizations<'a> {
    pub(super) purposes: Vec<u32>,
    pub(super) algorithm: Option<u32>,
    pub(super) key_size: Option<u32>,
    pub(super) curve: Option<u32>,
    pub(super) all_applications: bool,
    pub(super) origin: Option<u32>,
    pub(super) root_of_trust: Option<RootOfTrust>,
    pub(super) patch_level: Option<u32>,
    pub(super) application: Option<ApplicationId<'a>>,
}

/// How the device was booted.
pub(super) struct RootOfTrust {
    pub(super) locked: bool,
    /// 0 verified, 1 self-signed, 2 unverified, 3 failed.
    pub(super) state: u32,
}

/// Whose key it is: the packages of one user id, and SHA-256 of their signing certificates.
pub(super) struct ApplicationId<'a> {
    pub(super) packages: Vec<&'a [u8]>,
    pub(super) signers: Vec<&'a [u8]>,
}

impl KeyDescription<'_> {
    pub(super) fn read(bytes: &[u8]) -> Result<KeyDescription<'_>, DerFault> {
        let mut reader = der::whole(bytes, der::SEQUENCE, "key description")?.inside();
        let version = reader.expect(der::INTEGER, "attestation version")?.small()?;
        let attestation_level = level(&reader.expect(der::ENUMERATED, "attestation level")?)?;
        reader.expect(der::INTEGER, "keeper version")?.small()?;
        let keeper_level = level(&reader.expect(der::ENUMERATED, "keeper level")?)?;
        let challenge = reader.expect(der::OCTET_STRING, "challenge")?.value;
        reader.expect(der::OCTET_STRING, "unique id")?;
        let software = authorizations(&reader.expect(der::SEQUENCE, "software enforced")?)?;
        let hardware = authorizations(&reader.expect(der::SEQUENCE, "hardware enforced")?)?;
        reader.finish("key description")?;
        Ok(KeyDescription { version, attestation_level, keeper_level, challenge, software, hardware })
    }
}

fn level(tlv: &Tlv<'_>) -> Result<ProtectionLevel, DerFault> {
    match tlv.value {
        [0] => Ok(ProtectionLevel::Software),
        [1] => Ok(ProtectionLevel::Tee),
        [2] => Ok(ProtectionLevel::Strongbox),
        _ => Err(tlv.fault("security level")),
    }
}

fn authorizations<'a>(list: &Tlv<'a>) -> Result<Authorizations<'a>, DerFault> {
    let mut found = Authorizations::default();
    let mut seen = Vec::new();
    let mut rest = list.value;
    while !rest.is_empty() {
        let (number, content, after) = tagged(rest).map_err(|what| list.fault(what))?;
        if seen.contains(&number) || seen.len() == MAX_TAGS {
            return Err(list.fault("authorization repeated"));
        }
        seen.push(number);
        rest = after;
        let mut reader = Reader::new(content);
        let one = reader.any()?;
        reader.finish("authorization")?;
        match number {
            PURPOSE => found.purposes = small_set(&one)?,
            ALGORITHM => found.algorithm = Some(one.small()?),
            KEY_SIZE => found.key_size = Some(one.small()?),
            EC_CURVE => found.curve = Some(one.small()?),
            ALL_APPLICATIONS => found.all_applications = true,
            ORIGIN => found.origin = Some(one.small()?),
            ROOT_OF_TRUST => found.root_of_trust = Some(root_of_trust(&one)?),
            OS_PATCH_LEVEL => found.patch_level = Some(one.small()?),
            APPLICATION_ID => found.application = Some(application_id(&one)?),
            _ => {}
        }
    }
    Ok(found)
}

/// Number of a constructed context tag, its content, and what follows.
fn tagged(bytes: &[u8]) -> Result<(u32, &[u8], &[u8]), &'static str> {
    let [first, rest @ ..] = bytes else { return Err("cut short") };
    let mut rest = rest;
    if first & 0xe0 != 0xa0 {
        return Err("authorization tag");
    }
    let mut number = u32::from(first & 0x1f);
    if number == 0x1f {
        number = 0;
        loop {
            let [digit, after @ ..] = rest else { return Err("cut short") };
            rest = after;
            // X.690 8.1.2.4.2: no leading zero digit; and no number needs more than three.
            if (number == 0 && *digit == 0x80) || number >= 1 << 14 {
                return Err("authorization tag");
            }
            number = (number << 7) | u32::from(digit & 0x7f);
            if digit & 0x80 == 0 {
                break;
            }
        }
        if number < 0x1f {
            return Err("authorization tag");
        }
    }
    let (digits, len) = der::length(rest)?;
    let end = digits.checked_add(len).ok_or("length")?;
    let (Some(content), Some(after)) = (rest.get(digits..end), rest.get(end..)) else { return Err("cut short") };
    Ok((number, content, after))
}

/// The elements of a SET, all of one tag. Old devices do not sort them, and nothing depends on their order.
fn elements<'a>(set: &Tlv<'a>, tag: u8) -> Result<Vec<Tlv<'a>>, DerFault> {
    if set.tag != der::SET {
        return Err(set.fault("set"));
    }
    let mut reader = set.inside();
    let mut found = Vec::new();
    while !reader.is_empty() {
        if found.len() == MAX_ELEMENTS {
            return Err(set.fault("too many elements"));
        }
        found.push(reader.expect(tag, "element of a set")?);
    }
    Ok(found)
}

fn small_set(set: &Tlv<'_>) -> Result<Vec<u32>, DerFault> {
    elements(set, der::INTEGER)?.iter().map(Tlv::small).collect()
}

fn root_of_trust(tlv: &Tlv<'_>) -> Result<RootOfTrust, DerFault> {
    if tlv.tag != der::SEQUENCE {
        return Err(tlv.fault("root of trust"));
    }
    let mut reader = tlv.inside();
    reader.expect(der::OCTET_STRING, "boot key")?;
    let locked = reader.expect(der::BOOLEAN, "device locked")?.boolean()?;
    let state = reader.expect(der::ENUMERATED, "boot state")?;
    let [state] = state.value else { return Err(state.fault("boot state")) };
    reader.optional(der::OCTET_STRING)?;
    reader.finish("root of trust")?;
    Ok(RootOfTrust { locked, state: u32::from(*state) })
}

fn application_id<'a>(tlv: &Tlv<'a>) -> Result<ApplicationId<'a>, DerFault> {
    if tlv.tag != der::OCTET_STRING {
        return Err(tlv.fault("application id"));
    }
    let mut reader = der::whole(tlv.value, der::SEQUENCE, "application id")?.inside();
    let packages = elements(&reader.expect(der::SET, "packages")?, der::SEQUENCE)?;
    let signers = elements(&reader.expect(der::SET, "signers")?, der::OCTET_STRING)?;
    reader.finish("application id")?;
    let name = |package: &Tlv<'a>| {
        let mut inside = package.inside();
        let name = inside.expect(der::OCTET_STRING, "package name")?.value;
        inside.expect(der::INTEGER, "package version")?.integer()?;
        inside.finish("package")?;
        Ok(name)
    };
    let packages = packages.iter().map(name).collect::<Result<_, DerFault>>()?;
    Ok(ApplicationId { packages, signers: signers.iter().map(|signer| signer.value).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_several_bytes_are_strict() {
        assert_eq!(tagged(&[0xbf, 0x85, 0x3e, 1, 7, 9]).unwrap(), (702, &[7][..], &[9][..]));
        assert_eq!(tagged(&[0xa1, 0]).unwrap(), (1, &[][..], &[][..]));
        for (bytes, what) in [
            (&[0xbf, 0x80, 0x3e, 0][..], "authorization tag"),
            (&[0xbf, 0x05, 0], "authorization tag"),
            (&[0xbf, 0x85, 0x85, 0x85, 0x05, 0], "authorization tag"),
            (&[0x30, 0], "authorization tag"),
            (&[0x81, 0], "authorization tag"),
            (&[0xbf, 0x85], "cut short"),
            (&[0xbf, 0x85, 0x3e, 2, 7], "cut short"),
            (&[0xbf, 0x85, 0x3e, 0x80], "indefinite length"),
        ] {
            assert_eq!(tagged(bytes).unwrap_err(), what, "{bytes:02x?}");
        }
    }
}
