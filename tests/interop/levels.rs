//! The levels B-B to B-LTA as pyHanko makes them: the verifier reaches the same, says why not where evidence is missing, and what holds years later.

use crate::corpus::{bench, folder_from};
use crate::ours;
use std::path::{Path, PathBuf};
use thrivosign::Time;
use thrivosign::cancel::Progress;
use thrivosign::evidence::{Bundle, Item, Kind};
use thrivosign::host::{clock, file::FileSource};
use thrivosign::verify::{Policy, Report, Revocation, VerifyOptions, verify};

const KEYS: [&str; 4] = ["p256", "p384", "rsa", "pss"];
const DAY: i64 = 24 * 60 * 60;

struct Made(PathBuf);

impl Made {
    fn verify(&self, level: &str, key: &str, days: i64, revocation: Revocation, lists: &[PathBuf]) -> Report {
        let mut evidence = Bundle::default();
        for list in lists {
            evidence.add(Item::from_der(Kind::Crl, &std::fs::read(list).unwrap()).unwrap()).unwrap();
        }
        let trust = ours::trust(&self.0.join("root.pem"));
        let time = Time::from_unix(clock::now().unix() + days * DAY);
        let policy = Policy { revocation, ..Policy::default() };
        let options = VerifyOptions { trust: &trust, time, policy, password: None, evidence: Some(&evidence) };
        let source = FileSource::open(&self.0.join(format!("{level}.{key}.pdf"))).unwrap();
        verify(&source, &options, &Progress::default()).unwrap()
    }

    fn lists(&self) -> Vec<PathBuf> {
        ["0.crl", "1.crl", "2.crl"].map(|name| self.0.join("lists").join(name)).to_vec()
    }
}

/// Level, and the sub-indication or that it passed, of the signature.
fn found(report: &Report) -> (String, String) {
    let signature = report.signatures.first().unwrap();
    let level = serde_json::to_value(signature.level).unwrap().as_str().unwrap().to_owned();
    let sub = signature.overall.sub_indication.map(|sub| serde_json::to_value(sub).unwrap().as_str().unwrap().to_owned());
    assert_eq!(sub.is_none(), signature.clean, "{}", ours::reasons(report));
    (level, sub.unwrap_or_else(|| "clean".to_owned()))
}

#[test]
fn the_levels_that_pyhanko_makes_are_reached() {
    let Some(bench) = bench() else { return };
    let made = Made(folder_from(&bench.python, "levels.py", &[]).unwrap());
    let (require, may) = (Revocation::Require, Revocation::IfAvailable);
    // Level, days from now, what is asked, whether lists are given; the level and the outcome.
    let cases = [
        ("B-B", 0, may, false, "B-B", "clean"),
        ("B-B", 0, require, false, "B-B", "TRY_LATER"),
        ("B-B", 0, require, true, "B-B", "clean"),
        ("B-T", 0, may, false, "B-T", "clean"),
        ("B-T", 0, require, true, "B-T", "clean"),
        ("B-LT", 0, require, false, "B-LT", "clean"),
        ("B-LTA", 0, require, false, "B-LTA", "clean"),
        // The signer's certificate has expired, the authority's has not.
        ("B-B", 400, may, true, "B-B", "OUT_OF_BOUNDS_NO_POE"),
        ("B-T", 400, may, false, "B-T", "clean"),
        ("B-LT", 400, may, false, "B-LT", "clean"),
        ("B-LTA", 400, may, false, "B-LTA", "clean"),
        // Nobody says by then that the authority is not revoked.
        ("B-LT", 400, require, false, "B-B", "OUT_OF_BOUNDS_NO_POE"),
        // The authority has expired, too.
        ("B-LTA", 4100, may, false, "B-B", "OUT_OF_BOUNDS_NO_POE"),
    ];
    for key in KEYS {
        for (level, days, revocation, given, reached, outcome) in cases {
            let lists = if given { made.lists() } else { Vec::new() };
            let report = made.verify(level, key, days, revocation, &lists);
            assert_eq!(found(&report), (reached.to_owned(), outcome.to_owned()), "{level} {key} {days} {revocation:?}");
        }
    }
}

#[test]
fn a_revocation_counts_from_its_date() {
    let Some(bench) = bench() else { return };
    let made = Made(folder_from(&bench.python, "levels.py", &[]).unwrap());
    let list = |key: &str, when: &str| made.0.join(Path::new("revoked")).join(format!("{key}.{when}.crl"));
    for key in KEYS {
        for (level, days, when, outcome) in [
            ("B-B", 0, "before", "REVOKED_NO_POE"),
            ("B-LTA", 0, "before", "REVOKED_NO_POE"),
            ("B-B", 10, "after", "REVOKED_NO_POE"),
            ("B-T", 10, "after", "clean"),
            ("B-LT", 10, "after", "clean"),
            ("B-LTA", 10, "after", "clean"),
        ] {
            let report = made.verify(level, key, days, Revocation::IfAvailable, &[list(key, when)]);
            assert_eq!(found(&report).1, outcome, "{level} {key} {days} {when}");
        }
    }
}

#[test]
fn revocation_data_of_a_signed_attribute_counts() {
    let Some(bench) = bench() else { return };
    let made = Made(folder_from(&bench.python, "levels.py", &[]).unwrap());
    for key in KEYS {
        let report = made.verify("adobe", key, 0, Revocation::Require, &[]);
        assert_eq!(found(&report), ("plain CMS".to_owned(), "clean".to_owned()), "{key}");
        assert!(!report.signatures[0].revocation.evidence.is_empty(), "{key}");
    }
}
