//! One signed file before every judge: prefix, pdfsig, pyHanko, OpenSSL, qpdf, the library's own verifier, and poppler's renderer.
//!
//! Takes the file, what it was made from and how often it was signed; gives every complaint with the name of who makes it.

use crate::corpus::{Bench, Source};
use crate::judges::{self, Hanko, HankoVerdict, Rendering};
use crate::ours::{self, Trust};
use std::fs;
use std::path::Path;

pub(crate) struct Case<'a> {
    pub(crate) bench: &'a Bench,
    pub(crate) source: &'a Source,
    pub(crate) input: &'a Path,
    pub(crate) output: &'a Path,
    pub(crate) signatures: usize,
    /// qpdf's verdict on the document before anyone signed it.
    pub(crate) sound: i32,
}

impl Case<'_> {
    pub(crate) fn judge(&self, trust: &Trust, hanko: &mut Hanko) -> Vec<String> {
        let password = self.source.password.as_str();
        let named = |judge: &str, result: Result<(), String>| result.map_err(|told| format!("{judge}: {told}")).err();
        let mut told = Vec::new();
        told.extend(named("prefix", self.prefix()));
        told.extend(named("pdfsig", self.pdfsig(password)));
        told.extend(named("qpdf", self.qpdf(password)));
        told.extend(named("ours", self.ours(trust, password)));
        match hanko.judge(self.output, &self.bench.root(), password) {
            Ok(verdicts) => {
                told.extend(named("pyHanko", self.hanko(&verdicts)));
                told.extend(named("OpenSSL", self.openssl(&verdicts)));
            }
            Err(error) => told.push(format!("pyHanko: {error}")),
        }
        told
    }

    fn prefix(&self) -> Result<(), String> {
        let (input, output) = (fs::read(self.input).unwrap(), fs::read(self.output).unwrap());
        if output.starts_with(&input) && output.len() > input.len() { Ok(()) } else { Err("the input is not a prefix".to_owned()) }
    }

    fn pdfsig(&self, password: &str) -> Result<(), String> {
        let verdicts = judges::pdfsig(self.output, password)?;
        let whole: Vec<bool> = verdicts.iter().map(|verdict| verdict.total_document).collect();
        let expected: Vec<bool> = (1..=self.signatures).map(|number| number == self.signatures).collect();
        if whole == expected && verdicts.iter().all(|verdict| verdict.valid) { Ok(()) } else { Err(format!("{verdicts:?}")) }
    }

    fn qpdf(&self, password: &str) -> Result<(), String> {
        let after = judges::qpdf(self.output, password)?;
        // 0 sound, 3 warnings, 2 errors: no worse than before.
        let rank = |status: i32| [0, 3, 2].iter().position(|known| *known == status);
        if rank(after).is_some() && rank(after) <= rank(self.sound) { Ok(()) } else { Err(format!("{} before, {after} after", self.sound)) }
    }

    fn ours(&self, trust: &Trust, password: &str) -> Result<(), String> {
        let report = ours::verify(self.output, trust, password)?;
        if report.signatures.len() != self.signatures {
            return Err(format!("{} signatures seen, {} made", report.signatures.len(), self.signatures));
        }
        if report.clean { Ok(()) } else { Err(ours::reasons(&report)) }
    }

    fn hanko(&self, verdicts: &[HankoVerdict]) -> Result<(), String> {
        if verdicts.len() != self.signatures {
            return Err(format!("{} signatures seen, {} made", verdicts.len(), self.signatures));
        }
        for (number, verdict) in (1..).zip(verdicts) {
            let coverage = if number == self.signatures { "ENTIRE_FILE" } else { "ENTIRE_REVISION" };
            let convinced = verdict.bottom_line && verdict.intact && verdict.valid && verdict.trusted;
            if !convinced || verdict.coverage != coverage {
                return Err(format!("signature {number}: {} {}", verdict.summary, verdict.coverage));
            }
        }
        Ok(())
    }

    fn openssl(&self, verdicts: &[HankoVerdict]) -> Result<(), String> {
        for (number, verdict) in (1..).zip(verdicts) {
            judges::openssl(self.output, verdict, &self.bench.root()).map_err(|told| format!("signature {number}: {told}"))?;
        }
        Ok(())
    }

    /// Looks at the first page: ink in each box that a signature was given, and nothing else changed.
    pub(crate) fn look(&self, before: &Rendering, boxes: &[[f64; 4]]) -> Vec<String> {
        let after = match judges::render(self.output, 1, &self.source.password) {
            Ok(after) => after,
            Err(told) => return vec![format!("renderer: {told}")],
        };
        if (after.width, after.height) != (before.width, before.height) {
            return vec!["renderer: the page has another size".to_owned()];
        }
        let inked = boxes.iter().map(|place| (after.ink_in(*place), place)).filter(|(ink, _)| *ink < 150);
        let mut told: Vec<String> = inked.map(|(ink, place)| format!("renderer: {ink} dark pixels in the box {place:?}")).collect();
        let stray = after.changed_outside(before, boxes);
        if stray > 0 {
            told.push(format!("renderer: {stray} pixels changed outside the boxes {boxes:?}"));
        }
        told
    }
}
