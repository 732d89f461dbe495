//! Damaged documents: what is beyond doubt is signed by an update that undoes the damage, everything else is refused with the reason, and
//! written anew where that is asked for.
//!
//! Takes what `damaged.py` made of the corpus, signs each twice with different keys. The judges must be convinced, the given bytes must be
//! a prefix, and poppler and mupdf must show the pages that they showed of the damaged file.

use crate::corpus::{Bench, Damaged, bench};
use crate::judges::{self, Hanko};
use crate::ours::{self, Trust};
use crate::workers::each;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use thrivosign::ErrorKind;
use thrivosign::journey::damage::Damage;
use thrivosign::pdf::recover::Repair;

/// Part of the document's name, the beginning of what a judge says, and why that does not count there.
const LEDGER: &[(&str, &str, &str)] = &[
    ("junk-and-offsets", "pyHanko", "pyHanko reads no file that does not begin with its header, damaged or not (\"Illegal PDF header\")"),
    (
        "rl-form-one-offset",
        "mutool: the pages look otherwise than in the damaged file",
        "mupdf looks for no object that is not where the table says: it showed the damaged file without it, and shows it now",
    ),
];

#[test]
fn damage_is_undone_or_named() {
    let Some(bench) = bench() else { return };
    let (folder, cases) = bench.damaged();
    let trust = ours::trust(&bench.root());
    let told: Vec<String> = each(bench, &cases, |case, hanko, scratch| {
        let file = folder.join(&case.file);
        let complaints = Case { bench, case, file: &file, scratch, trust: &trust }.run(hanko);
        complaints.into_iter().map(|told| format!("{}: {told}", case.file)).collect::<Vec<_>>()
    })
    .concat();
    let count = |outcome: &str| cases.iter().filter(|case| case.outcome == outcome).count();
    let (appended, rewritten, refused) = (count("appended"), count("rewritten"), count("refused"));
    let _ = writeln!(
        std::io::stdout().lock(),
        "\ndamaged: {} documents, {appended} undone by the update, {rewritten} written anew, {refused} refused; {} complaints",
        cases.len(),
        told.len()
    );
    assert!(appended >= 60 && rewritten >= 4 && refused >= 6, "cases went missing");
    assert!(told.is_empty(), "{} complaints:\n{}", told.len(), told.join("\n"));
}

fn short(outcome: &thrivosign::Result<thrivosign::sign::SignedPdf>) -> String {
    match outcome {
        Ok(signed) => format!("{:?}", signed.repair()),
        Err(error) => format!("{error} {:?}", error.context_text()),
    }
}

struct Case<'a> {
    bench: &'a Bench,
    case: &'a Damaged,
    file: &'a Path,
    scratch: &'a Path,
    trust: &'a Trust,
}

impl Case<'_> {
    fn run(&self, hanko: &mut Hanko) -> Vec<String> {
        let once = self.scratch.join("once.pdf");
        let signed = |damage| ours::sign_damaged(self.bench, "p256", Some("One"), damage, &self.case.password, self.file, &once);
        let named = |error: &thrivosign::Error| {
            error.kind() == ErrorKind::PdfDamaged && error.context_text().is_some_and(|text| text.contains(&self.case.reason))
        };
        let rewrite = Damage::Rewrite { limit: Damage::LIMIT };
        let (first, repair) = match self.case.outcome.as_str() {
            "appended" => (signed(Damage::Append), Repair::Appended),
            "none" => (signed(Damage::Append), Repair::None),
            outcome => {
                match signed(Damage::Append) {
                    Err(error) if named(&error) => {}
                    other => return vec![format!("signed or refused for another reason: {}", short(&other))],
                }
                let asked = signed(rewrite);
                if outcome == "refused" {
                    return match asked {
                        Err(error) if error.kind() == ErrorKind::PdfDamaged => Vec::new(),
                        other => vec![format!("written anew or refused for another reason: {}", short(&other))],
                    };
                }
                (asked, Repair::Rewritten)
            }
        };
        match first {
            Ok(signed) if signed.repair() == repair => {}
            Ok(signed) => return vec![format!("repair: {:?}", signed.repair())],
            Err(error) => return vec![format!("not signed: {error} {:?}", error.context_text())],
        }
        let twice = self.scratch.join("twice.pdf");
        if let Err(error) = ours::sign(self.bench, "rsa", Some("Two"), None, &self.case.password, &once, &twice) {
            return vec![format!("not signed twice: {error} {:?}", error.context_text())];
        }
        let mut told = Vec::new();
        let bytes = |path: &Path| fs::read(path).unwrap();
        if repair != Repair::Rewritten && !bytes(&once).starts_with(&bytes(self.file)) || !bytes(&twice).starts_with(&bytes(&once)) {
            told.push("what was given is no prefix".to_owned());
        }
        for (number, file) in (1..).zip([&once, &twice]) {
            told.extend(self.judged(file, number, hanko));
            told.extend(self.looks_the_same(file));
        }
        let excused = |text: &String| LEDGER.iter().any(|(file, judge, _)| self.case.file.contains(file) && text.starts_with(judge));
        told.retain(|text| !excused(text));
        told
    }

    fn judged(&self, file: &Path, signatures: usize, hanko: &mut Hanko) -> Vec<String> {
        let password = self.case.password.as_str();
        let mut told = Vec::new();
        match judges::pdfsig(file, password) {
            Ok(verdicts) if verdicts.len() == signatures && verdicts.iter().all(|verdict| verdict.valid) => {}
            other => told.push(format!("pdfsig {signatures}: {other:?}")),
        }
        match hanko.judge(file, &self.bench.root(), password) {
            Ok(verdicts) if verdicts.len() == signatures && verdicts.iter().all(|verdict| verdict.bottom_line) => {}
            other => told.push(format!("pyHanko {signatures}: {other:?}").chars().take(600).collect()),
        }
        match ours::verify(file, self.trust, password) {
            Ok(report) if report.signatures.len() == signatures && report.clean => {}
            Ok(report) => told.push(format!("ours {signatures}: {}", ours::reasons(&report))),
            Err(error) => told.push(format!("ours {signatures}: {error}")),
        }
        match judges::qpdf(file, password) {
            Ok(0) => {}
            other => told.push(format!("qpdf {signatures}: {other:?}")),
        }
        told
    }

    /// As the document looked before it was damaged, and as far as a tool can show the damaged one, as it looked then.
    fn looks_the_same(&self, file: &Path) -> Vec<String> {
        let mut told = Vec::new();
        let original = self.bench.corpus.join(&self.case.original);
        for tool in ["pdftoppm", "mutool"] {
            let pictures = |file: &Path| {
                let mut command = Command::new(tool);
                match tool {
                    "mutool" => {
                        command.args(["draw", "-q", "-r", "40", "-F", "pgm", "-o", "-", "-p", &self.case.password]).arg(file).arg("1-3")
                    }
                    _ => command.args(["-r", "40", "-gray", "-l", "3", "-upw", &self.case.password]).arg(file),
                };
                let output = command.output().map_err(|error| format!("{tool}: {error}"))?;
                if output.stdout.len() < 1000 { Err(format!("{tool}: no picture")) } else { Ok(output.stdout) }
            };
            let after = match pictures(file) {
                Ok(after) => after,
                Err(error) => {
                    told.push(error);
                    continue;
                }
            };
            if self.case.outcome != "rewritten" && pictures(&original).as_ref() != Ok(&after) {
                told.push(format!("{tool}: the pages look otherwise than before the damage"));
            }
            if pictures(self.file).is_ok_and(|before| before != after) {
                told.push(format!("{tool}: the pages look otherwise than in the damaged file"));
            }
        }
        told
    }
}
