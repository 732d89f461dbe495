//! The ETSI reports before the schema of TS 119 102-2: of every file of the attack kit, sound or forged or unreadable, of the sound documents, and of
//! each level with evidence, without, and after a revocation. Each is valid, and every reference in it leads somewhere.

use crate::corpus::{bench, folder_from, script_path};
use crate::kit::{authority, families, judged};
use crate::ours;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use thrivosign::Time;
use thrivosign::cancel::Progress;
use thrivosign::evidence::{Bundle, Item, Kind};
use thrivosign::host::{clock, file::FileSource};
use thrivosign::render::{etsi, etsi_failure};
use thrivosign::verify::{Policy, Report, Revocation, VerifyOptions, verify};

/// The jars that `cargo xtask test` fetched; `None` with the reason printed where they are missing and that may be.
fn schemas(cache: &Path) -> Option<PathBuf> {
    let folder = cache.join("eu_dss");
    let same = |pom: &Path| fs::read(pom).ok();
    if same(&folder.join("pom.xml")).is_some_and(|have| Some(have) == same(&script_path("eu_dss/pom.xml"))) {
        return Some(folder.join("lib"));
    }
    assert!(!env::var("CI").is_ok_and(|ci| ci == "true"), "the schema of TS 119 102-2 is not there");
    eprintln!("SKIPPED: no schema of TS 119 102-2; `cargo xtask test` installs what is missing, or says how");
    None
}

/// Reports, in a folder.
struct Reports {
    folder: tempfile::TempDir,
    count: usize,
}

impl Reports {
    fn add(&mut self, name: &str, xml: &str) {
        self.count += 1;
        let name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '_' }).collect();
        fs::write(self.folder.path().join(format!("{:04}-{name}.xml", self.count)), xml).unwrap();
    }
}

#[test]
fn every_report_is_valid_by_its_schema() {
    let Some(bench) = bench() else { return };
    let Some(jars) = schemas(&bench.cache) else { return };
    let mut reports = Reports { folder: tempfile::tempdir().unwrap(), count: 0 };
    for family in families::all() {
        for file in &family.files {
            let xml = match judged(&file.bytes) {
                Ok(report) => etsi(&report),
                Err(error) => etsi_failure(&error, authority::now()),
            };
            reports.add(family.name, &xml);
        }
    }
    let (folder, files) = bench.sound();
    let trust = ours::trust(&folder.join("root.pem"));
    for (file, password) in &files {
        reports.add(file, &etsi(&ours::verify(&folder.join(file), &trust, password).unwrap()));
    }
    let (mut stamps, mut gone) = (0, 0);
    for (name, report) in levels(&folder_from(&bench.python, "levels.py", &[]).unwrap()) {
        let xml = etsi(&report);
        stamps +=
            usize::from(xml.contains("<vr:SignatureTimeStamp ") && xml.contains("<vr:DocTimeStamp ") && xml.contains("POEProvisioning"));
        gone += usize::from(xml.contains(":REVOKED_NO_POE<") && xml.contains("<vr:RevocationStatusInformation>"));
        reports.add(&name, &xml);
    }
    assert!(stamps >= 4 && gone >= 4, "{stamps} with both kinds of time stamps, {gone} revoked");
    let said = Command::new(&bench.python).arg(script_path("etsi.py")).arg(jars).arg(reports.folder.path()).output().unwrap();
    let told = format!("{}{}", String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    assert!(said.status.success() && told.contains(&format!("{} reports", reports.count)), "{told}");
    assert!(reports.count > 2_000, "{}", reports.count);
}

/// What pyHanko made: each level now, and after a revocation.
fn levels(made: &Path) -> Vec<(String, Report)> {
    let trust = ours::trust(&made.join("root.pem"));
    let mut all = Vec::new();
    for key in ["p256", "p384", "rsa", "pss"] {
        for level in ["B-B", "B-T", "B-LT", "B-LTA"] {
            for list in [None, Some(made.join("revoked").join(format!("{key}.before.crl")))] {
                let mut evidence = Bundle::default();
                if let Some(list) = &list {
                    evidence.add(Item::from_der(Kind::Crl, &fs::read(list).unwrap()).unwrap()).unwrap();
                }
                let policy = Policy { revocation: Revocation::IfAvailable, ..Policy::default() };
                let time = Time::from_unix(clock::now().unix());
                let options = VerifyOptions { trust: &trust, time, policy, password: None, evidence: Some(&evidence) };
                let name = format!("{level}.{key}.pdf");
                let source = FileSource::open(&made.join(&name)).unwrap();
                all.push((name, verify(&source, &options, &Progress::default()).unwrap()));
            }
        }
    }
    all
}
