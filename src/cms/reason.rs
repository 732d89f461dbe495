//! The cms room: why signed data was not accepted.
//!
//! Gives stable codes, each of one family. What a family means for the verdict is a table elsewhere.

use std::fmt;

/// The family of a reason: which step of EN 319 102-1 5.2 it stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CmsFamily {
    /// The structure or the attributes: FORMAT_FAILURE.
    Format,
    /// A digest: HASH_FAILURE.
    Hash,
    /// The signature value: SIG_CRYPTO_FAILURE.
    Signature,
    /// No certificate is bound to the signature: NO_SIGNING_CERTIFICATE_FOUND.
    NoSigningCertificate,
    /// Well-formed and of an algorithm that is not verified here: nothing is known about the signature.
    Unsupported,
}

impl CmsFamily {
    /// The sub-indication of EN 319 102-1 table 6 that the family leads to.
    #[must_use]
    pub const fn sub_indication(self) -> &'static str {
        match self {
            CmsFamily::Format => "FORMAT_FAILURE",
            CmsFamily::Hash => "HASH_FAILURE",
            CmsFamily::Signature => "SIG_CRYPTO_FAILURE",
            CmsFamily::NoSigningCertificate => "NO_SIGNING_CERTIFICATE_FOUND",
            CmsFamily::Unsupported => "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
        }
    }
}

macro_rules! reasons {
    ($( $name:ident = $code:literal, $family:ident, $text:literal; )*) => {
        /// Why signed data was not accepted. Codes never move.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum CmsReason { $( #[doc = $text] $name, )* }

        impl CmsReason {
            /// Every reason.
            pub const ALL: &'static [CmsReason] = &[ $( CmsReason::$name, )* ];

            /// The stable code, `snake_case`.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $( CmsReason::$name => $code, )* } }

            /// The family.
            #[must_use]
            pub const fn family(self) -> CmsFamily { match self { $( CmsReason::$name => CmsFamily::$family, )* } }

            /// One sentence for people, without a full stop.
            #[must_use]
            pub const fn text(self) -> &'static str { match self { $( CmsReason::$name => $text, )* } }
        }
    };
}

reasons! {
    Malformed = "cms_malformed", Format, "the CMS structure is malformed";
    TooLarge = "cms_too_large", Format, "the CMS structure exceeds a safety limit";
    NotSignedData = "cms_not_signed_data", Format, "the CMS structure is not signed data";
    NoSignerInfo = "cms_no_signer_info", Format, "there is no SignerInfo";
    MultipleSignerInfos = "cms_multiple_signer_infos", Format, "there is more than one SignerInfo";
    VersionUnexpected = "cms_version_unexpected", Format, "a version number is not the one that RFC 5652 prescribes";
    ContentAttached = "cms_content_attached", Format, "a detached signature carries content";
    ContentMissing = "cms_content_missing", Format, "the content that belongs into the structure is missing";
    ContentTypeUnexpected = "cms_content_type_unexpected", Format, "the content type is not the one this kind of signature has";
    SignedAttributesMissing = "cms_signed_attributes_missing", Format, "there are no signed attributes";
    SignedAttributesNotDer = "cms_signed_attributes_not_der", Format, "the signed attributes are not in DER";
    SignedAttributesMalformed = "cms_signed_attributes_malformed", Format, "a signed attribute is malformed";
    AttributeMissing = "cms_attribute_missing", Format, "a required signed attribute is missing";
    AttributeDuplicated = "cms_attribute_duplicated", Format, "a signed attribute occurs twice";
    AttributeMultiValued = "cms_attribute_multi_valued", Format, "a signed attribute does not have exactly one value";
    ContentTypeMismatch = "cms_content_type_mismatch", Format, "the contentType attribute differs from the content's type";
    DigestAlgorithmMismatch = "cms_digest_algorithm_mismatch", Format, "the digest algorithm differs from the one of the signature algorithm";
    PssParametersOdd = "cms_pss_parameters_odd", Format, "the RSASSA-PSS parameters are not sound";
    AlgorithmProtectionMismatch = "cms_algorithm_protection_mismatch", Format, "the protected algorithms differ from those used";
    MessageDigestMismatch = "cms_message_digest_mismatch", Hash, "the document is not the one that was signed";
    ImprintMismatch = "cms_imprint_mismatch", Hash, "the time stamp is over something else";
    SignatureWrong = "cms_signature_wrong", Signature, "the signature value is wrong";
    SignatureMalformed = "cms_signature_malformed", Signature, "the signature value does not have the form its algorithm demands";
    WeakForbidden = "cms_weak_forbidden", Signature, "MD5 is broken and never accepted";
    ExplicitCurve = "cms_explicit_curve", Signature, "explicit curve parameters are never accepted";
    SignatureUnsupported = "cms_signature_unsupported", Unsupported, "the signature algorithm or key is not supported";
    DigestUnsupported = "cms_digest_unsupported", Unsupported, "the digest algorithm is not supported";
    SignerCertificateMissing = "cms_signer_certificate_missing", NoSigningCertificate, "the signer's certificate is not in the structure";
    SigningCertificateMissing = "cms_signing_certificate_missing", NoSigningCertificate, "no signing-certificate attribute binds the certificate";
    SigningCertificateMismatch = "cms_signing_certificate_mismatch", NoSigningCertificate, "the signing-certificate attribute names another certificate";
    ContentIsAttributes = "cms_content_is_attributes", Format, "the signed content could itself be the signed attributes of another signature";
    TimeStampMalformed = "cms_time_stamp_malformed", Format, "the time stamp's content is malformed";
    TimeStampCertificateUnsuitable = "cms_time_stamp_certificate_unsuitable", NoSigningCertificate, "the certificate is not one of a time-stamping authority";
}

impl serde::Serialize for CmsReason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// A reason, which part is meant, and the byte of the structure where that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CmsFailure {
    /// The reason.
    pub reason: CmsReason,
    /// Which part is meant; never content of the document.
    pub detail: String,
    /// Byte of the CMS structure (of its DER form, where BER was received).
    pub at: Option<u64>,
}

impl CmsFailure {
    pub(crate) fn new(reason: CmsReason, detail: impl Into<String>) -> CmsFailure {
        CmsFailure { reason, detail: detail.into(), at: None }
    }
}

impl fmt::Display for CmsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason.text())?;
        if !self.detail.is_empty() {
            write!(f, " ({})", self.detail)?;
        }
        match self.at {
            Some(at) => write!(f, " at byte {at}"),
            None => Ok(()),
        }
    }
}
