//! Certificate profiles (RFC 5280, RFC 9336): takes who and what for, gives the signed certificate.

use super::name::Subject;
use crate::failure::Failure;
use crate::random;
use der::asn1::{Ia5String, ObjectIdentifier, OctetString};
use der::{DateTime, Decode, Encode};
use p256::ecdsa::{DerSignature, SigningKey};
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use std::time::Duration;
use thrivosign::Time;
use x509_cert::Certificate;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::ext::pkix::crl::CrlDistributionPoints;
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AccessDescription, AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages,
    SubjectAltName, SubjectKeyIdentifier,
};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use x509_cert::time::Validity;

/// id-kp-documentSigning (RFC 9336 3.1).
const DOCUMENT_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36");
const SERVER_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");
const OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
const CA_ISSUERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");

const DAY: i64 = 86_400;
/// A phone whose clock is a day off must still find its certificate valid.
const BACK_DATED: i64 = 2 * DAY;

/// Where OCSP, CRLs and CA certificates are served; named in the certificates if there is such a place.
#[derive(Clone, Debug)]
pub(crate) struct TrustServices {
    /// For example `http://127.0.0.1:8080`, without a slash at its end.
    pub(crate) base: String,
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
pub(super) fn issuing(root: &Issuer<'_>, name: &Name, key: &SigningKey, now: Time) -> Result<Certificate, Failure> {
    let issuer_key = public_key(root.key)?;
    let key = public_key(key)?;
    let extensions = [subject_key(&key)?, authority_key(&issuer_key)?, ca_constraints(Some(0))?, ca_usage()?];
    sign(root, name, key, now, 10 * 365, &extensions)
}

/// A user's certificate: contentCommitment and document signing, one year.
pub(super) fn user(
    issuer: &Issuer<'_>,
    subject: &Subject,
    spki_der: &[u8],
    services: Option<&TrustServices>,
    now: Time,
) -> Result<Certificate, Failure> {
    let issuer_key = public_key(issuer.key)?;
    let key = SubjectPublicKeyInfoOwned::from_der(spki_der).map_err(Failure::at("cannot read the public key"))?;
    let mut extensions = vec![
        subject_key(&key)?,
        authority_key(&issuer_key)?,
        extension(&KeyUsage(KeyUsages::NonRepudiation.into()))?,
        extension(&ExtendedKeyUsage(vec![DOCUMENT_SIGNING]))?,
    ];
    if let Some(services) = services {
        let access = |access_method, path: &str| -> Result<AccessDescription, Failure> {
            Ok(AccessDescription { access_method, access_location: uri(&format!("{}{path}", services.base))? })
        };
        extensions.push(extension(&AuthorityInfoAccessSyntax(vec![access(OCSP, "/ocsp")?, access(CA_ISSUERS, "/ca/issuing.cer")?]))?);
        extensions.push(extension(&CrlDistributionPoints(vec![DistributionPoint {
            distribution_point: Some(DistributionPointName::FullName(vec![uri(&format!("{}/crl/issuing.crl", services.base))?])),
            reasons: None,
            crl_issuer: None,
        }]))?);
    }
    sign(issuer, &subject.to_name()?, key, now, 365, &extensions)
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
        extension(&SubjectAltName(names))?,
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

fn time(at: Time) -> Result<x509_cert::time::Time, Failure> {
    let seconds = u64::try_from(at.unix()).map_err(|_| Failure::new("the clock is before 1970"))?;
    let date = DateTime::from_unix_duration(Duration::from_secs(seconds)).map_err(Failure::at("the clock cannot be written"))?;
    Ok(x509_cert::time::Time::from(date))
}

fn public_key(key: &SigningKey) -> Result<SubjectPublicKeyInfoOwned, Failure> {
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

fn authority_key(key: &SubjectPublicKeyInfoOwned) -> Result<Extension, Failure> {
    extension(&AuthorityKeyIdentifier { key_identifier: Some(key_id(key)?), ..Default::default() })
}

fn ca_constraints(path_len: Option<u8>) -> Result<Extension, Failure> {
    extension(&BasicConstraints { ca: true, path_len_constraint: path_len })
}

fn ca_usage() -> Result<Extension, Failure> {
    extension(&KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign))
}

fn uri(text: &str) -> Result<GeneralName, Failure> {
    Ia5String::new(text).map(GeneralName::UniformResourceIdentifier).map_err(Failure::at("an address must be ASCII"))
}

fn extension<'a, T>(value: &'a T) -> Result<Extension, Failure>
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
