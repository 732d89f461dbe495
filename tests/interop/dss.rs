//! Evidence in both directions: what is put into a document here, pyHanko reads and finds harmless, and so do pdfsig and qpdf; what pyHanko puts in
//! is read here. Document time stamps, with tokens of openssl, before the same judges.
//!
//! Takes a part of the corpus, signed here, and evidence that `dss.py` makes.

use crate::corpus::{Bench, Source, bench, script_path};
use crate::judges::{self, Hanko};
use crate::ours::{self, Trust};
use crate::workers::each;
use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;
use thrivosign::cancel::Progress;
use thrivosign::crypto::digest::sha256;
use thrivosign::evidence::{Bundle, Item, Kind, Vri, VriKey, dss};
use thrivosign::pdf::Document;
use thrivosign::sign::{Additions, StampRequest, add_evidence, plan_stamp};

/// Runs a program that must agree; what it printed.
fn run(command: &mut Command) -> Result<String, String> {
    let done = command.output().map_err(|error| error.to_string())?;
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    if done.status.success() { Ok(told) } else { Err(format!("{command:?}: {told}{}", String::from_utf8_lossy(&done.stderr))) }
}

fn hanko_does<'a>(bench: &Bench, arguments: impl IntoIterator<Item = &'a OsStr>) -> Result<String, String> {
    run(Command::new(&bench.python).arg(script_path("dss.py")).args(arguments))
}

fn items(folder: &Path) -> Vec<Item> {
    let kinds = [("ca", Kind::Certificate), ("leaf", Kind::Certificate), ("ocsp", Kind::Ocsp), ("crl", Kind::Crl)];
    kinds.map(|(name, kind)| Item::from_der(kind, &fs::read(folder.join(format!("{name}.der"))).unwrap()).unwrap()).to_vec()
}

/// What pyHanko would say of exactly these.
fn digests(items: &[Item], kind: Kind) -> Vec<String> {
    let hex = |item: &Item| sha256(item.der()).iter().map(|b| format!("{b:02x}")).collect::<String>();
    let mut all: Vec<String> = items.iter().filter(|item| item.kind() == kind).map(hex).collect();
    all.sort();
    all
}

struct Case<'a> {
    bench: &'a Bench,
    trust: &'a Trust,
    scratch: &'a Path,
    source: &'a Source,
}

#[test]
fn evidence_is_read_and_harmless_in_both_directions() {
    let Some(bench) = bench() else { return };
    let trust = ours::trust(&bench.root());
    let sources: Vec<Source> = bench.sources().into_iter().step_by(6).collect();
    let told: Vec<String> = each(bench, &sources, |source, hanko, scratch| {
        let case = Case { bench, trust: &trust, scratch, source };
        case.run(hanko).err().map(|told| format!("{}: {told}", source.name()))
    })
    .into_iter()
    .flatten()
    .collect();
    assert!(sources.len() >= 10, "{}", sources.len());
    assert!(told.is_empty(), "{} complaints:\n{}", told.len(), told.join("\n"));
}

impl Case<'_> {
    fn run(&self, hanko: &mut Hanko) -> Result<(), String> {
        let password = &self.source.password;
        let (folder, signed, ours, theirs) =
            (self.scratch, self.scratch.join("signed.pdf"), self.scratch.join("ours.pdf"), self.scratch.join("theirs.pdf"));
        hanko_does(self.bench, [OsStr::new("make"), folder.as_os_str()])?;
        ours::sign(self.bench, "p256", Some("One"), None, password, &self.source.file, &signed).map_err(|error| error.to_string())?;
        let items = items(folder);
        let mut bundle = Bundle::default();
        items.iter().try_for_each(|item| bundle.add(item.clone()).map(drop)).map_err(|error| error.to_string())?;

        let before = fs::read(&signed).unwrap();
        let after = self.added(&before, &Additions { bundle, vri: Vec::new() })?.ok_or("nothing was added")?;
        fs::write(&ours, &after).unwrap();
        self.judged(&signed, &ours, hanko)?;
        let read = hanko_does(self.bench, [OsStr::new("read"), ours.as_os_str(), OsStr::new(password)])?;
        let read: Value = serde_json::from_str(&read).map_err(|error| error.to_string())?;
        for (key, kind) in [("certificates", Kind::Certificate), ("ocsp", Kind::Ocsp), ("crls", Kind::Crl)] {
            if read[key] != Value::from(digests(&items, kind)) {
                return Err(format!("pyHanko reads other {key}: {read}"));
            }
        }

        let arguments = [OsStr::new("write"), folder.as_os_str(), signed.as_os_str(), theirs.as_os_str(), OsStr::new(password)];
        hanko_does(self.bench, arguments)?;
        self.theirs(&theirs, &items)?;
        self.judged(&signed, &theirs, hanko)
    }

    fn added(&self, file: &[u8], additions: &Additions) -> Result<Option<Vec<u8>>, String> {
        let source = file.to_vec();
        let add = || -> thrivosign::Result<_> {
            let document = Document::open_with_password(&source, Some(self.source.password.as_bytes()))?;
            add_evidence(&document, additions, [7; 16])
        };
        Ok(add().map_err(|error| error.to_string())?.map(|update| [file, &update].concat()))
    }

    /// pyHanko's store, read here; what it holds is not added again, and what it lacks goes beside it.
    fn theirs(&self, file: &Path, items: &[Item]) -> Result<(), String> {
        let bytes = fs::read(file).unwrap();
        let document = Document::open_with_password(&bytes, Some(self.source.password.as_bytes())).map_err(|error| error.to_string())?;
        let store = dss::read(document.latest()).map_err(|error| error.to_string())?.ok_or("no store")?;
        if store.faulty > 0 || store.bundle.len() != items.len() || !items.iter().all(|item| store.lists(item)) {
            return Err(format!("pyHanko's store is read otherwise: {:?}", store.faults));
        }
        let [entry] = store.vri.as_slice() else { return Err("not one entry".to_owned()) };
        let mut bundle = Bundle::default();
        items.iter().for_each(|item| drop(bundle.add(item.clone())));
        let same = Additions { bundle: bundle.clone(), vri: vec![Vri::new(entry.key.clone(), bundle.clone())] };
        if self.added(&bytes, &same)?.is_some() {
            return Err("what is there was added again".to_owned());
        }
        let other = Additions { bundle: Bundle::default(), vri: vec![Vri::new(VriKey::of_contents(b"other"), bundle)] };
        let after = self.added(&bytes, &other)?.ok_or("nothing was added")?;
        if after[bytes.len()..].windows(7).filter(|w| w == b"stream\n" || w == b"stream\r").count() > 2 {
            return Err("streams were written again".to_owned());
        }
        Ok(())
    }

    fn judged(&self, signed: &Path, file: &Path, hanko: &mut Hanko) -> Result<(), String> {
        let password = &self.source.password;
        let report = ours::verify(file, self.trust, password)?;
        if !report.clean {
            return Err(format!("not clean here: {}", ours::reasons(&report)));
        }
        if !judges::pdfsig(file, password)?.iter().all(|verdict| verdict.valid) {
            return Err("pdfsig".to_owned());
        }
        let verdicts = hanko.judge(file, &self.bench.root(), password)?;
        if !verdicts.iter().all(|verdict| verdict.bottom_line) {
            return Err(format!("pyHanko: {verdicts:?}"));
        }
        let (before, after) = (judges::qpdf(signed, password), judges::qpdf(file, password));
        if before == after { Ok(()) } else { Err(format!("qpdf: {before:?} before, {after:?} after")) }
    }
}

const TSA: &str = "[req]\ndistinguished_name=dn\nx509_extensions=ext\nprompt=no\n[dn]\nCN=Stamps\n[ext]\nkeyUsage=critical,digitalSignature\n\
    extendedKeyUsage=critical,timeStamping\n[tsa]\ndefault_tsa=one\n[one]\nserial=serial\nsigner_digest=sha256\ndefault_policy=1.2.3.4\n\
    digests=sha256\ness_cert_id_chain=no\ness_cert_id_alg=sha256\n";

#[test]
fn document_time_stamps_are_believed_by_pyhanko() {
    let Some(bench) = bench() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    let openssl = |arguments: &str| run(Command::new("openssl").current_dir(scratch.path()).args(arguments.split(' '))).unwrap();
    fs::write(at("tsa.cnf"), TSA).unwrap();
    fs::write(at("serial"), "01\n").unwrap();
    openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -keyout tsa.key -out tsa.pem -config tsa.cnf");
    let trust = ours::trust(&bench.root());
    let mut stamped = 0;
    for source in bench.sources().iter().filter(|source| !source.encrypted).step_by(15) {
        let signed = at("signed.pdf");
        ours::sign(bench, "p256", Some("One"), None, "", &source.file, &signed).unwrap();
        let bytes = fs::read(&signed).unwrap();
        let document = Document::open(&bytes).unwrap();
        let prepared = plan_stamp(&document, &StampRequest::default(), [7; 16]).unwrap().hash(&bytes, &Progress::default()).unwrap();
        let imprint: String = prepared.imprint().1.iter().map(|b| format!("{b:02x}")).collect();
        openssl(&format!("ts -query -digest {imprint} -sha256 -cert -out a.tsq"));
        openssl("ts -reply -config tsa.cnf -queryfile a.tsq -signer tsa.pem -inkey tsa.key -token_out -out a.tst");
        let mut out = Vec::new();
        prepared.complete(&fs::read(at("a.tst")).unwrap(), &bytes, &mut out, &Progress::default()).unwrap();
        fs::write(at("stamped.pdf"), &out).unwrap();
        let said = hanko_does(bench, [OsStr::new("stamps"), at("stamped.pdf").as_os_str(), at("tsa.pem").as_os_str(), OsStr::new("")]);
        assert_eq!(said.unwrap().trim(), "[true]", "{}", source.name());
        assert_eq!(judges::qpdf(&at("stamped.pdf"), ""), judges::qpdf(&signed, ""), "{}", source.name());
        let report = ours::verify(&at("stamped.pdf"), &trust, "").unwrap();
        assert!(report.signatures.len() == 2 && report.signatures[0].intact, "{}: {}", source.name(), ours::reasons(&report));
        stamped += 1;
    }
    assert!(stamped >= 3);
}
