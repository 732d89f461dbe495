//! The C border: the enumerations of a verification report, as numbers for the header. 0 is what this version of the header has no word for.
//! Values never move.

use crate::enums::unknown;
use thrivosign::Result;
use thrivosign::verify::{ChangeKind, Coverage, CryptoStatus, Indication, Kind, Level, Permitted, Revocation, SubIndication};

/// Signature or time stamp.
#[repr(C)]
pub enum thrivosign_signature_kind {
    /// A signature.
    Signature = 1,
    /// A document time stamp.
    DocumentTimestamp = 2,
}

pub(crate) fn signature_kind_out(value: Kind) -> i32 {
    use thrivosign_signature_kind as Out;
    let known = match value {
        Kind::Signature => Out::Signature,
        Kind::DocumentTimestamp => Out::DocumentTimestamp,
    };
    known as i32
}

/// How the mathematics and the structure of a signature came out.
#[repr(C)]
pub enum thrivosign_crypto_status {
    /// Both hold.
    Ok = 1,
    /// One fails.
    Failed = 2,
    /// The algorithm or format is not supported.
    Unsupported = 3,
}

pub(crate) fn crypto_status_out(value: CryptoStatus) -> i32 {
    use thrivosign_crypto_status as Out;
    let known = match value {
        CryptoStatus::Ok => Out::Ok,
        CryptoStatus::Failed => Out::Failed,
        CryptoStatus::Unsupported => Out::Unsupported,
    };
    known as i32
}

/// What the signed range covers.
#[repr(C)]
pub enum thrivosign_coverage {
    /// The whole file.
    WholeFile = 1,
    /// The whole of its revision; later ones follow.
    WholeRevision = 2,
    /// Anything else.
    Broken = 3,
}

pub(crate) fn coverage_out(value: Coverage) -> i32 {
    use thrivosign_coverage as Out;
    let known = match value {
        Coverage::WholeFile => Out::WholeFile,
        Coverage::WholeRevision => Out::WholeRevision,
        Coverage::Broken => Out::Broken,
    };
    known as i32
}

/// What kind of change followed a signature.
#[repr(C)]
pub enum thrivosign_change_kind {
    /// Nothing changed.
    None = 1,
    /// Validation data or a document time stamp.
    Ltv = 2,
    /// Info, XMP, version, extensions.
    Metadata = 3,
    /// A signature.
    SignatureAdded = 4,
    /// A form field's value.
    FormFilled = 5,
    /// Annotations.
    Annotated = 6,
    /// Anything else.
    Other = 7,
    /// Bytes that belong to no revision.
    TrailingBytes = 8,
}

pub(crate) fn change_kind_out(value: ChangeKind) -> i32 {
    use thrivosign_change_kind as Out;
    let known = match value {
        ChangeKind::None => Out::None,
        ChangeKind::Ltv => Out::Ltv,
        ChangeKind::Metadata => Out::Metadata,
        ChangeKind::SignatureAdded => Out::SignatureAdded,
        ChangeKind::FormFilled => Out::FormFilled,
        ChangeKind::Annotated => Out::Annotated,
        ChangeKind::Other => Out::Other,
        ChangeKind::TrailingBytes => Out::TrailingBytes,
    };
    known as i32
}

/// What the signed revision says about later changes.
#[repr(C)]
pub enum thrivosign_permitted {
    /// It states that they may be made.
    Yes = 1,
    /// It states that they may not.
    No = 2,
    /// It states nothing.
    NotStated = 3,
}

pub(crate) fn permitted_out(value: Permitted) -> i32 {
    use thrivosign_permitted as Out;
    let known = match value {
        Permitted::Yes => Out::Yes,
        Permitted::No => Out::No,
        Permitted::NotStated => Out::NotStated,
    };
    known as i32
}

/// The main indication (EN 319 102-1 table 5).
#[repr(C)]
pub enum thrivosign_indication {
    /// All checks of the policy passed.
    TotalPassed = 1,
    /// What is at hand does not decide.
    Indeterminate = 2,
    /// The signature is broken.
    TotalFailed = 3,
}

pub(crate) fn indication_out(value: Indication) -> i32 {
    use thrivosign_indication as Out;
    let known = match value {
        Indication::TotalPassed => Out::TotalPassed,
        Indication::Indeterminate => Out::Indeterminate,
        Indication::TotalFailed => Out::TotalFailed,
    };
    known as i32
}

/// The sub-indication (EN 319 102-1 table 6); the names are that table's.
#[repr(C)]
pub enum thrivosign_sub_indication {
    /// `FORMAT_FAILURE`
    FormatFailure = 1,
    /// `HASH_FAILURE`
    HashFailure = 2,
    /// `SIG_CRYPTO_FAILURE`
    SigCryptoFailure = 3,
    /// `NO_SIGNING_CERTIFICATE_FOUND`
    NoSigningCertificateFound = 4,
    /// `NO_CERTIFICATE_CHAIN_FOUND`
    NoCertificateChainFound = 5,
    /// `CERTIFICATE_CHAIN_GENERAL_FAILURE`
    CertificateChainGeneralFailure = 6,
    /// `SIG_CONSTRAINTS_FAILURE`
    SigConstraintsFailure = 7,
    /// `CRYPTO_CONSTRAINTS_FAILURE`
    CryptoConstraintsFailure = 8,
    /// `CRYPTO_CONSTRAINTS_FAILURE_NO_POE`
    CryptoConstraintsFailureNoPoe = 9,
    /// `REVOKED_NO_POE`
    RevokedNoPoe = 10,
    /// `REVOKED_CA_NO_POE`
    RevokedCaNoPoe = 11,
    /// `OUT_OF_BOUNDS_NO_POE`
    OutOfBoundsNoPoe = 12,
    /// `NOT_YET_VALID`
    NotYetValid = 13,
    /// `TRY_LATER`
    TryLater = 14,
}

pub(crate) fn sub_indication_out(value: SubIndication) -> i32 {
    use thrivosign_sub_indication as Out;
    let known = match value {
        SubIndication::FormatFailure => Out::FormatFailure,
        SubIndication::HashFailure => Out::HashFailure,
        SubIndication::SigCryptoFailure => Out::SigCryptoFailure,
        SubIndication::NoSigningCertificateFound => Out::NoSigningCertificateFound,
        SubIndication::NoCertificateChainFound => Out::NoCertificateChainFound,
        SubIndication::CertificateChainGeneralFailure => Out::CertificateChainGeneralFailure,
        SubIndication::SigConstraintsFailure => Out::SigConstraintsFailure,
        SubIndication::CryptoConstraintsFailure => Out::CryptoConstraintsFailure,
        SubIndication::CryptoConstraintsFailureNoPoe => Out::CryptoConstraintsFailureNoPoe,
        SubIndication::RevokedNoPoe => Out::RevokedNoPoe,
        SubIndication::RevokedCaNoPoe => Out::RevokedCaNoPoe,
        SubIndication::OutOfBoundsNoPoe => Out::OutOfBoundsNoPoe,
        SubIndication::NotYetValid => Out::NotYetValid,
        SubIndication::TryLater => Out::TryLater,
    };
    known as i32
}

/// The level that a signature really reached (EN 319 142-1).
#[repr(C)]
pub enum thrivosign_level {
    /// B-B.
    BB = 1,
    /// CMS without the attributes of a PAdES level.
    PlainCms = 2,
    /// A document time stamp.
    DocumentTimestamp = 3,
    /// B-T: a time stamp that holds proves when it existed.
    BT = 4,
    /// B-LT: what the document carries proves it without a network, ten years later.
    BLT = 5,
    /// B-LTA: a document time stamp keeps that so.
    BLTA = 6,
}

pub(crate) fn level_out(value: Level) -> i32 {
    use thrivosign_level as Out;
    let known = match value {
        Level::BB => Out::BB,
        Level::PlainCms => Out::PlainCms,
        Level::DocumentTimestamp => Out::DocumentTimestamp,
        Level::BT => Out::BT,
        Level::BLT => Out::BLT,
        Level::BLTA => Out::BLTA,
    };
    known as i32
}

/// Whether revocation data are asked for. 0 is the same as IF_AVAILABLE.
#[repr(C)]
pub enum thrivosign_revocation {
    /// Not required.
    Off = 1,
    /// An answer at hand is judged, none is needed.
    IfAvailable = 2,
    /// Every certificate below the anchor needs a fresh answer.
    Require = 3,
}

pub(crate) fn revocation_in(value: i32) -> Result<Revocation> {
    use thrivosign_revocation as In;
    Ok(match value {
        x if x == In::Off as i32 => Revocation::Off,
        x if x == In::IfAvailable as i32 => Revocation::IfAvailable,
        x if x == In::Require as i32 => Revocation::Require,
        _ => return Err(unknown("revocation")),
    })
}
