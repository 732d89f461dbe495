//! The render room: SignatureValidationStatus of the ETSI report. Takes one signature, writes its indication and what that rests on: chain, anchor,
//! evidence, the revocation, the algorithm, and every reason that the verifier gave.

use super::names::{main_indication, revocation_reason, signature, stamp_indication, sub_indication};
use super::objects::{Objects, certificate, certificate_id};
use super::shared::{date, datum, reference};
use crate::render::xml::Xml;
use crate::verify::{AlgorithmRule, Check, Kind, Report, Revoked, SignatureReport};

/// `id` is that of the signature's identifier.
pub(super) fn write(xml: &mut Xml, id: &str, one: &SignatureReport, report: &Report, objects: &Objects) {
    xml.group("vr:SignatureValidationStatus", |xml| {
        let named = if one.kind == Kind::Signature { main_indication } else { stamp_indication };
        xml.text("vr:MainIndication", named(one.overall.indication));
        if let Some(sub) = one.overall.sub_indication {
            xml.text("vr:SubIndication", &sub_indication(sub));
        }
        xml.group("vr:AssociatedValidationReportData", |xml| {
            chain(xml, one);
            for evidence in one.revocation.evidence.iter().chain(&one.time.evidence) {
                reference(xml, "vr:RelatedValidationObject", &objects.evidence_id(evidence));
            }
            if let Some(revoked) = &one.revocation.revoked {
                revocation(xml, revoked, one, objects);
            }
            crypto(xml, id, one, report);
            xml.group("vr:AdditionalValidationReportData", |xml| data(xml, one));
        });
    });
}

fn chain(xml: &mut Xml, one: &SignatureReport) {
    let anchor = one.chain.path.last().filter(|_| one.chain.check == Check::Ok).map(certificate);
    if let Some(anchor) = &anchor {
        reference(xml, "vr:TrustAnchor", anchor);
    }
    let Some(signer) = &one.signer else { return };
    xml.group("vr:CertificateChain", |xml| {
        reference(xml, "vr:SigningCertificate", &certificate_id(&signer.sha256));
        let between = one.chain.path.len().saturating_sub(2);
        for issuer in one.chain.path.iter().skip(1).take(between) {
            reference(xml, "vr:IntermediateCertificate", &certificate(issuer));
        }
        if let Some(anchor) = &anchor {
            reference(xml, "vr:TrustAnchor", anchor);
        }
    });
}

fn revocation(xml: &mut Xml, revoked: &Revoked, one: &SignatureReport, objects: &Objects) {
    xml.group("vr:RevocationStatusInformation", |xml| {
        reference(xml, "vr:ValidationObjectId", &certificate(&revoked.certificate));
        xml.text("vr:RevocationTime", &date(revoked.at));
        if let Some(reason) = revoked.reason {
            xml.text("vr:RevocationReason", &revocation_reason(reason));
        }
        if let Some(evidence) = one.revocation.evidence.last() {
            reference(xml, "vr:RevocationObject", &objects.evidence_id(evidence));
        }
    });
}

/// The algorithm of the signature value, with the end that the policy's table has for it.
fn crypto(xml: &mut Xml, id: &str, one: &SignatureReport, report: &Report) {
    let Some(algorithm) = one.crypto.signature_algorithm else { return };
    let weak: Vec<&str> =
        one.reasons.iter().filter(|reason| reason.code == "weak_algorithm").filter_map(|reason| reason.detail.as_deref()).collect();
    let about = |rule: &&AlgorithmRule| Some(&*rule.algorithm) == one.crypto.digest_algorithm || weak.contains(&&*rule.algorithm);
    xml.group("vr:CryptoInformation", |xml| {
        reference(xml, "vr:ValidationObjectId", id);
        xml.text("vr:Algorithm", &signature(algorithm));
        xml.text("vr:SecureAlgorithm", if weak.is_empty() { "true" } else { "false" });
        if let Some(rule) = report.policy.algorithms.iter().filter(about).min_by_key(|rule| rule.until) {
            xml.text("vr:NotAfter", &date(rule.until));
        }
    });
}

/// What the standard has no element for, first of all the word that a reader must not miss.
fn data(xml: &mut Xml, one: &SignatureReport) {
    datum(xml, "clean", if one.clean { "true" } else { "false" });
    datum(xml, "intact", if one.intact { "true" } else { "false" });
    datum(xml, "coverage", one.coverage.name());
    datum(xml, "revision", &one.revision.to_string());
    datum(xml, "changes", &one.changes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
    datum(xml, "level", one.level.name());
    for reason in &one.reasons {
        let detail = reason.detail.as_ref().map(|detail| format!(" ({detail})")).unwrap_or_default();
        let offset = reason.offset.map(|offset| format!(" at byte {offset}")).unwrap_or_default();
        datum(xml, "reason", &format!("{}: {}{detail}{offset}", reason.code, reason.text));
    }
    for deviation in one.deviations.iter() {
        datum(xml, "deviation", &format!("{}: {}", deviation.code(), deviation.text()));
    }
}
