//! The render room: the types of TS 119 102-2 that stand in several places of a report. Takes a value each, writes its elements.

use super::names::{self, OWN};
use crate::render::xml::Xml;
use crate::time::Time;
use base64ct::{Base64, Encoding};

const POE_OF_VALIDATION: &str = "urn:etsi:019102:poetype:validation";

/// As xs:dateTime, which knows no year before 1.
pub(super) fn date(time: Time) -> String {
    let (year, month, day, hour, minute, second) = time.fields();
    if year < 1 {
        return "0001-01-01T00:00:00Z".to_owned();
    }
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Whether xs:dateTime can say it.
pub(super) fn has_date(time: Time) -> bool {
    time.fields().0 >= 1
}

/// POEType. `object` is what proves it.
pub(super) fn poe(xml: &mut Xml, time: Time, object: Option<&str>) {
    xml.text("vr:POETime", &date(time));
    xml.text("vr:TypeOfProof", POE_OF_VALIDATION);
    if let Some(object) = object {
        reference(xml, "vr:POEObject", object);
    }
}

/// VOReferenceType: one id, or several with spaces between them.
pub(super) fn reference(xml: &mut Xml, name: &'static str, ids: &str) {
    xml.empty(name, &[("VOReference", ids)]);
}

/// DigestAlgAndValueType, of an algorithm by its name and a value in hexadecimal.
pub(super) fn digest(xml: &mut Xml, name: &'static str, algorithm: &str, value: &str) {
    xml.group(name, |xml| {
        xml.empty("ds:DigestMethod", &[("Algorithm", &names::digest(algorithm))]);
        xml.text("ds:DigestValue", &base64(value));
    });
}

/// Of hexadecimal; what is none is left out.
pub(super) fn base64(hex: &str) -> String {
    let nibble = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some((nibble(*high)? << 4) | nibble(*low)?),
        _ => None,
    };
    Base64::encode_string(&hex.as_bytes().chunks(2).filter_map(byte).collect::<Vec<u8>>())
}

/// ReportData of our own.
pub(super) fn datum(xml: &mut Xml, name: &str, value: &str) {
    xml.group("vr:ReportData", |xml| {
        xml.text("vr:Type", &format!("{OWN}report:{name}"));
        xml.text_with("vr:Value", &[("xsi:type", "xs:string")], value);
    });
}
