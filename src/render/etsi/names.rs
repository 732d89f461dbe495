//! The render room: the names of the ETSI report. Takes values of the verifier, gives the URIs that TS 119 102-2, RFC 9231 and the XML signature
//! recommendations have for them.

use crate::verify::{Indication, RevocationReason, SubIndication};

/// What the report calls by a name of this library: there is none in the standard.
pub(super) const OWN: &str = "urn:thrivosign:";

/// The main indication.
pub(super) const fn main_indication(indication: Indication) -> &'static str {
    match indication {
        Indication::TotalPassed => "urn:etsi:019102:mainindication:total-passed",
        Indication::Indeterminate => "urn:etsi:019102:mainindication:indeterminate",
        Indication::TotalFailed => "urn:etsi:019102:mainindication:total-failed",
    }
}

/// The same of a time stamp, which is no signature: the indication of a building block (EN 319 102-1 5.1.3).
pub(super) const fn stamp_indication(indication: Indication) -> &'static str {
    match indication {
        Indication::TotalPassed => PASSED,
        Indication::Indeterminate => INDETERMINATE,
        Indication::TotalFailed => FAILED,
    }
}

/// How one constraint came out.
pub(super) const PASSED: &str = "urn:etsi:019102:mainindication:passed";
pub(super) const FAILED: &str = "urn:etsi:019102:mainindication:failed";
pub(super) const INDETERMINATE: &str = "urn:etsi:019102:mainindication:indeterminate";
/// What DSS says of a document without a signature; the standard has no name for it, and its schema wants a report for one signature at least.
pub(super) const NO_SIGNATURE: &str = "urn:cef:dss:mainindication:noSignatureFound";

/// The sub-indication.
pub(super) fn sub_indication(sub: SubIndication) -> String {
    let name = match sub {
        SubIndication::FormatFailure => "FORMAT_FAILURE",
        SubIndication::HashFailure => "HASH_FAILURE",
        SubIndication::SigCryptoFailure => "SIG_CRYPTO_FAILURE",
        SubIndication::NoSigningCertificateFound => "NO_SIGNING_CERTIFICATE_FOUND",
        SubIndication::NoCertificateChainFound => "NO_CERTIFICATE_CHAIN_FOUND",
        SubIndication::CertificateChainGeneralFailure => "CERTIFICATE_CHAIN_GENERAL_FAILURE",
        SubIndication::SigConstraintsFailure => "SIG_CONSTRAINTS_FAILURE",
        SubIndication::CryptoConstraintsFailure => "CRYPTO_CONSTRAINTS_FAILURE",
        SubIndication::CryptoConstraintsFailureNoPoe => "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
        SubIndication::RevokedNoPoe => "REVOKED_NO_POE",
        SubIndication::RevokedCaNoPoe => "REVOKED_CA_NO_POE",
        SubIndication::OutOfBoundsNoPoe => "OUT_OF_BOUNDS_NO_POE",
        SubIndication::NotYetValid => "NOT_YET_VALID",
        SubIndication::TryLater => "TRY_LATER",
    };
    format!("urn:etsi:019102:subindication:{name}")
}

/// The reason of a revocation (RFC 5280 5.3.1).
pub(super) fn revocation_reason(reason: RevocationReason) -> String {
    let name = match reason {
        RevocationReason::Unspecified => "unspecified",
        RevocationReason::KeyCompromise => "keyCompromise",
        RevocationReason::CaCompromise => "cACompromise",
        RevocationReason::AffiliationChanged => "affiliationChanged",
        RevocationReason::Superseded => "superseded",
        RevocationReason::CessationOfOperation => "cessationOfOperation",
        RevocationReason::CertificateHold => "certificateHold",
        RevocationReason::PrivilegeWithdrawn => "privilegeWithdrawn",
        RevocationReason::AaCompromise => "aACompromise",
    };
    format!("urn:etsi:019102:revocationReason:{name}")
}

/// The digest algorithm of that name of ours (RFC 9231 2.1).
pub(super) fn digest(name: &str) -> String {
    match name {
        "sha1" => "http://www.w3.org/2000/09/xmldsig#sha1".to_owned(),
        "sha256" | "sha512" => format!("http://www.w3.org/2001/04/xmlenc#{name}"),
        "sha224" | "sha384" => format!("http://www.w3.org/2001/04/xmldsig-more#{name}"),
        _ if name.starts_with("sha3-") => format!("http://www.w3.org/2007/05/xmldsig-more#{name}"),
        _ => format!("{OWN}algorithm:{name}"),
    }
}

/// The signature algorithm of that name of ours (RFC 9231 2.3). RSASSA-PSS with other than the defaults has the same name.
pub(super) fn signature(name: &str) -> String {
    let (kind, digest) = match name.strip_prefix("ecdsa-") {
        Some(digest) => ("ecdsa", digest),
        None => match (name.strip_prefix("rsa-pkcs1-"), name.strip_prefix("rsa-pss-")) {
            (Some(digest), _) => ("rsa", digest),
            (_, Some(digest)) => ("pss", digest),
            _ => (name, ""),
        },
    };
    match (kind, digest) {
        ("ed25519", _) => "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519".to_owned(),
        ("rsa", "sha1") => "http://www.w3.org/2000/09/xmldsig#rsa-sha1".to_owned(),
        ("ecdsa", "sha3-224" | "sha3-256" | "sha3-384" | "sha3-512") => format!("http://www.w3.org/2021/04/xmldsig-more#ecdsa-{digest}"),
        ("ecdsa" | "rsa", "sha1" | "sha224" | "sha256" | "sha384" | "sha512") => {
            format!("http://www.w3.org/2001/04/xmldsig-more#{kind}-{digest}")
        }
        ("pss", _) => format!("http://www.w3.org/2007/05/xmldsig-more#{digest}-rsa-MGF1"),
        _ => format!("{OWN}algorithm:{name}"),
    }
}
