//! Certificate profiles (RFC 5280, RFC 9336, RFC 6960, RFC 3161): takes who and what for, gives the signed certificate.

use super::name::Subject;
use crate::failure::Failure;
use crate::random;
use der::asn1::{Ia5String, Null, ObjectIdentifier, OctetString};
use der::{DateTime, Decode, Encode};
use p256::ecdsa::{DerSignature, SigningKey};
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use std::time::Duration;
use thrivosign::Time;
use thrivosign::pki::KeyProtection;
use thrivosign::pki::oid::ANY_POLICY;
use thrivosign::pki::protection::{DEVELOPMENT_POLICY, KEY_PROTECTION};
use x509_cert::Certificate;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::ext::pkix::certpolicy::PolicyInformation;
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::crl::{CrlDistributionPoints, FreshestCrl};
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AccessDescription, AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, ExtendedKeyUsage,
    KeyUsage, KeyUsages, SubjectAltName, SubjectKeyIdentifier,
};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use x509_cert::time::Validity;

/// id-kp-documentSigning (RFC 9336 3.1).
const DOCUMENT_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36");
const SERVER_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");
/// id-kp-timeStamping (RFC 3161 2.3).
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
/// id-kp-OCSPSigning (RFC 6960 4.2.2.2).
const OCSP_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9");
/// id-pkix-ocsp-nocheck (RFC 6960 4.2.2.2.1).
const OCSP_NOCHECK: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.5");
const OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
const CA_ISSUERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");

const DAY: i64 = 86_400;
/// A phone whose clock is a day off must still find its certificate valid.
const BACK_DATED: i64 = 2 * DAY;

/// Paths of the trust services under their base address.
pub(crate) mod path {
    pub(crate) const OCSP: &str = "/ocsp";
    pub(crate) const TSA: &str = "/tsa";
    pub(crate) const ROOT: &str = "/ca/root.cer";
    pub(crate) const ISSUING: &str = "/ca/issuing.cer";
    pub(crate) const ROOT_CRL: &str = "/crl/root.crl";
    pub(crate) const ISSUING_CRL: &str = "/crl/issuing.crl";
    pub(crate) const DELTA_CRL: &str = "/crl/issuing-delta.crl";
}

/// Where OCSP, CRLs, CA certificates and time stamps are served; named in the certificates.
#[derive(Clone, Debug)]
pub(crate) struct TrustServices {
    /// For example `http://127.0.0.1:8080`, without a slash at its end.
    pub(crate) base: String,
}

impl TrustServices {
    /// The address of one of them.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn uri(&self, path: &str) -> Result<GeneralName, Failure> {
        let text = Ia5String::new(&self.at(path)).map_err(Failure::at("an address must be ASCII"))?;
        Ok(GeneralName::UniformResourceIdentifier(text))
    }

    fn access(&self, access_method: ObjectIdentifier, path: &str) -> Result<AccessDescription, Failure> {
        Ok(AccessDescription { access_method, access_location: self.uri(path)? })
    }

    fn points(&self, path: &str) -> Result<Vec<DistributionPoint>, Failure> {
        let name = Some(DistributionPointName::FullName(vec![self.uri(path)?]));
        Ok(vec![DistributionPoint { distribution_point: name, reasons: None, crl_issuer: None }])
    }

    /// Where the delta list of the issuing CA stands (RFC 5280 4.2.1.15, 5.2.6).
    pub(super) fn freshest(&self) -> Result<Extension, Failure> {
        extension(&FreshestCrl(self.points(path::DELTA_CRL)?))
    }

    /// What a certificate of the issuing CA says of them: OCSP, caIssuers, CRL and delta CRL.
    fn of_issuing(&self) -> Result<[Extension; 3], Failure> {
        let access = vec![self.access(OCSP, path::OCSP)?, self.access(CA_ISSUERS, path::ISSUING)?];
        Ok([
            extension(&AuthorityInfoAccessSyntax(access))?,
            extension(&CrlDistributionPoints(self.points(path::ISSUING_CRL)?))?,
            self.freshest()?,
        ])
    }
}

/// An authority that signs: its name and key.
pub(super) struct Issuer<'a> {
    pub(super) name: &'a Name,
    pub(super) key: &'a SigningKey,
}

/// A self-signed root.
pub(super) fn root(issuer: &Issuer<'_>, now: Time) -> Result<Certificate, Failure> {
    let key = public_key(issuer.key)?;
    let extensions = [subject_key(&key)?, ca_constraints(None)?, ca_usage()?];
    sign(issuer, issuer.name, key, now, 20 * 365, &extensions)
}

/// The CA that issues to users, under the root; it may make no further CA (pathLenConstraint 0).
pub(super) fn issuing(
    root: &Issuer<'_>,
    name: &Name,
    key: &SigningKey,
    services: &TrustServices,
    now: Time,
) -> Result<Certificate, Failure> {
    let issuer_key = public_key(root.key)?;
    let key = public_key(key)?;
    let extensions = [
        subject_key(&key)?,
        authority_key(&issuer_key)?,
        ca_constraints(Some(0))?,
        ca_usage()?,
        policy(ANY_POLICY)?,
        extension(&AuthorityInfoAccessSyntax(vec![services.access(CA_ISSUERS, path::ROOT)?]))?,
        extension(&CrlDistributionPoints(services.points(path::ROOT_CRL)?))?,
    ];
    sign(root, name, key, now, 10 * 365, &extensions)
}

/// A user's certificate: contentCommitment and document signing, one year.
pub(super) fn user(
    issuer: &Issuer<'_>,
    subject: &Subject,
    spki_der: &[u8],
    protection: &KeyProtection,
    services: &TrustServices,
    (now, days): (Time, u16),
) -> Result<Certificate, Failure> {
    let issuer_key = public_key(issuer.key)?;
    let key = SubjectPublicKeyInfoOwned::from_der(spki_der).map_err(Failure::at("cannot read the public key"))?;
    let mut extensions = vec![
        subject_key(&key)?,
        authority_key(&issuer_key)?,
        extension(&KeyUsage(KeyUsages::NonRepudiation.into()))?,
        extension(&ExtendedKeyUsage(vec![DOCUMENT_SIGNING]))?,
        key_protection(protection)?,
    ];
    // A key of which nothing was proven was let in by the policy `development` alone, and everybody who relies on it is told.
    if protection.attestation.is_none() {
        extensions.push(policy(DEVELOPMENT_POLICY)?);
    }
    extensions.extend(services.of_issuing()?);
    sign(issuer, &subject.to_name()?, key, now, i64::from(days), &extensions)
}

/// The OCSP responder's certificate. Nobody asks whether it is revoked (nocheck), so it lives for a year and no longer.
pub(super) fn ocsp(issuer: &Issuer<'_>, name: &Name, key: &SigningKey, now: Time) -> Result<Certificate, Failure> {
    let issuer_key = public_key(issuer.key)?;
    let key = public_key(key)?;
    let null = OctetString::new(Null.to_der().map_err(Failure::at("cannot encode an extension"))?);
    let extensions = [
        subject_key(&key)?,
        authority_key(&issuer_key)?,
        extension(&KeyUsage(KeyUsages::DigitalSignature.into()))?,
        extension(&ExtendedKeyUsage(vec![OCSP_SIGNING]))?,
        Extension { extn_id: OCSP_NOCHECK, critical: false, extn_value: null.map_err(Failure::at("cannot encode an extension"))? },
    ];
    sign(issuer, name, key, now, 365, &extensions)
}

/// The time-stamping authority's certificate: its one purpose is critical (RFC 3161 2.3). It lives for five years, as what it stamps is to
/// be believed for long.
pub(super) fn time_stamping(
    issuer: &Issuer<'_>,
    name: &Name,
    key: &SigningKey,
    services: &TrustServices,
    now: Time,
) -> Result<Certificate, Failure> {
    let issuer_key = public_key(issuer.key)?;
    let key = public_key(key)?;
    let purpose = Extension { critical: true, ..extension(&ExtendedKeyUsage(vec![TIME_STAMPING]))? };
    let usage = extension(&KeyUsage(KeyUsages::DigitalSignature.into()))?;
    let mut extensions = vec![subject_key(&key)?, authority_key(&issuer_key)?, usage, purpose];
    extensions.extend(services.of_issuing()?);
    sign(issuer, name, key, now, 5 * 365, &extensions)
}

/// The server's own TLS certificate for those names and addresses.
pub(super) fn tls(issuer: &Issuer<'_>, name: &Name, key: &SigningKey, hosts: &[String], now: Time) -> Result<Certificate, Failure> {
    let issuer_key = public_key(issuer.key)?;
    let key = public_key(key)?;
    let names = hosts
        .iter()
        .map(|host| match host.parse::<IpAddr>() {
            Ok(address) => Ok(GeneralName::from(address)),
            Err(_) => Ia5String::new(host).map(GeneralName::DnsName).map_err(Failure::at("a host name must be ASCII")),
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    let extensions = [
        subject_key(&key)?,
        authority_key(&issuer_key)?,
        extension(&KeyUsage(KeyUsages::DigitalSignature.into()))?,
        extension(&ExtendedKeyUsage(vec![SERVER_AUTH]))?,
        // Not critical beside a subject (RFC 5280 4.2.1.6).
        Extension { critical: false, ..extension(&SubjectAltName(names))? },
    ];
    sign(issuer, name, key, now, 365, &extensions)
}

/// Profile whose names and extensions are all settled before.
struct Settled<'a> {
    issuer: &'a Name,
    subject: &'a Name,
    extensions: &'a [Extension],
}

impl BuilderProfile for Settled<'_> {
    fn get_issuer(&self, _: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        _: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        Ok(self.extensions.to_vec())
    }
}

fn sign(
    issuer: &Issuer<'_>,
    subject: &Name,
    key: SubjectPublicKeyInfoOwned,
    now: Time,
    days: i64,
    extensions: &[Extension],
) -> Result<Certificate, Failure> {
    let doing = "cannot build a certificate";
    // 128 random bits (more than the 64 that foil chosen-prefix collisions); the encoder keeps the number positive.
    let serial = SerialNumber::new(&random::bytes::<16>()?).map_err(Failure::at(doing))?;
    let validity = Validity::new(time(now.plus(-BACK_DATED))?, time(now.plus(days * DAY))?);
    let profile = Settled { issuer: issuer.name, subject, extensions };
    CertificateBuilder::new(profile, serial, validity, key)
        .and_then(|builder| builder.build::<_, DerSignature>(issuer.key))
        .map_err(Failure::at(doing))
}

pub(super) fn time(at: Time) -> Result<x509_cert::time::Time, Failure> {
    let seconds = u64::try_from(at.unix()).map_err(|_| Failure::new("the clock is before 1970"))?;
    let date = DateTime::from_unix_duration(Duration::from_secs(seconds)).map_err(Failure::at("the clock cannot be written"))?;
    Ok(x509_cert::time::Time::from(date))
}

pub(super) fn public_key(key: &SigningKey) -> Result<SubjectPublicKeyInfoOwned, Failure> {
    SubjectPublicKeyInfoOwned::from_key(key.verifying_key()).map_err(Failure::at("cannot encode a public key"))
}

/// RFC 7093 2 (1): the leftmost 160 bits of the SHA-256 of the key's bits.
fn key_id(key: &SubjectPublicKeyInfoOwned) -> Result<OctetString, Failure> {
    let digest = Sha256::digest(key.subject_public_key.raw_bytes());
    OctetString::new(digest[..20].to_vec()).map_err(Failure::at("cannot encode a key identifier"))
}

fn subject_key(key: &SubjectPublicKeyInfoOwned) -> Result<Extension, Failure> {
    extension(&SubjectKeyIdentifier(key_id(key)?))
}

pub(super) fn authority_key(key: &SubjectPublicKeyInfoOwned) -> Result<Extension, Failure> {
    extension(&AuthorityKeyIdentifier { key_identifier: Some(key_id(key)?), ..Default::default() })
}

fn key_protection(protection: &KeyProtection) -> Result<Extension, Failure> {
    let extn_value = OctetString::new(protection.to_der()).map_err(Failure::at("cannot encode an extension"))?;
    Ok(Extension { extn_id: KEY_PROTECTION, critical: false, extn_value })
}

fn policy(policy_identifier: ObjectIdentifier) -> Result<Extension, Failure> {
    extension(&CertificatePolicies(vec![PolicyInformation { policy_identifier, policy_qualifiers: None }]))
}

fn ca_constraints(path_len: Option<u8>) -> Result<Extension, Failure> {
    extension(&BasicConstraints { ca: true, path_len_constraint: path_len })
}

fn ca_usage() -> Result<Extension, Failure> {
    extension(&KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign))
}

pub(super) fn extension<'a, T>(value: &'a T) -> Result<Extension, Failure>
where
    &'a T: ToExtension,
    <&'a T as ToExtension>::Error: std::error::Error + Send + Sync + 'static,
{
    value.to_extension(&Name::default(), &[]).map_err(Failure::at("cannot encode an extension"))
}

/// A certificate's DER.
pub(super) fn der(certificate: &Certificate) -> Result<Vec<u8>, Failure> {
    certificate.to_der().map_err(Failure::at("cannot encode a certificate"))
}
