//! The words of a report, as enums. The same words as in its JSON form (`docs/schema/report-1.json`).

use thrivosign::verify as core;

/// Makes an enum that mirrors one of the core's, case by case: a case that is missing here does not compile.
macro_rules! mirror {
    ($(#[$doc:meta])* $name:ident of $core:path { $( $(#[$case_doc:meta])* $case:ident, )* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
        pub enum $name { $( $(#[$case_doc])* $case, )* }

        impl From<$core> for $name {
            fn from(value: $core) -> $name {
                use $core as Core;
                match value { $( Core::$case => $name::$case, )* }
            }
        }
    };
}

mirror! {
    /// Signature or time stamp.
    SignatureKind of core::Kind {
        /// A signature.
        Signature,
        /// A document time stamp.
        DocumentTimestamp,
    }
}

mirror! {
    /// How the mathematics and the structure came out.
    CryptoStatus of core::CryptoStatus {
        /// Both hold.
        Ok,
        /// One fails.
        Failed,
        /// The algorithm or format is not supported.
        Unsupported,
    }
}

mirror! {
    /// What the signed range covers.
    Coverage of core::Coverage {
        /// The whole file.
        WholeFile,
        /// The whole of its revision; later ones follow.
        WholeRevision,
        /// Anything else.
        Broken,
    }
}

mirror! {
    /// What a later change is.
    ChangeKind of core::ChangeKind {
        /// Nothing changed.
        None,
        /// Validation data or a document time stamp.
        Ltv,
        /// Metadata.
        Metadata,
        /// A signature.
        SignatureAdded,
        /// A form field's value.
        FormFilled,
        /// Annotations.
        Annotated,
        /// Anything else.
        Other,
        /// Bytes that belong to no revision.
        TrailingBytes,
    }
}

mirror! {
    /// What the signed revision says about later changes.
    Permitted of core::Permitted {
        /// It states that they may be made.
        Yes,
        /// It states that they may not.
        No,
        /// It states nothing.
        NotStated,
    }
}

mirror! {
    /// The level really reached.
    SignatureLevel of core::Level {
        /// PAdES B-B.
        BB,
        /// Plain CMS.
        PlainCms,
        /// Document time stamp.
        DocumentTimestamp,
        /// A time stamp that holds proves when it existed.
        BT,
        /// What the document carries proves it without a network, ten years later.
        BLT,
        /// A document time stamp keeps that so.
        BLTA,
    }
}

mirror! {
    /// The main indication (EN 319 102-1 table 5).
    Indication of core::Indication {
        /// All checks of the policy passed.
        TotalPassed,
        /// What is at hand does not decide.
        Indeterminate,
        /// The signature is broken.
        TotalFailed,
    }
}

mirror! {
    /// The sub-indication, by the names of EN 319 102-1 table 6.
    SubIndication of core::SubIndication {
        /// FORMAT_FAILURE
        FormatFailure,
        /// HASH_FAILURE
        HashFailure,
        /// SIG_CRYPTO_FAILURE
        SigCryptoFailure,
        /// NO_SIGNING_CERTIFICATE_FOUND
        NoSigningCertificateFound,
        /// NO_CERTIFICATE_CHAIN_FOUND
        NoCertificateChainFound,
        /// CERTIFICATE_CHAIN_GENERAL_FAILURE
        CertificateChainGeneralFailure,
        /// SIG_CONSTRAINTS_FAILURE
        SigConstraintsFailure,
        /// CRYPTO_CONSTRAINTS_FAILURE
        CryptoConstraintsFailure,
        /// CRYPTO_CONSTRAINTS_FAILURE_NO_POE
        CryptoConstraintsFailureNoPoe,
        /// REVOKED_NO_POE
        RevokedNoPoe,
        /// REVOKED_CA_NO_POE
        RevokedCaNoPoe,
        /// OUT_OF_BOUNDS_NO_POE
        OutOfBoundsNoPoe,
        /// NOT_YET_VALID
        NotYetValid,
        /// TRY_LATER
        TryLater,
    }
}

mirror! {
    /// Which check a reason comes from.
    ReasonFamily of core::Family {
        /// Structure of document and signature.
        Structure,
        /// Digest of the signed bytes.
        Digest,
        /// The signature value.
        Signature,
        /// The signer's certificate.
        Signer,
        /// Later changes.
        Change,
        /// The chain of certificates.
        Chain,
        /// Revocation.
        Revocation,
        /// Time.
        Time,
        /// Strength of algorithms.
        Algorithm,
    }
}

/// How a check came out. *Not required by policy* and *not checked* are two different things.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Check {
    /// It passed.
    Ok,
    /// It failed.
    Failed {
        /// Code of the reason.
        reason: String,
    },
    /// The policy does not ask for it.
    NotRequiredByPolicy,
    /// Something before it failed, or there is no evidence.
    NotChecked,
}

impl From<&core::Check> for Check {
    fn from(check: &core::Check) -> Check {
        match check {
            core::Check::Ok => Check::Ok,
            core::Check::Failed { reason } => Check::Failed { reason: (*reason).to_owned() },
            core::Check::NotRequiredByPolicy => Check::NotRequiredByPolicy,
            core::Check::NotChecked => Check::NotChecked,
        }
    }
}
