//! certomancer, a public-key infrastructure of other people's with its services on this machine: what is signed here is raised by its time stamps, OCSP
//! responses and lists, fetched over real sockets; and what pyHanko and EU DSS sign with its certificates is found at its level here.

use crate::corpus::{Bench, bench, script_path};
use crate::eu_dss::Dss;
use crate::ours;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use thrivosign::cancel::Progress;
use thrivosign::evidence::{Bundle, Goal, Item, Kind};
use thrivosign::host::clock;
use thrivosign::journey::extend::{Extended, Extending, extend};
use thrivosign::journey::sign::{SignOptions, SigningKey, sign};
use thrivosign::journey::stamp::TimeStampAuthority;
use thrivosign::journey::{Input, Limits, Target};
use thrivosign::key::KeyPurpose;
use thrivosign::key::software::{SoftwareKey, SoftwareKeyStore};
use thrivosign::net::{Reach, WebFetcher};
use thrivosign::pki::certificate::certificates_from_pem;
use thrivosign::pki::{DigestAlgorithm, SignatureAlgorithm};
use thrivosign::sign::{SignatureRequest, SigningIdentity};
use thrivosign::verify::{Policy, Report, Revocation, VerifyOptions, verify};

const KEYS: [&str; 4] = ["p256", "p384", "rsa", "pss"];
const LEVELS: [(&str, Option<Goal>); 4] = [("B-B", None), ("B-T", Some(Goal::BT)), ("B-LT", Some(Goal::BLT)), ("B-LTA", Some(Goal::BLTA))];

/// The running peer. It ends with this process, whose end of its standard input is then closed.
struct Peer {
    folder: tempfile::TempDir,
    tsa: TimeStampAuthority,
    _child: Child,
}

/// One for all tests here; `None` where the bench is not there and that may be.
fn peer() -> Option<(&'static Bench, &'static Peer)> {
    static PEER: OnceLock<Peer> = OnceLock::new();
    let bench = bench()?;
    Some((bench, PEER.get_or_init(|| start(bench))))
}

fn start(bench: &Bench) -> Peer {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(&bench.python);
    command.arg(script_path("with_certomancer.py")).arg(folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let said: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("with_certomancer.py: {error}: {line:?}"));
    Peer { folder, tsa: TimeStampAuthority::new(said["tsa"].as_str().unwrap()), _child: child }
}

impl Peer {
    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn lists(&self) -> Bundle {
        let mut bundle = Bundle::default();
        for name in ["0.crl", "1.crl", "2.crl"] {
            bundle.add(Item::from_der(Kind::Crl, &std::fs::read(self.at("lists").join(name)).unwrap()).unwrap()).unwrap();
        }
        bundle
    }

    /// Signed with that key, its certificate alone at hand, and raised by what the peer's services say.
    fn signed(&self, key: &str, goal: Option<Goal>) -> Vec<u8> {
        let own = SoftwareKey::from_file(&std::fs::read(self.at(&format!("{key}.key.pem"))).unwrap(), None).unwrap();
        let chain = certificates_from_pem(&std::fs::read(self.at(&format!("{key}.pem"))).unwrap()).unwrap();
        let pss = SignatureAlgorithm::RsaPss { digest: DigestAlgorithm::Sha256, salt_len: 32 };
        let identity = SigningIdentity::for_key(own.public_key(), &chain, (key == "pss").then_some(pss)).unwrap();
        let store = SoftwareKeyStore::with_key(key, KeyPurpose::Signing, own).unwrap();
        let (trust, fetcher, authorities) =
            (ours::trust(&self.at("root.pem")), WebFetcher::new(Reach::Anywhere).unwrap(), [self.tsa.clone()]);
        let task = goal.map(|goal| Extending {
            goal,
            trust: &trust,
            authorities: &authorities,
            fetcher: Some(&fetcher),
            evidence: None,
            time: None,
        });
        let options = SignOptions { raise: task.as_ref(), ..SignOptions::default() };
        let mut file = Vec::new();
        let input = Input::open(&self.at("page.pdf")).unwrap();
        let with = SigningKey { store: &store, name: key, identity: &identity };
        let request = SignatureRequest::new(clock::now());
        let done = sign(&input, Target::Memory(&mut file), &request, with, options, &Limits::default(), None).unwrap();
        assert!(done.raised().is_none_or(|raised| raised.reached() && raised.unanswered.is_empty()), "{key} {goal:?}: {:?}", done.raised());
        file
    }

    fn extended(&self, file: &[u8], goal: Goal) -> (Extended, Vec<u8>) {
        let (trust, fetcher, authorities) =
            (ours::trust(&self.at("root.pem")), WebFetcher::new(Reach::Anywhere).unwrap(), [self.tsa.clone()]);
        let task = Extending { goal, trust: &trust, authorities: &authorities, fetcher: Some(&fetcher), evidence: None, time: None };
        let extended = extend(&Input::memory(file.to_vec()), None, &task, &Limits::default(), None).unwrap();
        let whole = [file, &extended.revisions].concat();
        (extended, whole)
    }

    fn verified(&self, file: &[u8], revocation: Revocation, evidence: &Bundle) -> Report {
        let trust = ours::trust(&self.at("root.pem"));
        let policy = Policy { revocation, ..Policy::default() };
        let options = VerifyOptions { trust: &trust, time: clock::now().plus(1), policy, password: None, evidence: Some(evidence) };
        verify(&file.to_vec(), &options, &Progress::default()).unwrap()
    }

    /// Every document of a folder is clean and of the level it is named after: from B-LT on by itself, below by the lists.
    fn all_found(&self, folder: &Path, lists: &Bundle) {
        for key in KEYS {
            for (level, goal) in LEVELS {
                let file = std::fs::read(folder.join(format!("{level}.{key}.pdf"))).unwrap();
                let none = Bundle::default();
                let report = self.verified(&file, Revocation::Require, if goal >= Some(Goal::BLT) { &none } else { lists });
                assert!(report.clean && found(&report) == level, "{level} {key}: {} {}", found(&report), ours::reasons(&report));
            }
        }
    }
}

fn found(report: &Report) -> String {
    serde_json::to_value(report.signatures[0].level).unwrap().as_str().unwrap().to_owned()
}

#[test]
fn its_services_raise_what_is_signed_here() {
    let Some((_, peer)) = peer() else { return };
    for key in KEYS {
        for (level, goal) in LEVELS {
            let file = peer.signed(key, goal);
            let alone = if goal >= Some(Goal::BLT) { Revocation::Require } else { Revocation::IfAvailable };
            // Without the issuer's certificate, which is fetched with the rest, there is no chain to B-B.
            let mut held = Bundle::default();
            let ca = certificates_from_pem(&std::fs::read(peer.at("ca.pem")).unwrap()).unwrap().remove(0);
            if goal.is_none() || goal == Some(Goal::BT) {
                held.add(Item::Certificate(ca)).unwrap();
            }
            let report = peer.verified(&file, alone, &held);
            assert!(report.clean && found(&report) == level, "{level} {key}: {} {}", found(&report), ours::reasons(&report));
        }
    }
}

#[test]
fn its_services_extend_step_by_step() {
    let Some((_, peer)) = peer() else { return };
    let mut file = peer.signed("p256", None);
    for (level, goal) in LEVELS.into_iter().filter_map(|(level, goal)| Some((level, goal?))) {
        let (extended, whole) = peer.extended(&file, goal);
        assert!(extended.reached && extended.unanswered.is_empty(), "{level}: {:?} {:?}", extended.missing, extended.unanswered);
        file = whole;
        // Nothing that is there is added again; a document time stamp is what was asked for once more.
        let (again, _) = peer.extended(&file, goal);
        assert!(again.reached && again.revisions.is_empty() == (goal != Goal::BLTA), "{level}: {} bytes", again.revisions.len());
    }
    let report = peer.verified(&file, Revocation::Require, &Bundle::default());
    assert!(report.clean && found(&report) == "B-LTA", "{}", ours::reasons(&report));
}

#[test]
fn what_it_says_is_revoked_is_so() {
    let Some((_, peer)) = peer() else { return };
    let (extended, file) = peer.extended(&peer.signed("gone", None), Goal::BLT);
    assert!(!extended.reached, "{:?}", found(&extended.report));
    let report = peer.verified(&file, Revocation::Require, &Bundle::default());
    assert!(!report.clean);
    let codes: Vec<&str> = report.signatures[0].reasons.iter().map(|reason| reason.code).collect();
    assert!(codes.contains(&"certificate_revoked"), "{codes:?}");
}

#[test]
fn what_others_sign_with_its_certificates_is_found() {
    let Some((bench, peer)) = peer() else { return };
    peer.all_found(peer.folder.path(), &peer.lists());
    let Some(dss) = Dss::with(bench, peer.folder.path()) else { return };
    let scratch = tempfile::tempdir().unwrap();
    dss.make(scratch.path());
    peer.all_found(scratch.path(), &peer.lists());
}
