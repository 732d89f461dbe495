//! The sign room: what speaks against signing a document at all, looked for before anybody is asked. Takes an open document and a policy,
//! gives the findings and which of them stop. Most sound business documents carry one or another (a font that is not embedded), so the
//! usual policy reports and stops for nothing but what makes the signature worthless.

use crate::error::{Error, ErrorKind, Result};
use crate::inspect::{Inspection, Risk, Signing, inspect};
use crate::pdf::Document;
use std::collections::BTreeSet;

/// Which findings stop a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreflightPolicy {
    name: &'static str,
    stops: BTreeSet<Risk>,
    unchecked: Unchecked,
}

/// What is done about parts of the document that could not be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unchecked {
    Pass,
    Stop,
}

/// The code by which a part that was not looked at is refused.
const NOT_CHECKED: &str = "not_checked";

impl PreflightPolicy {
    /// `report`: everything is found, nothing stops but a certification that forbids the signature.
    #[must_use]
    pub fn report() -> PreflightPolicy {
        PreflightPolicy { name: "report", stops: BTreeSet::from([Risk::SigningForbidden]), unchecked: Unchecked::Pass }
    }

    /// `bank`: every finding stops but mere size, and so does a part that could not be looked at.
    #[must_use]
    pub fn bank() -> PreflightPolicy {
        let stops = Risk::ALL.iter().copied().filter(|risk| *risk != Risk::LargeDocument).collect();
        PreflightPolicy { name: "bank", stops, unchecked: Unchecked::Stop }
    }

    /// By its name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<PreflightPolicy> {
        [PreflightPolicy::report(), PreflightPolicy::bank()].into_iter().find(|policy| policy.name == name)
    }

    /// The same, letting that finding pass. A certification that forbids the signature cannot be passed over.
    #[must_use]
    pub fn allowing(mut self, risk: Risk) -> PreflightPolicy {
        if risk != Risk::SigningForbidden {
            self.stops.remove(&risk);
        }
        self
    }

    /// Whether that finding stops.
    #[must_use]
    pub fn stops_at(&self, risk: Risk) -> bool {
        self.stops.contains(&risk)
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Preflight {
    /// All facts and findings, each with its code, object, page and remedy.
    pub inspection: Inspection,
    /// Codes of those that stop a signature under the policy; empty: go ahead.
    pub stops: Vec<&'static str>,
}

impl Preflight {
    /// Adds a finding about a page, counted from 1.
    pub(crate) fn add(&mut self, risk: Risk, page: u64, policy: &PreflightPolicy) {
        self.inspection.add(risk, page);
        if policy.stops_at(risk) {
            self.stops.push(risk.code());
        }
    }

    /// # Errors
    /// [`ErrorKind::PreflightRefused`] with the codes of what stops.
    pub fn check(&self) -> Result<()> {
        if self.stops.is_empty() {
            return Ok(());
        }
        Err(Error::new(ErrorKind::PreflightRefused).context(self.stops.join(", ")))
    }
}

/// Looks a document over, for a signature in the field of that name or in a new one. An author who forbids new fields may allow an empty one
/// that is there to be signed (ISO 32000-2 table 22).
///
/// # Errors
/// As [`inspect`].
pub fn preflight(document: &Document<'_>, field: Option<&str>, policy: &PreflightPolicy) -> Result<Preflight> {
    let inspection = inspect(document)?;
    let there = inspection.signature_fields.iter().any(|found| Some(found.name.as_str()) == field && !found.signed);
    let permitted = there && inspection.permits(Signing::ExistingField);
    let found = |risk: &&Risk| inspection.has(**risk) && !(permitted && **risk == Risk::PermissionBits);
    let mut stops: Vec<&'static str> = policy.stops.iter().filter(found).map(|risk| risk.code()).collect();
    if policy.unchecked == Unchecked::Stop && !inspection.unchecked.is_empty() {
        stops.push(NOT_CHECKED);
    }
    Ok(Preflight { inspection, stops })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::testing::{Style, document, plain};

    fn stops(file: &[u8], policy: &PreflightPolicy) -> Vec<&'static str> {
        preflight(&Document::open(&file).unwrap(), None, policy).unwrap().stops
    }

    #[test]
    fn the_usual_policy_reports_and_the_banks_stops() {
        // Helvetica is not embedded.
        let file = plain(Style::Table);
        assert!(stops(&file, &PreflightPolicy::report()).is_empty());
        assert_eq!(stops(&file, &PreflightPolicy::bank()), ["font_not_embedded"]);
        let scripted = document(Style::Table, "/OpenAction<</S/JavaScript/JS(x)>>", "", &[]);
        let bank = PreflightPolicy::bank().allowing(Risk::FontNotEmbedded);
        assert!(stops(&file, &bank).is_empty());
        let found = stops(&scripted, &bank);
        assert!(found.contains(&"script"), "{found:?}");
        let refused = preflight(&Document::open(&scripted).unwrap(), None, &bank).unwrap().check().unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::PreflightRefused);
        assert!(refused.to_string().contains("script"), "{refused}");
    }

    #[test]
    fn what_was_not_looked_at_is_not_passed_by_a_bank() {
        let file = document(Style::Table, "/Names 99", "", &[]);
        let unread = document(Style::Table, "/OCProperties<</OCGs 3>>", "", &[]);
        let bank = PreflightPolicy::bank().allowing(Risk::FontNotEmbedded);
        for file in [file, unread] {
            let found = preflight(&Document::open(&file).unwrap(), None, &bank).unwrap();
            assert_eq!(found.stops.contains(&NOT_CHECKED), !found.inspection.unchecked.is_empty());
        }
    }

    #[test]
    fn a_forbidding_certification_stops_whatever_the_policy() {
        let signature = "<</Type/Sig/Filter/Adobe.PPKLite/Reference[<</TransformMethod/DocMDP/TransformParams<</V/1.2/P 1>>>>]>>";
        let file = document(Style::Table, "/Perms<</DocMDP 7 0 R>>", "", &[signature]);
        for policy in [PreflightPolicy::report(), PreflightPolicy::report().allowing(Risk::SigningForbidden)] {
            assert_eq!(stops(&file, &policy), ["signing_forbidden"]);
        }
        assert_eq!(PreflightPolicy::by_name("bank"), Some(PreflightPolicy::bank()));
        assert_eq!(PreflightPolicy::by_name("none"), None);
    }
}
