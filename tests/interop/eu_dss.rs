//! EU DSS, the European Commission's library, in both directions: it passes what is signed here at every level and finds the level that is claimed, and
//! what it signs at every level is found so here. pyHanko's AdES validation, pdfsig and qpdf judge the same files.
//!
//! Keys, certificates and lists are those of `levels.py`; time stamps over what is signed here are openssl's.

use crate::clock::{Clock, TSA};
use crate::corpus::{Bench, bench, folder_from, script_path};
use crate::judges;
use crate::ours;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use thrivosign::cancel::Progress;
use thrivosign::evidence::{Bundle, Goal, Item, Kind};
use thrivosign::host::{clock, file::Durability, file::FileSource};
use thrivosign::journey::extend::Extending;
use thrivosign::journey::sign::{SignOptions, SigningKey, sign};
use thrivosign::journey::stamp::TimeStampAuthority;
use thrivosign::journey::{Input, Limits, Target};
use thrivosign::key::KeyPurpose;
use thrivosign::key::software::{SoftwareKey, SoftwareKeyStore};
use thrivosign::pki::certificate::certificates_from_pem;
use thrivosign::pki::{DigestAlgorithm, SignatureAlgorithm};
use thrivosign::sign::{SignatureRequest, SigningIdentity};
use thrivosign::verify::{Policy, Report, Revocation, VerifyOptions, verify};

const KEYS: [&str; 4] = ["p256", "p384", "rsa", "pss"];
const LEVELS: [(&str, Option<Goal>, &str); 4] = [
    ("B-B", None, "PAdES-BASELINE-B"),
    ("B-T", Some(Goal::BT), "PAdES-BASELINE-T"),
    ("B-LT", Some(Goal::BLT), "PAdES-BASELINE-LT"),
    ("B-LTA", Some(Goal::BLTA), "PAdES-BASELINE-LTA"),
];

/// Where EU DSS is and what it works with; `None` with the reason printed where it is missing and that may be.
pub(crate) struct Dss {
    jars: PathBuf,
    pki: PathBuf,
}

impl Dss {
    fn ready(bench: &Bench) -> Option<Dss> {
        Dss::with(bench, &folder_from(&bench.python, "levels.py", &[]).unwrap())
    }

    /// With keys and certificates of that folder.
    pub(crate) fn with(bench: &Bench, pki: &Path) -> Option<Dss> {
        let folder = bench.cache.join("eu_dss");
        let wanted = std::fs::read(script_path("eu_dss/pom.xml")).unwrap();
        if std::fs::read(folder.join("pom.xml")).is_ok_and(|have| have == wanted) {
            return Some(Dss { jars: folder.join("lib/*"), pki: pki.to_owned() });
        }
        assert!(!std::env::var("CI").is_ok_and(|ci| ci == "true"), "levels cannot be judged: EU DSS is not installed");
        eprintln!("SKIPPED: EU DSS is not installed; `cargo xtask test` installs what is missing, or says how");
        None
    }

    fn command(&self) -> Command {
        let mut command = Command::new("java");
        command.args(["-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"]).arg(&self.jars);
        command.arg(script_path("eu_dss/EuDss.java")).arg(&self.pki);
        command
    }

    /// What it says of each file, by its own evidence alone or by the lists of the authority as well.
    fn judge(&self, files: &[(PathBuf, bool)]) -> Vec<String> {
        let mut child = self.command().arg("judge").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut questions = child.stdin.take().unwrap();
        let mut answers = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        assert_eq!(answers.next().as_deref(), Some("ready"));
        let said = files.iter().map(|(file, alone)| {
            writeln!(questions, "{}\t{}", if *alone { "alone" } else { "lists" }, file.display()).unwrap();
            answers.next().unwrap()
        });
        let said = said.collect();
        drop(questions);
        assert!(child.wait().unwrap().success());
        said
    }

    /// Documents of every level, signed with every key: `LEVEL.KEY.pdf`.
    pub(crate) fn make(&self, into: &Path) {
        let done = self.command().arg("make").arg(into).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    fn evidence(&self) -> Bundle {
        let mut bundle = Bundle::default();
        for name in ["0.crl", "1.crl", "2.crl"] {
            bundle.add(Item::from_der(Kind::Crl, &std::fs::read(self.pki.join("lists").join(name)).unwrap()).unwrap()).unwrap();
        }
        bundle
    }

    fn pem(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.pki.join(format!("{name}.pem"))).unwrap()
    }
}

/// Signs the page at that level.
fn signed(dss: &Dss, clock: &Clock, key: &str, goal: Option<Goal>, to: &Path) {
    let pss = SignatureAlgorithm::RsaPss { digest: DigestAlgorithm::Sha256, salt_len: 32 };
    let own = SoftwareKey::from_file(&dss.pem(&format!("{key}.key")), None).unwrap();
    let chain = certificates_from_pem(&[dss.pem(key), dss.pem("ca")].concat()).unwrap();
    let identity = SigningIdentity::for_key(own.public_key(), &chain, (key == "pss").then_some(pss)).unwrap();
    let store = SoftwareKeyStore::with_key(key, KeyPurpose::Signing, own).unwrap();
    let (trust, evidence) = (ours::trust(&dss.pki.join("root.pem")), dss.evidence());
    let authorities = [TimeStampAuthority::new(TSA)];
    let raise = goal.map(|goal| Extending {
        goal,
        trust: &trust,
        authorities: &authorities,
        fetcher: Some(clock),
        evidence: Some(&evidence),
        time: None,
    });
    let options = SignOptions { raise: raise.as_ref(), ..SignOptions::default() };
    let input = Input::open(&dss.pki.join("page.pdf")).unwrap();
    let target = Target::File { path: to, durability: Durability::None };
    let key = SigningKey { store: &store, name: key, identity: &identity };
    let done = sign(&input, target, &SignatureRequest::new(clock::now()), key, options, &Limits::default(), None).unwrap();
    assert!(done.raised().is_none_or(|raised| raised.reached()), "{goal:?}: {:?}", done.raised());
}

/// What pyHanko's AdES validation says of files, each as one of that level.
fn ades(bench: &Bench, dss: &Dss, files: &[(&str, &Path)]) -> Vec<String> {
    let mut child =
        Command::new(&bench.python).arg(script_path("ades.py")).arg(&dss.pki).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut questions = child.stdin.take().unwrap();
    for (level, file) in files {
        writeln!(questions, "{level}\t{}", file.display()).unwrap();
    }
    drop(questions);
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success());
    String::from_utf8(done.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn verified(dss: &Dss, file: &Path, revocation: Revocation, lists: bool) -> Report {
    let evidence = if lists { dss.evidence() } else { Bundle::default() };
    let trust = ours::trust(&dss.pki.join("root.pem"));
    let policy = Policy { revocation, ..Policy::default() };
    let options = VerifyOptions { trust: &trust, time: clock::now().plus(1), policy, password: None, evidence: Some(&evidence) };
    verify(&FileSource::open(file).unwrap(), &options, &Progress::default()).unwrap()
}

fn level(report: &Report) -> String {
    serde_json::to_value(report.signatures[0].level).unwrap().as_str().unwrap().to_owned()
}

#[test]
fn others_pass_every_level_of_ours() {
    let Some(bench) = bench() else { return };
    let Some(dss) = Dss::ready(bench) else { return };
    let scratch = tempfile::tempdir().unwrap();
    let clock = Clock::new(&dss.pki, scratch.path()).unwrap();
    let mut asked = Vec::new();
    for key in KEYS {
        for (name, goal, _) in LEVELS {
            let file = scratch.path().join(format!("{name}.{key}.pdf"));
            signed(&dss, &clock, key, goal, &file);
            // What claims to be provable by itself is judged by itself.
            let alone = goal >= Some(Goal::BLT);
            let report = verified(&dss, &file, Revocation::Require, !alone);
            assert!(report.clean && level(&report) == name, "{name} {key}: {}", ours::reasons(&report));
            assert!(judges::pdfsig(&file, "").unwrap()[0].valid && judges::qpdf(&file, "").unwrap() == 0, "{name} {key}");
            asked.push((file, alone));
        }
    }
    let mut levels: Vec<(&str, &Path)> =
        asked.iter().zip(LEVELS.iter().cycle()).map(|((file, _), (level, ..))| (*level, file.as_path())).collect();
    // That it can say no: a B-LT taken for more than it is.
    levels.push(("B-LTA", &asked[2].0));
    let said = ades(bench, &dss, &levels);
    let (last, passed) = said.split_last().unwrap();
    assert!(passed.len() == asked.len() && passed.iter().all(|said| said == "AdESPassed.OK"), "{passed:?}");
    assert_eq!(last, "AdESIndeterminate.NO_POE");
    let said = dss.judge(&asked);
    for (((file, _), said), (name, _, format)) in asked.iter().zip(&said).zip(LEVELS.iter().cycle()) {
        assert_eq!(*said, format!("TOTAL_PASSED\t\t{format}\t"), "{name} {}", file.display());
    }
}

#[test]
fn every_level_of_eu_dss_is_found() {
    let Some(bench) = bench() else { return };
    let Some(dss) = Dss::ready(bench) else { return };
    let scratch = tempfile::tempdir().unwrap();
    dss.make(scratch.path());
    for key in KEYS {
        for (name, goal, _) in LEVELS {
            let file = scratch.path().join(format!("{name}.{key}.pdf"));
            let report = verified(&dss, &file, Revocation::Require, goal < Some(Goal::BLT));
            assert!(report.clean && level(&report) == name, "{name} {key}: {} {}", level(&report), ours::reasons(&report));
        }
    }
}
