//! The render room: the report as XML by ETSI TS 119 102-2 v1.4.1, for those who compare validators. Takes a report, gives a document that is valid
//! by the schema of that standard, the same for the same report. What the standard has no element for stands as report data with a name of ours.
//!
//! Signatures stand in front; document time stamps are validation objects with a report of their own, as EU DSS has it. Certificates and evidence are
//! named by their SHA-256, and no text of the document is interpreted.

mod names;
mod objects;
mod shared;
mod signature;
mod status;

#[cfg(test)]
mod tests;

use super::xml::Xml;
use crate::error::Error;
use crate::time::Time;
use crate::verify::{Kind, Report, VERIFIER};
use names::{INDETERMINATE, NO_SIGNATURE};
use objects::Objects;
use shared::{date, datum};

const ROOT: &[(&str, &str)] = &[
    ("xmlns:vr", "http://uri.etsi.org/19102/v1.4.1#"),
    ("xmlns:ds", "http://www.w3.org/2000/09/xmldsig#"),
    ("xmlns:XAdES", "http://uri.etsi.org/01903/v1.3.2#"),
    ("xmlns:tsl", "http://uri.etsi.org/02231/v2#"),
    ("xmlns:xs", "http://www.w3.org/2001/XMLSchema"),
    ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
];

/// The report by ETSI TS 119 102-2.
#[must_use]
pub fn etsi(report: &Report) -> String {
    let objects = Objects::of(report);
    document(|xml| {
        let mut signatures = report.signatures.iter().enumerate().filter(|(_, one)| one.kind == Kind::Signature).peekable();
        if signatures.peek().is_none() {
            undecided(xml, report.policy.time, NO_SIGNATURE, |_| {});
        }
        for (at, one) in signatures {
            xml.group("vr:SignatureValidationReport", |xml| signature::write(xml, at, one, report, &objects));
        }
        objects.write(xml, report);
    })
}

/// The same for a document that could not be judged at that time, and why: no report in it can be taken for one.
#[must_use]
pub fn etsi_failure(error: &Error, time: Time) -> String {
    document(|xml| {
        undecided(xml, time, INDETERMINATE, |xml| {
            let kind = error.kind();
            xml.group("vr:AssociatedValidationReportData", |xml| {
                xml.group("vr:AdditionalValidationReportData", |xml| {
                    datum(xml, "error", &format!("{} {}", kind.code(), kind.name()));
                    datum(xml, "error-text", kind.text());
                });
            });
        });
    })
}

fn document(inside: impl FnOnce(&mut Xml)) -> String {
    let mut xml = Xml::new();
    xml.element("vr:ValidationReport", ROOT, |xml| {
        inside(xml);
        xml.group("vr:SignatureValidator", |xml| {
            xml.group("vr:DigitalId", |xml| xml.text("tsl:Other", VERIFIER));
            xml.text("vr:OtherInformation", VERIFIER);
        });
    });
    xml.finish()
}

/// A report about no signature.
fn undecided(xml: &mut Xml, time: Time, indication: &str, data: impl FnOnce(&mut Xml)) {
    xml.group("vr:SignatureValidationReport", |xml| {
        xml.group("vr:ValidationTimeInfo", |xml| {
            xml.text("vr:ValidationTime", &date(time));
            xml.group("vr:BestSignatureTime", |xml| shared::poe(xml, time, None));
        });
        xml.group("vr:SignatureValidationStatus", |xml| {
            xml.text("vr:MainIndication", indication);
            data(xml);
        });
    });
}
