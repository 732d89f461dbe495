//! The verify room: the one table from reason to indication, sub-indication and effect on `clean` (EN 319 102-1 5.1.3). Codes never
//! move: reports, bindings and docs read this table.

use serde::Serialize;

/// The main indication (EN 319 102-1 table 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Indication {
    /// All checks of the policy passed.
    TotalPassed,
    /// What is at hand does not decide.
    Indeterminate,
    /// The signature is broken.
    TotalFailed,
}

/// The sub-indication (EN 319 102-1 table 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are those of EN 319 102-1 table 6")]
pub enum SubIndication {
    FormatFailure,
    HashFailure,
    SigCryptoFailure,
    NoSigningCertificateFound,
    NoCertificateChainFound,
    CertificateChainGeneralFailure,
    SigConstraintsFailure,
    CryptoConstraintsFailure,
    CryptoConstraintsFailureNoPoe,
    RevokedNoPoe,
    RevokedCaNoPoe,
    OutOfBoundsNoPoe,
    NotYetValid,
    TryLater,
}

/// Which check a reason comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Family {
    Structure,
    Digest,
    Signature,
    Signer,
    Change,
    Chain,
    Revocation,
    Time,
    Algorithm,
}

macro_rules! reasons {
    ($( $name:ident = $code:literal, $family:ident, $indication:ident, $sub:expr, $text:literal; )*) => {
        /// Why a signature is not clean.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Reason { $( #[doc = $text] $name, )* }

        impl Reason {
            /// Every reason.
            pub const ALL: &'static [Reason] = &[ $( Reason::$name, )* ];
            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $( Reason::$name => $code, )* } }
            /// The check it comes from.
            #[must_use]
            pub const fn family(self) -> Family { match self { $( Reason::$name => Family::$family, )* } }
            /// The indication it leads to. `TotalPassed` means that it leaves the indication and only clears `clean`.
            #[must_use]
            pub const fn indication(self) -> Indication { match self { $( Reason::$name => Indication::$indication, )* } }
            /// The sub-indication.
            #[must_use]
            pub const fn sub_indication(self) -> Option<SubIndication> { match self { $( Reason::$name => $sub, )* } }
            /// What it means.
            #[must_use]
            pub const fn text(self) -> &'static str { match self { $( Reason::$name => $text, )* } }
        }
    };
}

use SubIndication as S;

reasons! {
    DictionaryMalformed = "signature_dictionary_malformed", Structure, TotalFailed, Some(S::FormatFailure), "the signature dictionary is malformed";
    DuplicateKey = "duplicate_key", Structure, TotalFailed, Some(S::FormatFailure), "a key stands twice where viewers would disagree about its value";
    EscapedKey = "escaped_key", Structure, TotalFailed, Some(S::FormatFailure), "a standard key is hidden behind an escape";
    ContentsMalformed = "contents_malformed", Structure, TotalFailed, Some(S::FormatFailure), "/Contents is missing or not a plain hexadecimal string";
    ByteRangeMalformed = "byte_range_malformed", Structure, TotalFailed, Some(S::FormatFailure), "/ByteRange is missing or not four direct integers beginning with 0";
    ByteRangeMismatch = "byte_range_mismatch", Structure, TotalFailed, Some(S::FormatFailure), "/ByteRange does not leave out exactly this signature's /Contents";
    CoverageBroken = "coverage_broken", Structure, TotalFailed, Some(S::FormatFailure), "the signed range does not end where a revision ends";
    RangesOverlap = "ranges_overlap", Structure, TotalFailed, Some(S::FormatFailure), "the ranges of two signatures are not nested";
    OutsideOwnRevision = "outside_own_revision", Structure, TotalFailed, Some(S::FormatFailure), "the signature dictionary does not belong to the revision that is signed";
    HybridConflict = "hybrid_conflict", Structure, Indeterminate, Some(S::SigConstraintsFailure), "a hybrid file shows old and new viewers different objects";
    SignedStructureDamaged = "signed_structure_damaged", Structure, TotalFailed, Some(S::FormatFailure), "the signed revision cannot be read";
    SubFilterUnsupported = "sub_filter_unsupported", Structure, Indeterminate, Some(S::SigConstraintsFailure), "the signature's format is not supported";
    CmsMalformed = "cms_malformed", Structure, TotalFailed, Some(S::FormatFailure), "the CMS is malformed";
    ContentsTrailing = "contents_trailing_bytes", Structure, TotalFailed, Some(S::FormatFailure), "bytes other than zero follow the CMS in /Contents";
    CmsAttributes = "cms_attributes", Structure, TotalFailed, Some(S::FormatFailure), "the CMS does not follow the rules for signed attributes or content";
    DigestMismatch = "message_digest_mismatch", Digest, TotalFailed, Some(S::HashFailure), "the signed bytes were changed";
    SignatureWrong = "signature_wrong", Signature, TotalFailed, Some(S::SigCryptoFailure), "the signature does not verify";
    AlgorithmUnsupported = "algorithm_unsupported", Signature, Indeterminate, Some(S::CryptoConstraintsFailureNoPoe), "the signature algorithm is not supported";
    SignerMissing = "signing_certificate_missing", Signer, Indeterminate, Some(S::NoSigningCertificateFound), "the signing certificate is missing or does not match its attribute";
    WeakAlgorithm = "weak_algorithm", Algorithm, Indeterminate, Some(S::CryptoConstraintsFailureNoPoe), "the policy no longer accepts an algorithm or key size";
    ForbiddenChange = "forbidden_change", Change, TotalFailed, Some(S::FormatFailure), "a later change is one that the signed permissions forbid";
    LaterChange = "later_change", Change, TotalPassed, None, "the document was changed after signing";
    TrailingBytes = "trailing_bytes", Change, TotalPassed, None, "bytes follow the last revision";
    AddedSignatureUnverified = "added_signature_unverified", Change, TotalPassed, None, "a signature added later does not verify";
    ChangesUndecided = "changes_undecided", Change, Indeterminate, Some(S::SigConstraintsFailure), "the later changes could not be read to the end";
    NoChain = "no_certificate_chain", Chain, Indeterminate, Some(S::NoCertificateChainFound), "no chain leads to a trust anchor";
    ChainExpired = "certificate_expired", Chain, Indeterminate, Some(S::OutOfBoundsNoPoe), "a certificate of the chain is expired";
    ChainNotYetValid = "certificate_not_yet_valid", Chain, Indeterminate, Some(S::OutOfBoundsNoPoe), "a certificate of the chain is not yet valid";
    ChainFailure = "certificate_chain_failure", Chain, Indeterminate, Some(S::CertificateChainGeneralFailure), "the chain breaks a rule of RFC 5280";
    SignerUnsuitable = "signer_unsuitable", Chain, Indeterminate, Some(S::SigConstraintsFailure), "the signer's certificate is not meant for signing documents";
    Revoked = "certificate_revoked", Revocation, Indeterminate, Some(S::RevokedNoPoe), "the certificate was revoked, and nothing proves that the signature existed before";
    CaRevoked = "ca_certificate_revoked", Revocation, Indeterminate, Some(S::RevokedCaNoPoe), "the certificate of an issuer was revoked, and nothing proves that the signature existed before";
    RevocationNotChecked = "revocation_not_checked", Revocation, Indeterminate, Some(S::TryLater), "the policy requires revocation data and there is none";
    StampRefused = "time_stamp_refused", Time, TotalPassed, None, "a time stamp of the signature proves nothing";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_unique_and_failures_have_a_sub_indication() {
        let mut codes = HashSet::new();
        for reason in Reason::ALL {
            assert!(codes.insert(reason.code()));
            assert_eq!(reason.sub_indication().is_some(), reason.indication() != Indication::TotalPassed, "{reason:?}");
        }
    }
}
