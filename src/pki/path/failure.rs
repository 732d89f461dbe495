//! The pki room: why no path is valid. A closed list of reasons with stable codes; gives no text about a particular certificate.

use std::fmt;

/// Why no path is valid. `leaf` tells the end entity from a CA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PathFailure {
    /// No chain of names leads to an anchor.
    NoChain,
    /// A chain of names leads to an anchor, and a signature in it is wrong.
    BadSignature,
    /// A signature algorithm or key in the chain cannot be verified.
    AlgorithmUnsupported,
    /// A certificate is expired at that time.
    Expired {
        /// Whether it is the end entity's.
        leaf: bool,
    },
    /// A certificate is not valid yet at that time.
    NotYetValid {
        /// Whether it is the end entity's.
        leaf: bool,
    },
    /// The end entity's key usage or purposes do not allow what it is used for.
    Unsuitable,
    /// An issuer is no CA (RFC 5280 6.1.4 k).
    NotCa,
    /// More intermediate certificates than a CA allows (6.1.4 m), or than [`MAX_CHAIN`](super::MAX_CHAIN).
    PathTooLong,
    /// An issuer's key usage does not allow signing certificates (6.1.4 n).
    KeyUsage,
    /// A critical extension is unknown or cannot be read (6.1.4 o).
    UnknownCriticalExtension,
    /// A name lies outside a CA's name constraints, or the constraints cannot be evaluated (6.1.3 b, c).
    NameConstraint,
    /// An explicit policy is demanded, by a CA or by the caller, that the path does not have (6.1.5 g).
    Policy,
    /// A certificate was revoked at that time (6.1.3 a 3).
    Revoked {
        /// Whether it is the end entity's.
        leaf: bool,
    },
    /// Revocation data are required, and there is no fresh and authentic statement about a certificate.
    RevocationUnknown,
    /// The work allowed was used up.
    Budget,
}

impl PathFailure {
    /// Every failure.
    pub const ALL: &'static [PathFailure] = &[
        PathFailure::NoChain,
        PathFailure::BadSignature,
        PathFailure::AlgorithmUnsupported,
        PathFailure::Expired { leaf: true },
        PathFailure::Expired { leaf: false },
        PathFailure::NotYetValid { leaf: true },
        PathFailure::NotYetValid { leaf: false },
        PathFailure::Unsuitable,
        PathFailure::NotCa,
        PathFailure::PathTooLong,
        PathFailure::KeyUsage,
        PathFailure::UnknownCriticalExtension,
        PathFailure::NameConstraint,
        PathFailure::Policy,
        PathFailure::Revoked { leaf: true },
        PathFailure::Revoked { leaf: false },
        PathFailure::RevocationUnknown,
        PathFailure::Budget,
    ];

    /// The stable code, `snake_case`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.row().0
    }

    /// One line for people.
    #[must_use]
    pub const fn text(self) -> &'static str {
        self.row().1
    }

    const fn row(self) -> (&'static str, &'static str) {
        match self {
            PathFailure::NoChain => ("path_no_chain", "no chain of names leads to a trust anchor"),
            PathFailure::BadSignature => ("path_bad_signature", "a signature in the chain is wrong"),
            PathFailure::AlgorithmUnsupported => {
                ("path_algorithm_unsupported", "a signature algorithm or key in the chain is not supported")
            }
            PathFailure::Expired { leaf: true } => ("path_signer_expired", "the certificate is expired"),
            PathFailure::Expired { leaf: false } => ("path_ca_expired", "the certificate of an issuer is expired"),
            PathFailure::NotYetValid { leaf: true } => ("path_signer_not_yet_valid", "the certificate is not valid yet"),
            PathFailure::NotYetValid { leaf: false } => ("path_ca_not_yet_valid", "the certificate of an issuer is not valid yet"),
            PathFailure::Unsuitable => ("path_signer_unsuitable", "key usage or purposes do not allow what the certificate is used for"),
            PathFailure::NotCa => ("path_not_ca", "an issuer is no certification authority"),
            PathFailure::PathTooLong => ("path_too_long", "more intermediate certificates than an issuer allows"),
            PathFailure::KeyUsage => ("path_key_usage", "an issuer's key may not sign certificates"),
            PathFailure::UnknownCriticalExtension => ("path_unknown_critical_extension", "a critical extension is unknown"),
            PathFailure::NameConstraint => ("path_name_constraint", "a name lies outside an issuer's name constraints"),
            PathFailure::Policy => ("path_policy", "an explicit policy is demanded that the chain does not have"),
            PathFailure::Revoked { leaf: true } => ("path_signer_revoked", "the certificate was revoked"),
            PathFailure::Revoked { leaf: false } => ("path_ca_revoked", "the certificate of an issuer was revoked"),
            PathFailure::RevocationUnknown => ("path_revocation_unknown", "no fresh revocation statement about a certificate of the chain"),
            PathFailure::Budget => ("path_budget", "the work allowed was used up"),
        }
    }
}

impl fmt::Display for PathFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
