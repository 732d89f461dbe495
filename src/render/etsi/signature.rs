//! The render room: SignatureValidationReport of the ETSI report. Takes one signature or document time stamp with its place, writes what identifies
//! it, by which rules and when it was judged, what it is over and what it says of itself.

use super::names::{FAILED, INDETERMINATE, OWN, PASSED};
use super::objects::{Objects, certificate_id, content_id, field};
use super::shared::{base64, date, digest, has_date, poe, reference};
use super::status;
use crate::render::xml::Xml;
use crate::verify::{Check, Coverage, CryptoStatus, Deviation, Evidence, Kind, Permitted, Report, SignatureReport, SignerFacts};

pub(super) fn write(xml: &mut Xml, at: usize, one: &SignatureReport, report: &Report, objects: &Objects) {
    identifier(xml, at, one);
    constraints(xml, one, report);
    times(xml, one, report, objects);
    if let Some(content) = &one.crypto.content {
        xml.group("vr:SignersDocument", |xml| {
            digest(xml, "vr:DigestAlgAndValue", content.algorithm, &content.value);
            reference(xml, "vr:SignersDocumentRef", &content_id(content));
        });
    }
    attributes(xml, one, objects);
    if let Some(signer) = &one.signer {
        xml.group("vr:SignerInformation", |xml| {
            reference(xml, "vr:SignerCertificate", &certificate_id(&signer.sha256));
            xml.text("vr:Signer", signer.name.as_deref().unwrap_or(&signer.subject));
        });
    }
    xml.group("vr:SignatureValidationProcess", |xml| {
        let process = if one.time.evidence.is_empty() { "Basic" } else { "LTA" };
        xml.text("vr:SignatureValidationProcessID", &format!("urn:etsi:019102:validationprocess:{process}"));
    });
    status::write(xml, &identifier_id(at), one, report, objects);
}

fn identifier_id(at: usize) -> String {
    format!("S-{}", at.saturating_add(1))
}

fn identifier(xml: &mut Xml, at: usize, one: &SignatureReport) {
    xml.element("vr:SignatureIdentifier", &[("id", &identifier_id(at))], |xml| {
        if let (Some(value), Some(algorithm)) = (&one.crypto.to_be_signed, one.crypto.digest_algorithm) {
            digest(xml, "vr:DigestAlgAndValue", algorithm, value);
        }
        if let Some(value) = &one.crypto.signature_value {
            xml.text("ds:SignatureValue", &base64(value));
        }
        xml.text("vr:HashOnly", "false");
        xml.text("vr:DocHashOnly", "false");
        xml.group("vr:OtherInformation", |xml| field(xml, &one.field));
    });
}

/// The policy, and the checks that the standard's indication does not tell apart.
fn constraints(xml: &mut Xml, one: &SignatureReport, report: &Report) {
    xml.group("vr:ValidationConstraintsEvaluationReport", |xml| {
        xml.group("vr:SignatureValidationPolicy", |xml| {
            xml.group("vr:SignaturePolicyIdentifier", |xml| {
                xml.group("XAdES:SignaturePolicyId", |xml| {
                    xml.group("XAdES:SigPolicyId", |xml| xml.text("XAdES:Identifier", &format!("{OWN}policy:{}", report.policy.sha256)));
                    digest(xml, "XAdES:SigPolicyHash", "sha256", &report.policy.sha256);
                });
            });
            xml.text("vr:PolicyName", &report.policy.name);
        });
        let crypto = match one.crypto.status {
            CryptoStatus::Ok => PASSED,
            CryptoStatus::Failed => FAILED,
            CryptoStatus::Unsupported => INDETERMINATE,
        };
        constraint(xml, "crypto", Some(crypto));
        constraint(xml, "coverage", Some(if one.coverage == Coverage::Broken { FAILED } else { PASSED }));
        let changes = match one.permitted {
            Permitted::No => FAILED,
            // Nothing could be compared, or something changed that nobody permitted and that is not harmless.
            _ if !one.intact => INDETERMINATE,
            _ => PASSED,
        };
        constraint(xml, "later-changes", Some(changes));
        for (name, check) in [("chain", &one.chain.check), ("revocation", &one.revocation.check), ("time", &one.time.check)] {
            let came_out = match check {
                Check::Ok => Some(PASSED),
                Check::Failed { .. } | Check::NotChecked => Some(INDETERMINATE),
                Check::NotRequiredByPolicy => None,
            };
            constraint(xml, name, came_out);
        }
    });
}

/// How a check came out; nothing where the policy does not ask for it.
fn constraint(xml: &mut Xml, name: &str, came_out: Option<&str>) {
    xml.group("vr:ValidationConstraint", |xml| {
        xml.text("vr:ValidationConstraintIdentifier", &format!("{OWN}check:{name}"));
        xml.group("vr:ConstraintStatus", |xml| {
            let status = if came_out.is_some() { "applied" } else { "disabled" };
            xml.text("vr:Status", &format!("urn:etsi:019102:constraintStatus:{status}"));
        });
        if let Some(indication) = came_out {
            xml.group("vr:ValidationStatus", |xml| xml.text("vr:MainIndication", indication));
        }
    });
}

fn times(xml: &mut Xml, one: &SignatureReport, report: &Report, objects: &Objects) {
    let best = one.time.proof_of_existence.unwrap_or(report.policy.time);
    // The earliest of those it rests on is what it takes its time from.
    let by = one.time.evidence.iter().min_by_key(|evidence| evidence.produced_at).map(|evidence| objects.evidence_id(evidence));
    xml.group("vr:ValidationTimeInfo", |xml| {
        xml.text("vr:ValidationTime", &date(report.policy.time));
        xml.group("vr:BestSignatureTime", |xml| poe(xml, best, by.as_deref()));
    });
}

/// SignatureAttributes: what is signed, as claimed, then the time stamps.
fn attributes(xml: &mut Xml, one: &SignatureReport, objects: &Objects) {
    const SIGNED: &[(&str, &str)] = &[("Signed", "true")];
    // A choice of one at least: without any the element is not there.
    xml.optional("vr:SignatureAttributes", |xml| {
        if let Some(time) = one.claimed_time.filter(|time| has_date(*time)) {
            xml.element("vr:SigningTime", SIGNED, |xml| xml.text("vr:Time", &date(time)));
        }
        if let Some(signer) = one.signer.as_ref().filter(|signer| is_bound(signer)) {
            let certificate = certificate_id(&signer.sha256);
            xml.element("vr:SigningCertificate", SIGNED, |xml| reference(xml, "vr:AttributeObject", &certificate));
        }
        if let Some(place) = &one.location {
            xml.element("vr:SignatureProductionPlace", SIGNED, |xml| xml.text("vr:AddressString", place));
        }
        for evidence in &one.time.evidence {
            stamp(xml, evidence, objects);
        }
        if let Some(content) = one.crypto.content.as_ref().filter(|_| has_message_digest(one)) {
            xml.element("vr:MessageDigest", SIGNED, |xml| xml.text("vr:Digest", &base64(&content.value)));
        }
        for (attribute, element, said) in [
            ("vr:Reason", "vr:ReasonElement", &one.reason),
            ("vr:Name", "vr:NameElement", &one.claimed_name),
            ("vr:SubFilter", "vr:SubFilterElement", &one.sub_filter),
        ] {
            if let Some(said) = said {
                xml.element(attribute, SIGNED, |xml| xml.text(element, said));
            }
        }
        if let Some(range) = one.byte_range {
            xml.text("vr:ByteRange", &range.map(|number| number.to_string()).join(" "));
        }
    });
}

fn stamp(xml: &mut Xml, evidence: &Evidence, objects: &Objects) {
    let name = if objects.is_of_document(evidence) { "vr:DocTimeStamp" } else { "vr:SignatureTimeStamp" };
    xml.element(name, &[("Signed", "false")], |xml| {
        reference(xml, "vr:AttributeObject", &objects.evidence_id(evidence));
        xml.text("vr:TimeStampValue", &date(evidence.produced_at));
    });
}

fn is_bound(signer: &SignerFacts) -> bool {
    matches!(signer.signing_certificate_attribute, "v1" | "v2")
}

/// The attribute is over the signed ranges themselves, and was compared with them: not in a token, whose content lies between, nor where SHA-1 of
/// the ranges is the content.
fn has_message_digest(one: &SignatureReport) -> bool {
    let direct = matches!(one.sub_filter.as_deref(), Some("ETSI.CAdES.detached" | "adbe.pkcs7.detached"));
    let attributes = !one.deviations.iter().any(|deviation| deviation == Deviation::NoSignedAttributes);
    one.kind == Kind::Signature && direct && attributes && one.crypto.status == CryptoStatus::Ok && one.crypto.content.is_some()
}
