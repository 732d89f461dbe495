//! The verify room, tests only: how large the matrices of evidence are. Each row is one path, list, response or token that is wrong in one thing,
//! refused for it, and believed once that one check is off; the rows stand beside the checks.

use super::time_tests;
use crate::cms::matrix::turned_tokens;
use crate::pki::path::{past_cases, switches};
use crate::pki::revocation::matrix_tests;
use std::collections::HashSet;

#[test]
fn one_check_removed_of_paths_lists_responses_and_tokens() {
    let paths = switches::turned();
    let (lists, responses) = matrix_tests::turned();
    let tokens = turned_tokens();
    println!("{paths} paths, {lists} lists, {responses} OCSP responses, {tokens} time-stamp tokens");
    assert!(paths >= 40 && lists >= 30 && responses >= 15 && tokens >= 30, "{paths} {lists} {responses} {tokens}");
    assert!(paths + lists + responses + tokens >= 120);
}

/// Every scenario of validation in the past, as people read it: `THRIVOSIGN_BLESS=1` writes it.
const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/evidence/past.md");

/// EN 319 102-1 5.6 as one table of at least forty scenarios; the rows stand where they are judged, each with what must come of it.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test holds a document to its source")]
fn forty_scenarios_of_validation_in_the_past() {
    let of = |file: &'static str, rows: Vec<(&'static str, String)>| rows.into_iter().map(move |(what, outcome)| (file, what, outcome));
    let documents = of("src/verify/time_tests.rs", time_tests::told());
    let rows: Vec<_> = documents.chain(of("src/pki/path/past_cases.rs", past_cases::told())).collect();
    assert!(rows.len() >= 40, "{}", rows.len());
    assert_eq!(rows.iter().map(|(file, what, _)| (file, what)).collect::<HashSet<_>>().len(), rows.len(), "a name stands twice");
    let mut table = format!(
        "# Validation in the past\n\n{} scenarios (EN 319 102-1 5.5, 5.6): what was signed in June 2026, judged later. Whole documents first, then paths \
         with\nwhat is known of their statements. Made from the tests named in the last column; `forty_scenarios_of_validation_in_the_past` holds it to \
         them.\n\n| | Scenario | Outcome | Judged in |\n| --- | --- | --- | --- |\n",
        rows.len()
    );
    for (at, (file, what, outcome)) in rows.iter().enumerate() {
        table.push_str(&format!("| {} | {what} | {outcome} | `{file}` |\n", at + 1));
    }
    if std::env::var_os("THRIVOSIGN_BLESS").is_some() {
        std::fs::write(TABLE, &table).unwrap();
    }
    assert!(std::fs::read_to_string(TABLE).unwrap_or_default() == table, "{TABLE} is not made from the tests: THRIVOSIGN_BLESS=1");
}

/// Hand-made cases of RFC 5280 in the manner of x509-limbo, in the tables of `src/pki/path`: each asserts how many it has.
#[test]
fn sixty_cases_of_rfc_5280() {
    let tables = [
        include_str!("../pki/path/cases.rs"),
        include_str!("../pki/path/policy_cases.rs"),
        include_str!("../pki/path/switches.rs"),
        include_str!("../pki/path_tests.rs"),
    ];
    let counted = |text: &str| -> usize {
        let counts = text.lines().filter_map(|line| line.trim().strip_prefix("assert_eq!(cases.len(), ")?.strip_suffix(");"));
        counts.map(|count| count.parse::<usize>().unwrap()).sum()
    };
    let cases: usize = tables.into_iter().map(counted).sum();
    println!("{cases} cases in tables of their own");
    assert!(cases >= 60, "{cases}");
}
