//! The render room: the validation objects of the ETSI report: certificates, evidence, time stamps and what was signed. Takes a report, gives each
//! object once, with an id that follows from its content, and finds the id again for whoever refers to it.

use super::shared::{digest, poe, reference};
use super::signature;
use crate::render::xml::Xml;
use crate::time::Time;
use crate::verify::{Check, ContentDigest, CryptoStatus, Evidence, EvidenceKind, Kind, PathCertificate, Report, SignatureReport};
use std::collections::HashSet;

const CERTIFICATE: &str = "urn:etsi:019102:validationObject:certificate";
const CRL: &str = "urn:etsi:019102:validationObject:CRL";
const OCSP: &str = "urn:etsi:019102:validationObject:OCSPResponse";
const TIME_STAMP: &str = "urn:etsi:019102:validationObject:timestamp";
const SIGNED_DATA: &str = "urn:etsi:019102:validationObject:signedData";

/// Something that a statement of the report rests on.
struct Object {
    id: String,
    kind: &'static str,
    /// Algorithm and value in hexadecimal; none of a document time stamp that cannot be read.
    digest: Option<(String, String)>,
    /// Since when it is proven to exist; nothing: since the validation.
    since: Option<Time>,
    /// The place of a document time stamp among the signatures.
    report: Option<usize>,
}

/// Every object, in the order in which the report comes to it.
pub(super) struct Objects {
    list: Vec<Object>,
    known: HashSet<String>,
    /// Tokens of document time stamps, by their place among the signatures.
    stamps: Vec<(String, usize)>,
}

impl Objects {
    pub(super) fn of(report: &Report) -> Objects {
        let all = || report.signatures.iter().enumerate();
        // A token that stands twice counts where it holds.
        let mut stamps: Vec<(bool, String, usize)> =
            all().filter_map(|(at, one)| Some((!holds(one), one.token.as_ref()?.sha256.clone(), at))).collect();
        stamps.sort();
        let stamps = stamps.into_iter().map(|(_, token, at)| (token, at)).collect();
        let mut objects = Objects { list: Vec::new(), known: HashSet::new(), stamps };
        for (at, one) in all() {
            objects.collect(at, one);
        }
        objects
    }

    fn collect(&mut self, at: usize, one: &SignatureReport) {
        if let Some(signer) = &one.signer {
            self.add(certificate_id(&signer.sha256), CERTIFICATE, sha256(&signer.sha256), None);
        }
        let revoked = one.revocation.revoked.iter().map(|revoked| &revoked.certificate);
        for certificate in one.chain.path.iter().chain(revoked) {
            self.add(certificate_id(&certificate.sha256), CERTIFICATE, sha256(&certificate.sha256), None);
        }
        for evidence in one.revocation.evidence.iter().chain(&one.time.evidence) {
            let kind = match evidence.kind {
                EvidenceKind::Ocsp => OCSP,
                EvidenceKind::Crl => CRL,
                EvidenceKind::TimeStamp => TIME_STAMP,
            };
            // Of a document time stamp the report comes with its own place.
            if self.stamp_at(evidence).is_none() {
                self.add(self.evidence_id(evidence), kind, sha256(&evidence.sha256), evidence.proof_of_existence);
            }
        }
        if let Some(content) = &one.crypto.content {
            self.add(content_id(content), SIGNED_DATA, Some((content.algorithm.to_owned(), content.value.clone())), None);
        }
        if one.kind == Kind::DocumentTimestamp {
            let digest = one.token.as_ref().and_then(|token| sha256(&token.sha256));
            let id = place_id(at);
            if self.known.insert(id.clone()) {
                let since = one.time.proof_of_existence;
                self.list.push(Object { id, kind: TIME_STAMP, digest, since, report: Some(at) });
            }
        }
    }

    fn add(&mut self, id: String, kind: &'static str, digest: Option<(String, String)>, since: Option<Time>) {
        if self.known.insert(id.clone()) {
            self.list.push(Object { id, kind, digest, since, report: None });
        }
    }

    fn stamp_at(&self, evidence: &Evidence) -> Option<usize> {
        let token = |(token, _): &&(String, usize)| evidence.kind == EvidenceKind::TimeStamp && *token == evidence.sha256;
        self.stamps.iter().find(token).map(|(_, at)| *at)
    }

    /// Whether it is a time stamp over the document, not of the signature.
    pub(super) fn is_of_document(&self, evidence: &Evidence) -> bool {
        self.stamp_at(evidence).is_some()
    }

    pub(super) fn evidence_id(&self, evidence: &Evidence) -> String {
        match (evidence.kind, self.stamp_at(evidence)) {
            (_, Some(at)) => place_id(at),
            (EvidenceKind::Ocsp, None) => format!("OCSP-{}", evidence.sha256),
            (EvidenceKind::Crl, None) => format!("CRL-{}", evidence.sha256),
            (EvidenceKind::TimeStamp, None) => format!("TST-{}", evidence.sha256),
        }
    }

    /// SignatureValidationObjects, if there is any.
    pub(super) fn write(&self, xml: &mut Xml, report: &Report) {
        if self.list.is_empty() {
            return;
        }
        xml.group("vr:SignatureValidationObjects", |xml| {
            for object in &self.list {
                xml.element("vr:ValidationObject", &[("id", &object.id)], |xml| self.one(xml, object, report));
            }
        });
    }

    fn one(&self, xml: &mut Xml, object: &Object, report: &Report) {
        let of_stamp = object.report.and_then(|at| Some((at, report.signatures.get(at)?)));
        xml.text("vr:ObjectType", object.kind);
        xml.group("vr:ValidationObjectRepresentation", |xml| match (&object.digest, of_stamp) {
            (Some((algorithm, value)), _) => digest(xml, "vr:DigestAlgAndValue", algorithm, value),
            (None, Some((_, stamp))) => xml.group("vr:direct", |xml| field(xml, &stamp.field)),
            (None, None) => xml.empty("vr:direct", &[]),
        });
        xml.group("vr:POE", |xml| poe(xml, object.since.unwrap_or(report.policy.time), None));
        self.provisioning(xml, object, report);
        if let Some((at, stamp)) = of_stamp {
            xml.group("vr:ValidationReport", |xml| signature::write(xml, at, stamp, report, self));
        }
    }

    /// What a time stamp proves, and since when: only of one that a signature's time rests on, which is one that holds.
    fn provisioning(&self, xml: &mut Xml, object: &Object, report: &Report) {
        let proven = |one: &SignatureReport| one.time.evidence.iter().find(|evidence| self.evidence_id(evidence) == object.id).cloned();
        let covered: Vec<(&SignatureReport, Evidence)> = report.signatures.iter().filter_map(|one| Some((one, proven(one)?))).collect();
        let Some((_, first)) = covered.first() else { return };
        xml.group("vr:POEProvisioning", |xml| {
            xml.text("vr:POETime", &super::date(first.produced_at));
            for (one, _) in &covered {
                if let Some(content) = &one.crypto.content {
                    reference(xml, "vr:ValidationObject", &content_id(content));
                }
            }
            covered.iter().for_each(|(one, _)| field(xml, &one.field));
        });
    }
}

/// SignatureReferenceType: a signature by the name of its field.
pub(super) fn field(xml: &mut Xml, name: &str) {
    xml.group("vr:SignatureReference", |xml| xml.text("vr:PAdESFieldName", name));
}

/// The id of a certificate.
pub(super) fn certificate(certificate: &PathCertificate) -> String {
    certificate_id(&certificate.sha256)
}

pub(super) fn certificate_id(sha256: &str) -> String {
    format!("C-{sha256}")
}

pub(super) fn content_id(content: &ContentDigest) -> String {
    format!("SD-{}-{}", content.algorithm, content.value)
}

fn place_id(at: usize) -> String {
    format!("TST-{}", at.saturating_add(1))
}

fn sha256(value: &str) -> Option<(String, String)> {
    Some(("sha256".to_owned(), value.to_owned()))
}

fn holds(one: &SignatureReport) -> bool {
    one.crypto.status == CryptoStatus::Ok && one.chain.check == Check::Ok
}
