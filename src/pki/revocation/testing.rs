//! The pki room, tests only: lists and responses made on the spot, each field free to be wrong.

use super::{Crl, Finding, OcspResponse, Proof, RevocationData, findings};
use crate::crypto::digest::DigestAlgorithm;
use crate::pki::algorithm::{self, SignatureAlgorithm};
use crate::pki::certificate::Certificate;
use crate::pki::der;
use crate::pki::oid;
use crate::pki::path::PathFailure;
use crate::pki::signatures::Signatures;
use crate::pki::testing::{Key, alike, at, ecdsa, name};
use const_oid::ObjectIdentifier;

/// When everything is judged.
pub(crate) const NOW: &str = "2026-06-01T00:00:00Z";
pub(crate) const UNKNOWN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.3.4.5");

type Extensions = Vec<(ObjectIdentifier, bool, Vec<u8>)>;

/// SEQUENCE OF Extension; nothing for none.
pub(crate) fn extensions(list: &Extensions) -> Vec<u8> {
    let one = |(oid, critical, value): &(ObjectIdentifier, bool, Vec<u8>)| {
        let flag: &[u8] = if *critical { &[1, 1, 0xff] } else { &[] };
        der::write(der::SEQUENCE, &[&der::write_oid(oid), flag, &der::write(der::OCTET_STRING, &[value])])
    };
    let all: Vec<u8> = list.iter().flat_map(one).collect();
    if all.is_empty() { all } else { der::write(der::SEQUENCE, &[&all]) }
}

pub(crate) fn time(text: &str) -> Vec<u8> {
    der::write(der::GENERALIZED_TIME, &[text.as_bytes()])
}

/// GeneralNames content: one directory name.
pub(crate) fn directory(common_name: &str) -> Vec<u8> {
    der::write(0xa4, &[&name(common_name)])
}

/// A DistributionPoint, or an IssuingDistributionPoint, of these members.
pub(crate) fn members(parts: &[Vec<u8>]) -> Vec<u8> {
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    der::write(der::SEQUENCE, &parts)
}

/// Member [0]: a full name that is an address.
pub(crate) fn full(url: &str) -> Vec<u8> {
    der::write(0xa0, &[&der::write(0xa0, &[&der::write(0x86, &[url.as_bytes()])])])
}

/// An entry to be.
pub(crate) struct EntryDraft {
    pub(crate) serial: Vec<u8>,
    pub(crate) at: &'static str,
    pub(crate) extensions: Extensions,
}

impl EntryDraft {
    pub(crate) fn new(serial: u8) -> EntryDraft {
        EntryDraft { serial: vec![serial], at: "20260301000000Z", extensions: Vec::new() }
    }

    pub(crate) fn with(mut self, oid: ObjectIdentifier, critical: bool, value: Vec<u8>) -> EntryDraft {
        self.extensions.push((oid, critical, value));
        self
    }

    pub(crate) fn reason(self, code: u8) -> EntryDraft {
        self.with(oid::CRL_REASON, false, vec![der::ENUMERATED, 1, code])
    }

    /// Of another issuer.
    pub(crate) fn of(self, issuer: &str) -> EntryDraft {
        self.with(oid::CERTIFICATE_ISSUER, true, der::write(der::SEQUENCE, &[&directory(issuer)]))
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        let serial = der::write(der::INTEGER, &[&self.serial]);
        der::write(der::SEQUENCE, &[&serial, &time(self.at), &extensions(&self.extensions)])
    }
}

/// A list to be.
pub(crate) struct ListDraft {
    pub(crate) version: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) this_update: &'static str,
    pub(crate) next_update: Option<&'static str>,
    pub(crate) entries: Vec<EntryDraft>,
    pub(crate) extensions: Extensions,
    pub(crate) algorithm: SignatureAlgorithm,
    pub(crate) outer: SignatureAlgorithm,
}

impl ListDraft {
    /// A complete list without entries.
    pub(crate) fn new(issuer: &str) -> ListDraft {
        ListDraft {
            version: vec![2, 1, 1],
            issuer: name(issuer),
            this_update: "20260530000000Z",
            next_update: Some("20260630000000Z"),
            entries: Vec::new(),
            extensions: Vec::new(),
            algorithm: ecdsa(),
            outer: ecdsa(),
        }
    }

    pub(crate) fn with(mut self, oid: ObjectIdentifier, critical: bool, value: Vec<u8>) -> ListDraft {
        self.extensions.push((oid, critical, value));
        self
    }

    pub(crate) fn entry(mut self, entry: EntryDraft) -> ListDraft {
        self.entries.push(entry);
        self
    }

    pub(crate) fn number(self, number: u8) -> ListDraft {
        self.with(oid::CRL_NUMBER, false, vec![2, 1, number])
    }

    pub(crate) fn delta(self, base: u8) -> ListDraft {
        self.with(oid::DELTA_CRL_INDICATOR, true, vec![2, 1, base])
    }

    pub(crate) fn scope(self, parts: &[Vec<u8>]) -> ListDraft {
        self.with(oid::ISSUING_DISTRIBUTION_POINT, true, members(parts))
    }

    pub(crate) fn times(mut self, this_update: &'static str, next_update: Option<&'static str>) -> ListDraft {
        (self.this_update, self.next_update) = (this_update, next_update);
        self
    }

    pub(crate) fn der(&self, key: &Key) -> Vec<u8> {
        let entries: Vec<u8> = self.entries.iter().flat_map(EntryDraft::der).collect();
        let entries = if entries.is_empty() { entries } else { der::write(der::SEQUENCE, &[&entries]) };
        let more = extensions(&self.extensions);
        let more = if more.is_empty() { more } else { der::write(0xa0, &[&more]) };
        let next = self.next_update.map(time).unwrap_or_default();
        let parts = [&self.version[..], &self.algorithm.to_der(), &self.issuer, &time(self.this_update), &next, &entries, &more];
        let tbs = der::write(der::SEQUENCE, &parts);
        let signature = der::write(der::BIT_STRING, &[&[0], &key.sign(&tbs)]);
        der::write(der::SEQUENCE, &[&tbs, &self.outer.to_der(), &signature])
    }

    pub(crate) fn issue(&self, key: &Key) -> Crl {
        Crl::from_der(&self.der(key)).unwrap()
    }
}

/// A response to be, about one certificate.
pub(crate) struct AnswerDraft {
    pub(crate) status: u8,
    pub(crate) responder: Vec<u8>,
    pub(crate) digest: DigestAlgorithm,
    pub(crate) name_hash: Vec<u8>,
    pub(crate) key_hash: Vec<u8>,
    pub(crate) serial: Vec<u8>,
    /// CertStatus as it stands.
    pub(crate) says: Vec<u8>,
    pub(crate) this_update: &'static str,
    pub(crate) next_update: Option<&'static str>,
    pub(crate) single_extensions: Extensions,
    pub(crate) extensions: Extensions,
    pub(crate) certificates: Vec<Certificate>,
}

pub(crate) fn by_name(common_name: &str) -> Vec<u8> {
    der::write(0xa1, &[&name(common_name)])
}

pub(crate) fn by_key(key: &Key) -> Vec<u8> {
    der::write(0xa2, &[&der::write(der::OCTET_STRING, &[&DigestAlgorithm::Sha1.digest(key.public().key_bytes())])])
}

/// CertStatus revoked.
pub(crate) fn revoked(when: &str, reason: Option<u8>) -> Vec<u8> {
    let reason = reason.map(|code| der::write(0xa0, &[&[der::ENUMERATED, 1, code]])).unwrap_or_default();
    der::write(0xa1, &[&time(when), &reason])
}

impl AnswerDraft {
    /// Good, by the CA itself.
    pub(crate) fn new(certificate: &Certificate, issuer: &Certificate) -> AnswerDraft {
        let digest = DigestAlgorithm::Sha1;
        AnswerDraft {
            status: 0,
            responder: der::write(0xa1, &[issuer.subject_der()]),
            digest,
            name_hash: digest.digest(issuer.subject_der()),
            key_hash: digest.digest(issuer.public_key().key_bytes()),
            serial: certificate.serial().to_vec(),
            says: vec![0x80, 0],
            this_update: "20260531000000Z",
            next_update: Some("20260607000000Z"),
            single_extensions: Vec::new(),
            extensions: Vec::new(),
            certificates: Vec::new(),
        }
    }

    /// By somebody else, whose certificate comes along.
    pub(crate) fn by(mut self, certificate: Certificate) -> AnswerDraft {
        self.responder = der::write(0xa1, &[certificate.subject_der()]);
        self.certificates.push(certificate);
        self
    }

    /// BasicOCSPResponse.
    pub(crate) fn basic(&self, key: &Key) -> Vec<u8> {
        let octets = |value: &[u8]| der::write(der::OCTET_STRING, &[value]);
        let explicit = |tag: u8, list: &Extensions| {
            let all = extensions(list);
            if all.is_empty() { all } else { der::write(tag, &[&all]) }
        };
        let serial = der::write(der::INTEGER, &[&self.serial]);
        let hashes = [algorithm::digest_to_der(self.digest), octets(&self.name_hash), octets(&self.key_hash), serial];
        let next = self.next_update.map(|next| der::write(0xa0, &[&time(next)])).unwrap_or_default();
        let more = explicit(0xa1, &self.single_extensions);
        let single = members(&[members(&hashes), self.says.clone(), time(self.this_update), next, more]);
        let list = der::write(der::SEQUENCE, &[&single]);
        let tbs = members(&[self.responder.clone(), time("20260531000000Z"), list, explicit(0xa1, &self.extensions)]);
        let signature = der::write(der::BIT_STRING, &[&[0], &key.sign(&tbs)]);
        let certificates: Vec<u8> = self.certificates.iter().flat_map(|c| c.der().to_vec()).collect();
        let along = der::write(0xa0, &[&der::write(der::SEQUENCE, &[&certificates])]);
        members(&[tbs, ecdsa().to_der(), signature, if certificates.is_empty() { Vec::new() } else { along }])
    }

    pub(crate) fn der(&self, key: &Key) -> Vec<u8> {
        let basic = der::write(der::OCTET_STRING, &[&self.basic(key)]);
        let bytes = der::write(0xa0, &[&members(&[der::write_oid(&oid::OCSP_BASIC), basic])]);
        members(&[vec![der::ENUMERATED, 1, self.status], if self.status == 0 { bytes } else { Vec::new() }])
    }

    pub(crate) fn issue(&self, key: &Key) -> OcspResponse {
        OcspResponse::from_der(&self.der(key)).unwrap()
    }
}

/// What is said first of all about a certificate: `good`, `revoked`, `hold`, `nothing` or `budget`.
pub(crate) fn said(certificate: &Certificate, above: &[Certificate], pool: &[Certificate], data: &RevocationData) -> &'static str {
    use super::{CertificateStatus, RevocationReason};
    let now = at(NOW);
    let judged_at = |_: &Proof| now;
    alike(|known| match findings(certificate, above, pool, data, &judged_at, &mut Signatures::new(100, known)) {
        Err(PathFailure::Budget) => "budget",
        Err(_) => "failure",
        Ok(found) => match found.first().map(|Finding { status, .. }| *status) {
            None => "nothing",
            Some(CertificateStatus::Good) => "good",
            Some(CertificateStatus::Revoked { reason: Some(RevocationReason::CertificateHold), .. }) => "hold",
            Some(CertificateStatus::Revoked { .. }) => "revoked",
        },
    })
}
