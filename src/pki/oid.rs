//! The pki room: object identifiers of extensions and key purposes (RFC 5280 4.2, RFC 6960, RFC 9336).

pub use const_oid::ObjectIdentifier;
macro_rules! oids { ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => { $($(#[$doc])* pub const $name: ObjectIdentifier = ObjectIdentifier::new_unwrap($text);)* } }
oids! {
    /// subjectKeyIdentifier
    SUBJECT_KEY_ID = "2.5.29.14";
    /// keyUsage
    KEY_USAGE = "2.5.29.15";
    /// subjectAltName
    SUBJECT_ALT_NAME = "2.5.29.17";
    /// basicConstraints
    BASIC_CONSTRAINTS = "2.5.29.19";
    /// nameConstraints
    NAME_CONSTRAINTS = "2.5.29.30";
    /// cRLDistributionPoints
    CRL_DISTRIBUTION_POINTS = "2.5.29.31";
    /// certificatePolicies
    CERTIFICATE_POLICIES = "2.5.29.32";
    /// anyPolicy
    ANY_POLICY = "2.5.29.32.0";
    /// policyMappings
    POLICY_MAPPINGS = "2.5.29.33";
    /// authorityKeyIdentifier
    AUTHORITY_KEY_ID = "2.5.29.35";
    /// policyConstraints
    POLICY_CONSTRAINTS = "2.5.29.36";
    /// extKeyUsage
    EXTENDED_KEY_USAGE = "2.5.29.37";
    /// anyExtendedKeyUsage
    ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";
    /// cRLNumber
    CRL_NUMBER = "2.5.29.20";
    /// reasonCode
    CRL_REASON = "2.5.29.21";
    /// invalidityDate
    INVALIDITY_DATE = "2.5.29.24";
    /// deltaCRLIndicator
    DELTA_CRL_INDICATOR = "2.5.29.27";
    /// issuingDistributionPoint
    ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
    /// certificateIssuer
    CERTIFICATE_ISSUER = "2.5.29.29";
    /// freshestCRL
    FRESHEST_CRL = "2.5.29.46";
    /// expiredCertsOnCRL
    EXPIRED_CERTS_ON_CRL = "2.5.29.60";
    /// inhibitAnyPolicy
    INHIBIT_ANY_POLICY = "2.5.29.54";
    /// authorityInfoAccess
    AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1";
    /// qcStatements
    QC_STATEMENTS = "1.3.6.1.5.5.7.1.3";
    /// id-ad-ocsp
    AD_OCSP = "1.3.6.1.5.5.7.48.1";
    /// id-ad-caIssuers
    AD_CA_ISSUERS = "1.3.6.1.5.5.7.48.2";
    /// id-pkix-ocsp-basic
    OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1";
    /// id-pkix-ocsp-nonce
    OCSP_NONCE = "1.3.6.1.5.5.7.48.1.2";
    /// id-pkix-ocsp-archive-cutoff
    OCSP_ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6";
    /// id-pkix-ocsp-nocheck
    OCSP_NOCHECK = "1.3.6.1.5.5.7.48.1.5";
    /// id-etsi-ext-valassured-ST-certs (EN 319 412-1 5.2)
    VALIDITY_ASSURED_SHORT_TERM = "0.4.0.194121.2.1";
    /// id-kp-clientAuth
    KP_CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    /// id-kp-emailProtection
    KP_EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
    /// id-kp-timeStamping
    KP_TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    /// id-kp-OCSPSigning
    KP_OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
    /// id-kp-documentSigning (RFC 9336)
    KP_DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36";
    /// Adobe authentic document
    KP_ADOBE_DOCUMENT = "1.2.840.113583.1.1.5";
    /// Microsoft document signing
    KP_MICROSOFT_DOCUMENT = "1.3.6.1.4.1.311.10.3.12";
}
