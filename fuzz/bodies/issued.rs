//! What the corpora of certificates, lists, responses and tokens are about: a root, a CA and an end entity, and when they are judged. Their keys
//! are known to nobody but the library's own tests: whatever else is believed, was forged.

use thrivosign::Time;
use thrivosign::pki::revocation::{Revocation, RevocationData, RevocationMode};
use thrivosign::pki::{Certificate, PathFailure, PathInputs, Role, TrustAnchors, path};

pub(crate) const ROOT: &[u8] = include_bytes!("../corpus/certificate/good-root");
pub(crate) const CA: &[u8] = include_bytes!("../corpus/certificate/good-ca");
pub(crate) const LEAF: &[u8] = include_bytes!("../corpus/certificate/good-leaf");

pub(crate) fn certificate(der: &[u8]) -> Certificate {
    Certificate::from_der(der).expect("it is in the corpus")
}

/// 2026-06-01.
pub(crate) fn now() -> Time {
    Time::from_unix(1_780_272_000)
}

/// The end entity's path, with these certificates on the way.
pub(crate) fn judged(
    leaf: &Certificate,
    pool: &[Certificate],
    role: Role,
    data: Option<&RevocationData>,
) -> Result<Option<Revocation>, PathFailure> {
    let revocation = if data.is_some() { RevocationMode::IfAvailable } else { RevocationMode::Off };
    let inputs = PathInputs { revocation, data, ..PathInputs::at(now(), role) };
    let anchors = TrustAnchors::from_iter([certificate(ROOT)]);
    path::validate(leaf, pool, &anchors, &inputs).map(|found| found.revocation.first().cloned())
}

/// The part that is signed of what is a SEQUENCE of that, an algorithm and a signature.
pub(crate) fn signed_part(der: &[u8]) -> &[u8] {
    let length = |bytes: &[u8]| match bytes[1] {
        short @ 0..=0x7f => (2, usize::from(short)),
        0x81 => (3, usize::from(bytes[2])),
        _ => (4, usize::from(bytes[2]) << 8 | usize::from(bytes[3])),
    };
    let inside = &der[length(der).0..];
    let (header, value) = length(inside);
    &inside[..header + value]
}

/// Whether `data` holds `part`.
pub(crate) fn holds(data: &[u8], part: &[u8]) -> bool {
    data.windows(part.len()).any(|window| window == part)
}
