//! `docs/codes.md`: every stable name the library gives, as the tables in the source say it. Fails where the page and the tables differ;
//! `THRIVOSIGN_BLESS=1` writes the page anew. A line that is gone or altered in its first two columns breaks those who read the codes.

// Tests are an edge: they read the environment and files.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::collections::HashSet;
use std::fmt::Write;
use std::path::Path;
use thrivosign::ErrorKind;
use thrivosign::cms::CmsReason;
use thrivosign::inspect::Risk;
use thrivosign::pki::PathFailure;
use thrivosign::remote::problem::ProblemType;
use thrivosign::verify::{ChangeRule, Deviation, Reason};

const INTRODUCTION: &str = "\
# Codes

Every stable name that the library, the command and the service give. Names and numbers never move once released; new ones
are added. Written by `THRIVOSIGN_BLESS=1 cargo test --test codes` from the tables in the source, and held to them by that test.
";

fn table(page: &mut String, title: &str, about: &str, columns: &[&str], rows: Vec<Vec<String>>) {
    write!(page, "\n## {title}\n\n{about}\n\n| {} |\n|{}\n", columns.join(" | "), " --- |".repeat(columns.len())).unwrap();
    for row in rows {
        assert_eq!(row.len(), columns.len());
        assert!(row.iter().all(|cell| !cell.contains(['|', '\n'])), "{row:?} would break the table");
        writeln!(page, "| {} |", row.join(" | ")).unwrap();
    }
}

/// The name under which a value is serialised: what a report shows.
fn shown(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    let errors = ErrorKind::ALL.iter().map(|kind| {
        let retry = if kind.retryable() { "yes" } else { "no" };
        let turn = format!("{:?}", kind.turn()).to_lowercase();
        vec![kind.code().to_string(), code(kind.name()), turn, retry.to_owned(), kind.text().to_owned(), kind.next_step().to_owned()]
    });
    let about = "`error.code` and `error.name` (`docs/schema/error-1.json`); `ErrorKind` in Rust. Bands: 1xx misuse, 2xx the document, 3xx DER,\n\
        CMS or certificate bytes, 4xx the key, 5xx the service refused, 6xx the edge, 9xx internal.";
    table(&mut page, "Errors", about, &["Code", "Name", "Turn", "Retryable", "Meaning", "Next step"], errors.collect());
    let reasons = Reason::ALL.iter().map(|reason| {
        let sub = reason.sub_indication().map_or_else(|| "none; clears `clean`".to_owned(), |sub| shown(&sub));
        vec![code(reason.code()), shown(&reason.family()), shown(&reason.indication()), sub, reason.text().to_owned()]
    });
    let about = "`signatures[].reasons[].code` (`docs/schema/report-1.json`): why a signature is not clean, and what it leads to\n\
        (EN 319 102-1 tables 5 and 6). A reason with TOTAL_PASSED leaves the indication as it is.";
    table(&mut page, "Reasons of the verdict", about, &["Code", "Family", "Indication", "Sub-indication", "Meaning"], reasons.collect());
    let deviations = Deviation::ALL.iter().map(|deviation| vec![code(deviation.code()), deviation.text().to_owned()]);
    let about = "`signatures[].deviation_codes`: what costs a signature the name of a baseline level and nothing else (EN 319 142-1 6.3).";
    table(&mut page, "Deviations", about, &["Code", "Meaning"], deviations.collect());
    let rules = ChangeRule::ALL.iter().map(|rule| vec![code(rule.code()), shown(&rule.kind()), rule.text().to_owned()]);
    let about = "`signatures[].change_details[].rule` (`docs/schema/report-1.json`): what found a later change. Of kind OTHER are vetoes: what no rule\n\
        recognises, or what rides along with what one recognises.";
    table(&mut page, "Rules of the difference analysis", about, &["Rule", "Kind of change", "Meaning"], rules.collect());
    let cms = CmsReason::ALL
        .iter()
        .map(|reason| vec![code(reason.code()), reason.family().sub_indication().to_owned(), reason.text().to_owned()]);
    let about = "`signatures[].crypto.reason` and the details of a reason: what was wrong in the CMS (RFC 5652, RFC 5035, RFC 3161).";
    table(&mut page, "Reasons of the CMS", about, &["Code", "Sub-indication", "Meaning"], cms.collect());
    let paths = PathFailure::ALL.iter().map(|failure| vec![code(failure.code()), failure.text().to_owned()]);
    let about = "`code` of `thrivosign chain` (`docs/schema/chain-1.json`) and the details of a reason: why no chain to a trust anchor is valid (RFC 5280 6).";
    table(&mut page, "Failures of a path", about, &["Code", "Meaning"], paths.collect());
    let risks = Risk::ALL.iter().map(|risk| vec![code(risk.code()), risk.text().to_owned(), risk.remedy().to_owned()]);
    let about = "`markers[].code` and `counts` (`docs/schema/inspect-1.json`): what may surprise whoever signs the document.";
    table(&mut page, "Risks", about, &["Code", "Meaning", "Remedy"], risks.collect());
    let problems = ProblemType::ALL
        .iter()
        .map(|problem| vec![code(problem.uri()), problem.status().to_string(), code(problem.kind().name()), problem.title().to_owned()]);
    let about = "`type` of the service's `application/problem+json` (RFC 9457), and `error.problem` of the command.";
    table(&mut page, "Problems of the service", about, &["Type", "Status", "Error", "Meaning"], problems.collect());
    page
}

#[test]
fn the_page_is_what_the_tables_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/codes.md");
    let page = page();
    if std::env::var_os("THRIVOSIGN_BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = page.lines().zip(stored.lines().chain(std::iter::repeat(""))).find(|(want, have)| want != have);
    assert!(page == stored, "docs/codes.md is not what the tables say; THRIVOSIGN_BLESS=1 writes it anew. First difference: {differs:?}");
}

#[test]
fn no_name_stands_twice_in_a_table() {
    let tables: [Vec<&str>; 6] = [
        ErrorKind::ALL.iter().map(|kind| kind.name()).collect(),
        Reason::ALL.iter().map(|reason| reason.code()).collect(),
        CmsReason::ALL.iter().map(|reason| reason.code()).collect(),
        Risk::ALL.iter().map(|risk| risk.code()).collect(),
        PathFailure::ALL.iter().map(|failure| failure.code()).collect(),
        ProblemType::ALL.iter().map(|problem| problem.uri()).collect(),
    ];
    for names in tables {
        let mut seen = HashSet::new();
        let twice: Vec<_> = names.iter().filter(|name| !seen.insert(**name)).collect();
        assert!(twice.is_empty() && !names.is_empty(), "{twice:?}");
    }
}

/// Each kind is a constant in C, a case in Kotlin and one in Swift, and nothing else is.
#[test]
fn every_kind_of_error_has_its_case_in_every_language() {
    let read = |file: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let header = read("include/thrivosign.h");
    let in_header = |line: &str| -> Option<(String, i32)> {
        let (name, code) = line.trim().trim_end_matches(',').strip_prefix("THRIVOSIGN_ERROR_KIND_")?.split_once(" = ")?;
        Some((name.to_ascii_lowercase(), code.parse().ok()?))
    };
    let c: Vec<(String, i32)> = header.lines().filter_map(in_header).collect();
    let table: Vec<(String, i32)> = ErrorKind::ALL.iter().map(|kind| (kind.name().to_owned(), kind.code())).collect();
    // Zero says that there was no error.
    let c: Vec<(String, i32)> = c.into_iter().filter(|(_, code)| *code != 0).collect();
    assert_eq!(c, table, "include/thrivosign.h");

    let names: Vec<String> = ErrorKind::ALL.iter().map(|kind| format!("{kind:?}")).collect();
    let kotlin = read("bindings/kotlin/com/thrivosign/thrivosign.kt");
    let cases = between(&kotlin, "sealed class ThrivoSignException", "companion object");
    let kotlin: Vec<&str> = cases.lines().filter_map(|line| line.trim().strip_prefix("class ")?.strip_suffix('(')).collect();
    assert_eq!(kotlin, names, "bindings/kotlin");
    let swift = read("bindings/swift/ThrivoSign.swift");
    let cases = between(&swift, "enum ThrivoSignError", "\n}");
    let swift: Vec<&str> = cases.lines().filter_map(|line| line.trim().strip_prefix("case ")?.strip_suffix('(')).collect();
    assert_eq!(swift, names, "bindings/swift");
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start}"));
    rest.split_once(end).unwrap_or_else(|| panic!("no {end} behind {start}")).0
}
