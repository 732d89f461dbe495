//! The verify room, changes: what was found after one signature. Takes findings, gives the entries of the report: of each rule the first
//! thousand, and one entry that counts the others. An attacker would add fifty thousand notes, so that whoever opens the report runs out of
//! memory; the verdict is the same, since the counted ones are judged by what they have in common and by every field that they name.

use super::Found;
use super::rule::Rule;
use std::collections::BTreeMap;

/// Findings of one rule that are listed one by one.
const MAX_LISTED: usize = 1_000;

#[derive(Default)]
pub(super) struct Findings {
    listed: Vec<Found>,
    rules: BTreeMap<Rule, OfRule>,
}

#[derive(Default)]
struct OfRule {
    listed: usize,
    counted: usize,
    fields: Vec<String>,
    signatures: Vec<String>,
}

impl Findings {
    pub(super) fn push(&mut self, found: Found) {
        if !found.counts() {
            return;
        }
        let of_rule = self.rules.entry(found.rule()).or_default();
        if of_rule.listed < MAX_LISTED {
            of_rule.listed += 1;
            self.listed.push(found);
        } else {
            of_rule.counted += 1;
            of_rule.fields.extend(found.fields);
            of_rule.signatures.extend(found.signatures);
        }
    }

    /// Whether a signature was added.
    pub(super) fn have_a_signature(&self) -> bool {
        self.listed.iter().any(|found| !found.signatures.is_empty())
    }

    /// What is listed in its order, then what is only counted.
    pub(super) fn into_entries(self) -> Vec<Found> {
        let mut entries = self.listed;
        for (rule, of_rule) in self.rules.into_iter().filter(|(_, of_rule)| of_rule.counted > 0) {
            let mut found = Found::new(rule).more(format!("{} more that are not listed", of_rule.counted));
            (found.fields, found.signatures) = (of_rule.fields, of_rule.signatures);
            entries.push(found);
        }
        entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beyond_the_list_is_counted_with_its_fields_and_signatures() {
        let mut findings = Findings::default();
        for n in 0..MAX_LISTED + 3 {
            findings.push(Found::new(Rule::FieldFilled).field(&format!("a{n}")));
        }
        assert!(!findings.have_a_signature());
        findings.push(Found::new(Rule::FieldSigned).signature("b"));
        assert!(findings.have_a_signature());
        let entries = findings.into_entries();
        assert_eq!(entries.len(), MAX_LISTED + 2);
        let last = entries.last().unwrap();
        assert_eq!((last.rule(), last.entry.rule), (Rule::FieldFilled, Rule::FieldFilled.code()));
        assert_eq!(last.fields, [MAX_LISTED, MAX_LISTED + 1, MAX_LISTED + 2].map(|n| format!("a{n}")));
        assert!(last.entry.detail.ends_with("3 more that are not listed"), "{}", last.entry.detail);
        assert!(entries[..MAX_LISTED].iter().all(|found| found.fields.len() == 1));
    }
}
